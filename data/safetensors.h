/* safetensors.h: loads and saves weights in the format of the same name, which PyTorch
 * and others read and write too.
 *
 * A file is eight bytes, the length of the header, the least significant first; the
 * header, text in JSON; then the numbers of all tensors and nothing else.  The header
 * names each tensor and says of what type its numbers are, what shape it has, and where
 * its bytes begin and end behind the header:
 *
 *     {"__metadata__": {"step": "300"},
 *      "fc.weight": {"dtype": "F32", "shape": [10, 84], "data_offsets": [0, 3360]},
 *      "fc.bias": {"dtype": "F32", "shape": [10], "data_offsets": [3360, 3400]}}
 *
 * "__metadata__" may be left out; its values are texts.  The format is by Hugging Face,
 * https://github.com/huggingface/safetensors.
 *
 * A file from outside may say anything.  So the header is read by the grammar above and
 * no other, which needs no recursion; every length is checked before it is used; and
 * the bytes of the tensors must fill the file without a hole or an overlap.  Whatever
 * is wrong, the program stops with one sentence: file, what, found, wanted.
 */
#ifndef SAFETENSORS_H
#define SAFETENSORS_H

#include "file.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "the numbers of a file would have to be turned round");

enum { TENSOR_NAME = 128, TENSOR_DIMS = 4 };

struct tensor {
    char name[TENSOR_NAME];
    char type[8];           // "F32", "I64", ...
    int nd, dims[TENSOR_DIMS];
    size_t begin, bytes;    // where the numbers are, from the first byte of all
    const float *data;      // [dims]  the numbers if they are F32, else NULL
    const void *raw;        //         the numbers as bytes, of whatever type
};

/* A text about the tensors, under its key. */
struct tensor_pair { char *key, *value; };

struct tensors {
    const char *path;
    int count, pairs;
    struct tensor *list;           // [count]  by name
    struct tensor_pair *metadata;  // [pairs]  by key
    uint8_t *data;
};

/* ---- the header's text --------------------------------------------------------- */

struct json {
    const char *path, *text, *at, *end;
};

/* The byte that comes next, behind blanks; 0 at the end. */
static inline int json_next(struct json *j)
{
    while (j->at < j->end && *j->at && strchr(" \t\n\r", *j->at))
        j->at++;
    return j->at < j->end ? (unsigned char)*j->at : 0;
}

/* Stops: something else was wanted here. */
__attribute__((noreturn))
static inline void json_fail(const struct json *j, const char *wanted)
{
    long long at = j->at - j->text;
    int c = j->at < j->end ? (unsigned char)*j->at : 0;
    if (j->at >= j->end)
        die("%s: header: found its end at byte %lld, wanted %s", j->path, at, wanted);
    if (c <= ' ' || c > '~')
        die("%s: header: found byte %d at %lld, wanted %s", j->path, c, at, wanted);
    die("%s: header: found %c at byte %lld, wanted %s", j->path, c, at, wanted);
}

/* Takes this byte, which must come next. */
static inline void json_take(struct json *j, char c, const char *wanted)
{
    if (json_next(j) != c)
        json_fail(j, wanted);
    j->at++;
}

/* True if one more element follows in a list that has had so many, up to close. */
static inline bool json_more(struct json *j, int had, char close)
{
    if (json_next(j) == close) {
        j->at++;
        return false;
    }
    if (had)
        json_take(j, ',', close == '}' ? "a comma or }" : "a comma or ]");
    return true;
}

/* A whole number that is not negative. */
static inline size_t json_number(struct json *j)
{
    size_t n = 0;
    int c = json_next(j);
    if (c < '0' || c > '9')
        json_fail(j, "a whole number");
    const char *first = j->at;
    for (; j->at < j->end && *j->at >= '0' && *j->at <= '9'; j->at++) {
        if (n > (PTRDIFF_MAX - 9) / 10)
            json_fail(j, "a smaller number");
        if (j->at > first && *first == '0')
            json_fail(j, "no zero before the number");
        n = 10*n + (size_t)(*j->at - '0');
    }
    return n;
}

/* Four hexadecimal digits. */
static inline uint32_t json_hex(struct json *j)
{
    uint32_t n = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF", *d = NULL;
        if (j->at < j->end && *j->at)
            d = strchr(digits, *j->at);
        if (!d)
            json_fail(j, "four hexadecimal digits");
        n = 16*n + (uint32_t)(d - digits) % 16;
    }
    return n;
}

/* The letter that an escape stands for: \n, \u00e9, or \ud83d\ude00 for one letter. */
static inline uint32_t json_escape(struct json *j)
{
    const char *escapes = "\"\\/bfnrt", *means = "\"\\/\b\f\n\r\t", *e = NULL;
    if (j->at < j->end && *j->at)
        e = strchr(escapes, *j->at);
    if (e) {
        j->at++;
        return (uint32_t)means[e - escapes];
    }
    if (j->at >= j->end || *j->at != 'u')
        json_fail(j, "an escape such as \\n");
    j->at++;
    uint32_t c = json_hex(j);
    if (c >= 0xd800 && c < 0xdc00) {
        if (j->end - j->at < 2 || j->at[0] != '\\' || j->at[1] != 'u')
            json_fail(j, "the second half of a letter");
        j->at += 2;
        uint32_t low = json_hex(j);
        if (low < 0xdc00 || low > 0xdfff)
            json_fail(j, "the second half of a letter before it");
        return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    if (!c || (c >= 0xdc00 && c < 0xe000))
        json_fail(j, "a letter before it");
    return c;
}

/* A text in quotes, as a string of less than room bytes; what names it in messages. */
static inline void json_string(struct json *j, char *to, size_t room, const char *what)
{
    json_take(j, '"', what);
    size_t n = 0;
    while (j->at < j->end && *j->at != '"') {
        uint32_t code;
        int bytes = utf8_read(&code, j->at, j->end);
        char letter[4];
        if (!bytes)
            json_fail(j, "text in UTF-8");
        if ((unsigned char)*j->at < ' ')
            json_fail(j, "a quote or \\n and the like");
        if (*j->at == '\\') {
            j->at++;
            bytes = utf8_write(letter, json_escape(j));
        } else {
            memcpy(letter, j->at, (size_t)bytes);
            j->at += bytes;
        }
        if (n + (size_t)bytes >= room) {
            to[n] = '\0';
            die("%s: header: found a text longer than %zu bytes, \"%s\", wanted %s",
                j->path, room - 1, legible(to).text, what);
        }
        memcpy(to + n, letter, (size_t)bytes);
        n += (size_t)bytes;
    }
    to[n] = '\0';
    json_take(j, '"', "a quote");
}

/* ---- the header's meaning ------------------------------------------------------ */

/* Room for one more element behind so many, in a list that doubles when it is full. */
static inline void *list_grow(void *list, int count, size_t bytes)
{
    if (count & (count - 1))  // it is full at 0, 1, 2, 4, 8 ...
        return list;
    void *larger = memory(count ? 2 * (size_t)count : 1, bytes);
    if (count)
        memcpy(larger, list, (size_t)count * bytes);
    free(list);
    return larger;
}

/* Bytes of a number of this type; 0 if there is no such type. */
static inline size_t tensor_width(const char *type)
{
    static const struct { char type[8]; int bytes; } types[] = {
        {"F64", 8}, {"I64", 8}, {"U64", 8}, {"F32", 4}, {"I32", 4}, {"U32", 4},
        {"F16", 2}, {"BF16", 2}, {"I16", 2}, {"U16", 2}, {"I8", 1}, {"U8", 1},
        {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(type, types[i].type))
            return (size_t)types[i].bytes;
    return 0;
}

/* Bytes of a tensor: the product of its dims and the width of its numbers. */
static inline size_t tensor_bytes(const char *path, const struct tensor *t)
{
    size_t n = tensor_width(t->type);
    bool empty = false;
    for (int i = 0; i < t->nd; i++)
        empty |= !t->dims[i];
    for (int i = 0; i < t->nd && !empty; i++) {
        if (n > PTRDIFF_MAX / (size_t)t->dims[i])
            die("%s: tensor %s: shape: found more numbers than this machine can hold",
                path, legible(t->name).text);
        n *= (size_t)t->dims[i];
    }
    return empty ? 0 : n;
}

/* Of one tensor: {"dtype": ..., "shape": [...], "data_offsets": [..., ...]}. */
static inline void tensor_read(struct json *j, struct tensor *t)
{
    struct legible name = legible(t->name);
    bool type = false, shape = false, offsets = false;
    json_take(j, '{', "{ behind the name of a tensor");
    for (int had = 0; json_more(j, had, '}'); had++) {
        char key[16];
        json_string(j, key, sizeof key, "dtype, shape or data_offsets");
        json_take(j, ':', "a colon");
        if (!strcmp(key, "dtype") && !type) {
            type = true;
            json_string(j, t->type, sizeof t->type, "a type such as F32");
        } else if (!strcmp(key, "shape") && !shape) {
            shape = true;
            json_take(j, '[', "[ and the dimensions");
            for (t->nd = 0; json_more(j, t->nd, ']'); t->nd++) {
                if (t->nd == TENSOR_DIMS)
                    die("%s: tensor %s: shape: found more than %d dimensions", j->path,
                        name.text, TENSOR_DIMS);
                size_t n = json_number(j);
                if (n > INT_MAX)
                    die("%s: tensor %s: shape: found %zu, wanted at most %d", j->path,
                        name.text, n, INT_MAX);
                t->dims[t->nd] = (int)n;
            }
        } else if (!strcmp(key, "data_offsets") && !offsets) {
            offsets = true;
            json_take(j, '[', "[ and two offsets");
            t->begin = json_number(j);
            json_take(j, ',', "a comma and the second offset");
            t->bytes = json_number(j);
            json_take(j, ']', "] behind two offsets");
        } else
            die("%s: tensor %s: found \"%s\", wanted dtype, shape and data_offsets, "
                "each once", j->path, name.text, legible(key).text);
    }
    if (!type || !shape || !offsets)
        die("%s: tensor %s: found no %s, wanted dtype, shape and data_offsets", j->path,
            name.text, !type ? "dtype" : !shape ? "shape" : "data_offsets");
    if (!tensor_width(t->type))
        die("%s: tensor %s: dtype: found \"%s\", wanted F32 or another that is known",
            j->path, name.text, legible(t->type).text);
    size_t end = t->bytes, bytes = tensor_bytes(j->path, t);
    if (end < t->begin || end - t->begin != bytes)
        die("%s: tensor %s: data_offsets: found %zu to %zu, wanted %zu bytes for its "
            "shape", j->path, name.text, t->begin, end, bytes);
    t->bytes = bytes;
}

/* Of all tensors: {"key": "value", ...}. */
static inline void tensors_notes(struct json *j, struct tensors *t)
{
    size_t room = (size_t)(j->end - j->at) + 1;
    char *text = memory(room, 1);
    json_take(j, '{', "{ behind \"__metadata__\"");
    while (json_more(j, t->pairs, '}')) {
        char *at[2];
        for (int i = 0; i < 2; i++) {
            json_string(j, text, room, i ? "a text" : "a key");
            size_t bytes = strlen(text) + 1;
            at[i] = memcpy(memory(bytes, 1), text, bytes);
            if (!i)
                json_take(j, ':', "a colon");
        }
        t->metadata = list_grow(t->metadata, t->pairs, sizeof *t->metadata);
        t->metadata[t->pairs++] = (struct tensor_pair){at[0], at[1]};
    }
    free(text);
}

/* The whole header: everything it says, not yet compared with the rest of the file. */
static inline void tensors_header(struct json *j, struct tensors *t)
{
    if (j->at == j->end || *j->at != '{')
        json_fail(j, "{");
    j->at++;
    bool metadata = false;
    for (int had = 0; json_more(j, had, '}'); had++) {
        struct tensor tensor = {.nd = 0};
        json_string(j, tensor.name, sizeof tensor.name, "the name of a tensor");
        json_take(j, ':', "a colon");
        if (strcmp(tensor.name, "__metadata__")) {
            tensor_read(j, &tensor);
            t->list = list_grow(t->list, t->count, sizeof *t->list);
            t->list[t->count++] = tensor;
        } else if (!metadata) {
            metadata = true;
            tensors_notes(j, t);
        } else
            die("%s: header: found __metadata__ twice, wanted it once", j->path);
    }
    json_next(j);
    if (j->at < j->end)
        json_fail(j, "nothing behind the last }");
}

static inline int tensor_by_begin(const void *a, const void *b)
{
    const struct tensor *s = a, *t = b;
    return s->begin != t->begin ? s->begin < t->begin ? -1 : 1
                                : (s->bytes > t->bytes) - (s->bytes < t->bytes);
}

static inline int tensor_by_name(const void *a, const void *b)
{
    const struct tensor *s = a, *t = b;
    return strcmp(s->name, t->name);
}

static inline int pair_by_key(const void *a, const void *b)
{
    const struct tensor_pair *s = a, *t = b;
    return strcmp(s->key, t->key);
}

/* Makes sure that the tensors, one behind the other, fill so many bytes, and that no
 * name occurs twice; leaves them in the order of their names. */
static inline void tensors_check(struct tensors *t, size_t bytes)
{
    size_t end = 0;
    if (t->count)
        qsort(t->list, (size_t)t->count, sizeof *t->list, tensor_by_begin);
    for (int i = 0; i < t->count; i++) {
        const struct tensor *now = t->list + i;
        if (now->begin != end)
            die("%s: tensor %s: data_offsets: found %zu for the first, wanted %zu, "
                "where the tensor before it ends", t->path, legible(now->name).text,
                now->begin, end);
        end += now->bytes;  // no overflow: begin + bytes was in the file
    }
    if (end != bytes)
        die("%s: file size: found %zu bytes behind the header, wanted %zu for the "
            "tensors", t->path, bytes, end);
    if (t->count)
        qsort(t->list, (size_t)t->count, sizeof *t->list, tensor_by_name);
    for (int i = 1; i < t->count; i++)
        if (!strcmp(t->list[i].name, t->list[i - 1].name))
            die("%s: tensor %s: found twice, wanted once", t->path,
                legible(t->list[i].name).text);
    if (t->pairs)
        qsort(t->metadata, (size_t)t->pairs, sizeof *t->metadata, pair_by_key);
    for (int i = 1; i < t->pairs; i++)
        if (!strcmp(t->metadata[i].key, t->metadata[i - 1].key))
            die("%s: header: found %s twice in __metadata__, wanted it once", t->path,
                legible(t->metadata[i].key).text);
}

/* ---- loading ------------------------------------------------------------------- */

/* Loads a file whole and checks all it says.  Give it back with tensors_free. */
static inline struct tensors tensors_load(const char *path)
{
    enum { MOST = 100000000 };  // bytes of a header, as in the format's own library
    struct tensors t = {.path = path};
    uint64_t size, n = 0;
    FILE *file = file_regular(path, &size);
    if (size < 8 || fread(&n, 1, 8, file) != 8)
        die("%s: file size: found %llu, wanted at least 8 for the length of the header",
            path, (unsigned long long)size);
    if (n > MOST || n > size - 8)
        die("%s: length of the header: found %llu, wanted at most %llu", path,
            (unsigned long long)n,
            (unsigned long long)(size - 8 < MOST ? size - 8 : MOST));
    if (size > PTRDIFF_MAX)
        die("%s: file size: found %llu, more than this machine can hold", path,
            (unsigned long long)size);
    char *header = (char *)file_bytes(file, path, (size_t)n);
    struct json j = {path, header, header, header + n};
    tensors_header(&j, &t);
    free(header);

    size_t bytes = (size_t)(size - 8 - n);
    tensors_check(&t, bytes);
    t.data = file_bytes(file, path, bytes);
    fclose(file);
    for (int i = 0; i < t.count; i++) {
        struct tensor *now = t.list + i;
        now->raw = t.data + now->begin;
        if (strcmp(now->type, "F32"))
            continue;
        if (now->begin % sizeof(float))
            die("%s: tensor %s: data_offsets: found %zu for the first, wanted a "
                "multiple of 4", path, legible(now->name).text, now->begin);
        now->data = (const float *)now->raw;
    }
    return t;
}

static inline void tensors_free(struct tensors *t)
{
    for (int i = 0; i < t->pairs; i++) {
        free(t->metadata[i].key);
        free(t->metadata[i].value);
    }
    free(t->metadata);
    free(t->list);
    free(t->data);
    *t = (struct tensors){0};
}

/* The tensor of this name, or NULL. */
static inline const struct tensor *tensors_find(const struct tensors *t,
                                                const char *name)
{
    struct tensor key = {.nd = 0};
    if (!t->count || strlen(name) >= sizeof key.name)
        return NULL;
    strcpy(key.name, name);
    return bsearch(&key, t->list, (size_t)t->count, sizeof key, tensor_by_name);
}

/* The text under this key of the metadata, or NULL. */
static inline const char *tensors_metadata(const struct tensors *t, const char *key)
{
    for (int i = 0; i < t->pairs; i++)
        if (!strcmp(t->metadata[i].key, key))
            return t->metadata[i].value;
    return NULL;
}

/* A shape in words: [64,3,7,7]. */
struct tensor_shape { char text[64]; };

static inline struct tensor_shape tensor_shape(int nd, const int *dims)
{
    struct tensor_shape s = {"["};
    for (int i = 0; i < nd; i++)
        snprintf(s.text + strlen(s.text), sizeof s.text - strlen(s.text), "%s%d",
                 i ? "," : "", dims[i]);
    strcat(s.text, "]");
    return s;
}

/* The numbers of the tensor of this name, which must be there, be F32 and have this
 * shape; else the program stops with one sentence. */
static inline const float *tensors_floats(const struct tensors *t, const char *name,
                                          int nd, const int *dims)  // [nd]
{
    const struct tensor *found = tensors_find(t, name);
    if (!found)
        die("%s: tensor %s: not found among %d, wanted F32 %s", t->path, name, t->count,
            tensor_shape(nd, dims).text);
    if (!found->data || found->nd != nd ||
        (nd && memcmp(found->dims, dims, (size_t)nd * sizeof *dims)))
        die("%s: tensor %s: found %s %s, wanted F32 %s", t->path, name, found->type,
            tensor_shape(found->nd, found->dims).text, tensor_shape(nd, dims).text);
    return found->data;
}

/* ---- saving -------------------------------------------------------------------- */

/* A file to be: tensors in the order in which they are added, and texts about them.
 * Begin with {0}. */
struct tensor_file {
    int count, pairs, put;
    struct tensor *list;           // [count]
    struct tensor_pair *metadata;  // [pairs]
    struct file_output output;
};

/* Adds a tensor of floats.  They are not copied; data may be NULL if tensor_file_put
 * gets them later. */
static inline void tensor_file_add(struct tensor_file *f, const char *name,
                                   const float *data,         // [dims]
                                   int nd, const int *dims)   // [nd]
{
    assert(strlen(name) < TENSOR_NAME && nd >= 0 && nd <= TENSOR_DIMS);
    struct tensor t = {.type = "F32", .nd = nd, .data = data, .bytes = sizeof(float)};
    strcpy(t.name, name);
    for (int i = 0; i < nd; i++) {
        assert(dims[i] > 0);
        t.dims[i] = dims[i];
        t.bytes *= (size_t)dims[i];
    }
    if (f->count)
        t.begin = f->list[f->count - 1].begin + f->list[f->count - 1].bytes;
    f->list = list_grow(f->list, f->count, sizeof *f->list);
    f->list[f->count++] = t;
}

/* Adds a text under a key; both are copied. */
static inline void tensor_file_note(struct tensor_file *f, const char *key,
                                    const char *value)
{
    struct tensor_pair p = {strdup(key), strdup(value)};
    if (!p.key || !p.value)
        die("no memory for a text");
    f->metadata = list_grow(f->metadata, f->pairs, sizeof *f->metadata);
    f->metadata[f->pairs++] = p;
}

/* A text in quotes, as JSON. */
static inline void json_print(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(to, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(to, "\\u%04x", *text);
        else
            fputc(*text, to);
    fputc('"', to);
}

static inline void tensor_file_header(FILE *to, const struct tensor_file *f)
{
    const char *comma = "";
    fputc('{', to);
    if (f->pairs) {
        fputs("\"__metadata__\":{", to);
        for (int i = 0; i < f->pairs; i++, comma = ",") {
            fputs(comma, to);
            json_print(to, f->metadata[i].key);
            fputc(':', to);
            json_print(to, f->metadata[i].value);
        }
        fputc('}', to);
    }
    for (int i = 0; i < f->count; i++, comma = ",") {
        const struct tensor *t = f->list + i;
        fputs(comma, to);
        json_print(to, t->name);
        fprintf(to, ":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
                t->type, tensor_shape(t->nd, t->dims).text, t->begin,
                t->begin + t->bytes);
    }
    fputc('}', to);
}

/* Opens the file and writes the header; then comes tensor_file_put for each tensor. */
static inline void tensor_file_begin(struct tensor_file *f, const char *path)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    if (!to)
        die("no memory for a header");
    tensor_file_header(to, f);
    // Blanks behind it, so that the numbers begin at a multiple of eight.
    while (fputc(' ', to) == ' ' && !fflush(to) && bytes % 8)
        ;
    if (ferror(to) || fclose(to))
        die("no memory for a header");
    output_open(&f->output, path);
    uint64_t n = bytes;
    output_write(&f->output, &n, 8);
    output_write(&f->output, text, bytes);
    free(text);
    f->put = 0;
}

/* Writes the numbers of the next tensor. */
static inline void tensor_file_put(struct tensor_file *f, const float *data)
{
    assert(f->put < f->count);
    output_write(&f->output, data, f->list[f->put++].bytes);
}

/* Gives the file its name, all tensors being written, and frees what f holds. */
static inline void tensor_file_end(struct tensor_file *f)
{
    assert(f->put == f->count);
    output_close(&f->output);
    for (int i = 0; i < f->pairs; i++) {
        free(f->metadata[i].key);
        free(f->metadata[i].value);
    }
    free(f->metadata);
    free(f->list);
    *f = (struct tensor_file){0};
}

/* Writes all at once: either the whole file is there at the end, or the program stops
 * with one sentence and an older file of this name is as it was. */
static inline void tensor_file_write(struct tensor_file *f, const char *path)
{
    tensor_file_begin(f, path);
    for (int i = 0; i < f->count; i++)
        tensor_file_put(f, f->list[i].data);
    tensor_file_end(f);
}

#endif
