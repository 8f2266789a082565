/* bench.c: how fast the course is.  Without a workload it lists them; with one it
 * prints a line of bench.tsv: the median time of a step, the peak of its memory.
 *
 *     build/bench workload=gemm-64-784-256-bt threads=1
 *     build/bench workload=mlp batch=64 threads=2
 *
 * gemm-N-D-M is a product [N,D] [D,M]; -at and -bt, as gemm() takes them, say that the
 * first or the second matrix lies transposed.  conv-f-Y-X-C-R-S-M-stride-padding is a
 * convolution forward, conv-x back to the images, conv-w to the weights.
 */
#include <sys/resource.h>
#include <15-detection/detection.c>
#include <19-gru/gru.c>

const struct workload { const char *name; int batch; } workloads[] = {
    {"gemm-256-256-256", 1}, {"gemm-512-512-512", 1}, {"gemm-1024-1024-1024", 1},
    // A layer of 784 by 256, one of 256 by 128: forward, backward to x, to W.
    {"gemm-64-784-256-bt", 1}, {"gemm-64-256-784", 1}, {"gemm-256-64-784-at", 1},
    {"gemm-64-256-128-bt", 1}, {"gemm-64-128-256", 1}, {"gemm-128-64-256-at", 1},
    {"gemm-256-784-256-bt", 1}, {"gemm-256-256-784", 1}, {"gemm-256-256-784-at", 1},
    // An LSTM of 256 units, batch 32.
    {"gemm-32-256-1024-bt", 1}, {"gemm-32-1024-256", 1}, {"gemm-1024-32-256-at", 1},
    // 784-256-128-10, relu, cross-entropy: with Adam, and with plain gradient descent.
    {"mlp", 64}, {"mlp", 256}, {"mlp-sgd", 64}, {"mlp-sgd", 256},
    // Convolutions of ResNet-20 and, on images of 64 by 64, of ResNet-50.
    {"conv-f-32-32-16-3-3-16-1-1", 64}, {"conv-x-32-32-16-3-3-16-1-1", 64},
    {"conv-w-32-32-16-3-3-16-1-1", 64}, {"conv-f-16-16-64-3-3-64-1-1", 16},
    {"conv-x-16-16-64-3-3-64-1-1", 16}, {"conv-w-16-16-64-3-3-64-1-1", 16},
    {"conv-f-4-4-256-3-3-256-1-1", 16}, {"conv-x-4-4-256-3-3-256-1-1", 16},
    {"conv-w-4-4-256-3-3-256-1-1", 16}, {"conv-f-16-16-64-1-1-256-1-0", 16},
    {"conv-x-16-16-64-1-1-256-1-0", 16}, {"conv-w-16-16-64-1-1-256-1-0", 16},
    // LeNet with Adam; ResNet-20 at 32 by 32 and ResNet-50 at 64 by 64 with momentum;
    // ResNet-50 at 224 by 224 without training.
    {"lenet", 64}, {"resnet20", 64}, {"resnet50", 16}, {"resnet50", 32},
    {"resnet50-infer", 1}, {"resnet50-infer", 8},
    // The detector, with Adam.
    {"detect", 8},
    // 256 units, sequences of 64 of 96 characters, with Adam; a sample is a character.
    {"rnn", 32}, {"lstm", 32}, {"gru", 32},
};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

struct job {
    void (*step)(struct job *);
    double flops;  // of a step
    int batch, samples;  // samples: of an example, 0 stands for 1
    // A product.
    int N, D, M, flags;
    float *A, *B, *C;
    // The training of a network.
    struct images images;
    struct mlp net, grad;
    struct mlp_work work;
    struct optimizer optimizer;
    int *order, *t, next;
    uint64_t chance;
    // A convolution.
    struct conv c;
    char way;
    // LeNet.
    struct lenet lenet, lenet_grad;
    struct lenet_work lenet_work;
    // A residual network.
    struct resnet *resnet, *resnet_grad;
    struct resnet_work resnet_work;
    struct resnet_folded folded;
    float *x, *z, *velocity;
    // A detector: resnet, and
    struct detector_work detector_work;
    // A recurrent network.
    struct recurrent recurrent, recurrent_grad;
    struct recurrent_work recurrent_work;
};

/* n numbers, normal. */
float *random_floats(size_t n, uint64_t *chance)
{
    float *x = floats(n);
    for (size_t i = 0; i < n; i++)
        x[i] = normal(chance);
    return x;
}

/* ---- what is measured ------------------------------------------------------- */

void gemm_step(struct job *j)
{
    gemm(j->C, j->A, j->B, j->N, j->D, j->M, j->flags);
}

struct job gemm_job(const char *name)
{
    struct job j = {.step = gemm_step, .batch = 1};
    int end = 0;
    if (sscanf(name, "gemm-%d-%d-%d%n", &j.N, &j.D, &j.M, &end) < 3
        || j.N < 1 || j.D < 1 || j.M < 1 || j.N > 8192 || j.D > 8192 || j.M > 8192)
        die("workload=%s: wanted gemm-N-D-M with sizes from 1 to 8192", name);
    const char *rest = name + end;
    if (*rest && strcmp(rest, "-at") && strcmp(rest, "-bt"))
        die("workload=%s: wanted -at, -bt or nothing after the sizes", name);
    j.flags = !*rest ? 0 : rest[1] == 'a' ? A_T : B_T;
    j.flops = 2.0 * j.N * j.D * j.M;
    uint64_t chance = stream(1, 1);
    j.A = random_floats((size_t)j.N * j.D, &chance);
    j.B = random_floats((size_t)j.D * j.M, &chance);
    j.C = floats((size_t)j.N * j.M);
    return j;
}

/* The weights of a network lie in panels already. */
void conv_step(struct job *j)
{
    const struct conv *c = &j->c;
    struct convolution v = convolution_dense(j->C, j->A, j->B, c);
    if (j->way == 'f')
        convolve(&v, j->batch);
    else if (j->way == 'x')
        convolve_back(j->A, j->C, j->B, true, false, c, j->batch);
    else
        convolve_weights(j->B, true, false, j->C, &v, j->batch);
}

struct job conv_job(const char *name, int batch)
{
    struct job j = {.step = conv_step, .batch = batch};
    int Y, X, C, R, S, M, stride, padding, end = 0;
    if (sscanf(name, "conv-%c-%d-%d-%d-%d-%d-%d-%d-%d%n", &j.way, &Y, &X, &C, &R, &S,
               &M, &stride, &padding, &end) < 9 || name[end] || !strchr("fxw", j.way)
        || Y < 1 || X < 1 || C < 1 || R < 1 || S < 1 || M < 1 || stride < 1
        || padding < 0 || Y > 512 || X > 512 || C > 4096 || R > Y || S > X || M > 4096
        || padding >= R)
        die("workload=%s: wanted conv-f, -x or -w, then -Y-X-C-R-S-M-stride-padding",
            name);
    j.c = conv_padded(Y, X, C, R, S, M, stride, padding);
    struct conv back = {j.c.P, j.c.Q, M, R, S, C, 1, 1, 0, 0, Y, X};
    if (!conv_fits(&j.c) || !conv_fits(&back))
        die("workload=%s: too large for the fast convolution", name);
    size_t images = (size_t)batch * j.c.P * j.c.Q;
    uint64_t chance = stream(1, 1);
    j.A = random_floats((size_t)batch * Y * X * C, &chance);
    j.B = random_floats(panels_size(R * S * C, M), &chance);
    j.C = random_floats(images * M, &chance);
    j.flops = 2.0 * (double)images * R * S * C * M;
    return j;
}

/* The next batch, of images drawn in a new order in every epoch. */
void batch_draw(struct job *j, float *x)
{
    if (j->next + j->batch > j->images.N) {
        shuffle(j->order, j->images.N, &j->chance);
        j->next = 0;
    }
    images_batch(x, j->t, &j->images, j->order + j->next, j->batch);
    j->next += j->batch;
}

void mlp_step(struct job *j)
{
    batch_draw(j, j->work.h[0]);
    mlp_gradient(&j->grad, &j->work, &j->net, j->t, j->batch);
    optimizer_step(&j->optimizer, j->net.W[1], j->grad.W[1]);
}

/* The images, and what batch_draw() needs. */
struct job images_job(void (*step)(struct job *), int batch)
{
    struct job j = {.step = step, .batch = batch, .chance = stream(1, 1)};
    j.images = images_load("data/fashion-mnist", "train");
    if (j.images.Y != 28 || j.images.X != 28 || batch > j.images.N)
        die("batch=%d: wanted at most %d images of 28 by 28", batch, j.images.N);
    j.t = ints((size_t)batch);
    j.order = ints((size_t)j.images.N);
    for (int i = 0; i < j.images.N; i++)
        j.order[i] = i;
    j.next = j.images.N;
    return j;
}

struct job mlp_job(enum rule rule, int batch)
{
    static const int size[] = {784, 256, 128, 10};
    const int layers = 3;
    struct job j = images_job(mlp_step, batch);
    size_t n = (size_t)mlp_size(size, layers);
    j.net = mlp_at(floats(n), size, layers, RELU);
    j.grad = mlp_at(floats(n), size, layers, RELU);
    j.work = mlp_work_at(floats(mlp_work_size(size, layers, batch)), size, layers,
                         batch);
    j.optimizer = optimizer_new(rule, rule == ADAM ? 0.001f : 0.01f, (int)n);
    mlp_init(&j.net, &j.chance);
    // Forward, to the weights, and but for the first layer to the inputs.
    for (int l = 1; l <= layers; l++)
        j.flops += (l > 1 ? 6.0 : 4.0) * batch * size[l] * size[l-1];
    return j;
}

void lenet_step(struct job *j)
{
    batch_draw(j, j->lenet_work.x);
    lenet_gradient(&j->lenet_grad, &j->lenet_work, &j->lenet, j->t, j->batch);
    optimizer_step(&j->optimizer, j->lenet.w1, j->lenet_grad.w1);
}

struct job lenet_job(int batch)
{
    struct job j = images_job(lenet_step, batch);
    struct lenet shape = lenet_shape(28, 28, 1, 8, 16, 120, 84, 10);
    const int n = lenet_size(&shape);
    j.lenet = lenet_at(floats((size_t)n), &shape);
    j.lenet_grad = lenet_at(floats((size_t)n), &shape);
    j.lenet_work = lenet_work_at(floats(lenet_work_size(&shape, batch)), &shape, batch);
    j.optimizer = optimizer_new(ADAM, 0.001f, n);
    lenet_init(&j.lenet, &j.chance);
    // Nobody wants the gradient in the images.
    j.flops = batch * (6 * lenet_cost(&shape)
                       - 2 * 25.0 * shape.conv1.P * shape.conv1.Q * shape.M1);
    return j;
}

/* A step on the same random batch, ever again. */
void resnet_train(struct job *j)
{
    resnet_gradient(j->resnet_grad, &j->resnet_work, j->resnet, j->t, j->batch);
    resnet_step(j->resnet, j->velocity, j->resnet_grad, 0.01f, 0.9f,
                j->resnet->K == 10 ? 1e-4f : 0);
}

void resnet_infer(struct job *j)
{
    resnet_predict(j->z, &j->folded, j->x, j->batch);
}

struct job resnet_job(const char *family, int side, int K, bool training, int batch)
{
    struct job j = {.batch = batch, .chance = stream(1, 1)};
    struct resnet plan = resnet_plan(family_find(family), side, side, 3, K);
    const size_t n = resnet_size(&plan);
    j.resnet = memory(2, sizeof *j.resnet);
    j.resnet_grad = j.resnet + 1;
    j.resnet[0] = resnet_at(plan, floats(n), floats(resnet_stats_size(&plan)));
    resnet_init(j.resnet, &j.chance);
    j.x = random_floats((size_t)batch * side * side * 3, &j.chance);
    resnet_count(&j.flops, &plan);
    j.flops *= (training ? 6.0 : 2.0) * batch;
    if (training) {
        j.step = resnet_train;
        j.resnet[1] = resnet_at(plan, floats(n), NULL);
        j.velocity = floats(n);
        j.resnet_work = resnet_work_new(j.resnet, batch);
        j.resnet_work.x = j.x;
        j.t = ints((size_t)batch);
        for (int i = 0; i < batch; i++)
            j.t[i] = below(&j.chance, K);
    } else {
        j.step = resnet_infer;
        j.folded = resnet_fold(j.resnet, j.resnet->unit[0].w);
        j.z = floats((size_t)batch * K);
    }
    return j;
}

void detector_step(struct job *j)
{
    detector_gradient(j->resnet_grad, &j->detector_work, j->resnet, j->batch);
    optimizer_step(&j->optimizer, j->resnet->unit[0].w, j->resnet_grad->unit[0].w);
}

/* A step on the same random images, of whose 64 cells 9 have an object, ever again. */
struct job detector_job(int batch)
{
    enum { SIDE = 64, K = 10 };
    struct job j = {.step = detector_step, .batch = batch, .chance = stream(1, 1)};
    struct resnet plan = detector_plan(SIDE, SIDE, K);
    const size_t n = resnet_size(&plan);
    j.resnet = memory(2, sizeof *j.resnet);
    j.resnet_grad = j.resnet + 1;
    j.resnet[0] = resnet_at(plan, floats(n), floats(resnet_stats_size(&plan)));
    j.resnet[1] = resnet_at(plan, floats(n), NULL);
    detector_init(j.resnet, &j.chance);
    j.optimizer = optimizer_new(ADAM, 0.001f, (int)n);
    j.detector_work = detector_work_new(&plan, batch);
    struct detector_work *w = &j.detector_work;
    w->body.x = random_floats((size_t)batch * SIDE * SIDE, &j.chance);
    for (int c = 0; c < batch * w->cells; c++) {
        bool there = c % w->cells >= 20 && c % w->cells < 29;
        w->class[c] = there ? below(&j.chance, K) : -1;
        for (int i = 0; there && i < 4; i++)
            w->t[4*c + i] = uniform(&j.chance);
    }
    resnet_count(&j.flops, &plan);
    j.flops = 6.0 * batch * (j.flops + (w->cells - 1) * (double)plan.K * plan.D);
    return j;
}

void recurrent_step(struct job *j)
{
    recurrent_gradient(&j->recurrent_grad, &j->recurrent_work, &j->recurrent, j->t);
    optimizer_step(&j->optimizer, j->recurrent.table, j->recurrent_grad.table);
}

/* A step on the same random characters, ever again. */
struct job recurrent_job(const struct cell *cell, int batch)
{
    enum { T = 64, V = 96, H = 256 };
    struct job j = {.step = recurrent_step, .batch = batch, .samples = T,
                    .chance = stream(1, 1)};
    struct recurrent sizes = {.cell = cell, .V = V, .H = H, .layers = 1, .K = V};
    const int n = recurrent_size(&sizes);
    j.recurrent = recurrent_at(floats((size_t)n), &sizes);
    j.recurrent_grad = recurrent_at(floats((size_t)n), &sizes);
    j.recurrent_work = recurrent_work_new(&sizes, T, batch, T);
    recurrent_init(&j.recurrent, &j.chance);
    j.optimizer = optimizer_new(ADAM, 0.001f, n);
    j.t = ints((size_t)T * batch);
    for (int i = 0; i < T * batch; i++) {
        j.recurrent_work.ids[i] = below(&j.chance, V);
        j.t[i] = below(&j.chance, V);
    }
    j.flops = 6.0 * T * batch * H * (cell->gates * H + V);
    return j;
}

struct job job_new(const char *workload, int batch)
{
    const struct cell *const cells[] = {&rnn, &lstm, &gru};
    for (int i = 0; i < 3; i++)
        if (!strcmp(workload, cells[i]->name))
            return recurrent_job(cells[i], batch);
    if (!strcmp(workload, "mlp"))
        return mlp_job(ADAM, batch);
    if (!strcmp(workload, "mlp-sgd"))
        return mlp_job(SGD, batch);
    if (!strcmp(workload, "detect"))
        return detector_job(batch);
    if (!strcmp(workload, "lenet"))
        return lenet_job(batch);
    if (!strcmp(workload, "resnet20"))
        return resnet_job("resnet20", 32, 10, true, batch);
    if (!strcmp(workload, "resnet50"))
        return resnet_job("resnet50", 64, 1000, true, batch);
    if (!strcmp(workload, "resnet50-infer"))
        return resnet_job("resnet50", 224, 1000, false, batch);
    return strncmp(workload, "conv-", 5) ? gemm_job(workload) : conv_job(workload, batch);
}

/* ---- how it is measured ----------------------------------------------------- */

int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median time of a step in milliseconds.  Very short steps are timed several
 * together. */
double step_time(struct job *j, double time)
{
    enum { MOST = 10000 };
    static double took[MOST];
    double start = seconds();
    j->step(j);
    j->step(j);
    int count = 0, together = 1 + (int)(2e-4 / (0.5 * (seconds() - start)));
    start = seconds();
    while (count < MOST && (count < 3 || seconds() < start + time)) {
        double begin = seconds();
        for (int i = 0; i < together; i++)
            j->step(j);
        took[count++] = 1e3 * (seconds() - begin) / together;
    }
    qsort(took, (size_t)count, sizeof *took, ascending);
    return took[count / 2];
}

/* In MB.  What getrusage says begins with the memory of whoever started us, so it is
 * the second choice. */
double peak_memory(void)
{
    char line[256];
    double kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f) && sscanf(line, "VmHWM: %lf", &kb) < 1)
        continue;
    if (f)
        fclose(f);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    usage.ru_maxrss /= 1024;
#endif
    return (kb > 0 ? kb : (double)usage.ru_maxrss) / 1024;
}

int main(int argc, char **argv)
{
    const char *workload = "";
    int threads = 0, batch = 64;
    float time = 0.5f;
    OPTIONS("measures how fast the course is; without a workload, lists them",
            TEXT(workload, "one of the list, or other sizes of gemm and conv"),
            OPTION(batch, 1, 8192, "examples in a step of training"),
            OPTION(threads, 0, 1024, "0 for as many as there are cores"),
            OPTION(time, 0, 60, "seconds to measure"));
    if (!*workload) {
        for (int i = 0; i < WORKLOADS; i++)
            printf("%s\t%d\n", workloads[i].name, workloads[i].batch);
        return 0;
    }
    if (threads)
        omp_set_num_threads(threads);
    threads = omp_get_max_threads();

    // The machine's peak on both sides of the measurement: its clock is not constant.
    struct job j = job_new(workload, batch);
    double peak = fma_peak(threads), ms = step_time(&j, time);
    peak = fmax(peak, fma_peak(threads));
    double gflops = 1e-6 * j.flops / ms;
    printf("%s\t%d\t%d\t%.4f\t%.0f\t%.1f\t%.1f\t%.0f\tours\t-\n", workload, threads,
           j.batch, ms, 1e3 * j.batch * (j.samples ? j.samples : 1) / ms,
           peak_memory(), gflops, 100 * gflops / peak);
}
