/* idx.c: loads a set and says what is in it.  tests/idx.sh feeds it bad sets too. */
#include "../data/idx.h"
#include "../data/picture.h"

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: %s FOLDER train|t10k [draw]", argv[0]);
    struct images s = images_load(argv[1], argv[2]);
    int D = s.Y * s.X, count[10] = {0};
    int *order = ints((size_t)s.N), *t = ints((size_t)s.N);
    float *x = floats((size_t)s.N * (size_t)D);

    // The batch in reverse order holds every byte of the set, divided by 255.
    for (int n = 0; n < s.N; n++)
        order[n] = s.N - 1 - n;
    images_batch(x, t, &s, order, s.N);
    double sum = 0;
    for (int n = 0; n < s.N; n++) {
        count[t[n]]++;
        if (t[n] != s.labels[order[n]])
            die("label %d of the batch is wrong", n);
        for (int d = 0; d < D; d++) {
            int byte = s.pixels[(size_t)order[n] * (size_t)D + (size_t)d];
            sum += byte;
            if (x[(size_t)n * (size_t)D + (size_t)d] != (float)(byte / 255.0))
                die("pixel %d of picture %d of the batch is wrong", d, n);
        }
    }
    if (argc > 3) {
        const char *captions[] = {"one", "a long caption\ntwo"};
        pictures_draw(stdout, x, captions, s.N < 2 ? s.N : 2, s.Y, s.X, 1);
        bar_draw(stdout, "half", 0.5f, 10, "end");
    } else {
        printf("%d %d %d %.0f", s.N, s.Y, s.X, sum);
        for (int k = 0; k < 10; k++)
            printf(" %d", count[k]);
        printf("\n");
    }
    free(x);
    free(t);
    free(order);
    images_free(&s);
}
