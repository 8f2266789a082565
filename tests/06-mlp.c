/* 06-mlp: the tests. */
#include "grade.h"
#include "mlp.c"

/* Below, "forward_like relu_forward;" declares the exercise again: should its parameters
 * have changed, the compiler says so. */

/* ---- 6.1 linear_forward -------------------------------------------------- */

/* Hint 6.1: what does one neuron m make of one example n?  You wrote that in chapter
 * 3; now there are M neurons.  Which row of W belongs to neuron m?
 *
 * y[n,m] = b[m] + x[n,0] W[m,0] + x[n,1] W[m,1] + ... + x[n,D-1] W[m,D-1].
 *
 * With loops: one over n, one over m, in them a sum that begins as b[m], and one over
 * d that adds products; element (m,d) of W is W[m*D + d].  With gemm(): first copy b
 * into every row of y, then let gemm() add; W is [M,D], so which flag says that it
 * lies transposed?
 */
typedef void linear_forward_like(float *y, const float *x, const float *W, const float *b,
                                 int N, int D, int M);
linear_forward_like linear_forward;

CASE(linear_forward_by_hand, linear_forward_like)
{
    IN(x, 2, 4); IN(W, 3, 4); IN(b, 3); OUT(y, 2, 3);
    SET(x, 1, 2, 0, -1,  0, 3, 1, 2);
    SET(W, 1, 0, 2, -1,  0, 1, -1, 3,  2, -2, 1, 0);
    SET(b, 10, 20, 30);
    f(y, x, W, b, 2, 4, 3);
    EXPECT(y, 12, 19, 28,  10, 28, 25);
}

CASE(linear_forward_narrow, linear_forward_like)
{
    IN(x, 5, 7); IN(W, 3, 7); IN(b, 3); OUT(y, 5, 3);
    f(y, x, W, b, 5, 7, 3);
}

CASE(linear_forward_wide, linear_forward_like)
{
    IN(x, 9, 18); IN(W, 35, 18); IN(b, 35); OUT(y, 9, 35);
    f(y, x, W, b, 9, 18, 35);
}

/* ---- 6.2 linear_backward ------------------------------------------------- */

/* Hint 6.2: in y[n,m] = b[m] + sum over d of x[n,d] W[m,d], which y contain x[n,d]?
 * Which contain W[m,d], and which b[m]?  Each of them sends some of its dy back.
 *
 * y[n,m] contains x[n,d] with the factor W[m,d], so x[n,d] gets dy[n,m] W[m,d] from
 * it, and that from every m.  W[m,d] gets dy[n,m] x[n,d] from every n, and b[m] gets
 * dy[n,m] from every n.
 *
 * Three loops over n, m and d around two lines with +=, one for dx and one for dW; db
 * does not depend on d, so where does its line stand?  And the line of dx needs an if.
 * Or two calls of gemm() with ADD: write down the shapes [N,M], [N,D], [M,D], and look
 * which of the matrices must lie transposed for them to fit.
 */
typedef void linear_backward_like(float *dx, float *dW, float *db, const float *dy,
                                  const float *x, const float *W, int N, int D, int M);
linear_backward_like linear_backward;

CASE(linear_backward_by_hand, linear_backward_like)
{
    IN(dy, 2, 3); IN(x, 2, 4); IN(W, 3, 4);
    ADD_TO(dx, 2, 4); ADD_TO(dW, 3, 4); ADD_TO(db, 3);
    SET(dy, 1, 0, -1,  2, 1, 0);
    SET(x, 1, 2, 0, -1,  0, 3, 1, 2);
    SET(W, 1, 0, 2, -1,  0, 1, -1, 3,  2, -2, 1, 0);
    SET(dx, 10, 20, 30, 40,  50, 60, 70, 80);
    SET(dW, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12);
    SET(db, 10, 20, 30);
    f(dx, dW, db, dy, x, W, 2, 4, 3);
    EXPECT(dx, 9, 22, 31, 39,  52, 61, 73, 81);
    EXPECT(dW, 2, 10, 5, 7,  5, 9, 8, 10,  8, 8, 11, 13);
    EXPECT(db, 13, 21, 29);
}

CASE(linear_backward_narrow, linear_backward_like)
{
    IN(dy, 5, 3); IN(x, 5, 7); IN(W, 3, 7);
    ADD_TO(dx, 5, 7); ADD_TO(dW, 3, 7); ADD_TO(db, 3);
    f(dx, dW, db, dy, x, W, 5, 7, 3);
}

CASE(linear_backward_no_dx, linear_backward_like)
{
    IN(dy, 4, 6); IN(x, 4, 3); IN(W, 6, 3); ADD_TO(dW, 6, 3); ADD_TO(db, 6);
    f(NULL, dW, db, dy, x, W, 4, 3, 6);
}

CASE(linear_backward_wide, linear_backward_like)
{
    IN(dy, 9, 19); IN(x, 9, 17); IN(W, 19, 17);
    ADD_TO(dx, 9, 17); ADD_TO(dW, 19, 17); ADD_TO(db, 19);
    f(dx, dW, db, dy, x, W, 9, 17, 19);
}

/* ---- 6.3 relu_forward, and cases for all activations --------------------- */

/* Hint 6.3: what becomes of -2, of 0 and of 3?
 *
 * y[i] = x[i] where x[i] > 0, and 0 elsewhere.
 *
 * One loop, and in it one assignment with a choice: y[i] = condition ? this : that.
 */
typedef void forward_like(float *y, const float *x, int n);
forward_like relu_forward, sigmoid_forward, tanh_forward;

CASE(relu_forward_by_hand, forward_like)
{
    IN(x, 6); OUT(y, 6);
    SET(x, -2, -0.5, 0, 0.5, 1, 3);
    f(y, x, 6);
    EXPECT(y, 0, 0, 0, 0.5, 1, 3);
}

CASE(forward_many, forward_like)
{
    IN(x, 35); OUT(y, 35);
    SCALE(x, 3);
    f(y, x, 35);
}

CASE(forward_in_place, forward_like)
{
    ADD_TO(y, 19);
    SCALE(y, 4);
    f(y, y, 19);
}

CASE(forward_far, forward_like)
{
    IN(x, 6); OUT(y, 6);
    SET(x, 10, -10, 100, -100, 1e4, -1e4);
    f(y, x, 6);
}

/* ---- 6.4 relu_backward --------------------------------------------------- */

/* Hint 6.4: if x[i] grows a little, by how much does y[i] grow, when x[i] is 3, and
 * when it is -2?  And how does y[i] tell you which of the two it was?
 *
 * dx[i] += dy[i] where y[i] > 0; where y[i] is 0, nothing is added.
 *
 * One loop, and in it an if, or a choice as in 6.3.  It is y that decides, dy that is
 * added, and dx keeps what it has.
 */
typedef void backward_like(float *dx, const float *dy, const float *y, int n);
backward_like relu_backward, sigmoid_backward, tanh_backward;

CASE(relu_backward_by_hand, backward_like)
{
    IN(dy, 6); IN(y, 6); ADD_TO(dx, 6);
    SET(dy, 3, -4, -5, 6, 0.5, -2); SET(y, 0, 2, 0, 0.5, 1, 0.25);
    SET(dx, 10, -20, 30, -40, 50, 60);
    f(dx, dy, y, 6);
    EXPECT(dx, 10, -24, 30, -34, 50.5, 58);
}

CASE(relu_backward_many, backward_like)
{
    IN(dy, 35); IN(y, 35); ADD_TO(dx, 35);
    for (int i = 0; i < 35; i++)
        y[i] = i % 3 ? fabsf(y[i]) : 0;
    f(dx, dy, y, 35);
}

/* ---- 6.5 sigmoid_forward ------------------------------------------------- */

/* Hint 6.5: which function of chapter 3 does this to one number?
 *
 * y[i] = 1 / (1 + exp(-x[i])).
 *
 * One loop that calls sigmoid() for every number.
 */
CASE(sigmoid_forward_by_hand, forward_like)
{
    IN(x, 5); OUT(y, 5);
    SET(x, 0, log(3), -log(3), log(9), -log(9));
    f(y, x, 5);
    EXPECT(y, 0.5, 0.75, 0.25, 0.9, 0.1);
}

/* ---- 6.6 sigmoid_backward ------------------------------------------------ */

/* Hint 6.6: how steep is the sigmoid at its middle, where y is 1/2, and how steep far
 * out, where y is nearly 0 or nearly 1?
 *
 * The derivative of the sigmoid is y (1 - y): so dx[i] += dy[i] y[i] (1 - y[i]).
 *
 * One loop, one line with +=.  No exponential: y is there already.
 */
CASE(sigmoid_backward_by_hand, backward_like)
{
    IN(dy, 5); IN(y, 5); ADD_TO(dx, 5);
    SET(dy, 4, 5, -7, -16, 32); SET(y, 0.5, 0, 1, 0.25, 0.75);
    SET(dx, 10, 20, 30, 40, 50);
    f(dx, dy, y, 5);
    EXPECT(dx, 11, 20, 30, 37, 56);
}

CASE(sigmoid_backward_many, backward_like)
{
    IN(dy, 35); IN(y, 35); ADD_TO(dx, 35);
    for (int i = 0; i < 35; i++)
        y[i] = 0.5f + 0.5f * y[i];
    f(dx, dy, y, 35);
}

/* ---- 6.7 tanh_forward ---------------------------------------------------- */

/* Hint 6.7: where does tanh begin, far to the left, and where does it end?  What is it
 * at 0?
 *
 * y[i] = tanh(x[i]) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).
 *
 * One loop that calls tanh32() of the kit; the formula itself would overflow at x =
 * 100.
 */
CASE(tanh_forward_by_hand, forward_like)
{
    IN(x, 5); OUT(y, 5);
    SET(x, 0, log(3) / 2, -log(3) / 2, log(3), -log(3));
    f(y, x, 5);
    EXPECT(y, 0, 0.5, -0.5, 0.8, -0.8);
}

/* ---- 6.8 tanh_backward --------------------------------------------------- */

/* Hint 6.8: how steep is tanh at 0, where y is 0, and how steep far out, where y is
 * nearly 1 or nearly -1?
 *
 * The derivative of tanh is 1 - y^2: so dx[i] += dy[i] (1 - y[i]^2).
 *
 * One loop, one line with +=.  C has no ^ for powers: write the product.
 */
CASE(tanh_backward_by_hand, backward_like)
{
    IN(dy, 6); IN(y, 6); ADD_TO(dx, 6);
    SET(dy, 3, 4, 5, 7, -8, 10); SET(y, 0, 0.5, 1, -1, -0.5, 0.8);
    SET(dx, 10, 20, 30, 40, 50, 60);
    f(dx, dy, y, 6);
    EXPECT(dx, 13, 23, 30, 40, 44, 63.6);
}

CASE(tanh_backward_many, backward_like)
{
    IN(dy, 35); IN(y, 35); ADD_TO(dx, 35);
    f(dx, dy, y, 35);
}

/* ---- 6.9 leaky_relu_forward ---------------------------------------------- */

/* Hint 6.9: what differs from relu, and on which side of 0?
 *
 * y[i] = x[i] where x[i] > 0, and slope x[i] elsewhere.
 *
 * The loop of 6.3 with another value after the colon.
 */
typedef void leaky_forward_like(float *y, const float *x, float slope, int n);
leaky_forward_like leaky_relu_forward;

CASE(leaky_forward_by_hand, leaky_forward_like)
{
    IN(x, 6); OUT(y, 6);
    SET(x, -4, -1, 0, 0.125, 1, 3);
    f(y, x, 0.25, 6);
    EXPECT(y, -1, -0.25, 0, 0.125, 1, 3);
}

CASE(leaky_forward_many, leaky_forward_like)
{
    IN(x, 35); OUT(y, 35);
    f(y, x, 0.05f, 35);
}

CASE(leaky_forward_in_place, leaky_forward_like)
{
    ADD_TO(y, 19);
    f(y, y, 0.3f, 19);
}

CASE(leaky_forward_steep, leaky_forward_like)
{
    IN(x, 4); OUT(y, 4);
    SET(x, -3, -0.5, 0.5, 2);
    f(y, x, 2, 4);
    EXPECT(y, -6, -1, 0.5, 2);
}

/* ---- 6.10 leaky_relu_backward -------------------------------------------- */

/* Hint 6.10: if x[i] grows a little, by how much does y[i] grow, on either side of 0?
 * And does y[i] have the sign of x[i]?
 *
 * dx[i] += dy[i] where y[i] > 0, and dx[i] += slope dy[i] elsewhere, also where y[i]
 * is 0.
 *
 * The loop of 6.4, where now something is added on both sides.
 */
typedef void leaky_backward_like(float *dx, const float *dy, const float *y, float slope,
                                 int n);
leaky_backward_like leaky_relu_backward;

CASE(leaky_backward_by_hand, leaky_backward_like)
{
    IN(dy, 6); IN(y, 6); ADD_TO(dx, 6);
    SET(dy, 4, -4, 5, 3, 2, -12); SET(y, -1, 2, 3, 0.125, -0.25, -3);
    SET(dx, 10, 20, 30, 40, 50, 60);
    f(dx, dy, y, 0.25, 6);
    EXPECT(dx, 11, 16, 35, 43, 50.5, 57);
}

CASE(leaky_backward_at_0, leaky_backward_like)
{
    IN(dy, 3); IN(y, 3); ADD_TO(dx, 3);
    SET(dy, -8, 3, 4); SET(y, 0, 1, 0); SET(dx, 10, 20, 30);
    f(dx, dy, y, 0.25, 3);
    EXPECT(dx, 8, 23, 31);
}

CASE(leaky_backward_many, leaky_backward_like)
{
    IN(dy, 35); IN(y, 35); ADD_TO(dx, 35);
    f(dx, dy, y, 0.05f, 35);
}

/* ---- 6.11 cross_entropy_forward ------------------------------------------ */

/* Hint 6.11: what does one example lose if the network gives its true class the
 * probability 1, and what if it gives 1/8?  And what is the logarithm of a probability
 * that has become 0 in a float?
 *
 * For each row: loss[n] = log(sum over j of exp(z[n,j])) - z[n,t[n]].  With top, the
 * largest logit of the row: log(sum over j of exp(z[n,j] - top)) + top - z[n,t[n]];
 * now no exponential is larger than 1.  The result is the mean of loss[n] over the N
 * examples.
 *
 * softmax_rows() of chapter 2 gives p.  Then a loop over n, with three parts: a loop
 * over k that finds top, a loop over k that sums exponentials, a line that adds to the
 * total.  p is not needed for it.  One division, after the loop.
 */
typedef float entropy_forward_like(float *p, const float *z, const int *t, int N, int K);
entropy_forward_like cross_entropy_forward;

CASE(entropy_forward_by_hand, entropy_forward_like)
{
    IN(z, 2, 3); LABELS(t, 3, 2); OUT(p, 2, 3); OUT(result, 1);
    SET(z, 0, log(2), log(5),  log(6), 0, 0); SET(t, 2, 1);
    *result = f(p, z, t, 2, 3);
    EXPECT(p, 0.125, 0.25, 0.625,  0.75, 0.125, 0.125);
    EXPECT(result, (log(8.0/5) + log(8)) / 2);
}

CASE(entropy_forward_many, entropy_forward_like)
{
    IN(z, 5, 7); LABELS(t, 7, 5); OUT(p, 5, 7); OUT(result, 1);
    *result = f(p, z, t, 5, 7);
}

CASE(entropy_forward_equal, entropy_forward_like)
{
    IN(z, 3, 4); LABELS(t, 4, 3); OUT(p, 3, 4); OUT(result, 1);
    SET(z, 0, 0, 0, 0,  5, 5, 5, 5,  -7, -7, -7, -7); SET(t, 0, 3, 1);
    *result = f(p, z, t, 3, 4);
    EXPECT(result, log(4));
}

CASE(entropy_forward_high, entropy_forward_like)
{
    IN(z, 2, 3); LABELS(t, 3, 2); OUT(p, 2, 3); OUT(result, 1);
    SET(z, 100, 99, 98,  1000, 1003, 1001); SET(t, 1, 2);
    *result = f(p, z, t, 2, 3);
}

CASE(entropy_forward_certain, entropy_forward_like)
{
    IN(z, 2, 3); LABELS(t, 3, 2); OUT(p, 2, 3); OUT(result, 1);
    SET(z, 100, -100, 0,  0, 1e4, -1e4); SET(t, 1, 2);
    *result = f(p, z, t, 2, 3);
    EXPECT(p, 1, 0, 0,  0, 1, 0);
    EXPECT(result, (200 + 2e4) / 2);
}

CASE(entropy_forward_low, entropy_forward_like)
{
    IN(z, 2, 3); LABELS(t, 3, 2); OUT(p, 2, 3); OUT(result, 1);
    SET(z, -1000, -1000, -1000,  -205, -200, -203); SET(t, 0, 2);
    *result = f(p, z, t, 2, 3);
}

/* ---- 6.12 cross_entropy_backward ----------------------------------------- */

/* Hint 6.12: the network gives p[n,k]; what should it have given, for the true class
 * and for the others?
 *
 * dz[n,k] += (p[n,k] - 1) / N for k = t[n], and dz[n,k] += p[n,k] / N for every other
 * k.
 *
 * Two loops, over n and over k, and one line with +=; in C the comparison k == t[n] is
 * the number 1 or 0.
 */
typedef void entropy_backward_like(float *dz, const float *p, const int *t, int N, int K);
entropy_backward_like cross_entropy_backward;

CASE(entropy_backward_by_hand, entropy_backward_like)
{
    IN(p, 2, 3); LABELS(t, 3, 2); ADD_TO(dz, 2, 3);
    SET(p, 0.125, 0.25, 0.625,  0.75, 0.125, 0.125); SET(t, 2, 1);
    SET(dz, 1, 2, 3, 4, 5, 6);
    f(dz, p, t, 2, 3);
    EXPECT(dz, 1.0625, 2.125, 2.8125,  4.375, 4.5625, 6.0625);
}

CASE(entropy_backward_many, entropy_backward_like)
{
    IN(p, 5, 7); LABELS(t, 7, 5); ADD_TO(dz, 5, 7);
    for (int n = 0; n < 5; n++) {
        float sum = 0;
        for (int k = 0; k < 7; k++)
            sum += p[n*7 + k] = fabsf(p[n*7 + k]);
        for (int k = 0; k < 7; k++)
            p[n*7 + k] /= sum;
    }
    f(dz, p, t, 5, 7);
}

CASE(entropy_backward_certain, entropy_backward_like)
{
    IN(p, 3, 4); LABELS(t, 4, 3); ADD_TO(dz, 3, 4);
    SET(p, 0, 1, 0, 0,  0, 0, 0, 1,  0.5, 0, 0.5, 0); SET(t, 2, 3, 0);
    f(dz, p, t, 3, 4);
}

/* ---- 6.13 mse_forward ---------------------------------------------------- */

/* Hint 6.13: how far is each y[i] from its t[i], and why does the square make it no
 * matter on which side?
 *
 * mse = ((y[0] - t[0])^2 + ... + (y[n-1] - t[n-1])^2) / n.
 *
 * A sum in double that starts at 0, one loop, and one division after it.
 */
typedef float mse_forward_like(const float *y, const float *t, int n);
mse_forward_like mse_forward;

CASE(mse_forward_by_hand, mse_forward_like)
{
    IN(y, 4); IN(t, 4); OUT(result, 1);
    SET(y, 1, 2, -3, 0); SET(t, 0, 4, -2, 4);
    *result = f(y, t, 4);
    EXPECT(result, 5.5);
}

CASE(mse_forward_many, mse_forward_like)
{
    IN(y, 35); IN(t, 35); OUT(result, 1);
    *result = f(y, t, 35);
}

CASE(mse_forward_equal, mse_forward_like)
{
    IN(y, 3); IN(t, 3); OUT(result, 1);
    SET(y, 1, -2, 0.5); SET(t, 1, -2, 0.5);
    *result = f(y, t, 3);
    EXPECT(result, 0);
}

/* ---- 6.14 mse_backward --------------------------------------------------- */

/* Hint 6.14: what is the derivative of u^2, and which of the n terms of the mean
 * contains y[i]?
 *
 * dy[i] += 2 (y[i] - t[i]) / n.
 *
 * One loop, one line with +=.  If y[i] is too large, dy[i] is positive.
 */
typedef void mse_backward_like(float *dy, const float *y, const float *t, int n);
mse_backward_like mse_backward;

CASE(mse_backward_by_hand, mse_backward_like)
{
    IN(y, 4); IN(t, 4); ADD_TO(dy, 4);
    SET(y, 1, 2, -3, 0); SET(t, 0, 4, -2, 4); SET(dy, 10, 20, 30, 40);
    f(dy, y, t, 4);
    EXPECT(dy, 10.5, 19, 29.5, 38);
}

CASE(mse_backward_many, mse_backward_like)
{
    IN(y, 35); IN(t, 35); ADD_TO(dy, 35);
    f(dy, y, t, 35);
}

/* ---- 6.15 mlp_forward ---------------------------------------------------- */

/* Every matrix of these networks is an array of its own, not a part of one block: so the
 * sanitizer sees a step out of any of them. */
#define WEIGHTS(l, M, D) IN(W##l, M, D); IN(b##l, M)
#define NET3(kind, ...) \
    struct mlp net = {.layers = 3, .size = {__VA_ARGS__}, .activation = kind, \
                      .W = {NULL, W1, W2, W3}, .b = {NULL, b1, b2, b3}}
#define WEIGHTS_BY_HAND \
    SET(W1, 1, 1,  1, -1,  0, 2); SET(b1, 0, -1, -1); \
    SET(W2, 1, 0, -1,  0, 1, 1,  -1, 2, 0,  1, 0, 1); SET(b2, 1, -2, 2, 0); \
    SET(W3, 1, -1, 2, 0,  0, 1, 0, -1); SET(b3, -3, -2)

/* Hint 6.15: what are the inputs of layer 1, what are those of layer 2, and which
 * layer has no activation?
 *
 * h[l] = activation(h[l-1] W[l]' + b[l]) for l = 1, 2, ... layers - 1, and for the
 * last h[layers] = h[layers-1] W[layers]' + b[layers].
 *
 * One loop over l from 1 to layers.  In it D = size[l-1], M = size[l], a call of
 * linear_forward() into h[l], and, if this is not the last layer, a call of
 * activation_forward() on the N*M numbers of h[l], in place.
 */
typedef void net_forward_like(struct mlp_work *work, const struct mlp *net, int N);
net_forward_like mlp_forward;

CASE(net_forward_by_hand, net_forward_like)
{
    IN(h0, 2, 2); WEIGHTS(1, 3, 2); WEIGHTS(2, 4, 3); WEIGHTS(3, 2, 4);
    OUT(h1, 2, 3); OUT(h2, 2, 4); OUT(h3, 2, 2);
    SET(h0, 1, 2,  -1, 1); WEIGHTS_BY_HAND;
    NET3(RELU, 2, 3, 4, 2);
    f(&(struct mlp_work){.h = {h0, h1, h2, h3}}, &net, 2);
    EXPECT(h1, 3, 0, 3,  0, 0, 1);
    EXPECT(h2, 1, 1, 0, 6,  0, 0, 2, 1);
    EXPECT(h3, -3, -7,  1, -3);
}

static void net_forward_of(struct run *r, net_forward_like *f, enum activation kind)
{
    IN(h0, 6, 4); WEIGHTS(1, 5, 4); WEIGHTS(2, 3, 5); WEIGHTS(3, 2, 3);
    OUT(h1, 6, 5); OUT(h2, 6, 3); OUT(h3, 6, 2);
    NET3(kind, 4, 5, 3, 2);
    f(&(struct mlp_work){.h = {h0, h1, h2, h3}}, &net, 6);
}

CASE(net_forward_relu, net_forward_like) { net_forward_of(r, f, RELU); }
CASE(net_forward_sigmoid, net_forward_like) { net_forward_of(r, f, SIGMOID); }
CASE(net_forward_tanh, net_forward_like) { net_forward_of(r, f, TANH); }
CASE(net_forward_leaky, net_forward_like) { net_forward_of(r, f, LEAKY_RELU); }

CASE(net_forward_one_layer, net_forward_like)
{
    IN(h0, 5, 4); WEIGHTS(1, 3, 4); OUT(h1, 5, 3);
    struct mlp net = {.layers = 1, .size = {4, 3}, .activation = TANH,
                      .W = {NULL, W1}, .b = {NULL, b1}};
    f(&(struct mlp_work){.h = {h0, h1}}, &net, 5);
}

/* ---- 6.16 mlp_backward --------------------------------------------------- */

/* Hint 6.16: which gradient is known at the start, and in which order must the layers
 * come so that each finds its own dz ready?
 *
 * For l = layers, ... 2, 1: dh[l-1] += dz[l] W[l], dW[l] += dz[l]' h[l-1], db[l] +=
 * column sums of dz[l]; that is exercise 6.2.  Then dz[l-1] from dh[l-1] and h[l-1],
 * through the activation.  Below layer 1 there is no activation, and nobody wants
 * dh[0].
 *
 * One loop over l downwards.  In it D = size[l-1], M = size[l], a call of
 * linear_backward() with NULL for dx when l is 1, and, when l is more than 1, a call
 * of activation_backward() from dh[l-1] to dz[l-1], N*D numbers.
 */
typedef void net_backward_like(struct mlp *grad, struct mlp_work *work,
                               const struct mlp *net, int N);
net_backward_like mlp_backward;

#define GRADIENTS(l, M, D) ADD_TO(dW##l, M, D); ADD_TO(db##l, M)
#define GRAD3(kind, ...) \
    struct mlp grad = {.layers = 3, .size = {__VA_ARGS__}, .activation = kind, \
                       .W = {NULL, dW1, dW2, dW3}, .b = {NULL, db1, db2, db3}}
/* The gradient in what a hidden layer holds: 0 before. */
#define HIDDEN(l, N, M) \
    ADD_TO(dh##l, N, M); ADD_TO(dz##l, N, M); SCALE(dh##l, 0); SCALE(dz##l, 0)

CASE(net_backward_by_hand, net_backward_like)
{
    IN(h0, 2, 2); IN(h1, 2, 3); IN(h2, 2, 4); IN(h3, 2, 2); IN(dz3, 2, 2);
    WEIGHTS(1, 3, 2); WEIGHTS(2, 4, 3); WEIGHTS(3, 2, 4);
    GRADIENTS(3, 2, 4); HIDDEN(2, 2, 4);
    GRADIENTS(2, 4, 3); HIDDEN(1, 2, 3); GRADIENTS(1, 3, 2);
    SET(h0, 1, 2,  -1, 1); WEIGHTS_BY_HAND;
    SET(h1, 3, 0, 3,  0, 0, 1); SET(h2, 1, 1, 0, 6,  0, 0, 2, 1); SET(h3, -3, -7,  1, -3);
    SET(dz3, 1, -1,  2, 0.5);
    SET(dW3, 10, 20, 30, 40, 50, 60, 70, 80); SET(db3, 1, 2);
    SET(dW2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); SET(db2, 1, 2, 3, 4);
    SET(dW1, 10, 20, 30, 40, 50, 60); SET(db1, 1, 2, 3);
    NET3(RELU, 2, 3, 4, 2); GRAD3(RELU, 2, 3, 4, 2);
    f(&grad, &(struct mlp_work){.h = {h0, h1, h2, h3}, .dz = {NULL, dz1, dz2, dz3},
                                .dh = {NULL, dh1, dh2}}, &net, 2);
    EXPECT(dW3, 11, 21, 34, 48,  49, 59, 71, 74.5);
    EXPECT(db3, 4, 1.5);
    EXPECT(dh2, 1, -2, 2, 1,  2, -1.5, 4, -0.5);
    EXPECT(dz2, 1, -2, 0, 1,  0, 0, 4, -0.5);
    EXPECT(dW2, 4, 2, 6,  -2, 5, 0,  7, 8, 13,  13, 11, 14.5);
    EXPECT(db2, 2, 0, 7, 4.5);
    EXPECT(dh1, 2, -2, -2,  -4.5, 8, -0.5);
    EXPECT(dz1, 2, 0, -2,  0, 0, -0.5);
    EXPECT(dW1, 12, 24,  30, 40,  48.5, 55.5);
    EXPECT(db1, 3, 2, 0.5);
}

/* What a layer of this activation could have given. */
static void outputs_of(float *h, enum activation kind, int n)
{
    for (int i = 0; i < n; i++)
        if (kind == RELU)
            h[i] = i % 3 ? fabsf(h[i]) : 0;
        else if (kind == SIGMOID)
            h[i] = 0.5f + 0.45f * h[i];
}

static void net_backward_of(struct run *r, net_backward_like *f, enum activation kind)
{
    IN(h0, 6, 4); IN(h1, 6, 5); IN(h2, 6, 3); IN(h3, 6, 2); IN(dz3, 6, 2);
    WEIGHTS(1, 5, 4); WEIGHTS(2, 3, 5); WEIGHTS(3, 2, 3);
    GRADIENTS(3, 2, 3); HIDDEN(2, 6, 3);
    GRADIENTS(2, 3, 5); HIDDEN(1, 6, 5); GRADIENTS(1, 5, 4);
    outputs_of(h1, kind, 6*5); outputs_of(h2, kind, 6*3);
    NET3(kind, 4, 5, 3, 2); GRAD3(kind, 4, 5, 3, 2);
    f(&grad, &(struct mlp_work){.h = {h0, h1, h2, h3}, .dz = {NULL, dz1, dz2, dz3},
                                .dh = {NULL, dh1, dh2}}, &net, 6);
}

CASE(net_backward_relu, net_backward_like) { net_backward_of(r, f, RELU); }
CASE(net_backward_sigmoid, net_backward_like) { net_backward_of(r, f, SIGMOID); }
CASE(net_backward_tanh, net_backward_like) { net_backward_of(r, f, TANH); }
CASE(net_backward_leaky, net_backward_like) { net_backward_of(r, f, LEAKY_RELU); }

CASE(net_backward_one_layer, net_backward_like)
{
    IN(h0, 5, 4); IN(h1, 5, 3); IN(dz1, 5, 3); WEIGHTS(1, 3, 4); GRADIENTS(1, 3, 4);
    struct mlp net = {.layers = 1, .size = {4, 3}, .W = {NULL, W1}, .b = {NULL, b1}};
    struct mlp grad = {.layers = 1, .size = {4, 3}, .W = {NULL, dW1}, .b = {NULL, db1}};
    f(&grad, &(struct mlp_work){.h = {h0, h1}, .dz = {NULL, dz1}}, &net, 5);
}

/* ---- 6.17 mlp_predict ---------------------------------------------------- */

/* Hint 6.17: of the logits -3, -2, -2, -4, which class is it, and at which number
 * would you start your search for the largest?
 *
 * k[n] = the smallest j for which z[n,j] is the largest of row n, where z is
 * h[layers].
 *
 * First mlp_forward().  Then a loop over n; the best class so far starts at 0; a loop
 * over j from 1 to K-1 that replaces it when z[n*K + j] is larger, and only then.
 */
typedef void predict_like(int *k, struct mlp_work *work, const struct mlp *net, int N);
predict_like mlp_predict;

CASE(predict_by_hand, predict_like)
{
    IN(h0, 3, 2); WEIGHTS(1, 4, 2); OUT(h1, 3, 4); OUT_INT(k, 3);
    SET(h0, 1, 0,  1, 1,  0, -1);
    SET(W1, 1, -3,  2, -1,  2, -3,  0, -2); SET(b1, -4.75, -4.5, -4.5, -3.25);
    struct mlp net = {.layers = 1, .size = {2, 4}, .W = {NULL, W1}, .b = {NULL, b1}};
    f(k, &(struct mlp_work){.h = {h0, h1}}, &net, 3);
    EXPECT(h1, -3.75, -2.5, -2.5, -3.25,  -6.75, -3.5, -5.5, -5.25,
               -1.75, -3.5, -1.5, -1.25);
    EXPECT(k, 1, 1, 3);
}

CASE(predict_deep, predict_like)
{
    IN(h0, 7, 4); WEIGHTS(1, 5, 4); WEIGHTS(2, 3, 5); WEIGHTS(3, 6, 3);
    OUT(h1, 7, 5); OUT(h2, 7, 3); OUT(h3, 7, 6); OUT_INT(k, 7);
    NET3(RELU, 4, 5, 3, 6);
    f(k, &(struct mlp_work){.h = {h0, h1, h2, h3}}, &net, 7);
}

CASE(predict_equal, predict_like)
{
    IN(h0, 2, 3); WEIGHTS(1, 5, 3); OUT(h1, 2, 5); OUT_INT(k, 2);
    SCALE(W1, 0); SET(b1, 3, 3, 3, 3, 3);
    struct mlp net = {.layers = 1, .size = {3, 5}, .W = {NULL, W1}, .b = {NULL, b1}};
    f(k, &(struct mlp_work){.h = {h0, h1}}, &net, 2);
    EXPECT(k, 0, 0);
}

/* ---- what only the judge holds ------------------------------------------- */
#if JUDGE

/* Gradients are checked with slopes: nudge the number whose gradient is *d up and down, and
 * see what becomes of the loss, in double.  The functions that compute a loss ask of every
 * number how far it is nudged. */
static const float *nudged;
static double nudge;

static double nudge_of(const float *d) { return d == nudged ? nudge : 0; }

#define ADD_SLOPE(d, loss) do { \
        nudged = d, nudge = 1e-5; \
        double up = loss; \
        nudge = -1e-5; \
        double down = loss; \
        nudged = NULL, *(d) += (float)((up - down) / 2e-5); \
    } while (0)

/* ---- linear: oracles and mistakes ---- */

/* y[n,m] from a sum that begins somewhere, grows by something for every d, and is put
 * somewhere. */
#define LINEAR(name, begin, grow, put) \
    static void name(float *y, const float *x, const float *W, const float *b, \
                     int N, int D, int M) \
    { \
        double sum = 0; \
        for (int n = 0; n < N; n++) \
            for (int m = 0; m < M; m++) { \
                begin; \
                for (int d = 0; d < D; d++) \
                    grow; \
                put; \
            } \
        (void)b; \
    }
#define TERM (double)x[n*D + d] * W[m*D + d]
#define PUT y[n*M + m] = (float)sum
LINEAR(linear_right,       sum = b[m],          sum += TERM, PUT)
LINEAR(linear_keeps_old,   sum = b[m],          sum += TERM, y[n*M + m] += (float)sum)
LINEAR(linear_no_bias,     sum = 0,             sum += TERM, PUT)
LINEAR(linear_bias_of_n,   sum = b[n % M],      sum += TERM, PUT)
LINEAR(linear_bias_by_d,   sum = 0,             sum += TERM + b[m], PUT)
LINEAR(linear_turned_W,    sum = b[m],          sum += (double)x[n*D + d] * W[d*M + m], PUT)
LINEAR(linear_stride_M,    sum = b[m],          sum += x[n*D + d] * W[(m*M + d) % (M*D)], PUT)
LINEAR(linear_turned_x,    sum = b[m],          sum += (double)x[d*N + n] * W[m*D + d], PUT)
LINEAR(linear_first_row,   sum = b[m],          sum += (double)x[d] * W[m*D + d], PUT)
LINEAR(linear_last_only,   sum = b[m],          sum = b[m] + TERM, PUT)
LINEAR(linear_last_alone,  sum = b[m],          sum = TERM, PUT)
LINEAR(linear_runs_on,     sum += b[m],         sum += TERM, PUT)

/* The sum of dy[n,m] y[n,m]: its slopes are what linear_backward() adds. */
static double linear_loss(const float *dx, const float *dW, const float *db, const float *dy,
                          const float *x, const float *W, int N, int D, int M)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            double y = nudge_of(db + m);
            for (int d = 0; d < D; d++)
                y += (x[n*D + d] + (dx ? nudge_of(dx + n*D + d) : 0)) *
                     (W[m*D + d] + nudge_of(dW + m*D + d));
            sum += dy[n*M + m] * y;
        }
    return sum;
}

static void linear_slopes(float *dx, float *dW, float *db, const float *dy,
                          const float *x, const float *W, int N, int D, int M)
{
    for (int i = 0; dx && i < N*D; i++)
        ADD_SLOPE(dx + i, linear_loss(dx, dW, db, dy, x, W, N, D, M));
    for (int i = 0; i < M*D; i++)
        ADD_SLOPE(dW + i, linear_loss(dx, dW, db, dy, x, W, N, D, M));
    for (int i = 0; i < M; i++)
        ADD_SLOPE(db + i, linear_loss(dx, dW, db, dy, x, W, N, D, M));
}

/* What to do first, with every (n,m), and with every (n,m,d) for dx and for dW. */
#define LINEAR_BACK(name, first, with_db, with_dx, with_dW) \
    static void name(float *dx, float *dW, float *db, const float *dy, \
                     const float *x, const float *W, int N, int D, int M) \
    { \
        first; \
        for (int n = 0; n < N; n++) \
            for (int m = 0; m < M; m++) { \
                with_db; \
                for (int d = 0; d < D; d++) { \
                    if (dx) \
                        with_dx; \
                    with_dW; \
                } \
            } \
    }
#define CLEAR(a, n) memset(a, 0, (size_t)(n) * sizeof(float))
#define CLEAR_ALL (dx ? CLEAR(dx, N*D) : NULL, CLEAR(dW, M*D), CLEAR(db, M))
#define DY dy[n*M + m]
#define DB db[m] += DY
#define DX dx[n*D + d] += DY * W[m*D + d]
#define DW dW[m*D + d] += DY * x[n*D + d]
LINEAR_BACK(back_right,        ,                DB, DX, DW)
LINEAR_BACK(back_needs_dx,     if (!dx) return, DB, DX, DW)
LINEAR_BACK(back_overwrites,   CLEAR_ALL,       DB, DX, DW)
LINEAR_BACK(back_db_by_d,      ,                db[m] += DY * (float)D, DX, DW)
LINEAR_BACK(back_turned_W,     ,                DB, dx[n*D + d] += DY * W[d*M + m], DW)
LINEAR_BACK(back_turned_dW,    ,                DB, DX, dW[d*M + m] += DY * x[n*D + d])
LINEAR_BACK(back_first_x,      ,                DB, DX, dW[m*D + d] += DY * x[d])
LINEAR_BACK(back_last_dW,      ,                DB, DX, dW[m*D + d] = DY * x[n*D + d])
LINEAR_BACK(back_last_dx,      ,                DB, dx[n*D + d] = DY * W[m*D + d], DW)
LINEAR_BACK(back_last_db,      ,                db[m] = DY, DX, DW)
LINEAR_BACK(back_last_all,     ,                db[m] = DY,
            dx[n*D + d] = DY * W[m*D + d], dW[m*D + d] = DY * x[n*D + d])
LINEAR_BACK(back_mean,         float rows = (float)N, DB / rows, DX, DW / rows)

/* ---- activations: oracles and mistakes ---- */

static double exact_sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* How much more comes out of a sigmoid that gave y, or a tanh, if u more goes in. */
static double sigmoid_change(double y, double u)
{
    return exact_sigmoid(log(y / (1 - y)) + u) - y;
}

static double tanh_change(double y, double u)
{
    return tanh(atanh(y) + u) - y;
}

#define SLOPE(change) (float)((change(y[i], 1e-5) - change(y[i], -1e-5)) / 2e-5)
#define SLOPE_AT(f, x) (float)((f((x) + 1e-5) - f((x) - 1e-5)) / 2e-5)

#define FORWARD(name, line) \
    static void name(float *y, const float *x, int n) \
    { for (int i = 0; i < n; i++) { line; } }
#define BACKWARD(name, line) \
    static void name(float *dx, const float *dy, const float *y, int n) \
    { for (int i = 0; i < n; i++) { line; } }
#define LEAKY_FORWARD(name, line) \
    static void name(float *y, const float *x, float slope, int n) \
    { for (int i = 0; i < n; i++) { line; } }
#define LEAKY_BACKWARD(name, line) \
    static void name(float *dx, const float *dy, const float *y, float slope, int n) \
    { for (int i = 0; i < n; i++) { line; } }

FORWARD(relu_right,           y[i] = x[i] > 0 ? x[i] : 0)
FORWARD(relu_keeps_old,       y[i] += x[i] > 0 ? x[i] : 0)
FORWARD(relu_other_side,      y[i] = x[i] < 0 ? x[i] : 0)
FORWARD(relu_absolute,        y[i] = fabsf(x[i]))
FORWARD(relu_passes_all,      y[i] = x[i])
FORWARD(relu_step,            y[i] = x[i] > 0)
FORWARD(relu_leaks,           y[i] = x[i] > 0 ? x[i] : 0.01f * x[i])
FORWARD(relu_from_one,        y[i] = x[i] > 1 ? x[i] : 0)
FORWARD(relu_up_to_one,       y[i] = x[i] > 1 ? 1 : x[i] > 0 ? x[i] : 0)
FORWARD(relu_ends_early,      if (i < n - 1) y[i] = x[i] > 0 ? x[i] : 0)

BACKWARD(relu_back_right,       dx[i] += y[i] > 0 ? dy[i] : 0)
BACKWARD(relu_back_overwrites,  dx[i] = y[i] > 0 ? dy[i] : 0)
BACKWARD(relu_back_half_over,   if (y[i] > 0) dx[i] = dy[i])
BACKWARD(relu_back_clears,      dx[i] = y[i] > 0 ? dx[i] + dy[i] : 0)
BACKWARD(relu_back_by_dy,       dx[i] += dy[i] > 0 ? dy[i] : 0)
BACKWARD(relu_back_by_dx,       dx[i] += dx[i] > 0 ? dy[i] : 0)
BACKWARD(relu_back_passes_all,  dx[i] += dy[i])
BACKWARD(relu_back_times_y,     dx[i] += dy[i] * y[i])
BACKWARD(relu_back_no_dy,       dx[i] += y[i] > 0)
BACKWARD(relu_back_y_for_dy,    dx[i] += y[i])
BACKWARD(relu_back_other_side,  dx[i] += y[i] > 0 ? 0 : dy[i])
BACKWARD(relu_back_minus,       dx[i] -= y[i] > 0 ? dy[i] : 0)

FORWARD(sigmoid_right,        y[i] = (float)exact_sigmoid(x[i]))
FORWARD(sigmoid_keeps_old,    y[i] += (float)exact_sigmoid(x[i]))
FORWARD(sigmoid_overflows,    y[i] = expf(x[i]) / (1 + expf(x[i])))
FORWARD(sigmoid_falls,        y[i] = (float)exact_sigmoid(-x[i]))
FORWARD(sigmoid_exp_alone,    y[i] = expf(-x[i]))
FORWARD(sigmoid_no_one,       y[i] = 1 / expf(-x[i]))
FORWARD(sigmoid_minus,        y[i] = 1 / (1 - expf(-x[i])))
FORWARD(sigmoid_no_fraction,  y[i] = 1 + expf(-x[i]))
FORWARD(sigmoid_one_sided,    y[i] = (float)exact_sigmoid(fabs(x[i])))
FORWARD(sigmoid_is_tanh,      y[i] = (float)tanh(x[i]))
FORWARD(sigmoid_slope,        double s = exact_sigmoid(x[i]); y[i] = (float)(s * (1 - s)))
FORWARD(sigmoid_ends_early,   if (i < n - 1) y[i] = (float)exact_sigmoid(x[i]))

BACKWARD(sigmoid_slopes,          dx[i] += dy[i] * SLOPE(sigmoid_change))
BACKWARD(sigmoid_back_overwrites, dx[i] = dy[i] * y[i] * (1 - y[i]))
BACKWARD(sigmoid_back_only_y,     dx[i] += dy[i] * y[i])
BACKWARD(sigmoid_back_only_rest,  dx[i] += dy[i] * (1 - y[i]))
BACKWARD(sigmoid_back_y_as_x,     dx[i] += dy[i] * SLOPE_AT(exact_sigmoid, y[i]))
BACKWARD(sigmoid_back_plus,       dx[i] += dy[i] * y[i] * (1 + y[i]))
BACKWARD(sigmoid_back_sign,       dx[i] += dy[i] * y[i] * (y[i] - 1))
BACKWARD(sigmoid_back_square,     dx[i] += dy[i] * (1 - y[i] * y[i]))
BACKWARD(sigmoid_back_no_dy,      dx[i] += y[i] * (1 - y[i]))
BACKWARD(sigmoid_back_one_dy,     dx[i] += dy[i] * y[i] * (1 - dy[i]))
BACKWARD(sigmoid_back_product,    dx[i] *= dy[i] * y[i] * (1 - y[i]))
BACKWARD(sigmoid_back_bracket,    dx[i] += dy[i] * y[i] - y[i])

FORWARD(tanh_right,           y[i] = (float)tanh(x[i]))
FORWARD(tanh_keeps_old,       y[i] += (float)tanh(x[i]))
FORWARD(tanh_overflows,       y[i] = (expf(x[i]) - expf(-x[i])) / (expf(x[i]) + expf(-x[i])))
FORWARD(tanh_overflows_too,   y[i] = (expf(2 * x[i]) - 1) / (expf(2 * x[i]) + 1))
FORWARD(tanh_is_sigmoid,      y[i] = (float)exact_sigmoid(x[i]))
FORWARD(tanh_of_half,         y[i] = (float)tanh(0.5 * x[i]))
FORWARD(tanh_falls,           y[i] = (float)-tanh(x[i]))
FORWARD(tanh_is_tan,          y[i] = tanf(x[i]))
FORWARD(tanh_inverse,         y[i] = (float)(1 / tanh(x[i])))
FORWARD(tanh_is_sinh,         y[i] = sinhf(x[i]))
FORWARD(tanh_bracket,         y[i] = (expf(x[i]) - expf(-x[i])) / expf(x[i]) + expf(-x[i]))
FORWARD(tanh_ends_early,      if (i < n - 1) y[i] = (float)tanh(x[i]))

BACKWARD(tanh_slopes,          dx[i] += dy[i] * SLOPE(tanh_change))
BACKWARD(tanh_back_overwrites, dx[i] = dy[i] * (1 - y[i] * y[i]))
BACKWARD(tanh_back_no_square,  dx[i] += dy[i] * (1 - y[i]))
BACKWARD(tanh_back_y_as_x,     dx[i] += dy[i] * SLOPE_AT(tanh, y[i]))
BACKWARD(tanh_back_sigmoid,    dx[i] += dy[i] * y[i] * (1 - y[i]))
BACKWARD(tanh_back_plus,       dx[i] += dy[i] * (1 + y[i] * y[i]))
BACKWARD(tanh_back_only_square, dx[i] += dy[i] * y[i] * y[i])
BACKWARD(tanh_back_sign,       dx[i] += dy[i] * (y[i] * y[i] - 1))
BACKWARD(tanh_back_all_square, dx[i] += dy[i] * (1 - y[i]) * (1 - y[i]))
BACKWARD(tanh_back_no_dy,      dx[i] += 1 - y[i] * y[i])
BACKWARD(tanh_back_dy_square,  dx[i] += dy[i] * (1 - dy[i] * dy[i]))
BACKWARD(tanh_back_bracket,    dx[i] += dy[i] - y[i] * y[i])

LEAKY_FORWARD(leaky_right,       y[i] = x[i] > 0 ? x[i] : slope * x[i])
LEAKY_FORWARD(leaky_larger,      y[i] = fmaxf(x[i], slope * x[i]))
LEAKY_FORWARD(leaky_keeps_old,   y[i] += x[i] > 0 ? x[i] : slope * x[i])
LEAKY_FORWARD(leaky_other_side,  y[i] = x[i] > 0 ? slope * x[i] : x[i])
LEAKY_FORWARD(leaky_both_sides,  y[i] = slope * x[i])
LEAKY_FORWARD(leaky_no_leak,     y[i] = x[i] > 0 ? x[i] : 0)
LEAKY_FORWARD(leaky_passes_all,  y[i] = x[i])
LEAKY_FORWARD(leaky_own_slope,   y[i] = x[i] > 0 ? x[i] : 0.01f * x[i])
LEAKY_FORWARD(leaky_minus,       y[i] = x[i] > 0 ? x[i] : -slope * x[i])
LEAKY_FORWARD(leaky_adds,        y[i] = x[i] > 0 ? x[i] : x[i] + slope)
LEAKY_FORWARD(leaky_only_slope,  y[i] = x[i] > 0 ? x[i] : slope)
LEAKY_FORWARD(leaky_divides,     y[i] = x[i] > 0 ? x[i] : x[i] / slope)

LEAKY_BACKWARD(leaky_back_right,      dx[i] += y[i] > 0 ? dy[i] : slope * dy[i])
LEAKY_BACKWARD(leaky_back_overwrites, dx[i] = y[i] > 0 ? dy[i] : slope * dy[i])
LEAKY_BACKWARD(leaky_back_tie,        dx[i] += y[i] >= 0 ? dy[i] : slope * dy[i])
LEAKY_BACKWARD(leaky_back_zero,       dx[i] += y[i] > 0 ? dy[i] : y[i] < 0 ? slope * dy[i] : 0)
LEAKY_BACKWARD(leaky_back_other_side, dx[i] += y[i] > 0 ? slope * dy[i] : dy[i])
LEAKY_BACKWARD(leaky_back_no_leak,    dx[i] += y[i] > 0 ? dy[i] : 0)
LEAKY_BACKWARD(leaky_back_passes_all, dx[i] += dy[i])
LEAKY_BACKWARD(leaky_back_own_slope,  dx[i] += y[i] > 0 ? dy[i] : 0.01f * dy[i])
LEAKY_BACKWARD(leaky_back_by_dy,      dx[i] += dy[i] > 0 ? dy[i] : slope * dy[i])
LEAKY_BACKWARD(leaky_back_no_dy,      dx[i] += y[i] > 0 ? 1 : slope)
LEAKY_BACKWARD(leaky_back_times_y,    dx[i] += dy[i] * (y[i] > 0 ? y[i] : slope * y[i]))
LEAKY_BACKWARD(leaky_back_no_dy_left, dx[i] += y[i] > 0 ? dy[i] : slope)

/* ---- losses: oracles and mistakes ---- */

static double most(const double *z, int K)
{
    double top = z[0];
    for (int k = 1; k < K; k++)
        top = fmax(top, z[k]);
    return top;
}

/* log(sum of exp(z[k])), and no exponential in it larger than 1. */
static double log_sum_exp(const double *z, int K)
{
    double top = most(z, K), sum = 0;
    for (int k = 0; k < K; k++)
        sum += exp(z[k] - top);
    return top + log(sum);
}

/* The mean over rows of `row`, where whole is their log_sum_exp(), and z, p and t are
 * those of row n. */
#define ENTROPY(name, row, result) \
    static float name(float *all_p, const float *all_z, const int *all_t, int N, int K) \
    { \
        double sum = 0; \
        for (int n = 0; n < N; n++) { \
            float *p = all_p + n*K; \
            double z[K]; \
            int t = all_t[n]; \
            for (int k = 0; k < K; k++) \
                z[k] = all_z[n*K + k]; \
            double whole = log_sum_exp(z, K); \
            for (int k = 0; k < K; k++) \
                p[k] = (float)exp(z[k] - whole); \
            row; \
        } \
        return (float)(result); \
    }
ENTROPY(entropy_right,         sum += whole - z[t],                    sum / N)
ENTROPY(entropy_from_p,        sum += -logf(p[t]),                     sum / N)
ENTROPY(entropy_clipped_7,     sum += -log(p[t] > 1e-7 ? p[t] : 1e-7), sum / N)
ENTROPY(entropy_undivided,     sum += whole - z[t],                    sum)
ENTROPY(entropy_top_not_back,  sum += whole - most(z, K) - z[t],       sum / N)
ENTROPY(entropy_divided_twice, sum += whole - z[t],                    sum / N / K)
ENTROPY(entropy_next_class,    sum += whole - z[(t + 1) % K],          sum / N)
ENTROPY(entropy_first_row,     sum += whole - all_z[t],                sum / N)

/* The sum of exponentials in float, each logit less `from`. */
static float careless_sum(const double *z, double from, int K)
{
    float sum = 0;
    for (int k = 0; k < K; k++)
        sum += expf((float)(z[k] - from));
    return sum;
}

ENTROPY(entropy_no_top, sum += logf(careless_sum(z, 0, K)) - z[t], sum / N)
ENTROPY(entropy_top_from_0,
        double top = fmax(most(z, K), 0);
        sum += logf(careless_sum(z, top, K)) + top - z[t], sum / N)
#define CARELESS_P \
        float all = careless_sum(z, 0, K); \
        for (int k = 0; k < K; k++) \
            p[k] = expf((float)z[k]) / all
ENTROPY(entropy_no_top_in_p,   CARELESS_P; sum -= logf(p[t]),          sum / N)
ENTROPY(entropy_no_top_at_all, CARELESS_P; sum += logf(all) - z[t],    sum / N)

/* The mean cross-entropy of logits whose softmax is p: log(p) will do. */
static double entropy_loss(const float *dz, const float *p, const int *t, int N, int K)
{
    double sum = 0, z[K];
    for (int n = 0; n < N; n++) {
        for (int k = 0; k < K; k++)
            z[k] = log(fmax(p[n*K + k], 1e-30)) + nudge_of(dz + n*K + k);
        sum += log_sum_exp(z, K) - z[t[n]];
    }
    return sum / N;
}

static void entropy_slopes(float *dz, const float *p, const int *t, int N, int K)
{
    for (int i = 0; i < N*K; i++)
        ADD_SLOPE(dz + i, entropy_loss(dz, p, t, N, K));
}

#define ENTROPY_BACK(name, line) \
    static void name(float *dz, const float *p, const int *t, int N, int K) \
    { \
        for (int n = 0; n < N; n++) \
            for (int k = 0, i = n*K; k < K; i = n*K + ++k) { \
                float hot = k == t[n]; \
                (void)hot; \
                line; \
            } \
    }
ENTROPY_BACK(entropy_back_overwrites,  dz[i] = (p[i] - hot) / (float)N)
ENTROPY_BACK(entropy_back_undivided,   dz[i] += p[i] - hot)
ENTROPY_BACK(entropy_back_divided_NK,  dz[i] += (p[i] - hot) / (float)(N*K))
ENTROPY_BACK(entropy_back_plus,        dz[i] += (p[i] + hot) / (float)N)
ENTROPY_BACK(entropy_back_sign,        dz[i] += (hot - p[i]) / (float)N)
ENTROPY_BACK(entropy_back_half,        dz[i] += p[i] / (float)N - hot)
ENTROPY_BACK(entropy_back_other_half,  dz[i] += p[i] - hot / (float)N)
ENTROPY_BACK(entropy_back_next_class,  dz[i] += (p[i] - (k == (t[n] + 1) % K)) / (float)N)
ENTROPY_BACK(entropy_back_no_target,   dz[i] += p[i] / (float)N)
ENTROPY_BACK(entropy_back_true_only,   if (hot) dz[i] += (p[i] - 1) / (float)N)
ENTROPY_BACK(entropy_back_of_p,        if (hot) dz[i] -= 1 / (p[i] * (float)N))

#define MSE(name, term, result) \
    static float name(const float *y, const float *t, int n) \
    { \
        double sum = 0; \
        for (int i = 0; i < n; i++) { \
            double u = (double)y[i] - t[i]; \
            (void)u; \
            sum += term; \
        } \
        return (float)(result); \
    }
MSE(mse_right,       u * u,                               sum / n)
MSE(mse_undivided,   u * u,                               sum)
MSE(mse_half,        u * u,                               sum / n / 2)
MSE(mse_root,        u * u,                               sqrt(sum / n))
MSE(mse_one_less,    u * u,                               sum / (n - 1))
MSE(mse_absolute,    fabs(u),                             sum / n)
MSE(mse_unsquared,   u,                                   sum / n)
MSE(mse_late_square, u,                                   sum * sum / n)
MSE(mse_of_mean,     u,                                   sum / n * (sum / n))
MSE(mse_plus,        (y[i] + t[i]) * (y[i] + t[i]),       sum / n)
MSE(mse_of_squares,  y[i] * y[i] - t[i] * t[i],           sum / n)
MSE(mse_last_only,   u * u - sum,                         sum / n)

/* A square has the slope that two points on both sides of it give, at any distance. */
static void mse_slopes(float *dy, const float *y, const float *t, int n)
{
    for (int i = 0; i < n; i++) {
        double up = y[i] + 1.0 - t[i], down = y[i] - 1.0 - t[i];
        dy[i] += (float)((up*up / n - down*down / n) / 2);
    }
}

#define MSE_BACK(name, line) \
    static void name(float *dy, const float *y, const float *t, int n) \
    { \
        for (int i = 0; i < n; i++) { \
            float u = y[i] - t[i]; \
            (void)u; \
            line; \
        } \
    }
MSE_BACK(mse_back_overwrites,  dy[i] = 2 * u / (float)n)
MSE_BACK(mse_back_no_two,      dy[i] += u / (float)n)
MSE_BACK(mse_back_undivided,   dy[i] += 2 * u)
MSE_BACK(mse_back_plain,       dy[i] += u)
MSE_BACK(mse_back_sign,        dy[i] -= 2 * u / (float)n)
MSE_BACK(mse_back_square,      dy[i] += 2 * u * u / (float)n)
MSE_BACK(mse_back_absolute,    dy[i] += (float)((u > 0) - (u < 0)) / (float)n)
MSE_BACK(mse_back_plus,        dy[i] += 2 * (y[i] + t[i]) / (float)n)
MSE_BACK(mse_back_no_target,   dy[i] += 2 * y[i] / (float)n)
MSE_BACK(mse_back_one_less,    dy[i] += 2 * u / (float)(n - 1))
MSE_BACK(mse_back_times_y,     dy[i] += 2 * u * y[i] / (float)n)

/* ---- the network: oracles and mistakes ---- */

/* What can go wrong in a network; the first two both ways, the others forward and then
 * backward. */
enum {
    ONLY_RELU = 1 << 0, NO_LAST = 1 << 1,
    ONE_EXAMPLE = 1 << 2, FEW = 1 << 3, ON_INPUTS = 1 << 4, SOFTMAX = 1 << 5,
    OVERWRITES = 1 << 6, FORWARDS = 1 << 7, NO_FIRST = 1 << 8, LAST_TOO = 1 << 9,
    NO_ACTIVATION = 1 << 10, Y_AS_X = 1 << 11, FROM_DH = 1 << 12, NO_BIAS = 1 << 13,
    MEAN = 1 << 14
};

static void activation_right(float *y, const float *x, enum activation kind, int n)
{
    switch (kind) {
    case RELU: relu_right(y, x, n); break;
    case SIGMOID: sigmoid_right(y, x, n); break;
    case TANH: tanh_right(y, x, n); break;
    case LEAKY_RELU: leaky_right(y, x, 0.01f, n); break;
    }
}

/* With an activation on the layers `from` to `to`. */
static void net_forward(struct mlp_work *work, const struct mlp *net, int N,
                        int from, int to, int wrong)
{
    enum activation kind = wrong & ONLY_RELU ? RELU : net->activation;
    int last = net->layers, rows = wrong & ONE_EXAMPLE ? 1 : N;
    for (int l = 1; l <= last - !!(wrong & NO_LAST); l++) {
        int D = net->size[l-1], M = net->size[l];
        float in[rows * D], *h = work->h[l];
        memcpy(in, work->h[l-1], sizeof in);
        if (wrong & ON_INPUTS)
            activation_right(in, in, kind, rows * D);
        linear_right(h, in, net->W[l], net->b[l], rows, D, M);
        if (from <= l && l <= to)
            activation_right(h, h, kind, wrong & FEW ? M : rows * M);
    }
    if (wrong & SOFTMAX) {
        int K = net->size[last], t[N];
        float z[N * K];
        memset(t, 0, sizeof t);
        memcpy(z, work->h[last], sizeof z);
        entropy_right(work->h[last], z, t, N, K);
    }
}

#define NET_FORWARD(name, from, to, wrong) \
    static void name(struct mlp_work *work, const struct mlp *net, int N) \
    { net_forward(work, net, N, from, to, wrong); }
#define LAST net->layers
NET_FORWARD(net_right,           1, LAST - 1, 0)
NET_FORWARD(net_last_too,        1, LAST,     0)
NET_FORWARD(net_no_activation,   1, 0,        0)
NET_FORWARD(net_not_the_first,   2, LAST,     0)
NET_FORWARD(net_no_first_hidden, 2, LAST - 1, 0)
NET_FORWARD(net_no_last_hidden,  1, LAST - 2, 0)
NET_FORWARD(net_only_relu,       1, LAST - 1, ONLY_RELU)
NET_FORWARD(net_no_last,         1, LAST - 1, NO_LAST)
NET_FORWARD(net_softmax,         1, LAST - 1, SOFTMAX)
NET_FORWARD(net_few,             1, LAST - 1, FEW)
NET_FORWARD(net_one_example,     1, LAST - 1, ONE_EXAMPLE)
NET_FORWARD(net_on_inputs,       1, 0,        ON_INPUTS)

/* How much more comes out of an activation that gave y, if u more goes in. */
static double activation_change(double y, double u, enum activation kind)
{
    switch (kind) {
    case RELU: return y > 0 ? u : 0;
    case SIGMOID: return sigmoid_change(y, u);
    case TANH: return tanh_change(y, u);
    case LEAKY_RELU: return y > 0 ? u : 0.01 * u;
    }
    return 0;
}

/* By how much the sum of dz[last] times the logits changes when one number is nudged: a
 * weight, a bias, or what stands before (dz) or after (dh) the activation of a hidden
 * layer.  Only changes are followed, from the h that the work space holds. */
static double net_loss(const struct mlp *grad, const struct mlp_work *work,
                       const struct mlp *net, int N)
{
    enum { WIDEST = 8 };
    double loss = 0;
    for (int n = 0; n < N; n++) {
        double more[LAYERS + 1][WIDEST] = {0};
        for (int l = 1; l <= net->layers; l++)
            for (int m = 0, D = net->size[l-1], M = net->size[l]; m < M; m++) {
                double u = nudge_of(grad->b[l] + m) + nudge_of(work->dz[l] + n*M + m);
                for (int d = 0; d < D; d++) {
                    double x = work->h[l-1][n*D + d], W = net->W[l][m*D + d];
                    u += (x + more[l-1][d]) * (W + nudge_of(grad->W[l] + m*D + d)) - x * W;
                }
                if (l == net->layers)
                    loss += work->dz[l][n*M + m] * u;
                else
                    more[l][m] = nudge_of(work->dh[l] + n*M + m) +
                                 activation_change(work->h[l][n*M + m], u, net->activation);
            }
    }
    return loss;
}

static void net_slopes(struct mlp *grad, struct mlp_work *work, const struct mlp *net,
                       int N)
{
    for (int l = 1; l <= net->layers; l++) {
        int D = net->size[l-1], M = net->size[l], hidden = l < net->layers;
        for (int i = 0; i < M*D; i++)
            ADD_SLOPE(grad->W[l] + i, net_loss(grad, work, net, N));
        for (int i = 0; i < M; i++)
            ADD_SLOPE(grad->b[l] + i, net_loss(grad, work, net, N));
        for (int i = 0; hidden && i < N*M; i++) {
            ADD_SLOPE(work->dh[l] + i, net_loss(grad, work, net, N));
            ADD_SLOPE(work->dz[l] + i, net_loss(grad, work, net, N));
        }
    }
}

static void activation_back(float *dx, const float *dy, const float *y,
                            enum activation kind, int n)
{
    for (int i = 0; i < n; i++)
        dx[i] += dy[i] * (float)((activation_change(y[i], 1e-5, kind) -
                                  activation_change(y[i], -1e-5, kind)) / 2e-5);
}

/* Layer l of the way back. */
static void net_back_layer(struct mlp *grad, struct mlp_work *work, const struct mlp *net,
                           int N, int wrong, int l)
{
    enum activation kind = wrong & ONLY_RELU ? RELU : net->activation;
    int D = net->size[l-1], M = net->size[l];
    float *dx = l > 1 ? work->dh[l-1] : NULL, *x = work->h[l-1], no_db[M], y[N*D];
    const float *dy = wrong & FROM_DH && l < net->layers ? work->dh[l] : work->dz[l];
    if (wrong & OVERWRITES)
        CLEAR(grad->W[l], M*D), CLEAR(grad->b[l], M);
    memset(no_db, 0, sizeof no_db);
    (wrong & MEAN ? back_mean : back_right)
        (dx, grad->W[l], wrong & NO_BIAS ? no_db : grad->b[l], dy, x, net->W[l], N, D, M);
    memcpy(y, x, sizeof y);
    if (wrong & Y_AS_X)
        activation_right(y, y, kind, N*D);
    if (l > 1 && wrong & NO_ACTIVATION)
        for (int i = 0; i < N*D; i++)
            work->dz[l-1][i] += dx[i];
    else if (l > 1)
        activation_back(work->dz[l-1], dx, y, kind, N*D);
}

static void net_backward(struct mlp *grad, struct mlp_work *work, const struct mlp *net,
                         int N, int wrong)
{
    int last = net->layers, n = N * net->size[last];
    float *dz = work->dz[last], through[n];
    memset(through, 0, sizeof through);
    if (wrong & LAST_TOO) {
        activation_back(through, dz, work->h[last], net->activation, n);
        work->dz[last] = through;
    }
    for (int i = 1; i <= last; i++) {
        int l = wrong & FORWARDS ? i : last + 1 - i;
        if (!(l == last && wrong & NO_LAST) && !(l == 1 && wrong & NO_FIRST))
            net_back_layer(grad, work, net, N, wrong, l);
    }
    work->dz[last] = dz;
}

#define NET_BACKWARD(name, wrong) \
    static void name(struct mlp *grad, struct mlp_work *work, const struct mlp *net, int N) \
    { net_backward(grad, work, net, N, wrong); }
NET_BACKWARD(net_back_overwrites,    OVERWRITES)
NET_BACKWARD(net_back_no_activation, NO_ACTIVATION)
NET_BACKWARD(net_back_forwards,      FORWARDS)
NET_BACKWARD(net_back_no_first,      NO_FIRST)
NET_BACKWARD(net_back_no_last,       NO_LAST)
NET_BACKWARD(net_back_only_relu,     ONLY_RELU)
NET_BACKWARD(net_back_last_too,      LAST_TOO)
NET_BACKWARD(net_back_mean,          MEAN)
NET_BACKWARD(net_back_no_bias,       NO_BIAS)
NET_BACKWARD(net_back_from_dh,       FROM_DH)
NET_BACKWARD(net_back_y_as_x,        Y_AS_X)

/* k[n] = the first j for which no other is better, of the row z; then what is wrong. */
#define PREDICT(name, forward, row, first, better, answer) \
    static void name(int *k, struct mlp_work *work, const struct mlp *net, int N) \
    { \
        int K = net->size[net->layers]; \
        forward; \
        for (int n = 0; n < N; n++) { \
            const float *z = work->h[net->layers] + row; \
            int best = 0; \
            float top = first; \
            for (int j = 0; j < K; j++) \
                if (better) \
                    best = j, top = z[j]; \
            (void)top, (void)best; \
            k[n] = answer; \
        } \
    }
#define RUN net_right(work, net, N)
PREDICT(predict_right,        RUN, n*K, z[0], z[j] > top, best)
PREDICT(predict_last_tie,     RUN, n*K, z[0], z[j] >= top, best)
PREDICT(predict_no_forward,   , n*K, z[0], z[j] > top, best)
PREDICT(predict_from_zero,    RUN, n*K, 0, z[j] > top, best)
PREDICT(predict_smallest,     RUN, n*K, z[0], z[j] < top, best)
PREDICT(predict_value,        RUN, n*K, z[0], z[j] > top, (int)top)
PREDICT(predict_stride,       RUN, n, z[0], z[j] > top, best)
PREDICT(predict_first_row,    RUN, 0, z[0], z[j] > top, best)
PREDICT(predict_from_one,     RUN, n*K, z[0], z[j] > top, best + 1)
PREDICT(predict_flat,         RUN, n*K, z[0], z[j] > top, n*K + best)
PREDICT(predict_rising,       RUN, n*K, z[0], j && z[j] > z[j-1], best)
PREDICT(predict_last_better,  RUN, n*K, z[0], z[j] > z[0], best)

#endif

#define FN(f) (anything *)f

/* What is said of mistakes that many exercises share. */
#define OVERWRITTEN(d) d " is overwritten; it is to be added to.", \
                       "does the formula say = or +=?"
#define KEEPS_OLD "what y held before the call is still in it.", \
                  "is every y[i] written, and with a value that depends on x alone?"
#define ENDS_EARLY "the loop ends one number too early.", \
                   "which is the last index of n numbers?"
#define NO_DY "the slope is there, but not the dy that goes with it.", \
              "by what does the chain rule multiply the slope?"

const struct exercise exercises[] = {
    {"6.1", "linear_forward", FN(linear_forward),
     {{"N=2 D=4 M=3, by hand", linear_forward_by_hand},
      {"N=5 D=7 M=3", linear_forward_narrow},
      {"N=9 D=18 M=35", linear_forward_wide}},
     JUDGE_ONLY(FN(linear_right), {
        {FN(linear_keeps_old), "the sum is added onto what y held before.",
         "which value must y[n,m] have before its first product is added?", "6.2"},
        {FN(linear_no_bias), "the bias is missing.",
         "what does a neuron answer when all its inputs are 0?", "6.2"},
        {FN(linear_bias_of_n), "the bias is taken by example, not by neuron.",
         "b has M numbers: whose are they?", "6.2"},
        {FN(linear_bias_by_d), "the bias is added D times.",
         "inside which loops does b[m] stand, and inside which should it?", "6.2"},
        {FN(linear_turned_W), "W is read as if it were [D,M].",
         "W is [M,D]: how far is W[m,d] from the first number?", "6.2"},
        {FN(linear_stride_M), "the rows of W are taken to be M numbers long.",
         "W is [M,D]: how many numbers does one neuron have?", "6.2"},
        {FN(linear_turned_x), "x is read as if it were [D,N].",
         "x is [N,D]: how far is x[n,d] from the first number?", "6.2"},
        {FN(linear_first_row), "every example gets the inputs of example 0.",
         "where does n enter the index of x?", "6.2"},
        {FN(linear_last_only), "of the products only the last is left.",
         "does the line in the loop over d say = or +=?", "6.2"},
        {FN(linear_last_alone), "of bias and products only the last product is left.",
         "does the line in the loop over d say = or +=?", "6.2"},
        {FN(linear_runs_on), "each sum goes on where the one before it ended.",
         "where must the sum begin anew?", "6.2"}})},
    {"6.2", "linear_backward", FN(linear_backward),
     {{"N=2 D=4 M=3, by hand", linear_backward_by_hand},
      {"N=5 D=7 M=3", linear_backward_narrow},
      {"N=4 D=3 M=6, dx is NULL", linear_backward_no_dx},
      {"N=9 D=17 M=19", linear_backward_wide}},
     JUDGE_ONLY(FN(linear_slopes), {
        {FN(back_needs_dx), "without a dx nothing is computed.",
         "if nobody wants dx, does still somebody want dW and db?", "6.3"},
        {FN(back_overwrites), "dx, dW and db are overwritten; they are to be added to.",
         "what was in dW before the call, and should it be lost?", "6.3"},
        {FN(back_db_by_d), "db gets every dy D times.",
         "inside which loops does the line of db stand, and inside which should it?", "6.3"},
        {FN(back_turned_W), "for dx, W is read as if it were [D,M].",
         "W is [M,D]: how far is W[m,d] from the first number?", "6.3"},
        {FN(back_turned_dW), "dW is written as if it were [D,M].",
         "dW has the shape of W: which is that?", "6.3"},
        {FN(back_mean), "dW and db are divided by N.",
         "is there a mean in the formula of dW, or is it in dy already?", "6.3"},
        {FN(back_first_x), "dW is made from the inputs of example 0 alone.",
         "where does n enter the index of x?", "6.3"},
        {FN(back_last_dW), "dW holds only what the last example gave.",
         "does the line of dW say = or +=?", "6.3"},
        {FN(back_last_dx), "dx holds only what the last neuron gave.",
         "does the line of dx say = or +=?", "6.3"},
        {FN(back_last_db), "db holds only what the last example gave.",
         "does the line of db say = or +=?", "6.3"},
        {FN(back_last_all), "of every sum only the last product is left.",
         "do the lines of dx, dW and db say = or +=?", "6.3"}})},
    {"6.3", "relu_forward", FN(relu_forward),
     {{"n=6, by hand", relu_forward_by_hand},
      {"n=35", forward_many},
      {"n=19, y is x itself", forward_in_place}},
     JUDGE_ONLY(FN(relu_right), {
        {FN(relu_keeps_old), KEEPS_OLD, "6.4"},
        {FN(relu_other_side), "the negative numbers pass, the positive do not.",
         "which way does the comparison point?", "6.4"},
        {FN(relu_absolute), "this is the absolute value.",
         "what does the formula make of -2?", "6.4"},
        {FN(relu_passes_all), "all numbers pass as they are.",
         "what does the formula make of -2?", "6.4"},
        {FN(relu_step), "the positive numbers have become 1.",
         "if x[i] is positive, is the answer a truth or x[i]?", "6.4"},
        {FN(relu_leaks), "a little of the negative numbers passes.",
         "is this relu, or the leaky one of exercise 6.9?", "6.4"},
        {FN(relu_from_one), "numbers between 0 and 1 do not pass.",
         "with which number is x[i] compared?", "6.4"},
        {FN(relu_up_to_one), "nothing above 1 passes.",
         "where does the formula set a limit, below or above?", "6.4"},
        {FN(relu_ends_early), ENDS_EARLY, "6.4"}})},
    {"6.4", "relu_backward", FN(relu_backward),
     {{"n=6, by hand", relu_backward_by_hand}, {"n=35", relu_backward_many}},
     JUDGE_ONLY(FN(relu_back_right), {
        {FN(relu_back_overwrites), OVERWRITTEN("dx"), "6.4"},
        {FN(relu_back_half_over), "dx is overwritten where y is positive.",
         "does the formula say = or +=?", "6.4"},
        {FN(relu_back_clears), "where y is 0, dx loses what it held.",
         "if nothing is added to dx[i], what is it afterwards?", "6.4"},
        {FN(relu_back_by_dy), "the sign of dy decides, not y.",
         "what tells whether x[i] has passed: dy[i] or y[i]?", "6.4"},
        {FN(relu_back_by_dx), "the sign of dx decides, not y.",
         "what tells whether x[i] has passed: dx[i] or y[i]?", "6.4"},
        {FN(relu_back_passes_all), "dy passes everywhere, also where y is 0.",
         "y is never negative: which comparison tells the two sides apart?", "6.4"},
        {FN(relu_back_times_y), "dy is multiplied with y.",
         "how steep is relu at 2, and how steep at 3?", "6.4"},
        {FN(relu_back_no_dy), NO_DY, "6.4"},
        {FN(relu_back_y_for_dy), "y is added, not dy.",
         "what is to be sent back: the answer, or the gradient in it?", "6.4"},
        {FN(relu_back_other_side), "dy passes where y is 0, and not where it is positive.",
         "on which side of 0 does y change with x?", "6.4"},
        {FN(relu_back_minus), "the gradient has the wrong sign.",
         "if x grows and is positive, does y grow or shrink?", "6.4"}})},
    {"6.5", "sigmoid_forward", FN(sigmoid_forward),
     {{"n=5, by hand", sigmoid_forward_by_hand}, {"n=35", forward_many},
      {"n=19, y is x itself", forward_in_place},
      {"x up to 1e4 and down to -1e4", forward_far}},
     JUDGE_ONLY(FN(sigmoid_right), {
        {FN(sigmoid_keeps_old), KEEPS_OLD, "6.4"},
        {FN(sigmoid_overflows), "the exponential of a large x overflows.",
         "what is infinity divided by infinity?", "6.4"},
        {FN(sigmoid_falls), "this is 1 minus the sigmoid.",
         "which sign has x in the exponential?", "6.4"},
        {FN(sigmoid_exp_alone), "this is exp(-x) alone.",
         "in the formula, what is done with the exponential?", "6.4"},
        {FN(sigmoid_no_one), "in the denominator the 1 is missing.",
         "what is the sigmoid of a large number, and what is yours?", "6.4"},
        {FN(sigmoid_minus), "in the denominator the exponential is subtracted.",
         "what is the sigmoid of 0, and what is yours?", "6.4"},
        {FN(sigmoid_no_fraction), "this is the denominator.",
         "between which two numbers do all answers of the sigmoid lie?", "6.4"},
        {FN(sigmoid_one_sided), "negative numbers are treated as positive.",
         "which of the two forms holds for a negative x?", "6.4"},
        {FN(sigmoid_is_tanh), "this is tanh.", "what is the sigmoid of 0?", "6.4"},
        {FN(sigmoid_slope), "this is the slope of the sigmoid.",
         "is this the way forward, or the way back?", "6.4"},
        {FN(sigmoid_ends_early), ENDS_EARLY, "6.4"}})},
    {"6.6", "sigmoid_backward", FN(sigmoid_backward),
     {{"n=5, by hand", sigmoid_backward_by_hand}, {"n=35", sigmoid_backward_many}},
     JUDGE_ONLY(FN(sigmoid_slopes), {
        {FN(sigmoid_back_overwrites), OVERWRITTEN("dx"), "6.4"},
        {FN(sigmoid_back_only_y), "the factor 1 - y is missing.",
         "how steep is the sigmoid where y is nearly 1?", "6.4"},
        {FN(sigmoid_back_only_rest), "the factor y is missing.",
         "how steep is the sigmoid where y is nearly 0?", "6.4"},
        {FN(sigmoid_back_y_as_x), "the sigmoid is taken of y, which has been through it.",
         "is y[i] the input of the sigmoid, or its output?", "6.4"},
        {FN(sigmoid_back_plus), "1 + y stands for 1 - y.",
         "how steep is the sigmoid where y is nearly 1?", "6.4"},
        {FN(sigmoid_back_sign), "the gradient has the wrong sign: y - 1 stands for 1 - y.",
         "does the sigmoid rise or fall?", "6.4"},
        {FN(sigmoid_back_square), "this is the slope of tanh, 1 - y^2.",
         "how steep is the sigmoid where y is nearly 0?", "6.4"},
        {FN(sigmoid_back_no_dy), NO_DY, "6.4"},
        {FN(sigmoid_back_one_dy), "1 - dy stands for 1 - y.",
         "does the slope of the sigmoid depend on dy?", "6.4"},
        {FN(sigmoid_back_product), "dx is multiplied where it is to be added to.",
         "does the line say *= or +=?", "6.4"},
        {FN(sigmoid_back_bracket), "brackets are missing around 1 - y.",
         "which comes first in C, * or -?", "6.4"}})},
    {"6.7", "tanh_forward", FN(tanh_forward),
     {{"n=5, by hand", tanh_forward_by_hand}, {"n=35", forward_many},
      {"n=19, y is x itself", forward_in_place},
      {"x up to 1e4 and down to -1e4", forward_far}},
     JUDGE_ONLY(FN(tanh_right), {
        {FN(tanh_keeps_old), KEEPS_OLD, "6.4"},
        {FN(tanh_overflows), "the exponentials of a large x overflow.",
         "what is infinity divided by infinity?", "6.4"},
        {FN(tanh_overflows_too), "the exponential of a large x overflows.",
         "what is infinity divided by infinity?", "6.4"},
        {FN(tanh_is_sigmoid), "this is the sigmoid.",
         "what is tanh of 0, and of a number far below 0?", "6.4"},
        {FN(tanh_of_half), "this is tanh(x/2).",
         "is the exponent x or 2x, and in which form of the formula?", "6.4"},
        {FN(tanh_falls), "the sign is wrong.", "does tanh rise or fall?", "6.4"},
        {FN(tanh_is_tan), "this is the tangent, not the hyperbolic one.",
         "what is the h in tanh?", "6.4"},
        {FN(tanh_inverse), "the fraction stands upside down.", "what is tanh of 0?", "6.4"},
        {FN(tanh_is_sinh), "the denominator is missing: this is sinh.",
         "between which two numbers do all answers of tanh lie?", "6.4"},
        {FN(tanh_bracket), "brackets are missing around the denominator.",
         "which comes first in C, / or +?", "6.4"},
        {FN(tanh_ends_early), ENDS_EARLY, "6.4"}})},
    {"6.8", "tanh_backward", FN(tanh_backward),
     {{"n=6, by hand", tanh_backward_by_hand}, {"n=35", tanh_backward_many}},
     JUDGE_ONLY(FN(tanh_slopes), {
        {FN(tanh_back_overwrites), OVERWRITTEN("dx"), "6.4"},
        {FN(tanh_back_no_square), "y is not squared.",
         "is tanh as steep at -1 as it is at 1?", "6.4"},
        {FN(tanh_back_y_as_x), "tanh is taken of y, which has been through it.",
         "is y[i] the input of tanh, or its output?", "6.4"},
        {FN(tanh_back_sigmoid), "this is the slope of the sigmoid, y (1 - y).",
         "how steep is tanh at 0, where y is 0?", "6.4"},
        {FN(tanh_back_plus), "1 + y^2 stands for 1 - y^2.",
         "how steep is tanh where y is nearly 1?", "6.4"},
        {FN(tanh_back_only_square), "y^2 stands for 1 - y^2.",
         "how steep is tanh at 0, where y is 0?", "6.4"},
        {FN(tanh_back_sign), "the gradient has the wrong sign: y^2 - 1 stands for 1 - y^2.",
         "does tanh rise or fall?", "6.4"},
        {FN(tanh_back_all_square), "the whole of 1 - y is squared.",
         "what does the exponent in the formula apply to?", "6.4"},
        {FN(tanh_back_no_dy), NO_DY, "6.4"},
        {FN(tanh_back_dy_square), "dy is squared, not y.",
         "does the slope of tanh depend on dy?", "6.4"},
        {FN(tanh_back_bracket), "brackets are missing around 1 - y^2.",
         "which comes first in C, * or -?", "6.4"}})},
    {"6.9", "leaky_relu_forward", FN(leaky_relu_forward),
     {{"n=6 slope=0.25, by hand", leaky_forward_by_hand},
      {"n=35 slope=0.05", leaky_forward_many},
      {"n=19 slope=0.3, y is x itself", leaky_forward_in_place},
      {"n=4 slope=2", leaky_forward_steep}},
     JUDGE_ONLY(FN(leaky_right), {
        {FN(leaky_keeps_old), KEEPS_OLD, "6.4"},
        {FN(leaky_larger), "this is the larger one of x and slope x.",
         "for which slopes is slope x the larger one, if x is negative?", "6.4"},
        {FN(leaky_other_side), "the slope is on the wrong side of 0.",
         "which numbers does relu let pass as they are?", "6.4"},
        {FN(leaky_both_sides), "the slope is on both sides of 0.", "what becomes of 3?", "6.4"},
        {FN(leaky_no_leak), "nothing negative passes: this is relu.",
         "what becomes of -4?", "6.4"},
        {FN(leaky_passes_all), "all numbers pass as they are.",
         "what becomes of -4?", "6.4"},
        {FN(leaky_own_slope), "the slope is always 0.01.",
         "what is the parameter slope for?", "6.4"},
        {FN(leaky_minus), "negative numbers become positive.",
         "which sign has slope x[i], if slope is positive and x[i] is not?", "6.4"},
        {FN(leaky_adds), "the slope is added to the negative numbers.",
         "what stands between slope and x[i] in the formula?", "6.4"},
        {FN(leaky_only_slope), "all negative numbers become the slope itself.",
         "by what is the slope multiplied?", "6.4"},
        {FN(leaky_divides), "negative numbers are divided by the slope.",
         "should a small slope make them small or large?", "6.4"}})},
    {"6.10", "leaky_relu_backward", FN(leaky_relu_backward),
     {{"n=6 slope=0.25, by hand", leaky_backward_by_hand},
      {"n=3 slope=0.25, some y are 0", leaky_backward_at_0},
      {"n=35 slope=0.05", leaky_backward_many}},
     JUDGE_ONLY(FN(leaky_back_right), {
        {FN(leaky_back_overwrites), OVERWRITTEN("dx"), "6.4"},
        {FN(leaky_back_tie), "where y is 0, all of dy passes.",
         "to which of the two lines of the formula does y = 0 belong?", "6.4"},
        {FN(leaky_back_zero), "where y is 0, nothing is added.",
         "to which of the two lines of the formula does y = 0 belong?", "6.4"},
        {FN(leaky_back_other_side), "the slope is on the wrong side of 0.",
         "how steep is the leaky relu at 3, and how steep at -3?", "6.4"},
        {FN(leaky_back_no_leak), "nothing passes on the negative side: this is relu's.",
         "how steep is the leaky relu at -3?", "6.4"},
        {FN(leaky_back_passes_all), "all of dy passes on both sides.",
         "how steep is the leaky relu at -3?", "6.4"},
        {FN(leaky_back_own_slope), "the slope is always 0.01.",
         "what is the parameter slope for?", "6.4"},
        {FN(leaky_back_by_dy), "the sign of dy decides, not y.",
         "what tells on which side of 0 x[i] was: dy[i] or y[i]?", "6.4"},
        {FN(leaky_back_no_dy), NO_DY, "6.4"},
        {FN(leaky_back_times_y), "dy is multiplied with y.",
         "how steep is the leaky relu at 2, and how steep at 3?", "6.4"},
        {FN(leaky_back_no_dy_left), "on the negative side dy is missing.",
         "by what does the chain rule multiply the slope?", "6.4"}})},
    {"6.11", "cross_entropy_forward", FN(cross_entropy_forward),
     {{"N=2 K=3, by hand", entropy_forward_by_hand}, {"N=5 K=7", entropy_forward_many},
      {"N=3 K=4, equal logits", entropy_forward_equal},
      {"N=2 K=3, logits from 98 to 1003", entropy_forward_high},
      {"N=2 K=3, logits up to 1e4, p of the true class is 0", entropy_forward_certain},
      {"N=2 K=3, logits from -1000 to -200", entropy_forward_low}},
     JUDGE_ONLY(FN(entropy_right), {
        {FN(entropy_clipped_7), "the probability is kept from 0 by a small number, like 1e-7.",
         "should a loss of 100 and one of 10000 be the same?", "6.5"},
        {FN(entropy_undivided), "the sum over the examples is not divided by N.",
         "is it the sum of the losses, or their mean?", "6.5"},
        {FN(entropy_top_not_back), "top is taken from the logits and never comes back.",
         "log(exp(a - top) + exp(b - top)) is log(exp(a) + exp(b)) less what?", "6.5"},
        {FN(entropy_divided_twice), "the sum is divided by N K.",
         "how many losses were added up?", "6.5"},
        {FN(entropy_next_class), "the loss is that of the class after the true one.",
         "does t count from 0 or from 1?", "6.5"},
        {FN(entropy_first_row), "the logit of the true class is always that of example 0.",
         "where does row n of z begin?", "6.5"},
        {FN(entropy_from_p), "the loss is the logarithm of a probability that has become 0.",
         "can you reach log(p) without going through p?", "6.5"},
        {FN(entropy_top_from_0), "the search for the largest logit begins at 0.",
         "what is the largest of -3, -2 and -5, and what does your search say?", "6.5"},
        {FN(entropy_no_top), "the sum of exponentials overflows.",
         "what is exp(100) in a float, and what can be taken from all logits?", "6.5"},
        {FN(entropy_no_top_in_p), "the softmax overflows.",
         "what is exp(100) in a float, and what can be taken from all logits?", "6.5"},
        {FN(entropy_no_top_at_all), "the softmax overflows.",
         "what is exp(100) in a float, and what can be taken from all logits?", "6.5"}})},
    {"6.12", "cross_entropy_backward", FN(cross_entropy_backward),
     {{"N=2 K=3, by hand", entropy_backward_by_hand}, {"N=5 K=7", entropy_backward_many},
      {"N=3 K=4, some p are 0 and 1", entropy_backward_certain}},
     JUDGE_ONLY(FN(entropy_slopes), {
        {FN(entropy_back_overwrites), OVERWRITTEN("dz"), "6.5"},
        {FN(entropy_back_undivided), "the division by N is missing.",
         "the loss is a mean: what does that do to its gradient?", "6.5"},
        {FN(entropy_back_divided_NK), "divided by N K.",
         "over how many examples is the mean taken?", "6.5"},
        {FN(entropy_back_plus), "for the true class 1 is added, not subtracted.",
         "what is the gradient when p is just as it should be?", "6.5"},
        {FN(entropy_back_sign), "the gradient has the wrong sign.",
         "if p of a wrong class is too large, should its gradient be positive?", "6.5"},
        {FN(entropy_back_half), "only p is divided by N, the 1 is not.",
         "where do the brackets stand?", "6.5"},
        {FN(entropy_back_other_half), "only the 1 is divided by N, p is not.",
         "where do the brackets stand?", "6.5"},
        {FN(entropy_back_next_class), "the 1 is subtracted from the class after the true one.",
         "does t count from 0 or from 1?", "6.5"},
        {FN(entropy_back_no_target), "nothing is subtracted for the true class.",
         "where does t enter?", "6.5"},
        {FN(entropy_back_true_only), "only the true class gets a gradient.",
         "do the other logits change the loss?", "6.5"},
        {FN(entropy_back_of_p), "this is the gradient in p, not in the logits.",
         "if one logit grows, which of the p change?", "6.5"}})},
    {"6.13", "mse_forward", FN(mse_forward),
     {{"n=4, by hand", mse_forward_by_hand},
      {"n=35", mse_forward_many},
      {"n=3, y equals t", mse_forward_equal}},
     JUDGE_ONLY(FN(mse_right), {
        {FN(mse_undivided), "the division by n is missing.",
         "is it a sum of squares, or their mean?", "6.6"},
        {FN(mse_half), "this is half of it.", "is there a factor 1/2 in the formula?", "6.6"},
        {FN(mse_root), "this is the root of it.",
         "in which unit is a squared error, if y is in metres?", "6.6"},
        {FN(mse_one_less), "divided by n-1.", "how many numbers are there?", "6.6"},
        {FN(mse_absolute), "these are absolute values, not squares.",
         "what does the exponent in the formula say?", "6.6"},
        {FN(mse_unsquared), "the differences are not squared.",
         "may an error of 1 and one of -1 cancel?", "6.6"},
        {FN(mse_late_square), "the sum is squared, not its terms.",
         "which comes first: the square, or the sum?", "6.6"},
        {FN(mse_of_mean), "the mean is squared, not its terms.",
         "which comes first: the square, or the mean?", "6.6"},
        {FN(mse_plus), "y and t are added.", "what is the error when y equals t?", "6.6"},
        {FN(mse_of_squares), "this is a difference of squares, not a squared difference.",
         "which comes first: the square, or the difference?", "6.6"},
        {FN(mse_last_only), "only the last number counts.",
         "does the line in the loop say = or +=?", "6.6"}})},
    {"6.14", "mse_backward", FN(mse_backward),
     {{"n=4, by hand", mse_backward_by_hand}, {"n=35", mse_backward_many}},
     JUDGE_ONLY(FN(mse_slopes), {
        {FN(mse_back_overwrites), OVERWRITTEN("dy"), "6.6"},
        {FN(mse_back_no_two), "the factor 2 is missing.",
         "what is the derivative of u^2?", "6.6"},
        {FN(mse_back_undivided), "the division by n is missing.",
         "the error is a mean: what does that do to its gradient?", "6.6"},
        {FN(mse_back_plain), "both the factor 2 and the division by n are missing.",
         "what is the derivative of u^2 / n?", "6.6"},
        {FN(mse_back_sign), "the gradient has the wrong sign.",
         "if y[i] is too large, does the error grow or shrink with y[i]?", "6.6"},
        {FN(mse_back_square), "the difference is squared.",
         "what is the derivative of u^2?", "6.6"},
        {FN(mse_back_absolute), "only the sign of the difference counts.",
         "should a large error have a larger gradient than a small one?", "6.6"},
        {FN(mse_back_plus), "y and t are added.",
         "what is the gradient when y equals t?", "6.6"},
        {FN(mse_back_no_target), "t is missing.",
         "what is the gradient when y equals t?", "6.6"},
        {FN(mse_back_one_less), "divided by n-1.", "how many numbers are there?", "6.6"},
        {FN(mse_back_times_y), "the difference is multiplied with y.",
         "how does u = y - t change with y?", "6.6"}})},
    {"6.15", "mlp_forward", FN(mlp_forward),
     {{"relu, N=2, layers of 2-3-4-2, by hand", net_forward_by_hand},
      {"relu, N=6, layers of 4-5-3-2", net_forward_relu},
      {"sigmoid, N=6, layers of 4-5-3-2", net_forward_sigmoid},
      {"tanh, N=6, layers of 4-5-3-2", net_forward_tanh},
      {"leaky relu, N=6, layers of 4-5-3-2", net_forward_leaky},
      {"tanh, N=5, one layer, 4-3", net_forward_one_layer}},
     JUDGE_ONLY(FN(net_right), {
        {FN(net_last_too), "the last layer has an activation too.",
         "may a logit be negative?", "6.7"},
        {FN(net_no_activation), "no layer has an activation.",
         "what is a chain of linear layers worth, if nothing stands between them?", "6.7"},
        {FN(net_only_relu), "the activation is always relu.",
         "where does the network say which activation it has?", "6.7"},
        {FN(net_no_last), "the last layer is not computed.",
         "if layers is 3, which values must l take?", "6.7"},
        {FN(net_softmax), "the last layer has a softmax.",
         "are logits asked for, or probabilities?", "6.7"},
        {FN(net_few), "the activation is applied to the first example only.",
         "how many numbers does h[l] hold?", "6.7"},
        {FN(net_on_inputs), "the activation is on what enters a layer, not what leaves it.",
         "are the pictures themselves to go through the activation?", "6.7"},
        {FN(net_not_the_first), "the activation is on the wrong layers: on all but the first.",
         "which one layer has no activation?", "6.7"},
        {FN(net_no_first_hidden), "the first layer has no activation.",
         "if layers is 3, which layers have an activation?", "6.7"},
        {FN(net_no_last_hidden), "the last hidden layer has no activation.",
         "if layers is 3, which layers have an activation?", "6.7"},
        {FN(net_one_example), "only the first example is computed.",
         "how many rows does h[l] have?", "6.7"}},
     .uses = "6.1 6.3 6.5 6.7 6.9")},
    {"6.16", "mlp_backward", FN(mlp_backward),
     {{"relu, N=2, layers of 2-3-4-2, by hand", net_backward_by_hand},
      {"relu, N=6, layers of 4-5-3-2", net_backward_relu},
      {"sigmoid, N=6, layers of 4-5-3-2", net_backward_sigmoid},
      {"tanh, N=6, layers of 4-5-3-2", net_backward_tanh},
      {"leaky relu, N=6, layers of 4-5-3-2", net_backward_leaky},
      {"N=5, one layer, 4-3", net_backward_one_layer}},
     JUDGE_ONLY(FN(net_slopes), {
        {FN(net_back_overwrites), "dW and db are overwritten; they are to be added to.",
         "what was in grad before the call, and should it be lost?", "6.8"},
        {FN(net_back_only_relu), "the activation is always relu.",
         "where does the network say which activation it has?", "6.8"},
        {FN(net_back_no_activation), "the gradient passes the activation unchanged.",
         "what stands between dh[l] and dz[l]?", "6.8"},
        {FN(net_back_forwards), "the layers come in the order of the forward pass.",
         "which dz is known before the first turn of the loop?", "6.8"},
        {FN(net_back_no_first), "layer 1 gets no gradient.",
         "which is the last value that l must take?", "6.8"},
        {FN(net_back_no_last), "the last layer is left out, so nothing reaches the others.",
         "which is the first value that l must take?", "6.8"},
        {FN(net_back_last_too), "the last layer is treated as if it had an activation.",
         "what stands between the last linear layer and the logits?", "6.8"},
        {FN(net_back_mean), "the gradients of the weights are divided by N.",
         "who has divided by N already?", "6.8"},
        {FN(net_back_no_bias), "the biases get no gradient.",
         "what has a layer besides W[l]?", "6.8"},
        {FN(net_back_from_dh), "a layer goes back from dh[l], that is from after its activation.",
         "which of dh[l] and dz[l] is the gradient in what the linear part gave?", "6.8"},
        {FN(net_back_y_as_x), "the activation is taken of h[l], which has been through it.",
         "is h[l] the input of the activation, or its output?", "6.8"}},
     .uses = "6.2 6.4 6.6 6.8 6.10")},
    {"6.17", "mlp_predict", FN(mlp_predict),
     {{"N=3, one layer, 2-4, by hand", predict_by_hand},
      {"N=7, layers of 4-5-3-6", predict_deep},
      {"N=2, five equal logits", predict_equal}},
     JUDGE_ONLY(FN(predict_right), {
        {FN(predict_last_tie), "of equal logits the last one wins.",
         "which comparison keeps the first of two equal numbers?", "6.9"},
        {FN(predict_no_forward), "the network is not run.",
         "who computes h[1] to h[layers]?", "6.9"},
        {FN(predict_from_zero), "the search for the largest logit begins at 0.",
         "what is the largest of -3, -2 and -5, and what does your search say?", "6.9"},
        {FN(predict_smallest), "this is the class of the smallest logit.",
         "which way does the comparison point?", "6.9"},
        {FN(predict_value), "this is the largest logit itself.",
         "is the best number asked for, or where it stands?", "6.9"},
        {FN(predict_stride), "row n begins at z + n.",
         "how many numbers lie between the starts of two rows?", "6.9"},
        {FN(predict_first_row), "all examples get the class of example 0.",
         "where does n enter the index of the logits?", "6.9"},
        {FN(predict_from_one), "the classes are counted from 1.",
         "what is the index of the first of K numbers?", "6.9"},
        {FN(predict_flat), "this is the place in all of h, not in its row.",
         "from where is a class counted?", "6.9"},
        {FN(predict_rising), "each logit is compared with the one before it.",
         "with what should it be compared?", "6.9"},
        {FN(predict_last_better), "this is the last class that is better than the first.",
         "when a better class is found, with what must the next be compared?", "6.9"}},
     .uses = "6.1 6.3 6.15")},
    {0}};
