/* 12-convolution: a small kernel that moves over an image, forward and backward, from
 * its definition to full speed; and pools, which make images smaller.
 *
 * Images are [N,Y,X,C]: N of them, of Y rows and X columns, with C channels at each
 * pixel, one beside the other in memory.  Element (n,y,x,c) is
 * x[((n*Y + y)*X + x)*C + c].
 */
#ifndef CONVOLUTION_C
#define CONVOLUTION_C
#include <limits.h>
#include <02-matrices/matrices.c>

/* ---- shapes ---------------------------------------------------------------- */

/* Exercise 12.1: at how many places a kernel fits into a row of pixels.
 *
 *     floor((before + size + after - kernel) / stride) + 1
 *
 * The row has size pixels, and so many zeros before and after them; the kernel begins
 * at its left end and moves stride pixels at a time.  Returns 0 if the row is shorter
 * than the kernel.
 */
int output_size(int size, int kernel, int stride, int before, int after)
{
    // Does it fit at all?  Then the first place, and one more for each whole stride.
    TODO("12.1");
}

/* Exercise 12.2: how many zeros a row needs so that only the stride makes it shorter:
 * with size pixels there shall be size / stride places, rounded up.
 *
 *     zeros = max(0, (places - 1) stride + kernel - size)
 *
 * Half of them are put before the row, and half after it; of an odd number the one more
 * after it.  Returns how many come before, and writes how many come after.
 */
int padding_same(int *after,  // overwritten
                 int size, int kernel, int stride)
{
    // So many pixels the places take; what is missing is shared out.
    TODO("12.2");
}

/* The shapes of a convolution or a pool.  What the kernel finds outside of an image is
 * zero: rows above it, columns on its left, and as much below and on its right as P and
 * Q ask for.  A pool has no use for M. */
struct conv {
    int Y, X, C;             // an image: rows, columns, channels
    int R, S, M;             // the kernels: rows, columns, how many
    int stride_y, stride_x;  // from one place to the next
    int top, left;           // zeros above and on the left
    int P, Q;                // the results: rows, columns
};

/* So many zeros on all four sides; padding 0 is "valid". */
struct conv conv_padded(int Y, int X, int C, int R, int S, int M, int stride,
                        int padding)
{
    return (struct conv){Y, X, C, R, S, M, stride, stride, padding, padding,
                         output_size(Y, R, stride, padding, padding),
                         output_size(X, S, stride, padding, padding)};
}

/* As many zeros as padding_same() says: with stride 1 no row or column gets lost. */
struct conv conv_same(int Y, int X, int C, int R, int S, int M, int stride)
{
    int below, right, top = padding_same(&below, Y, R, stride);
    int left = padding_same(&right, X, S, stride);
    return (struct conv){Y, X, C, R, S, M, stride, stride, top, left,
                         output_size(Y, R, stride, top, below),
                         output_size(X, S, stride, left, right)};
}

/* Exercise 12.3: the pixel of image n under element (r,s) of the kernel at (p,q).
 *
 *     i = p stride_y + r - top        j = q stride_x + s - left
 *
 * Returns the index in x of its first channel, that of (n,i,j,0), or -1 if row i or
 * column j lies outside of the image.
 */
int pixel_under(const struct conv *c, int n, int p, int q, int r, int s)
{
    // Which row, which column; are they there?  Then which index.
    TODO("12.3");
}

/* ---- convolution ----------------------------------------------------------- */

/* Exercise 12.4: the convolution of N images with M kernels.
 *
 *     y[n,p,q,m] = b[m] + sum over r, s, c of x[n,i,j,c] w[r,s,c,m]
 *
 * where (i,j) is the pixel under (r,s).  What lies outside of the image is 0: leave the
 * term out.  y is overwritten.
 */
void conv2d_forward(float *y,        // [N,P,Q,M]  overwritten
                    const float *x,  // [N,Y,X,C]
                    const float *w,  // [R,S,C,M]
                    const float *b,  // [M]
                    const struct conv *c, int N)
{
    // At every place the M results begin as the biases; then each pixel under the
    // kernel adds its C numbers times their C rows of M weights.
    TODO("12.4");
}

/* Exercise 12.5: the gradient in the kernels and the biases.
 *
 *     dw[r,s,c,m] += sum over n, p, q of x[n,i,j,c] dy[n,p,q,m]
 *     db[m]       += sum over n, p, q of dy[n,p,q,m]
 *
 * where (i,j) is the pixel under (r,s).  Both are added to.
 */
void conv2d_backward_weights(float *dw,        // [R,S,C,M]  added to
                             float *db,        // [M]  added to
                             const float *dy,  // [N,P,Q,M]
                             const float *x,   // [N,Y,X,C]
                             const struct conv *c, int N)
{
    // The M numbers that come back to a place go to the biases, and, times each pixel
    // under the kernel, to the weights that it met.
    TODO("12.5");
}

/* Exercise 12.6: the gradient in the images.
 *
 *     dx[n,i,j,c] += sum over p, q, r, s that meet at (i,j), and over m,
 *                    of dy[n,p,q,m] w[r,s,c,m]
 *
 * where (p,q) and (r,s) meet at the pixel under (r,s).  dx is added to.
 * Hint: go through places and kernel as in 12.4, and give where it took.
 */
void conv2d_backward_input(float *dx,        // [N,Y,X,C]  added to
                           const float *dy,  // [N,P,Q,M]
                           const float *w,   // [R,S,C,M]
                           const struct conv *c, int N)
{
    // The M numbers that come back to a place go to every pixel under the kernel, each
    // times the weight that it met.
    TODO("12.6");
}

/* ---- pools ----------------------------------------------------------------- */

/* Exercise 12.7: max pool: the largest number under the kernel, in each channel.
 *
 *     y[n,p,q,c]    = max over r, s of x[n,i,j,c], (i,j) the pixel under (r,s)
 *     from[n,p,q,c] = where in x it was found: its index from 0 to N*Y*X*C - 1
 *
 * What lies outside of the image does not take part.  Of equal numbers the first one
 * counts, row by row.  Under every place there is at least one pixel, and no number is
 * -INFINITY or NAN.  Both are overwritten.
 */
void maxpool_forward(float *y,        // [N,P,Q,C]  overwritten
                     int *from,       // [N,P,Q,C]  overwritten
                     const float *x,  // [N,Y,X,C]
                     const struct conv *c, int N)
{
    // At every place: less than any number at first, and then each pixel's number, and
    // its index, if it is larger.
    TODO("12.7");
}

/* Exercise 12.8: max pool backward: only the number that was passed on gets the
 * gradient.
 *
 *     dx[from[n,p,q,c]] += dy[n,p,q,c]
 *
 * dx is added to: where places overlap, a number may have won twice.
 */
void maxpool_backward(float *dx,        // [N,Y,X,C]  added to
                      const float *dy,  // [N,P,Q,C]
                      const int *from,  // [N,P,Q,C]  of maxpool_forward
                      const struct conv *c, int N)
{
    // All results alike.
    TODO("12.8");
}

/* Exercise 12.9: average pool: the mean of the numbers under the kernel.
 *
 *     y[n,p,q,c] = 1/count  sum over r, s of x[n,i,j,c], (i,j) the pixel under (r,s)
 *
 * What lies outside of the image adds nothing to the sum.  With padded, count is R S at
 * all places, as if there were zeros; without, it is how many pixels of the image are
 * under the kernel, at least one.  y is overwritten.
 */
void avgpool_forward(float *y,        // [N,P,Q,C]  overwritten
                     const float *x,  // [N,Y,X,C]
                     bool padded, const struct conv *c, int N)
{
    // At every place: the sum of the pixels that are there, how many, the mean.
    TODO("12.9");
}

/* Exercise 12.10: average pool backward: every pixel under the kernel had the same
 * share in the mean.
 *
 *     dx[n,i,j,c] += sum over p, q, r, s that meet at (i,j) of dy[n,p,q,c] / count
 *
 * with the count of the place (p,q) as in 12.9.  dx is added to.
 */
void avgpool_backward(float *dx,        // [N,Y,X,C]  added to
                      const float *dy,  // [N,P,Q,C]
                      bool padded, const struct conv *c, int N)
{
    // At every place: how many pixels were counted; then to each of them its share.
    TODO("12.10");
}

/* Exercise 12.11: global average pool: one number for each channel, the mean of all
 * pixels.
 *
 *     y[n,c] = 1/(Y X)  sum over i, j of x[n,i,j,c]
 *
 * y is overwritten.
 */
void global_average_forward(float *y,        // [N,C]  overwritten
                            const float *x,  // [N,Y,X,C]
                            int N, int Y, int X, int C)
{
    // For every image: the sums over its pixels, then the means.
    TODO("12.11");
}

/* Exercise 12.12: global average pool backward.
 *
 *     dx[n,i,j,c] += dy[n,c] / (Y X)
 *
 * dx is added to.
 */
void global_average_backward(float *dx,        // [N,Y,X,C]  added to
                             const float *dy,  // [N,C]
                             int N, int Y, int X, int C)
{
    // Every pixel of an image gets the same.
    TODO("12.12");
}

/* ---- convolution as a product of matrices ------------------------------------ */

/* Exercise 12.13: lays out what the kernel sees at each place as a row of a matrix.
 *
 *     A[n,p,q,r,s,c] = x[n,i,j,c], (i,j) the pixel under (r,s)
 *
 * and 0 where that lies outside of the image.  A has N P Q rows of R S C numbers, and
 * is overwritten.
 */
void im2col(float *A,        // [N,P,Q,R,S,C]  overwritten
            const float *x,  // [N,Y,X,C]
            const struct conv *c, int N)
{
    // A is written from its first element to its last: the C numbers of a pixel at a
    // time, or as many zeros.
    TODO("12.13");
}

/* Exercise 12.14: the way back of 12.13: each number of the matrix goes where it came
 * from.
 *
 *     dx[n,i,j,c] += sum over p, q, r, s that meet at (i,j) of dA[n,p,q,r,s,c]
 *
 * dx is added to; what came from outside of the image is dropped.
 */
void col2im(float *dx,        // [N,Y,X,C]  added to
            const float *dA,  // [N,P,Q,R,S,C]
            const struct conv *c, int N)
{
    // dA is read from its first element to its last.
    TODO("12.14");
}

/* Exercise 12.15: convolution 12.4 as one product of matrices.
 *
 *     y = A w + b        A [N P Q, R S C],  w [R S C, M],  y [N P Q, M]
 *
 * with A as 12.13 makes it, in memory that the caller gives.  y and A are overwritten.
 * Hint: gemm() of chapter 2 can add to what is already in y.
 */
void conv2d_matmul_forward(float *y,        // [N,P,Q,M]  overwritten
                           float *A,        // [N,P,Q,R,S,C]  overwritten
                           const float *x,  // [N,Y,X,C]
                           const float *w,  // [R,S,C,M]
                           const float *b,  // [M]
                           const struct conv *c, int N)
{
    // The matrix; the biases in every row of y; the product.
    TODO("12.15");
}

/* Exercise 12.16: its gradients, by two products more.
 *
 *     dw += A' dy        db += the sum of all rows of dy        dA = dy w'
 *
 * and from dA to dx by 12.14.  dx, dw and db are added to.  A comes from the way
 * forward; dA takes its memory, so afterwards A is gone.
 */
void conv2d_matmul_backward(float *dx,        // [N,Y,X,C]  added to
                            float *dw,        // [R,S,C,M]  added to
                            float *db,        // [M]  added to
                            float *A,         // [N,P,Q,R,S,C]  of 12.15, overwritten
                            const float *dy,  // [N,P,Q,M]
                            const float *w,   // [R,S,C,M]
                            const struct conv *c, int N)
{
    // To the kernels and the biases.
    // To the matrix, and from there to the images.
    TODO("12.16");
}

/* ---- further: the way back is a convolution ----------------------------------- */

/* Exercise 12.17*: the kernel turned by half a circle, its channels exchanged.
 *
 *     v[r,s,m,c] = w[R-1-r, S-1-s, c, m]
 *
 * With stride 1, the gradient in the images (12.6) is the convolution of dy with v, if
 * R-1-top zeros stand above and S-1-left on the left.  v is overwritten.
 */
void kernel_turn(float *v,        // [R,S,M,C]  overwritten
                 const float *w,  // [R,S,C,M]
                 int R, int S, int C, int M)
{
    // v is written from its first element to its last.
    TODO("12.17*");
}

/* ---- the fast convolution ----------------------------------------------------- */

/* From here to the program everything is given.  A convolution is the product of 12.15,
 * made by the tiles of chapter 2 without the matrix A: in a copy of the images that has
 * its zeros around it, what the kernel sees is R pieces of S C numbers each, wherever
 * it stands.  So a row of A needs no more than the place where it begins.
 *
 * The sums are those of 12.4, in the same order: the bits are the same.
 */

/* How many rows of a panel of weights take 24 KB: these stay in the first cache. */
enum { DEEP = 24 * 1024 / (4 * PANEL_M) };

/* Most numbers in a copy (1 MB, to stay in a cache), places in it, rows of a kernel,
 * channels, weights that make one result. */
enum {
    COPY = 1 << 18, PLACES = 4096, KERNEL_ROWS = 32, CHANNELS = 4096, WEIGHTS = 16384
};

/* What needs more takes the clear functions. */
bool conv_fits(const struct conv *c)
{
    long row = ((c->Q - 1L)*c->stride_x + c->S)*c->C;
    return row*c->R <= COPY && c->Q <= PLACES && c->R <= KERNEL_ROWS && c->C <= CHANNELS
           && c->M <= CHANNELS && (long)c->R*c->S*c->C <= WEIGHTS;
}

/* A vector of weights is a whole number of vec. */
int whole_vectors(int n) { return (n + VL - 1) / VL * VL; }

struct turn;

/* A convolution, and where things are.  Of the images it reads relu(scale x + shift),
 * channel by channel, if scale is not NULL: so chapter 14 saves itself a pass.  Its
 * result (p,q) of image n lies at y + n*y_image + p*y_row + q*y_column.  */
struct convolution {
    struct conv c;
    const float *x;             // [N,Y,X,C]
    const float *scale, *shift; // [C]
    const float *w;             // in panels, or
    const struct turn *turn;    // on the way back: how to make them
    const float *b;             // [M], or NULL
    float *y;
    long y_image, y_row, y_column;
    bool add, relu;             // to what y holds; no result below 0
};

/* One of weights in panels whose results lie one beside the other, y [N,P,Q,M]. */
struct convolution convolution_dense(float *y, const float *x, const float *w,
                                     const struct conv *c)
{
    const long row = (long)c->Q * c->M;
    return (struct convolution){.c = *c, .x = x, .w = w, .y = y, .y_column = c->M,
                                .y_row = row, .y_image = c->P * row};
}

/* A part of it: images from n on, of each the rows of places from p on.  copy is how
 * they lie in memory: rows of pixels, and columns. */
struct part { int n, images, p, rows, copy_rows, copy_columns; };

/* How many floats the weights of a kernel take in panels: [K,M] as [panels,K,PANEL_M],
 * the last panel narrower, but whole vectors. */
size_t panels_size(int K, int M) { return (size_t)K * (size_t)whole_vectors(M); }

/* Weights [K,M] in panels. */
void weights_pack(float *P, const float *w, int K, int M)
{
    for (int m = 0; m < M; m += PANEL_M) {
        int width = least(PANEL_M, M - m), row = whole_vectors(width);
        for (int k = 0; k < K; k++, P += row)
            for (int j = 0; j < row; j++)
                P[j] = j < width ? w[(long)k*M + m + j] : 0;
    }
}

/* Reads one row of pixels: `count` of them. */
void pixels_read(float *to, const struct convolution *v, const float *from, int count)
{
    const int C = v->c.C;
    if (!v->scale) {
        memcpy(to, from, (size_t)count * C * sizeof *to);
        return;
    }
    for (int j = 0; j < count; j++)
        for (int k = 0; k < C; k++) {
            float z = fmaf(v->scale[k], from[j*C + k], v->shift[k]);
            to[j*C + k] = z > 0 ? z : 0;
        }
}

/* Whether the images can be read where they lie. */
bool conv_in_place(const struct convolution *v)
{
    const struct conv *c = &v->c;
    return !v->scale && !c->top && !c->left && (c->P - 1)*c->stride_y + c->R <= c->Y
           && (c->Q - 1)*c->stride_x + c->S <= c->X;
}

/* The next part with rows of places from number `first` on, all images' rows counted
 * through, and before `end`: whole images, or some rows of one. */
struct part part_next(const struct conv *c, bool in_place, int first, int end)
{
    struct part t = {.n = first / c->P, .p = first % c->P, .images = 1};
    t.copy_columns = in_place ? c->X : (c->Q - 1)*c->stride_x + c->S;
    long row = (long)t.copy_columns * c->C;
    long image = row * ((c->P - 1)*c->stride_y + c->R);
    int fit = (int)(in_place ? PLACES : COPY / image);
    if (t.p == 0 && end - first >= c->P && fit > 0 && c->P * c->Q <= PLACES) {
        t.images = least(least(fit, PLACES / (c->P * c->Q)), (end - first) / c->P);
        t.rows = c->P;
    } else {
        int most = in_place ? c->P : (int)((COPY / row - c->R) / c->stride_y) + 1;
        t.rows = least(least(most, PLACES / c->Q), least(c->P - t.p, end - first));
    }
    t.copy_rows = in_place ? c->Y : (t.rows - 1)*c->stride_y + c->R;
    return t;
}

/* The copy of a part of the images, with its zeros. */
void part_copy(float *to,  // [images,copy_rows,copy_columns,C]  overwritten
               const struct convolution *v, const struct part *t)
{
    const struct conv *c = &v->c;
    const long row = (long)t->copy_columns * c->C;
    // Columns of the copy that are in the image: j0 to j1 - 1.
    int j0 = c->left > 0 ? c->left : 0, j1 = least(t->copy_columns, c->X + c->left);
    for (int g = 0; g < t->images; g++)
        for (int r = 0; r < t->copy_rows; r++, to += row) {
            int i = t->p*c->stride_y + r - c->top;
            if (i < 0 || i >= c->Y || j0 >= j1) {
                memset(to, 0, (size_t)row * sizeof *to);
                continue;
            }
            const float *image = v->x + (long)(t->n + g)*c->Y*c->X*c->C;
            const float *from = image + ((long)i*c->X - c->left)*c->C;
            memset(to, 0, (size_t)j0 * c->C * sizeof *to);
            pixels_read(to + j0*c->C, v, from + (long)j0*c->C, j1 - j0);
            memset(to + j1*c->C, 0, (size_t)(t->copy_columns - j1) * c->C * sizeof *to);
        }
}

/* Where the pixels of a part begin: in the images, or in a copy, of which each thread
 * has one at a time. */
const float *part_pixels(const struct convolution *v, const struct part *t,
                         bool in_place)
{
    static _Thread_local float copy[COPY] __attribute__((aligned(64)));
    const struct conv *c = &v->c;
    if (in_place)
        return v->x + ((long)t->n*c->Y + t->p*c->stride_y)*c->X*c->C;
    part_copy(copy, v, t);
    return copy;
}

/* ---- the way back to the images ---- */

/* dx is made of dy by a convolution as well.  With stride 1 it is that of 12.17.  With
 * another, dx falls into stride_y by stride_x grids, and what reaches a pixel of one
 * grid meets only every stride-th row and column of the kernel: a convolution of stride
 * 1 for each grid, with a part of the kernel. */

/* Along one axis: pixels first, first + stride ... of `size` meet kernel rows tap,
 * tap + stride ...: so many pixels, so many taps, and `before` zeros before dy. */
struct grid { int first, pixels, tap, taps, before; };

struct grid grid_at(int first, int size, int kernel, int stride, int padding)
{
    struct grid g = {.first = first, .tap = (first + padding) % stride};
    g.pixels = first < size ? (size - first + stride - 1) / stride : 0;
    g.taps = g.tap < kernel ? (kernel - g.tap + stride - 1) / stride : 0;
    g.before = g.taps - 1 - (first + padding - g.tap) / stride;
    return g;
}

/* How the weights for one grid come from those of the way there. */
struct turn {
    const float *w;         // [R,S,C,M], or in panels
    bool panels;
    const struct conv *c;   // of the way there
    struct grid y, x;
};

/* The part of the kernel for one grid, turned, its channels exchanged: the panel
 * V[s_y,s_x,m,c] of channels k and on, with the last tap first. */
void panel_turn(float *V, const struct turn *t, int k)
{
    const struct conv *c = t->c;
    const int K = c->R * c->S * c->C, width = least(PANEL_M, c->C - k);
    const int row = whole_vectors(width);
    for (int r = t->y.taps - 1; r >= 0; r--)
        for (int s = t->x.taps - 1; s >= 0; s--, V += (long)c->M*row) {
            int tap = (t->y.tap + r*c->stride_y)*c->S + t->x.tap + s*c->stride_x;
            if (row > width)
                memset(V, 0, (size_t)c->M * row * sizeof *V);
            for (int m = 0; m < c->M; m += t->panels ? PANEL_M : c->M) {
                int wide = t->panels ? least(PANEL_M, c->M - m) : c->M;
                int w_row = t->panels ? whole_vectors(wide) : c->M;
                const float *from = t->w + (long)m*K + ((long)tap*c->C + k)*w_row;
                // What comes two panels later is far away: it may set out now.
                for (int j = 0; t->panels && j < width; j++)
                    __builtin_prefetch(from + 2L*PANEL_M*K + j*w_row);
                transpose(V + (long)m*row, row, from, w_row, width, wide);
            }
        }
}

/* ---- tile by tile ---- */

/* Places of the same kind: `count` of them from number `first` on, where the rows r0 to
 * r1 - 1 and the columns s0 to s1 - 1 of the kernel meet the image.  The others meet
 * zeros only, and can be left out. */
struct kind { int first, count, r0, r1, s0, s1; };

/* Along one axis: places from p0 to p1 - 1 meet the kernel's rows r0 to r1 - 1. */
struct span { int p0, p1, r0, r1; };

enum { KINDS = 400, SPANS = 20 };

/* Of `places` places in a row, the spans that meet the same part of the kernel; a place
 * that meets nothing counts as one that meets all.  Returns how many there are, or 0 if
 * they are too many. */
int spans_find(struct span *to,  // [SPANS]  overwritten
               int first, int places, int size, int kernel, int stride, int padding)
{
    int count = 0;
    for (int p = 0; p < places; p++) {
        int at = (first + p)*stride - padding;  // of the kernel's row 0
        int r0 = at < 0 ? -at : 0, r1 = least(kernel, size - at);
        if (r0 >= r1)
            r0 = 0, r1 = kernel;
        if (count > 0 && to[count - 1].r0 == r0 && to[count - 1].r1 == r1) {
            to[count - 1].p1 = p + 1;
            continue;
        }
        if (count == SPANS)
            return 0;
        to[count++] = (struct span){p, p + 1, r0, r1};
    }
    return count;
}

/* Where each place of a part begins in its copy, and where its result goes, sorted by
 * kind; and weights on the way back. */
static _Thread_local long place_from[PLACES], place_to[PLACES];
static _Thread_local struct kind kinds[KINDS];
static _Thread_local float turned[WEIGHTS * PANEL_M] __attribute__((aligned(64)));

/* How many tiles for so many rows of so many columns. */
int tiles_of(int rows, int width)
{
    int high = width <= VL ? TILE_HIGH : TILE_N;
    return (rows + high - 1) / high;
}

/* Sorts the places of a part; returns how many kinds there are.  One kind, if that is
 * less work: few places of a kind make low tiles. */
int places_sort(const struct convolution *v, const struct part *t)
{
    const struct conv *c = &v->c;
    const long row = (long)t->copy_columns * c->C;
    struct span y[SPANS], x[SPANS];
    int ys = spans_find(y, t->p, t->rows, c->Y, c->R, c->stride_y, c->top);
    int xs = spans_find(x, 0, c->Q, c->X, c->S, c->stride_x, c->left);
    const int places = t->images * t->rows * c->Q;
    long cost = 0, all = tiles_of(places, c->M) * (c->R*c->S*c->C + 30L);
    for (int i = 0; i < ys; i++)
        for (int j = 0; j < xs; j++) {
            int some = t->images * (y[i].p1 - y[i].p0) * (x[j].p1 - x[j].p0);
            cost += tiles_of(some, c->M)
                    * ((y[i].r1 - y[i].r0) * (x[j].r1 - x[j].r0) * c->C + 30L);
        }
    if (cost == 0 || cost >= all) {
        y[0] = (struct span){0, t->rows, 0, c->R};
        x[0] = (struct span){0, c->Q, 0, c->S};
        ys = xs = 1;
    }
    int k = 0, count = 0;
    for (int i = 0; i < ys; i++)
        for (int j = 0; j < xs; j++) {
            struct kind *kind = kinds + count++;
            *kind = (struct kind){k, 0, y[i].r0, y[i].r1, x[j].r0, x[j].r1};
            for (int g = 0; g < t->images; g++)
                for (int p = y[i].p0; p < y[i].p1; p++)
                    for (int q = x[j].p0; q < x[j].p1; q++, k++) {
                        place_from[k] = (g*t->copy_rows + p*c->stride_y)*row
                                        + q*c->stride_x*c->C;
                        place_to[k] = (t->n + g)*v->y_image + (t->p + p)*v->y_row
                                      + q*v->y_column;
                    }
            kind->count = k - kind->first;
        }
    return count;
}

/* The weights that are used together: rows r to r + S - 1 of the kernel, of each the
 * numbers d to d + D - 1, where D < S C only if S is 1. */
struct chunk { const float *w; int r, S, d, D; };

/* The places of one kind with one chunk of the weights of one panel. */
void chunk_convolve(const struct convolution *v, const struct chunk *u,
                    const struct kind *kind, const float *copy, long row, int m)
{
    const struct conv *c = &v->c;
    const int r0 = u->r > kind->r0 ? u->r : kind->r0, r1 = least(u->r + u->S, kind->r1);
    const int s0 = kind->s0 * c->C, s1 = kind->s1 * c->C;
    const int d0 = u->d > s0 ? u->d : s0, d1 = least(u->d + u->D, s1);
    if (r0 >= r1 || d0 >= d1)
        return;
    long a_piece[KERNEL_ROWS], b_piece[KERNEL_ROWS];
    const bool begins = r0 == kind->r0 && d0 == s0, ends = r1 == kind->r1 && d1 == s1;
    struct tile t = {.a_piece = a_piece, .b_piece = b_piece, .b = u->w, .c_col = 1,
                     .a_step = 1, .width = least(PANEL_M, c->M - m), .S = r1 - r0,
                     .D = d1 - d0, .add = v->add || !begins,
                     .bias = v->b && begins ? v->b + m : NULL, .relu = v->relu && ends};
    t.b_row = whole_vectors(t.width);
    for (int r = r0; r < r1; r++) {
        a_piece[r - r0] = r*row + d0;
        b_piece[r - r0] = ((long)(r - u->r)*u->D + d0 - u->d)*t.b_row;
    }
    // While these weights are used, those that come next are on their way.
    const long size = (long)u->S * u->D * t.b_row;
    for (int k = 0, tiles = tiles_of(kind->count, t.width); k < tiles; k++) {
        int i = kind->first + kind->count * k / tiles;
        t.rows = kind->first + kind->count * (k + 1) / tiles - i;
        for (long j = size * k / tiles; j < size * (k + 1) / tiles; j += 16)
            __builtin_prefetch(u->w + size + j, 0, 2);
        for (int j = 0; j < t.rows; j++) {
            t.a[j] = copy + place_from[i + j];
            t.c[j] = v->y + m + place_to[i + j];
        }
        tile_make(&t);
    }
}

/* All places of some kinds with one panel of weights: as many weights at a time as stay
 * in the first cache while the places pass by. */
void panel_convolve(const struct convolution *v, const float *w,
                    const struct kind *kind, int count, const float *copy, long row,
                    int m)
{
    const struct conv *c = &v->c;
    const int D = c->S * c->C, whole = c->R * D <= DEEP ? c->R : DEEP / D;
    const int width = whole_vectors(least(PANEL_M, c->M - m));
    struct chunk u = {.w = w};
    for (; u.r < c->R; u.r += u.d ? 0 : u.S) {
        u.S = whole > 1 ? least(whole, c->R - u.r) : 1;
        u.D = least(D <= DEEP ? D : DEEP, D - u.d);
        for (int i = 0; i < count; i++)
            chunk_convolve(v, &u, kind + i, copy, row, m);
        u.w += (long)u.S * u.D * width;
        u.d = u.d + u.D < D ? u.d + u.D : 0;
    }
}

/* Whether so few of the pixels of a part are not 0 that it pays to leave out the others
 * (chapter 2).  Looks at some numbers of every eighth place. */
bool part_sparse(const struct convolution *v, const struct part *t, const float *copy,
                 long row)
{
    const struct conv *c = &v->c;
    const int D = least(SPARSE_D, c->S * c->C), places = t->images * t->rows * c->Q;
    long seen = 0, zeros = 0;
    for (int i = 0; c->M >= SPARSE_M && !v->turn && i < places; i += 8) {
        seen += D;
        zeros += zeros_count(copy + place_from[i] + c->R / 2 * row
                             + (c->S*c->C - D) / 2, D);
    }
    return zeros_pay(zeros, seen);
}

/* Numbers d to d + D - 1 of the kernel's row r, for the places of one kind: strips of
 * channels m0 to m1 - 1. */
void sparse_chunk(const struct convolution *v, const struct kind *kind,
                  const float *copy, long row, int r, int d, int D, int m0, int m1)
{
    const struct conv *c = &v->c;
    const long K = (long)c->R * c->S * c->C;
    const bool begins = r == kind->r0 && d == kind->s0 * c->C;
    const bool ends = r == kind->r1 - 1 && d + D == kind->s1 * c->C;
    uint64_t mask[SPARSE_N];
    for (int i = 0; i < kind->count; i++)
        mask[i] = nonzero_mask(copy + place_from[kind->first + i] + r*row + d, D);
    for (int m = m0; m < m1; m += SPARSE_M) {
        struct tile t = {.b = v->w + m*K + ((long)r*c->S*c->C + d)*PANEL_M,
                         .b_row = PANEL_M, .add = v->add || !begins,
                         .bias = v->b && begins ? v->b + m : NULL,
                         .relu = v->relu && ends};
        for (int i = 0; i < kind->count; i++) {
            t.a[0] = copy + place_from[kind->first + i] + r*row + d;
            t.c[0] = v->y + m + place_to[kind->first + i];
            if (mask[i] || !t.add || t.bias || t.relu)
                sparse_row(&t, mask[i], K*PANEL_M);
        }
    }
}

/* The places of one kind without their zeros, in blocks whose results stay in the
 * second cache. */
void sparse_convolve(const struct convolution *v, struct kind kind, const float *copy,
                     long row, int m0, int m1)
{
    const int last = kind.first + kind.count, s1 = kind.s1 * v->c.C;
    for (; kind.first < last; kind.first += SPARSE_N) {
        kind.count = least(SPARSE_N, last - kind.first);
        for (int r = kind.r0; r < kind.r1; r++)
            for (int d = kind.s0 * v->c.C; d < s1; d += SPARSE_D)
                sparse_chunk(v, &kind, copy, row, r, d, least(SPARSE_D, s1 - d), m0,
                             m1);
    }
}

/* Channels m0 to m1 - 1 of the results of one part, from a copy of it. */
void part_convolve(const struct convolution *v, const struct part *t, const float *copy,
                   int m0, int m1)
{
    const struct conv *c = &v->c;
    const long row = (long)t->copy_columns * c->C, K = (long)c->R * c->S * c->C;
    const int count = places_sort(v, t), block = 16 * TILE_N;
    // Zeros: whole strips of channels without them, the rest as ever.
    if (part_sparse(v, t, copy, row)) {
        const int m = m0 + (m1 - m0) / SPARSE_M * SPARSE_M;
        for (int i = 0; i < count; i++)
            sparse_convolve(v, kinds[i], copy, row, m0, m);
        m0 = m;
    }
    // Many weights: one panel after the other, for all places.
    if (K * c->M > 65536) {
        for (int m = m0; m < m1; m += PANEL_M) {
            if (v->turn)
                panel_turn(turned, v->turn, m);
            panel_convolve(v, v->turn ? turned : v->w + m*K, kinds, count, copy, row,
                           m);
        }
        return;
    }
    // Few: they stay in the cache while the places pass by in blocks.
    for (int m = m0; v->turn && m < m1; m += PANEL_M)
        panel_turn(turned + m*K, v->turn, m);
    for (int i = 0; i < count; i++)
        for (int first = 0; first < kinds[i].count; first += block) {
            struct kind some = kinds[i];
            some.first += first;
            some.count = least(block, kinds[i].count - first);
            for (int m = m0; m < m1; m += PANEL_M)
                panel_convolve(v, (v->turn ? turned : v->w) + m*K, &some, 1, copy, row,
                               m);
        }
}

/* ---- one channel, eight kernels ---- */

/* The first layer of a network for grey pictures.  Its tiles would be small: a piece of
 * an image row is S numbers long, and before each a tile fetches eight addresses.  But
 * here places of a row lie one number apart, so one address does for a strip of them,
 * and the eight results of a place are one vector.
 * 14 sums, with a row of weights and a number of the image, just fit 16 registers. */
enum { STRIP = 14, TAPS = 64 };

bool conv_thin(const struct convolution *v)
{
    const struct conv *c = &v->c;
    return c->C == 1 && c->M == 8 && c->stride_x == 1 && c->R * c->S <= TAPS
           && c->Q >= STRIP && !v->turn && !v->add && !v->relu;
}

/* A strip of places.  Element k of the kernel meets the numbers from x + from[k] on. */
void strip_convolve(float *y, const struct convolution *v, const float *x,
                    const int *from)  // [R,S]
{
    const float *w = v->w;
    const long column = v->y_column;
    float8 sum[STRIP];
    UNROLL
    for (int i = 0; i < STRIP; i++)
        sum[i] = v->b ? *(const float8 *)v->b : (float8){0};
    for (int k = 0; k < v->c.R * v->c.S; k++, w += whole_vectors(8)) {
        const float8 weights = *(const float8 *)w;
        const float *at = x + from[k];
        UNROLL
        for (int i = 0; i < STRIP; i++)
            sum[i] += at[i] * weights;
    }
    UNROLL
    for (int i = 0; i < STRIP; i++)
        *(float8 *)(y + i*column) = sum[i];
}

/* All of one part.  The last strip of a row begins so that it ends with the row: some
 * results are made twice. */
void part_strips(const struct convolution *v, const struct part *t, const float *copy)
{
    const struct conv *c = &v->c;
    int from[TAPS];
    for (int k = 0; k < c->R * c->S; k++)
        from[k] = k / c->S * t->copy_columns + k % c->S;
    for (int g = 0; g < t->images; g++)
        for (int p = 0; p < t->rows; p++) {
            const long row = g*t->copy_rows + p*c->stride_y;
            const float *x = copy + row*t->copy_columns;
            float *y = v->y + (t->n + g)*v->y_image + (t->p + p)*v->y_row;
            for (int q = 0; q < c->Q; q += STRIP) {
                const int at = least(q, c->Q - STRIP);
                strip_convolve(y + at*v->y_column, v, x + at, from);
            }
        }
}

/* Rows of places from first to end - 1, all images' counted through; channels m0 to
 * m1 - 1. */
void convolve_rows(const struct convolution *v, int first, int end, int m0, int m1)
{
    const struct conv *c = &v->c;
    const bool in_place = conv_in_place(v);
    while (first < end) {
        struct part t = part_next(c, in_place, first, end);
        const float *x = part_pixels(v, &t, in_place);
        if (conv_thin(v))
            part_strips(v, &t, x);
        else
            part_convolve(v, &t, x, m0, m1);
        first += t.images * t.rows;
    }
}

/* How many threads so many multiply-adds are worth; see gemm(). */
int threads_for(double work)
{
    return work > 2e6 && !omp_in_parallel() ? omp_get_max_threads() : 1;
}

/* And a pass over so many numbers. */
int threads_over(size_t n) { return threads_for(20.0 * (double)n); }

/* The whole convolution of N images.  Threads share the rows of places or, where there
 * are more weights than numbers in the images, the channels. */
void convolve(const struct convolution *v, int N)
{
    const struct conv *c = &v->c;
    const int rows = N * c->P, panels = (c->M + PANEL_M - 1) / PANEL_M;
    const int threads = threads_for((double)rows * c->Q * c->R * c->S * c->C * c->M);
    const bool channels = panels >= 2 * threads
                          && (long)c->R * c->S * c->M > (long)N * c->Y * c->X;
    if (rows == 0 || c->Q == 0)
        return;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (int k = 0; k < threads; k++)
        if (channels)
            convolve_rows(v, 0, rows, panels * k / threads * PANEL_M,
                          least(panels * (k + 1) / threads * PANEL_M, c->M));
        else
            convolve_rows(v, (int)((long)rows * k / threads),
                          (int)((long)rows * (k + 1) / threads), 0, c->M);
}

/* dx [N,Y,X,C] of dy [N,P,Q,M]: added to, or overwritten. */
void convolve_back(float *dx, const float *dy, const float *w, bool panels, bool add,
                   const struct conv *c, int N)
{
    for (int i = 0; i < c->stride_y; i++)
        for (int j = 0; j < c->stride_x; j++) {
            const struct grid y = grid_at(i, c->Y, c->R, c->stride_y, c->top);
            const struct grid x = grid_at(j, c->X, c->S, c->stride_x, c->left);
            const struct turn turn = {w, panels, c, y, x};
            struct convolution v = {
                .c = {c->P, c->Q, c->M, y.taps, x.taps, c->C, 1, 1, y.before, x.before,
                      y.pixels, x.pixels},
                .x = dy, .turn = &turn, .y = dx + ((long)i*c->X + j)*c->C, .add = add,
                .y_image = (long)c->Y * c->X * c->C,
                .y_row = (long)c->stride_y * c->X * c->C,
                .y_column = (long)c->stride_x * c->C,
            };
            if (y.taps == 0 || x.taps == 0) {
                // Nothing comes to this grid.
                for (int n = 0; !add && n < N; n++)
                    for (int p = 0; p < y.pixels; p++)
                        for (int q = 0; q < x.pixels; q++)
                            memset(v.y + n*v.y_image + p*v.y_row + q*v.y_column, 0,
                                   c->C * sizeof *dx);
                continue;
            }
            convolve(&v, N);
        }
}

/* ---- the way back to the weights ---- */

/* dw = A' dy: a sum over all places.  The tiles want the numbers of a row of A' one
 * beside the other, so the copy of the images lies transposed: channel by channel. */
void part_transpose(float *to,  // [channels,pitch]  overwritten
                    long pitch, const struct convolution *v, const struct part *t,
                    int first, int channels)
{
    const struct conv *c = &v->c;
    int j0 = c->left > 0 ? c->left : 0, j1 = least(t->copy_columns, c->X + c->left);
    const bool zeros = c->top || c->left || j1 < t->copy_columns
                       || (c->P - 1)*c->stride_y + c->R > c->Y;
    for (int k = 0; zeros && k < channels; k++)
        memset(to + k*pitch, 0, (size_t)pitch * sizeof *to);
    for (int g = 0; g < t->images; g++)
        for (int r = 0; r < t->copy_rows; r++, to += t->copy_columns) {
            int i = t->p*c->stride_y + r - c->top;
            if (i < 0 || i >= c->Y || j0 >= j1)
                continue;
            const float *image = v->x + (long)(t->n + g)*c->Y*c->X*c->C;
            const float *from = image + ((long)i*c->X + j0 - c->left)*c->C;
            transpose(to + j0, pitch, from + first, c->C, j1 - j0, channels);
            for (int k = 0; v->scale && k < channels; k++)
                for (int j = j0; j < j1; j++) {
                    float *z = to + k*pitch + j;
                    *z = fmaf(v->scale[first + k], *z, v->shift[first + k]);
                    *z = *z > 0 ? *z : 0;
                }
        }
}

/* Weights that a thread makes the sums of, of one part: numbers e0 to e1 - 1, counted
 * channel by channel.  Where there are many channels they are made tap by tap
 * (`split`), and places that meet only zeros are left out. */
struct share { int e0, e1; bool split; };

/* Of each weight of a share, in the order in which they are made: where what it meets
 * begins in the copy, and its number in dw. */
static _Thread_local int weight_from[WEIGHTS], weight_to[WEIGHTS];

void weights_sort(const struct share *share, const struct conv *c,
                  const struct part *part, long pitch)
{
    const int taps = c->R * c->S, first = share->e0 / taps;
    const int channels = (share->e1 - share->e0) / taps;
    for (int i = 0; i < share->e1 - share->e0; i++) {
        int e = share->e0 + i;
        int tap = share->split ? i / channels : e % taps;
        int k = share->split ? first + i % channels : e / taps;
        weight_from[i] = (int)((k - first)*pitch) + tap / c->S * part->copy_columns
                         + tap % c->S;
        weight_to[i] = tap*c->C + k;
    }
}

/* Where the pieces of a tile begin in the copy, and in dy. */
static _Thread_local long a_pieces[PLACES], b_pieces[PLACES];

/* A piece for each row of places of a part, from row i on and of `deep` rows, where tap
 * (r,s) meets the image; and of each the columns.  Returns how many these are. */
int pieces_find(struct tile *t, const struct conv *c, const struct part *part, int i,
                int deep, int r, int s)
{
    int q0 = 0, q1 = c->Q, count = 0;
    while (q0 < q1 && q0*c->stride_x + s - c->left < 0)
        q0++;
    while (q0 < q1 && (q1 - 1)*c->stride_x + s - c->left >= c->X)
        q1--;
    for (int k = i; k < i + deep; k++) {
        int p = k % part->rows, y = (part->p + p)*c->stride_y + r - c->top;
        if (y < 0 || y >= c->Y)
            continue;
        a_pieces[count] = ((long)(k / part->rows)*part->copy_rows + p*c->stride_y)
                          * part->copy_columns + q0*c->stride_x;
        b_pieces[count++] = ((long)(k - i)*c->Q + q0)*t->b_row;
    }
    t->D = q1 - q0;
    return count;
}

/* The sums of weights first to first + count - 1 over the pieces of t, tile by tile. */
void weights_make(float *dw, long dw_row, struct tile *t, const float *copy, int first,
                  int count, int M)
{
    const int tiles = tiles_of(count, M);
    for (int k = 0; k < tiles; k++) {
        int e = first + count * k / tiles;
        t->rows = first + count * (k + 1) / tiles - e;
        for (int j = 0; j < t->rows; j++) {
            t->a[j] = copy + weight_from[e + j];
            t->c[j] = dw + weight_to[e + j]*dw_row;
        }
        tile_make(t);
    }
}

/* The sums over the places of one part are added to dw, or it is overwritten. */
void part_weights(float *dw, bool panels, bool add, const float *dy,
                  const struct convolution *v, const struct part *part,
                  const struct share *share)
{
    static _Thread_local float copy[COPY + 16 * CHANNELS] __attribute__((aligned(64)));
    static _Thread_local float column[PLACES * PANEL_M] __attribute__((aligned(64)));
    const struct conv *c = &v->c;
    const int taps = c->R * c->S, K = taps * c->C, first = share->e0 / taps;
    const int channels = (share->e1 - 1) / taps + 1 - first;
    const long pitch = (long)part->images * part->copy_rows * part->copy_columns + 16;
    part_transpose(copy, pitch, v, part, first, channels);
    weights_sort(share, c, part, pitch);
    // A group for each tap; or one for all, as if they met the image everywhere.
    const int groups = share->split ? taps : 1;
    const int members = (share->e1 - share->e0) / groups;
    struct conv at = *c;
    if (groups == 1)
        at.Y = at.X = INT_MAX, at.top = at.left = 0;
    dy += ((long)part->n*c->P + part->p)*c->Q*c->M;
    // About 256 places at a time: as much of dy as stays in the first cache.
    const int rows = part->images * part->rows, deep = 256 / c->Q + 1;
    for (int m = 0; m < c->M; m += PANEL_M)
        for (int i = 0; i < rows; i += deep) {
            const int some = least(deep, rows - i);
            const float *here = dy + (long)i*c->Q*c->M + m;
            struct tile t = {.a_piece = a_pieces, .b_piece = b_pieces, .b = column,
                             .c_col = 1, .a_step = c->stride_x, .add = add || i,
                             .width = least(PANEL_M, c->M - m)};
            t.b_row = whole_vectors(t.width);
            if (t.b_row == c->M)
                t.b = here;
            for (int k = 0; t.b == column && k < some * c->Q; k++)
                memcpy(column + k*t.b_row, here + (long)k*c->M,
                       (size_t)t.width * sizeof *column);
            for (int g = 0; g < groups; g++) {
                t.S = pieces_find(&t, &at, part, i, some, g / c->S, g % c->S);
                weights_make(dw + (panels ? (long)m*K : m), panels ? t.b_row : c->M, &t,
                             copy, g*members, members, c->M);
            }
        }
}

/* ---- one channel, eight kernels, on the way back ---- */

/* The eight numbers that come back to a place are one vector.  Where all eight are 0
 * nothing is to be added: these places are left out. */

typedef uint64_t eight_bytes __attribute__((aligned(4), may_alias));

/* A place of which something comes back: where it meets the copy, and its dy. */
struct meeting { int x, dy; };

/* Finds them in a row of places that begins at x in the copy, at place number `place`
 * of dy.  Every place is written; those that do not count are written over. */
int row_meetings(struct meeting *to, const float *dy, int x, int place,
                 const struct conv *c)
{
    const int Q = c->Q, stride = c->stride_x;
    int count = 0;
    for (int q = 0; q < Q; q++, place++, x += stride) {
        const eight_bytes *w = (const eight_bytes *)(dy + (long)place*8);
        to[count] = (struct meeting){x, place*8};
        count += (w[0] | w[1] | w[2] | w[3]) != 0;
    }
    return count;
}

/* Adds up the weights of some rows of the kernel, which has S columns.  Both are
 * constants wherever it is inlined, so that the sums are registers. */
ALWAYS_INLINE void taps_sum(float *dw, long dw_row, const float *x, long row,
                            const float *dy, const struct meeting *at, int count,
                            int rows, int S)
{
    float8 sum[10];
    UNROLL
    for (int k = 0; k < rows * S; k++)
        sum[k] = *(const float8 *)(dw + k*dw_row);
    for (int i = 0; i < count; i++) {
        const float8 back = *(const float8 *)(dy + at[i].dy);
        const float *from = x + at[i].x;
        UNROLL
        for (int k = 0; k < rows * S; k++)
            sum[k] += from[k / S * row + k % S] * back;
    }
    UNROLL
    for (int k = 0; k < rows * S; k++)
        *(float8 *)(dw + k*dw_row) = sum[k];
}

/* Rows r0 to r1 - 1, two at a time: so many sums fit the registers. */
void taps_sums(float *dw, long dw_row, const float *x, long row, const float *dy,
               const struct meeting *at, int count, int S, int r0, int r1)
{
    for (int r = r0; r < r1; r += 2) {
        float *to = dw + (long)r*S*dw_row;
        const float *from = x + r*row;
        const bool two = r + 1 < r1;
        if (S == 5 && two)
            taps_sum(to, dw_row, from, row, dy, at, count, 2, 5);
        else if (S == 5)
            taps_sum(to, dw_row, from, row, dy, at, count, 1, 5);
        else if (two)
            taps_sum(to, dw_row, from, row, dy, at, count, 2, 3);
        else
            taps_sum(to, dw_row, from, row, dy, at, count, 1, 3);
    }
}

bool weights_thin(const struct convolution *v)
{
    const struct conv *c = &v->c;
    return c->C == 1 && c->M == 8 && (c->S == 3 || c->S == 5);
}

/* Adds to rows r0 to r1 - 1 of dw, whose vectors lie dw_row apart, image by image. */
void thin_weights(float *dw, int dw_row, const float *dy, const struct convolution *v,
                  int rows, int r0, int r1)
{
    static _Thread_local struct meeting at[PLACES];
    const struct conv *c = &v->c;
    for (int first = 0, count; first < rows;) {
        const struct part t = part_next(c, false, first, first + c->P - first % c->P);
        const float *x = part_pixels(v, &t, false);
        count = 0;
        for (int p = 0; p < t.rows; p++, first++)
            count += row_meetings(at + count, dy, p*c->stride_y*t.copy_columns,
                                  first*c->Q, c);
        taps_sums(dw, dw_row, x, t.copy_columns, dy, at, count, c->S, r0, r1);
    }
}

/* dw [R,S,C,M], or in panels: added to, or overwritten.  Threads share the weights. */
void convolve_weights(float *dw, bool panels, bool add, const float *dy,
                      const struct convolution *v, int N)
{
    const struct conv *c = &v->c;
    const int taps = c->R * c->S, K = taps * c->C, rows = N * c->P;
    const int threads = threads_for((double)rows * c->Q * K * c->M);
    const bool split = (c->top || c->left) && c->C >= 2 * TILE_N * threads;
    const bool thin = add && weights_thin(v);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (int k = 0; k < threads; k++) {
        if (thin) {
            thin_weights(dw, panels ? whole_vectors(8) : 8, dy, v, rows,
                         c->R * k / threads, c->R * (k + 1) / threads);
            continue;
        }
        const int n = split ? c->C : K, each = split ? taps : 1;
        const struct share share = {n * k / threads * each,
                                    n * (k + 1) / threads * each, split};
        for (int first = 0; share.e0 < share.e1 && first < rows;) {
            struct part t = part_next(c, false, first, rows);
            part_weights(dw, panels, add || first, dy, v, &t, &share);
            first += t.images * t.rows;
        }
    }
}

/* ---- few numbers come back ---- */

/* What comes back through a max pool and a relu is mostly zeros.  Where two of three
 * numbers of dy are 0 we look for the others, and multiply only those.  One number
 * dy[n,p,q,m] concerns R pieces of S C numbers each: those of kernel m, and those of
 * the image under it.  For dx, the first times the number are added to the second; for
 * dw, the second times the number to the first.  Numbers with the same sums are taken
 * in order, so the bits are those of 12.5 and 12.6.
 */

/* Most places of a part; pieces that are added together. */
enum { SPOTS = 1024, FEW = 4 };

/* Sums to[r,d] += value[i] from[offset[i] + r,d] over some i; a row of `to` and of
 * `from` is to_row and from_row floats long. */
struct few {
    float *to;
    const float *from, *value;
    const int *offset;
    long to_row, from_row;
    int R, D;
};

ALWAYS_INLINE void few_sum(const struct few *f, const int *i, int count)
{
    const float *from[FEW];
    float8 value[FEW];
    const long to_row = f->to_row, from_row = f->from_row;
    const int R = f->R, D = f->D;
    float *to = f->to;
    UNROLL
    for (int k = 0; k < count; k++) {
        from[k] = f->from + f->offset[i[k]];
        value[k] = f->value[i[k]] - (float8){0};
    }
    for (int r = 0; r < R; r++, to += to_row) {
        for (int d = 0; d < D; d += 8) {
            float8 sum = *(const float8 *)(to + d);
            UNROLL
            for (int k = 0; k < count; k++)
                sum += value[k] * *(const float8 *)(from[k] + d);
            *(float8 *)(to + d) = sum;
        }
        UNROLL
        for (int k = 0; k < count; k++)
            from[k] += from_row;
    }
}

/* Over all i below n whose value is not 0. */
void few_add(const struct few *f, int n)
{
    for (int first = 0; first < n; first += 64) {
        uint64_t mask = nonzero_mask(f->value + first, least(64, n - first));
        while (mask) {
            int i[FEW], count = 0;
            for (; mask && count < FEW; mask &= mask - 1)
                i[count++] = first + __builtin_ctzll(mask);
            switch (count) {
            case 1: few_sum(f, i, 1); break;
            case 2: few_sum(f, i, 2); break;
            case 3: few_sum(f, i, 3); break;
            case 4: few_sum(f, i, 4); break;
            }
        }
    }
}

/* Adds to the sums dw[m,r,s,c] of channels m0 to m1 - 1 what one part gives: channel by
 * channel, all of its places. */
void part_few_weights(float *dw, const float *dy, const struct convolution *v,
                      const struct part *t, const float *copy, int m0, int m1)
{
    static _Thread_local float column[8 * SPOTS];
    static _Thread_local int place[SPOTS];
    const struct conv *c = &v->c;
    const long x_row = (long)t->copy_columns * c->C;
    const int K = c->R * c->S * c->C, places = t->rows * c->Q;
    struct few f = {.from = copy, .offset = place, .to_row = c->S * c->C,
                    .from_row = x_row, .R = c->R, .D = c->S * c->C};
    for (int i = 0; i < places; i++)
        place[i] = (int)(i / c->Q * c->stride_y * x_row
                         + i % c->Q * c->stride_x * c->C);
    for (int m = m0; m < m1; m += 8) {
        transpose(column, places, dy + ((long)t->n*c->P + t->p)*c->Q*c->M + m, c->M,
                  places, 8);
        for (int j = 0; j < 8; j++) {
            f.to = dw + (long)(m - m0 + j)*K;
            f.value = column + j*places;
            few_add(&f, places);
        }
    }
}

/* dw of channels m0 to m1 - 1, in parts of one image at most. */
void few_weights(float *dw, const float *dy, const struct convolution *v, int rows,
                 int m0, int m1)
{
    const struct conv *c = &v->c;
    const int K = c->R * c->S * c->C, most = SPOTS / c->Q;
    const bool in_place = conv_in_place(v);
    transpose(turned, K, dw + m0, c->M, K, m1 - m0);
    for (int first = 0; first < rows;) {
        const int left = least(c->P - first % c->P, most);
        const struct part t = part_next(c, in_place, first, first + left);
        const float *x = part_pixels(v, &t, in_place);
        part_few_weights(turned, dy, v, &t, x, m0, m1);
        first += t.rows;
    }
    transpose(dw + m0, c->M, turned, K, m1 - m0, K);
}

/* dx of images n0 to n1 - 1: place by place, all of its channels. */
void few_back(float *dx, const float *dy, const float *w, const struct conv *c, int n0,
              int n1)
{
    static _Thread_local int kernel[CHANNELS];
    const int D = c->S * c->C, K = c->R * D;
    const long row = (long)c->X * c->C;
    transpose(turned, K, w, c->M, K, c->M);
    for (int m = 0; m < c->M; m++)
        kernel[m] = m*K;
    struct few f = {.offset = kernel, .to_row = row, .from_row = D,
                    .value = dy + (long)n0*c->P*c->Q*c->M};
    for (int n = n0; n < n1; n++)
        for (int p = 0; p < c->P; p++) {
            const int i = p*c->stride_y - c->top, r0 = i < 0 ? -i : 0;
            f.R = least(c->R, c->Y - i) - r0;
            for (int q = 0; q < c->Q; q++, f.value += c->M) {
                const int j = q*c->stride_x - c->left, s0 = j < 0 ? -j : 0;
                f.D = (least(c->S, c->X - j) - s0)*c->C;
                f.to = dx + ((long)n*c->Y + i + r0)*row + (j + s0)*c->C;
                f.from = turned + r0*D + s0*c->C;
                few_add(&f, c->M);
            }
        }
}

/* Whether at least two of three numbers are 0, by a look at 64 here and 64 there. */
bool numbers_few(const float *x, long n)
{
    long zeros = 0, seen = 0;
    for (long i = 0; i + 64 <= n; i += n / 64 > 64 ? n / 64 : 64, seen += 64)
        zeros += zeros_count(x + i, 64);
    return 3 * zeros > 2 * seen;
}

/* Whether that is worth it, and possible: pieces are whole vectors of eight, and all
 * weights have a place in `turned`. */
bool conv_few(const struct conv *c, const float *dy, int N)
{
    return c->C % 8 == 0 && c->M % 8 == 0 && c->Q <= SPOTS
           && (long)c->R * c->S * c->C * c->M <= WEIGHTS * PANEL_M
           && numbers_few(dy, (long)N * c->P * c->Q * c->M);
}

/* Both gradients are added to; dx may be NULL.  Threads share the channels of dw, by
 * eights, and the images of dx. */
void few_gradients(float *dx, float *dw, const float *dy, const float *w,
                   const struct convolution *v, int N)
{
    const struct conv *c = &v->c;
    const int eights = c->M / 8, rows = N * c->P;
    const int threads = threads_for(0.2 * rows * c->Q * c->R * c->S * c->C * c->M);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (int k = 0; k < threads; k++) {
        const int m0 = eights * k / threads * 8, m1 = eights * (k + 1) / threads * 8;
        if (m0 < m1)
            few_weights(dw, dy, v, rows, m0, m1);
        if (dx)
            few_back(dx, dy, w, c, (int)((long)N * k / threads),
                     (int)((long)N * (k + 1) / threads));
    }
}

/* ---- fast pools ---- */

typedef int loose_ints __attribute__((vector_size(4 * VL), aligned(4), may_alias));

/* 0, 1, 2 ... */
ALWAYS_INLINE int_vec lanes(void)
{
    int_vec v;
    UNROLL
    for (int i = 0; i < VL; i++)
        v[i] = i;
    return v;
}

/* What a pool sees at one place: rows and columns of pixels, from the one that begins
 * at x + first.  The next row is X C numbers on, the next pixel C. */
struct window { int first, rows, columns, row, pixel; };

ALWAYS_INLINE struct window window_of_pool(const struct conv *c, int n, int p, int q)
{
    const int i = p*c->stride_y - c->top, j = q*c->stride_x - c->left;
    const int i0 = i > 0 ? i : 0, j0 = j > 0 ? j : 0;
    return (struct window){((n*c->Y + i0)*c->X + j0)*c->C, least(i + c->R, c->Y) - i0,
                           least(j + c->S, c->X) - j0, c->X * c->C, c->C};
}

/* One place of a max pool, VL channels. */
ALWAYS_INLINE void place_max(float *y, int *from, const float *x, struct window w)
{
    vec most = (vec){0} - INFINITY;
    int_vec at = {0};
    for (int i = 0; i < w.rows; i++)
        for (int j = 0; j < w.columns; j++) {
            const int pixel = w.first + i*w.row + j*w.pixel;
            vec now = *(const vec *)(x + pixel);
            int_vec larger = now > most;
            most = (vec)((larger & (int_vec)now) | (~larger & (int_vec)most));
            at = (larger & (lanes() + pixel)) | (~larger & at);
        }
    *(vec *)y = most;
    *(loose_ints *)from = at;
}

/* A row of places.  The shapes come as a copy, which no store can change; and a window
 * of constant size needs no loops. */
void row_max(float *y, int *from, const float *x, struct conv c, int n, int p)
{
    for (int q = 0; q < c.Q; q++) {
        struct window w = window_of_pool(&c, n, p, q);
        for (int k = 0; k < c.C; k += VL, w.first += VL, y += VL, from += VL)
            if (w.rows == 2 && w.columns == 2)
                place_max(y, from, x, (struct window){w.first, 2, 2, w.row, w.pixel});
            else
                place_max(y, from, x, w);
    }
}

/* As 12.7, VL channels at a time. */
void maxpool_fast_forward(float *y,        // [N,P,Q,C]  overwritten
                          int *from,       // [N,P,Q,C]  overwritten
                          const float *x,  // [N,Y,X,C]
                          const struct conv *c, int N)
{
    if (c->C % VL) {
        maxpool_forward(y, from, x, c, N);
        return;
    }
#pragma omp parallel for collapse(2) schedule(static) \
    num_threads(threads_over((size_t)N * c->P * c->Q * c->C))
    for (int n = 0; n < N; n++)
        for (int p = 0; p < c->P; p++) {
            const int to = (n*c->P + p)*c->Q*c->C;
            row_max(y + to, from + to, x, *c, n, p);
        }
}

/* And its way back. */
ALWAYS_INLINE void place_spread(float *dx, vec dy, int_vec from, struct window w)
{
    const int_vec at = from - lanes();
    for (int i = 0; i < w.rows; i++)
        for (int j = 0; j < w.columns; j++) {
            const int pixel = w.first + i*w.row + j*w.pixel;
            *(vec *)(dx + pixel) += (vec)((at == pixel) & (int_vec)dy);
        }
}

void row_spread(float *dx, const float *dy, const int *from, struct conv c, int n,
                int p)
{
    for (int q = 0; q < c.Q; q++) {
        struct window w = window_of_pool(&c, n, p, q);
        for (int k = 0; k < c.C; k += VL, w.first += VL, dy += VL, from += VL) {
            const vec back = *(const vec *)dy;
            const int_vec source = *(const loose_ints *)from;
            if (w.rows == 2 && w.columns == 2)
                place_spread(dx, back, source,
                             (struct window){w.first, 2, 2, w.row, w.pixel});
            else
                place_spread(dx, back, source, w);
        }
    }
}

/* As 12.8; if places do not overlap, each pixel looks whether it was passed on. */
void maxpool_fast_backward(float *dx,        // [N,Y,X,C]  added to
                           const float *dy,  // [N,P,Q,C]
                           const int *from,  // [N,P,Q,C]  of maxpool_forward
                           const struct conv *c, int N)
{
    if (c->C % VL || c->stride_y < c->R || c->stride_x < c->S) {
        maxpool_backward(dx, dy, from, c, N);
        return;
    }
#pragma omp parallel for collapse(2) schedule(static) \
    num_threads(threads_over((size_t)N * c->P * c->Q * c->C))
    for (int n = 0; n < N; n++)
        for (int p = 0; p < c->P; p++) {
            const int at = (n*c->P + p)*c->Q*c->C;
            row_spread(dx, dy + at, from + at, *c, n, p);
        }
}

/* db[m] += the sum of dy[m] over all places: eight at a time in float, beyond in
 * double, so that the error stays small. */
void bias_gradient(float *db,        // [M]  added to
                   const float *dy,  // [places,M]
                   long places, int M)
{
    // Eight places are a row, so that a core has more than M sums to work on.
    double all[CHANNELS] = {0};
    float some[8 * CHANNELS];
    for (; places >= 64; places -= 64, dy += 64*M) {
        memcpy(some, dy, 8 * (size_t)M * sizeof *some);
        for (int i = 1; i < 8; i++)
            for (int j = 0; j < 8 * M; j++)
                some[j] += dy[i*8*M + j];
        for (int j = 0; j < 8; j++)
            for (int m = 0; m < M; m++)
                all[m] += (double)some[j*M + m];
    }
    for (; places > 0; places--, dy += M)
        for (int m = 0; m < M; m++)
            all[m] += (double)dy[m];
    for (int m = 0; m < M; m++)
        db[m] += (float)all[m];
}

/* ---- for one call ---- */

/* How many floats of work space the two functions below need: for the weights in
 * panels. */
size_t conv2d_work(const struct conv *c)
{
    return panels_size(c->R * c->S * c->C, c->M);
}

/* As 12.4, but b may be NULL for no biases. */
void conv2d_fast_forward(float *y,        // [N,P,Q,M]  overwritten
                         const float *x,  // [N,Y,X,C]
                         const float *w,  // [R,S,C,M]
                         const float *b,  // [M], or NULL
                         const struct conv *c, int N,
                         float *work)     // [conv2d_work()]  overwritten
{
    struct convolution v = convolution_dense(y, x, work, c);
    v.b = b;
    if (conv_fits(c)) {
        weights_pack(work, w, c->R * c->S * c->C, c->M);
        convolve(&v, N);
        return;
    }
    memset(work, 0, c->M * sizeof *work);
    conv2d_forward(y, x, w, b ? b : work, c, N);
}

/* As 12.5 and 12.6; dx may be NULL if nobody wants it, and db too. */
void conv2d_fast_backward(float *dx,        // [N,Y,X,C]  added to, or NULL
                          float *dw,        // [R,S,C,M]  added to
                          float *db,        // [M]  added to, or NULL
                          const float *dy,  // [N,P,Q,M]
                          const float *x,   // [N,Y,X,C]
                          const float *w,   // [R,S,C,M]
                          const struct conv *c, int N,
                          float *work)      // [conv2d_work()]  overwritten
{
    struct convolution v = {.c = *c, .x = x};
    // The way back is at most this one, for one grid.
    struct conv back = {c->P, c->Q, c->M, c->R, c->S, c->C, 1, 1, 0, 0, c->Y, c->X};
    if (!conv_fits(c) || !conv_fits(&back)) {
        conv2d_backward_weights(dw, db ? db : work, dy, x, c, N);
        if (dx)
            conv2d_backward_input(dx, dy, w, c, N);
        return;
    }
    if (db)
        bias_gradient(db, dy, (long)N * c->P * c->Q, c->M);
    if (conv_few(c, dy, N)) {
        few_gradients(dx, dw, dy, w, &v, N);
        return;
    }
    convolve_weights(dw, false, true, dy, &v, N);
    if (dx)
        convolve_back(dx, dy, w, false, true, c, N);
}

/* ---- the program: pictures through kernels ------------------------------------ */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"
#include "../../data/pnm.h"
#include <08-optimizers/optimizers.c>

enum { SIDE = 5 };  // of the kernels here; smaller ones have zeros around them

struct filter {
    const char *name;
    float scale, w[SIDE][SIDE];  // the weights are scale times w
};

const struct filter filters[] = {
    {"itself", 1, {{0}, {0}, {0, 0, 1}}},
    {"blur", 1.0f / 256, {{1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6},
                          {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1}}},
    {"sharpen", 1, {{0}, {0, 0, -1}, {0, -1, 5, -1}, {0, 0, -1}}},
    {"upright", 0.25f, {{0}, {0, -1, 0, 1}, {0, -2, 0, 2}, {0, -1, 0, 1}}},
    {"level", 0.25f, {{0}, {0, -1, -2, -1}, {0}, {0, 1, 2, 1}}},
    {"outline", 0.125f, {{0}, {0, -1, -1, -1}, {0, -1, 8, -1}, {0, -1, -1, -1}}},
    {"emboss", 0.25f, {{0}, {0, -2, -1, 0}, {0, -1, 0, 1}, {0, 0, 1, 2}}},
};
enum { FILTERS = sizeof filters / sizeof *filters };

/* M of the filters, from number `first` on, as the kernels of one convolution. */
void filters_fill(float *w,  // [SIDE,SIDE,1,M]  overwritten
                  int first, int M)
{
    for (int m = 0; m < M; m++)
        for (int i = 0; i < SIDE * SIDE; i++) {
            const struct filter *f = &filters[first + m];
            w[i*M + m] = f->scale * f->w[i / SIDE][i % SIDE];
        }
}

/* Shows the M channels of an image: saves each as the picture save-name.pgm or, without
 * save, prints a line for every pixel, and draws them on a terminal.  Drawn and saved
 * they go from black, the lowest number or 0, to white, the highest or 1. */
void channels_show(const float *y,            // [Y,X,M]
                   const char *const *names,  // [M]
                   int Y, int X, int M, const char *save)
{
    float *grey = floats((size_t)M * Y * X);
    for (int m = 0; m < M; m++) {
        float low = 0, high = 1, *to = grey + (size_t)m*Y*X;
        for (int i = 0; i < Y * X; i++) {
            to[i] = y[i*M + m];
            low = to[i] < low ? to[i] : low;
            high = to[i] > high ? to[i] : high;
        }
        for (int i = 0; i < Y * X; i++)
            to[i] = (to[i] - low) / (high - low);
        char path[4096];
        int n = snprintf(path, sizeof path, "%s-%s.pgm", save, names[m]);
        if (n >= (int)sizeof path)
            die("save=%.40s...: the name is too long", save);
        if (*save)
            pnm_save(path, to, Y, X, 1);
    }
    for (int i = -1; i < Y * X && !*save; i++) {
        printf(i < 0 ? "# row\tcolumn" : "%d\t%d", i / X, i % X);
        for (int m = 0; m < M; m++)
            i < 0 ? printf("\t%s", names[m]) : printf("\t%.3f", y[i*M + m]);
        printf("\n");
    }
    if (isatty(2))
        pictures_draw(stderr, grey, names, M, Y, X, 1 + (X - 1) / 76);
    free(grey);
}

/* All the filters, in one convolution. */
void filters_show(const float *x,  // [Y,X]
                  int Y, int X, const char *save)
{
    struct conv c = conv_same(Y, X, 1, SIDE, SIDE, FILTERS, 1);
    float w[SIDE * SIDE * FILTERS], b[FILTERS] = {0};
    float *y = floats((size_t)Y * X * FILTERS);
    const char *names[FILTERS];
    for (int m = 0; m < FILTERS; m++)
        names[m] = filters[m].name;
    filters_fill(w, 0, FILTERS);
    conv2d_forward(y, x, w, b, &c, 1);
    channels_show(y, names, Y, X, FILTERS, save);
    free(y);
}

/* Four numbers a pixel: how much brighter it gets to the right, to the left, downwards
 * and upwards, 0 if it gets darker. */
void edges_find(float *y,        // [N,Y,X,4]  overwritten
                const float *x,  // [N,Y,X]
                int N, int Y, int X)
{
    struct conv c = conv_same(Y, X, 1, SIDE, SIDE, 4, 1);
    float two[SIDE * SIDE * 2], w[SIDE * SIDE * 4], none[4] = {0};
    filters_fill(two, 3, 2);
    for (int i = 0; i < SIDE * SIDE * 4; i++)
        w[i] = i % 2 ? -two[i / 2] : two[i / 2];
    conv2d_forward(y, x, w, none, &c, N);
    relu_forward(y, y, N * Y * X * 4);
}

/* Bright corners, by a second convolution: an edge that begins here and goes to the
 * right or the left, and one that goes down or up.  Edges that go on the other way too
 * count against it, and less than the threshold is nothing. */
void corners_show(const float *x,  // [Y,X]
                  int Y, int X, float threshold, const char *save)
{
    const char *const names[] = {"itself", "upper-left", "upper-right", "lower-left",
                                 "lower-right"};
    struct conv c = conv_same(Y, X, 4, SIDE, SIDE, 4, 1);
    float w[SIDE][SIDE][4][4] = {0}, b[4], *edges = floats((size_t)Y * X * 4);
    float *y = floats((size_t)Y * X * 4), *all = floats((size_t)Y * X * 5);
    for (int m = 0; m < 4; m++) {
        int right = m % 2, low = m / 2, middle = SIDE / 2, last = SIDE - 1;
        b[m] = -threshold;
        for (int k = 0; k < SIDE; k++) {
            float weight = k < middle ? -1.0f / 6 : 1.0f / 6;
            w[middle][right ? last - k : k][2 + low][m] = weight;
            w[low ? last - k : k][middle][right][m] = weight;
        }
    }
    edges_find(edges, x, 1, Y, X);
    conv2d_forward(y, edges, &w[0][0][0][0], b, &c, 1);
    for (int i = 0; i < Y * X; i++) {
        all[5*i] = x[i];
        relu_forward(all + 5*i + 1, y + 4*i, 4);
    }
    channels_show(all, names, Y, X, 5, save);
    free(all);
    free(y);
    free(edges);
}

/* ---- the program: pools ------------------------------------------------------- */

/* Pools squares of side times side pixels that do not overlap. */
void square_pool(float *y,        // [N,Y/side,X/side,C]  overwritten
                 const float *x,  // [N,Y,X,C]
                 bool largest, int side, int N, int Y, int X, int C)
{
    struct conv c = conv_padded(Y, X, C, side, side, 0, side, 0);
    int *from = ints((size_t)N * c.P * c.Q * C);
    if (largest)
        maxpool_forward(y, from, x, &c, N);
    else
        avgpool_forward(y, x, true, &c, N);
    free(from);
}

/* The picture made smaller and smaller, a line for every pixel. */
void pools_show(const float *x,  // [Y,X]
                int Y, int X)
{
    float *y = floats((size_t)Y * X);
    printf("# pool\tside\trow\tcolumn\tvalue\n");
    for (int k = 0; k < 2; k++)
        for (int side = 1; side <= 4 && side <= Y && side <= X; side *= 2) {
            const char *name = k ? "max" : "average";
            square_pool(y, x, k, side, 1, Y, X, 1);
            for (int i = 0; i < Y / side * (X / side); i++)
                printf("%s\t%d\t%d\t%d\t%.3f\n", name, side, i / (X / side),
                       i % (X / side), y[i]);
            if (isatty(2))
                pictures_draw(stderr, y, &name, 1, Y / side, X / side,
                              1 + (X / side - 1) / 76);
        }
    free(y);
}

/* The mean distance of N pairs of vectors of D numbers. */
double pairs_distance(const float *a, const float *b, int N, int D)
{
    double mean = 0;
    for (int n = 0; n < N; n++) {
        double sum = 0;
        for (int i = n*D; i < (n + 1)*D; i++)
            sum = fma((double)a[i] - b[i], (double)a[i] - b[i], sum);
        mean += sqrt(sum) / N;
    }
    return mean;
}

/* All pictures go so many pixels to the right.  That is a convolution as well, with a
 * single 1 in its kernel. */
void pictures_move(float *y,        // [N,Y,X]  overwritten
                   const float *x,  // [N,Y,X]
                   int shift, int N, int Y, int X)
{
    enum { FAR = 4 };
    struct conv c = {Y, X, 1, 1, 2*FAR + 1, 1, 1, 1, 0, FAR, Y, X};
    float w[2*FAR + 1] = {0}, b = 0;
    w[FAR - shift] = 1;
    conv2d_forward(y, x, w, &b, &c, N);
}

/* How far a picture's edges move in the space of pooled numbers when the picture moves,
 * in parts of the mean distance between two pictures. */
void shift_show(const float *x,  // [N,Y,X]
                int N, int Y, int X)
{
    const int sides[] = {1, 2, 4, 7, 14, 28};
    size_t size = (size_t)N * Y * X * 4;
    float *e[2] = {floats(size), floats(size)}, *y[2] = {floats(size), floats(size)};
    float *moved = floats((size_t)N * Y * X);
    printf("# pool\tside\tnumbers\tshift\tchange\n");
    for (int shift = 0; shift <= 4; shift++) {
        pictures_move(moved, x, shift, N, Y, X);
        edges_find(e[0], x, N, Y, X);
        edges_find(e[1], moved, N, Y, X);
        for (int k = 0; k < 12; k++) {
            int side = sides[k / 2], D = Y / side * (X / side) * 4;
            if (side > Y || side > X)
                continue;
            for (int i = 0; i < 2; i++)
                square_pool(y[i], e[i], k % 2, side, N, Y, X, 4);
            double moved = pairs_distance(y[0], y[1], N, D);
            double other = pairs_distance(y[0], y[0] + D, N - 1, D);
            printf("%s\t%d\t%d\t%d\t%.4f\n", k % 2 ? "max" : "average", side, D, shift,
                   moved / other);
        }
    }
    for (int i = 0; i < 2; i++) {
        free(y[i]);
        free(e[i]);
    }
    free(moved);
}

/* ---- the program: what one number sees ----------------------------------------- */

/* Layers, each a 3x3 mean; then, with "stride", only every second row and column is
 * kept, with "pool" the mean of 2x2.  One number in the middle of the result gets the
 * gradient 1.  Sends it back, and prints the pixels that it reaches. */
void field_print(const char *kind, int layers)
{
    enum { FRAME = 64, MOST = 8 };
    struct conv c[2*MOST];
    int count = 0, stride = strcmp(kind, "stride") ? 1 : 2, Y = FRAME;
    float w[9], *dx = floats(FRAME * FRAME), *dy = floats(FRAME * FRAME);
    for (int l = 0; l < layers; l++) {
        c[count] = conv_same(Y, Y, 1, 3, 3, 1, stride);
        Y = c[count++].P;
        if (!strcmp(kind, "pool")) {
            c[count] = conv_padded(Y, Y, 1, 2, 2, 1, 2, 0);
            Y = c[count++].P;
        }
    }
    for (int i = 0; i < 9; i++)
        w[i] = 1.0f / 9;
    dy[Y/2*Y + Y/2] = 1;
    while (count--) {
        memset(dx, 0, FRAME * FRAME * sizeof *dx);
        if (c[count].R == 2)
            avgpool_backward(dx, dy, true, &c[count], 1);
        else
            conv2d_backward_input(dx, dy, w, &c[count], 1);
        float *swap = dx;
        dx = dy;
        dy = swap;
    }
    int top = FRAME, reach = 0;
    for (int i = FRAME * FRAME - 1; i >= 0; i--)
        top = dy[i] > 0 ? i / FRAME : top;
    for (int i = 0; i < FRAME * FRAME; i++)
        reach = dy[i] > 0 ? i / FRAME - top + 1 : reach;
    for (int i = 0; i < FRAME * FRAME; i++)
        if (dy[i] > 0)
            printf("%s\t%d\t%d\t%d\t%d\t%.4g\n", kind, layers, reach, i / FRAME,
                   i % FRAME, dy[i]);
    free(dy);
    free(dx);
}

void fields_show(void)
{
    const char *const kinds[] = {"plain", "stride", "pool"};
    printf("# kind\tlayers\treach\trow\tcolumn\tshare\n");
    for (int k = 0; k < 3; k++)
        for (int layers = 1; layers <= (k ? 4 : 8); layers *= 2)
            field_print(kinds[k], layers);
}

/* ---- the program: a kernel that learns ------------------------------------------- */

enum { CELLS = SIDE * SIDE };

/* The kernel w and its bias after one number of steps: a line or, with cells, one for
 * each weight. */
void kernel_print(const char *rule, int step, double loss,
                  const float *w,       // [CELLS]
                  const float *true_w,  // [CELLS]
                  bool cells)
{
    float worst = 0;
    for (int i = 0; i < CELLS; i++) {
        worst = fmaxf(worst, fabsf(w[i] - true_w[i]));
        if (cells)
            printf("%s\t%d\t%d\t%d\t%.4f\t%.4f\n", rule, step, i / SIDE, i % SIDE,
                   w[i], true_w[i]);
    }
    if (!cells)
        printf("%s\t%d\t%.4g\t%.4g\n", rule, step, loss, worst);
}

/* Finds a filter from pictures x and what the filter makes of them, t.  Prints steps 0,
 * 1, 2, 4, 8 and so on. */
void kernel_learn(struct optimizer *o, const char *rule,
                  const float *x,       // [N,Y,X]
                  const float *t,       // [N,Y,X]
                  const float *true_w,  // [CELLS]
                  const struct conv *c, int N, int steps, bool cells, uint64_t chance)
{
    int count = N * c->P * c->Q;
    float w[CELLS + 1] = {0}, dw[CELLS + 1], *y = floats(count);
    for (int i = 0; i < CELLS; i++)
        w[i] = 0.1f * normal(&chance);
    for (int step = 0; step <= steps; step++) {
        double loss = 0;
        conv2d_forward(y, x, w, w + CELLS, c, N);
        for (int i = 0; i < count; i++) {
            float off = y[i] - t[i];
            loss += (double)off * off / count;
            y[i] = 2 * off / (float)count;  // now dy
        }
        if (!(step & (step - 1)) || step == steps)
            kernel_print(rule, step, loss, w, true_w, cells);
        memset(dw, 0, sizeof dw);
        conv2d_backward_weights(dw, dw + CELLS, y, x, c, N);
        optimizer_step(o, w, dw);
    }
    free(y);
}

void learn_show(const float *x,  // [N,Y,X]
                int N, int Y, int X, const char *filter, float rate, int steps,
                bool cells, int seed)
{
    const enum rule rules[] = {SGD, MOMENTUM, ADAM};
    const char *const names[] = {"sgd", "momentum", "adam"};
    struct conv c = conv_padded(Y, X, 1, SIDE, SIDE, 1, 1, SIDE / 2);
    float w[CELLS], b = 0, *t = floats((size_t)N * Y * X);
    int f = 0;
    while (strcmp(filters[f].name, filter))
        f++;
    filters_fill(w, f, 1);
    conv2d_forward(t, x, w, &b, &c, N);
    printf(cells ? "# rule\tstep\trow\tcolumn\tweight\twanted\n"
                 : "# rule\tstep\tloss\tworst\n");
    for (int k = 0; k < 3; k++) {
        float step = rules[k] == ADAM ? rate / 10 : rate;
        struct optimizer o = optimizer_new(rules[k], step, CELLS + 1);
        kernel_learn(&o, names[k], x, t, w, &c, N, steps, cells, stream(seed, 1));
        free(o.m);
    }
    free(t);
}

/* ---- the program: three ways ----------------------------------------------------- */

/* One convolution, there and back, in one of three ways. */
struct race {
    struct conv c;
    int N;
    float *x, *w, *b, *dy;         // given
    float *y, *dx, *dw, *db;       // results
    float *A, *work;               // memory of the second and the third way
    double *exact[3];              // y, dx and dw
    size_t xs, ws, ys, as, works;  // sizes
};

enum { CLEAR, MATMUL, FAST, WAYS };
const char *const ways[] = {"clear", "matmul", "fast"};

struct race race_new(struct conv c, int N, uint64_t *chance)
{
    struct race r = {.c = c, .N = N};
    r.xs = (size_t)N * c.Y * c.X * c.C;
    r.ws = (size_t)c.R * c.S * c.C * c.M;
    r.ys = (size_t)N * c.P * c.Q * c.M;
    r.as = (size_t)N * c.P * c.Q * c.R * c.S * c.C;
    r.works = conv2d_work(&c);
    size_t sizes[] = {r.xs, r.ws, c.M, r.ys, r.ys, r.xs, r.ws, c.M, r.as, r.works};
    float **at[] = {&r.x, &r.w, &r.b, &r.dy, &r.y, &r.dx, &r.dw, &r.db, &r.A, &r.work};
    for (int i = 0; i < 10; i++) {
        *at[i] = floats(sizes[i]);
        for (size_t k = 0; i < 4 && k < sizes[i]; k++)
            (*at[i])[k] = 2*uniform(chance) - 1;
    }
    for (int i = 0; i < 3; i++)
        r.exact[i] = memory(i == 0 ? r.ys : i == 1 ? r.xs : r.ws, sizeof(double));
    return r;
}

void race_free(struct race *r)
{
    float *at[] = {r->x, r->w, r->b, r->dy, r->y, r->dx, r->dw, r->db, r->A, r->work};
    for (int i = 0; i < 10; i++)
        free(at[i]);
    for (int i = 0; i < 3; i++)
        free(r->exact[i]);
}

/* The results in double, from the definition. */
void race_exact(struct race *r)
{
    const struct conv *c = &r->c;
    double *y = r->exact[0], *dx = r->exact[1], *dw = r->exact[2];
    for (int i = 0; i < r->N * c->P * c->Q; i++, y += c->M) {
        const float *dy = r->dy + i*c->M;
        for (int m = 0; m < c->M; m++)
            y[m] = r->b[m];
        for (int d = 0; d < c->R * c->S * c->C; d++) {
            int rs = d / c->C, pq = i % (c->P * c->Q), n = i / (c->P * c->Q);
            int pixel = pixel_under(c, n, pq / c->Q, pq % c->Q, rs / c->S, rs % c->S);
            for (int m = 0, k = pixel + d % c->C; pixel >= 0 && m < c->M; m++) {
                y[m] += (double)r->x[k] * r->w[d*c->M + m];
                dx[k] += (double)dy[m] * r->w[d*c->M + m];
                dw[d*c->M + m] += (double)dy[m] * r->x[k];
            }
        }
    }
}

void race_forward(struct race *r, int way)
{
    const struct conv *c = &r->c;
    switch (way) {
    case CLEAR:  conv2d_forward(r->y, r->x, r->w, r->b, c, r->N); break;
    case MATMUL: conv2d_matmul_forward(r->y, r->A, r->x, r->w, r->b, c, r->N); break;
    default:     conv2d_fast_forward(r->y, r->x, r->w, r->b, c, r->N, r->work);
    }
}

/* Both gradients, from 0.  The second way makes its matrix anew: it was used up. */
void race_backward(struct race *r, int way)
{
    const struct conv *c = &r->c;
    memset(r->dx, 0, r->xs * sizeof(float));
    memset(r->dw, 0, r->ws * sizeof(float));
    memset(r->db, 0, c->M * sizeof(float));
    switch (way) {
    case CLEAR:
        conv2d_backward_weights(r->dw, r->db, r->dy, r->x, c, r->N);
        conv2d_backward_input(r->dx, r->dy, r->w, c, r->N);
        break;
    case MATMUL:
        im2col(r->A, r->x, c, r->N);
        conv2d_matmul_backward(r->dx, r->dw, r->db, r->A, r->dy, r->w, c, r->N);
        break;
    default:
        conv2d_fast_backward(r->dx, r->dw, r->db, r->dy, r->x, r->w, c, r->N, r->work);
    }
}

/* Runs one way once, or again and again for so many seconds; returns the best time. */
double race_run(struct race *r, int way, bool back, double time)
{
    double best = INFINITY, begin = seconds(), now = begin;
    do {
        double start = now;
        if (back)
            race_backward(r, way);
        else
            race_forward(r, way);
        now = seconds();
        best = fmin(best, now - start);
    } while (now - begin < time);
    return best;
}

/* The largest error, in parts of the largest number that there should be. */
double race_error(const float *y, const double *exact, size_t n)
{
    double most = 0, top = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(y[i] - exact[i]));
        top = fmax(top, fabs(exact[i]));
    }
    return most / top;
}

/* All three ways, forward and backward, for one shape. */
void race_print(struct conv c, int N, bool clock, double peak, uint64_t *chance)
{
    struct race r = race_new(c, N, chance);
    race_exact(&r);
    for (int back = 0; back < 2; back++)
        for (int way = 0; way < WAYS; way++) {
            double time = race_run(&r, way, back, clock ? 0.15 : 0);
            double macs = (back + 1.0) * r.ys * c.R * c.S * c.C;
            double error = back ? fmax(race_error(r.dx, r.exact[1], r.xs),
                                       race_error(r.dw, r.exact[2], r.ws))
                                : race_error(r.y, r.exact[0], r.ys);
            size_t extra = way == CLEAR ? 0 : way == MATMUL ? r.as : r.works;
            printf("%d\t%d\t%d\t%d\t%s\t%s\t%.3f\t%.2g", c.Y, c.C, c.M, c.R,
                   back ? "backward" : "forward", ways[way], 1e-6 * macs, error);
            if (clock)  // the memory of the fast way depends on the machine, too
                printf("\t%.0f\t%.3f\t%.2f\t%.1f", 4e-3 * (double)extra, 1e3 * time,
                       2e-9 * macs / time, peak);
            printf("\n");
        }
    race_free(&r);
}

/* Shapes with at most so many channels.  A clock is only fair on one core, since the
 * clear way has no other. */
void race_show(bool clock, int channels, uint64_t chance)
{
    // Side of the image, channels there and back, side of the kernel.
    const int shapes[][4] = {
        {16, 1, 1, 3}, {16, 2, 2, 3}, {16, 4, 4, 3}, {16, 8, 8, 3}, {16, 16, 16, 3},
        {16, 32, 32, 3}, {16, 64, 64, 3}, {16, 128, 128, 3},
        {16, 32, 32, 1}, {16, 32, 32, 5}, {16, 32, 32, 7},
        {28, 1, 8, 5}, {14, 8, 16, 5},
    };
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    double peak = clock ? fma_peak(1) : 0;
    struct progress bar = {.what = "convolving"};
    if (clock)
        omp_set_num_threads(1);
    printf("# image\tC\tM\tkernel\tdirection\tway\tmillion_macs\terror%s\n",
           clock ? "\textra_kb\tms\tgflops\tpeak" : "");
    for (int i = 0; i < SHAPES; i++) {
        const int *s = shapes[i];
        progress(&bar, i, SHAPES);
        if (s[1] <= channels && s[2] <= channels)
            race_print(conv_same(s[0], s[0], s[1], s[3], s[3], s[2], 1), 8, clock,
                       peak, &chance);
    }
    progress(&bar, 1, 1);
}

/* Pictures of the test set, from number `first` on, as numbers from 0 to 1. */
float *pictures_read(int *Y, int *X, const char *folder, int first, int N)
{
    struct set set = set_images(folder, "t10k", INT_MAX);
    if (first + N > set.N)
        die("%s: picture %d was asked for, but there are only %d, from 0 on", folder,
            first + N - 1, set.N);
    *Y = set.images.Y;
    *X = set.images.X;
    float *x = floats((size_t)N * set.D);
    for (int n = 0; n < N; n++)
        images_row(x + n*set.D, &set.images, first + n);
    set_free(&set);
    return x;
}

/* A picture from a file, in grey. */
float *picture_read(int *Y, int *X, const char *path)
{
    struct pnm p = pnm_load(path);
    if (p.Y > 1 << 24 || p.Y * (long)p.X > 1 << 24)
        die("%s: found %d times %d pixels, wanted at most %d", path, p.X, p.Y, 1 << 24);
    float *x = floats((size_t)p.Y * p.X);
    pnm_grey(x, &p);
    *Y = p.Y;
    *X = p.X;
    pnm_free(&p);
    return x;
}

int main(int argc, char **argv)
{
    const char *show = "filters", *filter = "upright", *folder = "data/fashion-mnist";
    const char *image = "", *save = "";
    int picture = 7, examples = 8, steps = 1024, channels = 128;
    int clock = 0, seed = 1, Y, X;
    float rate = 0.1f, threshold = 0.3f;
    OPTIONS("moves kernels over pictures",
            CHOICE(show, "filters|corners|pools|shift|sees|learn|kernel|race",
                   "seven filters; a detector of corners; a picture pooled; what "
                   "pools do to a shift; what one number sees; a kernel that learns, "
                   "its loss or its weights; three ways to convolve"),
            OPTION(picture, 0, 9999, "test image for filters, corners and pools"),
            TEXT(image, "in its place a picture of your own, a file .pgm or .ppm"),
            TEXT(save, "filters and corners as pictures save-blur.pgm and so on, "
                       "not as numbers"),
            OPTION(threshold, -100, 100, "below it there is no corner"),
            OPTION(examples, 2, 1000, "pictures to shift or to learn from"),
            CHOICE(filter, "itself|blur|sharpen|upright|level|outline|emboss",
                   "to be learned"),
            OPTION(rate, 1e-6, 100, "learning rate; adam takes a tenth"),
            OPTION(steps, 0, 1000000, "to learn"),
            OPTION(channels, 1, 128, "most of them with show=race"),
            OPTION(clock, 0, 1, "1: also times and GFLOP/s, with show=race"),
            OPTION(seed, 0, 1000000, "of first weights and random numbers"),
            TEXT(folder, "where the images are"));
    if (!strcmp(show, "race")) {
        race_show(clock, channels, stream(seed, 1));
        return 0;
    }
    if (!strcmp(show, "sees")) {
        fields_show();
        return 0;
    }
    bool learn = !strcmp(show, "learn") || !strcmp(show, "kernel");
    bool many = learn || !strcmp(show, "shift");
    float *x = many ? pictures_read(&Y, &X, folder, 0, examples)
               : *image ? picture_read(&Y, &X, image)
                        : pictures_read(&Y, &X, folder, picture, 1);
    if (!strcmp(show, "filters"))
        filters_show(x, Y, X, save);
    if (!strcmp(show, "corners"))
        corners_show(x, Y, X, threshold, save);
    if (!strcmp(show, "pools"))
        pools_show(x, Y, X);
    if (!strcmp(show, "shift"))
        shift_show(x, examples, Y, X);
    if (learn)
        learn_show(x, examples, Y, X, filter, rate, steps, *show == 'k', seed);
    free(x);
}

#endif
#endif
