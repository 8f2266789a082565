/* 11-tuning: the tests. */
#include "grade.h"
#include "tuning.c"

/* The number that the stream gives next: it tells how often it was asked. */
#define NEXT(chance) OUT(next, 1); *next = uniform(&(chance))

/* ---- 11.1 log_uniform ------------------------------------------------------------ */

/* Hint 11.1: between 0.001 and 1 lie three factors of ten: how many of the tries should fall
 * below 0.01?  How many do, if you draw uniformly from 0.001 to 1?
 *
 * low (high / low)^u = low exp(u log(high / low)) with u = uniform().
 *
 * One line with exp32() and log32() of the kit, then two comparisons: rounding may lead a
 * little below low or above high.
 */
typedef float log_uniform_like(float low, float high, uint64_t *chance);
log_uniform_like log_uniform;

static void draw(struct run *r, log_uniform_like *f, float low, float high)
{
    IN(range, 2); OUT(x, 40);
    uint64_t chance = stream(r->seed, 111);
    SET(range, low, high);
    for (int i = 0; i < 40; i++)
        x[i] = f(range[0], range[1], &chance);
    NEXT(chance);
}

CASE(log_uniform_wide, log_uniform_like) { draw(r, f, 1e-5f, 10); }
CASE(log_uniform_narrow, log_uniform_like) { draw(r, f, 2, 2.5); }
CASE(log_uniform_large, log_uniform_like) { draw(r, f, 100, 1e5f); }

CASE(log_uniform_point, log_uniform_like)
{
    OUT(x, 3);
    uint64_t chance = stream(r->seed, 112);
    for (int i = 0; i < 3; i++)
        x[i] = f(0.1f, 0.1f, &chance);
    NEXT(chance);
    EXPECT(x, 0.1f, 0.1f, 0.1f);
}

/* How many of many are outside of a narrow range, by whatever little. */
CASE(log_uniform_stays, log_uniform_like)
{
    OUT_INT(outside, 2);
    uint64_t chance = stream(r->seed, 113);
    const float low = 0.94327569f, high = 0.943275869f;
    outside[0] = outside[1] = 0;
    for (int i = 0; i < 2000; i++) {
        float x = f(low, high, &chance);
        outside[0] += !(x >= low);
        outside[1] += !(x <= high);
    }
    NEXT(chance);
    EXPECT(outside, 0, 0);
}

/* ---- 11.2 random_point ----------------------------------------------------------- */

/* Hint 11.2: a learning rate, a keep probability, a number of layers: which of them is tried
 * by factors, which by sums, and which may only be whole?
 *
 * x[i] = log_uniform(low, high) on a log axis, low + uniform() (high - low) on another; then
 * roundf() if the axis is whole.
 *
 * One loop over the axes with a choice and an if.  Every turn draws exactly once.
 */
typedef void random_point_like(float *x, const struct axis *axis, int n, uint64_t *chance);
random_point_like random_point;

static const struct axis axes[] = {
    {"rate", 1e-4f, 1, true, false}, {"keep", 0.5, 1, false, false},
    {"layers", 1, 6, false, true}, {"width", 8, 512, true, true}, {"offset", -3, 5, false, false}};

CASE(random_point_five, random_point_like)
{
    OUT(x, 12, 5);
    uint64_t chance = stream(r->seed, 114);
    for (int i = 0; i < 12; i++)
        f(x + 5*i, axes, 5, &chance);
    NEXT(chance);
}

CASE(random_point_two, random_point_like)
{
    OUT(x, 20, 2);
    uint64_t chance = stream(r->seed, 115);
    for (int i = 0; i < 20; i++)
        f(x + 2*i, axes + 2, 2, &chance);
    NEXT(chance);
}

CASE(random_point_fixed, random_point_like)
{
    static const struct axis fixed[] = {{"a", 3, 3, false, true}, {"b", -2, -2, false, false}};
    OUT(x, 2);
    uint64_t chance = stream(r->seed, 116);
    f(x, fixed, 2, &chance);
    NEXT(chance);
    EXPECT(x, 3, -2);
}

/* ---- 11.3 grid_point ------------------------------------------------------------- */

/* Hint 11.3: of a clock that shows minutes and hours you know the number of minutes since
 * midnight: how do you get the minutes, how the hours?
 *
 * step[0] = index % count[0]; what is left, index / count[0], is the index of a grid with the
 * other axes.
 *
 * One loop with two lines: a remainder, then a division.
 */
typedef void grid_point_like(int *step, const int *count, int index, int n);
grid_point_like grid_point;

CASE(grid_point_by_hand, grid_point_like)
{
    LABELS(count, 9, 3); OUT_INT(step, 3);
    SET(count, 3, 5, 4);
    f(step, count, 44, 3);
    EXPECT(step, 2, 4, 2);
}

CASE(grid_point_all, grid_point_like)
{
    LABELS(count, 9, 3); OUT_INT(step, 24, 3);
    SET(count, 2, 3, 4);
    for (int i = 0; i < 24; i++)
        f(step + 3*i, count, i, 3);
}

CASE(grid_point_one, grid_point_like)
{
    LABELS(count, 9, 4); OUT_INT(step, 4);
    SET(count, 1, 7, 1, 2);
    f(step, count, 12, 4);
    EXPECT(step, 0, 5, 0, 1);
}

/* ---- 11.4 fold_split ------------------------------------------------------------- */

/* Hint 11.4: 11 examples in 3 folds: how long is each, and where does each begin?
 *
 * The first N % K folds have N / K + 1 examples, the others N / K.  Fold number fold begins
 * behind those before it: fold (N / K) + min(fold, N % K).
 *
 * Compute size and first; then three copies: what is in front of the piece goes to train, the
 * piece to valid, what is behind it to train, where that goes on.
 */
typedef int fold_split_like(int *train, int *valid, const int *order, int N, int K, int fold);
fold_split_like fold_split;

CASE(fold_by_hand, fold_split_like)
{
    LABELS(order, 9, 8); OUT_INT(train, 5); OUT_INT(valid, 3); OUT_INT(result, 1);
    SET(order, 7, 2, 5, 0, 3, 1, 6, 4);
    *result = f(train, valid, order, 8, 3, 1);
    EXPECT(valid, 0, 3, 1);
    EXPECT(train, 7, 2, 5, 6, 4);
    EXPECT(result, 3);
}

CASE(fold_last, fold_split_like)
{
    LABELS(order, 100, 11); OUT_INT(train, 8); OUT_INT(valid, 3); OUT_INT(result, 1);
    *result = f(train, valid, order, 11, 3, 2);
}

CASE(fold_first, fold_split_like)
{
    LABELS(order, 100, 11); OUT_INT(train, 7); OUT_INT(valid, 4); OUT_INT(result, 1);
    *result = f(train, valid, order, 11, 3, 0);
}

CASE(fold_behind_longer, fold_split_like)
{
    LABELS(order, 100, 14); OUT_INT(train, 12); OUT_INT(valid, 2); OUT_INT(result, 1);
    *result = f(train, valid, order, 14, 5, 4);
}

CASE(fold_each_alone, fold_split_like)
{
    LABELS(order, 100, 4); OUT_INT(train, 3); OUT_INT(valid, 1); OUT_INT(result, 1);
    *result = f(train, valid, order, 4, 4, 2);
}

/* ---- 11.5 score_estimate --------------------------------------------------------- */

/* Hint 11.5: if you had four times as many seeds, how much surer would you be of the mean?
 *
 * The deviation of one score is sqrt(1/(n-1) sum over i of (x[i] - mean)^2); that of the mean
 * of n scores is smaller by the factor sqrt(n).
 *
 * Two loops with sums in double, the second needs the mean; then one root.  What should come
 * out for n = 1?
 */
typedef struct estimate estimate_like(const float *x, int n);
estimate_like score_estimate;

static void put(float *result, struct estimate e, int n)
{
    result[0] = e.mean;
    result[1] = n > 1 ? e.error : isnan(e.error) ? -1 : e.error;
}

CASE(estimate_by_hand, estimate_like)
{
    IN(x, 4); OUT(result, 2);
    SET(x, 1, 3, 5, 7);
    put(result, f(x, 4), 4);
    EXPECT(result, 4, sqrt(20.0 / 3 / 4));
}

CASE(estimate_many, estimate_like)
{
    IN(x, 9); OUT(result, 2);
    put(result, f(x, 9), 9);
}

CASE(estimate_high, estimate_like)
{
    IN(x, 3); OUT(result, 2);
    SET(x, 4000.25, 4000.5, 4000.75);
    put(result, f(x, 3), 3);
    r->tolerance = 1e-6;
    EXPECT(result, 4000.5, 0.25 / sqrt(3));
}

CASE(estimate_one, estimate_like)
{
    IN(x, 1); OUT(result, 2);
    put(result, f(x, 1), 1);
}

CASE(estimate_alike, estimate_like)
{
    IN(x, 3); OUT(result, 2);
    SET(x, 0.875, 0.875, 0.875);
    put(result, f(x, 3), 3);
    EXPECT(result, 0.875, 0);
}

/* ---- 11.6 score_best ------------------------------------------------------------- */

/* Hint 11.6: a trial whose loss went to infinity has the score NAN: is NAN > 0.5 in C, and is
 * 0.5 > NAN?
 *
 * Go through all scores; take one if it is a number and if there is none yet, or if it is
 * higher than the best so far.
 *
 * An int that begins as -1, a loop, one if with three conditions.  A number is equal to
 * itself, NAN is not.
 */
typedef int best_like(const float *score, int n);
best_like score_best;

/* Scores above 90 stand for NAN. */
static float *with_nan(float *score, int n)
{
    for (int i = 0; i < n; i++)
        score[i] = score[i] > 90 ? NAN : score[i];
    return score;
}

static void best_case(struct run *r, best_like *f, int n, const float *given)
{
    (void)r;
    OUT_INT(result, 1);
    float score[8];
    memcpy(score, given, (size_t)n * sizeof *score);
    *result = f(with_nan(score, n), n);
}

CASE(best_by_hand, best_like)
{
    IN(score, 6);
    SET(score, 0.25, 0.5, 0.125, 0.75, 0.375, 0.75);
    best_case(r, f, 6, score);
}

CASE(best_negative, best_like)
{
    IN(score, 4);
    SET(score, -2, -1, -3, -1);
    best_case(r, f, 4, score);
}

CASE(best_nan_first, best_like)
{
    IN(score, 5);
    SET(score, 99, 0.5, 99, 0.25, 0.375);
    best_case(r, f, 5, score);
}

CASE(best_nan_last, best_like)
{
    IN(score, 4);
    SET(score, 0.25, 0.125, 0.5, 99);
    best_case(r, f, 4, score);
}

CASE(best_all_nan, best_like)
{
    IN(score, 3);
    SET(score, 99, 99, 99);
    best_case(r, f, 3, score);
}

CASE(best_at_end, best_like)
{
    IN(score, 3);
    SET(score, 0.5, 0.25, 0.75);
    best_case(r, f, 3, score);
}

CASE(best_many, best_like)
{
    IN(score, 8);
    best_case(r, f, 8, score);
}

/* ---- 11.7 trials_halve ----------------------------------------------------------- */

/* Hint 11.7: five trials are alive: how many stay?  And where do you look up the score of the
 * third of them, at score[2], or at score[alive[2]]?
 *
 * (n + 1) / 2 times: among those not yet taken, find the first with the highest score, and
 * put it behind those already taken; the others keep their order.
 *
 * A loop over k places; in it a loop that finds the best of alive[k] .. alive[n-1]; then that
 * trial moves to place k, and those between move up by one.
 */
typedef int halve_like(int *alive, const float *score, int n);
halve_like trials_halve;

enum { ALL_TRIALS = 12 };

/* What is kept, and behind it -1. */
static void halve_case(struct run *r, halve_like *f, int n, const int *given, const float *score)
{
    (void)r;
    OUT_INT(kept, ALL_TRIALS); OUT_INT(result, 1);
    int alive[ALL_TRIALS];
    float with[ALL_TRIALS];
    memcpy(alive, given, (size_t)n * sizeof *alive);
    memcpy(with, score, sizeof with);
    *result = f(alive, with_nan(with, ALL_TRIALS), n);
    for (int i = 0; i < ALL_TRIALS; i++)
        kept[i] = i < *result && i < n ? alive[i] : -1;
}

CASE(halve_by_hand, halve_like)
{
    LABELS(alive, 12, 5); IN(score, ALL_TRIALS);
    SET(alive, 7, 2, 9, 4, 0);
    SET(score, 0.5, 1, 0.25, 1, 0.75, 1, 1, 0.125, 1, 0.625, 1, 1);
    halve_case(r, f, 5, alive, score);
}

CASE(halve_ties, halve_like)
{
    LABELS(alive, 12, 6); IN(score, ALL_TRIALS);
    SET(alive, 5, 3, 8, 1, 0, 2);
    SET(score, 0.5, 0.25, 0.5, 0.5, 1, 0.25, 1, 1, 0.75, 1, 1, 1);
    halve_case(r, f, 6, alive, score);
}

CASE(halve_nan, halve_like)
{
    LABELS(alive, 12, 6); IN(score, ALL_TRIALS);
    SET(alive, 4, 3, 2, 1, 0, 5);
    SET(score, 0.5, -1, 99, 0.25, 99, 99, 1, 1, 1, 1, 1, 1);
    halve_case(r, f, 6, alive, score);
}

CASE(halve_mostly_nan, halve_like)
{
    LABELS(alive, 12, 7); IN(score, ALL_TRIALS);
    SET(alive, 4, 3, 2, 1, 0, 5, 6);
    SET(score, 99, 99, 99, 99, 99, 0.5, 0.25, 1, 1, 1, 1, 1);
    halve_case(r, f, 7, alive, score);
}

CASE(halve_many, halve_like)
{
    LABELS(alive, 12, ALL_TRIALS); IN(score, ALL_TRIALS);
    SET(alive, 3, 1, 4, 11, 5, 9, 2, 6, 8, 7, 10, 0);
    halve_case(r, f, ALL_TRIALS, alive, score);
}

CASE(halve_one, halve_like)
{
    LABELS(alive, 12, 1); IN(score, ALL_TRIALS);
    halve_case(r, f, 1, alive, score);
}

/* ---- 11.8 range_rate ------------------------------------------------------------- */

/* Hint 11.8: from 0.001 to 1 in four steps, by the same factor each time: which rates are
 * they?
 *
 * low (high / low)^(i / (n-1)) = low exp(i / (n-1) log(high / low)).
 *
 * One line.  i and n are ints: what is 1 / 3 in C?
 */
typedef float range_rate_like(float low, float high, int i, int n);
range_rate_like range_rate;

CASE(range_rate_by_hand, range_rate_like)
{
    IN(range, 2); OUT(rate, 4);
    SET(range, 0.001, 1);
    for (int i = 0; i < 4; i++)
        rate[i] = f(range[0], range[1], i, 4);
    EXPECT(rate, 0.001, 0.01, 0.1, 1);
}

CASE(range_rate_many, range_rate_like)
{
    OUT(rate, 9);
    for (int i = 0; i < 9; i++)
        rate[i] = f(2e-5f, 30, i, 9);
}

CASE(range_rate_down, range_rate_like)
{
    OUT(rate, 3);
    for (int i = 0; i < 3; i++)
        rate[i] = f(4, 0.25, i, 3);
    EXPECT(rate, 4, 1, 0.25);
}

/* ---- 11.9 range_suggest ---------------------------------------------------------- */

/* Hint 11.9: the losses of a range test fall, lie low for a while, then shoot up: at which of
 * the three would you train, and why not at the very edge?
 *
 * s = 0.9 s + 0.1 loss[i]; m = s / (1 - 0.9^(i+1)).  Stop if m is no number or above 4 times
 * the lowest m; else, if m is below the lowest, remember it and i.
 *
 * Doubles for s, for the power of 0.9 and for the lowest m; one loop with a break.  In which
 * order come the test for the end and the test for a new lowest?
 */
typedef float suggest_like(const float *rate, const float *loss, int n);
suggest_like range_suggest;

static void suggest_case(struct run *r, suggest_like *f, int n, const float *loss)
{
    (void)r;
    OUT(result, 1);
    float rate[16], with[16];
    for (int i = 0; i < n; i++)
        rate[i] = 1e-4f * (float)(1 << i);
    memcpy(with, loss, (size_t)n * sizeof *with);
    *result = f(rate, with_nan(with, n), n);
}

CASE(suggest_valley, suggest_like)
{
    IN(loss, 12);
    SET(loss, 2.5, 1, 0.75, 1.5, 0.75, 0.875, 0.75, 0.875, 2.5, 3, 9, 20);
    suggest_case(r, f, 12, loss);
}

CASE(suggest_lucky, suggest_like)
{
    IN(loss, 10);
    SET(loss, 2.5, 2.5, 0.25, 2.25, 2, 1.75, 1, 1.5, 2.5, 9);
    suggest_case(r, f, 10, loss);
}

CASE(suggest_over, suggest_like)
{
    IN(loss, 16);
    SET(loss, 2, 1.5, 1.25, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    suggest_case(r, f, 16, loss);
}

CASE(suggest_low, suggest_like)
{
    IN(loss, 14);
    SET(loss, 0.25, 0.125, 0.0625, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    suggest_case(r, f, 14, loss);
}

CASE(suggest_nan, suggest_like)
{
    IN(loss, 9);
    SET(loss, 2, 1.5, 1.25, 1, 99, 0.5, 0.25, 0.125, 0);
    suggest_case(r, f, 9, loss);
}

CASE(suggest_falls, suggest_like)
{
    IN(loss, 5);
    SET(loss, 3, 2, 1, 0.5, 0.25);
    suggest_case(r, f, 5, loss);
}

CASE(suggest_flat, suggest_like)
{
    IN(loss, 4);
    SET(loss, 2, 3, 4, 5);
    suggest_case(r, f, 4, loss);
}

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, and `how` says what is wrong with it: RIGHT nothing. */
enum how { RIGHT, LINEAR, OPEN, SWAPPED, BASE_TEN, NO_LOW, EXTRA, MIDDLE, NOT_ROUNDED, CUT,
           ALL_LOG, ONE_DRAW, NO_SPAN, REVERSED, WITHOUT_LAST, FROM_ONE, LAST_LONG, NOT_MOVED,
           REST, BOTH, BIASED, NO_ROOT, ONE_ROOT, SPREAD, SQUARES, ZERO, LATER, LOWEST, NAN_WINS,
           NAN_FIRST, FROM_ZERO, VALUE, FEWER, BY_NUMBER, WORST, UNSORTED, AS_INT, BY_N, ONE_LESS,
           RAW, BIASED_SMOOTH, NO_TENTH, GOES_ON, STEEPEST, NEXT_ONE };

/* ---- where to try ---- */

static float log_draw(float low, float high, uint64_t *chance, enum how how)
{
    double u = uniform(chance), x = low * pow((double)high / low, u);
    if (how == EXTRA)
        uniform(chance);
    switch (how) {
    case LINEAR:   x = low + u * ((double)high - low); break;
    case SWAPPED:  x = high * pow((double)low / high, u); break;
    case NO_LOW:   x = pow((double)high / low, u); break;
    case BASE_TEN: x = low * pow(10, u * log((double)high / low)); break;
    case MIDDLE:   x = sqrt((double)low * high); break;
    case RAW:      x = u * log((double)high / low) + log(low); break;
    case OPEN:     return low * exp32((float)u * log32(high / low));
    default:       break;
    }
    float rounded = (float)x;
    bool free = how != RIGHT;
    return free ? rounded : rounded < low ? low : rounded > high ? high : rounded;
}

#define LOG_DRAW(name, how) \
    static float name(float low, float high, uint64_t *chance) \
    { return log_draw(low, high, chance, how); }
LOG_DRAW(log_draw_right, RIGHT)
LOG_DRAW(log_draw_linear, LINEAR)
LOG_DRAW(log_draw_swapped, SWAPPED)
LOG_DRAW(log_draw_no_low, NO_LOW)
LOG_DRAW(log_draw_base_ten, BASE_TEN)
LOG_DRAW(log_draw_middle, MIDDLE)
LOG_DRAW(log_draw_logarithm, RAW)
LOG_DRAW(log_draw_twice, EXTRA)
LOG_DRAW(log_draw_open, OPEN)

static void point(float *x, const struct axis *axis, int n, uint64_t *chance, enum how how)
{
    double u = how == ONE_DRAW ? uniform(chance) : 0;
    for (int i = 0; i < n; i++) {
        double low = axis[i].low, high = axis[i].high;
        if (how != ONE_DRAW)
            u = uniform(chance);
        bool log = how == LINEAR ? false : how == ALL_LOG ? low > 0
                   : how == SWAPPED ? !axis[i].log && low > 0 : axis[i].log;
        double v = log ? low * pow(high / low, u)
                   : how == NO_LOW ? u * (high - low) : how == NO_SPAN ? low + u * high
                   : low + u * (high - low);
        if (axis[i].whole && how != NOT_ROUNDED)
            v = how == CUT ? floor(v) : roundf((float)v);
        x[i] = (float)(how == BOTH ? roundf((float)v) : v);
    }
}

#define POINT(name, how) \
    static void name(float *x, const struct axis *axis, int n, uint64_t *chance) \
    { point(x, axis, n, chance, how); }
POINT(point_right, RIGHT)
POINT(point_linear, LINEAR)
POINT(point_all_log, ALL_LOG)
POINT(point_swapped, SWAPPED)
POINT(point_one_draw, ONE_DRAW)
POINT(point_no_low, NO_LOW)
POINT(point_no_span, NO_SPAN)
POINT(point_not_rounded, NOT_ROUNDED)
POINT(point_cut, CUT)
POINT(point_all_whole, BOTH)

static void grid(int *step, const int *count, int index, int n, enum how how)
{
    for (int k = 0; k < n; k++) {
        int i = how == REVERSED ? n - 1 - k : k;
        int c = how == WITHOUT_LAST ? (count[i] > 1 ? count[i] - 1 : 1)
                : how == ONE_LESS ? count[0] : count[i];
        step[i] = how == SWAPPED ? index / c : index % c;
        step[i] += how == FROM_ONE;
        if (how == SWAPPED)
            index %= c;
        else if (how != NOT_MOVED)
            index = how == EXTRA ? index - step[i] : index / c;
    }
}

#define GRID(name, how) \
    static void name(int *step, const int *count, int index, int n) \
    { grid(step, count, index, n, how); }
GRID(grid_right, RIGHT)
GRID(grid_reversed, REVERSED)
GRID(grid_swapped, SWAPPED)
GRID(grid_not_divided, NOT_MOVED)
GRID(grid_subtracts, EXTRA)
GRID(grid_from_one, FROM_ONE)
GRID(grid_one_count, ONE_LESS)
GRID(grid_less_one, WITHOUT_LAST)

/* ---- folds ---- */

/* Example i belongs to the fold at whose turn the examples are dealt out in pieces. */
static int fold_of(int i, int N, int K, enum how how)
{
    if (how == EXTRA)
        return i % K;
    for (int k = 0, end = 0; k < K; k++) {
        int longer = how == LAST_LONG ? k >= K - N % K : how == REST ? 0 : k < N % K;
        end += N / K + longer;
        if (how == REST && k == K - 1)
            end = N;
        if (i < end)
            return k;
    }
    return -1;
}

static int fold(int *train, int *valid, const int *order, int N, int K, int which, enum how how)
{
    int trains = 0, valids = 0, room = N / K + (which < N % K);
    for (int i = 0; i < N; i++) {
        int value = how == VALUE ? i : order[i];
        bool mine = fold_of(i, N, K, how) == (how == FROM_ONE ? which - 1 : which);
        if (mine && valids < room)
            valid[valids++] = value;
        if (!mine && trains < N - room)
            train[trains++] = value;
    }
    if (how == SWAPPED)
        return trains;
    if (how == NOT_MOVED) {
        int first = 0;
        while (fold_of(first, N, K, RIGHT) != which)
            first++;
        memmove(train, order + first + valids, (size_t)(N - first - valids) * sizeof *train);
    }
    return how == BY_N ? N / K : valids;
}

#define FOLD(name, how) \
    static int name(int *train, int *valid, const int *order, int N, int K, int which) \
    { return fold(train, valid, order, N, K, which, how); }
FOLD(fold_right, RIGHT)
FOLD(fold_last_longer, LAST_LONG)
FOLD(fold_rest_to_last, REST)
FOLD(fold_dealt, EXTRA)
FOLD(fold_numbers, VALUE)
FOLD(fold_from_one, FROM_ONE)
FOLD(fold_returns_train, SWAPPED)
FOLD(fold_overwrites_front, NOT_MOVED)
FOLD(fold_returns_short, BY_N)

/* ---- what a trial is worth ---- */

static struct estimate estimate_of(const float *x, int n, enum how how)
{
    double sum = 0, squares = 0;
    float sum32 = 0, squares32 = 0;
    for (int i = 0; i < n; i++) {
        sum += x[i];
        sum32 += x[i];
        squares32 += x[i] * x[i];
    }
    for (int i = 0; i < n; i++)
        squares += how == SPREAD ? fabs(x[i] - sum / n) : pow(x[i] - sum / n, 2);
    double count = how == BIASED ? n : n - 1;
    double error = sqrt(squares / count / n);
    if (how == NO_ROOT)
        error = sqrt(squares / count);
    if (how == BY_N)
        error = sqrt(squares / count) / n;
    if (how == ONE_ROOT)
        error = squares / count / n;
    if (how == SQUARES)
        error = sqrt(fmax(0, squares32 - sum32 * sum32 / (float)n) / count / n);
    if (n == 1)
        error = how == ZERO ? 0 : NAN;
    return (struct estimate){(float)(how == FROM_ONE ? sum : sum / n), (float)error};
}

#define ESTIMATE(name, how) \
    static struct estimate name(const float *x, int n) { return estimate_of(x, n, how); }
ESTIMATE(estimate_right, RIGHT)
ESTIMATE(estimate_biased, BIASED)
ESTIMATE(estimate_deviation, NO_ROOT)
ESTIMATE(estimate_over_n, BY_N)
ESTIMATE(estimate_no_root, ONE_ROOT)
ESTIMATE(estimate_cancels, SQUARES)
ESTIMATE(estimate_absolute, SPREAD)
ESTIMATE(estimate_zero, ZERO)
ESTIMATE(estimate_sum, FROM_ONE)

static int best_of(const float *score, int n, enum how how)
{
    int best = how == NAN_FIRST || how == FROM_ZERO ? 0 : -1;
    float limit = 0;
    for (int i = 0; i < n; i++) {
        float s = score[i], b = best < 0 ? NAN : score[best];
        bool first = best < 0 && how != NEXT_ONE;
        bool better = how == LATER ? s >= b : how == LOWEST ? s < b
                      : how == NAN_WINS ? !(s <= b) : how == FROM_ZERO ? s > limit
                      : how == NEXT_ONE ? best < 0 ? s > 0 : s > b : s > b;
        if (how == NAN_WINS || how == NAN_FIRST ? first || better : !isnan(s) && (first || better))
            best = i, limit = s;
    }
    return how == VALUE && best >= 0 ? (int)score[best] : best;
}

#define BEST(name, how) \
    static int name(const float *score, int n) { return best_of(score, n, how); }
BEST(best_right, RIGHT)
BEST(best_later, LATER)
BEST(best_lowest, LOWEST)
BEST(best_nan_wins, NAN_WINS)
BEST(best_nan_stays, NAN_FIRST)
BEST(best_above_zero, FROM_ZERO)
BEST(best_positive, NEXT_ONE)
BEST(best_value, VALUE)

/* By counting, for each trial, those that come before it. */
static int halve(int *alive, const float *score, int n, enum how how)
{
    int sorted[ALL_TRIALS], keep = how == FEWER ? n / 2 : how == EXTRA ? n / 2 + 1 : (n + 1) / 2;
    for (int i = 0; i < n; i++) {
        int place = 0;
        for (int j = 0; j < n; j++) {
            float a = score[how == BY_NUMBER ? i : alive[i]];
            float b = score[how == BY_NUMBER ? j : alive[j]];
            if (how == WORST)
                a = -a, b = -b;
            if (how == NAN_WINS)
                a = isnan(a) ? INFINITY : a, b = isnan(b) ? INFINITY : b;
            bool tie = a == b || (isnan(a) && isnan(b));
            bool in_front = tie ? how == LATER ? j > i : how == LOWEST ? alive[j] < alive[i] : j < i
                            : isnan(a) || b > a;
            place += i != j && in_front;
        }
        sorted[place] = how == VALUE ? i : alive[i];
    }
    if (how != UNSORTED) {
        memcpy(alive, sorted, (size_t)n * sizeof *alive);
        return how == NO_ROOT ? n : keep;
    }
    int kept = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < keep; k++)
            if (sorted[k] == alive[i]) {
                alive[kept++] = alive[i];
                break;
            }
    return keep;
}

#define HALVE(name, how) \
    static int name(int *alive, const float *score, int n) { return halve(alive, score, n, how); }
HALVE(halve_right, RIGHT)
HALVE(halve_rounds_down, FEWER)
HALVE(halve_one_more, EXTRA)
HALVE(halve_by_place, BY_NUMBER)
HALVE(halve_worst, WORST)
HALVE(halve_nan_wins, NAN_WINS)
HALVE(halve_ties_last, LATER)
HALVE(halve_ties_number, LOWEST)
HALVE(halve_places, VALUE)
HALVE(halve_unsorted, UNSORTED)
HALVE(halve_keeps_all, NO_ROOT)

/* ---- the learning rate ---- */

static float rate_at(float low, float high, int i, int n, enum how how)
{
    double share = how == AS_INT ? i / (n - 1) : (double)i / (how == BY_N ? n : n - 1);
    if (how == FROM_ONE)
        share = (i + 1.0) / n;
    double factor = (double)high / low;
    return (float)(how == LINEAR ? low + share * ((double)high - low)
                   : how == SWAPPED ? high * pow(1 / factor, share)
                   : how == NO_LOW ? pow(factor, share)
                   : how == NO_ROOT ? low * pow(factor, i) : low * pow(factor, share));
}

#define RATE_AT(name, how) \
    static float name(float low, float high, int i, int n) { return rate_at(low, high, i, n, how); }
RATE_AT(rate_right, RIGHT)
RATE_AT(rate_linear, LINEAR)
RATE_AT(rate_swapped, SWAPPED)
RATE_AT(rate_no_low, NO_LOW)
RATE_AT(rate_as_int, AS_INT)
RATE_AT(rate_by_n, BY_N)
RATE_AT(rate_from_one, FROM_ONE)
RATE_AT(rate_whole_power, NO_ROOT)

/* The smooth losses as one weighted mean each: of the last i + 1 losses, the newest first. */
static float suggest(const float *rate, const float *loss, int n, enum how how)
{
    double lowest = INFINITY, before = 0, steepest = 0;
    int best = 0;
    for (int i = 0; i < n; i++) {
        double sum = 0, weights = 0;
        for (int k = 0; k <= i; k++) {
            double w = pow(how == SWAPPED ? 0.1 : 0.9, k);
            sum += w * loss[i - k];
            weights += w;
        }
        double m = how == RAW ? loss[i] : how == BIASED_SMOOTH ? 0.1 * sum : sum / weights;
        if (how == SPREAD)
            weights = i + 1, m = sum / weights;
        if (how == GOES_ON ? isnan(m) : how == NAN_WINS ? m > 4 * lowest : !(m <= 4 * lowest))
            break;
        if (how == STEEPEST ? i > 0 && m - before < steepest : m < lowest)
            best = i;
        if (how == STEEPEST && i > 0)
            steepest = fmin(steepest, m - before);
        lowest = fmin(lowest, m);
        before = m;
        if (how == NEXT_ONE)
            best = i;
    }
    return rate[best] / (how == NO_TENTH ? 1 : 10);
}

#define SUGGEST(name, how) \
    static float name(const float *rate, const float *loss, int n) \
    { return suggest(rate, loss, n, how); }
SUGGEST(suggest_right, RIGHT)
SUGGEST(suggest_raw, RAW)
SUGGEST(suggest_biased, BIASED_SMOOTH)
SUGGEST(suggest_weights, SWAPPED)
SUGGEST(suggest_no_tenth, NO_TENTH)
SUGGEST(suggest_goes_on, GOES_ON)
SUGGEST(suggest_steepest, STEEPEST)
SUGGEST(suggest_last, NEXT_ONE)

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"11.1", "log_uniform", FN(log_uniform),
     {{"40 draws from 1e-5 to 10", log_uniform_wide}, {"40 draws from 2 to 2.5", log_uniform_narrow},
      {"40 draws from 100 to 1e5", log_uniform_large}, {"3 draws from 0.1 to 0.1", log_uniform_point},
      {"2000 draws between two floats that are close", log_uniform_stays}},
     JUDGE_ONLY(FN(log_draw_right), {
        {FN(log_draw_linear), "the draw is uniform between low and high.",
         "between 0.001 and 1, how many tries should fall below 0.01?", "11.2"},
        {FN(log_draw_swapped), "low and high have changed places.",
         "what should come out where u is 0?", "11.2"},
        {FN(log_draw_no_low), "the factor low is missing.",
         "what should come out where u is 0?", "11.2"},
        {FN(log_draw_base_ten), "log is that of base e, the power is one of ten.",
         "of which base is the logarithm that undoes exp?", "11.2"},
        {FN(log_draw_middle), "there is no chance in it: this is always the middle.",
         "where does uniform() enter?", "11.2"},
        {FN(log_draw_logarithm), "this is the logarithm of the number.",
         "how do you come back from a logarithm?", "11.2"},
        {FN(log_draw_twice), "the stream is asked twice.",
         "how many draws does the comment promise?", "11.2"},
        {FN(log_draw_open), "rounding leads a little below low or above high.",
         "what can be done with a number that is too high by one bit?", "11.2"}})},
    {"11.2", "random_point", FN(random_point),
     {{"12 points, n=5", random_point_five}, {"20 points, n=2", random_point_two},
      {"n=2, low is high", random_point_fixed}},
     JUDGE_ONLY(FN(point_right), {
        {FN(point_linear), "the log axes are drawn uniformly.",
         "which field says how an axis is drawn?", "11.2"},
        {FN(point_all_log), "all axes are drawn by factors.",
         "which field says how an axis is drawn?", "11.2"},
        {FN(point_swapped), "log and plain axes have changed places.",
         "which of the two is log_uniform() for?", "11.2"},
        {FN(point_one_draw), "all axes have the same draw.",
         "if the rate is high, must the width be high too?", "11.2"},
        {FN(point_no_low), "on a plain axis low is missing.",
         "what should come out where u is 0?", "11.2"},
        {FN(point_no_span), "on a plain axis u is multiplied by high.",
         "what should come out where u is nearly 1?", "11.2"},
        {FN(point_not_rounded), "a whole axis is not rounded.",
         "may a network have 2.7 layers?", "11.2"},
        {FN(point_cut), "a whole axis is cut, not rounded.",
         "how often would the highest number come?", "11.2"},
        {FN(point_all_whole), "all axes are rounded.", "which field says that an axis is whole?",
         "11.2"}},
     .uses = "11.1")},
    {"11.3", "grid_point", FN(grid_point),
     {{"3 by 5 by 4, index 44, by hand", grid_point_by_hand}, {"2 by 3 by 4, all", grid_point_all},
      {"1 by 7 by 1 by 2, index 12", grid_point_one}},
     JUDGE_ONLY(FN(grid_right), {
        {FN(grid_reversed), "the last axis changes fastest.",
         "which step differs between index 0 and index 1?", "11.2"},
        {FN(grid_swapped), "quotient and remainder have changed places.",
         "which of them is always below count[i]?", "11.2"},
        {FN(grid_not_divided), "all axes take the remainder of the same index.",
         "what is left of the index for the next axis?", "11.2"},
        {FN(grid_subtracts), "the step is taken away from the index, but it is not divided.",
         "how many points does one step along axis 1 skip?", "11.2"},
        {FN(grid_from_one), "the steps count from 1.", "which is the first step of an axis?",
         "11.2"},
        {FN(grid_one_count), "every axis has the count of the first.",
         "which index should count have?", "11.2"},
        {FN(grid_less_one), "the count is taken one too small.",
         "how many values does an axis have?", "11.2"}})},
    {"11.4", "fold_split", FN(fold_split),
     {{"N=8 K=3 fold=1, by hand", fold_by_hand}, {"N=11 K=3 fold=2", fold_last},
      {"N=11 K=3 fold=0", fold_first}, {"N=14 K=5 fold=4", fold_behind_longer},
      {"N=4 K=4 fold=2", fold_each_alone}},
     JUDGE_ONLY(FN(fold_right), {
        {FN(fold_last_longer), "the last folds are longer, not the first.",
         "which folds get the examples that are left over?", "11.4"},
        {FN(fold_rest_to_last), "all that is left over goes to the last fold.",
         "which folds get the examples that are left over?", "11.4"},
        {FN(fold_dealt), "the examples are dealt out one by one.",
         "do the examples of a fold follow one another in order?", "11.4"},
        {FN(fold_numbers), "these are places in order, not the examples that stand there.",
         "what does order[3] say?", "11.4"},
        {FN(fold_from_one), "the folds are counted from 1.", "which is the first fold?", "11.4"},
        {FN(fold_returns_train), "the number of those in train is returned.",
         "how many are in which of the two is asked for?", "11.4"},
        {FN(fold_overwrites_front), "what is behind the fold overwrites what was in front of it.",
         "where in train does the third copy begin?", "11.4"},
        {FN(fold_returns_short), "N / K is returned, also for a fold that is longer.",
         "how many are in valid?", "11.4"}})},
    {"11.5", "score_estimate", FN(score_estimate),
     {{"n=4, by hand", estimate_by_hand}, {"n=9", estimate_many},
      {"n=3, near 4000", estimate_high}, {"n=1", estimate_one}, {"n=3, all alike", estimate_alike}},
     JUDGE_ONLY(FN(estimate_right), {
        {FN(estimate_biased), "the squares are divided by n, not by n - 1.",
         "how many of n distances from their own mean are free?", "11.4"},
        {FN(estimate_deviation), "this is the deviation of one score, not that of the mean.",
         "with four times as many scores, how much surer are you?", "11.4"},
        {FN(estimate_over_n), "the deviation is divided by n, not by its root.",
         "with four times as many scores, how much surer are you?", "11.4"},
        {FN(estimate_no_root), "the root is missing.",
         "if scores are percents, what should the error be in?", "11.4"},
        {FN(estimate_cancels), "the squares are a difference of two large numbers: digits cancel.",
         "what is left of 4000^2 - 4000.1^2 in a float?", "11.4"},
        {FN(estimate_absolute), "the distances are not squared.",
         "what is done with x - mean before the sum?", "11.4"},
        {FN(estimate_zero), "a single score has the error 0.",
         "does one score tell how far the next will be from it?", "11.4"},
        {FN(estimate_sum), "the sum is returned as the mean.", "is a sum asked for?", "11.4"}})},
    {"11.6", "score_best", FN(score_best),
     {{"n=6, by hand", best_by_hand}, {"n=4, below 0", best_negative},
      {"NAN, 0.5, NAN, 0.25, 0.375", best_nan_first}, {"0.25, 0.125, 0.5, NAN", best_nan_last},
      {"n=3, all NAN", best_all_nan}, {"n=3, the last", best_at_end}, {"n=8", best_many}},
     JUDGE_ONLY(FN(best_right), {
        {FN(best_later), "of equal scores the last is taken.",
         "which comparison keeps the first of two equal numbers?", "11.3"},
        {FN(best_lowest), "this is the lowest.", "which score is better, a high or a low one?",
         "11.3"},
        {FN(best_nan_wins), "NAN counts as higher than any number.",
         "what is !(NAN <= 0.5) in C?", "11.3"},
        {FN(best_nan_stays), "if the first score is NAN, it stays, or nothing is found.",
         "is 0.5 > NAN in C?", "11.3"},
        {FN(best_above_zero), "the search begins at a score of 0.",
         "what if all scores are below 0?", "11.3"},
        {FN(best_positive), "the first must be above 0 to be taken.",
         "what if all scores are below 0?", "11.3"},
        {FN(best_value), "the score is returned, not its place.",
         "is the index asked for, or the score?", "11.3"}})},
    {"11.7", "trials_halve", FN(trials_halve),
     {{"n=5, by hand", halve_by_hand}, {"n=6, equal scores", halve_ties},
      {"n=6, three NAN", halve_nan}, {"n=7, five NAN", halve_mostly_nan}, {"n=12", halve_many},
      {"n=1", halve_one}},
     JUDGE_ONLY(FN(halve_right), {
        {FN(halve_rounds_down), "of an odd number the smaller half is kept.",
         "what is (5 + 1) / 2, and what is 5 / 2?", "11.5"},
        {FN(halve_one_more), "of an even number one too many is kept.",
         "what is (6 + 1) / 2 in C?", "11.5"},
        {FN(halve_by_place), "the score is looked up by place, not by trial.",
         "which trial stands at alive[2], and where is its score?", "11.5"},
        {FN(halve_worst), "the worse half is kept.", "is a high score good, or bad?", "11.5"},
        {FN(halve_nan_wins), "NAN counts as better than any number.",
         "what became of a trial whose score is NAN?", "11.5"},
        {FN(halve_ties_last), "of equal scores the last is taken first.",
         "which comparison keeps the first of two equal numbers?", "11.5"},
        {FN(halve_ties_number), "of equal scores the trial with the lower number is first.",
         "of equal ones, which goes first?", "11.5"},
        {FN(halve_places), "these are places in alive, not trials.",
         "what does alive[2] say?", "11.5"},
        {FN(halve_unsorted), "the right ones are kept, but not from best to worst.",
         "in which order should they stand?", "11.5"},
        {FN(halve_keeps_all), "all are kept.", "how many should stay?", "11.5"}})},
    {"11.8", "range_rate", FN(range_rate),
     {{"0.001 to 1 in 4, by hand", range_rate_by_hand}, {"2e-5 to 30 in 9", range_rate_many},
      {"4 down to 0.25 in 3", range_rate_down}},
     JUDGE_ONLY(FN(rate_right), {
        {FN(rate_linear), "the rate grows by sums, not by factors.",
         "from 0.001 to 1, what should stand in the middle?", "11.6"},
        {FN(rate_swapped), "low and high have changed places.",
         "which is the first rate?", "11.6"},
        {FN(rate_no_low), "the factor low is missing.", "which is the first rate?", "11.6"},
        {FN(rate_as_int), "i / (n-1) is cut to a whole number.", "what is 1 / 3 in C?", "11.6"},
        {FN(rate_by_n), "this divides by n: high is never reached.",
         "how many steps lie between the first and the last of n rates?", "11.6"},
        {FN(rate_from_one), "this counts from 1: low is never taken.",
         "which is the first rate?", "11.6"},
        {FN(rate_whole_power), "the whole factor is taken at every step.",
         "how often must the factor of one step be taken to come from low to high?", "11.6"}})},
    {"11.9", "range_suggest", FN(range_suggest),
     {{"n=12, a valley", suggest_valley}, {"n=10, one lucky loss", suggest_lucky},
      {"n=16, over, then 0", suggest_over},
      {"n=14, low, over, then 0", suggest_low}, {"n=9, NAN, then low", suggest_nan},
      {"n=5, still falling", suggest_falls}, {"n=4, rising", suggest_flat}},
     JUDGE_ONLY(FN(suggest_right), {
        {FN(suggest_raw), "the losses are not made smooth.",
         "what if one batch was easy by chance?", "11.6"},
        {FN(suggest_biased), "the division by 1 - 0.9^(i+1) is missing.",
         "what is s[0], compared with loss[0]?", "11.6"},
        {FN(suggest_weights), "0.9 and 0.1 have changed places.",
         "should the new loss count most, or those before it?", "11.6"},
        {FN(suggest_no_tenth), "this is the rate where learning is about to break.",
         "how far from the edge would you train?", "11.6"},
        {FN(suggest_goes_on), "the test goes on after the loss has shot up.",
         "what is a low loss worth, after a high one has ruined the weights?", "11.6"},
        {FN(suggest_steepest), "this is where the loss falls fastest.",
         "which place does this exercise ask for?", "11.6"},
        {FN(suggest_last), "this is the last rate before the end.",
         "which place does this exercise ask for?", "11.6"}})},
    {0}};
