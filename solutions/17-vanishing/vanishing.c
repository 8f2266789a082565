/* 17-vanishing: what becomes of a gradient on its way back through time. */
#ifndef VANISHING_C
#define VANISHING_C
#include <16-rnn/rnn.c>

/* ---- how much arrives --------------------------------------------------------- */

/* Exercise 17.1: how long the gradient is in the state of every step.
 *
 *     norms[t]^2 = 1/N  sum over n and j of dh[t,n,j]^2      t = 0 .. T
 *
 * norms is overwritten.  Right also for numbers as small as 1e-30 or as large as 1e30.
 * Hint: the square of such a number does not fit into a float.
 */
void state_norms(float *norms,     // [T+1]  overwritten
                 const float *dh,  // [T+1,N,H]
                 int T, int N, int H)
{
    // Step by step: the squares of all examples in double, then the root of their mean.
    for (int t = 0; t <= T; t++) {
        double sum = 0;
        for (int i = 0; i < N*H; i++)
            sum += (double)dh[t*N*H + i] * dh[t*N*H + i];
        norms[t] = (float)sqrt(sum / N);
    }
}

/* Exercise 17.2: how the last state of example n depends on its first one.
 *
 *     J[j,k] = d h[T,n,j] / d h[0,n,k]
 *
 * that is, the product of one matrix a step, the last step's on the left:
 *
 *     J = S[T] S[T-1] ... S[1],    S[t][j,k] = (1 - h[t,n,j]^2) Wh[j,k]
 *
 * J and work are overwritten.  With T = 0 no step is made, and J is 1 on its diagonal
 * and 0 elsewhere.
 */
void state_jacobian(float *J,         // [H,H]  overwritten
                    float *work,      // [H,H]  overwritten
                    const float *h,   // [T+1,N,H]  of rnn_forward
                    const float *Wh,  // [H,H]
                    int n,            // 0 .. N-1
                    int T, int N, int H)
{
    // Before the first step, a state is itself.
    for (int i = 0; i < H*H; i++)
        J[i] = i / H == i % H;
    // Every step multiplies from the left: the weights, then the slopes of tanh.
    for (int t = 1; t <= T; t++) {
        const float *ht = h + (t*N + n)*H;
        gemm(work, Wh, J, H, H, H, 0);
        for (int i = 0; i < H*H; i++)
            J[i] = fmaf(-ht[i / H], ht[i / H], 1) * work[i];
    }
}

/* ---- by how much a matrix stretches ------------------------------------------- */

/* Scales v to length 1 and returns the length that it had; all 0 stays as it is. */
float vector_normalize(float *v,  // [n]  changed
                       int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)v[i] * v[i];
    double length = sqrt(sum);
    for (int i = 0; i < n && length > 0; i++)
        v[i] = (float)(v[i] / length);
    return (float)length;
}

/* Exercise 17.3: returns the spectral radius of W, the size of its largest eigenvalue,
 * by power iteration: how much a vector grows by W, if W has turned it long enough.
 *
 *     u[j]   = sum over k of W[j,k] v[k]
 *     growth = the length of u
 *     v      = u / growth                     all this `steps` times
 *     radius = exp of the mean of log(growth) over the last steps - steps/2 steps
 *
 * steps/2 is without its remainder.  v is given, any vector but 0, and is changed; at
 * the end its length is 1.  As soon as growth is 0 the answer is 0.
 *
 * The mean is what makes this right also if the largest eigenvalues are a complex pair,
 * where growth goes up and down for ever.  Then log(radius) is off by some
 * constant / steps; after a single largest eigenvalue the error falls like a power of
 * its ratio to the next.
 * Hint: vector_normalize(), log32() and exp32().
 */
float spectral_radius(float *v,        // [H]  given, changed
                      float *u,        // [H]  overwritten
                      const float *W,  // [H,H]
                      int steps,       // at least 1
                      int H)
{
    // Step by step: turn v, see how it grows, add up the logarithms of the last half.
    double sum = 0;
    for (int k = 0; k < steps; k++) {
        gemm(u, v, W, 1, H, H, B_T);
        float growth = vector_normalize(u, H);
        memcpy(v, u, (size_t)H * sizeof *v);
        if (growth == 0)
            return 0;
        sum += k < steps / 2 ? 0 : log32(growth);
    }
    // The geometric mean.
    return exp32((float)(sum / (steps - steps / 2)));
}

/* Exercise 17.4*: the spectral radius by squaring, after Gelfand (1941).
 *
 *     radius = the limit of norm(W^m)^(1/m) for large m,   norm(A)^2 = sum of A[j,k]^2
 *
 * Here m = 2^squarings.  A begins as W, and for k = 0 .. squarings
 *
 *     norm = norm(A),  A = A / norm       so that nothing overflows
 *     sum  = sum + log(norm) / 2^k        what was taken out, as the last root sees it
 *     A    = A A                          unless k = squarings
 *
 * Then radius = exp(sum).  A and B are overwritten.  As soon as norm is 0 the answer
 * is 0.
 */
float radius_by_squaring(float *A,        // [H,H]  overwritten
                         float *B,        // [H,H]  overwritten
                         const float *W,  // [H,H]
                         int squarings,   // 0 or more
                         int H)
{
    double sum = 0, weight = 1;
    memcpy(B, W, (size_t)(H*H) * sizeof *B);
    // Again and again: scale, remember what was taken out, square.
    for (int k = 0; k <= squarings; k++, weight /= 2) {
        float norm = vector_normalize(B, H*H);
        if (norm == 0)
            return 0;
        sum += weight * log32(norm);
        memcpy(A, B, (size_t)(H*H) * sizeof *A);
        if (k < squarings)
            gemm(B, A, A, H, H, H, 0);
    }
    // The root of the whole power.
    return exp32((float)sum);
}

/* ---- matrices made to measure ------------------------------------------------- */

/* Exercise 17.5: a random orthogonal matrix: its rows have length 1 and are at right
 * angles to each other.
 *
 *     sum over k of W[i,k] W[j,k] = 1 if i = j, else 0
 *
 * W is overwritten.  First all H*H numbers are drawn by normal(), in the order of
 * memory.  Then row after row, from row 0 on, loses what points along the rows before
 * it, one by one in their order,
 *
 *     W[i] = W[i] - (sum over k of W[i,k] W[j,k]) W[j]       j = 0 .. i-1
 *
 * all of this once more, since rounding leaves a rest, and is scaled to length 1.
 * (Gram and Schmidt's method; a sum is taken in double.)
 */
void orthogonal(float *W,  // [H,H]  overwritten
                int H, uint64_t *chance)
{
    // Any direction is as likely as any other.
    fill_normal(W, H*H, 1, chance);
    // Row by row: twice nothing along the rows before it, then length 1.
    for (int i = 0; i < H; i++) {
        float *row = W + i*H;
        for (int j = 0; j < 2*i; j++) {
            const float *before = W + (j < i ? j : j - i)*H;
            double dot = 0;
            for (int k = 0; k < H; k++)
                dot += (double)row[k] * before[k];
            for (int k = 0; k < H; k++)
                row[k] = fmaf(-(float)dot, before[k], row[k]);
        }
        vector_normalize(row, H);
    }
}

/* Exercise 17.6: scales W to a given spectral radius.
 *
 *     W[j,k] = W[j,k] radius / spectral_radius(W)
 *
 * W is changed.  v, u and steps are those of 17.3.  A matrix whose radius is 0 stays as
 * it is.
 */
void radius_set(float *W,      // [H,H]  changed
                float *v,      // [H]  given, changed
                float *u,      // [H]  overwritten
                float radius,  // 0 or more
                int steps, int H)
{
    // What it is.
    float now = spectral_radius(v, u, W, steps, H);
    // What it shall be: an eigenvalue grows with its matrix.
    for (int i = 0; i < H*H && now > 0; i++)
        W[i] *= radius / now;
}

/* ---- a task for a long memory ------------------------------------------------- */

/* Exercise 17.7: N new examples of the adding problem (Hochreiter and Schmidhuber,
 * 1997): which sum have the two marked numbers of a sequence?
 *
 *     x[t,n,0]  a number from [0, 1)
 *     x[t,n,1]  1 in two steps a and b, 0 in all others:
 *               a one of 0 .. T/2-1, b one of T/2 .. T-1; T/2 without its remainder
 *     y[n] = x[a,n,0] + x[b,n,0]
 *
 * x and y are overwritten.  The draws, example by example: T times uniform(), in the
 * order of t; then a by below(), then b by below().
 */
void adding_batch(float *x,  // [T,N,2]  overwritten
                  float *y,  // [N]      overwritten
                  uint64_t *chance,
                  int T,     // at least 2
                  int N)
{
    // Example by example: the numbers, then one mark in each half, then their sum.
    for (int n = 0; n < N; n++) {
        for (int t = 0; t < T; t++) {
            x[(t*N + n)*2] = uniform(chance);
            x[(t*N + n)*2 + 1] = 0;
        }
        int a = below(chance, T/2);
        int b = T/2 + below(chance, T - T/2);
        x[(a*N + n)*2 + 1] = x[(b*N + n)*2 + 1] = 1;
        y[n] = x[(a*N + n)*2] + x[(b*N + n)*2];
    }
}

/* As recurrent_gradient(), for outputs that are numbers: the gradient of the mean
 * squared error (6.13) of all outputs; returns it. */
float recurrent_regress(struct recurrent *grad,     // overwritten
                        struct recurrent_work *w, const struct recurrent *net,
                        const float *y)             // [O,N,K]  what they should be
{
    const int n = w->O * w->N * net->K;
    memset(grad->table, 0, (size_t)recurrent_size(grad) * sizeof(float));
    memset(w->dz, 0, (size_t)n * sizeof(float));
    recurrent_forward(w, net);
    float loss = mse_forward(w->z, y, n);
    mse_backward(w->dz, w->z, y, n);
    recurrent_backward(grad, w, net);
    return loss;
}

/* A network that learns the adding problem. */
struct adder {
    struct recurrent net, grad;
    struct recurrent_work w;  // of the last step: w.dh[l] is what went back
    struct optimizer o;
    float *y;                 // [N]
    uint64_t *chance;         // draws the examples
};

/* Steps of N sequences of T numbers by Adam, for a network with D = 2, K = 1 and its
 * first weights, which stay the caller's. */
struct adder adder_new(const struct recurrent *net, int T, int N, float rate,
                        uint64_t *chance)
{
    const int n = recurrent_size(net);
    return (struct adder){
        .net = *net, .grad = recurrent_at(floats((size_t)n), net),
        .w = recurrent_work_new(net, T, N, 1), .o = optimizer_new(ADAM, rate, n),
        .y = floats((size_t)N), .chance = chance,
    };
}

void adder_free(struct adder *a)
{
    free(a->y);
    free(a->o.m);
    recurrent_work_free(&a->w);
    free(a->grad.table);
}

/* So many steps, each on new examples and with a gradient of a norm of at most `clip`.
 * Returns their mean error; as no example comes twice, it is the error on new ones. */
float adder_steps(struct adder *a, int steps, float clip)
{
    double sum = 0;
    for (int i = 0; i < steps; i++) {
        adding_batch(a->w.x, a->y, a->chance, a->w.T, a->w.N);
        sum += recurrent_regress(&a->grad, &a->w, &a->net, a->y);
        clip_norm(a->grad.table, clip, a->o.n);
        optimizer_step(&a->o, a->net.table, a->grad.table);
    }
    return (float)(sum / steps);
}

/* A whole training, in `lines` equal parts: errors[i] is the mean error of part i. */
void adding_train(float *errors,          // [lines]  overwritten
                  struct recurrent *net,  // its weights changed
                  int T, int N, int steps, int lines, float rate, float clip,
                  uint64_t *chance)
{
    struct adder a = adder_new(net, T, N, rate, chance);
    for (int i = 0, done = 0; i < lines; i++) {
        int end = (int)((long)steps * (i + 1) / lines);
        errors[i] = adder_steps(&a, end - done, clip);
        done = end;
    }
    adder_free(&a);
}

/* ---- a text in pieces ----------------------------------------------------------- */

/* How many pieces of T steps there are in a text that is read by 17.8; 0 if it is too
 * short: it has to have N T + 1 characters at least. */
int stream_pieces(int length, int T, int N)
{
    return (length - 1) / N / T;
}

/* Exercise 17.8: the next piece of a text that is read in N streams side by side.
 *
 * The text is cut into N streams of L = (length - 1) / N characters, without the
 * remainder: stream n begins at character n L.  Piece number p, which counts from 0,
 * has the steps p T .. p T + T-1 of every stream; the target is the next character.
 *
 *     x[i,n] = text[n L + p T + i]
 *     t[i,n] = text[n L + p T + i + 1]        i = 0 .. T-1
 *
 * x and t are overwritten.  p is less than stream_pieces().
 */
void stream_batch(int *x,           // [T,N]  overwritten: the inputs
                  int *t,           // [T,N]  overwritten: the targets
                  const int *text,  // [length]
                  int length, int p, int T, int N)
{
    // How long a stream is.
    int L = (length - 1) / N;
    // Every stream goes on where its last piece ended.
    for (int n = 0; n < N; n++)
        for (int i = 0; i < T; i++) {
            x[i*N + n] = text[n*L + p*T + i];
            t[i*N + n] = text[n*L + p*T + i + 1];
        }
}

/* Exercise 17.9: the state after the last step becomes the state before the first one,
 * in all layers.
 *
 *     h[l][0] = h[l][T]
 *     c[l][0] = c[l][T]       where the cell has a memory
 *
 * So the next piece of a text goes on where this one ended.  Its gradients do not come
 * back here: recurrent_backward() ends at the first state.
 */
void state_carry(struct recurrent_work *w,  // h[l], c[l] changed
                 const struct recurrent *net)
{
    const size_t state = (size_t)w->N * net->H;
    // Layer by layer, and what else the cell remembers.
    for (int l = 0; l < net->layers; l++) {
        memcpy(w->h[l], w->h[l] + w->T * state, state * sizeof(float));
        if (net->cell->memory)
            memcpy(w->c[l], w->c[l] + w->T * state, state * sizeof(float));
    }
}

/* The state before the first step is 0 again. */
void state_clear(struct recurrent_work *w, const struct recurrent *net)
{
    const size_t bytes = (size_t)w->N * net->H * sizeof(float);
    for (int l = 0; l < net->layers; l++) {
        memset(w->h[l], 0, bytes);
        if (net->cell->memory)
            memset(w->c[l], 0, bytes);
    }
}

/* ---- the program: gradients against distance ------------------------------------ */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/text.h"

/* What the command line says; 0 stands for ours. */
struct settings {
    int T, N, hidden, steps, seeds, seed, batch, stars;
    float radius, inputs, rate, clip;
    bool random, orthogonal;  // which first weights
    const char *text;
};

enum { RADIUS_STEPS = 2000 };  // of power iteration

/* Weights of the state: orthogonal or normal, of a given radius. */
void state_weights(float *Wh,  // [H,H]  overwritten
                   bool normal, float radius, int H, uint64_t *chance)
{
    float *v = floats(2*(size_t)H);
    fill_normal(v, H, 1, chance);
    if (normal)
        fill_normal(Wh, H*H, 1, chance);
    else
        orthogonal(Wh, H, chance);
    radius_set(Wh, v, v + H, radius, RADIUS_STEPS, H);
    free(v);
}

/* N sequences of T steps and a gradient that goes back through them from the end. */
struct journey {
    int T, N, D, H;
    float *x, *h, *dh;                 // [T,N,D]  [T+1,N,H]  [T+1,N,H]
    float *Wx, *Wh, *b;                // [H,D]  [H,H]  [H]
    float *dWx, *dWh, *db, *dz;
    float *norms, *slopes, *block;     // [T+1]  [T+1]: root mean square of tanh's slope
};

struct journey journey_new(int T, int N, int D, int H)
{
    struct journey j = {.T = T, .N = N, .D = D, .H = H};
    const size_t size[] = {(size_t)T*N*D, (size_t)(T + 1)*N*H, (size_t)(T + 1)*N*H, H*D,
                           H*H, H, H*D, H*H, H, N*H, T + 1, T + 1};
    float **part[] = {&j.x, &j.h, &j.dh, &j.Wx, &j.Wh, &j.b, &j.dWx, &j.dWh, &j.db,
                      &j.dz, &j.norms, &j.slopes};
    size_t sum = 0;
    for (int i = 0; i < 12; i++)
        sum += size[i];
    j.block = floats(sum);
    for (int i = 0, at = 0; i < 12; at += (int)size[i++])
        *part[i] = j.block + at;
    return j;
}

/* Forward from state 0 with random inputs that add numbers of the deviation `inputs` to
 * each neuron, and back from a random gradient in the last state. */
void journey_make(struct journey *j, bool normal, float radius, float inputs,
                  uint64_t *chance)
{
    const int T = j->T, N = j->N, D = j->D, H = j->H;
    state_weights(j->Wh, normal, radius, H, chance);
    fill_normal(j->x, T*N*D, 1, chance);
    fill_normal(j->Wx, H*D, inputs / sqrtf((float)D), chance);
    memset(j->dh, 0, (size_t)T*N*H * sizeof(float));
    fill_normal(j->dh + T*N*H, N*H, 1, chance);
    rnn_forward(j->h, j->x, j->Wx, j->Wh, j->b, T, N, D, H);
    rnn_backward(NULL, j->dh, j->dWx, j->dWh, j->db, j->dz, j->h, j->x, j->Wx, j->Wh,
                 T, N, D, H);
    state_norms(j->norms, j->dh, T, N, H);
    for (int t = 0; t <= T; t++) {
        double sum = 0;
        for (int i = t*N*H; i < (t + 1)*N*H; i++) {
            double slope = 1 - (double)j->h[i] * j->h[i];
            sum = fma(slope, slope, sum);
        }
        j->slopes[t] = (float)sqrt(sum / (N*H));
    }
}

const char *const kinds[] = {"orthogonal", "random"};

/* The norm of the gradient against the distance from the end, relative to that at the
 * end; and what the radius and the slopes of tanh alone would make of it. */
void norms_print(const struct settings *s)
{
    const float four[] = {0.5f, 0.9f, 1, 1.2f};
    struct journey j = journey_new(s->T ? s->T : 100, s->N, 8, s->hidden);
    printf("# start\tradius\tinputs\tdistance\tnorm\ttheory\tslope\n");
    for (int i = 0; i < 16; i++) {
        const bool normal = i / 8;
        const float radius = s->radius > 0 ? s->radius : four[i % 4];
        const float inputs = i / 4 % 2 ? s->inputs : 0;
        if (!(normal ? s->random : s->orthogonal) || (s->radius > 0 && i % 4) ||
            (s->inputs == 0 && i / 4 % 2))
            continue;
        uint64_t chance = stream((uint64_t)s->seed, 1);
        journey_make(&j, normal, radius, inputs, &chance);
        double theory = 1;
        for (int t = j.T; t >= 0; t--) {
            printf("%s\t%g\t%g\t%d\t%.4g\t%.4g\t%.4f\n", kinds[normal], radius, inputs,
                   j.T - t, j.norms[t] / j.norms[j.T], theory, j.slopes[t]);
            theory *= (double)radius * j.slopes[t];
        }
    }
    free(j.block);
}

/* By how much the gradient grows in a step, for many radii and strengths of inputs. */
void growth_print(const struct settings *s)
{
    const float strengths[] = {0, 0.01f, 0.1f, 0.3f, 1};
    struct journey j = journey_new(s->T ? s->T : 100, s->N, 8, s->hidden);
    const int half = j.T / 2;
    printf("# start\tradius\tinputs\tgrowth\ttheory\n");
    for (int kind = 0; kind < 2; kind++)
        for (int i = 0; i < 5 && (kind ? s->random : s->orthogonal); i++)
            for (int k = 5; k <= 16; k++) {
                uint64_t chance = stream((uint64_t)s->seed, 1);
                double slopes = 0;
                journey_make(&j, kind, (float)k / 10, strengths[i], &chance);
                for (int t = j.T; t > half; t--)
                    slopes += log32(j.slopes[t]);
                float steps = (float)(j.T - half);
                float grown = log32(j.norms[half]) - log32(j.norms[j.T]);
                printf("%s\t%g\t%g\t%.4f\t%.4f\n", kinds[kind], (float)k / 10,
                       strengths[i], exp32(grown / steps),
                       (float)k / 10 * exp32((float)slopes / steps));
            }
    free(j.block);
}

/* The radius that power iteration finds, from a vector of its own. */
float radius_found(const float *W, int steps, int H, uint64_t seed)
{
    float *v = floats(2*(size_t)H);
    uint64_t chance = stream(seed, 2);
    fill_normal(v, H, 1, &chance);
    float radius = spectral_radius(v, v + H, W, steps, H);
    free(v);
    return radius;
}

/* How the error of power iteration, and of squaring if asked for, falls with the power
 * of the matrix that they have come to. */
void power_print(const struct settings *s)
{
    const char *const names[] = {"symmetric", "random", "orthogonal"};
    const int H = s->hidden;
    float *W = floats(3*(size_t)H*H), *A = W + H*H, *B = A + H*H;
    printf("# matrix\tmethod\tpower\tradius\terror\n");
    for (int kind = 0; kind < 3; kind++) {
        uint64_t chance = stream((uint64_t)s->seed, 1);
        state_weights(W, kind < 2, 1, H, &chance);
        for (int i = 0; i < H*H && kind == 0; i++)
            W[i] = W[i / H < i % H ? i : i % H * H + i / H];
        const float truth = radius_found(W, 1 << 19, H, (uint64_t)s->seed);
        for (int k = 0; k <= 15; k++)
            for (int squared = 0; squared <= s->stars; squared++) {
                float r = squared ? radius_by_squaring(A, B, W, k, H)
                                  : radius_found(W, 1 << k, H, (uint64_t)s->seed);
                printf("%s\t%s\t%d\t%.6f\t%.3g\n", names[kind],
                       squared ? "squaring" : "iteration", 1 << k, r,
                       fabsf(r / truth - 1));
            }
    }
    free(W);
}

/* ---- the program: the adding problem -------------------------------------------- */

/* What is known of a training after some of its steps: the mean error of the steps
 * since the line before; what the gradient at the middle of the sequence is of that at
 * the end, the logarithm; and the radius.  Line 0 is that of the first weights. */
struct line { float error, reach, radius; };

enum { LINES = 40 };  // at most, and the first

struct trial {
    int T;
    bool random;
    int seed;
    struct line line[LINES + 1];
};

/* How many steps have been made at a line. */
int line_end(int i, const struct settings *s)
{
    return (int)((long)s->steps * i / least(LINES, s->steps));
}

/* A look at the last gradient and at the weights. */
struct line adder_look(const struct adder *a, float error, uint64_t *chance)
{
    const int T = a->w.T, H = a->net.H;
    float *norms = floats((size_t)T + 1), *v = floats(2*(size_t)H);
    fill_normal(v, H, 1, chance);
    state_norms(norms, a->w.dh[0], T, a->w.N, H);
    struct line l = {error, log32(norms[T / 2] / norms[T]),
                     spectral_radius(v, v + H, a->net.Wh[0], RADIUS_STEPS, H)};
    free(v);
    free(norms);
    return l;
}

void trial_run(struct trial *r, const struct settings *s)
{
    struct recurrent net = {.cell = &rnn, .D = 2, .H = s->hidden, .layers = 1, .K = 1};
    uint64_t chance = stream((uint64_t)r->seed, 1);
    uint64_t examples = stream((uint64_t)r->seed, 2);
    net = recurrent_at(floats((size_t)recurrent_size(&net)), &net);
    recurrent_init(&net, &chance);
    if (!r->random)
        orthogonal(net.Wh[0], net.H, &chance);
    struct adder a = adder_new(&net, r->T, s->N, s->rate, &examples);
    adding_batch(a.w.x, a.y, &chance, r->T, s->N);
    float error = recurrent_regress(&a.grad, &a.w, &a.net, a.y);
    r->line[0] = adder_look(&a, error, &chance);
    for (int i = 1, done = 0; done < s->steps; done = line_end(i++, s)) {
        error = adder_steps(&a, line_end(i, s) - done, s->clip);
        r->line[i] = adder_look(&a, error, &chance);
    }
    adder_free(&a);
    free(net.table);
}

/* The trials of one kind, which differ in their seed alone. */
void trials_print(const struct trial *r, const struct settings *s)
{
    for (int i = 0; i <= least(LINES, s->steps); i++) {
        float error = 0, low = INFINITY, high = 0, reach = 0, radius = 0;
        for (int k = 0; k < s->seeds; k++) {
            struct line l = r[k].line[i];
            error += l.error / (float)s->seeds;
            reach += l.reach / (float)s->seeds;
            radius += l.radius / (float)s->seeds;
            low = fminf(low, l.error);
            high = fmaxf(high, l.error);
        }
        printf("%s\t%d\t%d\t%.4f\t%.4f\t%.4f\t%.3g\t%.3f\n", kinds[r->random], r->T,
               line_end(i, s), error, low, high, exp32(reach), radius);
    }
}

void adding_print(const struct settings *s)
{
    if (s->T == 1)
        die("T=1: the adding problem has two marks, and so two steps at least");
    const int five[] = {200, 100, 50, 20, 10}, lengths = s->T ? 1 : 5;
    struct trial *all = memory(10 * (size_t)s->seeds, sizeof *all);
    int count = 0, done = 0;
    for (int i = 0; i < 2*lengths*s->seeds; i++) {
        bool random = i / s->seeds % 2;
        if (random ? s->random : s->orthogonal)
            all[count++] = (struct trial){
                .T = s->T ? s->T : five[i / s->seeds / 2], .random = random,
                .seed = s->seed + i % s->seeds,
            };
    }
    struct progress bar = {.what = "adding"};
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++) {
        trial_run(all + i, s);
        #pragma omp critical
        progress(&bar, ++done, count);
    }
    printf("# start\tT\tstep\terror\tlow\thigh\treach\tradius\n");
    for (int i = 0; i < count; i += s->seeds)
        trials_print(all + i, s);
    free(all);
}

/* ---- the program: a text in pieces ---------------------------------------------- */

/* A training on a text that is read in pieces: the batch is always as many characters,
 * so that all take as many steps. */
struct reading {
    int piece;
    bool carry;
    float train[10], test[10], cut[10];  // bits a character
};

struct reader {
    struct recurrent net, grad;
    struct recurrent_work w;
    int *t;
};

/* Bits a character on a text that is new, in pieces that begin with the state carried
 * or with none. */
float reader_test(struct reader *k, const int *text, int length, bool carry)
{
    const int T = k->w.T, N = k->w.N, pieces = stream_pieces(length, T, N);
    double sum = 0;
    state_clear(&k->w, &k->net);
    for (int p = 0; p < pieces; p++) {
        stream_batch(k->w.ids, k->t, text, length, p, T, N);
        recurrent_forward(&k->w, &k->net);
        sum += sequence_loss_forward(k->w.p, k->w.z, k->t, T*N, k->net.K);
        if (carry)
            state_carry(&k->w, &k->net);
    }
    return (float)(sum / pieces / M_LN2);
}

struct reader reader_new(const struct recurrent *net, const struct recurrent *grad,
                         int T, int N)
{
    return (struct reader){*net, *grad, recurrent_work_new(net, T, N, T),
                           ints((size_t)T*N)};
}

void reader_free(struct reader *k)
{
    free(k->t);
    recurrent_work_free(&k->w);
}

void reading_run(struct reading *r, const struct text *text, const struct settings *s)
{
    const int T = r->piece, N = s->batch / T, H = s->hidden;
    const int length = text->n / 10 * 9, left = text->n - length;
    const int V = text->V;
    struct recurrent net = {.cell = &rnn, .V = V, .H = H, .layers = 1, .K = V};
    const int n = recurrent_size(&net);
    uint64_t chance = stream((uint64_t)s->seed, 1);
    net = recurrent_at(floats((size_t)n), &net);
    recurrent_init(&net, &chance);
    struct recurrent grad = recurrent_at(floats((size_t)n), &net);
    struct reader k = reader_new(&net, &grad, T, N);
    struct reader test = reader_new(&net, &grad, T, s->batch / 50);
    struct optimizer o = optimizer_new(ADAM, s->rate, n);
    const int pieces = stream_pieces(length, T, N);
    double sum = 0;
    for (int step = 0, line = 0, since = 0; step < s->steps; ) {
        if (step % pieces == 0)
            state_clear(&k.w, &net);
        stream_batch(k.w.ids, k.t, text->ids, length, step % pieces, T, N);
        sum += recurrent_gradient(&grad, &k.w, &net, k.t);
        clip_norm(grad.table, s->clip, n);
        optimizer_step(&o, net.table, grad.table);
        if (r->carry)
            state_carry(&k.w, &net);
        step++, since++;
        if (step < (long)s->steps * (line + 1) / 10)
            continue;
        r->train[line] = (float)(sum / since / M_LN2);
        r->test[line] = reader_test(&test, text->ids + length, left, true);
        r->cut[line++] = reader_test(&test, text->ids + length, left, false);
        sum = since = 0;
    }
    reader_free(&test);
    reader_free(&k);
    free(o.m);
    free(grad.table);
    free(net.table);
}

void text_print(const struct settings *s)
{
    const int pieces[] = {50, 20, 5, 1};
    struct reading all[8];
    struct text text = text_open(s->text);
    if (text.n < 10*s->batch + 10)
        die("%s: found %d characters, wanted %d at least: ten batches and a few",
            s->text, text.n, 10*s->batch + 10);
    struct progress bar = {.what = "reading"};
    int done = 0;
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 8; i++) {
        all[i] = (struct reading){.piece = pieces[i / 2], .carry = i % 2};
        reading_run(all + i, &text, s);
        #pragma omp critical
        progress(&bar, ++done, 8);
    }
    printf("# piece\tcarry\tstep\ttrain\ttest\tcut\n");
    for (const struct reading *r = all; r < all + 8; r++)
        for (int line = 0; line < 10; line++)
            printf("%d\t%d\t%d\t%.4f\t%.4f\t%.4f\n", r->piece, r->carry,
                   (int)((long)s->steps * (line + 1) / 10), r->train[line],
                   r->test[line], r->cut[line]);
    text_free(&text);
}

int main(int argc, char **argv)
{
    const char *show = "norms", *start = "both", *text = "data/course/course.txt";
    int T = 0, N = 20, hidden = 0, steps = 0, seeds = 3, seed = 1, batch = 1000;
    int stars = 0;
    float radius = 0, inputs = 0.3f, rate = 0, clip = 1;
    OPTIONS("what becomes of a gradient on its way back through time",
            CHOICE(show, "norms|growth|power|adding|text",
                   "gradients against distance, their growth in a step, how power "
                   "iteration converges, the adding problem, a text in pieces"),
            CHOICE(start, "both|orthogonal|random", "first weights of the state"),
            OPTION(radius, 0, 10, "of norms: spectral radius; 0 stands for four"),
            OPTION(inputs, 0, 100, "of norms: deviation of what the inputs add"),
            OPTION(T, 0, 10000, "steps; 0 stands for ours"),
            OPTION(N, 1, 10000, "sequences"),
            OPTION(hidden, 0, 4096, "size of the state; 0 stands for ours"),
            OPTION(steps, 0, 1000000, "of training; 0 stands for ours"),
            OPTION(rate, 0, 1, "learning rate; 0 stands for ours"),
            OPTION(clip, 0, 1e6, "largest norm of a gradient"),
            OPTION(seeds, 1, 100, "of adding: trainings of each kind"),
            OPTION(seed, 0, 1000000, "of the first: weights and examples"),
            OPTION(stars, 0, 1, "1: power also by squaring, the starred exercise"),
            OPTION(batch, 50, 100000, "of text: characters in a step"),
            TEXT(text, "of text: the file that is read"));
    struct settings s = {T, N, hidden ? hidden : 64, steps, seeds, seed, batch, stars,
                         radius, inputs, rate, clip, strcmp(start, "orthogonal"),
                         strcmp(start, "random"), text};
    if (!strcmp(show, "norms")) {
        norms_print(&s);
    } else if (!strcmp(show, "growth")) {
        growth_print(&s);
    } else if (!strcmp(show, "power")) {
        power_print(&s);
    } else if (!strcmp(show, "adding")) {
        s.steps = steps ? steps : 10000;
        s.rate = rate > 0 ? rate : 0.002f;
        s.hidden = hidden ? hidden : 16;
        adding_print(&s);
    } else {
        s.steps = steps ? steps : 2000;
        s.rate = rate > 0 ? rate : 0.005f;
        text_print(&s);
    }
}
#endif
#endif
