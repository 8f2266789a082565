#!/bin/sh
# run.sh results: run again every experiment that the book quotes (ours), and compare with
#                 plots/results byte for byte; CH=06 one chapter, KEEP=1 accepts what is new.
# run.sh yours:   run your CH=06 and draw it over ours, into build/plots/yours.
# An experiment is a line "# run NAME ARGUMENTS" of the chapter's script plots/NN-name.gp.
# With clock=1 it carries times, which are never the same: kept, but not compared.
set -u
MAKE=${MAKE:-make}
fail() { echo "$*" >&2; exit 1; }

scripts() {
    found=$(for gp in plots/[0-9]*.gp; do
        name=${gp#plots/} number=${name%%-*}
        if [ -z "${CH:-}" ] || [ "${CH#0}" = "${number#0}" ] || [ "$CH.gp" = "$name" ]; then echo "$gp"; fi
    done)
    [ -n "$found" ] || fail "There is no chapter ${CH:-} with plots; there are: $(cd plots && echo [0-9]*.gp)"
    echo "$found"
}

# run PROGRAM NAME TO ARGUMENTS...: one experiment; an unfinished one leaves nothing behind.
run() {
    program=$1 name=$2 to=$3
    shift 3
    start=$(date +%s)
    "$program" "$@" >"$to/$name.part" || fail "$name: $program $* failed"
    mv "$to/$name.part" "$to/$name.tsv"
    printf '%-24s %-44s %3d s' "$name" "$*" $(($(date +%s) - start)) >&2
}

results() {
    list=$(scripts) || exit 1
    bad=0
    mkdir -p build/results plots/results
    for gp in $list; do
        chapter=$(basename "$gp" .gp)
        "$MAKE" -s "build/solutions/$chapter" || exit 1
        sed -n 's/^# run //p' "$gp" >build/results/todo
        while read -r name arguments; do
            # shellcheck disable=SC2086  # the arguments are words
            run "build/solutions/$chapter" "$name" build/results $arguments </dev/null
            new=build/results/$name.tsv old=plots/results/$name.tsv
            if [ "${KEEP:-0}" = 1 ]; then cp "$new" "$old"; echo '  kept' >&2
            else case " $arguments " in
                *" clock=1 "*) echo '  times: not compared' >&2 ;;
                *) if cmp -s "$new" "$old"; then echo '  the same bytes' >&2
                   else echo '  DIFFERS' >&2; diff "$old" "$new" | sed -n 1,6p >&2; bad=$((bad + 1)); fi ;;
            esac; fi
        done <build/results/todo
    done
    [ $bad = 0 ] || fail "$bad results differ from plots/results."
}

yours() {
    [ -n "${CH:-}" ] || fail 'Which chapter?  Say, for example: make plot CH=06'
    gp=$(scripts) || exit 1
    chapter=$(basename "$gp" .gp)
    "$MAKE" -s "build/$chapter" || exit 1
    mkdir -p build/runs build/plots/yours
    sed -n 's/^# run //p' "$gp" | while read -r name arguments; do
        # What is starred never blocks anyone: it runs if yours has all of it.
        todo=$(grep -c 'TODO("[0-9.]*\*")' "chapters/$chapter/"*.c)
        [ "$todo" = 0 ] || arguments=$(echo " $arguments" | sed 's/ stars=1//')
        # shellcheck disable=SC2086
        run "build/$chapter" "$name" build/runs $arguments </dev/null || exit 1
        echo >&2
    done || exit 1
    command -v gnuplot >/dev/null || fail 'Your runs are in build/runs.  gnuplot, which draws them, is missing: make deps brings it.'
    sed -n 's/^# figure //p' "$gp" | while read -r figure; do
        for suffix in svg pdf png; do
            gnuplot -c "$gp" "$figure" "build/plots/yours/$figure.$suffix" plots/results build/runs || exit 1
        done
        [ ! -t 1 ] || gnuplot -c "$gp" "$figure" "" plots/results build/runs
        echo "build/plots/yours/$figure.svg (and .pdf, .png)"
    done
}

case ${1:-} in
results) results ;;
yours) yours ;;
*) fail 'run.sh: results or yours' ;;
esac
