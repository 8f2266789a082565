/* 10-batchnorm: the tests. */
#include "grade.h"
#include "batchnorm.c"
#include "gold/10-batchnorm.h"

/* ---- 10.1 batchnorm_moments ------------------------------------------------------ */

/* Hint 10.1: what is counted, the numbers of one example or those of one feature?  How many
 * are there, N or D?
 *
 * mean[d] = (x[0,d] + x[1,d] + ... + x[N-1,d]) / N; then var[d] is the mean of the N
 * squares (x[n,d] - mean[d])^2, divided by N too.
 *
 * A loop over d; in it a loop over n that adds up x[n*D + d], a division, a second loop
 * over n that adds up squares, a division.  The two sums are doubles.
 */
typedef void moments_like(float *mean, float *var, const float *x, int N, int D);
moments_like batchnorm_moments;

CASE(moments_by_hand, moments_like)
{
    IN(x, 4, 2); OUT(mean, 2); OUT(var, 2);
    SET(x, 1, -2,  3, 0,  5, 1,  7, 5);
    f(mean, var, x, 4, 2);
    EXPECT(mean, 4, 1);
    EXPECT(var, 5, 6.5);
}

CASE(moments_gold, moments_like)
{
    IN(x, GOLD_N, GOLD_D); OUT(mean, GOLD_D); OUT(var, GOLD_D);
    SET(x, GOLD_X);
    f(mean, var, x, GOLD_N, GOLD_D);
    EXPECT(mean, GOLD_MEAN);
    EXPECT(var, GOLD_VAR);
}

CASE(moments_wide, moments_like)
{
    IN(x, 3, 17); OUT(mean, 17); OUT(var, 17);
    f(mean, var, x, 3, 17);
}

CASE(moments_far, moments_like)
{
    IN(x, 33, 2); OUT(mean, 2); OUT(var, 2);
    for (int i = 0; i < 66; i++)
        x[i] += i % 2 ? 1000 : -3000;
    f(mean, var, x, 33, 2);
}

CASE(moments_alike, moments_like)
{
    IN(x, 3, 2); OUT(mean, 2); OUT(var, 2);
    SET(x, 7, -2,  7, -2,  7, -2);
    f(mean, var, x, 3, 2);
    EXPECT(mean, 7, -2);
    EXPECT(var, 0, 0);
}

/* ---- 10.2 batchnorm_forward ------------------------------------------------------ */

/* Hint 10.2: take one column whose mean is 4 and whose deviation is 2: what should become of
 * an 8 in it, before gamma and beta?
 *
 * rstd[d] = 1 / sqrt(var[d] + epsilon); xhat[n,d] = (x[n,d] - mean[d]) rstd[d]; y[n,d] =
 * gamma[d] xhat[n,d] + beta[d].
 *
 * A loop over d for rstd.  Then two loops, over n and d, with three lines: keep the standard
 * number in a variable of its own, store it in xhat, and make y of it.
 */
typedef void norm_forward_like(float *y, float *xhat, float *rstd, const float *x,
                               const float *mean, const float *var, const float *gamma,
                               const float *beta, float epsilon, int N, int D);
norm_forward_like batchnorm_forward;

CASE(norm_forward_by_hand, norm_forward_like)
{
    IN(x, 3, 2); IN(mean, 2); IN(var, 2); IN(gamma, 2); IN(beta, 2);
    OUT(y, 3, 2); OUT(xhat, 3, 2); OUT(rstd, 2);
    SET(x, 1, 2,  5, -6,  3, 0); SET(mean, 3, -2); SET(var, 3, 15);
    SET(gamma, 10, -2); SET(beta, 100, 7);
    f(y, xhat, rstd, x, mean, var, gamma, beta, 1, 3, 2);
    EXPECT(rstd, 0.5, 0.25);
    EXPECT(xhat, -1, 1,  1, -1,  0, 0.5);
    EXPECT(y, 90, 5,  110, 9,  100, 6);
}

CASE(norm_forward_gold, norm_forward_like)
{
    IN(x, GOLD_N, GOLD_D); IN(mean, GOLD_D); IN(var, GOLD_D); IN(gamma, GOLD_D);
    IN(beta, GOLD_D); OUT(y, GOLD_N, GOLD_D); OUT(xhat, GOLD_N, GOLD_D); OUT(rstd, GOLD_D);
    SET(x, GOLD_X); SET(mean, GOLD_MEAN); SET(var, GOLD_VAR);
    SET(gamma, GOLD_GAMMA); SET(beta, GOLD_BETA);
    f(y, xhat, rstd, x, mean, var, gamma, beta, GOLD_EPSILON, GOLD_N, GOLD_D);
    EXPECT(y, BATCH_Y);
    EXPECT(xhat, GOLD_XHAT);
    EXPECT(rstd, GOLD_RSTD);
}

CASE(norm_forward_still, norm_forward_like)
{
    IN(x, 2, 3); IN(mean, 3); IN(var, 3); IN(gamma, 3); IN(beta, 3);
    OUT(y, 2, 3); OUT(xhat, 2, 3); OUT(rstd, 3);
    SET(var, 0, 1e-10, 4);
    f(y, xhat, rstd, x, mean, var, gamma, beta, 1e-5f, 2, 3);
}

CASE(norm_forward_in_place, norm_forward_like)
{
    ADD_TO(y, 4, 9); IN(mean, 9); IN(var, 9); IN(gamma, 9); IN(beta, 9);
    OUT(xhat, 4, 9); OUT(rstd, 9);
    for (int d = 0; d < 9; d++)
        var[d] = fabsf(var[d]) + 0.1f;
    f(y, xhat, rstd, y, mean, var, gamma, beta, 1e-3f, 4, 9);
}

CASE(norm_forward_xhat_is_x, norm_forward_like)
{
    ADD_TO(xhat, 6, 5); IN(mean, 5); IN(var, 5); IN(gamma, 5); IN(beta, 5);
    OUT(y, 6, 5); OUT(rstd, 5);
    for (int d = 0; d < 5; d++)
        var[d] = fabsf(var[d]) + 0.1f;
    f(y, xhat, rstd, xhat, mean, var, gamma, beta, 1e-3f, 6, 5);
}

/* ---- 10.3 batchnorm_running ------------------------------------------------------ */

/* Hint 10.3: with momentum 0.1, how much of the old should be left after one batch, and how
 * much after two?
 *
 * running = (1 - momentum) running + momentum new, where new is mean[d] for the mean, and
 * var[d] N / (N - 1) for the variance.
 *
 * One loop over d with two lines.  N and N - 1 are ints: what is 5 / 4 in C?
 */
typedef void running_like(float *running_mean, float *running_var, const float *mean,
                          const float *var, float momentum, int N, int D);
running_like batchnorm_running;

CASE(running_by_hand, running_like)
{
    IN(mean, 2); IN(var, 2); ADD_TO(running_mean, 2); ADD_TO(running_var, 2);
    SET(mean, 5, -3); SET(var, 4, 8); SET(running_mean, 1, 1); SET(running_var, 1, 6);
    f(running_mean, running_var, mean, var, 0.25, 5, 2);
    EXPECT(running_mean, 2, 0);
    EXPECT(running_var, 2, 7);
}

CASE(running_gold, running_like)
{
    IN(mean, GOLD_D); IN(var, GOLD_D); ADD_TO(running_mean, GOLD_D);
    ADD_TO(running_var, GOLD_D);
    SET(mean, GOLD_MEAN); SET(var, GOLD_VAR);
    SET(running_mean, GOLD_MEAN0); SET(running_var, GOLD_VAR0);
    f(running_mean, running_var, mean, var, GOLD_MOMENTUM, GOLD_N, GOLD_D);
    EXPECT(running_mean, RUNNING_MEAN);
    EXPECT(running_var, RUNNING_VAR);
}

CASE(running_two, running_like)
{
    IN(mean, 7); IN(var, 7); ADD_TO(running_mean, 7); ADD_TO(running_var, 7);
    f(running_mean, running_var, mean, var, 0.1f, 2, 7);
}

CASE(running_whole, running_like)
{
    IN(mean, 3); IN(var, 3); ADD_TO(running_mean, 3); ADD_TO(running_var, 3);
    f(running_mean, running_var, mean, var, 1, 4, 3);
}

/* ---- 10.4 batchnorm_predict ------------------------------------------------------ */

/* Hint 10.4: a single picture is to be classified: whose mean and whose variance are taken,
 * now that there is no batch?
 *
 * y[n,d] = gamma[d] (x[n,d] - running_mean[d]) / sqrt(running_var[d] + epsilon) + beta[d].
 *
 * The lines of 10.2 with other names, and nothing to keep for a way back.
 */
typedef void predict_like(float *y, const float *x, const float *gamma, const float *beta,
                          const float *running_mean, const float *running_var,
                          float epsilon, int N, int D);
predict_like batchnorm_predict;

CASE(predict_by_hand, predict_like)
{
    IN(x, 3, 2); IN(running_mean, 2); IN(running_var, 2); IN(gamma, 2); IN(beta, 2);
    OUT(y, 3, 2);
    SET(x, 1, 2,  5, -6,  3, 0); SET(running_mean, 3, -2); SET(running_var, 3, 15);
    SET(gamma, 10, -2); SET(beta, 100, 7);
    f(y, x, gamma, beta, running_mean, running_var, 1, 3, 2);
    EXPECT(y, 90, 5,  110, 9,  100, 6);
}

CASE(predict_gold, predict_like)
{
    IN(x, GOLD_N, GOLD_D); IN(gamma, GOLD_D); IN(beta, GOLD_D);
    IN(running_mean, GOLD_D); IN(running_var, GOLD_D); OUT(y, GOLD_N, GOLD_D);
    SET(x, GOLD_X); SET(running_mean, GOLD_MEAN0); SET(running_var, GOLD_VAR0);
    SET(gamma, GOLD_GAMMA); SET(beta, GOLD_BETA);
    f(y, x, gamma, beta, running_mean, running_var, GOLD_EPSILON, GOLD_N, GOLD_D);
    EXPECT(y, FIXED_Y);
}

CASE(predict_one, predict_like)
{
    IN(x, 1, 9); IN(gamma, 9); IN(beta, 9); IN(running_mean, 9); IN(running_var, 9);
    OUT(y, 1, 9);
    for (int d = 0; d < 9; d++)
        running_var[d] = fabsf(running_var[d]);
    running_var[4] = 0;
    f(y, x, gamma, beta, running_mean, running_var, 1e-3f, 1, 9);
}

CASE(predict_in_place, predict_like)
{
    ADD_TO(y, 6, 5); IN(gamma, 5); IN(beta, 5); IN(running_mean, 5); IN(running_var, 5);
    for (int d = 0; d < 5; d++)
        running_var[d] = fabsf(running_var[d]) + 0.1f;
    f(y, y, gamma, beta, running_mean, running_var, 0.1f, 6, 5);
}

/* ---- 10.5 batchnorm_backward_scale ----------------------------------------------- */

/* Hint 10.5: in y[n,d] = gamma[d] xhat[n,d] + beta[d], how often does gamma[d] occur in the
 * whole batch, how often beta[d], and how often xhat[n,d]?
 *
 * gamma[d] stands in N of the y, beside xhat[n,d]; beta[d] in N of them, alone; xhat[n,d] in
 * one, beside gamma[d].
 *
 * Two loops, over n and d, and three lines with +=.
 */
typedef void scale_like(float *dxhat, float *dgamma, float *dbeta, const float *dy,
                        const float *xhat, const float *gamma, int N, int D);
scale_like batchnorm_backward_scale;

CASE(scale_by_hand, scale_like)
{
    IN(dy, 3, 2); IN(xhat, 3, 2); IN(gamma, 2);
    ADD_TO(dxhat, 3, 2); ADD_TO(dgamma, 2); ADD_TO(dbeta, 2);
    SET(dy, 1, 2,  3, -1,  0, 4); SET(xhat, -1, 1,  1, -2,  0, 0.5); SET(gamma, 10, -2);
    SET(dxhat, 1, 2,  3, 4,  5, 6); SET(dgamma, 100, 200); SET(dbeta, 300, 400);
    f(dxhat, dgamma, dbeta, dy, xhat, gamma, 3, 2);
    EXPECT(dxhat, 11, -2,  33, 6,  5, -2);
    EXPECT(dgamma, 102, 206);
    EXPECT(dbeta, 304, 405);
}

CASE(scale_gold, scale_like)
{
    IN(dy, GOLD_N, GOLD_D); IN(xhat, GOLD_N, GOLD_D); IN(gamma, GOLD_D);
    ADD_TO(dxhat, GOLD_N, GOLD_D); ADD_TO(dgamma, GOLD_D); ADD_TO(dbeta, GOLD_D);
    SET(dy, GOLD_DY); SET(xhat, GOLD_XHAT); SET(gamma, GOLD_GAMMA);
    SCALE(dgamma, 0); SCALE(dbeta, 0);
    f(dxhat, dgamma, dbeta, dy, xhat, gamma, GOLD_N, GOLD_D);
    EXPECT(dgamma, BATCH_DGAMMA);
    EXPECT(dbeta, BATCH_DBETA);
}

CASE(scale_many, scale_like)
{
    IN(dy, 4, 9); IN(xhat, 4, 9); IN(gamma, 9);
    ADD_TO(dxhat, 4, 9); ADD_TO(dgamma, 9); ADD_TO(dbeta, 9);
    f(dxhat, dgamma, dbeta, dy, xhat, gamma, 4, 9);
}

/* ---- 10.6 batchnorm_backward_moments --------------------------------------------- */

/* Hint 10.6: if var[d] grows a little, does xhat[n,d] grow or shrink, and by how much?  And
 * if mean[d] does?
 *
 * The slope of (var + epsilon)^(-1/2) in var is -1/2 (var + epsilon)^(-3/2) = -1/2 rstd^3;
 * that of x - mean in mean is -1.  Each of N numbers adds its share, times its dxhat.
 *
 * A loop over d, two sums over n in doubles: of dxhat, and of dxhat times (x - mean).  After
 * them two lines with the powers of rstd[d].
 */
typedef void back_moments_like(float *dmean, float *dvar, const float *dxhat, const float *x,
                               const float *mean, const float *rstd, int N, int D);
back_moments_like batchnorm_backward_moments;

CASE(back_moments_by_hand, back_moments_like)
{
    IN(dxhat, 3, 2); IN(x, 3, 2); IN(mean, 2); IN(rstd, 2); ADD_TO(dmean, 2); ADD_TO(dvar, 2);
    SET(dxhat, 1, 2,  3, -1,  0, 4); SET(x, 1, 2,  5, -6,  3, 0);
    SET(mean, 3, -2); SET(rstd, 0.5, 2); SET(dmean, 10, 20); SET(dvar, 30, 40);
    f(dmean, dvar, dxhat, x, mean, rstd, 3, 2);
    EXPECT(dmean, 8, 10);
    EXPECT(dvar, 29.75, -40);
}

CASE(back_moments_many, back_moments_like)
{
    IN(dxhat, 5, 9); IN(x, 5, 9); IN(mean, 9); IN(rstd, 9); ADD_TO(dmean, 9); ADD_TO(dvar, 9);
    for (int d = 0; d < 9; d++)
        rstd[d] = 0.5f + fabsf(rstd[d]);
    f(dmean, dvar, dxhat, x, mean, rstd, 5, 9);
}

CASE(back_moments_tall, back_moments_like)
{
    IN(dxhat, 11, 3); IN(x, 11, 3); IN(mean, 3); IN(rstd, 3); ADD_TO(dmean, 3); ADD_TO(dvar, 3);
    for (int d = 0; d < 3; d++)
        rstd[d] = 0.5f + fabsf(rstd[d]);
    f(dmean, dvar, dxhat, x, mean, rstd, 11, 3);
}

/* ---- 10.7 batchnorm_backward_input ----------------------------------------------- */

/* Hint 10.7: on how many ways does x[n,d] reach the outputs?  Through xhat[n,d] itself, and
 * through which two numbers that all rows share?
 *
 * dxhat[n,d] rstd[d] along the first; dmean[d] / N, as x[n,d] is one N-th of the mean;
 * dvar[d] 2 (x[n,d] - mean[d]) / N, the slope of a square.
 *
 * Two loops, over n and d, one line with += and three terms.
 */
typedef void back_input_like(float *dx, const float *dxhat, const float *dmean,
                             const float *dvar, const float *x, const float *mean,
                             const float *rstd, int N, int D);
back_input_like batchnorm_backward_input;

CASE(back_input_by_hand, back_input_like)
{
    IN(dxhat, 4, 2); IN(dmean, 2); IN(dvar, 2); IN(x, 4, 2); IN(mean, 2); IN(rstd, 2);
    ADD_TO(dx, 4, 2);
    SET(dxhat, 1, 2,  3, -1,  0, 4,  2, 2); SET(dmean, 8, -4); SET(dvar, 2, 6);
    SET(x, 1, 2,  5, -6,  3, 0,  7, -2); SET(mean, 3, -2); SET(rstd, 0.5, 2);
    SET(dx, 10, 20,  30, 40,  50, 60,  70, 80);
    f(dx, dxhat, dmean, dvar, x, mean, rstd, 4, 2);
    EXPECT(dx, 10.5, 35,  35.5, 25,  52, 73,  77, 83);
}

CASE(back_input_many, back_input_like)
{
    IN(dxhat, 5, 9); IN(dmean, 9); IN(dvar, 9); IN(x, 5, 9); IN(mean, 9); IN(rstd, 9);
    ADD_TO(dx, 5, 9);
    f(dx, dxhat, dmean, dvar, x, mean, rstd, 5, 9);
}

CASE(back_input_tall, back_input_like)
{
    IN(dxhat, 7, 3); IN(dmean, 3); IN(dvar, 3); IN(x, 7, 3); IN(mean, 3); IN(rstd, 3);
    ADD_TO(dx, 7, 3);
    f(dx, dxhat, dmean, dvar, x, mean, rstd, 7, 3);
}

/* ---- 10.8 batchnorm_backward ----------------------------------------------------- */

/* Hint 10.8: if dy is the same for the whole column, does the loss change when x does?  What
 * does normalization do to a constant that is added to a column?
 *
 * a = sum over n of dy[n,d] xhat[n,d], s = sum over n of dy[n,d]; dx[n,d] += gamma[d] rstd[d]
 * (dy[n,d] - s/N - xhat[n,d] a/N).
 *
 * A loop over d: a loop over n for both sums, in doubles; two lines that add them to dgamma
 * and dbeta; then a second loop over n for dx.
 */
typedef void back_like(float *dx, float *dgamma, float *dbeta, const float *dy,
                       const float *xhat, const float *rstd, const float *gamma,
                       int N, int D);
back_like batchnorm_backward;

/* Any numbers whose columns have mean 0 are the xhat of some batch and some epsilon. */
static void columns_center(float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double sum = 0;
        for (int n = 0; n < N; n++)
            sum += x[n*D + d];
        for (int n = 0; n < N; n++)
            x[n*D + d] -= (float)(sum / N);
    }
}

CASE(back_by_hand, back_like)
{
    IN(dy, 4, 2); IN(xhat, 4, 2); IN(rstd, 2); IN(gamma, 2);
    ADD_TO(dx, 4, 2); ADD_TO(dgamma, 2); ADD_TO(dbeta, 2);
    SET(dy, 1, 4,  3, 0,  0, 0,  4, 0); SET(xhat, -1, 1,  1, -1,  0.5, 1,  -0.5, -1);
    SET(rstd, 0.5, 0.25); SET(gamma, 16, -2);
    SET(dx, 10, 1,  20, 2,  30, 3,  40, 4); SET(dgamma, 100, 10); SET(dbeta, 200, 20);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, 4, 2);
    EXPECT(dx, 2, 0,  28, 2,  14, 4,  56, 4);  // a = 0 and 4, s = 8 and 4
    EXPECT(dgamma, 100, 14);
    EXPECT(dbeta, 208, 24);
}

CASE(back_gold, back_like)
{
    IN(dy, GOLD_N, GOLD_D); IN(xhat, GOLD_N, GOLD_D); IN(rstd, GOLD_D); IN(gamma, GOLD_D);
    ADD_TO(dx, GOLD_N, GOLD_D); ADD_TO(dgamma, GOLD_D); ADD_TO(dbeta, GOLD_D);
    SET(dy, GOLD_DY); SET(xhat, GOLD_XHAT); SET(rstd, GOLD_RSTD); SET(gamma, GOLD_GAMMA);
    SCALE(dx, 0); SCALE(dgamma, 0); SCALE(dbeta, 0);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, GOLD_N, GOLD_D);
    EXPECT(dx, BATCH_DX);
    EXPECT(dgamma, BATCH_DGAMMA);
    EXPECT(dbeta, BATCH_DBETA);
}

CASE(back_many, back_like)
{
    IN(dy, 7, 5); IN(xhat, 7, 5); IN(rstd, 5); IN(gamma, 5);
    ADD_TO(dx, 7, 5); ADD_TO(dgamma, 5); ADD_TO(dbeta, 5);
    columns_center(xhat, 7, 5);
    for (int d = 0; d < 5; d++)
        rstd[d] = 0.5f + fabsf(rstd[d]);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, 7, 5);
}

CASE(back_wide, back_like)
{
    IN(dy, 3, 17); IN(xhat, 3, 17); IN(rstd, 17); IN(gamma, 17);
    ADD_TO(dx, 3, 17); ADD_TO(dgamma, 17); ADD_TO(dbeta, 17);
    columns_center(xhat, 3, 17);
    for (int d = 0; d < 17; d++)
        rstd[d] = 0.5f + fabsf(rstd[d]);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, 3, 17);
}

/* ---- 10.9 batchnorm_predict_backward --------------------------------------------- */

/* Hint 10.9: in 10.4, does running_mean[d] depend on x[n,d]?  And how many outputs does
 * x[n,d] reach?
 *
 * dx[n,d] += dy[n,d] gamma[d] rstd[d] and nothing else; dgamma and dbeta as in 10.5, with
 * xhat[n,d] = (x[n,d] - running_mean[d]) rstd[d].
 *
 * A loop over d with rstd, in it a loop over n with three lines that add.
 */
typedef void fixed_back_like(float *dx, float *dgamma, float *dbeta, const float *dy,
                             const float *x, const float *gamma, const float *running_mean,
                             const float *running_var, float epsilon, int N, int D);
fixed_back_like batchnorm_predict_backward;

CASE(fixed_back_by_hand, fixed_back_like)
{
    IN(dy, 3, 2); IN(x, 3, 2); IN(gamma, 2); IN(running_mean, 2); IN(running_var, 2);
    ADD_TO(dx, 3, 2); ADD_TO(dgamma, 2); ADD_TO(dbeta, 2);
    SET(dy, 1, 2,  3, -1,  0, 4); SET(x, 1, 2,  5, -6,  3, 0); SET(gamma, 10, -2);
    SET(running_mean, 3, -2); SET(running_var, 3, 15);
    SET(dx, 1, 2,  3, 4,  5, 6); SET(dgamma, 100, 200); SET(dbeta, 300, 400);
    f(dx, dgamma, dbeta, dy, x, gamma, running_mean, running_var, 1, 3, 2);
    EXPECT(dx, 6, 1,  18, 4.5,  5, 4);
    EXPECT(dgamma, 102, 205);
    EXPECT(dbeta, 304, 405);
}

CASE(fixed_back_gold, fixed_back_like)
{
    IN(dy, GOLD_N, GOLD_D); IN(x, GOLD_N, GOLD_D); IN(gamma, GOLD_D);
    IN(running_mean, GOLD_D); IN(running_var, GOLD_D);
    ADD_TO(dx, GOLD_N, GOLD_D); ADD_TO(dgamma, GOLD_D); ADD_TO(dbeta, GOLD_D);
    SET(dy, GOLD_DY); SET(x, GOLD_X); SET(gamma, GOLD_GAMMA);
    SET(running_mean, GOLD_MEAN0); SET(running_var, GOLD_VAR0);
    SCALE(dx, 0); SCALE(dgamma, 0); SCALE(dbeta, 0);
    f(dx, dgamma, dbeta, dy, x, gamma, running_mean, running_var, GOLD_EPSILON, GOLD_N,
      GOLD_D);
    EXPECT(dx, FIXED_DX);
    EXPECT(dgamma, FIXED_DGAMMA);
    EXPECT(dbeta, FIXED_DBETA);
}

CASE(fixed_back_many, fixed_back_like)
{
    IN(dy, 4, 9); IN(x, 4, 9); IN(gamma, 9); IN(running_mean, 9); IN(running_var, 9);
    ADD_TO(dx, 4, 9); ADD_TO(dgamma, 9); ADD_TO(dbeta, 9);
    for (int d = 0; d < 9; d++)
        running_var[d] = fabsf(running_var[d]) + 0.1f;
    f(dx, dgamma, dbeta, dy, x, gamma, running_mean, running_var, 0.1f, 4, 9);
}

/* ---- 10.10* layernorm_forward ---------------------------------------------------- */

/* Hint 10.10*: which numbers are brought to mean 0 here: those of one feature, or those of
 * one example?  How many means are there?
 *
 * mean[n] = 1/D sum over d of x[n,d]; var[n] = 1/D sum over d of (x[n,d] - mean[n])^2;
 * rstd[n] = 1 / sqrt(var[n] + epsilon).  gamma[d] and beta[d] still go with the column.
 *
 * A loop over n; in it a sum, a sum of squares, one root, and a loop over d that writes xhat
 * and y.
 */
typedef void layer_forward_like(float *y, float *xhat, float *rstd, const float *x,
                                const float *gamma, const float *beta, float epsilon,
                                int N, int D);
layer_forward_like layernorm_forward;

CASE(layer_forward_by_hand, layer_forward_like)
{
    IN(x, 2, 4); IN(gamma, 4); IN(beta, 4); OUT(y, 2, 4); OUT(xhat, 2, 4); OUT(rstd, 2);
    SET(x, 1, 3, 5, 7,  -2, 0, 0, 2); SET(gamma, 6, 3, -9, 1); SET(beta, 1, 2, 3, 4);
    f(y, xhat, rstd, x, gamma, beta, 4, 2, 4);
    EXPECT(rstd, 1.0 / 3, 1 / sqrt(6));
    EXPECT(xhat, -1, -1.0 / 3, 1.0 / 3, 1,  -2 / sqrt(6), 0, 0, 2 / sqrt(6));
    EXPECT(y, -5, 1, 0, 5,  1 - 12 / sqrt(6), 2, 3, 4 + 2 / sqrt(6));
}

CASE(layer_forward_gold, layer_forward_like)
{
    IN(x, GOLD_N, GOLD_D); IN(gamma, GOLD_D); IN(beta, GOLD_D);
    OUT(y, GOLD_N, GOLD_D); OUT(xhat, GOLD_N, GOLD_D); OUT(rstd, GOLD_N);
    SET(x, GOLD_X); SET(gamma, GOLD_GAMMA); SET(beta, GOLD_BETA);
    f(y, xhat, rstd, x, gamma, beta, GOLD_EPSILON, GOLD_N, GOLD_D);
    EXPECT(y, LAYER_Y);
    EXPECT(xhat, GOLD_LAYER_XHAT);
    EXPECT(rstd, GOLD_LAYER_RSTD);
}

CASE(layer_forward_far, layer_forward_like)
{
    IN(x, 3, 17); IN(gamma, 17); IN(beta, 17); OUT(y, 3, 17); OUT(xhat, 3, 17); OUT(rstd, 3);
    TOLERANCE(1e-3);
    for (int i = 0; i < 51; i++)
        x[i] += 1000;
    f(y, xhat, rstd, x, gamma, beta, 1e-5f, 3, 17);
}

/* ---- 10.11* layernorm_backward --------------------------------------------------- */

/* Hint 10.11*: it is 10.8 along the rows; but gamma changes within a row: can it still stand
 * in front of the bracket?
 *
 * With g[n,d] = gamma[d] dy[n,d]: s = sum over d of g[n,d], a = sum over d of g[n,d]
 * xhat[n,d], dx[n,d] += rstd[n] (g[n,d] - s/D - xhat[n,d] a/D).
 *
 * A loop over n; in it a loop over d for s, a, dgamma and dbeta, then a second for dx.
 */
back_like layernorm_backward;

static void rows_center(float *x, int N, int D)
{
    for (int n = 0; n < N; n++)
        columns_center(x + n*D, D, 1);
}

CASE(layer_back_by_hand, back_like)
{
    IN(dy, 2, 3); IN(xhat, 2, 3); IN(rstd, 2); IN(gamma, 3);
    ADD_TO(dx, 2, 3); ADD_TO(dgamma, 3); ADD_TO(dbeta, 3);
    SET(dy, 3, 1, 1,  0, 3, -1); SET(xhat, 1, -1, 0,  0, 1, -1); SET(rstd, 0.5, 2);
    SET(gamma, 1, 2, 3); SET(dx, 10, 20, 30,  40, 50, 60);
    SET(dgamma, 100, 200, 300); SET(dbeta, 400, 500, 600);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, 2, 3);
    EXPECT(dgamma, 103, 202, 301);
    EXPECT(dbeta, 403, 504, 600);
    // Rows of g: 3 2 3 with s = 8, a = 1; 0 6 -3 with s = 3, a = 9.
    EXPECT(dx, 10 + 0.5 * (3 - 8.0/3 - 1.0/3), 20 + 0.5 * (2 - 8.0/3 + 1.0/3),
           30 + 0.5 * (3 - 8.0/3),  40 - 2, 50 + 2 * (6 - 1 - 3), 60 + 2 * (-3 - 1 + 3));
}

CASE(layer_back_gold, back_like)
{
    IN(dy, GOLD_N, GOLD_D); IN(xhat, GOLD_N, GOLD_D); IN(rstd, GOLD_N); IN(gamma, GOLD_D);
    ADD_TO(dx, GOLD_N, GOLD_D); ADD_TO(dgamma, GOLD_D); ADD_TO(dbeta, GOLD_D);
    SET(dy, GOLD_DY); SET(xhat, GOLD_LAYER_XHAT); SET(rstd, GOLD_LAYER_RSTD);
    SET(gamma, GOLD_GAMMA); SCALE(dx, 0); SCALE(dgamma, 0); SCALE(dbeta, 0);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, GOLD_N, GOLD_D);
    EXPECT(dx, LAYER_DX);
    EXPECT(dgamma, LAYER_DGAMMA);
    EXPECT(dbeta, LAYER_DBETA);
}

CASE(layer_back_many, back_like)
{
    IN(dy, 4, 9); IN(xhat, 4, 9); IN(rstd, 4); IN(gamma, 9);
    ADD_TO(dx, 4, 9); ADD_TO(dgamma, 9); ADD_TO(dbeta, 9);
    rows_center(xhat, 4, 9);
    for (int n = 0; n < 4; n++)
        rstd[n] = 0.5f + fabsf(rstd[n]);
    f(dx, dgamma, dbeta, dy, xhat, rstd, gamma, 4, 9);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, in double, and `how` says what is wrong with it:
 * RIGHT nothing. */
enum how { RIGHT, OVERWRITES, NO_MEAN, NO_VAR, NO_EPSILON, EPSILON_OUT, NO_ROOT, ROOT, SQUARED,
           TIMES, NO_GAMMA, NO_BETA, NO_AFFINE, SWAPPED, UNBIASED, UNDIVIDED, BY_D, BY_N_TWICE,
           TURNED, IN_FLOAT, ABSOLUTE, EARLY, FIRST, PLUS, OTHER, ONLY_NEW, GROWS, SIGN, NO_HALF,
           RAW, KEEPS, MISSING, NO_TWO };

/* ---- moments ---- */

static void moments(float *mean, float *var, const float *x, int N, int D, enum how how)
{
    for (int d = 0; d < D; d++) {
        double sum = 0, squares = 0, size = 0;
        float sum32 = 0, squares32 = 0;
        for (int n = 0; n < N - (how == EARLY); n++) {
            float v = x[how == TURNED ? d*N + n : n*D + d];
            sum += v;
            sum32 += v;
            squares32 += v * v;
        }
        double count = how == BY_D ? D : N, middle = sum / count;
        for (int n = 0; n < N - (how == EARLY); n++) {
            double off = x[how == TURNED ? d*N + n : n*D + d] - (how == NO_MEAN ? 0 : middle);
            squares += off * off;
            size += fabs(off);
        }
        double v = squares / (how == UNBIASED ? N - 1 : how == UNDIVIDED ? 1 : count);
        mean[d] = (float)middle;
        var[d] = (float)(how == ROOT ? sqrt(v) : how == ABSOLUTE ? size / N : v);
        if (how == IN_FLOAT)
            var[d] = squares32 / (float)N - (sum32 / (float)N) * (sum32 / (float)N);
        if (how == OTHER)
            mean[d] = (float)sum;
    }
}

#define MOMENTS(name, how) \
    static void name(float *mean, float *var, const float *x, int N, int D) \
    { moments(mean, var, x, N, D, how); }
MOMENTS(moments_right, RIGHT)
MOMENTS(moments_unbiased, UNBIASED)
MOMENTS(moments_undivided, UNDIVIDED)
MOMENTS(moments_by_d, BY_D)
MOMENTS(moments_rows, TURNED)
MOMENTS(moments_no_mean, NO_MEAN)
MOMENTS(moments_cancel, IN_FLOAT)
MOMENTS(moments_root, ROOT)
MOMENTS(moments_absolute, ABSOLUTE)
MOMENTS(moments_early, EARLY)
MOMENTS(moments_sum, OTHER)

/* ---- forward ---- */

static double rstd_of(double var, double epsilon, enum how how)
{
    switch (how) {
    case NO_EPSILON:  return 1 / sqrt(var);
    case EPSILON_OUT: return 1 / (sqrt(var) + epsilon);
    case NO_ROOT:     return 1 / (var + epsilon);
    case TIMES:       return sqrt(var + epsilon);
    default:          return 1 / sqrt(var + epsilon);
    }
}

/* One number, from x to y. */
static double affine(double xhat, const float *gamma, const float *beta, int d, enum how how)
{
    double g = gamma[d], b = beta[d];
    switch (how) {
    case NO_GAMMA:  return xhat + b;
    case NO_BETA:   return g * xhat;
    case NO_AFFINE: return xhat;
    case SWAPPED:   return b * xhat + g;
    default:        return g * xhat + b;
    }
}

static void norm_forward(float *y, float *xhat, float *rstd, const float *x, const float *mean,
                         const float *var, const float *gamma, const float *beta,
                         float epsilon, int N, int D, enum how how)
{
    for (int d = 0; d < D; d++)
        rstd[d] = (float)rstd_of(var[d], epsilon, how);
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            int i = n*D + d, k = how == FIRST ? 0 : d;
            double middle = how == NO_MEAN ? 0 : how == PLUS ? -mean[d] : mean[d];
            double hat = (x[i] - middle) * rstd_of(var[k], epsilon, how);
            xhat[i] = (float)hat;
            y[i] = (float)affine(hat, gamma, beta, d, how);
            if (how == OTHER)
                xhat[i] = y[i];
        }
}

#define FORWARD(name, how) \
    static void name(float *y, float *xhat, float *rstd, const float *x, const float *mean, \
                     const float *var, const float *gamma, const float *beta, \
                     float epsilon, int N, int D) \
    { norm_forward(y, xhat, rstd, x, mean, var, gamma, beta, epsilon, N, D, how); }
FORWARD(norm_right, RIGHT)
FORWARD(norm_no_epsilon, NO_EPSILON)
FORWARD(norm_epsilon_out, EPSILON_OUT)
FORWARD(norm_no_root, NO_ROOT)
FORWARD(norm_times, TIMES)
FORWARD(norm_no_mean, NO_MEAN)
FORWARD(norm_plus, PLUS)
FORWARD(norm_no_gamma, NO_GAMMA)
FORWARD(norm_no_beta, NO_BETA)
FORWARD(norm_no_affine, NO_AFFINE)
FORWARD(norm_swapped, SWAPPED)
FORWARD(norm_first, FIRST)
FORWARD(norm_keeps_y, OTHER)

/* ---- running ---- */

static void running(float *running_mean, float *running_var, const float *mean,
                    const float *var, float momentum, int N, int D, enum how how)
{
    double old = how == ONLY_NEW ? 0 : how == GROWS ? 1 : how == SWAPPED ? momentum
                 : 1 - (double)momentum;
    double new = how == ONLY_NEW ? 1 : how == SWAPPED ? 1 - (double)momentum : momentum;
    double more = how == UNBIASED ? 1 : how == TIMES ? (N - 1) / (double)N : N / (N - 1.0);
    for (int d = 0; d < D; d++) {
        double v = more * (how == ROOT ? sqrt(fabsf(var[d])) : var[d]);
        double m = mean[d] * (how == OTHER ? more : 1);
        if (how != NO_MEAN)
            running_mean[d] = (float)(old * running_mean[d] + new * m);
        if (how != NO_VAR)
            running_var[d] = (float)(old * running_var[d] + new * v);
    }
}

#define RUNNING(name, how) \
    static void name(float *running_mean, float *running_var, const float *mean, \
                     const float *var, float momentum, int N, int D) \
    { running(running_mean, running_var, mean, var, momentum, N, D, how); }
RUNNING(running_right, RIGHT)
RUNNING(running_swapped, SWAPPED)
RUNNING(running_biased, UNBIASED)
RUNNING(running_upside_down, TIMES)
RUNNING(running_mean_too, OTHER)
RUNNING(running_only_new, ONLY_NEW)
RUNNING(running_grows, GROWS)
RUNNING(running_no_mean, NO_MEAN)
RUNNING(running_no_var, NO_VAR)
RUNNING(running_root, ROOT)

/* ---- predict ---- */

static void fixed(float *y, const float *x, const float *gamma, const float *beta,
                  const float *mean, const float *var, float epsilon, int N, int D, enum how how)
{
    float own_mean[32], own_var[32];
    if (how == OTHER) {
        moments(own_mean, own_var, x, N, D, RIGHT);
        mean = own_mean, var = own_var;
    }
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            double middle = how == NO_MEAN ? 0 : how == PLUS ? -mean[d] : mean[d];
            double hat = (x[n*D + d] - middle) * rstd_of(var[how == FIRST ? 0 : d], epsilon, how);
            y[n*D + d] = (float)affine(hat, gamma, beta, d, how);
        }
}

#define PREDICT(name, how) \
    static void name(float *y, const float *x, const float *gamma, const float *beta, \
                     const float *mean, const float *var, float epsilon, int N, int D) \
    { fixed(y, x, gamma, beta, mean, var, epsilon, N, D, how); }
PREDICT(predict_right, RIGHT)
PREDICT(predict_own, OTHER)
PREDICT(predict_no_epsilon, NO_EPSILON)
PREDICT(predict_epsilon_out, EPSILON_OUT)
PREDICT(predict_no_root, NO_ROOT)
PREDICT(predict_times, TIMES)
PREDICT(predict_no_mean, NO_MEAN)
PREDICT(predict_plus, PLUS)
PREDICT(predict_no_gamma, NO_GAMMA)
PREDICT(predict_no_beta, NO_BETA)
PREDICT(predict_swapped, SWAPPED)
PREDICT(predict_first, FIRST)

/* ---- backward: scale ---- */

static void scale(float *dxhat, float *dgamma, float *dbeta, const float *dy, const float *xhat,
                  const float *gamma, int N, int D, enum how how)
{
    for (int d = 0; d < D; d++) {
        double a = 0, s = 0;
        for (int n = 0; n < N; n++) {
            int i = n*D + d;
            double by = how == NO_GAMMA ? 1 : how == TIMES ? gamma[d] * xhat[i] : gamma[d];
            a += how == SWAPPED || how == RAW ? dy[i] : dy[i] * xhat[i];
            s += how == SWAPPED ? dy[i] * xhat[i] : dy[i];
            dxhat[i] = (float)(dy[i] * by + (how == OVERWRITES || how == OTHER ? 0 : dxhat[i]));
        }
        if (how == BY_N_TWICE)
            a /= N, s /= N;
        if (how == EARLY)
            a = dy[(N-1)*D + d] * xhat[(N-1)*D + d], s = dy[(N-1)*D + d];
        bool over = how == OVERWRITES || how == KEEPS || how == EARLY;
        dgamma[d] = (float)(a + (over ? 0 : dgamma[d]));
        dbeta[d] = (float)((how == NO_BETA ? 0 : s) + (over ? 0 : dbeta[d]));
    }
}

#define SCALES(name, how) \
    static void name(float *dxhat, float *dgamma, float *dbeta, const float *dy, \
                     const float *xhat, const float *gamma, int N, int D) \
    { scale(dxhat, dgamma, dbeta, dy, xhat, gamma, N, D, how); }
SCALES(scale_right, RIGHT)
SCALES(scale_overwrites, OVERWRITES)
SCALES(scale_clears_sums, KEEPS)
SCALES(scale_clears_dxhat, OTHER)
SCALES(scale_swapped, SWAPPED)
SCALES(scale_no_xhat, RAW)
SCALES(scale_no_gamma, NO_GAMMA)
SCALES(scale_xhat_too, TIMES)
SCALES(scale_mean, BY_N_TWICE)
SCALES(scale_last, EARLY)
SCALES(scale_no_beta, NO_BETA)

/* ---- backward: moments ---- */

static void back_moments(float *dmean, float *dvar, const float *dxhat, const float *x,
                         const float *mean, const float *rstd, int N, int D, enum how how)
{
    for (int d = 0; d < D; d++) {
        double s = 0, a = 0, r = rstd[d];
        for (int n = 0; n < N; n++) {
            s += dxhat[n*D + d];
            a += dxhat[n*D + d] * (x[n*D + d] - (double)(how == RAW ? 0 : mean[d]));
        }
        double power = how == SQUARED ? r * r : how == FIRST ? r : r * r * r;
        double by_var = -a * power * (how == NO_HALF ? 1 : 0.5) * (how == NO_VAR ? -1 : 1);
        double by_mean = -s * (how == NO_ROOT ? 1 : r) * (how == SIGN ? -1 : 1);
        if (how == UNDIVIDED)
            by_var /= N, by_mean /= N;
        if (how == MISSING)
            by_mean = 0;
        if (how == NO_TWO)
            by_var = 0;
        dvar[d] = (float)(by_var + (how == OVERWRITES ? 0 : dvar[d]));
        dmean[d] = (float)(by_mean + (how == OVERWRITES ? 0 : dmean[d]));
    }
}

#define BACK_MOMENTS(name, how) \
    static void name(float *dmean, float *dvar, const float *dxhat, const float *x, \
                     const float *mean, const float *rstd, int N, int D) \
    { back_moments(dmean, dvar, dxhat, x, mean, rstd, N, D, how); }
BACK_MOMENTS(back_moments_right, RIGHT)
BACK_MOMENTS(back_moments_overwrites, OVERWRITES)
BACK_MOMENTS(back_moments_var_sign, NO_VAR)
BACK_MOMENTS(back_moments_mean_sign, SIGN)
BACK_MOMENTS(back_moments_no_half, NO_HALF)
BACK_MOMENTS(back_moments_squared, SQUARED)
BACK_MOMENTS(back_moments_one_power, FIRST)
BACK_MOMENTS(back_moments_raw, RAW)
BACK_MOMENTS(back_moments_no_rstd, NO_ROOT)
BACK_MOMENTS(back_moments_divided, UNDIVIDED)
BACK_MOMENTS(back_moments_no_dmean, MISSING)
BACK_MOMENTS(back_moments_no_dvar, NO_TWO)

/* ---- backward: input ---- */

static void back_input(float *dx, const float *dxhat, const float *dmean, const float *dvar,
                       const float *x, const float *mean, const float *rstd, int N, int D,
                       enum how how)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            int i = n*D + d;
            double direct = dxhat[i] * (double)(how == NO_ROOT ? 1 : rstd[d]);
            double by_mean = how == NO_MEAN ? 0 : dmean[d] / (how == KEEPS ? 1.0 : N);
            double off = x[i] - (double)(how == RAW ? 0 : mean[d]);
            double by_var = how == NO_VAR ? 0 : dvar[d] * off * (how == NO_TWO ? 1 : 2)
                            / (how == UNDIVIDED ? 1 : N) * (how == SIGN ? -1 : 1);
            if (how == MISSING)
                direct = 0;
            if (how == BY_D)
                by_mean *= (double)N / D, by_var *= (double)N / D;
            dx[i] = (float)(direct + by_mean + by_var + (how == OVERWRITES ? 0 : dx[i]));
        }
}

#define BACK_INPUT(name, how) \
    static void name(float *dx, const float *dxhat, const float *dmean, const float *dvar, \
                     const float *x, const float *mean, const float *rstd, int N, int D) \
    { back_input(dx, dxhat, dmean, dvar, x, mean, rstd, N, D, how); }
BACK_INPUT(back_input_right, RIGHT)
BACK_INPUT(back_input_overwrites, OVERWRITES)
BACK_INPUT(back_input_no_mean, NO_MEAN)
BACK_INPUT(back_input_no_var, NO_VAR)
BACK_INPUT(back_input_no_direct, MISSING)
BACK_INPUT(back_input_no_two, NO_TWO)
BACK_INPUT(back_input_var_whole, UNDIVIDED)
BACK_INPUT(back_input_mean_whole, KEEPS)
BACK_INPUT(back_input_no_rstd, NO_ROOT)
BACK_INPUT(back_input_raw, RAW)
BACK_INPUT(back_input_sign, SIGN)
BACK_INPUT(back_input_by_d, BY_D)

/* ---- backward at once ---- */

/* The sum of dy y for a column of n numbers, of which number k is h more than it is:
 * u = xhat / rstd is a column that normalizes to xhat, if what is added to its variance
 * makes up 1 / rstd^2. */
static double column_loss(const double *dy, const double *u, double rest, int n, int k, double h)
{
    double sum = 0, squares = 0, loss = 0;
    for (int i = 0; i < n; i++)
        sum += u[i] + (i == k ? h : 0);
    double mean = sum / n;
    for (int i = 0; i < n; i++)
        squares += pow(u[i] + (i == k ? h : 0) - mean, 2);
    for (int i = 0; i < n; i++)
        loss += dy[i] * (u[i] + (i == k ? h : 0) - mean) / sqrt(squares / n + rest);
    return loss;
}

/* The gradient of that in number k, by central differences. */
static double column_slope(const double *dy, const double *xhat, double rstd, int n, int k)
{
    double u[32], squares = 0, h = 1e-4;
    for (int i = 0; i < n; i++) {
        u[i] = xhat[i] / rstd;
        squares += u[i] * u[i];
    }
    double rest = 1 / (rstd * rstd) - squares / n;
    return (column_loss(dy, u, rest, n, k, h) - column_loss(dy, u, rest, n, k, -h)) / (2 * h);
}

static void back_right(float *dx, float *dgamma, float *dbeta, const float *dy,
                       const float *xhat, const float *rstd, const float *gamma, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double g[32], hat[32];
        for (int n = 0; n < N; n++) {
            g[n] = (double)gamma[d] * dy[n*D + d];
            hat[n] = xhat[n*D + d];
            dgamma[d] += dy[n*D + d] * xhat[n*D + d];
            dbeta[d] += dy[n*D + d];
        }
        for (int n = 0; n < N; n++)
            dx[n*D + d] += (float)column_slope(g, hat, rstd[d], N, n);
    }
}

static void back(float *dx, float *dgamma, float *dbeta, const float *dy, const float *xhat,
                 const float *rstd, const float *gamma, int N, int D, enum how how)
{
    for (int d = 0; d < D; d++) {
        double a = 0, s = 0;
        for (int n = 0; n < N; n++) {
            a += dy[n*D + d] * xhat[n*D + d];
            s += dy[n*D + d];
        }
        bool over = how == OVERWRITES || how == KEEPS;
        dgamma[d] = (float)(a + (over ? 0 : dgamma[d]));
        dbeta[d] = (float)(s + (over ? 0 : dbeta[d]));
        if (how == GROWS)
            a = dgamma[d], s = dbeta[d];
        double count = how == UNDIVIDED ? 1 : how == BY_D ? D : N;
        double by = (how == NO_GAMMA ? 1 : gamma[d])
                    * pow(rstd[d], how == NO_ROOT ? 0 : how == SQUARED ? 2 : 1);
        for (int n = 0; n < N; n++) {
            int i = n*D + d;
            double level = how == NO_MEAN ? 0 : s / count;
            double tilt = how == NO_VAR ? 0 : (how == RAW ? 1 : xhat[i]) * a / count;
            double inner = dy[i] - level + (how == SIGN ? tilt : -tilt);
            dx[i] = (float)(by * inner + (how == OVERWRITES || how == OTHER ? 0 : dx[i]));
        }
    }
}

#define BACK(name, how) \
    static void name(float *dx, float *dgamma, float *dbeta, const float *dy, \
                     const float *xhat, const float *rstd, const float *gamma, int N, int D) \
    { back(dx, dgamma, dbeta, dy, xhat, rstd, gamma, N, D, how); }
BACK(back_overwrites, OVERWRITES)
BACK(back_clears_sums, KEEPS)
BACK(back_clears_dx, OTHER)
BACK(back_from_dgamma, GROWS)
BACK(back_no_s, NO_MEAN)
BACK(back_no_a, NO_VAR)
BACK(back_undivided, UNDIVIDED)
BACK(back_by_d, BY_D)
BACK(back_no_gamma, NO_GAMMA)
BACK(back_no_rstd, NO_ROOT)
BACK(back_sign, SIGN)
BACK(back_no_xhat, RAW)

/* ---- backward with fixed statistics ---- */

static void fixed_back(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x,
                       const float *gamma, const float *mean, const float *var, float epsilon,
                       int N, int D, enum how how)
{
    for (int d = 0; d < D; d++) {
        double r = rstd_of(var[d], epsilon, how), a = 0, s = 0;
        for (int n = 0; n < N; n++) {
            double off = x[n*D + d] - (how == NO_MEAN ? 0.0 : mean[d]);
            a += dy[n*D + d] * (how == RAW ? x[n*D + d] : off * (how == NO_HALF ? 1 : r));
            s += dy[n*D + d];
        }
        for (int n = 0; n < N; n++) {
            int i = n*D + d;
            double hat = (x[i] - mean[d]) * r, inner = dy[i];
            if (how == OTHER)
                inner -= s / N + hat * a / N;
            double g = inner * (how == NO_GAMMA ? 1 : gamma[d]) * (how == MISSING ? 1 : r);
            dx[i] = (float)(g + (how == OVERWRITES || how == KEEPS ? 0 : dx[i]));
        }
        dgamma[d] = (float)(a + (how == OVERWRITES ? 0 : dgamma[d]));
        dbeta[d] = (float)(s + (how == OVERWRITES ? 0 : dbeta[d]));
    }
}

#define FIXED_BACK(name, how) \
    static void name(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, \
                     const float *gamma, const float *mean, const float *var, float epsilon, \
                     int N, int D) \
    { fixed_back(dx, dgamma, dbeta, dy, x, gamma, mean, var, epsilon, N, D, how); }
FIXED_BACK(fixed_back_right, RIGHT)
FIXED_BACK(fixed_back_overwrites, OVERWRITES)
FIXED_BACK(fixed_back_clears_dx, KEEPS)
FIXED_BACK(fixed_back_batch, OTHER)
FIXED_BACK(fixed_back_no_gamma, NO_GAMMA)
FIXED_BACK(fixed_back_no_rstd, MISSING)
FIXED_BACK(fixed_back_raw_x, RAW)
FIXED_BACK(fixed_back_no_mean, NO_MEAN)
FIXED_BACK(fixed_back_dgamma_no_rstd, NO_HALF)
FIXED_BACK(fixed_back_no_epsilon, NO_EPSILON)
FIXED_BACK(fixed_back_epsilon_out, EPSILON_OUT)
FIXED_BACK(fixed_back_no_root, NO_ROOT)

/* ---- layer norm ---- */

static void layer_forward(float *y, float *xhat, float *rstd, const float *x, const float *gamma,
                          const float *beta, float epsilon, int N, int D, enum how how)
{
    for (int n = 0; n < N; n++) {
        double sum = 0, squares = 0;
        for (int d = 0; d < D; d++)
            sum += x[n*D + d];
        double mean = how == NO_MEAN ? 0 : sum / D;
        for (int d = 0; d < D; d++)
            squares += pow(x[n*D + d] - mean, 2);
        double r = rstd_of(squares / (how == UNBIASED ? D - 1 : how == BY_D ? N : D), epsilon, how);
        rstd[n] = (float)r;
        for (int d = 0; d < D; d++) {
            double hat = (x[n*D + d] - mean) * r;
            xhat[n*D + d] = (float)hat;
            y[n*D + d] = (float)affine(hat, gamma, beta, how == FIRST ? n % D : d, how);
        }
    }
}

#define LAYER(name, how) \
    static void name(float *y, float *xhat, float *rstd, const float *x, const float *gamma, \
                     const float *beta, float epsilon, int N, int D) \
    { layer_forward(y, xhat, rstd, x, gamma, beta, epsilon, N, D, how); }
LAYER(layer_right, RIGHT)
LAYER(layer_unbiased, UNBIASED)
LAYER(layer_by_n, BY_D)
LAYER(layer_no_mean, NO_MEAN)
LAYER(layer_no_epsilon, NO_EPSILON)
LAYER(layer_epsilon_out, EPSILON_OUT)
LAYER(layer_no_root, NO_ROOT)
LAYER(layer_times, TIMES)
LAYER(layer_gamma_of_row, FIRST)
LAYER(layer_no_affine, NO_AFFINE)
LAYER(layer_swapped, SWAPPED)

static void layer_back_right(float *dx, float *dgamma, float *dbeta, const float *dy,
                             const float *xhat, const float *rstd, const float *gamma,
                             int N, int D)
{
    for (int n = 0; n < N; n++) {
        double g[32], hat[32];
        for (int d = 0; d < D; d++) {
            g[d] = (double)gamma[d] * dy[n*D + d];
            hat[d] = xhat[n*D + d];
            dgamma[d] += dy[n*D + d] * xhat[n*D + d];
            dbeta[d] += dy[n*D + d];
        }
        for (int d = 0; d < D; d++)
            dx[n*D + d] += (float)column_slope(g, hat, rstd[n], D, d);
    }
}

static void layer_back(float *dx, float *dgamma, float *dbeta, const float *dy,
                       const float *xhat, const float *rstd, const float *gamma, int N, int D,
                       enum how how)
{
    if (how == OVERWRITES || how == KEEPS) {
        memset(dgamma, 0, (size_t)D * sizeof *dgamma);
        memset(dbeta, 0, (size_t)D * sizeof *dbeta);
    }
    for (int n = 0; n < N; n++) {
        double s = 0, a = 0, count = how == BY_D ? N : how == UNDIVIDED ? 1 : D;
        for (int d = 0; d < D; d++) {
            int i = n*D + d;
            double g = (how == NO_GAMMA || how == OTHER ? 1 : (double)gamma[d]) * dy[i];
            dgamma[d] += dy[i] * xhat[i];
            dbeta[d] += dy[i];
            s += g;
            a += g * xhat[i];
        }
        for (int d = 0; d < D; d++) {
            int i = n*D + d;
            double g = (how == NO_GAMMA || how == OTHER ? 1 : (double)gamma[d]) * dy[i];
            double inner = g - (how == NO_MEAN ? 0 : s / count)
                           - (how == NO_VAR ? 0 : a / count) * (how == RAW ? 1 : xhat[i]);
            inner *= (how == NO_ROOT ? 1 : rstd[n]) * (how == OTHER ? gamma[d] : 1);
            dx[i] = (float)(inner + (how == OVERWRITES || how == FIRST ? 0 : dx[i]));
        }
    }
}

#define LAYER_BACK(name, how) \
    static void name(float *dx, float *dgamma, float *dbeta, const float *dy, \
                     const float *xhat, const float *rstd, const float *gamma, int N, int D) \
    { layer_back(dx, dgamma, dbeta, dy, xhat, rstd, gamma, N, D, how); }
LAYER_BACK(layer_back_overwrites, OVERWRITES)
LAYER_BACK(layer_back_clears_sums, KEEPS)
LAYER_BACK(layer_back_clears_dx, FIRST)
LAYER_BACK(layer_back_gamma_out, OTHER)
LAYER_BACK(layer_back_no_gamma, NO_GAMMA)
LAYER_BACK(layer_back_no_s, NO_MEAN)
LAYER_BACK(layer_back_no_a, NO_VAR)
LAYER_BACK(layer_back_by_n, BY_D)
LAYER_BACK(layer_back_undivided, UNDIVIDED)
LAYER_BACK(layer_back_no_rstd, NO_ROOT)
LAYER_BACK(layer_back_no_xhat, RAW)

#endif

#define FN(f) (anything *)f
#define ADD_NOT_SET "does the formula say = or +=?"
#define EPSILON_WHERE "what stands under the root: the variance alone, or with epsilon?"

const struct exercise exercises[] = {
    {"10.1", "batchnorm_moments", FN(batchnorm_moments),
     {{"N=4 D=2, by hand", moments_by_hand}, {"N=5 D=3", moments_gold},
      {"N=3 D=17", moments_wide}, {"N=33 D=2, around 1000 and -3000", moments_far},
      {"N=3 D=2, all rows alike", moments_alike}},
     JUDGE_ONLY(FN(moments_right), {
        {FN(moments_unbiased), "the variance is divided by N - 1.",
         "which of the two variances does this exercise ask for?", "10.2"},
        {FN(moments_undivided), "the sum of the squares is not divided.",
         "is a sum asked for, or a mean?", "10.2"},
        {FN(moments_sum), "the sum of the numbers is not divided.",
         "is a sum asked for, or a mean?", "10.2"},
        {FN(moments_by_d), "the sums are divided by D.",
         "how many numbers does one column have?", "10.2"},
        {FN(moments_rows), "x is read as if it were [D,N].",
         "how far apart in memory are two numbers of one column?", "10.2"},
        {FN(moments_no_mean), "the squares are those of x itself.",
         "how large should the variance be if all rows are alike?", "10.2"},
        {FN(moments_cancel), "the variance is a difference of two large numbers: digits cancel.",
         "how many digits of x^2 does a float keep if x is near 1000?", "10.2"},
        {FN(moments_root), "this is the standard deviation.",
         "is the variance asked for, or its root?", "10.2"},
        {FN(moments_absolute), "the distances are not squared.",
         "what is done with x - mean before the sum?", "10.2"},
        {FN(moments_early), "the last example is left out.",
         "which is the last index of N examples?", "10.2"}})},
    {"10.2", "batchnorm_forward", FN(batchnorm_forward),
     {{"N=3 D=2, by hand", norm_forward_by_hand}, {"N=5 D=3", norm_forward_gold},
      {"N=2 D=3, variances 0, 1e-10 and 4", norm_forward_still},
      {"N=4 D=9, y is x itself", norm_forward_in_place},
      {"N=6 D=5, xhat is x itself", norm_forward_xhat_is_x}},
     JUDGE_ONLY(FN(norm_right), {
        {FN(norm_no_epsilon), "epsilon is missing.",
         "what is 1 / sqrt(0)?", "10.3"},
        {FN(norm_epsilon_out), "epsilon stands behind the root.", EPSILON_WHERE, "10.3"},
        {FN(norm_no_root), "the root is missing: this divides by the variance.",
         "if x is in metres, in what is its variance?", "10.3"},
        {FN(norm_times), "this multiplies by the deviation.",
         "should a wide column become narrower or wider?", "10.3"},
        {FN(norm_no_mean), "the mean is not taken away.",
         "around which number should xhat lie?", "10.3"},
        {FN(norm_plus), "the mean is added.", "around which number should xhat lie?", "10.3"},
        {FN(norm_no_gamma), "gamma is missing.", "what is y if gamma is 0?", "10.3"},
        {FN(norm_no_beta), "beta is missing.", "what is y where xhat is 0?", "10.3"},
        {FN(norm_no_affine), "y is xhat: gamma and beta are missing.",
         "what may the network do to a column after it is normalized?", "10.3"},
        {FN(norm_swapped), "gamma and beta have changed places.",
         "which of the two is a factor?", "10.3"},
        {FN(norm_first), "every column is scaled by the rstd of column 0.",
         "which index does rstd have?", "10.3"},
        {FN(norm_keeps_y), "xhat holds y.",
         "what does the way back need: the numbers before gamma, or after it?", "10.3"}})},
    {"10.3", "batchnorm_running", FN(batchnorm_running),
     {{"N=5 D=2, by hand", running_by_hand}, {"N=5 D=3", running_gold},
      {"N=2 D=7", running_two}, {"N=4 D=3, momentum 1", running_whole}},
     JUDGE_ONLY(FN(running_right), {
        {FN(running_swapped), "momentum and 1 - momentum have changed places.",
         "with momentum 0.1, does the old count most, or the new?", "10.4"},
        {FN(running_biased), "the factor N / (N - 1) is missing, or is 1.",
         "what is 5 / 4 in C, if both are ints?", "10.4"},
        {FN(running_upside_down), "the factor is (N - 1) / N.",
         "is a variance around its own mean too small, or too large?", "10.4"},
        {FN(running_mean_too), "the mean is multiplied by N / (N - 1) as well.",
         "which of the two is biased?", "10.4"},
        {FN(running_only_new), "the old is lost.",
         "how much of the old should be left after one batch?", "10.4"},
        {FN(running_grows), "the new is added, but the old is not made less.",
         "where would the running mean go if every batch had mean 1?", "10.4"},
        {FN(running_no_mean), "the running mean does not move.",
         "how many statistics are there?", "10.4"},
        {FN(running_no_var), "the running variance does not move.",
         "how many statistics are there?", "10.4"},
        {FN(running_root), "the deviation is averaged, not the variance.",
         "does the formula have a root?", "10.4"}})},
    {"10.4", "batchnorm_predict", FN(batchnorm_predict),
     {{"N=3 D=2, by hand", predict_by_hand}, {"N=5 D=3", predict_gold},
      {"N=1 D=9, a variance of 0", predict_one}, {"N=6 D=5, y is x itself", predict_in_place}},
     JUDGE_ONLY(FN(predict_right), {
        {FN(predict_own), "mean and variance are those of these examples.",
         "may the answer for one picture depend on which others are asked about?", "10.4"},
        {FN(predict_no_epsilon), "epsilon is missing.", EPSILON_WHERE, "10.4"},
        {FN(predict_epsilon_out), "epsilon stands behind the root.", EPSILON_WHERE, "10.4"},
        {FN(predict_no_root), "the root is missing: this divides by the variance.",
         "if x is in metres, in what is its variance?", "10.4"},
        {FN(predict_times), "this multiplies by the deviation.",
         "should a wide column become narrower or wider?", "10.4"},
        {FN(predict_no_mean), "the running mean is not taken away.",
         "what should y be where x is the running mean?", "10.4"},
        {FN(predict_plus), "the running mean is added.",
         "what should y be where x is the running mean?", "10.4"},
        {FN(predict_no_gamma), "gamma is missing.", "what is y if gamma is 0?", "10.4"},
        {FN(predict_no_beta), "beta is missing.",
         "what should y be where x is the running mean?", "10.4"},
        {FN(predict_swapped), "gamma and beta have changed places.",
         "which of the two is a factor?", "10.4"},
        {FN(predict_first), "every column is scaled by the variance of column 0.",
         "which index does running_var have?", "10.4"}})},
    {"10.5", "batchnorm_backward_scale", FN(batchnorm_backward_scale),
     {{"N=3 D=2, by hand", scale_by_hand}, {"N=5 D=3", scale_gold}, {"N=4 D=9", scale_many}},
     JUDGE_ONLY(FN(scale_right), {
        {FN(scale_overwrites), "all three are overwritten.", ADD_NOT_SET, "10.5"},
        {FN(scale_clears_sums), "dgamma and dbeta are overwritten.", ADD_NOT_SET, "10.5"},
        {FN(scale_clears_dxhat), "dxhat is overwritten.", ADD_NOT_SET, "10.5"},
        {FN(scale_swapped), "dgamma and dbeta have changed places.",
         "which of the two stands beside xhat in y?", "10.5"},
        {FN(scale_no_xhat), "in dgamma the factor xhat is missing.",
         "by how much does y grow if gamma does?", "10.5"},
        {FN(scale_no_gamma), "in dxhat the factor gamma is missing.",
         "by how much does y grow if xhat does?", "10.5"},
        {FN(scale_xhat_too), "in dxhat there is a factor xhat too many.",
         "by how much does y grow if xhat does?", "10.5"},
        {FN(scale_mean), "dgamma and dbeta are divided by N.",
         "does y have a mean in it?", "10.5"},
        {FN(scale_last), "of dgamma and dbeta only the last example is left.",
         "does each example set them, or add to them?", "10.5"},
        {FN(scale_no_beta), "nothing is added to dbeta.", "how often does beta stand in y?",
         "10.5"}})},
    {"10.6", "batchnorm_backward_moments", FN(batchnorm_backward_moments),
     {{"N=3 D=2, by hand", back_moments_by_hand}, {"N=5 D=9", back_moments_many},
      {"N=11 D=3", back_moments_tall}},
     JUDGE_ONLY(FN(back_moments_right), {
        {FN(back_moments_overwrites), "both are overwritten.", ADD_NOT_SET, "10.5"},
        {FN(back_moments_var_sign), "dvar has the wrong sign.",
         "if the variance grows, does xhat move to 0 or away from it?", "10.5"},
        {FN(back_moments_mean_sign), "dmean has the wrong sign.",
         "if the mean grows, does xhat rise or fall?", "10.5"},
        {FN(back_moments_no_half), "in dvar the factor 1/2 is missing.",
         "what is the derivative of v to the power of -1/2?", "10.5"},
        {FN(back_moments_squared), "in dvar rstd stands squared.",
         "which power has v in the derivative of v to the -1/2, and which is that of rstd?",
         "10.5"},
        {FN(back_moments_one_power), "in dvar rstd stands once.",
         "which power has v in the derivative of v to the -1/2, and which is that of rstd?",
         "10.5"},
        {FN(back_moments_raw), "in dvar x stands where x - mean should.",
         "what is multiplied by rstd in xhat?", "10.5"},
        {FN(back_moments_no_rstd), "in dmean rstd is missing.",
         "by how much does xhat fall if the mean grows by 1?", "10.5"},
        {FN(back_moments_divided), "both are divided by N.",
         "does 1/N stand in the formula of xhat?", "10.5"},
        {FN(back_moments_no_dmean), "nothing is added to dmean.",
         "does xhat depend on the mean?", "10.5"},
        {FN(back_moments_no_dvar), "nothing is added to dvar.",
         "what is -1/2 in C, if both are ints?", "10.5"}})},
    {"10.7", "batchnorm_backward_input", FN(batchnorm_backward_input),
     {{"N=4 D=2, by hand", back_input_by_hand}, {"N=5 D=9", back_input_many},
      {"N=7 D=3", back_input_tall}},
     JUDGE_ONLY(FN(back_input_right), {
        {FN(back_input_overwrites), "dx is overwritten.", ADD_NOT_SET, "10.5"},
        {FN(back_input_no_mean), "the way through the mean is missing.",
         "through which three numbers does x reach the outputs?", "10.5"},
        {FN(back_input_no_var), "the way through the variance is missing.",
         "through which three numbers does x reach the outputs?", "10.5"},
        {FN(back_input_no_direct), "the way through xhat itself is missing.",
         "through which three numbers does x reach the outputs?", "10.5"},
        {FN(back_input_no_two), "the factor 2 is missing.",
         "what is the derivative of a square?", "10.5"},
        {FN(back_input_var_whole), "dvar is not divided by N.",
         "how large a part of the variance is one number's square?", "10.5"},
        {FN(back_input_mean_whole), "dmean is not divided by N.",
         "how large a part of the mean is one number?", "10.5"},
        {FN(back_input_no_rstd), "dxhat is not multiplied by rstd.",
         "by how much does xhat grow if x does?", "10.5"},
        {FN(back_input_raw), "x stands where x - mean should.",
         "of what is the variance a mean of squares?", "10.5"},
        {FN(back_input_sign), "the way through the variance has the wrong sign.",
         "does the variance grow if a number above the mean does?", "10.5"},
        {FN(back_input_by_d), "the shares are divided by D.",
         "of how many numbers are mean and variance made?", "10.5"}})},
    {"10.8", "batchnorm_backward", FN(batchnorm_backward),
     {{"N=4 D=2, by hand", back_by_hand}, {"N=5 D=3", back_gold}, {"N=7 D=5", back_many},
      {"N=3 D=17", back_wide}},
     JUDGE_ONLY(FN(back_right), {
        {FN(back_overwrites), "all three are overwritten.", ADD_NOT_SET, "10.6"},
        {FN(back_clears_sums), "dgamma and dbeta are overwritten.", ADD_NOT_SET, "10.6"},
        {FN(back_clears_dx), "dx is overwritten.", ADD_NOT_SET, "10.6"},
        {FN(back_from_dgamma), "what was in dgamma and dbeta before has gone into dx.",
         "are dgamma and dbeta 0 before?", "10.6"},
        {FN(back_no_s), "s/N is missing.",
         "what should dx be if dy is the same everywhere?", "10.6"},
        {FN(back_no_a), "the term with a is missing.",
         "what should dx be if dy is xhat itself?", "10.6"},
        {FN(back_undivided), "s and a are not divided by N.",
         "what should the dx of one column add up to?", "10.6"},
        {FN(back_by_d), "s and a are divided by D.",
         "over how many numbers do the sums run?", "10.6"},
        {FN(back_no_gamma), "in dx gamma is missing.",
         "what should dx be if gamma is 0?", "10.6"},
        {FN(back_no_rstd), "in dx rstd is missing.",
         "if x is measured in other units, does dx change?", "10.6"},
        {FN(back_sign), "the term with a has the wrong sign.",
         "what should dx be if dy is xhat itself?", "10.6"},
        {FN(back_no_xhat), "a/N is not multiplied by xhat.",
         "what should the dx of one column add up to?", "10.6"}})},
    {"10.9", "batchnorm_predict_backward", FN(batchnorm_predict_backward),
     {{"N=3 D=2, by hand", fixed_back_by_hand}, {"N=5 D=3", fixed_back_gold},
      {"N=4 D=9", fixed_back_many}},
     JUDGE_ONLY(FN(fixed_back_right), {
        {FN(fixed_back_overwrites), "all three are overwritten.", ADD_NOT_SET, "10.6"},
        {FN(fixed_back_clears_dx), "dx is overwritten.", ADD_NOT_SET, "10.6"},
        {FN(fixed_back_batch), "this is the gradient of 10.8.",
         "does the running mean depend on these examples?", "10.6"},
        {FN(fixed_back_no_gamma), "in dx gamma is missing.",
         "what should dx be if gamma is 0?", "10.6"},
        {FN(fixed_back_no_rstd), "in dx rstd is missing.",
         "by how much does y grow if x does?", "10.6"},
        {FN(fixed_back_raw_x), "in dgamma x stands where xhat should.",
         "what stands beside gamma in y?", "10.6"},
        {FN(fixed_back_no_mean), "in dgamma the running mean is not taken away.",
         "what stands beside gamma in y?", "10.6"},
        {FN(fixed_back_dgamma_no_rstd), "in dgamma rstd is missing.",
         "what stands beside gamma in y?", "10.6"},
        {FN(fixed_back_no_epsilon), "epsilon is missing.", EPSILON_WHERE, "10.6"},
        {FN(fixed_back_epsilon_out), "epsilon stands behind the root.", EPSILON_WHERE, "10.6"},
        {FN(fixed_back_no_root), "the root is missing.",
         "if x is in metres, in what is its variance?", "10.6"}})},
    {"10.10*", "layernorm_forward", FN(layernorm_forward),
     {{"N=2 D=4, by hand", layer_forward_by_hand}, {"N=5 D=3", layer_forward_gold},
      {"N=3 D=17, around 1000", layer_forward_far}},
     JUDGE_ONLY(FN(layer_right), {
        {FN(layer_unbiased), "the variance is divided by D - 1.",
         "which of the two variances does this exercise ask for?", "10.8"},
        {FN(layer_by_n), "the variance is divided by N.",
         "how many numbers does one example have?", "10.8"},
        {FN(layer_no_mean), "the mean is not taken away.",
         "around which number should xhat lie?", "10.8"},
        {FN(layer_no_epsilon), "epsilon is missing.", EPSILON_WHERE, "10.8"},
        {FN(layer_epsilon_out), "epsilon stands behind the root.", EPSILON_WHERE, "10.8"},
        {FN(layer_no_root), "the root is missing: this divides by the variance.",
         "if x is in metres, in what is its variance?", "10.8"},
        {FN(layer_times), "this multiplies by the deviation.",
         "should a wide row become narrower or wider?", "10.8"},
        {FN(layer_gamma_of_row), "gamma and beta go with the row.",
         "how many gammas are there, N or D?", "10.8"},
        {FN(layer_no_affine), "y is xhat: gamma and beta are missing.",
         "what may the network do to a column after it is normalized?", "10.8"},
        {FN(layer_swapped), "gamma and beta have changed places.",
         "which of the two is a factor?", "10.8"}})},
    {"10.11*", "layernorm_backward", FN(layernorm_backward),
     {{"N=2 D=3, by hand", layer_back_by_hand}, {"N=5 D=3", layer_back_gold},
      {"N=4 D=9", layer_back_many}},
     JUDGE_ONLY(FN(layer_back_right), {
        {FN(layer_back_overwrites), "all three are overwritten.", ADD_NOT_SET, "10.8"},
        {FN(layer_back_clears_sums), "dgamma and dbeta are overwritten.", ADD_NOT_SET, "10.8"},
        {FN(layer_back_clears_dx), "dx is overwritten.", ADD_NOT_SET, "10.8"},
        {FN(layer_back_gamma_out), "gamma stands in front of the bracket, as in 10.8.",
         "is gamma the same for all numbers of a row?", "10.8"},
        {FN(layer_back_no_gamma), "in dx gamma is missing.",
         "what should dx be if all gammas are 0?", "10.8"},
        {FN(layer_back_no_s), "s/D is missing.",
         "what should dx be if g is the same everywhere?", "10.8"},
        {FN(layer_back_no_a), "the term with a is missing.",
         "what should dx be if g is xhat itself?", "10.8"},
        {FN(layer_back_by_n), "s and a are divided by N.",
         "over how many numbers do the sums run?", "10.8"},
        {FN(layer_back_undivided), "s and a are not divided by D.",
         "what should the dx of one row add up to?", "10.8"},
        {FN(layer_back_no_rstd), "rstd is missing.",
         "if x is measured in other units, does dx change?", "10.8"},
        {FN(layer_back_no_xhat), "a/D is not multiplied by xhat.",
         "what should the dx of one row add up to?", "10.8"}})},
    {0}};
