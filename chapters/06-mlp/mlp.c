/* 06-mlp: neurons in layers, and the gradient through all of them.
 *
 * As in 03-neuron, fmaf(a, b, s) stands for s + a * b where every compiler and every
 * machine must give the same bits.
 */
#ifndef MLP_C
#define MLP_C
#include <02-matrices/matrices.c>
#include <03-neuron/neuron.c>
#include "../../data/set.h"

/* ---- a layer of neurons ---------------------------------------------------- */

/* Exercise 6.1: the linear layer forward: M neurons, each with its row of W.
 *
 *     y[n,m] = b[m] + sum over d of x[n,d] W[m,d]
 *
 * y is overwritten.
 * Hint: gemm() of chapter 2 adds to what is there when told ADD.
 */
void linear_forward(float *y,        // [N,M]  overwritten
                    const float *x,  // [N,D]
                    const float *W,  // [M,D]
                    const float *b,  // [M]
                    int N, int D, int M)
{
    // Every row begins as the biases.
    // The products are added to it; W lies transposed.
    TODO("6.1");
}

/* Exercise 6.2: the linear layer backward, given dy, the gradient in its output.
 *
 *     dx[n,d] += sum over m of dy[n,m] W[m,d]
 *     dW[m,d] += sum over n of dy[n,m] x[n,d]
 *     db[m]   += sum over n of dy[n,m]
 *
 * All three are added to.  dx may be NULL: then nobody wants it.
 * Hint: two of the three are a gemm() with ADD; which matrix lies transposed?
 */
void linear_backward(float *dx,        // [N,D]  added to, or NULL
                     float *dW,        // [M,D]  added to
                     float *db,        // [M]  added to
                     const float *dy,  // [N,M]
                     const float *x,   // [N,D]
                     const float *W,   // [M,D]
                     int N, int D, int M)
{
    // The inputs' share, if it is wanted.
    // The weights' share.
    // The biases' share.
    TODO("6.2");
}

/* ---- activations ----------------------------------------------------------- */

/* All of these work on n numbers, whatever their shape.  Every backward function takes
 * the output y and not the input: so forward may overwrite its input. */

/* Exercise 6.3: relu forward.
 *
 *     y[i] = max(x[i], 0)
 *
 * y is overwritten; it may be x itself.
 */
void relu_forward(float *y,        // [n]  overwritten
                  const float *x,  // [n]
                  int n)
{
    // What is positive passes.
    TODO("6.3");
}

/* Exercise 6.4: relu backward.
 *
 *     dx[i] += dy[i]  where y[i] > 0, and nothing elsewhere
 *
 * dx is added to.
 */
void relu_backward(float *dx,        // [n]  added to
                   const float *dy,  // [n]
                   const float *y,   // [n]  of relu_forward
                   int n)
{
    // What passed is to blame, the rest is not.
    TODO("6.4");
}

/* Exercise 6.5: sigmoid forward.
 *
 *     y[i] = sigmoid(x[i])
 *
 * y is overwritten; it may be x itself.
 */
void sigmoid_forward(float *y,        // [n]  overwritten
                     const float *x,  // [n]
                     int n)
{
    // The sigmoid of chapter 3, which does not overflow.
    TODO("6.5");
}

/* Exercise 6.6: sigmoid backward.
 *
 *     dx[i] += dy[i] y[i] (1 - y[i])
 *
 * dx is added to.
 */
void sigmoid_backward(float *dx,        // [n]  added to
                      const float *dy,  // [n]
                      const float *y,   // [n]  of sigmoid_forward
                      int n)
{
    // The slope, written in the output.
    TODO("6.6");
}

/* Exercise 6.7: tanh forward.
 *
 *     y[i] = tanh(x[i])
 *
 * y is overwritten; it may be x itself.
 */
void tanh_forward(float *y,        // [n]  overwritten
                  const float *x,  // [n]
                  int n)
{
    // The kit has one that gives the same bits everywhere.
    TODO("6.7");
}

/* Exercise 6.8: tanh backward.
 *
 *     dx[i] += dy[i] (1 - y[i]^2)
 *
 * dx is added to.
 */
void tanh_backward(float *dx,        // [n]  added to
                   const float *dy,  // [n]
                   const float *y,   // [n]  of tanh_forward
                   int n)
{
    // The slope, written in the output.
    TODO("6.8");
}

/* Exercise 6.9: leaky relu forward: relu that lets a little of the negative through.
 *
 *     y[i] = x[i]        where x[i] > 0
 *     y[i] = slope x[i]  elsewhere
 *
 * y is overwritten; it may be x itself.
 */
void leaky_relu_forward(float *y,        // [n]  overwritten
                        const float *x,  // [n]
                        float slope,     // above 0
                        int n)
{
    // What is positive passes, the rest is made small.
    TODO("6.9");
}

/* Exercise 6.10: leaky relu backward.
 *
 *     dx[i] += dy[i]        where y[i] > 0
 *     dx[i] += slope dy[i]  elsewhere
 *
 * dx is added to.
 */
void leaky_relu_backward(float *dx,        // [n]  added to
                         const float *dy,  // [n]
                         const float *y,   // [n]  of leaky_relu_forward
                         float slope,      // above 0
                         int n)
{
    // The slope on either side of 0.
    TODO("6.10");
}

/* ---- losses ---------------------------------------------------------------- */

/* Exercise 6.11: softmax and mean cross-entropy, from logits.
 *
 *     p[n,k] = exp(z[n,k]) / sum over j of exp(z[n,j])
 *     returns 1/N  sum over n of  log(sum over j of exp(z[n,j])) - z[n,t[n]]
 *
 * p is overwritten.  The loss is finite for finite logits, also where p is 0.
 * Hint: take the largest logit of the row out of the logarithm.
 */
float cross_entropy_forward(float *p,        // [N,K]  overwritten
                            const float *z,  // [N,K]
                            const int *t,    // [N]  the true class, 0 to K-1
                            int N, int K)
{
    // The probabilities: exercise 2.6.
    // What every row loses: from its logits, as the logarithm of a p of 0 is infinite.
    // The mean of all rows.
    TODO("6.11");
}

/* Exercise 6.12: the gradient of 6.11 in the logits.
 *
 *     dz[n,k] += (p[n,k] - [k = t[n]]) / N      where [k = t[n]] is 1 or 0
 *
 * dz is added to.
 */
void cross_entropy_backward(float *dz,       // [N,K]  added to
                            const float *p,  // [N,K]  of cross_entropy_forward
                            const int *t,    // [N]  the true class, 0 to K-1
                            int N, int K)
{
    // What is given, less what is wanted.
    TODO("6.12");
}

/* Exercise 6.13: returns the mean squared error of n numbers.
 *
 *     1/n  sum over i of (y[i] - t[i])^2
 */
float mse_forward(const float *y,  // [n]
                  const float *t,  // [n]  what y should be
                  int n)
{
    // Add up the squares, in double, and take their mean.
    TODO("6.13");
}

/* Exercise 6.14: the gradient of 6.13 in y.
 *
 *     dy[i] += 2 (y[i] - t[i]) / n
 *
 * dy is added to.
 */
void mse_backward(float *dy,       // [n]  added to
                  const float *y,  // [n]
                  const float *t,  // [n]  what y should be
                  int n)
{
    // Twice what is too much, shared by n.
    TODO("6.14");
}

/* ---- the network ----------------------------------------------------------- */

enum activation { RELU, SIGMOID, TANH, LEAKY_RELU };

/* y = the activation of x, n numbers; y may be x. */
void activation_forward(float *y, const float *x, enum activation kind, int n)
{
    switch (kind) {
    case RELU:       relu_forward(y, x, n); break;
    case SIGMOID:    sigmoid_forward(y, x, n); break;
    case TANH:       tanh_forward(y, x, n); break;
    case LEAKY_RELU: leaky_relu_forward(y, x, 0.01f, n); break;
    }
}

/* dx += the gradient through the activation whose output was y. */
void activation_backward(float *dx, const float *dy, const float *y,
                         enum activation kind, int n)
{
    switch (kind) {
    case RELU:       relu_backward(dx, dy, y, n); break;
    case SIGMOID:    sigmoid_backward(dx, dy, y, n); break;
    case TANH:       tanh_backward(dx, dy, y, n); break;
    case LEAKY_RELU: leaky_relu_backward(dx, dy, y, 0.01f, n); break;
    }
}

/* A network of layers 1 to layers: with h[0] the inputs,
 *
 *     h[l] = activation(h[l-1] W[l]' + b[l])
 *
 * and no activation on the last layer, which gives logits. */
enum { LAYERS = 32 };

struct mlp {
    int layers, size[LAYERS + 1];
    enum activation activation;
    float *W[LAYERS + 1];  // [size[l],size[l-1]]
    float *b[LAYERS + 1];  // [size[l]]
};

/* How many weights and biases such a network has. */
int mlp_size(const int *size, int layers)
{
    int n = 0;
    for (int l = 1; l <= layers; l++)
        n += size[l] * (size[l-1] + 1);
    return n;
}

/* A block of mlp_size() floats seen as a network; it stays the caller's.  The gradient
 * is a network too, in a block of its own: its W[l] is dW of layer l. */
struct mlp mlp_at(float *block, const int *size, int layers, enum activation activation)
{
    struct mlp net = {.layers = layers, .size = {size[0]}, .activation = activation};
    for (int l = 1; l <= layers; l++) {
        net.size[l] = size[l];
        net.W[l] = block;
        net.b[l] = net.W[l] + size[l] * size[l-1];
        block = net.b[l] + size[l];
    }
    return net;
}

/* Random weights, normal with variance 2 / inputs, and biases 0 (He and others, 2015).
 * Why just so is the subject of chapter 7. */
void mlp_init(struct mlp *net, uint64_t *chance)
{
    for (int l = 1; l <= net->layers; l++) {
        int D = net->size[l-1], M = net->size[l];
        float deviation = sqrtf(2 / (float)D);
        for (int i = 0; i < M*D; i++)
            net->W[l][i] = deviation * normal(chance);
        memset(net->b[l], 0, (size_t)M * sizeof(float));
    }
}

/* What N examples leave behind in the layers, and the gradients in it: dz[l] before the
 * activation of layer l, dh[l] after it.  Of the last layer h is the logits, and there
 * is no dh. */
struct mlp_work {
    float *h[LAYERS + 1], *dh[LAYERS + 1], *dz[LAYERS + 1];  // [N,size[l]]
    float *p;                                                // [N,K]  probabilities
};

/* How many floats that is for N examples. */
size_t mlp_work_size(const int *size, int layers, int N)
{
    size_t n = size[0] + size[layers];
    for (int l = 1; l <= layers; l++)
        n += (l < layers ? 3 : 2) * size[l];
    return n * N;
}

/* A block of so many floats seen as work space; it serves fewer examples as well. */
struct mlp_work mlp_work_at(float *block, const int *size, int layers, int N)
{
    struct mlp_work work = {.h = {block}};
    block += (size_t)N * size[0];
    for (int l = 1; l <= layers; l++) {
        size_t n = (size_t)N * size[l];
        work.h[l] = block;
        work.dz[l] = block + n;
        work.dh[l] = l < layers ? block + 2*n : NULL;
        block += (l < layers ? 3 : 2) * n;
    }
    work.p = block;
    return work;
}

/* Exercise 6.15: the network forward.
 *
 *     h[l] = activation(h[l-1] W[l]' + b[l])    for l = 1 .. layers
 *
 * with no activation on the last layer.  h[0] holds the inputs, h[1] and all that
 * follow are overwritten.
 */
void mlp_forward(struct mlp_work *work,  // h[0] given, h[1] .. h[layers] overwritten
                 const struct mlp *net, int N)
{
    // Layer by layer: the linear part, then the activation in place, but on the last.
    TODO("6.15");
}

/* Exercise 6.16: the network backward, from the gradient in the logits, dz[layers].
 *
 *     dz[l]        through the linear part     to dh[l-1], dW[l], db[l]
 *     dh[l-1]      through the activation      to dz[l-1]
 *
 * for l = layers .. 1.  All are added to; the other dz and dh are 0 before.  Nobody
 * wants the gradient in the inputs.
 */
void mlp_backward(struct mlp *grad,        // W, b added to
                  struct mlp_work *work,   // h, dz[layers] given, other dz, dh added to
                  const struct mlp *net, int N)
{
    // From the last layer to the first: back through the linear part, then through the
    // activation before it, if there is one.
    TODO("6.16");
}

/* Exercise 6.17: the class of every example: the index of its largest logit, and of
 * equal ones the first.
 *
 * k is overwritten; h[0] of the work space holds the inputs.
 */
void mlp_predict(int *k,                 // [N]  overwritten, 0 to K-1
                 struct mlp_work *work,  // h[0] given, h[1] .. h[layers] overwritten
                 const struct mlp *net, int N)
{
    // The network forward.
    // The best of every row of logits.
    TODO("6.17");
}

/* ---- training -------------------------------------------------------------- */

/* All gradients 0, for what is added to them next. */
void mlp_clear(struct mlp *grad, struct mlp_work *work, int N)
{
    memset(grad->W[1], 0, (size_t)mlp_size(grad->size, grad->layers) * sizeof(float));
    for (int l = 1; l <= grad->layers; l++) {
        size_t bytes = (size_t)N * grad->size[l] * sizeof(float);
        memset(work->dz[l], 0, bytes);
        if (l < grad->layers)
            memset(work->dh[l], 0, bytes);
    }
}

/* The gradient of the mean loss of the N examples in h[0], with classes t [N]; returns
 * that loss. */
float mlp_gradient(struct mlp *grad,        // overwritten
                   struct mlp_work *work,   // h[0] given, the rest overwritten
                   const struct mlp *net, const int *t, int N)
{
    int last = net->layers, K = net->size[last];
    mlp_clear(grad, work, N);
    mlp_forward(work, net, N);
    float loss = cross_entropy_forward(work->p, work->h[last], t, N, K);
    cross_entropy_backward(work->dz[last], work->p, t, N, K);
    mlp_backward(grad, work, net, N);
    return loss;
}

/* One step of gradient descent on these examples; returns their loss before it. */
float mlp_train_step(struct mlp *net, struct mlp *grad, struct mlp_work *work,
                     const int *t, float rate, int N)
{
    float loss = mlp_gradient(grad, work, net, t, N);
    sgd_step(net->W[1], grad->W[1], rate, mlp_size(net->size, net->layers));
    return loss;
}

/* A network with all that its training needs, in one block. */
struct trainer {
    float *block;  // free() it when done
    struct mlp net, grad;
    struct mlp_work work;
    int batch;     // examples that there is room for
};

struct trainer trainer_new(const int *size, int layers, enum activation activation,
                           int batch)
{
    // Each part begins at a multiple of 64 bytes.
    size_t n = (mlp_size(size, layers) + 15) / 16 * 16;
    float *block = floats(2*n + mlp_work_size(size, layers, batch));
    return (struct trainer){
        .block = block, .batch = batch,
        .net = mlp_at(block, size, layers, activation),
        .grad = mlp_at(block + n, size, layers, activation),
        .work = mlp_work_at(block + 2*n, size, layers, batch),
    };
}

/* The mean loss, and the fraction that gets its own class. */
struct score { float loss, accuracy; };

/* Predicts the N examples that order names, batch after batch. */
struct score trainer_predict(int *k,            // [N]  overwritten
                             struct trainer *tr, const struct set *set,
                             const int *order,  // [N], or NULL for the first N
                             int N)
{
    double loss = 0;
    int right = 0, last = tr->net.layers, *t = ints(tr->batch), *index = ints(tr->batch);
    for (int first = 0; first < N; first += tr->batch) {
        int B = N - first < tr->batch ? N - first : tr->batch;
        for (int n = 0; n < B; n++)
            index[n] = order ? order[first + n] : first + n;
        set_batch(tr->work.h[0], t, set, index, B);
        mlp_predict(k + first, &tr->work, &tr->net, B);
        loss += (double)B * cross_entropy_forward(tr->work.p, tr->work.h[last], t, B,
                                                  set->K);
        for (int n = 0; n < B; n++)
            right += k[first + n] == t[n];
    }
    free(index);
    free(t);
    return (struct score){(float)(loss / N), (float)right / (float)N};
}

/* ---- the program: training ------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

struct recipe {
    int layers, size[LAYERS + 1];
    enum activation activation;
    float rate;
    int batch, epochs, seed;
    bool lines, bars;  // what to print: a line of results an epoch, a bar on stderr
};

/* One pass through the training set in a new order. */
void trainer_epoch(struct trainer *tr, const struct recipe *r, const struct set *train,
                   int *order,  // [N]
                   uint64_t *chance)
{
    int *t = ints(r->batch);
    shuffle(order, train->N, chance);
    for (int first = 0; first < train->N; first += r->batch) {
        int N = train->N - first < r->batch ? train->N - first : r->batch;
        set_batch(tr->work.h[0], t, train, order + first, N);
        mlp_train_step(&tr->net, &tr->grad, &tr->work, t, r->rate, N);
    }
    free(t);
}

void epoch_print(const struct recipe *r, int epoch, struct score train,
                 struct score test)
{
    char name[32], percent[32];
    printf("%d\t%.4f\t%.4f\t%.4f\t%.4f\n", epoch, train.loss, test.loss, train.accuracy,
           test.accuracy);
    if (!r->bars || !epoch)
        return;
    snprintf(name, sizeof name, "epoch %2d", epoch);
    snprintf(percent, sizeof percent, "%.1f %% right", 100 * test.accuracy);
    bar_draw(stderr, name, test.accuracy, 40, percent);
}

/* Trains a network from new weights.  Returns its score on the test set. */
struct score trainer_run(int *k,  // [N]  overwritten: the class of each test example
                         struct trainer *tr, const struct recipe *r,
                         const struct set *train, const struct set *test)
{
    struct score score = {0};
    struct progress bar = {.what = "training"};
    uint64_t chance = stream(r->seed, 1);
    int *order = ints(train->N), *k_train = ints(train->N);
    for (int n = 0; n < train->N; n++)
        order[n] = n;
    mlp_init(&tr->net, &chance);
    for (int epoch = 0; epoch <= r->epochs; epoch++) {
        if (epoch)
            trainer_epoch(tr, r, train, order, &chance);
        if (r->lines || epoch == r->epochs)
            score = trainer_predict(k, tr, test, NULL, test->N);
        if (r->lines) {
            progress(&bar, 1, 1);
            epoch_print(r, epoch,
                        trainer_predict(k_train, tr, train, NULL, train->N), score);
            progress(&bar, epoch, r->epochs);
        }
    }
    free(k_train);
    free(order);
    return score;
}

/* ---- the program: what to show --------------------------------------------- */

/* The probability of class 1 on a grid over the plane, then the training points. */
void boundary_print(struct trainer *tr, const struct set *train)
{
    enum { SIDE = 61 };
    const float step = 0.04f;
    float *h = tr->work.h[0];
    printf("# x0\tx1\tprobability\n");
    for (int i = 0; i < SIDE * SIDE; i++) {
        h[0] = step * (float)(i % SIDE - SIDE/2);
        h[1] = step * (float)(i / SIDE - SIDE/2);
        mlp_forward(&tr->work, &tr->net, 1);
        softmax_rows(tr->work.p, tr->work.h[tr->net.layers], 1, 2);
        printf("%.2f\t%.2f\t%.3f\n%s", h[0], h[1], tr->work.p[1],
               (i + 1) % SIDE ? "" : "\n");
    }
    printf("\n# x0\tx1\tclass\n");
    for (int n = 0; n < train->N; n++)
        printf("%.3f\t%.3f\t%d\n", train->x[2*n], train->x[2*n + 1], train->t[n]);
}

/* The confusion matrix: a row for each true class, a column for each predicted one. */
void confusion_print(const int *k, const struct set *test)
{
    int K = test->K, *count = ints(K * K);
    for (int n = 0; n < test->N; n++)
        count[set_class(test, n) * K + k[n]]++;
    printf("# true");
    for (int c = 0; c < K; c++)
        printf("\t%s", set_name(test, c));
    for (int i = 0; i < K * K; i++) {
        if (i % K == 0)
            printf("\n%s", set_name(test, i / K));
        printf("\t%d", count[i]);
    }
    printf("\n");
    free(count);
}

/* The test accuracy by depth and width: mean, worst and best of three seeds. */
void map_print(const struct recipe *recipe, const struct set *train,
               const struct set *test)
{
    enum { DEPTHS = 5, WIDTHS = 5, SEEDS = 3 };
    struct progress bar = {.what = "training"};
    int *k = ints(test->N);
    printf("# hidden_layers\twidth\taccuracy\tworst\tbest\n");
    for (int i = 0; i < DEPTHS * WIDTHS; i++) {
        struct recipe r = *recipe;
        int depth = 1 + i / WIDTHS, width = 2 << i % WIDTHS;
        float sum = 0, worst = 1, best = 0;
        r.layers = depth + 1;
        r.size[r.layers] = train->K;
        for (int l = 1; l <= depth; l++)
            r.size[l] = width;
        struct trainer tr = trainer_new(r.size, r.layers, r.activation, r.batch);
        for (r.seed = recipe->seed; r.seed < recipe->seed + SEEDS; r.seed++) {
            float a = trainer_run(k, &tr, &r, train, test).accuracy;
            sum += a;
            worst = a < worst ? a : worst;
            best = a > best ? a : best;
        }
        progress(&bar, i + 1, DEPTHS * WIDTHS);
        printf("%d\t%d\t%.4f\t%.4f\t%.4f\n", depth, width, sum / SEEDS, worst, best);
        free(tr.block);
    }
    free(k);
}

/* Draws the first N test images on stderr, with what the network takes them for. */
void pictures_show(const int *k, const struct set *test, int N)
{
    struct { char text[64]; } *label = memory(N, sizeof *label);
    const char **captions = memory(N, sizeof *captions);
    float *x = floats((size_t)N * test->D);
    for (int n = 0; n < N; n++) {
        bool right = k[n] == set_class(test, n);
        images_row(x + n*test->D, &test->images, n);
        snprintf(label[n].text, sizeof label->text, "%s\n%s%s", set_name(test, k[n]),
                 right ? "right" : "is ",
                 right ? "" : set_name(test, set_class(test, n)));
        captions[n] = label[n].text;
    }
    fputc('\n', stderr);
    pictures_draw(stderr, x, captions, N, test->images.Y, test->images.X, 2);
    free(x);
    free(captions);
    free(label);
}

/* Reads "256,128" into size[1], size[2] and returns how many there are; "none" is 0. */
int sizes_read(int *size, const char *text)
{
    int count = 0;
    if (!strcmp(text, "none"))
        return 0;
    for (const char *at = text; ; ) {
        char *end;
        long n = strtol(at, &end, 10);
        bool good = end > at && (!*end || *end == ',') && n >= 1 && n <= 4096;
        if (!good || count == LAYERS - 1)
            die("hidden=%s: wanted 1 to %d whole numbers from 1 to 4096, separated by "
                "commas, or none", text, LAYERS - 1);
        size[++count] = (int)n;
        if (!*end)
            return count;
        at = end + 1;
    }
}

enum activation activation_read(const char *text)
{
    return !strcmp(text, "relu") ? RELU : !strcmp(text, "sigmoid") ? SIGMOID
           : !strcmp(text, "tanh") ? TANH : LEAKY_RELU;
}

int main(int argc, char **argv)
{
    const char *data = "fashion", *show = "curve", *hidden = "256,128";
    const char *activation = "relu", *folder = "data/fashion-mnist";
    int batch = 16, epochs = 0, examples = 60000, seed = 1, pictures = 0;
    float rate = 0.02f;
    OPTIONS("trains a network of linear layers",
            CHOICE(data, "fashion|spirals|moons", "what to learn"),
            CHOICE(show, "curve|boundary|confusion|map", "what to print"),
            TEXT(hidden, "sizes of the hidden layers, separated by commas, or none"),
            CHOICE(activation, "relu|sigmoid|tanh|leaky", "of the hidden layers"),
            OPTION(rate, 1e-6, 100, "learning rate"),
            OPTION(batch, 1, 4096, "examples in a step"),
            OPTION(epochs, 0, 100000,
                   "passes through the examples; 0 stands for 10, with points for 200"),
            OPTION(examples, 1, 60000, "to train on at most; of points there are 1000"),
            OPTION(seed, 0, 1000000, "of weights, order and points"),
            OPTION(pictures, 0, 100, "test images to draw in the terminal"),
            TEXT(folder, "where the images are"));
    bool points = strcmp(data, "fashion"), moons = !strcmp(data, "moons");
    struct recipe r = {.activation = activation_read(activation), .rate = rate,
                       .batch = batch, .seed = seed,
                       .lines = !strcmp(show, "curve"), .bars = pictures};
    r.epochs = epochs ? epochs : points ? 200 : 10;
    r.layers = 1 + sizes_read(r.size, hidden);
    if (!points && !strcmp(show, "boundary"))
        die("show=boundary: wanted data=spirals or data=moons, points of a plane");
    if (pictures && (points || !strcmp(show, "map")))
        die("pictures=%d: wanted data=fashion, and not show=map", pictures);
    struct set train = points ? set_points(moons, examples, stream(seed, 2))
                              : set_images(folder, "train", examples);
    struct set test = points ? set_points(moons, 1000, stream(seed, 3))
                             : set_images(folder, "t10k", INT_MAX);
    if (train.D != test.D)
        die("%s: training images of %d pixels, test images of %d", folder, train.D,
            test.D);
    r.size[0] = train.D;
    r.size[r.layers] = train.K;

    if (!strcmp(show, "map")) {
        map_print(&r, &train, &test);
    } else {
        struct trainer tr = trainer_new(r.size, r.layers, r.activation, batch);
        int *k = ints(test.N);
        if (r.lines)
            printf("# epoch\ttrain_loss\ttest_loss\ttrain_accuracy\ttest_accuracy\n");
        trainer_run(k, &tr, &r, &train, &test);
        if (!strcmp(show, "boundary"))
            boundary_print(&tr, &train);
        if (!strcmp(show, "confusion"))
            confusion_print(k, &test);
        if (pictures)
            pictures_show(k, &test, pictures < test.N ? pictures : test.N);
        free(k);
        free(tr.block);
    }

    set_free(&test);
    set_free(&train);
}

#endif
#endif
