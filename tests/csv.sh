#!/bin/sh
# csv.sh [BUILD]: the table reader in data/table.h, with the cells, rows and numbers of
# chapter 4, against good and hostile files.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin csv "${1:-build}"
t=$out/t.csv
builds tests/csv.c
# shellcheck disable=SC2086
check "the chapter's program builds with sanitizers" \
    build chapter solutions/04-data/data.c "${CC:-cc}" $sanitize
[ -x "$out/chapter" ] || exit 1

# ---- good tables -----------------------------------------------------------------
# The file's text is given in the form of printf, what is loaded as lines.
loads() { # TEXT WORDS COLUMN...
    # shellcheck disable=SC2059
    printf "$1" >"$t"
    words=$2
    shift 2
    says "$words" "$t" "$@"
}

check 'plain cells' loads 'a,b\n1,2\n3,4\n' "$(lines '2 2' '2 [1] [2]' '3 [3] [4]')"
check 'no end of the last line' loads 'a,b\n1,2\n3,4' "$(lines '2 2' '2 [1] [2]' '3 [3] [4]')"
check 'an empty last cell without an end of line' loads 'a,b\n1,' "$(lines '1 2' '2 [1] []')"
check 'lines end with \r\n' loads 'a,b\r\n1,"2"\r\n3,\r\n' \
    "$(lines '2 2' '2 [1] [2]' '3 [3] []')"
check 'lines end now so, now so' loads 'a,b\n1,2\r\n3,4\n' "$(lines '2 2' '2 [1] [2]' '3 [3] [4]')"
check 'a \r alone is a character' loads 'a,b\n1\r2,3\r\r\n' "$(lines '1 2' '2 [1\r2] [3\r]')"
check 'a byte order mark goes' loads '\357\273\277a,b\n1,2\n' "$(lines '1 2' '2 1')" a
check 'a byte order mark before a quote' loads '\357\273\277"a",b\n1,2\n' "$(lines '1 2' '2 1')" a
check 'quotes, commas and doubled quotes' loads 'a,b\n"x, y","say ""so"""\n"",""""\n' \
    "$(lines '2 2' '2 [x, y] [say "so"]' '3 [] ["]')"
check 'lines in cells, and the lines of rows behind them' \
    loads 'a,"b\nc"\n"1\n\r\n",2\n3,"4\n5"\n6,7' \
    "$(lines '3 2' '3 [1\n\r\n] [2]' '6 [3] [4\n5]' '8 [6] [7]')"
check 'quotes inside plain cells, and blanks' loads 'a,b\n 5"6 ,x""\n' "$(lines '1 2' '2 [ 5"6 ] [x""]')"
check 'other letters than ours' loads 'a,b\n\303\251,\377\n' "$(printf '1 2\n2 [\303\251] [\377]\n')"
check 'a name that is empty' loads ',b\n1,2\n' "$(lines '1 2' '2 2 1')" b ''
check 'one column, and a line that is empty' loads 'a\n1\n\n3\n' \
    "$(lines '3 1' '2 1' '3 missing' '4 3')" a
check 'numbers' loads 'a,b\n-1.5,1e3\n+2,1e+05\n"3",0.000001\n' \
    "$(lines '3 2' '2 -1.5 1000' '3 2 100000' '4 3 1e-06')" a b
check 'missing numbers' loads 'a,b\nNA,\n"",1\n' "$(lines '2 2' '2 missing missing' '3 missing 1')" a b
check 'text in a column that nobody asks for' loads 'a,b\n1,male\n2,NaN\n' "$(lines '2 2' '2 1' '3 2')" a

long_cell() { # a cell of a million letters, with line ends in it
    { printf 'a,b\n1,"'; head -c 1000000 /dev/zero | tr '\0' '\n'; printf '"\n2,3\n'; } >"$t"
    same "$(lines '2 2' '2 1' '1000003 2')" "$out/load" "$t" a
}
long_line() { # a line of 200000 cells
    { yes a | head -n 200000 | paste -s -d, -; yes 7 | head -n 200000 | paste -s -d, -; } >"$t"
    "$out/load" "$t" >"$out/said" 2>&1 && head -n 1 "$out/said" | grep -q '^1 200000$'
}
many_lines() {
    { echo a; yes 0.5 | head -n 300000; } >"$t"
    "$out/load" "$t" a >"$out/said" 2>&1 && head -n 1 "$out/said" | grep -q '^300000 1$' &&
        tail -n 1 "$out/said" | grep -q '^300001 0.5$'
}
boundaries() { # files whose sizes lie around those of the reader's block
    for size in 65534 65535 65536 65537 131071 131072; do
        { printf 'a,b\n1,'; head -c $((size - 6)) /dev/zero | tr '\0' x; } >"$t"
        [ "$(wc -c <"$t")" -eq "$size" ] || return 1
        same "$(lines '1 2' '2 1')" "$out/load" "$t" a || return 1
        "$out/load" "$t" | awk -v n="$size" 'NR == 2 { exit length($0) != n + 2 }' ||
            return 1
    done
}
check 'a cell of a million line ends' long_cell
check 'a line of 200000 cells' long_line
check '300000 lines' many_lines
check 'sizes around a power of two' boundaries

p=data/penguins/penguins.csv
penguins() {
    "$out/load" "$p" >"$out/said" 2>&1
    head -n 2 "$out/said"
    [ "$(head -n 1 "$out/said")" = '344 8' ] &&
        [ "$(sed -n 2p "$out/said")" = '2 [Adelie] [Torgersen] [39.1] [18.7] [181] [3750] [male] [2007]' ]
}
gaps() { # COLUMN N: so many numbers are missing
    "$out/load" "$p" "$1" | grep -c ' missing$' | grep -qx "$2"
}
by_awk() { # the sum of a column is the one that awk finds
    "$out/load" "$p" body_mass_g | awk 'NR > 1 && $2 != "missing" { s += $2 } END { print s }' >"$out/ours"
    awk -F, 'NR > 1 && $6 != "NA" { s += $6 } END { print s }' "$p" | cmp - "$out/ours"
}
check 'the penguins have the checksum of data/README.md' sums penguins 1
check 'the penguins: 344 rows, 8 columns' penguins
check 'the penguins: of four measurements 2 are missing' gaps bill_length_mm 2
check 'the penguins: the masses add up to what awk finds' by_awk
found() { inside data/penguins "$out/load" "$p" | head -n 1 | grep -qx '344 8'; }
check 'a table is found from a folder inside the course' found

# ---- bad tables --------------------------------------------------------------------
bad() { # WHAT TEXT WORDS COLUMN...
    what=$1 words=$3
    # shellcheck disable=SC2059
    printf "$2" >"$t"
    shift 3
    check "refused: $what" refused t.csv "$words" "$t" "$@"
}
bad_file() { # WHAT FILE WORDS COLUMN...
    what=$1 file=$2 words=$3
    shift 3
    check "refused: $what" refused "${file##*/}" "$words" "$file" "$@"
}

bad_file 'no file' "$out/nowhere.csv" "not found: run from the course's top folder"
bad_file 'a folder instead of a file' "$out" 'found something else, wanted a file'
mkfifo "$out/pipe.csv" && bad_file 'a pipe instead of a file' "$out/pipe.csv" 'found something else, wanted a file'
long_path() {
    "$out/load" "$(head -c 5000 /dev/zero | tr '\0' x).csv" >"$out/stdout" 2>"$out/stderr"
    status=$?
    cat "$out/stdout" "$out/stderr"
    [ "$status" = 1 ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] && grep -q 'the path is too long' "$out/stderr"
}
check 'refused: a path of 5000 letters' long_path
bad 'an empty file' '' 'found an empty file'
bad 'a byte order mark and no more' '\357\273\277' 'found an empty file'
bad 'a line of names and no rows' 'a,b\n' 'found a line of names and no more' a
bad 'names, without an end of line' 'a,b' 'found a line of names and no more' a
bad 'nothing but an end of line' '\n' 'found a line of names and no more'
bad 'lines that end with \r alone' 'a,b\r1,2\r3,4\r' 'found a line of names and no more'
bad 'a row with too few cells' 'a,b\n1,2\n3\n' 'line 3: found 1 cell, wanted 2 as in line 1'
bad 'a row with too many cells' 'a,b\n1,2\n3,4,5\n6,7\n' 'line 3: found 3 cells, wanted 2 as in line 1'
bad 'a comma too many in every row' 'a,b\n1,2,\n3,4,\n' 'line 2: found 3 cells, wanted 2'
bad 'an empty line between two rows' 'a,b\n1,2\n\n3,4\n' 'line 3: found 1 cell, wanted 2'
bad 'an empty line at the end' 'a,b\n1,2\n\n' 'line 3: found 1 cell, wanted 2'
bad 'an empty line at the start' '\na,b\n1,2\n' 'line 2: found 2 cells, wanted 1 as in line 1'
bad 'semicolons' 'a;b\n1,5;2,5\n' 'line 2: found 3 cells, wanted 1 as in line 1'
bad 'a short last row' 'a,b,c\n1,2,3\n4,5' 'line 3: found 2 cells, wanted 3'
bad 'a ragged row below a cell of three lines' 'a,b\n"x\ny\nz",1\n2\n' 'line 5: found 1 cell, wanted 2'
bad 'a quote that is not closed' 'a,b\n1,2\n3,"4\n5,6\n' 'line 3: found a quote that is not closed'
bad 'a quote not closed in the names' 'a,"b\n1,2\n' 'line 1: found a quote that is not closed'
bad 'one quote and no more' '"' 'line 1: found a quote that is not closed'
bad 'a doubled quote at the very end' 'a\n"x""' 'line 2: found a quote that is not closed'
bad 'letters behind a quote' 'a,b\n"1"x,2\n' 'line 2: found a quote'
bad 'a blank behind a quote' 'a,b\n1,"2" \n' 'line 2: found a quote'
bad 'a \r behind a quote' 'a,b\n1,"2"\r3\n' 'line 2: found a quote'
bad 'a quote behind quotes' 'a,b\n"1"2",3\n' 'line 2: found a quote'
bad 'a zero byte in a cell' 'a,b\n1,\0002\n' 'byte 6: found a zero, wanted text' a
bad 'a zero byte at the end' 'a,b\n1,2\n\000' 'byte 8: found a zero, wanted text' a
bad 'nothing but zero bytes' '\000\000\000' 'byte 0: found a zero, wanted text'
bad 'text of two bytes a letter (UTF-16)' '\377\376a\000,\000b\000\n\000' 'byte 3: found a zero, wanted text'
printf 'a,b\n1,2\n' | gzip >"$t"
bad_file 'a packed file' "$t" 'byte'
head -c 100000 /dev/zero >"$t"
bad_file '100000 zero bytes' "$t" 'byte 0: found a zero'
bad 'a column that there is not' 'a,b\n1,2\n' 'line 1: found no column c among 2' c
bad 'a name with a blank' 'a ,b\n1,2\n' 'line 1: found no column a among 2' a
bad 'a name in capitals' 'A,b\n1,2\n' 'line 1: found no column a among 2' a
bad 'a name twice' 'a,b,a\n1,2,3\n' 'line 1: found column a twice' a
bad 'a word where a number is wanted' 'a,b\n1,2\n3,male\n' 'line 3, column b: found "male", wanted a number' b
bad 'two numbers in a cell' 'a,b\n1,2 3\n' 'line 2, column b: found "2 3", wanted a number' b
bad 'a comma for the point' 'a,b\n1,"2,5"\n' 'line 2, column b: found "2,5", wanted a number' b
bad 'a blank before a number' 'a,b\n1, 2\n' 'line 2, column b: found " 2", wanted a number' b
bad 'NaN' 'a,b\n1,2\n1,NaN\n' 'line 3, column b: found "NaN", wanted a number' b
bad 'inf' 'a,b\n-inf,2\n' 'line 2, column a: found "-inf", wanted a number' a
bad 'a hexadecimal number' 'a,b\n0x1F,2\n' 'line 2, column a: found "0x1F", wanted a number' a
bad 'a number too large' 'a,b\n1e999,2\n' 'line 2, column a: found "1e999", wanted a number' a
bad 'a number below a cell of two lines' 'a,b\n"x\ny",1\n2,z\n' 'line 4, column b: found "z"' b
bad 'the end of a line in a number' 'a,b\n1,"2\n"\n' 'line 2, column b: found "2' b
bad 'the end of a line in a name' '"a\nb",c\n1,2\nx,3\n' 'line 4, column a' "$(printf 'a\nb')"
bad 'letters that move the cursor' 'a,b\n1,\033[2J\007\n' 'line 2, column b: found "' b
{ printf 'a,b\n1,'; head -c 2000000 /dev/zero | tr '\0' 9; } >"$t"
bad_file 'a number of two million digits' "$t" 'line 2, column b: found "9999' b
{ printf 'a,b\n'; head -c 300000 /dev/zero | tr '\0' ','; } >"$t"
bad_file '300000 commas' "$t" 'line 2: found 300001 cells, wanted 2'
{ printf 'a,b\n1,"'; head -c 300000 /dev/zero | tr '\0' '"'; } >"$t"
bad_file '300001 quotes' "$t" 'line 2: found a quote'

# ---- the chapter's program -----------------------------------------------------------
program_refuses() { # WORDS: what it says of the table in $t
    OMP_NUM_THREADS=1 "$out/chapter" show=table file="$t" >"$out/stdout" 2>"$out/stderr"
    one_line $? t.csv "$1"
}
changed() { # WHAT SED WORDS: the penguins with something changed
    sed "$2" "$p" >"$t"
    check "the chapter's program refuses: $1" program_refuses "$3"
}
changed 'a word for a mass' '7s/3650/heavy/' 'line 7, column body_mass_g: found "heavy"'
changed 'a column without its name' '1s/body_mass_g/mass/' 'line 1: found no column body_mass_g among 8'
changed 'a row cut short' '100s/,[^,]*$//' 'line 100: found 7 cells, wanted 8'
changed 'a quote in the middle' '50s/,/,"/' 'line 50: found a quote'
changed 'NaN for NA' '5s/NA/NaN/' 'line 5, column bill_length_mm: found "NaN"'
changed 'no rows' 1q 'found a line of names and no more'
changed 'nothing' d 'found an empty file'
finish
