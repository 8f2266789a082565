/* idx.h: loads grey pictures with their labels from IDX files, the format of MNIST and
 * Fashion-MNIST.
 *
 * An IDX file is a magic number (0, 0, the type of the numbers, how many dimensions),
 * each dimension in four bytes, the most significant first, then the numbers.  Ours
 * are unsigned bytes (type 8): pictures [N,Y,X] in one file, labels [N] in another.
 *
 * A file from outside may say anything.  So each field is checked before it is used,
 * and memory is asked for only when the file is exactly as long as its header says.
 * Whatever is wrong, the program stops with one sentence: file, field, found, wanted.
 */
#ifndef IDX_H
#define IDX_H

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <00-kit/kit.h>

struct images {
    int N, Y, X;
    uint8_t *pixels;  // [N,Y,X]  0 black to 255 white
    uint8_t *labels;  // [N]      0 to 9
};

/* What a label means in Fashion-MNIST. */
static inline const char *fashion_name(int label)
{
    static const char *const names[] = {"T-shirt/top", "Trouser", "Pullover", "Dress",
        "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
    return label >= 0 && label < 10 ? names[label] : "?";
}

/* ---- one file ----------------------------------------------------------------- */

/* A file whose header is read and found right. */
struct idx {
    char path[4096];
    FILE *file;
    int dims[3];
    size_t bytes;  // of data, after the header
};

static inline void idx_path(struct idx *f, const char *place, const char *folder,
                            const char *which, const char *kind)
{
    int n = snprintf(f->path, sizeof f->path, "%s%s/%s-%s-ubyte", place, folder, which,
                     kind);
    if (n < 0 || (size_t)n >= sizeof f->path)
        die("%.40s...: the folder's name is too long", folder);
}

/* Opens a regular file; returns its size. */
static inline uint64_t idx_open(struct idx *f)
{
    struct stat s;
    if (stat(f->path, &s))
        die("%s: cannot be found: %s", f->path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        die("%s: found something else, wanted a file", f->path);
    f->file = fopen(f->path, "rb");
    if (!f->file)
        die("%s: cannot be opened: %s", f->path, strerror(errno));
    return (uint64_t)s.st_size;
}

/* Reads the header, with nd dimensions, and checks it against the file's size. */
static inline void idx_header(struct idx *f, int nd, uint64_t size)
{
    static const char *const what[] = {"number of records", "rows of a picture",
                                       "columns of a picture"};
    uint8_t h[16] = {0};
    uint64_t each = 1, header = 4 + 4 * (uint64_t)nd;
    if (fread(h, 1, header, f->file) != header)
        die("%s: file size: found %llu, wanted at least %llu for the header", f->path,
            (unsigned long long)size, (unsigned long long)header);
    if (h[0] == 0x1f && h[1] == 0x8b)
        die("%s: magic number: found that of gzip: unpack it with gunzip", f->path);
    if (h[0] || h[1] || h[2] != 8 || h[3] != nd)
        die("%s: magic number: found 0x%02x%02x%02x%02x, wanted 0x%08x", f->path,
            h[0], h[1], h[2], h[3], 0x800 + nd);
    for (int i = 0; i < nd; i++) {
        const uint8_t *b = h + 4 + 4 * i;
        uint32_t n = (uint32_t)b[0] << 24 | (uint32_t)(b[1] << 16 | b[2] << 8 | b[3]);
        if (n < 1 || n > INT_MAX)
            die("%s: %s: found %u, wanted 1 to %d", f->path, what[i], n, INT_MAX);
        f->dims[i] = (int)n;
        each *= i ? n : 1;  // two dimensions: below 2^62
    }
    if (each > INT_MAX)
        die("%s: pixels of a picture: found %llu, wanted at most %d", f->path,
            (unsigned long long)each, INT_MAX);
    uint64_t bytes = (uint64_t)f->dims[0] * each;
    if (size != header + bytes)
        die("%s: file size: found %llu, wanted %llu (header %llu, data %d times %llu)",
            f->path, (unsigned long long)size, (unsigned long long)(header + bytes),
            (unsigned long long)header, f->dims[0], (unsigned long long)each);
    if (bytes > PTRDIFF_MAX)
        die("%s: file size: found %llu, more than this machine can hold", f->path,
            (unsigned long long)size);
    f->bytes = (size_t)bytes;
}

/* Reads the data whole and closes the file. */
static inline uint8_t *idx_data(struct idx *f)
{
    uint8_t *data = (uint8_t *)memory(f->bytes, 1);
    size_t got = fread(data, 1, f->bytes, f->file);
    fclose(f->file);
    if (got != f->bytes) {
        free(data);
        die("%s: data: found %zu bytes, wanted %zu: the file could not be read",
            f->path, got, f->bytes);
    }
    return data;
}

/* ---- a set: pictures and labels ------------------------------------------------ */

/* Where the folder is: here or, unless it begins with a slash, in data/, one level up
 * or two levels up. */
static inline const char *images_place(const char *folder, const char *which)
{
    static const char *const places[] = {"", "data/", "../", "../../"};
    struct idx f;
    struct stat s;
    for (int i = 0; i < (*folder == '/' ? 1 : 4); i++) {
        idx_path(&f, places[i], folder, which, "images-idx3");
        if (!stat(f.path, &s))
            return places[i];
    }
    const char *set = strrchr(folder, '/');
    idx_path(&f, "", folder, which, "images-idx3");
    die("%s: not found: run from the course's top folder, or make data SET=%s", f.path,
        set ? set + 1 : folder);
}

static inline void images_free(struct images *s)
{
    free(s->pixels);
    free(s->labels);
    *s = (struct images){0};
}

/* Loads a folder's pictures, which = "train" or "t10k" (the test set, by MNIST's
 * custom), and the label of each.  Give them back with images_free. */
static inline struct images images_load(const char *folder, const char *which)
{
    struct idx pixels, labels;
    const char *place = images_place(folder, which);
    idx_path(&pixels, place, folder, which, "images-idx3");
    idx_path(&labels, place, folder, which, "labels-idx1");
    idx_header(&pixels, 3, idx_open(&pixels));
    idx_header(&labels, 1, idx_open(&labels));
    if (labels.dims[0] != pixels.dims[0])
        die("%s: number of records: found %d, wanted %d, one for each picture",
            labels.path, labels.dims[0], pixels.dims[0]);

    struct images s = {pixels.dims[0], pixels.dims[1], pixels.dims[2], NULL, NULL};
    s.labels = idx_data(&labels);
    for (int n = 0; n < s.N; n++) {
        int label = s.labels[n];
        if (label > 9) {
            images_free(&s);
            die("%s: label of record %d: found %d, wanted 0 to 9", labels.path, n,
                label);
        }
    }
    s.pixels = idx_data(&pixels);
    return s;
}

/* ---- from bytes to floats ------------------------------------------------------ */

/* Picture i as numbers from 0 (black) to 1 (white). */
static inline void images_row(float *x,  // [D]  D = Y X
                              const struct images *s, int i)
{
    assert(i >= 0 && i < s->N);
    int D = s->Y * s->X;
    const uint8_t *pixels = s->pixels + (size_t)i * (size_t)D;
    for (int d = 0; d < D; d++)
        x[d] = (float)pixels[d] / 255;
}

/* A batch: the N pictures that order names, and their labels. */
static inline void images_batch(float *x,          // [N,D]  D = Y X
                                int *t,            // [N]
                                const struct images *s,
                                const int *order,  // [N]    from 0 to s->N - 1
                                int N)
{
    size_t D = (size_t)s->Y * (size_t)s->X;
    for (int n = 0; n < N; n++) {
        // The next picture lies anywhere: its bytes may come while this one is read.
        const uint8_t *next = s->pixels + (size_t)order[n + (n + 1 < N)] * (size_t)D;
        for (size_t d = 0; d < D; d += 64)
            __builtin_prefetch(next + d);
        images_row(x + (size_t)n * D, s, order[n]);
        t[n] = s->labels[order[n]];
    }
}

#endif
