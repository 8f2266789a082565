/* 04-data: from a file to numbers that a network can learn from.
 *
 * Reading a table, splitting its rows, filling what is missing, scaling; then what raw
 * numbers cost, and what it does to a result if the test rows have a say.
 */
#ifndef DATA_C
#define DATA_C
#include <00-kit/kit.h>

/* ---- text: cells and rows ------------------------------------------------ */

/* Exercise 4.1: takes the next cell off a text of comma-separated values, in place.
 *
 * A plain cell goes up to the next comma or the end of its line.  A cell that begins
 * with a quote goes up to the next single quote: commas and line ends in it are
 * characters like others, and two quotes stand for one.  The quotes around it go.
 *
 *     x,"y, ""z""",      is   x   and   y, "z"   and an empty cell
 *
 * Lines end with \n or \r\n, the last one perhaps without.  Blanks, a quote inside a
 * plain cell, and a \r with no \n behind it are characters like others.
 *
 * cell becomes a string inside the text.  Returns what ended it, and moves text
 * behind that:
 *
 *     ','    a comma
 *     '\n'   the end of a line, \n or \r\n
 *     '\0'   the end of the text; text then points to the '\0'
 *     '"'    nothing proper: a quote was not closed, or something else than these
 *            three followed it; cell and text are then worth nothing
 */
char csv_cell(char **cell,  // overwritten
              char **text)  // moved on
{
    char *from = *text, *to = from;
    *cell = to;
    // A quoted cell: drop its quotes, and move what is between them to the front.
    if (*from == '"') {
        from++;
        while (*from && (*from != '"' || from[1] == '"')) {
            from += *from == '"';  // the second of two
            *to++ = *from++;
        }
        if (!*from++)
            return '"';
    // A plain cell: it stays where it is.
    } else {
        while (*from && *from != ',' && *from != '\n' && strncmp(from, "\r\n", 2))
            from++;
        to = from;
    }
    // What ends it?  Look before the cell's own '\0' is written over that.
    from += *from == '\r' && from[1] == '\n';
    char end = *from;
    *to = '\0';
    *text = from + (end != '\0');
    return end == ',' || end == '\n' || end == '\0' ? end : '"';
}

/* Exercise 4.2: takes the next row off a text; returns how many cells it has.
 *
 * 0 at the end of the text, -1 if one of its cells is nothing proper (4.1).  An empty
 * line is a row of one empty cell.  A row may have more than `most` cells: they are
 * counted, but only the first `most` are put into cells.
 */
int csv_row(char **cells,  // [most]  overwritten, as many as there are
            char **text,   // moved on, behind the row
            int most)
{
    // Nothing left?
    if (!**text)
        return 0;
    // Cell after cell, until one is ended by something else than a comma.
    int count = 0;
    char *cell, end;
    do {
        end = csv_cell(&cell, text);
        if (count < most)
            cells[count] = cell;
        count++;
    } while (end == ',');
    return end == '"' ? -1 : count;
}

/* Exercise 4.3: reads a cell that should hold a number; returns whether it does.
 *
 * An empty cell and the cell NA are missing: x becomes NAN, and that is true as well.
 * Anything else must be a finite decimal number from its first character to its last,
 * such as 12, -0.5, 1e-3 or 2.5E+3: no blanks, no words, nothing behind it.  If it is
 * not, x stays as it is and the answer is false.
 * Hint: strtof also takes leading blanks, inf, nan and 0x10; strspn finds them out.
 */
bool cell_number(float *x,  // [1]  overwritten where the answer is true
                 const char *cell)
{
    // Missing?
    if (!*cell || !strcmp(cell, "NA")) {
        *x = NAN;
        return true;
    }
    // Only characters that a decimal number is made of.
    if (cell[strspn(cell, "+-.0123456789eE")])
        return false;
    // Read it: all of it must have been used, and it must fit into a float.
    char *end;
    float value = strtof(cell, &end);
    if (*end || !isfinite(value))
        return false;
    *x = value;
    return true;
}

/* What makes a table of a file with these: table_load, table_column, table_number. */
#include "../../data/table.h"

/* ---- which rows to learn from -------------------------------------------- */

/* Exercise 4.4: takes T of N rows away at random, to test on.
 *
 * train holds N row numbers.  Puts them into random order, with one call of the kit's
 * shuffle.  The last T then go to test; the first N - T are for training and stay.
 * T may be 0 or N.
 */
void split_rows(int *train,  // [N]  changed, the first N - T are what stays
                int *test,   // [T]  overwritten
                int N, int T, uint64_t *chance)
{
    // All of them in random order.
    shuffle(train, N, chance);
    // Those at the end are for the test.
    for (int i = 0; i < T; i++)
        test[i] = train[N - T + i];
}

/* Exercise 4.5*: splits so that each class gives its share; returns how many rows are
 * for the test.
 *
 * Goes through the classes k = 0 .. K-1.  The rows of class k, in the order of their
 * numbers, are split by one call of 4.4, one row in `every` for the test, rounded
 * down:
 *
 *     T = (number of rows with t[n] = k) / every
 *
 * What a class gives to train, or to test, stands behind what the classes before gave.
 * A class may have no rows.
 */
int split_stratified(int *train,    // [N]  the first N - (all T) overwritten
                     int *test,     // [N]  the first (all T) overwritten
                     const int *t,  // [N]  0 .. K-1
                     int N, int K, int every, uint64_t *chance)
{
    // How many there are so far; then class after class.
    int trains = 0, tests = 0;
    for (int k = 0; k < K; k++) {
        // The rows of this class, behind those that are already for training.
        int count = 0, *rows = train + trains;
        for (int n = 0; n < N; n++)
            if (t[n] == k)
                rows[count++] = n;
        // Some of them go.
        int T = count / every;
        split_rows(rows, test + tests, count, T, chance);
        trains += count - T;
        tests += T;
    }
    return tests;
}

/* The rows of x that are named, one below the other. */
void rows_gather(float *y,         // [N,D]  overwritten
                 const float *x,   // [..,D]
                 const int *rows,  // [N]
                 int N, int D)
{
    for (int n = 0; n < N; n++)
        memcpy(y + (size_t)n * D, x + (size_t)rows[n] * D, (size_t)D * sizeof *y);
}

/* ---- what is missing ----------------------------------------------------- */

/* Exercise 4.6: finds what to put where a number is missing: the mean of its column.
 *
 *     fill[d] = mean over those n for which x[n,d] is not NAN   of x[n,d]
 *
 * 0 if the whole column is missing.  Sums in double.
 */
void impute_fit(float *fill,     // [D]  overwritten
                const float *x,  // [N,D]  NAN where missing
                int N, int D)
{
    // Column after column: the mean of the numbers that are there.
    for (int d = 0; d < D; d++) {
        // The sum of what is there, and how many there are.
        double sum = 0;
        int count = 0;
        for (int n = 0; n < N; n++)
            if (!isnan(x[n*D + d])) {
                sum += x[n*D + d];
                count++;
            }
        // Their mean, if there is anything.
        fill[d] = count ? (float)(sum / count) : 0;
    }
}

/* Exercise 4.7: fills what is missing.
 *
 *     x[n,d] = fill[d]   where x[n,d] is NAN
 *
 * x is changed there and nowhere else.
 */
void impute_apply(float *x,           // [N,D]  changed
                  const float *fill,  // [D]
                  int N, int D)
{
    // Every number of every row.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            if (isnan(x[n*D + d]))
                x[n*D + d] = fill[d];
}

/* ---- scaling ------------------------------------------------------------- */

/* Exercise 4.8: finds for each column the mean and the standard deviation.
 *
 *     shift[d] = 1/N sum over n of x[n,d]
 *     scale[d] = square root of  1/N sum over n of (x[n,d] - mean)^2
 *
 * A column whose numbers are all the same gets the scale 1.  Two passes (1.4), with
 * sums and mean in double; rounded to float at the end.
 */
void standardize_fit(float *shift,    // [D]  overwritten
                     float *scale,    // [D]  overwritten
                     const float *x,  // [N,D]
                     int N, int D)
{
    // Column after column: one pass for the mean, one for the squares.
    for (int d = 0; d < D; d++) {
        // First pass: the mean.
        double sum = 0, squares = 0;
        for (int n = 0; n < N; n++)
            sum += x[n*D + d];
        double mean = sum / N;
        // Second pass: the mean square of what is left.
        for (int n = 0; n < N; n++)
            squares = fma(x[n*D + d] - mean, x[n*D + d] - mean, squares);
        // Nobody can divide by 0.
        shift[d] = (float)mean;
        scale[d] = squares > 0 ? (float)sqrt(squares / N) : 1;
    }
}

/* Exercise 4.9: shifts and scales every column.
 *
 *     y[n,d] = (x[n,d] - shift[d]) / scale[d]
 *
 * y is overwritten; it may be x itself.
 */
void scale_apply(float *y,            // [N,D]  overwritten
                 const float *x,      // [N,D]
                 const float *shift,  // [D]
                 const float *scale,  // [D]
                 int N, int D)
{
    // Every row with the same shifts and scales.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            y[n*D + d] = (x[n*D + d] - shift[d]) / scale[d];
}

/* Exercise 4.10: finds the shifts and scales that bring each column to 0 .. 1.
 *
 *     shift[d] = min over n of x[n,d]
 *     scale[d] = max over n of x[n,d] - min over n of x[n,d]
 *
 * A column whose numbers are all the same gets the scale 1.
 */
void minmax_fit(float *shift,    // [D]  overwritten
                float *scale,    // [D]  overwritten
                const float *x,  // [N,D]
                int N, int D)
{
    // Column after column: the lowest number and the highest.
    for (int d = 0; d < D; d++) {
        // The first row is both the lowest and the highest so far.
        float low = x[d], high = x[d];
        for (int n = 1; n < N; n++) {
            low = fminf(low, x[n*D + d]);
            high = fmaxf(high, x[n*D + d]);
        }
        // Nobody can divide by 0.
        shift[d] = low;
        scale[d] = high > low ? high - low : 1;
    }
}

/* ---- classes and pictures ------------------------------------------------ */

/* Exercise 4.11: turns class numbers into rows with a single 1.
 *
 *     y[n,k] = 1 where k = t[n],  0 elsewhere
 *
 * y is overwritten.
 */
void one_hot(float *y,      // [N,K]  overwritten
             const int *t,  // [N]  0 .. K-1
             int N, int K)
{
    // Ask each place whether it is the one.
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++)
            y[n*K + k] = k == t[n];
}

/* Exercise 4.12: makes rows of numbers from 0 to 1 out of pictures of bytes.
 *
 *     x[n, r X + c] = pixels[order[n], r, c] / 255     r = 0 .. Y-1,  c = 0 .. X-1
 *
 * Row n is the picture that order[n] names; a picture may be named more than once.
 * x is overwritten.
 */
void images_flatten(float *x,               // [N, Y X]  overwritten
                    const uint8_t *pixels,  // [..,Y,X]  0 .. 255
                    const int *order,       // [N]
                    int N, int Y, int X)
{
    // A picture already lies in memory as one row of D numbers.
    int D = Y * X;
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            x[n*D + d] = (float)pixels[order[n]*D + d] / 255;
}

/* ---- the program ------------------------------------------------------------ */
#if __INCLUDE_LEVEL__ == 0
#include <03-neuron/neuron.c>
#include "../../data/idx.h"

/* Some rows, each with its target. */
struct part {
    int N, D;
    float *x;  // [N,D]
    float *t;  // [N]  0 or 1
};

/* What is learnt from, and what it is judged by. */
struct examples { struct part train, test; };

struct part part_new(int N, int D)
{
    return (struct part){N, D, floats((size_t)N * (size_t)D), floats((size_t)N)};
}

struct part part_take(const struct part *from, const int *rows, int N)
{
    struct part p = part_new(N, from->D);
    rows_gather(p.x, from->x, rows, N, p.D);
    rows_gather(p.t, from->t, rows, N, 1);
    return p;
}

struct part part_copy(const struct part *from)
{
    struct part p = part_new(from->N, from->D);
    memcpy(p.x, from->x, (size_t)p.N * (size_t)p.D * sizeof *p.x);
    memcpy(p.t, from->t, (size_t)p.N * sizeof *p.t);
    return p;
}

void part_free(struct part *p)
{
    free(p->x);
    free(p->t);
}

/* Splits at random: T rows for the test. */
struct examples examples_split(const struct part *all, int T, uint64_t chance)
{
    int *train = ints((size_t)all->N), *test = ints((size_t)T);
    for (int n = 0; n < all->N; n++)
        train[n] = n;
    split_rows(train, test, all->N, T, &chance);
    struct examples e = {part_take(all, train, all->N - T), part_take(all, test, T)};
    free(test);
    free(train);
    return e;
}

void examples_free(struct examples *e)
{
    part_free(&e->train);
    part_free(&e->test);
}

enum scaling { RAW, CENTRED, MINMAX, STANDARDIZED };
const char *const scalings[] = {"raw", "centred", "minmax", "standardized"};

/* Fills and scales both parts with what is found in the rows of `by`: the training
 * part, unless a leak is wanted. */
void examples_prepare(struct examples *e, const struct part *by, enum scaling how)
{
    int D = by->D;
    float *fill = floats(3 * (size_t)D), *shift = fill + D, *scale = shift + D;
    struct part known = part_copy(by), *parts[] = {&known, &e->train, &e->test};
    impute_fit(fill, known.x, known.N, D);
    for (int i = 0; i < 3; i++)
        impute_apply(parts[i]->x, fill, parts[i]->N, D);
    if (how == MINMAX)
        minmax_fit(shift, scale, known.x, known.N, D);
    else
        standardize_fit(shift, scale, known.x, known.N, D);
    for (int d = 0; d < D && how <= CENTRED; d++) {
        scale[d] = 1;
        shift[d] = how == RAW ? 0 : shift[d];
    }
    for (int i = 1; i < 3; i++)
        scale_apply(parts[i]->x, parts[i]->x, shift, scale, parts[i]->N, D);
    part_free(&known);
    free(fill);
}

/* ---- penguins and clothes ---- */

enum { NUMBERS = 4 };
const char *const numbers[NUMBERS] = {"bill_length_mm", "body_mass_g", "bill_depth_mm",
                                      "flipper_length_mm"};

/* Which of the three species the penguin of row n is. */
int penguin_species(const struct table *t, int n)
{
    static const char *const names[] = {"Adelie", "Chinstrap", "Gentoo"};
    const char *cell = table_cell(t, n, table_column(t, "species"));
    for (int k = 0; k < 3; k++)
        if (!strcmp(cell, names[k]))
            return k;
    die("%s: line %d, column species: found \"%s\", wanted Adelie, Chinstrap or "
        "Gentoo", t->path, t->lines[n], table_shown(cell).text);
}

/* 0 female, 1 male, -1 not known. */
int penguin_sex(const struct table *t, int n)
{
    const char *cell = table_cell(t, n, table_column(t, "sex"));
    return !strcmp(cell, "male") ? 1 : !strcmp(cell, "female") ? 0 : -1;
}

/* Adelie (0) against Chinstrap (1) by the first D of the numbers. */
struct part two_species(const struct table *t, int D)
{
    struct part p = part_new(t->N, D);
    p.N = 0;
    for (int n = 0; n < t->N; n++) {
        int k = penguin_species(t, n);
        for (int d = 0; d < D && k < 2; d++)
            p.x[p.N*D + d] = table_number(t, n, table_column(t, numbers[d]));
        if (k < 2)
            p.t[p.N++] = (float)k;
    }
    return p;
}

/* Female (0) against male (1), by all four numbers and the species.  A row without sex
 * is left out: targets are not made up. */
struct part two_sexes(const struct table *t)
{
    int D = NUMBERS + 3;
    struct part p = part_new(t->N, D);
    p.N = 0;
    for (int n = 0; n < t->N; n++) {
        int sex = penguin_sex(t, n), k = penguin_species(t, n);
        if (sex < 0)
            continue;
        for (int d = 0; d < NUMBERS; d++)
            p.x[p.N*D + d] = table_number(t, n, table_column(t, numbers[d]));
        one_hot(p.x + p.N*D + NUMBERS, &k, 1, 3);
        p.t[p.N++] = (float)sex;
    }
    return p;
}

/* Pullovers (0) against coats (1): classes 2 and 4. */
struct part two_clothes(const char *folder, const char *which)
{
    struct images all = images_load(folder, which);
    int *order = ints((size_t)all.N), count = 0;
    for (int n = 0; n < all.N; n++)
        if (all.labels[n] == 2 || all.labels[n] == 4)
            order[count++] = n;
    if (!count)
        die("%s: no %s image of class 2 or 4", folder, which);
    struct part p = part_new(count, all.Y * all.X);
    images_flatten(p.x, all.pixels, order, count, all.Y, all.X);
    for (int n = 0; n < count; n++)
        p.t[n] = all.labels[order[n]] == 4;
    free(order);
    images_free(&all);
    return p;
}

/* What is in the first of D columns, whose numbers may be missing. */
void column_print(const char *species, const char *name, const float *x, int N, int D)
{
    float *known = floats((size_t)N), mean, deviation, low, range;
    int count = 0;
    for (int n = 0; n < N; n++)
        if (!isnan(x[n*D]))
            known[count++] = x[n*D];
    standardize_fit(&mean, &deviation, known, count, 1);
    minmax_fit(&low, &range, known, count, 1);
    printf("%s\t%s\t%d\t%d\t%g\t%.2f\t%g\t%.2f\n", species, name, N, N - count, low,
           mean, low + range, deviation);
    free(known);
}

void table_print(const struct table *t, const struct part *two)
{
    printf("# species\tcolumn\trows\tmissing\tlowest\tmean\thighest\tdeviation\n");
    float *x = floats((size_t)t->N);
    for (int d = 0; d < NUMBERS; d++) {
        for (int n = 0; n < t->N; n++)
            x[n] = table_number(t, n, table_column(t, numbers[d]));
        column_print("three", numbers[d], x, t->N, 1);
    }
    for (int d = 0; d < two->D; d++)
        column_print("two", numbers[d], two->x + d, two->N, two->D);
    free(x);
}

/* ---- one neuron ---- */

struct neuron {
    int D;
    float b, *w, *dw;  // [D]
    float *z, *dz;     // [N]  of the larger part
};

struct neuron neuron_new(const struct examples *e)
{
    int D = e->train.D, N = e->train.N > e->test.N ? e->train.N : e->test.N;
    float *block = floats(2 * ((size_t)D + (size_t)N));
    return (struct neuron){D, 0, block, block + D, block + 2*D, block + 2*D + N};
}

/* The largest rate that is certainly safe: 8 / mean of |x|^2, where |x|^2 includes the
 * 1 that the bias is multiplied by. */
float rate_safe(const struct part *p)
{
    double sum = p->N;
    for (int i = 0; i < p->N * p->D; i++)
        sum = fma(p->x[i], p->x[i], sum);
    return (float)(8 * p->N / sum);
}

void neuron_train(struct neuron *u, const struct part *p, float rate, int steps)
{
    for (int step = 0; step < steps; step++) {
        float db = 0;
        memset(u->dw, 0, (size_t)u->D * sizeof *u->dw);
        memset(u->dz, 0, (size_t)p->N * sizeof *u->dz);
        neuron_forward(u->z, p->x, u->w, u->b, p->N, u->D);
        bce_backward(u->dz, u->z, p->t, p->N);
        neuron_backward(u->dw, &db, u->dz, p->x, p->N, u->D);
        sgd_step(u->w, u->dw, rate, u->D);
        sgd_step(&u->b, &db, rate, 1);
    }
}

/* ---- what raw numbers cost ---- */

enum { LOOKS = 512 };

/* One training, and what was seen on the way. */
struct curve {
    float rate;
    int count, step[LOOKS];
    float w[LOOKS], b[LOOKS];  // w is the first weight
    float loss[LOOKS], test_loss[LOOKS], test_accuracy[LOOKS];
};

void curve_look(struct curve *c, struct neuron *u, const struct examples *e, int step)
{
    const struct part *p = &e->train, *q = &e->test;
    int i = c->count++;
    c->step[i] = step;
    c->w[i] = u->w[0];
    c->b[i] = u->b;
    neuron_forward(u->z, p->x, u->w, u->b, p->N, p->D);
    c->loss[i] = bce_forward(u->z, p->t, p->N);
    neuron_forward(u->z, q->x, u->w, u->b, q->N, q->D);
    c->test_loss[i] = bce_forward(u->z, q->t, q->N);
    c->test_accuracy[i] = accuracy(u->z, q->t, q->N);
}

/* Scales the examples and trains on them, at a share of the rate that is safe for them.
 * Looks after every step at first, after 500 at every 10th, after 5000 at every 100th,
 * and so on. */
void curve_run(struct curve *c, const struct examples *from, enum scaling how,
               int steps, float share)
{
    struct examples e = {part_copy(&from->train), part_copy(&from->test)};
    examples_prepare(&e, &e.train, how);
    struct neuron u = neuron_new(&e);
    c->rate = share * rate_safe(&e.train);
    for (int step = 0, apart; ; step += apart) {
        curve_look(c, &u, &e, step);
        for (apart = 1; step >= 50 * apart && step < steps; )
            apart *= 10;
        apart = apart < steps - step ? apart : steps - step;
        if (!apart || c->count == LOOKS)
            break;
        neuron_train(&u, &e.train, c->rate, apart);
    }
    free(u.w);
    examples_free(&e);
}

/* Trains once for each of the ways to scale. */
void curves_print(const struct examples *e, int steps, float share)
{
    struct curve *curves = memory(4, sizeof *curves);
    struct progress bar = {.what = "training"};
    int done = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 4; i++) {
        curve_run(curves + i, e, (enum scaling)i, steps, share);
#pragma omp critical
        progress(&bar, ++done, 4);
    }
    printf("# scaling\trate\tstep\ttrain_loss\ttest_loss\ttest_accuracy\n");
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < curves[k].count; i++)
            printf("%s\t%.3g\t%d\t%.4f\t%.4f\t%.4f\n", scalings[k], curves[k].rate,
                   curves[k].step[i], curves[k].loss[i], curves[k].test_loss[i],
                   curves[k].test_accuracy[i]);
    free(curves);
}

/* The way of a neuron with one input through the plane of its weight and bias. */
void path_print(const struct examples *e, enum scaling how, int steps, float share)
{
    struct curve *c = memory(1, sizeof *c);
    curve_run(c, e, how, steps, share);
    printf("# step\tw\tb\tloss\n");
    for (int i = 0; i < c->count; i++)
        printf("%d\t%.5f\t%.5f\t%.4f\n", c->step[i], c->w[i], c->b[i], c->loss[i]);
    free(c);
}

enum { GRID = 80 };

/* The loss over that plane. */
void valley_print(const struct examples *from, enum scaling how)
{
    // Lowest and highest weight, lowest and highest bias to look at.
    static const float windows[4][4] = {{-0.5f, 2, -70, 20}, {-0.5f, 2, -6, 4},
                                        {-10, 50, -24, 4}, {-2, 10, -8, 4}};
    const float *at = windows[how];
    struct examples e = {part_copy(&from->train), part_copy(&from->test)};
    const struct part *p = &e.train;
    examples_prepare(&e, p, how);
    float *z = floats((size_t)p->N);
    printf("# w\tb\tloss\n");
    for (int i = 0; i <= GRID; i++, printf("\n"))
        for (int j = 0; j <= GRID; j++) {
            float w = fmaf((float)i / GRID, at[1] - at[0], at[0]);
            float b = fmaf((float)j / GRID, at[3] - at[2], at[2]);
            neuron_forward(z, p->x, &w, b, p->N, 1);
            printf("%.4f\t%.4f\t%.4f\n", w, b, bce_forward(z, p->t, p->N));
        }
    free(z);
    examples_free(&e);
}

/* ---- how many of a rare class the test rows get ---- */

void splits_line(const struct table *t, bool stratified, int trials, uint64_t seed)
{
    int N = t->N, *train = ints((size_t)N), *test = ints((size_t)N);
    int *k = ints((size_t)N), lowest = N, highest = 0;
    double sum = 0;
    for (int n = 0; n < N; n++)
        k[n] = penguin_species(t, n);
    for (int i = 0; i < trials; i++) {
        uint64_t chance = stream(seed, (uint64_t)i);
        int tests = N / 4, count = 0;
        for (int n = 0; n < N; n++)
            train[n] = n;
        if (stratified)
            tests = split_stratified(train, test, k, N, 3, 4, &chance);
        else
            split_rows(train, test, N, tests, &chance);
        for (int n = 0; n < tests; n++)
            count += k[test[n]] == 1;
        sum += count;
        lowest = count < lowest ? count : lowest;
        highest = count > highest ? count : highest;
    }
    printf("%s\t%d\t%d\t%.2f\t%d\n", stratified ? "stratified" : "random", trials,
           lowest, sum / trials, highest);
    free(k);
    free(test);
    free(train);
}

/* ---- leaks: each returns examples, honest or leaky ---- */

/* Scaling by all rows, or by the training rows alone.  Female or male? */
struct examples leak_scaling(const struct part *penguins, int T, bool leaky,
                             uint64_t chance)
{
    struct examples e = examples_split(penguins, T, chance);
    examples_prepare(&e, leaky ? penguins : &e.train, STANDARDIZED);
    return e;
}

/* Numbers and classes that have nothing to do with each other. */
struct part noise(int N, int D, uint64_t *chance)
{
    struct part p = part_new(N, D);
    for (int i = 0; i < N * D; i++)
        p.x[i] = normal(chance);
    for (int n = 0; n < N; n++)
        p.t[n] = (float)(n % 2);
    return p;
}

/* Noise, every row twice: copied before the split, or training rows copied after it. */
struct examples leak_copies(bool leaky, uint64_t chance)
{
    enum { ROWS = 80 };
    int twice[2*ROWS];
    for (int n = 0; n < 2*ROWS; n++)
        twice[n] = n / 2;
    struct part all = noise(ROWS, 20, &chance), copies = part_take(&all, twice, 2*ROWS);
    struct examples e = examples_split(leaky ? &copies : &all,
                                       (leaky ? 2*ROWS : ROWS) / 4, chance);
    if (!leaky) {
        struct part once = e.train;
        e.train = part_take(&once, twice, 2*once.N);
        part_free(&once);
    }
    part_free(&copies);
    part_free(&all);
    return e;
}

/* Of each column, how far apart its sums over the two classes are. */
double *columns_apart(const struct part *p)
{
    double *apart = memory((size_t)p->D, sizeof *apart);
    for (int n = 0; n < p->N; n++)
        for (int d = 0; d < p->D; d++)
            apart[d] += p->t[n] > 0.5f ? p->x[n*p->D + d] : -p->x[n*p->D + d];
    for (int d = 0; d < p->D; d++)
        apart[d] = fabs(apart[d]);
    return apart;
}

/* Keeps the D columns that are furthest apart in `by`, and drops the others. */
void columns_keep(struct part *p, const struct part *by, int D)
{
    double *apart = columns_apart(by);
    float *x = floats((size_t)p->N * (size_t)D);
    for (int i = 0; i < D; i++) {
        int best = 0;
        for (int d = 1; d < by->D; d++)
            best = apart[d] > apart[best] ? d : best;
        for (int n = 0; n < p->N; n++)
            x[n*D + i] = p->x[n*p->D + best];
        apart[best] = -1;
    }
    free(apart);
    free(p->x);
    p->x = x;
    p->D = D;
}

/* The best 10 of 1000 columns of noise, chosen by all rows or by the training rows. */
struct examples leak_columns(bool leaky, uint64_t chance)
{
    enum { ROWS = 80 };
    struct part all = noise(ROWS, 1000, &chance);
    struct examples e = examples_split(&all, ROWS / 4, chance);
    struct part by = part_copy(leaky ? &all : &e.train);
    columns_keep(&e.train, &by, 10);
    columns_keep(&e.test, &by, 10);
    part_free(&by);
    part_free(&all);
    return e;
}

const char *const leaks[] = {"scaling", "scaling-20", "copies", "columns"};

/* The accuracy on the test rows after training on the others. */
float leak_score(int what, const struct part *penguins, bool leaky, int steps,
                 uint64_t chance)
{
    int N = penguins->N;
    struct examples e = what == 2 ? leak_copies(leaky, chance)
                      : what == 3 ? leak_columns(leaky, chance)
                      : leak_scaling(penguins, what ? N - 20 : N / 4, leaky, chance);
    struct neuron u = neuron_new(&e);
    neuron_train(&u, &e.train, rate_safe(&e.train), steps);
    neuron_forward(u.z, e.test.x, u.w, u.b, e.test.N, u.D);
    float score = accuracy(u.z, e.test.t, e.test.N);
    free(u.w);
    examples_free(&e);
    return score;
}

/* A line for each trial, one for the means, one for their standard errors. */
void leak_print(const char *name, const float *score, int trials)
{
    double mean[3] = {0}, squares[3] = {0};
    for (int i = 0; i < trials; i++) {
        const float *s = score + 2*i;
        printf("%s\t%d\t%.4f\t%.4f\t%.4f\n", name, i, s[0], s[1], s[1] - s[0]);
        for (int j = 0; j < 3; j++)
            mean[j] += (j < 2 ? s[j] : s[1] - s[0]) / trials;
    }
    for (int i = 0; i < trials; i++)
        for (int j = 0; j < 3; j++) {
            const float *s = score + 2*i;
            double off = (j < 2 ? s[j] : s[1] - s[0]) - mean[j];
            squares[j] = fma(off, off, squares[j]);
        }
    printf("%s\tmean\t%.4f\t%.4f\t%.4f\n", name, mean[0], mean[1], mean[2]);
    printf("%s\terror", name);
    for (int j = 0; j < 3; j++)
        printf("\t%.4f", sqrt(squares[j] / trials / (trials - 1)));
    printf("\n");
}

void leaks_print(const struct part *penguins, int trials, int steps, uint64_t seed)
{
    struct progress bar = {.what = "splitting"};
    int done = 0;
    float *score = floats(8 * (size_t)trials);
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 4 * trials; i++) {
        for (int leaky = 0; leaky < 2; leaky++)
            score[2*i + leaky] = leak_score(i / trials, penguins, leaky, steps,
                                            stream(seed, (uint64_t)i));
#pragma omp critical
        progress(&bar, ++done, 4 * trials);
    }
    printf("# leak\ttrial\thonest\tleaky\tdifference\n");
    for (int i = 0; i < 4; i++)
        leak_print(leaks[i], score + 2*i*trials, trials);
    free(score);
}

/* ---- main ---- */

struct settings { int seed, steps, trials, stars; float share; enum scaling how; };

/* Enough rows to split? */
void part_check(const struct part *p, const struct table *t, const char *what)
{
    if (p->N < 40)
        die("%s: found %d %s, wanted at least 40", t->path, p->N, what);
}

void splits_print(const struct table *t, const struct settings *s)
{
    printf("# split\ttrials\tlowest\tmean\thighest\n");
    for (int stratified = 0; stratified <= s->stars; stratified++)
        splits_line(t, stratified, s->trials, (uint64_t)s->seed);
}

/* What takes two columns of two species. */
void two_print(const char *show, const struct table *t, const struct settings *s)
{
    struct part two = two_species(t, 2);
    part_check(&two, t, "Adelie or Chinstrap penguins");
    if (show[0] == 't') {
        table_print(t, &two);
    } else {
        uint64_t chance = stream((uint64_t)s->seed, 0);
        struct examples e = examples_split(&two, two.N / 4, chance);
        curves_print(&e, s->steps ? s->steps : 1000000, s->share);
        examples_free(&e);
    }
    part_free(&two);
}

/* What takes the first column alone, all rows of it for training. */
void one_print(const char *show, const struct table *t, const struct settings *s)
{
    struct part one = two_species(t, 1);
    part_check(&one, t, "Adelie or Chinstrap penguins");
    struct examples alone = {one, one};
    if (show[0] == 'v')
        valley_print(&alone, s->how);
    else
        path_print(&alone, s->how, s->steps ? s->steps : 100000, s->share);
    part_free(&one);
}

/* Prints what is asked for about the penguins, and does no more than that takes: who
 * has come as far as 4.4 can split. */
void penguins_print(const char *show, const struct table *t, const struct settings *s)
{
    struct part sexes;
    switch (show[0]) {
    case 's': splits_print(t, s); break;
    case 'v':
    case 'p': one_print(show, t, s); break;
    case 't':
    case 'c': two_print(show, t, s); break;
    case 'l':
        sexes = two_sexes(t);
        part_check(&sexes, t, "penguins whose sex is known");
        leaks_print(&sexes, s->trials, s->steps ? s->steps : 200, (uint64_t)s->seed);
        part_free(&sexes);
    }
}

int main(int argc, char **argv)
{
    const char *show = "curves", *file = "data/penguins/penguins.csv";
    const char *scaling = "raw", *folder = "data/fashion-mnist";
    int seed = 1, steps = 0, trials = 400, stars = 0;
    float share = 1;
    OPTIONS("what raw numbers cost, and what a leak does",
            CHOICE(show, "curves|path|valley|table|leaks|splits|images",
                   "what to print"),
            CHOICE(scaling, "raw|centred|minmax|standardized",
                   "for show=valley and show=path"),
            OPTION(steps, 0, 10000000, "of training; 0 stands for what suits"),
            OPTION(share, 0.001, 1000, "of the largest rate that is certainly safe"),
            OPTION(trials, 2, 100000, "splits, for show=leaks and show=splits"),
            OPTION(seed, 0, 1000000, "of the splits"),
            OPTION(stars, 0, 1, "1: show=splits with the starred exercise too"),
            TEXT(file, "a table of penguins"),
            TEXT(folder, "where the images of show=images are"));
    struct settings s = {seed, steps, trials, stars, share, RAW};
    while (strcmp(scalings[s.how], scaling))
        s.how++;
    if (!strcmp(show, "images")) {
        struct examples e = {two_clothes(folder, "train"), two_clothes(folder, "t10k")};
        if (e.train.D != e.test.D)
            die("%s: training images of %d pixels, test images of %d", folder,
                e.train.D, e.test.D);
        curves_print(&e, steps ? steps : 300, share);
        examples_free(&e);
        return 0;
    }
    struct table t = table_load(file);
    penguins_print(show, &t, &s);
    table_free(&t);
}

#endif
#endif
