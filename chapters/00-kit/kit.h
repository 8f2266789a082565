/* kit.h: what every chapter needs and none teaches.  Read it once, then use it.
 *
 * TODO and die, memory, three functions of mathematics that give the same bits on
 * every machine, random streams, options, a progress bar and a clock.
 */
#ifndef KIT_H
#define KIT_H

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* An exercise that is still to be written uses none of its parameters. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* ---- stopping ------------------------------------------------------------- */

/* Says in one sentence what is wrong, and stops with status 1. */
__attribute__((noreturn, format(printf, 1, 2)))
static inline void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* Stands where you write.  The grader defines its own before it gets here. */
#ifndef TODO
#define TODO(exercise) die("%s:%d: exercise %s, %s(), is still to be written", \
                           __FILE__, __LINE__, exercise, __func__)
#endif

/* ---- memory --------------------------------------------------------------- */

/* count zeroed elements of so many bytes each, aligned to 64 bytes for the vector
 * units.  Never NULL; free() gives it back. */
static inline void *memory(size_t count, size_t bytes)
{
    void *p = NULL;
    if (count > PTRDIFF_MAX / bytes || posix_memalign(&p, 64, count * bytes + !count))
        die("no memory for %zu elements of %zu bytes", count, bytes);
    return memset(p, 0, count * bytes);
}

static inline float *floats(size_t n) { return (float *)memory(n, sizeof(float)); }
static inline int *ints(size_t n) { return (int *)memory(n, sizeof(int)); }

/* ---- mathematics: the same bits everywhere --------------------------------- */

/* The C library may round expf(), logf() and tanhf() differently from one machine to
 * the next; these cannot.  They have no branches, so that a loop over them becomes
 * vector code.  fmaf(a, b, c) is a b + c rounded once.  Source: Moshier, Cephes. */
static inline int32_t float_bits(float x) { int32_t i; memcpy(&i, &x, 4); return i; }
static inline float bits_float(int32_t i) { float x; memcpy(&x, &i, 4); return x; }

/* yes ? a : b, without a branch. */
static inline float choose(bool yes, float a, float b)
{
    return bits_float((float_bits(a) & -yes) | (float_bits(b) & (yes - 1)));
}

/* e to the x.  Off by less than 1.1 units in the last place; 0 below -87.3. */
static inline float exp32(float x)
{
    // x = n ln 2 + r: adding 1.5 2^23 rounds to a whole n, found in the low bits.
    const float shift = 12582912.0f;
    float in = choose(x < -87.33654f, -87.33654f, choose(x > 88.72283f, 88.72283f, x));
    float z = fmaf(in, 1.44269504f, shift);
    float n = z - shift, r = fmaf(n, 2.12194440e-4f, fmaf(n, -0.693359375f, in));
    // e^r by a polynomial, then n onto the exponent.
    float y = fmaf(1.9875691500e-4f, r, 1.3981999507e-3f);
    y = fmaf(fmaf(y, r, 8.3334519073e-3f), r, 4.1665795894e-2f);
    y = fmaf(fmaf(y, r, 1.6666665459e-1f), r, 5.0000001201e-1f);
    y = fmaf(y, r * r, r) + 1;
    uint32_t power = (uint32_t)float_bits(z) << 23;
    y = bits_float((int32_t)((uint32_t)float_bits(y) + power));
    y = choose(x < -87.33654f, 0, choose(x != x, x, y));
    return choose(x > 88.72283f, INFINITY, y);
}

/* The natural logarithm.  Off by less than 1.1 units in the last place. */
static inline float log32(float x)
{
    // x = 2^n m with m between sqrt(1/2) and sqrt(2); subnormal x scaled up first.
    float big = choose(x < 1.17549435e-38f, x * 8388608.0f, x);
    int32_t i = float_bits(big) - 0x3f3504f3;
    float n = (float)(i >> 23) - choose(x < 1.17549435e-38f, 23, 0);
    float r = bits_float((i & 0x7fffff) + 0x3f3504f3) - 1;
    float y = fmaf(7.0376836292e-2f, r, -1.1514610310e-1f);
    y = fmaf(fmaf(y, r, 1.1676998740e-1f), r, -1.2420140846e-1f);
    y = fmaf(fmaf(y, r, 1.4249322787e-1f), r, -1.6668057665e-1f);
    y = fmaf(fmaf(y, r, 2.0000714765e-1f), r, -2.4999993993e-1f);
    y = fmaf(y, r, 3.3333331174e-1f);
    float r2 = r * r;
    y = fmaf(n, -2.12194440e-4f, y * r2 * r);
    y = fmaf(n, 0.693359375f, r + fmaf(-0.5f, r2, y));
    y = choose(x < INFINITY, y, x);
    return choose(x > 0, y, choose(x == 0, -INFINITY, NAN));
}

/* The hyperbolic tangent.  Off by less than 2 units in the last place. */
static inline float tanh32(float x)
{
    float a = fabsf(x), s = x * x;
    float y = fmaf(-5.70498872745e-3f, s, 2.06390887954e-2f);
    y = fmaf(fmaf(y, s, -5.37397155531e-2f), s, 1.33314422036e-1f);
    y = fmaf(y, s, -3.33332819422e-1f);
    float far = 1 - 2 / (exp32(2 * a) + 1);
    return choose(a < 0.625f, fmaf(y * s, x, x), copysignf(far, x));
}

/* ---- chance: the caller holds the stream ------------------------------------ */

/* Every stream is one 64-bit number, and any number will do.  SplitMix64: G. Steele,
 * D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014. */
static inline uint64_t random_bits(uint64_t *stream)
{
    uint64_t z = *stream += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* A stream that has nothing to do with those of other seeds and names. */
static inline uint64_t stream(uint64_t seed, uint64_t name)
{
    uint64_t s = seed;
    s = random_bits(&s) ^ name;
    return random_bits(&s);
}

/* Uniform in [0, 1). */
static inline float uniform(uint64_t *stream)
{
    return (float)(random_bits(stream) >> 40) * 0x1p-24f;
}

/* A whole number from 0 to n-1, each equally likely. */
static inline int below(uint64_t *stream, int n)
{
    uint64_t top = UINT64_MAX - UINT64_MAX % (uint64_t)n, z;
    do
        z = random_bits(stream);
    while (z >= top);
    return (int)(z % (uint64_t)n);
}

/* Normal with mean 0 and standard deviation 1, by Marsaglia's polar method (1964). */
static inline float normal(uint64_t *stream)
{
    float u, v, s;
    do {
        u = 2*uniform(stream) - 1;
        v = 2*uniform(stream) - 1;
        s = fmaf(u, u, v * v);
    } while (s >= 1 || s == 0);
    return u * sqrtf(-2 * log32(s) / s);
}

/* Puts n numbers into random order, every order equally likely (Fisher and Yates). */
static inline void shuffle(int *a, int n, uint64_t *stream)
{
    for (int i = n - 1; i > 0; i--) {
        int j = below(stream, i + 1), t = a[i];
        a[i] = a[j];
        a[j] = t;
    }
}

/* ---- options: name=value on the command line -------------------------------- */

struct option {
    const char *name;
    void *at;
    char type;            // 'i' int, 'f' float, 's' text
    double low, high;     // of a number
    const char *choices;  // of a text: "a|b|c", or NULL for any
    const char *meaning;
};

/* OPTION(epochs, 1, 1000, "...") for an int or a float, with its range; CHOICE(set,
 * "moons|spirals", "...") and TEXT(path, "...") for a const char *.  The variable's
 * value is the default. */
#define OPTION(name, low, high, meaning) \
    {#name, &name, _Generic((name), int: 'i', float: 'f'), low, high, NULL, meaning}
#define CHOICE(name, choices, meaning) \
    {#name, (void *)_Generic((name), const char *: &name), 's', 0, 0, choices, meaning}
#define TEXT(name, meaning) CHOICE(name, NULL, meaning)
#define OPTIONS(what, ...) \
    options_read(argc, argv, what, (struct option[]){__VA_ARGS__, {0}})

static inline void options_usage(FILE *to, const char *what, const struct option *o)
{
    fprintf(to, "%s\n", what);
    for (; o->name; o++) {
        if (o->type == 's')
            fprintf(to, "  %s=%s  %s%s%s\n", o->name, *(const char **)o->at, o->meaning,
                    o->choices ? ": " : "", o->choices ? o->choices : "");
        else
            fprintf(to, "  %s=%.6g  %s, %.9g to %.9g\n", o->name, o->type == 'i' ?
                    *(int *)o->at : *(float *)o->at, o->meaning, o->low, o->high);
    }
}

static inline bool option_chosen(const char *choices, const char *text)
{
    size_t n = strlen(text);
    for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
        if (!strncmp(c, text, n) && n && (!c[n] || c[n] == '|'))
            return true;
    return !choices;
}

static inline void option_set(const struct option *o, const char *program,
                              const char *text)
{
    char *end;
    double v = strtod(text, &end);
    bool number = end != text && !*end && v >= o->low && v <= o->high;
    if (o->type == 's' && !option_chosen(o->choices, text))
        die("%s: %s=%s: wanted one of %s", program, o->name, text, o->choices);
    if (o->type != 's' && (!number || (o->type == 'i' && v != floor(v))))
        die("%s: %s=%s: wanted a %snumber from %.9g to %.9g", program, o->name, text,
            o->type == 'i' ? "whole " : "", o->low, o->high);
    switch (o->type) {
    case 'i': *(int *)o->at = (int)v; break;
    case 'f': *(float *)o->at = (float)v; break;
    case 's': *(const char **)o->at = text; break;
    }
}

/* Sets every variable that the command line names.  "help" prints what there is to
 * set; an unknown name or a wrong value stops the program. */
static inline void options_read(int argc, char **argv, const char *what,
                                const struct option *all)
{
    for (int a = 1; a < argc; a++) {
        const struct option *o = all;
        size_t n = strcspn(argv[a], "=");
        if (!strcmp(argv[a] + strspn(argv[a], "-"), "help") || !strcmp(argv[a], "-h")) {
            options_usage(stdout, what, all);
            exit(0);
        }
        while (o->name && (strlen(o->name) != n || strncmp(argv[a], o->name, n)))
            o++;
        if (!o->name || !argv[a][n]) {
            fprintf(stderr, "%s: %s: wanted name=value with one of these names; ",
                    argv[0], argv[a]);
            options_usage(stderr, what, all);
            exit(1);
        }
        option_set(o, argv[0], argv[a] + n + 1);
    }
}

/* ---- clock and progress ------------------------------------------------------ */

/* Seconds since some fixed moment; only differences mean anything. */
static inline double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct progress { const char *what; double start, shown; };

/* Draws done of total as a bar with the time left on stderr, at most ten times a
 * second, and only on a terminal.  Begin with {.what = "training"}; the last call,
 * with done == total, wipes the bar away. */
static inline void progress(struct progress *p, long done, long total)
{
    double now = seconds(), share = (double)done / (double)total;
    if (!isatty(2))
        return;
    if (!p->start)
        p->start = p->shown = now;
    if (done < total && (done == 0 || now - p->shown < 0.1))
        return;
    p->shown = now;
    const char *const full = "##############################";
    if (done < total)
        fprintf(stderr, "\r%-12s [%-30.*s] %3.0f%%  %.0f s left\033[K", p->what,
                (int)(30*share), full, 100*share, (now - p->start) * (1/share - 1));
    else
        fprintf(stderr, "\r\033[K");
}

#endif
