#!/bin/sh
# demo.sh: trains the network of chapter 6 on the bundled pictures and shows what it sees.
# Needs a C compiler and make, nothing else; with gnuplot it draws the curve as a PNG too.
set -eu
MAKE=${MAKE:-make} program=build/solutions/06-mlp
command -v "${CC:-cc}" >/dev/null || { echo "There is no C compiler: install gcc or clang (make doctor says how)." >&2; exit 1; }
echo 'Building a neural network from plain C ...' >&2
"$MAKE" -s $program
echo 'Training it on 10,000 pictures of clothes; then it names 2,000 that it has never seen.' >&2
echo >&2
mkdir -p build/demo
$program pictures=20 >build/demo/06-mlp.tsv
awk -F '\t' 'END { printf "\nOf 2,000 unseen pictures it named %.1f %% rightly, after %d passes through the training set.\n", 100 * $5, $1 }' build/demo/06-mlp.tsv
if command -v gnuplot >/dev/null && gnuplot -c plots/06-mlp.gp 06-mlp-curve build/demo/curve.png build/demo 2>/dev/null; then
    echo 'Its curve, drawn by gnuplot: build/demo/curve.png'
fi
cat <<'END'

All of it is in solutions/06-mlp/mlp.c, and you can write it yourself:
  make next          shows the first exercise
  make check         grades what you wrote, and names your mistake
  make deps book     brings the tools, and makes the book (the PDF: make deps-book book)
END
