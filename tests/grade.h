/* grade.h: one test file, two programs.
 *
 * Built with -DWORKER, tests/NN-name.c holds the student's chapter: it runs one case
 * and hands over what came out.  Built without, it is the judge: it holds oracles and
 * mistakes, never a line of the student's code, and decides.
 *
 * An exercise, its oracle and each of its mistakes are functions of one signature; a
 * case calls whichever it is handed.  So what is expected, what came out and what a
 * mistake would have given are the same case, run three times.
 */
#ifndef GRADE_H
#define GRADE_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a test file says --------------------------------------------------- */

/* Any function; a case casts it back to the type of its exercise. */
typedef void anything(void);

/* An output must be written, an added one is added to, an input stays as it is. */
enum role { INPUT, OUTPUT, ADDED };

struct array {
    const char *name;
    enum role role;
    char type;           // 'f' float, 'i' int
    int dims[5], nd, n;  // shape, number of dimensions, of elements
    void *data, *before;
};

struct run {
    struct array arrays[24];
    int count;
    uint64_t seed;
    uint32_t fill;       // the bits of an output before the case
    double tolerance;
    char wrong_oracle[80];  // where the oracle differs from a value worked by hand
};

struct one_case { const char *what; void (*call)(struct run *, anything *); };

/* A plausible wrong answer: what it looks like (a sentence), a question that helps
 * without giving the answer away, and the section of the book to read again. */
struct mistake { anything *wrong; const char *looks_like, *ask, *book; };

struct exercise {
    const char *number, *name;  // "6.3", or "2.8*" for one that goes further
    anything *yours;
    struct one_case cases[11];     // the last stays empty
    // What only the judge holds:
    anything *oracle;
    struct mistake mistakes[13];  // the last stays empty
    const char *uses;    // numbers of the chapter's exercises that it calls
    int points;          // 1 unless said
};

/* What the judge compares with stands behind JUDGE_ONLY and "#if JUDGE": were it in
 * the worker, the student's code could call it.  The worker of the selftest, which holds
 * no student's code, answers with the mistakes. */
#if defined WORKER && !defined SELFTEST
#define JUDGE 0
#define JUDGE_ONLY(...)
#define EXPECT(name, ...) (void)name
#else
#define JUDGE 1
#define JUDGE_ONLY(...) __VA_ARGS__
#define EXPECT(name, ...) array_expect(r, name, (double[]){__VA_ARGS__}, \
                                       sizeof(double[]){__VA_ARGS__} / sizeof(double))
#endif

extern const struct exercise exercises[];

/* ---- inside a case --------------------------------------------------------------
 *
 *     CASE(forward_odd_sizes, forward)       // forward: typedef of the signature
 *     {
 *         IN(x, 2, 3); IN(W, 4, 3); LABELS(t, 10, 2); OUT(y, 2, 4); ADD_TO(db, 4);
 *         f(y, x, W, 2, 3, 4);
 *     }
 *
 * IN draws uniformly from [-1, 1); LABELS(t, K, N) are N ints from 0 to K-1; OUT_INT
 * is an OUT of ints; ADD_TO is not zero before.  SET(x, 1, 2, 3) writes given numbers,
 * SCALE(x, 100) multiplies.  EXPECT(y, 1, 2) is a value worked by hand: the judge
 * checks its oracle with it.  TOLERANCE(1e-3) allows more than 1e-5 of the size of the
 * numbers.  What a function returns goes into an OUT of one element. */
#define CASE(name, type) static void name##_(struct run *, type *); \
    static void name(struct run *r, anything *f) { name##_(r, (type *)f); } \
    static void name##_(struct run *r, type *f)
#define NEW(name, role, type, K, ...) \
    array_new(r, #name, role, type, K, (int[]){__VA_ARGS__, 0})
#define IN(name, ...)        float *name = NEW(name, INPUT, 'f', 0, __VA_ARGS__)
#define OUT(name, ...)       float *name = NEW(name, OUTPUT, 'f', 0, __VA_ARGS__)
#define ADD_TO(name, ...)    float *name = NEW(name, ADDED, 'f', 0, __VA_ARGS__)
#define LABELS(name, K, ...) int *name = NEW(name, INPUT, 'i', K, __VA_ARGS__)
#define OUT_INT(name, ...)   int *name = NEW(name, OUTPUT, 'i', 0, __VA_ARGS__)
#define SET(name, ...)     array_set(r, name, (double[]){__VA_ARGS__}, \
                                     sizeof(double[]){__VA_ARGS__} / sizeof(double))
#define SCALE(name, by)    array_scale(r, name, by)
#define TOLERANCE(t)       (r->tolerance = (t))

void *array_new(struct run *r, const char *name, enum role role, char type, int K,
                const int *dims);
void array_set(struct run *r, void *data, const double *values, size_t n);
void array_scale(struct run *r, float *data, float by);
void array_expect(struct run *r, const void *data, const double *values, size_t n);

/* A stub says that it is one by ending its worker so. */
#ifdef WORKER
_Noreturn void worker_todo(const char *exercise);
#define TODO(exercise) worker_todo(exercise)
#endif

/* In the selftest every exercise begins by asking whether it is to misbehave. */
#ifdef SELFTEST
int misbehave(const char *exercise);
#define BEGIN(exercise) if (misbehave(exercise)) return
#endif

#endif
