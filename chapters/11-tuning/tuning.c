/* 11-tuning: to choose learning rate, depth, width and the rest by trying, fairly. */
#ifndef TUNING_C
#define TUNING_C
#include <09-regularization/regularization.c>

/* ---- where to try ----------------------------------------------------------- */

/* What a hyperparameter may be: a number between low and high; if log, by factors (both
 * are above 0 then); if whole, a whole number. */
struct axis {
    const char *name;
    float low, high;
    bool log, whole;
};

/* Exercise 11.1: returns a number between low and high, every factor equally likely.
 *
 *     low (high / low)^u     with u = uniform(), one draw
 *
 * Never below low, never above high.
 * Hint: (high / low)^u = exp(u log(high / low)).
 */
float log_uniform(float low, float high,  // above 0
                  uint64_t *chance)
{
    // Uniform between the logarithms, then back.
    // Rounding must not lead out.
    TODO("11.1");
}

/* Exercise 11.2: a point of random search: one number for every axis.
 *
 *     x[i] = log_uniform(low, high)           where axis i is log
 *     x[i] = low + uniform() (high - low)     elsewhere
 *
 * and where the axis is whole, that number rounded with roundf().  x is overwritten;
 * one draw an axis, in order.
 */
void random_point(float *x,                  // [n]  overwritten
                  const struct axis *axis,   // [n]
                  int n, uint64_t *chance)
{
    // Axis by axis: a draw of its kind, rounded if need be.
    TODO("11.2");
}

/* Exercise 11.3: a point of grid search: step[i] of the count[i] values of axis i.
 *
 *     index = step[0] + count[0] (step[1] + count[1] (step[2] + ...))
 *
 * step is overwritten; index runs from 0 to the product of all counts less 1, so axis 0
 * changes fastest.
 */
void grid_point(int *step,         // [n]  overwritten: step[i] from 0 to count[i]-1
                const int *count,  // [n]
                int index, int n)
{
    // The remainder is the step of this axis, the quotient is left for the others.
    TODO("11.3");
}

/* ---- what a trial is worth -------------------------------------------------- */

/* Exercise 11.4: fold number fold of K: its examples are held back, the others stay.
 *
 *     order is cut into K pieces that follow one another, N / K long each,
 *     and the first N % K of them longer by one
 *     valid = piece number fold,   train = all other pieces in order
 *
 * Both are overwritten; returns how many are in valid.
 */
int fold_split(int *train,        // [N - returned]  overwritten
               int *valid,        // [returned]  overwritten
               const int *order,  // [N]  the numbers of the examples, shuffled
               int N, int K, int fold)
{
    // Where the piece begins, and how long it is.
    // What is in front of it, itself, what is behind it.
    TODO("11.4");
}

/* The mean of several scores, and how far off it may be. */
struct estimate { float mean, error; };

/* Exercise 11.5: returns the mean of n scores and its standard error.
 *
 *     mean  = 1/n  sum over i of x[i]
 *     error = sqrt(1/(n-1)  sum over i of (x[i] - mean)^2) / sqrt(n)
 *
 * Of a single score the error is not known: NAN.
 */
struct estimate score_estimate(const float *x,  // [n]
                               int n)
{
    // The mean, then the squared distances from it; both sums in double.
    // The deviation of one score, then that of their mean.
    TODO("11.5");
}

/* Exercise 11.6: returns the index of the highest score, of equal ones the first.
 *
 * A score that is not a number, NAN, is never the highest; returns -1 if all are.
 */
int score_best(const float *score,  // [n]
               int n)
{
    // The first that is a number, then every one that is higher.
    TODO("11.6");
}

/* ---- less work for what is hopeless ----------------------------------------- */

/* Exercise 11.7: successive halving: keeps the better half of the trials alive.
 *
 *     alive = the (n + 1) / 2 trials of the n with the highest score[alive[i]]
 *
 * sorted from the best to the worst; of equal scores the one that stood first; NAN is
 * worse than any number.  Returns how many stay.
 */
int trials_halve(int *alive,          // [n]  changed: numbers of trials
                 const float *score,  // of every trial, also of those not alive
                 int n)
{
    // Take the best of those left, so many times, and close the gap behind it.
    TODO("11.7");
}

/* ---- the learning rate ------------------------------------------------------ */

/* Exercise 11.8: returns the rate of step i of a range test of n steps.
 *
 *     low (high / low)^(i / (n-1))
 *
 * for i = 0 .. n-1: the same factor from each step to the next.
 */
float range_rate(float low, float high,  // above 0
                 int i, int n)
{
    // So much of the way between the logarithms.
    TODO("11.8");
}

/* Exercise 11.9: returns the rate to train with, from the losses of a range test.
 *
 *     s[i] = 0.9 s[i-1] + 0.1 loss[i],  s[-1] = 0         the losses made smooth
 *     m[i] = s[i] / (1 - 0.9^(i+1))                       without the pull of s[-1] = 0
 *
 * The test is over at the first i where m[i] is no number, or above 4 times the lowest
 * m so far.  Of the steps before it, the one with the lowest m (the first of equal
 * ones) had the rate at which learning was about to break: a tenth of it is returned.
 */
float range_suggest(const float *rate,  // [n]  of range_rate, from low to high
                    const float *loss,  // [n]  loss[0] is a number
                    int n)
{
    // In double: s, the power of 0.9, and the lowest m, which nothing has beaten yet.
    // The step that had it.
    // Step by step: s, the power, m; stop if it is over, else note a lower m.
    // Well below the edge.
    TODO("11.9");
}

/* ---- the program: one trial ---------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

/* What is tried, and where.  Both ends of a whole axis lie half a step further out, so
 * that its first and last number are drawn as often as those between. */
enum { RATE, LAMBDA, KEEP, HIDDEN, WIDTH, AXES };
const struct axis space[AXES] = {
    [RATE] = {"rate", 2e-4f, 0.02f, true, false},
    [LAMBDA] = {"lambda", 1e-6f, 1e-2f, true, false},
    [KEEP] = {"keep", 0.5f, 1, false, false},
    [HIDDEN] = {"hidden", 0.5f, 3.49f, false, true},
    [WIDTH] = {"width", 64, 400, true, true},
};

/* One training, and what became of it. */
struct trial {
    float x[AXES];      // the point that is tried
    enum rule rule;
    int batch, epochs, seed;
    const int *learn;   // [N]  the numbers of the examples to learn from
    const int *judge;   // [V]  and of those to be judged by; NULL: the first V
    int N, V;
    int *k;             // [V]  overwritten: the classes it gives them; or NULL
    float loss;         // the mean of the last epoch, with the penalty
    struct score score;
    double seconds;
    int weights;        // and biases, together
};

/* What a training works with. */
struct training {
    struct trainer tr;
    struct optimizer o;
    struct dropout drop;
    struct minibatches b;
    float *block;      // of drop
    int *examples, *t; // [batch]
    uint64_t chance;   // of drop
};

/* The sizes of a trial's layers; returns how many layers they are. */
int trial_sizes(int *size, const struct trial *r, const struct set *set)
{
    int hidden = (int)r->x[HIDDEN];
    size[0] = set->D;
    for (int l = 1; l <= hidden; l++)
        size[l] = (int)r->x[WIDTH];
    size[hidden + 1] = set->K;
    return hidden + 1;
}

struct training training_new(const struct trial *r, const struct set *set)
{
    int size[LAYERS + 1], layers = trial_sizes(size, r, set);
    struct training now = {
        .tr = trainer_new(size, layers, RELU, r->batch > 100 ? r->batch : 100),
        .o = optimizer_new(r->rule, r->x[RATE], mlp_size(size, layers)),
        .b = minibatches_new(r->N, r->batch, stream(r->seed, 2)),
        .block = floats(dropout_size(size, layers, r->batch)),
        .examples = ints(r->batch), .t = ints(r->batch), .chance = stream(r->seed, 4),
    };
    uint64_t chance = stream(r->seed, 1);
    now.drop = dropout_at(now.block, size, layers, r->batch, r->x[KEEP]);
    mlp_init(&now.tr.net, &chance);
    return now;
}

void training_free(struct training *now)
{
    free(now->t);
    free(now->examples);
    free(now->block);
    free(now->b.order);
    free(now->o.m);
    free(now->tr.block);
}

/* One step on the next batch; returns its loss, and in N how many examples it had. */
float training_step(struct training *now, int *N, const struct trial *r,
                    const struct set *set)
{
    struct trainer *tr = &now->tr;
    *N = batch_next(now->examples, &now->b);
    for (int n = 0; n < *N; n++)
        now->examples[n] = r->learn[now->examples[n]];
    set_batch(tr->work.h[0], now->t, set, now->examples, *N);
    float loss = regularized_gradient(&tr->grad, &tr->work, &now->drop, &tr->net,
                                      now->t, r->x[LAMBDA], *N, &now->chance);
    optimizer_step(&now->o, tr->net.W[1], tr->grad.W[1]);
    return loss;
}

/* Learns from examples of one set and is judged by examples of the other.  The rate
 * rises for a tenth of the steps, and falls along a cosine. */
void trial_run(struct trial *r, const struct set *from, const struct set *by)
{
    struct training now = training_new(r, from);
    int each = (r->N + r->batch - 1) / r->batch, steps = r->epochs * each, N;
    int *k = r->k ? r->k : ints(r->V);
    double start = seconds(), loss = 0;
    for (int done = 0; done < steps; done++) {
        float rate = rate_cosine(r->x[RATE], done, steps);
        now.o.rate = rate_warmup(rate, done, steps / 10);
        float one = training_step(&now, &N, r, from);
        loss += done < steps - each ? 0 : (double)one * N / r->N;
    }
    r->loss = (float)loss;
    r->seconds = seconds() - start;
    r->weights = now.o.n;
    r->score = trainer_predict(k, &now.tr, by, r->judge, r->V);
    if (!r->k)
        free(k);
    training_free(&now);
}

/* What a trial is compared by: a network that is lost has no score. */
float trial_score(const struct trial *r)
{
    return isfinite(r->score.loss) ? r->score.accuracy : NAN;
}

/* Runs the trials that which names, or all; each has its own weights and its own random
 * streams, so it does not matter who runs it.  Those to be timed run one by one. */
void trials_run(struct trial *trials, const int *which, int count,
                const struct set *set, bool timed)
{
    struct progress bar = {.what = "trials"};
    int done = 0;
    #pragma omp parallel for schedule(dynamic) if (!timed)
    for (int i = 0; i < count; i++) {
        trial_run(trials + (which ? which[i] : i), set, set);
        #pragma omp critical
        progress(&bar, ++done, count);
    }
}

/* ---- the program: the search --------------------------------------------------- */

void trial_print(const char *round, int number, const struct trial *r)
{
    printf("%s\t%d\t%d\t%.3g\t%.3g\t%.2f\t%g\t%g\t%d\t%.4f\t%.4f\t%.4f\n", round,
           number, r->epochs, r->x[RATE], r->x[LAMBDA], r->x[KEEP], r->x[HIDDEN],
           r->x[WIDTH], r->weights, r->loss, r->score.loss, r->score.accuracy);
}

/* A bar for the terminal. */
void trial_show(const char *round, int number, const struct trial *r)
{
    char name[64], percent[32];
    if (!isatty(2))
        return;
    snprintf(name, sizeof name, "%-5s %2d  %g x %-3g rate %.4f keep %.2f", round,
             number, r->x[HIDDEN], r->x[WIDTH], r->x[RATE], r->x[KEEP]);
    snprintf(percent, sizeof percent, "%.1f %% right", 100 * r->score.accuracy);
    bar_draw(stderr, name, r->score.accuracy, 24, percent);
}

/* The end of it all: the trial learns from all that was there to learn from or to judge
 * by, and is judged by the test set, once. */
void test_print(struct trial r, int number, const struct set *set, const char *folder)
{
    struct set test = set_images(folder, "t10k", INT_MAX);
    if (set->D != test.D)
        die("%s: training images of %d pixels, test images of %d", folder, set->D,
            test.D);
    r.N += r.judge ? r.V : 0;
    r.judge = NULL;
    r.V = test.N;
    trial_run(&r, set, &test);
    trial_print("test", number, &r);
    trial_show("test", number, &r);
    set_free(&test);
}

/* Random search with successive halving: every round begins anew, since a cosine must
 * know its end, with half of the trials and twice the epochs.  Returns the best. */
int search_print(struct trial *trials, struct trial r, int count, int rounds,
                 const struct set *set)
{
    uint64_t chance = stream(r.seed, 5);
    int *alive = ints(count), n = count, best;
    float *score = floats(count);
    for (int i = 0; i < count; i++) {
        alive[i] = i;
        trials[i] = r;
        random_point(trials[i].x, space, AXES, &chance);
        trials[i].seed = r.seed + i;
    }
    for (int round = 1; round <= rounds; round++, r.epochs *= 2) {
        char name[16];
        snprintf(name, sizeof name, "%d", round);
        for (int i = 0; i < n; i++)
            trials[alive[i]].epochs = r.epochs;
        trials_run(trials, alive, n, set, false);
        for (int i = 0; i < n; i++) {
            score[alive[i]] = trial_score(trials + alive[i]);
            trial_print(name, alive[i], trials + alive[i]);
            trial_show(name, alive[i], trials + alive[i]);
        }
        if (round < rounds)
            n = trials_halve(alive, score, n);
    }
    for (int i = 0; i < n; i++)
        score[i] = trial_score(trials + alive[i]);
    best = score_best(score, n);
    if (best < 0)
        die("no trial of the last round has learnt anything");
    best = alive[best];
    free(score);
    free(alive);
    return best;
}

/* ---- the program: grid against chance ------------------------------------------ */

enum { STEPS = 3, POINTS = STEPS * STEPS * STEPS };  // of rate, lambda and keep

/* The points of one contest: a grid, moved by chance as nobody knows where the best
 * place is, its points in random order; or as many random points. */
void points_make(struct trial *trials, const struct axis *axis, bool grid,
                 uint64_t chance)
{
    const int count[] = {STEPS, STEPS, STEPS};
    int order[POINTS], step[3];
    float move[3], x[AXES];
    for (int i = 0; i < POINTS; i++)
        order[i] = i;
    for (int a = 0; a < 3; a++)
        move[a] = uniform(&chance);
    shuffle(order, POINTS, &chance);
    for (int i = 0; i < POINTS; i++) {
        grid_point(step, count, order[i], 3);
        random_point(x, axis, 3, &chance);
        for (int a = 0; a < 3; a++) {
            float part = ((float)step[a] + move[a]) / STEPS;
            float low = axis[a].low, high = axis[a].high;
            float at = axis[a].log ? low * exp32(part * log32(high / low))
                                   : fmaf(part, high - low, low);
            trials[i].x[a] = grid ? at : x[a];
        }
    }
}

/* The best so far of every contest, point by point, and its mean over all contests. */
void contest_print(const struct trial *trials, const char *how, int contests)
{
    float best[POINTS][100];
    for (int c = 0; c < contests; c++, trials += POINTS)
        for (int i = 0; i < POINTS; i++) {
            const struct trial *r = trials + i;
            float one = isfinite(r->score.loss) ? r->score.accuracy : 0;
            best[i][c] = i && best[i-1][c] > one ? best[i-1][c] : one;
            printf("%s\t%d\t%d\t%.3g\t%.3g\t%.3f\t%.4f\t%.4f\t0\n", how, c + 1, i + 1,
                   r->x[RATE], r->x[LAMBDA], r->x[KEEP], one, best[i][c]);
        }
    for (int i = 0; i < POINTS; i++) {
        struct estimate e = score_estimate(best[i], contests);
        printf("%s\tmean\t%d\t0\t0\t0\t0\t%.4f\t%.4f\n", how, i + 1, e.mean, e.error);
    }
}

/* Grid against random search, with rates from low to high. */
void compare_print(struct trial *trials, struct trial r, float low, float high,
                   int contests, const struct set *set)
{
    int half = contests * POINTS;
    struct axis axis[] = {space[RATE], space[LAMBDA], space[KEEP]};
    axis[RATE].low = low;
    axis[RATE].high = high;
    for (int i = 0; i < 2 * half; i++) {
        trials[i] = r;
        trials[i].seed = r.seed + i % half;
    }
    for (int c = 0; c < 2 * contests; c++)
        points_make(trials + c * POINTS, axis, c < contests, stream(r.seed, 100 + c));
    trials_run(trials, NULL, 2 * half, set, false);
    printf("# how\tcontest\ttrial\trate\tlambda\tkeep\taccuracy\tbest\terror\n");
    contest_print(trials, "grid", contests);
    contest_print(trials + half, "random", contests);
}

/* ---- the program: a map, and depth against width ------------------------------- */

/* Mean and error of the accuracies of trials that differ in their seeds. */
struct estimate trials_estimate(const struct trial *r, int seeds)
{
    float score[100];
    for (int i = 0; i < seeds; i++)
        score[i] = isfinite(r[i].score.loss) ? r[i].score.accuracy : 0.1f;
    return score_estimate(score, seeds);
}

/* The validation accuracy for all pairs of a rate and a lambda. */
void map_print(struct trial *trials, struct trial r, int seeds, const struct set *set)
{
    enum { RATES = 9, LAMBDAS = 9 };
    const int count[] = {RATES, LAMBDAS};
    for (int i = 0; i < RATES * LAMBDAS * seeds; i++) {
        int step[2];
        grid_point(step, count, i / seeds, 2);
        trials[i] = r;
        trials[i].seed = r.seed + i % seeds;
        trials[i].x[RATE] = range_rate(1e-4f, 1, step[0], RATES);
        trials[i].x[LAMBDA] = range_rate(1e-4f, 1, step[1], LAMBDAS);
    }
    trials_run(trials, NULL, RATES * LAMBDAS * seeds, set, false);
    printf("# rate\tlambda\tloss\taccuracy\terror\n");
    for (int i = 0; i < RATES * LAMBDAS * seeds; i += seeds) {
        struct estimate e = trials_estimate(trials + i, seeds);
        printf("%.3g\t%.3g\t%.4f\t%.4f\t%.4f\n%s", trials[i].x[RATE],
               trials[i].x[LAMBDA], trials[i].loss, e.mean, e.error,
               (i / seeds + 1) % RATES ? "" : "\n");
    }
}

/* The width at which so many hidden layers come closest to so many weights. */
int width_for(int weights, int hidden, const struct set *set)
{
    struct trial r = {.x[HIDDEN] = (float)hidden};
    int size[LAYERS + 1], last = 0, now = 0, width = 0;
    while (now < weights) {
        last = now;
        r.x[WIDTH] = (float)++width;
        now = mlp_size(size, trial_sizes(size, &r, set));
    }
    return width > 1 && weights - last < now - weights ? width - 1 : width;
}

/* Networks of as many weights, deep and narrow or shallow and wide. */
void depth_print(struct trial *trials, struct trial r, int seeds, bool timed,
                 const struct set *set)
{
    const int hidden[] = {1, 2, 4, 8, 16}, weights[] = {15000, 45000, 135000};
    enum { DEPTHS = 5, ALL = 3 * DEPTHS };
    for (int i = 0; i < ALL * seeds; i++) {
        int h = hidden[i / seeds % DEPTHS];
        trials[i] = r;
        trials[i].seed = r.seed + i % seeds;
        trials[i].x[HIDDEN] = (float)h;
        trials[i].x[WIDTH] = (float)width_for(weights[i / seeds / DEPTHS], h, set);
    }
    trials_run(trials, NULL, ALL * seeds, set, timed);
    printf("# about\thidden\twidth\tweights\tloss\tlow\thigh\taccuracy\terror%s\n",
           timed ? "\tseconds" : "");
    for (int i = 0; i < ALL * seeds; i += seeds) {
        struct trial *t = trials + i;
        struct estimate e = trials_estimate(t, seeds);
        float loss = 0, low = INFINITY, high = 0;
        double took = 0;
        for (int s = 0; s < seeds; s++) {
            loss += t[s].loss / (float)seeds;
            low = fminf(low, t[s].score.accuracy);
            high = fmaxf(high, t[s].score.accuracy);
            took += t[s].seconds / seeds;
        }
        printf("%d\t%g\t%g\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f",
               weights[i / seeds / DEPTHS], t->x[HIDDEN], t->x[WIDTH], t->weights, loss,
               low, high, e.mean, e.error);
        printf(timed ? "\t%.3f\n" : "\n", took);
    }
}

/* ---- the program: the range test ----------------------------------------------- */

/* One training, the rate a little higher at every step. */
void range_print(struct trial r, float low, float high, const struct set *set)
{
    struct training now = training_new(&r, set);
    int steps = r.epochs * ((r.N + r.batch - 1) / r.batch), N;
    float *rate = floats(steps), *loss = floats(steps);
    double s = 0, left = 1;
    for (int i = 0; i < steps; i++) {
        now.o.rate = rate[i] = steps > 1 ? range_rate(low, high, i, steps) : low;
        loss[i] = training_step(&now, &N, &r, set);
    }
    float suggested = range_suggest(rate, loss, steps);
    printf("# step\trate\tloss\tsmooth\tsuggested\n");
    for (int i = 0; i < steps && isfinite(loss[i]); i++) {
        s = 0.9 * s + 0.1 * loss[i];
        left *= 0.9;
        printf("%d\t%.4g\t%.4g\t%.4g\t%.3g\n", i, rate[i], loss[i], s / (1 - left),
               suggested);
    }
    if (isatty(2))
        fprintf(stderr, "a rate to train with: %.2g\n", suggested);
    free(loss);
    free(rate);
    training_free(&now);
}

/* ---- the program: how sure ----------------------------------------------------- */

/* Which of the V examples each of the trials gets right. */
void trials_right(char *right,  // [count,V]  overwritten
                  const struct trial *trials, int count, const struct set *set)
{
    for (int i = 0, at = 0; i < count; i++)
        for (int v = 0; v < trials[i].V; v++)
            right[at++] = trials[i].k[v] == set_class(set, trials[i].judge[v]);
}

/* Deals anew: the trials into another order, of the V examples a few to choose by, the
 * rest fresh.  The accuracy of each trial on both. */
void deal(float *seen, float *fresh,  // [count]  overwritten
          int *turn, int *order,      // [count], [V]  changed: who is where
          const char *right,          // [count,V]
          int count, int V, int few, uint64_t *chance)
{
    shuffle(turn, count, chance);
    shuffle(order, V, chance);
    for (int i = 0; i < count; i++) {
        const char *of = right + turn[i] * V;
        int sum[2] = {0};
        for (int v = 0; v < V; v++)
            sum[v >= few] += of[order[v]];
        seen[i] = (float)sum[0] / (float)few;
        fresh[i] = (float)sum[1] / (float)(V - few);
    }
}

/* Trials that differ in nothing but their seeds.  The best of the first n by a few
 * examples, and what it is worth on fresh ones: means over many deals. */
void curse_print(struct trial *trials, struct trial r, int count, int few,
                 const struct set *set)
{
    enum { DEALS = 2000 };
    float *seen = floats(count), *fresh = floats(count);
    double (*sum)[2] = memory(count, sizeof *sum);
    int *turn = ints(count), *order = ints(r.V), *k = ints((size_t)count * r.V);
    char *right = memory((size_t)count * r.V, 1);
    uint64_t chance = stream(r.seed, 6);
    for (int v = 0; v < r.V; v++)
        order[v] = v;
    for (int i = 0; i < count; i++) {
        turn[i] = i;
        trials[i] = r;
        trials[i].seed = r.seed + i;
        trials[i].k = k + i * r.V;
    }
    trials_run(trials, NULL, count, set, false);
    trials_right(right, trials, count, set);
    for (int d = 0; d < DEALS; d++) {
        deal(seen, fresh, turn, order, right, count, r.V, few, &chance);
        for (int n = 1; n <= count; n++) {
            int best = score_best(seen, n);
            sum[n-1][0] += seen[best];
            sum[n-1][1] += fresh[best];
        }
    }
    printf("# number\tall\tseen\tfresh\n");
    for (int n = 0; n < count; n++)
        printf("%d\t%.4f\t%.4f\t%.4f\n", n + 1, trials[n].score.accuracy,
               sum[n][0] / DEALS, sum[n][1] / DEALS);
    free(right);
    free(k);
    free(order);
    free(turn);
    free(sum);
    free(fresh);
    free(seen);
}

/* Two settings on the same folds: as asked for, and without lambda and dropout. */
void folds_print(struct trial *trials, struct trial r, int K, int seeds,
                 const struct set *set)
{
    int all = K * seeds, *learn = ints((size_t)K * r.N), *judge = ints((size_t)K * r.N);
    float *score[3] = {floats(all), floats(all), floats(all)};
    for (int i = 0; i < 2 * all; i++) {
        int fold = i % all / seeds;
        struct trial *t = trials + i;
        *t = r;
        t->learn = learn + fold * r.N;
        t->judge = judge + fold * r.N;
        t->V = fold_split(learn + fold * r.N, judge + fold * r.N, r.learn, r.N, K,
                          fold);
        t->N = r.N - t->V;
        t->seed = r.seed + i % seeds;
        t->x[LAMBDA] = i < all ? r.x[LAMBDA] : 0;
        t->x[KEEP] = i < all ? r.x[KEEP] : 1;
    }
    trials_run(trials, NULL, 2 * all, set, false);
    printf("# fold\tseed\twith\twithout\tdifference\n");
    for (int i = 0; i < all; i++) {
        score[0][i] = trials[i].score.accuracy;
        score[1][i] = trials[all + i].score.accuracy;
        score[2][i] = score[0][i] - score[1][i];
        printf("%d\t%d\t%.4f\t%.4f\t%.4f\n", i / seeds, trials[i].seed, score[0][i],
               score[1][i], score[2][i]);
    }
    struct estimate e[3];
    for (int i = 0; i < 3; i++) {
        e[i] = score_estimate(score[i], all);
        free(score[i]);
    }
    printf("mean\t0\t%.4f\t%.4f\t%.4f\n", e[0].mean, e[1].mean, e[2].mean);
    printf("error\t0\t%.4f\t%.4f\t%.4f\n", e[0].error, e[1].error, e[2].error);
    free(judge);
    free(learn);
}

/* ---- the program: what to do --------------------------------------------------- */

/* What each of them takes where an option is 0. */
struct plan {
    const char *show;
    int epochs, learn, held, trials, seeds;
    float keep, low, high;
};

struct plan plan_for(const char *show)
{
    static const struct plan plans[] = {
        {"search",  3, 60000, 2000, 16, 1, 1, 0, 0},
        {"test",   24, 60000, 0, 1, 1, 0.8f, 0, 0},
        {"compare", 5, 1000, 2000, 16, 1, 1, 1e-5f, 1},
        {"map",     6, 1000, 2000, 1, 2, 1, 0, 0},
        {"depth",   5, 8000, 2000, 1, 3, 1, 0, 0},
        {"range",   2, 8000, 0, 1, 1, 1, 1e-5f, 10},
        {"curse",   6, 1000, 2000, 64, 1, 1, 0, 0},
        {"folds",  15, 1000, 0, 5, 4, 0.8f, 0, 0},
    };
    int i = 0;
    while (strcmp(plans[i].show, show))
        i++;
    return plans[i];
}

bool is(const struct plan *plan, const char *show)
{
    return !strcmp(plan->show, show);
}

/* Runs what is planned, from a trial that has all but its examples. */
void plan_run(const struct plan *plan, struct trial r, int rounds, int few, bool timed,
              const struct set *set, const char *folder)
{
    int trials = plan->trials, seeds = plan->seeds, *order = ints(set->N);
    uint64_t chance = stream(r.seed, 3);
    struct trial *all = memory(100 * seeds + (54 + 2 * seeds) * (size_t)trials,
                               sizeof *all);
    for (int n = 0; n < set->N; n++)
        order[n] = n;
    shuffle(order, set->N, &chance);
    r.V = plan->held;
    r.N = plan->learn < set->N - r.V ? plan->learn : set->N - r.V;
    r.learn = order;
    r.judge = r.V ? order + set->N - r.V : NULL;
    if (is(plan, "search") || is(plan, "test")) {
        printf("# round\ttrial\tepochs\trate\tlambda\tkeep\thidden\twidth\tweights\t"
               "train_loss\tloss\taccuracy\n");
        all[0] = r;
        int best = is(plan, "test") ? 0 : search_print(all, r, trials, rounds, set);
        test_print(all[best], best, set, folder);
    } else if (is(plan, "compare")) {
        compare_print(all, r, plan->low, plan->high, trials, set);
    } else if (is(plan, "map")) {
        map_print(all, r, seeds, set);
    } else if (is(plan, "depth")) {
        depth_print(all, r, seeds, timed, set);
    } else if (is(plan, "range")) {
        range_print(r, plan->low, plan->high, set);
    } else if (is(plan, "curse")) {
        curse_print(all, r, trials, few, set);
    } else {
        folds_print(all, r, trials, seeds, set);
    }
    free(all);
    free(order);
}

enum rule rule_read(const char *rule)
{
    return !strcmp(rule, "sgd") ? SGD : !strcmp(rule, "momentum") ? MOMENTUM : ADAM;
}

int main(int argc, char **argv)
{
    const char *show = "search", *rule = "adam", *folder = "data/fashion-mnist";
    float rate = 0.002f, lambda = 0, keep = 0, low = 0, high = 0;
    int hidden = 1, width = 64, batch = 64, epochs = 0, examples = 0, held = 0;
    int trials = 0, rounds = 4, few = 200, seeds = 0, seed = 1, clock = 0;
    OPTIONS("searches for the numbers that are not learned; 0: what suits the show",
            CHOICE(show, "search|test|compare|map|depth|range|curse|folds",
                   "what to do; search and test read the test set, at the end"),
            OPTION(trials, 0, 100, "of search and curse; contests of compare; folds"),
            OPTION(rounds, 1, 10, "of search, each with half of the trials"),
            CHOICE(rule, "adam|sgd|momentum", "how to step"),
            OPTION(rate, 1e-6, 1000, "learning rate"),
            OPTION(lambda, 0, 10, "price of the squared weights"),
            OPTION(keep, 0, 1, "share of the neurons that dropout keeps"),
            OPTION(hidden, 0, 30, "hidden layers"),
            OPTION(width, 1, 4096, "neurons in each of them"),
            OPTION(low, 0, 1000, "lowest rate of range and compare"),
            OPTION(high, 0, 1000, "highest rate of range and compare"),
            OPTION(few, 1, 10000, "examples to choose by, of curse"),
            OPTION(batch, 1, 4096, "examples in a step"),
            OPTION(epochs, 0, 1000, "passes; of search, in the first round"),
            OPTION(examples, 0, 60000, "to learn from at most"),
            OPTION(held, 0, 20000, "training images that are held back, to judge by"),
            OPTION(seeds, 0, 100, "trainings of each kind; means are printed"),
            OPTION(seed, 0, 1000000, "of all that is left to chance"),
            OPTION(clock, 0, 1, "1: seconds of depth, one training at a time"),
            TEXT(folder, "where the images are"));
    struct plan plan = plan_for(show);
    struct set set = set_images(folder, "train", 60000);
    if (epochs)   plan.epochs = epochs;
    if (examples) plan.learn = examples;
    if (held)     plan.held = held;
    if (trials)   plan.trials = trials;
    if (seeds)    plan.seeds = seeds;
    if (keep > 0) plan.keep = keep;
    if (low > 0)  plan.low = low;
    if (high > 0) plan.high = high;
    if (plan.held >= set.N)
        die("held=%d: wanted fewer than the %d training images", plan.held, set.N);
    if (is(&plan, "curse") && few >= plan.held)
        die("few=%d: wanted fewer than held=%d", few, plan.held);
    if (is(&plan, "folds") && (plan.trials < 2 || plan.trials > plan.learn))
        die("trials=%d: wanted 2 to %d folds of the %d examples", plan.trials,
            plan.learn, plan.learn);
    struct trial r = {.x = {rate, lambda, plan.keep, (float)hidden, (float)width},
                      .rule = rule_read(rule), .batch = batch, .seed = seed,
                      .epochs = plan.epochs};
    plan_run(&plan, r, rounds, few, clock, &set, folder);
    set_free(&set);
}

#endif
#endif
