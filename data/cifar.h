/* cifar.h: loads colour pictures with their labels from the binary files of CIFAR-10.
 *
 * A file is a row of records and nothing else.  A record is a label, one byte from 0 to
 * 9, then a picture of 32 by 32 pixels: all its reds, all its greens, all its blues, a
 * byte each.  In memory the three numbers of a pixel stand beside each other: [Y,X,C].
 * The training set is in data_batch_1.bin to data_batch_5.bin, the test set in
 * test_batch.bin, the names of the ten classes in batches.meta.txt, a line each.
 *
 * A file from outside may say anything: it is checked as in idx.h.
 */
#ifndef CIFAR_H
#define CIFAR_H

#include "idx.h"

enum { CIFAR_SIDE = 32, CIFAR_RECORD = 1 + 3 * CIFAR_SIDE * CIFAR_SIDE };

/* The number of records in a file, which it leaves open at its beginning. */
static inline int cifar_open(struct idx *f)
{
    uint64_t size;
    f->file = file_regular(f->path, &size);
    int first = getc(f->file), second = getc(f->file);
    rewind(f->file);
    if (first == 0x1f && second == 0x8b)
        die("%s: first bytes: found those of gzip: unpack it with tar xzf", f->path);
    if (!size || size % CIFAR_RECORD)
        die("%s: file size: found %llu, wanted 1 or more records of %d bytes", f->path,
            (unsigned long long)size, CIFAR_RECORD);
    if (size / CIFAR_RECORD > INT_MAX / 8)
        die("%s: number of records: found %llu, wanted at most %d", f->path,
            (unsigned long long)size / CIFAR_RECORD, INT_MAX / 8);
    f->dims[0] = (int)(size / CIFAR_RECORD);
    return f->dims[0];
}

/* Reads the records of an open file behind the first N of the pictures. */
static inline void cifar_records(struct images *s, struct idx *f, int N)
{
    enum { plane = CIFAR_SIDE * CIFAR_SIDE };
    for (int i = 0; i < f->dims[0]; i++, N++) {
        uint8_t record[CIFAR_RECORD];
        if (fread(record, 1, sizeof record, f->file) != sizeof record)
            die("%s: record %d: cannot be read", f->path, i);
        if (record[0] > 9)
            die("%s: label of record %d: found %d, wanted 0 to 9", f->path, i,
                record[0]);
        s->labels[N] = record[0];
        uint8_t *pixels = s->pixels + (size_t)N * 3 * plane;
        for (int p = 0; p < plane; p++)
            for (int c = 0; c < 3; c++)
                pixels[3*p + c] = record[1 + c*plane + p];
    }
    fclose(f->file);
}

/* Reads the names of the classes, ten lines; empty ones do not count. */
static inline void cifar_names(struct images *s, const char *path)
{
    uint64_t size;
    FILE *file = file_regular(path, &size);
    int lines = 0, length = 0, c;
    for (uint64_t byte = 0; (c = getc(file)) != EOF; byte++) {
        if (c == '\n') {
            lines += length > 0;
            length = 0;
        } else if (c != '\r') {
            if (c < ' ' || c > '~')
                die("%s: byte %llu: found %d, wanted a letter", path,
                    (unsigned long long)byte, c);
            if (lines > 9)
                die("%s: found more than 10 lines, wanted the names of 10 classes",
                    path);
            if (length > (int)sizeof s->names[0] - 2)
                die("%s: line %d: found a name of more than %zu letters", path,
                    lines + 1, sizeof s->names[0] - 1);
            s->names[lines][length++] = (char)c;
        }
    }
    fclose(file);
    lines += length > 0;
    if (lines != 10)
        die("%s: found %d lines, wanted the names of 10 classes", path, lines);
}

/* Opens the files of the training set, as many as there are, or the one of the test
 * set; returns how many. */
static inline int cifar_files(struct idx *f,  // [5]
                              const char *place, const char *folder, bool train)
{
    int files = 0;
    for (int i = 0; i < (train ? 5 : 1); i++) {
        char name[32];
        struct stat s;
        snprintf(name, sizeof name, train ? "data_batch_%d.bin" : "test_batch.bin",
                 i + 1);
        file_path(f[files].path, place, folder, name);
        if (!i || !stat(f[files].path, &s)) {
            if (files < i)
                die("%s: there is no data_batch_%d.bin before it", f[files].path, i);
            cifar_open(&f[files++]);
        }
    }
    return files;
}

/* Loads a folder's pictures, which = "train" or "t10k" (the test set, by MNIST's
 * custom), and the label of each.  Of the five files of the training set the last may
 * be missing.  Give the pictures back with images_free. */
static inline struct images cifar_load(const char *folder, const char *which)
{
    struct images s = {.Y = CIFAR_SIDE, .X = CIFAR_SIDE, .C = 3};
    struct idx f[5];
    bool train = !strcmp(which, "train");
    const char *place = file_place(folder, train ? "data_batch_1.bin"
                                                 : "test_batch.bin");
    int files = cifar_files(f, place, folder, train);
    for (int i = 0; i < files; i++)
        s.N += f[i].dims[0];
    char path[FILE_PATH];
    file_path(path, place, folder, "batches.meta.txt");
    cifar_names(&s, path);
    s.labels = memory((size_t)s.N, 1);
    s.pixels = memory((size_t)s.N, CIFAR_RECORD - 1);
    for (int i = 0, N = 0; i < files; N += f[i++].dims[0])
        cifar_records(&s, &f[i], N);
    return s;
}

#endif
