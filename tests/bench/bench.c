/* bench.c: how fast the course is.  Without a workload it lists them; with one it
 * prints a line of bench.tsv: the median time of a step, the peak of its memory.
 *
 *     build/bench workload=gemm-64-784-256-bt threads=1
 *     build/bench workload=mlp batch=64 threads=2
 *
 * gemm-N-D-M is a product [N,D] [D,M]; -at and -bt, as gemm() takes them, say that the
 * first or the second matrix lies transposed.
 */
#include <sys/resource.h>
#include <08-optimizers/optimizers.c>

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
};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

struct job {
    void (*step)(struct job *);
    double flops;  // of a step
    int batch;
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
};

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
    j.A = floats((size_t)j.N * j.D);
    j.B = floats((size_t)j.D * j.M);
    j.C = floats((size_t)j.N * j.M);
    uint64_t chance = stream(1, 1);
    for (int i = 0; i < j.N * j.D; i++)
        j.A[i] = normal(&chance);
    for (int i = 0; i < j.D * j.M; i++)
        j.B[i] = normal(&chance);
    return j;
}

/* A step on the next batch, of images drawn in a new order in every epoch. */
void mlp_step(struct job *j)
{
    if (j->next + j->batch > j->images.N) {
        shuffle(j->order, j->images.N, &j->chance);
        j->next = 0;
    }
    images_batch(j->work.h[0], j->t, &j->images, j->order + j->next, j->batch);
    j->next += j->batch;
    mlp_gradient(&j->grad, &j->work, &j->net, j->t, j->batch);
    optimizer_step(&j->optimizer, j->net.W[1], j->grad.W[1]);
}

struct job mlp_job(enum rule rule, int batch)
{
    static const int size[] = {784, 256, 128, 10};
    const int layers = 3;
    struct job j = {.step = mlp_step, .batch = batch, .chance = stream(1, 1)};
    j.images = images_load("data/fashion-mnist", "train");
    if (j.images.Y * j.images.X != size[0] || batch > j.images.N)
        die("batch=%d: wanted at most %d images of 28 by 28", batch, j.images.N);
    size_t n = (size_t)mlp_size(size, layers);
    j.net = mlp_at(floats(n), size, layers, RELU);
    j.grad = mlp_at(floats(n), size, layers, RELU);
    j.work = mlp_work_at(floats(mlp_work_size(size, layers, batch)), size, layers,
                         batch);
    j.optimizer = optimizer_new(rule, rule == ADAM ? 0.001f : 0.01f, (int)n);
    j.t = ints((size_t)batch);
    j.order = ints((size_t)j.images.N);
    for (int i = 0; i < j.images.N; i++)
        j.order[i] = i;
    j.next = j.images.N;
    mlp_init(&j.net, &j.chance);
    // Forward, to the weights, and but for the first layer to the inputs.
    for (int l = 1; l <= layers; l++)
        j.flops += (l > 1 ? 6.0 : 4.0) * batch * size[l] * size[l-1];
    return j;
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
            TEXT(workload, "gemm-N-D-M, with -at or -bt after it; mlp or mlp-sgd"),
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
    struct job j = !strcmp(workload, "mlp") ? mlp_job(ADAM, batch)
                   : !strcmp(workload, "mlp-sgd") ? mlp_job(SGD, batch)
                   : gemm_job(workload);
    double peak = fma_peak(threads), ms = step_time(&j, time);
    peak = fmax(peak, fma_peak(threads));
    double gflops = 1e-6 * j.flops / ms;
    printf("%s\t%d\t%d\t%.4f\t%.0f\t%.1f\t%.1f\t%.0f\tours\t-\n", workload, threads,
           j.batch, ms, 1e3 * j.batch / ms, peak_memory(), gflops,
           100 * gflops / peak);
}
