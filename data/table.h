/* table.h: loads a table from a file of comma-separated values (RFC 4180).
 *
 * A file from outside may say anything.  Whatever is wrong with it, the program stops
 * with one sentence: file, line, found, wanted.
 */
#ifndef TABLE_H
#define TABLE_H

#include "file.h"

/* Exercises 4.2 and 4.3: solutions/04-data/data.c, or yours. */
int csv_row(char **cells, char **text, int most);
bool cell_number(float *x, const char *cell);

/* N rows of D cells, all text.  The cells are strings inside one block, text. */
struct table {
    const char *path;
    int N, D;
    char **names;  // [D]    the first line of the file
    char **cells;  // [N,D]
    int *lines;    // [N]    where each row begins in the file
    char *text;
};

/* Goes through a copy of the text: counts rows and columns, checks that all rows have
 * as many cells as the first, and notes the line where each row begins. */
static inline void table_measure(struct table *t, size_t start)
{
    char *copy = memory(strlen(t->text) + 1, 1), *at = copy + start;
    strcpy(copy, t->text);
    for (int line = 1, row = -1, count; ; row++) {
        const char *begin = t->text + (at - copy);
        count = csv_row(NULL, &at, 0);
        if (count < 0)
            die("%s: line %d: found a quote that is not closed, or more behind it, "
                "wanted \"...\" with \"\" for a quote inside", t->path, line);
        if (!count)
            break;
        if (row < 0)
            t->D = count;
        else if (count == t->D)
            t->lines[t->N++] = line;
        else
            die("%s: line %d: found %d cell%s, wanted %d as in line 1", t->path, line,
                count, count == 1 ? "" : "s", t->D);
        for (const char *end = t->text + (at - copy); begin < end; begin++)
            line += *begin == '\n';
    }
    free(copy);
}

/* Loads a table whose first line names the columns.  Whatever is wrong, the program
 * stops with one sentence: file, line, found, wanted. */
static inline struct table table_load(const char *path)
{
    struct table t = {.path = path, .text = file_text(path, INT_MAX / 2)};
    // Some programs put a mark of three bytes before the first.
    size_t start = strncmp(t.text, "\xef\xbb\xbf", 3) ? 0 : 3, ends = 1;
    for (const char *c = t.text; *c; c++)
        ends += *c == '\n';
    t.lines = ints(ends);
    table_measure(&t, start);
    if (!t.D)
        die("%s: found an empty file, wanted a line that names the columns", path);
    if (!t.N)
        die("%s: found a line of names and no more, wanted rows below it", path);

    char *at = t.text + start;
    t.names = memory((size_t)t.D, sizeof *t.names);
    t.cells = memory((size_t)t.N * (size_t)t.D, sizeof *t.cells);
    csv_row(t.names, &at, t.D);
    for (int n = 0; n < t.N; n++)
        csv_row(t.cells + (size_t)n * (size_t)t.D, &at, t.D);
    return t;
}

static inline void table_free(struct table *t)
{
    free(t->cells);
    free(t->names);
    free(t->lines);
    free(t->text);
    *t = (struct table){0};
}

static inline const char *table_cell(const struct table *t, int n, int d)
{
    return t->cells[(size_t)n * (size_t)t->D + (size_t)d];
}

/* The beginning of a cell, fit for one line of a message. */
struct shown { char text[41]; };

static inline struct shown table_shown(const char *cell)
{
    struct shown s = {""};
    for (int i = 0; i < 40 && cell[i]; i++)
        s.text[i] = (unsigned char)cell[i] < ' ' || cell[i] == 127 ? '?' : cell[i];
    return s;
}

/* The number of the column of this name, of which there must be one. */
static inline int table_column(const struct table *t, const char *name)
{
    int at = -1;
    for (int d = 0; d < t->D; d++) {
        if (strcmp(t->names[d], name))
            continue;
        if (at >= 0)
            die("%s: line 1: found column %s twice, wanted it once", t->path, name);
        at = d;
    }
    if (at < 0)
        die("%s: line 1: found no column %s among %d, wanted one", t->path, name, t->D);
    return at;
}

/* The cell of row n and column d as a number, NAN where it is missing. */
static inline float table_number(const struct table *t, int n, int d)
{
    float x = NAN;
    if (!cell_number(&x, table_cell(t, n, d)))
        die("%s: line %d, column %s: found \"%s\", wanted a number, NA or nothing",
            t->path, t->lines[n], table_shown(t->names[d]).text,
            table_shown(table_cell(t, n, d)).text);
    return x;
}

#endif
