#!/bin/sh
# student.sh: what make check, next, hint, diff, reset and watch do.
#   EX=6.3 one exercise, CH=06 one chapter; STRICT=1: only full marks are good;
#   TAP=file and JUNIT=file: the same results in those formats; SEED=n: other inputs.
set -u
MAKE=${MAKE:-make} out=build/check
mkdir -p "$out"

EX=${EX:-} EX=${EX%\*}  # 4.5* is 4.5

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }

# The solutions of the chapters asked for, one a line: solutions/06-mlp/mlp.c
chapters() {
    want=${CH:-}
    if [ -n "${EX:-}" ]; then want=${EX%%.*}; fi
    found=$(for s in solutions/[0-9]*/*.c; do
        name=${s#solutions/} name=${name%/*} number=${name%%-*}
        if [ -z "$want" ] || [ "$want" = "$name" ] || [ "${want#0}" = "${number#0}" ]; then echo "$s"; fi
    done)
    [ -n "$found" ] || fail "There is no chapter $want; there are: $(cd solutions && echo [0-9]*)"
    if [ -n "${EX:-}" ]; then
        awk -v list=1 -f solutions/stub.awk "$found" | cut -f1 | tr -d '*' | grep -qxF "$EX" ||
            fail "There is no exercise $EX; chapter $want has: $(awk -v list=1 -f solutions/stub.awk "$found" | cut -f1 | tr '\n' ' ')"
    fi
    echo "$found"
}

# One chapter's results: number, function, status, points, text.
rows() {
    s=$1 name=$2 yours=$3
    if [ ! -f "$yours" ]; then
        awk -v list=1 -f solutions/stub.awk "$s" | awk -F '\t' -v OFS='\t' -v f="$yours" \
            '{print $1, $2, "broken", 1, f " is missing: git checkout " f " brings the stub back"}'
    elif awk -f solutions/stub.awk "$s" | cmp -s - "$yours"; then
        awk -v list=1 -f solutions/stub.awk "$s" | awk -F '\t' -v OFS='\t' '{print $1, $2, "todo", 1, ""}'
    elif ! "$MAKE" -s "build/judge/$name" >"$out/$name.err" 2>&1; then
        sed -n 1,5p "$out/$name.err" >&2
        return 1
    elif ! "$MAKE" -s "build/worker/$name" >"$out/$name.err" 2>&1; then
        text=$(grep -m 3 -E 'error|undefined reference' "$out/$name.err" | cut -c1-200 | tr '\t' ' ' |
               awk '{printf "%s\\n", $0}')
        awk -v list=1 -f solutions/stub.awk "$s" | awk -F '\t' -v OFS='\t' '{print $1, $2}' |
            while IFS='	' read -r n f; do printf '%s\t%s\tbroken\t1\t%s\n' "$n" "$f" "$text"; done
    else
        if [ -n "${EX:-}" ]; then CK_RUN_CASE=$EX; export CK_RUN_CASE; fi
        "build/judge/$name" "build/worker/$name" || { say "The grader itself failed in chapter $name."; return 1; }
    fi
}

# The exercises to do whose text is not the stub's, one number a line.
touched() {
    awk -f solutions/stub.awk "$1" >"$out/stub"
    cmp -s "$out/stub" "$2" || awk -F '\t' '$3 == "todo" { print $1 }' "$out/rows" | while read -r n; do
        awk -v only="$n" -f solutions/stub.awk "$out/stub" >"$out/ours"
        awk -v only="$n" -f solutions/stub.awk "$2" | cmp -s - "$out/ours" || echo "$n"
    done
}

check() {
    list=$(chapters) || exit 1
    : >"$out/all.tsv"
    for s in $list; do
        name=${s#solutions/} name=${name%/*} yours=chapters/${s#solutions/}
        rows "$s" "$name" "$yours" >"$out/rows" || exit 1
        { [ ! -f "$yours" ] || awk -v list=1 -f solutions/stub.awk "$yours"; } >"$out/lines"
        { [ ! -f "$yours" ] || touched "$s" "$yours"; } >"$out/touched"
        grep ' warning: ' "build/worker/$name.said" >"$out/warnings" 2>/dev/null
        awk -F '\t' -v OFS='\t' -v chapter="$name" -v file="$yours" -v ex="${EX:-}" '
            FILENAME == ARGV[1] { line[$1] = $3; next }
            FILENAME == ARGV[2] { written[$1]; next }
            FILENAME == ARGV[3] {
                split($0, at, ":")
                if (index($0, file ":") == 1 && sub(/^.* warning: /, "")) { sub(/ \[-W[^]]*\]$/, ""); warned[++warnings] = at[2]; warning[warnings] = $0 }
                next
            }
            $3 == "wrong" {
                end = 1e9
                for (n in line) if (line[n] + 0 > line[$1] + 0 && line[n] + 0 < end) end = line[n] + 0
                for (k = 1; k <= warnings; k++)
                    if (warned[k] >= line[$1] + 0 && warned[k] < end) {
                        $5 = $5 "\\nThe compiler warns, line " warned[k] ": " warning[k]
                        break
                    }
            }
            $3 == "todo" && $1 in written { $5 = "its TODO is still there" }
            { n = $1; sub(/\*/, "", n) }
            ex == "" || n "" == ex "" { print chapter, $1, $2, $3, $4, file ($1 in line ? ":" line[$1] : ""), $5 }
            ' "$out/lines" "$out/touched" "$out/warnings" "$out/rows" >"$out/$name.tsv"
        cat "$out/$name.tsv" >>"$out/all.tsv"
        awk -v as=text -v color="$color" -f tests/report.awk "$out/$name.tsv"
    done
    for as in tap junit; do
        case $as in tap) to=${TAP:-};; junit) to=${JUNIT:-};; esac
        [ -z "$to" ] || awk -v as=$as -f tests/report.awk "$out/all.tsv" >"$to" || fail "$to cannot be written"
    done
    awk -v as=summary -v strict="${STRICT:-0}" -f tests/report.awk "$out/all.tsv"
}

# Sets s (the solution) and yours for EX, or stops.
one() {
    [ -n "${EX:-}" ] || fail "Which exercise?  Say, for example: make $1 EX=1.2"
    s=$(chapters) || exit 1
    star=$(awk -v list=1 -f solutions/stub.awk "$s" | cut -f1 | grep -E "^$EX\*?\$")
    yours=chapters/${s#solutions/} name=${s#solutions/} name=${name%/*}
}

next() {
    STRICT=0 EX='' check >/dev/null
    awk -F '\t' '$4 != "ok" && $2 !~ /\*/ && !done++ { print $1 "\t" $2 "\t" $6 }' "$out/all.tsv" >"$out/next"
    [ -s "$out/next" ] || { echo 'All exercises are done.  Those with a star go further.'; exit 0; }
    IFS='	' read -r name EX where <"$out/next"
    s=$(chapters)
    awk -v only="$EX" -f solutions/stub.awk "chapters/${s#solutions/}"
    printf '\nIt is in %s.  The book explains it in chapter %s.  When done: make check EX=%s\n' \
        "$where" "${EX%%.*}" "$EX"
}

hint() {
    one hint
    mkdir -p build/hints
    n=$(($(cat "build/hints/$EX" 2>/dev/null || echo 0) + 1))
    awk -v ex="$star" -v n=$n -f tests/hint.awk "tests/$name.c" >build/hints/text
    total=$(awk -v ex="$star" -v n=99 -f tests/hint.awk "tests/$name.c" | grep -c '^hint')
    [ "$total" -gt 0 ] || fail "There is no hint on $EX."
    sed 's/^hint [0-9]*: //' build/hints/text
    if [ $n -lt "$total" ]; then
        printf '\n(Hint %d of %d.  make hint EX=%s says more.)\n' $n "$total" "$EX"
        echo $n >"build/hints/$EX"
    else
        printf '\n(That was the last hint; make diff EX=%s shows our answer.)\n' "$EX"
        echo 0 >"build/hints/$EX"
    fi
}

difference() {
    one diff
    awk -v only="$star" -f solutions/stub.awk "$yours" >"$out/yours"
    awk -v only="$star" -f solutions/stub.awk "$s" >"$out/ours"
    [ -s "$out/yours" ] || fail "$yours has no comment that begins with \"/* Exercise $star:\"."
    if cmp -s "$out/yours" "$out/ours"; then echo "Your $EX is ours, letter for letter."; return; fi
    diff -u --label "yours: $yours" --label "ours: $s" "$out/yours" "$out/ours"
    return 0
}

reset() {
    one reset
    awk -v only="$star" -f solutions/stub.awk "$yours" >"$out/yours"
    [ -s "$out/yours" ] || fail "$yours has no comment that begins with \"/* Exercise $star:\".  git checkout $yours brings the whole stub back."
    awk -f solutions/stub.awk "$s" | awk -v only="$star" -f solutions/stub.awk >"$out/stub"
    if cmp -s "$out/yours" "$out/stub"; then echo "$EX is as it was at the beginning."; return; fi
    mkdir -p build/tries
    k=1; while [ -e "build/tries/$EX-$k.c" ]; do k=$((k + 1)); done
    cp "$out/yours" "build/tries/$EX-$k.c"
    awk -v only="$star" -v swap="$out/stub" -f solutions/stub.awk "$yours" >"$out/new" && cp "$out/new" "$yours"
    echo "$EX is as it was at the beginning; your try is in build/tries/$EX-$k.c."
}

watch() {
    echo 'Checking whenever a file of chapters/ is saved; ^C ends it.'
    : >"$out/stamp"
    while :; do
        (check)
        touch "$out/stamp"
        until [ -n "$(find chapters -name '*.c' -newer "$out/stamp")" ]; do sleep 1; done
        printf '\n'
    done
}

color=0
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then color=1; fi
case $1 in
check) check ;;
next) next ;;
hint) hint ;;
diff) difference ;;
reset) reset ;;
watch) watch ;;
*) fail "student.sh: check, next, hint, diff, reset or watch" ;;
esac
