/* 19-gru: a cell with two gates, and no memory beside its state.
 *
 * The gates of a unit come in PyTorch's order, r z n: reset, update, candidate.
 */
#ifndef GRU_C
#define GRU_C
#include <18-lstm/lstm.c>

/* ---- one step --------------------------------------------------------------- */

/* Exercise 19.1: one step of a GRU.  Wx and Wh have three blocks of H rows, r z n, and
 * b has four, r z n q.
 *
 *     r  = sigmoid(b_r + Wx_r x + Wh_r h0)
 *     z  = sigmoid(b_z + Wx_z x + Wh_z h0)
 *     q  = b_q + Wh_n h0
 *     n  = tanh(b_n + Wx_n x + r q)
 *     h1 = (1 - z) n + z h0
 *
 * for each of N examples.  h1 and gates are overwritten; gates is left with r z n q.
 */
void gru_cell_forward(float *h1,        // [N,H]   overwritten
                      float *gates,     // [N,4H]  overwritten: r z n q
                      const float *x,   // [N,D]
                      const float *h0,  // [N,H]
                      const float *Wx,  // [3H,D]
                      const float *Wh,  // [3H,H]
                      const float *b,   // [4H]
                      int N, int D, int H)
{
    for (int e = 0; e < N; e++) {
        // The sums: of r, z and n from the inputs, to r and z from the state, and q.
        float *r = gates + 4*e*H, *z = r + H, *n = z + H, *q = n + H;
        linear_forward(r, x + e*D, Wx, b, 1, D, 3*H);
        gemm(r, h0 + e*H, Wh, 1, H, 2*H, B_T | ADD);
        linear_forward(q, h0 + e*H, Wh + 2*H*H, b + 3*H, 1, H, H);
        // The gates.
        sigmoid_forward(r, r, 2*H);
        // The candidate, and how much of it.
        for (int j = 0; j < H; j++) {
            n[j] = tanh32(fmaf(r[j], q[j], n[j]));
            h1[e*H + j] = fmaf(z[j], h0[e*H + j] - n[j], n[j]);
        }
    }
}

/* Exercise 19.2: the step backward, given dh1, the gradient in the state it made.
 *
 *     dz = dh1 (h0 - n) z (1 - z)          in the sum of z
 *     dn = dh1 (1 - z) (1 - n^2)           in the sum of n
 *     dq = dn r                            in q
 *     dr = dn q r (1 - r)                  in the sum of r
 *     dx   += Wx_r' dr + Wx_z' dz + Wx_n' dn
 *     dh0  += Wh_r' dr + Wh_z' dz + Wh_n' dq  + dh1 z
 *     dWx_r += dr x'    dWx_z += dz x'    dWx_n += dn x'          summed over
 *     dWh_r += dr h0'   dWh_z += dz h0'   dWh_n += dq h0'         the N examples
 *     db    += dr dz dn dq
 *
 * gates holds r z n q of 19.1 and is overwritten by dr dz dn dq.  The gradients are
 * added to; dx may be NULL.
 */
void gru_cell_backward(float *dx,         // [N,D]   added to, or NULL
                       float *dh0,        // [N,H]   added to
                       float *dWx,        // [3H,D]  added to
                       float *dWh,        // [3H,H]  added to
                       float *db,         // [4H]    added to
                       float *gates,      // [N,4H]  given, overwritten
                       const float *dh1,  // [N,H]
                       const float *x,    // [N,D]
                       const float *h0,   // [N,H]
                       const float *Wx,   // [3H,D]
                       const float *Wh,   // [3H,H]
                       int N, int D, int H)
{
    for (int e = 0; e < N; e++) {
        float *r = gates + 4*e*H, *z = r + H, *n = z + H, *q = n + H;
        for (int j = 0; j < H; j++) {
            // Of the mixture: the candidate, how much of it, and the old state.
            float d = dh1[e*H + j], old = h0[e*H + j];
            float dn = d * (1 - z[j]) * fmaf(-n[j], n[j], 1);
            float dz = d * (old - n[j]) * (z[j] * (1 - z[j]));
            dh0[e*H + j] = fmaf(d, z[j], dh0[e*H + j]);
            // Of the product r q.
            float dq = dn * r[j];
            r[j] = dn * q[j] * (r[j] * (1 - r[j]));
            z[j] = dz, n[j] = dn, q[j] = dq;
        }
        // Through the sums: r z n from the inputs, r z and q from the state.
        linear_backward(dx ? dx + e*D : NULL, dWx, db, r, x + e*D, Wx, 1, D, 3*H);
        gemm(dh0 + e*H, r, Wh, 1, 2*H, H, ADD);
        gemm(dWh, r, h0 + e*H, 2*H, 1, H, A_T | ADD);
        linear_backward(dh0 + e*H, dWh + 2*H*H, db + 3*H, q, h0 + e*H, Wh + 2*H*H,
                        1, H, H);
    }
}

/* ---- a sequence ------------------------------------------------------------- */

/* Exercise 19.3: the GRU over T steps.
 *
 *     h[t+1] = the step (19.1) with x[t] and h[t],  t = 0 .. T-1
 *
 * h[0] is given, the rest is overwritten.
 */
void gru_forward(float *h,         // [T+1,N,H]  h[0] given, the rest overwritten
                 float *gates,     // [T,N,4H]   overwritten: r z n q
                 const float *x,   // [T,N,D]
                 const float *Wx,  // [3H,D]
                 const float *Wh,  // [3H,H]
                 const float *b,   // [4H]
                 int T, int N, int D, int H)
{
    // One step after the other.
    for (int t = 0; t < T; t++)
        gru_cell_forward(h + (t + 1)*N*H, gates + 4*t*N*H, x + t*N*D, h + t*N*H,
                         Wx, Wh, b, N, D, H);
}

/* Exercise 19.4: the GRU backward through time.
 *
 *     dh[t], dx[t], dWx, dWh, db  +=  the step backward (19.2) from dh[t+1]
 *
 * for all T steps.  When it begins, dh[t] holds what the loss says of h[t] by itself;
 * gates holds r z n q and is overwritten.
 */
void gru_backward(float *dx,        // [T,N,D]    added to, or NULL
                  float *dh,        // [T+1,N,H]  given, added to
                  float *dWx,       // [3H,D]     added to
                  float *dWh,       // [3H,H]     added to
                  float *db,        // [4H]       added to
                  float *gates,     // [T,N,4H]   given, overwritten
                  const float *h,   // [T+1,N,H]  of gru_forward
                  const float *x,   // [T,N,D]
                  const float *Wx,  // [3H,D]
                  const float *Wh,  // [3H,H]
                  int T, int N, int D, int H)
{
    // From the last step to the first.
    for (int t = T - 1; t >= 0; t--)
        gru_cell_backward(dx ? dx + t*N*D : NULL, dh + t*N*H, dWx, dWh, db,
                          gates + 4*t*N*H, dh + (t + 1)*N*H, x + t*N*D, h + t*N*H,
                          Wx, Wh, N, D, H);
}

/* ---- a fair comparison ------------------------------------------------------ */

/* Exercise 19.5: returns the largest number of units with which a network has at most
 * so many weights and biases, and at least 1.
 *
 * One recurrent layer has, with G gates and B blocks of biases, G H (D + H) + B H of
 * them, the K outputs K (H + 1):
 *
 *               kind   G  B
 *               rnn    1  1
 *               lstm   4  4
 *               gru    3  4
 *
 * Hint: count up; or solve the quadratic, and mind what rounding does.
 */
int units_for(int weights,  // how many there may be
              int G, int B, int D, int K)
{
    // One unit more, as long as there is room for it.
    int H = 1;
    while ((long)G * (H + 1) * (D + H + 1) + (long)B * (H + 1) + (long)K * (H + 2)
           <= weights)
        H++;
    return H;
}

/* ---- the other reset ---------------------------------------------------------- */

/* Exercise 19.6*: one step of the GRU as it was first published: the reset comes before
 * the product with the weights, not after.
 *
 *     r  = sigmoid(b_r + Wx_r x + Wh_r h0)
 *     z  = sigmoid(b_z + Wx_z x + Wh_z h0)
 *     q  = r h0
 *     n  = tanh(b_n + Wx_n x + Wh_n q)
 *     h1 = (1 - z) n + z h0
 *
 * h1 and gates are overwritten; gates is left with r z n q.  Source: Cho and others,
 * 2014; what they call z is 1 - z here, and in PyTorch.
 */
void gru_first_forward(float *h1,        // [N,H]   overwritten
                       float *gates,     // [N,4H]  overwritten: r z n q
                       const float *x,   // [N,D]
                       const float *h0,  // [N,H]
                       const float *Wx,  // [3H,D]
                       const float *Wh,  // [3H,H]
                       const float *b,   // [3H]
                       int N, int D, int H)
{
    for (int e = 0; e < N; e++) {
        // The sums, and the two gates.
        const float *h = h0 + e*H;
        float *r = gates + 4*e*H, *z = r + H, *n = z + H, *q = n + H;
        linear_forward(r, x + e*D, Wx, b, 1, D, 3*H);
        gemm(r, h, Wh, 1, H, 2*H, B_T | ADD);
        sigmoid_forward(r, r, 2*H);
        // What is left of the state after the reset, and its product.
        for (int j = 0; j < H; j++)
            q[j] = r[j] * h[j];
        gemm(n, q, Wh + 2*H*H, 1, H, H, B_T | ADD);
        // The candidate, and how much of it.
        tanh_forward(n, n, H);
        for (int j = 0; j < H; j++)
            h1[e*H + j] = fmaf(z[j], h[j] - n[j], n[j]);
    }
}

/* Exercise 19.7*: the step of 19.6 backward, given dh1.
 *
 *     dz = dh1 (h0 - n) z (1 - z)
 *     dn = dh1 (1 - z) (1 - n^2)
 *     dq = Wh_n' dn
 *     dr = dq h0 r (1 - r)
 *     dx   += Wx_r' dr + Wx_z' dz + Wx_n' dn
 *     dh0  += Wh_r' dr + Wh_z' dz  + dq r + dh1 z
 *     dWx_r += dr x'    dWx_z += dz x'    dWx_n += dn x'          summed over
 *     dWh_r += dr h0'   dWh_z += dz h0'   dWh_n += dn q'          the N examples
 *     db    += dr dz dn
 *
 * gates holds r z n q of 19.6 and is overwritten by dr dz dn dq.  The gradients are
 * added to; dx may be NULL.
 */
void gru_first_backward(float *dx,         // [N,D]   added to, or NULL
                        float *dh0,        // [N,H]   added to
                        float *dWx,        // [3H,D]  added to
                        float *dWh,        // [3H,H]  added to
                        float *db,         // [3H]    added to
                        float *gates,      // [N,4H]  given, overwritten
                        const float *dh1,  // [N,H]
                        const float *x,    // [N,D]
                        const float *h0,   // [N,H]
                        const float *Wx,   // [3H,D]
                        const float *Wh,   // [3H,H]
                        int N, int D, int H)
{
    for (int e = 0; e < N; e++) {
        const float *h = h0 + e*H;
        float *r = gates + 4*e*H, *z = r + H, *n = z + H, *q = n + H;
        // Of the mixture.
        for (int j = 0; j < H; j++) {
            float d = dh1[e*H + j], new = n[j];
            n[j] = d * (1 - z[j]) * fmaf(-new, new, 1);
            dh0[e*H + j] = fmaf(d, z[j], dh0[e*H + j]);
            z[j] = d * (h[j] - new) * (z[j] * (1 - z[j]));
        }
        // Of the product with q: its weights, while q is there, then q itself.
        gemm(dWh + 2*H*H, n, q, H, 1, H, A_T | ADD);
        gemm(q, n, Wh + 2*H*H, 1, H, H, 0);
        for (int j = 0; j < H; j++) {
            dh0[e*H + j] = fmaf(q[j], r[j], dh0[e*H + j]);
            r[j] = q[j] * h[j] * (r[j] * (1 - r[j]));
        }
        // Through the other sums.
        linear_backward(dx ? dx + e*D : NULL, dWx, db, r, x + e*D, Wx, 1, D, 3*H);
        gemm(dh0 + e*H, r, Wh, 1, 2*H, H, ADD);
        gemm(dWh, r, h, 2*H, 1, H, A_T | ADD);
    }
}

/* ---- the fast step ------------------------------------------------------------ */

/* r and z lie side by side: one loop makes both.  n has to wait for r, and so it has a
 * loop of its own, as h1 has in the LSTM. */
void gru_step_forward(const struct layer *l, int t, int n0, int n1)
{
    const int H = l->H;
    for (int e = n0; e < n1; e++) {
        const long at = ((long)t*l->N + e) * H;
        float *r = l->gates + 4*at, *z = r + H, *n = z + H, *q = n + H;
        float *h1 = l->h + at + (long)l->N*H;
        const float *h0 = l->h + at, *b = l->b + 3*H;
#pragma omp simd
        for (int j = 0; j < 2*H; j++)
            r[j] = sigmoid32(r[j]);
#pragma omp simd
        for (int j = 0; j < H; j++) {
            q[j] += b[j];
            n[j] = tanh32(fmaf(r[j], q[j], n[j]));
            h1[j] = fmaf(z[j], h0[j] - n[j], n[j]);
        }
    }
}

void gru_step_backward(const struct layer *l, int t, int n0, int n1)
{
    const int H = l->H;
    for (int e = n0; e < n1; e++) {
        const long at = ((long)t*l->N + e) * H;
        float *r = l->gates + 4*at, *z = r + H, *n = z + H, *q = n + H;
        float *dh0 = l->dh + at;
        const float *h0 = l->h + at, *dh1 = l->dh + at + (long)l->N*H;
#pragma omp simd
        for (int j = 0; j < H; j++) {
            float keep = z[j], new = n[j], reset = r[j];
            float dn = dh1[j] * (1 - keep) * fmaf(-new, new, 1);
            dh0[j] = fmaf(dh1[j], keep, dh0[j]);
            r[j] = dn * q[j] * (reset * (1 - reset));
            z[j] = dh1[j] * (h0[j] - new) * (keep * (1 - keep));
            n[j] = dn;
            q[j] = dn * reset;
        }
    }
}

const struct cell gru = {"gru", 3, 4, false, gru_step_forward, gru_step_backward};

/* ---- the program: three cells ------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0

const struct cell *const cells[] = {&rnn, &lstm, &gru};
enum { CELLS = sizeof cells / sizeof *cells };

/* What the command line says. */
struct choice {
    const char *text;
    int weights, epochs, T, batch, length, steps, seeds, seed, clock;
    float rate, clip;
};

/* A network of one layer, with as many units as so many weights make. */
struct recurrent sizes_for(const struct cell *cell, int V, int D, int K, int weights)
{
    int H = units_for(weights, cell->gates, cell->width, V ? V : D, K);
    return (struct recurrent){.cell = cell, .V = V, .D = D, .H = H, .layers = 1,
                              .K = K};
}

struct reader reader_of(const struct cell *cell, const struct split *s,
                        const struct choice *c)
{
    struct recurrent sizes = sizes_for(cell, s->all.V, 0, s->all.V, c->weights);
    uint64_t chance = stream((uint64_t)c->seed, 1);
    struct reader r = reader_new(&sizes, c->T, c->batch, &chance);
    forget_set(&r.net, 1);
    return r;
}

/* Each cell reads the text; after every epoch its loss, and what it costs. */
void show_text(const struct choice *c)
{
    struct split s = split_open(c->text, c->T, c->batch);
    const int *valid = s.all.ids + s.first - 1, left = s.all.n - s.first + 1;
    printf("# cell\tunits\tweights\twork_kb\tepoch\ttrain\tvalid%s\n",
           c->clock ? "\tper_second" : "");
    for (int k = 0; k < CELLS; k++) {
        struct reader r = reader_of(cells[k], &s, c);
        struct progress bar = {.what = cells[k]->name};
        for (int epoch = 1; epoch <= c->epochs; epoch++) {
            double start = seconds();
            double bits = reader_epoch(&r, s.all.ids, s.first, c->epochs, c->rate,
                                       c->clip, &bar);
            double took = seconds() - start;
            printf("%s\t%d\t%d\t%zu\t%d\t%.4f\t%.4f", cells[k]->name, r.net.H, r.o.n,
                   r.w.size * sizeof(float) / 1024, epoch, bits,
                   reader_bits(&r, valid, left));
            if (c->clock)
                printf("\t%.0f", stream_pieces(s.first, c->T, c->batch) * (double)c->T
                                 * c->batch / took);
            printf("\n");
            fflush(stdout);
        }
        reader_free(&r);
    }
    text_free(&s.all);
}

/* Each cell learns the adding problem (17.7), from several first weights. */
void show_adding(const struct choice *c)
{
    enum { LINES = 20 };
    struct progress bar = {.what = "adding"};
    printf("# cell\tunits\tseed\tstep\terror\n");
    for (int k = 0; k < CELLS; k++)
        for (int seed = c->seed; seed < c->seed + c->seeds; seed++) {
            struct recurrent sizes = sizes_for(cells[k], 0, 2, 1, c->weights);
            struct recurrent net = recurrent_at(floats((size_t)recurrent_size(&sizes)),
                                                &sizes);
            float errors[LINES];
            uint64_t chance = stream((uint64_t)seed, 3);
            progress(&bar, k*c->seeds + seed - c->seed, CELLS * c->seeds);
            recurrent_init(&net, &chance);
            forget_set(&net, 1);
            adding_train(errors, &net, c->length, c->batch, c->steps, LINES, c->rate,
                         c->clip, &chance);
            for (int i = 0; i < LINES; i++)
                printf("%s\t%d\t%d\t%d\t%.6f\n", cells[k]->name, net.H, seed,
                       c->steps * (i + 1) / LINES, errors[i]);
            fflush(stdout);
            free(net.table);
        }
    progress(&bar, 1, 1);
}

int number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The mean of a gate of every unit over the test part, in order: gate 0 is r, 1 is z.
 * means [2,H] is overwritten. */
void gate_means(double *means, struct reader *r, const int *text, int n)
{
    struct recurrent_work *w = &r->one;
    const int H = r->net.H, pieces = (n - 1) / w->T;
    memset(means, 0, 2 * (size_t)H * sizeof *means);
    state_clear(w, &r->net);
    for (int p = 0; p < pieces; p++, state_carry(w, &r->net)) {
        memcpy(w->ids, text + p*w->T, (size_t)w->T * sizeof *w->ids);
        recurrent_forward(w, &r->net);
        for (int t = 0; t < w->T; t++)
            for (int j = 0; j < 2*H; j++)
                means[j] += (double)w->gates[0][t*4*H + j] / ((double)pieces * w->T);
    }
    qsort(means, (size_t)H, sizeof *means, number_order);
    qsort(means + H, (size_t)H, sizeof *means, number_order);
}

/* The gates of a GRU before it has learned and after. */
void show_gates(const struct choice *c)
{
    struct split s = split_open(c->text, c->T, c->batch);
    struct reader r = reader_of(&gru, &s, c);
    const int H = r.net.H, *valid = s.all.ids + s.first, left = s.all.n - s.first;
    struct progress bar = {.what = "gru"};
    double *before = memory(2 * (size_t)H, sizeof *before);
    double *after = memory(2 * (size_t)H, sizeof *after);
    if (left <= r.one.T)
        die("%s: found %d characters to test with, wanted more than %d", c->text, left,
            r.one.T);
    gate_means(before, &r, valid, left);
    for (int epoch = 1; epoch <= c->epochs; epoch++)
        reader_epoch(&r, s.all.ids, s.first, c->epochs, c->rate, c->clip, &bar);
    gate_means(after, &r, valid, left);
    printf("# unit\treset_before\treset\tupdate_before\tupdate\n");
    for (int j = 0; j < H; j++)
        printf("%d\t%.5f\t%.5f\t%.5f\t%.5f\n", j + 1, before[j], after[j],
               before[H + j], after[H + j]);
    free(before);
    free(after);
    reader_free(&r);
    text_free(&s.all);
}

int main(int argc, char **argv)
{
    const char *show = "text", *text = "data/course/course.txt";
    int weights = 0, epochs = 3, T = 32, batch = 16, length = 100, steps = 2000;
    int seeds = 1, seed = 1, clock = 0;
    float rate = 0.005f, clip = 1;
    OPTIONS("compares RNN, LSTM and GRU at equal numbers of weights",
            CHOICE(show, "text|adding|gates", "what to do"),
            TEXT(text, "a file to read, UTF-8"),
            OPTION(weights, 0, 1e7, "how many; 0: 100000, of adding 5000"),
            OPTION(epochs, 1, 1000, "how often the text is read"),
            OPTION(T, 1, 1000, "steps in a piece of text"),
            OPTION(batch, 1, 1024, "streams of text, sequences in a step of adding"),
            OPTION(length, 2, 2000, "of the sequences of adding"),
            OPTION(steps, 20, 1e6, "of training, of adding"),
            OPTION(seeds, 1, 100, "of adding: how many first weights are tried"),
            OPTION(rate, 0, 1, "of Adam"), OPTION(clip, 1e-6, 1e6, "largest gradient"),
            OPTION(clock, 0, 1, "1: also characters per second"),
            OPTION(seed, 0, 1e9, "of all that is random"));
    if (!weights)
        weights = strcmp(show, "adding") ? 100000 : 5000;
    const struct choice c = {text, weights, epochs, T, batch, length, steps, seeds,
                             seed, clock, rate, clip};
    if (!strcmp(show, "adding"))
        show_adding(&c);
    else if (!strcmp(show, "gates"))
        show_gates(&c);
    else
        show_text(&c);
}

#endif
#endif
