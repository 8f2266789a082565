/* 05-gradcheck: a gradient that knows no calculus, and bugs that it finds.
 *
 * A derivative is measured by asking the function itself, at two places close to each
 * other.  The second half holds five gradients to be measured; in your copy, each of
 * them has a bug.
 */
#ifndef GRADCHECK_C
#define GRADCHECK_C
#include <00-kit/kit.h>
#include <03-neuron/neuron.c>

/* ---- measuring ------------------------------------------------------------- */

/* Exercise 5.1: returns the slope of f at x, by a central difference.
 *
 *     (f(x + h) - f(x - h)) / (the distance between the two places)
 *
 * x + h and x - h are rounded, each to a double.  So the distance between the places
 * at which f is really called is not quite 2 h.
 */
double central_difference(double (*f)(double x), double x, double h)
{
    // The two places, each rounded.
    double up = x + h, down = x - h;
    // How far f rises between them, and how far they are apart.
    return (f(up) - f(down)) / (up - down);
}

/* Exercise 5.2: returns the step h at which a central difference errs least.
 *
 *     error(h) = |third| h h / 6 + noise |value| / h
 *
 * value is that of the function, third that of its third derivative, and noise the
 * relative error of a rounding; value and noise are not 0.  INFINITY if third is 0.
 * Hint: where error(h) is least, its own slope in h is 0.
 */
double step_best(double value, double third, double noise)
{
    // A parabola has no third derivative: no step is too large for it.
    if (third == 0)
        return INFINITY;
    // Where a longer step costs as much as it saves.
    return cbrt(3 * noise * fabs(value) / fabs(third));
}

/* Exercise 5.3: the numeric gradient: the slope of a loss in every one of n weights.
 *
 *     numeric[i] = (loss with w[i] + h, less loss with w[i] - h) / (their distance)
 *
 * loss(with) returns the loss that the weights have at that moment; it finds them, and
 * all else that it needs, through with.  One weight is nudged at a time, up and down,
 * and put back to the very bits it had.  w[i] + h and w[i] - h are rounded to floats:
 * their distance, in double, is the one to divide by.  numeric is overwritten.
 */
void numeric_gradient(float *numeric,  // [n]  overwritten
                      float *w,        // [n]  nudged, and put back
                      double (*loss)(const void *with), const void *with,
                      float h, int n)
{
    // One weight after the other: nudge it up, ask, nudge it down, ask, put it back.
    for (int i = 0; i < n; i++) {
        float old = w[i], up = old + h, down = old - h;
        w[i] = up;
        double above = loss(with);
        w[i] = down;
        double below = loss(with);
        w[i] = old;
        // The distance in double: it is exact there.
        numeric[i] = (float)((above - below) / ((double)up - down));
    }
}

/* ---- comparing ------------------------------------------------------------- */

/* Exercise 5.4: returns how far two gradients are apart, as a part of the larger one.
 *
 *     |a - b| / max(|a|, |b|, tiny)
 *
 * Where both are smaller than tiny, they may be nothing but rounding, and are measured
 * by tiny.  tiny is 0 or more; two zeros have the error 0 even where tiny is 0.  The
 * result is nan if a or b is not finite.
 */
double relative_error(double a, double b, double tiny)
{
    // Nothing is as near to nothing as can be.
    if (a == 0 && b == 0)
        return 0;
    // The difference, measured by the largest of the three.
    return fabs(a - b) / fmax(fmax(fabs(a), fabs(b)), tiny);
}

/* Exercise 5.5: returns the index of the worst relative error (5.4) among n gradients.
 *
 * Of equal errors it is the first.  A nan is worse than any number: the index of the
 * first nan, if there is one.  n is 1 or more.
 */
int gradient_worst(const float *numeric,   // [n]
                   const float *analytic,  // [n]
                   double tiny, int n)
{
    // The worst so far, and where.
    double most = -1;
    int worst = 0;
    // Look at all of them; only a nan ends the search.
    for (int i = 0; i < n; i++) {
        double error = relative_error(numeric[i], analytic[i], tiny);
        if (isnan(error))
            return i;
        if (error > most) {
            most = error;
            worst = i;
        }
    }
    return worst;
}

/* ---- five gradients, to be measured ---------------------------------------- */

/* N examples through M neurons at once.  The last weight of every neuron is its bias:
 *
 *     y[n,m] = W[m,D] + sum over d < D of W[m,d] x[n,d]
 */
void affine_forward(float *y,        // [N,M]  overwritten
                    const float *x,  // [N,D]
                    const float *W,  // [M,D+1]
                    int N, int D, int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            const float *w = W + m*(D + 1);
            float sum = w[D];
            for (int d = 0; d < D; d++)
                sum = fmaf(w[d], x[n*D + d], sum);
            y[n*M + m] = sum;
        }
}

/* Exercise 5.6: the gradient of affine_forward() in W: a bug hunt.
 *
 * dW is added to.  Take away the TODO, measure with hunt=1, and repair it.
 */
void affine_backward(float *dW,        // [M,D+1]  added to
                     const float *dy,  // [N,M]
                     const float *x,   // [N,D]
                     int N, int D, int M)
{
#ifdef BUGGY
    // Every example adds its share to the weights of every neuron.
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float *dw = dW + m*(D + 1), slope = dy[n*M + m];
            for (int d = 0; d < D; d++)
                dw[d] = fmaf(slope, x[n*D + d], dw[d]);
        }
#else
    // Every example adds its share to the weights of every neuron.
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            float *dw = dW + m*(D + 1), slope = dy[n*M + m];
            for (int d = 0; d < D; d++)
                dw[d] = fmaf(slope, x[n*D + d], dw[d]);
            dw[D] += slope;
        }
#endif
}

/* S weights slide along a row of X numbers, and stop at every stride-th place (a
 * convolution).  There is one output for every stop, with all of w inside x.
 *
 *     y[i] = sum over s of w[s] x[i stride + s],    i = 0 .. (X - S) / stride
 */
void conv1d_forward(float *y,        // [(X - S) / stride + 1]  overwritten
                    const float *x,  // [X]
                    const float *w,  // [S]
                    int X, int S, int stride)
{
    for (int i = 0; i <= (X - S) / stride; i++) {
        float sum = 0;
        for (int s = 0; s < S; s++)
            sum = fmaf(w[s], x[i*stride + s], sum);
        y[i] = sum;
    }
}

/* Exercise 5.7: the gradient of conv1d_forward() in x and w: a bug hunt.
 *
 * dx and dw are added to.  Take away the TODO, measure with hunt=2, and repair it.
 */
void conv1d_backward(float *dx,        // [X]  added to
                     float *dw,        // [S]  added to
                     const float *dy,  // [(X - S) / stride + 1]
                     const float *x,   // [X]
                     const float *w,   // [S]
                     int X, int S, int stride)
{
#ifdef BUGGY
    // Every stop: what it read gets its share, and so do the weights.
    for (int i = 0; i <= (X - S) / stride; i++)
        for (int s = 0; s < S; s++) {
            dx[i*stride + s] = fmaf(dy[i], w[s], dx[i*stride + s]);
            dw[s] = fmaf(dy[i], x[i + s], dw[s]);
        }
#else
    // Every stop: what it read gets its share, and so do the weights.
    for (int i = 0; i <= (X - S) / stride; i++)
        for (int s = 0; s < S; s++) {
            dx[i*stride + s] = fmaf(dy[i], w[s], dx[i*stride + s]);
            dw[s] = fmaf(dy[i], x[i*stride + s], dw[s]);
        }
#endif
}

/* A gate: the sigmoid of a[i] says how much of the tanh of b[i] goes through.
 *
 *     y[i] = sigmoid(a[i]) tanh(b[i])
 */
void gate_forward(float *y,        // [n]  overwritten
                  const float *a,  // [n]
                  const float *b,  // [n]
                  int n)
{
    for (int i = 0; i < n; i++)
        y[i] = sigmoid(a[i]) * tanh32(b[i]);
}

/* Exercise 5.8: the gradient of gate_forward() in a and b: a bug hunt.
 *
 * da and db are added to.  Take away the TODO, measure with hunt=3, and repair it.
 */
void gate_backward(float *da,        // [n]  added to
                   float *db,        // [n]  added to
                   const float *dy,  // [n]
                   const float *a,   // [n]
                   const float *b,   // [n]
                   int n)
{
#ifdef BUGGY
    for (int i = 0; i < n; i++) {
        // The two factors; the slope of each, times the other.
        float s = sigmoid(a[i]), t = tanh32(b[i]);
        da[i] = fmaf(dy[i], s * (1 - s) * t, da[i]);
        db[i] = fmaf(dy[i], t * (1 - t) * s, db[i]);
    }
#else
    for (int i = 0; i < n; i++) {
        // The two factors; the slope of each, times the other.
        float s = sigmoid(a[i]), t = tanh32(b[i]);
        da[i] = fmaf(dy[i], s * (1 - s) * t, da[i]);
        db[i] = fmaf(dy[i], (1 - t) * (1 + t) * s, db[i]);
    }
#endif
}

/* Looks up rows of a table E, as if each word of a dictionary of K had its own row.
 *
 *     y[n,d] = E[word[n],d]
 */
void lookup_forward(float *y,         // [N,D]  overwritten
                    const int *word,  // [N]  from 0 to K-1
                    const float *E,   // [K,D]
                    int N, int D)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            y[n*D + d] = E[word[n]*D + d];
}

/* Exercise 5.9: the gradient of lookup_forward() in E: a bug hunt.
 *
 * dE is added to.  Take away the TODO, measure with hunt=4, and repair it.
 */
void lookup_backward(float *dE,        // [K,D]  added to
                     const float *dy,  // [N,D]
                     const int *word,  // [N]  from 0 to K-1
                     int N, int D)
{
#ifdef BUGGY
    // Every gradient goes back to the row that its number came from.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            dE[word[n]*D + d] = dy[n*D + d];
#else
    // Every gradient goes back to the row that its number came from.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            dE[word[n]*D + d] += dy[n*D + d];
#endif
}

/* Two branches, added: x goes straight to the output, and once more through a tanh.
 *
 *     y[n,d] = x[n,d] + w[d] tanh(x[n,d])
 */
void branch_forward(float *y,        // [N,D]  overwritten
                    const float *x,  // [N,D]
                    const float *w,  // [D]
                    int N, int D)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            y[n*D + d] = fmaf(w[d], tanh32(x[n*D + d]), x[n*D + d]);
}

/* Exercise 5.10: the gradient of branch_forward() in x and w: a bug hunt.
 *
 * dx and dw are added to.  Take away the TODO, measure with hunt=5, and repair it.
 */
void branch_backward(float *dx,        // [N,D]  added to
                     float *dw,        // [D]  added to
                     const float *dy,  // [N,D]
                     const float *x,   // [N,D]
                     const float *w,   // [D]
                     int N, int D)
{
#ifdef BUGGY
    // The straight branch hands the gradient on as it is.
    for (int i = 0; i < N*D; i++)
        dx[i] += dy[i];
    // The other one, through the weight and the tanh.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            float t = tanh32(x[n*D + d]), slope = dy[n*D + d];
            dx[n*D + d] = fmaf(slope, 1 + w[d] * (1 - t) * (1 + t), dx[n*D + d]);
            dw[d] = fmaf(slope, t, dw[d]);
        }
#else
    // The straight branch hands the gradient on as it is.
    for (int i = 0; i < N*D; i++)
        dx[i] += dy[i];
    // The other one, through the weight and the tanh.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++) {
            float t = tanh32(x[n*D + d]), slope = dy[n*D + d];
            dx[n*D + d] = fmaf(slope, w[d] * (1 - t) * (1 + t), dx[n*D + d]);
            dw[d] = fmaf(slope, t, dw[d]);
        }
#endif
}

/* ---- many weights at once -------------------------------------------------- */

/* Exercise 5.11*: returns the slope of a loss along a direction v, from two calls of
 * the loss, where 5.3 makes 2 n.
 *
 *     (loss at w + h v, less loss at w - h v) / (2 h)
 *
 * The gradient dw promises that it is the sum over i of dw[i] v[i].  loss and with are
 * as in 5.3.  w is moved and put back to the very bits it had; saved is for your use.
 */
double direction_slope(float *w,        // [n]  moved, and put back
                       float *saved,    // [n]  overwritten
                       const float *v,  // [n]
                       double (*loss)(const void *with), const void *with,
                       float h, int n)
{
    // Keep the weights.
    memcpy(saved, w, (size_t)n * sizeof *w);
    // All of them a step along v, and a step the other way.
    for (int i = 0; i < n; i++)
        w[i] = fmaf(h, v[i], saved[i]);
    double above = loss(with);
    for (int i = 0; i < n; i++)
        w[i] = fmaf(-h, v[i], saved[i]);
    double below = loss(with);
    // Put them back.
    memcpy(w, saved, (size_t)n * sizeof *w);
    return (above - below) / (2 * (double)h);
}

/* ---- the program: error against step --------------------------------------- */
#if __INCLUDE_LEVEL__ == 0

/* A hill, in double and in float: nothing but arithmetic, so that its bits are the same
 * everywhere.  Its slope and its third derivative are known. */
double hill(double x) { return 1 / fma(x, x, 1); }
float hill_float(float x) { return 1 / fmaf(x, x, 1); }
double hill_slope(double x) { return -2 * x * hill(x) / fma(x, x, 1); }
double hill_third(double x) { return 24 * x * (1 - x) * (1 + x) * pow(hill(x), 4); }

/* What 5.1 does not do: to one side only, and in float. */
double slope_double(double x, double h, bool forward)
{
    double up = x + h;
    return forward ? (hill(up) - hill(x)) / (up - x) : central_difference(hill, x, h);
}

double slope_float(float x, float h, bool forward)
{
    float up = x + h, down = forward ? x : x - h;
    return (hill_float(up) - hill_float(down)) / (up - down);
}

void step_print(float x, double h, bool single, const char *kind)
{
    bool forward = !strcmp(kind, "forward");
    double slope = single ? slope_float(x, (float)h, forward)
                          : slope_double(x, h, forward);
    printf("%s\t%s\t%.4e\t%.9f\t%.3e\n", single ? "float" : "double", kind, h, slope,
           fabs(slope - hill_slope(x)));
}

/* Four steps to each power of ten, as long as one of them moves x. */
void curve_print(float x, bool single, const char *kind)
{
    const double shorter = 0.56234132519034908;  // the fourth root of 1/10
    for (double h = 1; h > (single ? 1e-8 : 1e-17); h *= shorter) {
        bool moves = single ? x + (float)h != x && x - (float)h != x
                            : x + h != x && x - h != x;
        if (moves)
            step_print(x, h, single, kind);
    }
}

/* The error by step for each kind of quotient, then at the steps that 5.2 chooses. */
void steps_print(float x)
{
    printf("# precision\tdifference\tstep\tslope\terror\n");
    for (int single = 1; single >= 0; single--) {
        curve_print(x, single, "forward");
        curve_print(x, single, "central");
    }
    for (int single = 1; single >= 0; single--) {
        double h = step_best(hill(x), hill_third(x), single ? 0x1p-24 : 0x1p-53);
        if (isfinite(h))
            step_print(x, h, single, "best");
    }
}

/* ---- the program: the neuron of chapter 3, checked -------------------------- */

/* A neuron, its examples, and the precision in which its loss is computed. */
struct subject {
    int N, D;
    const char *precision;
    float *w;     // [D+1]  the last one is the bias
    float *x;     // [N,D]
    float *t;     // [N]  0 or 1
    float *z;     // [N]
};

struct subject subject_new(int N, int D, uint64_t *chance)
{
    struct subject s = {.N = N, .D = D};
    s.w = floats((size_t)D + 1);
    s.x = floats((size_t)N * D);
    s.t = floats(N);
    s.z = floats(N);
    for (int i = 0; i <= D; i++)
        s.w[i] = normal(chance) / sqrtf((float)D);
    for (int i = 0; i < N*D; i++)
        s.x[i] = normal(chance);
    for (int n = 0; n < N; n++)
        s.t[n] = (float)below(chance, 2);
    return s;
}

void subject_free(struct subject *s)
{
    free(s->z);
    free(s->t);
    free(s->x);
    free(s->w);
}

/* log(1 + exp(-a)) for a >= 0, in double and with the same bits everywhere: both series
 * are summed from their smallest term. */
double softplus_rest(double a)
{
    if (a > 40)
        return 0;
    // exp(-a) is exp(-a/64), multiplied by itself six times.
    double e = 1;
    for (int k = 14; k > 0; k--)
        e = fma(e, -a / 64 / k, 1);
    for (int k = 0; k < 6; k++)
        e *= e;
    // log(1 + e) = 2 (u + u^3/3 + u^5/5 + ...) with u = e / (2 + e).
    double u = e / (2 + e), sum = 0;
    for (int k = 37; k > 0; k -= 2)
        sum = fma(sum, u * u, 1.0 / k);
    return 2 * u * sum;
}

/* The mean cross-entropy of a subject: all in float, as chapter 3 computes it; or the
 * logits in float and the rest in double ("mixed"); or all in double. */
double subject_loss(const void *with)
{
    const struct subject *s = with;
    neuron_forward(s->z, s->x, s->w, s->w[s->D], s->N, s->D);
    if (!strcmp(s->precision, "float"))
        return bce_forward(s->z, s->t, s->N);
    double loss = 0;
    for (int n = 0; n < s->N; n++) {
        double z = s->w[s->D];
        for (int d = 0; d < s->D; d++)
            z = fma(s->x[n*s->D + d], s->w[d], z);
        if (!strcmp(s->precision, "mixed"))
            z = s->z[n];
        loss += (z > 0 ? z : 0) * (1 - s->t[n]) - (z < 0 ? z : 0) * s->t[n]
                + softplus_rest(fabs(z));
    }
    return loss / s->N;
}

/* The gradient that chapter 3 computes. */
void subject_gradient(float *dw,  // [D+1]  overwritten
                      const struct subject *s)
{
    float *dz = floats(s->N);
    memset(dw, 0, ((size_t)s->D + 1) * sizeof *dw);
    neuron_forward(s->z, s->x, s->w, s->w[s->D], s->N, s->D);
    bce_backward(dz, s->z, s->t, s->N);
    neuron_backward(dw, dw + s->D, dz, s->x, s->N, s->D);
    free(dz);
}

/* The worst relative error of its gradient, by step and precision. */
void neuron_print(struct subject *s, double tiny)
{
    const char *const precisions[] = {"float", "mixed", "double"};
    int n = s->D + 1;
    float *analytic = floats(n), *numeric = floats(n);
    subject_gradient(analytic, s);
    printf("# precision\tstep\tworst\tnumeric\tanalytic\terror\n");
    for (int k = 0; k < 3; k++) {
        s->precision = precisions[k];
        for (int e = 0; e >= -20; e--) {
            float h = ldexpf(1, e);
            numeric_gradient(numeric, s->w, subject_loss, s, h, n);
            int i = gradient_worst(numeric, analytic, tiny, n);
            printf("%s\t%.4e\t%d\t%.8f\t%.8f\t%.3e\n", s->precision, h, i, numeric[i],
                   analytic[i], relative_error(numeric[i], analytic[i], tiny));
        }
    }
    free(numeric);
    free(analytic);
}

/* ---- the program: one direction against all weights ------------------------ */

/* What a random direction of length 1 says of a gradient. */
double direction_error(struct subject *s, const float *dw, float h, uint64_t *chance)
{
    int n = s->D + 1;
    float *v = floats(n), *saved = floats(n);
    double promised = 0;
    for (int i = 0; i < n; i++) {
        v[i] = (below(chance, 2) ? 1 : -1) / sqrtf((float)n);
        promised = fma(dw[i], v[i], promised);
    }
    double slope = direction_slope(s->w, saved, v, subject_loss, s, h, n);
    free(saved);
    free(v);
    return relative_error(slope, promised, 0);
}

/* The gradient of a subject with a fault in it, or with none. */
void gradient_spoil(float *dw, const struct subject *s, const char *fault)
{
    subject_gradient(dw, s);
    for (int i = 0; i <= s->D; i++)
        dw[i] *= !strcmp(fault, "half") ? 0.5f : 1;
    if (!strcmp(fault, "bias"))
        dw[s->D] = 0;
    if (!strcmp(fault, "weight"))
        dw[s->D / 2] *= 1.1f;
}

/* What either way to check says, of a right gradient and of wrong ones. */
void direction_print(struct subject *s, float h, double tiny, bool stars,
                     uint64_t *chance)
{
    const char *const faults[] = {"none", "half", "bias", "weight"};
    int n = s->D + 1;
    float *dw = floats(n), *numeric = floats(n);
    s->precision = "double";
    numeric_gradient(numeric, s->w, subject_loss, s, h, n);
    printf("# fault\tall%s\n", stars ? "\tdirection_1\tdirection_2\tdirection_3" : "");
    for (int k = 0; k < 4; k++) {
        gradient_spoil(dw, s, faults[k]);
        int i = gradient_worst(numeric, dw, tiny, n);
        printf("%s\t%.6f", faults[k], relative_error(numeric[i], dw[i], tiny));
        for (int again = 0; stars && again < 3; again++)
            printf("\t%.6f", direction_error(s, dw, h, chance));
        printf("\n");
    }
    free(numeric);
    free(dw);
}

/* ---- the program: the hunts ------------------------------------------------ */

/* A function to be measured.  All that its gradient is asked for is one block p. */
struct hunt {
    const char *name;
    struct part { const char *name; int rows, columns; } parts[2];
    int outputs;
};

const struct hunt hunts[] = {
    {"affine_backward", {{"dW", 2, 3}}, 8},
    {"conv1d_backward", {{"dx", 1, 8}, {"dw", 1, 3}}, 3},
    {"gate_backward", {{"da", 1, 4}, {"db", 1, 4}}, 4},
    {"lookup_backward", {{"dE", 5, 2}}, 12},
    {"branch_backward", {{"dx", 2, 3}, {"dw", 1, 3}}, 6},
};
const int words[] = {3, 0, 3, 1, 0, 3};

/* What the loss of a hunt needs: the numbers p that are nudged, inputs x that are not,
 * and r, the slopes of the loss in the outputs. */
struct bench {
    int hunt;
    float *p, *x, *y, *r;
};

void hunt_forward(int hunt, float *y, const float *p, const float *x)
{
    switch (hunt) {
    case 1: affine_forward(y, x, p, 4, 2, 2); break;
    case 2: conv1d_forward(y, p, p + 8, 8, 3, 2); break;
    case 3: gate_forward(y, p, p + 4, 4); break;
    case 4: lookup_forward(y, words, p, 6, 2); break;
    case 5: branch_forward(y, p, p + 6, 2, 3); break;
    }
}

void hunt_backward(int hunt, float *dp, const float *dy, const float *p, const float *x)
{
    switch (hunt) {
    case 1: affine_backward(dp, dy, x, 4, 2, 2); break;
    case 2: conv1d_backward(dp, dp + 8, dy, p, p + 8, 8, 3, 2); break;
    case 3: gate_backward(dp, dp + 4, dy, p, p + 4, 4); break;
    case 4: lookup_backward(dp, dy, words, 6, 2); break;
    case 5: branch_backward(dp, dp + 6, dy, p, p + 6, 2, 3); break;
    }
}

/* The sum of r[i] y[i]: of this loss, r is the gradient in y. */
double hunt_loss(const void *with)
{
    const struct bench *b = with;
    double sum = 0;
    hunt_forward(b->hunt, b->y, b->p, b->x);
    for (int i = 0; i < hunts[b->hunt - 1].outputs; i++)
        sum = fma(b->r[i], b->y[i], sum);
    return sum;
}

/* Prints the gradients of one part, from the i-th on; returns how many are off. */
int part_print(const struct part *part, const float *numeric, const float *analytic,
               double tiny)
{
    int off = 0;
    for (int i = 0; i < part->rows * part->columns; i++) {
        double error = relative_error(numeric[i], analytic[i], tiny);
        printf("%s[", part->name);
        if (part->rows > 1)
            printf("%d,", i / part->columns);
        printf("%d]\t%.5f\t%.5f\t%.1e\n", i % part->columns, numeric[i], analytic[i],
               error);
        off += !(error < 1e-3);
    }
    return off;
}

void hunt_print(int hunt, float h, double tiny, uint64_t *chance)
{
    const struct hunt *the = &hunts[hunt - 1];
    float block[6][16] = {0}, *numeric = block[4], *analytic = block[5];
    struct bench b = {hunt, block[0], block[1], block[2], block[3]};
    int n = 0, off = 0;
    for (int k = 0; k < 2; k++)
        n += the->parts[k].rows * the->parts[k].columns;
    for (int i = 0; i < 16; i++) {
        b.p[i] = normal(chance);
        b.x[i] = normal(chance);
        b.r[i] = normal(chance);
    }
    numeric_gradient(numeric, b.p, hunt_loss, &b, h, n);
    hunt_backward(hunt, analytic, b.r, b.p, b.x);
    printf("# gradient\tnumeric\tanalytic\terror\n");
    for (int k = 0, i = 0; k < 2; k++) {
        off += part_print(&the->parts[k], numeric + i, analytic + i, tiny);
        i += the->parts[k].rows * the->parts[k].columns;
    }
    fprintf(stderr, "%s: %d of %d gradients are off by more than 0.001\n", the->name,
            off, n);
}

int main(int argc, char **argv)
{
    const char *show = "steps";
    int hunt = 0, N = 100, D = 20, seed = 1, stars = 0;
    float x = 0.7f, step = 0.005f, tiny = 1e-3f;
    OPTIONS("measures derivatives",
            CHOICE(show, "steps|neuron|direction", "the error by step for a known slope"
                   " or for a neuron, or one direction against all weights"),
            OPTION(hunt, 0, 5, "a bug hunt, if not 0"),
            OPTION(x, -10, 10, "where show=steps measures"),
            OPTION(step, 1e-6, 1, "step of hunts and of show=direction"),
            OPTION(tiny, 0, 1, "smaller gradients are measured by it (not show=steps)"),
            OPTION(N, 1, 10000, "examples of the neuron"),
            OPTION(D, 1, 10000, "inputs of the neuron"),
            OPTION(stars, 0, 1, "show=direction: with exercise 5.11*"),
            OPTION(seed, 0, 1000000, "of all that is random"));
    uint64_t chance = stream((uint64_t)seed, 5);
    if (hunt)
        hunt_print(hunt, step, tiny, &chance);
    else if (!strcmp(show, "steps"))
        steps_print(x);
    else {
        struct subject s = subject_new(N, D, &chance);
        if (!strcmp(show, "neuron"))
            neuron_print(&s, tiny);
        else
            direction_print(&s, step, tiny, stars, &chance);
        subject_free(&s);
    }
}

#endif
#endif
