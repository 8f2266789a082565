#!/bin/sh
# idx.sh [BUILD]: the loader in data/idx.h against good and hostile files, and data/get.sh.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
unset SET FROM
. tests/hostile.sh
begin idx "${1:-build}"
mkdir "$out/set"
builds tests/idx.c

# ---- good files ------------------------------------------------------------------
# Three pictures of 2 rows and 4 columns; labels 0, 9 and 5.
images=$out/set/train-images-idx3-ubyte labels=$out/set/train-labels-idx1-ubyte
images() { printf '\0\0\10\3\0\0\0\3\0\0\0\2\0\0\0\4abcdefghijklmnopqrstuv\0\377'; }
labels() { printf '\0\0\10\1\0\0\0\3\0\11\5'; }
good() {
    images >"$images"
    labels >"$labels"
}
balanced() { # FOLDER WHICH N EACH: N pictures of 28 by 28, so many of each class
    "$out/load" "$1" "$2" | awk -v N="$3" -v each="$4" '
        { print; good = $1 == N && $2 == 28 && $3 == 28
          for (k = 5; k < 15; k++) good = good && $k == each }
        END { exit !good }'
}
good
sum='3 2 4 2620 1 0 0 0 0 1 0 0 0 1'
check 'good files load' says "$sum" "$out/set" train
check 'pictures and bars are letters where there is no terminal' says "$(lines \
    '  ==:#  ====' '  one   a lo' '        two ' '  half #####      end')" "$out/set" train draw
check 'the training set: 10000 pictures, 1000 of each class' \
    balanced data/fashion-mnist train 10000 1000
check 'the test set: 2000 pictures, 200 of each class' balanced data/fashion-mnist t10k 2000 200
check 'the files have the checksums of data/README.md' sums fashion-mnist 4
check 'a set is found by its name' balanced fashion-mnist t10k 2000 200
check 'a set is found from a folder inside the course' \
    inside data/fashion-mnist balanced data/fashion-mnist t10k 2000 200

# ---- bad files ---------------------------------------------------------------------
bad() { # WHAT FILE FIELD: then good files again
    check "refused: $1" refused "set/$2" "$3" "$out/set" train
    rm -rf "$images" "$labels"
    good
}
I=train-images-idx3-ubyte L=train-labels-idx1-ubyte

rm "$images"
bad 'no pictures' $I "not found: run from the course's top folder, or make data SET=set"
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
get_copy
check 'get: no set named' get_refuses 'the name is one of: fashion-mnist'
check 'get: a set that there is not' get_refuses 'SET=fashion: there is no such set' fashion
check 'get: a folder that there is not' get_refuses 'FROM=.*: there is no such folder' \
    fashion-mnist "$out/nowhere"
check 'get: a folder without the files' get_refuses 'train-images-idx3-ubyte: not found' \
    fashion-mnist "$out/set/.."
check 'get: files with other bytes are not installed' \
    get_refuses 'train-images-idx3-ubyte: SHA-256: found d335.*, wanted c59f.*nothing was' \
    fashion-mnist data/fashion-mnist
check 'get: files of another set are not installed' \
    get_refuses 'train-images-idx3-ubyte: SHA-256: found d335.*, wanted ba89.*nothing was' \
    mnist data/fashion-mnist

package=/usr/share/datasets/fashion-mnist installed=$out/get/data/full/fashion-mnist
same_subset() {
    get subset fashion-mnist "$out/subset" && diff -r "$out/subset" data/fashion-mnist
}
if [ -d "$package" ]; then
    check 'get: the full set from the package' get_says fashion-mnist 'installed from' fashion-mnist
    check 'get: the full set loads' balanced "$installed" train 60000 6000
    check 'get: the second time there is nothing to do' get_says fashion-mnist 'already there' fashion-mnist
    printf x >>"$installed/train-labels-idx1-ubyte"
    check 'get: a damaged file is replaced' get_says fashion-mnist 'damaged' fashion-mnist "$package"
    check "the course's subset is what data/get.sh makes" same_subset
fi
finish
