/* 16-rnn: the tests. */
#include "grade.h"
#include "rnn.c"
#include "gold/16-rnn.h"

/* A unit whose sum is k THIRD has the state 1/2 for k = 1 and 4/5 for k = 2. */
#define THIRD 0.549306144334054845697622618

/* ---- 16.1 rnn_cell_forward --------------------------------------------------------- */

/* Hint 16.1: cover the state with your hand: which layer of chapter 6 is left?  And what
 * does the state add to it: how many numbers does unit j read of h0, and with which row of
 * Wh?
 *
 * The sum of unit j is b[j] + x[n,0] Wx[j,0] + ... + x[n,D-1] Wx[j,D-1] + h0[n,0] Wh[j,0] +
 * ... + h0[n,H-1] Wh[j,H-1]; the state after the step is its tanh.
 *
 * Three calls: one that overwrites h1 with the inputs' part, one of gemm() that adds the
 * state's part (Wh is [H,H], and which flag says that its rows belong to the units?), and
 * one that bends the sums where they stand.
 */
typedef void cell_like(float *h1, const float *x, const float *h0, const float *Wx,
                       const float *Wh, const float *b, int N, int D, int H);
cell_like rnn_cell_forward;

CASE(cell_by_hand, cell_like)
{
    IN(x, 2, 3); IN(h0, 2, 2); IN(Wx, 2, 3); IN(Wh, 2, 2); IN(b, 2); OUT(h1, 2, 2);
    SET(x, 1, 2, 0,  0, 1, -1); SET(h0, 0.5, -1,  1, 1);
    SET(Wx, 1, 0, 1,  -1, 1, 1); SET(Wh, 2, 1,  4, -2); SET(b, 0, -3);
    SCALE(Wx, THIRD); SCALE(Wh, THIRD); SCALE(b, THIRD);
    f(h1, x, h0, Wx, Wh, b, 2, 3, 2);
    EXPECT(h1, 0.5, 0.8,  0.8, -0.5);
}

#define CELL_GOLD(name, G) CASE(name, cell_like) \
    { IN(x, G##_N, G##_D); IN(h0, G##_N, G##_H); IN(Wx, G##_H, G##_D); IN(Wh, G##_H, G##_H); \
      IN(b, G##_H); OUT(h1, G##_N, G##_H); \
      SET(x, G##_X); SET(h0, G##_1_H0); SET(Wx, G##_1_WX); SET(Wh, G##_1_WH); SET(b, G##_1_B); \
      f(h1, x, h0, Wx, Wh, b, G##_N, G##_D, G##_H); \
      EXPECT(h1, G##_1_H); }
CELL_GOLD(cell_gold, CELL)
CELL_GOLD(cell_gold_unit, UNIT)

#define CELL(name, N, D, H, size) CASE(name, cell_like) \
    { IN(x, N, D); IN(h0, N, H); IN(Wx, H, D); IN(Wh, H, H); IN(b, H); OUT(h1, N, H); \
      SCALE(x, size); \
      f(h1, x, h0, Wx, Wh, b, N, D, H); }
CELL(cell_odd, 2, 9, 17, 1)
CELL(cell_even, 5, 3, 16, 1)
CELL(cell_wide, 3, 2, 35, 1)
CELL(cell_far, 4, 5, 7, 200)

/* ---- 16.2 rnn_cell_backward -------------------------------------------------------- */

/* Hint 16.2: what does tanh_backward() of chapter 6 need besides the gradient behind the
 * tanh?  And once you have dz, the gradient before it: what differs between x with its Wx
 * and h0 with its Wh?
 *
 * First dz[n,j] = dh1[n,j] (1 - h1[n,j] h1[n,j]).  Then x, Wx and b are those of a linear
 * layer whose output has the gradient dz; for h0 and Wh the same formulas hold, with h0 where
 * x was and no biases.
 *
 * A loop that overwrites dz; one call of linear_backward(), which also knows what to do with
 * a dx of NULL; two calls of gemm() with ADD.  Write down the shapes [N,H], [H,H], [N,H] to
 * see which matrix lies transposed.
 */
typedef void cell_back_like(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *dz,
                            const float *dh1, const float *h1, const float *x,
                            const float *h0, const float *Wx, const float *Wh,
                            int N, int D, int H);
cell_back_like rnn_cell_backward;

#define CELL_BACK_ARRAYS(N, D, H) \
    IN(dh1, N, H); IN(h1, N, H); IN(x, N, D); IN(h0, N, H); IN(Wx, H, D); IN(Wh, H, H); \
    ADD_TO(dh0, N, H); ADD_TO(dWx, H, D); ADD_TO(dWh, H, H); ADD_TO(db, H); OUT(dz, N, H)

CASE(cell_back_by_hand, cell_back_like)
{
    CELL_BACK_ARRAYS(2, 3, 2); ADD_TO(dx, 2, 3);
    SET(dh1, 4, 1,  -4, 2); SET(h1, 0.5, 0,  -0.5, 0); SET(x, 1, 2, 0,  0, 1, -1);
    SET(h0, 0.5, -1,  1, 0.5); SET(Wx, 1, 0, 2,  -1, 1, 1); SET(Wh, 2, 1,  4, -2);
    SET(dx, 10, 20, 30,  40, 50, 60); SET(dh0, 1, 2,  3, 4);
    SET(dWx, 10, 20, 30,  40, 50, 60); SET(dWh, 1, 2,  3, 4); SET(db, 5, 6);
    f(dx, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, 2, 3, 2);
    EXPECT(dz, 3, 1,  -3, 2);
    EXPECT(dx, 12, 21, 37,  35, 52, 56);
    EXPECT(dh0, 11, 3,  5, -3);
    EXPECT(dWx, 13, 23, 33,  41, 54, 58);
    EXPECT(dWh, -0.5, -2.5,  5.5, 4);
    EXPECT(db, 5, 9);
}

#define CELL_BACK_GOLD(name, G) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(G##_N, G##_D, G##_H); ADD_TO(dx, G##_N, G##_D); \
      SET(x, G##_X); SET(h0, G##_1_H0); SET(h1, G##_1_H); SET(Wx, G##_1_WX); \
      SET(Wh, G##_1_WH); SET(dh0, G##_1_DH0); SET(dh1, G##_1_DH); \
      SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0); \
      f(dx, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, G##_N, G##_D, G##_H); \
      EXPECT(dx, G##_GOLD_DX); \
      EXPECT(dh0, G##_1_GOLD_DH0); \
      EXPECT(dWx, G##_1_GOLD_DWX); \
      EXPECT(dWh, G##_1_GOLD_DWH); \
      EXPECT(db, G##_1_GOLD_DB); }
CELL_BACK_GOLD(cell_back_gold, CELL)
CELL_BACK_GOLD(cell_back_gold_unit, UNIT)

CASE(cell_back_no_dx, cell_back_like)
{
    CELL_BACK_ARRAYS(4, 3, 6);
    f(NULL, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, 4, 3, 6);
}

#define CELL_BACK(name, N, D, H) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(N, D, H); ADD_TO(dx, N, D); \
      f(dx, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, N, D, H); }
CELL_BACK(cell_back_odd, 2, 9, 17)
CELL_BACK(cell_back_even, 5, 3, 16)
CELL_BACK(cell_back_many, 19, 2, 5)

CASE(cell_back_full, cell_back_like)
{
    CELL_BACK_ARRAYS(3, 2, 4); ADD_TO(dx, 3, 2);
    for (int i = 0; i < 12; i += 2)
        h1[i] = i % 4 ? 1 : -1;
    f(dx, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, 3, 2, 4);
}

/* ---- 16.3 rnn_forward -------------------------------------------------------------- */

/* Hint 16.3: T = 2: which three states are in h, which of them are you given, and what does
 * the second step read?
 *
 * h[1] comes from x[0] and h[0], h[2] from x[1] and h[1], and so on to h[T], which comes from
 * x[T-1] and h[T-1].
 *
 * A loop over t with one call of 16.1.  x[t] begins at x + t*N*D; where does h[t] begin, and
 * where h[t+1]?
 */
typedef void rnn_like(float *h, const float *x, const float *Wx, const float *Wh,
                      const float *b, int T, int N, int D, int H);
rnn_like rnn_forward;

CASE(rnn_by_hand, rnn_like)
{
    IN(x, 3, 2, 1); IN(Wx, 1, 1); IN(Wh, 1, 1); IN(b, 1); ADD_TO(h, 4, 2, 1);
    SET(x, -3, 1,  2, -2,  -1.6, -3); SET(Wx, THIRD); SET(Wh, 2 * THIRD); SET(b, THIRD);
    SET(h, 0.5, -0.5,  9, 8,  7, 6,  5, 4);
    f(h, x, Wx, Wh, b, 3, 2, 1, 1);
    EXPECT(h, 0.5, -0.5,  -0.5, 0.5,  0.8, 0,  0.5, -0.8);
}

#define RNN_GOLD(name, G) CASE(name, rnn_like) \
    { IN(x, G##_T, G##_N, G##_D); IN(Wx, G##_H, G##_D); IN(Wh, G##_H, G##_H); IN(b, G##_H); \
      ADD_TO(h, G##_T + 1, G##_N, G##_H); \
      SET(x, G##_X); SET(Wx, G##_1_WX); SET(Wh, G##_1_WH); SET(b, G##_1_B); \
      memcpy(h, (float[]){G##_1_H0}, G##_N * G##_H * sizeof *h); \
      f(h, x, Wx, Wh, b, G##_T, G##_N, G##_D, G##_H); \
      EXPECT(h, G##_1_H0, G##_1_H); }
RNN_GOLD(rnn_gold, SEQ)
RNN_GOLD(rnn_gold_unit, UNIT)

CASE(rnn_gold_deep, rnn_like)
{
    enum { T = DEEP_T, N = DEEP_N, D = DEEP_D, H = DEEP_H };
    IN(x, T, N, D); IN(Wx1, H, D); IN(Wh1, H, H); IN(b1, H); ADD_TO(h1, T + 1, N, H);
    IN(Wx2, H, H); IN(Wh2, H, H); IN(b2, H); ADD_TO(h2, T + 1, N, H);
    SET(x, DEEP_X); SET(Wx1, DEEP_1_WX); SET(Wh1, DEEP_1_WH); SET(b1, DEEP_1_B);
    SET(Wx2, DEEP_2_WX); SET(Wh2, DEEP_2_WH); SET(b2, DEEP_2_B);
    memcpy(h1, (float[]){DEEP_1_H0}, N * H * sizeof *h1);
    memcpy(h2, (float[]){DEEP_2_H0}, N * H * sizeof *h2);
    f(h1, x, Wx1, Wh1, b1, T, N, D, H);
    f(h2, h1 + N*H, Wx2, Wh2, b2, T, N, H, H);
    EXPECT(h1, DEEP_1_H0, DEEP_1_H);
    EXPECT(h2, DEEP_2_H0, DEEP_2_H);
}

#define RNN(name, T, N, D, H) CASE(name, rnn_like) \
    { IN(x, T, N, D); IN(Wx, H, D); IN(Wh, H, H); IN(b, H); ADD_TO(h, T + 1, N, H); \
      SCALE(Wh, 0.5f); \
      f(h, x, Wx, Wh, b, T, N, D, H); }
RNN(rnn_odd, 2, 3, 9, 17)
RNN(rnn_long, 9, 2, 3, 16)
RNN(rnn_one_step, 1, 4, 3, 7)

/* ---- 16.4 rnn_backward ------------------------------------------------------------- */

/* Hint 16.4: h[1] reaches the loss through the output of its own step and through h[2].  When
 * you go back through the step that made h[1], must both be in dh[1] already?  Which step has
 * then to be gone through before?
 *
 * The step t led from h[t] to h[t+1]: its dh1 is dh[t+1], its h1 is h[t+1], its h0 is h[t],
 * and what it gives back to h0 is added to dh[t], where the loss has put its own part.
 *
 * A loop over t with one call of 16.2.  In which direction does t run?  The gradients of the
 * weights go to the same place in every step; dx may be NULL, and then NULL is handed on, not
 * NULL plus something.
 */
typedef void rnn_back_like(float *dx, float *dh, float *dWx, float *dWh, float *db, float *dz,
                           const float *h, const float *x, const float *Wx, const float *Wh,
                           int T, int N, int D, int H);
rnn_back_like rnn_backward;

/* What is left in dz nobody asks for. */
#define RNN_BACK_ARRAYS(T, N, D, H) \
    IN(h, T + 1, N, H); IN(x, T, N, D); IN(Wx, H, D); IN(Wh, H, H); ADD_TO(dh, T + 1, N, H); \
    ADD_TO(dWx, H, D); ADD_TO(dWh, H, H); ADD_TO(db, H); OUT(dz, N, H)
#define FORGET(dz, n) memset(dz, 0, (size_t)(n) * sizeof *dz)

CASE(rnn_back_by_hand, rnn_back_like)
{
    RNN_BACK_ARRAYS(2, 2, 1, 1); ADD_TO(dx, 2, 2, 1);
    SET(h, 0.5, -0.25,  0, 0.5,  0.5, 0); SET(x, 1, -1,  2, 3); SET(Wx, 3); SET(Wh, 2);
    SET(dh, 10, 20,  1, 2,  4, 3); SET(dx, 1, 2,  3, 4);
    SET(dWx, 100); SET(dWh, 200); SET(db, 300);
    f(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, 2, 2, 1, 1);
    FORGET(dz, 2);
    EXPECT(dh, 24, 32,  7, 8,  4, 3);
    EXPECT(dx, 22, 20,  12, 13);
    EXPECT(dWx, 116);
    EXPECT(dWh, 203.5);
    EXPECT(db, 319);
}

#define RNN_BACK_GOLD(name, G) CASE(name, rnn_back_like) \
    { RNN_BACK_ARRAYS(G##_T, G##_N, G##_D, G##_H); ADD_TO(dx, G##_T, G##_N, G##_D); \
      SET(h, G##_1_H0, G##_1_H); SET(x, G##_X); SET(Wx, G##_1_WX); SET(Wh, G##_1_WH); \
      SET(dh, G##_1_DH0, G##_1_DH); \
      SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0); \
      f(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, G##_T, G##_N, G##_D, G##_H); \
      FORGET(dz, G##_N * G##_H); \
      EXPECT(dx, G##_GOLD_DX); \
      EXPECT(dh, G##_1_GOLD_DH0, G##_1_GOLD_DH); \
      EXPECT(dWx, G##_1_GOLD_DWX); \
      EXPECT(dWh, G##_1_GOLD_DWH); \
      EXPECT(db, G##_1_GOLD_DB); }
RNN_BACK_GOLD(rnn_back_gold, SEQ)
RNN_BACK_GOLD(rnn_back_gold_unit, UNIT)

CASE(rnn_back_gold_deep, rnn_back_like)
{
    enum { T = DEEP_T, N = DEEP_N, D = DEEP_D, H = DEEP_H };
    RNN_BACK_ARRAYS(T, N, D, H); ADD_TO(dx, T, N, D);
    IN(h2, T + 1, N, H); IN(Wx2, H, H); IN(Wh2, H, H); ADD_TO(dh2, T + 1, N, H);
    ADD_TO(dWx2, H, H); ADD_TO(dWh2, H, H); ADD_TO(db2, H);
    SET(h, DEEP_1_H0, DEEP_1_H); SET(x, DEEP_X); SET(Wx, DEEP_1_WX); SET(Wh, DEEP_1_WH);
    SET(h2, DEEP_2_H0, DEEP_2_H); SET(Wx2, DEEP_2_WX); SET(Wh2, DEEP_2_WH);
    SET(dh2, DEEP_2_DH0, DEEP_2_DH);
    SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    SCALE(dh, 0); SCALE(dWx2, 0); SCALE(dWh2, 0); SCALE(db2, 0);
    memcpy(dh + T*N*H, (float[]){DEEP_1_DLAST}, N * H * sizeof *dh);
    f(dh + N*H, dh2, dWx2, dWh2, db2, dz, h2, h + N*H, Wx2, Wh2, T, N, H, H);
    f(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, T, N, D, H);
    FORGET(dz, N * H);
    EXPECT(dx, DEEP_GOLD_DX);
    EXPECT(dh, DEEP_1_GOLD_DH0, DEEP_1_GOLD_DH); EXPECT(dWx, DEEP_1_GOLD_DWX);
    EXPECT(dWh, DEEP_1_GOLD_DWH); EXPECT(db, DEEP_1_GOLD_DB);
    EXPECT(dh2, DEEP_2_GOLD_DH0, DEEP_2_GOLD_DH); EXPECT(dWx2, DEEP_2_GOLD_DWX);
    EXPECT(dWh2, DEEP_2_GOLD_DWH); EXPECT(db2, DEEP_2_GOLD_DB);
}

CASE(rnn_back_no_dx, rnn_back_like)
{
    RNN_BACK_ARRAYS(3, 4, 2, 6);
    f(NULL, dh, dWx, dWh, db, dz, h, x, Wx, Wh, 3, 4, 2, 6);
    FORGET(dz, 4 * 6);
}

#define RNN_BACK(name, T, N, D, H) CASE(name, rnn_back_like) \
    { RNN_BACK_ARRAYS(T, N, D, H); ADD_TO(dx, T, N, D); \
      SCALE(Wh, 0.5f); \
      f(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, T, N, D, H); \
      FORGET(dz, N * H); }
RNN_BACK(rnn_back_odd, 2, 3, 9, 17)
RNN_BACK(rnn_back_long, 7, 2, 3, 16)
RNN_BACK(rnn_back_one_step, 1, 4, 3, 7)

/* ---- 16.5 embedding_forward -------------------------------------------------------- */

/* Hint 16.5: in a table of 4 rows of 2 numbers, where does row 3 begin?
 *
 * y[n,d] = table[ids[n],d], that is, element ids[n]*D + d of the table.
 *
 * A loop over n.  In it either a loop over d with one assignment, or one memcpy() of a row:
 * how many bytes are D floats?
 */
typedef void lookup_like(float *y, const float *table, const int *ids, int N, int D);
lookup_like embedding_forward;

CASE(lookup_by_hand, lookup_like)
{
    IN(table, 4, 5); LABELS(ids, 4, 3); OUT(y, 3, 5);
    SET(table, 10, 11, 12, 13, 14,  20, 21, 22, 23, 24,  30, 31, 32, 33, 34,  40, 41, 42, 43, 44);
    SET(ids, 3, 1, 3);
    f(y, table, ids, 3, 5);
    EXPECT(y, 40, 41, 42, 43, 44,  20, 21, 22, 23, 24,  40, 41, 42, 43, 44);
}

CASE(lookup_gold, lookup_like)
{
    IN(table, LOOKUP_V, LOOKUP_D); LABELS(ids, LOOKUP_V, LOOKUP_N); OUT(y, LOOKUP_N, LOOKUP_D);
    SET(table, LOOKUP_TABLE); SET(ids, LOOKUP_IDS);
    f(y, table, ids, LOOKUP_N, LOOKUP_D);
    EXPECT(y, LOOKUP_GOLD_Y);
}

#define LOOKUP(name, V, N, D) CASE(name, lookup_like) \
    { IN(table, V, D); LABELS(ids, V, N); OUT(y, N, D); \
      f(y, table, ids, N, D); }
LOOKUP(lookup_wide, 7, 5, 17)
LOOKUP(lookup_narrow, 3, 11, 1)
LOOKUP(lookup_one, 9, 1, 6)

/* ---- 16.6 embedding_backward ------------------------------------------------------- */

/* Hint 16.6: if the character 5 is read three times, how many rows of y came from row 5 of
 * the table?  What follows for its gradient?
 *
 * dtable[ids[n],d] += dy[n,d], for every n.
 *
 * The loops of 16.5 with the two sides exchanged, and += in place of =: memcpy() cannot add.
 */
typedef void lookup_back_like(float *dtable, const float *dy, const int *ids, int N, int D);
lookup_back_like embedding_backward;

CASE(lookup_back_by_hand, lookup_back_like)
{
    IN(dy, 3, 2); LABELS(ids, 4, 3); ADD_TO(dtable, 4, 2);
    SET(dtable, 10, 20,  30, 40,  50, 60,  70, 80); SET(dy, 1, 2,  3, 4,  5, 7);
    SET(ids, 3, 3, 1);
    f(dtable, dy, ids, 3, 2);
    EXPECT(dtable, 10, 20,  35, 47,  50, 60,  74, 86);
}

CASE(lookup_back_gold, lookup_back_like)
{
    IN(dy, LOOKUP_N, LOOKUP_D); LABELS(ids, LOOKUP_V, LOOKUP_N);
    ADD_TO(dtable, LOOKUP_V, LOOKUP_D);
    SET(dy, LOOKUP_DY); SET(ids, LOOKUP_IDS); SCALE(dtable, 0);
    f(dtable, dy, ids, LOOKUP_N, LOOKUP_D);
    EXPECT(dtable, LOOKUP_GOLD_DTABLE);
}

#define LOOKUP_BACK(name, V, N, D) CASE(name, lookup_back_like) \
    { IN(dy, N, D); LABELS(ids, V, N); ADD_TO(dtable, V, D); \
      f(dtable, dy, ids, N, D); }
LOOKUP_BACK(lookup_back_wide, 7, 5, 17)
LOOKUP_BACK(lookup_back_narrow, 3, 11, 1)
LOOKUP_BACK(lookup_back_one, 9, 1, 6)

/* ---- 16.7 lines_batch -------------------------------------------------------------- */

/* Hint 16.7: write the line "bo" as two rows, what the network is given and what it shall
 * say: how far is the one shifted against the other?  When is it given `end`, and when shall
 * it say `end`?
 *
 * With the line's characters s[0] ... s[L-1] and s[L] = end: x[0] = end, x[i] = s[i-1] for
 * i = 1 .. L; t[i] = s[i] for i = 0 .. L.  Where i is larger than L, x[i] = end and t[i] = -1.
 *
 * A loop over n, in it a loop over i = 0 .. T-1 with two assignments, at i*N + n.  Keep two
 * variables, the input and the target of this step.  At the end of each step the target
 * becomes the next input and a new target is read, but only while the line goes on: the
 * character behind the last line's end is not there to be read.
 */
typedef void lines_like(int *x, int *t, const int *text, const int *first, int end, int T, int N);
lines_like lines_batch;

/* How many characters the text of this case has: the mistakes must not read behind it. */
static int text_length;

#define LINES_ARRAYS(length, T, N) \
    LABELS(text, 6, length); LABELS(first, length, N); OUT_INT(x, T, N); OUT_INT(t, T, N); \
    text_length = length

CASE(lines_by_hand, lines_like)
{
    LINES_ARRAYS(7, 5, 2);
    SET(text, 1, 2, 2, 0,  3, 4, 0); SET(first, 0, 4);
    f(x, t, text, first, 0, 5, 2);
    EXPECT(x, 0, 0,  1, 3,  2, 4,  2, 0,  0, 0);
    EXPECT(t, 1, 3,  2, 4,  2, 0,  0, -1,  -1, -1);
}

CASE(lines_all_lengths, lines_like)
{
    LINES_ARRAYS(16, 4, 5);  // short, too long, empty, just fits, short
    SET(text, 1, 2, 3, 4, 1, 5,  4, 3, 0, 5,  2, 2, 5,  3, 5,  5);
    SET(first, 10, 0, 15, 6, 13);
    f(x, t, text, first, 5, 4, 5);
    EXPECT(x, 5, 5, 5, 5, 5,  2, 1, 5, 4, 3,  2, 2, 5, 3, 5,  5, 3, 5, 0, 5);
    EXPECT(t, 2, 1, 5, 4, 3,  2, 2, -1, 3, 5,  5, 3, -1, 0, -1,  -1, 4, -1, 5, -1);
}

#define LINES(name, length, end, T, N) CASE(name, lines_like) \
    { LINES_ARRAYS(length, T, N); \
      text[length - 1] = end; \
      f(x, t, text, first, end, T, N); }
LINES(lines_many, 40, 3, 7, 9)
LINES(lines_high, 30, 2, 11, 3)
LINES(lines_one_step, 20, 1, 1, 5)
LINES(lines_one_line, 12, 4, 6, 1)

CASE(lines_long, lines_like)
{
    LINES_ARRAYS(25, 3, 4);
    for (int i = 0; i < 25; i++)
        text[i] = i < 24 ? 1 + i % 5 : 0;
    for (int n = 0; n < 4; n++)
        first[n] %= 20;
    f(x, t, text, first, 0, 3, 4);
}

CASE(lines_empty, lines_like)
{
    LINES_ARRAYS(3, 4, 2);
    SET(text, 2, 2, 2); SET(first, 2, 0);
    f(x, t, text, first, 2, 4, 2);
    EXPECT(x, 2, 2,  2, 2,  2, 2,  2, 2);
    EXPECT(t, 2, 2,  -1, -1,  -1, -1,  -1, -1);
}

/* ---- 16.8 sequence_loss_forward ---------------------------------------------------- */

/* Hint 16.8: of 10 rows 4 have the target -1: of how many losses is the result the mean?  And
 * what is the mean of none?
 *
 * p of every row by softmax.  Of a row that counts, the loss is log(sum over j of exp(z[n,j] -
 * top)) + top - z[n,t[n]], with top the largest logit of the row (6.11); the result is the sum
 * of them divided by C, the number of rows with t[n] >= 0.
 *
 * A loop over n.  cross_entropy_forward() for one row, N = 1, gives its p and its loss; it
 * needs a true class, even where there is none: give it any, and leave the loss out.  A sum
 * in double, a count, one division behind the loop, if there is something to divide by.
 */
typedef float loss_like(float *p, const float *z, const int *t, int N, int K);
loss_like sequence_loss_forward;

CASE(loss_by_hand, loss_like)
{
    IN(z, 5, 4); LABELS(t, 4, 5); OUT(p, 5, 4); OUT(result, 1);
    SET(z, log(4), log(2), 0, 0,  0, 0, log(5), 0,  log(2), log(4), 0, 0,
        7, 7, 7, 7,  0, 0, log(2), log(4));
    SET(t, 0, -1, 2, -1, 2);
    *result = f(p, z, t, 5, 4);
    EXPECT(p, 0.5, 0.25, 0.125, 0.125,  0.125, 0.125, 0.625, 0.125,  0.25, 0.5, 0.125, 0.125,
           0.25, 0.25, 0.25, 0.25,  0.125, 0.125, 0.25, 0.5);
    EXPECT(result, (log(2) + log(8) + log(4)) / 3);
}

CASE(loss_gold, loss_like)
{
    IN(z, LOSS_N, LOSS_K); LABELS(t, LOSS_K, LOSS_N); OUT(p, LOSS_N, LOSS_K); OUT(result, 1);
    SET(z, LOSS_Z); SET(t, LOSS_T);
    *result = f(p, z, t, LOSS_N, LOSS_K);
    EXPECT(p, LOSS_P);
    EXPECT(result, LOSS_GOLD);
}

CASE(loss_none, loss_like)
{
    IN(z, 3, 4); LABELS(t, 4, 3); OUT(p, 3, 4); OUT(result, 1);
    SET(t, -1, -1, -1);
    *result = f(p, z, t, 3, 4);
    EXPECT(result, 0);
}

CASE(loss_one, loss_like)
{
    IN(z, 9, 7); LABELS(t, 7, 9); OUT(p, 9, 7); OUT(result, 1);
    for (int n = 0; n < 8; n++)
        t[n] = -1;
    *result = f(p, z, t, 9, 7);
}

CASE(loss_all, loss_like)
{
    IN(z, 5, 17); LABELS(t, 17, 5); OUT(p, 5, 17); OUT(result, 1);
    SCALE(z, 4);
    *result = f(p, z, t, 5, 17);
}

CASE(loss_certain, loss_like)
{
    IN(z, 3, 3); LABELS(t, 3, 3); OUT(p, 3, 3); OUT(result, 1);
    SET(z, 200, -200, 0,  7, 8, 9,  0, 1e4, -1e4); SET(t, 1, -1, 2);
    *result = f(p, z, t, 3, 3);
    EXPECT(result, (400 + 2e4) / 2);
}

CASE(loss_low, loss_like)
{
    IN(z, 3, 4); LABELS(t, 4, 3); OUT(p, 3, 4); OUT(result, 1);
    SET(z, -1000, -1000, -1000, -1000,  -205, -200, -203, -204,  1000, 1003, 1001, 1002);
    SET(t, 3, 2, -1);
    *result = f(p, z, t, 3, 4);
}

/* ---- 16.9 sequence_loss_backward --------------------------------------------------- */

/* Hint 16.9: does the loss change if the logits of a row change that does not count?  And by
 * which number was the sum of the others divided?
 *
 * Of a row with t[n] >= 0: dz[n,k] += (p[n,k] - 1) / C for k = t[n], and p[n,k] / C for the
 * other k.  Of a row with t[n] = -1 nothing is added: dz stays as it is.
 *
 * A loop over n that counts C.  Then the two loops of 6.12, which pass over the rows that do
 * not count, and divide by C.
 */
typedef void loss_back_like(float *dz, const float *p, const int *t, int N, int K);
loss_back_like sequence_loss_backward;

CASE(loss_back_by_hand, loss_back_like)
{
    IN(p, 5, 4); LABELS(t, 4, 5); ADD_TO(dz, 5, 4);
    SET(p, 0.5, 0.25, 0.125, 0.125,  0.125, 0.125, 0.625, 0.125,  0.25, 0.5, 0.125, 0.125,
        0.25, 0.25, 0.25, 0.25,  0.125, 0.125, 0.25, 0.5);
    SET(t, 0, -1, 2, -1, 2);
    SET(dz, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12,  13, 14, 15, 16,  17, 18, 19, 20);
    f(dz, p, t, 5, 4);
    EXPECT(dz, 1 - 0.5/3, 2 + 0.25/3, 3 + 0.125/3, 4 + 0.125/3,  5, 6, 7, 8,
           9 + 0.25/3, 10 + 0.5/3, 11 - 0.875/3, 12 + 0.125/3,  13, 14, 15, 16,
           17 + 0.125/3, 18 + 0.125/3, 19 - 0.75/3, 20 + 0.5/3);
}

CASE(loss_back_gold, loss_back_like)
{
    IN(p, LOSS_N, LOSS_K); LABELS(t, LOSS_K, LOSS_N); ADD_TO(dz, LOSS_N, LOSS_K);
    SET(p, LOSS_P); SET(t, LOSS_T); SCALE(dz, 0);
    f(dz, p, t, LOSS_N, LOSS_K);
    EXPECT(dz, LOSS_GOLD_DZ);
}

/* Rows of p add up to 1. */
static void shares(float *p, int N, int K)
{
    for (int n = 0; n < N; n++) {
        float sum = 0;
        for (int k = 0; k < K; k++)
            sum += p[n*K + k] = 0.1f + fabsf(p[n*K + k]);
        for (int k = 0; k < K; k++)
            p[n*K + k] /= sum;
    }
}

CASE(loss_back_none, loss_back_like)
{
    IN(p, 3, 4); LABELS(t, 4, 3); ADD_TO(dz, 3, 4);
    shares(p, 3, 4);
    SET(t, -1, -1, -1);
    f(dz, p, t, 3, 4);
}

CASE(loss_back_wide, loss_back_like)
{
    IN(p, 9, 17); LABELS(t, 17, 9); ADD_TO(dz, 9, 17);
    shares(p, 9, 17);
    t[0] = t[3] = t[4] = t[8] = -1;
    f(dz, p, t, 9, 17);
}

CASE(loss_back_all, loss_back_like)
{
    IN(p, 5, 2); LABELS(t, 2, 5); ADD_TO(dz, 5, 2);
    shares(p, 5, 2);
    f(dz, p, t, 5, 2);
}

/* ---- 16.10 sample ------------------------------------------------------------------ */

/* Hint 16.10: lay the shares 0.125, 0.25 and 0.625 end to end from 0 to 1.  Into whose share
 * does u = 0.3 fall?  And u = 0.125, which is just the border of two?
 *
 * share[k] = exp((z[k] - top) / temperature), with top the largest logit; the answer is the
 * first k with share[0] + ... + share[k] > u (share[0] + ... + share[K-1]).
 *
 * A loop that finds the first of the largest; that is all where the temperature is 0, which
 * nothing can be divided by.  A loop that adds up the shares.  A third that adds them up
 * again and returns k as soon as the sum lies above u times the whole.  What it returns if it
 * gets to its end: the last k that has a share above 0.
 */
typedef int sample_like(const float *z, int K, float temperature, float u);
sample_like sample;

#define SAMPLES(n, K) IN(z, K); IN(u, n); OUT_INT(result, n)
#define DRAW(n, K, temperature) \
    for (int i = 0; i < (n); i++) \
        result[i] = f(z, K, temperature, u[i])

CASE(sample_by_hand, sample_like)
{
    SAMPLES(7, 3);
    SET(z, 0, log(2), log(5)); SET(u, 0, 0.05, 0.15, 0.3, 0.4, 0.7, 0.95);
    DRAW(7, 3, 1);
    EXPECT(result, 0, 0, 1, 1, 2, 2, 2);
}

/* Logits whose shares are whole numbers w, of their sum, at this temperature, some 0; every
 * u lies in the middle of a unit, far from all borders. */
static void whole_shares(float *z, float *u, const int *w, int K, int n, float temperature,
                         float top)
{
    int sum = 0;
    for (int k = 0; k < K; k++) {
        z[k] = w[k] ? top + temperature * log32((float)w[k]) : top - 1000 * temperature;
        sum += w[k];
    }
    for (int i = 0; i < n; i++)
        u[i] = ((float)(i * sum / n) + 0.5f) / (float)sum;
}

#define WHOLE(name, K, temperature, top) CASE(name, sample_like) \
    { LABELS(w, 6, K); SAMPLES(20, K); \
      w[K / 2] = 4, w[K - 2] = 1, w[K - 1] = 0; \
      whole_shares(z, u, w, K, 20, temperature, top); \
      DRAW(20, K, temperature); }
WHOLE(sample_warm, 7, 1.5f, 3)
WHOLE(sample_cool, 17, 0.25f, -2)

CASE(sample_borders, sample_like)
{
    SAMPLES(7, 7);  // shares 0 1/4 1/4 0 1/4 1/4 0, all exact
    SET(z, -9000, 3, 3, -9000, 3, 3, -9000); SET(u, 0, 0.25, 0.5, 0.75, 0.1, 0.6, 0.999);
    DRAW(7, 7, 2);
    EXPECT(result, 1, 2, 4, 5, 1, 4, 5);
}

CASE(sample_high, sample_like)
{
    SAMPLES(5, 4);
    SET(z, -200, 200, 199.5, 200); SET(u, 0, 0.3, 0.44, 0.6, 0.9);
    DRAW(5, 4, 0.5);
    EXPECT(result, 1, 1, 2, 3, 3);
}

CASE(sample_low, sample_like)
{
    SAMPLES(4, 4);
    SET(z, -1000, -1001, -1500, -9000); SET(u, 0.1, 0.7, 0.8, 0.99);
    DRAW(4, 4, 1);
    EXPECT(result, 0, 0, 1, 1);
}

CASE(sample_frozen, sample_like)
{
    SAMPLES(6, 6);
    SET(z, -4, -3, -5, -3, -3, -7); SET(u, 0, 0.5, 0.99, 0.5, 0.5, 0.99);
    DRAW(3, 6, 0);
    result[3] = f(z, 2, 0, u[3]);
    result[4] = f(z, 1, 0, u[4]);
    result[5] = f(z, 1, 2, u[5]);
    EXPECT(result, 1, 1, 1, 1, 0, 0);
}

CASE(sample_cold, sample_like)
{
    SAMPLES(4, 5);
    SET(z, 100, 300, 299, 300, -300); SET(u, 0, 0.3, 0.6, 0.99);
    DRAW(4, 5, 1e-37f);
    EXPECT(result, 1, 1, 3, 3);
}

CASE(sample_hot, sample_like)
{
    SAMPLES(5, 5);
    SET(z, 1, -2, 3, 0, 2); SET(u, 0.1, 0.3, 0.5, 0.7, 0.9);
    DRAW(5, 5, 1e6f);
    EXPECT(result, 0, 1, 2, 3, 4);
}

CASE(sample_last, sample_like)
{
    SAMPLES(3, 14);
    for (int k = 0; k < 14; k++)
        z[k] = k < 12 ? 0.5f : -9000;
    SET(u, 0.99, 0.9999, 1 - 0x1p-24);
    DRAW(3, 14, 1);
    EXPECT(result, 11, 11, 11);
}

/* ---- what only the judge holds ----------------------------------------------------- */
#if JUDGE

/* Each mistake is the right way with one thing changed: `how` says which. */
enum how { RIGHT, OVERWRITES, CLEARS, ADDS, TURNED, OTHER_TURNED, NO_TANH, NO_STATE, NO_INPUT,
           NO_X, NO_BIAS, TWICE, SIGMOIDAL, LATE, FIRST, EARLY, SKIPS, ZERO, LAYOUT, REVERSED,
           BACKWARDS, PLAIN, OWN_SLOPE, OLD_SLOPE, NO_SLOPE, FROM_AFTER, NO_TIME, SAME,
           LAST_ONLY, ROW, NO_STRIDE, ONE_HOT, MEAN, COUNT, MINUS, NO_START, AHEAD, NO_END,
           AFTER, RUNS_ON, CUT, SWAPPED, SHORT, BY_ALL, BY_K, SUM, NO_TOP, LOG_P, UNWRITTEN,
           NOT_A_NUMBER, STOPS, NOT_ZERO, ALL_ROWS, NO_TARGET, TIMES, SINGLE, DIVIDES, TIE,
           BORDER, GREEDY, NO_SHARE };

/* ---- the cell ---- */

static void cell(float *h1, const float *x, const float *h0, const float *Wx, const float *Wh,
                 const float *b, int N, int D, int H, enum how how)
{
    for (int n = 0; n < N; n++)
        for (int j = 0; j < H; j++) {
            double in = 0, state = 0, bias = b[j];
            for (int d = 0; d < D; d++)
                in += x[n*D + d] * (double)Wx[how == OTHER_TURNED ? d*H + j : j*D + d];
            for (int k = 0; k < H; k++)
                state += h0[how == FIRST ? k : n*H + k]
                         * (double)Wh[how == TURNED ? k*H + j : j*H + k];
            double sum = in + state + bias, y = tanh(sum);
            switch (how) {
            case NO_TANH:  y = sum; break;
            case NO_STATE: y = tanh(in + bias); break;
            case NO_INPUT: y = tanh(state); break;
            case NO_X:     y = tanh(state + bias); break;
            case NO_BIAS:  y = tanh(in + state); break;
            case TWICE:    y = tanh(sum + bias); break;
            case SIGMOIDAL:  y = 1 / (1 + exp(-sum)); break;
            case LATE:     y = tanh(in + bias) + state; break;
            case ADDS:     y = tanh(sum + h1[n*H + j]); break;
            default:       break;
            }
            h1[n*H + j] = (float)y;
        }
}

#define CELLS(name, how) \
    static void name(float *h1, const float *x, const float *h0, const float *Wx, \
                     const float *Wh, const float *b, int N, int D, int H) \
    { cell(h1, x, h0, Wx, Wh, b, N, D, H, how); }
CELLS(cell_right, RIGHT)
CELLS(cell_turned, TURNED)
CELLS(cell_wx_turned, OTHER_TURNED)
CELLS(cell_no_tanh, NO_TANH)
CELLS(cell_no_state, NO_STATE)
CELLS(cell_no_input, NO_INPUT)
CELLS(cell_no_x, NO_X)
CELLS(cell_no_bias, NO_BIAS)
CELLS(cell_twice, TWICE)
CELLS(cell_sigmoid, SIGMOIDAL)
CELLS(cell_late, LATE)
CELLS(cell_first, FIRST)
CELLS(cell_adds, ADDS)

/* ---- gradients by central differences ---- */

/* A network whose numbers can be changed a little.  In `all` follow each other x [T,N,D],
 * Wx [H,D], Wh [H,H], the change of b [H], and of every state h[t] what is added to it
 * [T+1,N,H], which is h[0] itself and 0 for the others.  rest is what makes the sums before
 * the tanh those of the given states: b is among it. */
struct wobbly { int T, N, D, H; double all[2048], rest[1024]; const float *dh; };

static int wobbly_size(const struct wobbly *w)
{
    return w->T*w->N*w->D + w->H*(w->D + w->H + 1) + (w->T + 1)*w->N*w->H;
}

/* The sum of unit j of example n in step t, without the rest, from the states h[t]. */
static double wobbly_sum(const struct wobbly *w, const double *h, int t, int n, int j)
{
    const int N = w->N, D = w->D, H = w->H;
    const double *x = w->all + (t*N + n)*D, *Wx = w->all + w->T*N*D + j*D;
    const double *Wh = w->all + w->T*N*D + H*D + j*H, *b = w->all + w->T*N*D + H*D + H*H;
    double sum = b[j];
    for (int d = 0; d < D; d++)
        sum += Wx[d] * x[d];
    for (int k = 0; k < H; k++)
        sum += Wh[k] * h[n*H + k];
    return sum;
}

/* The sum of dh h over all states. */
static double wobbly_loss(const struct wobbly *w)
{
    const int states = w->N * w->H;
    const double *added = w->all + wobbly_size(w) - (w->T + 1)*states;
    double h[1024], loss = 0;
    for (int i = 0; i < (w->T + 1)*states; i++) {
        int t = i / states - 1, n = i % states / w->H, j = i % w->H;
        h[i] = added[i];
        if (t >= 0)
            h[i] += tanh(w->rest[i] + wobbly_sum(w, h + t*states, t, n, j));
        loss += w->dh[i] * h[i];
    }
    return loss;
}

static struct wobbly wobbly_new(const float *dh, const float *h, const float *x,
                                const float *Wx, const float *Wh, int T, int N, int D, int H)
{
    struct wobbly w = {.T = T, .N = N, .D = D, .H = H, .dh = dh};
    const int states = N * H;
    double exact[1024], *to = w.all;
    for (int i = 0; i < T*N*D; i++)
        *to++ = x[i];
    for (int i = 0; i < H*D; i++)
        *to++ = Wx[i];
    for (int i = 0; i < H*H; i++)
        *to++ = Wh[i];
    to += H;
    for (int i = 0; i < (T + 1)*states; i++)
        exact[i] = h[i];
    for (int i = 0; i < states; i++)
        *to++ = h[i];
    for (int i = states; i < (T + 1)*states; i++) {
        int t = i / states - 1, n = i % states / H, j = i % H;
        w.rest[i] = atanh(exact[i]) - wobbly_sum(&w, exact + t*states, t, n, j);
    }
    return w;
}

/* The loss's gradient in the number at `at`. */
static float wobbly_slope(struct wobbly *w, double *at)
{
    const double h = 1e-5, middle = *at;
    *at = middle + h;
    double up = wobbly_loss(w);
    *at = middle - h;
    double down = wobbly_loss(w);
    *at = middle;
    return (float)((up - down) / (2*h));
}

static void rnn_back_right(float *dx, float *dh, float *dWx, float *dWh, float *db, float *dz,
                           const float *h, const float *x, const float *Wx, const float *Wh,
                           int T, int N, int D, int H)
{
    float given[1024];
    memcpy(given, dh, (size_t)((T + 1)*N*H) * sizeof *dh);
    struct wobbly w = wobbly_new(given, h, x, Wx, Wh, T, N, D, H);
    double *at = w.all;
    (void)dz;
    for (int i = 0; i < T*N*D; i++, at++)
        if (dx)
            dx[i] += wobbly_slope(&w, at);
    for (int i = 0; i < H*D; i++)
        dWx[i] += wobbly_slope(&w, at++);
    for (int i = 0; i < H*H; i++)
        dWh[i] += wobbly_slope(&w, at++);
    for (int i = 0; i < H; i++)
        db[i] += wobbly_slope(&w, at++);
    for (int i = 0; i < (T + 1)*N*H; i++)
        dh[i] = wobbly_slope(&w, at++);
}

/* One step is a sequence too, whose first state the loss does not see. */
static void cell_back_right(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *dz,
                            const float *dh1, const float *h1, const float *x,
                            const float *h0, const float *Wx, const float *Wh,
                            int N, int D, int H)
{
    float dh[1024] = {0}, h[1024] = {0};
    for (int i = 0; i < N*H; i++) {
        dz[i] = (float)(dh1[i] * (1 - (double)h1[i] * h1[i]));
        dh[N*H + i] = dh1[i];
        h[i] = h0[i];
        h[N*H + i] = h1[i];
    }
    rnn_back_right(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, 1, N, D, H);
    for (int i = 0; i < N*H; i++)
        dh0[i] += dh[i];
}

/* ---- the cell backward, by its formulas and with mistakes ---- */

static double slope(double dh1, double h1, enum how how)
{
    switch (how) {
    case OWN_SLOPE: return 1 - dh1 * dh1;
    case NO_SLOPE:  return 1;
    case SIGMOIDAL:   return h1 * (1 - h1);
    default:        return 1 - h1 * h1;
    }
}

static void cell_back(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *dz,
                      const float *dh1, const float *h1, const float *x, const float *h0,
                      const float *Wx, const float *Wh, int N, int D, int H, enum how how)
{
    if (how == OVERWRITES)
        memset(dh0, 0, (size_t)(N*H) * sizeof *dh0);
    if (how == SAME && dx)
        memset(dx, 0, (size_t)(N*D) * sizeof *dx);
    if (how == CLEARS) {
        memset(dWx, 0, (size_t)(H*D) * sizeof *dWx);
        memset(dWh, 0, (size_t)(H*H) * sizeof *dWh);
        memset(db, 0, (size_t)H * sizeof *db);
    }
    for (int i = 0; i < N*H; i++)
        dz[i] = (float)(dh1[i] * slope(dh1[i], h1[i], how) + (how == ADDS ? dz[i] : 0));
    for (int i = 0; i < N*H; i++) {
        int n = i / H, j = i % H;
        for (int d = 0; d < D; d++) {
            dWx[j*D + d] += dz[i] * x[n*D + d];
            if (dx)
                dx[n*D + d] += dz[i] * Wx[j*D + d];
        }
        for (int k = 0; k < H; k++) {
            dh0[n*H + k] += (how == LATE ? dh1 : dz)[i] * Wh[how == TURNED ? k*H + j : j*H + k];
            dWh[how == OTHER_TURNED ? k*H + j : j*H + k]
                += dz[i] * (how == FROM_AFTER ? h1 : h0)[n*H + k];
        }
        db[j] += dz[i] * (how == TWICE ? 2 : 1);
    }
}

#define CELL_BACKS(name, how) \
    static void name(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *dz, \
                     const float *dh1, const float *h1, const float *x, const float *h0, \
                     const float *Wx, const float *Wh, int N, int D, int H) \
    { cell_back(dx, dh0, dWx, dWh, db, dz, dh1, h1, x, h0, Wx, Wh, N, D, H, how); }
CELL_BACKS(cell_back_overwrites, OVERWRITES)
CELL_BACKS(cell_back_overwrites_dx, SAME)
CELL_BACKS(cell_back_clears, CLEARS)
CELL_BACKS(cell_back_adds_dz, ADDS)
CELL_BACKS(cell_back_own_slope, OWN_SLOPE)
CELL_BACKS(cell_back_db_twice, TWICE)
CELL_BACKS(cell_back_no_slope, NO_SLOPE)
CELL_BACKS(cell_back_sigmoid, SIGMOIDAL)
CELL_BACKS(cell_back_turned, TURNED)
CELL_BACKS(cell_back_dwh_turned, OTHER_TURNED)
CELL_BACKS(cell_back_from_after, FROM_AFTER)
CELL_BACKS(cell_back_past_tanh, LATE)

/* ---- the sequence ---- */

static void rnn_run(float *h, const float *x, const float *Wx, const float *Wh, const float *b,
                    int T, int N, int D, int H, enum how how)
{
    const int states = N * H;
    float mixed[1024];
    if (how == ZERO)
        memset(h, 0, (size_t)states * sizeof *h);
    for (int i = 0; how == LAYOUT && i < T*N*D; i++)
        mixed[i] = x[i / D % N * T*D + i / D / N * D + i % D];
    for (int i = how == EARLY; i < T - (how == LATE || how == SKIPS); i++) {
        int t = how == BACKWARDS ? T - 1 - i : i, next = t + 1;
        int at = how == REVERSED ? T - 1 - t : how == SAME ? 0 : how == SKIPS ? t + 1 : t;
        int from = how == FIRST ? 0 : t;
        cell(h + next*states, (how == LAYOUT ? mixed : x) + at*N*D, h + from*states, Wx, Wh, b,
             N, D, H, RIGHT);
    }
    if (how == OVERWRITES)
        memcpy(h, h + T*states, (size_t)states * sizeof *h);
}

#define RNNS(name, how) \
    static void name(float *h, const float *x, const float *Wx, const float *Wh, \
                     const float *b, int T, int N, int D, int H) \
    { rnn_run(h, x, Wx, Wh, b, T, N, D, H, how); }
RNNS(rnn_right, RIGHT)
RNNS(rnn_zero, ZERO)
RNNS(rnn_forgets, FIRST)
RNNS(rnn_same, SAME)
RNNS(rnn_late, LATE)
RNNS(rnn_early, EARLY)
RNNS(rnn_skips, SKIPS)
RNNS(rnn_layout, LAYOUT)
RNNS(rnn_reversed, REVERSED)
RNNS(rnn_backwards, BACKWARDS)
RNNS(rnn_overwrites, OVERWRITES)

static void rnn_back(float *dx, float *dh, float *dWx, float *dWh, float *db, float *dz,
                     const float *h, const float *x, const float *Wx, const float *Wh,
                     int T, int N, int D, int H, enum how how)
{
    const int states = N * H;
    float own[1024], lost[1024];
    for (int i = 0; i < T; i++) {
        int t = how == BACKWARDS ? i : T - 1 - i;
        if ((how == EARLY && t == 0) || (how == LATE && t == T - 1))
            continue;
        if (how == LAST_ONLY || (how == CLEARS && i == 0)) {
            memset(dWx, 0, (size_t)(H*D) * sizeof *dWx);
            memset(dWh, 0, (size_t)(H*H) * sizeof *dWh);
            memset(db, 0, (size_t)H * sizeof *db);
        }
        if (how == OVERWRITES)
            memset(dh + t*states, 0, (size_t)states * sizeof *dh);
        float *dxt = dx ? dx + (how == FIRST ? 0 : t*N*D) : NULL;
        if (how == ROW && dx)
            memset(dxt, 0, (size_t)(N*D) * sizeof *dx);
        memcpy(own, dh + (how == SAME ? t : t + 1)*states, (size_t)states * sizeof *dh);
        cell_back(dxt, how == NO_TIME ? lost : dh + t*states, dWx, dWh, db, dz, own,
                  h + (how == OLD_SLOPE ? t : t + 1)*states, x + t*N*D,
                  h + (how == FROM_AFTER ? t + 1 : t)*states, Wx, Wh, N, D, H, RIGHT);
    }
}

#define RNN_BACKS(name, how) \
    static void name(float *dx, float *dh, float *dWx, float *dWh, float *db, float *dz, \
                     const float *h, const float *x, const float *Wx, const float *Wh, \
                     int T, int N, int D, int H) \
    { rnn_back(dx, dh, dWx, dWh, db, dz, h, x, Wx, Wh, T, N, D, H, how); }
RNN_BACKS(rnn_back_forwards, BACKWARDS)
RNN_BACKS(rnn_back_early, EARLY)
RNN_BACKS(rnn_back_late, LATE)
RNN_BACKS(rnn_back_last_only, LAST_ONLY)
RNN_BACKS(rnn_back_clears, CLEARS)
RNN_BACKS(rnn_back_overwrites, OVERWRITES)
RNN_BACKS(rnn_back_overwrites_dx, ROW)
RNN_BACKS(rnn_back_one_dx, FIRST)
RNN_BACKS(rnn_back_same, SAME)
RNN_BACKS(rnn_back_no_time, NO_TIME)
RNN_BACKS(rnn_back_old_slope, OLD_SLOPE)
RNN_BACKS(rnn_back_from_after, FROM_AFTER)

/* ---- characters in ---- */

static int largest(const int *ids, int N)
{
    int most = 0;
    for (int n = 0; n < N; n++)
        most = ids[n] > most ? ids[n] : most;
    return most;
}

static void lookup(float *y, const float *table, const int *ids, int N, int D, enum how how)
{
    const int most = largest(ids, N);
    for (int n = 0; n < N - (how == LATE); n++)
        for (int d = 0; d < D; d++) {
            int row = how == ROW ? (n < most ? n : most) : ids[how == FIRST ? 0 : n];
            float v = table[how == NO_STRIDE ? row + d : row*D + d];
            float *to = y + (how == TURNED ? d*N + n : n*D + d);
            *to = how == ONE_HOT ? (float)(d == ids[n]) : how == ADDS ? *to + v : v;
        }
}

static void lookup_bytes(float *y, const float *table, const int *ids, int N, int D)
{
    for (int n = 0; n < N; n++)
        memcpy(y + n*D, table + ids[n]*D, (size_t)D);
}

#define LOOKUPS(name, how) \
    static void name(float *y, const float *table, const int *ids, int N, int D) \
    { lookup(y, table, ids, N, D, how); }
LOOKUPS(lookup_right, RIGHT)
LOOKUPS(lookup_row, ROW)
LOOKUPS(lookup_no_stride, NO_STRIDE)
LOOKUPS(lookup_late, LATE)
LOOKUPS(lookup_first, FIRST)
LOOKUPS(lookup_adds, ADDS)
LOOKUPS(lookup_one_hot, ONE_HOT)
LOOKUPS(lookup_turned, TURNED)

/* How many of the ids before number n are the same as it. */
static int seen(const int *ids, int n)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += ids[i] == ids[n];
    return count;
}

static void lookup_back(float *dtable, const float *dy, const int *ids, int N, int D,
                        enum how how)
{
    const int most = largest(ids, N);
    for (int n = 0; n < N - (how == LATE); n++)
        for (int d = 0; d < D && !(how == FIRST && seen(ids, n)); d++) {
            int row = how == ROW ? (n < most ? n : most) : ids[n], times = 0;
            for (int i = 0; i < N; i++)
                times += ids[i] == ids[n];
            float *to = dtable + (how == NO_STRIDE ? row + d : row*D + d);
            double v = dy[how == TURNED ? d*N + n : n*D + d];
            v /= how == MEAN ? N : how == COUNT ? times : 1;
            if (how == OVERWRITES || (how == CLEARS && !seen(ids, n)))
                *to = 0;
            *to += (float)(how == MINUS ? -v : v);
        }
}

#define LOOKUP_BACKS(name, how) \
    static void name(float *dtable, const float *dy, const int *ids, int N, int D) \
    { lookup_back(dtable, dy, ids, N, D, how); }
LOOKUP_BACKS(lookup_back_right, RIGHT)
LOOKUP_BACKS(lookup_back_overwrites, OVERWRITES)
LOOKUP_BACKS(lookup_back_clears, CLEARS)
LOOKUP_BACKS(lookup_back_first, FIRST)
LOOKUP_BACKS(lookup_back_row, ROW)
LOOKUP_BACKS(lookup_back_no_stride, NO_STRIDE)
LOOKUP_BACKS(lookup_back_late, LATE)
LOOKUP_BACKS(lookup_back_mean, MEAN)
LOOKUP_BACKS(lookup_back_count, COUNT)
LOOKUP_BACKS(lookup_back_minus, MINUS)
LOOKUP_BACKS(lookup_back_turned, TURNED)

/* Input and target of step i of the line s of L characters, whose end is s[L]. */
static void line_step(int *x, int *t, const int *s, int L, int end, int i, int known,
                      enum how how)
{
    *x = i > 0 && i <= L ? s[i-1] : end;
    *t = i < L ? s[i] : i == L ? end : -1;
    if (how == SAME && i <= L)
        *t = *x;
    if (how == NO_START)
        *x = i < L ? s[i] : end, *t = i + 1 < L ? s[i+1] : i + 1 == L ? end : -1;
    if (how == AHEAD)
        *t = i + 1 < L ? s[i+1] : i + 1 == L ? end : -1;
    if (how == NO_END && i == L)
        *t = -1;
    if (how == AFTER && i > L)
        *t = end;
    if (how == MINUS && i > L + 1)
        *x = -1;
    if (how == RUNS_ON && i > L)
        *x = s[i-1 < known ? i-1 : L], *t = s[i < known ? i : L];
}

static void lines(int *x, int *t, const int *text, const int *first, int end, int T, int N,
                  enum how how)
{
    for (int n = 0; n < N; n++) {
        int begin = how == FIRST ? 0 : first[n], L = 0;
        const int *s = text + begin;
        while (s[L] != end)
            L++;
        for (int i = 0; i < T && !(how == SHORT && i > L); i++) {
            int at = how == LAYOUT ? n*T + i : i*N + n, in, target;
            line_step(&in, &target, s, L, end, i, text_length - begin, how);
            if (how == CUT && i == T - 1 && i < L)
                target = end;
            x[at] = how == SWAPPED ? target : in;
            t[at] = how == SWAPPED ? in : target;
        }
    }
}

#define LINE_BATCHES(name, how) \
    static void name(int *x, int *t, const int *text, const int *first, int end, int T, int N) \
    { lines(x, t, text, first, end, T, N, how); }
LINE_BATCHES(lines_right, RIGHT)
LINE_BATCHES(lines_same, SAME)
LINE_BATCHES(lines_no_start, NO_START)
LINE_BATCHES(lines_no_end, NO_END)
LINE_BATCHES(lines_end_after, AFTER)
LINE_BATCHES(lines_minus, MINUS)
LINE_BATCHES(lines_run_on, RUNS_ON)
LINE_BATCHES(lines_layout, LAYOUT)
LINE_BATCHES(lines_cut, CUT)
LINE_BATCHES(lines_swapped, SWAPPED)
LINE_BATCHES(lines_first, FIRST)
LINE_BATCHES(lines_short, SHORT)
LINE_BATCHES(lines_ahead, AHEAD)

/* ---- the loss ---- */

/* The loss of one row, and its p. */
static double row_loss(float *p, const float *z, int t, int K, enum how how)
{
    double top = z[0], sum = 0;
    for (int k = 1; k < K; k++)
        top = z[k] > top ? z[k] : top;
    if (how == NO_TOP)
        top = 0;
    for (int k = 0; k < K; k++)
        sum += how == NO_TOP ? expf(z[k]) : exp(z[k] - top);
    for (int k = 0; k < K; k++)
        p[k] = (float)((how == NO_TOP ? expf(z[k]) : exp(z[k] - top)) / sum);
    return how == LOG_P ? -log(p[t]) : log(sum) + top - z[t];
}

static float loss(float *p, const float *z, const int *t, int N, int K, enum how how)
{
    double sum = 0;
    float none[64];
    int count = 0;
    bool stopped = false;
    for (int n = 0; n < N; n++) {
        bool counts = how == NOT_ZERO ? t[n] > 0 : t[n] >= 0;
        stopped |= how == STOPS && !counts;
        double one = row_loss(!counts && how == UNWRITTEN ? none : p + n*K, z + n*K,
                              t[n] < 0 ? 0 : t[n], K, how);
        if (!counts && how == ZERO)
            memset(p + n*K, 0, (size_t)K * sizeof *p);
        if ((counts && !stopped) || how == ALL_ROWS)
            sum += one, count++;
    }
    double by = how == BY_ALL ? N : how == BY_K ? K : how == SUM ? 1 : count;
    if (count == 0 && how != NOT_A_NUMBER)
        return 0;
    return (float)((how == MINUS ? -sum : sum) / by);
}

#define LOSSES(name, how) \
    static float name(float *p, const float *z, const int *t, int N, int K) \
    { return loss(p, z, t, N, K, how); }
LOSSES(loss_right, RIGHT)
LOSSES(loss_by_all, BY_ALL)
LOSSES(loss_all_rows, ALL_ROWS)
LOSSES(loss_sum, SUM)
LOSSES(loss_by_k, BY_K)
LOSSES(loss_no_top, NO_TOP)
LOSSES(loss_log_p, LOG_P)
LOSSES(loss_unwritten, UNWRITTEN)
LOSSES(loss_zero_p, ZERO)
LOSSES(loss_nan, NOT_A_NUMBER)
LOSSES(loss_minus, MINUS)
LOSSES(loss_stops, STOPS)
LOSSES(loss_not_zero, NOT_ZERO)

static void loss_back(float *dz, const float *p, const int *t, int N, int K, enum how how)
{
    int count = 0;
    bool stopped = false;
    for (int n = 0; n < N; n++)
        count += how == NOT_ZERO ? t[n] > 0 : t[n] >= 0;
    double by = how == BY_ALL ? N : how == BY_K ? K : how == SUM ? 1 : count;
    for (int n = 0; n < N; n++) {
        bool counts = how == NOT_ZERO ? t[n] > 0 : t[n] >= 0;
        stopped |= how == STOPS && !counts;
        for (int k = 0; k < K; k++) {
            double g = p[n*K + k] - (double)(how != NO_TARGET && k == t[n]);
            if (how == ZERO && t[n] < 0)
                g -= k == 0;
            bool adds = (counts && !stopped) || how == ALL_ROWS || how == ZERO;
            if ((how == OVERWRITES && counts) || (how == CLEARS && !counts))
                dz[n*K + k] = 0;
            if (how == NOT_A_NUMBER)
                dz[n*K + k] += (float)(counts * g / by);
            else if (adds && count)
                dz[n*K + k] += (float)((how == MINUS ? -g : g) / by);
        }
    }
}

#define LOSS_BACKS(name, how) \
    static void name(float *dz, const float *p, const int *t, int N, int K) \
    { loss_back(dz, p, t, N, K, how); }
LOSS_BACKS(loss_back_right, RIGHT)
LOSS_BACKS(loss_back_by_all, BY_ALL)
LOSS_BACKS(loss_back_sum, SUM)
LOSS_BACKS(loss_back_by_k, BY_K)
LOSS_BACKS(loss_back_overwrites, OVERWRITES)
LOSS_BACKS(loss_back_clears, CLEARS)
LOSS_BACKS(loss_back_all_rows, ALL_ROWS)
LOSS_BACKS(loss_back_as_zero, ZERO)
LOSS_BACKS(loss_back_minus, MINUS)
LOSS_BACKS(loss_back_no_target, NO_TARGET)
LOSS_BACKS(loss_back_not_zero, NOT_ZERO)
LOSS_BACKS(loss_back_stops, STOPS)
LOSS_BACKS(loss_back_nan, NOT_A_NUMBER)

/* ---- characters out ---- */

/* As many write it: float by float, shares of 1, whatever the temperature; K - 1 if the sum
 * never gets beyond u. */
static int sample_plain(const float *z, int K, float temperature, float u, float top,
                        enum how how)
{
    float p[64], sum = 0, so_far = 0;
    for (int k = 0; k < K; k++) {
        p[k] = how == DIVIDES ? expf(z[k] / temperature - top / temperature)
                              : expf((z[k] - top) / temperature);
        sum += p[k];
    }
    for (int k = 0; k < K; k++) {
        so_far += p[k] / sum;
        if (so_far > u)
            return k;
    }
    return K - 1;
}

static int sample_how(const float *z, int K, float temperature, float u, enum how how)
{
    int top = 0, last = 0;
    for (int k = 1; k < K; k++)
        if (how == TIE && temperature == 0 ? z[k] >= z[top] : z[k] > z[top])
            top = k;
    if (how == ZERO && temperature == 0 && z[top] <= 0)
        return 0;
    if (how == GREEDY || (temperature == 0 && how != NOT_A_NUMBER))
        return top;
    if (how == NO_TOP || how == DIVIDES || how == NO_SHARE || how == NOT_A_NUMBER)
        return sample_plain(z, K, temperature, u, how == NO_TOP ? 0 : z[top], how);
    double by = how == TIMES ? 1.0 / temperature : how == PLAIN ? 1 : temperature;
    double sum = 0, so_far = 0;
    for (int k = 0; k < K; k++)
        sum += exp(((double)z[k] - z[top]) / by);
    for (int k = 0; k < K; k++) {
        double share = exp(((double)z[k] - z[top]) / by);
        so_far = how == SINGLE ? share : so_far + share;
        last = share > 0 ? k : last;
        double bar = how == SUM ? u : u * sum;
        if (how == BORDER ? so_far >= bar : so_far > bar)
            return k;
    }
    return how == SINGLE ? K - 1 : last;
}

#define SAMPLERS(name, how) \
    static int name(const float *z, int K, float temperature, float u) \
    { return sample_how(z, K, temperature, u, how); }
SAMPLERS(sample_right, RIGHT)
SAMPLERS(sample_times, TIMES)
SAMPLERS(sample_divides_first, DIVIDES)
SAMPLERS(sample_no_top, NO_TOP)
SAMPLERS(sample_plain_softmax, PLAIN)
SAMPLERS(sample_single, SINGLE)
SAMPLERS(sample_by_zero, NOT_A_NUMBER)
SAMPLERS(sample_last_tie, TIE)
SAMPLERS(sample_at_border, BORDER)
SAMPLERS(sample_no_sum, SUM)
SAMPLERS(sample_greedy, GREEDY)
SAMPLERS(sample_from_zero, ZERO)
SAMPLERS(sample_no_share, NO_SHARE)

#endif

#define FN(f) (anything *)f
#define ADD_NOT_SET "does the formula say = or +=?"
#define WHO_COUNTS "which rows count, and how many are they?"

const struct exercise exercises[] = {
    {"16.1", "rnn_cell_forward", FN(rnn_cell_forward),
     {{"N=2 D=3 H=2, by hand", cell_by_hand}, {"N=3 D=5 H=4", cell_gold},
      {"N=1 D=1 H=1", cell_gold_unit}, {"N=2 D=9 H=17", cell_odd},
      {"N=5 D=3 H=16", cell_even}, {"N=3 D=2 H=35", cell_wide},
      {"N=4 D=5 H=7, inputs up to 200", cell_far}},
     JUDGE_ONLY(FN(cell_right), {
        {FN(cell_turned), "Wh is read the other way round: Wh[k,j] for Wh[j,k].",
         "which row of Wh belongs to unit j?", "16.2"},
        {FN(cell_wx_turned), "Wx is read as [D,H].", "how many numbers has a row of Wx?", "16.2"},
        {FN(cell_no_tanh), "the tanh is missing.", "between which numbers should a state lie?",
         "16.2"},
        {FN(cell_no_state), "the state before the step has no part in it.",
         "what would this network remember?", "16.2"},
        {FN(cell_no_input), "the state's part has overwritten the inputs and the biases.",
         "what does gemm() do with C, if it is not told to add?", "16.2"},
        {FN(cell_no_x), "the inputs have no part in it, only the state and the biases.",
         "does linear_forward() add, or overwrite?", "16.2"},
        {FN(cell_no_bias), "the biases are missing.", "what if x and h0 are all 0?", "16.2"},
        {FN(cell_twice), "the biases are added twice.",
         "which of the two products brings b with it?", "16.2"},
        {FN(cell_sigmoid), "the sums go through a sigmoid.",
         "between which numbers should a state lie?", "16.2"},
        {FN(cell_late), "the state is added behind the tanh.",
         "what stands inside the brackets of tanh()?", "16.2"},
        {FN(cell_first), "all examples read the state of example 0.",
         "where does the state of example n begin?", "16.2"},
        {FN(cell_adds), "what h1 held before the call has gone into the sums.",
         "which call should overwrite, and which add?", "16.2"}})},
    {"16.2", "rnn_cell_backward", FN(rnn_cell_backward),
     {{"N=2 D=3 H=2, by hand", cell_back_by_hand}, {"N=3 D=5 H=4", cell_back_gold},
      {"N=1 D=1 H=1", cell_back_gold_unit}, {"N=4 D=3 H=6, dx is NULL", cell_back_no_dx},
      {"N=2 D=9 H=17", cell_back_odd}, {"N=5 D=3 H=16", cell_back_even},
      {"N=19 D=2 H=5", cell_back_many},
      {"N=3 D=2 H=4, every other state 1 or -1", cell_back_full}},
     JUDGE_ONLY(FN(cell_back_right), {
        {FN(cell_back_overwrites), "dh0 is overwritten.", ADD_NOT_SET, "16.2"},
        {FN(cell_back_overwrites_dx), "dx is overwritten.", ADD_NOT_SET, "16.2"},
        {FN(cell_back_clears), "the gradients of the weights are overwritten.", ADD_NOT_SET,
         "16.2"},
        {FN(cell_back_adds_dz), "dz is added to what was there.",
         "is dz 0 before the call?  And does tanh_backward() overwrite?", "16.2"},
        {FN(cell_back_own_slope), "the slope of the tanh is that of dh1.",
         "of which y is the slope 1 - y^2?", "16.2"},
        {FN(cell_back_db_twice), "db is added to twice.",
         "how often does b stand in the sum?  And what else does linear_backward() do?", "16.2"},
        {FN(cell_back_no_slope), "the slope of the tanh is missing.",
         "what is dz where h1 is nearly 1?", "16.2"},
        {FN(cell_back_sigmoid), "the slope is that of the sigmoid.",
         "what is the slope where h1 is 0?", "16.2"},
        {FN(cell_back_turned), "in dh0, Wh is read the other way round.",
         "which weight stood between h0[n,k] and unit j?", "16.2"},
        {FN(cell_back_dwh_turned), "rows and columns of dWh have changed places.",
         "which weight stood between h0[n,k] and unit j?", "16.2"},
        {FN(cell_back_from_after), "dWh is made of h1.",
         "by which state was Wh multiplied in this step?", "16.2"},
        {FN(cell_back_past_tanh), "the gradient reaches dh0 without having passed the tanh.",
         "which comes first on the way back, the tanh or Wh?", "16.2"}})},
    {"16.3", "rnn_forward", FN(rnn_forward),
     {{"T=3 N=2 D=1 H=1, by hand", rnn_by_hand}, {"T=5 N=2 D=3 H=7", rnn_gold},
      {"two layers, T=4 N=3 D=2 H=5", rnn_gold_deep}, {"T=1 N=1 D=1 H=1", rnn_gold_unit},
      {"T=2 N=3 D=9 H=17", rnn_odd}, {"T=9 N=2 D=3 H=16", rnn_long},
      {"T=1 N=4 D=3 H=7", rnn_one_step}},
     JUDGE_ONLY(FN(rnn_right), {
        {FN(rnn_zero), "h[0] is set to 0.", "who says what the state before the first step is?",
         "16.3"},
        {FN(rnn_forgets), "every step begins from h[0].",
         "what would this network remember of its first input?", "16.3"},
        {FN(rnn_same), "every step is given x[0].", "where does x[t] begin?", "16.3"},
        {FN(rnn_late), "the last step is missing.", "how many states follow h[0]?", "16.3"},
        {FN(rnn_early), "the first step is missing.", "who makes h[1]?", "16.3"},
        {FN(rnn_skips), "every state is given the input after its own: x[0] is never read.",
         "h[1] comes from h[0] and which x?", "16.3"},
        {FN(rnn_layout), "x is read as [N,T,D].", "which index runs slowest, time or example?",
         "16.3"},
        {FN(rnn_reversed), "the inputs are read from the last to the first.",
         "which input belongs to the first step?", "16.3"},
        {FN(rnn_backwards), "the last step is done first.",
         "is h[T-1] there before the steps that make it?", "16.3"},
        {FN(rnn_overwrites), "h[0] is overwritten.", "which states are written, and which given?",
         "16.3"}}, .uses = "16.1")},
    {"16.4", "rnn_backward", FN(rnn_backward),
     {{"T=2 N=2 D=1 H=1, by hand", rnn_back_by_hand}, {"T=5 N=2 D=3 H=7", rnn_back_gold},
      {"two layers, T=4 N=3 D=2 H=5", rnn_back_gold_deep},
      {"T=1 N=1 D=1 H=1", rnn_back_gold_unit}, {"T=3 N=4 D=2 H=6, dx is NULL", rnn_back_no_dx},
      {"T=2 N=3 D=9 H=17", rnn_back_odd}, {"T=7 N=2 D=3 H=16", rnn_back_long},
      {"T=1 N=4 D=3 H=7", rnn_back_one_step}},
     JUDGE_ONLY(FN(rnn_back_right), {
        {FN(rnn_back_forwards), "the first step is gone back through first.",
         "is all of dh[1] known before the step after it has been gone through?", "16.4"},
        {FN(rnn_back_early), "the loop ends before step 0.", "which step made h[1]?", "16.4"},
        {FN(rnn_back_late), "the loop begins one step too early: the last is missing.",
         "which step made h[T]?", "16.4"},
        {FN(rnn_back_last_only), "of the weights' gradients only the share of one step is left.",
         "in how many steps is each weight used?", "16.4"},
        {FN(rnn_back_clears), "what was in the weights' gradients before is lost.", ADD_NOT_SET,
         "16.4"},
        {FN(rnn_back_overwrites), "dh[t] is overwritten: what the loss said of h[t] is lost.",
         "on which two ways does h[t] reach the loss?", "16.4"},
        {FN(rnn_back_overwrites_dx), "dx is overwritten.", ADD_NOT_SET, "16.4"},
        {FN(rnn_back_one_dx), "all steps add to dx[0].", "where does dx[t] begin?", "16.4"},
        {FN(rnn_back_same), "step t begins from dh[t].", "which state did step t make?", "16.4"},
        {FN(rnn_back_no_time), "nothing goes from a step to the step before it.",
         "to what should dh0 of step t be added?", "16.4"},
        {FN(rnn_back_old_slope), "the h1 of step t is taken to be h[t].",
         "which state did step t make?", "16.4"},
        {FN(rnn_back_from_after), "the h0 of step t is taken to be h[t+1].",
         "by which state was Wh multiplied in step t?", "16.4"}}, .uses = "16.2")},
    {"16.5", "embedding_forward", FN(embedding_forward),
     {{"V=4 N=3 D=5, by hand", lookup_by_hand}, {"V=6 N=9 D=4", lookup_gold},
      {"V=7 N=5 D=17", lookup_wide}, {"V=3 N=11 D=1", lookup_narrow},
      {"V=9 N=1 D=6", lookup_one}},
     JUDGE_ONLY(FN(lookup_right), {
        {FN(lookup_row), "row n is taken, whatever character number n is.",
         "what does ids[n] say?", "16.5"},
        {FN(lookup_no_stride), "it begins at number ids[n], not at row ids[n].",
         "how many numbers stand before row 3?", "16.5"},
        {FN(lookup_bytes), "D bytes are copied, not D floats.", "how many bytes has a float?",
         "16.5"},
        {FN(lookup_late), "the last row is missing.", "which is the last index of N characters?",
         "16.5"},
        {FN(lookup_first), "all rows are that of the first character.",
         "which character belongs to row n of y?", "16.5"},
        {FN(lookup_adds), "the rows are added to what was there.", ADD_NOT_SET, "16.5"},
        {FN(lookup_one_hot), "this is the one-hot row itself.",
         "what is left of one-hot times table?", "16.5"},
        {FN(lookup_turned), "y is written as [D,N].", "how far apart are y[n,0] and y[n,1]?",
         "16.5"}})},
    {"16.6", "embedding_backward", FN(embedding_backward),
     {{"V=4 N=3 D=2, by hand", lookup_back_by_hand}, {"V=6 N=9 D=4", lookup_back_gold},
      {"V=7 N=5 D=17", lookup_back_wide}, {"V=3 N=11 D=1", lookup_back_narrow},
      {"V=9 N=1 D=6", lookup_back_one}},
     JUDGE_ONLY(FN(lookup_back_right), {
        {FN(lookup_back_overwrites), "a row is overwritten: of a character that comes twice only "
         "the last gradient is left.", ADD_NOT_SET, "16.5"},
        {FN(lookup_back_clears), "what was in dtable before is lost.", ADD_NOT_SET, "16.5"},
        {FN(lookup_back_first), "of a character that comes twice only the first counts.",
         "how many rows of y came from this row of the table?", "16.5"},
        {FN(lookup_back_row), "row n is added to, whatever character number n is.",
         "from which row of the table did y[n] come?", "16.5"},
        {FN(lookup_back_no_stride), "it begins at number ids[n], not at row ids[n].",
         "how many numbers stand before row 3?", "16.5"},
        {FN(lookup_back_late), "the last row of dy is missing.",
         "which is the last index of N characters?", "16.5"},
        {FN(lookup_back_mean), "the gradients are divided by N.",
         "does the formula say sum or mean?", "16.5"},
        {FN(lookup_back_count), "the gradients are divided by how often the character comes.",
         "does the formula say sum or mean?", "16.5"},
        {FN(lookup_back_minus), "the gradients are taken away.",
         "who goes against the gradient, this function or the optimizer?", "16.5"},
        {FN(lookup_back_turned), "dy is read as [D,N].", "how far apart are dy[n,0] and dy[n,1]?",
         "16.5"}})},
    {"16.7", "lines_batch", FN(lines_batch),
     {{"\"ann\" and \"bo\" in 5 steps, by hand", lines_by_hand},
      {"lengths 2, 5, 0, 3 and 1 in 4 steps, by hand", lines_all_lengths},
      {"T=7 N=9", lines_many}, {"T=11 N=3", lines_high}, {"T=1 N=5", lines_one_step},
      {"T=6 N=1", lines_one_line}, {"T=3 N=4, no line ends in time", lines_long},
      {"T=4 N=2, empty lines", lines_empty}},
     JUDGE_ONLY(FN(lines_right), {
        {FN(lines_same), "the targets are the inputs of the same step.",
         "what shall the network say, when it has read a character?", "16.6"},
        {FN(lines_no_start), "the first input is the first character.",
         "who asks for the first character, if nobody gives `end`?", "16.6"},
        {FN(lines_no_end), "`end` is never a target.",
         "how does the network learn where a name ends?", "16.6"},
        {FN(lines_end_after), "the targets behind the end are `end`, not -1.",
         "which targets shall not count?", "16.6"},
        {FN(lines_minus), "the inputs behind the end are -1.",
         "which row of a table has the number -1?", "16.6"},
        {FN(lines_run_on), "behind its end a line goes on with the next one.",
         "what follows the end of a line?", "16.6"},
        {FN(lines_layout), "x and t are written as [N,T].",
         "which index runs slowest, time or line?", "16.6"},
        {FN(lines_cut), "a line that is too long is given an end.",
         "what follows the last character that is read?", "16.6"},
        {FN(lines_swapped), "x and t have changed places.",
         "which of the two begins with `end`?", "16.6"},
        {FN(lines_first), "all lines are the one at the text's beginning.",
         "where does line n begin?", "16.6"},
        {FN(lines_short), "the steps behind the end are not written.",
         "how many steps has each column?", "16.6"},
        {FN(lines_ahead), "the targets are one character too far ahead.",
         "what shall the network say when it is given the first `end`?", "16.6"}})},
    {"16.8", "sequence_loss_forward", FN(sequence_loss_forward),
     {{"N=5 K=4, 3 rows count, by hand", loss_by_hand}, {"N=7 K=5, 5 rows count", loss_gold},
      {"N=3 K=4, no row counts", loss_none}, {"N=9 K=7, only the last row counts", loss_one},
      {"N=5 K=17, all rows count", loss_all}, {"N=3 K=3, logits up to 1e4", loss_certain},
      {"N=3 K=4, logits down to -1000", loss_low}},
     JUDGE_ONLY(FN(loss_right), {
        {FN(loss_by_all), "the mean is that of all N rows.", WHO_COUNTS, "16.6"},
        {FN(loss_all_rows), "a target of -1 is counted as class 0.", WHO_COUNTS, "16.6"},
        {FN(loss_sum), "the sum is not divided.", "is a sum asked for, or a mean?", "16.6"},
        {FN(loss_by_k), "the sum is divided by K.", "is it a mean of rows or of classes?",
         "16.6"},
        {FN(loss_log_p), "the loss is the logarithm of a p that has become 0.",
         "from what does 6.11 make the loss, if not from p?", "16.6"},
        {FN(loss_no_top), "the exponentials leave the range of a float.",
         "what is taken off all logits of a row before exp()?", "16.6"},
        {FN(loss_unwritten), "p is not written where the row does not count.",
         "which rows of p are overwritten?", "16.6"},
        {FN(loss_zero_p), "p is 0 where the row does not count.",
         "for which n does the first formula hold?", "16.6"},
        {FN(loss_nan), "if no row counts, 0 is divided by 0.", "what is the mean of none?",
         "16.6"},
        {FN(loss_minus), "the loss has the wrong sign.", "which sign has the logarithm of a p?",
         "16.6"},
        {FN(loss_stops), "it ends at the first row that does not count.",
         "may a row that counts follow one that does not?", "16.6"},
        {FN(loss_not_zero), "rows with the target 0 are left out.",
         "is 0 a class?", "16.6"}})},
    {"16.9", "sequence_loss_backward", FN(sequence_loss_backward),
     {{"N=5 K=4, 3 rows count, by hand", loss_back_by_hand},
      {"N=7 K=5, 5 rows count", loss_back_gold}, {"N=3 K=4, no row counts", loss_back_none},
      {"N=9 K=17", loss_back_wide}, {"N=5 K=2, all rows count", loss_back_all}},
     JUDGE_ONLY(FN(loss_back_right), {
        {FN(loss_back_by_all), "the sum is divided by N.", WHO_COUNTS, "16.6"},
        {FN(loss_back_sum), "nothing is divided by the number of rows.",
         "is the loss a sum, or a mean?", "16.6"},
        {FN(loss_back_by_k), "the sum is divided by K.", "is it a mean of rows or of classes?",
         "16.6"},
        {FN(loss_back_overwrites), "dz is overwritten.", ADD_NOT_SET, "16.6"},
        {FN(loss_back_clears), "dz is set to 0 where the row does not count.",
         "what does it mean to add nothing?", "16.6"},
        {FN(loss_back_all_rows), "rows that do not count have a gradient.", WHO_COUNTS, "16.6"},
        {FN(loss_back_as_zero), "a target of -1 is counted as class 0.", WHO_COUNTS, "16.6"},
        {FN(loss_back_minus), "the gradient has the wrong sign.",
         "should the logit of the true class go up or down, against the gradient?", "16.6"},
        {FN(loss_back_no_target), "the true class is not taken off.",
         "what is the gradient if p is 1 for the true class?", "16.6"},
        {FN(loss_back_not_zero), "rows with the target 0 are left out.", "is 0 a class?", "16.6"},
        {FN(loss_back_stops), "it ends at the first row that does not count.",
         "may a row that counts follow one that does not?", "16.6"},
        {FN(loss_back_nan), "if no row counts, 0 is divided by 0.",
         "what is added to a row that does not count?", "16.6"}})},
    {"16.10", "sample", FN(sample),
     {{"K=3, temperature 1, by hand", sample_by_hand}, {"K=7, temperature 1.5", sample_warm},
      {"K=17, temperature 0.25", sample_cool}, {"K=7, u on the borders", sample_borders},
      {"K=4, logits of 200 and temperature 0.5", sample_high},
      {"K=4, logits of -1000", sample_low}, {"K=6, 2 and 1, temperature 0", sample_frozen},
      {"K=5, temperature 1e-37", sample_cold}, {"K=5, temperature 1e6", sample_hot},
      {"K=14, u just below 1", sample_last}},
     JUDGE_ONLY(FN(sample_right), {
        {FN(sample_times), "the logits are multiplied by the temperature.",
         "does a high temperature make the shares more alike, or less?", "16.7"},
        {FN(sample_plain_softmax), "the temperature makes no difference.",
         "by what are the logits divided?", "16.7"},
        {FN(sample_single), "u is compared with each share, not with their sum so far.",
         "where does the share of k begin, and where does it end?", "16.7"},
        {FN(sample_no_sum), "the shares do not add up to 1, but u ends there.",
         "of what is u the part?", "16.7"},
        {FN(sample_greedy), "the largest logit is always taken.",
         "at which temperature is that right?", "16.7"},
        {FN(sample_at_border), "on a border the share before it is taken.",
         "must the sum reach u, or lie above it?", "16.7"},
        {FN(sample_no_share), "at the end K-1 is returned, even if it has no share.",
         "which k is the last with a share above 0?", "16.7"},
        {FN(sample_divides_first), "the logits are divided before the largest is taken off.",
         "what is infinity less infinity?", "16.7"},
        {FN(sample_no_top), "the exponentials leave the range of a float.",
         "what is exp(400) in a float?", "16.7"},
        {FN(sample_last_tie), "of equal logits the last is taken at temperature 0.",
         "when should a later k replace the one that was found?", "16.7"},
        {FN(sample_from_zero), "at temperature 0 the search for the largest begins with 0.",
         "what is the largest of -3 and -4?", "16.7"},
        {FN(sample_by_zero), "at temperature 0 it divides by 0.",
         "what is asked for at temperature 0?", "16.7"}})},
    {0}};
