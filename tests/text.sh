#!/bin/sh
# text.sh [BUILD]: the loader of texts, data/text.h, with good and hostile files, and the
# texts, names and series that the course brings.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin text "${1:-build}"
t=$out/t.txt
builds tests/text.c

# ---- good texts --------------------------------------------------------------------
# The file's text is given in the form of printf; what is said are the number of
# characters, the code points, the numbers.
loads() { # TEXT WORDS ARGUMENTS...
    # shellcheck disable=SC2059
    printf "$1" >"$t"
    words=$2
    shift 2
    says "$words" "$t" "$@"
}

check 'letters in the order of their code points' loads 'to be\n' '6: a 20 62 65 6f 74; 5 4 1 2 3 0'
check 'one letter' loads 'a' '1: 61; 0'
check 'one letter many times' loads 'aaaa' '4: 61; 0 0 0 0'
check 'an end of line and no more' loads '\n' '1: a; 0'
check 'characters of two bytes' loads '\302\200\337\277' '2: 80 7ff; 0 1'
check 'characters of three bytes' loads '\340\240\200\357\277\277\342\202\254' '3: 800 20ac ffff; 0 2 1'
check 'characters of four bytes' loads '\360\220\200\200\364\217\277\277\360\237\230\200' \
    '3: 10000 1f600 10ffff; 0 2 1'
check 'the last before the halves of UTF-16, and the first behind' loads '\355\237\277\356\200\200' \
    '2: d7ff e000; 0 1'
check 'characters of all lengths in one text' loads 'a\303\251\342\202\254\360\237\230\200a' \
    '5: 61 e9 20ac 1f600; 0 1 2 3 0'
check 'control characters are characters' loads '\001\t\177' '3: 1 9 7f; 0 1 2'
check 'an accent of its own stays one' loads 'e\314\201\303\251' '3: 65 e9 301; 0 2 1'
check 'a byte order mark goes' loads '\357\273\277ab' '2: 61 62; 0 1'
check 'a second one stays' loads '\357\273\277\357\273\277a' '2: 61 feff; 1 0'
check 'one that is not at the start stays' loads 'a\357\273\277' '2: 61 feff; 0 1'
check 'lines end with \r\n' loads 'a\r\nb\r\n' '4: a 61 62; 1 0 2 0'
check 'a \r alone is a character' loads 'a\rb\r' '4: d 61 62; 1 0 2 0'
check 'two \r before a \n' loads '\r\r\n' '2: a d; 1 0'
check 'numbers of code points' loads 'xa\303\251\n' '0 1 2 3 -1 -1 -1 -1' a 61 78 e9 0 62 ea 10ffff
check 'numbers of code points in a text of one' loads 'b' '-1 0 -1' 61 62 63

# ---- written again -----------------------------------------------------------------
back() { # FILE: as it was
    "$out/load" "$1" write | cmp - "$1"
}
made() { # what reads it back is given as a printf text
    # shellcheck disable=SC2059
    printf "$1" >"$t" && back "$t"
}
every_size() { # the first and the last character of one, two, three and four bytes
    made '\001\177\302\200\337\277\340\240\200\355\237\277\356\200\200\357\277\277' &&
        made '\360\220\200\200\364\217\277\277'
}
alphabet() { # COUNT: so many different characters, U+0100 and on, each twice
    awk -v n="$1" 'BEGIN { for (twice = 0; twice < 2; twice++)
        for (i = 256; i < 256 + n; i++)
            printf "\\%o\\%o", 192 + int(i / 64), 128 + i % 64 }'
}
largest() {
    made "$(alphabet 1024)" && "$out/load" "$t" | grep -q '^2048: 100 101 '
}
long() {
    yes "$(printf 'an umlaut: \303\244, a coin: \342\202\254')" | head -n 50000 >"$t" && back "$t"
}
check 'written again: the smallest and the largest of each length' every_size
check 'written again: 1024 different characters' largest
check 'written again: a long one' long
without() { # \r and the mark are gone
    printf '\357\273\277a\r\n\303\251\r\n' >"$t"
    printf 'a\n\303\251\n' >"$out/u.txt"
    "$out/load" "$t" write | cmp - "$out/u.txt"
}
check 'written again: without the mark, with \n' without
for file in names/names.txt course/course.txt series/co2.csv; do
    check "written again: $file" back "data/$file"
done
found() { # IN
    inside "$1" "$out/load" data/names/names.txt write | cmp - data/names/names.txt
}
check 'a text is found from a folder inside the course' found data/course

# ---- what the course brings ----------------------------------------------------------
for set in names/1 series/2 course/1; do
    check "data/README.md has the checksum of ${set%/*}" sums "${set%/*}" "${set#*/}"
done
names() { # lower case, sorted, each once, and none of one letter
    n=data/names/names.txt
    LC_ALL=C sort -c -u "$n" && ! LC_ALL=C grep -v '^[a-z][a-z][a-z]*$' "$n" &&
        [ "$(wc -l <"$n")" -eq 8403 ]
}
check 'the names: 8403, sorted, of the letters a to z' names
small() { # enough to learn from, few enough characters
    bytes=$(wc -c <data/course/course.txt)
    "$out/load" data/course/course.txt | cut -d: -f1
    ! LC_ALL=C grep -n "$(printf '[\001-\010\013-\037\177-\377]')" data/course/course.txt &&
        [ "$bytes" -gt 250000 ] && [ "$bytes" -lt 350000 ]
}
check 'the text of the course: about 300 kB of ASCII' small
check 'the table reader builds' build table tests/csv.c "${CC:-cc}" -O1
series() { # FILE COLUMN ROWS GAPS
    "$out/table" "data/series/$1" "$2" >"$out/said" || return 1
    head -n 1 "$out/said"
    grep -c missing "$out/said"
    [ "$(head -n 1 "$out/said")" = "$3 2" ] && [ "$(grep -c missing "$out/said")" = "$4" ]
}
check 'the temperatures: 8760 hours, of which 1 is missing' series seattle-temps.csv temp 8760 1
check 'the carbon dioxide: 2284 weeks, of which 59 are missing' series co2.csv co2 2284 59
steps() { # FILE SECONDS: the dates are so far apart, all of them
    cut -d, -f1 "data/series/$1" | sed 1d | awk -v step="$2" '
        function days(y, m, d) {  # since some day, in the calendar we use
            if (m < 3) { y--; m += 12 }
            return 365*y + int(y/4) - int(y/100) + int(y/400) + int((153*m - 457)/5) + d
        }
        { split($0, a, /[-T:]/)
          now = 86400*days(a[1], a[2], a[3]) + 3600*a[4] + 60*a[5]
          if (NR > 1 && now - before != step) { print NR, $0; bad = 1 }
          before = now }
        END { exit bad }'
}
check 'the temperatures are an hour apart' steps seattle-temps.csv 3600
check 'the carbon dioxide is a week apart' steps co2.csv 604800

# ---- bad texts -----------------------------------------------------------------------
bad_file() { # WHAT FILE WORDS
    check "refused: $1" refused "${2##*/}" "$3" "$2"
}
bad() { # WHAT TEXT WORDS
    # shellcheck disable=SC2059
    printf "$2" >"$t"
    bad_file "$1" "$t" "$3"
}
bad_file 'no file' "$out/nowhere.txt" "not found: run from the course's top folder"
bad_file 'a folder' "$out" 'found something else, wanted a file'
mkfifo "$out/pipe.txt" && bad_file 'a pipe' "$out/pipe.txt" 'found something else, wanted a file'
bad 'an empty file' '' 'found an empty file, wanted text'
bad 'a byte order mark and no more' '\357\273\277' 'found an empty file, wanted text'
bad 'a zero byte' 'ab\000c' 'byte 2: found a zero, wanted text'
bad 'a zero byte at the end' 'ab\n\000' 'byte 3: found a zero, wanted text'
bad 'nothing but zero bytes' '\000\000' 'byte 0: found a zero, wanted text'
bad 'UTF-16, the least significant byte first' '\377\376a\000b\000' 'byte 3: found a zero, wanted text'
bad 'UTF-16, the most significant byte first' '\376\377\000a\000b' 'byte 2: found a zero, wanted text'
bad 'UTF-16 without a zero byte' '\376\377\004\020\004\021' \
    'line 1, byte 0: found fe ff 04 10, wanted a character in UTF-8'
bad 'Latin-1' 'caf\351 au lait\n' 'line 1, byte 3: found e9 20 61 75, wanted a character in UTF-8'
bad 'Latin-1 at the end' 'caf\351' 'line 1, byte 3: found e9, wanted'
bad 'a byte that goes on, at the start' '\200a' 'line 1, byte 0: found 80 61, wanted'
bad 'a byte that goes on, on line 3' 'a\nb\nc\277\n' 'line 3, byte 5: found bf 0a, wanted'
bad 'a byte too many behind a character' '\303\251\251' 'line 1, byte 2: found a9, wanted'
bad 'the first byte of two, and the end' 'a\303' 'line 1, byte 1: found c3, wanted'
bad 'the first byte of two, and a letter' '\303a' 'line 1, byte 0: found c3 61, wanted'
bad 'the first byte of two twice' '\303\303\251' 'line 1, byte 0: found c3 c3 a9, wanted'
bad 'two bytes of three, and the end' '\342\202' 'line 1, byte 0: found e2 82, wanted'
bad 'two bytes of three, and an end of line' '\n\342\202\n' 'line 2, byte 1: found e2 82 0a, wanted'
bad 'one byte of three, and a letter' '\342a\202' 'line 1, byte 0: found e2 61 82, wanted'
bad 'three bytes of four, and the end' '\360\237\230' 'line 1, byte 0: found f0 9f 98, wanted'
bad 'three bytes of four, and a letter' '\360\237\230a' 'line 1, byte 0: found f0 9f 98 61, wanted'
bad 'two bytes of four, and a letter' '\360\237a\200' 'line 1, byte 0: found f0 9f 61 80, wanted'
bad 'half a byte order mark' '\357\273' 'line 1, byte 0: found ef bb, wanted'
bad 'a slash in two bytes' '\300\257' 'line 1, byte 0: found c0 af, wanted'
bad 'a zero in two bytes' 'a\300\200' 'line 1, byte 1: found c0 80, wanted'
bad 'the last letter of ASCII in two bytes' '\301\277' 'line 1, byte 0: found c1 bf, wanted'
bad 'a slash in three bytes' '\340\200\257' 'line 1, byte 0: found e0 80 af, wanted'
bad 'the largest of two bytes in three' '\340\237\277' 'line 1, byte 0: found e0 9f bf, wanted'
bad 'a slash in four bytes' '\360\200\200\257' 'line 1, byte 0: found f0 80 80 af, wanted'
bad 'the largest of three bytes in four' '\360\217\277\277' 'line 1, byte 0: found f0 8f bf bf, wanted'
bad 'the first half of UTF-16' '\355\240\200' 'line 1, byte 0: found ed a0 80, wanted'
bad 'the last half of UTF-16' '\355\277\277' 'line 1, byte 0: found ed bf bf, wanted'
bad 'both halves of a character' '\355\240\275\355\270\200' 'line 1, byte 0: found ed a0 bd ed, wanted'
bad 'one beyond the last' '\364\220\200\200' 'line 1, byte 0: found f4 90 80 80, wanted'
bad 'a first byte of f5' '\365\200\200\200' 'line 1, byte 0: found f5 80 80 80, wanted'
bad 'five bytes' '\370\210\200\200\200' 'line 1, byte 0: found f8 88 80 80, wanted'
bad 'six bytes' '\374\204\200\200\200\200' 'line 1, byte 0: found fc 84 80 80, wanted'
bad 'fe' 'a\376b' 'line 1, byte 1: found fe 62, wanted'
bad 'ff' 'a\377b' 'line 1, byte 1: found ff 62, wanted'
bad 'bytes behind a mark are counted from the start' '\357\273\277\n\200' 'line 2, byte 4: found 80, wanted'
bad 'lines that end with \r\n are counted too' 'a\r\nb\r\n\200' 'line 3, byte 6: found 80, wanted'
bad '1025 different characters' "$(alphabet 1025)" \
    'found 1025 different characters, wanted at most 1024: take a text in an alphabet'
bad '1792 different characters' "$(alphabet 1792)" 'found 1792 different characters, wanted at most 1024'
printf 'a\n' | gzip >"$t"
bad_file 'a packed file' "$t" 'byte 3: found a zero, wanted text'
{ yes aaaaaaa | head -c 4000000; printf '\303'; } >"$t"
bad_file 'a byte too few behind four million' "$t" 'line 500001, byte 4000000: found c3, wanted'
dd if=/dev/zero of="$t" bs=1 count=0 seek=67108865 2>/dev/null
bad_file 'a file of 64 MiB and a byte' "$t" 'file size: found 67108865 bytes, wanted at most 67108864'
dd if=/dev/zero of="$t" bs=1 count=0 seek=9000000000 2>/dev/null
bad_file 'a file of 9 GB' "$t" 'file size: found 9000000000 bytes, wanted at most'

# ---- the programs that read texts ----------------------------------------------------
program_refuses() { # CHAPTER TEXT WORDS
    # shellcheck disable=SC2059
    printf "$2" >"$t"
    "build/solutions/$1" text="$t" >"$out/stdout" 2>"$out/stderr"
    one_line $? "$t" "$3"
}
for chapter in 16-rnn 18-lstm 19-gru; do
    check "the program of $chapter builds" "${MAKE:-make}" -s "build/solutions/$chapter"
    check "$chapter refuses an empty text" program_refuses $chapter '' 'found an empty file, wanted text'
    check "$chapter refuses Latin-1" program_refuses $chapter 'caf\351\n' 'line 1, byte 3: found e9 0a, wanted'
done
for chapter in 18-lstm 19-gru; do
    check "$chapter refuses a text shorter than its sequences" program_refuses $chapter 'to be\n' \
        'found 5 characters to learn from, wanted 513 or more: 32 steps of'
done
check '16-rnn refuses a text without lines' program_refuses 16-rnn 'ann' 'found no end of a line, wanted'
russian() {
    printf 'жанна\nиван\nöl\n' >"$t"
    build/solutions/16-rnn text="$t" epochs=1 | tail -n 1 | grep -q '^1'
}
check '16-rnn learns names in any alphabet' russian
finish
