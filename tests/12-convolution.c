/* 12-convolution: the tests. */
#include "grade.h"
#include "convolution.c"
#include "gold/12-convolution.h"

/* ---- the shapes that come again and again ----------------------------------------- */

/* Y X C, R S M, strides, top and left, P Q.  Where M has no use it is nonsense. */
static const struct conv SMALL = {3, 3, 1,  2, 2, 1,  1, 1,  0, 0,  2, 2};
static const struct conv RIM   = {2, 2, 1,  3, 3, 1,  1, 1,  1, 1,  2, 2};
static const struct conv ODD   = {5, 6, 2,  3, 2, 3,  2, 1,  1, 1,  3, 6};
static const struct conv VALID = {7, 8, 3,  3, 4, 5,  2, 3,  0, 0,  3, 2};
static const struct conv POINT = {4, 3, 2,  1, 1, 3,  1, 1,  1, 2,  6, 6};
static const struct conv WHOLE = {3, 5, 2,  3, 5, 4,  1, 1,  0, 0,  1, 1};
static const struct conv LARGE = {2, 3, 3,  5, 4, 2,  2, 3,  4, 1,  2, 2};
static const struct conv GAPS  = {8, 7, 1,  2, 1, 2,  3, 4,  0, 1,  3, 2};
static const struct conv SPARSE = {8, 7, 2,  2, 1, 7,  3, 4,  0, 0,  3, 2};
static const struct conv EVEN  = {6, 5, 3,  4, 3, 2,  1, 1,  1, 1,  6, 5};
static const struct conv CORNER = {2, 3, 1,  2, 2, 7,  1, 2,  1, 1,  2, 2};
static const struct conv COLUMN = {5, 4, 2,  3, 2, 7,  2, 3,  1, 1,  3, 2};
static const struct conv POOL   = {5, 6, 2,  3, 2, 7,  2, 1,  1, 1,  3, 7};
static const struct conv QUARTER = {4, 4, 1,  2, 2, 7,  2, 2,  0, 0,  2, 2};
static const struct conv APART  = {7, 8, 3,  3, 2, 7,  2, 3,  0, 0,  3, 3};
static const struct conv WIDE   = {3, 4, 2,  3, 4, 7,  1, 1,  2, 3,  5, 7};
static const struct conv TOP    = {2, 3, 1,  2, 2, 7,  1, 2,  1, 0,  2, 2};

#define SMALL_IS "N=1 Y=3 X=3 C=1 R=2 S=2 M=1, by hand"
#define RIM_IS   "N=1 Y=2 X=2 C=1 R=3 S=3 M=1, top=1 left=1, by hand"
#define ODD_IS   "N=2 Y=5 X=6 C=2 R=3 S=2 M=3, stride 2 and 1, top=1 left=1"
#define VALID_IS "N=2 Y=7 X=8 C=3 R=3 S=4 M=5, stride 2 and 3"
#define POINT_IS "N=2 Y=4 X=3 C=2 R=1 S=1 M=3, top=1 left=2, some places outside of the image"
#define WHOLE_IS "N=3 Y=3 X=5 C=2 R=3 S=5 M=4, the kernel as large as the image"
#define LARGE_IS "N=2 Y=2 X=3 C=3 R=5 S=4 M=2, stride 2 and 3, top=4 left=1"
#define GAPS_IS  "N=3 Y=8 X=7 C=1 R=2 S=1 M=2, stride 3 and 4, left=1"
#define SPARSE_IS "N=3 Y=8 X=7 C=2 R=2 S=1, stride 3 and 4"
#define EVEN_IS  "N=1 Y=6 X=5 C=3 R=4 S=3 M=2, top=1 left=1"
#define CORNER_IS "N=1 Y=2 X=3 C=1 R=2 S=2, stride 1 and 2, top=1 left=1, by hand"
#define COLUMN_IS "N=1 Y=5 X=4 C=2 R=3 S=2, stride 2 and 3, top=1 left=1"
#define POOL_IS   "N=2 Y=5 X=6 C=2 R=3 S=2, stride 2 and 1, top=1 left=1"
#define QUARTER_IS "N=1 Y=4 X=4 C=1 R=2 S=2, stride 2, by hand"
#define APART_IS  "N=2 Y=7 X=8 C=3 R=3 S=2, stride 2 and 3"
#define WIDE_IS   "N=2 Y=3 X=4 C=2 R=3 S=4, top=2 left=3"
#define TOP_IS    "N=1 Y=2 X=3 C=1 R=2 S=2, stride 1 and 2, top=1, by hand"

/* ---- 12.1 output_size ------------------------------------------------------------ */

/* Hint 12.1: a kernel of 3 pixels on a row of 7: how far can it move to the right before
 * it falls off?  And at how many places has it then stood?
 *
 * With the zeros the row has before + size + after pixels, so the kernel can move
 * before + size + after - kernel of them; stride at a time makes room / stride moves,
 * rounded down, and one place more than moves.
 *
 * One variable for the room, a test whether it is below 0, one return.  Beware: what is
 * -1 / 2 in C?
 */
typedef int size_like(int size, int kernel, int stride, int before, int after);
size_like output_size;

/* One result for each row of given. */
static void ask_sizes(int *result, size_like *f, const int *given, int rows)
{
    for (int i = 0; i < rows; i++, given += 5)
        result[i] = f(given[0], given[1], given[2], given[3], given[4]);
}

CASE(size_plain, size_like)
{
    LABELS(given, 1, 1, 5); OUT_INT(result, 1);
    SET(given, 7, 3, 1, 0, 0);
    ask_sizes(result, f, given, 1);
    EXPECT(result, 5);
}

CASE(size_stride, size_like)
{
    LABELS(given, 1, 1, 5); OUT_INT(result, 1);
    SET(given, 9, 4, 3, 0, 0);
    ask_sizes(result, f, given, 1);
    EXPECT(result, 2);
}

CASE(size_zeros, size_like)
{
    LABELS(given, 1, 6, 5); OUT_INT(result, 6);
    SET(given, 7, 3, 3, 1, 5,  8, 3, 3, 1, 5,  9, 3, 3, 1, 5,  10, 3, 3, 1, 5,  11, 3, 3, 1, 5,
        12, 3, 3, 1, 5);
    ask_sizes(result, f, given, 6);
    EXPECT(result, 4, 4, 5, 5, 5, 6);
}

CASE(size_fits, size_like)
{
    LABELS(given, 1, 3, 5); OUT_INT(result, 3);
    SET(given, 5, 5, 3, 0, 0,  6, 5, 3, 0, 0,  8, 5, 3, 0, 0);
    ask_sizes(result, f, given, 3);
    EXPECT(result, 1, 1, 2);
}

CASE(size_short, size_like)
{
    LABELS(given, 1, 2, 5); OUT_INT(result, 2);
    SET(given, 3, 5, 1, 0, 0,  4, 5, 2, 0, 0);
    ask_sizes(result, f, given, 2);
    EXPECT(result, 0, 0);
}

CASE(size_all, size_like)
{
    LABELS(given, 1, 810, 5); OUT_INT(result, 810);
    for (int i = 0; i < 810; i++) {
        given[5*i] = 1 + i / 135;           // 1 to 6
        given[5*i + 1] = 1 + i / 27 % 5;    // 1 to 5
        given[5*i + 2] = 1 + i / 9 % 3;     // 1 to 3
        given[5*i + 3] = i / 3 % 3, given[5*i + 4] = i % 3;
    }
    ask_sizes(result, f, given, 810);
}

/* ---- 12.2 padding_same ----------------------------------------------------------- */

/* Hint 12.2: 8 pixels, stride 3: how many places shall there be?  How many pixels do so many
 * places of a kernel of 5 take from the first to the last?
 *
 * places = (size + stride - 1) / stride rounds up; they take (places - 1) stride + kernel
 * pixels; zeros is what is missing, or 0 if nothing is; before = zeros / 2, rounded down, and
 * the rest comes after.
 *
 * Four lines: places, zeros, *after, return.  For an odd number of zeros it matters that
 * after is not computed as zeros / 2.
 */
typedef int same_like(int *after, int size, int kernel, int stride);
same_like padding_same;

/* One result for each row of given. */
static void ask_zeros(int *result, int *after, same_like *f, const int *given, int rows)
{
    for (int i = 0; i < rows; i++, given += 3)
        result[i] = f(after + i, given[0], given[1], given[2]);
}

CASE(same_three, same_like)
{
    LABELS(given, 1, 1, 3); OUT_INT(result, 1); OUT_INT(after, 1);
    SET(given, 7, 3, 1);
    ask_zeros(result, after, f, given, 1);
    EXPECT(result, 1);
    EXPECT(after, 1);
}

CASE(same_even, same_like)
{
    LABELS(given, 1, 3, 3); OUT_INT(result, 3); OUT_INT(after, 3);
    SET(given, 7, 4, 1,  8, 5, 3,  9, 5, 3);
    ask_zeros(result, after, f, given, 3);
    EXPECT(result, 1, 1, 1);
    EXPECT(after, 2, 2, 1);
}

CASE(same_stride, same_like)
{
    LABELS(given, 1, 6, 3); OUT_INT(result, 6); OUT_INT(after, 6);
    SET(given, 6, 5, 3,  7, 5, 3,  8, 5, 3,  9, 5, 3,  9, 6, 4,  2, 9, 4);
    ask_zeros(result, after, f, given, 6);
    EXPECT(result, 1, 2, 1, 1, 2, 3);
    EXPECT(after, 1, 2, 2, 1, 3, 4);
}

CASE(same_gaps, same_like)
{
    LABELS(given, 1, 3, 3); OUT_INT(result, 3); OUT_INT(after, 3);
    SET(given, 5, 1, 2,  9, 2, 5,  6, 1, 4);
    ask_zeros(result, after, f, given, 3);
    EXPECT(result, 0, 0, 0);
    EXPECT(after, 0, 0, 0);
}

CASE(same_all, same_like)
{
    LABELS(given, 1, 120, 3); OUT_INT(result, 120); OUT_INT(after, 120);
    for (int i = 0; i < 120; i++) {
        given[3*i] = 1 + i / 20;          // 1 to 6
        given[3*i + 1] = 1 + i / 4 % 5;   // 1 to 5
        given[3*i + 2] = 1 + i % 4;       // 1 to 4
    }
    ask_zeros(result, after, f, given, 120);
}

/* ---- 12.3 pixel_under ------------------------------------------------------------ */

/* Hint 12.3: with two rows of zeros above the image, over which row of the image, if any,
 * does the kernel's first row stand at p = 0?  And at p = 1?
 *
 * i = p stride_y + r - top and j = q stride_x + s - left; outside means i < 0, i >= Y, j < 0
 * or j >= X.  The pixel (n,i,j) begins at index ((n Y + i) X + j) C.
 *
 * Two variables, one if with four comparisons that returns -1, one return.
 */
typedef int under_like(const struct conv *c, int n, int p, int q, int r, int s);
under_like pixel_under;

/* result[n,p,q,r,s], for all there are; given is a struct conv as ints. */
static void ask_everywhere(int *result, under_like *f, const int *given, int N)
{
    struct conv shape;
    memcpy(&shape, given, sizeof shape);
    const struct conv *c = &shape;
    for (int n = 0; n < N; n++)
        for (int p = 0; p < c->P; p++)
            for (int q = 0; q < c->Q; q++)
                for (int r = 0; r < c->R; r++)
                    for (int s = 0; s < c->S; s++)
                        *result++ = f(c, n, p, q, r, s);
}

CASE(under_by_hand, under_like)
{
    LABELS(given, 1, 12); OUT_INT(result, 2, 3, 2, 2, 2);
    SET(given, 2, 3, 2,  2, 2, 7,  1, 2,  1, 1,  3, 2);
    ask_everywhere(result, f, given, 2);
    EXPECT(result, -1, -1, -1, 0,  -1, -1, 2, 4,  -1, 0, -1, 6,  2, 4, 8, 10,
           -1, 6, -1, -1,  8, 10, -1, -1,
           -1, -1, -1, 12,  -1, -1, 14, 16,  -1, 12, -1, 18,  14, 16, 20, 22,
           -1, 18, -1, -1,  20, 22, -1, -1);
}

#define UNDER(name, shape, N) CASE(name, under_like) \
    { LABELS(given, 1, 12); OUT_INT(result, N, shape.P, shape.Q, shape.R, shape.S); \
      memcpy(given, &shape, sizeof shape); \
      ask_everywhere(result, f, given, N); }
UNDER(under_odd, ODD, 2)
UNDER(under_valid, VALID, 2)
UNDER(under_point, POINT, 3)
UNDER(under_large, LARGE, 2)
UNDER(under_gaps, GAPS, 2)

/* ---- 12.4 conv2d_forward --------------------------------------------------------- */

/* Hint 12.4: how many numbers does one place (n,p,q) get, and over how many products does
 * each of them run?
 *
 * y[((n P + p) Q + q) M + m] begins as b[m]; for each r, s whose pixel is there, and for each
 * k from 0 to C - 1, x[pixel + k] w[((r S + s) C + k) M + m] is added to it.
 *
 * Three loops over n, p, q; in them b is copied, then two loops over r and s; in them
 * pixel_under(), and if it is not -1, a loop over k and a loop over m with one line.
 */
typedef void forward_like(float *y, const float *x, const float *w, const float *b,
                          const struct conv *c, int N);
forward_like conv2d_forward;

#define FORWARD_ARRAYS(c, N) IN(x, N, c.Y, c.X, c.C); IN(w, c.R, c.S, c.C, c.M); IN(b, c.M); \
    OUT(y, N, c.P, c.Q, c.M)

CASE(forward_small, forward_like)
{
    FORWARD_ARRAYS(SMALL, 1);
    SET(x, 1, 2, 3,  4, 5, 6,  7, 8, 9); SET(w, 1, 2,  3, 4); SET(b, 10);
    f(y, x, w, b, &SMALL, 1);
    EXPECT(y, 47, 57,  77, 87);
}

CASE(forward_rim, forward_like)
{
    FORWARD_ARRAYS(RIM, 1);
    SET(x, 1, 2,  3, 4); SET(w, 1, 2, 3,  4, 5, 6,  7, 8, 9); SET(b, 100);
    f(y, x, w, b, &RIM, 1);
    EXPECT(y, 177, 167,  147, 137);
}

CASE(forward_gold, forward_like)
{
    FORWARD_ARRAYS(ODD, 2);
    SET(x, CONV_X); SET(w, CONV_W); SET(b, CONV_B);
    f(y, x, w, b, &ODD, 2);
    EXPECT(y, CONV_Y);
}

#define FORWARD(name, shape, N) CASE(name, forward_like) \
    { FORWARD_ARRAYS(shape, N); f(y, x, w, b, &shape, N); }
FORWARD(forward_valid, VALID, 2)
FORWARD(forward_point, POINT, 2)
FORWARD(forward_whole, WHOLE, 3)
FORWARD(forward_large, LARGE, 2)
FORWARD(forward_gaps, GAPS, 3)
FORWARD(forward_even, EVEN, 1)

/* ---- 12.5 conv2d_backward_weights ------------------------------------------------ */

/* Hint 12.5: the weight w[r,s,c,m] is used at every place of every image: which number of x
 * stands beside it there, and which dy comes back?
 *
 * In y[n,p,q,m] the factor of w[r,s,c,m] is x[n,i,j,c], that of b[m] is 1: so dw[r,s,c,m] +=
 * x[n,i,j,c] dy[n,p,q,m] and db[m] += dy[n,p,q,m], at every place.
 *
 * The loops of 12.4.  What was copied from b there is added to db here, once a place; in the
 * innermost line dw stands on the left, at the index that w has in 12.4.
 */
typedef void weights_like(float *dw, float *db, const float *dy, const float *x,
                          const struct conv *c, int N);
weights_like conv2d_backward_weights;

#define WEIGHTS_ARRAYS(c, N) IN(dy, N, c.P, c.Q, c.M); IN(x, N, c.Y, c.X, c.C); \
    ADD_TO(dw, c.R, c.S, c.C, c.M); ADD_TO(db, c.M)

CASE(weights_small, weights_like)
{
    WEIGHTS_ARRAYS(SMALL, 1);
    SET(x, 1, 2, 3,  4, 5, 6,  7, 8, 9); SET(dy, 1, 0,  -1, 2);
    SET(dw, 100, 200,  300, 400); SET(db, 50);
    f(dw, db, dy, x, &SMALL, 1);
    EXPECT(dw, 107, 209,  313, 415);
    EXPECT(db, 52);
}

CASE(weights_gold, weights_like)
{
    WEIGHTS_ARRAYS(ODD, 2);
    SET(x, CONV_X); SET(dy, CONV_DY); SCALE(dw, 0); SCALE(db, 0);
    f(dw, db, dy, x, &ODD, 2);
    EXPECT(dw, CONV_DW);
    EXPECT(db, CONV_DB);
}

#define WEIGHTS(name, shape, N) CASE(name, weights_like) \
    { WEIGHTS_ARRAYS(shape, N); f(dw, db, dy, x, &shape, N); }
WEIGHTS(weights_odd, ODD, 2)
WEIGHTS(weights_valid, VALID, 2)
WEIGHTS(weights_point, POINT, 2)
WEIGHTS(weights_whole, WHOLE, 3)
WEIGHTS(weights_large, LARGE, 2)
WEIGHTS(weights_gaps, GAPS, 3)
WEIGHTS(weights_even, EVEN, 1)

/* ---- 12.6 conv2d_backward_input -------------------------------------------------- */

/* Hint 12.6: in how many results did the pixel (i,j) take part?  Must you find them, or will
 * you meet them anyway if you go through all places?
 *
 * Where 12.4 says y[n,p,q,m] += x[n,i,j,c] w[r,s,c,m], the factor of x[n,i,j,c] is
 * w[r,s,c,m]: so dx[n,i,j,c] += dy[n,p,q,m] w[r,s,c,m].  A pixel under several places gets
 * something from each.
 *
 * The loops of 12.4, pixel_under() among them; the innermost line has dx[pixel + k] on the
 * left, dy[m] and the weight of 12.4 on the right.
 */
typedef void input_like(float *dx, const float *dy, const float *w, const struct conv *c,
                        int N);
input_like conv2d_backward_input;

#define INPUT_ARRAYS(c, N) IN(dy, N, c.P, c.Q, c.M); IN(w, c.R, c.S, c.C, c.M); \
    ADD_TO(dx, N, c.Y, c.X, c.C)

CASE(input_small, input_like)
{
    INPUT_ARRAYS(SMALL, 1);
    SET(dy, 1, 0,  -1, 2); SET(w, 1, 2,  3, 4);
    SET(dx, 10, 20, 30,  40, 50, 60,  70, 80, 90);
    f(dx, dy, w, &SMALL, 1);
    EXPECT(dx, 11, 22, 30,  42, 54, 64,  67, 82, 98);
}

CASE(input_gold, input_like)
{
    INPUT_ARRAYS(ODD, 2);
    SET(dy, CONV_DY); SET(w, CONV_W); SCALE(dx, 0);
    f(dx, dy, w, &ODD, 2);
    EXPECT(dx, CONV_DX);
}

#define BACK_INPUT(name, shape, N) CASE(name, input_like) \
    { INPUT_ARRAYS(shape, N); f(dx, dy, w, &shape, N); }
BACK_INPUT(input_odd, ODD, 2)
BACK_INPUT(input_valid, VALID, 2)
BACK_INPUT(input_point, POINT, 2)
BACK_INPUT(input_whole, WHOLE, 3)
BACK_INPUT(input_large, LARGE, 2)
BACK_INPUT(input_gaps, GAPS, 3)
BACK_INPUT(input_even, EVEN, 1)

/* ---- 12.7 maxpool_forward -------------------------------------------------------- */

/* Hint 12.7: under the kernel stand -3, -1, -2: which number passes?  What must the largest
 * so far be before the first one is looked at?
 *
 * y[k] begins as -INFINITY; x[pixel + k] takes its place if it is larger, not if it is equal,
 * and then from[k] = pixel + k.
 *
 * The loops of 12.4 without the one over m; for each pixel that is there a loop over k with
 * one if and two lines.
 */
typedef void max_like(float *y, int *from, const float *x, const struct conv *c, int N);
max_like maxpool_forward;

#define MAX_ARRAYS(c, N) IN(x, N, c.Y, c.X, c.C); OUT(y, N, c.P, c.Q, c.C); \
    OUT_INT(from, N, c.P, c.Q, c.C)

CASE(max_by_hand, max_like)
{
    MAX_ARRAYS(QUARTER, 1);
    SET(x, 1, 3, 2, 2,  3, 0, 2, 1,  -1, -2, -5, -4,  -3, -1, -3, -6);
    f(y, from, x, &QUARTER, 1);
    EXPECT(y, 3, 2,  -1, -3);
    EXPECT(from, 1, 2,  8, 14);
}

CASE(max_gold, max_like)
{
    MAX_ARRAYS(POOL, 2);
    SET(x, POOL_X);
    f(y, from, x, &POOL, 2);
    EXPECT(y, MAX_Y);
    EXPECT(from, MAX_FROM);
}

CASE(max_negative, max_like)
{
    MAX_ARRAYS(POOL, 2);
    for (int i = 0; i < 120; i++)
        x[i] = -fabsf(x[i]) - 0.5f;
    f(y, from, x, &POOL, 2);
}

CASE(max_low, max_like)
{
    MAX_ARRAYS(APART, 2);
    for (int i = 0; i < 336; i++)
        x[i] = -3.2e38f - 1e37f * x[i];
    f(y, from, x, &APART, 2);
}

#define MAX(name, shape, N) CASE(name, max_like) \
    { MAX_ARRAYS(shape, N); f(y, from, x, &shape, N); }
MAX(max_apart, APART, 2)
MAX(max_wide, WIDE, 2)
MAX(max_gaps, SPARSE, 3)
MAX(max_whole, WHOLE, 3)
MAX(max_even, EVEN, 1)

/* ---- 12.8 maxpool_backward ------------------------------------------------------- */

/* Hint 12.8: if a number that was not the largest grows a little, does y change?  And if the
 * largest does?
 *
 * y[n,p,q,c] is x[from[n,p,q,c]]: so dx[from[n,p,q,c]] += dy[n,p,q,c], and nothing else.
 *
 * One loop over all N P Q C results, one line with +=.
 */
typedef void max_back_like(float *dx, const float *dy, const int *from, const struct conv *c,
                           int N);
max_back_like maxpool_backward;

#define MAX_BACK_ARRAYS(c, N, K) IN(dy, N, c.P, c.Q, c.C); LABELS(from, K, N, c.P, c.Q, c.C); \
    ADD_TO(dx, N, c.Y, c.X, c.C)

CASE(max_back_by_hand, max_back_like)
{
    static const struct conv c = {2, 4, 1,  2, 2, 7,  2, 2,  0, 0,  1, 2};
    MAX_BACK_ARRAYS(c, 2, 16);
    SET(dy, 1, 2,  3, 4); SET(from, 5, 2,  8, 15);
    SET(dx, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12,  13, 14, 15, 16);
    f(dx, dy, from, &c, 2);
    EXPECT(dx, 1, 2, 5, 4,  5, 7, 7, 8,  12, 10, 11, 12,  13, 14, 15, 20);
}

CASE(max_back_gold, max_back_like)
{
    MAX_BACK_ARRAYS(POOL, 2, 1);
    SET(dy, POOL_DY); SET(from, POOL_FROM); SCALE(dx, 0);
    f(dx, dy, from, &POOL, 2);
    EXPECT(dx, MAX_DX);
}

CASE(max_back_overlap, max_back_like)
{
    MAX_BACK_ARRAYS(POOL, 2, 1);
    SET(from, POOL_FROM);
    f(dx, dy, from, &POOL, 2);
}

/* One of the four of each square of 2 x 2. */
CASE(max_back_squares, max_back_like)
{
    static const struct conv c = {6, 4, 3,  2, 2, 7,  2, 2,  0, 0,  3, 2};
    MAX_BACK_ARRAYS(c, 3, 4);
    for (int i = 0; i < 3 * 3 * 2 * 3; i++) {
        int k = i % 3, q = i / 3 % 2, p = i / 6;  // p runs on through the images
        from[i] = ((2*p + from[i] / 2)*4 + 2*q + from[i] % 2)*3 + k;
    }
    f(dx, dy, from, &c, 3);
}

/* ---- 12.9 avgpool_forward -------------------------------------------------------- */

/* Hint 12.9: at a corner only 2 of the 4 numbers under the kernel belong to the image.  By
 * what is their sum divided with padded, and by what without?
 *
 * y[k] begins as 0 and gets x[pixel + k] from each pixel that is there; count grows by 1 for
 * each (r,s) whose pixel is there, and with padded for each other one too.
 *
 * The loops of 12.7.  count begins at 0 at every place, and grows once for each (r,s), not
 * once for each channel.
 */
typedef void avg_like(float *y, const float *x, bool padded, const struct conv *c, int N);
avg_like avgpool_forward;

CASE(avg_by_hand, avg_like)
{
    IN(x, 1, 2, 3, 1); OUT(y_padded, 1, 2, 2, 1); OUT(y_without, 1, 2, 2, 1);
    SET(x, 1, 2, 3,  4, 5, 6);
    f(y_padded, x, true, &TOP, 1);
    f(y_without, x, false, &TOP, 1);
    EXPECT(y_padded, 0.75, 0.75,  3, 2.25);
    EXPECT(y_without, 1.5, 3,  3, 4.5);
}

CASE(avg_gold, avg_like)
{
    IN(x, 2, 5, 6, 2); OUT(y_padded, 2, 3, 7, 2); OUT(y_without, 2, 3, 7, 2);
    SET(x, POOL_X);
    f(y_padded, x, true, &POOL, 2);
    f(y_without, x, false, &POOL, 2);
    EXPECT(y_padded, PADDED_Y);
    EXPECT(y_without, PRESENT_Y);
}

#define AVG(name, shape, padded, N) CASE(name, avg_like) \
    { IN(x, N, shape.Y, shape.X, shape.C); OUT(y, N, shape.P, shape.Q, shape.C); \
      f(y, x, padded, &shape, N); }
AVG(avg_apart, APART, false, 2)
AVG(avg_wide, WIDE, false, 2)
AVG(avg_wide_padded, WIDE, true, 2)
AVG(avg_gaps, SPARSE, false, 3)
AVG(avg_outside, POINT, true, 2)

/* ---- 12.10 avgpool_backward ------------------------------------------------------ */

/* Hint 12.10: y is the sum of count numbers, each divided by count: how much does y grow if
 * one of them grows by 1?
 *
 * dx[pixel + k] += dy[k] / count for each pixel that is there, with the count of its place:
 * R S with padded, else how many pixels of the image are under the kernel.
 *
 * At each place twice through r and s: first to count, then to give.
 */
typedef void avg_back_like(float *dx, const float *dy, bool padded, const struct conv *c,
                           int N);
avg_back_like avgpool_backward;

CASE(avg_back_by_hand, avg_back_like)
{
    IN(dy, 1, 2, 2, 1); ADD_TO(dx_padded, 1, 2, 3, 1); ADD_TO(dx_without, 1, 2, 3, 1);
    SET(dy, 4, 8,  -4, 16);
    SET(dx_padded, 10, 20, 30,  40, 50, 60); SET(dx_without, 10, 20, 30,  40, 50, 60);
    f(dx_padded, dy, true, &TOP, 1);
    f(dx_without, dy, false, &TOP, 1);
    EXPECT(dx_padded, 10, 20, 36,  39, 49, 64);
    EXPECT(dx_without, 11, 21, 46,  39, 49, 68);
}

CASE(avg_back_gold, avg_back_like)
{
    IN(dy, 2, 3, 7, 2); ADD_TO(dx_padded, 2, 5, 6, 2); ADD_TO(dx_without, 2, 5, 6, 2);
    SET(dy, POOL_DY); SCALE(dx_padded, 0); SCALE(dx_without, 0);
    f(dx_padded, dy, true, &POOL, 2);
    f(dx_without, dy, false, &POOL, 2);
    EXPECT(dx_padded, PADDED_DX);
    EXPECT(dx_without, PRESENT_DX);
}

#define AVG_BACK(name, shape, padded, N) CASE(name, avg_back_like) \
    { IN(dy, N, shape.P, shape.Q, shape.C); ADD_TO(dx, N, shape.Y, shape.X, shape.C); \
      f(dx, dy, padded, &shape, N); }
AVG_BACK(avg_back_apart, APART, false, 2)
AVG_BACK(avg_back_wide, WIDE, false, 2)
AVG_BACK(avg_back_wide_padded, WIDE, true, 2)
AVG_BACK(avg_back_gaps, SPARSE, false, 3)
AVG_BACK(avg_back_outside, POINT, true, 2)

/* ---- 12.11 global_average_forward ------------------------------------------------ */

/* Hint 12.11: an image of 7 rows, 5 columns and 3 channels: how many numbers come out, and
 * how many numbers go into each?
 *
 * y[n C + k] = sum over all Y X pixels i of x[(n Y X + i) C + k], divided by Y X.
 *
 * A loop over n; in it y begins as 0, a loop over the pixels with a loop over k in it, and
 * a last loop over k that divides.
 */
typedef void global_like(float *y, const float *x, int N, int Y, int X, int C);
global_like global_average_forward;

CASE(global_by_hand, global_like)
{
    IN(x, 1, 2, 3, 2); OUT(y, 1, 2);
    SET(x, 1, 10, 2, 20, 3, 35,  6, 0, -3, 5, 9, -10);
    f(y, x, 1, 2, 3, 2);
    EXPECT(y, 3, 10);
}

CASE(global_gold, global_like)
{
    IN(x, 2, 5, 6, 2); OUT(y, 2, 2);
    SET(x, POOL_X);
    f(y, x, 2, 5, 6, 2);
    EXPECT(y, GLOBAL_Y);
}

#define GLOBAL(name, N, Y, X, C) CASE(name, global_like) \
    { IN(x, N, Y, X, C); OUT(y, N, C); f(y, x, N, Y, X, C); }
GLOBAL(global_many, 3, 4, 7, 5)
GLOBAL(global_one, 4, 1, 1, 3)
GLOBAL(global_grey, 2, 9, 4, 1)

/* ---- 12.12 global_average_backward ----------------------------------------------- */

/* Hint 12.12: how much does the mean of Y X numbers grow if one of them grows by 1?  Does it
 * matter which one?
 *
 * dx[(n Y X + i) C + k] += dy[n C + k] / (Y X), for every pixel i.
 *
 * Three loops, over n, i and k, one line.  Y X is an int: what is 1 / (Y * X) in C?
 */
typedef void global_back_like(float *dx, const float *dy, int N, int Y, int X, int C);
global_back_like global_average_backward;

CASE(global_back_by_hand, global_back_like)
{
    IN(dy, 1, 2); ADD_TO(dx, 1, 2, 3, 2);
    SET(dy, 12, -6); SET(dx, 1, 2, 3, 4, 5, 6,  7, 8, 9, 10, 11, 12);
    f(dx, dy, 1, 2, 3, 2);
    EXPECT(dx, 3, 1, 5, 3, 7, 5,  9, 7, 11, 9, 13, 11);
}

CASE(global_back_gold, global_back_like)
{
    IN(dy, 2, 2); ADD_TO(dx, 2, 5, 6, 2);
    SET(dy, GLOBAL_DY); SCALE(dx, 0);
    f(dx, dy, 2, 5, 6, 2);
    EXPECT(dx, GLOBAL_DX);
}

#define GLOBAL_BACK(name, N, Y, X, C) CASE(name, global_back_like) \
    { IN(dy, N, C); ADD_TO(dx, N, Y, X, C); f(dx, dy, N, Y, X, C); }
GLOBAL_BACK(global_back_many, 3, 4, 7, 5)
GLOBAL_BACK(global_back_one, 4, 1, 1, 3)
GLOBAL_BACK(global_back_grey, 2, 9, 4, 1)

/* ---- 12.13 im2col ---------------------------------------------------------------- */

/* Hint 12.13: what stands in the row of the place (0,0), if the kernel is 2 x 2 and there is
 * a row of zeros above the image?
 *
 * Row (n P + p) Q + q of A has at (r S + s) C + k the number x[pixel + k], or 0 if there is
 * no such pixel.
 *
 * Five loops, over n, p, q, r, s; in them C numbers are copied, or C zeros written, and A
 * moves on by C: memcpy() and memset() can do it.
 */
typedef void col_like(float *A, const float *x, const struct conv *c, int N);
col_like im2col;

#define COL_ARRAYS(c, N) IN(x, N, c.Y, c.X, c.C); OUT(A, N * c.P * c.Q, c.R, c.S, c.C)

CASE(col_by_hand, col_like)
{
    COL_ARRAYS(CORNER, 1);
    SET(x, 1, 2, 3,  4, 5, 6);
    f(A, x, &CORNER, 1);
    EXPECT(A, 0, 0, 0, 1,  0, 0, 2, 3,  0, 1, 0, 4,  2, 3, 5, 6);
}

CASE(col_gold, col_like)
{
    COL_ARRAYS(COLUMN, 1);
    SET(x, COL_X);
    f(A, x, &COLUMN, 1);
    EXPECT(A, COL_A);
}

#define COL(name, shape, N) CASE(name, col_like) { COL_ARRAYS(shape, N); f(A, x, &shape, N); }
COL(col_odd, ODD, 2)
COL(col_valid, VALID, 2)
COL(col_point, POINT, 2)
COL(col_whole, WHOLE, 3)
COL(col_large, LARGE, 2)
COL(col_gaps, GAPS, 3)

/* ---- 12.14 col2im ---------------------------------------------------------------- */

/* Hint 12.14: a pixel may stand in several rows of the matrix.  If each of its copies has a
 * gradient, what is the gradient of the pixel?
 *
 * For each n, p, q, r, s whose pixel is there: dx[pixel + k] += the number of dA at row
 * (n P + p) Q + q and column (r S + s) C + k.
 *
 * The five loops of 12.13, dA moving on by C each time whether the pixel is there or not.
 */
typedef void back_col_like(float *dx, const float *dA, const struct conv *c, int N);
back_col_like col2im;

#define BACK_COL_ARRAYS(c, N) IN(dA, N * c.P * c.Q, c.R, c.S, c.C); ADD_TO(dx, N, c.Y, c.X, c.C)

CASE(back_col_by_hand, back_col_like)
{
    BACK_COL_ARRAYS(CORNER, 1);
    SET(dA, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12,  13, 14, 15, 16);
    SET(dx, 10, 20, 30,  40, 50, 60);
    f(dx, dA, &CORNER, 1);
    EXPECT(dx, 24, 40, 52,  52, 65, 76);
}

CASE(back_col_gold, back_col_like)
{
    BACK_COL_ARRAYS(COLUMN, 1);
    SET(dA, COL_DA); SCALE(dx, 0);
    f(dx, dA, &COLUMN, 1);
    EXPECT(dx, COL_DX);
}

#define BACK_COL(name, shape, N) CASE(name, back_col_like) \
    { BACK_COL_ARRAYS(shape, N); f(dx, dA, &shape, N); }
BACK_COL(back_col_odd, ODD, 2)
BACK_COL(back_col_valid, VALID, 2)
BACK_COL(back_col_point, POINT, 2)
BACK_COL(back_col_whole, WHOLE, 3)
BACK_COL(back_col_large, LARGE, 2)
BACK_COL(back_col_gaps, GAPS, 3)

/* ---- 12.15 conv2d_matmul_forward ------------------------------------------------- */

/* Hint 12.15: w is [R,S,C,M] in memory.  Read as a matrix, how many rows and how many columns
 * has it, and which rows of it meet the numbers of a row of A?
 *
 * y = A w + b is y[i,m] = b[m] + sum over d of A[i,d] w[d,m], with N P Q rows i, and R S C
 * numbers d in each.
 *
 * Three steps: im2col(); a loop that copies b into each row of y; gemm() with ADD.
 */
typedef void matmul_like(float *y, float *A, const float *x, const float *w, const float *b,
                         const struct conv *c, int N);
matmul_like conv2d_matmul_forward;

#define MATMUL_ARRAYS(c, N) FORWARD_ARRAYS(c, N); OUT(A, N * c.P * c.Q, c.R, c.S, c.C)

CASE(matmul_small, matmul_like)
{
    MATMUL_ARRAYS(SMALL, 1);
    SET(x, 1, 2, 3,  4, 5, 6,  7, 8, 9); SET(w, 1, 2,  3, 4); SET(b, 10);
    f(y, A, x, w, b, &SMALL, 1);
    EXPECT(y, 47, 57,  77, 87);
    EXPECT(A, 1, 2, 4, 5,  2, 3, 5, 6,  4, 5, 7, 8,  5, 6, 8, 9);
}

CASE(matmul_gold, matmul_like)
{
    MATMUL_ARRAYS(ODD, 2);
    SET(x, CONV_X); SET(w, CONV_W); SET(b, CONV_B);
    f(y, A, x, w, b, &ODD, 2);
    EXPECT(y, CONV_Y);
}

#define MATMUL(name, shape, N) CASE(name, matmul_like) \
    { MATMUL_ARRAYS(shape, N); f(y, A, x, w, b, &shape, N); }
MATMUL(matmul_valid, VALID, 2)
MATMUL(matmul_point, POINT, 2)
MATMUL(matmul_whole, WHOLE, 3)
MATMUL(matmul_large, LARGE, 2)
MATMUL(matmul_gaps, GAPS, 3)

/* ---- 12.16 conv2d_matmul_backward ------------------------------------------------ */

/* Hint 12.16: y = A w + b is the linear layer of chapter 6 with N P Q examples.  Which of its
 * gradients needs A, and which may be made only when A is no longer needed?
 *
 * dw[d,m] += sum over i of A[i,d] dy[i,m]; db[m] += sum over i of dy[i,m]; dA[i,d] = sum over
 * m of dy[i,m] w[d,m]; then col2im().
 *
 * gemm() with A_T and ADD for dw, two loops for db, gemm() with B_T into A, col2im().
 */
typedef void matmul_back_like(float *dx, float *dw, float *db, float *A, const float *dy,
                              const float *w, const struct conv *c, int N);
matmul_back_like conv2d_matmul_backward;

#define MATMUL_BACK_ARRAYS(c, N) IN(dy, N, c.P, c.Q, c.M); IN(w, c.R, c.S, c.C, c.M); \
    ADD_TO(dx, N, c.Y, c.X, c.C); ADD_TO(dw, c.R, c.S, c.C, c.M); ADD_TO(db, c.M); \
    ADD_TO(A, N * c.P * c.Q, c.R, c.S, c.C)

CASE(matmul_back_small, matmul_back_like)
{
    MATMUL_BACK_ARRAYS(SMALL, 1);
    SET(A, 1, 2, 4, 5,  2, 3, 5, 6,  4, 5, 7, 8,  5, 6, 8, 9); SET(dy, 1, 0,  -1, 2);
    SET(w, 1, 2,  3, 4); SET(dw, 100, 200,  300, 400); SET(db, 50);
    SET(dx, 10, 20, 30,  40, 50, 60,  70, 80, 90);
    f(dx, dw, db, A, dy, w, &SMALL, 1);
    EXPECT(dw, 107, 209,  313, 415);
    EXPECT(db, 52);
    EXPECT(dx, 11, 22, 30,  42, 54, 64,  67, 82, 98);
    EXPECT(A, 1, 2, 3, 4,  0, 0, 0, 0,  -1, -2, -3, -4,  2, 4, 6, 8);
}

CASE(matmul_back_gold, matmul_back_like)
{
    MATMUL_BACK_ARRAYS(ODD, 2);
    SET(A, CONV_A); SET(dy, CONV_DY); SET(w, CONV_W);
    SCALE(dx, 0); SCALE(dw, 0); SCALE(db, 0);
    f(dx, dw, db, A, dy, w, &ODD, 2);
    EXPECT(dx, CONV_DX);
    EXPECT(dw, CONV_DW);
    EXPECT(db, CONV_DB);
}

#define MATMUL_BACK(name, shape, N) CASE(name, matmul_back_like) \
    { MATMUL_BACK_ARRAYS(shape, N); f(dx, dw, db, A, dy, w, &shape, N); }
MATMUL_BACK(matmul_back_valid, VALID, 2)
MATMUL_BACK(matmul_back_point, POINT, 2)
MATMUL_BACK(matmul_back_whole, WHOLE, 3)
MATMUL_BACK(matmul_back_large, LARGE, 2)
MATMUL_BACK(matmul_back_gaps, GAPS, 3)

/* ---- 12.17* kernel_turn ---------------------------------------------------------- */

/* Hint 12.17*: where does the kernel's upper left element go when it is turned by half a
 * circle?  And how many channels do the images have that dy is?
 *
 * v[((r S + s) M + m) C + k] = w[(((R-1-r) S + S-1-s) C + k) M + m].
 *
 * Four loops, over r, s, m and k, and one line; v can be written from front to back.
 */
typedef void turn_like(float *v, const float *w, int R, int S, int C, int M);
turn_like kernel_turn;

CASE(turn_by_hand, turn_like)
{
    IN(w, 2, 3, 1, 1); OUT(v, 2, 3, 1, 1);
    SET(w, 1, 2, 3,  4, 5, 6);
    f(v, w, 2, 3, 1, 1);
    EXPECT(v, 6, 5, 4,  3, 2, 1);
}

CASE(turn_channels, turn_like)
{
    IN(w, 1, 2, 2, 3); OUT(v, 1, 2, 3, 2);
    SET(w, 1, 2, 3, 4, 5, 6,  11, 12, 13, 14, 15, 16);
    f(v, w, 1, 2, 2, 3);
    EXPECT(v, 11, 14, 12, 15, 13, 16,  1, 4, 2, 5, 3, 6);
}

#define TURN(name, R, S, C, M) CASE(name, turn_like) \
    { IN(w, R, S, C, M); OUT(v, R, S, M, C); f(v, w, R, S, C, M); }
TURN(turn_many, 3, 2, 4, 5)
TURN(turn_wide, 2, 5, 3, 2)
TURN(turn_grey, 4, 4, 1, 3)

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* ---- the oracles: from the definitions, in double ---- */

/* The places of a kernel are counted by moving it; the zeros of "same" are found by trying
 * how many do. */
static int size_right(int size, int kernel, int stride, int before, int after)
{
    int places = 0;
    for (int at = -before; at + kernel <= size + after; at += stride)
        places++;
    return places;
}

static int same_right(int *after, int size, int kernel, int stride)
{
    int zeros = 0;
    while (size_right(size, kernel, stride, 0, zeros) * stride < size)
        zeros++;
    *after = (zeros + 1) / 2;
    return zeros - *after;
}

/* Pixel (i,j) of an image lies under the kernel at (p,q). */
static bool lies_under(const struct conv *c, int p, int q, int i, int j)
{
    int r = i + c->top - p * c->stride_y, s = j + c->left - q * c->stride_x;
    return r >= 0 && r < c->R && s >= 0 && s < c->S;
}

/* All pixels are asked which of them it is. */
static int under_right(const struct conv *c, int n, int p, int q, int r, int s)
{
    for (int i = 0; i < c->Y; i++)
        for (int j = 0; j < c->X; j++)
            if (i + c->top == p * c->stride_y + r && j + c->left == q * c->stride_x + s)
                return n * c->Y * c->X * c->C + i * c->X * c->C + j * c->C;
    return -1;
}

/* The matrix of 12.13, cut out of copies of the images with zeros around them. */
static double *matrix_of(const float *x, const struct conv *c, int N)
{
    int rows = (c->P - 1) * c->stride_y + c->R, C = c->C;
    int columns = (c->Q - 1) * c->stride_x + c->S;
    int high = c->top + c->Y > rows ? c->top + c->Y : rows;
    int wide = c->left + c->X > columns ? c->left + c->X : columns;
    double *big = calloc((size_t)high * wide * C, sizeof *big);
    double *A = malloc((size_t)N * c->P * c->Q * c->R * c->S * C * sizeof *A), *to = A;
    for (int n = 0; n < N; n++) {
        for (int i = 0; i < c->Y; i++)
            for (int e = 0; e < c->X * C; e++)
                big[((i + c->top) * wide + c->left) * C + e] = x[(n * c->Y + i) * c->X * C + e];
        for (int p = 0; p < c->P; p++)
            for (int q = 0; q < c->Q; q++)
                for (int r = 0; r < c->R; r++, to += c->S * C)
                    memcpy(to, big + ((p*c->stride_y + r) * wide + q*c->stride_x) * C,
                           c->S * C * sizeof *to);
    }
    free(big);
    return A;
}

static void col_right(float *A, const float *x, const struct conv *c, int N)
{
    double *all = matrix_of(x, c, N);
    for (int i = 0; i < N * c->P * c->Q * c->R * c->S * c->C; i++)
        A[i] = (float)all[i];
    free(all);
}

static void forward_right(float *y, const float *x, const float *w, const float *b,
                          const struct conv *c, int N)
{
    int D = c->R * c->S * c->C, M = c->M;
    double *A = matrix_of(x, c, N);
    for (int i = 0; i < N * c->P * c->Q * M; i++) {
        double sum = b[i % M];
        for (int d = 0; d < D; d++)
            sum += A[i / M * D + d] * w[d*M + i % M];
        y[i] = (float)sum;
    }
    free(A);
}

/* The gradients are slopes: y is linear in each weight and each pixel, so the slope in one
 * of them is what comes out if it is 1 and all others are 0.  That is done one by one. */
static double slope_in(const float *dy, const float *x, const float *w, const struct conv *c,
                       int N)
{
    int count = N * c->P * c->Q * c->M;
    float *y = malloc(count * sizeof *y), *zero = calloc((size_t)c->M, sizeof *zero);
    double sum = 0;
    forward_right(y, x, w, zero, c, N);
    for (int i = 0; i < count; i++)
        sum += (double)dy[i] * y[i];
    free(zero), free(y);
    return sum;
}

static void weights_right(float *dw, float *db, const float *dy, const float *x,
                          const struct conv *c, int N)
{
    int count = c->R * c->S * c->C * c->M;
    float *unit = calloc((size_t)count, sizeof *unit);
    for (int i = 0; i < count; unit[i++] = 0) {
        unit[i] = 1;
        dw[i] = (float)(dw[i] + slope_in(dy, x, unit, c, N));
    }
    free(unit);
    for (int m = 0; m < c->M; m++) {
        double sum = db[m];
        for (int i = 0; i < N * c->P * c->Q; i++)
            sum += dy[i*c->M + m];
        db[m] = (float)sum;
    }
}

static void input_right(float *dx, const float *dy, const float *w, const struct conv *c, int N)
{
    int image = c->Y * c->X * c->C, results = c->P * c->Q * c->M;
    float *unit = calloc((size_t)image, sizeof *unit);
    for (int i = 0; i < image; unit[i++] = 0) {
        unit[i] = 1;
        for (int n = 0; n < N; n++)
            dx[n*image + i] = (float)(dx[n*image + i] + slope_in(dy + n*results, unit, w, c, 1));
    }
    free(unit);
}

/* Number e of an array [N,Y,X,C]. */
struct spot { int n, i, j, k; };

static struct spot spot_of(int e, int Y, int X, int C)
{
    return (struct spot){e / C / X / Y, e / C / X % Y, e / C % X, e % C};
}

/* Each number of an image gets all of the matrix that were cut out there. */
static void back_col_right(float *dx, const float *dA, const struct conv *c, int N)
{
    for (int e = 0; e < N * c->Y * c->X * c->C; e++) {
        struct spot at = spot_of(e, c->Y, c->X, c->C);
        double sum = dx[e];
        for (int p = 0; p < c->P; p++)
            for (int q = 0; q < c->Q; q++) {
                int r = at.i + c->top - p * c->stride_y, s = at.j + c->left - q * c->stride_x;
                if (lies_under(c, p, q, at.i, at.j))
                    sum += dA[((((at.n*c->P + p)*c->Q + q)*c->R + r)*c->S + s)*c->C + at.k];
            }
        dx[e] = (float)sum;
    }
}

static void matmul_right(float *y, float *A, const float *x, const float *w, const float *b,
                         const struct conv *c, int N)
{
    col_right(A, x, c, N);
    forward_right(y, x, w, b, c, N);
}

static void matmul_back_right(float *dx, float *dw, float *db, float *A, const float *dy,
                              const float *w, const struct conv *c, int N)
{
    int rows = N * c->P * c->Q, D = c->R * c->S * c->C, M = c->M;
    for (int d = 0; d < D; d++)
        for (int m = 0; m < M; m++) {
            double sum = dw[d*M + m];
            for (int i = 0; i < rows; i++)
                sum += (double)A[i*D + d] * dy[i*M + m];
            dw[d*M + m] = (float)sum;
        }
    for (int m = 0; m < M; m++)
        for (int i = 0; i < rows; i++)
            db[m] += dy[i*M + m];
    for (int i = 0; i < rows; i++)
        for (int d = 0; d < D; d++) {
            double sum = 0;
            for (int m = 0; m < M; m++)
                sum += (double)dy[i*M + m] * w[d*M + m];
            A[i*D + d] = (float)sum;
        }
    input_right(dx, dy, w, c, N);
}

/* Of all pixels those that lie under the kernel, in the order of memory. */
static void max_right(float *y, int *from, const float *x, const struct conv *c, int N)
{
    for (int e = 0; e < N * c->P * c->Q * c->C; e++) {
        struct spot to = spot_of(e, c->P, c->Q, c->C);
        from[e] = -1;
        for (int i = 0; i < c->Y; i++)
            for (int j = 0; j < c->X; j++) {
                int at = to.n*c->Y*c->X*c->C + i*c->X*c->C + j*c->C + to.k;
                if (lies_under(c, to.i, to.j, i, j) && (from[e] < 0 || x[at] > x[from[e]]))
                    from[e] = at;
            }
        y[e] = x[from[e]];
    }
}

static void max_back_right(float *dx, const float *dy, const int *from, const struct conv *c,
                           int N)
{
    for (int e = 0; e < N * c->Y * c->X * c->C; e++) {
        double sum = dx[e];
        for (int i = 0; i < N * c->P * c->Q * c->C; i++)
            sum += from[i] == e ? dy[i] : 0;
        dx[e] = (float)sum;
    }
}

static int count_under(const struct conv *c, bool padded, int p, int q)
{
    int count = 0;
    for (int i = 0; i < c->Y; i++)
        for (int j = 0; j < c->X; j++)
            count += lies_under(c, p, q, i, j);
    return padded ? c->R * c->S : count;
}

static void avg_right(float *y, const float *x, bool padded, const struct conv *c, int N)
{
    for (int e = 0; e < N * c->P * c->Q * c->C; e++) {
        struct spot to = spot_of(e, c->P, c->Q, c->C);
        double sum = 0;
        for (int i = 0; i < c->Y; i++)
            for (int j = 0; j < c->X; j++)
                if (lies_under(c, to.i, to.j, i, j))
                    sum += x[to.n*c->Y*c->X*c->C + i*c->X*c->C + j*c->C + to.k];
        y[e] = (float)(sum / count_under(c, padded, to.i, to.j));
    }
}

static void avg_back_right(float *dx, const float *dy, bool padded, const struct conv *c, int N)
{
    for (int e = 0; e < N * c->Y * c->X * c->C; e++) {
        struct spot at = spot_of(e, c->Y, c->X, c->C);
        double sum = dx[e];
        for (int p = 0; p < c->P; p++)
            for (int q = 0; q < c->Q; q++) {
                double share = 1.0 / count_under(c, padded, p, q);
                if (lies_under(c, p, q, at.i, at.j))
                    sum += share * dy[((at.n*c->P + p)*c->Q + q)*c->C + at.k];
            }
        dx[e] = (float)sum;
    }
}

static void global_right(float *y, const float *x, int N, int Y, int X, int C)
{
    for (int e = 0; e < N * C; e++) {
        double sum = 0;
        for (int i = 0; i < Y; i++)
            for (int j = 0; j < X; j++)
                sum += x[e / C * Y * X * C + i * X * C + j * C + e % C];
        y[e] = (float)(sum / Y / X);
    }
}

static void global_back_right(float *dx, const float *dy, int N, int Y, int X, int C)
{
    for (int e = 0; e < N * Y * X * C; e++)
        dx[e] = (float)(dx[e] + dy[e / (Y * X * C) * C + e % C] / ((double)Y * X));
}

static void turn_right(float *v, const float *w, int R, int S, int C, int M)
{
    for (int e = 0; e < R * S * C * M; e++) {
        int m = e % M, k = e / M % C, rs = e / M / C;
        v[(R*S - 1 - rs) * M * C + m*C + k] = w[e];
    }
}

/* ---- the mistakes ---- */

/* What is wrong; most of them can be made in several exercises. */
enum how {
    FAITHFUL, NO_ONE, ROUNDED_UP, ONE_SIDE, NO_ZEROS, TWO_SIDES, NO_STRIDE, TIMES, ONE_IN,
    NO_TEST, LATE_TEST, NO_ROOM, LESS, HALF_KERNEL, CEIL_HALF, EARLIER, NEGATIVE,
    ROUNDED_DOWN, ODD_LOST, BOTH_WHOLE, TOTAL, AS_STRIDE_1, STRIDES_SWAPPED, ONE_STRIDE,
    NO_PAD, PAD_PLUS, PAD_SWAPPED, CLAMP, WRAP, LATE_EDGE, NO_C, NO_N, TURNED_IMAGE, PLANES,
    FLIP, ONE_IMAGE, ONE_CHANNEL, SKIPPED, BREAK, S_R, COLUMNS, M_FIRST, M_BEFORE_C, NO_BIAS,
    BIAS_EACH, KEEPS, OVERWRITES, OVERWRITES_DX, OVERWRITES_DW, OVERWRITES_DB, ASSIGNS, NO_DB,
    DB_EACH, BY_N, EARLY, ONE_KERNEL, ZERO_START, LOW_START, OUTSIDE, LAST, FROM_TAP,
    FROM_PIXEL, IN_IMAGE, FROM_NUMBER, LEAST, ONCE, SHARED, STAYS, PADDED, PRESENT, INVERTED,
    UNDIVIDED, GROWS, LARGEST, ALL_CHANNELS, BY_IMAGE, COVER, BY_Y, BY_X, BY_C, WHOLE_PART,
    ONE_PIXEL, LEFT_OUT, CHANNELS_FIRST, TURNED, FIRST_BIAS, NO_MATRIX, W_TURNED, TWICE,
    ROW_BIAS, LATE, NO_PRODUCT, ADDS, NO_DX, NOT_TURNED, ROWS_ONLY, COLUMNS_ONLY, NO_EXCHANGE,
    BACKWARDS, C_TURNED, M_TURNED
};

/* ---- sizes ---- */

static int size_of(int size, int kernel, int stride, int before, int after, enum how how)
{
    int room = before + size + after - kernel;
    switch (how) {
    case NO_ZEROS:   room = size - kernel; break;
    case ONE_SIDE:   room -= after; break;
    case EARLIER:    room -= before; break;
    case TWO_SIDES:  room += before - after; break;
    case NO_TEST:    return room / stride + 1;
    case LATE_TEST:  return room / stride + 1 > 0 ? room / stride + 1 : 0;
    case NO_ROOM:    return room <= 0 ? 0 : room / stride + 1;
    default:         break;
    }
    if (room < 0)
        return 0;
    switch (how) {
    case NO_ONE:     return room / stride;
    case ROUNDED_UP: return (room + stride - 1) / stride + 1;
    case NO_STRIDE:  return room + 1;
    case TIMES:      return room * stride + 1;
    case ONE_IN:     return (room + 1) / stride;
    default:         return room / stride + 1;
    }
}

#define SIZE_OF(name, how) \
    static int name(int size, int kernel, int stride, int before, int after) \
    { return size_of(size, kernel, stride, before, after, how); }
SIZE_OF(size_no_one, NO_ONE)
SIZE_OF(size_up, ROUNDED_UP)
SIZE_OF(size_no_stride, NO_STRIDE)
SIZE_OF(size_times, TIMES)
SIZE_OF(size_one_in, ONE_IN)
SIZE_OF(size_no_zeros, NO_ZEROS)
SIZE_OF(size_before_only, ONE_SIDE)
SIZE_OF(size_after_only, EARLIER)
SIZE_OF(size_twice, TWO_SIDES)
SIZE_OF(size_no_test, NO_TEST)
SIZE_OF(size_late_test, LATE_TEST)
SIZE_OF(size_no_room, NO_ROOM)

static int same_of(int *after, int size, int kernel, int stride, enum how how)
{
    int places = (size + stride - 1) / stride;
    places = how == ROUNDED_DOWN ? size / stride : how == NO_STRIDE ? size : places;
    int zeros = (places - (how != NO_ONE)) * stride + kernel - size;
    zeros = how == AS_STRIDE_1 ? kernel - 1 : zeros;
    zeros = zeros > 0 || how == NEGATIVE ? zeros : 0;
    int half = how == HALF_KERNEL ? kernel / 2 : how == LESS ? (kernel - 1) / 2 : zeros / 2;
    switch (how) {
    case EARLIER:    *after = half; return zeros - half;
    case ODD_LOST:
    case HALF_KERNEL:
    case LESS:       *after = half; return half;
    case CEIL_HALF:  *after = zeros - half; return zeros - half;
    case BOTH_WHOLE: *after = zeros; return zeros;
    case TOTAL:      *after = zeros - half; return zeros;
    default:         *after = zeros - half; return half;
    }
}

#define SAME_OF(name, how) \
    static int name(int *after, int size, int kernel, int stride) \
    { return same_of(after, size, kernel, stride, how); }
SAME_OF(same_before, EARLIER)
SAME_OF(same_odd_lost, ODD_LOST)
SAME_OF(same_more, CEIL_HALF)
SAME_OF(same_half_kernel, HALF_KERNEL)
SAME_OF(same_less, LESS)
SAME_OF(same_twice, BOTH_WHOLE)
SAME_OF(same_total, TOTAL)
SAME_OF(same_negative, NEGATIVE)
SAME_OF(same_down, ROUNDED_DOWN)
SAME_OF(same_no_stride, NO_STRIDE)
SAME_OF(same_no_one, NO_ONE)
SAME_OF(same_stride_1, AS_STRIDE_1)

/* ---- which pixel ---- */

static int nearest(int i, int n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }

static int under(const struct conv *c, int n, int p, int q, int r, int s, enum how how)
{
    int Y = c->Y, X = c->X, stride_y = c->stride_y, stride_x = c->stride_x;
    int top = c->top, left = c->left;
    switch (how) {
    case NO_STRIDE:       stride_y = stride_x = 1; break;
    case STRIDES_SWAPPED: stride_y = c->stride_x, stride_x = c->stride_y; break;
    case ONE_STRIDE:      stride_x = stride_y; break;
    case NO_PAD:          top = left = 0; break;
    case PAD_PLUS:        top = -top, left = -left; break;
    case PAD_SWAPPED:     top = c->left, left = c->top; break;
    case FLIP:            r = c->R - 1 - r, s = c->S - 1 - s; break;
    case ONE_IMAGE:
    case NO_N:            n = 0; break;
    default:              break;
    }
    int i = p * stride_y + r - top, j = q * stride_x + s - left;
    if (how == CLAMP)
        i = nearest(i, Y), j = nearest(j, X);
    int late = how == LATE_EDGE;
    if (how != NO_TEST && (i < 0 || i >= Y + late || (how != WRAP && (j < 0 || j >= X + late))))
        return -1;
    switch (how) {
    case NO_C:         return (n*Y + i)*X + j;
    case TURNED_IMAGE: return ((n*X + j)*Y + i)*c->C;
    case PLANES:       return n*c->C*Y*X + i*X + j;
    default:           return ((n*Y + i)*X + j)*c->C;
    }
}

#define UNDER_HOW(name, how) \
    static int name(const struct conv *c, int n, int p, int q, int r, int s) \
    { return under(c, n, p, q, r, s, how); }
UNDER_HOW(under_no_stride, NO_STRIDE)
UNDER_HOW(under_strides_swapped, STRIDES_SWAPPED)
UNDER_HOW(under_no_pad, NO_PAD)
UNDER_HOW(under_plus, PAD_PLUS)
UNDER_HOW(under_pad_swapped, PAD_SWAPPED)
UNDER_HOW(under_clamp, CLAMP)
UNDER_HOW(under_wrap, WRAP)
UNDER_HOW(under_late, LATE_EDGE)
UNDER_HOW(under_no_test, NO_TEST)
UNDER_HOW(under_no_c, NO_C)
UNDER_HOW(under_no_n, NO_N)
UNDER_HOW(under_planes, PLANES)

/* What the kernel at a place meets: the index of the pixel in x, and which element of the
 * kernel it is, or seems to be.  Pixels outside of the image are left out. */
struct tap { int pixel, at; };

static int taps_at(struct tap *tap, const struct conv *c, int N, int n, int p, int q,
                   enum how how)
{
    int count = 0, R = c->R, S = c->S;
    for (int t = 0; t < R * S; t++) {
        int r = how == COLUMNS ? t % R : t / S, s = how == COLUMNS ? t / R : t % S;
        int pixel = under(c, n, p, q, r, s, how);
        if (pixel < 0 || pixel >= N * c->Y * c->X * c->C) {
            if (how == BREAK)  // out of the loop over s
                t = r*S + S - 1;
            continue;
        }
        tap[count] = (struct tap){pixel, how == SKIPPED ? count : how == S_R ? s*R + r : r*S + s};
        count++;
    }
    return count;
}

/* Which weight, if w lies in memory as somebody thinks. */
static int weight(const struct conv *c, int at, int k, int m, enum how how)
{
    switch (how) {
    case M_FIRST:    return (m * c->R * c->S + at) * c->C + k;
    case M_BEFORE_C: return (at * c->M + m) * c->C + k;
    default:         return (at * c->C + k) * c->M + m;
    }
}

/* ---- convolution ---- */

#define EACH_PLACE(c, N) for (int n = 0; n < N; n++) for (int p = 0; p < c->P; p++) \
    for (int q = 0; q < c->Q; q++)

static void forward(float *y, const float *x, const float *w, const float *b,
                    const struct conv *c, int N, enum how how)
{
    struct tap tap[64];
    EACH_PLACE(c, N)
        for (int m = 0, count = taps_at(tap, c, N, n, p, q, how); m < c->M; m++, y++) {
            double sum = how == NO_BIAS ? 0 : how == BIAS_EACH ? count * b[m] : b[m];
            for (int t = 0; t < count; t++)
                for (int k = 0; k < c->C; k++)
                    sum += x[tap[t].pixel + (how == ONE_CHANNEL ? 0 : k)]
                           * w[weight(c, tap[t].at, k, m, how)];
            *y = (float)(how == KEEPS ? *y + sum : sum);
        }
}

#define FORWARD_HOW(name, how) \
    static void name(float *y, const float *x, const float *w, const float *b, \
                     const struct conv *c, int N) { forward(y, x, w, b, c, N, how); }
FORWARD_HOW(forward_no_bias, NO_BIAS)
FORWARD_HOW(forward_bias_each, BIAS_EACH)
FORWARD_HOW(forward_flip, FLIP)
FORWARD_HOW(forward_m_first, M_FIRST)
FORWARD_HOW(forward_m_before_c, M_BEFORE_C)
FORWARD_HOW(forward_skipped, SKIPPED)
FORWARD_HOW(forward_break, BREAK)
FORWARD_HOW(forward_one_channel, ONE_CHANNEL)
FORWARD_HOW(forward_one_image, ONE_IMAGE)
FORWARD_HOW(forward_keeps, KEEPS)
FORWARD_HOW(forward_no_stride, NO_STRIDE)
FORWARD_HOW(forward_s_r, S_R)

static void clear(float *a, int n, bool really)
{
    for (int i = 0; i < n && really; i++)
        a[i] = 0;
}

static void weights(float *dw, float *db, const float *dy, const float *x, const struct conv *c,
                    int N, enum how how)
{
    struct tap tap[64];
    double by = how == BY_N ? 1.0 / N : 1;
    clear(dw, c->R * c->S * c->C * c->M, how == OVERWRITES || how == OVERWRITES_DW);
    clear(db, c->M, how == OVERWRITES || how == OVERWRITES_DB);
    EACH_PLACE(c, (how == EARLY ? 1 : N))
        for (int m = 0, count = taps_at(tap, c, N, n, p, q, how); m < c->M; m++, dy++) {
            db[m] += (float)(by * *dy * (how == NO_DB ? 0 : how == DB_EACH ? count : 1));
            for (int t = 0; t < count; t++)
                for (int k = 0; k < c->C; k++)
                    dw[weight(c, tap[t].at, k, m, how)] +=
                        (float)(by * *dy * x[tap[t].pixel + (how == ONE_CHANNEL ? 0 : k)]);
        }
}

#define WEIGHTS_HOW(name, how) \
    static void name(float *dw, float *db, const float *dy, const float *x, \
                     const struct conv *c, int N) { weights(dw, db, dy, x, c, N, how); }
WEIGHTS_HOW(weights_overwrites, OVERWRITES)
WEIGHTS_HOW(weights_overwrites_dw, OVERWRITES_DW)
WEIGHTS_HOW(weights_overwrites_db, OVERWRITES_DB)
WEIGHTS_HOW(weights_flip, FLIP)
WEIGHTS_HOW(weights_no_db, NO_DB)
WEIGHTS_HOW(weights_db_each, DB_EACH)
WEIGHTS_HOW(weights_by_n, BY_N)
WEIGHTS_HOW(weights_early, EARLY)
WEIGHTS_HOW(weights_skipped, SKIPPED)
WEIGHTS_HOW(weights_m_before_c, M_BEFORE_C)
WEIGHTS_HOW(weights_s_r, S_R)
WEIGHTS_HOW(weights_one_channel, ONE_CHANNEL)

static void input(float *dx, const float *dy, const float *w, const struct conv *c, int N,
                  enum how how)
{
    struct tap tap[64];
    clear(dx, N * c->Y * c->X * c->C, how == OVERWRITES);
    EACH_PLACE(c, (how == EARLY ? 1 : N)) {
        int count = taps_at(tap, c, N, n, p, q, how);
        for (int t = 0; t < count; t++)
            for (int k = 0; k < c->C; k++) {
                double sum = 0;
                for (int m = 0; m < (how == ONE_KERNEL ? 1 : c->M); m++)
                    sum += (double)dy[m] * w[weight(c, tap[t].at, k, m, how)];
                float *to = dx + tap[t].pixel + (how == ONE_CHANNEL ? 0 : k);
                *to = (float)(how == ASSIGNS ? sum : *to + sum);
            }
        dy += c->M;
    }
}

#define INPUT_HOW(name, how) \
    static void name(float *dx, const float *dy, const float *w, const struct conv *c, int N) \
    { input(dx, dy, w, c, N, how); }
INPUT_HOW(input_overwrites, OVERWRITES)
INPUT_HOW(input_assigns, ASSIGNS)
INPUT_HOW(input_flip, FLIP)
INPUT_HOW(input_m_first, M_FIRST)
INPUT_HOW(input_m_before_c, M_BEFORE_C)
INPUT_HOW(input_skipped, SKIPPED)
INPUT_HOW(input_break, BREAK)
INPUT_HOW(input_s_r, S_R)
INPUT_HOW(input_one_channel, ONE_CHANNEL)
INPUT_HOW(input_early, EARLY)
INPUT_HOW(input_no_stride, NO_STRIDE)
INPUT_HOW(input_one_kernel, ONE_KERNEL)

/* ---- pools ---- */

/* Whether a number takes the place of the best so far. */
static bool better(float number, float best, enum how how)
{
    return how == LAST ? number >= best : how == LEAST ? number < best : number > best;
}

/* What from holds, if the number was found at pixel + k under element at of the kernel. */
static int found_at(const struct conv *c, int n, const struct tap *tap, int k, enum how how)
{
    switch (how) {
    case FROM_TAP:    return tap->at;
    case FROM_PIXEL:  return tap->pixel;
    case FROM_NUMBER: return tap->pixel / c->C;
    case IN_IMAGE:    return tap->pixel + k - n * c->Y * c->X * c->C;
    default:          return tap->pixel + k;
    }
}

static void max_wrong(float *y, int *from, const float *x, const struct conv *c, int N,
                      enum how how)
{
    struct tap tap[64];
    EACH_PLACE(c, N) {
        int count = taps_at(tap, c, N, n, p, q, how);
        for (int k = 0; k < c->C; k++, y++, from++) {
            *y = how == ZERO_START ? 0 : how == LOW_START ? -1e9f : -INFINITY;
            *y = how == LEAST ? INFINITY : *y;
            for (int t = 0; t < count; t++)
                if (better(x[tap[t].pixel + k], *y, how)) {
                    *y = x[tap[t].pixel + k];
                    *from = found_at(c, n, &tap[t], k, how);
                }
            if (how == OUTSIDE && count < c->R * c->S && *y < 0)
                *y = 0;
        }
    }
}

#define MAX_HOW(name, how) \
    static void name(float *y, int *from, const float *x, const struct conv *c, int N) \
    { max_wrong(y, from, x, c, N, how); }
MAX_HOW(max_zero, ZERO_START)
MAX_HOW(max_low_start, LOW_START)
MAX_HOW(max_outside, OUTSIDE)
MAX_HOW(max_last, LAST)
MAX_HOW(max_columns, COLUMNS)
MAX_HOW(max_from_tap, FROM_TAP)
MAX_HOW(max_from_pixel, FROM_PIXEL)
MAX_HOW(max_in_image, IN_IMAGE)
MAX_HOW(max_from_number, FROM_NUMBER)
MAX_HOW(max_least, LEAST)
MAX_HOW(max_one_image, ONE_IMAGE)
MAX_HOW(max_no_stride, NO_STRIDE)

static void max_back(float *dx, const float *dy, const int *from, const struct conv *c, int N,
                     enum how how)
{
    int image = c->Y * c->X * c->C, results = c->P * c->Q * c->C;
    bool *seen = calloc((size_t)N * image, sizeof *seen);
    clear(dx, N * image, how == OVERWRITES);
    for (int i = 0; i < results * (how == EARLY ? 1 : N); i++) {
        int to = how == IN_IMAGE ? from[i] % image : how == ONE_CHANNEL ? from[i] - from[i] % c->C
                 : how == STAYS ? i % (N * image) : from[i];
        double share = how == SHARED ? dy[i] / (double)(c->R * c->S) : dy[i];
        if (how != ONCE || !seen[to])
            dx[to] = (float)(how == ASSIGNS ? share : dx[to] + share);
        seen[to] = true;
    }
    free(seen);
}

#define MAX_BACK_HOW(name, how) \
    static void name(float *dx, const float *dy, const int *from, const struct conv *c, int N) \
    { max_back(dx, dy, from, c, N, how); }
MAX_BACK_HOW(max_back_overwrites, OVERWRITES)
MAX_BACK_HOW(max_back_assigns, ASSIGNS)
MAX_BACK_HOW(max_back_once, ONCE)
MAX_BACK_HOW(max_back_in_image, IN_IMAGE)
MAX_BACK_HOW(max_back_early, EARLY)
MAX_BACK_HOW(max_back_one_channel, ONE_CHANNEL)
MAX_BACK_HOW(max_back_shared, SHARED)
MAX_BACK_HOW(max_back_stays, STAYS)

/* By what a sum is divided that has so many terms. */
static double divisor(const struct conv *c, int count, bool padded, enum how how)
{
    bool all = how == PADDED || (how != PRESENT && padded != (how == INVERTED));
    int number = all ? c->R * c->S : count;
    number = how == BY_IMAGE ? c->Y * c->X : how == BY_C ? number * c->C : number;
    return how == UNDIVIDED ? 1 : number;
}

static void avg(float *y, const float *x, bool padded, const struct conv *c, int N, enum how how)
{
    struct tap tap[64];
    int so_far = 0;
    EACH_PLACE(c, N) {
        int count = taps_at(tap, c, N, n, p, q, how);
        so_far += padded ? c->R * c->S : count;
        for (int k = 0; k < c->C; k++, y++) {
            double sum = how == KEEPS ? *y : 0, most = -INFINITY;
            for (int t = 0; t < count; t++)
                for (int other = 0; other < (how == ALL_CHANNELS ? c->C : 1); other++) {
                    float number = x[tap[t].pixel + (how == ALL_CHANNELS ? other : k)];
                    sum += number;
                    most = number > most ? number : most;
                }
            sum /= how == GROWS ? so_far : divisor(c, count, padded, how);
            *y = (float)(how == LARGEST ? most : sum);
        }
    }
}

#define AVG_HOW(name, how) \
    static void name(float *y, const float *x, bool padded, const struct conv *c, int N) \
    { avg(y, x, padded, c, N, how); }
AVG_HOW(avg_padded, PADDED)
AVG_HOW(avg_present, PRESENT)
AVG_HOW(avg_inverted, INVERTED)
AVG_HOW(avg_undivided, UNDIVIDED)
AVG_HOW(avg_by_c, BY_C)
AVG_HOW(avg_grows, GROWS)
AVG_HOW(avg_one_image, ONE_IMAGE)
AVG_HOW(avg_no_stride, NO_STRIDE)
AVG_HOW(avg_largest, LARGEST)
AVG_HOW(avg_all_channels, ALL_CHANNELS)
AVG_HOW(avg_keeps, KEEPS)
AVG_HOW(avg_by_image, BY_IMAGE)

/* How many places have a pixel under them. */
static int places_over(const struct conv *c, int pixel)
{
    int count = 0, j = pixel / c->C % c->X, i = pixel / c->C / c->X % c->Y;
    for (int p = 0; p < c->P; p++)
        for (int q = 0; q < c->Q; q++)
            count += lies_under(c, p, q, i, j);
    return count;
}

static void avg_back(float *dx, const float *dy, bool padded, const struct conv *c, int N,
                     enum how how)
{
    struct tap tap[64];
    int so_far = 0;
    clear(dx, N * c->Y * c->X * c->C, how == OVERWRITES);
    EACH_PLACE(c, (how == EARLY ? 1 : N)) {
        int count = taps_at(tap, c, N, n, p, q, how);
        so_far += padded ? c->R * c->S : count;
        for (int t = 0; t < count; t++)
            for (int k = 0; k < c->C; k++) {
                double by = how == GROWS ? so_far : how == COVER ? places_over(c, tap[t].pixel)
                            : divisor(c, count, padded, how);
                float *to = dx + tap[t].pixel + k;
                double share = dy[how == ONE_CHANNEL ? 0 : k] / by;
                *to = (float)(how == ASSIGNS ? share : *to + share);
            }
        dy += c->C;
    }
}

#define AVG_BACK_HOW(name, how) \
    static void name(float *dx, const float *dy, bool padded, const struct conv *c, int N) \
    { avg_back(dx, dy, padded, c, N, how); }
AVG_BACK_HOW(avg_back_overwrites, OVERWRITES)
AVG_BACK_HOW(avg_back_assigns, ASSIGNS)
AVG_BACK_HOW(avg_back_padded, PADDED)
AVG_BACK_HOW(avg_back_present, PRESENT)
AVG_BACK_HOW(avg_back_inverted, INVERTED)
AVG_BACK_HOW(avg_back_undivided, UNDIVIDED)
AVG_BACK_HOW(avg_back_by_c, BY_C)
AVG_BACK_HOW(avg_back_grows, GROWS)
AVG_BACK_HOW(avg_back_early, EARLY)
AVG_BACK_HOW(avg_back_no_stride, NO_STRIDE)
AVG_BACK_HOW(avg_back_one_channel, ONE_CHANNEL)
AVG_BACK_HOW(avg_back_cover, COVER)

/* By what the sum over an image is divided. */
static double image_divisor(int N, int Y, int X, int C, enum how how)
{
    switch (how) {
    case UNDIVIDED:    return 1;
    case WHOLE_PART:   return Y * X == 1 ? 1 : INFINITY;
    case BY_Y:         return Y;
    case BY_X:         return X;
    case BY_C:
    case ALL_CHANNELS: return (double)Y * X * C;
    case BY_N:         return (double)N * Y * X;
    default:           return (double)Y * X;
    }
}

static void global(float *y, const float *x, int N, int Y, int X, int C, enum how how)
{
    for (int e = 0; e < N * C; e++) {
        int n = how == ONE_IMAGE ? 0 : e / C, k = e % C;
        double sum = how == KEEPS ? y[e] : 0, most = -INFINITY;
        for (int i = 0; i < Y * X; i++)
            for (int other = 0; other < (how == ALL_CHANNELS ? C : 1); other++) {
                int channel = how == ALL_CHANNELS ? other : k;
                float number = x[how == PLANES ? (n*C + k)*Y*X + i : (n*Y*X + i)*C + channel];
                sum += number;
                most = number > most ? number : most;
            }
        y[e] = (float)(how == LARGEST ? most : sum / image_divisor(N, Y, X, C, how));
    }
}

#define GLOBAL_HOW(name, how) \
    static void name(float *y, const float *x, int N, int Y, int X, int C) \
    { global(y, x, N, Y, X, C, how); }
GLOBAL_HOW(global_undivided, UNDIVIDED)
GLOBAL_HOW(global_whole_part, WHOLE_PART)
GLOBAL_HOW(global_by_y, BY_Y)
GLOBAL_HOW(global_by_x, BY_X)
GLOBAL_HOW(global_by_c, BY_C)
GLOBAL_HOW(global_by_n, BY_N)
GLOBAL_HOW(global_one_image, ONE_IMAGE)
GLOBAL_HOW(global_all_channels, ALL_CHANNELS)
GLOBAL_HOW(global_planes, PLANES)
GLOBAL_HOW(global_keeps, KEEPS)
GLOBAL_HOW(global_largest, LARGEST)

static void global_back(float *dx, const float *dy, int N, int Y, int X, int C, enum how how)
{
    double by = image_divisor(N, Y, X, C, how);
    for (int e = 0; e < (how == EARLY ? 1 : N) * Y * X * C; e++) {
        int n = how == ONE_IMAGE ? 0 : e / C / X / Y, i = e / C % (Y * X), k = e % C;
        double share = (how == ONE_PIXEL && i ? 0 : dy[n*C + (how == ONE_CHANNEL ? 0 : k)]) / by;
        float *to = dx + (how == PLANES ? (n*C + k)*Y*X + i : e);
        *to = (float)(how == OVERWRITES ? share : *to + share);
    }
}

#define GLOBAL_BACK_HOW(name, how) \
    static void name(float *dx, const float *dy, int N, int Y, int X, int C) \
    { global_back(dx, dy, N, Y, X, C, how); }
GLOBAL_BACK_HOW(global_back_overwrites, OVERWRITES)
GLOBAL_BACK_HOW(global_back_undivided, UNDIVIDED)
GLOBAL_BACK_HOW(global_back_whole_part, WHOLE_PART)
GLOBAL_BACK_HOW(global_back_by_y, BY_Y)
GLOBAL_BACK_HOW(global_back_by_x, BY_X)
GLOBAL_BACK_HOW(global_back_by_c, BY_C)
GLOBAL_BACK_HOW(global_back_by_n, BY_N)
GLOBAL_BACK_HOW(global_back_one_image, ONE_IMAGE)
GLOBAL_BACK_HOW(global_back_one_channel, ONE_CHANNEL)
GLOBAL_BACK_HOW(global_back_early, EARLY)
GLOBAL_BACK_HOW(global_back_planes, PLANES)
GLOBAL_BACK_HOW(global_back_one_pixel, ONE_PIXEL)

/* ---- matrices ---- */

/* Where in the matrix the number of row i, of element at of the kernel, channel k stands. */
static int column(const struct conv *c, int N, int i, int at, int k, enum how how)
{
    int rows = N * c->P * c->Q, taps = c->R * c->S;
    switch (how) {
    case CHANNELS_FIRST: return (i*c->C + k)*taps + at;
    case TURNED:         return (at*c->C + k)*rows + i;
    default:             return (i*taps + at)*c->C + k;
    }
}

static void col(float *A, const float *x, const struct conv *c, int N, enum how how)
{
    struct tap tap[64];
    int row = 0;
    clear(A, N * c->P * c->Q * c->R * c->S * c->C, how != LEFT_OUT && how != SKIPPED);
    EACH_PLACE(c, N) {
        int count = taps_at(tap, c, N, n, p, q, how == SKIPPED ? FAITHFUL : how);
        for (int t = 0; t < count; t++)
            for (int k = 0; k < c->C; k++) {
                float number = x[tap[t].pixel + (how == ONE_CHANNEL ? 0 : k)];
                if (how == SKIPPED)
                    *A++ = number;
                else
                    A[column(c, N, row, tap[t].at, k, how)] = number;
            }
        row++;
    }
}

#define COL_HOW(name, how) \
    static void name(float *A, const float *x, const struct conv *c, int N) \
    { col(A, x, c, N, how); }
COL_HOW(col_skipped, SKIPPED)
COL_HOW(col_left_out, LEFT_OUT)
COL_HOW(col_clamp, CLAMP)
COL_HOW(col_wrap, WRAP)
COL_HOW(col_channels_first, CHANNELS_FIRST)
COL_HOW(col_s_r, S_R)
COL_HOW(col_turned, TURNED)
COL_HOW(col_no_stride, NO_STRIDE)
COL_HOW(col_no_pad, NO_PAD)
COL_HOW(col_one_image, ONE_IMAGE)
COL_HOW(col_one_channel, ONE_CHANNEL)
COL_HOW(col_flip, FLIP)

static void back_col(float *dx, const float *dA, const struct conv *c, int N, enum how how)
{
    struct tap tap[64];
    int row = 0;
    clear(dx, N * c->Y * c->X * c->C, how == OVERWRITES);
    EACH_PLACE(c, (how == EARLY ? 1 : N)) {
        int count = taps_at(tap, c, N, n, p, q, how == SKIPPED ? FAITHFUL : how);
        for (int t = 0; t < count; t++)
            for (int k = 0; k < c->C; k++) {
                float number = how == SKIPPED ? *dA++ : dA[column(c, N, row, tap[t].at, k, how)];
                float *to = dx + tap[t].pixel + (how == ONE_CHANNEL ? 0 : k);
                *to = how == ASSIGNS ? number : *to + number;
            }
        row++;
    }
}

#define BACK_COL_HOW(name, how) \
    static void name(float *dx, const float *dA, const struct conv *c, int N) \
    { back_col(dx, dA, c, N, how); }
BACK_COL_HOW(back_col_overwrites, OVERWRITES)
BACK_COL_HOW(back_col_assigns, ASSIGNS)
BACK_COL_HOW(back_col_channels_first, CHANNELS_FIRST)
BACK_COL_HOW(back_col_s_r, S_R)
BACK_COL_HOW(back_col_turned, TURNED)
BACK_COL_HOW(back_col_no_stride, NO_STRIDE)
BACK_COL_HOW(back_col_no_pad, NO_PAD)
BACK_COL_HOW(back_col_skipped, SKIPPED)
BACK_COL_HOW(back_col_clamp, CLAMP)
BACK_COL_HOW(back_col_early, EARLY)
BACK_COL_HOW(back_col_one_channel, ONE_CHANNEL)
BACK_COL_HOW(back_col_flip, FLIP)

/* With what the sum of result (i,m) begins. */
static double begin_with(const float *y, const float *b, int M, int i, int m, enum how how)
{
    switch (how) {
    case NO_BIAS:    return 0;
    case KEEPS:      return y[i*M + m];
    case FIRST_BIAS: return i ? y[i*M + m] : b[m];
    case TWICE:      return 2 * b[m];
    case ROW_BIAS:   return b[i % M];
    default:         return b[m];
    }
}

static void matmul_wrong(float *y, float *A, const float *x, const float *w, const float *b,
                         const struct conv *c, int N, enum how how)
{
    int rows = N * c->P * c->Q, D = c->R * c->S * c->C, M = c->M;
    float *matrix = how == NO_MATRIX ? malloc((size_t)rows * D * sizeof *matrix) : A;
    col(matrix, x, c, N, how);
    for (int i = 0; i < (how == EARLY ? c->P * c->Q : rows); i++)
        for (int m = 0; m < M; m++) {
            double sum = begin_with(y, b, M, i, m, how);
            for (int d = 0; d < (how == ONE_CHANNEL ? D / c->C : D); d++)
                sum += (double)matrix[i*D + d] * w[how == W_TURNED ? m*D + d : d*M + m];
            y[i*M + m] = (float)sum;
        }
    if (how == NO_MATRIX)
        free(matrix);
}

#define MATMUL_HOW(name, how) \
    static void name(float *y, float *A, const float *x, const float *w, const float *b, \
                     const struct conv *c, int N) { matmul_wrong(y, A, x, w, b, c, N, how); }
MATMUL_HOW(matmul_no_bias, NO_BIAS)
MATMUL_HOW(matmul_first_bias, FIRST_BIAS)
MATMUL_HOW(matmul_no_matrix, NO_MATRIX)
MATMUL_HOW(matmul_w_turned, W_TURNED)
MATMUL_HOW(matmul_channels_first, CHANNELS_FIRST)
MATMUL_HOW(matmul_left_out, LEFT_OUT)
MATMUL_HOW(matmul_early, EARLY)
MATMUL_HOW(matmul_keeps, KEEPS)
MATMUL_HOW(matmul_flip, FLIP)
MATMUL_HOW(matmul_twice, TWICE)
MATMUL_HOW(matmul_row_bias, ROW_BIAS)

/* dA = dy w', or what somebody takes for it. */
static float *matrix_gradient(const float *A, const float *dy, const float *w,
                              const struct conv *c, int N, enum how how)
{
    int rows = N * c->P * c->Q, D = c->R * c->S * c->C, M = c->M;
    float *dA = malloc((size_t)rows * D * sizeof *dA);
    for (int i = 0; i < rows; i++)
        for (int d = 0; d < D; d++) {
            double sum = how == ADDS ? A[i*D + d] : 0;
            for (int m = 0; m < M; m++)
                sum += (double)dy[i*M + m] * w[how == W_TURNED ? m*D + d : d*M + m];
            dA[i*D + d] = how == NO_PRODUCT ? A[i*D + d] : (float)sum;
        }
    return dA;
}

static void matmul_back(float *dx, float *dw, float *db, float *A, const float *dy,
                        const float *w, const struct conv *c, int N, enum how how)
{
    int rows = N * c->P * c->Q, D = c->R * c->S * c->C, M = c->M;
    double by = how == BY_N ? 1.0 / rows : 1;
    float *dA = matrix_gradient(A, dy, w, c, N, how);
    const float *first = how == LATE ? dA : A;
    clear(dw, D * M, how == OVERWRITES || how == OVERWRITES_DW);
    clear(db, M, how == OVERWRITES || how == OVERWRITES_DB);
    for (int i = 0; i < rows; i++)
        for (int m = 0; m < M; m++) {
            db[m] += (float)(how == NO_DB ? 0 : by * dy[i*M + m]);
            for (int d = 0; d < D; d++)
                dw[d*M + m] += (float)(by * first[i*D + d] * dy[i*M + m]);
        }
    if (how != NO_DX)
        back_col(dx, dA, c, N, how == OVERWRITES || how == OVERWRITES_DX ? OVERWRITES : FAITHFUL);
    if (how != STAYS)
        memcpy(A, dA, (size_t)rows * D * sizeof *A);
    free(dA);
}

#define MATMUL_BACK_HOW(name, how) \
    static void name(float *dx, float *dw, float *db, float *A, const float *dy, \
                     const float *w, const struct conv *c, int N) \
    { matmul_back(dx, dw, db, A, dy, w, c, N, how); }
MATMUL_BACK_HOW(matmul_back_overwrites, OVERWRITES)
MATMUL_BACK_HOW(matmul_back_overwrites_dx, OVERWRITES_DX)
MATMUL_BACK_HOW(matmul_back_overwrites_dw, OVERWRITES_DW)
MATMUL_BACK_HOW(matmul_back_overwrites_db, OVERWRITES_DB)
MATMUL_BACK_HOW(matmul_back_no_db, NO_DB)
MATMUL_BACK_HOW(matmul_back_by_n, BY_N)
MATMUL_BACK_HOW(matmul_back_late, LATE)
MATMUL_BACK_HOW(matmul_back_no_product, NO_PRODUCT)
MATMUL_BACK_HOW(matmul_back_adds, ADDS)
MATMUL_BACK_HOW(matmul_back_w_turned, W_TURNED)
MATMUL_BACK_HOW(matmul_back_stays, STAYS)
MATMUL_BACK_HOW(matmul_back_no_dx, NO_DX)

static void turn(float *v, const float *w, int R, int S, int C, int M, enum how how)
{
    for (int e = 0; e < R * S * C * M; e++) {
        int k = e % C, m = e / C % M, s = e / C / M % S, r = e / C / M / S;
        int to_r = how == NOT_TURNED || how == COLUMNS_ONLY ? r : R - 1 - r;
        int to_s = how == NOT_TURNED || how == ROWS_ONLY ? s : S - 1 - s;
        int at = how == S_R ? to_s*R + to_r : to_r*S + to_s;
        k = how == C_TURNED ? C - 1 - k : k;
        m = how == M_TURNED ? M - 1 - m : m;
        v[e] = how == NO_EXCHANGE ? w[at*C*M + e % (C*M)] : how == BACKWARDS ? w[R*S*C*M - 1 - e]
               : w[(at*C + k)*M + m];
    }
}

#define TURN_HOW(name, how) \
    static void name(float *v, const float *w, int R, int S, int C, int M) \
    { turn(v, w, R, S, C, M, how); }
TURN_HOW(turn_not, NOT_TURNED)
TURN_HOW(turn_rows, ROWS_ONLY)
TURN_HOW(turn_columns, COLUMNS_ONLY)
TURN_HOW(turn_s_r, S_R)
TURN_HOW(turn_no_exchange, NO_EXCHANGE)
TURN_HOW(turn_backwards, BACKWARDS)
TURN_HOW(turn_c, C_TURNED)
TURN_HOW(turn_m, M_TURNED)

#endif

#define FN(f) (anything *)f
#define ADD_NOT_SET "does the formula say = or +=?"
#define SET_NOT_ADD "is y 0 before?"
#define NOT_FLIPPED "which element of the kernel meets the upper left pixel under it?"
#define ALL_STRIDES "how far does the kernel move from p to p + 1?"
#define WHERE_W "what is the index of w[r,s,c,m] in memory, if the last letter moves fastest?"
#define NOT_THERE "which weight belongs to the first pixel that is there?"
#define GO_ON "may there be a pixel to the right of one that is not there?"
#define EACH_CHANNEL "how many numbers has a pixel?"
#define EACH_IMAGE "which loop runs over the images, and where does their number enter?"
#define WHICH_COUNT "by what is divided at a corner: with padded, and by what without?"
#define CAN_OVERLAP "may one pixel be under the kernel at two places?"

const struct exercise exercises[] = {
    {"12.1", "output_size", FN(output_size),
     {{"size=7 kernel=3 stride=1, no zeros", size_plain},
      {"size=9 kernel=4 stride=3, no zeros", size_stride},
      {"size=7 8 9 10 11 12 kernel=3 stride=3 before=1 after=5", size_zeros},
      {"size=5 6 8 kernel=5 stride=3, no zeros", size_fits},
      {"no zeros; [0] size=3 kernel=5 stride=1, [1] size=4 kernel=5 stride=2", size_short},
      {"size=1 to 6, kernel=1 to 5, stride=1 to 3, before and after=0 to 2", size_all}},
     JUDGE_ONLY(FN(size_right), {
        {FN(size_no_one), "the first place is not counted.",
         "how many places are there if the kernel cannot move at all?", "12.2"},
        {FN(size_up), "the moves are rounded up.",
         "may the kernel stand half outside at the end?", "12.2"},
        {FN(size_no_stride), "the stride is left out.",
         "with stride 2, how many moves are there in 6 pixels of room?", "12.2"},
        {FN(size_times), "the room is multiplied by the stride.",
         "does a longer stride make more places or fewer?", "12.2"},
        {FN(size_one_in), "the 1 is added before dividing.",
         "is the 1 a pixel more of room, or one place more than moves?", "12.2"},
        {FN(size_no_zeros), "the zeros are left out.",
         "over how many pixels may the kernel move, zeros among them?", "12.2"},
        {FN(size_before_only), "the zeros after the row are left out.",
         "which zeros may the kernel see at the right end?", "12.2"},
        {FN(size_after_only), "the zeros before the row are left out.",
         "which zeros may the kernel see at the left end?", "12.2"},
        {FN(size_twice), "as many zeros after the row as before it: 2 before.",
         "must there be as many zeros after as before?", "12.2"},
        {FN(size_no_test), "a row shorter than the kernel is not asked for.",
         "what should come out if the kernel does not fit?", "12.2"},
        {FN(size_late_test), "whether the kernel fits is asked after dividing.",
         "what is -1 / 2 in C, and what is it rounded down?", "12.2"},
        {FN(size_no_room), "a kernel as large as the row does not fit.",
         "at how many places stands a kernel that just fits?", "12.2"}})},
    {"12.2", "padding_same", FN(padding_same),
     {{"size=7 kernel=3 stride=1", same_three},
      {"size kernel stride: [0] 7 4 1, [1] 8 5 3, [2] 9 5 3", same_even},
      {"size kernel stride: [0] 6 5 3, [1] 7 5 3, [2] 8 5 3, [3] 9 5 3, [4] 9 6 4, [5] 2 9 4",
       same_stride},
      {"size kernel stride: [0] 5 1 2, [1] 9 2 5, [2] 6 1 4", same_gaps},
      {"size=1 to 6, kernel=1 to 5, stride=1 to 4", same_all}},
     JUDGE_ONLY(FN(same_right), {
        {FN(same_before), "the one more comes before the row.",
         "on which side goes the one more of an odd number?", "12.2"},
        {FN(same_odd_lost), "of an odd number of zeros one gets lost.",
         "do before and after add up to zeros?", "12.2"},
        {FN(same_more), "of an odd number of zeros one is counted twice.",
         "do before and after add up to zeros?", "12.2"},
        {FN(same_half_kernel), "kernel / 2 on both sides.",
         "how many zeros does a kernel of 4 need in all?", "12.2"},
        {FN(same_less), "(kernel - 1) / 2 on both sides.",
         "how many zeros does a kernel of 4 need in all?", "12.2"},
        {FN(same_twice), "all the zeros on each side.",
         "do before and after add up to zeros?", "12.2"},
        {FN(same_total), "all the zeros are returned.",
         "what is returned: how many there are, or how many come before?", "12.2"},
        {FN(same_negative), "the zeros can become fewer than none.",
         "if the stride is larger than the kernel, what may be missing?", "12.2"},
        {FN(same_down), "the places are rounded down.",
         "how many places shall 7 pixels have with stride 2?", "12.2"},
        {FN(same_no_stride), "as many places as pixels, whatever the stride.",
         "how many places shall 8 pixels have with stride 3?", "12.2"},
        {FN(same_no_one), "places times stride pixels are taken to be covered.",
         "how many moves are there between so many places?", "12.2"},
        {FN(same_stride_1), "kernel - 1 zeros, whatever the stride.",
         "how far from the left end is the last pixel that is needed?", "12.2"}})},
    {"12.3", "pixel_under", FN(pixel_under),
     {{"N=2 Y=2 X=3 C=2 R=2 S=2, stride 1 and 2, top=1 left=1, by hand", under_by_hand},
      {ODD_IS, under_odd}, {VALID_IS, under_valid}, {POINT_IS, under_point},
      {LARGE_IS, under_large}, {GAPS_IS, under_gaps}},
     JUDGE_ONLY(FN(under_right), {
        {FN(under_no_stride), "the strides are left out.", ALL_STRIDES, "12.2"},
        {FN(under_strides_swapped), "the strides have changed places.",
         "with which of p and q does stride_y go?", "12.2"},
        {FN(under_no_pad), "top and left are left out.",
         "over which row of the image stands the kernel's first row at p = 0?", "12.2"},
        {FN(under_plus), "top and left are added.",
         "over which row of the image stands the kernel's first row at p = 0?", "12.2"},
        {FN(under_pad_swapped), "top and left have changed places.",
         "which of the two stands in the formula of i?", "12.2"},
        {FN(under_clamp), "what lies outside is moved to the nearest pixel.",
         "what does the kernel find outside of the image?", "12.2"},
        {FN(under_wrap), "only the rows are asked whether they are there.",
         "what stands in memory to the left of column 0?", "12.2"},
        {FN(under_late), "row Y and column X are taken to be there.",
         "what is the last row of Y rows, if the first is 0?", "12.2"},
        {FN(under_no_test), "nobody asks whether the pixel is there.",
         "which rows and columns has the image?", "12.2"},
        {FN(under_no_c), "the index counts pixels, not numbers.", EACH_CHANNEL, "12.2"},
        {FN(under_no_n), "the index is that in the first image.",
         "how many numbers lie in memory before image n?", "12.2"},
        {FN(under_planes), "the image is read as C planes.",
         "what stands in memory beside channel 0 of a pixel?", "12.2"}})},
    {"12.4", "conv2d_forward", FN(conv2d_forward),
     {{SMALL_IS, forward_small}, {RIM_IS, forward_rim}, {ODD_IS, forward_gold},
      {VALID_IS, forward_valid}, {POINT_IS, forward_point}, {WHOLE_IS, forward_whole},
      {LARGE_IS, forward_large}, {GAPS_IS, forward_gaps}, {EVEN_IS, forward_even}},
     JUDGE_ONLY(FN(forward_right), {
        {FN(forward_no_bias), "the bias is missing.", "with what does the sum begin?", "12.3"},
        {FN(forward_bias_each), "the bias is added for each pixel under the kernel.",
         "does b[m] stand inside or outside of the sum?", "12.3"},
        {FN(forward_flip), "the kernel is turned by half a circle.", NOT_FLIPPED, "12.3"},
        {FN(forward_m_first), "w is read as [M,R,S,C].", WHERE_W, "12.3"},
        {FN(forward_m_before_c), "w is read as [R,S,M,C].", WHERE_W, "12.3"},
        {FN(forward_skipped), "at the rim the weights move on only with pixels that are there.",
         NOT_THERE, "12.3"},
        {FN(forward_break), "a row of the kernel ends at the first pixel that is not there.",
         GO_ON, "12.3"},
        {FN(forward_one_channel), "only the first channel of each pixel is read.",
         EACH_CHANNEL, "12.3"},
        {FN(forward_one_image), "all results are those of the first image.", EACH_IMAGE,
         "12.3"},
        {FN(forward_keeps), "y is added to what it held.", SET_NOT_ADD, "12.3"},
        {FN(forward_no_stride), "the strides are left out.", ALL_STRIDES, "12.3"},
        {FN(forward_s_r), "rows and columns of the kernel have changed places.", WHERE_W,
         "12.3"}}, .uses = "12.3")},
    {"12.5", "conv2d_backward_weights", FN(conv2d_backward_weights),
     {{SMALL_IS, weights_small}, {ODD_IS, weights_gold}, {ODD_IS, weights_odd},
      {VALID_IS, weights_valid}, {POINT_IS, weights_point}, {WHOLE_IS, weights_whole},
      {LARGE_IS, weights_large}, {GAPS_IS, weights_gaps}, {EVEN_IS, weights_even}},
     JUDGE_ONLY(FN(weights_right), {
        {FN(weights_overwrites), "both are overwritten.", ADD_NOT_SET, "12.5"},
        {FN(weights_overwrites_dw), "dw is overwritten.", ADD_NOT_SET, "12.5"},
        {FN(weights_overwrites_db), "db is overwritten.", ADD_NOT_SET, "12.5"},
        {FN(weights_flip), "dw is turned by half a circle.", NOT_FLIPPED, "12.5"},
        {FN(weights_no_db), "nothing is added to db.",
         "how much does the loss change if b[m] does?", "12.5"},
        {FN(weights_db_each), "db gets dy once for each pixel under the kernel.",
         "how often does b[m] occur in one result?", "12.5"},
        {FN(weights_by_n), "both are divided by N.",
         "does 1/N stand in the formula, or is it in dy already?", "12.5"},
        {FN(weights_early), "only the first image counts.", EACH_IMAGE, "12.5"},
        {FN(weights_skipped), "at the rim dw moves on only with pixels that are there.",
         NOT_THERE, "12.5"},
        {FN(weights_m_before_c), "dw is written as [R,S,M,C].", WHERE_W, "12.5"},
        {FN(weights_s_r), "rows and columns of dw have changed places.", WHERE_W, "12.5"},
        {FN(weights_one_channel), "only the first channel of each pixel is read.",
         EACH_CHANNEL, "12.5"}}, .uses = "12.3")},
    {"12.6", "conv2d_backward_input", FN(conv2d_backward_input),
     {{SMALL_IS, input_small}, {ODD_IS, input_gold}, {ODD_IS, input_odd},
      {VALID_IS, input_valid}, {POINT_IS, input_point}, {WHOLE_IS, input_whole},
      {LARGE_IS, input_large}, {GAPS_IS, input_gaps}, {EVEN_IS, input_even}},
     JUDGE_ONLY(FN(input_right), {
        {FN(input_overwrites), "dx is overwritten.", ADD_NOT_SET, "12.6"},
        {FN(input_assigns), "each place overwrites what others gave to the pixel.",
         CAN_OVERLAP, "12.6"},
        {FN(input_flip), "the kernel is turned by half a circle, which giving does not need.",
         "which weight did this pixel meet on the way forward?", "12.6"},
        {FN(input_m_first), "w is read as [M,R,S,C].", WHERE_W, "12.6"},
        {FN(input_m_before_c), "w is read as [R,S,M,C].", WHERE_W, "12.6"},
        {FN(input_skipped), "at the rim the weights move on only with pixels that are there.",
         NOT_THERE, "12.6"},
        {FN(input_break), "a row of the kernel ends at the first pixel that is not there.",
         GO_ON, "12.6"},
        {FN(input_s_r), "rows and columns of the kernel have changed places.", WHERE_W,
         "12.6"},
        {FN(input_one_channel), "all goes to the first channel of each pixel.",
         EACH_CHANNEL, "12.6"},
        {FN(input_early), "only the first image gets something.", EACH_IMAGE, "12.6"},
        {FN(input_no_stride), "the strides are left out.", ALL_STRIDES, "12.6"},
        {FN(input_one_kernel), "only the first kernel counts.",
         "in how many results of a place does a pixel take part?", "12.6"}}, .uses = "12.3")},
    {"12.7", "maxpool_forward", FN(maxpool_forward),
     {{QUARTER_IS, max_by_hand}, {POOL_IS ", many equal", max_gold},
      {POOL_IS ", all negative", max_negative}, {APART_IS, max_apart},
      {APART_IS, max_low}, {WIDE_IS, max_wide}, {SPARSE_IS, max_gaps},
      {WHOLE_IS, max_whole}, {EVEN_IS, max_even}},
     JUDGE_ONLY(FN(max_right), {
        {FN(max_zero), "the search for the largest begins at 0.",
         "what is the largest of -3, -1 and -2?", "12.8"},
        {FN(max_low_start), "the search begins at a number that is not low enough.",
         "which float is below all numbers?", "12.8"},
        {FN(max_outside), "what lies outside takes part as 0.",
         "if all pixels under the kernel are negative, may 0 come out?", "12.8"},
        {FN(max_last), "of equal numbers the last one counts.",
         "is a number that is equal to the largest so far larger?", "12.8"},
        {FN(max_columns), "the kernel is read column by column: equal numbers in another order.",
         "which of the loops over r and s is the outer one?", "12.8"},
        {FN(max_from_tap), "from says where under the kernel.",
         "from where does the index count: from the kernel's corner, or from x[0]?", "12.8"},
        {FN(max_from_pixel), "from is the first channel of the pixel.",
         "which of the C numbers of the pixel was it?", "12.8"},
        {FN(max_in_image), "from counts from the beginning of its own image.",
         "which index has the first number of the second image?", "12.8"},
        {FN(max_from_number), "from counts pixels, not numbers.", EACH_CHANNEL, "12.8"},
        {FN(max_least), "this is the smallest.", "which way round is the comparison?", "12.8"},
        {FN(max_one_image), "all results are those of the first image.", EACH_IMAGE, "12.8"},
        {FN(max_no_stride), "the strides are left out.", ALL_STRIDES, "12.8"}}, .uses = "12.3")},
    {"12.8", "maxpool_backward", FN(maxpool_backward),
     {{"N=2 Y=2 X=4 C=1 R=2 S=2, stride 2, by hand", max_back_by_hand},
      {POOL_IS, max_back_gold}, {POOL_IS, max_back_overlap},
      {"N=3 Y=6 X=4 C=3 R=2 S=2, stride 2", max_back_squares}},
     JUDGE_ONLY(FN(max_back_right), {
        {FN(max_back_overwrites), "dx is overwritten.", ADD_NOT_SET, "12.8"},
        {FN(max_back_assigns), "the numbers that won are overwritten.", ADD_NOT_SET, "12.8"},
        {FN(max_back_once), "a number that won twice gets something once.", CAN_OVERLAP, "12.8"},
        {FN(max_back_in_image), "all goes to the first image.",
         "from where does from count: from its own image, or from x[0]?", "12.8"},
        {FN(max_back_early), "only the first image gets something.", EACH_IMAGE, "12.8"},
        {FN(max_back_one_channel), "all goes to the first channel of each pixel.",
         "does from count pixels or numbers?", "12.8"},
        {FN(max_back_shared), "dy is divided by R S.",
         "by how much does the largest grow if it grows by 1?", "12.8"},
        {FN(max_back_stays), "from is not read.",
         "which number gets the gradient of a result?", "12.8"}})},
    {"12.9", "avgpool_forward", FN(avgpool_forward),
     {{TOP_IS, avg_by_hand}, {POOL_IS, avg_gold}, {APART_IS, avg_apart},
      {WIDE_IS ", not padded", avg_wide}, {WIDE_IS ", padded", avg_wide_padded},
      {SPARSE_IS ", not padded", avg_gaps}, {POINT_IS ", padded", avg_outside}},
     JUDGE_ONLY(FN(avg_right), {
        {FN(avg_padded), "the count is always R S.", WHICH_COUNT, "12.8"},
        {FN(avg_present), "only pixels that are there are counted, even with padded.",
         WHICH_COUNT, "12.8"},
        {FN(avg_inverted), "padded is taken the wrong way round.", WHICH_COUNT, "12.8"},
        {FN(avg_undivided), "this is the sum.", "what is a mean?", "12.8"},
        {FN(avg_by_c), "the count grows once for each channel.",
         "how many numbers of one channel are under the kernel?", "12.8"},
        {FN(avg_grows), "the count goes on from place to place.",
         "where does the count begin at 0?", "12.8"},
        {FN(avg_one_image), "all results are those of the first image.", EACH_IMAGE, "12.8"},
        {FN(avg_no_stride), "the strides are left out.", ALL_STRIDES, "12.8"},
        {FN(avg_largest), "this is the largest.", "which pool is asked for?", "12.8"},
        {FN(avg_all_channels), "the sum runs over all channels.",
         "how many channels come out?", "12.8"},
        {FN(avg_keeps), "what y held is in the sum.", SET_NOT_ADD, "12.8"},
        {FN(avg_by_image), "the sum is divided by Y X.",
         "how many numbers are under the kernel?", "12.8"}}, .uses = "12.3")},
    {"12.10", "avgpool_backward", FN(avgpool_backward),
     {{TOP_IS, avg_back_by_hand}, {POOL_IS, avg_back_gold}, {APART_IS, avg_back_apart},
      {WIDE_IS ", not padded", avg_back_wide}, {WIDE_IS ", padded", avg_back_wide_padded},
      {SPARSE_IS ", not padded", avg_back_gaps}, {POINT_IS ", padded", avg_back_outside}},
     JUDGE_ONLY(FN(avg_back_right), {
        {FN(avg_back_overwrites), "dx is overwritten.", ADD_NOT_SET, "12.8"},
        {FN(avg_back_assigns), "each place overwrites what others gave to the pixel.",
         CAN_OVERLAP, "12.8"},
        {FN(avg_back_padded), "the count is always R S.", WHICH_COUNT, "12.8"},
        {FN(avg_back_present), "only pixels that are there are counted, even with padded.",
         WHICH_COUNT, "12.8"},
        {FN(avg_back_inverted), "padded is taken the wrong way round.", WHICH_COUNT, "12.8"},
        {FN(avg_back_undivided), "nothing is divided by the count.",
         "how much does a mean grow if one of its numbers grows by 1?", "12.8"},
        {FN(avg_back_by_c), "the count grows once for each channel.",
         "how many numbers of one channel are under the kernel?", "12.8"},
        {FN(avg_back_grows), "the count goes on from place to place.",
         "where does the count begin at 0?", "12.8"},
        {FN(avg_back_early), "only the first image gets something.", EACH_IMAGE, "12.8"},
        {FN(avg_back_no_stride), "the strides are left out.", ALL_STRIDES, "12.8"},
        {FN(avg_back_one_channel), "all channels get the gradient of the first.",
         "which dy belongs to channel k?", "12.8"},
        {FN(avg_back_cover), "the share is divided by how many places are over the pixel.",
         "how many numbers did the mean at this place have?", "12.8"}}, .uses = "12.3")},
    {"12.11", "global_average_forward", FN(global_average_forward),
     {{"N=1 Y=2 X=3 C=2, by hand", global_by_hand}, {"N=3 Y=4 X=7 C=5", global_many},
      {"N=2 Y=5 X=6 C=2", global_gold}, {"N=4 Y=1 X=1 C=3", global_one},
      {"N=2 Y=9 X=4 C=1", global_grey}},
     JUDGE_ONLY(FN(global_right), {
        {FN(global_undivided), "this is the sum.", "what is a mean?", "12.8"},
        {FN(global_whole_part), "1/(Y X) has become 0.",
         "what is 1 / 6 in C, if both are ints?", "12.8"},
        {FN(global_by_y), "the sum is divided by Y.", "how many pixels has an image?", "12.8"},
        {FN(global_by_x), "the sum is divided by X.", "how many pixels has an image?", "12.8"},
        {FN(global_by_c), "the sum is divided by Y X C.",
         "how many numbers of one channel has an image?", "12.8"},
        {FN(global_by_n), "the sum is divided by N Y X.",
         "over how many images does one of the sums run?", "12.8"},
        {FN(global_one_image), "all results are those of the first image.", EACH_IMAGE, "12.8"},
        {FN(global_all_channels), "the mean runs over all channels.",
         "how many numbers come out for one image?", "12.8"},
        {FN(global_planes), "the image is read as C planes.",
         "what stands in memory beside channel 0 of a pixel?", "12.8"},
        {FN(global_keeps), "what y held is in the sum.", SET_NOT_ADD, "12.8"},
        {FN(global_largest), "this is the largest.", "which pool is asked for?", "12.8"}})},
    {"12.12", "global_average_backward", FN(global_average_backward),
     {{"N=1 Y=2 X=3 C=2, by hand", global_back_by_hand}, {"N=3 Y=4 X=7 C=5", global_back_many},
      {"N=2 Y=5 X=6 C=2", global_back_gold}, {"N=4 Y=1 X=1 C=3", global_back_one},
      {"N=2 Y=9 X=4 C=1", global_back_grey}},
     JUDGE_ONLY(FN(global_back_right), {
        {FN(global_back_overwrites), "dx is overwritten.", ADD_NOT_SET, "12.8"},
        {FN(global_back_undivided), "dy is not divided by Y X.",
         "how much does a mean grow if one of its numbers grows by 1?", "12.8"},
        {FN(global_back_whole_part), "1/(Y X) has become 0.",
         "what is 1 / 6 in C, if both are ints?", "12.8"},
        {FN(global_back_by_y), "dy is divided by Y.", "how many pixels has an image?", "12.8"},
        {FN(global_back_by_x), "dy is divided by X.", "how many pixels has an image?", "12.8"},
        {FN(global_back_by_c), "dy is divided by Y X C.",
         "how many numbers had one of the means?", "12.8"},
        {FN(global_back_by_n), "dy is divided by N Y X.",
         "how many numbers had one of the means?", "12.8"},
        {FN(global_back_one_image), "all images get the gradient of the first.",
         "which dy belongs to image n?", "12.8"},
        {FN(global_back_one_channel), "all channels get the gradient of the first.",
         "which dy belongs to channel k?", "12.8"},
        {FN(global_back_early), "only the first image gets something.", EACH_IMAGE, "12.8"},
        {FN(global_back_planes), "dx is written as C planes.",
         "what stands in memory beside channel 0 of a pixel?", "12.8"},
        {FN(global_back_one_pixel), "only the first pixel gets something.",
         "which pixels took part in the mean?", "12.8"}})},
    {"12.13", "im2col", FN(im2col),
     {{CORNER_IS, col_by_hand}, {COLUMN_IS, col_gold}, {ODD_IS, col_odd},
      {VALID_IS, col_valid}, {POINT_IS, col_point}, {WHOLE_IS, col_whole},
      {LARGE_IS, col_large}, {GAPS_IS, col_gaps}},
     JUDGE_ONLY(FN(col_right), {
        {FN(col_skipped), "what lies outside is skipped, and the rest moves up.",
         "how many numbers has each row of A, also at the rim?", "12.10"},
        {FN(col_left_out), "what lies outside is left as it was.",
         "what stands in A where there is no pixel?", "12.10"},
        {FN(col_clamp), "what lies outside is the nearest pixel.",
         "what does the kernel find outside of the image?", "12.10"},
        {FN(col_wrap), "to the left of a row is the end of the row before.",
         "what does the kernel find outside of the image?", "12.10"},
        {FN(col_channels_first), "a row of A is [C,R,S].",
         "in which order stand the weights that A is to meet?", "12.10"},
        {FN(col_s_r), "a row of A is [S,R,C].",
         "in which order stand the weights that A is to meet?", "12.10"},
        {FN(col_turned), "A is turned: [R S C, N P Q].",
         "what is a row of A: a place, or an element of the kernel?", "12.10"},
        {FN(col_no_stride), "the strides are left out.", ALL_STRIDES, "12.10"},
        {FN(col_no_pad), "top and left are left out.",
         "over which row of the image stands the kernel's first row at p = 0?", "12.10"},
        {FN(col_one_image), "all places are those of the first image.", EACH_IMAGE, "12.10"},
        {FN(col_one_channel), "only the first channel of each pixel is read.",
         EACH_CHANNEL, "12.10"},
        {FN(col_flip), "each row is turned by half a circle.", NOT_FLIPPED, "12.10"}},
        .uses = "12.3")},
    {"12.14", "col2im", FN(col2im),
     {{CORNER_IS, back_col_by_hand}, {COLUMN_IS, back_col_gold}, {ODD_IS, back_col_odd},
      {VALID_IS, back_col_valid}, {POINT_IS, back_col_point}, {WHOLE_IS, back_col_whole},
      {LARGE_IS, back_col_large}, {GAPS_IS, back_col_gaps}},
     JUDGE_ONLY(FN(back_col_right), {
        {FN(back_col_overwrites), "dx is overwritten.", ADD_NOT_SET, "12.10"},
        {FN(back_col_assigns), "each place overwrites what others gave to the pixel.",
         CAN_OVERLAP, "12.10"},
        {FN(back_col_channels_first), "a row of dA is read as [C,R,S].",
         "in which order has 12.13 written the rows?", "12.10"},
        {FN(back_col_s_r), "a row of dA is read as [S,R,C].",
         "in which order has 12.13 written the rows?", "12.10"},
        {FN(back_col_turned), "dA is read as [R S C, N P Q].",
         "what is a row of dA: a place, or an element of the kernel?", "12.10"},
        {FN(back_col_no_stride), "the strides are left out.", ALL_STRIDES, "12.10"},
        {FN(back_col_no_pad), "top and left are left out.",
         "over which row of the image stands the kernel's first row at p = 0?", "12.10"},
        {FN(back_col_skipped), "at the rim dA moves on only with pixels that are there.",
         "how many numbers has each row of dA, also at the rim?", "12.10"},
        {FN(back_col_clamp), "what came from outside goes to the nearest pixel.",
         "does a zero that is no pixel have a gradient that anybody needs?", "12.10"},
        {FN(back_col_early), "only the first image gets something.", EACH_IMAGE, "12.10"},
        {FN(back_col_one_channel), "all goes to the first channel of each pixel.",
         EACH_CHANNEL, "12.10"},
        {FN(back_col_flip), "each row is turned by half a circle.", NOT_FLIPPED, "12.10"}},
        .uses = "12.3")},
    {"12.15", "conv2d_matmul_forward", FN(conv2d_matmul_forward),
     {{SMALL_IS, matmul_small}, {ODD_IS, matmul_gold}, {VALID_IS, matmul_valid},
      {POINT_IS, matmul_point}, {WHOLE_IS, matmul_whole}, {LARGE_IS, matmul_large},
      {GAPS_IS, matmul_gaps}},
     JUDGE_ONLY(FN(matmul_right), {
        {FN(matmul_no_bias), "the bias is missing.",
         "does gemm() add to y, or overwrite what you have put there?", "12.10"},
        {FN(matmul_first_bias), "only the first row begins with the bias.",
         "how many rows has y?", "12.10"},
        {FN(matmul_row_bias), "the bias goes with the row, not with the column.",
         "which index of y is m?", "12.10"},
        {FN(matmul_twice), "the bias is added twice.", "with what does y begin?", "12.10"},
        {FN(matmul_keeps), "the product is added to what y held.", SET_NOT_ADD, "12.10"},
        {FN(matmul_no_matrix), "A does not hold the matrix.",
         "in whose memory shall the matrix be?", "12.10"},
        {FN(matmul_w_turned), "w is read as [M, R S C].",
         "which two of its four letters change slowest?", "12.10"},
        {FN(matmul_channels_first), "a row of A is [C,R,S].",
         "in which order stand the weights that A is to meet?", "12.10"},
        {FN(matmul_left_out), "in A what lies outside is left as it was.",
         "what stands in A where there is no pixel?", "12.10"},
        {FN(matmul_early), "only the first image is multiplied.",
         "how many rows has A?", "12.10"},
        {FN(matmul_flip), "the kernel is turned by half a circle.", NOT_FLIPPED, "12.10"}},
        .uses = "12.3 12.13")},
    {"12.16", "conv2d_matmul_backward", FN(conv2d_matmul_backward),
     {{SMALL_IS, matmul_back_small}, {ODD_IS, matmul_back_gold}, {VALID_IS, matmul_back_valid},
      {POINT_IS, matmul_back_point}, {WHOLE_IS, matmul_back_whole},
      {LARGE_IS, matmul_back_large}, {GAPS_IS, matmul_back_gaps}},
     JUDGE_ONLY(FN(matmul_back_right), {
        {FN(matmul_back_overwrites), "dx, dw and db are overwritten.", ADD_NOT_SET, "12.10"},
        {FN(matmul_back_overwrites_dx), "dx is overwritten.", ADD_NOT_SET, "12.10"},
        {FN(matmul_back_overwrites_dw), "dw is overwritten.", ADD_NOT_SET, "12.10"},
        {FN(matmul_back_overwrites_db), "db is overwritten.", ADD_NOT_SET, "12.10"},
        {FN(matmul_back_no_db), "nothing is added to db.",
         "how much does the loss change if b[m] does?", "12.10"},
        {FN(matmul_back_by_n), "dw and db are divided by the number of rows.",
         "does such a division stand in the formula?", "12.10"},
        {FN(matmul_back_late), "dw is made of dA: A was overwritten too early.",
         "which of the two products needs A as it came?", "12.10"},
        {FN(matmul_back_no_product), "A itself, not dA, goes to 12.14.",
         "what must A hold before it goes back to the images?", "12.10"},
        {FN(matmul_back_adds), "dA is added to A.", "is A 0 before?", "12.10"},
        {FN(matmul_back_w_turned), "in dA w stands where w' should.",
         "how many rows and columns has w, and how many must w' have?", "12.10"},
        {FN(matmul_back_stays), "A is as it was.",
         "in whose memory shall dA be?", "12.10"},
        {FN(matmul_back_no_dx), "nothing is added to dx.",
         "which exercise brings the matrix back to the images?", "12.10"}},
        .uses = "12.3 12.14")},
    {"12.17*", "kernel_turn", FN(kernel_turn),
     {{"R=2 S=3 C=1 M=1, by hand", turn_by_hand}, {"R=1 S=2 C=2 M=3, by hand", turn_channels},
      {"R=3 S=2 C=4 M=5", turn_many}, {"R=2 S=5 C=3 M=2", turn_wide},
      {"R=4 S=4 C=1 M=3", turn_grey}},
     JUDGE_ONLY(FN(turn_right), {
        {FN(turn_not), "the kernel is not turned.",
         "where does its upper left element go?", "12.12"},
        {FN(turn_rows), "only the rows have changed places.",
         "where does its upper left element go?", "12.12"},
        {FN(turn_columns), "only the columns have changed places.",
         "where does its upper left element go?", "12.12"},
        {FN(turn_s_r), "rows have become columns.",
         "has v as many rows as w?", "12.12"},
        {FN(turn_no_exchange), "the channels are not exchanged.",
         "how many channels has dy, and how many has dx?", "12.12"},
        {FN(turn_backwards), "all of w is reversed, its channels too.",
         "which of the four indices run backwards?", "12.12"},
        {FN(turn_c), "the channels c run backwards.",
         "which of the four indices run backwards?", "12.12"},
        {FN(turn_m), "the channels m run backwards.",
         "which of the four indices run backwards?", "12.12"}})},
    {0}};
