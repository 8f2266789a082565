/* file.h: what the loaders beside it share: files found, opened, read and written, and
 * characters in UTF-8.
 *
 * Whatever is wrong with one, the program stops with one sentence.
 */
#ifndef FILE_H
#define FILE_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <00-kit/kit.h>

enum { FILE_PATH = 4096 };

/* ---- reading ------------------------------------------------------------------- */

static inline void file_path(char *path,  // [FILE_PATH]
                             const char *place, const char *folder, const char *name)
{
    int n = snprintf(path, FILE_PATH, "%s%s/%s", place, folder, name);
    if (n < 0 || n >= FILE_PATH)
        die("%.40s...: the folder's name is too long", folder);
}

/* Where the folder is that holds a file of this name: here or, unless it begins with a
 * slash, in data/, one level up or two levels up. */
static inline const char *file_place(const char *folder, const char *name)
{
    static const char *const places[] = {"", "data/", "../", "../../"};
    char path[FILE_PATH];
    struct stat s;
    for (int i = 0; i < (*folder == '/' ? 1 : 4); i++) {
        file_path(path, places[i], folder, name);
        if (!stat(path, &s))
            return places[i];
    }
    const char *set = strrchr(folder, '/');
    file_path(path, "", folder, name);
    die("%s: not found: run from the course's top folder, or make data SET=%s", path,
        set ? set + 1 : folder);
}

/* Opens a regular file and says how many bytes it has. */
static inline FILE *file_regular(const char *path, uint64_t *size)
{
    struct stat s;
    if (stat(path, &s))
        die("%s: cannot be found: %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        die("%s: found something else, wanted a file", path);
    FILE *file = fopen(path, "rb");
    if (!file)
        die("%s: cannot be opened: %s", path, strerror(errno));
    *size = (uint64_t)s.st_size;
    return file;
}

/* Opens a file here or, unless its path begins with a slash, one or two levels up. */
static inline FILE *file_open(const char *path, uint64_t *size)
{
    static const char *const places[] = {"", "../", "../../"};
    char full[FILE_PATH];
    struct stat s;
    for (int i = 0; i < (*path == '/' ? 1 : 3); i++) {
        int n = snprintf(full, sizeof full, "%s%s", places[i], path);
        if (n < 0 || n >= FILE_PATH)
            die("%.40s...: the path is too long", path);
        if (!stat(full, &s))
            return file_regular(full, size);
    }
    die("%s: not found: run from the course's top folder", path);
}

/* The next bytes of a file, so many that its size leaves no doubt that they are there.
 * The caller frees them. */
static inline uint8_t *file_bytes(FILE *file, const char *path, size_t bytes)
{
    uint8_t *data = memory(bytes, 1);
    size_t got = fread(data, 1, bytes, file);
    if (got != bytes) {
        free(data);
        die("%s: data: found %zu bytes, wanted %zu: the file could not be read", path,
            got, bytes);
    }
    return data;
}

/* A file of at most so many bytes as one string, which the caller frees. */
static inline char *file_text(const char *path, size_t most)
{
    uint64_t size;
    FILE *file = file_open(path, &size);
    if (size > most)
        die("%s: file size: found %llu bytes, wanted at most %zu", path,
            (unsigned long long)size, most);
    char *text = memory((size_t)size + 1, 1);
    if (fread(text, 1, (size_t)size, file) != size)
        die("%s: cannot be read to its end", path);
    fclose(file);
    char *zero = memchr(text, '\0', (size_t)size);
    if (zero)
        die("%s: byte %zu: found a zero, wanted text", path, (size_t)(zero - text));
    return text;
}

/* The beginning of a text from a file, fit for one line of a message. */
struct legible { char text[44]; };

static inline struct legible legible(const char *text)
{
    struct legible p = {""};
    for (int i = 0; text[i] && i < 43; i++)
        p.text[i] = text[i] < ' ' || text[i] > '~' ? '?' : i < 40 ? text[i] : '.';
    return p;
}

/* ---- characters in UTF-8 ------------------------------------------------------- */

/* The code point of the character that begins here.  Returns how many bytes it has, 0
 * if they are no UTF-8: a byte that cannot begin one, one that is missing behind it,
 * more of them than need be, half a character of UTF-16, one beyond the last. */
static inline int utf8_read(uint32_t *code, const char *s, const char *end)
{
    uint8_t b = (uint8_t)*s;
    int more = b < 0x80 ? 0 : b < 0xc2 ? -1 : b < 0xe0 ? 1 : b < 0xf0 ? 2 :
               b < 0xf5 ? 3 : -1;
    if (more < 0 || end - s <= more)
        return 0;
    uint32_t c = more ? b & (0x3fu >> more) : b;
    for (int i = 1; i <= more; i++) {
        if (((uint8_t)s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | ((uint8_t)s[i] & 0x3f);
    }
    *code = c;
    bool wrong = (more == 2 && c < 0x800) || (more == 3 && c < 0x10000) ||
                 c > 0x10ffff || (c >= 0xd800 && c < 0xe000);
    return wrong ? 0 : more + 1;
}

/* Writes a character, at most four bytes, and returns how many they are. */
static inline int utf8_write(char *to, uint32_t c)
{
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    to[0] = (char)(first[more] | c >> 6*more);
    for (int i = 1; i <= more; i++)
        to[i] = (char)(0x80 | (c >> 6*(more - i) & 0x3f));
    return more + 1;
}

/* ---- writing: all of the new file, or the old one stays ------------------------ */

/* What is written goes to a temporary file beside it, which takes its name at the end:
 * whoever reads the file, and whenever the machine stops, finds it whole. */
struct file_output {
    char path[FILE_PATH], temporary[FILE_PATH + 32];
    FILE *file;
};

static inline void output_fail(struct file_output *o, const char *what)
{
    int number = errno;
    unlink(o->temporary);
    die("%s: cannot be %s: %s", o->path, what, strerror(number));
}

static inline void output_open(struct file_output *o, const char *path)
{
    int n = snprintf(o->path, sizeof o->path, "%s", path);
    if (n < 0 || n >= FILE_PATH)
        die("%.40s...: the path is too long", path);
    struct stat there;
    if (!stat(path, &there) && !S_ISREG(there.st_mode))
        die("%s: found something else, wanted a file", path);
    snprintf(o->temporary, sizeof o->temporary, "%s.%ld.part", path, (long)getpid());
    o->file = fopen(o->temporary, "wb");
    if (!o->file)
        die("%s: cannot be written: %s", path, strerror(errno));
}

/* Stops now if a file could not be written later, when the work is done. */
static inline void output_try(const char *path)
{
    struct file_output o;
    output_open(&o, path);
    fclose(o.file);
    unlink(o.temporary);
}

static inline void output_write(struct file_output *o, const void *data, size_t bytes)
{
    if (fwrite(data, 1, bytes, o->file) != bytes)
        output_fail(o, "written");
}

static inline void output_close(struct file_output *o)
{
    if (fflush(o->file) || fsync(fileno(o->file)) || fclose(o->file))
        output_fail(o, "written");
    if (rename(o->temporary, o->path))
        output_fail(o, "replaced");
    // The new name lasts once the folder is written too.
    char *slash = strrchr(o->path, '/');
    if (slash)
        slash[slash == o->path] = '\0';
    int folder = open(slash ? o->path : ".", O_RDONLY);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

#endif
