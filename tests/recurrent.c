/* recurrent.c: recurrent layers and networks of random shapes.
 *
 * Without dump it tests what chapters 16 to 19 give: the fast layers against the clear
 * ones, and networks with inputs looked up against the same with one-hot numbers; prints
 * ok and not ok.  With dump=60 it writes so many networks of each kind with all results to
 * standard output, for tests/gold/19-random.py to compare with PyTorch's. */
#include <19-gru/gru.c>

static int failed;
static const struct cell *const cells[] = {&rnn, &lstm, &gru};

static void tell(int good, const char *cell, const char *what, double off)
{
    printf("%s - recurrent: %s, %s (%.1e)\n", good ? "ok" : "not ok", cell, what, off);
    failed += !good;
}

static int from_to(int low, int high, uint64_t *s) { return low + below(s, high - low + 1); }

/* Exactly as long as it must be, so that a sanitizer sees one step too far. */
static float *drawn(long n, float size, uint64_t *s)
{
    float *p = malloc((size_t)n * sizeof *p + !n);
    for (long i = 0; i < n; i++)
        p[i] = size * (2*uniform(s) - 1);
    return p;
}

static float *copied(const float *from, long n)
{
    float *p = malloc((size_t)n * sizeof *p + !n);
    return memcpy(p, from, (size_t)n * sizeof *p);
}

/* The largest difference, against the largest number. */
static double apart(const float *a, const float *b, long n)
{
    double most = 1e-30, off = 0;
    for (long i = 0; i < n; i++) {
        double d = fabs((double)a[i] - b[i]);
        most = fmax(most, fabs(b[i]));
        off = d <= off ? off : d;  // a NaN stays
    }
    return off / most;
}

/* ---- layers: fast against clear ------------------------------------------------------ */

/* What a layer has, in one order: x h c | dx dh dc dWx dWh db. */
enum { X_, H_, C_, DX, DH, DC, DWX, DWH, DB, ARRAYS };

static void clear_layer(const struct cell *cell, float **a, const struct layer *l)
{
    const int T = l->T, N = l->N, D = l->D, H = l->H;
    float *gates = drawn((long)T*N*4*H, 1, &(uint64_t){1}), *dz = gates;
    if (cell == &rnn) {
        rnn_forward(a[H_], a[X_], l->Wx, l->Wh, l->b, T, N, D, H);
        rnn_backward(a[DX], a[DH], a[DWX], a[DWH], a[DB], dz, a[H_], a[X_], l->Wx, l->Wh,
                     T, N, D, H);
    } else if (cell == &lstm) {
        lstm_forward(a[H_], a[C_], gates, a[X_], l->Wx, l->Wh, l->b, T, N, D, H);
        lstm_backward(a[DX], a[DH], a[DC], a[DWX], a[DWH], a[DB], gates, a[H_], a[C_],
                      a[X_], l->Wx, l->Wh, T, N, D, H);
    } else {
        gru_forward(a[H_], gates, a[X_], l->Wx, l->Wh, l->b, T, N, D, H);
        gru_backward(a[DX], a[DH], a[DWX], a[DWH], a[DB], gates, a[H_], a[X_], l->Wx,
                     l->Wh, T, N, D, H);
    }
    free(gates);
}

/* The largest difference forward and backward. */
static void layer_compare(const struct cell *cell, int T, int N, int D, int H,
                          double *forward, double *backward, uint64_t *s)
{
    const long G = (long)cell->gates * H, W = (long)cell->width * H;
    const long states = (T + 1L)*N*H, sizes[ARRAYS] = {
        (long)T*N*D, states, states, (long)T*N*D, states, states, G*D, G*H, W};
    float *fast[ARRAYS], *clear[ARRAYS];
    for (int i = 0; i < ARRAYS; i++) {
        fast[i] = drawn(sizes[i], 1, s);
        clear[i] = copied(fast[i], sizes[i]);
    }
    float *Wx = drawn(G*D, 1, s), *b = drawn(W, 1, s);
    float *Wh = drawn(G*H, 1.5f / sqrtf((float)H), s);
    float *gates = drawn((long)T*N*W, 1, s);
    float *packed = drawn((long)layer_packed(cell, D, H), 1, s);
    struct layer l = {
        .T = T, .N = N, .D = D, .H = H, .x = fast[X_], .Wx = Wx, .Wh = Wh, .b = b,
        .h = fast[H_], .c = fast[C_], .gates = gates, .packed = packed, .dx = fast[DX],
        .dWx = fast[DWX], .dWh = fast[DWH], .db = fast[DB], .dh = fast[DH], .dc = fast[DC]};
    layer_forward(cell, &l);
    layer_backward(cell, &l);
    clear_layer(cell, clear, &l);
    for (int i = 0; i < ARRAYS; i++) {
        double *off = i < DX ? forward : backward;
        *off = fmax(*off, apart(fast[i], clear[i], sizes[i]));
        free(fast[i]), free(clear[i]);
    }
    free(Wx), free(b), free(Wh), free(gates), free(packed);
}

static void test_layers(int shapes, uint64_t *s)
{
    for (int k = 0; k < 3; k++) {
        double forward = 0, backward = 0;
        layer_compare(cells[k], 1, 1, 1, 1, &forward, &backward, s);
        layer_compare(cells[k], 9, 21, 5, 70, &forward, &backward, s);  // two threads
        for (int i = 0; i < shapes; i++)
            layer_compare(cells[k], from_to(1, 9, s), from_to(1, 15, s), from_to(1, 20, s),
                          from_to(1, 40, s), &forward, &backward, s);
        tell(forward < 1e-5, cells[k]->name, "layers forward, fast and clear", forward);
        tell(backward < 1e-4, cells[k]->name, "layers backward, fast and clear", backward);
    }
}

/* ---- networks -------------------------------------------------------------------------- */

/* A network, its gradient and all it works with; everything that is not given is random,
 * so that nothing can be right because it happened to be 0. */
struct case_ {
    struct recurrent net, grad;
    struct recurrent_work work;
    float *weights, *gradients, *dz;
    int n;
};

static struct case_ case_new(const struct recurrent *sizes, int T, int N, int O, uint64_t *s)
{
    struct case_ c = {.n = recurrent_size(sizes)};
    c.weights = drawn(c.n, 1.5f / sqrtf((float)sizes->H), s);
    c.gradients = drawn(c.n, 1, s);
    c.net = recurrent_at(c.weights, sizes);
    c.grad = recurrent_at(c.gradients, sizes);
    c.work = recurrent_work_new(&c.net, T, N, O);
    for (size_t i = 0; i < c.work.size; i++)
        c.work.block[i] = 2*uniform(s) - 1;
    for (int i = 0; i < T*N && sizes->V; i++)
        c.work.ids[i] = below(s, sizes->V);
    c.dz = copied(c.work.dz, (long)O * N * sizes->K);
    return c;
}

static void case_free(struct case_ *c)
{
    recurrent_work_free(&c->work);
    free(c->weights), free(c->gradients), free(c->dz);
}

static struct recurrent sizes_drawn(const struct cell *cell, uint64_t *s)
{
    struct recurrent sizes = {.cell = cell, .layers = from_to(1, 3, s)};
    sizes.H = from_to(1, 20, s), sizes.K = from_to(1, 9, s);
    if (below(s, 3) == 0)
        sizes.D = from_to(1, 7, s);
    else
        sizes.V = from_to(1, 9, s), sizes.E = below(s, 2) ? 0 : from_to(1, 6, s);
    return sizes;
}

/* One-hot inputs, looked up, against the same as numbers. */
static double onehot_compare(const struct cell *cell, uint64_t *s)
{
    struct recurrent sizes = {.cell = cell, .V = from_to(1, 9, s), .H = from_to(1, 20, s),
                              .layers = from_to(1, 2, s), .K = 3};
    int T = from_to(1, 6, s), N = from_to(1, 5, s), O = from_to(1, T, s);
    struct case_ a = case_new(&sizes, T, N, O, s);
    sizes.D = sizes.V, sizes.V = 0;
    struct case_ b = case_new(&sizes, T, N, O, s);
    memcpy(b.weights, a.weights, (size_t)a.n * sizeof(float));
    memcpy(b.gradients, a.gradients, (size_t)a.n * sizeof(float));
    memcpy(b.work.dz, a.work.dz, (size_t)O * N * 3 * sizeof(float));
    for (int l = 0; l < sizes.layers; l++) {
        memcpy(b.work.h[l], a.work.h[l], (size_t)N * sizes.H * sizeof(float));
        if (cell->memory)
            memcpy(b.work.c[l], a.work.c[l], (size_t)N * sizes.H * sizeof(float));
    }
    for (int i = 0; i < T*N; i++)
        for (int d = 0; d < sizes.D; d++)
            b.work.x[i*sizes.D + d] = d == a.work.ids[i];
    recurrent_forward(&a.work, &a.net);
    recurrent_forward(&b.work, &b.net);
    double off = apart(a.work.z, b.work.z, (long)O * N * 3);
    recurrent_backward(&a.grad, &a.work, &a.net);
    recurrent_backward(&b.grad, &b.work, &b.net);
    off = fmax(off, apart(a.gradients, b.gradients, a.n));
    case_free(&a), case_free(&b);
    return off;
}

static void test_networks(int shapes, uint64_t *s)
{
    for (int k = 0; k < 3; k++) {
        double off = 0;
        for (int i = 0; i < shapes; i++)
            off = fmax(off, onehot_compare(cells[k], s));
        tell(off < 1e-5, cells[k]->name, "networks, looked up and one-hot", off);
    }
}

/* ---- for PyTorch --------------------------------------------------------------------- */

static void put(const void *p, long n) { fwrite(p, 4, (size_t)n, stdout); }

static void dump_network(int kind, uint64_t *s)
{
    struct recurrent sizes = sizes_drawn(cells[kind], s);
    int T = from_to(1, 8, s), N = from_to(1, 6, s), O = below(s, 2) ? T : from_to(1, T, s);
    struct case_ c = case_new(&sizes, T, N, O, s);
    struct recurrent_work *w = &c.work;
    const long state = (long)N * sizes.H;
    put((int[]){kind, sizes.V, sizes.E, sizes.D, sizes.H, sizes.layers, sizes.K, T, N, O},
        10);
    if (sizes.V)
        put(w->ids, (long)T*N);
    else
        put(w->x, (long)T*N*sizes.D);
    put(c.weights, c.n), put(c.gradients, c.n), put(c.dz, (long)O * N * sizes.K);
    for (int l = 0; l < sizes.layers; l++) {
        put(w->h[l], state);
        if (cells[kind]->memory)
            put(w->c[l], state);
    }
    recurrent_forward(w, &c.net);
    put(w->z, (long)O * N * sizes.K);
    for (int l = 0; l < sizes.layers; l++) {
        put(w->h[l] + T*state, state);
        if (cells[kind]->memory)
            put(w->c[l] + T*state, state);
    }
    recurrent_backward(&c.grad, w, &c.net);
    put(c.gradients, c.n);
    for (int l = 0; l < sizes.layers; l++) {
        put(w->dh[l], state);
        if (cells[kind]->memory)
            put(w->dc[l], state);
    }
    case_free(&c);
}

int main(int argc, char **argv)
{
    int shapes = 200, dump = 0, seed = 1;
    OPTIONS("tests of recurrent layers", OPTION(shapes, 1, 100000, "random shapes"),
            OPTION(dump, 0, 100000, "networks of each kind to write for 19-random.py"),
            OPTION(seed, 0, 1e9, "of the random numbers"));
    uint64_t s = stream((uint64_t)seed, 16);
    for (int i = 0; i < 3 * dump; i++)
        dump_network(i % 3, &s);
    if (dump)
        return 0;
    test_layers(shapes, &s);
    test_networks(shapes, &s);
    return failed != 0;
}
