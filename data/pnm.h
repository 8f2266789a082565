/* pnm.h: loads and saves pictures in Netpbm's formats PGM (grey) and PPM (colour).
 *
 * Such a file is text up to its pixels: P2, P3, P5 or P6, the width, the height, the
 * largest number a pixel may have, with blanks or lines between them; from # to the end
 * of the line is a comment.  P2 (grey) and P3 (red, green, blue) go on with the pixels
 * as text.  P5 (grey) and P6 (colour) have one blank, then each number as a byte, or as
 * two, the more significant first, where the largest is above 255.
 *
 * A file from outside may say anything: each field is checked before it is used, and
 * memory is asked for only when the file is long enough for what its header says.
 */
#ifndef PNM_H
#define PNM_H

#include "file.h"

struct pnm {
    int Y, X, C;  // C = 1 grey, 3 red, green, blue
    float *x;     // [Y,X,C]  0 dark to 1 bright
};

/* ---- loading ------------------------------------------------------------------- */

struct pnm_file {
    const char *path;
    FILE *file;
    uint64_t size, at;  // in bytes; at is the next one
};

/* The next byte, or EOF; a comment counts as the end of its line. */
static inline int pnm_byte(struct pnm_file *f)
{
    int c = getc(f->file);
    f->at += c != EOF;
    if (c == '#')
        while (c != '\n' && c != '\r' && c != EOF) {
            c = getc(f->file);
            f->at += c != EOF;
        }
    return c;
}

static inline bool pnm_blank(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A number of the text with what stands for it, and the one byte behind it. */
static inline int pnm_number(struct pnm_file *f, const char *what, int low, int high)
{
    int64_t n = 0;
    int c = pnm_byte(f);
    while (pnm_blank(c))
        c = pnm_byte(f);
    if (c == EOF)
        die("%s: %s: found the end of the file, wanted a number", f->path, what);
    if (c < '0' || c > '9')
        die("%s: %s: found byte %d at %llu, wanted a number", f->path, what, c,
            (unsigned long long)f->at - 1);
    for (; c >= '0' && c <= '9'; c = pnm_byte(f)) {
        n = 10*n + c - '0';
        if (n > INT_MAX)
            die("%s: %s: found more than %d, wanted %d to %d", f->path, what, INT_MAX,
                low, high);
    }
    if (n < low || n > high)
        die("%s: %s: found %d, wanted %d to %d", f->path, what, (int)n, low, high);
    if (c != EOF && !pnm_blank(c))
        die("%s: %s: found byte %d behind %d, wanted a blank", f->path, what, c,
            (int)n);
    return (int)n;
}

/* Reads pixels that are text, then makes sure that nothing follows. */
static inline void pnm_text(struct pnm_file *f, float *x, size_t count, int largest)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)pnm_number(f, "a pixel", 0, largest) / (float)largest;
    int c = pnm_byte(f);
    while (pnm_blank(c))
        c = pnm_byte(f);
    if (c != EOF)
        die("%s: pixels: found more than %zu numbers, wanted the end of the file",
            f->path, count);
}

/* Reads pixels that are bytes, or pairs of bytes. */
static inline void pnm_bytes(struct pnm_file *f, float *x, size_t count, int largest)
{
    for (size_t i = 0; i < count; i++) {
        int n = 0;
        for (int byte = largest > 255 ? 2 : 1; byte && n >= 0; byte--) {
            int c = getc(f->file);
            n = c == EOF ? -1 : n << 8 | c;
        }
        if (n < 0)
            die("%s: pixels: the file could not be read", f->path);
        if (n > largest)
            die("%s: a pixel: found %d, wanted 0 to %d", f->path, n, largest);
        x[i] = (float)n / (float)largest;
    }
}

/* Loads a picture.  Give it back with pnm_free. */
static inline struct pnm pnm_load(const char *path)
{
    struct pnm_file f = {.path = path};
    f.file = file_regular(path, &f.size);
    int P = getc(f.file), type = getc(f.file);
    bool text = type == '2' || type == '3';
    if (P != 'P' || !(text || type == '5' || type == '6'))
        die("%s: first bytes: found %d and %d, wanted P2, P3, P5 or P6", path, P, type);
    f.at = 2;
    struct pnm p = {.C = type == '3' || type == '6' ? 3 : 1};
    p.X = pnm_number(&f, "width", 1, INT_MAX);
    p.Y = pnm_number(&f, "height", 1, INT_MAX);
    int largest = pnm_number(&f, "largest number", 1, 65535);

    // Text has at least a digit and a blank for each number but the last.
    uint64_t pixels = (uint64_t)p.Y * (uint64_t)p.X, count = pixels * (uint64_t)p.C;
    if (pixels > INT_MAX / 3)
        die("%s: pixels: found %d times %d, wanted at most %d", path, p.X, p.Y,
            INT_MAX / 3);
    uint64_t wanted = f.at + (text ? 2*count - 1 : largest > 255 ? 2*count : count);
    if (text ? f.size < wanted : f.size != wanted)
        die("%s: file size: found %llu, wanted %s%llu for %d times %d pixels", path,
            (unsigned long long)f.size, text ? "at least " : "",
            (unsigned long long)wanted, p.X, p.Y);
    p.x = floats(count);
    (text ? pnm_text : pnm_bytes)(&f, p.x, count, largest);
    fclose(f.file);
    return p;
}

static inline void pnm_free(struct pnm *p)
{
    free(p->x);
    *p = (struct pnm){0};
}

/* ---- changing and saving ------------------------------------------------------- */

/* The picture in grey: y = 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
static inline void pnm_grey(float *y,  // [Y,X]  overwritten
                            const struct pnm *p)
{
    for (size_t i = 0, n = (size_t)p->Y * (size_t)p->X; i < n; i++) {
        const float *x = p->x + i * (size_t)p->C;
        y[i] = p->C == 1 ? x[0]
                         : fmaf(0.299f, x[0], fmaf(0.587f, x[1], 0.114f * x[2]));
    }
}

/* Saves a picture, grey (C = 1, PGM) or colour (C = 3, PPM), a byte for each number;
 * what is below 0 or above 1, or no number, becomes 0 or 255. */
static inline void pnm_save(const char *path,
                            const float *x,  // [Y,X,C]
                            int Y, int X, int C)
{
    assert(Y > 0 && X > 0 && (C == 1 || C == 3));
    struct file_output o;
    output_open(&o, path);
    char header[64];
    int bytes = snprintf(header, sizeof header, "P%c\n%d %d\n255\n", C == 1 ? '5' : '6',
                         X, Y);
    output_write(&o, header, (size_t)bytes);
    size_t D = (size_t)X * (size_t)C;
    uint8_t *row = memory(D, 1);
    for (int y = 0; y < Y; y++, x += D) {
        for (size_t d = 0; d < D; d++)
            row[d] = x[d] >= 1 ? 255 : x[d] > 0 ? (uint8_t)(255*x[d] + 0.5f) : 0;
        output_write(&o, row, D);
    }
    free(row);
    output_close(&o);
}

#endif
