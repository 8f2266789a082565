/* conv.c: convolutions and pools of random shapes.
 *
 * Without dump it tests what chapter 12 gives: the fast convolution, and the two that make
 * shapes, against the clear ones; prints ok and not ok.  With dump=300 it writes so many
 * cases with all results to standard output, for tests/gold/12-random.py to compare with
 * PyTorch's. */
#include <12-convolution/convolution.c>

static int failed;

static void tell(int good, const char *what)
{
    printf("%s - conv: %s\n", good ? "ok" : "not ok", what);
    failed += !good;
}

/* ---- random shapes ----------------------------------------------------------------- */

static int from_to(int low, int high, uint64_t *s) { return low + below(s, high - low + 1); }

/* One axis: so many places, of a kernel that sees at least one pixel at each if `seen`.
 * Zeros before and after may be more than the kernel has. */
static int axis(int *before, int size, int kernel, int stride, bool seen, uint64_t *s)
{
    *before = from_to(0, seen ? kernel - 1 : kernel + 1, s);
    int after = from_to(0, seen ? kernel - 1 : kernel + 1, s);
    int room = *before + size + after - kernel, places = room < 0 ? 0 : room / stride + 1;
    while (seen && places && (places - 1) * stride - *before >= size)
        places--;
    return places;
}

/* A shape of at most so many multiply-adds an image, now small, now with many channels. */
static struct conv shape_drawn(bool seen, double most, uint64_t *s)
{
    struct conv c;
    do {
        int size = below(s, 4) ? 9 : 24, channels = below(s, 4) ? 7 : 150;
        c.Y = from_to(1, size, s), c.X = from_to(1, size, s), c.C = from_to(1, channels, s);
        c.R = from_to(1, 6, s), c.S = from_to(1, 6, s), c.M = from_to(1, channels, s);
        c.stride_y = from_to(1, 3, s), c.stride_x = from_to(1, 4, s);
        if (below(s, 3) == 0)
            c.stride_y = c.stride_x = 1;
        c.P = axis(&c.top, c.Y, c.R, c.stride_y, seen, s);
        c.Q = axis(&c.left, c.X, c.S, c.stride_x, seen, s);
        if (c.P > 1 && below(s, 6) == 0)
            c.P--;  // one row of places fewer than there could be
    } while (c.P == 0 || c.Q == 0 || (double)c.P * c.Q * c.R * c.S * c.C * c.M > most);
    return c;
}

static long weights_of(const struct conv *c) { return (long)c->R * c->S * c->C * c->M; }
static long image_of(const struct conv *c) { return (long)c->Y * c->X * c->C; }

/* ---- arrays, exactly as long as they must be, so that a sanitizer sees one step too far -- */

static float *drawn(long n, uint64_t *s)
{
    float *p = malloc((size_t)n * sizeof *p + !n);
    for (long i = 0; i < n; i++)
        p[i] = 2*uniform(s) - 1;
    return p;
}

static float *twin(const float *of, long n)
{
    float *p = malloc((size_t)n * sizeof *p + !n);
    return n ? memcpy(p, of, (size_t)n * sizeof *p) : p;
}

/* As behind a relu: of every second array half of the numbers, and now and then 70 in a row, are
 * 0. */
static void thin(float *p, long n, uint64_t *s)
{
    for (long i = 0, run = 0, any = below(s, 2); any && i < n; i++, run--) {
        if (below(s, 200) == 0)
            run = 70;
        if (run > 0 || below(s, 2))
            p[i] = 0;
    }
}

/* All that a convolution reads and writes. */
struct example { float *x, *w, *b, *dy, *y, *dx, *dw, *db; };

static struct example example_drawn(const struct conv *c, int N, uint64_t *s)
{
    long results = (long)N * c->P * c->Q * c->M;
    struct example e = {
        .x = drawn(N * image_of(c), s), .w = drawn(weights_of(c), s), .b = drawn(c->M, s),
        .dy = drawn(results, s), .y = drawn(results, s), .dx = drawn(N * image_of(c), s),
        .dw = drawn(weights_of(c), s), .db = drawn(c->M, s)};
    thin(e.x, N * image_of(c), s), thin(e.dy, results, s);
    return e;
}

/* The same inputs, and results of its own that hold the same. */
static struct example example_twin(const struct example *e, const struct conv *c, int N)
{
    struct example t = *e;
    t.y = twin(e->y, (long)N * c->P * c->Q * c->M);
    t.dx = twin(e->dx, N * image_of(c));
    t.dw = twin(e->dw, weights_of(c));
    t.db = twin(e->db, c->M);
    return t;
}

static void results_free(struct example *e) { free(e->y), free(e->dx), free(e->dw), free(e->db); }

static void example_free(struct example *e)
{
    free(e->x), free(e->w), free(e->b), free(e->dy);
    results_free(e);
}

/* ---- three ways to make the same --------------------------------------------------------- */

static void make_clear(struct example *e, const struct conv *c, int N)
{
    conv2d_forward(e->y, e->x, e->w, e->b, c, N);
    conv2d_backward_weights(e->dw, e->db, e->dy, e->x, c, N);
    conv2d_backward_input(e->dx, e->dy, e->w, c, N);
}

static void make_matmul(struct example *e, const struct conv *c, int N)
{
    float *A = malloc((size_t)N * c->P * c->Q * c->R * c->S * c->C * sizeof *A + 1);
    conv2d_matmul_forward(e->y, A, e->x, e->w, e->b, c, N);
    conv2d_matmul_backward(e->dx, e->dw, e->db, A, e->dy, e->w, c, N);
    free(A);
}

static void make_fast(struct example *e, const struct conv *c, int N)
{
    float *work = malloc(conv2d_work(c) * sizeof *work);
    conv2d_fast_forward(e->y, e->x, e->w, e->b, c, N, work);
    conv2d_fast_backward(e->dx, e->dw, e->db, e->dy, e->x, e->w, c, N, work);
    free(work);
}

/* How far two arrays are apart, against the largest number of the second; with a NaN,
 * infinitely far. */
static double apart(const float *a, const float *b, long n)
{
    double most = 0, size = 0;
    for (long i = 0; i < n; i++) {
        double off = fabs((double)a[i] - b[i]);
        if (!(off <= most))
            most = isnan(off) ? INFINITY : off;
        size = fmax(size, fabs(b[i]));
    }
    return most == 0 ? 0 : most / size;
}

/* And the worst of the four results of two examples; says so if that is too far. */
static double examples_apart(const struct example *a, const struct example *b,
                             const struct conv *c, int N, const char *what, double allowed)
{
    double error[4] = {apart(a->y, b->y, (long)N * c->P * c->Q * c->M),
                       apart(a->dx, b->dx, N * image_of(c)),
                       apart(a->dw, b->dw, weights_of(c)), apart(a->db, b->db, c->M)};
    // The clear db is one long sum in float, whose error grows; the fast one's is not.
    if (allowed == 0 && error[3] < 1e-4)
        error[3] = 0;
    double worst = fmax(fmax(error[0], error[1]), fmax(error[2], error[3]));
    if (worst > allowed)
        printf("# %s: y %.1e dx %.1e dw %.1e db %.1e off with N=%d Y=%d X=%d C=%d R=%d S=%d "
               "M=%d stride %d %d top=%d left=%d P=%d Q=%d\n", what, error[0], error[1],
               error[2], error[3], N, c->Y, c->X, c->C, c->R, c->S, c->M, c->stride_y,
               c->stride_x, c->top, c->left, c->P, c->Q);
    return worst;
}

/* ---- the tests --------------------------------------------------------------------------- */

struct worst { double fast, matmul, options, added, turned; };

/* Without biases, and with gradients that nobody wants. */
static double test_options(const struct example *e, const struct example *want,
                           const struct conv *c, int N)
{
    long results = (long)N * c->P * c->Q * c->M;
    float *zero = floats((size_t)c->M), *work = malloc(conv2d_work(c) * sizeof *work);
    struct example t = example_twin(e, c, N), u = example_twin(e, c, N);
    conv2d_forward(u.y, e->x, e->w, zero, c, N);
    conv2d_fast_forward(t.y, e->x, e->w, NULL, c, N, work);
    conv2d_fast_backward(NULL, t.dw, NULL, e->dy, e->x, e->w, c, N, work);
    double worst = fmax(apart(t.y, u.y, results), apart(t.dw, want->dw, weights_of(c)));
    conv2d_fast_backward(t.dx, u.dw, NULL, e->dy, e->x, e->w, c, N, work);
    worst = fmax(worst, apart(t.dx, want->dx, N * image_of(c)));
    free(zero), free(work), results_free(&t), results_free(&u);
    return worst;
}

/* What chapter 14 asks of convolve(): added to y, and nothing below 0. */
static double test_added(const struct example *e, const struct conv *c, int N)
{
    const long results = (long)N * c->P * c->Q * c->M;
    struct example want = example_twin(e, c, N), fast = example_twin(e, c, N);
    float *w = malloc(panels_size(c->R * c->S * c->C, c->M) * sizeof *w);
    conv2d_forward(want.y, e->x, e->w, e->b, c, N);
    for (long i = 0; i < results; i++)
        want.y[i] = fmaxf(want.y[i] + e->y[i], 0);
    weights_pack(w, e->w, c->R * c->S * c->C, c->M);
    struct convolution v = convolution_dense(fast.y, e->x, w, c);
    v.b = e->b, v.add = v.relu = true;
    convolve(&v, N);
    double worst = apart(fast.y, want.y, results);
    free(w), results_free(&want), results_free(&fast);
    return worst;
}

/* 12.17*: with stride 1, dx is a convolution of dy. */
static double test_turned(const struct example *e, const struct example *want,
                          const struct conv *c, int N)
{
    struct conv back = {c->P, c->Q, c->M, c->R, c->S, c->C, 1, 1, c->R - 1 - c->top,
                        c->S - 1 - c->left, c->Y, c->X};
    float *v = floats((size_t)weights_of(c)), *zero = floats((size_t)c->C);
    float *dx = floats((size_t)(N * image_of(c)) + 1);
    kernel_turn(v, e->w, c->R, c->S, c->C, c->M);
    conv2d_forward(dx, e->dy, v, zero, &back, N);
    for (long i = 0; i < N * image_of(c); i++)
        dx[i] += e->dx[i];
    double worst = apart(dx, want->dx, N * image_of(c));
    free(v), free(zero), free(dx);
    return worst;
}

static void test_shape(struct worst *w, const struct conv *c, int N, uint64_t *s)
{
    struct example e = example_drawn(c, N, s), want = example_twin(&e, c, N);
    struct example fast = example_twin(&e, c, N), matmul = example_twin(&e, c, N);
    make_clear(&want, c, N);
    make_fast(&fast, c, N);
    w->fast = fmax(w->fast, examples_apart(&fast, &want, c, N, "fast", 0));
    w->options = fmax(w->options, test_options(&e, &want, c, N));
    if (conv_fits(c))
        w->added = fmax(w->added, test_added(&e, c, N));
    if ((double)N * c->P * c->Q * c->R * c->S * c->C < 4e6) {
        make_matmul(&matmul, c, N);
        w->matmul = fmax(w->matmul, examples_apart(&matmul, &want, c, N, "matmul", 1e-5));
    }
    if (c->stride_y == 1 && c->stride_x == 1)
        w->turned = fmax(w->turned, test_turned(&e, &want, c, N));
    results_free(&fast), results_free(&matmul), results_free(&want), example_free(&e);
}

/* Shapes that chance would not find: those that the fast convolution does not fit, or
 * does in several parts. */
static const struct { int N; struct conv c; } rare[] = {
    {1, {600, 500, 1,  3, 3, 2,  1, 1,  1, 1,  600, 500}},  // an image in parts
    {2, {70, 90, 40,  3, 5, 1,  1, 2,  2, 0,  71, 43}},
    {70, {4, 4, 3,  3, 3, 5,  1, 1,  1, 1,  4, 4}},         // many images in one part
    {1, {2, 5000, 1,  1, 2, 2,  1, 1,  0, 0,  2, 4999}},    // more places than fit
    {2, {40, 3, 1,  33, 2, 3,  2, 1,  0, 1,  4, 4}},        // more rows of the kernel
    {1, {6, 5, 700,  5, 5, 2,  1, 1,  2, 2,  6, 5}},        // more weights
    {3, {4, 3, 300,  3, 3, 11,  1, 1,  1, 1,  4, 3}},       // a row of the kernel in parts
    {2, {3, 3, 16,  3, 3, 300,  1, 1,  1, 1,  3, 3}},       // threads share the channels
    {2, {9, 8, 33,  1, 1, 65,  2, 2,  0, 0,  5, 4}},        // read where they lie
    {3, {7, 7, 5,  2, 2, 6,  3, 4,  0, 0,  2, 2}},          // pixels that nobody sees
    {2, {3, 2, 2,  2, 3, 3,  1, 1,  9, 8,  20, 17}},        // places that see no pixel
    {3, {8, 7, 70,  3, 3, 150,  1, 1,  1, 1,  8, 7}},       // zeros left out, in strips of channels
    {2, {20, 18, 130,  1, 1, 64,  1, 1,  0, 0,  20, 18}},
    {0, {5, 5, 2,  3, 3, 2,  1, 1,  1, 1,  5, 5}}};

static void test_shapes(int shapes, double most, uint64_t *s)
{
    struct worst w = {0};
    for (int i = 0; i < shapes; i++) {
        struct conv c = shape_drawn(false, most, s);
        test_shape(&w, &c, from_to(1, 4, s), s);
    }
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        test_shape(&w, &rare[i].c, rare[i].N, s);
    printf("# %d shapes, worst error: fast %.1e, matmul %.1e, kernel_turn %.1e\n", shapes,
           w.fast, w.matmul, w.turned);
    tell(w.fast <= 1e-5, "conv2d_fast_* agree with the clear ones to 1e-5");
    tell(w.fast == 0, "y, dx and dw are those of the clear ones, to the last bit");
    tell(w.options == 0, "and so do they without biases, db or dx");
    tell(w.added <= 1e-5, "and where they are added to y, and then cut at 0");
    tell(w.matmul <= 1e-5, "conv2d_matmul_* agree with the clear ones to 1e-5");
    tell(w.turned <= 1e-5, "the gradient in the images is a convolution with kernel_turn's");
}

/* Places are counted by moving the kernel. */
static int places_of(int size, int kernel, int stride, int before, int after)
{
    int n = 0;
    for (int at = -before; at + kernel <= size + after; at += stride)
        n++;
    return n;
}

static void test_makers(uint64_t *s)
{
    int padded = 1, same = 1;
    for (int i = 0; i < 2000; i++) {
        int Y = from_to(1, 20, s), X = from_to(1, 20, s), C = from_to(1, 9, s);
        int R = from_to(1, 7, s), S = from_to(1, 7, s), M = from_to(1, 9, s);
        int stride = from_to(1, 4, s), zeros = from_to(0, 5, s);
        struct conv c = conv_padded(Y, X, C, R, S, M, stride, zeros);
        const struct conv want = {Y, X, C, R, S, M, stride, stride, zeros, zeros,
                                  places_of(Y, R, stride, zeros, zeros),
                                  places_of(X, S, stride, zeros, zeros)};
        padded &= !memcmp(&c, &want, sizeof c);
        c = conv_same(Y, X, C, R, S, M, stride);
        same &= c.P == (Y + stride - 1) / stride && c.Q == (X + stride - 1) / stride;
        same &= c.Y == Y && c.X == X && c.C == C && c.R == R && c.S == S && c.M == M;
        same &= c.stride_y == stride && c.stride_x == stride;
        // The zeros below are as many as those above, or one more, or none are needed.
        int below = (c.P - 1) * stride + R - Y - c.top;
        int right = (c.Q - 1) * stride + S - X - c.left;
        same &= below == c.top || below == c.top + 1 || (c.top == 0 && below < 0);
        same &= right == c.left || right == c.left + 1 || (c.left == 0 && right < 0);
    }
    tell(padded, "conv_padded has the zeros and the places it should");
    tell(same, "conv_same has as many places as pixels, divided by the stride");
}

/* ---- few numbers come back, and one channel -------------------------------------------- */

/* A shape for the ways that only some shapes can go: channels by eights, or one channel and
 * eight kernels. */
static struct conv shape_special(bool single, uint64_t *s)
{
    struct conv c;
    do {
        c = shape_drawn(false, 1e9, s);
        c.C = single ? 1 : 8 * from_to(1, 4, s);
        c.M = single ? 8 : 8 * from_to(1, 5, s);
        if (single && below(s, 4)) {
            c.X = from_to(10, 40, s);
            c.stride_x = 1 + (below(s, 5) == 0);
            c.S = 3 + 2*below(s, 2);
            c.Q = axis(&c.left, c.X, c.S, c.stride_x, false, s);
        }
    } while (c.Q == 0 || (double)c.P * c.Q * c.R * c.S * c.C * c.M > 3e6);
    return c;
}

/* Leaves one in so many numbers, none with 0; the others become 0 or -0.  With odd, a few
 * are no numbers. */
static void thin_out(float *dy, long n, int one_in, bool odd, uint64_t *s)
{
    for (long i = 0; i < n; i++)
        if (one_in == 0 || below(s, one_in))
            dy[i] = below(s, 2) ? 0.0f : -0.0f;
    for (int k = 0; odd && k < 3 && n; k++)
        dy[below(s, (int)n)] = k == 0 ? NAN : k == 1 ? INFINITY : 1e-44f;
}

/* The same bits.  With odd, more of a may be no numbers: what is infinite meets the zeros of
 * the padding, which the clear functions leave out. */
static bool same(const float *a, const float *b, long n, bool odd)
{
    for (long i = 0; i < n; i++)
        if (memcmp(a + i, b + i, sizeof *a) && (isfinite(a[i]) || !odd))
            return false;
    return true;
}

/* As in LeNet: so many that threads share them. */
static const struct conv lenets[] = {{14, 14, 8,  5, 5, 16,  1, 1,  0, 0,  10, 10},
                                     {28, 28, 1,  5, 5, 8,  1, 1,  2, 2,  28, 28}};

static void test_few(int shapes, uint64_t *s)
{
    const int threads = omp_get_max_threads();
    int wrong = 0, few = 0, many = 0, strips = 0, single = 0;
    for (int k = 0; k < shapes; k++) {
        const struct conv c = k < 6 ? lenets[k % 2] : shape_special(k % 3 == 2, s);
        const int N = k < 6 ? 33 : from_to(1, 4, s);
        const bool odd = k % 10 == 9;
        const long results = (long)N * c.P * c.Q * c.M;
        struct example e = example_drawn(&c, N, s), want = example_twin(&e, &c, N);
        const struct convolution v = convolution_dense(e.y, e.x, e.w, &c);
        static const int one_in[] = {1, 0, 2, 5, 8, 8, 30};
        thin_out(e.dy, results, k < 6 ? 8 : one_in[below(s, 7)], odd, s);
        *(conv_few(&c, e.dy, N) ? &few : &many) += 1;
        strips += conv_thin(&v), single += weights_thin(&v);
        omp_set_num_threads(1 + k % 3);
        make_clear(&want, &c, N);
        make_fast(&e, &c, N);
        if (!same(e.y, want.y, results, false)
            || !same(e.dx, want.dx, N * image_of(&c), odd)
            || !same(e.dw, want.dw, weights_of(&c), odd))
            wrong += 1, examples_apart(&e, &want, &c, N, "few", -1);
        results_free(&want), example_free(&e);
    }
    omp_set_num_threads(threads);
    printf("# %d shapes: %d with few numbers, %d with many, %d in strips, %d single\n", shapes,
           few, many, strips, single);
    tell(few > shapes / 4 && many > shapes / 4 && strips > shapes / 20 && single > shapes / 20,
         "all ways were gone");
    tell(wrong == 0, "zeros in dy can be left out: the bits are those of the clear functions");
}

/* ---- fast pools ---------------------------------------------------------------------- */

/* The fast max pools against the clear ones, with many equal numbers. */
static void test_pools(int shapes, uint64_t *s)
{
    int wrong = 0;
    for (int k = 0; k < shapes; k++) {
        int C = from_to(1, 24, s), N = from_to(1, 3, s), R = from_to(1, 3, s);
        struct conv c = conv_padded(from_to(3, 10, s), from_to(3, 10, s), k % 2 ? C : 16, R, R,
                                    C, R + below(s, 2) - (R > 1 && k % 5 == 0), below(s, R + 1) / 2);
        size_t n = (size_t)N * image_of(&c), m = (size_t)N * c.P * c.Q * c.C;
        float *x = floats(n), *dx = floats(2*n), *dy = floats(m), *y = floats(2*m);
        int *from = ints(2*m);
        for (size_t i = 0; i < n; i++) {
            x[i] = (float)(below(s, 5) - 2);
            dx[i] = dx[n + i] = normal(s);
        }
        for (size_t i = 0; i < m; i++)
            dy[i] = normal(s);
        maxpool_forward(y, from, x, &c, N);
        maxpool_fast_forward(y + m, from + m, x, &c, N);
        maxpool_backward(dx, dy, from, &c, N);
        maxpool_fast_backward(dx + n, dy, from, &c, N);
        wrong += memcmp(y, y + m, m * sizeof *y) || memcmp(from, from + m, m * sizeof *from)
                 || memcmp(dx, dx + n, n * sizeof *dx);
        free(x), free(dx), free(dy), free(y), free(from);
    }
    tell(wrong == 0, "fast max pools give the numbers of the clear ones");
}

/* ---- cases for PyTorch ------------------------------------------------------------------- */

static void put(const void *p, long n) { fwrite(p, 4, (size_t)n, stdout); }

static void dump_conv(const struct conv *c, int N, uint64_t *s)
{
    long results = (long)N * c->P * c->Q * c->M;
    struct example e = example_drawn(c, N, s), t = example_twin(&e, c, N);
    put(c, 12), put(&N, 1);
    put(e.x, N * image_of(c)), put(e.w, weights_of(c)), put(e.b, c->M), put(e.dy, results);
    put(e.dx, N * image_of(c)), put(e.dw, weights_of(c)), put(e.db, c->M);
    make_clear(&t, c, N);
    make_fast(&e, c, N);
    for (int k = 0; k < 2; k++) {
        const struct example *from = k ? &e : &t;
        put(from->y, results), put(from->dx, N * image_of(c));
        put(from->dw, weights_of(c)), put(from->db, c->M);
    }
    results_free(&t), example_free(&e);
}

static void dump_pools(const struct conv *c, int N, uint64_t *s)
{
    long numbers = N * image_of(c), results = (long)N * c->P * c->Q * c->C;
    float *x = drawn(numbers, s), *dy = drawn(results, s), *y = drawn(results, s);
    int *from = ints((size_t)results);
    for (long i = 0; i < numbers && below(s, 2); i++)
        x[i] = floorf(4 * x[i]) / 4 - 1;  // some are equal, all negative
    put(c, 12), put(&N, 1), put(x, numbers), put(dy, results);
    for (int way = 0; way < 4; way++) {
        float *dx = drawn(numbers, s);
        put(dx, numbers);
        if (way == 0) {
            maxpool_forward(y, from, x, c, N);
            maxpool_backward(dx, dy, from, c, N);
            put(from, results);
        } else if (way < 3) {
            avgpool_forward(y, x, way == 1, c, N);
            avgpool_backward(dx, dy, way == 1, c, N);
        } else {
            global_average_forward(y, x, N, c->Y, c->X, c->C);
            global_average_backward(dx, dy, N, c->Y, c->X, c->C);
        }
        put(y, way < 3 ? results : N * c->C), put(dx, numbers);
        free(dx);
    }
    free(x), free(dy), free(y), free(from);
}

int main(int argc, char **argv)
{
    int shapes = 300, dump = 0, seed = 1;
    float most = 1.5e6f;
    OPTIONS("tests of convolutions", OPTION(shapes, 1, 100000, "random shapes"),
            OPTION(most, 1000, 1e9, "multiply-adds of one image at most"),
            OPTION(dump, 0, 100000, "cases to write for 12-random.py"),
            OPTION(seed, 0, 1e9, "of the random numbers"));
    uint64_t s = stream((uint64_t)seed, 12);
    for (int i = 0; i < dump; i++) {
        struct conv c = shape_drawn(false, most, &s), pool = shape_drawn(true, most, &s);
        dump_conv(&c, from_to(1, 3, &s), &s);
        dump_pools(&pool, from_to(1, 3, &s), &s);
    }
    if (dump)
        return 0;
    test_makers(&s);
    test_shapes(shapes, most, &s);
    test_few(shapes, &s);
    test_pools(shapes, &s);
    return failed != 0;
}
