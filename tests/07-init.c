/* 07-init: the tests. */
#include "grade.h"
#include "init.c"

/* Weights are drawn from a stream, and how far a stream has moved can be told: so what is
 * compared is every weight, and how many draws were made for them. */
#define STREAM(at) uint64_t chance = at, begin = chance
#define OTHER_STREAM STREAM(stream(r->seed, 7))
#define COUNT_DRAWS *draws = draws_between(begin, chance)

static int draws_between(uint64_t from, uint64_t to)
{
    for (int n = 0; n < 10000; n++, random_bits(&from))
        if (from == to)
            return n;
    return -1;
}

/* ---- 7.1 neurons_distinct ------------------------------------------------ */

/* Hint 7.1: three neurons are called A, B and A: how many different ones are these?  And
 * must the two A be neighbours?
 *
 * Neuron m counts if, for every j from 0 to m-1, there is at least one d for which W[m,d]
 * and W[j,d] differ, or b[m] and b[j] differ.
 *
 * Three loops: over m, over the j before m, over d.  A truth that begins anew for every m,
 * "one like it was found", another that begins anew for every j, "these two are alike", and
 * a counter that grows at the end of the loop over m, if nothing was found.
 */
typedef int distinct_like(const float *W, const float *b, int D, int M);
distinct_like neurons_distinct;

/* Five layers in one case, as a single number says little about where it came from. */
CASE(distinct_by_hand, distinct_like)
{
    IN(W0, 5, 3); IN(b0, 5); IN(W1, 6, 2); IN(b1, 6); IN(W2, 4, 3); IN(b2, 4);
    IN(W3, 3, 4); IN(b3, 3); IN(W4, 4, 2); IN(b4, 4); OUT_INT(result, 5);
    SET(W0, 1, 2, 3,  1, 2, 4,  1, 2, 3,  1, 2, 3,  0, 2, 3); SET(b0, 0, 0, 0, 5, 0);
    SET(W1, 7, 8,  8, 7,  7, 8,  8, 7,  7, 8,  8, 7); SET(b1, 0, 0, 0, 0, 0, 0);
    SET(W2, 0, 0, 0,  0, 0, 0,  0, 0, 0,  0, 0, 0); SET(b2, 1, 2, 1, 3);
    SET(W3, 4, 4, 4, 4,  4, 4, 4, 4,  4, 4, 4, 4); SET(b3, 2, 2, 2);
    SET(W4, 9, 1,  9, 2,  2, 9,  9, 1); SET(b4, 1, 1, 1, 1);
    result[0] = f(W0, b0, 3, 5);
    result[1] = f(W1, b1, 2, 6);
    result[2] = f(W2, b2, 3, 4);
    result[3] = f(W3, b3, 4, 3);
    result[4] = f(W4, b4, 2, 4);
    EXPECT(result, 4, 2, 3, 1, 3);
}

CASE(distinct_random, distinct_like)
{
    IN(W, 7, 3); IN(b, 7); OUT_INT(result, 1);
    SET(b, 0, 0, 0, 0, 0, 0, 0);
    *result = f(W, b, 3, 7);
    EXPECT(result, 7);
}

CASE(distinct_one_input, distinct_like)
{
    IN(W, 6, 1); IN(b, 6); IN(V, 1, 4); IN(c, 1); OUT_INT(result, 2);
    SET(W, 1, -1, 1, 0, -1, 0); SET(b, 3, 3, 3, 3, 3, -3);
    result[0] = f(W, b, 1, 6);
    result[1] = f(V, c, 4, 1);
    EXPECT(result, 4, 1);
}

CASE(distinct_tiny, distinct_like)
{
    IN(W, 5, 2); IN(b, 5); OUT_INT(result, 1);
    SET(W, 1, 1e-9,  1, 0,  1, 1e-9,  1, -1e-9,  1, 5); SET(b, 0, 0, 0, 0, 0);
    *result = f(W, b, 2, 5);
    EXPECT(result, 4);
}

/* ---- 7.2 fill_uniform ---------------------------------------------------- */

/* Hint 7.2: uniform() gives u from 0 to 1.  What must become of u = 0, of u = 1/2 and of u
 * nearly 1?
 *
 * 2 u - 1 lies between -1 and 1; w[i] = limit (2 u - 1).
 *
 * One loop, and in it one assignment with one call of uniform(chance): chance is a pointer
 * already, and the call moves the stream on.
 */
typedef void fill_like(float *w, int n, float size, uint64_t *chance);
fill_like fill_uniform, fill_normal;

/* The first draws of SplitMix64 from 1234567, as its authors give them, are
 * 6457827717110365317, 3203168211198807973, ...: uniform() keeps their first 24 bits. */
CASE(uniform_by_hand, fill_like)
{
    OUT(w, 5); OUT_INT(draws, 1);
    STREAM(1234567);
    f(w, 5, 3, &chance);
    COUNT_DRAWS;
    EXPECT(w, 3 * (5873360 / 8388608.0 - 1), 3 * (2913264 / 8388608.0 - 1),
           3 * (8928956 / 8388608.0 - 1), 3 * (4177655 / 8388608.0 - 1),
           3 * (14923828 / 8388608.0 - 1));
    EXPECT(draws, 5);
}

CASE(fill_many, fill_like)
{
    OUT(w, 35); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(w, 35, 0.3f, &chance);
    COUNT_DRAWS;
}

CASE(fill_twice, fill_like)
{
    OUT(w, 3); OUT(v, 4); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(w, 3, 7, &chance);
    f(v, 4, 0.01f, &chance);
    COUNT_DRAWS;
}

CASE(fill_one, fill_like)
{
    OUT(w, 1); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(w, 1, 100, &chance);
    COUNT_DRAWS;
}

/* ---- 7.3 fill_normal ----------------------------------------------------- */

/* Hint 7.3: normal() gives numbers of deviation 1.  What happens to the deviation of
 * numbers that are all made twice as large?
 *
 * w[i] = deviation g, with g = normal(chance).
 *
 * The loop of 7.2 with another line in it.
 */

/* Of the same draws: u, v = 2 uniform() - 1, s = u^2 + v^2 and u sqrt(-2 log(s) / s); the
 * first six have s < 1. */
CASE(normal_by_hand, fill_like)
{
    OUT(w, 6); OUT_INT(draws, 1);
    STREAM(1234567);
    f(w, 6, 0.5, &chance);
    COUNT_DRAWS;
    EXPECT(w, -0.2401214355, 0.1050331945, 0.4710574857, 0.3184051197, -0.1258902420,
           -1.0243295831);
    EXPECT(draws, 12);
}

/* ---- 7.4 xavier_uniform, and cases for all four -------------------------- */

/* Hint 7.4: numbers that lie anywhere from -limit to limit: is their variance limit^2, or
 * less?
 *
 * The mean of w^2 over that range is limit^2 / 3, and the mean of w is 0.  So limit^2 / 3 =
 * 2 / (D + M), and limit = sqrt(6 / (D + M)).
 *
 * One line for the limit, one call of fill_uniform() for all the weights, however many these
 * are.  D and M are ints: what is 6 / 7 in C?
 */
typedef void weights_like(float *W, int D, int M, uint64_t *chance);
weights_like xavier_uniform, xavier_normal, he_uniform, he_normal;

CASE(weights_narrow, weights_like)
{
    OUT(W, 4, 3); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(W, 3, 4, &chance);
    COUNT_DRAWS;
}

CASE(weights_wide, weights_like)
{
    OUT(W, 5, 17); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(W, 17, 5, &chance);
    COUNT_DRAWS;
}

CASE(weights_one_input, weights_like)
{
    OUT(W, 7, 1); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(W, 1, 7, &chance);
    COUNT_DRAWS;
}

CASE(weights_two_layers, weights_like)
{
    OUT(W1, 3, 2); OUT(W2, 2, 3); OUT_INT(draws, 1);
    OTHER_STREAM;
    f(W1, 2, 3, &chance);
    f(W2, 3, 2, &chance);
    COUNT_DRAWS;
}

/* By hand: the same draws once more, in a layer whose limit or deviation is 1. */
CASE(xavier_uniform_by_hand, weights_like)
{
    OUT(W, 4, 2); OUT_INT(draws, 1);
    STREAM(1234567);
    f(W, 2, 4, &chance);
    COUNT_DRAWS;
    EXPECT(W, 5873360 / 8388608.0 - 1, 2913264 / 8388608.0 - 1, 8928956 / 8388608.0 - 1,
           4177655 / 8388608.0 - 1, 14923828 / 8388608.0 - 1, 7098237 / 8388608.0 - 1,
           9909422 / 8388608.0 - 1, 4618557 / 8388608.0 - 1);
    EXPECT(draws, 8);
}

/* ---- 7.5 xavier_normal --------------------------------------------------- */

/* Hint 7.5: you have the variance, and fill_normal() wants the deviation.  Which function
 * leads from one to the other?
 *
 * deviation = sqrt(2 / (D + M)): that the numbers are normal changes nothing in the variance
 * that is wanted.
 *
 * 7.4 with another number and another fill.
 */
CASE(xavier_normal_by_hand, weights_like)
{
    OUT(W, 1, 2); OUT_INT(draws, 1);
    STREAM(1234567);
    f(W, 2, 1, &chance);
    COUNT_DRAWS;
    EXPECT(W, sqrt(2 / 3.0) * -0.4802428711, sqrt(2 / 3.0) * 0.2100663889);
    EXPECT(draws, 4);
}

/* ---- 7.6 he_uniform ------------------------------------------------------ */

/* Hint 7.6: what does a limit make of the variance, in 7.4, and which variance is wanted
 * here?
 *
 * limit^2 / 3 = 2 / D, so limit = sqrt(6 / D).  D is how many inputs a neuron adds up: one
 * row of W.
 *
 * 7.4 with another limit; as many weights as there.
 */
CASE(he_uniform_by_hand, weights_like)
{
    OUT(W, 1, 6); OUT_INT(draws, 1);
    STREAM(1234567);
    f(W, 6, 1, &chance);
    COUNT_DRAWS;
    EXPECT(W, 5873360 / 8388608.0 - 1, 2913264 / 8388608.0 - 1, 8928956 / 8388608.0 - 1,
           4177655 / 8388608.0 - 1, 14923828 / 8388608.0 - 1, 7098237 / 8388608.0 - 1);
    EXPECT(draws, 6);
}

/* ---- 7.7 he_normal ------------------------------------------------------- */

/* Hint 7.7: the variance is known and the deviation is asked for: where have you done that
 * before?
 *
 * deviation = sqrt(2 / D).
 *
 * 7.5 with another deviation.
 */
CASE(he_normal_by_hand, weights_like)
{
    OUT(W, 3, 2); OUT_INT(draws, 1);
    STREAM(1234567);
    f(W, 2, 3, &chance);
    COUNT_DRAWS;
    EXPECT(W, -0.4802428711, 0.2100663889, 0.9421149715, 0.6368102394, -0.2517804841,
           -2.0486591662);
    EXPECT(draws, 12);
}

/* ---- 7.8 network_init ---------------------------------------------------- */

/* Hint 7.8: you have a function for a layer of each kind but one; how many inputs has layer
 * l, and how many neurons?
 *
 * For l = 1 .. layers: W[l] has size[l] rows of size[l-1] weights; b[l] has size[l] numbers,
 * all 0.
 *
 * One loop over l from 1 to layers; in it D and M, then a switch over the four kinds, each
 * with its break, and at last the biases.  memset(to, 0, bytes) writes zeros: how many bytes
 * has a float?
 */
typedef void init_like(struct mlp *net, enum init kind, uint64_t *chance);
init_like network_init;

/* All weights and biases of sizes 3, 5, 4 and 2 in one block: W[1] is 0 to 14, b[1] 15 to 19,
 * W[2] 20 to 39, b[2] 40 to 43, W[3] 44 to 51, b[3] 52 and 53. */
static void init_of(struct run *r, init_like *f, enum init kind)
{
    OUT(block, 54); OUT_INT(draws, 1);
    struct mlp net = mlp_at(block, (int[]){3, 5, 4, 2}, 3, RELU);
    OTHER_STREAM;
    f(&net, kind, &chance);
    COUNT_DRAWS;
}

/* The first draws of 7.3: both layers have two inputs, so the deviation is 1. */
CASE(init_he_by_hand, init_like)
{
    OUT(block, 9); OUT_INT(draws, 1);
    struct mlp net = mlp_at(block, (int[]){2, 2, 1}, 2, RELU);
    STREAM(1234567);
    f(&net, HE, &chance);
    COUNT_DRAWS;
    EXPECT(block, -0.4802428711, 0.2100663889, 0.9421149715, 0.6368102394,  0, 0,
           -0.2517804841, -2.0486591662,  0);
    EXPECT(draws, 12);
}

CASE(init_zeros, init_like)
{
    OUT(block, 25); OUT_INT(draws, 1);
    struct mlp net = mlp_at(block, (int[]){2, 3, 4}, 2, TANH);
    OTHER_STREAM;
    f(&net, ZEROS, &chance);
    COUNT_DRAWS;
    EXPECT(block, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0,
           0, 0, 0, 0, 0);
    EXPECT(draws, 0);
}

CASE(init_small, init_like) { init_of(r, f, SMALL); }
CASE(init_xavier, init_like) { init_of(r, f, XAVIER); }
CASE(init_he, init_like) { init_of(r, f, HE); }

CASE(init_one_layer, init_like)
{
    OUT(block, 28); OUT_INT(draws, 1);
    struct mlp net = mlp_at(block, (int[]){6, 4}, 1, SIGMOID);
    OTHER_STREAM;
    f(&net, HE, &chance);
    COUNT_DRAWS;
}

/* ---- 7.9 statistics ------------------------------------------------------ */

/* Hint 7.9: the numbers 9, 10 and 11: what is their mean, and how far from it is each of
 * them?
 *
 * mean = (x[0] + ... + x[n-1]) / n.  Then deviation = sqrt(((x[0] - mean)^2 + ... +
 * (x[n-1] - mean)^2) / n).  A double holds the square of any float.
 *
 * Two loops, one after the other: the mean must be known, and be a double, before the second
 * can begin.  After it one division and one root.
 */
typedef struct spread statistics_like(const float *x, int n);
statistics_like statistics;

CASE(statistics_by_hand, statistics_like)
{
    IN(x, 4); OUT(result, 2);
    SET(x, 1, 7, -1, 5);
    struct spread s = f(x, 4);
    result[0] = s.mean, result[1] = s.deviation;
    EXPECT(result, 3, 3.16227766017);
}

static void statistics_of(struct spread s, float *mean, float *deviation)
{
    *mean = s.mean, *deviation = s.deviation;
}

CASE(statistics_many, statistics_like)
{
    IN(x, 35); OUT(mean, 1); OUT(deviation, 1);
    for (int i = 0; i < 35; i++)
        x[i] = 3 * x[i] + 2;
    statistics_of(f(x, 35), mean, deviation);
}

CASE(statistics_of_one, statistics_like)
{
    IN(x, 1); OUT(mean, 1); OUT(deviation, 1);
    SET(x, -2.5);
    statistics_of(f(x, 1), mean, deviation);
    EXPECT(mean, -2.5);
    EXPECT(deviation, 0);
}

CASE(statistics_small, statistics_like)
{
    IN(x, 3); OUT(mean, 1); OUT(deviation, 1);
    SET(x, 1e-30, 4e-30, 1e-30);
    statistics_of(f(x, 3), mean, deviation);
    EXPECT(mean, 2e-30);
    EXPECT(deviation, 1.41421356237e-30);
}

CASE(statistics_large, statistics_like)
{
    IN(x, 4); OUT(mean, 1); OUT(deviation, 1);
    SET(x, 3e38, 1e38, 1e38, 3e38);
    statistics_of(f(x, 4), mean, deviation);
    EXPECT(mean, 2e38);
    EXPECT(deviation, 1e38);
}

CASE(statistics_far_from_0, statistics_like)
{
    IN(x, 5); OUT(mean, 1); OUT(deviation, 1);
    SET(x, 1001, 1002, 1001, 1003, 1003);
    statistics_of(f(x, 5), mean, deviation);
    EXPECT(mean, 1002);
    EXPECT(deviation, 0.894427191);
}

/* From 2^24 on only even numbers are floats: the mean of these is none. */
CASE(statistics_very_far, statistics_like)
{
    IN(x, 5); OUT(mean, 1); OUT(deviation, 1);
    SET(x, 16777216, 16777218, 16777218, 16777218, 16777218);
    statistics_of(f(x, 5), mean, deviation);
    EXPECT(mean, 16777217.6);
    EXPECT(deviation, 0.8);
}

/* ---- 7.10 dead_fraction -------------------------------------------------- */

/* Hint 7.10: a neuron is one column of h.  How many of its outputs must you see before you
 * may call it dead, and how many before you know that it lives?
 *
 * Neuron m is dead if h[n,m] > 0 for no n from 0 to N-1.  In memory h[n,m] is h[n*M + m].
 * The answer is the number of dead ones divided by M.
 *
 * A loop over m, in it a truth that begins as false, and a loop over n that can make it
 * true; after that loop a counter may grow.  One division at the end, and not of two ints.
 */
typedef float dead_like(const float *h, int N, int M);
dead_like dead_fraction;

/* Again several layers in one case. */
CASE(dead_by_hand, dead_like)
{
    IN(h0, 3, 4); IN(h1, 2, 5); IN(h2, 4, 3); IN(h3, 2, 3); OUT(result, 4);
    SET(h0, 0, 1, 0, 2,  0, 0, 0, 3,  0, 0, 5, 0);
    SET(h1, 0, 2, 1, 0, 0,  0, 0, 0, 0, 0);
    SET(h2, 1, 0, 2,  0, 0, 3,  4, 0, 0,  0, 0, 5);
    SET(h3, 0, 0, 0,  0, 0, 0);
    result[0] = f(h0, 3, 4);
    result[1] = f(h1, 2, 5);
    result[2] = f(h2, 4, 3);
    result[3] = f(h3, 2, 3);
    EXPECT(result, 0.25, 0.6, 1 / 3.0, 1);
}

CASE(dead_all, dead_like)
{
    IN(h0, 3, 5); IN(h1, 4, 3); OUT(result, 2);
    SCALE(h0, 0);
    for (int i = 0; i < 12; i++)
        h1[i] = fabsf(h1[i]) + 0.01f;
    result[0] = f(h0, 3, 5);
    result[1] = f(h1, 4, 3);
    EXPECT(result, 1, 0);
}

CASE(dead_hardly_alive, dead_like)
{
    IN(h, 3, 5); OUT(result, 1);
    SET(h, 0, 0, 0, 1, 1,  1e-30, 0, 0, 2, 5,  0, 0, 1e-7, 3, 0);
    *result = f(h, 3, 5);
    EXPECT(result, 0.2);
}

CASE(dead_many, dead_like)
{
    IN(h, 3, 35); OUT(result, 1);
    for (int i = 0; i < 3 * 35; i++)
        h[i] = h[i] > 0 ? h[i] : 0;
    *result = f(h, 3, 35);
}

/* ---- 7.11 saturated_fraction --------------------------------------------- */

/* Hint 7.11: sigmoid, margin 0.1: is 0.05 saturated?  Is 0.5, is 0.95?
 *
 * Count the i for which h[i] < low + margin, or h[i] > high - margin; a number that lies
 * exactly on low + margin does not count.  Divide by n.
 *
 * One loop with one condition that has two parts, a counter, one division that is not one of
 * two ints.
 */
typedef float saturated_like(const float *h, float low, float high, float margin, int n);
saturated_like saturated_fraction;

CASE(saturated_by_hand, saturated_like)
{
    IN(h0, 9); IN(h1, 7); IN(h2, 5); IN(h3, 2); OUT(result, 4);
    SET(h0, 0, 0.25, 0.2, 0.5, 0.75, 0.76, 1, 0.125, 0.6);
    SET(h1, -1, -0.75, -0.5, 0, 0.875, 0.9, 0.95);
    SET(h2, 2, 2.75, 3.25, 4, 3.5);
    SET(h3, 0.125, 0.875);
    result[0] = f(h0, 0, 1, 0.25f, 9);
    result[1] = f(h1, -1, 1, 0.125f, 7);
    result[2] = f(h2, 2, 4, 0.5f, 5);
    result[3] = f(h3, 0, 1, 0.25f, 2);
    EXPECT(result, 5 / 9.0, 3 / 7.0, 0.4, 1);
}

CASE(saturated_ends, saturated_like)
{
    IN(h0, 3); IN(h1, 4); OUT(result, 2);
    SET(h0, 0.5, 0.25, 0.75); SET(h1, -1, 1, 0.99, -0.99);
    result[0] = f(h0, 0, 1, 0.125f, 3);
    result[1] = f(h1, -1, 1, 0.125f, 4);
    EXPECT(result, 0, 1);
}

CASE(saturated_many, saturated_like)
{
    IN(h, 35); OUT(result, 1);
    *result = f(h, -1, 1, 0.3f, 35);
}

/* ---- 7.12 update_ratio --------------------------------------------------- */

/* Hint 7.12: a weight of 10 moves by 0.1, another of 0.01 moves by 0.1 as well: for which of
 * them is that much?
 *
 * norm(W) = sqrt(W[0]^2 + ... + W[n-1]^2), norm(dW) likewise, and the answer is rate
 * norm(dW) / norm(W).  The square of 1e-30 is 0 in a float, and 1e-60 in a double.
 *
 * Two sums in double, one loop, two roots (or one: of the quotient), one product.  Before
 * the division ask whether there is anything to divide; in double 1.0 / 0.0 is infinity, but
 * 0.0 / 0.0 is not a number.
 */
typedef float ratio_like(const float *W, const float *dW, float rate, int n);
ratio_like update_ratio;

CASE(ratio_by_hand, ratio_like)
{
    IN(W, 3); IN(dW, 3); OUT(result, 2);
    SET(W, 2, -4, 4); SET(dW, 9, 0, 12);  // norms 6 and 15; of the first alone 2 and 9
    result[0] = f(W, dW, 0.25f, 3);
    result[1] = f(W, dW, 2, 1);
    EXPECT(result, 0.625, 9);
}

CASE(ratio_many, ratio_like)
{
    IN(W, 35); IN(dW, 35); OUT(result, 1);
    SCALE(dW, 0.01f);
    *result = f(W, dW, 0.1f, 35);
}

CASE(ratio_no_gradient, ratio_like)
{
    IN(W, 5); IN(dW, 5); OUT(result, 1);
    SCALE(dW, 0);
    *result = f(W, dW, 0.1f, 5);
    EXPECT(result, 0);
}

CASE(ratio_nothing, ratio_like)
{
    IN(W, 4); IN(dW, 4); OUT(result, 1);
    SCALE(W, 0); SCALE(dW, 0);
    *result = f(W, dW, 0.1f, 4);
    EXPECT(result, 0);
}

CASE(ratio_no_weights, ratio_like)
{
    IN(W, 4); IN(dW, 4); OUT(result, 1);
    SCALE(W, 0);
    float ratio = f(W, dW, 0.1f, 4);
    *result = ratio == INFINITY ? 1e30f : ratio;
    EXPECT(result, 1e30);
}

CASE(ratio_small, ratio_like)
{
    IN(W, 3); IN(dW, 3); OUT(result, 2);
    SET(W, 2e-30, -4e-30, 4e-30); SET(dW, 9e-30, 0, 12e-30);
    result[0] = f(W, dW, 0.25f, 3);
    SET(W, 3, 0, -4); SET(dW, 0, 2e-28, 0);
    result[1] = f(W, dW, 1, 3) * 1e28f;
    EXPECT(result, 0.625, 0.4);
}

/* ---- 7.13 layers_scale --------------------------------------------------- */

/* Hint 7.13*: a layer's z have deviation 4; by what must its weights be divided, and which
 * inputs must the next layer see, those before or those after?
 *
 * For l = 1, 2, ... layers: z = h[l-1] W[l]', its N size[l] numbers have a deviation s, W[l]
 * becomes W[l] / s, z becomes z / s; h[l] = activation(z), but on the last layer z itself.
 *
 * One loop over l.  In it linear_forward() into h[l], statistics() of it, a loop over all
 * weights of W[l], if s is above 0, linear_forward() again, and activation_forward() where
 * there is one.
 */
typedef void scale_like(struct mlp *net, struct mlp_work *work, int N);
scale_like layers_scale;

#define LAYER(l, M, D) ADD_TO(W##l, M, D); IN(b##l, M); SCALE(b##l, 0)
#define NET3(kind, ...) \
    struct mlp net = {.layers = 3, .size = {__VA_ARGS__}, .activation = kind, \
                      .W = {NULL, W1, W2, W3}, .b = {NULL, b1, b2, b3}}

CASE(scale_by_hand, scale_like)
{
    IN(h0, 2, 2); LAYER(1, 2, 2); LAYER(2, 2, 2); LAYER(3, 1, 2);
    OUT(h1, 2, 2); OUT(h2, 2, 2); OUT(h3, 2, 1);
    SET(h0, 1, 0,  0, 1);
    SET(W1, 1, 5,  5, 1);    // z = 1, 5, 5, 1, deviation 2
    SET(W2, 1, -1,  -1, 1);  // then z = -2, 2, 2, -2, deviation 2
    SET(W3, 3, 11);          // then z = 11, 3, deviation 4
    NET3(RELU, 2, 2, 2, 1);
    f(&net, &(struct mlp_work){.h = {h0, h1, h2, h3}}, 2);
    EXPECT(W1, 0.5, 2.5,  2.5, 0.5);
    EXPECT(h1, 0.5, 2.5,  2.5, 0.5);
    EXPECT(W2, 0.5, -0.5,  -0.5, 0.5);
    EXPECT(h2, 0, 1,  1, 0);
    EXPECT(W3, 0.75, 2.75);
    EXPECT(h3, 2.75, 0.75);
}

static void scale_of(struct run *r, scale_like *f, enum activation kind, float second)
{
    IN(h0, 6, 4); LAYER(1, 5, 4); LAYER(2, 3, 5); LAYER(3, 2, 3);
    OUT(h1, 6, 5); OUT(h2, 6, 3); OUT(h3, 6, 2);
    SCALE(W1, 4); SCALE(W2, second); SCALE(W3, 0.01f);
    NET3(kind, 4, 5, 3, 2);
    f(&net, &(struct mlp_work){.h = {h0, h1, h2, h3}}, 6);
}

CASE(scale_relu, scale_like) { scale_of(r, f, RELU, 1); }
CASE(scale_tanh, scale_like) { scale_of(r, f, TANH, 0.1f); }
CASE(scale_sigmoid, scale_like) { scale_of(r, f, SIGMOID, 3); }
CASE(scale_zero_layer, scale_like) { scale_of(r, f, SIGMOID, 0); }

CASE(scale_dead, scale_like)
{
    IN(h0, 3, 2); LAYER(1, 4, 2); LAYER(2, 2, 4); LAYER(3, 3, 2);
    OUT(h1, 3, 4); OUT(h2, 3, 2); OUT(h3, 3, 3);
    SET(h0, 1, 2,  3, 1,  2, 2); SET(W1, -1, -2,  -3, -1,  -1, -1,  -2, 0);
    NET3(RELU, 2, 4, 2, 3);
    f(&net, &(struct mlp_work){.h = {h0, h1, h2, h3}}, 3);
}

CASE(scale_one_layer, scale_like)
{
    IN(h0, 5, 4); LAYER(1, 3, 4); OUT(h1, 5, 3);
    struct mlp net = {.layers = 1, .size = {4, 3}, .activation = TANH,
                      .W = {NULL, W1}, .b = {NULL, b1}};
    f(&net, &(struct mlp_work){.h = {h0, h1}}, 5);
}

/* ---- what only the judge holds ------------------------------------------- */
#if JUDGE

/* ---- alike or not ---- */

/* Counts the neurons m that are like none of the others; `same` of the D weights of m are
 * equal to those of j. */
#define DISTINCT(name, equal, others, alike, answer) \
    static int name(const float *W, const float *b, int D, int M) \
    { \
        int count = 0; \
        for (int m = 0; m < M; m++) { \
            int found = 0; \
            for (int j = 0; j < M; j++) { \
                int same = 0; \
                for (int d = 0; d < D; d++) \
                    same += equal; \
                found += (others) && (alike); \
            } \
            count += !found; \
        } \
        (void)b; \
        return answer; \
    }
#define ROWS W[m*D + d] == W[j*D + d]
#define COLUMNS W[d*M + m] == W[d*M + j]
#define CLOSE fabsf(W[m*D + d] - W[j*D + d]) < 1e-6f
#define LAST_ONE (d == D - 1 && ROWS ? D : 0)
#define ALIKE same == D && b[m] == b[j]
DISTINCT(distinct_right,      ROWS,              j < m,           ALIKE,               count)
DISTINCT(distinct_neighbours, ROWS,              j == m - 1,      ALIKE,               count)
DISTINCT(distinct_from_0,     ROWS,              j == 0 && m > 0, ALIKE,               count)
DISTINCT(distinct_unique,     ROWS,              j != m,          ALIKE,               count)
DISTINCT(distinct_self,       ROWS,              j <= m,          ALIKE,               count)
DISTINCT(distinct_no_bias,    ROWS,              j < m,           same == D,           count)
DISTINCT(distinct_any,        ROWS,              j < m,           same && b[m] == b[j], count)
DISTINCT(distinct_ends_early, ROWS || d == D - 1, j < m,          ALIKE,               count)
DISTINCT(distinct_columns,    COLUMNS,           j < m,           ALIKE,               count)
DISTINCT(distinct_last,       LAST_ONE,          j < m,           ALIKE,               count)
DISTINCT(distinct_close,      CLOSE,             j < m,           ALIKE,               count)

/* Every pair that differs counts. */
static int distinct_pairs(const float *W, const float *b, int D, int M)
{
    int count = 0;
    for (int m = 0; m < M; m++)
        for (int j = 0; j < m; j++)
            count += memcmp(W + m*D, W + j*D, (size_t)D * sizeof *W) || b[m] != b[j];
    return count;
}

static int distinct_not_reset(const float *W, const float *b, int D, int M)
{
    int m = 0;
    while (m < M && distinct_right(W, b, D, m + 1) == m + 1)
        m++;
    return m;
}

/* ---- random weights ---- */

/* The next normal() in double, from the same draws. */
static double exact_normal(uint64_t *chance)
{
    for (;;) {
        float u = 2 * uniform(chance) - 1, v = 2 * uniform(chance) - 1;
        float s = fmaf(u, u, v * v);
        if (s < 1 && s > 0)
            return u * sqrt(-2 * log((double)u * u + (double)v * v) /
                            ((double)u * u + (double)v * v));
    }
}

#define U uniform(chance)
#define G exact_normal(chance)

/* What to do first, for which i = 0 .. count-1, and what with each. */
#define FILL(name, first, count, line) \
    static void name(float *w, int n, float size, uint64_t *chance) \
    { \
        double s = size; \
        (void)s; \
        first; \
        for (int i = 0; i < (count); i++) \
            { line; } \
    }
#define COPY_STREAM uint64_t copy = *chance; chance = &copy
FILL(uniform_right,      ,                n,     w[i] = (float)(s * (2.0 * U - 1)))
FILL(uniform_above_0,    ,                n,     w[i] = (float)(s * U))
FILL(uniform_half,       ,                n,     w[i] = (float)(s * (U - 0.5)))
FILL(uniform_no_limit,   ,                n,     w[i] = 2 * U - 1)
FILL(uniform_bracket,    ,                n,     w[i] = (float)(s * 2 * U - 1))
FILL(uniform_one_draw,   float u = U,     n,     w[i] = (float)(s * (2 * u - 1)))
FILL(uniform_two_draws,  ,                n,
     double u = U; w[i] = (float)(s * u * (U < 0.5f ? -1 : 1)))
FILL(uniform_copied,     COPY_STREAM,     n,     w[i] = (float)(s * (2.0 * U - 1)))
FILL(uniform_is_normal,  ,                n,     w[i] = (float)(s * G))
FILL(uniform_backwards,  ,                n,     w[n-1-i] = (float)(s * (2.0 * U - 1)))
FILL(uniform_keeps_old,  ,                n,     w[i] += (float)(s * (2.0 * U - 1)))
FILL(uniform_ends_early, ,                n - 1, w[i] = (float)(s * (2.0 * U - 1)))

FILL(normal_right,       ,                n,     w[i] = (float)(s * G))
FILL(normal_variance,    ,                n,     w[i] = (float)(s * s * G))
FILL(normal_root,        ,                n,     w[i] = (float)(sqrt(s) * G))
FILL(normal_no_size,     ,                n,     w[i] = (float)G)
FILL(normal_plus,        ,                n,     w[i] = (float)(s + G))
FILL(normal_is_uniform,  ,                n,     w[i] = (float)(s * (2.0 * U - 1)))
FILL(normal_one_draw,    double g = G,    n,     w[i] = (float)(s * g))
FILL(normal_copied,      COPY_STREAM,     n,     w[i] = (float)(s * G))
FILL(normal_positive,    ,                n,     w[i] = (float)(s * fabs(G)))
FILL(normal_backwards,   ,                n,     w[n-1-i] = (float)(s * G))
FILL(normal_keeps_old,   ,                n,     w[i] += (float)(s * G))
FILL(normal_ends_early,  ,                n - 1, w[i] = (float)(s * G))

/* ---- how large ---- */

/* Fills `count` weights by fill, with a limit or a deviation. */
#define WEIGHTS(name, fill, size, count) \
    static void name(float *W, int D, int M, uint64_t *chance) \
    { fill(W, count, (float)(size), chance); }

WEIGHTS(xavier_u_right,     uniform_right,  sqrt(6.0 / (D + M)),  M*D)
WEIGHTS(xavier_u_deviation, uniform_right,  sqrt(2.0 / (D + M)),  M*D)
WEIGHTS(xavier_u_one,       uniform_right,  sqrt(3.0 / (D + M)),  M*D)
WEIGHTS(xavier_u_width,     uniform_right,  sqrt(24.0 / (D + M)), M*D)
WEIGHTS(xavier_u_no_root,   uniform_right,  6.0 / (D + M),        M*D)
WEIGHTS(xavier_u_product,   uniform_right,  sqrt(6.0 / (D * M)),  M*D)
WEIGHTS(xavier_u_of_D,      uniform_right,  sqrt(6.0 / D),        M*D)
WEIGHTS(xavier_u_default,   uniform_right,  sqrt(1.0 / D),        M*D)
WEIGHTS(xavier_u_ints,      uniform_right,  sqrt(6 / (D + M)),    M*D)
WEIGHTS(xavier_u_normal,    normal_right,   sqrt(2.0 / (D + M)),  M*D)
WEIGHTS(xavier_u_few,       uniform_right,  sqrt(6.0 / (D + M)),  M)
WEIGHTS(xavier_u_copied,    uniform_copied, sqrt(6.0 / (D + M)),  M*D)

WEIGHTS(xavier_n_right,     normal_right,  sqrt(2.0 / (D + M)), M*D)
WEIGHTS(xavier_n_no_root,   normal_right,  2.0 / (D + M),       M*D)
WEIGHTS(xavier_n_one,       normal_right,  sqrt(1.0 / (D + M)), M*D)
WEIGHTS(xavier_n_limit,     normal_right,  sqrt(6.0 / (D + M)), M*D)
WEIGHTS(xavier_n_product,   normal_right,  sqrt(2.0 / (D * M)), M*D)
WEIGHTS(xavier_n_of_D,      normal_right,  sqrt(2.0 / D),       M*D)
WEIGHTS(xavier_n_of_M,      normal_right,  sqrt(2.0 / M),       M*D)
WEIGHTS(xavier_n_one_of_D,  normal_right,  sqrt(1.0 / D),       M*D)
WEIGHTS(xavier_n_ints,      normal_right,  sqrt(2 / (D + M)),   M*D)
WEIGHTS(xavier_n_uniform,   uniform_right, sqrt(6.0 / (D + M)), M*D)
WEIGHTS(xavier_n_few,       normal_right,  sqrt(2.0 / (D + M)), M)
WEIGHTS(xavier_n_copied,    normal_copied, sqrt(2.0 / (D + M)), M*D)

WEIGHTS(he_u_right,     uniform_right,  sqrt(6.0 / D),       M*D)
WEIGHTS(he_u_of_M,      uniform_right,  sqrt(6.0 / M),       M*D)
WEIGHTS(he_u_of_both,   uniform_right,  sqrt(6.0 / (D + M)), M*D)
WEIGHTS(he_u_deviation, uniform_right,  sqrt(2.0 / D),       M*D)
WEIGHTS(he_u_one,       uniform_right,  sqrt(3.0 / D),       M*D)
WEIGHTS(he_u_width,     uniform_right,  sqrt(24.0 / D),      M*D)
WEIGHTS(he_u_no_root,   uniform_right,  6.0 / D,             M*D)
WEIGHTS(he_u_default,   uniform_right,  sqrt(1.0 / D),       M*D)
WEIGHTS(he_u_ints,      uniform_right,  sqrt(6 / D),         M*D)
WEIGHTS(he_u_normal,    normal_right,   sqrt(2.0 / D),       M*D)
WEIGHTS(he_u_few,       uniform_right,  sqrt(6.0 / D),       D)
WEIGHTS(he_u_copied,    uniform_copied, sqrt(6.0 / D),       M*D)

WEIGHTS(he_n_right,   normal_right,  sqrt(2.0 / D),       M*D)
WEIGHTS(he_n_of_M,    normal_right,  sqrt(2.0 / M),       M*D)
WEIGHTS(he_n_of_both, normal_right,  sqrt(2.0 / (D + M)), M*D)
WEIGHTS(he_n_limit,   normal_right,  sqrt(6.0 / D),       M*D)
WEIGHTS(he_n_one,     normal_right,  sqrt(1.0 / D),       M*D)
WEIGHTS(he_n_no_root, normal_right,  2.0 / D,             M*D)
WEIGHTS(he_n_root_2,  normal_right,  sqrt(2) / D,         M*D)
WEIGHTS(he_n_product, normal_right,  sqrt(2.0 / (D * M)), M*D)
WEIGHTS(he_n_ints,    normal_right,  sqrt(2 / D),         M*D)
WEIGHTS(he_n_uniform, uniform_right, sqrt(6.0 / D),       M*D)
WEIGHTS(he_n_few,     normal_right,  sqrt(2.0 / D),       D)
WEIGHTS(he_n_copied,  normal_copied, sqrt(2.0 / D),       M*D)

/* What can go wrong with a whole network. */
enum {
    BIASES_LEFT = 1 << 0, BIASES_DRAWN = 1 << 1, SAME_LAYERS = 1 << 2, SWAPPED = 1 << 3,
    FALLS = 1 << 4, TENTH = 1 << 5, OTHER_KIND = 1 << 6, ZEROS_DRAWN = 1 << 7,
    ALWAYS_HE = 1 << 8, COPIED = 1 << 9, FIRST_FALLS = 1 << 10
};

static double deviation_of(enum init kind, int D, int M, int wrong)
{
    switch (kind) {
    case ZEROS: return 0;
    case SMALL: return wrong & TENTH ? 0.1 : 0.01;
    case XAVIER: return sqrt(2.0 / (wrong & OTHER_KIND ? D : D + M));
    case HE: return sqrt(2.0 / (wrong & OTHER_KIND ? D + M : wrong & SWAPPED ? M : D));
    }
    return 0;
}

static void init_net(struct mlp *net, enum init kind, uint64_t *chance, int first, int last,
                     int wrong)
{
    uint64_t copy = *chance;
    if (wrong & ALWAYS_HE)
        kind = HE;
    for (int l = first; l <= last; l++) {
        int D = net->size[l-1], M = net->size[l];
        uint64_t same = *chance;
        uint64_t *use = wrong & COPIED ? &copy : wrong & SAME_LAYERS ? &same : chance;
        enum init end = wrong & FALLS ? HE
                        : wrong & FIRST_FALLS && kind == ZEROS ? SMALL : kind;
        for (enum init k = kind; k <= end; k++) {
            double s = deviation_of(k, D, M, wrong);
            if (k == ZEROS && !(wrong & ZEROS_DRAWN))
                memset(net->W[l], 0, (size_t)(M*D) * sizeof(float));
            else
                normal_right(net->W[l], M*D, (float)s, use);
            if (wrong & BIASES_DRAWN && k != ZEROS)
                normal_right(net->b[l], M, (float)s, use);
        }
        if (!(wrong & BIASES_LEFT) && !(wrong & BIASES_DRAWN && kind != ZEROS))
            memset(net->b[l], 0, (size_t)M * sizeof(float));
    }
}

#define INIT(name, first, last, wrong) \
    static void name(struct mlp *net, enum init kind, uint64_t *chance) \
    { init_net(net, kind, chance, first, last, wrong); }
INIT(init_right,        1, net->layers,     0)
INIT(init_no_biases,    1, net->layers,     BIASES_LEFT)
INIT(init_biases_drawn, 1, net->layers,     BIASES_DRAWN)
INIT(init_same_layers,  1, net->layers,     SAME_LAYERS)
INIT(init_copied,       1, net->layers,     COPIED)
INIT(init_swapped,      1, net->layers,     SWAPPED)
INIT(init_falls,        1, net->layers,     FALLS)
INIT(init_first_falls,  1, net->layers,     FIRST_FALLS)
INIT(init_tenth,        1, net->layers,     TENTH)
INIT(init_other_kind,   1, net->layers,     OTHER_KIND)
INIT(init_zeros_drawn,  1, net->layers,     ZEROS_DRAWN)
INIT(init_always_he,    1, net->layers,     ALWAYS_HE)
INIT(init_no_last,      1, net->layers - 1, 0)

/* ---- looking into the layers ---- */

/* The terms of all u = x[i] - center, added up. */
#define STATISTICS(name, center, term, mean_is, deviation_is) \
    static struct spread name(const float *x, int n) \
    { \
        double sum = 0, squares = 0; \
        for (int i = 0; i < n; i++) \
            sum += x[i]; \
        double mean = sum / n, c = center; \
        for (int i = 0; i < n; i++) { \
            double u = x[i] - c; \
            squares += term; \
        } \
        (void)mean; \
        return (struct spread){(float)(mean_is), (float)(deviation_is)}; \
    }
STATISTICS(statistics_right,        mean,        u * u,   mean, sqrt(squares / n))
STATISTICS(statistics_one_less,     mean,        u * u,   mean, sqrt(squares / (n - 1)))
STATISTICS(statistics_variance,     mean,        u * u,   mean, squares / n)
STATISTICS(statistics_rounded,      (float)mean, u * u,   mean, sqrt(squares / n))
STATISTICS(statistics_about_0,      0,           u * u,   mean, sqrt(squares / n))
STATISTICS(statistics_sum,          sum,         u * u,   sum,  sqrt(squares / n))
STATISTICS(statistics_undivided,    mean,        u * u,   mean, sqrt(squares))
STATISTICS(statistics_one_pass,     0,           u * u,   mean, sqrt(squares / n - mean * mean))

static struct spread statistics_ends_early(const float *x, int n)
{
    return n > 1 ? statistics_right(x, n - 1) : (struct spread){0, 0};
}

static struct spread statistics_floats(const float *x, int n)
{
    float sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    for (int i = 0; i < n; i++)
        squares += (x[i] - sum / (float)n) * (x[i] - sum / (float)n);
    return (struct spread){sum / (float)n, sqrtf(squares / (float)n)};
}

static struct spread statistics_one_pass_floats(const float *x, int n)
{
    float sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
        sum += x[i], squares += x[i] * x[i];
    float mean = sum / (float)n;
    return (struct spread){mean, sqrtf(squares / (float)n - mean * mean)};
}

static struct spread statistics_running(const float *x, int n)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        sum += x[i];
        squares += (x[i] - sum / (i + 1)) * (x[i] - sum / (i + 1));
    }
    return (struct spread){(float)(sum / n), (float)sqrt(squares / n)};
}

/* Of every neuron m so many examples are `awake`. */
#define DEAD(name, begin, condition, line, answer) \
    static float name(const float *h, int N, int M) \
    { \
        int dead = 0, awake = 0; \
        for (int m = 0; m < M; m++) { \
            begin; \
            for (int n = 0; n < N; n++) \
                awake += condition; \
            line; \
        } \
        return (float)(answer); \
    }
#define AFRESH awake = 0
#define LIVES h[n*M + m] > 0
DEAD(dead_right,     AFRESH, LIVES,              dead += !awake,    (double)dead / M)
DEAD(dead_any,       AFRESH, LIVES,              dead += awake < N, (double)dead / M)
DEAD(dead_living,    AFRESH, LIVES,              dead += awake > 0, (double)dead / M)
DEAD(dead_undivided, AFRESH, LIVES,              dead += !awake,    dead)
DEAD(dead_over_N,    AFRESH, LIVES,              dead += !awake,    (double)dead / N)
DEAD(dead_ints,      AFRESH, LIVES,              dead += !awake,    dead / M)
DEAD(dead_zeros,     AFRESH, LIVES,              dead += N - awake, (double)dead / N / M)
DEAD(dead_at_0,      AFRESH, h[n*M + m] >= 0,    dead += !awake,    (double)dead / M)
DEAD(dead_last,      AFRESH, h[(N-1)*M + m] > 0, dead += !awake,    (double)dead / M)
DEAD(dead_turned,    AFRESH, h[m*N + n] > 0,     dead += !awake,    (double)dead / M)
DEAD(dead_not_reset, ,       LIVES,              dead += !awake,    (double)dead / M)

static float dead_examples(const float *h, int N, int M) { return dead_turned(h, M, N); }

#define SATURATED(name, condition, answer) \
    static float name(const float *all, float low, float high, float margin, int n) \
    { \
        int count = 0; \
        for (int i = 0; i < n; i++) { \
            float h = all[i]; \
            count += condition; \
        } \
        (void)low, (void)high, (void)margin; \
        return (float)(answer); \
    }
#define NEAR_LOW h < low + margin
#define NEAR_HIGH h > high - margin
SATURATED(saturated_right,      NEAR_LOW || NEAR_HIGH,                       (double)count / n)
SATURATED(saturated_equal,      h <= low + margin || h >= high - margin,     (double)count / n)
SATURATED(saturated_low_only,   NEAR_LOW,                                    (double)count / n)
SATURATED(saturated_high_only,  NEAR_HIGH,                                   (double)count / n)
SATURATED(saturated_none,       NEAR_LOW && NEAR_HIGH,                       (double)count / n)
SATURATED(saturated_size,       fabsf(h) > high - margin,                    (double)count / n)
SATURATED(saturated_not,        !(NEAR_LOW || NEAR_HIGH),                    (double)count / n)
SATURATED(saturated_undivided,  NEAR_LOW || NEAR_HIGH,                       count)
SATURATED(saturated_ints,       NEAR_LOW || NEAR_HIGH,                       count / n)
SATURATED(saturated_tanh,       h < margin - 1 || h > 1 - margin,            (double)count / n)
SATURATED(saturated_sigmoid,    h < margin || h > 1 - margin,                (double)count / n)
SATURATED(saturated_ends_early, (NEAR_LOW || NEAR_HIGH) && i < n - 1,        (double)count / n)

/* With the sums of something over all weights and over all gradients. */
#define RATIO(name, count, type, of_W, of_dW, answer) \
    static float name(const float *all_W, const float *all_dW, float rate, int n) \
    { \
        type size = 0, step = 0; \
        for (int i = 0; i < (count); i++) { \
            type W = all_W[i], dW = all_dW[i]; \
            size += of_W, step += of_dW; \
        } \
        (void)size; \
        return (float)(answer); \
    }
RATIO(ratio_right,        n,     double, W*W, dW*dW, step > 0 ? rate * sqrt(step / size) : 0)
RATIO(ratio_no_rate,      n,     double, W*W, dW*dW, step > 0 ? sqrt(step / size) : 0)
RATIO(ratio_upside_down,  n,     double, W*W, dW*dW, step > 0 ? rate * sqrt(size / step) : 0)
RATIO(ratio_squared,      n,     double, W*W, dW*dW, step > 0 ? rate * step / size : 0)
RATIO(ratio_one_root,     n,     double, W*W, dW*dW, step > 0 ? rate * sqrt(step) / size : 0)
RATIO(ratio_rate_in_root, n,     double, W*W, dW*dW, step > 0 ? sqrt(rate * step / size) : 0)
RATIO(ratio_absolute,     n,     double, fabs(W), fabs(dW), step > 0 ? rate * step / size : 0)
RATIO(ratio_quotients,    n,     double, 1, dW == 0 ? 0 : fabs(dW / W), rate * step / size)
RATIO(ratio_not_a_number, n,     double, W*W, dW*dW, rate * sqrt(step) / sqrt(size))
RATIO(ratio_no_weights_0, n,     double, W*W, dW*dW, size > 0 ? rate * sqrt(step / size) : 0)
RATIO(ratio_floats,       n,     float,  W*W, dW*dW, step > 0 ? rate * sqrt(step / size) : 0)
RATIO(ratio_ends_early,   n - 1, double, W*W, dW*dW, step > 0 ? rate * sqrt(step / size) : 0)

/* ---- made to measure ---- */

enum {
    BY_VARIANCE = 1 << 0, ABOUT_0 = 1 << 1, AFTER = 1 << 2, UNSCALED = 1 << 3, OWN = 1 << 4,
    BY_NEURON = 1 << 5, BY_0 = 1 << 6, STOPS = 1 << 7, LAST_TOO = 1 << 8
};

static double active(double z, enum activation kind)
{
    switch (kind) {
    case RELU: return z > 0 ? z : 0;
    case SIGMOID: return 1 / (1 + exp(-z));
    case TANH: return tanh(z);
    case LEAKY_RELU: return z > 0 ? z : 0.01 * z;
    }
    return 0;
}

/* The deviation of n numbers that lie so far apart. */
static double deviation_by(const double *x, int n, int apart, int wrong)
{
    double mean = 0, squares = 0;
    for (int i = 0; i < n; i++)
        mean += wrong & ABOUT_0 ? 0 : x[i*apart] / n;
    for (int i = 0; i < n; i++)
        squares += (x[i*apart] - mean) * (x[i*apart] - mean);
    return wrong & BY_VARIANCE ? squares / n : sqrt(squares / n);
}

/* z [N,M] = x W', of layer l. */
static void sums_of(double *z, const float *x, const struct mlp *net, int l, int N)
{
    for (int n = 0, D = net->size[l-1], M = net->size[l]; n < N; n++)
        for (int m = 0; m < M; m++) {
            z[n*M + m] = 0;
            for (int d = 0; d < D; d++)
                z[n*M + m] += (double)x[n*D + d] * net->W[l][m*D + d];
        }
}

static void scale_net(struct mlp *net, struct mlp_work *work, int N, int last, int wrong)
{
    for (int l = 1; l <= net->layers; l++) {
        int D = net->size[l-1], M = net->size[l];
        int bent = l < net->layers || wrong & LAST_TOO;
        double z[N*M], seen[N*M], own[M*D];
        sums_of(z, work->h[l-1], net, l, N);
        for (int i = 0; i < N*M; i++)
            seen[i] = wrong & AFTER && bent ? active(z[i], net->activation) : z[i];
        for (int i = 0; i < M*D; i++)
            own[i] = net->W[l][i];
        for (int m = 0; m < M && l <= last; m++) {
            double s = wrong & OWN ? deviation_by(own, M*D, 1, wrong)
                       : wrong & BY_NEURON ? deviation_by(seen + m, N, M, wrong)
                       : deviation_by(seen, N*M, 1, wrong);
            if (s < 1e-12 && wrong & STOPS)
                return;
            s = s < 1e-12 && !(wrong & BY_0) ? 1 : s;
            for (int d = 0; d < D; d++)
                net->W[l][m*D + d] = (float)(own[m*D + d] / s);
        }
        if (!(wrong & UNSCALED))
            sums_of(z, work->h[l-1], net, l, N);
        for (int i = 0; i < N*M; i++)
            work->h[l][i] = (float)(bent ? active(z[i], net->activation) : z[i]);
    }
}

#define SCALES(name, last, wrong) \
    static void name(struct mlp *net, struct mlp_work *work, int N) \
    { scale_net(net, work, N, last, wrong); }
SCALES(scale_right,       net->layers,     0)
SCALES(scale_by_variance, net->layers,     BY_VARIANCE)
SCALES(scale_about_0,     net->layers,     ABOUT_0)
SCALES(scale_after,       net->layers,     AFTER)
SCALES(scale_unscaled,    net->layers,     UNSCALED)
SCALES(scale_all_first,   net->layers,     AFTER | UNSCALED)
SCALES(scale_own,         net->layers,     OWN)
SCALES(scale_by_neuron,   net->layers,     BY_NEURON)
SCALES(scale_by_0,        net->layers,     BY_0)
SCALES(scale_stops,       net->layers,     STOPS)
SCALES(scale_no_last,     net->layers - 1, 0)
SCALES(scale_last_too,    net->layers,     LAST_TOO)

#endif

#define FN(f) (anything *)f

/* What is said of mistakes that many exercises share. */
#define COPIED_STREAM "the numbers are right, but the stream stays where it was.", \
                      "what will the next call draw? where does the stream live, " \
                      "and who must be given its address?"
#define ONE_DRAW "all the numbers are one and the same draw.", \
                 "is the draw made before the loop, or in it?"
#define BACKWARDS "the last number is drawn first.", "in which order does the comment ask for them?"
#define KEEPS_OLD "what w held before the call is still in it.", \
                  "is w[i] given a value here, or added to?"
#define ENDS_EARLY "the loop ends one number too early.", \
                   "which is the last index of n numbers?"
#define INTS "the fraction under the root is one of two whole numbers.", \
             "what is 2 / 3 in C, and what is 2 / 3.0f?"
#define IS_NORMAL "the weights are normal; this exercise wants them uniform.", \
                  "which of the two fills is it here?"
#define IS_UNIFORM "the weights are uniform; this exercise wants them normal.", \
                   "which of the two fills is it here?"
#define LIMIT_IS_DEVIATION "the standard deviation is taken for the limit.", \
                           "numbers from -1 to 1: is their deviation 1, or less?"
#define DEVIATION_IS_LIMIT "the limit of the uniform weights is taken for the deviation.", \
                           "where does the 3 in limit^2 / 3 come from? is it needed here?"
#define WIDTH_IS_LIMIT "this is the width of the whole range, from -limit to limit.", \
                       "how far is it from 0 to the end of the range?"
#define NO_ROOT "the root is missing.", \
                "is a variance measured in w, or in w^2? what does the fill want?"
#define FORGOTTEN_2 "the variance is half of what it should be.", \
                    "what stands above the line in the formula of the variance?"
#define FEW "only some of the weights are drawn.", \
            "W has M rows of D numbers: how many is that?"

const struct exercise exercises[] = {
    {"7.1", "neurons_distinct", FN(neurons_distinct),
     {{"five layers, by hand", distinct_by_hand},
      {"D=3 M=7, all different", distinct_random},
      {"D=1 M=6, and D=4 M=1", distinct_one_input},
      {"D=2 M=5, differences of 1e-9", distinct_tiny}},
     JUDGE_ONLY(FN(distinct_right), {
        {FN(distinct_close), "weights that are close are taken for equal.",
         "the smallest difference can grow in training: does the comment say equal, or nearly?",
         "7.1"},
        {FN(distinct_neighbours), "a neuron is compared only with the one just before it.",
         "of A, B, A: with how many others must the third be compared?", "7.1"},
        {FN(distinct_from_0), "all neurons are compared with neuron 0 only.",
         "of A, B, B: is the third one like none before it?", "7.1"},
        {FN(distinct_unique), "a neuron that has a copy after it is not counted either.",
         "of A, B, A: how many different ones are there, and which A counts?", "7.1"},
        {FN(distinct_self), "no neuron counts: each is like itself.",
         "which is the last j that neuron m is to be compared with?", "7.1"},
        {FN(distinct_no_bias), "neurons with the same weights are alike whatever their biases.",
         "can two neurons with equal weights give different answers?", "7.1"},
        {FN(distinct_any), "one equal weight is enough to be alike.",
         "how many of the D weights must be equal?", "7.1"},
        {FN(distinct_ends_early), "the last weight of a neuron is not compared.",
         "which is the last index of D weights?", "7.1"},
        {FN(distinct_columns), "W is read as if it were [D,M].",
         "W is [M,D]: how far is W[m,d] from the first number?", "7.1"},
        {FN(distinct_not_reset), "after the first copy no neuron counts.",
         "what was found out of one neuron: is it forgotten before the next?", "7.1"},
        {FN(distinct_last), "only the last weight decides whether two neurons are alike.",
         "a weight differs and the next is equal again: what do you still know of it?", "7.1"},
        {FN(distinct_pairs), "the pairs that differ are counted, not the neurons.",
         "of A, B, C: how many neurons are there, and how many pairs?", "7.1"}})},
    {"7.2", "fill_uniform", FN(fill_uniform),
     {{"n=5, limit 3, by hand", uniform_by_hand}, {"n=35, limit 0.3", fill_many},
      {"n=3, then n=4 from the same stream", fill_twice}, {"n=1", fill_one}},
     JUDGE_ONLY(FN(uniform_right), {
        {FN(uniform_above_0), "all numbers lie between 0 and the limit.",
         "what should the draw u = 0 become?", "7.2"},
        {FN(uniform_half), "all numbers lie between -limit/2 and limit/2.",
         "what should the draw u = 0 become, and what becomes of it?", "7.2"},
        {FN(uniform_no_limit), "the limit is missing.",
         "between which two numbers should they lie, and between which do they?", "7.2"},
        {FN(uniform_bracket), "2 u is multiplied by the limit, the 1 is not.",
         "which part of 2 u - 1 is to be multiplied by limit?", "7.2"},
        {FN(uniform_one_draw), ONE_DRAW, "7.2"},
        {FN(uniform_two_draws), "two draws are made for one number.",
         "can one draw decide both how far from 0 and on which side?", "7.2"},
        {FN(uniform_copied), COPIED_STREAM, "7.2"},
        {FN(uniform_is_normal), "these are normal, not uniform.",
         "which of the kit's functions gives u?", "7.2"},
        {FN(uniform_backwards), BACKWARDS, "7.2"},
        {FN(uniform_keeps_old), KEEPS_OLD, "7.2"},
        {FN(uniform_ends_early), ENDS_EARLY, "7.2"}})},
    {"7.3", "fill_normal", FN(fill_normal),
     {{"n=6, deviation 0.5, by hand", normal_by_hand}, {"n=35, deviation 0.3", fill_many},
      {"n=3, then n=4 from the same stream", fill_twice}, {"n=1", fill_one}},
     JUDGE_ONLY(FN(normal_right), {
        {FN(normal_variance), "the deviation is squared.",
         "numbers of deviation 1, all times 0.5: what is their deviation?", "7.2"},
        {FN(normal_root), "the root of the deviation is taken.",
         "is the parameter a variance, or a deviation already?", "7.2"},
        {FN(normal_no_size), "the deviation is missing.",
         "which deviation do the numbers of normal() have, and which is wanted?", "7.2"},
        {FN(normal_plus), "the deviation is added.",
         "what changes when all numbers get the same added: their mean or their spread?", "7.2"},
        {FN(normal_is_uniform), "these are uniform, not normal.",
         "which of the kit's functions gives g?", "7.2"},
        {FN(normal_one_draw), ONE_DRAW, "7.2"},
        {FN(normal_copied), COPIED_STREAM, "7.2"},
        {FN(normal_positive), "no number is below 0.",
         "can a mean be 0 if nothing is below 0?", "7.2"},
        {FN(normal_backwards), BACKWARDS, "7.2"},
        {FN(normal_keeps_old), KEEPS_OLD, "7.2"},
        {FN(normal_ends_early), ENDS_EARLY, "7.2"}})},
    {"7.4", "xavier_uniform", FN(xavier_uniform),
     {{"D=3 M=4", weights_narrow}, {"D=2 M=4, by hand", xavier_uniform_by_hand},
      {"D=17 M=5", weights_wide}, {"D=1 M=7", weights_one_input},
      {"D=2 M=3, then D=3 M=2 from the same stream", weights_two_layers}},
     JUDGE_ONLY(FN(xavier_u_right), {
        {FN(xavier_u_deviation), LIMIT_IS_DEVIATION, "7.4"},
        {FN(xavier_u_one), FORGOTTEN_2, "7.4"},
        {FN(xavier_u_width), WIDTH_IS_LIMIT, "7.4"},
        {FN(xavier_u_no_root), NO_ROOT, "7.4"},
        {FN(xavier_u_product), "D and M are multiplied; they are to be added.",
         "two directions ask for 1/D and for 1/M: which number lies between them?", "7.4"},
        {FN(xavier_u_of_D), "only the inputs are counted: this is the limit of 7.6.",
         "which of the two directions does this variance forget?", "7.4"},
        {FN(xavier_u_default), "the limit is 1 / sqrt(D), which other libraries begin with.",
         "which variance does that limit give, and which is wanted?", "7.4"},
        {FN(xavier_u_ints), INTS, "7.4"},
        {FN(xavier_u_normal), IS_NORMAL, "7.4"},
        {FN(xavier_u_few), FEW, "7.4"},
        {FN(xavier_u_copied), COPIED_STREAM, "7.2"}}, .uses = "7.2")},
    {"7.5", "xavier_normal", FN(xavier_normal),
     {{"D=3 M=4", weights_narrow}, {"D=2 M=1, by hand", xavier_normal_by_hand},
      {"D=17 M=5", weights_wide}, {"D=1 M=7", weights_one_input},
      {"D=2 M=3, then D=3 M=2 from the same stream", weights_two_layers}},
     JUDGE_ONLY(FN(xavier_n_right), {
        {FN(xavier_n_no_root), NO_ROOT, "7.4"},
        {FN(xavier_n_one), FORGOTTEN_2, "7.4"},
        {FN(xavier_n_limit), DEVIATION_IS_LIMIT, "7.4"},
        {FN(xavier_n_product), "D and M are multiplied; they are to be added.",
         "two directions ask for 1/D and for 1/M: which number lies between them?", "7.4"},
        {FN(xavier_n_of_D), "only the inputs are counted: this is the deviation of 7.7.",
         "which of the two directions does this variance forget?", "7.4"},
        {FN(xavier_n_of_M), "only the outputs are counted.",
         "which of the two directions does this variance forget?", "7.4"},
        {FN(xavier_n_one_of_D), "the variance is 1/D: right for the way forward alone.",
         "what does the way back ask for, and what lies between the two?", "7.4"},
        {FN(xavier_n_ints), INTS, "7.4"},
        {FN(xavier_n_uniform), IS_UNIFORM, "7.4"},
        {FN(xavier_n_few), FEW, "7.4"},
        {FN(xavier_n_copied), COPIED_STREAM, "7.2"}}, .uses = "7.3")},
    {"7.6", "he_uniform", FN(he_uniform),
     {{"D=3 M=4", weights_narrow}, {"D=6 M=1, by hand", he_uniform_by_hand},
      {"D=17 M=5", weights_wide}, {"D=1 M=7", weights_one_input},
      {"D=2 M=3, then D=3 M=2 from the same stream", weights_two_layers}},
     JUDGE_ONLY(FN(he_u_right), {
        {FN(he_u_of_M), "the outputs are counted, not the inputs.",
         "how many numbers does one neuron add up, D or M?", "7.5"},
        {FN(he_u_of_both), "this is the limit of 7.4.",
         "which sizes stand in the variance here?", "7.5"},
        {FN(he_u_deviation), LIMIT_IS_DEVIATION, "7.5"},
        {FN(he_u_one), FORGOTTEN_2, "7.5"},
        {FN(he_u_width), WIDTH_IS_LIMIT, "7.5"},
        {FN(he_u_no_root), NO_ROOT, "7.5"},
        {FN(he_u_default), "the limit is 1 / sqrt(D), which other libraries begin with.",
         "which variance does that limit give, and which is wanted?", "7.5"},
        {FN(he_u_ints), INTS, "7.5"},
        {FN(he_u_normal), IS_NORMAL, "7.5"},
        {FN(he_u_few), FEW, "7.5"},
        {FN(he_u_copied), COPIED_STREAM, "7.2"}}, .uses = "7.2")},
    {"7.7", "he_normal", FN(he_normal),
     {{"D=3 M=4", weights_narrow}, {"D=2 M=3, by hand", he_normal_by_hand},
      {"D=17 M=5", weights_wide}, {"D=1 M=7", weights_one_input},
      {"D=2 M=3, then D=3 M=2 from the same stream", weights_two_layers}},
     JUDGE_ONLY(FN(he_n_right), {
        {FN(he_n_of_M), "the outputs are counted, not the inputs.",
         "how many numbers does one neuron add up, D or M?", "7.5"},
        {FN(he_n_of_both), "this is the deviation of 7.5.",
         "which sizes stand in the variance here?", "7.5"},
        {FN(he_n_limit), DEVIATION_IS_LIMIT, "7.5"},
        {FN(he_n_one), FORGOTTEN_2, "7.5"},
        {FN(he_n_no_root), NO_ROOT, "7.5"},
        {FN(he_n_root_2), "the root is taken of the 2, but not of D.",
         "of which number is the deviation the root?", "7.5"},
        {FN(he_n_product), "the 2 is divided by all the weights, not by the inputs.",
         "how many of the weights of W does one neuron have?", "7.5"},
        {FN(he_n_ints), INTS, "7.5"},
        {FN(he_n_uniform), IS_UNIFORM, "7.5"},
        {FN(he_n_few), FEW, "7.5"},
        {FN(he_n_copied), COPIED_STREAM, "7.2"}}, .uses = "7.3")},
    {"7.8", "network_init", FN(network_init),
     {{"HE, sizes 2 2 1, by hand", init_he_by_hand}, {"ZEROS, sizes 2 3 4", init_zeros},
      {"SMALL, sizes 3 5 4 2", init_small}, {"XAVIER, sizes 3 5 4 2", init_xavier},
      {"HE, sizes 3 5 4 2", init_he}, {"HE, sizes 6 4", init_one_layer}},
     JUDGE_ONLY(FN(init_right), {
        {FN(init_no_biases), "some numbers are as they were before the call.",
         "are the biases written too? and how many bytes have M floats?", "7.5"},
        {FN(init_biases_drawn), "the biases are drawn too.",
         "what should the biases be, and what did the comment say of their draws?", "7.5"},
        {FN(init_same_layers), "every layer is drawn from the same place of the stream.",
         "where does the stream stand after the first layer? who is given its address?", "7.2"},
        {FN(init_copied), COPIED_STREAM, "7.2"},
        {FN(init_swapped), "the sizes of a layer have changed places.",
         "layer l: which of size[l-1] and size[l] are its inputs?", "7.5"},
        {FN(init_falls), "a kind goes on into the kinds after it.",
         "what ends a case of a switch?", "7.5"},
        {FN(init_first_falls), "ZEROS goes on into SMALL.",
         "what ends a case of a switch?", "7.5"},
        {FN(init_tenth), "SMALL has a deviation of 0.1.",
         "is 0.01 the variance, or the deviation?", "7.5"},
        {FN(init_other_kind), "XAVIER and HE have changed places.",
         "which of the two knows of relu, and counts only the inputs?", "7.5"},
        {FN(init_zeros_drawn), "ZEROS draws numbers, and makes 0 of them.",
         "must the stream move if nothing is random?", "7.5"},
        {FN(init_always_he), "every kind is HE.",
         "where does the parameter kind decide?", "7.5"},
        {FN(init_no_last), "the last layer is left out.",
         "layers are numbered from 1: which is the last?", "7.5"}}, .uses = "7.3 7.5 7.7")},
    // What is right but in hard cases comes first, as others may look the same there.
    {"7.9", "statistics", FN(statistics),
     {{"n=4, result[0] is the mean, result[1] the deviation", statistics_by_hand},
      {"n=35", statistics_many}, {"n=1", statistics_of_one},
      {"n=5, numbers near 1000", statistics_far_from_0},
      {"n=3, numbers near 1e-30", statistics_small},
      {"n=4, numbers above 1e38", statistics_large},
      {"n=5, numbers near 2^24", statistics_very_far}},
     JUDGE_ONLY(FN(statistics_right), {
        {FN(statistics_floats), "the squares are added up in float.",
         "what is the square of 1e-30, and what is the smallest float?", "7.6"},
        {FN(statistics_one_pass_floats), "the mean of the squares less the square of the "
         "mean, in float: the digits cancel.",
         "1002^2 has seven digits, as has a float: what is left of a difference of 1?", "7.6"},
        {FN(statistics_one_pass), "the mean of the squares less the square of the mean: the "
         "digits cancel.",
         "near 1e7 the squares are 1e14: with 16 digits, what is left of a difference of 1?",
         "7.6"},
        {FN(statistics_rounded), "the mean is rounded to a float before it is subtracted.",
         "of which type is your mean in the second loop?", "7.6"},
        {FN(statistics_one_less), "the squares are divided by n - 1.",
         "what does the formula divide by? what would one number give?", "7.6"},
        {FN(statistics_variance), "this is the variance, not its root.",
         "if all numbers are doubled, should the answer be 2 or 4 times as large?", "7.6"},
        {FN(statistics_about_0), "the squares are those of x[i] itself.",
         "what should the deviation of 9, 9 and 9 be?", "7.6"},
        {FN(statistics_sum), "the sum is not divided by n; it is no mean.",
         "what is the mean of 9, 10 and 11?", "7.6"},
        {FN(statistics_undivided), "the squares are not divided by n.",
         "should the deviation grow when every number is there twice?", "7.6"},
        {FN(statistics_running), "the mean is that of the numbers so far.",
         "when is the mean known, and when is the first square added?", "7.6"},
        {FN(statistics_ends_early), ENDS_EARLY, "7.6"}})},
    {"7.10", "dead_fraction", FN(dead_fraction),
     {{"four layers, by hand", dead_by_hand},
      {"N=3 M=5 all dead, N=4 M=3 all alive", dead_all},
      {"N=3 M=5, outputs of 1e-30 and 1e-7", dead_hardly_alive}, {"N=3 M=35", dead_many}},
     JUDGE_ONLY(FN(dead_right), {
        {FN(dead_any), "a neuron that one example does not wake is called dead.",
         "how many examples must a neuron sleep through to be dead?", "7.6"},
        {FN(dead_living), "this is the fraction of the living.",
         "if no output is above 0, should the answer be 0 or 1?", "7.6"},
        {FN(dead_undivided), "the dead ones are counted, but not divided by M.",
         "which fraction is asked for?", "7.6"},
        {FN(dead_over_N), "the dead ones are divided by the number of examples.",
         "a fraction of what is asked for, of neurons or of examples?", "7.6"},
        {FN(dead_ints), "the fraction is cut to a whole number.",
         "what is 3 / 4 in C, if both are ints?", "7.6"},
        {FN(dead_zeros), "this is the fraction of outputs that are 0.",
         "is a neuron with one output 0 and another above 0 half dead?", "7.6"},
        {FN(dead_at_0), "an output of 0 is taken for a sign of life.",
         "what does relu give for a neuron that sleeps?", "7.6"},
        {FN(dead_not_reset), "after the first living neuron all others live too.",
         "what was found out of one neuron: is it forgotten before the next?", "7.6"},
        {FN(dead_last), "only the last example decides.",
         "may a neuron that was found to live die again in your loop?", "7.6"},
        {FN(dead_turned), "h is read as if it were [M,N].",
         "h is [N,M]: how far is h[n,m] from the first number?", "7.6"},
        {FN(dead_examples), "this is the fraction of examples that wake no neuron.",
         "which loop is the outer one, and what does it count?", "7.6"}})},
    {"7.11", "saturated_fraction", FN(saturated_fraction),
     {{"n=9 and 2 from 0 to 1, n=7 from -1 to 1, n=5 from 2 to 4, by hand", saturated_by_hand},
      {"n=3 and n=4, none and all", saturated_ends}, {"n=35", saturated_many}},
     JUDGE_ONLY(FN(saturated_right), {
        {FN(saturated_equal), "numbers exactly on the border are counted too.",
         "does the formula say < or <=?", "7.6"},
        {FN(saturated_low_only), "only the low end is counted.",
         "how many ends has the range?", "7.6"},
        {FN(saturated_high_only), "only the high end is counted.",
         "how many ends has the range?", "7.6"},
        {FN(saturated_none), "no number can fulfil your condition.",
         "can one be near both ends at once? which way from low do you go by margin?", "7.6"},
        {FN(saturated_size), "the size of h is compared with the high end alone.",
         "for sigmoid: is 0.01 saturated, and how large is its size?", "7.6"},
        {FN(saturated_not), "those that are not saturated are counted.",
         "which way do the comparisons point?", "7.6"},
        {FN(saturated_undivided), "they are counted, but not divided by n.",
         "which fraction is asked for?", "7.6"},
        {FN(saturated_ints), "the fraction is cut to a whole number.",
         "what is 3 / 4 in C, if both are ints?", "7.6"},
        {FN(saturated_sigmoid), "the range is taken to be 0 to 1.",
         "where do low and high enter?", "7.6"},
        {FN(saturated_tanh), "the range is taken to be -1 to 1.",
         "where do low and high enter?", "7.6"},
        {FN(saturated_ends_early), ENDS_EARLY, "7.6"}})},
    {"7.12", "update_ratio", FN(update_ratio),
     {{"n=3 and n=1, by hand", ratio_by_hand}, {"n=35", ratio_many},
      {"n=5, dW is 0", ratio_no_gradient}, {"n=4, W and dW are 0", ratio_nothing},
      {"n=4, W is 0; infinity stands here as 1e30", ratio_no_weights},
      {"n=3, numbers near 1e-30", ratio_small}},
     JUDGE_ONLY(FN(ratio_right), {
        {FN(ratio_no_weights_0), "the answer is 0 where W is 0, although dW is not.",
         "weights of 0 that move: is that a small step for their size?", "7.6"},
        {FN(ratio_no_rate), "the rate is missing.",
         "how far do the weights move if the rate is 0?", "7.6"},
        {FN(ratio_upside_down), "W is divided by dW.",
         "should a larger gradient make the answer larger, or smaller?", "7.6"},
        {FN(ratio_squared), "the norms are squared: the roots are missing.",
         "if dW is doubled, should the answer be 2 or 4 times as large?", "7.6"},
        {FN(ratio_one_root), "the root of one of the norms is missing.",
         "how many norms are there, and how many roots?", "7.6"},
        {FN(ratio_rate_in_root), "the rate stands under the root.",
         "if the rate is doubled, should the answer be twice as large?", "7.6"},
        {FN(ratio_absolute), "absolute values are added up, not squares.",
         "what is norm(W) of 3 and 4: 5 or 7?", "7.6"},
        {FN(ratio_quotients), "this is the mean of the quotients of each pair.",
         "is a ratio of norms asked for, or a mean of ratios?", "7.6"},
        {FN(ratio_not_a_number), "0 is divided by 0.",
         "what should the answer be if nothing moves, and what is 0.0 / 0.0?", "7.6"},
        {FN(ratio_floats), "a square is taken in float.",
         "what is the square of 1e-30, and what is the smallest float?", "7.6"},
        {FN(ratio_ends_early), ENDS_EARLY, "7.6"}})},
    {"7.13*", "layers_scale", FN(layers_scale),
     {{"N=2, sizes 2 2 2 1, relu, by hand", scale_by_hand},
      {"N=6, sizes 4 5 3 2, relu", scale_relu}, {"N=6, sizes 4 5 3 2, tanh", scale_tanh},
      {"N=6, sizes 4 5 3 2, sigmoid", scale_sigmoid},
      {"N=6, sizes 4 5 3 2, sigmoid, W[2] is 0", scale_zero_layer},
      {"N=3, sizes 2 4 2 3, relu, layer 1 is dead", scale_dead},
      {"N=5, sizes 4 3", scale_one_layer}},
     JUDGE_ONLY(FN(scale_right), {
        {FN(scale_by_variance), "the weights are divided by the variance.",
         "if all z are divided by s, by what is their deviation divided?", "7.9"},
        {FN(scale_about_0), "the deviation is measured about 0, not about the mean.",
         "what does statistics() do with the mean of its numbers?", "7.9"},
        {FN(scale_after), "the deviation is measured after the activation.",
         "what is to have deviation 1: z, or the activation of z?", "7.9"},
        {FN(scale_unscaled), "the next layer sees what the old weights gave.",
         "when W[l] has changed, is h[l] still right?", "7.9"},
        {FN(scale_all_first), "all layers are measured in one pass of the old network, after "
         "their activations.",
         "what does a change of W[1] do to all layers after it?", "7.9"},
        {FN(scale_own), "the deviation is that of the weights, not of z.",
         "which numbers must be handed to statistics()?", "7.9"},
        {FN(scale_by_neuron), "every neuron is scaled by a deviation of its own.",
         "how many deviations has a layer here, one or M?", "7.9"},
        {FN(scale_by_0), "a deviation of 0 is divided by.",
         "what is to happen where all z are equal?", "7.9"},
        {FN(scale_stops), "nothing is done after a layer whose z are all equal.",
         "such a layer stays as it is: and those behind it?", "7.9"},
        {FN(scale_no_last), "the last layer keeps its weights.",
         "for which l does the comment ask?", "7.9"},
        {FN(scale_last_too), "the last layer has an activation.",
         "does the last layer of chapter 6 have one?", "7.9"}}, .uses = "7.9")},
    {0}};
