/* 15-detection: the tests. */
#include "grade.h"
#include "detection.c"
#include "gold/15-detection.h"

/* In the arrays of a case a box is a row: x0, y0, x1, y1. */
static struct box box_of(const float *row)
{
    return (struct box){row[0], row[1], row[2], row[3]};
}

/* Random numbers become proper boxes, some of them without area: corners up to `far` from 0,
 * sizes up to `most`; all on a grid of 1/8, so that there are edges that touch. */
static void boxes_make(float *box, int n, float far, float most)
{
    for (int i = 0; i < 4 * n; i++) {
        float size = floorf(4 * most * (1 + box[i])) / 8;
        box[i] = i % 4 < 2 ? floorf(8 * far * box[i]) / 8 : box[i-2] + size;
    }
}

/* ---- 15.1 iou ---------------------------------------------------------------------- */

/* Hint 15.1: draw two boxes that overlap. Is the left edge of what both cover the smaller or
 * the larger of the two left edges? And if you paint both boxes, which part is painted twice?
 *
 * What both cover is a box from the larger x0 and y0 to the smaller x1 and y1; box_area() of
 * it is 0 if it is inside out. In area(a) + area(b) it is counted twice, and so taken away
 * once: union = area(a) + area(b) - intersection.
 *
 * One struct box with four fmaxf() or fminf(), two lines with box_area(), and a return. Before
 * the division comes a question: which number must not be 0?
 */
typedef float share_like(struct box a, struct box b);
share_like iou;

#define PAIRS_ARRAYS(n) IN(a, n, 4); IN(b, n, 4); OUT(result, n)
#define PAIRS_CALL(n) for (int i = 0; i < n; i++) result[i] = f(box_of(a + 4*i), box_of(b + 4*i))

CASE(iou_by_hand, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 0, 0, 4, 2,  1, 2, 4, 9,   0, 0, 10, 4);
    SET(b, 2, 1, 6, 4,  1, 2, 4, 9,   2, 1, 4, 2);
    PAIRS_CALL(3);
    EXPECT(result, 2.0 / 18, 1, 2.0 / 40);
}

CASE(iou_apart, share_like)
{
    PAIRS_ARRAYS(4);
    SET(a, 0, 0, 2, 3,   5, 5, 9, 6,   1, 7, 3, 9,    6, 1, 8, 4);
    SET(b, 4, 1, 7, 3,   5, 1, 9, 3,   6, 2, 10, 5,   1, 5, 3, 8);
    PAIRS_CALL(4);
    EXPECT(result, 0, 0, 0, 0);
}

CASE(iou_touch, share_like)
{
    PAIRS_ARRAYS(4);
    SET(a, 0, 0, 2, 3,   5, 5, 9, 6,   1, 7, 3, 9,    0, 0, 4, 4);
    SET(b, 2, 1, 7, 3,   6, 3, 7, 5,   3, 9, 10, 12,  2, 0, 4, 2);
    PAIRS_CALL(4);
    EXPECT(result, 0, 0, 0, 0.25);
}

CASE(iou_crossing, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 4, 0, 6, 10,   -8, -3, 2, 1,     0, 0, 64, 0.5);
    SET(b, 0, 4, 10, 6,   -5, -9, -1, 40,   63, 0, 64, 128);
    PAIRS_CALL(3);
    EXPECT(result, 4.0 / 36, 16.0 / 220, 0.5 / 159.5);
}

CASE(iou_no_area, share_like)
{
    PAIRS_ARRAYS(5);
    SET(a, 2, 2, 2, 2,   3, 3, 3, 3,   0, 0, 5, 4,   4, 1, 4, 6,   7, 1, 7, 6);
    SET(b, 0, 0, 5, 4,   3, 3, 3, 3,   1, 3, 9, 3,   2, 5, 9, 5,   7, 1, 7, 6);
    PAIRS_CALL(5);
    EXPECT(result, 0, 0, 0, 0, 0);
}

CASE(iou_inside_out, share_like)
{
    PAIRS_ARRAYS(4);
    SET(a, 6, 1, 2, 5,   6, 5, 2, 1,   6, 5, 2, 1,   0, 0, 8, 8);
    SET(b, 0, 0, 8, 8,   0, 0, 8, 8,   6, 5, 2, 1,   3, 7, 5, 2);
    PAIRS_CALL(4);
    EXPECT(result, 0, 0, 0, 0);
}

CASE(iou_huge, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 0, 0, 4e20, 2e20,      4096, 8192, 4100, 8194,   0, 0, 4e-25, 2e-25);
    SET(b, 2e20, 1e20, 6e20, 4e20,  4097, 8190, 4104, 8193,   2e-25, 1e-25, 6e-25, 4e-25);
    PAIRS_CALL(3);
    EXPECT(result, 2.0 / 18, 3.0 / 26, 2.0 / 18);
}

CASE(iou_gold, share_like)
{
    PAIRS_ARRAYS(PAIRS);
    SET(a, PAIRS_A); SET(b, PAIRS_B);
    PAIRS_CALL(PAIRS);
    EXPECT(result, PAIRS_IOU);
}

CASE(iou_random, share_like)
{
    PAIRS_ARRAYS(60);
    boxes_make(a, 60, 6, 12); boxes_make(b, 60, 6, 12);
    PAIRS_CALL(60);
}

/* Numbers that are on no grid; about three of four boxes are inside out. */
CASE(iou_random_corners, share_like)
{
    PAIRS_ARRAYS(60);
    SCALE(a, 50);
    SCALE(b, 40);
    PAIRS_CALL(60);
}

/* ---- 15.2 giou ----------------------------------------------------------------------- */

/* Hint 15.2*: two boxes have nothing in common; now one moves further away. What does their
 * IoU do? And the area of the smallest box around both?
 *
 * Around both goes the box from the smaller x0 and y0 to the larger x1 and y1. hull is its
 * area. Of the hull, hull - union is covered by neither box: that part of it, (hull - union) /
 * hull, is taken away from the IoU.
 *
 * The lines of 15.1, which already make the union; then a second struct box with fminf() and
 * fmaxf() exchanged; then a return. Only a hull of 0 needs a question: iou() has asked its own.
 */
share_like giou;

CASE(giou_by_hand, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 0, 0, 2, 2,   0, 0, 4, 2,   0, 0, 10, 4);
    SET(b, 4, 0, 6, 2,   2, 1, 6, 4,   2, 1, 4, 2);
    PAIRS_CALL(3);
    EXPECT(result, -4.0 / 12, 2.0 / 18 - 6.0 / 24, 2.0 / 40);
}

CASE(giou_equal_or_touch, share_like)
{
    PAIRS_ARRAYS(4);
    SET(a, 1, 2, 4, 9,   0, 0, 4, 2,   0, 0, 4, 2,   0, 0, 2, 3);
    SET(b, 1, 2, 4, 9,   4, 0, 8, 2,   4, 2, 5, 9,   2, 1, 7, 3);
    PAIRS_CALL(4);
    EXPECT(result, 1, 0, -30.0 / 45, -5.0 / 21);
}

CASE(giou_far, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 0, 0, 1, 1,         0, 0, 2, 2,      -500, 3, -499, 5);
    SET(b, 99, 99, 100, 100,   0, 98, 2, 100,   500, 2, 501, 4);
    PAIRS_CALL(3);
    EXPECT(result, -9998.0 / 10000, -192.0 / 200, -2999.0 / 3003);
}

CASE(giou_crossing, share_like)
{
    PAIRS_ARRAYS(2);
    SET(a, 4, 0, 6, 10,   -8, -3, 2, 1);
    SET(b, 0, 4, 10, 6,   -5, -9, -1, 40);
    PAIRS_CALL(2);
    EXPECT(result, 4.0 / 36 - 64.0 / 100, 16.0 / 220 - 270.0 / 490);
}

/* Points and lines have corners, too; and an inside-out box. */
CASE(giou_no_area, share_like)
{
    PAIRS_ARRAYS(4);
    SET(a, 2, 2, 2, 2,   1, 3, 6, 3,   9, 1, 9, 6,   11, 1, 9, 5);
    SET(b, 0, 0, 5, 4,   0, 0, 5, 4,   0, 0, 5, 4,   0, 0, 8, 8);
    PAIRS_CALL(4);
    EXPECT(result, 0, -4.0 / 24, -34.0 / 54, -8.0 / 72);
}

CASE(giou_no_hull, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 3, 3, 3, 3,   7, 1, 7, 6,   1, 4, 2, 4);
    SET(b, 3, 3, 3, 3,   7, 4, 7, 9,   5, 4, 9, 4);
    PAIRS_CALL(3);
    EXPECT(result, 0, 0, 0);
}

CASE(giou_no_union, share_like)
{
    PAIRS_ARRAYS(2);
    SET(a, 1, 1, 1, 1,   4, 1, 4, 6);
    SET(b, 3, 2, 3, 2,   2, 5, 9, 5);
    PAIRS_CALL(2);
    EXPECT(result, -1, -1);
}

CASE(giou_huge, share_like)
{
    PAIRS_ARRAYS(3);
    SET(a, 0, 0, 2e20, 2e20,      4096, 8192, 4100, 8194,   0, 0, 4e-25, 2e-25);
    SET(b, 4e20, 0, 6e20, 2e20,   4097, 8190, 4104, 8193,   2e-25, 1e-25, 6e-25, 4e-25);
    PAIRS_CALL(3);
    EXPECT(result, -4.0 / 12, 3.0 / 26 - 6.0 / 32, 2.0 / 18 - 6.0 / 24);
}

CASE(giou_gold, share_like)
{
    PAIRS_ARRAYS(PAIRS);
    SET(a, PAIRS_A); SET(b, PAIRS_B);
    PAIRS_CALL(PAIRS);
    EXPECT(result, PAIRS_GIOU);
}

CASE(giou_random, share_like)
{
    PAIRS_ARRAYS(60);
    boxes_make(a, 60, 8, 10); boxes_make(b, 60, 8, 10);
    PAIRS_CALL(60);
}

/* ---- 15.3 box_encode ------------------------------------------------------------------- */

/* Hint 15.3: an anchor is 10 pixels wide. The box is as large as it is, and its centre lies 5
 * pixels further to the right. What are its four numbers? And if the box is twice as wide?
 *
 * The centre of a box is 0.5 (x0 + x1), its width x1 - x0. t[0] and t[1] are distances of the
 * centres, measured in widths and in heights of the anchor; t[2] and t[3] are log32() of the
 * box's width over the anchor's and of its height over the anchor's.
 *
 * Two lines for the anchor's width and height, four that write to t. No question is asked: a
 * width of 0 gives log32(0), which is -INFINITY, by itself.
 */
typedef void encode_like(float *t, struct box b, struct box anchor);
encode_like box_encode;

#define ENCODE_ARRAYS(n) IN(box, n, 4); IN(anchor, n, 4); OUT(t, n, 4)
#define ENCODE_CALL(n) \
    for (int i = 0; i < n; i++) f(t + 4*i, box_of(box + 4*i), box_of(anchor + 4*i))

CASE(encode_by_hand, encode_like)
{
    ENCODE_ARRAYS(2);
    SET(anchor, 0, 0, 8, 4,   10, 10, 20, 30);
    SET(box, 2, 1, 18, 3,   6, 20, 14, 80);
    ENCODE_CALL(2);
    EXPECT(t, 0.75, 0, 0.69314718, -0.69314718,   -0.5, 1.5, -0.22314355, 1.09861229);
}

CASE(encode_equal, encode_like)
{
    ENCODE_ARRAYS(2);
    SET(anchor, -4, -4, 20, 20,   -10.5, 3, -3.5, 40);
    SET(box, -4, -4, 20, 20,   -10.5, 3, -3.5, 40);
    ENCODE_CALL(2);
    EXPECT(t, 0, 0, 0, 0,  0, 0, 0, 0);
}

CASE(encode_centres, encode_like)
{
    ENCODE_ARRAYS(2);
    SET(anchor, 4, 4, 28, 28,   0, 0, 16, 16);
    SET(box, 10, 2, 22, 30,   7, 0, 9, 16);
    ENCODE_CALL(2);
    EXPECT(t, 0, 0, -0.69314718, 0.15415068,   0, 0, -2.07944154, 0);
}

CASE(encode_tall_and_wide, encode_like)
{
    ENCODE_ARRAYS(2);
    SET(anchor, 0, 0, 64, 2,   0, 0, 2, 64);
    SET(box, 31, -31, 33, 33,   -31, 31, 33, 33);
    ENCODE_CALL(2);
    EXPECT(t, 0, 0, -3.46573590, 3.46573590,   0, 0, 3.46573590, -3.46573590);
}

CASE(encode_no_area, encode_like)
{
    ENCODE_ARRAYS(3);
    SET(anchor, 0, 0, 8, 4,   0, 0, 8, 4,   -2, 1, 2, 2);
    SET(box, 2, 1, 2, 3,   -6, 2, 2, 2,   1, 1, 1, 1);
    ENCODE_CALL(3);
    EXPECT(t, -0.25, 0, -INFINITY, -0.69314718,   -0.75, 0, 0, -INFINITY,
           0.25, -0.5, -INFINITY, -INFINITY);
}

CASE(encode_huge, encode_like)
{
    ENCODE_ARRAYS(2);
    SET(anchor, 8192, 4096, 8200, 4100,   -16, -16, 8, 8);
    SET(box, 8190, 4098, 8206, 4100,   -1048576, 4, 1048576, 6);
    ENCODE_CALL(2);
    EXPECT(t, 0.25, 0.25, 0.69314718, -0.69314718,   4.0 / 24, 9.0 / 24, 11.3780371, -2.48490665);
}

CASE(encode_gold, encode_like)
{
    ENCODE_ARRAYS(CODES);
    SET(box, CODES_BOX); SET(anchor, CODES_ANCHOR);
    ENCODE_CALL(CODES);
    EXPECT(t, CODES_GOLD_T);
}

CASE(encode_random, encode_like)
{
    ENCODE_ARRAYS(40);
    boxes_make(box, 40, 30, 40); boxes_make(anchor, 40, 30, 40);
    for (int i = 2; i < 160; i++)
        anchor[i] += i % 4 < 2 ? 0 : 3;
    ENCODE_CALL(40);
}

/* ---- 15.4 box_decode ------------------------------------------------------------------- */

/* Hint 15.4: in 15.3 you divided by the anchor's width and took a logarithm. How do you undo
 * both? And if a network says t[2] = 50, how wide is the box then?
 *
 * cx = ax + t[0] aw with ax = 0.5 (anchor.x0 + anchor.x1) and aw = anchor.x1 - anchor.x0, and
 * the width w = aw exp32(t[2]), where t[2] counts as SIZE_LIMIT if it is larger. The sides are
 * half a width away from the centre.
 *
 * Width and height of the anchor, then cx, cy, w and h, one line each, then a return of a
 * struct box with four numbers. The limit stands inside of exp32(), and there is none below.
 */
typedef struct box decode_like(const float *t, struct box anchor);
decode_like box_decode;

static void box_put(float *row, struct box b)
{
    row[0] = b.x0, row[1] = b.y0, row[2] = b.x1, row[3] = b.y1;
}

#define DECODE_ARRAYS(n) IN(t, n, 4); IN(anchor, n, 4); OUT(result, n, 4)
#define DECODE_CALL(n) \
    for (int i = 0; i < n; i++) box_put(result + 4*i, f(t + 4*i, box_of(anchor + 4*i)))

CASE(decode_by_hand, decode_like)
{
    DECODE_ARRAYS(2);
    SET(anchor, 0, 0, 8, 4,   10, 10, 20, 30);
    SET(t, 0.75, 0, 0.69314718, -0.69314718,   -0.5, 1.5, -0.22314355, 1.09861229);
    DECODE_CALL(2);
    EXPECT(result, 2, 1, 18, 3,   6, 20, 14, 80);
}

CASE(decode_zeros, decode_like)
{
    DECODE_ARRAYS(2);
    SET(anchor, -4, -4, 20, 20,   -10.5, 3, -3.5, 40);
    SET(t, 0, 0, 0, 0,   0, 0, 0, 0);
    DECODE_CALL(2);
    EXPECT(result, -4, -4, 20, 20,   -10.5, 3, -3.5, 40);
}

CASE(decode_moved, decode_like)
{
    DECODE_ARRAYS(2);
    SET(anchor, 0, 0, 64, 2,   -8, -8, 8, 24);
    SET(t, 0.5, -6, 0, 0,   -5, 0.125, 0, 0);
    DECODE_CALL(2);
    EXPECT(result, 32, -12, 96, -10,   -88, -4, -72, 28);
}

CASE(decode_below_limit, decode_like)
{
    DECODE_ARRAYS(2);
    SET(anchor, 0, 0, 2, 4,   0, 0, 4, 2);
    SET(t, 0, 0, 4.0943446, 3.6888795,   0, 0, -2.3025851, 4.0943446);
    DECODE_CALL(2);
    EXPECT(result, -59, -78, 61, 82,   1.8, -59, 2.2, 61);
}

CASE(decode_beyond_limit, decode_like)
{
    DECODE_ARRAYS(3);
    SET(anchor, 0, 0, 2, 4,   0, 0, 4, 2,   0, 0, 8, 16);
    SET(t, 0, 0, 4.5, 0,   0, 0, 0, 5,   0, 0, 4.135166556742356, 6);
    DECODE_CALL(3);
    EXPECT(result, -61.5, 0, 63.5, 4,   0, -61.5, 4, 63.5,   -246, -492, 254, 508);
}

CASE(decode_wild, decode_like)
{
    DECODE_ARRAYS(4);
    SET(anchor, 0, 0, 2, 4,   0, 0, 4, 2,   2, 2, 4, 4,   2, 2, 4, 4);
    SET(t, 0, 0, 100, 1000,   0, 0, 3e38, 0,   1, 0, INFINITY, -0.69314718,   0, 0, 88, 80);
    DECODE_CALL(4);
    EXPECT(result, -61.5, -123, 63.5, 127,   -123, 0, 127, 2,   -57.5, 2.5, 67.5, 3.5,
           -59.5, -59.5, 65.5, 65.5);
}

CASE(decode_tiny, decode_like)
{
    DECODE_ARRAYS(4);
    SET(anchor, 0, 0, 2, 4,   0, 0, 4, 2,   4, 4, 8, 8,   0, 0, 4, 2);
    SET(t, 0, 0, -5, -2,   0, 0, -1000, 0,   6, 0, -INFINITY, -1e30,   0, 0, -4.5, -6);
    DECODE_CALL(4);
    EXPECT(result, 0.99326205, 1.7293294, 1.006738, 2.2706706,   2, 0, 2, 2,   30, 6, 30, 6,
           1.977782, 0.99752125, 2.022218, 1.0024788);
}

CASE(decode_gold, decode_like)
{
    DECODE_ARRAYS(CODES);
    SET(t, CODES_T); SET(anchor, CODES_ANCHOR);
    DECODE_CALL(CODES);
    EXPECT(result, CODES_GOLD_BOX);
}

CASE(decode_random, decode_like)
{
    DECODE_ARRAYS(40);
    boxes_make(anchor, 40, 30, 40);
    SCALE(t, 2);
    DECODE_CALL(40);
}

/* ---- 15.5 cells_target --------------------------------------------------------------- */

/* Hint 15.5: if a cell is claimed by a large coat and by a small bag before it, which of them
 * can be found in other cells, too? And how can one loop over the objects of a cell remember
 * the smallest so far?
 *
 * With x, y the centre of the cell and cx, cy that of the box: its centre lies in the cell if
 * x - stride/2 <= cx < x + stride/2, and y alike; the cell's centre lies in the core if cx -
 * w/4 <= x < cx + w/4, and y alike. The area is box_area(), an object without one claims
 * nothing, and of two equal areas the first stays: so a later one must be less.
 *
 * A loop over the cells that begins with class -1 and an area of INFINITY; in it a loop over
 * the objects: two bools of four comparisons each, an if with continue, then three lines for
 * area, class and box_encode(). anchor_at() has the cell's centre. t is cleared before.
 */
typedef void target_like(float *t, int *class, const struct object *object, int n,
                         const struct cells *g);
target_like cells_target;

/* Objects of class, in the arrays of the case, from 1 to 9. */
static void target_call(target_like *f, float *t, int *class, const float *box,
                        const int *class_of, int n, struct cells g)
{
    struct object *object = malloc((size_t)n * sizeof *object);
    for (int k = 0; k < n; k++)
        object[k] = (struct object){box_of(box + 4*k), class_of[k], 5};
    f(t, class, object, n, &g);
    free(object);
}

#define TARGET_ARRAYS(rows, columns, n) \
    IN(box, n, 4); LABELS(class_of, 10, n); OUT(t, rows, columns, 4); \
    OUT_INT(class, rows, columns)

CASE(target_by_hand, target_like)
{
    TARGET_ARRAYS(2, 3, 4);
    SET(box, -5, 0, 23, 13,   1, 2, 5, 4,   17, 9, 21, 11,   18, 8, 23, 12);
    SET(class_of, 7, 4, 2, 3);
    target_call(f, t, class, box, class_of, 4, (struct cells){2, 3, 8, 16});
    EXPECT(class, 4, 7, -1,   -1, -1, 2);
    EXPECT(t, -0.0625, -0.0625, -1.38629436, -2.07944154,
           -0.1875, 0.15625, 0.55961579, -0.20763936,   0, 0, 0, 0,
           0, 0, 0, 0,   0, 0, 0, 0,   -0.0625, -0.125, -1.38629436, -2.07944154);
}

CASE(target_empty, target_like)
{
    TARGET_ARRAYS(3, 2, 1);
    target_call(f, t, class, box, class_of, 0, (struct cells){3, 2, 4, 10});
    EXPECT(class, -1, -1,  -1, -1,  -1, -1);
}

/* Three boxes of one centre, the smallest first, last, and in between; a wide and a tall one. */
CASE(target_smallest, target_like)
{
    TARGET_ARRAYS(4, 7, 5);
    SET(box, 0, 0, 28, 32,   8, 8, 20, 24,   4, 4, 24, 28,   34, 19, 54, 21,   43, 2, 45, 30);
    SET(class_of, 1, 2, 3, 4, 5);
    target_call(f, t, class, box, class_of, 5, (struct cells){4, 7, 8, 24});
    EXPECT(class, -1, -1, -1, -1, -1, -1, -1,   -1, 2, 1, -1, -1, 5, -1,
           -1, 2, 1, -1, -1, 4, -1,   -1, -1, -1, -1, -1, -1, -1);
}

CASE(target_equal_areas, target_like)
{
    TARGET_ARRAYS(3, 4, 4);
    SET(box, 0, 0, 24, 16,   4, -4, 20, 20,   16, 4, 32, 20,   16, 4, 32, 20);
    SET(class_of, 3, 6, 8, 1);
    target_call(f, t, class, box, class_of, 4, (struct cells){3, 4, 8, 16});
    EXPECT(class, -1, 3, -1, -1,   -1, 3, 8, 8,   -1, -1, -1, -1);
}

/* Centres of boxes on the edges of cells, and centres of cells on the edges of cores. */
CASE(target_edges, target_like)
{
    TARGET_ARRAYS(3, 4, 4);
    SET(box, 7, 7, 9, 9,   12, 0, 28, 16,   23, 15, 25, 17,   -12, 17, 20, 23);
    SET(class_of, 2, 5, 9, 4);
    target_call(f, t, class, box, class_of, 4, (struct cells){3, 4, 8, 12});
    EXPECT(class, -1, -1, 5, -1,   -1, 2, 5, -1,   4, -1, -1, 9);
}

CASE(target_over_the_border, target_like)
{
    TARGET_ARRAYS(2, 3, 6);
    SET(box, -3, 1, 1, 5,   8, -9, 15, 7,   23, 9, 25, 11,   1, 14, 5, 18,   -40, -40, 60, 50,
        20, 1, 27, 4);
    SET(class_of, 1, 2, 3, 4, 5, 6);
    target_call(f, t, class, box, class_of, 6, (struct cells){2, 3, 8, 24});
    EXPECT(class, 5, 5, 6,   5, 5, 5);
}

CASE(target_no_area, target_like)
{
    TARGET_ARRAYS(2, 2, 5);
    SET(box, 4, 4, 4, 4,   10, 1, 10, 7,   7, 15, 1, 9,   15, 9, 9, 15,   0, 0, 16, 9);
    SET(class_of, 1, 2, 3, 4, 5);
    target_call(f, t, class, box, class_of, 5, (struct cells){2, 2, 8, 20});
    EXPECT(class, 5, 5,  -1, -1);
}

#define TARGET(name, rows, columns, stride, anchor, n, far, most) CASE(name, target_like) \
    { TARGET_ARRAYS(rows, columns, n); \
      boxes_make(box, n, far, most); \
      for (int i = 0; i < 4 * n; i++) box[i] += stride * (i % 2 ? rows : columns) / 3; \
      target_call(f, t, class, box, class_of, n, (struct cells){rows, columns, stride, anchor}); }
TARGET(target_wide, 5, 9, 8, 24, 12, 30, 50)
TARGET(target_tall, 11, 3, 6, 10, 20, 30, 30)
TARGET(target_crowded, 4, 5, 4, 16, 90, 20, 12)

/* ---- 15.6 smooth_l1_forward -------------------------------------------------------- */

/* Hint 15.6: z says 0.3 and t is 0.35; then z says 3 and t is 3.5.  Which of the two lies on
 * the parabola, and what does each cost?
 *
 * d = z[i] - t[i] may be below 0, but what decides is how large it is: far = fabsf(d).  Below
 * BETA the cost is far^2 / (2 BETA), from there on far - BETA/2; at BETA both are BETA/2.
 *
 * One loop over n that adds one of two costs to a sum; the sum is returned as it is.
 */
typedef float l1_like(const float *z, const float *t, int n);
l1_like smooth_l1_forward;

#define L1_ARRAYS(n) IN(z, n); IN(t, n); OUT(result, 1)

/* Differences of so many sizes: within BETA, and beyond. */
static void differ_by(float *t, const float *z, int n, float most)
{
    for (int i = 0; i < n; i++)
        t[i] = z[i] + most * t[i];
}

CASE(l1_by_hand, l1_like)
{
    L1_ARRAYS(4);
    SET(z, 0.5, -1, 2, 0.25); SET(t, 0.45, -0.98, 1.6, 3.25);
    *result = f(z, t, 4);
    EXPECT(result, 0.0125 + 0.002 + 0.35 + 2.95);
}

CASE(l1_parabola, l1_like)
{
    L1_ARRAYS(7);
    differ_by(t, z, 7, 0.09f);
    *result = f(z, t, 7);
}

CASE(l1_lines, l1_like)
{
    L1_ARRAYS(2);
    SET(z, 3, -4); SET(t, -1, 2);
    *result = f(z, t, 2);
    EXPECT(result, 9.9);
}

CASE(l1_edge, l1_like)
{
    L1_ARRAYS(2);
    SET(z, 0.1, 0); SET(t, 0, 0.1);
    *result = f(z, t, 2);
    EXPECT(result, 0.1);
}

CASE(l1_same, l1_like)
{
    L1_ARRAYS(3);
    SET(z, 1, -2, 0); SET(t, 1, -2, 0);
    *result = f(z, t, 3);
    EXPECT(result, 0);
}

CASE(l1_far, l1_like)
{
    L1_ARRAYS(3);
    SET(z, 1e30, -3, 0.5); SET(t, -1e30, -3, 0.5);
    *result = f(z, t, 3);
    EXPECT(result, 2e30);
}

CASE(l1_one, l1_like)
{
    L1_ARRAYS(1);
    *result = f(z, t, 1);
}

CASE(l1_many, l1_like)
{
    L1_ARRAYS(301);
    differ_by(t, z, 301, 0.3f);
    *result = f(z, t, 301);
}

/* ---- 15.7 smooth_l1_backward --------------------------------------------------------- */

/* Hint 15.7: on a straight line that rises by 1 for each 1, what is the slope at d = 3, and
 * what at d = 30?  And on the parabola d^2 / (2 BETA), at d?
 *
 * The slope is d / BETA near 0; at d = BETA that has become 1, at d = -BETA it is -1, and there
 * it stays.  dz[i] += share * slope.
 *
 * One loop over n: d, its slope, of which no part lies above 1 or below -1, and one number of
 * dz that something is added to.
 */
typedef void l1_back_like(float *dz, const float *z, const float *t, float share, int n);
l1_back_like smooth_l1_backward;

#define L1_BACK_ARRAYS(n) IN(z, n); IN(t, n); ADD_TO(dz, n)

CASE(l1_back_by_hand, l1_back_like)
{
    L1_BACK_ARRAYS(5);
    SET(dz, 10, 20, 30, 40, 50);
    SET(z, 0.5, -1, 2, 0.25, 7); SET(t, 0.45, -0.98, 1.6, 3.25, 7);
    f(dz, z, t, 0.25f, 5);
    EXPECT(dz, 10.125, 19.95, 30.25, 39.75, 50);
}

CASE(l1_back_edge, l1_back_like)
{
    L1_BACK_ARRAYS(4);
    SET(dz, 0, 0, 1, 1); SET(z, 0.1, 0, 0.1, 0); SET(t, 0, 0.1, 0, 0.1);
    f(dz, z, t, 2, 4);
    EXPECT(dz, 2, -2, 3, -1);
}

CASE(l1_back_far, l1_back_like)
{
    L1_BACK_ARRAYS(3);
    SET(dz, 1, -1, 0.5); SET(z, 1e30, -1e30, 2); SET(t, -1e30, 1e30, 2);
    f(dz, z, t, 0.5f, 3);
    EXPECT(dz, 1.5, -1.5, 0.5);
}

CASE(l1_back_no_share, l1_back_like)
{
    L1_BACK_ARRAYS(6);
    differ_by(t, z, 6, 0.2f);
    f(dz, z, t, 0, 6);
}

CASE(l1_back_one, l1_back_like)
{
    L1_BACK_ARRAYS(1);
    f(dz, z, t, 3, 1);
}

#define L1_BACK(name, n, most, share) CASE(name, l1_back_like) \
    { L1_BACK_ARRAYS(n); differ_by(t, z, n, most); f(dz, z, t, share, n); }
L1_BACK(l1_back_parabola, 7, 0.09f, 1)
L1_BACK(l1_back_many, 203, 0.3f, 0.125f)

/* ---- 15.8 detection_loss_forward ---------------------------------------------------------- */

/* Hint 15.8: a cell in which nothing is: which of its 5 + K numbers does anybody want to be
 * anything?  And by how much is divided if no cell has an object?
 *
 * Row c of z begins at z + c (5 + K), of t at t + 4 c, of p at p + c K.  Every cell adds
 * bce_forward(z + OBJECT, &target, 1); a cell with an object also adds
 * smooth_l1_forward(z, t, 4) and cross_entropy_forward(p, z + CLASSES, &class[c], 1, K).
 *
 * Three sums and one loop over the cells; in it one call, an if, and two calls; at the end
 * three quotients, all by cells_taken(class, n).
 */
typedef struct detection_loss loss_like(float *p, const float *z, const float *t,
                                        const int *class, int n, int K);
loss_like detection_loss_forward;

/* Boxes near their targets and far; no object in about one cell of K + 1. */
static void cells_prepare(float *t, int *class, const float *z, int n, int K)
{
    for (int c = 0; c < n; c++) {
        class[c]--;
        for (int i = 0; i < 4; i++)
            t[4*c + i] = z[c*(5 + K) + i] + 0.25f * t[4*c + i];
    }
}

/* The logits, but not the boxes, so many times larger. */
static void logits_scale(float *z, int n, int K, float by)
{
    for (int c = 0; c < n; c++)
        for (int i = 4; i < 5 + K; i++)
            z[c*(5 + K) + i] *= by;
}

#define LOSS_ARRAYS(n, K) OUT(p, n, K); OUT(box_loss, 1); OUT(object_loss, 1); \
    OUT(class_loss, 1); IN(z, n, 5 + (K)); IN(t, n, 4); LABELS(class, (K) + 1, n)

/* Only where there is an object does it matter what p has. */
#define LOSS_CALL(n, K) do { \
        struct detection_loss loss = f(p, z, t, class, n, K); \
        *box_loss = loss.box, *object_loss = loss.object, *class_loss = loss.class; \
        p_only_taken(p, class, n, K); \
    } while (0)

static void p_only_taken(float *p, const int *class, int n, int K)
{
    for (int i = 0; i < n * K; i++)
        p[i] = class[i / K] < 0 ? 0 : p[i];
}

CASE(loss_by_hand, loss_like)
{
    LOSS_ARRAYS(3, 2);
    SET(z, 0.5, -1, 2, 0.25,  0,  1, 1,
           9, 9, 9, 9,  2,  -9, 9,
           1, 2, 3, 4,  -3,  0, 0);
    SET(t, 0.45, -0.98, 1, 3.25,  0, 0, 0, 0,  1, 2, 4, 4);
    SET(class, 1, -1, 0);
    LOSS_CALL(3, 2);
    EXPECT(p, 0.5, 0.5,  0, 0,  0.5, 0.5);
    EXPECT(box_loss, (3.9145 + 0.95) / 2);
    EXPECT(object_loss, (0.693147181 + 2.126928011 + 3.048587352) / 2);
    EXPECT(class_loss, 0.693147181);
}

CASE(loss_none, loss_like)
{
    LOSS_ARRAYS(4, 3);
    SET(class, -1, -1, -1, -1);
    for (int c = 0; c < 4; c++)
        z[8*c + 4] = c < 2 ? 0 : c < 3 ? 40 : -0.5f;
    LOSS_CALL(4, 3);
    EXPECT(box_loss, 0);
    EXPECT(object_loss, 2 * 0.693147181 + 40 + 0.474076984);
    EXPECT(class_loss, 0);
}

#define LOSS(name, n, K, by, ...) CASE(name, loss_like) \
    { LOSS_ARRAYS(n, K); cells_prepare(t, class, z, n, K); logits_scale(z, n, K, by); \
      __VA_ARGS__; LOSS_CALL(n, K); }
LOSS(loss_odd, 7, 3, 2)
LOSS(loss_many, 64, 10, 3)
LOSS(loss_all, 5, 4, 1, SET(class, 3, 0, 2, 1, 3))
LOSS(loss_one_class, 9, 1, 2, SET(class, 0, -1, -1, 0, 0, -1, 0, -1, -1))
LOSS(loss_one_cell, 1, 5, 1, *class = 4)
LOSS(loss_few, 23, 6, 1, for (int c = 0; c < 23; c++) class[c] = c == 17 ? 5 : -1)

CASE(loss_huge, loss_like)
{
    LOSS_ARRAYS(4, 3);
    cells_prepare(t, class, z, 4, 3);
    SET(class, 2, -1, 0, -1);
    for (int c = 0; c < 4; c++)
        for (int i = 4; i < 8; i++)
            z[8*c + i] = (float[4][4]){{-300, 1e4f, -1e4f, 500}, {1e4f, 0, 0, 0},
                                       {1e30f, -2000, -2000, -2001}, {-1e4f, 1, 2, 3}}[c][i - 4];
    LOSS_CALL(4, 3);
    EXPECT(object_loss, 5150);
    EXPECT(class_loss, 4750.431);
}

/* ---- 15.9 detection_loss_backward --------------------------------------------------------- */

/* Hint 15.9: if there is an object but sigmoid() says 0.3, by how much is that too little, and
 * in which direction must the logit go?  Which of the 5 + K numbers of an empty cell have a
 * part in the loss?
 *
 * share = 1 / P with P = cells_taken(class, n).  Every cell: dz[OBJECT] += share (sigmoid(
 * z[OBJECT]) - 1) with an object, share sigmoid(z[OBJECT]) without.  With an object also
 * smooth_l1_backward() of the box, and dz[CLASSES + k] += share (p[k] - 1) for its class,
 * share p[k] for each other.
 *
 * One loop over the cells; all pointers walk from row to row, dz and z by 5 + K, t by 4, p by
 * K.  In it one line, an if, one call and a loop over K.
 */
typedef void loss_back_like(float *dz, const float *p, const float *z, const float *t,
                            const int *class, int n, int K);
loss_back_like detection_loss_backward;

/* The probabilities of the classes, and a number that none is where nobody has written. */
static void p_fill(float *p, const float *z, const int *class, int n, int K)
{
    for (int c = 0; c < n; c++, z += 5 + K, p += K)
        for (int k = 0; k < K; k++) {
            double sum = 0;
            for (int j = 0; j < K; j++)
                sum += exp((double)z[5 + j] - z[5 + k]);
            p[k] = class[c] < 0 ? 7 : (float)(1 / sum);
        }
}

#define LOSS_BACK_ARRAYS(n, K) IN(p, n, K); IN(z, n, 5 + (K)); IN(t, n, 4); \
    LABELS(class, (K) + 1, n); ADD_TO(dz, n, 5 + (K))

CASE(loss_back_by_hand, loss_back_like)
{
    LOSS_BACK_ARRAYS(3, 2);
    SET(dz, 10, 20, 30, 40,  50,  60, 70,   1, 2, 3, 4,  5,  6, 7,   0, 0, 0, 0,  0,  0, 0);
    SET(z, 0.5, -1, 2, 0.25,  0,  1, 1,
           9, 9, 9, 9,  0,  -9, 9,
           1, 2, 3, 4,  0,  0, 0);
    SET(t, 0.45, -0.98, 1, 3.25,  0, 0, 0, 0,  1, 2, 4, 4);
    SET(class, 1, -1, 0);
    p_fill(p, z, class, 3, 2);
    f(dz, p, z, t, class, 3, 2);
    EXPECT(dz, 10.25, 19.9, 30.5, 39.5,  49.75,  60.25, 69.75,   1, 2, 3, 4,  5.25,  6, 7,
           0, 0, -0.5, 0,  -0.25,  -0.25, 0.25);
}

CASE(loss_back_none, loss_back_like)
{
    LOSS_BACK_ARRAYS(4, 3);
    SET(class, -1, -1, -1, -1);
    p_fill(p, z, class, 4, 3);
    f(dz, p, z, t, class, 4, 3);
}

#define LOSS_BACK(name, n, K, by, ...) CASE(name, loss_back_like) \
    { LOSS_BACK_ARRAYS(n, K); cells_prepare(t, class, z, n, K); logits_scale(z, n, K, by); \
      __VA_ARGS__; p_fill(p, z, class, n, K); f(dz, p, z, t, class, n, K); }
LOSS_BACK(loss_back_odd, 7, 3, 2)
LOSS_BACK(loss_back_many, 64, 10, 3)
LOSS_BACK(loss_back_all, 5, 4, 1, SET(class, 3, 0, 2, 1, 3))
LOSS_BACK(loss_back_one_class, 9, 1, 2, SET(class, 0, -1, -1, 0, 0, -1, 0, -1, -1))
LOSS_BACK(loss_back_one_cell, 1, 5, 1, *class = 4)
LOSS_BACK(loss_back_huge, 6, 3, 300, SET(class, 2, -1, 0, -1, 1, 2))
LOSS_BACK(loss_back_edge, 3, 2, 1, SET(class, 1, 0, -1);
          for (int i = 0; i < 8; i++) z[i / 4 * 7 + i % 4] = i % 2 ? 0 : 0.1f,
                                      t[i] = i % 2 ? 0.1f : 0)
/* All is 0 before, and there is one object: what is missing then is a 0. */
LOSS_BACK(loss_back_few, 23, 6, 1, SCALE(dz, 0);
          for (int c = 0; c < 23; c++) class[c] = c == 17 ? 5 : -1)

/* ---- 15.10 cells_read ------------------------------------------------------------------ */

/* Hint 15.10: a cell is quite sure that there is something, 0.9, and torn between shirt, 0.6,
 * and coat, 0.3. What is the probability that there is a shirt? How many detections does the
 * cell make, and in what do they differ?
 *
 * Row c of z has 5 + K numbers: box_decode(z, anchor_at(g, c)), sigmoid(z[OBJECT]), and the
 * softmax of z[CLASSES] to z[CLASSES+K-1]. Every coordinate is at least 0; x at most columns
 * stride, y at most rows stride. Detection c K + k has the score sigmoid() p[k].
 *
 * A loop over the cells, with z going 5 + K numbers on: one box_decode(), four lines of
 * fminf(fmaxf(...)), one softmax_rows() of a single row. In it a loop over the classes that
 * writes a struct detection: box, class, scene, score.
 */
typedef void read_like(struct detection *d, float *p, const float *z, int scene,
                       const struct cells *g, int K);
read_like cells_read;

/* Every detection begins with what is in the outputs, and what was not written stays there. */
static void read_call(read_like *f, float *box, float *score, int *class, int *scene_of,
                      float *p, const float *z, int scene, struct cells g, int K)
{
    const int n = g.rows * g.columns * K;
    struct detection *d = malloc((size_t)n * sizeof *d), *before = malloc((size_t)n * sizeof *d);
    for (int i = 0; i < n; i++)
        d[i] = before[i] = (struct detection){box_of(box + 4*i), class[i], scene_of[i], score[i]};
    f(d, p, z, scene, &g, K);
    for (int i = 0; i < n; i++)
        if (memcmp(d + i, before + i, sizeof *d)) {
            box_put(box + 4*i, d[i].box);
            class[i] = d[i].class, scene_of[i] = d[i].scene, score[i] = d[i].score;
        }
    memset(p, 0, (size_t)K * sizeof *p);
    free(d), free(before);
}

#define READ_ARRAYS(rows, columns, K) \
    IN(z, rows, columns, 5 + K); OUT(box, rows, columns, K, 4); OUT(score, rows, columns, K); \
    OUT_INT(class, rows, columns, K); OUT_INT(scene, rows, columns, K); OUT(p, K)
#define READ_CALL(number, rows, columns, stride, anchor, K) \
    read_call(f, box, score, class, scene, p, z, number, \
              (struct cells){rows, columns, stride, anchor}, K)

CASE(read_by_hand, read_like)
{
    READ_ARRAYS(1, 2, 2);
    SET(z, 0, 0, 0, 0, 0, 0, 1.09861229,
        0.25, -0.125, -0.69314718, -1.38629436, 1.38629436, 3, 3);
    READ_CALL(7, 1, 2, 8, 16, 2);
    EXPECT(box, 0, 0, 12, 8,  0, 0, 12, 8,   12, 0, 16, 4,  12, 0, 16, 4);
    EXPECT(score, 0.125, 0.375,  0.4, 0.4);
    EXPECT(class, 0, 1,  0, 1);
    EXPECT(scene, 7, 7,  7, 7);
}

/* Two cells of a column: what is cut off is cut off at 8 on the right, at 16 below. */
CASE(read_cut_off, read_like)
{
    READ_ARRAYS(2, 1, 3);
    SET(z, -0.25, 0, 0, 1.38629436, -2, 1, 2, 3,   0.5, 0.5, 0.69314718, 0, 1, 0, 0, -1);
    READ_CALL(3, 2, 1, 8, 8, 3);
    EXPECT(box, 0, 0, 6, 16,  0, 0, 6, 16,  0, 0, 6, 16,
           0, 12, 8, 16,  0, 12, 8, 16,  0, 12, 8, 16);
}

/* Boxes that lie outside on all four sides, and one around the image. */
CASE(read_outside, read_like)
{
    static const float t[6][4] = {{-9, 0}, {9, 0}, {0, -9}, {0, 9}, {1e30, -1e30}, {0, 0, 9, 9}};
    READ_ARRAYS(2, 3, 2);
    for (int c = 0; c < 6; c++)
        memcpy(z + 7*c, t[c], sizeof t[c]);
    READ_CALL(1, 2, 3, 4, 6, 2);
    EXPECT(box, 0, 0, 0, 5,  0, 0, 0, 5,   12, 0, 12, 5,  12, 0, 12, 5,
           7, 0, 12, 0,  7, 0, 12, 0,   0, 8, 5, 8,  0, 8, 5, 8,
           12, 0, 12, 0,  12, 0, 12, 0,   0, 0, 12, 8,  0, 0, 12, 8);
}

CASE(read_one_class, read_like)
{
    READ_ARRAYS(3, 2, 1);
    READ_CALL(0, 3, 2, 8, 24, 1);
}

/* Beyond exp(): 90 and -90 are logits, too. */
CASE(read_sure, read_like)
{
    static const float logits[4][4] = {{90, 100, 99, -100}, {-90, 2, 1, 0}, {2, -81, -80, -81},
                                       {-3, 200, -200, 0}};
    READ_ARRAYS(2, 2, 3);
    for (int c = 0; c < 4; c++)
        memcpy(z + 8*c + 4, logits[c], sizeof logits[c]);
    READ_CALL(2, 2, 2, 8, 8, 3);
    EXPECT(score, 0.73105858, 0.26894142, 0,   0, 0, 0,   0.18667750, 0.50744207, 0.18667750,
           0.04742587, 0, 0);
}

#define READ(name, number, rows, columns, stride, anchor, K) CASE(name, read_like) \
    { READ_ARRAYS(rows, columns, K); SCALE(z, 3); \
      READ_CALL(number, rows, columns, stride, anchor, K); }
READ(read_wide, 4, 3, 5, 8, 24, 4)
READ(read_tall, 11, 7, 2, 6, 10, 10)
READ(read_large, -1, 2, 3, 0.5f, 40, 17)

/* ---- 15.11 score_filter ---------------------------------------------------------------- */

/* Hint 15.11: detections 1, 3 and 4 of five pass. At which places shall they be at the end, and
 * which place is free when it is detection 3's turn? And is NAN > 0.5 true, or NAN <= 0.5?
 *
 * d[i] passes if its score > threshold and x1 > x0 and y1 > y0. It moves to d[kept], and kept
 * grows by 1. Asked in this way, a NAN passes nowhere, for no comparison with NAN is true.
 *
 * int kept = 0; a loop over n with one if of three comparisons that copies a struct and counts;
 * return kept. As kept is never larger than i, nothing is written over that is still needed.
 */
typedef int filter_like(struct detection *d, float threshold, int n);
filter_like score_filter;

/* No comparison knows a NAN: in the arrays of a case 999 stands for it. */
enum { NO_NUMBER = 999 };
static float nan_hide(float x) { return x == NO_NUMBER ? NAN : x; }
static float nan_show(float x) { return isnan(x) ? NO_NUMBER : x; }

static struct detection *detections_new(const float *box, const float *score, const int *class,
                                        const int *scene, int n)
{
    struct detection *d = malloc((size_t)n * sizeof *d);
    for (int i = 0; i < n; i++) {
        float row[4];
        for (int j = 0; j < 4; j++)
            row[j] = nan_hide(box[4*i + j]);
        d[i] = (struct detection){box_of(row), class[i], scene[i], nan_hide(score[i])};
    }
    return d;
}

/* Of those kept the box and the score; behind them zeros, whatever is there. */
static void detections_put(float *result, int *class, int *scene, struct detection *d, int kept,
                           int n, int room)
{
    for (int i = 0; i < room; i++) {
        struct detection of = i < kept && i < n ? d[i] : (struct detection){0};
        box_put(result + 5*i, of.box);
        result[5*i + 4] = of.score;
        class[i] = of.class, scene[i] = of.scene;
        for (int j = 0; j < 5; j++)
            result[5*i + j] = nan_show(result[5*i + j]);
    }
    free(d);
}

#define DETECTIONS_ARRAYS(n) \
    IN(box, n, 4); IN(score, n); LABELS(class, 4, n); LABELS(scene, 3, n); OUT_INT(count, 1); \
    OUT(result, n, 5); OUT_INT(kept_class, n); OUT_INT(kept_scene, n); const int room = n
#define DETECTIONS_CALL(argument, n) do { \
        struct detection *d = detections_new(box, score, class, scene, n); \
        *count = f(d, argument, n); \
        detections_put(result, kept_class, kept_scene, d, *count, n, room); \
    } while (0)
#define ROWS(n, ...) for (int i = 0; i < n; i++) \
        memcpy(box + 4*i, (float [][4]){__VA_ARGS__}[i], 4 * sizeof *box)

CASE(filter_by_hand, filter_like)
{
    DETECTIONS_ARRAYS(5);
    ROWS(5, {0, 0, 4, 2}, {1, 2, 5, 9}, {2, 0, 3, 8}, {4, 4, 5, 6}, {7, 1, 9, 3});
    SET(score, 0.25, 0.75, 0.125, 0.875, 0.625);
    SET(class, 2, 0, 1, 3, 1); SET(scene, 1, 0, 2, 1, 2);
    DETECTIONS_CALL(0.5f, 5);
    EXPECT(result, 1, 2, 5, 9, 0.75,   4, 4, 5, 6, 0.875,   7, 1, 9, 3, 0.625,
           0, 0, 0, 0, 0,   0, 0, 0, 0, 0);
    EXPECT(kept_class, 0, 3, 1, 0, 0);
    EXPECT(kept_scene, 0, 1, 2, 0, 0);
    EXPECT(count, 3);
}

CASE(filter_at_threshold, filter_like)
{
    DETECTIONS_ARRAYS(4);
    ROWS(4, {0, 0, 4, 2}, {1, 2, 5, 9}, {2, 0, 3, 8}, {4, 4, 5, 6});
    SET(score, 0.5, 0.50000006, 0.49999997, 1);
    DETECTIONS_CALL(0.5f, 4);
    EXPECT(count, 2);
}

CASE(filter_no_area, filter_like)
{
    DETECTIONS_ARRAYS(7);
    ROWS(7, {2, 2, 2, 2}, {3, 1, 3, 6}, {1, 4, 8, 4}, {0, 0, 3, 1}, {6, 1, 2, 5}, {1, 5, 6, 2},
         {0, 0, 1e-10f, 1e-10f});
    SET(score, 0.9, 0.8, 0.7, 0.6, 0.9, 0.8, 0.7);
    DETECTIONS_CALL(0.125f, 7);
    EXPECT(count, 2);
}

CASE(filter_inside_out, filter_like)
{
    DETECTIONS_ARRAYS(3);
    ROWS(3, {6, 5, 2, 1}, {-1, -1, -2, -2}, {-2, -2, -1, -1});
    SET(score, 0.9, 0.8, 0.7);
    DETECTIONS_CALL(0, 3);
    EXPECT(count, 1);
}

CASE(filter_nan_score, filter_like)
{
    DETECTIONS_ARRAYS(4);
    ROWS(4, {0, 0, 4, 2}, {1, 2, 5, 9}, {2, 0, 3, 8}, {4, 4, 5, 6});
    SET(score, NO_NUMBER, 0.75, 0.125, NO_NUMBER);
    DETECTIONS_CALL(0.25f, 4);
    EXPECT(count, 1);
}

CASE(filter_nan_box, filter_like)
{
    DETECTIONS_ARRAYS(6);
    ROWS(6, {NO_NUMBER, 0, 4, 2}, {1, NO_NUMBER, 5, 9}, {2, 0, NO_NUMBER, 8},
         {4, 4, 5, NO_NUMBER}, {NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER}, {7, 1, 9, 3});
    SET(score, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    DETECTIONS_CALL(0.25f, 6);
    EXPECT(count, 1);
}

CASE(filter_none, filter_like)
{
    DETECTIONS_ARRAYS(1);
    DETECTIONS_CALL(0.5f, 0);
    EXPECT(count, 0);
}

CASE(filter_all_or_nothing, filter_like)
{
    for (int which = 0; which < 2; which++) {
        DETECTIONS_ARRAYS(9);
        boxes_make(box, 9, 6, 8);
        for (int i = 0; i < 9; i++)
            box[4*i + 2] += 1, box[4*i + 3] += 1;
        DETECTIONS_CALL(which ? INFINITY : -1.5f, 9);
        EXPECT(count, which ? 0 : 9);
    }
}

CASE(filter_many, filter_like)
{
    DETECTIONS_ARRAYS(80);
    boxes_make(box, 80, 6, 2);
    for (int i = 0; i < 80; i++)
        score[i] = i % 7 ? floorf(8 * score[i]) / 8 : NO_NUMBER;
    DETECTIONS_CALL(-0.25f, 80);
}

/* ---- 15.12 nms --------------------------------------------------------------------------- */

/* Hint 15.12: three boxes of a class lie in a row, each over half of the next. The first has the
 * largest score and the last the smallest. Which of them are kept, if the second is not: is
 * there still a reason to drop the third?
 *
 * After detections_sort() the first kept so many are those that stay. Detection i is dropped if
 * one j of them has its class, its scene, and iou(d[j].box, d[i].box) > limit: what is as much
 * as limit is not too much. Those that were dropped drop nobody.
 *
 * The loop of 15.11, with a loop over j from 0 to kept - 1 in place of its if, which finds out
 * whether i is dropped. Nothing need be marked: all that stand before kept were kept.
 */
typedef int nms_like(struct detection *d, float limit, int n);
nms_like nms;

#define ALL_ALIKE(n) do { \
        memset(class, 0, n * sizeof *class), memset(scene, 0, n * sizeof *scene); \
    } while (0)

CASE(nms_by_hand, nms_like)
{
    DETECTIONS_ARRAYS(5);
    ROWS(5, {2, 0, 9, 4}, {20, 1, 24, 9}, {1, 0, 8, 4}, {20, 1, 24, 8}, {0, 0, 4, 4});
    SET(score, 0.5, 0.25, 0.75, 0.125, 0.625);
    SET(class, 2, 2, 2, 2, 2); SET(scene, 1, 1, 1, 1, 1);
    DETECTIONS_CALL(0.4f, 5);
    EXPECT(result, 1, 0, 8, 4, 0.75,   0, 0, 4, 4, 0.625,   20, 1, 24, 9, 0.25,   0, 0, 0, 0, 0,
           0, 0, 0, 0, 0);
    EXPECT(kept_class, 2, 2, 2, 0, 0);
    EXPECT(kept_scene, 1, 1, 1, 0, 0);
    EXPECT(count, 3);
}

/* IoU of 1/2, twice: as much as the limit; then of 16/20 and of 17/32, more than it. */
CASE(nms_at_limit, nms_like)
{
    DETECTIONS_ARRAYS(6);
    ROWS(6, {0, 0, 8, 4}, {0, 0, 4, 4}, {30, 30, 38, 34}, {30, 30, 38, 32}, {30, 30, 38, 32.5f},
         {30, 30, 34.25f, 34});
    SET(score, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4);
    ALL_ALIKE(6);
    DETECTIONS_CALL(0.5f, 6);
    EXPECT(count, 4);
}

/* Other limits that are exactly met: 1/3, 7/10, and nothing in common at all. */
CASE(nms_other_limits, nms_like)
{
    static const float limit[] = {1.0f / 3, 0.7f, 0};
    for (int which = 0; which < 3; which++) {
        DETECTIONS_ARRAYS(4);
        if (which == 0)
            ROWS(4, {0, 0, 2, 2}, {1, 0, 3, 2}, {2, 0, 4, 2}, {0, 0, 2, 2});
        else
            ROWS(4, {0, 0, 10, 1}, {0, 0, 7, 1}, {10, 0, 17, 1}, {0, 1, 4, 3});
        SET(score, 0.9, 0.8, 0.7, 0.6);
        ALL_ALIKE(4);
        DETECTIONS_CALL(limit[which], 4);
        EXPECT(count, which == 1 ? 4 : 3);
    }
}

/* A row of boxes: the second and the fifth go, and so those behind them stay. */
CASE(nms_chain, nms_like)
{
    DETECTIONS_ARRAYS(5);
    ROWS(5, {0, 0, 8, 4}, {3, 0, 11, 4}, {6, 0, 14, 4}, {8, 1, 16, 4}, {12, 0, 20, 4});
    SET(score, 0.9, 0.8, 0.7, 0.3, 0.2);
    ALL_ALIKE(5);
    DETECTIONS_CALL(0.25f, 5);
    EXPECT(result, 0, 0, 8, 4, 0.9,   6, 0, 14, 4, 0.7,   12, 0, 20, 4, 0.2,   0, 0, 0, 0, 0,
           0, 0, 0, 0, 0);
    EXPECT(count, 3);
}

CASE(nms_other_classes, nms_like)
{
    DETECTIONS_ARRAYS(7);
    ROWS(7, {0, 0, 8, 4}, {1, 0, 8, 4}, {0, 0, 7, 4}, {0, 0, 8, 3}, {0, 1, 8, 4}, {0, 0, 8, 4},
         {9, 0, 12, 4});
    SET(score, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3);
    SET(class, 1, 3, 1, 1, 0, 3, 1); SET(scene, 0, 0, 2, 0, 0, 2, 0);
    DETECTIONS_CALL(0.5f, 7);
    EXPECT(kept_class, 1, 3, 1, 0, 3, 1, 0);
    EXPECT(kept_scene, 0, 0, 2, 0, 2, 0, 0);
    EXPECT(count, 6);
}

/* Of boxes with one score those that come first stay first, and before others. */
CASE(nms_equal_scores, nms_like)
{
    DETECTIONS_ARRAYS(7);
    ROWS(7, {40, 0, 48, 4}, {0, 0, 8, 4}, {1, 0, 9, 4}, {20, 0, 28, 4}, {21, 0, 29, 4},
         {60, 0, 68, 4}, {20, 1, 28, 4});
    SET(score, 0.25, 0.5, 0.5, 0.5, 0.5, 0.75, 0.5);
    ALL_ALIKE(7);
    DETECTIONS_CALL(0.5f, 7);
    EXPECT(result, 60, 0, 68, 4, 0.75,   0, 0, 8, 4, 0.5,   20, 0, 28, 4, 0.5,
           40, 0, 48, 4, 0.25,   0, 0, 0, 0, 0,   0, 0, 0, 0, 0,   0, 0, 0, 0, 0);
    EXPECT(count, 4);
}

/* Boxes without area, equal or not, and inside-out ones have nothing in common with others. */
CASE(nms_no_area, nms_like)
{
    DETECTIONS_ARRAYS(6);
    ROWS(6, {2, 2, 2, 2}, {2, 2, 2, 2}, {0, 0, 5, 5}, {4, 1, 1, 4}, {0, 3, 5, 3}, {0, 0, 5, 5});
    SET(score, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6);
    ALL_ALIKE(6);
    DETECTIONS_CALL(0, 6);
    EXPECT(count, 5);
}

/* No detection at all; and three that are equal, with a limit that nothing exceeds. */
CASE(nms_none_or_all, nms_like)
{
    for (int n = 0; n <= 3; n += 3) {
        DETECTIONS_ARRAYS(3);
        ROWS(3, {1, 2, 4, 9}, {1, 2, 4, 9}, {1, 2, 4, 9});
        ALL_ALIKE(3);
        DETECTIONS_CALL(1, n);
        EXPECT(count, n);
    }
}

#define NMS_SET(G) SET(box, G##_BOX); SET(score, G##_SCORE); SET(class, G##_CLASS); \
    SET(scene, G##_SCENE)
#define NMS_GOLD(G) do { \
        EXPECT(result, G##_GOLD); EXPECT(kept_class, G##_GOLD_CLASS); \
        EXPECT(kept_scene, G##_GOLD_SCENE); EXPECT(count, G##_GOLD_COUNT); \
    } while (0)

CASE(nms_gold, nms_like)
{
    {
        DETECTIONS_ARRAYS(NMS_ONE);
        NMS_SET(NMS_ONE);
        DETECTIONS_CALL(NMS_ONE_LIMIT, NMS_ONE);
        NMS_GOLD(NMS_ONE);
    }
    DETECTIONS_ARRAYS(NMS_MANY);
    NMS_SET(NMS_MANY);
    DETECTIONS_CALL(NMS_MANY_LIMIT, NMS_MANY);
    NMS_GOLD(NMS_MANY);
}

CASE(nms_many, nms_like)
{
    DETECTIONS_ARRAYS(150);
    boxes_make(box, 150, 6, 12);
    for (int i = 0; i < 150; i++)
        score[i] = floorf(32 * score[i]) / 32;
    DETECTIONS_CALL(0.3f, 150);
}

/* ---- 15.13 match --------------------------------------------------------------------- */

/* Hint 15.13: two detections lie on one shirt: how many shirts are found?  Two shirts lie upon
 * each other, and the first detection has taken the one that fits both best: what is left for
 * the second?
 *
 * For detection i, among the objects k with object[k].class == d[i].class and object[k].scene
 * == d[i].scene and !taken[k], look for the largest iou(d[i].box, object[k].box); only another
 * that is truly larger replaces the one before.  If it is at least limit: found[i] = k and
 * taken[k] = true; else found[i] = -1.
 *
 * Nothing is taken at first.  A loop over the detections; in it best = -1 and found[i] = -1, a
 * loop over the objects with an if that passes over those that do not count, and an if that
 * keeps the better one; then an if that takes it.
 */
typedef void match_like(int *found, bool *taken, const struct detection *d,
                        const struct object *object, float limit, int n, int m);
match_like match;

/* Exactly as many as there are, so that the sanitizer sees one step too far. */
static struct detection *detections_of(const float *box, const int *class, const int *scene,
                                       const float *score, int n)
{
    struct detection *d = malloc((size_t)n * sizeof *d);
    for (int i = 0; i < n; i++)
        d[i] = (struct detection){box_of(box + 4*i), class[i], scene[i], score[i]};
    return d;
}

static struct object *objects_of(const float *box, const int *class, const int *scene, int m)
{
    struct object *o = malloc((size_t)m * sizeof *o);
    for (int k = 0; k < m; k++)
        o[k] = (struct object){box_of(box + 4*k), class[k], scene[k]};
    return o;
}

/* Boxes of whole pixels within 14 by 14: many overlap, and some equally. */
static void boxes_whole(float *box, int n)
{
    for (int i = 0; i < n; i++, box += 4) {
        box[0] = floorf(4 + 4*box[0]), box[1] = floorf(4 + 4*box[1]);
        box[2] = box[0] + floorf(5 + 2*box[2]), box[3] = box[1] + floorf(5 + 2*box[3]);
    }
}

/* n detections and m objects, neither 0, of K classes in so many scenes. */
#define FOUND_ARRAYS(n, m, K, scenes) IN(box, n, 4); LABELS(class, K, n); \
    LABELS(scene, scenes, n); IN(truth, m, 4); LABELS(truth_class, K, m); \
    LABELS(truth_scene, scenes, m)
#define MATCH_ARRAYS(n, m, K, scenes) OUT_INT(found, n); OUT_INT(taken, m); \
    FOUND_ARRAYS(n, m, K, scenes)
#define MATCH_CALL(limit, n, m) match_call(f, found, taken, \
        detections_of(box, class, scene, falling(n), n), \
        objects_of(truth, truth_class, truth_scene, m), limit, n, m)

/* The scores of detections that are in order already. */
static const float *falling(int n)
{
    static float score[64];
    for (int i = 0; i < n; i++)
        score[i] = 1 - (float)i / 64;
    return score;
}

/* All is taken before, as far as anybody knows. */
static void match_call(match_like *f, int *found, int *taken, struct detection *d,
                       struct object *object, float limit, int n, int m)
{
    bool *own = malloc((size_t)m);
    memset(own, 1, (size_t)m);
    f(found, own, d, object, limit, n, m);
    for (int k = 0; k < m; k++)
        taken[k] = own[k];
    free(own), free(object), free(d);
}

CASE(match_by_hand, match_like)
{
    MATCH_ARRAYS(6, 4, 2, 2);
    SET(truth, 0, 0, 10, 10,  0, 0, 10, 8,  20, 0, 30, 10,  20, 0, 30, 10);
    SET(truth_class, 1, 1, 0, 1); SET(truth_scene, 0, 0, 0, 1);
    SET(box, 0, 0, 10, 9,  0, 0, 10, 10,  0, 0, 10, 10,  20, 0, 30, 10,  20, 0, 30, 5,
             25, 0, 30, 10);
    SET(class, 1, 1, 1, 1, 0, 1); SET(scene, 0, 0, 0, 0, 0, 1);
    MATCH_CALL(0.5f, 6, 4);
    EXPECT(found, 0, 1, -1, -1, 2, 3);
    EXPECT(taken, 1, 1, 1, 1);
}

CASE(match_first_takes, match_like)
{
    MATCH_ARRAYS(3, 2, 1, 1);
    SET(truth, 0, 0, 8, 10,  40, 40, 48, 48);
    SET(box, 0, 0, 5, 10,  0, 0, 8, 10,  41, 40, 48, 47);
    MATCH_CALL(0.6f, 3, 2);
    EXPECT(found, 0, -1, 1);
    EXPECT(taken, 1, 1);
}

CASE(match_twins, match_like)
{
    MATCH_ARRAYS(4, 3, 1, 1);
    SET(truth, 2, 2, 6, 6,  2, 2, 6, 6,  3, 2, 7, 6);
    SET(box, 2, 2, 6, 6,  2, 2, 7, 6,  2, 2, 6, 6,  9, 9, 12, 12);
    MATCH_CALL(0.5f, 4, 3);
    EXPECT(found, 0, 1, 2, -1);
    EXPECT(taken, 1, 1, 1);
}

CASE(match_best_later, match_like)
{
    MATCH_ARRAYS(2, 4, 1, 1);
    SET(truth, 0, 0, 10, 6,  0, 0, 10, 9,  0, 0, 10, 7,  0, 0, 10, 4);
    SET(box, 0, 0, 10, 10,  0, 0, 10, 8);
    MATCH_CALL(0.5f, 2, 4);
    EXPECT(found, 1, 2);
    EXPECT(taken, 0, 1, 1, 0);
}

CASE(match_nothing_there, match_like)
{
    OUT_INT(found, 3); IN(box, 3, 4); LABELS(class, 2, 3); LABELS(scene, 2, 3);
    boxes_whole(box, 3);
    match_call(f, found, NULL, detections_of(box, class, scene, falling(3), 3),
               objects_of(NULL, NULL, NULL, 0), 0.5f, 3, 0);
    EXPECT(found, -1, -1, -1);
}

CASE(match_nothing_found, match_like)
{
    OUT_INT(taken, 2); IN(truth, 2, 4); LABELS(truth_class, 2, 2); LABELS(truth_scene, 2, 2);
    boxes_whole(truth, 2);
    int *found = malloc(0);
    match_call(f, found, taken, detections_of(NULL, NULL, NULL, NULL, 0),
               objects_of(truth, truth_class, truth_scene, 2), 0.5f, 0, 2);
    free(found);
    EXPECT(taken, 0, 0);
}

#define MATCH(name, n, m, K, scenes, limit) CASE(name, match_like) \
    { MATCH_ARRAYS(n, m, K, scenes); boxes_whole(box, n); boxes_whole(truth, m); \
      MATCH_CALL(limit, n, m); }
MATCH(match_many, 53, 31, 2, 3, 0.4f)
MATCH(match_crowd, 40, 17, 1, 1, 1.0f / 3)
MATCH(match_any, 19, 23, 3, 2, 0)
MATCH(match_exact, 60, 40, 1, 2, 1)

/* ---- 15.14 average_precision --------------------------------------------------------- */

/* Hint 15.14: of three detections the second and the third are hits: what is the precision after
 * each?  Recall 1/2 is reached with precision 1/2; but who goes on gets recall 1 with precision
 * 2/3.  Which precision does recall 1/2 deserve then?
 *
 * Each hit moves recall by 1 / objects, a miss not at all.  So the area is 1/objects times the
 * sum, over the hits alone, of envelope[i]: the largest precision at i or later.
 *
 * Count all hits.  Then a loop from n - 1 down to 0: the precision is hits / (i + 1), the
 * envelope the larger of it and of itself before; at a hit the envelope is added to the sum,
 * and one hit less is left.
 */
typedef float ap_like(const int *found, int objects, int n);
ap_like average_precision;

CASE(ap_by_hand, ap_like)
{
    LABELS(found, 9, 5); OUT(result, 1);
    SET(found, -1, 3, 0, -1, 1);
    *result = f(found, 4, 5);
    EXPECT(result, 0.483333333);
}

CASE(ap_falling, ap_like)
{
    LABELS(found, 9, 6); OUT(result, 1);
    SET(found, 2, -1, 1, -1, -1, 0);
    *result = f(found, 5, 6);
    EXPECT(result, 0.433333333);
}

CASE(ap_perfect, ap_like)
{
    LABELS(found, 9, 3); OUT(result, 1);
    SET(found, 0, 2, 1);
    *result = f(found, 3, 3);
    EXPECT(result, 1);
}

CASE(ap_hits_last, ap_like)
{
    LABELS(found, 9, 7); OUT(result, 1);
    SET(found, -1, -1, -1, -1, 5, 0, 1);
    *result = f(found, 3, 7);
    EXPECT(result, 0.428571429);
}

CASE(ap_no_hit, ap_like)
{
    LABELS(found, 9, 3); OUT(result, 1);
    SET(found, -1, -1, -1);
    *result = f(found, 2, 3);
    EXPECT(result, 0);
}

CASE(ap_no_detection, ap_like)
{
    OUT(result, 1);
    int *none = malloc(0);
    *result = f(none, 3, 0);
    free(none);
    EXPECT(result, 0);
}

/* No comparison knows a NAN, so a case asks whether there is one. */
CASE(ap_no_object, ap_like)
{
    LABELS(found, 9, 4); OUT_INT(result_is_nan, 2);
    SET(found, -1, -1, -1, -1);
    int *none = malloc(0);
    result_is_nan[0] = isnan(f(found, 0, 4)) != 0;
    result_is_nan[1] = isnan(f(none, 0, 0)) != 0;
    free(none);
    EXPECT(result_is_nan, 1, 1);
}

/* A hit in about one place of `rare`; more objects than that. */
#define AP(name, n, objects, rare) CASE(name, ap_like) \
    { LABELS(found, n, n); OUT(result, 1); \
      for (int i = 0; i < n; i++) \
          found[i] = found[i] % rare ? -1 : found[i]; \
      *result = f(found, objects, n); }
AP(ap_half, 61, 67, 2)
AP(ap_rare, 97, 200, 9)
AP(ap_long, 1009, 1009, 3)

/* ---- 15.15 mean_average_precision ---------------------------------------------------- */

/* Hint 15.15: a detector is asked for shoes and bags, but in all scenes there is no bag.  What
 * is the average precision of bags, and what should the mean do with it?  And what, if there are
 * bags and it has found none?
 *
 * First detections_sort(d, n), then one match() for all classes.  For class k: the found[i] of
 * its detections alone, in their order, behind each other in a list; the number of its objects;
 * ap[k] = average_precision(list, objects, length of the list).
 *
 * Memory for n numbers twice and for m bools, given back at the end.  A loop over the classes;
 * in it a loop over n, one over m, a call, and an if: what has an object goes into a sum and is
 * counted.  The quotient, or NAN if nothing was counted.
 */
typedef float map_like(float *ap, struct detection *d, const struct object *object,
                       float limit, int n, int m, int K);
map_like mean_average_precision;

/* `sorted` are the scores of d when the function has returned. */
#define MAP_ARRAYS(n, m, K, scenes) OUT(ap, K); OUT_INT(ap_is_nan, K); OUT(result, 1); \
    OUT(sorted, n); FOUND_ARRAYS(n, m, K, scenes); IN(score, n)
#define MAP_CALL(limit, n, m, K) do { \
        struct detection *d = detections_of(box, class, scene, score, n); \
        struct object *o = objects_of(truth, truth_class, truth_scene, m); \
        *result = f(ap, d, o, limit, n, m, K); \
        ap_show(r, ap, ap_is_nan, o, m, K); \
        for (int i = 0; i < (n); i++) \
            sorted[i] = d[i].score; \
        free(o), free(d); \
    } while (0)

/* The NAN of a class without an object becomes a 0, and a 1 in is_nan; what was never
 * written is a NAN too, and stays one. */
static void ap_show(const struct run *r, float *ap, int *is_nan, const struct object *o,
                    int m, int K)
{
    memset(is_nan, 0, (size_t)K * sizeof *is_nan);
    for (int k = 0; k < K; k++) {
        int objects = 0;
        for (int i = 0; i < m; i++)
            objects += o[i].class == k;
        if (objects || !memcmp(ap + k, &r->fill, sizeof *ap))
            continue;
        is_nan[k] = isnan(ap[k]) != 0;
        ap[k] = is_nan[k] ? 0 : ap[k];
    }
}

CASE(map_by_hand, map_like)
{
    MAP_ARRAYS(5, 3, 3, 2);
    SET(truth, 0, 0, 10, 10,  0, 0, 10, 10,  20, 20, 30, 30);
    SET(truth_class, 0, 0, 1); SET(truth_scene, 0, 1, 0);
    SET(box, 0, 0, 10, 10,  50, 50, 60, 60,  20, 20, 30, 30,  0, 0, 10, 10,  0, 0, 10, 10);
    SET(class, 0, 0, 1, 2, 0); SET(scene, 0, 0, 0, 0, 1); SET(score, 0.3, 0.9, 0.5, 0.95, 0.6);
    MAP_CALL(0.5f, 5, 3, 3);
    EXPECT(ap, 0.666666667, 1, 0);
    EXPECT(ap_is_nan, 0, 0, 1);
    EXPECT(result, 0.833333333);
    EXPECT(sorted, 0.95, 0.9, 0.6, 0.5, 0.3);
}

CASE(map_ties, map_like)
{
    MAP_ARRAYS(4, 2, 2, 1);
    SET(truth, 0, 0, 10, 10,  20, 20, 30, 30); SET(truth_class, 0, 1);
    SET(box, 50, 50, 60, 60,  0, 0, 10, 10,  20, 20, 30, 30,  50, 50, 60, 60);
    SET(class, 0, 0, 1, 1); SET(score, 0.5, 0.5, 0.5, 0.5);
    MAP_CALL(0.5f, 4, 2, 2);
    EXPECT(ap, 0.5, 1);
    EXPECT(result, 0.75);
}

CASE(map_unseen, map_like)
{
    MAP_ARRAYS(3, 4, 4, 1);
    SET(truth, 0, 0, 10, 10,  20, 20, 30, 30,  40, 40, 50, 50,  60, 60, 70, 70);
    SET(truth_class, 1, 2, 2, 3);
    SET(box, 20, 20, 30, 30,  0, 0, 10, 10,  60, 60, 70, 70);
    SET(class, 2, 2, 2); SET(score, 0.2, 0.9, 0.4);
    MAP_CALL(0.5f, 3, 4, 4);
    EXPECT(ap, 0, 0, 0.166666667, 0);
    EXPECT(ap_is_nan, 1, 0, 0, 0);
    EXPECT(result, 0.0555555556);
}

CASE(map_no_object, map_like)
{
    OUT_INT(ap_is_nan, 2); OUT_INT(result_is_nan, 1); IN(box, 3, 4); LABELS(class, 2, 3);
    LABELS(scene, 2, 3); IN(score, 3);
    float ap[2] = {0.5f, 0.5f};
    boxes_whole(box, 3);
    struct detection *d = detections_of(box, class, scene, score, 3);
    struct object *o = objects_of(NULL, NULL, NULL, 0);
    *result_is_nan = isnan(f(ap, d, o, 0.5f, 3, 0, 2)) != 0;
    ap_is_nan[0] = isnan(ap[0]) != 0, ap_is_nan[1] = isnan(ap[1]) != 0;
    free(o), free(d);
    EXPECT(result_is_nan, 1);
    EXPECT(ap_is_nan, 1, 1);
}

CASE(map_no_detection, map_like)
{
    OUT(ap, 2); OUT(result, 1); IN(truth, 3, 4); LABELS(truth_class, 2, 3);
    LABELS(truth_scene, 2, 3);
    SET(truth_class, 0, 1, 0);
    boxes_whole(truth, 3);
    struct detection *d = detections_of(NULL, NULL, NULL, NULL, 0);
    struct object *o = objects_of(truth, truth_class, truth_scene, 3);
    *result = f(ap, d, o, 0.5f, 0, 3, 2);
    free(o), free(d);
    EXPECT(ap, 0, 0);
    EXPECT(result, 0);
}

/* Scores of which many are equal. */
static void scores_few(float *score, int n)
{
    for (int i = 0; i < n; i++)
        score[i] = floorf(8 + 8*score[i]) / 16;
}

#define MAP(name, n, m, K, scenes, limit, ...) CASE(name, map_like) \
    { MAP_ARRAYS(n, m, K, scenes); boxes_whole(box, n); boxes_whole(truth, m); \
      scores_few(score, n); __VA_ARGS__; MAP_CALL(limit, n, m, K); }
MAP(map_many, 61, 37, 4, 2, 0.4f)
MAP(map_strict, 90, 40, 2, 2, 0.7f)
MAP(map_one_class, 33, 20, 1, 3, 0.3f)
MAP(map_all_of_one, 40, 31, 3, 2, 0.25f, for (int i = 0; i < 40; i++) class[i] = 2)
MAP(map_last_unseen, 47, 30, 5, 2, 0.3f, for (int i = 0; i < 30; i++) truth_class[i] %= 3)

/* ---- 15.16* mean_ap_over_limits ------------------------------------------------------ */

/* Hint 15.16*: an object 100 pixels wide, and a box that covers 55 of them and nothing else: at
 * which of the ten limits is it found?  Is 0.5f + 0.05f * 9 the same number as 0.95f?
 *
 * limit i is (50 + 5i) / 100.  In C 55 / 100 is 0; (float)(50 + 5*i) / 100 is not.  For each one
 * call of 15.15, which sorts d again: that does no harm.  The mean of ten is their sum / 10.
 *
 * Memory for K numbers that 15.15 writes and nobody reads, a sum, a loop over i = 0..9, one
 * quotient.
 */
typedef float coco_like(struct detection *d, const struct object *object, int n, int m, int K);
coco_like mean_ap_over_limits;

#define COCO_ARRAYS(n, m, K, scenes) FOUND_ARRAYS(n, m, K, scenes); IN(score, n); OUT(result, 1)
#define COCO_CALL(n, m, K) do { \
        struct detection *d = detections_of(box, class, scene, score, n); \
        struct object *o = objects_of(truth, truth_class, truth_scene, m); \
        *result = f(d, o, n, m, K); \
        free(o), free(d); \
    } while (0)

CASE(coco_by_hand, coco_like)
{
    COCO_ARRAYS(3, 1, 1, 1);
    SET(truth, 0, 0, 10, 4); SET(box, 0, 0, 10, 3,  0, 0, 10, 4,  0, 0, 10, 1);
    SET(score, 0.9, 0.4, 0.95);
    COCO_CALL(3, 1, 1);
    EXPECT(result, 0.433333333);
}

/* In scene i both the object and what is found of it: 50 + 5i pixels of its 100. */
static void boxes_graded(float *box, float *truth, int *scene, int *truth_scene)
{
    for (int i = 0; i < 10; i++) {
        float wide = (float)(50 + 5*i);
        memcpy(truth + 4*i, (float[]){0, 0, 100, 1}, 4 * sizeof *truth);
        memcpy(box + 4*i, (float[]){0, 0, wide, 1}, 4 * sizeof *box);
        scene[i] = truth_scene[i] = i;
    }
}

CASE(coco_at_limits, coco_like)
{
    COCO_ARRAYS(10, 10, 1, 1);
    boxes_graded(box, truth, scene, truth_scene);
    SET(score, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95);
    COCO_CALL(10, 10, 1);
    EXPECT(result, 0.55);
}

CASE(coco_worst_first, coco_like)
{
    COCO_ARRAYS(10, 10, 1, 1);
    boxes_graded(box, truth, scene, truth_scene);
    SET(score, 0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05);
    COCO_CALL(10, 10, 1);
    EXPECT(result, 0.385);
}

/* Each alone of its class: what is found at every limit counts by itself. */
CASE(coco_classes, coco_like)
{
    COCO_ARRAYS(10, 10, 10, 1);
    boxes_graded(box, truth, scene, truth_scene);
    for (int i = 0; i < 10; i++)
        class[i] = truth_class[i] = (i * 7 + 3) % 10;
    COCO_CALL(10, 10, 10);
    EXPECT(result, 0.55);
}

CASE(coco_perfect, coco_like)
{
    COCO_ARRAYS(3, 3, 4, 1);
    boxes_whole(truth, 3);
    memcpy(box, truth, 12 * sizeof *box);
    SET(class, 0, 1, 3); SET(truth_class, 0, 1, 3);
    COCO_CALL(3, 3, 4);
    EXPECT(result, 1);
}

CASE(coco_no_object, coco_like)
{
    OUT_INT(result_is_nan, 1); IN(box, 3, 4); LABELS(class, 2, 3); LABELS(scene, 2, 3);
    IN(score, 3);
    boxes_whole(box, 3);
    struct detection *d = detections_of(box, class, scene, score, 3);
    struct object *o = objects_of(NULL, NULL, NULL, 0);
    *result_is_nan = isnan(f(d, o, 3, 0, 2)) != 0;
    free(o), free(d);
    EXPECT(result_is_nan, 1);
}

#define COCO(name, n, m, K, scenes) CASE(name, coco_like) \
    { COCO_ARRAYS(n, m, K, scenes); boxes_whole(box, n); boxes_whole(truth, m); \
      scores_few(score, n); COCO_CALL(n, m, K); }
COCO(coco_many, 90, 25, 3, 2)
COCO(coco_crowd, 120, 30, 1, 1)

/* ---- 15.17* kernel_from_linear ------------------------------------------------------- */

/* Hint 15.17*: a neuron of the linear layer has its D weights in a row of W.  Where has kernel m
 * its weights in w [R,S,C,M]: side by side, or so many floats apart?
 *
 * An image [R,S,C] lies in memory as it is numbered: pixel (r,s), channel c is number d = (r S +
 * s) C + c.  So w[r,s,c,m] is w[d M + m], and what belongs there is W[m D + d].
 *
 * D = R S C.  Two loops, over d and over m, and one assignment.
 */
typedef void kernel_like(float *w, const float *W, int R, int S, int C, int M);
kernel_like kernel_from_linear;

CASE(kernel_by_hand, kernel_like)
{
    OUT(w, 2, 1, 2, 3); IN(W, 3, 4);
    SET(W, 1, 2, 3, 4,  5, 6, 7, 8,  9, 10, 11, 12);
    f(w, W, 2, 1, 2, 3);
    EXPECT(w, 1, 5, 9,  2, 6, 10,   3, 7, 11,  4, 8, 12);
}

#define KERNEL(name, R, S, C, M) CASE(name, kernel_like) \
    { OUT(w, R, S, C, M); IN(W, M, (R) * (S) * (C)); f(w, W, R, S, C, M); }
KERNEL(kernel_odd, 3, 4, 5, 7)
KERNEL(kernel_one_pixel, 1, 1, 9, 4)
KERNEL(kernel_one_row, 1, 6, 2, 3)
KERNEL(kernel_one_neuron, 4, 3, 2, 1)
KERNEL(kernel_square, 2, 3, 1, 6)

/* ---- 15.18* slide_forward ------------------------------------------------------------ */

/* Hint 15.18*: LeNet's linear layer reads all that the second pool has left of a window of 28 by
 * 28.  If the image is larger, the pool leaves more: what must the layer do now, instead of
 * reading all of it?
 *
 * x -> conv1 -> c1 -> pool1 -> h1 -> relu in place -> conv2 -> c2 -> pool2 -> h2 -> relu in place
 * -> conv3 -> h3 -> relu -> conv4 -> h4 -> relu -> conv5 -> z.  There is one image: N is 1.  A
 * result has P Q M numbers, with the P, Q and M of its own struct conv.
 *
 * Eleven calls: five of conv2d_fast_forward() with s->w1 .. s->w5 and s->b1 .. s->b5, two of
 * maxpool_fast_forward(), four of relu_forward(); none behind z.
 */
typedef void slide_like(struct slide *s, const float *x);
slide_like slide_forward;

/* An image [Y,X] of C channels; the network is made for windows that may be smaller.  Every
 * array is one of its own, and none has a float too much. */
static void slide_of(struct run *r, slide_like *f, struct lenet net, int Y, int X,
                     bool by_hand)
{
    struct slide s = slide_parts(&net, Y, X, &(struct parts){0});
    const struct conv *last = &s.conv5, *p = &net.pool2;
    OUT(c1, s.conv1.P, s.conv1.Q, net.M1); OUT(h1, s.pool1.P, s.pool1.Q, net.M1);
    OUT(c2, s.conv2.P, s.conv2.Q, net.M2); OUT(h2, s.pool2.P, s.pool2.Q, net.M2);
    OUT(h3, last->P, last->Q, net.H1); OUT(h4, last->P, last->Q, net.H2);
    OUT(z, last->P, last->Q, net.K);
    IN(x, Y, X, net.C); IN(w1, 5, 5, net.C, net.M1); IN(b1, net.M1);
    IN(w2, 5, 5, net.M1, net.M2); IN(b2, net.M2); IN(w3, p->P, p->Q, net.M2, net.H1);
    IN(b3, net.H1); IN(w4, net.H1, net.H2); IN(b4, net.H2); IN(w5, net.H2, net.K);
    IN(b5, net.K);
    if (by_hand) {
        // The first pixel under a kernel passes; the largest of 4 by 4 is left.
        memset(x, 0, (size_t)(Y * X) * sizeof *x);
        x[0] = 3, x[1*X + 5] = 4, x[3*X + 7] = 8, x[2*X + 4] = 9, x[4] = -1;
        for (int i = 0; i < 25; i++)
            w1[i] = w2[i] = i == 0;
        SET(w3, 2); SET(w4, 1); SET(w5, 1, -1);
        SET(b1, 0); SET(b2, -1); SET(b3, -5); SET(b4, 0.5); SET(b5, 10, 20);
    }
    size_t work = 0, first = (size_t)s.pool1.P * s.pool1.Q * net.M1;
    size_t second = (size_t)s.pool2.P * s.pool2.Q * net.M2;
    const struct conv *all[] = {&s.conv1, &s.conv2, &s.conv3, &s.conv4, &s.conv5};
    for (int i = 0; i < 5; i++)
        work = conv2d_work(all[i]) > work ? conv2d_work(all[i]) : work;
    s.c1 = c1, s.h1 = h1, s.c2 = c2, s.h2 = h2, s.h3 = h3, s.h4 = h4, s.z = z;
    s.w1 = w1, s.b1 = b1, s.w2 = w2, s.b2 = b2, s.w3 = w3, s.b3 = b3;
    s.w4 = w4, s.b4 = b4, s.w5 = w5, s.b5 = b5;
    s.from = ints(second > first ? second : first), s.conv = floats(work);
    f(&s, x);
    free(s.from), free(s.conv);
    if (by_hand) {
        EXPECT(h2, 2, 8);
        EXPECT(h3, 0, 11);
        EXPECT(z, 10.5, 19.5,  21.5, 8.5);
    }
}

CASE(slide_by_hand, slide_like)
{
    slide_of(r, f, lenet_valid(16, 16, 1, 1, 1, 1, 1, 2), 16, 20, true);
}

#define SLIDE(name, Y, X, ...) CASE(name, slide_like) \
    { slide_of(r, f, lenet_valid(__VA_ARGS__), Y, X, false); }
SLIDE(slide_small, 24, 21, 16, 16, 1, 2, 3, 5, 4, 6)
SLIDE(slide_narrow, 27, 26, 20, 17, 2, 3, 5, 7, 6, 4)
SLIDE(slide_colour, 22, 31, 17, 22, 3, 4, 7, 6, 9, 5)
SLIDE(slide_wide, 32, 28, 24, 20, 1, 16, 32, 9, 17, 3)
SLIDE(slide_alone, 21, 23, 21, 23, 2, 5, 4, 3, 8, 7)

/* ---- what the judge holds: oracles and mistakes -------------------------------------- */

#if JUDGE
/* Every edge of two boxes cuts the plane: 3 by 3 fields, each in both boxes, in one, or in
 * none.  So their areas are counted, field by field, and nothing is subtracted. */
struct shares { double both, any, hull; };

static void sorted_insert(double *to, int n, double v)
{
    for (; n > 0 && to[n-1] > v; n--)
        to[n] = to[n-1];
    to[n] = v;
}

static bool inside(struct box b, double x, double y)
{
    return b.x0 < x && x < b.x1 && b.y0 < y && y < b.y1;
}

static struct shares shares_of(struct box a, struct box b)
{
    const double xs[] = {a.x0, a.x1, b.x0, b.x1}, ys[] = {a.y0, a.y1, b.y0, b.y1};
    double x[4], y[4];
    for (int i = 0; i < 4; i++)
        sorted_insert(x, i, xs[i]), sorted_insert(y, i, ys[i]);
    double left = fmin(a.x0, b.x0), right = fmax(a.x1, b.x1);
    double top = fmin(a.y0, b.y0), bottom = fmax(a.y1, b.y1);
    struct shares s = {.hull = fmax(0, right - left) * fmax(0, bottom - top)};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double area = (x[i+1] - x[i]) * (y[j+1] - y[j]);
            bool in_a = inside(a, (x[i] + x[i+1]) / 2, (y[j] + y[j+1]) / 2);
            bool in_b = inside(b, (x[i] + x[i+1]) / 2, (y[j] + y[j+1]) / 2);
            s.both += in_a && in_b ? area : 0;
            s.any += in_a || in_b ? area : 0;
        }
    return s;
}

static float iou_right(struct box a, struct box b)
{
    struct shares s = shares_of(a, b);
    return s.any > 0 ? (float)(s.both / s.any) : 0;
}

static float giou_right(struct box a, struct box b)
{
    struct shares s = shares_of(a, b);
    if (s.hull == 0)
        return 0;
    return (float)((s.any > 0 ? s.both / s.any : 0) + s.any / s.hull - 1);
}

enum how {
    RIGHT,
    // 15.1 and 15.2
    UNCLAMPED, EXCHANGED, SUM, COMMON, UNGUARDED, INCLUSIVE, BY_HULL, OF_A, CORNER_SIZE, FLOATS,
    EPSILON, ADDED_TWICE, IOU_ALONE, PLUS, TIGHT, BY_UNION, HULL_COMMON, LOSS, NOT_NEGATIVE,
    UNDIVIDED, NO_UNION,
    // 15.3 and 15.4
    CORNERS, UNSCALED, BY_BOX, NO_LOG, LOG_SIZE, INVERSE, LOG_2, COPIED, BACKWARD, NO_HALF,
    HALF_SIZE, ONE_MORE, NO_LIMIT, ONE_LIMIT, BOTH_LIMITS, LATE_LIMIT, WHOLE, SIZES, FROM_CORNER,
    NO_SIZE,
    // 15.5
    CENTRE_ONLY, CORE_ONLY, WHOLE_BOX, FROM_BOX, FIRST, LAST, TIE_LAST, CELL_ANCHOR, CLASS_0,
    BOTH_EDGES, TRUNCATED, FLAT,
    // 15.10
    NO_OBJECT, OBJECT_ALONE, SIGMOIDS, WITH_OBJECT, UNCUT, CUT_TURNED, ONE_ROW, CUT_ONCE,
    CLASS_FIRST, NO_SCENE, UNSHIFTED, NO_SIGMOID,
    // 15.11 and 15.12
    AT_LIMIT, NAN_SCORE, NO_BOX, NAN_BOX, POINTS, INSIDE_OUT, FIRST_BAD, UNMOVED, SWAPS, LOST,
    ALL, ONE_SIDE, ANY_CLASS, ANY_SCENE, ANY, CHAIN, LAST_KEPT, AS_GIVEN, RISING, TIES_TURNED,
    INVERTED, AS_BEFORE,
};

/* ---- iou, giou ---- */

static double wide_of(struct box b) { return (double)b.x1 - b.x0; }
static double high_of(struct box b) { return (double)b.y1 - b.y0; }

static double area_made(struct box b, enum how how)
{
    double w = wide_of(b), h = high_of(b);
    if (how == INCLUSIVE)
        w += 1, h += 1;
    if (how == FLOATS)
        return w > 0 && h > 0 ? (float)((float)w * (float)h) : 0;
    if (how == UNCLAMPED)
        return w * h;
    return w > 0 && h > 0 ? w * h : 0;
}

static struct box tight(struct box a, struct box b)
{
    return (struct box){fmaxf(a.x0, b.x0), fmaxf(a.y0, b.y0), fminf(a.x1, b.x1),
                        fminf(a.y1, b.y1)};
}

static struct box around(struct box a, struct box b)
{
    return (struct box){fminf(a.x0, b.x0), fminf(a.y0, b.y0), fmaxf(a.x1, b.x1),
                        fmaxf(a.y1, b.y1)};
}

static float iou_made(struct box a, struct box b, enum how how)
{
    if (how == CORNER_SIZE) {
        a.x1 += a.x0, a.y1 += a.y0;
        b.x1 += b.x0, b.y1 += b.y0;
    }
    double A = area_made(a, how), B = area_made(b, how);
    double common = area_made(how == EXCHANGED ? around(a, b) : tight(a, b), how);
    double all = A + B - common;
    switch (how) {
    case SUM:       all = A + B; break;
    case COMMON:    return (float)common;
    case BY_HULL:   all = area_made(around(a, b), how); break;
    case OF_A:      all = A; break;
    case EPSILON:   return (float)(common / (all + 1e-9));
    case ADDED_TWICE: all = A + B + common; break;
    case FLOATS:    all = (float)((float)A + (float)B) - (float)common; break;
    case UNGUARDED: return (float)(common / all);
    case UNCLAMPED: return all != 0 ? (float)(common / all) : 0;
    default:        break;
    }
    return all > 0 ? (float)(common / all) : 0;
}

#define IOU_OF(name, how) \
    static float name(struct box a, struct box b) { return iou_made(a, b, how); }
IOU_OF(iou_unclamped, UNCLAMPED)
IOU_OF(iou_exchanged, EXCHANGED)
IOU_OF(iou_sum, SUM)
IOU_OF(iou_common, COMMON)
IOU_OF(iou_unguarded, UNGUARDED)
IOU_OF(iou_inclusive, INCLUSIVE)
IOU_OF(iou_by_hull, BY_HULL)
IOU_OF(iou_of_a, OF_A)
IOU_OF(iou_corner_size, CORNER_SIZE)
IOU_OF(iou_floats, FLOATS)
IOU_OF(iou_epsilon, EPSILON)
IOU_OF(iou_added, ADDED_TWICE)

static float giou_made(struct box a, struct box b, enum how how)
{
    double common = area_made(tight(a, b), how);
    double all = area_made(a, how) + area_made(b, how) - common;
    double hull = area_made(how == TIGHT ? tight(a, b) : around(a, b), how);
    double share = all > 0 || isnan(all) ? common / all : 0, empty = (hull - all) / hull;
    switch (how) {
    case IOU_ALONE:        return (float)share;
    case PLUS:         empty = -empty; break;
    case BY_UNION:     empty = all > 0 ? (hull - all) / all : 0; break;
    case HULL_COMMON:  empty = (hull - common) / hull; break;
    case LOSS:         return hull > 0 ? (float)(1 - share + empty) : 0;
    case UNDIVIDED:    empty = hull - all; break;
    case UNGUARDED:    return (float)(share - empty);
    case SUM:          empty = (hull - all - common) / hull; break;
    case NO_UNION:     return all > 0 ? (float)(share - empty) : 0;
    case NOT_NEGATIVE: return hull > 0 && share > empty ? (float)(share - empty) : 0;
    default:           break;
    }
    return hull > 0 || isnan(hull) ? (float)(share - empty) : 0;
}

#define GIOU_OF(name, how) \
    static float name(struct box a, struct box b) { return giou_made(a, b, how); }
GIOU_OF(giou_plain, IOU_ALONE)
GIOU_OF(giou_plus, PLUS)
GIOU_OF(giou_tight, TIGHT)
GIOU_OF(giou_by_union, BY_UNION)
GIOU_OF(giou_hull_common, HULL_COMMON)
GIOU_OF(giou_loss, LOSS)
GIOU_OF(giou_not_negative, NOT_NEGATIVE)
GIOU_OF(giou_undivided, UNDIVIDED)
GIOU_OF(giou_unguarded, UNGUARDED)
GIOU_OF(giou_0_union, NO_UNION)
GIOU_OF(giou_sum, SUM)
GIOU_OF(giou_floats, FLOATS)

/* ---- box_encode, box_decode ---- */

/* From the distances of the edges: both of them move with the centre. */
static void encode_right(float *t, struct box b, struct box anchor)
{
    double left = (double)b.x0 - anchor.x0, right = (double)b.x1 - anchor.x1;
    double top = (double)b.y0 - anchor.y0, bottom = (double)b.y1 - anchor.y1;
    t[0] = (float)((left + right) / (2 * wide_of(anchor)));
    t[1] = (float)((top + bottom) / (2 * high_of(anchor)));
    t[2] = (float)(log(wide_of(b)) - log(wide_of(anchor)));
    t[3] = (float)(log(high_of(b)) - log(high_of(anchor)));
}

/* Centre and size of a box along one axis. */
struct stretch { double centre, size; };
static struct stretch stretch_of(double low, double high)
{
    return (struct stretch){0.5 * (low + high), high - low};
}

static void encode_axis(float *at, float *size, struct stretch b, struct stretch a, double aw,
                        enum how how)
{
    double off = b.centre - a.centre, ratio = b.size / aw;
    if (how == CORNERS)
        off = (b.centre - 0.5 * b.size) - (a.centre - 0.5 * a.size);
    if (how == FROM_CORNER)
        off = b.centre - (a.centre - 0.5 * a.size);
    if (how == HALF_SIZE)
        off = 0.5 * (b.size - a.size);
    if (how == BACKWARD)
        off = -off;
    if (how == NO_HALF)
        off *= 2;
    *at = (float)(how == UNSCALED ? off : how == BY_BOX ? off / b.size : off / aw);
    *size = (float)(how == NO_LOG ? ratio : how == LOG_SIZE ? log(b.size)
                    : how == INVERSE ? -log(ratio) : how == LOG_2 ? log2(ratio) : log(ratio));
}

static void encode_made(float *t, struct box b, struct box a, enum how how)
{
    double more = how == ONE_MORE, aw = wide_of(a) + more, ah = high_of(a) + more;
    struct stretch x = stretch_of(b.x0, b.x1 + more), y = stretch_of(b.y0, b.y1 + more);
    encode_axis(t, t + 2, x, stretch_of(a.x0, a.x1 + more), aw, how);
    encode_axis(t + 1, t + 3, y, stretch_of(a.y0, a.y1 + more), how == COPIED ? aw : ah, how);
}

#define ENCODE_OF(name, how) \
    static void name(float *t, struct box b, struct box a) { encode_made(t, b, a, how); }
ENCODE_OF(encode_corners, CORNERS)
ENCODE_OF(encode_unscaled, UNSCALED)
ENCODE_OF(encode_by_box, BY_BOX)
ENCODE_OF(encode_no_log, NO_LOG)
ENCODE_OF(encode_log_size, LOG_SIZE)
ENCODE_OF(encode_inverse, INVERSE)
ENCODE_OF(encode_log_2, LOG_2)
ENCODE_OF(encode_copied, COPIED)
ENCODE_OF(encode_backward, BACKWARD)
ENCODE_OF(encode_no_half, NO_HALF)
ENCODE_OF(encode_half_size, HALF_SIZE)
ENCODE_OF(encode_one_more, ONE_MORE)

/* Each edge by itself, in sizes of the anchor from its centre. */
static float edge_right(double low, double high, double t, double size, int side)
{
    double most = log(1000.0 / 16), grown = exp(size > most ? most : size);
    return (float)((low + high) / 2 + (high - low) * (t + side * grown / 2));
}

static struct box decode_right(const float *t, struct box a)
{
    struct box b = {.x0 = edge_right(a.x0, a.x1, t[0], t[2], -1)};
    b.y0 = edge_right(a.y0, a.y1, t[1], t[3], -1);
    b.x1 = edge_right(a.x0, a.x1, t[0], t[2], 1);
    b.y1 = edge_right(a.y0, a.y1, t[1], t[3], 1);
    return b;
}

static void decode_axis(float *low, float *high, double t, double size, struct stretch a, double aw,
                        bool limited, enum how how)
{
    double most = log(1000.0 / 16);
    if (limited)
        size = size > most ? most : size;
    if (how == BOTH_LIMITS)
        size = size < -most ? -most : size;
    double grown = how == NO_LOG ? size : exp(size);
    if (how == LATE_LIMIT)
        grown = grown > most ? most : grown;
    double w = how == NO_SIZE ? grown : aw * grown;
    double from = how == FROM_CORNER ? a.centre - 0.5 * a.size : a.centre;
    double centre = from + (how == UNSCALED ? t : t * aw);
    double half = how == WHOLE ? w : 0.5 * w;
    *low = (float)(how == CORNERS || how == SIZES ? centre : centre - half);
    *high = (float)(how == SIZES ? w : how == CORNERS ? centre + w : centre + half);
}

static struct box decode_made(const float *t, struct box a, enum how how)
{
    double aw = wide_of(a), ah = high_of(a);
    bool limit = how != NO_LIMIT && how != LATE_LIMIT;
    struct box b;
    decode_axis(&b.x0, &b.x1, t[0], t[2], stretch_of(a.x0, a.x1), aw, limit, how);
    decode_axis(&b.y0, &b.y1, t[1], t[3], stretch_of(a.y0, a.y1), how == COPIED ? aw : ah,
                limit && how != ONE_LIMIT, how);
    return b;
}

#define DECODE_OF(name, how) \
    static struct box name(const float *t, struct box a) { return decode_made(t, a, how); }
DECODE_OF(decode_no_exp, NO_LOG)
DECODE_OF(decode_no_limit, NO_LIMIT)
DECODE_OF(decode_one_limit, ONE_LIMIT)
DECODE_OF(decode_both_limits, BOTH_LIMITS)
DECODE_OF(decode_late_limit, LATE_LIMIT)
DECODE_OF(decode_unscaled, UNSCALED)
DECODE_OF(decode_whole, WHOLE)
DECODE_OF(decode_corners, CORNERS)
DECODE_OF(decode_sizes, SIZES)
DECODE_OF(decode_copied, COPIED)
DECODE_OF(decode_from_corner, FROM_CORNER)
DECODE_OF(decode_no_size, NO_SIZE)

/* ---- cells_target ---- */

/* The first of the rows, or columns, whose centre is not before v. */
static int first_from(double v, double stride, int count)
{
    double at = ceil(v / stride - 0.5);
    return at < 0 ? 0 : at > count ? count : (int)at;
}

static bool has_area(struct box b) { return b.x1 > b.x0 && b.y1 > b.y0; }

static void target_write(float *t, int *class, const struct object *o, int c,
                         const struct cells *g)
{
    double x = g->stride * (c % g->columns + 0.5), y = g->stride * (c / g->columns + 0.5);
    double side = g->anchor;
    class[c] = o->class;
    t[4*c + 0] = (float)((((double)o->box.x0 + o->box.x1) / 2 - x) / side);
    t[4*c + 1] = (float)((((double)o->box.y0 + o->box.y1) / 2 - y) / side);
    t[4*c + 2] = (float)log(wide_of(o->box) / side);
    t[4*c + 3] = (float)log(high_of(o->box) / side);
}

/* As a painter: the largest object first, so that the smaller ones cover it; of equal ones
 * the last first. */
static void target_right(float *t, int *class, const struct object *object, int n,
                         const struct cells *g)
{
    for (int c = 0; c < g->rows * g->columns; c++) {
        class[c] = -1;
        for (int i = 0; i < 4; i++)
            t[4*c + i] = 0;
    }
    bool *done = calloc((size_t)n + 1, sizeof *done);
    for (int turn = 0; turn < n; turn++) {
        int next = -1;
        for (int k = 0; k < n; k++)
            if (!done[k] && (next < 0 || wide_of(object[k].box) * high_of(object[k].box) >=
                                         wide_of(object[next].box) * high_of(object[next].box)))
                next = k;
        done[next] = true;
        struct box b = object[next].box;
        if (!has_area(b))
            continue;
        double cx = ((double)b.x0 + b.x1) / 2, cy = ((double)b.y0 + b.y1) / 2;
        double w = wide_of(b) / 4, h = high_of(b) / 4, column = floor(cx / g->stride);
        double row = floor(cy / g->stride);
        int end = first_from(cy + h, g->stride, g->rows);
        int from = first_from(cx - w, g->stride, g->columns);
        for (int i = first_from(cy - h, g->stride, g->rows); i < end; i++)
            for (int j = from; j < first_from(cx + w, g->stride, g->columns); j++)
                target_write(t, class, object + next, i * g->columns + j, g);
        if (row >= 0 && row < g->rows && column >= 0 && column < g->columns)
            target_write(t, class, object + next, (int)row * g->columns + (int)column, g);
    }
    free(done);
}

static bool between(double v, double low, double high, enum how how)
{
    return v >= low && (how == BOTH_EDGES ? v <= high : v < high);
}

static bool claims(struct box b, double x, double y, double stride, enum how how)
{
    double cx = 0.5 * ((double)b.x0 + b.x1), cy = 0.5 * ((double)b.y0 + b.y1), half = stride / 2;
    double share = how == WHOLE_BOX ? 0.5 : 0.25, w = share * wide_of(b), h = share * high_of(b);
    bool centre = between(cx, x - half, x + half, how) && between(cy, y - half, y + half, how);
    bool core = between(x, cx - w, cx + w, how) && between(y, cy - h, cy + h, how);
    if (how == TRUNCATED)  // -0.5 becomes 0
        centre = trunc(cx / stride) == floor(x / stride) && trunc(cy / stride) == floor(y / stride);
    switch (how) {
    case CENTRE_ONLY: return centre;
    case CORE_ONLY:   return core;
    default:          return centre || core;
    }
}

static void target_made(float *t, int *class, const struct object *object, int n,
                        const struct cells *g, enum how how)
{
    for (int c = 0; c < g->rows * g->columns; c++) {
        double x = g->stride * (c % g->columns + 0.5), y = g->stride * (c / g->columns + 0.5);
        double best = INFINITY;
        class[c] = how == CLASS_0 ? 0 : -1;
        for (int i = 0; i < 4; i++)
            t[4*c + i] = 0;
        for (int k = 0; k < n; k++) {
            struct box b = object[k].box;
            double area = wide_of(b) * high_of(b);
            if (!claims(b, x, y, g->stride, how) || !(has_area(b) || how == FLAT))
                continue;
            if (how == FIRST ? best < INFINITY : how == TIE_LAST ? area > best
                : how == LAST ? false : area >= best)
                continue;
            struct cells cell = *g;
            cell.anchor = how == CELL_ANCHOR ? g->stride : g->anchor;
            target_write(t, class, object + k, c, &cell);
            for (int i = 0; i < 4 && how == FROM_BOX; i++)  // box and anchor exchanged
                t[4*c + i] *= i < 2 ? -(float)(g->anchor / (i ? high_of(b) : wide_of(b))) : -1;
            best = area;
        }
    }
}

#define TARGET_OF(name, how) \
    static void name(float *t, int *class, const struct object *object, int n, \
                     const struct cells *g) \
    { target_made(t, class, object, n, g, how); }
TARGET_OF(target_centre_only, CENTRE_ONLY)
TARGET_OF(target_core_only, CORE_ONLY)
TARGET_OF(target_whole_box, WHOLE_BOX)
TARGET_OF(target_from_box, FROM_BOX)
TARGET_OF(target_first, FIRST)
TARGET_OF(target_last, LAST)
TARGET_OF(target_tie_last, TIE_LAST)
TARGET_OF(target_cell_anchor, CELL_ANCHOR)
TARGET_OF(target_class_0, CLASS_0)
TARGET_OF(target_both_edges, BOTH_EDGES)
TARGET_OF(target_truncated, TRUNCATED)
TARGET_OF(target_flat, FLAT)

/* ---- cells_read ---- */

/* 1 / (1 + exp(-z)) for the object times 1 / (sum of exp(z' - z)) for a class. */
static double score_right(const float *z, int k, int K)
{
    double sum = 0;
    for (int i = 0; i < K; i++)
        sum += exp((double)z[CLASSES + i] - z[CLASSES + k]);
    return 1 / (1 + exp(-(double)z[OBJECT])) / sum;
}

static void read_right(struct detection *d, float *p, const float *z, int scene,
                       const struct cells *g, int K)
{
    double bottom = g->rows * (double)g->stride, right = g->columns * (double)g->stride;
    for (int n = 0; n < g->rows * g->columns * K; n++) {
        int c = n / K, i = c / g->columns, j = c % g->columns;
        const float *row = z + c * (5 + K);
        float left = (float)(g->stride * (j + 0.5) - g->anchor / 2.0);
        float top = (float)(g->stride * (i + 0.5) - g->anchor / 2.0);
        struct box anchor = {left, top, left + g->anchor, top + g->anchor};
        struct box b = decode_right(row, anchor);
        d[n].box.x0 = (float)fmax(0, fmin(b.x0, right));
        d[n].box.x1 = (float)fmax(0, fmin(b.x1, right));
        d[n].box.y0 = (float)fmax(0, fmin(b.y0, bottom));
        d[n].box.y1 = (float)fmax(0, fmin(b.y1, bottom));
        d[n].class = n % K, d[n].scene = scene;
        d[n].score = p[n % K] = (float)score_right(row, n % K, K);
    }
}

static double score_made(const float *z, int k, int K, enum how how)
{
    double object = 1 / (1 + exp(-(double)z[OBJECT])), kind = score_right(z, k, K) / object;
    switch (how) {
    case NO_OBJECT:    return object > 0 ? kind : 1;
    case OBJECT_ALONE: return object;
    case SIGMOIDS:     return object / (1 + exp(-(double)z[CLASSES + k]));
    case WITH_OBJECT: {
        double sum = exp((double)z[OBJECT] - z[CLASSES + k]);
        for (int i = 0; i < K; i++)
            sum += exp((double)z[CLASSES + i] - z[CLASSES + k]);
        return object / sum;
    }
    case NO_SIGMOID:   return z[OBJECT] * kind;
    case UNSHIFTED: {
        float sum = 0;
        for (int i = 0; i < K; i++)
            sum += expf(z[CLASSES + i]);
        return (float)object * (expf(z[CLASSES + k]) / sum);
    }
    default:           return object * kind;
    }
}

static float cut(float v, double most, int side, enum how how)
{
    bool low = how != UNCUT && !(how == CUT_ONCE && side);
    bool high = how != UNCUT && !(how == CUT_ONCE && !side);
    return low && v < 0 ? 0 : high && v > most ? (float)most : v;
}

static void read_made(struct detection *d, float *p, const float *z, int scene,
                      const struct cells *g, int K, enum how how)
{
    int cells = g->rows * g->columns;
    double bottom = g->rows * (double)g->stride, right = g->columns * (double)g->stride;
    for (int c = 0; c < cells; c++) {
        const float *row = how == ONE_ROW ? z : z + c * (5 + K);
        float x = (c % g->columns + 0.5f) * g->stride, y = (c / g->columns + 0.5f) * g->stride;
        float half = g->anchor / 2, most_x = (float)(how == CUT_TURNED ? bottom : right);
        float most_y = (float)(how == CUT_TURNED ? right : bottom);
        struct box b = decode_right(row, (struct box){x - half, y - half, x + half, y + half});
        b = (struct box){cut(b.x0, most_x, 0, how), cut(b.y0, most_y, 0, how),
                         cut(b.x1, most_x, 1, how), cut(b.y1, most_y, 1, how)};
        for (int k = 0; k < K; k++)
            d[how == CLASS_FIRST ? k * cells + c : c * K + k] = (struct detection)
                {b, k, how == NO_SCENE ? 0 : scene, (float)score_made(row, k, K, how)};
    }
    memset(p, 0, (size_t)K * sizeof *p);
}

#define READ_OF(name, how) \
    static void name(struct detection *d, float *p, const float *z, int scene, \
                     const struct cells *g, int K) \
    { read_made(d, p, z, scene, g, K, how); }
READ_OF(read_no_object, NO_OBJECT)
READ_OF(read_object_alone, OBJECT_ALONE)
READ_OF(read_sigmoids, SIGMOIDS)
READ_OF(read_with_object, WITH_OBJECT)
READ_OF(read_uncut, UNCUT)
READ_OF(read_cut_turned, CUT_TURNED)
READ_OF(read_one_row, ONE_ROW)
READ_OF(read_cut_once, CUT_ONCE)
READ_OF(read_no_sigmoid, NO_SIGMOID)
READ_OF(read_class_first, CLASS_FIRST)
READ_OF(read_no_scene, NO_SCENE)
READ_OF(read_unshifted, UNSHIFTED)

/* ---- score_filter ---- */

/* From the last to the first: what does not pass is closed over. */
static int filter_right(struct detection *d, float threshold, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        bool passes = has_area(d[i].box) && d[i].score > threshold;
        if (passes)
            continue;
        for (int j = i; j < n - 1; j++)
            d[j] = d[j+1];
        n--;
    }
    return n;
}

static bool passes_made(const struct detection *d, float threshold, enum how how)
{
    struct box b = d->box;
    bool high = how == AT_LIMIT ? d->score >= threshold
              : how == NAN_SCORE ? !(d->score <= threshold) : d->score > threshold;
    switch (how) {
    case NO_BOX:     return high;
    case NAN_BOX:    return high && !(b.x1 <= b.x0 || b.y1 <= b.y0);
    case POINTS:     return high && b.x1 >= b.x0 && b.y1 >= b.y0;
    case INSIDE_OUT: return high && wide_of(b) * high_of(b) > 0;
    case ONE_SIDE:   return high && b.x1 > b.x0;
    default:         return high && has_area(b);
    }
}

static int filter_made(struct detection *d, float threshold, int n, enum how how)
{
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (passes_made(d + i, threshold, how)) {
            kept++;
            if (how != UNMOVED)
                d[kept - 1] = d[i];
        } else if (how == FIRST_BAD) {
            break;
        } else if (how == SWAPS) {
            d[i--] = d[--n];
        }
    }
    return how == LOST ? n - kept : how == ALL ? n : kept;
}

#define FILTER_OF(name, how) \
    static int name(struct detection *d, float threshold, int n) \
    { return filter_made(d, threshold, n, how); }
FILTER_OF(filter_at_limit, AT_LIMIT)
FILTER_OF(filter_nan_kept, NAN_SCORE)
FILTER_OF(filter_no_box, NO_BOX)
FILTER_OF(filter_nan_boxes, NAN_BOX)
FILTER_OF(filter_points, POINTS)
FILTER_OF(filter_inside_outs, INSIDE_OUT)
FILTER_OF(filter_one_side, ONE_SIDE)
FILTER_OF(filter_first_bad, FIRST_BAD)
FILTER_OF(filter_unmoved, UNMOVED)
FILTER_OF(filter_swaps, SWAPS)
FILTER_OF(filter_all, ALL)
FILTER_OF(filter_lost, LOST)

/* ---- nms ---- */

/* The best that is left is kept, and all are taken away that it suppresses; and again. */
static int nms_right(struct detection *d, float limit, int n)
{
    int kept = 0;
    while (kept < n) {
        int best = kept, left;
        for (int i = kept; i < n; i++)
            if (d[i].score > d[best].score)
                best = i;
        struct detection b = d[best];
        memmove(d + kept + 1, d + kept, (size_t)(best - kept) * sizeof *d);
        d[kept++] = b;
        left = kept;
        for (int i = kept; i < n; i++) {
            bool alike = d[i].class == b.class && d[i].scene == b.scene;
            if (!alike || iou_right(b.box, d[i].box) <= limit)
                d[left++] = d[i];
        }
        n = left;
    }
    return kept;
}

static bool suppresses(const struct detection *a, const struct detection *b, float limit,
                       enum how how)
{
    float share = iou_right(a->box, b->box);
    if (how != ANY && how != ANY_CLASS && a->class != b->class)
        return false;
    if (how != ANY && how != ANY_SCENE && a->scene != b->scene)
        return false;
    return how == AT_LIMIT ? share >= limit : how == INVERTED ? share < limit : share > limit;
}

/* Which of them, sorted, stay. */
static void nms_marks(bool *stays, const struct detection *d, float limit, int n, enum how how)
{
    for (int i = 0; i < n; i++) {
        int last = i - 1;
        while (last >= 0 && !stays[last])
            last--;
        stays[i] = true;
        for (int j = how == LAST_KEPT && last >= 0 ? last : 0; j < i; j++)
            if ((stays[j] || how == CHAIN) && suppresses(d + j, d + i, limit, how))
                stays[i] = false;
    }
}

static void put_in(struct detection *d, int at, struct detection what,
                   bool (*before)(float, float))
{
    for (; at > 0 && before(what.score, d[at-1].score); at--)
        d[at] = d[at-1];
    d[at] = what;
}
static bool more(float a, float b) { return a > b; }
static bool not_less(float a, float b) { return a >= b; }
static bool less(float a, float b) { return a < b; }

static int nms_made(struct detection *d, float limit, int n, enum how how)
{
    bool *stays = calloc((size_t)n + 1, sizeof *stays);
    struct detection *given = malloc(((size_t)n + 1) * sizeof *d);
    memcpy(given, d, (size_t)n * sizeof *d);
    for (int i = 0; i < n && how != AS_GIVEN; i++)
        put_in(d, i, d[i], how == RISING ? less : how == TIES_TURNED ? not_less : more);
    nms_marks(stays, d, limit, n, how);
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (stays[i]) {
            kept++;
            if (how != UNMOVED)
                d[kept - 1] = d[i];
        }
    for (int i = 0, to = 0; i < n && how == AS_BEFORE; i++)
        for (int j = to; j < kept; j++)
            if (!memcmp(given + i, d + j, sizeof *d)) {
                struct detection turn = d[to];
                d[to++] = d[j], d[j] = turn;
                break;
            }
    free(given), free(stays);
    return kept;
}

#define NMS_OF(name, how) \
    static int name(struct detection *d, float limit, int n) { return nms_made(d, limit, n, how); }
NMS_OF(nms_includes_limit, AT_LIMIT)
NMS_OF(nms_any_class, ANY_CLASS)
NMS_OF(nms_any_scene, ANY_SCENE)
NMS_OF(nms_chained, CHAIN)
NMS_OF(nms_last_kept, LAST_KEPT)
NMS_OF(nms_as_given, AS_GIVEN)
NMS_OF(nms_rising, RISING)
NMS_OF(nms_ties_turned, TIES_TURNED)
NMS_OF(nms_inverted, INVERTED)
NMS_OF(nms_unmoved, UNMOVED)
NMS_OF(nms_as_before, AS_BEFORE)
NMS_OF(nms_any, ANY)

/* ---- smooth L1 ---- */

enum l1_slip {
    L1_RIGHT, L1_MEAN, L1_NO_HALF, L1_NO_BETA, L1_JUMP, L1_LINES, L1_PARABOLA, L1_SIGNED,
    L1_BETA_1, L1_TURNED, L1_HUBER, L1_WHOLE, L1_SHORT, L1_OVERWRITTEN, L1_MINUS, L1_NO_SHARE,
    L1_POSITIVE, L1_OUTSIDE_BARE
};

/* One d: the line and the parabola in one, as a (|d| - a/2) / BETA with a = min(|d|, BETA). */
static double l1_of(double d)
{
    double a = fmin(fabs(d), 0.1);
    return a * (fabs(d) - a/2) / 0.1;
}

static float l1_right(const float *z, const float *t, int n)
{
    double sum = 0;
    for (int i = n - 1; i >= 0; i--)
        sum += l1_of((double)z[i] - t[i]);
    return (float)sum;
}

static double l1_cost(double d, enum l1_slip slip)
{
    double far = fabs(d), beta = slip == L1_BETA_1 ? 1 : 0.1;
    double near = d*d / (2*beta), line = far - beta/2;
    bool inside = far < beta;
    switch (slip) {
    case L1_NO_HALF:  return inside ? 2*near : line;
    case L1_NO_BETA:  return inside ? d*d / 2 : line;
    case L1_JUMP:     return inside ? near : far;
    case L1_LINES:    return far;
    case L1_PARABOLA: return near;
    case L1_SIGNED:   return d < beta ? near : d - beta/2;
    case L1_TURNED:   return inside ? line : near;
    case L1_HUBER:    return beta * (inside ? near : line);
    case L1_WHOLE:    return abs((int)d) < beta ? 0 : abs((int)d) - beta/2;
    default:          return inside ? near : line;
    }
}

static float l1_made(const float *z, const float *t, int n, enum l1_slip slip)
{
    double sum = 0;
    for (int i = 0; i < n - (slip == L1_SHORT); i++)
        sum += l1_cost((double)fmaxf(fminf(z[i], 2e9f), -2e9f) - fmaxf(fminf(t[i], 2e9f), -2e9f),
                       slip);
    return (float)(slip == L1_MEAN ? sum / n : sum);
}

#define L1_OF(name, slip) static float name(const float *z, const float *t, int n) \
    { return l1_made(z, t, n, slip); }
L1_OF(l1_mean, L1_MEAN)
L1_OF(l1_no_half, L1_NO_HALF)
L1_OF(l1_no_beta, L1_NO_BETA)
L1_OF(l1_jump, L1_JUMP)
L1_OF(l1_only_lines, L1_LINES)
L1_OF(l1_only_parabola, L1_PARABOLA)
L1_OF(l1_signed, L1_SIGNED)
L1_OF(l1_beta_1, L1_BETA_1)
L1_OF(l1_turned, L1_TURNED)
L1_OF(l1_huber, L1_HUBER)
L1_OF(l1_whole, L1_WHOLE)
L1_OF(l1_short, L1_SHORT)

/* The slope of l1_of(), by its difference. */
static double l1_slope(double z, double t)
{
    const double h = 1e-7;
    return fabs(z - t) > 1 ? (z > t ? 1 : -1) : (l1_of(z + h - t) - l1_of(z - h - t)) / (2*h);
}

static void l1_back_right(float *dz, const float *z, const float *t, float share, int n)
{
    for (int i = 0; i < n; i++)
        dz[i] = (float)(dz[i] + share * l1_slope(z[i], t[i]));
}

static void l1_back_made(float *dz, const float *z, const float *t, float share, int n,
                         enum l1_slip slip)
{
    for (int i = 0; i < n - (slip == L1_SHORT); i++) {
        double d = (double)z[i] - t[i], beta = slip == L1_BETA_1 ? 1 : 0.1;
        double sign = (d > 0) - (d < 0), slope = fabs(d) < beta ? d / beta : sign;
        double by = slip == L1_NO_SHARE ? 1 : slip == L1_MEAN ? (double)share / n : share;
        switch (slip) {
        case L1_PARABOLA: slope = d / beta; break;
        case L1_LINES:    slope = sign; break;
        case L1_NO_BETA:  slope = fabs(d) < beta ? d : sign; break;
        case L1_JUMP:     slope = fabs(d) < beta ? d / beta : d; break;
        case L1_POSITIVE: slope = fabs(d) < beta ? d / beta : 1; break;
        case L1_MINUS:    slope = -slope; break;
        case L1_OUTSIDE_BARE: by = fabs(d) < beta ? by : 1; break;
        default:;
        }
        dz[i] = (float)((slip == L1_OVERWRITTEN ? 0 : dz[i]) + by * slope);
    }
}

#define L1_BACK_OF(name, slip) \
    static void name(float *dz, const float *z, const float *t, float share, int n) \
    { l1_back_made(dz, z, t, share, n, slip); }
L1_BACK_OF(l1_back_overwritten, L1_OVERWRITTEN)
L1_BACK_OF(l1_back_minus, L1_MINUS)
L1_BACK_OF(l1_back_only_parabola, L1_PARABOLA)
L1_BACK_OF(l1_back_only_lines, L1_LINES)
L1_BACK_OF(l1_back_no_beta, L1_NO_BETA)
L1_BACK_OF(l1_back_jump, L1_JUMP)
L1_BACK_OF(l1_back_positive, L1_POSITIVE)
L1_BACK_OF(l1_back_unshared, L1_NO_SHARE)
L1_BACK_OF(l1_back_outside_bare, L1_OUTSIDE_BARE)
L1_BACK_OF(l1_back_mean, L1_MEAN)
L1_BACK_OF(l1_back_beta_1, L1_BETA_1)
L1_BACK_OF(l1_back_short, L1_SHORT)

/* ---- the loss ---- */

enum loss_slip {
    LOSS_RIGHT, LOSS_SUM, LOSS_BY_N, LOSS_OBJECT_BY_N, LOSS_ONLY_TAKEN, LOSS_EVERY_BOX,
    LOSS_EVERY_CLASS, LOSS_P_0, LOSS_OVERFLOW, LOSS_ALWAYS_0, LOSS_BOX_MEAN, LOSS_OBJECT_FIRST,
    LOSS_LOGITS_P, LOSS_BACK_OVERWRITTEN, LOSS_BACK_MINUS, LOSS_BACK_LOGIT,
    LOSS_BACK_ONE_HOT, LOSS_BACK_BOX_WHOLE, LOSS_BACK_SIGMOID, LOSS_BACK_NO_BOX
};

/* log(1 + e^x), in double. */
static double softplus(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }

/* What class k costs: how far its logit is below the logarithm of the sum of all. */
static double class_cost(const double *z, int k, int K)
{
    double top = z[0], sum = 0;
    for (int j = 1; j < K; j++)
        top = fmax(top, z[j]);
    for (int j = 0; j < K; j++)
        sum += exp(z[j] - top);
    return log(sum) + top - z[k];
}

/* The three costs of a cell, from its row of z. */
struct cost { double box, object, class; };

static struct cost cell_cost(const double *z, const float *t, int class, int K)
{
    struct cost c = {.object = softplus(class < 0 ? z[4] : -z[4])};
    for (int i = 0; i < 4 && class >= 0; i++)
        c.box += l1_of(z[i] - t[i]);
    c.class = class < 0 ? 0 : class_cost(z + 5, class, K);
    return c;
}

static int cells_with(const int *class, int n)
{
    int some = 0;
    while (n--)
        some += class[n] != -1;
    return some;
}

static struct detection_loss loss_right(float *p, const float *z, const float *t,
                                        const int *class, int n, int K)
{
    struct cost all = {0};
    double row[64], P = fmax(cells_with(class, n), 1);
    for (int c = 0; c < n; c++, z += 5 + K) {
        for (int i = 0; i < 5 + K; i++)
            row[i] = z[i];
        struct cost one = cell_cost(row, t + 4*c, class[c], K);
        all.box += one.box, all.object += one.object, all.class += one.class;
        for (int k = 0; k < K && class[c] >= 0; k++)
            p[c*K + k] = (float)exp(-class_cost(row + 5, k, K));
    }
    return (struct detection_loss){(float)(all.box/P), (float)(all.object/P),
                                   (float)(all.class/P)};
}

static double cell_object(double z, bool there, enum loss_slip slip)
{
    there = there && slip != LOSS_ALWAYS_0;
    if (slip == LOSS_OVERFLOW) {
        float p = (float)(1 / (1 + exp(-z)));
        return there ? -log(p) : -log(1 - p);
    }
    return softplus(there ? -z : z);
}

static struct detection_loss loss_made(float *p, const float *z, const float *t,
                                       const int *class, int n, int K, enum loss_slip slip)
{
    struct cost all = {0};
    double row[64], with = cells_with(class, n), P = slip == LOSS_P_0 ? with : fmax(with, 1);
    for (int c = 0; c < n; c++, z += 5 + K, t += 4, p += K) {
        bool there = class[c] >= 0;
        int k = there ? class[c] : 0, from = slip == LOSS_OBJECT_FIRST;
        for (int i = 0; i < 5 + K; i++)
            row[i] = z[i];
        if (there || slip != LOSS_ONLY_TAKEN)
            all.object += cell_object(row[from ? 0 : 4], there, slip);
        for (int i = 0; i < 4 && (there || slip == LOSS_EVERY_BOX); i++)
            all.box += l1_of(row[i + from] - t[i]) / (slip == LOSS_BOX_MEAN ? 4 : 1);
        if (there || slip == LOSS_EVERY_CLASS)
            all.class += class_cost(row + 5, k, K);
        for (int j = 0; j < K && there; j++)
            p[j] = slip == LOSS_LOGITS_P ? z[5 + j] : (float)exp(-class_cost(row + 5, j, K));
    }
    P = slip == LOSS_SUM ? 1 : slip == LOSS_BY_N ? n : P;
    return (struct detection_loss){
        (float)(all.box/P), (float)(all.object / (slip == LOSS_OBJECT_BY_N ? n : P)),
        (float)(all.class/P)};
}

#define LOSS_OF(name, slip) \
    static struct detection_loss name(float *p, const float *z, const float *t, \
                                      const int *class, int n, int K) \
    { return loss_made(p, z, t, class, n, K, slip); }
LOSS_OF(loss_sum, LOSS_SUM)
LOSS_OF(loss_by_n, LOSS_BY_N)
LOSS_OF(loss_object_by_n, LOSS_OBJECT_BY_N)
LOSS_OF(loss_only_taken, LOSS_ONLY_TAKEN)
LOSS_OF(loss_every_box, LOSS_EVERY_BOX)
LOSS_OF(loss_every_class, LOSS_EVERY_CLASS)
LOSS_OF(loss_p_0, LOSS_P_0)
LOSS_OF(loss_overflow, LOSS_OVERFLOW)
LOSS_OF(loss_always_0, LOSS_ALWAYS_0)
LOSS_OF(loss_box_mean, LOSS_BOX_MEAN)
LOSS_OF(loss_object_first, LOSS_OBJECT_FIRST)
LOSS_OF(loss_logits_p, LOSS_LOGITS_P)

/* No formula: how much the loss changes if one number of z does, both ways. */
static void loss_back_right(float *dz, const float *p, const float *z, const float *t,
                            const int *class, int n, int K)
{
    double row[64], P = fmax(cells_with(class, n), 1);
    (void)p;
    for (int c = 0; c < n; c++, z += 5 + K, dz += 5 + K) {
        for (int i = 0; i < 5 + K; i++)
            row[i] = z[i];
        for (int i = 0; i < 5 + K; i++) {
            double h = i < 4 ? 1e-7 : 1e-6 * fmax(1, fabs(row[i]));
            row[i] = z[i] + h;
            struct cost up = cell_cost(row, t + 4*c, class[c], K);
            row[i] = z[i] - h;
            struct cost down = cell_cost(row, t + 4*c, class[c], K);
            row[i] = z[i];
            double change = (up.box - down.box) + (up.object - down.object)
                          + (up.class - down.class);
            dz[i] = (float)(dz[i] + change / (2*h) / P);
        }
    }
}

static void loss_back_made(float *dz, const float *p, const float *z, const float *t,
                           const int *class, int n, int K, enum loss_slip slip)
{
    double with = cells_with(class, n), P = slip == LOSS_P_0 ? with : fmax(with, 1);
    double share = slip == LOSS_SUM ? 1 : slip == LOSS_BY_N ? 1.0 / n : 1 / P;
    for (int c = 0; c < n; c++, z += 5 + K, dz += 5 + K, t += 4, p += K) {
        double row[64] = {0}, s = 1 / (1 + exp(-(double)z[4]));
        bool there = class[c] >= 0, wanted = there && slip != LOSS_ALWAYS_0;
        if (there || slip != LOSS_ONLY_TAKEN)
            row[4] = share * ((slip == LOSS_BACK_LOGIT ? z[4] : s) - wanted)
                   * (slip == LOSS_BACK_SIGMOID ? s * (1 - s) : 1);
        for (int i = 0; i < 4; i++)
            if ((there || slip == LOSS_EVERY_BOX) && slip != LOSS_BACK_NO_BOX)
                row[i] = l1_slope(z[i], t[i]) * (slip == LOSS_BACK_BOX_WHOLE ? 1 : share);
        for (int k = 0; k < K; k++)
            if (there || slip == LOSS_EVERY_CLASS)
                row[5 + k] = share * (p[k] - (k == class[c] && slip != LOSS_BACK_ONE_HOT));
        for (int i = 0; i < 5 + K; i++)
            dz[i] = (float)((slip == LOSS_BACK_OVERWRITTEN ? 0 : dz[i])
                            + (slip == LOSS_BACK_MINUS ? -row[i] : row[i]));
    }
}

#define LOSS_BACK_OF(name, slip) \
    static void name(float *dz, const float *p, const float *z, const float *t, \
                     const int *class, int n, int K) \
    { loss_back_made(dz, p, z, t, class, n, K, slip); }
LOSS_BACK_OF(loss_back_overwritten, LOSS_BACK_OVERWRITTEN)
LOSS_BACK_OF(loss_back_sum, LOSS_SUM)
LOSS_BACK_OF(loss_back_by_n, LOSS_BY_N)
LOSS_BACK_OF(loss_back_only_taken, LOSS_ONLY_TAKEN)
LOSS_BACK_OF(loss_back_every_box, LOSS_EVERY_BOX)
LOSS_BACK_OF(loss_back_every_class, LOSS_EVERY_CLASS)
LOSS_BACK_OF(loss_back_p_0, LOSS_P_0)
LOSS_BACK_OF(loss_back_always_0, LOSS_ALWAYS_0)
LOSS_BACK_OF(loss_back_logit, LOSS_BACK_LOGIT)
LOSS_BACK_OF(loss_back_one_hot, LOSS_BACK_ONE_HOT)
LOSS_BACK_OF(loss_back_box_whole, LOSS_BACK_BOX_WHOLE)
LOSS_BACK_OF(loss_back_minus, LOSS_BACK_MINUS)

/* ---- match ---- */

enum match_slip {
    MATCH_RIGHT, MATCH_AGAIN, MATCH_BEST_OF_ALL, MATCH_ABOVE, MATCH_FIRST, MATCH_LAST_TIE,
    MATCH_ANY_CLASS, MATCH_ANY_SCENE, MATCH_FLAG, MATCH_NOT_CLEARED, MATCH_GREEDY, MATCH_KEPT_BEST,
    MATCH_NOT_TOLD
};

/* How much of both boxes both cover: by sides, in double. */
static float shared(struct box a, struct box b)
{
    double wide = fmin(a.x1, b.x1) - fmax(a.x0, b.x0);
    double high = fmin(a.y1, b.y1) - fmax(a.y0, b.y0);
    double both = fmax(wide, 0) * fmax(high, 0);
    double all = (double)(a.x1 - a.x0) * (a.y1 - a.y0) + (double)(b.x1 - b.x0) * (b.y1 - b.y0);
    return (float)(both / (all - both));
}

/* A detection and an object that could belong together. */
struct pair { int i, k; float share; };

static int pair_order(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;
    if (p->i != q->i)
        return p->i - q->i;
    return p->share != q->share ? (p->share < q->share ? 1 : -1) : p->k - q->k;
}

/* All pairs there are, the first detection's best one first; of these, those of which neither
 * has another already. */
static void match_right(int *found, bool *taken, const struct detection *d,
                        const struct object *object, float limit, int n, int m)
{
    struct pair *pairs = malloc((size_t)(n * m + 1) * sizeof *pairs);
    int count = 0;
    for (int x = 0; x < n * m; x++) {
        struct pair p = {x / m, x % m, shared(d[x / m].box, object[x % m].box)};
        if (p.share >= limit && d[p.i].class == object[p.k].class
            && d[p.i].scene == object[p.k].scene)
            pairs[count++] = p;
    }
    qsort(pairs, (size_t)count, sizeof *pairs, pair_order);
    for (int i = 0; i < n; i++)
        found[i] = -1;
    for (int k = 0; k < m; k++)
        taken[k] = false;
    for (int x = 0; x < count; x++)
        if (found[pairs[x].i] < 0 && !taken[pairs[x].k])
            found[pairs[x].i] = pairs[x].k, taken[pairs[x].k] = true;
    free(pairs);
}

/* The object that detection i takes, or -1. */
static int match_one(const bool *taken, const struct detection *d, const struct object *object,
                     float limit, int m, enum match_slip slip)
{
    float best = -1;
    int found = -1;
    for (int k = 0; k < m; k++) {
        float share = shared(d->box, object[k].box);
        bool good = slip == MATCH_ABOVE ? share > limit : share >= limit;
        bool better = slip == MATCH_LAST_TIE ? share >= best : share > best;
        if ((taken[k] && slip != MATCH_AGAIN && slip != MATCH_BEST_OF_ALL)
            || (object[k].class != d->class && slip != MATCH_ANY_CLASS)
            || (object[k].scene != d->scene && slip != MATCH_ANY_SCENE)
            || !good || !better || (slip == MATCH_FIRST && found >= 0))
            continue;
        best = share, found = k;
    }
    return found >= 0 && taken[found] && slip != MATCH_AGAIN ? -1 : found;
}

/* The best pair of all takes first, whatever the scores say. */
static void match_greedy(int *found, bool *taken, const struct detection *d,
                         const struct object *object, float limit, int n, int m)
{
    memset(taken, 0, (size_t)m);
    memset(found, -1, (size_t)n * sizeof *found);
    for (;;) {
        struct pair best = {-1, -1, -1};
        for (int i = 0; i < n; i++) {
            int k = found[i] >= 0 ? -1 : match_one(taken, d + i, object, limit, m, MATCH_RIGHT);
            if (k >= 0 && shared(d[i].box, object[k].box) > best.share)
                best = (struct pair){i, k, shared(d[i].box, object[k].box)};
        }
        if (best.i < 0)
            return;
        found[best.i] = best.k;
        taken[best.k] = true;
    }
}

static void match_made(int *found, bool *taken, const struct detection *d,
                       const struct object *object, float limit, int n, int m,
                       enum match_slip slip)
{
    bool *own = calloc((size_t)m + 1, 1);
    for (int k = 0; k < m && slip == MATCH_NOT_CLEARED; k++)
        own[k] = taken[k];
    float best = -1;
    for (int i = 0; i < n; i++) {
        int k = match_one(own, d + i, object, limit, m, slip);
        if (slip == MATCH_KEPT_BEST && k >= 0) {
            float share = (float)shared(d[i].box, object[k].box);
            k = share > best ? k : -1;
            best = share > best ? share : best;
        }
        found[i] = k;
        if (k >= 0)
            own[k] = true;
        if (slip == MATCH_FLAG)
            found[i] = k >= 0;
    }
    for (int k = 0; k < m; k++)
        taken[k] = own[k] && slip != MATCH_NOT_TOLD;
    free(own);
}

#define MATCH_OF(name, slip) \
    static void name(int *found, bool *taken, const struct detection *d, \
                     const struct object *object, float limit, int n, int m) \
    { match_made(found, taken, d, object, limit, n, m, slip); }
MATCH_OF(match_again, MATCH_AGAIN)
MATCH_OF(match_best_of_all, MATCH_BEST_OF_ALL)
MATCH_OF(match_above, MATCH_ABOVE)
MATCH_OF(match_first, MATCH_FIRST)
MATCH_OF(match_last_tie, MATCH_LAST_TIE)
MATCH_OF(match_any_class, MATCH_ANY_CLASS)
MATCH_OF(match_any_scene, MATCH_ANY_SCENE)
MATCH_OF(match_flag, MATCH_FLAG)
MATCH_OF(match_not_cleared, MATCH_NOT_CLEARED)
MATCH_OF(match_kept_best, MATCH_KEPT_BEST)
MATCH_OF(match_not_told, MATCH_NOT_TOLD)

/* ---- average precision ---- */

enum ap_slip {
    AP_RIGHT, AP_DENTS, AP_BY_HITS, AP_MEAN_OF_ALL, AP_ELEVEN, AP_TRAPEZOID, AP_RANK_0,
    AP_NONE_0, AP_INDEX_0, AP_FRONT, AP_LAST, AP_NO_FIRST, AP_MISSES
};

/* Straight from the definition: three lists and a sum over all of them. */
static float ap_right(const int *found, int objects, int n)
{
    if (objects == 0)
        return NAN;
    double *recall = malloc((size_t)(n + 1) * sizeof *recall), sum = 0;
    double *precision = malloc((size_t)(n + 1) * sizeof *precision);
    for (int i = 0, hits = 0; i < n; i++) {
        hits += found[i] != -1;
        recall[i] = (double)hits / objects, precision[i] = hits / (i + 1.0);
    }
    for (int i = 0; i < n; i++) {
        double envelope = 0;
        for (int j = i; j < n; j++)
            envelope = fmax(envelope, precision[j]);
        sum += (recall[i] - (i ? recall[i-1] : 0)) * envelope;
    }
    free(precision), free(recall);
    return (float)sum;
}

/* The largest precision at i or later; or, with a slip, something else. */
static double ap_height(const double *precision, int i, int n, enum ap_slip slip)
{
    double most = 0;
    if (slip == AP_DENTS || slip == AP_TRAPEZOID)
        return slip == AP_DENTS ? precision[i] : (precision[i] + (i ? precision[i-1] : 1)) / 2;
    for (int j = slip == AP_FRONT ? 0 : i; j < (slip == AP_FRONT ? i + 1 : n); j++)
        most = fmax(most, precision[j]);
    return most;
}

static double ap_eleven(const double *recall, const double *precision, int n)
{
    double sum = 0;
    for (int x = 0; x <= 10; x++) {
        double most = 0;
        for (int j = 0; j < n; j++)
            most = recall[j] >= x / 10.0 - 1e-9 ? fmax(most, precision[j]) : most;
        sum += most / 11;
    }
    return sum;
}

static float ap_made(const int *found, int objects, int n, enum ap_slip slip)
{
    double *recall = malloc((size_t)(n + 1) * sizeof *recall), sum = 0, all = 0;
    double *precision = malloc((size_t)(n + 1) * sizeof *precision), result = 0;
    int hits = 0;
    if (objects == 0 && slip == AP_NONE_0) {
        free(precision), free(recall);
        return 0;
    }
    for (int i = 0; i < n; i++) {
        bool hit = slip == AP_INDEX_0 ? found[i] > 0 : slip == AP_MISSES ? found[i] < 0
                   : found[i] >= 0;
        hits += hit;
        recall[i] = (double)hits / objects;
        precision[i] = (double)hits / (slip == AP_RANK_0 ? (i ? i : 1) : i + 1);
        all += precision[i];
    }
    for (int i = slip == AP_NO_FIRST; i < n; i++)
        sum += (recall[i] - (i ? recall[i-1] : 0)) * ap_height(precision, i, n, slip);
    switch (slip) {
    case AP_BY_HITS:     result = hits ? sum * objects / hits : 0; break;
    case AP_MEAN_OF_ALL: result = n ? all / n : 0; break;
    case AP_ELEVEN:      result = ap_eleven(recall, precision, n); break;
    case AP_LAST:        result = n ? precision[n-1] : 0; break;
    default:             result = sum;
    }
    free(precision), free(recall);
    return objects ? (float)result : NAN;
}

#define AP_OF(name, slip) static float name(const int *found, int objects, int n) \
    { return ap_made(found, objects, n, slip); }
AP_OF(ap_dents, AP_DENTS)
AP_OF(ap_by_hits, AP_BY_HITS)
AP_OF(ap_mean_of_all, AP_MEAN_OF_ALL)
AP_OF(ap_eleven_points, AP_ELEVEN)
AP_OF(ap_trapezoid, AP_TRAPEZOID)
AP_OF(ap_rank_0, AP_RANK_0)
AP_OF(ap_none_0, AP_NONE_0)
AP_OF(ap_index_0, AP_INDEX_0)
AP_OF(ap_front, AP_FRONT)
AP_OF(ap_last, AP_LAST)
AP_OF(ap_no_first, AP_NO_FIRST)
AP_OF(ap_misses, AP_MISSES)

/* ---- mean average precision ---- */

enum map_slip {
    MAP_RIGHT, MAP_NONE_0, MAP_BY_K, MAP_UNSORTED, MAP_UPWARD, MAP_TIES, MAP_ALL_OBJECTS,
    MAP_SKIPS_UNSEEN, MAP_POOLED, MAP_NAN_SPREADS, MAP_OTHERS_MISS, MAP_HALF, MAP_COPY
};

/* Moves each detection forward past all that belong behind it. */
static void detections_order(struct detection *d, int n, enum map_slip slip)
{
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0; j--) {
            float one = d[j-1].score, two = d[j].score;
            bool turn = slip == MAP_UPWARD ? two < one : slip == MAP_TIES ? two >= one
                        : two > one;
            if (!turn)
                break;
            struct detection keep = d[j];
            d[j] = d[j-1], d[j-1] = keep;
        }
}

/* The detections of class k, or all of them for -1, matched; and how good they are. */
static float ap_of_class(const struct detection *d, const struct object *object, float limit,
                         int n, int m, int k, enum map_slip slip)
{
    int *found = malloc((size_t)(n + 1) * sizeof *found), count = 0, objects = 0;
    int *own = malloc((size_t)(n + 1) * sizeof *own);
    bool *taken = malloc((size_t)m + 1);
    match_right(found, taken, d, object, slip == MAP_HALF ? 0.5f : limit, n, m);
    for (int i = 0; i < n; i++)
        if (d[i].class == k || k < 0)
            own[count++] = found[i];
        else if (slip == MAP_OTHERS_MISS)
            own[count++] = -1;
    for (int i = 0; i < m; i++)
        objects += object[i].class == k || k < 0;
    if (slip == MAP_ALL_OBJECTS && objects)
        objects = m;
    float ap = ap_right(own, objects, count);
    free(taken), free(own), free(found);
    return ap;
}

static bool class_seen(const struct detection *d, int n, int k)
{
    for (int i = 0; i < n; i++)
        if (d[i].class == k)
            return true;
    return false;
}

static float map_made(float *ap, struct detection *d, const struct object *object, float limit,
                      int n, int m, int K, enum map_slip slip)
{
    struct detection *own = malloc((size_t)(n + 1) * sizeof *own);
    double sum = 0;
    int classes = 0;
    memcpy(own, d, (size_t)n * sizeof *d);
    if (slip != MAP_UNSORTED)
        detections_order(own, n, slip);
    for (int k = 0; k < K; k++) {
        ap[k] = ap_of_class(own, object, limit, n, m, k, slip);
        if (isnan(ap[k]) && slip == MAP_NONE_0)
            ap[k] = 0;
        if ((isnan(ap[k]) && slip != MAP_NAN_SPREADS)
            || (slip == MAP_SKIPS_UNSEEN && !class_seen(own, n, k)))
            continue;
        sum += ap[k], classes++;
    }
    float result = classes ? (float)(sum / (slip == MAP_BY_K ? K : classes)) : NAN;
    if (slip == MAP_POOLED)
        result = ap_of_class(own, object, limit, n, m, -1, slip);
    if (slip != MAP_COPY)
        memcpy(d, own, (size_t)n * sizeof *d);
    free(own);
    return result;
}

#define MAP_OF(name, slip) \
    static float name(float *ap, struct detection *d, const struct object *object, \
                      float limit, int n, int m, int K) \
    { return map_made(ap, d, object, limit, n, m, K, slip); }
MAP_OF(map_right, MAP_RIGHT)
MAP_OF(map_none_0, MAP_NONE_0)
MAP_OF(map_by_k, MAP_BY_K)
MAP_OF(map_unsorted, MAP_UNSORTED)
MAP_OF(map_upward, MAP_UPWARD)
MAP_OF(map_ties_turned, MAP_TIES)
MAP_OF(map_all_objects, MAP_ALL_OBJECTS)
MAP_OF(map_skips_unseen, MAP_SKIPS_UNSEEN)
MAP_OF(map_pooled, MAP_POOLED)
MAP_OF(map_nan_spreads, MAP_NAN_SPREADS)
MAP_OF(map_others_miss, MAP_OTHERS_MISS)
MAP_OF(map_half, MAP_HALF)
MAP_OF(map_copy, MAP_COPY)

/* ---- mean over limits ---- */

enum coco_slip {
    COCO_RIGHT, COCO_FLOAT, COCO_ADDED, COCO_ONE, COCO_NINE, COCO_ELEVEN, COCO_TENTHS,
    COCO_WHOLE, COCO_SUM, COCO_BY_9, COCO_LAST
};

/* limits[] are in hundredths here, but for those that are told wrong. */
static float coco_made(struct detection *d, const struct object *object, int n, int m, int K,
                       enum coco_slip slip)
{
    float *ap = malloc((size_t)K * sizeof *ap), added = 0.5f;
    double sum = 0, last = 0;
    int from = 0, to = slip == COCO_ONE ? 1 : slip == COCO_NINE ? 9
                       : slip == COCO_ELEVEN ? 11 : slip == COCO_TENTHS ? 5 : 10;
    for (int i = from; i < to; i++, added += 0.05f) {
        double limit = 0.5 + 0.05*i;
        if (slip == COCO_TENTHS)
            limit = 0.5 + 0.1*i;
        if (slip == COCO_FLOAT || slip == COCO_ADDED)
            limit = slip == COCO_ADDED ? added : (float)(0.5f + (float)(0.05f * (float)i));
        if (slip == COCO_WHOLE)
            limit = 0;
        sum += last = map_made(ap, d, object, (float)limit, n, m, K, MAP_RIGHT);
    }
    free(ap);
    return (float)(slip == COCO_SUM ? sum : slip == COCO_BY_9 ? sum / 9
                   : slip == COCO_LAST ? last : sum / (to - from));
}

#define COCO_OF(name, slip) \
    static float name(struct detection *d, const struct object *object, int n, int m, int K) \
    { return coco_made(d, object, n, m, K, slip); }
COCO_OF(coco_right, COCO_RIGHT)
COCO_OF(coco_float, COCO_FLOAT)
COCO_OF(coco_added, COCO_ADDED)
COCO_OF(coco_one, COCO_ONE)
COCO_OF(coco_nine, COCO_NINE)
COCO_OF(coco_eleven, COCO_ELEVEN)
COCO_OF(coco_tenths, COCO_TENTHS)
COCO_OF(coco_whole, COCO_WHOLE)
COCO_OF(coco_sum, COCO_SUM)
COCO_OF(coco_by_9, COCO_BY_9)
COCO_OF(coco_last, COCO_LAST)

/* ---- from linear to convolution ---- */

enum kernel_slip {
    KERNEL_RIGHT, KERNEL_AS_IT_LIES, KERNEL_CRS, KERNEL_SRC, KERNEL_TURNED, KERNEL_EARLY,
    KERNEL_FIRST_ALONE, KERNEL_RSMC, KERNEL_MIRRORED, KERNEL_READ_AS_DM
};

static void kernel_made(float *w, const float *W, int R, int S, int C, int M,
                        enum kernel_slip slip)
{
    for (int i = 0; i < R*S*C*M; i++) {
        int m = i % M, c = i / M % C, s = i / M / C % S, r = i / M / C / S;
        int a = slip == KERNEL_TURNED ? R - 1 - r : r;
        int b = slip == KERNEL_TURNED || slip == KERNEL_MIRRORED ? S - 1 - s : s;
        int d = slip == KERNEL_CRS ? (c*R + r)*S + s : slip == KERNEL_SRC ? (s*R + r)*C + c
                : (a*S + b)*C + c;
        if ((slip == KERNEL_EARLY && m == M - 1) || (slip == KERNEL_FIRST_ALONE && m))
            continue;
        float v = slip == KERNEL_AS_IT_LIES ? W[i] : W[m*R*S*C + d];
        w[slip == KERNEL_RSMC ? ((r*S + s)*M + m)*C + c : i] = v;
    }
}

#define KERNEL_OF(name, slip) \
    static void name(float *w, const float *W, int R, int S, int C, int M) \
    { kernel_made(w, W, R, S, C, M, slip); }
KERNEL_OF(kernel_right, KERNEL_RIGHT)
KERNEL_OF(kernel_as_it_lies, KERNEL_AS_IT_LIES)
KERNEL_OF(kernel_crs, KERNEL_CRS)
KERNEL_OF(kernel_src, KERNEL_SRC)
KERNEL_OF(kernel_turned, KERNEL_TURNED)
KERNEL_OF(kernel_mirrored, KERNEL_MIRRORED)
KERNEL_OF(kernel_early, KERNEL_EARLY)
KERNEL_OF(kernel_first_alone, KERNEL_FIRST_ALONE)
KERNEL_OF(kernel_rsmc, KERNEL_RSMC)

/* ---- the network that slides ---- */

enum slide_slip {
    SLIDE_RIGHT, SLIDE_NO_RELU_1, SLIDE_NO_RELU_2, SLIDE_NO_RELU_3, SLIDE_NO_RELU_4,
    SLIDE_RELU_Z, SLIDE_MEAN, SLIDE_NO_BIAS, SLIDE_SOFTMAX, SLIDE_C1_BENT, SLIDE_ONE_WINDOW,
    SLIDE_RELU_ONE_WINDOW, SLIDE_RELU_C
};

/* A convolution without zeros around the image, in plain loops. */
static void conv_plain(double *y, const double *x, const float *w, const float *b,
                       const struct conv *c)
{
    for (int i = 0; i < c->P * c->Q * c->M; i++) {
        int m = i % c->M, q = i / c->M % c->Q, p = i / c->M / c->Q;
        y[i] = b ? b[m] : 0;
        for (int d = 0; d < c->R * c->S * c->C; d++) {
            int k = d % c->C, s = d / c->C % c->S, r = d / c->C / c->S;
            y[i] += x[((p + r)*c->X + q + s)*c->C + k] * w[d*c->M + m];
        }
    }
}

static void pool_plain(double *y, const double *x, const struct conv *c, bool mean)
{
    for (int i = 0; i < c->P * c->Q * c->C; i++) {
        int k = i % c->C, q = i / c->C % c->Q, p = i / c->C / c->Q;
        const double *at = x + ((2*p)*c->X + 2*q)*c->C + k, *below = at + c->X * c->C;
        y[i] = mean ? (at[0] + at[c->C] + below[0] + below[c->C]) / 4
               : fmax(fmax(at[0], at[c->C]), fmax(below[0], below[c->C]));
    }
}

static void relu_plain(double *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = fmax(y[i], 0);
}

static int results_of(const struct conv *c) { return c->P * c->Q * c->M; }

static void floats_of(float *to, const double *from, int n)
{
    for (int i = 0; i < n; i++)
        to[i] = (float)from[i];
}

/* Image, c1, h1, c2, h2, h3, h4, z. */
enum { SLIDE_ARRAYS = 8 };

static void slide_made(struct slide *s, const float *x, enum slide_slip slip)
{
    const struct conv *c[] = {&s->conv1, &s->pool1, &s->conv2, &s->pool2, &s->conv3,
                              &s->conv4, &s->conv5};
    const float *w[] = {s->w1, NULL, s->w2, NULL, s->w3, s->w4, s->w5};
    const float *b[] = {s->b1, NULL, s->b2, NULL, s->b3, s->b4, s->b5};
    float *to[] = {s->c1, s->h1, s->c2, s->h2, s->h3, s->h4, s->z};
    double *now = malloc((size_t)(c[0]->Y * c[0]->X * c[0]->C) * sizeof *now);
    for (int i = 0; i < c[0]->Y * c[0]->X * c[0]->C; i++)
        now[i] = x[i];
    for (int l = 0; l < 7; l++) {
        int n = results_of(c[l]), K = c[l]->M;
        bool no_relu = (slip == SLIDE_NO_RELU_1 && l == 1) || (slip == SLIDE_NO_RELU_2 && l == 3)
                    || (slip == SLIDE_NO_RELU_3 && l == 4) || (slip == SLIDE_NO_RELU_4 && l == 5);
        double *next = malloc((size_t)n * sizeof *next);
        if (w[l])
            conv_plain(next, now, w[l], l > 3 && slip == SLIDE_NO_BIAS ? NULL : b[l], c[l]);
        else
            pool_plain(next, now, c[l], slip == SLIDE_MEAN);
        if (((l == 1 || l > 2) && l < 6 && !no_relu) || (l == 6 && slip == SLIDE_RELU_Z)
            || (l == 0 && slip == SLIDE_C1_BENT) || (l < 6 && slip == SLIDE_RELU_C))
            relu_plain(next, slip == SLIDE_RELU_ONE_WINDOW && l > 3 ? K : n);
        floats_of(to[l], next, slip == SLIDE_ONE_WINDOW && l > 3 ? K : n);
        for (int i = 0; i < n && l == 6 && slip == SLIDE_SOFTMAX; i++)
            to[l][i] = (float)exp(-class_cost(next + i / K * K, i % K, K));
        free(now);
        now = next;
    }
    free(now);
}

/* One window alone, as if it were the image; all that comes behind the second pool. */
static void window_alone(const struct slide *s, const float *x, int p, int q)
{
    const int M2 = s->conv2.M, C = s->conv1.C, to = p * s->conv5.Q + q;
    const int high = 4 * s->conv3.R + 12, wide = 4 * s->conv3.S + 12;
    struct conv c[] = {conv_padded(high, wide, C, 5, 5, s->conv1.M, 1, 0),
                       conv_padded(high - 4, wide - 4, s->conv1.M, 2, 2, s->conv1.M, 2, 0),
                       conv_padded(high / 2 - 2, wide / 2 - 2, s->conv1.M, 5, 5, M2, 1, 0),
                       conv_padded(high / 2 - 6, wide / 2 - 6, M2, 2, 2, M2, 2, 0)};
    double *a = malloc((size_t)(high * wide * (C + s->conv1.M + M2)) * sizeof *a);
    double *b = malloc((size_t)(high * wide * (C + s->conv1.M + M2)) * sizeof *b);
    for (int i = 0; i < high * wide * C; i++)
        a[i] = x[((4*p + i / C / wide) * s->conv1.X + 4*q + i / C % wide) * C + i % C];
    conv_plain(b, a, s->w1, s->b1, c);
    pool_plain(a, b, c + 1, false);
    relu_plain(a, results_of(c + 1));
    conv_plain(b, a, s->w2, s->b2, c + 2);
    pool_plain(a, b, c + 3, false);
    relu_plain(a, results_of(c + 3));
    const struct conv *layer[] = {&s->conv3, &s->conv4, &s->conv5};
    const float *w[] = {s->w3, s->w4, s->w5}, *bias[] = {s->b3, s->b4, s->b5};
    float *out[] = {s->h3, s->h4, s->z};
    for (int l = 0; l < 3; l++) {
        int D = layer[l]->R * layer[l]->S * layer[l]->C, M = layer[l]->M;
        for (int m = 0; m < M; m++) {
            b[m] = bias[l][m];
            for (int d = 0; d < D; d++)
                b[m] += a[d] * w[l][d*M + m];
        }
        if (l < 2)
            relu_plain(b, M);
        floats_of(out[l] + to*M, b, M);
        memcpy(a, b, (size_t)M * sizeof *a);
    }
    free(b), free(a);
}

static void slide_right(struct slide *s, const float *x)
{
    slide_made(s, x, SLIDE_RIGHT);
    for (int p = 0; p < s->conv5.P; p++)
        for (int q = 0; q < s->conv5.Q; q++)
            window_alone(s, x, p, q);
}

#define SLIDE_OF(name, slip) static void name(struct slide *s, const float *x) \
    { slide_made(s, x, slip); }
SLIDE_OF(slide_no_relu_1, SLIDE_NO_RELU_1)
SLIDE_OF(slide_no_relu_2, SLIDE_NO_RELU_2)
SLIDE_OF(slide_no_relu_3, SLIDE_NO_RELU_3)
SLIDE_OF(slide_no_relu_4, SLIDE_NO_RELU_4)
SLIDE_OF(slide_relu_z, SLIDE_RELU_Z)
SLIDE_OF(slide_mean, SLIDE_MEAN)
SLIDE_OF(slide_no_bias, SLIDE_NO_BIAS)
SLIDE_OF(slide_softmax, SLIDE_SOFTMAX)
SLIDE_OF(slide_c1_bent, SLIDE_C1_BENT)
SLIDE_OF(slide_one_window, SLIDE_ONE_WINDOW)
SLIDE_OF(slide_relu_one_window, SLIDE_RELU_ONE_WINDOW)
#endif

/* ---- the table ----------------------------------------------------------------------------- */

#define FN(f) (anything *)f
#define WHERE_THEY_MEET "what do parabola and line each say at |d| = BETA?"
#define HOW_STEEP "how steep is |d| - BETA/2 at d = 30?"
#define HOW_MANY "how many cells can have a box that is told wrong?"
#define EMPTY_CELL "what is a cell to say of a box, if nothing is there?"
#define NO_BAGS "there is no bag in any scene: what does that say about the detector?"
#define TEN_LIMITS "an object of 100 pixels, a box of exactly 55, 80 or 95 of them: a hit?"
#define SIDE_BY_SIDE "w[0], w[1], w[2] are side by side in memory: which kernels are they of?"
#define ELEVEN_CALLS "how many relus has the formula, and behind what?"

const struct exercise exercises[] = {
    {"15.1", "iou", FN(iou),
     {{"3 pairs, by hand: overlapping, equal, one in the other", iou_by_hand},
      {"4 pairs that have nothing in common", iou_apart},
      {"4 pairs that touch", iou_touch}, {"3 pairs, a tall box and a wide one", iou_crossing},
      {"5 pairs with points and lines", iou_no_area},
      {"4 pairs with inside-out boxes", iou_inside_out},
      {"3 pairs of huge, of far and of tiny boxes", iou_huge},
      {"24 pairs, as torchvision", iou_gold}, {"60 pairs", iou_random},
      {"60 pairs, most of them inside out", iou_random_corners}},
     JUDGE_ONLY(FN(iou_right), {
        {FN(iou_unclamped), "a width and a height below 0 make an area above 0.",
         "what does box_area() give for a box that is inside out?", "15.2"},
        {FN(iou_exchanged), "what is called intersection is the box around both.",
         "is the left edge of what both cover the smaller or the larger x0?", "15.2"},
        {FN(iou_sum), "what both cover is counted twice in the union.",
         "two boxes are equal: how large is their union?", "15.2"},
        {FN(iou_common), "the area of what both cover is returned, not its share.",
         "of which area is it a share?", "15.2"},
        {FN(iou_unguarded), "a union of 0 is divided by.",
         "what is the union of two points?", "15.2"},
        {FN(iou_inclusive), "widths and heights are 1 too large.",
         "edges lie between pixels: how wide is a box from 3 to 5?", "15.2"},
        {FN(iou_by_hull), "it is divided by the area of the box around both.",
         "is a corner that neither box covers in their union?", "15.2"},
        {FN(iou_of_a), "it is divided by the area of the first box.",
         "what must iou(a, b) and iou(b, a) have to do with each other?", "15.2"},
        {FN(iou_corner_size), "x1 and y1 are read as width and height.",
         "what are the four numbers of a struct box?", "15.2"},
        {FN(iou_floats), "an area is too large, or too small, for a float.",
         "which type does box_area() return, and why?", "15.2"},
        {FN(iou_epsilon), "a small number is added to the union.",
         "how small may a box be? When is it that one may not divide?", "15.2"},
        {FN(iou_added), "the intersection is added to both areas, not taken away.",
         "two boxes are equal: how large is their union?", "15.2"}})},
    {"15.2*", "giou", FN(giou),
     {{"3 pairs, by hand: apart, overlapping, one in the other", giou_by_hand},
      {"4 pairs that are equal or touch", giou_equal_or_touch}, {"3 pairs far apart", giou_far},
      {"2 pairs, a tall box and a wide one", giou_crossing},
      {"4 pairs, a point, a line, an inside-out box with a box", giou_no_area},
      {"3 pairs of points and lines with nothing around them", giou_no_hull},
      {"2 pairs of points and lines with a box around them", giou_no_union},
      {"3 pairs of huge, of far and of tiny boxes", giou_huge},
      {"24 pairs, as torchvision", giou_gold}, {"60 pairs", giou_random}},
     JUDGE_ONLY(FN(giou_right), {
        {FN(giou_0_union), "0 is returned where the union is 0, though the hull is not.",
         "when does the exercise ask for 0?", "15.2"},
        {FN(giou_plain), "this is the IoU alone.",
         "what is taken away from it for two boxes that are apart?", "15.2"},
        {FN(giou_plus), "the empty part of the hull is added, not taken away.",
         "are boxes that are further apart better?", "15.2"},
        {FN(giou_tight), "the hull is what both cover.",
         "is its left edge the smaller or the larger x0?", "15.2"},
        {FN(giou_by_union), "the empty part is divided by the union.",
         "of which area is it a part?", "15.2"},
        {FN(giou_hull_common), "the hull less the intersection is taken, not less the union.",
         "which part of the hull does neither box cover?", "15.2"},
        {FN(giou_loss), "this is 1 - GIoU, the loss.", "what is the GIoU of equal boxes?", "15.2"},
        {FN(giou_not_negative), "what should be below 0 is 0.",
         "from which number to which does GIoU go?", "15.2"},
        {FN(giou_undivided), "the empty area itself is taken away, not its share of the hull.",
         "may the result depend on the unit in which one measures?", "15.2"},
        {FN(giou_unguarded), "a hull of 0 is divided by.",
         "how large is the box around two equal points?", "15.2"},
        {FN(giou_sum), "what both cover is counted twice in the union.",
         "two boxes are equal: how large is their union?", "15.2"},
        {FN(giou_floats), "an area is too large, or too small, for a float.",
         "which type does box_area() return, and why?", "15.2"}}, .uses = "15.1")},
    {"15.3", "box_encode", FN(box_encode),
     {{"2 boxes, by hand", encode_by_hand}, {"2 boxes that are their anchors", encode_equal},
      {"2 boxes with the centres of their anchors", encode_centres},
      {"2 boxes, anchors wide and tall", encode_tall_and_wide},
      {"3 boxes without width or height", encode_no_area},
      {"2 boxes, one far out, one huge", encode_huge}, {"10 boxes, as torchvision", encode_gold},
      {"40 boxes", encode_random}},
     JUDGE_ONLY(FN(encode_right), {
        {FN(encode_corners), "t[0] and t[1] are distances of the corners, not of the centres.",
         "box and anchor have one centre but not one size: what is t[0]?", "15.2"},
        {FN(encode_unscaled), "t[0] and t[1] are pixels, not sizes of the anchor.",
         "box and anchor grow to twice their size: does t[0] change?", "15.2"},
        {FN(encode_by_box), "t[0] and t[1] are divided by the size of the box.",
         "which size does the network know beforehand?", "15.2"},
        {FN(encode_no_log), "the ratio of the sizes has no logarithm.",
         "what is t[2] of a box that is as wide as its anchor?", "15.2"},
        {FN(encode_log_size), "this is the logarithm of the box's size alone.",
         "what is t[2] of a box that is as wide as its anchor?", "15.2"},
        {FN(encode_inverse), "the ratio of the sizes is upside down.",
         "a box wider than its anchor: is t[2] above 0?", "15.2"},
        {FN(encode_log_2), "the logarithm has base 2.",
         "which logarithm is undone by exp32()?", "15.2"},
        {FN(encode_copied), "the anchor's width is used for the height, too.",
         "which two of the four numbers have ah in them?", "15.2"},
        {FN(encode_backward), "it is the anchor's centre less that of the box.",
         "a box to the right of its anchor: is t[0] above 0?", "15.2"},
        {FN(encode_no_half), "x0 + x1 was taken for the centre, without a half.",
         "where is the centre of a box from 10 to 14?", "15.2"},
        {FN(encode_half_size), "half a width was taken for the centre.",
         "where is the centre of a box from 10 to 14?", "15.2"},
        {FN(encode_one_more), "widths and heights are 1 too large.",
         "edges lie between pixels: how wide is a box from 3 to 5?", "15.2"}})},
    {"15.4", "box_decode", FN(box_decode),
     {{"2 boxes, by hand", decode_by_hand}, {"t = 0, 2 anchors", decode_zeros},
      {"2 anchors that are only moved", decode_moved},
      {"2 sizes below the limit", decode_below_limit}, {"3 sizes at and beyond the limit",
       decode_beyond_limit}, {"4 boxes, t up to infinity", decode_wild},
      {"4 boxes, sizes that become small or 0", decode_tiny},
      {"10 boxes, as torchvision", decode_gold}, {"40 boxes", decode_random}},
     JUDGE_ONLY(FN(decode_right), {
        {FN(decode_no_exp), "w is aw t[2], without exp().",
         "what undoes the logarithm of 15.3?", "15.2"},
        {FN(decode_no_limit), "SIZE_LIMIT is missing.",
         "a new network says t[2] = 100: how wide is the box?", "15.2"},
        {FN(decode_one_limit), "only the width is limited.", "and the height?", "15.2"},
        {FN(decode_both_limits), "there is a limit below, too.",
         "which of min and max does the formula have?", "15.2"},
        {FN(decode_late_limit), "exp() is limited, not what stands in it.",
         "what is it that may be SIZE_LIMIT at most?", "15.2"},
        {FN(decode_unscaled), "t[0] and t[1] are taken for pixels.",
         "in which unit does 15.3 measure the distance of the centres?", "15.2"},
        {FN(decode_whole), "the sides are a whole width away from the centre.",
         "how far from its centre is the edge of a box?", "15.2"},
        {FN(decode_corners), "the box begins at cx and cy.",
         "where in the box is (cx,cy)?", "15.2"},
        {FN(decode_sizes), "this is cx, cy, w and h.",
         "what are the four numbers of a struct box?", "15.2"},
        {FN(decode_copied), "the anchor's width is used for the height, too.",
         "which two of the four formulas have ah in them?", "15.2"},
        {FN(decode_from_corner), "the corner of the anchor was taken for its centre.",
         "what do t[0] = t[1] = 0 mean?", "15.2"},
        {FN(decode_no_size), "w is exp() alone, not times the anchor's width.",
         "what do t[2] = t[3] = 0 mean?", "15.2"}})},
    {"15.5", "cells_target", FN(cells_target),
     {{"2x3 cells, 4 objects, by hand", target_by_hand}, {"3x2 cells, no object", target_empty},
      {"4x7 cells, 5 objects that hide each other", target_smallest},
      {"3x4 cells, objects of equal areas", target_equal_areas},
      {"3x4 cells, objects on the edges of cells", target_edges},
      {"2x3 cells, boxes over the border", target_over_the_border},
      {"2x2 cells, boxes without area", target_no_area}, {"5x9 cells, 12 objects", target_wide},
      {"11x3 cells, 20 objects", target_tall}, {"4x5 cells, 90 objects", target_crowded}},
     JUDGE_ONLY(FN(target_right), {
        {FN(target_centre_only), "only the cell that has the box's centre is claimed.",
         "which other cells does a large box claim?", "15.3"},
        {FN(target_core_only), "the cell that has the box's centre is not claimed for that.",
         "who claims a cell for a box that is smaller than a cell?", "15.3"},
        {FN(target_whole_box), "a cell is claimed if its centre lies in the box, not in its core.",
         "how wide is the core?", "15.3"},
        {FN(target_from_box), "anchors are told from the boxes, not boxes from the anchors.",
         "which comes first in box_encode(), the box or its anchor?", "15.3"},
        {FN(target_first), "the first object that claims the cell has it.",
         "what decides between two objects?", "15.3"},
        {FN(target_tie_last), "of two equal areas the last has the cell.",
         "may an area that is only equal win over the smallest so far?", "15.3"},
        {FN(target_last), "the last object that claims the cell has it.",
         "what decides between two objects?", "15.3"},
        {FN(target_cell_anchor), "boxes are told from the cell, not from its anchor.",
         "which square does anchor_at() give, and how large is it?", "15.3"},
        {FN(target_class_0), "a cell that nobody claims has class 0.",
         "how do you tell such a cell from one with an object of class 0?", "15.3"},
        {FN(target_both_edges), "right and lower edges belong to it, too.",
         "how many cells may have the centre of one box?", "15.3"},
        {FN(target_truncated), "a centre a little outside of the image was taken for one in it.",
         "what is (int)-0.5f, and what is floorf(-0.5f)?", "15.3"},
        {FN(target_flat), "boxes without area claim cells.",
         "what is log32() of a width of 0?", "15.3"}}, .uses = "15.3")},
    {"15.6", "smooth_l1_forward", FN(smooth_l1_forward),
     {{"n=4, by hand", l1_by_hand}, {"n=7, all within BETA", l1_parabola},
      {"n=2, z = 3 -4, t = -1 2, by hand", l1_lines}, {"n=2, |d| = BETA", l1_edge},
      {"n=3, z = t", l1_same}, {"n=3, 1e30 against -1e30", l1_far}, {"n=1", l1_one},
      {"n=301", l1_many}},
     JUDGE_ONLY(FN(l1_right), {
        {FN(l1_mean), "this is the mean, not the sum.",
         "four numbers are told wrong: do they cost more than one alone?", "15.4"},
        {FN(l1_no_half), "the parabola is twice too high.", WHERE_THEY_MEET, "15.4"},
        {FN(l1_no_beta), "the parabola is not divided by BETA.", WHERE_THEY_MEET, "15.4"},
        {FN(l1_jump), "the lines lack their - BETA/2.", WHERE_THEY_MEET, "15.4"},
        {FN(l1_only_lines), "these are the absolute differences.",
         "what is the slope just above d = 0, and just below?", "15.4"},
        {FN(l1_only_parabola), "the parabola goes on for ever.",
         "what does a box cost that is told 10 sizes too far away?", "15.4"},
        {FN(l1_signed), "differences below 0 are never far.", "is -3 < BETA?", "15.4"},
        {FN(l1_beta_1), "BETA is 1 here.", "what is BETA in this chapter?", "15.4"},
        {FN(l1_turned), "parabola and lines have changed places.",
         "which of the two is to hold near 0?", "15.4"},
        {FN(l1_huber), "all is BETA times too small: this is Huber's loss.",
         "what is the slope of the straight lines?", "15.4"},
        {FN(l1_whole), "abs() makes a whole number of the difference.",
         "which function takes the absolute value of a float?", "15.4"},
        {FN(l1_short), "the last number is missing.", "which indices have n numbers?", "15.4"}})},
    {"15.7", "smooth_l1_backward", FN(smooth_l1_backward),
     {{"n=5 share=0.25, by hand", l1_back_by_hand}, {"n=4 share=2, |d| = BETA", l1_back_edge},
      {"n=7 share=1, all within BETA", l1_back_parabola},
      {"n=3 share=0.5, 1e30 against -1e30", l1_back_far}, {"n=6 share=0", l1_back_no_share},
      {"n=1 share=3", l1_back_one}, {"n=203 share=0.125", l1_back_many}},
     JUDGE_ONLY(FN(l1_back_right), {
        {FN(l1_back_overwritten), "dz is overwritten.",
         "what becomes of a gradient that dz already has?", "15.4"},
        {FN(l1_back_minus), "the sign is turned round.",
         "if z grows above t, does the loss grow or fall?", "15.4"},
        {FN(l1_back_only_parabola), "the slope of the parabola goes on for ever.", HOW_STEEP,
         "15.4"},
        {FN(l1_back_only_lines), "the slope is 1 or -1 near 0, too.",
         "what is the slope of d^2 / (2 BETA) at d = BETA/2?", "15.4"},
        {FN(l1_back_no_beta), "near 0 it is not divided by BETA.",
         "what is the slope of d^2 / (2 BETA) at d = BETA/2?", "15.4"},
        {FN(l1_back_jump), "far away the slope is d, which it is nowhere.", HOW_STEEP, "15.4"},
        {FN(l1_back_positive), "the slope is 1 on both sides.",
         "z lies far below t: in which direction does the loss fall?", "15.4"},
        {FN(l1_back_unshared), "share is missing.", "by what was the loss divided?", "15.4"},
        {FN(l1_back_outside_bare), "the lines are without share.",
         "which of the two lines of the formula has share in it?", "15.4"},
        {FN(l1_back_mean), "it is divided by n.", "is 15.6 a sum, or a mean?", "15.4"},
        {FN(l1_back_beta_1), "BETA is 1 here.", "what is BETA in this chapter?", "15.4"},
        {FN(l1_back_short), "the last number is missing.", "which indices have n numbers?",
         "15.4"}})},
    {"15.8", "detection_loss_forward", FN(detection_loss_forward),
     {{"n=3 K=2, by hand", loss_by_hand}, {"n=4 K=3, no object at all", loss_none},
      {"n=7 K=3", loss_odd}, {"n=64 K=10", loss_many}, {"n=5 K=4, objects everywhere", loss_all},
      {"n=9 K=1", loss_one_class}, {"n=1 K=5, its last class", loss_one_cell},
      {"n=23 K=6, one object, of the last class", loss_few},
      {"n=4 K=3, logits up to 1e30", loss_huge}},
     JUDGE_ONLY(FN(loss_right), {
        {FN(loss_sum), "the sums are not divided.", HOW_MANY, "15.4"},
        {FN(loss_by_n), "it is divided by the number of all cells.", HOW_MANY, "15.4"},
        {FN(loss_object_by_n), "the object part is divided by the number of all cells.",
         "how many different divisors are in the three formulas?", "15.4"},
        {FN(loss_only_taken), "cells without an object have no part in the object loss.",
         "who tells the network that there is nothing?", "15.4"},
        {FN(loss_every_box), "cells without an object have a part in the box loss.", EMPTY_CELL,
         "15.4"},
        {FN(loss_every_class), "cells without an object have a part in the class loss.",
         EMPTY_CELL, "15.4"},
        {FN(loss_p_0), "without any object it is divided by 0.",
         "what is P for a batch of empty scenes?", "15.4"},
        {FN(loss_overflow), "a logarithm of 0 makes infinity of a large logit.",
         "what is 1 - sigmoid(100) in float, and what did 3.3 do about it?", "15.4"},
        {FN(loss_always_0), "the target is 0 even where there is an object.",
         "what should sigmoid(z[OBJECT]) be in a cell with an object?", "15.4"},
        {FN(loss_box_mean), "of the four numbers of a box the mean is taken.",
         "does 15.6 return a sum, or a mean?", "15.4"},
        {FN(loss_object_first), "z[c,0] is read as the object's logit, and the box behind it.",
         "which index has OBJECT in a row of z?", "15.4"},
        {FN(loss_logits_p), "p are logits, not probabilities.",
         "which function makes probabilities of logits, and did it write to p?", "15.4"}},
     .uses = "15.6")},
    {"15.9", "detection_loss_backward", FN(detection_loss_backward),
     {{"n=3 K=2, by hand", loss_back_by_hand}, {"n=4 K=3, no object at all", loss_back_none},
      {"n=7 K=3", loss_back_odd}, {"n=64 K=10", loss_back_many},
      {"n=5 K=4, objects everywhere", loss_back_all}, {"n=9 K=1", loss_back_one_class},
      {"n=1 K=5, its last class", loss_back_one_cell},
      {"n=23 K=6, one object, dz is 0 before", loss_back_few},
      {"n=6 K=3, logits up to 300", loss_back_huge},
      {"n=3 K=2, |d| = BETA", loss_back_edge}},
     JUDGE_ONLY(FN(loss_back_right), {
        {FN(loss_back_overwritten), "dz is overwritten.",
         "what becomes of a gradient that dz already has?", "15.4"},
        {FN(loss_back_sum), "nothing is divided by P.", HOW_MANY, "15.4"},
        {FN(loss_back_by_n), "it is divided by the number of all cells.", HOW_MANY, "15.4"},
        {FN(loss_back_only_taken), "cells without an object get no gradient at all.",
         "who tells the network that there is nothing?", "15.4"},
        {FN(loss_back_every_box), "the boxes of cells without an object get a gradient.",
         EMPTY_CELL, "15.4"},
        {FN(loss_back_every_class), "the classes of cells without an object get a gradient.",
         EMPTY_CELL, "15.4"},
        {FN(loss_back_p_0), "without any object it is divided by 0.",
         "what is P for a batch of empty scenes?", "15.4"},
        {FN(loss_back_always_0), "the 1 of an object is not taken from sigmoid(z[OBJECT]).",
         "at which probability should the gradient of such a cell be 0?", "15.4"},
        {FN(loss_back_logit), "the logit itself is taken for a probability.",
         "what turns a logit into a probability?", "15.4"},
        {FN(loss_back_one_hot), "the 1 of the true class is missing.",
         "what do the gradients of the K classes of a cell add up to?", "15.4"},
        {FN(loss_back_box_whole), "share is 1 for the boxes.",
         "by what was the box part of the loss divided?", "15.4"},
        {FN(loss_back_minus), "the sign is turned round.",
         "a step goes against the gradient: where must sigmoid(z[OBJECT]) go?", "15.4"}},
     .uses = "15.7")},
    {"15.10", "cells_read", FN(cells_read),
     {{"1x2 cells, K=2, scene 7, by hand", read_by_hand},
      {"2x1 cells, K=3, boxes over the border", read_cut_off},
      {"2x3 cells, K=2, boxes outside of the image", read_outside},
      {"3x2 cells, K=1", read_one_class}, {"2x2 cells, K=3, logits up to 200", read_sure},
      {"3x5 cells, K=4, scene 4", read_wide}, {"7x2 cells of 6 pixels, K=10", read_tall},
      {"2x3 cells of half a pixel, K=17, scene -1", read_large}},
     JUDGE_ONLY(FN(read_right), {
        {FN(read_no_object), "the score is the probability of the class alone.",
         "a cell with nothing in it: what do its class logits say?", "15.5"},
        {FN(read_object_alone), "the score is that of the object alone.",
         "which of the K detections of a cell should have the largest score?", "15.5"},
        {FN(read_sigmoids), "each class has a sigmoid in place of a share of the softmax.",
         "what is the sum of the class probabilities of a cell?", "15.5"},
        {FN(read_with_object), "the softmax has z[OBJECT] in it.",
         "with which number do the class logits begin?", "15.5"},
        {FN(read_uncut), "what lies outside of the image is not cut off.",
         "how large may x1 be?", "15.5"},
        {FN(read_cut_turned), "rows and columns of the image have changed places.",
         "is the largest x rows stride, or columns stride?", "15.5"},
        {FN(read_one_row), "every cell reads the first row of z.",
         "how many numbers further does the next cell find its own?", "15.5"},
        {FN(read_cut_once), "x0 and y0 may be too large, or x1 and y1 below 0.",
         "a box lies wholly to the left of the image: where shall its x1 be?", "15.5"},
        {FN(read_no_sigmoid), "z[OBJECT] is a factor as it is, without sigmoid().",
         "may a score be below 0?", "15.5"},
        {FN(read_class_first), "detection k rows columns + c is of cell c and class k.",
         "which detection comes behind that of cell 0 and class 0?", "15.5"},
        {FN(read_no_scene), "the scene is 0.", "which scene were these cells made of?", "15.5"},
        {FN(read_unshifted), "exp() of a large logit is infinite.",
         "what does the softmax of 2.6 do before it takes exp()?", "15.5"}}, .uses = "15.4")},
    {"15.11", "score_filter", FN(score_filter),
     {{"5 detections, by hand; result: x0 y0 x1 y1 score", filter_by_hand},
      {"4 detections, one with the threshold as its score", filter_at_threshold},
      {"7 detections, points, lines and inside-out boxes", filter_no_area},
      {"3 detections, 2 boxes inside out both ways", filter_inside_out},
      {"4 detections, 2 scores NAN (here 999)", filter_nan_score},
      {"6 detections, 5 boxes with NAN (here 999)", filter_nan_box},
      {"no detection", filter_none}, {"9 detections, threshold -1.5; then infinity",
       filter_all_or_nothing}, {"80 detections", filter_many}},
     JUDGE_ONLY(FN(filter_right), {
        {FN(filter_at_limit), "a score as large as the threshold passes.",
         "is it above the threshold?", "15.5"},
        {FN(filter_nan_kept), "a score that is NAN passes.",
         "is NAN <= threshold true? And what is !(NAN <= threshold)?", "15.5"},
        {FN(filter_nan_boxes), "boxes with NAN pass.",
         "is NAN <= 3 true, or NAN > 3? Which question drops a NAN?", "15.5"},
        {FN(filter_inside_outs), "a box that is inside out both ways passes.",
         "what is the product of two numbers below 0?", "15.5"},
        {FN(filter_no_box), "boxes without area pass.", "what besides the score is asked?", "15.5"},
        {FN(filter_points), "boxes of width 0 or height 0 pass.",
         "has a line an area?", "15.5"},
        {FN(filter_one_side), "only the width is looked at.", "and the height?", "15.5"},
        {FN(filter_first_bad), "it ends at the first that does not pass.",
         "are they sorted?", "15.5"},
        {FN(filter_unmoved), "they are counted right, but not moved to the front.",
         "where is the caller to look for those kept?", "15.5"},
        {FN(filter_swaps), "the gaps are filled from the end.",
         "in which order shall those kept be?", "15.5"},
        {FN(filter_all), "all are counted, those that do not pass, too.",
         "how many are returned?", "15.5"},
        {FN(filter_lost), "those are counted that do not pass.",
         "how many are returned?", "15.5"}})},
    {"15.12", "nms", FN(nms),
     {{"5 detections, by hand; result: x0 y0 x1 y1 score", nms_by_hand},
      {"6 detections, IoU of 1/2 as the limit and above it", nms_at_limit},
      {"4 detections, IoU as the limit: 1/3; then 7/10; then 0", nms_other_limits},
      {"5 detections in a row, each over the next", nms_chain},
      {"7 detections of several classes and scenes", nms_other_classes},
      {"7 detections with equal scores", nms_equal_scores},
      {"6 detections, boxes without area, limit 0", nms_no_area},
      {"no detection; then 3 equal ones, limit 1", nms_none_or_all},
      {"20 detections, then 32, as torchvision", nms_gold}, {"150 detections", nms_many}},
     JUDGE_ONLY(FN(nms_right), {
        {FN(nms_includes_limit), "an IoU as large as the limit suppresses.",
         "is it at most limit?", "15.5"},
        {FN(nms_any_class), "boxes of other classes are suppressed.",
         "a bag before a coat: are they one object?", "15.5"},
        {FN(nms_any_scene), "boxes of other scenes are suppressed.",
         "may boxes of two pictures lie upon each other?", "15.5"},
        {FN(nms_chained), "boxes that are suppressed suppress others.",
         "who suppressed the box in the middle, and is it still there?", "15.5"},
        {FN(nms_last_kept), "only the last one kept is compared with.",
         "which of those kept may lie upon this one?", "15.5"},
        {FN(nms_as_given), "the order given is taken, not that of the scores.",
         "who is to stay, the first or the one with the largest score?", "15.5"},
        {FN(nms_rising), "the smallest score comes first.",
         "who is to stay, of two boxes that lie upon each other?", "15.5"},
        {FN(nms_ties_turned), "of equal scores the last comes first.",
         "in which order does detections_sort() leave equal scores?", "15.5"},
        {FN(nms_inverted), "boxes are suppressed that lie not upon each other.",
         "is a large IoU a reason to keep a box, or to drop it?", "15.5"},
        {FN(nms_unmoved), "they are counted right, but not moved to the front.",
         "where is the caller to look for those kept?", "15.5"},
        {FN(nms_as_before), "those kept are in the order given, not in that of the scores.",
         "in which order shall those kept be?", "15.5"},
        {FN(nms_any), "boxes of other classes and scenes are suppressed.",
         "which detections are compared with each other?", "15.5"}}, .uses = "15.1")},
    {"15.13", "match", FN(match),
     {{"n=6 m=4 limit=0.5, by hand", match_by_hand},
      {"n=3 m=2 limit=0.6, the better one comes second", match_first_takes},
      {"n=4 m=3 limit=0.5, two objects with one box", match_twins},
      {"n=2 m=4 limit=0.5, an object further on fits better", match_best_later},
      {"n=3, no object", match_nothing_there}, {"m=2, no detection", match_nothing_found},
      {"n=53 m=31 limit=0.4, 2 classes, 3 scenes", match_many},
      {"n=40 m=17 limit=1/3", match_crowd},
      {"n=19 m=23 limit=0, 3 classes, 2 scenes", match_any},
      {"n=60 m=40 limit=1, 2 scenes", match_exact}},
     JUDGE_ONLY(FN(match_right), {
        {FN(match_again), "an object is found more than once.",
         "ten boxes on one shirt: how many shirts are found?", "15.6"},
        {FN(match_best_of_all), "the best object is taken already, and nobody asks for the next.",
         "who is asked: all objects, or those that are left?", "15.6"},
        {FN(match_above), "an IoU equal to the limit is no hit.",
         "an IoU is just as large as limit: is that at least limit?  And if both are 0?", "15.6"},
        {FN(match_first), "the first object that is good enough is taken, not the best.",
         "could one further on fit better?", "15.6"},
        {FN(match_last_tie), "of equally good objects the last is taken.",
         "an equal one comes later: is it better?", "15.6"},
        {FN(match_any_class), "the class is not compared.",
         "a box lies on a shoe, and says bag: what has it found?", "15.6"},
        {FN(match_any_scene), "the scene is not compared.",
         "can a detection in one picture find what is in another?", "15.6"},
        {FN(match_flag), "found says whether there is an object, not which.",
         "what is the number of the first object?", "15.6"},
        {FN(match_not_cleared), "taken is not false at first.",
         "who has set taken[k] before the first detection?", "15.6"},
        {FN(match_greedy), "the pair with the largest IoU takes first, not the first detection.",
         "what orders the detections, and may an IoU change that?", "15.6"},
        {FN(match_kept_best), "best is still that of the detections before.",
         "what must each detection's IoU be larger than: that of another detection?", "15.6"},
        {FN(match_not_told), "taken stays false.", "who tells the caller what was found?",
         "15.6"}}, .uses = "15.1")},
    {"15.14", "average_precision", FN(average_precision),
     {{"found = -1 3 0 -1 1, objects=4, by hand", ap_by_hand},
      {"found = 2 -1 1 -1 -1 0, objects=5, by hand", ap_falling},
      {"found = 0 2 1, objects=3", ap_perfect},
      {"found = -1 -1 -1 -1 5 0 1, objects=3", ap_hits_last},
      {"found = -1 -1 -1, objects=2", ap_no_hit}, {"no detection, objects=3", ap_no_detection},
      {"no object: of 4 detections, and of none", ap_no_object}, {"n=61 objects=67", ap_half},
      {"n=97 objects=200, few hits", ap_rare}, {"n=1009 objects=1009", ap_long}},
     JUDGE_ONLY(FN(ap_right), {
        {FN(ap_dents), "the dents are not filled: precision is taken for the envelope.",
         "who wants that recall: may he not take one more detection, if that is better?", "15.6"},
        {FN(ap_by_hits), "it is divided by the hits, not by the objects.",
         "a detector finds one of ten objects, and is sure of it: how good is it?", "15.6"},
        {FN(ap_mean_of_all), "this is the mean precision of all ranks.",
         "by how much does recall grow at a miss?", "15.6"},
        {FN(ap_eleven_points), "this is the mean at eleven recalls, as it was before 2010.",
         "how many terms has the sum?", "15.6"},
        {FN(ap_trapezoid), "the area is made of trapezoids.",
         "what shape has the envelope between two hits?", "15.6"},
        {FN(ap_rank_0), "hits are divided by i.",
         "how many detections are there from 0 to i?", "15.6"},
        {FN(ap_none_0), "without objects it is 0, not NAN.",
         "is a detector bad that finds no bag where there is none?", "15.6"},
        {FN(ap_index_0), "object number 0 counts as a miss.",
         "what says found[i] of a detection that has found the first object?", "15.6"},
        {FN(ap_front), "the envelope looks to the front, not to the end.",
         "which precisions can be had at this recall or more?", "15.6"},
        {FN(ap_last), "this is the precision at the end.",
         "what else than the last point has the curve?", "15.6"},
        {FN(ap_no_first), "what the first detection adds to recall is missing.",
         "what is recall before the first detection?", "15.6"},
        {FN(ap_misses), "misses are counted, not hits.", "what is found[i] at a hit?", "15.6"}})},
    {"15.15", "mean_average_precision", FN(mean_average_precision),
     {{"n=5 m=3 K=3 limit=0.5, by hand", map_by_hand},
      {"n=4 m=2 K=2, all scores equal, by hand", map_ties},
      {"n=3 m=4 K=4, one class has detections, one no object, by hand", map_unseen},
      {"n=3 K=2, no object", map_no_object}, {"m=3 K=2, no detection", map_no_detection},
      {"n=61 m=37 K=4 limit=0.4", map_many}, {"n=90 m=40 K=2 limit=0.7", map_strict},
      {"n=33 m=20 K=1 limit=0.3", map_one_class},
      {"n=40 m=31 K=3 limit=0.25, all detections of one class", map_all_of_one},
      {"n=47 m=30 K=5 limit=0.3, objects of 3 classes", map_last_unseen}},
     JUDGE_ONLY(FN(map_right), {
        {FN(map_none_0), "a class without objects counts as 0.", NO_BAGS, "15.6"},
        {FN(map_by_k), "the sum is divided by K, not by the classes that have an object.",
         NO_BAGS, "15.6"},
        {FN(map_unsorted), "the detections are not sorted.",
         "which detection must be the first that takes an object?", "15.6"},
        {FN(map_upward), "the smallest score comes first.",
         "which detection must be the first that takes an object?", "15.6"},
        {FN(map_ties_turned), "equal scores do not keep their order.",
         "what does detections_sort() promise about equal scores?", "15.6"},
        {FN(map_all_objects), "recall is measured by the objects of all classes.",
         "how many shoes can a detection of class shoe find?", "15.6"},
        {FN(map_skips_unseen), "a class without detections is left out.",
         "there are ten bags, and the detector has found none: how good is it at bags?", "15.6"},
        {FN(map_pooled), "one ranking is made of all classes.",
         "what is a mean of, here?", "15.6"},
        {FN(map_nan_spreads), "one class without objects makes the mean NAN.",
         "what is NAN + 1, and which ap[k] belong into the sum?", "15.6"},
        {FN(map_others_miss), "detections of other classes count as misses.",
         "which detections are in the list of class k?", "15.6"},
        {FN(map_half), "limit is always 0.5.", "what is limit for?", "15.6"},
        {FN(map_copy), "d itself is not sorted when it returns.",
         "what does the comment say beside d?", "15.6"}}, .uses = "15.1 15.13 15.14")},
    {"15.16*", "mean_ap_over_limits", FN(mean_ap_over_limits),
     {{"n=3 m=1 K=1, by hand", coco_by_hand},
      {"n=10 m=10, IoU 0.5, 0.55 .. 0.95, the worst first", coco_worst_first},
      {"n=10 m=10, IoU 0.5, 0.55 .. 0.95, the best first", coco_at_limits},
      {"n=10 m=10 K=10, IoU 0.5, 0.55 .. 0.95, one a class", coco_classes},
      {"n=3 m=3 K=4, all found exactly", coco_perfect}, {"n=3 K=2, no object", coco_no_object},
      {"n=90 m=25 K=3", coco_many}, {"n=120 m=30 K=1", coco_crowd}},
     JUDGE_ONLY(FN(coco_right), {
        {FN(coco_float), "the limits are 0.5f + 0.05f * i, which rounds to other floats.",
         TEN_LIMITS, "15.6"},
        {FN(coco_added), "each limit is the one before and 0.05f, which rounds to other floats.",
         TEN_LIMITS, "15.6"},
        {FN(coco_one), "there is one limit, 0.5.", "how many limits are there?", "15.6"},
        {FN(coco_nine), "the last limit is missing.", "which is the tenth limit?", "15.6"},
        {FN(coco_eleven), "there are eleven limits: 1 is one of them.",
         "which is the tenth limit?", "15.6"},
        {FN(coco_tenths), "the limits are a tenth apart.", "how far apart are the limits?",
         "15.6"},
        {FN(coco_whole), "all limits are 0.", "what is 55 / 100 in C?", "15.6"},
        {FN(coco_sum), "the sum is not divided by ten.", "can a mean be above 1 here?",
         "15.6"},
        {FN(coco_by_9), "it is divided by 9.", "how many limits are there?", "15.6"},
        {FN(coco_last), "this is the mAP at the last limit.", "what becomes of the other nine?",
         "15.6"}}, .uses = "15.1 15.13 15.14 15.15")},
    {"15.17*", "kernel_from_linear", FN(kernel_from_linear),
     {{"R=2 S=1 C=2 M=3, by hand", kernel_by_hand}, {"R=3 S=4 C=5 M=7", kernel_odd},
      {"R=1 S=1 C=9 M=4", kernel_one_pixel}, {"R=1 S=6 C=2 M=3", kernel_one_row},
      {"R=4 S=3 C=2 M=1", kernel_one_neuron}, {"R=2 S=3 C=1 M=6", kernel_square}},
     JUDGE_ONLY(FN(kernel_right), {
        {FN(kernel_as_it_lies), "W is copied as it lies.", SIDE_BY_SIDE, "15.8"},
        {FN(kernel_crs), "W is read as if its inputs were [C,R,S].",
         "which index runs fastest in an image [R,S,C]?", "15.8"},
        {FN(kernel_src), "rows and columns have changed places.",
         "which index runs slowest in an image [R,S,C]?", "15.8"},
        {FN(kernel_turned), "the kernels are turned by half a circle.",
         "does a convolution of chapter 12 turn its kernel?", "15.8"},
        {FN(kernel_mirrored), "the kernels are mirrored.",
         "does a convolution of chapter 12 turn its kernel?", "15.8"},
        {FN(kernel_early), "the last kernel is missing.", "which is the last of M kernels?",
         "15.8"},
        {FN(kernel_first_alone), "only the first kernel is there.", "how many neurons has W?",
         "15.8"},
        {FN(kernel_rsmc), "w is written as [R,S,M,C].", SIDE_BY_SIDE, "15.8"}})},
    {"15.18*", "slide_forward", FN(slide_forward),
     {{"2 windows of 16x16, by hand", slide_by_hand},
      {"24x21, windows of 16x16, 1 2 3 5 4 6", slide_small},
      {"27x26, windows of 20x17, 2 3 5 7 6 4", slide_narrow},
      {"22x31, windows of 17x22, 3 4 7 6 9 5", slide_colour},
      {"32x28, windows of 24x20, 1 16 32 9 17 3", slide_wide},
      {"one window of 21x23, 2 5 4 3 8 7", slide_alone}},
     JUDGE_ONLY(FN(slide_right), {
        {FN(slide_no_relu_1), "the relu behind the first pool is missing.", ELEVEN_CALLS, "15.8"},
        {FN(slide_no_relu_2), "the relu behind the second pool is missing.", ELEVEN_CALLS,
         "15.8"},
        {FN(slide_no_relu_3), "the relu behind conv3 is missing.", ELEVEN_CALLS, "15.8"},
        {FN(slide_no_relu_4), "the relu behind conv4 is missing.", ELEVEN_CALLS, "15.8"},
        {FN(slide_relu_z), "the logits went through a relu.",
         "which sign may a logit have?", "15.8"},
        {FN(slide_mean), "the pools take means.", "which pool has a LeNet of chapter 13?",
         "15.8"},
        {FN(slide_no_bias), "the biases b3, b4 and b5 are missing.",
         "what does a linear layer add to its sums?", "15.8"},
        {FN(slide_softmax), "z are probabilities, not logits.",
         "who makes probabilities of the logits?", "15.8"},
        {FN(slide_c1_bent), "c1 went through a relu.",
         "which array does the first relu change: c1 or h1?", "15.8"},
        {FN(slide_one_window), "only the first window has logits.",
         "what are P and Q of conv3, conv4 and conv5?", "15.8"},
        {FN(slide_relu_one_window), "behind the linear layers only the first window has a relu.",
         "how many numbers are in h3: H1, or P Q H1?", "15.8"}})},
    {0}};
