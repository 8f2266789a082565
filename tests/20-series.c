/* 20-series: the tests. */
#include "grade.h"
#include "series.c"
#include "gold/20-series.h"

/* No comparison knows a NAN, so in the arrays of a case 9 stands for it, and no other number
 * is 9.  In outputs it does so only where a NAN is asked for. */
enum { NA = 9 };

static void missing_hide(float *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = x[i] == NA ? NAN : x[i];
}

/* What was never written is a NAN too, and stays one. */
static void missing_show(const struct run *r, float *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = isnan(x[i]) && memcmp(x + i, &r->fill, 4) ? NA : x[i];
}

/* Runs of missing numbers of many lengths. */
static void missing_some(float *x, int n)
{
    for (int t = 1; t < n; t++)
        x[t] = x[t] > 0.6f || (x[t-1] == NA && x[t] > -0.2f) ? NA : x[t];
}

/* How many numbers the series of a case has, or how many pictures there are: the mistakes
 * read no others. */
int known;
#define SERIES(x, n) IN(x, n); known = n

/* ---- 20.1 gaps_fill -------------------------------------------------------------- */

/* Hint 20.1: a sensor stood still from 3 to 5 o'clock.  At 2 o'clock it had 10 degrees; the
 * day before there were 7, 9, 12 and 14 at 2, 3, 4 and 5 o'clock.  What would you write down
 * for 3 o'clock, and what then for 4?
 *
 * With the season 24 the change from 2 to 3 o'clock was 9 - 7 = 2 a day ago, so 12 is written
 * down: x[t] = x[t-1] + (x[t-24] - x[t-25]).  At 4 o'clock x[t-1] is this 12.  Without both
 * numbers of the change, x[t] = x[t-1].
 *
 * One loop over t from 1 on.  First an if with two questions to isnan(): nothing to do where
 * x[t] is there, or where x[t-1] is not.  Then the change, which is 0 if t <= season or if it
 * is a NAN; then x[t], and one more is filled.
 */
typedef int fill_like(float *x, int n, int season);
fill_like gaps_fill;

/* What is found is kept beside what becomes of it. */
#define GAPS_BEGIN(n) IN(found, n); OUT(x, n); OUT_INT(result, 1)
#define GAPS_CALL(n, season) memcpy(x, found, (n) * sizeof *x); \
    missing_hide(x, n); \
    *result = f(x, n, season)

CASE(gaps_by_hand, fill_like)
{
    GAPS_BEGIN(12);
    SET(found, 1, 3, 6, 0,   2, 4, NA, NA,   8, 11, NA, 5);
    GAPS_CALL(12, 4);
    EXPECT(x, 1, 3, 6, 0,   2, 4, 7, 1,   8, 11, 14, 5);
    EXPECT(result, 3);
}

CASE(gaps_first_season, fill_like)
{
    GAPS_BEGIN(9);
    SET(found, 1, 3, NA,   NA, NA, 6,   8, NA, NA);
    GAPS_CALL(9, 3);
    EXPECT(x, 1, 3, 3,   3, 5, 6,   8, 10, 11);
    EXPECT(result, 5);
}

CASE(gaps_start, fill_like)
{
    GAPS_BEGIN(10);
    SET(found, NA, NA,   5, 6,   NA, 8,   NA, NA,   3, NA);
    GAPS_CALL(10, 2);
    missing_show(r, x, 10);
    EXPECT(x, NA, NA,   5, 6,   6, 8,   8, 10,   3, 5);
    EXPECT(result, 4);
}

CASE(gaps_long, fill_like)
{
    GAPS_BEGIN(37);
    for (int t = 12; t < 30; t++)
        found[t] = NA;
    GAPS_CALL(37, 5);
}

CASE(gaps_season_1, fill_like)
{
    GAPS_BEGIN(8);
    SET(found, 2, NA, 5, NA, NA, NA, 4, NA);
    GAPS_CALL(8, 1);
    EXPECT(x, 2, 2, 5, 8, 11, 14, 4, -6);
    EXPECT(result, 5);
}

#define GAPS_MANY(name, n, season) CASE(name, fill_like) \
    { GAPS_BEGIN(n); missing_some(found, n); GAPS_CALL(n, season); }
GAPS_MANY(gaps_many, 211, 12)
GAPS_MANY(gaps_short, 11, 23)

CASE(gaps_none, fill_like)
{
    GAPS_BEGIN(7);
    GAPS_CALL(7, 3);
}

CASE(gaps_nothing, fill_like)
{
    GAPS_BEGIN(5);
    SET(found, NA, NA, NA, NA, NA);
    GAPS_CALL(5, 2);
    missing_show(r, x, 5);
    EXPECT(result, 0);
}

CASE(gaps_one, fill_like)
{
    GAPS_BEGIN(1);
    GAPS_CALL(1, 4);
}

/* ---- 20.2 time_split ------------------------------------------------------------- */

/* Hint 20.2: of 10 numbers the newest 3 are for the test.  Which places have they, and where
 * do they begin?  Which places are before them, for 2 numbers of validation?
 *
 * *test = n - n test_percent / 100 and *validation = *test - n validation_percent / 100; each
 * quotient is one of whole numbers, so it is rounded down.  Multiply before you divide: what
 * is 15 / 100 in C?
 *
 * Two assignments, the test first.  2,000,000,000 times 15 does not fit into an int: one of
 * the factors must be a long before they are multiplied.
 */
typedef void split_like(int *validation, int *test, int n, int validation_percent,
                        int test_percent);
split_like time_split;

#define SPLIT(name, n, validation_percent, test_percent, first, second) \
    CASE(name, split_like) \
    { OUT_INT(validation, 1); OUT_INT(test, 1); \
      TOLERANCE(0); \
      f(validation, test, n, validation_percent, test_percent); \
      EXPECT(validation, first); \
      EXPECT(test, second); }
SPLIT(split_by_hand, 200, 20, 10, 140, 180)
SPLIT(split_small, 17, 20, 30, 9, 12)
SPLIT(split_down, 99, 15, 15, 71, 85)
SPLIT(split_exact, 100, 29, 58, 13, 42)
SPLIT(split_large_test, 99999999, 1, 99, 1, 1000000)
SPLIT(split_large_validation, 99999999, 99, 1, 1, 99000000)
SPLIT(split_no_validation, 41, 0, 25, 31, 31)
SPLIT(split_no_test, 41, 25, 0, 31, 41)
SPLIT(split_no_training, 50, 60, 40, 0, 30)
SPLIT(split_too_few, 3, 15, 30, 3, 3)

/* ---- 20.3 window_origins --------------------------------------------------------- */

/* Hint 20.3: a part goes from 3 to 9, T = 2, horizon = 4.  Which numbers does the forecast
 * with the origin 3 read, which does it ask for?  Which is the last origin whose answer lies
 * within the part?
 *
 * The smallest origin is the larger of from and T: what is read may lie in an earlier part.
 * The answer of o ends at o + horizon - 1, and this must be to - 1 at most.  With to = 10 the
 * last origin here is 6.
 *
 * One loop over o from that smallest one, in steps of every, as long as o + horizon <= to.
 * In it: origins[count] = o unless origins is NULL, and count grows in any case.
 */
typedef int origins_like(int *origins, int from, int to, int T, int horizon, int every);
origins_like window_origins;

/* How many numbers origins has room for: the mistakes write no more. */
int room;

/* They are listed, then counted; what is left of a list that was begun becomes -1. */
static void origins_of(struct run *r, origins_like *f, int from, int to, int T, int horizon,
                       int every, int more)
{
    int *origins = array_new(r, "origins", OUTPUT, 'i', 1, (int[]){more, 0});
    OUT_INT(result, 1); OUT_INT(counted, 1);
    room = more;
    TOLERANCE(0);
    *result = f(origins, from, to, T, horizon, every);
    *counted = f(NULL, from, to, T, horizon, every);
    bool begun = false;
    for (int i = 0; i < more; i++)
        begun |= memcmp(origins + i, &r->fill, 4) != 0;
    for (int i = 0; i < more && begun; i++)
        if (!memcmp(origins + i, &r->fill, 4))
            origins[i] = -1;
}

#define ORIGINS(name, from, to, T, horizon, every, more, ...) CASE(name, origins_like) \
    { origins_of(r, f, from, to, T, horizon, every, more); \
      EXPECT(r->arrays[0].data, __VA_ARGS__); }
ORIGINS(origins_by_hand, 11, 20, 4, 3, 2, 10, 11, 13, 15, 17, -1, -1, -1, -1, -1, -1)
ORIGINS(origins_training, 0, 12, 5, 4, 1, 13, 5, 6, 7, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1)
ORIGINS(origins_reach_back, 3, 15, 5, 2, 3, 6, 5, 8, 11, -1, -1, -1)
ORIGINS(origins_touch, 6, 14, 6, 3, 2, 5, 6, 8, 10, -1, -1)
ORIGINS(origins_one, 7, 10, 7, 3, 1, 1, 7)
ORIGINS(origins_far, 9, 30, 4, 5, 50, 2, 9, -1)

#define ORIGINS_MANY(name, from, to, T, horizon, every, more) CASE(name, origins_like) \
    { origins_of(r, f, from, to, T, horizon, every, more); }
ORIGINS_MANY(origins_none, 5, 8, 2, 4, 1, 3)
ORIGINS_MANY(origins_too_short, 0, 6, 7, 1, 1, 2)
ORIGINS_MANY(origins_long, 400, 1000, 24, 25, 7, 83)

/* ---- 20.4 window_batch ----------------------------------------------------------- */

/* Hint 20.4: for the origin 100 and T = 3, which three hours are read?  And of which hour is
 * the first number asked for?
 *
 * Step t of window n is row o - T + t of inputs, D numbers that begin at (o - T + t)*D; they
 * go to x + (t*N + n)*D.  Answer h is target[o + h], so y[n,0] is target[o]: what is read
 * ends just before it.
 *
 * A loop over n, in it o = origins[n].  Two loops over t and d with one assignment, then a
 * loop over h with another.
 */
typedef void window_like(float *x, float *y, const float *inputs, const float *target,
                         const int *origins, int T, int N, int D, int horizon);
window_like window_batch;

CASE(window_by_hand, window_like)
{
    OUT(x, 2, 3, 2); OUT(y, 3, 4); IN(inputs, 9, 2); SERIES(target, 9); LABELS(origins, 9, 3);
    SET(inputs, 1, -1,  2, -2,  3, -3,  4, -4,  5, -5,  6, -6,  7, -7,  8, -8,  9, -9);
    SET(target, 10, 20, 30, 40, 50, 60, 70, 80, 90);
    SET(origins, 4, 2, 3);
    f(x, y, inputs, target, origins, 2, 3, 2, 4);
    EXPECT(x, 3, -3,  1, -1,  2, -2,    4, -4,  2, -2,  3, -3);
    EXPECT(y, 50, 60, 70, 80,   30, 40, 50, 60,   40, 50, 60, 70);
}

/* The origins go from T to the last that has an answer, and both are among them. */
#define WINDOW(name, n, T, N, D, horizon) CASE(name, window_like) \
    { OUT(x, T, N, D); OUT(y, N, horizon); IN(inputs, n, D); SERIES(target, n); \
      LABELS(origins, n - T - horizon + 1, N); \
      origins[0] = n - T - horizon, origins[N / 2] = 0; \
      for (int i = 0; i < N; i++) \
          origins[i] += T; \
      f(x, y, inputs, target, origins, T, N, D, horizon); }
WINDOW(window_odd, 23, 5, 4, 3, 2)
WINDOW(window_one_input, 31, 7, 5, 1, 3)
WINDOW(window_long, 90, 24, 6, 2, 25)
WINDOW(window_one_step, 14, 1, 9, 4, 1)
WINDOW(window_alone, 12, 4, 1, 3, 5)
WINDOW(window_whole, 11, 6, 3, 2, 5)
WINDOW(window_many, 700, 13, 101, 3, 17)

/* ---- 20.5 seasonal_naive --------------------------------------------------------- */

/* Hint 20.5: it is Monday morning, and the last seven days are known.  What is forecast for
 * Wednesday, what for Wednesday in a week?
 *
 * y[h] is x[origin + h - season] as long as h < season.  From there on x[origin + h - season]
 * would be a number that has not come yet; y[h - season] stands for it.
 *
 * One loop over h, with one assignment: h < season asks which of the two is taken.
 */
typedef void naive_like(float *y, const float *x, int origin, int season, int horizon);
naive_like seasonal_naive;

CASE(naive_by_hand, naive_like)
{
    OUT(y, 7); SERIES(x, 20);
    SET(x, 1, 2, 3,  11, 12, 13,  24, 27, 21,  35, 31, 38,  -4, -7, -2,  -5, -9, -3,  0, 50);
    f(y, x, 10, 3, 7);
    EXPECT(y, 27, 21, 35,   27, 21, 35,   27);
}

#define NAIVE(name, n, origin, season, horizon) CASE(name, naive_like) \
    { OUT(y, horizon); SERIES(x, n); f(y, x, origin, season, horizon); }
NAIVE(naive_odd, 41, 23, 5, 13)
NAIVE(naive_short, 30, 14, 6, 4)
NAIVE(naive_equal, 30, 17, 7, 7)
NAIVE(naive_season_1, 17, 9, 1, 4)
NAIVE(naive_next, 40, 20, 9, 10)
NAIVE(naive_enough, 6, 6, 6, 15)
NAIVE(naive_one, 1, 1, 1, 3)
NAIVE(naive_first, 8, 8, 5, 1)
NAIVE(naive_long, 150, 77, 24, 73)

/* ---- 20.6 season_difference ------------------------------------------------------ */

/* Hint 20.6: x is 5, 7, 6, 9, 8 and the season 2.  Of how many numbers is it known how much
 * more they are than a season ago?  Which is the first of them?
 *
 * The first is 6, which is 1 more than 5: d[0] = x[2] - x[0] = 1, and so on to
 * d[n-season-1] = x[n-1] - x[n-1-season].
 *
 * One loop over t from 0, as long as t < n - season, with one assignment.
 */
typedef void difference_like(float *d, const float *x, int n, int season);
difference_like season_difference;

CASE(difference_by_hand, difference_like)
{
    OUT(d, 5); SERIES(x, 8);
    SET(x, 5, 7, 6,  9, 8, 10,  16, 3);
    f(d, x, 8, 3);
    EXPECT(d, 4, 1, 4, 7, -5);
}

#define DIFFERENCE(name, n, season) CASE(name, difference_like) \
    { OUT(d, n - season); SERIES(x, n); f(d, x, n, season); }
DIFFERENCE(difference_odd, 37, 5)
DIFFERENCE(difference_season_1, 9, 1)
DIFFERENCE(difference_half, 12, 7)
DIFFERENCE(difference_one, 25, 24)
DIFFERENCE(difference_long, 400, 52)

/* A season and no more: there is nothing to write. */
#define DIFFERENCE_NONE(name, n, season) CASE(name, difference_like) \
    { ADD_TO(d, 2); SERIES(x, n); f(d, x, n, season); }
DIFFERENCE_NONE(difference_none, 6, 6)
DIFFERENCE_NONE(difference_too_short, 4, 6)

/* ---- 20.7 season_restore --------------------------------------------------------- */

/* Hint 20.7: yesterday at noon there were 20 degrees.  For noon today a change of +3 is
 * forecast, for noon tomorrow one of +1: a change since when?  What is tomorrow's forecast?
 *
 * Today 20 + 3, tomorrow 23 + 1: y[h] = x[origin + h - season] + d[h] in the first season,
 * then y[h] = y[h - season] + d[h], onto our own forecast.
 *
 * The loop of 20.5; in the assignment d[h] is added.  As y may be d itself, d[h] must be read
 * before y[h] is written: one assignment, not two.
 */
typedef void restore_like(float *y, const float *d, const float *x, int origin, int season,
                          int horizon);
restore_like season_restore;

CASE(restore_by_hand, restore_like)
{
    OUT(y, 7); IN(d, 7); SERIES(x, 18);
    SET(x, 1, 2, 3,  11, 12, 13,  24, 27, 21,  35, 31, 38,  -4, -7, -2,  -5, -9, -3);
    SET(d, 1, -2, 3,   0.5, 4, -1,   6);
    f(y, d, x, 10, 3, 7);
    EXPECT(y, 28, 19, 38,   28.5, 23, 37,   34.5);
}

#define RESTORE(name, n, origin, season, horizon) CASE(name, restore_like) \
    { OUT(y, horizon); IN(d, horizon); SERIES(x, n); f(y, d, x, origin, season, horizon); }
#define RESTORE_IN_PLACE(name, n, origin, season, horizon) CASE(name, restore_like) \
    { ADD_TO(y, horizon); SERIES(x, n); f(y, y, x, origin, season, horizon); }
RESTORE(restore_odd, 41, 23, 5, 13)
RESTORE(restore_short, 30, 14, 6, 4)
RESTORE(restore_season_1, 17, 9, 1, 5)
RESTORE(restore_next, 40, 20, 9, 10)
RESTORE(restore_enough, 6, 6, 6, 15)
RESTORE_IN_PLACE(restore_in_place, 29, 13, 4, 11)
RESTORE_IN_PLACE(restore_in_place_short, 8, 8, 8, 5)

/* A series that is taken apart and put together again is itself: the d are those of the
 * days to come. */
CASE(restore_round, restore_like)
{
    OUT(y, 17); IN(d, 17); SERIES(x, 40);
    for (int h = 0; h < 17; h++)
        d[h] = x[20 + h] - x[13 + h];
    f(y, d, x, 20, 7, 17);
    for (int h = 0; h < 17; h++)
        y[h] -= x[20 + h] - 1;
}

/* ---- 20.8 rmse_by_horizon -------------------------------------------------------- */

/* Hint 20.8: ten forecasts of two days each have been made.  How many errors are there of
 * the first day?  Where in y do they stand, if each forecast is a row?
 *
 * e[h] = sqrt(sum / C), with the sum of (y[n*horizon + h] - t[n*horizon + h])^2 over those n
 * whose t is there, and C the number of them.  First the mean, then the root.
 *
 * A loop over h; in it a sum and a counter that begin as 0, a loop over n with one if; after
 * it the root, or NAN if the counter is 0.  1e30 squared is no float.
 */
typedef void rmse_like(float *e, const float *y, const float *t, int N, int horizon);
rmse_like rmse_by_horizon;

#define RMSE_ARRAYS(N, horizon) OUT(e, horizon); IN(y, N, horizon); IN(t, N, horizon)
#define RMSE_CALL(N, horizon) missing_hide(t, (N) * (horizon)); f(e, y, t, N, horizon); \
    missing_show(r, t, (N) * (horizon))

CASE(rmse_by_hand, rmse_like)
{
    RMSE_ARRAYS(4, 3);
    SET(y, 1, 5, 2,   4, 1, 0,   3, 3, 5,    6, -1, 0);
    SET(t, 2, 3, NA,  -3, 3, 6,  NA, 2, 13,  1, -3, 0);
    RMSE_CALL(4, 3);
    EXPECT(e, 5, 1.80277564, 5.77350269);  // roots of (1 + 49 + 25) / 3, 13 / 4, 100 / 3
}

CASE(rmse_gold, rmse_like)
{
    RMSE_ARRAYS(ERROR_N, ERROR_HORIZON);
    SET(y, ERROR_Y); SET(t, ERROR_T);
    RMSE_CALL(ERROR_N, ERROR_HORIZON);
    EXPECT(e, ERROR_E);
}

CASE(rmse_missing_column, rmse_like)
{
    RMSE_ARRAYS(3, 4);
    for (int n = 0; n < 3; n++)
        t[n*4 + 1] = NA;
    t[2*4] = NA;
    RMSE_CALL(3, 4);
    missing_show(r, e, 4);
}

#define RMSE(name, N, horizon, size) CASE(name, rmse_like) \
    { RMSE_ARRAYS(N, horizon); \
      SCALE(y, size); SCALE(t, size); \
      RMSE_CALL(N, horizon); }
RMSE(rmse_odd, 7, 5, 1)
RMSE(rmse_one, 1, 3, 1)
RMSE(rmse_one_step, 9, 1, 1)
RMSE(rmse_huge, 6, 4, 1e30f)
RMSE(rmse_tiny, 5, 3, 1e-30f)

CASE(rmse_many, rmse_like)
{
    RMSE_ARRAYS(113, 24);
    missing_some(t, 113*24);
    RMSE_CALL(113, 24);
}

CASE(rmse_right, rmse_like)
{
    RMSE_ARRAYS(3, 2);
    for (int i = 0; i < 3*2; i++)
        t[i] = y[i];
    RMSE_CALL(3, 2);
    EXPECT(e, 0, 0);
}

/* ---- 20.9 mase ------------------------------------------------------------------- */

/* Hint 20.9: is it good to be 2 degrees off?  In a place where every day is as the day
 * before, give or take half a degree?  In one where days differ by 10?
 *
 * The mean of |y[i] - t[i]| over the i that came, divided by the mean of |train[s] -
 * train[s-season]| over the s = season .. n-1 for which both numbers are there.  Each mean
 * has its own number of terms; the test part has no place in the second.
 *
 * Two loops, each with a sum and a counter of its own, and an if with isnan() for each
 * number that may be missing.  Then three divisions of doubles.
 */
typedef float mase_like(const float *y, const float *t, int count, const float *train, int n,
                        int season);
mase_like mase;

#define MASE_ARRAYS(count, n) IN(y, count); IN(t, count); IN(train, n); OUT(result, 1)
#define MASE_CALL(count, n, season) \
    missing_hide(t, count); missing_hide(train, n); \
    *result = f(y, t, count, train, n, season); \
    missing_show(r, t, count); missing_show(r, train, n)

CASE(mase_by_hand, mase_like)
{
    MASE_ARRAYS(5, 7);
    SET(y, 5, 1, 2, 0, 6);
    SET(t, 3, NA, 5, 0, 2);
    SET(train, 1, 4,  NA, 6,  5, 10,  2);
    MASE_CALL(5, 7, 2);
    EXPECT(result, 0.75);  // (2 + 3 + 0 + 4) / 4 and (2 + 4 + 3) / 3
}

CASE(mase_by_hand_worse, mase_like)
{
    MASE_ARRAYS(2, 5);
    SET(y, 1, 2);
    SET(t, -4, 5);
    SET(train, 1, 2, 3,  0, 5);
    MASE_CALL(2, 5, 3);
    EXPECT(result, 2);  // (5 + 3) / 2 and (1 + 3) / 2
}

#define MASE(name, count, n, season, size, train_size) CASE(name, mase_like) \
    { MASE_ARRAYS(count, n); \
      missing_some(t, count); missing_some(train, n); \
      for (int i = 0; i < count; i++) \
          y[i] *= size, t[i] *= t[i] == NA ? 1 : size; \
      for (int i = 0; i < n; i++) \
          train[i] *= train[i] == NA ? 1 : train_size; \
      MASE_CALL(count, n, season); }
MASE(mase_odd, 17, 31, 5, 1, 1)
MASE(mase_few, 3, 60, 12, 1, 1)
MASE(mase_season_1, 11, 40, 1, 1, 1)
MASE(mase_huge, 9, 23, 4, 3e38f, 3e38f)
MASE(mase_tiny, 7, 19, 2, 1, 1e-30f)
MASE(mase_long, 500, 700, 24, 1, 30)

/* The last season of training and one number more. */
CASE(mase_enough, mase_like)
{
    MASE_ARRAYS(4, 10);
    MASE_CALL(4, 10, 9);
}

/* ---- 20.10 rolling_forecast ------------------------------------------------------ */

/* Hint 20.10: next is told what came this hour and says what the next hour brings.  What is
 * it told at midnight, if nothing has come since noon?
 *
 * It is told x[0] .. x[T-1], in order; what it says to the last of them is y[0].  Then it is
 * told y[0] and says y[1], is told y[1] and says y[2].  It is asked T + horizon - 1 times.
 *
 * Two loops, one behind the other, each with one call of next(state, ...).  Both keep what it
 * says: the first always in y[0], so that the last one stays there.
 */
typedef void rolling_like(float *y, const float *x, next_function *next, void *state, int T,
                          int horizon);
rolling_like rolling_forecast;

/* What it says depends on all it was told; what that was, is written down. */
struct listener { double memory; float *told; int calls, room; };

static float listener_next(void *state, float x)
{
    struct listener *s = state;
    s->memory = 0.7 * s->memory + x;
    if (s->calls < s->room)
        s->told[s->calls] = x;
    s->calls++;
    return (float)(0.9 * s->memory - 0.4 * x + 0.1);
}

/* The next number is one more than the sum of all. */
static float counter_next(void *state, float x)
{
    struct listener *s = state;
    s->memory += x;
    if (s->calls < s->room)
        s->told[s->calls] = x;
    s->calls++;
    return (float)(s->memory + 1);
}

/* Room for three calls too many, which are zero if there are none. */
#define ROLLING_BEGIN(T, horizon) OUT(y, horizon); IN(x, T); OUT(told, (T) + (horizon) + 2); \
    OUT_INT(calls, 1)
#define ROLLING_CALL(next, T, horizon) \
    struct listener s = {.told = told, .room = (T) + (horizon) + 2}; \
    memset(told, 0, (size_t)s.room * sizeof *told); \
    f(y, x, next, &s, T, horizon); \
    *calls = s.calls

CASE(rolling_by_hand, rolling_like)
{
    ROLLING_BEGIN(3, 4);
    SET(x, 1, 5, -3);
    ROLLING_CALL(counter_next, 3, 4);
    EXPECT(y, 4, 8, 16, 32);
    EXPECT(told, 1, 5, -3, 4, 8, 16, 0, 0, 0);
    EXPECT(calls, 6);
}

#define ROLLING(name, T, horizon) CASE(name, rolling_like) \
    { ROLLING_BEGIN(T, horizon); ROLLING_CALL(listener_next, T, horizon); }
ROLLING(rolling_odd, 7, 5)
ROLLING(rolling_far, 4, 19)
ROLLING(rolling_near, 9, 1)
ROLLING(rolling_two, 6, 2)
ROLLING(rolling_from_one, 1, 6)
ROLLING(rolling_one_one, 1, 1)
ROLLING(rolling_long, 52, 53)

/* ---- 20.11 quantile -------------------------------------------------------------- */

/* Hint 20.11: of 5 numbers in order, which is the median, q = 0.5?  Which is the largest, q =
 * 1?  What place has each, and what stands at the place in the middle of 0 and 1?
 *
 * The place is q (n - 1): 2 for the median of 5, 4 for the largest.  A place like 2.3 lies
 * between sorted[2] and sorted[3]; three tenths of the way from the one to the other.
 *
 * place is a double, k = (int)place, part = place - k.  An if for k at the last number, where
 * there is no sorted[k+1]; otherwise one line with a straight line in it.
 */
typedef float quantile_like(const float *sorted, int n, double q);
quantile_like quantile;

/* The quantiles of n numbers, as many as q has. */
#define QUANTILES_OF(n, count, ...) static const double q[] = {__VA_ARGS__}; \
    OUT(result, count); \
    for (int i = 0; i < count; i++) \
        result[i] = f(sorted, n, q[i])

/* Steps up, no number below the one before. */
static void ascend(float *sorted, int n)
{
    for (int i = 1; i < n; i++)
        sorted[i] = sorted[i-1] + fmaxf(0, sorted[i]);
}

CASE(quantile_by_hand, quantile_like)
{
    IN(sorted, 5);
    SET(sorted, 1, 2, 4, 8, 16);
    QUANTILES_OF(5, 7, 0.1, 0.9, 0.625, 0.5, 0.25, 0, 1);
    EXPECT(result, 1.4, 12.8, 6, 4, 2, 1, 16);
}

CASE(quantile_gold, quantile_like)
{
    IN(sorted, 12);
    SET(sorted, QUANTILE_X);
    QUANTILES_OF(12, 7, QUANTILE_Q);
    EXPECT(result, QUANTILES);
}

CASE(quantile_two, quantile_like)
{
    IN(sorted, 2);
    SET(sorted, -3, 5);
    QUANTILES_OF(2, 5, 0, 0.25, 0.5, 0.875, 1);
    EXPECT(result, -3, -1, 1, 4, 5);
}

CASE(quantile_one, quantile_like)
{
    IN(sorted, 1);
    QUANTILES_OF(1, 4, 0, 0.3, 0.95, 1);
}

#define QUANTILE(name, n, count, ...) CASE(name, quantile_like) \
    { IN(sorted, n); ascend(sorted, n); QUANTILES_OF(n, count, __VA_ARGS__); }
QUANTILE(quantile_odd, 17, 6, 0.05, 0.95, 0.333, 0.7, 0.01, 0.999)
QUANTILE(quantile_many, 1000, 6, 0.05, 0.95, 0.333, 0.71, 0.0001, 0.9999)

/* One step in the middle of many numbers: the place must be known to four digits behind
 * the point. */
CASE(quantile_step, quantile_like)
{
    IN(sorted, 100001);
    for (int i = 0; i < 100001; i++)
        sorted[i] = i > 77777;
    TOLERANCE(1e-6);
    QUANTILES_OF(100001, 4, 0.777771, 0.7777725, 0.777777, 0.7777791);
    EXPECT(result, 0.1, 0.25, 0.7, 0.91);
}

/* ---- 20.12 band_fit -------------------------------------------------------------- */

/* Hint 20.12: of 100 residuals 90 shall lie in the band, and as many below it as above.  How
 * many are that on each side?  Which quantiles are its limits?
 *
 * 5 below, so low is the 0.05 quantile, (1 - share)/2, and high the 0.95 quantile, (1 +
 * share)/2, of the numbers e[0*horizon + h], e[1*horizon + h] ... without those that are NAN.
 *
 * A loop over h; in it a loop over n that copies what is there to sorted and counts it; then
 * qsort() of so many, and two calls of quantile() with that count, or NAN twice if it is 0.
 */
typedef void band_like(float *low, float *high, float *sorted, const float *e, double share,
                       int N, int horizon);
band_like band_fit;

#define BAND_ARRAYS(N, horizon) OUT(low, horizon); OUT(high, horizon); OUT(sorted, N); \
    IN(e, N, horizon)
/* What is left in work space nobody asks for. */
#define BAND_CALL(share, N, horizon) missing_hide(e, (N) * (horizon)); \
    f(low, high, sorted, e, share, N, horizon); \
    memset(sorted, 0, (N) * sizeof *sorted); \
    missing_show(r, e, (N) * (horizon))
#define BAND_SHOW(horizon) missing_show(r, low, horizon); missing_show(r, high, horizon)

CASE(band_by_hand, band_like)
{
    BAND_ARRAYS(6, 2);
    SET(e, 3, 2,   -1, NA,   7, 6,   NA, -2,   0, 4,   2, 11);
    BAND_CALL(0.75, 6, 2);
    EXPECT(low, -0.5, 0);  // of -1 0 2 3 7 and -2 2 4 6 11, places 0.5 and 3.5
    EXPECT(high, 5, 8.5);
}

CASE(band_gold, band_like)
{
    BAND_ARRAYS(BAND_N, BAND_HORIZON);
    SET(e, BAND_E);
    BAND_CALL(0.8, BAND_N, BAND_HORIZON);
    EXPECT(low, BAND_LOW);
    EXPECT(high, BAND_HIGH);
}

CASE(band_missing_column, band_like)
{
    BAND_ARRAYS(4, 3);
    for (int n = 0; n < 4; n++)
        e[n*3 + 1] = NA;
    e[3*3 + 2] = NA;
    BAND_CALL(0.9, 4, 3);
    BAND_SHOW(3);
}

#define BAND(name, share, N, horizon) CASE(name, band_like) \
    { BAND_ARRAYS(N, horizon); missing_some(e, (N) * (horizon)); \
      BAND_CALL(share, N, horizon); \
      BAND_SHOW(horizon); }
BAND(band_odd, 0.9, 11, 5)
BAND(band_all, 1, 7, 4)
BAND(band_narrow, 0.1, 13, 3)
BAND(band_one, 0.9, 1, 6)
BAND(band_one_step, 0.5, 9, 1)
BAND(band_many, 0.9, 301, 24)

/* ---- 20.13 band_coverage --------------------------------------------------------- */

/* Hint 20.13: the forecast is 20, low is -3 and high is 2.  Between which two numbers is the
 * truth expected?  Does 22 lie in the band?
 *
 * From 17 to 22, both ends in it: y[n,h] + low[h] <= t[n,h] and t[n,h] <= y[n,h] + high[h].
 * Neither in the upper nor in the lower part of the quotient does a t count that is NAN.
 *
 * Two counters; two loops over n and h; in them one more came unless isnan(), and one more is
 * in if both comparisons hold.  In C 7 / 10 is 0: one of the two must be a double.
 */
typedef float coverage_like(const float *y, const float *t, const float *low,
                            const float *high, int N, int horizon);
coverage_like band_coverage;

#define COVERAGE_ARRAYS(N, horizon) IN(y, N, horizon); IN(t, N, horizon); IN(low, horizon); \
    IN(high, horizon); OUT(result, 1)
#define COVERAGE_CALL(N, horizon) missing_hide(t, (N) * (horizon)); \
    *result = f(y, t, low, high, N, horizon); \
    missing_show(r, t, (N) * (horizon))

CASE(coverage_by_hand, coverage_like)
{
    COVERAGE_ARRAYS(5, 3);
    SET(low, -3, -1, -5); SET(high, 2, 6, 1);
    SET(y, 20, 10, 1,     30, 12, 2,    25, 1, 0,    2, 14, 4,   3, 2, 5);
    SET(t, 22, 12.5, -1,  26, 14.5, 0,  21, -1, -2,  NA, NA, 2,  5, 8.5, 0);
    COVERAGE_CALL(5, 3);
    EXPECT(result, 9 / 13.0);  // 26, 21, the second -1 and 8.5 lie outside
}

/* Bands to both sides of the forecast, or on one side of it. */
#define COVERAGE(name, N, horizon, width) CASE(name, coverage_like) \
    { COVERAGE_ARRAYS(N, horizon); \
      missing_some(t, (N) * (horizon)); \
      for (int h = 0; h < horizon; h++) \
          low[h] = 0.4f * low[h] - width, high[h] = low[h] + width * (2.5f + high[h]); \
      COVERAGE_CALL(N, horizon); }
COVERAGE(coverage_odd, 7, 5, 0.5f)
COVERAGE(coverage_narrow, 31, 3, 0.2f)
COVERAGE(coverage_one_step, 23, 1, 0.4f)
COVERAGE(coverage_one, 1, 9, 0.5f)
COVERAGE(coverage_many, 211, 24, 0.5f)
COVERAGE(coverage_all, 5, 4, 5)

CASE(coverage_edges, coverage_like)
{
    COVERAGE_ARRAYS(3, 2);
    SET(low, -1, 0); SET(high, 1, 0);
    SET(y, 3, 4,   5, 6,   7, 8);
    SET(t, 2, 4,   6, 6,   8, 7);
    COVERAGE_CALL(3, 2);
    EXPECT(result, 5 / 6.0);
}

CASE(coverage_nothing, coverage_like)
{
    COVERAGE_ARRAYS(2, 3);
    SET(t, NA, NA, NA,   NA, NA, NA);
    COVERAGE_CALL(2, 3);
    missing_show(r, result, 1);
    EXPECT(result, NA);
}

/* ---- 20.14 picture_rows ---------------------------------------------------------- */

/* Hint 20.14*: in 4.12 a picture lay in one piece.  What lies beside row 0 of picture 0 now,
 * if step 0 holds the top rows of all N pictures?
 *
 * Row t of picture i are the D bytes from pixels + (i*T + t)*D on; they go to x + (t*N + n)*D
 * with i = order[n].  255 must become 1.
 *
 * Three loops, over n, t and d; in the innermost one assignment, with a division of floats.
 */
typedef void rows_like(float *x, const uint8_t *pixels, const int *order, int T, int N,
                       int D);
rows_like picture_rows;

static void rows_of(rows_like *f, float *x, const int *pixels, int pictures,
                    const int *order, int T, int N, int D)
{
    uint8_t *bytes = malloc((size_t)pictures * T * D);
    known = pictures;
    for (int i = 0; i < pictures * T * D; i++)
        bytes[i] = (uint8_t)pixels[i];
    f(x, bytes, order, T, N, D);
    free(bytes);
}

#define ROWS_ARRAYS(pictures, T, N, D) LABELS(pixels, 256, pictures, T, D); \
    LABELS(order, pictures, N); OUT(x, T, N, D)

CASE(rows_by_hand, rows_like)
{
    ROWS_ARRAYS(3, 2, 2, 3);
    SET(pixels, 1, 2, 3,  4, 5, 6,    51, 0, 255,  102, 153, 7,   204, 9, 8,  0, 51, 255);
    SET(order, 2, 1);
    rows_of(f, x, pixels, 3, order, 2, 2, 3);
    EXPECT(x, 0.8, 9 / 255.0, 8 / 255.0,   0.2, 0, 1,
           0, 0.2, 1,                      0.4, 0.6, 7 / 255.0);
}

#define ROWS(name, pictures, T, N, D) CASE(name, rows_like) \
    { ROWS_ARRAYS(pictures, T, N, D); rows_of(f, x, pixels, pictures, order, T, N, D); }
ROWS(rows_odd, 5, 3, 4, 7)
ROWS(rows_tall, 3, 9, 5, 2)
ROWS(rows_one, 4, 6, 1, 5)
ROWS(rows_square, 7, 28, 6, 28)
ROWS(rows_flat, 6, 1, 3, 8)

/* ---- what only the judge holds --------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, in double, and `how` says what is wrong with it: RIGHT
 * nothing. */
enum how {
    RIGHT, CARRIED, COPIED, INTERPOLATED, NEXT, ONLY_FIRST, FROM_MEASURED, SEASON_LESS,
    SEASON_MORE, MINUS, START, COUNT_ALL, NAN_STAYS, ROUNDED, UP, TRAIN_DOWN, COUNTS, FRONT,
    OF_REST, SWAPPED, BEFORE, FRACTION, DIVIDED_FIRST, SAME_END, TOGETHER, STRICT, LOOSE,
    ANY_ANSWER, IN_PART, NO_WINDOW, ONE_MORE, EVERY_IGNORED, MULTIPLES, STARTS, BY_HORIZON,
    NULL_IS_NONE, PAST_ONLY, FUTURE, RUNNING, FIRST_ONLY, FIRST_SEASON, BOUND,
    SUMMED, IN_PLACE, CHANGE_AGAIN, LAST, NO_ROOT, MEAN_ABSOLUTE, SUM, BY_N, ZERO, NAN_KEPT,
    AXIS, ALL, ONE_LESS, ROOT_FIRST, GROWS, LAG_1, TEST_SCALE, SUMS, BY_COUNT, SCALE_BY_N,
    SCALE_BY_PAIRS, SQUARES, SIGNED, INVERTED, ERROR_ONLY, LEVEL, AGAIN, TWICE, LATE, EXTRA,
    ONLY_LAST, BACKWARDS, DELAYED, SKIPS_LAST, CONSTANT, FROM_X, NEAREST, LOWER, UPPER,
    MIDPOINT, FROM_ONE, HAZEN, PART_TURNED, PLACE_MORE, PLACE_LESS, FROM_TOP, BY_VALUE,
    ONE_SIDED, HALF, UNSORTED, SYMMETRIC, MIN_MAX, SORTS_E, NONE_IS_0, LOW_ONLY, HIGH_ONLY,
    BAND_ALONE, MINUS_LOW, BY_ALL, MISSING_IN, WHOLE_QUOTIENT, OUTSIDE, WHOLE_ROWS, RESIDUAL,
    FIRST_BAND
};

/* A wrong place must not lead the judge out of a series. */
static double peek(const float *x, int i) { return i < 0 || i >= known ? 0 : x[i]; }

static int larger(int a, int b) { return a > b ? a : b; }

/* ---- gaps ---- */

/* The change of a season ago, NAN where it is not known. */
static double change_at(const double *y, int t, int n, int season, enum how how)
{
    int k = t - season + (how == SEASON_LESS) - (how == SEASON_MORE);
    if (k < 1 || k >= n || how == CARRIED)
        return how == NAN_STAYS || how == CARRIED ? 0 : NAN;
    return how == MINUS ? y[k-1] - y[k] : y[k] - y[k-1];
}

/* What stands for a missing number; first: of its gap. */
static double gap_value(const float *x, const double *y, int t, int n, int season,
                        enum how how)
{
    int first = t, next = t;
    while (isnan(x[first]))
        first--;
    while (next < n && isnan(x[next]))
        next++;
    double change = change_at(y, t, n, season, how), last = y[t-1];
    if (how == COPIED)
        return t >= season && !isnan(y[t-season]) ? y[t-season] : last;
    if (how == NEXT)
        return next < n ? x[next] : last;
    if (how == INTERPOLATED)
        return next < n ? x[first] + (x[next] - x[first]) * (t - first) / (next - first) : last;
    if (how == ONLY_FIRST && t - first > 1)
        return NAN;
    if (how == FROM_MEASURED)
        last = x[first];
    return isnan(change) && how != NAN_STAYS ? last : last + change;
}

static int gaps_made(float *x, int n, int season, enum how how)
{
    double *y = calloc((size_t)n, sizeof *y);
    int first = 0, filled = 0;
    while (first < n && isnan(x[first]))
        first++;
    for (int t = 0; t < n; t++) {
        y[t] = x[t];
        if (t < first) {
            y[t] = how == START && first < n ? x[first] : NAN;
            filled += how == START || how == COUNT_ALL;
        } else if (isnan(x[t])) {
            y[t] = gap_value(x, y, t, n, season, how);
            filled += !isnan(y[t]) || (how == NAN_STAYS && !isnan(y[t-1]));
        }
    }
    for (int t = 0; t < n; t++)
        x[t] = (float)y[t];
    free(y);
    return filled;
}

#define GAPS_OF(name, how) static int name(float *x, int n, int season) \
    { return gaps_made(x, n, season, how); }
GAPS_OF(gaps_right, RIGHT)
GAPS_OF(gaps_carried, CARRIED)
GAPS_OF(gaps_copied, COPIED)
GAPS_OF(gaps_interpolated, INTERPOLATED)
GAPS_OF(gaps_next, NEXT)
GAPS_OF(gaps_only_first, ONLY_FIRST)
GAPS_OF(gaps_from_measured, FROM_MEASURED)
GAPS_OF(gaps_season_less, SEASON_LESS)
GAPS_OF(gaps_season_more, SEASON_MORE)
GAPS_OF(gaps_minus, MINUS)
GAPS_OF(gaps_from_start, START)
GAPS_OF(gaps_count_all, COUNT_ALL)
GAPS_OF(gaps_nan_stays, NAN_STAYS)

/* ---- the split ---- */

/* percent of n, rounded down. */
static int part_of(int n, int percent, enum how how)
{
    int64_t hundredths = (int64_t)n * percent;
    switch (how) {
    case ROUNDED:       return (int)((hundredths + 50) / 100);
    case UP:            return (int)((hundredths + 99) / 100);
    case FRACTION:      return (int)(n * (percent / 100.0));
    case DIVIDED_FIRST: return n / 100 * percent;
    default:            return (int)(hundredths / 100);
    }
}

static void split_made(int *validation, int *test, int n, int validation_percent,
                       int test_percent, enum how how)
{
    int v = how == SWAPPED ? test_percent : validation_percent;
    int t = how == SWAPPED ? validation_percent : test_percent;
    int begin = n - part_of(n, t, how);
    *test = begin - (how == BEFORE);
    *validation = begin - part_of(how == OF_REST ? begin : n, v, how) - (how == BEFORE);
    if (how == TRAIN_DOWN)
        *test = part_of(n, 100 - t, how), *validation = part_of(n, 100 - t - v, how);
    if (how == TOGETHER)
        *validation = n - part_of(n, t + v, how);
    if (how == COUNTS)
        *test = part_of(n, t, how), *validation = part_of(n, v, how);
    if (how == FRONT)
        *validation = part_of(n, v, how), *test = *validation + part_of(n, t, how);
    if (how == SAME_END)
        *validation = n - part_of(n, v, how);
}

#define SPLIT_OF(name, how) static void name(int *validation, int *test, int n, int v, int t) \
    { split_made(validation, test, n, v, t, how); }
SPLIT_OF(split_right, RIGHT)
SPLIT_OF(split_rounded, ROUNDED)
SPLIT_OF(split_up, UP)
SPLIT_OF(split_train_down, TRAIN_DOWN)
SPLIT_OF(split_counts, COUNTS)
SPLIT_OF(split_front, FRONT)
SPLIT_OF(split_of_rest, OF_REST)
SPLIT_OF(split_swapped, SWAPPED)
SPLIT_OF(split_before, BEFORE)
SPLIT_OF(split_fraction, FRACTION)
SPLIT_OF(split_divided_first, DIVIDED_FIRST)
SPLIT_OF(split_same_end, SAME_END)
SPLIT_OF(split_together, TOGETHER)

/* ---- origins ---- */

/* Is this an origin, all but the steps of `every`? */
static bool origin_good(int o, int from, int to, int T, int horizon, enum how how)
{
    int low = how == IN_PART ? from + T : how == NO_WINDOW ? from
              : how == PAST_ONLY ? T : larger(from, T + (how == ONE_MORE));
    int last = how == ANY_ANSWER ? o : o + horizon - 1;
    return o >= low && last <= to - 1 - (how == STRICT) + (how == LOOSE);
}

static int origins_made(int *origins, int from, int to, int T, int horizon, int every,
                        enum how how)
{
    int count = 0, first = -1;
    for (int o = 0; o <= to; o++) {
        if (!origin_good(o, from, to, T, horizon, how))
            continue;
        first = first < 0 ? o : first;
        int by = how == BY_HORIZON ? horizon : how == EVERY_IGNORED ? 1 : every;
        if ((how == MULTIPLES ? o : o - first) % by)
            continue;
        if (origins && count < room)
            origins[count] = how == STARTS ? o - T : o;
        count++;
    }
    return how == NULL_IS_NONE && !origins ? 0 : count;
}

#define ORIGINS_OF(name, how) \
    static int name(int *origins, int from, int to, int T, int horizon, int every) \
    { return origins_made(origins, from, to, T, horizon, every, how); }
ORIGINS_OF(origins_right, RIGHT)
ORIGINS_OF(origins_strict, STRICT)
ORIGINS_OF(origins_loose, LOOSE)
ORIGINS_OF(origins_any_answer, ANY_ANSWER)
ORIGINS_OF(origins_in_part, IN_PART)
ORIGINS_OF(origins_no_window, NO_WINDOW)
ORIGINS_OF(origins_one_more, ONE_MORE)
ORIGINS_OF(origins_every_ignored, EVERY_IGNORED)
ORIGINS_OF(origins_multiples, MULTIPLES)
ORIGINS_OF(origins_starts, STARTS)
ORIGINS_OF(origins_by_horizon, BY_HORIZON)
ORIGINS_OF(origins_null_is_none, NULL_IS_NONE)
ORIGINS_OF(origins_past_only, PAST_ONLY)

/* ---- windows ---- */

/* Number i of the inputs, which have D in a row. */
static double input_at(const float *inputs, int i, int D)
{
    return i < 0 || i >= known * D ? 0 : inputs[i];
}

#define ROW(i) input_at(inputs, (i)*D + d, D)
#define TARGET(i) peek(target, i)
#define TIME_FIRST (t*N + n)*D + d
#define WINDOW_OF(name, place, value, answer_place, answer) \
    static void name(float *x, float *y, const float *inputs, const float *target, \
                     const int *origins, int T, int N, int D, int horizon) \
    { \
        for (int i = 0; i < T*N*D; i++) { \
            int t = i / D / N, n = i / D % N, d = i % D, o = origins[n]; \
            (void)o; \
            x[place] = (float)(value); \
        } \
        for (int i = 0; i < N*horizon; i++) { \
            int n = i / horizon, h = i % horizon, d = 0, o = origins[n]; \
            (void)d, (void)h, (void)o; \
            y[answer_place] = (float)(answer); \
        } \
    }
WINDOW_OF(window_right, TIME_FIRST, ROW(o - T + t), i, TARGET(o + h))
WINDOW_OF(window_example_first, (n*T + t)*D + d, ROW(o - T + t), i, TARGET(o + h))
WINDOW_OF(window_with_origin, TIME_FIRST, ROW(o - T + 1 + t), i, TARGET(o + h))
WINDOW_OF(window_earlier, TIME_FIRST, ROW(o - T - 1 + t), i, TARGET(o + h))
WINDOW_OF(window_answer_late, TIME_FIRST, ROW(o - T + t), i, TARGET(o + h + 1))
WINDOW_OF(window_answer_early, TIME_FIRST, ROW(o - T + t), i, TARGET(o + h - 1))
WINDOW_OF(window_from_start, TIME_FIRST, ROW(o + t), i, TARGET(o + T + h))
WINDOW_OF(window_backwards, TIME_FIRST, ROW(o - 1 - t), i, TARGET(o + h))
WINDOW_OF(window_consecutive, TIME_FIRST, ROW(origins[0] + n - T + t), i,
          TARGET(origins[0] + n + h))
WINDOW_OF(window_from_inputs, TIME_FIRST, ROW(o - T + t), i, ROW(o + h))
WINDOW_OF(window_answers_turned, TIME_FIRST, ROW(o - T + t), h*N + n, TARGET(o + h))
WINDOW_OF(window_no_d, TIME_FIRST, input_at(inputs, o - T + t*D + d, D), i, TARGET(o + h))
WINDOW_OF(window_one_answer, TIME_FIRST, ROW(o - T + t), i, TARGET(o))

/* ---- the season ---- */

/* The naive forecast of step h of the horizon. */
#define NAIVE_OF(name, value) \
    static void name(float *y, const float *x, int origin, int season, int horizon) \
    { \
        for (int h = 0; h < horizon; h++) { \
            int k = h % season; \
            (void)k; \
            y[h] = (float)(value); \
        } \
    }

static double season_mean(const float *x, int origin, int season)
{
    double sum = 0;
    for (int t = origin - season; t < origin; t++)
        sum += x[t];
    return sum / season;
}

NAIVE_OF(naive_right, peek(x, origin - season + k))
NAIVE_OF(naive_future, peek(x, origin + h - season))
NAIVE_OF(naive_last, peek(x, origin - 1))
NAIVE_OF(naive_first_season, peek(x, k))
NAIVE_OF(naive_more, peek(x, origin - season - 1 + h % (season + 1)))
NAIVE_OF(naive_less, peek(x, origin - larger(season - 1, 1) + h % larger(season - 1, 1)))
NAIVE_OF(naive_bound, h <= season ? peek(x, origin + h - season) : y[h-season])
NAIVE_OF(naive_phase, peek(x, origin - season + (origin + h) % season))
NAIVE_OF(naive_back, peek(x, origin - season * (1 + h / season) + k))
NAIVE_OF(naive_backwards, peek(x, origin - 1 - k))
NAIVE_OF(naive_stuck, h < season ? peek(x, origin + h - season) : peek(x, origin - 1))
NAIVE_OF(naive_mean, season_mean(x, origin, season))
NAIVE_OF(naive_early, peek(x, origin - season - 1 + k))

#define DIFFERENCE_OF(name, value) \
    static void name(float *d, const float *x, int n, int season) \
    { \
        for (int t = 0; t < n - season; t++) \
            d[t] = (float)(value); \
    }
DIFFERENCE_OF(difference_right, (double)x[t + season] - x[t])
DIFFERENCE_OF(difference_minus, x[t] - x[t + season])
DIFFERENCE_OF(difference_lag_1, x[t + 1] - x[t])
DIFFERENCE_OF(difference_last, x[t + season] - x[t + season - 1])
DIFFERENCE_OF(difference_more, peek(x, t + season + 1) - x[t])
DIFFERENCE_OF(difference_less, x[t + season - 1] - x[t])
DIFFERENCE_OF(difference_at_t, t < season ? 0 : x[t] - x[t-season])
DIFFERENCE_OF(difference_quotient, x[t + season] / x[t])
DIFFERENCE_OF(difference_relative, (x[t + season] - x[t]) / x[t])
DIFFERENCE_OF(difference_first, x[t + season] - x[t % season])
DIFFERENCE_OF(difference_slope, (x[t + season] - x[t]) / season)
DIFFERENCE_OF(difference_absolute, fabsf(x[t + season] - x[t]))

static void difference_short(float *d, const float *x, int n, int season)
{
    difference_right(d, x, n - 1, season);
}

static void restore_made(float *y, const float *d, const float *x, int origin, int season,
                         int horizon, enum how how)
{
    double *made = calloc((size_t)horizon, sizeof *made), sum = 0;
    int lag = season + (how == SEASON_MORE);
    for (int h = 0; h < horizon; h++) {
        int k = h % season, from_x = h < lag || how == FUTURE || (how == BOUND && h == lag);
        double change = how == CHANGE_AGAIN ? d[k] : d[h];
        double before = from_x ? peek(x, origin + h - lag) : made[h-lag];
        sum += d[h];
        if (how == PAST_ONLY || how == SUMMED)
            before = peek(x, origin - season + k);
        if (how == FIRST_SEASON && h < season)
            before = peek(x, k);
        if (how == LAST || how == RUNNING)
            before = h && how == RUNNING ? made[h-1] : peek(x, origin - 1);
        if (how == SUMMED)
            change = sum;
        if (how == MINUS)
            change = -change;
        if (how == FIRST_ONLY && h >= season)
            change = 0;
        if (how == IN_PLACE && y == d)
            change = before;
        made[h] = before + change;
    }
    for (int h = 0; h < horizon; h++)
        y[h] = (float)made[h];
    free(made);
}

#define RESTORE_OF(name, how) \
    static void name(float *y, const float *d, const float *x, int origin, int season, \
                     int horizon) \
    { restore_made(y, d, x, origin, season, horizon, how); }
RESTORE_OF(restore_right, RIGHT)
RESTORE_OF(restore_past_only, PAST_ONLY)
RESTORE_OF(restore_future, FUTURE)
RESTORE_OF(restore_running, RUNNING)
RESTORE_OF(restore_minus, MINUS)
RESTORE_OF(restore_first_only, FIRST_ONLY)
RESTORE_OF(restore_first_season, FIRST_SEASON)
RESTORE_OF(restore_more, SEASON_MORE)
RESTORE_OF(restore_bound, BOUND)
RESTORE_OF(restore_summed, SUMMED)
RESTORE_OF(restore_twice, IN_PLACE)
RESTORE_OF(restore_change_again, CHANGE_AGAIN)
RESTORE_OF(restore_last, LAST)

/* ---- errors ---- */

/* The sums over one column, or over all with ALL. */
struct sums { double squares, sizes; int there, all; };

static void sums_add(struct sums *s, double y, double t, enum how how)
{
    s->all++;
    if (isnan(t) && how != ZERO && how != NAN_KEPT)
        return;
    double off = y - (isnan(t) && how == ZERO ? 0 : t);
    s->squares += off * off;
    s->sizes += fabs(off);
    s->there++;
}

static double sums_error(const struct sums *s, enum how how)
{
    if (s->there == 0)
        return how == NONE_IS_0 ? 0 : NAN;
    switch (how) {
    case NO_ROOT:       return s->squares / s->there;
    case MEAN_ABSOLUTE: return s->sizes / s->there;
    case SUM:           return sqrt(s->squares);
    case BY_N:          return sqrt(s->squares / s->all);
    case ONE_LESS:      return sqrt(s->squares / (s->there - 1));
    case ROOT_FIRST:    return sqrt(s->squares) / s->there;
    default:            return sqrt(s->squares / s->there);
    }
}

static void rmse_made(float *e, const float *y, const float *t, int N, int horizon,
                      enum how how)
{
    struct sums s = {0};
    for (int h = 0; h < horizon; h++) {
        if (how != GROWS)
            s = (struct sums){0};
        for (int n = 0; n < N; n++) {
            int i = how == AXIS ? h*N + n : n*horizon + h;
            sums_add(&s, y[i], t[i], how);
        }
        for (int i = 0; i < N*horizon && how == ALL; i++)
            if (i % horizon != h)
                sums_add(&s, y[i], t[i], how);
        e[h] = (float)sums_error(&s, how);
    }
}

#define RMSE_OF(name, how) \
    static void name(float *e, const float *y, const float *t, int N, int horizon) \
    { rmse_made(e, y, t, N, horizon, how); }
RMSE_OF(rmse_true, RIGHT)
RMSE_OF(rmse_no_root, NO_ROOT)
RMSE_OF(rmse_mean_absolute, MEAN_ABSOLUTE)
RMSE_OF(rmse_sum, SUM)
RMSE_OF(rmse_by_n, BY_N)
RMSE_OF(rmse_zero, ZERO)
RMSE_OF(rmse_nan_kept, NAN_KEPT)
RMSE_OF(rmse_axis, AXIS)
RMSE_OF(rmse_all, ALL)
RMSE_OF(rmse_one_less, ONE_LESS)
RMSE_OF(rmse_root_first, ROOT_FIRST)
RMSE_OF(rmse_grows, GROWS)
RMSE_OF(rmse_none_is_0, NONE_IS_0)

/* Size and number of the differences of a series to itself, `season` before. */
struct change { double sizes, squares; int there; };

static struct change changes_of(const float *x, int n, int season, enum how how)
{
    struct change c = {0};
    for (int s = season; s < n; s++) {
        double off = how == LEVEL ? x[s] : (double)x[s] - x[s-season];
        if (isnan(off) && how != NAN_KEPT)
            continue;
        c.sizes += fabs(off);
        c.squares += off * off;
        c.there++;
    }
    return c;
}

static float mase_made(const float *y, const float *t, int count, const float *train, int n,
                       int season, enum how how)
{
    struct change scale = how == TEST_SCALE ? changes_of(t, count, season, how)
                          : changes_of(train, n, how == LAG_1 ? 1 : season, how);
    double sizes = 0, squares = 0, plain = 0;
    int there = 0;
    for (int i = 0; i < count; i++) {
        double off = (double)y[i] - t[i];
        if (isnan(off) && how != NAN_KEPT)
            continue;
        sizes += fabs(off), squares += off * off, plain += off;
        there++;
    }
    switch (how) {
    case SUMS:           return (float)(sizes / scale.sizes);
    case BY_COUNT:       return (float)(sizes / count / (scale.sizes / scale.there));
    case SCALE_BY_N:     return (float)(sizes / there / (scale.sizes / n));
    case SCALE_BY_PAIRS: return (float)(sizes / there / (scale.sizes / (n - season)));
    case SQUARES:        return (float)sqrt(squares / there / (scale.squares / scale.there));
    case SIGNED:         return (float)(plain / there / (scale.sizes / scale.there));
    case INVERTED:       return (float)(scale.sizes / scale.there / (sizes / there));
    case ERROR_ONLY:     return (float)(sizes / there);
    default:             return (float)(sizes / there / (scale.sizes / scale.there));
    }
}

#define MASE_OF(name, how) \
    static float name(const float *y, const float *t, int count, const float *train, int n, \
                      int season) \
    { return mase_made(y, t, count, train, n, season, how); }
MASE_OF(mase_right, RIGHT)
MASE_OF(mase_lag_1, LAG_1)
MASE_OF(mase_test_scale, TEST_SCALE)
MASE_OF(mase_sums, SUMS)
MASE_OF(mase_by_count, BY_COUNT)
MASE_OF(mase_scale_by_n, SCALE_BY_N)
MASE_OF(mase_scale_by_pairs, SCALE_BY_PAIRS)
MASE_OF(mase_squares, SQUARES)
MASE_OF(mase_signed, SIGNED)
MASE_OF(mase_inverted, INVERTED)
MASE_OF(mase_error_only, ERROR_ONLY)
MASE_OF(mase_level, LEVEL)
MASE_OF(mase_nan_kept, NAN_KEPT)

/* ---- rolling ---- */

/* What is read before anything is forecast; the last answer. */
static float rolling_read(const float *x, next_function *next, void *state, int T,
                          enum how how)
{
    float said = 0;
    for (int t = how == ONLY_LAST ? T - 1 : 0; t < T - (how == SKIPS_LAST); t++)
        said = next(state, x[how == BACKWARDS ? T-1 - t : t]);
    if (how == TWICE)
        said = next(state, x[T-1]);
    return how == LATE ? next(state, said) : said;
}

/* Before each forecast all of the window, which moves on by one, is read anew. */
static void rolling_reread(float *y, const float *x, next_function *next, void *state, int T,
                           int horizon)
{
    for (int h = 0; h < horizon; h++)
        for (int t = 0; t < T; t++)
            y[h] = next(state, t + h < T ? x[t + h] : y[t + h - T]);
}

static void rolling_made(float *y, const float *x, next_function *next, void *state, int T,
                         int horizon, enum how how)
{
    y[0] = rolling_read(x, next, state, T, how);
    for (int h = 1; h < horizon; h++) {
        float told = y[h-1];
        if (how == AGAIN)
            told = x[T-1];
        if (how == FROM_X)
            told = x[(h - 1) % T];
        if (how == DELAYED)
            told = h > 1 ? y[h-2] : x[T-1];
        y[h] = how == CONSTANT ? y[0] : next(state, told);
    }
    if (how == EXTRA)
        next(state, y[horizon - 1]);
}

#define ROLLING_OF(name, how) \
    static void name(float *y, const float *x, next_function *next, void *state, int T, \
                     int horizon) \
    { rolling_made(y, x, next, state, T, horizon, how); }
ROLLING_OF(rolling_right, RIGHT)
ROLLING_OF(rolling_again, AGAIN)
ROLLING_OF(rolling_twice, TWICE)
ROLLING_OF(rolling_late, LATE)
ROLLING_OF(rolling_extra, EXTRA)
ROLLING_OF(rolling_only_last, ONLY_LAST)
ROLLING_OF(rolling_backwards, BACKWARDS)
ROLLING_OF(rolling_delayed, DELAYED)
ROLLING_OF(rolling_skips_last, SKIPS_LAST)
ROLLING_OF(rolling_constant, CONSTANT)
ROLLING_OF(rolling_from_x, FROM_X)

/* ---- quantiles and bands ---- */

/* sorted[k], or the end that is nearer. */
static double sorted_at(const float *sorted, int k, int n)
{
    return sorted[k < 0 ? 0 : k >= n ? n - 1 : k];
}

static double quantile_made(const float *sorted, int n, double q, enum how how)
{
    double place = (how == FROM_TOP ? 1 - q : q) * (n - 1);
    if (how == BY_N)
        place = q * n;
    if (how == FROM_ONE)
        place = q * (n + 1) - 1;
    if (how == HAZEN)
        place = q * n - 0.5;
    place = fmin(fmax(place, 0), n - 1);
    int k = (int)floor(place) + (how == PLACE_MORE) - (how == PLACE_LESS);
    double part = place - floor(place);
    double one = sorted_at(sorted, k, n), two = sorted_at(sorted, k + 1, n);
    switch (how) {
    case NEAREST:     return part < 0.5 ? one : two;
    case LOWER:       return one;
    case UPPER:       return part > 0 ? two : one;
    case MIDPOINT:    return part > 0 ? (one + two) / 2 : one;
    case PART_TURNED: return part * one + (1 - part) * two;
    case BY_VALUE:    return sorted[0] + q * ((double)sorted[n-1] - sorted[0]);
    default:          return (1 - part) * one + part * two;
    }
}

#define QUANTILE_OF(name, how) static float name(const float *sorted, int n, double q) \
    { return (float)quantile_made(sorted, n, q, how); }
QUANTILE_OF(quantile_right, RIGHT)
QUANTILE_OF(quantile_nearest, NEAREST)
QUANTILE_OF(quantile_lower, LOWER)
QUANTILE_OF(quantile_upper, UPPER)
QUANTILE_OF(quantile_midpoint, MIDPOINT)
QUANTILE_OF(quantile_by_n, BY_N)
QUANTILE_OF(quantile_from_one, FROM_ONE)
QUANTILE_OF(quantile_hazen, HAZEN)
QUANTILE_OF(quantile_part_turned, PART_TURNED)
QUANTILE_OF(quantile_place_more, PLACE_MORE)
QUANTILE_OF(quantile_place_less, PLACE_LESS)
QUANTILE_OF(quantile_from_top, FROM_TOP)
QUANTILE_OF(quantile_by_value, BY_VALUE)

static int ascending(const void *a, const void *b)
{
    double x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static void swap(float *a, float *b)
{
    float c = *a;
    *a = *b;
    *b = c;
}

/* The residuals of step h that are there; all that there are with ALL. */
static int residuals_take(float *sorted, const float *e, int h, int N, int horizon,
                          enum how how)
{
    int count = 0;
    for (int i = 0; i < N*horizon; i++) {
        int step = how == AXIS ? i / N : i % horizon;
        float one = isnan(e[i]) && how == ZERO ? 0 : e[i];
        one = how == SYMMETRIC ? fabsf(one) : how == RESIDUAL ? -one : one;
        if (!isnan(one) && (step == h || how == ALL))
            sorted[count++] = one;
    }
    if (how != UNSORTED)
        qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    return count;
}

static void band_made(float *low, float *high, const float *e, double share, int N,
                      int horizon, enum how how)
{
    float *sorted = malloc((size_t)(N*horizon) * sizeof *sorted);
    for (int h = 0; h < horizon; h++) {
        int n = residuals_take(sorted, e, h, N, horizon, how);
        double below = (1 - share) / 2, above = (1 + share) / 2;
        if (how == ONE_SIDED)
            below = 1 - share, above = share;
        if (how == HALF)
            below = share / 2, above = 1 - share / 2;
        if (how == MIN_MAX)
            below = 0, above = 1;
        if (how == SYMMETRIC)
            above = share;
        low[h] = high[h] = how == NONE_IS_0 ? 0 : NAN;
        if (n) {
            low[h] = (float)quantile_made(sorted, n, below, RIGHT);
            high[h] = (float)quantile_made(sorted, n, above, RIGHT);
        }
        if (how == SYMMETRIC)
            low[h] = -high[h];
        if (how == SWAPPED)
            swap(low + h, high + h);
    }
    free(sorted);
}

#define BAND_OF(name, how) \
    static void name(float *low, float *high, float *sorted, const float *e, double share, \
                     int N, int horizon) \
    { (void)sorted; band_made(low, high, e, share, N, horizon, how); }
BAND_OF(band_right, RIGHT)
BAND_OF(band_one_sided, ONE_SIDED)
BAND_OF(band_half, HALF)
BAND_OF(band_unsorted, UNSORTED)
BAND_OF(band_axis, AXIS)
BAND_OF(band_of_all, ALL)
BAND_OF(band_symmetric, SYMMETRIC)
BAND_OF(band_zero, ZERO)
BAND_OF(band_swapped, SWAPPED)
BAND_OF(band_min_max, MIN_MAX)
BAND_OF(band_negated, RESIDUAL)
BAND_OF(band_none_is_0, NONE_IS_0)

/* Sorts the residuals where they are, and so mixes the steps. */
static void band_sorts_e(float *low, float *high, float *sorted, const float *e, double share,
                         int N, int horizon)
{
    float *all = (float *)e;
    (void)sorted;
    for (int i = 1; i < N*horizon; i++)
        for (int k = i; k > 0 && (all[k] < all[k-1] || isnan(all[k-1])); k--)
            swap(all + k, all + k - 1);
    band_made(low, high, e, share, N, horizon, RIGHT);
}

/* Is what came in the band of step h around what was said? */
static bool covered(double said, double came, const float *low, const float *high, int h,
                    enum how how)
{
    double from = said + low[how == FIRST_BAND ? 0 : h];
    double to = said + high[how == FIRST_BAND ? 0 : h];
    switch (how) {
    case STRICT:     return from < came && came < to;
    case LOW_ONLY:   return from <= came;
    case HIGH_ONLY:  return came <= to;
    case BAND_ALONE: return low[h] <= came && came <= high[h];
    case MINUS_LOW:  return said - low[h] <= came && came <= to;
    case RESIDUAL:   return came + low[h] <= said && said <= came + high[h];
    case MISSING_IN: return !(came < from) && !(came > to);
    default:         return from <= came && came <= to;
    }
}

static float coverage_made(const float *y, const float *t, const float *low,
                           const float *high, int N, int horizon, enum how how)
{
    int in = 0, came = 0, whole = 0;
    for (int n = 0; n < N; n++) {
        bool row = true;
        for (int h = 0; h < horizon; h++) {
            int i = n*horizon + h;
            bool is_in = covered(y[i], t[i], low, high, h, how);
            in += is_in;
            row &= is_in || isnan(t[i]);
            came += !isnan(t[i]);
        }
        whole += row;
    }
    switch (how) {
    case BY_ALL:         return (float)in / (float)(N*horizon);
    case WHOLE_ROWS:     return (float)whole / (float)N;
    case OUTSIDE:        return (float)(came - in) / (float)came;
    case WHOLE_QUOTIENT: return came ? (float)(in / came) : NAN;
    default:             return (float)in / (float)came;
    }
}

#define COVERAGE_OF(name, how) \
    static float name(const float *y, const float *t, const float *low, const float *high, \
                      int N, int horizon) \
    { return coverage_made(y, t, low, high, N, horizon, how); }
COVERAGE_OF(coverage_right, RIGHT)
COVERAGE_OF(coverage_strict, STRICT)
COVERAGE_OF(coverage_low_only, LOW_ONLY)
COVERAGE_OF(coverage_high_only, HIGH_ONLY)
COVERAGE_OF(coverage_band_alone, BAND_ALONE)
COVERAGE_OF(coverage_minus_low, MINUS_LOW)
COVERAGE_OF(coverage_by_all, BY_ALL)
COVERAGE_OF(coverage_missing_in, MISSING_IN)
COVERAGE_OF(coverage_whole_quotient, WHOLE_QUOTIENT)
COVERAGE_OF(coverage_outside, OUTSIDE)
COVERAGE_OF(coverage_whole_rows, WHOLE_ROWS)
COVERAGE_OF(coverage_residual, RESIDUAL)
COVERAGE_OF(coverage_first_band, FIRST_BAND)

/* ---- pictures ---- */

/* i: the picture; t, n, d: step, example, number. */
#define ROWS_OF(name, place, value) \
    static void name(float *x, const uint8_t *pixels, const int *order, int T, int N, int D) \
    { \
        for (int n = 0; n < N; n++) \
            for (int t = 0; t < T; t++) \
                for (int d = 0; d < D; d++) { \
                    int i = order[n]; \
                    (void)i; \
                    x[place] = (float)(value); \
                } \
    }
ROWS_OF(rows_right, (t*N + n)*D + d, pixels[i*T*D + t*D + d] / 255.0)
ROWS_OF(rows_picture_first, (n*T + t)*D + d, pixels[(i*T + t)*D + d] / 255.0)
ROWS_OF(rows_columns, (t*N + n)*D + d, pixels[i*T*D + d*T + t] / 255.0)
ROWS_OF(rows_undivided, (t*N + n)*D + d, pixels[(i*T + t)*D + d])
ROWS_OF(rows_by_256, (t*N + n)*D + d, pixels[(i*T + t)*D + d] / 256.0)
ROWS_OF(rows_as_int, (t*N + n)*D + d, pixels[(i*T + t)*D + d] / 255)
ROWS_OF(rows_in_order, (t*N + n)*D + d, pixels[(n % known*T + t)*D + d] / 255.0)
ROWS_OF(rows_signed, (t*N + n)*D + d, (int8_t)pixels[(i*T + t)*D + d] / 255.0)
ROWS_OF(rows_negative, (t*N + n)*D + d, 1 - pixels[(i*T + t)*D + d] / 255.0)
ROWS_OF(rows_upside_down, (t*N + n)*D + d, pixels[(i*T + T-1 - t)*D + d] / 255.0)
ROWS_OF(rows_centred, (t*N + n)*D + d, pixels[(i*T + t)*D + d] / 127.5 - 1)
ROWS_OF(rows_next_row, (t*N + n)*D + d, pixels[(i + t)*D + d] / 255.0)
ROWS_OF(rows_first_row, (t*N + n)*D + d, pixels[i*T*D + d] / 255.0)

#endif

#define FN(f) (anything *)f
#define CHANGE "what happened a season ago, between the hour before and this one?"
#define FILLED_TOO "what stands before the second missing number, when you get there?"
#define WHO_KNOWS "who could have known that number at the time?"
#define TEN "10 numbers, 20 and 30 per cent: which places has each of the three parts?"
#define ORDER "what comes first in C, in n * percent / 100, and what is 7 * 15 / 100?"
#define LAST_ORIGIN "from 0 to 10: which is the last number that may be asked for?"
#define FIRST_ORIGIN "from = 3, T = 2: what does the origin 3 read, and is that allowed?"
#define GRID "which is the first origin of all, and how far is it from there to the next?"
#define ORIGIN_10 "origin 10, T = 3: which three places are read, and which is asked for first?"
#define TUESDAY "today is Monday, the season is a week: which past day stands for this Tuesday?"
#define TUESDAYS "and for Tuesday in a week, if this Tuesday has not come yet?"
#define WHOSE_CHANGE "d[t] says how much x[t + season] differs: from which number?"
#define ONTO "a change since when is d[h], and what is it therefore added to?"
#define WHAT_MEAN "errors of 3 and 5: which comes first, the mean or the root, and what is it?"
#define WHO_CAME "of how many forecasts of this step is it known how good they were?"
#define WHOSE_ERROR "which index says how far ahead, and which of the two is summed over?"
#define UNIT "in units of what is the error told, and where does that unit come from?"
#define OWN_MEAN "how many terms has each of the two sums?"
#define TOLD "T = 2, horizon = 3: what is next told in each of its four calls?"
#define PLACE "of 5 numbers, at which place is the median, and at which the largest?"
#define BETWEEN "1 and 2 are all the numbers: how large is the quantile 0.1, how large 0.9?"
#define TAILS "of 100 residuals 90 are to lie in the band: how many are left out on each side?"
#define ONE_STEP "which numbers of e belong to step h?"
#define IN_BAND "forecast 20, low -3, high 2: between which two numbers should the truth lie?"
#define KNOWN "which numbers count, above and below in the quotient, if some never came?"
#define WHERE_ROW "how many pixels has a picture, and how many a row?"

const struct exercise exercises[] = {
    {"20.1", "gaps_fill", FN(gaps_fill),
     {{"n=12 season=4, by hand", gaps_by_hand},
      {"n=9 season=3, gaps in the first season", gaps_first_season},
      {"n=10 season=2, a gap at the start", gaps_start},
      {"n=37 season=5, a gap of 18", gaps_long}, {"n=8 season=1, by hand", gaps_season_1},
      {"n=211 season=12, many gaps", gaps_many}, {"n=11 season=23", gaps_short},
      {"n=7 season=3, no gap", gaps_none}, {"n=5, nothing but gaps", gaps_nothing},
      {"n=1", gaps_one}},
     JUDGE_ONLY(FN(gaps_right), {
        {FN(gaps_carried), "each is the last number that was there, without a change.", CHANGE,
         "20.2"},
        {FN(gaps_copied), "each is the number of a season ago itself.", CHANGE, "20.2"},
        {FN(gaps_interpolated), "the gap is bridged by a straight line to what came behind it.",
         WHO_KNOWS, "20.2"},
        {FN(gaps_next), "the gap is filled with the number that came behind it.", WHO_KNOWS,
         "20.2"},
        {FN(gaps_only_first), "of each gap only the first number is filled.", FILLED_TOO, "20.2"},
        {FN(gaps_from_measured), "every change of a gap is added to the last measured number.",
         FILLED_TOO, "20.2"},
        {FN(gaps_season_less), "the change is one place too late: x[t-season+1] - x[t-season].",
         CHANGE, "20.2"},
        {FN(gaps_season_more), "the change is one place too early: x[t-season-1] less its own.",
         CHANGE, "20.2"},
        {FN(gaps_minus), "the change is subtracted.", CHANGE, "20.2"},
        {FN(gaps_from_start), "what is missing at the start is filled from what came later.",
         WHO_KNOWS, "20.2"},
        {FN(gaps_count_all), "what stays missing at the start is counted too.",
         "how many numbers did you write?", "20.2"},
        {FN(gaps_nan_stays), "where the change is not known, NAN is written.",
         "what is 3 + NAN?", "20.2"}})},
    {"20.2", "time_split", FN(time_split),
     {{"n=200, 20 and 10 per cent, by hand", split_by_hand},
      {"n=17, 20 and 30 per cent", split_small}, {"n=99, 15 and 15 per cent", split_down},
      {"n=100, 29 and 58 per cent", split_exact},
      {"n=99999999, 1 and 99 per cent", split_large_test},
      {"n=99999999, 99 and 1 per cent", split_large_validation},
      {"n=41, 0 and 25 per cent", split_no_validation},
      {"n=41, 25 and 0 per cent", split_no_test}, {"n=50, 60 and 40 per cent", split_no_training},
      {"n=3, 15 and 30 per cent", split_too_few}},
     JUDGE_ONLY(FN(split_right), {
        {FN(split_rounded), "the counts are rounded to the nearest.", ORDER, "20.3"},
        {FN(split_up), "the counts are rounded up.", ORDER, "20.3"},
        {FN(split_train_down), "the training part is rounded down, the test part is not.",
         "which of the three parts gets what rounding leaves over?", "20.3"},
        {FN(split_together), "the two counts are rounded as one.",
         "how many numbers has validation, counted by itself?", "20.3"},
        {FN(split_counts), "these are counts, not places.", TEN, "20.3"},
        {FN(split_front), "the parts are cut off at the old end.",
         "which part may hold the newest numbers?", "20.3"},
        {FN(split_of_rest), "validation gets its share of what the test has left.",
         "of how many numbers are both shares taken?", "20.3"},
        {FN(split_swapped), "the two shares have changed places.", TEN, "20.3"},
        {FN(split_before), "both parts begin one place too early.", TEN, "20.3"},
        {FN(split_same_end), "validation lies within the test part, or the test in it.", TEN,
         "20.3"},
        {FN(split_fraction), "the share is a fraction like 0.58, which no double is exactly.",
         "what is (int)(100 * 0.58) in C?", "20.3"},
        {FN(split_divided_first), "n / 100 is taken first: a whole number.", ORDER, "20.3"}})},
    {"20.3", "window_origins", FN(window_origins),
     {{"from 11 to 20, T=4 horizon=3 every=2, by hand", origins_by_hand},
      {"from 0 to 12, T=5 horizon=4 every=1", origins_training},
      {"from 3 to 15, T=5 horizon=2 every=3", origins_reach_back},
      {"from 6 to 14, T=6 horizon=3 every=2", origins_touch},
      {"from 7 to 10, T=7 horizon=3: just one", origins_one},
      {"from 5 to 8, horizon=4: none", origins_none},
      {"from 0 to 6, T=7: none", origins_too_short},
      {"from 9 to 30, every=50: the first alone", origins_far},
      {"from 400 to 1000, T=24 horizon=25 every=7", origins_long}},
     JUDGE_ONLY(FN(origins_right), {
        {FN(origins_strict), "the last origin is left out.", LAST_ORIGIN, "20.3"},
        {FN(origins_loose), "an answer reaches one number into the next part.", LAST_ORIGIN,
         "20.3"},
        {FN(origins_any_answer), "answers reach into the next part: only the origin is inside.",
         LAST_ORIGIN, "20.3"},
        {FN(origins_in_part), "what is read may not lie in an earlier part here.",
         FIRST_ORIGIN, "20.3"},
        {FN(origins_no_window), "nobody asks whether there are T numbers before the origin.",
         "from = 0, T = 2: what would the origin 0 read?", "20.3"},
        {FN(origins_past_only), "nobody asks whether the origin lies in the part.",
         FIRST_ORIGIN, "20.3"},
        {FN(origins_one_more), "there must be T + 1 numbers before the origin here.",
         "from = 0, T = 2: does the origin 2 have two numbers before it?", "20.3"},
        {FN(origins_every_ignored), "every origin is taken.", GRID, "20.3"},
        {FN(origins_multiples), "the multiples of every are taken.", GRID, "20.3"},
        {FN(origins_by_horizon), "the origins are horizon apart.", GRID, "20.3"},
        {FN(origins_starts), "these are the places where windows begin to read.", ORIGIN_10,
         "20.3"},
        {FN(origins_null_is_none), "without a list nothing is counted.",
         "what does a caller ask for who does not know yet how large the list must be?",
         "20.3"}})},
    {"20.4", "window_batch", FN(window_batch),
     {{"T=2 N=3 D=2 horizon=4, by hand", window_by_hand},
      {"T=5 N=4 D=3 horizon=2", window_odd}, {"T=7 N=5 D=1 horizon=3", window_one_input},
      {"T=24 N=6 D=2 horizon=25", window_long}, {"T=1 N=9 D=4 horizon=1", window_one_step},
      {"T=4 N=1 D=3 horizon=5", window_alone},
      {"T=6 N=3 D=2 horizon=5, of 11 numbers", window_whole},
      {"T=13 N=101 D=3 horizon=17", window_many}},
     JUDGE_ONLY(FN(window_right), {
        {FN(window_example_first), "x is [N,T,D], not [T,N,D].",
         "what lies beside the first step of window 0, in memory?", "20.3"},
        {FN(window_with_origin), "the number at the origin is read: it is the first answer.",
         ORIGIN_10, "20.3"},
        {FN(window_earlier), "the windows lie one place too early.", ORIGIN_10, "20.3"},
        {FN(window_answer_late), "the answers begin one place behind the origin.", ORIGIN_10,
         "20.3"},
        {FN(window_answer_early), "the first answer is the last number that was read.",
         ORIGIN_10, "20.3"},
        {FN(window_from_start), "the origin is taken for the place where a window begins.",
         ORIGIN_10, "20.3"},
        {FN(window_backwards), "the windows are read from the newest number to the oldest.",
         "which number has step 0?", "20.3"},
        {FN(window_consecutive), "window n begins n places behind window 0.",
         "what is origins[1] for?", "20.3"},
        {FN(window_from_inputs), "the answers are taken from inputs.",
         "what may inputs have that target has not?", "20.3"},
        {FN(window_answers_turned), "y is [horizon,N], not [N,horizon].",
         "which answers lie side by side in y?", "20.3"},
        {FN(window_no_d), "o - T is not multiplied by D.",
         "at which place of inputs begins row 10, if a row has 3 numbers?", "20.3"},
        {FN(window_one_answer), "every answer is the number at the origin.",
         "how many different numbers are asked for?", "20.3"}})},
    {"20.5", "seasonal_naive", FN(seasonal_naive),
     {{"origin=10 season=3 horizon=7, by hand", naive_by_hand},
      {"origin=23 season=5 horizon=13", naive_odd}, {"origin=14 season=6 horizon=4", naive_short},
      {"origin=17 season=7 horizon=7", naive_equal},
      {"origin=9 season=1 horizon=4", naive_season_1},
      {"origin=20 season=9 horizon=10", naive_next},
      {"origin=6 season=6 horizon=15, of 6 numbers", naive_enough},
      {"origin=1 season=1 horizon=3, of one number", naive_one},
      {"origin=8 season=5 horizon=1, of 8 numbers", naive_first},
      {"origin=77 season=24 horizon=73", naive_long}},
     JUDGE_ONLY(FN(naive_right), {
        {FN(naive_future), "from the second season on, numbers are read that have not come yet.",
         TUESDAYS, "20.4"},
        {FN(naive_bound), "the first number of the second season is read from x: the future.",
         TUESDAYS, "20.4"},
        {FN(naive_last), "all are the last number.", TUESDAY, "20.4"},
        {FN(naive_first_season), "this is the first season of the series.", TUESDAY, "20.4"},
        {FN(naive_more), "the season is one too long.", TUESDAY, "20.4"},
        {FN(naive_less), "the season is one too short.", TUESDAY, "20.4"},
        {FN(naive_early), "each number is that of the day before the right one.", TUESDAY,
         "20.4"},
        {FN(naive_phase), "the right season, but begun in the wrong place.", TUESDAY, "20.4"},
        {FN(naive_back), "the second season goes further into the past.", TUESDAYS, "20.4"},
        {FN(naive_backwards), "the season runs backwards.", TUESDAY, "20.4"},
        {FN(naive_stuck), "behind the first season the last number stays.", TUESDAYS, "20.4"},
        {FN(naive_mean), "all are the mean of the last season.", TUESDAY, "20.4"}})},
    {"20.6", "season_difference", FN(season_difference),
     {{"n=8 season=3, by hand", difference_by_hand}, {"n=37 season=5", difference_odd},
      {"n=9 season=1", difference_season_1}, {"n=12 season=7", difference_half},
      {"n=25 season=24: one number", difference_one}, {"n=400 season=52", difference_long},
      {"n=6 season=6: nothing to write", difference_none},
      {"n=4 season=6: nothing to write", difference_too_short}},
     JUDGE_ONLY(FN(difference_right), {
        {FN(difference_minus), "the sign is turned round.",
         "if it grows warmer from year to year, what sign has d?", "20.4"},
        {FN(difference_lag_1), "these are the changes to the next number.", WHOSE_CHANGE, "20.4"},
        {FN(difference_last), "these are the changes since the number just before.",
         WHOSE_CHANGE, "20.4"},
        {FN(difference_more), "the season is one too long.", WHOSE_CHANGE, "20.4"},
        {FN(difference_less), "the season is one too short.", WHOSE_CHANGE, "20.4"},
        {FN(difference_at_t), "d[t] belongs to x[t] here, and begins with zeros.",
         "to which number of x does d[0] belong?", "20.4"},
        {FN(difference_quotient), "this is a quotient.", WHOSE_CHANGE, "20.4"},
        {FN(difference_relative), "the changes are divided by x[t].",
         "from 5 to 9: how much is that in degrees?", "20.4"},
        {FN(difference_slope), "the changes are divided by season.",
         "from 5 to 9 within a season: what is to be added to 5?", "20.4"},
        {FN(difference_first), "all seasons are compared with the first.", WHOSE_CHANGE, "20.4"},
        {FN(difference_absolute), "the sign is lost.",
         "how would 20.7 know whether to go up or down?", "20.4"},
        {FN(difference_short), "the last number is missing.",
         "x[n-1] is known: which d belongs to it?", "20.4"}})},
    {"20.7", "season_restore", FN(season_restore),
     {{"origin=10 season=3 horizon=7, by hand", restore_by_hand},
      {"origin=23 season=5 horizon=13", restore_odd},
      {"origin=14 season=6 horizon=4", restore_short},
      {"origin=9 season=1 horizon=5", restore_season_1},
      {"origin=20 season=9 horizon=10", restore_next},
      {"origin=6 season=6 horizon=15, of 6 numbers", restore_enough},
      {"origin=13 season=4 horizon=11, y is d", restore_in_place},
      {"origin=8 season=8 horizon=5, of 8 numbers, y is d", restore_in_place_short},
      {"origin=20 season=7 horizon=17, the d of the days to come", restore_round}},
     JUDGE_ONLY(FN(restore_right), {
        {FN(restore_past_only), "every season is added to the last that is known.", ONTO, "20.4"},
        {FN(restore_future), "from the second season on, numbers are read that have not come yet.",
         "which numbers of x are known at the origin?", "20.4"},
        {FN(restore_bound), "the first number of the second season is read from x: the future.",
         "which is the first number that is not known at the origin?", "20.4"},
        {FN(restore_running), "each change is added to the number just before.", ONTO, "20.4"},
        {FN(restore_minus), "the changes are subtracted.",
         "20.6 subtracted: what undoes that?", "20.4"},
        {FN(restore_first_only), "behind the first season no change is added.", ONTO, "20.4"},
        {FN(restore_first_season), "the changes are added to the first season of the series.",
         ONTO, "20.4"},
        {FN(restore_more), "the season is one too long.", ONTO, "20.4"},
        {FN(restore_summed), "all changes up to h are added.", ONTO, "20.4"},
        {FN(restore_change_again), "the changes of the first season are added in all seasons.",
         "how many changes are there in d?", "20.4"},
        {FN(restore_last), "all changes are added to the last number.", ONTO, "20.4"},
        {FN(restore_twice), "where y is d, the change is overwritten before it is added.",
         "if y is d, what does y[h] = ... do to d[h]?", "20.4"}})},
    {"20.8", "rmse_by_horizon", FN(rmse_by_horizon),
     {{"N=4 horizon=3, by hand", rmse_by_hand}, {"N=5 horizon=7", rmse_gold},
      {"N=3 horizon=4, of one step nothing came", rmse_missing_column},
      {"N=7 horizon=5", rmse_odd}, {"N=1 horizon=3", rmse_one}, {"N=9 horizon=1", rmse_one_step},
      {"N=6 horizon=4, up to 1e30", rmse_huge}, {"N=5 horizon=3, up to 1e-30", rmse_tiny},
      {"N=113 horizon=24, much is missing", rmse_many}, {"N=3 horizon=2, all right", rmse_right}},
     JUDGE_ONLY(FN(rmse_true), {
        {FN(rmse_no_root), "the root is missing.", WHAT_MEAN, "20.5"},
        {FN(rmse_mean_absolute), "this is the mean of the roots: the mean absolute error.",
         WHAT_MEAN, "20.5"},
        {FN(rmse_root_first), "the division stands behind the root.", WHAT_MEAN, "20.5"},
        {FN(rmse_sum), "the sum is not divided.", WHAT_MEAN, "20.5"},
        {FN(rmse_by_n), "the sum is divided by N, though some numbers never came.", WHO_CAME,
         "20.5"},
        {FN(rmse_one_less), "the sum is divided by one less.",
         "is a mean taken away from the errors before they are squared?", "20.5"},
        {FN(rmse_zero), "what never came counts as 0.", WHO_CAME, "20.5"},
        {FN(rmse_nan_kept), "one number that never came makes all of its step NAN.", WHO_CAME,
         "20.5"},
        {FN(rmse_axis), "y and t are read as [horizon,N].", WHOSE_ERROR, "20.5"},
        {FN(rmse_all), "this is one error for all steps.", WHOSE_ERROR, "20.5"},
        {FN(rmse_grows), "a step has the errors of the steps before it in its sum.",
         "where in the loops must the sum begin with 0?", "20.5"},
        {FN(rmse_none_is_0), "where nothing came the error is 0.",
         "how good is a forecast of which nobody knows how good it was?", "20.5"}})},
    {"20.9", "mase", FN(mase),
     {{"5 forecasts, n=7 season=2, by hand", mase_by_hand},
      {"2 forecasts, n=5 season=3, by hand", mase_by_hand_worse},
      {"17 forecasts, n=31 season=5", mase_odd}, {"3 forecasts, n=60 season=12", mase_few},
      {"11 forecasts, n=40 season=1", mase_season_1},
      {"9 forecasts, n=23 season=4, up to 3e38", mase_huge},
      {"7 forecasts, n=19 season=2, training up to 1e-30", mase_tiny},
      {"500 forecasts, n=700 season=24", mase_long}, {"4 forecasts, n=10 season=9", mase_enough}},
     JUDGE_ONLY(FN(mase_right), {
        {FN(mase_lag_1), "the scale is that of the plain naive forecast, from one to the next.",
         UNIT, "20.5"},
        {FN(mase_test_scale), "the scale is taken from the test part.", UNIT, "20.5"},
        {FN(mase_sums), "this is the quotient of two sums.", OWN_MEAN, "20.5"},
        {FN(mase_by_count), "the errors are divided by count, though some numbers never came.",
         OWN_MEAN, "20.5"},
        {FN(mase_scale_by_n), "the scale is divided by n.", OWN_MEAN, "20.5"},
        {FN(mase_scale_by_pairs), "the scale is divided by n - season, though some are missing.",
         OWN_MEAN, "20.5"},
        {FN(mase_squares), "this is the quotient of two roots of mean squares.",
         "what do the bars in |y - t| stand for?", "20.5"},
        {FN(mase_signed), "errors up and down cancel.",
         "is a forecast that is once 5 too high, once 5 too low, perfect?", "20.5"},
        {FN(mase_inverted), "the quotient stands upside down.",
         "should a better forecast have a larger number or a smaller one?", "20.5"},
        {FN(mase_error_only), "nothing is scaled.", UNIT, "20.5"},
        {FN(mase_level), "the scale is the mean size of the numbers.",
         "would the result be the same in degrees Celsius and in kelvin?", "20.5"},
        {FN(mase_nan_kept), "what is missing makes the whole result NAN.", OWN_MEAN, "20.5"}})},
    {"20.10", "rolling_forecast", FN(rolling_forecast),
     {{"T=3 horizon=4, by hand", rolling_by_hand}, {"T=7 horizon=5", rolling_odd},
      {"T=4 horizon=19", rolling_far}, {"T=9 horizon=1", rolling_near},
      {"T=6 horizon=2", rolling_two}, {"T=1 horizon=6", rolling_from_one},
      {"T=1 horizon=1", rolling_one_one}, {"T=52 horizon=53", rolling_long}},
     JUDGE_ONLY(FN(rolling_right), {
        {FN(rolling_again), "the last number is told again and again.", TOLD, "20.6"},
        {FN(rolling_from_x), "the numbers of x are told again in the place of forecasts.", TOLD,
         "20.6"},
        {FN(rolling_delayed), "what is told is the forecast before the last.", TOLD, "20.6"},
        {FN(rolling_constant), "all forecasts are the first.", TOLD, "20.6"},
        {FN(rolling_twice), "the last number is told twice.",
         "what did next say when it was told x[T-1] in the first loop?", "20.6"},
        {FN(rolling_late), "y[0] is the forecast of the second step.",
         "after how many calls is y[0] known?", "20.6"},
        {FN(rolling_extra), "next is called once too often.",
         "who reads what it says to y[horizon-1]?", "20.6"},
        {FN(rolling_only_last), "only the last number of x is told.",
         "what does next remember, if it is told one number alone?", "20.6"},
        {FN(rolling_skips_last), "the last number of x is never told.", TOLD, "20.6"},
        {FN(rolling_backwards), "x is told from its end to its beginning.", TOLD, "20.6"},
        {FN(rolling_reread), "the whole window is told anew for every forecast.",
         "what does next remember from the call before?", "20.6"}})},
    {"20.11", "quantile", FN(quantile),
     {{"n=5, seven quantiles by hand", quantile_by_hand}, {"n=12, seven quantiles", quantile_gold},
      {"n=2, five quantiles by hand", quantile_two}, {"n=1", quantile_one},
      {"n=17, six quantiles", quantile_odd}, {"n=1000, six quantiles", quantile_many},
      {"n=100001, one step among many numbers", quantile_step}},
     JUDGE_ONLY(FN(quantile_right), {
        {FN(quantile_nearest), "this is the nearest of the numbers.", BETWEEN, "20.7"},
        {FN(quantile_lower), "this is the number below the place.", BETWEEN, "20.7"},
        {FN(quantile_upper), "this is the number above the place.", BETWEEN, "20.7"},
        {FN(quantile_midpoint), "this is the middle of both neighbours.", BETWEEN, "20.7"},
        {FN(quantile_part_turned), "part and 1 - part have changed places.", BETWEEN, "20.7"},
        {FN(quantile_by_n), "the place is q n.", PLACE, "20.7"},
        {FN(quantile_from_one), "the place is q (n + 1), counted from 1.", PLACE, "20.7"},
        {FN(quantile_hazen), "the place is q n - 1/2: another rule for quantiles.", PLACE, "20.7"},
        {FN(quantile_place_more), "k is one too large.", PLACE, "20.7"},
        {FN(quantile_place_less), "k is one too small.", PLACE, "20.7"},
        {FN(quantile_from_top), "this is the 1 - q quantile.",
         "is the quantile 0.1 a small number or a large one?", "20.7"},
        {FN(quantile_by_value), "this is a share of the way from the smallest to the largest.",
         "of 0, 1 and 100, which is the median?", "20.7"}})},
    {"20.12", "band_fit", FN(band_fit),
     {{"N=6 horizon=2 share=0.75, by hand", band_by_hand}, {"N=9 horizon=4 share=0.8", band_gold},
      {"N=4 horizon=3, of one step nothing came", band_missing_column},
      {"N=11 horizon=5 share=0.9", band_odd}, {"N=7 horizon=4 share=1", band_all},
      {"N=13 horizon=3 share=0.1", band_narrow}, {"N=1 horizon=6 share=0.9", band_one},
      {"N=9 horizon=1 share=0.5", band_one_step}, {"N=301 horizon=24 share=0.9", band_many}},
     JUDGE_ONLY(FN(band_right), {
        {FN(band_one_sided), "on each side as much is left out as on both together.", TAILS,
         "20.7"},
        {FN(band_half), "the two limits are the share/2 and 1 - share/2 quantiles.", TAILS,
         "20.7"},
        {FN(band_min_max), "nothing is left out.", TAILS, "20.7"},
        {FN(band_unsorted), "the residuals are not in order.",
         "what does 20.11 ask of its numbers?", "20.7"},
        {FN(band_axis), "e is read as [horizon,N].", ONE_STEP, "20.7"},
        {FN(band_of_all), "all steps have one band.", ONE_STEP, "20.7"},
        {FN(band_symmetric), "the band is as wide below as above.",
         "if most forecasts were too low, where should the band lie?", "20.7"},
        {FN(band_zero), "what is missing counts as 0.",
         "how many residuals of this step are known?", "20.7"},
        {FN(band_swapped), "low and high have changed places.",
         "which of the two quantiles is the smaller one?", "20.7"},
        {FN(band_negated), "the residuals have the wrong sign.",
         "who said that a residual is what was forecast less what came?", "20.7"},
        {FN(band_sorts_e), "e itself is sorted.",
         "what is `const` for in front of e, and what is sorted for?", "20.7"},
        {FN(band_none_is_0), "where nothing is known the band is 0 wide.",
         "how sure is a forecast of which nobody knows how good it was?", "20.7"}},
        .uses = "20.11")},
    {"20.13", "band_coverage", FN(band_coverage),
     {{"N=5 horizon=3, by hand", coverage_by_hand}, {"N=7 horizon=5", coverage_odd},
      {"N=31 horizon=3", coverage_narrow}, {"N=23 horizon=1", coverage_one_step},
      {"N=1 horizon=9", coverage_one}, {"N=211 horizon=24", coverage_many},
      {"N=5 horizon=4, wide bands", coverage_all},
      {"N=3 horizon=2, on the edges", coverage_edges},
      {"N=2 horizon=3, nothing came", coverage_nothing}},
     JUDGE_ONLY(FN(coverage_right), {
        {FN(coverage_strict), "what lies on an edge does not count.",
         "<= or <: which does the comment say?", "20.7"},
        {FN(coverage_low_only), "only the lower edge is looked at.", IN_BAND, "20.7"},
        {FN(coverage_high_only), "only the upper edge is looked at.", IN_BAND, "20.7"},
        {FN(coverage_band_alone), "the band is not laid around the forecast.", IN_BAND, "20.7"},
        {FN(coverage_minus_low), "low is subtracted.", IN_BAND, "20.7"},
        {FN(coverage_residual), "the band is laid around what came.", IN_BAND, "20.7"},
        {FN(coverage_first_band), "all steps have the band of the first.",
         "how many numbers has low?", "20.7"},
        {FN(coverage_by_all), "the quotient is one of all N horizon numbers.", KNOWN, "20.7"},
        {FN(coverage_missing_in), "what never came counts as in.",
         "is NAN < 3, is NAN > 3, and what does ! make of that?", "20.7"},
        {FN(coverage_whole_quotient), "the quotient is one of whole numbers.",
         "what is 9 / 13 in C, if both are ints?", "20.7"},
        {FN(coverage_outside), "this is the share of those outside.",
         "should a wider band have a larger number or a smaller one?", "20.7"},
        {FN(coverage_whole_rows), "a forecast counts only as a whole.",
         "how many numbers are looked at, if there are 2 forecasts of 24 hours?", "20.7"}})},
    {"20.14*", "picture_rows", FN(picture_rows),
     {{"two of three pictures, T=2 D=3, by hand", rows_by_hand}, {"T=3 N=4 D=7", rows_odd},
      {"T=9 N=5 D=2", rows_tall}, {"T=6 N=1 D=5", rows_one}, {"T=28 N=6 D=28", rows_square},
      {"T=1 N=3 D=8", rows_flat}},
     JUDGE_ONLY(FN(rows_right), {
        {FN(rows_picture_first), "x is [N,T,D], not [T,N,D].",
         "what lies beside row 0 of picture 0, in memory?", "20.10"},
        {FN(rows_columns), "each step is a column.", "which pixels are neighbours in memory?",
         "20.10"},
        {FN(rows_undivided), "the bytes are not divided.", "how large should white be?", "20.10"},
        {FN(rows_by_256), "the bytes are divided by 256.", "what does white become?", "20.10"},
        {FN(rows_as_int), "the division is one of whole numbers.",
         "what is 204 / 255 in C, if both are ints?", "20.10"},
        {FN(rows_in_order), "the pictures are taken in their own order.", "what is order for?",
         "20.10"},
        {FN(rows_signed), "bytes above 127 become negative.",
         "which type holds a byte from 0 to 255?", "20.10"},
        {FN(rows_negative), "black and white have changed places.", "what should black be?",
         "20.10"},
        {FN(rows_upside_down), "the last row comes first.", "which row has step 0?", "20.10"},
        {FN(rows_centred), "this goes from -1 to 1.", "what should black be?", "20.10"},
        {FN(rows_next_row), "a picture begins one row after the one before.", WHERE_ROW, "20.10"},
        {FN(rows_first_row), "each step is the first row.", WHERE_ROW, "20.10"}})},
    {0}};
