/* 08-optimizers: the tests. */
#include "grade.h"
#include "optimizers.c"
#include "gold/08-optimizers.h"

/* Below, "batch_like batch_next;" declares the exercise again: should its parameters have
 * changed, the compiler says so. */

/* ---- 8.1 batch_next -------------------------------------------------------------- */

/* Hint 8.1: there are 5 examples, 2 to a batch.  How many does each of the first four
 * calls hand out, and before which of them is the order shuffled?
 *
 * If next == N: shuffle(order, N, &chance) and next = 0.  Then count is the smaller of
 * batch and N - next; examples[i] = order[next + i] for i = 0 .. count-1; at last next
 * grows by count.
 *
 * An if of two statements; a variable for the count, by a comparison; a loop or a memcpy()
 * that copies count numbers; one statement that moves next; a return.
 */
typedef int batch_like(int *examples, struct minibatches *b);
batch_like batch_next;

enum { CALLS = 13 };

/* So many calls.  Each fills a list of its own, so that the sanitizer sees a step out of
 * it; what stands after its first `count` numbers is nobody's business. */
static void call_often(struct run *r, batch_like *f, int **lists, int *count, int *next,
                       struct minibatches *b, int calls)
{
    static const char *const names[CALLS] = {
        "examples1", "examples2", "examples3", "examples4", "examples5", "examples6",
        "examples7", "examples8", "examples9", "examples10", "examples11", "examples12",
        "examples13"};
    int batch = b->batch;
    for (int c = 0; c < calls; c++) {
        int *list = lists[c] = array_new(r, names[c], OUTPUT, 'i', 0, (int[]){batch, 0});
        count[c] = f(list, b);
        next[c] = b->next;
        for (int i = count[c] < 0 ? 0 : count[c]; i < batch; i++)
            list[i] = -1;
    }
}

/* The order is given and nothing of it handed out yet, so nothing is random. */
CASE(batch_by_hand, batch_like)
{
    LABELS(seed, 1000000, 1); OUT_INT(count, 3); OUT_INT(next, 3); OUT_INT(order, 5);
    memcpy(order, (int[]){3, 0, 4, 1, 2}, 5 * sizeof *order);
    struct minibatches b = {.order = order, .N = 5, .batch = 2, .next = 0,
                            .chance = (uint64_t)*seed};
    int *examples[CALLS];
    call_often(r, f, examples, count, next, &b, 3);
    EXPECT(examples[0], 3, 0);
    EXPECT(examples[1], 4, 1);
    EXPECT(examples[2], 2, -1);
    EXPECT(count, 2, 2, 1);
    EXPECT(next, 2, 4, 5);
    EXPECT(order, 3, 0, 4, 1, 2);
}

static void batches_of(struct run *r, batch_like *f, int N, int batch, int calls)
{
    LABELS(seed, 1000000, 1); OUT_INT(count, calls); OUT_INT(next, calls); OUT_INT(order, N);
    for (int n = 0; n < N; n++)
        order[n] = n;
    struct minibatches b = {.order = order, .N = N, .batch = batch, .next = N,
                            .chance = stream((uint64_t)*seed, 8)};
    int *examples[CALLS];
    call_often(r, f, examples, count, next, &b, calls);
}

CASE(batch_epochs, batch_like) { batches_of(r, f, 7, 3, 10); }
CASE(batch_divides, batch_like) { batches_of(r, f, 12, 4, 8); }
CASE(batch_larger, batch_like) { batches_of(r, f, 6, 9, 4); }
CASE(batch_of_one, batch_like) { batches_of(r, f, 5, 1, 12); }
CASE(batch_many, batch_like) { batches_of(r, f, 61, 16, 13); }

/* ---- 8.2 momentum_step ----------------------------------------------------------- */

/* Hint 8.2: the gradient is 1 at every step, v begins at 0 and momentum is 0.9.  What is v
 * after one step, after two, after very many?
 *
 * First v[i] = momentum v[i] + dw[i], then w[i] = w[i] - rate v[i], with the v[i] that was
 * just computed.  The rate is not in v.
 *
 * One loop over i, two statements in it; the second reads what the first has written.
 */
typedef void momentum_like(float *w, float *v, const float *dw, float rate, float momentum,
                           int n);
momentum_like momentum_step;

#define VELOCITY(n) IN(dw, n); ADD_TO(v, n); ADD_TO(w, n)
/* The steps that PyTorch was asked for. */
#define FIVE_STEPS for (int t = 1; t <= GOLD_STEPS; t++, dw += GOLD_N)
#define GOLD_IN IN(dw, GOLD_STEPS, GOLD_N); SET(dw, GOLD_GRADIENTS)
#define GOLD_OUT ADD_TO(w, GOLD_N); SET(w, GOLD_WEIGHTS)
#define ZERO(name, n) ADD_TO(name, n); SCALE(name, 0)

CASE(momentum_by_hand, momentum_like)
{
    VELOCITY(3);
    SET(w, 1, -2, 3); SET(v, 2, -8, 0.5); SET(dw, 1, 3, -2);
    f(w, v, dw, 0.25f, 0.75f, 3);
    EXPECT(v, 2.5, -3, -1.625);
    EXPECT(w, 0.375, -1.25, 3.40625);
}

CASE(momentum_many, momentum_like)
{
    VELOCITY(37);
    f(w, v, dw, 0.3f, 0.6f, 37);
}

CASE(momentum_gold_9, momentum_like)
{
    GOLD_IN; ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, v, dw, 0.1f, 0.9f, GOLD_N);
    EXPECT(v, MOMENTUM_9_V);
    EXPECT(w, MOMENTUM_9_W);
}

CASE(momentum_gold_5, momentum_like)
{
    GOLD_IN; ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, v, dw, 0.03f, 0.5f, GOLD_N);
    EXPECT(v, MOMENTUM_5_V);
    EXPECT(w, MOMENTUM_5_W);
}

CASE(momentum_none, momentum_like)
{
    VELOCITY(1);
    SET(w, 2); SET(v, 8); SET(dw, -3);
    f(w, v, dw, 0.5f, 0, 1);
    EXPECT(v, -3);
    EXPECT(w, 3.5);
}

/* ---- 8.3 nesterov_step ----------------------------------------------------------- */

/* Hint 8.3: with momentum the weights move on even if the next gradient is 0.  How much of
 * v will be left for that next step?
 *
 * First v[i] = momentum v[i] + dw[i], as in exercise 8.2.  Then w[i] = w[i] - rate u with
 * u = dw[i] + momentum v[i], of the new v[i].
 *
 * One loop over i, two statements in it; dw[i] and momentum stand in both.
 */
momentum_like nesterov_step;

CASE(nesterov_by_hand, momentum_like)
{
    VELOCITY(3);
    SET(w, 1, -2, 3); SET(v, 2, -8, 0.5); SET(dw, 1, 3, -2);
    f(w, v, dw, 0.25f, 0.75f, 3);
    EXPECT(v, 2.5, -3, -1.625);
    EXPECT(w, 0.28125, -2.1875, 3.8046875);
}

CASE(nesterov_many, momentum_like)
{
    VELOCITY(37);
    f(w, v, dw, 0.3f, 0.6f, 37);
}

CASE(nesterov_gold_9, momentum_like)
{
    GOLD_IN; ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, v, dw, 0.1f, 0.9f, GOLD_N);
    EXPECT(v, NESTEROV_9_V);
    EXPECT(w, NESTEROV_9_W);
}

CASE(nesterov_gold_5, momentum_like)
{
    GOLD_IN; ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, v, dw, 0.03f, 0.5f, GOLD_N);
    EXPECT(v, NESTEROV_5_V);
    EXPECT(w, NESTEROV_5_W);
}

CASE(nesterov_none, momentum_like)
{
    VELOCITY(1);
    SET(w, 2); SET(v, 8); SET(dw, -3);
    f(w, v, dw, 0.5f, 0, 1);
    EXPECT(v, -3);
    EXPECT(w, 3.5);
}

/* ---- 8.4 rmsprop_step ------------------------------------------------------------ */

/* Hint 8.4: one weight has gradients of about 100, its neighbour of about 0.01.  What must
 * each be divided by, so that both take steps of about the rate?
 *
 * First s[i] = beta s[i] + (1 - beta) dw[i]^2.  Then w[i] = w[i] - rate dw[i] / q with
 * q = sqrt(s[i]) + epsilon, of the new s[i]: epsilon stands outside the root.
 *
 * One loop over i, two statements in it; one sqrtf(), one division.
 */
typedef void rmsprop_like(float *w, float *s, const float *dw, float rate, float beta,
                          float epsilon, int n);
rmsprop_like rmsprop_step;

/* A mean square is not negative. */
static void make_positive(float *s, int n)
{
    for (int i = 0; i < n; i++)
        s[i] = fabsf(s[i]);
}

CASE(rmsprop_by_hand, rmsprop_like)
{
    IN(dw, 4); ADD_TO(s, 4); ADD_TO(w, 4);
    SET(w, 1, -2, 3, 0.5); SET(s, 0, 5, 20, 0); SET(dw, 4, -1, 2, 0);
    f(w, s, dw, 0.5f, 0.75f, 0.5f, 4);
    EXPECT(s, 4, 4, 16, 0);
    EXPECT(w, 1 - 0.8, -2 + 0.2, 3 - 2 / 9.0, 0.5);
}

CASE(rmsprop_many, rmsprop_like)
{
    IN(dw, 37); ADD_TO(s, 37); ADD_TO(w, 37);
    make_positive(s, 37);
    f(w, s, dw, 0.3f, 0.6f, 0.1f, 37);
}

CASE(rmsprop_gold_99, rmsprop_like)
{
    GOLD_IN; ZERO(s, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, s, dw, 0.01f, 0.99f, 1e-8f, GOLD_N);
    EXPECT(s, RMSPROP_99_S);
    EXPECT(w, RMSPROP_99_W);
}

CASE(rmsprop_gold_80, rmsprop_like)
{
    GOLD_IN; ZERO(s, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, s, dw, 0.1f, 0.8f, 0.05f, GOLD_N);
    EXPECT(s, RMSPROP_80_S);
    EXPECT(w, RMSPROP_80_W);
}

CASE(rmsprop_small, rmsprop_like)
{
    IN(dw, 3); ZERO(s, 3); ADD_TO(w, 3);
    SCALE(dw, 1e-4f);
    f(w, s, dw, 0.1f, 0.9f, 1e-4f, 3);
}

/* ---- 8.5 adam_step --------------------------------------------------------------- */

/* Hint 8.5: m and v begin at 0.  After the first step with a gradient of 1, what are m and
 * v, and by what must each be divided to become 1?
 *
 * m[i] = beta1 m[i] + (1 - beta1) dw[i], v[i] = beta2 v[i] + (1 - beta2) dw[i]^2, and then
 * w[i] = w[i] - rate (m[i] / c1) / (sqrt(v[i] / c2) + epsilon), where c1 = 1 - beta1^t and
 * c2 = 1 - beta2^t.  m[i] and v[i] themselves are not divided.
 *
 * Two numbers before the loop, each with a call of power(); one loop over i with three
 * statements: m[i], v[i], w[i].
 */
typedef void adam_like(float *w, float *m, float *v, const float *dw, float rate,
                       float beta1, float beta2, float epsilon, int t, int n);
adam_like adam_step;

CASE(adam_by_hand, adam_like)
{
    IN(dw, 4); ADD_TO(m, 4); ADD_TO(v, 4); ADD_TO(w, 4);
    SET(w, 1, -2, 3, 0.5); SET(m, 2.5, -1.5, 1.25, 0.875); SET(v, 2.75, 1.75, 7, 0);
    SET(dw, 1, -2, 4, 0);
    f(w, m, v, dw, 0.25f, 0.5f, 0.75f, 0.5f, 3, 4);
    EXPECT(m, 1.75, -1.75, 2.625, 0.4375);  // times 8/7: 2, -2, 3, 0.5
    EXPECT(v, 2.3125, 2.3125, 9.25, 0);     // times 64/37: 4, 4, 16, 0
    EXPECT(w, 0.8, -1.8, 3 - 1 / 6.0, 0.25);
}

CASE(adam_many, adam_like)
{
    IN(dw, 37); ADD_TO(m, 37); ADD_TO(v, 37); ADD_TO(w, 37);
    make_positive(v, 37);
    f(w, m, v, dw, 0.3f, 0.6f, 0.7f, 0.1f, 4, 37);
}

CASE(adam_gold_999, adam_like)
{
    GOLD_IN; ZERO(m, GOLD_N); ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, m, v, dw, 0.001f, 0.9f, 0.999f, 1e-8f, t, GOLD_N);
    EXPECT(m, ADAM_999_M);
    EXPECT(v, ADAM_999_V);
    EXPECT(w, ADAM_999_W);
}

CASE(adam_gold_95, adam_like)
{
    GOLD_IN; ZERO(m, GOLD_N); ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, m, v, dw, 0.1f, 0.8f, 0.95f, 0.05f, t, GOLD_N);
    EXPECT(m, ADAM_95_M);
    EXPECT(v, ADAM_95_V);
    EXPECT(w, ADAM_95_W);
}

CASE(adam_first, adam_like)
{
    IN(dw, 3); ZERO(m, 3); ZERO(v, 3); ADD_TO(w, 3);
    SET(w, 1, -2, 3); SET(dw, 0.001, -50, 2);
    f(w, m, v, dw, 0.25f, 0.9f, 0.999f, 1e-8f, 1, 3);
    EXPECT(w, 0.7500025, -1.75, 2.75);  // 1e-3 / (1e-3 + 1e-8) = 0.99999
}

CASE(adam_late, adam_like)
{
    IN(dw, 5); ADD_TO(m, 5); ADD_TO(v, 5); ADD_TO(w, 5);
    make_positive(v, 5);
    f(w, m, v, dw, 0.1f, 0.9f, 0.999f, 1e-8f, 30000, 5);
}

/* ---- 8.6 adamw_step -------------------------------------------------------------- */

/* Hint 8.6: a weight has no gradient at all, and m and v are 0.  What should still happen
 * to it, and which of rate, beta1, beta2 and epsilon have a say in that?
 *
 * w[i] = (1 - rate decay) w[i] for all i; then the step of exercise 8.5 with the same dw,
 * which begins at these weights.
 *
 * One loop with one statement, then one call.
 */
typedef void adamw_like(float *w, float *m, float *v, const float *dw, float rate,
                        float beta1, float beta2, float epsilon, float decay, int t, int n);
adamw_like adamw_step;

CASE(adamw_by_hand, adamw_like)
{
    IN(dw, 4); ADD_TO(m, 4); ADD_TO(v, 4); ADD_TO(w, 4);
    SET(w, 1, -2, 3, 0.5); SET(m, 2.5, -1.5, 1.25, 0.875); SET(v, 2.75, 1.75, 7, 0);
    SET(dw, 1, -2, 4, 0);
    f(w, m, v, dw, 0.25f, 0.5f, 0.75f, 0.5f, 0.4f, 3, 4);
    EXPECT(m, 1.75, -1.75, 2.625, 0.4375);  // times 8/7: 2, -2, 3, 0.5
    EXPECT(v, 2.3125, 2.3125, 9.25, 0);     // times 64/37: 4, 4, 16, 0
    EXPECT(w, 0.7, -1.6, 2.7 - 1 / 6.0, 0.2);
}

CASE(adamw_many, adamw_like)
{
    IN(dw, 37); ADD_TO(m, 37); ADD_TO(v, 37); ADD_TO(w, 37);
    make_positive(v, 37);
    f(w, m, v, dw, 0.3f, 0.6f, 0.7f, 0.1f, 0.8f, 4, 37);
}

CASE(adamw_gold_999, adamw_like)
{
    GOLD_IN; ZERO(m, GOLD_N); ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, m, v, dw, 0.001f, 0.9f, 0.999f, 1e-8f, 0.01f, t, GOLD_N);
    EXPECT(m, ADAMW_999_M);
    EXPECT(v, ADAMW_999_V);
    EXPECT(w, ADAMW_999_W);
}

CASE(adamw_gold_95, adamw_like)
{
    GOLD_IN; ZERO(m, GOLD_N); ZERO(v, GOLD_N); GOLD_OUT;
    FIVE_STEPS f(w, m, v, dw, 0.1f, 0.8f, 0.95f, 0.05f, 0.5f, t, GOLD_N);
    EXPECT(m, ADAMW_95_M);
    EXPECT(v, ADAMW_95_V);
    EXPECT(w, ADAMW_95_W);
}

CASE(adamw_no_decay, adamw_like)
{
    IN(dw, 5); ZERO(m, 5); ZERO(v, 5); ADD_TO(w, 5);
    f(w, m, v, dw, 0.2f, 0.9f, 0.999f, 1e-8f, 0, 1, 5);
}

/* ---- 8.7 clip_norm --------------------------------------------------------------- */

/* Hint 8.7: dw = (3, 4) may have a length of 1 at most.  Which way does it point, and which
 * vector of length 1 points the same way?
 *
 * norm = sqrt(dw[0]^2 + dw[1]^2 + ... + dw[n-1]^2).  If norm > most, every dw[i] is
 * multiplied by the same most / norm; else nothing changes.  Either way norm is returned,
 * as it was before.
 *
 * A loop that adds squares to a double; a root; an if with a second loop in it; a return.
 */
typedef float clip_like(float *dw, float most, int n);
clip_like clip_norm;

CASE(clip_by_hand, clip_like)
{
    IN(most, 1); OUT(result, 2); ADD_TO(dw, 2, 4);
    SET(most, 6.5); SET(dw, 3, 0, -4, 12,  1, -2, 0, 2);
    result[0] = f(dw, *most, 4);
    result[1] = f(dw + 4, *most, 4);
    EXPECT(result, 13, 3);
    EXPECT(dw, 1.5, 0, -2, 6,  1, -2, 0, 2);
}

CASE(clip_short, clip_like)
{
    OUT(result, 2); ADD_TO(dw, 3);
    SET(dw, 1, -2, 2);
    result[0] = f(dw, 10, 3);
    result[1] = f(dw, 3, 3);
    EXPECT(result, 3, 3);
    EXPECT(dw, 1, -2, 2);
}

CASE(clip_many, clip_like)
{
    OUT(result, 1); ADD_TO(dw, 37);
    *result = f(dw, 0.7f, 37);
}

CASE(clip_gold, clip_like)
{
    OUT(result, 1); ADD_TO(dw, GOLD_N);
    SET(dw, CLIP_GRADIENT);
    *result = f(dw, 0.5f, GOLD_N);
    EXPECT(result, CLIPPED_NORM);
    EXPECT(dw, CLIPPED_DW);
}

CASE(clip_zero, clip_like)
{
    OUT(result, 1); ZERO(dw, 5);
    *result = f(dw, 2, 5);
    EXPECT(result, 0);
    EXPECT(dw, 0, 0, 0, 0, 0);
}

CASE(clip_huge, clip_like)
{
    OUT(result, 1); ADD_TO(dw, 2);
    SET(dw, -3e25, 4e25);
    *result = f(dw, 2, 2);
    EXPECT(result, 5e25);
    EXPECT(dw, -1.2, 1.6);
}

/* ---- 8.8 rate_step --------------------------------------------------------------- */

/* Hint 8.8: the rate is halved every 10 steps.  How often has it been halved when 9, 10, 19
 * and 20 steps have been made?
 *
 * rate factor^k, where k is done / every without the remainder: 0 for the first `every`
 * steps, 1 for the next.
 *
 * One line: a product with a call of power(); a division of two ints in C has no remainder.
 */
typedef float rate_step_like(float rate, int done, int every, float factor);
rate_step_like rate_step;

CASE(rate_step_by_hand, rate_step_like)
{
    IN(rate, 1); OUT(result, 8);
    SET(rate, 0.8);
    for (int done = 0; done < 8; done++)
        result[done] = f(*rate, done, 3, 0.25f);
    EXPECT(result, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05);
}

CASE(rate_step_gold, rate_step_like)
{
    OUT(result, 15);
    for (int done = 0; done < 15; done++)
        result[done] = f(0.3f, done, 4, 0.5f);
    EXPECT(result, RATE_STEP);
}

CASE(rate_step_always, rate_step_like)
{
    OUT(result, 5);
    for (int done = 0; done < 5; done++)
        result[done] = f(2, done, 1, 0.9f);
    EXPECT(result, 2, 1.8, 1.62, 1.458, 1.3122);
}

CASE(rate_step_never, rate_step_like)
{
    IN(rate, 1); OUT(result, 3);
    for (int done = 0; done < 3; done++)
        result[done] = f(*rate, 7*done, 20, 0.1f);
}

/* ---- 8.9 rate_cosine ------------------------------------------------------------- */

/* Hint 8.9: where does the cosine begin at angle 0, where does it end at angle pi, and what
 * must be done to it so that it goes from 1 to 0 instead?
 *
 * rate (1 + cos(pi done / steps)) / 2 while done < steps; from done = steps on it is 0 and
 * does not rise again.
 *
 * An if that returns 0; then one line with cos() and M_PI.  Take care that done / steps is
 * not a division of two ints.
 */
typedef float rate_cosine_like(float rate, int done, int steps);
rate_cosine_like rate_cosine;

CASE(rate_cosine_by_hand, rate_cosine_like)
{
    IN(rate, 1); OUT(result, 7);
    SET(rate, 2);
    for (int done = 0; done < 7; done++)
        result[done] = f(*rate, done, 4);
    EXPECT(result, 2, 1 + sqrt(0.5), 1, 1 - sqrt(0.5), 0, 0, 0);
}

CASE(rate_cosine_gold, rate_cosine_like)
{
    OUT(result, 14);
    for (int done = 0; done < 14; done++)
        result[done] = f(0.3f, done, 13);
    EXPECT(result, RATE_COSINE);
}

CASE(rate_cosine_after, rate_cosine_like)
{
    IN(rate, 1); OUT(result, 6);
    for (int done = 0; done < 6; done++)
        result[done] = f(*rate, 5*done, 7);
}

CASE(rate_cosine_one, rate_cosine_like)
{
    OUT(result, 3);
    for (int done = 0; done < 3; done++)
        result[done] = f(0.5f, done, 1);
    EXPECT(result, 0.5, 0, 0);
}

/* ---- 8.10 rate_warmup ------------------------------------------------------------ */

/* Hint 8.10: warmup is 4.  The first step has a quarter of the rate; what has the fourth,
 * and how many steps have been made before it?
 *
 * rate (done + 1) / warmup while done < warmup, and rate afterwards.
 *
 * An if that returns the rate itself; then one line.  Take care that (done + 1) / warmup is
 * not a division of two ints.
 */
typedef float rate_warmup_like(float rate, int done, int warmup);
rate_warmup_like rate_warmup;

CASE(rate_warmup_by_hand, rate_warmup_like)
{
    IN(rate, 1); OUT(result, 7);
    SET(rate, 0.8);
    for (int done = 0; done < 7; done++)
        result[done] = f(*rate, done, 4);
    EXPECT(result, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8);
}

CASE(rate_warmup_gold, rate_warmup_like)
{
    OUT(result, 9);
    for (int done = 0; done < 9; done++)
        result[done] = f(0.3f, done, 5);
    EXPECT(result, RATE_WARMUP);
}

CASE(rate_warmup_long, rate_warmup_like)
{
    IN(rate, 1); OUT(result, 9);
    for (int done = 0; done < 9; done++)
        result[done] = f(*rate, 97*done, 400);
}

CASE(rate_warmup_none, rate_warmup_like)
{
    OUT(result, 2);
    for (int done = 0; done < 2; done++)
        result[done] = f(0.3f, done, 0);
    EXPECT(result, 0.3, 0.3);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* ---- batch_next ---- */

/* Hands out what is left, a batch at most. */
static int hand_out(int *examples, struct minibatches *b)
{
    int count = 0;
    while (count < b->batch && b->next < b->N)
        examples[count++] = b->order[b->next++];
    return count;
}

/* A new epoch, where one is over. */
static void shuffle_when_over(struct minibatches *b)
{
    if (b->next < b->N)
        return;
    b->next = 0;
    shuffle(b->order, b->N, &b->chance);
}

static int batch_right(int *examples, struct minibatches *b)
{
    shuffle_when_over(b);
    return hand_out(examples, b);
}

static int batch_unshuffled(int *examples, struct minibatches *b)
{
    b->next %= b->N;
    return hand_out(examples, b);
}

static int batch_shuffled_always(int *examples, struct minibatches *b)
{
    b->next %= b->N;
    shuffle(b->order, b->N, &b->chance);
    return hand_out(examples, b);
}

static int batch_no_rest(int *examples, struct minibatches *b)
{
    if (b->N - b->next < b->batch)
        b->next = b->N;
    return batch_right(examples, b);
}

static int batch_full_count(int *examples, struct minibatches *b)
{
    batch_right(examples, b);
    return b->batch;
}

static int batch_stays(int *examples, struct minibatches *b)
{
    shuffle_when_over(b);
    int next = b->next, count = hand_out(examples, b);
    b->next = next;
    return count;
}

static int batch_past_end(int *examples, struct minibatches *b)
{
    shuffle_when_over(b);
    int next = b->next, count = hand_out(examples, b);
    b->next = next + b->batch;
    return count;
}

static int batch_places(int *examples, struct minibatches *b)
{
    shuffle_when_over(b);
    int next = b->next, count = hand_out(examples, b);
    for (int i = 0; i < count; i++)
        examples[i] = next + i;
    return count;
}

static int batch_from_start(int *examples, struct minibatches *b)
{
    int count = batch_right(examples, b);
    memcpy(examples, b->order, (size_t)count * sizeof *examples);
    return count;
}

static int batch_sorted_first(int *examples, struct minibatches *b)
{
    for (int n = 0; n < b->N && b->next == b->N; n++)
        b->order[n] = n;
    return batch_right(examples, b);
}

static int batch_not_back(int *examples, struct minibatches *b)
{
    if (b->next == b->N)
        shuffle(b->order, b->N, &b->chance);
    return hand_out(examples, b);
}

static int batch_early(int *examples, struct minibatches *b)
{
    int count = hand_out(examples, b);
    shuffle_when_over(b);
    return count;
}

static int batch_same_shuffle(int *examples, struct minibatches *b)
{
    uint64_t chance = b->chance;
    shuffle_when_over(b);
    b->chance = chance;
    return hand_out(examples, b);
}

/* ---- momentum_step, nesterov_step ---- */

/* What v becomes, written in its old value v0 and the gradient g, and the step that is
 * taken from w, which may also have the new value v1. */
#define MOMENTUM(name, v_new, step) \
    static void name(float *w, float *v, const float *dw, float rate, float momentum, \
                     int n) \
    { \
        for (int i = 0; i < n; i++) { \
            double v0 = v[i], g = dw[i], v1 = v_new; \
            w[i] = (float)(w[i] - (step)); \
            v[i] = (float)v1; \
        } \
    }

MOMENTUM(momentum_right, momentum*v0 + g, rate*v1)
MOMENTUM(momentum_mean, momentum*v0 + (1 - momentum)*g, rate*v1)
MOMENTUM(momentum_rate_within, momentum*v0 + rate*g, v1)
MOMENTUM(momentum_rate_negative, momentum*v0 - rate*g, -v1)
MOMENTUM(momentum_old, momentum*v0 + g, rate*v0)
MOMENTUM(momentum_forgets, g + 0*v0, rate*v1)
MOMENTUM(momentum_unfading, v0 + g, rate*v1)
MOMENTUM(momentum_of_both, momentum*(v0 + g), rate*v1)
MOMENTUM(momentum_unused, momentum*v0 + g, rate*g)
MOMENTUM(momentum_no_rate, momentum*v0 + g, v1)
MOMENTUM(momentum_unsaved, v0 + 0*g, rate*(momentum*v0 + g + 0*v1))
MOMENTUM(momentum_of_gradient, v0 + momentum*g, rate*v1)
MOMENTUM(momentum_uphill, momentum*v0 + g, -rate*v1)

MOMENTUM(nesterov_right, momentum*v0 + g, rate*(g + momentum*v1))
MOMENTUM(nesterov_old_twice, momentum*v0 + g, rate*(v1 + momentum*v0))
MOMENTUM(nesterov_no_gradient, momentum*v0 + g, rate*momentum*v1)
MOMENTUM(nesterov_whole, momentum*v0 + g, rate*(g + v1))
MOMENTUM(nesterov_ahead, momentum*v0 + g, rate*(v1 + momentum*v1))
MOMENTUM(nesterov_half_rate, momentum*v0 + g, rate*g + momentum*v1)
MOMENTUM(nesterov_rate_negative, momentum*v0 - rate*g, rate*g - momentum*v1)
MOMENTUM(nesterov_mean, momentum*v0 + (1 - momentum)*g, rate*((1 - momentum)*g + momentum*v1))
MOMENTUM(nesterov_half_mean, momentum*v0 + (1 - momentum)*g, rate*(g + momentum*v1))
MOMENTUM(nesterov_saves_step, momentum*(momentum*v0 + g) + g, rate*v1)
MOMENTUM(nesterov_uphill, momentum*v0 + g, -rate*(g + momentum*v1))

/* ---- rmsprop_step ---- */

/* Likewise, with the root of the new mean square, s1. */
#define RMSPROP(name, s_new, step) \
    static void name(float *w, float *s, const float *dw, float rate, float beta, \
                     float epsilon, int n) \
    { \
        for (int i = 0; i < n; i++) { \
            double s0 = s[i], g = dw[i], s1 = s_new, root = sqrt(s1); \
            w[i] = (float)(w[i] - (step)); \
            s[i] = (float)s1; \
            (void)epsilon, (void)root; \
        } \
    }
#define SQUARE (beta*s0 + (1.0 - beta)*g*g)

RMSPROP(rmsprop_right, SQUARE, rate*g / (root + epsilon))
RMSPROP(rmsprop_no_root, SQUARE, rate*g / (s1 + epsilon))
RMSPROP(rmsprop_epsilon_within, SQUARE, rate*g / sqrt(s1 + epsilon))
RMSPROP(rmsprop_no_epsilon, SQUARE, rate*g / root)
RMSPROP(rmsprop_unsquared, beta*s0 + (1.0 - beta)*g, rate*g / (root + epsilon))
RMSPROP(rmsprop_undamped, beta*s0 + g*g, rate*g / (root + epsilon))
RMSPROP(rmsprop_swapped, (1.0 - beta)*s0 + beta*g*g, rate*g / (root + epsilon))
RMSPROP(rmsprop_adagrad, s0 + g*g, rate*g / (root + epsilon))
RMSPROP(rmsprop_old, SQUARE, rate*g / (sqrt(s0) + epsilon))
RMSPROP(rmsprop_times, SQUARE, rate*g * (root + epsilon))
RMSPROP(rmsprop_sign_lost, SQUARE, rate / (root + epsilon))
RMSPROP(rmsprop_no_rate, SQUARE, g / (root + epsilon))
RMSPROP(rmsprop_uphill, SQUARE, -rate*g / (root + epsilon))

/* ---- adam_step ---- */

/* Likewise, with the new mean m1, the new mean square v1, and c1 and c2, by which they are
 * to be divided. */
#define ADAM(name, m_new, v_new, step, m_kept, v_kept) \
    static void name(float *w, float *m, float *v, const float *dw, float rate, \
                     float beta1, float beta2, float epsilon, int t, int n) \
    { \
        double c1 = 1 - pow(beta1, t), c2 = 1 - pow(beta2, t); \
        for (int i = 0; i < n; i++) { \
            double m0 = m[i], v0 = v[i], g = dw[i], m1 = m_new, v1 = v_new; \
            w[i] = (float)(w[i] - rate*(step)); \
            m[i] = (float)(m_kept); \
            v[i] = (float)(v_kept); \
        } \
        (void)c1, (void)c2; \
    }
#define MEAN1 (beta1*m0 + (1.0 - beta1)*g)
#define MEAN2 (beta2*v0 + (1.0 - beta2)*g*g)
#define STEP(c1, c2) (m1 / (c1) / (sqrt(v1 / (c2)) + epsilon))

ADAM(adam_right, MEAN1, MEAN2, STEP(c1, c2), m1, v1)
ADAM(adam_uncorrected, MEAN1, MEAN2, STEP(1, 1), m1, v1)
ADAM(adam_m_uncorrected, MEAN1, MEAN2, STEP(1, c2), m1, v1)
ADAM(adam_v_uncorrected, MEAN1, MEAN2, STEP(c1, 1), m1, v1)
ADAM(adam_from_0, MEAN1, MEAN2, STEP(1 - pow(beta1, t - 1), 1 - pow(beta2, t - 1)), m1, v1)
ADAM(adam_no_power, MEAN1, MEAN2, STEP(1.0 - beta1, 1.0 - beta2), m1, v1)
ADAM(adam_epsilon_within, MEAN1, MEAN2, m1 / c1 / sqrt(v1 / c2 + epsilon), m1, v1)
ADAM(adam_epsilon_early, MEAN1, MEAN2, sqrt(c2) / c1 * m1 / (sqrt(v1) + epsilon), m1, v1)
ADAM(adam_swapped, beta2*m0 + (1.0 - beta2)*g, beta1*v0 + (1.0 - beta1)*g*g, STEP(c2, c1), m1, v1)
ADAM(adam_keeps_corrected, MEAN1, MEAN2, STEP(c1, c2), m1 / c1, v1 / c2)
ADAM(adam_root_alone, MEAN1, MEAN2, m1 / c1 / (sqrt(v1) / c2 + epsilon), m1, v1)
ADAM(adam_no_root, MEAN1, MEAN2, m1 / c1 / (v1 / c2 + epsilon), m1, v1)
ADAM(adam_of_gradient, MEAN1, MEAN2, g / (sqrt(v1 / c2) + epsilon), m1, v1)

/* ---- adamw_step ---- */

/* What becomes of every weight, and then a step of Adam. */
#define ADAMW(name, decayed, step) \
    static void name(float *w, float *m, float *v, const float *dw, float rate, \
                     float beta1, float beta2, float epsilon, float decay, int t, int n) \
    { \
        for (int i = 0; i < n; i++) \
            w[i] = (float)(decayed); \
        step(w, m, v, dw, rate, beta1, beta2, epsilon, t, n); \
        (void)decay; \
    }

ADAMW(adamw_right, w[i] * (1 - (double)rate*decay), adam_right)
ADAMW(adamw_undecayed, w[i], adam_right)
ADAMW(adamw_no_rate, w[i] * (1 - decay), adam_right)
ADAMW(adamw_grows, w[i] * (1 + rate*decay), adam_right)
ADAMW(adamw_only_decay, w[i] * rate*decay, adam_right)
ADAMW(adamw_twice, w[i] * (1 - rate*decay)*(1 - rate*decay), adam_right)
ADAMW(adamw_subtracts, w[i] - rate*decay, adam_right)
ADAMW(adamw_uncorrected, w[i] * (1 - rate*decay), adam_uncorrected)

static void adamw_no_step(float *w, float *m, float *v, const float *dw, float rate,
                          float beta1, float beta2, float epsilon, float decay, int t, int n)
{
    for (int i = 0; i < n; i++)
        w[i] *= 1 - rate*decay;
    (void)m, (void)v, (void)dw, (void)beta1, (void)beta2, (void)epsilon, (void)t;
}

static void adamw_late(float *w, float *m, float *v, const float *dw, float rate,
                       float beta1, float beta2, float epsilon, float decay, int t, int n)
{
    adam_right(w, m, v, dw, rate, beta1, beta2, epsilon, t, n);
    for (int i = 0; i < n; i++)
        w[i] *= 1 - rate*decay;
}

static void adamw_by_gradient(float *w, float *m, float *v, const float *dw, float rate,
                              float beta1, float beta2, float epsilon, float decay, int t,
                              int n)
{
    for (int i = 0; i < n; i++) {
        float g = dw[i] + decay*w[i];
        adam_right(w + i, m + i, v + i, &g, rate, beta1, beta2, epsilon, t, 1);
    }
}

/* The decay goes into the numerator of the step, and so is divided by the root. */
static void adamw_divided(float *w, float *m, float *v, const float *dw, float rate,
                          float beta1, float beta2, float epsilon, float decay, int t, int n)
{
    for (int i = 0; i < n; i++) {
        double before = w[i];
        adam_right(w + i, m + i, v + i, dw + i, rate, beta1, beta2, epsilon, t, 1);
        double root = sqrt(v[i] / (1 - pow(beta2, t))) + epsilon;
        w[i] = (float)(w[i] - rate*decay*before / root);
    }
}

/* ---- clip_norm ---- */

static double norm_of(const float *dw, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)dw[i] * dw[i];
    return sqrt(sum);
}

/* All of dw times a factor; returns a number that is asked for beside it. */
static float scaled(float *dw, double factor, int n, double result)
{
    for (int i = 0; i < n; i++)
        dw[i] = (float)(dw[i] * factor);
    return (float)result;
}

/* Clips if the norm is this, and returns it. */
static float clip_by(float *dw, double norm, float most, int n)
{
    return scaled(dw, norm > most ? most / norm : 1, n, norm);
}

static float clip_right(float *dw, float most, int n)
{
    return clip_by(dw, norm_of(dw, n), most, n);
}

static float clip_each(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    for (int i = 0; i < n; i++)
        dw[i] = fmaxf(-most, fminf(dw[i], most));
    return (float)norm;
}

static float clip_returns_new(float *dw, float most, int n)
{
    clip_right(dw, most, n);
    return (float)norm_of(dw, n);
}

static float clip_always(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    return scaled(dw, most / norm, n, norm);
}

static float clip_squared(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    return clip_by(dw, norm * norm, most, n);
}

static float clip_sum_of_sizes(float *dw, float most, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += fabsf(dw[i]);
    return clip_by(dw, sum, most, n);
}

static float clip_largest(float *dw, float most, int n)
{
    double large = 0;
    for (int i = 0; i < n; i++)
        large = fmax(large, fabsf(dw[i]));
    return clip_by(dw, large, most, n);
}

static float clip_mean(float *dw, float most, int n)
{
    return clip_by(dw, norm_of(dw, n) / sqrt(n), most, n);
}

static float clip_to_one(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    return scaled(dw, norm > most ? 1 / norm : 1, n, norm);
}

static float clip_lengthens(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    return scaled(dw, norm > most ? norm / most : 1, n, norm);
}

static float clip_nothing(float *dw, float most, int n)
{
    (void)most;
    return (float)norm_of(dw, n);
}

static float clip_reversed(float *dw, float most, int n)
{
    double norm = norm_of(dw, n);
    return scaled(dw, norm < most ? most / norm : 1, n, norm);
}

static float clip_overflows(float *dw, float most, int n)
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += dw[i] * dw[i];
    return clip_by(dw, sqrtf(sum), most, n);
}

/* ---- rate_step ---- */

#define RATE_STEP_OF(name, value) \
    static float name(float rate, int done, int every, float factor) \
    { \
        (void)rate, (void)done, (void)every, (void)factor; \
        return (float)(value); \
    }

RATE_STEP_OF(rate_step_right, rate * pow(factor, floor((double)done / every)))
RATE_STEP_OF(rate_step_smooth, rate * pow(factor, (double)done / every))
RATE_STEP_OF(rate_step_late, rate * pow(factor, done ? (done - 1) / every : 0))
RATE_STEP_OF(rate_step_early, rate * pow(factor, (done + 1) / every))
RATE_STEP_OF(rate_step_times, rate * factor * (float)(done / every))
RATE_STEP_OF(rate_step_once, done >= every ? rate * factor : rate)
RATE_STEP_OF(rate_step_each, rate * pow(factor, done))
RATE_STEP_OF(rate_step_remainder, rate * pow(factor, done % every))
RATE_STEP_OF(rate_step_up, rate * pow(factor, ceil((double)done / every)))
RATE_STEP_OF(rate_step_halves, rate * pow(0.5, done / every))
RATE_STEP_OF(rate_step_dips, done && done % every == 0 ? rate * factor : rate)
RATE_STEP_OF(rate_step_no_rate, pow(factor, done / every))
RATE_STEP_OF(rate_step_dips_at_0, done % every == 0 ? rate * factor : rate)

/* ---- rate_cosine ---- */

/* So much of the rate while done < steps, and 0 after. */
#define RATE_COSINE_OF(name, value) \
    static float name(float rate, int done, int steps) \
    { \
        double share = (double)done / steps; \
        (void)share; \
        return (float)(done < steps ? rate * (value) : 0); \
    }

RATE_COSINE_OF(rate_cosine_right, (1 + cos(M_PI * share)) / 2)
RATE_COSINE_OF(rate_cosine_quarter, cos(M_PI * share / 2))
RATE_COSINE_OF(rate_cosine_bare, cos(M_PI * share))
RATE_COSINE_OF(rate_cosine_double, 1 + cos(M_PI * share))
RATE_COSINE_OF(rate_cosine_no_brackets, 1 + cos(M_PI * share) / 2)
RATE_COSINE_OF(rate_cosine_whole_turn, (1 + cos(2 * M_PI * share)) / 2)
RATE_COSINE_OF(rate_cosine_no_pi, (1 + cos(share)) / 2)
RATE_COSINE_OF(rate_cosine_constant, 1)
RATE_COSINE_OF(rate_cosine_rises, (1 - cos(M_PI * share)) / 2)
RATE_COSINE_OF(rate_cosine_sine, (1 + sin(M_PI * share)) / 2)
RATE_COSINE_OF(rate_cosine_straight, 1 - share)

static float rate_cosine_again(float rate, int done, int steps)
{
    return (float)(rate * (1 + cos(M_PI * done / steps)) / 2);
}

static float rate_cosine_returns(float rate, int done, int steps)
{
    return done < steps ? rate_cosine_right(rate, done, steps) : rate;
}

/* ---- rate_warmup ---- */

/* So much of the rate while done < warmup, and so much after. */
#define RATE_WARMUP_OF(name, value, after) \
    static float name(float rate, int done, int warmup) \
    { \
        double share = (done + 1.0) / warmup; \
        (void)share; \
        return (float)(rate * (done < warmup ? value : after)); \
    }

RATE_WARMUP_OF(rate_warmup_right, share, 1)
RATE_WARMUP_OF(rate_warmup_from_zero, (double)done / warmup, 1)
RATE_WARMUP_OF(rate_warmup_as_int, (done + 1) / warmup, 1)
RATE_WARMUP_OF(rate_warmup_zero, 0, 1)
RATE_WARMUP_OF(rate_warmup_endless, share, share)
RATE_WARMUP_OF(rate_warmup_then_zero, share, 0)
RATE_WARMUP_OF(rate_warmup_falls, 1 - share, 1)
RATE_WARMUP_OF(rate_warmup_slow, (done + 1.0) / (warmup + 1), 1)
RATE_WARMUP_OF(rate_warmup_none_at_all, 1, 1)
RATE_WARMUP_OF(rate_warmup_constant, 1.0 / warmup, 1)
RATE_WARMUP_OF(rate_warmup_square, share * share, 1)

static float rate_warmup_too_far(float rate, int done, int warmup)
{
    return (float)(rate * (done <= warmup ? (done + 1.0) / warmup : 1));
}

static float rate_warmup_no_rate(float rate, int done, int warmup)
{
    return done < warmup ? (float)(done + 1) / (float)warmup : rate;
}

#endif

/* ---- the exercises --------------------------------------------------------------- */
#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"8.1", "batch_next", FN(batch_next),
     {{"N=5, batches of 2, from a given order", batch_by_hand},
      {"N=7, batches of 3, more than three epochs", batch_epochs},
      {"N=12, batches of 4", batch_divides}, {"N=6, batches of 9", batch_larger},
      {"N=5, batches of 1", batch_of_one}, {"N=61, batches of 16", batch_many}},
     JUDGE_ONLY(FN(batch_right), {
        {FN(batch_unshuffled), "a new epoch begins, but in the same order as the last.",
         "what should happen to the order when next has reached N?", "8.1"},
        {FN(batch_shuffled_always), "the order is shuffled before every batch.",
         "an example moves to the back just before its turn: does every one still come once "
         "an epoch?", "8.1"},
        {FN(batch_no_rest), "the smaller batch at the end of an epoch is left out.",
         "when 2 examples are left and a batch has 3, when will these 2 have their turn?", "8.1"},
        {FN(batch_full_count), "it always returns the full size of a batch.",
         "how many examples are there in the last batch of 5 examples, 2 at a time?", "8.1"},
        {FN(batch_stays), "next does not move on.",
         "where should the next batch begin, and who remembers that?", "8.1"},
        {FN(batch_past_end), "next always moves on by a whole batch, at the end past N.",
         "how many examples have been handed out?", "8.1"},
        {FN(batch_places), "these are the places in order, not the numbers that stand there.",
         "where does the shuffled order enter?", "8.1"},
        {FN(batch_from_start), "every batch is taken from the start of order.",
         "what does next tell?", "8.1"},
        {FN(batch_sorted_first), "the order is put back to 0, 1, 2, ... before it is shuffled.",
         "does shuffle() need a sorted order to begin with?", "8.1"},
        {FN(batch_not_back), "a new epoch is shuffled, but next stays at N: nothing is left.",
         "where does the first batch of an epoch begin?", "8.1"},
        {FN(batch_early), "the next epoch is begun when the last batch is handed out.",
         "at the first call next is N: does it find a shuffled order?", "8.1"},
        {FN(batch_same_shuffle), "every epoch is shuffled by the same random numbers.",
         "does shuffle() get the stream itself, so that it moves on, or a copy?", "8.1"}})},
    {"8.2", "momentum_step", FN(momentum_step),
     {{"n=3, momentum 0.75, by hand", momentum_by_hand}, {"n=37, momentum 0.6", momentum_many},
      {"n=11, momentum 0.9, five steps, by PyTorch", momentum_gold_9},
      {"n=11, momentum 0.5, five steps, by PyTorch", momentum_gold_5},
      {"n=1, momentum 0", momentum_none}},
     JUDGE_ONLY(FN(momentum_right), {
        {FN(momentum_mean), "v is a mean: the gradient comes in times 1 - momentum.",
         "by what is dw[i] multiplied in the text?", "8.3"},
        {FN(momentum_rate_within), "the rate is inside v.",
         "if the rate is changed, what becomes of the steps that v remembers?", "8.3"},
        {FN(momentum_rate_negative), "v is the step itself, with the rate and the sign in it.",
         "in which of the two lines does the rate stand?", "8.3"},
        {FN(momentum_old), "the step is taken with the old v.",
         "which of the two lines comes first?", "8.3"},
        {FN(momentum_forgets), "v is the gradient alone; what it was is lost.",
         "what is left of the old v[i]?", "8.3"},
        {FN(momentum_unfading), "v only grows: the momentum is missing.",
         "how large does v become if the gradient stays 1 for ever?", "8.3"},
        {FN(momentum_of_both), "the new gradient is multiplied by the momentum too.",
         "which of the two terms has to fade?", "8.3"},
        {FN(momentum_unused), "the step is taken with dw instead of v.",
         "what is v for, if the step does not use it?", "8.3"},
        {FN(momentum_no_rate), "the rate is missing.",
         "how long should the step be if the rate is 0?", "8.3"},
        {FN(momentum_unsaved), "v stays as it was before the step.",
         "how does the next step know of this gradient?", "8.3"},
        {FN(momentum_of_gradient), "the momentum multiplies dw instead of v.",
         "which of the two terms has to fade?", "8.3"},
        {FN(momentum_uphill), "the step goes uphill.",
         "where does dw point, and where do you want to go?", "8.3"}})},
    {"8.3", "nesterov_step", FN(nesterov_step),
     {{"n=3, momentum 0.75, by hand", nesterov_by_hand}, {"n=37, momentum 0.6", nesterov_many},
      {"n=11, momentum 0.9, five steps, by PyTorch", nesterov_gold_9},
      {"n=11, momentum 0.5, five steps, by PyTorch", nesterov_gold_5},
      {"n=1, momentum 0", nesterov_none}},
     JUDGE_ONLY(FN(nesterov_right), {
        {FN(momentum_right), "this is plain momentum.",
         "what stands beside dw[i] in the step, and is it made of the old v or the new?", "8.4"},
        {FN(nesterov_old_twice), "the step is the new v and a part of the old one.",
         "which v stands in the step, and beside what?", "8.4"},
        {FN(nesterov_no_gradient), "the step has no dw of its own, only momentum v.",
         "what are the two terms of the step?", "8.4"},
        {FN(nesterov_whole), "v stands in the step without the momentum.",
         "how much of v will be left at the next step?", "8.4"},
        {FN(nesterov_ahead), "the step is v and momentum v; the first should be dw.",
         "is dw[i] not in v already?", "8.4"},
        {FN(nesterov_half_rate), "the rate multiplies dw alone.",
         "what do the brackets in the text hold together?", "8.4"},
        {FN(nesterov_rate_negative), "v is the step itself, with the rate and the sign in it.",
         "in which of the two lines does the rate stand?", "8.4"},
        {FN(nesterov_mean), "v is a mean: the gradient comes in times 1 - momentum.",
         "by what is dw[i] multiplied in the text?", "8.4"},
        {FN(nesterov_half_mean), "in v the gradient comes in times 1 - momentum.",
         "by what is dw[i] multiplied in the first line?", "8.4"},
        {FN(nesterov_saves_step), "v keeps the whole step, with the look ahead in it.",
         "what is v[i] after the first line, and does the second change it?", "8.4"},
        {FN(nesterov_uphill), "the step goes uphill.",
         "where does dw point, and where do you want to go?", "8.4"}})},
    {"8.4", "rmsprop_step", FN(rmsprop_step),
     {{"n=4, by hand", rmsprop_by_hand}, {"n=37", rmsprop_many},
      {"n=11, beta 0.99, five steps, by PyTorch", rmsprop_gold_99},
      {"n=11, beta 0.8, five steps, by PyTorch", rmsprop_gold_80},
      {"n=3, gradients as small as epsilon", rmsprop_small}},
     JUDGE_ONLY(FN(rmsprop_right), {
        {FN(rmsprop_no_root), "the gradient is divided by the mean square, not by its root.",
         "if all gradients become ten times as large, should the steps?", "8.5"},
        {FN(rmsprop_epsilon_within), "epsilon stands inside the root.",
         "what closes first in the text, the root or the sum with epsilon?", "8.5"},
        {FN(rmsprop_no_epsilon), "epsilon is missing.",
         "what is 0 divided by 0, where a gradient has always been 0?", "8.5"},
        {FN(rmsprop_unsquared), "s is the mean of dw, not of its square.",
         "can a mean square be negative?", "8.5"},
        {FN(rmsprop_undamped), "the square is added without its factor 1 - beta.",
         "the gradient is 1 for ever: what should s become, and what does it become?", "8.5"},
        {FN(rmsprop_swapped), "beta and 1 - beta have changed places.",
         "if beta is 0.99, does s remember long or forget at once?", "8.5"},
        {FN(rmsprop_adagrad), "s is the sum of all squares, which never fades; that is Adagrad.",
         "where in the first line does beta stand?", "8.5"},
        {FN(rmsprop_old), "the step is divided by the root of the old s.",
         "which of the two lines comes first?", "8.5"},
        {FN(rmsprop_times), "the gradient is multiplied by the root.",
         "should a large gradient be made smaller or larger?", "8.5"},
        {FN(rmsprop_sign_lost), "the step has no dw: it goes the same way for every weight.",
         "what stands above the line of the fraction?", "8.5"},
        {FN(rmsprop_no_rate), "the rate is missing.",
         "how long should the step be if the rate is 0?", "8.5"},
        {FN(rmsprop_uphill), "the step goes uphill.",
         "where does dw point, and where do you want to go?", "8.5"}})},
    {"8.5", "adam_step", FN(adam_step),
     {{"n=4, t=3, by hand", adam_by_hand}, {"n=37, t=4", adam_many},
      {"n=11, betas 0.9 and 0.999, five steps, by PyTorch", adam_gold_999},
      {"n=11, betas 0.8 and 0.95, five steps, by PyTorch", adam_gold_95},
      {"n=3, t=1, by hand", adam_first}, {"n=5, t=30000", adam_late}},
     JUDGE_ONLY(FN(adam_right), {
        {FN(adam_uncorrected), "neither mean is divided by its 1 - beta^t.",
         "m and v begin at 0: are they as large as the gradient after one step?", "8.6"},
        {FN(adam_m_uncorrected), "m is not divided by 1 - beta1^t.",
         "how many of the two means begin at 0?", "8.6"},
        {FN(adam_v_uncorrected), "v is not divided by 1 - beta2^t.",
         "how many of the two means begin at 0?", "8.6"},
        {FN(adam_from_0), "the power is taken of t - 1.",
         "what is t at the first step, and what would 1 - beta^0 be?", "8.6"},
        {FN(adam_no_power), "both are divided by 1 - beta, as if t were always 1.",
         "what does the power t do as t grows?", "8.6"},
        {FN(adam_epsilon_within), "epsilon stands inside the root.",
         "what closes first in the text, the root or the sum with epsilon?", "8.6"},
        {FN(adam_epsilon_early), "epsilon is added before v is corrected.",
         "epsilon is added to the root of what?", "8.6"},
        {FN(adam_swapped), "beta1 and beta2 have changed places.",
         "which of the two means should remember longer?", "8.6"},
        {FN(adam_keeps_corrected), "m and v are stored after the division.",
         "the correction is for means that began at 0: what happens if it is applied again at "
         "the next step?", "8.6"},
        {FN(adam_root_alone), "the root of v is divided by 1 - beta2^t, not v.",
         "which comes first, the correction of v or the root?", "8.6"},
        {FN(adam_no_root), "m is divided by the mean square, not by its root.",
         "if all gradients become ten times as large, should the steps?", "8.6"},
        {FN(adam_of_gradient), "the step is taken with dw instead of m.",
         "what is m for, if the step does not use it?", "8.6"}})},
    {"8.6", "adamw_step", FN(adamw_step),
     {{"n=4, t=3, by hand", adamw_by_hand}, {"n=37, t=4", adamw_many},
      {"n=11, decay 0.01, five steps, by PyTorch", adamw_gold_999},
      {"n=11, decay 0.5, five steps, by PyTorch", adamw_gold_95},
      {"n=5, no decay, t=1", adamw_no_decay}},
     JUDGE_ONLY(FN(adamw_right), {
        {FN(adamw_by_gradient), "the decay goes by way of the gradient; that is Adam with L2.",
         "should m and v know of the decay?", "8.7"},
        {FN(adamw_divided), "the decay is divided by the root of v.",
         "do two weights of one size but other gradients decay alike?", "8.7"},
        {FN(adamw_late), "the weights decay after the step and not before it.",
         "is the step itself to decay as well?", "8.7"},
        {FN(adamw_undecayed), "no weight decays; this is Adam.",
         "what becomes of w[i] before the step?", "8.7"},
        {FN(adamw_no_rate), "the decay lacks the rate.",
         "if the rate is 0, should anything change?", "8.7"},
        {FN(adamw_grows), "the weights grow instead of decaying.",
         "is the factor to be above 1 or below it?", "8.7"},
        {FN(adamw_only_decay), "the weights are multiplied by rate decay.",
         "rate decay is small: what is left of the weights?", "8.7"},
        {FN(adamw_subtracts), "the same amount is taken from every weight.",
         "should a large weight lose more than a small one?", "8.7"},
        {FN(adamw_twice), "the weights decay twice.",
         "how many times is every weight multiplied?", "8.7"},
        {FN(adamw_no_step), "the weights decay, but there is no step of Adam.",
         "what follows the decay?", "8.7"},
        {FN(adamw_uncorrected), "the means are not divided by their 1 - beta^t.",
         "is the step of exercise 8.5 called, and with which t?", "8.7"}},
     .uses = "8.5")},
    {"8.7", "clip_norm", FN(clip_norm),
     {{"n=4, norms 13 and 3, most 6.5", clip_by_hand}, {"n=3, norm 3, most 10 and 3", clip_short},
      {"n=37, most 0.7", clip_many}, {"n=11, most 0.5, by PyTorch", clip_gold},
      {"n=5, all 0", clip_zero}, {"n=2, norm 5e25", clip_huge}},
     JUDGE_ONLY(FN(clip_right), {
        {FN(clip_each), "every number is clipped by itself.",
         "does the gradient still point the same way?", "8.8"},
        {FN(clip_returns_new), "it returns the norm after clipping.",
         "of which dw is the norm asked for?", "8.8"},
        {FN(clip_always), "a gradient that is short enough is stretched.",
         "what if the norm is smaller than most?", "8.8"},
        {FN(clip_squared), "the root is missing.",
         "how long is the vector (3, 4)?", "8.8"},
        {FN(clip_sum_of_sizes), "this is the sum of sizes, not the root of the squares.",
         "how long is the vector (3, 4)?", "8.8"},
        {FN(clip_largest), "this is the size of the largest number.",
         "how long is the vector (3, 4)?", "8.8"},
        {FN(clip_mean), "this is the root of the mean square; the norm has no mean.",
         "is the sum of squares divided by anything?", "8.8"},
        {FN(clip_to_one), "a gradient that is too long becomes 1 long.",
         "how long should it be?", "8.8"},
        {FN(clip_lengthens), "a gradient that is too long becomes longer still.",
         "is most / norm above 1 or below it?", "8.8"},
        {FN(clip_nothing), "dw is never clipped.",
         "what should happen when norm > most?", "8.8"},
        {FN(clip_reversed), "what is too short is stretched, what is too long stays.",
         "which way does the comparison point?", "8.8"},
        {FN(clip_overflows), "the square of a large number is too large for a float.",
         "what is the largest float, about, and what is 1e25 squared?", "8.8"}})},
    {"8.8", "rate_step", FN(rate_step),
     {{"every 3, factor 0.25, done 0 to 7", rate_step_by_hand},
      {"every 4, factor 0.5, done 0 to 14, by PyTorch", rate_step_gold},
      {"every 1, factor 0.9, done 0 to 4", rate_step_always},
      {"every 20, factor 0.1, done 0, 7, 14", rate_step_never}},
     JUDGE_ONLY(FN(rate_step_right), {
        {FN(rate_step_smooth), "the rate falls a little at every step.",
         "what is 2 / 3 without its remainder?", "8.9"},
        {FN(rate_step_late), "the rate falls one step too late.",
         "every is 3: which rate has the step before which 3 have been made?", "8.9"},
        {FN(rate_step_early), "the rate falls one step too early.",
         "every is 3: which rate has the step before which 2 have been made?", "8.9"},
        {FN(rate_step_times), "the factor is multiplied by a number, not raised to it.",
         "what is the factor to the power 0, and what is it times 0?", "8.9"},
        {FN(rate_step_once), "the rate falls only once.",
         "what is it after twice as many steps?", "8.9"},
        {FN(rate_step_each), "the rate falls at every step.",
         "where does every come in?", "8.9"},
        {FN(rate_step_remainder), "this is the remainder of done / every.",
         "which of / and % tells how often every fits into done?", "8.9"},
        {FN(rate_step_up), "done / every is rounded up.",
         "every is 3: how often has the rate fallen when 1 step has been made?", "8.9"},
        {FN(rate_step_halves), "the factor is always 0.5.",
         "what is the fourth parameter for?", "8.9"},
        {FN(rate_step_dips), "the rate falls for one step and then is back.",
         "how often has it fallen by now, and does that ever become less?", "8.9"},
        {FN(rate_step_no_rate), "this is the factor to its power, without the rate.",
         "what is multiplied by it?", "8.9"},
        {FN(rate_step_dips_at_0), "the rate falls for one step and then is back, and the first "
         "step has the lower rate already.",
         "how often has it fallen by now, and does that ever become less?", "8.9"}})},
    {"8.9", "rate_cosine", FN(rate_cosine),
     {{"4 steps, done 0 to 6", rate_cosine_by_hand},
      {"13 steps, done 0 to 13, by PyTorch", rate_cosine_gold},
      {"7 steps, done 0, 5, 10 to 25", rate_cosine_after},
      {"1 step, done 0 to 2", rate_cosine_one}},
     JUDGE_ONLY(FN(rate_cosine_right), {
        {FN(rate_cosine_again), "after the last step the rate rises again.",
         "what does the cosine do beyond pi, and what should the rate do?", "8.9"},
        {FN(rate_cosine_returns), "after the last step the rate is back at its full size.",
         "which rate is left when the steps are over?", "8.9"},
        {FN(rate_cosine_quarter), "this is a quarter of the cosine's period, not a half.",
         "at which angle does the cosine end, and what is the rate half way?", "8.9"},
        {FN(rate_cosine_bare), "this is the bare cosine, which becomes negative.",
         "from where to where does a cosine go, and where should the rate end?", "8.9"},
        {FN(rate_cosine_double), "all is twice as large as it should be.",
         "what is 1 + cos(0)?", "8.9"},
        {FN(rate_cosine_no_brackets), "only the cosine is halved, not 1 + cos.",
         "what do the brackets in the text hold together?", "8.9"},
        {FN(rate_cosine_whole_turn), "the cosine goes a whole turn: down and up again.",
         "at which angle does the cosine end?", "8.9"},
        {FN(rate_cosine_no_pi), "pi is missing.",
         "at which angle is the cosine -1?", "8.9"},
        {FN(rate_cosine_constant), "the rate stays as it is up to the end.",
         "what is 3 / 4 in C, if both are ints?", "8.9"},
        {FN(rate_cosine_rises), "the rate rises from 0.",
         "what is the sign before the cosine?", "8.9"},
        {FN(rate_cosine_sine), "this is a sine.", "what is the rate at the first step?", "8.9"},
        {FN(rate_cosine_straight), "the rate falls along a straight line.",
         "where is the cosine?", "8.9"}})},
    {"8.10", "rate_warmup", FN(rate_warmup),
     {{"warmup 4, done 0 to 6", rate_warmup_by_hand},
      {"warmup 5, done 0 to 8, by PyTorch", rate_warmup_gold},
      {"warmup 400, done 0, 97, 194 to 776", rate_warmup_long},
      {"warmup 0, done 0 and 1", rate_warmup_none}},
     JUDGE_ONLY(FN(rate_warmup_right), {
        {FN(rate_warmup_from_zero), "the first step has a rate of 0.",
         "what is the use of a step that does not move?", "8.9"},
        {FN(rate_warmup_as_int), "the fraction is cut to a whole number.",
         "what is 3 / 4 in C, if both are ints?", "8.9"},
        {FN(rate_warmup_zero), "the rate is 0 until the end of the warm-up.",
         "what is 3 / 4 in C, if both are ints?", "8.9"},
        {FN(rate_warmup_endless), "the rate never stops rising.",
         "what is the rate when the warm-up is over?", "8.9"},
        {FN(rate_warmup_then_zero), "after the warm-up the rate is 0.",
         "what is the rate when the warm-up is over?", "8.9"},
        {FN(rate_warmup_falls), "the rate falls.",
         "which step should have the smallest rate?", "8.9"},
        {FN(rate_warmup_slow), "the rate is divided by warmup + 1.",
         "what fraction of the rate should step number `warmup` have?", "8.9"},
        {FN(rate_warmup_none_at_all), "there is no warm-up.",
         "what happens while done < warmup?", "8.9"},
        {FN(rate_warmup_constant), "the rate is small, but it does not rise.",
         "where does done come in?", "8.9"},
        {FN(rate_warmup_square), "the rate rises along a parabola.",
         "which fraction of the rate is it half way?", "8.9"},
        {FN(rate_warmup_too_far), "one step has a rate larger than the full one.",
         "what is (done + 1) / warmup when done = warmup?", "8.9"},
        {FN(rate_warmup_no_rate), "during the warm-up this is the fraction, without the rate.",
         "the fraction of what is asked for?", "8.9"}})},
    {0}};
