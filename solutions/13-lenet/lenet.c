/* 13-lenet: more pictures out of those there are, and a network that looks at them
 * through small kernels, as LeCun and others built one in 1998.
 *
 * An image is [Y,X,C], a batch of them [N,Y,X,C].  Pixel (i,j) has its centre at row i
 * and column j, both whole numbers; so the centre of an image is at row (Y-1)/2 and
 * column (X-1)/2.
 */
#ifndef LENET_C
#define LENET_C
#include <12-convolution/convolution.c>
#include <08-optimizers/optimizers.c>

/* ---- one image, changed ----------------------------------------------------- */

/* Exercise 13.1: an image in a mirror: left and right exchanged.
 *
 *     y[i,j,c] = x[i,X-1-j,c]
 *
 * y is overwritten; it is not x.
 */
void image_flip(float *y,        // [Y,X,C]  overwritten
                const float *x,  // [Y,X,C]
                int Y, int X, int C)
{
    // Pixel by pixel, with all its channels.
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            memcpy(y + (i*X + j)*C, x + (i*X + X-1-j)*C, (size_t)C * sizeof *y);
}

/* Exercise 13.2: an image moved down by di rows and to the right by dj columns.
 *
 *     y[i,j,c] = x[i-di,j-dj,c]      and 0 where that lies outside of the image
 *
 * di and dj may be negative, and as large as they like.  y is overwritten; it is not x.
 */
void image_shift(float *y,        // [Y,X,C]  overwritten
                 const float *x,  // [Y,X,C]
                 int di, int dj, int Y, int X, int C)
{
    // Each pixel of y: where it comes from; is that a pixel of x?
    const size_t bytes = (size_t)C * sizeof *y;
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++, y += C) {
            int a = i - di, b = j - dj;
            if (a < 0 || a >= Y || b < 0 || b >= X)
                memset(y, 0, bytes);
            else
                memcpy(y, x + (a*X + b)*C, bytes);
        }
}

/* The C channels of an image at row i and column j, which need not be whole: from the
 * four pixels around, each with the weight (1 - its distance in rows) (1 - its distance
 * in columns).  Pixels outside of the image are 0.  y is overwritten. */
void image_sample(float *y,        // [C]  overwritten
                  const float *x,  // [Y,X,C]
                  float i, float j, int Y, int X, int C)
{
    memset(y, 0, (size_t)C * sizeof *y);
    if (!(i > -1 && i < (float)Y && j > -1 && j < (float)X))
        return;
    int top = (int)floorf(i), left = (int)floorf(j);
    float down = i - (float)top, right = j - (float)left;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
            float weight = (a ? down : 1 - down) * (b ? right : 1 - right);
            if (top + a < 0 || top + a >= Y || left + b < 0 || left + b >= X)
                continue;
            const float *pixel = x + ((top + a)*X + left + b)*C;
            for (int k = 0; k < C; k++)
                y[k] = fmaf(weight, pixel[k], y[k]);
        }
}

/* Exercise 13.3: an image made larger or smaller about its centre.
 *
 *     y[i,j,c] = x at row    (i - middle) / scale + middle       middle = (Y-1)/2
 *                and column  (j - centre) / scale + centre       centre = (X-1)/2
 *
 * with image_sample() above.  A scale above 1 makes it larger, so that the rim gets
 * lost; one below 1 smaller, and zeros enter.  y is overwritten; it is not x.
 */
void image_scale(float *y,        // [Y,X,C]  overwritten
                 const float *x,  // [Y,X,C]
                 float scale,     // above 0
                 int Y, int X, int C)
{
    // The centre of the image.
    float middle = (float)(Y - 1) / 2, centre = (float)(X - 1) / 2;
    // Each pixel of y is a sample of x.
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++) {
            float a = ((float)i - middle) / scale + middle;
            float b = ((float)j - centre) / scale + centre;
            image_sample(y + (i*X + j)*C, x, a, b, Y, X, C);
        }
}

/* Exercise 13.4*: an image turned about its centre, anticlockwise as one sees it with
 * row 0 on top.
 *
 *     y[i,j,c] = x at row    middle + cos (i - middle) + sin (j - centre)
 *                and column  centre + cos (j - centre) - sin (i - middle)
 *
 * with image_sample(), and middle and centre as in 13.3; cos and sin are those of the
 * angle.  y is overwritten; it is not x.
 */
void image_rotate(float *y,        // [Y,X,C]  overwritten
                  const float *x,  // [Y,X,C]
                  float degrees, int Y, int X, int C)
{
    // The centre of the image; the angle in radians, its cosine and sine in double.
    float middle = (float)(Y - 1) / 2, centre = (float)(X - 1) / 2;
    float c = (float)cos(M_PI * degrees / 180), s = (float)sin(M_PI * degrees / 180);
    // Each pixel of y is a sample of x.
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++) {
            float down = (float)i - middle, right = (float)j - centre;
            float a = fmaf(c, down, fmaf(s, right, middle));
            float b = fmaf(c, right, fmaf(-s, down, centre));
            image_sample(y + (i*X + j)*C, x, a, b, Y, X, C);
        }
}

/* Exercise 13.5: more or less contrast and light.
 *
 *     y[i] = factor x[i] + offset, but not below 0 and not above 1
 *
 * y is overwritten; it may be x itself.
 */
void image_brightness(float *y,        // [n]  overwritten
                      const float *x,  // [n]
                      float factor, float offset, int n)
{
    // All numbers alike: the line, then its two ends.
    for (int i = 0; i < n; i++) {
        float v = fmaf(factor, x[i], offset);
        y[i] = v < 0 ? 0 : v > 1 ? 1 : v;
    }
}

/* Exercise 13.6: a black square on the image, of side by side pixels.
 *
 *     x[a,b,c] = 0   for a from i - side/2 to i - side/2 + side - 1
 *                    and b from j - side/2 to j - side/2 + side - 1
 *
 * The division leaves no remainder: an even side has one more before (i,j) than after
 * it.  What of the square lies outside of the image is left out; (i,j) may too.  x is
 * changed in place.
 */
void image_cutout(float *x,  // [Y,X,C]  changed
                  int i, int j, int side, int Y, int X, int C)
{
    // The first row and column, and those that end it: within the image.
    int top = i - side / 2, left = j - side / 2;
    int bottom = top + side < Y ? top + side : Y;
    int right = left + side < X ? left + side : X;
    top = top > 0 ? top : 0;
    left = left > 0 ? left : 0;
    // What is left of the square.
    for (int a = top; a < bottom; a++)
        for (int b = left; b < right; b++)
            memset(x + (a*X + b)*C, 0, (size_t)C * sizeof *x);
}

/* ---- all of it, by chance --------------------------------------------------- */

/* How far an image may be changed; 0 and false stand for not at all. */
struct augmentation {
    bool flip;         // every second image
    int shift;         // at most so many pixels, each way
    float scale;       // 0.1: by a factor from 0.9 to 1.1
    float brightness;  // 0.1: factor from 0.9 to 1.1, offset from -0.1 to 0.1
    float rotation;    // 10: from -10 to 10 degrees
    int cutout;        // side of a black square
};

/* A number from -1 to 1, by one uniform(). */
float swing(uint64_t *chance)
{
    return 2*uniform(chance) - 1;
}

/* Exercise 13.7: an image changed by amounts that chance draws.
 *
 *     flip      if uniform() < 0.5
 *     shift     by di = below(2 shift + 1) - shift, then dj the same way
 *     scale     by 1 + scale swing()
 *     rotate    by rotation swing() degrees
 *     brightness: factor 1 + brightness swing(), then offset brightness swing()
 *     cutout    at i = below(Y), then j = below(X)
 *
 * are drawn in this order, all nine, even if they are not needed.  The changes are made
 * in the same order; one whose amount in how is 0 or false is left out.  work is memory
 * to use on the way.  y and work are overwritten; y, work and x are not the same.
 */
void augment(float *y,        // [Y,X,C]  overwritten
             float *work,     // [Y,X,C]  overwritten
             const float *x,  // [Y,X,C]
             const struct augmentation *how, uint64_t *chance, int Y, int X, int C)
{
    const size_t bytes = (size_t)(Y*X*C) * sizeof *y;
    // Draw all amounts, in order.
    bool flip = uniform(chance) < 0.5f;
    int di = below(chance, 2*how->shift + 1) - how->shift;
    int dj = below(chance, 2*how->shift + 1) - how->shift;
    float scale = fmaf(how->scale, swing(chance), 1);
    float degrees = how->rotation * swing(chance);
    float factor = fmaf(how->brightness, swing(chance), 1);
    float offset = how->brightness * swing(chance);
    int i = below(chance, Y), j = below(chance, X);
    // y is the image so far; what cannot be done in place reads a copy of it in work.
    memcpy(y, x, bytes);
    if (how->flip && flip)
        image_flip(y, memcpy(work, y, bytes), Y, X, C);
    if (how->shift)
        image_shift(y, memcpy(work, y, bytes), di, dj, Y, X, C);
    if (how->scale > 0)
        image_scale(y, memcpy(work, y, bytes), scale, Y, X, C);
    if (how->rotation > 0)
        image_rotate(y, memcpy(work, y, bytes), degrees, Y, X, C);
    // The last two can.
    if (how->brightness > 0)
        image_brightness(y, y, factor, offset, Y*X*C);
    if (how->cutout)
        image_cutout(y, i, j, how->cutout, Y, X, C);
}

/* The random stream of one example in one epoch, which counts from 1: whatever batch
 * the example is in, and whoever works on it, it is changed in the same way. */
uint64_t augment_stream(uint64_t seed, int epoch, int example)
{
    return stream(seed, (uint64_t)epoch << 32 | (uint32_t)example);
}

/* A batch of examples, each changed in its own way.  y and work are overwritten. */
void augment_batch(float *y,             // [N,Y,X,C]  overwritten
                   float *work,          // [N,Y,X,C]  overwritten
                   const float *x,       // [N,Y,X,C]
                   const int *examples,  // [N]  their numbers
                   const struct augmentation *how, uint64_t seed, int epoch,
                   int N, int Y, int X, int C)
{
    const size_t D = (size_t)Y * X * C;
    #pragma omp parallel for schedule(static) if (N > 7)
    for (int n = 0; n < N; n++) {
        uint64_t chance = augment_stream(seed, epoch, examples[n]);
        augment(y + n*D, work + n*D, x + n*D, how, &chance, Y, X, C);
    }
}

/* ---- the network ------------------------------------------------------------ */

/* Two convolutions, each with a pool, then three linear layers:
 *
 *     conv 5x5, padding 2 - max pool 2x2 - relu - conv 5x5 - max pool 2x2 - relu
 *     - linear - relu - linear - relu - linear
 *
 * relu stands after the pool because there it has a quarter of the work: the largest
 * number is the same whether what is below 0 becomes 0 before or after. */
struct lenet {
    int Y, X, C;    // an image: rows, columns, channels
    int M1, M2;     // kernels of the two convolutions
    int D, H1, H2;  // numbers that leave the second pool; of the two hidden layers
    int K;          // classes
    struct conv conv1, pool1, conv2, pool2;
    float *w1, *b1;  // [5,5,C,M1], [M1]
    float *w2, *b2;  // [5,5,M1,M2], [M2]
    float *W3, *b3;  // [H1,D], [H1]
    float *W4, *b4;  // [H2,H1], [H2]
    float *W5, *b5;  // [K,H2], [K]
};

/* The shapes of a network for images of at least 12 by 12, still without weights. */
struct lenet lenet_shape(int Y, int X, int C, int M1, int M2, int H1, int H2, int K)
{
    struct lenet s = {.Y = Y, .X = X, .C = C, .M1 = M1, .M2 = M2, .H1 = H1, .H2 = H2,
                      .K = K};
    s.conv1 = conv_padded(Y, X, C, 5, 5, M1, 1, 2);
    s.pool1 = conv_padded(s.conv1.P, s.conv1.Q, M1, 2, 2, M1, 2, 0);
    s.conv2 = conv_padded(s.pool1.P, s.pool1.Q, M1, 5, 5, M2, 1, 0);
    s.pool2 = conv_padded(s.conv2.P, s.conv2.Q, M2, 2, 2, M2, 2, 0);
    s.D = s.pool2.P * s.pool2.Q * M2;
    return s;
}

/* How many weights and biases a network of this shape has. */
int lenet_size(const struct lenet *s)
{
    return 25 * s->C * s->M1 + s->M1 + 25 * s->M1 * s->M2 + s->M2
         + (s->D + 1) * s->H1 + (s->H1 + 1) * s->H2 + (s->H2 + 1) * s->K;
}

/* How many multiply-adds one image takes on its way forward. */
double lenet_cost(const struct lenet *s)
{
    return 25.0 * s->conv1.P * s->conv1.Q * s->C * s->M1
         + 25.0 * s->conv2.P * s->conv2.Q * s->M1 * s->M2
         + (double)s->D * s->H1 + (double)s->H1 * s->H2 + (double)s->H2 * s->K;
}

/* A block of lenet_size() floats seen as a network of this shape; it stays the
 * caller's.  The gradient is a network too, in a block of its own. */
struct lenet lenet_at(float *block, const struct lenet *shape)
{
    struct lenet net = *shape;
    net.w1 = block;
    net.b1 = net.w1 + 25 * net.C * net.M1;
    net.w2 = net.b1 + net.M1;
    net.b2 = net.w2 + 25 * net.M1 * net.M2;
    net.W3 = net.b2 + net.M2;
    net.b3 = net.W3 + net.H1 * net.D;
    net.W4 = net.b3 + net.H1;
    net.b4 = net.W4 + net.H2 * net.H1;
    net.W5 = net.b4 + net.H2;
    net.b5 = net.W5 + net.K * net.H2;
    return net;
}

/* Random weights, normal with variance 2 / inputs (He and others, 2015), and biases 0.
 * The inputs of a neuron in a convolution are what its kernel covers. */
void lenet_init(struct lenet *net, uint64_t *chance)
{
    struct { float *w; int inputs, n; } layer[] = {
        {net->w1, 25 * net->C, 25 * net->C * net->M1},
        {net->w2, 25 * net->M1, 25 * net->M1 * net->M2},
        {net->W3, net->D, net->H1 * net->D},
        {net->W4, net->H1, net->H2 * net->H1},
        {net->W5, net->H2, net->K * net->H2},
    };
    memset(net->w1, 0, (size_t)lenet_size(net) * sizeof(float));
    for (int l = 0; l < 5; l++) {
        float deviation = sqrtf(2 / (float)layer[l].inputs);
        for (int i = 0; i < layer[l].n; i++)
            layer[l].w[i] = deviation * normal(chance);
    }
}

/* What N images leave behind in the layers, and the gradients in it.  c1 and c2 are
 * what the convolutions give; h1 to h4 are what follows, pools and relus included.  Of
 * the gradients, those in h1 to h4 begin with dh, those before their relu with dz. */
struct lenet_work {
    float *x;                  // [N,Y,X,C]  the images
    float *c1, *h1, *c2, *h2;  // [N,conv1.P,conv1.Q,M1], [N,pool1.P,pool1.Q,M1],
                               // [N,conv2.P,conv2.Q,M2], [N,D]
    float *h3, *h4, *z, *p;    // [N,H1], [N,H2], [N,K] logits, [N,K] probabilities
    int *from1, *from2;        // as h1, h2: of maxpool_forward
    float *dc1, *dz1, *dh1;    // as c1, h1, h1
    float *dc2, *dz2, *dh2;    // as c2, h2, h2
    float *dz3, *dh3, *dz4, *dh4, *dz;  // as h3, h3, h4, h4, z
    size_t gradients;          // floats from dc1 to the end of dz
    float *conv;               // for conv2d_fast_forward and conv2d_fast_backward
};

/* Numbers of one image after each step. */
struct lenet_counts { size_t x, c1, h1, c2, h2; };

struct lenet_counts lenet_count(const struct lenet *s)
{
    return (struct lenet_counts){
        (size_t)s->Y * s->X * s->C, (size_t)s->conv1.P * s->conv1.Q * s->M1,
        (size_t)s->pool1.P * s->pool1.Q * s->M1,
        (size_t)s->conv2.P * s->conv2.Q * s->M2, (size_t)s->D,
    };
}

/* How many floats that is for N images. */
size_t lenet_work_size(const struct lenet *s, int N)
{
    struct lenet_counts n = lenet_count(s);
    size_t conv1 = conv2d_work(&s->conv1), conv2 = conv2d_work(&s->conv2);
    return N * (n.x + 2*n.c1 + 4*n.h1 + 2*n.c2 + 4*n.h2
                + 3 * (size_t)(s->H1 + s->H2 + s->K))
           + 16 + (conv1 > conv2 ? conv1 : conv2);
}

/* A block of so many floats seen as work space; it serves fewer images as well. */
struct lenet_work lenet_work_at(float *block, const struct lenet *s, int N)
{
    struct lenet_counts n = lenet_count(s);
    struct lenet_work w = {.x = block};
    w.c1 = w.x + N * n.x;
    w.h1 = w.c1 + N * n.c1;
    w.c2 = w.h1 + N * n.h1;
    w.h2 = w.c2 + N * n.c2;
    w.h3 = w.h2 + N * n.h2;
    w.h4 = w.h3 + N * s->H1;
    w.z = w.h4 + N * s->H2;
    w.p = w.z + N * s->K;
    w.from1 = (int *)(w.p + N * s->K);
    w.from2 = w.from1 + N * n.h1;
    w.dc1 = (float *)(w.from2 + N * n.h2);
    w.dz1 = w.dc1 + N * n.c1;
    w.dh1 = w.dz1 + N * n.h1;
    w.dc2 = w.dh1 + N * n.h1;
    w.dz2 = w.dc2 + N * n.c2;
    w.dh2 = w.dz2 + N * n.h2;
    w.dz3 = w.dh2 + N * n.h2;
    w.dh3 = w.dz3 + N * s->H1;
    w.dz4 = w.dh3 + N * s->H1;
    w.dh4 = w.dz4 + N * s->H2;
    w.dz = w.dh4 + N * s->H2;
    w.gradients = (size_t)(w.dz + N * s->K - w.dc1);
    w.conv = block + ((size_t)(w.dz + N * s->K - block) + 15) / 16 * 16;
    return w;
}

/* Exercise 13.8: the network forward.
 *
 *     c1 = conv1(x)      h1 = relu(pool1(c1))
 *     c2 = conv2(h1)     h2 = relu(pool2(c2))
 *     h3 = relu(h2 W3' + b3)      h4 = relu(h3 W4' + b4)      z = h4 W5' + b5
 *
 * x holds the images; c1, h1, from1 and all that follow up to z are overwritten.
 * Hint: conv2d_fast_forward() takes work->conv as its memory.
 */
void lenet_forward(struct lenet_work *work,  // x given, c1 .. z and from overwritten
                   const struct lenet *net, int N)
{
    // The first convolution, its pool, and relu in place.
    conv2d_fast_forward(work->c1, work->x, net->w1, net->b1, &net->conv1, N,
                        work->conv);
    maxpool_fast_forward(work->h1, work->from1, work->c1, &net->pool1, N);
    relu_forward(work->h1, work->h1, N * net->pool1.P * net->pool1.Q * net->M1);
    // The second.
    conv2d_fast_forward(work->c2, work->h1, net->w2, net->b2, &net->conv2, N,
                        work->conv);
    maxpool_fast_forward(work->h2, work->from2, work->c2, &net->pool2, N);
    relu_forward(work->h2, work->h2, N * net->D);
    // An image is now a row of D numbers: the linear layers, relu on all but the last.
    linear_forward(work->h3, work->h2, net->W3, net->b3, N, net->D, net->H1);
    relu_forward(work->h3, work->h3, N * net->H1);
    linear_forward(work->h4, work->h3, net->W4, net->b4, N, net->H1, net->H2);
    relu_forward(work->h4, work->h4, N * net->H2);
    linear_forward(work->z, work->h4, net->W5, net->b5, N, net->H2, net->K);
}

/* Exercise 13.9: the network backward, from the gradient in the logits, dz.
 *
 *     dz   through the linear layer        to dh4, W5, b5 of grad
 *     dh4  through relu, to dz4            and so on to dh2
 *     dh2  through relu, to dz2            then through the pool, to dc2
 *     dc2  through the convolution         to dh1, w2, b2 of grad
 *     dh1  through relu, to dz1, the pool, to dc1, and the convolution, to w1, b1
 *
 * All are added to; the gradients in work but dz are 0 before.  Nobody wants that in x.
 */
void lenet_backward(struct lenet *grad,       // w1 .. b5 added to
                    struct lenet_work *work,  // x .. z, dz given, the rest added to
                    const struct lenet *net, int N)
{
    // The linear layers, from the last to the first, each with the relu before it.
    linear_backward(work->dh4, grad->W5, grad->b5, work->dz, work->h4, net->W5,
                    N, net->H2, net->K);
    relu_backward(work->dz4, work->dh4, work->h4, N * net->H2);
    linear_backward(work->dh3, grad->W4, grad->b4, work->dz4, work->h3, net->W4,
                    N, net->H1, net->H2);
    relu_backward(work->dz3, work->dh3, work->h3, N * net->H1);
    linear_backward(work->dh2, grad->W3, grad->b3, work->dz3, work->h2, net->W3,
                    N, net->D, net->H1);
    // The second convolution: relu, pool, kernels.
    relu_backward(work->dz2, work->dh2, work->h2, N * net->D);
    maxpool_fast_backward(work->dc2, work->dz2, work->from2, &net->pool2, N);
    conv2d_fast_backward(work->dh1, grad->w2, grad->b2, work->dc2, work->h1, net->w2,
                         &net->conv2, N, work->conv);
    // The first.
    relu_backward(work->dz1, work->dh1, work->h1,
                  N * net->pool1.P * net->pool1.Q * net->M1);
    maxpool_fast_backward(work->dc1, work->dz1, work->from1, &net->pool1, N);
    conv2d_fast_backward(NULL, grad->w1, grad->b1, work->dc1, work->x, net->w1,
                         &net->conv1, N, work->conv);
}

/* The gradient of the mean loss of the N images in work->x, with classes t [N]; returns
 * that loss. */
float lenet_gradient(struct lenet *grad,       // w1 .. b5 overwritten
                     struct lenet_work *work,  // x given, the rest overwritten
                     const struct lenet *net, const int *t, int N)
{
    memset(grad->w1, 0, (size_t)lenet_size(grad) * sizeof(float));
    memset(work->dc1, 0, work->gradients * sizeof(float));
    lenet_forward(work, net, N);
    float loss = cross_entropy_forward(work->p, work->z, t, N, net->K);
    cross_entropy_backward(work->dz, work->p, t, N, net->K);
    lenet_backward(grad, work, net, N);
    return loss;
}

/* ---- how good is it? -------------------------------------------------------- */

/* Exercise 13.10: the confusion matrix.
 *
 *     count[i,j] = how many of the N examples are of class i and were taken for class j
 *
 * count is overwritten.
 */
void confusion_matrix(int *count,    // [K,K]  overwritten
                      const int *t,  // [N]  the true class, 0 to K-1
                      const int *k,  // [N]  the class it was taken for, 0 to K-1
                      int N, int K)
{
    // Nothing counted yet; then each example, in its row and column.
    memset(count, 0, (size_t)(K*K) * sizeof *count);
    for (int n = 0; n < N; n++)
        count[t[n]*K + k[n]]++;
}

/* Exercise 13.11: the fraction of examples whose class is among the k with the largest
 * logits.
 *
 *     1/N  sum over n of [fewer than k classes come before class t[n]]
 *
 * Class j comes before class i if z[n,j] > z[n,i], and of two equal logits the one with
 * the lower index comes first.  k may be larger than K.
 */
float top_k(const float *z,  // [N,K]
            const int *t,    // [N]  the true class, 0 to K-1
            int k,           // at least 1
            int N, int K)
{
    // For each example: how many classes come before its own?
    int hits = 0;
    for (int n = 0; n < N; n++) {
        const float *row = z + n*K;
        int before = 0;
        for (int j = 0; j < K; j++)
            before += row[j] > row[t[n]] || (row[j] == row[t[n]] && j < t[n]);
        hits += before < k;
    }
    // Those that come early enough, as a fraction of all.
    return (float)hits / (float)N;
}

/* ---- the program: a network that learns ------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"

enum { FAR = 6 };  // pixels by which test images are shifted at most

/* One training, and what came of it. */
struct trial {
    const char *name;
    struct lenet shape;
    int hidden;                // 0, or instead an MLP with two layers of so many
    struct augmentation how;
    float rate;
    int batch, epochs, examples, seed;
    bool shifted, lines;       // test with shifted images too; print every epoch
    float train, far[FAR + 1]; // accuracy: of training images; of shifted test images
};

/* A network of either kind, and what its training works with. */
struct training {
    struct lenet net, grad;
    struct lenet_work work;
    struct trainer mlp;
    float *block;              // LeNet's
    float *x, *z, *w, *dw;     // [batch,D], [batch,K], all weights, their gradient
    struct optimizer o;
    struct minibatches b;
    int *examples, *t;         // [batch]
    float *raw, *copy;         // [batch,D]  images as they are; for augment_batch()
};

void training_lenet(struct training *now, const struct trial *r, uint64_t *chance)
{
    // Each part begins at a multiple of 64 bytes.
    size_t room = ((size_t)lenet_size(&r->shape) + 15) / 16 * 16;
    now->block = floats(2*room + lenet_work_size(&r->shape, r->batch));
    now->net = lenet_at(now->block, &r->shape);
    now->grad = lenet_at(now->block + room, &r->shape);
    now->work = lenet_work_at(now->block + 2*room, &r->shape, r->batch);
    lenet_init(&now->net, chance);
    now->x = now->work.x;
    now->z = now->work.z;
    now->w = now->net.w1;
    now->dw = now->grad.w1;
}

void training_mlp(struct training *now, const struct trial *r, uint64_t *chance)
{
    int D = r->shape.Y * r->shape.X * r->shape.C;
    const int size[] = {D, r->hidden, r->hidden, r->shape.K};
    now->mlp = trainer_new(size, 3, RELU, r->batch);
    mlp_init(&now->mlp.net, chance);
    now->x = now->mlp.work.h[0];
    now->z = now->mlp.work.h[3];
    now->w = now->mlp.net.W[1];
    now->dw = now->mlp.grad.W[1];
}

/* How many weights and biases; how many multiply-adds an image takes forward. */
int trial_size(const struct trial *r)
{
    int D = r->shape.Y * r->shape.X * r->shape.C;
    const int size[] = {D, r->hidden, r->hidden, r->shape.K};
    return r->hidden ? mlp_size(size, 3) : lenet_size(&r->shape);
}

double trial_cost(const struct trial *r)
{
    double D = (double)r->shape.Y * r->shape.X * r->shape.C, H = r->hidden;
    return H > 0 ? D * H + H * H + H * r->shape.K : lenet_cost(&r->shape);
}

struct training training_new(const struct trial *r)
{
    size_t numbers = (size_t)r->batch * r->shape.Y * r->shape.X * r->shape.C;
    struct training now = {
        .o = optimizer_new(ADAM, r->rate, trial_size(r)),
        .b = minibatches_new(r->examples, r->batch, stream(r->seed, 2)),
        .examples = ints(r->batch), .t = ints(r->batch),
        .raw = floats(numbers), .copy = floats(numbers),
    };
    uint64_t chance = stream(r->seed, 1);
    if (r->hidden)
        training_mlp(&now, r, &chance);
    else
        training_lenet(&now, r, &chance);
    return now;
}

void training_free(struct training *now)
{
    free(now->copy);
    free(now->raw);
    free(now->t);
    free(now->examples);
    free(now->b.order);
    free(now->o.m);
    free(now->mlp.block);
    free(now->block);
}

/* One pass through the training set; returns the mean loss.  The rate falls along half
 * a cosine over all epochs. */
float training_epoch(struct training *now, const struct trial *r, int epoch,
                     const struct set *train)
{
    int batches = (r->examples + r->batch - 1) / r->batch;
    double loss = 0;
    for (int i = 0; i < batches; i++) {
        int N = batch_next(now->examples, &now->b);
        set_batch(now->raw, now->t, train, now->examples, N);
        augment_batch(now->x, now->copy, now->raw, now->examples, &r->how, r->seed,
                      epoch, N, r->shape.Y, r->shape.X, r->shape.C);
        if (r->hidden)
            loss += N * mlp_gradient(&now->mlp.grad, &now->mlp.work, &now->mlp.net,
                                     now->t, N);
        else
            loss += N * lenet_gradient(&now->grad, &now->work, &now->net, now->t, N);
        now->o.rate = rate_cosine(r->rate, now->o.t, r->epochs * batches);
        optimizer_step(&now->o, now->w, now->dw);
    }
    return (float)(loss / r->examples);
}

/* The logits of the first N examples, all shifted by di and dj, and their classes. */
void training_predict(float *z,  // [N,K]  overwritten
                      int *t,    // [N]  overwritten
                      struct training *now, const struct trial *r,
                      const struct set *set, int di, int dj, int N)
{
    const int K = r->shape.K;
    const size_t D = (size_t)set->D;
    for (int first = 0; first < N; first += r->batch) {
        int B = N - first < r->batch ? N - first : r->batch;
        for (int n = 0; n < B; n++)
            now->examples[n] = first + n;
        set_batch(now->raw, t + first, set, now->examples, B);
        for (int n = 0; n < B; n++)
            image_shift(now->x + n*D, now->raw + n*D, di, dj, set->Y, set->X, set->C);
        if (r->hidden)
            mlp_forward(&now->mlp.work, &now->mlp.net, B);
        else
            lenet_forward(&now->work, &now->net, B);
        memcpy(z + first*K, now->z, (size_t)(B*K) * sizeof *z);
    }
}

/* The accuracy on test images that are shifted by so many pixels: the mean of up, down,
 * left and right. */
float training_far(struct training *now, const struct trial *r, const struct set *test,
                   int far)
{
    float *z = floats((size_t)test->N * r->shape.K), sum = 0;
    int *t = ints(test->N), ways = far ? 4 : 1;
    for (int i = 0; i < ways; i++) {
        int step = i % 2 ? far : -far;
        training_predict(z, t, now, r, test, i < 2 ? step : 0, i < 2 ? 0 : step,
                         test->N);
        sum += top_k(z, t, 1, test->N, r->shape.K);
    }
    free(t);
    free(z);
    return sum / (float)ways;
}

/* The accuracy on training images, as many as there are test images. */
float training_train(struct training *now, const struct trial *r,
                     const struct set *train, int most)
{
    int N = most < r->examples ? most : r->examples, *t = ints(N);
    float *z = floats((size_t)N * r->shape.K);
    training_predict(z, t, now, r, train, 0, 0, N);
    float right = top_k(z, t, 1, N, r->shape.K);
    free(z);
    free(t);
    return right;
}

/* One line of a learning curve, and on a terminal a bar. */
void epoch_print(struct training *now, const struct trial *r, int epoch, float loss,
                 const struct set *train, const struct set *test)
{
    int N = test->N, K = r->shape.K, *t = ints(N);
    float *z = floats((size_t)N * K), *p = floats((size_t)N * K);
    char name[32], percent[32];
    training_predict(z, t, now, r, test, 0, 0, N);
    float right = top_k(z, t, 1, N, K);
    printf("%d\t%.4g\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", epoch, now->o.rate, loss,
           training_train(now, r, train, N), cross_entropy_forward(p, z, t, N, K),
           right, top_k(z, t, 2, N, K), top_k(z, t, 3, N, K));
    fflush(stdout);
    snprintf(name, sizeof name, "epoch %2d", epoch);
    snprintf(percent, sizeof percent, "%.1f %% right", 100 * right);
    if (isatty(2))
        bar_draw(stderr, name, right, 40, percent);
    free(p);
    free(z);
    free(t);
}

/* Trains a network from new weights; whoever gets it frees it. */
struct training trial_run(struct trial *r, const struct set *train,
                          const struct set *test)
{
    struct training now = training_new(r);
    struct progress bar = {.what = "training"};
    if (r->lines)
        printf("# epoch\trate\ttrain_loss\ttrain_accuracy\ttest_loss\taccuracy\ttop2\t"
               "top3\n");
    for (int epoch = 1; epoch <= r->epochs; epoch++) {
        float loss = training_epoch(&now, r, epoch, train);
        if (!r->lines)
            continue;
        progress(&bar, 1, 1);
        epoch_print(&now, r, epoch, loss, train, test);
        progress(&bar, epoch, r->epochs);
    }
    for (int far = 0; far <= (r->shifted ? FAR : 0); far++)
        r->far[far] = training_far(&now, r, test, far);
    r->train = training_train(&now, r, train, test->N);
    return now;
}

/* ---- the program: many trainings -------------------------------------------- */

enum { TRIALS = 64 };
struct trials { struct trial trial[TRIALS]; int count; };

void trials_add(struct trials *all, struct trial r, const char *name)
{
    r.name = name;
    assert(all->count < TRIALS);
    all->trial[all->count++] = r;
}

/* Runs each of them with so many seeds, and prints a line for each. */
void trials_run(const struct trials *all, int seeds, const struct set *train,
                const struct set *test)
{
    struct progress bar = {.what = "training"};
    int count = all->count * seeds, done = 0;
    struct trial *run = memory(count, sizeof *run);
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++) {
        run[i] = all->trial[i / seeds];
        run[i].seed += i % seeds;
        struct training now = trial_run(run + i, train, test);
        training_free(&now);
        #pragma omp critical
        progress(&bar, ++done, count);
    }
    printf("# what\tsize\tparameters\tmultiply_adds\tshift\ttrain_accuracy\taccuracy\t"
           "low\thigh\n");
    for (const struct trial *r = run; r < run + count; r += seeds)
        for (int far = 0; far <= (r->shifted ? FAR : 0); far++) {
            float train_sum = 0, sum = 0, low = 1, high = 0;
            for (int i = 0; i < seeds; i++) {
                float right = r[i].far[far];
                train_sum += r[i].train;
                sum += right;
                low = right < low ? right : low;
                high = right > high ? right : high;
            }
            printf("%s\t%d\t%d\t%.0f\t%d\t%.4f\t%.4f\t%.4f\t%.4f\n", r->name,
                   r->hidden ? r->hidden : r->shape.M1, trial_size(r), trial_cost(r),
                   far, train_sum / (float)seeds, sum / (float)seeds, low, high);
        }
    free(run);
}

/* No augmentation, each way that has an amount alone, and all together. */
void trials_ways(struct trials *all, struct trial r)
{
    const struct augmentation how = r.how;
    const struct { const char *name; struct augmentation how; bool there; } way[] = {
        {"none", {0}, true},
        {"flip", {.flip = how.flip}, how.flip},
        {"shift", {.shift = how.shift}, how.shift > 0},
        {"scale", {.scale = how.scale}, how.scale > 0},
        {"rotation", {.rotation = how.rotation}, how.rotation > 0},
        {"brightness", {.brightness = how.brightness}, how.brightness > 0},
        {"cutout", {.cutout = how.cutout}, how.cutout > 0},
        {"all", how, true},
    };
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        r.how = way[i].how;
        if (way[i].there)
            trials_add(all, r, way[i].name);
    }
}

/* The width of an MLP that takes as many multiply-adds as this LeNet. */
int hidden_equal(const struct trial *r)
{
    double D = (double)r->shape.Y * r->shape.X * r->shape.C;
    double half = (D + r->shape.K) / 2;
    return (int)(sqrt(half * half + lenet_cost(&r->shape)) - half + 0.5);
}

/* LeNets with 1, 2, 4 and 8 kernels first, the rest in proportion; and the MLPs that
 * cost the same. */
void trials_sizes(struct trials *all, struct trial r)
{
    for (int M = 1; M <= 8; M *= 2) {
        r.shape = lenet_shape(r.shape.Y, r.shape.X, r.shape.C, M, 2*M, 15*M, 21*M / 2,
                              r.shape.K);
        r.hidden = 0;
        trials_add(all, r, "lenet");
        r.hidden = hidden_equal(&r);
        trials_add(all, r, "mlp");
    }
}

/* LeNet and its MLP, without and with augmentation, tested with shifted images. */
void trials_shifted(struct trials *all, struct trial r)
{
    const struct augmentation how = r.how;
    const char *const name[] = {"lenet", "mlp", "lenet augmented", "mlp augmented"};
    r.shifted = true;
    for (int i = 0; i < 4; i++) {
        r.how = i < 2 ? (struct augmentation){0} : how;
        r.hidden = i % 2 ? hidden_equal(&r) : 0;
        trials_add(all, r, name[i]);
    }
}

/* ---- the program: pictures -------------------------------------------------- */

/* One big picture to put small ones on; what is left free is GAP. */
#define GAP (-0.1f)
struct canvas { int Y, X; float *v; };

struct canvas canvas_new(int Y, int X)
{
    struct canvas canvas = {Y, X, floats((size_t)Y * X)};
    for (int i = 0; i < Y * X; i++)
        canvas.v[i] = GAP;
    return canvas;
}

/* Puts on it Y rows and X columns of numbers that lie step apart, divided by most. */
void canvas_put(struct canvas *canvas, int top, int left, const float *x, int Y, int X,
                int step, float most)
{
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            canvas->v[(top + i)*canvas->X + left + j] = x[(i*X + j)*step] / most;
}

/* An image of C channels in grey: their mean. */
void canvas_image(struct canvas *canvas, int top, int left, const float *x, int Y,
                  int X, int C)
{
    float *grey = floats((size_t)Y * X);
    for (int i = 0; i < Y * X; i++)
        for (int k = 0; k < C; k++)
            grey[i] += x[i*C + k] / (float)C;
    canvas_put(canvas, top, left, grey, Y, X, 1, 1);
    free(grey);
}

/* Prints it, a line for every row of pixels, in percent; and frees it. */
void canvas_print(struct canvas *canvas, const char *what)
{
    printf("# %s", what);
    for (int j = 1; j < canvas->X; j++)
        printf("\t%d", j);
    for (int i = 0; i < canvas->Y * canvas->X; i++) {
        char before = i % canvas->X ? '\t' : '\n';
        printf("%c%d", before, (int)lrintf(100 * canvas->v[i]));
    }
    printf("\n");
    free(canvas->v);
}

/* The largest absolute value of n numbers. */
float largest(const float *x, int n)
{
    float most = 1e-9f;
    for (int i = 0; i < n; i++)
        most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    return most;
}

/* For each way to change it, the first training image as it comes in eight epochs; at
 * last all ways together, eight images in one epoch, on a terminal too. */
void samples_print(const struct trial *r, const struct set *train)
{
    enum { EPOCHS = 8 };
    struct trials ways = {.count = 0};
    const int Y = train->Y, X = train->X, C = train->C, D = train->D;
    float *x = floats(D), *y = floats((size_t)EPOCHS * D), *work = floats(D);
    trials_ways(&ways, *r);
    struct canvas canvas = canvas_new(ways.count * (Y + 2) - 2, EPOCHS * (X + 2) - 2);
    for (int i = 0; i < ways.count; i++)
        for (int j = 0; j < EPOCHS; j++) {
            bool last = i + 1 == ways.count;
            int example = last ? j % r->examples : 0, t;
            uint64_t chance = augment_stream(r->seed, last ? 1 : j + 1, example);
            set_batch(x, &t, train, &example, 1);
            augment(y + j*D, work, x, &ways.trial[i].how, &chance, Y, X, C);
            canvas_image(&canvas, i * (Y + 2), j * (X + 2), y + j*D, Y, X, C);
        }
    if (isatty(2) && C == 1)
        pictures_draw(stderr, y, NULL, EPOCHS, Y, X, 2);
    canvas_print(&canvas, "a row of pictures for each way, in percent of white: 0");
    free(work);
    free(y);
    free(x);
}

/* The kernels of the first convolution; red, green and blue in rows. */
void kernels_print(const struct lenet *net)
{
    struct canvas canvas = canvas_new(6 * net->C - 1, 6 * net->M1 - 1);
    float most = largest(net->w1, 25 * net->C * net->M1);
    for (int m = 0; m < net->M1; m++)
        for (int k = 0; k < net->C; k++)
            canvas_put(&canvas, 6 * k, 6 * m, net->w1 + k*net->M1 + m, 5, 5,
                       net->C * net->M1, most);
    canvas_print(&canvas, "kernels, in percent of the largest weight: 0");
}

/* What the kernels of both convolutions make of three test images, below 0 left out. */
void maps_print(struct training *now, const struct set *test)
{
    const struct lenet *net = &now->net;
    const int Y = net->Y, X = net->X, Y2 = net->conv2.P, X2 = net->conv2.Q;
    const int class[] = {9, 0, 8};
    struct canvas first = canvas_new(3 * (Y + 2) - 2, (net->M1 + 1) * (X + 2) - 2);
    struct canvas second = canvas_new(3 * (Y2 + 1) - 1, net->M2 * (X2 + 1) - 1);
    for (int i = 0; i < 3; i++) {
        int n = 0, t;
        while (n + 1 < test->N && set_class(test, n) != class[i])
            n++;
        set_batch(now->work.x, &t, test, &n, 1);
        lenet_forward(&now->work, net, 1);
        float *c1 = now->work.c1, *c2 = now->work.c2;
        relu_forward(c1, c1, Y * X * net->M1);
        relu_forward(c2, c2, Y2 * X2 * net->M2);
        canvas_image(&first, i * (Y + 2), 0, now->work.x, Y, X, net->C);
        for (int m = 0; m < net->M1; m++)
            canvas_put(&first, i * (Y + 2), (m + 1) * (X + 2), c1 + m, Y, X, net->M1,
                       largest(c1, Y * X * net->M1));
        for (int m = 0; m < net->M2; m++)
            canvas_put(&second, i * (Y2 + 1), m * (X2 + 1), c2 + m, Y2, X2, net->M2,
                       largest(c2, Y2 * X2 * net->M2));
    }
    canvas_print(&first, "images and first maps, in percent of the largest number: 0");
    printf("\n\n");
    canvas_print(&second, "second maps, in percent of the largest number: 0");
}

/* Where a kernel of the second convolution answers most. */
struct answer { float value; int n, p, q; };
enum { BEST = 5, FIELD = 14 };  // FIELD: rows and columns of an image that reach one

/* Puts image n among the best of kernel m, by its largest number. */
void answer_take(struct answer *best,  // [BEST]  sorted
                 const float *c2, const struct lenet *net, int m, int n)
{
    struct answer a = {-INFINITY, n, 0, 0};
    for (int p = 0; p < net->conv2.P; p++)
        for (int q = 0; q < net->conv2.Q; q++) {
            float value = c2[(p*net->conv2.Q + q)*net->M2 + m];
            if (value > a.value)
                a = (struct answer){value, n, p, q};
        }
    for (int i = 0; i < BEST; i++)
        if (a.value > best[i].value) {
            struct answer other = best[i];
            best[i] = a;
            a = other;
        }
}

/* The pieces of test images that each kernel of the second convolution answers most. */
void pieces_print(struct training *now, const struct set *test)
{
    const struct lenet *net = &now->net;
    struct answer *best = memory((size_t)net->M2 * BEST, sizeof *best);
    struct canvas canvas = canvas_new(BEST * (FIELD + 1) - 1,
                                      net->M2 * (FIELD + 1) - 1);
    float *y = floats(net->Y * net->X * net->C);
    int t;
    for (int i = 0; i < net->M2 * BEST; i++)
        best[i].value = -INFINITY;
    for (int n = 0; n < test->N; n++) {
        set_batch(now->work.x, &t, test, &n, 1);
        lenet_forward(&now->work, net, 1);
        for (int m = 0; m < net->M2; m++)
            answer_take(best + m*BEST, now->work.c2, net, m, n);
    }
    for (int i = 0; i < net->M2 * BEST && best[i].value > -INFINITY; i++) {
        // Row p begins at row 2p - 2 of the image: shifted, the piece begins at row 0.
        set_batch(now->work.x, &t, test, &best[i].n, 1);
        image_shift(y, now->work.x, 2 - 2*best[i].p, 2 - 2*best[i].q, net->Y, net->X,
                    net->C);
        for (int a = 0; a < FIELD && a < net->Y; a++)
            canvas_image(&canvas, i % BEST * (FIELD + 1) + a, i / BEST * (FIELD + 1),
                         y + a*net->X*net->C, 1, FIELD, net->C);
    }
    canvas_print(&canvas, "pieces of test images, in percent of white: 0");
    free(y);
    free(best);
}

/* The confusion matrix: a row for each true class, a column for each predicted one. */
void confusion_print(struct training *now, const struct trial *r,
                     const struct set *test)
{
    const int N = test->N, K = r->shape.K;
    int *t = ints(N), *k = ints(N), *count = ints(K * K);
    float *z = floats((size_t)N * K);
    training_predict(z, t, now, r, test, 0, 0, N);
    for (int n = 0; n < N; n++)
        for (int j = 1; j < K; j++)
            k[n] = z[n*K + j] > z[n*K + k[n]] ? j : k[n];
    confusion_matrix(count, t, k, N, K);
    printf("# true");
    for (int c = 0; c < K; c++)
        printf("\t%s", set_name(test, c));
    for (int i = 0; i < K * K; i++) {
        if (i % K == 0)
            printf("\n%s", set_name(test, i / K));
        printf("\t%d", count[i]);
    }
    printf("\n");
    free(z);
    free(count);
    free(k);
    free(t);
}

/* What is left to show when one network has been trained. */
void trained_print(const char *show, struct training *now, const struct trial *r,
                   const struct set *test)
{
    if (!strcmp(show, "confusion"))
        confusion_print(now, r, test);
    if (!strcmp(show, "kernels")) {
        kernels_print(&now->net);
        printf("\n\n");
        maps_print(now, test);
        printf("\n\n");
        pieces_print(now, test);
    }
}

/* The images to train on and those to test with, of one size, in grey or in colour. */
void sets_load(struct set *train, struct set *test, const char *folder, bool colour,
               int examples)
{
    if (colour && !strcmp(folder, "data/fashion-mnist"))
        folder = "data/full/cifar10";
    *train = colour ? set_cifar(folder, "train", examples)
                    : set_images(folder, "train", examples);
    *test = colour ? set_cifar(folder, "t10k", INT_MAX)
                   : set_images(folder, "t10k", INT_MAX);
    if (train->Y != test->Y || train->X != test->X)
        die("%s: training images of %d by %d pixels, test images of %d by %d", folder,
            train->Y, train->X, test->Y, test->X);
    if (train->Y < 12 || train->X < 12)
        die("%s: images of %d by %d pixels: wanted at least 12 by 12", folder, train->Y,
            train->X);
}

int main(int argc, char **argv)
{
    const char *show = "curve", *data = "fashion", *folder = "data/fashion-mnist";
    const char *net = "lenet";
    int kernels = 8, batch = 64, epochs = 20, examples = 60000, seeds = 2, seed = 1;
    int augmented = 1, flip = 1, shift = 1, cutout = 0;
    float rate = 0.003f, scale = 0.1f, brightness = 0, rotation = 0;
    OPTIONS("trains LeNet on images that are changed a little in every epoch",
            CHOICE(show, "curve|confusion|kernels|samples|ways|sizes|shifted",
                   "what to print"),
            CHOICE(net, "lenet|mlp", "an MLP takes as many multiply-adds"),
            OPTION(kernels, 1, 256, "of the first convolution; the rest in proportion"),
            CHOICE(data, "fashion|cifar10", "kind of files in the folder"),
            TEXT(folder, "where the images are"),
            OPTION(augmented, 0, 1, "0: no image is changed, whatever comes next"),
            OPTION(flip, 0, 1, "1: left and right, every second time"),
            OPTION(shift, 0, 16, "pixels at most, each way"),
            OPTION(scale, 0, 0.9, "0.1: by 0.9 to 1.1"),
            OPTION(rotation, 0, 180, "degrees at most, each way"),
            OPTION(brightness, 0, 1, "0.1: factor 0.9 to 1.1, offset -0.1 to 0.1"),
            OPTION(cutout, 0, 64, "side of a black square"),
            OPTION(rate, 1e-6, 10, "learning rate of Adam at first"),
            OPTION(batch, 1, 4096, "examples in a step"),
            OPTION(epochs, 1, 1000, "passes through the examples"),
            OPTION(examples, 1, 60000, "to train on at most"),
            OPTION(seeds, 1, 20, "trainings of each kind where many are compared"),
            OPTION(seed, 0, 1000000, "of weights, order and changes"));
    struct set train, test;
    sets_load(&train, &test, folder, !strcmp(data, "cifar10"), examples);
    struct trial r = {
        .name = net, .rate = rate, .batch = batch, .epochs = epochs, .seed = seed,
        .examples = train.N, .lines = !strcmp(show, "curve"),
        .how = {flip, shift, scale, brightness, rotation, cutout},
        .shape = lenet_shape(train.Y, train.X, train.C, kernels, 2*kernels, 15*kernels,
                             21*kernels / 2, train.K),
    };
    if (!augmented)
        r.how = (struct augmentation){0};
    if (!strcmp(net, "mlp"))
        r.hidden = hidden_equal(&r);
    if (r.hidden && !strcmp(show, "kernels"))
        die("show=kernels: wanted net=lenet: an MLP has none");
    struct trials all = {.count = 0};
    if (!strcmp(show, "ways"))
        trials_ways(&all, r);
    if (!strcmp(show, "sizes"))
        trials_sizes(&all, r);
    if (!strcmp(show, "shifted"))
        trials_shifted(&all, r);
    if (all.count) {
        trials_run(&all, seeds, &train, &test);
    } else if (!strcmp(show, "samples")) {
        samples_print(&r, &train);
    } else {
        struct training now = trial_run(&r, &train, &test);
        trained_print(show, &now, &r, &test);
        training_free(&now);
    }

    set_free(&test);
    set_free(&train);
}

#endif
#endif
