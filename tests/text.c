/* text.c: loads a text and says what it is made of, or writes it again.  tests/text.sh
 * feeds it bad texts too. */
#include "../data/text.h"

/* How many characters; the code points of the vocabulary; the number at each place.
 * Or, with "write", the text; or, with code points, their numbers. */
int main(int argc, char **argv)
{
    if (argc < 2)
        die("usage: %s FILE [write | CODE...]", argv[0]);
    struct text t = text_open(argv[1]);
    if (argc > 2 && !strcmp(argv[2], "write"))
        text_write(stdout, &t, t.ids, t.n);
    else if (argc > 2)
        for (int a = 2; a < argc; a++)
            printf("%d%c", text_id(&t, (uint32_t)strtoul(argv[a], NULL, 16)),
                   a < argc - 1 ? ' ' : '\n');
    else {
        printf("%d:", t.n);
        for (int v = 0; v < t.V && v < 24; v++)
            printf(" %x", (unsigned)t.codes[v]);
        printf(";");
        for (int i = 0; i < t.n && i < 24; i++)
            printf(" %d", t.ids[i]);
        printf("\n");
    }
    text_free(&t);
}
