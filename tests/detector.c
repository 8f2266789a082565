/* detector.c: what chapter 15 gives, and its exercises put together, on things drawn at
 * random: average precision against another algorithm, the loss and the whole network
 * against slopes, the classifier that slides against one window after the other, scenes.
 * Prints ok and not ok. */
#include <15-detection/detection.c>

static int failed;

__attribute__((format(printf, 2, 3)))
static void tell(int good, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("%s - detector: ", good ? "ok" : "not ok");
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    failed += !good;
}

static int from_to(int low, int high, uint64_t *s) { return low + below(s, high - low + 1); }

/* Exactly as much as is needed, so that a sanitizer sees one step too far. */
static void *exactly(long count, size_t bytes)
{
    void *p = malloc((size_t)count * bytes + !count);
    if (!p)
        die("no memory");
    return p;
}

static float *drawn(long n, float size, uint64_t *s)
{
    float *p = exactly(n, sizeof *p);
    for (long i = 0; i < n; i++)
        p[i] = size * swing(s);
    return p;
}

/* ---- average precision ------------------------------------------------------------------- */

/* By recall, not by rank: to have found h objects costs at best a precision, the largest
 * of all ranks by which that many are found; AP is the mean of these over h = 1, 2 ... */
static double precision_mean(const int *found, int objects, int n)
{
    double sum = 0;
    for (int h = 1; h <= objects; h++) {
        double best = 0;
        for (int rank = 1; rank <= n; rank++) {
            int hits = 0;
            for (int i = 0; i < rank; i++)
                hits += found[i] >= 0;
            if (hits >= h)
                best = fmax(best, (double)hits / rank);
        }
        sum += best;
    }
    return objects ? sum / objects : NAN;
}

/* How far two are apart; 0 if both are NAN. */
static double apart(double a, double b)
{
    return isnan(a) && isnan(b) ? 0 : isnan(a) || isnan(b) ? INFINITY : fabs(a - b);
}

static void test_rankings(int count, uint64_t *s)
{
    double most = 0;
    int empty = 0, none = 0;
    for (int k = 0; k < count; k++) {
        int n = k % 9 ? from_to(0, 30, s) : 0, hits = 0, rare = from_to(1, 5, s);
        int *found = exactly(n, sizeof *found);
        for (int i = 0; i < n; i++)
            found[i] = below(s, rare) ? -1 : hits++;
        int objects = below(s, 4) ? hits + below(s, 9) : hits;
        empty += n == 0, none += objects == 0;
        most = fmax(most, apart(average_precision(found, objects, n),
                                precision_mean(found, objects, n)));
        free(found);
    }
    tell(most < 1e-6 && empty && none,
         "average precision of %d rankings, %d of them empty, %d without objects (%.0e)",
         count, empty, none, most);
}

/* ---- mean average precision: by pixels, and in whole numbers ----------------------------- */

enum { BOARD = 16 };
struct pixels { int both, all; };

static bool covers(struct box b, int i, int j)
{
    return i >= b.y0 && i < b.y1 && j >= b.x0 && j < b.x1;
}

/* The pixels that two boxes of whole pixels both cover, and those that any covers. */
static struct pixels share_counted(struct box a, struct box b)
{
    struct pixels n = {0, 0};
    for (int i = 0; i < BOARD; i++)
        for (int j = 0; j < BOARD; j++) {
            n.both += covers(a, i, j) && covers(b, i, j);
            n.all += covers(a, i, j) || covers(b, i, j);
        }
    return n;
}

/* Is a at least `percent`, and is it more than b?  Both without rounding. */
static bool reaches(struct pixels a, int percent) { return 100 * a.both >= percent * a.all; }
static bool exceeds(struct pixels a, struct pixels b)
{
    return a.both * b.all > b.both * a.all;
}

/* A set of detections and objects, each a few of K classes in a few scenes. */
struct exam { struct detection *d; struct object *object; int n, m, K; };

static struct box box_whole(uint64_t *s)
{
    int x = below(s, 8), y = below(s, 8), wide = from_to(1, 8, s), high = from_to(1, 8, s);
    return (struct box){(float)x, (float)y, (float)(x + wide), (float)(y + high)};
}

static struct box box_nudged(struct box b, uint64_t *s)
{
    float *side[] = {&b.x0, &b.y0, &b.x1, &b.y1}, *one = side[below(s, 4)];
    float to = *one + (float)from_to(-1, 1, s);
    if (to >= 0 && to <= BOARD)
        *one = to;
    return b;
}

static struct exam exam_drawn(uint64_t *s)
{
    struct exam e = {.n = below(s, 5) ? below(s, 25) : 0, .m = below(s, 6) ? below(s, 13) : 0};
    int scenes = from_to(1, 3, s), only = below(s, 4);
    e.K = from_to(1, 5, s);
    e.d = exactly(e.n, sizeof *e.d), e.object = exactly(e.m, sizeof *e.object);
    for (int k = 0; k < e.m; k++) {
        struct box b = box_whole(s);
        int class = below(s, e.K);
        e.object[k] = (struct object){b, class, below(s, scenes)};
    }
    for (int i = 0; i < e.n; i++) {
        float score = (float)below(s, 9) / 8;  // many are equal
        e.d[i] = (struct detection){box_whole(s), 0, 0, score};
        e.d[i].class = only ? below(s, e.K) : e.K - 1;
        e.d[i].scene = below(s, scenes);
        if (e.m && below(s, 3)) {
            // Near an object.
            const struct object *o = e.object + below(s, e.m);
            e.d[i] = (struct detection){box_nudged(o->box, s), o->class, o->scene, score};
        }
    }
    return e;
}

static void exam_free(struct exam *e) { free(e->d), free(e->object); }

/* The detection that has place `rank` among those of class k: as many are before it. */
static int ranked(const struct exam *e, int k, int rank)
{
    for (int i = 0; i < e->n; i++) {
        int before = 0;
        for (int j = 0; j < e->n; j++)
            before += e->d[j].class == k && (e->d[j].score > e->d[i].score
                      || (e->d[j].score == e->d[i].score && j < i));
        if (e->d[i].class == k && before == rank)
            return i;
    }
    return -1;
}

/* What detection i finds of what is left, which it takes. */
static int finds(bool *left, const struct exam *e, int i, int percent)
{
    int found = -1;
    for (int k = e->m - 1; k >= 0; k--) {
        const struct object *o = e->object + k;
        struct pixels now = share_counted(e->d[i].box, o->box);
        if (!left[k] || o->class != e->d[i].class || o->scene != e->d[i].scene
            || !reaches(now, percent))
            continue;
        if (found < 0 || !exceeds(share_counted(e->d[i].box, e->object[found].box), now))
            found = k;
    }
    if (found >= 0)
        left[found] = false;
    return found;
}

static double class_precision(const struct exam *e, int k, int percent)
{
    bool *left = exactly(e->m, sizeof *left);
    int *found = exactly(e->n, sizeof *found), count = 0, objects = 0;
    for (int i = 0; i < e->m; i++) {
        left[i] = true;
        objects += e->object[i].class == k;
    }
    for (int i; (i = ranked(e, k, count)) >= 0;)
        found[count++] = finds(left, e, i, percent);
    double ap = precision_mean(found, objects, count);
    free(found), free(left);
    return ap;
}

/* The mean; the largest difference to what the chapter says of a class goes to *off. */
static double exam_mean(double *off, const float *ap, const struct exam *e, int percent)
{
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < e->K; k++) {
        double own = class_precision(e, k, percent);
        if (ap)
            *off = fmax(*off, apart(own, ap[k]));
        if (!isnan(own))
            sum += own, classes++;
    }
    return classes ? sum / classes : NAN;
}

/* Does match() say of each detection, in the order given, what it finds? */
static bool matches(const struct exam *e, int percent)
{
    bool *left = exactly(e->m, sizeof *left), *taken = exactly(e->m, sizeof *taken);
    int *found = exactly(e->n, sizeof *found), same = 1;
    for (int k = 0; k < e->m; k++)
        left[k] = taken[k] = true;
    match(found, taken, e->d, e->object, (float)percent / 100, e->n, e->m);
    for (int i = 0; i < e->n; i++)
        same &= found[i] == finds(left, e, i, percent);
    for (int k = 0; k < e->m; k++)
        same &= taken[k] != left[k];
    free(found), free(taken), free(left);
    return same;
}

static void test_exams(int count, uint64_t *s)
{
    double most = 0, over = 0;
    int nothing = 0, matched = 0;
    for (int k = 0; k < count; k++) {
        struct exam e = exam_drawn(s);
        int percent = 5 * from_to(0, 20, s);
        float *ap = drawn(e.K, 1, s);
        struct exam own = e;
        matched += matches(&e, percent);
        own.d = exactly(e.n, sizeof *own.d);
        memcpy(own.d, e.d, (size_t)e.n * sizeof *e.d);
        float mean = mean_average_precision(ap, own.d, e.object, (float)percent / 100, e.n,
                                            e.m, e.K);
        nothing += isnan(mean) != 0;
        most = fmax(most, apart(exam_mean(&most, ap, &e, percent), mean));
        if (k % 10 == 0) {
            double sum = 0;
            for (int i = 50; i < 100; i += 5)
                sum += exam_mean(NULL, NULL, &e, i) / 10;
            float got = mean_ap_over_limits(own.d, e.object, e.n, e.m, e.K);
            over = fmax(over, apart(sum, got));
        }
        free(own.d), free(ap), exam_free(&e);
    }
    tell(matched == count, "match finds the same as pixels, counted, in %d sets", count);
    tell(most < 1e-6 && nothing,
         "mAP of %d sets of classes and scenes, %d of them without an object (%.0e)", count,
         nothing, most);
    tell(over < 1e-6, "mAP over ten limits, where an IoU may be one of them (%.0e)", over);
}

/* ---- the loss: slopes at every number of z ----------------------------------------------- */

/* One cell, in double: the three parts, not yet divided. */
struct cost { double box, object, class; };

static struct cost cell_cost(const double *z, const float *t, int class, int K)
{
    struct cost c = {0, log1p(exp(-fabs(z[OBJECT]))) + fmax(z[OBJECT], 0), 0};
    double top = -INFINITY, sum = 0;
    if (class < 0)
        return c;
    c.object -= z[OBJECT];
    for (int i = 0; i < 4; i++) {
        double far = fabs(z[i] - t[i]), beta = BETA;
        c.box += far < beta ? far * far / (2*beta) : far - beta/2;
    }
    for (int k = 0; k < K; k++)
        top = fmax(top, z[CLASSES + k]);
    for (int k = 0; k < K; k++)
        sum += exp(z[CLASSES + k] - top);
    c.class = log(sum) + top - z[CLASSES + class];
    return c;
}

static double cost_sum(const double *z, const float *t, int class, int K)
{
    struct cost c = cell_cost(z, t, class, K);
    return c.box + c.object + c.class;
}

/* The gradient by the formula of 15.9, in double. */
static void cell_gradient(double *dz, const double *z, const float *t, int class, int K)
{
    double sum = 0;
    memset(dz, 0, (size_t)(5 + K) * sizeof *dz);
    dz[OBJECT] = 1 / (1 + exp(-z[OBJECT])) - (class >= 0);
    if (class < 0)
        return;
    for (int i = 0; i < 4; i++)
        dz[i] = fmax(-1, fmin(1, (z[i] - t[i]) / (double)BETA));
    for (int k = 0; k < K; k++)
        sum += exp(z[CLASSES + k] - z[CLASSES]);
    for (int k = 0; k < K; k++)
        dz[CLASSES + k] = exp(z[CLASSES + k] - z[CLASSES]) / sum - (k == class);
}

/* The worst of a set of cells: formula against slope, our gradient against the formula, our
 * loss against its double. */
struct worst { double slope, gradient, loss; };

static void test_cells(struct worst *w, int n, int K, uint64_t *s)
{
    float *z = drawn((long)n * (5 + K), 4, s), *t = drawn(4L * n, 1, s);
    float *p = drawn((long)n * K, 1, s), *dz = drawn((long)n * (5 + K), 1, s);
    double row[64], own[64], P = 0, box = 0, object = 0, kind = 0;
    int *class = exactly(n, sizeof *class), rare = from_to(1, 6, s);
    float *before = exactly((long)n * (5 + K), sizeof *before);
    memcpy(before, dz, (size_t)n * (5 + K) * sizeof *dz);
    for (int c = 0; c < n; c++) {
        class[c] = below(s, rare) ? -1 : below(s, K);
        P += class[c] >= 0;
        for (int i = 0; i < 4; i++)
            z[c*(5 + K) + i] = t[4*c + i] + 0.3f * swing(s);
    }
    P = fmax(P, 1);
    struct detection_loss loss = detection_loss_forward(p, z, t, class, n, K);
    detection_loss_backward(dz, p, z, t, class, n, K);
    for (int c = 0; c < n; c++) {
        for (int i = 0; i < 5 + K; i++)
            row[i] = z[c*(5 + K) + i];
        struct cost cost = cell_cost(row, t + 4*c, class[c], K);
        box += cost.box / P, object += cost.object / P, kind += cost.class / P;
        cell_gradient(own, row, t + 4*c, class[c], K);
        for (int i = 0; i < 5 + K; i++) {
            const double at = row[i], h = 1e-6;
            row[i] = at + h;
            double up = cost_sum(row, t + 4*c, class[c], K);
            row[i] = at - h;
            double down = cost_sum(row, t + 4*c, class[c], K);
            row[i] = at;
            w->slope = fmax(w->slope, fabs((up - down) / (2*h) - own[i]));
            double got = (double)dz[c*(5 + K) + i] - before[c*(5 + K) + i];
            w->gradient = fmax(w->gradient, fabs(got - own[i] / P));
        }
    }
    w->loss = fmax(w->loss, fabs(loss.box - box) / (1 + box));
    w->loss = fmax(w->loss, fabs(loss.object - object) / (1 + object));
    w->loss = fmax(w->loss, fabs(loss.class - kind) / (1 + kind));
    free(z), free(t), free(p), free(dz), free(class), free(before);
}

static void test_loss(int sets, uint64_t *s)
{
    struct worst w = {0};
    for (int k = 0; k < sets; k++) {
        int n = from_to(1, 40, s);
        test_cells(&w, n, from_to(1, 12, s), s);
    }
    tell(w.slope < 1e-5, "the formula of the gradient is the slope of the loss (%.0e)", w.slope);
    tell(w.gradient < 1e-6, "our gradient is that of the formula (%.0e)", w.gradient);
    tell(w.loss < 1e-6, "our loss is that in double (%.0e)", w.loss);
}

/* ---- the whole network ------------------------------------------------------------------- */

enum { PICTURES = 2, HIGH = 24, WIDE = 16, TYPES = 3 };

/* A tensor of a network: where its numbers are, without the gaps of the panels. */
struct numbers { float **at; int n; };

static struct numbers numbers_of(const struct resnet *net, int number)
{
    const struct unit *u = net->unit + number / 3;
    const struct conv *c = &u->c;
    bool last = number >= 3 * net->units, weights = !last && number % 3 == 0;
    bool bias = last && number % 3;
    struct numbers t = {.n = bias ? net->K : last ? net->K * net->D : c->M};
    if (weights)
        t.n *= c->R * c->S * c->C;
    t.at = exactly(t.n, sizeof *t.at);
    for (int i = 0; i < t.n; i++)
        if (weights)
            t.at[i] = unit_weight(u, i / c->M / c->C / c->S, i / c->M / c->C % c->S,
                                  i / c->M % c->C, i % c->M);
        else
            t.at[i] = (bias ? net->b : last ? net->W : number % 3 == 1 ? u->gamma : u->beta) + i;
    return t;
}

/* A network with its gradient and all it works with: pictures with objects in them. */
struct trial { struct resnet net, grad; struct detector_work work; float *block, *x; };

static struct trial trial_new(uint64_t *s)
{
    struct resnet plan = detector_plan(HIGH, WIDE, TYPES);
    size_t size = resnet_size(&plan), stats = resnet_stats_size(&plan);
    struct trial t = {.block = floats(2*size + stats), .x = drawn(PICTURES * HIGH * WIDE, 1, s)};
    struct cells g = cells_of(HIGH, WIDE);
    t.net = resnet_at(plan, t.block, t.block + 2*size);
    t.grad = resnet_at(plan, t.block + size, NULL);
    detector_init(&t.net, s);
    t.work = detector_work_new(&t.net, PICTURES);
    t.work.body.x = t.x;
    for (int n = 0; n < PICTURES; n++) {
        struct object o[] = {{{1, 2, 13, 15}, n, n}, {{4, 12, 15, 23}, 2, n}};
        cells_target(t.work.t + 4*n*t.work.cells, t.work.class + n*t.work.cells, o, 2, &g);
    }
    for (int k = 1; k < 3 * t.net.units + 2; k++) {
        // No gamma is 1, and no bias 0.
        struct numbers one = numbers_of(&t.net, k);
        for (int i = 0; i < one.n; i++)
            *one.at[i] += 0.1f * normal(s);
        free(one.at);
    }
    return t;
}

static double trial_loss(struct trial *t)
{
    detector_forward(&t->work, &t->net, true, PICTURES);
    struct detection_loss l = detection_loss_forward(t->work.p, t->work.z, t->work.t, t->work.class,
                                                PICTURES * t->work.cells, TYPES);
    return (double)l.box + l.object + l.class;
}

/* Along the gradient of one tensor the loss rises by the size of that gradient: if some of
 * its numbers were wrong, it would rise by less, or more.  How far off, if it is to rise by
 * `most`. */
static double tensor_off(struct trial *t, int number, double most)
{
    struct numbers w = numbers_of(&t->net, number), g = numbers_of(&t->grad, number);
    float *keep = exactly(w.n, sizeof *keep);
    double size = 0, loss[2], rise = 0;
    for (int i = 0; i < w.n; i++)
        size += (double)*g.at[i] * *g.at[i];
    float step = (float)(most / size);
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < w.n; i++) {
            float old = keep[i] = *w.at[i];
            *w.at[i] = fmaf(side ? -step : step, *g.at[i], old);
            rise += (side ? -1 : 1) * ((double)*w.at[i] - old) * *g.at[i];
        }
        loss[side] = trial_loss(t);
        for (int i = 0; i < w.n; i++)
            *w.at[i] = keep[i];
    }
    free(keep), free(g.at), free(w.at);
    return fabs((loss[0] - loss[1]) / rise - 1);
}

/* Long steps cross the bends of many a relu, short ones drown in rounding. */
static double tensor_error(struct trial *t, int number)
{
    return fmin(tensor_off(t, number, 4e-3),
                fmin(tensor_off(t, number, 1e-3), tensor_off(t, number, 3e-4)));
}

static void test_network(uint64_t chance)
{
    struct trial t = trial_new(&chance);
    double most = 0, loss = trial_loss(&t);
    const size_t size = resnet_size(&t.net);
    float *first = exactly((long)size, sizeof *first), *grad = t.block + size;
    float old = t.net.unit->running_mean[3];
    struct detection_loss l = detector_gradient(&t.grad, &t.work, &t.net, PICTURES);
    float now = fmaf(0.1f, t.work.body.unit->mean[3], 0.9f * old);
    tell(fabsf(t.net.unit->running_mean[3] - now) < 1e-6f,
         "detector_gradient moves the running statistics");
    memcpy(first, grad, size * sizeof *first);
    for (size_t i = 0; i < size; i++)
        grad[i] = 1;
    detector_gradient(&t.grad, &t.work, &t.net, PICTURES);
    int tensors = 3 * t.net.units + 2, worst = 0;
    bool same = true;
    for (int k = 0; k < tensors; k++) {
        struct numbers g = numbers_of(&t.grad, k);
        for (int i = 0; i < g.n; i++)
            same &= !memcmp(first + (g.at[i] - grad), g.at[i], sizeof *first);
        free(g.at);
    }
    tell(same, "detector_gradient is the same whatever was there before");
    for (int k = 0; k < tensors; k++) {
        double e = tensor_error(&t, k);
        if (!(e <= most))
            most = e, worst = k;
    }
    tell(most < 1e-2, "detector_gradient is the slope of its loss, for each of %d tensors "
         "(%.0e in number %d)", tensors, most, worst);
    tell((double)l.box + l.object + l.class == loss, "and the loss it returns is that loss");
    detector_work_free(&t.work);
    free(first), free(t.block), free(t.x);
}

/* In evaluation, what is said of one picture does not depend on the others. */
static void test_evaluation(uint64_t *s)
{
    struct trial t = trial_new(s);
    const int row = t.work.cells * t.net.K;
    detector_forward(&t.work, &t.net, false, PICTURES);
    float *both = exactly(PICTURES * row, sizeof *both);
    memcpy(both, t.work.z, (size_t)(PICTURES * row) * sizeof *both);
    int same = t.work.cells == (HIGH / STRIDE) * (WIDE / STRIDE);
    for (int n = 0; n < PICTURES; n++) {
        t.work.body.x = t.x + n * HIGH * WIDE;
        detector_forward(&t.work, &t.net, false, 1);
        same &= !memcmp(t.work.z, both + n * row, (size_t)row * sizeof *both);
    }
    tell(same, "detector_forward says of one picture alone what it says among others");
    free(both);
    detector_work_free(&t.work);
    free(t.block), free(t.x);
}

/* ---- the classifier that slides ---------------------------------------------------------- */

/* Its logits of an image [Y,X] against those of every window alone: are they equal? */
static bool slides(struct lenet shape, int Y, int X, uint64_t *s)
{
    float *block = drawn(lenet_size(&shape), 0.3f, s), *x = drawn((long)Y*X*shape.C, 1, s);
    float *memory_ = floats(lenet_work_size(&shape, 1));
    struct lenet net = lenet_at(block, &shape);
    struct lenet_work work = lenet_work_at(memory_, &shape, 1);
    struct slide slide = slide_new(&net, Y, X);
    const struct conv *end = &slide.conv5;
    bool same = end->P == (Y - shape.Y) / 4 + 1 && end->Q == (X - shape.X) / 4 + 1;
    slide_forward(&slide, x);
    for (int w = 0; w < end->P * end->Q; w++) {
        int p = w / end->Q, q = w % end->Q;
        for (int i = 0; i < shape.Y; i++)
            memcpy(work.x + i * shape.X * shape.C, x + ((4*p + i)*X + 4*q) * shape.C,
                   (size_t)(shape.X * shape.C) * sizeof *x);
        lenet_forward(&work, &net, 1);
        same &= !memcmp(work.z, slide.z + w * shape.K, (size_t)shape.K * sizeof *x);
    }
    free(slide.block), free(memory_), free(x), free(block);
    return same;
}

static void test_slide(int shapes, uint64_t *s)
{
    bool lenet = slides(lenet_valid(28, 28, 1, 6, 16, 120, 84, 11), 64, 64, s);
    bool wide = slides(lenet_valid(28, 28, 1, 16, 32, 48, 24, 5), 36, 41, s);
    bool few = slides(lenet_valid(28, 28, 1, 1, 40, 9, 7, 3), 32, 32, s);
    int right = 0;
    for (int k = 0; k < shapes; k++) {
        // Where 4 p and 4 q are windows, the window ends as the image does: at a pool's edge.
        int Y = 16 + 4 * below(s, 3), X = 16 + 4 * below(s, 3), C = from_to(1, 3, s);
        int M1 = from_to(1, 9, s), M2 = from_to(1, 18, s), H1 = from_to(1, 9, s);
        int H2 = from_to(1, 9, s), K = from_to(1, 7, s), more = below(s, 14);
        right += slides(lenet_valid(Y, X, C, M1, M2, H1, H2, K), Y + more, X + below(s, 14), s);
    }
    tell(lenet && wide, "slide_forward gives, to the last bit, lenet_forward of each window");
    tell(few, "with one kernel in the first layer and many in the second, too");
    tell(right == shapes, "and for %d random shapes", shapes);
}

/* ---- boxes and detections: what must hold whatever is drawn ------------------------------ */

static void test_boxes(int count, uint64_t *s)
{
    double most = 0, turned = 0;
    for (int k = 0; k < count; k++) {
        float x = 64 * uniform(s), y = 64 * uniform(s), wide = 0.1f + 40 * uniform(s);
        float high = 0.1f + 40 * uniform(s), t[4];
        struct box b = {x, y, x + wide, y + high}, c = box_whole(s);
        struct cells g = {8, 8, STRIDE, 24};
        struct box anchor = anchor_at(&g, below(s, 64));
        box_encode(t, b, anchor);
        struct box back = box_decode(t, anchor);
        most = fmax(most, 1 - (double)iou(b, back));
        turned = fmax(turned, apart(iou(b, c), iou(c, b)));
        turned = fmax(turned, apart(giou(b, c), giou(c, b)));
        struct pixels n = share_counted(c, anchor);
        if (c.x1 <= BOARD && anchor.x0 >= 0 && anchor.y0 >= 0 && anchor.x1 <= BOARD
            && anchor.y1 <= BOARD)
            turned = fmax(turned, apart(iou(c, anchor), (float)n.both / (float)n.all));
    }
    tell(most < 1e-4, "a box encoded and decoded is that box (1 - IoU: %.0e)", most);
    tell(turned == 0, "iou and giou do not care which box comes first");
    struct box far = box_decode((float[4]){0, 0, 1e30f, INFINITY}, (struct box){0, 0, 24, 24});
    tell(far.x1 - far.x0 < 1501 && far.y1 - far.y0 < 1501 && far.x0 < -700 && far.y0 < -700,
         "no box is decoded to more than its limit");
}

static bool detections_ordered(const struct detection *d, int n)
{
    for (int i = 1; i < n; i++)
        if (!(d[i-1].score >= d[i].score))
            return false;
    return true;
}

/* Is d[i] suppressed by one of those that are kept? */
static bool lies_upon(const struct detection *kept, int count, struct detection d, float limit)
{
    for (int i = 0; i < count; i++)
        if (kept[i].class == d.class && kept[i].scene == d.scene && kept[i].score >= d.score
            && iou(kept[i].box, d.box) > limit)
            return true;
    return false;
}

static void test_nms(int count, uint64_t *s)
{
    int good = 0;
    for (int k = 0; k < count; k++) {
        struct exam e = exam_drawn(s);
        float limit = 0.1f * (float)below(s, 11);
        struct detection *all = exactly(e.n, sizeof *all);
        memcpy(all, e.d, (size_t)e.n * sizeof *all);
        int kept = nms(e.d, limit, e.n), ok = kept <= e.n && detections_ordered(e.d, kept);
        for (int i = 0; i < kept; i++)
            ok &= !lies_upon(e.d, i, e.d[i], limit);
        for (int i = 0; i < e.n; i++) {
            bool stays = false;
            for (int j = 0; j < kept; j++)
                stays |= !memcmp(&all[i], &e.d[j], sizeof *all);
            ok &= stays || lies_upon(e.d, kept, all[i], limit);
        }
        good += ok && nms(e.d, limit, kept) == kept;
        free(all), exam_free(&e);
    }
    tell(good == count, "nms keeps no box upon another, and drops none that lies alone");
}

/* ---- what happens where there is nothing, or nonsense ------------------------------------ */

static void test_nothing(void)
{
    struct cells g = cells_of(16, 24);
    struct object flat[] = {{{3, 3, 3, 9}, 1, 0}, {{9, 9, 4, 12}, 1, 0}, {{5, 5, 5, 5}, 0, 0}};
    float t[6 * 4], z[6 * 7], p[6 * 2], dz[6 * 7] = {0};
    int class[6], same = 1;
    for (int n = 0; n <= 3; n += 3) {
        memset(t, 1, sizeof t), memset(class, 1, sizeof class);
        cells_target(t, class, flat, n, &g);
        for (int c = 0; c < 6; c++)
            same &= class[c] == -1 && t[4*c] == 0 && t[4*c + 3] == 0;
    }
    tell(same, "without an object, or with boxes without area, every cell is empty");
    for (int i = 0; i < 6 * 7; i++)
        z[i] = (float)(i % 5) - 2;
    struct detection_loss l = detection_loss_forward(p, z, t, class, 6, 2);
    detection_loss_backward(dz, p, z, t, class, 6, 2);
    for (int c = 0; c < 6; c++)
        for (int i = 0; i < 7; i++)
            same &= i == OBJECT ? dz[7*c + i] > 0 : dz[7*c + i] == 0;
    tell(same && l.box == 0 && l.class == 0 && l.object > 0 && isfinite(l.object),
         "the loss of empty scenes is that of the objects alone, and so is its gradient");
    struct box line = {2, 2, 2, 8}, point = {4, 4, 4, 4}, one = {2, 2, 6, 8};
    tell(iou(line, line) == 0 && iou(point, one) == 0 && iou(line, one) == 0
         && giou(point, point) == 0 && giou(point, one) <= 0,
         "the IoU of boxes without area is 0");
    tell(score_filter(NULL, 0, 0) == 0, "score_filter of no detection");
    struct detection none[1];
    tell(nms(none, 0.5f, 0) == 0, "nms of no detection");
}

/* Numbers that a network may say when something went wrong. */
static void test_nonsense(void)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 100, 0};
    struct cells g = cells_of(16, 24);
    struct detection d[6 * 2];
    float z[6 * 7], p[2];
    int good = 1, kept = 0;
    for (int k = 0; k < 7 * 7 * 7; k++) {
        for (int i = 0; i < 6 * 7; i++)
            z[i] = i % 3 == 0 ? bad[k % 7] : i % 3 == 1 ? bad[k / 7 % 7] : bad[k / 49];
        cells_read(d, p, z, 3, &g, 2);
        int n = score_filter(d, 0.01f, 12);
        good &= n >= 0 && n <= 12;
        for (int i = 0; i < n; i++) {
            struct box b = d[i].box;
            good &= d[i].score > 0.01f && d[i].score <= 1 && b.x0 >= 0 && b.y0 >= 0;
            good &= b.x1 > b.x0 && b.y1 > b.y0 && b.x1 <= 24 && b.y1 <= 16;
        }
        kept += n;
        n = nms(d, 0.5f, n);
        good &= n <= 12;
    }
    tell(good && kept, "whatever z says, the boxes that are kept lie within the image");
    struct box b = {1, 1, 5, 5};
    struct detection nans[] = {{b, 0, 0, NAN}, {{NAN, 1, 5, 5}, 0, 0, 0.9f}, {b, 0, 0, 0.5f},
                               {{1, 1, 5, NAN}, 0, 0, 0.9f}, {{5, 1, 1, 5}, 0, 0, 0.9f},
                               {{1, 1, 1, 5}, 0, 0, 0.9f}, {b, 1, 0, 0.25f}, {b, 0, 0, 0.25f}};
    int n = score_filter(nans, 0.25f, 8);
    tell(n == 1 && nans[0].score == 0.5f, "scores and coordinates that are NAN are not kept");
}

static void test_precision_ends(void)
{
    struct object o[] = {{{0, 0, 4, 4}, 0, 0}, {{8, 8, 12, 12}, 2, 0}};
    struct detection d[] = {{{0, 0, 4, 4}, 0, 0, 0.1f}, {{0, 0, 4, 4}, 0, 0, 0.9f},
                            {{8, 8, 12, 12}, 0, 0, 0.5f}};
    float ap[4];
    float mean = mean_average_precision(ap, d, o, 0.5f, 3, 2, 4);
    tell(mean == 0.5f && ap[0] == 1 && isnan(ap[1]) && ap[2] == 0 && isnan(ap[3]),
         "all predictions of one class: the others with objects count as 0, those without not");
    mean = mean_average_precision(ap, d, o, 0.5f, 0, 2, 4);
    tell(mean == 0 && ap[0] == 0 && isnan(ap[1]) && ap[2] == 0, "no predictions: 0");
    mean = mean_average_precision(ap, d, o, 0.5f, 3, 0, 4);
    tell(isnan(mean) && isnan(ap[0]) && isnan(mean_ap_over_limits(d, o, 3, 0, 4)),
         "no objects: NAN");
    mean = mean_average_precision(ap, d, o, 0.5f, 0, 0, 4);
    tell(isnan(mean) && isnan(ap[3]), "neither: NAN");
    struct detection nan[] = {{{0, 0, 4, 4}, 0, 0, NAN}, {{8, 8, 12, 12}, 2, 0, 0.5f},
                              {{0, 0, 4, 4}, 0, 0, NAN}, {{0, 0, 4, 4}, 0, 0, 0.5f}};
    mean = mean_average_precision(ap, nan, o, 0.5f, 4, 2, 4);
    tell(mean >= 0 && mean <= 1, "scores that are NAN: still a number from 0 to 1");
}

/* ---- targets ----------------------------------------------------------------------------- */

static bool centre_in(struct box b, const struct cells *g, int c)
{
    double x = ((double)b.x0 + b.x1) / 2 / g->stride, y = ((double)b.y0 + b.y1) / 2 / g->stride;
    return floor(x) == c % g->columns && floor(y) == c / g->columns;
}

/* Every claimed cell holds, encoded, an object of its class; no other has a centre. */
static void test_targets(int count, uint64_t *s)
{
    int good = 1, claimed = 0;
    for (int k = 0; k < count; k++) {
        struct cells g = {from_to(1, 4, s), from_to(1, 4, s), 4, (float)from_to(4, 20, s)};
        struct exam e = exam_drawn(s);
        const int cells = g.rows * g.columns;
        float *t = drawn(4L * cells, 1, s);
        int *class = exactly(cells, sizeof *class);
        cells_target(t, class, e.object, e.m, &g);
        for (int c = 0; c < cells; c++) {
            bool right = class[c] < 0;
            for (int i = 0; i < e.m; i++)
                if (class[c] < 0)
                    right &= !centre_in(e.object[i].box, &g, c);
                else
                    right |= e.object[i].class == class[c] &&
                             iou(box_decode(t + 4*c, anchor_at(&g, c)), e.object[i].box) > 0.999f;
            claimed += class[c] >= 0;
            good &= right;
        }
        free(class), free(t), exam_free(&e);
    }
    tell(good && claimed > count, "every claimed cell is told the box of an object of its class");
}

/* ---- scenes ------------------------------------------------------------------------------ */

enum { SIDE = 64 };

/* Nothing that is bright lies outside of an item's edges, and something upon each. */
static bool patch_tight(const struct patch *p, int size)
{
    int side[4] = {0};
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            if (p->x[i][j] < 0.12f)
                continue;
            if (i < p->top || i >= p->bottom || j < p->left || j >= p->right)
                return false;
            side[0] += i == p->top, side[1] += i == p->bottom - 1;
            side[2] += j == p->left, side[3] += j == p->right - 1;
        }
    return side[0] && side[1] && side[2] && side[3];
}

static void test_patches(int count, const struct set *items, uint64_t *s)
{
    static struct patch p, q;
    bool tight = true, same = true, mirror = true;
    for (int k = 0; k < count; k++) {
        int item = below(s, items->N), size = from_to(20, PATCH, s);
        patch_draw(&p, items, item, size, false);
        patch_draw(&q, items, item, size, true);
        tight &= patch_tight(&p, size) && patch_tight(&q, size);
        for (int i = 0; i < size * size; i++)
            mirror &= fabsf(p.x[i / size][i % size] - q.x[i / size][size-1 - i % size]) < 1e-5f;
        patch_draw(&p, items, item, ITEM, false);
        for (int i = 0; i < ITEM * ITEM; i++) {
            float pixel = (float)items->images.pixels[(long)item * items->D + i] / 255;
            same &= fabsf(p.x[i / ITEM][i % ITEM] - pixel) < 1e-5f;
        }
    }
    tell(tight, "the edges of an item are where it ends, in all sizes");
    tell(same && mirror, "in its own size it is itself, and in a mirror it is turned round");
}

/* Where two pictures differ within a row or a column of a box. */
static bool edge_touched(const float *a, const float *b, struct box box, int edge)
{
    int y0 = (int)box.y0, y1 = (int)box.y1, x0 = (int)box.x0, x1 = (int)box.x1;
    if (edge < 2)
        y0 = edge ? y1 - 1 : y0, y1 = y0 + 1;
    else
        x0 = edge == 3 ? x1 - 1 : x0, x1 = x0 + 1;
    for (int i = y0; i < y1; i++)
        for (int j = x0; j < x1; j++)
            if (a[i*SIDE + j] != b[i*SIDE + j])
                return true;
    return false;
}

/* Pixels outside of all boxes that are not the background's: scraps of items. */
static int pixels_outside(const float *x, const float *back, const struct object *o, int n)
{
    int count = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        bool in = false;
        for (int k = 0; k < n; k++)
            in |= (float)(i % SIDE) >= o[k].box.x0 && (float)(i % SIDE) < o[k].box.x1
                  && (float)(i / SIDE) >= o[k].box.y0 && (float)(i / SIDE) < o[k].box.y1;
        count += !in && x[i] != back[i];
    }
    return count;
}

/* The rules of one scene; back is the same without any item. */
struct rules { bool canvas, tight, overlap, count, light, named; };

static void scene_check(struct rules *r, const float *x, const float *back,
                        const struct object *o, int n, int scene)
{
    r->count &= n >= 0 && n <= ITEMS;
    r->tight &= pixels_outside(x, back, o, n) <= 4 * 10 * 10;
    for (int k = 0; k < n; k++) {
        struct box b = o[k].box;
        double area = (double)(b.x1 - b.x0) * (b.y1 - b.y0);
        r->canvas &= b.x0 >= 0 && b.y0 >= 0 && b.x1 <= SIDE && b.y1 <= SIDE && b.x1 > b.x0
                     && b.y1 > b.y0 && b.x1 - b.x0 <= PATCH && b.y1 - b.y0 <= PATCH
                     && b.x0 == floorf(b.x0) && b.y1 == floorf(b.y1);
        r->named &= o[k].class >= 0 && o[k].class < 10 && o[k].scene == scene;
        for (int edge = 0; edge < 4; edge++)
            r->tight &= edge_touched(x, back, b, edge);
        for (int j = 0; j < k; j++) {
            struct box c = o[j].box;
            double wide = fmin(b.x1, c.x1) - fmax(b.x0, c.x0);
            double high = fmin(b.y1, c.y1) - fmax(b.y0, c.y0);
            double other = (double)(c.x1 - c.x0) * (c.y1 - c.y0);
            if (wide > 0 && high > 0)
                r->overlap &= wide * high <= 0.25 * fmin(area, other);
        }
    }
    for (int i = 0; i < SIDE * SIDE; i++)
        r->light &= x[i] >= 0 && x[i] <= 1.0001f;
}

static void test_scenes(int count, const struct set *items)
{
    struct set dark = *items;  // nothing to see on its items
    dark.images.pixels = memory((size_t)items->N, (size_t)items->D);
    struct scenes s = {items, SIDE, stream(1, 3)}, without = {&dark, SIDE, stream(1, 3)};
    struct scenes other = {items, SIDE, stream(2, 3)};
    struct rules r = {true, true, true, true, true, true};
    float *x = floats(SIDE * SIDE), *back = floats(SIDE * SIDE), *again = floats(SIDE * SIDE);
    int empty = 0, objects = 0, repeats = 1, differs = 0, kinds[10] = {0};
    for (int k = 0; k < count; k++) {
        struct object o[ITEMS], o2[ITEMS];
        memset(x, 255, SIDE * SIDE * sizeof *x);
        int n = scene_make(x, o, &s, k);
        repeats &= scene_make(again, o2, &s, k) == n && !memcmp(o, o2, (size_t)n * sizeof *o)
                   && !memcmp(x, again, SIDE * SIDE * sizeof *x);
        repeats &= scene_make(back, o2, &without, k) == 0;
        scene_check(&r, x, back, o, n, k);
        scene_make(again, o2, &other, k);
        differs += memcmp(x, again, SIDE * SIDE * sizeof *x) != 0;
        empty += n == 0, objects += n;
        for (int i = 0; i < n; i++)
            kinds[o[i].class]++;
    }
    int least_of_all = objects;
    for (int i = 0; i < 10; i++)
        least_of_all = least(least_of_all, kinds[i]);
    tell(repeats, "a scene is the same whenever it is made");
    tell(differs == count, "another seed makes other scenes");
    tell(r.count && r.named && r.light, "a scene has up to %d objects of ten classes", ITEMS);
    tell(r.canvas, "every box is of whole pixels, and within the picture");
    tell(r.tight, "every box is tight: its item touches all four sides, and none is outside");
    tell(r.overlap, "no two boxes share more than a quarter of the smaller");
    tell(empty > count / 20 && empty < count / 5 && objects > 2*count && least_of_all > 0,
         "%d of %d scenes are empty, the others have %.1f objects", empty, count,
         (double)objects / (count - empty));
    free(dark.images.pixels), free(x), free(back), free(again);
}

/* A number that other pictures hardly have. */
static uint64_t picture_sum(const struct set *set, int n)
{
    uint64_t sum = 0;
    for (int i = 0; i < set->D; i++)
        sum = (sum ^ set->images.pixels[(long)n * set->D + i]) * 0x100000001b3;
    return sum;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *p = a, *q = b;
    return *p < *q ? -1 : *p > *q;
}

/* The two sets have no picture in common, so no scene of the one can show what one of the
 * other has shown. */
static void test_sets(const struct set *train, const struct set *test)
{
    uint64_t *sum = exactly(train->N, sizeof *sum);
    int common = 0;
    for (int n = 0; n < train->N; n++)
        sum[n] = picture_sum(train, n);
    qsort(sum, (size_t)train->N, sizeof *sum, by_size);
    for (int n = 0; n < test->N; n++) {
        uint64_t own = picture_sum(test, n);
        common += bsearch(&own, sum, (size_t)train->N, sizeof *sum, by_size) != NULL;
    }
    tell(common == 0, "of %d pictures to test with none is among the %d to train with", test->N,
         train->N);
    free(sum);
}

int main(int argc, char **argv)
{
    int shapes = 200, seed = 1;
    const char *folder = "data/fashion-mnist";
    OPTIONS("tests of detection", OPTION(shapes, 1, 100000, "random shapes"),
            OPTION(seed, 0, 1e9, "of the random numbers"), TEXT(folder, "of Fashion-MNIST"));
    uint64_t s = stream((uint64_t)seed, 15);
    test_rankings(20 * shapes, &s);
    test_exams(10 * shapes, &s);
    test_loss(shapes, &s);
    test_network(stream((uint64_t)seed, 16));
    test_evaluation(&s);
    test_slide(shapes / 4 + 1, &s);
    test_boxes(10 * shapes, &s);
    test_targets(5 * shapes, &s);
    test_nms(10 * shapes, &s);
    test_nothing();
    test_nonsense();
    test_precision_ends();
    struct set train = set_images(folder, "train", 60000), test = set_images(folder, "t10k", 60000);
    test_patches(2 * shapes, &train, &s);
    test_scenes(10 * shapes, &train);
    test_sets(&train, &test);
    set_free(&train), set_free(&test);
    return failed != 0;
}
