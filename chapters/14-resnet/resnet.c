/* 14-resnet: residual networks, from one block to ResNet-50, forward and backward.
 *
 * Images are [N,Y,X,C] as in chapter 12, and its fast convolution does the work.  A
 * "unit" is a convolution with the batch norm behind it; units make blocks, blocks make
 * the network.
 */
#ifndef RESNET_C
#define RESNET_C
#include <10-batchnorm/batchnorm.c>
#include <13-lenet/lenet.c>
#include "../../data/safetensors.h"

/* ---- batch norm over images -------------------------------------------------- */

/* The batch norm of chapter 10 with every pixel of every image as a row: [N Y X, C].
 * Its result gamma (z - mean) rstd + beta is scale z + shift, so it need not be stored:
 * whoever reads z can make it on the way. */

/* Exercise 14.1: batch norm as one scale and one shift for each channel.
 *
 *     scale[c] = gamma[c] / sqrt(var[c] + NORM_EPSILON)
 *     shift[c] = beta[c] - mean[c] scale[c]
 *
 * so that scale z + shift is what 10.2 makes of z, and with running statistics 10.4.
 * Both are overwritten; shift may be beta itself.
 */
void norm_scale(float *scale, float *shift,             // [C]  overwritten
                const float *gamma, const float *beta,  // [C]
                const float *mean, const float *var,    // [C]
                int C)
{
    // Channel by channel.
    TODO("14.1");
}

/* ---- a unit: a convolution and its batch norm ---------------------------------- */

struct unit {
    char name[48];                      // of the convolution, as torchvision has it
    struct conv c;
    float *w;                           // [R,S,C,M] in panels
    float *gamma, *beta;                // [M]
    float *running_mean, *running_var;  // [M]  no part of a gradient
};

/* What a unit makes, and what it keeps for the way back. */
struct unit_work {
    float *z;                     // [N,P,Q,M]  what its convolution gives
    float *mean, *var;            // [M]  of the batch, or the running ones
    float *scale, *shift;         // [M]  scale z + shift is what the unit gives
};

/* What a unit reads: images, or relu(scale z + shift) of the unit before. */
struct images_in { const float *x, *scale, *shift; };

struct images_in unit_out(const struct unit_work *u)
{
    return (struct images_in){u->z, u->scale, u->shift};
}

/* Sums over rows are made in parts of PART rows, each in float within SUB rows and in
 * double beyond, and the parts are added in order: so the bits do not depend on who
 * made which part. */
enum { PART = 512, SUB = 32 };

/* Of the gradient g that reaches y = scale z + shift, or with relu only where y is
 * above 0, the sums of g and of g (z - mean) over rows first to end - 1.  Without g,
 * those of z - pivot and of its square; the pivot is row 0 of z. */
void sums_part(double *sum,     // [2,C]  overwritten
               const float *g,  // [rows,C], or NULL
               const struct unit_work *u, bool relu, int first, int end, int C)
{
    const float *mean = u->mean, *scale = u->scale, *shift = u->shift, *pivot = u->z;
    float s[CHANNELS], q[CHANNELS];
    memset(sum, 0, 2 * (size_t)C * sizeof *sum);
    for (int from = first; from < end; from += SUB) {
        memset(s, 0, (size_t)C * sizeof *s);
        memset(q, 0, (size_t)C * sizeof *q);
        for (int i = from; i < end && i < from + SUB; i++) {
            const float *z = u->z + (long)i*C, *to = g ? g + (long)i*C : NULL;
            for (int k = 0; !g && k < C; k++) {
                float away = z[k] - pivot[k];
                s[k] += away;
                q[k] = fmaf(away, away, q[k]);
            }
            for (int k = 0; g && k < C; k++) {
                float y = fmaf(scale[k], z[k], shift[k]);
                float slope = !relu || y > 0 ? to[k] : 0;
                s[k] += slope;
                q[k] = fmaf(slope, z[k] - mean[k], q[k]);
            }
        }
        for (int k = 0; k < C; k++) {
            sum[k] += s[k];
            sum[C + k] += q[k];
        }
    }
}

/* The same over all rows. */
void sums_make(double *sums,    // [parts,2,C]  overwritten, the sums in the first part
               const float *g,  // [rows,C], or NULL
               const struct unit_work *u, bool relu, int rows, int C)
{
    const int parts = (rows + PART - 1) / PART;
#pragma omp parallel for schedule(static) num_threads(threads_over((size_t)rows * C))
    for (int i = 0; i < parts; i++)
        sums_part(sums + 2L*i*C, g, u, relu, i*PART, least(i*PART + PART, rows), C);
    for (int i = 1; i < parts; i++)
        for (int k = 0; k < 2 * C; k++)
            sums[k] += sums[2L*i*C + k];
}

/* Mean and variance of every channel of z. */
void unit_moments(struct unit_work *u,  // mean and var overwritten
                  double *sums, int rows, int C)
{
    sums_make(sums, NULL, u, false, rows, C);
    for (int k = 0; k < C; k++) {
        double away = sums[k] / rows;
        u->mean[k] = (float)(u->z[k] + away);
        u->var[k] = (float)fmax(0, fma(-away, away, sums[C + k] / rows));
    }
}

/* The unit forward: the convolution, and scale and shift of the batch norm; from the
 * statistics of the batch in training, else from the running ones. */
void unit_forward(struct unit_work *u,     // overwritten
                  const struct unit *net,
                  struct images_in in,     // [N,Y,X,C]
                  double *sums,            // scratch of sums_make()
                  bool training, int N)
{
    const struct conv *c = &net->c;
    struct convolution v = convolution_dense(u->z, in.x, net->w, c);
    v.scale = in.scale, v.shift = in.shift;
    convolve(&v, N);
    if (training) {
        unit_moments(u, sums, N * c->P * c->Q, c->M);
    } else {
        memcpy(u->mean, net->running_mean, c->M * sizeof *u->mean);
        memcpy(u->var, net->running_var, c->M * sizeof *u->var);
    }
    norm_scale(u->scale, u->shift, net->gamma, net->beta, u->mean, u->var, c->M);
}

/* Back through the batch norm, and with relu through the relu behind it: g, the
 * gradient in what the unit gives, becomes that in z.  As 10.8, or 10.9 when not in
 * training:
 *
 *     dgamma[c] = rstd[c] a    with  a = sum of g (z - mean),  s = sum of g
 *     dbeta[c]  = s
 *     dz        = scale (g - s/rows - (z - mean) rstd^2 a/rows)
 */
void unit_norm_backward(float *g,               // [rows,M]  changed
                        float *dgamma, float *dbeta,  // [M]  overwritten
                        const struct unit_work *u,
                        double *sums,           // scratch of sums_make()
                        bool relu, bool training, int rows, int M)
{
    float level[CHANNELS], tilt[CHANNELS];
    sums_make(sums, g, u, relu, rows, M);
    for (int k = 0; k < M; k++) {
        double square = 1 / ((double)u->var[k] + (double)NORM_EPSILON);
        dgamma[k] = (float)(sums[M + k] * sqrt(square));
        dbeta[k] = (float)sums[k];
        level[k] = training ? (float)(sums[k] / rows) : 0;
        tilt[k] = training ? (float)(sums[M + k] * square / rows) : 0;
    }
    const float *mean = u->mean, *scale = u->scale, *shift = u->shift;
#pragma omp parallel for schedule(static) num_threads(threads_over((size_t)rows * M))
    for (int i = 0; i < rows; i++) {
        float *to = g + (long)i*M;
        const float *z = u->z + (long)i*M;
        for (int k = 0; k < M; k++) {
            float y = fmaf(scale[k], z[k], shift[k]);
            float slope = !relu || y > 0 ? to[k] : 0;
            to[k] = scale[k] * fmaf(mean[k] - z[k], tilt[k], slope - level[k]);
        }
    }
}

/* What is needed on the way back of any unit. */
struct unit_back {
    double *sums;  // scratch of sums_make()
    bool training;
};

/* The unit backward.  g, the gradient in what it gives, becomes that in z. */
void unit_backward(float *dx,             // [N,Y,X,C]  see add; or NULL
                   bool add,              // to dx, else it is overwritten
                   struct unit *grad,     // overwritten
                   float *g,              // [N,P,Q,M]  changed
                   const struct unit_work *u, const struct unit *net,
                   struct images_in in, bool relu, const struct unit_back *back, int N)
{
    const struct conv *c = &net->c;
    struct convolution v = {.c = *c, .x = in.x, .scale = in.scale, .shift = in.shift};
    unit_norm_backward(g, grad->gamma, grad->beta, u, back->sums, relu, back->training,
                       N * c->P * c->Q, c->M);
    convolve_weights(grad->w, true, false, g, &v, N);
    if (dx)
        convolve_back(dx, g, net->w, true, add, c, N);
}

/* The running statistics of a unit take in those of the batch (10.3). */
void unit_running(struct unit *net, const struct unit_work *u, int N)
{
    batchnorm_running(net->running_mean, net->running_var, u->mean, u->var,
                      NORM_MOMENTUM, N * net->c.P * net->c.Q, net->c.M);
}

/* ---- shortcuts --------------------------------------------------------------- */

/* Exercise 14.2: the end of a block: its last unit and the shortcut are added, and what
 * is below 0 becomes 0.
 *
 *     h[i,c] = max(0, scale[c] z[i,c] + shift[c] + short[i,c])
 *
 * The shortcut is s itself or, if it has a unit of its own, s_scale[c] s[i,c] +
 * s_shift[c]; with s NULL there is none.  h is overwritten; it may be s.
 */
void join_forward(float *h,        // [rows,C]  overwritten
                  const float *z,  // [rows,C]
                  const float *scale, const float *shift,      // [C]
                  const float *s,  // [rows,C], or NULL
                  const float *s_scale, const float *s_shift,  // [C], or NULL
                  int rows, int C)
{
    // Row by row: the three cases of the shortcut, then the relu.
    TODO("14.2");
}

/* Exercise 14.3: a shortcut without weights, where the image gets smaller and has more
 * channels: every stride-th pixel, and zeros for the channels that are new.
 *
 *     s[n,p,q,m] = x[n, p stride, q stride, m]  for m < C,  else 0
 *
 * P is Y / stride rounded up, Q likewise.  s is overwritten.
 */
void subsample_forward(float *s,        // [N,P,Q,M]  overwritten
                       const float *x,  // [N,Y,X,C]
                       int stride, int M, int N, int Y, int X, int C)
{
    // s is written from its first element to its last.
    TODO("14.3");
}

/* Exercise 14.4: its way back.
 *
 *     dx[n, p stride, q stride, c] += ds[n,p,q,c]
 *
 * dx is added to; the pixels that were left out get nothing.
 */
void subsample_backward(float *dx,        // [N,Y,X,C]  added to
                        const float *ds,  // [N,P,Q,M]
                        int stride, int M, int N, int Y, int X, int C)
{
    // ds is read from its first element to its last.
    TODO("14.4");
}

/* ---- blocks --------------------------------------------------------------------- */

/* What leads around a block: nothing (a plain network), the image itself, the image
 * subsampled (14.3), or a unit, which projects it. */
enum shortcut { NONE, IDENTITY, SUBSAMPLE, PROJECTION };

/* A block of 2 units, or of 3 (a bottleneck): units first, first + 1 ... of the
 * network, and with a projection the one after them. */
struct block { int first, units, stride; enum shortcut shortcut; };

/* Exercise 14.5: a block forward.
 *
 *     unit 1 reads x, each other what the one before gives: unit_out()
 *     h = relu(what the last unit gives + shortcut of x)
 *
 * By unit_forward() and join_forward(); the shortcut is as block->shortcut says.  h and
 * the work of its units are overwritten.
 * Hint: without weights, the shortcut can be made in h.
 */
void block_forward(float *h,               // [N,P,Q,M]  overwritten
                   struct unit_work *u,    // [units + 1]  overwritten
                   const float *x,         // [N,Y,X,C]
                   const struct unit *net, // [units + 1] the first unit of the block
                   const struct block *block,
                   double *sums,           // scratch for unit_forward()
                   bool training, int N)
{
    // The units, one after the other.
    // The shortcut, and the sum.
    TODO("14.5");
}

/* The gradient back through a relu, in place: 0 where its result h is 0. */
void relu_mask(float *dh, const float *h, long n)
{
#pragma omp parallel for schedule(static) num_threads(threads_over((size_t)n))
    for (long i = 0; i < n; i++)
        dh[i] = h[i] > 0 ? dh[i] : 0;
}

/* Memory for gradients on the way back through a block: each as large as the largest
 * image between two units. */
struct block_back { struct unit_back unit; float *spare[3]; };

/* Exercise 14.6: a block backward.
 *
 *     g = dh where h > 0, else 0
 *     dx = g through the units, the last first, + g through the shortcut
 *
 * dx and the gradients of the units are overwritten, dh is changed.  unit_backward()
 * changes the gradient it is given: what two need must be copied.
 * Hint: let the shortcut write dx, and unit 1 add to it.
 */
void block_backward(float *dx,             // [N,Y,X,C]  overwritten
                    struct unit *grad,     // [units + 1]  overwritten
                    float *dh,             // [N,P,Q,M]  changed
                    const float *h,        // [N,P,Q,M]  of block_forward
                    const struct unit_work *u,  // [units + 1]  of block_forward
                    const float *x,        // [N,Y,X,C]
                    const struct unit *net,     // [units + 1]
                    const struct block *block, const struct block_back *back, int N)
{
    // Through the relu.
    // Through the shortcut, to dx.
    // Through the units: behind the last there is no relu any more.
    TODO("14.6");
}

/* ---- networks: one table, one plan ---------------------------------------------- */

/* A family of networks: the first unit (the stem), its kernel, channels and stride, a
 * max pool behind it or not; then stages of blocks, each stage but the first with half
 * the rows and columns of the one before.  width is the M of a stage's 3x3 kernels; a
 * bottleneck has four times as many channels at its end.
 * Source: He, Zhang, Ren, Sun 2015, table 1 and section 4.2. */
struct family {
    const char *name;
    int kernel, stem, stride;
    bool pool;
    int stages, blocks[4], width[4], units;
    enum shortcut smaller;  // the shortcut where the shape changes; else IDENTITY
};

const struct family families[] = {
    {"plain20", 3, 16, 1, false, 3, {3, 3, 3}, {16, 32, 64}, 2, NONE},
    {"resnet20", 3, 16, 1, false, 3, {3, 3, 3}, {16, 32, 64}, 2, SUBSAMPLE},
    {"plain56", 3, 16, 1, false, 3, {9, 9, 9}, {16, 32, 64}, 2, NONE},
    {"resnet56", 3, 16, 1, false, 3, {9, 9, 9}, {16, 32, 64}, 2, SUBSAMPLE},
    {"resnet18", 7, 64, 2, true, 4, {2, 2, 2, 2}, {64, 128, 256, 512}, 2, PROJECTION},
    {"resnet50", 7, 64, 2, true, 4, {3, 4, 6, 3}, {64, 128, 256, 512}, 3, PROJECTION},
};
enum { FAMILIES = sizeof families / sizeof *families, UNITS = 64, BLOCKS = 32 };

struct resnet {
    const struct family *family;
    int units, blocks, D, K;   // D features make the logits of K classes
    struct unit unit[UNITS];   // unit[0] is the stem
    struct block block[BLOCKS];
    struct conv pool;          // of the stem, if the family has one
    float *W, *b;              // [K,D], [K]
};

const struct family *family_find(const char *name)
{
    for (int i = 0; i < FAMILIES; i++)
        if (!strcmp(families[i].name, name))
            return families + i;
    return NULL;
}

/* One more unit: for images [Y,X,C], M kernels R by R, and so many zeros around that
 * only the stride makes the image smaller. */
void unit_add(struct resnet *net, const char *name, int Y, int X, int C, int R, int M,
              int stride)
{
    struct unit *u = net->unit + net->units++;
    snprintf(u->name, sizeof u->name, "%s", name);
    u->c = conv_padded(Y, X, C, R, R, M, stride, R / 2);
}

/* Exercise 14.7: one more block: its units and, where it needs one, that of its
 * shortcut.
 *
 *     2 units:  3x3 with the stride, 3x3             M = width, width
 *     3 units:  1x1, 3x3 with the stride, 1x1        M = width, width, 4 width
 *
 * The image at its beginning is [Y,X,C].  If it comes out with the same shape, the
 * shortcut is IDENTITY, else family->smaller; in a plain network, whose smaller is
 * NONE, it is always NONE.  A PROJECTION is a unit more, 1x1 with the stride.  Their
 * names are the prefix and "conv1", "conv2" ..., and "downsample.0" for the projection.
 * Hint: unit_add() does the padding, and P and Q of a unit say how large its result is.
 */
void block_add(struct resnet *net,  // units and blocks added to
               const char *prefix, int Y, int X, int C, int width, int stride)
{
    // The block: net->family->units units, beginning with the next one.
    // Its units: each reads what the one before gives.
    // The shortcut.
    TODO("14.7");
}

/* The shapes of a whole network for images [Y,X,C] of K classes; no memory yet. */
struct resnet resnet_plan(const struct family *f, int Y, int X, int C, int K)
{
    struct resnet net = {.family = f, .K = K};
    unit_add(&net, "conv1", Y, X, C, f->kernel, f->stem, f->stride);
    Y = net.unit[0].c.P, X = net.unit[0].c.Q, C = f->stem;
    if (f->pool) {
        net.pool = conv_padded(Y, X, C, 3, 3, C, 2, 1);
        Y = net.pool.P, X = net.pool.Q;
    }
    for (int i = 0; i < f->stages; i++)
        for (int k = 0; k < f->blocks[i]; k++) {
            char prefix[32];
            snprintf(prefix, sizeof prefix, "layer%d.%d.", i + 1, k);
            block_add(&net, prefix, Y, X, C, f->width[i], i > 0 && k == 0 ? 2 : 1);
            const struct block *b = net.block + net.blocks - 1;
            const struct conv *last = &net.unit[b->first + b->units - 1].c;
            Y = last->P, X = last->Q, C = last->M;
        }
    net.D = C;
    return net;
}

/* Exercise 14.8: how many numbers a network learns, and how many multiply-adds it makes
 * for one image.
 *
 *     a unit learns      R S C M weights, M gammas, M betas
 *     and makes          P Q R S C M multiply-adds
 *     the last layer     K D weights, K biases; K D multiply-adds
 *
 * Returns the first, and writes the second.
 */
long resnet_count(double *multiply_adds,  // overwritten
                  const struct resnet *net)
{
    // The last layer, then unit by unit.
    TODO("14.8");
}

/* How many floats the learned numbers take, with the weights in panels. */
size_t resnet_size(const struct resnet *net)
{
    size_t n = (size_t)net->K * (size_t)net->D + (size_t)net->K;
    for (int i = 0; i < net->units; i++) {
        const struct conv *c = &net->unit[i].c;
        n += panels_size(c->R * c->S * c->C, c->M) + 2 * (size_t)c->M;
    }
    return n;
}

/* How many floats the running statistics take. */
size_t resnet_stats_size(const struct resnet *net)
{
    size_t n = 0;
    for (int i = 0; i < net->units; i++)
        n += 2 * (size_t)net->unit[i].c.M;
    return n;
}

/* A network in a block of resnet_size() floats and one of resnet_stats_size(); or a
 * gradient, which has no statistics: NULL.  The first begins at unit[0].w, the second
 * at unit[0].running_mean. */
struct resnet resnet_at(struct resnet plan, float *block, float *stats)
{
    for (int i = 0; i < plan.units; i++) {
        struct unit *u = plan.unit + i;
        const int M = u->c.M;
        u->w = block;
        u->gamma = block + panels_size(u->c.R * u->c.S * u->c.C, M);
        u->beta = u->gamma + M;
        block = u->beta + M;
        u->running_mean = stats;
        u->running_var = stats ? stats + M : NULL;
        stats = stats ? stats + 2*M : NULL;
    }
    plan.W = block;
    plan.b = block + plan.K * plan.D;
    return plan;
}

/* One weight of a unit, where it lies in its panels. */
float *unit_weight(const struct unit *u, int r, int s, int k, int m)
{
    const int K = u->c.R * u->c.S * u->c.C, first = m / PANEL_M * PANEL_M;
    const int row = whole_vectors(least(PANEL_M, u->c.M - first));
    return u->w + (long)first*K + (long)((r*u->c.S + s)*u->c.C + k)*row + m - first;
}

/* New weights: normal, with the deviation sqrt(2 / (R S M)) of He for the way back, as
 * torchvision's; drawn in the order [R,S,C,M].  Gammas 1, betas 0; running mean 0 and
 * variance 1.  The last layer is uniform within 1 / sqrt(D), its biases 0. */
void resnet_init(struct resnet *net, uint64_t *chance)
{
    for (int i = 0; i < net->units; i++) {
        const struct unit *u = net->unit + i;
        const struct conv *c = &u->c;
        float deviation = sqrtf(2 / (float)(c->R * c->S * c->M));
        for (int j = 0; j < c->R * c->S * c->C * c->M; j++)
            *unit_weight(u, j / c->M / c->C / c->S, j / c->M / c->C % c->S,
                         j / c->M % c->C, j % c->M) = deviation * normal(chance);
        for (int m = 0; m < c->M; m++) {
            u->gamma[m] = u->running_var[m] = 1;
            u->beta[m] = u->running_mean[m] = 0;
        }
    }
    float limit = 1 / sqrtf((float)net->D);
    for (int i = 0; i < net->K * net->D; i++)
        net->W[i] = limit * (2*uniform(chance) - 1);
    memset(net->b, 0, net->K * sizeof *net->b);
}

/* ---- the network forward and backward ----------------------------------------- */

/* All that training keeps: of every unit what it makes, and h[0] behind the stem, h[i]
 * behind block i - 1.  The two d take turns on the way back. */
struct resnet_work {
    const float *x;           // [N,Y,X,C]  the images
    struct unit_work unit[UNITS];
    float *h[BLOCKS + 1];
    int *from;                // of the stem's pool
    float *pooled, *dpooled;  // [N,D]
    float *z, *p, *dz;        // [N,K]  logits, probabilities, gradient
    float *d[2];
    struct block_back back;
    float *block;             // all of it but from
};

/* Gives out the parts of a block one after the other, each at a multiple of 64 bytes;
 * without a block it only counts. */
struct parts { float *block; size_t used; };

float *part_take(struct parts *t, size_t n)
{
    float *part = t->block ? t->block + t->used : NULL;
    t->used += (n + 15) / 16 * 16;
    return part;
}

/* How many floats the image behind a unit takes. */
size_t unit_image(const struct unit *u, int N)
{
    return (size_t)N * u->c.P * u->c.Q * u->c.M;
}

struct resnet_work work_parts(const struct resnet *net, int N, struct parts *t)
{
    struct resnet_work w = {.block = t->block};
    size_t image = 0, sums = 0;  // the largest of each
    for (int i = 0; i < net->units; i++) {
        const struct unit *u = net->unit + i;
        const int M = u->c.M;
        float **part[] = {&w.unit[i].mean, &w.unit[i].var, &w.unit[i].scale,
                          &w.unit[i].shift};
        w.unit[i].z = part_take(t, unit_image(u, N));
        for (int j = 0; j < 4; j++)
            *part[j] = part_take(t, M);
        size_t parts = unit_image(u, N) / M / PART + 1;
        image = image > unit_image(u, N) ? image : unit_image(u, N);
        sums = sums > 2 * parts * M ? sums : 2 * parts * M;
    }
    w.h[0] = part_take(t, net->family->pool ? (size_t)N * net->pool.P * net->pool.Q
                              * net->pool.C : unit_image(net->unit, N));
    for (int i = 0; i < net->blocks; i++) {
        const struct block *b = net->block + i;
        w.h[i + 1] = part_take(t, unit_image(net->unit + b->first + b->units - 1, N));
    }
    float **logits[] = {&w.z, &w.p, &w.dz};
    for (int i = 0; i < 3; i++)
        *logits[i] = part_take(t, (size_t)N * net->K);
    w.pooled = part_take(t, (size_t)N * net->D);
    w.dpooled = part_take(t, (size_t)N * net->D);
    float **images[] = {w.d, w.d + 1, w.back.spare, w.back.spare + 1, w.back.spare + 2};
    for (int i = 0; i < 5; i++)
        *images[i] = part_take(t, image);
    w.back.unit.sums = (double *)part_take(t, 2 * sums);
    return w;
}

/* Memory to train with at most N images at a time; resnet_work_free() gives it back. */
struct resnet_work resnet_work_new(const struct resnet *net, int N)
{
    struct parts count = {0};
    work_parts(net, N, &count);
    struct parts parts = {floats(count.used), 0};
    struct resnet_work work = work_parts(net, N, &parts);
    if (net->family->pool)
        work.from = ints((size_t)N * net->pool.P * net->pool.Q * net->pool.C);
    return work;
}

void resnet_work_free(struct resnet_work *work)
{
    free(work->block);
    free(work->from);
}

/* The pool behind the stem (12.7) of relu(scale z + shift), made on the way. */
void stem_pool(float *h, int *from, const struct unit_work *u, const struct conv *c,
               int N)
{
    const int C = c->C;
#pragma omp parallel for schedule(static) \
    num_threads(threads_over((size_t)N * c->Y * c->X * C))
    for (int i = 0; i < N * c->P; i++)
        for (int q = 0; q < c->Q; q++) {
            float *to = h + ((long)i*c->Q + q)*C;
            int *at = from + ((long)i*c->Q + q)*C;
            for (int k = 0; k < C; k++)
                to[k] = -INFINITY, at[k] = 0;
            for (int r = 0; r < c->R; r++)
                for (int s = 0; s < c->S; s++) {
                    int pixel = pixel_under(c, i / c->P, i % c->P, q, r, s);
                    for (int k = 0; pixel >= 0 && k < C; k++) {
                        float y = fmaf(u->scale[k], u->z[pixel + k], u->shift[k]);
                        at[k] = y > to[k] ? pixel + k : at[k];
                        to[k] = y > to[k] ? y : to[k];
                    }
                }
            for (int k = 0; k < C; k++)
                to[k] = to[k] > 0 ? to[k] : 0;
        }
}

/* Exercise 14.9: the network forward, from images to logits.
 *
 *     h[0] = pool of relu of what the stem gives; in a family without pool, the relu
 *     h[i] = block i - 1 of h[i-1]                 for i = 1 .. blocks
 *     z    = (mean of h[blocks] over its pixels) W' + b
 *
 * stem_pool() does the first.  What work has for the way forward is overwritten: unit,
 * h, from, pooled and z.
 */
void resnet_forward(struct resnet_work *work,  // x given, all else overwritten
                    const struct resnet *net, bool training, int N)
{
    // The stem: unit 0, then the pool, or a join_forward() with nothing to add.
    // Block after block.
    // The mean over all pixels, and the last layer.
    TODO("14.9");
}

/* Exercise 14.10: the network backward, from the gradient in the logits, dz, and what
 * 14.9 left in work.
 *
 *     dz -> W, b, pooled -> h[blocks] -> block after block -> h[0] -> the stem
 *
 * All of grad is overwritten; nobody wants the gradient in the images.  d[0] and d[1]
 * take turns: a block reads one, and writes the other.  work->back.unit.training must
 * say whether the way forward was in training.
 * Hint: behind the stem's pool a gradient passes where h[0] > 0; the unit itself has no
 * relu then.
 */
void resnet_backward(struct resnet *grad,       // overwritten
                     struct resnet_work *work,  // dz given
                     const struct resnet *net, bool training, int N)
{
    // The last layer and the mean, which add to what they write.
    // The blocks, the last first.
    // The stem: back through the pool, if there is one, then its unit.
    TODO("14.10");
}

/* The gradient of the mean loss of N images with classes t [N], in training; returns
 * that loss.  The running statistics take in the batch. */
float resnet_gradient(struct resnet *grad,       // overwritten
                      struct resnet_work *work,  // x given, all else overwritten
                      struct resnet *net,        // running statistics changed
                      const int *t, int N)
{
    resnet_forward(work, net, true, N);
    float loss = cross_entropy_forward(work->p, work->z, t, N, net->K);
    memset(work->dz, 0, (size_t)N * net->K * sizeof(float));
    cross_entropy_backward(work->dz, work->p, t, N, net->K);
    resnet_backward(grad, work, net, true, N);
    for (int i = 0; i < net->units; i++)
        unit_running(net->unit + i, work->unit + i, N);
    return loss;
}

/* One step with momentum, where every number also decays: dw + decay w is its gradient.
 * All numbers in one pass, shared out to threads. */
void resnet_step(struct resnet *net, float *velocity,  // [resnet_size()], 0 at first
                 const struct resnet *grad, float rate, float momentum, float decay)
{
    float *w = net->unit[0].w, *v = velocity;
    const float *dw = grad->unit[0].w;
    const long n = (long)resnet_size(net);
#pragma omp parallel for schedule(static) num_threads(threads_over((size_t)n))
    for (long i = 0; i < n; i++) {
        v[i] = fmaf(momentum, v[i], fmaf(decay, w[i], dw[i]));
        w[i] = fmaf(-rate, v[i], w[i]);
    }
}

/* ---- inference: nothing is kept ------------------------------------------------- */

/* Exercise 14.11: the batch norm goes into the convolution: new weights and a bias that
 * give at once what unit_forward() and norm_scale() give with the running statistics.
 *
 *     w[r,s,c,m] scale[m]   with scale, shift as 14.1 makes them;   b[m] = shift[m]
 *
 * The weights lie in panels; unit_weight() says where.  w and b are overwritten; w has
 * the layout of the unit's own, and may be it, as b may be its beta.
 */
void unit_fold(float *w,  // [R,S,C,M] in panels, overwritten
               float *b,  // [M]  overwritten
               const struct unit *u)
{
    // Scale and shift of the running statistics.
    // Every weight, in its place.
    TODO("14.11");
}

/* A network for inference: folded weights, and memory for three images that take turns.
 * Only so many examples go through it together that what one unit makes is still in a
 * cache when the next one reads it. */
struct resnet_folded {
    struct resnet net;       // of its units only c, w and beta, the bias
    int together;
    float *image[3], *pooled;
    float *images;           // all of them: free() it when done
};

/* How many, if the largest image has so many floats: together about 2 MB. */
int folded_together(size_t image) { return 1 + (1 << 19) / (int)image; }

/* Folds a network into a block of resnet_size() floats.  That may be the one it lies
 * in: then the network itself serves for nothing else any more. */
struct resnet_folded resnet_fold(const struct resnet *net, float *block)
{
    struct resnet_folded f = {.net = resnet_at(*net, block, NULL)};
    size_t image = 0;
    for (int i = 0; i < net->units; i++) {
        size_t one = unit_image(net->unit + i, 1);
        image = image > one ? image : one;
        unit_fold(f.net.unit[i].w, f.net.unit[i].beta, net->unit + i);
    }
    memmove(f.net.W, net->W, ((size_t)net->K * net->D + net->K) * sizeof(float));
    f.together = folded_together(image);
    image *= (size_t)f.together;
    f.images = floats(3 * image + (size_t)f.together * net->D);
    for (int i = 0; i < 3; i++)
        f.image[i] = f.images + i*image;
    f.pooled = f.images + 3*image;
    return f;
}

/* A folded unit: y = x w + b, with relu, added to what y holds. */
void folded_forward(float *y, const struct unit *u, const float *x, bool add, bool relu,
                    int N)
{
    struct convolution v = convolution_dense(y, x, u->w, &u->c);
    v.b = u->beta, v.add = add, v.relu = relu;
    convolve(&v, N);
}

/* The logits of at most f->together images.  Each block adds to its shortcut where that
 * lies.  Where the pool found its numbers is written to b, and not read. */
void folded_predict(float *z,        // [N,K]  overwritten
                    struct resnet_folded *f,
                    const float *x,  // [N,Y,X,C]
                    int N)
{
    const struct unit *end = f->net.unit;
    float *h = f->image[0], *a = f->image[1], *b = f->image[2];
    folded_forward(f->net.family->pool ? a : h, end, x, false, true, N);
    if (f->net.family->pool)
        maxpool_fast_forward(h, (int *)b, a, &f->net.pool, N);
    for (int i = 0; i < f->net.blocks; i++) {
        const struct block *now = f->net.block + i;
        const struct unit *u = f->net.unit + now->first;
        const struct conv *c = &u[0].c;
        const float *in = h;
        end = u + now->units - 1;
        for (int j = 0; j < now->units - 1; j++) {
            folded_forward(j % 2 ? b : a, u + j, in, false, true, N);
            in = j % 2 ? b : a;
        }
        // Of a and b, the one that is free takes the shortcut, unless it is h itself.
        float *rest = in == a ? b : a, *to = now->shortcut == IDENTITY ? h : rest;
        if (now->shortcut == PROJECTION)
            folded_forward(to, end + 1, h, false, false, N);
        if (now->shortcut == SUBSAMPLE)
            subsample_forward(to, h, now->stride, end->c.M, N, c->Y, c->X, c->C);
        folded_forward(to, end, in, now->shortcut != NONE, true, N);
        if (to == a)
            a = h;
        else if (to == b)
            b = h;
        h = to;
    }
    global_average_forward(f->pooled, h, N, end->c.P, end->c.Q, f->net.D);
    linear_forward(z, f->pooled, f->net.W, f->net.b, N, f->net.D, f->net.K);
}

/* The logits of N images: as resnet_forward() without training, but for rounding. */
void resnet_predict(float *z,        // [N,K]  overwritten
                    struct resnet_folded *f,
                    const float *x,  // [N,Y,X,C]
                    int N)
{
    const struct conv *c = &f->net.unit[0].c;
    for (int n = 0; n < N; n += f->together)
        folded_predict(z + (long)n*f->net.K, f, x + (long)n*c->Y*c->X*c->C,
                       least(f->together, N - n));
}

/* ---- weights in files ------------------------------------------------------------ */

/* Exercise 14.12: the weights of a unit as PyTorch lays them out.
 *
 *     to[m,c,r,s] = w[r,s,c,m]
 *
 * The unit's own lie in panels; unit_weight() says where.  to is overwritten.
 */
void unit_export(float *to,  // [M,C,R,S]  overwritten
                 const struct unit *u)
{
    // to is written from its first element to its last.
    TODO("14.12");
}

/* Exercise 14.13: and back.
 *
 *     w[r,s,c,m] = from[m,c,r,s]
 *
 * The weights of u are overwritten, in their panels.
 */
void unit_import(struct unit *u,     // w overwritten
                 const float *from)  // [M,C,R,S]
{
    // from is read from its first element to its last.
    TODO("14.13");
}

/* A tensor of a network: where its numbers are, or whose kernel it is. */
struct named { char name[64]; int nd, dims[4]; float *data; struct unit *unit; };

/* The name of the batch norm that belongs to a convolution: bn2 to conv2, downsample.1
 * to downsample.0. */
void norm_name(char *to, size_t size, const char *conv)
{
    const char *last = strstr(conv, "conv");
    if (last)
        snprintf(to, size, "%.*sbn%s", (int)(last - conv), conv, last + 4);
    else
        snprintf(to, size, "%.*s1", (int)strlen(conv) - 1, conv);
}

/* Tensor number i of a network, named as torchvision does, behind a prefix: five of
 * each unit, two of the last layer.  False if there is none, or it has no place (the
 * statistics of a gradient). */
bool resnet_tensor(struct named *t, struct resnet *net, const char *prefix, int i)
{
    *t = (struct named){.nd = 1};
    if (i < 5 * net->units) {
        static const char *const part[] = {"weight", "weight", "bias", "running_mean",
                                           "running_var"};
        struct unit *u = net->unit + i / 5;
        float *const data[] = {u->w, u->gamma, u->beta, u->running_mean,
                               u->running_var};
        char norm[48];
        norm_name(norm, sizeof norm, u->name);
        snprintf(t->name, sizeof t->name, "%s%s.%s", prefix, i % 5 ? norm : u->name,
                 part[i % 5]);
        t->data = data[i % 5];
        t->dims[0] = u->c.M;
        if (i % 5 == 0) {
            t->unit = u, t->nd = 4;
            t->dims[1] = u->c.C, t->dims[2] = u->c.R, t->dims[3] = u->c.S;
        }
    } else if (i < 5 * net->units + 2) {
        bool bias = i > 5 * net->units;
        snprintf(t->name, sizeof t->name, "%sfc.%s", prefix, bias ? "bias" : "weight");
        t->data = bias ? net->b : net->W;
        t->nd = bias ? 1 : 2;
        t->dims[0] = net->K, t->dims[1] = bias ? 0 : net->D;
    }
    return t->data;
}

enum { TENSORS = 5 * UNITS + 2 };

/* Adds all tensors of a network to a file to be. */
void resnet_add(struct tensor_file *f, struct resnet *net, const char *prefix)
{
    struct named t;
    for (int i = 0; i < TENSORS; i++)
        if (resnet_tensor(&t, net, prefix, i))
            tensor_file_add(f, t.name, NULL, t.nd, t.dims);
}

/* Writes their numbers, in the same order. */
void resnet_put(struct tensor_file *f, struct resnet *net)
{
    struct named t;
    for (int i = 0; i < TENSORS; i++)
        if (resnet_tensor(&t, net, "", i)) {
            size_t n = (size_t)t.dims[0] * t.dims[1] * t.dims[2] * t.dims[3];
            float *kernel = t.unit ? floats(n) : NULL;
            if (kernel)
                unit_export(kernel, t.unit);
            tensor_file_put(f, kernel ? kernel : t.data);
            free(kernel);
        }
}

/* Saves a network and, for a training to go on later, its velocity (or NULL). */
void resnet_save(const char *path, struct resnet *net, struct resnet *velocity,
                 struct tensor_file f)  // with its notes, if it has any
{
    resnet_add(&f, net, "");
    if (velocity)
        resnet_add(&f, velocity, "velocity.");
    tensor_file_begin(&f, path);
    resnet_put(&f, net);
    if (velocity)
        resnet_put(&f, velocity);
    tensor_file_end(&f);
}

/* Takes the tensors of a network from a file, each with its name and shape; else the
 * program stops with one sentence. */
void resnet_take(struct resnet *net, const struct tensors *file, const char *prefix)
{
    struct named t;
    for (int i = 0; i < TENSORS; i++)
        if (resnet_tensor(&t, net, prefix, i)) {
            const float *from = tensors_floats(file, t.name, t.nd, t.dims);
            if (t.unit)
                unit_import(t.unit, from);
            else
                memcpy(t.data, from, (size_t)t.dims[0] * (t.nd > 1 ? t.dims[1] : 1)
                                     * sizeof *from);
        }
}

/* ---- the program: what a network is shown ------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"
#include "../../data/pnm.h"

/* Along one axis: of `size` pixels, `count` from number `first` on. */
struct cut { long size, first; int count; };

/* The middle ones; of two middles the even one, as torchvision has it. */
struct cut cut_middle(long size, int count)
{
    return (struct cut){size, lrint((double)(size - count) / 2), count};
}

/* Some of P = to.size rows from Y rows.  Row p of P lies at (p + 1/2) Y/P - 1/2 of Y,
 * and is a mean of the rows around: weights fall along a straight line, to 0 at a
 * distance of one row of the larger spacing.  So a larger image is bilinear, a smaller
 * one loses no row. */
void rows_resize(float *y,        // [to.count,D]  overwritten
                 const float *x,  // [Y,D]
                 struct cut to, int Y, int D)
{
    const double step = (double)Y / (double)to.size, reach = step > 1 ? step : 1;
    memset(y, 0, (size_t)to.count * D * sizeof *y);
    for (int p = 0; p < to.count; p++) {
        double centre = ((double)(to.first + p) + 0.5) * step - 0.5, sum = 0;
        int first = (int)fmax(0, ceil(centre - reach));
        int last = (int)fmin(Y - 1, floor(centre + reach));
        for (int i = first; i <= last; i++)
            sum += reach - fabs(i - centre);
        for (int i = first; i <= last; i++) {
            float share = (float)((reach - fabs(i - centre)) / sum);
            for (int d = 0; d < D; d++)
                y[(long)p*D + d] = fmaf(share, x[(long)i*D + d], y[(long)p*D + d]);
        }
    }
}

/* An image of another size, or a piece of it. */
void image_resize(float *y,        // [rows.count,columns.count,C]  overwritten
                  const float *x,  // [Y,X,C]
                  struct cut rows, struct cut columns, int Y, int X, int C)
{
    float *row = floats((size_t)X * C);
    for (int p = 0; p < rows.count; p++, y += (long)columns.count * C) {
        struct cut one = {rows.size, rows.first + p, 1};
        rows_resize(row, x, one, Y, X * C);
        rows_resize(y, row, columns, X, C);
    }
    free(row);
}

/* Mean and deviation of each channel of what a network learns from. */
struct look { float mean[3], deviation[3]; };

const struct look imagenet = {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};

/* Those of the first N images of a set. */
struct look look_of(const struct set *set, int N)
{
    double sum[3] = {0}, square[3] = {0}, count = (double)N * set->Y * set->X;
    float *x = floats(set->D);
    struct look look = {{0}, {0}};
    for (int n = 0, t; n < N; n++) {
        set_batch(x, &t, set, &n, 1);
        for (int i = 0; i < set->D; i++) {
            sum[i % set->C] += x[i];
            square[i % set->C] = fma(x[i], x[i], square[i % set->C]);
        }
    }
    for (int k = 0; k < set->C; k++) {
        double mean = sum[k] / count, var = fma(-mean, mean, square[k] / count);
        look.mean[k] = (float)mean;
        look.deviation[k] = var > 1e-6 ? (float)sqrt(var) : 1;
    }
    free(x);
    return look;
}

/* Brings every channel to mean 0 and deviation 1, in place. */
void image_standardize(float *x,  // [pixels,C]  changed
                       const struct look *look, int pixels, int C)
{
    for (int i = 0; i < pixels * C; i++)
        x[i] = (x[i] - look->mean[i % C]) / look->deviation[i % C];
}

/* ---- the program: a network that learns --------------------------------- */

/* How a network is trained. */
struct trial {
    const struct family *family;
    const char *data, *schedule, *save, *resume;
    struct augmentation how;
    int side;                 // rows and columns of what the network sees
    int batch, epochs, examples, tests, warmup, seed;
    float rate, momentum, decay;
};

/* A network, and what its training works with. */
struct training {
    struct resnet net, grad, velocity;
    struct resnet_work work;
    float *block, *stats;     // of net, grad and velocity; of the net
    struct minibatches b;
    struct look look;
    int *examples, *t;        // [batch]
    float *raw, *copy, *x;    // [batch,Y,X,C], the same, [batch,side,side,C]
    int steps;                // made so far
};

struct training training_new(const struct trial *r, const struct set *train)
{
    struct resnet plan = resnet_plan(r->family, r->side, r->side, train->C, train->K);
    size_t room = (resnet_size(&plan) + 15) / 16 * 16, B = (size_t)r->batch;
    struct training now = {
        .block = floats(3 * room), .stats = floats(resnet_stats_size(&plan)),
        .work = resnet_work_new(&plan, r->batch),
        .b = minibatches_new(r->examples, r->batch, stream(r->seed, 2)),
        .look = look_of(train, r->examples),
        .examples = ints(B), .t = ints(B),
        .raw = floats(B * train->D), .copy = floats(2 * B * train->D),
        .x = floats(B * r->side * r->side * train->C),
    };
    uint64_t chance = stream(r->seed, 1);
    now.net = resnet_at(plan, now.block, now.stats);
    now.grad = resnet_at(plan, now.block + room, NULL);
    now.velocity = resnet_at(plan, now.block + 2*room, NULL);
    resnet_init(&now.net, &chance);
    now.work.x = now.x;
    return now;
}

void training_free(struct training *now)
{
    free(now->x);
    free(now->copy);
    free(now->raw);
    free(now->t);
    free(now->examples);
    free(now->b.order);
    resnet_work_free(&now->work);
    free(now->stats);
    free(now->block);
}

/* The next N images, now->examples of a set, as the network wants them: in an epoch
 * above 0 changed by chance (13.7), then of the right size, then standardized. */
void training_show(struct training *now, const struct trial *r, const struct set *set,
                   int epoch, int N)
{
    const int D = set->D, side = r->side, C = set->C, pixels = side * side;
    float *changed = now->copy + (size_t)r->batch * D;
    set_batch(now->raw, now->t, set, now->examples, N);
    if (epoch)
        augment_batch(changed, now->copy, now->raw, now->examples, &r->how, r->seed,
                      epoch, N, set->Y, set->X, C);
    const float *from = epoch ? changed : now->raw;
    const struct cut all = cut_middle(side, side);
#pragma omp parallel for schedule(static) if (N > 7)
    for (int n = 0; n < N; n++) {
        float *x = now->x + (long)n*pixels*C;
        if (set->Y == side && set->X == side)
            memcpy(x, from + (long)n*D, D * sizeof *x);
        else
            image_resize(x, from + (long)n*D, all, all, set->Y, set->X, C);
        image_standardize(x, &now->look, pixels, C);
    }
}

int trial_batches(const struct trial *r)
{
    return (r->examples + r->batch - 1) / r->batch;
}

/* The rate of the next step, when so many have been made. */
float trial_rate(const struct trial *r, int done)
{
    const int steps = r->epochs * trial_batches(r);
    float rate = r->rate;
    if (!strcmp(r->schedule, "cosine"))
        rate = rate_cosine(rate, done, steps);
    if (!strcmp(r->schedule, "steps"))
        rate *= done < steps / 2 ? 1 : done < 3 * (long)steps / 4 ? 0.1f : 0.01f;
    return rate_warmup(rate, done, r->warmup);
}

/* How many of N examples have their largest logit where their class is. */
int hits(const float *z, const int *t, int N, int K)
{
    return (int)lrintf(top_k(z, t, 1, N, K) * (float)N);
}

/* One batch: its gradient, and a step.  Returns the loss before it. */
float training_step(struct training *now, int *right, int *N, const struct trial *r,
                    const struct set *train)
{
    int epoch = now->steps / trial_batches(r) + 1;
    *N = batch_next(now->examples, &now->b);
    training_show(now, r, train, epoch, *N);
    float loss = resnet_gradient(&now->grad, &now->work, &now->net, now->t, *N);
    *right = hits(now->work.z, now->t, *N, train->K);
    resnet_step(&now->net, now->velocity.unit[0].w, &now->grad,
                trial_rate(r, now->steps), r->momentum, r->decay);
    now->steps++;
    return loss;
}

/* One pass through the training set: loss and accuracy on the way. */
struct score training_epoch(struct training *now, const struct trial *r,
                            const struct set *train, struct progress *bar)
{
    double loss = 0;
    int right = 0, batches = trial_batches(r);
    for (int i = 0, hit, N; i < batches; i++) {
        loss += training_step(now, &hit, &N, r, train) * (double)N;
        right += hit;
        if (bar)
            progress(bar, now->steps, (long)r->epochs * batches);
    }
    float all = (float)r->examples;
    return (struct score){(float)(loss / r->examples), (float)right / all};
}

/* Loss and accuracy on test images, by the folded network. */
struct score training_test(struct training *now, const struct trial *r,
                           const struct set *test)
{
    const int K = test->K, N = test->N;
    float *block = floats(resnet_size(&now->net));
    struct resnet_folded f = resnet_fold(&now->net, block);
    float *z = floats((size_t)r->batch * K), *p = floats((size_t)r->batch * K);
    double loss = 0;
    int right = 0;
    for (int first = 0; first < N; first += r->batch) {
        int B = least(r->batch, N - first);
        for (int n = 0; n < B; n++)
            now->examples[n] = first + n;
        training_show(now, r, test, 0, B);
        resnet_predict(z, &f, now->x, B);
        loss += cross_entropy_forward(p, z, now->t, B, K) * (double)B;
        right += hits(z, now->t, B, K);
    }
    free(p);
    free(z);
    free(f.images);
    free(block);
    return (struct score){(float)(loss / N), (float)right / (float)N};
}

/* ---- the program: a training that can be stopped ------------------------ */

/* What a training must agree in, so that it can go on from a file: key and value. */
struct note { char key[24], value[80]; };
enum { NOTES = 16 };

/* Fills in one note after the other. */
__attribute__((format(printf, 3, 4)))
void note_add(struct note *note, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    snprintf(note->key, sizeof note->key, "%s", key);
    vsnprintf(note->value, sizeof note->value, format, args);
    va_end(args);
}

int trial_notes(struct note *note,  // [NOTES]  overwritten
                const struct trial *r, const struct look *look)
{
    const struct augmentation *how = &r->how;
    const float *m = look->mean, *d = look->deviation;
    int n = 0;
    note_add(note + n++, "net", "%s", r->family->name);
    note_add(note + n++, "data", "%s", r->data);
    note_add(note + n++, "examples", "%d", r->examples);
    note_add(note + n++, "mean", "%.9g %.9g %.9g", m[0], m[1], m[2]);
    note_add(note + n++, "deviation", "%.9g %.9g %.9g", d[0], d[1], d[2]);
    note_add(note + n++, "side", "%d", r->side);
    note_add(note + n++, "batch", "%d", r->batch);
    note_add(note + n++, "epochs", "%d", r->epochs);
    note_add(note + n++, "rate", "%.9g", r->rate);
    note_add(note + n++, "momentum", "%.9g", r->momentum);
    note_add(note + n++, "decay", "%.9g", r->decay);
    note_add(note + n++, "schedule", "%s", r->schedule);
    note_add(note + n++, "warmup", "%d", r->warmup);
    note_add(note + n++, "augmentation", "flip=%d shift=%d scale=%.9g rotation=%.9g "
             "cutout=%d", how->flip, how->shift, how->scale, how->rotation,
             how->cutout);
    note_add(note + n++, "seed", "%d", r->seed);
    return n;
}

/* Writes all that the training needs to go on after this epoch. */
void training_save(struct training *now, const struct trial *r, int epoch)
{
    struct tensor_file file = {0};
    struct note note[NOTES];
    int notes = trial_notes(note, r, &now->look);
    note_add(note + notes++, "epoch", "%d", epoch);
    for (int i = 0; i < notes; i++)
        tensor_file_note(&file, note[i].key, note[i].value);
    resnet_save(r->save, &now->net, &now->velocity, file);
}

/* Goes back to where a file was written; returns how many epochs were done. */
int training_resume(struct training *now, const struct trial *r)
{
    struct tensors file = tensors_load(r->resume);
    struct note note[NOTES];
    int notes = trial_notes(note, r, &now->look);
    for (int i = 0; i < notes; i++) {
        const char *found = tensors_metadata(&file, note[i].key);
        if (!found)
            die("%s: %s: not found, wanted a file of save=", r->resume, note[i].key);
        if (strcmp(found, note[i].value))
            die("%s: %s: found %s, wanted %s, as this training has it", r->resume,
                note[i].key, legible(found).text, note[i].value);
    }
    const char *text = tensors_metadata(&file, "epoch");
    char *end = "?";
    long epoch = text ? strtol(text, &end, 10) : 0;
    if (*end || epoch < 1 || epoch > r->epochs)
        die("%s: epoch: found %s, wanted 1 to %d", r->resume,
            text ? legible(text).text : "none", r->epochs);
    resnet_take(&now->net, &file, "");
    resnet_take(&now->velocity, &file, "velocity.");
    tensors_free(&file);
    // The order of the examples is drawn anew, up to here.
    now->steps = (int)epoch * trial_batches(r);
    for (int i = 0; i < now->steps; i++)
        batch_next(now->examples, &now->b);
    return (int)epoch;
}

/* One line of a learning curve, and on a terminal a bar. */
void epoch_print(const struct trial *r, int epoch, struct score train,
                 struct score test)
{
    char name[48], percent[32];
    printf("%s\t%d\t%.4g\t%.4f\t%.4f\t%.4f\t%.4f\n", r->family->name, epoch,
           trial_rate(r, epoch * trial_batches(r) - 1), train.loss, train.accuracy,
           test.loss, test.accuracy);
    fflush(stdout);
    snprintf(name, sizeof name, "%s, epoch %2d", r->family->name, epoch);
    snprintf(percent, sizeof percent, "%.1f %% right", 100 * test.accuracy);
    if (isatty(2))
        bar_draw(stderr, name, test.accuracy, 40, percent);
}

#define CURVE "# net\tepoch\trate\ttrain_loss\ttrain_accuracy\ttest_loss\taccuracy\n"

/* Trains one network, from the beginning or from a file, and saves it every epoch. */
void train_print(const struct trial *r, const struct set *train, const struct set *test)
{
    struct training now = training_new(r, train);
    struct progress bar = {.what = "training"};
    int done = *r->resume ? training_resume(&now, r) : 0;
    printf(CURVE);
    for (int epoch = done + 1; epoch <= r->epochs; epoch++) {
        struct score learned = training_epoch(&now, r, train, &bar);
        struct score tested = training_test(&now, r, test);
        progress(&bar, 1, 1);
        epoch_print(r, epoch, learned, tested);
        if (*r->save)
            training_save(&now, r, epoch);
    }
    training_free(&now);
}

/* ---- the program: networks beside each other ---------------------------- */

/* Learning curves of four networks from the same examples in the same order. */
void compare_print(const struct trial *r, const struct set *train,
                   const struct set *test)
{
    static const char *const names[] = {"plain56", "resnet56", "plain20", "resnet20"};
    enum { NETS = sizeof names / sizeof *names };
    struct score *score = memory(2 * NETS * (size_t)r->epochs, sizeof *score);
    struct trial all[NETS];
    struct progress bar = {.what = "training"};
    int done = 0;
    // The long ones first, so that the threads end together.
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < NETS; i++) {
        all[i] = *r;
        all[i].family = family_find(names[i]);
        struct training now = training_new(all + i, train);
        struct score *at = score + 2L * i * r->epochs;
        for (int e = 0; e < r->epochs; e++) {
            at[2*e] = training_epoch(&now, all + i, train, NULL);
            at[2*e + 1] = training_test(&now, all + i, test);
#pragma omp critical
            progress(&bar, done += i < 2 ? 3 : 1, 8 * r->epochs);
        }
        training_free(&now);
    }
    printf(CURVE);
    for (int i = NETS - 1; i >= 0; i--)
        for (int e = 0; e < r->epochs; e++) {
            const struct score *at = score + 2 * ((long)i * r->epochs + e);
            epoch_print(all + i, e + 1, at[0], at[1]);
        }
    free(score);
}

/* The length of the vector of all weights of a unit, or of their gradient. */
double unit_norm(const struct unit *u)
{
    size_t n = (size_t)u->c.R * u->c.S * u->c.C * u->c.M;
    float *w = floats(n);
    double sum = 0;
    unit_export(w, u);
    for (size_t i = 0; i < n; i++)
        sum += (double)w[i] * w[i];
    free(w);
    return sqrt(sum);
}

/* What one network shows of itself at some of its steps: the norm of the gradient and
 * of the weights in every unit. */
enum { LOOKS = 4 };
const int looks[LOOKS] = {1, 10, 30, 100};
struct depth { double gradient[LOOKS][UNITS], weights[LOOKS][UNITS]; };

void depth_look(struct depth *d, const struct trial *r, const struct set *train)
{
    struct training now = training_new(r, train);
    for (int look = 0, N, hit; look < LOOKS; look++) {
        while (now.steps < looks[look] - 1)
            training_step(&now, &hit, &N, r, train);
        for (int i = 0; i < now.net.units; i++)
            d->weights[look][i] = unit_norm(now.net.unit + i);
        training_step(&now, &hit, &N, r, train);
        for (int i = 0; i < now.net.units; i++)
            d->gradient[look][i] = unit_norm(now.grad.unit + i);
    }
    training_free(&now);
}

void depth_print(const struct trial *r, const struct set *train)
{
    static const char *const names[] = {"plain56", "resnet56"};
    struct depth *depth = memory(2, sizeof *depth);
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 2; i++) {
        struct trial own = *r;
        own.family = family_find(names[i]);
        depth_look(depth + i, &own, train);
    }
    printf("# net\tstep\tunit\tgradient\tweights\n");
    for (int i = 0; i < 2; i++) {
        struct resnet plan = resnet_plan(family_find(names[i]), r->side, r->side,
                                         train->C, train->K);
        for (int look = 0; look < LOOKS; look++)
            for (int u = 0; u < plan.units; u++)
                printf("%s\t%d\t%d\t%.4g\t%.4g\n", names[i], looks[look], u + 1,
                       depth[i].gradient[look][u], depth[i].weights[look][u]);
    }
    free(depth);
}

/* ---- the program: what a network takes ---------------------------------- */

/* Bytes as megabytes. */
double megabytes(size_t floats) { return (double)floats * sizeof(float) * 1e-6; }

/* A row for units first to end - 1: the stem, or a stage, whose first block is number
 * block - 1.  What it keeps for the way back is added to kept. */
void stage_print(const struct resnet *net, const char *name, int block, int first,
                 int end, int N, size_t *kept)
{
    struct resnet part = {.units = end - first};
    int blocks = 0;
    size_t floats = 0;
    double multiply_adds;
    memcpy(part.unit, net->unit + first, (size_t)part.units * sizeof *part.unit);
    for (int i = first; i < end; i++)
        floats += unit_image(net->unit + i, N) + 4 * (size_t)net->unit[i].c.M;
    const struct conv *c = &net->unit[0].c;
    int P = c->P, Q = c->Q, M = c->M, images = 1;
    if (!block && net->family->pool) {
        P = net->pool.P, Q = net->pool.Q;
        images = 2;  // and where each number came from
    }
    for (int i = block ? block - 1 : net->blocks; i < net->blocks; i++) {
        const struct block *b = net->block + i;
        if (b->first >= end)
            break;
        c = &net->unit[b->first + b->units - 1].c;
        P = c->P, Q = c->Q, M = c->M;
        images = ++blocks;
    }
    floats += (size_t)images * N * P * Q * M;
    *kept += floats;
    long learned = resnet_count(&multiply_adds, &part);
    printf("%s\t%d\t%d\t%d\t%d\t%d\t%ld\t%.0f\t%.2f\n", name, P, Q, M, blocks,
           part.units, learned, multiply_adds, megabytes(floats));
}

/* A row that is about memory alone. */
void memory_print(const char *name, size_t floats)
{
    printf("%s\t0\t0\t0\t0\t0\t0\t0\t%.2f\n", name, megabytes(floats));
}

/* A table of the stages, then of the memory that N images take in training, and to be
 * classified. */
void plan_print(const struct family *family, int side, int C, int K, int N)
{
    struct resnet net = resnet_plan(family, side, side, C, K);
    struct parts count = {0};
    double multiply_adds;
    long learned = resnet_count(&multiply_adds, &net);
    size_t kept = 0, weights = resnet_size(&net), image = 0;
    printf("# part\trows\tcolumns\tchannels\tblocks\tunits\tparameters\tmultiply_adds\t"
           "megabytes\n");
    stage_print(&net, "stem", 0, 0, 1, N, &kept);
    for (int i = 0, block = 0; i < family->stages; i++) {
        char name[24];
        int end = block + family->blocks[i];
        snprintf(name, sizeof name, "stage %d", i + 1);
        stage_print(&net, name, block + 1, net.block[block].first,
                    end < net.blocks ? net.block[end].first : net.units, N, &kept);
        block = end;
    }
    printf("last layer\t1\t1\t%d\t0\t0\t%d\t%d\t%.2f\n", K, K * (net.D + 1), K * net.D,
           megabytes((size_t)N * (3 * K + 2 * net.D)));
    kept += (size_t)N * (3 * K + 2 * net.D);
    printf("together\t0\t0\t0\t%d\t%d\t%ld\t%.0f\t%.2f\n", net.blocks, net.units,
           learned, multiply_adds, megabytes(kept));
    work_parts(&net, N, &count);
    size_t from = family->pool ? (size_t)N * net.pool.P * net.pool.Q * net.pool.C : 0;
    for (int i = 0; i < net.units; i++) {
        size_t own = unit_image(net.unit + i, 1);
        image = image > own ? image : own;
    }
    const size_t together = folded_together(image);
    memory_print("way back", count.used + from - kept);
    memory_print("weights", weights + resnet_stats_size(&net));
    memory_print("gradient and velocity", 2 * weights);
    memory_print("training", count.used + from + 3*weights + resnet_stats_size(&net));
    memory_print("folded", weights + together * (3*image + (size_t)net.D));
}

/* ---- the program: what is in a picture? --------------------------------- */

/* The names of the classes, a line each; without a file, their numbers. */
struct labels { int K; uint8_t *text; char **line; };

struct labels labels_load(const char *path, int K)
{
    struct labels l = {K, NULL, memory((size_t)K, sizeof *l.line)};
    uint64_t size;
    int lines = 0;
    if (!*path)
        return l;
    FILE *file = file_regular(path, &size);
    if (!size || size > 1 << 24)
        die("%s: file size: found %llu, wanted 1 to %d", path, (unsigned long long)size,
            1 << 24);
    uint8_t *bytes = file_bytes(file, path, (size_t)size);
    fclose(file);
    l.text = memory((size_t)size + 1, 1);
    memcpy(l.text, bytes, (size_t)size);
    free(bytes);
    for (char *at = (char *)l.text, *end = at + size; at < end; lines++) {
        char *next = memchr(at, '\n', (size_t)(end - at));
        next = next ? next : end;
        *next = '\0';
        if (lines < K)
            l.line[lines] = at;
        at = next + 1;
    }
    if (lines != K)
        die("%s: found %d lines, wanted %d, one for each class", path, lines, K);
    for (int k = 0; k < K; k++)
        l.line[k][strcspn(l.line[k], "\r")] = '\0';
    return l;
}

/* The middle of a picture as a network sees it: made so large that its shorter side has
 * crop pixels. */
void picture_show(float *x,  // [side,side,C]  overwritten
                  const struct pnm *p, const struct look *look, int side, int crop,
                  int C)
{
    const int Y = p->Y, X = p->X, shorter = least(Y, X);
    const struct cut rows = cut_middle((long)crop * Y / shorter, side);
    const struct cut columns = cut_middle((long)crop * X / shorter, side);
    float *all = floats((size_t)Y * X * C);
    if (C == 1)
        pnm_grey(all, p);
    for (long i = 0; C > 1 && i < (long)Y * X * C; i++)
        all[i] = p->x[i / C * p->C + i % C % p->C];
    image_resize(x, all, rows, columns, Y, X, C);
    image_standardize(x, look, side * side, C);
    free(all);
}

/* A tensor that must be there, with so many dimensions. */
const struct tensor *tensor_wanted(const struct tensors *file, const char *name, int nd)
{
    const struct tensor *t = tensors_find(file, name);
    if (!t || t->nd != nd)
        die("%s: tensor %s: found %s, wanted one of %d dimensions", file->path, name,
            t ? tensor_shape(t->nd, t->dims).text : "none", nd);
    return t;
}

/* Three numbers of a file's note, if it has it. */
void note_numbers(float *to,  // [3]  changed
                  const struct tensors *file, const char *key, float low)
{
    const char *text = tensors_metadata(file, key);
    float in[3];
    if (!text)
        return;
    if (sscanf(text, "%f %f %f", in, in + 1, in + 2) != 3)
        die("%s: %s: found %s, wanted three numbers", file->path, key,
            legible(text).text);
    for (int k = 0; k < 3; k++) {
        if (!(in[k] >= low && in[k] < 1000))
            die("%s: %s: found %s, wanted three numbers from %g to 1000", file->path,
                key, legible(text).text, low);
        to[k] = in[k];
    }
}

/* What a weights file says of its network, and what it leaves to custom. */
struct seen { const struct family *family; struct look look; int side, crop, C, K; };

struct seen seen_by(const struct tensors *file, const char *net, int side)
{
    struct seen s = {.look = imagenet};
    const char *own = tensors_metadata(file, "net");
    const char *wide = tensors_metadata(file, "side");
    if (own && *net && strcmp(own, net))
        die("%s: net: found %s, wanted %s", file->path, legible(own).text, net);
    s.family = family_find(own ? own : *net ? net : "resnet50");
    if (!s.family)
        die("%s: net: found %s, which is not known", file->path, legible(own).text);
    s.C = tensor_wanted(file, "conv1.weight", 4)->dims[1];
    s.K = tensor_wanted(file, "fc.bias", 1)->dims[0];
    if (tensor_wanted(file, "fc.weight", 2)->dims[0] != s.K)
        die("%s: tensor fc.weight: found %d rows, wanted %d, one for each of fc.bias",
            file->path, tensors_find(file, "fc.weight")->dims[0], s.K);
    if ((s.C != 1 && s.C != 3) || s.K < 1 || s.K > 100000)
        die("%s: found %d channels and %d classes, wanted 1 or 3 channels and 1 to "
            "100000 classes", file->path, s.C, s.K);
    note_numbers(s.look.mean, file, "mean", -1000);
    // A channel that is not there was given no deviation.
    float deviation[3] = {0};
    note_numbers(deviation, file, "deviation", 0);
    for (int k = 0; k < s.C; k++)
        s.look.deviation[k] = deviation[k] > 0 ? deviation[k] : s.look.deviation[k];
    long in = wide ? strtol(wide, NULL, 10) : 224;
    if (in < 1 || in > 512)
        die("%s: side: found %s, wanted 1 to 512", file->path, legible(wide).text);
    s.side = side ? side : (int)in;
    s.crop = wide ? s.side : s.side * 256 / 224;
    return s;
}

/* Makes sure that a file has the large tensors of a network, before memory for them is
 * asked for. */
void kernels_check(const struct resnet *plan, const struct tensors *file)
{
    for (int i = 0; i < plan->units; i++) {
        const struct unit *u = plan->unit + i;
        char name[64];
        snprintf(name, sizeof name, "%s.weight", u->name);
        tensors_floats(file, name, 4, (int[]){u->c.M, u->c.C, u->c.R, u->c.S});
    }
    tensors_floats(file, "fc.weight", 2, (int[]){plan->K, plan->D});
}

/* The five most likely classes of one picture. */
void classify_print(const char *weights, const char *picture, const char *labels,
                    const char *net, int side)
{
    struct tensors file = tensors_load(weights);
    struct seen s = seen_by(&file, net, side);
    struct resnet plan = resnet_plan(s.family, s.side, s.side, s.C, s.K);
    kernels_check(&plan, &file);
    struct labels l = labels_load(labels, s.K);
    struct pnm p = pnm_load(picture);
    float *block = floats(resnet_size(&plan));
    float *stats = floats(resnet_stats_size(&plan));
    struct resnet full = resnet_at(plan, block, stats);
    resnet_take(&full, &file, "");
    tensors_free(&file);
    struct resnet_folded f = resnet_fold(&full, block);
    float *x = floats((size_t)s.side * s.side * s.C);
    float *z = floats(s.K), *q = floats(s.K);
    picture_show(x, &p, &s.look, s.side, s.crop, s.C);
    resnet_predict(z, &f, x, 1);
    softmax_rows(q, z, 1, s.K);
    printf("# rank\tprobability\tclass\tlabel\n");
    for (int rank = 1; rank <= least(5, s.K); rank++) {
        int best = 0;
        for (int k = 1; k < s.K; k++)
            best = q[k] > q[best] ? k : best;
        printf("%d\t%.4f\t%d\t%s\n", rank, q[best], best,
               l.text ? legible(l.line[best]).text : "");
        q[best] = -1;
    }
    free(q), free(z), free(x);
    free(f.images);
    free(stats), free(block);
    pnm_free(&p);
    free(l.line), free(l.text);
}

/* ---- the program: what to do -------------------------------------------- */

/* What each show takes where an option is 0. */
struct suits { const char *show; int side, epochs, examples, tests; };

const struct suits suits[] = {
    {"train", 28, 5, 3000, 60000},
    {"compare", 14, 8, 2000, 1000},
    {"depth", 14, 1, 60000, 1},
};

/* Loads the images, and trains what is to be trained. */
void trainings_print(const char *show, const char *folder, struct trial r)
{
    const struct suits *suit = suits;
    while (strcmp(suit->show, show))
        suit++;
    const bool colour = !strcmp(r.data, "cifar10");
    int examples = r.examples ? r.examples : suit->examples;
    int tests = r.tests ? r.tests : suit->tests;
    struct set train = colour ? set_cifar(folder, "train", examples)
                              : set_images(folder, "train", examples);
    struct set test = colour ? set_cifar(folder, "t10k", tests)
                             : set_images(folder, "t10k", tests);
    if (train.Y != test.Y || train.X != test.X)
        die("%s: training images of %d by %d pixels, test images of %d by %d", folder,
            train.Y, train.X, test.Y, test.X);
    r.examples = train.N;
    r.tests = test.N;
    r.epochs = r.epochs ? r.epochs : suit->epochs;
    r.side = r.side ? r.side : suit == suits ? train.Y : suit->side;
    struct resnet plan = resnet_plan(r.family, r.side, r.side, train.C, train.K);
    const struct conv *end = &plan.unit[plan.units - 1].c;
    int last = r.examples % r.batch ? r.examples % r.batch : r.batch;
    if (last * end->P * end->Q < 2)
        die("side=%d batch=%d: the last batch leaves one number for a channel, wanted "
            "2 or more: one has no variance", r.side, r.batch);
    if (!strcmp(show, "train"))
        train_print(&r, &train, &test);
    else if (!strcmp(show, "compare"))
        compare_print(&r, &train, &test);
    else
        depth_print(&r, &train);
    set_free(&test);
    set_free(&train);
}

int main(int argc, char **argv)
{
    const char *show = "train", *net = "", *data = "fashion", *schedule = "cosine";
    const char *folder = "data/fashion-mnist", *save = "", *resume = "";
    const char *weights = "", *image = "", *labels = "";
    int side = 0, batch = 64, epochs = 0, examples = 0, tests = 0, warmup = 30;
    int flip = 1, shift = 1, cutout = 0, classes = 1000, channels = 3, seed = 1;
    float rate = 0.1f, momentum = 0.9f, decay = 1e-4f, scale = 0, rotation = 0;
    OPTIONS("trains residual networks; 0 or nothing: what suits the show",
            CHOICE(show, "train|compare|depth|plan|classify", "what to do"),
            CHOICE(net, "plain20|resnet20|plain56|resnet56|resnet18|resnet50",
                   "resnet20 to train, else resnet50"),
            CHOICE(data, "fashion|cifar10", "kind of files in the folder"),
            TEXT(folder, "where the images are"),
            OPTION(side, 0, 512, "rows and columns that the network sees"),
            OPTION(epochs, 0, 1000, "passes through the examples"),
            OPTION(examples, 0, 60000, "to train on at most"),
            OPTION(tests, 0, 60000, "images to test with at most"),
            OPTION(batch, 1, 4096, "examples in a step"),
            OPTION(rate, 1e-6, 10, "learning rate"),
            CHOICE(schedule, "cosine|steps|constant", "how the rate falls"),
            OPTION(warmup, 0, 100000, "steps in which it rises first"),
            OPTION(momentum, 0, 0.9999, "share of the velocity that stays"),
            OPTION(decay, 0, 1, "pull of every number towards 0"),
            OPTION(flip, 0, 1, "1: left and right, every second time"),
            OPTION(shift, 0, 16, "pixels at most, each way"),
            OPTION(scale, 0, 0.9, "0.1: by 0.9 to 1.1"),
            OPTION(rotation, 0, 180, "degrees at most, each way"),
            OPTION(cutout, 0, 64, "side of a black square"),
            OPTION(seed, 0, 1000000, "of weights, order and changes"),
            TEXT(save, "file to write after every epoch"),
            TEXT(resume, "such a file, to go on from"),
            OPTION(classes, 1, 100000, "of plan"), OPTION(channels, 1, 3, "of plan"),
            TEXT(weights, "file of classify"), TEXT(image, "picture of classify"),
            TEXT(labels, "names of the classes, a line each"));
    if (!strcmp(show, "classify")) {
        if (!*weights || !*image)
            die("show=classify: wanted weights=file.safetensors image=file.ppm");
        classify_print(weights, image, labels, net, side);
        return 0;
    }
    if (!strcmp(show, "plan")) {
        plan_print(family_find(*net ? net : "resnet50"), side ? side : 224, channels,
                   classes, batch);
        return 0;
    }
    if (*save)
        output_try(save);
    if (!strcmp(data, "cifar10") && !strcmp(folder, "data/fashion-mnist"))
        folder = "data/full/cifar10";
    struct trial r = {
        .family = family_find(*net ? net : "resnet20"), .data = data,
        .schedule = schedule, .save = save, .resume = resume, .side = side,
        .how = {flip, shift, scale, 0, rotation, cutout}, .batch = batch,
        .epochs = epochs, .examples = examples, .tests = tests, .warmup = warmup,
        .seed = seed, .rate = rate, .momentum = momentum, .decay = decay,
    };
    trainings_print(show, folder, r);
}

#endif

#endif
