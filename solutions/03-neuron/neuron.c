/* 03-neuron: one neuron that learns to tell two classes apart.
 *
 * Where a product is added to a sum we write s = fmaf(a, b, s) and not s += a * b.  The
 * first is rounded once everywhere; of the second each compiler makes what it likes.
 */
#ifndef NEURON_C
#define NEURON_C
#include <00-kit/kit.h>

/* ---- forward --------------------------------------------------------------- */

/* Exercise 3.1: returns the sigmoid of z, the probability that the neuron gives.
 *
 *     sigmoid(z) = 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z))
 *
 * Right for every float, and nothing on the way may overflow to infinity.
 * Hint: the exponential of a number that is not positive is never large.
 */
float sigmoid(float z)
{
    // One exponential that cannot overflow, for both signs of z.
    float e = exp32(-fabsf(z));
    // The form of the two in which only this exponential stands.
    return (z >= 0 ? 1 : e) / (1 + e);
}

/* Exercise 3.2: the neuron forward: one logit for every example.
 *
 *     z[n] = b + sum over d of x[n,d] w[d]
 *
 * z is overwritten.
 */
void neuron_forward(float *z,        // [N]  overwritten
                    const float *x,  // [N,D]
                    const float *w,  // [D]
                    float b, int N, int D)
{
    // Every example: begin with the bias, add one product after the other.
    for (int n = 0; n < N; n++) {
        float sum = b;
        for (int d = 0; d < D; d++)
            sum = fmaf(x[n*D + d], w[d], sum);
        z[n] = sum;
    }
}

/* ---- the loss -------------------------------------------------------------- */

/* Exercise 3.3: returns the mean binary cross-entropy, computed from logits.
 *
 *     1/N  sum over n of  log(1 + exp(z[n])) - z[n] t[n]
 *
 * The same as -log(p) where t[n] is 1 and -log(1 - p) where it is 0, for the
 * probability p = sigmoid(z[n]).  Finite for every finite z.
 * Hint: log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)).
 */
float bce_forward(const float *z,  // [N]
                  const float *t,  // [N]  0 or 1
                  int N)
{
    // Add up what every example costs; in double, as a long sum loses digits.
    double sum = 0;
    for (int n = 0; n < N; n++) {
        // Beyond |z| = 17 the 1 swallows the exponential: an error below 1e-7.
        float rest = log32(1 + exp32(-fabsf(z[n])));
        sum += (z[n] > 0 ? z[n] : 0) - z[n] * t[n] + rest;
    }
    // Their mean.
    return (float)(sum / N);
}

/* Exercise 3.4: the gradient of 3.3 in the logits.
 *
 *     dz[n] += (sigmoid(z[n]) - t[n]) / N
 *
 * dz is added to.
 */
void bce_backward(float *dz,       // [N]  added to
                  const float *z,  // [N]
                  const float *t,  // [N]  0 or 1
                  int N)
{
    // What is given, less what is wanted.
    for (int n = 0; n < N; n++)
        dz[n] += (sigmoid(z[n]) - t[n]) / (float)N;
}

/* ---- learning -------------------------------------------------------------- */

/* Exercise 3.5: the neuron backward: from the gradient in the logits to that in the
 * weights and the bias.
 *
 *     dw[d] += sum over n of dz[n] x[n,d]
 *     db[0] += sum over n of dz[n]
 *
 * dw and db are added to.
 */
void neuron_backward(float *dw,        // [D]  added to
                     float *db,        // [1]  added to
                     const float *dz,  // [N]
                     const float *x,   // [N,D]
                     int N, int D)
{
    // Every example adds its share: its inputs, times its dz.
    for (int n = 0; n < N; n++) {
        for (int d = 0; d < D; d++)
            dw[d] = fmaf(dz[n], x[n*D + d], dw[d]);
        db[0] += dz[n];
    }
}

/* Exercise 3.6: one step of gradient descent.
 *
 *     w[i] = w[i] - rate dw[i]
 *
 * w is changed in place, dw stays as it is.
 */
void sgd_step(float *w,         // [n]  changed
              const float *dw,  // [n]
              float rate, int n)
{
    // Against the gradient, every weight.
    for (int i = 0; i < n; i++)
        w[i] = fmaf(-rate, dw[i], w[i]);
}

/* Exercise 3.7: returns the fraction of examples that get their own class, 0 to 1.
 *
 * The neuron says class 1 where z[n] > 0, and class 0 elsewhere, so also at z[n] = 0.
 */
float accuracy(const float *z,  // [N]
               const float *t,  // [N]  0 or 1
               int N)
{
    // Count the right ones.
    int right = 0;
    for (int n = 0; n < N; n++)
        right += (z[n] > 0) == (t[n] > 0.5f);
    return (float)right / (float)N;
}

/* ---- the program: pullovers and coats -------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/idx.h"

/* The examples of two classes. */
struct pair {
    int N, D, X;  // D pixels in rows of X
    float *x;     // [N,D]  pixels from 0 to 1
    float *t;     // [N]  0 for the one class, 1 for the other
};

struct pair pair_load(const char *folder, const char *which, int negative, int positive)
{
    struct images all = images_load(folder, which);
    struct pair p = {.D = all.Y * all.X, .X = all.X};
    p.x = floats((size_t)all.N * p.D);
    p.t = floats(all.N);
    for (int i = 0; i < all.N; i++)
        if (all.labels[i] == negative || all.labels[i] == positive) {
            images_row(p.x + (size_t)p.N * p.D, &all, i);
            p.t[p.N++] = all.labels[i] == positive;
        }
    images_free(&all);
    if (!p.N)
        die("%s: no %s image of class %d or %d", folder, which, negative, positive);
    return p;
}

/* Reads positive numbers separated by commas; returns how many. */
int rates_read(float *rates, int most, const char *text)
{
    int count = 0;
    for (const char *at = text; ; ) {
        char *end;
        float rate = strtof(at, &end);
        bool good = end > at && (!*end || *end == ',') && rate > 0 && rate <= 1000;
        if (!good || count == most)
            die("rates=%s: wanted 1 to %d numbers above 0 and up to 1000, separated by "
                "commas", text, most);
        rates[count++] = rate;
        if (!*end)
            return count;
        at = end + 1;
    }
}

void curve_print(float rate, int step, const float *z, const struct pair *train,
                 const float *z_test, const struct pair *test)
{
    printf("%g\t%d\t%.4f\t%.4f\t%.4f\n", rate, step, bce_forward(z, train->t, train->N),
           bce_forward(z_test, test->t, test->N), accuracy(z_test, test->t, test->N));
}

/* Trains a neuron that begins with all weights 0, each step on all training examples.
 * With a test set, prints a line before each step and one after the last. */
void neuron_train(float *w,  // [D]  all 0 before
                  const struct pair *train, const struct pair *test,
                  float rate, int steps)
{
    int N = train->N, D = train->D;
    float b = 0, db, *dw = floats(D), *z = floats(N), *dz = floats(N);
    float *z_test = floats(test ? test->N : 0);
    struct progress bar = {.what = "training"};
    for (int step = 0; step <= steps; step++) {
        neuron_forward(z, train->x, w, b, N, D);
        if (test) {
            neuron_forward(z_test, test->x, w, b, test->N, D);
            curve_print(rate, step, z, train, z_test, test);
        }
        progress(&bar, step, steps);
        if (step == steps)
            break;
        // Gradients are added to: begin with none.
        memset(dz, 0, (size_t)N * sizeof *dz);
        memset(dw, 0, (size_t)D * sizeof *dw);
        db = 0;
        bce_backward(dz, z, train->t, N);
        neuron_backward(dw, &db, dz, train->x, N, D);
        sgd_step(w, dw, rate, D);
        sgd_step(&b, &db, rate, 1);
    }
    free(z_test);
    free(dz);
    free(z);
    free(dw);
}

/* Prints the weights as a picture, with the mean picture of either class beside it. */
void weights_print(const float *w, const struct pair *p)
{
    float *mean = floats(2 * p->D), count[2] = {0};
    for (int n = 0; n < p->N; n++) {
        int k = p->t[n] > 0.5f;
        count[k]++;
        for (int d = 0; d < p->D; d++)
            mean[k*p->D + d] += p->x[n*p->D + d];
    }
    printf("# row\tcolumn\tweight\tmean_negative\tmean_positive\n");
    for (int d = 0; d < p->D; d++)
        printf("%d\t%d\t%.4f\t%.4f\t%.4f\n", d / p->X, d % p->X, w[d],
               mean[d] / count[0], mean[p->D + d] / count[1]);
    free(mean);
}

int main(int argc, char **argv)
{
    const char *folder = "data/fashion-mnist", *show = "loss";
    const char *rates = "0.001,0.01,0.04,0.2";
    int negative = 2, positive = 4, steps = 300;
    OPTIONS("one neuron tells two kinds of clothes apart",
            CHOICE(show, "loss|weights", "loss by step for each rate, or the weights"),
            OPTION(negative, 0, 9, "class of the images with target 0 (2: pullover)"),
            OPTION(positive, 0, 9, "class of the images with target 1 (4: coat)"),
            TEXT(rates, "learning rates, with commas; show=weights takes the first"),
            OPTION(steps, 1, 100000, "gradient steps, each on all training images"),
            TEXT(folder, "where the images are"));
    float rate[8];
    int count = rates_read(rate, 8, rates);
    if (negative == positive)
        die("negative=%d positive=%d: wanted two different classes", negative,
            positive);
    struct pair train = pair_load(folder, "train", negative, positive);
    struct pair test = pair_load(folder, "t10k", negative, positive);
    if (train.D != test.D)
        die("%s: training images of %d pixels, test images of %d", folder, train.D,
            test.D);

    float *w = floats(train.D);
    bool curves = !strcmp(show, "loss");
    if (curves)
        printf("# rate\tstep\ttrain_loss\ttest_loss\ttest_accuracy\n");
    for (int r = 0; r < (curves ? count : 1); r++) {
        memset(w, 0, (size_t)train.D * sizeof *w);
        neuron_train(w, &train, curves ? &test : NULL, rate[r], steps);
    }
    if (!curves)
        weights_print(w, &train);

    free(w);
    free(test.t);
    free(test.x);
    free(train.t);
    free(train.x);
}

#endif
#endif
