/* 15-detection: what is in a picture, and where.  A one-stage detector: boxes, what the
 * network shall say in every cell, the loss forward and backward, and how good it is.
 *
 * Coordinates are in pixels, and belong to the edges between them: pixel (i,j) covers
 * rows i to i + 1 and columns j to j + 1.
 */
#ifndef DETECTION_C
#define DETECTION_C
#include <14-resnet/resnet.c>
#include <03-neuron/neuron.c>

/* ---- boxes ------------------------------------------------------------------- */

/* A box from column x0 to x1 and from row y0 to y1. */
struct box { float x0, y0, x1, y1; };

/* Its area in pixels; 0 if x1 is not above x0, or y1 not above y0.  In double, where
 * the product of two floats is exact. */
double box_area(struct box b)
{
    double wide = b.x1 - b.x0, high = b.y1 - b.y0;
    return wide > 0 && high > 0 ? wide * high : 0;
}

/* Exercise 15.1: the intersection over union of two boxes.
 *
 *     intersection = area of what both cover
 *     union        = area(a) + area(b) - intersection
 *
 * Returns intersection / union, from 0 to 1; and 0 if the union is 0.  Boxes may be as
 * small or as large as floats are, but no coordinate is NAN.
 * Hint: what both cover is a box too, from the larger x0 to the smaller x1.
 */
float iou(struct box a, struct box b)
{
    // The box that both cover; it may be inside out, and has no area then.
    // Its share of the union.
    TODO("15.1");
}

/* Exercise 15.2*: the generalized intersection over union, which also tells how far
 * apart two boxes are that have nothing in common.
 *
 *     hull = area of the box from the smaller x0 and y0 to the larger x1 and y1
 *     GIoU = IoU - (hull - union) / hull
 *
 * Returns it, from -1 to 1; and 0 if the hull is 0.
 * Source: Rezatofighi and others 2019, algorithm 1.
 */
float giou(struct box a, struct box b)
{
    // The box that both cover, the box around both, and the union.
    // What of the hull neither covers counts against them.
    TODO("15.2*");
}

/* Exercise 15.3: a box told from an anchor: a box of fixed size that a network starts
 * from.  With centre (cx,cy), width w and height h of the box, and ax, ay, aw, ah those
 * of the anchor:
 *
 *     t = (cx - ax) / aw,  (cy - ay) / ah,  log(w / aw),  log(h / ah)
 *
 * t is overwritten.  The anchor has an area; a box of width or height 0 gives -INFINITY
 * there.
 * Source: Girshick and others 2014, appendix C.
 */
void box_encode(float *t,  // [4]  overwritten
                struct box b, struct box anchor)
{
    // Both sizes, then the distance of the centres in sizes of the anchor.
    TODO("15.3");
}

/* The most that log(w / aw) and log(h / ah) may be: before the first step of training a
 * network says anything, and exp() would make infinities of it.  As torchvision's. */
#define SIZE_LIMIT 4.135166556742356f  // log(1000 / 16)

/* Exercise 15.4: and back: the box that t means.
 *
 *     cx = ax + t[0] aw       w = aw exp(min(t[2], SIZE_LIMIT))
 *     cy = ay + t[1] ah       h = ah exp(min(t[3], SIZE_LIMIT))
 *
 * Returns the box from cx - w/2 to cx + w/2, from cy - h/2 to cy + h/2.  No t is NAN.
 */
struct box box_decode(const float *t,  // [4]
                      struct box anchor)
{
    // Centre and size.
    // From the centre to both sides.
    TODO("15.4");
}

/* ---- what is there, and what the network says ---------------------------------- */

/* An object of a scene; and what a detector takes for one. */
struct object { struct box box; int class, scene; };
struct detection { struct box box; int class, scene; float score; };

/* An image is divided into cells of stride by stride pixels, row by row; cell c has its
 * centre in the centre of its anchor, a square of so many pixels a side. */
struct cells { int rows, columns; float stride, anchor; };

struct box anchor_at(const struct cells *g, int c)
{
    float x = ((float)(c % g->columns) + 0.5f) * g->stride;
    float y = ((float)(c / g->columns) + 0.5f) * g->stride, half = 0.5f * g->anchor;
    return (struct box){x - half, y - half, x + half, y + half};
}

/* Exercise 15.5: what the network shall say in every cell of one image.
 *
 *     object k claims cell c if its box has an area, and
 *         the centre of the box lies in the cell, or
 *         the centre of the cell lies in the core of the box: half its width and half
 *         its height, about the same centre
 *     (to lie in: left edge <= x < right edge, and upper edge <= y < lower edge)
 *
 *     class[c] = class of the claiming object with the smallest area, of equal ones
 *                the first;  -1 if no object claims the cell
 *     t[c]     = its box, encoded (15.3) from anchor_at(g, c);  0 if there is none
 *
 * Both are overwritten.  Sources: Tian and others 2019 for the smallest, Zhu, He,
 * Savvides 2019 for the core.
 */
void cells_target(float *t,     // [rows columns,4]  overwritten
                  int *class,   // [rows columns]  overwritten
                  const struct object *object,  // [n]
                  int n, const struct cells *g)
{
    // Cell by cell: who claims it, and who of them is the smallest?
    TODO("15.5");
}

/* ---- the loss ------------------------------------------------------------------ */

/* What the network says in one cell, a row of 5 + K numbers z: 4 that tell a box, the
 * logit that there is an object at all, and the logits of its K classes. */
enum { OBJECT = 4, CLASSES = 5 };

/* From here on a box that is told wrong costs more in proportion, not in its square. */
#define BETA 0.1f

/* Exercise 15.6: how far n numbers are from their targets: a parabola near 0, so that
 * the slope does not jump; straight lines further out, so that one bad box does not
 * outweigh the rest.  With d[i] = z[i] - t[i], the sum over i of
 *
 *     d[i]^2 / (2 BETA)     where |d[i]| < BETA,
 *     |d[i]| - BETA/2       else
 *
 * Source: Girshick 2015, equation 3, where BETA is 1.
 */
float smooth_l1_forward(const float *z, const float *t,  // [n]
                        int n)
{
    // Add up what every number costs; in double.
    TODO("15.6");
}

/* Exercise 15.7: its gradient, times share.
 *
 *     dz[i] += share d[i] / BETA       where |d[i]| < BETA,
 *     dz[i] += share, or -share        else: where d[i] is above 0, or below
 *
 * dz is added to.
 */
void smooth_l1_backward(float *dz,                       // [n]  added to
                        const float *z, const float *t,  // [n]
                        float share, int n)
{
    // The slope of each: d / BETA, but not above 1 and not below -1.
    TODO("15.7");
}

/* Three parts, of which the sum is the loss. */
struct detection_loss { float box, object, class; };

/* How many of n cells have an object; but at least 1, as the loss is divided by it. */
int cells_taken(const int *class, int n)
{
    int taken = 0;
    for (int c = 0; c < n; c++)
        taken += class[c] >= 0;
    return taken ? taken : 1;
}

/* Exercise 15.8: the loss over n cells.  With P = cells_taken():
 *
 *     box    = 1/P  sum over cells with an object of 15.6 for the 4 numbers of its box
 *     object = 1/P  sum over all cells of the binary cross-entropy (3.3) of
 *                   z[c,OBJECT], with target 1 where there is an object, else 0
 *     class  = 1/P  sum over cells with an object of the cross-entropy (6.11) of the
 *                   logits z[c,CLASSES..CLASSES+K-1], with class[c]
 *
 * p is overwritten where there is an object: by the probabilities of its classes.
 * Hint: both cross-entropies are means over rows; of one row, they are that row's.
 */
struct detection_loss detection_loss_forward(float *p,          // [n,K]  see above
                                             const float *z,    // [n,5+K]
                                             const float *t,    // [n,4]
                                             const int *class,  // [n]  -1: no object
                                             int n, int K)
{
    // Cell by cell, in double.
    TODO("15.8");
}

/* Exercise 15.9: the gradient of the sum of the three parts.
 *
 *     dz[c,0..3]       += 15.7 with share 1/P                 where there is an object
 *     dz[c,OBJECT]     += (sigmoid(z[c,OBJECT]) - [there is an object]) / P
 *     dz[c,CLASSES+k]  += (p[c,k] - [k = class[c]]) / P       where there is an object
 *
 * dz is added to.
 */
void detection_loss_backward(float *dz,         // [n,5+K]  added to
                             const float *p,    // [n,K]  of detection_loss_forward
                             const float *z,    // [n,5+K]
                             const float *t,    // [n,4]
                             const int *class,  // [n]  -1: no object
                             int n, int K)
{
    // Cell by cell: every one has a share in the second part.
    TODO("15.9");
}

/* ---- from what the network says to boxes ----------------------------------------- */

/* Exercise 15.10: every cell offers its box once for every class.
 *
 *     score of class k in cell c = sigmoid(z[c,OBJECT]) softmax(z[c,CLASSES...])[k]
 *
 * Its box is decoded (15.4) from the anchor of the cell, and every coordinate that lies
 * outside of the image, of rows stride by columns stride pixels, is moved to its edge.
 * Detection c K + k is of cell c and class k; all are overwritten, scene too.  p is
 * memory to use on the way.
 */
void cells_read(struct detection *d,  // [rows columns K]  overwritten
                float *p,             // [K]  overwritten
                const float *z,       // [rows columns,5+K]
                int scene, const struct cells *g, int K)
{
    // Cell by cell: its box, within the image, then its score in every class.
    TODO("15.10");
}

/* Exercise 15.11: keeps the detections whose score is above a threshold and whose box
 * has an area.
 *
 * They move to the front, in their old order.  Returns how many; what is behind them
 * does not matter.  One whose score or a coordinate is NAN is not kept.
 */
int score_filter(struct detection *d,  // [n]  changed
                 float threshold, int n)
{
    // Whoever passes takes the next place.  No comparison with NAN is true.
    TODO("15.11");
}

/* Sorts detections: the largest score first; equal ones stay in their order. */
void detections_sort(struct detection *d, int n)
{
    struct detection *spare = memory((size_t)n, sizeof *d);
    for (int run = 1; run < n; run *= 2) {
        // Runs of so many are in order; two become one.
        for (int first = 0; first < n; first += 2 * run) {
            int middle = least(first + run, n), end = least(first + 2*run, n);
            int a = first, b = middle;
            for (int to = first; to < end; to++) {
                bool left = a < middle && (b == end || d[a].score >= d[b].score);
                spare[to] = d[left ? a++ : b++];
            }
        }
        memcpy(d, spare, (size_t)n * sizeof *d);
    }
    free(spare);
}

/* Exercise 15.12: non-maximum suppression: of boxes of one class that lie upon each
 * other, only the one with the largest score stays.
 *
 *     In the order of detections_sort(), a detection is kept if its IoU with every one
 *     kept before it, of the same class and scene, is at most limit.
 *
 * Those kept move to the front, in that order.  Returns how many; what is behind them
 * does not matter.
 */
int nms(struct detection *d,  // [n]  changed, no number in it is NAN
        float limit, int n)
{
    // The largest score first.
    // Whoever is not suppressed takes the next place.
    TODO("15.12");
}

/* ---- how good is it? ---------------------------------------------------------- */

/* Exercise 15.13: which object each detection found.
 *
 *     Detections take their turns in the order given.  Each takes, of the objects of
 *     its class and scene that nobody has taken yet, the one with which its IoU is
 *     largest (of equal ones the first), if that is at least limit.
 *
 *     found[i] = the number of that object, or -1
 *
 * found and taken are overwritten.
 */
void match(int *found,                  // [n]  overwritten
           bool *taken,                 // [m]  overwritten: was it found?
           const struct detection *d,   // [n]  the largest score first
           const struct object *object, // [m]
           float limit, int n, int m)
{
    // Nobody is taken yet.  Then each detection: the best object that is left.
    TODO("15.13");
}

/* Exercise 15.14: the average precision: the area under the curve of precision against
 * recall, its dents filled.
 *
 *     recall[i]    = hits among detections 0..i / objects
 *     precision[i] = hits among detections 0..i / (i + 1)
 *     envelope[i]  = max over j >= i of precision[j]
 *
 *     AP = sum over i of (recall[i] - recall[i-1]) envelope[i],     recall[-1] = 0
 *
 * Returns it, from 0 to 1; NAN if there are no objects.
 * Hint: recall grows only at a hit, each time by the same; begin at the end.
 */
float average_precision(const int *found,  // [n]  hit or not: -1, best score first
                        int objects, int n)
{
    // All hits; then from the last detection to the first.
    TODO("15.14");
}

/* Exercise 15.15: mean average precision.
 *
 *     ap[k] = average precision of the detections of class k, for the objects of class
 *             k, matched (15.13) with this limit
 *
 * Returns the mean over the classes that have an object, whose ap[k] is not NAN; NAN if
 * none has.  ap is overwritten.  d comes in any order: detections_sort() it.
 */
float mean_average_precision(float *ap,                   // [K]  overwritten
                             struct detection *d,         // [n]  sorted
                             const struct object *object, // [m]
                             float limit, int n, int m, int K)
{
    // All classes are matched at once.
    // Then each for itself.
    TODO("15.15");
}

/* Exercise 15.16*: the mean of 15.15 over ten limits: 0.5, 0.55, ... 0.95.
 *
 * A limit is (50 + 5i) / 100 for i = 0..9, a quotient of floats.  Source: the COCO
 * benchmark, Lin and others 2014.
 */
float mean_ap_over_limits(struct detection *d,         // [n]  sorted
                          const struct object *object, // [m]
                          int n, int m, int K)
{
    // The mean of ten.
    TODO("15.16*");
}

/* ---- the network --------------------------------------------------------------- */

/* The backbone: a small residual network of chapter 14 that makes 64 by 64 pixels 8 by
 * 8 cells.  Its last layer, which there reads the mean of all cells, reads each. */
const struct family backbone = {"detector", 3, 16, 2, false, 3, {1, 1, 1}, {16, 32, 64},
                                2, PROJECTION};
enum { STRIDE = 8 };

/* The cells of an image of Y by X pixels, both multiples of STRIDE. */
struct cells cells_of(int Y, int X)
{
    return (struct cells){Y / STRIDE, X / STRIDE, STRIDE, 24};
}

struct resnet detector_plan(int Y, int X, int K)
{
    return resnet_plan(&backbone, Y, X, 1, 5 + K);
}

/* New weights.  Most cells are empty: the logits of OBJECT begin at the probability
 * 0.1, as Lin and others 2017 did. */
void detector_init(struct resnet *net, uint64_t *chance)
{
    resnet_init(net, chance);
    net->b[OBJECT] = -2.2f;
}

/* All that training keeps: what chapter 14 does, and what every cell says. */
struct detector_work {
    struct resnet_work body;     // x given; z, p, dz and pooled have no use
    float *z, *dz;               // [N rows columns,5+K]
    float *p;                    // [N rows columns,K]
    float *t;                    // [N rows columns,4]
    int *class;                  // [N rows columns]
    int cells;                   // rows columns
};

struct detector_work detector_work_new(const struct resnet *net, int N)
{
    const struct conv *end = &net->unit[net->units - 1].c;
    size_t cells = (size_t)end->P * end->Q, n = (size_t)N * cells;
    return (struct detector_work){
        resnet_work_new(net, N), floats(n * net->K), floats(n * net->K),
        floats(n * (net->K - 5)), floats(n * 4), ints(n), (int)cells,
    };
}

void detector_work_free(struct detector_work *w)
{
    resnet_work_free(&w->body);
    free(w->z), free(w->dz), free(w->p), free(w->t), free(w->class);
}

/* The network forward, from images to what every cell says, z: as 14.9, without the
 * mean at the end. */
void detector_forward(struct detector_work *work,  // body.x given, body, z overwritten
                      const struct resnet *net, bool training, int N)
{
    const struct unit *stem = net->unit;
    struct resnet_work *w = &work->body;
    double *sums = w->back.unit.sums;
    unit_forward(w->unit, stem, (struct images_in){.x = w->x}, sums, training, N);
    join_forward(w->h[0], w->unit->z, w->unit->scale, w->unit->shift, NULL, NULL, NULL,
                 N * stem->c.P * stem->c.Q, stem->c.M);
    for (int i = 0; i < net->blocks; i++) {
        const struct block *b = net->block + i;
        block_forward(w->h[i + 1], w->unit + b->first, w->h[i], stem + b->first, b,
                      sums, training, N);
    }
    linear_forward(work->z, w->h[net->blocks], net->W, net->b, N * work->cells, net->D,
                   net->K);
}

/* And backward, from dz: as 14.10. */
void detector_backward(struct resnet *grad,         // overwritten
                       struct detector_work *work,  // dz given
                       const struct resnet *net, bool training, int N)
{
    struct resnet_work *w = &work->body;
    const int rows = N * work->cells;
    float *dh = w->d[0], *dx = w->d[1];
    w->back.unit.training = training;
    memset(grad->W, 0, ((size_t)net->K * net->D + net->K) * sizeof(float));
    memset(dh, 0, (size_t)rows * net->D * sizeof(float));
    linear_backward(dh, grad->W, grad->b, work->dz, w->h[net->blocks], net->W, rows,
                    net->D, net->K);
    for (int i = net->blocks - 1; i >= 0; i--) {
        const struct block *b = net->block + i;
        block_backward(dx, grad->unit + b->first, dh, w->h[i + 1], w->unit + b->first,
                       w->h[i], net->unit + b->first, b, &w->back, N);
        float *turn = dh;
        dh = dx, dx = turn;
    }
    unit_backward(NULL, false, grad->unit, dh, w->unit, net->unit,
                  (struct images_in){.x = w->x}, true, &w->back.unit, N);
}

/* The gradient of the loss of N images with the targets t and class, in training;
 * returns that loss.  The running statistics take in the batch. */
struct detection_loss detector_gradient(struct resnet *grad,         // overwritten
                                        struct detector_work *work,  // body.x, t, class
                                                                     // given
                                        struct resnet *net, int N)
{
    const int n = N * work->cells, K = net->K - 5;
    detector_forward(work, net, true, N);
    struct detection_loss loss = detection_loss_forward(work->p, work->z, work->t,
                                                        work->class, n, K);
    memset(work->dz, 0, (size_t)n * net->K * sizeof(float));
    detection_loss_backward(work->dz, work->p, work->z, work->t, work->class, n, K);
    detector_backward(grad, work, net, true, N);
    for (int i = 0; i < net->units; i++)
        unit_running(net->unit + i, work->body.unit + i, N);
    return loss;
}

/* ---- a classifier that slides over the image ------------------------------------ */

/* A LeNet (chapter 13) whose first convolution has no zeros around the image: so a
 * window gives the same numbers alone as within a larger image. */
struct lenet lenet_valid(int Y, int X, int C, int M1, int M2, int H1, int H2, int K)
{
    struct lenet s = lenet_shape(Y, X, C, M1, M2, H1, H2, K);
    s.conv1 = conv_padded(Y, X, C, 5, 5, M1, 1, 0);
    s.pool1 = conv_padded(s.conv1.P, s.conv1.Q, M1, 2, 2, M1, 2, 0);
    s.conv2 = conv_padded(s.pool1.P, s.pool1.Q, M1, 5, 5, M2, 1, 0);
    s.pool2 = conv_padded(s.conv2.P, s.conv2.Q, M2, 2, 2, M2, 2, 0);
    s.D = s.pool2.P * s.pool2.Q * M2;
    return s;
}

/* Exercise 15.17*: a linear layer that reads an image [R,S,C] is a convolution whose
 * kernel is as large as the image.  Its weights, as a convolution wants them:
 *
 *     w[r,s,c,m] = W[m, (r S + s) C + c]
 *
 * w is overwritten.
 */
void kernel_from_linear(float *w,        // [R,S,C,M]  overwritten
                        const float *W,  // [M,R S C]
                        int R, int S, int C, int M)
{
    // W has a row for each kernel, w a column.
    TODO("15.17*");
}

/* A LeNet as a network of convolutions alone, for images that may be larger than those
 * it has learned from; and what one image leaves behind in it. */
struct slide {
    struct conv conv1, pool1, conv2, pool2, conv3, conv4, conv5;
    const float *w1, *b1, *w2, *b2, *b3, *b4, *b5;  // those of the LeNet
    float *w3, *w4, *w5;      // [R,S,M2,H1], [1,1,H1,H2], [1,1,H2,K]  by 15.17
    float *c1, *h1, *c2, *h2; // behind each convolution and each pool
    float *h3, *h4, *z;       // [P,Q,H1], [P,Q,H2], [P,Q,K] with P, Q of conv5
    int *from;                // of both pools
    float *conv;              // for conv2d_fast_forward
    float *block;             // all of it
};

/* The parts of it, given out from a block; without one they are counted. */
struct slide slide_parts(const struct lenet *net, int Y, int X, struct parts *t)
{
    const struct conv *p = &net->pool2;
    const struct lenet wide = lenet_valid(Y, X, net->C, net->M1, net->M2, net->H1,
                                          net->H2, net->K);
    struct slide s = {.conv1 = wide.conv1, .pool1 = wide.pool1, .conv2 = wide.conv2,
                      .pool2 = wide.pool2, .w1 = net->w1, .b1 = net->b1, .w2 = net->w2,
                      .b2 = net->b2, .b3 = net->b3, .b4 = net->b4, .b5 = net->b5,
                      .block = t->block};
    s.conv3 = conv_padded(s.pool2.P, s.pool2.Q, net->M2, p->P, p->Q, net->H1, 1, 0);
    s.conv4 = conv_padded(s.conv3.P, s.conv3.Q, net->H1, 1, 1, net->H2, 1, 0);
    s.conv5 = conv_padded(s.conv3.P, s.conv3.Q, net->H2, 1, 1, net->K, 1, 0);
    const struct conv *c[] = {&s.conv1, &s.pool1, &s.conv2, &s.pool2, &s.conv3,
                              &s.conv4, &s.conv5};
    float **y[] = {&s.c1, &s.h1, &s.c2, &s.h2, &s.h3, &s.h4, &s.z};
    size_t work = 0, from = 0;  // the largest of each
    for (int i = 0; i < 7; i++) {
        size_t image = (size_t)c[i]->P * c[i]->Q * c[i]->M;
        *y[i] = part_take(t, image);
        from = from > image ? from : image;
        work = work > conv2d_work(c[i]) ? work : conv2d_work(c[i]);
    }
    s.w3 = part_take(t, (size_t)net->H1 * net->D);
    s.w4 = part_take(t, (size_t)net->H2 * net->H1);
    s.w5 = part_take(t, (size_t)net->K * net->H2);
    s.from = (int *)part_take(t, from);
    s.conv = part_take(t, work);
    return s;
}

/* A network made convolutional, for images [Y,X] at least as large as its own; free()
 * its block when done.  The LeNet must stay where it is. */
struct slide slide_new(const struct lenet *net, int Y, int X)
{
    struct parts count = {0};
    slide_parts(net, Y, X, &count);
    struct parts parts = {floats(count.used), 0};
    struct slide s = slide_parts(net, Y, X, &parts);
    kernel_from_linear(s.w3, net->W3, net->pool2.P, net->pool2.Q, net->M2, net->H1);
    kernel_from_linear(s.w4, net->W4, 1, 1, net->H1, net->H2);
    kernel_from_linear(s.w5, net->W5, 1, 1, net->H2, net->K);
    return s;
}

/* Exercise 15.18*: the logits of every window of an image, all at once: what 13.8 would
 * give for each window alone.
 *
 *     c1 = conv1(x)    h1 = relu(pool1(c1))    c2 = conv2(h1)    h2 = relu(pool2(c2))
 *     h3 = relu(conv3(h2))    h4 = relu(conv4(h3))    z = conv5(h4)
 *
 * conv3, conv4 and conv5 are the linear layers: kernels w3, w4, w5, biases b3, b4, b5.
 * z[p,q] is of the window whose first pixel is in row 4p and column 4q: two pools of
 * stride 2.  c1 .. z and from are overwritten.
 * Hint: conv2d_fast_forward() takes s->conv as its memory.
 */
void slide_forward(struct slide *s,  // c1 .. z and from overwritten
                   const float *x)   // [Y,X,C]
{
    // Two convolutions, each with its pool and relu in place.
    // The linear layers, relu on all but the last.
    TODO("15.18*");
}

/* ---- scenes -------------------------------------------------------------------- */

/* Scenes are made of the items of Fashion-MNIST: so every truth is known, and there are
 * as many as one likes. */
enum { ITEM = 28, ITEMS = 6, PATCH = 36 };
struct scenes { const struct set *items; int side; uint64_t seed; };

/* A picture of an item in some size; from top to bottom and left to right there is
 * anything in it. */
struct patch { float x[PATCH][PATCH]; int top, left, bottom, right; };

/* An item made size by size pixels, in a mirror or not: each pixel from the four around
 * its place in the item, weighted as in image_sample(). */
void patch_draw(struct patch *p, const struct set *items, int item, int size, bool flip)
{
    float x[ITEM * ITEM], wide[ITEM + 2][ITEM + 2] = {{0}};
    const float step = (float)ITEM / (float)size;
    images_row(x, &items->images, item);
    for (int i = 0; i < ITEM; i++)
        memcpy(wide[i + 1] + 1, x + i*ITEM, ITEM * sizeof *x);
    *p = (struct patch){.top = size, .left = size};
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            // In wide, pixel centres are at whole numbers and a half.
            float row = fmaf((float)i + 0.5f, step, 0.5f);
            float column = fmaf((float)(flip ? size-1-j : j) + 0.5f, step, 0.5f);
            const int a = (int)row, b = (int)column;
            float down = row - (float)a, right = column - (float)b;
            const float *up = wide[a] + b, *low = wide[a + 1] + b;
            float upper = fmaf(right, up[1] - up[0], up[0]);
            float lower = fmaf(right, low[1] - low[0], low[0]);
            float v = p->x[i][j] = fmaf(down, lower - upper, upper);
            if (v < 0.12f)
                continue;
            p->top = least(p->top, i), p->left = least(p->left, j);
            p->bottom = i + 1 > p->bottom ? i + 1 : p->bottom;
            p->right = j + 1 > p->right ? j + 1 : p->right;
        }
}

/* A piece of a patch onto an image: what is bright in it hides what is below. */
void patch_paste(float *x,  // [side,side]  changed
                 const struct patch *p, int top, int left, float light, int side)
{
    for (int i = p->top; i < p->bottom; i++)
        for (int j = p->left; j < p->right; j++) {
            int a = top + i - p->top, b = left + j - p->left;
            if (a < 0 || a >= side || b < 0 || b >= side)
                continue;
            float v = p->x[i][j], cover = v > 0.2f ? 1 : 5*v, *to = x + a*side + b;
            *to = fmaf(cover, fmaf(light, v, -*to), *to);
        }
}

/* May a box stand there?  Two may overlap, but none may hide too much of another. */
bool box_fits(struct box b, const struct object *object, int n)
{
    for (int k = 0; k < n; k++) {
        struct box o = object[k].box;
        struct box both = {fmaxf(b.x0, o.x0), fmaxf(b.y0, o.y0), fminf(b.x1, o.x1),
                           fminf(b.y1, o.y1)};
        if (box_area(both) > 0.25 * fmin(box_area(b), box_area(o)))
            return false;
    }
    return true;
}

/* Scene number so many: up to ITEMS items before a background with noise and scraps of
 * items; one in ten is empty but for those.  Returns how many objects it has. */
int scene_make(float *x,               // [side,side]  overwritten
               struct object *object,  // [ITEMS]  overwritten
               const struct scenes *s, int scene)
{
    const int side = s->side, N = s->items->N;
    uint64_t chance = stream(s->seed, (uint64_t)scene);
    struct patch p;
    // The background: a slope with noise.
    float level = 0.25f * uniform(&chance), down = 0.2f * swing(&chance);
    float right = 0.2f * swing(&chance), noise = 0.1f * uniform(&chance);
    for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++) {
            float slope = fmaf(down, (float)i, right * (float)j) / (float)side;
            float v = fmaf(noise, swing(&chance), level + slope);
            x[i*side + j] = v > 0 ? v : 0;
        }
    // Scraps.
    for (int n = below(&chance, 5); n > 0; n--) {
        patch_draw(&p, s->items, below(&chance, N), ITEM, false);
        int most = 4 + below(&chance, 7);
        p.top = 6 + below(&chance, 10), p.left = 6 + below(&chance, 10);
        p.bottom = p.top + most, p.right = p.left + 4 + below(&chance, 7);
        int top = below(&chance, side), left = below(&chance, side);
        patch_paste(x, &p, top, left, 0.5f + 0.5f * uniform(&chance), side);
    }
    // Items, each at the first of some places where it fits; else it is left out.
    int count = below(&chance, 10) ? 1 + below(&chance, ITEMS) : 0, n = 0;
    for (; count > 0; count--) {
        int item = below(&chance, N), size = 20 + below(&chance, PATCH - 19);
        patch_draw(&p, s->items, item, size, below(&chance, 2));
        float light = fmaf(0.4f, uniform(&chance), 0.6f);
        for (int try = 0; try < 10 && p.bottom > p.top; try++) {
            int high = p.bottom - p.top, wide = p.right - p.left;
            int top = below(&chance, side - high + 1);
            int left = below(&chance, side - wide + 1);
            struct box b = {(float)left, (float)top, (float)(left + wide),
                            (float)(top + high)};
            if (!box_fits(b, object, n))
                continue;
            patch_paste(x, &p, top, left, light, side);
            object[n++] = (struct object){b, set_class(s->items, item), scene};
            break;
        }
    }
    return n;
}

/* ---- the program: scenes, and what is found in them -------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/picture.h"
#include "../../data/pnm.h"

/* How a detector is trained, and what it is asked. */
struct trial {
    const struct set *train, *test;  // items to make scenes of
    int side, batch, scenes, epochs, tests, warmup, seed;  // scenes: of an epoch
    float rate, decay;
    float score, sure, overlap;      // see main()
    bool stars;                      // with what the starred exercises give
    const char *save;
};

/* N scenes, and the n objects in all of them. */
struct exam { float *x; struct object *object; int N, n; };

struct exam exam_new(const struct scenes *s, int N)
{
    const size_t pixels = (size_t)s->side * s->side;
    struct exam e = {floats((size_t)N * pixels),
                     memory((size_t)N * ITEMS, sizeof *e.object), N, 0};
    for (int i = 0; i < N; i++)
        e.n += scene_make(e.x + i*pixels, e.object + e.n, s, i);
    return e;
}

void exam_free(struct exam *e)
{
    free(e->object), free(e->x);
}

/* Unseen scenes, the same for every seed of a training. */
struct scenes scenes_unseen(const struct trial *r)
{
    return (struct scenes){r->test, r->side, stream(0, 4)};
}

/* The first scene, from this one on, with three objects or more; else the last. */
int scene_full(const struct exam *e, int from)
{
    for (int k = 2; k < e->n; k++)
        if (e->object[k].scene >= from && e->object[k - 2].scene == e->object[k].scene)
            return e->object[k].scene;
    return e->N - 1;
}

/* What was found in scenes: all boxes of a score above a threshold, scene by scene; and
 * of them those that nms leaves. */
struct found { struct detection *before, *after; int befores, afters; };

struct found found_new(int scenes, int cells, int K)
{
    const size_t room = (size_t)scenes * cells * K;
    return (struct found){memory(room, sizeof(struct detection)),
                          memory(room, sizeof(struct detection)), 0, 0};
}

void found_free(struct found *f)
{
    free(f->after), free(f->before);
}

/* Makes `after` of `before`; the largest score first, of all scenes. */
void found_nms(struct found *f, float overlap)
{
    const struct detection *d = f->before;
    f->afters = 0;
    for (int first = 0, last; first < f->befores; first = last) {
        struct detection *to = f->after + f->afters;
        for (last = first; last < f->befores && d[last].scene == d[first].scene; last++)
            to[last - first] = d[last];
        f->afters += nms(to, overlap, last - first);
    }
    detections_sort(f->after, f->afters);
}

/* Asks a network about N images, as many at a time as the work space is for. */
void images_detect(struct found *f,  // overwritten
                   struct detector_work *w, const struct resnet *net,
                   const float *x,   // [N,Y,X]
                   const struct trial *r, int batch, int N)
{
    const int K = net->K - 5, Y = net->unit[0].c.Y, X = net->unit[0].c.X;
    const struct cells grid = cells_of(Y, X);
    float *p = floats(K);
    f->befores = 0;
    for (int first = 0; first < N; first += batch) {
        const int B = least(batch, N - first);
        w->body.x = x + (size_t)first * Y * X;
        detector_forward(w, net, false, B);
        for (int i = 0; i < B; i++) {
            struct detection *to = f->before + f->befores;
            const float *z = w->z + (size_t)i * w->cells * net->K;
            cells_read(to, p, z, first + i, &grid, K);
            f->befores += score_filter(to, r->score, w->cells * K);
        }
    }
    found_nms(f, r->overlap);
    free(p);
}

/* The mAP of what was found, at one limit of the IoU. */
float found_map(const struct found *f, const struct exam *e, float limit, int K)
{
    float *ap = floats(K);
    float map = mean_average_precision(ap, f->after, e->object, limit, f->afters, e->n,
                                       K);
    free(ap);
    return map;
}

/* Ends a row with the mean over ten limits, which takes the starred exercise. */
void map_print(const struct found *f, const struct exam *e, const struct trial *r)
{
    if (r->stars)
        printf("\t%.4f", mean_ap_over_limits(f->after, e->object, f->afters, e->n,
                                             r->test->K));
    printf("\n");
    fflush(stdout);
}

/* ---- the program: boxes in pictures ------------------------------------------ */

/* The outline of a box, so many pixels thick. */
void outline_draw(float *x,             // [Y,X,C]  changed
                  const float *colour,  // [C]
                  struct box b, int thick, int Y, int X, int C)
{
    const int top = (int)lrintf(b.y0), bottom = least((int)lrintf(b.y1), Y);
    const int left = (int)lrintf(b.x0), right = least((int)lrintf(b.x1), X);
    for (int i = top; i < bottom; i++)
        for (int j = left; j < right; j++) {
            bool inside = i >= top + thick && i < bottom - thick
                       && j >= left + thick && j < right - thick;
            if (!inside)
                memcpy(x + ((size_t)i*X + j)*C, colour, (size_t)C * sizeof *x);
        }
}

struct box box_scaled(struct box b, float scale)
{
    return (struct box){scale * b.x0, scale * b.y0, scale * b.x1, scale * b.y1};
}

/* A scene at half its size and darker, with the boxes of which the detector is sure. */
void scene_sketch(float *y,        // [side/2,side/2]  overwritten
                  char *caption,   // [room]  overwritten: what each is taken for
                  const float *x,  // [side,side]
                  const struct found *f, const struct trial *r, int scene, size_t room)
{
    const int side = r->side, half = side / 2;
    const float white = 1;
    size_t used = 0;
    for (int i = 0; i < half * half; i++) {
        const float *from = x + 2 * (i / half) * side + 2 * (i % half);
        y[i] = 0.15f * (from[0] + from[1] + from[side] + from[side + 1]);
    }
    caption[0] = '\0';
    for (int i = 0; i < f->afters; i++) {
        const struct detection *d = f->after + i;
        if (d->scene != scene || d->score < r->sure)
            continue;
        outline_draw(y, &white, box_scaled(d->box, 0.5f), 1, half, half, 1);
        if (used < room)
            used += (size_t)snprintf(caption + used, room - used, "%s %.2f\n",
                                     set_name(r->test, d->class), d->score);
    }
}

/* On a terminal: two full scenes beside each other. */
void scenes_view(const struct found *f, const struct trial *r, const struct exam *e)
{
    const int side = r->side, first = scene_full(e, 0);
    const int scene[] = {first, scene_full(e, first + 1)};
    const size_t pixels = (size_t)side * side;
    char text[2][256];
    float *y = floats(pixels / 2);
    for (int i = 0; i < 2; i++)
        scene_sketch(y + i*pixels/4, text[i], e->x + scene[i]*pixels, f, r, scene[i],
                     sizeof text[i]);
    pictures_draw(stderr, y, (const char *[]){text[0], text[1]}, 2, side / 2, side / 2,
                  1);
    free(y);
}

/* ---- the program: a detector that learns ------------------------------------- */

/* A detector, what its training works with, and what it found. */
struct training {
    struct resnet net, grad;
    struct detector_work work;
    struct optimizer o;
    struct found found;
    float *block, *stats;  // of net and grad; of net
    float *x;              // [batch,side,side]
    int steps;             // made so far
};

struct training training_new(const struct trial *r)
{
    const struct resnet plan = detector_plan(r->side, r->side, r->train->K);
    const size_t size = resnet_size(&plan), room = (size + 15) / 16 * 16;
    struct training now = {
        .work = detector_work_new(&plan, r->batch),
        .o = optimizer_new(ADAMW, r->rate, (int)size),
        .block = floats(2 * room), .stats = floats(resnet_stats_size(&plan)),
        .x = floats((size_t)r->batch * r->side * r->side),
    };
    uint64_t chance = stream(r->seed, 1);
    now.o.beta2 = 0.99f;
    now.o.decay = r->decay;
    now.net = resnet_at(plan, now.block, now.stats);
    now.grad = resnet_at(plan, now.block + room, NULL);
    now.found = found_new(r->tests, now.work.cells, r->train->K);
    detector_init(&now.net, &chance);
    return now;
}

void training_free(struct training *now)
{
    found_free(&now->found);
    free(now->x), free(now->stats), free(now->block), free(now->o.m);
    detector_work_free(&now->work);
}

int epoch_steps(const struct trial *r)
{
    return (r->scenes + r->batch - 1) / r->batch;
}

/* The next batch of scenes, which it has never seen: their gradient, and a step. */
struct detection_loss training_step(struct training *now, const struct trial *r)
{
    const struct scenes scenes = {r->train, r->side, stream(r->seed, 3)};
    const struct cells grid = cells_of(r->side, r->side);
    const size_t pixels = (size_t)r->side * r->side, cells = (size_t)now->work.cells;
    const int first = now->steps * r->batch;
#pragma omp parallel for schedule(dynamic)
    for (int n = 0; n < r->batch; n++) {
        struct object object[ITEMS];
        int count = scene_make(now->x + n*pixels, object, &scenes, first + n);
        cells_target(now->work.t + 4*n*cells, now->work.class + n*cells, object, count,
                     &grid);
    }
    now->work.body.x = now->x;
    struct detection_loss loss = detector_gradient(&now->grad, &now->work, &now->net,
                                                   r->batch);
    float rate = rate_cosine(r->rate, now->steps, r->epochs * epoch_steps(r));
    now->o.rate = rate_warmup(rate, now->steps, r->warmup);
    optimizer_step(&now->o, now->block, now->grad.unit[0].w);
    now->steps++;
    return loss;
}

/* Many of them; returns the mean loss. */
struct detection_loss training_epoch(struct training *now, const struct trial *r,
                                     struct progress *bar)
{
    const int steps = epoch_steps(r);
    double box = 0, object = 0, class = 0;
    for (int i = 0; i < steps; i++) {
        struct detection_loss loss = training_step(now, r);
        box += (double)loss.box, object += (double)loss.object;
        class += (double)loss.class;
        progress(bar, now->steps, (long)r->epochs * steps);
    }
    return (struct detection_loss){(float)(box / steps), (float)(object / steps),
                                   (float)(class / steps)};
}

/* Finds what is in the unseen scenes. */
void training_test(struct training *now, const struct trial *r, const struct exam *e)
{
    images_detect(&now->found, &now->work, &now->net, e->x, r, r->batch, e->N);
}

/* One line of a learning curve.  On a terminal a bar, and after epochs 1, 2, 4, 8 and
 * so on two scenes. */
void epoch_print(struct training *now, const struct trial *r, const struct exam *e,
                 int epoch, struct detection_loss loss)
{
    const struct found *f = &now->found;
    const float map = found_map(f, e, 0.5f, r->test->K);
    char name[48], percent[32];
    printf("%d\t%d\t%.4g\t%.4f\t%.4f\t%.4f\t%.4f", epoch, now->steps * r->batch,
           now->o.rate, loss.box, loss.object, loss.class, map);
    map_print(f, e, r);
    snprintf(name, sizeof name, "epoch %3d, mAP", epoch);
    snprintf(percent, sizeof percent, "%.1f %%", 100 * map);
    if (isatty(2))
        bar_draw(stderr, name, map, 40, percent);
    if (isatty(2) && ((epoch & (epoch - 1)) == 0 || epoch == r->epochs))
        scenes_view(f, r, e);
}

/* Trains a new network; prints its learning curve if it is wanted. */
struct training training_run(const struct trial *r, const struct exam *e, bool print)
{
    struct training now = training_new(r);
    struct progress bar = {.what = "training"};
    if (print)
        printf("# epoch\tscenes\trate\tbox_loss\tobject_loss\tclass_loss\tmap50%s\n",
               r->stars ? "\tmap" : "");
    for (int epoch = 1; epoch <= r->epochs; epoch++) {
        struct detection_loss loss = training_epoch(&now, r, &bar);
        if (!print && epoch < r->epochs)
            continue;
        progress(&bar, 1, 1);
        training_test(&now, r, e);
        if (print)
            epoch_print(&now, r, e, epoch, loss);
    }
    if (*r->save) {
        struct tensor_file file = {0};
        tensor_file_note(&file, "net", backbone.name);
        resnet_save(r->save, &now.net, NULL, file);
    }
    return now;
}

/* A network from a file instead. */
struct training training_load(const struct trial *r, const struct exam *e,
                              const char *weights)
{
    struct training now = training_new(r);
    struct tensors file = tensors_load(weights);
    const char *net = tensors_metadata(&file, "net");
    if (!net || strcmp(net, backbone.name))
        die("%s: net: found %s, wanted %s: a file of save=", weights,
            net ? legible(net).text : "none", backbone.name);
    resnet_take(&now.net, &file, "");
    tensors_free(&file);
    training_test(&now, r, e);
    return now;
}

/* ---- the program: how good it is --------------------------------------------- */

/* How many detections, the largest score first, have at least this score. */
int sure_count(const struct found *f, float sure)
{
    int count = 0;
    while (count < f->afters && f->after[count].score >= sure)
        count++;
    return count;
}

/* Which object each of n detections found, and which objects were found. */
struct matched { int *found; bool *taken; int hits; };

struct matched matched_new(const struct found *f, const struct exam *e, float limit,
                           int n)
{
    struct matched m = {ints((size_t)n), memory((size_t)e->n, sizeof *m.taken), 0};
    match(m.found, m.taken, f->after, e->object, limit, n, e->n);
    for (int i = 0; i < n; i++)
        m.hits += m.found[i] >= 0;
    return m;
}

void matched_free(struct matched *m)
{
    free(m->taken), free(m->found);
}

/* A share; 0 of 0 is 0. */
double share_of(int part, int all)
{
    return all ? (double)part / all : 0;
}

/* A row for each hit of one class, the largest score first. */
void curve_print(const struct found *f, const struct matched *m, int class, int objects,
                 const char *before)
{
    const int n = f->afters;
    int *own = ints((size_t)n), *hits = ints((size_t)n), count = 0, all = 0;
    double *envelope = memory((size_t)n, sizeof *envelope), best = 0;
    for (int i = 0; i < n; i++)
        if (f->after[i].class == class) {
            all += m->found[i] >= 0;
            hits[count] = all;
            own[count++] = i;
        }
    for (int i = count - 1; i >= 0; i--)
        envelope[i] = best = fmax(best, share_of(hits[i], i + 1));
    for (int i = 0; i < count; i++)
        if (m->found[own[i]] >= 0)
            printf("%s\t%.4f\t%.4f\t%.4f\t%.4f\n", before, f->after[own[i]].score,
                   share_of(hits[i], objects), share_of(hits[i], i + 1), envelope[i]);
    free(envelope), free(hits), free(own);
}

/* The curves of precision against recall, for each class; first a row for all. */
void precision_print(const struct found *f, const struct trial *r, const struct exam *e)
{
    const int K = r->test->K, n = f->afters;
    float *ap = floats(K);
    struct matched m = matched_new(f, e, 0.5f, n);
    float map = mean_average_precision(ap, f->after, e->object, 0.5f, n, e->n, K);
    double precision = share_of(m.hits, n);
    printf("# class\tobjects\tap50\tscore\trecall\tprecision\tenvelope\n");
    printf("all\t%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", e->n, map, r->score,
           share_of(m.hits, e->n), precision, precision);
    for (int k = 0; k < K; k++) {
        char before[64];
        int objects = 0;
        for (int i = 0; i < e->n; i++)
            objects += e->object[i].class == k;
        snprintf(before, sizeof before, "%s\t%d\t%.4f", set_name(r->test, k), objects,
                 ap[k]);
        curve_print(f, &m, k, objects, before);
    }
    matched_free(&m);
    free(ap);
}

/* The mAP of detections, and how many of those of at least this score are right. */
void sweep_row(const char *what, float value, const struct found *f,
               const struct exam *e, float limit, float sure, int K)
{
    const int n = sure_count(f, sure);
    struct matched m = matched_new(f, e, limit, n);
    printf("%s\t%.2f\t%d\t%.4f\t%d\t%.4f\t%.4f\n", what, value, f->afters,
           found_map(f, e, limit, K), n, share_of(m.hits, n), share_of(m.hits, e->n));
    matched_free(&m);
}

/* What the three thresholds do, each with the others as they are. */
void sweeps_print(struct found *f, const struct trial *r, const struct exam *e)
{
    static const float scores[] = {0.9f, 0.7f, 0.5f, 0.3f, 0.2f, 0.1f, 0.05f, 0.02f};
    const int K = r->test->K, n = f->afters;
    printf("# what\tvalue\tdetections\tmap\tsure\tprecision\trecall\n");
    for (int i = 0; i < 10; i++) {
        float limit = (float)(50 + 5*i) / 100;
        sweep_row("iou", limit, f, e, limit, r->sure, K);
    }
    for (int i = 0; i < 8; i++) {
        f->afters = sure_count(f, scores[i]);
        sweep_row("score", scores[i], f, e, 0.5f, scores[i], K);
        f->afters = n;
    }
    for (int i = 1; i <= 10; i++) {
        found_nms(f, (float)i / 10);
        sweep_row("overlap", (float)i / 10, f, e, 0.5f, r->sure, K);
    }
}

/* ---- the program: what it misses, and why ------------------------------------ */

/* What became of an object, or what a detection is; and the groups it belongs to. */
enum { FOUND, WRONG_CLASS, MISPLACED, SECOND, LOW_SCORE, NOTHING, CAUSES };
enum { ALL, CLASS, SIZE, OVERLAP, COUNT, SPLITS };
struct verdict { int cause, said, group[SPLITS]; };

/* The largest IoU of an object with a detection of its scene: one of its class or, with
 * other, of another one, and of at least this score; *said is that class.  Those that
 * have found an object (found may be NULL) do not count. */
float closest(int *said, const struct object *o, bool other, float score,
              const struct detection *d, const int *found, int n)
{
    float best = 0;
    for (int i = 0; i < n; i++) {
        if (d[i].scene != o->scene || (d[i].class != o->class) != other
            || d[i].score < score || (found && found[i] >= 0))
            continue;
        float share = iou(d[i].box, o->box);
        if (share > best)
            best = share, *said = d[i].class;
    }
    return best;
}

/* Why an object was not found by one of the first n detections after nms. */
int object_cause(int *said, const struct object *o, const struct found *f,
                 const int *found, float sure, int n)
{
    if (closest(said, o, true, 0, f->after, found, n) >= 0.5f)
        return WRONG_CLASS;
    if (closest(said, o, false, sure, f->before, NULL, f->befores) >= 0.5f)
        return SECOND;
    if (closest(said, o, false, 0, f->after, found, n) >= 0.1f)
        return MISPLACED;
    if (closest(said, o, false, 0, f->before, NULL, f->befores) >= 0.5f)
        return LOW_SCORE;
    return NOTHING;
}

/* What a detection is that has found no object. */
int alarm_cause(const struct detection *d, const struct exam *e)
{
    float same = 0, other = 0;
    for (int k = 0; k < e->n; k++)
        if (e->object[k].scene == d->scene) {
            float share = iou(d->box, e->object[k].box);
            float *best = e->object[k].class == d->class ? &same : &other;
            *best = share > *best ? share : *best;
        }
    return same >= 0.5f ? SECOND : other >= 0.5f ? WRONG_CLASS
         : same >= 0.1f ? MISPLACED : NOTHING;
}

/* The groups of a box: its class; small, medium or large; does it overlap an object
 * other than `self` (-1: not asked); how many objects are in its scene. */
void verdict_groups(struct verdict *v, struct box b, int class, int scene, int self,
                    const struct exam *e)
{
    const double area = box_area(b);
    const int size = area < 20*20 ? 0 : area < 26*26 ? 1 : 2;
    int overlap = 0, count = 0;
    for (int k = 0; k < e->n; k++)
        if (e->object[k].scene == scene) {
            count++;
            overlap |= k != self && iou(b, e->object[k].box) > 0;
        }
    const int group[SPLITS] = {0, class, size, self < 0 ? -1 : overlap, count};
    memcpy(v->group, group, sizeof group);
}

/* A row for each group that has anybody in it. */
void verdicts_print(const char *kind, const struct verdict *v, const struct set *set,
                    int n)
{
    static const char *const by[] = {"all", "class", "size", "overlap", "items"};
    static const char *const size[] = {"small", "medium", "large"};
    const int groups[] = {1, set->K, 3, 2, ITEMS + 1};
    for (int s = 0; s < SPLITS; s++)
        for (int g = 0; g < groups[s]; g++) {
            const char digit[] = {(char)('0' + g), '\0'};
            const char *name = s == ALL ? "all" : s == CLASS ? set_name(set, g)
                : s == SIZE ? size[g] : s == COUNT ? digit : g ? "overlapped" : "alone";
            int count[CAUSES] = {0}, all = 0;
            for (int i = 0; i < n; i++)
                if (v[i].group[s] == g)
                    count[v[i].cause]++, all++;
            if (!all)
                continue;
            printf("%s\t%s\t%s\t%d", kind, by[s], name, all);
            for (int i = 0; i < CAUSES; i++)
                printf("\t%d", count[i]);
            printf("\n");
        }
}

/* What became of every object; what every detection is of which the detector is sure;
 * and which class was taken for which. */
void misses_print(const struct found *f, const struct trial *r, const struct exam *e)
{
    const int n = sure_count(f, r->sure), K = r->test->K;
    struct matched m = matched_new(f, e, 0.5f, n);
    struct verdict *object = memory((size_t)e->n, sizeof *object);
    struct verdict *alarm = memory((size_t)n, sizeof *alarm);
    int *confused = ints((size_t)K * K);
    for (int k = 0; k < e->n; k++) {
        const struct object *o = e->object + k;
        struct verdict *v = object + k;
        verdict_groups(v, o->box, o->class, o->scene, k, e);
        v->cause = m.taken[k] ? FOUND
                 : object_cause(&v->said, o, f, m.found, r->sure, n);
        confused[o->class * K + v->said] += v->cause == WRONG_CLASS;
    }
    for (int i = 0; i < n; i++) {
        const struct detection *d = f->after + i;
        verdict_groups(alarm + i, d->box, d->class, d->scene, -1, e);
        alarm[i].cause = m.found[i] >= 0 ? FOUND : alarm_cause(d, e);
    }
    printf("# kind\tby\tgroup\tcount\tfound\twrong_class\tmisplaced\tsecond\t"
           "low_score\tnothing\n");
    verdicts_print("object", object, r->test, e->n);
    verdicts_print("detection", alarm, r->test, n);
    for (int i = 0; i < K * K; i++)
        if (confused[i])
            printf("confused\t%s\t%s\t%d\t0\t%d\t0\t0\t0\t0\n",
                   set_name(r->test, i / K), set_name(r->test, i % K), confused[i],
                   confused[i]);
    free(confused), free(alarm), free(object);
    matched_free(&m);
}

/* ---- the program: scenes for pictures ---------------------------------------- */

/* A matrix of numbers in percent. */
void pixels_print(const char *what, const float *x, int Y, int X)
{
    printf("# %s, in percent\n", what);
    for (int i = 0; i < Y * X; i++)
        printf("%d%c", (int)lrintf(100 * x[i]), i % X < X - 1 ? '\t' : '\n');
}

#define ROWS "\n\n# scene\twhat\tclass\tscore\tx0\ty0\tx1\ty1\thit\n"

void row_print(int scene, const char *what, const char *class, float score,
               struct box b, bool hit)
{
    printf("%d\t%s\t%s\t%.3f\t%.1f\t%.1f\t%.1f\t%.1f\t%d\n", scene, what, class, score,
           b.x0, b.y0, b.x1, b.y1, hit);
}

/* What is in a scene, if truths are wanted; all boxes before nms, if they are; and the
 * boxes after nms: of those, all of which the detector is sure. */
void scene_rows(const struct found *f, const struct trial *r, const struct exam *e,
                int scene, bool truths, const char *before, const char *after)
{
    const int n = sure_count(f, r->sure);
    struct matched m = matched_new(f, e, 0.5f, n);
    for (int k = 0; k < e->n && truths; k++) {
        const struct object *o = e->object + k;
        if (o->scene == scene)
            row_print(scene, "truth", set_name(r->test, o->class), 1, o->box,
                      m.taken[k]);
    }
    for (int i = 0; i < f->befores && before; i++) {
        const struct detection *d = f->before + i;
        if (d->scene == scene && d->score >= r->sure)
            row_print(scene, before, set_name(r->test, d->class), d->score, d->box, 0);
    }
    for (int i = 0; i < n; i++) {
        const struct detection *d = f->after + i;
        if (d->scene == scene)
            row_print(scene, after, set_name(r->test, d->class), d->score, d->box,
                      m.found[i] >= 0);
    }
    matched_free(&m);
}

/* The first unseen scenes: their pixels, then the boxes. */
void scenes_print(const struct found *f, const struct trial *r, const struct exam *e)
{
    const int shown = least(6, e->N);
    for (int s = 0; s < shown; s++) {
        fputs(s ? "\n\n" : "", stdout);
        pixels_print("pixels", e->x + (size_t)s * r->side * r->side, r->side, r->side);
    }
    printf(ROWS);
    for (int s = 0; s < shown; s++)
        scene_rows(f, r, e, s, true, "before", "after");
}

/* ---- the program: a classifier that slides ----------------------------------- */

/* A scene is looked at through windows of WINDOW by WINDOW pixels, which know items
 * whose longer side has about USUAL pixels: so larger ones are found in a smaller
 * picture of the scene.  MARGIN dark pixels are around it, for items at its edges. */
enum { WINDOW = 28, USUAL = 24, MARGIN = 12, CUTS = 8, SCALES = 2 };
const float scales[SCALES] = {1, 0.75f};

int canvas_side(int side, int scale)
{
    return (int)(scales[scale] * (float)side) + 2 * MARGIN;
}

/* P by P pixels of a scene so many times as large, from row top and column left on. */
void window_cut(float *y,        // [P,P]  overwritten
                const float *x,  // [side,side]
                float scale, int top, int left, int P, int side)
{
    for (int i = 0; i < P * P; i++) {
        float a = ((float)(top + i / P - MARGIN) + 0.5f) / scale - 0.5f;
        float b = ((float)(left + i % P - MARGIN) + 0.5f) / scale - 0.5f;
        image_sample(y + i, x, a, b, side, side, 1);
    }
}

float longer_side(struct box b) { return fmaxf(b.x1 - b.x0, b.y1 - b.y0); }

/* First row or column of the window that has the middle of a box in its own. */
int window_at(float low, float high, float scale)
{
    return (int)lrintf(scale * 0.5f * (low + high)) + MARGIN - WINDOW / 2;
}

/* What a window shows: the class of the item in its middle, if it is as large as it
 * should be; else K. */
int window_class(const struct object *object, int n, float scale, int top, int left,
                 int K)
{
    for (int k = 0; k < n; k++) {
        struct box b = object[k].box;
        float size = scale * longer_side(b);
        if (size > 19 && size < 29 && abs(window_at(b.y0, b.y1, scale) - top) <= 3
            && abs(window_at(b.x0, b.x1, scale) - left) <= 3)
            return object[k].class;
    }
    return K;
}

/* CUTS windows of one scene, every other one with an item in its middle. */
void windows_cut(float *x,  // [CUTS,WINDOW,WINDOW]  overwritten
                 int *t,    // [CUTS]  overwritten
                 const struct scenes *s, int scene, int K)
{
    struct object object[ITEMS];
    float *pixels = floats((size_t)s->side * s->side);
    uint64_t chance = stream(s->seed + 1, (uint64_t)scene);
    const int n = scene_make(pixels, object, s, scene);
    for (int i = 0; i < CUTS; i++, x += WINDOW * WINDOW) {
        int scale = below(&chance, SCALES), room = canvas_side(s->side, scale) - WINDOW;
        int top = below(&chance, room + 1), left = below(&chance, room + 1);
        if (n && i % 2) {
            struct box b = object[below(&chance, n)].box;
            scale = longer_side(b) > 28;
            top = window_at(b.y0, b.y1, scales[scale]) + below(&chance, 5) - 2;
            left = window_at(b.x0, b.x1, scales[scale]) + below(&chance, 5) - 2;
        }
        t[i] = window_class(object, n, scales[scale], top, left, K);
        window_cut(x, pixels, scales[scale], top, left, WINDOW, s->side);
    }
    free(pixels);
}

/* A LeNet for windows, and the usual width and height of each class in one. */
struct windows { struct lenet net; float *block, *wide, *high; };

/* Width and height where the longer side has USUAL pixels: means of some scenes. */
void windows_sizes(struct windows *w, const struct scenes *s, int K)
{
    struct exam e = exam_new(s, 300);
    int *count = ints(K);
    for (int i = 0; i < e.n; i++) {
        const struct box b = e.object[i].box;
        const int k = e.object[i].class, n = ++count[k];
        const float size = USUAL / longer_side(b);
        w->wide[k] += fmaf(size, b.x1 - b.x0, -w->wide[k]) / (float)n;
        w->high[k] += fmaf(size, b.y1 - b.y0, -w->high[k]) / (float)n;
    }
    free(count);
    exam_free(&e);
}

struct windows windows_train(const struct trial *r, int windows)
{
    enum { BATCH = 64 };
    const int K = r->train->K, steps = (windows + BATCH - 1) / BATCH;
    const struct lenet shape = lenet_valid(WINDOW, WINDOW, 1, 6, 16, 120, 84, K + 1);
    const struct scenes scenes = {r->train, r->side, stream(r->seed, 5)};
    const int size = lenet_size(&shape);
    float *gradient = floats(size), *work = floats(lenet_work_size(&shape, BATCH));
    struct windows w = {.block = floats(size), .wide = floats(K), .high = floats(K)};
    struct lenet grad = lenet_at(gradient, &shape);
    struct lenet_work all = lenet_work_at(work, &shape, BATCH);
    struct optimizer o = optimizer_new(ADAM, 0, size);
    struct progress bar = {.what = "windows"};
    uint64_t chance = stream(r->seed, 6);
    int t[BATCH];
    w.net = lenet_at(w.block, &shape);
    lenet_init(&w.net, &chance);
    for (int step = 0; step < steps; step++) {
#pragma omp parallel for schedule(dynamic)
        for (int i = 0; i < BATCH; i += CUTS)
            windows_cut(all.x + i * WINDOW * WINDOW, t + i, &scenes,
                        (step * BATCH + i) / CUTS, K);
        lenet_gradient(&grad, &all, &w.net, t, BATCH);
        o.rate = rate_cosine(0.003f, step, steps);
        optimizer_step(&o, w.block, gradient);
        progress(&bar, step + 1, steps);
    }
    windows_sizes(&w, &scenes, K);
    free(o.m), free(work), free(gradient);
    return w;
}

/* Every window of a scene at one scale says what it shows.  Boxes of a score above the
 * threshold are written to d, their number is returned; how sure each window is that
 * it shows an item goes to something. */
int windows_detect(struct detection *d,
                   float *something,  // [P,Q]  overwritten
                   struct slide *s, const struct windows *w, const float *x,
                   const struct trial *r, int scene, int scale)
{
    const int S = canvas_side(r->side, scale), K = r->test->K, Q = s->conv5.Q;
    const float f = scales[scale], end = (float)r->side;
    float *canvas = floats((size_t)S * S), *p = floats(K + 1);
    int n = 0;
    window_cut(canvas, x, f, 0, 0, S, r->side);
    slide_forward(s, canvas);
    for (int i = 0; i < s->conv5.P * Q; i++) {
        softmax_rows(p, s->z + i * (K + 1), 1, K + 1);
        something[i] = 1 - p[K];
        float cy = (float)(4 * (i / Q) + WINDOW / 2 - MARGIN) / f;
        float cx = (float)(4 * (i % Q) + WINDOW / 2 - MARGIN) / f;
        for (int k = 0; k < K; k++) {
            float half = 0.5f * w->wide[k] / f, tall = 0.5f * w->high[k] / f;
            struct box b = {fmaxf(cx - half, 0), fmaxf(cy - tall, 0),
                            fminf(cx + half, end), fminf(cy + tall, end)};
            d[n++] = (struct detection){b, k, scene, p[k]};
        }
    }
    free(p), free(canvas);
    return score_filter(d, r->score, n);
}

/* Multiply-adds for one image. */
double slide_cost(const struct slide *s)
{
    const struct conv *c[] = {&s->conv1, &s->conv2, &s->conv3, &s->conv4, &s->conv5};
    double cost = 0;
    for (int i = 0; i < 5; i++)
        cost += (double)c[i]->P * c[i]->Q * c[i]->R * c[i]->S * c[i]->C * c[i]->M;
    return cost;
}

/* One row: how many multiply-adds for one scene, and how good. */
void method_print(const char *method, const struct found *f, const struct exam *e,
                  const struct trial *r, int windows, double cost)
{
    printf("%s\t%d\t%.0f\t%d\t%.4f", method, windows, cost, f->afters,
           found_map(f, e, 0.5f, r->test->K));
    map_print(f, e, r);
}

/* What a classifier takes and gives that slides over the scenes, which takes the
 * starred exercises; then one scene, as the detector and it see it. */
void slide_print(const struct training *now, const struct trial *r,
                 const struct exam *e, int examples)
{
    const int full = scene_full(e, 0);
    const size_t pixels = (size_t)r->side * r->side;
    struct windows w = windows_train(r, examples);
    struct slide s[SCALES];
    float *map[SCALES];
    int windows = 0;
    double cost = 0;
    for (int i = 0; i < SCALES; i++) {
        s[i] = slide_new(&w.net, canvas_side(r->side, i), canvas_side(r->side, i));
        cost += slide_cost(s + i);
        map[i] = floats((size_t)s[i].conv5.P * s[i].conv5.Q);
        windows += s[i].conv5.P * s[i].conv5.Q;
    }
    // The full scene once more at the end, so that its maps are kept.
    struct found f = found_new(e->N + 1, windows, r->test->K);
    for (int n = 0; n <= e->N; n++)
        for (int i = 0, at = n < e->N ? n : full; i < SCALES; i++) {
            int boxes = windows_detect(f.before + f.befores, map[i], s + i, &w,
                                       e->x + at*pixels, r, at, i);
            f.befores += n < e->N ? boxes : 0;
        }
    found_nms(&f, r->overlap);
    method_print("slide", &f, e, r, windows, cost);
    method_print("windows", &f, e, r, windows, windows * lenet_cost(&w.net));
    printf(ROWS);
    scene_rows(&now->found, r, e, full, true, NULL, "detector");
    scene_rows(&f, r, e, full, false, NULL, "slide");
    printf("\n\n");
    pixels_print("pixels", e->x + full*pixels, r->side, r->side);
    for (int i = 0; i < SCALES; i++) {
        printf("\n\n");
        pixels_print("is there an item?", map[i], s[i].conv5.P, s[i].conv5.Q);
        free(map[i]), free(s[i].block);
    }
    found_free(&f);
    free(w.high), free(w.wide), free(w.block);
}

/* The same of the detector, and behind it of the classifier. */
void methods_print(const struct training *now, const struct trial *r,
                   const struct exam *e, int examples)
{
    double cost;
    resnet_count(&cost, &now->net);
    cost += (double)(now->work.cells - 1) * now->net.D * now->net.K;
    printf("# method\twindows\tmultiply_adds\tdetections\tmap50%s\n",
           r->stars ? "\tmap" : "");
    method_print("detector", &now->found, e, r, now->work.cells, cost);
    if (r->stars)
        slide_print(now, r, e, examples);
}

/* ---- the program: what is in a photo? ---------------------------------------- */

#define BOXES "# rank\tclass\tscore\tx0\ty0\tx1\ty1\n"

void box_print(int rank, const char *class, float score, struct box b)
{
    printf("%d\t%s\t%.3f\t%.1f\t%.1f\t%.1f\t%.1f\n", rank, class, score, b.x0, b.y0,
           b.x1, b.y1);
}

/* Saves an unseen scene as a picture, and prints what is in it. */
void scene_print(const struct trial *r, int scene, const char *picture)
{
    const struct scenes unseen = scenes_unseen(r);
    struct object object[ITEMS];
    float *x = floats((size_t)r->side * r->side);
    const int n = scene_make(x, object, &unseen, scene);
    printf(BOXES);
    for (int k = 0; k < n; k++)
        box_print(k + 1, set_name(r->test, object[k].class), 1, object[k].box);
    pnm_save(picture, x, r->side, r->side, 1);
    free(x);
}

/* A photo in grey, and as a network sees it: `shrink` times smaller, dark and bright
 * changed if it is a negative, and dark pixels up to whole cells. */
struct photo { struct pnm p; float *grey, *x; int Y, X, shrink; };

/* Pixels that a network sees at most; and on one side, as conv_fits() wants. */
enum { PHOTO = 1 << 20, PHOTO_SIDE = 4096 };

struct photo photo_load(const char *path, int shrink, bool negative)
{
    struct photo f = {.p = pnm_load(path), .shrink = shrink};
    const long Y = f.p.Y / shrink, X = f.p.X / shrink, S = STRIDE;
    const long P = (Y + S - 1) / S * S, Q = (X + S - 1) / S * S;
    if (!Y || !X || P > PHOTO_SIDE || Q > PHOTO_SIDE || P * Q > PHOTO)
        die("%s: pixels: found %ld times %ld with shrink=%d, wanted 1 to %d a side and "
            "at most %d", path, X, Y, shrink, PHOTO_SIDE, PHOTO);
    f.Y = (int)P, f.X = (int)Q;
    f.grey = floats((size_t)f.p.Y * f.p.X);
    f.x = floats((size_t)(P * Q));
    pnm_grey(f.grey, &f.p);
    for (long i = 0; i < Y * shrink; i++)
        for (long j = 0; j < X * shrink; j++) {
            float v = f.grey[i * f.p.X + j];
            f.x[i / shrink * Q + j / shrink] += (negative ? 1 - v : v)
                                                / (float)(shrink * shrink);
        }
    return f;
}

void photo_free(struct photo *f)
{
    free(f->x), free(f->grey);
    pnm_free(&f->p);
}

/* A colour of its own for each class: red, green, blue. */
const uint8_t colours[10][3] = {
    {0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {230, 159, 0},
    {86, 180, 233}, {240, 228, 66}, {255, 255, 255}, {138, 143, 152}, {148, 60, 200},
};

/* Finds what is in a photo, of whatever size: convolutions do not mind. */
void photo_print(const struct training *now, const struct trial *r,
                 const struct photo *photo, const char *picture)
{
    const int Y = photo->p.Y, X = photo->p.X, K = r->test->K;
    const struct resnet net = resnet_at(detector_plan(photo->Y, photo->X, K),
                                        now->block, now->stats);
    struct detector_work w = detector_work_new(&net, 1);
    struct found f = found_new(1, w.cells, K);
    float *out = floats((size_t)Y * X * 3);
    for (size_t i = 0; i < (size_t)Y * X * 3; i++)
        out[i] = photo->grey[i / 3];
    // Whoever is not shown need not be there: nms takes long where there are many.
    struct trial own = *r;
    own.score = r->sure;
    images_detect(&f, &w, &net, photo->x, &own, 1, 1);
    printf(BOXES);
    for (int i = 0, rank = 1; i < f.afters; i++) {
        const struct detection *d = f.after + i;
        const uint8_t *c = colours[d->class];
        const float rgb[] = {c[0] / 255.0f, c[1] / 255.0f, c[2] / 255.0f};
        struct box b = box_scaled(d->box, (float)photo->shrink);
        b.x1 = fminf(b.x1, (float)X), b.y1 = fminf(b.y1, (float)Y);
        if (box_area(b) > 0)
            box_print(rank++, set_name(r->test, d->class), d->score, b);
        outline_draw(out, rgb, b, 1 + X / 500, Y, X, 3);
    }
    if (*picture)
        pnm_save(picture, out, Y, X, 3);
    free(out);
    found_free(&f);
    detector_work_free(&w);
}

/* ---- the program: what to do ------------------------------------------------- */

/* What needs a detector: from a file, or trained first. */
void detector_print(const char *show, const struct trial *r, const char *weights,
                    const struct photo *photo, const char *picture, int windows)
{
    const struct scenes unseen = scenes_unseen(r);
    const bool curve = !photo && !strcmp(show, "train");
    struct exam e = exam_new(&unseen, r->tests);
    struct training now = *weights ? training_load(r, &e, weights)
                                   : training_run(r, &e, curve);
    if (photo)
        photo_print(&now, r, photo, picture);
    else if (!strcmp(show, "scenes"))
        scenes_print(&now.found, r, &e);
    else if (!strcmp(show, "precision"))
        precision_print(&now.found, r, &e);
    else if (!strcmp(show, "sweeps"))
        sweeps_print(&now.found, r, &e);
    else if (!strcmp(show, "misses"))
        misses_print(&now.found, r, &e);
    else if (!strcmp(show, "slide"))
        methods_print(&now, r, &e, windows);
    training_free(&now);
    exam_free(&e);
}

/* Items to make scenes of. */
struct set items_load(const char *folder, const char *which)
{
    struct set set = set_images(folder, which, INT_MAX);
    if (set.Y != 28 || set.X != 28)
        die("%s: images of %d by %d pixels, wanted 28 by 28", folder, set.Y, set.X);
    return set;
}

int main(int argc, char **argv)
{
    const char *show = "train", *folder = "data/fashion-mnist", *save = "";
    const char *weights = "", *image = "", *picture = "";
    int side = 64, batch = 8, epochs = 20, scenes = 2000, tests = 500, warmup = 30;
    int seed = 1, scene = 0, shrink = 1, negative = 0, windows = 60000, stars = 0;
    float rate = 0.01f, decay = 0.05f, score = 0.02f, sure = 0.5f, overlap = 0.4f;
    OPTIONS("trains a detector on scenes of clothes, and shows what it finds",
            CHOICE(show, "train|scenes|precision|sweeps|misses|slide|scene",
                   "what to print"),
            TEXT(folder, "where the images are"),
            TEXT(save, "file to write what was learned to"),
            TEXT(weights, "such a file, to use instead of training"),
            TEXT(image, "a photo, PGM or PPM, to find things in"),
            OPTION(shrink, 1, 64, "times smaller it is made first"),
            OPTION(negative, 0, 1, "1: dark things before a bright wall"),
            TEXT(picture, "file for its boxes, or for show=scene"),
            OPTION(scene, 0, 1000000, "unseen scene that show=scene saves"),
            OPTION(side, 40, 512, "rows and columns of a scene"),
            OPTION(epochs, 1, 1000, "how often it is tested"),
            OPTION(scenes, 1, 100000, "to learn from in an epoch"),
            OPTION(tests, 1, 5000, "unseen scenes"),
            OPTION(batch, 1, 256, "scenes in a step"),
            OPTION(rate, 1e-6, 1, "learning rate of AdamW"),
            OPTION(warmup, 0, 100000, "steps in which it rises first"),
            OPTION(decay, 0, 1, "pull of every number towards 0"),
            OPTION(score, 0, 1, "above it a box is a detection"),
            OPTION(sure, 0, 1, "from it on a detection is shown; in a photo: above it"),
            OPTION(overlap, 0, 1, "IoU above which nms takes two boxes for one"),
            OPTION(windows, 1, 10000000, "that the LeNet of show=slide learns from"),
            OPTION(stars, 0, 1, "1: with what the starred exercises give"),
            OPTION(seed, 0, 1000000, "of weights and scenes to learn from"));
    if (side % STRIDE)
        die("side=%d: wanted a multiple of %d", side, STRIDE);
    if (!strcmp(show, "scene") && !*picture)
        die("show=scene: wanted picture=file.pgm");
    if (*save && *weights)
        die("save=%s: weights=%s is there already, nothing is learned", save, weights);
    if (*save)
        output_try(save);
    if (*picture)
        output_try(picture);
    struct photo photo = {.x = NULL};
    if (*image)
        photo = photo_load(image, shrink, negative);
    struct set train = items_load(folder, "train"), test = items_load(folder, "t10k");
    struct trial r = {
        .train = &train, .test = &test, .side = side, .batch = batch, .scenes = scenes,
        .epochs = epochs, .tests = tests, .warmup = warmup, .seed = seed, .rate = rate,
        .decay = decay, .score = score, .sure = sure, .overlap = overlap, .save = save,
        .stars = stars,
    };
    if (!strcmp(show, "scene"))
        scene_print(&r, scene, picture);
    else
        detector_print(show, &r, weights, *image ? &photo : NULL, picture, windows);
    set_free(&test);
    set_free(&train);
    photo_free(&photo);
}

#endif

#endif
