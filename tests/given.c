/* given.c: tests of what the course gives and no exercise asks for: the mathematics,
 * the streams and the shuffle of the kit, gemm, the optimizers by name, and the gradients of
 * whole networks.  Prints ok and not ok. */
#include <09-regularization/regularization.c>
#include <10-batchnorm/batchnorm.c>

static int failed;

static void tell(int good, const char *what)
{
    printf("%s - given: %s\n", good ? "ok" : "not ok", what);
    failed += !good;
}

/* ---- exp32, log32, tanh32 against the C library's double ------------------------- */

/* The error in units of the last place of the right answer. */
static double ulps(float got, double want)
{
    float near = (float)want, next = nextafterf(fabsf(near), INFINITY);
    return fabs(got - want) / (next - fabsf(near));
}

static double worst(float (*f)(float), double (*right)(double), float low, float high)
{
    double most = 0;
    const int steps = 2000000;
    for (int i = 0; i <= steps; i++) {
        float x = low + (high - low) * (float)i / (float)steps;
        double e = ulps(f(x), right(x));
        most = e > most ? e : most;
    }
    return most;
}

static void test_mathematics(void)
{
    double e = worst(exp32, exp, -87.3f, 88.7f);
    double l = fmax(worst(log32, log, 1e-6f, 4), worst(log32, log, 4, 1e9f));
    double t = fmax(worst(tanh32, tanh, -1, 1), worst(tanh32, tanh, -12, 12));
    printf("# worst error, units of the last place: exp32 %.2f, log32 %.2f, tanh32 %.2f\n",
           e, l, t);
    tell(e < 1.1 && l < 1.1 && t < 2, "exp32, log32 and tanh32 are as exact as kit.h says");
    tell(exp32(-INFINITY) == 0 && exp32(INFINITY) == INFINITY && isnan(exp32(NAN)) &&
         exp32(0) == 1 && exp32(89) == INFINITY && exp32(-88) == 0, "exp32 at its ends");
    tell(log32(0) == -INFINITY && isnan(log32(-1)) && log32(INFINITY) == INFINITY &&
         isnan(log32(NAN)) && log32(1) == 0 &&
         ulps(log32(1e-42f), log((double)1e-42f)) < 2, "log32 at its ends");
    tell(tanh32(INFINITY) == 1 && tanh32(-INFINITY) == -1 && tanh32(0) == 0 && isnan(tanh32(NAN)) &&
         tanh32(1e-30f) == 1e-30f, "tanh32 at its ends");
}

/* ---- chance ------------------------------------------------------------------------ */

static void test_chance(void)
{
    // SplitMix64 from state 1234567: values computed apart, with Python's integers.
    uint64_t s = 1234567;
    const uint64_t first[3] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u};
    int same = 1;
    for (int i = 0; i < 3; i++)
        same &= random_bits(&s) == first[i];
    tell(same, "random_bits gives SplitMix64's numbers");

    double sum = 0, squares = 0, fourth = 0;
    const int n = 1000000;
    for (int i = 0; i < n; i++) {
        double z = normal(&s);
        sum += z, squares += z*z, fourth += z*z*z*z;
    }
    tell(fabs(sum / n) < 0.004 && fabs(squares / n - 1) < 0.006 && fabs(fourth / n - 3) < 0.04,
         "normal has mean 0, variance 1, fourth moment 3");

    int seen[6] = {0}, order[3], low = 0;
    for (int i = 0; i < 60000; i++) {
        for (int k = 0; k < 3; k++)
            order[k] = k;
        shuffle(order, 3, &s);
        seen[order[0]*2 + (order[1] > order[2])]++;
        float u = uniform(&s);
        low += u >= 0 && u < 1;
    }
    int even = 1;
    for (int k = 0; k < 6; k++)
        even &= abs(seen[k] - 10000) < 400;
    tell(even, "shuffle gives every order equally often");
    tell(low == 60000, "uniform stays in [0, 1)");
    tell(stream(1, 1) != stream(1, 2) && stream(1, 1) != stream(2, 1),
         "streams differ by seed and name");
}

/* ---- gemm: the same bits as one chain of fused multiply-adds an element ------------------- */

static void gemm_plain(float *C, const float *A, const float *B, int N, int D, int M, int flags)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float sum = flags & ADD ? C[n*M + m] : 0;
            for (int d = 0; d < D; d++)
                sum = fmaf(flags & A_T ? A[d*N + n] : A[n*D + d],
                           flags & B_T ? B[m*D + d] : B[d*M + m], sum);
            C[n*M + m] = sum;
        }
}

/* Every array is exactly as long as it must be, so that a sanitizer sees one step too far. */
static float *drawn(size_t n, uint64_t *s)
{
    float *p = malloc(n * sizeof *p + !n);
    for (size_t i = 0; i < n; i++)
        p[i] = 2*uniform(s) - 1;
    return p;
}

/* zeros: the share of A that is 0, as a whole run of numbers or one here and there. */
static int gemm_same(int N, int D, int M, int flags, float zeros, uint64_t *s)
{
    size_t size = (size_t)N * M;
    float *A = drawn((size_t)N * D, s), *B = drawn((size_t)D * M, s);
    float *C = drawn(size, s), *want = drawn(size, s);
    for (int i = 0, run = 0; zeros > 0 && i < N * D; i++, run--) {
        if (run < -200)
            run = below(s, 200);
        if (run > 0 || uniform(s) < zeros)
            A[i] = 0;
    }
    memcpy(want, C, size * sizeof *C);
    gemm_plain(want, A, B, N, D, M, flags);
    gemm(C, A, B, N, D, M, flags);
    int same = !memcmp(want, C, size * sizeof *C);
    free(A), free(B), free(C), free(want);
    if (!same)
        printf("# gemm differs: N=%d D=%d M=%d flags=%d zeros=%g\n", N, D, M, flags, zeros);
    return same;
}

static void test_gemm(int shapes)
{
    uint64_t s = stream(1, 2);
    int same = 1;
    static const int sizes[][3] = {
        {3, 600, 5}, {130, 520, 70}, {7, 9, 1100}, {200, 3, 33}, {250, 130, 140}, {70, 65, 1000},
        {1, 1, 1}, {0, 3, 4}, {2, 3, 0}, {1, 40, 10}, {1, 33, 8}, {2, 50, 7}, {300, 200, 200},
    };
    for (int k = 0; k < 16; k++) {
        int flags = k % 8;
        float zeros = k < 8 ? 0 : 0.5f;
        for (int i = 0; i < shapes; i++)
            same &= gemm_same(1 + below(&s, 70), below(&s, 90), 1 + below(&s, 90), flags, zeros, &s);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            same &= gemm_same(sizes[i][0], sizes[i][1], sizes[i][2], flags, zeros, &s);
    }
    tell(same, "gemm gives the bits of the plain loop, with every flag, with zeros and without");
}

/* ---- optimizers by name ---------------------------------------------------------------- */

enum { WEIGHTS = 37, STEPS = 3 };

/* Three steps by the rule's own function. */
static void steps_plain(enum rule rule, float *w, float *m, float *v, const float *dw)
{
    for (int t = 1; t <= STEPS; t++)
        switch (rule) {
        case SGD:      sgd_step(w, dw, 0.1f, WEIGHTS); break;
        case MOMENTUM: momentum_step(w, m, dw, 0.1f, 0.9f, WEIGHTS); break;
        case NESTEROV: nesterov_step(w, m, dw, 0.1f, 0.9f, WEIGHTS); break;
        case RMSPROP:  rmsprop_step(w, v, dw, 0.1f, 0.99f, 1e-8f, WEIGHTS); break;
        case ADAM:     adam_step(w, m, v, dw, 0.1f, 0.9f, 0.999f, 1e-8f, t, WEIGHTS); break;
        case ADAMW:
            adamw_step(w, m, v, dw, 0.1f, 0.9f, 0.999f, 1e-8f, 0.01f, t, WEIGHTS);
            break;
        }
}

static void test_optimizers(void)
{
    uint64_t s = stream(1, 3);
    int same = 1;
    for (enum rule rule = SGD; rule <= ADAMW; rule++) {
        float w[WEIGHTS], want[WEIGHTS], dw[WEIGHTS], m[WEIGHTS] = {0}, v[WEIGHTS] = {0};
        for (int i = 0; i < WEIGHTS; i++) {
            want[i] = w[i] = normal(&s);
            dw[i] = normal(&s);
        }
        steps_plain(rule, want, m, v, dw);
        struct optimizer o = optimizer_new(rule, 0.1f, WEIGHTS);
        for (int again = 0; again < 2; again++, optimizer_clear(&o)) {
            float now[WEIGHTS];
            memcpy(now, w, sizeof now);
            for (int t = 0; t < STEPS; t++)
                optimizer_step(&o, now, dw);
            same &= !memcmp(now, want, sizeof now);
        }
        free(o.m);
    }
    tell(same, "optimizer_step steps by the rule it is told, also after optimizer_clear");
}

/* ---- gradients of whole networks: against the slope of the loss along a direction ------------ */

static const int sizes[] = {6, 9, 7, 4};
enum { EXAMPLES = 11, LAYER_COUNT = 3 };

/* The loss of the network whose n weights are w, and its gradient in dw. */
typedef float loss_like(float *dw, float *w, const float *x, const int *t);

static float loss_mlp(float *dw, float *w, const float *x, const int *t)
{
    float *block = floats(mlp_work_size(sizes, LAYER_COUNT, EXAMPLES));
    struct mlp net = mlp_at(w, sizes, LAYER_COUNT, TANH);
    struct mlp grad = mlp_at(dw, sizes, LAYER_COUNT, TANH);
    struct mlp_work work = mlp_work_at(block, sizes, LAYER_COUNT, EXAMPLES);
    memcpy(work.h[0], x, EXAMPLES * 6 * sizeof *x);
    float loss = mlp_gradient(&grad, &work, &net, t, EXAMPLES);
    free(block);
    return loss;
}

static float loss_regularized(float *dw, float *w, const float *x, const int *t)
{
    float *block = floats(mlp_work_size(sizes, LAYER_COUNT, EXAMPLES));
    float *more = floats(dropout_size(sizes, LAYER_COUNT, EXAMPLES));
    struct mlp net = mlp_at(w, sizes, LAYER_COUNT, TANH);
    struct mlp grad = mlp_at(dw, sizes, LAYER_COUNT, TANH);
    struct mlp_work work = mlp_work_at(block, sizes, LAYER_COUNT, EXAMPLES);
    struct dropout drop = dropout_at(more, sizes, LAYER_COUNT, EXAMPLES, 0.7f);
    uint64_t chance = stream(1, 4);  // the same masks every time
    memcpy(work.h[0], x, EXAMPLES * 6 * sizeof *x);
    float loss = regularized_gradient(&grad, &work, &drop, &net, t, 0.1f, EXAMPLES, &chance);
    free(more);
    free(block);
    return loss;
}

static float loss_normed(enum norm norm, float *dw, float *w, const float *x, const int *t)
{
    float *block = floats(normed_work_size(sizes, LAYER_COUNT, EXAMPLES)), running[32];
    struct normed net = normed_at(w, running, sizes, LAYER_COUNT, norm);
    struct normed grad = normed_at(dw, NULL, sizes, LAYER_COUNT, norm);
    struct normed_work work = normed_work_at(block, sizes, LAYER_COUNT, EXAMPLES);
    net.mlp.activation = TANH;  // relu has no slope at 0
    memcpy(work.mlp.h[0], x, EXAMPLES * 6 * sizeof *x);
    float loss = normed_gradient(&grad, &work, &net, t, EXAMPLES);
    free(block);
    return loss;
}

static float loss_batch(float *dw, float *w, const float *x, const int *t)
{
    return loss_normed(BATCH, dw, w, x, t);
}

static float loss_layer(float *dw, float *w, const float *x, const int *t)
{
    return loss_normed(LAYER, dw, w, x, t);
}

/* How far gradient and slope are apart, at worst, along ten random directions. */
static double slope_error(loss_like *loss)
{
    enum { MOST = 300 };
    uint64_t s = stream(1, 5);
    float x[EXAMPLES * 6], w[MOST], dw[MOST], other[MOST], up[MOST], down[MOST];
    int t[EXAMPLES], n = normed_size(sizes, LAYER_COUNT);
    const float h = 0.004f;
    double most = 0;
    for (int i = 0; i < EXAMPLES * 6; i++)
        x[i] = normal(&s);
    for (int i = 0; i < EXAMPLES; i++)
        t[i] = below(&s, 4);
    for (int i = 0; i < n; i++)
        w[i] = 0.5f * normal(&s);
    memset(dw, 0, sizeof dw);
    loss(dw, w, x, t);
    for (int k = 0; k < 10; k++) {
        double slope = 0, size = 0;
        for (int i = 0; i < n; i++) {
            float v = normal(&s);
            up[i] = w[i] + h * v, down[i] = w[i] - h * v;
            slope += dw[i] * ((double)up[i] - down[i]);
            size += fabs(dw[i] * ((double)up[i] - down[i]));
        }
        double measured = (double)loss(other, up, x, t) - loss(other, down, x, t);
        most = fmax(most, fabs(measured - slope) / size);
    }
    return most;
}

static void test_networks(void)
{
    static const struct { const char *what; loss_like *loss; } all[] = {
        {"mlp_gradient is the slope of its loss", loss_mlp},
        {"regularized_gradient is the slope of its loss", loss_regularized},
        {"normed_gradient is the slope of its loss, over the batch", loss_batch},
        {"normed_gradient is the slope of its loss, over the layer", loss_layer}};
    for (int i = 0; i < 4; i++) {
        double error = slope_error(all[i].loss);
        printf("# error %.1e\n", error);
        tell(error < 2e-3, all[i].what);
    }
}

int main(int argc, char **argv)
{
    int shapes = 60;
    OPTIONS("tests of what is given", OPTION(shapes, 1, 10000, "random shapes for gemm"));
    test_mathematics();
    test_chance();
    test_gemm(shapes);
    test_optimizers();
    test_networks();
    return failed != 0;
}
