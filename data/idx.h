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

#include "file.h"

/* Pictures with their labels.  Those of IDX files are grey and have one channel; other
 * files (cifar.h) have three: red, green and blue. */
struct images {
    int N, Y, X, C;
    uint8_t *pixels;     // [N,Y,X,C]  0 dark to 255 bright
    uint8_t *labels;     // [N]        0 to 9
    char names[10][16];  // what a label means
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
    char path[FILE_PATH];
    FILE *file;
    int dims[3];
    size_t bytes;  // of data, after the header
};

/* Opens a file, reads its header, with nd dimensions, and checks it against the file's
 * size. */
static inline void idx_open(struct idx *f, int nd)
{
    static const char *const what[] = {"number of records", "rows of a picture",
                                       "columns of a picture"};
    uint8_t h[16] = {0};
    uint64_t size, each = 1, header = 4 + 4 * (uint64_t)nd;
    f->file = file_regular(f->path, &size);
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
    uint8_t *data = file_bytes(f->file, f->path, f->bytes);
    fclose(f->file);
    return data;
}

/* ---- a set: pictures and labels ------------------------------------------------ */

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
    char name[64];
    snprintf(name, sizeof name, "%s-images-idx3-ubyte", which);
    const char *place = file_place(folder, name);
    file_path(pixels.path, place, folder, name);
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte", which);
    file_path(labels.path, place, folder, name);
    idx_open(&pixels, 3);
    idx_open(&labels, 1);
    if (labels.dims[0] != pixels.dims[0])
        die("%s: number of records: found %d, wanted %d, one for each picture",
            labels.path, labels.dims[0], pixels.dims[0]);

    struct images s = {.N = pixels.dims[0], .Y = pixels.dims[1], .X = pixels.dims[2],
                       .C = 1};
    // The files do not say what a label means, the folder's name does.
    for (int k = 0; k < 10; k++)
        if (strstr(folder, "fashion"))
            snprintf(s.names[k], sizeof s.names[k], "%s", fashion_name(k));
        else
            s.names[k][0] = (char)('0' + k);
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

/* Picture i as numbers from 0 (dark) to 1 (bright). */
static inline void images_row(float *x,  // [D]  D = Y X C
                              const struct images *s, int i)
{
    assert(i >= 0 && i < s->N);
    int D = s->Y * s->X * s->C;
    const uint8_t *pixels = s->pixels + (size_t)i * (size_t)D;
    for (int d = 0; d < D; d++)
        x[d] = (float)pixels[d] / 255;
}

/* A batch: the N pictures that order names, and their labels. */
static inline void images_batch(float *x,          // [N,D]  D = Y X C
                                int *t,            // [N]
                                const struct images *s,
                                const int *order,  // [N]    from 0 to s->N - 1
                                int N)
{
    size_t D = (size_t)s->Y * (size_t)s->X * (size_t)s->C;
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
