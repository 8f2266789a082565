/* 20-series: forecasting, where the future must not have a say.
 *
 * A series is n numbers x [n], one every hour or week, the oldest first; NAN where one
 * is missing.  It has a season, after which it roughly repeats itself: 24 hours, 52
 * weeks.  A forecast begins at an origin: all before it is known, x[origin] is the
 * first number asked for, and horizon numbers are wanted.
 */
#ifndef SERIES_C
#define SERIES_C
#include <04-data/data.c>
#include <19-gru/gru.c>

/* ---- gaps ------------------------------------------------------------------ */

/* Exercise 20.1: fills the gaps of a series from what came before them; returns how
 * many numbers it filled.
 *
 * From the first number to the last, where x[t] is NAN:
 *
 *     x[t] = x[t-1] + (x[t-season] - x[t-season-1])   the last number, and the change
 *                                                     of a season ago
 *     x[t] = x[t-1]           where that change is not known: t - season - 1 < 0, or
 *                             one of the two numbers is NAN
 *
 * What was filled before is used like any other number.  Numbers that are missing at
 * the very beginning, before the first that is known, stay NAN and do not count.
 */
int gaps_fill(float *x,  // [n]  changed where it is NAN
              int n, int season)
{
    int filled = 0;
    for (int t = 1; t < n; t++) {
        // Nothing missing, or nothing to go by.
        if (!isnan(x[t]) || isnan(x[t-1]))
            continue;
        // What this step brought a season ago, if that is known.
        float change = t > season ? x[t-season] - x[t-season-1] : 0;
        x[t] = x[t-1] + (isnan(change) ? 0 : change);
        filled++;
    }
    return filled;
}

/* ---- what is past, what is future ------------------------------------------ */

/* Exercise 20.2: splits n numbers by time: the oldest for training, those that follow
 * for validation, the newest for the test.
 *
 *     test        from *test        to n - 1          n test_percent / 100 numbers
 *     validation  from *validation  to *test - 1      n validation_percent / 100
 *     training    from 0            to *validation - 1    all others
 *
 * Both counts are rounded down.  n may be large: n test_percent need not fit into an
 * int.
 */
void time_split(int *validation,  // [1]  overwritten: where validation begins
                int *test,        // [1]  overwritten: where the test begins
                int n, int validation_percent, int test_percent)
{
    // From the newest backwards.
    *test = n - (int)((long)n * test_percent / 100);
    *validation = *test - (int)((long)n * validation_percent / 100);
}

/* Exercise 20.3: lists the origins whose forecasts belong to one part of a series;
 * returns how many there are.
 *
 * An origin o needs T numbers before it, o-T .. o-1, and horizon numbers from it on,
 * o .. o+horizon-1.  The numbers before it may lie in an earlier part, but not before
 * the series begins; all that are asked for must lie in the part from .. to-1:
 *
 *     o - T >= 0      o >= from      o + horizon <= to
 *
 * Lists the smallest such o, then every `every`th: o, o + every, o + 2 every ...
 * origins may be NULL: then they are only counted.  There may be none.
 */
int window_origins(int *origins,      // [..]  overwritten, or NULL
                   int from, int to,  // the part: from .. to-1
                   int T, int horizon, int every)
{
    // The first that has T numbers before it.
    int first = from < T ? T : from, count = 0;
    // As long as the whole answer lies in the part.
    for (int o = first; o + horizon <= to; o += every) {
        if (origins)
            origins[count] = o;
        count++;
    }
    return count;
}

/* Exercise 20.4: cuts N windows out of a series: what a network reads, and what it
 * shall answer.
 *
 *     x[t,n,d] = inputs[o - T + t, d]      t = 0 .. T-1,  d = 0 .. D-1
 *     y[n,h]   = target[o + h]             h = 0 .. horizon-1,    with o = origins[n]
 *
 * inputs has D numbers for each hour or week, target has one.  Both are overwritten.
 */
void window_batch(float *x,             // [T,N,D]  overwritten
                  float *y,             // [N,horizon]  overwritten
                  const float *inputs,  // [..,D]
                  const float *target,  // [..]
                  const int *origins,   // [N]
                  int T, int N, int D, int horizon)
{
    for (int n = 0; n < N; n++) {
        // What comes before the origin: T rows, which lie N rows apart in x.
        const float *past = inputs + (size_t)(origins[n] - T) * (size_t)D;
        for (int t = 0; t < T; t++)
            for (int d = 0; d < D; d++)
                x[(t*N + n)*D + d] = past[t*D + d];
        // What comes from it on.
        for (int h = 0; h < horizon; h++)
            y[n*horizon + h] = target[origins[n] + h];
    }
}

/* ---- the season ------------------------------------------------------------ */

/* Exercise 20.5: the forecast to beat: each number is what it was a season ago.
 *
 *     y[h] = x[origin + h - season]      for the first season,
 *     y[h] = y[h - season]               for all that follow it
 *
 * Only x[origin - season] .. x[origin - 1] are read.  horizon may be more than season.
 */
void seasonal_naive(float *y,        // [horizon]  overwritten
                    const float *x,  // [..]
                    int origin,      // season or more
                    int season, int horizon)
{
    // The last season, again and again.
    for (int h = 0; h < horizon; h++)
        y[h] = h < season ? x[origin + h - season] : y[h-season];
}

/* Exercise 20.6: takes the season out of a series: what is left is the change since the
 * season before.
 *
 *     d[t] = x[t + season] - x[t]      t = 0 .. n-season-1
 *
 * d is overwritten; it is `season` shorter than x, so d[t] belongs to x[t + season].
 */
void season_difference(float *d,        // [n - season]  overwritten
                       const float *x,  // [n]
                       int n, int season)
{
    // Each less what was a season before.
    for (int t = 0; t < n - season; t++)
        d[t] = x[t + season] - x[t];
}

/* Exercise 20.7: puts the season back: from forecast changes to forecast numbers.
 *
 *     y[h] = x[origin + h - season] + d[h]      for the first season,
 *     y[h] = y[h - season] + d[h]               for all that follow it
 *
 * Only x[origin - season] .. x[origin - 1] are read: the rest is future.  y is
 * overwritten; it may be d itself.
 */
void season_restore(float *y,        // [horizon]  overwritten
                    const float *d,  // [horizon]
                    const float *x,  // [..]
                    int origin,      // season or more
                    int season, int horizon)
{
    // Onto the last season that is known, then onto our own.
    for (int h = 0; h < horizon; h++)
        y[h] = (h < season ? x[origin + h - season] : y[h-season]) + d[h];
}

/* ---- how good is a forecast? ----------------------------------------------- */

/* Exercise 20.8: the root of the mean squared error, for each step of the horizon.
 *
 *     e[h] = square root of  1/C sum over n of (y[n,h] - t[n,h])^2
 *
 * over those n for which t[n,h] is not NAN, C of them: nobody knows whether a forecast
 * of a missing number was right.  NAN where C = 0.  e is overwritten.  Sums in double.
 */
void rmse_by_horizon(float *e,        // [horizon]  overwritten
                     const float *y,  // [N,horizon]  the forecasts
                     const float *t,  // [N,horizon]  what came, NAN where missing
                     int N, int horizon)
{
    for (int h = 0; h < horizon; h++) {
        // The squares of one column, and how many there are.
        double sum = 0;
        int count = 0;
        for (int n = 0; n < N; n++) {
            double off = (double)y[n*horizon + h] - t[n*horizon + h];
            if (!isnan(t[n*horizon + h])) {
                sum = fma(off, off, sum);
                count++;
            }
        }
        // The root of their mean.
        e[h] = count ? (float)sqrt(sum / count) : NAN;
    }
}

/* Exercise 20.9: returns the mean absolute scaled error: how far off, measured by how
 * far off the seasonal naive forecast was in training.
 *
 *     error = mean over i of |y[i] - t[i]|
 *     scale = mean over s = season .. n-1 of |train[s] - train[s-season]|
 *     returns error / scale
 *
 * Terms in which t[i] or one of the two numbers of train is NAN do not count, neither
 * in a sum nor in its number of terms; there are others.  Below 1 is better than that
 * forecast.  Sums and quotients in double.  Source: Hyndman and Koehler, 2006.
 */
float mase(const float *y,      // [count]  forecasts
           const float *t,      // [count]  what came, NAN where missing
           int count,
           const float *train,  // [n]  NAN where missing
           int n, int season)
{
    // How far off these forecasts are.
    double error = 0, scale = 0;
    int errors = 0, scales = 0;
    for (int i = 0; i < count; i++)
        if (!isnan(t[i])) {
            error += fabs((double)y[i] - t[i]);
            errors++;
        }
    // How far off the naive ones were, in training.
    for (int s = season; s < n; s++)
        if (!isnan(train[s]) && !isnan(train[s-season])) {
            scale += fabs((double)train[s] - train[s-season]);
            scales++;
        }
    // The one in units of the other.
    return (float)(error / errors / (scale / scales));
}

/* ---- one step after the other ---------------------------------------------- */

/* Something that is given one number after another and each time says what it expects
 * next; whatever it remembers is in state. */
typedef float next_function(void *state, float x);

/* Exercise 20.10: a rolling forecast: what was forecast is read as if it had come.
 *
 *     next(state, x[t])            t = 0 .. T-1, in this order; what it expects after
 *                                  the last of them is y[0]
 *     y[h] = next(state, y[h-1])   h = 1 .. horizon-1
 *
 * next remembers what it was given: it is called exactly T + horizon - 1 times.
 */
void rolling_forecast(float *y,             // [horizon]  overwritten
                      const float *x,       // [T]  the numbers before the origin
                      next_function *next, void *state,
                      int T, int horizon)   // both at least 1
{
    // Read what is known.
    for (int t = 0; t < T; t++)
        y[0] = next(state, x[t]);
    // Read what was just said.
    for (int h = 1; h < horizon; h++)
        y[h] = next(state, y[h-1]);
}

/* ---- how sure? ------------------------------------------------------------- */

/* Exercise 20.11: returns the q-quantile of n numbers: a share q of them lies below.
 *
 *     place = q (n - 1)      k = place rounded down      part = place - k
 *     returns sorted[k] + part (sorted[k+1] - sorted[k])
 *
 * and sorted[n-1] for q = 1.  place and part in double.  The rule of NumPy and of R.
 */
float quantile(const float *sorted,  // [n]  the smallest first, n at least 1
               int n,
               double q)             // 0 .. 1
{
    // Between which two?
    double place = q * (n - 1);
    int k = (int)place;
    if (k >= n - 1)
        return sorted[n-1];
    // A straight line from one to the other.
    return (float)fma(place - k, (double)sorted[k+1] - sorted[k], sorted[k]);
}

/* For qsort: which of two floats is smaller. */
int float_order(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Exercise 20.12: finds a band for every step of the horizon: between which two limits
 * did the residuals, what came less what was forecast, lie?
 *
 *     low[h]  = the (1 - share)/2 quantile of the residuals e[.,h]
 *     high[h] = the (1 + share)/2 quantile of them
 *
 * Residuals that are NAN do not count; where all of a column are, both limits are NAN.
 * low and high are overwritten, so is sorted: work space.
 * Hint: qsort(sorted, count, sizeof *sorted, float_order), then 20.11.
 */
void band_fit(float *low,      // [horizon]  overwritten
              float *high,     // [horizon]  overwritten
              float *sorted,   // [N]  overwritten
              const float *e,  // [N,horizon]  NAN where missing
              double share,    // 0.9: nine of ten lie in the band
              int N, int horizon)
{
    for (int h = 0; h < horizon; h++) {
        // Those of this step that are known, in order.
        int count = 0;
        for (int n = 0; n < N; n++)
            if (!isnan(e[n*horizon + h]))
                sorted[count++] = e[n*horizon + h];
        qsort(sorted, (size_t)count, sizeof *sorted, float_order);
        // As many left out below as above.
        low[h] = count ? quantile(sorted, count, (1 - share) / 2) : NAN;
        high[h] = count ? quantile(sorted, count, (1 + share) / 2) : NAN;
    }
}

/* Exercise 20.13: returns the share of the numbers that came to lie in their band.
 *
 *     y[n,h] + low[h] <= t[n,h] <= y[n,h] + high[h]      counts as in
 *
 * of all n and h for which t[n,h] is not NAN; NAN if there is none.  Where a limit is
 * NAN, nothing is in.
 */
float band_coverage(const float *y,     // [N,horizon]  the forecasts
                    const float *t,     // [N,horizon]  what came, NAN where missing
                    const float *low,   // [horizon]
                    const float *high,  // [horizon]
                    int N, int horizon)
{
    // Each number that came: was it in?
    int in = 0, count = 0;
    for (int n = 0; n < N; n++)
        for (int h = 0; h < horizon; h++) {
            float came = t[n*horizon + h], said = y[n*horizon + h];
            in += said + low[h] <= came && came <= said + high[h];
            count += !isnan(came);
        }
    return count ? (float)((double)in / count) : NAN;
}

/* ---- pictures as sequences ------------------------------------------------- */

/* Exercise 20.14*: makes sequences of pictures: a network reads one row after the
 * other, from the top.
 *
 *     x[t,n,d] = pixels[order[n], t, d] / 255      t = 0 .. T-1,  d = 0 .. D-1
 *
 * A picture has T rows of D pixels.  x is overwritten.
 * Hint: 4.12 has the picture first; here time comes first.
 */
void picture_rows(float *x,               // [T,N,D]  overwritten
                  const uint8_t *pixels,  // [..,T,D]  0 .. 255
                  const int *order,       // [N]
                  int T, int N, int D)
{
    // Row t of picture n is row n of step t.
    for (int n = 0; n < N; n++)
        for (int t = 0; t < T; t++) {
            const uint8_t *row = pixels + ((size_t)order[n]*T + t) * D;
            for (int d = 0; d < D; d++)
                x[(t*N + n)*D + d] = (float)row[d] / 255;
        }
}

/* ---- the program: a series ------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/set.h"
#include "../../data/picture.h"

struct series {
    struct table table;    // its first column says when
    int n, season, horizon;
    double period;         // the season exactly: no whole number of weeks is a year
    float *raw, *x;        // [n]  as found, NAN where missing; with the gaps filled
    int filled;            // how many
    int validation, test;  // where these two parts begin
};

/* Loads a column of a table, checks that there is something to forecast from, fills the
 * gaps and splits by time. */
struct series series_load(const char *path, const char *column, int season,
                          double period, int horizon)
{
    struct series s = {.table = table_load(path), .season = season, .period = period,
                       .horizon = horizon};
    const int n = s.n = s.table.N, d = table_column(&s.table, column);
    s.raw = floats((size_t)n);
    s.x = floats((size_t)n);
    int known = 0;
    for (int t = 0; t < n; t++) {
        s.raw[t] = s.x[t] = table_number(&s.table, t, d);
        known += !isnan(s.x[t]);
        if (fabsf(s.x[t]) > 1e15f)
            die("%s: line %d, column %s: found %g, wanted a number from -1e15 to 1e15",
                path, s.table.lines[t], column, s.x[t]);
    }
    if (!known)
        die("%s: column %s: found no number at all, wanted a series", path, column);
    if (isnan(s.x[0]))
        die("%s: line %d, column %s: found a gap at the start, wanted a number there: "
            "gaps are filled from what came before", path, s.table.lines[0], column);
    s.filled = gaps_fill(s.x, n, season);
    time_split(&s.validation, &s.test, n, 15, 15);
    return s;
}

/* One of the two series that come with the course, or a file. */
struct series series_open(const char *name, const char *column, int season, int horizon)
{
    double period = season;
    if (!strcmp(name, "co2")) {
        name = "data/series/co2.csv";
        column = *column ? column : "co2";
        period = season ? season : 365.25 / 7;
        season = season ? season : 52;
    } else if (!strcmp(name, "temperatures")) {
        name = "data/series/seattle-temps.csv";
        column = *column ? column : "temp";
        period = season = season ? season : 24;
    } else if (!season || !*column) {
        die("series=%s: wanted temperatures, co2, or a file with column= and season=",
            name);
    }
    return series_load(name, column, season, period, horizon ? horizon : season);
}

void series_free(struct series *s)
{
    free(s->x);
    free(s->raw);
    table_free(&s->table);
}

/* ---- the program: a network that forecasts --------------------------------- */

enum method { NAIVE, DRIFT, DIRECT, ROLLING, METHODS };
const char *const methods[] = {"naive", "drift", "direct", "rolling"};

/* How to forecast. */
struct plan {
    enum method method;
    const struct cell *cell;
    int hidden, layers, T;    // T: the window, how many numbers are read
    int batch, epochs, windows, seed;
    int drift;                // over how many numbers DRIFT takes the mean change
    float rate;
    bool difference;          // the change since the last season, or the number itself
    bool waves;               // where in the season we are, as two inputs
    bool scale_all, shuffle;  // two leaks
};

/* Some origins of one part of a series, and what came after them. */
struct part {
    int N, *origins;  // [N]
    float *came;      // [N,horizon]  NAN where missing
};

void part_free(struct part *p)
{
    free(p->came);
    free(p->origins);
}

/* The origins of a part from .. to-1, so far apart. */
struct part part_new(const struct series *s, int from, int to, int T, int every)
{
    const int horizon = s->horizon;
    struct part p = {.N = window_origins(NULL, from, to, T, horizon, every)};
    p.origins = ints((size_t)p.N);
    p.came = floats((size_t)p.N * (size_t)horizon);
    window_origins(p.origins, from, to, T, horizon, every);
    for (int n = 0; n < p.N; n++)
        memcpy(p.came + n*horizon, s->raw + p.origins[n],
               (size_t)horizon * sizeof *p.came);
    return p;
}

/* Is a series of n numbers long enough for a training window and one of each part? */
bool series_enough(const struct series *s, int T, int n)
{
    int validation, test, least = 2*s->season + T;
    time_split(&validation, &test, n, 15, 15);
    return validation >= least + s->horizon && test - validation >= s->horizon &&
           n - test >= s->horizon;
}

/* Stops unless there is enough to train on, to be judged by, and to measure with. */
void series_check(const struct series *s, int T)
{
    int n = s->n, known[3] = {0}, changes = 0;
    for (int t = 0; t < n; t++) {
        known[(t >= s->validation) + (t >= s->test)] += !isnan(s->raw[t]);
        changes += t >= s->season && t < s->validation &&
                   fabsf(s->raw[t] - s->raw[t - s->season]) > 0;
    }
    while (!series_enough(s, T, n))
        n++;
    if (n > s->n)
        die("%s: found %d number%s, wanted at least %d for a season of %d, a window of "
            "%d and a horizon of %d", s->table.path, s->n, s->n == 1 ? "" : "s", n,
            s->season, T, s->horizon);
    if (!known[1] || !known[2])
        die("%s: found no number in its last %d, wanted some to judge forecasts by",
            s->table.path, known[2] ? s->n - s->validation : s->n - s->test);
    if (!changes)
        die("%s: found nothing that changes within a season of %d, wanted a series in "
            "which that forecast is sometimes wrong", s->table.path, s->season);
}

/* What a network reads and answers, from number `from` of the series on. */
struct scaled {
    int from, n, D;
    float *inputs;       // [n + horizon,D]  the target, as far as known, and two waves
    float *target;       // [n]
    float shift, scale;
};

struct scaled series_scale(const struct series *s, const struct plan *plan)
{
    struct scaled d = {.from = plan->difference ? s->season : 0,
                       .D = plan->waves ? 3 : 1};
    d.n = s->n - d.from;
    d.inputs = floats((size_t)(d.n + s->horizon) * (size_t)d.D);
    d.target = floats((size_t)d.n);
    if (plan->difference)
        season_difference(d.target, s->x, s->n, s->season);
    else
        memcpy(d.target, s->x, (size_t)d.n * sizeof *d.target);
    // The training part alone says what usual is.
    int known = plan->scale_all ? s->n : s->validation;
    standardize_fit(&d.shift, &d.scale, d.target, known - d.from, 1);
    scale_apply(d.target, d.target, &d.shift, &d.scale, d.n, 1);
    for (int t = 0; t < d.n + s->horizon; t++) {
        double angle = 2 * M_PI * (t + d.from) / s->period;
        float row[] = {t < d.n ? d.target[t] : 0, (float)sin(angle), (float)cos(angle)};
        memcpy(d.inputs + t*d.D, row, (size_t)d.D * sizeof *row);
    }
    return d;
}

struct forecaster {
    const struct series *s;
    const struct plan *plan;
    struct scaled data;
    struct recurrent net;
    struct recurrent_work one;  // reads one window, or one number
    int t;                      // rolling: which number of data comes next
};

struct forecaster forecaster_new(const struct series *s, const struct plan *plan)
{
    struct forecaster f = {.s = s, .plan = plan, .data = series_scale(s, plan)};
    const bool rolling = plan->method == ROLLING;
    uint64_t chance = stream(plan->seed, 1);
    struct recurrent sizes = {
        .cell = plan->cell, .D = f.data.D, .H = plan->hidden, .layers = plan->layers,
        .K = rolling ? 1 : s->horizon,
    };
    f.net = recurrent_at(floats((size_t)recurrent_size(&sizes)), &sizes);
    recurrent_init(&f.net, &chance);
    f.one = recurrent_work_new(&f.net, rolling ? 1 : plan->T, 1, 1);
    return f;
}

void forecaster_free(struct forecaster *f)
{
    recurrent_work_free(&f->one);
    free(f->net.table);
    free(f->data.target);
    free(f->data.inputs);
}

/* Adam, with a rate that falls along a cosine, on batches of the N windows. */
void forecaster_train(struct forecaster *f, const int *origins, int N)
{
    const struct plan *plan = f->plan;
    const int n = recurrent_size(&f->net), K = f->net.K;
    const int batch = plan->batch < N ? plan->batch : N, each = N / batch;
    struct recurrent grad = recurrent_at(floats((size_t)n), &f->net);
    struct recurrent_work w = recurrent_work_new(&f->net, plan->T, batch, 1);
    struct optimizer o = optimizer_new(ADAM, plan->rate, n);
    struct minibatches b = minibatches_new(N, batch, stream(plan->seed, 2));
    int *at = ints((size_t)batch);
    float *y = floats((size_t)batch * (size_t)K);
    for (int done = 0; done < plan->epochs * each; ) {
        if (batch_next(at, &b) < batch)
            continue;
        for (int i = 0; i < batch; i++)
            at[i] = origins[at[i]] - f->data.from;
        window_batch(w.x, y, f->data.inputs, f->data.target, at, plan->T, batch,
                     f->data.D, K);
        o.rate = rate_cosine(plan->rate, done++, plan->epochs * each);
        recurrent_regress(&grad, &w, &f->net, y);
        clip_norm(grad.table, 1, n);
        optimizer_step(&o, f->net.table, grad.table);
    }
    free(y);
    free(at);
    free(b.order);
    free(o.m);
    recurrent_work_free(&w);
    free(grad.table);
}

/* One step of the network: a next_function. */
float forecaster_next(void *state, float x)
{
    struct forecaster *f = state;
    const struct scaled *d = &f->data;
    // The waves of this hour are known before it comes, the number is not.
    memcpy(f->one.x, d->inputs + (size_t)f->t++ * (size_t)d->D,
           (size_t)d->D * sizeof(float));
    f->one.x[0] = x;
    recurrent_forward(&f->one, &f->net);
    state_carry(&f->one, &f->net);
    return f->one.z[0];
}

/* The forecast of the network from one origin. */
void forecaster_say(float *y,  // [horizon]  overwritten
                    struct forecaster *f, int origin)
{
    const struct scaled *d = &f->data;
    const int T = f->plan->T, horizon = f->s->horizon, from = origin - d->from - T;
    if (f->plan->method == ROLLING) {
        f->t = from;
        state_clear(&f->one, &f->net);
        rolling_forecast(y, d->target + from, forecaster_next, f, T, horizon);
    } else {
        memcpy(f->one.x, d->inputs + (size_t)from * (size_t)d->D,
               (size_t)T * (size_t)d->D * sizeof(float));
        recurrent_forward(&f->one, &f->net);
        memcpy(y, f->one.z, (size_t)horizon * sizeof *y);
    }
    // Back to the units of the series, and to its season.
    for (int h = 0; h < horizon; h++)
        y[h] = fmaf(y[h], d->scale, d->shift);
    if (f->plan->difference)
        season_restore(y, y, f->s->x, origin, f->s->season, horizon);
}

/* The naive forecast and, for every season, the mean change of the last `drift` numbers
 * since the season before. */
void drift_forecast(float *y,  // [horizon]  overwritten
                    const struct series *s, int drift, int origin)
{
    double change = 0;
    for (int t = origin - drift; t < origin; t++)
        change += (double)s->x[t] - s->x[t - s->season];
    for (int h = 0; h < s->horizon; h++)
        y[h] = (float)(change / drift);
    season_restore(y, y, s->x, origin, s->season, s->horizon);
}

/* ---- the program: trials --------------------------------------------------- */

enum { VALIDATION, TEST, PARTS };
const char *const parts[] = {"validation", "test"};

/* One way to forecast, trained if it needs to be, and what became of it. */
struct trial {
    struct plan plan;
    float *y[PARTS];           // [N,horizon]  its forecasts
    float *future;             // [horizon]  what comes when the series is over
    float *rmse[PARTS];        // [horizon]
    float mase[PARTS], coverage[PARTS];
    float *low, *high;         // [horizon]  its band
    struct part mixed;         // what a shuffling trial is tested on, in place of TEST
};

const struct part *trial_part(const struct trial *r, const struct part *part, int p)
{
    return p == TEST && r->plan.shuffle ? &r->mixed : part + p;
}

/* Trains a network.  Which windows are for training?  Those of the training part; or
 * 85 % of all, drawn at random: the test then has the other 15 %. */
void trial_train(struct trial *r, struct forecaster *f, const struct series *s)
{
    const struct plan *plan = &r->plan;
    const int first = f->data.from + plan->T, K = f->net.K;
    const int to = plan->shuffle ? s->n : s->validation;
    const int all = window_origins(NULL, 0, to, first, K, 1);
    const int every = (all + plan->windows - 1) / plan->windows;
    int *origins = ints((size_t)all);
    int N = window_origins(origins, 0, to, first, K, every);
    if (plan->shuffle) {
        uint64_t chance = stream(plan->seed, 3);
        const int horizon = s->horizon, T = N < 7 ? 1 : (int)((long)N * 15 / 100);
        r->mixed = (struct part){T, ints((size_t)T),
                                 floats((size_t)T * (size_t)horizon)};
        split_rows(origins, r->mixed.origins, N, T, &chance);
        for (int n = 0; n < T; n++)
            memcpy(r->mixed.came + n*horizon, s->raw + r->mixed.origins[n],
                   (size_t)horizon * sizeof(float));
        N -= T;
    }
    forecaster_train(f, origins, N);
    free(origins);
}

/* One forecast; f is the network, if the method is one. */
void method_forecast(float *y,  // [horizon]  overwritten
                     const struct plan *plan, struct forecaster *f,
                     const struct series *s, int origin)
{
    switch (plan->method) {
    case NAIVE: seasonal_naive(y, s->x, origin, s->season, s->horizon); break;
    case DRIFT: drift_forecast(y, s, plan->drift, origin); break;
    default:    forecaster_say(y, f, origin);
    }
}

/* Forecasts from all origins of both parts, and from the end. */
void trial_forecast(struct trial *r, const struct series *s, const struct part *part)
{
    struct forecaster f = {0};
    if (r->plan.method >= DIRECT) {
        f = forecaster_new(s, &r->plan);
        trial_train(r, &f, s);
    }
    for (int p = 0; p < PARTS; p++) {
        const struct part *by = trial_part(r, part, p);
        r->y[p] = floats((size_t)by->N * (size_t)s->horizon);
        for (int n = 0; n < by->N; n++)
            method_forecast(r->y[p] + n*s->horizon, &r->plan, &f, s, by->origins[n]);
    }
    r->future = floats((size_t)s->horizon);
    method_forecast(r->future, &r->plan, &f, s, s->n);
    if (r->plan.method >= DIRECT)
        forecaster_free(&f);
}

/* How good they are; the band is that of the residuals of the validation part. */
void trial_judge(struct trial *r, const struct series *s, const struct part *part,
                 float share)
{
    const int horizon = s->horizon, count = part[VALIDATION].N * horizon;
    float *e = floats((size_t)count + (size_t)part[VALIDATION].N), *sorted = e + count;
    r->low = floats(4 * (size_t)horizon);
    r->high = r->low + horizon;
    for (int i = 0; i < count; i++)
        e[i] = part[VALIDATION].came[i] - r->y[VALIDATION][i];
    band_fit(r->low, r->high, sorted, e, share, part[VALIDATION].N, horizon);
    for (int p = 0; p < PARTS; p++) {
        const struct part *by = trial_part(r, part, p);
        r->rmse[p] = r->low + (2 + p)*horizon;
        rmse_by_horizon(r->rmse[p], r->y[p], by->came, by->N, horizon);
        r->mase[p] = mase(r->y[p], by->came, by->N * horizon, s->raw, s->validation,
                          s->season);
        r->coverage[p] = band_coverage(r->y[p], by->came, r->low, r->high, by->N,
                                       horizon);
    }
    free(e);
}

/* All trials, each by itself, so that it does not matter which thread runs it. */
void trials_run(struct trial *r, int count, const struct series *s,
                const struct part *part, float share)
{
    struct progress bar = {.what = "training"};
    int done = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count; i++) {
        trial_forecast(r + i, s, part);
        trial_judge(r + i, s, part, share);
#pragma omp critical
        progress(&bar, ++done, count);
    }
}

void trials_free(struct trial *r, int count)
{
    for (int i = 0; i < count; i++) {
        part_free(&r[i].mixed);
        free(r[i].y[VALIDATION]);
        free(r[i].y[TEST]);
        free(r[i].future);
        free(r[i].low);
    }
    free(r);
}

/* The trials of one kind, which differ in their seed alone, taken together. */
struct summary { float mean, low, high; };

struct summary trials_mase(const struct trial *r, int seeds, int p)
{
    struct summary m = {0, INFINITY, -INFINITY};
    for (int i = 0; i < seeds; i++) {
        m.mean += r[i].mase[p] / (float)seeds;
        m.low = fminf(m.low, r[i].mase[p]);
        m.high = fmaxf(m.high, r[i].mase[p]);
    }
    return m;
}

float trials_rmse(const struct trial *r, int seeds, int p, int h)
{
    float sum = 0;
    for (int i = 0; i < seeds; i++)
        sum += r[i].rmse[p][h] / (float)seeds;
    return sum;
}

/* ---- the program: what is shown -------------------------------------------- */

/* Each method once, the networks with every seed. */
struct trial *trials_methods(int *count, int *first, const struct plan *plan, int seeds)
{
    struct trial *r = memory(2 + 2*(size_t)seeds, sizeof *r);
    *count = 0;
    for (enum method m = NAIVE; m < METHODS; m++) {
        first[m] = *count;
        for (int i = 0; i < (m < DIRECT ? 1 : seeds); i++) {
            struct trial *one = r + (*count)++;
            one->plan = *plan;
            one->plan.method = m;
            one->plan.seed += i;
        }
    }
    first[METHODS] = *count;
    return r;
}

/* One line for every method and part: means over the seeds.  scale is what 1 of the
 * MASE stands for. */
void methods_print(const struct trial *r, const int *first, const struct series *s,
                   const struct part *part)
{
    const float scale = 1 / mase((float[]){1}, (float[]){0}, 1, s->raw, s->validation,
                                 s->season);
    printf("# method\tpart\torigins\tmase\tlow\thigh\trmse_first\trmse_last\t"
           "coverage\tscale\n");
    for (int m = 0; m < METHODS; m++)
        for (int p = 0; p < PARTS; p++) {
            const struct trial *one = r + first[m];
            const int seeds = first[m + 1] - first[m];
            struct summary sum = trials_mase(one, seeds, p);
            float coverage = 0;
            for (int i = 0; i < seeds; i++)
                coverage += one[i].coverage[p] / (float)seeds;
            printf("%s\t%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n",
                   methods[m], parts[p], part[p].N, sum.mean, sum.low, sum.high,
                   trials_rmse(one, seeds, p, 0),
                   trials_rmse(one, seeds, p, s->horizon - 1), coverage, scale);
        }
}

/* The same for people: how far off the test forecasts are. */
void methods_draw(const struct trial *r, const int *first)
{
    for (int m = 0; m < METHODS && isatty(2); m++) {
        float mean = trials_mase(r + first[m], first[m + 1] - first[m], TEST).mean;
        char name[16], text[32];
        snprintf(name, sizeof name, "%-8s", methods[m]);
        snprintf(text, sizeof text, "MASE %.3f", mean);
        bar_draw(stderr, name, mean / 2, 40, text);
    }
}

/* One line for every method and step of the horizon; the band is that of the first
 * seed. */
void horizon_print(const struct trial *r, const int *first, const struct series *s)
{
    printf("# method\tstep\tvalidation\ttest\tlow\thigh\n");
    for (int m = 0; m < METHODS; m++)
        for (int h = 0; h < s->horizon; h++) {
            const struct trial *one = r + first[m];
            const int seeds = first[m + 1] - first[m];
            printf("%s\t%d\t%.4f\t%.4f\t%.4f\t%.4f\n", methods[m], h + 1,
                   trials_rmse(one, seeds, VALIDATION, h),
                   trials_rmse(one, seeds, TEST, h), one->low[h], one->high[h]);
        }
}

/* Each method's forecasts of the test part, one behind the other, and the band of the
 * direct network. */
void forecasts_print(const struct trial *r, const int *first, const struct series *s,
                     const struct part *part)
{
    const int horizon = s->horizon;
    const struct trial *direct = r + first[DIRECT];
    printf("# t\tdate\torigin\tstep\tcame");
    for (int m = 0; m < METHODS; m++)
        printf("\t%s", methods[m]);
    printf("\tlow\thigh\n");
    for (int i = 0; i < part[TEST].N * horizon; i++) {
        const int origin = part[TEST].origins[i / horizon], h = i % horizon;
        printf("%d\t%s\t%d\t%d\t%.4g", origin + h,
               table_cell(&s->table, origin + h, 0), origin, h + 1, part[TEST].came[i]);
        for (int m = 0; m < METHODS; m++)
            printf("\t%.2f", r[first[m]].y[TEST][i]);
        printf("\t%.2f\t%.2f\n", direct->y[TEST][i] + direct->low[h],
               direct->y[TEST][i] + direct->high[h]);
        if (h == horizon - 1)
            printf("\n");
    }
}

/* What each method says of the numbers that are to come. */
void future_print(const struct trial *r, const int *first, const struct series *s)
{
    const struct trial *direct = r + first[DIRECT];
    printf("# step");
    for (int m = 0; m < METHODS; m++)
        printf("\t%s", methods[m]);
    printf("\tlow\thigh\n");
    for (int h = 0; h < s->horizon; h++) {
        printf("%d", h + 1);
        for (int m = 0; m < METHODS; m++)
            printf("\t%.2f", r[first[m]].future[h]);
        printf("\t%.2f\t%.2f\n", direct->future[h] + direct->low[h],
               direct->future[h] + direct->high[h]);
    }
}

/* All numbers, as found and with the gaps filled. */
void series_print(const struct series *s)
{
    printf("# t\tdate\tpart\tfound\tfilled\n");
    for (int t = 0; t < s->n; t++)
        printf("%d\t%s\t%s\t%.4g\t%.2f\n", t, table_cell(&s->table, t, 0),
               t < s->validation ? "train" : parts[t >= s->test], s->raw[t], s->x[t]);
}

/* Every gap: its first and last moment, and how many numbers are missing. */
void gaps_print(const struct series *s)
{
    printf("# first\tlast\tmissing\n");
    for (int t = 0, from = 0; t < s->n; t++) {
        from = isnan(s->raw[t]) ? from : t + 1;
        if (isnan(s->raw[t]) && (t + 1 == s->n || !isnan(s->raw[t+1])))
            printf("%s\t%s\t%d\n", table_cell(&s->table, from, 0),
                   table_cell(&s->table, t, 0), t + 1 - from);
    }
}

/* ---- the program: what filling costs --------------------------------------- */

/* Three ways to fill a gap of so many numbers from place p of x on.  The third looks at
 * the number behind the gap. */
void gap_fill_ways(float *y[3], const float *x, int p, int length, int season)
{
    for (int i = 0; i < length; i++) {
        y[0][i] = x[p-1];
        y[1][i] = NAN;
        y[2][i] = fmaf((float)(i + 1) / (float)(length + 1), x[p+length] - x[p-1],
                       x[p-1]);
    }
    float *piece = floats((size_t)(season + 1 + length));
    memcpy(piece, x + p - season - 1, (size_t)(season + 1) * sizeof *piece);
    memcpy(piece + season + 1, y[1], (size_t)length * sizeof *piece);
    gaps_fill(piece, season + 1 + length, season);
    memcpy(y[1], piece + season + 1, (size_t)length * sizeof *piece);
    free(piece);
}

/* Makes gaps where there are none, in the training part, fills them, and compares. */
void filling_print(const struct series *s)
{
    static const int lengths[] = {1, 2, 4, 8, 12, 18, 26};
    printf("# length\tplaces\tlast\tseason\tinterpolated\n");
    for (int k = 0; k < 7; k++) {
        const int length = lengths[k];
        float *block = floats(3 * (size_t)length), *y[3];
        double squares[3] = {0};
        int places = 0;
        for (int w = 0; w < 3; w++)
            y[w] = block + w*length;
        for (int p = s->season + 1; p + length < s->validation; p++) {
            bool known = true;
            for (int t = p - 1; t <= p + length; t++)
                known &= !isnan(s->raw[t]);
            if (!known)
                continue;
            gap_fill_ways(y, s->x, p, length, s->season);
            for (int w = 0; w < 3; w++)
                squares[w] = fma(length, mse_forward(y[w], s->raw + p, length),
                                 squares[w]);
            places++;
        }
        double count = (double)places * length;
        if (places)
            printf("%d\t%d\t%.3f\t%.3f\t%.3f\n", length, places,
                   sqrt(squares[0] / count), sqrt(squares[1] / count),
                   sqrt(squares[2] / count));
        free(block);
    }
}

/* ---- the program: leaks, and what is chosen on the validation part --------- */

/* Forecasts of the change or of the number itself; honest, scaled by all numbers, or
 * with windows drawn at random. */
void leaks_print(const struct plan *plan, int seeds, const struct series *s,
                 const struct part *part)
{
    static const char *const names[] = {"none", "scale", "windows"};
    struct trial *r = memory(6 * (size_t)seeds, sizeof *r);
    for (int i = 0; i < 6*seeds; i++) {
        r[i].plan = *plan;
        r[i].plan.method = DIRECT;
        r[i].plan.seed += i % seeds;
        r[i].plan.difference = i / seeds < 3;
        r[i].plan.scale_all = i / seeds % 3 == 1;
        r[i].plan.shuffle = i / seeds % 3 == 2;
    }
    trials_run(r, 6*seeds, s, part, 0.9f);
    printf("# target\tleak\tmase\tlow\thigh\n");
    for (int i = 0; i < 6; i++) {
        struct summary m = trials_mase(r + i*seeds, seeds, TEST);
        printf("%s\t%s\t%.3f\t%.3f\t%.3f\n", i < 3 ? "change" : "number", names[i % 3],
               m.mean, m.low, m.high);
    }
    trials_free(r, 6*seeds);
}

enum { RATES = 4, POINTS = 4 * RATES };

/* Windows of one and of two seasons, a small network and a larger one, four rates: how
 * good both ways to forecast are on the validation part. */
void tune_print(const struct plan *plan, int seeds, const struct series *s,
                const struct part *part)
{
    static const float rates[RATES] = {0.001f, 0.003f, 0.01f, 0.03f};
    struct trial *r = memory(2 * POINTS * (size_t)seeds, sizeof *r);
    for (int i = 0; i < 2 * POINTS * seeds; i++) {
        const int point = i / seeds % POINTS;
        struct plan *p = &r[i].plan;
        *p = *plan;
        p->method = i / seeds < POINTS ? DIRECT : ROLLING;
        p->T = s->season * (1 + point / (2*RATES));
        p->hidden = point / RATES % 2 ? 32 : 8;
        p->rate = rates[point % RATES];
        p->seed += i % seeds;
    }
    trials_run(r, 2 * POINTS * seeds, s, part, 0.9f);
    printf("# window\thidden\trate\tdirect\trolling\tmean\n");
    for (int i = 0; i < POINTS; i++) {
        const struct trial *one = r + i*seeds;
        float direct = trials_mase(one, seeds, VALIDATION).mean;
        float rolling = trials_mase(one + POINTS*seeds, seeds, VALIDATION).mean;
        printf("%d\t%d\t%g\t%.3f\t%.3f\t%.3f\n", one->plan.T, one->plan.hidden,
               one->plan.rate, direct, rolling, (direct + rolling) / 2);
    }
    trials_free(r, 2 * POINTS * seeds);
}

/* ---- the program: pictures, row by row ------------------------------------- */

/* The share of the pictures whose class is right, told after each of T rows. */
void rows_accuracy(float *right,  // [T]  overwritten
                   const struct recurrent *net, const struct images *s, int T)
{
    enum { BATCH = 100 };
    struct recurrent_work w = recurrent_work_new(net, T, BATCH, T);
    int order[BATCH], *count = ints((size_t)T);
    const int whole = s->N - s->N % BATCH;
    for (int at = 0; at < whole; at += BATCH) {
        for (int n = 0; n < BATCH; n++)
            order[n] = at + n;
        picture_rows(w.x, s->pixels, order, T, BATCH, net->D);
        recurrent_forward(&w, net);
        for (int i = 0; i < T*BATCH; i++)
            count[i / BATCH] += sample(w.z + i*net->K, net->K, 0, 0)
                                == s->labels[at + i % BATCH];
    }
    for (int t = 0; t < T; t++)
        right[t] = (float)count[t] / (float)whole;
    free(count);
    recurrent_work_free(&w);
}

/* Trains on the class after the last row, or after each; prints a line an epoch, or in
 * the end a line a row. */
void pictures_learn(const struct plan *plan, const char *folder, bool always, bool rows)
{
    struct images train = images_load(folder, "train");
    struct images test = images_load(folder, "t10k");
    const int T = train.Y, O = always ? T : 1, batch = least(plan->batch, train.N);
    const int each = train.N / batch;
    struct recurrent sizes = {.cell = plan->cell, .D = train.X, .H = plan->hidden,
                              .layers = plan->layers, .K = 10};
    const int n = recurrent_size(&sizes);
    struct recurrent net = recurrent_at(floats((size_t)n), &sizes);
    struct recurrent grad = recurrent_at(floats((size_t)n), &sizes);
    struct recurrent_work w = recurrent_work_new(&net, T, batch, O);
    struct optimizer o = optimizer_new(ADAM, plan->rate, n);
    struct minibatches b = minibatches_new(train.N, batch, stream(plan->seed, 2));
    uint64_t chance = stream(plan->seed, 1);
    int *order = ints((size_t)batch), *t = ints((size_t)(O * batch));
    float *right = floats((size_t)T);
    recurrent_init(&net, &chance);
    struct progress bar = {.what = "training"};
    printf(rows ? "# row\taccuracy\n" : "# epoch\tloss\taccuracy\n");
    for (int epoch = 1; epoch <= plan->epochs; epoch++) {
        double loss = 0;
        for (int done = 0; done < each; ) {
            if (batch_next(order, &b) < batch)
                continue;
            picture_rows(w.x, train.pixels, order, T, batch, train.X);
            for (int i = 0; i < O*batch; i++)
                t[i] = train.labels[order[i % batch]];
            o.rate = rate_cosine(plan->rate, o.t, plan->epochs * each);
            loss += recurrent_gradient(&grad, &w, &net, t);
            clip_norm(grad.table, 1, n);
            optimizer_step(&o, net.table, grad.table);
            progress(&bar, (epoch - 1)*each + ++done, plan->epochs * each);
        }
        rows_accuracy(right, &net, &test, T);
        if (!rows)
            printf("%d\t%.4f\t%.4f\n", epoch, loss / each, right[T-1]);
    }
    for (int i = 0; i < T && rows; i++)
        printf("%d\t%.4f\n", i + 1, right[i]);
    free(right);
    free(t);
    free(order);
    free(b.order);
    free(o.m);
    recurrent_work_free(&w);
    free(grad.table);
    free(net.table);
    images_free(&test);
    images_free(&train);
}

/* ---- the program ----------------------------------------------------------- */

/* What is about forecasts: each method trained, judged and printed. */
void series_forecast(const char *show, const struct plan *plan, int seeds,
                     const struct series *s, float share)
{
    const bool all = !strcmp(show, "forecasts"), tune = !strcmp(show, "tune");
    const int T = tune ? 2*s->season : plan->T, first = 2*s->season + T;
    series_check(s, T);
    struct part part[PARTS] = {
        part_new(s, s->validation, s->test, first, 1),
        part_new(s, s->test, s->n, first, all ? s->horizon : 1),
    };
    if (!strcmp(show, "leaks")) {
        leaks_print(plan, seeds, s, part);
    } else if (tune) {
        tune_print(plan, seeds, s, part);
    } else {
        int count, at[METHODS + 1];
        struct trial *r = trials_methods(&count, at, plan, seeds);
        trials_run(r, count, s, part, share);
        if (!strcmp(show, "compare")) {
            methods_print(r, at, s, part);
            methods_draw(r, at);
        } else if (!strcmp(show, "horizon")) {
            horizon_print(r, at, s);
        } else if (all) {
            forecasts_print(r, at, s, part);
        } else {
            future_print(r, at, s);
        }
        trials_free(r, count);
    }
    part_free(part + VALIDATION);
    part_free(part + TEST);
}

int main(int argc, char **argv)
{
    const char *show = "compare", *series = "temperatures", *column = "";
    const char *cell = "gru", *folder = "data/fashion-mnist";
    int season = 0, horizon = 0, window = 0, hidden = 32, layers = 1, batch = 32;
    int epochs = 10, windows = 1500, difference = 1, waves = 1, seeds = 3, seed = 1;
    int drift = 0, always = 0;
    float rate = 0, share = 0.9f;
    OPTIONS("forecasts a series",
            CHOICE(show, "compare|horizon|forecasts|future|leaks|tune|series|gaps|"
                   "filling|classify|rows", "what to print; the last two of pictures"),
            TEXT(series, "temperatures, co2, or a file of comma-separated values"),
            TEXT(column, "of a file: the name of the column; the first says when"),
            OPTION(season, 0, 100000, "of a file: after so many numbers it repeats"),
            OPTION(horizon, 0, 100000, "numbers to forecast; 0: a season"),
            OPTION(window, 0, 100000, "numbers to read before that; 0: a season"),
            CHOICE(cell, "rnn|lstm|gru", "kind of recurrent network"),
            OPTION(hidden, 1, 1024, "units of a layer"),
            OPTION(layers, 1, DEEPEST, "of the network"),
            OPTION(difference, 0, 1, "1: forecast the change since the last season"),
            OPTION(waves, 0, 1, "1: say where in the season a number is"),
            OPTION(drift, 0, 100000, "numbers whose mean change goes on; 0: a season"),
            OPTION(rate, 0, 10, "of Adam, at first; 0 stands for the best we found"),
            OPTION(batch, 1, 4096, "windows or pictures in a step"),
            OPTION(epochs, 1, 1000, "passes through the windows"),
            OPTION(windows, 2, 1000000, "to train on at most"),
            OPTION(share, 0.01, 1, "of the residuals that the band shall hold"),
            OPTION(always, 0, 1, "1: a picture's class is asked for after each row"),
            OPTION(seeds, 1, 100, "trainings of each kind"),
            OPTION(seed, 0, 1000000, "of the first: weights and order"),
            TEXT(folder, "where the pictures are"));
    struct plan plan = {
        .cell = !strcmp(cell, "rnn") ? &rnn : !strcmp(cell, "lstm") ? &lstm : &gru,
        .hidden = hidden, .layers = layers, .batch = batch, .epochs = epochs,
        .windows = windows, .seed = seed, .difference = difference, .waves = waves,
        .rate = rate > 0 ? rate : !strcmp(series, "temperatures") ? 0.03f :
                !strcmp(series, "co2") ? 0.001f : 0.003f,
    };
    if (!strcmp(show, "classify") || !strcmp(show, "rows")) {
        plan.rate = rate > 0 ? rate : 0.003f;
        pictures_learn(&plan, folder, always, !strcmp(show, "rows"));
        return 0;
    }
    struct series s = series_open(series, column, season, horizon);
    plan.T = window ? window : s.season;
    plan.drift = drift ? drift : s.season;
    if (plan.drift > s.season + plan.T)
        die("drift=%d: wanted at most %d, a season and a window", drift,
            s.season + plan.T);
    if (!strcmp(show, "series"))
        series_print(&s);
    else if (!strcmp(show, "gaps"))
        gaps_print(&s);
    else if (!strcmp(show, "filling"))
        filling_print(&s);
    else
        series_forecast(show, &plan, seeds, &s, share);
    series_free(&s);
}

#endif
#endif
