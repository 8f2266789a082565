/* 10-batchnorm: every feature with mean 0 and variance 1 within the batch, and the
 * gradient through mean and variance.
 */
#ifndef BATCHNORM_C
#define BATCHNORM_C
#include <08-optimizers/optimizers.c>

/* The tiny number that keeps the root of a variance of 0 from dividing by 0, and how
 * much of a new batch enters the running statistics.  Both as in PyTorch. */
#define NORM_EPSILON 1e-5f
#define NORM_MOMENTUM 0.1f

/* ---- training: forward ----------------------------------------------------- */

/* Exercise 10.1: mean and variance of every column, over the rows of the batch.
 *
 *     mean[d] = 1/N  sum over n of x[n,d]
 *     var[d]  = 1/N  sum over n of (x[n,d] - mean[d])^2
 *
 * Both are overwritten.
 * Hint: first the mean, then the squares; the sums in double, as in chapter 1.
 */
void batchnorm_moments(float *mean,     // [D]  overwritten
                       float *var,      // [D]  overwritten
                       const float *x,  // [N,D]
                       int N, int D)
{
    // Column by column: the sum of what is there, then of the squared distances.
    TODO("10.1");
}

/* Exercise 10.2: batch normalization forward, with the batch's own mean and variance.
 *
 *     rstd[d]   = 1 / sqrt(var[d] + epsilon)
 *     xhat[n,d] = (x[n,d] - mean[d]) rstd[d]
 *     y[n,d]    = gamma[d] xhat[n,d] + beta[d]
 *
 * y, xhat and rstd are overwritten; the last two are kept for the way back.  y or xhat
 * may be x itself.
 */
void batchnorm_forward(float *y,           // [N,D]  overwritten
                       float *xhat,        // [N,D]  overwritten
                       float *rstd,        // [D]  overwritten
                       const float *x,     // [N,D]
                       const float *mean,  // [D]  of batchnorm_moments
                       const float *var,   // [D]
                       const float *gamma, const float *beta,  // [D]
                       float epsilon, int N, int D)
{
    // One root a column.
    // Every number: shifted and scaled to xhat, then scaled and shifted to y.
    TODO("10.2");
}

/* ---- after training -------------------------------------------------------- */

/* Exercise 10.3: the running statistics take in one batch.
 *
 *     running_mean[d] = (1 - momentum) running_mean[d] + momentum mean[d]
 *     running_var[d]  = (1 - momentum) running_var[d]  + momentum var[d] N / (N - 1)
 *
 * Both are changed in place.  The factor N / (N - 1) undoes the bias of a variance
 * taken around its own mean; N is at least 2.
 */
void batchnorm_running(float *running_mean,  // [D]  changed
                       float *running_var,   // [D]  changed
                       const float *mean,    // [D]  of batchnorm_moments
                       const float *var,     // [D]
                       float momentum, int N, int D)
{
    // Most of the old, a little of the new.
    TODO("10.3");
}

/* Exercise 10.4: batch normalization of a trained network: the running statistics take
 * the place of the batch's own, so that no example depends on its neighbours.
 *
 *     y[n,d] = gamma[d] (x[n,d] - running_mean[d]) / sqrt(running_var[d] + epsilon)
 *              + beta[d]
 *
 * y is overwritten; it may be x itself.
 */
void batchnorm_predict(float *y,                   // [N,D]  overwritten
                       const float *x,             // [N,D]
                       const float *gamma, const float *beta,  // [D]
                       const float *running_mean,  // [D]
                       const float *running_var,   // [D]
                       float epsilon, int N, int D)
{
    // Column by column: one root, then every row.
    TODO("10.4");
}

/* ---- backward, one intermediate at a time ---------------------------------- */

/* Exercise 10.5: back through y = gamma xhat + beta.
 *
 *     dgamma[d]  += sum over n of dy[n,d] xhat[n,d]
 *     dbeta[d]   += sum over n of dy[n,d]
 *     dxhat[n,d] += dy[n,d] gamma[d]
 *
 * All three are added to.
 */
void batchnorm_backward_scale(float *dxhat,       // [N,D]  added to
                              float *dgamma,      // [D]  added to
                              float *dbeta,       // [D]  added to
                              const float *dy,    // [N,D]
                              const float *xhat,  // [N,D]  of batchnorm_forward
                              const float *gamma, // [D]
                              int N, int D)
{
    // Every number of dy reaches three places.
    TODO("10.5");
}

/* Exercise 10.6: back from xhat = (x - mean) / sqrt(var + epsilon) to mean and
 * variance.
 *
 *     dvar[d]  += sum over n of dxhat[n,d] (x[n,d] - mean[d]) (-1/2) rstd[d]^3
 *     dmean[d] += - sum over n of dxhat[n,d] rstd[d]
 *
 * Both are added to.  The variance depends on the mean too, but its slope there is 0.
 */
void batchnorm_backward_moments(float *dmean,        // [D]  added to
                                float *dvar,         // [D]  added to
                                const float *dxhat,  // [N,D]
                                const float *x,      // [N,D]
                                const float *mean,   // [D]
                                const float *rstd,   // [D]  of batchnorm_forward
                                int N, int D)
{
    // Two sums a column.
    TODO("10.6");
}

/* Exercise 10.7: back to x, along all three ways that lead from it: xhat itself, the
 * mean and the variance.
 *
 *     dx[n,d] += dxhat[n,d] rstd[d] + dmean[d] / N + dvar[d] 2 (x[n,d] - mean[d]) / N
 *
 * dx is added to.
 */
void batchnorm_backward_input(float *dx,           // [N,D]  added to
                              const float *dxhat,  // [N,D]
                              const float *dmean,  // [D]
                              const float *dvar,   // [D]
                              const float *x,      // [N,D]
                              const float *mean,   // [D]
                              const float *rstd,   // [D]
                              int N, int D)
{
    // Three shares for every number.
    TODO("10.7");
}

/* ---- backward at once ------------------------------------------------------ */

/* Exercise 10.8: batch normalization backward, 10.5 to 10.7 in one formula.
 *
 *     dgamma[d] += a       with  a = sum over n of dy[n,d] xhat[n,d]
 *     dbeta[d]  += s       with  s = sum over n of dy[n,d]
 *     dx[n,d]   += gamma[d] rstd[d] (dy[n,d] - s/N - xhat[n,d] a/N)
 *
 * All three are added to.
 * Hint: dgamma and dbeta need not be 0 before, so they are not the sums.
 */
void batchnorm_backward(float *dx,          // [N,D]  added to
                        float *dgamma,      // [D]  added to
                        float *dbeta,       // [D]  added to
                        const float *dy,    // [N,D]
                        const float *xhat,  // [N,D]  of batchnorm_forward
                        const float *rstd,  // [D]
                        const float *gamma, // [D]
                        int N, int D)
{
    // Column by column: the two sums, with them dgamma and dbeta, then dx.
    TODO("10.8");
}

/* Exercise 10.9: the gradient of 10.4, where mean and variance are constants.
 *
 *     xhat[n,d]  = (x[n,d] - running_mean[d]) rstd[d]
 *     dgamma[d] += sum over n of dy[n,d] xhat[n,d]
 *     dbeta[d]  += sum over n of dy[n,d]
 *     dx[n,d]   += dy[n,d] gamma[d] rstd[d]
 *
 * with rstd[d] = 1 / sqrt(running_var[d] + epsilon).  All three are added to.
 */
void batchnorm_predict_backward(float *dx,       // [N,D]  added to
                                float *dgamma,   // [D]  added to
                                float *dbeta,    // [D]  added to
                                const float *dy, // [N,D]
                                const float *x,  // [N,D]
                                const float *gamma,         // [D]
                                const float *running_mean,  // [D]
                                const float *running_var,   // [D]
                                float epsilon, int N, int D)
{
    // Column by column: one root, then the three shares of every row.
    TODO("10.9");
}

/* ---- layer normalization --------------------------------------------------- */

/* Exercise 10.10*: layer normalization forward: mean and variance of every row.
 *
 *     rstd[n]   = 1 / sqrt(var[n] + epsilon)
 *     xhat[n,d] = (x[n,d] - mean[n]) rstd[n]
 *     y[n,d]    = gamma[d] xhat[n,d] + beta[d]
 *
 * with mean[n] and the biased variance var[n] of row n.  All three are overwritten.
 */
void layernorm_forward(float *y,        // [N,D]  overwritten
                       float *xhat,     // [N,D]  overwritten
                       float *rstd,     // [N]  overwritten
                       const float *x,  // [N,D]
                       const float *gamma, const float *beta,  // [D]
                       float epsilon, int N, int D)
{
    // Row by row: mean and variance, one root, then every number of the row.
    TODO("10.10*");
}

/* Exercise 10.11*: layer normalization backward.
 *
 *     dgamma[d] += sum over n of dy[n,d] xhat[n,d]
 *     dbeta[d]  += sum over n of dy[n,d]
 *     dx[n,d]   += rstd[n] (g[n,d] - s/D - xhat[n,d] a/D)
 *
 * with g[n,d] = gamma[d] dy[n,d], s = sum over d of g[n,d] and a = sum over d of
 * g[n,d] xhat[n,d].  All three are added to.
 */
void layernorm_backward(float *dx,          // [N,D]  added to
                        float *dgamma,      // [D]  added to
                        float *dbeta,       // [D]  added to
                        const float *dy,    // [N,D]
                        const float *xhat,  // [N,D]  of layernorm_forward
                        const float *rstd,  // [N]
                        const float *gamma, // [D]
                        int N, int D)
{
    // Row by row: the two sums, on the way dgamma and dbeta, then dx.
    TODO("10.11*");
}

/* ---- a network that normalizes --------------------------------------------- */

enum norm { PLAIN, BATCH, LAYER };

/* The network of chapter 6 that normalizes before each hidden activation: with h[0] the
 * inputs,
 *
 *     x[l] = h[l-1] W[l]' + b[l]
 *     h[l] = activation(gamma[l] xhat[l] + beta[l])
 *
 * and xhat[l] made of x[l] by the columns of the batch (BATCH) or by its rows (LAYER).
 * PLAIN leaves that out, and the last layer gives logits, as ever.  The gradient is one
 * of these too, without running statistics. */
struct normed {
    struct mlp mlp;
    enum norm norm;
    float *gamma[LAYERS + 1], *beta[LAYERS + 1];                // [size[l]]
    float *running_mean[LAYERS + 1], *running_var[LAYERS + 1];  // [size[l]]
};

/* How many neurons the hidden layers have together. */
int hidden_size(const int *size, int layers)
{
    int n = 0;
    for (int l = 1; l < layers; l++)
        n += size[l];
    return n;
}

/* How many numbers such a network learns: weights, biases, gammas and betas. */
int normed_size(const int *size, int layers)
{
    return mlp_size(size, layers) + 2 * hidden_size(size, layers);
}

/* A block of normed_size() floats, and one of 2 hidden_size() floats for the running
 * statistics, seen as a network.  That of a gradient is NULL. */
struct normed normed_at(float *block, float *running, const int *size, int layers,
                        enum norm norm)
{
    struct normed net = {.mlp = mlp_at(block, size, layers, RELU), .norm = norm};
    float *at = block + mlp_size(size, layers);
    for (int l = 1; l < layers; at += 2 * size[l], l++) {
        net.gamma[l] = at;
        net.beta[l] = at + size[l];
        if (!running)
            continue;
        net.running_mean[l] = running;
        net.running_var[l] = running + size[l];
        running += 2 * size[l];
    }
    return net;
}

/* Random weights as in chapter 6, times scale; what is normalized passes as it is. */
void normed_init(struct normed *net, float scale, uint64_t *chance)
{
    const int *size = net->mlp.size, layers = net->mlp.layers;
    mlp_init(&net->mlp, chance);
    for (int i = 0; i < mlp_size(size, layers); i++)
        net->mlp.W[1][i] *= scale;
    for (int l = 1; l < layers; l++)
        for (int m = 0; m < size[l]; m++) {
            net->gamma[l][m] = net->running_var[l][m] = 1;
            net->beta[l][m] = net->running_mean[l][m] = 0;
        }
}

/* What N examples leave behind: in each hidden layer also what is normalized, and what
 * the way back needs of it. */
struct normed_work {
    struct mlp_work mlp;
    float *x[LAYERS + 1], *xhat[LAYERS + 1];   // [N,size[l]]
    float *mean[LAYERS + 1], *var[LAYERS + 1]; // [size[l]]  of BATCH
    float *rstd[LAYERS + 1];                   // [size[l]]  of BATCH, [N] of LAYER
    float *dy[LAYERS + 1];                     // [N,size[l]]
};

/* How many floats that is for N examples. */
size_t normed_work_size(const int *size, int layers, int N)
{
    size_t hidden = hidden_size(size, layers);
    return mlp_work_size(size, layers, N) + 3 * hidden * (N + 1) + (size_t)layers * N;
}

/* A block of so many floats seen as work space. */
struct normed_work normed_work_at(float *block, const int *size, int layers, int N)
{
    struct normed_work work = {.mlp = mlp_work_at(block, size, layers, N)};
    block += mlp_work_size(size, layers, N);
    for (int l = 1; l < layers; l++) {
        size_t M = size[l], n = N * M;
        work.x[l] = block;
        work.xhat[l] = block + n;
        work.dy[l] = block + 2*n;
        work.mean[l] = block + 3*n;
        work.var[l] = work.mean[l] + M;
        work.rstd[l] = work.var[l] + M;
        block = work.rstd[l] + (M > (size_t)N ? M : (size_t)N);
    }
    return work;
}

/* From x[l] to what the activation gets, in h[l]. */
void normed_hidden(struct normed_work *work, const struct normed *net, int l, int N)
{
    int M = net->mlp.size[l];
    float *h = work->mlp.h[l], *x = work->x[l], *xhat = work->xhat[l];
    const float *gamma = net->gamma[l], *beta = net->beta[l];
    switch (net->norm) {
    case PLAIN:
        memcpy(h, x, (size_t)N * M * sizeof *h);
        break;
    case BATCH:
        batchnorm_moments(work->mean[l], work->var[l], x, N, M);
        batchnorm_forward(h, xhat, work->rstd[l], x, work->mean[l], work->var[l], gamma,
                          beta, NORM_EPSILON, N, M);
        break;
    case LAYER:
        layernorm_forward(h, xhat, work->rstd[l], x, gamma, beta, NORM_EPSILON, N, M);
        break;
    }
}

/* The network forward.  With own, the examples normalize themselves, as in training;
 * without it batch normalization takes its running statistics. */
void normed_forward(struct normed_work *work,  // h[0] given, the rest overwritten
                    const struct normed *net, bool own, int N)
{
    int last = net->mlp.layers;
    for (int l = 1; l <= last; l++) {
        int D = net->mlp.size[l-1], M = net->mlp.size[l];
        float *h = work->mlp.h[l], *x = l < last ? work->x[l] : h;
        linear_forward(x, work->mlp.h[l-1], net->mlp.W[l], net->mlp.b[l], N, D, M);
        if (l == last)
            break;
        if (net->norm == BATCH && !own)
            batchnorm_predict(h, x, net->gamma[l], net->beta[l], net->running_mean[l],
                              net->running_var[l], NORM_EPSILON, N, M);
        else
            normed_hidden(work, net, l, N);
        activation_forward(h, h, net->mlp.activation, N*M);
    }
}

/* The running statistics of all layers take in the batch that went forward last. */
void normed_running(struct normed *net, const struct normed_work *work, int N)
{
    for (int l = 1; l < net->mlp.layers && net->norm == BATCH; l++)
        batchnorm_running(net->running_mean[l], net->running_var[l], work->mean[l],
                          work->var[l], NORM_MOMENTUM, N, net->mlp.size[l]);
}

/* The network backward, from dz[layers]; all else is 0 before. */
void normed_backward(struct normed *grad,       // added to
                     struct normed_work *work,  // of normed_forward() with own
                     const struct normed *net, int N)
{
    for (int l = net->mlp.layers; l >= 1; l--) {
        int D = net->mlp.size[l-1], M = net->mlp.size[l];
        float *dz = work->mlp.dz[l], *dy = work->dy[l];
        if (l < net->mlp.layers) {
            // Through the activation, and through the normalization.
            activation_backward(net->norm == PLAIN ? dz : dy, work->mlp.dh[l],
                                work->mlp.h[l], net->mlp.activation, N*M);
            if (net->norm == BATCH)
                batchnorm_backward(dz, grad->gamma[l], grad->beta[l], dy, work->xhat[l],
                                   work->rstd[l], net->gamma[l], N, M);
            if (net->norm == LAYER)
                layernorm_backward(dz, grad->gamma[l], grad->beta[l], dy, work->xhat[l],
                                   work->rstd[l], net->gamma[l], N, M);
        }
        linear_backward(l > 1 ? work->mlp.dh[l-1] : NULL, grad->mlp.W[l],
                        grad->mlp.b[l], dz, work->mlp.h[l-1], net->mlp.W[l], N, D, M);
    }
}

/* The gradient of the mean loss of the N examples in h[0], with classes t [N]; returns
 * that loss. */
float normed_gradient(struct normed *grad,       // overwritten
                      struct normed_work *work,  // h[0] given, the rest overwritten
                      const struct normed *net, const int *t, int N)
{
    const int *size = net->mlp.size, last = net->mlp.layers, K = size[last];
    // All gradients 0: those of mlp_clear(), gamma and beta, and dy.
    mlp_clear(&grad->mlp, &work->mlp, N);
    memset(grad->mlp.W[1] + mlp_size(size, last), 0,
           2 * (size_t)hidden_size(size, last) * sizeof(float));
    for (int l = 1; l < last; l++)
        memset(work->dy[l], 0, (size_t)N * size[l] * sizeof(float));
    // Forward, the loss, backward.
    normed_forward(work, net, true, N);
    float loss = cross_entropy_forward(work->mlp.p, work->mlp.h[last], t, N, K);
    cross_entropy_backward(work->mlp.dz[last], work->mlp.p, t, N, K);
    normed_backward(grad, work, net, N);
    return loss;
}

/* ---- the program: trainings with and without --------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

const char *const norms[] = {"plain", "batch", "layer"};

/* One training, and what came of it. */
struct trial {
    enum norm norm;
    enum rule rule;
    float rate, scale;
    int hidden, width, batch, epochs, seed;
    float loss;                  // the mean of the last epoch
    float running, own, sorted;  // how often right on the test images
};

/* What a training works with. */
struct training {
    float *block;
    struct normed net, grad;
    struct normed_work work;
    struct optimizer o;
    struct minibatches b;
    int *examples, *t;
};

enum { ROWS = 200 };  // examples in a look at the network

struct training training_new(const struct trial *r, const struct set *train)
{
    int size[LAYERS + 1] = {train->D}, layers = r->hidden + 1;
    for (int l = 1; l < layers; l++)
        size[l] = r->width;
    size[layers] = train->K;
    int rows = r->batch > ROWS ? r->batch : ROWS, n = normed_size(size, layers);
    size_t running = 2 * (size_t)hidden_size(size, layers);
    size_t work = normed_work_size(size, layers, rows);
    float *block = floats(2 * (size_t)n + running + work);
    struct training now = {
        .block = block,
        .net = normed_at(block, block + 2*n, size, layers, r->norm),
        .grad = normed_at(block + n, NULL, size, layers, r->norm),
        .work = normed_work_at(block + 2*n + running, size, layers, rows),
        .o = optimizer_new(r->rule, r->rate, n),
        .b = minibatches_new(train->N, r->batch, stream(r->seed, 2)),
        .examples = ints(rows), .t = ints(rows),
    };
    uint64_t chance = stream(r->seed, 1);
    normed_init(&now.net, r->scale, &chance);
    return now;
}

void training_free(struct training *now)
{
    free(now->t);
    free(now->examples);
    free(now->b.order);
    free(now->o.m);
    free(now->block);
}

/* One step on the next batch; returns its loss.  What is left at the end of an epoch is
 * too small for good statistics, and left out. */
float training_step(struct training *now, const struct set *train)
{
    int N = now->b.batch;
    while (batch_next(now->examples, &now->b) < N)
        ;
    set_batch(now->work.mlp.h[0], now->t, train, now->examples, N);
    float loss = normed_gradient(&now->grad, &now->work, &now->net, now->t, N);
    normed_running(&now->net, &now->work, N);
    optimizer_step(&now->o, now->net.mlp.W[1], now->grad.mlp.W[1]);
    return loss;
}

/* How often it is right on the examples of a set in this order, so many at a time. */
float training_score(struct training *now, const struct set *set,
                     int *order,  // [N]
                     bool own, int batch)
{
    int right = 0, K = set->K;
    for (int first = 0, N; first < set->N; first += N) {
        N = set->N - first < batch ? set->N - first : batch;
        set_batch(now->work.mlp.h[0], now->t, set, order + first, N);
        normed_forward(&now->work, &now->net, own, N);
        const float *z = now->work.mlp.h[now->net.mlp.layers];
        for (int n = 0; n < N; n++, z += K) {
            int best = 0;
            for (int k = 1; k < K; k++)
                best = z[k] > z[best] ? k : best;
            right += best == now->t[n];
        }
    }
    return (float)right / (float)set->N;
}

/* Trains, and scores in three ways: by the running statistics; by those of test batches
 * as large as those of training; and so with the test images sorted by their class. */
void trial_run(struct trial *r, const struct set *train, const struct set *test)
{
    struct training now = training_new(r, train);
    int *order = ints(test->N), *sorted = ints(test->N), count = 0;
    for (int n = 0; n < test->N; n++)
        order[n] = n;
    for (int k = 0; k < test->K; k++)
        for (int n = 0; n < test->N; n++)
            if (set_class(test, n) == k)
                sorted[count++] = n;
    for (int epoch = 0, steps = train->N / r->batch; epoch < r->epochs; epoch++) {
        double loss = 0;
        for (int step = 0; step < steps; step++)
            loss += (double)training_step(&now, train);
        r->loss = isfinite(loss) ? (float)(loss / steps) : INFINITY;
    }
    r->running = training_score(&now, test, order, false, ROWS);
    r->own = training_score(&now, test, order, true, r->batch);
    r->sorted = training_score(&now, test, sorted, true, r->batch);
    free(sorted);
    free(order);
    training_free(&now);
}

/* ---- the program: what to compare --------------------------------------------- */

/* The mean loss of so many trials that differ in their seed alone. */
float trials_loss(const struct trial *r, int seeds)
{
    float loss = 0;
    for (int i = 0; i < seeds; i++)
        loss += r[i].loss / (float)seeds;
    return loss;
}

/* Whether no other rate gives such trials a lower loss. */
bool trials_best(const struct trial *r, const struct trial *all, int count, int seeds)
{
    for (const struct trial *q = all; q < all + count; q += seeds)
        if (q->norm == r->norm && q->batch == r->batch &&
            trials_loss(q, seeds) < trials_loss(r, seeds))
            return false;
    return true;
}

/* A line for every so many trials that differ in their seed alone: means, and the
 * lowest and the highest accuracy. */
void trials_print(const struct trial *all, int count, int seeds)
{
    printf("# norm\tbatch\trate\tbest\tloss\taccuracy\tlow\thigh\town\tsorted\n");
    for (const struct trial *r = all; r < all + count; r += seeds) {
        float right = 0, low = 1, high = 0, own = 0, sorted = 0;
        for (int i = 0; i < seeds; i++) {
            float one = r[i].running;
            right += one / (float)seeds;
            low = one < low ? one : low;
            high = one > high ? one : high;
            own += r[i].own / (float)seeds;
            sorted += r[i].sorted / (float)seeds;
        }
        printf("%s\t%d\t%g\t%d\t%.4g\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", norms[r->norm],
               r->batch, r->rate, trials_best(r, all, count, seeds),
               trials_loss(r, seeds), right, low, high, own, sorted);
        char name[64], percent[32];
        snprintf(name, sizeof name, "%s  batch %-4d rate %-6g", norms[r->norm],
                 r->batch, r->rate);
        snprintf(percent, sizeof percent, "%.1f %% right", 100 * right);
        if (isatty(2))
            bar_draw(stderr, name, right, 30, percent);
    }
}

/* Trains at the rates of a grid from low to high, with batches of several sizes.  Each
 * trial has its own weights and random streams: it does not matter who runs it. */
void trials_compare(struct trial r, const int *batch, int batches, int kinds, float low,
                    float high, int seeds, const struct set *train,
                    const struct set *test)
{
    const float rate[] = {0.001f, 0.003f, 0.01f, 0.03f, 0.1f, 0.3f, 1, 3, 10, 30, 100};
    enum { RATES = sizeof rate / sizeof *rate };
    int count = 0, done = 0;
    struct progress bar = {.what = "training"};
    struct trial *all = memory(kinds * batches * RATES * seeds, sizeof *all);
    for (int i = 0; i < kinds * batches * RATES * seeds; i++) {
        struct trial *one = all + count;
        *one = r;
        one->rate = rate[i / seeds % RATES];
        one->batch = batch[i / seeds / RATES % batches];
        one->norm = i / seeds / RATES / batches;
        one->seed += i % seeds;
        count += one->rate >= low && one->rate <= high;
    }
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++) {
        trial_run(all + i, train, test);
        #pragma omp critical
        progress(&bar, ++done, count);
    }
    trials_print(all, count, seeds);
    free(all);
}

int float_compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* One line a neuron of the last hidden layer: how long its weights are as a vector, and
 * below which numbers 15, 50 and 85 % of those lie that its activation gets. */
void look_print(struct training *now, const struct set *set, int step, int neurons)
{
    int l = now->net.mlp.layers - 1, N = set->N < ROWS ? set->N : ROWS;
    int M = now->net.mlp.size[l], D = now->net.mlp.size[l-1];
    float *one = floats(N);
    for (int n = 0; n < N; n++)
        now->examples[n] = n;
    set_batch(now->work.mlp.h[0], now->t, set, now->examples, N);
    normed_forward(&now->work, &now->net, true, N);
    normed_hidden(&now->work, &now->net, l, N);
    for (int m = 0; m < M && m < neurons; m++) {
        const float *w = now->net.mlp.W[l] + m*D;
        double squares = 0;
        for (int d = 0; d < D; d++)
            squares = fma(w[d], w[d], squares);
        for (int n = 0; n < N; n++) {
            float y = now->work.mlp.h[l][n*M + m];
            one[n] = isfinite(y) ? y : INFINITY;
        }
        qsort(one, N, sizeof *one, float_compare);
        printf("%s\t%d\t%d\t%.4g\t%.4g\t%.4g\t%.4g\n", norms[now->net.norm], step, m,
               sqrt(squares), one[N*15/100], one[N/2], one[N*85/100]);
    }
    free(one);
}

/* Trains, and looks into the last hidden layer on the way. */
void layers_print(const struct trial *r, const struct set *train, int every)
{
    struct training now = training_new(r, train);
    for (int step = 0; step <= r->epochs * (train->N / r->batch); step++) {
        if (step % every == 0)
            look_print(&now, train, step, 3);
        training_step(&now, train);
    }
    training_free(&now);
}

int main(int argc, char **argv)
{
    const char *show = "rates", *rule = "sgd", *folder = "data/fashion-mnist";
    int batch = 64, epochs = 2, hidden = 3, width = 64, examples = 60000, every = 10;
    int stars = 0, seeds = 3, seed = 1;
    float rate = 0.1f, scale = 1, low = 0.003f, high = 10;
    OPTIONS("what batch normalization is good for, and what it costs",
            CHOICE(show, "rates|batches|layers",
                   "all rates of a grid, so with batches of 2 to 256, or what the "
                   "last hidden layer sees"),
            OPTION(low, 1e-6, 1e6, "lowest rate of the grid"),
            OPTION(high, 1e-6, 1e6, "highest rate of the grid"),
            OPTION(rate, 1e-6, 1e6, "with show=layers"),
            OPTION(every, 1, 1000000, "steps between two looks, with show=layers"),
            CHOICE(rule, "sgd|adam", "how to step"),
            OPTION(scale, 0, 1e6, "factor of the first weights"),
            OPTION(batch, 2, 10000, "examples in a step; not with show=batches"),
            OPTION(epochs, 1, 1000, "passes through the examples"),
            OPTION(hidden, 1, LAYERS - 1, "hidden layers"),
            OPTION(width, 1, 4096, "neurons in each of them"),
            OPTION(examples, 2, 60000, "to train on at most"),
            OPTION(stars, 0, 1, "1: layer normalization too"),
            OPTION(seeds, 1, 100, "trainings of each kind; means are printed"),
            OPTION(seed, 0, 1000000, "of the first: weights and order"),
            TEXT(folder, "where the images are"));
    if (low > high)
        die("low=%g is above high=%g: which rates are to be tried?", low, high);
    struct set train = set_images(folder, "train", examples);
    struct set test = set_images(folder, "t10k", INT_MAX);
    batch = batch < train.N ? batch : train.N;
    if (train.D != test.D)
        die("%s: training images of %d pixels, test images of %d", folder, train.D,
            test.D);
    struct trial r = {.rule = !strcmp(rule, "sgd") ? SGD : ADAM, .rate = rate,
                      .scale = scale, .hidden = hidden, .width = width,
                      .batch = batch, .epochs = epochs, .seed = seed};
    int sizes[] = {2, 4, 8, 16, 64, 256}, batches = 6;
    while (batches > 1 && sizes[batches - 1] > train.N)
        batches--;
    if (!strcmp(show, "rates"))
        trials_compare(r, &batch, 1, 2 + stars, low, high, seeds, &train, &test);
    if (!strcmp(show, "batches"))
        trials_compare(r, sizes, batches, 2 + stars, low, high, seeds, &train, &test);
    if (!strcmp(show, "layers")) {
        printf("# norm\tstep\tneuron\tlength\tlow\tmiddle\thigh\n");
        for (int norm = PLAIN; norm <= BATCH + stars; norm++) {
            r.norm = norm;
            layers_print(&r, &train, every);
        }
    }
    set_free(&test);
    set_free(&train);
}

#endif
#endif
