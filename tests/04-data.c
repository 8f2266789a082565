/* 04-data: the tests. */
#include "grade.h"
#include "data.c"

/* Below, "cell_like csv_cell;" declares the exercise again: should its parameters have
 * changed, the compiler says so. */

/* ---- texts ------------------------------------------------------------------------- */

/* A text to work on, and its letters as an input of the case.  The student's has not a
 * byte too many, so that the sanitizer sees one step too far. */
static char *text_new(struct run *r, const char *letters)
{
    size_t n = strlen(letters) + 1, spare = 64;
    int *code = array_new(r, "letters", INPUT, 'i', 256, (int[]){(int)n, 0});
#ifdef WORKER
    spare = 0;
#endif
    char *text = malloc(n + spare);
    memset(text, 0, n + spare);
    for (size_t i = 0; i < n; i++)
        code[i] = (unsigned char)(text[i] = letters[i]);
    return text;
}

/* What the student sees of it: "yours: [a b] , [] end"; of a long cell the beginning.
 * The judge is silent. */
static void show(const char *before, const char *string, const char *after)
{
#ifdef WORKER
    printf("%s", before);
    for (int i = 0; i < 20 && string && *string; i++, string++)
        putchar((unsigned char)*string < ' ' ? '.' : *string);
    printf("%s%s", string && *string ? "..." : "", after);
#else
    (void)before, (void)string, (void)after;
#endif
}

/* The first letters of a string inside the text, as numbers; -1 if it lies elsewhere. */
static void note(int *code, int width, const char *string, const char *text, size_t size)
{
    bool inside = string >= text && string < text + size;
    for (int i = 0; i < width; i++) {
        code[i] = inside ? (unsigned char)*string : -1;
        string += inside && *string;
        inside = inside && string < text + size;
    }
}

/* ---- 4.1 csv_cell ------------------------------------------------------------------ */

/* Hint 4.1: with a pencil, mark in x,"y, ""z""", which characters end up in a cell.  What
 * has to be looked at first, to know how a cell ends?
 *
 * Two kinds of cells.  A plain one, up to ',' or '\n' or '\r' with '\n' behind it or '\0',
 * stays where it is.  In a quoted one every character moves to the front by as many places
 * as quotes have gone before it; of "" one goes, and a single " is its end.
 *
 * Two pointers into the text: from reads, to writes, and to is never ahead of from.  After
 * the loop of either kind from stands at what ended the cell.  Look at it there, then write
 * '\0' at to, then move text.
 */
typedef char cell_like(char **cell, char **text);
cell_like csv_cell;

struct cells { int *ended_by, *moved_to, *cells; };

enum { WIDTH = 8 };  // so many letters of each cell are looked at

static struct cells cells_of(struct run *r, cell_like *f, const char *letters, int calls)
{
    char *text = text_new(r, letters), *at = text;
    size_t size = strlen(letters) + 1;
    struct cells c = {
        array_new(r, "ended_by (44 comma, 10 LF, 34 quote, 0 end)", OUTPUT, 'i', 0,
                  (int[]){calls, 0}),
        array_new(r, "moved_to", OUTPUT, 'i', 0, (int[]){calls, 0}),
        array_new(r, "cells (codes of letters)", OUTPUT, 'i', 0, (int[]){calls, WIDTH, 0})};
    bool more = true;
    for (int i = 0; i < calls; i++) {
        char *cell = NULL, end = 0;
        c.ended_by[i] = c.moved_to[i] = 0;
        memset(c.cells + i*WIDTH, 0, WIDTH * sizeof *c.cells);
        if (!more)
            continue;
        c.ended_by[i] = end = f(&cell, &at);
        more = end == ',' || end == '\n';
        if (end == '"') {  // cell and text are then worth nothing
            show(i ? "" : "yours: ", NULL, "not proper");
            continue;
        }
        note(c.cells + i*WIDTH, WIDTH, cell, text, size);
        show(i ? "[" : "yours: [", c.cells[i*WIDTH] < 0 ? "not in the text" : cell,
             end == ',' ? "] , " : end == '\n' ? "] LF " : end ? "] ? " : "] end");
        bool inside = at >= text && at < text + size;
        c.moved_to[i] = inside || at == text + size ? (int)(at - text) : -1;
        more = more && inside;
    }
    show("", NULL, "  ");
    free(text);
    return c;
}

CASE(cell_plain, cell_like)
{
    struct cells c = cells_of(r, f, "ab,c\n,d", 5);
    EXPECT(c.ended_by, ',', '\n', ',', 0, 0);
    EXPECT(c.moved_to, 3, 5, 6, 7, 0);
    EXPECT(c.cells, 'a', 'b', 0, 0, 0, 0, 0, 0,  'c', 0, 0, 0, 0, 0, 0, 0,
           0, 0, 0, 0, 0, 0, 0, 0,  'd', 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0);
    // A cell of 1200 letters, and two of letters that are negative where char is signed.
    char letters[1210] = "";
    memset(letters, 'l', 1200);
    strcpy(letters + 1200, "\n\xc3\xa9,\xff\n");
    cells_of(r, f, letters, 5);
}

CASE(cell_comma_in_quotes, cell_like)
{
    struct cells c = cells_of(r, f, "\"a, b\",c,\"\"\n\"d\"", 6);
    EXPECT(c.ended_by, ',', ',', '\n', 0, 0, 0);
    EXPECT(c.moved_to, 7, 9, 12, 15, 0, 0);
    EXPECT(c.cells, 'a', ',', ' ', 'b', 0, 0, 0, 0,  'c', 0, 0, 0, 0, 0, 0, 0,
           0, 0, 0, 0, 0, 0, 0, 0,  'd', 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0,
           0, 0, 0, 0, 0, 0, 0, 0);
}

CASE(cell_line_in_quotes, cell_like)
{
    cells_of(r, f, "a,\"b\nc\",\"d\r\ne\"\nf\n", 7);
}

CASE(cell_quotes_in_quotes, cell_like)
{
    struct cells c = cells_of(r, f, "x,\"y, \"\"z\"\"\",", 5);
    EXPECT(c.ended_by, ',', ',', 0, 0, 0);
    EXPECT(c.moved_to, 2, 13, 13, 0, 0);
    EXPECT(c.cells, 'x', 0, 0, 0, 0, 0, 0, 0,  'y', ',', ' ', '"', 'z', '"', 0, 0,
           0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 0);
    cells_of(r, f, "\"\"\"\",\"\"\"a\",\"b\"\"\"\n\"\"\"\"\"\"", 6);
}

CASE(cell_crlf, cell_like)
{
    struct cells c = cells_of(r, f, "a,b\r\n\r\nc,\r\n", 7);
    EXPECT(c.ended_by, ',', '\n', '\n', ',', '\n', 0, 0);
    EXPECT(c.moved_to, 2, 5, 7, 9, 11, 11, 0);
}

CASE(cell_lone_cr, cell_like)
{
    cells_of(r, f, "a\rb,\r,c\r\r\n\"d\r\",e\r", 7);
    struct cells c = cells_of(r, f, "\"c\",\"d\"\r\n\"\"\r\n", 5);
    EXPECT(c.ended_by, ',', '\n', '\n', 0, 0);
    EXPECT(c.moved_to, 4, 9, 13, 13, 0);
}

CASE(cell_blanks_and_quotes, cell_like)
{
    cells_of(r, f, " a b ,\t, 4\"x6\",b\"\"\n c\" \n\" d \"\n \"e\"", 10);
}

CASE(cell_not_closed, cell_like)
{
    struct cells c = cells_of(r, f, "a,\"b,c\nd\n", 6);
    EXPECT(c.ended_by, ',', '"', 0, 0, 0, 0);
    cells_of(r, f, "\"", 2);
    cells_of(r, f, "\"a\"\"", 2);
    cells_of(r, f, "x\n\"\"\"", 3);
}

CASE(cell_more_behind, cell_like)
{
    struct cells c = cells_of(r, f, "a,\"b\"c,d\n", 6);
    EXPECT(c.ended_by, ',', '"', 0, 0, 0, 0);
    cells_of(r, f, "\"a\" ,b", 3);
    cells_of(r, f, "\"a\"\rb", 3);
    cells_of(r, f, "\"a\"\r", 3);
}

/* ---- 4.2 csv_row ------------------------------------------------------------------- */

/* Hint 4.2: which of the four things that 4.1 can return mean that the row goes on?
 *
 * A row is cell after cell, as long as a comma ended the last one.  What is left to see to:
 * before the first cell, whether there is any text left; for each cell, whether there is
 * room for it; after the last, whether it was proper.
 *
 * An if, then a do ... while with one call of csv_cell in it, a counter, and an if around
 * the line that writes into cells; then return one of two things.
 */
typedef int row_like(char **cells, char **text, int most);
row_like csv_row;

struct rows { int *count, *moved_to, *cells; };

/* Of each row the first `most` cells, and of each cell the first 4 letters. */
static struct rows rows_of(struct run *r, row_like *f, const char *letters, int calls, int most)
{
    char *text = text_new(r, letters), *at = text, elsewhere[] = "?";
    size_t size = strlen(letters) + 1;
    struct rows c = {
        array_new(r, "count", OUTPUT, 'i', 0, (int[]){calls, 0}),
        array_new(r, "moved_to", OUTPUT, 'i', 0, (int[]){calls, 0}),
        most ? array_new(r, "cells (codes of letters)", OUTPUT, 'i', 0,
                         (int[]){calls, most, 4, 0}) : NULL};
    char **cells = most ? malloc((size_t)most * sizeof *cells) : NULL;
    bool more = true;
    for (int i = 0; i < calls; i++) {
        c.count[i] = c.moved_to[i] = 0;
        if (most)
            memset(c.cells + i*most*4, 0, (size_t)most * 4 * sizeof *c.cells);
        for (int k = 0; k < most; k++)
            cells[k] = elsewhere;
        if (!more)
            continue;
        int count = c.count[i] = f(cells, &at, most);
        show(i ? "" : "yours: ", NULL, count < 0 ? "not proper " : count ? "row " : "end ");
        for (int k = 0; k < most && k < count; k++) {
            int *code = c.cells + (i*most + k) * 4;
            note(code, 4, cells[k], text, size);
            show("[", code[0] < 0 ? "not in the text" : cells[k], "] ");
        }
        bool inside = at >= text && at < text + size;
        if (count >= 0)  // else text is worth nothing
            c.moved_to[i] = inside ? (int)(at - text) : -1;
        more = count > 0 && inside;
    }
    show("", NULL, "  ");
    free(cells);
    free(text);
    return c;
}

CASE(row_by_hand, row_like)
{
    struct rows c = rows_of(r, f, "ab,c\nd\n,e\n", 5, 2);
    EXPECT(c.count, 2, 1, 2, 0, 0);
    EXPECT(c.moved_to, 5, 7, 10, 10, 0);
    EXPECT(c.cells, 'a', 'b', 0, 0,  'c', 0, 0, 0,   'd', 0, 0, 0,  0, 0, 0, 0,
           0, 0, 0, 0,  'e', 0, 0, 0,   0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0);
}

CASE(row_no_last_line_end, row_like)
{
    struct rows c = rows_of(r, f, "a,b\r\n\"c\nd\",e,\"\"", 4, 3);
    EXPECT(c.count, 2, 3, 0, 0);
    c = rows_of(r, f, "a,b\nc,", 4, 3);
    EXPECT(c.count, 2, 2, 0, 0);
    c = rows_of(r, f, "", 2, 1);
    EXPECT(c.count, 0, 0);
}

CASE(row_empty_lines, row_like)
{
    struct rows c = rows_of(r, f, "a\n\n\r\n,\n,,\nb\n\n", 9, 3);
    EXPECT(c.count, 1, 1, 1, 2, 3, 1, 1, 0, 0);
}

CASE(row_too_many, row_like)
{
    struct rows c = rows_of(r, f, "a,b,c,d\n\"e,\",f,g\nh\ni,j,k\n", 8, 2);
    EXPECT(c.count, 4, 3, 1, 3, 0, 0, 0, 0);
}

CASE(row_only_counted, row_like)
{
    struct rows c = rows_of(r, f, "a,b,c,d\n\n\"e,\",f\n", 5, 0);
    EXPECT(c.count, 4, 1, 2, 0, 0);
}

/* Of these only the answer counts. */
CASE(row_not_proper, row_like)
{
    static const char *const texts[] = {"c,\"d,e\nf", "\"a\"b,c,d\ne\n", "a,b,c,d,\"e\n",
                                        "\"\n", "a,\"b\"\n,c"};
    OUT_INT(count, 10);
    for (int i = 0; i < 10; i++) {
        char *cells[2], *text = text_new(r, texts[i / 2]), *at = text;
        count[i] = f(i % 2 ? cells : NULL, &at, i % 2 ? 2 : 0);
        free(text);
    }
    EXPECT(count, -1, -1, -1, -1, -1, -1, -1, -1, 2, 2);
}

/* ---- 4.3 cell_number --------------------------------------------------------------- */

/* Hint 4.3: what does strtof make of "12kg", of "male", of "", of " 7", of "nan" and of
 * "1e999"?  How can you see it: from the number, from where it stopped, or not at all?
 *
 * Three questions, in this order: is it missing; is it made of nothing but the characters
 * of a decimal number; was all of it used, and is what came out finite?
 *
 * An if for "" and "NA", which returns true.  An if with strspn(cell, "...") that looks at
 * the first character not in the list, which should be the '\0'.  strtof(cell, &end), an if
 * on *end and isfinite().  Only then write to x.
 */
typedef bool number_like(float *x, const char *cell);
number_like cell_number;

/* One call for each of n words that are separated by |.  x begins as -77; a NAN is handed
 * over as -999, since no comparison knows a NAN. */
static void numbers_of(struct run *r, number_like *f, const char *words, int n)
{
    text_new(r, words);
    int *answer = array_new(r, "answer", OUTPUT, 'i', 0, (int[]){n, 0});
    float *result = array_new(r, "result", OUTPUT, 'f', 0, (int[]){n, 0});
    for (int i = 0; i < n; i++) {
        size_t length = strcspn(words, "|");
        char *cell = malloc(length + 1);
        memcpy(cell, words, length);
        cell[length] = '\0';
        float x = -77;
        answer[i] = f(&x, cell);
        result[i] = isnan(x) ? -999 : x;
        show(i ? "" : "yours: ", NULL,
             !answer[i] ? "neither [" : isnan(x) ? "missing [" : "number [");
        show("", cell, "] ");
        words += length + (words[length] == '|');
        free(cell);
    }
    show("", NULL, "\n");
}
#define NUMBERS_OF(n, words) numbers_of(r, f, words, n)
#define ANSWER (int *)r->arrays[1].data
#define RESULT r->arrays[2].data

CASE(number_decimal, number_like)
{
    NUMBERS_OF(8, "12|-0.5|1e-3|3750|0|39.1|-2.5E3|1E05");
    EXPECT(ANSWER, 1, 1, 1, 1, 1, 1, 1, 1);
    EXPECT(RESULT, 12, -0.5, 0.001, 3750, 0, 39.1, -2500, 1e5);
}

/* No E here, and no + above: who has forgotten one of them is told so, too. */
CASE(number_plus, number_like)
{
    NUMBERS_OF(4, "1e+05|+7|25e+2|-.5e+1");
    EXPECT(ANSWER, 1, 1, 1, 1);
    EXPECT(RESULT, 1e5, 7, 2500, -5);
}

CASE(number_missing, number_like)
{
    NUMBERS_OF(4, "NA||5|NA");
    EXPECT(ANSWER, 1, 1, 1, 1);
    EXPECT(RESULT, -999, -999, 5, -999);
}

CASE(number_words, number_like)
{
    NUMBERS_OF(6, "male|NAs|NA.|N|x|na");
    EXPECT(ANSWER, 0, 0, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77, -77, -77);
}

CASE(number_more_behind, number_like)
{
    NUMBERS_OF(8, "12kg|1.5.2|3-4|1e|5%|1,5|7+|2 000");
    EXPECT(ANSWER, 0, 0, 0, 0, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77, -77, -77, -77, -77);
}

CASE(number_signs_alone, number_like)
{
    NUMBERS_OF(6, ".|-|--2|e|+|1.5.2");
    EXPECT(ANSWER, 0, 0, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77, -77, -77);
}

CASE(number_blanks, number_like)
{
    NUMBERS_OF(6, " 3|\t4|5 |\n6| |7\r");
    EXPECT(ANSWER, 0, 0, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77, -77, -77);
}

CASE(number_not_a_number, number_like)
{
    NUMBERS_OF(8, "nan|inf|-inf|NaN|NAN|Infinity|+nan|nan(1)");
    EXPECT(ANSWER, 0, 0, 0, 0, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77, -77, -77, -77, -77);
}

CASE(number_hexadecimal, number_like)
{
    NUMBERS_OF(4, "0x10|0X1F|-0x1p3|0x.8");
    EXPECT(ANSWER, 0, 0, 0, 0);
    EXPECT(RESULT, -77, -77, -77, -77);
}

CASE(number_too_large, number_like)
{
    NUMBERS_OF(5, "3e38|1e999|-1e39|4e38|99999999999999999999999999999999999999999999");
    EXPECT(ANSWER, 1, 0, 0, 0, 0);
    EXPECT(RESULT, 3e38, -77, -77, -77, -77);
}

/* ---- 4.4 split_rows ---------------------------------------------------------------- */

/* Hint 4.4: once the numbers are in random order, is there a difference between the last T
 * of them and any other T?
 *
 * shuffle(train, N, chance) does the whole of chance.  Then test[0] is the first of the
 * last T: train[N - T].
 *
 * One call, and one loop over T places.  Nothing is drawn in the loop.
 */
typedef void split_like(int *train, int *test, int N, int T, uint64_t *chance);
split_like split_rows;

/* The last T places of train may hold anything. */
static void split_of(struct run *r, split_like *f, int *train, int *test, int N, int T)
{
    OUT_INT(chance_after, 2);
    uint64_t chance = r->seed;
    f(train, test, N, T, &chance);
    for (int i = N - T; i < N; i++)
        train[i] = 0;
    chance_after[0] = (int)(chance >> 32 & 0x7fffffff);
    chance_after[1] = (int)(chance & 0x7fffffff);
}

/* How often each number is in one of the two lists: once, whatever the order. */
static void seen_in(int *seen, int K, const int *list, int n)
{
    for (int i = 0; i < n; i++)
        if (list[i] >= 0 && list[i] < K)
            seen[list[i]]++;
}

CASE(split_each_once, split_like)
{
    OUT_INT(test, 4); int *train = NEW(train, ADDED, 'i', 1, 13); OUT_INT(seen, 13);
    SET(train, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    split_of(r, f, train, test, 13, 4);
    memset(seen, 0, 13 * sizeof *seen);
    seen_in(seen, 13, train, 9);
    seen_in(seen, 13, test, 4);
    EXPECT(seen, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
}

CASE(split_given_numbers, split_like)
{
    OUT_INT(test, 5); int *train = NEW(train, ADDED, 'i', 1, 9);
    SET(train, 70, 31, 5, 12, 8, 99, 44, 6, 23);
    split_of(r, f, train, test, 9, 5);
}

CASE(split_nothing, split_like)
{
    OUT_INT(test, 1); int *train = NEW(train, ADDED, 'i', 1, 6);
    SET(train, 3, 1, 4, 15, 9, 2);
    split_of(r, f, train, test, 6, 0);
}

CASE(split_all, split_like)
{
    OUT_INT(test, 6); int *train = NEW(train, ADDED, 'i', 1, 6);
    SET(train, 3, 1, 4, 15, 9, 2);
    split_of(r, f, train, test, 6, 6);
}

CASE(split_one, split_like)
{
    OUT_INT(test, 1); int *train = NEW(train, ADDED, 'i', 1, 1);
    SET(train, 7);
    split_of(r, f, train, test, 1, 1);
}

/* ---- 4.5* split_stratified --------------------------------------------------------- */

/* Hint 4.5*: where in train may you collect the rows of a class, so that split_rows
 * leaves those for training in their right place, and asks for no memory?
 *
 * Two counters, trains and tests, say how far each list is filled.  The rows of class k are
 * collected from train + trains on; split_rows puts T of them into test + tests; then the
 * counters grow by (number of rows) - T and by T.
 *
 * A loop over k.  In it a loop over n with an if, a division of two ints, one call of
 * split_rows, and two sums.  What the class before left behind its part of train is
 * overwritten, and that is right.
 */
typedef int stratified_like(int *train, int *test, const int *t, int N, int K, int every,
                            uint64_t *chance);
stratified_like split_stratified;

/* What lies behind the two lists may be anything. */
static void stratified_of(struct run *r, stratified_like *f, int *train, int *test,
                          const int *t, int N, int K, int every)
{
    OUT_INT(result, 1); OUT_INT(chance_after, 2);
    uint64_t chance = r->seed;
    *result = f(train, test, t, N, K, every, &chance);
    int tests = *result >= 0 && *result <= N ? *result : 0;
    for (int i = 0; i < N; i++) {
        if (i >= N - tests)
            train[i] = 0;
        if (i >= tests)
            test[i] = 0;
    }
    chance_after[0] = (int)(chance >> 32 & 0x7fffffff);
    chance_after[1] = (int)(chance & 0x7fffffff);
}

/* Class 0 five times, class 1 not at all, class 2 nine times, class 3 twice. */
CASE(stratified_by_hand, stratified_like)
{
    LABELS(t, 4, 16); OUT_INT(train, 16); OUT_INT(test, 16); OUT_INT(seen, 16);
    OUT_INT(classes, 4);
    SET(t, 2, 0, 2, 2, 3, 0, 2, 0, 2, 2, 0, 2, 3, 2, 0, 2);
    stratified_of(r, f, train, test, t, 16, 4, 3);
    memset(seen, 0, 16 * sizeof *seen);
    seen_in(seen, 16, train, 12);
    seen_in(seen, 16, test, 4);
    EXPECT(seen, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    memset(classes, 0, 4 * sizeof *classes);
    for (int i = 0; i < 4; i++)
        if (test[i] >= 0 && test[i] < 16 && t[test[i]] >= 0 && t[test[i]] < 4)
            classes[t[test[i]]]++;
    EXPECT(classes, 1, 0, 3, 0);
}

CASE(stratified_many, stratified_like)
{
    OUT_INT(train, 67); OUT_INT(test, 67); LABELS(t, 5, 67);
    stratified_of(r, f, train, test, t, 67, 5, 4);
}

CASE(stratified_halves, stratified_like)
{
    OUT_INT(train, 11); OUT_INT(test, 11); LABELS(t, 2, 11);
    stratified_of(r, f, train, test, t, 11, 2, 2);
}

CASE(stratified_every_one, stratified_like)
{
    OUT_INT(train, 9); OUT_INT(test, 9); LABELS(t, 3, 9);
    stratified_of(r, f, train, test, t, 9, 3, 1);
}

CASE(stratified_no_test, stratified_like)
{
    OUT_INT(train, 9); OUT_INT(test, 9); LABELS(t, 3, 9);
    stratified_of(r, f, train, test, t, 9, 3, 10);
}

/* ---- 4.6 impute_fit ---------------------------------------------------------------- */

/* Hint 4.6: of a column 1, missing, 3 the mean is 2.  What was divided by what?
 *
 * For each d by itself: the sum of those x[n,d] that are there, and how many there are.
 * NAN is the one number for which x == x is false; isnan(x) says it better.  What if there
 * are none?
 *
 * A loop over d; in it a sum and a counter that both begin as 0, a loop over n with one if;
 * after it a division, unless the counter is 0.
 */
typedef void impute_fit_like(float *fill, const float *x, int N, int D);
impute_fit_like impute_fit;

/* No comparison knows a NAN, so in the arrays of a case 9 stands for it. */
static void missing_hide(float *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = x[i] == 9 ? NAN : x[i];
}

static void missing_show(float *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = isnan(x[i]) ? 9 : x[i];
}

static void impute_fit_of(impute_fit_like *f, float *fill, float *x, int N, int D)
{
    missing_hide(x, N * D);
    f(fill, x, N, D);
    missing_show(x, N * D);
}

CASE(impute_fit_by_hand, impute_fit_like)
{
    IN(x, 4, 3); OUT(fill, 3);
    SET(x, 1, -4, 9,   9, 5, 2,   3, 0, 9,   8, 1, 7);
    impute_fit_of(f, fill, x, 4, 3);
    EXPECT(fill, 4, 0.5, 4.5);
}

CASE(impute_fit_none_missing, impute_fit_like)
{
    IN(x, 7, 4); OUT(fill, 4);
    impute_fit_of(f, fill, x, 7, 4);
}

CASE(impute_fit_many, impute_fit_like)
{
    IN(x, 23, 5); OUT(fill, 5);
    for (int i = 0; i < 23*5; i++)
        x[i] = x[i] > 0.4f ? 9 : x[i] < -0.8f ? 0 : x[i];
    impute_fit_of(f, fill, x, 23, 5);
}

CASE(impute_fit_all_missing, impute_fit_like)
{
    IN(x, 3, 4); OUT(fill, 4);
    SET(x, 9, 9, -2, 9,   9, 1, 9, 9,   9, 9, 5, 9);
    impute_fit_of(f, fill, x, 3, 4);
    EXPECT(fill, 0, 1, 1.5, 0);
}

CASE(impute_fit_long, impute_fit_like)
{
    IN(x, 5000, 2); OUT(fill, 2);
    TOLERANCE(1e-6);
    for (int n = 0; n < 5000; n++) {
        x[2*n] = 0.1f;
        x[2*n + 1] = n % 3 ? 4201.3f : 9;
    }
    impute_fit_of(f, fill, x, 5000, 2);
}

/* ---- 4.7 impute_apply -------------------------------------------------------------- */

/* Hint 4.7: is there a number that is not equal to itself?  What does x[0] == NAN say for
 * it?
 *
 * x[n,d] = fill[d] if x[n,d] is NAN; nothing else is written.
 *
 * Two loops, an if with isnan(), an assignment.  fill has one number for each column.
 */
typedef void impute_apply_like(float *x, const float *fill, int N, int D);
impute_apply_like impute_apply;

CASE(impute_apply_by_hand, impute_apply_like)
{
    IN(fill, 2); ADD_TO(x, 4, 2);
    SET(x, 1, 9,   9, 4,   7, -8,   9, 9); SET(fill, -5, 6);
    missing_hide(x, 8);
    f(x, fill, 4, 2);
    EXPECT(x, 1, 6, -5, 4, 7, -8, -5, 6);
}

CASE(impute_apply_many, impute_apply_like)
{
    IN(fill, 5); ADD_TO(x, 17, 5);
    for (int i = 0; i < 17*5; i++)
        x[i] = x[i] > 0.4f ? 9 : x[i] < -0.8f ? 0 : x[i];
    x[16*5 + 4] = x[2*5 + 3] = 9;
    missing_hide(x, 17*5);
    f(x, fill, 17, 5);
}

CASE(impute_apply_infinite, impute_apply_like)
{
    IN(fill, 3); ADD_TO(x, 2, 3);
    SET(x, INFINITY, 9, 0,   -0.5, -INFINITY, 9); SET(fill, 1, 2, 3);
    missing_hide(x, 6);
    f(x, fill, 2, 3);
    // No number is far from infinity, so that is compared apart.
    OUT_INT(infinite, 6);
    for (int i = 0; i < 6; i++) {
        infinite[i] = isinf(x[i]) ? x[i] > 0 ? 1 : -1 : 0;
        x[i] = isinf(x[i]) ? 0 : x[i];
    }
    EXPECT(infinite, 1, 0, 0, 0, -1, 0);
    EXPECT(x, 0, 2, 0, -0.5, 0, 3);
}

CASE(impute_apply_nothing, impute_apply_like)
{
    IN(fill, 4); ADD_TO(x, 3, 4);
    f(x, fill, 3, 4);
}

/* ---- 4.8 standardize_fit ----------------------------------------------------------- */

/* Hint 4.8: chapter 1 has the mean and the variance of one list.  Where in memory are the
 * numbers of column d, and what is asked for instead of the variance?
 *
 * For each d: mean = 1/N sum of x[n,d]; then squares = sum of (x[n,d] - mean)^2; the scale
 * is sqrt(squares / N), with N and not N - 1.  When is squares 0, and what then?
 *
 * A loop over d with two loops over n in it, one after the other.  double sum, squares and
 * mean: turned to float only when they are written into shift and scale.
 */
typedef void scale_fit_like(float *shift, float *scale, const float *x, int N, int D);
scale_fit_like standardize_fit;

CASE(standardize_by_hand, scale_fit_like)
{
    IN(x, 4, 3); OUT(shift, 3); OUT(scale, 3);
    SET(x, 1, 7, -3,   5, 7, 1,   5, 3, -3,   9, 3, 1);
    f(shift, scale, x, 4, 3);
    EXPECT(shift, 5, 5, -1);
    EXPECT(scale, 2.8284271247461903, 2, 2);
}

CASE(standardize_many, scale_fit_like)
{
    IN(x, 19, 5); OUT(shift, 5); OUT(scale, 5);
    f(shift, scale, x, 19, 5);
}

/* One pass in float finds no deviation at all, with fma and without: 8190^2 + 8194^2 is
 * 8 more than a power of two. */
CASE(standardize_8190, scale_fit_like)
{
    IN(x, 2, 2); OUT(shift, 2); OUT(scale, 2);
    SET(x, 8190, -8194,   8194, -8190);
    f(shift, scale, x, 2, 2);
    EXPECT(shift, 8192, -8192);
    EXPECT(scale, 2, 2);
}

CASE(standardize_constant, scale_fit_like)
{
    IN(x, 11, 4); OUT(shift, 4); OUT(scale, 4);
    for (int n = 0; n < 11; n++) {
        x[n*4] = 0.1f;
        x[n*4 + 2] = 0;
        x[n*4 + 3] = -1234.567f;
    }
    f(shift, scale, x, 11, 4);
}

CASE(standardize_one_row, scale_fit_like)
{
    IN(x, 1, 3); OUT(shift, 3); OUT(scale, 3);
    SET(x, 5, -2, 0.5);
    f(shift, scale, x, 1, 3);
    EXPECT(shift, 5, -2, 0.5);
    EXPECT(scale, 1, 1, 1);
}

CASE(standardize_tiny, scale_fit_like)
{
    IN(x, 6, 2); OUT(shift, 2); OUT(scale, 2);
    SCALE(x, 1e-9f);
    f(shift, scale, x, 6, 2);
}

CASE(standardize_far_away, scale_fit_like)
{
    IN(x, 3, 1); OUT(shift, 1); OUT(scale, 1);
    SET(x, 16777210, 16777212, 16777213);
    f(shift, scale, x, 3, 1);
    EXPECT(scale, 1.2472191289246471);  // the root of 14/9
}

/* ---- 4.9 scale_apply --------------------------------------------------------------- */

/* Hint 4.9: a column has mean 4000 and deviation 800.  What should become of 4800?
 *
 * y[n,d] = (x[n,d] - shift[d]) / scale[d]; the brackets matter.
 *
 * Two loops and one assignment.  n counts rows, so it has no business in shift and scale.
 */
typedef void scale_apply_like(float *y, const float *x, const float *shift,
                              const float *scale, int N, int D);
scale_apply_like scale_apply;

/* Scales between 0.5 and 1.5, so that no result is huge. */
static void away_from_0(float *scale, int D)
{
    for (int d = 0; d < D; d++)
        scale[d] = 1 + scale[d] / 2;
}

CASE(apply_by_hand, scale_apply_like)
{
    IN(x, 3, 2); IN(shift, 2); IN(scale, 2); OUT(y, 3, 2);
    SET(x, 4800, 3,   3600, -1,   4000, 7); SET(shift, 4000, -1); SET(scale, 800, 0.5);
    f(y, x, shift, scale, 3, 2);
    EXPECT(y, 1, 8, -0.5, 0, 0, 16);
}

CASE(apply_many, scale_apply_like)
{
    IN(x, 7, 5); IN(shift, 5); IN(scale, 5); OUT(y, 7, 5);
    away_from_0(scale, 5);
    f(y, x, shift, scale, 7, 5);
}

CASE(apply_in_place, scale_apply_like)
{
    ADD_TO(x, 4, 6); IN(shift, 6); IN(scale, 6);
    away_from_0(scale, 6);
    f(x, x, shift, scale, 4, 6);
}

CASE(apply_one_row, scale_apply_like)
{
    IN(x, 1, 8); IN(shift, 8); IN(scale, 8); OUT(y, 1, 8);
    away_from_0(scale, 8);
    f(y, x, shift, scale, 1, 8);
}

/* ---- 4.10 minmax_fit --------------------------------------------------------------- */

/* Hint 4.10: if the lowest so far begins as 0, what is the lowest of 3, 5 and 4?
 *
 * For each d: low and high over all n; shift[d] is low, scale[d] is high - low.  Begin with
 * a number of the column itself.  When is high - low 0, and what then?
 *
 * A loop over d; low = high = x[d], the first row; a loop over n from 1 on with fminf and
 * fmaxf, or two ifs; two assignments.
 */
scale_fit_like minmax_fit;

CASE(minmax_by_hand, scale_fit_like)
{
    IN(x, 4, 3); OUT(shift, 3); OUT(scale, 3);
    SET(x, 5, -1, 2,   3, -6, -4,   4, -3, 1,   4.5, -2, 0);
    f(shift, scale, x, 4, 3);
    EXPECT(shift, 3, -6, -4);
    EXPECT(scale, 2, 5, 6);
}

CASE(minmax_many, scale_fit_like)
{
    IN(x, 13, 6); OUT(shift, 6); OUT(scale, 6);
    f(shift, scale, x, 13, 6);
}

CASE(minmax_at_the_ends, scale_fit_like)
{
    IN(x, 3, 2); OUT(shift, 2); OUT(scale, 2);
    SET(x, 7, 10,   8, 11,   9, 8);  // the lowest, or the highest, first or last
    f(shift, scale, x, 3, 2);
    EXPECT(shift, 7, 8);
    EXPECT(scale, 2, 3);
}

CASE(minmax_constant, scale_fit_like)
{
    IN(x, 3, 4); OUT(shift, 4); OUT(scale, 4);
    SET(x, 7, 0, -2, 1,   7, 0, -2, 3,   7, 0, -2, 2);
    f(shift, scale, x, 3, 4);
    EXPECT(shift, 7, 0, -2, 1);
    EXPECT(scale, 1, 1, 1, 2);
}

CASE(minmax_one_row, scale_fit_like)
{
    IN(x, 1, 3); OUT(shift, 3); OUT(scale, 3);
    f(shift, scale, x, 1, 3);
}

CASE(minmax_tiny, scale_fit_like)
{
    IN(x, 5, 2); OUT(shift, 2); OUT(scale, 2);
    SCALE(x, 1e-9f);
    f(shift, scale, x, 5, 2);
}

/* ---- 4.11 one_hot ------------------------------------------------------------------ */

/* Hint 4.11: of K = 3 classes, which row of numbers belongs to class 1?  How many of them
 * have to be written?
 *
 * y[n*K + k] is 1 where k equals t[n], and 0 for all other k.
 *
 * Two loops, and in them the comparison k == t[n], which in C is a number.
 */
typedef void one_hot_like(float *y, const int *t, int N, int K);
one_hot_like one_hot;

CASE(one_hot_by_hand, one_hot_like)
{
    LABELS(t, 3, 4); OUT(y, 4, 3);
    SET(t, 2, 0, 2, 1);
    f(y, t, 4, 3);
    EXPECT(y, 0, 0, 1,  1, 0, 0,  0, 0, 1,  0, 1, 0);
}

CASE(one_hot_many, one_hot_like)
{
    LABELS(t, 7, 11); OUT(y, 11, 7);
    f(y, t, 11, 7);
}

CASE(one_hot_wide, one_hot_like)
{
    LABELS(t, 9, 2); OUT(y, 2, 9);
    f(y, t, 2, 9);
}

CASE(one_hot_one_class, one_hot_like)
{
    LABELS(t, 1, 3); OUT(y, 3, 1);
    f(y, t, 3, 1);
}

/* ---- 4.12 images_flatten ----------------------------------------------------------- */

/* Hint 4.12: where in memory does picture i begin, if each has Y rows of X bytes?  And what
 * is 128 / 255 in C, if both are whole numbers?
 *
 * The bytes of one picture lie one behind the other, row after row, just as x[n,..] wants
 * them: no byte changes its place within the picture.  Byte d of picture i is
 * pixels[i*D + d] with D = Y X.
 *
 * A loop over n, with i = order[n]; a loop over d; one assignment with a division of
 * floats.
 */
typedef void flatten_like(float *x, const uint8_t *pixels, const int *order, int N, int Y,
                          int X);
flatten_like images_flatten;

static void flatten_of(flatten_like *f, float *x, const int *pixels, int n,
                       const int *order, int N, int Y, int X)
{
    size_t spare = 4096;  // for mistakes that read on
#ifdef WORKER
    spare = 0;
#endif
    uint8_t *bytes = malloc((size_t)n + spare);
    memset(bytes, 0, (size_t)n + spare);
    for (int i = 0; i < n; i++)
        bytes[i] = (uint8_t)pixels[i];
    f(x, bytes, order, N, Y, X);
    free(bytes);
}

CASE(flatten_by_hand, flatten_like)
{
    LABELS(pixels, 256, 3, 2, 2); LABELS(order, 3, 2); OUT(x, 2, 4);
    SET(pixels, 1, 2, 3, 4,   51, 0, 255, 102,   204, 153, 5, 255); SET(order, 2, 1);
    flatten_of(f, x, pixels, 12, order, 2, 2, 2);
    EXPECT(x, 0.8, 0.6, 5 / 255.0, 1,   0.2, 0, 1, 0.4);
}

CASE(flatten_many, flatten_like)
{
    LABELS(pixels, 256, 7, 3, 5); LABELS(order, 7, 6); OUT(x, 6, 15);
    flatten_of(f, x, pixels, 7*15, order, 6, 3, 5);
}

CASE(flatten_twice, flatten_like)
{
    LABELS(pixels, 256, 3, 4, 3); LABELS(order, 3, 7); OUT(x, 7, 12);
    SET(order, 0, 2, 2, 1, 0, 2, 1);
    flatten_of(f, x, pixels, 3*12, order, 7, 4, 3);
}

CASE(flatten_dark, flatten_like)
{
    LABELS(pixels, 100, 2, 1, 6); LABELS(order, 2, 1); OUT(x, 1, 6);
    flatten_of(f, x, pixels, 2*6, order, 1, 1, 6);
}

/* ---- what only the judge holds ------------------------------------------------------- */
#if JUDGE

/* A wrong index must not lead the judge out of an array. */
static double at(const float *x, int i, int n) { return x[i % n]; }

/* ---- csv_cell ---- */

enum { PAST_THE_END = 1, NO_QUOTES = 2, LINE_ENDS = 4, DOUBLE_STAYS = 8, DOUBLE_ENDS = 16,
       CR_STAYS = 32, CR_ENDS = 64, STANDS_STILL = 128, INSIDE_TOO = 256, NOT_CLOSED = 512,
       BEHIND_LOST = 1024, TOO_LATE = 2048 };

/* Character by character, in one of three states; the cell is made elsewhere and copied
 * to where it begins. */
static char cell_take(char **cell, char **text, int wrong)
{
    enum { PLAIN, QUOTED, CLOSED } state = PLAIN;
    const char *s = *text;
    char made[2000], end = 1;
    int i = 0, n = 0;
    if (*s == '"' && !(wrong & NO_QUOTES)) {
        state = QUOTED;
        i = 1;
    }
    for (; end == 1; i++) {
        char c = s[i];
        if (state == QUOTED) {
            if (!c && wrong & NOT_CLOSED)
                end = '\0';
            else if (!c || (c == '\n' && wrong & LINE_ENDS))
                end = '"';
            else if (c != '"')
                made[n++] = c;
            else if (s[i+1] == '"' && !(wrong & DOUBLE_ENDS)) {
                made[n++] = s[i++];
                if (wrong & DOUBLE_STAYS)
                    made[n++] = '"';
            } else {
                state = CLOSED;
            }
        } else if (c == '\0' || c == ',' || c == '\n') {
            end = c;
        } else if (c == '\r' && s[i+1] == '\n' && !(wrong & CR_STAYS)) {
            ;
        } else if (c == '\r' && wrong & CR_ENDS) {
            end = '\n';
        } else if (state == CLOSED && !(wrong & BEHIND_LOST)) {
            end = '"';
        } else if (state == PLAIN) {
            if (c == '"' && wrong & INSIDE_TOO)
                state = QUOTED;
            else
                made[n++] = c;
        }
    }
    if (wrong & TOO_LATE && state == PLAIN)
        end = '\0', i = n + 1;
    *cell = *text;
    memcpy(*text, made, (size_t)n);
    (*text)[n] = '\0';
    *text += (end == '\0' && !(wrong & PAST_THE_END)) || wrong & STANDS_STILL ? i - 1 : i;
    return end;
}

#define CELL(name, wrong) \
    static char name(char **cell, char **text) { return cell_take(cell, text, wrong); }
CELL(cell_right, 0)
CELL(cell_past_the_end, PAST_THE_END)
CELL(cell_no_quotes, NO_QUOTES)
CELL(cell_line_ends, LINE_ENDS)
CELL(cell_double_stays, DOUBLE_STAYS)
CELL(cell_double_ends, DOUBLE_ENDS)
CELL(cell_cr_stays, CR_STAYS)
CELL(cell_cr_ends, CR_ENDS)
CELL(cell_stands_still, STANDS_STILL)
CELL(cell_inside_too, INSIDE_TOO)
CELL(cell_open_end, NOT_CLOSED)
CELL(cell_behind_lost, BEHIND_LOST)
CELL(cell_too_late, TOO_LATE)

/* ---- csv_row ---- */

enum { NO_END = 1, EMPTY_IS_END = 2, COUNTS_COMMAS = 4, COUNTS_KEPT = 8, STOPS_AT_MOST = 16,
       BAD_COUNTED = 32, STOPS_AT_EMPTY = 64, LAST_KEPT = 128, DROPS_LAST_EMPTY = 256,
       NONE_KEPT = 512, ONE_KEPT = 1024, UNTIL_END = 2048 };

static int row_take(char **cells, char **text, int most, int wrong)
{
    int count = 0;
    char *cell, end = ',';
    if (!**text && !(wrong & NO_END))
        return 0;
    while (end == ',' && (**text || !(wrong & UNTIL_END))) {
        end = cell_take(&cell, text, 0);
        if (end == '"' && !(wrong & BAD_COUNTED))
            return -1;
        if (most && !(wrong & NONE_KEPT)) {
            if (wrong & ONE_KEPT)
                cells[0] = cell;
            else if (count < most)
                cells[count] = cell;
            else if (wrong & LAST_KEPT)
                cells[most-1] = cell;
        }
        count++;
        if ((wrong & STOPS_AT_MOST && count == most) || (wrong & STOPS_AT_EMPTY && !*cell))
            break;
    }
    if ((wrong & EMPTY_IS_END && count == 1 && !*cell) ||
        (wrong & DROPS_LAST_EMPTY && !end && !*cell))
        count--;
    if (wrong & COUNTS_KEPT && count > most)
        count = most;
    return count - !!(wrong & COUNTS_COMMAS);
}

#define ROW(name, wrong) static int name(char **cells, char **text, int most) \
    { return row_take(cells, text, most, wrong); }
ROW(row_right, 0)
ROW(row_no_end, NO_END)
ROW(row_empty_is_end, EMPTY_IS_END)
ROW(row_counts_commas, COUNTS_COMMAS)
ROW(row_counts_kept, COUNTS_KEPT)
ROW(row_stops_at_most, STOPS_AT_MOST)
ROW(row_bad_counted, BAD_COUNTED)
ROW(row_stops_at_empty, STOPS_AT_EMPTY)
ROW(row_last_kept, LAST_KEPT)
ROW(row_drops_last_empty, DROPS_LAST_EMPTY)
ROW(row_none_kept, NONE_KEPT)
ROW(row_one_kept, ONE_KEPT)
ROW(row_until_end, UNTIL_END)

/* ---- cell_number ---- */

/* Sign, digits with a dot, e and digits: by the grammar, and the value by strtod, which
 * keeps more digits than a float has. */
static bool number_decimal_like(const char *s)
{
    int digits = 0;
    s += *s == '+' || *s == '-';
    for (; *s >= '0' && *s <= '9'; s++)
        digits++;
    s += *s == '.';
    for (; *s >= '0' && *s <= '9'; s++)
        digits++;
    if (!digits)
        return false;
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '+' || *s == '-';
        for (digits = 0; *s >= '0' && *s <= '9'; s++)
            digits++;
    }
    return digits && !*s;
}

static bool number_right(float *x, const char *cell)
{
    double value = NAN;
    if (*cell && strcmp(cell, "NA")) {
        value = strtod(cell, NULL);
        if (!number_decimal_like(cell) || fabs(value) > 3.4028235e38)
            return false;
    }
    *x = (float)value;
    return true;
}

static bool number_of_words(float *x, const char *cell)
{
    if (number_right(x, cell))
        return true;
    char *end;
    float value = strtof(cell, &end);
    if (end == cell && *cell > ' ')
        *x = value;
    return end == cell && *cell > ' ';
}

static bool number_tail_lost(float *x, const char *cell)
{
    char *end;
    float value = strtof(cell, &end);
    if (number_right(x, cell))
        return true;
    if (end == cell || !isfinite(value) || *cell <= ' ')
        return false;
    *x = value;
    return true;
}

static bool number_missing_is_0(float *x, const char *cell)
{
    bool is = number_right(x, cell);
    if (is && isnan(*x))
        *x = 0;
    return is;
}

static bool number_missing_unseen(float *x, const char *cell)
{
    if (!*cell)
        *x = 0;
    return !*cell || (strcmp(cell, "NA") && number_right(x, cell));
}

static bool number_missing_not_written(float *x, const char *cell)
{
    return !*cell || !strcmp(cell, "NA") || number_right(x, cell);
}

static bool number_after_blanks(float *x, const char *cell)
{
    const char *first = cell + strspn(cell, " \t\n\r");
    return number_right(x, *first ? first : *cell ? "?" : "");
}

static bool number_strtof(float *x, const char *cell)
{
    if (number_right(x, cell))
        return true;
    char *end;
    float value = strtof(cell, &end);
    if (end == cell || *end || *cell <= ' ')
        return false;
    *x = value;
    return true;
}

static bool number_hexadecimal_too(float *x, const char *cell)
{
    return strpbrk(cell, "xX") && isfinite(strtof(cell, NULL)) ? number_strtof(x, cell)
                                                               : number_right(x, cell);
}

static bool number_infinite_too(float *x, const char *cell)
{
    return cell[strspn(cell, "+-.0123456789eE")] ? number_right(x, cell)
                                                 : number_strtof(x, cell);
}

static bool number_spoils_x(float *x, const char *cell)
{
    bool is = number_right(x, cell);
    if (!is)
        *x = strtof(cell, NULL);
    return is;
}

/* The characters are right, but not all of them were used. */
static bool number_end_forgotten(float *x, const char *cell)
{
    bool is = number_right(x, cell);
    float value = strtof(cell, NULL);
    if (is || cell[strspn(cell, "+-.0123456789eE")] || !isfinite(value))
        return is;
    *x = value;
    return true;
}

static bool number_no_plus(float *x, const char *cell)
{
    return !strpbrk(cell, "+E") && number_right(x, cell);
}

/* ---- split_rows ---- */

/* Fisher and Yates, as the kit does it. */
static void mix(int *a, int n, uint64_t *chance)
{
    for (int left = n; left > 1; left--) {
        int j = below(chance, left), last = a[left-1];
        a[left-1] = a[j];
        a[j] = last;
    }
}

static void split_right(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    memcpy(test, train + N - T, (size_t)T * sizeof *test);
}

static void split_first(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    memcpy(test, train, (size_t)T * sizeof *test);
    memmove(train, train + T, (size_t)(N - T) * sizeof *train);
}

static void split_both(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    memcpy(test, train, (size_t)T * sizeof *test);
}

static void split_not_mixed(int *train, int *test, int N, int T, uint64_t *chance)
{
    (void)chance;
    memcpy(test, train + N - T, (size_t)T * sizeof *test);
}

static void split_same_chance(int *train, int *test, int N, int T, uint64_t *chance)
{
    uint64_t mine = *chance;
    split_right(train, test, N, T, &mine);
}

static void split_counts(int *train, int *test, int N, int T, uint64_t *chance)
{
    for (int n = 0; n < N; n++)
        train[n] = n;
    split_right(train, test, N, T, chance);
}

static void split_places(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    for (int i = 0; i < T; i++)
        test[i] = N - T + i;
}

static void split_backwards(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    for (int i = 0; i < T; i++)
        test[i] = train[N-1-i];
}

static void split_after(int *train, int *test, int N, int T, uint64_t *chance)
{
    memcpy(test, train + N - T, (size_t)T * sizeof *test);
    mix(train, N - T, chance);
}

static void split_twice(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    split_right(train, test, N, T, chance);
}

static void split_drawn(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    for (int i = 0; i < T; i++)
        test[i] = train[below(chance, N)];
}

static void split_one_early(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    for (int i = 0; i < T; i++)
        test[i] = train[(N - T + i + N - 1) % N];
}

static void split_test_mixed(int *train, int *test, int N, int T, uint64_t *chance)
{
    mix(train, N, chance);
    memcpy(test, train + N - T, (size_t)T * sizeof *test);
    mix(test, T, chance);
}

/* ---- split_stratified ---- */

enum { ROUNDED_UP = 1, TRAINS_RETURNED = 4, GAPS = 8, TESTS_OVER = 16,
       BACKWARDS = 32, EQUAL_SHARES = 64, SAME_CHANCE = 128, OF_CLASS = 256, LAST_CLASS = 512,
       ALL_BUT = 1024 };

static int stratified_take(int *train, int *test, const int *t, int N, int K, int every,
                           uint64_t *chance, int wrong)
{
    int trains = 0, tests = 0, first = 0;
    for (int i = 0; i < K - !!(wrong & LAST_CLASS); i++) {
        int rows[100], k = wrong & BACKWARDS ? K-1-i : i, count = 0;
        for (int n = 0; n < N; n++)
            if (t[n] == k) {
                rows[count] = wrong & OF_CLASS ? count : n;
                count++;
            }
        int T = count / every;
        T = wrong & ROUNDED_UP ? (count + every-1) / every : T;
        T = wrong & EQUAL_SHARES ? N / every / K : T;
        T = wrong & ALL_BUT ? count - T : T;
        T = T > count ? count : T;
        uint64_t mine = *chance;
        mix(rows, count, wrong & SAME_CHANCE ? &mine : chance);
        for (int r = 0; r < count; r++)  // what goes to test is overwritten later
            train[(wrong & GAPS ? first : trains) + r] = rows[r];
        for (int r = count - T; r < count; r++)
            test[(wrong & TESTS_OVER ? 0 : tests) + r - (count - T)] = rows[r];
        trains += count - T;
        tests += T;
        first += count;
    }
    return wrong & TRAINS_RETURNED ? trains : tests;
}

#define STRATIFIED(name, wrong) \
    static int name(int *train, int *test, const int *t, int N, int K, int every, \
                    uint64_t *chance) \
    { return stratified_take(train, test, t, N, K, every, chance, wrong); }
STRATIFIED(stratified_right, 0)
STRATIFIED(stratified_rounded_up, ROUNDED_UP)
STRATIFIED(stratified_trains_returned, TRAINS_RETURNED)
STRATIFIED(stratified_gaps, GAPS)
STRATIFIED(stratified_tests_over, TESTS_OVER)
STRATIFIED(stratified_backwards, BACKWARDS)
STRATIFIED(stratified_equal_shares, EQUAL_SHARES)
STRATIFIED(stratified_same_chance, SAME_CHANCE)
STRATIFIED(stratified_of_class, OF_CLASS)
STRATIFIED(stratified_last_class, LAST_CLASS)
STRATIFIED(stratified_all_but, ALL_BUT)

/* One split of all rows, whatever their class. */
static int stratified_not(int *train, int *test, const int *t, int N, int K, int every,
                          uint64_t *chance)
{
    (void)t, (void)K;
    for (int n = 0; n < N; n++)
        train[n] = n;
    split_right(train, test, N, N / every, chance);
    return N / every;
}

/* ---- impute_fit ---- */

/* One column, sorted: what is missing goes to the end, and the rest is added up from the
 * smallest size on. */
static int compare_sizes(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return isnan(x) ? !isnan(y) : isnan(y) ? -1 : (x > y) - (x < y);
}

static double mean_there(const float *x, int N, int D, int d, double missing, int *count)
{
    double *column = malloc((size_t)N * sizeof *column), sum = 0;
    for (int n = 0; n < N; n++)
        column[n] = isnan(x[n*D + d]) ? missing : x[n*D + d];
    qsort(column, (size_t)N, sizeof *column, compare_sizes);
    for (*count = 0; *count < N && !isnan(column[*count]); ++*count)
        sum += column[*count];
    free(column);
    return *count ? sum / *count : 0;
}

static void impute_right(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++)
        fill[d] = (float)mean_there(x, N, D, d, NAN, &count);
}

static void impute_as_0(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++)
        fill[d] = (float)mean_there(x, N, D, d, 0, &count);
}

static void impute_by_nan(float *fill, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double sum = 0;
        for (int n = 0; n < N; n++)
            sum += x[n*D + d];
        fill[d] = (float)(sum / N);
    }
}

static void impute_0_over_0(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++) {
        double mean = mean_there(x, N, D, d, NAN, &count);
        fill[d] = count ? (float)mean : NAN;
    }
}

static void impute_sums(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++) {
        double mean = mean_there(x, N, D, d, NAN, &count);
        fill[d] = (float)(mean * count);
    }
}

static void impute_float(float *fill, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        float sum = 0;
        int count = 0;
        for (int n = 0; n < N; n++)
            if (!isnan(x[n*D + d])) {
                sum += x[n*D + d];
                count++;
            }
        fill[d] = count ? sum / (float)count : 0;
    }
}

static void impute_one_mean(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++)
        fill[d] = (float)mean_there(x, N * D, 1, 0, NAN, &count);
}

static void impute_columns(float *fill, const float *x, int N, int D)
{
    int count;
    for (int d = 0; d < D; d++)
        fill[d] = (float)mean_there(x + (size_t)d * (size_t)N, N, 1, 0, NAN, &count);
}

/* 0 is taken for missing too. */
static void impute_without_0(float *fill, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double sum = 0;
        int count = 0;
        for (int n = 0; n < N; n++)
            if (!isnan(x[n*D + d]) && x[n*D + d] != 0) {
                sum += x[n*D + d];
                count++;
            }
        fill[d] = count ? (float)(sum / count) : 0;
    }
}

/* Only rows that have everything. */
static void impute_whole_rows(float *fill, const float *x, int N, int D)
{
    int count = 0;
    double sum[8] = {0};
    for (int n = 0; n < N; n++) {
        int whole = 1;
        for (int d = 0; d < D; d++)
            whole &= !isnan(x[n*D + d]);
        count += whole;
        for (int d = 0; whole && d < D; d++)
            sum[d] += x[n*D + d];
    }
    for (int d = 0; d < D; d++)
        fill[d] = count ? (float)(sum[d] / count) : 0;
}

static void impute_median(float *fill, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        int count = 0, below_it;
        fill[d] = 0;
        for (int n = 0; n < N; n++)
            count += !isnan(x[n*D + d]);
        for (int n = 0; n < N; n++) {
            below_it = 0;
            for (int m = 0; m < N; m++)
                below_it += x[m*D + d] < x[n*D + d] || (x[m*D + d] == x[n*D + d] && m < n);
            if (!isnan(x[n*D + d]) && (below_it == count / 2 || below_it == (count-1) / 2))
                fill[d] += count % 2 ? x[n*D + d] : x[n*D + d] / 2;
        }
    }
}

/* Sum and counter go on from column to column. */
static void impute_goes_on(float *fill, const float *x, int N, int D)
{
    double sum = 0;
    int count = 0;
    for (int d = 0; d < D; d++) {
        for (int n = 0; n < N; n++)
            if (!isnan(x[n*D + d])) {
                sum += x[n*D + d];
                count++;
            }
        fill[d] = count ? (float)(sum / count) : 0;
    }
}

/* ---- impute_apply ---- */

static void apply_fill(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) ? fill[i % D] : x[i];
}

static void fill_nothing(float *x, const float *fill, int N, int D)
{
    (void)x, (void)fill, (void)N, (void)D;
}

static void fill_all(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = fill[i % D];
}

static void fill_the_others(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) ? x[i] : fill[i % D];
}

static void fill_by_row(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) ? fill[i / D % D] : x[i];
}

static void fill_first_mean(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) ? fill[0] : x[i];
}

static void fill_0(float *x, const float *fill, int N, int D)
{
    (void)fill;
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) ? 0 : x[i];
}

static void fill_0_too(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isnan(x[i]) || x[i] == 0 ? fill[i % D] : x[i];
}

static void fill_infinite_too(float *x, const float *fill, int N, int D)
{
    for (int i = 0; i < N * D; i++)
        x[i] = isfinite(x[i]) ? x[i] : fill[i % D];
}

static void fill_first_of_row(float *x, const float *fill, int N, int D)
{
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            if (isnan(x[n*D + d])) {
                x[n*D + d] = fill[d];
                break;
            }
}

static void fill_whole_rows(float *x, const float *fill, int N, int D)
{
    for (int n = 0; n < N; n++) {
        int whole = 1;
        for (int d = 0; d < D; d++)
            whole &= !isnan(x[n*D + d]);
        for (int d = 0; !whole && d < D; d++)
            x[n*D + d] = fill[d];
    }
}

static void fill_stops_early(float *x, const float *fill, int N, int D)
{
    apply_fill(x, fill, N - 1, D);
}

/* ---- standardize_fit ---- */

/* The variance as half the mean square of all differences: no mean is needed. */
static double spread(const float *x, int N, int D, int d)
{
    double sum = 0;
    for (int n = 0; n < N; n++)
        for (int m = 0; m < n; m++)
            sum += ((double)x[n*D + d] - x[m*D + d]) * ((double)x[n*D + d] - x[m*D + d]);
    return sum / N / N;
}

static double mean_of(const float *x, int N, int D, int d)
{
    int count;
    return mean_there(x, N, D, d, NAN, &count);
}

static void standard_right(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double variance = spread(x, N, D, d);
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = variance > 0 ? (float)sqrt(variance) : 1;
    }
}

static void standard_sample(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double variance = spread(x, N, D, d) * N / (N - 1 + (N == 1));
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = variance > 0 ? (float)sqrt(variance) : 1;
    }
}

static void standard_variance(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double variance = spread(x, N, D, d);
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = variance > 0 ? (float)variance : 1;
    }
}

static void standard_0(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = (float)sqrt(spread(x, N, D, d));
    }
}

static void standard_about_0(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double squares = 0;
        for (int n = 0; n < N; n++)
            squares += (double)x[n*D + d] * x[n*D + d];
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = squares > 0 ? (float)sqrt(squares / N) : 1;
    }
}

static void standard_root_sum(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double variance = spread(x, N, D, d);
        shift[d] = (float)mean_of(x, N, D, d);
        scale[d] = variance > 0 ? (float)sqrt(variance * N) : 1;
    }
}

static void standard_one_pass(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double sum = 0, squares = 0;
        for (int n = 0; n < N; n++) {
            sum += x[n*D + d];
            squares += (double)x[n*D + d] * x[n*D + d];
        }
        double variance = squares / N - sum / N * (sum / N);
        shift[d] = (float)(sum / N);
        scale[d] = variance > 0 ? (float)sqrt(variance) : 1;
    }
}

static void standard_float_pass(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        float sum = 0, squares = 0;
        for (int n = 0; n < N; n++) {
            sum += x[n*D + d];
            squares += x[n*D + d] * x[n*D + d];
        }
        float mean = sum / (float)N, variance = squares / (float)N - mean * mean;
        shift[d] = mean;
        scale[d] = variance > 0 ? sqrtf(variance) : 1;
    }
}

static void standard_float(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        float sum = 0, squares = 0;
        for (int n = 0; n < N; n++)
            sum += x[n*D + d];
        shift[d] = sum / (float)N;
        for (int n = 0; n < N; n++)
            squares += (x[n*D + d] - shift[d]) * (x[n*D + d] - shift[d]);
        scale[d] = squares > 0 ? sqrtf(squares / (float)N) : 1;
    }
}

/* Sums in double, but what is squared is the distance from a mean that is a float. */
static void standard_float_mean(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        double squares = 0;
        shift[d] = (float)mean_of(x, N, D, d);
        for (int n = 0; n < N; n++)
            squares += ((double)x[n*D + d] - shift[d]) * ((double)x[n*D + d] - shift[d]);
        scale[d] = squares > 0 ? (float)sqrt(squares / N) : 1;
    }
}

static void standard_threshold(float *shift, float *scale, const float *x, int N, int D)
{
    standard_right(shift, scale, x, N, D);
    for (int d = 0; d < D; d++)
        scale[d] = scale[d] < 1e-7f ? 1 : scale[d];
}

static void standard_one_scale(float *shift, float *scale, const float *x, int N, int D)
{
    double variance = spread(x, N * D, 1, 0);
    for (int d = 0; d < D; d++) {
        shift[d] = (float)mean_of(x, N * D, 1, 0);
        scale[d] = variance > 0 ? (float)sqrt(variance) : 1;
    }
}

static void standard_columns(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++)
        standard_right(shift + d, scale + d, x + d*N, N, 1);
}

/* ---- scale_apply ---- */

#define APPLY(name, value) \
    static void name(float *y, const float *x, const float *shift, const float *scale, \
                     int N, int D) \
    { \
        for (int n = 0; n < N; n++) \
            for (int d = 0; d < D; d++) \
                y[n*D + d] = (float)(value); \
    }
APPLY(apply_right, ((double)x[n*D + d] - shift[d]) / scale[d])
APPLY(apply_times, ((double)x[n*D + d] - shift[d]) * scale[d])
APPLY(apply_plus, ((double)x[n*D + d] + shift[d]) / scale[d])
APPLY(apply_back, (double)x[n*D + d] * scale[d] + shift[d])
APPLY(apply_no_brackets, (double)x[n*D + d] - shift[d] / scale[d])
APPLY(apply_no_shift, (double)x[n*D + d] / scale[d])
APPLY(apply_no_scale, (double)x[n*D + d] - shift[d])
APPLY(apply_swapped, ((double)x[n*D + d] - scale[d]) / shift[d])
APPLY(apply_by_row, (x[n*D + d] - at(shift, n, D)) / at(scale, n, D))
APPLY(apply_first, ((double)x[n*D + d] - shift[0]) / scale[0])
APPLY(apply_first_row, ((double)x[d] - shift[d]) / scale[d])
APPLY(apply_reversed, ((double)shift[d] - x[n*D + d]) / scale[d])
APPLY(apply_added, y[n*D + d] + ((double)x[n*D + d] - shift[d]) / scale[d])

/* ---- minmax_fit ---- */

/* Compares each number with those of its column: the lowest is above no other. */
static double extreme(const float *x, int N, int D, int d, int sign)
{
    for (int n = 0; n < N; n++) {
        int beaten = 0;
        for (int m = 0; m < N; m++)
            beaten += sign * x[m*D + d] > sign * x[n*D + d];
        if (!beaten)
            return x[n*D + d];
    }
    return NAN;
}

static double lowest(const float *x, int N, int D, int d) { return extreme(x, N, D, d, -1); }
static double highest(const float *x, int N, int D, int d) { return extreme(x, N, D, d, 1); }

#define MINMAX_FIT(name, low, high, range) \
    static void name(float *shift, float *scale, const float *x, int N, int D) \
    { \
        for (int d = 0; d < D; d++) { \
            double a = low, b = high; \
            shift[d] = (float)a; \
            scale[d] = (float)(range); \
        } \
    }
#define RANGE (b != a ? b - a : 1)
#define LOW lowest(x, N, D, d)
#define HIGH highest(x, N, D, d)
MINMAX_FIT(minmax_right, LOW, HIGH, RANGE)
MINMAX_FIT(minmax_scale_0, LOW, HIGH, b - a)
MINMAX_FIT(minmax_scale_high, LOW, HIGH, b)
MINMAX_FIT(minmax_from_0, fmin(LOW, 0), HIGH, RANGE)
MINMAX_FIT(minmax_to_0, LOW, fmax(HIGH, 0), RANGE)
MINMAX_FIT(minmax_middle, (LOW + HIGH) / 2, HIGH, RANGE)
MINMAX_FIT(minmax_one_range, lowest(x, N * D, 1, 0), highest(x, N * D, 1, 0), RANGE)
MINMAX_FIT(minmax_columns, lowest(x + d*N, N, 1, 0), highest(x + d*N, N, 1, 0), RANGE)
MINMAX_FIT(minmax_last_row, N > 1 ? lowest(x, N-1, D, d) : LOW,
           N > 1 ? highest(x, N-1, D, d) : HIGH, RANGE)
MINMAX_FIT(minmax_threshold, LOW, HIGH, b - a > 1e-7 ? b - a : 1)

MINMAX_FIT(minmax_from_both_0, fmin(LOW, 0), fmax(HIGH, 0), RANGE)

static void minmax_swapped(float *shift, float *scale, const float *x, int N, int D)
{
    minmax_right(scale, shift, x, N, D);
}

/* if ... else if: what is a new lowest number is not asked whether it is the highest. */
static void minmax_else_if(float *shift, float *scale, const float *x, int N, int D)
{
    for (int d = 0; d < D; d++) {
        float low = INFINITY, high = -INFINITY;
        for (int n = 0; n < N; n++) {
            float value = x[n*D + d];
            if (value < low)
                low = value;
            else if (value > high)
                high = value;
        }
        shift[d] = low;
        scale[d] = high > low ? high - low : 1;
    }
}

/* ---- one_hot ---- */

#define ONE_HOT(name, value) \
    static void name(float *y, const int *t, int N, int K) \
    { \
        for (int n = 0; n < N; n++) \
            for (int k = 0; k < K; k++) \
                y[n*K + k] = (float)(value); \
    }
ONE_HOT(one_hot_right, t[n] - k ? 0 : 1)
ONE_HOT(one_hot_inverse, k != t[n])
ONE_HOT(one_hot_of_class, k == t[n] ? t[n] : 0)
ONE_HOT(one_hot_from_1, k == t[n] - 1)
ONE_HOT(one_hot_minus_1, k == t[n] ? 1 : -1)
ONE_HOT(one_hot_up_to, k <= t[n])
ONE_HOT(one_hot_first, k == t[0])
ONE_HOT(one_hot_0, 0)
ONE_HOT(one_hot_by_row, k == n)
ONE_HOT(one_hot_labels, t[n])

static void one_hot_no_zeros(float *y, const int *t, int N, int K)
{
    for (int n = 0; n < N; n++)
        y[n*K + t[n]] = 1;
}

static void one_hot_transposed(float *y, const int *t, int N, int K)
{
    for (int i = 0; i < N * K; i++)
        y[i] = t[i % N] == i / N;
}

/* ---- images_flatten ---- */

/* i: the picture, r: row, c: column of the number at d. */
#define FLATTEN(name, value) \
    static void name(float *x, const uint8_t *pixels, const int *order, int N, int Y, int X) \
    { \
        int D = Y * X; \
        for (int n = 0; n < N; n++) \
            for (int d = 0; d < D; d++) { \
                int i = order[n], r = d / X, c = d % X; \
                (void)i, (void)r, (void)c; \
                x[n*D + d] = (float)(value); \
            } \
    }
FLATTEN(flatten_right, pixels[(i*Y + r)*X + c] / 255.0)
FLATTEN(flatten_as_int, pixels[i*D + d] / 255)
FLATTEN(flatten_undivided, pixels[i*D + d])
FLATTEN(flatten_by_256, pixels[i*D + d] / 256.0)
FLATTEN(flatten_in_order, pixels[n*D + d] / 255.0)
FLATTEN(flatten_signed, (int8_t)pixels[i*D + d] / 255.0)
FLATTEN(flatten_centred, pixels[i*D + d] / 127.5 - 1)
FLATTEN(flatten_negative, 1 - pixels[i*D + d] / 255.0)
FLATTEN(flatten_by_columns, pixels[i*D + d % Y * X + d / Y] / 255.0)
FLATTEN(flatten_first_row, pixels[i*D + c] / 255.0)
FLATTEN(flatten_next_row, pixels[i*X + d] / 255.0)
FLATTEN(flatten_one_picture, pixels[order[0]*D + d] / 255.0)

#endif

#define FN(f) (anything *)f

const struct exercise exercises[] = {
    {"4.1", "csv_cell", FN(csv_cell),
     {{"the text ab,c LF ,d and one with a cell of 1200 letters", cell_plain},
      {"the text \"a, b\",c,\"\" LF \"d\"", cell_comma_in_quotes},
      {"the text a,\"b LF c\",\"d CR LF e\" LF f LF", cell_line_in_quotes},
      {"the text x,\"y, \"\"z\"\"\",  and more quotes in quotes", cell_quotes_in_quotes},
      {"lines that end with CR LF", cell_crlf},
      {"CR with no LF behind it, and CR LF behind quotes", cell_lone_cr},
      {"blanks around cells, and quotes inside plain cells", cell_blanks_and_quotes},
      {"quotes that are not closed", cell_not_closed},
      {"something else behind the second quote", cell_more_behind}},
     JUDGE_ONLY(FN(cell_right), {
        {FN(cell_no_quotes), "quotes are taken for characters like others.",
         "how does a cell begin in which a comma ends nothing?", "4.2"},
        {FN(cell_past_the_end), "at the end of the text, text is moved behind the '\\0'.",
         "what will the next call read there, and whose memory is it?", "4.2"},
        {FN(cell_line_ends), "the end of a line ends a quoted cell.",
         "which two characters may stand in a quoted cell, but not in a plain one?", "4.2"},
        {FN(cell_double_stays), "of two quotes in a quoted cell both are left.",
         "for how many quotes do two of them stand?", "4.2"},
        {FN(cell_double_ends), "the first of two quotes ends the quoted cell.",
         "what has to be looked at, before a quote is known to be the end?", "4.2"},
        {FN(cell_too_late), "what ended a plain cell is always '\\0'.",
         "where is the cell's own '\\0' written, and what stood there before?", "4.2"},
        {FN(cell_stands_still), "text is left at what ended the cell, not behind it.",
         "where should the next call begin to read?", "4.2"},
        {FN(cell_cr_stays), "the CR of CR LF is left in the cell.",
         "by which two ends may a line be followed?", "4.2"},
        {FN(cell_cr_ends), "a CR ends a line by itself.",
         "which CR belongs to the end of a line, and which does not?", "4.2"},
        {FN(cell_inside_too), "a quote inside a plain cell begins a quoted part.",
         "at which place only does a quote begin a quoted cell?", "4.2"},
        {FN(cell_open_end), "a quoted cell that is never closed is accepted.",
         "why did the loop over the quoted cell end: at a quote, or at the end of the text?", "4.2"},
        {FN(cell_behind_lost), "what stands behind the second quote is passed over.",
         "which three things may follow the second quote?", "4.2"}})},
    {"4.2", "csv_row", FN(csv_row),
     {{"the text ab,c LF d LF ,e LF, room for 2 cells", row_by_hand},
      {"texts whose last line has no end, room for 3 and 1", row_no_last_line_end},
      {"empty lines and empty cells, room for 3", row_empty_lines},
      {"rows of 4, 3, 1 and 3 cells, room for 2", row_too_many},
      {"rows of 4, 1 and 2 cells, cells NULL and room for none", row_only_counted},
      {"five first rows, four of them not proper, room for 0 and 2", row_not_proper}},
     JUDGE_ONLY(FN(row_right), {
        {FN(row_no_end), "at the end of the text there is one more row.",
         "what does csv_cell return if there is no text left, and who asks first?", "4.2"},
        {FN(row_empty_is_end), "an empty line is taken for the end of the text.",
         "how many cells has a line with nothing in it?", "4.2"},
        {FN(row_counts_commas), "the commas are counted.",
         "how many cells do two commas make?", "4.2"},
        {FN(row_none_kept), "the cells are not put into cells.",
         "where does the caller look for them?", "4.2"},
        {FN(row_one_kept), "every cell is put into the first place.",
         "which place has cell number count?", "4.2"},
        {FN(row_stops_at_empty), "an empty cell ends its row.",
         "what says that a row is over: the cell, or what ended it?", "4.2"},
        {FN(row_drops_last_empty), "an empty cell at the end of the text is lost.",
         "how many cells has a,\"\" ?", "4.2"},
        {FN(row_until_end), "a comma at the very end is not followed by an empty cell.",
         "how many cells is a, ?", "4.2"},
        {FN(row_counts_kept), "only the cells that are kept are counted.",
         "how can the caller learn that a row is too long?", "4.2"},
        {FN(row_stops_at_most), "what there is no room for begins the next row.",
         "where must text be after a row of 4 cells, if there is room for 2?", "4.2"},
        {FN(row_last_kept), "cells that there is no room for go to the last place.",
         "which cells of a long row should be kept?", "4.2"},
        {FN(row_bad_counted), "a row with a cell that is nothing proper is counted like others.",
         "what did csv_cell return for it?", "4.2"}},
     .uses = "4.1")},
    {"4.3", "cell_number", FN(cell_number),
     {{"12, -0.5, 1e-3, 3750, 0, 39.1, -2.5E3, 1E05", number_decimal},
      {"1e+05, +7, 25e+2, -.5e+1", number_plus},
      {"NA, an empty cell, 5, NA", number_missing},
      {"male, NAs, NA., N, x, na", number_words},
      {"12kg, 1.5.2, 3-4, 1e, 5%, \"1,5\", 7+, 2 000", number_more_behind},
      {"., -, --2, e, +, 1.5.2", number_signs_alone},
      {"\" 3\", \"TAB 4\", \"5 \", \"LF 6\", \" \", \"7CR\"", number_blanks},
      {"nan, inf, -inf, NaN, NAN, Infinity, +nan, nan(1)", number_not_a_number},
      {"0x10, 0X1F, -0x1p3, 0x.8", number_hexadecimal},
      {"3e38, 1e999, -1e39, 4e38, a number of 44 digits", number_too_large}},
     JUDGE_ONLY(FN(number_right), {
        {FN(number_no_plus), "a number with + or E is refused.",
         "with which characters may somebody write 2500 as 2.5 times a power of ten?", "4.2"},
        {FN(number_missing_is_0), "what is missing becomes 0.",
         "how could anybody tell it from a 0 that was measured?", "4.2"},
        {FN(number_missing_unseen), "nobody asks for what is missing: NA is refused, nothing is 0.",
         "what does strtof make of an empty cell, and what of NA?", "4.2"},
        {FN(number_missing_not_written), "where the cell is missing x stays as it was.",
         "what should x be, so that a later step finds it?", "4.2"},
        {FN(number_hexadecimal_too), "hexadecimal numbers are accepted.",
         "is 0x10 a decimal number? what does strtof say?", "4.2"},
        {FN(number_infinite_too), "a number too large for a float becomes infinite.",
         "what does strtof return for 1e999, and is that finite?", "4.2"},
        {FN(number_of_words), "words are accepted as some number.",
         "where does strtof's end stand if it found no number at all?", "4.2"},
        {FN(number_tail_lost), "what stands behind the number is passed over.",
         "where does strtof's end stand after 12kg?", "4.2"},
        {FN(number_spoils_x), "x is written although the answer is false.",
         "when is it known that the cell is a number, and where is x written?", "4.2"},
        {FN(number_end_forgotten), "the right characters in the wrong order are accepted.",
         "which part of 1.5.2 does strtof use, and how does it say so?", "4.2"},
        {FN(number_after_blanks), "blanks before the number are passed over.",
         "what does strtof do with blanks in front?", "4.2"},
        {FN(number_strtof), "nan and inf are accepted.",
         "which words does strtof take for numbers?", "4.2"}})},
    {"4.4", "split_rows", FN(split_rows),
     {{"N=13 T=4, the numbers 0 to 12", split_each_once},
      {"N=9 T=5, the numbers 70, 31, 5 ...", split_given_numbers},
      {"N=6 T=0", split_nothing}, {"N=6 T=6", split_all}, {"N=1 T=1", split_one}},
     JUDGE_ONLY(FN(split_right), {
        {FN(split_not_mixed), "the rows are not in random order.",
         "which function of the kit draws the order?", "4.3"},
        {FN(split_first), "the first T are taken for the test, the others moved up.",
         "which T of the mixed numbers should go?", "4.3"},
        {FN(split_both), "the test rows are for training too: the first T of both are the same.",
         "which places of train are left for training, and which go to test?", "4.3"},
        {FN(split_after), "the last T go before the order is random.",
         "is a table in random order when it comes from a file?", "4.3"},
        {FN(split_same_chance), "the order is random, but chance does not move on.",
         "what would a second split with the same stream give?", "4.3"},
        {FN(split_counts), "train is filled with 0 to N - 1 first.",
         "who says which row numbers are to be split?", "4.3"},
        {FN(split_places), "test holds places, not the row numbers that stand there.",
         "what stands in train[N - T]?", "4.3"},
        {FN(split_backwards), "the test rows are taken from the end backwards.",
         "which place of train goes to test[0]?", "4.3"},
        {FN(split_twice), "train is shuffled twice.",
         "is an order more random if it is shuffled again?", "4.3"},
        {FN(split_test_mixed), "the test rows are shuffled once more.",
         "is an order more random if it is shuffled again?", "4.3"},
        {FN(split_drawn), "each test row is drawn anew from all N.",
         "may a row be drawn twice, or be in both lists?", "4.3"},
        {FN(split_one_early), "test begins one place too early.",
         "where in train do the last T begin?", "4.3"}})},
    {"4.5*", "split_stratified", FN(split_stratified),
     {{"N=16 K=4 every=3, class 1 has no rows", stratified_by_hand},
      {"N=67 K=5 every=4", stratified_many}, {"N=11 K=2 every=2", stratified_halves},
      {"N=9 K=3 every=1", stratified_every_one}, {"N=9 K=3 every=10", stratified_no_test}},
     JUDGE_ONLY(FN(stratified_right), {
        {FN(stratified_not), "the classes make no difference: one split of all rows.",
         "how many rows of a rare class come to the test then?", "4.3"},
        {FN(stratified_rounded_up), "the shares are rounded up.",
         "what does C make of 5 / 3, if both are ints?", "4.3"},
        {FN(stratified_equal_shares), "each class gives equally many, whatever its size.",
         "of how many rows is T the share?", "4.3"},
        {FN(stratified_all_but), "one row in `every` is for training, the others for the test.",
         "which of the two lists should be the long one?", "4.3"},
        {FN(stratified_trains_returned), "the number of training rows is returned.",
         "which of the two numbers is asked for?", "4.3"},
        {FN(stratified_gaps), "train has gaps: the test rows of earlier classes still have room.",
         "how many rows of a class stay in train, if T of them go?", "4.3"},
        {FN(stratified_tests_over), "every class begins test anew, over the classes before it.",
         "where in test do the rows of the second class belong?", "4.3"},
        {FN(stratified_backwards), "the classes are taken from the last to the first.",
         "which class comes first?", "4.3"},
        {FN(stratified_same_chance), "each class is split by the same chance: it does not move on.",
         "what is handed to split_rows, the stream or a copy?", "4.3"},
        {FN(stratified_of_class), "the rows are counted within their class.",
         "what is row 0 of class 2 called in the whole table?", "4.3"},
        {FN(stratified_last_class), "the last class is left out.",
         "which is the last of K classes?", "4.3"}},
     .uses = "4.4")},
    {"4.6", "impute_fit", FN(impute_fit),
     {{"N=4 D=3, by hand", impute_fit_by_hand}, {"N=7 D=4, nothing missing", impute_fit_none_missing},
      {"N=23 D=5, zeros among them", impute_fit_many},
      {"N=3 D=4, two columns wholly missing", impute_fit_all_missing},
      {"N=5000 D=2, the same number in all rows", impute_fit_long}},
     JUDGE_ONLY(FN(impute_right), {
        {FN(impute_as_0), "what is missing counts as 0 in the mean.",
         "by how many numbers should the sum be divided?", "4.4"},
        {FN(impute_by_nan), "NAN is added up with the others.",
         "what is NAN + 1, and is NAN == NAN?", "4.4"},
        {FN(impute_0_over_0), "the mean of no number at all is 0/0.",
         "what is asked for if the whole column is missing?", "4.4"},
        {FN(impute_sums), "this is the sum, not the mean.",
         "what is left to do after the sum?", "4.4"},
        {FN(impute_without_0), "zeros are taken for missing.",
         "is a measured 0 a number like others?", "4.4"},
        {FN(impute_whole_rows), "rows with anything missing are left out whole.",
         "what do the other columns know that is thrown away so?", "4.4"},
        {FN(impute_median), "this is the median.",
         "is the middle number asked for, or the mean?", "4.4"},
        {FN(impute_goes_on), "sum and counter go on from column to column.",
         "where do they begin anew?", "4.4"},
        {FN(impute_one_mean), "every column gets the mean of the whole table.",
         "which numbers belong to column d?", "4.4"},
        {FN(impute_columns), "x is read as if it were [D,N].",
         "how far apart in memory are x[0,d] and x[1,d]?", "4.4"},
        {FN(impute_float), "the sum is a float, which loses digits.",
         "how large is the sum at the end, and how many digits has a float?", "4.4"}})},
    {"4.7", "impute_apply", FN(impute_apply),
     {{"N=4 D=2, by hand", impute_apply_by_hand}, {"N=17 D=5, zeros among them", impute_apply_many},
      {"N=2 D=3, infinite numbers among them", impute_apply_infinite},
      {"N=3 D=4, nothing missing", impute_apply_nothing}},
     JUDGE_ONLY(FN(apply_fill), {
        {FN(fill_nothing), "nothing is filled.",
         "is NAN == NAN? which function asks for it?", "4.4"},
        {FN(fill_all), "every number is replaced.", "which numbers are to stay?", "4.4"},
        {FN(fill_the_others), "what is there is replaced, what is missing stays.",
         "what does isnan say of 1.5?", "4.4"},
        {FN(fill_by_row), "fill is read with the row's index.",
         "has fill one number for each row, or for each column?", "4.4"},
        {FN(fill_first_mean), "every gap gets fill[0].", "which index should fill have?", "4.4"},
        {FN(fill_0), "every gap gets 0.", "what was 4.6 for?", "4.4"},
        {FN(fill_0_too), "zeros are replaced too.", "is a measured 0 missing?", "4.4"},
        {FN(fill_infinite_too), "infinite numbers are replaced too.",
         "which function asks for NAN and nothing else?", "4.4"},
        {FN(fill_first_of_row), "only the first gap of each row is filled.",
         "how many numbers of a row may be missing?", "4.4"},
        {FN(fill_whole_rows), "a row with a gap is replaced whole.",
         "which numbers of that row are to stay?", "4.4"},
        {FN(fill_stops_early), "the last row is not filled.",
         "which is the last of N rows?", "4.4"}})},
    {"4.8", "standardize_fit", FN(standardize_fit),
     {{"N=4 D=3, by hand", standardize_by_hand}, {"N=19 D=5", standardize_many},
      {"N=2 D=2, 8190 and 8194, -8194 and -8190", standardize_8190},
      {"N=11 D=4, columns whose numbers are all the same", standardize_constant},
      {"N=1 D=3", standardize_one_row}, {"N=6 D=2, tiny numbers", standardize_tiny},
      {"16777210, 16777212, 16777213", standardize_far_away}},
     JUDGE_ONLY(FN(standard_right), {
        {FN(standard_sample), "the squares are divided by N - 1.",
         "by what does the formula divide?", "4.5"},
        {FN(standard_variance), "the scale is the variance.",
         "in which unit is a variance of millimetres?", "4.5"},
        {FN(standard_0), "a column whose numbers are all the same gets the scale 0.",
         "what does 4.9 do with a scale of 0?", "4.5"},
        {FN(standard_float_pass), "one pass, and its sums are floats.",
         "what is 8194 times 8194, and what does a float make of it?", "4.5"},
        {FN(standard_about_0), "the squares are those of x itself: no mean was taken away.",
         "how far are the numbers from their mean?", "4.5"},
        {FN(standard_root_sum), "this is the root of the sum: nothing was divided by N.",
         "is the deviation a sum, or a mean?", "4.5"},
        {FN(standard_float_mean), "the mean is rounded to a float before the second pass.",
         "can a float hold 16777211.67?", "4.5"},
        {FN(standard_float), "sums in float lose digits.",
         "what is the deviation of eleven times 0.1, and what does a float make of it?", "4.5"},
        {FN(standard_one_pass), "one pass: the mean square less the square of the mean.",
         "how many digits are left if two large numbers are almost equal?", "4.5"},
        {FN(standard_threshold), "tiny deviations are taken for none.",
         "is a column of nanometres, told in metres, all the same?", "4.5"},
        {FN(standard_one_scale), "every column gets mean and deviation of the whole table.",
         "which numbers belong to column d?", "4.5"},
        {FN(standard_columns), "x is read as if it were [D,N].",
         "how far apart in memory are x[0,d] and x[1,d]?", "4.5"}})},
    {"4.9", "scale_apply", FN(scale_apply),
     {{"N=3 D=2, by hand", apply_by_hand}, {"N=7 D=5", apply_many},
      {"N=4 D=6, y is x itself", apply_in_place}, {"N=1 D=8", apply_one_row}},
     JUDGE_ONLY(FN(apply_right), {
        {FN(apply_times), "the scale multiplies.", "should 4800, with mean 4000 and deviation 800, "
         "become 1 or 640000?", "4.5"},
        {FN(apply_plus), "the shift is added.", "where should the mean itself come to lie?", "4.5"},
        {FN(apply_back), "this is the way back, from scaled to raw.",
         "what becomes of the mean?", "4.5"},
        {FN(apply_no_brackets), "only the shift is divided by the scale.",
         "what does C do first in x - a / b?", "4.5"},
        {FN(apply_no_shift), "nothing is shifted.",
         "where should the mean itself come to lie?", "4.5"},
        {FN(apply_no_scale), "nothing is scaled.", "how far apart should the numbers lie?", "4.5"},
        {FN(apply_swapped), "shift and scale have changed places.",
         "which of the two is subtracted?", "4.5"},
        {FN(apply_by_row), "shift and scale are read with the row's index.",
         "do they have one number for each row, or for each column?", "4.5"},
        {FN(apply_first), "every column is scaled like the first.",
         "which index should shift and scale have?", "4.5"},
        {FN(apply_first_row), "every row is made from the first row of x.",
         "where in memory does row n of x begin?", "4.5"},
        {FN(apply_reversed), "x is subtracted from the shift.",
         "should a number above the mean become positive or negative?", "4.5"},
        {FN(apply_added), "y is added to.", "does the formula say = or +=?", "4.5"}})},
    {"4.10", "minmax_fit", FN(minmax_fit),
     {{"N=4 D=3, by hand", minmax_by_hand}, {"N=13 D=6", minmax_many},
      {"N=3 D=2, the extremes first or last", minmax_at_the_ends},
      {"N=3 D=4, columns whose numbers are all the same", minmax_constant},
      {"N=1 D=3", minmax_one_row}, {"N=5 D=2, tiny numbers", minmax_tiny}},
     JUDGE_ONLY(FN(minmax_right), {
        {FN(minmax_from_0), "the lowest begins as 0.",
         "what is the lowest of 3, 4 and 5, if 0 is among them from the start?", "4.5"},
        {FN(minmax_to_0), "the highest begins as 0 or as the smallest positive float.",
         "what is the highest of -6 and -1, if 0 is among them from the start?", "4.5"},
        {FN(minmax_from_both_0), "lowest and highest begin as 0.",
         "which number of the column may they begin with?", "4.5"},
        {FN(minmax_else_if), "a number that is a new lowest is not asked whether it is the highest.",
         "what is the highest of a column that only falls, and what does else do there?", "4.5"},
        {FN(minmax_scale_high), "the scale is the highest number.",
         "what becomes of the highest number if 4.9 shifts before it divides?", "4.5"},
        {FN(minmax_middle), "this brings the column to -1 .. 1.",
         "which number should become 0: the lowest, or the middle?", "4.5"},
        {FN(minmax_swapped), "shift and scale have changed places.",
         "which of the two does 4.9 subtract?", "4.5"},
        {FN(minmax_one_range), "every column gets the extremes of the whole table.",
         "which numbers belong to column d?", "4.5"},
        {FN(minmax_columns), "x is read as if it were [D,N].",
         "how far apart in memory are x[0,d] and x[1,d]?", "4.5"},
        {FN(minmax_last_row), "the last row is left out.", "which is the last of N rows?", "4.5"},
        {FN(minmax_scale_0), "a column whose numbers are all the same gets the scale 0.",
         "what does 4.9 do with a scale of 0?", "4.5"},
        {FN(minmax_threshold), "a tiny range is taken for none.",
         "is a column of nanometres, told in metres, all the same?", "4.5"}})},
    {"4.11", "one_hot", FN(one_hot),
     {{"t = 2, 0, 2, 1, by hand", one_hot_by_hand}, {"N=11 K=7", one_hot_many},
      {"N=2 K=9", one_hot_wide}, {"N=3 K=1", one_hot_one_class}},
     JUDGE_ONLY(FN(one_hot_right), {
        {FN(one_hot_no_zeros), "only the ones are written.",
         "what was in y before, and who says that it was 0?", "4.7"},
        {FN(one_hot_0), "there is no 1 at all.", "when does k equal t[n]?", "4.7"},
        {FN(one_hot_inverse), "0 and 1 have changed places.",
         "which single place is to be 1?", "4.7"},
        {FN(one_hot_of_class), "the class number stands where a 1 should.",
         "what stands in the place of class 2?", "4.7"},
        {FN(one_hot_labels), "every place holds the class number.",
         "how many places of a row are not 0?", "4.7"},
        {FN(one_hot_from_1), "the classes are counted from 1.",
         "which place of the row belongs to class 0?", "4.7"},
        {FN(one_hot_minus_1), "the other places are -1.", "what should stand elsewhere?", "4.7"},
        {FN(one_hot_up_to), "all places up to the class are 1.",
         "how many places of a row are 1?", "4.7"},
        {FN(one_hot_first), "every row is that of the first example.",
         "which index should t have?", "4.7"},
        {FN(one_hot_by_row), "the 1 of row n stands in place n.",
         "where does the class enter?", "4.7"},
        {FN(one_hot_transposed), "y is written as if it were [K,N].",
         "how far apart in memory are y[0,k] and y[1,k]?", "4.7"}})},
    {"4.12", "images_flatten", FN(images_flatten),
     {{"two of three pictures, Y=2 X=2, by hand", flatten_by_hand},
      {"N=6 Y=3 X=5", flatten_many}, {"N=7 Y=4 X=3, pictures named twice", flatten_twice},
      {"N=1 Y=1 X=6", flatten_dark}},
     JUDGE_ONLY(FN(flatten_right), {
        {FN(flatten_as_int), "the division is one of whole numbers.",
         "what is 204 / 255 in C, if both are ints?", "4.7"},
        {FN(flatten_undivided), "the bytes are not divided.", "how large should white be?", "4.7"},
        {FN(flatten_by_256), "the bytes are divided by 256.", "what does white become?", "4.7"},
        {FN(flatten_in_order), "the pictures are taken in their own order.",
         "what is order for?", "4.7"},
        {FN(flatten_one_picture), "every row is the picture order[0].",
         "which index should order have?", "4.7"},
        {FN(flatten_signed), "bytes above 127 become negative.",
         "which type holds a byte from 0 to 255?", "4.7"},
        {FN(flatten_centred), "this goes from -1 to 1.", "what should black be?", "4.7"},
        {FN(flatten_negative), "black and white have changed places.",
         "what should black be?", "4.7"},
        {FN(flatten_by_columns), "each picture is read column by column.",
         "which pixels are neighbours in memory?", "4.7"},
        {FN(flatten_first_row), "each row of a picture is its first one.",
         "how many bytes has a picture?", "4.7"},
        {FN(flatten_next_row), "a picture begins X bytes after the one before.",
         "how many bytes has a picture?", "4.7"}})},
    {0}};
