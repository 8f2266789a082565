/* 08-optimizers: how to step, once the gradient is known.
 *
 * An optimizer walks one block of n weights, whatever network they belong to.  What it
 * remembers from step to step lies in blocks of the same layout.
 */
#ifndef OPTIMIZERS_C
#define OPTIMIZERS_C
#include <06-mlp/mlp.c>

/* ---- minibatches ----------------------------------------------------------- */

/* The numbers 0 to N-1 of all examples, handed out batch by batch in random order. */
struct minibatches {
    int *order;       // [N]  the numbers, in the order of this epoch
    int N, batch;     // how many examples there are, and how many in a batch
    int next;         // where in order the next batch begins
    uint64_t chance;  // the random stream that shuffles them
};

/* next = N says that an epoch is over: the first has still to be shuffled.
 * free(b.order) when done. */
struct minibatches minibatches_new(int N, int batch, uint64_t chance)
{
    struct minibatches b = {ints(N), N, batch, N, chance};
    for (int n = 0; n < N; n++)
        b.order[n] = n;
    return b;
}

/* Exercise 8.1: the next batch of examples; returns how many it has.
 *
 * If the epoch is over, next = N, then first next becomes 0, and shuffle() of the kit
 * puts the order as it is into a new one, with b->chance.  The batch is the b->batch
 * numbers of the order from next on, or as many as are left: so the last batch of an
 * epoch may be smaller, and each example comes once an epoch.  next moves past them.
 */
int batch_next(int *examples,         // [batch]  the first of them overwritten
               struct minibatches *b)
{
    // A new epoch, a new order.
    if (b->next == b->N) {
        shuffle(b->order, b->N, &b->chance);
        b->next = 0;
    }
    // A whole batch, or what is left.
    int left = b->N - b->next, count = left < b->batch ? left : b->batch;
    // Hand them out.
    memcpy(examples, b->order + b->next, (size_t)count * sizeof *examples);
    b->next += count;
    return count;
}

/* ---- steps that remember --------------------------------------------------- */

/* Exercise 8.2: a step of gradient descent with momentum.
 *
 *     v[i] = momentum v[i] + dw[i]
 *     w[i] = w[i] - rate v[i]             with the new v[i]
 *
 * w and v are changed in place, dw stays as it is.
 */
void momentum_step(float *w,         // [n]  changed
                   float *v,         // [n]  changed: the velocity, 0 at first
                   const float *dw,  // [n]
                   float rate, float momentum, int n)
{
    // The velocity, a sum of all gradients so far that slowly fades; then go with it.
    for (int i = 0; i < n; i++) {
        v[i] = fmaf(momentum, v[i], dw[i]);
        w[i] = fmaf(-rate, v[i], w[i]);
    }
}

/* Exercise 8.3: a step with Nesterov's momentum, which looks one step ahead.
 *
 *     v[i] = momentum v[i] + dw[i]
 *     w[i] = w[i] - rate (dw[i] + momentum v[i])      with the new v[i]
 *
 * w and v are changed in place, dw stays as it is.
 */
void nesterov_step(float *w,         // [n]  changed
                   float *v,         // [n]  changed: the velocity, 0 at first
                   const float *dw,  // [n]
                   float rate, float momentum, int n)
{
    // The velocity as before; then go where it will be after one more such gradient.
    for (int i = 0; i < n; i++) {
        v[i] = fmaf(momentum, v[i], dw[i]);
        w[i] = fmaf(-rate, fmaf(momentum, v[i], dw[i]), w[i]);
    }
}

/* ---- steps with a rate for every weight ------------------------------------ */

/* Exercise 8.4: a step of RMSprop: the gradient, divided by its usual size.
 *
 *     s[i] = beta s[i] + (1 - beta) dw[i]^2
 *     w[i] = w[i] - rate dw[i] / (sqrt(s[i]) + epsilon)      with the new s[i]
 *
 * w and s are changed in place, dw stays as it is.
 */
void rmsprop_step(float *w,         // [n]  changed
                  float *s,         // [n]  changed: the mean square, 0 at first
                  const float *dw,  // [n]
                  float rate, float beta, float epsilon, int n)
{
    // The mean square of late, and a step measured in its root.
    for (int i = 0; i < n; i++) {
        s[i] = fmaf(beta, s[i], (1 - beta) * dw[i] * dw[i]);
        w[i] = fmaf(-rate, dw[i] / (sqrtf(s[i]) + epsilon), w[i]);
    }
}

/* x to the n, for n >= 0, by squaring: the same bits everywhere, which pow() of the C
 * library does not promise. */
double power(double x, int n)
{
    double y = 1;
    for (; n > 0; n /= 2, x *= x)
        y *= n % 2 ? x : 1;
    return y;
}

/* Exercise 8.5: step t of Adam, where t counts from 1.
 *
 *     m[i] = beta1 m[i] + (1 - beta1) dw[i]
 *     v[i] = beta2 v[i] + (1 - beta2) dw[i]^2
 *     w[i] = w[i] - rate mhat / (sqrt(vhat) + epsilon)
 *
 * with mhat = m[i] / (1 - beta1^t) and vhat = v[i] / (1 - beta2^t), of the new m[i] and
 * v[i], which are stored as they are, without the division.  w, m and v are changed in
 * place, dw stays as it is.
 * Hint: the two powers are the same for all i; take them once, with power(), before.
 */
void adam_step(float *w,         // [n]  changed
               float *m,         // [n]  changed: the mean, 0 at first
               float *v,         // [n]  changed: the mean square, 0 at first
               const float *dw,  // [n]
               float rate, float beta1, float beta2, float epsilon, int t, int n)
{
    // What both means still lack of their full size at step t.
    float rise1 = (float)(1 / (1 - power(beta1, t)));
    float rise2 = (float)(1 / (1 - power(beta2, t)));
    // Each weight: both means, then the step.  One pass, as memory is what takes time.
    for (int i = 0; i < n; i++) {
        m[i] = fmaf(beta1, m[i], (1 - beta1) * dw[i]);
        v[i] = fmaf(beta2, v[i], (1 - beta2) * dw[i] * dw[i]);
        float step = rise1 * m[i] / (sqrtf(rise2 * v[i]) + epsilon);
        w[i] = fmaf(-rate, step, w[i]);
    }
}

/* Exercise 8.6: step t of AdamW: the weights decay, but not by way of the gradient.
 *
 *     w[i] = (1 - rate decay) w[i],  then step t of Adam from there
 *
 * w, m and v are changed in place, dw stays as it is.
 */
void adamw_step(float *w,         // [n]  changed
                float *m,         // [n]  changed: the mean, 0 at first
                float *v,         // [n]  changed: the mean square, 0 at first
                const float *dw,  // [n]
                float rate, float beta1, float beta2, float epsilon, float decay,
                int t, int n)
{
    // Every weight a little smaller.
    float keep = fmaf(-rate, decay, 1);
    for (int i = 0; i < n; i++)
        w[i] *= keep;
    // The step of 8.5.
    adam_step(w, m, v, dw, rate, beta1, beta2, epsilon, t, n);
}

/* ---- a gradient that is too long ------------------------------------------- */

/* Exercise 8.7: clips the gradient to a norm of at most `most`; returns what it was.
 *
 *     norm = sqrt(sum over i of dw[i]^2)
 *     dw[i] = dw[i] most / norm           where norm > most, else dw stays as it is
 *
 * dw is changed in place, all of it by the same factor: it keeps its direction.
 */
float clip_norm(float *dw,   // [n]  changed
                float most,  // above 0
                int n)
{
    // The norm: in double, as a long sum loses digits and a square may overflow.
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)dw[i] * dw[i];
    double norm = sqrt(sum);
    // Too long: shorten it.
    if (norm > most) {
        float scale = (float)(most / norm);
        for (int i = 0; i < n; i++)
            dw[i] *= scale;
    }
    // The norm as it was.
    return (float)norm;
}

/* ---- schedules: the rate changes with the steps ---------------------------- */

/* Each takes a rate and returns the rate of the next step, when `done` steps have been
 * made: 0 before the first.  So one may be put into another. */

/* Exercise 8.8: the rate falls by a factor every so many steps.
 *
 *     rate factor^(done / every)      the division without its remainder
 */
float rate_step(float rate, int done,
                int every,     // steps, at least 1
                float factor)  // 0.5 halves
{
    // How often it has fallen by now.
    return (float)(rate * power(factor, done / every));
}

/* Exercise 8.9: the rate falls along half a cosine, from rate to 0 after `steps` steps.
 *
 *     rate (1 + cos(pi done / steps)) / 2      for done < steps, and 0 after
 */
float rate_cosine(float rate, int done,
                  int steps)  // at least 1
{
    // Once over, it stays 0.
    if (done >= steps)
        return 0;
    // The cosine, in double.
    return (float)(rate * (1 + cos(M_PI * done / steps)) / 2);
}

/* Exercise 8.10: the rate rises in equal steps and is whole at step number `warmup`.
 *
 *     rate (done + 1) / warmup      for done < warmup, and rate after
 */
float rate_warmup(float rate, int done,
                  int warmup)  // 0: the full rate at once
{
    // Warm: the rate itself.
    if (done >= warmup)
        return rate;
    // On the way; the first step is not 0.
    return rate * (float)(done + 1) / (float)warmup;
}

/* ---- one name for all of them ---------------------------------------------- */

enum rule { SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM, ADAMW };

/* How to step, and what is remembered.  Change any of the numbers before a step. */
struct optimizer {
    enum rule rule;
    float rate;
    float momentum;        // MOMENTUM, NESTEROV
    float beta;            // RMSPROP
    float beta1, beta2;    // ADAM, ADAMW
    float epsilon, decay;  // the decay for ADAMW alone
    int n, t;              // weights; steps made
    float *m, *v;          // [n]  m: velocity or mean, v: mean square
};

/* An optimizer of n weights with the usual numbers, those of PyTorch, and a momentum of
 * 0.9.  free(o.m) when done: it is all of the memory. */
struct optimizer optimizer_new(enum rule rule, float rate, int n)
{
    // Each part begins at a multiple of 64 bytes.
    size_t room = ((size_t)n + 15) / 16 * 16;
    float *block = floats(2 * room);
    return (struct optimizer){
        .rule = rule, .rate = rate, .momentum = 0.9f, .beta = 0.99f, .beta1 = 0.9f,
        .beta2 = 0.999f, .epsilon = 1e-8f, .decay = 0.01f, .n = n,
        .m = block, .v = block + room,
    };
}

/* Begins anew: nothing is remembered. */
void optimizer_clear(struct optimizer *o)
{
    o->t = 0;
    memset(o->m, 0, (size_t)o->n * sizeof *o->m);
    memset(o->v, 0, (size_t)o->n * sizeof *o->v);
}

/* One step of the n weights w [n], whose gradient is dw [n]. */
void optimizer_step(struct optimizer *o, float *w, const float *dw)
{
    o->t++;
    switch (o->rule) {
    case SGD:
        sgd_step(w, dw, o->rate, o->n);
        break;
    case MOMENTUM:
        momentum_step(w, o->m, dw, o->rate, o->momentum, o->n);
        break;
    case NESTEROV:
        nesterov_step(w, o->m, dw, o->rate, o->momentum, o->n);
        break;
    case RMSPROP:
        rmsprop_step(w, o->v, dw, o->rate, o->beta, o->epsilon, o->n);
        break;
    case ADAM:
        adam_step(w, o->m, o->v, dw, o->rate, o->beta1, o->beta2, o->epsilon, o->t,
                  o->n);
        break;
    case ADAMW:
        adamw_step(w, o->m, o->v, dw, o->rate, o->beta1, o->beta2, o->epsilon,
                   o->decay, o->t, o->n);
        break;
    }
}

/* ---- the program: a ravine -------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

const char *const rules[] = {"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"};
enum { RULES = sizeof rules / sizeof *rules };

/* f(w) = (u^2 + 20 v^2) / 2 and its gradient.  The axes of u and v are those of the
 * plane, turned by an angle whose cosine and sine are c and s. */
float ravine(float *dw,       // [2]  overwritten
             const float *w,  // [2]
             float c, float s)
{
    float u = fmaf(c, w[0], s * w[1]), v = fmaf(c, w[1], -(s * w[0]));
    dw[0] = fmaf(c, u, -(s * (20 * v)));
    dw[1] = fmaf(s, u, c * (20 * v));
    return fmaf(u, u, 20 * v * v) / 2;
}

/* The steps of one rule from u = -4.5, v = 1, in a ravine turned by so many degrees;
 * fewer if they leave for infinity. */
void path_print(struct optimizer *o, int turn, int steps)
{
    float c = (float)cos(M_PI * turn / 180), s = (float)sin(M_PI * turn / 180);
    float w[] = {fmaf(-4.5f, c, -s), fmaf(-4.5f, s, c)}, dw[2];
    for (int step = 0; step <= steps; step++) {
        float f = ravine(dw, w, c, s);
        if (!isfinite(f))
            break;
        printf("%s\t%g\t%d\t%.4f\t%.4f\t%.4g\n", rules[o->rule], o->rate, step, w[0],
               w[1], f);
        optimizer_step(o, w, dw);
    }
}

/* ---- the program: trainings -------------------------------------------------- */

enum schedule { CONSTANT, HALVING, COSINE, WARMUP };
const char *const schedules[] = {"constant", "halving", "cosine", "warmup"};
enum { SCHEDULES = sizeof schedules / sizeof *schedules };

/* What is known of a training after so many steps. */
struct line {
    int step;
    float rate, loss;   // of this step; the mean of all since the line before
    struct score test;
    double seconds;     // without the tests
};

/* One training, of a network with two hidden layers. */
struct trial {
    enum rule rule;
    enum schedule schedule;
    float rate, momentum, clip;  // clip 0: not at all
    int batch, epochs, hidden, seed, lines;
    struct line *line;           // [lines]  overwritten
};

/* Halving comes four times; warming up takes a tenth of the steps of a cosine. */
float schedule_rate(enum schedule schedule, float rate, int done, int steps)
{
    switch (schedule) {
    case HALVING: return rate_step(rate, done, (steps + 4) / 5, 0.5f);
    case COSINE:  return rate_cosine(rate, done, steps);
    case WARMUP:  return rate_warmup(rate_cosine(rate, done, steps), done, steps / 10);
    default:      return rate;
    }
}

/* What a training works with. */
struct training {
    struct trainer tr;
    struct optimizer o;
    struct minibatches b;
    int *examples, *t;  // [batch]
};

struct training training_new(const struct trial *r, const struct set *train)
{
    const int size[] = {train->D, r->hidden, r->hidden, train->K}, layers = 3;
    struct training now = {
        .tr = trainer_new(size, layers, RELU, r->batch > 100 ? r->batch : 100),
        .o = optimizer_new(r->rule, r->rate, mlp_size(size, layers)),
        .b = minibatches_new(train->N, r->batch, stream(r->seed, 2)),
        .examples = ints(r->batch), .t = ints(r->batch),
    };
    uint64_t chance = stream(r->seed, 1);
    now.o.momentum = r->momentum;
    mlp_init(&now.tr.net, &chance);
    return now;
}

void training_free(struct training *now)
{
    free(now->t);
    free(now->examples);
    free(now->b.order);
    free(now->o.m);
    free(now->tr.block);
}

/* One step on the next batch; returns how many examples, and adds up their losses. */
int training_step(struct training *now, double *loss, const struct set *train,
                  float clip)
{
    struct trainer *tr = &now->tr;
    int N = batch_next(now->examples, &now->b);
    set_batch(tr->work.h[0], now->t, train, now->examples, N);
    *loss += (double)N * mlp_gradient(&tr->grad, &tr->work, &tr->net, now->t, N);
    if (clip > 0)
        clip_norm(tr->grad.W[1], clip, now->o.n);
    optimizer_step(&now->o, tr->net.W[1], tr->grad.W[1]);
    return N;
}

void trial_run(struct trial *r, const struct set *train, const struct set *test)
{
    struct training now = training_new(r, train);
    int steps = r->epochs * ((train->N + r->batch - 1) / r->batch), *k = ints(test->N);
    double loss = 0, took = 0, start = seconds();
    r->lines = r->lines < steps ? r->lines : steps;
    for (int done = 0, N = 0, line = 0; done < steps; ) {
        now.o.rate = schedule_rate(r->schedule, r->rate, done, steps);
        N += training_step(&now, &loss, train, r->clip);
        if (++done < (long)steps * (line + 1) / r->lines)
            continue;
        took += seconds() - start;
        struct score test_score = trainer_predict(k, &now.tr, test, NULL, test->N);
        r->line[line++] = (struct line){done, now.o.rate, loss / N, test_score, took};
        loss = N = 0;
        start = seconds();
    }
    free(k);
    training_free(&now);
}

enum { RATES = 12 };  // of the grid of tune=1

struct trials { struct trial *trial; int count, seeds; };

/* The same trial with one seed after the other. */
void trials_add(struct trials *all, struct trial r)
{
    for (int i = 0; i < all->seeds; i++, r.seed++) {
        r.line = memory(r.lines, sizeof *r.line);
        all->trial[all->count++] = r;
    }
}

/* Runs all of them.  Each has its own weights and random streams, so that it does not
 * matter who runs it; what is timed runs one after the other. */
void trials_run(struct trials *all, bool timed, const struct set *train,
                const struct set *test)
{
    struct progress bar = {.what = "training"};
    int done = 0;
    #pragma omp parallel for schedule(dynamic) if (!timed)
    for (int i = 0; i < all->count; i++) {
        trial_run(all->trial + i, train, test);
        #pragma omp critical
        progress(&bar, ++done, all->count);
    }
}

/* A loss that is no number any more is infinite, whatever its sign. */
float loss_clean(float loss)
{
    return isfinite(loss) ? loss : INFINITY;
}

/* One line of trials that differ in their seed alone: means, and the lowest and the
 * highest loss.  Returns the mean accuracy. */
float line_print(const struct trial *r, int seeds, int line, bool timed)
{
    float loss = 0, low = INFINITY, high = 0, test = 0, right = 0;
    double took = 0;
    for (int i = 0; i < seeds; i++) {
        const struct line *l = r[i].line + line;
        float one = loss_clean(l->loss);
        loss += one / (float)seeds;
        low = one < low ? one : low;
        high = one > high ? one : high;
        test += loss_clean(l->test.loss) / (float)seeds;
        right += l->test.accuracy / (float)seeds;
        took += l->seconds / seeds;
    }
    printf("%s\t%s\t%d\t%g\t%d\t%.4g\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f", rules[r->rule],
           schedules[r->schedule], r->batch, r->rate, r->line[line].step,
           r->line[line].rate, loss, low, high, test, right);
    printf(timed ? "\t%.3f\n" : "\n", took);
    return right;
}

/* All lines of each, or the last alone; and on stderr how often each is right. */
void trials_print(const struct trials *all, bool last, bool timed)
{
    printf("# rule\tschedule\tbatch\trate\tstep\trate_now\tloss\tlow\thigh\ttest_loss\t"
           "accuracy%s\n", timed ? "\tseconds" : "");
    for (int i = 0; i < all->count; i += all->seeds) {
        const struct trial *r = all->trial + i;
        char name[64], percent[32];
        float right = 0;
        for (int line = last ? r->lines - 1 : 0; line < r->lines; line++)
            right = line_print(r, all->seeds, line, timed);
        snprintf(name, sizeof name, "%-8s %-8s batch %-5d rate %-6g", rules[r->rule],
                 schedules[r->schedule], r->batch, r->rate);
        snprintf(percent, sizeof percent, "%.1f %% right", 100 * right);
        if (isatty(2))
            bar_draw(stderr, name, right, 20, percent);
    }
}

/* ---- the program: what to compare -------------------------------------------- */

/* A trial at the rate it has, or if that is 0 at the best; or, to find the best, at all
 * rates of a grid from the lowest on. */
void trials_rate(struct trials *all, struct trial r, float best, bool tune,
                 float lowest)
{
    const float grid[RATES] = {1e-4f, 2e-4f, 5e-4f, 1e-3f, 2e-3f, 5e-3f, 0.01f, 0.02f,
                               0.05f, 0.1f, 0.2f, 0.5f};
    r.rate = r.rate > 0 ? r.rate : best;
    if (!tune)
        trials_add(all, r);
    for (int i = 0; tune && i < RATES; i++) {
        r.rate = grid[i];
        if (r.rate >= lowest)
            trials_add(all, r);
    }
}

/* Every rule, or the one that was asked for, at the rate that tune=1 found best. */
void trials_rules(struct trials *all, struct trial r, int rule, bool tune)
{
    const float best[RULES] = {0.2f, 0.02f, 0.02f, 0.002f, 0.002f, 0.002f};
    for (int i = 0; i < RULES; i++)
        if (rule < 0 || rule == i) {
            r.rule = i;
            trials_rate(all, r, best[i], tune, 0);
        }
}

/* Batches of 1, 10, 100 and so on, and last all N examples at once. */
void trials_batches(struct trials *all, struct trial r, int N, bool tune)
{
    const float best[] = {0.005f, 0.05f, 0.2f, 0.1f, 0.2f};
    for (int i = 0, batch = 1; i < 5; i++, batch *= 10) {
        r.batch = i < 4 && batch < N ? batch : N;
        trials_rate(all, r, best[i], tune, 0.001f);
        if (r.batch == N)
            break;
    }
}

void trials_schedules(struct trials *all, struct trial r, bool tune)
{
    for (int i = 0; i < SCHEDULES; i++) {
        r.schedule = i;
        trials_rate(all, r, 0.005f, tune, 0);
    }
}

/* The paths of the rules.  At its rate plain descent zigzags. */
void paths_print(int rule, float rate, float momentum, int turn)
{
    const float own[RULES] = {0.09f, 0.02f, 0.02f, 0.05f, 0.2f, 0.2f};
    printf("# rule\trate\tstep\tw0\tw1\tf\n");
    for (int i = 0; i < RULES; i++)
        if (rule < 0 || rule == i) {
            struct optimizer o = optimizer_new(i, rate > 0 ? rate : own[i], 2);
            o.momentum = momentum;
            path_print(&o, turn, 100);
            free(o.m);
        }
}

/* Where a name stands among so many, or -1. */
int name_find(const char *const *names, int count, const char *name)
{
    while (count-- > 0)
        if (!strcmp(names[count], name))
            break;
    return count;
}

int main(int argc, char **argv)
{
    const char *show = "rules", *rule = "all", *schedule = "constant";
    const char *folder = "data/fashion-mnist";
    float rate = 0, momentum = 0.9f, clip = 0;
    int tune = 0, batch = 50, epochs = 5, hidden = 64, examples = 60000;
    int seeds = 3, seed = 1, clock = 0, turn = 0;
    OPTIONS("compares ways to step along a gradient",
            CHOICE(show, "rules|batches|schedules|paths",
                   "what to compare: trainings, or paths in a ravine"),
            CHOICE(rule, "all|sgd|momentum|nesterov|rmsprop|adam|adamw",
                   "how to step; all is sgd for batches, adam for schedules"),
            OPTION(rate, 0, 1000, "learning rate; 0 stands for the best we found"),
            OPTION(tune, 0, 1, "1: all rates of a grid, and of each the last line"),
            OPTION(momentum, 0, 1, "of momentum and nesterov"),
            OPTION(clip, 0, 1e6, "largest norm of a gradient; 0 stands for any"),
            CHOICE(schedule, "constant|halving|cosine|warmup", "of the rate"),
            OPTION(batch, 1, 60000, "examples in a step"),
            OPTION(epochs, 1, 1000, "passes through the examples"),
            OPTION(hidden, 1, 4096, "neurons in each of two hidden layers"),
            OPTION(examples, 1, 60000, "to train on at most"),
            OPTION(seeds, 1, 100, "trainings of each kind; means are printed"),
            OPTION(seed, 0, 1000000, "of the first: weights and order"),
            OPTION(clock, 0, 1, "1: seconds too, one training after the other"),
            OPTION(turn, -360, 360, "degrees by which the ravine is turned"),
            TEXT(folder, "where the images are"));
    int kind = name_find(rules, RULES, rule);
    if (!strcmp(show, "paths")) {
        paths_print(kind, rate, momentum, turn);
        return 0;
    }
    struct set train = set_images(folder, "train", examples);
    struct set test = set_images(folder, "t10k", INT_MAX);
    if (train.D != test.D)
        die("%s: training images of %d pixels, test images of %d", folder, train.D,
            test.D);

    struct trials all = {memory(RULES * RATES * seeds, sizeof *all.trial), 0, seeds};
    struct trial r = {.schedule = name_find(schedules, SCHEDULES, schedule),
                      .rate = rate, .momentum = momentum, .clip = clip, .batch = batch,
                      .epochs = epochs, .hidden = hidden, .seed = seed,
                      .lines = tune ? epochs : 20};
    if (!strcmp(show, "rules")) {
        trials_rules(&all, r, kind, tune);
    } else if (!strcmp(show, "batches")) {
        r.rule = kind < 0 ? SGD : kind;
        trials_batches(&all, r, train.N, tune);
    } else {
        r.rule = kind < 0 ? ADAM : kind;
        trials_schedules(&all, r, tune);
    }
    trials_run(&all, clock, &train, &test);
    trials_print(&all, tune, clock);

    for (int i = 0; i < all.count; i++)
        free(all.trial[i].line);
    free(all.trial);
    set_free(&test);
    set_free(&train);
}

#endif
#endif
