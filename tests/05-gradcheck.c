/* 05-gradcheck: the tests. */
#include "grade.h"
#include "gradcheck.c"

/* ---- 5.1 central_difference ------------------------------------------------------ */

/* Hint 5.1: of the parabola x x, what do you get at x = 3 with h = 1, and what does the slope
 * 2 x say?  What do you get when only one side is asked, x + h and x itself?
 *
 * up = x + h and down = x - h; then (f(up) - f(down)) / (up - down).  On paper up - down is
 * 2 h.  In a computer x = 1000000 and h = 1e-9 have a sum that is not quite 1000000.000000001.
 *
 * Two variables for the places, both double; one return with two calls of f and one division.
 * Each place stands twice in it: once handed to f, once in the denominator.
 */
typedef double difference(double (*f)(double x), double x, double h);

static double cube(double x) { return x * x * x; }
static double wave(double x) { return sin(3*x) + x*x*x; }
static double line(double x) { return 4*x; }
static double size(double x) { return x < 0 ? -x : x; }

CASE(difference_by_hand, difference)
{
    IN(x, 3); IN(h, 3); OUT(result, 3);
    SET(x, 2, -1, 0); SET(h, 0.25, 0.5, 2);
    for (int i = 0; i < 3; i++)
        result[i] = f(cube, x[i], h[i]);
    EXPECT(result, 12.0625, 3.25, 4);  // of x x x it is 3 x x + h h
}

CASE(difference_many, difference)
{
    IN(x, 9); OUT(result, 9);
    for (int i = 0; i < 9; i++)
        result[i] = f(wave, x[i], 0.125);
}

CASE(difference_at_a_corner, difference)
{
    IN(x, 1); OUT(result, 1);
    SET(x, 0);
    *result = f(size, *x, 0.5);
    EXPECT(result, 0);
}

CASE(difference_short, difference)
{
    IN(x, 3); OUT(result, 3);
    SET(x, 0.1, -0.7, 1.3);
    for (int i = 0; i < 3; i++)
        result[i] = f(wave, x[i], 1e-6);
    EXPECT(result, 3*cos(0.3) + 0.03, 3*cos(2.1) + 1.47, 3*cos(3.9) + 5.07);
}

CASE(difference_rounded, difference)
{
    IN(x, 4); OUT(result, 4);
    SET(x, 1e6, -1234567, 777777.5, 1048576);
    for (int i = 0; i < 4; i++)
        result[i] = f(line, x[i], 1e-9);
    EXPECT(result, 4, 4, 4, 4);
}

/* ---- 5.2 step_best ------------------------------------------------------------------- */

/* Hint 5.2: one part of the error grows with h and the other shrinks.  How does the slope of
 * their sum look to the left of the best step, how to the right of it, and how at it?
 *
 * The slope of |third| h h / 6 is |third| h / 3; that of noise |value| / h is
 * -noise |value| / (h h).  Where the two add up to 0, what is h h h?
 *
 * One return with the cube root of a fraction; all that stands in it is positive.  cbrt() is
 * the cube root.  Before it, perhaps, a line for a third of 0.
 */
typedef double step_like(double value, double third, double noise);

CASE(step_by_hand, step_like)
{
    IN(value, 3); IN(third, 3); IN(noise, 3); OUT(result, 3);
    SET(value, 2, 18, 0.25); SET(third, 6, 2, 750); SET(noise, 1e-6, 1.0 / 3375, 1e-9);
    for (int i = 0; i < 3; i++)
        result[i] = f(value[i], third[i], noise[i]);
    EXPECT(result, 0.01, 0.2, 0.0001);
}

CASE(step_of_negative, step_like)
{
    IN(value, 3); IN(third, 3); OUT(result, 3);
    SET(value, -2, 2, -2); SET(third, 6, -6, -6);
    for (int i = 0; i < 3; i++)
        result[i] = f(value[i], third[i], 1e-6);
    EXPECT(result, 0.01, 0.01, 0.01);
}

/* With the roundings of a float and of a double as noise; the latter steps in thousandths. */
CASE(step_of_rounding, step_like)
{
    IN(value, 2); OUT(result, 4);
    SET(value, 0.7, -40);
    for (int i = 0; i < 2; i++) {
        result[i] = f(value[i], 5, 0x1p-24);
        result[2 + i] = f(value[i], -0.3, 0x1p-53) * 1000;
    }
}

/* Everything is near infinity, so 1e9 stands for it. */
CASE(step_without_third, step_like)
{
    IN(value, 2); OUT(result, 2);
    SET(value, 2, -2);
    for (int i = 0; i < 2; i++) {
        double step = f(value[i], 0, 1e-16);
        result[i] = step == INFINITY ? 1e9f : (float)step;
    }
    EXPECT(result, 1e9, 1e9);
}

/* ---- what a loss sees ---------------------------------------------------------------- */

/* The weights that a loss looks at, and what it saw of them. */
struct seen {
    const float *w, *c;  // [n]  the weights, and a number of its own for each
    float before[24];    // the weights as they were
    int n, calls;
    int strays;          // calls with more than one weight away from where it was
};

/* The one of the running case.  A loss that is handed anything else grows at each call. */
static struct seen seen;

static const struct seen *seen_begin(const float *w, const float *c, int n)
{
    seen = (struct seen){.w = w, .c = c, .n = n};
    memcpy(seen.before, w, (size_t)n * sizeof *w);
    return &seen;
}

static int seen_at_home(int i) { return float_bits(seen.w[i]) == float_bits(seen.before[i]); }

static int seen_look(const void *with)
{
    int away = 0;
    seen.calls++;
    if (with != &seen)
        return 0;
    for (int i = 0; i < seen.n; i++)
        away += !seen_at_home(i);
    seen.strays += away > 1;
    return 1;
}

static double loss_of_three(const void *with)
{
    const float *w = seen.w;
    if (!seen_look(with))
        return 1e6 * seen.calls;
    return (double)w[0]*w[0]*w[0] + (double)w[0]*w[1] - 2*(double)w[2]*w[2];
}

static double loss_linear(const void *with)
{
    double sum = 1000;
    if (!seen_look(with))
        return 1e6 * seen.calls;
    for (int i = 0; i < seen.n; i++)
        sum += (double)seen.c[i] * seen.w[i];
    return sum;
}

/* Every weight has its own wave, and meets the next one in a product. */
static double loss_wavy(const void *with)
{
    const float *w = seen.w;
    double sum = 0;
    if (!seen_look(with))
        return 1e6 * seen.calls;
    for (int i = 0; i < seen.n; i++)
        sum += sin(2*(double)w[i] + i) + (double)seen.c[i] * w[i] * w[(i + 1) % seen.n];
    return sum;
}

/* What a case asks after the weights were moved: 1 where one has its old bits. */
static void seen_end(int *put_back)
{
    for (int i = 0; i < seen.n; i++)
        put_back[i] = seen_at_home(i);
}

/* ---- 5.3 numeric_gradient ------------------------------------------------------------ */

/* Hint 5.3: if all weights but one stay where they are, the loss is a function of one number.
 * How would you measure its slope with exercise 5.1, and what must be done before the next
 * weight has its turn?
 *
 * Of w[i] keep old.  up = old + h and down = old - h are floats, rounded as they are stored;
 * numeric[i] = (loss with up - loss with down) / (up - down), in double.
 *
 * A loop over i; in it w[i] is written three times and loss(with) is called twice.  What is
 * written last is a copy, not the result of a sum.
 */
typedef void numeric_like(float *numeric, float *w, double (*loss)(const void *with),
                          const void *with, float h, int n);

CASE(numeric_by_hand, numeric_like)
{
    IN(w, 3); OUT(numeric, 3); OUT_INT(put_back, 3);
    SET(w, 2, 1, -1);
    f(numeric, w, loss_of_three, seen_begin(w, w, 3), 0.25f, 3);
    seen_end(put_back);
    EXPECT(numeric, 13.0625, 2, 4);  // of w0 w0 w0 + w0 w1 - 2 w2 w2
    EXPECT(put_back, 1, 1, 1);
}

CASE(numeric_many, numeric_like)
{
    IN(w, 13); IN(c, 13); OUT(numeric, 13); OUT_INT(put_back, 13);
    f(numeric, w, loss_wavy, seen_begin(w, c, 13), 0.0625f, 13);
    seen_end(put_back);
}

CASE(numeric_one, numeric_like)
{
    IN(w, 1); IN(c, 1); OUT(numeric, 1); OUT_INT(put_back, 1);
    f(numeric, w, loss_wavy, seen_begin(w, c, 1), 0.125f, 1);
    seen_end(put_back);
}

CASE(numeric_puts_back, numeric_like)
{
    IN(w, 6); IN(c, 6); OUT(numeric, 6); OUT_INT(put_back, 6); OUT_INT(two_away, 1);
    SET(w, 1e-9, 1e-7, -0.0, -1e-5, 3.3e-7, 7e-8);
    f(numeric, w, loss_linear, seen_begin(w, c, 6), 0.01f, 6);
    seen_end(put_back);
    *two_away = seen.strays;
    EXPECT(put_back, 1, 1, 1, 1, 1, 1);
    EXPECT(two_away, 0);
}

/* The slopes in exact arithmetic: a short step has them to five digits. */
CASE(numeric_short, numeric_like)
{
    IN(w, 4); IN(c, 4); OUT(numeric, 4); OUT_INT(put_back, 4);
    TOLERANCE(1e-4);
    SET(w, 0.1, -0.3, 0.5, -1.2); SET(c, 2, -3, 4, 5);
    f(numeric, w, loss_wavy, seen_begin(w, c, 4), 0.001f, 4);
    seen_end(put_back);
    EXPECT(numeric, 2*cos(0.2) - 6.6, 2*cos(0.4) - 1.3, 2*cos(3) - 3.9, 2*cos(0.6) + 2.5);
}

CASE(numeric_precise, numeric_like)
{
    IN(w, 5); IN(c, 5); OUT(numeric, 5); OUT_INT(put_back, 5);
    SET(w, 0.5, -1, 0.75, 2, 1); SET(c, 0.3, -0.2, 0.1, 0.7, -0.4);
    f(numeric, w, loss_linear, seen_begin(w, c, 5), 0.0009765625f, 5);
    seen_end(put_back);
    EXPECT(numeric, 0.3, -0.2, 0.1, 0.7, -0.4);
}

CASE(numeric_rounded, numeric_like)
{
    IN(w, 4); IN(c, 4); OUT(numeric, 4); OUT_INT(put_back, 4);
    SET(w, 1000, -777, 512, 1023.5); SET(c, 2, -3, 0.5, 1.5);
    f(numeric, w, loss_linear, seen_begin(w, c, 4), 0.001f, 4);
    seen_end(put_back);
    EXPECT(numeric, 2, -3, 0.5, 1.5);
}

/* ---- 5.4 relative_error -------------------------------------------------------------- */

/* Hint 5.4: 0.001 is nothing beside a gradient of 100, and a lot beside one of 0.002.  Beside
 * what should a difference be held?  And what if both gradients are 0?
 *
 * The size of a - b, divided by the largest of three: the size of a, the size of b, tiny.
 * 0 / 0 is nan in C, so two zeros need a word of their own.
 *
 * One if with a return for two zeros.  Then one return, in it fabs() three times and fmax()
 * twice.  Check on paper what it makes of nan and of two infinities: it may be right as it is.
 */
typedef double error_like(double a, double b, double tiny);

CASE(error_by_hand, error_like)
{
    IN(a, 7); IN(b, 7); OUT(result, 7);
    SET(a, 3, 4, -2, 0.5, 5, 0, -8); SET(b, 4, 3, 2, -0.25, 5, 3, -6);
    for (int i = 0; i < 7; i++)
        result[i] = f(a[i], b[i], 1e-8);
    EXPECT(result, 0.25, 0.25, 2, 1.5, 0, 1, 0.25);
}

CASE(error_of_many, error_like)
{
    IN(a, 15); IN(b, 15); OUT(result, 15);
    for (int i = 0; i < 15; i++)
        result[i] = f(a[i], b[i], 0);
}

CASE(error_of_zeros, error_like)
{
    IN(a, 3); IN(b, 3); IN(tiny, 3); OUT(result, 3);
    SET(a, 0, -0.0, 0); SET(b, 0, 0, 0); SET(tiny, 0, 0, 1);
    for (int i = 0; i < 3; i++)
        result[i] = f(a[i], b[i], tiny[i]);
    EXPECT(result, 0, 0, 0);
}

CASE(error_of_the_tiny, error_like)
{
    IN(a, 5); IN(b, 5); OUT(result, 5);
    SET(a, 0.25, 0.25, 1, 0, -0.375); SET(b, 0.125, -0.25, 0.75, 0.125, 0.25);
    for (int i = 0; i < 5; i++)
        result[i] = f(a[i], b[i], 0.5);
    EXPECT(result, 0.25, 1, 0.25, 0.25, 1.25);
}

/* Numbers that no float can hold, and the error of the second pair in units of 1e-12. */
CASE(error_in_double, error_like)
{
    OUT(result, 3);
    TOLERANCE(1e-3);
    result[0] = f(1e-200, 2e-200, 0);
    result[1] = f(1, 1 + 1e-12, 1e-12) * 1e12;
    result[2] = f(1e200, -5e199, 1e-8);
    EXPECT(result, 0.5, 1, 1.5);
}

CASE(error_not_finite, error_like)
{
    OUT_INT(is_nan, 8);
    const double a[] = {NAN, 1, INFINITY, INFINITY, 2, -INFINITY, NAN, 0};
    const double b[] = {1, NAN, INFINITY, 1, -INFINITY, INFINITY, NAN, NAN};
    for (int i = 0; i < 8; i++)
        is_nan[i] = isnan(f(a[i], b[i], 1e-8)) != 0;
    EXPECT(is_nan, 1, 1, 1, 1, 1, 1, 1, 1);
}

/* ---- 5.5 gradient_worst -------------------------------------------------------------- */

/* Hint 5.5: you walk along a row of errors and want to know at the end where the largest one
 * was.  What do you carry with you?  What does C say to nan > 0.5?
 *
 * Carry the largest error so far and its index.  A new one takes over if it is larger, and not
 * if it is only as large.  isnan() tells the one error that is larger than nothing.
 *
 * Two variables, a loop over i with one call of relative_error() and two questions to its
 * result, a return after the loop.  One of the questions can return at once.
 */
typedef int worst_like(const float *numeric, const float *analytic, double tiny, int n);

/* Three short lists in one, as a single index says little about where it came from. */
CASE(worst_by_hand, worst_like)
{
    IN(numeric, 13); IN(analytic, 13); OUT_INT(index, 3);
    SET(numeric, 100, -1, 0.5, 3, 0,         1, -2, 3, 40,   2, 10, 10, 20);
    SET(analytic, 90, -1.125, 0.25, 4, 0,    1, 2, 2, 30,    1, 8, 9, 17);
    index[0] = f(numeric, analytic, 1e-6, 5);          // errors 0.1, 0.11, 0.5, 0.25, 0
    index[1] = f(numeric + 5, analytic + 5, 1e-6, 4);  // errors 0, 2, 0.33, 0.25
    index[2] = f(numeric + 9, analytic + 9, 1e-6, 4);  // errors 0.5, 0.2, 0.1, 0.15
    EXPECT(index, 2, 1, 0);
}

CASE(worst_of_many, worst_like)
{
    IN(numeric, 29); IN(analytic, 29); OUT_INT(index, 3);
    index[0] = f(numeric, analytic, 0, 29);
    index[1] = f(numeric + 1, analytic + 1, 0, 11);
    index[2] = f(numeric + 13, analytic + 13, 0, 7);
}

CASE(worst_last, worst_like)
{
    IN(numeric, 4); IN(analytic, 4); OUT_INT(index, 1);
    SET(numeric, 1, 2, 3, 4); SET(analytic, 1, 2.5, 3.5, -4);
    *index = f(numeric, analytic, 1e-6, 4);
    EXPECT(index, 3);
}

CASE(worst_of_equals, worst_like)
{
    IN(numeric, 6); IN(analytic, 6); OUT_INT(index, 2);
    SET(numeric, 5, 1, 2, 1, 1, 7); SET(analytic, 5, 1.5, 2, 1.5, 1.5, 7);
    index[0] = f(numeric, analytic, 1e-6, 6);
    SET(numeric, 5, 0, 2, 1, 0, 7); SET(analytic, 5, 0, 2, 1, 0, 7);
    index[1] = f(numeric, analytic, 0, 6);
    EXPECT(index, 1, 0);
}

CASE(worst_among_tiny, worst_like)
{
    IN(numeric, 4); IN(analytic, 4); OUT_INT(index, 1);
    SET(numeric, 1e-9, 1, 0, -2e-8); SET(analytic, -1e-9, 1.25, 1e-9, 2e-8);
    *index = f(numeric, analytic, 1e-6, 4);
    EXPECT(index, 1);
}

/* An input that is nan would differ from itself, so these are not inputs. */
CASE(worst_nan, worst_like)
{
    IN(sound, 6); OUT_INT(index, 5);
    SET(sound, 1, 2, 3, 4, 5, 6);
    const float numeric[] = {1, 9, NAN, 4, INFINITY, 60}, analytic[] = {1, 2, 3, NAN, 5, 6};
    index[0] = f(numeric, analytic, 1e-6, 6);
    index[1] = f(sound, numeric, 1e-6, 6);
    index[2] = f(analytic, sound, 1e-6, 5);
    index[3] = f(numeric + 4, analytic + 4, 1e-6, 2);
    const float late[] = {1, 9, NAN, 4}, claimed[] = {1, 2, 3, 5};
    index[4] = f(late, claimed, 1e-6, 4);
    EXPECT(index, 2, 2, 3, 0, 2);
}

CASE(worst_of_one, worst_like)
{
    IN(numeric, 1); IN(analytic, 1); OUT_INT(index, 1);
    *index = f(numeric, analytic, 1e-6, 1);
    EXPECT(index, 0);
}

/* ---- 5.6 affine_backward ------------------------------------------------------------- */

/* Hint 5.6: run hunt=1.  Which numbers of dW are wrong, and what have their places in W in
 * common?
 *
 * y[n,m] = W[m,D] + sum over d < D of W[m,d] x[n,d].  If W[m,D] grows by a little, by how much
 * does y[n,m] grow, and for which n?
 *
 * The code visits each neuron of each example and, in it, a loop over d.  Which index of dw is
 * never reached by that loop?  What belongs there does not depend on d.
 */
typedef void affine_like(float *dW, const float *dy, const float *x, int N, int D, int M);

CASE(affine_by_hand, affine_like)
{
    IN(dy, 2, 4); IN(x, 2, 2); ADD_TO(dW, 4, 3);
    SET(dy, 1, 2, 0, -1, 3, -2, 4, 0.5); SET(x, 1, 2, 5, -3);
    SET(dW, 100, 200, 300, 10, 20, 30, 1, 2, 3, -1, -2, -3);
    f(dW, dy, x, 2, 2, 4);
    EXPECT(dW, 116, 193, 304, 2, 30, 30, 21, -10, 7, 0.5, -5.5, -3.5);
}

CASE(affine_odd, affine_like)
{
    IN(dy, 5, 3); IN(x, 5, 7); ADD_TO(dW, 3, 8);
    f(dW, dy, x, 5, 7, 3);
}

CASE(affine_many_neurons, affine_like)
{
    IN(dy, 4, 11); IN(x, 4, 2); ADD_TO(dW, 11, 3);
    f(dW, dy, x, 4, 2, 11);
}

CASE(affine_of_one, affine_like)
{
    IN(dy, 1, 1); IN(x, 1, 5); ADD_TO(dW, 1, 6);
    f(dW, dy, x, 1, 5, 1);
}

/* ---- 5.7 conv1d_backward ------------------------------------------------------------- */

/* Hint 5.7: run hunt=2.  Is it dx that is wrong, or dw, or both?
 *
 * y[i] = sum over s of w[s] x[i stride + s].  In this sum, what is the factor beside w[s], and
 * what the factor beside x[i stride + s]?
 *
 * Hold every index of the backward code against that of the forward code.  The loops are right:
 * there is one index to repair.
 */
typedef void conv_like(float *dx, float *dw, const float *dy, const float *x, const float *w,
                       int X, int S, int stride);

CASE(conv_by_hand, conv_like)
{
    IN(dy, 2); IN(x, 6); IN(w, 3); ADD_TO(dx, 6); ADD_TO(dw, 3);
    SET(dy, 1, -2); SET(x, 1, 2, 4, 7, 3, 5); SET(w, 1, 2, 3);
    SET(dx, 10, 20, 30, 40, 50, 60); SET(dw, 100, 200, 300);
    f(dx, dw, dy, x, w, 6, 3, 2);
    EXPECT(dx, 11, 22, 31, 36, 44, 60);
    EXPECT(dw, 93, 188, 298);
}

CASE(conv_with_gaps, conv_like)
{
    IN(dy, 4); IN(x, 13); IN(w, 2); ADD_TO(dx, 13); ADD_TO(dw, 2);
    f(dx, dw, dy, x, w, 13, 2, 3);
}

CASE(conv_wide, conv_like)
{
    IN(dy, 7); IN(x, 18); IN(w, 5); ADD_TO(dx, 18); ADD_TO(dw, 5);
    f(dx, dw, dy, x, w, 18, 5, 2);
}

CASE(conv_everywhere, conv_like)
{
    IN(dy, 9); IN(x, 12); IN(w, 4); ADD_TO(dx, 12); ADD_TO(dw, 4);
    f(dx, dw, dy, x, w, 12, 4, 1);
}

CASE(conv_one_stop, conv_like)
{
    IN(dy, 1); IN(x, 6); IN(w, 5); ADD_TO(dx, 6); ADD_TO(dw, 5);
    f(dx, dw, dy, x, w, 6, 5, 3);
}

/* ---- 5.8 gate_backward --------------------------------------------------------------- */

/* Hint 5.8: run hunt=3.  Which of the two gradients is wrong?  Do the two lines of code look as
 * different as a sigmoid and a tanh are?
 *
 * The slope of sigmoid at a is s (1 - s), with s = sigmoid(a).  What is the slope of tanh at b,
 * written in t = tanh(b)?  At b = 0 it is 1, and far out it is 0 on both sides.
 *
 * Each gradient is dy[i], times the slope of its own factor, times the other factor as it is.
 * Of three things in the line for db, two are right.
 */
typedef void gate_like(float *da, float *db, const float *dy, const float *a, const float *b,
                       int n);

CASE(gate_by_hand, gate_like)
{
    IN(dy, 3); IN(a, 3); IN(b, 3); ADD_TO(da, 3); ADD_TO(db, 3);
    SET(dy, 8, -16, 2);
    SET(a, 0, 1.0986122886681098, -1.0986122886681098);  // sigmoid 1/2, 3/4, 1/4
    SET(b, 0.5493061443340549, -0.5493061443340549, 0);  // tanh 1/2, -1/2, 0
    SET(da, 10, -20, 0.5); SET(db, 1, 2, -3);
    f(da, db, dy, a, b, 3);
    EXPECT(da, 11, -18.5, 0.5);
    EXPECT(db, 4, -7, -2.5);
}

CASE(gate_many, gate_like)
{
    IN(dy, 17); IN(a, 17); IN(b, 17); ADD_TO(da, 17); ADD_TO(db, 17);
    SCALE(a, 4); SCALE(b, 2);
    f(da, db, dy, a, b, 17);
}

CASE(gate_far_out, gate_like)
{
    IN(dy, 6); IN(a, 6); IN(b, 6); ADD_TO(da, 6); ADD_TO(db, 6);
    SET(a, 100, -100, 0.5, 0.25, -1000, 2); SET(b, 1, -1, 50, -50, 1000, -0.001);
    f(da, db, dy, a, b, 6);
}

/* ---- 5.9 lookup_backward ------------------------------------------------------------- */

/* Hint 5.9: run hunt=4.  Which rows of dE are right, and how often does the word of such a row
 * come up?
 *
 * dE[k,d] gains dy[n,d] from every n whose word is k: a sum over as many n as there are.
 *
 * Nothing but the assignment is wrong.  What should a gradient do that meets one which is
 * there already?
 */
typedef void lookup_like(float *dE, const float *dy, const int *word, int N, int D);

CASE(lookup_by_hand, lookup_like)
{
    IN(dy, 4, 2); LABELS(word, 5, 4); ADD_TO(dE, 5, 2);
    SET(dy, 1, 2, 3, -4, 50, 60, 0.5, 0.25); SET(word, 2, 4, 2, 0);
    SET(dE, 10, 20, 30, 40, 1, 2, -3, -4, 7, 8);
    f(dE, dy, word, 4, 2);
    EXPECT(dE, 10.5, 20.25, 30, 40, 52, 64, -3, -4, 10, 4);
}

CASE(lookup_many, lookup_like)
{
    IN(dy, 11, 3); LABELS(word, 4, 11); ADD_TO(dE, 4, 3);
    f(dE, dy, word, 11, 3);
}

CASE(lookup_one_word, lookup_like)
{
    IN(dy, 5, 4); LABELS(word, 3, 5); ADD_TO(dE, 3, 4);
    SET(word, 1, 1, 1, 1, 1);
    f(dE, dy, word, 5, 4);
}

CASE(lookup_all_different, lookup_like)
{
    IN(dy, 3, 1); LABELS(word, 7, 3); ADD_TO(dE, 7, 1);
    SET(word, 6, 0, 3);
    f(dE, dy, word, 3, 1);
}

/* ---- 5.10 branch_backward ------------------------------------------------------------ */

/* Hint 5.10: run hunt=5.  Which of the two gradients is wrong, and by how many ways does x
 * reach y?
 *
 * y[n,d] = x[n,d] + w[d] tanh(x[n,d]): x enters twice, and each way hands back its own share.
 * What is the share of the straight way, and what that of the other?
 *
 * Read the two loops as two ways back, and ask of each whether it holds its own way only.  One
 * of the shares is there once too often: it may go from either place.
 */
typedef void branch_like(float *dx, float *dw, const float *dy, const float *x, const float *w,
                         int N, int D);

CASE(branch_by_hand, branch_like)
{
    IN(dy, 2, 2); IN(x, 2, 2); IN(w, 2); ADD_TO(dx, 2, 2); ADD_TO(dw, 2);
    SET(x, 0, 0.5493061443340549, -0.5493061443340549, 0);  // tanh 0, 1/2, -1/2, 0
    SET(dy, 1, 2, -4, 8); SET(w, 3, -2);
    SET(dx, 10, 20, 30, 40); SET(dw, 100, -200);
    f(dx, dw, dy, x, w, 2, 2);
    EXPECT(dx, 14, 19, 17, 32);
    EXPECT(dw, 102, -199);
}

CASE(branch_wide, branch_like)
{
    IN(dy, 3, 7); IN(x, 3, 7); IN(w, 7); ADD_TO(dx, 3, 7); ADD_TO(dw, 7);
    SCALE(x, 2);
    f(dx, dw, dy, x, w, 3, 7);
}

CASE(branch_tall, branch_like)
{
    IN(dy, 9, 2); IN(x, 9, 2); IN(w, 2); ADD_TO(dx, 9, 2); ADD_TO(dw, 2);
    SCALE(x, 2);
    f(dx, dw, dy, x, w, 9, 2);
}

CASE(branch_of_one, branch_like)
{
    IN(dy, 1, 1); IN(x, 1, 1); IN(w, 1); ADD_TO(dx, 1, 1); ADD_TO(dw, 1);
    f(dx, dw, dy, x, w, 1, 1);
}

/* ---- 5.11 direction_slope ------------------------------------------------------------ */

/* Hint 5.11*: if you walk a path through the weights, the loss along it is a function of one
 * number.  Which number, and at which value of it do you want the slope?
 *
 * With g(s) = loss at w + s v, it is (g(h) - g(-h)) / (2 h).  For every s, each weight begins
 * from where it was at first: w[i] = saved[i] + s v[i].
 *
 * A copy into saved; a loop and a call; a loop and a call; a copy back; a return.  saved[i]
 * stands in both loops: were w[i] there, the second would begin where the first ended.
 */
typedef double slope_like(float *w, float *saved, const float *v,
                          double (*loss)(const void *with), const void *with, float h, int n);

/* Room for saved, as an input so that a step too far is seen, and nothing afterwards. */
#define SAVED(n) IN(saved, n); SCALE(saved, 0)
#define SAVED_END memset(saved, 0, (size_t)seen.n * sizeof *saved)

CASE(slope_by_hand, slope_like)
{
    IN(w, 3); IN(v, 3); SAVED(3); OUT(result, 1); OUT_INT(put_back, 3); OUT_INT(calls, 1);
    SET(w, 1, 2, -1); SET(v, 1, -2, 0.5);
    *result = f(w, saved, v, loss_of_three, seen_begin(w, w, 3), 0.5f, 3);
    seen_end(put_back);
    *calls = seen.calls;
    SAVED_END;
    EXPECT(result, 5.25);  // (5, 1, 4) times v is 5, and g''' h h / 6 is 1/4
    EXPECT(calls, 2);
}

CASE(slope_puts_back, slope_like)
{
    IN(w, 6); IN(v, 6); IN(c, 6); SAVED(6); OUT(result, 1); OUT_INT(put_back, 6);
    TOLERANCE(1e-4);
    SET(w, 1e-9, 1e-7, -0.0, -1e-5, 3.3e-7, 7e-8); SET(v, 1, -3, 2, 0, 0.7, -0.1);
    *result = f(w, saved, v, loss_linear, seen_begin(w, c, 6), 0.01f, 6);
    seen_end(put_back);
    SAVED_END;
    EXPECT(put_back, 1, 1, 1, 1, 1, 1);
}

CASE(slope_of_many, slope_like)
{
    IN(w, 17); IN(v, 17); IN(c, 17); SAVED(17); OUT(result, 1); OUT_INT(put_back, 17);
    TOLERANCE(1e-4);
    *result = f(w, saved, v, loss_wavy, seen_begin(w, c, 17), 0.125f, 17);
    seen_end(put_back);
    SAVED_END;
}

CASE(slope_precise, slope_like)
{
    IN(w, 5); IN(v, 5); IN(c, 5); SAVED(5); OUT(result, 1); OUT_INT(put_back, 5);
    TOLERANCE(1e-4);
    SET(w, 0.5, -1, 0.75, 2, 1); SET(v, 1, 2, 0, -1, 3); SET(c, 0.3, -0.2, 0.1, 0.7, -0.25);
    *result = f(w, saved, v, loss_linear, seen_begin(w, c, 5), 0.0009765625f, 5);
    seen_end(put_back);
    SAVED_END;
    EXPECT(result, -1.55);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* A wrong index must not lead the judge out of an array. */
static double at(const float *x, int i, int n) { return x[i % n]; }

/* ---- central_difference ---- */

static double difference_right(double (*f)(double x), double x, double h)
{
    double places[2] = {x - h, x + h}, rise = f(places[1]) - f(places[0]);
    return rise / (places[1] - places[0]);
}

static double difference_forward(double (*f)(double x), double x, double h)
{
    return (f(x + h) - f(x)) / (x + h - x);
}

static double difference_backward(double (*f)(double x), double x, double h)
{
    return (f(x) - f(x - h)) / (x - (x - h));
}

static double difference_nominal(double (*f)(double x), double x, double h)
{
    return (f(x + h) - f(x - h)) / (2 * h);
}

static double difference_by_h(double (*f)(double x), double x, double h)
{
    return 2 * difference_right(f, x, h);
}

static double difference_undivided(double (*f)(double x), double x, double h)
{
    return f(x + h) - f(x - h);
}

static double difference_times_h(double (*f)(double x), double x, double h)
{
    return (f(x + h) - f(x - h)) / 2 * h;
}

static double difference_no_brackets(double (*f)(double x), double x, double h)
{
    return f(x + h) - f(x - h) / (x + h - (x - h));
}

static double difference_negative(double (*f)(double x), double x, double h)
{
    return -difference_right(f, x, h);
}

static double difference_half_step(double (*f)(double x), double x, double h)
{
    return difference_right(f, x, h / 2);
}

static double difference_float_places(double (*f)(double x), double x, double h)
{
    float up = (float)(x + h), down = (float)(x - h);
    return (f(up) - f(down)) / (up - down);
}

static double difference_float_values(double (*f)(double x), double x, double h)
{
    float above = (float)f(x + h), below = (float)f(x - h);
    return (above - below) / (x + h - (x - h));
}

/* ---- step_best ---- */

static double step_right(double value, double third, double noise)
{
    return third == 0 ? INFINITY : exp(log(3 * noise * fabs(value / third)) / 3);
}

static double step_square_root(double value, double third, double noise)
{
    return sqrt(3 * noise * fabs(value) / fabs(third));
}

static double step_no_root(double value, double third, double noise)
{
    return 3 * noise * fabs(value) / fabs(third);
}

static double step_root_of_one(double value, double third, double noise)
{
    (void)value, (void)third, (void)noise;
    return 1;  // pow(.., 1 / 3)
}

static double step_times(double factor, double value, double third, double noise)
{
    return cbrt(factor) * step_right(value, third, noise);
}

static double step_no_three(double value, double third, double noise)
{
    return step_times(1 / 3.0, value, third, noise);
}

static double step_six(double value, double third, double noise)
{
    return step_times(2, value, third, noise);
}

static double step_value_signed(double value, double third, double noise)
{
    return value < 0 ? -step_right(value, third, noise) : step_right(value, third, noise);
}

static double step_third_signed(double value, double third, double noise)
{
    return third < 0 ? -step_right(value, third, noise) : step_right(value, third, noise);
}

static double step_both_signed(double value, double third, double noise)
{
    return cbrt(3 * noise * value / third);
}

static double step_root_of_negative(double value, double third, double noise)
{
    return pow(3 * noise * value / third, 1 / 3.0);
}

static double step_no_value(double value, double third, double noise)
{
    (void)value;
    return step_right(1, third, noise);
}

static double step_zero(double value, double third, double noise)
{
    return third == 0 ? 0 : step_right(value, third, noise);
}

static double step_upside_down(double value, double third, double noise)
{
    return cbrt(3 * noise * fabs(third) / fabs(value));
}

/* ---- numeric_gradient ---- */

enum { FORWARD = 1, NOMINAL = 2, BY_SUMS = 4, STAYS = 8, UNDIVIDED = 16, BY_H = 32,
       FLOATS = 128, ADDS = 256, WITH_W = 512, RELATIVE = 1024, LATE = 2048 };

/* The slope in one weight, with something wrong; wrong = 0 is right. */
static void numeric_one_weight(int wrong, float *numeric, float *w,
                               double (*loss)(const void *with), const void *with, float h)
{
    float step = wrong & RELATIVE ? h * fabsf(*w) : h;
    float old = *w, up = old + step, down = wrong & FORWARD ? old : old - step;
    *w = up;
    double above = loss(wrong & WITH_W ? w : with);
    *w = wrong & BY_SUMS ? *w - 2*h : down;
    double below = loss(wrong & WITH_W ? w : with);
    if (!(wrong & (STAYS | LATE)))
        *w = wrong & BY_SUMS ? *w + h : old;
    if (wrong & FLOATS)
        above = (float)above, below = (float)below;
    double distance = wrong & NOMINAL ? 2 * (double)h : wrong & UNDIVIDED ? 1 : (double)up - down;
    double slope = (above - below) / distance * (wrong & BY_H ? 2 : 1);
    *numeric = (float)slope + (wrong & ADDS ? *numeric : 0);
}

static void numeric_wrong(int wrong, float *numeric, float *w, double (*loss)(const void *with),
                          const void *with, float h, int n)
{
    float keep[24];
    memcpy(keep, w, (size_t)n * sizeof *w);
    for (int i = 0; i < n; i++)
        numeric_one_weight(wrong, &numeric[i], &w[i], loss, with, h);
    if (wrong & LATE)
        memcpy(w, keep, (size_t)n * sizeof *w);
}

#define NUMERIC(name, wrong) \
    static void numeric_##name(float *numeric, float *w, double (*loss)(const void *with), \
                               const void *with, float h, int n) \
    { numeric_wrong(wrong, numeric, w, loss, with, h, n); }
NUMERIC(right, 0)
NUMERIC(forward, FORWARD)
NUMERIC(nominal, NOMINAL)
NUMERIC(by_sums, BY_SUMS)
NUMERIC(stays, STAYS)
NUMERIC(late, LATE)
NUMERIC(undivided, UNDIVIDED)
NUMERIC(by_h, BY_H)
NUMERIC(floats, FLOATS)
NUMERIC(adds, ADDS)
NUMERIC(with_w, WITH_W)
NUMERIC(relative, RELATIVE)

/* ---- relative_error ---- */

static double error_right(double a, double b, double tiny)
{
    double larger = fabs(a) > fabs(b) ? fabs(a) : fabs(b), measure = larger > tiny ? larger : tiny;
    if (!isfinite(a) || !isfinite(b))
        return NAN;
    return measure > 0 ? fabs(a - b) / measure : 0;
}

static double error_over(double a, double b, double measure)
{
    return measure == 0 ? 0 : fabs(a - b) / measure;
}

static double error_of_sum(double a, double b, double tiny)
{
    return error_over(a, b, fmax(fabs(a) + fabs(b), tiny));
}

static double error_by_a(double a, double b, double tiny)
{
    return error_over(a, b, fmax(fabs(a), tiny));
}

static double error_by_b(double a, double b, double tiny)
{
    return error_over(a, b, fmax(fabs(b), tiny));
}

static double error_signed(double a, double b, double tiny)
{
    return a < b ? -error_right(a, b, tiny) : error_right(a, b, tiny);
}

static double error_no_sizes(double a, double b, double tiny)
{
    return error_over(a, b, fmax(fmax(a, b), tiny));
}

static double error_absolute(double a, double b, double tiny)
{
    (void)tiny;
    return fabs(a - b);
}

static double error_plus_tiny(double a, double b, double tiny)
{
    return error_over(a, b, fmax(fabs(a), fabs(b)) + tiny);
}

static double error_no_tiny(double a, double b, double tiny)
{
    (void)tiny;
    return error_right(a, b, 0);
}

static double error_zero_by_zero(double a, double b, double tiny)
{
    return fabs(a - b) / fmax(fmax(fabs(a), fabs(b)), tiny);
}

/* abs() in the place of fabs(). */
static double error_whole(double a, double b, double tiny)
{
    return error_over(0, trunc(a - b), fmax(fmax(trunc(fabs(a)), trunc(fabs(b))), tiny));
}

static double error_equal_infinities(double a, double b, double tiny)
{
    return a == b ? 0 : error_right(a, b, tiny);
}

static double error_nothing_below(double a, double b, double tiny)
{
    return fabs(a) <= tiny && fabs(b) <= tiny ? 0 : error_right(a, b, tiny);
}

/* ---- gradient_worst ---- */

static int worst_right(const float *numeric, const float *analytic, double tiny, int n)
{
    int worst = n - 1;
    for (int i = n - 2; i >= 0; i--) {
        double error = error_right(numeric[i], analytic[i], tiny);
        if (isnan(error) || error >= error_right(numeric[worst], analytic[worst], tiny))
            worst = i;
    }
    return worst;
}

static int worst_equal_last(const float *numeric, const float *analytic, double tiny, int n)
{
    double most = -1;
    int worst = 0;
    for (int i = 0; i < n; i++)
        if (error_right(numeric[i], analytic[i], tiny) >= most) {
            most = error_right(numeric[i], analytic[i], tiny);
            worst = i;
        }
    return worst;
}

static int worst_no_nan(const float *numeric, const float *analytic, double tiny, int n)
{
    double most = -1;
    int worst = 0;
    for (int i = 0; i < n; i++)
        if (error_right(numeric[i], analytic[i], tiny) > most) {
            most = error_right(numeric[i], analytic[i], tiny);
            worst = i;
        }
    return worst;
}

static int worst_last_nan(const float *numeric, const float *analytic, double tiny, int n)
{
    for (int i = n - 1; i >= 0; i--)
        if (isnan(error_right(numeric[i], analytic[i], tiny)))
            return i;
    return worst_right(numeric, analytic, tiny, n);
}

/* A nan is noted, and the search goes on. */
static int worst_goes_on(const float *numeric, const float *analytic, double tiny, int n)
{
    double most = -1;
    int worst = 0;
    for (int i = 0; i < n; i++) {
        double error = error_right(numeric[i], analytic[i], tiny);
        if (isnan(error) || error > most)
            worst = i;
        most = error > most ? error : most;
    }
    return worst;
}

/* if (!(error <= most)): true for a nan, and for all that comes after it. */
static int worst_replaced(const float *numeric, const float *analytic, double tiny, int n)
{
    double most = -1;
    int worst = 0;
    for (int i = 0; i < n; i++) {
        double error = error_right(numeric[i], analytic[i], tiny);
        if (!(error <= most)) {
            most = error;
            worst = i;
        }
    }
    return worst;
}

static int worst_absolute(const float *numeric, const float *analytic, double tiny, int n)
{
    int worst = 0;
    (void)tiny;
    for (int i = 0; i < n; i++)
        if (fabsf(numeric[i] - analytic[i]) > fabsf(numeric[worst] - analytic[worst]))
            worst = i;
    return worst;
}

static int worst_best(const float *numeric, const float *analytic, double tiny, int n)
{
    int best = 0;
    for (int i = 0; i < n; i++)
        if (error_right(numeric[i], analytic[i], tiny)
            < error_right(numeric[best], analytic[best], tiny))
            best = i;
    return best;
}

static int worst_error(const float *numeric, const float *analytic, double tiny, int n)
{
    int worst = worst_right(numeric, analytic, tiny, n);
    double error = error_right(numeric[worst], analytic[worst], tiny);
    return isnan(error) ? 0 : (int)error;
}

static int worst_no_tiny(const float *numeric, const float *analytic, double tiny, int n)
{
    (void)tiny;
    return worst_right(numeric, analytic, 0, n);
}

static int worst_stops_early(const float *numeric, const float *analytic, double tiny, int n)
{
    return n > 1 ? worst_right(numeric, analytic, tiny, n - 1) : 0;
}

static int worst_not_kept(const float *numeric, const float *analytic, double tiny, int n)
{
    int worst = 0;
    for (int i = 0; i < n; i++)
        if (error_right(numeric[i], analytic[i], tiny) > -1)
            worst = i;
    return worst;
}

/* Every error is compared with the one before it. */
static int worst_no_memory(const float *numeric, const float *analytic, double tiny, int n)
{
    int worst = 0;
    for (int i = 1; i < n; i++)
        if (error_right(numeric[i], analytic[i], tiny)
            > error_right(numeric[i-1], analytic[i-1], tiny))
            worst = i;
    return worst;
}

/* ---- affine_backward ---- */

static void affine_right(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    for (int i = 0; i < M*(D + 1); i++) {
        int m = i / (D + 1), d = i % (D + 1);
        double sum = dW[i];
        for (int n = 0; n < N; n++)
            sum += (double)dy[n*M + m] * (d < D ? x[n*D + d] : 1);
        dW[i] = (float)sum;
    }
}

/* The weights alone; what is wrong below is wrong with the biases. */
static void affine_bug(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    for (int m = 0; m < M; m++) {
        float before = dW[m*(D + 1) + D];
        float *slopes = floats(N);
        for (int n = 0; n < N; n++)
            slopes[n] = dy[n*M + m];
        affine_right(dW + m*(D + 1), slopes, x, N, D, 1);
        dW[m*(D + 1) + D] = before;
        free(slopes);
    }
}

/* What the biases of all neurons get: the sum of its dy, times this. */
static void affine_biases(float *dW, const float *dy, int N, int D, int M, double times)
{
    for (int i = 0; i < N*M; i++)
        dW[i % M * (D + 1) + D] += (float)(times * dy[i]);
}

static void affine_bias_set(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    for (int m = 0; m < M; m++)
        dW[m*(D + 1) + D] = dy[(N-1)*M + m];
}

static void affine_bias_cleared(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bias_set(dW, dy, x, N, D, M);
    affine_biases(dW, dy, N - 1, D, M, 1);
}

static void affine_bias_many(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    affine_biases(dW, dy, N, D, M, D);
}

static void affine_bias_mean(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    affine_biases(dW, dy, N, D, M, 1.0 / N);
}

static void affine_bias_negative(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    affine_biases(dW, dy, N, D, M, -1);
}

static void affine_bias_counts(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    for (int m = 0; m < M; m++)
        dW[m*(D + 1) + D] += (float)N;
}

static void affine_bias_first(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            dW[m*(D + 1)] += dy[n*M + m];
}

static void affine_bias_last_input(float *dW, const float *dy, const float *x, int N, int D,
                                   int M)
{
    affine_bug(dW, dy, x, N, D, M);
    for (int n = 0; n < N; n++)
        for (int m = 0; m < M; m++)
            dW[m*(D + 1) + D-1] += dy[n*M + m];
}

static void affine_bias_one(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    affine_bug(dW, dy, x, N, D, M);
    for (int i = 0; i < N*M; i++)
        dW[D] += dy[i];
}

static void affine_overwrites(float *dW, const float *dy, const float *x, int N, int D, int M)
{
    memset(dW, 0, (size_t)(M*(D + 1)) * sizeof *dW);
    affine_right(dW, dy, x, N, D, M);
}

/* ---- conv1d_backward ---- */

enum { X_BUG = 1, W_BUG = 2, W_BY_S = 4, W_DILATED = 8, X_FLIPPED = 16, EARLY = 32, X_SET = 64,
       W_SET = 128, W_LATER = 256, W_BY_W = 512 };

static void conv_wrong(int wrong, float *dx, float *dw, const float *dy, const float *x,
                       const float *w, int X, int S, int stride)
{
    int stops = (X - S) / stride + 1;
    for (int i = 0; i < stops - !!(wrong & EARLY); i++)
        for (int s = 0; s < S; s++) {
            int read = wrong & W_BUG ? i + s : wrong & W_BY_S ? i*S + s :
                       wrong & W_DILATED ? i + s*stride : i*stride + s + !!(wrong & W_LATER);
            float *to = &dx[wrong & X_BUG ? i + s : i*stride + s];
            double share = dy[i] * (wrong & W_BY_W ? w[s] : at(x, read, X));
            *to = (wrong & X_SET ? 0 : *to) + dy[i] * w[wrong & X_FLIPPED ? S-1 - s : s];
            dw[s] = (float)((wrong & W_SET ? 0 : dw[s]) + share);
        }
}

#define CONV(name, wrong) \
    static void conv_##name(float *dx, float *dw, const float *dy, const float *x, \
                            const float *w, int X, int S, int stride) \
    { conv_wrong(wrong, dx, dw, dy, x, w, X, S, stride); }
CONV(bug, W_BUG)
CONV(bug_twice, W_BUG | X_BUG)
CONV(bug_moved, X_BUG)
CONV(by_size, W_BY_S)
CONV(dilated, W_DILATED)
CONV(flipped, X_FLIPPED)
CONV(early, EARLY)
CONV(x_set, X_SET)
CONV(w_set, W_SET)
CONV(later, W_LATER)
CONV(by_w, W_BY_W)

/* Output by output in double, straight from the sum over i and s that y is. */
static void conv_right(float *dx, float *dw, const float *dy, const float *x, const float *w,
                       int X, int S, int stride)
{
    for (int k = 0; k < X; k++) {
        double sum = dx[k];
        for (int s = 0; s < S; s++)
            if (k >= s && (k - s) % stride == 0 && k - s + S <= X)
                sum += (double)dy[(k - s) / stride] * w[s];
        dx[k] = (float)sum;
    }
    for (int s = 0; s < S; s++) {
        double sum = dw[s];
        for (int start = 0; start + S <= X; start += stride)
            sum += (double)dy[start / stride] * x[start + s];
        dw[s] = (float)sum;
    }
}

/* ---- gate_backward ---- */

static double logistic(double a) { return 1 / (1 + exp(-a)); }

/* A gate whose db is dy times the number slope(s, t, b); da as it should be. */
static void gate_with(double (*slope)(double s, double t, double b), float *da, float *db,
                      const float *dy, const float *a, const float *b, int n)
{
    for (int i = 0; i < n; i++) {
        double s = logistic(a[i]), t = tanh(b[i]), u = logistic(-(double)a[i]);
        da[i] = (float)(da[i] + dy[i] * s * u * t);
        db[i] = (float)(db[i] + dy[i] * slope(s, t, b[i]));
    }
}

static double slope_right(double s, double t, double b) { return (void)t, s / cosh(b) / cosh(b); }

static void gate_right(float *da, float *db, const float *dy, const float *a, const float *b,
                       int n)
{
    gate_with(slope_right, da, db, dy, a, b, n);
}

#define GATE(name, slope_in_s_t_b) \
    static double slope_##name(double s, double t, double b) \
    { return (void)s, (void)t, (void)b, slope_in_s_t_b; } \
    static void gate_##name(float *da, float *db, const float *dy, const float *a, \
                            const float *b, int n) \
    { gate_with(slope_##name, da, db, dy, a, b, n); }
GATE(bug, t * (1 - t) * s)
GATE(t_too_many, t * (1 - t*t) * s)
GATE(no_s, 1 - t*t)
GATE(not_squared, (1 - t) * s)
GATE(plus_square, (1 + t*t) * s)
GATE(of_b, (1 - b*b) * s)
GATE(sigmoid_of_b, logistic(b) * logistic(-b) * s)
GATE(both_slopes, s * (1 - s) * (1 - t*t))

static void gate_a_copied(float *da, float *db, const float *dy, const float *a, const float *b,
                          int n)
{
    gate_right(da, db, dy, a, b, n);
    for (int i = 0; i < n; i++) {
        double s = logistic(a[i]), t = tanh(b[i]);
        da[i] += (float)(dy[i] * (1 - s*s - s*(1 - s)) * t);
    }
}

static void gate_b_cleared(float *da, float *db, const float *dy, const float *a, const float *b,
                           int n)
{
    memset(db, 0, (size_t)n * sizeof *db);
    gate_right(da, db, dy, a, b, n);
}

/* ---- lookup_backward ---- */

/* What row k gains: the sum of the dy of its words, each times weight(n, k). */
static void lookup_with(double (*weight)(const int *word, int n, int N), float *dE,
                        const float *dy, const int *word, int N, int D)
{
    for (int d = 0; d < D; d++)
        for (int n = 0; n < N; n++) {
            float *to = &dE[word[n]*D + d];
            *to = (float)(*to + weight(word, n, N) * dy[n*D + d]);
        }
}

/* How often the word of n comes up from there on. */
static int lookup_left(const int *word, int n, int N)
{
    int count = 0;
    for (int i = n; i < N; i++)
        count += word[i] == word[n];
    return count;
}

/* The words before n that are the same. */
static int lookup_past(const int *word, int n)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += word[i] == word[n];
    return count;
}

static double all_count(const int *word, int n, int N) { return (void)word, (void)n, (void)N, 1; }
static double all_negative(const int *word, int n, int N) { return -all_count(word, n, N); }
static double first_counts(const int *word, int n, int N) { return (void)N, !lookup_past(word, n); }
static double last_counts(const int *word, int n, int N) { return lookup_left(word, n, N) == 1; }

static double share_counts(const int *word, int n, int N)
{
    return 1.0 / (lookup_past(word, n) + lookup_left(word, n, N));
}

#define LOOKUP(name, weight, cleared) \
    static void lookup_##name(float *dE, const float *dy, const int *word, int N, int D) \
    { \
        for (int i = 0; cleared && i < N*D; i++) \
            dE[word[i / D]*D + i % D] = 0; \
        lookup_with(weight, dE, dy, word, N, D); \
    }
LOOKUP(right, all_count, 0)
LOOKUP(bug, last_counts, 1)
LOOKUP(cleared, all_count, 1)
LOOKUP(last, last_counts, 0)
LOOKUP(first, first_counts, 0)
LOOKUP(mean, share_counts, 0)
LOOKUP(negative, all_negative, 0)

static void lookup_at_n(float *dE, const float *dy, const int *word, int N, int D)
{
    int rows = 0;
    for (int n = 0; n < N; n++)
        rows = word[n] >= rows ? word[n] + 1 : rows;
    for (int i = 0; i < N*D; i++)
        dE[i % (rows*D)] += dy[i];
}

static void lookup_all_first(float *dE, const float *dy, const int *word, int N, int D)
{
    for (int i = 0; i < N*D; i++)
        dE[word[i / D]*D] += dy[i];
}

static void lookup_stride(float *dE, const float *dy, const int *word, int N, int D)
{
    for (int i = 0; i < N*D; i++)
        dE[word[i / D] + i % D] += dy[i];
}

static void lookup_dy_of_word(float *dE, const float *dy, const int *word, int N, int D)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            dE[word[n]*D + d] += (float)at(dy, word[n]*D + d, N*D);
}

/* ---- branch_backward ---- */

/* In dx the straight way and the other one, each times a number; dw as it should be. */
static void branch_with(double straight, double other, float *dx, float *dw, const float *dy,
                        const float *x, const float *w, int N, int D)
{
    for (int i = 0; i < N*D; i++) {
        double slope = 1 / cosh(x[i]) / cosh(x[i]);
        dx[i] = (float)(dx[i] + dy[i] * (straight + other * w[i % D] * slope));
    }
    for (int d = 0; d < D; d++) {
        double sum = dw[d];
        for (int n = 0; n < N; n++)
            sum += dy[n*D + d] * tanh(x[n*D + d]);
        dw[d] = (float)sum;
    }
}

#define BRANCH(name, straight, other, cleared) \
    static void branch_##name(float *dx, float *dw, const float *dy, const float *x, \
                              const float *w, int N, int D) \
    { \
        memset(dx, 0, cleared ? (size_t)(N*D) * sizeof *dx : 0); \
        branch_with(straight, other, dx, dw, dy, x, w, N, D); \
    }
BRANCH(right, 1, 1, 0)
BRANCH(bug, 2, 1, 0)
BRANCH(no_straight, 0, 1, 0)
BRANCH(straight_only, 1, 0, 0)
BRANCH(straight_twice, 2, 0, 0)
BRANCH(negative, -1, 1, 0)
BRANCH(cleared, 1, 1, 1)
BRANCH(cleared_bug, 2, 1, 1)

/* With dx set, not added to, by the second loop: the straight way is lost. */
static void branch_second_sets(float *dx, float *dw, const float *dy, const float *x,
                               const float *w, int N, int D)
{
    memset(dx, 0, (size_t)(N*D) * sizeof *dx);
    branch_with(0, 1, dx, dw, dy, x, w, N, D);
}

static void branch_no_slope(float *dx, float *dw, const float *dy, const float *x, const float *w,
                            int N, int D)
{
    branch_with(1, 0, dx, dw, dy, x, w, N, D);
    for (int i = 0; i < N*D; i++)
        dx[i] += dy[i] * w[i % D];
}

static void branch_no_w(float *dx, float *dw, const float *dy, const float *x, const float *w,
                        int N, int D)
{
    branch_with(1, 0, dx, dw, dy, x, w, N, D);
    for (int i = 0; i < N*D; i++)
        dx[i] += (float)(dy[i] / cosh(x[i]) / cosh(x[i]));
}

static void branch_w_set(float *dx, float *dw, const float *dy, const float *x, const float *w,
                         int N, int D)
{
    branch_with(1, 1, dx, dw, dy, x, w, N, D);
    for (int d = 0; d < D; d++)
        dw[d] = (float)(dy[(N-1)*D + d] * tanh(x[(N-1)*D + d]));
}

/* ---- direction_slope ---- */

enum { S_FORWARD = 1, S_UNDIVIDED = 2, S_BY_H = 4, S_STAYS = 16, S_BY_SUMS = 32,
       S_ALL_ONES = 64, S_UNIT = 128, S_NO_H = 256, S_FLOATS = 512, S_ONWARD = 1024 };

static double slope_wrong(int wrong, float *w, const float *v, double (*loss)(const void *with),
                          const void *with, double h, int n)
{
    double length = 0, far = wrong & S_NO_H ? 1 : h;
    float start[24];
    memcpy(start, w, (size_t)n * sizeof *w);
    for (int i = 0; i < n; i++)
        length += (double)v[i] * v[i];
    double times = wrong & S_UNIT ? far / sqrt(length) : far;
    for (int i = 0; i < n; i++)
        w[i] += (float)(times * (wrong & S_ALL_ONES ? 1 : v[i]));
    double above = loss(with);
    for (int i = 0; i < n; i++)
        w[i] = wrong & S_FORWARD ? start[i] : wrong & S_ONWARD ? w[i] - (float)times * v[i] :
               wrong & S_BY_SUMS ? w[i] - (float)(2 * times) * v[i] :
               (float)(start[i] - times * (wrong & S_ALL_ONES ? 1 : v[i]));
    double below = loss(with);
    for (int i = 0; i < n; i++)
        w[i] = wrong & S_STAYS ? w[i] : wrong & S_BY_SUMS ? w[i] + (float)times * v[i] : start[i];
    double rise = wrong & S_FLOATS ? (float)above - (float)below : above - below;
    return rise / (wrong & S_UNDIVIDED ? 1 :
           wrong & (S_BY_H | S_FORWARD) ? h : 2 * h);
}

#define SLOPE(name, wrong) \
    static double slope_along_##name(float *w, float *saved, const float *v, \
                                     double (*loss)(const void *with), const void *with, \
                                     float h, int n) \
    { return (void)saved, slope_wrong(wrong, w, v, loss, with, h, n); }
SLOPE(right, 0)
SLOPE(forward, S_FORWARD)
SLOPE(undivided, S_UNDIVIDED)
SLOPE(by_h, S_BY_H)
SLOPE(stays, S_STAYS)
SLOPE(by_sums, S_BY_SUMS)
SLOPE(all_ones, S_ALL_ONES)
SLOPE(unit, S_UNIT)
SLOPE(no_h, S_NO_H)
SLOPE(floats, S_FLOATS)
SLOPE(onward, S_ONWARD)

/* By 2 n calls, one weight at a time. */
static double slope_along_one_by_one(float *w, float *saved, const float *v,
                                     double (*loss)(const void *with), const void *with,
                                     float h, int n)
{
    double sum = 0;
    numeric_right(saved, w, loss, with, h, n);
    for (int i = 0; i < n; i++)
        sum += (double)saved[i] * v[i];
    return sum;
}

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"5.1", "central_difference", FN(central_difference),
     {{"x x x at 2, -1 and 0, by hand", difference_by_hand},
      {"sin(3 x) + x x x with h = 1/8", difference_many},
      {"|x| at 0", difference_at_a_corner}, {"sin(3 x) + x x x with h = 1e-6", difference_short},
      {"4 x at a million or so, with h = 1e-9", difference_rounded}},
     JUDGE_ONLY(FN(difference_right), {
        {FN(difference_forward), "this is the forward difference, from x to x + h.",
         "at which two places is f asked, and does x lie halfway between them?", "5.1"},
        {FN(difference_backward), "this is the backward difference, from x - h to x.",
         "at which two places is f asked, and does x lie halfway between them?", "5.1"},
        {FN(difference_nominal), "the difference is divided by 2 h, not by the distance.",
         "how far apart are the doubles nearest to 1000000 + 1e-9 and 1000000 - 1e-9?", "5.1"},
        {FN(difference_by_h), "the difference is divided by h: twice too much.",
         "how far is x + h from x - h?", "5.1"},
        {FN(difference_undivided), "the difference is not divided by anything.",
         "is the rise asked for, or the slope?", "5.1"},
        {FN(difference_times_h), "the difference is multiplied by h, and not divided.",
         "what does C make of a / 2 * h: what is below the line?", "5.1"},
        {FN(difference_no_brackets), "only f(x - h) is divided.",
         "what does C do first in a - b / c?", "5.1"},
        {FN(difference_negative), "the sign is wrong.",
         "should a growing function have a positive slope?", "5.1"},
        {FN(difference_half_step), "the places are half a step from x.",
         "how far should each of the two places be from x?", "5.1"},
        {FN(difference_float_places), "the places are floats.",
         "which is the float next to a million, and how far is it?", "5.1"},
        {FN(difference_float_values), "the values of f are kept as floats.",
         "two values agree in six digits: how many does a float leave for their difference?",
         "5.1"}})},
    {"5.2", "step_best", FN(step_best),
     {{"three steps, by hand", step_by_hand}, {"a negative value or third", step_of_negative},
      {"noise of 2^-24 and 2^-53", step_of_rounding},
      {"third = 0 (1e9 stands for infinity)", step_without_third}},
     JUDGE_ONLY(FN(step_right), {
        {FN(step_square_root), "this is a square root.",
         "how often does h stand in the product when both sides are multiplied by h h?", "5.2"},
        {FN(step_no_root), "the root is missing: this is h h h.",
         "if h h h is 8, what is h?", "5.2"},
        {FN(step_root_of_one), "whatever comes, the step is 1.",
         "what is 1 / 3 in C, and what is any number to the power of it?", "5.2"},
        {FN(step_no_three), "the factor of 3 is missing.",
         "what is the slope of h h / 6 in h?", "5.2"},
        {FN(step_six), "a factor of 2 is too many.",
         "what is the slope of h h / 6 in h: h / 6, or h / 3?", "5.2"},
        {FN(step_value_signed), "the step is negative where value is.",
         "how far does a step of -0.01 go, and is the size of value meant?", "5.2"},
        {FN(step_third_signed), "the step is negative where third is.",
         "how far does a step of -0.01 go, and is the size of third meant?", "5.2"},
        {FN(step_both_signed), "the step is negative where value and third differ in sign.",
         "where in error(h) are the bars |  |?", "5.2"},
        {FN(step_root_of_negative), "a root is taken of a negative number.",
         "what does pow(-8, 1 / 3.0) give, and where in error(h) are the bars |  |?", "5.2"},
        {FN(step_no_value), "value is not used.",
         "is the rounding of a large value as small as that of a small one?", "5.2"},
        {FN(step_zero), "the step is 0 where third is 0.",
         "if third is 0, what is left of error(h), and where is that least?", "5.2"},
        {FN(step_upside_down), "value and third have changed places.",
         "should a function with much noise have a longer step, or a shorter one?", "5.2"}})},
    {"5.3", "numeric_gradient", FN(numeric_gradient),
     {{"n=3 h=1/4, by hand", numeric_by_hand}, {"n=13 h=1/16", numeric_many},
      {"n=1 h=1/8", numeric_one},
      {"n=6, tiny weights and one of -0: are the old bits back?", numeric_puts_back},
      {"n=4 h=0.001", numeric_short},
      {"n=5, a loss near 1000 with h=1/1024", numeric_precise},
      {"n=4, weights near 1000 with h=0.001", numeric_rounded}},
     JUDGE_ONLY(FN(numeric_right), {
        {FN(numeric_forward), "this is a forward difference: w[i] never goes down.",
         "at which two values of w[i] is the loss asked?", "5.3"},
        {FN(numeric_nominal), "the difference is divided by 2 h, not by the distance.",
         "which floats are nearest to 1000.001 and 999.999, and how far apart are they?", "5.3"},
        {FN(numeric_by_sums), "w[i] is put back by adding h, and is not what it was.",
         "what is left of the digits of 0.000000001 after adding 0.01 to it?", "5.3"},
        {FN(numeric_stays), "w[i] is not put back.",
         "where is w[0] while w[1] is measured?", "5.3"},
        {FN(numeric_late), "the weights are put back only when all are measured.",
         "where is w[0] while w[1] is measured?", "5.3"},
        {FN(numeric_undivided), "the difference is not divided by anything.",
         "is the rise asked for, or the slope?", "5.3"},
        {FN(numeric_by_h), "the difference is divided by h: twice too much.",
         "how far is the upper weight from the lower one?", "5.3"},
        {FN(numeric_floats), "the losses are kept as floats.",
         "two losses near 1000 differ by 0.0006: what is that in floats?", "5.3"},
        {FN(numeric_adds), "numeric is added to what it held before.",
         "is numeric overwritten, or added to?", "5.3"},
        {FN(numeric_with_w), "the loss is handed something other than with.",
         "what does loss() want: the weights, or that by which it finds them?", "5.3"},
        {FN(numeric_relative), "the step grows with the weight.",
         "how long is the step for a weight of 0?", "5.3"}})},
    {"5.4", "relative_error", FN(relative_error),
     {{"seven pairs, by hand", error_by_hand}, {"many pairs, tiny = 0", error_of_many},
      {"0 and 0", error_of_zeros}, {"pairs about as large as tiny = 0.5", error_of_the_tiny},
      {"pairs that only doubles can hold", error_in_double},
      {"nan and infinities: is the error nan?", error_not_finite}},
     JUDGE_ONLY(FN(error_right), {
        {FN(error_of_sum), "the difference is divided by the sum of the sizes.",
         "is the sum of |a| and |b| asked for, or the larger of them?", "5.4"},
        {FN(error_by_a), "the difference is divided by |a|, however large b is.",
         "should the error of a and b be that of b and a?", "5.4"},
        {FN(error_by_b), "the difference is divided by |b|, however large a is.",
         "should the error of a and b be that of b and a?", "5.4"},
        {FN(error_signed), "the difference has lost its bars: it may be negative.",
         "can an error of -2 be better than one of 0?", "5.4"},
        {FN(error_no_sizes), "a and b are compared with their signs, not by their size.",
         "which is larger in size, -8 or -6, and what does fmax(-8, -6) say?", "5.4"},
        {FN(error_absolute), "this is the difference, undivided.",
         "is 0.001 much or little, if the gradients are near 1000?", "5.4"},
        {FN(error_plus_tiny), "tiny is added to the larger size.",
         "which one number of three is the difference divided by?", "5.4"},
        {FN(error_no_tiny), "tiny is not used.",
         "what should two gradients of 1e-12 and -1e-12 have for an error?", "5.4"},
        {FN(error_zero_by_zero), "0 is divided by 0.",
         "what is 0 / 0 in C, and which error have two equal gradients?", "5.4"},
        {FN(error_whole), "abs() cuts to a whole number.",
         "what is abs(0.75) in C, and which function is the one for doubles?", "5.4"},
        {FN(error_equal_infinities), "two equal infinities are taken for right.",
         "what is inf - inf in C, and can a gradient be right that is not finite?", "5.4"},
        {FN(error_nothing_below), "where both are below tiny, the error is taken for 0.",
         "by what are such pairs to be measured?", "5.4"}})},
    {"5.5", "gradient_worst", FN(gradient_worst),
     {{"n=5, 4 and 4, by hand", worst_by_hand}, {"n=29, 11 and 7", worst_of_many},
      {"n=4, the last is the worst", worst_last}, {"n=6, equal errors", worst_of_equals},
      {"n=4, pairs below tiny", worst_among_tiny}, {"nan among the gradients", worst_nan},
      {"n=1", worst_of_one}},
     JUDGE_ONLY(FN(worst_right), {
        {FN(worst_goes_on), "a nan is taken, but what comes later takes over from it.",
         "can anything that comes later be worse than the first nan?", "5.4"},
        {FN(worst_replaced), "a later number replaces the nan.",
         "what does C say to 0.5 <= nan?", "5.4"},
        {FN(worst_equal_last), "of equal errors the last one is taken.",
         "should an error that is only as large take over?", "5.4"},
        {FN(worst_no_nan), "a nan is passed over.", "what does C say to nan > 0.5?", "5.4"},
        {FN(worst_last_nan), "of several nan the last one is taken.",
         "can anything be worse than the first nan?", "5.4"},
        {FN(worst_absolute), "this is the largest difference, not the largest relative error.",
         "which is worse, 100 for 90 or 0.5 for 0.25?", "5.4"},
        {FN(worst_best), "this is the smallest error.",
         "should the error so far be replaced by larger ones, or by smaller ones?", "5.4"},
        {FN(worst_no_tiny), "tiny is not handed on.",
         "what is relative_error(1e-9, -1e-9, tiny), if tiny is 1e-6?", "5.4"},
        {FN(worst_error), "this is the error, cut to a whole number.",
         "is the worst error asked for, or where it is?", "5.4"},
        {FN(worst_stops_early), "the last pair is left out.",
         "which is the last index of n numbers?", "5.4"},
        {FN(worst_not_kept), "the largest error so far never changes.",
         "what must be kept beside the index, when a larger error is found?", "5.4"},
        {FN(worst_no_memory), "each error is compared with the one before it.",
         "where is the largest error so far kept?", "5.4"}},
     .uses = "5.4")},
    {"5.6", "affine_backward", FN(affine_backward),
     {{"N=2 D=2 M=4, by hand", affine_by_hand}, {"N=5 D=7 M=3", affine_odd},
      {"N=4 D=2 M=11", affine_many_neurons}, {"N=1 D=5 M=1", affine_of_one}},
     JUDGE_ONLY(FN(affine_right), {
        {FN(affine_bug), "the bug is still there: some numbers of dW never change.",
         "hunt=1: where is analytic 0 and numeric not, and what has that place in W?", "5.6"},
        {FN(affine_bias_set), "the last column of dW is set by each example.",
         "what becomes of the share of the example before, and of what dW held?", "5.6"},
        {FN(affine_bias_cleared), "the last column of dW is overwritten by its sum.",
         "dW is added to: what becomes of what it held before?", "5.6"},
        {FN(affine_bias_many), "the last column of dW grows D times for every example.",
         "in which of the loops does the new line stand?", "5.6"},
        {FN(affine_bias_mean), "the last column of dW gets a mean, not a sum.",
         "are the other columns divided by N?", "5.6"},
        {FN(affine_bias_negative), "in the last column of dW the sign is wrong.",
         "if a bias grows, does y grow or shrink?", "5.6"},
        {FN(affine_bias_counts), "the last column of dW grows by 1 for every example.",
         "if y changes by as much as the bias, by how much does the loss change?", "5.6"},
        {FN(affine_bias_first), "what is missing in the last column goes to the first one.",
         "where in a row of W does the forward code find the bias?", "5.6"},
        {FN(affine_bias_last_input), "what is missing goes one column too far to the left.",
         "where in a row of W does the forward code find the bias?", "5.6"},
        {FN(affine_bias_one), "the biases of all neurons go to the first row.",
         "where does the row of neuron m begin?", "5.6"},
        {FN(affine_overwrites), "dW is overwritten by its sums.",
         "is dW overwritten, or added to?", "5.6"}})},
    {"5.7", "conv1d_backward", FN(conv1d_backward),
     {{"X=6 S=3 stride=2, by hand", conv_by_hand}, {"X=13 S=2 stride=3", conv_with_gaps},
      {"X=18 S=5 stride=2", conv_wide}, {"X=12 S=4 stride=1", conv_everywhere},
      {"X=6 S=5 stride=3", conv_one_stop}},
     JUDGE_ONLY(FN(conv_right), {
        {FN(conv_bug), "the bug is still there: dx is right, dw is not.",
         "hunt=2: which numbers of x has w[0] met on its way, and which does dw[0] use?", "5.6"},
        {FN(conv_bug_moved), "now dw is right, and dx has the bug.",
         "from which number of x did stop i read with w[s]?", "5.6"},
        {FN(conv_bug_twice), "now both dw and dx are wrong.",
         "which of the two was wrong in hunt=2, before your repair?", "5.6"},
        {FN(conv_by_size), "in dw, stop i begins at i S.",
         "how far is it from one stop to the next: S, or stride?", "5.6"},
        {FN(conv_dilated), "in dw, the stride is that of the weights, not of the stops.",
         "at one stop, how far apart are the numbers that w[0] and w[1] meet?", "5.6"},
        {FN(conv_later), "in dw, x is read one place too far to the right.",
         "which number of x does w[0] meet at the first stop?", "5.6"},
        {FN(conv_by_w), "dw is made of w.", "in w[s] x[..], what is the factor of w[s]?", "5.6"},
        {FN(conv_flipped), "in dx, the weights are in reverse order.",
         "which weight met x[i stride]: the first, or the last?", "5.6"},
        {FN(conv_early), "the last stop is left out.",
         "how many outputs are there, and which is the last i?", "5.6"},
        {FN(conv_x_set), "dx is set at each stop, not added to.",
         "how many stops may have read the same number of x?", "5.6"},
        {FN(conv_w_set), "dw is set at each stop, not added to.",
         "at how many stops is w[0] used?", "5.6"}})},
    {"5.8", "gate_backward", FN(gate_backward),
     {{"n=3, by hand", gate_by_hand}, {"n=17", gate_many}, {"n=6, a and b far out", gate_far_out}},
     JUDGE_ONLY(FN(gate_right), {
        {FN(gate_bug), "the bug is still there: da is right, db is not.",
         "what does this db come to where b is 0, and how steep is tanh there?", "5.6"},
        {FN(gate_t_too_many), "in db, a factor t is left over.",
         "how steep is tanh at b = 0, and what does your line give there?", "5.6"},
        {FN(gate_no_s), "in db, the sigmoid of a is missing.",
         "if the gate is shut, how much of b comes through?", "5.6"},
        {FN(gate_not_squared), "db has 1 - t where the slope of tanh should be.",
         "tanh is as steep at -b as at b: is 1 - t?", "5.6"},
        {FN(gate_plus_square), "db has 1 + t t where the slope of tanh should be.",
         "how steep is tanh far out, where t is 1?", "5.6"},
        {FN(gate_of_b), "db uses b where it should use t.",
         "can 1 - b b, for b = 3, be the slope of a function that grows?", "5.6"},
        {FN(gate_sigmoid_of_b), "db has the slope of the sigmoid at b.",
         "through which of the two functions does b go?", "5.6"},
        {FN(gate_both_slopes), "db has the slopes of both factors.",
         "in the slope of a product, what does one factor do while the other one moves?", "5.6"},
        {FN(gate_a_copied), "now da has the slope of tanh.",
         "which of the two gradients was wrong in hunt=3, before your repair?", "5.6"},
        {FN(gate_b_cleared), "db is overwritten.", "is db overwritten, or added to?", "5.6"}})},
    {"5.9", "lookup_backward", FN(lookup_backward),
     {{"N=4 D=2 K=5, by hand", lookup_by_hand}, {"N=11 D=3 K=4", lookup_many},
      {"N=5 D=4, always the same word", lookup_one_word},
      {"N=3 D=1, all words different", lookup_all_different}},
     JUDGE_ONLY(FN(lookup_right), {
        {FN(lookup_bug), "the bug is still there: rows of dE are wrong, but not all of them.",
         "hunt=4: how often does the word of a wrong row come up, and of a right one?", "5.6"},
        {FN(lookup_cleared), "the rows of dE are overwritten by their sums.",
         "dE is added to: what becomes of what it held before?", "5.6"},
        {FN(lookup_last), "of a word that comes twice, only the last place counts.",
         "if a row was looked up twice, how many outputs move with it?", "5.6"},
        {FN(lookup_first), "of a word that comes twice, only the first place counts.",
         "if a row was looked up twice, how many outputs move with it?", "5.6"},
        {FN(lookup_mean), "a word that comes twice gets the mean of its gradients.",
         "if a row was looked up twice, does the loss feel it once or twice?", "5.6"},
        {FN(lookup_negative), "dy is taken away instead of added.",
         "is this the gradient, or already the step against it?", "5.6"},
        {FN(lookup_at_n), "row n gets the gradient of place n.",
         "from which row of E did y[n] come?", "5.6"},
        {FN(lookup_all_first), "all of a gradient goes to the first number of its row.",
         "from which number of the row did y[n,d] come?", "5.6"},
        {FN(lookup_stride), "the rows of dE are taken to be one number long.",
         "how many numbers lie between E[0,0] and E[1,0]?", "5.6"},
        {FN(lookup_dy_of_word), "dy is read at the row of the word.",
         "dy has a row for every place: which one belongs to place n?", "5.6"}})},
    {"5.10", "branch_backward", FN(branch_backward),
     {{"N=2 D=2, by hand", branch_by_hand}, {"N=3 D=7", branch_wide}, {"N=9 D=2", branch_tall},
      {"N=1 D=1", branch_of_one}},
     JUDGE_ONLY(FN(branch_right), {
        {FN(branch_bug), "the bug is still there: dw is right, dx is not.",
         "by how many ways does x reach y, and how often does dx count each of them?", "5.6"},
        {FN(branch_no_straight), "now dx has nothing of the straight branch.",
         "if all w were 0, y would be x: what should dx be then?", "5.6"},
        {FN(branch_straight_only), "dx has nothing of the branch through the tanh.",
         "by how many ways does x reach y, and what does each of them hand back?", "5.6"},
        {FN(branch_straight_twice), "dx has the straight branch twice, and that through the "
         "tanh not at all.", "what does each of the two ways hand back?", "5.6"},
        {FN(branch_no_w), "in dx, the weight is missing.",
         "if w[d] is 0, how much comes back through the tanh?", "5.6"},
        {FN(branch_negative), "the straight branch is taken away.",
         "if x grows, does it make y = x + .. grow or shrink?", "5.6"},
        {FN(branch_cleared), "dx is overwritten.", "is dx overwritten, or added to?", "5.6"},
        {FN(branch_cleared_bug), "dx is overwritten, and the bug is still there.",
         "dx is added to; what is one of the two branches counted too often?", "5.6"},
        {FN(branch_second_sets), "dx is set by the branch through the tanh; all else is lost.",
         "what becomes of what the first loop wrote?", "5.6"},
        {FN(branch_no_slope), "in dx, the slope of tanh is missing.",
         "how much of a gradient comes back through a tanh that is flat?", "5.6"},
        {FN(branch_w_set), "dw is set by each example, not added to.",
         "how many examples go through w[d]?", "5.6"}})},
    {"5.11*", "direction_slope", FN(direction_slope),
     {{"n=3 h=1/2, by hand", slope_by_hand},
      {"n=6, tiny weights and one of -0: are the old bits back?", slope_puts_back},
      {"n=17 h=1/8", slope_of_many}, {"n=5, a loss near 1000 with h=1/1024", slope_precise}},
     JUDGE_ONLY(FN(slope_along_right), {
        {FN(slope_along_forward), "this is a forward difference: w never goes the other way.",
         "at which two places is the loss asked, and is w halfway between them?", "5.7"},
        {FN(slope_along_onward), "the second place is w itself, not a step beyond it.",
         "how far from each other are the two places: h, or 2 h?", "5.7"},
        {FN(slope_along_undivided), "the difference is not divided by anything.",
         "is the rise asked for, or the slope?", "5.7"},
        {FN(slope_along_by_h), "the difference is divided by h: twice too much.",
         "how many steps h lie between the two places?", "5.7"},
        {FN(slope_along_stays), "w is not put back.",
         "where should the weights be after a measurement?", "5.7"},
        {FN(slope_along_by_sums), "w is put back by adding h v, and is not what it was.",
         "what is left of the digits of 0.000000001 after adding 0.01 to it?", "5.7"},
        {FN(slope_along_all_ones), "every weight takes the same step; v is not used.",
         "where does the direction enter?", "5.7"},
        {FN(slope_along_unit), "the direction is brought to length 1.",
         "if v is twice as long, should the slope along it stay the same?", "5.7"},
        {FN(slope_along_no_h), "the weights move by v, not by h v.",
         "how far from w do you want to ask?", "5.7"},
        {FN(slope_along_floats), "the losses are kept as floats.",
         "two losses near 1000 differ by 0.004: how well does a float know that?", "5.7"},
        {FN(slope_along_one_by_one), "every weight is measured for itself.",
         "how often may the loss be called here?", "5.7"}})},
    {0}};
