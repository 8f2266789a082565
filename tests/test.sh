#!/bin/sh
# test.sh: proves the course; ends with one line "N passed, N failed".
# Every check prints "ok - ..." or "not ok - ..."; what went wrong stands below it.
set -u
MAKE=${MAKE:-make} CC=${CC:-gcc} top=$(pwd) log=build/test.log out=build/test all=build/test/lines
cores=$(getconf _NPROCESSORS_ONLN)
unset EX CH STRICT TAP JUNIT SEED KEEP || true
mkdir -p "$out"

missing=
for tool in gnuplot pandoc; do command -v $tool >/dev/null || missing="$missing $tool"; done
pkg-config --exists check 2>/dev/null || missing="$missing Check"
if [ -n "$missing" ]; then
    echo "Missing:$missing.  make deps brings it, then make test proves the course." >&2
    exit 1
fi

lines() { grep -E '^(ok|not ok|#)' | tee -a "$top/$all"; }
# step WHAT COMMAND...: good if the command ends with 0; else its last words are shown.
step() {
    what=$1
    shift
    if "$@" >"$log" 2>&1; then echo "ok - $what"; else
        echo "not ok - $what"
        tail -n 12 "$log" | sed 's/^/# /'
    fi | lines
}
each() { for s in solutions/[0-9]*/*.c; do echo "$s"; done; }
# parallel FUNCTION: FUNCTION WORD for every word that comes in, as many at a time as there
# are cores, each in a folder of its own; what one has to say stays together.
parallel() { xargs -P "$cores" -n 1 sh tests/test.sh one "$1"; }

# ---- the sources --------------------------------------------------------------------
stub_is_derived() { awk -f solutions/stub.awk "$1" | diff -u "$2" -; }
# gcc finds some warnings only when it optimizes; clang finds all of them before.
quiet() {
    "$1" "$2" -march=native "$3" -Wall -Wextra -Werror -Isolutions -Ichapters "$4" -o "$out/a.out" -lm
}
source_of() {
    c=chapters/${1#solutions/}
    if git diff --quiet HEAD -- chapters 2>/dev/null || [ -n "${CI:-}" ]; then
        step "$c is what solutions/stub.awk makes" stub_is_derived "$1" "$c"
    fi
    awk -f solutions/stub.awk "$1" | sed 's|"../../data/|"../../../data/|' >"$out/stub.c"
    for cc in 'gcc -O1' 'clang -O0'; do
        command -v "${cc% *}" >/dev/null || continue
        step "$1 compiles silently with ${cc% *}" quiet "${cc% *}" "${cc#* }" -fopenmp "$1"
        step "its stub compiles silently with ${cc% *}" quiet "${cc% *}" "${cc#* }" -fopenmp "$out/stub.c"
    done
    step "$1 compiles silently without OpenMP" quiet "$CC" -O0 -Wno-unknown-pragmas "$1"
}
sources() {
    each | parallel source_of
    step 'no function of more than 60 lines, no line of more than 102 columns' sh -c '
        awk "FNR==1{s=0} /^{/{s=FNR} /^}/&&s{if(FNR-s>61){print FILENAME\":\"s; bad=1} s=0}
             length>102{print FILENAME\":\"FNR\": \"length\" columns\"; bad=1} END{exit bad}" \
            solutions/*/*.c chapters/*/*.h data/*.h tests/*.c tests/*.h tests/bench/*.c'
    if command -v shellcheck >/dev/null; then
        step 'shell scripts pass shellcheck' shellcheck -x .ci/run ./*/*.sh ./*/*/*.sh
    fi
}

# ---- the grader ------------------------------------------------------------------------
full_marks() { "build/judge/$1" "$2" | tee "$log.rows" && ! cut -f3 "$log.rows" | grep -qv '^ok$'; }
all_to_do()  { "build/judge/$1" "$2" | tee "$log.rows" && ! cut -f3 "$log.rows" | grep -qvE '^(todo|waits)$'; }
has_hints() {
    awk -v list=1 -f solutions/stub.awk "$1" | cut -f1 | while read -r e; do
        n=$(awk -v ex="$e" -v n=99 -f tests/hint.awk "$2" | grep -c '^hint')
        [ "$n" -ge 3 ] || { echo "exercise $e has $n hints, not 3"; return 1; }
        grep -qF "{\"$e\"," "$2" || { echo "exercise $e is not in $2"; return 1; }
    done
}
grader_of() {
    name=${1#solutions/} name=${name%/*}
    step "$name: the grader builds" "$MAKE" -s "build/judge/$name" "build/worker/ours/$name" "build/worker/stub/$name" "build/worker/selftest/$name"
    step "$name: our solution gets full marks" full_marks "$name" "build/worker/ours/$name"
    step "$name: with other inputs too" env SEED=20 sh -c "build/judge/$name build/worker/ours/$name | grep -v '	ok	' | (! grep .)"
    step "$name: no stub gets a mark" all_to_do "$name" "build/worker/stub/$name"
    step "$name: every exercise has three hints" has_hints "$1" "tests/$name.c"
    "build/judge/$name" "build/worker/selftest/$name" selftest 2>&1 | lines
}
grader() {
    "$MAKE" -s build/flags
    each | parallel grader_of
}

# ---- programs, the same bytes for any number of threads -------------------------------------
same_bytes() {
    chapter=$1
    shift
    OMP_NUM_THREADS=1 "build/solutions/$chapter" "$@" >"$out/1.tsv" </dev/null || return 1
    for threads in 1 2 4; do
        OMP_NUM_THREADS=$threads "build/solutions/$chapter" "$@" >"$out/n.tsv" </dev/null && cmp "$out/1.tsv" "$out/n.tsv" || return 1
    done
    head -n 1 "$out/1.tsv" | grep -q '^# '
}
refuses() { ! "$@" >/dev/null 2>"$out/err" && [ "$(wc -l <"$out/err")" -ge 1 ] && ! grep -qiE 'sanitizer|core dumped' "$out/err"; }
program_of() {
    chapter=${1#solutions/} chapter=${chapter%/*}
    step "$chapter: the program builds" "$MAKE" -s "build/solutions/$chapter"
    sed -n 's/^# quick *//p' "plots/$chapter.gp" >"$out/quick"
    while read -r arguments; do
        # shellcheck disable=SC2086
        step "$chapter $arguments: the same bytes at 1, 2 and 4 threads" same_bytes "$chapter" $arguments
    done <"$out/quick"
    step "$chapter: an unknown option is refused" refuses "build/solutions/$chapter" nonsense=1
    step "$chapter: a wrong value is refused" refuses "build/solutions/$chapter" seed=-1
    step "$chapter: help is there" "build/solutions/$chapter" help
}
programs() {
    "$MAKE" -s build/flags
    each | parallel program_of
}

# ---- what is given, and the loaders --------------------------------------------------------------
vector_code() {
    for f in exp32 log32 tanh32; do echo "void v_$f(float *y, int n) { for (int i = 0; i < n; i++) y[i] = $f(y[i]); }"; done |
        gcc -O3 -march=native -Ichapters -include 00-kit/kit.h -fopt-info-vec-optimized -c -x c - -o /dev/null 2>&1 |
        grep 'loop vectorized' | cut -d: -f2 | sort -u | tee "$out/loops" && [ "$(wc -l <"$out/loops")" = 3 ]
}
given_of() {
    for cc in gcc clang; do
        command -v $cc >/dev/null || continue
        step "tests/$1.c builds with $cc" $cc -O3 -march=native -fopenmp -Wall -Wextra -Werror -Isolutions -Ichapters "tests/$1.c" -o "$out/a.out" -lm
        for threads in 1 2 4; do OMP_NUM_THREADS=$threads "$out/a.out" | lines; done
    done
    step "tests/$1.c builds with sanitizers" "$CC" -O2 -march=native -Wno-unknown-pragmas -fsanitize=address,undefined -fno-sanitize-recover=all -Isolutions -Ichapters "tests/$1.c" -o "$out/a.out" -lm
    "$out/a.out" shapes=20 2>&1 | lines
}
loader_of() { sh "tests/$1.sh" "$out" 2>&1 | lines; }
given() {
    case $(gcc --version 2>/dev/null) in *'Free Software'*) step 'loops over exp32, log32, tanh32 become vector code' vector_code ;; esac
    printf '%s\n' given conv recurrent detector | parallel given_of
    printf '%s\n' idx csv text series cifar pnm safetensors resnet detector | parallel loader_of
}

# ---- the student's way, in a copy ------------------------------------------------------------------
student() {
    copy=$out/student
    rm -rf "$copy" && mkdir -p "$copy"
    cp -r Makefile solutions tests data plots book "$copy"
    mkdir "$copy/chapters" && cp -r chapters/00-kit "$copy/chapters"
    cd "$copy" || exit 1
    log=$top/$log
    for s in $(each); do
        mkdir -p "chapters/$(dirname "${s#solutions/}")"
        awk -f solutions/stub.awk "$s" >"chapters/${s#solutions/}"
    done
    m="$MAKE -s"
    expect() { # WHAT STATUS COMMAND WORDS: the command's status is 0 or not, and its output has the words
        what=$1 status=$2 command=$3 words=$4
        sh -c "$command" >"$log" 2>&1 </dev/null
        rc=$?
        [ $rc = 0 ] || rc=1
        if [ "$status" = $rc ] && { [ -z "$words" ] || grep -qE "$words" "$log"; }; then echo "ok - student: $what"; else echo "not ok - student: $what"; tail -n 12 "$log" | sed 's/^/# /'; fi | tee -a "$top/$all"
    }
    expect 'an untouched tree is all to do, and good' 0 "$m check" 'next: chapters/01-hello.*total 0 of'
    expect 'nothing is red in it' 0 "! $m check | grep -E 'not yet|does not compile'" ''
    expect 'STRICT=1 asks for all' 1 "$m check STRICT=1" 'total 0 of'
    cp solutions/03-neuron/neuron.c chapters/03-neuron/
    expect 'a whole chapter gets full marks' 0 "$m check CH=03" 'All done'
    cp solutions/01-hello/hello.c chapters/01-hello/
    sed -i.old 's/a\[d\] + b\[d\]/a[d] - b[d]/' chapters/01-hello/hello.c
    expect 'a mistake is named' 1 "$m check EX=1.1" 'Looks like: b is subtracted'
    sed -i.old '/^void vector_add/,/^}/ s/^{/{ int *warned = a; (void)warned;/' chapters/01-hello/hello.c
    expect 'what the compiler warns of is said' 1 "$m check EX=1.1" 'The compiler warns, line [0-9]+: .*incompatible'
    expect 'the others are not touched by it' 1 "$m check CH=01" '1.4 .* ok'
    expect 'TAP and JUnit are written' 1 "$m check CH=01 TAP=t.tap JUNIT=j.xml; grep -q 'not ok 1 - 1.1' t.tap && grep -q '<failure' j.xml && exit 1" ''
    expect 'a hint, then another' 0 "$m hint EX=1.1; $m hint EX=1.1" 'Hint 2 of'
    expect 'yours beside ours' 0 "$m diff EX=1.1" '^-.*a\[d\] - b\[d\]'
    expect 'reset keeps the try' 0 "$m reset EX=1.1; cat build/tries/1.1-1.c" 'a\[d\] - b\[d\]'
    expect 'and the stub is back' 0 "$m check EX=1.1" 'to do'
    expect 'next shows it' 0 "$m next" 'Exercise 1.1'
    sed -i.old 's/for (int d/for (in d/' chapters/01-hello/hello.c
    expect 'a file that does not compile fails alone' 1 "$m check" 'does not compile'
    expect 'with its message' 1 "$m check CH=01" 'hello.c:[0-9]+.*error'
    rm chapters/01-hello/hello.c
    expect 'a missing file is said' 1 "$m check CH=01" 'is missing'
    expect 'an exercise that is not there is said' 1 "$m check EX=1.99" 'no exercise 1.99'
    expect 'a chapter that is not there is said' 1 "$m check CH=99" 'no chapter 99'
    expect 'which exercise?' 1 "$m hint" 'Which exercise'
    expect 'without Check, one sentence' 1 "PKG_CONFIG_LIBDIR=/nowhere $m test" 'Missing: Check'
    cd "$top" || exit 1
    log=build/test.log
}

# ---- figures and book ---------------------------------------------------------------------------------
book() {
    step 'every figure is drawn' "$MAKE" -s plots
    step 'the web book builds' "$MAKE" -s html
    if sh tests/doctor.sh pdf >/dev/null 2>&1; then step 'the PDF builds' "$MAKE" -s book; else
        echo '# no TeX here: the PDF is not built (make deps-book brings it)'; fi
}

if [ "${1:-}" = one ]; then
    out=$out/$2-$(basename "$3" .c) log=$out.log
    mkdir -p "$out"
    "$2" "$3" >"$out.said"
    cat "$out.said"
    exit
fi
: >"$all"
for part in ${PARTS:-sources given grader programs student book}; do echo "# $part"; $part; done
passed=$(grep -c '^ok' "$all") failed=$(grep -c '^not ok' "$all")
[ "$failed" = 0 ] || { echo '# what failed:'; grep '^not ok' "$all" | sed 's/^/# /'; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
