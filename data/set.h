/* set.h: examples to learn from, each with its class: grey or colour images, or points
 * of the plane made from a seed.
 */
#ifndef SET_H
#define SET_H
#include "cifar.h"

struct set {
    int N, D, K;
    int Y, X, C;  // of an image: rows, columns, channels, D = Y X C; of a point 1, 1, D
    struct images images;
    float *x;  // [N,D]  the points; NULL for images
    int *t;    // [N]    the class of each point
};

/* A point of two spirals that wind one and a half times about each other. */
static inline void spiral_point(float *x, int class, uint64_t *chance)
{
    float radius = fmaf(0.9f, uniform(chance), 0.1f);
    double angle = M_PI * (3.0 * radius + class);
    x[0] = fmaf(0.03f, normal(chance), radius * (float)cos(angle));
    x[1] = fmaf(0.03f, normal(chance), radius * (float)sin(angle));
}

/* A point of two half moons, each with an end in the hollow of the other. */
static inline void moon_point(float *x, int class, uint64_t *chance)
{
    double angle = M_PI * (uniform(chance) + class);
    float side = class ? 0.3f : -0.3f;
    x[0] = fmaf(0.07f, normal(chance), fmaf(0.6f, (float)cos(angle), side));
    x[1] = fmaf(0.07f, normal(chance), fmaf(0.6f, (float)sin(angle), side / 2));
}

/* At most so many points of class 0, 1, 0, 1 and so on. */
static inline struct set set_points(bool moons, int most, uint64_t chance)
{
    struct set set = {.N = most < 1000 ? most : 1000, .D = 2, .K = 2,
                      .Y = 1, .X = 1, .C = 2};
    set.x = floats((size_t)set.N * 2);
    set.t = ints(set.N);
    for (int n = 0; n < set.N; n++) {
        set.t[n] = n % 2;
        if (moons)
            moon_point(set.x + 2*n, n % 2, &chance);
        else
            spiral_point(set.x + 2*n, n % 2, &chance);
    }
    return set;
}

/* At most so many of the images; they then belong to the set. */
static inline struct set set_of(struct images images, int most)
{
    struct set set = {.N = most < images.N ? most : images.N, .K = 10,
                      .Y = images.Y, .X = images.X, .C = images.C, .images = images};
    set.D = set.Y * set.X * set.C;
    return set;
}

/* At most so many images, grey, from a folder of IDX files; which is "train" or "t10k",
 * the test set. */
static inline struct set set_images(const char *folder, const char *which, int most)
{
    return set_of(images_load(folder, which), most);
}

/* The same in colour from a folder of CIFAR-10. */
static inline struct set set_cifar(const char *folder, const char *which, int most)
{
    return set_of(cifar_load(folder, which), most);
}

static inline void set_free(struct set *set)
{
    images_free(&set->images);
    free(set->x);
    free(set->t);
}

static inline int set_class(const struct set *set, int n)
{
    return set->x ? set->t[n] : set->images.labels[n];
}

static inline const char *set_name(const struct set *set, int class)
{
    return !set->x ? set->images.names[class] : class ? "one" : "zero";
}

/* One batch: the N examples that order names. */
static inline void set_batch(float *x,          // [N,D]  overwritten
                             int *t,            // [N]  overwritten
                             const struct set *set,
                             const int *order,  // [N]
                             int N)
{
    if (!set->x) {
        images_batch(x, t, &set->images, order, N);
        return;
    }
    for (int n = 0; n < N; n++) {
        memcpy(x + 2*n, set->x + 2*order[n], 2 * sizeof *x);
        t[n] = set->t[order[n]];
    }
}

#endif
