/* pnm.c: loads a picture and says what is in it, or saves it again.  tests/pnm.sh feeds
 * it bad pictures too. */
#include "../data/pnm.h"

int main(int argc, char **argv)
{
    if (argc < 2)
        die("usage: %s FILE [grey] [COPY]", argv[0]);
    struct pnm p = pnm_load(argv[1]);
    if (argc > 2 && !strcmp(argv[2], "grey")) {
        pnm_grey(p.x, &p);
        p.C = 1;
        argc--, argv++;
    }
    if (argc > 2)
        pnm_save(argv[2], p.x, p.Y, p.X, p.C);
    else {
        printf("%d %d %d:", p.Y, p.X, p.C);
        for (int i = 0; i < p.Y * p.X * p.C && i < 12; i++)
            printf(" %.4g", p.x[i]);
        printf("\n");
    }
    pnm_free(&p);
}
