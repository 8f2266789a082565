/* 13-lenet: the tests. */
#include "grade.h"
#include "lenet.c"
#include "gold/13-lenet.h"

/* ---- 13.1 image_flip ------------------------------------------------------------- */

/* Hint 13.1: which pixel of a row of five should stand first in the mirror?  And which one
 * stays where it is?
 *
 * Row i stays row i; column j of y is column X-1-j of x, with its C channels in their order.
 *
 * Two loops, over i and j, and in them a third over the channels, or a memcpy() of C floats
 * from pixel i*X + X-1-j to pixel i*X + j.
 */
typedef void flip_like(float *y, const float *x, int Y, int X, int C);
flip_like image_flip;

CASE(flip_by_hand, flip_like)
{
    IN(x, 2, 3, 2); OUT(y, 2, 3, 2);
    SET(x, 1, 10,  2, 20,  3, 30,   4, 40,  5, 50,  6, 60);
    f(y, x, 2, 3, 2);
    EXPECT(y, 3, 30,  2, 20,  1, 10,   6, 60,  5, 50,  4, 40);
}

CASE(flip_even, flip_like)
{
    IN(x, 5, 4, 3); OUT(y, 5, 4, 3);
    f(y, x, 5, 4, 3);
}

CASE(flip_grey, flip_like)
{
    IN(x, 3, 7, 1); OUT(y, 3, 7, 1);
    f(y, x, 3, 7, 1);
}

CASE(flip_column, flip_like)
{
    IN(x, 4, 1, 2); OUT(y, 4, 1, 2);
    f(y, x, 4, 1, 2);
}

/* ---- 13.2 image_shift ------------------------------------------------------------ */

/* Hint 13.2: an image moves one row down: where was the pixel that now stands in row 3, and
 * what should stand in row 0?
 *
 * y[i,j,c] = x[i-di,j-dj,c]; if i-di is below 0 or not below Y, or j-dj is below 0 or not
 * below X, there is no such pixel, and y[i,j,c] is 0.
 *
 * Two loops over the pixels of y.  In them row and column where the pixel comes from, an if
 * with four conditions, and C zeros or C copies.
 */
typedef void shift_like(float *y, const float *x, int di, int dj, int Y, int X, int C);
shift_like image_shift;

CASE(shift_by_hand, shift_like)
{
    IN(x, 3, 4, 1); OUT(y, 3, 4, 1);
    SET(x, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12);
    f(y, x, 1, -2, 3, 4, 1);
    EXPECT(y, 0, 0, 0, 0,  3, 4, 0, 0,  7, 8, 0, 0);
}

CASE(shift_up, shift_like)
{
    IN(x, 6, 5, 3); OUT(y, 6, 5, 3);
    f(y, x, -2, 1, 6, 5, 3);
}

CASE(shift_right, shift_like)
{
    IN(x, 3, 8, 2); OUT(y, 3, 8, 2);
    f(y, x, 0, 3, 3, 8, 2);
}

CASE(shift_not, shift_like)
{
    IN(x, 4, 5, 1); OUT(y, 4, 5, 1);
    f(y, x, 0, 0, 4, 5, 1);
}

CASE(shift_out, shift_like)
{
    IN(x, 3, 4, 2); OUT(y, 3, 4, 2); OUT(above, 3, 4, 2);
    f(y, x, 1, 9, 3, 4, 2);
    f(above, x, -3, 0, 3, 4, 2);
    EXPECT(above, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/* ---- 13.3 image_scale ------------------------------------------------------------ */

/* Hint 13.3: in an image twice as large, what stands two pixels to the right of the centre:
 * what stood four pixels to the right of it, or one?
 *
 * The distance of (i,j) from the centre, (i - middle, j - centre), divided by scale, is the
 * distance in x; add middle and centre again.  In an image of 4 rows the middle is 1.5.
 *
 * Two floats for the centre; two loops; in them two floats for the place in x, and a call of
 * image_sample() that writes the C channels at y + (i*X + j)*C.
 */
typedef void scale_like(float *y, const float *x, float scale, int Y, int X, int C);
scale_like image_scale;

CASE(scale_by_hand, scale_like)
{
    IN(x, 2, 4, 1); OUT(y, 2, 4, 1);
    SET(x, 8, 16, 32, 64,  24, 0, 40, 4);
    f(y, x, 2, 2, 4, 1);
    EXPECT(y, 0.1875*8 + 0.5625*16 + 0.0625*24, 0.5625*16 + 0.1875*32 + 0.0625*40,
           0.1875*16 + 0.5625*32 + 0.1875*40,
           0.5625*32 + 0.1875*64 + 0.1875*40 + 0.0625*4,
           0.0625*8 + 0.1875*16 + 0.1875*24, 0.1875*16 + 0.0625*32 + 0.1875*40,
           0.0625*16 + 0.1875*32 + 0.5625*40,
           0.1875*32 + 0.0625*64 + 0.5625*40 + 0.1875*4);
}

CASE(scale_larger, scale_like)
{
    IN(x, 5, 7, 2); OUT(y, 5, 7, 2);
    SET(x, GOLD_PICTURE);
    f(y, x, 1.25f, 5, 7, 2);
    EXPECT(y, GOLD_LARGER);
}

CASE(scale_smaller, scale_like)
{
    IN(x, 5, 7, 2); OUT(y, 5, 7, 2);
    SET(x, GOLD_PICTURE);
    f(y, x, 0.8f, 5, 7, 2);
    EXPECT(y, GOLD_SMALLER);
}

CASE(scale_even, scale_like)
{
    IN(x, 6, 4, 3); OUT(y, 6, 4, 3);
    f(y, x, 1.1f, 6, 4, 3);
}

CASE(scale_not, scale_like)
{
    IN(x, 4, 3, 2); OUT(y, 4, 3, 2);
    f(y, x, 1, 4, 3, 2);
}

CASE(scale_tiny, scale_like)
{
    IN(x, 5, 8, 1); OUT(y, 5, 8, 1);
    f(y, x, 0.3f, 5, 8, 1);
}

/* ---- 13.4* image_rotate ---------------------------------------------------------- */

/* Hint 13.4*: turned by 90 degrees anticlockwise, which side of the image is on top?  So from
 * where does a pixel above the centre take its numbers?
 *
 * With down = i - middle and right = j - centre: row middle + cos down + sin right, column
 * centre + cos right - sin down.  90 degrees are M_PI / 2.
 *
 * As in 13.3, with cosine and sine made before the loops.  Inside them down and right, then
 * the two lines of the formula, then image_sample().
 */
typedef void rotate_like(float *y, const float *x, float degrees, int Y, int X, int C);
rotate_like image_rotate;

CASE(rotate_by_hand, rotate_like)
{
    IN(x, 3, 3, 1); OUT(y, 3, 3, 1);
    SET(x, 1, 2, 3,  4, 5, 6,  7, 8, 9);
    f(y, x, 90, 3, 3, 1);
    EXPECT(y, 3, 6, 9,  2, 5, 8,  1, 4, 7);
}

CASE(rotate_gold, rotate_like)
{
    IN(x, 5, 7, 2); OUT(y, 5, 7, 2);
    SET(x, GOLD_PICTURE);
    f(y, x, 25, 5, 7, 2);
    EXPECT(y, GOLD_TURNED);
}

CASE(rotate_back, rotate_like)
{
    IN(x, 6, 9, 3); OUT(y, 6, 9, 3);
    f(y, x, -12.5f, 6, 9, 3);
}

CASE(rotate_half, rotate_like)
{
    IN(x, 4, 5, 2); OUT(y, 4, 5, 2);
    f(y, x, 180, 4, 5, 2);
}

CASE(rotate_not, rotate_like)
{
    IN(x, 4, 3, 2); OUT(y, 4, 3, 2);
    f(y, x, 0, 4, 3, 2);
}

/* ---- 13.5 image_brightness ------------------------------------------------------- */

/* Hint 13.5: with factor 2 and offset -0.5, what becomes of 0.5, of 0.1 and of 0.9?
 *
 * v = factor x[i] + offset; y[i] is 0 where v < 0, 1 where v > 1, and v elsewhere.
 *
 * One loop with two lines: v in a variable of its own, then the choice between three.
 */
typedef void light_like(float *y, const float *x, float factor, float offset, int n);
light_like image_brightness;

CASE(light_by_hand, light_like)
{
    IN(x, 6); OUT(y, 6);
    SET(x, -0.5, 0.125, 0.25, 0.5, 0.625, 1.5);
    f(y, x, 2, -0.25, 6);
    EXPECT(y, 0, 0, 0.25, 0.75, 1, 1);
}

CASE(light_up, light_like)
{
    IN(x, 35); OUT(y, 35);
    f(y, x, 0.7f, 0.2f, 35);
}

CASE(light_in_place, light_like)
{
    ADD_TO(y, 33);
    f(y, y, 1.5f, -0.1f, 33);
}

CASE(light_negative, light_like)
{
    IN(x, 17); OUT(y, 17);
    f(y, x, -0.8f, 0.5f, 17);
}

/* ---- 13.6 image_cutout ----------------------------------------------------------- */

/* Hint 13.6: a square of side 3 about row 5: which rows are they?  And one of side 4?  What is
 * left of the first about row 0?
 *
 * Rows i - side/2 to i - side/2 + side - 1, columns alike; of these only those from 0 to Y-1,
 * and from 0 to X-1.
 *
 * Make the four ends first: the larger of top and 0, the smaller of top + side and Y.  Then
 * two loops between them, and C zeros at each pixel.
 */
typedef void cutout_like(float *x, int i, int j, int side, int Y, int X, int C);
cutout_like image_cutout;

CASE(cutout_by_hand, cutout_like)
{
    LABELS(where, 9, 3); ADD_TO(x, 5, 6, 1);
    SET(where, 2, 3, 4);
    SET(x, 1, 2, 3, 4, 5, 6,  7, 8, 9, 10, 11, 12,  13, 14, 15, 16, 17, 18,
        19, 20, 21, 22, 23, 24,  25, 26, 27, 28, 29, 30);
    f(x, where[0], where[1], where[2], 5, 6, 1);
    EXPECT(x, 1, 0, 0, 0, 0, 6,  7, 0, 0, 0, 0, 12,  13, 0, 0, 0, 0, 18,
           19, 0, 0, 0, 0, 24,  25, 26, 27, 28, 29, 30);
}

CASE(cutout_odd, cutout_like)
{
    ADD_TO(x, 7, 6, 2);
    f(x, 4, 2, 3, 7, 6, 2);
}

CASE(cutout_corner, cutout_like)
{
    ADD_TO(x, 6, 8, 3);
    f(x, 0, 7, 4, 6, 8, 3);
}

CASE(cutout_bottom, cutout_like)
{
    ADD_TO(x, 6, 9, 2);
    f(x, 5, 0, 5, 6, 9, 2);
}

CASE(cutout_outside, cutout_like)
{
    ADD_TO(x, 5, 7, 2);
    f(x, -1, 8, 4, 5, 7, 2);
    f(x, 2, -1, 5, 5, 7, 2);
    f(x, 9, 3, 3, 5, 7, 2);
    f(x, 2, -20, 6, 5, 7, 2);
}

CASE(cutout_none, cutout_like)
{
    ADD_TO(x, 4, 3, 2);
    f(x, 1, 1, 0, 4, 3, 2);
}

CASE(cutout_all, cutout_like)
{
    ADD_TO(x, 4, 3, 1);
    f(x, 2, 1, 50, 4, 3, 1);
    EXPECT(x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/* ---- 13.7 augment ---------------------------------------------------------------- */

/* Hint 13.7: an image that is only cut out, and one that is only moved: how many numbers may
 * each of them take from the stream, if the next image is to be the same for both?
 *
 * First nine draws in the order of the table: 1 uniform(), 2 below(), 4 swing(), 2 below().
 * Then y = x, and each change whose amount in how is not 0, in the same order.  flip also
 * wants its toss below 0.5.
 *
 * Nine lines that draw, a copy of x to y, then six ifs.  A change that cannot be made in place
 * reads from work: memcpy() puts the image there first, and returns where it put it.
 */
typedef void augment_like(float *y, float *work, const float *x,
                          const struct augmentation *how, uint64_t *chance, int Y, int X,
                          int C);
augment_like augment;

/* Five images from one stream, each with its own draws, and where the stream is then.  Some
 * numbers lie outside of 0 to 1: only the brightness may change that. */
static void augment_of(struct run *r, augment_like *f, struct augmentation how, int name)
{
    enum { N = 5, Y = 7, X = 6, C = 2, D = Y * X * C };
    IN(x, N, Y, X, C); OUT(y, N, Y, X, C); OUT(next, 1);
    float *work = floats(D);
    uint64_t chance = stream(r->seed, (uint64_t)name);
    for (int i = 0; i < N*D; i++)
        x[i] = 0.4f + 0.7f * x[i];
    for (int n = 0; n < N; n++)
        f(y + n*D, work, x + n*D, &how, &chance, Y, X, C);
    *next = uniform(&chance);
    free(work);
}

CASE(augment_nothing, augment_like) { augment_of(r, f, (struct augmentation){0}, 131); }
CASE(augment_flip, augment_like) { augment_of(r, f, (struct augmentation){.flip = true}, 132); }
CASE(augment_shift, augment_like) { augment_of(r, f, (struct augmentation){.shift = 2}, 133); }

CASE(augment_scale, augment_like)
{
    augment_of(r, f, (struct augmentation){.scale = 0.25f}, 134);
}

CASE(augment_light, augment_like)
{
    augment_of(r, f, (struct augmentation){.brightness = 0.5f}, 135);
}

CASE(augment_cutout, augment_like)
{
    augment_of(r, f, (struct augmentation){.cutout = 3}, 136);
}

CASE(augment_moved, augment_like)
{
    augment_of(r, f, (struct augmentation){.flip = true, .shift = 3, .scale = 0.3f}, 137);
}

CASE(augment_dark, augment_like)
{
    augment_of(r, f, (struct augmentation){.shift = 1, .brightness = 0.4f, .cutout = 4}, 138);
}

CASE(augment_all, augment_like)
{
    augment_of(r, f, (struct augmentation){true, 2, 0.2f, 0.3f, 0, 3}, 139);
}

/* ---- 13.8 lenet_forward ---------------------------------------------------------- */

/* Hint 13.8: which array does the second convolution read, c1 or h1?  And which numbers of an
 * image are the D inputs of W3, in which order?
 *
 * x -> conv1 -> c1 -> pool1 -> h1 -> relu in place -> conv2 -> c2 -> pool2 -> h2 -> relu in
 * place -> W3 -> h3 -> relu -> W4 -> h4 -> relu -> W5 -> z.  What the pool left in h2 already
 * lies as [N,D].
 *
 * Eleven calls: conv2d_fast_forward() with &net->conv1 and work->conv, maxpool_forward() with
 * &net->pool1, relu_forward() of all numbers of h1, that is N times pool1's P Q M1; the same
 * three once more; linear_forward() and relu_forward() twice, and linear_forward().
 */
typedef void forward_like(struct lenet_work *work, const struct lenet *net, int N);
forward_like lenet_forward;

/* Rounds to a multiple of step.  Then all sums come out exactly, in any order: so it is
 * certain which number of a window is the largest. */
static void rounded(float *a, int n, float size, float step)
{
    for (int i = 0; i < n; i++)
        a[i] = roundf(a[i] * size / step) * step;
}

/* Memory for the convolutions: not a float too much. */
static float *conv_memory(const struct lenet *net)
{
    size_t a = conv2d_work(&net->conv1), b = conv2d_work(&net->conv2);
    return floats(a > b ? a : b);
}

/* Every array of the network is one of its own, not a part of one block: so the sanitizer
 * sees a step out of any of them. */
#define NET \
    IN(w1, 25, net.C, net.M1); IN(b1, net.M1); IN(w2, 25, net.M1, net.M2); IN(b2, net.M2); \
    IN(W3, net.H1, net.D); IN(b3, net.H1); IN(W4, net.H2, net.H1); IN(b4, net.H2); \
    IN(W5, net.K, net.H2); IN(b5, net.K)
#define NET_IS \
    net.w1 = w1, net.b1 = b1, net.w2 = w2, net.b2 = b2, net.W3 = W3, net.b3 = b3, \
    net.W4 = W4, net.b4 = b4, net.W5 = W5, net.b5 = b5
#define GOLD_NET \
    SET(w1, GOLD_W1); SET(b1, GOLD_B1); SET(w2, GOLD_W2); SET(b2, GOLD_B2); \
    SET(W3, GOLD_W3); SET(b3, GOLD_B3); SET(W4, GOLD_W4); SET(b4, GOLD_B4); \
    SET(W5, GOLD_W5); SET(b5, GOLD_B5)

/* N images through a network of this shape: PyTorch's, or any. */
static void forward_of(struct run *r, forward_like *f, struct lenet net, int N, bool gold)
{
    IN(x, N, net.Y, net.X, net.C); NET;
    OUT(c1, N, net.conv1.P, net.conv1.Q, net.M1); OUT(h1, N, net.pool1.P, net.pool1.Q, net.M1);
    OUT_INT(from1, N, net.pool1.P, net.pool1.Q, net.M1);
    OUT(c2, N, net.conv2.P, net.conv2.Q, net.M2); OUT(h2, N, net.pool2.P, net.pool2.Q, net.M2);
    OUT_INT(from2, N, net.pool2.P, net.pool2.Q, net.M2);
    OUT(h3, N, net.H1); OUT(h4, N, net.H2); OUT(z, N, net.K);
    rounded(x, N * net.Y * net.X * net.C, 1, 0x1p-4f);
    rounded(w1, 25 * net.C * net.M1, 0.25f, 0x1p-6f);
    rounded(w2, 25 * net.M1 * net.M2, 0.25f, 0x1p-6f);
    rounded(b1, net.M1, 0.5f, 0x1p-6f);
    rounded(b2, net.M2, 0.5f, 0x1p-6f);
    if (gold) {
        SET(x, GOLD_INPUT); GOLD_NET;
    }
    NET_IS;
    struct lenet_work work = {.x = x, .c1 = c1, .h1 = h1, .c2 = c2, .h2 = h2, .h3 = h3,
                              .h4 = h4, .z = z, .from1 = from1, .from2 = from2,
                              .conv = conv_memory(&net)};
    f(&work, &net, N);
    free(work.conv);
    if (gold)
        EXPECT(z, GOLD_Z);
}

static struct lenet gold_shape(void)
{
    return lenet_shape(GOLD_Y, GOLD_X, GOLD_C, GOLD_M1, GOLD_M2, GOLD_H1, GOLD_H2, GOLD_K);
}

CASE(forward_gold, forward_like) { forward_of(r, f, gold_shape(), GOLD_N, true); }

CASE(forward_small, forward_like)
{
    forward_of(r, f, lenet_shape(12, 14, 1, 2, 3, 4, 5, 6), 3, false);
}

CASE(forward_wide, forward_like)
{
    forward_of(r, f, lenet_shape(16, 27, 3, 5, 4, 9, 6, 7), 2, false);
}

CASE(forward_one, forward_like)
{
    forward_of(r, f, lenet_shape(20, 13, 2, 4, 6, 7, 3, 2), 1, false);
}

/* ---- 13.9 lenet_backward --------------------------------------------------------- */

/* Hint 13.9: of each call of 13.8, which call undoes it, and in which order do they come?  How
 * many are there?
 *
 * linear_backward() takes the gradient in its output, dz, its input of the way forward, h4, and
 * gives dh4; relu_backward() takes dh4 and the relu's output h4, and gives dz4.  Before the
 * convolutions: dh2 -> relu -> dz2 -> pool -> dc2 -> convolution -> dh1.
 *
 * Eleven calls, in the order opposite to 13.8.  The pool goes back by maxpool_backward() with
 * from2 and &net->pool2; the first convolution gets NULL where its dx would go.
 */
typedef void backward_like(struct lenet *grad, struct lenet_work *work,
                           const struct lenet *net, int N);
backward_like lenet_backward;

/* What a pool and its relu could have given: some zeros; from: any pixel of the window. */
static void pool_fill(float *h, int *from, const struct conv *c, int N)
{
    for (int n = 0, i = 0; n < N; n++)
        for (int p = 0; p < c->P; p++)
            for (int q = 0; q < c->Q; q++)
                for (int k = 0; k < c->C; k++, i++) {
                    int a = 2*p + from[i] / 2 % 2, b = 2*q + from[i] % 2;
                    h[i] = i * 7 % 11 < 4 ? 0 : fabsf(h[i]);
                    from[i] = ((n*c->Y + a)*c->X + b)*c->C + k;
                }
}

static void relu_fill(float *h, int n)
{
    for (int i = 0; i < n; i++)
        h[i] = i * 7 % 11 < 4 ? 0 : fabsf(h[i]);
}

/* Zeros that are not looked at afterwards, since all that is made of them is. */
struct between { float *c1, *c2, *z, *dz1, *dc1, *dz2, *dz3, *dz4, *conv; };

static struct between between_new(const struct lenet *net, int N)
{
    size_t c1 = (size_t)N * net->conv1.P * net->conv1.Q * net->M1;
    size_t c2 = (size_t)N * net->conv2.P * net->conv2.Q * net->M2;
    size_t h1 = (size_t)N * net->pool1.P * net->pool1.Q * net->M1;
    return (struct between){
        floats(c1), floats(c2), floats((size_t)N * net->K), floats(h1), floats(c1),
        floats((size_t)N * net->D), floats((size_t)N * net->H1), floats((size_t)N * net->H2),
        conv_memory(net)};
}

static void between_free(struct between *b)
{
    float *all[] = {b->c1, b->c2, b->z, b->dz1, b->dc1, b->dz2, b->dz3, b->dz4, b->conv};
    for (int i = 0; i < 9; i++)
        free(all[i]);
}

#define GRADIENTS_AND_HIDDEN \
    ADD_TO(dW5, net.K, net.H2); ADD_TO(db5, net.K); ADD_TO(dh4, N, net.H2); SCALE(dh4, 0); \
    ADD_TO(dW4, net.H2, net.H1); ADD_TO(db4, net.H2); ADD_TO(dh3, N, net.H1); SCALE(dh3, 0); \
    ADD_TO(dW3, net.H1, net.D); ADD_TO(db3, net.H1); \
    ADD_TO(dh2, N, net.pool2.P, net.pool2.Q, net.M2); SCALE(dh2, 0); \
    ADD_TO(dc2, N, net.conv2.P, net.conv2.Q, net.M2); SCALE(dc2, 0); \
    ADD_TO(dw2, 25, net.M1, net.M2); ADD_TO(db2, net.M2); \
    ADD_TO(dh1, N, net.pool1.P, net.pool1.Q, net.M1); SCALE(dh1, 0); \
    ADD_TO(dw1, 25, net.C, net.M1); ADD_TO(db1, net.M1)
#define GRAD_IS \
    struct lenet grad = net; \
    grad.w1 = dw1, grad.b1 = db1, grad.w2 = dw2, grad.b2 = db2, grad.W3 = dW3, grad.b3 = db3, \
    grad.W4 = dW4, grad.b4 = db4, grad.W5 = dW5, grad.b5 = db5
#define WORK_IS \
    struct lenet_work work = { \
        .x = x, .c1 = b.c1, .h1 = h1, .c2 = b.c2, .h2 = h2, .h3 = h3, .h4 = h4, .z = b.z, \
        .from1 = from1, .from2 = from2, .dz = dz, .dh4 = dh4, .dh3 = dh3, .dh2 = dh2, \
        .dc2 = dc2, .dh1 = dh1, .dz1 = b.dz1, .dc1 = b.dc1, .dz2 = b.dz2, .dz3 = b.dz3, \
        .dz4 = b.dz4, .conv = b.conv}

/* From any gradient in the logits, with what some way forward could have left behind. */
static void backward_of(struct run *r, backward_like *f, struct lenet net, int N)
{
    IN(x, N, net.Y, net.X, net.C); IN(h1, N, net.pool1.P, net.pool1.Q, net.M1);
    IN(h2, N, net.pool2.P, net.pool2.Q, net.M2); IN(h3, N, net.H1); IN(h4, N, net.H2);
    LABELS(from1, 4, N, net.pool1.P, net.pool1.Q, net.M1);
    LABELS(from2, 4, N, net.pool2.P, net.pool2.Q, net.M2);
    IN(dz, N, net.K); IN(weights, lenet_size(&net)); GRADIENTS_AND_HIDDEN;
    pool_fill(h1, from1, &net.pool1, N);
    pool_fill(h2, from2, &net.pool2, N);
    relu_fill(h3, N * net.H1);
    relu_fill(h4, N * net.H2);
    struct between b = between_new(&net, N);
    net = lenet_at(weights, &net);
    GRAD_IS;
    WORK_IS;
    f(&grad, &work, &net, N);
    between_free(&b);
}

CASE(backward_small, backward_like)
{
    backward_of(r, f, lenet_shape(12, 14, 1, 2, 3, 4, 5, 6), 3);
}

CASE(backward_wide, backward_like)
{
    backward_of(r, f, lenet_shape(16, 27, 3, 5, 4, 9, 6, 7), 2);
}

CASE(backward_one, backward_like)
{
    backward_of(r, f, lenet_shape(20, 13, 2, 4, 6, 7, 3, 2), 1);
}

/* What the layers of the way forward leave behind, in plain loops: convolution 5x5, pool and
 * relu; linear layer and relu. */
static double conv_fill_at(const float *x, const float *w, int i, int j, int m, int Y, int X,
                           int C, int M)
{
    double z = 0;
    for (int r = 0; r < 5; r++)
        for (int s = 0; s < 5; s++)
            for (int k = 0; k < C && i + r >= 0 && i + r < Y && j + s >= 0 && j + s < X; k++)
                z += (double)x[((i + r)*X + j + s)*C + k] * w[((r*5 + s)*C + k)*M + m];
    return z;
}

static void conv_fill(float *h, int *from, const float *x, const float *w, const float *b,
                      const struct conv *c, int N)
{
    for (int n = 0; n < N; n++)
        for (int p = 0; p < c->P / 2; p++)
            for (int q = 0; q < c->Q / 2; q++)
                for (int m = 0; m < c->M; m++, h++, from++) {
                    *h = -1000;
                    for (int a = 0; a < 4; a++) {
                        int i = 2*p + a / 2, j = 2*q + a % 2;
                        float z = (float)(b[m] + conv_fill_at(x + n*c->Y*c->X*c->C, w,
                            i - c->top, j - c->left, m, c->Y, c->X, c->C, c->M));
                        if (z > *h)
                            *h = z, *from = ((n*c->P + i)*c->Q + j)*c->M + m;
                    }
                    *h = *h > 0 ? *h : 0;
                }
}

static void linear_fill(float *h, const float *x, const float *W, const float *b, int N, int D,
                        int M)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            double z = b[m];
            for (int d = 0; d < D; d++)
                z += (double)x[n*D + d] * W[m*D + d];
            h[n*M + m] = (float)(z > 0 ? z : 0);
        }
}

/* The gradients of PyTorch, from its gradient in the logits. */
CASE(backward_gold, backward_like)
{
    enum { N = GOLD_N };
    struct lenet net = gold_shape();
    IN(x, N, net.Y, net.X, net.C); IN(h1, N, net.pool1.P, net.pool1.Q, net.M1);
    IN(h2, N, net.pool2.P, net.pool2.Q, net.M2); IN(h3, N, net.H1); IN(h4, N, net.H2);
    LABELS(from1, 4, N, net.pool1.P, net.pool1.Q, net.M1);
    LABELS(from2, 4, N, net.pool2.P, net.pool2.Q, net.M2);
    IN(dz, N, net.K); IN(weights, lenet_size(&net)); GRADIENTS_AND_HIDDEN;
    SET(x, GOLD_INPUT); SET(dz, GOLD_DZ);
    SET(weights, GOLD_W1, GOLD_B1, GOLD_W2, GOLD_B2, GOLD_W3, GOLD_B3, GOLD_W4, GOLD_B4,
        GOLD_W5, GOLD_B5);
    SCALE(dW5, 0); SCALE(db5, 0); SCALE(dW4, 0); SCALE(db4, 0); SCALE(dW3, 0); SCALE(db3, 0);
    SCALE(dw2, 0); SCALE(db2, 0); SCALE(dw1, 0); SCALE(db1, 0);
    struct between b = between_new(&net, N);
    net = lenet_at(weights, &net);
    conv_fill(h1, from1, x, net.w1, net.b1, &net.conv1, N);
    conv_fill(h2, from2, h1, net.w2, net.b2, &net.conv2, N);
    linear_fill(h3, h2, net.W3, net.b3, N, net.D, net.H1);
    linear_fill(h4, h3, net.W4, net.b4, N, net.H1, net.H2);
    GRAD_IS;
    WORK_IS;
    f(&grad, &work, &net, N);
    between_free(&b);
    EXPECT(dW5, GOLD_DW5); EXPECT(db5, GOLD_DB5); EXPECT(dW4, GOLD_DW4); EXPECT(db4, GOLD_DB4);
    EXPECT(dW3, GOLD_DW3); EXPECT(db3, GOLD_DB3); EXPECT(dw2, GOLD_DW2); EXPECT(db2, GOLD_DB2);
    EXPECT(dw1, GOLD_DW1); EXPECT(db1, GOLD_DB1);
}

/* ---- 13.10 confusion_matrix ------------------------------------------------------ */

/* Hint 13.10: a shirt is taken for a coat: which of the K*K numbers grows by 1?
 *
 * All are 0 at first; then for each n the count in row t[n] and column k[n] grows by 1.
 *
 * A memset() or a loop over the K*K numbers, then a loop over n with one line.
 */
typedef void confusion_like(int *count, const int *t, const int *k, int N, int K);
confusion_like confusion_matrix;

CASE(confusion_by_hand, confusion_like)
{
    LABELS(t, 3, 7); LABELS(k, 3, 7); OUT_INT(count, 3, 3);
    SET(t, 0, 2, 1, 2, 2, 0, 2); SET(k, 0, 1, 1, 1, 2, 2, 0);
    f(count, t, k, 7, 3);
    EXPECT(count, 1, 0, 1,  0, 1, 0,  1, 2, 1);
}

CASE(confusion_many, confusion_like)
{
    LABELS(t, 4, 50); LABELS(k, 4, 50); OUT_INT(count, 4, 4);
    f(count, t, k, 50, 4);
}

CASE(confusion_few, confusion_like)
{
    LABELS(t, 7, 3); LABELS(k, 7, 3); OUT_INT(count, 7, 7);
    f(count, t, k, 3, 7);
}

CASE(confusion_right, confusion_like)
{
    LABELS(t, 2, 5); LABELS(k, 2, 5); OUT_INT(count, 2, 2);
    SET(t, 1, 1, 0, 1, 1); SET(k, 1, 1, 0, 1, 1);
    f(count, t, k, 5, 2);
    EXPECT(count, 1, 0,  0, 4);
}

/* ---- 13.11 top_k ----------------------------------------------------------------- */

/* Hint 13.11: how many logits of a row must be above that of its class, so that it is not
 * among the three largest?
 *
 * before = how many j have z[n,j] > z[n,t[n]], or have z[n,j] = z[n,t[n]] and j < t[n].  A hit
 * is a row with before < k; the answer is hits / N.
 *
 * Two loops and a count in each.  hits and N are ints: what is 3 / 4 in C?
 */
typedef float top_like(const float *z, const int *t, int k, int N, int K);
top_like top_k;

CASE(top_by_hand, top_like)
{
    IN(z, 4, 3); LABELS(t, 3, 4); OUT(result, 4);
    SET(z, 5, 1, 3,  -2, -1, -3,  7, 0, 9,  2, 8, 4); SET(t, 0, 2, 0, 2);
    for (int k = 1; k <= 4; k++)
        result[k - 1] = f(z, t, k, 4, 3);
    EXPECT(result, 0.25, 0.75, 1, 1);
}

CASE(top_equal, top_like)
{
    IN(z, 4, 5); LABELS(t, 5, 4); OUT(result, 5);
    SET(z, 1, 1, 1, 1, 1,  0, 2, 2, 2, -1,  3, 4, 4, 3, 3,  0, 0, -5, 0, -5);
    SET(t, 0, 2, 4, 3);
    for (int k = 1; k <= 5; k++)
        result[k - 1] = f(z, t, k, 4, 5);
    EXPECT(result, 0.25, 0.5, 0.75, 0.75, 1);
}

CASE(top_many, top_like)
{
    IN(z, 30, 7); LABELS(t, 7, 30); OUT(result, 9);
    for (int k = 1; k <= 9; k++)
        result[k - 1] = f(z, t, k, 30, 7);
}

CASE(top_ties, top_like)
{
    IN(z, 30, 6); LABELS(t, 6, 30); OUT(result, 7);
    for (int i = 0; i < 180; i++)
        z[i] = roundf(2 * z[i]);
    for (int k = 1; k <= 7; k++)
        result[k - 1] = f(z, t, k, 30, 6);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, and `how` says what is wrong with it: RIGHT nothing. */
enum how { RIGHT,
           // Pixels.
           UPSIDE_DOWN, HALF_TURN, CHANNELS_TOO, COPIED, SYMMETRIC, ONE_CHANNEL, ONE_ROW,
           NEXT_COLUMN, OPPOSITE, EXCHANGED, RIM_KEPT, ROUND, SPILLS, ROWS_ALONE, COLUMNS_ALONE,
           LATE, NOT_ROWS, TIMES, CORNER, WHOLE_CENTRE, HALF_PIXEL, NO_CENTRE_BACK, NEAREST,
           RIM_LOST, CLOCKWISE, RADIANS, COS_FOR_SIN, MIRRORED, HALF_ANGLE, STRETCHED, REUSED,
           NO_CLAMP, NO_FLOOR, NO_TOP, OFFSET_FIRST, NO_FACTOR, NO_OFFSET, EARLY_CLAMP, MINUS,
           RESCALED, RADIUS, SHORT, LONG, FROM_CORNER, ONES, OUTSIDE, ALL_OR_NOTHING, MOVED_IN,
           AFTER,
           // Chance.
           FROM_X, AS_NEEDED, SCALE_FIRST, TOSS_INVERTED, ALWAYS_FLIPS, J_FIRST, SHIFT_UP,
           FACTOR_ALONE, CUT_FIRST, STREAM_COPIED, FLIPS_UNASKED,
           // The network.
           NO_RELU, NO_CONV_RELU, NO_LINEAR_RELU, LAST_BENT, NO_CONV_BIAS, NO_LINEAR_BIAS,
           RELU_IN_C, MEANS, LOCAL_FROM, CHANNELS_FIRST, FIRST_IMAGE, TURNED, OVERWRITES, SPREAD,
           FOUR_TIMES, NO_BIAS, STOPS, BEFORE_RELU, KERNEL_ONE,
           // Counting.
           TRANSPOSED, NOT_CLEARED, HITS_ALONE, MISSES_ALONE, EARLY, TRUE_ALONE, LAST_TIE,
           ALL_TIES, NO_TIES, ONE_MORE, ONE_LESS, EXACTLY, SMALLEST, WHOLE, COUNT, PERCENT,
           BEST, MISSED };

/* ---- pixels ---- */

static void flip(float *y, const float *x, int Y, int X, int C, enum how how)
{
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            for (int k = 0; k < C; k++) {
                int a = how == UPSIDE_DOWN || how == HALF_TURN ? Y-1-i : i;
                int b = how == UPSIDE_DOWN || how == COPIED || (how == SYMMETRIC && j < X/2)
                        ? j : X-1-j;
                if ((how == ONE_CHANNEL && k) || (how == ONE_ROW && i))
                    b = j;
                if (how == NEXT_COLUMN)
                    b = (2*X - 2 - j) % X;
                y[(i*X + j)*C + k] = x[(a*X + b)*C + (how == CHANNELS_TOO ? C-1-k : k)];
            }
}

#define FLIP(name, how) \
    static void name(float *y, const float *x, int Y, int X, int C) { flip(y, x, Y, X, C, how); }
FLIP(flip_right, RIGHT)
FLIP(flip_upside_down, UPSIDE_DOWN)
FLIP(flip_half_turn, HALF_TURN)
FLIP(flip_channels, CHANNELS_TOO)
FLIP(flip_copied, COPIED)
FLIP(flip_symmetric, SYMMETRIC)
FLIP(flip_one_channel, ONE_CHANNEL)
FLIP(flip_one_row, ONE_ROW)
FLIP(flip_next, NEXT_COLUMN)

/* Pixel (i,j) of channel k, and 0 outside of the image. */
static double pixel(const float *x, int i, int j, int k, int Y, int X, int C)
{
    return i < 0 || i >= Y || j < 0 || j >= X ? 0 : x[(i*X + j)*C + k];
}

static int within(int i, int n) { return i < 0 ? 0 : i < n ? i : n - 1; }

static void shift(float *y, const float *x, int di, int dj, int Y, int X, int C, enum how how)
{
    if (how == EXCHANGED) {
        int t = di;
        di = dj, dj = t;
    }
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            for (int k = 0; k < C; k++) {
                int a = how == OPPOSITE ? i + di : how == COLUMNS_ALONE ? i : i - di;
                int b = how == OPPOSITE ? j + dj : how == ROWS_ALONE ? j : j - dj;
                if (how == NOT_ROWS)
                    a = i + di;
                if (how == RIM_KEPT)
                    a = within(a, Y), b = within(b, X);
                if (how == ROUND)
                    a = (a % Y + Y) % Y, b = (b % X + X) % X;
                if (how == SPILLS && b != within(b, X) && a*X + b >= 0 && a*X + b < Y*X) {
                    int at = a*X + b;
                    a = at / X, b = at % X;
                }
                if (how == ONE_CHANNEL && k)
                    a = i, b = j;
                if (how == NOT_CLEARED && (a != within(a, Y) || b != within(b, X)))
                    continue;
                bool lost = how == LATE && (a == 0 || b == 0);
                y[(i*X + j)*C + k] = lost ? 0 : (float)pixel(x, a, b, k, Y, X, C);
            }
}

#define SHIFT(name, how) \
    static void name(float *y, const float *x, int di, int dj, int Y, int X, int C) \
    { shift(y, x, di, dj, Y, X, C, how); }
SHIFT(shift_right_way, RIGHT)
SHIFT(shift_opposite, OPPOSITE)
SHIFT(shift_rows_opposite, NOT_ROWS)
SHIFT(shift_exchanged, EXCHANGED)
SHIFT(shift_rim, RIM_KEPT)
SHIFT(shift_round, ROUND)
SHIFT(shift_spills, SPILLS)
SHIFT(shift_rows, ROWS_ALONE)
SHIFT(shift_columns, COLUMNS_ALONE)
SHIFT(shift_one_channel, ONE_CHANNEL)
SHIFT(shift_not_cleared, NOT_CLEARED)
SHIFT(shift_late, LATE)

/* ---- between the pixels ---- */

/* Channel k at row u and column v: every pixel is a tent over the four squares that meet at
 * it. */
static double sample(const float *x, double u, double v, int k, int Y, int X, int C, enum how how)
{
    double sum = 0;
    if (how == NEAREST)
        u = floor(u + 0.5), v = floor(v + 0.5);
    if (how == ROUND)
        u = floor(u), v = floor(v);
    if (how == RIM_KEPT)
        u = fmin(fmax(u, 0), Y - 1), v = fmin(fmax(v, 0), X - 1);
    if (how == RIM_LOST && (u < -1e-6 || u > Y - 1 + 1e-6 || v < -1e-6 || v > X - 1 + 1e-6))
        return 0;
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            sum += fmax(0, 1 - fabs(u - i)) * fmax(0, 1 - fabs(v - j)) * x[(i*X + j)*C + k];
    return sum;
}

static void centre_of(double *middle, double *centre, int Y, int X, enum how how)
{
    *middle = how == CORNER ? 0 : how == WHOLE_CENTRE ? (Y - 1) / 2 : how == HALF_PIXEL ? Y / 2.0
              : how == EXCHANGED ? (X - 1) / 2.0 : (Y - 1) / 2.0;
    *centre = how == CORNER ? 0 : how == WHOLE_CENTRE ? (X - 1) / 2 : how == HALF_PIXEL ? X / 2.0
              : how == EXCHANGED ? (Y - 1) / 2.0 : (X - 1) / 2.0;
}

static void scaled(float *y, const float *x, double by, int Y, int X, int C, enum how how)
{
    double middle, centre;
    centre_of(&middle, &centre, Y, X, how);
    by = how == TIMES ? by : 1 / by;
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            for (int k = 0; k < C; k++) {
                double u = how == COLUMNS_ALONE ? i : (i - middle) * by + middle;
                double v = how == ROWS_ALONE ? j : (j - centre) * by + centre;
                if (how == NO_CENTRE_BACK)
                    u -= middle, v -= centre;
                y[(i*X + j)*C + k] = (float)sample(x, u, v, k, Y, X, C, how);
            }
}

#define SCALED(name, how) \
    static void name(float *y, const float *x, float scale, int Y, int X, int C) \
    { scaled(y, x, scale, Y, X, C, how); }
SCALED(scale_right, RIGHT)
SCALED(scale_times, TIMES)
SCALED(scale_corner, CORNER)
SCALED(scale_whole_centre, WHOLE_CENTRE)
SCALED(scale_half_pixel, HALF_PIXEL)
SCALED(scale_exchanged, EXCHANGED)
SCALED(scale_rows, ROWS_ALONE)
SCALED(scale_columns, COLUMNS_ALONE)
SCALED(scale_no_back, NO_CENTRE_BACK)
SCALED(scale_nearest, NEAREST)
SCALED(scale_floor, ROUND)
SCALED(scale_rim, RIM_KEPT)
SCALED(scale_rim_lost, RIM_LOST)

static void rotated(float *y, const float *x, double degrees, int Y, int X, int C, enum how how)
{
    double middle, centre, angle = how == RADIANS ? degrees : M_PI * degrees / 180;
    centre_of(&middle, &centre, Y, X, how);
    angle *= how == CLOCKWISE ? -1 : how == HALF_ANGLE ? 0.5 : 1;
    double c = how == COS_FOR_SIN ? sin(angle) : cos(angle);
    double s = how == COS_FOR_SIN ? cos(angle) : sin(angle);
    for (int i = 0; i < Y; i++)
        for (int j = 0; j < X; j++)
            for (int k = 0; k < C; k++) {
                double down = i - middle, right = j - centre;
                double u = c * down + s * right;
                double v = c * right - s * (how == REUSED ? u : how == MIRRORED ? -down : down);
                if (how == STRETCHED)
                    u = c * down - s * right;
                if (how != NO_CENTRE_BACK)
                    u += middle, v += centre;
                y[(i*X + j)*C + k] = (float)sample(x, u, v, k, Y, X, C, how);
            }
}

#define ROTATED(name, how) \
    static void name(float *y, const float *x, float degrees, int Y, int X, int C) \
    { rotated(y, x, degrees, Y, X, C, how); }
ROTATED(rotate_right, RIGHT)
ROTATED(rotate_clockwise, CLOCKWISE)
ROTATED(rotate_radians, RADIANS)
ROTATED(rotate_half_angle, HALF_ANGLE)
ROTATED(rotate_swapped, COS_FOR_SIN)
ROTATED(rotate_mirrored, MIRRORED)
ROTATED(rotate_stretched, STRETCHED)
ROTATED(rotate_reused, REUSED)
ROTATED(rotate_corner, CORNER)
ROTATED(rotate_whole_centre, WHOLE_CENTRE)
ROTATED(rotate_half_pixel, HALF_PIXEL)
ROTATED(rotate_exchanged, EXCHANGED)
ROTATED(rotate_no_back, NO_CENTRE_BACK)

/* ---- light, and a hole ---- */

static void light(float *y, const float *x, double factor, double offset, int n, enum how how)
{
    for (int i = 0; i < n; i++) {
        double in = how == EARLY_CLAMP ? fmin(fmax(x[i], 0), 1) : x[i];
        double v = how == OFFSET_FIRST ? factor * (in + offset) : how == NO_FACTOR ? in + offset
                   : how == NO_OFFSET ? factor * in : how == MINUS ? factor * in - offset
                   : how == EXCHANGED ? offset * in + factor : factor * in + offset;
        bool low = how != NO_CLAMP && how != NO_FLOOR && how != EARLY_CLAMP;
        bool high = how != NO_CLAMP && how != NO_TOP && how != EARLY_CLAMP;
        v = low && v < 0 ? 0 : high && v > 1 ? how == OUTSIDE ? 0 : 1 : v;
        y[i] = (float)(how == RESCALED && v != factor * in + offset ? x[i] : v);
    }
}

#define LIGHT(name, how) \
    static void name(float *y, const float *x, float factor, float offset, int n) \
    { light(y, x, factor, offset, n, how); }
LIGHT(light_right, RIGHT)
LIGHT(light_no_clamp, NO_CLAMP)
LIGHT(light_no_floor, NO_FLOOR)
LIGHT(light_no_top, NO_TOP)
LIGHT(light_offset_first, OFFSET_FIRST)
LIGHT(light_no_factor, NO_FACTOR)
LIGHT(light_no_offset, NO_OFFSET)
LIGHT(light_early_clamp, EARLY_CLAMP)
LIGHT(light_minus, MINUS)
LIGHT(light_exchanged, EXCHANGED)
LIGHT(light_black, OUTSIDE)
LIGHT(light_kept, RESCALED)

static void cutout(float *x, int i, int j, int side, int Y, int X, int C, enum how how)
{
    if (how == EXCHANGED) {
        int t = i;
        i = j, j = t;
    }
    int before = how == RADIUS ? side : how == FROM_CORNER ? 0 : how == AFTER ? (side - 1) / 2
                 : side / 2;
    int size = how == RADIUS ? 2*side + 1 : side - (how == SHORT) + (how == LONG);
    int top = i - before, left = j - before;
    if (how == MOVED_IN) {
        top = top < 0 ? 0 : top + size > Y ? (Y > size ? Y - size : 0) : top;
        left = left < 0 ? 0 : left + size > X ? (X > size ? X - size : 0) : left;
    }
    if (how == ALL_OR_NOTHING && (top < 0 || left < 0 || top + size > Y || left + size > X))
        return;
    if (how == SPILLS && (i < 0 || i >= Y || j < 0 || j >= X))
        return;
    for (int a = 0; a < Y; a++)
        for (int b = 0; b < X; b++) {
            bool in = a >= top && a < top + size && b >= left && b < left + size;
            for (int k = 0; k < C; k++)
                if (in == (how != OUTSIDE) && !(how == ONE_CHANNEL && k))
                    x[(a*X + b)*C + k] = how == ONES ? 1 : 0;
        }
}

#define CUTOUT(name, how) \
    static void name(float *x, int i, int j, int side, int Y, int X, int C) \
    { cutout(x, i, j, side, Y, X, C, how); }
CUTOUT(cutout_right, RIGHT)
CUTOUT(cutout_exchanged, EXCHANGED)
CUTOUT(cutout_radius, RADIUS)
CUTOUT(cutout_from_corner, FROM_CORNER)
CUTOUT(cutout_after, AFTER)
CUTOUT(cutout_short, SHORT)
CUTOUT(cutout_long, LONG)
CUTOUT(cutout_moved, MOVED_IN)
CUTOUT(cutout_whole_only, ALL_OR_NOTHING)
CUTOUT(cutout_inside_only, SPILLS)
CUTOUT(cutout_around, OUTSIDE)
CUTOUT(cutout_one_channel, ONE_CHANNEL)
CUTOUT(cutout_white, ONES)

/* ---- by chance ---- */

/* What is drawn for one image. */
struct drawn { bool flip; int di, dj; double scale, factor, offset; int i, j; };

static int drawn_shift(int most, uint64_t *chance, enum how how)
{
    if (how == SHIFT_UP)
        return below(chance, most + 1);
    return below(chance, how == SHORT && most ? 2*most : 2*most + 1) - most;
}

static struct drawn draw_amounts(const struct augmentation *a, uint64_t *chance, int Y, int X,
                                 enum how how)
{
    struct drawn d = {.scale = 1, .factor = 1};
    bool all = how != AS_NEEDED;
    if (all || a->flip)
        d.flip = (uniform(chance) < 0.5f) == (how != TOSS_INVERTED) || how == ALWAYS_FLIPS;
    if (all || a->shift) {
        int one = drawn_shift(a->shift, chance, how), two = drawn_shift(a->shift, chance, how);
        d.di = how == J_FIRST ? two : one;
        d.dj = how == J_FIRST ? one : two;
    }
    if (all || a->scale > 0)
        d.scale += a->scale * (2.0*uniform(chance) - 1);
    if (all || a->rotation > 0)
        uniform(chance);
    if (all || a->brightness > 0) {
        double one = a->brightness * (2.0*uniform(chance) - 1);
        d.factor += one;
        d.offset = how == FACTOR_ALONE ? one : a->brightness * (2.0*uniform(chance) - 1);
    }
    if (all || a->cutout) {
        d.i = below(chance, Y);
        d.j = below(chance, X);
    }
    return d;
}

static void augmented(float *y, const float *x, const struct augmentation *a, uint64_t *chance,
                      int Y, int X, int C, enum how how)
{
    uint64_t copy = *chance;
    struct drawn d = draw_amounts(a, how == STREAM_COPIED ? &copy : chance, Y, X, how);
    size_t bytes = (size_t)Y * X * C * sizeof *y;
    float *now = malloc(bytes);
    const float *in = how == FROM_X ? x : now;
#define STEP(...) (memcpy(now, y, bytes), __VA_ARGS__)
    memcpy(y, x, bytes);
    if ((a->flip || how == FLIPS_UNASKED) && d.flip)
        STEP(flip(y, in, Y, X, C, RIGHT));
    if (how == SCALE_FIRST)
        STEP(scaled(y, in, d.scale, Y, X, C, RIGHT));
    if (a->shift)
        STEP(shift(y, in, d.di, d.dj, Y, X, C, RIGHT));
    if (how != SCALE_FIRST && a->scale > 0)
        STEP(scaled(y, in, d.scale, Y, X, C, RIGHT));
    if (how == CUT_FIRST)
        cutout(y, d.i, d.j, a->cutout, Y, X, C, RIGHT);
    if (a->brightness > 0)
        STEP(light(y, in, d.factor, d.offset, Y*X*C, RIGHT));
    if (how != CUT_FIRST)
        cutout(y, d.i, d.j, a->cutout, Y, X, C, RIGHT);
    free(now);
}

#define AUGMENTED(name, how) \
    static void name(float *y, float *work, const float *x, const struct augmentation *a, \
                     uint64_t *chance, int Y, int X, int C) \
    { (void)work; augmented(y, x, a, chance, Y, X, C, how); }
AUGMENTED(augment_right, RIGHT)
AUGMENTED(augment_from_x, FROM_X)
AUGMENTED(augment_as_needed, AS_NEEDED)
AUGMENTED(augment_inverted, TOSS_INVERTED)
AUGMENTED(augment_always, ALWAYS_FLIPS)
AUGMENTED(augment_unasked, FLIPS_UNASKED)
AUGMENTED(augment_dj_first, J_FIRST)
AUGMENTED(augment_short, SHORT)
AUGMENTED(augment_down_only, SHIFT_UP)
AUGMENTED(augment_scale_first, SCALE_FIRST)
AUGMENTED(augment_one_swing, FACTOR_ALONE)
AUGMENTED(augment_cut_first, CUT_FIRST)
AUGMENTED(augment_copied, STREAM_COPIED)

/* ---- the network ---- */

/* The largest of each window and where it is, then relu. */
static void pooled(float *h, int *from, const float *c, int N, int Y, int X, int M, enum how how)
{
    int P = Y / 2, Q = X / 2;
    for (int i = 0; i < N * P * Q * M; i++) {
        int n = i / (P*Q*M), p = i / (Q*M) % P, q = i / M % Q, m = i % M;
        double best = -1e9, sum = 0;
        for (int a = 0; a < 4; a++) {
            int at = ((n*Y + 2*p + a/2)*X + 2*q + a%2)*M + m;
            sum += c[at] / 4;
            if (c[at] > best)
                best = c[at], from[i] = at;
        }
        best = how == MEANS ? sum : best;
        bool bent = how != NO_RELU && how != NO_CONV_RELU && !(how == FIRST_IMAGE && n);
        h[i] = (float)(bent && best < 0 ? 0 : best);
        from[i] -= how == LOCAL_FROM ? n*Y*X*M : 0;
    }
}

static void convolved(float *y, const float *x, const float *w, const float *b, int padding,
                      int N, int Y, int X, int C, int M, enum how how)
{
    int P = Y + 2*padding - 4, Q = X + 2*padding - 4;
    for (int i = 0; i < N * P * Q * M; i++) {
        int n = i / (P*Q*M), p = i / (Q*M) % P, q = i / M % Q, m = i % M;
        double z = how == NO_CONV_BIAS ? 0 : b[m];
        for (int r = 0; r < 5; r++)
            for (int s = 0; s < 5; s++)
                for (int k = 0; k < C; k++)
                    z += pixel(x + n*Y*X*C, p + r - padding, q + s - padding, k, Y, X, C)
                         * w[((how == TURNED ? 24 - 5*r - s : 5*r + s)*C + k)*M + m];
        y[i] = (float)(how == RELU_IN_C && z < 0 ? 0 : z);
    }
}

static void dense(float *y, const float *x, const float *W, const float *b, bool bent, int N,
                  int D, int M, enum how how)
{
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++) {
            double z = how == NO_LINEAR_BIAS ? 0 : b[m];
            for (int d = 0; d < D; d++)
                z += (double)x[n*D + d] * W[m*D + d];
            bool zero = bent && how != NO_RELU && how != NO_LINEAR_RELU
                        && !(how == FIRST_IMAGE && n);
            y[n*M + m] = (float)(zero && z < 0 ? 0 : z);
        }
}

static void forward(struct lenet_work *work, const struct lenet *net, int N, enum how how)
{
    int Y = net->Y, X = net->X, P = Y/2, Q = X/2, M1 = net->M1, M2 = net->M2;
    convolved(work->c1, work->x, net->w1, net->b1, 2, N, Y, X, net->C, M1, how);
    pooled(work->h1, work->from1, work->c1, N, Y, X, M1, how);
    convolved(work->c2, work->h1, net->w2, net->b2, 0, N, P, Q, M1, M2, how);
    pooled(work->h2, work->from2, work->c2, N, P - 4, Q - 4, M2, how);
    int places = (P - 4) / 2 * ((Q - 4) / 2), D = places * M2;
    float *rows = malloc((size_t)N * D * sizeof *rows);
    for (int i = 0; i < N * D; i++)
        rows[i] = how == CHANNELS_FIRST
                  ? work->h2[i / D * D + i % D % places * M2 + i % D / places] : work->h2[i];
    dense(work->h3, rows, net->W3, net->b3, true, N, D, net->H1, how);
    dense(work->h4, work->h3, net->W4, net->b4, true, N, net->H1, net->H2, how);
    dense(work->z, work->h4, net->W5, net->b5, how == LAST_BENT, N, net->H2, net->K, how);
    free(rows);
}

#define FORWARD(name, how) \
    static void name(struct lenet_work *work, const struct lenet *net, int N) \
    { forward(work, net, N, how); }
FORWARD(forward_right, RIGHT)
FORWARD(forward_no_relu, NO_RELU)
FORWARD(forward_no_conv_relu, NO_CONV_RELU)
FORWARD(forward_no_linear_relu, NO_LINEAR_RELU)
FORWARD(forward_last_bent, LAST_BENT)
FORWARD(forward_no_conv_bias, NO_CONV_BIAS)
FORWARD(forward_no_linear_bias, NO_LINEAR_BIAS)
FORWARD(forward_relu_in_c, RELU_IN_C)
FORWARD(forward_means, MEANS)
FORWARD(forward_local, LOCAL_FROM)
FORWARD(forward_channels_first, CHANNELS_FIRST)
FORWARD(forward_first_image, FIRST_IMAGE)
FORWARD(forward_turned, TURNED)

/* What a gradient is added to. */
static void add(float *to, double what, enum how how)
{
    *to = (float)(what + (how == OVERWRITES ? 0 : *to));
}

/* Sums of a gradient are made in double: of n numbers, zero at first. */
static double *sums(int n) { return calloc((size_t)n, sizeof(double)); }

static void sums_add(float *to, double *sum, int n, enum how how)
{
    for (int i = 0; i < n; i++)
        add(&to[i], sum[i], how);
    free(sum);
}

static void dense_back(float *dx, float *dW, float *db, const float *dy, const float *x,
                       const float *W, int N, int D, int M, enum how how)
{
    double *in = sums(N * D), *weights = sums(M * D), *biases = sums(M);
    for (int i = 0; i < N * M * D; i++) {
        int n = i / (M*D), m = i / D % M, d = i % D;
        in[n*D + d] += (double)dy[n*M + m] * W[m*D + d];
        weights[m*D + d] += (double)dy[n*M + m] * x[n*D + d];
        biases[m] += d || how == NO_BIAS ? 0 : dy[n*M + m];
    }
    sums_add(dx, in, N * D, RIGHT);
    sums_add(dW, weights, M * D, how);
    sums_add(db, biases, M, how == NO_BIAS ? RIGHT : how);
}

/* Through relu: from dh to dz. */
static void relu_back(float *dz, const float *dh, const float *h, int n, int rows, enum how how)
{
    for (int i = 0; i < (how == FIRST_IMAGE ? n / rows : n); i++) {
        bool open = how == NO_RELU || (how == BEFORE_RELU ? dh[i] > 0 : h[i] > 0);
        add(&dz[i], open ? dh[i] : 0, RIGHT);
    }
}

/* Through a pool of 2x2: from [N,P,Q,M] to [N,Y,X,M]. */
static void pool_back(float *dc, const float *dz, const int *from, const struct conv *c, int N,
                      enum how how)
{
    for (int i = 0; i < N * c->P * c->Q * c->C; i++) {
        int k = i % c->C, q = i / c->C % c->Q, p = i / (c->C * c->Q) % c->P;
        int n = i / (c->C * c->Q * c->P), corner = ((n*c->Y + 2*p)*c->X + 2*q)*c->C + k;
        int step[] = {0, c->C, c->X * c->C, (c->X + 1) * c->C};
        if (how == SPREAD || how == FOUR_TIMES)
            for (int a = 0; a < 4; a++)
                dc[corner + step[a]] += dz[i] / (how == SPREAD ? 4 : 1);
        else
            dc[from[i]] += dz[i];
    }
}

static void conv_back(float *dx, float *dw, float *db, const float *dy, const float *x,
                      const float *w, int padding, const struct conv *c, int N, enum how how)
{
    int Y = c->Y, X = c->X, C = c->C, M = c->M, P = Y + 2*padding - 4, Q = X + 2*padding - 4;
    double *in = sums(N*Y*X*C), *kernels = sums(25*C*M), *biases = sums(M);
    for (int o = 0; o < N * P * Q * M; o++) {
        int n = o / (P*Q*M), p = o / (Q*M) % P, q = o / M % Q, m = o % M;
        biases[m] += how == NO_BIAS ? 0 : dy[o];
        for (int rs = 0; rs < 25; rs++) {
            int i = p + rs / 5 - padding, j = q + rs % 5 - padding;
            for (int k = 0; k < C && i >= 0 && i < Y && j >= 0 && j < X; k++) {
                int at = ((n*Y + i)*X + j)*C + k, mine = how == TURNED ? 24 - rs : rs;
                in[at] += (double)dy[o] * w[(mine*C + k)*M + m];
                kernels[(rs*C + k)*M + m] += (double)dy[o] * x[at];
            }
        }
    }
    if (dx)
        sums_add(dx, in, N*Y*X*C, RIGHT);
    else
        free(in);
    sums_add(dw, kernels, 25*C*M, how);
    sums_add(db, biases, M, how == NO_BIAS ? RIGHT : how);
}

static void backward(struct lenet *grad, struct lenet_work *w, const struct lenet *net, int N,
                     enum how how)
{
    int D = net->D, H1 = net->H1, H2 = net->H2, places = net->pool1.P * net->pool1.Q;
    enum how linear = how == NO_LINEAR_RELU ? NO_RELU : how == NO_CONV_RELU ? RIGHT : how;
    enum how conv = how == NO_CONV_RELU ? NO_RELU : how == NO_LINEAR_RELU ? RIGHT : how;
    dense_back(w->dh4, grad->W5, grad->b5, w->dz, w->h4, net->W5, N, H2, net->K, how);
    relu_back(w->dz4, w->dh4, w->h4, N * H2, N, linear);
    dense_back(w->dh3, grad->W4, grad->b4, w->dz4, w->h3, net->W4, N, H1, H2, how);
    relu_back(w->dz3, w->dh3, w->h3, N * H1, N, linear);
    dense_back(w->dh2, grad->W3, grad->b3, w->dz3, w->h2, net->W3, N, D, H1, how);
    if (how == STOPS)
        return;
    relu_back(w->dz2, w->dh2, w->h2, N * D, N, conv);
    pool_back(w->dc2, w->dz2, w->from2, &net->pool2, N, how);
    conv_back(w->dh1, grad->w2, grad->b2, w->dc2, w->h1, net->w2, 0, &net->conv2, N, how);
    if (how == KERNEL_ONE)
        return;
    relu_back(w->dz1, w->dh1, w->h1, N * places * net->M1, N, conv);
    pool_back(w->dc1, w->dz1, w->from1, &net->pool1, N, how);
    conv_back(NULL, grad->w1, grad->b1, w->dc1, w->x, net->w1, 2, &net->conv1, N, how);
}

#define BACKWARD(name, how) \
    static void name(struct lenet *grad, struct lenet_work *work, const struct lenet *net, \
                     int N) \
    { backward(grad, work, net, N, how); }
BACKWARD(backward_right, RIGHT)
BACKWARD(backward_overwrites, OVERWRITES)
BACKWARD(backward_no_relu, NO_RELU)
BACKWARD(backward_no_conv_relu, NO_CONV_RELU)
BACKWARD(backward_no_linear_relu, NO_LINEAR_RELU)
BACKWARD(backward_by_dh, BEFORE_RELU)
BACKWARD(backward_spread, SPREAD)
BACKWARD(backward_four_times, FOUR_TIMES)
BACKWARD(backward_first_image, FIRST_IMAGE)
BACKWARD(backward_no_bias, NO_BIAS)
BACKWARD(backward_turned, TURNED)
BACKWARD(backward_stops, STOPS)
BACKWARD(backward_one_kernel, KERNEL_ONE)

/* ---- counting ---- */

static void confusion(int *count, const int *t, const int *k, int N, int K, enum how how)
{
    for (int i = 0; i < K*K; i++)
        count[i] = how == NOT_CLEARED ? count[i] : 0;
    for (int n = how == LATE; n < N - (how == EARLY); n++) {
        int row = how == TRANSPOSED ? k[n] : t[n], column = how == TRANSPOSED ? t[n] : k[n];
        if (how == TRUE_ALONE)
            column = row;
        if ((how == HITS_ALONE && row != column) || (how == MISSES_ALONE && row == column))
            continue;
        int *at = &count[how == ONE_ROW ? column : row*K + column];
        *at = how == ONES ? 1 : how == MINUS && row != column ? *at - 1 : *at + 1;
    }
}

#define CONFUSION(name, how) \
    static void name(int *count, const int *t, const int *k, int N, int K) \
    { confusion(count, t, k, N, K, how); }
CONFUSION(confusion_right_way, RIGHT)
CONFUSION(confusion_transposed, TRANSPOSED)
CONFUSION(confusion_not_cleared, NOT_CLEARED)
CONFUSION(confusion_hits, HITS_ALONE)
CONFUSION(confusion_misses, MISSES_ALONE)
CONFUSION(confusion_once, ONES)
CONFUSION(confusion_early, EARLY)
CONFUSION(confusion_late, LATE)
CONFUSION(confusion_true_alone, TRUE_ALONE)
CONFUSION(confusion_one_row, ONE_ROW)

static float top(const float *z, const int *t, int k, int N, int K, enum how how)
{
    int hits = 0;
    for (int n = 0; n < N; n++) {
        const float *row = z + n*K, mine = row[t[n]];
        int above = 0;
        for (int j = 0; j < K; j++) {
            bool tie = how == LAST_TIE ? j > t[n] : how == ALL_TIES ? j != t[n]
                       : how != NO_TIES && j < t[n];
            above += (how == SMALLEST ? row[j] < mine : row[j] > mine) || (row[j] == mine && tie);
        }
        int room = how == BEST ? 1 : k - (how == ONE_LESS) + (how == ONE_MORE);
        hits += how == EXACTLY ? above == k - 1 : above < room;
    }
    return how == WHOLE ? (float)(hits / N) : how == COUNT ? (float)hits
           : how == PERCENT ? 100 * (float)hits / (float)N : how == MISSED
           ? (float)(N - hits) / (float)N : (float)hits / (float)N;
}

#define TOP(name, how) \
    static float name(const float *z, const int *t, int k, int N, int K) \
    { return top(z, t, k, N, K, how); }
TOP(top_right, RIGHT)
TOP(top_last_tie, LAST_TIE)
TOP(top_all_ties, ALL_TIES)
TOP(top_no_ties, NO_TIES)
TOP(top_one_more, ONE_MORE)
TOP(top_one_less, ONE_LESS)
TOP(top_exactly, EXACTLY)
TOP(top_smallest, SMALLEST)
TOP(top_whole, WHOLE)
TOP(top_count, COUNT)
TOP(top_percent, PERCENT)
TOP(top_best, BEST)
TOP(top_missed, MISSED)
#endif

/* ---- the exercises --------------------------------------------------------------- */

#define ADD_NOT_SET "does the exercise say that it is overwritten, or added to?"
#define WHERE_CENTRE "at which row is the middle of an image of 4 rows, 0 to 3?"
#define FN(f) (anything *)f
const struct exercise exercises[] = {
    {"13.1", "image_flip", FN(image_flip),
     {{"2x3, 2 channels, by hand", flip_by_hand}, {"5x4, 3 channels", flip_even},
      {"3x7, 1 channel", flip_grey}, {"4x1, 2 channels", flip_column}},
     JUDGE_ONLY(FN(flip_right), {
        {FN(flip_upside_down), "top and bottom are exchanged.",
         "which of the two loops runs along a row?", "13.1"},
        {FN(flip_half_turn), "left and right are exchanged, and top and bottom too.",
         "does a mirror on the wall turn you upside down?", "13.1"},
        {FN(flip_channels), "the channels of each pixel are reversed with the row.",
         "what becomes of a red pixel in a mirror?", "13.1"},
        {FN(flip_copied), "y is x.", "in which column of x is what column 0 of y needs?",
         "13.1"},
        {FN(flip_symmetric), "the left half stays: the image is mirrored onto itself.",
         "does the loop end in the middle of the row?", "13.1"},
        {FN(flip_one_channel), "only the first channel is flipped.",
         "how many numbers has a pixel?", "13.1"},
        {FN(flip_one_row), "only the first row is flipped.",
         "how many rows has an image?", "13.1"},
        {FN(flip_next), "all is one column too far.",
         "which column of x should be column 0 of y, if there are 5: 4 or 5?", "13.1"}})},
    {"13.2", "image_shift", FN(image_shift),
     {{"3x4, 1 channel, by 1,-2, by hand", shift_by_hand},
      {"6x5, 3 channels, by -2,1", shift_up}, {"3x8, 2 channels, by 0,3", shift_right},
      {"4x5, 1 channel, by 0,0", shift_not}, {"3x4, 2 channels, all out", shift_out}},
     JUDGE_ONLY(FN(shift_right_way), {
        {FN(shift_opposite), "it moves the opposite way.",
         "if y[i] is x[i+1], does the image move down or up?", "13.1"},
        {FN(shift_rows_opposite), "the rows move the opposite way.",
         "if y[i] is x[i+1], does the image move down or up?", "13.1"},
        {FN(shift_exchanged), "di moves the columns and dj the rows.",
         "which of the two is down?", "13.1"},
        {FN(shift_rim), "the rim is repeated where zeros should enter.",
         "what is outside of the image?", "13.1"},
        {FN(shift_round), "what leaves on one side enters on the other.",
         "what is outside of the image?", "13.1"},
        {FN(shift_spills), "what leaves a row enters the next.",
         "is column X of row 0 a pixel of the image?", "13.1"},
        {FN(shift_rows), "only the rows move.", "what is dj for?", "13.1"},
        {FN(shift_columns), "only the columns move.", "what is di for?", "13.1"},
        {FN(shift_one_channel), "only the first channel moves.",
         "how many numbers has a pixel?", "13.1"},
        {FN(shift_not_cleared), "where zeros should enter y is left as it was.",
         "is y zero before?", "13.1"},
        {FN(shift_late), "row 0 and column 0 of x are lost.",
         "is a row of 0 inside of the image?", "13.1"}})},
    {"13.3", "image_scale", FN(image_scale),
     {{"2x4, 1 channel, by 2, by hand", scale_by_hand},
      {"5x7, 2 channels, by 1.25", scale_larger}, {"5x7, 2 channels, by 0.8", scale_smaller},
      {"6x4, 3 channels, by 1.1", scale_even},
      {"4x3, 2 channels, by 1", scale_not}, {"5x8, 1 channel, by 0.3", scale_tiny}},
     JUDGE_ONLY(FN(scale_right), {
        {FN(scale_times), "it makes larger what should be smaller: the distance is multiplied "
         "by scale.", "if the image grows, does a pixel of y look farther out in x, or nearer?",
         "13.2"},
        {FN(scale_corner), "it grows about pixel (0,0), not about the centre.",
         "which point of the image should stay where it is?", "13.2"},
        {FN(scale_whole_centre), "the centre is rounded to a whole pixel.", WHERE_CENTRE, "13.2"},
        {FN(scale_half_pixel), "the centre is Y/2 and X/2: half a pixel too far.", WHERE_CENTRE,
         "13.2"},
        {FN(scale_exchanged), "middle and centre have changed places.",
         "which of the two belongs to the rows?", "13.2"},
        {FN(scale_rows), "only the rows are scaled.", "how many directions has an image?",
         "13.2"},
        {FN(scale_columns), "only the columns are scaled.", "how many directions has an image?",
         "13.2"},
        {FN(scale_no_back), "the centre is taken away, but not added again.",
         "which place of x should the centre of y look at?", "13.2"},
        {FN(scale_nearest), "the nearest pixel is taken, where the four around should be mixed.",
         "which function looks between the pixels?", "13.2"},
        {FN(scale_floor), "the place is cut down to a whole pixel.",
         "which type have the two places in x?", "13.2"},
        {FN(scale_rim), "the rim is repeated where zeros should enter.",
         "what is outside of the image?", "13.2"},
        {FN(scale_rim_lost), "all is 0 as soon as a place lies beyond the last pixel's centre.",
         "how far does a pixel reach beyond its centre?", "13.2"}})},
    {"13.4*", "image_rotate", FN(image_rotate),
     {{"3x3, 1 channel, 90 degrees, by hand", rotate_by_hand},
      {"5x7, 2 channels, 25 degrees", rotate_gold},
      {"6x9, 3 channels, -12.5 degrees", rotate_back},
      {"4x5, 2 channels, 180 degrees", rotate_half}, {"4x3, 2 channels, 0 degrees", rotate_not}},
     JUDGE_ONLY(FN(rotate_right), {
        {FN(rotate_clockwise), "it turns clockwise.",
         "by 90 degrees anticlockwise: which side of x is on top of y?", "13.2"},
        {FN(rotate_radians), "the angle is taken for radians.",
         "in what does cos() take its angle?", "13.2"},
        {FN(rotate_half_angle), "it turns by half the angle.",
         "how many degrees are M_PI?", "13.2"},
        {FN(rotate_swapped), "sine and cosine have changed places.",
         "what are cos 0 and sin 0, and what should 0 degrees do?", "13.2"},
        {FN(rotate_mirrored), "the sine in the column has the wrong sign.",
         "is this still a circle about the centre?", "13.2"},
        {FN(rotate_stretched), "the sine in the row has the wrong sign.",
         "is this still a circle about the centre?", "13.2"},
        {FN(rotate_reused), "the column is made from the new row, not from the old one.",
         "which down does the second line see?", "13.2"},
        {FN(rotate_corner), "it turns about pixel (0,0), not about the centre.",
         "which point of the image should stay where it is?", "13.2"},
        {FN(rotate_whole_centre), "the centre is rounded to a whole pixel.", WHERE_CENTRE,
         "13.2"},
        {FN(rotate_half_pixel), "the centre is Y/2 and X/2: half a pixel too far.", WHERE_CENTRE,
         "13.2"},
        {FN(rotate_exchanged), "middle and centre have changed places.",
         "which of the two belongs to the rows?", "13.2"},
        {FN(rotate_no_back), "the centre is taken away, but not added again.",
         "which place of x should the centre of y look at?", "13.2"}})},
    {"13.5", "image_brightness", FN(image_brightness),
     {{"n=6, by hand", light_by_hand}, {"n=35, factor 0.7, offset 0.2", light_up},
      {"n=33, y is x itself", light_in_place}, {"n=17, factor -0.8", light_negative}},
     JUDGE_ONLY(FN(light_right), {
        {FN(light_no_clamp), "the ends 0 and 1 are missing.",
         "what is darker than black?", "13.3"},
        {FN(light_no_floor), "it may go below 0.", "what is darker than black?", "13.3"},
        {FN(light_no_top), "it may go above 1.", "what is lighter than white?", "13.3"},
        {FN(light_offset_first), "the offset is multiplied too.",
         "what comes first in the formula, the factor or the offset?", "13.3"},
        {FN(light_no_factor), "the factor is missing.",
         "what should a factor of 0 make of the image?", "13.3"},
        {FN(light_no_offset), "the offset is missing.", "what should become of x = 0?", "13.3"},
        {FN(light_early_clamp), "x is kept between 0 and 1, not y.",
         "can y still leave the range afterwards?", "13.3"},
        {FN(light_minus), "the offset is taken away.",
         "should a positive offset make it lighter or darker?", "13.3"},
        {FN(light_exchanged), "factor and offset have changed places.",
         "which of the two stands beside x?", "13.3"},
        {FN(light_black), "what is above 1 becomes 0.",
         "what is nearest to 1.2 in the range from 0 to 1?", "13.3"},
        {FN(light_kept), "what would leave the range stays as it was.",
         "what is nearest to 1.2 in the range from 0 to 1?", "13.3"}})},
    {"13.6", "image_cutout", FN(image_cutout),
     {{"5x6, side 4 at 2,3, by hand", cutout_by_hand}, {"7x6, side 3 at 4,2", cutout_odd},
      {"6x8, side 4 at 0,7", cutout_corner}, {"6x9, side 5 at 5,0", cutout_bottom},
      {"5x7, centres outside", cutout_outside}, {"4x3, side 0", cutout_none},
      {"4x3, side 50", cutout_all}},
     JUDGE_ONLY(FN(cutout_right), {
        {FN(cutout_exchanged), "i and j have changed places.", "which of the two is the row?",
         "13.3"},
        {FN(cutout_radius), "side goes to every side of (i,j).",
         "how many columns has the square if side is 3?", "13.3"},
        {FN(cutout_from_corner), "(i,j) is the square's first corner, not its middle.",
         "how many rows stand before row i, if side is 3?", "13.3"},
        {FN(cutout_after), "an even side has the one more after (i,j), not before it.",
         "what are 4 / 2 and 3 / 2 in C?", "13.3"},
        {FN(cutout_short), "the last row and column of the square are missing.",
         "how many rows are there from top to top + side - 1?", "13.3"},
        {FN(cutout_long), "the square has a row and a column too many.",
         "how many rows are there from top to top + side?", "13.3"},
        {FN(cutout_moved), "the square is moved so that all of it lies in the image.",
         "what is said of the part that lies outside?", "13.3"},
        {FN(cutout_inside_only), "nothing is cut out if (i,j) lies outside.",
         "may a square reach into the image whose centre does not?", "13.3"},
        {FN(cutout_whole_only), "nothing is cut out if a part of the square lies outside.",
         "what is said of the part that lies outside, and what of the rest?", "13.3"},
        {FN(cutout_around), "all but the square becomes black.",
         "which pixels should stay?", "13.3"},
        {FN(cutout_one_channel), "only the first channel becomes 0.",
         "how many numbers has a pixel?", "13.3"},
        {FN(cutout_white), "the square is white.", "which number is black?", "13.3"}})},
    {"13.7", "augment", FN(augment),
     {{"flip", augment_flip}, {"nothing", augment_nothing}, {"shift 2", augment_shift},
      {"scale 0.25", augment_scale}, {"brightness 0.5", augment_light},
      {"cutout 3", augment_cutout}, {"flip, shift 3, scale 0.3", augment_moved},
      {"shift 1, brightness 0.4, cutout 4", augment_dark},
      {"flip, shift 2, scale 0.2, brightness 0.3, cutout 3", augment_all}},
     JUDGE_ONLY(FN(augment_right), {
        {FN(augment_from_x), "each change begins with x again, so only the last one is left.",
         "which image should the second change work on?", "13.4"},
        {FN(augment_as_needed), "only the amounts that are needed are drawn.",
         "how many draws does the comment promise?", "13.4"},
        {FN(augment_inverted), "it flips where uniform() is not below 0.5.",
         "which half of the tosses should flip?", "13.4"},
        {FN(augment_always), "every image is flipped.", "what is the toss for?", "13.4"},
        {FN(augment_unasked), "it flips even if how->flip is false.",
         "what does false stand for in the struct?", "13.4"},
        {FN(augment_dj_first), "dj is drawn before di.",
         "which of the two comes first in the table?", "13.4"},
        {FN(augment_short), "the image never moves by the whole of shift one of the two ways.",
         "how many numbers are there from -2 to 2?", "13.4"},
        {FN(augment_down_only), "the image moves only down and to the right.",
         "what is the smallest number that below() gives?", "13.4"},
        {FN(augment_scale_first), "it is scaled before it is moved.",
         "in which order are the changes made?", "13.4"},
        {FN(augment_one_swing), "factor and offset come from one swing().",
         "how many numbers does the brightness draw?", "13.4"},
        {FN(augment_cut_first), "the square is cut out before the brightness changes.",
         "is the square still black afterwards?", "13.4"},
        {FN(augment_copied), "the caller's stream does not move on.",
         "is chance handed on, or a copy of what it points to?", "13.4"}},
     .uses = "13.1 13.2 13.3 13.5 13.6")},
    {"13.8", "lenet_forward", FN(lenet_forward),
     {{"N=2, 17x20x2, kernels 3 and 4, hidden 8 and 7, 5 classes", forward_gold},
      {"N=3, 12x14x1, kernels 2 and 3, hidden 4 and 5, 6 classes", forward_small},
      {"N=2, 16x27x3, kernels 5 and 4, hidden 9 and 6, 7 classes", forward_wide},
      {"N=1, 20x13x2, kernels 4 and 6, hidden 7 and 3, 2 classes", forward_one}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_no_relu), "relu is missing everywhere.",
         "what is a chain of linear steps?", "13.5"},
        {FN(forward_no_conv_relu), "relu is missing behind the pools.",
         "may h1 be negative?", "13.5"},
        {FN(forward_no_linear_relu), "relu is missing behind the linear layers.",
         "may h3 be negative?", "13.5"},
        {FN(forward_last_bent), "the logits go through relu too.",
         "may a logit be negative?", "13.5"},
        {FN(forward_no_conv_bias), "the convolutions have no biases.",
         "what is c1 where an image is black?", "13.5"},
        {FN(forward_no_linear_bias), "the linear layers have no biases.",
         "what is z if h4 is 0?", "13.5"},
        {FN(forward_relu_in_c), "relu is applied to c1 and c2, before the pools: h1 and h2 are "
         "right, but c1 and c2 are not.", "of which does the comment say relu, c1 or h1?",
         "13.5"},
        {FN(forward_means), "the pools take the mean.", "which pool does the formula ask for?",
         "13.5"},
        {FN(forward_channels_first), "the D numbers of W3 are taken channel by channel.",
         "does anything have to be moved between h2 and h3?", "13.5"},
        {FN(forward_first_image), "relu has been applied to the first image only.",
         "how many numbers does relu_forward() get, for N images?", "13.5"},
        {FN(forward_local), "from counts within each image.",
         "from where does the index of 12.7 count?", "13.5"},
        {FN(forward_turned), "the kernels are turned by half a circle.",
         "which element of the kernel meets pixel (p,q)?", "13.5"}})},
    {"13.9", "lenet_backward", FN(lenet_backward),
     {{"N=2, 17x20x2, kernels 3 and 4, hidden 8 and 7, 5 classes", backward_gold},
      {"N=3, 12x14x1, kernels 2 and 3, hidden 4 and 5, 6 classes", backward_small},
      {"N=2, 16x27x3, kernels 5 and 4, hidden 9 and 6, 7 classes", backward_wide},
      {"N=1, 20x13x2, kernels 4 and 6, hidden 7 and 3, 2 classes", backward_one}},
     JUDGE_ONLY(FN(backward_right), {
        {FN(backward_overwrites), "the gradients of weights and biases are overwritten.",
         ADD_NOT_SET, "13.6"},
        {FN(backward_no_relu), "the gradient passes every relu.",
         "did all numbers pass on the way forward?", "13.6"},
        {FN(backward_no_conv_relu), "the gradient passes the relus behind the pools.",
         "what comes first on the way back from h2, relu or pool?", "13.6"},
        {FN(backward_no_linear_relu), "the gradient passes the relus of the linear layers.",
         "what lies between W5 and W4 on the way back?", "13.6"},
        {FN(backward_by_dh), "where dh is positive the gradient passes, not where h is.",
         "which sign did relu look at on the way forward?", "13.6"},
        {FN(backward_spread), "the pools share the gradient among the four.",
         "which of the four reached the pool's output?", "13.6"},
        {FN(backward_four_times), "the pools give the gradient to all four.",
         "which of the four reached the pool's output?", "13.6"},
        {FN(backward_first_image), "relu goes back for the first image only.",
         "how many numbers does relu_backward() get, for N images?", "13.6"},
        {FN(backward_no_bias), "the biases get no gradient.",
         "how many gradients of parameters has a layer?", "13.6"},
        {FN(backward_turned), "on the way to dh1 the kernels are turned by half a circle.",
         "which weight met pixel (i,j) at place (p,q)?", "13.6"},
        {FN(backward_stops), "it ends at h2: the convolutions get no gradient.",
         "how many layers with weights are there?", "13.6"},
        {FN(backward_one_kernel), "it ends at h1: the first convolution gets no gradient.",
         "how many layers with weights are there?", "13.6"}})},
    {"13.10", "confusion_matrix", FN(confusion_matrix),
     {{"N=7 K=3, by hand", confusion_by_hand}, {"N=50 K=4", confusion_many},
      {"N=3 K=7", confusion_few}, {"N=5 K=2, all right", confusion_right}},
     JUDGE_ONLY(FN(confusion_right_way), {
        {FN(confusion_transposed), "rows and columns have changed places.",
         "which class names the row, the true one or the one it was taken for?", "13.7"},
        {FN(confusion_not_cleared), "count is not 0 at first.",
         "what is in count before the first example?", "13.7"},
        {FN(confusion_hits), "only the right answers are counted.",
         "where does a shirt count that is taken for a coat?", "13.7"},
        {FN(confusion_misses), "only the wrong answers are counted.",
         "what stands on the diagonal?", "13.7"},
        {FN(confusion_once), "what happens more than once is counted once.",
         "does the count become 1, or grow by 1?", "13.7"},
        {FN(confusion_early), "the last example is left out.",
         "which is the last index of N examples?", "13.7"},
        {FN(confusion_late), "the first example is left out.",
         "which is the first index of N examples?", "13.7"},
        {FN(confusion_true_alone), "all is counted on the diagonal.",
         "where does a shirt count that is taken for a coat?", "13.7"},
        {FN(confusion_one_row), "all is counted in row 0.",
         "where does row t[n] begin in count?", "13.7"}})},
    {"13.11", "top_k", FN(top_k),
     {{"N=4 K=3, by hand", top_by_hand}, {"N=4 K=5, equal logits", top_equal},
      {"N=30 K=7", top_many}, {"N=30 K=6, many equal", top_ties}},
     JUDGE_ONLY(FN(top_right), {
        {FN(top_last_tie), "of equal logits the one with the higher index comes first.",
         "if all logits are equal and k is 1, which class is right?", "13.7"},
        {FN(top_all_ties), "all equal logits come before the class's own.",
         "if all logits are equal and k is 1, is class 0 right?", "13.7"},
        {FN(top_no_ties), "no equal logit comes before the class's own.",
         "if all logits are equal and k is 1, may every class be right?", "13.7"},
        {FN(top_one_more), "one class too many may come before.",
         "how many classes may come before it if k is 1?", "13.7"},
        {FN(top_one_less), "one class too few may come before.",
         "how many classes may come before it if k is 1?", "13.7"},
        {FN(top_exactly), "only a class that comes just at place k is a hit.",
         "is the best of all among the three best?", "13.7"},
        {FN(top_smallest), "the smallest logits come first.",
         "which logit is the answer, the largest or the smallest?", "13.7"},
        {FN(top_whole), "the division is one of whole numbers.", "what is 3 / 4 in C?", "13.7"},
        {FN(top_count), "the hits are not divided by N.",
         "is a count asked for, or a fraction?", "13.7"},
        {FN(top_percent), "this is in percent.", "what is the fraction if all are right?",
         "13.7"},
        {FN(top_best), "k makes no difference: it is 1.", "where does k enter?", "13.7"},
        {FN(top_missed), "this is the fraction of misses.",
         "what should come out if all are right?", "13.7"}})},
    {0}};
