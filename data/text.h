/* text.h: loads a text in UTF-8 as the characters that it is made of, each as a number.
 *
 * The V different characters of a text are its vocabulary, in the order of their code
 * points in Unicode; the number of a character is its place there:
 *
 *     to be\n        codes   \n ' '  b   e   o   t         ids   5 4 1 2 3 0
 *                    number   0   1   2   3   4   5
 *
 * UTF-8 writes a code point as one to four bytes, its bits where the x stand:
 *
 *     0xxxxxxx                                 up to     7f, as in ASCII
 *     110xxxxx 10xxxxxx                        up to    7ff
 *     1110xxxx 10xxxxxx 10xxxxxx               up to   ffff
 *     11110xxx 10xxxxxx 10xxxxxx 10xxxxxx      up to 10ffff, the last there is
 *
 * A mark of three bytes before the text (ef bb bf) is left out, and the end of a line
 * in two characters, \r\n, becomes \n.  Nothing else is changed: an accent that is
 * written as a character of its own, behind its letter, stays one.
 *
 * A file from outside may say anything.  So every character is checked (utf8_read in
 * file.h), and whatever is wrong, the program stops with one sentence: file, line and
 * byte, found, wanted.
 */
#ifndef TEXT_H
#define TEXT_H

#include "file.h"

enum {
    TEXT_BYTES = 1 << 26,      // of a file at most
    TEXT_VOCABULARY = 1024,    // different characters at most
    TEXT_CODES = 0x110000      // code points of Unicode
};

struct text {
    int n, V;
    int *ids;         // [n]  which character of the vocabulary stands at each place
    uint32_t *codes;  // [V]  code points, ascending
};

/* Stops: the bytes that begin at `at` are no character. */
__attribute__((noreturn))
static inline void text_fail(const char *path, const char *text, const char *at)
{
    int line = 1;
    for (const char *c = text; c < at; c++)
        line += *c == '\n';
    char found[16] = "";
    for (int i = 0; i < 4 && at[i]; i++)
        snprintf(found + 3*i, sizeof found - 3*(size_t)i, " %02x", (uint8_t)at[i]);
    die("%s: line %d, byte %zu: found%s, wanted a character in UTF-8: iconv makes it "
        "of other encodings", path, line, (size_t)(at - text), found);
}

/* The code points of a text; returns how many they are. */
static inline int text_decode(int *codes,  // [strlen(text)]
                              const char *path, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    if (!strncmp(at, "\xef\xbb\xbf", 3))
        at += 3;
    int n = 0;
    while (at < end) {
        uint32_t code;
        int bytes = utf8_read(&code, at, end);
        if (!bytes)
            text_fail(path, text, at);
        if (strncmp(at, "\r\n", 2))
            codes[n++] = (int)code;
        at += bytes;
    }
    return n;
}

/* Loads a text.  Whatever is wrong, the program stops with one sentence. */
static inline struct text text_open(const char *path)
{
    char *text = file_text(path, TEXT_BYTES);
    struct text t = {.ids = ints(strlen(text))};
    t.n = text_decode(t.ids, path, text);
    free(text);
    if (!t.n)
        die("%s: found an empty file, wanted text", path);

    // Which characters there are: number[code] is 1 for them, then their number.
    int *number = ints(TEXT_CODES);
    for (int i = 0; i < t.n; i++)
        number[t.ids[i]] = 1;
    for (int code = 0; code < TEXT_CODES; code++)
        t.V += number[code];
    if (t.V > TEXT_VOCABULARY)
        die("%s: found %d different characters, wanted at most %d: take a text in an "
            "alphabet, or leave out the lines with rare characters", path, t.V,
            TEXT_VOCABULARY);
    t.codes = memory((size_t)t.V, sizeof *t.codes);
    for (int code = 0, v = 0; code < TEXT_CODES; code++)
        if (number[code]) {
            t.codes[v] = (uint32_t)code;
            number[code] = v++;
        }
    for (int i = 0; i < t.n; i++)
        t.ids[i] = number[t.ids[i]];
    free(number);
    return t;
}

static inline void text_free(struct text *t)
{
    free(t->codes);
    free(t->ids);
    *t = (struct text){0};
}

/* The number of a character, -1 if it is not in the vocabulary. */
static inline int text_id(const struct text *t, uint32_t code)
{
    int low = 0, high = t->V;
    while (low < high) {
        int middle = (low + high) / 2;
        if (t->codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->V && t->codes[low] == code ? low : -1;
}

/* Writes characters as UTF-8. */
static inline void text_write(FILE *to, const struct text *t,
                              const int *ids,  // [n]
                              int n)
{
    for (int i = 0; i < n; i++) {
        char bytes[4];
        assert(ids[i] >= 0 && ids[i] < t->V);
        fwrite(bytes, 1, (size_t)utf8_write(bytes, t->codes[ids[i]]), to);
    }
}

#endif
