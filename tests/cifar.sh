#!/bin/sh
# cifar.sh [BUILD]: the CIFAR-10 loader in data/cifar.h against good and hostile files, and
# data/get.sh with an archive.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin cifar "${1:-build}"
builds tests/cifar.c
folder=$out/set names=$out/set/batches.meta.txt first=$out/set/data_batch_1.bin
mkdir "$folder"

# ---- good files ------------------------------------------------------------------
# A record: every red of it the same, and so on, but for the last blue.
record() { # LABEL RED GREEN BLUE, in octal
    # shellcheck disable=SC2059
    { printf "\\$1"; fill "$2" 1024; fill "$3" 1024; fill "$4" 1023; printf '\377'; }
}
fill() { head -c "$2" /dev/zero | tr '\0' "\\$1"; }
names() { lines a b c d e f g h i jj ''; }
good() {
    rm -rf "$folder"
    mkdir "$folder"
    names >"$names"
    { record 003 001 002 003; record 011 004 005 006; } >"$first"
    record 000 007 010 011 >"$folder/test_batch.bin"
}
good
check 'a training set of one file' says \
    "$(lines '2 3072 10 32 32 3' '4 5 6 4 5 255 jj' "$((1024 * 21 + 255 * 2 - 3 - 6))")" "$folder" train
check 'a test set' says "$(lines '1 3072 10 32 32 3' '7 8 9 7 8 255 a' "$((1024 * 24 + 255 - 9))")" "$folder" t10k
check 'fewer than there are' says \
    "$(lines '1 3072 10 32 32 3' '1 2 3 1 2 255 d' "$((1024 * 6 + 255 - 3))")" "$folder" train 1
record 004 012 012 012 >"$folder/data_batch_2.bin"
record 005 013 014 015 >"$folder/data_batch_3.bin"
check 'a training set of three files' says \
    "$(lines '4 3072 10 32 32 3' '11 12 13 11 12 255 f' "$((1024 * 87 + 255 * 4 - 3 - 6 - 10 - 13))")" "$folder" train
cp "$folder/data_batch_2.bin" "$folder/data_batch_4.bin"
cp "$folder/data_batch_2.bin" "$folder/data_batch_5.bin"
cp "$folder/data_batch_2.bin" "$folder/data_batch_6.bin"
check 'a training set of five files; a sixth is nothing' says \
    "$(lines '6 3072 10 32 32 3' '10 10 10 10 10 255 e' "$((1024 * 147 + 255 * 6 - 3 - 6 - 30 - 13))")" "$folder" train
good
printf 'a\r\nb\nc\nd\ne\nf\ng\nh\ni\njj' >"$names"
check 'names whose lines end this way and that' says \
    "$(lines '1 3072 10 32 32 3' '7 8 9 7 8 255 a' "$((1024 * 24 + 255 - 9))")" "$folder" t10k
mkdir -p "$out/data/here"
cp "$folder"/* "$out/data/here"
check 'a set is found in data' inside "$out" same \
    "$(lines '1 3072 10 32 32 3' '7 8 9 7 8 255 a' "$((1024 * 24 + 255 - 9))")" "$out/load" here t10k

# ---- bad files ---------------------------------------------------------------------
bad() { # WHAT FILE WORDS [SET]: then good files again
    check "refused: $1" refused "set/$2" "$3" "$folder" "${4:-train}"
    good
}
F=data_batch_1.bin N=batches.meta.txt
rm "$first"
bad 'no first file' $F "not found: run from the course's top folder, or make data SET=set"
rm "$folder/test_batch.bin"
bad 'no test set' test_batch.bin "not found: run from the course's top folder" t10k
rm "$names"
bad 'no names' $N 'cannot be found'
cp "$first" "$folder/data_batch_3.bin"
bad 'a gap between the files' data_batch_3.bin 'there is no data_batch_2.bin before it'
rm "$first" && mkdir "$first"
bad 'a folder instead of a file' $F 'found something else, wanted a file'
mkfifo "$folder/data_batch_2.bin"
bad 'a pipe instead of a file' data_batch_2.bin 'found something else, wanted a file'
: >"$first"
bad 'an empty file' $F 'file size: found 0, wanted 1 or more records of 3073 bytes'
head -c 3072 /dev/zero >"$first"
bad 'one byte short' $F 'file size: found 3072, wanted 1 or more records'
{ record 001 001 001 001; printf x; } >"$first"
bad 'one byte long' $F 'file size: found 3074, wanted 1 or more records'
{ record 001 001 001 001; record 002 001 001 001 | head -c 100; } >"$first"
bad 'half a second record' $F 'file size: found 3173, wanted 1 or more records'
record 001 001 001 001 | head -c 3000 >"$folder/data_batch_2.bin"
bad 'a short second file' data_batch_2.bin 'file size: found 3000'
record 001 001 001 001 | head -c 1000 >"$folder/test_batch.bin"
bad 'a short test set' test_batch.bin 'file size: found 1000' t10k
{ record 001 001 001 001; record 012 001 001 001; } >"$first"
bad 'a label of 10' $F 'label of record 1: found 10, wanted 0 to 9'
record 377 001 001 001 >"$first"
bad 'a label of 255' $F 'label of record 0: found 255, wanted 0 to 9'
{ record 001 001 001 001; record 060 001 001 001; } >"$folder/data_batch_2.bin"
bad 'a label that is a letter, in the second file' data_batch_2.bin 'label of record 1: found 48'
head -c 3074 /dev/zero | tr '\0' '\002' >"$first"
bad 'records of CIFAR-100' $F 'file size: found 3074'
record 001 001 001 001 | gzip >"$first"
bad 'a packed file' $F 'first bytes: found those of gzip: unpack it'
cp "$names" "$first"
bad 'names where pictures belong' $F 'file size: found 22'
: >"$names"
bad 'no names in the file' $N 'found 0 lines, wanted the names of 10 classes'
names | head -n 9 >"$names"
bad 'nine names' $N 'found 9 lines, wanted the names of 10 classes'
{ names; echo k; } >"$names"
bad 'eleven names' $N 'found more than 10 lines, wanted the names of 10 classes'
{ echo abcdefghijklmnop; names; } >"$names"
bad 'a long name' $N 'line 1: found a name of more than 15 letters'
head -c 1000000 /dev/zero | tr '\0' z >"$names"
bad 'a name of a million letters' $N 'line 1: found a name of more than 15 letters'
printf 'a\nb\000c\n' >"$names"
bad 'a zero byte in the names' $N 'byte 3: found 0, wanted a letter'
printf 'a\n\033[2J\n' >"$names"
bad 'letters that move the cursor' $N 'byte 2: found 27, wanted a letter'
head -c 100000 /dev/zero | tr '\0' '\n' >"$names"
bad 'nothing but ends of lines' $N 'found 0 lines'
cp "$first" "$names"
bad 'pictures where names belong' $N 'byte 0: found 3, wanted a letter'
mv "$names" "$names.html"
bad 'names under another name' $N 'cannot be found' t10k
long_path() {
    "$out/load" "$(fill 170 5000)" train >"$out/stdout" 2>"$out/stderr"
    one_line $? xxxx... "the folder's name is too long"
}
check 'refused: a path of 5000 letters' long_path

# ---- data/get.sh, with an archive of ours ----------------------------------------------
get_copy
archive=cifar-10-binary.tar.gz installed=$out/get/data/full/cifar10
mkdir -p "$out/from" "$out/mirror/cifar-10-batches-bin"
check 'get: a folder without the archive' get_refuses "$archive: not found$" cifar10 "$out/from"
cp "$folder"/* "$out/mirror/cifar-10-batches-bin/"
(cd "$out/mirror" && tar cf - cifar-10-batches-bin) | gzip >"$out/from/$archive"
check 'get: an archive with other bytes is not installed' \
    get_refuses "$archive: SHA-256: found .*, wanted c4a38c50.*nothing was" cifar10 "$out/from"
found=$(sed -n 's/.*found \([0-9a-f]*\),.*/\1/p' "$out/stderr")
sed "s/c4a38c50[0-9a-f]*/$found/" data/get.sh >"$out/get/data/get.sh"
check 'get: an archive is unpacked' get_says cifar10 'installed from' cifar10 "$out/from"
check 'get: what was in it loads' says \
    "$(lines '1 3072 10 32 32 3' '7 8 9 7 8 255 a' "$((1024 * 24 + 255 - 9))")" "$installed" t10k
check 'get: nothing else is there' same "$(lines batches.meta.txt data_batch_1.bin sums test_batch.bin)" ls "$installed"
check 'get: the second time there is nothing to do' get_says cifar10 'already there' cifar10
printf x >>"$installed/test_batch.bin"
check 'get: a damaged file is replaced' get_says cifar10 'damaged' cifar10 "$out/from"
check 'get: and it is whole again' get_says cifar10 'already there' cifar10
rm "$installed/sums"
check 'get: without its sums it is not trusted' get_says cifar10 'damaged' cifar10 "$out/from"
finish
