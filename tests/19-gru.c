/* 19-gru: the tests. */
#include "grade.h"
#include "gru.c"
#include "gold/19-gru.h"

/* Gates as a GRU may have left them, r z n q, and the states that they make of h[0]: T
 * steps of N H numbers.  With first set, q is what 19.6 makes. */
static void states_usual(float *h, float *gates, bool first, int T, int N, int H)
{
    for (int e = 0; e < T*N*H; e++) {
        float *g = gates + e / H * 4*H + e % H;
        g[0] = 0.5f + 0.4f * g[0];
        g[H] = 0.5f + 0.4f * g[H];
        g[2*H] *= 0.9f;
        if (first)
            g[3*H] = g[0] * h[e];
        h[N*H + e] = (1 - g[H]) * g[2*H] + g[H] * h[e];
    }
}

/* ---- 19.1 gru_cell_forward --------------------------------------------------------- */

/* Hint 19.1: in which of the four sums do the inputs stand, and in which does the state?
 * How many numbers has a row of Wx x, and how many has a row of gates?
 *
 * r z n begin as three sums from the inputs, b + Wx x, of 3H numbers; to the first 2H of
 * them comes Wh h0 with the first 2H rows of Wh; q = b_q + Wh_n h0 with the last H rows.
 * Then r and z get their sigmoid, n = tanh(n + r q), h1 = (1 - z) n + z h0.
 *
 * As a row of gates is longer than a row of Wx x, go example by example.  In the loop:
 * linear_forward() of one row into r, gemm() with B_T | ADD of 2H columns, linear_forward()
 * into q; one call for two sigmoids; a loop over the H units with two lines.
 */
typedef void cell_like(float *h1, float *gates, const float *x, const float *h0,
                       const float *Wx, const float *Wh, const float *b, int N, int D,
                       int H);
cell_like gru_cell_forward;

#define CELL_ARRAYS(N, D, H, biases) IN(x, N, D); IN(h0, N, H); IN(Wx, 3*H, D); \
    IN(Wh, 3*H, H); IN(b, biases*H); OUT(gates, N, 4*H); OUT(h1, N, H)

/* sigmoid(log 3) = 3/4, tanh(log 2) = 3/5, tanh(log 3) = 4/5. */
#define LOG2 0.69314718056
#define LOG3 1.09861228867

CASE(cell_by_hand, cell_like)
{
    CELL_ARRAYS(2, 2, 1, 4);
    SET(x, 1, -1,  0, 2); SET(h0, 0.5, -0.5);
    SET(Wx, LOG3, 0,  0, -LOG3,  LOG2, LOG2); SET(Wh, 0, 4*LOG3, 4);
    SET(b, 0, -2*LOG3, LOG2 - 0.75, -1);
    f(h1, gates, x, h0, Wx, Wh, b, 2, 2, 1);
    // r: 3/4, 1/2.  z: log 3, and -2 log 3 - 2 log 3 - 2 log 3.  q: 1, -3.
    EXPECT(gates, 0.75, 0.75, 0.6, 1,  0.5, 1.0/730, tanh(3*LOG2 - 2.25), -3);
    EXPECT(h1, 0.525, tanh(3*LOG2 - 2.25) * 729/730 - 0.5/730);
}

CASE(cell_gold, cell_like)
{
    CELL_ARRAYS(CELL_N, CELL_D, CELL_H, 4);
    SET(x, CELL_X); SET(h0, CELL_H0); SET(Wx, CELL_WX); SET(Wh, CELL_WH); SET(b, CELL_B);
    f(h1, gates, x, h0, Wx, Wh, b, CELL_N, CELL_D, CELL_H);
    EXPECT(gates, CELL_GATES);
    EXPECT(h1, CELL_STATES);
}

#define CELL(name, biases, N, D, H) CASE(name, cell_like) \
    { CELL_ARRAYS(N, D, H, biases); f(h1, gates, x, h0, Wx, Wh, b, N, D, H); }
CELL(cell_wide, 4, 3, 5, 17)
CELL(cell_inputs, 4, 5, 9, 2)
CELL(cell_unit, 4, 1, 1, 1)

/* Sums of both signs from which sigmoid and tanh come out as 0, 1 and -1. */
#define SATURATED(name, biases) CASE(name, cell_like) \
    { CELL_ARRAYS(3, 2, 7, biases); \
      for (int m = 0; m < biases*7; m++) \
          b[m] = m % 2 ? 100 + b[m] : -100 - b[m]; \
      SCALE(h0, 30); \
      f(h1, gates, x, h0, Wx, Wh, b, 3, 2, 7); }
SATURATED(cell_saturated, 4)

/* ---- 19.2 gru_cell_backward -------------------------------------------------------- */

/* Hint 19.2: on how many ways does h0 reach h1?  And of what are r, z and n still needed,
 * once the first of them is overwritten?
 *
 * h1 = (1 - z) n + z h0: n gets dh1 (1 - z), z gets dh1 (h0 - n), h0 gets dh1 z; then the
 * slopes 1 - n^2 and z (1 - z).  n's sum has r q in it: q gets dn r, r gets dn q r (1 - r).
 * The sums of r, z, n had x in them, the sums of r, z and q had h0.
 *
 * Example by example, as in 19.1.  A loop over j: dn and dz into variables of their own,
 * the line of dh0, dq, then all four into their places.  After it linear_backward() for
 * r z n and the inputs; two calls of gemm() for r z and the state; linear_backward() for
 * q, whose input is the state.
 */
typedef void cell_back_like(float *dx, float *dh0, float *dWx, float *dWh, float *db,
                            float *gates, const float *dh1, const float *x,
                            const float *h0, const float *Wx, const float *Wh, int N,
                            int D, int H);
cell_back_like gru_cell_backward;

#define CELL_BACK_ARRAYS(N, D, H, biases) IN(x, N, D); IN(h0, N, H); IN(Wx, 3*H, D); \
    IN(Wh, 3*H, H); IN(dh1, N, H); ADD_TO(gates, N, 4*H); ADD_TO(dh0, N, H); \
    ADD_TO(dWx, 3*H, D); ADD_TO(dWh, 3*H, H); ADD_TO(db, biases*H)

/* Gates r z n q; what they make of h0 nobody asks for. */
static void gates_usual(struct run *r, float *gates, const float *h0, bool first, int N, int H)
{
    float *h = floats((size_t)2*N*H);
    memcpy(h, h0, (size_t)(N*H) * sizeof *h);
    states_usual(h, gates, first, 1, N, H);
    SCALE(gates, 1);  // what was there before the call
    free(h);
}

CASE(cell_back_by_hand, cell_back_like)
{
    CELL_BACK_ARRAYS(2, 2, 1, 4); ADD_TO(dx, 2, 2);
    SET(gates, 0.25, 0.75, 0.5, 2,  0.5, 0.2, -0.5, 3); SET(h0, -1.5, 2); SET(dh1, 16, 5);
    SET(x, 1, 2,  -1, 3); SET(Wx, 1, 0,  0, 2,  3, 1); SET(Wh, 2, -1, 10);
    SET(dx, 1, 2,  3, 4); SET(dh0, 10, 20); SET(dWx, 1, 1,  2, 2,  3, 3); SET(dWh, 5, 6, 7);
    SET(db, 9, 10, 11, 12);
    f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, 2, 2, 1);
    // dr, dz, dn, dq of the two examples.
    EXPECT(gates, 1.125, -6, 3, 0.75,  2.25, 2, 3, 1.5);
    EXPECT(dh0, 10 + 2.25 + 6 + 7.5 + 12, 20 + 4.5 - 2 + 15 + 1);
    EXPECT(dWx, 1 - 1.125, 1 + 9,  2 - 8, 2 - 6,  3 + 0, 3 + 15);
    EXPECT(dWh, 5 + 2.8125, 6 + 13, 7 + 1.875);
    EXPECT(db, 12.375, 6, 17, 14.25);
    EXPECT(dx, 1 + 1.125 + 9, 2 - 12 + 3,  3 + 2.25 + 9, 4 + 4 + 3);
}

CASE(cell_back_gold, cell_back_like)
{
    enum { n = CELL_N*CELL_H };
    CELL_BACK_ARRAYS(CELL_N, CELL_D, CELL_H, 4); ADD_TO(dx, CELL_N, CELL_D);
    IN(dh, 2, CELL_N, CELL_H);
    SET(dh, CELL_DH);
    memcpy(dh0, dh, n * sizeof *dh);
    memcpy(dh1, dh + n, n * sizeof *dh);
    SET(x, CELL_X); SET(h0, CELL_H0); SET(Wx, CELL_WX); SET(Wh, CELL_WH);
    SET(gates, CELL_GATES);
    SCALE(dh0, 1); SCALE(dh1, 1); SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, CELL_N, CELL_D, CELL_H);
    EXPECT(gates, CELL_DGATES);
    EXPECT(dh0, CELL_DH0);
    EXPECT(dWx, CELL_DWX);
    EXPECT(dWh, CELL_DWH);
    EXPECT(db, CELL_DB);
    EXPECT(dx, CELL_DX);
}

#define CELL_BACK(name, biases, N, D, H) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(N, D, H, biases); ADD_TO(dx, N, D); \
      gates_usual(r, gates, h0, biases == 3, N, H); \
      f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, N, D, H); }
#define CELL_BACK_NO_DX(name, biases) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(4, 3, 2, biases); gates_usual(r, gates, h0, biases == 3, 4, 2); \
      f(NULL, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, 4, 3, 2); }
CELL_BACK(cell_back_wide, 4, 3, 5, 17)
CELL_BACK(cell_back_inputs, 4, 5, 9, 2)
CELL_BACK(cell_back_unit, 4, 1, 1, 1)
CELL_BACK_NO_DX(cell_back_no_dx, 4)

/* r and z that are 0 or 1, n that is -1 or 1. */
#define BACK_SATURATED(name, biases) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(3, 2, 7, biases); ADD_TO(dx, 3, 2); \
      for (int i = 0; i < 3*28; i++) \
          if (i / 7 % 4 < 3) \
              gates[i] = gates[i] > 0 ? 1 : i / 7 % 4 == 2 ? -1 : 0; \
          else if (biases == 3) \
              gates[i] = gates[i - 21] * h0[i / 28 * 7 + i % 7]; \
      SCALE(gates, 1); \
      f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, 3, 2, 7); }
BACK_SATURATED(cell_back_saturated, 4)

/* ---- 19.3 gru_forward -------------------------------------------------------------- */

/* Hint 19.3: which arrays does step 0 read, and which parts of which arrays does it write?
 *
 * 19.1 for t = 0 .. T-1, with h0 = h + t*N*H, h1 one state, N H numbers, after it; x +
 * t*N*D; and gates, of which a step has 4 N H.
 *
 * A loop over t with one call.
 */
typedef void forward_like(float *h, float *gates, const float *x, const float *Wx,
                          const float *Wh, const float *b, int T, int N, int D, int H);
forward_like gru_forward;

/* h has its first state, the rest waits to be written. */
#define FORWARD_ARRAYS(T, N, D, H) IN(x, T, N, D); IN(h0, N, H); IN(Wx, 3*H, D); \
    IN(Wh, 3*H, H); IN(b, 4*H); OUT(gates, T, N, 4*H); OUT(h, T + 1, N, H)
#define BEGIN_WITH_FIRST(N, H) memcpy(h, h0, (size_t)(N*H) * sizeof *h)

CASE(forward_gold, forward_like)
{
    FORWARD_ARRAYS(SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    SET(x, SEQ_X); SET(h0, SEQ_H0); SET(Wx, SEQ_WX); SET(Wh, SEQ_WH); SET(b, SEQ_B);
    BEGIN_WITH_FIRST(SEQ_N, SEQ_H);
    f(h, gates, x, Wx, Wh, b, SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    EXPECT(gates, SEQ_GATES);
    EXPECT(h, SEQ_H0, SEQ_STATES);
}

#define FORWARD(name, T, N, D, H) CASE(name, forward_like) \
    { FORWARD_ARRAYS(T, N, D, H); BEGIN_WITH_FIRST(N, H); \
      f(h, gates, x, Wx, Wh, b, T, N, D, H); }
FORWARD(forward_wide, 3, 2, 5, 17)
FORWARD(forward_long, 9, 3, 4, 2)
FORWARD(forward_one_step, 1, 3, 2, 5)
FORWARD(forward_unit, 2, 1, 1, 1)

/* Sums about 100. */
CASE(forward_saturated, forward_like)
{
    FORWARD_ARRAYS(5, 2, 3, 4);
    for (int m = 0; m < 16; m++)
        b[m] = m % 3 ? 100 + b[m] : -100 - b[m];
    BEGIN_WITH_FIRST(2, 4);
    f(h, gates, x, Wx, Wh, b, 5, 2, 3, 4);
}

/* ---- 19.4 gru_backward ------------------------------------------------------------- */

/* Hint 19.4: dh[t+1] is complete when what has been done?  Which step can then go first?
 *
 * 19.2 for t = T-1 .. 0: from dh[t+1], which it reads, to dh[t], which it adds to; with
 * h[t] as h0, gates[t], x[t], dx[t].
 *
 * The loop of 19.3 downwards with one call.  Mind dx: NULL plus something is not NULL.
 */
typedef void back_like(float *dx, float *dh, float *dWx, float *dWh, float *db,
                       float *gates, const float *h, const float *x, const float *Wx,
                       const float *Wh, int T, int N, int D, int H);
back_like gru_backward;

#define BACK_ARRAYS(T, N, D, H) IN(x, T, N, D); IN(h, T + 1, N, H); IN(Wx, 3*H, D); \
    IN(Wh, 3*H, H); ADD_TO(gates, T, N, 4*H); ADD_TO(dh, T + 1, N, H); \
    ADD_TO(dWx, 3*H, D); ADD_TO(dWh, 3*H, H); ADD_TO(db, 4*H)
#define BACK_USUAL(T, N, H) states_usual(h, gates, false, T, N, H); SCALE(gates, 1)

CASE(back_gold, back_like)
{
    BACK_ARRAYS(SEQ_T, SEQ_N, SEQ_D, SEQ_H); ADD_TO(dx, SEQ_T, SEQ_N, SEQ_D);
    SET(x, SEQ_X); SET(h, SEQ_H0, SEQ_STATES); SET(Wx, SEQ_WX); SET(Wh, SEQ_WH);
    SET(gates, SEQ_GATES); SET(dh, SEQ_DH);
    SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    f(dx, dh, dWx, dWh, db, gates, h, x, Wx, Wh, SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    EXPECT(gates, SEQ_DGATES);
    EXPECT(dWx, SEQ_DWX);
    EXPECT(dWh, SEQ_DWH);
    EXPECT(db, SEQ_DB);
    EXPECT(dx, SEQ_DX);
    OUT(first, SEQ_N, SEQ_H);  // dh[0]
    memcpy(first, dh, SEQ_N*SEQ_H * sizeof *dh);
    EXPECT(first, SEQ_DH0);
}

#define BACK(name, T, N, D, H) CASE(name, back_like) \
    { BACK_ARRAYS(T, N, D, H); ADD_TO(dx, T, N, D); BACK_USUAL(T, N, H); \
      f(dx, dh, dWx, dWh, db, gates, h, x, Wx, Wh, T, N, D, H); }
BACK(back_wide, 3, 2, 5, 17)
BACK(back_long, 9, 3, 4, 2)
BACK(back_one_step, 1, 3, 2, 5)
BACK(back_unit, 2, 1, 1, 1)

CASE(back_no_dx, back_like)
{
    BACK_ARRAYS(4, 2, 3, 5);
    BACK_USUAL(4, 2, 5);
    f(NULL, dh, dWx, dWh, db, gates, h, x, Wx, Wh, 4, 2, 3, 5);
}

/* ---- 19.5 units_for ---------------------------------------------------------------- */

/* Hint 19.5: how many weights and biases has a gru with one unit, one input and one output?
 * And how many with two units?
 *
 * H units have G H (D + H) + B H + K (H + 1) of them; the answer is the largest H for which
 * that is not above weights, and 1 if there is none.
 *
 * A loop that makes H one larger as long as there is room for H + 1.  Near the largest int
 * the number for H + 1 is too large for one: count in long.
 */
typedef int units_like(int weights, int G, int B, int D, int K);
units_like units_for;

/* Rows of weights, G, B, D, K. */
#define UNITS(name, rows, ...) CASE(name, units_like) \
    { LABELS(given, 9, rows, 5); OUT_INT(units, rows); SET(given, __VA_ARGS__); \
      for (int i = 0; i < rows; i++) \
          units[i] = f(given[5*i], given[5*i+1], given[5*i+2], given[5*i+3], given[5*i+4]);

/* 3 H (H + 2) + 4 H + 3 (H + 1) of a gru: 19 for H = 1, 41 for 2, 69 for 3, 103 for 4. */
UNITS(units_by_hand, 10,  69, 3, 4, 2, 3,  68, 3, 4, 2, 3,  70, 3, 4, 2, 3,  41, 3, 4, 2, 3,
      40, 3, 4, 2, 3,  32, 3, 4, 2, 3,  87, 3, 4, 2, 3,  38, 3, 4, 2, 3,  99, 3, 4, 2, 3,
      79, 3, 4, 2, 3)
    EXPECT(units, 3, 2, 3, 2, 1, 1, 3, 1, 3, 3); }
UNITS(units_some, 8,  1000, 1, 1, 5, 3,  1000, 4, 4, 5, 3,  1000, 3, 4, 5, 3,
      777, 3, 4, 17, 29,  9999, 4, 4, 40, 7,  9999, 3, 4, 40, 7,  640, 1, 1, 2, 90,
      123456, 3, 4, 96, 96) }

/* G H (D + H) + B H + K (H + 1) is just as many, or one less is there. */
CASE(units_exact, units_like)
{
    enum { rows = 24 };
    LABELS(given, 9, rows, 5); OUT_INT(units, rows);
    for (int i = 0; i < rows; i++) {
        int *p = given + 5*i, G = i % 3 ? 2 + i % 3 : 1, B = i % 3 ? 4 : 1, H = 2 + 9*i*i;
        int D = 1 + p[3], K = 1 + p[4];
        p[0] = G*H * (D + H) + B*H + K * (H + 1) - i / 3 % 2;
        p[1] = G, p[2] = B, p[3] = D, p[4] = K;
        units[i] = f(p[0], p[1], p[2], p[3], p[4]);
    }
}

/* No room for a single unit. */
UNITS(units_none, 4,  11, 3, 4, 1, 1,  0, 1, 1, 1, 1,  12, 4, 4, 2, 3,  100, 3, 4, 40, 20)
    EXPECT(units, 1, 1, 1, 1); }

/* So many that the next unit's are too many for an int. */
UNITS(units_many, 5,  2147483647, 3, 4, 100, 50,  2147483647, 3, 4, 2, 1,
      2147483647, 4, 4, 5, 1,  2147483647, 1, 1, 1, 1000000000,
      1900000000, 4, 4, 60000, 40000) }

/* ---- 19.6* gru_first_forward ------------------------------------------------------- */

/* Hint 19.6*: what does Wh_n multiply here, and what did it multiply in 19.1?  Can its
 * product be made before r is known?
 *
 * r and z as in 19.1.  Then q = r h0, H numbers; n = tanh(b_n + Wx_n x + Wh_n q); h1 =
 * (1 - z) n + z h0.  There is one bias for each of r, z and n.
 *
 * Example by example: linear_forward() for r z n, gemm() for r z, two sigmoids in one
 * call; a loop that makes q; a gemm() with ADD onto n; tanh in place; a loop for h1.
 */
cell_like gru_first_forward;

CASE(first_by_hand, cell_like)
{
    CELL_ARRAYS(2, 2, 1, 3);
    SET(x, 1, -1,  0, 2); SET(h0, 2, -4);
    SET(Wx, LOG3, 0,  0, -LOG3,  LOG2, LOG2); SET(Wh, 0, LOG3, 1);
    SET(b, 0, -2*LOG3, LOG2 - 1.5);
    f(h1, gates, x, h0, Wx, Wh, b, 2, 2, 1);
    // r: 3/4, 1/2.  z: -2 + 1 + 2 and -2 - 2 - 4 times log 3.  q: 1.5, -2.
    EXPECT(gates, 0.75, 0.75, 0.6, 1.5,  0.5, 1.0/6562, tanh(3*LOG2 - 3.5), -2);
    EXPECT(h1, 1.65, tanh(3*LOG2 - 3.5) * 6561/6562 - 4.0/6562);
}

CELL(first_wide, 3, 3, 5, 17)
CELL(first_inputs, 3, 5, 9, 2)
CELL(first_odd, 3, 2, 3, 5)
CELL(first_unit, 3, 1, 1, 1)
SATURATED(first_saturated, 3)

/* ---- 19.7* gru_first_backward ------------------------------------------------------ */

/* Hint 19.7*: on how many ways does h0 reach h1 now?  And what must be done with q before
 * it may be overwritten by dq?
 *
 * n and z as in 19.2.  Through Wh_n: dWh_n += dn q', dq = Wh_n' dn.  q = r h0, so h0 gets
 * dq r and r gets dq h0, and then the slope r (1 - r).  The rest goes through sums: those
 * of r z n had x in them, those of r and z had h0.
 *
 * Example by example.  A loop for n, z and dh1 z.  Two calls of gemm() with n and q, the
 * first adds to the last H rows of dWh, the second overwrites q.  A loop for dq r and r.
 * linear_backward() for r z n, two calls of gemm() for r z.
 */
cell_back_like gru_first_backward;

CASE(first_back_by_hand, cell_back_like)
{
    CELL_BACK_ARRAYS(2, 2, 1, 3); ADD_TO(dx, 2, 2);
    SET(gates, 0.25, 0.75, 0.5, -0.375,  0.5, 0.2, -0.5, 1); SET(h0, -1.5, 2);
    SET(dh1, 16, 5); SET(x, 1, 2,  -1, 3); SET(Wx, 1, 0,  0, 2,  3, 1); SET(Wh, 2, -1, 10);
    SET(dx, 1, 2,  3, 4); SET(dh0, 10, 20); SET(dWx, 1, 1,  2, 2,  3, 3); SET(dWh, 5, 6, 7);
    SET(db, 9, 10, 11);
    f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, 2, 2, 1);
    // dn: 3, 3.  dz: -6, 2.  dq: 30, 30.  dr: -45 * 3/16, 60/4.
    EXPECT(gates, -8.4375, -6, 3, 30,  15, 2, 3, 30);
    EXPECT(dh0, 10 - 16.875 + 6 + 7.5 + 12, 20 + 30 - 2 + 15 + 1);
    EXPECT(dWx, 1 - 8.4375 - 15, 1 - 16.875 + 45,  2 - 8, 2 - 6,  3 + 0, 3 + 15);
    EXPECT(dWh, 5 + 12.65625 + 30, 6 + 9 + 4, 7 - 1.125 + 3);
    EXPECT(db, 9 + 6.5625, 6, 17);
    EXPECT(dx, 1 - 8.4375 + 9, 2 - 12 + 3,  3 + 15 + 9, 4 + 4 + 3);
}

#if JUDGE
static void expect_slopes(struct run *r, const float *dx, const float *dh0,
                          const float *dWx, const float *dWh, const float *db,
                          const float *gates, const float *dh1, const float *x,
                          const float *h0, const float *Wx, const float *Wh, int N, int D,
                          int H);
#endif

/* The judge's own gradients are compared with central differences. */
CASE(first_back_slopes, cell_back_like)
{
    CELL_BACK_ARRAYS(3, 2, 4, 3); ADD_TO(dx, 3, 2); IN(made, 3, 16);
    gates_usual(r, gates, h0, true, 3, 4);
    memcpy(made, gates, sizeof *gates * 48);
    SCALE(made, 1); SCALE(dx, 0); SCALE(dh0, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    f(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, 3, 2, 4);
    JUDGE_ONLY(expect_slopes(r, dx, dh0, dWx, dWh, db, made, dh1, x, h0, Wx, Wh, 3, 2, 4);)
}

CELL_BACK(first_back_wide, 3, 3, 5, 17)
CELL_BACK(first_back_inputs, 3, 5, 9, 2)
CELL_BACK(first_back_unit, 3, 1, 1, 1)
CELL_BACK_NO_DX(first_back_no_dx, 3)
BACK_SATURATED(first_back_saturated, 3)

/* ---- what only the judge holds ----------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, in double, and `how` says what is wrong with it:
 * RIGHT nothing. */
enum how { RIGHT,
           // one step
           Z_R_N, MIXED, RESET_FIRST, RESET_ALL, NO_RESET, SIGMOID_N, BQ_OUTSIDE, NO_BQ,
           PACKED_ROWS, LEAVES_RQ, LEAVES_SUM, NO_OLD, RESET_AFTER, LEAVES_PRODUCT,
           NO_INPUTS, UPDATE_FIRST, RESET_ANYWAY, TURNED,
           // backward
           OVERWRITES, OVERWRITES_DH0, NO_STRAIGHT, SIGN, NO_R, DN_FOR_DQ, DQ_FOR_DN, R_LATE,
           Z_LATE, N_LATE, NO_Q, NO_WEIGHTS, STATE_FOR_Q, Q_LATE, NO_WAY_BACK, Q_FOR_STATE,
           // a sequence
           FIRST_STATE, FIRST_INPUT, FROM_ZERO, ONE_PLACE, OVERLAP, BATCH_FIRST, NO_N, EARLY,
           BACKWARDS, FORWARDS, LOSES_DH, LAST_ONLY, NOT_FIRST, WRONG_H, FROM_NOW, NO_DH };

/* ---- one step, in both forms ---- */

static double sigmoid_of(double z) { return 1 / (1 + exp(-z)); }

/* Row m of weights [.,K] times K numbers. */
static double row_times(const float *W, int m, const float *x, int K)
{
    double sum = 0;
    for (int k = 0; k < K; k++)
        sum += (double)W[m*K + k] * x[k];
    return sum;
}

/* What the way forward of one example makes of its sums: row holds those of r z n from the
 * inputs, and is left with r z n q. */
static void row_make(double *row, float *h1, const float *h, const float *Wh,
                     const float *bq, int H, enum how how)
{
    double *r = row, *z = row + H, *n = row + 2*H, *q = row + 3*H;
    for (int j = 0; j < H; j++) {
        r[j] = sigmoid_of(r[j] + row_times(Wh, j, h, H));
        z[j] = sigmoid_of(z[j] + row_times(Wh, H + j, h, H));
    }
    for (int j = 0; j < H; j++) {
        double own = 0, bias = bq && how != NO_BQ && how != BQ_OUTSIDE ? bq[j] : 0;
        for (int k = 0; k < H; k++)
            own += Wh[(2*H + j)*H + k] * (double)h[k] * (how == RESET_FIRST ? r[k] : 1);
        q[j] = bias + own;
    }
    for (int j = 0; j < H; j++) {
        double open = how == Z_R_N ? z[j] : r[j], keep = how == Z_R_N ? r[j] : z[j];
        double sum = how == RESET_ALL ? open * (n[j] + q[j])
                     : n[j] + (how == NO_RESET || how == RESET_FIRST ? 1 : open) * q[j];
        sum += how == BQ_OUTSIDE ? bq[j] : 0;
        double new = how == SIGMOID_N ? sigmoid_of(sum) : tanh(sum);
        keep = how == MIXED ? 1 - keep : keep;
        h1[j] = (float)((1 - keep) * new + (how == NO_OLD ? 0 : keep * h[j]));
        n[j] = how == LEAVES_SUM ? sum : new;
        q[j] *= how == LEAVES_RQ ? open : 1;
    }
}

static void cell(float *h1, float *gates, const float *x, const float *h0, const float *Wx,
                 const float *Wh, const float *b, int N, int D, int H, enum how how)
{
    double *all = malloc((size_t)(4*N*H) * sizeof *all);
    const int row = how == PACKED_ROWS ? 3*H : 4*H;
    for (int i = 0; i < 4*N*H; i++)
        all[i] = NAN;
    for (int e = 0; e < N; e++)
        for (int m = 0; m < 3*H; m++)
            all[e*row + m] = b[m] + row_times(Wx, m, x + e*D, D);
    for (int e = 0; e < N; e++)
        row_make(all + e*4*H, h1 + e*H, h0 + e*H, Wh, b + 3*H, H, how);
    for (int i = 0; i < 4*N*H; i++)
        gates[i] = (float)all[i];
    free(all);
}

#define CELL_IS(name, how) \
    static void name(float *h1, float *gates, const float *x, const float *h0, \
                     const float *Wx, const float *Wh, const float *b, int N, int D, int H) \
    { cell(h1, gates, x, h0, Wx, Wh, b, N, D, H, how); }
CELL_IS(cell_right, RIGHT)
CELL_IS(cell_z_r_n, Z_R_N)
CELL_IS(cell_mixed, MIXED)
CELL_IS(cell_reset_first, RESET_FIRST)
CELL_IS(cell_reset_all, RESET_ALL)
CELL_IS(cell_no_reset, NO_RESET)
CELL_IS(cell_sigmoid_n, SIGMOID_N)
CELL_IS(cell_bq_outside, BQ_OUTSIDE)
CELL_IS(cell_no_bq, NO_BQ)
CELL_IS(cell_packed_rows, PACKED_ROWS)
CELL_IS(cell_leaves_rq, LEAVES_RQ)
CELL_IS(cell_leaves_sum, LEAVES_SUM)
CELL_IS(cell_no_old, NO_OLD)

/* The first form. */
static void first(float *h1, float *gates, const float *x, const float *h0, const float *Wx,
                  const float *Wh, const float *b, int N, int D, int H, enum how how)
{
    for (int e = 0; e < N; e++) {
        const float *in = x + e*D, *h = h0 + e*H;
        float *row = gates + e*4*H;
        double q[32], sum[3*32];
        for (int m = 0; m < 3*H; m++)
            sum[m] = b[m] + row_times(Wx, m, in, D);
        for (int m = 0; m < 2*H; m++)
            row[m] = (float)sigmoid_of(sum[m] + row_times(Wh, m, h, H));
        for (int j = 0; j < H; j++) {
            double open = row[how == Z_R_N || how == UPDATE_FIRST ? H + j : j];
            q[j] = (how == NO_RESET || how == RESET_AFTER ? 1 : open) * h[j];
        }
        for (int j = 0; j < H; j++) {
            double own = 0, keep = row[how == Z_R_N ? j : H + j];
            for (int k = 0; k < H; k++)
                own += q[k] * Wh[how == TURNED ? (2*H + k)*H + j : (2*H + j)*H + k];
            double all = (how == NO_INPUTS ? 0 : sum[2*H + j])
                         + own * (how == RESET_AFTER || how == RESET_ANYWAY ? row[j] : 1);
            double n = how == SIGMOID_N ? sigmoid_of(all) : tanh(all);
            keep = how == MIXED ? 1 - keep : keep;
            h1[e*H + j] = (float)((1 - keep) * n + (how == NO_OLD ? 0 : keep * h[j]));
            row[2*H + j] = (float)(how == LEAVES_SUM ? all : n);
            row[3*H + j] = (float)(how == LEAVES_PRODUCT || how == RESET_AFTER ? own : q[j]);
        }
    }
}

#define FIRST_IS(name, how) \
    static void name(float *h1, float *gates, const float *x, const float *h0, \
                     const float *Wx, const float *Wh, const float *b, int N, int D, int H) \
    { first(h1, gates, x, h0, Wx, Wh, b, N, D, H, how); }
FIRST_IS(first_right, RIGHT)
FIRST_IS(first_reset_after, RESET_AFTER)
FIRST_IS(first_reset_anyway, RESET_ANYWAY)
FIRST_IS(first_z_r_n, Z_R_N)
FIRST_IS(first_update_first, UPDATE_FIRST)
FIRST_IS(first_mixed, MIXED)
FIRST_IS(first_no_reset, NO_RESET)
FIRST_IS(first_sigmoid_n, SIGMOID_N)
FIRST_IS(first_no_inputs, NO_INPUTS)
FIRST_IS(first_turned, TURNED)
FIRST_IS(first_leaves_product, LEAVES_PRODUCT)
FIRST_IS(first_leaves_sum, LEAVES_SUM)
FIRST_IS(first_no_old, NO_OLD)

/* ---- the step backward ---- */

/* dW [M,K] += d x' and dx += W' d of one example. */
static void sums_back(float *dx, float *dW, const double *d, const float *W, const float *x,
                      int M, int K)
{
    for (int k = 0; k < K; k++) {
        double sum = 0;
        for (int m = 0; m < M; m++) {
            sum += d[m] * W[m*K + k];
            dW[m*K + k] = (float)(dW[m*K + k] + d[m] * x[k]);
        }
        if (dx)
            dx[k] = (float)(dx[k] + sum);
    }
}

static void clear(float *p, int n) { memset(p, 0, (size_t)n * sizeof *p); }

static void cell_back(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *gates,
                      const float *dh1, const float *x, const float *h0, const float *Wx,
                      const float *Wh, int N, int D, int H, enum how how)
{
    if (how == OVERWRITES) {
        clear(dWx, 3*H*D), clear(dWh, 3*H*H), clear(db, 4*H);
        if (dx)
            clear(dx, N*D);
    }
    if (how == OVERWRITES || how == OVERWRITES_DH0)
        clear(dh0, N*H);
    for (int e = 0; e < N; e++) {
        float *row = gates + e*4*H;
        double in[3*32], state[3*32];  // what the sums of x, and those of h0, get
        for (int j = 0; j < H; j++) {
            double r = row[j], z = row[H + j], n = row[2*H + j], q = row[3*H + j];
            double d = dh1[e*H + j], keep = how == MIXED ? 1 - z : z, h = h0[e*H + j];
            double dn = d * (1 - keep) * (how == SIGMOID_N ? n * (1 - n) : 1 - n*n);
            double off = h - (how == N_LATE ? dn : n);
            double dz = d * (how == SIGN || how == MIXED ? -off : off) * z * (1 - z);
            double dr = dn * (how == NO_Q ? 1 : q) * r * (1 - r);
            double dq = how == NO_R ? dn : dn * (how == R_LATE ? dr : r);
            double straight = how == NO_STRAIGHT ? 0 : d * (how == Z_LATE ? dz : keep);
            dh0[e*H + j] = (float)(dh0[e*H + j] + straight);
            in[j] = state[j] = row[j] = (float)dr;
            in[H + j] = state[H + j] = row[H + j] = (float)dz;
            in[2*H + j] = how == DQ_FOR_DN ? dq : dn;
            state[2*H + j] = how == DN_FOR_DQ ? dn : dq;
            row[2*H + j] = (float)dn;
            row[3*H + j] = (float)dq;
            for (int k = 0; k < 4; k++)
                db[k*H + j] += row[k*H + j];
        }
        sums_back(dx ? dx + e*D : NULL, dWx, in, Wx, x + e*D, 3*H, D);
        sums_back(dh0 + e*H, dWh, state, Wh, h0 + e*H, 3*H, H);
    }
}

#define CELL_BACK_IS(name, how) \
    static void name(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *gates, \
                     const float *dh1, const float *x, const float *h0, const float *Wx, \
                     const float *Wh, int N, int D, int H) \
    { cell_back(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, N, D, H, how); }
CELL_BACK_IS(cell_back_right, RIGHT)
CELL_BACK_IS(cell_back_overwrites, OVERWRITES)
CELL_BACK_IS(cell_back_overwrites_dh0, OVERWRITES_DH0)
CELL_BACK_IS(cell_back_no_straight, NO_STRAIGHT)
CELL_BACK_IS(cell_back_mixed, MIXED)
CELL_BACK_IS(cell_back_sign, SIGN)
CELL_BACK_IS(cell_back_no_r, NO_R)
CELL_BACK_IS(cell_back_dn_for_dq, DN_FOR_DQ)
CELL_BACK_IS(cell_back_dq_for_dn, DQ_FOR_DN)
CELL_BACK_IS(cell_back_r_late, R_LATE)
CELL_BACK_IS(cell_back_z_late, Z_LATE)
CELL_BACK_IS(cell_back_n_late, N_LATE)
CELL_BACK_IS(cell_back_sigmoid_n, SIGMOID_N)

/* The first form. */
static void first_back(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *gates,
                       const float *dh1, const float *x, const float *h0, const float *Wx,
                       const float *Wh, int N, int D, int H, enum how how)
{
    if (how == OVERWRITES) {
        clear(dWx, 3*H*D), clear(dWh, 3*H*H), clear(db, 3*H);
        if (dx)
            clear(dx, N*D);
    }
    if (how == OVERWRITES || how == OVERWRITES_DH0)
        clear(dh0, N*H);
    for (int e = 0; e < N; e++) {
        float *row = gates + e*4*H;
        double d[3*32], dq[32];
        for (int j = 0; j < H; j++) {
            double z = row[H + j], n = row[2*H + j], own = dh1[e*H + j];
            double keep = how == MIXED ? 1 - z : z, off = h0[e*H + j] - n;
            d[2*H + j] = own * (1 - keep) * (how == SIGMOID_N ? n * (1 - n) : 1 - n*n);
            d[H + j] = own * (how == SIGN || how == MIXED ? -off : off) * z * (1 - z);
            dh0[e*H + j] += (float)(how == NO_STRAIGHT ? 0 : own * keep);
        }
        for (int k = 0; k < H; k++) {
            dq[k] = 0;
            for (int j = 0; j < H; j++)
                dq[k] += d[2*H + j] * Wh[(2*H + j)*H + k];
            dq[k] = how == NO_WEIGHTS ? d[2*H + k] : dq[k];
        }
        for (int j = 0; j < H; j++) {
            double r = row[j];
            d[j] = dq[j] * (how == NO_Q ? 1 : how == Q_FOR_STATE ? row[3*H + j] : h0[e*H + j])
                   * r * (1 - r);
            double back = dq[j] * (how == R_LATE ? d[j] : how == NO_R ? 1 : r);
            dh0[e*H + j] += (float)(how == NO_WAY_BACK ? 0 : back);
            for (int k = 0; k < H; k++) {
                double q = how == STATE_FOR_Q ? h0[e*H + k] : how == Q_LATE ? dq[k]
                           : row[3*H + k];
                dWh[(2*H + j)*H + k] += (float)(d[2*H + j] * q);
            }
        }
        for (int j = 0; j < H; j++) {
            for (int k = 0; k < 3; k++)
                row[k*H + j] = (float)d[k*H + j], db[k*H + j] += row[k*H + j];
            row[3*H + j] = (float)dq[j];
        }
        sums_back(dx ? dx + e*D : NULL, dWx, d, Wx, x + e*D, 3*H, D);
        sums_back(dh0 + e*H, dWh, d, Wh, h0 + e*H, 2*H, H);
    }
}

#define FIRST_BACK_IS(name, how) \
    static void name(float *dx, float *dh0, float *dWx, float *dWh, float *db, float *gates, \
                     const float *dh1, const float *x, const float *h0, const float *Wx, \
                     const float *Wh, int N, int D, int H) \
    { first_back(dx, dh0, dWx, dWh, db, gates, dh1, x, h0, Wx, Wh, N, D, H, how); }
FIRST_BACK_IS(first_back_right, RIGHT)
FIRST_BACK_IS(first_back_overwrites, OVERWRITES)
FIRST_BACK_IS(first_back_overwrites_dh0, OVERWRITES_DH0)
FIRST_BACK_IS(first_back_no_straight, NO_STRAIGHT)
FIRST_BACK_IS(first_back_no_way_back, NO_WAY_BACK)
FIRST_BACK_IS(first_back_no_r, NO_R)
FIRST_BACK_IS(first_back_r_late, R_LATE)
FIRST_BACK_IS(first_back_q_for_state, Q_FOR_STATE)
FIRST_BACK_IS(first_back_state_for_q, STATE_FOR_Q)
FIRST_BACK_IS(first_back_q_late, Q_LATE)
FIRST_BACK_IS(first_back_no_weights, NO_WEIGHTS)
FIRST_BACK_IS(first_back_mixed, MIXED)
FIRST_BACK_IS(first_back_sign, SIGN)

/* The sum of dh1 h1 of the first form.  p holds x, h0, Wx, Wh and b in a row; off is what
 * each sum is more than they make. */
static double first_loss(const double *p, const double *off, const float *dh1, int N, int D,
                         int H)
{
    const double *x = p, *h0 = x + N*D, *Wx = h0 + N*H, *Wh = Wx + 3*H*D, *b = Wh + 3*H*H;
    double loss = 0;
    for (int e = 0; e < N; e++) {
        double s[3*32], q[32];
        for (int m = 0; m < 3*H; m++) {
            s[m] = off[e*3*H + m] + b[m];
            for (int d = 0; d < D; d++)
                s[m] += Wx[m*D + d] * x[e*D + d];
            for (int k = 0; k < H && m < 2*H; k++)
                s[m] += Wh[m*H + k] * h0[e*H + k];
        }
        for (int k = 0; k < H; k++)
            q[k] = h0[e*H + k] / (1 + exp(-s[k]));
        for (int j = 0; j < H; j++) {
            double z = 1 / (1 + exp(-s[H + j])), sum = s[2*H + j];
            for (int k = 0; k < H; k++)
                sum += Wh[(2*H + j)*H + k] * q[k];
            loss += dh1[e*H + j] * ((1 - z) * tanh(sum) + z * h0[e*H + j]);
        }
    }
    return loss;
}

static void expect_slopes(struct run *r, const float *dx, const float *dh0,
                          const float *dWx, const float *dWh, const float *db,
                          const float *gates, const float *dh1, const float *x,
                          const float *h0, const float *Wx, const float *Wh, int N, int D,
                          int H)
{
    enum { ALL = 500 };
    const float *from[] = {x, h0, Wx, Wh}, *gradient[] = {dx, dh0, dWx, dWh, db};
    const int n[] = {N*D, N*H, 3*H*D, 3*H*H, 3*H};
    double p[ALL] = {0}, off[ALL], slope[ALL], step = 1e-5;
    for (int k = 0, at = 0; k < 4; at += n[k++])
        for (int i = 0; i < n[k]; i++)
            p[at + i] = from[k][i];
    for (int i = 0; i < N*3*H; i++) {
        const float *row = gates + i / (3*H) * 4*H;
        int m = i % (3*H);
        off[i] = m < 2*H ? log(row[m] / (1 - (double)row[m])) : atanh(row[m]);
        off[i] -= row_times(Wx, m, x + i / (3*H) * D, D);
        off[i] -= row_times(Wh, m, m < 2*H ? h0 + i / (3*H) * H : row + 3*H, H);
    }
    for (int k = 0, at = 0; k < 5; at += n[k++]) {
        for (int i = at; i < at + n[k]; i++) {
            double was = p[i];
            p[i] = was + step, slope[i] = first_loss(p, off, dh1, N, D, H);
            p[i] = was - step, slope[i] -= first_loss(p, off, dh1, N, D, H);
            p[i] = was, slope[i] /= 2 * step;
        }
        array_expect(r, gradient[k], slope + at, (size_t)n[k]);
    }
}

/* ---- a sequence ---- */

/* x [T,N,D] read as [N,T,D]: the N rows of step t, to be freed. */
static float *batch_first(const float *x, int t, int T, int N, int D)
{
    float *rows = floats((size_t)(N*D));
    for (int i = 0; i < N*D; i++)
        rows[i] = x[(i / D*T + t)*D + i % D];
    return rows;
}

static void sequence(float *h, float *gates, const float *x, const float *Wx, const float *Wh,
                     const float *b, int T, int N, int D, int H, enum how how)
{
    const int step = how == NO_N ? H : N*H;
    if (how == FROM_ZERO)
        clear(h, N*H);
    for (int i = 0; i < T - (how == EARLY); i++) {
        int t = how == BACKWARDS ? T - 1 - i : i;
        float *rows = batch_first(x, t, T, N, D);
        const float *in = how == BATCH_FIRST ? rows : x + (how == FIRST_INPUT ? 0 : t*N*D);
        int place = how == ONE_PLACE ? 0 : (how == OVERLAP ? 3 : 4) * t*N*H;
        cell(h + (t + 1)*step, gates + place, in, h + (how == FIRST_STATE ? 0 : t*step), Wx, Wh,
             b, N, D, H, RIGHT);
        free(rows);
    }
}

#define FORWARD_IS(name, how) \
    static void name(float *h, float *gates, const float *x, const float *Wx, \
                     const float *Wh, const float *b, int T, int N, int D, int H) \
    { sequence(h, gates, x, Wx, Wh, b, T, N, D, H, how); }
FORWARD_IS(forward_right, RIGHT)
FORWARD_IS(forward_first_state, FIRST_STATE)
FORWARD_IS(forward_first_input, FIRST_INPUT)
FORWARD_IS(forward_from_zero, FROM_ZERO)
FORWARD_IS(forward_one_place, ONE_PLACE)
FORWARD_IS(forward_overlaps, OVERLAP)
FORWARD_IS(forward_batch_first, BATCH_FIRST)
FORWARD_IS(forward_no_n, NO_N)
FORWARD_IS(forward_early, EARLY)
FORWARD_IS(forward_backwards, BACKWARDS)

static void sequence_back(float *dx, float *dh, float *dWx, float *dWh, float *db,
                          float *gates, const float *h, const float *x, const float *Wx,
                          const float *Wh, int T, int N, int D, int H, enum how how)
{
    const int n = N*H, count = how == NOT_FIRST ? T - 1 : T;
    float *dh1 = floats((size_t)n), *lost = floats((size_t)n);
    for (int i = 0; i < count; i++) {
        int t = how == FORWARDS ? i : T - 1 - i, from = how == FROM_NOW ? t : t + 1;
        memcpy(dh1, dh + from*n, (size_t)n * sizeof *dh);
        if (how == LOSES_DH)
            clear(dh + t*n, n);
        if (how == LAST_ONLY || (how == OVERWRITES && !i))
            clear(dWx, 3*H*D), clear(dWh, 3*H*H), clear(db, 4*H);
        cell_back(dx ? dx + (how == ONE_PLACE ? 0 : t*N*D) : NULL,
                  how == NO_DH ? lost : dh + t*n, dWx, dWh, db,
                  gates + (how == OVERLAP ? 3 : 4)*t*n, dh1, x + t*N*D,
                  h + (how == WRONG_H ? t + 1 : t)*n, Wx, Wh, N, D, H, RIGHT);
    }
    free(dh1), free(lost);
}

#define BACK_IS(name, how) \
    static void name(float *dx, float *dh, float *dWx, float *dWh, float *db, float *gates, \
                     const float *h, const float *x, const float *Wx, const float *Wh, int T, \
                     int N, int D, int H) \
    { sequence_back(dx, dh, dWx, dWh, db, gates, h, x, Wx, Wh, T, N, D, H, how); }
BACK_IS(back_right, RIGHT)
BACK_IS(back_forwards, FORWARDS)
BACK_IS(back_no_dh, NO_DH)
BACK_IS(back_from_now, FROM_NOW)
BACK_IS(back_loses_dh, LOSES_DH)
BACK_IS(back_last_only, LAST_ONLY)
BACK_IS(back_overwrites, OVERWRITES)
BACK_IS(back_not_the_first, NOT_FIRST)
BACK_IS(back_wrong_h, WRONG_H)
BACK_IS(back_overlaps, OVERLAP)
BACK_IS(back_one_dx, ONE_PLACE)

/* ---- how many units ---- */

/* The largest H with a H^2 + b H + c <= weights, or what `more` adds to it; by counting. */
static int most_units(double a, double b, double c, double weights, int least_of_all)
{
    int H = least_of_all - 1;
    while (a * (H + 1.0) * (H + 1.0) + b * (H + 1.0) + c <= weights)
        H++;
    return H < least_of_all ? least_of_all : H;
}

static int root_units(float a, float b, float c, float weights)
{
    int H = (int)((sqrtf(b*b - 4*a * (c - weights)) - b) / (2*a));
    return H < 1 ? 1 : H;
}

#define UNITS_IS(name, ...) static int name(int weights, int G, int B, int D, int K) \
    { (void)G, (void)B, (void)D, (void)K; return __VA_ARGS__; }
#define LINEAR ((double)G*D + B + K)
UNITS_IS(units_right, most_units(G, LINEAR, K, weights, 1))
UNITS_IS(units_no_biases, most_units(G, LINEAR - B, K, weights, 1))
UNITS_IS(units_g_for_b, most_units(G, LINEAR - B + G, K, weights, 1))
UNITS_IS(units_no_outputs, most_units(G, LINEAR - K, 0, weights, 1))
UNITS_IS(units_no_output_biases, most_units(G, LINEAR, 0, weights, 1))
UNITS_IS(units_not_full, most_units(G, LINEAR, K, weights - 1.0, 1))
UNITS_IS(units_one_more, most_units(G, LINEAR, K, weights, 1) + 1)
UNITS_IS(units_may_be_0, most_units(G, LINEAR, K, weights, 0))
UNITS_IS(units_one_gate, most_units(1, LINEAR - (G - 1.0)*D, K, weights, 1))
UNITS_IS(units_no_inputs, most_units(G, LINEAR - (double)G*D, K, weights, 1))
UNITS_IS(units_no_state, most_units(0, LINEAR, K, weights, 1))
UNITS_IS(units_rounded, root_units((float)G, (float)G*D + B + K, (float)K, (float)weights))

#endif

#define FN(f) (anything *)f
#define ADDED_TO "does the formula say = or +=?"
#define COUNT "what has the table for this kind, and what has the line above it?"

const struct exercise exercises[] = {
    {"19.1", "gru_cell_forward", FN(gru_cell_forward),
     {{"N=2 D=2 H=1, by hand", cell_by_hand}, {"N=3 D=2 H=4", cell_gold},
      {"N=3 D=5 H=17", cell_wide}, {"N=5 D=9 H=2", cell_inputs}, {"N=1 D=1 H=1", cell_unit},
      {"N=3 D=2 H=7, sums about 100 and -100", cell_saturated}},
     JUDGE_ONLY(FN(cell_right), {
        {FN(cell_z_r_n), "r and z have changed places.",
         "in which order do the blocks stand?", "19.2"},
        {FN(cell_mixed), "z and 1 - z have changed places.",
         "what is h1 if z is 1?", "19.2"},
        {FN(cell_reset_first), "the state is reset before the product with Wh_n, not after.",
         "what is multiplied by r: h0, or q?", "19.2"},
        {FN(cell_reset_all), "r is multiplied with what the inputs say, too.",
         "where do the brackets end?", "19.2"},
        {FN(cell_no_reset), "r is missing.", "what is n if r is 0?", "19.2"},
        {FN(cell_sigmoid_n), "the candidate n has a sigmoid.",
         "may a state be negative?", "19.2"},
        {FN(cell_bq_outside), "b_q stands outside the product with r.",
         "what is left of b_q if r is 0?", "19.2"},
        {FN(cell_no_bq), "b_q is missing.", "how many blocks has b, and how many has Wx?",
         "19.2"},
        {FN(cell_packed_rows), "the rows of Wx x lie 3H apart, those of gates 4H.",
         "where does linear_forward() put the second example?", "19.2"},
        {FN(cell_leaves_rq), "gates is left with r q in the place of q.",
         "what does the way back need: q, or r q?", "19.2"},
        {FN(cell_leaves_sum), "gates is left with the sum of n, not with n.",
         "what does the way back need: n, or the sum it was made of?", "19.2"},
        {FN(cell_no_old), "z h0 is missing.", "what is h1 if z is 1?", "19.2"}})},
    {"19.2", "gru_cell_backward", FN(gru_cell_backward),
     {{"N=2 D=2 H=1, by hand", cell_back_by_hand}, {"N=3 D=2 H=4", cell_back_gold},
      {"N=3 D=5 H=17", cell_back_wide}, {"N=5 D=9 H=2", cell_back_inputs},
      {"N=1 D=1 H=1", cell_back_unit}, {"N=4 D=3 H=2, dx is NULL", cell_back_no_dx},
      {"N=3 D=2 H=7, gates that are 0 and 1", cell_back_saturated}},
     JUDGE_ONLY(FN(cell_back_right), {
        {FN(cell_back_overwrites), "the gradients are overwritten.", ADDED_TO, "19.3"},
        {FN(cell_back_overwrites_dh0), "dh0 is overwritten.", ADDED_TO, "19.3"},
        {FN(cell_back_no_straight), "in dh0 the share dh1 z is missing.",
         "on which way does h0 reach h1 without any weights?", "19.3"},
        {FN(cell_back_mixed), "z and 1 - z have changed places.",
         "what is h1 if z is 1?", "19.3"},
        {FN(cell_back_sign), "dz has the wrong sign.",
         "if h0 is larger than n, does h1 rise or fall with z?", "19.3"},
        {FN(cell_back_no_r), "dq is without the factor r.",
         "what was q multiplied by?", "19.3"},
        {FN(cell_back_dn_for_dq), "dh0 and dWh_n get dn, not dq.",
         "in which of the four sums does Wh_n h0 stand?", "19.3"},
        {FN(cell_back_dq_for_dn), "dx and dWx_n get dq, not dn.",
         "are the inputs of n multiplied by r?", "19.3"},
        {FN(cell_back_r_late), "dq is made with r after it was overwritten by dr.",
         "at which line does r[j] stop being the reset gate?", "19.3"},
        {FN(cell_back_z_late), "dh1 z is made with z after it was overwritten by dz.",
         "at which line does z[j] stop being the update gate?", "19.3"},
        {FN(cell_back_n_late), "dz is made with n after it was overwritten by dn.",
         "at which line does n[j] stop being the candidate?", "19.3"},
        {FN(cell_back_sigmoid_n), "dn has the slope n (1 - n) of a sigmoid.",
         "which of the three is a tanh?", "19.3"}})},
    {"19.3", "gru_forward", FN(gru_forward),
     {{"T=4 N=2 D=3 H=5", forward_gold}, {"T=3 N=2 D=5 H=17", forward_wide},
      {"T=9 N=3 D=4 H=2", forward_long}, {"T=1 N=3 D=2 H=5", forward_one_step},
      {"T=2 N=1 D=1 H=1", forward_unit},
      {"T=5 N=2 D=3 H=4, sums about 100 and -100", forward_saturated}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_first_state), "every step begins with the state h[0].",
         "which state did the step before leave?", "19.4"},
        {FN(forward_first_input), "every step has the inputs x[0].",
         "where do the inputs of step t begin?", "19.4"},
        {FN(forward_from_zero), "the first state is cleared.",
         "who says with what the sequence begins?", "19.4"},
        {FN(forward_one_place), "the gates of all steps are put into gates[0].",
         "whose gates will the way back find for step 0?", "19.4"},
        {FN(forward_overlaps), "the gates of a step begin 3 N H numbers after those before.",
         "how many numbers are the gates of one step, with q?", "19.4"},
        {FN(forward_batch_first), "x is read as [N,T,D].",
         "what comes first in x: time, or the examples?", "19.4"},
        {FN(forward_no_n), "the states of a step begin H numbers after those before.",
         "how many numbers is the state of N examples?", "19.4"},
        {FN(forward_early), "the last step is left out.",
         "which is the last t of T steps?", "19.4"},
        {FN(forward_backwards), "the steps are made from the last to the first.",
         "what must be known before step t can begin?", "19.4"}},
      .uses = "19.1")},
    {"19.4", "gru_backward", FN(gru_backward),
     {{"T=4 N=2 D=3 H=5", back_gold}, {"T=3 N=2 D=5 H=17", back_wide},
      {"T=9 N=3 D=4 H=2", back_long}, {"T=1 N=3 D=2 H=5", back_one_step},
      {"T=2 N=1 D=1 H=1", back_unit}, {"T=4 N=2 D=3 H=5, dx is NULL", back_no_dx}},
     JUDGE_ONLY(FN(back_right), {
        {FN(back_forwards), "the steps are taken from the first to the last.",
         "when is dh[t+1] complete?", "19.4"},
        {FN(back_no_dh), "nothing is handed back from step to step.",
         "what did dh[t+1] get from the step after it?", "19.4"},
        {FN(back_from_now), "each step goes back from dh[t].",
         "which state did step t make?", "19.4"},
        {FN(back_loses_dh), "what dh[t] held before is lost.",
         "may the outputs of step t read h[t] as well?", "19.4"},
        {FN(back_last_only), "of dWx, dWh and db only the share of step 0 is left.",
         "in how many steps do the same weights stand?", "19.4"},
        {FN(back_overwrites), "what dWx, dWh and db held before is lost.", ADDED_TO, "19.4"},
        {FN(back_not_the_first), "step 0 is left out.",
         "which is the last t of the way back?", "19.4"},
        {FN(back_wrong_h), "h[t+1] stands in the place of h0.",
         "which state did step t read?", "19.4"},
        {FN(back_overlaps), "the gates of a step are taken 3 N H numbers after those before.",
         "how many numbers are the gates of one step, with q?", "19.4"},
        {FN(back_one_dx), "the gradients of all inputs go to dx[0].",
         "which inputs did step t read?", "19.4"}},
      .uses = "19.2")},
    {"19.5", "units_for", FN(units_for),
     {{"a gru with D=2 K=3, by hand", units_by_hand}, {"8 networks", units_some},
      {"24 networks, just full or one weight short of it", units_exact},
      {"no room for one unit", units_none}, {"2147483647 weights", units_many}},
     JUDGE_ONLY(FN(units_right), {
        {FN(units_no_biases), "the biases of the units are not counted.", COUNT, "19.6"},
        {FN(units_g_for_b), "there are G blocks of biases, not B.", COUNT, "19.6"},
        {FN(units_no_outputs), "the outputs are not counted.", COUNT, "19.6"},
        {FN(units_no_output_biases), "the biases of the outputs are not counted.", COUNT,
         "19.6"},
        {FN(units_not_full), "a network with just so many weights is refused.",
         "is `at most` < or <=?", "19.6"},
        {FN(units_one_more), "this is the first one that is too large.",
         "when the loop ends, is there still room for H?", "19.6"},
        {FN(units_may_be_0), "it is 0 where there is no room for one unit.",
         "what does the comment say of the least?", "19.6"},
        {FN(units_one_gate), "the weights of one gate only are counted.", COUNT, "19.6"},
        {FN(units_no_inputs), "the weights of the inputs are not counted.", COUNT, "19.6"},
        {FN(units_no_state), "the weights of the state are not counted.", COUNT, "19.6"},
        {FN(units_rounded), "the root of the quadratic is rounded in float.",
         "which whole numbers can a float hold, and which can a long?", "19.6"}})},
    {"19.6*", "gru_first_forward", FN(gru_first_forward),
     {{"N=2 D=2 H=1, by hand", first_by_hand}, {"N=3 D=5 H=17", first_wide},
      {"N=5 D=9 H=2", first_inputs}, {"N=2 D=3 H=5", first_odd}, {"N=1 D=1 H=1", first_unit},
      {"N=3 D=2 H=7, sums about 100 and -100", first_saturated}},
     JUDGE_ONLY(FN(first_right), {
        {FN(first_reset_after), "the reset comes after the product, as in 19.1.",
         "what is multiplied by r: h0, or its product with Wh_n?", "19.5"},
        {FN(first_reset_anyway), "r comes twice, before the product and after it.",
         "how often does r stand in the formula?", "19.5"},
        {FN(first_z_r_n), "r and z have changed places.",
         "in which order do the blocks stand?", "19.5"},
        {FN(first_update_first), "q is z h0, not r h0.",
         "which of the two gates resets?", "19.5"},
        {FN(first_mixed), "z and 1 - z have changed places.",
         "what is h1 here if z is 1, and what is it in the paper?", "19.5"},
        {FN(first_no_reset), "r is missing.", "what is n if r is 0?", "19.5"},
        {FN(first_sigmoid_n), "the candidate n has a sigmoid.",
         "may a state be negative?", "19.5"},
        {FN(first_no_inputs), "n has lost b_n + Wx_n x.",
         "what does gemm() do with what is in its output, with ADD and without?", "19.5"},
        {FN(first_turned), "Wh_n is taken transposed.",
         "which flag says to gemm() that a matrix lies transposed?", "19.5"},
        {FN(first_leaves_product), "gates is left with Wh_n q in the place of q.",
         "what does the way back need: q, or its product?", "19.5"},
        {FN(first_leaves_sum), "gates is left with the sum of n, not with n.",
         "what does the way back need: n, or the sum it was made of?", "19.5"},
        {FN(first_no_old), "z h0 is missing.", "what is h1 if z is 1?", "19.5"}})},
    {"19.7*", "gru_first_backward", FN(gru_first_backward),
     {{"N=2 D=2 H=1, by hand", first_back_by_hand}, {"N=3 D=2 H=4", first_back_slopes},
      {"N=3 D=5 H=17", first_back_wide}, {"N=5 D=9 H=2", first_back_inputs},
      {"N=1 D=1 H=1", first_back_unit}, {"N=4 D=3 H=2, dx is NULL", first_back_no_dx},
      {"N=3 D=2 H=7, gates that are 0 and 1", first_back_saturated}},
     JUDGE_ONLY(FN(first_back_right), {
        {FN(first_back_overwrites), "the gradients are overwritten.", ADDED_TO, "19.5"},
        {FN(first_back_overwrites_dh0), "dh0 is overwritten.", ADDED_TO, "19.5"},
        {FN(first_back_no_straight), "in dh0 the share dh1 z is missing.",
         "on which way does h0 reach h1 without any weights?", "19.5"},
        {FN(first_back_no_way_back), "in dh0 the share dq r is missing.",
         "is there an h0 in q?", "19.5"},
        {FN(first_back_no_r), "dh0 gets dq without the factor r.",
         "what was h0 multiplied by?", "19.5"},
        {FN(first_back_r_late), "dh0 gets dq times r after it was overwritten by dr.",
         "at which line does r[j] stop being the reset gate?", "19.5"},
        {FN(first_back_q_for_state), "dr has q in it, not h0.",
         "what was r multiplied by?", "19.5"},
        {FN(first_back_state_for_q), "dWh_n is made with h0, not with q.",
         "what was Wh_n multiplied by?", "19.5"},
        {FN(first_back_q_late), "dWh_n is made with q after it was overwritten by dq.",
         "which of the two products must come first?", "19.5"},
        {FN(first_back_no_weights), "dq is dn: Wh_n' is missing.",
         "what was q multiplied by?", "19.5"},
        {FN(first_back_mixed), "z and 1 - z have changed places.",
         "what is h1 if z is 1?", "19.5"},
        {FN(first_back_sign), "dz has the wrong sign.",
         "if h0 is larger than n, does h1 rise or fall with z?", "19.5"}})},
    {0}};
