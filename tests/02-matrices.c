/* 02-matrices: the tests. */
#include "grade.h"
#include "matrices.c"

/* ---- products: all of them have one signature ------------------------------------ */

typedef void product(float *C, const float *A, const float *B, int N, int D, int M);

/* The products worked by hand are of sizes for which most wrong indices stay inside of the
 * arrays, so that they can be named. */
#define A_BY_HAND  1, 2, 3, -4, 0.5, 6
#define C_BY_HAND  1, 24, 5.5, 15, -14.5, 2.5, -1.875, 29

/* ---- 2.1 matmul ------------------------------------------------------------------ */

/* Hint 2.1: which row of A and which column of B make C[1,2]?  Where in memory do the two
 * begin, and how far is it from one of their elements to the next?
 *
 * C[n,m] = A[n,0] B[0,m] + A[n,1] B[1,m] + ... + A[n,D-1] B[D-1,m].  Element (row, column)
 * of a matrix lies at row * (length of a row) + column.
 *
 * Two loops choose the element of C, a third adds up its products; before the third a sum
 * of 0, after it one assignment.
 */

CASE(matmul_by_hand, product)
{
    OUT(C, 2, 4); IN(A, 2, 3); IN(B, 3, 4);
    SET(A, A_BY_HAND); SET(B, 1, 7, 2, -1, 3, 1, 0.25, 2, -2, 5, 1, 4);
    f(C, A, B, 2, 3, 4);
    EXPECT(C, C_BY_HAND);
}

CASE(matmul_wide, product)
{
    OUT(C, 7, 33); IN(A, 7, 17); IN(B, 17, 33);
    f(C, A, B, 7, 17, 33);
}

CASE(matmul_tall, product)
{
    OUT(C, 19, 3); IN(A, 19, 5); IN(B, 5, 3);
    f(C, A, B, 19, 5, 3);
}

CASE(matmul_thin, product)
{
    OUT(C, 3, 5); IN(A, 3, 1); IN(B, 1, 5);
    f(C, A, B, 3, 1, 5);
}

CASE(matmul_one_row, product)
{
    OUT(C, 1, 9); IN(A, 1, 16); IN(B, 16, 9);
    f(C, A, B, 1, 16, 9);
}

/* ---- 2.2 matmul_ikj -------------------------------------------------------------- */

/* Hint 2.2: with the loops in the order n, d, m, which element of A stays the same all
 * through the innermost loop, and which two rows does that loop walk along?
 *
 * Row n of C is A[n,0] times row 0 of B, plus A[n,1] times row 1 of B, and so on.  It must
 * be 0 before the first of them is added.
 *
 * For every n: one short loop that clears row n of C, then a loop over d with a loop over m
 * in it, that adds.  No sum of its own is needed: C holds the sums.
 */

/* ---- 2.3 matmul_at --------------------------------------------------------------- */

/* Hint 2.3: A is [D,N] now: how long is one of its rows, and where is element (d,n)?
 *
 * C[n,m] = A[0,n] B[0,m] + A[1,n] B[1,m] + ... + A[D-1,n] B[D-1,m].
 *
 * One of the products before this one, with another index for A; nothing else changes.
 * Which order of the loops walks along rows of B and C?
 */

CASE(matmul_at_by_hand, product)
{
    OUT(C, 3, 4); IN(A, 2, 3); IN(B, 2, 4);
    SET(A, 1, 3, -1, -2, 0.5, 4); SET(B, 2, 1, -3, 5, 4, -1, 0.5, 2);
    f(C, A, B, 3, 2, 4);
    EXPECT(C, -6, 3, -4, 1, 8, 2.5, -8.75, 16, 14, -5, 5, 3);
}

CASE(matmul_at_wide, product)
{
    OUT(C, 7, 33); IN(A, 17, 7); IN(B, 17, 33);
    f(C, A, B, 7, 17, 33);
}

CASE(matmul_at_tall, product)
{
    OUT(C, 19, 3); IN(A, 5, 19); IN(B, 5, 3);
    f(C, A, B, 19, 5, 3);
}

CASE(matmul_at_thin, product)
{
    OUT(C, 3, 5); IN(A, 1, 3); IN(B, 1, 5);
    f(C, A, B, 3, 1, 5);
}

/* ---- 2.4 matmul_bt --------------------------------------------------------------- */

/* Hint 2.4: B is [M,D] now: which of its rows does column m of the old B lie in?
 *
 * C[n,m] = A[n,0] B[m,0] + A[n,1] B[m,1] + ... + A[n,D-1] B[m,D-1]: the dot product of
 * row n of A and row m of B.
 *
 * The three loops of exercise 2.1 with another index for B.  Look which of the three runs
 * along both rows: that one is the innermost.
 */

CASE(matmul_bt_by_hand, product)
{
    OUT(C, 2, 3); IN(A, 2, 4); IN(B, 3, 4);
    SET(A, 1, 2, 3, -1, -2, 0.5, 4, 3); SET(B, 5, -1, 2, 4, 1, 3, -2, 0.5, -3, 6, 0.25, 2);
    f(C, A, B, 2, 4, 3);
    EXPECT(C, 5, 0.5, 7.75, 9.5, -7, 16);
}

CASE(matmul_bt_wide, product)
{
    OUT(C, 7, 33); IN(A, 7, 17); IN(B, 33, 17);
    f(C, A, B, 7, 17, 33);
}

CASE(matmul_bt_tall, product)
{
    OUT(C, 19, 3); IN(A, 19, 5); IN(B, 3, 5);
    f(C, A, B, 19, 5, 3);
}

CASE(matmul_bt_thin, product)
{
    OUT(C, 3, 5); IN(A, 3, 1); IN(B, 5, 1);
    f(C, A, B, 3, 1, 5);
}

/* ---- 2.5 bias_add ---------------------------------------------------------------- */

/* Hint 2.5: how many numbers has b: as many as y has rows, or as many as y has columns?
 *
 * To every element of y in column m, whichever its row n, b[m] is added.
 *
 * Two loops, one statement; the index of b has one letter, that of y both.
 */
typedef void bias(float *y, const float *b, int N, int M);

CASE(bias_by_hand, bias)
{
    IN(b, 3); ADD_TO(y, 2, 3);
    SET(y, 1, 2, 3, -4, -5, -6); SET(b, 10, -20, 0.5);
    f(y, b, 2, 3);
    EXPECT(y, 11, -18, 3.5, 6, -25, -5.5);
}

CASE(bias_wide, bias)
{
    IN(b, 17); ADD_TO(y, 5, 17);
    f(y, b, 5, 17);
}

CASE(bias_tall, bias)
{
    IN(b, 4); ADD_TO(y, 11, 4);
    f(y, b, 11, 4);
}

CASE(bias_thin, bias)
{
    IN(b, 1); ADD_TO(y, 6, 1);
    f(y, b, 6, 1);
}

/* ---- 2.6 softmax_rows ------------------------------------------------------------ */

/* Hint 2.6: what becomes of the softmax of a row if 5 is added to all its z?  Which number
 * could be subtracted from them so that no exponential is above 1?
 *
 * With top the largest of row n: p[n,m] = exp(z[n,m] - top) / sum over j of
 * exp(z[n,j] - top).  Every row has its own top and its own sum.
 *
 * For every row three short loops: the largest; the exponentials and their sum; the
 * division.  If p is z, the second loop is the last that may read z.
 */
typedef void softmax(float *p, const float *z, int N, int M);

CASE(softmax_by_hand, softmax)
{
    OUT(p, 2, 3); IN(z, 2, 3);
    SET(z, 0, 0.6931471805599453, 1.6094379124341003,  // 0, ln 2, ln 5
        -2, -2, -0.6137056388801094);                  // -2, -2, ln 4 - 2
    f(p, z, 2, 3);
    EXPECT(p, 1/8.0, 2/8.0, 5/8.0, 1/6.0, 1/6.0, 4/6.0);
}

CASE(softmax_wide, softmax)
{
    OUT(p, 5, 17); IN(z, 5, 17);
    SCALE(z, 4);
    f(p, z, 5, 17);
}

CASE(softmax_in_place, softmax)
{
    ADD_TO(p, 11, 4);
    SCALE(p, 10);
    f(p, p, 11, 4);
}

CASE(softmax_impossible, softmax)
{
    OUT(p, 4, 2); IN(z, 4, 2);
    SET(z, 1, -INFINITY, -INFINITY, -2, 3, 3, -INFINITY, 0);
    f(p, z, 4, 2);
    EXPECT(p, 1, 0, 0, 1, 0.5, 0.5, 0, 1);
}

/* Of each logit alone the exponential is still a float; the sum of three is not. */
CASE(softmax_large, softmax)
{
    OUT(p, 2, 3); IN(z, 2, 3);
    SET(z, 88, 88.25, 87.75, 88.5, 88.125, 88.375);
    f(p, z, 2, 3);
}

/* Here the same happens to a row less its first number. */
CASE(softmax_spread, softmax)
{
    OUT(p, 2, 3); IN(z, 2, 3);
    SET(z, -44, 44.25, 44.5, -44.25, 44.125, 44);
    f(p, z, 2, 3);
}

/* exp(-87) is still a float with all its digits, exp(-100) is not. */
CASE(softmax_small, softmax)
{
    OUT(p, 3, 3); IN(z, 3, 3);
    SET(z, -86.5, -87.5, -87.125, 0.5, -1, 0.25, -87, -86.75, -87.5);
    f(p, z, 3, 3);
}

CASE(softmax_smaller, softmax)
{
    OUT(p, 2, 3); IN(z, 2, 3);
    SET(z, -100, -101, -99.5, -99, -102, -100.25);
    f(p, z, 2, 3);
}

CASE(softmax_far_out, softmax)
{
    OUT(p, 5, 3); IN(z, 5, 3);
    SET(z, 1e4, 9999, 0, -1e4, -9999, -2e4, -1e30, 1e30, 1e30, 3e38, -3e38, 0, 100, 99, 101);
    f(p, z, 5, 3);
}

/* ---- 2.7* matmul_blocked --------------------------------------------------------- */

/* Hint 2.7*: with D = 70 and BLOCK_D = 64, which rows of B are in the first block, and which
 * in the second?  How often does each element of C get something added?
 *
 * For the block that begins at (d0,m0): C[n,m] gains the sum of A[n,d] B[d,m] over the d from
 * d0 up to d0 + BLOCK_D or D, whichever is less, for all n, and for the m from m0 up to
 * m0 + BLOCK_M or M.
 *
 * Five loops.  The two outer ones go in steps of a block; the three inner ones are those of
 * exercise 2.2, but d and m begin at the block and end with it.  C is cleared once, before
 * all of them.
 */

CASE(blocked_edges, product)
{
    OUT(C, 3, 261); IN(A, 3, 140); IN(B, 140, 261);
    f(C, A, B, 3, 140, 261);
}

CASE(blocked_deep, product)
{
    OUT(C, 5, 7); IN(A, 5, 197); IN(B, 197, 7);
    f(C, A, B, 5, 197, 7);
}

CASE(blocked_whole, product)
{
    OUT(C, 2, 512); IN(A, 2, 128); IN(B, 128, 512);
    f(C, A, B, 2, 128, 512);
}

/* ---- 2.8* panels_pack ------------------------------------------------------------ */

/* Hint 2.8*: B has 37 columns and a panel 16: how many panels are there, which columns are in
 * the last, and what stands beside them?
 *
 * Panel j, row d, place i holds B[d, j*TILE_M + i], and 0 where j*TILE_M + i is M or more.  It
 * lies at P[(j*D + d)*TILE_M + i].
 *
 * A loop over the panels, one over d, one over the 16 places of a row; the last asks whether B
 * has the column.
 */
typedef void packing(float *P, const float *B, int D, int M);

CASE(pack_by_hand, packing)
{
    OUT(P, 1, 2, 16); IN(B, 2, 3);
    SET(B, 1, 2, 3, -4, 5, 6);
    f(P, B, 2, 3);
    EXPECT(P, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
           -4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

CASE(pack_edge, packing)
{
    OUT(P, 3, 5, 16); IN(B, 5, 37);
    f(P, B, 5, 37);
}

CASE(pack_whole, packing)
{
    OUT(P, 2, 19, 16); IN(B, 19, 32);
    f(P, B, 19, 32);
}

CASE(pack_one_column, packing)
{
    OUT(P, 2, 3, 16); IN(B, 3, 17);
    f(P, B, 3, 17);
}

/* ---- 2.9* tile_multiply ---------------------------------------------------------- */

/* Hint 2.9*: a tile has 6 by 16 sums, and for one d each of them gets one product: how many
 * numbers of P and how many of A are read for these 96 products?
 *
 * sum[n][0] gains a[n][d] times the first 8 numbers of row d of P, sum[n][1] the same times
 * the last 8, for each of the 6 rows n.  In C, sum (n,m) goes to C[n*M + m].
 *
 * A loop over d that reads two float8 of P and has an unrolled loop over n in it.  After it
 * the sums go to a tile of 6 by 16 floats, and from there those of the first rows and width
 * to C, row by row.
 */
typedef void tile(float *C, const float *const *a, const float *P, int D, int M,
                  int rows, int width);

/* Where the rows of a tile begin in A; the last stands in for those that are missing. */
#define ROWS(A, D, N) (const float *[]){A, A + least(1, N-1)*D, A + least(2, N-1)*D, \
    A + least(3, N-1)*D, A + least(4, N-1)*D, A + least(5, N-1)*D}

CASE(tile_by_hand, tile)
{
    OUT(C, 6, 3); IN(A, 6, 2); IN(P, 2, 16);
    SET(A, 1, 0, 0, 1, 1, 1, 2, -1, -3, 4, 0.5, 10);
    SET(P, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
        10, -1, 0.5, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9);
    f(C, ROWS(A, 2, 6), P, 2, 3, 6, 3);
    EXPECT(C, 1, 2, 3, 10, -1, 0.5, 11, 1, 3.5, -8, 5, 5.5, 37, -10, -7, 100.5, -9, 6.5);
}

/* The tiles lie inside of a larger C, of which all else must stay as it is. */
CASE(tile_whole, tile)
{
    ADD_TO(C, 8, 21); IN(A, 6, 19); IN(P, 19, 16);
    f(C + 21 + 3, ROWS(A, 19, 6), P, 19, 21, 6, 16);
}

CASE(tile_few_rows, tile)
{
    ADD_TO(C, 9, 18); IN(A, 4, 7); IN(P, 7, 16);
    f(C + 2*18, ROWS(A, 7, 4), P, 7, 18, 4, 16);
}

CASE(tile_narrow, tile)
{
    ADD_TO(C, 7, 35); IN(A, 6, 9); IN(P, 9, 16);
    f(C + 16, ROWS(A, 9, 6), P, 9, 35, 6, 11);
}

CASE(tile_last, tile)
{
    OUT(C, 6, 5); IN(A, 6, 33); IN(P, 33, 16);
    f(C, ROWS(A, 33, 6), P, 33, 5, 6, 5);
}

CASE(tile_one_step, tile)
{
    ADD_TO(C, 6, 17); IN(A, 2, 1); IN(P, 1, 16);
    f(C, ROWS(A, 1, 2), P, 1, 17, 2, 9);
}

/* ---- 2.10* matmul_packed --------------------------------------------------------- */

/* Hint 2.10*: C is 13 by 37 and a tile 6 by 16: draw the tiles.  How many rows and columns has
 * the last one?
 *
 * The tile whose first element is (n,m) begins at C + n*M + m.  It needs the rows of A from n
 * on, and panel m / TILE_M, that begins at P + m / TILE_M * D * TILE_M.  It has TILE_N rows and
 * TILE_M columns, or what is left of N and of M.
 *
 * A loop over m and one over n, in steps of a tile.  In them a short loop points the 6 pointers
 * at rows of A, none beyond the last, and then comes one call of tile_multiply().
 */

/* Beyond the last column of B, panels are zero. */
static void zero_beyond(float *P, int D, int M)
{
    for (int d = 0; d < D && M % 16; d++)
        for (int i = M % 16; i < 16; i++)
            P[(M / 16 * D + d)*16 + i] = 0;
}

CASE(packed_edges, product)
{
    OUT(C, 13, 37); IN(A, 13, 5); IN(P, 3, 5, 16);
    zero_beyond(P, 5, 37);
    f(C, A, P, 13, 5, 37);
}

CASE(packed_by_hand, product)
{
    OUT(C, 2, 4); IN(A, 2, 3); IN(P, 1, 3, 16);
    SET(A, A_BY_HAND);
    SET(P, 1, 7, 2, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 1, 0.25, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        -2, 5, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    f(C, A, P, 2, 3, 4);
    EXPECT(C, C_BY_HAND);
}

CASE(packed_whole, product)
{
    OUT(C, 12, 32); IN(A, 12, 17); IN(P, 2, 17, 16);
    zero_beyond(P, 17, 32);
    f(C, A, P, 12, 17, 32);
}

CASE(packed_tall, product)
{
    OUT(C, 23, 9); IN(A, 23, 33); IN(P, 1, 33, 16);
    zero_beyond(P, 33, 9);
    f(C, A, P, 23, 33, 9);
}

/* ---- 2.11* matmul_threads -------------------------------------------------------- */

/* Hint 2.11*: two cores each make some rows of C.  What of A, P and C does either read, and what
 * does it write?  Can they get into each other's way?
 *
 * The strip that begins at row n is a product of its own: C + n*M is its C, A + n*D its A, P is
 * P, and it has 8*TILE_N rows, or what is left of N.
 *
 * One loop over n in steps of a strip, with the pragma right above it, and one call of
 * matmul_packed() in it.
 */

CASE(threads_edges, product)
{
    OUT(C, 101, 37); IN(A, 101, 5); IN(P, 3, 5, 16);
    zero_beyond(P, 5, 37);
    f(C, A, P, 101, 5, 37);
}

CASE(threads_whole, product)
{
    OUT(C, 96, 17); IN(A, 96, 18); IN(P, 2, 18, 16);
    zero_beyond(P, 18, 17);
    f(C, A, P, 96, 18, 17);
}

CASE(threads_few, product)
{
    OUT(C, 7, 5); IN(A, 7, 9); IN(P, 1, 9, 16);
    zero_beyond(P, 9, 5);
    f(C, A, P, 7, 9, 5);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* ---- products ---- */

/* A product and the ways to go wrong in adding it up. */
enum way { SUM, LAST_TERM, ADDED_TO_C, SUM_OF_ROW, SUM_OF_ALL, STOPS_EARLY, LAST_ROW };

/* Element (n,d) of A is looked for at A[n*an + d*ad], and so on; an index that leads out
 * of its matrix is brought back, so that a mistake does not stop the judge. */
static void multiply(float *C, const float *A, const float *B, int N, int D, int M,
                     enum way way, int an, int ad, int bd, int bm, int cn, int cm)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float *c = &C[(n*cn + m*cm) % (N*M)];
            if (way == ADDED_TO_C)
                sum = *c;
            else if (way != SUM_OF_ALL && (way != SUM_OF_ROW || m == 0))
                sum = 0;
            for (int d = 0; d < D - (way == STOPS_EARLY); d++) {
                double term = (double)A[(n*an + d*ad) % (N*D)] * B[(d*bd + m*bm) % (D*M)];
                sum = way == LAST_TERM ? term : sum + term;
            }
            *c = way == LAST_ROW && n < N-1 ? 0 : (float)sum;
        }
}

#define PRODUCT(name, ...) \
    static void name(float *C, const float *A, const float *B, int N, int D, int M) \
    { multiply(C, A, B, N, D, M, __VA_ARGS__); }

//      name                    way           A: n  d   B: d  m   C: n  m
PRODUCT(matmul_right,           SUM,             D, 1,     M, 1,     M, 1)
PRODUCT(matmul_last_term,       LAST_TERM,       D, 1,     M, 1,     M, 1)
PRODUCT(matmul_adds_to_c,       ADDED_TO_C,      D, 1,     M, 1,     M, 1)
PRODUCT(matmul_sum_of_row,      SUM_OF_ROW,      D, 1,     M, 1,     M, 1)
PRODUCT(matmul_sum_of_all,      SUM_OF_ALL,      D, 1,     M, 1,     M, 1)
PRODUCT(matmul_stops_early,     STOPS_EARLY,     D, 1,     M, 1,     M, 1)
PRODUCT(matmul_last_row,        LAST_ROW,        D, 1,     M, 1,     M, 1)
PRODUCT(matmul_a_rows_of_N,     SUM,             N, 1,     M, 1,     M, 1)
PRODUCT(matmul_a_transposed,    SUM,             1, N,     M, 1,     M, 1)
PRODUCT(matmul_b_rows_of_D,     SUM,             D, 1,     D, 1,     M, 1)
PRODUCT(matmul_b_rows_of_N,     SUM,             D, 1,     N, 1,     M, 1)
PRODUCT(matmul_b_transposed,    SUM,             D, 1,     1, D,     M, 1)
PRODUCT(matmul_c_rows_of_D,     SUM,             D, 1,     M, 1,     D, 1)
PRODUCT(matmul_c_transposed,    SUM,             D, 1,     M, 1,     1, N)

PRODUCT(matmul_at_right,        SUM,             1, N,     M, 1,     M, 1)
PRODUCT(matmul_at_last_term,    LAST_TERM,       1, N,     M, 1,     M, 1)
PRODUCT(matmul_at_adds_to_c,    ADDED_TO_C,      1, N,     M, 1,     M, 1)
PRODUCT(matmul_at_stops_early,  STOPS_EARLY,     1, N,     M, 1,     M, 1)
PRODUCT(matmul_at_last_row,     LAST_ROW,        1, N,     M, 1,     M, 1)
PRODUCT(matmul_at_a_as_before,  SUM,             D, 1,     M, 1,     M, 1)
PRODUCT(matmul_at_a_rows_of_D,  SUM,             1, D,     M, 1,     M, 1)
PRODUCT(matmul_at_b_rows_of_D,  SUM,             1, N,     D, 1,     M, 1)
PRODUCT(matmul_at_b_rows_of_N,  SUM,             1, N,     N, 1,     M, 1)
PRODUCT(matmul_at_b_transposed, SUM,             1, N,     1, D,     M, 1)
PRODUCT(matmul_at_c_rows_of_N,  SUM,             1, N,     M, 1,     N, 1)
PRODUCT(matmul_at_c_transposed, SUM,             1, N,     M, 1,     1, N)

PRODUCT(matmul_bt_right,        SUM,             D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_last_term,    LAST_TERM,       D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_adds_to_c,    ADDED_TO_C,      D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_sum_of_row,   SUM_OF_ROW,      D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_sum_of_all,   SUM_OF_ALL,      D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_stops_early,  STOPS_EARLY,     D, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_a_rows_of_M,  SUM,             M, 1,     1, D,     M, 1)
PRODUCT(matmul_bt_a_transposed, SUM,             1, N,     1, D,     M, 1)
PRODUCT(matmul_bt_b_as_before,  SUM,             D, 1,     M, 1,     M, 1)
PRODUCT(matmul_bt_b_rows_of_M,  SUM,             D, 1,     1, M,     M, 1)
PRODUCT(matmul_bt_c_rows_of_N,  SUM,             D, 1,     1, D,     N, 1)
PRODUCT(matmul_bt_c_transposed, SUM,             D, 1,     1, D,     1, N)

/* ---- bias_add ---- */

static void bias_right(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            y[n*M + m] = (float)((double)y[n*M + m] + b[m]);
}

static void bias_overwrites(float *y, const float *b, int N, int M)
{
    memset(y, 0, (size_t)N * (size_t)M * sizeof *y);
    bias_right(y, b, N, M);
}

static void bias_of_row(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            y[n*M + m] += b[n % M];
}

static void bias_first_row(float *y, const float *b, int N, int M)
{
    (void)N;
    bias_right(y, b, 1, M);
}

static void bias_first_only(float *y, const float *b, int N, int M)
{
    for (int i = 0; i < N*M; i++)
        y[i] += b[0];
}

static void bias_subtracts(float *y, const float *b, int N, int M)
{
    for (int i = 0; i < N*M; i++)
        y[i] -= b[i % M];
}

static void bias_rows_of_N(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            y[(n*N + m) % (N*M)] += b[m];
}

static void bias_transposed(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            y[m*N + n] += b[m];
}

static void bias_stops_early(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        bias_right(y + n*M, b, 1, M - 1);
}

static void bias_every_row_again(float *y, const float *b, int N, int M)
{
    for (int n = 0; n < N; n++)
        bias_right(y, b, N, M);
}

/* ---- softmax_rows ---- */

static double row_top(const float *z, int M)
{
    double top = z[0];
    for (int m = 1; m < M; m++)
        top = fmax(top, z[m]);
    return top;
}

static void softmax_right(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++) {
        double top = row_top(z + n*M, M), sum = 0;
        for (int m = 0; m < M; m++)
            sum += exp(z[n*M + m] - top);
        for (int m = 0; m < M; m++)
            p[n*M + m] = (float)(exp(z[n*M + m] - top) / sum);
    }
}

static void softmax_undivided(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++) {
        double top = row_top(z + n*M, M);
        for (int m = 0; m < M; m++)
            p[n*M + m] = (float)exp(z[n*M + m] - top);
    }
}

static void softmax_of_minus(float *p, const float *z, int N, int M)
{
    for (int i = 0; i < N*M; i++)
        p[i] = -z[i];
    softmax_right(p, p, N, M);
}

static void softmax_of_columns(float *p, const float *z, int N, int M)
{
    for (int m = 0; m < M; m++) {
        double top = z[m], sum = 0;
        for (int n = 0; n < N; n++)
            top = fmax(top, z[n*M + m]);
        for (int n = 0; n < N; n++)
            sum += exp(z[n*M + m] - top);
        for (int n = 0; n < N; n++)
            p[n*M + m] = (float)(exp(z[n*M + m] - top) / sum);
    }
}

static void softmax_sum_goes_on(float *p, const float *z, int N, int M)
{
    double sum = 0;
    for (int n = 0; n < N; n++) {
        double top = row_top(z + n*M, M);
        for (int m = 0; m < M; m++)
            sum += exp(z[n*M + m] - top);
        for (int m = 0; m < M; m++)
            p[n*M + m] = (float)(exp(z[n*M + m] - top) / sum);
    }
}

static void softmax_of_all(float *p, const float *z, int N, int M)
{
    softmax_right(p, z, 1, N*M);
}

/* The same with floats, that overflow and underflow, less some number for every row. */
static void softmax_less(float *p, const float *z, int M, float top, float (*e)(float))
{
    float sum = 0;
    for (int m = 0; m < M; m++)
        sum += p[m] = e(z[m] - top);
    for (int m = 0; m < M; m++)
        p[m] /= sum;
}

static void softmax_no_top(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++)
        softmax_less(p + n*M, z + n*M, M, 0, exp32);
}

static void softmax_first_as_top(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++)
        softmax_less(p + n*M, z + n*M, M, z[n*M], exp32);
}

static void softmax_one_top(float *p, const float *z, int N, int M)
{
    float top = (float)row_top(z, N*M);
    for (int n = 0; n < N; n++)
        softmax_less(p + n*M, z + n*M, M, top, exp32);
}

static void softmax_top_from_0(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++)
        softmax_less(p + n*M, z + n*M, M, (float)fmax(row_top(z + n*M, M), 0), exp32);
}

static void softmax_top_from_0_expf(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++)
        softmax_less(p + n*M, z + n*M, M, (float)fmax(row_top(z + n*M, M), 0), expf);
}

static void softmax_reads_again(float *p, const float *z, int N, int M)
{
    for (int n = 0; n < N; n++) {
        double top = row_top(z + n*M, M), sum = 0;
        for (int m = 0; m < M; m++)
            p[n*M + m] = (float)exp(z[n*M + m] - top);
        for (int m = 0; m < M; m++)
            sum += exp(z[n*M + m] - top);
        for (int m = 0; m < M; m++)
            p[n*M + m] = (float)(p[n*M + m] / sum);
    }
}

/* ---- blocks ---- */

/* Each sum begins at first and ends before end, and each of its terms counts so many times:
 * what a mistake in the blocks comes to. */
#define BLOCKED(name, first, end, times) \
    static void name(float *C, const float *A, const float *B, int N, int D, int M) \
    { \
        for (int n = 0; n < N; n++) \
            for (int m = 0; m < M; m++) { \
                double sum = 0; \
                for (int d = first; d < (end); d++) \
                    sum += (times) * (double)A[n*D + d] * B[d*M + m]; \
                C[n*M + m] = (float)sum; \
            } \
    }

BLOCKED(blocked_last_only, (D-1) / BLOCK_D * BLOCK_D, D, 1)
BLOCKED(blocked_first_only, 0, m < BLOCK_M ? least(BLOCK_D, D) : 0, 1)
BLOCKED(blocked_no_rest_of_D, 0, D / BLOCK_D * BLOCK_D, 1)
BLOCKED(blocked_no_rest_of_M, 0, m < M / BLOCK_M * BLOCK_M ? D : 0, 1)
BLOCKED(blocked_no_rest, 0, m < M / BLOCK_M * BLOCK_M ? D / BLOCK_D * BLOCK_D : 0, 1)
BLOCKED(blocked_d_from_0, 0, D, (D-1) / BLOCK_D - d / BLOCK_D + 1)
BLOCKED(blocked_m_from_0, 0, D, (M-1) / BLOCK_M - m / BLOCK_M + 1)
BLOCKED(blocked_d_to_the_end, 0, D, d / BLOCK_D + 1)
BLOCKED(blocked_m_to_the_end, 0, D, m / BLOCK_M + 1)

/* ---- panels ---- */

/* Row d, place i of panel j is at P[place], and comes from this place in B. */
#define PACKING(name, place, from) \
    static void name(float *P, const float *B, int D, int M) \
    { \
        int panels = (M + TILE_M - 1) / TILE_M; \
        for (int j = 0; j < panels; j++) \
            for (int d = 0; d < D; d++) \
                for (int i = 0; i < TILE_M; i++) { \
                    int m = j*TILE_M + i; \
                    P[place] = m < M ? B[(from) % (D*M)] : 0; \
                } \
        (void)panels; \
    }

PACKING(pack_right,       (j*D + d)*TILE_M + i,      d*M + m)
PACKING(pack_rows,        (d*panels + j)*TILE_M + i, d*M + m)
PACKING(pack_turned,      (j*TILE_M + i)*D + d,      d*M + m)
PACKING(pack_transposed,  (j*D + d)*TILE_M + i,      m*D + d)
PACKING(pack_same_panel,  (j*D + d)*TILE_M + i,      d*M + i)
PACKING(pack_rows_of_16,  (j*D + d)*TILE_M + i,      d*TILE_M + m)
PACKING(pack_next_panel,  (j*D + d)*TILE_M + i,      d*M + j + i)

/* A place that is not written is still what it was; all that is right was there before. */
static void pack_some(float *P, const float *B, int D, int M, int most, int pad)
{
    for (int j = 0; j*TILE_M < M; j++)
        for (int d = 0; d < D; d++)
            for (int i = 0; i < TILE_M; i++) {
                int m = j*TILE_M + i;
                if (m < most)
                    P[(j*D + d)*TILE_M + i] = B[d*M + m];
                else if (pad)
                    P[(j*D + d)*TILE_M + i] = B[d*M + M-1];
            }
}

static void pack_no_zeros(float *P, const float *B, int D, int M) { pack_some(P, B, D, M, M, 0); }
static void pack_repeats(float *P, const float *B, int D, int M) { pack_some(P, B, D, M, M, 1); }

static void pack_no_rest(float *P, const float *B, int D, int M)
{
    pack_some(P, B, D, M, M / TILE_M * TILE_M, 0);
}

/* ---- tiles ---- */

/* Sum (n,m) of the tile has terms a[row][d] P[from], and is written to C[to]. */
#define TILE(name, most_rows, most_columns, to, row, from, how) \
    static void name(float *C, const float *const *a, const float *P, \
                     int D, int M, int rows, int width) \
    { \
        for (int n = 0; n < (most_rows); n++) \
            for (int m = 0; m < (most_columns); m++) { \
                double sum = 0; \
                for (int d = 0; d < D; d++) { \
                    double term = (double)a[row][d] * P[(from) % (D*TILE_M)]; \
                    how; \
                } \
                C[(to) % (TILE_N*M)] = (float)sum; \
            } \
        (void)rows, (void)width; \
    }

TILE(tile_right,         rows, width, n*M + m, n, d*TILE_M + m, sum += term)
TILE(tile_adds_to_c,     rows, width, n*M + m, n, d*TILE_M + m, sum += term + (d ? 0 : C[n*M + m]))
TILE(tile_last_term,     rows, width, n*M + m, n, d*TILE_M + m, sum = term)
TILE(tile_stops_early,   rows, width, n*M + m, n, d*TILE_M + m, sum += d < D-1 ? term : 0)
TILE(tile_left_only,     rows, width, n*M + m, n, d*TILE_M + m, sum += m < 8 ? term : 0)
TILE(tile_left_twice,    rows, width, n*M + m, n, d*TILE_M + m % 8, sum += term)
TILE(tile_panel_of_M,    rows, width, n*M + m, n, d*M + m, sum += term)
TILE(tile_first_row,     rows, width, n*M + m, 0, d*TILE_M + m, sum += term)
TILE(tile_rows_of_16,    rows, width, n*TILE_M + m, n, d*TILE_M + m, sum += term)
TILE(tile_rows_of_width, rows, width, n*width + m, n, d*TILE_M + m, sum += term)
TILE(tile_all_rows,      TILE_N, width, n*M + m, n, d*TILE_M + m, sum += term)
TILE(tile_all_columns,   rows, least(TILE_M, M), n*M + m, n, d*TILE_M + m, sum += term)

/* ---- the product of tiles ---- */

/* Of the rows and columns before some end, C[n,m] has terms A[a] P[p + d*TILE_M + m % TILE_M]. */
#define PACKED(name, end_n, end_m, a, p) \
    static void name(float *C, const float *A, const float *P, int N, int D, int M) \
    { \
        int all = (M + TILE_M - 1) / TILE_M * D * TILE_M; \
        for (int n = 0; n < (end_n); n++) \
            for (int m = 0; m < (end_m); m++) { \
                double sum = 0; \
                for (int d = 0; d < D; d++) \
                    sum += (double)A[(a) % (N*D)] * P[((p) + d*TILE_M + m % TILE_M) % all]; \
                C[n*M + m] = (float)sum; \
            } \
    }

PACKED(packed_right,        N, M, n*D + d, m / TILE_M * D * TILE_M)
PACKED(packed_first_panel,  N, M, n*D + d, 0)
PACKED(packed_panel_at_m,   N, M, n*D + d, m / TILE_M * TILE_M)
PACKED(packed_panel_of_M,   N, M, n*D + d, m / TILE_M * M * TILE_M)
PACKED(packed_first_rows,   N, M, n % TILE_N * D + d, m / TILE_M * D * TILE_M)
PACKED(packed_same_row,     N, M, n / TILE_N * TILE_N * D + d, m / TILE_M * D * TILE_M)
PACKED(packed_rows_of_M,    N, M, n*M + d, m / TILE_M * D * TILE_M)
PACKED(packed_a_by_n,       N, M, n + d, m / TILE_M * D * TILE_M)
PACKED(packed_no_last_rows, N / TILE_N * TILE_N, M, n*D + d, m / TILE_M * D * TILE_M)
PACKED(packed_no_last_panel, N, M / TILE_M * TILE_M, n*D + d, m / TILE_M * D * TILE_M)
PACKED(packed_no_rest, N / TILE_N * TILE_N, M / TILE_M * TILE_M, n*D + d, m / TILE_M * D * TILE_M)

/* ---- strips ---- */

/* Strips up to some row, that begin so far apart in C and in A. */
#define STRIPS(name, end, c_apart, a_apart) \
    static void name(float *C, const float *A, const float *P, int N, int D, int M) \
    { \
        const int strip = 8 * TILE_N; \
        for (int n = 0; n < (end); n += strip) \
            packed_right(C + n*(c_apart), A + n*(a_apart), P, least(strip, N - n), D, M); \
    }

STRIPS(threads_right,         N, M, D)
STRIPS(threads_c_not_moved,   N, 0, D)
STRIPS(threads_c_by_n,        N, 1, D)
STRIPS(threads_a_not_moved,   N, M, 0)
STRIPS(threads_a_by_n,        N, M, 1)
STRIPS(threads_no_last_strip, N / strip * strip, M, D)
STRIPS(threads_first_strip,   least(N, strip), M, D)

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"2.1", "matmul", FN(matmul),
     {{"N=2 D=3 M=4, by hand", matmul_by_hand}, {"N=7 D=17 M=33", matmul_wide},
      {"N=19 D=5 M=3", matmul_tall}, {"N=3 D=1 M=5", matmul_thin},
      {"N=1 D=16 M=9", matmul_one_row}},
     JUDGE_ONLY(FN(matmul_right), {
        {FN(matmul_last_term), "only the last product of each sum is left.",
         "does the innermost loop set its sum, or add to it?", "2.2"},
        {FN(matmul_adds_to_c), "the product is added to what C held before.",
         "is C overwritten here, or added to?", "2.2"},
        {FN(matmul_sum_of_row), "the sum goes on along a row of C.",
         "for which loops is there a new sum: n, or n and m?", "2.2"},
        {FN(matmul_sum_of_all), "the sum goes on through all of C.",
         "for which loops is there a new sum?", "2.2"},
        {FN(matmul_stops_early), "the last product of each sum is missing.",
         "which is the last index of D numbers?", "2.2"},
        {FN(matmul_a_rows_of_N), "the rows of A are taken to be N long.",
         "A is [N,D]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_a_transposed), "A is read as if it were [D,N].",
         "A is [N,D]: how far is it in memory from A[n,d] to A[n,d+1]?", "2.1"},
        {FN(matmul_b_rows_of_D), "the rows of B are taken to be D long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_b_transposed), "B is read as if it were [M,D].",
         "B is [D,M]: how far is it in memory from B[d,m] to B[d+1,m]?", "2.1"},
        {FN(matmul_c_rows_of_D), "the rows of C are taken to be D long.",
         "C is [N,M]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_c_transposed), "C is written as if it were [M,N].",
         "C is [N,M]: how far is it in memory from C[n,m] to C[n,m+1]?", "2.1"}})},
    {"2.2", "matmul_ikj", FN(matmul_ikj),
     {{"N=2 D=3 M=4, by hand", matmul_by_hand}, {"N=7 D=17 M=33", matmul_wide},
      {"N=19 D=5 M=3", matmul_tall}, {"N=3 D=1 M=5", matmul_thin},
      {"N=1 D=16 M=9", matmul_one_row}},
     JUDGE_ONLY(FN(matmul_right), {
        {FN(matmul_last_term), "only the last product of each sum is left.",
         "is a product set in C or added to it, and how often is a row of C cleared?", "2.3"},
        {FN(matmul_adds_to_c), "the products are added to what C held before.",
         "what must C hold before the first product is added?", "2.3"},
        {FN(matmul_last_row), "only the last row of C is left.",
         "how much of C may be cleared when a new row begins?", "2.3"},
        {FN(matmul_stops_early), "the last product of each sum is missing.",
         "which is the last index of D numbers?", "2.3"},
        {FN(matmul_a_rows_of_N), "the rows of A are taken to be N long.",
         "A is [N,D]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_a_transposed), "A is read as if it were [D,N].",
         "A is [N,D]: how far is it in memory from A[n,d] to A[n,d+1]?", "2.1"},
        {FN(matmul_b_rows_of_D), "the rows of B are taken to be D long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_b_rows_of_N), "the rows of B are taken to be N long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_b_transposed), "B is read as if it were [M,D].",
         "B is [D,M]: how far is it in memory from B[d,m] to B[d,m+1]?", "2.1"},
        {FN(matmul_c_rows_of_D), "the rows of C are taken to be D long.",
         "C is [N,M]: how many numbers has one of its rows?", "2.1"},
        {FN(matmul_c_transposed), "C is written as if it were [M,N].",
         "C is [N,M]: how far is it in memory from C[n,m] to C[n,m+1]?", "2.1"}})},
    {"2.3", "matmul_at", FN(matmul_at),
     {{"N=3 D=2 M=4, by hand", matmul_at_by_hand}, {"N=7 D=17 M=33", matmul_at_wide},
      {"N=19 D=5 M=3", matmul_at_tall}, {"N=3 D=1 M=5", matmul_at_thin}},
     JUDGE_ONLY(FN(matmul_at_right), {
        {FN(matmul_at_last_term), "only the last product of each sum is left.",
         "is a product set in C or added to it, and how often is C cleared?", "2.4"},
        {FN(matmul_at_adds_to_c), "the products are added to what C held before.",
         "what must C hold before the first product is added?", "2.4"},
        {FN(matmul_at_last_row), "only the last row of C is left.",
         "how much of C may be cleared when a new row begins?", "2.4"},
        {FN(matmul_at_stops_early), "the last product of each sum is missing.",
         "which is the last index of D numbers?", "2.4"},
        {FN(matmul_at_a_as_before), "A is read as if it were [N,D].",
         "A is [D,N] here: how far is it in memory from element (d,n) to (d,n+1)?", "2.4"},
        {FN(matmul_at_a_rows_of_D), "the rows of A are taken to be D long.",
         "A is [D,N] here: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_at_b_rows_of_D), "the rows of B are taken to be D long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_at_b_rows_of_N), "the rows of B are taken to be N long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_at_b_transposed), "B is read as if it were [M,D].",
         "which of the two matrices is transposed?", "2.4"},
        {FN(matmul_at_c_rows_of_N), "the rows of C are taken to be N long.",
         "C is [N,M]: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_at_c_transposed), "C is written as if it were [M,N].",
         "which matrix is transposed, A or C?", "2.4"}})},
    {"2.4", "matmul_bt", FN(matmul_bt),
     {{"N=2 D=4 M=3, by hand", matmul_bt_by_hand}, {"N=7 D=17 M=33", matmul_bt_wide},
      {"N=19 D=5 M=3", matmul_bt_tall}, {"N=3 D=1 M=5", matmul_bt_thin}},
     JUDGE_ONLY(FN(matmul_bt_right), {
        {FN(matmul_bt_last_term), "only the last product of each sum is left.",
         "does the innermost loop set its sum, or add to it?", "2.4"},
        {FN(matmul_bt_adds_to_c), "the product is added to what C held before.",
         "is C overwritten here, or added to?", "2.4"},
        {FN(matmul_bt_sum_of_row), "the sum goes on along a row of C.",
         "for which loops is there a new sum: n, or n and m?", "2.4"},
        {FN(matmul_bt_sum_of_all), "the sum goes on through all of C.",
         "for which loops is there a new sum?", "2.4"},
        {FN(matmul_bt_stops_early), "the last product of each sum is missing.",
         "which is the last index of D numbers?", "2.4"},
        {FN(matmul_bt_b_as_before), "B is read as if it were [D,M].",
         "B is [M,D] here: how far is it in memory from element (m,d) to (m,d+1)?", "2.4"},
        {FN(matmul_bt_b_rows_of_M), "the rows of B are taken to be M long.",
         "B is [M,D] here: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_bt_a_rows_of_M), "the rows of A are taken to be M long.",
         "A is [N,D]: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_bt_a_transposed), "A is read as if it were [D,N].",
         "which of the two matrices is transposed?", "2.4"},
        {FN(matmul_bt_c_rows_of_N), "the rows of C are taken to be N long.",
         "C is [N,M]: how many numbers has one of its rows?", "2.4"},
        {FN(matmul_bt_c_transposed), "C is written as if it were [M,N].",
         "which matrix is transposed, B or C?", "2.4"}})},
    {"2.5", "bias_add", FN(bias_add),
     {{"N=2 M=3, by hand", bias_by_hand}, {"N=5 M=17", bias_wide}, {"N=11 M=4", bias_tall},
      {"N=6 M=1", bias_thin}},
     JUDGE_ONLY(FN(bias_right), {
        {FN(bias_overwrites), "y is overwritten: only the bias is left.",
         "does the formula say = or +=?", "2.5"},
        {FN(bias_of_row), "each row gets one bias, instead of each column.",
         "which letter is the index of b?", "2.5"},
        {FN(bias_first_row), "only the first row gets its bias.",
         "to how many rows is b added?", "2.5"},
        {FN(bias_first_only), "every element gets b[0].", "which index should b have?", "2.5"},
        {FN(bias_subtracts), "the bias is subtracted.", "what is the sign before b[m]?", "2.5"},
        {FN(bias_rows_of_N), "the rows of y are taken to be N long.",
         "y is [N,M]: how many numbers has one of its rows?", "2.5"},
        {FN(bias_transposed), "y is treated as if it were [M,N].",
         "y is [N,M]: how far is it in memory from y[n,m] to y[n,m+1]?", "2.5"},
        {FN(bias_stops_early), "the last column gets no bias.",
         "which is the last index of M numbers?", "2.5"},
        {FN(bias_every_row_again), "the bias is added N times.",
         "how often does the statement touch each element?", "2.5"}})},
    {"2.6", "softmax_rows", FN(softmax_rows),
     {{"N=2 M=3, by hand", softmax_by_hand}, {"N=5 M=17", softmax_wide},
      {"N=11 M=4, p is z itself", softmax_in_place},
      {"z near 88", softmax_large}, {"z from -44 to 44", softmax_spread},
      {"z near -87", softmax_small}, {"z near -100", softmax_smaller},
      {"z of 100, 1e4, -1e4, 1e30, 3e38", softmax_far_out},
      {"z of -inf, for what is impossible", softmax_impossible}},
     JUDGE_ONLY(FN(softmax_right), {
        {FN(softmax_undivided), "the exponentials are not divided by their sum.",
         "to what should the numbers of a row add up?", "2.6"},
        {FN(softmax_of_columns), "each column adds up to 1, instead of each row.",
         "which numbers are the probabilities of one example?", "2.6"},
        {FN(softmax_of_minus), "the smallest z gets the largest probability.",
         "what is the sign of the exponent: z - top, or top - z?", "2.6"},
        {FN(softmax_sum_goes_on), "the sum of a row goes on from the row before.",
         "where does the sum begin anew?", "2.6"},
        {FN(softmax_of_all), "the whole matrix adds up to 1, instead of each row.",
         "where does the sum begin anew?", "2.6"},
        {FN(softmax_reads_again), "z is read after p has been written over it.",
         "if p is z, where are the exponentials when you sum them?", "2.6"},
        {FN(softmax_first_as_top), "the first z of the row is subtracted, not the largest.",
         "what if the first z of a row is its smallest?", "2.6"},
        {FN(softmax_one_top), "the largest z of the whole matrix is subtracted from every row.",
         "what is left of a row that lies 90 below another?", "2.6"},
        {FN(softmax_top_from_0), "the largest of a row of negative z comes out as 0.",
         "where does the search for the largest begin?", "2.6"},
        {FN(softmax_top_from_0_expf), "the largest of a row of negative z comes out as 0.",
         "where does the search for the largest begin?", "2.6"},
        {FN(softmax_no_top), "the exponentials overflow: nothing is subtracted from z.",
         "what is exp(88) + exp(88) in a float, and what exp(0) + exp(0)?", "2.6"}})},
    {"2.7*", "matmul_blocked", FN(matmul_blocked),
     {{"N=3 D=140 M=261", blocked_edges}, {"N=2 D=3 M=4, by hand", matmul_by_hand},
      {"N=5 D=197 M=7", blocked_deep}, {"N=2 D=128 M=512", blocked_whole},
      {"N=19 D=5 M=3", matmul_tall}},
     JUDGE_ONLY(FN(matmul_right), {
        {FN(blocked_last_only), "only the last block of d is left.",
         "how often may an element of C be cleared, or set instead of added to?", "2.7"},
        {FN(blocked_first_only), "only the first block of B is used.",
         "where does the second block begin?", "2.7"},
        {FN(blocked_no_rest_of_D), "the rows of B that do not fill a block are left out.",
         "where does the last block end, at d0 + BLOCK_D or earlier?", "2.7"},
        {FN(blocked_no_rest_of_M), "the columns of B that do not fill a block are left out.",
         "where does the last block end, at m0 + BLOCK_M or earlier?", "2.7"},
        {FN(blocked_no_rest), "what does not fill a whole block is left out.",
         "where do the last blocks end?", "2.7"},
        {FN(blocked_d_from_0), "d begins at 0 in every block: the first rows of B count again.",
         "with which row does a block begin?", "2.7"},
        {FN(blocked_m_from_0), "m begins at 0 in every block: the first columns of B count again.",
         "with which column does a block begin?", "2.7"},
        {FN(blocked_d_to_the_end), "d runs on to D in every block: the last rows of B count again.",
         "with which row does a block end?", "2.7"},
        {FN(blocked_m_to_the_end), "m runs on to M in every block: the last columns count again.",
         "with which column does a block end?", "2.7"},
        {FN(matmul_adds_to_c), "the products are added to what C held before.",
         "what must C hold before the first block?", "2.7"},
        {FN(matmul_last_term), "only the last product of each sum is left.",
         "is a product set in C, or added to it?", "2.7"}})},
    {"2.8*", "panels_pack", FN(panels_pack),
     {{"D=2 M=3, by hand", pack_by_hand}, {"D=5 M=37", pack_edge}, {"D=19 M=32", pack_whole},
      {"D=3 M=17", pack_one_column}},
     JUDGE_ONLY(FN(pack_right), {
        {FN(pack_no_zeros), "where B has no column, nothing is written.",
         "what shall stand beside the last columns of B?", "2.8"},
        {FN(pack_repeats), "where B has no column, its last one is repeated.",
         "what shall stand beside the last columns of B?", "2.8"},
        {FN(pack_no_rest), "the panel that B does not fill is left out.",
         "how many panels does it take for 17 columns?", "2.8"},
        {FN(pack_rows), "whole rows of B are copied, one after the other.",
         "which comes right after row 0 of panel 0: row 0 of panel 1, or row 1 of panel 0?", "2.8"},
        {FN(pack_turned), "the numbers of one column lie side by side.",
         "which 16 numbers does a tile need at once?", "2.8"},
        {FN(pack_transposed), "B is read as if it were [M,D].",
         "B is [D,M]: how many numbers has one of its rows?", "2.8"},
        {FN(pack_same_panel), "all panels hold the first columns of B.",
         "with which column does panel j begin?", "2.8"},
        {FN(pack_next_panel), "panel j begins with column j.",
         "with which column does panel 1 begin, if panel 0 has 16?", "2.8"},
        {FN(pack_rows_of_16), "the rows of B are taken to be 16 long.",
         "B is [D,M]: how many numbers has one of its rows?", "2.8"}})},
    {"2.9*", "tile_multiply", FN(tile_multiply),
     {{"D=2 M=3, 6 rows of 3, by hand", tile_by_hand}, {"D=9 M=35, 6 rows of 11", tile_narrow},
      {"D=19 M=21, 6 rows of 16", tile_whole}, {"D=7 M=18, 4 rows of 16", tile_few_rows},
      {"D=33 M=5, 6 rows of 5", tile_last}, {"D=1 M=17, 2 rows of 9", tile_one_step}},
     JUDGE_ONLY(FN(tile_right), {
        {FN(tile_adds_to_c), "the sums are added to what C held before.",
         "is C overwritten here, or added to?", "2.8"},
        {FN(tile_last_term), "only the last product of each sum is left.",
         "are the sums set for every d, or added to?", "2.8"},
        {FN(tile_stops_early), "the last product of each sum is missing.",
         "which is the last index of D numbers?", "2.8"},
        {FN(tile_left_only), "the right half of the tile is 0.",
         "a row of P has 16 numbers: how many float8 is that?", "2.8"},
        {FN(tile_left_twice), "the right half of the tile comes from the left half of P.",
         "where in a row of P do the second 8 numbers begin?", "2.8"},
        {FN(tile_panel_of_M), "the rows of P are taken to be M long.",
         "P is [D,TILE_M]: how many numbers has one of its rows?", "2.8"},
        {FN(tile_first_row), "all rows of the tile come from the first row of A.",
         "which index has a, and which has a[n]?", "2.8"},
        {FN(tile_rows_of_16), "the rows of C are taken to lie 16 apart.",
         "C is a part of [N,M]: how far is it from one of its rows to the next?", "2.8"},
        {FN(tile_rows_of_width), "the rows of C are taken to lie width apart.",
         "C is a part of [N,M]: how far is it from one of its rows to the next?", "2.8"},
        {FN(tile_all_rows), "all 6 rows are written, though the tile has fewer.",
         "whose are the rows below this tile?", "2.8"},
        {FN(tile_all_columns), "all 16 columns are written, though the tile has fewer.",
         "whose are the columns beside this tile?", "2.8"}})},
    {"2.10*", "matmul_packed", FN(matmul_packed),
     {{"N=13 D=5 M=37", packed_edges}, {"N=2 D=3 M=4, by hand", packed_by_hand},
      {"N=12 D=17 M=32", packed_whole}, {"N=23 D=33 M=9", packed_tall}},
     JUDGE_ONLY(FN(packed_right), {
        {FN(packed_first_panel), "every tile is made from the first panel.",
         "which panel belongs to column m?", "2.8"},
        {FN(packed_panel_at_m), "the panels are taken to lie 16 numbers apart.",
         "how many numbers has one panel?", "2.8"},
        {FN(packed_panel_of_M), "a panel is taken to have M rows.",
         "how many numbers has one panel?", "2.8"},
        {FN(packed_first_rows), "every tile is made from the first rows of A.",
         "which rows of A belong to the tile that begins at row n?", "2.8"},
        {FN(packed_same_row), "all rows of a tile come from the same row of A.",
         "to which row does pointer i point?", "2.8"},
        {FN(packed_rows_of_M), "the rows of A are taken to be M long.",
         "A is [N,D]: how many numbers has one of its rows?", "2.8"},
        {FN(packed_a_by_n), "row n of A is taken to begin at A + n.",
         "how many numbers lie in A before row n?", "2.8"},
        {FN(packed_no_last_rows), "the last rows, that do not fill a tile, are left out.",
         "how many rows has the last tile?", "2.8"},
        {FN(packed_no_last_panel), "the last columns, that do not fill a tile, are left out.",
         "how many columns has the last tile?", "2.8"},
        {FN(packed_no_rest), "what does not fill a whole tile is left out.",
         "how many rows and columns has the last tile?", "2.8"}},
     .uses = "2.9")},
    {"2.11*", "matmul_threads", FN(matmul_threads),
     {{"N=101 D=5 M=37", threads_edges}, {"N=96 D=18 M=17", threads_whole},
      {"N=7 D=9 M=5", threads_few}},
     JUDGE_ONLY(FN(threads_right), {
        {FN(threads_c_not_moved), "every strip is written to the first rows of C.",
         "where in C does the strip of row n begin?", "2.9"},
        {FN(threads_c_by_n), "the strip of row n is written to C + n.",
         "how many numbers lie in C before row n?", "2.9"},
        {FN(threads_a_not_moved), "every strip is made from the first rows of A.",
         "where in A does the strip of row n begin?", "2.9"},
        {FN(threads_a_by_n), "the strip of row n is made from A + n.",
         "how many numbers lie in A before row n?", "2.9"},
        {FN(threads_no_last_strip), "the last rows, that do not fill a strip, are left out.",
         "how many rows has the last strip?", "2.9"},
        {FN(threads_first_strip), "only the first strip is made.",
         "where does the second strip begin?", "2.9"}},
     .uses = "2.9 2.10")},
    {0}};
