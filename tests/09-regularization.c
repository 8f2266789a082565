/* 09-regularization: the tests. */
#include "grade.h"
#include "regularization.c"
#include "gold/09-regularization.h"

/* ---- 9.1 l2_forward -------------------------------------------------------------- */

/* Hint 9.1: what does a weight of 3 cost if lambda is 2, and what does one of -3?
 *
 * lambda / 2 (w[0]^2 + w[1]^2 + ... + w[n-1]^2).
 *
 * A double that begins as 0, a loop that adds squares, and after the loop one product.
 */
typedef float l2_like(const float *w, float lambda, int n);
l2_like l2_forward;

CASE(l2_by_hand, l2_like)
{
    IN(w, 3); OUT(result, 2);
    SET(w, 3, -4, 1);
    result[0] = f(w, 2, 3);
    result[1] = f(w, 0.5, 2);
    EXPECT(result, 26, 6.25);
}

CASE(l2_many, l2_like)
{
    IN(w, 35); OUT(result, 1);
    *result = f(w, 0.3f, 35);
}

CASE(l2_none, l2_like)
{
    IN(w, 5); OUT(result, 2);
    result[0] = f(w, 0, 5);
    result[1] = f(w, 3, 0);
    EXPECT(result, 0, 0);
}

/* 40,000 small squares behind one of 4096^2: in a float each is lost. */
CASE(l2_long, l2_like)
{
    IN(w, 40001); OUT(result, 1);
    for (int i = 0; i < 40001; i++)
        w[i] = i ? 0.5f + 0.25f * w[i] : 4096;
    *result = f(w, 1, 40001);
}

/* ---- 9.2 l2_backward ------------------------------------------------------------- */

/* Hint 9.2: by how much does lambda / 2 w^2 change if w changes a little?
 *
 * The derivative of lambda / 2 w^2 is lambda w: so dw[i] += lambda w[i].
 *
 * One loop, one line with +=.
 */
typedef void l2_back_like(float *dw, const float *w, float lambda, int n);
l2_back_like l2_backward;

CASE(l2_back_by_hand, l2_back_like)
{
    IN(w, 3); ADD_TO(dw, 3);
    SET(w, 3, -4, 0); SET(dw, 10, 20, 30);
    f(dw, w, 0.25, 3);
    EXPECT(dw, 10.75, 19, 30);
}

CASE(l2_back_many, l2_back_like)
{
    IN(w, 35); ADD_TO(dw, 35);
    f(dw, w, 0.7f, 35);
}

/* ---- 9.3 dropout_forward --------------------------------------------------------- */

/* Hint 9.3: if of four numbers three are kept, as on average with keep = 0.75, and their sum
 * is to stay what it was, by which factor must the three grow?
 *
 * mask[i] is 1 / keep where the next uniform() is below keep, else 0; y[i] = mask[i] x[i].
 *
 * One loop with two lines; the first has a choice: condition ? this : that.  Each turn asks
 * uniform() exactly once, whatever keep is.
 */
typedef void dropout_like(float *y, float *mask, const float *x, float keep, int n,
                          uint64_t *chance);
dropout_like dropout_forward;

/* The number that the stream gives next: it tells how often it was asked. */
#define NEXT(chance) OUT(next, 1); *next = uniform(&(chance))

CASE(dropout_many, dropout_like)
{
    IN(x, 35); OUT(y, 35); OUT(mask, 35);
    uint64_t chance = stream(r->seed, 93);
    f(y, mask, x, 0.75, 35, &chance);
    NEXT(chance);
}

CASE(dropout_few_kept, dropout_like)
{
    IN(x, 60); OUT(y, 60); OUT(mask, 60);
    uint64_t chance = stream(r->seed, 94);
    f(y, mask, x, 0.2f, 60, &chance);
    NEXT(chance);
}

CASE(dropout_all_kept, dropout_like)
{
    IN(x, 9); OUT(y, 9); OUT(mask, 9);
    uint64_t chance = stream(r->seed, 95);
    f(y, mask, x, 1, 9, &chance);
    NEXT(chance);
    EXPECT(mask, 1, 1, 1, 1, 1, 1, 1, 1, 1);
}

CASE(dropout_in_place, dropout_like)
{
    ADD_TO(y, 33); OUT(mask, 33);
    uint64_t chance = stream(r->seed, 96);
    f(y, mask, y, 0.5, 33, &chance);
    NEXT(chance);
}

/* ---- 9.4 dropout_backward -------------------------------------------------------- */

/* Hint 9.4: y[i] = mask[i] x[i]: if x[i] grows a little, by how much does y[i] grow, where it
 * was kept and where it was not?
 *
 * dx[i] += mask[i] dy[i].
 *
 * One loop, one line with +=; no uniform(): the mask remembers what was tossed.
 */
typedef void dropout_back_like(float *dx, const float *dy, const float *mask, int n);
dropout_back_like dropout_backward;

CASE(dropout_back_by_hand, dropout_back_like)
{
    IN(dy, 4); IN(mask, 4); ADD_TO(dx, 4);
    SET(dy, 3, -4, 5, 6); SET(mask, 4, 0, 4, 0); SET(dx, 10, 20, 30, 40);
    f(dx, dy, mask, 4);
    EXPECT(dx, 22, 20, 50, 40);
}

CASE(dropout_back_many, dropout_back_like)
{
    IN(dy, 35); IN(mask, 35); ADD_TO(dx, 35);
    for (int i = 0; i < 35; i++)
        mask[i] = i % 3 ? 1.25f : 0;
    f(dx, dy, mask, 35);
}

/* ---- 9.5 noise_add --------------------------------------------------------------- */

/* Hint 9.5: if the deviation is 0, what should y be?  And how many random numbers does a
 * picture of 784 pixels take?
 *
 * y[i] = x[i] + deviation times the next normal().
 *
 * One loop, one line.
 */
typedef void noise_like(float *y, const float *x, float deviation, int n, uint64_t *chance);
noise_like noise_add;

CASE(noise_many, noise_like)
{
    IN(x, 35); OUT(y, 35);
    uint64_t chance = stream(r->seed, 97);
    f(y, x, 0.3f, 35, &chance);
    NEXT(chance);
}

CASE(noise_in_place, noise_like)
{
    ADD_TO(y, 17);
    uint64_t chance = stream(r->seed, 98);
    f(y, y, 2, 17, &chance);
    NEXT(chance);
}

CASE(noise_none, noise_like)
{
    IN(x, 3); OUT(y, 3);
    uint64_t chance = stream(r->seed, 99);
    SET(x, 1, -2, 0.5);
    f(y, x, 0, 3, &chance);
    NEXT(chance);
    EXPECT(y, 1, -2, 0.5);
}

/* ---- 9.6 stopper_step ------------------------------------------------------------ */

/* Hint 9.6: with a patience of 2, and losses 5, 4, 4.5, 4.2: after which of them do you stop?
 *
 * If loss < best - least: best = loss and since = 0.  Else since grows by 1.  In both cases:
 * is since >= patience?
 *
 * An if with an else, then a return of a comparison.  What is NAN < 3 in C?
 */
typedef bool stopper_like(struct stopper *stopper, float loss);
stopper_like stopper_step;

/* Feeds it n losses, also after it wanted to stop; those above 90 are no numbers. */
static void feed(stopper_like *f, struct stopper s, const float *loss, int n, float *result)
{
    for (int i = 0; i < n; i++) {
        result[3*i] = f(&s, loss[i] > 90 ? NAN : loss[i]);
        result[3*i + 1] = s.best;
        result[3*i + 2] = (float)s.since;
    }
}

/* The columns of every result: stop, best, since. */
CASE(stopper_by_hand, stopper_like)
{
    IN(loss, 8); OUT(result, 8, 3);
    SET(loss, 5, 4, 4.5, 3, 3.5, 4, 3, 2);
    feed(f, (struct stopper){.patience = 2, .best = INFINITY}, loss, 8, result);
    EXPECT(result, 0, 5, 0,  0, 4, 0,  0, 4, 1,  0, 3, 0,  0, 3, 1,  1, 3, 2,  1, 3, 3,  0, 2, 0);
}

CASE(stopper_least, stopper_like)
{
    IN(loss, 6); OUT(result, 6, 3);
    SET(loss, 5, 4.75, 4.875, 4.25, 4.125, 3);
    feed(f, (struct stopper){.patience = 3, .least = 0.5, .best = INFINITY}, loss, 6, result);
    EXPECT(result, 0, 5, 0,  0, 5, 1,  0, 5, 2,  0, 4.25, 0,  0, 4.25, 1,  0, 3, 0);
}

CASE(stopper_equal, stopper_like)
{
    IN(loss, 5); OUT(result, 5, 3);
    SET(loss, 2, 2, 2, 1, 1);
    feed(f, (struct stopper){.patience = 1, .best = INFINITY}, loss, 5, result);
    EXPECT(result, 0, 2, 0,  1, 2, 1,  1, 2, 2,  0, 1, 0,  1, 1, 1);
}

CASE(stopper_nan, stopper_like)
{
    IN(loss, 5); OUT(result, 5, 3);
    SET(loss, 3, 99, 4, 99, 1);
    feed(f, (struct stopper){.patience = 3, .best = INFINITY}, loss, 5, result);
    EXPECT(result, 0, 3, 0,  0, 3, 1,  0, 3, 2,  1, 3, 3,  0, 1, 0);
}

/* ---- 9.7 dropout_mlp_forward ----------------------------------------------------- */

/* Hint 9.7: which layers have neurons that may be left out: would you leave out one of the
 * ten logits?
 *
 * For l = 1 .. layers-1: a[l] = activation of the linear layer of h[l-1], then h[l] = mask[l]
 * a[l] by dropout_forward().  For the last layer h[l] is the linear layer alone.
 *
 * The loop of 6.15.  Where does the linear layer of a hidden layer write: to h[l], or to
 * a[l]?  The activation may stay in place; dropout goes from a[l] to h[l], N size[l] numbers.
 */
typedef void net_forward_like(struct mlp_work *work, struct dropout *drop,
                              const struct mlp *net, int N, uint64_t *chance);
net_forward_like dropout_mlp_forward;

static const int sizes[] = {5, 7, 4, 3};
enum { WEIGHTS = 7 * 6 + 4 * 8 + 3 * 5 };

static void net_forward_case(struct run *r, net_forward_like *f, enum activation kind,
                             float keep, int N)
{
    IN(w, WEIGHTS); IN(h0, N, 5); OUT(a1, N, 7); OUT(mask1, N, 7); OUT(h1, N, 7);
    OUT(a2, N, 4); OUT(mask2, N, 4); OUT(h2, N, 4); OUT(h3, N, 3);
    struct mlp net = mlp_at(w, sizes, 3, kind);
    struct mlp_work work = {.h = {h0, h1, h2, h3}};
    struct dropout drop = {.keep = keep, .a = {NULL, a1, a2}, .mask = {NULL, mask1, mask2}};
    uint64_t chance = stream(r->seed, 100);
    f(&work, &drop, &net, N, &chance);
    NEXT(chance);
}

CASE(net_forward_relu, net_forward_like) { net_forward_case(r, f, RELU, 0.5, 6); }
CASE(net_forward_tanh, net_forward_like) { net_forward_case(r, f, TANH, 0.8f, 2); }
CASE(net_forward_all, net_forward_like) { net_forward_case(r, f, SIGMOID, 1, 3); }

CASE(net_forward_linear, net_forward_like)
{
    static const int size[] = {4, 3};
    IN(w, 15); IN(h0, 2, 4); OUT(h1, 2, 3);
    struct mlp net = mlp_at(w, size, 1, RELU);
    struct mlp_work work = {.h = {h0, h1}};
    struct dropout drop = {.keep = 0.5};
    uint64_t chance = stream(r->seed, 101);
    f(&work, &drop, &net, 2, &chance);
    NEXT(chance);
}

/* ---- 9.8 dropout_mlp_backward ---------------------------------------------------- */

/* Hint 9.8: forward it was linear, activation, dropout; in which order do you come by them on
 * the way back?
 *
 * For l = layers .. 1: dz[l] through linear_backward() to dh[l-1] and the gradients of W[l],
 * b[l]; if l > 1, dh[l-1] through dropout_backward() to da[l-1], that through
 * activation_backward() to dz[l-1].
 *
 * The loop of 6.16 with one call more.  Which output does activation_backward() want: a[l-1],
 * or h[l-1], where some numbers are left out and the others have grown?
 */
typedef void net_back_like(struct mlp *grad, struct mlp_work *work, struct dropout *drop,
                           const struct mlp *net, int N);
net_back_like dropout_mlp_backward;

/* What the forward of a layer leaves behind, in plain loops: a, then h. */
static void layer_fill(float *a, float *h, const float *mask, const float *in, const float *W,
                       const float *b, enum activation kind, int N, int D, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            double z = b[m];
            for (int d = 0; d < D; d++)
                z += (double)in[n*D + d] * W[m*D + d];
            double y = kind == TANH ? tanh(z) : kind == SIGMOID ? 1 / (1 + exp(-z))
                       : z > 0 ? z : kind == RELU ? 0 : 0.01 * z;
            a[n*M + m] = (float)y;
            h[n*M + m] = mask[n*M + m] * a[n*M + m];
        }
}

static void net_back_case(struct run *r, net_back_like *f, enum activation kind, float keep,
                          int N)
{
    IN(w, WEIGHTS); ADD_TO(dw, WEIGHTS); IN(h0, N, 5); IN(dz3, N, 3);
    IN(mask1, N, 7); IN(a1, N, 7); IN(h1, N, 7); IN(mask2, N, 4); IN(a2, N, 4); IN(h2, N, 4);
    ADD_TO(dh1, N, 7); ADD_TO(da1, N, 7); ADD_TO(dz1, N, 7);
    ADD_TO(dh2, N, 4); ADD_TO(da2, N, 4); ADD_TO(dz2, N, 4);
    SCALE(dh1, 0); SCALE(da1, 0); SCALE(dz1, 0); SCALE(dh2, 0); SCALE(da2, 0); SCALE(dz2, 0);
    struct mlp net = mlp_at(w, sizes, 3, kind), grad = mlp_at(dw, sizes, 3, kind);
    for (int i = 0; i < 7*N; i++)
        mask1[i] = mask1[i] < 2*keep - 1 ? 1 / keep : 0;
    for (int i = 0; i < 4*N; i++)
        mask2[i] = mask2[i] < 2*keep - 1 ? 1 / keep : 0;
    layer_fill(a1, h1, mask1, h0, net.W[1], net.b[1], kind, N, 5, 7);
    layer_fill(a2, h2, mask2, h1, net.W[2], net.b[2], kind, N, 7, 4);
    struct mlp_work work = {.h = {h0, h1, h2}, .dh = {NULL, dh1, dh2},
                            .dz = {NULL, dz1, dz2, dz3}};
    struct dropout drop = {.keep = keep, .a = {NULL, a1, a2}, .da = {NULL, da1, da2},
                           .mask = {NULL, mask1, mask2}};
    f(&grad, &work, &drop, &net, N);
}

CASE(net_back_relu, net_back_like) { net_back_case(r, f, RELU, 0.5, 6); }
CASE(net_back_tanh, net_back_like) { net_back_case(r, f, TANH, 0.75, 2); }
CASE(net_back_sigmoid, net_back_like) { net_back_case(r, f, SIGMOID, 0.4f, 5); }
CASE(net_back_all, net_back_like) { net_back_case(r, f, LEAKY_RELU, 1, 3); }

/* ---- 9.9* smooth_entropy_forward ------------------------------------------------- */

/* Hint 9.9*: with K = 4 and smoothing = 0.2, how much of the target goes to each of the four
 * classes, and how much has the true one together?
 *
 * The loss of row n is the sum over k of q[n,k] (log(sum over j of exp(z[n,j])) - z[n,k]):
 * (1 - smoothing) times that of exercise 6.11, and smoothing times the mean over all k of
 * the same expression.
 *
 * Call cross_entropy_forward() for the first part.  For the second a loop over n with the
 * three loops of 6.11: the largest logit, the sum of exponentials, then a loop over k.
 */
typedef float smooth_like(float *p, const float *z, const int *t, float smoothing, int N,
                          int K);
smooth_like smooth_entropy_forward;

CASE(smooth_by_hand, smooth_like)
{
    IN(z, 2, 2); LABELS(t, 2, 2); OUT(p, 2, 2); OUT(result, 1);
    SET(z, 0, log(3),  0, 0); SET(t, 1, 0);
    *result = f(p, z, t, 0.5, 2, 2);
    EXPECT(p, 0.25, 0.75,  0.5, 0.5);
    EXPECT(result, (-0.25 * log(0.25) - 0.75 * log(0.75) + log(2)) / 2);
}

CASE(smooth_gold, smooth_like)
{
    IN(z, GOLD_N, GOLD_K); LABELS(t, GOLD_K, GOLD_N); OUT(p, GOLD_N, GOLD_K); OUT(result, 1);
    SET(z, GOLD_Z); SET(t, GOLD_T);
    *result = f(p, z, t, 0.25, GOLD_N, GOLD_K);
    EXPECT(p, GOLD_P);
    EXPECT(result, SMOOTH_25_LOSS);
}

CASE(smooth_many, smooth_like)
{
    IN(z, 4, 7); LABELS(t, 7, 4); OUT(p, 4, 7); OUT(result, 1);
    SCALE(z, 5);
    *result = f(p, z, t, 0.1f, 4, 7);
}

CASE(smooth_none, smooth_like)
{
    IN(z, 3, 5); LABELS(t, 5, 3); OUT(p, 3, 5); OUT(result, 1);
    *result = f(p, z, t, 0, 3, 5);
}

CASE(smooth_far, smooth_like)
{
    IN(z, 2, 3); LABELS(t, 3, 2); OUT(p, 2, 3); OUT(result, 1);
    SET(z, 1000, 0, -500,  -2000, -2000, -2000); SET(t, 0, 1);
    *result = f(p, z, t, 0.3, 2, 3);
    EXPECT(p, 1, 0, 0,  1.0/3, 1.0/3, 1.0/3);
    EXPECT(result, (0.1 * 1000 + 0.1 * 1500 + log(3)) / 2);
}

/* ---- 9.10* smooth_entropy_backward ----------------------------------------------- */

/* Hint 9.10*: when is the gradient 0: where p is 1 for the true class, or where it is q?
 *
 * dz[n,k] += (p[n,k] - q[n,k]) / N with q[n,k] = smoothing / K, and 1 - smoothing more where
 * k = t[n].
 *
 * Two loops; q in a variable of its own; one line with +=.
 */
typedef void smooth_back_like(float *dz, const float *p, const int *t, float smoothing, int N,
                              int K);
smooth_back_like smooth_entropy_backward;

CASE(smooth_back_by_hand, smooth_back_like)
{
    IN(p, 2, 4); LABELS(t, 4, 2); ADD_TO(dz, 2, 4);
    SET(p, 0.25, 0.5, 0.125, 0.125,  0.125, 0.125, 0.25, 0.5); SET(t, 1, 3);
    SET(dz, 10, 20, 30, 40,  50, 60, 70, 80);
    f(dz, p, t, 0.5, 2, 4);
    EXPECT(dz, 10.0625, 19.9375, 30, 40,  50, 60, 70.0625, 79.9375);
}

CASE(smooth_back_gold, smooth_back_like)
{
    IN(p, GOLD_N, GOLD_K); LABELS(t, GOLD_K, GOLD_N); ADD_TO(dz, GOLD_N, GOLD_K);
    SET(p, GOLD_P); SET(t, GOLD_T); SCALE(dz, 0);
    f(dz, p, t, 0.1f, GOLD_N, GOLD_K);
    EXPECT(dz, SMOOTH_10_DZ);
}

CASE(smooth_back_many, smooth_back_like)
{
    IN(p, 5, 7); LABELS(t, 7, 5); ADD_TO(dz, 5, 7);
    for (int i = 0; i < 35; i++)
        p[i] = fabsf(p[i]);
    f(dz, p, t, 0.2f, 5, 7);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, and `how` says what is wrong with it: RIGHT nothing. */
enum how { RIGHT, OVERWRITES, NO_HALF, SIGN, NO_LAMBDA, ABSOLUTE, ROOT, MEAN, SHORT, IN_FLOAT,
           SQUARED, TWICE, ALL, PLAIN, SWAPPED, ONE_TOSS, NO_SCALE, MASK_ONE, INVERTED, NO_DY,
           EXTRA, SHIFTED, EARLY, EQUAL, GREATER, FOREVER, LATE, LAST_TOO, NO_ACTIVATION, NO_DROP,
           OTHER, ONLY_Q, UNDIVIDED };

/* ---- small weights ---- */

static float l2(const float *w, float lambda, int n, enum how how)
{
    double sum = 0;
    float sum32 = 0;
    for (int i = 0; i < n - (how == EARLY); i++) {
        sum += how == ABSOLUTE ? fabs(w[i]) : how == PLAIN ? w[i] : (double)w[i] * w[i];
        sum32 += w[i] * w[i];
    }
    double by = how == NO_LAMBDA ? 0.5 : how == NO_HALF ? lambda
                : how == SQUARED ? lambda * lambda / 2 : lambda / 2;
    return how == IN_FLOAT ? (float)by * sum32
           : (float)(by * (how == ROOT ? sqrt(sum) : how == MEAN && n ? sum / n : sum)
                     * (how == SIGN ? -1 : 1));
}

#define L2(name, how) \
    static float name(const float *w, float lambda, int n) { return l2(w, lambda, n, how); }
L2(l2_right, RIGHT)
L2(l2_no_half, NO_HALF)
L2(l2_no_lambda, NO_LAMBDA)
L2(l2_absolute, ABSOLUTE)
L2(l2_plain, PLAIN)
L2(l2_root, ROOT)
L2(l2_mean, MEAN)
L2(l2_in_float, IN_FLOAT)
L2(l2_lambda_squared, SQUARED)
L2(l2_sign, SIGN)
L2(l2_early, EARLY)

static void l2_back(float *dw, const float *w, float lambda, int n, enum how how)
{
    for (int i = 0; i < n - (how == EARLY); i++) {
        double g = how == ABSOLUTE ? lambda * ((w[i] > 0) - (w[i] < 0))
                   : how == SQUARED ? lambda / 2 * w[i] * w[i]
                   : how == TWICE ? 2 * lambda * w[i] : how == NO_HALF ? lambda / 2 * w[i]
                   : how == NO_LAMBDA ? w[i] : how == OTHER ? lambda * dw[i]
                   : how == SIGN ? -lambda * w[i] : lambda * w[i];
        dw[i] = (float)(g + (how == OVERWRITES ? 0 : dw[i]));
    }
}

#define L2_BACK(name, how) \
    static void name(float *dw, const float *w, float lambda, int n) \
    { l2_back(dw, w, lambda, n, how); }
L2_BACK(l2_back_right, RIGHT)
L2_BACK(l2_back_overwrites, OVERWRITES)
L2_BACK(l2_back_sign, SIGN)
L2_BACK(l2_back_twice, TWICE)
L2_BACK(l2_back_half, NO_HALF)
L2_BACK(l2_back_no_lambda, NO_LAMBDA)
L2_BACK(l2_back_square, SQUARED)
L2_BACK(l2_back_sign_of_w, ABSOLUTE)
L2_BACK(l2_back_of_dw, OTHER)
L2_BACK(l2_back_early, EARLY)

/* ---- dropout ---- */

static void drop(float *y, float *mask, const float *x, float keep, int n, uint64_t *chance,
                 enum how how)
{
    double u = how == ONE_TOSS ? uniform(chance) : 0;
    bool skip = how == SHORT && keep == 1;
    for (int i = 0; i < n; i++) {
        if (how != ONE_TOSS && !skip)
            u = uniform(chance);
        if (how == EXTRA)
            uniform(chance);
        bool kept = skip || (how == INVERTED ? u >= keep : how == SWAPPED ? u < 1.0 - keep
                             : how == EQUAL ? u < 0.5 : u < keep);
        double by = how == NO_SCALE ? 1 : how == TWICE ? keep
                    : how == OTHER ? (keep < 1 ? 1 / (1.0 - keep) : 1) : 1.0 / keep;
        float v = (float)(kept ? by * x[i] : 0), old = x[i];
        mask[i] = (float)(kept ? how == MASK_ONE ? 1 : by : 0);
        y[i] = how == PLAIN ? old : v;
    }
}

#define DROP(name, how) \
    static void name(float *y, float *mask, const float *x, float keep, int n, uint64_t *chance) \
    { drop(y, mask, x, keep, n, chance, how); }
DROP(drop_right, RIGHT)
DROP(drop_no_scale, NO_SCALE)
DROP(drop_times_keep, TWICE)
DROP(drop_over_rest, OTHER)
DROP(drop_mask_one, MASK_ONE)
DROP(drop_inverted, INVERTED)
DROP(drop_swapped, SWAPPED)
DROP(drop_one_toss, ONE_TOSS)
DROP(drop_short, SHORT)
DROP(drop_extra, EXTRA)
DROP(drop_mask_alone, PLAIN)
DROP(drop_half, EQUAL)

static void drop_back(float *dx, const float *dy, const float *mask, int n, enum how how)
{
    for (int i = 0; i < n; i++) {
        double g = how == PLAIN ? dy[i] : how == MASK_ONE ? dy[i] * (mask[i] > 0)
                   : how == NO_DY ? mask[i] : how == INVERTED ? dy[i] * (mask[i] == 0)
                   : how == SQUARED ? dy[i] * mask[i] * mask[i] : dy[i] * (double)mask[i];
        float old = how == OVERWRITES || (how == OTHER && mask[i] == 0) ? 0 : dx[i];
        dx[i] = (float)(how == TWICE ? old * mask[i] + dy[i] : g + old);
    }
}

#define DROP_BACK(name, how) \
    static void name(float *dx, const float *dy, const float *mask, int n) \
    { drop_back(dx, dy, mask, n, how); }
DROP_BACK(drop_back_right, RIGHT)
DROP_BACK(drop_back_overwrites, OVERWRITES)
DROP_BACK(drop_back_clears, OTHER)
DROP_BACK(drop_back_no_mask, PLAIN)
DROP_BACK(drop_back_mask_one, MASK_ONE)
DROP_BACK(drop_back_no_dy, NO_DY)
DROP_BACK(drop_back_inverted, INVERTED)
DROP_BACK(drop_back_squared, SQUARED)
DROP_BACK(drop_back_dx_times_mask, TWICE)

/* ---- noise ---- */

static void noise(float *y, const float *x, float deviation, int n, uint64_t *chance, enum how how)
{
    double e = how == ONE_TOSS ? normal(chance) : 0;
    for (int i = 0; i < n; i++) {
        if (how == TWICE)
            e = 2 * uniform(chance) - 1;
        else if (how == SHIFTED)
            e = uniform(chance);
        else if (how != ONE_TOSS)
            e = normal(chance);
        double by = how == SQUARED ? deviation * deviation : how == ROOT ? sqrt(deviation)
                    : how == NO_SCALE ? 1 : deviation;
        y[i] = (float)(how == PLAIN ? by * e : how == OTHER ? x[i] * (1 + by * e)
                       : how == SIGN ? x[i] - by * e : x[i] + by * e);
    }
}

#define NOISE(name, how) \
    static void name(float *y, const float *x, float deviation, int n, uint64_t *chance) \
    { noise(y, x, deviation, n, chance, how); }
NOISE(noise_right, RIGHT)
NOISE(noise_uniform, TWICE)
NOISE(noise_positive, SHIFTED)
NOISE(noise_one_toss, ONE_TOSS)
NOISE(noise_variance, ROOT)
NOISE(noise_squared, SQUARED)
NOISE(noise_no_deviation, NO_SCALE)
NOISE(noise_alone, PLAIN)
NOISE(noise_factor, OTHER)
NOISE(noise_minus, SIGN)

/* ---- in time ---- */

static bool stopper(struct stopper *s, float loss, enum how how)
{
    double limit = (double)s->best - (how == NO_LAMBDA ? 0 : how == SIGN ? -s->least : s->least);
    bool better = how == EQUAL ? loss <= limit : how == GREATER ? loss > limit
                  : how == INVERTED ? !(loss >= limit) : loss < limit;
    if (better) {
        s->best = loss;
        s->since = how == ONE_TOSS ? s->since : how == SHIFTED ? 1 : 0;
    } else {
        s->since++;
    }
    if (how == OTHER)
        s->best = loss;
    return how == FOREVER ? false : how == LATE ? s->since > s->patience
           : how == PLAIN ? s->since == s->patience : s->since >= s->patience;
}

#define STOPPER(name, how) \
    static bool name(struct stopper *s, float loss) { return stopper(s, loss, how); }
STOPPER(stopper_right, RIGHT)
STOPPER(stopper_no_least, NO_LAMBDA)
STOPPER(stopper_plus_least, SIGN)
STOPPER(stopper_takes_equal, EQUAL)
STOPPER(stopper_wants_more, GREATER)
STOPPER(stopper_nan_is_best, INVERTED)
STOPPER(stopper_not_reset, ONE_TOSS)
STOPPER(stopper_from_one, SHIFTED)
STOPPER(stopper_last_is_best, OTHER)
STOPPER(stopper_never, FOREVER)
STOPPER(stopper_late, LATE)
STOPPER(stopper_once, PLAIN)

/* ---- the network forward ---- */

static double active(double z, enum activation kind)
{
    return kind == TANH ? tanh(z) : kind == SIGMOID ? 1 / (1 + exp(-z))
           : z > 0 ? z : kind == RELU ? 0 : 0.01 * z;
}

static void net_forward(struct mlp_work *work, struct dropout *dropout, const struct mlp *net,
                        int N, uint64_t *chance, enum how how)
{
    for (int l = 1; l <= net->layers; l++) {
        int D = net->size[l-1], M = net->size[l];
        bool last = l == net->layers;
        float *a = last ? work->h[l] : dropout->a[l];
        const float *in = how == OTHER && l > 1 ? dropout->a[l-1] : work->h[l-1];
        for (int n = 0; n < N; n++)
            for (int m = 0; m < M; m++) {
                double z = how == NO_DY ? 0 : net->b[l][m];
                for (int d = 0; d < D; d++)
                    z += (double)in[n*D + d] * net->W[l][m*D + d];
                bool bent = !(last && how != LAST_TOO) && how != NO_ACTIVATION;
                a[n*M + m] = (float)(bent ? active(z, how == EQUAL ? RELU : net->activation) : z);
            }
        if (last)
            break;
        int count = how == EARLY ? M : N * M;
        drop(work->h[l], dropout->mask[l], a, how == ALL ? 1 : dropout->keep, N * M, chance, RIGHT);
        for (int i = count; i < N * M; i++)  // the mask of one example for all
            work->h[l][i] = a[i] * (dropout->mask[l][i] = dropout->mask[l][i % M]);
        for (int i = 0; i < N * M && how == SHIFTED; i++)
            a[i] = work->h[l][i];
    }
}

#define NET_FORWARD(name, how) \
    static void name(struct mlp_work *work, struct dropout *dropout, const struct mlp *net, \
                     int N, uint64_t *chance) \
    { net_forward(work, dropout, net, N, chance, how); }
NET_FORWARD(net_right, RIGHT)
NET_FORWARD(net_not_dropped, OTHER)
NET_FORWARD(net_no_bias, NO_DY)
NET_FORWARD(net_last_bent, LAST_TOO)
NET_FORWARD(net_no_activation, NO_ACTIVATION)
NET_FORWARD(net_relu_always, EQUAL)
NET_FORWARD(net_keeps_all, ALL)
NET_FORWARD(net_one_mask, EARLY)
NET_FORWARD(net_a_dropped, SHIFTED)

/* Dropout in front of the activation. */
static void net_drop_first(struct mlp_work *work, struct dropout *dropout,
                           const struct mlp *net, int N, uint64_t *chance)
{
    struct mlp plain = *net;
    for (int l = 1; l <= net->layers; l++) {
        int M = net->size[l], last = l == net->layers;
        struct mlp_work part = {.h = {work->h[l-1], last ? work->h[l] : dropout->a[l]}};
        plain.layers = 1;
        plain.size[0] = net->size[l-1], plain.size[1] = M;
        plain.W[1] = net->W[l], plain.b[1] = net->b[l];
        net_forward(&part, dropout, &plain, N, chance, RIGHT);
        if (last)
            break;
        drop_right(work->h[l], dropout->mask[l], dropout->a[l], dropout->keep, N*M, chance);
        for (int i = 0; i < N*M; i++)
            work->h[l][i] = (float)active(work->h[l][i], net->activation);
    }
}

/* ---- the network backward ---- */

static double slope(double y, enum activation kind)
{
    return kind == TANH ? 1 - y * y : kind == SIGMOID ? y * (1 - y) : y > 0 ? 1
           : kind == RELU ? 0 : 0.01;
}

static void net_back(struct mlp *grad, struct mlp_work *work, struct dropout *dropout,
                     const struct mlp *net, int N, enum how how)
{
    if (how == OVERWRITES)
        memset(grad->W[1], 0, WEIGHTS * sizeof(float));
    for (int l = net->layers; l >= 1; l--) {
        int D = net->size[l-1], M = net->size[l];
        const float *dz = work->dz[l], *in = how == OTHER && l > 1 ? dropout->a[l-1] : work->h[l-1];
        for (int n = 0; n < N; n++)
            for (int m = 0; m < M; m++) {
                if (how != EXTRA)
                    grad->b[l][m] += dz[n*M + m];
                for (int d = 0; d < D; d++) {
                    grad->W[l][m*D + d] += dz[n*M + m] * in[n*D + d];
                    if (l > 1)
                        work->dh[l-1][n*D + d] += dz[n*M + m] * net->W[l][m*D + d];
                }
            }
        for (int i = 0; l > 1 && i < N*D; i++) {
            double mask = dropout->mask[l-1][i], y = dropout->a[l-1][i], dh = work->dh[l-1][i];
            mask = how == PLAIN ? 1 : how == MASK_ONE ? mask > 0
                   : how == SQUARED ? mask * mask : mask;
            y = how == SHIFTED ? work->h[l-1][i] : y;
            dropout->da[l-1][i] += (float)(dh * mask);
            double da = how == NO_DROP ? dh : dropout->da[l-1][i];
            work->dz[l-1][i] += (float)(how == NO_ACTIVATION ? da
                                        : da * slope(y, how == EQUAL ? RELU : net->activation));
        }
        if (how == EARLY && l == 2)
            break;
    }
}

#define NET_BACK(name, how) \
    static void name(struct mlp *grad, struct mlp_work *work, struct dropout *dropout, \
                     const struct mlp *net, int N) \
    { net_back(grad, work, dropout, net, N, how); }
NET_BACK(net_back_chain, RIGHT)
NET_BACK(net_back_overwrites, OVERWRITES)
NET_BACK(net_back_inputs_whole, OTHER)
NET_BACK(net_back_no_mask, PLAIN)
NET_BACK(net_back_mask_one, MASK_ONE)
NET_BACK(net_back_mask_twice, SQUARED)
NET_BACK(net_back_skips_dropout, NO_DROP)
NET_BACK(net_back_no_activation, NO_ACTIVATION)
NET_BACK(net_back_relu_always, EQUAL)
NET_BACK(net_back_h_for_a, SHIFTED)
NET_BACK(net_back_early, EARLY)
NET_BACK(net_back_no_bias, EXTRA)

/* The sum of dz z for the logits z of a double forward with the masks as they are, where one
 * weight is h more than it is. */
static double net_loss(const struct mlp_work *work, const struct dropout *dropout,
                       const struct mlp *net, int N, int k, double h)
{
    double loss = 0;
    for (int n = 0; n < N; n++) {
        double in[8], out[8];
        for (int d = 0; d < net->size[0]; d++)
            in[d] = work->h[0][n * net->size[0] + d];
        for (int l = 1; l <= net->layers; l++) {
            int D = net->size[l-1], M = net->size[l];
            for (int m = 0; m < M; m++) {
                const float *w = net->W[l] + m*D;
                double z = net->b[l][m] + (net->b[l] + m - net->W[1] == k ? h : 0);
                for (int d = 0; d < D; d++)
                    z += in[d] * (w[d] + (w + d - net->W[1] == k ? h : 0));
                if (l == net->layers)
                    loss += z * work->dz[l][n*M + m];
                else
                    out[m] = active(z, net->activation) * dropout->mask[l][n*M + m];
            }
            memcpy(in, out, sizeof in);
        }
    }
    return loss;
}

/* The gradients of the weights by central differences, all that lies between by the chain
 * rule. */
static void net_back_right(struct mlp *grad, struct mlp_work *work, struct dropout *dropout,
                           const struct mlp *net, int N)
{
    float before[WEIGHTS];
    const double h = 1e-5;
    memcpy(before, grad->W[1], sizeof before);
    net_back_chain(grad, work, dropout, net, N);
    for (int k = 0; k < WEIGHTS; k++) {
        double up = net_loss(work, dropout, net, N, k, h);
        grad->W[1][k] = (float)(before[k] + (up - net_loss(work, dropout, net, N, k, -h)) / (2*h));
    }
}

/* ---- smoothed labels ---- */

static float smooth(float *p, const float *z, const int *t, float smoothing, int N, int K,
                    enum how how)
{
    double loss = 0;
    for (int n = 0; n < N; n++) {
        const float *zn = z + n*K;
        double top = zn[0], sum = 0;
        for (int k = 1; k < K; k++)
            top = fmax(top, zn[k]);
        for (int k = 0; k < K; k++)
            sum += exp(zn[k] - top);
        double whole = log(sum) + top;
        for (int k = 0; k < K; k++) {
            double rest = how == SHIFTED ? (k == t[n] ? 0 : smoothing / (K - 1.0))
                          : how == PLAIN ? smoothing : how == ALL ? 0 : smoothing / K;
            double one = how == NO_SCALE ? 1 : how == ALL ? 1 : how == SWAPPED ? smoothing
                         : 1 - (double)smoothing;
            double q = rest + (k == t[n] ? one : 0);
            q = how == SWAPPED ? (1 - smoothing) / K + (k == t[n] ? smoothing : 0) : q;
            q = how == ONLY_Q ? smoothing / K : q;
            p[n*K + k] = (float)(exp(zn[k] - top) / sum);
            loss += q * (how == IN_FLOAT ? -log(p[n*K + k]) : whole - zn[k]);
        }
    }
    return (float)(how == UNDIVIDED ? loss : how == SIGN ? -loss / N : loss / N);
}

#define SMOOTH(name, how) \
    static float name(float *p, const float *z, const int *t, float smoothing, int N, int K) \
    { return smooth(p, z, t, smoothing, N, K, how); }
SMOOTH(smooth_right, RIGHT)
SMOOTH(smooth_others_only, SHIFTED)
SMOOTH(smooth_not_over_k, PLAIN)
SMOOTH(smooth_not_at_all, ALL)
SMOOTH(smooth_more_than_one, NO_SCALE)
SMOOTH(smooth_swapped, SWAPPED)
SMOOTH(smooth_uniform, ONLY_Q)
SMOOTH(smooth_of_p, IN_FLOAT)
SMOOTH(smooth_undivided, UNDIVIDED)
SMOOTH(smooth_sign, SIGN)

static void smooth_back(float *dz, const float *p, const int *t, float smoothing, int N, int K,
                        enum how how)
{
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            bool mine = k == t[n];
            double q = smoothing / (double)K + (mine ? 1 - (double)smoothing : 0);
            q = how == ALL ? mine : how == SHIFTED ? (mine ? 1 - smoothing : smoothing / (K - 1.0))
                : how == PLAIN ? smoothing + (mine ? 1 - smoothing : 0)
                : how == NO_SCALE ? smoothing / K + mine
                : how == EXTRA ? (mine ? 1 - smoothing : smoothing / K)
                : how == SWAPPED ? (1 - smoothing) / K + (mine ? smoothing : 0) : q;
            double g = (p[n*K + k] - q) / (how == UNDIVIDED ? 1 : how == TWICE ? K : N);
            dz[n*K + k] = (float)((how == SIGN ? -g : g) + (how == OVERWRITES ? 0 : dz[n*K + k]));
        }
}

#define SMOOTH_BACK(name, how) \
    static void name(float *dz, const float *p, const int *t, float smoothing, int N, int K) \
    { smooth_back(dz, p, t, smoothing, N, K, how); }
SMOOTH_BACK(smooth_back_right, RIGHT)
SMOOTH_BACK(smooth_back_overwrites, OVERWRITES)
SMOOTH_BACK(smooth_back_hard, ALL)
SMOOTH_BACK(smooth_back_others_only, SHIFTED)
SMOOTH_BACK(smooth_back_not_over_k, PLAIN)
SMOOTH_BACK(smooth_back_more_than_one, NO_SCALE)
SMOOTH_BACK(smooth_back_less_than_one, EXTRA)
SMOOTH_BACK(smooth_back_swapped, SWAPPED)
SMOOTH_BACK(smooth_back_undivided, UNDIVIDED)
SMOOTH_BACK(smooth_back_by_k, TWICE)
SMOOTH_BACK(smooth_back_sign, SIGN)

#endif

#define FN(f) (anything *)f
#define ADD_NOT_SET "does the formula say = or +=?"

const struct exercise exercises[] = {
    {"9.1", "l2_forward", FN(l2_forward),
     {{"n=3 and 2, by hand", l2_by_hand}, {"n=35", l2_many}, {"lambda=0, n=0", l2_none},
      {"n=40001, the first large", l2_long}},
     JUDGE_ONLY(FN(l2_right), {
        {FN(l2_no_half), "the factor 1/2 is missing.", "what does the formula begin with?", "9.2"},
        {FN(l2_no_lambda), "lambda is missing.", "what should it cost if lambda is 0?", "9.2"},
        {FN(l2_absolute), "the sizes are added up, not the squares.",
         "what does a weight of -3 cost if lambda is 2?", "9.2"},
        {FN(l2_plain), "the weights are added up, not their squares.",
         "should a weight of -3 cost less than nothing?", "9.2"},
        {FN(l2_root), "this is the norm: the root of the sum.",
         "does the formula have a root?", "9.2"},
        {FN(l2_mean), "the sum is divided by n.", "is a sum asked for, or a mean?", "9.2"},
        {FN(l2_in_float), "the sum is a float, and small squares are lost beside a large one.",
         "how many digits has a float, and how many has a double?", "9.2"},
        {FN(l2_lambda_squared), "lambda is squared with the weights.",
         "which factor stands in front of the sum?", "9.2"},
        {FN(l2_sign), "the sign is wrong.", "should a large weight cost more, or less?", "9.2"},
        {FN(l2_early), "the last weight is left out.",
         "which is the last index of n numbers?", "9.2"}})},
    {"9.2", "l2_backward", FN(l2_backward),
     {{"n=3, by hand", l2_back_by_hand}, {"n=35", l2_back_many}},
     JUDGE_ONLY(FN(l2_back_right), {
        {FN(l2_back_overwrites), "dw is overwritten.", ADD_NOT_SET, "9.2"},
        {FN(l2_back_sign), "the sign is wrong.",
         "a step goes against dw: should it make a weight of 3 smaller?", "9.2"},
        {FN(l2_back_twice), "there is a factor 2 too many.",
         "what is left of the 1/2 when the square is differentiated?", "9.2"},
        {FN(l2_back_half), "there is a factor 1/2 too many.",
         "what is left of the 1/2 when the square is differentiated?", "9.2"},
        {FN(l2_back_no_lambda), "lambda is missing.", "what if lambda is 0?", "9.2"},
        {FN(l2_back_square), "this is what the weight costs, not the slope of it.",
         "is the value asked for, or the derivative?", "9.2"},
        {FN(l2_back_sign_of_w), "every weight is pulled alike: that is the slope of |w|.",
         "should a weight of 10 be pulled harder than one of 0.1?", "9.2"},
        {FN(l2_back_of_dw), "lambda multiplies dw, not w.", "what pulls a weight: its gradient, "
         "or its own size?", "9.2"},
        {FN(l2_back_early), "nothing is added for the last weight.",
         "which is the last index of n numbers?", "9.2"}})},
    {"9.3", "dropout_forward", FN(dropout_forward),
     {{"n=35, keep=0.75", dropout_many}, {"n=60, keep=0.2", dropout_few_kept},
      {"n=9, keep=1", dropout_all_kept}, {"n=33, y is x itself", dropout_in_place}},
     JUDGE_ONLY(FN(drop_right), {
        {FN(drop_no_scale), "what is kept stays as it was: the factor 1 / keep is missing.",
         "if half are left out, what becomes of the sum?", "9.3"},
        {FN(drop_times_keep), "what is kept is multiplied by keep, not divided by it.",
         "should what is kept grow or shrink, to make up for the rest?", "9.3"},
        {FN(drop_over_rest), "what is kept is divided by 1 - keep.",
         "if three of four are kept, by which factor must they grow?", "9.3"},
        {FN(drop_mask_one), "y is right, but the mask holds 1 where it should hold 1 / keep.",
         "what will the way back multiply with?", "9.3"},
        {FN(drop_inverted), "those that should be kept are dropped, and the others kept.",
         "with keep = 0.9, how often is uniform() below it?", "9.3"},
        {FN(drop_swapped), "keep and 1 - keep have changed places in the comparison.",
         "with keep = 0.9, how many should stay?", "9.3"},
        {FN(drop_one_toss), "one toss decides for all.",
         "how often must uniform() be asked?", "9.3"},
        {FN(drop_short), "with keep = 1 the stream is not asked.",
         "how many draws does the comment promise?", "9.3"},
        {FN(drop_extra), "the stream is asked twice for every number.",
         "how many draws does the comment promise?", "9.3"},
        {FN(drop_mask_alone), "the mask is right, but y is x.",
         "what is done with the mask?", "9.3"},
        {FN(drop_half), "half are kept, whatever keep is.",
         "with which number is uniform() compared?", "9.3"}})},
    {"9.4", "dropout_backward", FN(dropout_backward),
     {{"n=4, by hand", dropout_back_by_hand}, {"n=35", dropout_back_many}},
     JUDGE_ONLY(FN(drop_back_right), {
        {FN(drop_back_overwrites), "dx is overwritten.", ADD_NOT_SET, "9.3"},
        {FN(drop_back_clears), "where the mask is 0, dx loses what it held.",
         "if nothing is added to dx[i], what is it afterwards?", "9.3"},
        {FN(drop_back_no_mask), "dy passes everywhere.",
         "does y[i] depend on x[i] where that was dropped?", "9.3"},
        {FN(drop_back_mask_one), "the factor 1 / keep is missing.",
         "by how much does y[i] grow if x[i] does?", "9.3"},
        {FN(drop_back_no_dy), "dy is missing.", "what should dx be if dy is 0?", "9.3"},
        {FN(drop_back_inverted), "dy passes where x was dropped, and only there.",
         "does y[i] depend on x[i] where that was dropped?", "9.3"},
        {FN(drop_back_squared), "the mask stands squared.",
         "by how much does y[i] grow if x[i] does?", "9.3"},
        {FN(drop_back_dx_times_mask), "the old dx is multiplied by the mask.",
         "which of the two goes through the mask, dx or dy?", "9.3"}})},
    {"9.5", "noise_add", FN(noise_add),
     {{"n=35, deviation=0.3", noise_many}, {"n=17, y is x itself", noise_in_place},
      {"n=3, deviation=0", noise_none}},
     JUDGE_ONLY(FN(noise_right), {
        {FN(noise_uniform), "the noise is uniform from -1 to 1.",
         "which function of the kit gives numbers with deviation 1?", "9.4"},
        {FN(noise_positive), "the noise is uniform from 0 to 1.",
         "may the noise only make things larger?", "9.4"},
        {FN(noise_one_toss), "all numbers get the same noise.",
         "how often must normal() be asked?", "9.4"},
        {FN(noise_variance), "the noise has the variance that is given, not the deviation.",
         "is the deviation the variance, or its root?", "9.4"},
        {FN(noise_squared), "the deviation is squared.",
         "is the deviation the variance, or its root?", "9.4"},
        {FN(noise_no_deviation), "the deviation is missing.",
         "what should y be if it is 0?", "9.4"},
        {FN(noise_alone), "x is missing: this is only the noise.",
         "what should y be if the deviation is 0?", "9.4"},
        {FN(noise_factor), "the noise is multiplied with x.",
         "what becomes of a black pixel, x = 0?", "9.4"},
        {FN(noise_minus), "the noise is taken away instead of added: as good a noise, but not "
         "the one that the formula gives.", "which sign does the formula have?", "9.4"}})},
    {"9.6", "stopper_step", FN(stopper_step),
     {{"patience 2, by hand", stopper_by_hand}, {"patience 3, least 0.5", stopper_least},
      {"patience 1, equal losses", stopper_equal}, {"patience 3, NAN", stopper_nan}},
     JUDGE_ONLY(FN(stopper_right), {
        {FN(stopper_no_least), "every new best counts, however little it is better.",
         "what is least for?", "9.5"},
        {FN(stopper_plus_least), "least is added to the best.",
         "must a new best be lower than the old, or may it be higher?", "9.5"},
        {FN(stopper_takes_equal), "a loss as good as the best counts as a new best.",
         "is a loss that stays the same a step forward?", "9.5"},
        {FN(stopper_wants_more), "a higher loss counts as better.",
         "which loss is better, a high one or a low one?", "9.5"},
        {FN(stopper_nan_is_best), "a loss that is no number counts as a new best.",
         "what does C say to NAN >= 3, and what to !(NAN >= 3)?", "9.5"},
        {FN(stopper_not_reset), "since does not go back to 0 at a new best.",
         "how many epochs is it since the best, at the best?", "9.5"},
        {FN(stopper_from_one), "since is 1 at a new best.",
         "how many epochs is it since the best, at the best?", "9.5"},
        {FN(stopper_last_is_best), "best is the last loss.",
         "when may best change?", "9.5"},
        {FN(stopper_never), "it never stops.", "when is patience at an end?", "9.5"},
        {FN(stopper_late), "it stops one epoch late.",
         "with patience 1, how many epochs without a best are too many?", "9.5"},
        {FN(stopper_once), "it wants to stop in one epoch only, and not in the next.",
         "is since compared by == or by >=?", "9.5"}})},
    {"9.7", "dropout_mlp_forward", FN(dropout_mlp_forward),
     {{"N=6, 5-7-4-3, relu, keep=0.5", net_forward_relu},
      {"N=2, 5-7-4-3, tanh, keep=0.8", net_forward_tanh},
      {"N=3, 5-7-4-3, sigmoid, keep=1", net_forward_all},
      {"N=2, 4-3, no hidden layer", net_forward_linear}},
     JUDGE_ONLY(FN(net_right), {
        {FN(net_not_dropped), "the next layer sees a, before dropout.",
         "from which array does layer l + 1 read?", "9.3"},
        {FN(net_drop_first), "dropout comes before the activation.",
         "what is the sigmoid of a number that was dropped?", "9.3"},
        {FN(net_no_bias), "the biases are missing.", "what is z if all inputs are 0?", "9.3"},
        {FN(net_last_bent), "the last layer has an activation.",
         "may a logit be negative?", "9.3"},
        {FN(net_no_activation), "the activations are missing.",
         "what is a chain of linear layers?", "9.3"},
        {FN(net_relu_always), "the activation is always relu.",
         "which activation does net ask for?", "9.3"},
        {FN(net_keeps_all), "nothing is dropped.", "where does keep enter?", "9.3"},
        {FN(net_one_mask), "all examples have the mask of the first.",
         "how many tosses does a layer of M neurons need for N examples?", "9.3"},
        {FN(net_a_dropped), "a is overwritten by what is left after dropout.",
         "where does the linear layer write, and where does dropout?", "9.3"}},
     .uses = "9.3")},
    {"9.8", "dropout_mlp_backward", FN(dropout_mlp_backward),
     {{"N=6, 5-7-4-3, relu, keep=0.5", net_back_relu},
      {"N=2, 5-7-4-3, tanh, keep=0.75", net_back_tanh},
      {"N=5, 5-7-4-3, sigmoid, keep=0.4", net_back_sigmoid},
      {"N=3, 5-7-4-3, leaky relu, keep=1", net_back_all}},
     JUDGE_ONLY(FN(net_back_right), {
        {FN(net_back_overwrites), "the gradients of the weights are overwritten.", ADD_NOT_SET,
         "9.3"},
        {FN(net_back_inputs_whole), "the gradients of W are made from a, before dropout.",
         "what did layer l see: a[l-1] or h[l-1]?", "9.3"},
        {FN(net_back_no_mask), "the gradient passes where the forward dropped.",
         "which function undoes dropout_forward()?", "9.3"},
        {FN(net_back_mask_one), "the factor 1 / keep is missing on the way back.",
         "which numbers does the mask hold?", "9.3"},
        {FN(net_back_mask_twice), "the mask is applied twice.",
         "how often did the forward pass dropout in a layer?", "9.3"},
        {FN(net_back_skips_dropout), "da is made, but the activation goes back from dh.",
         "which of the two comes behind dropout on the way back?", "9.3"},
        {FN(net_back_no_activation), "the slope of the activation is missing.",
         "what lies between a[l-1] and z[l-1]?", "9.3"},
        {FN(net_back_relu_always), "the activation is always relu.",
         "which activation does net ask for?", "9.3"},
        {FN(net_back_h_for_a), "the slope is taken at h, after dropout.",
         "which numbers did the activation put out, a or h?", "9.3"},
        {FN(net_back_early), "the first layer gets no gradient.",
         "at which l does the loop end?", "9.3"},
        {FN(net_back_no_bias), "the biases get no gradient.",
         "which three gradients does linear_backward() make?", "9.3"}},
     .uses = "9.4")},
    {"9.9*", "smooth_entropy_forward", FN(smooth_entropy_forward),
     {{"N=2 K=2, by hand", smooth_by_hand}, {"N=5 K=4", smooth_gold}, {"N=4 K=7", smooth_many},
      {"N=3 K=5, no smoothing", smooth_none}, {"logits up to 1000", smooth_far}},
     JUDGE_ONLY(FN(smooth_right), {
        {FN(smooth_others_only), "the smoothing goes to the other K - 1 classes alone.",
         "does the true class get smoothing / K as well?", "9.6"},
        {FN(smooth_not_over_k), "each class gets all of the smoothing.",
         "what should the q of a row add up to?", "9.6"},
        {FN(smooth_not_at_all), "there is no smoothing.", "where does smoothing enter?", "9.6"},
        {FN(smooth_more_than_one), "the true class keeps its whole 1.",
         "what should the q of a row add up to?", "9.6"},
        {FN(smooth_swapped), "smoothing and 1 - smoothing have changed places.",
         "if smoothing is 0, what should the loss be?", "9.6"},
        {FN(smooth_uniform), "the true class counts like any other.",
         "where does t enter?", "9.6"},
        {FN(smooth_of_p), "the loss is the logarithm of a probability that has become 0.",
         "can you reach log(p) without going through p?", "9.6"},
        {FN(smooth_undivided), "the sum is not divided by N.",
         "is a sum asked for, or a mean?", "9.6"},
        {FN(smooth_sign), "the sign is wrong.", "can the log of a probability be positive?",
         "9.6"}})},
    {"9.10*", "smooth_entropy_backward", FN(smooth_entropy_backward),
     {{"N=2 K=4, by hand", smooth_back_by_hand}, {"N=5 K=4", smooth_back_gold},
      {"N=5 K=7", smooth_back_many}},
     JUDGE_ONLY(FN(smooth_back_right), {
        {FN(smooth_back_overwrites), "dz is overwritten.", ADD_NOT_SET, "9.6"},
        {FN(smooth_back_hard), "there is no smoothing.", "where does smoothing enter?", "9.6"},
        {FN(smooth_back_others_only), "the smoothing goes to the other K - 1 classes alone.",
         "does the true class get smoothing / K as well?", "9.6"},
        {FN(smooth_back_not_over_k), "each class gets all of the smoothing.",
         "what should the q of a row add up to?", "9.6"},
        {FN(smooth_back_more_than_one), "the true class keeps its whole 1.",
         "what should the q of a row add up to?", "9.6"},
        {FN(smooth_back_less_than_one), "the true class has no share of the smoothing.",
         "what should the q of a row add up to?", "9.6"},
        {FN(smooth_back_swapped), "smoothing and 1 - smoothing have changed places.",
         "if smoothing is 0, what should q be?", "9.6"},
        {FN(smooth_back_undivided), "the 1/N of the mean is missing.",
         "if the loss is a mean, how much does one of N examples count?", "9.6"},
        {FN(smooth_back_by_k), "this is divided by K, not by N.",
         "the mean over what is the loss?", "9.6"},
        {FN(smooth_back_sign), "the sign is wrong.",
         "if p is above q, should dz be above or below 0?", "9.6"}})},
    {0}};
