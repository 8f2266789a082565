#!/bin/sh
# hostile.sh: what the tests of the loaders share.  Each sources it, calls begin, then
# check for one thing after the other, then finish.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them

begin() { # NAME BUILD: $out is an empty folder
    out=${2:-build}/$1 failed=0 files=0
    rm -rf "$out"
    mkdir -p "$out" || exit 1
    out=$(cd "$out" && pwd)
    asked=$out/load  # the program that asks() calls
    valgrind=''
    if valgrind -q true 2>/dev/null; then
        valgrind='valgrind -q --leak-check=full --error-exitcode=99'
    fi
    sanitize='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
}

finish() {
    rm -rf "$out"
    exit "$failed"
}

check() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$out/log" 2>&1; then
        printf 'ok - %s\n' "$what"
    else
        printf 'not ok - %s\n' "$what"
        sed 's/^/# /; 12q' "$out/log"
        failed=1
    fi
}

# ---- building --------------------------------------------------------------------
build() { # NAME SOURCE COMPILER FLAGS...
    name=$1 source=$2
    shift 2
    "$@" -Wall -Wextra -Werror -Wno-unknown-pragmas -Isolutions -Ichapters "$source" \
        -o "$out/$name" -lm
}

builds() { # SOURCE: as $out/load with sanitizers, as $out/plain without
    for compiler in gcc clang; do
        if command -v $compiler >/dev/null; then
            check "$1 compiles silently with $compiler" build silent "$1" $compiler -O3 -march=native
        fi
    done
    # shellcheck disable=SC2086
    check 'it builds with sanitizers' build load "$1" "${CC:-cc}" $sanitize
    check 'it builds without' build plain "$1" "${CC:-cc}" -O1
    [ -x "$out/load" ] && [ -x "$out/plain" ] || exit 1
}

# ---- good files ------------------------------------------------------------------
same() { # WORDS COMMAND...: status 0 and these words, nothing else
    words=$1
    shift
    "$@" >"$out/said" 2>&1
    status=$?
    cat "$out/said"
    [ "$status" = 0 ] && [ "$(cat "$out/said")" = "$words" ]
}

says() { # WORDS ARGUMENTS...: the program says so, under valgrind too
    words=$1
    shift
    same "$words" "$out/load" "$@" || return 1
    # shellcheck disable=SC2086
    [ -z "$valgrind" ] || same "$words" $valgrind "$out/plain" "$@"
}

lines() { printf '%s\n' "$@"; }

sums() { # FOLDER N: the SHA-256 of its N files stand in data/README.md
    grep -E "^[0-9a-f]{64}  $1/" data/README.md >"$out/sums"
    [ "$(grep -c . "$out/sums")" = "$2" ] || return
    if command -v sha256sum; then
        (cd data && sha256sum -c "$out/sums")
    else
        (cd data && shasum -a 256 -c "$out/sums")
    fi
}

inside() { # FOLDER COMMAND...
    (cd "$1" && shift && "$@")
}

# ---- bad files ---------------------------------------------------------------------
# Status 1, nothing on stdout, one line on stderr with the file and the words, and no
# letters that move a terminal's cursor.
one_line() { # STATUS FILE WORDS
    cat "$out/stdout" "$out/stderr"
    echo "status $1"
    [ "$1" = 1 ] && [ ! -s "$out/stdout" ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] &&
        grep -qaF "$2: $3" "$out/stderr" &&
        ! LC_ALL=C grep -qa "$(printf '[\001-\010\033]')" "$out/stderr"
}

# With sanitizers, with too little memory for what a false header asks and, as it is
# slow, for every fourth under valgrind.
refused() { # FILE WORDS ARGUMENTS...
    file=$1 words=$2
    shift 2
    "$out/load" "$@" >"$out/stdout" 2>"$out/stderr"
    one_line $? "$file" "$words" || return 1
    # shellcheck disable=SC3045  # where there is no -v it does nothing
    (ulimit -v 65536 2>/dev/null; "$out/plain" "$@") >"$out/stdout" 2>"$out/stderr"
    one_line $? "$file" "$words" || return 1
    files=$((files + 1))
    [ -n "$valgrind" ] && [ $((files % 4)) = 0 ] || return 0
    # shellcheck disable=SC2086
    $valgrind "$out/plain" "$@" >"$out/stdout" 2>"$out/stderr"
    one_line $? "$file" "$words"
}
# What concerns no file: status 1, nothing on stdout, and this on one line.
asks() { # SENTENCE OPTIONS...
    sentence=$1
    shift
    "$asked" "$@" >"$out/stdout" 2>"$out/stderr"
    status=$?
    cat "$out/stdout" "$out/stderr"
    [ "$status" = 1 ] && [ ! -s "$out/stdout" ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] &&
        grep -qF "$sentence" "$out/stderr"
}

# ---- data/get.sh ---------------------------------------------------------------------
get_copy() { # so that what is installed is not touched
    mkdir -p "$out/get/data" && cp data/get.sh "$out/get/data/" || exit 1
}

get() { sh "$out/get/data/get.sh" "$@"; }

left() { # what there is in the copy's data/full
    if [ -d "$out/get/data/full" ]; then ls -A "$out/get/data/full"; fi
}

get_refuses() { # SENTENCE ARGUMENTS...: status 1, one line on stderr, nothing left behind
    sentence=$1
    shift
    get "$@" >"$out/stdout" 2>"$out/stderr"
    status=$?
    cat "$out/stdout" "$out/stderr"
    left
    [ "$status" = 1 ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] &&
        grep -q "$sentence" "$out/stderr" && [ -z "$(left)" ]
}

get_says() { # SET SENTENCE ARGUMENTS...: status 0, and the set is there
    there=$1 sentence=$2
    shift 2
    get "$@" >"$out/said" 2>&1
    status=$?
    cat "$out/said"
    left
    [ "$status" = 0 ] && grep -q "$sentence" "$out/said" && [ "$(left)" = "$there" ]
}
