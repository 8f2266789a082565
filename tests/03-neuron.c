/* 03-neuron: the tests. */
#include "grade.h"
#include <fenv.h>
#include <00-kit/kit.h>

/* The processor notes it when a number becomes too large for a float, and expf() sees to
 * it that it does.  exp32() just answers INFINITY, so here it is made to tell as well. */
float exp32_told(float x)
{
    float y = exp32(x);
    if (isinf(y) && !isinf(x))
        feraiseexcept(FE_OVERFLOW);
    return y;
}
#define exp32(x) exp32_told(x)

#include "neuron.c"

/* ---- 3.1 sigmoid ----------------------------------------------------------------- */

/* Hint 3.1: exp(100) is more than a float can hold; what is exp(-100)?
 *
 * 1 / (1 + exp(-z)) and exp(z) / (1 + exp(z)) are the same number: the second is the
 * first with numerator and denominator times exp(z).  For which z is each of them safe?
 *
 * One exponential, of minus the size of z; then a division, whose numerator depends on
 * the sign of z.  Try z = 1 and z = -1 on paper: the denominator is the same.
 */
typedef float sigmoid_like(float z);

CASE(sigmoid_by_hand, sigmoid_like)
{
    IN(z, 3); OUT(result, 3);
    SET(z, 0, 1.0986122886681098, -1.0986122886681098);  // 0, ln 3, -ln 3
    for (int i = 0; i < 3; i++)
        result[i] = f(z[i]);
    EXPECT(result, 0.5, 0.75, 0.25);
}

CASE(sigmoid_many, sigmoid_like)
{
    IN(z, 17); OUT(result, 17);
    SCALE(z, 8);
    for (int i = 0; i < 17; i++)
        result[i] = f(z[i]);
}

/* The values are asked for in the next case: here it is only how they were come by. */
CASE(sigmoid_overflows, sigmoid_like)
{
    IN(z, 4); OUT_INT(overflows, 4);
    SET(z, -1000, 1000, -1e38, 1e38);
    for (int i = 0; i < 4; i++) {
        feclearexcept(FE_ALL_EXCEPT);
        volatile float p = f(z[i]);
        (void)p;
        overflows[i] = fetestexcept(FE_OVERFLOW) != 0;
    }
    EXPECT(overflows, 0, 0, 0, 0);
}

CASE(sigmoid_far_out, sigmoid_like)
{
    IN(z, 6); OUT(result, 6);
    SET(z, -100, 100, -1e4, 1e4, -INFINITY, INFINITY);
    for (int i = 0; i < 6; i++)
        result[i] = f(z[i]);
    EXPECT(result, 0, 1, 0, 1, 0, 1);
}

CASE(sigmoid_small, sigmoid_like)
{
    IN(z, 3); OUT(result, 3);
    SET(z, -9, -9.5, -10);
    for (int i = 0; i < 3; i++)
        result[i] = f(z[i]);
}

CASE(sigmoid_tiny, sigmoid_like)
{
    IN(z, 1); OUT(result, 1);
    SET(z, -80);
    *result = f(*z);
}

/* ---- 3.2 neuron_forward ---------------------------------------------------------- */

/* Hint 3.2: the logit of one example is a dot product and a bias; what of it changes from
 * one example to the next, and what stays?
 *
 * z[n] = b + x[n,0] w[0] + x[n,1] w[1] + ... + x[n,D-1] w[D-1], for every n by itself.
 * In memory x[n,d] is x[n*D + d].
 *
 * A loop over n; in it a sum that begins anew, a loop over d that adds to it, and, after
 * that loop, one assignment.
 */
typedef void forward(float *z, const float *x, const float *w, float b, int N, int D);

CASE(forward_by_hand, forward)
{
    IN(x, 2, 3); IN(w, 3); IN(b, 1); OUT(z, 2);
    SET(x, 1, 2, 3, -4, 5, 0.5); SET(w, 10, -1, 2); SET(b, 0.5);
    f(z, x, w, *b, 2, 3);
    EXPECT(z, 14.5, -43.5);
}

CASE(forward_many, forward)
{
    IN(x, 5, 17); IN(w, 17); IN(b, 1); OUT(z, 5);
    f(z, x, w, *b, 5, 17);
}

CASE(forward_more_examples, forward)
{
    IN(x, 11, 4); IN(w, 4); IN(b, 1); OUT(z, 11);
    f(z, x, w, *b, 11, 4);
}

CASE(forward_one_input, forward)
{
    IN(x, 3, 1); IN(w, 1); IN(b, 1); OUT(z, 3);
    f(z, x, w, *b, 3, 1);
}

/* ---- 3.3 bce_forward ------------------------------------------------------------- */

/* Hint 3.3: what must one example cost when the neuron is quite sure, z = 50, and right?
 * And what when it is as sure and wrong?
 *
 * One example costs log(1 + exp(z)) - z t, and log(1 + exp(z)) is the larger of z and 0,
 * plus log(1 + exp(-|z|)).  No probability and no clamp is needed.
 *
 * A sum over n of three terms, of which only one has a logarithm; one division at the end.
 */
typedef float loss(const float *z, const float *t, int N);

CASE(loss_by_hand, loss)
{
    IN(z, 4); IN(t, 4); OUT(result, 2);
    SET(z, 0, 1.0986122886681098, -1.9459101490553132, 2.7080502011022101);
    SET(t, 1, 1, 0, 0);  // of z = 0, ln 3, -ln 7, ln 15
    result[0] = f(z, t, 4);
    result[1] = f(z + 1, t + 1, 2);
    EXPECT(result, 0.9717373420,  // (log 2 + log 4/3 + log 8/7 + log 16) / 4
           0.2106067325);           // (log 4/3 + log 8/7) / 2
}

CASE(loss_many, loss)
{
    IN(z, 13); IN(t, 13); OUT(result, 1);
    SCALE(z, 4); SET(t, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1);
    *result = f(z, t, 13);
}

CASE(loss_sure_of_0, loss)
{
    IN(z, 2); IN(t, 2); OUT(result, 1);
    SET(z, -25, -26); SET(t, 1, 1);
    *result = f(z, t, 2);
    EXPECT(result, 25.5);
}

CASE(loss_sure_of_1, loss)
{
    IN(z, 2); IN(t, 2); OUT(result, 1);
    SET(z, 12, 13); SET(t, 0, 0);
    *result = f(z, t, 2);
}

CASE(loss_far_out, loss)
{
    IN(z, 4); IN(t, 4); OUT(result, 1);
    SET(z, 100, -1000, -100, 1e4); SET(t, 1, 0, 1, 0);
    *result = f(z, t, 4);
    EXPECT(result, 2525);
}

CASE(loss_largest, loss)
{
    IN(z, 3); IN(t, 3); OUT(result, 1);
    SET(z, 3e38, -3e38, 3e38); SET(t, 0, 0, 1);
    *result = f(z, t, 3);
    EXPECT(result, 1e38);
}

/* ---- 3.4 bce_backward ------------------------------------------------------------ */

/* Hint 3.4: if the probability is 0.9 and the target 1, should z grow or shrink to make the
 * loss smaller, and when should it stay as it is?
 *
 * The gradient of the loss of one example in its z is p - t, with p = sigmoid(z): nothing
 * else of the sigmoid is left.  The loss is a mean over N examples.
 *
 * One loop; in it one statement that adds to dz[n] and calls sigmoid().
 */
typedef void loss_backward(float *dz, const float *z, const float *t, int N);

CASE(loss_backward_by_hand, loss_backward)
{
    IN(z, 4); IN(t, 4); ADD_TO(dz, 4);
    SET(z, 0, 1.0986122886681098, -1.9459101490553132, -1.0986122886681098);
    SET(t, 1, 0, 1, 0);  // of p = 1/2, 3/4, 1/8, 1/4
    SET(dz, 10, -1, 2, 0.5);
    f(dz, z, t, 4);
    EXPECT(dz, 9.875, -0.8125, 1.78125, 0.5625);
}

CASE(loss_backward_many, loss_backward)
{
    IN(z, 9); IN(t, 9); ADD_TO(dz, 9);
    SCALE(z, 4); SET(t, 0, 1, 1, 0, 1, 0, 0, 0, 1);
    f(dz, z, t, 9);
}

CASE(loss_backward_far_out, loss_backward)
{
    IN(z, 6); IN(t, 6); ADD_TO(dz, 6);
    SET(z, -100, 100, 100, -100, 1000, -1000); SET(t, 0, 1, 0, 1, 0, 1);
    f(dz, z, t, 6);
}

CASE(loss_backward_one, loss_backward)
{
    IN(z, 1); IN(t, 1); ADD_TO(dz, 1);
    SET(t, 1);
    f(dz, z, t, 1);
}

/* ---- 3.5 neuron_backward --------------------------------------------------------- */

/* Hint 3.5: if w[d] grows a little, by how much does z[n] grow?  Which of the z does w[d]
 * reach, and which does b?
 *
 * dw[d] gains dz[n] x[n,d] from every n; db[0] gains dz[n] from every n.  Both are sums and
 * not means: the 1/N is in dz already.
 *
 * A loop over n, in it a loop over d that adds to dw[d]; db[0] grows once for every n, so
 * its line is not in the inner loop.
 */
typedef void backward(float *dw, float *db, const float *dz, const float *x, int N, int D);

CASE(backward_by_hand, backward)
{
    IN(dz, 2); IN(x, 2, 3); ADD_TO(dw, 3); ADD_TO(db, 1);
    SET(dw, 100, 200, 300); SET(db, 1000); SET(dz, 1, -2); SET(x, 1, 2, 3, 4, 5, 7);
    f(dw, db, dz, x, 2, 3);
    EXPECT(dw, 93, 192, 289);
    EXPECT(db, 999);
}

CASE(backward_many, backward)
{
    IN(dz, 6); IN(x, 6, 17); ADD_TO(dw, 17); ADD_TO(db, 1);
    f(dw, db, dz, x, 6, 17);
}

CASE(backward_more_examples, backward)
{
    IN(dz, 19); IN(x, 19, 4); ADD_TO(dw, 4); ADD_TO(db, 1);
    f(dw, db, dz, x, 19, 4);
}

CASE(backward_one_example, backward)
{
    IN(dz, 1); IN(x, 1, 5); ADD_TO(dw, 5); ADD_TO(db, 1);
    f(dw, db, dz, x, 1, 5);
}

/* ---- 3.6 sgd_step ---------------------------------------------------------------- */

/* Hint 3.6: dw points to where the loss grows; which way do you go?
 *
 * From each w[i] take away rate times dw[i].
 *
 * One loop over all i, one statement in it, that changes w[i] and reads dw[i].
 */
typedef void step(float *w, const float *dw, float rate, int n);

CASE(step_by_hand, step)
{
    IN(dw, 3); IN(rate, 1); ADD_TO(w, 3);
    SET(w, 1, -2, 3); SET(dw, 4, 6, -8); SET(rate, 0.25);
    f(w, dw, *rate, 3);
    EXPECT(w, 0, -3.5, 5);
}

CASE(step_many, step)
{
    IN(dw, 33); IN(rate, 1); ADD_TO(w, 33);
    SET(rate, 0.1);
    f(w, dw, *rate, 33);
}

CASE(step_of_one, step)
{
    IN(dw, 1); IN(rate, 1); ADD_TO(w, 1);
    SET(rate, 3);
    f(w, dw, *rate, 1);
}

/* ---- 3.7 accuracy ---------------------------------------------------------------- */

/* Hint 3.7: at which logit is the probability one half, and what does the neuron say there?
 *
 * Example n is right if z[n] > 0 and t[n] is 1, or if z[n] <= 0 and t[n] is 0.  The answer
 * is the number of right ones divided by N.
 *
 * A counter, a loop over n with one comparison of two truths, a division after the loop:
 * of two ints the division would give an int.
 */

/* Three short lists in one, as a single fraction says little about where it came from. */
CASE(accuracy_by_hand, loss)
{
    IN(z, 12); IN(t, 12); OUT(result, 3);
    SET(z, 0, -1, 3,   1, 0.4, 0, 0.3,   0, -0.2, -5, 0.25, 2);
    SET(t, 0,  1, 0,   1, 0,   1, 0,     1,  0,    0, 1,    1);
    result[0] = f(z, t, 3);
    result[1] = f(z + 3, t + 3, 4);
    result[2] = f(z + 7, t + 7, 5);
    EXPECT(result, 1 / 3.0, 0.25, 0.8);
}

CASE(accuracy_many, loss)
{
    IN(z, 13); IN(t, 13); OUT(result, 1);
    SCALE(z, 3); SET(t, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1);
    *result = f(z, t, 13);
}

CASE(accuracy_all_right, loss)
{
    IN(z, 3); IN(t, 3); OUT(result, 1);
    SET(z, -7, 80, 0.001); SET(t, 0, 1, 1);
    *result = f(z, t, 3);
    EXPECT(result, 1);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* A wrong index must not lead the judge out of an array. */
static double at(const float *x, int i, int n) { return x[i % n]; }

/* ---- sigmoid ---- */

/* In double, exp(300) is still a number, and 1 / (1 + exp(300)) is 0 for any float. */
static double probability(double z) { return 1 / (1 + exp(-fmax(z, -300))); }

static float sigmoid_right(float z) { return (float)probability(z); }
static float sigmoid_of_minus(float z) { return (float)probability(-(double)z); }
static float sigmoid_no_brackets(float z) { return (float)(1 / 1 + exp(fmin(-z, 300))); }
static float sigmoid_slope(float z) { return (float)(probability(z) * (1 - probability(z))); }
static float sigmoid_is_tanh(float z) { return tanh32(z); }
static float sigmoid_cut(float z) { return z < -20 ? 0 : sigmoid_right(z); }
static float sigmoid_of_size(float z) { return (float)probability(fabsf(z)); }
static float sigmoid_of_minus_size(float z) { return (float)probability(-fabsf(z)); }
static float sigmoid_exp_of_minus(float z) { return 1 / (1 + exp32(-z)); }
static float sigmoid_exp_of_plus(float z) { return exp32(z) / (1 + exp32(z)); }
static float sigmoid_by_tanh(float z) { return (1 + tanh32(z / 2)) / 2; }

static float sigmoid_1_less(float z)
{
    float large = 1 / (1 + exp32(-fabsf(z)));
    return z >= 0 ? large : 1 - large;
}

/* ---- neuron_forward ---- */

static void forward_right(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++) {
        double sum = b;
        for (int d = 0; d < D; d++)
            sum += (double)w[d] * x[n*D + d];
        z[n] = (float)sum;
    }
}

static void forward_no_bias(float *z, const float *x, const float *w, float b, int N, int D)
{
    (void)b;
    forward_right(z, x, w, 0, N, D);
}

static void forward_many_biases(float *z, const float *x, const float *w, float b, int N, int D)
{
    forward_right(z, x, w, b * (float)D, N, D);
}

static void forward_last_product(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++)
        z[n] = b + x[n*D + D-1] * w[D-1];
}

static void forward_one_sum(float *z, const float *x, const float *w, float b, int N, int D)
{
    forward_right(z, x, w, 0, N, D);
    z[0] += b;
    for (int n = 1; n < N; n++)
        z[n] += z[n-1];
}

static void forward_stride(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++) {
        double sum = b;
        for (int d = 0; d < D; d++)
            sum += w[d] * at(x, n*N + d, N*D);
        z[n] = (float)sum;
    }
}

static void forward_columns(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++) {
        double sum = b;
        for (int d = 0; d < D; d++)
            sum += (double)w[d] * x[d*N + n];
        z[n] = (float)sum;
    }
}

static void forward_first_row(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++)
        forward_right(&z[n], x, w, b, 1, D);
}

static void forward_w_of_n(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++) {
        double sum = b;
        for (int d = 0; d < D; d++)
            sum += x[n*D + d] * at(w, n, D);
        z[n] = (float)sum;
    }
}

static void forward_accumulates(float *z, const float *x, const float *w, float b, int N, int D)
{
    for (int n = 0; n < N; n++) {
        float before = z[n];
        forward_right(&z[n], x + n*D, w, b, 1, D);
        z[n] += before;
    }
}

static void forward_sigmoid(float *z, const float *x, const float *w, float b, int N, int D)
{
    forward_right(z, x, w, b, N, D);
    for (int n = 0; n < N; n++)
        z[n] = sigmoid_right(z[n]);
}

static void forward_stops_early(float *z, const float *x, const float *w, float b, int N, int D)
{
    forward_right(z, x, w, b, N, D);
    for (int n = 0; n < N; n++)
        z[n] -= x[n*D + D-1] * w[D-1];
}

/* ---- bce_forward ---- */

/* What one example costs: -log p or -log(1 - p), and 1 - p is the sigmoid of -z. */
static double cost(double z, double t)
{
    double s = t > 0.5 ? -z : z;
    return s > 300 ? s : log1p(exp(s));
}

static double cost_of_all(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += cost(z[n], t[n]);
    return sum;
}

static float loss_right(const float *z, const float *t, int N)
{
    return (float)(cost_of_all(z, t, N) / N);
}

static float loss_undivided(const float *z, const float *t, int N)
{
    return (float)cost_of_all(z, t, N);
}

static float loss_negative(const float *z, const float *t, int N) { return -loss_right(z, t, N); }

static float loss_overflows(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += log32(1 + exp32(z[n])) - z[n] * t[n];
    return (float)(sum / N);
}

static float loss_no_maximum(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += log1p(exp(-fabs(z[n]))) - (double)z[n] * t[n];
    return (float)(sum / N);
}

static float loss_plus_size(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += fmax(z[n], 0) + cost(fabs(z[n]), 0) - (double)z[n] * t[n];
    return (float)(sum / N);
}

static float loss_minus_z(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += cost(-z[n], 0) - (double)z[n] * t[n];
    return (float)(sum / N);
}

static float loss_plus_zt(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += cost(z[n], 0) + (double)z[n] * t[n];
    return (float)(sum / N);
}

static float loss_no_zt(const float *z, const float *t, int N)
{
    double sum = 0;
    (void)t;
    for (int n = 0; n < N; n++)
        sum += cost(z[n], 0);
    return (float)(sum / N);
}

static float loss_of_1_only(const float *z, const float *t, int N)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        sum += t[n] * cost(z[n], 1);
    return (float)(sum / N);
}

/* From a probability that is a float, kept so far from 0 and 1. */
static float loss_of_p(const float *z, const float *t, int N, float least)
{
    double sum = 0;
    for (int n = 0; n < N; n++) {
        float p = sigmoid_exp_of_minus(z[n]);
        p = p < least ? least : p > 1 - least ? 1 - least : p;
        sum -= log(t[n] > 0.5f ? p : 1 - p);
    }
    return (float)(sum / N);
}

static float loss_probability(const float *z, const float *t, int N)
{
    return loss_of_p(z, t, N, 0);
}

static float loss_clamped(const float *z, const float *t, int N)
{
    return loss_of_p(z, t, N, 1e-7f);
}

/* ---- bce_backward ---- */

/* The slope of the mean cost, measured: by central differences. */
static void loss_backward_right(float *dz, const float *z, const float *t, int N)
{
    const double h = 1e-4;
    for (int n = 0; n < N; n++)
        dz[n] += (float)((cost(z[n] + h, t[n]) - cost(z[n] - h, t[n])) / (2 * h) / N);
}

static void loss_backward_overwrites(float *dz, const float *z, const float *t, int N)
{
    memset(dz, 0, (size_t)N * sizeof *dz);
    loss_backward_right(dz, z, t, N);
}

static void loss_backward_undivided(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += (float)probability(z[n]) - t[n];
}

static void loss_backward_divided_twice(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += (float)((probability(z[n]) - t[n]) / N / N);
}

static void loss_backward_no_brackets(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += (float)(probability(z[n]) - t[n] / (float)N);
}

static void loss_backward_divided_as_int(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += ((float)probability(z[n]) - t[n]) * (float)(1 / N);
}

static void loss_backward_negative(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] -= (float)((probability(z[n]) - t[n]) / N);
}

static void loss_backward_no_sigmoid(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += (z[n] - t[n]) / (float)N;
}

static void loss_backward_no_target(float *dz, const float *z, const float *t, int N)
{
    (void)t;
    for (int n = 0; n < N; n++)
        dz[n] += (float)(probability(z[n]) / N);
}

static void loss_backward_decision(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += ((float)(z[n] > 0) - t[n]) / (float)N;
}

static void loss_backward_slope(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++) {
        double p = probability(z[n]);
        dz[n] += (float)((p - t[n]) * p * (1 - p) / N);
    }
}

static void loss_backward_in_p(float *dz, const float *z, const float *t, int N)
{
    for (int n = 0; n < N; n++)
        dz[n] += (float)((t[n] > 0.5f ? -1 / probability(z[n]) : 1 / probability(-z[n])) / N);
}

/* ---- neuron_backward ---- */

/* What the upstream gradient makes of the logits of a double forward. */
static double upstream(const double *w, double b, const float *dz, const float *x, int N, int D)
{
    double sum = 0;
    for (int n = 0; n < N; n++) {
        double z = b;
        for (int d = 0; d < D; d++)
            z += w[d] * x[n*D + d];
        sum += dz[n] * z;
    }
    return sum;
}

/* Central differences again; the forward is linear, so any weights and any step will do. */
static void backward_right(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    double w[32] = {0};
    for (int d = 0; d < D; d++) {
        w[d] = 0.5;
        double up = upstream(w, 0, dz, x, N, D);
        w[d] = -0.5;
        dw[d] += (float)(up - upstream(w, 0, dz, x, N, D));
        w[d] = 0;
    }
    db[0] += (float)(upstream(w, 0.5, dz, x, N, D) - upstream(w, -0.5, dz, x, N, D));
}

static void backward_clears(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    memset(dw, 0, (size_t)D * sizeof *dw);
    *db = 0;
    backward_right(dw, db, dz, x, N, D);
}

static void backward_last_dw(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    backward_right(dw, db, dz, x, N, D);
    for (int d = 0; d < D; d++)
        dw[d] = dz[N-1] * x[(N-1)*D + d];
}

static void backward_last_both(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    backward_last_dw(dw, db, dz, x, N, D);
    *db = dz[N-1];
}

static void backward_last_db(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    backward_right(dw, db, dz, x, N, D);
    *db = dz[N-1];
}

static void backward_mean_db(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    float before = *db;
    backward_right(dw, db, dz, x, N, D);
    *db = before + (*db - before) / (float)N;
}

static void backward_mean(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    double sum = 0;
    for (int n = 0; n < N; n++) {
        for (int d = 0; d < D; d++)
            dw[d] += dz[n] * x[n*D + d] / (float)N;
        sum += dz[n];
    }
    *db += (float)(sum / N);
}

static void backward_many_db(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            dw[d] += dz[n] * x[n*D + d];
            *db += dz[n];
        }
}

static void backward_columns(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    for (int n = 0; n < N; n++) {
        for (int d = 0; d < D; d++)
            dw[d] += dz[n] * x[d*N + n];
        *db += dz[n];
    }
}

static void backward_first_row(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    for (int n = 0; n < N; n++)
        backward_right(dw, db, dz + n, x, 1, D);
}

static void backward_stride(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    for (int n = 0; n < N; n++) {
        for (int d = 0; d < D; d++)
            dw[d] += (float)(dz[n] * at(x, n*N + d, N*D));
        *db += dz[n];
    }
}

static void backward_negative(float *dw, float *db, const float *dz, const float *x, int N, int D)
{
    for (int n = 0; n < N; n++) {
        for (int d = 0; d < D; d++)
            dw[d] -= dz[n] * x[n*D + d];
        *db -= dz[n];
    }
}

/* ---- sgd_step ---- */

static void step_right(float *w, const float *dw, float rate, int n)
{
    for (int i = 0; i < n; i++)
        w[i] = (float)((double)w[i] - (double)rate * dw[i]);
}

static void step_uphill(float *w, const float *dw, float rate, int n)
{
    step_right(w, dw, -rate, n);
}

static void step_no_rate(float *w, const float *dw, float rate, int n)
{
    (void)rate;
    step_right(w, dw, 1, n);
}

static void step_mean(float *w, const float *dw, float rate, int n)
{
    step_right(w, dw, rate / (float)n, n);
}

static void step_over_rate(float *w, const float *dw, float rate, int n)
{
    step_right(w, dw, 1 / rate, n);
}

static void step_stops_early(float *w, const float *dw, float rate, int n)
{
    step_right(w, dw, rate, n - 1);
}

static void step_overwrites(float *w, const float *dw, float rate, int n)
{
    for (int i = 0; i < n; i++)
        w[i] = -rate * dw[i];
}

static void step_first_only(float *w, const float *dw, float rate, int n)
{
    for (int i = 0; i < n; i++)
        w[i] -= rate * dw[0];
}

static void step_of_w(float *w, const float *dw, float rate, int n)
{
    (void)dw;
    for (int i = 0; i < n; i++)
        w[i] -= rate * w[i];
}

static void step_reversed(float *w, const float *dw, float rate, int n)
{
    for (int i = 0; i < n; i++)
        w[i] = rate * dw[i] - w[i];
}

static void step_clears(float *w, const float *dw, float rate, int n)
{
    step_right(w, dw, rate, n);
    memset((float *)dw, 0, (size_t)n * sizeof *dw);
}

/* ---- accuracy ---- */

/* Which examples are counted as right: those of target 1 with a logit above 0, say. */
static double counted(const float *z, const float *t, int N, double above, double wanted, int said)
{
    int count = 0;
    for (int n = 0; n < N; n++)
        count += t[n] == wanted && (z[n] > above) == said;
    return count;
}

static double right_ones(const float *z, const float *t, int N)
{
    return counted(z, t, N, 0, 1, 1) + counted(z, t, N, 0, 0, 0);
}

static float accuracy_right(const float *z, const float *t, int N)
{
    return (float)(right_ones(z, t, N) / N);
}

static float accuracy_undivided(const float *z, const float *t, int N)
{
    return (float)right_ones(z, t, N);
}

static float accuracy_percent(const float *z, const float *t, int N)
{
    return 100 * accuracy_right(z, t, N);
}

static float accuracy_errors(const float *z, const float *t, int N)
{
    return 1 - accuracy_right(z, t, N);
}

static float accuracy_as_int(const float *z, const float *t, int N)
{
    return (float)((int)right_ones(z, t, N) / N);
}

static float accuracy_stops_early(const float *z, const float *t, int N)
{
    return (float)(right_ones(z, t, N - 1) / N);
}

static float accuracy_from_zero(const float *z, const float *t, int N)
{
    double below = -1e-30;  // above it is zero, and all that is positive
    return (float)((counted(z, t, N, below, 1, 1) + counted(z, t, N, below, 0, 0)) / N);
}

static float accuracy_from_half(const float *z, const float *t, int N)
{
    return (float)((counted(z, t, N, 0.5, 1, 1) + counted(z, t, N, 0.5, 0, 0)) / N);
}

static float accuracy_ones_only(const float *z, const float *t, int N)
{
    return (float)(counted(z, t, N, 0, 1, 1) / N);
}

static float accuracy_recall(const float *z, const float *t, int N)
{
    double found = counted(z, t, N, 0, 1, 1);
    return (float)(found / (found + counted(z, t, N, 0, 1, 0)));
}

static float accuracy_precision(const float *z, const float *t, int N)
{
    double found = counted(z, t, N, 0, 1, 1);
    return (float)(found / (found + counted(z, t, N, 0, 0, 1)));
}

static float accuracy_equal(const float *z, const float *t, int N)
{
    double same = 0;
    for (int n = 0; n < N; n++)
        same += z[n] == t[n];
    return (float)(same / N);
}

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"3.1", "sigmoid", FN(sigmoid),
     {{"z = 0, ln 3, -ln 3, by hand", sigmoid_by_hand}, {"z from -8 to 8", sigmoid_many},
      {"z = -1000, 1000, -1e38, 1e38: does anything on the way overflow?", sigmoid_overflows},
      {"z = -100, 100, -1e4, 1e4, -inf, inf", sigmoid_far_out},
      {"z = -9, -9.5, -10: a small probability", sigmoid_small},
      {"z = -80: a tiny probability", sigmoid_tiny}},
     JUDGE_ONLY(FN(sigmoid_right), {
        {FN(sigmoid_of_minus), "z has the wrong sign, or the two forms have changed places.",
         "should the probability grow with z, or shrink?", "3.2"},
        {FN(sigmoid_of_size), "negative z are treated as if they were positive.",
         "may sigmoid(-1) be above one half?", "3.2"},
        {FN(sigmoid_of_minus_size), "positive z are treated as if they were negative.",
         "may sigmoid(1) be below one half?", "3.2"},
        {FN(sigmoid_exp_of_minus), "exp(-z) overflows where z is very negative.",
         "what is exp(89) in a float, and which form needs exp(-89) instead?", "3.2"},
        {FN(sigmoid_exp_of_plus), "exp(z) overflows where z is large.",
         "what is exp(89) in a float, and which form needs exp(-89) instead?", "3.2"},
        {FN(sigmoid_no_brackets), "this is 1 + exp(-z): nothing is divided by it.",
         "what does C do first in 1 / 1 + a: the division, or the sum?", "3.2"},
        {FN(sigmoid_slope), "this is the slope p (1 - p) of the sigmoid.",
         "is the function asked for, or its derivative?", "3.2"},
        {FN(sigmoid_is_tanh), "this is tanh, that goes from -1 to 1.",
         "between which two numbers does a probability lie?", "3.2"},
        {FN(sigmoid_cut), "a tiny probability is cut to 0.",
         "how small can a float be? is e^-80 too small for it?", "3.2"},
        {FN(sigmoid_1_less), "a small probability is 1 less a number near 1: digits cancel.",
         "how many digits of 0.00004 are left in 0.99996, a float?", "3.2"},
        {FN(sigmoid_by_tanh), "a small probability is 1 plus a number near -1: digits cancel.",
         "how many digits of 0.00004 are left in -0.99996, a float?", "3.2"}})},
    {"3.2", "neuron_forward", FN(neuron_forward),
     {{"N=2 D=3, by hand", forward_by_hand}, {"N=5 D=17", forward_many},
      {"N=11 D=4", forward_more_examples}, {"N=3 D=1", forward_one_input}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_no_bias), "the bias is missing.", "what is z if all inputs are 0?", "3.3"},
        {FN(forward_many_biases), "the bias is added D times.",
         "is the bias part of the sum over d, or beside it?", "3.3"},
        {FN(forward_last_product), "only the last product is left.",
         "does the inner loop set its sum, or add to it?", "3.3"},
        {FN(forward_one_sum), "each example begins with the sum of the one before.",
         "where does the sum begin anew?", "3.3"},
        {FN(forward_first_row), "every example is computed from the first row of x.",
         "where in memory does row n of x begin?", "3.3"},
        {FN(forward_stride), "the rows of x are taken to be N numbers long.",
         "how many numbers lie between x[0,0] and x[1,0]?", "3.3"},
        {FN(forward_columns), "x is read as if it were [D,N].",
         "which neighbours in memory belong to one example?", "3.3"},
        {FN(forward_w_of_n), "the weight goes with the example, not with the input.",
         "how many weights are there, N or D?", "3.3"},
        {FN(forward_stops_early), "the last input is left out.",
         "which is the last index of D inputs?", "3.3"},
        {FN(forward_sigmoid), "this is the probability, not the logit.",
         "does the formula of this exercise have a sigmoid?", "3.3"},
        {FN(forward_accumulates), "z is added to what it held before.",
         "is z overwritten here, or added to?", "3.3"}})},
    {"3.3", "bce_forward", FN(bce_forward),
     {{"N=4 and 2, by hand", loss_by_hand}, {"N=13", loss_many},
      {"z = -25, -26, targets 1: sure and wrong", loss_sure_of_0},
      {"z = 12, 13, targets 0: sure and wrong", loss_sure_of_1},
      {"z = 100, -1000, -100, 1e4", loss_far_out}, {"z = 3e38, -3e38, 3e38", loss_largest}},
     JUDGE_ONLY(FN(loss_right), {
        {FN(loss_undivided), "the sum is not divided by N.",
         "is a sum asked for, or a mean?", "3.4"},
        {FN(loss_negative), "the sign is wrong.",
         "can the log of a probability be positive? can a loss be negative?", "3.4"},
        {FN(loss_plus_zt), "z t is added instead of subtracted.",
         "what should z = 5 cost if t is 1: nearly 0, or nearly 10?", "3.4"},
        {FN(loss_no_zt), "every target is taken to be 0.",
         "what should z = 5 cost if t is 1, and where does t enter?", "3.4"},
        {FN(loss_of_1_only), "examples with target 0 cost nothing.",
         "what does the neuron lose if it says 0.9 and the target is 0?", "3.4"},
        {FN(loss_no_maximum), "the maximum of z and 0 is missing.",
         "log(1 + exp(z)) is about z for a large z: which term is that?", "3.4"},
        {FN(loss_plus_size), "the exponential is that of |z|, not of -|z|.",
         "what should be left of log(1 + exp(-|z|)) when z is far from 0?", "3.4"},
        {FN(loss_minus_z), "log(1 + exp(-z)) stands where log(1 + exp(z)) should.",
         "what does z = 5 cost if t is 0: nearly 5, or nearly 0?", "3.4"},
        {FN(loss_overflows), "exp(z) overflows where z is large.",
         "log(1 + exp(z)) for z = 100: which of the two forms never needs exp(100)?", "3.4"},
        {FN(loss_probability), "the loss is computed from the probability, a float near 1.",
         "how many digits of 1 - p are left if p is 0.999994, a float?", "3.4"},
        {FN(loss_clamped), "the probability is kept away from 0 and 1.",
         "what should z = -25 cost if t is 1? can a clamped probability cost as much?", "3.4"}})},
    {"3.4", "bce_backward", FN(bce_backward),
     {{"N=4, by hand", loss_backward_by_hand}, {"N=9", loss_backward_many},
      {"z = -100, 100, 1000, -1000", loss_backward_far_out}, {"N=1", loss_backward_one}},
     JUDGE_ONLY(FN(loss_backward_right), {
        {FN(loss_backward_overwrites), "dz is overwritten.",
         "does the formula say = or +=?", "3.5"},
        {FN(loss_backward_undivided), "the 1/N of the mean is missing.",
         "if the loss is a mean, how much does one of N examples count?", "3.5"},
        {FN(loss_backward_divided_twice), "divided by N twice.",
         "how often does 1/N stand in the loss?", "3.5"},
        {FN(loss_backward_no_brackets), "only the target is divided by N.",
         "what does C do first in a - b / N?", "3.5"},
        {FN(loss_backward_divided_as_int), "nothing is added: 1 / N is 0 in whole numbers.",
         "what is 1 / 4 in C, and what is 1.0f / 4?", "3.5"},
        {FN(loss_backward_negative), "the sign is wrong.",
         "if p is too large, should dz be above or below 0?", "3.5"},
        {FN(loss_backward_no_sigmoid), "the logit stands where the probability should.",
         "what lies between 0 and 1 as t does, z or sigmoid(z)?", "3.5"},
        {FN(loss_backward_no_target), "the target is missing.",
         "where is the gradient 0?", "3.5"},
        {FN(loss_backward_decision), "the decision 0 or 1 stands where the probability should.",
         "should z = 0.1 and z = 10 have the same gradient?", "3.5"},
        {FN(loss_backward_slope), "the slope p (1 - p) of the sigmoid is a factor too many.",
         "what is left of p (1 - p) times the derivative of the logarithm?", "3.5"},
        {FN(loss_backward_in_p), "this is the gradient in the probability, not in the logit.",
         "how does p change with z? the chain rule has one factor more.", "3.5"}},
     .uses = "3.1")},
    {"3.5", "neuron_backward", FN(neuron_backward),
     {{"N=2 D=3, by hand", backward_by_hand}, {"N=6 D=17", backward_many},
      {"N=19 D=4", backward_more_examples}, {"N=1 D=5", backward_one_example}},
     JUDGE_ONLY(FN(backward_right), {
        {FN(backward_clears), "dw and db are overwritten by their sums.",
         "does the formula say = or +=?", "3.5"},
        {FN(backward_last_both), "only the last example is left.",
         "does each example set the gradients, or add to them?", "3.5"},
        {FN(backward_last_dw), "in dw only the last example is left.",
         "does each example set dw[d], or add to it?", "3.5"},
        {FN(backward_last_db), "in db only the last example is left.",
         "does each example set db, or add to it?", "3.5"},
        {FN(backward_mean_db), "db is divided by N; dw is right.",
         "is the 1/N not in dz already?", "3.5"},
        {FN(backward_mean), "both are divided by N.", "is the 1/N not in dz already?", "3.5"},
        {FN(backward_many_db), "db grows D times for every example; dw is right.",
         "in which of the two loops does the line for db stand?", "3.5"},
        {FN(backward_columns), "x is read as if it were [D,N].",
         "which neighbours in memory belong to one example?", "3.5"},
        {FN(backward_first_row), "every example adds the first row of x.",
         "where in memory does row n of x begin?", "3.5"},
        {FN(backward_stride), "the rows of x are taken to be N numbers long.",
         "how many numbers lie between x[0,0] and x[1,0]?", "3.5"},
        {FN(backward_negative), "the gradients are taken away instead of added.",
         "is this the gradient, or already the step against it?", "3.5"}})},
    {"3.6", "sgd_step", FN(sgd_step),
     {{"n=3, by hand", step_by_hand}, {"n=33", step_many}, {"n=1", step_of_one}},
     JUDGE_ONLY(FN(step_right), {
        {FN(step_uphill), "the step goes uphill.",
         "where does dw point, and where do you want to go?", "3.6"},
        {FN(step_no_rate), "the rate is missing.", "how long is the step if the rate is 0?", "3.6"},
        {FN(step_overwrites), "w is lost: only the step is left.",
         "where does the step begin?", "3.6"},
        {FN(step_reversed), "w is subtracted from the step.",
         "which of the two is to be taken away from the other?", "3.6"},
        {FN(step_mean), "the step is divided by n.",
         "does the number of weights make the step shorter?", "3.6"},
        {FN(step_over_rate), "the gradient is divided by the rate.",
         "should a larger rate make a longer step, or a shorter one?", "3.6"},
        {FN(step_first_only), "every weight goes by dw[0].", "which index should dw have?", "3.6"},
        {FN(step_of_w), "the step is a part of w; dw is not used.",
         "where does the gradient enter?", "3.6"},
        {FN(step_stops_early), "the last weight does not move.",
         "which is the last index of n numbers?", "3.6"},
        {FN(step_clears), "dw is set to 0 after the step.",
         "whose work is it to begin a new gradient?", "3.6"}})},
    {"3.7", "accuracy", FN(accuracy),
     {{"N=3, 4 and 5, by hand", accuracy_by_hand}, {"N=13", accuracy_many},
      {"N=3, all right", accuracy_all_right}},
     JUDGE_ONLY(FN(accuracy_right), {
        {FN(accuracy_from_zero), "z = 0 is taken for class 1.",
         "what does the neuron say at z = 0?", "3.7"},
        {FN(accuracy_from_half), "the limit is 0.5 instead of 0.",
         "is z a probability? which z has the probability 0.5?", "3.7"},
        {FN(accuracy_errors), "the wrong ones are counted.",
         "should a perfect neuron have 1 or 0?", "3.7"},
        {FN(accuracy_undivided), "the right ones are counted, but not divided by N.",
         "which fraction is asked for?", "3.7"},
        {FN(accuracy_percent), "this is in percent.",
         "between which two numbers does a fraction lie?", "3.7"},
        {FN(accuracy_as_int), "the fraction is cut to a whole number.",
         "what is 3 / 4 in C, if both are ints?", "3.7"},
        {FN(accuracy_ones_only), "only the right ones of class 1 are counted.",
         "is an example of class 0 with z = -3 right?", "3.7"},
        {FN(accuracy_recall), "this is the fraction of class 1 that was found.",
         "which examples count in the denominator?", "3.7"},
        {FN(accuracy_precision), "this is the fraction of right ones among those called class 1.",
         "which examples count in the denominator?", "3.7"},
        {FN(accuracy_equal), "z itself is compared with the target.",
         "what must z become before it can equal 0 or 1?", "3.7"},
        {FN(accuracy_stops_early), "the last example is left out.",
         "which is the last index of N examples?", "3.7"}})},
    {0}};
