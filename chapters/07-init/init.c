/* 07-init: the weights before the first step, and what they do to a deep network. */
#ifndef INIT_C
#define INIT_C
#include <06-mlp/mlp.c>

/* ---- alike or not ---------------------------------------------------------- */

/* Exercise 7.1: returns how many different neurons a layer has.
 *
 * Two neurons are alike if all their weights are equal and their biases too.  Count
 * every neuron that is like none before it: 1 if all are alike, M if no two are.
 */
int neurons_distinct(const float *W,  // [M,D]
                     const float *b,  // [M]
                     int D, int M)
{
    // Every neuron is compared with those before it, and counts if it is like none.
    TODO("7.1");
}

/* ---- random weights -------------------------------------------------------- */

/* Exercise 7.2: n random numbers, each equally likely anywhere from -limit to limit.
 *
 *     w[i] = limit (2 u - 1)      u: the next uniform() of the stream
 *
 * w is overwritten, in the order i = 0 .. n-1, and the stream moves on by n draws.
 */
void fill_uniform(float *w,  // [n]  overwritten
                  int n, float limit, uint64_t *chance)
{
    // One draw a number.
    TODO("7.2");
}

/* Exercise 7.3: n random numbers from the normal distribution with mean 0.
 *
 *     w[i] = deviation g      g: the next normal() of the stream
 *
 * w is overwritten, in the order i = 0 .. n-1, and the stream moves on by n calls of
 * normal().
 */
void fill_normal(float *w,  // [n]  overwritten
                 int n, float deviation, uint64_t *chance)
{
    // One draw a number.
    TODO("7.3");
}

/* ---- how large ------------------------------------------------------------- */

/* These fill the weights of one layer, W [M,D], that has D inputs and M outputs, one
 * draw a weight in the order of memory. */

/* Exercise 7.4: uniform weights after Glorot and Bengio (2010), with the variance
 *
 *     2 / (D + M)
 *
 * W is overwritten.
 * Hint: fill_uniform() wants a limit.  What variance has a number from -limit to limit?
 */
void xavier_uniform(float *W,  // [M,D]  overwritten
                    int D, int M, uint64_t *chance)
{
    // The limit that has this variance.
    // All weights.
    TODO("7.4");
}

/* Exercise 7.5: normal weights with the variance of 7.4.
 *
 *     2 / (D + M)
 *
 * W is overwritten.
 */
void xavier_normal(float *W,  // [M,D]  overwritten
                   int D, int M, uint64_t *chance)
{
    // The deviation, and all weights.
    TODO("7.5");
}

/* Exercise 7.6: uniform weights after He and others (2015), with the variance
 *
 *     2 / D
 *
 * W is overwritten.
 */
void he_uniform(float *W,  // [M,D]  overwritten
                int D, int M, uint64_t *chance)
{
    // The limit that has this variance, and all weights.
    TODO("7.6");
}

/* Exercise 7.7: normal weights with the variance of 7.6.
 *
 *     2 / D
 *
 * W is overwritten.
 */
void he_normal(float *W,  // [M,D]  overwritten
               int D, int M, uint64_t *chance)
{
    // The deviation, and all weights.
    TODO("7.7");
}

/* ZEROS is all 0; SMALL normal with a deviation of 0.01, whatever the layer; XAVIER and
 * HE are those of 7.5 and 7.7. */
enum init { ZEROS, SMALL, XAVIER, HE };

/* Exercise 7.8: the weights of a whole network, of one kind; the biases are 0.
 *
 * W[l] and b[l] are overwritten for l = 1 .. layers, in this order.  ZEROS draws
 * nothing, the other kinds draw one normal() a weight and none for a bias.
 */
void network_init(struct mlp *net,  // W, b overwritten
                  enum init kind, uint64_t *chance)
{
    // Layer by layer: the weights of its kind, and no bias.
    TODO("7.8");
}

/* ---- looking into the layers ----------------------------------------------- */

struct spread { float mean, deviation; };

/* Exercise 7.9: returns the mean of n numbers, and their standard deviation.
 *
 *     mean        = 1/n  sum over i of x[i]
 *     deviation^2 = 1/n  sum over i of (x[i] - mean)^2
 *
 * Right also for numbers as small as 1e-30 or as large as 1e30.
 * Hint: the square of such a number does not fit into a float.
 */
struct spread statistics(const float *x,  // [n]
                         int n)
{
    // The mean, in double.
    // How far from it the numbers are, in a second pass and in double too.
    TODO("7.9");
}

/* Exercise 7.10: returns the fraction of dead neurons, 0 to 1: those whose output is
 * above 0 for none of the N examples.
 */
float dead_fraction(const float *h,  // [N,M]  outputs of a layer with relu
                    int N, int M)
{
    // A neuron lives if any example wakes it.
    TODO("7.10");
}

/* Exercise 7.11: returns the fraction of saturated outputs, 0 to 1: those that lie
 * within margin of an end of their range,
 *
 *     h[i] < low + margin  or  h[i] > high - margin
 *
 * For sigmoid low is 0 and high is 1, for tanh they are -1 and 1.
 */
float saturated_fraction(const float *h,  // [n]
                         float low, float high, float margin, int n)
{
    // Count them.
    TODO("7.11");
}

/* Exercise 7.12: returns how far one step of gradient descent moves the weights of a
 * layer, as a fraction of their size.
 *
 *     rate norm(dW) / norm(W)      norm(W)^2 = sum over i of W[i]^2
 *
 * The rate is above 0.  Where dW is all 0 the answer is 0, also if W is; where only W
 * is all 0 it is infinity.  Right also for numbers as small as 1e-30.
 */
float update_ratio(const float *W,   // [n]
                   const float *dW,  // [n]
                   float rate, int n)
{
    // The squares of both, added up in double.
    // Nothing moves: no division of 0 by 0.
    TODO("7.12");
}

/* Exercise 7.13*: scales the weights of one layer after the other until what it adds up
 * has deviation 1 on N given examples (Mishkin and Matas, 2016).
 *
 *     z    = h[l-1] W[l]'                   N rows, before the activation
 *     W[l] = W[l] / deviation of z          for l = 1 .. layers
 *
 * The deviation is that of all numbers of z together, about their mean.  All biases are
 * 0.  A layer whose z are all equal stays as it is.  In the end h is what mlp_forward()
 * gives with the new weights.
 */
void layers_scale(struct mlp *net,        // W changed
                  struct mlp_work *work,  // h[0] given, h[1] .. h[layers] overwritten
                  int N)
{
    // Layer by layer: what it adds up, its weights made to measure, and with them what
    // the next layer will see.
    TODO("7.13*");
}

/* ---- the program: how a network begins ------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

/* The ways to begin: the kinds of network_init(), scaled by 7.13, all numbers equal. */
enum { KINDS = HE + 1, SCALED = KINDS, EQUAL, RATES = 5 };

const char *start_name(int start)
{
    return (const char *[]){"zeros", "small", "xavier", "he", "scaled", "equal"}[start];
}

const char *activation_name(enum activation kind)
{
    return (const char *[]){"relu", "sigmoid", "tanh", "leaky"}[kind];
}

/* What to build and how to train it. */
struct plan {
    enum activation activation;
    int start, hidden, width, batch, steps, seed;
    float rate;
    const struct set *train;
};

/* A batch of random examples. */
void batch_draw(struct trainer *tr,
                int *t,  // [batch]  overwritten
                const struct set *train, uint64_t *chance)
{
    int *index = ints(tr->batch);
    for (int n = 0; n < tr->batch; n++)
        index[n] = below(chance, train->N);
    set_batch(tr->work.h[0], t, train, index, tr->batch);
    free(index);
}

/* A network with its first weights; t is used on the way. */
struct trainer plan_begin(const struct plan *p, int *t)
{
    int size[LAYERS + 1] = {p->train->D}, layers = p->hidden + 1;
    for (int l = 1; l < layers; l++)
        size[l] = p->width;
    size[layers] = p->train->K;
    struct trainer tr = trainer_new(size, layers, p->activation, p->batch);
    uint64_t weights = stream(p->seed, 1), examples = stream(p->seed, 2);
    network_init(&tr.net, p->start < KINDS ? (enum init)p->start : HE, &weights);
    if (p->start == SCALED) {
        batch_draw(&tr, t, p->train, &examples);
        layers_scale(&tr.net, &tr.work, p->batch);
    }
    for (int i = 0; p->start == EQUAL && i < mlp_size(size, layers); i++)
        tr.net.W[1][i] = 0.01f;
    return tr;
}

/* How much the outputs of a layer tell the examples apart: the deviation of a neuron
 * over the N examples, as root mean square over the M neurons. */
float layer_signal(const float *h,  // [N,M]
                   int N, int M)
{
    double squares = 0;
    float *one = floats(N);
    for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++)
            one[n] = h[n*M + m];
        float deviation = statistics(one, N).deviation;
        squares += (double)deviation * deviation;
    }
    free(one);
    return (float)sqrt(squares / M);
}

/* The fraction of a layer that gets next to no gradient: dead or saturated. */
float layer_idle(const float *h,  // [N,M]
                 enum activation kind, int N, int M)
{
    return kind == RELU ? dead_fraction(h, N, M)
           : saturated_fraction(h, kind == TANH ? -1 : 0, 1, 0.05f, N*M);
}

/* Prints what one batch finds in the layers of a network that has not learnt yet.  On a
 * terminal draws how much of the gradient in the last hidden layer arrives in layer 1,
 * in powers of ten: a full bar is 1, none is 1e-40. */
void layers_print(const struct plan *p)
{
    int N = p->batch, last = p->hidden, *t = ints(N);
    char name[32], text[32];
    struct trainer tr = plan_begin(p, t);
    uint64_t examples = stream(p->seed, 3);
    batch_draw(&tr, t, p->train, &examples);
    mlp_gradient(&tr.grad, &tr.work, &tr.net, t, N);
    float *gradient = floats(last + 1);
    for (int l = 1; l <= last; l++) {
        int D = tr.net.size[l-1], M = tr.net.size[l];
        const float *h = tr.work.h[l];
        gradient[l] = statistics(tr.work.dz[l], N*M).deviation;
        printf("%s\t%s\t%d\t%.4g\t%.4g\t%.4g\t%.3f\t%.4g\n",
               activation_name(p->activation), start_name(p->start), l,
               statistics(h, N*M).deviation, layer_signal(h, N, M), gradient[l],
               layer_idle(h, p->activation, N, M),
               update_ratio(tr.net.W[l], tr.grad.W[l], p->rate, M*D));
    }
    if (isatty(2)) {
        float share = gradient[last] > 0 ? gradient[1] / gradient[last] : 0;
        snprintf(name, sizeof name, "%-8s%-7s", activation_name(p->activation),
                 start_name(p->start));
        snprintf(text, sizeof text, "%.0e", share);
        fflush(stdout);
        bar_draw(stderr, name, share > 0 ? 1 + log10f(share) / 40 : 0, 40, text);
    }
    free(gradient);
    free(tr.block);
    free(t);
}

/* Trains, and keeps the loss of every step. */
void plan_train(float *loss,  // [steps]  overwritten
                const struct plan *p)
{
    int *t = ints(p->batch);
    struct trainer tr = plan_begin(p, t);
    uint64_t examples = stream(p->seed, 3);
    for (int step = 0; step < p->steps; step++) {
        batch_draw(&tr, t, p->train, &examples);
        loss[step] = mlp_train_step(&tr.net, &tr.grad, &tr.work, t, p->rate, p->batch);
    }
    free(tr.block);
    free(t);
}

/* The mean of so many losses from one step on. */
float loss_mean(const float *loss, int step, int count)
{
    return statistics(loss + step, count).mean;
}

/* Trains by all plans, as many at a time as there are threads. */
void plans_train(float *loss,  // [count,steps]  overwritten
                 const struct plan *plans, int count)
{
    struct progress bar = {.what = "training"};
    int done = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++) {
        plan_train(loss + (size_t)i * plans[i].steps, plans + i);
#pragma omp critical
        progress(&bar, ++done, count);
    }
}

/* The same plan at RATES learning rates, a factor of about 3 apart. */
void rates_add(struct plan *plans,  // [RATES]  overwritten
               struct plan p)
{
    for (int r = 0; r < RATES; r++) {
        p.rate = (float[]){0.003f, 0.01f, 0.03f, 0.1f, 0.3f}[r];
        plans[r] = p;
    }
}

/* Which of RATES trainings ends with the lowest loss, over its last sixth. */
int rates_best(const float *loss,  // [RATES,steps]
               int steps)
{
    int best = 0, last = (steps + 5) / 6;
    float least = INFINITY;
    for (int r = 0; r < RATES; r++) {
        float mean = loss_mean(loss + (size_t)r * steps, steps - last, last);
        if (mean < least) {
            least = mean;
            best = r;
        }
    }
    return best;
}

/* printf() writes nan or -nan, as the machine likes. */
void loss_print(float loss)
{
    if (isnan(loss))
        printf("nan\n");
    else
        printf("%.4f\n", loss);
}

/* The losses of all starts and activations, at all rates. */
void learn_print(struct plan p, int starts)
{
    enum { EVERY = 10 };
    int count = 0, steps = p.steps;
    struct plan *plans = memory(3 * starts * RATES, sizeof *plans);
    float *loss = floats((size_t)(3 * starts * RATES) * steps);
    for (p.activation = RELU; p.activation <= TANH; p.activation++)
        for (p.start = 0; p.start < starts; p.start++, count += RATES)
            rates_add(plans + count, p);
    plans_train(loss, plans, count);
    printf("# activation\tstart\trate\tbest\tsteps\tloss\n");
    for (int i = 0; i < count; i++) {
        int r = i % RATES, best = rates_best(loss + (size_t)(i - r) * steps, steps);
        for (int step = 0; step + EVERY <= steps; step += EVERY) {
            printf("%s\t%s\t%g\t%d\t%d\t", activation_name(plans[i].activation),
                   start_name(plans[i].start), plans[i].rate, r == best, step + EVERY);
            loss_print(loss_mean(loss + (size_t)i * steps + step, 0, EVERY));
        }
    }
    free(loss);
    free(plans);
}

/* The loss after training, at the best rate, for more and more hidden layers. */
void depth_print(struct plan p, int starts)
{
    enum { DEPTHS = 6 };
    const int depths[DEPTHS] = {1, 2, 3, 5, 10, 20};
    int each = starts - SMALL, count = 0, steps = p.steps, last = (steps + 5) / 6;
    struct plan *plans = memory(DEPTHS * each * RATES, sizeof *plans);
    float *loss = floats((size_t)(DEPTHS * each * RATES) * steps);
    // The deepest first, so that no thread is left alone with one at the end.
    for (int d = DEPTHS - 1; d >= 0; d--)
        for (p.start = SMALL; p.start < starts; p.start++, count += RATES) {
            p.hidden = depths[d];
            rates_add(plans + count, p);
        }
    plans_train(loss, plans, count);
    printf("# activation\tstart\thidden\trate\tloss\n");
    for (int d = 0; d < DEPTHS; d++)
        for (int e = 0; e < each; e++) {
            int i = ((DEPTHS - 1 - d) * each + e) * RATES;
            i += rates_best(loss + (size_t)i * steps, steps);
            printf("%s\t%s\t%d\t%g\t", activation_name(p.activation),
                   start_name(plans[i].start), plans[i].hidden, plans[i].rate);
            loss_print(loss_mean(loss + (size_t)i * steps, steps - last, last));
        }
    free(loss);
    free(plans);
}

/* How many different neurons the first layer has while it learns. */
void symmetry_print(const struct plan *p, const struct set *test)
{
    int *t = ints(p->batch), *k = ints(test->N);
    struct trainer tr = plan_begin(p, t);
    uint64_t examples = stream(p->seed, 3);
    for (int step = 0; ; step++) {
        bool power = false;
        for (int s = 1; s <= step; s *= 10)
            power = power || s == step;
        if (step == 0 || power || step == p->steps) {
            struct score s = trainer_predict(k, &tr, test, NULL, test->N);
            printf("%s\t%s\t%d\t%d\t%.4f\t%.4f\n", activation_name(p->activation),
                   start_name(p->start), step, neurons_distinct(tr.net.W[1],
                   tr.net.b[1], tr.net.size[0], tr.net.size[1]), s.loss, s.accuracy);
        }
        if (step == p->steps)
            break;
        batch_draw(&tr, t, p->train, &examples);
        mlp_train_step(&tr.net, &tr.grad, &tr.work, t, p->rate, p->batch);
    }
    free(tr.block);
    free(k);
    free(t);
}

int main(int argc, char **argv)
{
    const char *show = "layers", *activation = "relu", *folder = "data/fashion-mnist";
    int hidden = 20, width = 100, batch = 64, steps = 300, stars = 0, seed = 1;
    float rate = 0.01f;
    OPTIONS("what the first weights do to a deep network",
            CHOICE(show, "layers|learn|depth|symmetry", "what to look at"),
            CHOICE(activation, "relu|sigmoid|tanh", "with show=depth"),
            OPTION(hidden, 1, LAYERS - 1, "hidden layers; not with show=depth"),
            OPTION(width, 1, 4096, "neurons in each of them"),
            OPTION(batch, 1, 4096, "examples in a step"),
            OPTION(steps, 1, 100000, "of training; not with show=layers"),
            OPTION(rate, 1e-6, 100, "learning rate; learn and depth try their own"),
            OPTION(stars, 0, 1, "1: the starred exercise too"),
            OPTION(seed, 0, 1000000, "of weights and examples"),
            TEXT(folder, "where the images are"));
    struct set train = set_images(folder, "train", INT_MAX);
    int starts = KINDS + stars;
    struct plan p = {.hidden = hidden, .width = width, .batch = batch, .steps = steps,
                     .seed = seed, .rate = rate, .train = &train};
    if (!strcmp(show, "layers")) {
        printf("# activation\tstart\tlayer\tdeviation\tsignal\tgradient\tidle\t"
               "ratio\n");
        for (p.activation = RELU; p.activation <= TANH; p.activation++)
            for (p.start = 0; p.start < starts; p.start++)
                layers_print(&p);
    }
    if (!strcmp(show, "learn"))
        learn_print(p, starts);
    if (!strcmp(show, "depth")) {
        p.activation = !strcmp(activation, "relu") ? RELU
                       : !strcmp(activation, "sigmoid") ? SIGMOID : TANH;
        depth_print(p, starts);
    }
    if (!strcmp(show, "symmetry")) {
        struct set test = set_images(folder, "t10k", INT_MAX);
        if (train.D != test.D)
            die("%s: training images of %d pixels, test images of %d", folder, train.D,
                test.D);
        printf("# activation\tstart\tstep\tdistinct\ttest_loss\ttest_accuracy\n");
        for (p.activation = RELU; p.activation <= TANH; p.activation++)
            for (int i = 0; i < 3; i++) {
                p.start = (int[]){ZEROS, EQUAL, SMALL}[i];
                symmetry_print(&p, &test);
            }
        set_free(&test);
    }
    set_free(&train);
}

#endif
#endif
