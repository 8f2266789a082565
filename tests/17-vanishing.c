/* 17-vanishing: the tests. */
#include "grade.h"
#include "vanishing.c"
#include "gold/17-vanishing.h"

/* What is left in work space nobody asks for. */
#define FORGET(work, n) memset(work, 0, (size_t)(n) * sizeof *work)

/* Where a stream is afterwards tells how many numbers were drawn. */
#define STREAM(at) uint64_t chance = at, begin = chance
#define OTHER_STREAM STREAM(stream(r->seed, 17))
#define COUNT_DRAWS *draws = draws_between(begin, chance)

static int draws_between(uint64_t from, uint64_t to)
{
    for (int n = 0; n < 10000; n++, random_bits(&from))
        if (from == to)
            return n;
    return -1;
}

/* ---- 17.1 state_norms -------------------------------------------------------------- */

/* Hint 17.1: of one step there are N H numbers in dh.  How many of them does one example
 * have, and how many examples is the mean taken of?
 *
 * norms[t] = sqrt((dh[t,0,0]^2 + dh[t,0,1]^2 + ... + dh[t,N-1,H-1]^2) / N): all squares of
 * a step in one sum, then the division, then the root.  1e-30 squared is 1e-60: which type
 * of number can hold that?
 *
 * A loop over t = 0 .. T, both ends included; in it a sum that begins anew, a loop over the
 * N H numbers of this step, which begin at dh + t*N*H, and one line behind that loop.
 */
typedef void norms_like(float *norms, const float *dh, int T, int N, int H);
norms_like state_norms;

CASE(norms_by_hand, norms_like)
{
    IN(dh, 3, 2, 3); OUT(norms, 3);
    SET(dh, 3, 0, 0,  0, 4, -5,   1, -1, 2,  0, 1, -1,   -7, 0, 0,  0, 0, 7);
    f(norms, dh, 2, 2, 3);
    EXPECT(norms, 5, 2, 7);
}

#define NORMS(name, T, N, H, size) CASE(name, norms_like) \
    { IN(dh, T + 1, N, H); OUT(norms, T + 1); \
      SCALE(dh, size); \
      f(norms, dh, T, N, H); }
NORMS(norms_odd, 3, 4, 17, 1)
NORMS(norms_long, 9, 5, 3, 100)
NORMS(norms_no_step, 0, 3, 5, 1)
NORMS(norms_tiny, 4, 3, 7, 1e-30f)
NORMS(norms_huge, 2, 5, 9, 1e30f)

/* Every step is a hundredth of the one before; so that each counts, the norms are made as
 * large as one another again. */
CASE(norms_fading, norms_like)
{
    IN(dh, 15, 3, 4); OUT(norms, 15);
    for (int i = 0; i < 15*3*4; i++)
        dh[i] *= (float)pow(100, 7 - i / 12);
    f(norms, dh, 14, 3, 4);
    for (int t = 0; t < 15; t++)
        norms[t] *= (float)pow(100, t - 7);
}

/* ---- 17.2 state_jacobian ----------------------------------------------------------- */

/* Hint 17.2: a small change of h[0] becomes a change of h[1], and that one of h[2]: which of
 * the two matrices, S[1] or S[2], is multiplied with the change first?  On which side of
 * the other does it stand, then?
 *
 * In step t: new J = S[t] J, that is J[j,k] = (1 - h[t,n,j]^2) times (Wh J)[j,k].  The slope
 * belongs to the unit whose sum it bends, so to the row; and it is that of the state which
 * the step has made, h[t], not of h[t-1].
 *
 * J begins as 1 on its diagonal and 0 elsewhere.  A loop over t = 1 .. T; in it one call of
 * gemm() into work, and a loop over all H*H elements that writes them back into J, each
 * times the slope of its row.  The state of example n in step t begins at h + (t*N + n)*H.
 */
typedef void jacobian_like(float *J, float *work, const float *h, const float *Wh, int n,
                           int T, int N, int H);
jacobian_like state_jacobian;

CASE(jacobian_by_hand, jacobian_like)
{
    IN(h, 3, 2, 2); IN(Wh, 2, 2); OUT(J, 2, 2); OUT(work, 2, 2);
    SET(h, 0.1, 0.2,  0.3, 0.4,   0.6, 0.7,  0.5, 0,   0.8, 0.9,  0, -0.75);
    SET(Wh, 4, 0,  2, 16);
    f(J, work, h, Wh, 1, 2, 2, 2);
    FORGET(work, 4);
    EXPECT(J, 12, 0,  16.625, 112);  // S[1] = 3 0, 2 16; S[2] = 4 0, 0.875 7
}

#define JACOBIAN_GOLD(name, n, J_n) CASE(name, jacobian_like) \
    { IN(h, JAC_T + 1, JAC_N, JAC_H); IN(Wh, JAC_H, JAC_H); \
      OUT(J, JAC_H, JAC_H); OUT(work, JAC_H, JAC_H); \
      SET(h, JAC_H_ALL); SET(Wh, JAC_WH); \
      f(J, work, h, Wh, n, JAC_T, JAC_N, JAC_H); \
      FORGET(work, JAC_H * JAC_H); \
      EXPECT(J, J_n); }
JACOBIAN_GOLD(jacobian_gold, 2, JAC_J2)
JACOBIAN_GOLD(jacobian_gold_first, 0, JAC_J0)

#define JACOBIAN(name, n, T, N, H, size) CASE(name, jacobian_like) \
    { IN(h, T + 1, N, H); IN(Wh, H, H); OUT(J, H, H); OUT(work, H, H); \
      SCALE(Wh, size); \
      f(J, work, h, Wh, n, T, N, H); \
      FORGET(work, (H) * (H)); }
JACOBIAN(jacobian_no_step, 1, 0, 2, 3, 1)
JACOBIAN(jacobian_one_step, 2, 1, 4, 6, 1)
JACOBIAN(jacobian_odd, 1, 3, 2, 17, 0.5f)
JACOBIAN(jacobian_even, 3, 2, 5, 16, 0.5f)
JACOBIAN(jacobian_long, 0, 9, 3, 7, 1)

/* Units at their limits let nothing through. */
CASE(jacobian_full, jacobian_like)
{
    IN(h, 4, 2, 5); IN(Wh, 5, 5); OUT(J, 5, 5); OUT(work, 5, 5);
    for (int i = 0; i < 4*2*5; i += 3)
        h[i] = i % 2 ? 1 : -1;
    f(J, work, h, Wh, 1, 3, 2, 5);
    FORGET(work, 25);
}

/* ---- 17.3 spectral_radius ---------------------------------------------------------- */

/* Hint 17.3: if W turns every vector by a right angle and doubles it, none keeps its direction:
 * but by how much does each grow?  And if growth goes 1, 4, 1, 4 ...: after two steps the
 * vector is 4 times as long, so how much is that a step?
 *
 * In every step u = W v, growth = |u|, v = u / growth.  radius = exp((log(growth) of the step
 * steps/2 + ... + log(growth) of the last) / (steps - steps/2)); the steps before, numbers 0
 * to steps/2 - 1, only turn v.
 *
 * A loop over the steps: gemm() of a single row v with a matrix whose rows belong to u
 * (which flag?), vector_normalize(), a copy back to v, a return if nothing is left, and a
 * sum of logarithms that starts late.  Behind the loop one line.
 */
typedef float radius_like(float *v, float *u, const float *W, int steps, int H);
radius_like spectral_radius;

#define RADIUS_ARRAYS(H) IN(W, H, H); ADD_TO(v, H); OUT(u, H); OUT(result, 1)
#define RADIUS_CALL(steps, H) *result = f(v, u, W, steps, H); FORGET(u, H)

CASE(radius_by_hand, radius_like)
{
    RADIUS_ARRAYS(3);
    SET(W, 0, 0, 4,  2, 0, 0,  0, -1, 0); SET(v, 3, 0, 0);
    RADIUS_CALL(5, 3);  // growth 6 1 4 2 1
    EXPECT(result, 2);
    EXPECT(v, 0, 0, 1);
}

CASE(radius_one_step, radius_like)
{
    RADIUS_ARRAYS(2);
    SET(W, 3, 0,  1, 2); SET(v, 0.6, 0.8);
    RADIUS_CALL(1, 2);
    EXPECT(result, sqrt(1.8*1.8 + 2.2*2.2));
    EXPECT(v, 1.8 / sqrt(1.8*1.8 + 2.2*2.2), 2.2 / sqrt(1.8*1.8 + 2.2*2.2));
}

#define RADIUS(name, steps, H, size) CASE(name, radius_like) \
    { RADIUS_ARRAYS(H); \
      SCALE(W, size); TOLERANCE(1e-4); \
      RADIUS_CALL(steps, H); }
RADIUS(radius_odd, 5, 7, 1)
RADIUS(radius_even, 8, 9, 1)
RADIUS(radius_wide, 31, 17, 1)
RADIUS(radius_small, 61, 5, 1e-6f)
RADIUS(radius_large, 60, 6, 1e6f)

CASE(radius_negative, radius_like)
{
    RADIUS_ARRAYS(FLIP_H);
    SET(W, FLIP_W); SET(v, 1, 2, 3, 4, 5);
    RADIUS_CALL(201, FLIP_H);
    EXPECT(result, FLIP_RADIUS);
}

/* Where v is after thousands of steps is not asked. */
CASE(radius_pair, radius_like)
{
    RADIUS_ARRAYS(TURN_H);
    SET(W, TURN_W); SET(v, 1, -1, 2, -2, 3, -3); TOLERANCE(1e-3);
    RADIUS_CALL(3000, TURN_H);
    FORGET(v, TURN_H);
    EXPECT(result, TURN_RADIUS);
}

CASE(radius_none, radius_like)
{
    RADIUS_ARRAYS(4);
    SET(W, 0, 2, 1, 3,  0, 0, 5, 1,  0, 0, 0, 2,  0, 0, 0, 0);
    RADIUS_CALL(9, 4);
    FORGET(v, 4);
    EXPECT(result, 0);
}

/* ---- 17.4* radius_by_squaring ------------------------------------------------------ */

/* Hint 17.4*: W is divided by its norm n0 and squared, the square divided by its norm n1: how
 * large was the norm of W^2 itself?  And its root?
 *
 * norm(W^2) = n0^2 n1, its root n0 n1^(1/2); after one squaring more, n0 n1^(1/2) n2^(1/4).
 * So sum = log(n0) + log(n1) / 2 + log(n2) / 4 + ..., with squarings + 1 terms, and the
 * radius is exp(sum).
 *
 * A loop over k = 0 .. squarings: vector_normalize() of all H*H numbers returns the norm and
 * takes it out; a return if it is 0; one line for the sum, with a weight that is halved
 * every time; then gemm() of the matrix with itself into the other one, but not the last
 * time.  gemm() does not write where it reads: so one copy is made.
 */
typedef float squaring_like(float *A, float *B, const float *W, int squarings, int H);
squaring_like radius_by_squaring;

#define SQUARING_ARRAYS(H) IN(W, H, H); OUT(A, H, H); OUT(B, H, H); OUT(result, 1)
#define SQUARING_CALL(squarings, H) *result = f(A, B, W, squarings, H); \
    FORGET(A, (H) * (H)); FORGET(B, (H) * (H))

/* What is left is forgotten, unless it is not a number although somebody wrote it. */
static void forget_numbers(const struct run *r, float *work, int n)
{
    for (int i = 0; i < n; i++)
        if (!isnan(work[i]) || !memcmp(work + i, &r->fill, 4))
            work[i] = 0;
}

CASE(squaring_by_hand, squaring_like)
{
    SQUARING_ARRAYS(2);
    SET(W, 0, -2,  8, 0);
    *result = f(A, B, W, 2, 2);  // W^4 is 256 times the identity
    forget_numbers(r, A, 4);
    forget_numbers(r, B, 4);
    EXPECT(result, 4 * sqrt(sqrt(sqrt(2))));
}

CASE(squaring_norm, squaring_like)
{
    SQUARING_ARRAYS(3);
    SET(W, 1, -2, 3,  0, 4, -1,  2, 0, 1);
    SQUARING_CALL(0, 3);
    EXPECT(result, 6);
}

#define SQUARING(name, squarings, H, size) CASE(name, squaring_like) \
    { SQUARING_ARRAYS(H); \
      SCALE(W, size); \
      SQUARING_CALL(squarings, H); }
SQUARING(squaring_twice, 2, 5, 1)
SQUARING(squaring_odd, 3, 17, 1)
SQUARING(squaring_large, 9, 7, 1e6f)
SQUARING(squaring_small, 8, 6, 1e-6f)

#define SQUARING_GOLD(name, G, squarings) CASE(name, squaring_like) \
    { SQUARING_ARRAYS(G##_H); \
      SET(W, G##_W); \
      SQUARING_CALL(squarings, G##_H); \
      EXPECT(result, G##_RADIUS); }
SQUARING_GOLD(squaring_pair, TURN, 20)
SQUARING_GOLD(squaring_often, FLIP, 40)

CASE(squaring_none, squaring_like)
{
    SQUARING_ARRAYS(4);
    SET(W, 0, 2, 1, 3,  0, 0, 5, 1,  0, 0, 0, 2,  0, 0, 0, 0);
    SQUARING_CALL(5, 4);
    EXPECT(result, 0);
}

CASE(squaring_zero, squaring_like)
{
    SQUARING_ARRAYS(3);
    SCALE(W, 0);
    SQUARING_CALL(0, 3);
    EXPECT(result, 0);
}

/* ---- 17.5 orthogonal --------------------------------------------------------------- */

/* Hint 17.5: a post leans over a line on the floor.  What must be taken away from it so that
 * it stands at a right angle to the line?  How long is its shadow on the line, if the line's
 * own vector has length 1?
 *
 * The shadow of row i on row j has the length sum over k of W[i,k] W[j,k], and points along
 * W[j]: so W[i] = W[i] - (that sum) W[j].  Row j must be finished by then, of length 1.  The
 * sums are made of the row as it is now, and all rows before are gone through twice.
 *
 * fill_normal() draws.  A loop over i; in it a loop that counts to two, in it one over j below
 * i, in it a loop for the sum and a loop that subtracts; behind them vector_normalize() of
 * row i.
 */
typedef void orthogonal_like(float *W, int H, uint64_t *chance);
orthogonal_like orthogonal;

/* What the rows have with one another: 1 and 0. */
static void rows_meet(float *product, const float *W, int H)
{
    for (int i = 0; i < H; i++)
        for (int j = 0; j < H; j++) {
            double sum = 0;
            for (int k = 0; k < H; k++)
                sum += (double)W[i*H + k] * W[j*H + k];
            product[i*H + j] = (float)sum;
        }
}

CASE(orthogonal_meet, orthogonal_like)
{
    OUT(W, 3, 3); OUT(product, 3, 3); OUT_INT(draws, 1);
    OTHER_STREAM;
    TOLERANCE(1e-4);
    f(W, 3, &chance);
    COUNT_DRAWS;
    rows_meet(product, W, 3);
    EXPECT(product, 1, 0, 0,  0, 1, 0,  0, 0, 1);
}

/* The draws of 7.3's case by hand: -0.480242871 0.210066389 and 0.942114971 0.636810239; the
 * first row's length is 0.524176595.  At a right angle to (a, b) is (b, -a). */
CASE(orthogonal_by_hand, orthogonal_like)
{
    OUT(W, 2, 2); OUT_INT(draws, 1);
    STREAM(1234567);
    f(W, 2, &chance);
    COUNT_DRAWS;
    EXPECT(W, -0.916185262, 0.400754995,  0.400754995, 0.916185262);
}

CASE(orthogonal_gold, orthogonal_like)
{
    OUT(W, RIGHT_H, RIGHT_H); OUT_INT(draws, 1);
    TOLERANCE(1e-4);
    STREAM(RIGHT_STREAM);
    f(W, RIGHT_H, &chance);
    COUNT_DRAWS;
    EXPECT(W, RIGHT_W);
}

#define ORTHOGONAL(name, H) CASE(name, orthogonal_like) \
    { OUT(W, H, H); OUT_INT(draws, 1); \
      OTHER_STREAM; \
      TOLERANCE(1e-3); \
      f(W, H, &chance); \
      COUNT_DRAWS; }
ORTHOGONAL(orthogonal_odd, 17)
ORTHOGONAL(orthogonal_even, 8)
ORTHOGONAL(orthogonal_large, 40)
ORTHOGONAL(orthogonal_one, 1)

/* Of the rows drawn here the last lies nearly in the space of the others: only so much of it
 * is left, 0.00003, that rounding shows.  How far off a right angle is depends on the order
 * of all operations; counted is whether it is one. */
CASE(orthogonal_rest, orthogonal_like)
{
    enum { H = 5 };
    OUT(W, H, H); OUT_INT(crooked, 1); OUT_INT(draws, 1);
    STREAM(209585);
    float product[H*H];
    f(W, H, &chance);
    COUNT_DRAWS;
    rows_meet(product, W, H);
    *crooked = 0;
    for (int i = 0; i < H*H; i++)
        *crooked |= !(fabsf(product[i] - (i % H == i / H)) < 1e-5f);
    FORGET(W, H*H);
    EXPECT(crooked, 0);
}

/* ---- 17.6 radius_set --------------------------------------------------------------- */

/* Hint 17.6: if all numbers of a matrix are doubled, what becomes of W v, and what of the
 * spectral radius?  The radius is 2 and shall be 0.5: times what?
 *
 * W[j,k] = W[j,k] radius / now, with now = the spectral radius before anything is changed.
 * Where now is 0 nothing is done.
 *
 * One call of 17.3, its result kept; then a loop over all H*H numbers, behind a condition.
 */
typedef void set_like(float *W, float *v, float *u, float radius, int steps, int H);
set_like radius_set;

/* v is what 17.3 begins with; what is in it at the end nobody asks for. */
#define SET_ARRAYS(H) IN(v, H); ADD_TO(W, H, H)
static void set_call(set_like *f, float *W, const float *v, float radius, int steps, int H)
{
    float *start = floats((size_t)H), *u = floats((size_t)H);
    memcpy(start, v, (size_t)H * sizeof *v);
    f(W, start, u, radius, steps, H);
    free(start);
    free(u);
}

CASE(set_by_hand, set_like)
{
    SET_ARRAYS(3);
    SET(W, 0, 0, 0.5,  2, 0, 0,  0, -8, 0); SET(v, 3, 0, 0);
    set_call(f, W, v, 5, 5, 3);
    EXPECT(W, 0, 0, 1.25,  5, 0, 0,  0, -20, 0);
}

CASE(set_gold, set_like)
{
    SET_ARRAYS(FLIP_H); OUT(ratio, 1);
    SET(W, FLIP_W); SET(v, 1, 2, 3, 4, 5);
    set_call(f, W, v, 0.9f, 200, FLIP_H);
    *ratio = W[0] / -0.9375f;
    EXPECT(ratio, 0.9 / FLIP_RADIUS);
}

#define RADIUS_SET(name, radius, steps, H, size) CASE(name, set_like) \
    { SET_ARRAYS(H); \
      SCALE(W, size); TOLERANCE(1e-4); \
      set_call(f, W, v, radius, steps, H); }
RADIUS_SET(set_odd, 1.2f, 9, 7, 1)
RADIUS_SET(set_wide, 0.5f, 12, 17, 3)
RADIUS_SET(set_small, 1, 20, 5, 0.001f)
RADIUS_SET(set_to_zero, 0, 6, 4, 1)

CASE(set_none, set_like)
{
    SET_ARRAYS(4);
    SET(W, 0, 2, 1, 3,  0, 0, 5, 1,  0, 0, 0, 2,  0, 0, 0, 0);
    set_call(f, W, v, 0.9f, 10, 4);
    EXPECT(W, 0, 2, 1, 3,  0, 0, 5, 1,  0, 0, 0, 2,  0, 0, 0, 0);
}

/* ---- 17.7 adding_batch ------------------------------------------------------------- */

/* Hint 17.7: T = 5: which steps are the first half, which the second, and how many has each?
 * And does the stream first give all numbers of example 0, or step 0 of all examples?
 *
 * Of example n: x[t,n,0] = uniform() for t = 0 .. T-1; a = below(T/2); b = T/2 + below(T -
 * T/2); x[a,n,1] = x[b,n,1] = 1, all other x[t,n,1] = 0; y[n] = x[a,n,0] + x[b,n,0].
 *
 * A loop over n; in it a loop over t that writes both numbers of a step, the 0 too, since
 * anything may be in x; then two draws, two marks, one sum.  x[t,n,0] is number (t*N + n)*2.
 */
typedef void adding_like(float *x, float *y, uint64_t *chance, int T, int N);
adding_like adding_batch;

CASE(adding_gold, adding_like)
{
    OUT(x, ADD_T, ADD_N, 2); OUT(y, ADD_N); OUT_INT(draws, 1);
    STREAM(ADD_STREAM);
    f(x, y, &chance, ADD_T, ADD_N);
    COUNT_DRAWS;
    EXPECT(x, ADD_X);
    EXPECT(y, ADD_Y);
    EXPECT(draws, 21);
}

#define ADDING(name, T, N) CASE(name, adding_like) \
    { OUT(x, T, N, 2); OUT(y, N); OUT_INT(draws, 1); \
      OTHER_STREAM; \
      f(x, y, &chance, T, N); \
      COUNT_DRAWS; }
ADDING(adding_odd, 11, 19)
ADDING(adding_even, 8, 17)
ADDING(adding_shortest, 2, 4)
ADDING(adding_three, 3, 12)
ADDING(adding_long, 61, 5)
ADDING(adding_one, 9, 1)

/* ---- 17.8 stream_batch ------------------------------------------------------------- */

/* Hint 17.8: a text of 13 characters, N = 3: where does each stream begin, and how many
 * characters does it have?  If a student reads stream 1 with a finger, where is the finger
 * at the end of piece 0, and where at the beginning of piece 1?
 *
 * L = (length - 1) / N, a whole number; step i of piece p of stream n is character n L + p T
 * + i of the text; its target is the character behind it.
 *
 * One division, two loops, over n and i, with two assignments: x[i,n] is number i*N + n.
 */
typedef void batch_like(int *x, int *t, const int *text, int length, int p, int T, int N);
batch_like stream_batch;

CASE(batch_by_hand, batch_like)
{
    LABELS(text, 2, 41); OUT_INT(x, 3, 2); OUT_INT(t, 3, 2);
    for (int i = 0; i < 41; i++)
        text[i] = 100 + i;
    f(x, t, text, 41, 2, 3, 2);
    EXPECT(x, 106, 126,  107, 127,  108, 128);
    EXPECT(t, 107, 127,  108, 128,  109, 129);
}

#define BATCH(name, length, p, T, N) CASE(name, batch_like) \
    { LABELS(text, 97, length); OUT_INT(x, T, N); OUT_INT(t, T, N); \
      f(x, t, text, length, p, T, N); }
BATCH(batch_divides, 32, 1, 3, 4)
BATCH(batch_later, 200, 5, 7, 4)
BATCH(batch_to_the_end, 2*3*5 + 1, 1, 3, 5)
BATCH(batch_begin, 40, 0, 4, 3)
BATCH(batch_one_stream, 30, 2, 9, 1)
BATCH(batch_one_step, 29, 3, 1, 6)
BATCH(batch_shortest, 5, 0, 2, 2)

/* ---- 17.9 state_carry -------------------------------------------------------------- */

/* Hint 17.9: h[l] holds the states of T + 1 moments: at which number does the last of them
 * begin, and how many numbers is it?  Which layers have states?
 *
 * For every layer l the N H numbers from h[l] + T*N*H on go to the beginning of h[l]; so do
 * those of c[l], but only where net->cell->memory is true: elsewhere there is no c.
 *
 * A loop over the layers: a memcpy(), and behind an if a second one.  How many bytes are N H
 * floats?  T and N are in w, H and layers in net.
 */
typedef void carry_like(struct recurrent_work *w, const struct recurrent *net);
carry_like state_carry;

/* A cell that remembers, as the one of chapter 18 will: no step is made with it here. */
static const struct cell remembering = {.name = "remembering", .gates = 1, .width = 1,
                                        .memory = true};

/* Where a cell has no memory there is no c, and c[l] is NULL; here it points at the gates, so
 * that who writes there hears of it by name. */
static void carry(struct run *r, carry_like *f, const struct cell *cell, int layers, int T,
                  int N, int H)
{
    static const char *const names[][2] = {
        {"h of layer 0", "c of layer 0"}, {"h of layer 1", "c of layer 1"},
        {"h of layer 2", "c of layer 2"}};
    struct recurrent net = {.cell = cell, .D = 2, .H = H, .layers = layers, .K = 3};
    struct recurrent_work w = {.T = T, .N = N, .O = 1};
    IN(gates, T + 1, N, H);
    for (int l = 0; l < layers; l++) {
        const int dims[] = {T + 1, N, H, 0};
        w.h[l] = array_new(r, names[l][0], ADDED, 'f', 0, dims);
        w.c[l] = cell->memory ? array_new(r, names[l][1], ADDED, 'f', 0, dims) : gates;
        w.gates[l] = gates;
    }
    f(&w, &net);
}

#define CARRY(name, cell, layers, T, N, H) CASE(name, carry_like) \
    { carry(r, f, &cell, layers, T, N, H); }
CARRY(carry_one, rnn, 1, 3, 5, 4)
CARRY(carry_three, rnn, 3, 4, 2, 3)
CARRY(carry_memory, remembering, 2, 3, 2, 6)
CARRY(carry_deep_memory, remembering, 3, 2, 3, 7)
CARRY(carry_one_step, remembering, 2, 1, 3, 2)
CARRY(carry_wide, rnn, 2, 5, 3, 17)

/* Two pieces with the state carried over are one long piece: its states PyTorch made. */
CASE(carry_gold, carry_like)
{
    enum { T = CARRY_T, N = CARRY_N, D = CARRY_D, H = CARRY_H };
    IN(x, 2*T, N, D); IN(Wx1, H, D); IN(Wh1, H, H); IN(Wx2, H, H); IN(Wh2, H, H);
    OUT(y, T, N, H);
    SET(x, CARRY_X); SET(Wx1, CARRY_WX1); SET(Wh1, CARRY_WH1); SET(Wx2, CARRY_WX2);
    SET(Wh2, CARRY_WH2);
    struct recurrent sizes = {.cell = &rnn, .D = D, .H = H, .layers = 2, .K = 1};
    float *block = floats((size_t)recurrent_size(&sizes));
    struct recurrent net = recurrent_at(block, &sizes);
    memcpy(net.Wx[0], Wx1, H * D * sizeof(float));
    memcpy(net.Wh[0], Wh1, H * H * sizeof(float));
    memcpy(net.Wx[1], Wx2, H * H * sizeof(float));
    memcpy(net.Wh[1], Wh2, H * H * sizeof(float));
    struct recurrent_work w = recurrent_work_new(&net, T, N, T);
    memcpy(w.x, x, T * N * D * sizeof(float));
    recurrent_forward(&w, &net);
    f(&w, &net);
    memcpy(w.x, x + T*N*D, T * N * D * sizeof(float));
    recurrent_forward(&w, &net);
    memcpy(y, w.h[1] + N*H, T * N * H * sizeof(float));
    recurrent_work_free(&w);
    free(block);
    EXPECT(y, CARRY_GOLD);
}

/* ---- what only the judge holds ----------------------------------------------------- */
#if JUDGE

/* Each oracle is written down once, in double, and `how` says what is wrong with it:
 * RIGHT nothing. */
enum how { RIGHT, MEAN_FIRST, UNDIVIDED, BY_ALL, NO_ROOT, ROOT_FIRST, LENGTHS,
           IN_FLOAT, ABSOLUTE, EARLY, FIRST, GROWS, SWAPPED_SIZES, ORDER, COLUMNS,
           TURNED, RESULT_TURNED, BEFORE, NO_SLOPE, NOT_SQUARED, ONE_MORE, RIGHT_SIDE,
           PRODUCT_COLUMNS, LAST, ALL, FIRST_HALF, ARITHMETIC, UNSCALED, RAYLEIGH,
           BY_STEPS, BY_HALF, NO_EXP, STUCK, NO_CHECK, NO_WEIGHT, ONE_LESS, HALVED,
           XOR, LARGEST, MEAN, TIMES_W, WHOLE_QUOTIENT, NO_LENGTH, LENGTH_BEFORE,
           LENGTH_AFTER, BY_COLUMN, UNIFORM, NEIGHBOUR, OTHERS, PLUS, ITSELF, INVERTED,
           ONLY_RADIUS, ONLY_NOW, FROBENIUS, ZEROED, DIAGONAL, ANYWHERE, BOTH_FIRST,
           SHORT, MARKS_FIRST, SECOND_FIRST, STEPS_FIRST, NOT_CLEARED, OF_MARKS,
           LAYOUT, ONE_PAIR, SWAPPED, INTERLEAVED, WITH_REST, ROUNDED_EACH, SAME,
           ALONG, TIMES_N, NO_PIECE, FROM_ONE, WHOLE_PIECES, WRAPPED, NO_MEMORY,
           ALWAYS, ONE_EXAMPLE, N_IGNORED, BYTES, BACKWARDS, CLEARED, FROM_H,
           FROM_TOP };

/* ---- norms ---- */

/* Of one step of N examples. */
static double norm_of(const float *d, int N, int H, enum how how)
{
    double squares = 0, plain = 0, lengths = 0, size = 0;
    float squares32 = 0;
    for (int n = 0; n < N; n++) {
        double one = 0;
        for (int j = 0; j < H && (n == 0 || how != FIRST); j++) {
            double v = d[n*H + j];
            one += v * v;
            plain += v;
            size += fabs(v);
            squares32 += d[n*H + j] * d[n*H + j];
        }
        squares += one;
        lengths += sqrt(one);
    }
    switch (how) {
    case MEAN_FIRST: return fabs(plain / N);
    case UNDIVIDED:  return sqrt(squares);
    case BY_ALL:     return sqrt(squares / (N*H));
    case NO_ROOT:    return squares / N;
    case ROOT_FIRST: return sqrt(squares) / N;
    case LENGTHS:    return lengths / N;
    case IN_FLOAT:   return sqrt(squares32 / (float)N);
    case ABSOLUTE:   return size / N;
    case FIRST:      return sqrt(squares);
    default:         return sqrt(squares / N);
    }
}

static void norms_made(float *norms, const float *dh, int T, int N, int H, enum how how)
{
    double squares = 0;
    for (int t = 0; t <= T - (how == EARLY); t++) {
        double norm = norm_of(dh + (how == SWAPPED_SIZES ? t*H : t*N*H), N, H, how);
        squares += norm * norm;
        norms[t] = (float)(how == GROWS ? sqrt(squares) : norm);
    }
}

#define NORMS_OF(name, how) \
    static void name(float *norms, const float *dh, int T, int N, int H) \
    { norms_made(norms, dh, T, N, H, how); }
NORMS_OF(norms_right, RIGHT)
NORMS_OF(norms_mean_first, MEAN_FIRST)
NORMS_OF(norms_undivided, UNDIVIDED)
NORMS_OF(norms_by_all, BY_ALL)
NORMS_OF(norms_no_root, NO_ROOT)
NORMS_OF(norms_root_first, ROOT_FIRST)
NORMS_OF(norms_lengths, LENGTHS)
NORMS_OF(norms_in_float, IN_FLOAT)
NORMS_OF(norms_absolute, ABSOLUTE)
NORMS_OF(norms_early, EARLY)
NORMS_OF(norms_first, FIRST)
NORMS_OF(norms_grow, GROWS)
NORMS_OF(norms_by_h, SWAPPED_SIZES)

/* ---- Jacobians ---- */

enum { MOST = 40 };
typedef double matrix[MOST][MOST];

/* C = A B of [H,H]; C is neither. */
static void product_of(matrix C, matrix A, matrix B, int H)
{
    for (int i = 0; i < H; i++)
        for (int j = 0; j < H; j++) {
            C[i][j] = 0;
            for (int k = 0; k < H; k++)
                C[i][j] += A[i][k] * B[k][j];
        }
}

/* One step, as a matrix. */
static void step_of(matrix S, const float *h, const float *Wh, int H, enum how how)
{
    for (int j = 0; j < H; j++)
        for (int k = 0; k < H; k++) {
            double v = h[how == COLUMNS ? k : j];
            double slope = how == NO_SLOPE ? 1 : how == NOT_SQUARED ? 1 - v : 1 - v * v;
            S[j][k] = slope * Wh[how == TURNED ? k*H + j : j*H + k];
        }
}

static void jacobian(float *J, const float *h, const float *Wh, int n, int T, int N, int H,
                     enum how how)
{
    matrix all, step, next;
    bool bare = how == RIGHT_SIDE || how == PRODUCT_COLUMNS;
    for (int i = 0; i < H*H; i++)
        all[i / H][i % H] = how == ONE_MORE ? Wh[i] : i / H == i % H;
    for (int t = 1; t <= T - (how == EARLY); t++) {
        const float *ht = h + ((t - (how == BEFORE))*N + (how == FIRST ? 0 : n))*H;
        bool right = how == ORDER || how == RIGHT_SIDE;
        step_of(step, ht, Wh, H, bare ? NO_SLOPE : how);
        product_of(next, right ? all : step, right ? step : all, H);
        for (int i = 0; i < H*H; i++) {
            double v = ht[how == RIGHT_SIDE ? i / H : i % H];
            all[i / H][i % H] = next[i / H][i % H] * (bare ? 1 - v * v : 1);
        }
    }
    for (int i = 0; i < H*H; i++)
        J[i] = (float)(how == RESULT_TURNED ? all[i % H][i / H] : all[i / H][i % H]);
}

#define JACOBIAN_OF(name, how) \
    static void name(float *J, float *work, const float *h, const float *Wh, int n, int T, \
                     int N, int H) \
    { (void)work; jacobian(J, h, Wh, n, T, N, H, how); }
JACOBIAN_OF(jacobian_right, RIGHT)
JACOBIAN_OF(jacobian_order, ORDER)
JACOBIAN_OF(jacobian_columns, COLUMNS)
JACOBIAN_OF(jacobian_wh_turned, TURNED)
JACOBIAN_OF(jacobian_turned, RESULT_TURNED)
JACOBIAN_OF(jacobian_before, BEFORE)
JACOBIAN_OF(jacobian_first, FIRST)
JACOBIAN_OF(jacobian_no_slope, NO_SLOPE)
JACOBIAN_OF(jacobian_not_squared, NOT_SQUARED)
JACOBIAN_OF(jacobian_early, EARLY)
JACOBIAN_OF(jacobian_one_more, ONE_MORE)
JACOBIAN_OF(jacobian_right_side, RIGHT_SIDE)
JACOBIAN_OF(jacobian_product_columns, PRODUCT_COLUMNS)

/* ---- spectral radius ---- */

/* What a sum of logarithms becomes. */
static double radius_end(double sum, double plain, double last, double rayleigh, int steps,
                         enum how how)
{
    int half = steps / 2;
    switch (how) {
    case LAST:       return last;
    case ALL:        return exp(sum / steps);
    case FIRST_HALF: return exp(sum / half);
    case ARITHMETIC: return plain / (steps - half);
    case RAYLEIGH:   return rayleigh;
    case BY_STEPS:   return exp(sum / steps);
    case BY_HALF:    return exp(sum / half);
    case NO_EXP:     return sum / (steps - half);
    default:         return exp(sum / (steps - half));
    }
}

static float radius_made(float *v, const float *W, int steps, int H, enum how how)
{
    double x[MOST], y[MOST], sum = 0, plain = 0, growth = 0, rayleigh = 0;
    for (int j = 0; j < H; j++)
        x[j] = v[j];
    for (int k = 0; k < steps; k++) {
        double squares = 0;
        rayleigh = 0;
        for (int j = 0; j < H; j++) {
            y[j] = 0;
            for (int i = 0; i < H; i++)
                y[j] += x[i] * W[how == TURNED ? i*H + j : j*H + i];
            squares += y[j] * y[j];
            rayleigh += x[j] * y[j];
        }
        growth = sqrt(squares);
        if (growth == 0 && how != NO_CHECK)
            return 0;
        for (int j = 0; j < H && how != STUCK; j++)
            x[j] = how == UNSCALED ? (float)y[j] : y[j] / growth;
        bool counts = how == ALL || (how == FIRST_HALF ? k < steps / 2 : k >= steps / 2);
        sum += counts ? log(growth) : 0;
        plain += counts ? growth : 0;
    }
    for (int j = 0; j < H; j++)
        v[j] = (float)x[j];
    return (float)radius_end(sum, plain, growth, rayleigh, steps, how);
}

#define RADIUS_OF(name, how) \
    static float name(float *v, float *u, const float *W, int steps, int H) \
    { (void)u; return radius_made(v, W, steps, H, how); }
RADIUS_OF(radius_right, RIGHT)
RADIUS_OF(radius_last, LAST)
RADIUS_OF(radius_all, ALL)
RADIUS_OF(radius_first_half, FIRST_HALF)
RADIUS_OF(radius_arithmetic, ARITHMETIC)
RADIUS_OF(radius_unscaled, UNSCALED)
RADIUS_OF(radius_turned, TURNED)
RADIUS_OF(radius_rayleigh, RAYLEIGH)
RADIUS_OF(radius_by_steps, BY_STEPS)
RADIUS_OF(radius_by_half, BY_HALF)
RADIUS_OF(radius_no_exp, NO_EXP)
RADIUS_OF(radius_stuck, STUCK)
RADIUS_OF(radius_no_check, NO_CHECK)

/* ---- by squaring ---- */

static double size_of(matrix A, int H, enum how how)
{
    double squares = 0, largest = 0;
    for (int i = 0; i < H*H; i++) {
        double v = fabs(A[i / H][i % H]);
        squares += v * v;
        largest = v > largest ? v : largest;
    }
    return how == LARGEST ? largest : how == NO_ROOT ? squares : sqrt(squares);
}

/* log(norm(W^m)) / m: the logarithm doubles with every squaring, and is divided at last. */
static float squaring_right(float *A, float *B, const float *W, int squarings, int H)
{
    matrix power, next;
    double log_taken = 0, m = 1;
    (void)A, (void)B;
    for (int i = 0; i < H*H; i++)
        power[i / H][i % H] = W[i];
    for (int k = 0; k <= squarings; k++) {
        if (k) {
            product_of(next, power, power, H);
            memcpy(power, next, sizeof power);
            log_taken *= 2, m *= 2;
        }
        double size = size_of(power, H, RIGHT);
        if (size == 0)
            return 0;
        for (int i = 0; i < H*H; i++)
            power[i / H][i % H] /= size;
        log_taken += log(size);
    }
    return (float)exp(log_taken / m);
}

static double squaring_weight(int k, enum how how)
{
    switch (how) {
    case NO_WEIGHT:      return 1;
    case HALVED:         return pow(0.5, k + 1);
    case XOR:            return 1.0 / (2 ^ k);
    case WHOLE_QUOTIENT: return k == 0;
    default:             return pow(0.5, k);
    }
}

/* The sum as the exercise has it, with something wrong. */
static float squaring_wrong(const float *W, int squarings, int H, enum how how)
{
    matrix A, B, first;
    double sum = 0, size = 0;
    for (int i = 0; i < H*H; i++)
        A[i / H][i % H] = first[i / H][i % H] = W[i];
    for (int k = 0; k <= squarings; k++) {
        size = size_of(A, H, how);
        if (size == 0)
            return 0;
        for (int i = 0; i < H*H && how != UNSCALED && how != GROWS; i++)
            A[i / H][i % H] = (float)(A[i / H][i % H] / size);
        if (k < squarings || how != ONE_LESS)
            sum += log(size) * squaring_weight(k, how);
        for (int i = 0; i < H*H; i++)
            first[i / H][i % H] = how == TURNED ? A[i % H][i / H] : how == TIMES_W ? W[i]
                                  : A[i / H][i % H];
        product_of(B, A, first, H);
        for (int i = 0; i < H*H && k < squarings; i++)
            A[i / H][i % H] = (float)B[i / H][i % H];
    }
    if (how == GROWS)
        return (float)pow(size, pow(0.5, squarings));
    return (float)(how == NO_EXP ? sum : exp(sum));
}

#define SQUARING_OF(name, how) \
    static float name(float *A, float *B, const float *W, int squarings, int H) \
    { (void)A, (void)B; return squaring_wrong(W, squarings, H, how); }
SQUARING_OF(squaring_no_weight, NO_WEIGHT)
SQUARING_OF(squaring_unscaled, UNSCALED)
SQUARING_OF(squaring_overflows, GROWS)
SQUARING_OF(squaring_one_less, ONE_LESS)
SQUARING_OF(squaring_halved, HALVED)
SQUARING_OF(squaring_xor, XOR)
SQUARING_OF(squaring_turned, TURNED)
SQUARING_OF(squaring_largest, LARGEST)
SQUARING_OF(squaring_no_root, NO_ROOT)
SQUARING_OF(squaring_no_exp, NO_EXP)
SQUARING_OF(squaring_times_w, TIMES_W)
SQUARING_OF(squaring_whole_quotient, WHOLE_QUOTIENT)

/* ---- orthogonal matrices ---- */

static void draw_matrix(float *W, int H, uint64_t *chance, enum how how)
{
    for (int i = 0; i < H*H; i++)
        W[how == BY_COLUMN ? i % H * H + i / H : i] =
            how == UNIFORM ? 2 * uniform(chance) - 1 : normal(chance);
}

/* Takes from row i what lies along row j; by how much depends on what is done wrong. */
static void row_straighten(matrix Q, int i, int j, int H, enum how how)
{
    double dot = 0;
    for (int k = 0; k < H; k++)
        dot += Q[i][k] * Q[j][k];
    for (int k = 0; k < H; k++)
        Q[i][k] -= (how == PLUS ? -dot : dot) * Q[j][k];
}

static void row_scale(double *row, int H)
{
    double squares = 0;
    for (int k = 0; k < H; k++)
        squares += row[k] * row[k];
    for (int k = 0; k < H && squares > 0; k++)
        row[k] /= sqrt(squares);
}

static void orthogonal_made(float *W, int H, uint64_t *chance, enum how how)
{
    matrix Q;
    draw_matrix(W, H, chance, how);
    for (int i = 0; i < H*H; i++)
        *(how == COLUMNS ? &Q[i % H][i / H] : &Q[i / H][i % H]) = W[i];
    for (int i = 0; i < H; i++) {
        if (how == LENGTH_BEFORE)
            row_scale(Q[i], H);
        int from = how == NEIGHBOUR && i ? i - 1 : 0, to = how == ITSELF ? i + 1 : i;
        to = how == OTHERS ? H : how == FIRST && i ? 1 : to;
        for (int pass = 0; pass < 2; pass++)
            for (int j = from; j < to; j++)
                if (j != i || how == ITSELF)
                    row_straighten(Q, i, j, H, how);
        if (how != NO_LENGTH && how != LENGTH_BEFORE && how != LENGTH_AFTER)
            row_scale(Q[i], H);
    }
    for (int i = 0; i < H && how == LENGTH_AFTER; i++)
        row_scale(Q[i], H);
    for (int i = 0; i < H*H; i++)
        W[i] = (float)(how == COLUMNS ? Q[i % H][i / H] : Q[i / H][i % H]);
}

/* Here float matters: as in the exercise, but every row before only once. */
static void orthogonal_once(float *W, int H, uint64_t *chance)
{
    draw_matrix(W, H, chance, RIGHT);
    for (int i = 0; i < H; i++) {
        for (int j = 0; j < i; j++) {
            double dot = 0;
            for (int k = 0; k < H; k++)
                dot += (double)W[i*H + k] * W[j*H + k];
            for (int k = 0; k < H; k++)
                W[i*H + k] -= (float)dot * W[j*H + k];
        }
        vector_normalize(W + i*H, H);
    }
}

#define ORTHOGONAL_OF(name, how) \
    static void name(float *W, int H, uint64_t *chance) { orthogonal_made(W, H, chance, how); }
ORTHOGONAL_OF(orthogonal_right, RIGHT)
ORTHOGONAL_OF(orthogonal_columns, COLUMNS)
ORTHOGONAL_OF(orthogonal_no_length, NO_LENGTH)
ORTHOGONAL_OF(orthogonal_length_before, LENGTH_BEFORE)
ORTHOGONAL_OF(orthogonal_length_after, LENGTH_AFTER)
ORTHOGONAL_OF(orthogonal_by_column, BY_COLUMN)
ORTHOGONAL_OF(orthogonal_uniform, UNIFORM)
ORTHOGONAL_OF(orthogonal_neighbour, NEIGHBOUR)
ORTHOGONAL_OF(orthogonal_others, OTHERS)
ORTHOGONAL_OF(orthogonal_plus, PLUS)
ORTHOGONAL_OF(orthogonal_itself, ITSELF)
ORTHOGONAL_OF(orthogonal_first, FIRST)

/* ---- a radius set ---- */

static void set_made(float *W, const float *v, float radius, int steps, int H, enum how how)
{
    float from[MOST], squares = 0, largest = 0;
    memcpy(from, v, (size_t)H * sizeof *v);
    double now = radius_made(from, W, steps, H, RIGHT);
    for (int i = 0; i < H*H; i++) {
        squares += W[i] * W[i];
        largest = fabsf(W[i]) > largest ? fabsf(W[i]) : largest;
    }
    double by = how == INVERTED ? now / radius : how == ONLY_RADIUS ? radius
                : how == ONLY_NOW ? 1 / now : how == FROBENIUS ? radius / sqrtf(squares)
                : how == LARGEST ? radius / largest : radius / now;
    if (now == 0 && how != NO_CHECK && how != FROBENIUS && how != LARGEST)
        by = how == ZEROED ? 0 : 1;
    for (int i = 0; i < (how == FIRST ? H : H*H) && how != DIAGONAL; i++)
        W[i] = (float)(W[i] * by);
    for (int i = 0; i < H && how == DIAGONAL; i++)
        W[i*H + i] += radius - (float)now;
}

/* Each number is divided by the radius that the matrix has by then. */
static void set_inside(float *W, float *v, float *u, float radius, int steps, int H)
{
    (void)u;
    for (int i = 0; i < H*H; i++) {
        float now = radius_made(v, W, steps, H, RIGHT);
        W[i] = now > 0 ? W[i] * radius / now : W[i];
    }
}

static void set_row_lengths(float *W, float *v, float *u, float radius, int steps, int H)
{
    (void)v, (void)u, (void)steps;
    for (int j = 0; j < H; j++) {
        double squares = 0;
        for (int k = 0; k < H; k++)
            squares += W[j*H + k] * W[j*H + k];
        for (int k = 0; k < H && squares > 0; k++)
            W[j*H + k] *= (float)(radius / sqrt(squares));
    }
}

#define SET_OF(name, how) \
    static void name(float *W, float *v, float *u, float radius, int steps, int H) \
    { (void)u; set_made(W, v, radius, steps, H, how); }
SET_OF(set_right, RIGHT)
SET_OF(set_inverted, INVERTED)
SET_OF(set_only_radius, ONLY_RADIUS)
SET_OF(set_only_now, ONLY_NOW)
SET_OF(set_frobenius, FROBENIUS)
SET_OF(set_largest, LARGEST)
SET_OF(set_first_row, FIRST)
SET_OF(set_no_check, NO_CHECK)
SET_OF(set_zeroed, ZEROED)
SET_OF(set_diagonal, DIAGONAL)

/* ---- the adding problem ---- */

/* Draws two steps of one example. */
static void pair_draw(int *a, int *b, uint64_t *chance, int T, enum how how)
{
    int half = T / 2, rest = how == SHORT ? half : T - half;
    if (how == SECOND_FIRST)
        *b = half + below(chance, rest);
    *a = below(chance, how == ANYWHERE ? T : half);
    if (how == ANYWHERE)
        *b = below(chance, T);
    else if (how == BOTH_FIRST)
        *b = below(chance, half);
    else if (how != SECOND_FIRST)
        *b = half + below(chance, rest);
}

static void adding(float *x, float *y, uint64_t *chance, int T, int N, enum how how)
{
    int a = 0, b = 0, mark = how == SWAPPED ? 0 : 1;
    if (how == ONE_PAIR)
        pair_draw(&a, &b, chance, T, how);
    for (int i = 0; i < T*N && how == STEPS_FIRST; i++)
        x[i*2] = uniform(chance);
    for (int n = 0; n < N; n++) {
        float numbers[100] = {0};
        if (how == MARKS_FIRST)
            pair_draw(&a, &b, chance, T, how);
        for (int t = 0; t < T; t++)
            numbers[t] = how == STEPS_FIRST ? x[(t*N + n)*2] : uniform(chance);
        if (how != MARKS_FIRST && how != ONE_PAIR)
            pair_draw(&a, &b, chance, T, how);
        for (int t = 0; t < T; t++) {
            float *at = x + (how == LAYOUT ? n*T + t : t*N + n)*2;
            at[1 - mark] = numbers[t];
            if (how != NOT_CLEARED || t == a || t == b)
                at[mark] = t == a || t == b;
        }
        y[n] = how == OF_MARKS ? 2 : how == MEAN ? (numbers[a] + numbers[b]) / 2
               : numbers[a] + numbers[b];
    }
}

#define ADDING_OF(name, how) \
    static void name(float *x, float *y, uint64_t *chance, int T, int N) \
    { adding(x, y, chance, T, N, how); }
ADDING_OF(adding_right, RIGHT)
ADDING_OF(adding_anywhere, ANYWHERE)
ADDING_OF(adding_both_first, BOTH_FIRST)
ADDING_OF(adding_short, SHORT)
ADDING_OF(adding_marks_first, MARKS_FIRST)
ADDING_OF(adding_second_first, SECOND_FIRST)
ADDING_OF(adding_steps_first, STEPS_FIRST)
ADDING_OF(adding_not_cleared, NOT_CLEARED)
ADDING_OF(adding_of_marks, OF_MARKS)
ADDING_OF(adding_mean, MEAN)
ADDING_OF(adding_layout, LAYOUT)
ADDING_OF(adding_one_pair, ONE_PAIR)
ADDING_OF(adding_swapped, SWAPPED)

/* ---- streams ---- */

/* Which character of the text is step i of piece p of stream n. */
static int place_of(int length, int p, int T, int N, int n, int i, enum how how)
{
    int L = (length - 1) / N;
    switch (how) {
    case INTERLEAVED:  return (p*T + i)*N + n;
    case WITH_REST:    return n * (length / N) + p*T + i;
    case ROUNDED_EACH: return n * (length - 1) / N + p*T + i;
    case ALONG:        return (p*N + n)*T + i;
    case TIMES_N:      return n*L + p*T*N + i;
    case NO_PIECE:     return n*L + i;
    case FROM_ONE:     return n*L + (p - 1)*T + i;
    case WHOLE_PIECES: return n*(L / T)*T + p*T + i;
    default:           return n*L + p*T + i;
    }
}

static void batch(int *x, int *t, const int *text, int length, int p, int T, int N, enum how how)
{
    for (int i = 0; i < T*N; i++) {
        int step = how == LAYOUT ? i % T : i / N, n = how == LAYOUT ? i / T : i % N;
        int at = place_of(length, p, T, N, n, step, how);
        int next = how == SAME ? at : how == WRAPPED && step == T - 1 ? at - step : at + 1;
        x[i] = text[how == SWAPPED ? next : at];
        t[i] = text[how == SWAPPED ? at : next];
    }
}

#define BATCH_OF(name, how) \
    static void name(int *x, int *t, const int *text, int length, int p, int T, int N) \
    { batch(x, t, text, length, p, T, N, how); }
BATCH_OF(batch_right, RIGHT)
BATCH_OF(batch_interleaved, INTERLEAVED)
BATCH_OF(batch_with_rest, WITH_REST)
BATCH_OF(batch_rounded_each, ROUNDED_EACH)
BATCH_OF(batch_same, SAME)
BATCH_OF(batch_layout, LAYOUT)
BATCH_OF(batch_along, ALONG)
BATCH_OF(batch_times_n, TIMES_N)
BATCH_OF(batch_no_piece, NO_PIECE)
BATCH_OF(batch_from_one, FROM_ONE)
BATCH_OF(batch_whole_pieces, WHOLE_PIECES)
BATCH_OF(batch_wrapped, WRAPPED)
BATCH_OF(batch_swapped, SWAPPED)

/* ---- the state carried ---- */

/* Of one array of T + 1 states of N examples. */
static void state_move(float *to, const float *from, int T, int N, int H, enum how how)
{
    int n = how == ONE_EXAMPLE || how == N_IGNORED ? H : N*H;
    int last = how == BEFORE ? (T - 1)*N*H : how == N_IGNORED ? T*H : T*N*H;
    n = how == BYTES ? N*H / 4 : n;
    for (int i = 0; i < n; i++)
        if (how == BACKWARDS)
            to[last + i] = from[i];
        else
            to[i] = how == CLEARED ? 0 : from[last + i];
}

static void carry_made(struct recurrent_work *w, const struct recurrent *net, enum how how)
{
    const int T = w->T, N = w->N, H = net->H, top = net->layers - 1;
    for (int l = how == LAST ? top : 0; l <= (how == FIRST ? 0 : top); l++) {
        int from = how == FROM_TOP ? top : l;
        state_move(w->h[l], w->h[from], T, N, H, how);
        if ((net->cell->memory && how != NO_MEMORY) || how == ALWAYS)
            state_move(w->c[l], how == FROM_H ? w->h[l] : w->c[from], T, N, H, how);
    }
}

#define CARRY_OF(name, how) \
    static void name(struct recurrent_work *w, const struct recurrent *net) \
    { carry_made(w, net, how); }
CARRY_OF(carry_right, RIGHT)
CARRY_OF(carry_last, LAST)
CARRY_OF(carry_first, FIRST)
CARRY_OF(carry_no_memory, NO_MEMORY)
CARRY_OF(carry_always, ALWAYS)
CARRY_OF(carry_before, BEFORE)
CARRY_OF(carry_one_example, ONE_EXAMPLE)
CARRY_OF(carry_n_ignored, N_IGNORED)
CARRY_OF(carry_bytes, BYTES)
CARRY_OF(carry_backwards, BACKWARDS)
CARRY_OF(carry_cleared, CLEARED)
CARRY_OF(carry_from_h, FROM_H)
CARRY_OF(carry_from_top, FROM_TOP)
#endif

/* ---- the exercises ----------------------------------------------------------------- */

#define FN(f) (anything *)f
#define WHOSE_LENGTH "of how many vectors is this the mean, and how long is each?"
#define ONE_STEP "T = 1: what is d h[1,j] / d h[0,k], written out?"
#define TWO_STEPS "by which matrix is a small change of h[0] multiplied first?"
#define GOES_ROUND "growth goes 1, 4, 1, 4 for ever: by how much does v grow a step, on average?"
#define ROOTS "of W^4 the fourth root is taken: what does it make of a factor of W^2?"
#define SHADOW "what is left of a post if its shadow on a line is taken away?"
#define RIGHT_ANGLE "what should the sum over k of W[i,k] W[j,k] be, for rows, and what is it?"
#define DOUBLED "if all numbers of W are doubled, what becomes of its radius?"
#define DRAWN "what does the comment draw first, and what at the end of example 0?"
#define FINGER "a finger follows stream 1 in the text: where is it when piece 1 begins?"
#define WHERE_LAST "where does the last of T + 1 states begin, and how many numbers is it?"

const struct exercise exercises[] = {
    {"17.1", "state_norms", FN(state_norms),
     {{"T=2 N=2 H=3, by hand", norms_by_hand}, {"T=3 N=4 H=17", norms_odd},
      {"T=9 N=5 H=3, up to 100", norms_long}, {"T=0 N=3 H=5", norms_no_step},
      {"T=4 N=3 H=7, up to 1e-30", norms_tiny}, {"T=2 N=5 H=9, up to 1e30", norms_huge},
      {"T=14 N=3 H=4, fading from 1e14 to 1e-14", norms_fading}},
     JUDGE_ONLY(FN(norms_right), {
        {FN(norms_in_float), "the squares are floats: they overflow, or become 0.",
         "what is 1e-30 squared, and what is the smallest float above 0?", "17.1"},
        {FN(norms_mean_first), "the mean is taken of the numbers, not of their squares.",
         "what is the length of (3, -3)?", "17.1"},
        {FN(norms_undivided), "the sum is not divided by N.", WHOSE_LENGTH, "17.1"},
        {FN(norms_by_all), "the sum is divided by N H.", WHOSE_LENGTH, "17.1"},
        {FN(norms_no_root), "the root is missing.", "what is the length of (3, 4)?", "17.1"},
        {FN(norms_root_first), "the division by N stands behind the root.",
         "is it norms or norms squared that stands on the left of the formula?", "17.1"},
        {FN(norms_lengths), "this is the mean of the lengths of the examples.",
         "is it lengths or their squares whose mean is taken?", "17.1"},
        {FN(norms_absolute), "these are sums of absolute values.",
         "what is the length of (3, 4)?", "17.1"},
        {FN(norms_early), "the last state has no norm.", "how many states does dh hold?", "17.1"},
        {FN(norms_first), "only the first example counts.", WHOSE_LENGTH, "17.1"},
        {FN(norms_grow), "a step adds to the sum of the steps before.",
         "where in the loops must the sum begin with 0?", "17.1"},
        {FN(norms_by_h), "step t begins at t*H.", "how many numbers has a step?", "17.1"}})},
    {"17.2", "state_jacobian", FN(state_jacobian),
     {{"n=1 T=2 N=2 H=2, by hand", jacobian_by_hand}, {"n=2 T=4 N=3 H=5", jacobian_gold},
      {"n=0 T=4 N=3 H=5", jacobian_gold_first}, {"n=1 T=0 N=2 H=3", jacobian_no_step},
      {"n=2 T=1 N=4 H=6", jacobian_one_step}, {"n=1 T=3 N=2 H=17", jacobian_odd},
      {"n=3 T=2 N=5 H=16", jacobian_even}, {"n=0 T=9 N=3 H=7", jacobian_long},
      {"n=1 T=3 N=2 H=5, some states 1 or -1", jacobian_full}},
     JUDGE_ONLY(FN(jacobian_right), {
        {FN(jacobian_order), "the factors stand in the wrong order: S[1] ... S[T].", TWO_STEPS,
         "17.1"},
        {FN(jacobian_columns), "the slopes scale the columns of Wh.",
         "whose slope is it, that of the unit which is read or that of the one which reads?",
         "17.1"},
        {FN(jacobian_wh_turned), "Wh is read the other way round: Wh[k,j] for Wh[j,k].",
         ONE_STEP, "17.1"},
        {FN(jacobian_turned), "this is J with rows and columns exchanged.",
         "which index of J belongs to h[T], which to h[0]?", "17.1"},
        {FN(jacobian_before), "step t has the slope of h[t-1].",
         "which state comes out of the tanh of step t?", "17.1"},
        {FN(jacobian_first), "the states are those of example 0.",
         "where does example n begin within h[t]?", "17.1"},
        {FN(jacobian_no_slope), "the slopes of tanh are missing.", ONE_STEP, "17.1"},
        {FN(jacobian_not_squared), "the slope is 1 - h, not 1 - h^2.",
         "how steep is tanh at 0, and how steep where it is -1?", "17.1"},
        {FN(jacobian_early), "a step is missing: only T - 1 are made.",
         "T = 1: how many matrices does J consist of?", "17.1"},
        {FN(jacobian_one_more), "there is a factor Wh too many: J begins as Wh.",
         "T = 0: what is J?", "17.1"},
        {FN(jacobian_right_side), "Wh is multiplied from the right.", TWO_STEPS, "17.1"},
        {FN(jacobian_product_columns), "the slopes scale the columns of the product.",
         "which index of J belongs to the unit whose tanh it is?", "17.1"}})},
    {"17.3", "spectral_radius", FN(spectral_radius),
     {{"H=3, 5 steps, by hand", radius_by_hand}, {"H=7, 5 steps", radius_odd},
      {"H=9, 8 steps", radius_even}, {"H=2, 1 step, by hand", radius_one_step},
      {"H=17, 31 steps", radius_wide}, {"H=5, 61 steps, up to 1e-6", radius_small},
      {"H=6, 60 steps, up to 1e6", radius_large},
      {"H=5, 201 steps, the largest eigenvalue below 0", radius_negative},
      {"H=6, 3000 steps, a complex pair", radius_pair}, {"H=4, 9 steps, W^4 = 0", radius_none}},
     JUDGE_ONLY(FN(radius_right), {
        {FN(radius_last), "this is the growth in the last step alone.", GOES_ROUND, "17.2"},
        {FN(radius_all), "the mean is taken of all steps.",
         "has v been turned already in the first steps?", "17.2"},
        {FN(radius_first_half), "the mean is taken of the first half of the steps.",
         "in which half has v been turned already?", "17.2"},
        {FN(radius_arithmetic), "this is the mean of growth, not of its logarithm.", GOES_ROUND,
         "17.2"},
        {FN(radius_unscaled), "v is not scaled back to length 1.",
         "if v has length 8, how long is W v?", "17.2"},
        {FN(radius_turned), "W is read the other way round: W[k,j] for W[j,k].",
         "which row of W makes u[j]?", "17.2"},
        {FN(radius_rayleigh), "this is v times W v.",
         "W turns by a right angle: how large is v times W v then?", "17.2"},
        {FN(radius_by_steps), "the sum of half the logarithms is divided by all steps.",
         "how many logarithms are in the sum?", "17.2"},
        {FN(radius_by_half), "the sum is divided by steps/2.",
         "of 5 steps, how many come after the first 5/2?", "17.2"},
        {FN(radius_no_exp), "this is the logarithm of the radius.",
         "of 1 the logarithm is 0: what is the radius of the identity?", "17.2"},
        {FN(radius_stuck), "v stays what it was: every step is the first again.",
         "what does the second step multiply by W?", "17.2"},
        {FN(radius_no_check), "this divides by 0.",
         "what is left of a vector that W has made 0, and how long is it?", "17.2"}})},
    {"17.4*", "radius_by_squaring", FN(radius_by_squaring),
     {{"H=2, 2 squarings, by hand", squaring_by_hand}, {"H=3, no squaring, by hand", squaring_norm},
      {"H=5, 2 squarings", squaring_twice}, {"H=17, 3 squarings", squaring_odd},
      {"H=7, 9 squarings, up to 1e6", squaring_large},
      {"H=6, 8 squarings, up to 1e-6", squaring_small},
      {"H=6, 20 squarings, a complex pair", squaring_pair},
      {"H=5, 40 squarings", squaring_often}, {"H=4, 5 squarings, W^4 = 0", squaring_none},
      {"H=3, W = 0", squaring_zero}},
     JUDGE_ONLY(FN(squaring_right), {
        {FN(squaring_no_weight), "every logarithm counts whole.", ROOTS, "17.2"},
        {FN(squaring_halved), "every logarithm counts half of what it should.",
         "without any squaring, what is the norm of W to the power of 1/1?", "17.2"},
        {FN(squaring_xor), "2 ^ k is no power in C: it is 2 with the bits of k turned over.",
         "what does C print for 2 ^ 2?", "17.2"},
        {FN(squaring_whole_quotient), "only the first norm counts.",
         "what is 1 / 2 in C, if both are ints?", "17.2"},
        {FN(squaring_overflows), "nothing is taken out: the power overflows, or becomes 0.",
         "how large is 1000 to the power of 512?", "17.2"},
        {FN(squaring_unscaled), "the norm is counted, but not taken out of A.",
         "if A is not divided, what does the norm of A A hold already?", "17.2"},
        {FN(squaring_one_less), "the norm after the last squaring is left out.",
         "how many norms are there with one squaring?", "17.2"},
        {FN(squaring_turned), "A is multiplied by its transpose.",
         "is A A' a power of A?", "17.2"},
        {FN(squaring_times_w), "A is multiplied by W, not by itself.",
         "which power of W is A after two squarings?", "17.2"},
        {FN(squaring_largest), "the norm is the largest number alone.",
         "what is the norm of a matrix that is 1 everywhere?", "17.2"},
        {FN(squaring_no_root), "the norm lacks its root.",
         "what is the norm of the matrix (3 0, 0 4)?", "17.2"},
        {FN(squaring_no_exp), "this is the logarithm of the radius.",
         "of 1 the logarithm is 0: what is the radius of the identity?", "17.2"}})},
    {"17.5", "orthogonal", FN(orthogonal),
     {{"H=3, and the products of its rows", orthogonal_meet},
      {"H=2, by hand", orthogonal_by_hand}, {"H=6", orthogonal_gold},
      {"H=17", orthogonal_odd}, {"H=8", orthogonal_even}, {"H=40", orthogonal_large},
      {"H=1", orthogonal_one}, {"H=5, its last row nearly in the space of the others",
      orthogonal_rest}},
     JUDGE_ONLY(FN(orthogonal_right), {
        {FN(orthogonal_columns), "the columns are made orthogonal one after the other.",
         "which numbers of W are a row?", "17.3"},
        {FN(orthogonal_once), "every row loses the others only once.",
         "of 1 a float is off by 6e-8: of a row of which 3e-5 is left, how much is that?", "17.3"},
        {FN(orthogonal_no_length), "the rows are not scaled to length 1.", RIGHT_ANGLE, "17.3"},
        {FN(orthogonal_length_before), "a row is scaled before the others are taken from it.",
         "how long is what is left of a vector of length 1?", "17.3"},
        {FN(orthogonal_length_after), "all rows are scaled at the very end.",
         "how long is the shadow on a row whose length is 3, by this formula?", "17.3"},
        {FN(orthogonal_by_column), "the numbers are drawn column by column.",
         "which number follows W[0,0] in memory?", "17.3"},
        {FN(orthogonal_uniform), "the numbers are drawn by uniform().",
         "do points drawn in a square lie in all directions alike?", "17.3"},
        {FN(orthogonal_neighbour), "a row loses only the row just before it.", RIGHT_ANGLE,
         "17.3"},
        {FN(orthogonal_first), "a row loses only row 0.", RIGHT_ANGLE, "17.3"},
        {FN(orthogonal_others), "a row loses also the rows behind it.",
         "which rows have length 1 already?", "17.3"},
        {FN(orthogonal_plus), "the shadow is added.", SHADOW, "17.3"},
        {FN(orthogonal_itself), "a row loses itself.", "up to which j does the loop go?",
         "17.3"}})},
    {"17.6", "radius_set", FN(radius_set),
     {{"H=3, from 2 to 5, by hand", set_by_hand}, {"H=5, to 0.9", set_gold},
      {"H=7, to 1.2", set_odd}, {"H=17, to 0.5", set_wide}, {"H=5, to 1", set_small},
      {"H=4, to 0", set_to_zero}, {"H=4, W^4 = 0", set_none}},
     JUDGE_ONLY(FN(set_right), {
        {FN(set_inverted), "this multiplies where it should divide.", DOUBLED, "17.2"},
        {FN(set_only_radius), "the radius that W had is forgotten.", DOUBLED, "17.2"},
        {FN(set_only_now), "the radius that W shall have is forgotten.", DOUBLED, "17.2"},
        {FN(set_frobenius), "W is divided by the root of the sum of its squares.",
         "what is that root for the identity, and what its radius?", "17.2"},
        {FN(set_largest), "W is divided by its largest number.",
         "what is the radius of a matrix of 2 rows that is 1 everywhere?", "17.2"},
        {FN(set_row_lengths), "every row is scaled by itself.",
         "is W still a multiple of what it was?", "17.2"},
        {FN(set_first_row), "only the first H numbers are scaled.", "how many numbers has W?",
         "17.2"},
        {FN(set_inside), "the radius is measured again for every number.",
         "what is the radius of a matrix that is scaled half?", "17.2"},
        {FN(set_diagonal), "the difference is added to the diagonal.", DOUBLED, "17.2"},
        {FN(set_no_check), "this divides by 0.",
         "what should become of a matrix whose radius is 0?", "17.2"},
        {FN(set_zeroed), "a matrix whose radius is 0 becomes 0.",
         "what does the comment say of a matrix whose radius is 0?", "17.2"}},
     .uses = "17.3")},
    {"17.7", "adding_batch", FN(adding_batch),
     {{"T=5 N=3", adding_gold}, {"T=11 N=19", adding_odd}, {"T=8 N=17", adding_even},
      {"T=2 N=4", adding_shortest}, {"T=3 N=12", adding_three}, {"T=61 N=5", adding_long},
      {"T=9 N=1", adding_one}},
     JUDGE_ONLY(FN(adding_right), {
        {FN(adding_anywhere), "both marks are drawn from all T steps.",
         "how far apart can two marks be, and can they be the same?", "17.5"},
        {FN(adding_both_first), "both marks are in the first half.",
         "to which number must what below() gives be added for b?", "17.5"},
        {FN(adding_short), "with odd T the last step is never marked.",
         "T = 5: how many steps are there from T/2 to T-1?", "17.5"},
        {FN(adding_marks_first), "the marks are drawn before the numbers.", DRAWN, "17.5"},
        {FN(adding_second_first), "b is drawn before a.", DRAWN, "17.5"},
        {FN(adding_steps_first), "the numbers of all examples are drawn first, step by step.",
         DRAWN, "17.5"},
        {FN(adding_not_cleared), "the marks of the other steps are left as they were.",
         "what was in x before?", "17.5"},
        {FN(adding_of_marks), "y is the sum of the marks.",
         "which of the two numbers of a step is to be added?", "17.5"},
        {FN(adding_mean), "y is the mean of the two.", "what is the task: the sum, or the mean?",
         "17.5"},
        {FN(adding_layout), "x is filled as [N,T,2].", "what comes first in every array here?",
         "17.5"},
        {FN(adding_one_pair), "all examples have the same marks.",
         "for which of the loops are a and b drawn?", "17.5"},
        {FN(adding_swapped), "the marks are in x[t,n,0], the numbers in x[t,n,1].",
         "which of the two is number 0?", "17.5"}})},
    {"17.8", "stream_batch", FN(stream_batch),
     {{"41 characters, p=2 T=3 N=2, by hand", batch_by_hand},
      {"32 characters, p=1 T=3 N=4", batch_divides}, {"200 characters, p=5 T=7 N=4", batch_later},
      {"31 characters, p=1 T=3 N=5", batch_to_the_end},
      {"40 characters, p=0 T=4 N=3", batch_begin},
      {"30 characters, p=2 T=9 N=1", batch_one_stream},
      {"29 characters, p=3 T=1 N=6", batch_one_step},
      {"5 characters, p=0 T=2 N=2", batch_shortest}},
     JUDGE_ONLY(FN(batch_right), {
        {FN(batch_interleaved), "stream n has every N-th character.", FINGER, "17.6"},
        {FN(batch_with_rest), "a stream has length / N characters.",
         "which target has the last character of the text?", "17.6"},
        {FN(batch_rounded_each), "a stream begins at n (length - 1) / N, rounded for itself.",
         "in which order are n, the product and the quotient made?", "17.6"},
        {FN(batch_same), "the targets are the inputs.",
         "what shall the network say after the first character?", "17.6"},
        {FN(batch_layout), "x and t are filled as [N,T].",
         "what comes first in every array here?", "17.6"},
        {FN(batch_along), "the N pieces follow one another in the text.", FINGER, "17.6"},
        {FN(batch_times_n), "piece p begins p T N characters into its stream.", FINGER, "17.6"},
        {FN(batch_no_piece), "this is always piece 0.", FINGER, "17.6"},
        {FN(batch_from_one), "pieces are counted from 1.",
         "with which number does the first piece come?", "17.6"},
        {FN(batch_whole_pieces), "a stream is as long as its whole pieces.",
         "what is L for 32 characters and N = 4?", "17.6"},
        {FN(batch_wrapped), "the last target is the first input of the piece.",
         "what follows the last character of a piece in the text?", "17.6"},
        {FN(batch_swapped), "inputs and targets have changed places.",
         "which of the two comes later in the text?", "17.6"}})},
    {"17.9", "state_carry", FN(state_carry),
     {{"1 layer, T=3 N=5 H=4", carry_one}, {"3 layers, T=4 N=2 H=3", carry_three},
      {"2 layers with a memory, T=3 N=2 H=6", carry_memory},
      {"3 layers with a memory, T=2 N=3 H=7", carry_deep_memory},
      {"2 layers with a memory, T=1 N=3 H=2", carry_one_step},
      {"2 layers, T=5 N=3 H=17", carry_wide},
      {"2 layers, two pieces against one", carry_gold}},
     JUDGE_ONLY(FN(carry_right), {
        {FN(carry_last), "only the last layer goes on.", "which layers have states?", "17.6"},
        {FN(carry_first), "only the first layer goes on.", "which layers have states?", "17.6"},
        {FN(carry_no_memory), "c is forgotten.", "what may a cell remember besides h?", "17.6"},
        {FN(carry_always), "c is written, though this cell has none.",
         "which field of a cell says whether there is a c?", "17.6"},
        {FN(carry_before), "this is the state before the last step.",
         "how many states does h[l] hold, if T steps were made?", "17.6"},
        {FN(carry_one_example), "only the first example goes on.", WHERE_LAST, "17.6"},
        {FN(carry_n_ignored), "the last state is looked for at T*H.", WHERE_LAST, "17.6"},
        {FN(carry_bytes), "a quarter of the numbers is copied.",
         "does memcpy() count numbers or bytes?", "17.6"},
        {FN(carry_backwards), "the first state is copied over the last.",
         "which of its arguments does memcpy() write to?", "17.6"},
        {FN(carry_cleared), "the first state becomes 0.", "where did the last piece end?", "17.6"},
        {FN(carry_from_h), "c is given the last h.", "which of the two does the cell read as c?",
         "17.6"},
        {FN(carry_from_top), "every layer goes on with the state of the last layer.",
         "whose state was it that layer 0 ended with?", "17.6"}})},
    {0}};
