/* 18-lstm: a cell whose memory is added to, so that gradients last.
 *
 * The gates of a unit come in PyTorch's order, i f g o: input, forget, candidate,
 * output.
 */
#ifndef LSTM_C
#define LSTM_C
#include <17-vanishing/vanishing.c>
#include "../../data/text.h"

/* ---- one step --------------------------------------------------------------- */

/* Exercise 18.1: one step of an LSTM.  Wx, Wh and b have four blocks of H rows, one for
 * each gate.
 *
 *     z[n,.] = b + Wx x[n,.] + Wh h0[n,.]         4H sums, in blocks i f g o
 *     i = sigmoid(z_i)   f = sigmoid(z_f)   g = tanh(z_g)   o = sigmoid(z_o)
 *     c1 = f c0 + i g
 *     h1 = o tanh(c1)
 *
 * where the last two are made number by number.  h1, c1 and gates are overwritten;
 * gates is left with i f g o, for the way back.
 */
void lstm_cell_forward(float *h1,        // [N,H]   overwritten
                       float *c1,        // [N,H]   overwritten: the memory after it
                       float *gates,     // [N,4H]  overwritten: i f g o
                       const float *x,   // [N,D]
                       const float *h0,  // [N,H]
                       const float *c0,  // [N,H]   the memory before the step
                       const float *Wx,  // [4H,D]
                       const float *Wh,  // [4H,H]
                       const float *b,   // [4H]
                       int N, int D, int H)
{
    // The sums of all four gates.
    linear_forward(gates, x, Wx, b, N, D, 4*H);
    gemm(gates, h0, Wh, N, H, 4*H, B_T | ADD);
    for (int n = 0; n < N; n++) {
        // Their activations, in place.
        float *i = gates + 4*n*H, *f = i + H, *g = f + H, *o = g + H;
        sigmoid_forward(i, i, 2*H);
        tanh_forward(g, g, H);
        sigmoid_forward(o, o, H);
        // What is kept of the memory and what is added, and what is shown of it.
        for (int j = 0; j < H; j++) {
            c1[n*H + j] = fmaf(f[j], c0[n*H + j], i[j] * g[j]);
            h1[n*H + j] = o[j] * tanh32(c1[n*H + j]);
        }
    }
}

/* Exercise 18.2: the step backward, given dh1 and dc1, the gradients in what it made.
 *
 *     dc    = dc1 + dh1 o (1 - tanh(c1)^2)        all that c1 does
 *     dc0  += dc f
 *     dz_i  = dc g  i (1 - i)
 *     dz_f  = dc c0 f (1 - f)
 *     dz_g  = dc i  (1 - g^2)
 *     dz_o  = dh1 tanh(c1) o (1 - o)
 *     dx   += Wx' dz    dh0 += Wh' dz
 *     dWx  += dz x'     dWh += dz h0'     db += dz        summed over n
 *
 * gates holds i f g o of 18.1 and is overwritten by dz.  The gradients are added to; dx
 * may be NULL.
 */
void lstm_cell_backward(float *dx,         // [N,D]   added to, or NULL
                        float *dh0,        // [N,H]   added to
                        float *dc0,        // [N,H]   added to
                        float *dWx,        // [4H,D]  added to
                        float *dWh,        // [4H,H]  added to
                        float *db,         // [4H]    added to
                        float *gates,      // [N,4H]  given, overwritten by dz
                        const float *dh1,  // [N,H]
                        const float *dc1,  // [N,H]
                        const float *c1,   // [N,H]   of lstm_cell_forward
                        const float *x,    // [N,D]
                        const float *h0,   // [N,H]
                        const float *c0,   // [N,H]
                        const float *Wx,   // [4H,D]
                        const float *Wh,   // [4H,H]
                        int N, int D, int H)
{
    for (int n = 0; n < N; n++) {
        float *i = gates + 4*n*H, *f = i + H, *g = f + H, *o = g + H;
        for (int j = 0; j < H; j++) {
            // All that c1 does: in the steps that follow, and in h1.
            float shown = tanh32(c1[n*H + j]), out = dh1[n*H + j];
            float dc = fmaf(out * o[j], fmaf(-shown, shown, 1), dc1[n*H + j]);
            dc0[n*H + j] = fmaf(dc, f[j], dc0[n*H + j]);
            // Each gate: what it was multiplied by, times the slope of its activation.
            float di = dc * g[j] * (i[j] * (1 - i[j]));
            float dg = dc * i[j] * fmaf(-g[j], g[j], 1);
            f[j] = dc * c0[n*H + j] * (f[j] * (1 - f[j]));
            o[j] = out * shown * (o[j] * (1 - o[j]));
            i[j] = di, g[j] = dg;
        }
    }
    // Through the sums, as in 16.2.
    linear_backward(dx, dWx, db, gates, x, Wx, N, D, 4*H);
    gemm(dh0, gates, Wh, N, 4*H, H, ADD);
    gemm(dWh, gates, h0, 4*H, N, H, A_T | ADD);
}

/* ---- a sequence ------------------------------------------------------------- */

/* Exercise 18.3: the LSTM over T steps.
 *
 *     h[t+1], c[t+1] = the step (18.1) with x[t], h[t], c[t],  t = 0 .. T-1
 *
 * h[0] and c[0] are given, the rest is overwritten.
 */
void lstm_forward(float *h,         // [T+1,N,H]  h[0] given, the rest overwritten
                  float *c,         // [T+1,N,H]  c[0] given, the rest overwritten
                  float *gates,     // [T,N,4H]   overwritten: i f g o
                  const float *x,   // [T,N,D]
                  const float *Wx,  // [4H,D]
                  const float *Wh,  // [4H,H]
                  const float *b,   // [4H]
                  int T, int N, int D, int H)
{
    // One step after the other.
    for (int t = 0; t < T; t++) {
        int now = t*N*H, next = now + N*H;
        lstm_cell_forward(h + next, c + next, gates + 4*now, x + t*N*D, h + now,
                          c + now, Wx, Wh, b, N, D, H);
    }
}

/* Exercise 18.4: the LSTM backward through time.
 *
 *     dh[t], dc[t], dx[t], dWx, dWh, db  +=  the step backward (18.2)
 *                                            from dh[t+1], dc[t+1]
 *
 * for all T steps.  When it begins, dh[t] and dc[t] hold what the loss says of h[t] and
 * c[t] by themselves (of most c nothing: 0); gates holds i f g o and is overwritten.
 */
void lstm_backward(float *dx,        // [T,N,D]    added to, or NULL
                   float *dh,        // [T+1,N,H]  given, added to
                   float *dc,        // [T+1,N,H]  given, added to
                   float *dWx,       // [4H,D]     added to
                   float *dWh,       // [4H,H]     added to
                   float *db,        // [4H]       added to
                   float *gates,     // [T,N,4H]   given, overwritten by dz
                   const float *h,   // [T+1,N,H]  of lstm_forward
                   const float *c,   // [T+1,N,H]  of lstm_forward
                   const float *x,   // [T,N,D]
                   const float *Wx,  // [4H,D]
                   const float *Wh,  // [4H,H]
                   int T, int N, int D, int H)
{
    // From the last step to the first.
    for (int t = T - 1; t >= 0; t--) {
        int now = t*N*H, next = now + N*H;
        lstm_cell_backward(dx ? dx + t*N*D : NULL, dh + now, dc + now, dWx, dWh, db,
                           gates + 4*now, dh + next, dc + next, c + next, x + t*N*D,
                           h + now, c + now, Wx, Wh, N, D, H);
    }
}

/* ---- how it begins ---------------------------------------------------------- */

/* Exercise 18.5: makes the cell remember until it has learned what to forget.
 *
 *     b[j] = bias      for the H units of the forget gate, the rest stays as it is
 *
 * Source: Gers, Schmidhuber, Cummins: "Learning to forget", 2000; bias 1: Jozefowicz,
 * Zaremba, Sutskever, 2015.
 */
void lstm_forget_bias(float *b,  // [4H]  changed
                      float bias, int H)
{
    // The second block.
    for (int j = 0; j < H; j++)
        b[H + j] = bias;
}

/* ---- layers on layers ------------------------------------------------------- */

/* struct recurrent and struct recurrent_work are those of chapter 16.  Here x [T,N,D]
 * holds the inputs, V is 0. */

/* Exercise 18.6: a stack of LSTM layers: the states of one are the inputs of the next.
 *
 *     h[l], c[l], gates[l] = the layer (18.3) with inputs  w->x for l = 0,
 *                                                          h[l-1] without its first
 *                                                          state for l > 0
 *
 * The first states of all h[l] and c[l] are given, the rest is overwritten.  Nothing is
 * done about the outputs.
 */
void lstm_stack_forward(struct recurrent_work *w,     // h, c, gates overwritten
                        const struct recurrent *net)
{
    // From the lowest layer upwards.
    const int T = w->T, N = w->N, H = net->H;
    for (int l = 0; l < net->layers; l++)
        lstm_forward(w->h[l], w->c[l], w->gates[l], l ? w->h[l-1] + N*H : w->x,
                     net->Wx[l], net->Wh[l], net->b[l], T, N, l ? H : net->D, H);
}

/* Exercise 18.7: the stack backward.
 *
 *     the layer backward (18.4), from the highest to the lowest; what it adds to its
 *     inputs' gradient goes to dh[l-1] without its first state, and for l = 0 nowhere
 *
 * All dh[l] and dc[l] hold what the loss says of h[l] and c[l] by themselves.
 */
void lstm_stack_backward(struct recurrent *grad,       // Wx, Wh, b added to
                         struct recurrent_work *w,     // dh, dc added to
                         const struct recurrent *net)
{
    // From the highest layer downwards.
    const int T = w->T, N = w->N, H = net->H;
    for (int l = net->layers - 1; l >= 0; l--)
        lstm_backward(l ? w->dh[l-1] + N*H : NULL, w->dh[l], w->dc[l], grad->Wx[l],
                      grad->Wh[l], grad->b[l], w->gates[l], w->h[l], w->c[l],
                      l ? w->h[l-1] + N*H : w->x, net->Wx[l], net->Wh[l],
                      T, N, l ? H : net->D, H);
}

/* ---- a baseline that only counts ----------------------------------------- */

/* What a text has of one string of characters. */
struct count {
    uint64_t key;  // which string; 0 where there is none yet
    int seen;      // how often it came
    int followed;  // how often a character came after it
    int kinds;     // how many different ones did
};

/* All strings of up to MARKOV + 1 characters of a text, in a hash table. */
enum { MARKOV = 5 };
struct counts {
    struct count *slot;  // [room]
    size_t room, used;   // room is a power of 2
};

/* The string s [k] as a number: no two have the same, if k is at most MARKOV + 1 and
 * the characters' numbers are below 1024. */
uint64_t string_key(const int *s, int k)
{
    uint64_t key = 1;
    for (int i = 0; i < k; i++)
        key = key << 10 | (uint64_t)s[i];
    return key;
}

/* The string's slot, or the empty one where it would go.  The search begins at a slot
 * that only the key decides, as if drawn by chance. */
struct count *counts_slot(const struct counts *all, uint64_t key)
{
    uint64_t chance = key;
    size_t at = random_bits(&chance) & (all->room - 1);
    while (all->slot[at].key && all->slot[at].key != key)
        at = (at + 1) & (all->room - 1);
    return all->slot + at;
}

/* What is known of the string s [k]: zeros if it never came. */
struct count counts_find(const struct counts *all, const int *s, int k)
{
    return *counts_slot(all, string_key(s, k));
}

/* The string's slot, to be changed; before the table is half full it is doubled. */
struct count *counts_take(struct counts *all, const int *s, int k)
{
    if (2 * all->used >= all->room) {
        struct counts more = {memory(2 * all->room, sizeof *more.slot), 2 * all->room,
                              all->used};
        for (size_t i = 0; i < all->room; i++)
            if (all->slot[i].key)
                *counts_slot(&more, all->slot[i].key) = all->slot[i];
        free(all->slot);
        *all = more;
    }
    struct count *slot = counts_slot(all, string_key(s, k));
    all->used += !slot->key;
    slot->key = string_key(s, k);
    return slot;
}

/* Counts the n characters of a text: each after the 0, 1 ... MARKOV characters that
 * came before it.  free(all.slot) when done. */
struct counts counts_new(const int *text,  // [n]
                         int n)
{
    struct counts all = {memory(1024, sizeof *all.slot), 1024, 0};
    for (int i = 0; i < n; i++)
        for (int k = 0; k <= MARKOV && k <= i; k++) {
            const int *s = text + i - k;
            bool first = !counts_take(&all, s, k + 1)->seen++;
            struct count *before = counts_take(&all, s, k);
            before->followed++;
            before->kinds += first;
        }
    return all;
}

/* Exercise 18.8: how probable a character c is after k others, s, judged by counting.
 *
 *     p(c | s) = (seen(s c) + kinds(s) p(c | s')) / (followed(s) + kinds(s))
 *
 * with s' = s without its first character.  After no character at all (k = 0), 1/V
 * stands in the place of p(c | s'); and where nothing ever followed s, p(c | s) is
 * p(c | s') itself.
 * Source: Witten and Bell, 1991, their method C.
 * Hint: counts_find() knows of a string how often it was seen and followed, and by how
 * many kinds of characters; this function may call itself.
 */
double markov_probability(const struct counts *all,
                          const int *s,  // [k+1]  the k others, the oldest first, and c
                          int k,         // 0 .. MARKOV
                          int V)         // how many different characters there are
{
    // What a model with a shorter memory says.
    double shorter = k ? markov_probability(all, s + 1, k - 1, V) : 1.0 / V;
    // What was counted after all k, if they ever came.
    struct count before = counts_find(all, s, k);
    if (!before.followed)
        return shorter;
    // Both together: the more kinds followed, the less the counts are to be trusted.
    double seen = counts_find(all, s, k + 1).seen;
    return fma(before.kinds, shorter, seen) / (before.followed + before.kinds);
}

/* Exercise 18.9: how many bits a character of a text takes, if each is told with the
 * help of those before it.
 *
 *     1/(end - first)  sum over i = first .. end-1 of
 *                          -log2 p(text[i] | the k characters before it)
 *
 * with p of 18.8 and k = order, or k = i where so few came before.  Characters before
 * `first` serve as those before, but are not told themselves.
 */
double markov_bits(const struct counts *all,
                   const int *text,     // [end]
                   int first, int end,  // 0 <= first < end
                   int order,           // 0 .. MARKOV
                   int V)
{
    // The surprise of each.
    double bits = 0;
    for (int i = first; i < end; i++) {
        int k = i < order ? i : order;
        bits -= log2(markov_probability(all, text + i - k, k, V));
    }
    // Their mean.
    return bits / (end - first);
}

/* ---- the fast step ------------------------------------------------------- */

/* The sigmoid without branches, so that a loop over it becomes vector code. */
static inline float sigmoid32(float z) { return 1 / (1 + exp32(-z)); }

/* tanh(c1) has to wait for c1, and so it has a loop of its own.  While one turn waits,
 * the core works on the next ones, but it only sees a few hundred operations ahead: the
 * shorter a turn, the more of them. */
void lstm_step_forward(const struct layer *l, int t, int n0, int n1)
{
    const int H = l->H;
    for (int n = n0; n < n1; n++) {
        const long at = ((long)t*l->N + n) * H, next = at + (long)l->N*H;
        float *i = l->gates + 4*at, *f = i + H, *g = f + H, *o = g + H;
        float *h1 = l->h + next, *c1 = l->c + next;
        const float *c0 = l->c + at;
#pragma omp simd
        for (int j = 0; j < H; j++) {
            i[j] = sigmoid32(i[j]);
            f[j] = sigmoid32(f[j]);
            g[j] = tanh32(g[j]);
            o[j] = sigmoid32(o[j]);
            c1[j] = fmaf(f[j], c0[j], i[j] * g[j]);
        }
#pragma omp simd
        for (int j = 0; j < H; j++)
            h1[j] = o[j] * tanh32(c1[j]);
    }
}

void lstm_step_backward(const struct layer *l, int t, int n0, int n1)
{
    const int H = l->H;
    for (int n = n0; n < n1; n++) {
        const long at = ((long)t*l->N + n) * H, next = at + (long)l->N*H;
        float *i = l->gates + 4*at, *f = i + H, *g = f + H, *o = g + H;
        float *dc0 = l->dc + at;
        const float *c0 = l->c + at, *c1 = l->c + next;
        const float *dh1 = l->dh + next, *dc1 = l->dc + next;
#pragma omp simd
        for (int j = 0; j < H; j++) {
            float shown = tanh32(c1[j]), in = i[j], new = g[j];
            float dc = fmaf(dh1[j] * o[j], fmaf(-shown, shown, 1), dc1[j]);
            dc0[j] = fmaf(dc, f[j], dc0[j]);
            i[j] = dc * new * (in * (1 - in));
            f[j] = dc * c0[j] * (f[j] * (1 - f[j]));
            g[j] = dc * in * fmaf(-new, new, 1);
            o[j] = dh1[j] * shown * (o[j] * (1 - o[j]));
        }
    }
}

const struct cell lstm = {"lstm", 4, 4, true, lstm_step_forward, lstm_step_backward};

/* ---- a network that reads ------------------------------------------------ */

/* A network of characters and what it learns with. */
struct reader {
    struct recurrent net, grad;
    struct recurrent_work w;    // to learn: T steps of N streams
    struct recurrent_work one;  // to be tested and to write: one stream
    struct optimizer o;
    int *t;                     // [T,N]  the targets
};

/* A reader with weights drawn by chance (16: recurrent_init). */
struct reader reader_new(const struct recurrent *sizes, int T, int N, uint64_t *chance)
{
    const int n = recurrent_size(sizes);
    struct reader r = {
        .net = recurrent_at(floats((size_t)n), sizes),
        .grad = recurrent_at(floats((size_t)n), sizes),
        .w = recurrent_work_new(sizes, T, N, T),
        .one = recurrent_work_new(sizes, 128, 1, 128),
        .o = optimizer_new(ADAM, 0, n),
        .t = ints((size_t)T * N > 128 ? (size_t)T * N : 128),
    };
    recurrent_init(&r.net, chance);
    return r;
}

void reader_free(struct reader *r)
{
    free(r->t);
    free(r->o.m);
    recurrent_work_free(&r->one);
    recurrent_work_free(&r->w);
    free(r->grad.table);
    free(r->net.table);
}

/* Reads a text once, in streams (17.8), and steps after every piece; returns the mean
 * loss in bits a character.  The rate falls along a cosine, to 0 when the text has been
 * read `epochs` times. */
double reader_epoch(struct reader *r, const int *text, int length, int epochs,
                    float rate,
                    float clip,  // the largest norm of a gradient
                    struct progress *bar)
{
    const int T = r->w.T, N = r->w.N, pieces = stream_pieces(length, T, N);
    double sum = 0;
    state_clear(&r->w, &r->net);
    for (int p = 0; p < pieces; p++) {
        stream_batch(r->w.ids, r->t, text, length, p, T, N);
        sum += recurrent_gradient(&r->grad, &r->w, &r->net, r->t);
        clip_norm(r->grad.table, clip, r->o.n);
        r->o.rate = rate_cosine(rate, r->o.t, epochs * pieces);
        optimizer_step(&r->o, r->net.table, r->grad.table);
        state_carry(&r->w, &r->net);
        progress(bar, r->o.t, (long)epochs * pieces);
    }
    return sum / pieces / M_LN2;
}

/* How many bits each of text[1] ... text[n-1] takes, told one after the other by a
 * reader that begins at text[0] and remembers all it has read. */
double reader_bits(struct reader *r, const int *text, int n)
{
    struct recurrent_work *w = &r->one;
    double sum = 0;
    state_clear(w, &r->net);
    for (int at = 0; at + 1 < n; at += w->T, state_carry(w, &r->net)) {
        const int count = least(w->T, n - 1 - at);
        for (int i = 0; i < w->T; i++) {
            w->ids[i] = i < count ? text[at + i] : 0;
            r->t[i] = i < count ? text[at + i + 1] : -1;
        }
        recurrent_forward(w, &r->net);
        sum += count * (double)sequence_loss_forward(w->p, w->z, r->t, w->T, r->net.K);
    }
    return sum / (n - 1) / M_LN2;
}

/* Goes on with a text whose first characters are given, one character after another,
 * each drawn (16.10) and then read. */
void reader_write(struct reader *r,
                  int *text,  // [n]  overwritten from text[given] on
                  int given,  // at least 1
                  int n, float temperature, uint64_t *chance)
{
    struct recurrent_work step = r->one;  // the same memory, one step of it
    step.T = step.O = 1;
    state_clear(&step, &r->net);
    for (int i = 0; i + 1 < n; i++, state_carry(&step, &r->net)) {
        step.ids[0] = text[i];
        recurrent_forward(&step, &r->net);
        if (i + 1 >= given)
            text[i + 1] = sample(step.z, r->net.K, temperature, uniform(chance));
    }
}

/* A text: its first nine tenths, [0,first), to learn from, the rest to be tested. */
struct split { struct text all; int first; };

/* Opens a text that has enough for pieces of T steps of N streams; text_free() it. */
struct split split_open(const char *path, int T, int N)
{
    struct split s = {.all = text_open(path)};
    s.first = s.all.n - (s.all.n + 9) / 10;
    if (!stream_pieces(s.first, T, N))
        die("%s: found %d characters to learn from, wanted %d or more: %d steps of %d "
            "streams, and one", path, s.first, T * N + 1, T, N);
    return s;
}

/* The forget gates' biases, of a network that has such gates. */
void forget_set(struct recurrent *net, float bias)
{
    for (int l = 0; l < net->layers && net->cell->memory; l++)
        lstm_forget_bias(net->b[l], bias, net->H);
}

/* ---- the program: a text ------------------------------------------------- */
#if __INCLUDE_LEVEL__ == 0

/* What the command line says. */
struct choice {
    const char *cell, *text, *start;
    int hidden, layers, embed, T, batch, epochs, steps, seeds, seed, from;
    float rate, clip, bias;
};

/* The characters with which a new text shall begin: those of the command line's start=,
 * or the first one of the text. */
enum { START = 100 };
struct start { int ids[START], n; };

struct start start_read(const struct choice *c, const struct text *t)
{
    const char *at = c->start, *end = at + strlen(at);
    struct start s = {{t->ids[0]}, 0};
    while (at < end && s.n < START) {
        uint32_t code;
        int bytes = utf8_read(&code, at, end), id = bytes ? text_id(t, code) : -1;
        if (id < 0)
            die("start=%s: found at byte %d what is none of the %d characters of %s",
                c->start, (int)(at - c->start), t->V, c->text);
        s.ids[s.n++] = id;
        at += bytes;
    }
    s.n += !s.n;
    return s;
}

const struct cell *cell_named(const char *name)
{
    return strcmp(name, "rnn") ? &lstm : &rnn;
}

/* A reader of this text, trained; with print it tells of every epoch. */
struct reader reader_trained(const struct choice *c, const struct split *s, bool print)
{
    const int V = s->all.V;
    struct recurrent sizes = {.cell = cell_named(c->cell), .V = V, .E = c->embed,
                              .H = c->hidden, .layers = c->layers, .K = V};
    struct progress bar = {.what = "training"};
    uint64_t chance = stream(c->seed, 1);
    struct reader r = reader_new(&sizes, c->T, c->batch, &chance);
    forget_set(&r.net, c->bias);
    for (int epoch = 1; epoch <= c->epochs; epoch++) {
        double bits = reader_epoch(&r, s->all.ids, s->first, c->epochs, c->rate,
                                   c->clip, &bar);
        if (!print)
            continue;
        double valid = reader_bits(&r, s->all.ids + s->first - 1,
                                   s->all.n - s->first + 1);
        printf("%s\t%d\t%.4f\t%.4f\n", c->cell, epoch, bits, valid);
        fflush(stdout);
    }
    return r;
}

/* What counting is worth, at all orders; on the text it counted and on the rest. */
void markov_print(const struct split *s)
{
    struct counts all = counts_new(s->all.ids, s->first);
    const int *text = s->all.ids, V = s->all.V;
    for (int k = 0; k <= MARKOV; k++)
        printf("markov\t%d\t%.4f\t%.4f\n", k,
               markov_bits(&all, text, 0, s->first, k, V),
               markov_bits(&all, text, s->first, s->all.n, k, V));
    free(all.slot);
}

/* One column of text: every line begins with a bar, and where it is too long goes on
 * behind a plus. */
void text_print(FILE *to, const char *before, const struct text *t, const int *ids,
                int n)
{
    char begin = '|';
    for (int i = 0, column = 0; i < n; i++) {
        const uint32_t code = t->codes[ids[i]];
        if (begin)
            fprintf(to, "%s%c", before, begin);
        if (code >= ' ')
            text_write(to, t, ids + i, 1);
        else if (code != '\n')
            fputc(' ', to);
        column++;
        bool full = column >= 72 || (column >= 60 && code == ' ');
        begin = code == '\n' ? '|' : full ? '+' : 0;
        if (begin || i + 1 == n)
            fputc('\n', to), column = 0;
    }
}

/* What the reader writes, at three temperatures. */
void samples_print(FILE *to, struct reader *r, const struct choice *c,
                   const struct text *t, const struct start *start, int n)
{
    const float temperature[] = {0.5f, 0.8f, 1};
    int *ids = ints((size_t)n);
    memcpy(ids, start->ids, (size_t)start->n * sizeof *ids);
    for (int i = 0; i < 3; i++) {
        char before[16];
        uint64_t chance = stream(c->seed, 2);
        reader_write(r, ids, start->n, n, temperature[i], &chance);
        snprintf(before, sizeof before, "%g\t", temperature[i]);
        text_print(to, before, t, ids, n);
    }
    free(ids);
}

void show_learn(const struct choice *c)
{
    struct split s = split_open(c->text, c->T, c->batch);
    const struct start start = start_read(c, &s.all);
    printf("# model\tn\ttrain\tvalid\n");
    markov_print(&s);
    struct reader r = reader_trained(c, &s, true);
    if (isatty(2))
        samples_print(stderr, &r, c, &s.all, &start, 500);
    reader_free(&r);
    text_free(&s.all);
}

void show_text(const struct choice *c)
{
    struct split s = split_open(c->text, c->T, c->batch);
    const struct start start = start_read(c, &s.all);
    struct reader r = reader_trained(c, &s, false);
    printf("# temperature\ttext\n");
    samples_print(stdout, &r, c, &s.all, &start, 1000);
    reader_free(&r);
    text_free(&s.all);
}

/* ---- the program: what units remember ------------------------------------ */

/* What a unit may have found out by itself, as numbers that follow the text: how many
 * letters there are in this word so far, by how many blanks the line is indented, how
 * many brackets ( [ { are open. */
enum { WORD, INDENT, DEPTH, MEANINGS };
const char *const meanings[] = {"word", "indent", "depth"};
struct meaning { float now[MEANINGS]; bool inside; };  // inside a line, past its blanks

/* Follows the text by one character. */
void meaning_next(struct meaning *m, uint32_t code)
{
    const bool letter = (code | 32) - 'a' < 26 || code == '_' || code >= 128;
    m->now[WORD] = letter ? m->now[WORD] + 1 : 0;
    m->inside = code != '\n' && (m->inside || code != ' ');
    if (!m->inside)
        m->now[INDENT] = code == '\n' ? 0 : m->now[INDENT] + 1;
    if (code && code < 128 && strchr("([{", (int)code))
        m->now[DEPTH]++;
    if (code && code < 128 && strchr(")]}", (int)code) && m->now[DEPTH] > 0)
        m->now[DEPTH]--;
}

/* What a text does to the last layer: the memory and the forget gate of every unit at
 * every character. */
struct trace { float *c, *f; int n, H; };  // [H,n]

struct trace trace_new(struct reader *r, const int *text, int n)
{
    struct recurrent_work *w = &r->one;
    const int H = r->net.H, top = r->net.layers - 1;
    struct trace all = {floats((size_t)H * n), floats((size_t)H * n), n, H};
    state_clear(w, &r->net);
    for (int at = 0; at < n; at += w->T, state_carry(w, &r->net)) {
        const int count = least(w->T, n - at);
        memset(w->ids, 0, (size_t)w->T * sizeof *w->ids);
        memcpy(w->ids, text + at, (size_t)count * sizeof *w->ids);
        recurrent_forward(w, &r->net);
        transpose(all.c + at, n, w->c[top] + H, H, count, H);
        transpose(all.f + at, n, w->gates[top] + H, 4*H, count, H);
    }
    return all;
}

/* The correlation of n pairs of numbers; 0 where one of both is always the same. */
double correlation(const float *x, const float *y, int n)
{
    struct spread a = statistics(x, n), b = statistics(y, n);
    double sum = 0, scale = (double)a.deviation * b.deviation;
    for (int i = 0; i < n; i++)
        sum = fma((double)x[i] - a.mean, (double)y[i] - b.mean, sum);
    return scale > 0 ? sum / n / scale : 0;
}

/* The unit whose memory goes most closely with some meaning, on some lines of the text;
 * its memory is printed in deviations from its mean. */
void unit_print(const char *name, const float *meaning, const struct trace *all,
                const uint32_t *codes, int from, int lines)
{
    const int n = all->n;
    int unit = 0;
    double best = 0;
    for (int j = 0; j < all->H; j++) {
        double r = correlation(meaning, all->c + (size_t)j*n, n);
        if (fabs(r) > fabs(best))
            best = r, unit = j;
    }
    const float *c = all->c + (size_t)unit*n, *f = all->f + (size_t)unit*n;
    const struct spread memory = statistics(c, n), forget = statistics(f, n);
    const float scale = memory.deviation > 0 ? memory.deviation : 1;
    for (int i = from, line = 0, column = 0; i < n && line < lines; i++) {
        printf("%s\t%d\t%.3f\t%.3f\t%d\t%d\t%u\t%.3f\t%.3f\n", name, unit, best,
               forget.mean, line, column++, codes[i], f[i],
               (c[i] - memory.mean) / scale);
        if (codes[i] == '\n')
            line++, column = 0;
    }
}

void show_gates(const struct choice *c)
{
    if (strcmp(c->cell, "lstm"))
        die("show=gates: found cell=%s, wanted lstm: nothing else has them", c->cell);
    struct split s = split_open(c->text, c->T, c->batch);
    struct reader r = reader_trained(c, &s, false);
    const int n = s.all.n - s.first;
    struct trace all = trace_new(&r, s.all.ids + s.first, n);
    float *meaning = floats((size_t)MEANINGS * n);
    uint32_t *codes = memory((size_t)n, sizeof *codes);
    struct meaning m = {0};
    for (int i = 0; i < n; i++) {
        codes[i] = s.all.codes[s.all.ids[s.first + i]];
        meaning_next(&m, codes[i]);
        for (int k = 0; k < MEANINGS; k++)
            meaning[k*n + i] = m.now[k];
    }
    // From the beginning of a line on.
    int from = least(c->from, n - 1);
    while (from > 0 && codes[from - 1] != '\n')
        from--;
    printf("# meaning\tunit\tcorrelation\tforget\tline\tcolumn\tcode\tf\tmemory\n");
    for (int k = 0; k < MEANINGS; k++)
        unit_print(meanings[k], meaning + (size_t)k*n, &all, codes, from, 8);
    free(codes);
    free(meaning);
    free(all.f);
    free(all.c);
    reader_free(&r);
    text_free(&s.all);
}

/* ---- the program: a long way back ---------------------------------------- */

/* One training on the adding problem, and a network of it. */
struct adding { const char *cell; float bias; int seed; float *errors; };

struct recurrent adding_network(const struct choice *c, const struct adding *a,
                                uint64_t *chance)
{
    struct recurrent sizes = {.cell = cell_named(a->cell), .D = 2, .H = c->hidden,
                              .layers = c->layers, .K = 1};
    struct recurrent net = recurrent_at(floats((size_t)recurrent_size(&sizes)), &sizes);
    *chance = stream(a->seed, 1);
    recurrent_init(&net, chance);
    forget_set(&net, a->bias);
    return net;
}

enum { KINDS = 3 };
const struct adding kinds[KINDS] = {{"rnn", 0, 0, NULL}, {"lstm", 0, 0, NULL},
                                    {"lstm", 1, 0, NULL}};

/* The error of an RNN and two kinds of LSTM while they learn the adding problem.  Each
 * training has its own chance, so that it does not matter who runs it. */
void show_adding(const struct choice *c)
{
    const int trials = KINDS * c->seeds, lines = least(40, c->steps);
    struct progress bar = {.what = "adding"};
    struct adding *a = memory((size_t)trials, sizeof *a);
    int done = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = trials - 1; i >= 0; i--) {
        uint64_t chance;
        a[i] = kinds[i / c->seeds];
        a[i].seed = c->seed + i % c->seeds;
        a[i].errors = floats((size_t)lines);
        struct recurrent net = adding_network(c, a + i, &chance);
        adding_train(a[i].errors, &net, c->T, c->batch, c->steps, lines, c->rate,
                     c->clip, &chance);
        free(net.table);
#pragma omp critical
        progress(&bar, ++done, trials);
    }
    printf("# cell\tbias\tseed\tstep\terror\n");
    for (int i = 0; i < trials; i++)
        for (int line = 0; line < lines; line++)
            printf("%s\t%g\t%d\t%ld\t%.5f\n", a[i].cell, a[i].bias, a[i].seed,
                   (long)c->steps * (line + 1) / lines, a[i].errors[line]);
    for (int i = 0; i < trials; i++)
        free(a[i].errors);
    free(a);
}

/* How long the gradient is in the state, and in the memory, of every step of the adding
 * problem, whose only output comes last; after so many steps of training. */
void distances_take(float *h, float *m,  // [T+1]  overwritten
                    const struct choice *c, struct adding a, int steps)
{
    const int T = c->T, N = c->batch;
    uint64_t chance;
    struct recurrent net = adding_network(c, &a, &chance);
    struct adder all = adder_new(&net, T, N, c->rate, &chance);
    const int top = net.layers - 1;
    if (steps)
        adder_steps(&all, steps, c->clip);
    adding_batch(all.w.x, all.y, &chance, T, N);
    recurrent_regress(&all.grad, &all.w, &net, all.y);
    state_norms(h, all.w.dh[top], T, N, net.H);
    if (net.cell->memory)
        state_norms(m, all.w.dc[top], T, N, net.H);
    adder_free(&all);
    free(net.table);
}

/* The same as shares of the last state's, before and after training. */
void show_distance(const struct choice *c)
{
    const int T = c->T, row = T + 1;
    float *norms = floats(4 * KINDS * (size_t)row);
    struct progress bar = {.what = "adding"};
    int done = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = 2*KINDS - 1; i >= 0; i--) {
        struct adding a = kinds[i % KINDS];
        a.seed = c->seed;
        distances_take(norms + 2*i*row, norms + (2*i + 1)*row, c, a,
                       i < KINDS ? 0 : c->steps);
#pragma omp critical
        progress(&bar, ++done, 2*KINDS);
    }
    printf("# cell\tbias\tsteps\tdistance\th\tc\n");
    for (int i = 0; i < 2*KINDS; i++) {
        const struct adding *a = kinds + i % KINDS;
        const float *h = norms + 2*i*row, *m = h + row;
        for (int t = T - 1; t >= 0; t--)
            printf("%s\t%g\t%d\t%d\t%.4g\t%.4g\n", a->cell, a->bias,
                   i < KINDS ? 0 : c->steps, T - t, h[t] / h[T], m[t] / h[T]);
    }
    free(norms);
}

/* ---- the program: clear and fast ----------------------------------------- */

/* The whole network by 18.6 and 18.7, as recurrent_forward() and recurrent_backward()
 * make it by fast code. */
void clear_forward(struct recurrent_work *w, const struct recurrent *net)
{
    const int top = net->layers - 1;
    lstm_stack_forward(w, net);
    linear_forward(w->z, w->h[top] + w->N*net->H, net->Wo, net->bo, w->T*w->N, net->H,
                   net->K);
}

void clear_backward(struct recurrent *grad, struct recurrent_work *w,
                    const struct recurrent *net)
{
    const size_t states = (size_t)(w->T + 1) * w->N * net->H * sizeof(float);
    const int top = net->layers - 1;
    for (int l = 0; l <= top; l++) {
        memset(w->dh[l], 0, states);
        memset(w->dc[l], 0, states);
    }
    linear_backward(w->dh[top] + w->N*net->H, grad->Wo, grad->bo, w->dz,
                    w->h[top] + w->N*net->H, net->Wo, w->T*w->N, net->H, net->K);
    lstm_stack_backward(grad, w, net);
}

/* The network and the inputs of both ways, and each way's results. */
struct ways {
    struct recurrent net, grad[2];
    struct recurrent_work w[2];
};

struct ways ways_new(const struct choice *c)
{
    const struct recurrent sizes = {.cell = &lstm, .D = 64, .H = c->hidden,
                                    .layers = c->layers, .K = 64};
    const size_t n = (size_t)recurrent_size(&sizes);
    struct ways all = {.net = recurrent_at(floats(n), &sizes)};
    uint64_t chance = stream(c->seed, 1);
    recurrent_init(&all.net, &chance);
    for (int k = 0; k < 2; k++) {
        chance = stream(c->seed, 2);
        all.grad[k] = recurrent_at(floats(n), &sizes);
        all.w[k] = recurrent_work_new(&sizes, c->T, c->batch, c->T);
        fill_normal(all.w[k].x, c->T * c->batch * sizes.D, 1, &chance);
        fill_normal(all.w[k].dz, c->T * c->batch * sizes.K, 1, &chance);
    }
    return all;
}

void ways_free(struct ways *all)
{
    for (int k = 0; k < 2; k++) {
        recurrent_work_free(all->w + k);
        free(all->grad[k].table);
    }
    free(all->net.table);
}

void way_run(struct ways *all, bool fast)
{
    if (fast) {
        recurrent_forward(all->w + 1, &all->net);
        recurrent_backward(all->grad + 1, all->w + 1, &all->net);
    } else {
        clear_forward(all->w, &all->net);
        clear_backward(all->grad, all->w, &all->net);
    }
}

/* The largest number of one way, and the largest difference to the other. */
void ways_compare(const char *name, const float *clear, const float *fast, int n)
{
    float largest = 0, apart = 0;
    for (int i = 0; i < n; i++) {
        largest = fmaxf(largest, fabsf(clear[i]));
        apart = fmaxf(apart, fabsf(clear[i] - fast[i]));
    }
    printf("%s\t%d\t%.4g\t%.3g\n", name, n, largest, apart);
}

void show_fast(const struct choice *c, bool timed)
{
    struct ways all = ways_new(c);
    const int states = (c->T + 1) * c->batch * c->hidden, top = c->layers - 1;
    const struct recurrent_work *a = all.w, *b = all.w + 1;
    way_run(&all, false);
    way_run(&all, true);
    if (!timed) {
        printf("# what\tnumbers\tlargest\tapart\n");
        ways_compare("outputs", a->z, b->z, c->T * c->batch * all.net.K);
        ways_compare("memory", a->c[top], b->c[top], states);
        ways_compare("state gradient", a->dh[0], b->dh[0], states);
        ways_compare("memory gradient", a->dc[0], b->dc[0], states);
        ways_compare("weight gradient", all.grad[0].table, all.grad[1].table,
                     recurrent_size(&all.net));
        ways_free(&all);
        return;
    }
    printf("# way\tthreads\ttokens_per_second\n");
    for (int fast = 0; fast < 2; fast++) {
        int runs = 0;
        double start = seconds(), took;
        do {
            way_run(&all, fast);
            took = seconds() - start;
        } while (++runs < 3 || took < 2);
        printf("%s\t%d\t%.0f\n", fast ? "fast" : "clear", omp_get_max_threads(),
               (double)runs * c->T * c->batch / took);
    }
    ways_free(&all);
}

/* ---- the program: what to do --------------------------------------------- */

/* Sizes that the command line leaves open; those of a text, of the adding problem. */
void choice_fill(struct choice *c, bool text)
{
    c->hidden = c->hidden ? c->hidden : text ? 192 : 24;
    c->T = c->T ? c->T : text ? 32 : 100;
    c->batch = c->batch ? c->batch : text ? 16 : 32;
}

int main(int argc, char **argv)
{
    const char *show = "learn", *cell = "lstm", *text = "data/course/course.txt";
    const char *start = "";
    int hidden = 0, layers = 1, embed = 32, T = 0, batch = 0, epochs = 4, steps = 2500;
    int seeds = 3, seed = 1, from = 0, clock = 0;
    float rate = 0.01f, clip = 1, bias = 1;
    OPTIONS("an LSTM learns to go on with a text, and to remember",
            CHOICE(show, "learn|text|gates|adding|distance|fast",
                   "bits a character, what it writes, what it remembers of a text; "
                   "errors on the adding problem, its gradients; clear against fast"),
            TEXT(text, "file to learn, in UTF-8"),
            CHOICE(cell, "lstm|rnn", "of the reader of a text"),
            OPTION(hidden, 0, 1024, "units of a layer; 0 stands for 192, adding 24"),
            OPTION(layers, 1, 8, "one on the other"),
            OPTION(embed, 0, 256, "numbers for a character; 0 stands for one-hot"),
            OPTION(T, 0, 1000, "steps backward in time; 0 stands for 32, adding 100"),
            OPTION(batch, 0, 1024, "streams or examples; 0 stands for 16, adding 32"),
            OPTION(epochs, 1, 1000, "times to read the text"),
            OPTION(steps, 1, 1000000, "of a training on the adding problem"),
            OPTION(rate, 0, 1, "largest learning rate of Adam"),
            OPTION(clip, 0.001, 1e6, "largest norm of a gradient"),
            OPTION(bias, -10, 10, "of the forget gates at first"),
            TEXT(start, "what it shall go on with"),
            OPTION(from, 0, 100000000, "character of the held-out text for show=gates"),
            OPTION(seeds, 1, 100, "trainings on the adding problem of each kind"),
            OPTION(seed, 0, 1000000, "of the first"),
            OPTION(clock, 0, 1, "1: tokens a second instead, for show=fast"));
    struct choice c = {cell, text, start, hidden, layers, embed, T, batch, epochs,
                       steps, seeds, seed, from, rate, clip, bias};
    bool adding = !strcmp(show, "adding"), distance = !strcmp(show, "distance");
    choice_fill(&c, !adding && !distance);
    if (c.T < 2 && (adding || distance))
        die("T=%d: wanted at least 2 for two marks", c.T);
    if (adding)
        show_adding(&c);
    else if (distance)
        show_distance(&c);
    else if (!strcmp(show, "fast"))
        show_fast(&c, clock);
    else if (!strcmp(show, "gates"))
        show_gates(&c);
    else if (!strcmp(show, "text"))
        show_text(&c);
    else
        show_learn(&c);
}
#endif
#endif
