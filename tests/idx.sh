#!/bin/sh
# idx.sh [BUILD]: the loader in data/idx.h against good and hostile files, and data/get.sh.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
unset SET FROM
out=${1:-build}/idx failed=0
rm -rf "$out"
mkdir -p "$out/set" || exit 1
out=$(cd "$out" && pwd)

check() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$out/log" 2>&1; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        sed 's/^/# /; 12q' "$out/log"
        failed=1
    fi
}

# ---- the program that loads ------------------------------------------------------
build() { # NAME COMPILER FLAGS...
    name=$1
    shift
    "$@" -Wall -Wextra -Werror -Ichapters tests/idx.c -o "$out/$name" -lm
}
for compiler in gcc clang; do
    if command -v $compiler >/dev/null; then
        check "the loader compiles silently with $compiler" \
            build silent $compiler -O3 -march=native
    fi
done
check 'it builds with sanitizers' build load "${CC:-cc}" -O1 -g \
    -fsanitize=address,undefined -fno-sanitize-recover=all
check 'it builds without' build plain "${CC:-cc}" -O1
[ -x "$out/load" ] && [ -x "$out/plain" ] || exit 1
valgrind=''
if valgrind -q true 2>/dev/null; then
    valgrind='valgrind -q --leak-check=full --error-exitcode=99'
fi

# ---- good files ------------------------------------------------------------------
# Three pictures of 2 rows and 4 columns; labels 0, 9 and 5.
images=$out/set/train-images-idx3-ubyte labels=$out/set/train-labels-idx1-ubyte
images() { printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\4abcdefghijklmnopqrstuv\0\377'; }
labels() { printf '\0\0\10\1\0\0\0\3\0\11\5'; }
good() {
    images >"$images"
    labels >"$labels"
}
says() { # WORDS COMMAND...: status 0 and these words, nothing else
    words=$1
    shift
    "$@" >"$out/said" 2>&1
    status=$?
    cat "$out/said"
    [ "$status" = 0 ] && [ "$(cat "$out/said")" = "$words" ]
}
balanced() { # FOLDER WHICH N EACH: N pictures of 28 by 28, so many of each class
    "$out/load" "$1" "$2" | awk -v N="$3" -v each="$4" '
        { print; good = $1 == N && $2 == 28 && $3 == 28
          for (k = 5; k < 15; k++) good = good && $k == each }
        END { exit !good }'
}
sums() { # the SHA-256 of all four stand in data/README.md
    grep -E '^[0-9a-f]{64}  fashion-mnist/' data/README.md >"$out/sums"
    [ "$(grep -c . "$out/sums")" = 4 ] || return
    if command -v sha256sum; then
        (cd data && sha256sum -c "$out/sums")
    else
        (cd data && shasum -a 256 -c "$out/sums")
    fi
}
inside() { # FOLDER COMMAND...
    (cd "$1" && shift && "$@")
}
good
sum='3 2 4 2620 1 0 0 0 0 1 0 0 0 1'
check 'good files load' says "$sum" "$out/load" "$out/set" train
# shellcheck disable=SC2086
[ -z "$valgrind" ] || check 'valgrind finds nothing wrong, nothing lost' \
    says "$sum" $valgrind "$out/plain" "$out/set" train
check 'pictures and bars are letters where there is no terminal' says "$(printf '%s\n' \
    '  ==:#  ====' '  one   a lo' '        two ' '  half #####      end')" \
    "$out/load" "$out/set" train draw
check 'the training set: 10000 pictures, 1000 of each class' \
    balanced data/fashion-mnist train 10000 1000
check 'the test set: 2000 pictures, 200 of each class' balanced data/fashion-mnist t10k 2000 200
check 'the files have the checksums of data/README.md' sums
check 'a set is found by its name' balanced fashion-mnist t10k 2000 200
check 'a set is found from a folder inside the course' \
    inside data/fashion-mnist balanced data/fashion-mnist t10k 2000 200

# ---- bad files ---------------------------------------------------------------------
# Status 1, nothing on stdout, one line on stderr with the file and the field: with
# sanitizers, under valgrind, and with too little memory for what a false header asks.
one_line() { # STATUS FILE FIELD
    cat "$out/stdout" "$out/stderr"
    echo "status $1"
    [ "$1" = 1 ] && [ ! -s "$out/stdout" ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] &&
        grep -q "set/$2: $3" "$out/stderr"
}
refused() { # FILE FIELD
    "$out/load" "$out/set" train >"$out/stdout" 2>"$out/stderr"
    one_line $? "$1" "$2" || return 1
    # shellcheck disable=SC3045  # where there is no -v it does nothing
    (ulimit -v 65536 2>/dev/null; "$out/plain" "$out/set" train) >"$out/stdout" 2>"$out/stderr"
    one_line $? "$1" "$2" || return 1
    [ -n "$valgrind" ] || return 0
    # shellcheck disable=SC2086
    $valgrind "$out/plain" "$out/set" train >"$out/stdout" 2>"$out/stderr"
    one_line $? "$1" "$2"
}
bad() { # WHAT FILE FIELD: then good files again
    check "refused: $1" refused "$2" "$3"
    rm -rf "$images" "$labels"
    good
}
I=train-images-idx3-ubyte L=train-labels-idx1-ubyte

rm "$images"
bad 'no pictures' $I 'not found: run from the course.s top folder, or make data SET=set'
rm "$labels"
bad 'no labels' $L 'cannot be found'
rm "$images" && mkdir "$images"
bad 'a folder instead of a file' $I 'found something else, wanted a file'
: >"$images"
bad 'an empty file' $I 'file size: found 0, wanted at least 16'
images | head -c 15 >"$images"
bad 'half a header' $I 'file size: found 15, wanted at least 16'
images | head -c 39 >"$images"
bad 'pictures one byte short' $I 'file size: found 39, wanted 40'
images | head -c 16 >"$images"
bad 'a header and no pictures' $I 'file size: found 16, wanted 40'
{ images; printf x; } >"$images"
bad 'pictures one byte long' $I 'file size: found 41, wanted 40'
labels | head -c 10 >"$labels"
bad 'labels one byte short' $L 'file size: found 10, wanted 11'
{ labels; printf '\1'; } >"$labels"
bad 'labels one byte long' $L 'file size: found 12, wanted 11'
{ labels; printf '.....'; } >"$images"
bad 'labels where pictures belong' $I 'magic number: found 0x00000801, wanted 0x00000803'
images >"$labels"
bad 'pictures where labels belong' $L 'magic number: found 0x00000803, wanted 0x00000801'
{ printf '\0\0\15\3'; images | tail -c +5; } >"$images"
bad 'floats instead of bytes' $I 'magic number: found 0x00000d03'
{ printf '\3\10\0\0'; images | tail -c +5; } >"$images"
bad 'the bytes in the other order' $I 'magic number: found 0x03080000'
images | gzip >"$images"
bad 'a packed file' $I 'magic number: found that of gzip'
printf '\0\0\10\3\0\0\0\0\0\0\0\2\0\0\0\4' >"$images"
bad 'no records' $I 'number of records: found 0, wanted 1 to'
printf '\0\0\10\1\0\0\0\0........' >"$labels"
bad 'no labels in the file' $L 'number of records: found 0, wanted 1 to'
printf '\0\0\10\3\0\0\0\3\0\0\0\0\0\0\0\4' >"$images"
bad 'no rows' $I 'rows of a picture: found 0, wanted 1 to'
printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\0' >"$images"
bad 'no columns' $I 'columns of a picture: found 0, wanted 1 to'
printf '\0\0\10\3\377\377\377\377\0\0\0\2\0\0\0\4........' >"$images"
bad 'four thousand million records' $I 'number of records: found 4294967295, wanted 1 to'
printf '\0\0\10\3\0\0\0\3\200\0\0\0\0\0\0\4........' >"$images"
bad 'two thousand million rows' $I 'rows of a picture: found 2147483648, wanted 1 to'
printf '\0\0\10\3\100\0\0\0\0\2\0\0\0\2\0\0' >"$images"
bad 'dimensions whose product is 2 to the 64' $I 'pixels of a picture: found 17179869184'
printf '\0\0\10\3\1\0\0\0\0\0\1\0\0\0\1\0........' >"$images"
bad 'dimensions whose product is 2 to the 40' $I 'file size: found 24, wanted 1099511627792'
printf '\0\0\10\3\177\377\377\377\0\0\377\377\0\0\177\377........' >"$images"
bad 'the largest dimensions' $I 'file size: found 24, wanted 46114'
printf '\0\0\10\1\177\377\377\377\0\11\5' >"$labels"
bad 'many labels claimed' $L 'file size: found 11, wanted 2147483655'
printf '\0\0\10\1\0\0\0\2\0\11' >"$labels"
bad 'fewer labels than pictures' $L 'number of records: found 2, wanted 3'
printf '\0\0\10\1\0\0\0\4\0\11\5\1' >"$labels"
bad 'more labels than pictures' $L 'number of records: found 4, wanted 3'
printf '\0\0\10\1\0\0\0\3\0\11\12' >"$labels"
bad 'a label above 9' $L 'label of record 2: found 10, wanted 0 to 9'
printf '\0\0\10\1\0\0\0\3\377\11\5' >"$labels"
bad 'a label of 255' $L 'label of record 0: found 255, wanted 0 to 9'

# ---- data/get.sh ---------------------------------------------------------------------
# A copy of it, so that what is installed is not touched.
mkdir -p "$out/get/data" && cp data/get.sh "$out/get/data/" || exit 1
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
check 'get: no set named' get_refuses 'the name is one of: fashion-mnist'
check 'get: a set that there is not' get_refuses 'SET=fashion: there is no such set' fashion
check 'get: a folder that there is not' get_refuses 'FROM=.*: there is no such folder' \
    fashion-mnist "$out/nowhere"
check 'get: a folder without the files' get_refuses 'train-images-idx3-ubyte: not found' \
    fashion-mnist "$out/set/.."
check 'get: files with other bytes are not installed' \
    get_refuses 'train-images-idx3-ubyte: SHA-256: found d335.*, wanted c59f.*nothing was' \
    fashion-mnist data/fashion-mnist

package=/usr/share/datasets/fashion-mnist installed=$out/get/data/full/fashion-mnist
get_says() { # SENTENCE ARGUMENTS...
    sentence=$1
    shift
    get "$@" >"$out/said" 2>&1
    status=$?
    cat "$out/said"
    left
    [ "$status" = 0 ] && grep -q "$sentence" "$out/said" && [ "$(left)" = fashion-mnist ]
}
same_subset() {
    get subset fashion-mnist "$out/subset" && diff -r "$out/subset" data/fashion-mnist
}
if [ -d "$package" ]; then
    check 'get: the full set from the package' get_says 'installed from' fashion-mnist
    check 'get: the full set loads' balanced "$installed" train 60000 6000
    check 'get: the second time there is nothing to do' get_says 'already there' fashion-mnist
    printf x >>"$installed/train-labels-idx1-ubyte"
    check 'get: a damaged file is replaced' get_says 'damaged' fashion-mnist "$package"
    check "the course's subset is what data/get.sh makes" same_subset
fi
rm -rf "$out/get" "$out/subset"
exit $failed
