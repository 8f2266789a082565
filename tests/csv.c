/* csv.c: loads a table and says what is in it.  tests/csv.sh feeds it bad tables too. */
#include <04-data/data.c>

/* A string with what cannot be seen as \n, \r or ?. */
void print_plain(const char *string)
{
    for (; *string; string++)
        if (*string == '\n' || *string == '\r')
            printf("\\%c", *string == '\n' ? 'n' : 'r');
        else
            putchar((unsigned char)*string < ' ' ? '?' : *string);
}

/* All rows as text, each behind its line; or the columns named, as numbers. */
int main(int argc, char **argv)
{
    if (argc < 2)
        die("usage: %s FILE [COLUMN...]", argv[0]);
    struct table t = table_load(argv[1]);
    int *columns = ints((size_t)argc);
    for (int a = 2; a < argc; a++)
        columns[a] = table_column(&t, argv[a]);
    // Nothing is printed before all is known to be right.
    float *x = floats((size_t)t.N * (size_t)argc);
    for (int n = 0; n < t.N; n++)
        for (int a = 2; a < argc; a++)
            x[n*argc + a] = table_number(&t, n, columns[a]);

    printf("%d %d\n", t.N, t.D);
    for (int n = 0; n < t.N; n++) {
        printf("%d", t.lines[n]);
        for (int a = 2; a < argc; a++)
            printf(isnan(x[n*argc + a]) ? " missing" : " %g", x[n*argc + a]);
        for (int d = 0; argc == 2 && d < t.D; d++) {
            printf(" [");
            print_plain(table_cell(&t, n, d));
            printf("]");
        }
        printf("\n");
    }
    free(x);
    free(columns);
    table_free(&t);
}
