/* 01-hello: four small functions, to meet the course and its grader.
 *
 * Where a product is added to a sum, our solutions write s = fmaf(a, b, s), which is
 * s + a * b rounded once.  Of s += a * b each compiler makes what it likes, and our
 * numbers could not be yours.  For an exercise either is right.
 */
#ifndef HELLO_C
#define HELLO_C
#include <00-kit/kit.h>

/* ---- two vectors ------------------------------------------------------------ */

/* Exercise 1.1: adds two vectors, element by element.
 *
 *     y[d] = a[d] + b[d]
 *
 * y is overwritten; it may be a or b itself.
 */
void vector_add(float *y,        // [D]
                const float *a,  // [D]
                const float *b,  // [D]
                int D)
{
    // Go over all D elements.
    TODO("1.1");
}

/* Exercise 1.2: returns the dot product of two vectors.
 *
 *     sum over d of a[d] b[d]
 *
 * Of two vectors without elements it is 0.
 */
float vector_dot(const float *a,  // [D]
                 const float *b,  // [D]
                 int D)
{
    // Begin with nothing, and add one product after the other.
    TODO("1.2");
}

/* ---- one vector: where it lies and how far it spreads ------------------------ */

/* Exercise 1.3: returns the mean of a vector, D at least 1.
 *
 *     mean = 1/D  sum over d of x[d]
 */
float vector_mean(const float *x,  // [D]
                  int D)
{
    // The sum first, one division after it.
    TODO("1.3");
}

/* Exercise 1.4: returns the variance of a vector, D at least 1, in two passes.
 *
 *     variance = 1/D  sum over d of (x[d] - mean)^2
 *
 * Hint: what is subtracted must be known before the second pass begins.
 */
float vector_variance(const float *x,  // [D]
                      int D)
{
    // First pass: the mean.
    // Second pass: the mean square of what is left.
    TODO("1.4");
}

/* ---- the program: why two passes ---------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0

/* The variance by the other formula of the textbooks, mean of squares less square of
 * the mean.  Right on paper; see what it does in 24 bits. */
float variance_one_pass(const float *x,  // [D]
                        int D)
{
    float sum = 0, squares = 0;
    for (int d = 0; d < D; d++) {
        sum += x[d];
        squares = fmaf(x[d], x[d], squares);
    }
    float mean = sum / (float)D;
    return fmaf(-mean, mean, squares / (float)D);
}

/* The two-pass formula in double, sixteen digits instead of seven. */
double variance_exact(const float *x,  // [D]
                      int D)
{
    double mean = 0, sum = 0;
    for (int d = 0; d < D; d++)
        mean += (double)x[d] / D;
    for (int d = 0; d < D; d++)
        sum += (x[d] - mean) * (x[d] - mean);
    return sum / D;
}

int main(int argc, char **argv)
{
    int numbers = 1000, seed = 1;
    OPTIONS("the variance of numbers further and further from zero",
            OPTION(numbers, 2, 1000000, "how many numbers"),
            OPTION(seed, 0, 1000000, "of the random numbers"));

    // Normal numbers, and the same ones moved: moving changes no variance.
    float *x = floats(numbers), *moved = floats(numbers), *shift = floats(numbers);
    uint64_t chance = stream(seed, 1);
    for (int d = 0; d < numbers; d++)
        x[d] = normal(&chance);

    fprintf(stderr, "%d normal numbers: mean %.4f, variance %.4f, length %.4f\n", numbers,
            vector_mean(x, numbers), vector_variance(x, numbers),
            sqrtf(vector_dot(x, x, numbers)));
    printf("# distance\ttwo_pass\tone_pass\texact\n");
    for (int quarters = 0; quarters <= 24; quarters++) {
        float distance = exp32(0.25f * (float)quarters * 2.302585093f);
        for (int d = 0; d < numbers; d++)
            shift[d] = distance;
        vector_add(moved, x, shift, numbers);
        printf("%.6g\t%.7g\t%.7g\t%.9g\n", distance, vector_variance(moved, numbers),
               variance_one_pass(moved, numbers), variance_exact(moved, numbers));
    }

    free(shift);
    free(moved);
    free(x);
}

#endif
#endif
