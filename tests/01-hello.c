/* 01-hello: the tests. */
#include "grade.h"
#include "hello.c"

/* ---- 1.1 vector_add -------------------------------------------------------------- */

/* Hint 1.1: how would you write down the third element of y, if a and b were given?
 *
 * For every d from 0 to D-1: y[d] = a[d] + b[d].
 *
 * One loop, one assignment in it: for (int d = 0; d < D; d++) ...
 */
typedef void add(float *y, const float *a, const float *b, int D);

CASE(add_by_hand, add)
{
    IN(a, 3); IN(b, 3); OUT(y, 3);
    SET(a, 1, 2, 3); SET(b, 10, -20, 0.5);
    f(y, a, b, 3);
    EXPECT(y, 11, -18, 3.5);
}

CASE(add_many, add)
{
    IN(a, 17); IN(b, 17); OUT(y, 17);
    f(y, a, b, 17);
}

CASE(add_in_place, add)
{
    IN(b, 5); ADD_TO(y, 5);
    f(y, y, b, 5);
}

/* ---- 1.2 vector_dot -------------------------------------------------------------- */

/* Hint 1.2: what is the dot product of (1, 2) and (3, 4), done by hand?
 *
 * sum = a[0] b[0] + a[1] b[1] + ... + a[D-1] b[D-1].
 *
 * A variable that starts at 0, a loop that adds to it, and a return after the loop.
 */
typedef float dot(const float *a, const float *b, int D);

CASE(dot_by_hand, dot)
{
    IN(a, 3); IN(b, 3); OUT(result, 1);
    SET(a, 1, 2, 3); SET(b, 4, -5, 6);
    *result = f(a, b, 3);
    EXPECT(result, 12);
}

CASE(dot_many, dot)
{
    IN(a, 19); IN(b, 19); OUT(result, 1);
    *result = f(a, b, 19);
}

CASE(dot_of_none, dot)
{
    IN(a, 1); IN(b, 1); OUT(result, 1);
    *result = f(a, b, 0);
    EXPECT(result, 0);
}

/* ---- 1.3 vector_mean ------------------------------------------------------------- */

/* Hint 1.3: what must be known before the division, and how often do you divide?
 *
 * mean = (x[0] + x[1] + ... + x[D-1]) / D.
 *
 * The loop of exercise 1.2 with another term, and one division after it.
 */
typedef float mean(const float *x, int D);

CASE(mean_by_hand, mean)
{
    IN(x, 4); OUT(result, 1);
    SET(x, 1, 2, 3, 5);
    *result = f(x, 4);
    EXPECT(result, 2.75);
}

CASE(mean_many, mean)
{
    IN(x, 13); OUT(result, 1);
    *result = f(x, 13);
}

CASE(mean_of_one, mean)
{
    IN(x, 1); OUT(result, 1);
    *result = f(x, 1);
}

/* ---- 1.4 vector_variance ------------------------------------------------------------ */

/* Hint 1.4: of the numbers 1, 2, 3, 5, how far is each from their mean?
 *
 * variance = 1/D  sum over d of (x[d] - mean)^2, and mean is one number for all d.
 *
 * Call vector_mean() first; then the loop of exercise 1.3 over squared differences.
 */
typedef float variance(const float *x, int D);

CASE(variance_by_hand, variance)
{
    IN(x, 4); OUT(result, 1);
    SET(x, 1, 2, 3, 5);
    *result = f(x, 4);
    EXPECT(result, 2.1875);
}

CASE(variance_many, variance)
{
    IN(x, 11); OUT(result, 1);
    *result = f(x, 11);
}

/* Far from zero the two textbook formulas part: by hand, 4097 +- 1 has variance 1. */
CASE(variance_far_from_zero, variance)
{
    IN(x, 4); OUT(result, 1);
    SET(x, 4096, 4098, 4096, 4098);
    *result = f(x, 4);
    EXPECT(result, 1);
}

CASE(variance_of_one, variance)
{
    IN(x, 1); OUT(result, 1);
    *result = f(x, 1);
    EXPECT(result, 0);
}

/* ---- what only the judge holds --------------------------------------------------------- */
#if JUDGE

static void add_right(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D; d++)
        y[d] = (float)((double)a[d] + b[d]);
}

static void add_accumulates(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D; d++)
        y[d] += a[d] + b[d];
}

static void add_subtracts(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D; d++)
        y[d] = a[d] - b[d];
}

static void add_multiplies(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D; d++)
        y[d] = a[d] * b[d];
}

static void add_first_only(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D; d++)
        y[d] = a[0] + b[0];
}

static void add_stops_early(float *y, const float *a, const float *b, int D)
{
    for (int d = 0; d < D - 1; d++)
        y[d] = a[d] + b[d];
}

static double dot_sum(const float *a, const float *b, int D)
{
    double sum = 0;
    for (int d = 0; d < D; d++)
        sum += (double)a[d] * b[d];
    return sum;
}

static float dot_right(const float *a, const float *b, int D) { return (float)dot_sum(a, b, D); }
static float dot_last_only(const float *a, const float *b, int D)
{
    return D ? a[D-1] * b[D-1] : 0;
}

static float dot_stops_early(const float *a, const float *b, int D)
{
    return (float)dot_sum(a, b, D - 1);
}

static float dot_divides(const float *a, const float *b, int D)
{
    return D ? (float)dot_sum(a, b, D) / (float)D : 0;
}

static float dot_starts_at_one(const float *a, const float *b, int D)
{
    return 1 + (float)dot_sum(a, b, D);
}

static float dot_of_itself(const float *a, const float *b, int D)
{
    (void)b;
    return (float)dot_sum(a, a, D);
}


static float dot_of_sums(const float *a, const float *b, int D)
{
    double sum = 0;
    for (int d = 0; d < D; d++)
        sum += (double)a[d] + b[d];
    return (float)sum;
}

static double mean_sum(const float *x, int D)
{
    double sum = 0;
    for (int d = 0; d < D; d++)
        sum += x[d];
    return sum;
}

static float mean_right(const float *x, int D) { return (float)(mean_sum(x, D) / D); }
static float mean_undivided(const float *x, int D) { return (float)mean_sum(x, D); }
static float mean_one_less(const float *x, int D) { return (float)(mean_sum(x, D) / (D - 1)); }
static float mean_skips_first(const float *x, int D)
{
    return (float)((mean_sum(x, D) - x[0]) / D);
}

static float mean_skips_last(const float *x, int D) { return (float)(mean_sum(x, D - 1) / D); }

static float mean_halves(const float *x, int D)
{
    float sum = 0;
    for (int d = 0; d < D; d++)
        sum = (sum + x[d]) / 2;
    return sum;
}

static float mean_divides_inside(const float *x, int D)
{
    float sum = 0;
    for (int d = 0; d < D; d++)
        sum = (sum + x[d]) / (float)D;
    return sum;
}

static double variance_sum(const float *x, int D)
{
    double mean = mean_sum(x, D) / D, sum = 0;
    for (int d = 0; d < D; d++)
        sum += (x[d] - mean) * (x[d] - mean);
    return sum;
}

static float variance_right(const float *x, int D) { return (float)(variance_sum(x, D) / D); }
static float variance_unbiased(const float *x, int D)
{
    return (float)(variance_sum(x, D) / (D - 1));
}

static float variance_undivided(const float *x, int D) { return (float)variance_sum(x, D); }
static float variance_root(const float *x, int D) { return (float)sqrt(variance_sum(x, D) / D); }

static float variance_of_squares(const float *x, int D)
{
    return (float)(dot_sum(x, x, D) / D);
}

static float variance_unsquared(const float *x, int D)
{
    double mean = mean_sum(x, D) / D, sum = 0;
    for (int d = 0; d < D; d++)
        sum += fabs(x[d] - mean);
    return (float)(sum / D);
}

static float variance_in_one_pass(const float *x, int D)
{
    volatile float sum = 0, squares = 0;
    for (int d = 0; d < D; d++) {
        volatile float square = x[d] * x[d];
        sum += x[d];
        squares += square;
    }
    volatile float m = sum / (float)D, mean_square = m * m;
    return squares / (float)D - mean_square;
}

static float variance_running_mean(const float *x, int D)
{
    double sum = 0, part = 0;
    for (int d = 0; d < D; d++) {
        part += x[d];
        double m = part / (d + 1);
        sum += (x[d] - m) * (x[d] - m);
    }
    return (float)(sum / D);
}

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"1.1", "vector_add", FN(vector_add),
     {{"D=3, by hand", add_by_hand}, {"D=17", add_many}, {"D=5, y is a itself", add_in_place}},
     JUDGE_ONLY(FN(add_right), {
        {FN(add_accumulates), "the sum is added onto what y held before.",
         "does the formula say y[d] = or y[d] +=?", "1.2"},
        {FN(add_subtracts), "b is subtracted.", "what is the sign before b[d]?", "1.2"},
        {FN(add_multiplies), "the elements are multiplied.",
         "which of + and * does the formula have?", "1.2"},
        {FN(add_first_only), "every y[d] is a[0] + b[0].",
         "which index changes from one turn of the loop to the next?", "1.2"},
        {FN(add_stops_early), "the loop ends one element too early.",
         "which is the last index of an array of D elements?", "1.2"}})},
    {"1.2", "vector_dot", FN(vector_dot),
     {{"D=3, by hand", dot_by_hand}, {"D=19", dot_many}, {"D=0", dot_of_none}},
     JUDGE_ONLY(FN(dot_right), {
        {FN(dot_last_only), "only the last product is left.",
         "does the line in the loop say = or +=?", "1.3"},
        {FN(dot_stops_early), "the last product is missing.",
         "which is the last index of an array of D elements?", "1.3"},
        {FN(dot_divides), "the sum is divided by D.",
         "is a mean asked for, or a sum?", "1.3"},
        {FN(dot_starts_at_one), "the sum starts at 1.",
         "what is the sum of no numbers at all?", "1.3"},
        {FN(dot_of_itself), "a is multiplied with a.", "where does b enter?", "1.3"},
        {FN(dot_of_sums), "elements are added, not multiplied.",
         "what stands between a[d] and b[d] in the formula?", "1.3"}})},
    {"1.3", "vector_mean", FN(vector_mean),
     {{"D=4, by hand", mean_by_hand}, {"D=13", mean_many}, {"D=1", mean_of_one}},
     JUDGE_ONLY(FN(mean_right), {
        {FN(mean_undivided), "the division by D is missing.",
         "what is the mean of 2, 2 and 2?", "1.4"},
        {FN(mean_one_less), "divided by D-1.", "how many numbers are there?", "1.4"},
        {FN(mean_skips_first), "x[0] is left out.",
         "at which index does an array begin?", "1.4"},
        {FN(mean_skips_last), "x[D-1] is left out.",
         "which is the last index of an array of D elements?", "1.4"},
        {FN(mean_halves), "each step halves what was there before.",
         "how much does x[0] count in the end, and how much x[D-1]?", "1.4"},
        {FN(mean_divides_inside), "the whole sum is divided in every turn of the loop.",
         "how often should the sum be divided?", "1.4"}})},
    {"1.4", "vector_variance", FN(vector_variance),
     {{"D=4, by hand", variance_by_hand}, {"D=11", variance_many},
      {"x = 4096, 4098, 4096, 4098", variance_far_from_zero}, {"D=1", variance_of_one}},
     JUDGE_ONLY(FN(variance_right), {
        {FN(variance_unbiased), "divided by D-1.",
         "which of the two variances does the formula ask for?", "1.5"},
        {FN(variance_undivided), "the division by D is missing.",
         "is it a sum of squares, or their mean?", "1.5"},
        {FN(variance_root), "this is the standard deviation, the root of the variance.",
         "in which unit is a variance, if x is in metres?", "1.5"},
        {FN(variance_of_squares), "the mean was not subtracted.",
         "how much do five equal numbers spread?", "1.5"},
        {FN(variance_unsquared), "the differences are not squared.",
         "what does the exponent in the formula apply to?", "1.5"},
        {FN(variance_in_one_pass), "mean of squares less square of the mean: digits cancel.",
         "how many digits has a float, and how many has 4097 squared?", "1.5"},
        {FN(variance_running_mean), "the mean is still growing while it is subtracted.",
         "is the mean known before the second loop begins?", "1.5"}},
     .uses = "1.3")},
    {0}};
