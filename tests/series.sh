#!/bin/sh
# series.sh [BUILD]: the program of chapter 20 with good and hostile files of numbers.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin series "${1:-build}"
asked=$out/chapter
t=$out/t.csv
export OMP_NUM_THREADS=1
# shellcheck disable=SC2086
check "the chapter's program builds with sanitizers" \
    build chapter solutions/20-series/series.c "${CC:-cc}" $sanitize
[ -x "$out/chapter" ] || exit 1

# A file of numbers with the hours beside them, one word for each.
numbers() {
    echo hour,x
    hour=0
    for x in "$@"; do
        echo "$hour,$x"
        hour=$((hour + 1))
    done
}
rise() { # N: so many numbers that go up and down
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%s ", i * i % 11 + i / 4 }'
}
program() { # OPTIONS...: the series in $t, by a small network
    "$out/chapter" series="$t" column=x season=2 hidden=2 epochs=1 seeds=1 "$@"
}

# ---- good files --------------------------------------------------------------------
tells() { # WORDS OPTIONS...: status 0, nothing on stderr, and the words among what is said
    words=$1
    shift
    program "$@" >"$out/stdout" 2>"$out/stderr"
    status=$?
    cat "$out/stderr" "$out/stdout"
    [ "$status" = 0 ] && [ ! -s "$out/stderr" ] && ! grep -qiE 'nan|inf' "$out/stdout" &&
        tr '\t' ' ' <"$out/stdout" | grep -qE "$words"
}
# shellcheck disable=SC2046
numbers $(rise 14) >"$t"
check '14 numbers are enough for a season of 2' tells '^naive ' show=compare
check 'errors by horizon' tells '^naive 2 ' show=horizon
check 'each forecast' tells '^13 13 12 2 ' show=forecasts
check 'numbers that are to come' tells '^2 ' show=future
check 'a horizon of one number' tells '^1 ' show=future horizon=1
check 'no gap' same "$(printf '# first\tlast\tmissing')" program show=gaps
# shellcheck disable=SC2046
numbers $(rise 200) | sed '12,15s/,.*/,/; 40s/,.*/,NA/; 190,191s/,.*/,NA/; 201s/,.*/,/' >"$t"
check 'gaps in all parts, and at the end' tells '^naive ' show=compare
check 'a number to come, behind a gap' tells '^1 ' show=future
check 'the gaps' same "$(printf '# first\tlast\tmissing\n10\t13\t4\n38\t38\t1\n188\t189\t2\n199\t199\t1')" \
    program show=gaps
check 'a horizon of more than a season' tells '^7 ' show=future horizon=7
check 'a window of one number' tells '^naive ' show=compare window=1
check 'a season of one number' tells '^naive ' show=compare season=1 window=3
check 'the numbers themselves, without waves' tells '^naive ' show=compare difference=0 waves=0

# ---- bad files ---------------------------------------------------------------------
program_refuses() { # WORDS OPTIONS...: what it says of the file in $t
    words=$1
    shift
    program "$@" >"$out/stdout" 2>"$out/stderr"
    one_line $? "${t##*/}" "$words"
}
bad() { # WHAT NUMBERS WORDS OPTIONS...
    what=$1 words=$3
    # shellcheck disable=SC2086
    numbers $2 >"$t"
    shift 3
    check "refused: $what" program_refuses "$words" "$@"
}
changed() { # WHAT SED WORDS OPTIONS...: 200 numbers with something changed
    what=$1 words=$3
    # shellcheck disable=SC2046
    numbers $(rise 200) | sed "$2" >"$t"
    shift 3
    check "refused: $what" program_refuses "$words" "$@"
}

bad 'one number too few' "$(rise 13)" \
    'found 13 numbers, wanted at least 14 for a season of 2, a window of 2 and a horizon of 2'
bad 'one number' 5 'found 1 number, wanted at least 14'
bad 'a window longer than the series' "$(rise 60)" 'found 60 numbers, wanted at least' window=60
bad 'a season longer than the series' "$(rise 60)" 'found 60 numbers, wanted at least' season=100000
bad 'a horizon longer than the series' "$(rise 60)" 'found 60 numbers, wanted at least' horizon=60
bad 'no number at all' "$(yes NA | head -n 60)" \
    'column x: found no number at all, wanted a series'
bad 'one number after gaps' 'NA NA NA 5' 'line 2, column x: found a gap at the start'
changed 'a gap at the start' '2s/,.*/,/' \
    'line 2, column x: found a gap at the start, wanted a number there'
changed 'a gap at the start, which is to be printed' '2,9s/,.*/,NA/' \
    'line 2, column x: found a gap at the start' show=gaps
changed 'no number in the test part' '172,201s/,.*/,NA/' 'found no number in its last 30'
changed 'no number in the validation part' '142,171s/,.*/,NA/' 'found no number in its last 60'
changed 'no number but the first' '3,201s/,.*/,NA/' 'found no number in its last'
bad 'always the same number' "$(yes 7 | head -n 60)" 'found nothing that changes within a season of 2'
bad 'a season that repeats itself exactly' "$(yes '7 8' | head -n 60)" \
    'found nothing that changes within a season of 2'
changed 'a column that is not there' 1s/x/y/ 'line 1: found no column x among 2'
changed 'a column twice' '1s/hour/x/' 'line 1: found column x twice'
changed 'a word for a number' '50s/,.*/,warm/' 'line 50, column x: found "warm", wanted a number'
changed 'NaN' '50s/,.*/,NaN/' 'line 50, column x: found "NaN", wanted a number'
changed 'a number too large' '50s/,.*/,1e39/' 'line 50, column x: found "1e39", wanted a number'
changed 'a comma for the point' '50s/,.*/,3,5/' 'line 50: found 3 cells, wanted 2 as in line 1'
changed 'a line that is empty' '50s/.*//' 'line 50: found 1 cell, wanted 2 as in line 1'
changed 'a quote that is not closed' '50s/,/,"/' 'line 50: found a quote that is not closed'
changed 'letters that move the cursor' "50s/,.*/,$(printf '\033[2J')/" 'line 50, column x: found "'
changed 'names and no numbers' 1q 'found a line of names and no more'
changed 'nothing' d 'found an empty file'

# ---- bad options -------------------------------------------------------------------
# shellcheck disable=SC2046
numbers $(rise 200) >"$t"
wanted="series=$t: wanted temperatures, co2, or a file with column= and season="
check 'refused: a file without its column' asks "$wanted" series="$t" season=2
check 'refused: a file without its season' asks "$wanted" series="$t" column=x
check 'refused: no name of a file' asks 'series=: wanted temperatures' series=
check 'refused: a file that is not there' asks 'nowhere.csv: not found' \
    series="$out/nowhere.csv" column=x season=2
check 'refused: a folder instead of a file' asks 'found something else, wanted a file' \
    series="$out" column=x season=2
check 'refused: a drift over more than is known' asks 'drift=100: wanted at most 4' \
    series="$t" column=x season=2 drift=100
check 'refused: a share of nothing' asks 'share=0: wanted a number from 0.01 to 1' share=0
check 'refused: a season below zero' asks 'season=-1: wanted a whole number' season=-1
finish
