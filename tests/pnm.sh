#!/bin/sh
# pnm.sh [BUILD]: the pictures of data/pnm.h, good and hostile files, loaded and saved.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin pnm "${1:-build}"
builds tests/pnm.c
p=$out/p.pnm

# ---- good pictures ---------------------------------------------------------------
loads() { # TEXT WORDS ARGUMENTS...
    # shellcheck disable=SC2059
    printf "$1" >"$p"
    words=$2
    shift 2
    says "$words" "$p" "$@"
}
check 'grey as text' loads 'P2\n3 2\n4\n0 1 2\n3 4 0\n' '2 3 1: 0 0.25 0.5 0.75 1 0'
check 'colour as text' loads 'P3 2 1 10 0 5 10 10 1 2' '1 2 3: 0 0.5 1 1 0.1 0.2'
check 'grey as bytes' loads 'P5\n2 3\n255\n\000\377\063\146\231\314' '3 2 1: 0 1 0.2 0.4 0.6 0.8'
check 'colour as bytes' loads 'P6\n1 2\n255\n\000\063\146\231\314\377' '2 1 3: 0 0.2 0.4 0.6 0.8 1'
check 'grey, two bytes a pixel' loads 'P5 2 1 65535\n\063\063\377\377' '1 2 1: 0.2 1'
check 'colour, two bytes a number' loads 'P6 1 1 256\n\001\000\000\100\000\200' '1 1 3: 1 0.25 0.5'
check 'a largest number of 1' loads 'P5 3 1 1\n\001\000\001' '1 3 1: 1 0 1'
check 'a largest number of 255 takes one byte' loads 'P5 1 1 255\n\377' '1 1 1: 1'
check 'text with numbers up to 65535' loads 'P2 2 1 65535 65535 13107' '1 2 1: 1 0.2'
check 'comments everywhere' loads \
    'P2# one\n#\n# two\n3#\n#three 9\n 1 # four\n4#five\n0 #six\n1\n2#7' '1 3 1: 0 0.25 0.5'
check 'comments before bytes' loads 'P5 # 9 9\n2 1#\n255#comment\n##' '1 2 1: 0.1373 0.1373'
check 'blanks of all kinds' loads 'P2\t\v\f\r\n1\r\n2\r\n4\r\n1\r\n4\r\n\r\n' '2 1 1: 0.25 1'
check 'zeros before a number' loads 'P2 01 1 004 0003' '1 1 1: 0.75'
check 'a first pixel that looks like a line end' loads 'P5 2 1 255\n\n ' '1 2 1: 0.03922 0.1255'
check 'colour made grey' loads 'P3 2 2 1  1 0 0  0 1 0  0 0 1  1 1 1' '2 2 1: 0.299 0.587 0.114 1' grey
check 'grey stays grey' loads 'P2 2 1 4 1 3' '1 2 1: 0.25 0.75' grey

# Every byte there is, as it is after loading and saving.
bytes() { awk 'BEGIN { for (i = 0; i < 256; i++) printf "\\%03o", i }'; }
round_trip() { # HEADER
    # shellcheck disable=SC2059
    printf "$1$(bytes)" >"$p"
    "$out/load" "$p" "$out/copy" && cmp "$p" "$out/copy" && [ "$(ls "$out"/copy*)" = "$out/copy" ]
}
check 'grey saved is what was loaded' round_trip 'P5\n16 16\n255\n'
check 'colour saved is what was loaded' round_trip 'P6\n43 2\n255\n\001\002'
saves_text() {
    printf 'P2 3 1 1000 0 499 1000' >"$p"
    "$out/load" "$p" "$out/copy" && printf 'P5\n3 1\n255\n\000\177\377' | cmp - "$out/copy"
}
check 'text saved as bytes' saves_text
replaced() {
    echo old >"$out/copy"
    "$out/load" "$p" "$out/copy" && "$out/load" "$out/copy"
}
check 'an older file is replaced' replaced
(cd "$out" && check 'a file without a folder' ./load p.pnm copy)

# ---- bad pictures ------------------------------------------------------------------
bad_file() { # WHAT FILE WORDS
    check "refused: $1" refused "${2##*/}" "$3" "$2"
}
bad() { # WHAT TEXT WORDS
    # shellcheck disable=SC2059
    printf "$2" >"$p"
    bad_file "$1" "$p" "$3"
}
bad_file 'no file' "$out/nowhere" 'cannot be found'
bad_file 'a folder' "$out" 'found something else, wanted a file'
mkfifo "$out/pipe" && bad_file 'a pipe' "$out/pipe" 'found something else, wanted a file'
bad 'an empty file' '' 'first bytes: found -1 and -1, wanted P2, P3, P5 or P6'
bad 'one letter' 'P' 'first bytes: found 80 and -1'
bad 'a bitmap' 'P4 8 1\n\000' 'first bytes: found 80 and 52'
bad 'a newer format' 'P7\nWIDTH 1\n' 'first bytes: found 80 and 55'
bad 'a PNG file' '\211PNG\r\n\032\n' 'first bytes: found 137 and 80'
bad 'a JPEG file' '\377\330\377\340' 'first bytes: found 255 and 216'
bad 'a mark before the text' '\357\273\277P2 1 1 1 1' 'first bytes: found 239 and 187'
bad 'no header' 'P5' 'width: found the end of the file, wanted a number'
bad 'a comment without an end' 'P5 # and so on' 'width: found the end of the file'
bad 'no height' 'P6 3' 'height: found the end of the file'
bad 'no largest number' 'P2 3 1 ' 'largest number: found the end of the file'
bad 'a word for the width' 'P2 three 1 4 0 0 0' 'width: found byte 116 at 3, wanted a number'
bad 'a negative width' 'P5 -3 1 255\n...' 'width: found byte 45 at 3'
bad 'a comma' 'P2 3,1 4 0 0 0' 'width: found byte 44 behind 3, wanted a blank'
bad 'half a pixel' 'P2 1.5 1 4 0' 'width: found byte 46 behind 1'
bad 'a zero byte in the header' 'P2 3\0001 4' 'width: found byte 0 behind 3'
bad 'no columns' 'P5 0 3 255\n' 'width: found 0, wanted 1 to 2147483647'
bad 'no rows' 'P5 3 0 255\n' 'height: found 0, wanted 1 to 2147483647'
bad 'a width of 2 to the 31' 'P5 2147483648 1 255\n' 'width: found more than 2147483647, wanted 1 to'
bad 'a width of 2 to the 64 and 1' 'P5 18446744073709551617 1 255\n.' 'width: found more than'
bad 'a number of forty digits' 'P2 1 1 9 1234567890123456789012345678901234567890' 'a pixel: found more than'
bad 'a product of 2 to the 32' 'P5 65536 65536 255\n' 'pixels: found 65536 times 65536, wanted at most'
bad 'a product of 2 to the 62' 'P6 2147483640 2147483640 65535\n' 'pixels: found 2147483640 times'
bad 'large sizes in a short file' 'P6 20000 20000 255\n...' 'file size: found 22, wanted 1200000019 for 20000 times 20000'
bad 'large sizes in short text' 'P3 20000 20000 255\n1 2 3' 'file size: found 24, wanted at least 2400000018'
bad 'a largest number of 0' 'P5 1 1 0\n\000' 'largest number: found 0, wanted 1 to 65535'
bad 'a largest number of 65536' 'P5 1 1 65536\n\000\000' 'largest number: found 65536, wanted 1 to 65535'
bad 'one byte short' 'P5 2 2 255\n...' 'file size: found 14, wanted 15 for 2 times 2 pixels'
bad 'one byte long' 'P5 2 2 255\n.....' 'file size: found 16, wanted 15 for 2 times 2 pixels'
bad 'two pictures in a file' 'P5 1 1 255\n.P5 1 1 255\n.' 'file size: found 24, wanted 12'
bad 'no blank before the bytes' 'P5 1 1 255' 'file size: found 10, wanted 11'
bad 'the end of a line in two bytes' 'P5 1 1 255\r\n.' 'file size: found 13, wanted 12'
bad 'one byte a number where two are wanted' 'P6 1 1 300\n...' 'file size: found 14, wanted 17'
bad 'an odd byte short' 'P5 1 2 300\n\000\001\000' 'file size: found 14, wanted 15'
bad 'a byte above the largest' 'P5 2 1 100\n\144\145' 'a pixel: found 101, wanted 0 to 100'
bad 'two bytes above the largest' 'P5 1 1 256\n\001\001' 'a pixel: found 257, wanted 0 to 256'
bad 'the bytes of a number in the other order' 'P5 1 1 300\n\310\000' 'a pixel: found 51200'
bad 'a number of the text above the largest' 'P2 3 1 4 0 5 0' 'a pixel: found 5, wanted 0 to 4'
bad 'a negative number of the text' 'P2 3 1 4 0 -1 0' 'a pixel: found byte 45 at 11, wanted a number'
bad 'a letter in the text' 'P3 1 1 4 1 x 3' 'a pixel: found byte 120'
bad 'a zero byte in the text' 'P2 2 1 4 1\0002' 'a pixel: found byte 0 behind 1'
bad 'too few numbers' 'P2 3 1 4 1   2\n' 'a pixel: found the end of the file, wanted a number'
bad 'far too few numbers' 'P2 3 3 4 1 2' 'file size: found 12, wanted at least 26'
bad 'too many numbers' 'P2 2 1 4 1 2 3' 'pixels: found more than 2 numbers'
bad 'letters that move the cursor' 'P2 \033[2J 1 4 1' 'width: found byte 27'
head -c 1000000 /dev/zero >"$p"
bad_file 'a million zero bytes' "$p" 'first bytes: found 0 and 0'
{ printf 'P2 '; head -c 1000000 /dev/zero | tr '\0' ' '; } >"$p"
bad_file 'a million blanks' "$p" 'width: found the end of the file'
{ printf 'P2 #'; head -c 1000000 /dev/zero; } >"$p"
bad_file 'a comment of a million zero bytes' "$p" 'width: found the end of the file'

# ---- what cannot be saved ----------------------------------------------------------
printf 'P2 1 1 4 1' >"$p"
check 'refused: to save where there is no folder' refused nowhere/p.pgm \
    'cannot be written: No such file' "$p" "$out/nowhere/p.pgm"
mkdir -p "$out/there"
check 'refused: to save where a folder is' refused there 'found something else, wanted a file' \
    "$p" "$out/there"
finish
