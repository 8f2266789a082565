/* 02-matrices: the product of two matrices, from three loops to full speed.
 *
 * A matrix [N,D] has N rows of D numbers and lies in memory row after row: element
 * (n,d) of A is A[n*D + d].  To add a product to a sum we write fmaf(a, b, sum), which
 * is a b + sum, rounded once.
 */
#ifndef MATRICES_C
#define MATRICES_C
#include <00-kit/kit.h>

/* Without OpenMP everything runs on one core. */
#ifdef _OPENMP
#include <omp.h>
#else
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
static inline int omp_get_max_threads(void) { return 1; }
static inline int omp_get_num_procs(void) { return 1; }
static inline int omp_get_num_threads(void) { return 1; }
static inline int omp_get_thread_num(void) { return 0; }
static inline int omp_in_parallel(void) { return 0; }
static inline void omp_set_num_threads(int n) { (void)n; }
#endif

/* ---- products ------------------------------------------------------------ */

/* Exercise 2.1: the product of two matrices, C = A B.
 *
 *     C[n,m] = sum over d of A[n,d] B[d,m]
 *
 * One element of C after the other, each a sum of its own.
 */
void matmul(float *C,        // [N,M]  overwritten
            const float *A,  // [N,D]
            const float *B,  // [D,M]
            int N, int D, int M)
{
    // Every element of C: a row of A times a column of B.
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float sum = 0;
            for (int d = 0; d < D; d++)
                sum = fmaf(A[n*D + d], B[d*M + m], sum);
            C[n*M + m] = sum;
        }
}

/* Exercise 2.2: the same product, with the loop over m innermost.
 *
 *     C[n,m] = sum over d of A[n,d] B[d,m]
 *
 * In 2.1 the innermost loop jumps from row to row of B.  Here it walks along a row of B
 * and a row of C, number after number, and so the compiler can take several at once.
 * Hint: what has to be in a row of C before the first product is added to it?
 */
void matmul_ikj(float *C,        // [N,M]  overwritten
                const float *A,  // [N,D]
                const float *B,  // [D,M]
                int N, int D, int M)
{
    // Every row of C: begin at zero, then add each row of B, A[n,d] times.
    for (int n = 0; n < N; n++) {
        for (int m = 0; m < M; m++)
            C[n*M + m] = 0;
        for (int d = 0; d < D; d++)
            for (int m = 0; m < M; m++)
                C[n*M + m] = fmaf(A[n*D + d], B[d*M + m], C[n*M + m]);
    }
}

/* Exercise 2.3: the product with the first matrix transposed, C = A' B.
 *
 *     C[n,m] = sum over d of A[d,n] B[d,m]
 *
 * A is given as [D,N] and stays as it is: only the index changes.  The gradient of a
 * layer's weights will be such a product.
 */
void matmul_at(float *C,        // [N,M]  overwritten
               const float *A,  // [D,N]
               const float *B,  // [D,M]
               int N, int D, int M)
{
    // As in 2.2: the loop that walks along rows is innermost.
    for (int n = 0; n < N; n++) {
        for (int m = 0; m < M; m++)
            C[n*M + m] = 0;
        for (int d = 0; d < D; d++)
            for (int m = 0; m < M; m++)
                C[n*M + m] = fmaf(A[d*N + n], B[d*M + m], C[n*M + m]);
    }
}

/* Exercise 2.4: the product with the second matrix transposed, C = A B'.
 *
 *     C[n,m] = sum over d of A[n,d] B[m,d]
 *
 * B is given as [M,D].  A layer keeps its weights so: one row for each output.
 * Hint: which of the three loops walks along rows of both A and B?
 */
void matmul_bt(float *C,        // [N,M]  overwritten
               const float *A,  // [N,D]
               const float *B,  // [M,D]
               int N, int D, int M)
{
    // Every element of C: a row of A times a row of B.
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float sum = 0;
            for (int d = 0; d < D; d++)
                sum = fmaf(A[n*D + d], B[m*D + d], sum);
            C[n*M + m] = sum;
        }
}

/* ---- rows ---------------------------------------------------------------- */

/* Exercise 2.5: adds one bias to each column, the same in every row.
 *
 *     y[n,m] += b[m]
 */
void bias_add(float *y,        // [N,M]  added to
              const float *b,  // [M]
              int N, int M)
{
    // Every row is treated alike.
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            y[n*M + m] += b[m];
}

/* Exercise 2.6: softmax, which makes every row positive with the sum 1.
 *
 *     p[n,m] = exp(z[n,m] - top[n]) / sum over j of exp(z[n,j] - top[n])
 *     top[n] = max over m of z[n,m]
 *
 * top cancels out, but without it exp would overflow already at z = 89.  An entry may
 * be -INFINITY, which gives 0, as long as one in its row is finite.  p may be z itself.
 * Hint: the exponentials need no memory but that of p.
 */
void softmax_rows(float *p,        // [N,M]  overwritten
                  const float *z,  // [N,M]
                  int N, int M)
{
    // In every row: the largest entry, the exponentials, their sum, the quotients.
    for (int n = 0; n < N; n++) {
        const float *from = z + n*M;
        float *to = p + n*M, top = from[0], sum = 0;
        for (int m = 1; m < M; m++)
            top = from[m] > top ? from[m] : top;
        for (int m = 0; m < M; m++)
            to[m] = exp32(from[m] - top);
        for (int m = 0; m < M; m++)
            sum += to[m];
        for (int m = 0; m < M; m++)
            to[m] /= sum;
    }
}

/* ---- further: blocks, tiles, threads ------------------------------------- */

int least(int a, int b) { return a < b ? a : b; }

/* A block of B of this shape takes 64 KB: it stays in the second cache of a core. */
enum { BLOCK_D = 64, BLOCK_M = 256 };

/* Exercise 2.7*: the product of 2.2, one block of B after the other.
 *
 *     C[n,m] = sum over d of A[n,d] B[d,m]
 *
 * 2.2 reads all of B for every row of C.  Once B is larger than the cache, that means
 * to fetch it from memory N times.  Take a block of B, BLOCK_D rows by BLOCK_M columns
 * and less at the edges, and use it for all rows of A before you go on to the next.
 */
void matmul_blocked(float *C,        // [N,M]  overwritten
                    const float *A,  // [N,D]
                    const float *B,  // [D,M]
                    int N, int D, int M)
{
    // All of C begins at zero.
    for (int i = 0; i < N * M; i++)
        C[i] = 0;
    // For every block of B the three loops of 2.2.
    for (int d0 = 0; d0 < D; d0 += BLOCK_D)
        for (int m0 = 0; m0 < M; m0 += BLOCK_M) {
            int d1 = least(d0 + BLOCK_D, D), m1 = least(m0 + BLOCK_M, M);
            for (int n = 0; n < N; n++)
                for (int d = d0; d < d1; d++)
                    for (int m = m0; m < m1; m++)
                        C[n*M + m] = fmaf(A[n*D + d], B[d*M + m], C[n*M + m]);
        }
}

/* A tile is the part of C that fits into the registers of a core. */
enum { TILE_N = 6, TILE_M = 16 };

/* Eight floats that are added and multiplied as one.  They may lie at any address of
 * floats: float8 v = *(const float8 *)(B + i) reads B[i] to B[i + 7]. */
typedef float float8 __attribute__((vector_size(32), aligned(4), may_alias));

/* Stands before a loop with a fixed number of turns: the compiler writes them all out.
 * Without it an array of vectors would not be kept in registers. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* Exercise 2.8*: B in panels of TILE_M columns, so that a tile reads it in one sweep.
 *
 *     P[j,d,m] = B[d, j*TILE_M + m],  or 0 where B has no such column
 *
 * Panel j holds columns j*TILE_M and on; there are as many panels as it takes.
 */
void panels_pack(float *P,        // [panels,D,TILE_M]  overwritten
                 const float *B,  // [D,M]
                 int D, int M)
{
    // P is written from its first element to its last.
    for (int m0 = 0; m0 < M; m0 += TILE_M)
        for (int d = 0; d < D; d++)
            for (int m = m0; m < m0 + TILE_M; m++)
                *P++ = m < M ? B[d*M + m] : 0;
}

/* Exercise 2.9*: one tile of C from TILE_N rows of A and one panel of B.
 *
 *     C[n*M + m] = sum over d of a[n][d] P[d,m],  n < rows, m < width
 *
 * C points at the tile's first element; its rows lie M floats apart.  All TILE_N by
 * TILE_M sums are made, but only rows by width of them written.
 * Hint: keep the sums in float8 sum[TILE_N][2], and put UNROLL before each loop over n.
 */
void tile_multiply(float *C,               // [rows,width]  overwritten
                   const float *const *a,  // [TILE_N] pointers to rows [D] of A
                   const float *P,         // [D,TILE_M]
                   int D, int M, int rows, int width)
{
    // Every step reads 16 numbers of P once, and uses each for all the rows.
    float8 sum[TILE_N][2] = {0};
    for (int d = 0; d < D; d++) {
        float8 left = *(const float8 *)(P + d*TILE_M);
        float8 right = *(const float8 *)(P + d*TILE_M + 8);
        UNROLL
        for (int n = 0; n < TILE_N; n++) {
            sum[n][0] += a[n][d] * left;
            sum[n][1] += a[n][d] * right;
        }
    }
    // From the registers to memory, and from there what belongs to C.
    float tile[TILE_N][TILE_M];
    UNROLL
    for (int n = 0; n < TILE_N; n++) {
        *(float8 *)tile[n] = sum[n][0];
        *(float8 *)(tile[n] + 8) = sum[n][1];
    }
    for (int n = 0; n < rows; n++)
        memcpy(C + n*M, tile[n], (size_t)width * sizeof(float));
}

/* Exercise 2.10*: the product, tile by tile, with B already in panels.
 *
 *     C[n,m] = sum over d of A[n,d] P[m / TILE_M, d, m % TILE_M]
 *
 * Take the panels one by one, and for each all tiles of C below one another.
 * Hint: a tile at the lower edge may have fewer rows; point at the last row of A again.
 */
void matmul_packed(float *C,        // [N,M]  overwritten
                   const float *A,  // [N,D]
                   const float *P,  // [panels,D,TILE_M]  as 2.8 writes it
                   int N, int D, int M)
{
    // For every tile: where its rows of A begin, how many rows and columns it has.
    for (int m = 0; m < M; m += TILE_M)
        for (int n = 0; n < N; n += TILE_N) {
            const float *a[TILE_N];
            for (int i = 0; i < TILE_N; i++)
                a[i] = A + least(n + i, N - 1) * D;
            tile_multiply(C + n*M + m, a, P + m*D, D, M,
                          least(TILE_N, N - n), least(TILE_M, M - m));
        }
}

/* Exercise 2.11*: the product of 2.10 on all cores.
 *
 *     C[n,m] = sum over d of A[n,d] P[m / TILE_M, d, m % TILE_M]
 *
 * Each strip of 8 TILE_N rows of C is a product of its own, which any core may make at
 * any time.  Hint: #pragma omp parallel for
 */
void matmul_threads(float *C,        // [N,M]  overwritten
                    const float *A,  // [N,D]
                    const float *P,  // [panels,D,TILE_M]  as 2.8 writes it
                    int N, int D, int M)
{
    // No two strips write to the same row.
    const int strip = 8 * TILE_N;
#pragma omp parallel for
    for (int n = 0; n < N; n += strip)
        matmul_packed(C + n*M, A + n*D, P, least(strip, N - n), D, M);
}

/* ---- the finished product ------------------------------------------------ */

/* From here on everything is given.  gemm() at the end is what the later chapters call:
 * 2.8 to 2.11 made ready for use, with vectors as wide as the machine has them, blocks
 * for its caches, transposed matrices, any sizes, and threads only where they pay.
 *
 * Every element of C is one chain of fused multiply-adds, from d = 0 to D-1.  Vectors,
 * blocks and threads decide which elements are made together, never the order within
 * one.  So the result has the same bits on every machine: those of 2.1.
 */

/* A vector has VL floats, and TILE_N by VECTORS of them are a tile: with VECTORS more
 * for a row of B and one for a number of A they just fit the registers.
 * LANES(F, s) stands for F(0, s), F(1, s) ... F(VL-1, s). */
#define LANES4(F, s, e) F(e, s), F(e + 1, s), F(e + 2, s), F(e + 3, s)
#define LANES8(F, s, e) LANES4(F, s, e), LANES4(F, s, e + 4)
#if defined __AVX512F__
enum { VL = 16, VECTORS = 4 };
#define LANES(F, s) LANES8(F, s, 0), LANES8(F, s, 8)
#elif defined __AVX2__
enum { VL = 8, VECTORS = 2 };
#define LANES(F, s) LANES8(F, s, 0)
#else
#ifdef __ARM_NEON
enum { VL = 4, VECTORS = 4 };
#else
enum { VL = 4, VECTORS = 2 };
#endif
#define LANES(F, s) LANES4(F, s, 0)
#endif

typedef float vec __attribute__((vector_size(4 * VL), aligned(4), may_alias));
typedef int int_vec __attribute__((vector_size(4 * VL)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Blocks, so that what is used again is still in a cache.  A panel of B is PANEL_M wide
 * and at most GEMM_D deep (64 KB, the second cache); as many are packed at a time as
 * have GEMM_B floats (1 MB, the third cache); GEMM_N rows of A go with them. */
enum {
    PANEL_M = VECTORS * VL, GEMM_D = 16384 / PANEL_M,
    GEMM_B = 16 * 16384, GEMM_N = 16 * TILE_N
};

/* A tile of a single vector may have more rows: a core wants eight sums to work on. */
enum { TILE_HIGH = 8 };

/* One tile of a product.  A row of A may come in S pieces of D numbers: here it is one,
 * but a convolution (chapter 12) has one for each row of its kernel.  Number d of piece
 * s of row i of A is a[i][a_piece[s] + d*a_step]; the row of B that it meets begins at
 * b + b_piece[s] + d*b_row.  The sums begin at 0, at the bias of their column, or at
 * what C holds; what is below 0 at the end can be made 0. */
struct tile {
    float *c[TILE_HIGH];        // where the rows of C begin; columns lie c_col apart
    const float *a[TILE_HIGH];  // where the rows of A begin
    const float *b;
    const long *a_piece, *b_piece;  // [S]
    const float *bias;       // [width], or NULL
    long c_col, a_step, b_row;
    int rows, width, S, D;
    bool add, relu;          // bias and add: C, then the bias is added too
};

/* The micro-kernel.  rows, vectors and, where it is 1, a_step are constants wherever it
 * is inlined: only so are all the sums registers.  C must be wide enough for whole
 * vectors. */
ALWAYS_INLINE void tile_sum(const struct tile *t, int rows, int vectors, long a_step)
{
    vec sum[TILE_HIGH][VECTORS], row[VECTORS];
    const long b_row = t->b_row;
    const float *a[TILE_HIGH];
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
        for (int j = 0; j < vectors; j++) {
            sum[i][j] = t->add ? *(const vec *)(t->c[i] + j*VL) : (vec){0};
            if (t->bias)
                sum[i][j] += *(const vec *)(t->bias + j*VL);
        }
    for (int s = 0; s < t->S; s++) {
        const float *b = t->b + t->b_piece[s];
        UNROLL
        for (int i = 0; i < rows; i++)
            a[i] = t->a[i] + t->a_piece[s];
        for (long d = 0; d < t->D; d++, b += b_row) {
            UNROLL
            for (int j = 0; j < vectors; j++)
                row[j] = *(const vec *)(b + j*VL);
            UNROLL
            for (int i = 0; i < rows; i++)
                UNROLL
                for (int j = 0; j < vectors; j++)
                    sum[i][j] += a[i][d*a_step] * row[j];
        }
    }
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
        for (int j = 0; j < vectors; j++) {
            if (t->relu)
                sum[i][j] = (vec)((sum[i][j] > 0) & (int_vec)sum[i][j]);
            *(vec *)(t->c[i] + j*VL) = sum[i][j];
        }
}

/* No more vectors than the width needs: ten classes should not cost as much as 64. */
ALWAYS_INLINE void tile_rows(const struct tile *t, int rows, long a_step)
{
    if (t->width <= VL)
        tile_sum(t, rows, 1, a_step);
    else if (VECTORS > 2 && t->width <= 2 * VL)
        tile_sum(t, rows, 2, a_step);
    else if (VECTORS > 3 && t->width > 2 * VL && t->width <= 3 * VL)
        tile_sum(t, rows, 3, a_step);
    else
        tile_sum(t, rows, VECTORS, a_step);
}

/* Makes the number of rows a constant. */
ALWAYS_INLINE void tile_step(const struct tile *t, long a_step)
{
    switch (t->rows) {
    case 1: tile_rows(t, 1, a_step); break;
    case 2: tile_rows(t, 2, a_step); break;
    case 3: tile_rows(t, 3, a_step); break;
    case 4: tile_rows(t, 4, a_step); break;
    case 5: tile_rows(t, 5, a_step); break;
    case 6: tile_rows(t, 6, a_step); break;
    case 7: tile_sum(t, 7, 1, a_step); break;
    case 8: tile_sum(t, 8, 1, a_step); break;
    }
}

void tile_inner(const struct tile *t)
{
    if (t->a_step == 1)
        tile_step(t, 1);
    else
        tile_step(t, t->a_step);
}

/* Makes any tile.  One whose width is no whole number of vectors, or whose C lies
 * transposed, is made in a place of its own and copied.  So is one of a single sum: of
 * one chain gcc, when it tunes for AMD's Zen, makes multiplications and additions, each
 * rounded; next to it runs a second one, for nobody. */
void tile_make(const struct tile *t)
{
    if (t->width % VL == 0 && t->c_col == 1 && (t->rows > 1 || t->width > VL)) {
        tile_inner(t);
        return;
    }
    float own[TILE_HIGH * PANEL_M] = {0}, bias[PANEL_M] = {0};
    struct tile inner = *t;
    inner.a[1] = t->rows > 1 ? t->a[1] : t->a[0];
    inner.rows = t->rows > 1 ? t->rows : 2;
    for (int i = 0; i < inner.rows; i++)
        inner.c[i] = own + i*PANEL_M;
    for (int i = 0; t->add && i < t->rows; i++)
        for (int j = 0; j < t->width; j++)
            own[i*PANEL_M + j] = t->c[i][j*t->c_col];
    if (t->bias) {
        memcpy(bias, t->bias, (size_t)t->width * sizeof *bias);
        inner.bias = bias;
    }
    tile_inner(&inner);
    for (int j = 0; j < t->width; j++)
        for (int i = 0; i < t->rows; i++)
            t->c[i][j*t->c_col] = own[i*PANEL_M + j];
}

/* A square of VL by VL numbers is transposed in steps s = 1, 2, 4, 8.  Each takes every
 * two rows s apart and exchanges their blocks of s lanes off the diagonal.  UPPER and
 * LOWER: which lane of the two becomes lane e of the upper, and of the lower row. */
#define UPPER(e, s) (((e) & (s) ? VL + (e) - (s) : (e)) % (2 * VL))
#define LOWER(e, s) (((e) & (s) ? VL + (e) : (e) + (s)) % (2 * VL))
#define EXCHANGE(v, s) \
    UNROLL \
    for (int i = 0; i + s < VL; i++) \
        if (!(i & s)) { \
            vec x = v[i], y = v[i + s]; \
            v[i] = __builtin_shufflevector(x, y, LANES(UPPER, s)); \
            v[i + s] = __builtin_shufflevector(x, y, LANES(LOWER, s)); \
        }

void square_transpose(float *to, long to_row, const float *from, long from_row)
{
    vec v[VL];
    UNROLL
    for (int i = 0; i < VL; i++)
        v[i] = *(const vec *)(from + i*from_row);
    EXCHANGE(v, 1)
    EXCHANGE(v, 2)
    EXCHANGE(v, 4)
    EXCHANGE(v, 8)
    UNROLL
    for (int i = 0; i < VL; i++)
        *(vec *)(to + i*to_row) = v[i];
}

/* to[c,r] = from[r,c].  The rows of either lie to_row and from_row floats apart. */
void transpose(float *to, long to_row, const float *from, long from_row, int R, int C)
{
    int r0 = R - R % VL, c0 = C - C % VL;
    for (int r = 0; r < r0; r += VL)
        for (int c = 0; c < c0; c += VL)
            square_transpose(to + c*to_row + r, to_row,
                             from + r*from_row + c, from_row);
    for (int r = 0; r < R; r++)
        for (int c = r < r0 ? c0 : 0; c < C; c++)
            to[c*to_row + r] = from[r*from_row + c];
}

/* A product or a part of one.  The rows of A and B lie a_row and b_row floats apart, be
 * they transposed (a_t, b_t) or not; element (n,m) of C is C[n*c_row + m*c_col]. */
struct product {
    float *C;            // [N,M]
    const float *A, *B;  // [N,D], with a_t [D,N]; [D,M], with b_t [M,D]
    int N, D, M;
    long c_row, c_col, a_row, b_row;
    bool a_t, b_t, add, sparse;  // sparse: zeros of A are left out
};

/* Its N rows from n on, its M columns from m on, D terms of each sum from d on. */
struct product product_part(struct product p, int n, int N, int d, int D, int m, int M)
{
    p.C += n*p.c_row + m*p.c_col;
    p.A += p.a_t ? d*p.a_row + n : n*p.a_row + d;
    p.B += p.b_t ? m*p.b_row + d : d*p.b_row + m;
    p.add = p.add || d > 0;
    p.N = N, p.D = D, p.M = M;
    return p;
}

/* C' = B' A': the same sums, but now A is the one to be packed. */
struct product product_transpose(struct product p)
{
    return (struct product){p.C, p.B, p.A, p.M, p.D, p.N, p.c_col, p.c_row, p.b_row,
                            p.a_row, !p.b_t, !p.a_t, p.add, false};
}

/* At most PANEL_M columns of B as a panel [D,PANEL_M]; columns beyond M are zero. */
void panel_pack(float *P, const struct product *p)
{
    if (p->M < PANEL_M)
        memset(P, 0, (size_t)p->D * PANEL_M * sizeof(float));
    if (p->b_t)
        transpose(P, PANEL_M, p->B, p->b_row, p->M, p->D);
    else if (p->M < PANEL_M)
        for (int d = 0; d < p->D; d++)
            memcpy(P + d*PANEL_M, p->B + d*p->b_row, (size_t)p->M * sizeof(float));
    else
        for (int d = 0; d < p->D; d++)
            memcpy(P + d*PANEL_M, p->B + d*p->b_row, PANEL_M * sizeof(float));
}

/* One panel: its tiles below one another, all about equally high. */
void gemm_panel(const struct product *p)
{
    const long whole = 0;
    struct tile t = {.a_piece = &whole, .b_piece = &whole, .b = p->B, .c_col = p->c_col,
                     .b_row = p->b_row, .a_step = 1, .width = p->M, .S = 1, .D = p->D,
                     .add = p->add};
    int tiles = (p->N + TILE_N - 1) / TILE_N;
    for (int k = 0; k < tiles; k++) {
        int n = p->N * k / tiles;
        t.rows = p->N * (k + 1) / tiles - n;
        for (int i = 0; i < t.rows; i++) {
            t.a[i] = p->A + (n + i)*p->a_row;
            t.c[i] = p->C + (n + i)*p->c_row;
        }
        tile_make(&t);
    }
}

/* One block.  Of all that share a part of B, one below the other, the first packs it.
 * Without pack, whole panels are used where they lie. */
void gemm_block(struct product p, bool pack, bool first)
{
    static _Thread_local float turned[GEMM_N * (GEMM_D + 16)];
    static _Thread_local float packed[GEMM_B] __attribute__((aligned(64)));
    if (p.a_t) {
        // Rows a power of 2 apart would push each other out of the cache: hence the 16.
        transpose(turned, p.D + 16, p.A, p.a_row, p.D, p.N);
        p.A = turned, p.a_row = p.D + 16, p.a_t = false;
    }
    for (int m = 0; m < p.M; m += PANEL_M) {
        int width = least(PANEL_M, p.M - m);
        struct product panel = product_part(p, 0, p.N, 0, p.D, m, width);
        if (pack || width < PANEL_M) {
            if (first)
                panel_pack(packed + m*p.D, &panel);
            panel.B = packed + m*p.D, panel.b_row = PANEL_M;
        }
        gemm_panel(&panel);
    }
}

/* Zeros.  About half of a picture's pixels are black, and about half of what a network
 * has behind a relu is 0; a product with 0 can be left out.  A tile takes six rows of A
 * at once, which are seldom 0 together, so here one row of A goes alone: eight vectors
 * of a row of C, over as many rows of B as a mask has bits.  The part of B, 64 rows of
 * eight vectors, stays in the first cache while all rows of A pass by. */
enum { SPARSE_D = 64, SPARSE_M = 8 * VL, SPARSE_N = 256 };

typedef int int8 __attribute__((vector_size(32)));

/* The bits of all eight lanes in one number. */
ALWAYS_INLINE uint64_t lanes_or(int8 bits)
{
    bits |= __builtin_shufflevector(bits, bits, 4, 5, 6, 7, 0, 1, 2, 3);
    bits |= __builtin_shufflevector(bits, bits, 2, 3, 0, 1, 6, 7, 4, 5);
    bits |= __builtin_shufflevector(bits, bits, 1, 0, 3, 2, 5, 4, 7, 6);
    return (uint32_t)bits[0];
}

/* Bit d of the mask says that a[d] is not 0.  Of 32 numbers, every eighth has its bit
 * in the same lane: a comparison gives -1 or 0, of which we keep that bit. */
uint64_t nonzero_mask(const float *a,  // [D]
                      int D)           // at most 64
{
    const int8 lane = {1, 2, 4, 8, 16, 32, 64, 128};
    uint64_t mask = 0;
    int d = 0;
    for (; d + 32 <= D; d += 32) {
        int8 bits = {0};
        UNROLL
        for (int j = 0; j < 4; j++)
            bits |= (*(const float8 *)(a + d + 8*j) != 0) & lane << 8*j;
        mask |= lanes_or(bits) << d;
    }
    for (; d + 8 <= D; d += 8)
        mask |= lanes_or((*(const float8 *)(a + d) != 0) & lane) << d;
    for (; d < D; d++)
        mask |= (uint64_t)(a[d] != 0) << d;
    return mask;
}

/* How many of at most 64 numbers are 0, and whether it pays to leave them out. */
int zeros_count(const float *a, int D)
{
    return D - __builtin_popcountll(nonzero_mask(a, D));
}

bool zeros_pay(long zeros, long seen) { return 8 * zeros > 3 * seen; }

/* A tile of one row and eight vectors, c[0] += a[0] B, with only those rows of B whose
 * bits the mask has.  VECTORS vectors of a row of B lie together, the next ones b_panel
 * floats further. */
void sparse_row(const struct tile *t, uint64_t mask, long b_panel)
{
    vec sum[8];
    const long b_row = t->b_row;
    const float *a = t->a[0], *b[8];
    UNROLL
    for (int j = 0; j < 8; j++) {
        sum[j] = t->add ? *(const vec *)(t->c[0] + j*VL) : (vec){0};
        if (t->bias)
            sum[j] += *(const vec *)(t->bias + j*VL);
        b[j] = t->b + j / VECTORS * b_panel + j % VECTORS * VL;
    }
    for (; mask; mask &= mask - 1) {  // without its lowest bit
        const long d = __builtin_ctzll(mask);
        UNROLL
        for (int j = 0; j < 8; j++)
            sum[j] += a[d] * *(const vec *)(b[j] + d*b_row);
    }
    UNROLL
    for (int j = 0; j < 8; j++) {
        if (t->relu)
            sum[j] = (vec)((sum[j] > 0) & (int_vec)sum[j]);
        *(vec *)(t->c[0] + j*VL) = sum[j];
    }
}

/* At most SPARSE_N rows, SPARSE_D terms of a sum, whole strips of SPARSE_M columns. */
void sparse_block(struct product p)
{
    static _Thread_local float turned[SPARSE_N * (SPARSE_D + 16)];
    static _Thread_local float strip[SPARSE_D * SPARSE_M] __attribute__((aligned(64)));
    uint64_t mask[SPARSE_N];
    if (p.a_t) {
        transpose(turned, SPARSE_D + 16, p.A, p.a_row, p.D, p.N);
        p.A = turned, p.a_row = SPARSE_D + 16;
    }
    for (int n = 0; n < p.N; n++)
        mask[n] = nonzero_mask(p.A + n*p.a_row, p.D);
    for (int m = 0; m < p.M; m += SPARSE_M) {
        if (p.b_t)
            transpose(strip, SPARSE_M, p.B + m*p.b_row, p.b_row, SPARSE_M, p.D);
        for (int d = 0; !p.b_t && d < p.D; d++)
            memcpy(strip + d*SPARSE_M, p.B + d*p.b_row + m, SPARSE_M * sizeof(float));
        struct tile t = {.b = strip, .b_row = SPARSE_M, .add = p.add};
        for (int n = 0; n < p.N; n++) {
            t.c[0] = p.C + n*p.c_row + m;
            t.a[0] = p.A + n*p.a_row;
            if (mask[n] || !p.add)
                sparse_row(&t, mask[n], PANEL_M);
        }
    }
}

/* Whether zeros of A are left out; looks at every eighth row. */
bool product_sparse(const struct product *p)
{
    const int R = p->a_t ? p->D : p->N, C = p->a_t ? p->N : p->D;
    long seen = 0, zeros = 0;
    for (int r = 0; p->M >= SPARSE_M && p->c_col == 1 && r < R; r += 8)
        for (int c = 0; c < C; c += 64) {
            const int D = least(64, C - c);
            seen += D;
            zeros += zeros_count(p->A + r*p->a_row + c, D);
        }
    return zeros_pay(zeros, seen);
}

/* What one thread does, block by block.  To pack B does not pay for few rows; but where
 * it lies, its rows may be a power of 2 apart, so the blocks are less deep. */
void gemm_blocks(struct product p)
{
    if (p.sparse) {
        const int M = p.M / SPARSE_M * SPARSE_M;
        for (int n = 0; n < p.N; n += SPARSE_N)
            for (int d = 0; d < p.D; d += SPARSE_D)
                sparse_block(product_part(p, n, least(SPARSE_N, p.N - n),
                                          d, least(SPARSE_D, p.D - d), 0, M));
        p = product_part(p, 0, p.N, 0, p.D, M, p.M - M);
    }
    bool pack = p.b_t || p.N > 12 * TILE_N;
    int deepest = pack ? GEMM_D : least(GEMM_D, 512);
    long depths = p.D > 0 ? (p.D + deepest - 1) / deepest : 1;
    long deep = p.D > 0 ? (p.D + depths - 1) / depths : 1;
    int wide = (int)(GEMM_B / (PANEL_M * deep)) * PANEL_M;
    for (long k = 0; k < depths; k++) {
        int d = (int)(p.D * k / depths), D = (int)(p.D * (k + 1) / depths) - d;
        for (int m = 0; m < p.M; m += wide)
            for (int n = 0; n < p.N; n += GEMM_N)
                gemm_block(product_part(p, n, least(GEMM_N, p.N - n), d, D,
                                        m, least(wide, p.M - m)), pack, n == 0);
    }
}

/* Shares a product out to threads: its columns if there are plenty, for then no part of
 * B is packed twice; else its rows. */
void gemm_threads(struct product p, long threads)
{
    int panels = (p.M + PANEL_M - 1) / PANEL_M;
    bool columns = panels >= 4 * threads || panels * TILE_N >= p.N;
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (long k = 0; k < threads; k++) {
        int m = (int)(panels * k / threads) * PANEL_M, n = (int)(p.N * k / threads);
        int m1 = (int)(panels * (k + 1) / threads) * PANEL_M;
        int n1 = (int)(p.N * (k + 1) / threads);
        gemm_blocks(columns ? product_part(p, 0, p.N, 0, p.D, m, least(m1, p.M) - m)
                            : product_part(p, n, n1 - n, 0, p.D, 0, p.M));
    }
}

/* Makes any product, by as many threads as it is worth. */
void product_make(struct product p)
{
    double work = (double)p.N * p.D * p.M;
    p.sparse = product_sparse(&p);
    // To pack a B' much larger than A costs more than to write C transposed.
    if (!p.sparse && p.b_t && !p.a_t && p.N >= 8
        && (double)p.D * (p.M - p.N) > 6.0 * p.N * p.M)
        p = product_transpose(p);
    // All threads must have come before any goes on: a microsecond where the cores are
    // free, milliseconds where another program holds one.  Small products stay alone.
    if (work > 4e6 && omp_get_max_threads() > 1 && !omp_in_parallel())
        gemm_threads(p, omp_get_max_threads());
    else
        gemm_blocks(p);
}

enum { A_T = 1, B_T = 2, ADD = 4 };

/* The product C = A B, or C += A B with ADD.
 *
 *     C[n,m] = sum over d of A[n,d] B[d,m]
 *
 * With A_T the first matrix is given as [D,N], with B_T the second as [M,D].  Sizes may
 * be 0.  C must not overlap A or B.  Zeros of A may be left out, even where they would
 * meet an infinity or NAN.
 */
void gemm(float *C,        // [N,M]  overwritten, or added to with ADD
          const float *A,  // [N,D], or [D,N] with A_T
          const float *B,  // [D,M], or [M,D] with B_T
          int N, int D, int M, int flags)
{
    bool a_t = flags & A_T, b_t = flags & B_T;
    product_make((struct product){C, A, B, N, D, M, M, 1, a_t ? N : D, b_t ? D : M,
                                  a_t, b_t, flags & ADD, false});
}

/* ---- how fast could it be? ----------------------------------------------- */

/* 12 vectors, each a chain of multiply-adds: enough to begin two in every cycle. */
float fma_chains(int turns, int seed)
{
    vec sum[12], x = (vec){0} + 0.999f, y = (vec){0} + 0.001f;
    UNROLL
    for (int i = 0; i < 12; i++)
        sum[i] = (vec){0} + (float)(i + seed);
    for (int k = 0; k < turns; k++)
        UNROLL
        for (int i = 0; i < 12; i++)
            sum[i] = sum[i] * x + y;
    UNROLL
    for (int i = 1; i < 12; i++)
        sum[0] += sum[i];
    return sum[0][0];
}

/* The GFLOP/s of so many threads that do nothing but multiply-adds: the best of 20
 * short tries, as other programs may be running.  No two begin with the same numbers,
 * and all results are used: else the compiler would find ways to do less. */
double fma_peak(int threads)
{
    const int turns = 100000;
    double best = 0;
    float used = 0;
    for (int k = 0; k < 20; k++) {
        double start = seconds();
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : used)
        for (int t = 0; t < threads; t++)
            used += fma_chains(turns, k + t);
        best = fmax(best, 24e-9 * VL * turns * threads / (seconds() - start));
    }
    return used > 0 ? best : 0;
}

/* ---- the program: a ladder of speeds ------------------------------------- */
#if __INCLUDE_LEVEL__ == 0

/* Square matrices: C = A B, P for the panels of B, exact for A B in double. */
struct squares {
    int n;
    float *A, *B, *C, *P;
    double *exact;
};

struct rung {
    const char *name;
    bool all, star;  // on all cores; a starred exercise
};
enum { IJK, IKJ, BLOCKED, PACKED, GEMM, THREADS, GEMM_THREADS, RUNGS };
const struct rung rungs[RUNGS] = {
    [IJK] = {"ijk", 0, 0}, [IKJ] = {"ikj", 0, 0}, [BLOCKED] = {"blocked", 0, 1},
    [PACKED] = {"packed", 0, 1}, [GEMM] = {"gemm", 0, 0},
    [THREADS] = {"packed-threads", 1, 1}, [GEMM_THREADS] = {"gemm-threads", 1, 0},
};

void climb(struct squares *s, int rung)
{
    int n = s->n;
    if (rungs[rung].star && rung != BLOCKED)
        panels_pack(s->P, s->B, n, n);
    switch (rung) {
    case IJK: matmul(s->C, s->A, s->B, n, n, n); break;
    case IKJ: matmul_ikj(s->C, s->A, s->B, n, n, n); break;
    case BLOCKED: matmul_blocked(s->C, s->A, s->B, n, n, n); break;
    case PACKED: matmul_packed(s->C, s->A, s->P, n, n, n); break;
    case THREADS: matmul_threads(s->C, s->A, s->P, n, n, n); break;
    default: gemm(s->C, s->A, s->B, n, n, n, 0);
    }
}

/* Random A and B of size n, and their product. */
void squares_fill(struct squares *s, int n, uint64_t *chance)
{
    s->n = n;
    for (int i = 0; i < n * n; i++) {
        s->A[i] = 2*uniform(chance) - 1;
        s->B[i] = 2*uniform(chance) - 1;
        s->exact[i] = 0;
    }
    for (int i = 0; i < n; i++)
        for (int d = 0; d < n; d++)
            for (int m = 0; m < n; m++)
                s->exact[i*n + m] += (double)s->A[i*n + d] * s->B[d*n + m];
}

/* Multiplies once, or again and again for so many seconds; returns the best GFLOP/s. */
double speed(struct squares *s, int rung, double time)
{
    double flops = 2.0 * s->n * s->n * s->n, best = 0, begin = seconds(), now = begin;
    int times = time > 0 ? 1 + (int)(4e6 / flops) : 1;
    do {
        double start = now;
        for (int i = 0; i < times; i++)
            climb(s, rung);
        now = seconds();
        best = fmax(best, 1e-9 * flops * times / (now - start));
    } while (now - begin < time);
    return best;
}

/* The largest error of C. */
double error(const struct squares *s)
{
    double most = 0;
    for (int i = 0; i < s->n * s->n; i++)
        most = fmax(most, fabs(s->C[i] - s->exact[i]));
    return most;
}

int main(int argc, char **argv)
{
    int largest = 1024, stars = 0, clock = 0, seed = 1;
    OPTIONS("multiplies square matrices, in one way after the other",
            OPTION(largest, 16, 4096, "the largest size"),
            OPTION(stars, 0, 1, "1: the starred exercises too"),
            OPTION(clock, 0, 1, "1: also GFLOP/s, and the most the machine could do"),
            OPTION(seed, 0, 1e9, "of the matrices"));

    int cores[2] = {1, omp_get_max_threads()};
    double peak[2] = {clock ? fma_peak(1) : 0, clock ? fma_peak(cores[1]) : 0};
    size_t area = (size_t)largest * (size_t)(largest + TILE_M);
    struct squares s = {0, floats(area), floats(area), floats(area), floats(area),
                        (double *)memory(area, sizeof(double))};
    struct progress bar = {.what = "multiplying"};
    uint64_t chance = stream((uint64_t)seed, 2);

    // Sizes 16, 24, 32, 48, 64, 96 ...
    printf("# size\trung\tlargest_error\tflops%s\n", clock ? "\tgflops\tpeak" : "");
    for (int n = 16; n <= largest; n += n & (n - 1) ? n / 3 : n / 2) {
        squares_fill(&s, n, &chance);
        for (int k = 0; k < RUNGS; k++) {
            if (rungs[k].star && !stars)
                continue;
            progress(&bar, n + k * n / (2 * RUNGS), 3 * largest / 2);
            omp_set_num_threads(cores[rungs[k].all]);
            double gflops = speed(&s, k, clock ? 0.15 : 0);
            printf("%d\t%s\t%.3g\t%.0f", n, rungs[k].name, error(&s), 2.0 * n * n * n);
            if (clock)
                printf("\t%.2f\t%.2f", gflops, peak[rungs[k].all]);
            printf("\n");
        }
    }
    progress(&bar, 1, 1);
    free(s.exact);
    free(s.P);
    free(s.C);
    free(s.B);
    free(s.A);
}

#endif
#endif
