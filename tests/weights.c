/* weights.c: saves networks of chapter 14 and takes them back, and changes files of
 * weights.  tests/resnet.sh calls it. */
#include <14-resnet/resnet.c>

/* A network and its velocity, of random bits that are numbers. */
struct pair { struct resnet net, velocity; float *block[3]; size_t size, stats; };

static float random_float(uint64_t *chance)
{
    float x;
    do {
        uint32_t bits = (uint32_t)random_bits(chance);
        memcpy(&x, &bits, 4);
    } while (x != x);
    return x;
}

static void tensor_random(const struct named *t, uint64_t *chance)
{
    if (t->unit) {
        const struct conv *c = &t->unit->c;
        for (int i = 0; i < c->R * c->S * c->C * c->M; i++)
            *unit_weight(t->unit, i / c->M / c->C / c->S, i / c->M / c->C % c->S,
                         i / c->M % c->C, i % c->M) = random_float(chance);
        return;
    }
    for (int i = 0; i < t->dims[0] * (t->nd > 1 ? t->dims[1] : 1); i++)
        t->data[i] = random_float(chance);
}

static struct pair pair_new(const char *family, int side, int C, int K, uint64_t seed)
{
    struct resnet plan = resnet_plan(family_find(family), side, side, C, K);
    struct pair p = {.size = resnet_size(&plan), .stats = resnet_stats_size(&plan)};
    struct named t;
    for (int i = 0; i < 3; i++)
        p.block[i] = floats(i < 2 ? p.size : p.stats);
    p.net = resnet_at(plan, p.block[0], p.block[2]);
    p.velocity = resnet_at(plan, p.block[1], NULL);
    for (int i = 0; i < TENSORS && seed; i++) {
        if (resnet_tensor(&t, &p.net, "", i))
            tensor_random(&t, &seed);
        if (resnet_tensor(&t, &p.velocity, "", i))
            tensor_random(&t, &seed);
    }
    return p;
}

static void pair_free(struct pair *p)
{
    for (int i = 0; i < 3; i++)
        free(p->block[i]);
}

/* Saves, takes back, and compares bit by bit. */
static void round_trip(const char *path, const char *family, int side, int C, int K)
{
    struct pair one = pair_new(family, side, C, K, 7), two = pair_new(family, side, C, K, 0);
    struct tensor_file file = {0};
    tensor_file_note(&file, "epoch", "3");
    resnet_save(path, &one.net, &one.velocity, file);
    struct tensors t = tensors_load(path);
    resnet_take(&two.net, &t, "");
    resnet_take(&two.velocity, &t, "velocity.");
    size_t bytes[] = {one.size * 4, one.size * 4, one.stats * 4};
    for (int i = 0; i < 3; i++)
        if (memcmp(one.block[i], two.block[i], bytes[i]))
            die("block %d has come back with other bits", i);
    printf("%d tensors, %s\n", t.count, tensors_metadata(&t, "epoch"));
    tensors_free(&t);
    pair_free(&one);
    pair_free(&two);
}

/* Small weights as a training begins with them, and what shows them. */
static void fresh(const char *path, const char *family, int side, int C, int K)
{
    struct pair p = pair_new(family, side, C, K, 0);
    uint64_t chance = stream(1, 1);
    struct tensor_file file = {0};
    char text[12];
    snprintf(text, sizeof text, "%d", side);
    resnet_init(&p.net, &chance);
    tensor_file_note(&file, "net", family);
    tensor_file_note(&file, "side", text);
    resnet_save(path, &p.net, NULL, file);
    pair_free(&p);
}

/* Changes tensor t on its way from one file to the other; false if it is left out. */
static bool tensor_changed(struct tensor *t, const char *how, const char *value)
{
    if (!strcmp(how, "drop"))
        return false;
    if (!strcmp(how, "name"))
        snprintf(t->name, sizeof t->name, "%s", value);
    if (!strcmp(how, "type"))
        snprintf(t->type, sizeof t->type, "%s", value);
    if (!strcmp(how, "turn")) {  // the last dimension comes first
        int last = t->dims[t->nd - 1];
        memmove(t->dims + 1, t->dims, (size_t)(t->nd - 1) * sizeof *t->dims);
        t->dims[0] = last;
    }
    if (!strcmp(how, "flat")) {  // one dimension
        for (int i = 1; i < t->nd; i++)
            t->dims[0] *= t->dims[i];
        t->nd = 1;
    }
    if (!strcmp(how, "short")) {  // one row less
        t->bytes -= t->bytes / (size_t)t->dims[0];
        t->dims[0]--;
    }
    if (!strcmp(how, "fill")) {
        float *data = (float *)t->data;
        for (size_t i = 0; i < t->bytes / 4; i++)
            data[i] = strtof(value, NULL);
    }
    return true;
}

/* A file like another, but for one tensor or one note. */
static void file_change(const char *from, const char *to, const char *how,
                        const char *name, const char *value)
{
    struct tensors t = tensors_load(from);
    struct tensor_file f = {0};
    bool note = !strcmp(how, "note");
    for (int i = 0; i < t.pairs; i++)
        if (!note || strcmp(t.metadata[i].key, name))
            tensor_file_note(&f, t.metadata[i].key, t.metadata[i].value);
    if (note && value)
        tensor_file_note(&f, name, value);
    for (int i = 0; i < t.count; i++) {
        struct tensor now = t.list[i];
        if (!note && !strcmp(now.name, name) && !tensor_changed(&now, how, value))
            continue;
        tensor_file_add(&f, now.name, now.data, now.nd, now.dims);
        struct tensor *last = f.list + f.count - 1;
        last->bytes = now.bytes;
        memcpy(last->type, now.type, sizeof now.type);
    }
    tensor_file_write(&f, to);
    tensors_free(&t);
}

/* save|fresh FILE FAMILY SIDE C K, or FROM TO HOW NAME [VALUE] */
int main(int argc, char **argv)
{
    bool save = argc == 7 && !strcmp(argv[1], "save");
    if (save || (argc == 7 && !strcmp(argv[1], "fresh")))
        (save ? round_trip : fresh)(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]),
                                    atoi(argv[6]));
    else if (argc == 5 || argc == 6)
        file_change(argv[1], argv[2], argv[3], argv[4], argc > 5 ? argv[5] : NULL);
    else
        die("usage: %s save|fresh FILE FAMILY SIDE C K, or %s FROM TO HOW NAME [VALUE]",
            argv[0], argv[0]);
}
