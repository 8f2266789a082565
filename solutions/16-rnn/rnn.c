/* 16-rnn: a network that reads one character after another and remembers.
 *
 * Time comes first in every array: the inputs of T steps are x [T,N,D], the states are
 * h [T+1,N,H], where h[0] is the state before the first step.
 */
#ifndef RNN_C
#define RNN_C
#include <07-init/init.c>
#include <08-optimizers/optimizers.c>

/* ---- one step --------------------------------------------------------------- */

/* Exercise 16.1: one step of a recurrent network.
 *
 *     h1[n,j] = tanh(b[j] + sum over d of x[n,d] Wx[j,d]
 *                         + sum over k of h0[n,k] Wh[j,k])
 *
 * h1 is overwritten; it does not overlap h0.
 * Hint: linear_forward() of chapter 6 makes the first two terms.
 */
void rnn_cell_forward(float *h1,        // [N,H]  overwritten: the state after this step
                      const float *x,   // [N,D]  the inputs of this step
                      const float *h0,  // [N,H]  the state before it
                      const float *Wx,  // [H,D]
                      const float *Wh,  // [H,H]
                      const float *b,   // [H]
                      int N, int D, int H)
{
    // What the inputs say.
    linear_forward(h1, x, Wx, b, N, D, H);
    // What the state adds.
    gemm(h1, h0, Wh, N, H, H, B_T | ADD);
    // Between -1 and 1.
    tanh_forward(h1, h1, N*H);
}

/* Exercise 16.2: the step backward, given dh1, the gradient in the state after it.
 *
 *     dz[n,j]   = dh1[n,j] (1 - h1[n,j]^2)            before the tanh
 *     dx[n,d]  += sum over j of dz[n,j] Wx[j,d]
 *     dh0[n,k] += sum over j of dz[n,j] Wh[j,k]
 *     dWx[j,d] += sum over n of dz[n,j] x[n,d]
 *     dWh[j,k] += sum over n of dz[n,j] h0[n,k]
 *     db[j]    += sum over n of dz[n,j]
 *
 * dz is work space and overwritten.  All others are added to.  dx may be NULL.
 */
void rnn_cell_backward(float *dx,         // [N,D]  added to, or NULL
                       float *dh0,        // [N,H]  added to
                       float *dWx,        // [H,D]  added to
                       float *dWh,        // [H,H]  added to
                       float *db,         // [H]    added to
                       float *dz,         // [N,H]  overwritten
                       const float *dh1,  // [N,H]
                       const float *h1,   // [N,H]  of rnn_cell_forward
                       const float *x,    // [N,D]
                       const float *h0,   // [N,H]
                       const float *Wx,   // [H,D]
                       const float *Wh,   // [H,H]
                       int N, int D, int H)
{
    // Through the tanh.
    for (int i = 0; i < N*H; i++)
        dz[i] = dh1[i] * fmaf(-h1[i], h1[i], 1);
    // To the inputs, their weights and the biases.
    linear_backward(dx, dWx, db, dz, x, Wx, N, D, H);
    // To the state before, and its weights.
    gemm(dh0, dz, Wh, N, H, H, ADD);
    gemm(dWh, dz, h0, H, N, H, A_T | ADD);
}

/* ---- a sequence ------------------------------------------------------------- */

/* Exercise 16.3: the network over T steps, with the same weights in every step.
 *
 *     h[t+1] = the step (16.1) with inputs x[t] and state h[t],  t = 0 .. T-1
 *
 * h[0] is given, h[1] and all that follow are overwritten.
 */
void rnn_forward(float *h,         // [T+1,N,H]  h[0] given, the rest overwritten
                 const float *x,   // [T,N,D]
                 const float *Wx,  // [H,D]
                 const float *Wh,  // [H,H]
                 const float *b,   // [H]
                 int T, int N, int D, int H)
{
    // One step after the other.
    for (int t = 0; t < T; t++)
        rnn_cell_forward(h + (t + 1)*N*H, x + t*N*D, h + t*N*H, Wx, Wh, b, N, D, H);
}

/* Exercise 16.4: backpropagation through time.
 *
 *     dh[t], dx[t], dWx, dWh, db  +=  the step backward (16.2) from dh[t+1]
 *
 * for all T steps.  When it begins, dh[t] holds what the loss says of h[t] by itself:
 * through the outputs of step t.  When it ends, dh[t] holds all: also what comes from
 * the steps that follow.
 * Hint: which dh[t+1] is complete first?
 */
void rnn_backward(float *dx,        // [T,N,D]  added to, or NULL
                  float *dh,        // [T+1,N,H]  given, added to
                  float *dWx,       // [H,D]  added to
                  float *dWh,       // [H,H]  added to
                  float *db,        // [H]    added to
                  float *dz,        // [N,H]  overwritten
                  const float *h,   // [T+1,N,H]  of rnn_forward
                  const float *x,   // [T,N,D]
                  const float *Wx,  // [H,D]
                  const float *Wh,  // [H,H]
                  int T, int N, int D, int H)
{
    // From the last step to the first: all that follows a step comes before it.
    for (int t = T - 1; t >= 0; t--)
        rnn_cell_backward(dx ? dx + t*N*D : NULL, dh + t*N*H, dWx, dWh, db, dz,
                          dh + (t + 1)*N*H, h + (t + 1)*N*H, x + t*N*D, h + t*N*H,
                          Wx, Wh, N, D, H);
}

/* ---- characters in ---------------------------------------------------------- */

/* Exercise 16.5: characters become vectors: each looks up its row of a table.
 *
 *     y[n,d] = table[ids[n],d]
 *
 * y is overwritten.  It is the product of a one-hot row (4.11) and the table, without
 * the multiplications by 0.
 */
void embedding_forward(float *y,            // [N,D]  overwritten
                       const float *table,  // [V,D]
                       const int *ids,      // [N]  0 .. V-1
                       int N, int D)
{
    // A row for each.
    for (int n = 0; n < N; n++)
        memcpy(y + n*D, table + ids[n]*D, (size_t)D * sizeof *y);
}

/* Exercise 16.6: the lookup backward.
 *
 *     dtable[v,d] += sum over all n with ids[n] = v of dy[n,d]
 */
void embedding_backward(float *dtable,    // [V,D]  added to
                        const float *dy,  // [N,D]
                        const int *ids,   // [N]  0 .. V-1
                        int N, int D)
{
    // Each row of dy goes to where its vector came from.
    for (int n = 0; n < N; n++)
        for (int d = 0; d < D; d++)
            dtable[ids[n]*D + d] += dy[n*D + d];
}

/* Exercise 16.7: puts N lines of a text side by side, one a column, to be read in T
 * steps.
 *
 * The text's characters are text[0], text[1] ..., and line n begins at number
 * first[n]; every line ends with the character `end`.  Before a line the network is
 * given `end`, and after each character it shall say the next:
 *
 *     line "ann":  x[.,n] = end a   n   n   end end ...
 *                  t[.,n] = a   n   n   end -1  -1  ...
 *
 * After its end a line has inputs `end` and targets -1, which nobody counts; what
 * stands behind that end in text is not read.  Of a line that is too long, the first T
 * targets are taken.
 */
void lines_batch(int *x,            // [T,N]  overwritten: the inputs
                 int *t,            // [T,N]  overwritten: the targets
                 const int *text,   // [..]  the lines, each with its end
                 const int *first,  // [N]   where each begins
                 int end, int T, int N)
{
    for (int n = 0; n < N; n++) {
        // The first input; the first target is the first character.
        int given = end, next = text[first[n]];
        for (int i = 0; i < T; i++) {
            x[i*N + n] = given;
            t[i*N + n] = next;
            // The target is the next input, unless the line is over.
            given = next >= 0 ? next : end;
            next = given == end ? -1 : text[first[n] + i + 1];
        }
    }
}

/* ---- characters out --------------------------------------------------------- */

/* Exercise 16.8: softmax and cross-entropy (6.11), where some rows do not count.
 *
 *     p[n,k] = exp(z[n,k]) / sum over j of exp(z[n,j])
 *     returns 1/C  sum over all n with t[n] >= 0 of  -log p[n,t[n]]
 *
 * with C the number of rows that count; 0 if there is none.  p is overwritten, in all
 * rows.
 */
float sequence_loss_forward(float *p,        // [N,K]  overwritten
                            const float *z,  // [N,K]
                            const int *t,    // [N]  the true class, or -1
                            int N, int K)
{
    // The rows that count, one by one, with 6.11; the others only for their p.
    double loss = 0;
    int count = 0;
    for (int n = 0; n < N; n++) {
        int class = t[n] < 0 ? 0 : t[n];
        float one = cross_entropy_forward(p + n*K, z + n*K, &class, 1, K);
        loss += t[n] < 0 ? 0 : one;
        count += t[n] >= 0;
    }
    // Their mean.
    return count ? (float)(loss / count) : 0;
}

/* Exercise 16.9: the gradient of 16.8 in the logits.
 *
 *     dz[n,k] += (p[n,k] - [k = t[n]]) / C    where t[n] >= 0, and nothing elsewhere
 */
void sequence_loss_backward(float *dz,       // [N,K]  added to
                            const float *p,  // [N,K]  of sequence_loss_forward
                            const int *t,    // [N]  the true class, or -1
                            int N, int K)
{
    // How many rows count.
    int count = 0;
    for (int n = 0; n < N; n++)
        count += t[n] >= 0;
    // What is given, less what is wanted.
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K && t[n] >= 0; k++)
            dz[n*K + k] += (p[n*K + k] - (k == t[n])) / (float)count;
}

/* Exercise 16.10: draws a character; returns its number.
 *
 *     p[k] = exp(z[k] / temperature) / sum over j of exp(z[j] / temperature)
 *
 * The numbers from 0 to 1 are shared out in the order of k, p[k] to each: the answer is
 * the k in whose share u lies, the smallest k with p[0] + ... + p[k] > u.  At
 * temperature 0 it is the k with the largest z, and of equal ones the first.
 * Hint: take the largest z off before you divide; sums of rounded numbers may stay
 * below u, so that the last k with a share has to take what is left.
 */
int sample(const float *z,     // [K]  logits
           int K,
           float temperature,  // 0 or more
           float u)            // 0 <= u < 1
{
    // The largest is all there is to know at temperature 0.
    int top = 0;
    for (int k = 1; k < K; k++)
        if (z[k] > z[top])
            top = k;
    if (temperature == 0)
        return top;
    // The shares, of the sum and not of 1.
    float sum = 0, seen = 0;
    for (int k = 0; k < K; k++)
        sum += exp32((z[k] - z[top]) / temperature);
    // The first whose end lies beyond u; if none does, the last that has a share.
    int last = top;
    for (int k = 0; k < K; k++) {
        float share = exp32((z[k] - z[top]) / temperature);
        seen += share;
        if (seen > u * sum)
            return k;
        last = share > 0 ? k : last;
    }
    return last;
}

/* ---- the fast recurrence ------------------------------------------------------ */

/* A kind of cell, as fast code sees it: a few products, the same for all kinds, and in
 * each step some work on each number by itself, which is all that differs.
 *
 * A unit has so many gates: Wx is [gates H,D], Wh [gates H,H].  Each step has a row of
 * places, [N,width H]: the sums of all gates on the way forward, the gradients in them
 * on the way back.  If width is gates + 1, what the state adds to the last gate stays
 * in a place of its own, the last (GRU, chapter 19), and has biases of its own.
 */
struct layer;
struct cell {
    const char *name;
    int gates, width;
    bool memory;  // besides h there is c (LSTM, chapter 18)
    // Both for step t and examples n0 .. n1-1.  forward: from sums in gates[t] to
    // h[t+1]; may leave in gates[t] what backward wants.  backward: from dh[t+1] to
    // gradients in gates[t]; what goes past the products is added to dh[t] and dc[t].
    void (*forward)(const struct layer *l, int t, int n0, int n1);
    void (*backward)(const struct layer *l, int t, int n0, int n1);
};

/* A layer at work: its sizes, its weights, and what a sequence leaves behind in it. */
struct layer {
    int T, N, D, H;
    const float *x;              // [T,N,D]  the inputs, or NULL, and then
    const int *ids;              // [T,N]    the place of the 1 in one-hot inputs
    const float *Wx, *Wh, *b;    // [gates H,D]  [gates H,H]  [width H]
    float *h, *c;                // [T+1,N,H]
    float *gates;                // [T,N,width H]
    float *packed;               // work space of layer_packed() floats
    float *dx;                   // [T,N,D] or NULL
    float *dWx, *dWh, *db;
    float *dh, *dc;              // [T+1,N,H]
};

/* tanh, and forward and backward the only thing that makes this cell what it is. */
void rnn_step_forward(const struct layer *l, int t, int n0, int n1)
{
    const long from = ((long)t*l->N + n0) * l->H, count = (long)(n1 - n0) * l->H;
    const float *z = l->gates + from;
    float *h = l->h + from + (long)l->N*l->H;
    for (long i = 0; i < count; i++)
        h[i] = tanh32(z[i]);
}

void rnn_step_backward(const struct layer *l, int t, int n0, int n1)
{
    const long from = ((long)t*l->N + n0) * l->H, count = (long)(n1 - n0) * l->H;
    const float *h = l->h + from + (long)l->N*l->H;
    const float *dh = l->dh + from + (long)l->N*l->H;
    float *dz = l->gates + from;
    for (long i = 0; i < count; i++)
        dz[i] = dh[i] * fmaf(-h[i], h[i], 1);
}

const struct cell rnn = {"rnn", 1, 1, false, rnn_step_forward, rnn_step_backward};

/* The weights of the state meet it in every step: they are put into panels (chapter 2)
 * once for all T steps, a panel for every PANEL_M columns of the product. */
size_t packed_size(int D, int M)
{
    return (size_t)((M + PANEL_M - 1) / PANEL_M) * PANEL_M * (size_t)D;
}

/* B [D,M], or with b_t given as [M,D], in panels. */
void packed_take(float *P, const float *B, int D, int M, bool b_t)
{
    struct product whole = {.B = B, .D = D, .M = M, .b_row = b_t ? D : M, .b_t = b_t};
    for (int m = 0; m < M; m += PANEL_M) {
        struct product p = product_part(whole, 0, 0, 0, D, m, least(PANEL_M, M - m));
        panel_pack(P + (long)m*D, &p);
    }
}

/* C = A B, or C += A B, for few rows, whose beginnings lie c_row and a_row apart.  A
 * panel needs only PANEL_M numbers of each row of C: the machine, which fetches ahead
 * where memory is read in order, cannot guess which are next.  So it is told. */
void packed_product(float *C, long c_row, const float *A, long a_row, const float *P,
                    int N, int D, int M, bool add)
{
    for (int m = 0; m < M; m += PANEL_M) {
        for (int n = 0; n < N && m + PANEL_M < M; n++)
            __builtin_prefetch(C + n*c_row + m + PANEL_M, 1);
        struct product p = {C + m, A, P + (long)m*D, N, D, least(PANEL_M, M - m),
                            c_row, 1, a_row, PANEL_M, .add = add};
        gemm_panel(&p);
    }
}

/* The floats of work space of a layer: either all weights in panels and a table of the
 * inputs, or the gradients of both. */
size_t layer_packed(const struct cell *cell, int D, int H)
{
    int G = cell->gates * H;
    return packed_size(H, G) + 2 * packed_size(G, H) + (size_t)G * (size_t)D;
}

/* How many threads share the examples of a layer.  Each keeps its own from the first
 * step to the last, so that none ever waits for another. */
int layer_threads(const struct cell *cell, const struct layer *l)
{
    double work = (double)l->T * l->N * cell->gates * l->H * l->H;
    return work < 4e6 || omp_in_parallel() ? 1 : least(omp_get_max_threads(), l->N);
}

/* The share of the inputs in all steps.  A one-hot input picks one column of Wx: of
 * these and the biases a table is made, and a step copies its rows. */
void layer_inputs(const struct cell *cell, const struct layer *l, float *table)
{
    const int G = cell->gates * l->H, W = cell->width * l->H;
    if (l->ids) {
        transpose(table, G, l->Wx, l->D, G, l->D);
        for (int d = 0; d < l->D; d++)
            for (int g = 0; g < G; g++)
                table[(long)d*G + g] += l->b[g];
        return;
    }
    for (long i = 0; i < (long)l->T*l->N; i++)
        memcpy(l->gates + i*W, l->b, (size_t)G * sizeof *l->gates);
    product_make((struct product){l->gates, l->x, l->Wx, l->T*l->N, l->D, G, W, 1, l->D,
                                  l->D, .b_t = true, .add = true});
}

/* What one thread does: examples n0 to n1-1, all steps.  P: all gates but the last in
 * panels, then the last. */
void layer_slice_forward(const struct cell *cell, const struct layer *l,
                         const float *P, const float *table, int n0, int n1)
{
    const int H = l->H, G = cell->gates * H, W = cell->width * H;
    const float *last = P + packed_size(H, G - H);
    for (int t = 0; t < l->T; t++) {
        float *gates = l->gates + ((long)t*l->N + n0) * W;
        const float *h = l->h + ((long)t*l->N + n0) * H;
        for (int n = n0; n < n1 && l->ids; n++)
            memcpy(gates + (long)(n - n0)*W, table + (long)l->ids[t*l->N + n]*G,
                   (size_t)G * sizeof *gates);
        packed_product(gates, W, h, H, P, n1 - n0, H, G - H, true);
        packed_product(gates + W - H, W, h, H, last, n1 - n0, H, H, W == G);
        cell->forward(l, t, n0, n1);
    }
}

/* A layer over T steps: h[0] is given (and c[0]), the rest of h, c and gates is
 * overwritten. */
void layer_forward(const struct cell *cell, const struct layer *l)
{
    const int H = l->H, G = cell->gates * H;
    float *P = l->packed, *last = P + packed_size(H, G - H);
    float *table = last + packed_size(H, H);
    packed_take(P, l->Wh, H, G - H, true);
    packed_take(last, l->Wh + (long)(G - H)*H, H, H, true);
    layer_inputs(cell, l, table);
    const int threads = layer_threads(cell, l);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int k = 0; k < threads; k++)
        layer_slice_forward(cell, l, P, table, l->N * k / threads,
                            l->N * (k + 1) / threads);
}

void layer_slice_backward(const struct cell *cell, const struct layer *l,
                          const float *P, int n0, int n1)
{
    const int H = l->H, G = cell->gates * H, W = cell->width * H;
    const float *last = P + packed_size(G - H, H);
    for (int t = l->T - 1; t >= 0; t--) {
        const float *gates = l->gates + ((long)t*l->N + n0) * W;
        float *dh = l->dh + ((long)t*l->N + n0) * H;
        cell->backward(l, t, n0, n1);
        packed_product(dh, H, gates, W, P, n1 - n0, G - H, H, true);
        packed_product(dh, H, gates + W - H, W, last, n1 - n0, H, H, true);
    }
}

/* The gradients of one-hot inputs' weights and of the biases b[0 .. G-1]: the rows of
 * every character add up. */
void layer_table_backward(const struct layer *l, float *table, int G, int W)
{
    memset(table, 0, (size_t)l->D * G * sizeof *table);
    const int cores = omp_in_parallel() ? 1 : omp_get_max_threads();
    const int threads = (double)l->T * l->N * G < 4e6 / 20 ? 1 : cores;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int k = 0; k < threads; k++) {
        const int g0 = G * k / threads, g1 = G * (k + 1) / threads;
        for (long i = 0; i < (long)l->T*l->N; i++)
            for (int g = g0; g < g1; g++)
                table[(long)l->ids[i]*G + g] += l->gates[i*W + g];
        for (int d = 0; d < l->D; d++)
            for (int g = g0; g < g1; g++)
                l->db[g] += table[(long)d*G + g];
    }
    for (int g = 0; g < G; g++)
        for (int d = 0; d < l->D; d++)
            l->dWx[(long)g*l->D + d] += table[(long)d*G + g];
}

/* The gradients of weights and inputs, from those in all gates of all steps: each is
 * one large product. */
void layer_weights_backward(const struct cell *cell, const struct layer *l)
{
    const int H = l->H, D = l->D, G = cell->gates * H, W = cell->width * H;
    const int rows = l->T*l->N, first = W == G ? G : G - H;
    struct product p = {l->dWh, l->gates, l->h, first, rows, H, H, 1, W, H,
                        .a_t = true, .add = true};
    product_make(p);
    if (W > G) {
        p.C += (long)first*H, p.A += W - H, p.N = H;
        product_make(p);
        for (long i = 0; i < rows; i++)
            for (int j = 0; j < H; j++)
                l->db[G + j] += l->gates[i*W + W - H + j];
    }
    if (l->ids) {
        layer_table_backward(l, l->packed, G, W);
        return;
    }
    product_make((struct product){l->dWx, l->gates, l->x, G, rows, D, D, 1, W, D,
                                  .a_t = true, .add = true});
    if (l->dx)
        product_make((struct product){l->dx, l->gates, l->Wx, rows, G, D, D, 1, W, D,
                                      .add = true});
    for (long i = 0; i < rows; i++)
        for (int g = 0; g < G; g++)
            l->db[g] += l->gates[i*W + g];
}

/* A layer backward: dh[t] (and dc[t]) holds what the loss says of h[t] by itself, in
 * the end all of it; dx and the gradients of the weights are added to.  gates is
 * overwritten. */
void layer_backward(const struct cell *cell, const struct layer *l)
{
    const int H = l->H, G = cell->gates * H;
    float *P = l->packed, *last = P + packed_size(G - H, H);
    packed_take(P, l->Wh, G - H, H, false);
    packed_take(last, l->Wh + (long)(G - H)*H, H, H, false);
    const int threads = layer_threads(cell, l);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int k = 0; k < threads; k++)
        layer_slice_backward(cell, l, P, l->N * k / threads, l->N * (k + 1) / threads);
    layer_weights_backward(cell, l);
}

/* ---- the network ---------------------------------------------------------------- */

enum { DEEPEST = 8 };

/* One or more recurrent layers and a linear one, which gives logits, or numbers.  The
 * inputs are D numbers a step or, where V is not 0, one of V characters: embedded in E
 * numbers, or one-hot with E = 0.  Fill in the sizes, then use the functions below. */
struct recurrent {
    const struct cell *cell;
    int V, E, D, H, layers, K;
    float *table;         // [V,E]
    float *Wx[DEEPEST];   // [gates H,inputs of the layer]
    float *Wh[DEEPEST];   // [gates H,H]
    float *b[DEEPEST];    // [width H]
    float *Wo, *bo;       // [K,H]  [K]
};

/* How many numbers a layer is given in a step. */
int recurrent_inputs(const struct recurrent *net, int layer)
{
    return layer ? net->H : !net->V ? net->D : net->E ? net->E : net->V;
}

/* How many weights and biases there are. */
int recurrent_size(const struct recurrent *net)
{
    const int H = net->H, G = net->cell->gates * H, W = net->cell->width * H;
    int n = net->V * net->E + net->K * (H + 1);
    for (int l = 0; l < net->layers; l++)
        n += G * (recurrent_inputs(net, l) + H) + W;
    return n;
}

/* A block of recurrent_size() floats seen as such a network; it stays the caller's.
 * The gradient is a network too, in a block of its own. */
struct recurrent recurrent_at(float *block, const struct recurrent *sizes)
{
    struct recurrent net = *sizes;
    const int H = net.H, G = net.cell->gates * H;
    net.table = block;
    block += net.V * net.E;
    for (int l = 0; l < net.layers; l++) {
        net.Wx[l] = block;
        net.Wh[l] = net.Wx[l] + (long)G * recurrent_inputs(&net, l);
        net.b[l] = net.Wh[l] + (long)G*H;
        block = net.b[l] + net.cell->width * H;
    }
    net.Wo = block;
    net.bo = block + (long)net.K * H;
    return net;
}

/* Weights and biases as PyTorch draws them: uniform from -1/sqrt(H) to 1/sqrt(H), the
 * table normal with deviation 1. */
void recurrent_init(struct recurrent *net, uint64_t *chance)
{
    const int table = net->V * net->E;
    fill_normal(net->table, table, 1, chance);
    fill_uniform(net->table + table, recurrent_size(net) - table,
                 1 / sqrtf((float)net->H), chance);
}

/* What N sequences of T steps leave behind.  Only the last O steps have outputs: O = T
 * where every step shall say something, 1 where the end is all that counts.  h[l] and
 * c[l] begin with the state before the first step, 0 unless the caller sets it; the
 * state after the last step is at h[l] + T*N*H. */
struct recurrent_work {
    int T, N, O;
    int *ids;                              // [T,N]    given, where net.V is not 0
    float *x, *dx;                         // [T,N,D]  given, or what was looked up
    float *h[DEEPEST], *dh[DEEPEST];       // [T+1,N,H]
    float *c[DEEPEST], *dc[DEEPEST];       // [T+1,N,H], where the cell has a memory
    float *gates[DEEPEST];                 // [T,N,width H]
    float *packed;
    float *z, *p, *dz;                     // [O,N,K]
    float *block;
    size_t size;                           // floats of it
};

/* The next n floats of a block, rounded up to whole lines of a cache.  NULL if n is 0,
 * or if there is no block yet: then only the count moves on. */
float *block_take(float *block, size_t *at, size_t n)
{
    float *here = block && n ? block + *at : NULL;
    *at += (n + 15) / 16 * 16;
    return here;
}

void recurrent_work_place(struct recurrent_work *w, const struct recurrent *net)
{
    const size_t steps = (size_t)w->T * w->N, outputs = (size_t)w->O * w->N * net->K;
    const size_t states = (steps + w->N) * net->H;
    const size_t inputs = net->V && !net->E ? 0 : steps * recurrent_inputs(net, 0);
    size_t packed = 0;
    w->size = 0;
    w->x = block_take(w->block, &w->size, inputs);
    w->dx = block_take(w->block, &w->size, net->V ? inputs : 0);
    for (int l = 0; l < net->layers; l++) {
        size_t more = layer_packed(net->cell, recurrent_inputs(net, l), net->H);
        packed = more > packed ? more : packed;
        w->h[l] = block_take(w->block, &w->size, states);
        w->dh[l] = block_take(w->block, &w->size, states);
        w->c[l] = block_take(w->block, &w->size, net->cell->memory ? states : 0);
        w->dc[l] = block_take(w->block, &w->size, net->cell->memory ? states : 0);
        w->gates[l] = block_take(w->block, &w->size, steps * net->cell->width * net->H);
    }
    w->packed = block_take(w->block, &w->size, packed);
    w->z = block_take(w->block, &w->size, outputs);
    w->p = block_take(w->block, &w->size, outputs);
    w->dz = block_take(w->block, &w->size, outputs);
}

/* Work space for N sequences of T steps with outputs in the last O. */
struct recurrent_work recurrent_work_new(const struct recurrent *net,
                                         int T, int N, int O)
{
    struct recurrent_work w = {.T = T, .N = N, .O = O};
    recurrent_work_place(&w, net);
    w.block = floats(w.size);
    recurrent_work_place(&w, net);
    w.ids = ints((size_t)T * N);
    return w;
}

void recurrent_work_free(struct recurrent_work *w)
{
    free(w->ids);
    free(w->block);
}

/* Layer l of the network at work; grad may be NULL, forward. */
struct layer layer_at(const struct recurrent_work *w, const struct recurrent *net,
                      const struct recurrent *grad, int l)
{
    const long next = (long)w->N * net->H;
    struct layer y = {
        .T = w->T, .N = w->N, .D = recurrent_inputs(net, l), .H = net->H,
        .x = l ? w->h[l-1] + next : w->x,
        .ids = !l && net->V && !net->E ? w->ids : NULL,
        .Wx = net->Wx[l], .Wh = net->Wh[l], .b = net->b[l],
        .h = w->h[l], .c = w->c[l], .gates = w->gates[l], .packed = w->packed,
        .dh = w->dh[l], .dc = w->dc[l],
        .dx = l ? w->dh[l-1] + next : net->V && net->E ? w->dx : NULL,
    };
    if (grad)
        y.dWx = grad->Wx[l], y.dWh = grad->Wh[l], y.db = grad->b[l];
    return y;
}

/* The network over all T steps, layer by layer, then the outputs, in w->z. */
void recurrent_forward(struct recurrent_work *w, const struct recurrent *net)
{
    if (net->V && net->E)
        embedding_forward(w->x, net->table, w->ids, w->T * w->N, net->E);
    for (int l = 0; l < net->layers; l++) {
        struct layer y = layer_at(w, net, NULL, l);
        layer_forward(net->cell, &y);
    }
    const float *last = w->h[net->layers - 1] + (long)(w->T + 1 - w->O) * w->N * net->H;
    linear_forward(w->z, last, net->Wo, net->bo, w->O * w->N, net->H, net->K);
}

/* Backward, from the gradient in the outputs, w->dz.  The gradients of the states are
 * cleared first; when it ends, dh[l] (and dc[l]) begin with that in the first state. */
void recurrent_backward(struct recurrent *grad,     // added to
                        struct recurrent_work *w, const struct recurrent *net)
{
    const size_t states = (size_t)(w->T + 1) * w->N * net->H * sizeof(float);
    const size_t inputs = (size_t)w->T * w->N * net->E * sizeof(float);
    const long last = (long)(w->T + 1 - w->O) * w->N * net->H;
    const int top = net->layers - 1;
    for (int l = 0; l <= top; l++) {
        memset(w->dh[l], 0, states);
        if (net->cell->memory)
            memset(w->dc[l], 0, states);
    }
    linear_backward(w->dh[top] + last, grad->Wo, grad->bo, w->dz, w->h[top] + last,
                    net->Wo, w->O * w->N, net->H, net->K);
    if (net->V && net->E)
        memset(w->dx, 0, inputs);
    for (int l = top; l >= 0; l--) {
        struct layer y = layer_at(w, net, grad, l);
        layer_backward(net->cell, &y);
    }
    if (net->V && net->E)
        embedding_backward(grad->table, w->dx, w->ids, w->T * w->N, net->E);
}

/* The gradient of the mean loss of all outputs whose target is not -1; returns it. */
float recurrent_gradient(struct recurrent *grad,     // overwritten
                         struct recurrent_work *w, const struct recurrent *net,
                         const int *t)               // [O,N]
{
    const int rows = w->O * w->N;
    memset(grad->table, 0, (size_t)recurrent_size(grad) * sizeof(float));
    memset(w->dz, 0, (size_t)rows * net->K * sizeof(float));
    recurrent_forward(w, net);
    float loss = sequence_loss_forward(w->p, w->z, t, rows, net->K);
    sequence_loss_backward(w->dz, w->p, t, rows, net->K);
    recurrent_backward(grad, w, net);
    return loss;
}

/* ---- the program: lines ------------------------------------------------------ */
#if __INCLUDE_LEVEL__ == 0
#include "../../data/text.h"

/* The lines of a text that are not empty, in random order; the first of them are held
 * out, to be tested on. */
struct lines {
    struct text text;
    int end;           // the character that ends a line
    int longest;       // characters that are read of a line at most, its end included
    int count, held;
    int *first;        // [count]  where each begins
};

/* Characters of a line, its end included. */
int line_length(const struct lines *l, const int *line)
{
    int n = 0;
    while (line[n] != l->end)
        n++;
    return n + 1;
}

/* Finds the lines of ids [n], the last of which is `end`. */
void lines_find(struct lines *l, int *ids, int n)
{
    int longest = 0;
    l->text.ids = ids;
    l->text.n = n;
    l->first = ints(n);
    l->count = 0;
    for (int i = 0, length; i < n; i += length) {
        length = line_length(l, ids + i);
        longest = length > longest ? length : longest;
        if (length > 1)
            l->first[l->count++] = i;
    }
    l->longest = least(l->longest, longest);
}

/* The lines of a file, cut at so many characters.  Whatever is wrong with it, the
 * program stops with one sentence. */
struct lines lines_open(const char *path, int longest, int seed)
{
    struct lines l = {.text = text_open(path), .longest = longest};
    l.end = text_id(&l.text, '\n');
    if (l.end < 0)
        die("%s: found no end of a line, wanted one item a line", path);
    // The last line may lack its end: one more, which is an empty line if it does not.
    const int n = l.text.n;
    int *ids = ints(n + 1), *given = l.text.ids;
    memcpy(ids, given, (size_t)n * sizeof *ids);
    ids[n] = l.end;
    free(given);
    lines_find(&l, ids, n + 1);
    if (l.count < 2)
        die("%s: lines that are not empty: found %d, wanted at least 2: one to learn "
            "from, one to be tested on", path, l.count);
    l.held = (l.count + 9) / 10;
    uint64_t chance = stream(seed, 1);
    shuffle(l.first, l.count, &chance);
    return l;
}

/* Words given with commas between them, as lines in the characters of others. */
struct lines lines_words(const struct lines *others, const char *words)
{
    struct lines l = *others;
    int *codes = ints(strlen(words) + 1), n = text_decode(codes, "words", words);
    codes[n++] = '\n';
    for (int i = 0; i < n; i++) {
        int id = codes[i] == ',' ? l.end : text_id(&l.text, (uint32_t)codes[i]);
        if (id < 0)
            die("words=%s: character %d does not occur in the text, wanted words with "
                "commas between them", words, i + 1);
        codes[i] = id;
    }
    lines_find(&l, codes, n);
    if (!l.count)
        die("words=%s: found none, wanted words with commas between them", words);
    return l;
}

void lines_free(struct lines *l)
{
    free(l->first);
    text_free(&l->text);
}

/* Writes a character; a tab and its like, which would break a table, as a blank. */
void character_write(const struct lines *l, int id)
{
    if (id == l->end)
        printf("end");
    else if (l->text.codes[id] <= ' ')
        printf(" ");
    else
        text_write(stdout, &l->text, &id, 1);
}

void line_write(const struct lines *l, const int *line)
{
    for (; *line != l->end; line++)
        character_write(l, *line);
}

/* ---- the program: counting, to compare with ---------------------------------- */

double bits(double nats) { return nats / M_LN2; }

/* Bits per character of the lines held out, if the next is judged by the `order`
 * characters before it, and by how often each followed these in the other lines:
 *
 *     p = (count(those before, this) + 1) / (count(those before) + V)
 */
double count_bits(const struct lines *l, int order)
{
    const int V = l->text.V;
    long contexts = 1, told = 0;
    for (int k = 0; k < order; k++)
        contexts *= V;
    int *one = ints(contexts * V), *all = ints(contexts);
    double loss = 0;
    for (int i = l->count - 1; i >= 0; i--) {
        const int *line = l->text.ids + l->first[i];
        const int length = line_length(l, line);
        // The characters before, as one number with V as its base; first `end` alone.
        long before = 0;
        for (int k = 0; k < order; k++)
            before = before * V + l->end;
        for (int j = 0; j < length; j++) {
            const long both = before * V + line[j];
            if (i < l->held)
                loss -= log32((float)(one[both] + 1) / (float)(all[before] + V));
            told += i < l->held;
            one[both] += i >= l->held;
            all[before] += i >= l->held;
            before = both % contexts;
        }
    }
    free(all);
    free(one);
    return bits(loss / (double)told);
}

/* As far as the table of counts stays below 64 MB. */
void counts_print(const struct lines *l)
{
    double cells = l->text.V, uniform = bits(log32((float)l->text.V));
    printf("# before\tbits\tperplexity\n-1\t%.4f\t%.2f\n", uniform, cells);
    for (int order = 0; cells < 1 << 24 && order < 5; order++, cells *= l->text.V) {
        double b = count_bits(l, order);
        printf("%d\t%.4f\t%.2f\n", order, b, exp32((float)(b * M_LN2)));
    }
}

/* ---- the program: training --------------------------------------------------- */

struct recipe {
    enum rule rule;
    float rate, clip;  // clip 0: not at all
    float temperature;
    int epochs, batch, hidden, embed, seed;
};

struct training {
    struct recurrent net, grad;
    struct recurrent_work w;
    struct optimizer o;
    struct minibatches b;
    int *line, *t;  // [batch]  [longest,batch]
    float *block;   // of net and grad
    float norm;     // of the last gradient, before it was clipped
};

struct training training_new(const struct recipe *r, const struct lines *l)
{
    const struct recurrent sizes = {&rnn, .V = l->text.V, .E = r->embed, .H = r->hidden,
                                    .layers = 1, .K = l->text.V};
    const int n = recurrent_size(&sizes), learn = l->count - l->held;
    const size_t room = ((size_t)n + 15) / 16 * 16;
    struct training now = {
        .w = recurrent_work_new(&sizes, l->longest, r->batch, l->longest),
        .o = optimizer_new(r->rule, r->rate, n),
        .b = minibatches_new(learn, least(r->batch, learn), stream(r->seed, 2)),
        .line = ints(r->batch), .t = ints((size_t)l->longest * r->batch),
        .block = floats(2 * room),
    };
    uint64_t chance = stream(r->seed, 3);
    now.net = recurrent_at(now.block, &sizes);
    now.grad = recurrent_at(now.block + room, &sizes);
    recurrent_init(&now.net, &chance);
    return now;
}

void training_free(struct training *now)
{
    free(now->block);
    free(now->t);
    free(now->line);
    free(now->b.order);
    free(now->o.m);
    recurrent_work_free(&now->w);
}

/* Puts N lines before the network, those numbered now->line, in as many steps as the
 * longest of them needs: time comes first in every array, so that a work space serves
 * fewer steps as well.  Returns how many characters there are to say. */
int training_show(struct training *now, const struct lines *l, int N)
{
    int T = 0, count = 0;
    for (int n = 0; n < N; n++) {
        now->line[n] = l->first[now->line[n]];
        const int length = line_length(l, l->text.ids + now->line[n]);
        T = length > T ? length : T;
    }
    T = least(T, l->longest);
    now->w.T = now->w.O = T;
    now->w.N = N;
    memset(now->w.h[0], 0, (size_t)N * now->net.H * sizeof(float));
    lines_batch(now->w.ids, now->t, l->text.ids, now->line, l->end, T, N);
    for (int i = 0; i < T*N; i++)
        count += now->t[i] >= 0;
    return count;
}

/* A step on the next batch.  Adds to the sum of losses; returns how many these are. */
int training_step(struct training *now, double *loss, const struct lines *l, float clip)
{
    const int N = batch_next(now->line, &now->b);
    for (int n = 0; n < N; n++)
        now->line[n] += l->held;
    const int count = training_show(now, l, N);
    *loss += (double)count * recurrent_gradient(&now->grad, &now->w, &now->net, now->t);
    now->norm = clip_norm(now->grad.table, clip > 0 ? clip : INFINITY, now->o.n);
    optimizer_step(&now->o, now->net.table, now->grad.table);
    return count;
}

/* What is said of lines from..to-1, at most a batch of them: states and probabilities
 * are in now->w.  Adds to the sum of losses; returns how many these are. */
int training_read(struct training *now, double *loss, const struct lines *l, int from,
                  int to)
{
    for (int i = from; i < to; i++)
        now->line[i - from] = i;
    const int count = training_show(now, l, to - from);
    recurrent_forward(&now->w, &now->net);
    *loss += (double)count * sequence_loss_forward(now->w.p, now->w.z, now->t,
                                                   now->w.T * now->w.N, now->net.K);
    return count;
}

/* Bits per character of the lines held out. */
double training_test(struct training *now, const struct lines *l, int batch)
{
    double loss = 0;
    long count = 0;
    for (int i = 0; i < l->held; i += batch)
        count += training_read(now, &loss, l, i, least(i + batch, l->held));
    return bits(loss / (double)count);
}

/* One pass through the lines that are for learning. */
struct epoch { double bits, norm, clipped; };

struct epoch training_epoch(struct training *now, const struct lines *l, float clip)
{
    const int steps = (now->b.N + now->b.batch - 1) / now->b.batch;
    struct epoch e = {0, 0, 0};
    double loss = 0;
    long count = 0;
    for (int i = 0; i < steps; i++) {
        count += training_step(now, &loss, l, clip);
        e.norm += (double)now->norm / steps;
        e.clipped += (clip > 0 && now->norm > clip) / (double)steps;
    }
    e.bits = bits(loss / (double)count);
    return e;
}

/* ---- the program: lines that nobody wrote ------------------------------------ */

enum { SAMPLES = 1000, FEW = 4 };

/* Lets the network say N lines, each from `end` and a state of 0 on, of at most T
 * characters.  All that follows the end of a line is `end` as well. */
void lines_sample(int *said,                 // [N,T+1]  overwritten
                  struct recurrent_work *w,  // for one step of N lines
                  const struct recurrent *net, int end, int T, float temperature,
                  uint64_t chance)
{
    const int N = w->N, K = net->K;
    const size_t state = (size_t)N * net->H;
    memset(w->h[0], 0, state * sizeof(float));
    for (int n = 0; n < N; n++) {
        w->ids[n] = end;
        said[n*(T + 1) + T] = end;
    }
    for (int t = 0; t < T; t++) {
        recurrent_forward(w, net);
        for (int n = 0; n < N; n++) {
            int *id = w->ids + n;
            if (!t || *id != end)
                *id = sample(w->z + n*K, K, temperature, uniform(&chance));
            said[n*(T + 1) + t] = *id;
        }
        // The state after this step is the one before the next.
        memcpy(w->h[0], w->h[0] + state, state * sizeof(float));
    }
}

/* Whether a line is one of those that begin at first [count]. */
bool line_among(const struct lines *l, const int *line, const int *first, int count)
{
    for (int i = 0; i < count; i++) {
        const int *a = line, *b = l->text.ids + first[i];
        while (*a == *b && *a != l->end)
            a++, b++;
        if (*a == *b)
            return true;
    }
    return false;
}

void few_print(const struct lines *l, const int *said)
{
    for (int n = 0; n < FEW; n++) {
        printf(n ? ", " : "\t");
        line_write(l, said + n*(l->longest + 1));
    }
    printf("\n");
    fflush(stdout);
}

/* How many of the sampled lines are among those to learn from, among those held out,
 * among neither; how many are different. */
void sample_print(const struct lines *l, int *said)
{
    const int row = l->longest + 1;
    int learnt = 0, held = 0, different = 0;
    long characters = 0;
    // Seen as lines of one text, they can be compared in the same way.
    struct lines own = *l;
    own.text.ids = said;
    own.first = ints(SAMPLES);
    for (int n = 0; n < SAMPLES; n++) {
        const int *line = said + n*row;
        learnt += line_among(l, line, l->first + l->held, l->count - l->held);
        held += line_among(l, line, l->first, l->held);
        different += !line_among(&own, line, own.first, n);
        characters += line_length(l, line) - 1;
        own.first[n] = n*row;
    }
    free(own.first);
    printf("\t%d\t%d\t%d\t%d\t%.2f", learnt, held, SAMPLES - learnt - held, different,
           (double)characters / SAMPLES);
}

/* What a training is watched with: lines are sampled with the same random numbers each
 * time. */
struct watch { struct recurrent_work one; int *said; };

void watch_sample(struct watch *at, const struct training *now, const struct recipe *r,
                  const struct lines *l, float temperature)
{
    lines_sample(at->said, &at->one, &now->net, l->end, l->longest, temperature,
                 stream(r->seed, 4));
}

void epoch_print(struct watch *at, struct training *now, const struct recipe *r,
                 const struct lines *l, int epoch, struct epoch e)
{
    const double test = training_test(now, l, r->batch);
    printf("%d\t%.4f\t%.4f\t%.3f\t%.3f\t%.3f", epoch, e.bits, test,
           exp32((float)(test * M_LN2)), e.norm, e.clipped);
    watch_sample(at, now, r, l, r->temperature);
    few_print(l, at->said);
}

/* After epochs 1, 10, 100 ... and the last: lines sampled at four temperatures. */
void names_print(struct watch *at, struct training *now, const struct recipe *r,
                 const struct lines *l, int epoch)
{
    int shown = 1;
    while (shown < epoch)
        shown *= 10;
    for (int i = 0; i < 4 && (epoch == shown || epoch == r->epochs); i++) {
        const float temperature = 0.25f * (float)(1 << i);
        watch_sample(at, now, r, l, temperature);
        printf("%d\t%g", epoch, temperature);
        sample_print(l, at->said);
        few_print(l, at->said);
    }
}

void train_print(const struct recipe *r, const struct lines *l, bool names)
{
    struct training now = training_new(r, l);
    struct watch at = {recurrent_work_new(&now.net, 1, SAMPLES, 1),
                       ints((size_t)SAMPLES * (l->longest + 1))};
    struct progress bar = {.what = "training"};
    printf("# epoch\t%s\tlines\n", names ?
           "temperature\tlearnt\theld\tnew\tdifferent\tlength" :
           "train_bits\tbits\tperplexity\tnorm\tclipped");
    for (int epoch = 1; epoch <= r->epochs; epoch++) {
        const struct epoch e = training_epoch(&now, l, r->clip);
        progress(&bar, 1, 1);
        if (names)
            names_print(&at, &now, r, l, epoch);
        else
            epoch_print(&at, &now, r, l, epoch, e);
        progress(&bar, epoch, r->epochs);
    }
    free(at.said);
    recurrent_work_free(&at.one);
    training_free(&now);
}

/* ---- the program: gradients that explode ------------------------------------- */

/* The share of the states that are as good as 1 or -1: no gradient gets through. */
double training_saturated(const struct training *now)
{
    const long state = (long)now->w.N * now->net.H, count = state * now->w.T;
    long far = 0;
    for (long i = state; i < state + count; i++)
        far += fabsf(now->w.h[0][i]) > 0.99f;
    return (double)far / (double)count;
}

/* Short trainings at four rates, without clipping and with it, every step. */
void clipping_print(const struct recipe *recipe, const struct lines *l)
{
    enum { RATES = 4, STEPS = 200 };
    struct { double bits, norm, saturated; } (*at)[STEPS] = memory(2*RATES, sizeof *at);
    struct progress bar = {.what = "training"};
    int done = 0;
    #pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 2*RATES; i++) {
        struct recipe r = *recipe;
        r.rate *= (float)(1 << i / 2);
        r.clip = i % 2 ? recipe->clip : 0;
        struct training now = training_new(&r, l);
        for (int step = 0; step < STEPS; step++) {
            double loss = 0;
            int count = training_step(&now, &loss, l, r.clip);
            at[i][step].bits = bits(loss / count);
            at[i][step].norm = now.norm;
            at[i][step].saturated = training_saturated(&now);
        }
        training_free(&now);
        #pragma omp critical
        progress(&bar, ++done, 2*RATES);
    }
    printf("# rate\tclip\tstep\tbits\tnorm\tsaturated\n");
    for (int i = 0; i < 2*RATES; i++)
        for (int step = 0; step < STEPS; step++)
            printf("%g\t%g\t%d\t%.4f\t%.4g\t%.4f\n",
                   recipe->rate * (float)(1 << i / 2), i % 2 ? recipe->clip : 0,
                   step + 1, at[i][step].bits, at[i][step].norm,
                   at[i][step].saturated);
    free(at);
}

/* ---- the program: what the network knows ------------------------------------- */

/* A network trained without a word. */
struct training train_silent(const struct recipe *r, const struct lines *l)
{
    struct training now = training_new(r, l);
    struct progress bar = {.what = "training"};
    for (int epoch = 1; epoch <= r->epochs; epoch++) {
        training_epoch(&now, l, r->clip);
        progress(&bar, epoch, r->epochs);
    }
    return now;
}

/* What the network expects after each character of each word. */
void letters_print(struct training *now, const struct lines *words)
{
    const int K = now->net.K;
    double loss = 0;
    printf("# word\tplace\tgiven\tnext\tp\n");
    for (int i = 0; i < words->count; i++) {
        training_read(now, &loss, words, i, i + 1);
        for (int t = 0; t < now->w.T; t++)
            for (int k = 0; k < K; k++) {
                printf("%d\t%d\t", i + 1, t);
                character_write(words, now->w.ids[t]);
                printf("\t");
                character_write(words, k);
                printf("\t%.5f\n", now->w.p[t*K + k]);
            }
    }
}

/* States of a network, and what it had read by then: before[i][k] is the character read
 * k steps before the last, or -1. */
enum { BACK = 8, LINES = 3000 };
struct states { int count; float *h; int (*before)[BACK]; };

/* Those of lines from..to-1, or of the first LINES of them. */
struct states states_take(struct training *now, const struct lines *l, int from, int to)
{
    to = least(to, from + LINES);
    const int H = now->net.H;
    const size_t most = (size_t)(to - from) * l->longest;
    struct states s = {0, floats(most * H), memory(most, sizeof *s.before)};
    double loss = 0;
    for (int i = from; i < to; i++) {
        training_read(now, &loss, l, i, i + 1);
        const int *line = l->text.ids + l->first[i];
        for (int t = 0; t < now->w.T; t++, s.count++) {
            memcpy(s.h + (long)s.count*H, now->w.h[0] + (t + 1)*H, H * sizeof *s.h);
            for (int k = 0; k < BACK; k++)
                s.before[s.count][k] = t > k ? line[t - 1 - k] : -1;
        }
    }
    return s;
}

void states_free(struct states *s)
{
    free(s->before);
    free(s->h);
}

/* How often the most frequent of the characters read k steps before the last comes. */
double states_most(const struct states *s, int k, int V)
{
    int *count = ints(V), all = 0, most = 0;
    for (int i = 0; i < s->count; i++)
        if (s->before[i][k] >= 0) {
            const int now = ++count[s->before[i][k]];
            most = now > most ? now : most;
            all++;
        }
    free(count);
    return all ? (double)most / all : 0;
}

/* The next states, from number *i on, before which k steps ago a character was read;
 * returns how many. */
int states_batch(struct trainer *tr, int *t,  // [tr->batch]
                 int *i, const struct states *s, int k)
{
    const int H = tr->net.size[0];
    int N = 0;
    for (; *i < s->count && N < tr->batch; ++*i)
        if (s->before[*i][k] >= 0) {
            memcpy(tr->work.h[0] + N*H, s->h + (long)*i*H, (size_t)H * sizeof *s->h);
            t[N++] = s->before[*i][k];
        }
    return N;
}

/* How often a linear layer that has learnt from some states tells from others which
 * character was read k steps before the last. */
double states_tell(const struct states *learn, const struct states *test, int k,
                   const int *size)  // [2]  H and K
{
    enum { ROWS = 128, PASSES = 4 };
    struct trainer tr = trainer_new(size, 1, RELU, ROWS);
    struct optimizer o = optimizer_new(ADAM, 0.01f, mlp_size(size, 1));
    int t[ROWS], guess[ROWS], told = 0, right = 0;
    for (int pass = 0; pass < PASSES; pass++)
        for (int i = 0, N; (N = states_batch(&tr, t, &i, learn, k)); ) {
            mlp_gradient(&tr.grad, &tr.work, &tr.net, t, N);
            optimizer_step(&o, tr.net.W[1], tr.grad.W[1]);
        }
    for (int i = 0, N; (N = states_batch(&tr, t, &i, test, k)); ) {
        mlp_predict(guess, &tr.work, &tr.net, N);
        for (int n = 0; n < N; n++, told++)
            right += guess[n] == t[n];
    }
    free(o.m);
    free(tr.block);
    return told ? (double)right / told : 0;
}

/* What an untrained and a trained network still know of earlier characters, and how
 * often the most frequent one would be right. */
void memory_print(const struct recipe *recipe, const struct lines *l)
{
    struct recipe r = *recipe;
    const int size[] = {r.hidden, l->text.V};
    double tells[2][BACK], most[BACK] = {0};
    for (int i = 0; i < 2; i++) {
        r.epochs = i ? recipe->epochs : 0;
        struct training now = train_silent(&r, l);
        struct states learn = states_take(&now, l, l->held, l->count);
        struct states test = states_take(&now, l, 0, l->held);
        for (int k = 0; k < BACK; k++) {
            tells[i][k] = states_tell(&learn, &test, k, size);
            most[k] = states_most(&test, k, l->text.V);
        }
        states_free(&test);
        states_free(&learn);
        training_free(&now);
    }
    printf("# back\tuntrained\ttrained\tmost\n");
    for (int k = 0; k < BACK; k++)
        printf("%d\t%.4f\t%.4f\t%.4f\n", k, tells[0][k], tells[1][k], most[k]);
}

/* What one may ask about a state: how many characters were read, 8 for more; whether
 * the last was a vowel. */
enum { PLACE, VOWEL, QUESTIONS };
const char *const questions[] = {"place", "vowel"};

float answer(int question, const struct lines *l, const int *before)
{
    int place = 0;
    while (place < BACK && before[place] >= 0)
        place++;
    if (question == PLACE || !place)
        return question == PLACE ? (float)place : 0;
    const uint32_t code = l->text.codes[before[0]];
    return code < 128 && strchr("aeiouAEIOU", (int)code);
}

/* How closely one number of each state goes with the answers: 1 or -1 for a straight
 * line, 0 for nothing of it. */
double correlation(const float *h,       // [n,H], from the unit in question on
                   const float *answer,  // [n]
                   int n, int H)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) {
        x += h[(long)i*H] / (double)n;
        y += answer[i] / (double)n;
    }
    for (int i = 0; i < n; i++) {
        const double u = h[(long)i*H] - x, v = answer[i] - y;
        xx = fma(u, u, xx);
        yy = fma(v, v, yy);
        xy = fma(u, v, xy);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

/* For each question the unit that goes with the answer most closely, over the lines
 * held out; and its states while the network reads some words. */
void units_print(struct training *now, const struct lines *l, const struct lines *words)
{
    const int H = now->net.H;
    struct states s = states_take(now, l, 0, l->held);
    float *a = floats((size_t)s.count);
    printf("# question\tunit\tcorrelation\tword\tplace\tgiven\tstate\n");
    for (int q = 0; q < QUESTIONS; q++) {
        double best = 0, loss = 0;
        int unit = 0;
        for (int i = 0; i < s.count; i++)
            a[i] = answer(q, l, s.before[i]);
        for (int j = 0; j < H; j++) {
            const double one = correlation(s.h + j, a, s.count, H);
            unit = fabs(one) > fabs(best) ? j : unit;
            best = fabs(one) > fabs(best) ? one : best;
        }
        for (int i = 0; i < words->count; i++) {
            training_read(now, &loss, words, i, i + 1);
            for (int t = 0; t < now->w.T; t++) {
                printf("%s\t%d\t%.3f\t%d\t%d\t", questions[q], unit, best, i + 1, t);
                character_write(words, now->w.ids[t]);
                printf("\t%.4f\n", now->w.h[0][(t + 1)*H + unit]);
            }
        }
    }
    free(a);
    states_free(&s);
}

/* ---- the program: clear against fast ----------------------------------------- */

enum { X, WX, WH, B, STATES, DH, DX, DWX, DWH, DB, DZ, PACKED, ARRAYS };

/* Forward and backward over a sequence, by the functions of this chapter's exercises or
 * by the fast ones. */
void sequence_run(float **a, bool fast, int T, int N, int D, int H)
{
    const struct layer l = {.T = T, .N = N, .D = D, .H = H, .x = a[X], .Wx = a[WX],
                            .Wh = a[WH], .b = a[B], .h = a[STATES], .gates = a[DZ],
                            .packed = a[PACKED], .dx = a[DX], .dWx = a[DWX],
                            .dWh = a[DWH], .db = a[DB], .dh = a[DH]};
    if (fast) {
        layer_forward(&rnn, &l);
        layer_backward(&rnn, &l);
        return;
    }
    rnn_forward(a[STATES], a[X], a[WX], a[WH], a[B], T, N, D, H);
    rnn_backward(a[DX], a[DH], a[DWX], a[DWH], a[DB], a[DZ], a[STATES], a[X], a[WX],
                 a[WH], T, N, D, H);
}

/* Characters in a second, of the best of some runs. */
double sequence_speed(float **a, bool fast, int T, int N, int D, int H)
{
    double best = INFINITY;
    for (double start = seconds(); seconds() - start < 0.4; ) {
        memcpy(a[DH], a[STATES], (size_t)(T + 1) * N * H * sizeof(float));
        const double before = seconds();
        sequence_run(a, fast, T, N, D, H);
        best = fmin(best, seconds() - before);
    }
    return T*N / best;
}

/* The largest difference of clear and fast, as a share of the largest number, in states
 * and gradients; with clock=1 characters a second of both. */
void speed_print(int N, int D, bool clock, int seed)
{
    const int T = 16;
    printf("# hidden\th\tdh\tdx\tdWx\tdWh\tdb%s\n", clock ? "\tclear\tfast" : "");
    for (int H = 64; H <= 512; H *= 2) {
        const size_t states = (size_t)(T + 1) * N * H, inputs = (size_t)T * N * D;
        const size_t size[ARRAYS] = {inputs, H * D, H * H, H, states, states, inputs,
                                     H * D, H * H, H, states, layer_packed(&rnn, D, H)};
        float *a[2][ARRAYS];
        uint64_t chance = stream(seed, H);
        for (int k = 0; k < ARRAYS; k++) {
            a[0][k] = floats(size[k]);
            a[1][k] = floats(size[k]);
            fill_normal(a[0][k], size[k], k == X ? 1 : 1 / sqrtf((float)H), &chance);
            memcpy(a[1][k], a[0][k], size[k] * sizeof(float));
        }
        printf("%d", H);
        for (int fast = 0; fast < 2; fast++)
            sequence_run(a[fast], fast, T, N, D, H);
        for (int k = STATES; k <= DB; k++) {
            double off = 0, largest = 0;
            for (size_t i = 0; i < size[k]; i++) {
                off = fmax(off, fabs((double)a[0][k][i] - a[1][k][i]));
                largest = fmax(largest, fabs(a[0][k][i]));
            }
            printf("\t%.2g", off / largest);
        }
        for (int fast = 0; fast < 2 && clock; fast++)
            printf("\t%.0f", sequence_speed(a[fast], fast, T, N, D, H));
        printf("\n");
        for (int k = 0; k < 2*ARRAYS; k++)
            free(a[k / ARRAYS][k % ARRAYS]);
    }
}

/* ---- the program: what to show ----------------------------------------------- */

int main(int argc, char **argv)
{
    const char *show = "train", *rule = "adam", *text = "data/names/names.txt";
    const char *words = "christina,alexander,kimberly";
    const char *const rules[] = {"sgd", "momentum", "nesterov", "rmsprop", "adam"};
    float rate = 0.002f, clip = 1, temperature = 1;
    int epochs = 100, batch = 64, hidden = 128, embed = 16, longest = 100;
    int seed = 1, clock = 0;
    OPTIONS("learns the lines of a text, character by character, and invents more",
            CHOICE(show, "train|names|counts|clipping|letters|memory|units|speed",
                   "a training; lines sampled; what counting gives; gradients that "
                   "explode; what is expected; what is remembered; what units do; the "
                   "fast functions"),
            TEXT(text, "a file with one item a line"),
            TEXT(words, "to be read, for letters and units"),
            CHOICE(rule, "sgd|momentum|nesterov|rmsprop|adam", "how to step"),
            OPTION(rate, 0, 1000, "learning rate; for clipping the lowest of four"),
            OPTION(clip, 0, 1e6, "largest norm of a gradient; 0 stands for any"),
            OPTION(temperature, 0, 100, "of the lines that are sampled"),
            OPTION(epochs, 1, 100000, "passes through the lines"),
            OPTION(batch, 1, 4096, "lines in a step"),
            OPTION(hidden, 1, 4096, "numbers that the network remembers"),
            OPTION(embed, 0, 4096, "numbers that stand for a character; 0: one-hot"),
            OPTION(longest, 2, 10000, "characters read of a line, its end included"),
            OPTION(seed, 0, 1000000, "of weights, order and samples"),
            OPTION(clock, 0, 1, "1: characters a second, for speed"));
    if (!strcmp(show, "speed")) {
        speed_print(batch, embed ? embed : 1, clock, seed);
        return 0;
    }
    struct lines l = lines_open(text, longest, seed);
    struct recipe r = {.rate = rate, .clip = clip, .temperature = temperature,
                       .epochs = epochs, .batch = least(batch, l.count),
                       .hidden = hidden, .embed = embed, .seed = seed};
    while (strcmp(rules[r.rule], rule))
        r.rule++;
    if ((double)l.longest * r.batch * (l.text.V + hidden) > 1 << 27)
        die("%s: %d lines of %d characters at once are too much, wanted a smaller "
            "batch=, hidden= or longest=", text, r.batch, l.longest);
    if (!strcmp(show, "counts")) {
        counts_print(&l);
    } else if (!strcmp(show, "clipping")) {
        clipping_print(&r, &l);
    } else if (!strcmp(show, "memory")) {
        memory_print(&r, &l);
    } else if (!strcmp(show, "letters") || !strcmp(show, "units")) {
        struct lines read = lines_words(&l, words);
        struct training now = train_silent(&r, &l);
        if (!strcmp(show, "letters"))
            letters_print(&now, &read);
        else
            units_print(&now, &l, &read);
        training_free(&now);
        free(read.first);
        free(read.text.ids);
    } else {
        train_print(&r, &l, !strcmp(show, "names"));
    }
    lines_free(&l);
}

#endif
#endif
