/* grade.c: the machinery behind grade.h; see there. */
#define _GNU_SOURCE
#include "grade.h"
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <unistd.h>

/* What a worker ends with when it meets a TODO, and what it says then. */
enum { EXIT_TODO = 77 };
static const char todo_sign[] = "to do: ";

/* ---- arrays ----------------------------------------------------------------------- */

static uint64_t draw(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (z ^ z >> 31) >> 40;
}

/* Exactly n elements from malloc, so that the sanitizer sees one step too far. */
void *array_new(struct run *r, const char *name, enum role role, char type, int K,
                const int *dims)
{
    if (r->count == sizeof r->arrays / sizeof *r->arrays)
        abort();
    struct array *a = &r->arrays[r->count++];
    *a = (struct array){.name = name, .role = role, .type = type, .n = 1};
    for (; a->nd < 5 && dims[a->nd]; a->nd++)
        a->n *= a->dims[a->nd] = dims[a->nd];
    a->data = malloc((size_t)a->n * 4);
    a->before = malloc((size_t)a->n * 4);
    for (int i = 0; i < a->n; i++) {
        uint64_t z = draw(&r->seed);
        if (role == OUTPUT)
            memcpy((char *)a->data + 4*i, &r->fill, 4);
        else if (type == 'i')
            ((int *)a->data)[i] = (int)(z % (uint64_t)K);
        else
            ((float *)a->data)[i] = (float)z / (1 << 23) - 1;
    }
    memcpy(a->before, a->data, (size_t)a->n * 4);
    return a->data;
}

static struct array *array_of(struct run *r, const void *data)
{
    for (int i = 0; i < r->count; i++)
        if (r->arrays[i].data == data)
            return &r->arrays[i];
    abort();
}

void array_set(struct run *r, void *data, const double *values, size_t n)
{
    struct array *a = array_of(r, data);
    if (n != (size_t)a->n)
        abort();
    for (int i = 0; i < a->n; i++)
        if (a->type == 'i')
            ((int *)data)[i] = (int)values[i];
        else
            ((float *)data)[i] = (float)values[i];
    memcpy(a->before, a->data, n * 4);
}

void array_scale(struct run *r, float *data, float by)
{
    struct array *a = array_of(r, data);
    for (int i = 0; i < a->n; i++)
        data[i] *= by;
    memcpy(a->before, a->data, (size_t)a->n * 4);
}

#ifdef WORKER /* ------------------------------------------------------------------ */

static struct run now;

/* Nothing in a worker decides, so a value worked by hand has no use here. */
void array_expect(struct run *r, const void *data, const double *values, size_t n)
{
    (void)r, (void)data, (void)values, (void)n;
}

_Noreturn void worker_todo(const char *exercise)
{
    fprintf(stderr, "\n%s%s\n", todo_sign, exercise);
    _exit(EXIT_TODO);
}

/* Puts the sanitizer's address into the words of the exercise. */
const char *__asan_get_report_description(void) __attribute__((weak));
void *__asan_get_report_address(void) __attribute__((weak));
int __asan_get_report_access_type(void) __attribute__((weak));
void __asan_on_error(void)
{
    const char *at = __asan_get_report_address ? __asan_get_report_address() : NULL;
    for (int i = 0; i < now.count; i++) {
        long k = (at - (char *)now.arrays[i].data) / 4, n = now.arrays[i].n;
        if (at && at >= (char *)now.arrays[i].data - 32 && k <= n + 8)
            fprintf(stderr, "\nmemory: %s %s[%ld], and %s has %ld element%s\n",
                    __asan_get_report_access_type() ? "writes" : "reads",
                    now.arrays[i].name, k - (at < (char *)now.arrays[i].data),
                    now.arrays[i].name, n, n == 1 ? "" : "s");
    }
}

/* At most so much more memory than the program has at its start. */
static void limit_memory(rlim_t more)
{
    unsigned long pages;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%lu", &pages) == 1) {
        rlim_t all = pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
        setrlimit(RLIMIT_AS, &(struct rlimit){all, all});
    }
    if (f)
        fclose(f);
}

#ifdef SELFTEST /* ---- answers that no student should get points for -------------------- */

static const char *bad_exercise = "";
static int bad_kind;

static void overwrite(enum role role, float value)
{
    for (int i = 0; i < now.count; i++)
        for (int k = 0; now.arrays[i].role == role && k < now.arrays[i].n; k++)
            ((float *)now.arrays[i].data)[k] = value;
}

static void write_past(void)
{
    for (int i = 0; i < now.count; i++)
        if (now.arrays[i].role != INPUT)
            ((volatile float *)now.arrays[i].data)[now.arrays[i].n] = 1;
}

static void forge_reply(void)
{
    static char zeros[1 << 16];
    if (write(3, zeros, sizeof zeros) < 0)
        _exit(2);
    _exit(0);
}

/* The kinds are those of the table in the judge; true says: return without an answer. */
int misbehave(const char *exercise)
{
    if (strcmp(exercise, bad_exercise))
        return 0;
    switch (bad_kind) {
    case 1: exit(0);
    case 2: abort();
    case 3: for (volatile unsigned i = 0;; i++);
    case 4: for (char *volatile keep;;) keep = memset(malloc(1 << 20), 1, 1 << 20);
    case 5: write_past(); break;
    case 6: overwrite(OUTPUT, NAN); overwrite(ADDED, NAN); break;
    case 7: *(volatile int *)0 = 1; break;
    case 8: overwrite(INPUT, 3); break;
    case 9: for (;;) puts("Still here.");
    case 10: forge_reply(); break;
    case 11: kill(getppid(), SIGKILL); break;
    }
    return 1;
}
#endif

/* worker EXERCISE CASE SEED FILL: compute, hand over, decide nothing.  The selftest adds
 * WRONG: m3 for mistake 3, h4 for misbehaviour of kind 4. */
int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    const struct exercise *e = &exercises[atoi(argv[1])];
    anything *answer = e->yours;
    now.seed = strtoull(argv[3], NULL, 10);
    now.fill = (uint32_t)strtoul(argv[4], NULL, 10);
#ifdef SELFTEST
    if (argc > 5 && argv[5][0] == 'm')
        answer = e->mistakes[atoi(argv[5] + 1)].wrong;
    if (argc > 6)
        bad_kind = atoi(argv[5] + 1), bad_exercise = argv[6];
#endif
    setvbuf(stdout, NULL, _IOLBF, 0);
    limit_memory(128 << 20);
    e->cases[atoi(argv[2])].call(&now, answer);
    for (int i = 0; i < now.count; i++)
        if (write(3, now.arrays[i].data, (size_t)now.arrays[i].n * 4) < 0)
            return 2;
    fflush(stdout);
    _exit(0);
}

#else /* the judge ---------------------------------------------------------------- */

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* A NaN that no computation starts from: an output still holding it was not written. */
static const uint32_t poison = 0x7fdead01;

static const char *worker;  // the program that holds the student's code
static uint64_t seed = 1;
static int cpu_seconds = 5;

/* What came back from one run of a case. */
struct reply { char *data; size_t bytes; int status, timed_out; char said[6000]; };

/* What is said of one exercise. */
struct verdict { const char *status; const struct mistake *named; char text[3000]; size_t n; };

__attribute__((format(printf, 2, 3)))
static void say(struct verdict *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(v->text + v->n, sizeof v->text - v->n, format, args);
    va_end(args);
    v->n += (size_t)n < sizeof v->text - v->n ? (size_t)n : sizeof v->text - v->n - 1;
}

/* ---- running a case in a worker --------------------------------------------------- */

static void become_worker(int out, int err, char **argv)
{
    setpgid(0, 0);
    dup2(open("/dev/null", O_RDWR), 0);
    dup2(err, 1), dup2(err, 2), dup2(out, 3);
    for (int fd = 4; fd < 256; fd++)
        close(fd);
    rlim_t cpu = (rlim_t)cpu_seconds;
    setrlimit(RLIMIT_CPU, &(struct rlimit){cpu, cpu + 1});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0});
    char *env[] = {"ASAN_OPTIONS=detect_leaks=0:color=never:quarantine_size_mb=16:"
                   "allocator_may_return_null=0",
                   "UBSAN_OPTIONS=color=never:print_stacktrace=0", NULL};
    execve(worker, argv, env);
    _exit(127);
}

/* Reads what there is into room bytes; the rest is thrown away.  0 at the end. */
static size_t take(struct pollfd *p, char *to, size_t room)
{
    char sink[4096];
    ssize_t n = read(p->fd, room ? to : sink, room ? room : sizeof sink);
    if (n <= 0)
        p->fd = -1;
    return n > 0 && room ? (size_t)n : 0;
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Runs one case in a worker, never longer than the limit on wall time. */
static struct reply ask(int ex, int cs, uint32_t fill, size_t want, const char *wrong,
                        const char *where)
{
    char a[12], b[12], c[24], d[12];
    sprintf(a, "%d", ex), sprintf(b, "%d", cs), sprintf(d, "%u", fill);
    sprintf(c, "%llu", (unsigned long long)seed);
    char *argv[] = {(char *)worker, a, b, c, d, (char *)wrong, (char *)where, NULL};
    int out[2], err[2];
    if (pipe(out) || pipe(err))
        ck_abort_msg("the grader has no pipe left");
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become_worker(out[1], err[1], argv);
    close(out[1]), close(err[1]);

    struct reply got = {.data = malloc(want + 4)};
    struct pollfd p[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
    size_t said = 0;
    double end = seconds_now() + 10 + 2 * cpu_seconds;  // sleeping takes no CPU time
    while ((p[0].fd >= 0 || p[1].fd >= 0) && seconds_now() < end) {
        poll(p, 2, 200);
        if (p[0].fd >= 0 && p[0].revents)
            got.bytes += take(&p[0], got.data + got.bytes, want + 4 - got.bytes);
        if (p[1].fd >= 0 && p[1].revents)
            said += take(&p[1], got.said + said, sizeof got.said - 1 - said);
    }
    got.timed_out = p[0].fd >= 0 || p[1].fd >= 0;
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    waitpid(pid, &got.status, 0);
    close(out[0]), close(err[0]);
    return got;
}

/* The same case, in the judge, with an oracle or a mistake. */
static struct run run_with(const struct one_case *c, anything *f, uint32_t fill)
{
    struct run r = {.seed = seed, .fill = fill, .tolerance = 1e-5};
    c->call(&r, f);
    return r;
}

static void run_free(struct run *r)
{
    for (int i = 0; i < r->count; i++)
        free(r->arrays[i].data), free(r->arrays[i].before);
}

static double element(const struct array *a, const void *data, int i)
{
    return a->type == 'i' ? (double)((const int *)data)[i] : (double)((const float *)data)[i];
}

/* ---- comparing -------------------------------------------------------------------- */

/* Written so that NaN is near nothing, and only infinity near infinity... */
static int near(double a, double b, double scale, double tolerance)
{
    return a == b || (isfinite(b) && fabs(a - b) <= tolerance * (fabs(b) + scale));
}

/* The size of the numbers of an array: the root of their mean square. */
static double scale_of(const struct array *a)
{
    double sum = 0;
    for (int k = 0; k < a->n; k++)
        if (isfinite(element(a, a->data, k)))
            sum += element(a, a->data, k) * element(a, a->data, k);
    return sqrt(sum / a->n);
}

/* ... but a mistake that makes NaN in the same places is the same mistake. */
static int both_nan(double a, double b) { return isnan(a) && isnan(b); }

static int array_same(const struct run *r, const struct array *a, const char *got, int nan_too)
{
    double scale = scale_of(a);
    for (int k = 0; k < a->n; k++) {
        double x = element(a, got, k), want = element(a, a->data, k);
        if (!near(x, want, scale, r->tolerance) && !(nan_too && both_nan(x, want)))
            return 0;
    }
    return 1;
}

static int same(const struct run *r, const char *got, int nan_too)
{
    for (int i = 0; i < r->count; got += 4 * r->arrays[i++].n)
        if (!array_same(r, &r->arrays[i], got, nan_too))
            return 0;
    return 1;
}

/* "dx[1,0,2]": where element k of an array is. */
static const char *place(const struct array *a, int k)
{
    static char text[120];
    int index[5], n = sprintf(text, "%.60s", a->name);
    for (int d = a->nd - 1; d >= 0; k /= a->dims[d--])
        index[d] = k % a->dims[d];
    for (int d = 0; d < a->nd && a->n > 1; d++)
        n += sprintf(text + n, d ? ",%d" : "[%d", index[d]);
    strcpy(text + n, a->n > 1 ? "]" : "");
    return text;
}

void array_expect(struct run *r, const void *data, const double *values, size_t n)
{
    const struct array *a = array_of(r, data);
    for (int k = 0; k < (int)n; k++)
        if (n != (size_t)a->n || !near(element(a, data, k), values[k], scale_of(a), r->tolerance))
            snprintf(r->wrong_oracle, sizeof r->wrong_oracle, "%s is %g, by hand %g",
                     place(a, k), element(a, data, k), values[k]);
}

/* ---- clues for what no mistake of the table explains ------------------------------ */

/* The got numbers less what was there before, where numbers are added to. */
static double gain(const struct array *a, const char *data, int k)
{
    return element(a, data, k) - (a->role == ADDED ? element(a, a->before, k) : 0);
}

/* The one factor between what came and what should have come, or 0. */
static double ratio(const struct run *r, const struct array *a, const char *got)
{
    double up = 0, down = 0;
    for (int k = 0; k < a->n; k++) {
        up += gain(a, got, k) * gain(a, a->data, k);
        down += gain(a, a->data, k) * gain(a, a->data, k);
    }
    for (int k = 0; k < a->n; k++)
        if (!near(gain(a, got, k), up / down * gain(a, a->data, k), scale_of(a), 10 * r->tolerance))
            return 0;
    return up / down;
}

static int transposed(const struct run *r, const struct array *a, const char *got)
{
    if (a->nd != 2)
        return 0;
    for (int i = 0; i < a->dims[0]; i++)
        for (int j = 0; j < a->dims[1]; j++)
            if (!near(element(a, got, j * a->dims[0] + i),
                      element(a, a->data, i * a->dims[1] + j), scale_of(a), r->tolerance))
                return 0;
    return 1;
}

static int shifted(const struct run *r, const struct array *a, const char *got, int by)
{
    for (int k = 1; k < a->n - 1; k++)
        if (!near(element(a, got, k), element(a, a->data, k + by), scale_of(a), r->tolerance))
            return 0;
    return a->n > 4;
}

/* How many of the first rows are right before the first wrong one. */
static int right_rows(const struct run *r, const struct array *a, const char *got, int wrong)
{
    int row = a->n / a->dims[0], k = 0;
    double scale = scale_of(a);
    while (k < a->n && near(element(a, got, k), element(a, a->data, k), scale, r->tolerance))
        k++;
    return wrong == a->n - row * (k / row) || k / row == a->dims[0] - 1 ? k / row : 0;
}

static void say_clue(struct verdict *v, const struct run *r, const struct array *a,
                     const char *got, int wrong)
{
    int zeros = 0, as_before = 0, overwritten = 0;
    for (int k = 0; k < a->n; k++) {
        double x = element(a, got, k), before = element(a, a->before, k);
        zeros += x == 0;
        as_before += x == before;
        overwritten += near(x, gain(a, a->data, k), scale_of(a), r->tolerance);
    }
    double times = ratio(r, a, got);
    int rows = a->nd > 1 ? right_rows(r, a, got, wrong) : 0;
    if (a->role == ADDED && as_before == a->n)
        say(v, "\nClue: %s is as it was before the call.", a->name);
    else if (a->role == ADDED && overwritten == a->n)
        say(v, "\nClue: %s is overwritten; here it is to be added to.", a->name);
    else if (zeros == a->n)
        say(v, "\nClue: all of %s is zero.", a->name);
    else if (near(times, -1, 0, 1e-3))
        say(v, "\nClue: all of %s has the wrong sign.", a->name);
    else if (times > 1.01 && isfinite(times) && a->n > 1)
        say(v, "\nClue: all of %s is %.4g times too large.", a->name, times);
    else if (times > 0 && times < 0.99 && a->n > 1)
        say(v, "\nClue: all of %s is %.4g times too small.", a->name, 1 / times);
    else if (transposed(r, a, got))
        say(v, "\nClue: rows and columns of %s have changed places.", a->name);
    else if (shifted(r, a, got, 1) || shifted(r, a, got, -1))
        say(v, "\nClue: %s is right, but shifted by one place.", a->name);
    else if (rows == a->dims[0] - 1 && rows)
        say(v, "\nClue: only the last row of %s is wrong.", a->name);
    else if (rows)
        say(v, "\nClue: %s is right up to row %d and wrong after it.", a->name, rows - 1);
}

/* ---- the verdict on one exercise -------------------------------------------------- */

static const struct mistake *find_mistake(const struct exercise *e, const struct one_case *c,
                                          const char *got, uint32_t fill)
{
    for (const struct mistake *m = e->mistakes; m->wrong; m++) {
        struct run r = run_with(c, m->wrong, fill);
        int is_it = same(&r, got, 1);
        run_free(&r);
        if (is_it)
            return m;
    }
    return NULL;
}

/* Elements of one output that were never written, or were read before: a second run
 * with outputs of zero tells them apart.  True if something was said. */
static int say_unwritten(struct verdict *v, const struct array *a, const char *got,
                         const char *zero)
{
    int left = 0, nan = 0;
    for (int k = 0; a->role == OUTPUT && k < a->n; k++) {
        uint32_t one, two;
        memcpy(&one, got + 4*k, 4);
        memcpy(&two, zero + 4*k, 4);
        left += one == poison && two == 0;
        nan += one != two && a->type == 'f' && isnan(element(a, got, k));
    }
    if (left == 0 && nan)
        say(v, "%s is read before it is written: it is overwritten, not added to", a->name);
    else if (left == a->n)
        say(v, "%s was never written", a->name);
    else if (left)
        say(v, "%d of the %d numbers of %s were never written", left, a->n, a->name);
    return left || nan;
}

/* Says what is wrong with the first array that is; false if all are right. */
static int say_fault(struct verdict *v, const struct run *r, const char *got, const char *zero,
                     int named)
{
    for (int i = 0; i < r->count; got += 4 * r->arrays[i].n, zero += 4 * r->arrays[i++].n) {
        const struct array *a = &r->arrays[i];
        int first = -1, wrong = 0;
        double scale = scale_of(a);
        for (int k = 0; k < a->n; k++)
            if (!near(element(a, got, k), element(a, a->data, k), scale, r->tolerance) && !wrong++)
                first = k;
        if (!wrong)
            continue;
        if (say_unwritten(v, a, got, zero))
            return 1;
        if (a->role == INPUT)
            return say(v, "the input %s was changed", a->name), 1;
        double x = element(a, got, first);
        say(v, isnan(x) ? "%s  yours is not a number" : "%s  yours %.9g", place(a, first), x);
        say(v, "   expected %.9g", element(a, a->data, first));
        if (a->n > 1)
            say(v, "   %d of %d differ", wrong, a->n);
        if (!named && !isnan(x))
            say_clue(v, r, a, got, wrong);
        return 1;
    }
    return 0;
}

/* The first words after a mark in what a worker said, up to the end of the line. */
static int quote(struct verdict *v, const char *said, const char *mark, const char *before)
{
    const char *at = strstr(said, mark);
    if (!at)
        return 0;
    at += strlen(mark);
    say(v, "%s%.*s", before, (int)strcspn(at, "\n"), at);
    return 1;
}

/* Where in the student's file a sanitizer saw it. */
static void say_line(struct verdict *v, const char *said)
{
    const char *at = strstr(said, "chapters/");
    if (at)
        say(v, ", at %.*s", (int)strcspn(at, " \n)"), at);
}

/* A run that did not end as it should.  False if it did. */
static int say_ending(struct verdict *v, const struct reply *got, size_t want)
{
    const char *said = got->said;
    int killed = WIFSIGNALED(got->status) ? WTERMSIG(got->status) : 0;
    if (strstr(said, "out of memory") || strstr(said, "out-of-memory") ||
        strstr(said, "ailed to mmap") || strstr(said, "allocation-size-too-big"))
        return say(v, "asks for more memory than it may have (128 MiB)"), 1;
    if (killed == SIGXCPU || killed == SIGKILL || got->timed_out)
        return say(v, "does not end within %d seconds", cpu_seconds), 1;
    if (quote(v, said, "\nmemory: ", ""))
        return say_line(v, said), 1;
    if (strstr(said, "stack-overflow"))
        return say(v, "calls itself without end"), 1;
    if (strstr(said, "SEGV on") || strstr(said, "null pointer"))
        return say(v, "follows a pointer to nowhere"), say_line(v, said), 1;
    if (quote(v, said, "runtime error: ", "undefined behaviour: "))
        return say_line(v, said), 1;
    if (quote(v, said, "ERROR: AddressSanitizer: ", "memory error: "))
        return say_line(v, said), 1;
    if (killed)
        return say(v, "crashes: %s", strsignal(killed)), 1;
    if (WEXITSTATUS(got->status) == 127)
        return say(v, "the grader cannot run %s", worker), 1;
    if (got->bytes != want)
        return say(v, "ends the program (exit) instead of returning"), 1;
    return 0;
}

/* What the student's own printf said, shortly. */
static void say_printed(struct verdict *v, const char *said)
{
    int n = (int)strcspn(said, "\n");
    if (n && !strstr(said, "Sanitizer") && !strstr(said, "runtime error"))
        say(v, "\nPrinted: %.*s", n < 120 ? n : 120, said);
}

static void judge_case(struct verdict *v, int ex, int cs, const char *wrong, const char *where)
{
    const struct exercise *e = &exercises[ex];
    const struct one_case *c = &e->cases[cs];
    struct run want = run_with(c, e->oracle, poison);
    size_t bytes = 0;
    for (int i = 0; i < want.count; i++)
        bytes += (size_t)want.arrays[i].n * 4;
    struct reply got = ask(ex, cs, poison, bytes, wrong, where), zero = {0};
    const char *todo = strstr(got.said, todo_sign);
    v->status = "wrong";
    if (*want.wrong_oracle) {
        say(v, "the test itself is wrong: %s", want.wrong_oracle);
    } else if (todo && WIFEXITED(got.status) && WEXITSTATUS(got.status) == EXIT_TODO) {
        size_t n = strcspn(todo += strlen(todo_sign), "\n");
        v->status = strncmp(todo, e->number, n) ? "waits" : "todo";
        say(v, "%.*s", (int)n, todo);
    } else if (say(v, "in   %s\n", c->what), say_ending(v, &got, bytes)) {
        say_printed(v, got.said);
    } else if (same(&want, got.data, 0)) {
        v->status = "ok";
    } else {
        zero = ask(ex, cs, 0, bytes, wrong, where);
        if (zero.bytes != bytes)
            memcpy(zero.data, got.data, bytes);
        v->named = find_mistake(e, c, got.data, poison);
        if (!v->named && !same(&want, zero.data, 0))
            v->named = find_mistake(e, c, zero.data, 0);
        say_fault(v, &want, got.data, zero.data, !!v->named);
        if (v->named)
            say(v, "\nLooks like: %s\nAsk: %s\nRead: %s", v->named->looks_like,
                v->named->ask, v->named->book);
        say_printed(v, got.said);
    }
    run_free(&want);
    free(got.data), free(zero.data);
}

/* All cases of one exercise, to the first that is wrong. */
static struct verdict judge(int ex, const char *wrong, const char *where)
{
    struct verdict v = {.status = "ok"};
    for (int c = 0; exercises[ex].cases[c].call; c++) {
        v.n = 0;
        judge_case(&v, ex, c, wrong, where);
        if (strcmp(v.status, "ok"))
            return v;
    }
    v.text[0] = 0;
    return v;
}

/* ---- the report ------------------------------------------------------------------- */

START_TEST(one_exercise)
{
    struct verdict v = judge(_i, NULL, NULL);
    if (strcmp(v.status, "ok"))
        ck_abort_msg("%s\t%s", v.status, v.text);
}
END_TEST

/* Of a number like "2.8*" the part that CK_RUN_CASE and EX name. */
static const char *case_name(const char *number)
{
    static char text[20];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(number, "*"), number);
    return text;
}

static const struct exercise *exercise_named(const char *name)
{
    for (const struct exercise *e = exercises; e->number; e++)
        if (!strcmp(case_name(e->number), name))
            return e;
    return NULL;
}

/* number, function, status, points, text; newlines in the text as \n. */
static void report(const struct exercise *e, const char *status, const char *text)
{
    printf("%s\t%s\t%s\t%d\t", e->number, e->name, status, e->points ? e->points : 1);
    for (; *text; text++)
        if (*text == '\n')
            printf("\\n");
        else
            putchar(*text == '\t' || (unsigned char)*text >= ' ' ? *text : '?');
    putchar('\n');
}

/* An exercise that fails and uses one that fails waits for that one. */
static const char *waits_for(const struct exercise *e, TestResult **all, int n)
{
    for (int i = 0; i < n && e->uses; i++) {
        const char *name = tr_tcname(all[i]), *at = strstr(e->uses, name);
        size_t len = strlen(name);
        if (tr_rtype(all[i]) != CK_PASS && at && (at == e->uses || at[-1] == ' ') &&
            (!at[len] || at[len] == ' '))
            return name;
    }
    return NULL;
}

static int grade(void)
{
    Suite *s = suite_create("chapter");
    for (int n = 0; exercises[n].number; n++) {
        TCase *t = tcase_create(strdup(case_name(exercises[n].number)));
        tcase_set_timeout(t, 240);
        tcase_add_loop_test(t, one_exercise, n, n + 1);
        suite_add_tcase(s, t);
    }
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_SILENT);
    int n = srunner_ntests_run(r);
    TestResult **all = srunner_results(r);
    for (int i = 0; i < n; i++) {
        const struct exercise *e = exercise_named(tr_tcname(all[i]));
        const char *text = tr_msg(all[i]), *waits = waits_for(e, all, n);
        size_t status = strcspn(text, "\t");
        if (tr_rtype(all[i]) == CK_PASS)
            report(e, "ok", "");
        else if (tr_rtype(all[i]) == CK_FAILURE && !strncmp(text, "todo", status))
            report(e, "todo", "");
        else if (waits)
            report(e, "waits", waits);
        else if (tr_rtype(all[i]) == CK_FAILURE && text[status])
            report(e, strncmp(text, "waits", status) ? "wrong" : "waits", text + status + 1);
        else
            report(e, "wrong", "stops the grader's own process instead of returning");
    }
    return n ? 0 : 2;
}

/* ---- the selftest: answers that must be rejected, and by name --------------------- */

/* The kinds of misbehave(), and what the student must read. */
static const struct { const char *what, *must_say; } bad[] = {
    {"returns at once", ""}, {"exit(0)", "ends the program"}, {"abort()", "crashes: Abort"},
    {"for (;;)", "does not end"}, {"malloc without end", "more memory"},
    {"writes past an output", "writes "}, {"NaN", "not a number"},
    {"null pointer", "nowhere"}, {"changes an input", "was changed"},
    {"prints without end", "does not end"}, {"forges a reply", ""}, {"kills its judge", ""}};
enum { WRITES_PAST = 5, WRITES_NAN, CHANGES_INPUT = 8, KILLS_JUDGE = 11 };

static int failed;

static void tell(int good, const char *exercise, const char *what, const char *more)
{
    printf("%s - %s %s%s%s\n", good ? "ok" : "not ok", exercise, what, good ? "" : ": ",
           good ? "" : more);
    failed += !good;
}

static int has_role(int ex, enum role role)
{
    struct run r = run_with(&exercises[ex].cases[0], exercises[ex].oracle, poison);
    int has = 0;
    for (int i = 0; i < r.count; i++)
        has |= r.arrays[i].role == role && r.arrays[i].type == 'f' &&
               (role != OUTPUT || strcmp(r.arrays[i].name, "result"));
    run_free(&r);
    return has;
}

/* Mistakes: every one rejected; printed are the two counts. */
static void test_mistakes(int *rejected, int *named, int *all)
{
    for (int x = 0; exercises[x].number; x++)
        for (int m = 0; exercises[x].mistakes[m].wrong; m++) {
            char wrong[12];
            sprintf(wrong, "m%d", m);
            struct verdict v = judge(x, wrong, NULL);
            int is_named = v.named == &exercises[x].mistakes[m];
            *rejected += !strcmp(v.status, "wrong");
            *named += is_named;
            ++*all;
            if (strcmp(v.status, "wrong"))
                tell(0, exercises[x].number, exercises[x].mistakes[m].looks_like, "is accepted");
            else if (!is_named)
                printf("# %s %s: not named: %s\n", exercises[x].number,
                       exercises[x].mistakes[m].looks_like, v.text);
        }
}

/* Check judges in a process of its own for each exercise; so does this. */
static void test_kills_judge(int x, const char *wrong)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        judge(x, wrong, exercises[x].number);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    tell(WIFSIGNALED(status), exercises[x].number, bad[KILLS_JUDGE].what, "judge lives on");
}

/* Misbehaviour of one exercise fails that exercise, in the right words, and no other
 * but those that use it. */
static void test_misbehaviour(int x)
{
    const char *number = exercises[x].number;
    for (int k = 0; k <= KILLS_JUDGE; k++) {
        char wrong[12];
        sprintf(wrong, "h%d", k);
        if ((k == WRITES_PAST || k == WRITES_NAN) && !has_role(x, OUTPUT) && !has_role(x, ADDED))
            continue;
        if (k == KILLS_JUDGE) {
            test_kills_judge(x, wrong);
            continue;
        }
        struct verdict v = judge(x, wrong, number);
        int right_words = strstr(v.text, bad[k].must_say) ||
                          (k == CHANGES_INPUT && strstr(v.text, "never"));
        tell(!strcmp(v.status, "wrong") && right_words, number, bad[k].what, v.text);
    }
    for (int y = 0; exercises[y].number; y++) {
        struct verdict v = y == x ? (struct verdict){.status = "ok"} : judge(y, "h1", number);
        int uses = exercises[y].uses && strstr(exercises[y].uses, case_name(number));
        if (strcmp(v.status, "ok") && !uses)
            tell(0, exercises[y].number, "suffers from exit(0) in", number);
    }
}

static int selftest(void)
{
    int rejected = 0, named = 0, all = 0;
    cpu_seconds = 1;
    for (int x = 0; exercises[x].number; x++) {
        struct verdict v = judge(x, NULL, NULL);
        tell(!strcmp(v.status, "ok"), exercises[x].number, "our answer is right", v.text);
        tell(exercises[x].cases[0].call && exercises[x].mistakes[2].wrong, exercises[x].number,
             "has cases and three mistakes", "too few");
        test_misbehaviour(x);
    }
    test_mistakes(&rejected, &named, &all);
    char counts[120];
    sprintf(counts, "%d mistakes, %d rejected, %d named", all, rejected, named);
    tell(rejected == all && named >= 0.95 * all, "all", counts, "too few");
    return failed != 0;
}

/* judge WORKER [selftest]; SEED=n draws other inputs, CK_RUN_CASE=6.3 runs one. */
int main(int argc, char **argv)
{
    if (argc < 2)
        return fprintf(stderr, "usage: %s WORKER [selftest]\n", argv[0]), 2;
    worker = argv[1];
    if (getenv("SEED"))
        seed = strtoull(getenv("SEED"), NULL, 10);
    unsetenv("CK_FORK");
    unsetenv("CK_RUN_SUITE");
    signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0);  // so that no worker can trace its judge
#endif
    setvbuf(stdout, NULL, _IOLBF, 0);
    return argc > 2 ? selftest() : grade();
}
#endif
