/* 09-regularization: to learn the rule and not the examples: small weights, dropout,
 * noise, and stopping in time.
 */
#ifndef REGULARIZATION_C
#define REGULARIZATION_C
#include <08-optimizers/optimizers.c>

/* ---- small weights ------------------------------------------------------- */

/* Exercise 9.1: returns what n weights cost.
 *
 *     lambda / 2  sum over i of w[i]^2
 *
 * Hint: a long sum loses digits in float; chapter 1 says what helps.
 */
float l2_forward(const float *w,  // [n]
                 float lambda, int n)
{
    // The sum of the squares, in double, then the factor.
    TODO("9.1");
}

/* Exercise 9.2: the gradient of 9.1 in the weights.
 *
 *     dw[i] += lambda w[i]
 *
 * dw is added to: the gradient of the loss may be in it already.
 */
void l2_backward(float *dw,       // [n]  added to
                 const float *w,  // [n]
                 float lambda, int n)
{
    // Each weight pulls itself towards 0.
    TODO("9.2");
}

/* ---- noise --------------------------------------------------------------- */

/* Exercise 9.3: inverted dropout: each number is kept with probability keep, and then
 * made larger, so that the mean stays what it was.
 *
 *     mask[i] = 1 / keep  with probability keep,  and 0 otherwise
 *     y[i]    = mask[i] x[i]
 *
 * One uniform() a number, in order: the number is kept where that is below keep.  y and
 * mask are overwritten; y may be x itself.
 */
void dropout_forward(float *y,        // [n]  overwritten
                     float *mask,     // [n]  overwritten: 0 or 1 / keep
                     const float *x,  // [n]
                     float keep,      // above 0, at most 1
                     int n, uint64_t *chance)
{
    // Toss for every number, and remember what came.
    TODO("9.3");
}

/* Exercise 9.4: dropout backward.
 *
 *     dx[i] += mask[i] dy[i]
 *
 * dx is added to.
 */
void dropout_backward(float *dx,          // [n]  added to
                      const float *dy,    // [n]
                      const float *mask,  // [n]  of dropout_forward
                      int n)
{
    // The same numbers are left out, the same factor stands at the others.
    TODO("9.4");
}

/* Exercise 9.5: noise on the inputs.
 *
 *     y[i] = x[i] + deviation e[i]     with e[i] = normal(), one a number, in order
 *
 * y is overwritten; it may be x itself.
 */
void noise_add(float *y,         // [n]  overwritten
               const float *x,   // [n]
               float deviation, int n, uint64_t *chance)
{
    // Another example, close to the one that is there.
    TODO("9.5");
}

/* ---- in time ------------------------------------------------------------- */

/* Watches the loss on examples that are not trained on. */
struct stopper {
    int patience;  // epochs in a row without a new best after which to stop
    float least;   // a new best is better than the old by more than this
    float best;    // INFINITY before the first epoch
    int since;     // epochs since the best, 0 at the best itself and before the first
};

/* Exercise 9.6: early stopping: notes the validation loss of one more epoch; returns
 * whether it is time to stop.
 *
 *     a new best, loss < best - least:   best = loss, since = 0
 *     otherwise:                         since grows by 1
 *     stop when                          since >= patience
 *
 * A loss that is not a number is no new best.
 */
bool stopper_step(struct stopper *stopper,  // best and since change
                  float loss)
{
    // Better by enough, or one more epoch of waiting.
    TODO("9.6");
}

/* ---- a network with dropout ---------------------------------------------- */

/* What dropout needs in every hidden layer l: the activations before it, the gradient
 * in them, and the masks.  mlp_work has the rest: its h[l] and dh[l] are those after
 * dropout. */
struct dropout {
    float keep;
    float *a[LAYERS + 1], *da[LAYERS + 1], *mask[LAYERS + 1];  // [N,size[l]]
};

/* How many floats that is for N examples. */
size_t dropout_size(const int *size, int layers, int N)
{
    size_t n = 0;
    for (int l = 1; l < layers; l++)
        n += 3 * (size_t)N * size[l];
    return n;
}

/* A block of so many floats seen as that; it serves fewer examples as well. */
struct dropout dropout_at(float *block, const int *size, int layers, int N, float keep)
{
    struct dropout drop = {.keep = keep};
    for (int l = 1; l < layers; l++) {
        size_t n = (size_t)N * size[l];
        drop.a[l] = block;
        drop.da[l] = block + n;
        drop.mask[l] = block + 2*n;
        block += 3*n;
    }
    return drop;
}

/* Exercise 9.7: the network forward, with dropout behind every hidden activation.
 *
 *     a[l] = activation(h[l-1] W[l]' + b[l])    for l = 1 .. layers-1
 *     h[l] = dropout(a[l])
 *
 * and the last layer as in exercise 6.15: linear alone.  h[0] holds the inputs; a, mask
 * and the other h are overwritten.
 */
void dropout_mlp_forward(struct mlp_work *work,  // h[0] given, h[1] .. h[layers]
                         struct dropout *drop,   // a, mask overwritten
                         const struct mlp *net, int N, uint64_t *chance)
{
    // Layer by layer: the linear part; then, but on the last, activation and dropout.
    TODO("9.7");
}

/* Exercise 9.8: the network of 9.7 backward, from the gradient in the logits.
 *
 *     dz[l]     through the linear part    to dh[l-1], dW[l], db[l]
 *     dh[l-1]   through dropout            to da[l-1]
 *     da[l-1]   through the activation     to dz[l-1]
 *
 * for l = layers .. 1.  All are added to; the other dz, and dh and da, are 0 before.
 */
void dropout_mlp_backward(struct mlp *grad,       // W, b added to
                          struct mlp_work *work,  // h, dz[layers] given
                          struct dropout *drop,   // a, mask given, da added to
                          const struct mlp *net, int N)
{
    // From the last layer to the first: the linear part, then dropout and activation.
    TODO("9.8");
}

/* ---- targets that are less sure ------------------------------------------ */

/* Exercise 9.9*: softmax and mean cross-entropy with smoothed labels.
 *
 *     q[n,k]  = smoothing / K  +  1 - smoothing where k = t[n]
 *     p[n,k]  = exp(z[n,k]) / sum over j of exp(z[n,j])
 *     returns - 1/N  sum over n and k of  q[n,k] log p[n,k]
 *
 * p is overwritten.  The loss is finite for finite logits, also where p is 0.
 */
float smooth_entropy_forward(float *p,        // [N,K]  overwritten
                             const float *z,  // [N,K]
                             const int *t,    // [N]  the true class, 0 to K-1
                             float smoothing, int N, int K)
{
    // The true class's share: exercise 6.11.
    // The share of all classes alike: the mean of -log p, from the logits.
    TODO("9.9*");
}

/* Exercise 9.10*: the gradient of 9.9 in the logits.
 *
 *     dz[n,k] += (p[n,k] - q[n,k]) / N
 *
 * dz is added to.
 */
void smooth_entropy_backward(float *dz,       // [N,K]  added to
                             const float *p,  // [N,K]  of smooth_entropy_forward
                             const int *t,    // [N]  the true class, 0 to K-1
                             float smoothing, int N, int K)
{
    // What is given, less what is wanted.
    TODO("9.10*");
}

/* ---- all of it in one gradient ------------------------------------------- */

/* The gradient of the mean loss of the N examples in h[0], plus lambda / 2 times the
 * sum of all squared weights (biases are free); returns both together. */
float regularized_gradient(struct mlp *grad,       // overwritten
                           struct mlp_work *work,  // h[0] given, the rest overwritten
                           struct dropout *drop,   // overwritten
                           const struct mlp *net, const int *t, float lambda, int N,
                           uint64_t *chance)
{
    int last = net->layers, K = net->size[last];
    mlp_clear(grad, work, N);
    for (int l = 1; l < last; l++)
        memset(drop->da[l], 0, (size_t)N * net->size[l] * sizeof(float));
    dropout_mlp_forward(work, drop, net, N, chance);
    float loss = cross_entropy_forward(work->p, work->h[last], t, N, K);
    cross_entropy_backward(work->dz[last], work->p, t, N, K);
    dropout_mlp_backward(grad, work, drop, net, N);
    for (int l = 1; l <= last; l++) {
        int n = net->size[l] * net->size[l-1];
        loss += l2_forward(net->W[l], lambda, n);
        l2_backward(grad->W[l], net->W[l], lambda, n);
    }
    return loss;
}

/* ---- the program: one training ------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

struct sets { struct set train, test; };
enum { TRAIN, VALID, TEST };

/* One training of a network with two hidden layers, on some of the training set; as
 * many others of it are held back for validation. */
struct trial {
    const char *with;        // what is done against overfitting,
    float strength;          // and how much: one of the next four, or 1 - keep
    float lambda, keep, noise, smoothing, rate;
    int batch, epochs, hidden, examples, seed;
    bool last;               // look after the last epoch only
    struct score *score[3];  // [epochs + 1]  on training, validation and test examples
};

/* What it works with. */
struct training {
    struct trainer tr;
    struct dropout drop;
    struct optimizer o;
    struct minibatches b;
    uint64_t chance;          // of masks and noise
    int *order, *t, *picked;  // [train.N] [batch] [batch]
};

/* order begins with the examples to train on, and those held back follow. */
struct training training_new(const struct trial *r, const struct set *train)
{
    const int size[] = {train->D, r->hidden, r->hidden, train->K}, layers = 3;
    float *block = floats(dropout_size(size, layers, r->batch));
    int *order = ints(train->N + 2 * r->batch);
    struct training now = {
        .tr = trainer_new(size, layers, RELU, r->batch > 100 ? r->batch : 100),
        .drop = dropout_at(block, size, layers, r->batch, r->keep),
        .o = optimizer_new(MOMENTUM, r->rate, mlp_size(size, layers)),
        .b = minibatches_new(r->examples, r->batch, stream(r->seed, 2)),
        .chance = stream(r->seed, 3), .order = order, .t = order + train->N,
        .picked = order + train->N + r->batch,
    };
    uint64_t weights = stream(r->seed, 1), draw = stream(r->seed, 4);
    mlp_init(&now.tr.net, &weights);
    for (int n = 0; n < train->N; n++)
        order[n] = n;
    shuffle(order, train->N, &draw);
    return now;
}

void training_free(struct training *now)
{
    free(now->order);
    free(now->b.order);
    free(now->o.m);
    free(now->tr.block);
    free(now->drop.a[1]);
}

/* The gradient of the loss with smoothed labels. */
void smooth_gradient(struct mlp *grad, struct mlp_work *work, const struct mlp *net,
                     const int *t, float smoothing, int N)
{
    int last = net->layers, K = net->size[last];
    mlp_clear(grad, work, N);
    mlp_forward(work, net, N);
    smooth_entropy_forward(work->p, work->h[last], t, smoothing, N, K);
    smooth_entropy_backward(work->dz[last], work->p, t, smoothing, N, K);
    mlp_backward(grad, work, net, N);
}

/* One step on the next batch. */
void training_step(struct training *now, const struct trial *r, const struct set *train)
{
    struct trainer *tr = &now->tr;
    float *x = tr->work.h[0];
    int N = batch_next(now->picked, &now->b);
    for (int n = 0; n < N; n++)
        now->picked[n] = now->order[now->picked[n]];
    set_batch(x, now->t, train, now->picked, N);
    if (r->noise > 0)
        noise_add(x, x, r->noise, N * train->D, &now->chance);
    if (r->smoothing > 0)
        smooth_gradient(&tr->grad, &tr->work, &tr->net, now->t, r->smoothing, N);
    else
        regularized_gradient(&tr->grad, &tr->work, &now->drop, &tr->net, now->t,
                             r->lambda, N, &now->chance);
    optimizer_step(&now->o, tr->net.W[1], tr->grad.W[1]);
}

/* Trains; training_free() what comes back.  The scores are those of the whole network:
 * nothing is dropped there, and nothing is noisy. */
struct training trial_run(struct trial *r, const struct sets *sets)
{
    const struct set *train = &sets->train, *test = &sets->test;
    struct training now = training_new(r, train);
    int steps = (r->examples + r->batch - 1) / r->batch, *k = ints(train->N + test->N);
    for (int e = 0; e <= r->epochs; e++) {
        for (int i = 0; i < steps && e > 0; i++)
            training_step(&now, r, train);
        for (int i = TRAIN; i < TEST && (e == r->epochs || !r->last); i++)
            r->score[i][e] = trainer_predict(
                k, &now.tr, train, now.order + i * r->examples, r->examples);
        if (e == r->epochs || !r->last)
            r->score[TEST][e] = trainer_predict(k, &now.tr, test, NULL, test->N);
    }
    free(k);
    return now;
}

/* ---- the program: many trainings ----------------------------------------- */

struct trials { struct trial *trial; int count, seeds; };

/* The same trial with one seed after the other. */
void trials_add(struct trials *all, struct trial r)
{
    for (int i = 0; i < all->seeds; i++, r.seed++) {
        struct score *score = memory(3 * (r.epochs + 1), sizeof *score);
        for (int j = TRAIN; j <= TEST; j++)
            r.score[j] = score + j * (r.epochs + 1);
        all->trial[all->count++] = r;
    }
}

/* Runs all of them.  Each has its own weights and random streams, so that it does not
 * matter who runs it. */
void trials_run(struct trials *all, const struct sets *sets)
{
    struct progress bar = {.what = "training"};
    int done = 0;
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < all->count; i++) {
        struct training now = trial_run(all->trial + i, sets);
        training_free(&now);
        #pragma omp critical
        progress(&bar, ++done, all->count);
    }
}

/* The trial with so much of one way against overfitting. */
struct trial trial_with(struct trial r, const char *way, float strength)
{
    r.with = way;
    r.strength = strength;
    r.lambda = !strcmp(way, "l2") ? strength : 0;
    r.keep = !strcmp(way, "dropout") ? 1 - strength : 1;
    r.noise = !strcmp(way, "noise") ? strength : 0;
    r.smoothing = !strcmp(way, "smoothing") ? strength : 0;
    return r;
}

/* Nothing, and then each way from weak to strong. */
void trials_strength(struct trials *all, struct trial r, bool stars)
{
    const char *const ways[] = {"l2", "dropout", "noise", "smoothing"};
    const float strength[][6] = {
        {0.0003f, 0.001f, 0.003f, 0.01f, 0.03f, 0.1f},
        {0.1f, 0.2f, 0.3f, 0.5f, 0.6f, 0.8f},
        {0.03f, 0.1f, 0.2f, 0.3f, 0.5f, 1},
        {0.02f, 0.05f, 0.1f, 0.2f, 0.4f, 0.6f}};
    trials_add(all, trial_with(r, "none", 0));
    for (int i = 0; i < 6 * (3 + stars); i++)
        trials_add(all, trial_with(r, ways[i / 6], strength[i / 6][i % 6]));
}

/* More and more examples, up to half of all, and always about as many steps. */
void trials_sizes(struct trials *all, struct trial r, int N)
{
    const int sizes[] = {100, 200, 500, 1000, 2000, 5000};
    for (int i = 0, seen = r.epochs * r.examples; i < 6 && sizes[i] <= N / 2; i++) {
        r.examples = sizes[i];
        r.epochs = seen > sizes[i] ? seen / sizes[i] : 1;
        trials_add(all, r);
    }
}

/* The mean over seeds of what was seen after an epoch. */
struct score score_mean(const struct trial *r, int seeds, int part, int epoch)
{
    double loss = 0, accuracy = 0;
    for (int i = 0; i < seeds; i++) {
        loss += r[i].score[part][epoch].loss;
        accuracy += r[i].score[part][epoch].accuracy;
    }
    return (struct score){(float)(loss / seeds), (float)(accuracy / seeds)};
}

/* A line for all trials that differ in their seed alone: means after the last epoch,
 * and the lowest and the highest test accuracy. */
void trials_print(const struct trials *all)
{
    printf("# with\tstrength\texamples\ttrain_loss\ttrain_accuracy\ttest_loss\t"
           "test_accuracy\tlow\thigh\n");
    for (int first = 0; first < all->count; first += all->seeds) {
        const struct trial *r = all->trial + first;
        struct score train = score_mean(r, all->seeds, TRAIN, r->epochs);
        struct score test = score_mean(r, all->seeds, TEST, r->epochs);
        float low = 1, high = 0;
        for (int i = 0; i < all->seeds; i++) {
            low = fminf(low, r[i].score[TEST][r->epochs].accuracy);
            high = fmaxf(high, r[i].score[TEST][r->epochs].accuracy);
        }
        printf("%s\t%g\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", r->with, r->strength,
               r->examples, train.loss, train.accuracy, test.loss, test.accuracy, low,
               high);
        char name[64], percent[32];
        snprintf(name, sizeof name, "%-9s %-6g %4d examples", r->with, r->strength,
                 r->examples);
        snprintf(percent, sizeof percent, "%.1f %% right", 100 * test.accuracy);
        if (isatty(2))
            bar_draw(stderr, name, test.accuracy, 20, percent);
    }
}

/* ---- the program: what to print ------------------------------------------ */

/* Means after each epoch. */
void curve_print(const struct trials *all)
{
    printf("# epoch\ttrain_loss\tvalid_loss\ttest_loss\ttrain_accuracy\t"
           "test_accuracy\n");
    for (int e = 0; e <= all->trial->epochs; e++) {
        struct score s[3];
        for (int i = TRAIN; i <= TEST; i++)
            s[i] = score_mean(all->trial, all->count, i, e);
        printf("%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", e, s[TRAIN].loss, s[VALID].loss,
               s[TEST].loss, s[TRAIN].accuracy, s[TEST].accuracy);
    }
}

/* Early stopping with more and more patience: when a training ends, which epoch's
 * weights are kept, and what these are worth; at last, those of the last epoch. */
void stopping_print(const struct trials *all)
{
    const int patience[] = {1, 2, 3, 5, 10, 20, 50, INT_MAX};
    printf("# patience\tepochs\tkept\tvalid_loss\ttest_loss\ttest_accuracy\n");
    for (int p = 0; p < 8; p++) {
        double sum[5] = {0};
        for (int i = 0; i < all->count; i++) {
            const struct trial *r = all->trial + i;
            struct stopper s = {.patience = patience[p], .best = INFINITY};
            int e = 0;
            while (!stopper_step(&s, r->score[VALID][e].loss) && e < r->epochs)
                e++;
            int kept = p < 7 ? e - s.since : e;
            struct score test = r->score[TEST][kept];
            sum[0] += e;
            sum[1] += kept;
            sum[2] += r->score[VALID][kept].loss;
            sum[3] += test.loss;
            sum[4] += test.accuracy;
        }
        printf("%d", p < 7 ? patience[p] : -1);
        for (int j = 0; j < 5; j++)
            printf(j < 2 ? "\t%.1f" : "\t%.4f", sum[j] / all->count);
        printf("\n");
    }
}

/* The probability of class 1 on a grid over the plane, then the training points. */
void boundary_print(struct trial *r, const struct sets *sets)
{
    enum { SIDE = 61 };
    struct training now = trial_run(r, sets);
    struct mlp_work *work = &now.tr.work;
    float *h = work->h[0];
    printf("# x0\tx1\tprobability\n");
    for (int i = 0; i < SIDE * SIDE; i++) {
        h[0] = 0.05f * (float)(i % SIDE - SIDE/2);
        h[1] = 0.05f * (float)(i / SIDE - SIDE/2);
        mlp_forward(work, &now.tr.net, 1);
        softmax_rows(work->p, work->h[3], 1, 2);
        printf("%.2f\t%.2f\t%.3f\n%s", h[0], h[1], work->p[1],
               (i + 1) % SIDE ? "" : "\n");
    }
    printf("\n# x0\tx1\tclass\n");
    for (int n = 0; n < r->examples; n++) {
        int i = now.order[n];
        printf("%.3f\t%.3f\t%d\n", sets->train.x[2*i], sets->train.x[2*i + 1],
               sets->train.t[i]);
    }
    training_free(&now);
}

/* Moons whose points have been moved about. */
struct set moons_new(float blur, uint64_t chance)
{
    struct set set = set_points(true, 1000, chance);
    uint64_t noise = stream(chance, 1);
    noise_add(set.x, set.x, blur, 2 * set.N, &noise);
    return set;
}

/* Examples to train on and to test with: images, or moons whose points are blurred. */
struct sets sets_new(const char *folder, bool moons, float blur, bool lie, int examples,
                     int seed)
{
    struct sets sets = {
        moons ? set_points(true, 1000, stream(seed, 5))
              : set_images(folder, "train", 60000),
        moons ? set_points(true, 1000, stream(seed, 6))
              : set_images(folder, "t10k", 60000),
    };
    struct set *train = &sets.train, *test = &sets.test;
    uint64_t chance = stream(seed, 7);
    if (train->D != test->D)
        die("%s: training images of %d pixels, test images of %d", folder, train->D,
            test->D);
    if (2 * examples > train->N)
        die("examples=%d: wanted at most %d, half of what there is", examples,
            train->N / 2);
    if (moons) {
        noise_add(train->x, train->x, blur, 2 * train->N, &chance);
        noise_add(test->x, test->x, blur, 2 * test->N, &chance);
    }
    for (int n = 0; n < train->N && lie; n++)
        train->images.labels[n] = (uint8_t)below(&chance, train->K);
    return sets;
}

int main(int argc, char **argv)
{
    const char *show = "strength", *data = "fashion", *with = "none", *labels = "true";
    const char *folder = "data/fashion-mnist";
    float strength = 0, rate = 0.02f, blur = 0.25f;
    int batch = 50, epochs = 60, hidden = 128, examples = 500, seeds = 4, seed = 1;
    int stars = 0;
    OPTIONS("trains on few examples, with something against overfitting",
            CHOICE(show, "strength|sizes|curve|stopping|boundary", "what to print"),
            CHOICE(data, "fashion|moons", "what to learn"),
            CHOICE(with, "none|l2|dropout|noise|smoothing", "show=strength tries all"),
            OPTION(strength, 0, 100, "of that: lambda, fraction, deviation, fraction"),
            CHOICE(labels, "true|random", "classes of the images to train on"),
            OPTION(rate, 1e-6, 100, "learning rate, with momentum 0.9"),
            OPTION(batch, 1, 30000, "examples in a step"),
            OPTION(epochs, 1, 10000, "passes through the examples"),
            OPTION(hidden, 1, 4096, "neurons in each of two hidden layers"),
            OPTION(examples, 1, 30000, "to train on, and as many for validation"),
            OPTION(blur, 0, 10, "deviation of noise in the points of the moons"),
            OPTION(seeds, 1, 100, "trainings of each kind; means are printed"),
            OPTION(seed, 0, 1000000, "of the first: examples, weights, order, noise"),
            OPTION(stars, 0, 1, "1: show=strength with the starred exercises too"),
            TEXT(folder, "where the images are"));
    bool moons = !strcmp(data, "moons"), boundary = !strcmp(show, "boundary");
    bool strengths = !strcmp(show, "strength"), sizes = !strcmp(show, "sizes");
    bool lie = !strcmp(labels, "random");
    if ((boundary && !moons) || (lie && moons))
        die("data=%s: wanted %s", data, lie ? "data=fashion with labels=random" :
            "data=moons with show=boundary");
    if (strength >= 1 && (!strcmp(with, "dropout") || !strcmp(with, "smoothing")))
        die("strength=%g: wanted less than 1 for with=%s", strength, with);
    struct sets sets = sets_new(folder, moons, blur, lie, examples, seed);
    struct trials all = {memory(25 * seeds, sizeof *all.trial), 0, seeds};
    struct trial r = {.rate = rate, .batch = batch, .epochs = epochs, .hidden = hidden,
                      .examples = examples, .seed = seed,
                      .last = strengths || sizes || boundary};
    r = trial_with(r, with, strength);
    if (strengths)
        trials_strength(&all, r, stars);
    else if (sizes)
        trials_sizes(&all, r, sets.train.N);
    else
        trials_add(&all, r);
    if (boundary) {
        boundary_print(all.trial, &sets);
    } else {
        trials_run(&all, &sets);
        (strengths || sizes ? trials_print :
         !strcmp(show, "curve") ? curve_print : stopping_print)(&all);
    }

    for (int i = 0; i < all.count; i++)
        free(all.trial[i].score[0]);
    free(all.trial);
    set_free(&sets.test);
    set_free(&sets.train);
}

#endif
#endif
