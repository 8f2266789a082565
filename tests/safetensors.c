/* safetensors.c: loads tensors and says what is in them, or saves some.
 * tests/safetensors.sh feeds it bad files too. */
#include "../data/safetensors.h"

/* What is loaded: each tensor and each text, a line each. */
void tensors_print(const struct tensors *t)
{
    printf("%d %d\n", t->count, t->pairs);
    for (int i = 0; i < t->pairs; i++)
        printf("%s = %s\n", legible(t->metadata[i].key).text,
               tensors_metadata(t, t->metadata[i].key));
    for (int i = 0; i < t->count; i++) {
        const struct tensor *s = t->list + i;
        if (tensors_find(t, s->name) != s)
            die("%s is not found", s->name);
        printf("%s %s %s", legible(s->name).text, s->type,
               tensor_shape(s->nd, s->dims).text);
        // A sum of all bytes reads them all.
        unsigned sum = 0;
        for (size_t b = 0; b < s->bytes; b++)
            sum += ((const uint8_t *)s->raw)[b];
        printf(" %zu %u", s->bytes, sum);
        for (size_t k = 0; s->data && k < s->bytes / 4 && k < 3; k++)
            printf(" %g", s->data[k]);
        printf("\n");
    }
}

/* A file with all that there can be; the third tensor is given piece by piece. */
void tensors_save(const char *path, float first)
{
    float w[24], b[3] = {first, NAN, -INFINITY}, s = 1e-40f;
    for (int i = 0; i < 24; i++)
        w[i] = (float)i / 8;
    struct tensor_file f = {0};
    tensor_file_add(&f, "layer1.0.conv1.weight", w, 4, (int[]){2, 3, 4, 1});
    tensor_file_add(&f, "a.bias", b, 1, (int[]){3});
    tensor_file_add(&f, "\"\\\n\xc3\xa9", &s, 0, NULL);
    tensor_file_note(&f, "step", "300");
    tensor_file_note(&f, "quoted \"text\"", "two\nlines\\ \x01 and \xe2\x82\xac");
    tensor_file_write(&f, path);
}

/* A copy, in which every tensor is F32. */
void tensors_copy(const char *to, const struct tensors *t)
{
    struct tensor_file f = {0};
    for (int i = 0; i < t->pairs; i++)
        tensor_file_note(&f, t->metadata[i].key, t->metadata[i].value);
    for (int i = 0; i < t->count; i++)
        if (t->list[i].data)
            tensor_file_add(&f, t->list[i].name, NULL, t->list[i].nd, t->list[i].dims);
    tensor_file_begin(&f, to);
    for (int i = 0; i < t->count; i++)
        if (t->list[i].data)
            tensor_file_put(&f, t->list[i].data);
    tensor_file_end(&f);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        die("usage: %s FILE [save FIRST | copy TO | NAME DIM...]", argv[0]);
    if (argc == 4 && !strcmp(argv[2], "save")) {
        tensors_save(argv[1], strtof(argv[3], NULL));
        return 0;
    }
    struct tensors t = tensors_load(argv[1]);
    if (argc == 4 && !strcmp(argv[2], "copy"))
        tensors_copy(argv[3], &t);
    else if (argc > 2) {
        int dims[TENSOR_DIMS], nd = argc - 3;
        for (int i = 0; i < nd; i++)
            dims[i] = atoi(argv[i + 3]);
        printf("%g\n", tensors_floats(&t, argv[2], nd, dims)[0]);
    } else
        tensors_print(&t);
    tensors_free(&t);
}
