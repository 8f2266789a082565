/* cifar.c: loads a set and says what is in it; tests/cifar.sh feeds it bad ones too. */
#include "../data/set.h"

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: %s FOLDER train|t10k [MOST]", argv[0]);
    struct set s = set_cifar(argv[1], argv[2], argc > 3 ? atoi(argv[3]) : INT_MAX);
    int *order = ints((size_t)s.N), *t = ints((size_t)s.N);
    float *x = floats((size_t)s.N * (size_t)s.D);
    for (int n = 0; n < s.N; n++)
        order[n] = s.N - 1 - n;
    set_batch(x, t, &s, order, s.N);
    printf("%d %d %d %d %d %d\n", s.N, s.D, s.K, s.Y, s.X, s.C);
    // Of the last picture, which comes first: the upper left and lower right pixel.
    for (int c = 0; c < 2 * s.C; c++)
        printf("%.0f ", x[c < s.C ? c : s.D - 2*s.C + c] * 255);
    printf("%s\n", set_name(&s, t[0]));
    double sum = 0;
    for (int n = 0; n < s.N; n++) {
        if (t[n] != set_class(&s, order[n]))
            die("label %d of the batch is wrong", n);
        for (int d = 0; d < s.D; d++)
            sum += x[(size_t)n * (size_t)s.D + (size_t)d] * 255;
    }
    printf("%.0f\n", sum);
    free(x);
    free(t);
    free(order);
    set_free(&s);
}
