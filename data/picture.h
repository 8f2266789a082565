/* picture.h: draws grey pictures and bars in a terminal.
 *
 * A cell of a terminal is about twice as high as wide, so it holds two pixels: a half
 * block in two of 256 colours or, where those are not shown, a letter as dense as the
 * pixels are bright. */
#ifndef PICTURE_H
#define PICTURE_H

#include <sys/ioctl.h>
#include <00-kit/kit.h>

/* What may be sent there: letters only, blocks too, or blocks in greys. */
enum picture_means { PICTURE_LETTERS, PICTURE_BLOCKS, PICTURE_GREYS };

static inline enum picture_means picture_means(FILE *to)
{
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"}, *locale = NULL;
    for (int i = 0; i < 3 && (!locale || !*locale); i++)
        locale = getenv(names[i]);
    const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
    bool utf8 = locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8"));
    if (!utf8 || !isatty(fileno(to)) || !term || !*term || !strcmp(term, "dumb"))
        return PICTURE_LETTERS;
    return none && *none ? PICTURE_BLOCKS : PICTURE_GREYS;
}

/* The mean brightness, 0 to 1, of a square of pixels; what is outside is black. */
static inline float picture_mean(const float *x,  // [Y,X]
                                 int Y, int X, int top, int left, int side)
{
    float sum = 0;
    for (int y = top; y < top + side && y < Y; y++)
        for (int c = left; c < left + side && c < X; c++) {
            float v = x[(size_t)y * (size_t)X + (size_t)c];
            sum += v > 1 ? 1 : v > 0 ? v : 0;
        }
    return sum / (float)(side * side);
}

/* One row of cells of one picture. */
static inline void picture_row(FILE *to, const float *x, int Y, int X, int top,
                               int side)
{
    bool greys = picture_means(to) == PICTURE_GREYS;
    for (int left = 0; left < X; left += side) {
        float a = picture_mean(x, Y, X, top, left, side);
        float b = picture_mean(x, Y, X, top + side, left, side);
        // Colours 232 to 255 are greys from nearly black to nearly white.
        int up = 231 + (int)(a * 24 + 0.5f), down = 231 + (int)(b * 24 + 0.5f);
        if (greys)
            fprintf(to, "\033[38;5;%d;48;5;%dm\xe2\x96\x80", up > 231 ? up : 16,
                    down > 231 ? down : 16);
        else
            fputc(" .:-=+*#%@"[(int)((a + b) / 2 * 9 + 0.5f)], to);
    }
    fputs(greys ? "\033[0m" : "", to);
}

/* One line of a caption, cut or filled up to so many columns; true if more follow. */
static inline bool picture_caption(FILE *to, const char *s, int line, int columns)
{
    while (line > 0 && *s)
        line -= *s++ == '\n';
    for (; *s && *s != '\n'; s++) {
        columns -= (*s & 0xc0) != 0x80;  // the first byte of a UTF-8 letter
        if (columns >= 0)
            fputc(*s, to);
    }
    fprintf(to, "%*s", columns > 0 ? columns : 0, "");
    return *s;
}

/* Draws N pictures, 0 black to 1 white, as many in a row as the terminal is wide, each
 * with a caption of one or more lines below (captions may be NULL).  Squares of side by
 * side pixels become one: side = 1 draws full size, 2 half. */
static inline void pictures_draw(FILE *to,
                                 const float *x,               // [N,Y,X]
                                 const char *const *captions,  // [N]
                                 int N, int Y, int X, int side)
{
    struct winsize w = {0};
    int wide = !ioctl(fileno(to), TIOCGWINSZ, &w) && w.ws_col ? w.ws_col : 80;
    int columns = (X + side - 1) / side, fit = wide / (columns + 2), last;
    for (int first = 0; first < N; first = last) {
        last = fit < 1 ? first + 1 : N - first > fit ? first + fit : N;
        fputs(first ? "\n" : "", to);
        for (int top = 0; top < Y; top += 2 * side, fputc('\n', to))
            for (int n = first; n < last; n++) {
                fputs("  ", to);
                picture_row(to, x + (size_t)n * (size_t)Y * (size_t)X, Y, X, top, side);
            }
        bool more = captions;
        for (int line = 0; more; line++, fputc('\n', to)) {
            more = false;
            for (int n = first; n < last; n++) {
                fputs("  ", to);
                more |= picture_caption(to, captions[n], line, columns);
            }
        }
    }
}

/* One row of a chart: a text, a bar that fills its share (0 to 1) of so many columns,
 * a text.  One row for each epoch draws a curve. */
static inline void bar_draw(FILE *to, const char *before, float share, int columns,
                            const char *after)
{
    bool blocks = picture_means(to) != PICTURE_LETTERS;
    float in = share > 1 ? 1 : share > 0 ? share : 0;
    int eighths = (int)(in * (float)(8 * columns) + 0.5f);
    fprintf(to, "  %s ", before);
    for (int c = 0, e = eighths; c < columns; c++, e -= 8)
        if (blocks && e > 0)
            fprintf(to, "\xe2\x96%c", 0x90 - (e > 8 ? 8 : e));
        else
            fputc(e >= 4 ? '#' : ' ', to);
    fprintf(to, " %s\n", after);
}

#endif
