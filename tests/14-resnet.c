/* 14-resnet: the tests. */
#include "grade.h"
#include "resnet.c"
#include "gold/14-resnet.h"

/* ---- 14.1 norm_scale ------------------------------------------------------------- */

/* Hint 14.1: gamma (z - mean) rstd + beta, multiplied out: which part of it has z beside it,
 * and what is left over?
 *
 * With rstd = 1 / sqrt(var[c] + NORM_EPSILON): scale[c] = gamma[c] rstd, and what is left over
 * is shift[c] = beta[c] - mean[c] gamma[c] rstd, that is beta[c] - mean[c] scale[c].
 *
 * One loop over the channels with two lines; the second needs what the first has made.
 */
typedef void scale_like(float *scale, float *shift, const float *gamma, const float *beta,
                        const float *mean, const float *var, int C);
scale_like norm_scale;

/* No variance is below 0. */
static void variances(float *var, int n, float least_of_all, float size)
{
    for (int i = 0; i < n; i++)
        var[i] = least_of_all + size * fabsf(var[i]);
}

#define SCALE_ARRAYS(C) OUT(scale, C); OUT(shift, C); IN(gamma, C); IN(beta, C); IN(mean, C); \
    IN(var, C)

CASE(scale_by_hand, scale_like)
{
    SCALE_ARRAYS(3);
    SET(gamma, 3, -1, 0.5); SET(beta, 1, 2, 0); SET(mean, 2, 3, -4);
    SET(var, 4 - 1e-5, 0.25 - 1e-5, 1 - 1e-5);
    f(scale, shift, gamma, beta, mean, var, 3);
    EXPECT(scale, 1.5, -2, 0.5);
    EXPECT(shift, -2, 8, 2);
}

CASE(scale_still, scale_like)
{
    SCALE_ARRAYS(2);
    SET(gamma, 1, -2); SET(beta, 0.5, 1); SET(mean, 3, 0.25); SET(var, 0, 0);
    f(scale, shift, gamma, beta, mean, var, 2);
    EXPECT(scale, 316.227766, -632.455532);
    EXPECT(shift, -948.183298, 159.113883);
}

CASE(scale_tiny, scale_like)
{
    SCALE_ARRAYS(5);
    variances(var, 5, 0, 1e-4f);
    f(scale, shift, gamma, beta, mean, var, 5);
}

CASE(scale_many, scale_like)
{
    SCALE_ARRAYS(17);
    variances(var, 17, 0.1f, 3);
    f(scale, shift, gamma, beta, mean, var, 17);
}

CASE(scale_in_place, scale_like)
{
    OUT(scale, 9); ADD_TO(shift, 9); IN(gamma, 9); IN(mean, 9); IN(var, 9);
    variances(var, 9, 0.2f, 2);
    f(scale, shift, gamma, shift, mean, var, 9);
}

/* With the statistics of the batch the result is that of PyTorch's batch norm and relu. */
CASE(scale_gold, scale_like)
{
    enum { C = 7, rows = 3 * 5 * 4 };
    IN(x, 3, 5, 4, C); IN(gamma, C); IN(beta, C); IN(mean, C); IN(var, C); OUT(y, 3, 5, 4, C);
    OUT(scale, C); OUT(shift, C);
    SET(x, NORM_X); SET(gamma, NORM_GAMMA); SET(beta, NORM_BETA);
    for (int k = 0; k < C; k++) {
        double sum = 0, square = 0;
        for (int i = 0; i < rows; i++)
            sum += x[i*C + k], square += (double)x[i*C + k] * x[i*C + k];
        mean[k] = (float)(sum / rows);
        var[k] = (float)(square / rows - sum * sum / rows / rows);
    }
    f(scale, shift, gamma, beta, mean, var, C);
    for (int i = 0; i < rows * C; i++)
        y[i] = fmaxf(0, scale[i % C] * x[i] + shift[i % C]);
    EXPECT(y, NORM_TRAIN_Y);
}

/* ---- 14.2 join_forward ------------------------------------------------------------ */

/* Hint 14.2: what is added first, and when does the relu come: before the sum, or behind it?
 *
 * Without a shortcut h = relu(scale z + shift), with one that is an image h = relu(scale z +
 * shift + s), with one that has a unit h = relu(scale z + shift + s_scale s + s_shift); scale,
 * shift and their kin have one number a channel.
 *
 * Two loops, over rows and channels; in them a sum that begins as scale[c] z[i*C + c] +
 * shift[c], an if for s, in it one for s_scale, and at last the larger of the sum and 0.
 */
typedef void join_like(float *h, const float *z, const float *scale, const float *shift,
                       const float *s, const float *s_scale, const float *s_shift, int rows,
                       int C);
join_like join_forward;

#define JOIN_ARRAYS(rows, C) OUT(h, rows, C); IN(z, rows, C); IN(scale, C); IN(shift, C)
#define JOIN_SIDE(rows, C) IN(s, rows, C); IN(s_scale, C); IN(s_shift, C)

CASE(join_by_hand, join_like)
{
    JOIN_ARRAYS(2, 2); IN(s, 2, 2);
    SET(z, 1, 2,  -3, 4); SET(scale, 2, -1); SET(shift, 1, 0.5); SET(s, -1, 3,  6, 3);
    f(h, z, scale, shift, s, NULL, NULL, 2, 2);
    EXPECT(h, 2, 1.5,  1, 0);
}

CASE(join_side_by_hand, join_like)
{
    JOIN_ARRAYS(2, 2); JOIN_SIDE(2, 2);
    SET(z, 1, 2,  -3, 4); SET(scale, 2, -1); SET(shift, 1, 0.5); SET(s, -1, 3,  6, 3);
    SET(s_scale, 0.5, 2); SET(s_shift, 1, -2);
    f(h, z, scale, shift, s, s_scale, s_shift, 2, 2);
    EXPECT(h, 3.5, 2.5,  0, 0.5);
}

CASE(join_none, join_like)
{
    JOIN_ARRAYS(5, 7);
    f(h, z, scale, shift, NULL, NULL, NULL, 5, 7);
}

CASE(join_image, join_like)
{
    JOIN_ARRAYS(7, 17); IN(s, 7, 17);
    f(h, z, scale, shift, s, NULL, NULL, 7, 17);
}

CASE(join_side, join_like)
{
    JOIN_ARRAYS(9, 5); JOIN_SIDE(9, 5);
    f(h, z, scale, shift, s, s_scale, s_shift, 9, 5);
}

CASE(join_in_place, join_like)
{
    ADD_TO(h, 6, 5); IN(z, 6, 5); IN(scale, 5); IN(shift, 5);
    f(h, z, scale, shift, h, NULL, NULL, 6, 5);
}

CASE(join_side_in_place, join_like)
{
    ADD_TO(h, 5, 24); IN(z, 5, 24); IN(scale, 24); IN(shift, 24); IN(s_scale, 24);
    IN(s_shift, 24);
    f(h, z, scale, shift, h, s_scale, s_shift, 5, 24);
}

/* ---- 14.3 subsample_forward -------------------------------------------------------- */

/* Hint 14.3: of an image of 5 rows and stride 2, which rows are taken?  How many are that?
 *
 * Place (p,q) takes its C numbers from pixel (p stride, q stride), and its channels C, C+1 ...
 * M-1 are 0.  5 rows with stride 2 are rows 0, 2, 4: so P = (5 + 2 - 1) / 2 = 3.
 *
 * Three loops: n, then the rows i = 0, stride, 2 stride ... below Y, then the columns j alike.
 * In them C numbers are copied and M - C set to 0, and the pointer s goes M numbers on.
 */
typedef void sub_like(float *s, const float *x, int stride, int M, int N, int Y, int X, int C);
sub_like subsample_forward;

CASE(sub_by_hand, sub_like)
{
    IN(x, 1, 4, 5, 1); OUT(s, 1, 2, 2, 2);
    SET(x, 9, -2, 3, 4, 0,  6, 7, 8, 1, 2,  5, 3, 4, 10, -1,  -3, 2, 1, 6, 0);
    f(s, x, 3, 2, 1, 4, 5, 1);
    EXPECT(s, 9, 0,  4, 0,   -3, 0,  6, 0);
}

#define SUB(name, stride, M, N, Y, X, C) CASE(name, sub_like) \
    { IN(x, N, Y, X, C); \
      OUT(s, N, (Y + stride - 1) / stride, (X + stride - 1) / stride, M); \
      f(s, x, stride, M, N, Y, X, C); }
SUB(sub_odd, 2, 7, 2, 5, 7, 3)
SUB(sub_even, 2, 16, 3, 4, 6, 9)
SUB(sub_three, 3, 5, 2, 7, 8, 2)
SUB(sub_same, 2, 3, 2, 6, 5, 3)
SUB(sub_one, 1, 6, 2, 3, 4, 5)
SUB(sub_large, 4, 4, 3, 3, 2, 3)

/* ---- 14.4 subsample_backward --------------------------------------------------------- */

/* Hint 14.4: place (p,q) of s came from one pixel of x: to which pixel does its gradient go
 * back?  And of the M numbers, how many came from x?
 *
 * dx[n, p stride, q stride, c] += ds[n,p,q,c] for c below C; what belongs to the channels C to
 * M-1 goes nowhere, but ds has it.
 *
 * The loops of 14.3.  In them a loop over C channels that adds, at the index that x had there;
 * the pointer ds goes M numbers on.
 */
typedef void sub_back_like(float *dx, const float *ds, int stride, int M, int N, int Y, int X,
                           int C);
sub_back_like subsample_backward;

CASE(sub_back_by_hand, sub_back_like)
{
    IN(ds, 1, 2, 2, 2); ADD_TO(dx, 1, 3, 4, 1);
    SET(dx, 10, 20, 30, 40,  50, 60, 70, 80,  90, 100, 110, 120);
    SET(ds, 1, 7,  2, 8,   3, 9,  4, 10);
    f(dx, ds, 2, 2, 1, 3, 4, 1);
    EXPECT(dx, 11, 20, 32, 40,  50, 60, 70, 80,  93, 100, 114, 120);
}

#define SUB_BACK(name, stride, M, N, Y, X, C) CASE(name, sub_back_like) \
    { IN(ds, N, (Y + stride - 1) / stride, (X + stride - 1) / stride, M); \
      ADD_TO(dx, N, Y, X, C); \
      f(dx, ds, stride, M, N, Y, X, C); }
SUB_BACK(sub_back_odd, 2, 7, 2, 5, 7, 3)
SUB_BACK(sub_back_even, 2, 16, 3, 4, 6, 9)
SUB_BACK(sub_back_three, 3, 5, 2, 7, 8, 2)
SUB_BACK(sub_back_same, 2, 3, 2, 6, 5, 3)
SUB_BACK(sub_back_one, 1, 6, 2, 3, 4, 5)
SUB_BACK(sub_back_large, 4, 4, 3, 3, 2, 3)

/* ---- panels ------------------------------------------------------------------------ */

/* The weights of a case are [R,S,C,M]; where they lie in panels depends on the machine, and
 * the worker's vectors are not the judge's.  So a case packs and unpacks them. */

static size_t weights_count(const struct conv *c) { return (size_t)c->R * c->S * c->C * c->M; }

/* Weights in panels, in memory of their own that has not a float too much. */
static float *panels_of(const float *w, const struct conv *c)
{
    float *p = floats(panels_size(c->R * c->S * c->C, c->M));
    weights_pack(p, w, c->R * c->S * c->C, c->M);
    return p;
}

/* So many floats that nobody has written yet. */
static float *unwritten(const struct run *r, size_t n)
{
    float *p = floats(n);
    for (size_t i = 0; i < n; i++)
        memcpy(p + i, &r->fill, 4);
    return p;
}

static float *panels_unwritten(const struct run *r, const struct conv *c)
{
    return unwritten(r, panels_size(c->R * c->S * c->C, c->M));
}

/* What was written there, as [R,S,C,M]. */
static void panels_read(const struct run *r, float *w, float *panels, const struct conv *c)
{
    struct unit u = {.c = *c, .w = panels};
    for (int i = 0; i < (int)weights_count(c); i++) {
        int m = i % c->M, k = i / c->M % c->C, s = i / c->M / c->C % c->S;
        const float *at = unit_weight(&u, i / c->M / c->C / c->S, s, k, m);
        if (memcmp(at, &r->fill, 4))
            w[i] = *at;
    }
}

/* ---- units in plain loops -------------------------------------------------------------- */

/* What a unit makes of x [N,Y,X,C], in double: z and the numbers of its batch norm go to u;
 * scale z + shift [N,P,Q,M] is returned, to be freed. */
static double *unit_made(struct unit_work *u, const struct unit *net, const double *x,
                         bool training, int N)
{
    const struct conv *c = &net->c;
    const int rows = N * c->P * c->Q, M = c->M;
    double *y = malloc((size_t)rows * M * sizeof *y);
    for (int i = 0; i < rows; i++)
        for (int m = 0; m < M; m++) {
            int n = i / (c->P * c->Q), p = i / c->Q % c->P, q = i % c->Q;
            double z = 0;
            for (int r = 0; r < c->R; r++)
                for (int s = 0; s < c->S; s++) {
                    int a = p*c->stride_y + r - c->top, b = q*c->stride_x + s - c->left;
                    const double *pixel = x + ((n*c->Y + a)*c->X + b)*c->C;
                    for (int k = 0; k < c->C && a >= 0 && a < c->Y && b >= 0 && b < c->X; k++)
                        z += pixel[k] * *unit_weight(net, r, s, k, m);
                }
            y[i*M + m] = z;
            u->z[i*M + m] = (float)z;
        }
    for (int m = 0; m < M; m++) {
        double mean = 0, var = 0;
        for (int i = 0; i < rows; i++)
            mean += y[i*M + m] / rows;
        for (int i = 0; i < rows; i++)
            var += (y[i*M + m] - mean) * (y[i*M + m] - mean) / rows;
        if (!training)
            mean = net->running_mean[m], var = net->running_var[m];
        double rstd = 1 / sqrt(var + 1e-5);
        u->mean[m] = (float)mean, u->var[m] = (float)var;
        u->scale[m] = (float)(net->gamma[m] * rstd);
        u->shift[m] = (float)(net->beta[m] - mean * net->gamma[m] * rstd);
        for (int i = 0; i < rows; i++)
            y[i*M + m] = net->gamma[m] * (y[i*M + m] - mean) * rstd + net->beta[m];
    }
    return y;
}

static int image_count(const struct conv *c, int N) { return N * c->P * c->Q * c->M; }

static double *doubles(const float *x, int n)
{
    double *to = malloc((size_t)n * sizeof *to);
    for (int i = 0; i < n; i++)
        to[i] = x[i];
    return to;
}

/* No number below 0. */
static void bend(double *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = y[i] > 0 ? y[i] : 0;
}

/* Number i of the shortcut without weights that has M channels. */
static double short_at(const double *x, const struct block *b, const struct conv *c,
                       const struct conv *end, int i)
{
    int m = i % end->M, q = i / end->M % end->Q, p = i / end->M / end->Q % end->P;
    int n = i / end->M / end->Q / end->P, by = b->shortcut == IDENTITY ? 1 : b->stride;
    return m < c->C ? x[((n*c->Y + p*by)*c->X + q*by)*c->C + m] : 0;
}

/* What a way forward leaves in the work of a block's units, and its result, to be freed. */
static double *block_fill(struct unit_work *u, const double *x, const struct unit *net,
                          const struct block *b, bool training, int N)
{
    const struct conv *end = &net[b->units - 1].c;
    double *y = NULL;
    for (int i = 0; i < b->units; i++) {
        if (i)
            bend(y, image_count(&net[i - 1].c, N));
        double *next = unit_made(u + i, net + i, i ? y : x, training, N);
        free(y);
        y = next;
    }
    double *side = b->shortcut != PROJECTION ? NULL
                   : unit_made(u + b->units, net + b->units, x, training, N);
    for (int i = 0; i < image_count(end, N); i++)
        if (b->shortcut != NONE)
            y[i] += side ? side[i] : short_at(x, b, &net[0].c, end, i);
    bend(y, image_count(end, N));
    free(side);
    return y;
}

/* ---- 14.5 block_forward ------------------------------------------------------------------ */

/* Hint 14.5: between two units of a block there is a relu, but nobody calls it: who makes it,
 * and from what?  And what does the first unit read?
 *
 * Unit 0 reads (struct images_in){.x = x}, unit i reads unit_out(u + i - 1).  The end is
 * join_forward() of the last unit's z, scale and shift with: nothing (NONE), x (IDENTITY), what
 * 14.3 makes of x (SUBSAMPLE), or z, scale and shift of unit number block->units, which reads x
 * too (PROJECTION).
 *
 * A loop over the units with one call of unit_forward(); then a switch over block->shortcut
 * with four calls of join_forward(), two of them behind another call.
 */
typedef void forward_like(float *h, struct unit_work *u, const float *x,
                          const struct unit *net, const struct block *block, double *sums,
                          bool training, int N);
forward_like block_forward;

/* A block of a case: every array is one of its own, so that the sanitizer sees a step out
 * of it.  norm is gamma, beta, running mean and variance; stats is mean, variance, scale and
 * shift. */
struct trial {
    int N, all;  // images, units with that of the shortcut
    struct block block;
    struct unit net[4], grad[4];
    struct unit_work u[4];
    float *x, *h, *dx, *w[4], *norm[4], *dw[4], *dnorm[4];
};

static const char *const trial_names[][6] = {
    {"w of unit 0", "norm of unit 0", "z of unit 0", "stats of unit 0", "dw of unit 0",
     "dnorm of unit 0"},
    {"w of unit 1", "norm of unit 1", "z of unit 1", "stats of unit 1", "dw of unit 1",
     "dnorm of unit 1"},
    {"w of unit 2", "norm of unit 2", "z of unit 2", "stats of unit 2", "dw of unit 2",
     "dnorm of unit 2"},
    {"w of unit 3", "norm of unit 3", "z of unit 3", "stats of unit 3", "dw of unit 3",
     "dnorm of unit 3"},
};

static float *new_vectors(struct run *r, const char *name, enum role role, int n, int M)
{
    return array_new(r, name, role, 'f', 0, (int[]){n, M, 0});
}

static float *new_weights(struct run *r, const char *name, enum role role,
                          const struct conv *c)
{
    return array_new(r, name, role, 'f', 0, (int[]){c->R, c->S, c->C, c->M, 0});
}

static float *new_images(struct run *r, const char *name, enum role role,
                         const struct conv *c, int N)
{
    return array_new(r, name, role, 'f', 0, (int[]){N, c->P, c->Q, c->M, 0});
}

/* Gamma about 1, a variance that is none below 0. */
static void norm_usual(float *norm, int M)
{
    for (int m = 0; m < M; m++) {
        norm[m] = 1 + 0.5f * norm[m];
        norm[3*M + m] = 1 + 0.7f * norm[3*M + m];
    }
}

/* Two kernels of 3x3, or with H one of 3x3 between two of 1x1. */
static struct trial trial_new(struct run *r, enum shortcut shortcut, int N, int Y, int X,
                              int C, int M, int H, int stride)
{
    struct trial t = {.N = N, .block = {0, H ? 3 : 2, stride, shortcut}};
    struct conv c = {Y, X, C, .P = Y, .Q = X, .M = C};
    t.all = t.block.units + (shortcut == PROJECTION);
    t.x = new_images(r, "x", INPUT, &c, N);
    for (int i = 0; i < t.block.units; i++) {
        bool small = H && i != 1;
        c = conv_padded(c.P, c.Q, c.M, small ? 1 : 3, small ? 1 : 3, H && i < 2 ? H : M,
                        i == !!H ? stride : 1, !small);
        t.net[i].c = c;
    }
    if (shortcut == PROJECTION)
        t.net[t.block.units].c = conv_padded(Y, X, C, 1, 1, M, stride, 0);
    for (int i = 0; i < t.all; i++) {
        const int own = t.net[i].c.M;
        t.w[i] = new_weights(r, trial_names[i][0], INPUT, &t.net[i].c);
        t.norm[i] = new_vectors(r, trial_names[i][1], INPUT, 4, own);
        norm_usual(t.norm[i], own);
    }
    return t;
}

/* The units get what the arrays hold. */
static void trial_begin(struct trial *t)
{
    for (int i = 0; i < t->all; i++) {
        struct unit *u = &t->net[i];
        const int M = u->c.M;
        u->w = panels_of(t->w[i], &u->c);
        u->gamma = t->norm[i], u->beta = u->gamma + M;
        u->running_mean = u->beta + M, u->running_var = u->running_mean + M;
    }
}

/* Where z and the four vectors of its batch norm are to be. */
static void trial_work(struct run *r, struct trial *t)
{
    for (int i = 0; i < t->all; i++) {
        const int M = t->net[i].c.M;
        float *z = new_images(r, trial_names[i][2], OUTPUT, &t->net[i].c, t->N);
        float *stats = new_vectors(r, trial_names[i][3], OUTPUT, 4, M);
        t->u[i] = (struct unit_work){z, stats, stats + M, stats + 2*M, stats + 3*M};
    }
}

/* And where they are when they are given, all units' in two arrays. */
static void trial_given(struct run *r, struct trial *t)
{
    int images = 0, channels = 0;
    for (int i = 0; i < t->all; i++)
        images += (int)unit_image(t->net + i, t->N), channels += t->net[i].c.M;
    float *z = new_vectors(r, "z of all units", INPUT, images, 0);
    float *stats = new_vectors(r, "stats of all units", INPUT, 4 * channels, 0);
    for (int i = 0; i < t->all; i++) {
        const int M = t->net[i].c.M;
        t->u[i] = (struct unit_work){z, stats, stats + M, stats + 2*M, stats + 3*M};
        z += unit_image(t->net + i, t->N), stats += 4*M;
    }
}

static void trial_end(struct trial *t)
{
    for (int i = 0; i < t->all; i++)
        free(t->net[i].w), free(t->grad[i].w);
}

/* Scratch for images_moments() of any of these units. */
static double *sums_for(const struct unit *net, int units, int N)
{
    int most = 0;
    for (int i = 0; i < units; i++) {
        int rows = N * net[i].c.P * net[i].c.Q, n = ((rows + PART - 1) / PART) * 2*net[i].c.M;
        most = n > most ? n : most;
    }
    return memory((size_t)most, sizeof(double));
}

static void trial_forward(struct run *r, struct trial *t, forward_like *f, bool training)
{
    t->h = new_images(r, "h", OUTPUT, &t->net[t->block.units - 1].c, t->N);
    trial_work(r, t);
    trial_begin(t);
    double *sums = sums_for(t->net, t->all, t->N);
    TOLERANCE(1e-4);
    f(t->h, t->u, t->x, t->net, &t->block, sums, training, t->N);
    free(sums);
    trial_end(t);
}

#define SET_UNIT(i, G, n) SET(t.w[i], G##_W##n); \
    SET(t.norm[i], G##_GAMMA##n, G##_BETA##n, G##_MEAN##n, G##_VAR##n)
#define GOLD_TRIAL(G, shortcut) \
    struct trial t = trial_new(r, shortcut, G##_N, G##_Y0, G##_X0, G##_C, G##_M, G##_H, \
                               G##_STRIDE); \
    SET(t.x, G##_X); SET_UNIT(0, G, 1); SET_UNIT(1, G, 2)
#define GOLD_BASIC GOLD_TRIAL(BASIC, IDENTITY)
#define GOLD_BASIC_DOWN GOLD_TRIAL(BASIC_DOWN, PROJECTION); SET_UNIT(2, BASIC_DOWN, S)
#define GOLD_PADDED_DOWN GOLD_TRIAL(PADDED_DOWN, SUBSAMPLE)
#define GOLD_BOTTLENECK GOLD_TRIAL(BOTTLENECK, IDENTITY); SET_UNIT(2, BOTTLENECK, 3)
#define GOLD_BOTTLENECK_DOWN GOLD_TRIAL(BOTTLENECK_DOWN, PROJECTION); \
    SET_UNIT(2, BOTTLENECK_DOWN, 3); SET_UNIT(3, BOTTLENECK_DOWN, S)

#define FORWARD_TRAIN(name, G) CASE(name, forward_like) \
    { GOLD_##G; trial_forward(r, &t, f, true); EXPECT(t.h, G##_TRAIN_Y); }
#define FORWARD_EVAL(name, G) CASE(name, forward_like) \
    { GOLD_##G; trial_forward(r, &t, f, false); EXPECT(t.h, G##_EVAL_Y); }
FORWARD_TRAIN(forward_basic, BASIC)
FORWARD_EVAL(forward_basic_eval, BASIC)
FORWARD_TRAIN(forward_down, BASIC_DOWN)
FORWARD_EVAL(forward_down_eval, BASIC_DOWN)
FORWARD_TRAIN(forward_padded, PADDED_DOWN)
FORWARD_TRAIN(forward_bottleneck, BOTTLENECK)
FORWARD_EVAL(forward_narrow_eval, BOTTLENECK_DOWN)

CASE(forward_plain, forward_like)
{
    struct trial t = trial_new(r, NONE, 3, 4, 5, 17, 17, 0, 1);
    trial_forward(r, &t, f, true);
}

CASE(forward_plain_down, forward_like)
{
    struct trial t = trial_new(r, NONE, 2, 5, 6, 16, 7, 0, 2);
    trial_forward(r, &t, f, false);
}

CASE(forward_wide, forward_like)
{
    struct trial t = trial_new(r, PROJECTION, 3, 5, 4, 9, 24, 17, 2);
    trial_forward(r, &t, f, true);
}

/* ---- 14.6 block_backward -------------------------------------------------------------- */

/* Hint 14.6: a sum passes its gradient on to both its parts: which two parts has the sum at
 * the end of a block?  And who still needs g when unit_backward() has changed it?
 *
 * First g = relu_mask() of dh by h.  To dx through the shortcut: nothing (NONE), a copy of g
 * (IDENTITY), 14.4 into zeros (SUBSAMPLE), or unit_backward() of unit number block->units with
 * a copy of g (PROJECTION), which has no relu behind it.  Then the units from the last to the
 * first: the last has no relu behind it, the others have; unit 0 adds to dx, unless the shortcut
 * is NONE.
 *
 * One call and three ifs, then a loop downwards with one call of unit_backward(): it goes to
 * back->spare[0] or [1] in turn, and for unit 0 to dx; it reads what unit i read in 14.5.
 */
typedef void backward_like(float *dx, struct unit *grad, float *dh, const float *h,
                           const struct unit_work *u, const float *x, const struct unit *net,
                           const struct block *block, const struct block_back *back, int N);
backward_like block_backward;

/* Arrays for the gradients, in the order in which they are made; dx the last. */
static void trial_gradients(struct run *r, struct trial *t)
{
    const struct conv *c = &t->net[0].c;
    for (int i = t->all - 1; i >= 0; i--) {
        const int M = t->net[i].c.M;
        t->dnorm[i] = new_vectors(r, trial_names[i][5], OUTPUT, 2, M);
        t->dw[i] = new_weights(r, trial_names[i][4], OUTPUT, &t->net[i].c);
        t->grad[i] = (struct unit){.c = t->net[i].c, .w = panels_unwritten(r, &t->net[i].c),
                                   .gamma = t->dnorm[i], .beta = t->dnorm[i] + M};
    }
    t->dx = array_new(r, "dx", OUTPUT, 'f', 0, (int[]){t->N, c->Y, c->X, c->C, 0});
}

/* Memory as large as the largest image between two units. */
static struct block_back back_new(const struct run *r, const struct unit *net, int units, int N,
                                  bool training)
{
    size_t image = (size_t)N * net[0].c.Y * net[0].c.X * net[0].c.C;
    struct block_back back = {.unit = {.sums = sums_for(net, units, N), .training = training}};
    for (int i = 0; i < units; i++)
        image = unit_image(net + i, N) > image ? unit_image(net + i, N) : image;
    for (int i = 0; i < 3; i++)
        back.spare[i] = unwritten(r, image);
    return back;
}

static void back_free(struct block_back *back)
{
    free(back->unit.sums);
    for (int i = 0; i < 3; i++)
        free(back->spare[i]);
}

/* A block back, from what its way forward has left behind. */
static void trial_backward(struct run *r, struct trial *t, backward_like *f, const float *dh,
                           bool training)
{
    const struct conv *c = &t->net[0].c, *end = &t->net[t->block.units - 1].c;
    t->h = new_images(r, "h", INPUT, end, t->N);
    trial_given(r, t);
    trial_gradients(r, t);
    trial_begin(t);
    double *in = doubles(t->x, t->N * c->Y * c->X * c->C);
    double *out = block_fill(t->u, in, t->net, &t->block, training, t->N);
    int n = image_count(end, t->N);
    float *changed = floats((size_t)n);
    memcpy(changed, dh, (size_t)n * sizeof *dh);
    for (int i = 0; i < n; i++)
        t->h[i] = (float)out[i];
    struct block_back back = back_new(r, t->net, t->all, t->N, training);
    TOLERANCE(1e-4);
    f(t->dx, t->grad, changed, t->h, t->u, t->x, t->net, &t->block, &back, t->N);
    for (int i = 0; i < t->all; i++)
        panels_read(r, t->dw[i], t->grad[i].w, &t->net[i].c);
    back_free(&back);
    free(in), free(out), free(changed);
    trial_end(t);
}

#define DH float *dh = new_images(r, "dh", INPUT, &t.net[t.block.units - 1].c, t.N)
#define EXPECT_UNIT(i, G, n) EXPECT(t.dw[i], G##_DW##n); \
    EXPECT(t.dnorm[i], G##_DGAMMA##n, G##_DBETA##n)
#define EXPECT_BASIC(G) EXPECT(t.dx, G##_DX); EXPECT_UNIT(0, G, 1); EXPECT_UNIT(1, G, 2)
#define EXPECT_BASIC_DOWN(G) EXPECT_BASIC(G); EXPECT_UNIT(2, G, S)
#define EXPECT_PADDED_DOWN(G) EXPECT_BASIC(G)
#define EXPECT_BOTTLENECK(G) EXPECT_BASIC(G); EXPECT_UNIT(2, G, 3)
#define EXPECT_BOTTLENECK_DOWN(G) EXPECT_BOTTLENECK(G); EXPECT_UNIT(3, G, S)
#define BACKWARD_GOLD(name, G, training, mode) CASE(name, backward_like) \
    { GOLD_##G; DH; SET(dh, G##_DY); trial_backward(r, &t, f, dh, training); \
      EXPECT_##G(G##_##mode); }
BACKWARD_GOLD(backward_basic, BASIC, true, TRAIN)
BACKWARD_GOLD(backward_basic_eval, BASIC, false, EVAL)
BACKWARD_GOLD(backward_down, BASIC_DOWN, true, TRAIN)
BACKWARD_GOLD(backward_down_eval, BASIC_DOWN, false, EVAL)
BACKWARD_GOLD(backward_padded, PADDED_DOWN, true, TRAIN)
BACKWARD_GOLD(backward_bottleneck, BOTTLENECK, true, TRAIN)
BACKWARD_GOLD(backward_narrow, BOTTLENECK_DOWN, true, TRAIN)
BACKWARD_GOLD(backward_narrow_eval, BOTTLENECK_DOWN, false, EVAL)

CASE(backward_plain, backward_like)
{
    struct trial t = trial_new(r, NONE, 3, 4, 5, 17, 16, 0, 1);
    DH;
    trial_backward(r, &t, f, dh, true);
}

CASE(backward_wide, backward_like)
{
    struct trial t = trial_new(r, PROJECTION, 3, 5, 4, 9, 24, 17, 2);
    DH;
    trial_backward(r, &t, f, dh, true);
}

/* ---- 14.7 block_add ------------------------------------------------------------------- */

/* Hint 14.7: an image 9x8 of 4 channels enters a bottleneck of width 3 and stride 2: what
 * shape does each of its three units read, and what shape comes out?
 *
 * block->first is net->units before anything is added.  2 units: 3x3, width, the stride in
 * the first.  3 units: 1x1, 3x3, 1x1, with width, width, 4 width kernels, the stride in the
 * second.  Each reads P, Q and M of the one before.  Shape unchanged and smaller not NONE:
 * IDENTITY; else smaller; for PROJECTION one unit more, 1x1, from [Y,X,C] to the M of the end.
 *
 * Fill the next struct block; a loop over the units with snprintf() for the name, one
 * unit_add(), and y, x and channels taken from the unit just added; then the shortcut, with
 * an if for the same shape and one for the projection.
 */
typedef void add_like(struct resnet *net, const char *prefix, int Y, int X, int C, int width,
                      int stride);
add_like block_add;

static int *new_ints(struct run *r, const char *name, int n)
{
    return array_new(r, name, OUTPUT, 'i', 1, (int[]){n, 0});
}

/* A block behind a stem (and behind as many blocks more), of a family with this smaller:
 * what net says then, of `all` units and one block. */
static void add_one(struct run *r, add_like *f, int units, enum shortcut smaller, int behind,
                    const char *prefix, int Y, int X, int C, int width, int stride, int all)
{
    enum { LETTERS = 24 };
    struct family family = {.units = units, .smaller = smaller};
    struct resnet *net = memory(1, sizeof *net);
    LABELS(given, 1, 5);
    SET(given, Y, X, C, width, stride);
    net->family = &family;
    for (int i = 0; i <= 2 * behind; i++)
        unit_add(net, "stem", Y, X, 2, 3, C, 1);
    for (int i = 0; i < behind; i++)
        net->block[net->blocks++] = (struct block){1 + 2*i, 2, 1, IDENTITY};
    f(net, prefix, given[0], given[1], given[2], given[3], given[4]);
    int *count = new_ints(r, "net->units", 1), *blocks = new_ints(r, "net->blocks", 1);
    int *first = new_ints(r, "block->first", 1), *own = new_ints(r, "block->units", 1);
    int *by = new_ints(r, "block->stride", 1), *shortcut = new_ints(r, "block->shortcut", 1);
    const struct block *b = &net->block[behind];
    *count = net->units, *blocks = net->blocks;
    *first = b->first, *own = b->units, *by = b->stride, *shortcut = (int)b->shortcut;
    static const char *const names[] = {
        "Y of unit", "X of unit", "C of unit", "R of unit", "S of unit", "M of unit",
        "stride_y of unit", "stride_x of unit", "top of unit", "left of unit", "P of unit",
        "Q of unit"};
    for (int k = 0; k < 12; k++) {
        int *field = new_ints(r, names[k], all);
        for (int i = 0; i < all; i++)
            field[i] = ((const int *)&net->unit[i].c)[k];
    }
    int *name = array_new(r, "name of unit", OUTPUT, 'i', 1, (int[]){all, LETTERS, 0});
    for (int i = 0; i < all * LETTERS; i++)
        name[i] = net->unit[i / LETTERS].name[i % LETTERS];
    free(net);
}

CASE(add_identity, add_like)
{
    add_one(r, f, 2, SUBSAMPLE, 0, "layer1.0.", 6, 5, 3, 3, 1, 3);
    EXPECT(r->arrays[1].data, 3);  // net->units, then block->first, units, stride, shortcut
    EXPECT(r->arrays[3].data, 1);
    EXPECT(r->arrays[4].data, 2);
    EXPECT(r->arrays[5].data, 1);
    EXPECT(r->arrays[6].data, IDENTITY);
}

CASE(add_subsample, add_like)
{
    add_one(r, f, 2, SUBSAMPLE, 1, "layer2.0.", 7, 6, 3, 5, 2, 5);
}

CASE(add_narrow_image, add_like)
{
    add_one(r, f, 2, SUBSAMPLE, 0, "layer3.0.", 8, 5, 4, 4, 2, 3);
}

CASE(add_more_channels, add_like)
{
    add_one(r, f, 2, PROJECTION, 2, "layer1.2.", 4, 7, 3, 6, 1, 8);
}

CASE(add_plain, add_like) { add_one(r, f, 2, NONE, 1, "layer1.1.", 5, 4, 3, 3, 1, 5); }
CASE(add_plain_down, add_like) { add_one(r, f, 2, NONE, 0, "layer2.0.", 5, 8, 3, 7, 2, 3); }

CASE(add_project, add_like)
{
    add_one(r, f, 2, PROJECTION, 1, "layer4.0.", 9, 8, 5, 7, 2, 6);
}

CASE(add_bottleneck, add_like)
{
    add_one(r, f, 3, PROJECTION, 0, "layer1.1.", 7, 4, 12, 3, 1, 4);
}

CASE(add_bottleneck_wider, add_like)
{
    add_one(r, f, 3, PROJECTION, 1, "layer1.0.", 6, 7, 5, 3, 1, 7);
}

CASE(add_bottleneck_down, add_like)
{
    add_one(r, f, 3, PROJECTION, 2, "layer3.0.", 9, 8, 4, 3, 2, 9);
    EXPECT(r->arrays[9].data, 2, 2, 2, 2, 2, 4, 3, 3, 4);    // C
    EXPECT(r->arrays[12].data, 4, 4, 4, 4, 4, 3, 3, 12, 12);  // M
    EXPECT(r->arrays[13].data, 1, 1, 1, 1, 1, 1, 2, 1, 2);    // stride_y
    EXPECT(r->arrays[17].data, 9, 9, 9, 9, 9, 9, 5, 5, 5);    // P
}

/* ---- 14.8 resnet_count ----------------------------------------------------------------- */

/* Hint 14.8: one kernel of 3x3 over 5 channels: how many weights has it?  At how many places
 * of an image of 8x7 that comes out as 4x4 does it stand?
 *
 * Learned: K D + K, and for every unit R S C M + 2 M.  Multiply-adds: K D, and for every unit
 * P Q R S C M.
 *
 * Begin both with the share of the last layer; then one loop over net->units.  The product for
 * the multiply-adds is larger than an int can hold: make it in double, or in long.
 */
typedef long count_like(double *multiply_adds, const struct resnet *net);
count_like resnet_count;

/* Both numbers of a network; given has C R S M, Y X, P Q of each unit in a row. */
static void count_of(struct run *r, count_like *f, int units, const int *given, int D, int K)
{
    struct resnet *net = memory(1, sizeof *net);
    const double before = 1e9;
    double sum = before;
    OUT(multiply_adds, 1); OUT_INT(learned, 1);
    TOLERANCE(1e-7);
    net->units = units, net->D = D, net->K = K;
    for (int i = 0; i < units; i++, given += 8)
        net->unit[i].c = (struct conv){given[4], given[5], given[0], given[1], given[2],
                                       given[3], 2, 3, 1, 1, given[6], given[7]};
    net->unit[units].c = (struct conv){1, 1, 9, 1, 1, 9, 1, 1, 0, 0, 1, 1};  // not of it
    *learned = (int)f(&sum, net);
    if (sum != before)
        *multiply_adds = (float)sum;
    free(net);
}

CASE(count_by_hand, count_like)
{
    int given[] = {2, 3, 3, 4, 5, 6, 5, 6,  4, 1, 1, 3, 5, 6, 3, 3};
    count_of(r, f, 2, given, 3, 5);
    EXPECT(r->arrays[0].data, 3*3*2*4 * 30 + 4*3 * 9 + 5*3);
    EXPECT(r->arrays[1].data, 3*3*2*4 + 2*4 + 4*3 + 2*3 + 5*3 + 5);
}

CASE(count_one, count_like)
{
    int given[] = {3, 5, 4, 17, 9, 8, 5, 2};
    count_of(r, f, 1, given, 17, 2);
}

CASE(count_many, count_like)
{
    int given[6 * 8];
    for (int i = 0; i < 48; i++)
        given[i] = 1 + (i * 7 + i / 8) % 9;
    count_of(r, f, 6, given, 8, 5);
}

CASE(count_large, count_like)
{
    int given[] = {3, 7, 7, 64, 224, 224, 112, 112,  512, 3, 3, 512, 240, 250, 240, 250};
    count_of(r, f, 2, given, 512, 1000);
}

/* ---- 14.9 resnet_forward ----------------------------------------------------------------- */

/* Hint 14.9: behind the stem either a pool stands or not: what is h[0] in each case?  And what
 * does block i read, and write?
 *
 * unit_forward() of unit 0 with (struct images_in){.x = work->x}; then stem_pool(), or
 * join_forward() with NULL for the shortcut.  Block i: block_forward() from h[i] to h[i+1], its
 * units from net->unit + b->first on, their work from work->unit + b->first on.  Then
 * global_average_forward() to pooled and linear_forward() to z.
 *
 * One call, an if with two, a loop over net->blocks with one, two calls at the end.  The last
 * unit of the last block, b->first + b->units - 1, knows P and Q for the mean.
 */
typedef void run_like(struct resnet_work *work, const struct resnet *net, bool training,
                      int N);
run_like resnet_forward;

/* What networks are tested with: a table of convolutions, and one of blocks. */
struct sketch {
    bool pool;
    int units, blocks, K;
    struct conv unit[8], pooled;
    struct block block[3];
};

/* 3x3 with stride 1; 1x1; and both with stride 2. */
#define K3(Y, X, C, M) {Y, X, C, 3, 3, M, 1, 1, 1, 1, Y, X}
#define K1(Y, X, C, M) {Y, X, C, 1, 1, M, 1, 1, 0, 0, Y, X}
#define K3_DOWN(Y, X, C, M) {Y, X, C, 3, 3, M, 2, 2, 1, 1, (Y + 1) / 2, (X + 1) / 2}
#define K1_DOWN(Y, X, C, M) {Y, X, C, 1, 1, M, 2, 2, 0, 0, (Y + 1) / 2, (X + 1) / 2}
#define BASIC_NET "N=3, 6x5x2, basic blocks of 3, 3 and 5 channels"
#define PLAIN_NET "N=2, 4x3x3, plain blocks of 17 and 16 channels"
#define NECK_NET "N=3, 9x11x1, pool, bottlenecks of 9 and 12 channels"
#define SIDE_NET "N=4, 7x6x2, basic blocks of 4 and 7 channels, projected"

static const struct sketch basic_net = {
    .units = 7, .blocks = 3, .K = 4,
    .unit = {K3(6, 5, 2, 3), K3(6, 5, 3, 3), K3(6, 5, 3, 3), K3(6, 5, 3, 3), K3(6, 5, 3, 3),
             K3_DOWN(6, 5, 3, 5), K3(3, 3, 5, 5)},
    .block = {{1, 2, 1, IDENTITY}, {3, 2, 1, IDENTITY}, {5, 2, 2, SUBSAMPLE}}};
static const struct sketch plain_net = {
    .units = 5, .blocks = 2, .K = 7,
    .unit = {K3(4, 3, 3, 17), K3(4, 3, 17, 17), K3(4, 3, 17, 17), K3_DOWN(4, 3, 17, 16),
             K3(2, 2, 16, 16)},
    .block = {{1, 2, 1, NONE}, {3, 2, 2, NONE}}};
static const struct sketch neck_net = {
    .pool = true, .units = 8, .blocks = 2, .K = 3,
    .unit = {K3_DOWN(9, 11, 1, 5), K1(3, 3, 5, 3), K3(3, 3, 3, 3), K1(3, 3, 3, 12),
             K1(3, 3, 5, 12), K1(3, 3, 12, 3), K3(3, 3, 3, 3), K1(3, 3, 3, 12)},
    .pooled = K3_DOWN(5, 6, 5, 5),
    .block = {{1, 3, 1, PROJECTION}, {5, 3, 1, IDENTITY}}};
static const struct sketch side_net = {
    .units = 6, .blocks = 2, .K = 5,
    .unit = {K3(7, 6, 2, 4), K3(7, 6, 4, 4), K3(7, 6, 4, 4), K3_DOWN(7, 6, 4, 7),
             K3(4, 3, 7, 7), K1_DOWN(7, 6, 4, 7)},
    .block = {{1, 2, 1, IDENTITY}, {3, 2, 2, PROJECTION}}};

/* A network of a case, and its work. */
struct net_trial {
    int N, all;  // images, channels of all units
    struct family family;
    struct resnet net, grad;
    struct resnet_work work;
    float *weights, *norms, *stats, *z, *dw[8], *dnorms;
};

static const struct unit *net_end(const struct resnet *net)
{
    const struct block *b = &net->block[net->blocks - 1];
    return &net->unit[b->first + b->units - 1];
}

static struct net_trial *net_new(struct run *r, const struct sketch *s, int N)
{
    struct net_trial *t = memory(1, sizeof *t);
    struct resnet *net = &t->net;
    t->N = N, t->family.pool = s->pool;
    *net = (struct resnet){.family = &t->family, .units = s->units, .blocks = s->blocks,
                           .K = s->K, .pool = s->pooled};
    memcpy(net->block, s->block, sizeof s->block);
    int weights = 0, at = 0;
    for (int i = 0; i < s->units; i++) {
        net->unit[i].c = s->unit[i];
        weights += (int)weights_count(&s->unit[i]), t->all += s->unit[i].M;
    }
    net->D = net_end(net)->c.M;
    const struct conv *c = &s->unit[0];
    t->work.x = array_new(r, "x", INPUT, 'f', 0, (int[]){N, c->Y, c->X, c->C, 0});
    t->weights = new_vectors(r, "w of all units", INPUT, weights, 0);
    t->norms = new_vectors(r, "norms of all units", INPUT, 4 * t->all, 0);
    net->W = new_vectors(r, "W", INPUT, s->K, net->D);
    net->b = new_vectors(r, "b", INPUT, s->K, 0);
    float *norm = t->norms;
    for (int i = 0; i < s->units; norm += 4 * s->unit[i++].M) {
        const int M = s->unit[i].M;
        struct unit *u = &net->unit[i];
        norm_usual(norm, M);
        u->w = panels_of(t->weights + at, &u->c);
        u->gamma = norm, u->beta = norm + M;
        u->running_mean = norm + 2*M, u->running_var = norm + 3*M;
        at += (int)weights_count(&u->c);
    }
    return t;
}

static const char *const net_names[][2] = {
    {"dw of unit 0", "h[0]"}, {"dw of unit 1", "h[1]"}, {"dw of unit 2", "h[2]"},
    {"dw of unit 3", "h[3]"}, {"dw of unit 4", ""}, {"dw of unit 5", ""},
    {"dw of unit 6", ""}, {"dw of unit 7", ""}};

/* What the way forward leaves: h, from, pooled, and z and the statistics of all units. */
static void net_work(struct run *r, struct net_trial *t, enum role role)
{
    const struct resnet *net = &t->net;
    struct resnet_work *w = &t->work;
    int images = 0;
    for (int i = 0; i <= net->blocks; i++) {
        const struct block *b = &net->block[i - (i > 0)];
        const struct conv *c = i ? &net->unit[b->first + b->units - 1].c
                               : t->family.pool ? &net->pool : &net->unit[0].c;
        w->h[i] = new_images(r, net_names[i][1], role, c, t->N);
        if (!i && t->family.pool)
            w->from = array_new(r, "from", role, 'i', 1, (int[]){t->N, c->P, c->Q, c->M, 0});
    }
    w->pooled = new_vectors(r, "pooled", role, t->N, net->D);
    for (int i = 0; i < net->units; i++)
        images += image_count(&net->unit[i].c, t->N);
    float *z = t->z = new_vectors(r, "z of all units", role, images, 0);
    float *stats = t->stats = new_vectors(r, "stats of all units", role, 4 * t->all, 0);
    for (int i = 0; i < net->units; i++) {
        const int M = net->unit[i].c.M;
        w->unit[i] = (struct unit_work){z, stats, stats + M, stats + 2*M, stats + 3*M};
        z += image_count(&net->unit[i].c, t->N), stats += 4*M;
    }
    w->back = back_new(r, net->unit, net->units, t->N, false);
}

static void net_free(struct net_trial *t)
{
    for (int i = 0; i < t->net.units; i++)
        free(t->net.unit[i].w), free(t->grad.unit[i].w);
    back_free(&t->work.back);
    free(t->work.d[0]), free(t->work.d[1]), free(t->work.dpooled);
    free(t);
}

static void net_forward(struct run *r, run_like *f, const struct sketch *s, bool training, int N)
{
    struct net_trial *t = net_new(r, s, N);
    net_work(r, t, OUTPUT);
    t->work.z = new_vectors(r, "z", OUTPUT, N, s->K);
    TOLERANCE(1e-4);
    f(&t->work, &t->net, training, N);
    net_free(t);
}

CASE(net_basic, run_like) { net_forward(r, f, &basic_net, true, 3); }
CASE(net_basic_eval, run_like) { net_forward(r, f, &basic_net, false, 3); }
CASE(net_plain, run_like) { net_forward(r, f, &plain_net, true, 2); }
CASE(net_neck, run_like) { net_forward(r, f, &neck_net, true, 3); }
CASE(net_neck_eval, run_like) { net_forward(r, f, &neck_net, false, 3); }
CASE(net_side, run_like) { net_forward(r, f, &side_net, true, 4); }

/* ---- 14.10 resnet_backward ----------------------------------------------------------------- */

/* Hint 14.10: of each call of 14.9, which call undoes it, and in which order do they come?
 * Which of them add to what they write, so that it must be 0 before?
 *
 * linear_backward() adds to grad->W, grad->b and dpooled; global_average_backward() adds to dh.
 * Then block after block, from the last to the first: block_backward() from dh to dx, and the
 * two change places.  Behind the stem's pool: relu_mask() by h[0], then maxpool_backward() adds
 * to the other of the two.  At last unit_backward() of unit 0, with NULL where dx would go.
 * work->back.unit.training says to all of them what training says to you.
 *
 * Two memset() and a call, a memset() and a call, a loop downwards with a call and three
 * assignments, an if with three calls, and one call.
 */
typedef void back_like(struct resnet *grad, struct resnet_work *work, const struct resnet *net,
                       bool training, int N);
back_like resnet_backward;

/* The largest number of relu(y) under a window, and where it is. */
static double pool_fill(int *from, const double *y, const struct conv *c, int n, int p, int q,
                        int k)
{
    double most = -1e30;
    for (int r = 0; r < c->R; r++)
        for (int s = 0; s < c->S; s++) {
            int a = p*c->stride_y + r - c->top, b = q*c->stride_x + s - c->left;
            int at = ((n*c->Y + a)*c->X + b)*c->C + k;
            if (a >= 0 && a < c->Y && b >= 0 && b < c->X && y[at] > most)
                most = y[at], *from = at;
        }
    return most > 0 ? most : 0;
}

/* h[0] from what the stem gives, to be freed. */
static double *stem_fill(struct resnet_work *w, double *y, const struct resnet *net, int N)
{
    const struct conv *c = &net->pool;
    if (!net->family->pool) {
        bend(y, image_count(&net->unit[0].c, N));
        return y;
    }
    double *h = malloc((size_t)image_count(c, N) * sizeof *h);
    for (int i = 0; i < image_count(c, N); i++)
        h[i] = pool_fill(w->from + i, y, c, i / c->C / c->Q / c->P, i / c->C / c->Q % c->P,
                         i / c->C % c->Q, i % c->C);
    free(y);
    return h;
}

/* What a way forward leaves in the work of a network. */
static void net_fill(struct resnet_work *w, const struct resnet *net, bool training, int N)
{
    const struct conv *c = &net->unit[0].c, *end = &net_end(net)->c;
    double *x = doubles(w->x, N * c->Y * c->X * c->C), *mean = calloc((size_t)N * end->M, 8);
    double *h = stem_fill(w, unit_made(w->unit, net->unit, x, training, N), net, N);
    int n = image_count(net->family->pool ? &net->pool : c, N);
    for (int i = 0;; i++) {
        for (int k = 0; k < n; k++)
            w->h[i][k] = (float)h[k];
        if (i == net->blocks)
            break;
        const struct block *b = &net->block[i];
        double *next = block_fill(w->unit + b->first, h, net->unit + b->first, b, training, N);
        free(h);
        h = next, n = image_count(&net->unit[b->first + b->units - 1].c, N);
    }
    for (int i = 0; i < n; i++)
        mean[i / (n / N) * end->M + i % end->M] += h[i] / (end->P * end->Q);
    for (int i = 0; i < N * end->M; i++)
        w->pooled[i] = (float)mean[i];
    free(x), free(h), free(mean);
}

static void net_backward(struct run *r, back_like *f, const struct sketch *s, bool training,
                         int N)
{
    struct net_trial *t = net_new(r, s, N);
    net_work(r, t, INPUT);
    t->work.dz = new_vectors(r, "dz", INPUT, N, s->K);
    t->grad = t->net;
    t->grad.W = new_vectors(r, "dW", OUTPUT, s->K, t->net.D);
    t->grad.b = new_vectors(r, "db", OUTPUT, s->K, 0);
    // The gradient of the last layer lies in one block; so it does in a network.
    float *last = unwritten(r, (size_t)s->K * t->net.D + s->K), *dW = t->grad.W, *db = t->grad.b;
    t->grad.W = last, t->grad.b = last + s->K * t->net.D;
    for (int i = s->units - 1; i >= 0; i--)
        t->dw[i] = new_weights(r, net_names[i][0], OUTPUT, &s->unit[i]);
    float *norm = t->dnorms = new_vectors(r, "dgamma and dbeta of all units", OUTPUT,
                                          2 * t->all, 0);
    for (int i = 0; i < s->units; norm += 2 * s->unit[i++].M)
        t->grad.unit[i] = (struct unit){.c = s->unit[i], .gamma = norm,
                                        .w = panels_unwritten(r, &s->unit[i]),
                                        .beta = norm + s->unit[i].M};
    size_t image = 0;
    for (int i = 0; i < s->units; i++)
        image = unit_image(t->net.unit + i, N) > image ? unit_image(t->net.unit + i, N) : image;
    for (int i = 0; i < 2; i++)
        t->work.d[i] = unwritten(r, image);
    t->work.dpooled = unwritten(r, (size_t)N * t->net.D);
    net_fill(&t->work, &t->net, training, N);
    TOLERANCE(1e-4);
    f(&t->grad, &t->work, &t->net, training, N);
    for (int i = 0; i < s->units; i++)
        panels_read(r, t->dw[i], t->grad.unit[i].w, &s->unit[i]);
    for (int i = 0; i < s->K * t->net.D + s->K; i++)
        if (memcmp(last + i, &r->fill, 4))
            *(i < s->K * t->net.D ? dW + i : db + i - s->K * t->net.D) = last[i];
    free(last);
    net_free(t);
}

CASE(net_back_basic, back_like) { net_backward(r, f, &basic_net, true, 3); }
CASE(net_back_basic_eval, back_like) { net_backward(r, f, &basic_net, false, 3); }
CASE(net_back_plain, back_like) { net_backward(r, f, &plain_net, false, 2); }
CASE(net_back_neck, back_like) { net_backward(r, f, &neck_net, true, 3); }
CASE(net_back_neck_eval, back_like) { net_backward(r, f, &neck_net, false, 3); }
CASE(net_back_side, back_like) { net_backward(r, f, &side_net, true, 4); }

/* ---- 14.11 unit_fold ------------------------------------------------------------------- */

/* Hint 14.11: scale times (the sum of x w) + shift: can the scale go into the sum?  Whose
 * channel does it belong to, that of x or that of the result?
 *
 * norm_scale() with gamma, beta, running mean and variance gives scale and, straight into b,
 * shift.  Then every weight of kernel m is multiplied by scale[m].
 *
 * An array of CHANNELS floats for the scales and one call; a struct unit that is a copy of *u,
 * but whose w is the new one, so that unit_weight() finds both; four loops with one line.
 */
typedef void fold_like(float *w, float *b, const struct unit *u);
fold_like unit_fold;

/* New weights and biases of a unit of this shape. */
static void fold_begin(struct run *r, struct conv c, float **w, float **norm, float **b,
                       float **result)
{
    *b = array_new(r, "b", OUTPUT, 'f', 0, (int[]){c.M, 0});
    *result = new_weights(r, "new w", OUTPUT, &c);
    *w = new_weights(r, "w", INPUT, &c);
    *norm = new_vectors(r, "gamma, beta, mean, var", INPUT, 4, c.M);
    norm_usual(*norm, c.M);
}

static void fold_of(struct run *r, fold_like *f, struct conv c, const float *w, float *norm,
                    float *b, float *result)
{
    struct unit u = {.c = c, .w = panels_of(w, &c), .gamma = norm, .beta = norm + c.M,
                     .running_mean = norm + 2*c.M, .running_var = norm + 3*c.M};
    float *to = panels_unwritten(r, &c);
    f(to, b, &u);
    panels_read(r, result, to, &c);
    free(to), free(u.w);
}

CASE(fold_by_hand, fold_like)
{
    struct conv c = {4, 5, 3, 1, 2, 2, 1, 1, 0, 0, 4, 4};
    float *w, *norm, *b, *result;
    fold_begin(r, c, &w, &norm, &b, &result);
    SET(w, 1, 2,  3, 4,  5, 6,   7, 8,  9, 10,  11, 12);
    SET(norm, 3, -1,  1, 2,  2, 3,  4 - 1e-5, 0.25 - 1e-5);
    fold_of(r, f, c, w, norm, b, result);
    EXPECT(result, 1.5, -4,  4.5, -8,  7.5, -12,   10.5, -16,  13.5, -20,  16.5, -24);
    EXPECT(b, -2, 8);
}

#define FOLD(name, C, R, S, M) CASE(name, fold_like) \
    { struct conv c = {6, 7, C, R, S, M, 1, 2, 1, 0, 6, 4}; \
      float *w, *norm, *b, *result; \
      fold_begin(r, c, &w, &norm, &b, &result); \
      fold_of(r, f, c, w, norm, b, result); }
FOLD(fold_odd, 5, 3, 2, 3)
FOLD(fold_ragged, 2, 2, 3, 17)
FOLD(fold_wide, 3, 2, 1, 83)
FOLD(fold_even, 7, 1, 1, 16)

CASE(fold_in_place, fold_like)
{
    struct conv c = {6, 7, 3, 2, 3, 17, 1, 2, 1, 0, 6, 4};
    ADD_TO(b, 17);
    float *result = new_weights(r, "new w", OUTPUT, &c);
    float *w = new_weights(r, "w", INPUT, &c);
    float *norm = new_vectors(r, "gamma, mean, var", INPUT, 4, 17);
    norm_usual(norm, 17);
    struct unit u = {.c = c, .w = panels_of(w, &c), .gamma = norm, .beta = b,
                     .running_mean = norm + 2*17, .running_var = norm + 3*17};
    f(u.w, b, &u);
    panels_read(r, result, u.w, &c);
    free(u.w);
}

/* ---- 14.12 unit_export ------------------------------------------------------------------- */

/* Hint 14.12: which index runs fastest in to[m,c,r,s], and which does in w[r,s,c,m]?
 *
 * to[((m C + k) R + r) S + s] is the weight that unit_weight(u, r, s, k, m) points at.
 *
 * Four loops, m outside, then k, r, and s inside; in them one assignment, to *to++ or with the
 * index written out.
 */
typedef void export_like(float *to, const struct unit *u);
export_like unit_export;

/* The numbers 0, 1, 2 ... and no two alike. */
static void counted(float *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = (float)i;
}

static void export_of(struct run *r, export_like *f, struct conv c, bool by_hand)
{
    float *w = new_weights(r, "w", INPUT, &c);
    float *to = array_new(r, "to", OUTPUT, 'f', 0, (int[]){c.M, c.C, c.R, c.S, 0});
    if (by_hand)
        counted(w, (int)weights_count(&c));
    struct unit u = {.c = c, .w = panels_of(w, &c)};
    f(to, &u);
    free(u.w);
    if (by_hand)
        EXPECT(to, 0, 6, 12, 18, 24, 30,  2, 8, 14, 20, 26, 32,  4, 10, 16, 22, 28, 34,
               1, 7, 13, 19, 25, 31,  3, 9, 15, 21, 27, 33,  5, 11, 17, 23, 29, 35);
}

#define SHAPE(C, R, S, M) (struct conv){6, 7, C, R, S, M, 1, 2, 1, 0, 6, 4}
CASE(export_by_hand, export_like) { export_of(r, f, SHAPE(3, 2, 3, 2), true); }
CASE(export_odd, export_like) { export_of(r, f, SHAPE(5, 3, 2, 7), false); }
CASE(export_ragged, export_like) { export_of(r, f, SHAPE(2, 2, 3, 17), false); }
CASE(export_wide, export_like) { export_of(r, f, SHAPE(3, 2, 1, 83), false); }
CASE(export_even, export_like) { export_of(r, f, SHAPE(7, 1, 1, 16), false); }

/* ---- 14.13 unit_import ------------------------------------------------------------------- */

/* Hint 14.13: the first number of from is the weight of which kernel, channel, row and column?
 * And the second?
 *
 * What unit_weight(u, r, s, k, m) points at becomes from[((m C + k) R + r) S + s].
 *
 * The four loops of 14.12, with the two sides of the assignment exchanged.
 */
typedef void import_like(struct unit *u, const float *from);
import_like unit_import;

static void import_of(struct run *r, import_like *f, struct conv c, bool by_hand)
{
    float *from = array_new(r, "from", INPUT, 'f', 0, (int[]){c.M, c.C, c.R, c.S, 0});
    float *w = new_weights(r, "w", OUTPUT, &c);
    if (by_hand)
        counted(from, (int)weights_count(&c));
    struct unit u = {.c = c, .w = panels_unwritten(r, &c)};
    f(&u, from);
    panels_read(r, w, u.w, &c);
    free(u.w);
    if (by_hand)
        EXPECT(w, 0, 18, 6, 24, 12, 30,  1, 19, 7, 25, 13, 31,  2, 20, 8, 26, 14, 32,
               3, 21, 9, 27, 15, 33,  4, 22, 10, 28, 16, 34,  5, 23, 11, 29, 17, 35);
}

CASE(import_by_hand, import_like) { import_of(r, f, SHAPE(3, 2, 3, 2), true); }
CASE(import_odd, import_like) { import_of(r, f, SHAPE(5, 3, 2, 7), false); }
CASE(import_ragged, import_like) { import_of(r, f, SHAPE(2, 2, 3, 17), false); }
CASE(import_wide, import_like) { import_of(r, f, SHAPE(3, 2, 1, 83), false); }
CASE(import_even, import_like) { import_of(r, f, SHAPE(7, 1, 1, 16), false); }

/* ---- what only the judge holds --------------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, and `how` says what is wrong with it: RIGHT nothing. */
enum how { RIGHT,
           // Scale and shift.
           NO_ROOT, ROOT_ALONE, OUTSIDE, NO_EPSILON, NO_GAMMA, TIMES, UNSCALED, PLUS,
           NO_BETA, NO_MEAN, BETA_SCALED, BY_GAMMA, BETA_ALONE, MEAN_FIRST,
           // Sums and shortcuts.
           NO_RELU, RELU_FIRST, RELU_BOTH, NO_SHORT, NO_SCALE, NO_SHIFT, RAW_SHORT,
           SHORT_NO_SHIFT, SHORT_SCALED, MINUS, ABSOLUTE, ROW_SCALE, RELU_SHORT, MIDDLE,
           AVERAGED, LARGEST, ZEROS_FIRST, ZEROS_BOTH, REPEATED, NO_ZEROS, FIRST_IMAGE,
           CROPPED, ROWS_ALONE, COLUMNS_ALONE, ROUND_DOWN, NEXT, OVERWRITES, SPREAD,
           FOLDED, REST_ZERO, SHIFTED, LAST_CHANNELS,
           // Blocks.
           RAW_INNER, UNBENT_INNER, ALWAYS_TRAIN, NEVER_TRAIN, SIDE_OTHER_MODE,
           ALWAYS_SHORT, TWICE, SIDE_STATS, NO_MASK, MASK_SHORT, MASK_UNITS,
           MASK_BY_GRADIENT, SHORT_ALONE, LAST_BENT, INNER_UNBENT, SIDE_CHANGED,
           UNITS_CHANGED, SIDE_BENT, RAW_INPUT, NO_SIDE,
           // Plans.
           STRIDE_FIRST, STRIDE_LAST, STRIDE_BOTH, NARROW_END, WIDE_MIDDLE, BY_CHANNELS,
           BY_STRIDE, NEVER_IDENTITY, PLAIN_IDENTITY, FROM_MIDDLE, SIDE_STRIDE, SIDE_3x3,
           ALL_READ_X, FIRST_ZERO, COUNTS_SIDE, NAMES_FROM_0, NO_PREFIX, ALWAYS_PROJECTS,
           SIDE_WIDTH, ALL_3x3, FIRST_AFTER, NO_LAST, NO_BIAS, NO_NORM, GAMMA_ALONE,
           STATISTICS, CONV_BIAS, PLACES_OF_IMAGE, ONE_PLACE, BOTH_OPERATIONS, NOT_CLEARED,
           LATE, EARLY, SQUARE, ONE_CHANNEL, NORM_WORK,
           // Networks.
           STEM_UNBENT, SUM, PEAK, CORNER, SAME_UNITS, SOFTMAX, POSITIVE, STEM_OTHER_MODE,
           BLOCKS_OTHER_MODE, NO_POOL_MASK, POOL_SPREAD, SUM_BACK, CORNER_BACK, NO_STEM,
           ONE_BLOCK, SKIPS_BLOCKS,
           // Layouts.
           BY_INPUT, DIVIDED, COPIED, ZERO_BIAS, BY_SHIFT, CRSM, MRSC, CMRS, MCSR,
           AS_IT_LIES, TURNED };

/* ---- scale and shift ---- */

static void scale_shift(float *scale, float *shift, const float *gamma, const float *beta,
                        const float *mean, const float *var, int C, enum how how)
{
    for (int k = 0; k < C; k++) {
        double rstd = how == NO_EPSILON ? 1 / sqrt(var[k])
                      : how == OUTSIDE ? 1 / (sqrt(var[k]) + 1e-5) : 1 / sqrt(var[k] + 1e-5);
        if (how == NO_ROOT)
            rstd *= rstd;
        double by = how == ROOT_ALONE ? rstd : how == TIMES ? gamma[k] / rstd : gamma[k] * rstd;
        double less = how == UNSCALED ? mean[k] : how == PLUS ? -mean[k] * by
                      : how == NO_MEAN ? 0 : how == BY_GAMMA ? mean[k] * gamma[k]
                      : how == BETA_ALONE ? mean[k] * rstd : mean[k] * by;
        scale[k] = (float)by;
        shift[k] = (float)(how == NO_BETA ? -less : how == BETA_SCALED ? (beta[k] - mean[k]) * by
                           : how == MEAN_FIRST ? less - beta[k] : beta[k] - less);
    }
}

#define SCALE_SHIFT(name, how) \
    static void name(float *scale, float *shift, const float *gamma, const float *beta, \
                     const float *mean, const float *var, int C) \
    { scale_shift(scale, shift, gamma, beta, mean, var, C, how); }
SCALE_SHIFT(scale_right, RIGHT)
SCALE_SHIFT(scale_no_root, NO_ROOT)
SCALE_SHIFT(scale_root_alone, ROOT_ALONE)
SCALE_SHIFT(scale_outside, OUTSIDE)
SCALE_SHIFT(scale_no_epsilon, NO_EPSILON)
SCALE_SHIFT(scale_times, TIMES)
SCALE_SHIFT(scale_unscaled, UNSCALED)
SCALE_SHIFT(scale_plus, PLUS)
SCALE_SHIFT(scale_no_beta, NO_BETA)
SCALE_SHIFT(scale_no_mean, NO_MEAN)
SCALE_SHIFT(scale_beta_scaled, BETA_SCALED)
SCALE_SHIFT(scale_by_gamma, BY_GAMMA)
SCALE_SHIFT(scale_by_rstd, BETA_ALONE)

/* ---- sums and shortcuts ---- */

static void join(float *h, const float *z, const float *scale, const float *shift,
                 const float *s, const float *s_scale, const float *s_shift, int rows, int C,
                 enum how how)
{
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < C; k++) {
            int at = how == ROW_SCALE ? i % C : k;
            double sum = (how == NO_SCALE ? 1 : scale[at]) * (double)z[i*C + k];
            double other = s ? s[i*C + k] : 0;
            sum += how == NO_SHIFT ? 0 : shift[at];
            if (s && s_scale && how != RAW_SHORT)
                other = (double)s_scale[at] * other + (how == SHORT_NO_SHIFT ? 0 : s_shift[at]);
            if (s && !s_scale && how == SHORT_SCALED)
                other = (double)scale[at] * other + shift[at];
            if (how == RELU_FIRST || how == RELU_BOTH)
                sum = fmax(0, sum);
            if (how == RELU_BOTH || how == RELU_SHORT)
                other = fmax(0, other);
            sum += how == NO_SHORT ? 0 : how == MINUS ? -other : other;
            if (how != NO_RELU && how != RELU_FIRST && how != RELU_BOTH)
                sum = how == ABSOLUTE ? fabs(sum) : fmax(0, sum);
            h[i*C + k] = (float)sum;
        }
}

#define JOIN(name, how) \
    static void name(float *h, const float *z, const float *scale, const float *shift, \
                     const float *s, const float *s_scale, const float *s_shift, int rows, \
                     int C) \
    { join(h, z, scale, shift, s, s_scale, s_shift, rows, C, how); }
JOIN(join_right, RIGHT)
JOIN(join_no_relu, NO_RELU)
JOIN(join_relu_first, RELU_FIRST)
JOIN(join_relu_both, RELU_BOTH)
JOIN(join_relu_short, RELU_SHORT)
JOIN(join_no_short, NO_SHORT)
JOIN(join_no_scale, NO_SCALE)
JOIN(join_no_shift, NO_SHIFT)
JOIN(join_raw_short, RAW_SHORT)
JOIN(join_short_no_shift, SHORT_NO_SHIFT)
JOIN(join_short_scaled, SHORT_SCALED)
JOIN(join_minus, MINUS)
JOIN(join_absolute, ABSOLUTE)

/* Channel k of the pixel at (i,j), in some wrong way. */
static double pixel_of(const float *x, int i, int j, int k, int by, int Y, int X, int C,
                       enum how how)
{
    double sum = 0, most = -1e30;
    int n = 0;
    for (int a = i; a < i + by && a < Y; a++)
        for (int b = j; b < j + by && b < X; b++, n++) {
            sum += x[(a*X + b)*C + k];
            most = fmax(most, x[(a*X + b)*C + k]);
        }
    return how == AVERAGED ? sum / n : how == LARGEST ? most : x[(i*X + j)*C + k];
}

static int at_most(int i, int n) { return i < n ? i : n - 1; }

/* Which channel of x is channel m of s; -1 for none, whose zero is to be written, -2 if nothing
 * is written. */
static int channel_from(int m, int M, int C, enum how how)
{
    if (how == ZEROS_FIRST)
        return m - (M - C) >= 0 ? m - (M - C) : -1;
    if (how == ZEROS_BOTH)
        return m >= (M - C) / 2 && m < (M - C) / 2 + C ? m - (M - C) / 2 : -1;
    if (how == REPEATED)
        return m % C;
    return m < C ? m : how == NO_ZEROS ? -2 : -1;
}

static void subsampled(float *s, const float *x, int stride, int M, int N, int Y, int X, int C,
                       enum how how)
{
    int P = (Y + stride - 1) / stride, Q = (X + stride - 1) / stride;
    int rows = how == ROUND_DOWN ? Y / stride : P, columns = how == ROUND_DOWN ? X / stride : Q;
    for (int n = 0; n < (how == FIRST_IMAGE ? 1 : N); n++)
        for (int p = 0; p < rows; p++)
            for (int q = 0; q < columns; q++)
                for (int m = 0; m < M; m++) {
                    int add = how == MIDDLE ? stride / 2 : how == NEXT ? stride - 1 : 0;
                    int by = how == CROPPED ? 1 : stride, k = channel_from(m, M, C, how);
                    int i = at_most(p * (how == COLUMNS_ALONE ? 1 : by) + add, Y);
                    int j = at_most(q * (how == ROWS_ALONE ? 1 : by) + add, X);
                    float *to = s + ((n*rows + p)*columns + q)*M + m;
                    if (k >= -1)
                        *to = k < 0 ? 0 : (float)pixel_of(x + n*Y*X*C, i, j, k, stride, Y, X, C,
                                                          how);
                }
}

#define SUBSAMPLED(name, how) \
    static void name(float *s, const float *x, int stride, int M, int N, int Y, int X, int C) \
    { subsampled(s, x, stride, M, N, Y, X, C, how); }
SUBSAMPLED(sub_right, RIGHT)
SUBSAMPLED(sub_middle, MIDDLE)
SUBSAMPLED(sub_averaged, AVERAGED)
SUBSAMPLED(sub_largest, LARGEST)
SUBSAMPLED(sub_zeros_first, ZEROS_FIRST)
SUBSAMPLED(sub_zeros_both, ZEROS_BOTH)
SUBSAMPLED(sub_repeated, REPEATED)
SUBSAMPLED(sub_no_zeros, NO_ZEROS)
SUBSAMPLED(sub_cropped, CROPPED)
SUBSAMPLED(sub_rows, ROWS_ALONE)
SUBSAMPLED(sub_columns, COLUMNS_ALONE)
SUBSAMPLED(sub_round_down, ROUND_DOWN)
SUBSAMPLED(sub_next, NEXT)

static void subsample_back(float *dx, const float *ds, int stride, int M, int N, int Y, int X,
                           int C, enum how how)
{
    int P = (Y + stride - 1) / stride, Q = (X + stride - 1) / stride;
    if (how == ROUND_DOWN)
        P = Y / stride, Q = X / stride;
    for (int i = 0; i < N*Y*X*C && how == REST_ZERO; i++)
        dx[i] = 0;
    for (int n = 0; n < (how == FIRST_IMAGE ? 1 : N); n++)
        for (int i = 0; i < Y; i++)
            for (int j = 0; j < X; j++)
                for (int m = 0; m < M; m++) {
                    int by = how == CROPPED ? 1 : stride, p = i / by, q = j / by;
                    bool mine = (i % by == (how == MIDDLE ? (by - 1) / 2 : 0) || how == SPREAD)
                                && (j % by == (how == MIDDLE ? (by - 1) / 2 : 0) || how == SPREAD)
                                && p < P && q < Q;
                    int k = how == FOLDED ? m % C : how == LAST_CHANNELS ? m - (M - C) : m;
                    if (!mine || k < 0 || k >= C)
                        continue;
                    int from = ((n*P + p)*Q + q)*(how == SHIFTED ? C : M) + m;
                    float *to = dx + ((n*Y + i)*X + j)*C + k;
                    double share = how == MINUS ? -ds[from] : ds[from];
                    *to = (float)(how == OVERWRITES ? share : *to + share);
                }
}

#define SUBSAMPLE_BACK(name, how) \
    static void name(float *dx, const float *ds, int stride, int M, int N, int Y, int X, int C) \
    { subsample_back(dx, ds, stride, M, N, Y, X, C, how); }
SUBSAMPLE_BACK(sub_back_right, RIGHT)
SUBSAMPLE_BACK(sub_back_overwrites, OVERWRITES)
SUBSAMPLE_BACK(sub_back_rest_zero, REST_ZERO)
SUBSAMPLE_BACK(sub_back_spread, SPREAD)
SUBSAMPLE_BACK(sub_back_folded, FOLDED)
SUBSAMPLE_BACK(sub_back_last, LAST_CHANNELS)
SUBSAMPLE_BACK(sub_back_shifted, SHIFTED)
SUBSAMPLE_BACK(sub_back_first_image, FIRST_IMAGE)
SUBSAMPLE_BACK(sub_back_cropped, CROPPED)
SUBSAMPLE_BACK(sub_back_round_down, ROUND_DOWN)
SUBSAMPLE_BACK(sub_back_middle, MIDDLE)
SUBSAMPLE_BACK(sub_back_minus, MINUS)

/* ---- a block ---- */

static double *copied(const double *x, int n)
{
    double *to = malloc((size_t)n * sizeof *to);
    memcpy(to, x, (size_t)n * sizeof *to);
    return to;
}

/* What unit i of a block reads: x, or what comes from the unit before; to be freed. */
static double *unit_reads(const double *x, const double *y, const struct unit_work *u,
                          const struct unit *net, int i, int N, enum how how)
{
    const struct conv *c = &net[0].c;
    if (i == 0)
        return copied(x, N * c->Y * c->X * c->C);
    int n = image_count(&net[i - 1].c, N);
    double *in = how == RAW_INNER ? doubles(u[i - 1].z, n) : copied(y, n);
    if (how != RAW_INNER && how != UNBENT_INNER)
        bend(in, n);
    return in;
}

static bool mode_of(bool training, enum how how)
{
    return how == ALWAYS_TRAIN || (how != NEVER_TRAIN && training);
}

/* The shortcut of a block with all that may be wrong about it; to be freed, or NULL. */
static double *side_made(struct unit_work *u, const double *x, const struct unit *net,
                         const struct block *b, bool training, int N, enum how how)
{
    const struct conv *c = &net[0].c, *end = &net[b->units - 1].c;
    int n = image_count(end, N);
    bool same = c->Y == end->P && c->X == end->Q && c->C == end->M;
    if (b->shortcut == PROJECTION) {
        double *side = unit_made(u + b->units, net + b->units, x,
                                 how == SIDE_OTHER_MODE ? !training : training, N);
        const struct unit_work *own = u + b->units, *last = u + b->units - 1;
        for (int i = 0; i < n; i++) {
            if (how == RAW_SHORT)
                side[i] = own->z[i];
            if (how == SIDE_STATS)
                side[i] = (double)last->scale[i % end->M] * own->z[i] + last->shift[i % end->M];
        }
        return side;
    }
    if (b->shortcut == NONE && !(how == ALWAYS_SHORT && same))
        return NULL;
    struct block like = *b;
    like.shortcut = b->shortcut == NONE ? IDENTITY : b->shortcut;
    double *side = malloc((size_t)n * sizeof *side);
    for (int i = 0; i < n; i++)
        side[i] = short_at(x, &like, c, end, i);
    return side;
}

static double *block_made(struct unit_work *u, const double *x, const struct unit *net,
                          const struct block *b, bool training, int N, enum how how)
{
    int n = image_count(&net[b->units - 1].c, N);
    double *y = NULL;
    training = mode_of(training, how);
    for (int i = 0; i < b->units; i++) {
        double *in = unit_reads(x, y, u, net, i, N, how);
        free(y);
        y = unit_made(u + i, net + i, in, training, N);
        free(in);
    }
    if (how == RELU_FIRST)
        bend(y, n);
    double *side = side_made(u, x, net, b, training, N, how);
    if (side && how == RELU_SHORT)
        bend(side, n);
    for (int i = 0; i < n && side && how != NO_SHORT; i++)
        y[i] += how == TWICE ? 2 * side[i] : side[i];
    if (how != NO_RELU)
        bend(y, n);
    free(side);
    return y;
}

static void to_floats(float *to, double *from, int n)
{
    for (int i = 0; i < n; i++)
        to[i] = (float)from[i];
    free(from);
}

static void forward(float *h, struct unit_work *u, const float *x, const struct unit *net,
                    const struct block *b, bool training, int N, enum how how)
{
    const struct conv *c = &net[0].c;
    double *in = doubles(x, N * c->Y * c->X * c->C);
    to_floats(h, block_made(u, in, net, b, training, N, how),
              image_count(&net[b->units - 1].c, N));
    free(in);
}

#define FORWARD(name, how) \
    static void name(float *h, struct unit_work *u, const float *x, const struct unit *net, \
                     const struct block *block, double *sums, bool training, int N) \
    { (void)sums; forward(h, u, x, net, block, training, N, how); }
FORWARD(forward_right, RIGHT)
FORWARD(forward_no_relu, NO_RELU)
FORWARD(forward_relu_first, RELU_FIRST)
FORWARD(forward_relu_short, RELU_SHORT)
FORWARD(forward_no_short, NO_SHORT)
FORWARD(forward_raw_short, RAW_SHORT)
FORWARD(forward_side_stats, SIDE_STATS)
FORWARD(forward_twice, TWICE)
FORWARD(forward_raw_inner, RAW_INNER)
FORWARD(forward_always_train, ALWAYS_TRAIN)
FORWARD(forward_never_train, NEVER_TRAIN)
FORWARD(forward_side_mode, SIDE_OTHER_MODE)
FORWARD(forward_always_short, ALWAYS_SHORT)

/* Back through batch norm, and with relu through the relu behind it: g becomes the gradient in
 * z. */
static void norm_back(double *g, struct unit *grad, const struct unit_work *u, bool relu,
                      bool training, int rows, int M)
{
    for (int m = 0; m < M; m++) {
        double rstd = 1 / sqrt(u->var[m] + 1e-5), level = 0, tilt = 0;
        for (int i = m; i < rows * M; i += M) {
            if (relu && (double)u->scale[m] * u->z[i] + u->shift[m] <= 0)
                g[i] = 0;
            level += g[i];
            tilt += g[i] * (u->z[i] - u->mean[m]) * rstd;
        }
        grad->gamma[m] = (float)tilt, grad->beta[m] = (float)level;
        for (int i = m; i < rows * M; i += M) {
            double xhat = (u->z[i] - u->mean[m]) * rstd;
            g[i] = u->scale[m] * (training ? g[i] - level / rows - xhat * tilt / rows : g[i]);
        }
    }
}

/* Back through a convolution that has read `in`, with g the gradient in z; dx, if it is not
 * NULL, is added to. */
static void conv_back(double *dx, struct unit *grad, const double *g, const double *in,
                      const struct unit *net, int N)
{
    const struct conv *c = &net->c;
    for (int i = 0; i < (int)weights_count(c); i++) {
        int m = i % c->M, k = i / c->M % c->C, s = i / c->M / c->C % c->S;
        int r = i / c->M / c->C / c->S;
        double sum = 0, w = *unit_weight(net, r, s, k, m);
        for (int o = 0; o < N * c->P * c->Q; o++) {
            int n = o / c->Q / c->P, a = o / c->Q % c->P * c->stride_y + r - c->top;
            int b = o % c->Q * c->stride_x + s - c->left, at = ((n*c->Y + a)*c->X + b)*c->C + k;
            if (a < 0 || a >= c->Y || b < 0 || b >= c->X)
                continue;
            sum += g[o*c->M + m] * in[at];
            if (dx)
                dx[at] += g[o*c->M + m] * w;
        }
        *unit_weight(grad, r, s, k, m) = (float)sum;
    }
}

static void unit_back_to(double *dx, struct unit *grad, double *g, const struct unit_work *u,
                         const struct unit *net, const double *in, bool relu, bool training,
                         int N)
{
    norm_back(g, grad, u, relu, training, N * net->c.P * net->c.Q, net->c.M);
    conv_back(dx, grad, g, in, net, N);
}

/* What unit i of a block has read, from what the way forward has left; to be freed. */
static double *unit_had(const float *x, const struct unit_work *u, const struct unit *net, int i,
                        int N, enum how how)
{
    const struct conv *c = &net[0].c;
    if (i == 0)
        return doubles(x, N * c->Y * c->X * c->C);
    int n = image_count(&net[i - 1].c, N), M = net[i - 1].c.M;
    double *in = doubles(u[i - 1].z, n);
    for (int k = 0; k < n && how != RAW_INPUT; k++)
        in[k] = fmax(0, (double)u[i - 1].scale[k % M] * in[k] + u[i - 1].shift[k % M]);
    return in;
}

/* Back through the shortcut: g [N,P,Q,M] is changed where the projection changes it. */
static void side_back(double *dx, struct unit *grad, double *g, const struct unit_work *u,
                      const float *x, const struct unit *net, const struct block *b,
                      bool training, int N, enum how how)
{
    const struct conv *c = &net[0].c, *end = &net[b->units - 1].c;
    if (b->shortcut == PROJECTION) {
        double *in = unit_had(x, u, net, 0, N, RIGHT);
        unit_back_to(dx, grad + b->units, g, u + b->units, net + b->units, in, how == SIDE_BENT,
                     training, N);
        free(in);
        return;
    }
    int by = b->shortcut == IDENTITY ? 1 : b->stride;
    for (int i = 0; i < image_count(end, N) && b->shortcut != NONE; i++) {
        int m = i % end->M, q = i / end->M % end->Q, p = i / end->M / end->Q % end->P;
        int n = i / end->M / end->Q / end->P;
        if (m < c->C)
            dx[((n*c->Y + p*by)*c->X + q*by)*c->C + m] += g[i];
    }
}

static void block_back_to(double *dx, struct unit *grad, const double *dh, const float *h,
                          const struct unit_work *u, const float *x, const struct unit *net,
                          const struct block *b, bool training, int N, enum how how)
{
    const struct conv *c = &net[0].c;
    int n = image_count(&net[b->units - 1].c, N), size = N * c->Y * c->X * c->C;
    double *g = copied(dh, n), *side = copied(dh, n), *lost = calloc((size_t)size, 8);
    for (int i = 0; i < n; i++) {
        bool open = how == MASK_BY_GRADIENT ? dh[i] > 0 : h[i] > 0;
        g[i] = open || how == NO_MASK || how == MASK_SHORT ? g[i] : 0;
        side[i] = open || how == NO_MASK || how == MASK_UNITS ? side[i] : 0;
    }
    if (how != UNITS_CHANGED && how != NO_SIDE)
        side_back(how == NO_SHORT ? lost : dx, grad, side, u, x, net, b, training, N, how);
    double *from = copied(how == SIDE_CHANGED ? side : g, n);
    for (int i = b->units - 1; i >= 0; i--) {
        double *in = unit_had(x, u, net, i, N, how);
        double *to = i ? calloc((size_t)image_count(&net[i - 1].c, N), 8)
                     : how == SHORT_ALONE ? lost : dx;
        bool relu = i < b->units - 1 ? how != INNER_UNBENT : how == LAST_BENT;
        unit_back_to(to, grad + i, from, u + i, net + i, in, relu, training, N);
        if (how == UNITS_CHANGED && i == b->units - 1)
            side_back(dx, grad, from, u, x, net, b, training, N, how);
        free(in), free(from);
        from = to;
    }
    free(g), free(side), free(lost);
}

static void backward(float *dx, struct unit *grad, const float *dh, const float *h,
                     const struct unit_work *u, const float *x, const struct unit *net,
                     const struct block *b, const struct block_back *back, int N, enum how how)
{
    const struct conv *c = &net[0].c;
    int size = N * c->Y * c->X * c->C;
    double *to = calloc((size_t)size, 8), *in = doubles(dh, image_count(&net[b->units - 1].c, N));
    for (int i = 0; i < size && how == NOT_CLEARED; i++)
        to[i] = dx[i];
    block_back_to(to, grad, in, h, u, x, net, b, back->unit.training, N, how);
    to_floats(dx, to, size);
    free(in);
}

#define BACKWARD(name, how) \
    static void name(float *dx, struct unit *grad, float *dh, const float *h, \
                     const struct unit_work *u, const float *x, const struct unit *net, \
                     const struct block *block, const struct block_back *back, int N) \
    { backward(dx, grad, dh, h, u, x, net, block, back, N, how); }
BACKWARD(backward_right, RIGHT)
BACKWARD(backward_no_mask, NO_MASK)
BACKWARD(backward_mask_short, MASK_SHORT)
BACKWARD(backward_mask_units, MASK_UNITS)
BACKWARD(backward_by_gradient, MASK_BY_GRADIENT)
BACKWARD(backward_no_short, NO_SHORT)
BACKWARD(backward_short_alone, SHORT_ALONE)
BACKWARD(backward_last_bent, LAST_BENT)
BACKWARD(backward_inner_unbent, INNER_UNBENT)
BACKWARD(backward_side_changed, SIDE_CHANGED)
BACKWARD(backward_units_changed, UNITS_CHANGED)
BACKWARD(backward_side_bent, SIDE_BENT)
BACKWARD(backward_raw_input, RAW_INPUT)

/* ---- plans ---- */

/* Kernel side, kernels, stride of unit i of a block. */
static void unit_sketch(int *side, int *M, int *by, int i, int units, int width, int stride,
                        enum how how)
{
    int at = units == 2 ? 0 : 1;
    *side = units == 3 && i != 1 && how != ALL_3x3 ? 1 : 3;
    *M = units == 3 && i == 2 && how != NARROW_END ? 4*width : width;
    if (how == WIDE_MIDDLE && units == 3)
        *M = i == 0 ? width : 4*width;
    if (how == STRIDE_FIRST)
        at = 0;
    if (how == STRIDE_LAST)
        at = units - 1;
    *by = i == at || (how == STRIDE_BOTH && *side == 3) ? stride : 1;
}

static void block_added(struct resnet *net, const char *prefix, int Y, int X, int C, int width,
                        int stride, enum how how)
{
    const int units = net->family->units, first = net->units;
    const enum shortcut smaller = net->family->smaller;
    if (how == NO_PREFIX)
        prefix = "";
    int y = Y, x = X, in = C;
    for (int i = 0; i < units; i++) {
        int side, M, by;
        struct unit *u = &net->unit[first + i];
        unit_sketch(&side, &M, &by, i, units, width, stride, how);
        if (how == ALL_READ_X)
            y = Y, x = X, in = C;
        int P = (y + by - 1) / by, Q = (x + by - 1) / by;
        u->c = (struct conv){y, x, in, side, side, M, by, by, side / 2, side / 2, P, Q};
        snprintf(u->name, sizeof u->name, "%sconv%d", prefix, i + (how != NAMES_FROM_0));
        y = P, x = Q, in = M;
    }
    bool same = (y == Y || how == BY_CHANNELS) && (x == X || how == BY_CHANNELS)
                && (in == C || how == BY_STRIDE);
    enum shortcut shortcut = same && (smaller != NONE || how == PLAIN_IDENTITY)
                             && how != NEVER_IDENTITY ? IDENTITY : smaller;
    bool extra = shortcut == PROJECTION || (how == ALWAYS_PROJECTS && smaller == PROJECTION);
    net->block[net->blocks++] = (struct block){how == FIRST_ZERO ? 0 : how == FIRST_AFTER
                                               ? first + units + extra : first,
                                               units + (how == COUNTS_SIDE && extra), stride,
                                               shortcut};
    net->units = first + units + extra;
    if (extra) {
        int side = how == SIDE_3x3 ? 3 : 1, by = how == SIDE_STRIDE ? 1 : stride;
        const struct conv *middle = &net->unit[first + units - 1].c;
        struct unit *u = &net->unit[first + units];
        u->c = (struct conv){Y, X, C, side, side, in, by, by, side / 2, side / 2,
                             (Y + by - 1) / by, (X + by - 1) / by};
        if (how == FROM_MIDDLE)
            u->c.C = middle->C;
        if (how == SIDE_WIDTH)
            u->c.M = width;
        snprintf(u->name, sizeof u->name, "%sdownsample.0", prefix);
    }
}

#define ADDED_BLOCK(name, how) \
    static void name(struct resnet *net, const char *prefix, int Y, int X, int C, int width, \
                     int stride) \
    { block_added(net, prefix, Y, X, C, width, stride, how); }
ADDED_BLOCK(add_right, RIGHT)
ADDED_BLOCK(add_stride_first, STRIDE_FIRST)
ADDED_BLOCK(add_stride_both, STRIDE_BOTH)
ADDED_BLOCK(add_stride_last, STRIDE_LAST)
ADDED_BLOCK(add_narrow_end, NARROW_END)
ADDED_BLOCK(add_by_channels, BY_CHANNELS)
ADDED_BLOCK(add_by_stride, BY_STRIDE)
ADDED_BLOCK(add_never_identity, NEVER_IDENTITY)
ADDED_BLOCK(add_plain_identity, PLAIN_IDENTITY)
ADDED_BLOCK(add_side_stride, SIDE_STRIDE)
ADDED_BLOCK(add_all_read_x, ALL_READ_X)
ADDED_BLOCK(add_counts_side, COUNTS_SIDE)
ADDED_BLOCK(add_side_width, SIDE_WIDTH)

static long counts(double *multiply_adds, const struct resnet *net, enum how how)
{
    double D = net->D, K = net->K, made = how == NOT_CLEARED ? *multiply_adds : 0, learned = 0;
    if (how != NO_LAST)
        learned += K * D + (how == NO_BIAS ? 0 : K), made += K * D;
    for (int i = how == LATE; i < net->units - (how == EARLY); i++) {
        const struct conv *c = &net->unit[i].c;
        double weights = (double)c->R * (how == SQUARE ? c->R : c->S) * c->M
                         * (how == ONE_CHANNEL ? 1 : c->C);
        double places = how == PLACES_OF_IMAGE ? (double)c->Y * c->X : how == ONE_PLACE ? 1
                        : (double)c->P * c->Q;
        learned += weights + c->M * (how == NO_NORM ? 0 : how == GAMMA_ALONE ? 1
                                     : how == STATISTICS ? 4 : how == CONV_BIAS ? 3 : 2);
        made += places * (weights + (how == NORM_WORK ? c->M : 0));
    }
    *multiply_adds = how == BOTH_OPERATIONS ? 2 * made : made;
    return (long)learned;
}

#define COUNTS(name, how) \
    static long name(double *multiply_adds, const struct resnet *net) \
    { return counts(multiply_adds, net, how); }
COUNTS(count_right, RIGHT)
COUNTS(count_no_last, NO_LAST)
COUNTS(count_no_bias, NO_BIAS)
COUNTS(count_no_norm, NO_NORM)
COUNTS(count_gamma_alone, GAMMA_ALONE)
COUNTS(count_statistics, STATISTICS)
COUNTS(count_conv_bias, CONV_BIAS)
COUNTS(count_image, PLACES_OF_IMAGE)
COUNTS(count_one_place, ONE_PLACE)
COUNTS(count_both, BOTH_OPERATIONS)
COUNTS(count_not_cleared, NOT_CLEARED)
COUNTS(count_late, LATE)
COUNTS(count_norm_work, NORM_WORK)

/* ---- a network ---- */

/* The stem, and h[0] in double, to be freed. */
static double *stem_made(struct resnet_work *w, const struct resnet *net, bool training, int N,
                         enum how how)
{
    const struct conv *c = &net->unit[0].c, *pool = &net->pool;
    bool pooled = net->family->pool;
    double *x = doubles(w->x, N * c->Y * c->X * c->C);
    double *y = unit_made(w->unit, net->unit, x, how == STEM_OTHER_MODE ? !training : training,
                          N);
    free(x);
    if (how != STEM_UNBENT || pooled)
        y = stem_fill(w, y, net, N);
    int n = image_count(pooled ? pool : c, N);
    for (int i = 0; i < n; i++)
        w->h[0][i] = (float)y[i];
    return y;
}

/* The mean of a channel over the pixels of an image, or what was taken for it. */
static double pooled_of(const double *h, int places, int D, enum how how)
{
    double sum = 0, most = -1e30;
    for (int i = 0; i < places; i++)
        sum += h[i*D], most = fmax(most, h[i*D]);
    return how == SUM ? sum : how == PEAK ? most : how == CORNER ? h[0] : sum / places;
}

static void run(struct resnet_work *w, const struct resnet *net, bool training, int N,
                enum how how)
{
    const struct conv *end = &net_end(net)->c;
    const int D = net->D, K = net->K, places = end->P * end->Q;
    training = mode_of(training, how);
    double *h = stem_made(w, net, training, N, how);
    for (int i = 0; i < net->blocks; i++) {
        const struct block *b = &net->block[i];
        int at = how == SAME_UNITS && i && !memcmp(&net->unit[net->block[i - 1].first].c,
                 &net->unit[b->first].c, sizeof(struct conv)) ? net->block[i - 1].first : b->first;
        double *next = block_made(w->unit + b->first, h, net->unit + at, b,
                                  how == BLOCKS_OTHER_MODE ? !training : training, N, RIGHT);
        free(h);
        h = next;
        for (int k = 0; k < image_count(&net->unit[b->first + b->units - 1].c, N); k++)
            w->h[i + 1][k] = (float)h[k];
    }
    for (int n = 0; n < N; n++) {
        double most = 0;
        for (int d = 0; d < D; d++)
            w->pooled[n*D + d] = (float)pooled_of(h + n*places*D + d, places, D, how);
        for (int k = 0; k < K; k++) {
            double z = how == NO_BIAS ? 0 : net->b[k];
            for (int d = 0; d < D; d++)
                z += pooled_of(h + n*places*D + d, places, D, how)
                     * net->W[how == TURNED ? d*K + k : k*D + d];
            w->z[n*K + k] = (float)(how == POSITIVE ? fmax(0, z) : z);
            most += exp(z);
        }
        for (int k = 0; k < K && how == SOFTMAX; k++)
            w->z[n*K + k] = (float)(exp(w->z[n*K + k]) / most);
    }
    free(h);
}

#define RUN(name, how) \
    static void name(struct resnet_work *work, const struct resnet *net, bool training, int N) \
    { run(work, net, training, N, how); }
RUN(net_right, RIGHT)
RUN(net_always_train, ALWAYS_TRAIN)
RUN(net_never_train, NEVER_TRAIN)
RUN(net_stem_mode, STEM_OTHER_MODE)
RUN(net_blocks_mode, BLOCKS_OTHER_MODE)
RUN(net_stem_unbent, STEM_UNBENT)
RUN(net_same_units, SAME_UNITS)
RUN(net_sum, SUM)
RUN(net_peak, PEAK)
RUN(net_corner, CORNER)
RUN(net_no_bias, NO_BIAS)
RUN(net_turned, TURNED)
RUN(net_softmax, SOFTMAX)

/* The last layer and the mean back: the gradient in h[blocks], to be freed. */
static double *last_back(struct resnet *grad, const struct resnet_work *w,
                         const struct resnet *net, int N, enum how how)
{
    const struct conv *end = &net_end(net)->c;
    const int D = net->D, K = net->K, places = end->P * end->Q;
    double *dh = calloc((size_t)N * places * D, 8);
    for (int k = 0; k < K; k++) {
        double bias = 0;
        for (int n = 0; n < N; n++)
            bias += w->dz[n*K + k];
        if (how != NO_BIAS)
            grad->b[k] = (float)bias;
        for (int d = 0; d < D; d++) {
            double sum = how == NOT_CLEARED ? grad->W[k*D + d] : 0;
            for (int n = 0; n < N; n++) {
                sum += (double)w->dz[n*K + k] * w->pooled[n*D + d];
                for (int i = 0; i < (how == CORNER_BACK ? 1 : places); i++)
                    dh[(n*places + i)*D + d] += (double)w->dz[n*K + k] * net->W[k*D + d]
                                                / (how == SUM_BACK ? 1 : places);
            }
            grad->W[k*D + d] = (float)sum;
        }
    }
    return dh;
}

/* From the gradient in h[0] to that in what the stem gives, to be freed. */
static double *pool_back(double *dh, const struct resnet_work *w, const struct resnet *net, int N,
                         enum how how)
{
    const struct conv *c = &net->pool;
    double *dx = calloc((size_t)image_count(&net->unit[0].c, N), 8);
    for (int i = 0; i < image_count(c, N); i++) {
        double share = w->h[0][i] > 0 || how == NO_POOL_MASK ? dh[i] : 0;
        int k = i % c->C, q = i / c->C % c->Q, p = i / c->C / c->Q % c->P;
        int n = i / c->C / c->Q / c->P;
        if (how != POOL_SPREAD)
            dx[w->from[i]] += share;
        for (int rs = 0; rs < c->R * c->S && how == POOL_SPREAD; rs++) {
            int a = p*c->stride_y + rs / c->S - c->top, b = q*c->stride_x + rs % c->S - c->left;
            if (a >= 0 && a < c->Y && b >= 0 && b < c->X)
                dx[((n*c->Y + a)*c->X + b)*c->C + k] += share / (c->R * c->S);
        }
    }
    free(dh);
    return dx;
}

static void run_back(struct resnet *grad, struct resnet_work *w, const struct resnet *net,
                     bool training, int N, enum how how)
{
    const struct conv *c = &net->unit[0].c;
    double *dh = last_back(grad, w, net, N, how);
    training = mode_of(training, how);
    for (int i = net->blocks - 1; i >= (how == ONE_BLOCK ? net->blocks - 1 : 0); i--) {
        const struct block *b = &net->block[i];
        const struct conv *first = &net->unit[b->first].c;
        double *dx = calloc((size_t)N * first->Y * first->X * first->C, 8);
        block_back_to(dx, grad->unit + b->first, dh, w->h[i + 1], w->unit + b->first, w->h[i],
                      net->unit + b->first, b, training, N,
                      how == NO_SHORT || how == NO_MASK ? how : RIGHT);
        if (how == SKIPS_BLOCKS && i && !memcmp(first, &net->unit[net->block[i - 1].first].c,
                                                sizeof *first))
            memcpy(dx, dh, (size_t)N * first->Y * first->X * first->C * 8);
        free(dh);
        dh = dx;
    }
    if (how != NO_STEM && how != ONE_BLOCK) {
        double *x = doubles(w->x, N * c->Y * c->X * c->C);
        if (net->family->pool)
            dh = pool_back(dh, w, net, N, how);
        unit_back_to(NULL, grad->unit, dh, w->unit, net->unit, x,
                     !net->family->pool && how != STEM_UNBENT, training, N);
        free(x);
    }
    free(dh);
}

#define RUN_BACK(name, how) \
    static void name(struct resnet *grad, struct resnet_work *work, const struct resnet *net, \
                     bool training, int N) \
    { run_back(grad, work, net, training, N, how); }
RUN_BACK(net_back_right, RIGHT)
RUN_BACK(net_back_always_train, ALWAYS_TRAIN)
RUN_BACK(net_back_never_train, NEVER_TRAIN)
RUN_BACK(net_back_no_bias, NO_BIAS)
RUN_BACK(net_back_sum, SUM_BACK)
RUN_BACK(net_back_corner, CORNER_BACK)
RUN_BACK(net_back_stem_unbent, STEM_UNBENT)
RUN_BACK(net_back_no_mask, NO_POOL_MASK)
RUN_BACK(net_back_spread, POOL_SPREAD)
RUN_BACK(net_back_no_stem, NO_STEM)
RUN_BACK(net_back_one_block, ONE_BLOCK)
RUN_BACK(net_back_not_cleared, NOT_CLEARED)

/* ---- layouts ---- */

static void fold(float *w, float *b, const struct unit *u, enum how how)
{
    const struct conv *c = &u->c;
    struct unit to = *u;
    to.w = w;
    for (int m = 0; m < c->M; m++) {
        double rstd = 1 / sqrt(u->running_var[m] + (how == NO_EPSILON ? 0 : 1e-5));
        double by = how == NO_GAMMA ? rstd : how == ROOT_ALONE ? u->gamma[m] : u->gamma[m] * rstd;
        double add = u->beta[m] - by * u->running_mean[m];
        b[m] = (float)(how == ZERO_BIAS ? 0 : how == BETA_ALONE ? u->beta[m] : how == PLUS
                       ? 2 * u->beta[m] - add : how == NO_BETA ? add - u->beta[m]
                       : how == UNSCALED ? u->beta[m] - u->running_mean[m] : add);
    }
    for (int i = 0; i < (int)weights_count(c); i++) {
        int m = i % c->M, k = i / c->M % c->C, s = i / c->M / c->C % c->S;
        int r = i / c->M / c->C / c->S, at = how == BY_INPUT ? k % c->M : m;
        double rstd = 1 / sqrt(u->running_var[at] + 1e-5), by = u->gamma[at] * rstd;
        if (how == NO_GAMMA || how == ROOT_ALONE)
            by = how == NO_GAMMA ? rstd : u->gamma[at];
        double old = *unit_weight(u, r, s, k, m);
        *unit_weight(&to, r, s, k, m) = (float)(how == COPIED ? old : how == DIVIDED ? old / by
                                               : how == BY_SHIFT ? old * by + b[m] : old * by);
    }
}

#define FOLDED_UNIT(name, how) \
    static void name(float *w, float *b, const struct unit *u) { fold(w, b, u, how); }
FOLDED_UNIT(fold_right, RIGHT)
FOLDED_UNIT(fold_copied, COPIED)
FOLDED_UNIT(fold_by_input, BY_INPUT)
FOLDED_UNIT(fold_divided, DIVIDED)
FOLDED_UNIT(fold_by_shift, BY_SHIFT)
FOLDED_UNIT(fold_no_gamma, NO_GAMMA)
FOLDED_UNIT(fold_gamma_alone, ROOT_ALONE)
FOLDED_UNIT(fold_zero_bias, ZERO_BIAS)
FOLDED_UNIT(fold_beta_alone, BETA_ALONE)
FOLDED_UNIT(fold_plus, PLUS)
FOLDED_UNIT(fold_no_beta, NO_BETA)
FOLDED_UNIT(fold_unscaled, UNSCALED)

/* Where the weight (r,s,k,m) stands in a file of some order. */
static int place_in_file(const struct conv *c, int r, int s, int k, int m, enum how how)
{
    int R = c->R, S = c->S, C = c->C, M = c->M;
    if (how == TURNED)
        r = R - 1 - r, s = S - 1 - s;
    return how == AS_IT_LIES ? ((r*S + s)*C + k)*M + m : how == MRSC ? ((m*R + r)*S + s)*C + k
           : how == CMRS ? ((k*M + m)*R + r)*S + s : how == MCSR ? ((m*C + k)*S + s)*R + r
           : how == CRSM ? ((k*R + r)*S + s)*M + m : ((m*C + k)*R + r)*S + s;
}

static void moved(float *file, const struct unit *u, bool out, enum how how)
{
    const struct conv *c = &u->c;
    for (int i = 0; i < (int)weights_count(c); i++) {
        int m = i % c->M, k = i / c->M % c->C, s = i / c->M / c->C % c->S;
        int r = i / c->M / c->C / c->S;
        float *own = unit_weight(u, r, s, k, m), *at = file + place_in_file(c, r, s, k, m, how);
        if ((how == EARLY && m == c->M - 1) || (how == ONE_CHANNEL && k))
            continue;
        if (out)
            *at = *own;
        else
            *own = *at;
    }
}

#define MOVED(name, how) \
    static void export_##name(float *to, const struct unit *u) { moved(to, u, true, how); } \
    static void import_##name(struct unit *u, const float *from) \
    { moved((float *)from, u, false, how); }
MOVED(right, RIGHT)
MOVED(as_it_lies, AS_IT_LIES)
MOVED(mrsc, MRSC)
MOVED(cmrs, CMRS)
MOVED(mcsr, MCSR)
MOVED(crsm, CRSM)
MOVED(turned, TURNED)
MOVED(early, EARLY)
MOVED(one_channel, ONE_CHANNEL)
#endif

/* ---- the exercises --------------------------------------------------------------------- */

#define FN(f) (anything *)f
#define ROOT_ONCE "what are the units of var, and of z: is one the square of the other?"
#define WHICH_MODE "what does training say, and who must hear it?"
#define ORDER "which index runs fastest in a file of [M,C,R,S]?"
const struct exercise exercises[] = {
    {"14.1", "norm_scale", FN(norm_scale),
     {{"C=3, by hand", scale_by_hand}, {"C=5, variances of 1e-5", scale_tiny},
      {"C=2, no variance, by hand", scale_still}, {"C=17", scale_many},
      {"C=9, shift is beta", scale_in_place},
      {"C=7, 3 images 5x4", scale_gold}},
     JUDGE_ONLY(FN(scale_right), {
        {FN(scale_no_root), "it divides by the variance, not by its root.", ROOT_ONCE, "14.1"},
        {FN(scale_root_alone), "gamma is missing in the scale.",
         "what does a gamma of 0 do to a channel?", "14.1"},
        {FN(scale_outside), "NORM_EPSILON is added behind the root.",
         "what is the root of a variance of 0, if it is to be larger than 0?", "14.1"},
        {FN(scale_no_epsilon), "NORM_EPSILON is missing.",
         "what becomes of a channel whose variance is 0?", "14.1"},
        {FN(scale_times), "it multiplies by the deviation, where it should divide.",
         "is a channel that varies much to be made larger, or smaller?", "14.1"},
        {FN(scale_unscaled), "the shift is beta - mean: the mean is not scaled.",
         "where does z = mean[c] have to arrive?", "14.1"},
        {FN(scale_plus), "the mean is added, where it should be taken away.",
         "where does z = mean[c] have to arrive?", "14.1"},
        {FN(scale_no_beta), "beta is missing in the shift.",
         "where does z = mean[c] have to arrive?", "14.1"},
        {FN(scale_no_mean), "the shift is beta: the mean is missing.",
         "where does z = mean[c] have to arrive?", "14.1"},
        {FN(scale_beta_scaled), "beta is scaled too.",
         "is beta added before the scale, or behind it?", "14.1"},
        {FN(scale_by_gamma), "the mean is multiplied by gamma, but not by rstd.",
         "by what is z multiplied, on its way to y?", "14.1"},
        {FN(scale_by_rstd), "the mean is multiplied by rstd, but not by gamma.",
         "by what is z multiplied, on its way to y?", "14.1"}})},
    {"14.2", "join_forward", FN(join_forward),
     {{"rows=2 C=2, s an image, by hand", join_by_hand},
      {"rows=2 C=2, s with a scale, by hand", join_side_by_hand},
      {"rows=5 C=7, no shortcut", join_none}, {"rows=7 C=17, s an image", join_image},
      {"rows=9 C=5, s with a scale", join_side}, {"rows=6 C=5, h is s, an image", join_in_place},
      {"rows=5 C=24, h is s, with a scale", join_side_in_place}},
     JUDGE_ONLY(FN(join_right), {
        {FN(join_no_relu), "the relu is missing.", "what becomes of a sum below 0?", "14.2"},
        {FN(join_relu_first), "the relu comes before the sum, not behind it.",
         "can what the units give ever make an image smaller then?", "14.2"},
        {FN(join_relu_both), "unit and shortcut each get a relu of their own.",
         "how many relus are in the formula, and around what?", "14.2"},
        {FN(join_relu_short), "the shortcut gets a relu of its own.",
         "how many relus are in the formula, and around what?", "14.2"},
        {FN(join_no_short), "the shortcut is missing.", "which numbers does s have?", "14.2"},
        {FN(join_no_scale), "z is not scaled.", "is z already normed?", "14.2"},
        {FN(join_no_shift), "the shift of z is missing.", "is z already normed?", "14.2"},
        {FN(join_raw_short), "s_scale and s_shift are missing.",
         "is the z of the shortcut's unit already normed?", "14.2"},
        {FN(join_short_no_shift), "s_shift is missing.",
         "is the z of the shortcut's unit already normed?", "14.2"},
        {FN(join_short_scaled), "an image that is the shortcut is scaled as z is.",
         "has a shortcut without a unit a scale?", "14.2"},
        {FN(join_minus), "the shortcut is taken away, where it should be added.",
         "what comes out if the units give 0?", "14.2"},
        {FN(join_absolute), "it loses the sign, where the relu makes 0.",
         "what is relu(-3)?", "14.2"}})},
    {"14.3", "subsample_forward", FN(subsample_forward),
     {{"1 image 4x5, C=1 M=2, stride 3, by hand", sub_by_hand},
      {"2 images 5x7, C=3 M=7, stride 2", sub_odd},
      {"3 images 4x6, C=9 M=16, stride 2", sub_even},
      {"2 images 7x8, C=2 M=5, stride 3", sub_three},
      {"2 images 6x5, C=3 M=3, stride 2", sub_same},
      {"2 images 3x4, C=5 M=6, stride 1", sub_one},
      {"3 images 3x2, C=3 M=4, stride 4", sub_large}},
     JUDGE_ONLY(FN(sub_right), {
        {FN(sub_middle), "it takes the pixel in the middle of the stride, not the first.",
         "from which pixel comes place (0,0)?", "14.2"},
        {FN(sub_next), "it takes the last pixel of each stride, not the first.",
         "from which pixel comes place (0,0)?", "14.2"},
        {FN(sub_averaged), "it takes the mean of the pixels, not one of them.",
         "how many pixels of x are in the formula?", "14.2"},
        {FN(sub_largest), "it takes the largest of the pixels, not the first.",
         "how many pixels of x are in the formula?", "14.2"},
        {FN(sub_zeros_first), "the zeros come before the channels of x.",
         "which channels of s are 0?", "14.2"},
        {FN(sub_zeros_both), "half of the zeros come before the channels of x.",
         "which channels of s are 0?", "14.2"},
        {FN(sub_repeated), "the new channels repeat those of x, and should be 0.",
         "which channels of s are 0?", "14.2"},
        {FN(sub_no_zeros), "the new channels are not written.",
         "is s zero before?", "14.2"},
        {FN(sub_cropped), "it takes the first rows and columns, every one.",
         "from which row of x comes row 1 of s?", "14.2"},
        {FN(sub_rows), "only the rows are left out, not the columns.",
         "from which column of x comes column 1 of s?", "14.2"},
        {FN(sub_columns), "only the columns are left out, not the rows.",
         "from which row of x comes row 1 of s?", "14.2"},
        {FN(sub_round_down), "P and Q are rounded down: the last row or column is lost.",
         "of 5 rows, which are taken with stride 2?", "14.2"}})},
    {"14.4", "subsample_backward", FN(subsample_backward),
     {{"1 image 3x4, C=1 M=2, stride 2, by hand", sub_back_by_hand},
      {"2 images 5x7, C=3 M=7, stride 2", sub_back_odd},
      {"3 images 4x6, C=9 M=16, stride 2", sub_back_even},
      {"2 images 7x8, C=2 M=5, stride 3", sub_back_three},
      {"2 images 6x5, C=3 M=3, stride 2", sub_back_same},
      {"2 images 3x4, C=5 M=6, stride 1", sub_back_one},
      {"3 images 3x2, C=3 M=4, stride 4", sub_back_large}},
     JUDGE_ONLY(FN(sub_back_right), {
        {FN(sub_back_overwrites), "dx is overwritten, where it should be added to.",
         "does x go nowhere else but through the shortcut?", "14.2"},
        {FN(sub_back_rest_zero), "dx is made 0 first.",
         "does x go nowhere else but through the shortcut?", "14.2"},
        {FN(sub_back_spread), "the pixels that were left out get a gradient too.",
         "if such a pixel changes, does s?", "14.2"},
        {FN(sub_back_folded), "the gradient of the new channels goes to x as well.",
         "if a number of x changes, do the zeros?", "14.2"},
        {FN(sub_back_last), "it takes the last C channels of ds, not the first.",
         "which channels of s came from x?", "14.2"},
        {FN(sub_back_shifted), "a pixel of ds is taken to have C numbers.",
         "how far apart are two pixels of ds?", "14.2"},
        {FN(sub_back_first_image), "only the first image gets a gradient.",
         "how many images has dx?", "14.2"},
        {FN(sub_back_cropped), "the gradient goes to the first rows and columns, every one.",
         "from which row of x came row 1 of s?", "14.2"},
        {FN(sub_back_round_down), "P and Q are rounded down.",
         "of 5 rows, which were taken with stride 2?", "14.2"},
        {FN(sub_back_middle), "the gradient goes to the middle of the stride.",
         "from which pixel came place (0,0)?", "14.2"},
        {FN(sub_back_minus), "the gradient is taken away, where it should be added.",
         "if x grows, does s grow?", "14.2"}})},
    {"14.5", "block_forward", FN(block_forward),
     {{"N=2, 4x3x3, 2 units, training", forward_basic},
      {"N=2, 4x3x3, 2 units", forward_basic_eval},
      {"N=2, 5x4x3 to 5 channels, stride 2, projected, training", forward_down},
      {"N=2, 5x4x3 to 5 channels, stride 2, projected", forward_down_eval},
      {"N=2, 5x4x2 to 4 channels, stride 2, subsampled, training", forward_padded},
      {"N=2, 4x3x5, 3 units, training", forward_bottleneck},
      {"N=2, 5x4x5 to 12 channels, 3 units, stride 2", forward_narrow_eval},
      {"N=3, 4x5x17, 2 units, no shortcut, training", forward_plain},
      {"N=2, 5x6x16 to 7 channels, stride 2, no shortcut", forward_plain_down},
      {"N=3, 5x4x9 to 24 channels, 3 units, stride 2, training", forward_wide}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_no_relu), "the relu at the end is missing.",
         "what does the next block read?", "14.3"},
        {FN(forward_relu_first), "the relu comes before the sum, not behind it.",
         "can what the units give ever make an image smaller then?", "14.3"},
        {FN(forward_relu_short), "the shortcut gets a relu of its own.",
         "how many relus come behind the last unit?", "14.3"},
        {FN(forward_no_short), "the shortcut is missing.",
         "what does block->shortcut say?", "14.3"},
        {FN(forward_raw_short), "the projection's z is added as it is, without its batch norm.",
         "what does unit_forward() leave in u besides z?", "14.3"},
        {FN(forward_side_stats), "the projection is normed with scale and shift of the last unit.",
         "whose scale belongs to whose z?", "14.3"},
        {FN(forward_twice), "the shortcut is added twice.",
         "who adds the shortcut, and how often?", "14.3"},
        {FN(forward_raw_inner), "a unit reads z of the one before, without batch norm and relu.",
         "what does unit_out() say besides where z is?", "14.3"},
        {FN(forward_always_train), "the statistics of the batch are used even when not training.",
         WHICH_MODE, "14.3"},
        {FN(forward_never_train), "the running statistics are used even in training.",
         WHICH_MODE, "14.3"},
        {FN(forward_side_mode), "the projection is not in the mode of the other units.",
         WHICH_MODE, "14.3"},
        {FN(forward_always_short), "the image is added even where block->shortcut is NONE.",
         "what makes a plain network plain?", "14.3"}}, .uses = "14.1 14.2 14.3")},
    {"14.6", "block_backward", FN(block_backward),
     {{"N=2, 4x3x3, 2 units, training", backward_basic},
      {"N=2, 4x3x3, 2 units", backward_basic_eval},
      {"N=2, 5x4x3 to 5 channels, stride 2, projected, training", backward_down},
      {"N=2, 5x4x3 to 5 channels, stride 2, projected", backward_down_eval},
      {"N=2, 5x4x2 to 4 channels, stride 2, subsampled, training", backward_padded},
      {"N=2, 4x3x5, 3 units, training", backward_bottleneck},
      {"N=2, 5x4x5 to 12 channels, 3 units, stride 2, training", backward_narrow},
      {"N=2, 5x4x5 to 12 channels, 3 units, stride 2", backward_narrow_eval},
      {"N=3, 4x5x17 to 16 channels, 2 units, no shortcut, training", backward_plain},
      {"N=3, 5x4x9 to 24 channels, 3 units, stride 2, training", backward_wide}},
     JUDGE_ONLY(FN(backward_right), {
        {FN(backward_no_mask), "the relu at the end lets every gradient through.",
         "if h is 0 and the sum below it grows a little, does h grow?", "14.3"},
        {FN(backward_mask_short), "the gradient that goes to the units has not gone back through "
         "the relu; that of the shortcut has.",
         "was the relu before the sum, or behind it?", "14.3"},
        {FN(backward_mask_units), "the gradient that goes to the shortcut has not gone back "
         "through the relu; that of the units has.",
         "was the relu before the sum, or behind it?", "14.3"},
        {FN(backward_by_gradient), "the relu lets through what is positive in dh, not where h is.",
         "which sign decides, that of h or that of its gradient?", "14.3"},
        {FN(backward_no_short), "dx lacks what comes through the shortcut.",
         "does unit 0 add to dx, or overwrite it?", "14.3"},
        {FN(backward_short_alone), "dx has only what comes through the shortcut.",
         "who adds what comes through the units?", "14.3"},
        {FN(backward_last_bent), "the last unit goes back through a relu of its own.",
         "does a relu stand between the last unit and the sum?", "14.3"},
        {FN(backward_inner_unbent), "the units before the last go back without their relu.",
         "what does a unit read of the one before: with a relu, or without?", "14.3"},
        {FN(backward_side_changed), "the units get the gradient that the projection has changed.",
         "what does unit_backward() leave in g?", "14.3"},
        {FN(backward_units_changed), "the shortcut gets the gradient that the last unit has "
         "changed.", "what does unit_backward() leave in g?", "14.3"},
        {FN(backward_side_bent), "the projection goes back through a relu of its own.",
         "does a relu stand between the projection and the sum?", "14.3"},
        {FN(backward_raw_input), "the weights get their gradient from z, where their unit has read "
         "relu(scale z + shift).", "what does unit_out() say besides where z is?", "14.3"}},
     .uses = "14.4")},
    {"14.7", "block_add", FN(block_add),
     {{"2 units, 6x5x3, width 3", add_identity},
      {"2 units, 7x6x3, width 5, stride 2, SUBSAMPLE, behind a block", add_subsample},
      {"2 units, 8x5x4, width 4, stride 2, SUBSAMPLE", add_narrow_image},
      {"2 units, 4x7x3, width 6, PROJECTION, behind 2 blocks", add_more_channels},
      {"2 units, 5x4x3, width 3, NONE, behind a block", add_plain},
      {"2 units, 5x8x3, width 7, stride 2, NONE", add_plain_down},
      {"2 units, 9x8x5, width 7, stride 2, PROJECTION, behind a block", add_project},
      {"3 units, 7x4x12, width 3, PROJECTION", add_bottleneck},
      {"3 units, 6x7x5, width 3, PROJECTION, behind a block", add_bottleneck_wider},
      {"3 units, 9x8x4, width 3, stride 2, PROJECTION, behind 2 blocks", add_bottleneck_down}},
     JUDGE_ONLY(FN(add_right), {
        {FN(add_stride_first), "in a bottleneck the first unit has the stride, not the 3x3.",
         "which unit of the three sees the pixels between the strides?", "14.4"},
        {FN(add_stride_both), "both units of 3x3 have the stride.",
         "how much smaller may a block make its image?", "14.4"},
        {FN(add_stride_last), "the last unit has the stride.",
         "which unit of the block has the stride?", "14.4"},
        {FN(add_narrow_end), "a bottleneck ends with width channels.",
         "how many channels are at the two ends of a bottleneck?", "14.4"},
        {FN(add_by_channels), "the shortcut is IDENTITY as soon as the channels are the same.",
         "is that all of a shape?", "14.4"},
        {FN(add_by_stride), "the shortcut is IDENTITY as soon as rows and columns are the same.",
         "is that all of a shape?", "14.4"},
        {FN(add_never_identity), "the shortcut is never IDENTITY.",
         "what does the shortcut have to do where the shape stays?", "14.4"},
        {FN(add_plain_identity), "a plain network gets an IDENTITY.",
         "what makes a plain network plain?", "14.4"},
        {FN(add_side_stride), "the projection is without the stride.",
         "which shape must the projection have, to be added?", "14.4"},
        {FN(add_all_read_x), "every unit is planned for the image at the beginning.",
         "what does the second unit read?", "14.4"},
        {FN(add_counts_side), "block->units counts the projection.",
         "where does 14.5 look for the projection?", "14.4"},
        {FN(add_side_width), "the projection has width channels, the end of the block more.",
         "which shape must the projection have, to be added?", "14.4"}})},
    {"14.8", "resnet_count", FN(resnet_count),
     {{"2 units, D=3 K=5, by hand", count_by_hand}, {"1 unit, D=17 K=2", count_one},
      {"6 units, D=8 K=5", count_many}, {"2 large units, D=512 K=1000", count_large}},
     JUDGE_ONLY(FN(count_right), {
        {FN(count_no_last), "the last layer is missing.",
         "who makes the logits, and of what?", "14.4"},
        {FN(count_no_bias), "the biases of the last layer are missing.",
         "what does the last layer learn besides W?", "14.4"},
        {FN(count_no_norm), "gammas and betas are missing.",
         "what does a unit learn besides its kernels?", "14.4"},
        {FN(count_gamma_alone), "a unit has M gammas, but no betas.",
         "what does a unit learn besides its kernels?", "14.4"},
        {FN(count_statistics), "the running statistics are counted.",
         "has a running mean a gradient?", "14.4"},
        {FN(count_conv_bias), "a unit has M numbers too many: its convolution has no biases.",
         "what would a bias do, right before a batch norm takes the mean away?", "14.4"},
        {FN(count_image), "the multiply-adds are those of Y X places, not of P Q.",
         "at how many places does a kernel with stride 2 stand?", "14.4"},
        {FN(count_one_place), "the multiply-adds are those of one place.",
         "at how many places does a kernel stand?", "14.4"},
        {FN(count_both), "multiplications and additions are counted as two.",
         "how many multiply-adds are a x + b?", "14.4"},
        {FN(count_not_cleared), "the multiply-adds are added to what was there.",
         "is *multiply_adds 0 before?", "14.4"},
        {FN(count_late), "the first unit, the stem, is missing.",
         "which number has the first unit?", "14.4"},
        {FN(count_norm_work), "the work of the batch norm is counted.",
         "what does the formula count?", "14.4"}})},
    {"14.9", "resnet_forward", FN(resnet_forward),
     {{BASIC_NET ", training", net_basic}, {BASIC_NET, net_basic_eval},
      {PLAIN_NET ", training", net_plain}, {NECK_NET ", training", net_neck},
      {NECK_NET, net_neck_eval}, {SIDE_NET ", training", net_side}},
     JUDGE_ONLY(FN(net_right), {
        {FN(net_always_train), "the statistics of the batch are used even when not training.",
         WHICH_MODE, "14.5"},
        {FN(net_never_train), "the running statistics are used even in training.",
         WHICH_MODE, "14.5"},
        {FN(net_stem_mode), "the stem is not in the mode of the blocks.", WHICH_MODE, "14.5"},
        {FN(net_blocks_mode), "the blocks are not in the mode of the stem.", WHICH_MODE, "14.5"},
        {FN(net_stem_unbent), "without a pool the stem has no relu.",
         "what is relu of what the stem gives, if there is no pool?", "14.5"},
        {FN(net_same_units), "a block takes the units of the block before it.",
         "what is block->first?", "14.5"},
        {FN(net_sum), "the sum of the pixels is taken, not their mean.",
         "would a larger image have larger logits?", "14.5"},
        {FN(net_peak), "the largest of the pixels is taken, not their mean.",
         "which pool of chapter 12 is this, and which should it be?", "14.5"},
        {FN(net_corner), "only the first pixel is taken, not the mean of all.",
         "how many pixels has h[blocks]?", "14.5"},
        {FN(net_no_bias), "the biases of the last layer are missing.",
         "what does the last layer add?", "14.5"},
        {FN(net_turned), "W is read as [D,K].", "how many numbers has a row of W?", "14.5"},
        {FN(net_softmax), "z are probabilities, not logits.",
         "who makes probabilities of the logits?", "14.5"}},
     .uses = "14.1 14.2 14.3 14.5")},
    {"14.10", "resnet_backward", FN(resnet_backward),
     {{BASIC_NET ", training", net_back_basic}, {BASIC_NET, net_back_basic_eval},
      {PLAIN_NET, net_back_plain}, {NECK_NET ", training", net_back_neck},
      {NECK_NET, net_back_neck_eval}, {SIDE_NET ", training", net_back_side}},
     JUDGE_ONLY(FN(net_back_right), {
        {FN(net_back_always_train), "it always goes backward as in training.", WHICH_MODE, "14.5"},
        {FN(net_back_never_train), "it goes backward as if it were not training.",
         "who says to unit_backward() in which mode it is?", "14.5"},
        {FN(net_back_no_bias), "the gradient of b is missing.",
         "which gradients does the last layer have?", "14.5"},
        {FN(net_back_sum), "every pixel of h[blocks] gets the whole gradient of its mean.",
         "if one of 9 pixels grows by 1, by how much does their mean?", "14.5"},
        {FN(net_back_corner), "only the first pixel of h[blocks] gets a gradient.",
         "which pixels are in the mean?", "14.5"},
        {FN(net_back_stem_unbent), "without a pool the stem goes back without its relu.",
         "what stands behind the stem, if not a pool?", "14.5"},
        {FN(net_back_no_mask), "behind the pool a gradient passes even where h[0] is 0.",
         "what does stem_pool() make of a window whose largest number is below 0?", "14.5"},
        {FN(net_back_spread), "the pool spreads the gradient over its window.",
         "which pixel of a window made the largest number?", "14.5"},
        {FN(net_back_no_stem), "the stem gets no gradients.",
         "what is below block 0?", "14.5"},
        {FN(net_back_one_block), "it ends behind the last block.",
         "how many blocks are there?", "14.5"},
        {FN(net_back_not_cleared), "the gradient of W is added to what was there.",
         "does linear_backward() overwrite, or add?", "14.5"}},
     .uses = "14.4 14.6")},
    {"14.11", "unit_fold", FN(unit_fold),
     {{"C=3 R=1 S=2 M=2, by hand", fold_by_hand}, {"C=5 R=3 S=2 M=3", fold_odd},
      {"C=2 R=2 S=3 M=17", fold_ragged}, {"C=3 R=2 S=1 M=83", fold_wide},
      {"C=7 R=1 S=1 M=16", fold_even},
      {"C=3 R=2 S=3 M=17, w is the unit's own, b its beta", fold_in_place}},
     JUDGE_ONLY(FN(fold_right), {
        {FN(fold_copied), "the weights are not scaled.",
         "who multiplies by scale, when the batch norm is gone?", "14.6"},
        {FN(fold_by_input), "the weights are scaled by the channel of x, not of the result.",
         "whose channels does the batch norm behind the convolution see?", "14.6"},
        {FN(fold_divided), "the weights are divided by the scale.",
         "scale (sum of x w): what is the new w?", "14.6"},
        {FN(fold_by_shift), "the shift is added to every weight.",
         "how often is the shift added to a result?", "14.6"},
        {FN(fold_no_gamma), "gamma is missing in the scale.",
         "which four vectors does 14.1 want?", "14.6"},
        {FN(fold_gamma_alone), "the weights are scaled by gamma alone.",
         "which four vectors does 14.1 want?", "14.6"},
        {FN(fold_zero_bias), "b is 0.", "what becomes of the shift?", "14.6"},
        {FN(fold_beta_alone), "b is beta: the running mean is missing.",
         "what does 14.1 say of the shift?", "14.6"},
        {FN(fold_plus), "the running mean is added, where it should be taken away.",
         "what does 14.1 say of the shift?", "14.6"},
        {FN(fold_no_beta), "beta is missing in b.", "what does 14.1 say of the shift?", "14.6"},
        {FN(fold_unscaled), "b is beta - mean: the mean is not scaled.",
         "what does 14.1 say of the shift?", "14.6"}}, .uses = "14.1")},
    {"14.12", "unit_export", FN(unit_export),
     {{"C=3 R=2 S=3 M=2, by hand", export_by_hand}, {"C=5 R=3 S=2 M=7", export_odd},
      {"C=2 R=2 S=3 M=17", export_ragged}, {"C=3 R=2 S=1 M=83", export_wide},
      {"C=7 R=1 S=1 M=16", export_even}},
     JUDGE_ONLY(FN(export_right), {
        {FN(export_as_it_lies), "the order is [R,S,C,M], that of this course.", ORDER, "14.7"},
        {FN(export_mrsc), "the order is [M,R,S,C].", ORDER, "14.7"},
        {FN(export_cmrs), "the order is [C,M,R,S].", "which index runs slowest in the file?",
         "14.7"},
        {FN(export_mcsr), "rows and columns have changed places: the order is [M,C,S,R].", ORDER,
         "14.7"},
        {FN(export_crsm), "the order is [C,R,S,M].", "which index runs slowest in the file?",
         "14.7"},
        {FN(export_turned), "the kernels are turned by half a circle.",
         "which weight is first in the file?", "14.7"},
        {FN(export_early), "the last kernel is missing.", "which is the last of M kernels?",
         "14.7"},
        {FN(export_one_channel), "only the first channel of each kernel is written.",
         "how many channels has a kernel?", "14.7"}})},
    {"14.13", "unit_import", FN(unit_import),
     {{"C=3 R=2 S=3 M=2, by hand", import_by_hand}, {"C=5 R=3 S=2 M=7", import_odd},
      {"C=2 R=2 S=3 M=17", import_ragged}, {"C=3 R=2 S=1 M=83", import_wide},
      {"C=7 R=1 S=1 M=16", import_even}},
     JUDGE_ONLY(FN(import_right), {
        {FN(import_as_it_lies), "the file is read as [R,S,C,M], the order of this course.", ORDER,
         "14.7"},
        {FN(import_mrsc), "the file is read as [M,R,S,C].", ORDER, "14.7"},
        {FN(import_cmrs), "the file is read as [C,M,R,S].",
         "which index runs slowest in the file?", "14.7"},
        {FN(import_mcsr), "rows and columns have changed places: it is read as [M,C,S,R].", ORDER,
         "14.7"},
        {FN(import_crsm), "the file is read as [C,R,S,M].",
         "which index runs slowest in the file?", "14.7"},
        {FN(import_turned), "the kernels are turned by half a circle.",
         "which weight is first in the file?", "14.7"},
        {FN(import_early), "the last kernel is missing.", "which is the last of M kernels?",
         "14.7"},
        {FN(import_one_channel), "only the first channel of each kernel is written.",
         "how many channels has a kernel?", "14.7"}})},
    {0}};
