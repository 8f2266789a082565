/* 18-lstm: the tests. */
#include "grade.h"
#include "lstm.c"
#include "gold/18-lstm.h"

/* Gates as an LSTM may have left them, i f g o, and the states that they make of h[0] and
 * c[0]: T steps of N H numbers. */
static void states_usual(float *h, float *c, float *gates, int T, int N, int H)
{
    for (int e = 0; e < T*N*H; e++) {
        float *z = gates + e / H * 4*H + e % H;
        for (int k = 0; k < 4; k++)
            z[k*H] = k == 2 ? 0.9f * z[2*H] : 0.5f + 0.4f * z[k*H];
        c[N*H + e] = z[H] * c[e] + z[0] * z[2*H];
        h[N*H + e] = z[3*H] * tanhf(c[N*H + e]);
    }
}

/* ---- 18.1 lstm_cell_forward -------------------------------------------------------- */

/* Hint 18.1: a row of gates has 4H numbers: at which of them does the forget gate of unit
 * 0 stand, and at which that of unit 1?
 *
 * z = b + Wx x + Wh h0 are 4H sums an example, made like those of 16.1: linear_forward(),
 * then a gemm() that adds.  Row n begins at gates + 4*n*H; in it stand i from 0, f from
 * H, g from 2H, o from 3H.  Then c1 = f c0 + i g and h1 = o tanh(c1).
 *
 * Two calls for the sums.  A loop over n with four pointers into its row, in it three
 * calls that turn sums into gates in place (i and f lie side by side), and a loop over
 * the H units with two lines.
 */
typedef void cell_like(float *h1, float *c1, float *gates, const float *x, const float *h0,
                       const float *c0, const float *Wx, const float *Wh, const float *b,
                       int N, int D, int H);
cell_like lstm_cell_forward;

#define CELL_ARRAYS(N, D, H) IN(x, N, D); IN(h0, N, H); IN(c0, N, H); IN(Wx, 4*H, D); \
    IN(Wh, 4*H, H); IN(b, 4*H); OUT(gates, N, 4*H); OUT(c1, N, H); OUT(h1, N, H)

/* sigmoid(log 3) = 3/4, tanh(log 2) = 3/5, tanh(log 3) = 4/5. */
#define LOG2 0.69314718056
#define LOG3 1.09861228867

CASE(cell_by_hand, cell_like)
{
    CELL_ARRAYS(2, 2, 1);
    SET(x, 1, -1,  0, 2); SET(h0, 0.5, -0.5); SET(c0, 4*LOG2 - 1.8, 0.6);
    SET(Wx, LOG3, 0,  0, LOG3,  LOG2, LOG2,  0, 0); SET(Wh, 0, 0, -2*LOG2, 2*LOG3);
    SET(b, 0, 0, 2*LOG2, 0);
    f(h1, c1, gates, x, h0, c0, Wx, Wh, b, 2, 2, 1);
    // Sums: log 3, -log 3, log 2, log 3, and 0, 2 log 3, 5 log 2, -log 3.
    EXPECT(gates, 0.75, 0.25, 0.6, 0.75,  0.5, 0.9, 1023.0/1025, 0.25);
    EXPECT(c1, LOG2, 0.54 + 1023.0/2050);
    EXPECT(h1, 0.45, 0.25 * tanh(0.54 + 1023.0/2050));
}

CASE(cell_gold, cell_like)
{
    CELL_ARRAYS(CELL_N, CELL_D, CELL_H);
    SET(x, CELL_X); SET(h0, CELL_H0); SET(c0, CELL_C0);
    SET(Wx, CELL_WX); SET(Wh, CELL_WH); SET(b, CELL_B);
    f(h1, c1, gates, x, h0, c0, Wx, Wh, b, CELL_N, CELL_D, CELL_H);
    EXPECT(gates, CELL_GATES);
    EXPECT(c1, CELL_MEMORY);
    EXPECT(h1, CELL_STATES);
}

#define CELL(name, N, D, H) CASE(name, cell_like) \
    { CELL_ARRAYS(N, D, H); f(h1, c1, gates, x, h0, c0, Wx, Wh, b, N, D, H); }
CELL(cell_wide, 3, 5, 17)
CELL(cell_inputs, 5, 9, 2)
CELL(cell_unit, 1, 1, 1)

/* All but rounding is gone from gates with such biases; c0 is no matter for exp. */
CASE(cell_saturated, cell_like)
{
    CELL_ARRAYS(3, 2, 7);
    for (int m = 0; m < 28; m++)
        b[m] = m % 2 ? 100 + b[m] : -100 - b[m];
    SCALE(c0, 60);
    f(h1, c1, gates, x, h0, c0, Wx, Wh, b, 3, 2, 7);
}

/* ---- 18.2 lstm_cell_backward ------------------------------------------------------- */

/* Hint 18.2: on how many ways does c1 change the loss?  And of what are f[j], i[j] and
 * g[j] still needed, once the first of them is overwritten?
 *
 * dc = dc1 + dh1 o (1 - tanh(c1)^2).  Each gate's gradient is what comes to its product,
 * times the other factor, times a slope: z (1 - z) for i, f and o, 1 - g^2 for g.  dz_i
 * has g in it and dz_g has i; dc0 has f.
 *
 * A loop over n and one over j: tanh(c1), dc and the line of dc0; two gradients into
 * variables of their own, so that no gate changes before its last use; then all four into
 * their places.  After the loops linear_backward() and two calls of gemm(), as in 16.2,
 * with 4H for H where the sums are meant.
 */
typedef void cell_back_like(float *dx, float *dh0, float *dc0, float *dWx, float *dWh,
                            float *db, float *gates, const float *dh1, const float *dc1,
                            const float *c1, const float *x, const float *h0,
                            const float *c0, const float *Wx, const float *Wh, int N,
                            int D, int H);
cell_back_like lstm_cell_backward;

#define CELL_BACK_ARRAYS(N, D, H) \
    IN(x, N, D); IN(h0, N, H); IN(c0, N, H); IN(c1, N, H); IN(Wx, 4*H, D); \
    IN(Wh, 4*H, H); IN(dh1, N, H); IN(dc1, N, H); ADD_TO(gates, N, 4*H); \
    ADD_TO(dc0, N, H); ADD_TO(dh0, N, H); ADD_TO(dWx, 4*H, D); ADD_TO(dWh, 4*H, H); \
    ADD_TO(db, 4*H)

/* Gates, and the memory after the step that they make. */
static void memory_usual(struct run *r, float *c1, float *gates, const float *c0, int N,
                         int H)
{
    float *h = floats((size_t)2*N*H), *c = floats((size_t)2*N*H);
    memcpy(c, c0, (size_t)(N*H) * sizeof *c);
    states_usual(h, c, gates, 1, N, H);
    memcpy(c1, c + N*H, (size_t)(N*H) * sizeof *c);
    SCALE(gates, 1);  // what was there before the call
    free(h), free(c);
}

CASE(cell_back_by_hand, cell_back_like)
{
    CELL_BACK_ARRAYS(2, 2, 1); ADD_TO(dx, 2, 2);
    SET(gates, 0.5, 0.75, 0.2, 0.25,  0.2, 0.5, -0.5, 0.8);
    const double c = (LOG2 - 0.1) / 0.75, k = (LOG3 + 0.1) / 0.5;
    SET(c0, c, k); SET(c1, LOG2, LOG3); SET(dh1, 8, -2.5); SET(dc1, 0.72, 1.72);
    SET(x, 1, 2,  -1, 3); SET(h0, 0.5, -1); SET(Wx, 1, 0,  0, 0,  0, 2,  3, 1);
    SET(Wh, 2, 0, -1, 10);
    SET(dx, 1, 2,  3, 4); SET(dh0, 10, 20); SET(dc0, 30, 40);
    SET(dWx, 1, 1,  2, 2,  3, 3,  4, 4); SET(dWh, 5, 6, 7, 8); SET(db, 9, 10, 11, 12);
    f(dx, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, 2, 2, 1);
    // dc is 2 in the first example, 1 in the second.
    EXPECT(gates, 0.1, 0.375*c, 0.96, 0.9,  -0.08, 0.25*k, 0.15, -0.32);
    EXPECT(dc0, 31.5, 40.5);
    EXPECT(dh0, 10 + 0.2 - 0.96 + 9, 20 - 0.16 - 0.15 - 3.2);
    EXPECT(dWx, 1 + 0.18, 1 - 0.04,  2 + 0.375*c - 0.25*k, 2 + 0.75*c + 0.75*k,
           3 + 0.81, 3 + 2.37,  4 + 1.22, 4 + 0.84);
    EXPECT(dWh, 5 + 0.13, 6 + 0.1875*c - 0.25*k, 7 + 0.33, 8 + 0.77);
    EXPECT(db, 9.02, 10 + 0.375*c + 0.25*k, 12.11, 12.58);
    EXPECT(dx, 1 + 0.1 + 2.7, 2 + 1.92 + 0.9,  3 - 0.08 - 0.96, 4 + 0.3 - 0.32);
}

CASE(cell_back_gold, cell_back_like)
{
    CELL_BACK_ARRAYS(CELL_N, CELL_D, CELL_H); ADD_TO(dx, CELL_N, CELL_D);
    IN(dh, 2, CELL_N, CELL_H); IN(dc, 2, CELL_N, CELL_H);
    SET(dh, CELL_DH); SET(dc, CELL_DC);
    memcpy(dh1, dh + CELL_N*CELL_H, CELL_N*CELL_H * sizeof *dh);
    memcpy(dc1, dc + CELL_N*CELL_H, CELL_N*CELL_H * sizeof *dc);
    memcpy(dh0, dh, CELL_N*CELL_H * sizeof *dh);
    memcpy(dc0, dc, CELL_N*CELL_H * sizeof *dc);
    SET(x, CELL_X); SET(h0, CELL_H0); SET(c0, CELL_C0); SET(c1, CELL_MEMORY);
    SET(Wx, CELL_WX); SET(Wh, CELL_WH); SET(gates, CELL_GATES);
    SCALE(dh0, 1); SCALE(dx, 0); SCALE(dc0, 1); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    f(dx, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, CELL_N, CELL_D,
      CELL_H);
    EXPECT(gates, CELL_DZ);
    EXPECT(dc0, CELL_DC0);
    EXPECT(dh0, CELL_DH0);
    EXPECT(dWx, CELL_DWX);
    EXPECT(dWh, CELL_DWH);
    EXPECT(db, CELL_DB);
    EXPECT(dx, CELL_DX);
}

#define CELL_BACK(name, N, D, H) CASE(name, cell_back_like) \
    { CELL_BACK_ARRAYS(N, D, H); ADD_TO(dx, N, D); memory_usual(r, c1, gates, c0, N, H); \
      f(dx, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, N, D, H); }
CELL_BACK(cell_back_wide, 3, 5, 17)
CELL_BACK(cell_back_inputs, 5, 9, 2)
CELL_BACK(cell_back_unit, 1, 1, 1)

CASE(cell_back_no_dx, cell_back_like)
{
    CELL_BACK_ARRAYS(4, 3, 2);
    memory_usual(r, c1, gates, c0, 4, 2);
    f(NULL, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, 4, 3, 2);
}

/* Gates that are 0 or 1 and -1 or 1, and a memory for which exp is infinite. */
CASE(cell_back_saturated, cell_back_like)
{
    CELL_BACK_ARRAYS(3, 2, 7); ADD_TO(dx, 3, 2);
    SCALE(c0, 60);
    for (int i = 0; i < 3*28; i++)
        gates[i] = gates[i] > 0 ? 1 : i / 7 % 4 == 2 ? -1 : 0;
    SCALE(gates, 1);
    for (int i = 0; i < 21; i++) {
        const float *z = gates + i / 7 * 28 + i % 7;
        c1[i] = z[7] * c0[i] + z[0] * z[14];
    }
    f(dx, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, 3, 2, 7);
}

/* ---- 18.3 lstm_forward ------------------------------------------------------------- */

/* Hint 18.3: which arrays does step 0 read, and which parts of which arrays does it write?
 *
 * 18.1 for t = 0 .. T-1, with h0 = h + t*N*H, c0 = c + t*N*H, h1 and c1 one state, N H
 * numbers, after them; x + t*N*D; gates + 4*t*N*H.
 *
 * A loop over t with one call.
 */
typedef void forward_like(float *h, float *c, float *gates, const float *x,
                          const float *Wx, const float *Wh, const float *b, int T, int N,
                          int D, int H);
forward_like lstm_forward;

/* h and c have their first state, the rest waits to be written. */
#define FORWARD_ARRAYS(T, N, D, H) IN(x, T, N, D); IN(h0, N, H); IN(c0, N, H); \
    IN(Wx, 4*H, D); IN(Wh, 4*H, H); IN(b, 4*H); \
    OUT(gates, T, N, 4*H); OUT(c, T + 1, N, H); OUT(h, T + 1, N, H)
#define BEGIN_WITH_FIRST(N, H) memcpy(h, h0, (size_t)(N*H) * sizeof *h); \
    memcpy(c, c0, (size_t)(N*H) * sizeof *c)

CASE(forward_gold, forward_like)
{
    FORWARD_ARRAYS(SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    SET(x, SEQ_X); SET(h0, SEQ_H0); SET(c0, SEQ_C0); SET(Wx, SEQ_WX); SET(Wh, SEQ_WH);
    SET(b, SEQ_B);
    BEGIN_WITH_FIRST(SEQ_N, SEQ_H);
    f(h, c, gates, x, Wx, Wh, b, SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    EXPECT(gates, SEQ_GATES);
    EXPECT(c, SEQ_C0, SEQ_MEMORY);
    EXPECT(h, SEQ_H0, SEQ_STATES);
}

#define FORWARD(name, T, N, D, H) CASE(name, forward_like) \
    { FORWARD_ARRAYS(T, N, D, H); BEGIN_WITH_FIRST(N, H); \
      f(h, c, gates, x, Wx, Wh, b, T, N, D, H); }
FORWARD(forward_wide, 3, 2, 5, 17)
FORWARD(forward_long, 9, 3, 4, 2)
FORWARD(forward_one_step, 1, 3, 2, 5)
FORWARD(forward_unit, 2, 1, 1, 1)

/* Sums about 100, and a memory that grows with every step. */
CASE(forward_saturated, forward_like)
{
    FORWARD_ARRAYS(5, 2, 3, 4);
    for (int m = 0; m < 16; m++)
        b[m] = m % 3 ? 100 + b[m] : -100 - b[m];
    BEGIN_WITH_FIRST(2, 4);
    f(h, c, gates, x, Wx, Wh, b, 5, 2, 3, 4);
}

/* ---- 18.4 lstm_backward ------------------------------------------------------------ */

/* Hint 18.4: dh[t+1] and dc[t+1] are complete when what has been done?  Which step can
 * then go first?
 *
 * 18.2 for t = T-1 .. 0: from dh[t+1] and dc[t+1], which it reads, to dh[t] and dc[t],
 * which it adds to; with c[t+1] as c1, h[t] and c[t] as h0 and c0, gates[t], x[t], dx[t].
 *
 * The loop of 18.3 downwards with one call.  Mind dx: NULL plus something is not NULL.
 */
typedef void back_like(float *dx, float *dh, float *dc, float *dWx, float *dWh, float *db,
                       float *gates, const float *h, const float *c, const float *x,
                       const float *Wx, const float *Wh, int T, int N, int D, int H);
back_like lstm_backward;

#define BACK_ARRAYS(T, N, D, H) \
    IN(x, T, N, D); IN(h, T + 1, N, H); IN(c, T + 1, N, H); IN(Wx, 4*H, D); \
    IN(Wh, 4*H, H); ADD_TO(gates, T, N, 4*H); ADD_TO(dc, T + 1, N, H); \
    ADD_TO(dh, T + 1, N, H); ADD_TO(dWx, 4*H, D); ADD_TO(dWh, 4*H, H); ADD_TO(db, 4*H)
#define BACK_USUAL(T, N, H) states_usual(h, c, gates, T, N, H); SCALE(gates, 1)

CASE(back_gold, back_like)
{
    BACK_ARRAYS(SEQ_T, SEQ_N, SEQ_D, SEQ_H); ADD_TO(dx, SEQ_T, SEQ_N, SEQ_D);
    SET(x, SEQ_X); SET(h, SEQ_H0, SEQ_STATES); SET(c, SEQ_C0, SEQ_MEMORY);
    SET(Wx, SEQ_WX); SET(Wh, SEQ_WH); SET(gates, SEQ_GATES); SET(dh, SEQ_DH);
    SET(dc, SEQ_DC); SCALE(dx, 0); SCALE(dWx, 0); SCALE(dWh, 0); SCALE(db, 0);
    f(dx, dh, dc, dWx, dWh, db, gates, h, c, x, Wx, Wh, SEQ_T, SEQ_N, SEQ_D, SEQ_H);
    EXPECT(gates, SEQ_DZ);
    EXPECT(dWx, SEQ_DWX);
    EXPECT(dWh, SEQ_DWH);
    EXPECT(db, SEQ_DB);
    EXPECT(dx, SEQ_DX);
    OUT(dh_first, SEQ_N, SEQ_H); OUT(dc_first, SEQ_N, SEQ_H);
    memcpy(dh_first, dh, SEQ_N*SEQ_H * sizeof *dh);
    memcpy(dc_first, dc, SEQ_N*SEQ_H * sizeof *dc);
    EXPECT(dh_first, SEQ_DH0);
    EXPECT(dc_first, SEQ_DC0);
}

#define BACK(name, T, N, D, H) CASE(name, back_like) \
    { BACK_ARRAYS(T, N, D, H); ADD_TO(dx, T, N, D); BACK_USUAL(T, N, H); \
      f(dx, dh, dc, dWx, dWh, db, gates, h, c, x, Wx, Wh, T, N, D, H); }
BACK(back_wide, 3, 2, 5, 17)
BACK(back_long, 9, 3, 4, 2)
BACK(back_one_step, 1, 3, 2, 5)
BACK(back_unit, 2, 1, 1, 1)

CASE(back_no_dx, back_like)
{
    BACK_ARRAYS(4, 2, 3, 5);
    BACK_USUAL(4, 2, 5);
    f(NULL, dh, dc, dWx, dWh, db, gates, h, c, x, Wx, Wh, 4, 2, 3, 5);
}

/* ---- 18.5 lstm_forget_bias --------------------------------------------------------- */

/* Hint 18.5: in the order i f g o, which block of H biases is the forget gate's?  And
 * where does it begin?
 *
 * b[H] .. b[2H-1] become bias; the other three blocks are not touched.
 *
 * One loop over H units, one line.
 */
typedef void bias_like(float *b, float bias, int H);
bias_like lstm_forget_bias;

CASE(bias_by_hand, bias_like)
{
    IN(bias, 1); ADD_TO(b, 12);
    SET(bias, 1.5); SET(b, 0.5, -1, 2,  0.25, 3, -2,  1, 0, 4,  -3, 6, 7);
    f(b, *bias, 3);
    EXPECT(b, 0.5, -1, 2,  1.5, 1.5, 1.5,  1, 0, 4,  -3, 6, 7);
}

#define BIAS(name, value, H) CASE(name, bias_like) \
    { IN(bias, 1); ADD_TO(b, 4*H); SET(bias, value); f(b, *bias, H); }
BIAS(bias_many, 1, 17)
BIAS(bias_negative, -2.5, 5)
BIAS(bias_zero, 0, 4)
BIAS(bias_unit, 1, 1)

/* ---- 18.6 lstm_stack_forward ------------------------------------------------------- */

/* Hint 18.6: layer 1 is given what layer 0 says after each step: at which of the T + 1
 * states of h[0] does that begin?
 *
 * 18.3 for l = 0 .. layers-1, with h[l], c[l], gates[l], Wx[l], Wh[l], b[l].  Inputs are
 * w->x, of D numbers, for l = 0; and h[l-1] + N*H, of H numbers, for all others.
 *
 * A loop over l with one call; two of its arguments depend on whether l is 0.
 */
typedef void stack_like(struct recurrent_work *w, const struct recurrent *net);
stack_like lstm_stack_forward;

/* A stack of a case, and its first states in a row. */
struct stack { struct recurrent net, grad; struct recurrent_work w; float *h0, *c0; };

/* Arrays are called as they are in w and grad. */
static float *new_array(struct run *r, const char *name, int l, enum role role, int a, int b,
                        int c)
{
    static char names[24][24];
    char *text = names[r->count];
    snprintf(text, sizeof names[0], "%s[%d]", name, l);
    return array_new(r, text, role, 'f', 0, (int[]){a, b, c, 0});
}

static struct stack stack_new(struct run *r, int layers, int T, int N, int D, int H)
{
    struct recurrent sizes = {.cell = &lstm, .D = D, .H = H, .layers = layers};
    IN(x, T, N, D); IN(weights, recurrent_size(&sizes));
    struct stack s = {.net = recurrent_at(weights, &sizes)};
    s.w = recurrent_work_new(&s.net, T, N, T);
    s.w.x = x;
    return s;
}

/* The first states are given, the others are to be written. */
static struct stack stack_forth(struct run *r, int layers, int T, int N, int D, int H)
{
    struct stack s = stack_new(r, layers, T, N, D, H);
    IN(h0, layers, N, H); IN(c0, layers, N, H);
    s.h0 = h0, s.c0 = c0;
    for (int l = 0; l < layers; l++) {
        s.w.gates[l] = new_array(r, "gates", l, OUTPUT, T, N, 4*H);
        s.w.c[l] = new_array(r, "c", l, OUTPUT, T + 1, N, H);
        s.w.h[l] = new_array(r, "h", l, OUTPUT, T + 1, N, H);
    }
    return s;
}

static void stack_run_forth(struct stack *s, stack_like *f)
{
    const int n = s->w.N * s->net.H;
    for (int l = 0; l < s->net.layers; l++) {
        memcpy(s->w.h[l], s->h0 + l*n, (size_t)n * sizeof *s->h0);
        memcpy(s->w.c[l], s->c0 + l*n, (size_t)n * sizeof *s->c0);
    }
    f(&s->w, &s->net);
    recurrent_work_free(&s->w);
}

#define STACK_WEIGHTS STACK0_WX, STACK0_WH, STACK0_B, STACK1_WX, STACK1_WH, STACK1_B

CASE(stack_gold, stack_like)
{
    struct stack s = stack_forth(r, STACK_L, STACK_T, STACK_N, STACK_D, STACK_H);
    SET(s.w.x, STACK_X); SET(s.net.table, STACK_WEIGHTS);
    SET(s.h0, STACK0_H0, STACK1_H0); SET(s.c0, STACK0_C0, STACK1_C0);
    stack_run_forth(&s, f);
    EXPECT(s.w.gates[0], STACK0_GATES);
    EXPECT(s.w.c[0], STACK0_C0, STACK0_MEMORY);
    EXPECT(s.w.h[0], STACK0_H0, STACK0_STATES);
    EXPECT(s.w.gates[1], STACK1_GATES);
    EXPECT(s.w.c[1], STACK1_C0, STACK1_MEMORY);
    EXPECT(s.w.h[1], STACK1_H0, STACK1_STATES);
}

#define STACK(name, layers, T, N, D, H) CASE(name, stack_like) \
    { struct stack s = stack_forth(r, layers, T, N, D, H); stack_run_forth(&s, f); }
STACK(stack_three, 3, 4, 3, 2, 5)
STACK(stack_narrow, 2, 3, 2, 7, 3)
STACK(stack_wide, 2, 2, 3, 5, 17)
STACK(stack_one_step, 3, 1, 2, 4, 3)
STACK(stack_one_layer, 1, 3, 2, 5, 4)
STACK(stack_unit, 2, 2, 1, 1, 1)

/* ---- 18.7 lstm_stack_backward ------------------------------------------------------ */

/* Hint 18.7: who read h[0][t+1] on the way forward?  Of two layers, which one must be done
 * before the other can begin?
 *
 * 18.4 for l = layers-1 .. 0, with all that belongs to l; its inputs are those of 18.6,
 * and their gradient goes to where the gradient of these very inputs stands: for l > 0
 * dh[l-1] + N*H, for l = 0 nobody wants it, NULL.
 *
 * The loop of 18.6 downwards with one call; now three arguments depend on whether l is 0.
 */
typedef void stack_back_like(struct recurrent *grad, struct recurrent_work *w,
                             const struct recurrent *net);
stack_back_like lstm_stack_backward;

/* All that 18.6 has left behind, and gradients that are not 0. */
static struct stack stack_back(struct run *r, int layers, int T, int N, int D, int H)
{
    struct stack s = stack_new(r, layers, T, N, D, H);
    const int n = (T + 1)*N*H;
    IN(h, layers, T + 1, N, H); IN(c, layers, T + 1, N, H);
    s.h0 = h, s.c0 = c, s.grad = s.net;
    s.w.dx = array_new(r, "w->dx", INPUT, 'f', 0, (int[]){T, N, D, 0});
    for (int l = layers - 1; l >= 0; l--) {
        s.w.h[l] = h + l*n, s.w.c[l] = c + l*n;
        s.w.gates[l] = new_array(r, "gates", l, ADDED, T, N, 4*H);
        states_usual(s.w.h[l], s.w.c[l], s.w.gates[l], T, N, H);
        SCALE(s.w.gates[l], 1);
        s.w.dc[l] = new_array(r, "dc", l, ADDED, T + 1, N, H);
        s.w.dh[l] = new_array(r, "dh", l, ADDED, T + 1, N, H);
        s.grad.Wx[l] = new_array(r, "grad->Wx", l, ADDED, 4*H, recurrent_inputs(&s.net, l), 0);
        s.grad.Wh[l] = new_array(r, "grad->Wh", l, ADDED, 4*H, H, 0);
        s.grad.b[l] = new_array(r, "grad->b", l, ADDED, 4*H, 0, 0);
    }
    return s;
}

CASE(stack_back_gold, stack_back_like)
{
    struct stack s = stack_back(r, STACK_L, STACK_T, STACK_N, STACK_D, STACK_H);
    SET(s.w.x, STACK_X); SET(s.net.table, STACK_WEIGHTS);
    SET(s.h0, STACK0_H0, STACK0_STATES, STACK1_H0, STACK1_STATES);
    SET(s.c0, STACK0_C0, STACK0_MEMORY, STACK1_C0, STACK1_MEMORY);
    SET(s.w.gates[0], STACK0_GATES); SET(s.w.gates[1], STACK1_GATES);
    SET(s.w.dh[0], STACK0_DH); SET(s.w.dc[0], STACK0_DC);
    SET(s.w.dh[1], STACK1_DH); SET(s.w.dc[1], STACK1_DC);
    for (int l = 0; l < 2; l++)
        SCALE(s.grad.Wx[l], 0), SCALE(s.grad.Wh[l], 0), SCALE(s.grad.b[l], 0);
    f(&s.grad, &s.w, &s.net);
    recurrent_work_free(&s.w);
    EXPECT(s.w.gates[1], STACK1_DZ);
    EXPECT(s.grad.Wx[1], STACK1_DWX);
    EXPECT(s.grad.Wh[1], STACK1_DWH);
    EXPECT(s.grad.b[1], STACK1_DB);
    EXPECT(s.w.gates[0], STACK0_DZ);
    EXPECT(s.grad.Wx[0], STACK0_DWX);
    EXPECT(s.grad.Wh[0], STACK0_DWH);
    EXPECT(s.grad.b[0], STACK0_DB);
    OUT(first, 4, STACK_N, STACK_H);  // of dh and dc, layer 0, then 1
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < STACK_N*STACK_H; i++) {
            first[2*l*STACK_N*STACK_H + i] = s.w.dh[l][i];
            first[(2*l + 1)*STACK_N*STACK_H + i] = s.w.dc[l][i];
        }
    EXPECT(first, STACK0_DH0, STACK0_DC0, STACK1_DH0, STACK1_DC0);
}

#define STACK_BACK(name, layers, T, N, D, H) CASE(name, stack_back_like) \
    { struct stack s = stack_back(r, layers, T, N, D, H); f(&s.grad, &s.w, &s.net); \
      recurrent_work_free(&s.w); }
STACK_BACK(stack_back_three, 3, 4, 3, 2, 5)
STACK_BACK(stack_back_narrow, 2, 3, 2, 7, 3)
STACK_BACK(stack_back_wide, 2, 2, 3, 5, 17)
STACK_BACK(stack_back_one_step, 3, 1, 2, 4, 3)
STACK_BACK(stack_back_one_layer, 1, 3, 2, 5, 4)
STACK_BACK(stack_back_unit, 2, 2, 1, 1, 1)

/* ---- 18.8 markov_probability ------------------------------------------------------- */

/* Hint 18.8: after "ab" a text had r twice and nothing else.  How sure may you be that the
 * next is r?  And if nobody has ever seen "ab"?
 *
 * With q the answer for one character less in front, s + 1 and k - 1, or 1/V for k = 0:
 * p = (seen + kinds q) / (followed + kinds), where kinds and followed are those of the k
 * characters s, and seen is that of all k + 1.  If followed is 0, p = q.
 *
 * q, with a call of the function itself; one counts_find() of k characters and an if; one
 * of k + 1; the fraction, in double.
 */
typedef double markov_like(const struct counts *all, const int *s, int k, int V);
markov_like markov_probability;

/* The text that a case has counted, for an oracle that counts it itself. */
static const int *counted;
static int counted_n;

static struct counts count_text(const int *text, int n)
{
    counted = text, counted_n = n;
    return counts_new(text, n);
}

/* Of every character after each of so many strings of k. */
static void markov_table(float *p, const struct counts *all, const int *s, int strings, int k,
                         int V, markov_like *f)
{
    for (int i = 0; i < strings * V; i++) {
        int *told = ints((size_t)k + 1);
        memcpy(told, s + i / V * k, (size_t)k * sizeof *s);
        told[k] = i % V;
        p[i] = (float)f(all, told, k, V);
        free(told);
    }
}

#define MARKOV_CASE(strings, k, V) OUT(p, strings, V); \
    struct counts all = count_text(text, text_n); \
    markov_table(p, &all, s, strings, k, V, f); free(all.slot)
#define ABRACADABRA 0, 1, 4, 0, 2, 0, 3, 0, 1, 4, 0

CASE(markov_none, markov_like)
{
    enum { text_n = 11 };
    LABELS(text, 5, text_n); SET(text, ABRACADABRA);
    const int *s = text;
    MARKOV_CASE(1, 0, 6);
    EXPECT(p, 35.0/96, 17.0/96, 11.0/96, 11.0/96, 17.0/96, 5.0/96);
}

CASE(markov_one, markov_like)
{
    enum { text_n = 11 };
    LABELS(text, 5, text_n); LABELS(s, 5, 2, 1);
    SET(text, ABRACADABRA); SET(s, 0, 4);
    MARKOV_CASE(2, 1, 5);
    // Behind a: b twice, c, d.  Behind r: a twice.
    EXPECT(p, 3*0.375/7, (2 + 3*0.1875)/7, (1 + 3*0.125)/7, (1 + 3*0.125)/7, 3*0.1875/7,
           (2 + 0.375)/3, 0.1875/3, 0.125/3, 0.125/3, 0.1875/3);
}

CASE(markov_three, markov_like)
{
    enum { text_n = 61 };
    LABELS(text, 3, text_n); LABELS(s, 3, 13, 3);
    MARKOV_CASE(13, 3, 3);
}

CASE(markov_two, markov_like)
{
    enum { text_n = 97 };
    LABELS(text, 7, text_n); LABELS(s, 7, 17, 2);
    MARKOV_CASE(17, 2, 9);
}

CASE(markov_five, markov_like)
{
    enum { text_n = 83 };
    LABELS(text, 2, text_n); LABELS(s, 2, 11, 5);
    MARKOV_CASE(11, 5, 3);
}

/* 5 came only at the end, 6 and 7 never. */
CASE(markov_at_end, markov_like)
{
    enum { text_n = 12 };
    LABELS(text, 5, text_n); LABELS(s, 5, 5, 2);
    SET(text, ABRACADABRA, 5); SET(s, 0, 5,  6, 5,  0, 7,  7, 6,  5, 5);
    MARKOV_CASE(5, 2, 8);
}

CASE(markov_empty, markov_like)
{
    enum { text_n = 0 };
    LABELS(text, 4, 1); LABELS(s, 4, 2, 3);
    MARKOV_CASE(2, 3, 4);
    EXPECT(p, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25);
}

/* ---- 18.9 markov_bits -------------------------------------------------------------- */

/* Hint 18.9: four characters are equally likely: how many bits does it take to say which
 * one it is?  And how many of the characters before text[1] are there?
 *
 * A character whose probability is p takes -log2 p bits.  For text[i], k is the smaller one
 * of order and i; the k characters and text[i] itself stand in a row, from text + i - k.
 *
 * A sum in double, a loop over i from first to end - 1 with two lines, a division by how
 * many there were.
 */
typedef double bits_like(const struct counts *all, const int *text, int first, int end,
                         int order, int V);
bits_like markov_bits;

#define BITS(name, V, n, from, first, end, order) CASE(name, bits_like) \
    { LABELS(read, V, n); LABELS(text, V, end); OUT(result, 1); \
      struct counts all = count_text(from, from == read ? n : end); \
      *result = (float)f(&all, text, first, end, order, V); free(all.slot); }

CASE(bits_by_hand, bits_like)
{
    LABELS(read, 2, 3); LABELS(text, 2, 4); OUT(result, 1);
    SET(read, 0, 1, 0); SET(text, 1, 1, 0, 1);
    struct counts all = count_text(read, 3);
    *result = (float)f(&all, text, 1, 4, 1, 2);
    free(all.slot);
    // 0 has 3/5, 1 has 2/5; 0 behind 1 has 4/5, 1 behind 0 has 7/10, 1 behind 1 1/5.
    EXPECT(result, -(log2(0.2) + log2(0.8) + log2(0.7)) / 3);
}

BITS(bits_third, 5, 71, read, 0, 23, 3)
BITS(bits_later, 4, 55, read, 11, 40, 2)
BITS(bits_none, 7, 60, read, 0, 19, 0)
BITS(bits_own_text, 3, 3, text, 1, 33, 5)
BITS(bits_short, 6, 50, read, 0, 2, 3)
BITS(bits_one, 3, 40, read, 5, 6, 3)
BITS(bits_long, 5, 20, read, 0, 700, 1)

/* ---- what only the judge holds ----------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, in double, and `how` says what is wrong with it:
 * RIGHT nothing. */
enum how { RIGHT,
           // one step
           I_F_O_G, F_I_G_O, SIGMOID_G, NO_TANH, TURNED, KEEPS_ALL, BY_GATE, ONLY_STATE,
           LEAVES_SUMS, LEAVES_TANH, OVERFLOWS, OLD_MEMORY,
           // backward
           OVERWRITES, OVERWRITES_DC0, NO_DC1, NO_DH1, NO_F, NEW_MEMORY, F_LATE, I_LATE,
           NO_SLOPE,
           // a sequence
           FIRST_MEMORY, FIRST_STATE, FIRST_INPUT, FROM_ZERO, EXCHANGED, ONE_PLACE, OVERLAP,
           BATCH_FIRST, NO_N, EARLY, BACKWARDS, FORWARDS, NO_DC, LOSES_DH, LOSES_DC,
           LAST_ONLY, NOT_FIRST, WRONG_H, WRONG_C0, WRONG_C1, FROM_NOW,
           // a stack
           SHIFTED, ALWAYS_D, ONLY_X, FROM_MEMORY, FIRST_WEIGHTS, NOT_LAST,
           SAME_INPUTS, LOST, AT_FIRST, UPWARDS, TO_DX, TO_MEMORY,
           // a text
           PLAIN, ADD_ONE, OTHER_END, BACK_OFF, ALL_KINDS, KINDS_OF_ALL, SEEN_BEFORE, NO_V,
           TO_EQUAL, NO_IF, KINDS_ONCE, ONE_KIND, NATURAL, SUM, BY_END, OF_MEAN, IN_TURN,
           LEAST_ORDER, POWER, SKIPS, MOST, PLUS, FROM_0, PRODUCT };

/* ---- one step ---- */

/* Where the gates i f g o of a unit stand in its row. */
static const int *order_of(enum how how)
{
    static const int ours[] = {0, 1, 2, 3}, o_first[] = {0, 1, 3, 2}, f_first[] = {1, 0, 2, 3};
    return how == I_F_O_G ? o_first : how == F_I_G_O ? f_first : ours;
}

/* Number k of unit j, example n, in gates [N,4H], or for BY_GATE in [4,N,H]. */
static int gate_at(int n, int k, int j, int N, int H, enum how how)
{
    return how == BY_GATE ? (k*N + n)*H + j : (n*4 + k)*H + j;
}

static double sigmoid_of(double z, enum how how)
{
    float e = expf((float)z);
    return how == OVERFLOWS ? e / (1 + e) : 1 / (1 + exp(-z));
}

static void cell(float *h1, float *c1, float *gates, const float *x, const float *h0,
                 const float *c0, const float *Wx, const float *Wh, const float *b, int N,
                 int D, int H, enum how how)
{
    const int *order = order_of(how);
    double *z = malloc((size_t)(4*N*H) * sizeof *z);
    for (int n = 0; n < N; n++)
        for (int m = 0; m < 4*H; m++) {
            double sum = how == ONLY_STATE ? 0 : b[m];
            for (int d = 0; d < D && how != ONLY_STATE; d++)
                sum += (double)Wx[m*D + d] * x[n*D + d];
            for (int k = 0; k < H; k++)
                sum += (double)Wh[how == TURNED ? k*4*H + m : m*H + k] * h0[n*H + k];
            z[n*4*H + m] = sum;
        }
    for (int n = 0; n < N; n++)
        for (int j = 0; j < H; j++) {
            int at[4], e = n*H + j;
            for (int k = 0; k < 4; k++)
                at[k] = gate_at(n, order[k], j, N, H, how);
            double i = sigmoid_of(z[at[0]], how), f = sigmoid_of(z[at[1]], how);
            double g = how == SIGMOID_G ? sigmoid_of(z[at[2]], how) : tanh(z[at[2]]);
            double o = sigmoid_of(z[at[3]], how), all[] = {i, f, g, o};
            for (int k = 0; k < 4; k++)
                gates[at[k]] = (float)(how == LEAVES_SUMS ? z[at[k]] : all[k]);
            double c = (how == KEEPS_ALL ? 1 : f) * c0[e] + i * g;
            double shown = how == NO_TANH ? c : tanh(how == OLD_MEMORY ? c0[e] : c);
            h1[e] = (float)(o * shown);
            c1[e] = (float)(how == LEAVES_TANH ? shown : c);
        }
    free(z);
}

#define CELL_IS(name, how) \
    static void name(float *h1, float *c1, float *gates, const float *x, const float *h0, \
                     const float *c0, const float *Wx, const float *Wh, const float *b, \
                     int N, int D, int H) \
    { cell(h1, c1, gates, x, h0, c0, Wx, Wh, b, N, D, H, how); }
CELL_IS(cell_right, RIGHT)
CELL_IS(cell_i_f_o_g, I_F_O_G)
CELL_IS(cell_f_i_g_o, F_I_G_O)
CELL_IS(cell_sigmoid_g, SIGMOID_G)
CELL_IS(cell_no_tanh, NO_TANH)
CELL_IS(cell_turned, TURNED)
CELL_IS(cell_keeps_all, KEEPS_ALL)
CELL_IS(cell_by_gate, BY_GATE)
CELL_IS(cell_only_state, ONLY_STATE)
CELL_IS(cell_leaves_sums, LEAVES_SUMS)
CELL_IS(cell_leaves_tanh, LEAVES_TANH)
CELL_IS(cell_overflows, OVERFLOWS)
CELL_IS(cell_old_memory, OLD_MEMORY)

/* ---- the step backward ---- */

/* What the sums of one unit of one example get; returns what is added to dc0. */
static double unit_back(double dz[4], const double gate[4], double dh, double dc1, double c1,
                        double c0, enum how how)
{
    double i = gate[0], f = gate[1], g = gate[2], o = gate[3], shown = tanh(c1);
    double slope = how == NO_SLOPE ? 1 : 1 - shown*shown;
    double dc = (how == NO_DC1 ? 0 : dc1) + (how == NO_DH1 ? 0 : dh * o * slope);
    dz[0] = dc * g * i * (1 - i);
    dz[1] = dc * (how == NEW_MEMORY ? c1 : c0) * f * (1 - f);
    dz[2] = dc * (how == I_LATE ? dz[0] : i) * (how == SIGMOID_G ? g * (1 - g) : 1 - g*g);
    dz[3] = dh * (how == NO_TANH ? c1 : shown) * o * (1 - o);
    return dc * (how == NO_F ? 1 : how == F_LATE ? dz[1] : f);
}

static void cell_back(float *dx, float *dh0, float *dc0, float *dWx, float *dWh, float *db,
                      float *gates, const float *dh1, const float *dc1, const float *c1,
                      const float *x, const float *h0, const float *c0, const float *Wx,
                      const float *Wh, int N, int D, int H, enum how how)
{
    const int *order = order_of(how);
    double *dz = malloc((size_t)(4*N*H) * sizeof *dz);
    for (int e = 0; e < N*H; e++) {
        double gate[4], own[4];
        for (int k = 0; k < 4; k++)
            gate[k] = gates[gate_at(e / H, order[k], e % H, N, H, RIGHT)];
        double add = unit_back(own, gate, dh1[e], dc1[e], c1[e], c0[e], how);
        for (int k = 0; k < 4; k++)
            dz[gate_at(e / H, order[k], e % H, N, H, RIGHT)] = own[k];
        dc0[e] = (float)(add + (how == OVERWRITES || how == OVERWRITES_DC0 ? 0 : dc0[e]));
    }
    for (int m = 0; m < 4*H; m++) {
        double sum = how == OVERWRITES ? 0 : db[m];
        for (int n = 0; n < N; n++)
            sum += dz[n*4*H + m];
        db[m] = (float)sum;
        for (int d = 0; d < D; d++) {
            sum = how == OVERWRITES ? 0 : dWx[m*D + d];
            for (int n = 0; n < N; n++)
                sum += dz[n*4*H + m] * x[n*D + d];
            dWx[m*D + d] = (float)sum;
        }
        for (int k = 0; k < H; k++) {
            sum = how == OVERWRITES ? 0 : dWh[m*H + k];
            for (int n = 0; n < N; n++)
                sum += dz[n*4*H + m] * h0[n*H + k];
            dWh[m*H + k] = (float)sum;
        }
    }
    for (int n = 0; n < N; n++) {
        for (int d = 0; dx && d < D; d++) {
            double sum = how == OVERWRITES ? 0 : dx[n*D + d];
            for (int m = 0; m < 4*H; m++)
                sum += dz[n*4*H + m] * Wx[m*D + d];
            dx[n*D + d] = (float)sum;
        }
        for (int k = 0; k < H; k++) {
            double sum = how == OVERWRITES ? 0 : dh0[n*H + k];
            for (int m = 0; m < 4*H; m++)
                sum += dz[n*4*H + m] * Wh[m*H + k];
            dh0[n*H + k] = (float)sum;
        }
    }
    for (int i = 0; i < 4*N*H; i++)
        gates[i] = (float)dz[i];
    free(dz);
}

#define CELL_BACK_IS(name, how) \
    static void name(float *dx, float *dh0, float *dc0, float *dWx, float *dWh, float *db, \
                     float *gates, const float *dh1, const float *dc1, const float *c1, \
                     const float *x, const float *h0, const float *c0, const float *Wx, \
                     const float *Wh, int N, int D, int H) \
    { cell_back(dx, dh0, dc0, dWx, dWh, db, gates, dh1, dc1, c1, x, h0, c0, Wx, Wh, N, D, \
                H, how); }
CELL_BACK_IS(cell_back_right, RIGHT)
CELL_BACK_IS(cell_back_overwrites, OVERWRITES)
CELL_BACK_IS(cell_back_overwrites_dc0, OVERWRITES_DC0)
CELL_BACK_IS(cell_back_no_dc1, NO_DC1)
CELL_BACK_IS(cell_back_no_dh1, NO_DH1)
CELL_BACK_IS(cell_back_no_f, NO_F)
CELL_BACK_IS(cell_back_new_memory, NEW_MEMORY)
CELL_BACK_IS(cell_back_f_late, F_LATE)
CELL_BACK_IS(cell_back_i_late, I_LATE)
CELL_BACK_IS(cell_back_sigmoid_g, SIGMOID_G)
CELL_BACK_IS(cell_back_no_tanh, NO_TANH)
CELL_BACK_IS(cell_back_no_slope, NO_SLOPE)
CELL_BACK_IS(cell_back_i_f_o_g, I_F_O_G)

/* ---- a sequence ---- */

/* x [T,N,D] read as [N,T,D]: the N rows of step t, to be freed. */
static float *batch_first(const float *x, int t, int T, int N, int D)
{
    float *rows = floats((size_t)(N*D));
    for (int i = 0; i < N*D; i++)
        rows[i] = x[(i / D*T + t)*D + i % D];
    return rows;
}

static void sequence(float *h, float *c, float *gates, const float *x, const float *Wx,
                     const float *Wh, const float *b, int T, int N, int D, int H,
                     enum how how)
{
    const int step = how == NO_N ? H : N*H;
    if (how == FROM_ZERO) {
        memset(h, 0, (size_t)(N*H) * sizeof *h);
        memset(c, 0, (size_t)(N*H) * sizeof *c);
    }
    for (int i = 0; i < T - (how == EARLY); i++) {
        int t = how == BACKWARDS ? T - 1 - i : i;
        float *rows = batch_first(x, t, T, N, D), *h1 = h + (t + 1)*step;
        float *c1 = c + (t + 1)*step;
        const float *in = how == BATCH_FIRST ? rows : x + (how == FIRST_INPUT ? 0 : t*N*D);
        const float *h0 = how == FIRST_STATE ? h : h + t*step;
        const float *c0 = how == FIRST_MEMORY ? c : c + t*step;
        if (how == EXCHANGED)
            cell(c1, h1, gates + 4*t*N*H, in, h0, c0, Wx, Wh, b, N, D, H, RIGHT);
        else
            cell(h1, c1, gates + (how == ONE_PLACE ? 0 : how == OVERLAP ? t*N*H : 4*t*N*H), in,
                 h0, c0, Wx, Wh, b, N, D, H, RIGHT);
        free(rows);
    }
}

#define FORWARD_IS(name, how) \
    static void name(float *h, float *c, float *gates, const float *x, const float *Wx, \
                     const float *Wh, const float *b, int T, int N, int D, int H) \
    { sequence(h, c, gates, x, Wx, Wh, b, T, N, D, H, how); }
FORWARD_IS(forward_right, RIGHT)
FORWARD_IS(forward_first_memory, FIRST_MEMORY)
FORWARD_IS(forward_first_state, FIRST_STATE)
FORWARD_IS(forward_first_input, FIRST_INPUT)
FORWARD_IS(forward_from_zero, FROM_ZERO)
FORWARD_IS(forward_exchanged, EXCHANGED)
FORWARD_IS(forward_one_place, ONE_PLACE)
FORWARD_IS(forward_overlaps, OVERLAP)
FORWARD_IS(forward_batch_first, BATCH_FIRST)
FORWARD_IS(forward_no_n, NO_N)
FORWARD_IS(forward_early, EARLY)
FORWARD_IS(forward_backwards, BACKWARDS)

static void sequence_back(float *dx, float *dh, float *dc, float *dWx, float *dWh, float *db,
                          float *gates, const float *h, const float *c, const float *x,
                          const float *Wx, const float *Wh, int T, int N, int D, int H,
                          enum how how)
{
    const int n = N*H, last = how == NOT_FIRST ? T - 1 : T;
    const size_t state = (size_t)n * sizeof *dh;
    float *dh1 = floats((size_t)n), *dc1 = floats((size_t)n);
    for (int i = 0; i < last; i++) {
        int t = how == FORWARDS ? i : T - 1 - i, from = how == FROM_NOW ? t : t + 1;
        memcpy(dh1, dh + from*n, state);
        memcpy(dc1, dc + from*n, state);
        if (how == NO_DC)
            memset(dc1, 0, state);
        if (how == LOSES_DH)
            memset(dh + t*n, 0, state);
        if (how == LOSES_DC)
            memset(dc + t*n, 0, state);
        if (how == LAST_ONLY || (how == OVERWRITES && !i)) {
            memset(dWx, 0, (size_t)(4*H*D) * sizeof *dWx);
            memset(dWh, 0, (size_t)(4*H*H) * sizeof *dWh);
            memset(db, 0, (size_t)(4*H) * sizeof *db);
        }
        cell_back(dx ? dx + (how == ONE_PLACE ? 0 : t*N*D) : NULL, dh + t*n, dc + t*n, dWx,
                  dWh, db, gates + 4*t*n, dh1, dc1, c + (how == WRONG_C1 ? t : t + 1)*n,
                  x + t*N*D, h + (how == WRONG_H ? t + 1 : t)*n,
                  c + (how == WRONG_C0 ? t + 1 : t)*n, Wx, Wh, N, D, H, RIGHT);
    }
    free(dh1), free(dc1);
}

#define BACK_IS(name, how) \
    static void name(float *dx, float *dh, float *dc, float *dWx, float *dWh, float *db, \
                     float *gates, const float *h, const float *c, const float *x, \
                     const float *Wx, const float *Wh, int T, int N, int D, int H) \
    { sequence_back(dx, dh, dc, dWx, dWh, db, gates, h, c, x, Wx, Wh, T, N, D, H, how); }
BACK_IS(back_right, RIGHT)
BACK_IS(back_forwards, FORWARDS)
BACK_IS(back_no_dc, NO_DC)
BACK_IS(back_loses_dh, LOSES_DH)
BACK_IS(back_loses_dc, LOSES_DC)
BACK_IS(back_last_only, LAST_ONLY)
BACK_IS(back_overwrites, OVERWRITES)
BACK_IS(back_not_the_first, NOT_FIRST)
BACK_IS(back_wrong_h, WRONG_H)
BACK_IS(back_wrong_c0, WRONG_C0)
BACK_IS(back_wrong_c1, WRONG_C1)
BACK_IS(back_one_dx, ONE_PLACE)
BACK_IS(back_from_now, FROM_NOW)

/* ---- the forget gate's biases ---- */

/* first, step and number of those that are set, to what, and what becomes of all. */
static void biases(float *b, int first, int step, int count, float value, float add,
                   float others, int H)
{
    for (int j = 0; j < 4*H; j++)
        b[j] *= others;
    for (int j = 0; j < count; j++)
        b[first + j*step] = value + add * b[first + j*step];
}

#define BIAS_IS(name, ...) static void name(float *b, float bias, int H) \
    { biases(b, __VA_ARGS__, H); }
BIAS_IS(bias_right, H, 1, H, bias, 0, 1)
BIAS_IS(bias_input, 0, 1, H, bias, 0, 1)
BIAS_IS(bias_candidate, 2*H, 1, H, bias, 0, 1)
BIAS_IS(bias_output, 3*H, 1, H, bias, 0, 1)
BIAS_IS(bias_adds, H, 1, H, bias, 1, 1)
BIAS_IS(bias_all, 0, 1, 4*H, bias, 0, 1)
BIAS_IS(bias_clears, H, 1, H, bias, 0, 0)
BIAS_IS(bias_one, H, 1, 1, bias, 0, 1)
BIAS_IS(bias_in_turn, 1, 4, H, bias, 0, 1)
BIAS_IS(bias_always_1, H, 1, H, 1, 0, 1)
BIAS_IS(bias_to_the_end, H, 1, 3*H, bias, 0, 1)
BIAS_IS(bias_short, H, 1, H - 1, bias, 0, 1)

/* ---- layers on layers ---- */

static void stack(struct recurrent_work *w, const struct recurrent *net, enum how how)
{
    const int N = w->N, H = net->H, n = N*H;
    for (int l = 0; l < net->layers - (how == NOT_LAST); l++) {
        int from = how == FIRST_WEIGHTS ? 0 : l;
        float *const *below = how == FROM_MEMORY ? w->c : w->h;
        int which = how == SAME_INPUTS ? 0 : l - 1, first = how == SHIFTED ? 0 : n;
        const float *in = l && how != ONLY_X ? below[which] + first : w->x;
        int D = l && how != ONLY_X && (how != ALWAYS_D || net->D > H) ? H : net->D;
        sequence(w->h[l], w->c[l], w->gates[how == ONE_PLACE ? 0 : l], in, net->Wx[from],
                 net->Wh[from], net->b[from], w->T, N, D, H,
                 how == FROM_ZERO ? FROM_ZERO : RIGHT);
    }
}

#define STACK_IS(name, how) \
    static void name(struct recurrent_work *w, const struct recurrent *net) \
    { stack(w, net, how); }
STACK_IS(stack_right, RIGHT)
STACK_IS(stack_shifted, SHIFTED)
STACK_IS(stack_always_d, ALWAYS_D)
STACK_IS(stack_only_x, ONLY_X)
STACK_IS(stack_from_memory, FROM_MEMORY)
STACK_IS(stack_first_weights, FIRST_WEIGHTS)
STACK_IS(stack_not_last, NOT_LAST)
STACK_IS(stack_same_inputs, SAME_INPUTS)
STACK_IS(stack_from_zero, FROM_ZERO)
STACK_IS(stack_one_place, ONE_PLACE)

static void stack_backward(struct recurrent *grad, struct recurrent_work *w,
                           const struct recurrent *net, enum how how)
{
    const int T = w->T, N = w->N, H = net->H, n = N*H, L = net->layers;
    for (int l = 0; l < L && how == LOSES_DH; l++) {
        memset(w->dh[l], 0, (size_t)((T + 1)*n) * sizeof *w->dh[l]);
        memset(w->dc[l], 0, (size_t)((T + 1)*n) * sizeof *w->dc[l]);
    }
    for (int i = 0; i < L - (how == NOT_LAST); i++) {
        int l = how == UPWARDS ? i : L - 1 - i, from = how == FIRST_WEIGHTS ? 0 : l;
        float *const *to = how == TO_MEMORY ? w->dc : w->dh;
        float *dx = l && how != LOST ? to[l-1] + (how == AT_FIRST ? 0 : n)
                    : !l && how == TO_DX ? w->dx : NULL;
        const float *in = l ? w->h[l-1] + (how == SHIFTED ? 0 : n) : w->x;
        int D = l && (how != ALWAYS_D || net->D > H) ? H : net->D;
        sequence_back(dx, w->dh[l], w->dc[l], grad->Wx[l], grad->Wh[l], grad->b[l],
                      w->gates[l], w->h[l], w->c[l], in, net->Wx[from], net->Wh[from], T, N,
                      D, H, how == OVERWRITES ? OVERWRITES : RIGHT);
    }
}

#define STACK_BACK_IS(name, how) \
    static void name(struct recurrent *grad, struct recurrent_work *w, \
                     const struct recurrent *net) \
    { stack_backward(grad, w, net, how); }
STACK_BACK_IS(stack_back_right, RIGHT)
STACK_BACK_IS(stack_back_lost, LOST)
STACK_BACK_IS(stack_back_at_first, AT_FIRST)
STACK_BACK_IS(stack_back_upwards, UPWARDS)
STACK_BACK_IS(stack_back_always_d, ALWAYS_D)
STACK_BACK_IS(stack_back_shifted, SHIFTED)
STACK_BACK_IS(stack_back_first_weights, FIRST_WEIGHTS)
STACK_BACK_IS(stack_back_to_dx, TO_DX)
STACK_BACK_IS(stack_back_overwrites, OVERWRITES)
STACK_BACK_IS(stack_back_to_memory, TO_MEMORY)
STACK_BACK_IS(stack_back_not_bottom, NOT_LAST)
STACK_BACK_IS(stack_back_clears, LOSES_DH)

/* ---- a text ---- */

/* How often s [k] came, or came with another character behind it. */
static int came(const int *s, int k, bool followed)
{
    int count = 0;
    for (int i = 0; i + k + followed <= counted_n; i++)
        count += !memcmp(counted + i, s, (size_t)k * sizeof *s);
    return count;
}

/* How many different characters came behind s [k]. */
static int kinds_of(const int *s, int k)
{
    int count = 0, longer[8];
    memcpy(longer, s, (size_t)k * sizeof *s);
    for (longer[k] = 0; longer[k] < 100; longer[k]++)
        count += came(longer, k + 1, false) > 0;
    return count;
}

static double probability(const int *s, int k, int V, enum how how)
{
    double q = k ? probability(how == OTHER_END ? s : s + 1, k - 1, V, how) : 1.0 / V;
    double seen = came(s, k + 1, false), followed = came(s, k, true), kinds = kinds_of(s, k);
    switch (how) {
    case PLAIN:        return seen / followed;
    case ADD_ONE:      return (seen + 1) / (followed + V);
    case BACK_OFF:     return seen ? seen / followed : q;
    case NO_V:         q = k ? q : 0; break;
    case ALL_KINDS:    kinds = V; break;
    case KINDS_OF_ALL: kinds = kinds_of(s, k + 1); break;
    case ONE_KIND:     kinds = 1; break;
    case SEEN_BEFORE:  followed = k ? came(s, k, false) : 0; break;
    case KINDS_ONCE:   return followed ? (seen + kinds * q) / followed : q;
    case TO_EQUAL:     q = followed ? q : 1.0 / V; break;
    default:           break;
    }
    return followed || how == NO_IF ? (seen + kinds * q) / (followed + kinds) : q;
}

#define MARKOV_IS(name, how) \
    static double name(const struct counts *all, const int *s, int k, int V) \
    { (void)all; return probability(s, k, V, how); }
MARKOV_IS(markov_right, RIGHT)
MARKOV_IS(markov_plain, PLAIN)
MARKOV_IS(markov_add_one, ADD_ONE)
MARKOV_IS(markov_back_off, BACK_OFF)
MARKOV_IS(markov_no_v, NO_V)
MARKOV_IS(markov_all_kinds, ALL_KINDS)
MARKOV_IS(markov_kinds_of_all, KINDS_OF_ALL)
MARKOV_IS(markov_one_kind, ONE_KIND)
MARKOV_IS(markov_seen_before, SEEN_BEFORE)
MARKOV_IS(markov_kinds_once, KINDS_ONCE)
MARKOV_IS(markov_to_equal, TO_EQUAL)
MARKOV_IS(markov_no_if, NO_IF)
MARKOV_IS(markov_other_end, OTHER_END)

static double bits(const int *text, int first, int end, int order, int V, enum how how)
{
    double sum = 0, mean = 0, product = 1;
    for (int i = how == FROM_0 ? 0 : first; i < end; i++) {
        int most = how == MOST ? MARKOV : order, before = how == IN_TURN ? i - first : i;
        int k = before >= most ? most : how == LEAST_ORDER ? 0 : before;
        double p = how == SKIPS && i < order ? 1 : probability(text + i - k, k, V, RIGHT);
        sum -= how == NATURAL ? log(p) : log2(p);
        mean += p / (end - first);
        product *= p;
    }
    switch (how) {
    case SUM:     return sum;
    case PLUS:    return -sum / (end - first);
    case BY_END:  return sum / end;
    case OF_MEAN: return -log2(mean);
    case POWER:   return exp2(sum / (end - first));
    case PRODUCT: return -log2(product) / (end - first);
    default:      return sum / (end - first);
    }
}

#define BITS_IS(name, how) \
    static double name(const struct counts *all, const int *text, int first, int end, \
                       int order, int V) \
    { (void)all; return bits(text, first, end, order, V, how); }
BITS_IS(bits_right, RIGHT)
BITS_IS(bits_natural, NATURAL)
BITS_IS(bits_sum, SUM)
BITS_IS(bits_plus, PLUS)
BITS_IS(bits_by_end, BY_END)
BITS_IS(bits_of_mean, OF_MEAN)
BITS_IS(bits_in_turn, IN_TURN)
BITS_IS(bits_least_order, LEAST_ORDER)
BITS_IS(bits_power, POWER)
BITS_IS(bits_skips, SKIPS)
BITS_IS(bits_most, MOST)
BITS_IS(bits_from_0, FROM_0)
BITS_IS(bits_product, PRODUCT)

#endif

#define FN(f) (anything *)f
#define ADDED_TO "does the formula say = or +=?"
#define ORDER "in which order do the four blocks stand?"

const struct exercise exercises[] = {
    {"18.1", "lstm_cell_forward", FN(lstm_cell_forward),
     {{"N=2 D=2 H=1, by hand", cell_by_hand}, {"N=3 D=2 H=4", cell_gold},
      {"N=3 D=5 H=17", cell_wide}, {"N=5 D=9 H=2", cell_inputs}, {"N=1 D=1 H=1", cell_unit},
      {"N=3 D=2 H=7, sums about 100 and -100", cell_saturated}},
     JUDGE_ONLY(FN(cell_right), {
        {FN(cell_i_f_o_g), "the gates are taken in the order i f o g.", ORDER, "18.4"},
        {FN(cell_f_i_g_o), "i and f have changed places.",
         "which block comes first, and which gate stands beside c0?", "18.4"},
        {FN(cell_sigmoid_g), "the candidate g has a sigmoid.",
         "may what is added to the memory be negative?", "18.3"},
        {FN(cell_no_tanh), "in h1 the tanh of c1 is missing.",
         "between which bounds must h1 lie, however large c1 is?", "18.3"},
        {FN(cell_turned), "Wh is read as [H,4H].",
         "which flag says to gemm() that a matrix lies transposed?", "18.4"},
        {FN(cell_keeps_all), "c0 is not multiplied by f.", "which gate decides about c0?",
         "18.3"},
        {FN(cell_by_gate), "gates is read as [4,N,H], not as [N,4H].",
         "how far apart are the i of one example and the i of the next?", "18.4"},
        {FN(cell_only_state), "the sums have lost b + Wx x: Wh h0 stands alone.",
         "what does gemm() do with what is in its output, with ADD and without?", "18.4"},
        {FN(cell_leaves_sums), "gates is left with the sums, not with the gates.",
         "what does the way back need: i, or the sum it was made of?", "18.4"},
        {FN(cell_leaves_tanh), "c1 is left with its tanh.",
         "what does the next step add to: c1, or tanh(c1)?", "18.4"},
        {FN(cell_old_memory), "h1 shows c0, not c1.",
         "what comes first in a step: the new memory, or what is shown of it?", "18.4"},
        {FN(cell_overflows), "exp(z) / (1 + exp(z)) is infinity by infinity.",
         "what is exp(100) in a float?", "18.4"}})},
    {"18.2", "lstm_cell_backward", FN(lstm_cell_backward),
     {{"N=2 D=2 H=1, by hand", cell_back_by_hand}, {"N=3 D=2 H=4", cell_back_gold},
      {"N=3 D=5 H=17", cell_back_wide}, {"N=5 D=9 H=2", cell_back_inputs},
      {"N=1 D=1 H=1", cell_back_unit}, {"N=4 D=3 H=2, dx is NULL", cell_back_no_dx},
      {"N=3 D=2 H=7, gates that are 0 and 1", cell_back_saturated}},
     JUDGE_ONLY(FN(cell_back_right), {
        {FN(cell_back_overwrites), "the gradients are overwritten.", ADDED_TO, "18.5"},
        {FN(cell_back_overwrites_dc0), "dc0 is overwritten.", ADDED_TO, "18.5"},
        {FN(cell_back_no_dc1), "dc is without dc1.",
         "who reads c1 besides h1?", "18.5"},
        {FN(cell_back_no_dh1), "dc is dc1 alone: what comes through h1 is missing.",
         "does h1 change when c1 does?", "18.5"},
        {FN(cell_back_no_f), "dc0 gets dc without the factor f.",
         "how much of c0 is in c1, if the forget gate is nearly shut?", "18.5"},
        {FN(cell_back_new_memory), "dz_f has c1 in it, not c0.",
         "what was f multiplied by?", "18.5"},
        {FN(cell_back_f_late), "dc0 is made with f after it was overwritten by dz_f.",
         "at which line does f[j] stop being the forget gate?", "18.5"},
        {FN(cell_back_i_late), "dz_g is made with i after it was overwritten by dz_i.",
         "at which line does i[j] stop being the input gate?", "18.5"},
        {FN(cell_back_sigmoid_g), "dz_g has the slope g (1 - g) of a sigmoid.",
         "which of the four is a tanh?", "18.5"},
        {FN(cell_back_no_tanh), "dz_o has c1 in it, not tanh(c1).",
         "what was o multiplied by?", "18.5"},
        {FN(cell_back_no_slope), "in dc the slope of tanh is missing.",
         "how much does h1 change with c1, if c1 is 20?", "18.5"},
        {FN(cell_back_i_f_o_g), "the gates are taken in the order i f o g.", ORDER,
         "18.5"}})},
    {"18.3", "lstm_forward", FN(lstm_forward),
     {{"T=4 N=2 D=3 H=5", forward_gold}, {"T=3 N=2 D=5 H=17", forward_wide},
      {"T=9 N=3 D=4 H=2", forward_long}, {"T=1 N=3 D=2 H=5", forward_one_step},
      {"T=2 N=1 D=1 H=1", forward_unit},
      {"T=5 N=2 D=3 H=4, sums about 100 and -100", forward_saturated}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_first_memory), "every step begins with the memory c[0].",
         "which memory did the step before leave?", "18.6"},
        {FN(forward_first_state), "every step begins with the state h[0].",
         "which state did the step before leave?", "18.6"},
        {FN(forward_first_input), "every step has the inputs x[0].",
         "where do the inputs of step t begin?", "18.6"},
        {FN(forward_from_zero), "the first state is cleared.",
         "who says with what the sequence begins?", "18.6"},
        {FN(forward_exchanged), "h1 and c1 have changed places.",
         "in which order does 18.1 want its outputs?", "18.6"},
        {FN(forward_one_place), "the gates of all steps are put into gates[0].",
         "whose gates will the way back find for step 0?", "18.6"},
        {FN(forward_overlaps), "the gates of a step begin N H numbers after those before.",
         "how many numbers are the gates of one step?", "18.6"},
        {FN(forward_batch_first), "x is read as [N,T,D].",
         "what comes first in x: time, or the examples?", "18.6"},
        {FN(forward_no_n), "the states of a step begin H numbers after those before.",
         "how many numbers is the state of N examples?", "18.6"},
        {FN(forward_early), "the last step is left out.",
         "which is the last t of T steps?", "18.6"},
        {FN(forward_backwards), "the steps are made from the last to the first.",
         "what must be known before step t can begin?", "18.6"}},
      .uses = "18.1")},
    {"18.4", "lstm_backward", FN(lstm_backward),
     {{"T=4 N=2 D=3 H=5", back_gold}, {"T=3 N=2 D=5 H=17", back_wide},
      {"T=9 N=3 D=4 H=2", back_long}, {"T=1 N=3 D=2 H=5", back_one_step},
      {"T=2 N=1 D=1 H=1", back_unit}, {"T=4 N=2 D=3 H=5, dx is NULL", back_no_dx}},
     JUDGE_ONLY(FN(back_right), {
        {FN(back_forwards), "the steps are taken from the first to the last.",
         "when is dh[t+1] complete?", "18.6"},
        {FN(back_no_dc), "nothing is handed back through the memory.",
         "what did dc[t+1] get from the step after it?", "18.6"},
        {FN(back_from_now), "each step goes back from dh[t] and dc[t].",
         "which state did step t make?", "18.6"},
        {FN(back_loses_dh), "what dh[t] held before is lost.",
         "may the outputs of step t read h[t] as well?", "18.6"},
        {FN(back_loses_dc), "what dc[t] held before is lost.", ADDED_TO, "18.6"},
        {FN(back_last_only), "of dWx, dWh and db only the share of step 0 is left.",
         "in how many steps do the same weights stand?", "18.6"},
        {FN(back_overwrites), "what dWx, dWh and db held before is lost.", ADDED_TO, "18.6"},
        {FN(back_not_the_first), "step 0 is left out.",
         "which is the last t of the way back?", "18.6"},
        {FN(back_wrong_h), "dWh is made with h[t+1].",
         "which state did step t read?", "18.6"},
        {FN(back_wrong_c0), "c[t+1] stands in the place of c0.",
         "which memory did step t read, and which did it make?", "18.6"},
        {FN(back_wrong_c1), "c[t] stands in the place of c1.",
         "which memory did step t read, and which did it make?", "18.6"},
        {FN(back_one_dx), "the gradients of all inputs go to dx[0].",
         "which inputs did step t read?", "18.6"}},
      .uses = "18.2")},
    {"18.5", "lstm_forget_bias", FN(lstm_forget_bias),
     {{"H=3, by hand", bias_by_hand}, {"H=17, 1", bias_many}, {"H=5, -2.5", bias_negative},
      {"H=4, 0", bias_zero}, {"H=1, 1", bias_unit}},
     JUDGE_ONLY(FN(bias_right), {
        {FN(bias_input), "the biases of the input gate are set.", ORDER, "18.7"},
        {FN(bias_candidate), "the biases of the candidate are set.", ORDER, "18.7"},
        {FN(bias_output), "the biases of the output gate are set.", ORDER, "18.7"},
        {FN(bias_adds), "the bias is added to what was there.",
         "is b to be set, or to be changed by so much?", "18.7"},
        {FN(bias_all), "the biases of all gates are set.",
         "which gate is to be open at first?", "18.7"},
        {FN(bias_clears), "the biases of the other gates are gone.",
         "what is to happen to the other three blocks?", "18.7"},
        {FN(bias_one), "only one unit's bias is set.",
         "how many units are there, each with a forget gate of its own?", "18.7"},
        {FN(bias_in_turn), "every fourth bias is set.",
         "do the four biases of one unit stand side by side, or the biases of one gate?",
         "18.7"},
        {FN(bias_always_1), "the biases are set to 1.",
         "what is the parameter bias for?", "18.7"},
        {FN(bias_to_the_end), "all biases from the forget gate's on are set.",
         "where does the second block end?", "18.7"},
        {FN(bias_short), "the last unit is left out.", "which is the last of H units?",
         "18.7"}})},
    {"18.6", "lstm_stack_forward", FN(lstm_stack_forward),
     {{"2 layers, T=3 N=2 D=3 H=4", stack_gold}, {"3 layers, T=4 N=3 D=2 H=5", stack_three},
      {"2 layers, T=3 N=2 D=7 H=3", stack_narrow}, {"2 layers, T=2 N=3 D=5 H=17", stack_wide},
      {"3 layers, T=1 N=2 D=4 H=3", stack_one_step},
      {"1 layer, T=3 N=2 D=5 H=4", stack_one_layer},
      {"2 layers, T=2 N=1 D=1 H=1", stack_unit}},
     JUDGE_ONLY(FN(stack_right), {
        {FN(stack_shifted), "a layer is given the state before each step of the one below.",
         "at which of the T + 1 states begins what a layer says?", "18.8"},
        {FN(stack_always_d), "the upper layers are given D numbers a step, not H.",
         "how many numbers does the layer below say in a step?", "18.8"},
        {FN(stack_only_x), "all layers are given x.",
         "what does the second layer read?", "18.8"},
        {FN(stack_from_memory), "a layer is given c of the one below, not h.",
         "which of the two does a cell show to others?", "18.8"},
        {FN(stack_first_weights), "all layers have the weights of layer 0.",
         "how many Wx are there in net?", "18.8"},
        {FN(stack_not_last), "the highest layer is left out, or comes too early.",
         "if layers is 3, which values must l take, and in which order?", "18.8"},
        {FN(stack_same_inputs), "all upper layers are given the states of layer 0.",
         "which layer is below layer 2?", "18.8"},
        {FN(stack_from_zero), "the first states are cleared.",
         "who says with what the sequence begins?", "18.8"},
        {FN(stack_one_place), "the gates of all layers are put into gates[0].",
         "whose gates will the way back find for layer 0?", "18.8"}},
      .uses = "18.1 18.3")},
    {"18.7", "lstm_stack_backward", FN(lstm_stack_backward),
     {{"2 layers, T=3 N=2 D=3 H=4", stack_back_gold},
      {"3 layers, T=4 N=3 D=2 H=5", stack_back_three},
      {"2 layers, T=3 N=2 D=7 H=3", stack_back_narrow},
      {"2 layers, T=2 N=3 D=5 H=17", stack_back_wide},
      {"3 layers, T=1 N=2 D=4 H=3", stack_back_one_step},
      {"1 layer, T=3 N=2 D=5 H=4", stack_back_one_layer},
      {"2 layers, T=2 N=1 D=1 H=1", stack_back_unit}},
     JUDGE_ONLY(FN(stack_back_right), {
        {FN(stack_back_lost), "nothing comes down from the upper layers.",
         "who read h[0] on the way forward?", "18.8"},
        {FN(stack_back_at_first), "what comes down is put one step too early, from dh[l-1][0].",
         "did the layer above read the state before the first step?", "18.8"},
        {FN(stack_back_upwards), "the layers are taken from the lowest to the highest.",
         "when is the gradient in h[0] complete?", "18.8"},
        {FN(stack_back_always_d), "the upper layers have D inputs a step, not H.",
         "how many numbers did the layer below say in a step?", "18.8"},
        {FN(stack_back_shifted), "the inputs of a layer are taken one step too early.",
         "at which of the T + 1 states begins what a layer says?", "18.8"},
        {FN(stack_back_first_weights), "all layers have the weights of layer 0.",
         "how many Wx are there in net?", "18.8"},
        {FN(stack_back_to_dx), "the gradient of x is added to w->dx.",
         "who wants to know the gradient of x?", "18.8"},
        {FN(stack_back_overwrites), "what grad held before is lost.", ADDED_TO, "18.8"},
        {FN(stack_back_to_memory), "what comes down is added to dc of the layer below.",
         "which did the upper layer read, h or c?", "18.8"},
        {FN(stack_back_not_bottom), "layer 0 is left out.",
         "if layers is 3, which values must l take?", "18.8"},
        {FN(stack_back_clears), "what dh and dc held before is lost.",
         "what does the loss say of h and c by themselves?", "18.8"}},
      .uses = "18.2 18.4")},
    {"18.8", "markov_probability", FN(markov_probability),
     {{"\"abracadabra\", k=1", markov_one}, {"\"abracadabra\", k=0", markov_none},
      {"61 characters, k=3 V=3", markov_three}, {"97 characters, k=2 V=9", markov_two},
      {"83 characters, k=5 V=3", markov_five},
      {"strings at the end of the text, and strings that never came", markov_at_end},
      {"no text", markov_empty}},
     JUDGE_ONLY(FN(markov_right), {
        {FN(markov_plain), "this is seen / followed.",
         "how many bits would a character take that never came there before?", "18.9"},
        {FN(markov_add_one), "one is added to each count.",
         "after q, is each character as probable as any other?", "18.9"},
        {FN(markov_back_off), "the shorter memory is asked only where the longer knows nothing.",
         "what do the probabilities of all characters add up to?", "18.9"},
        {FN(markov_no_v), "1/V is missing for k = 0.",
         "how probable is a character that never came at all?", "18.9"},
        {FN(markov_all_kinds), "V stands where kinds should.",
         "how many different characters came after these k?", "18.9"},
        {FN(markov_kinds_of_all), "kinds is that of all k + 1 characters.",
         "whose kinds say how little the k characters tell of the next?", "18.9"},
        {FN(markov_one_kind), "kinds is 1.",
         "how many different characters came after these k?", "18.9"},
        {FN(markov_seen_before), "seen stands where followed should.",
         "which character came after the last one of the text?", "18.9"},
        {FN(markov_kinds_once), "kinds is missing below the line.",
         "what do the probabilities of all characters add up to?", "18.9"},
        {FN(markov_to_equal), "where nothing followed, it is 1/V.",
         "what is known if the last k - 1 characters came often?", "18.9"},
        {FN(markov_no_if), "where nothing followed, 0 is divided by 0.",
         "what is followed + kinds of a string that never came?", "18.9"},
        {FN(markov_other_end), "the shorter one has lost its last character, not its first.",
         "which of the k characters is farthest from the next one?", "18.9"}})},
    {"18.9", "markov_bits", FN(markov_bits),
     {{"first=1 end=4 order=1, by hand", bits_by_hand}, {"end=23 order=3", bits_third},
      {"first=11 end=40 order=2", bits_later}, {"end=19 order=0", bits_none},
      {"first=1 end=33 order=5, the text itself counted", bits_own_text},
      {"end=2 order=3", bits_short}, {"first=5 end=6 order=3", bits_one},
      {"end=700 order=1", bits_long}},
     JUDGE_ONLY(FN(bits_right), {
        {FN(bits_natural), "this is the natural logarithm.",
         "how many bits has one of two that are equally likely?", "18.9"},
        {FN(bits_sum), "the sum is not divided.", "is it a sum, or a mean?", "18.9"},
        {FN(bits_plus), "the sign is wrong.", "is log2 of a probability above 0?", "18.9"},
        {FN(bits_by_end), "the sum is divided by end.",
         "how many characters are told?", "18.9"},
        {FN(bits_of_mean), "this is the logarithm of a mean, not the mean of logarithms.",
         "which comes first, the logarithm or the sum?", "18.9"},
        {FN(bits_in_turn), "the characters before first are not used.",
         "which characters does text[first] have before it?", "18.9"},
        {FN(bits_least_order), "where fewer than order came before, none of them is used.",
         "what is k for text[1], if order is 3?", "18.9"},
        {FN(bits_power), "this is 2 to the power of the bits.",
         "are bits asked for, or a number of equally likely characters?", "18.9"},
        {FN(bits_skips), "the first characters take no bits.",
         "can text[0] be told for nothing?", "18.9"},
        {FN(bits_most), "k is always as large as it can be.",
         "what is the parameter order for?", "18.9"},
        {FN(bits_from_0), "the sum begins at 0.", "which character is told first?", "18.9"},
        {FN(bits_product), "the product of all probabilities becomes 0.",
         "what is 1/4 to the power of 700, in a double?", "18.9"}},
      .uses = "18.8")},
    {0}};
