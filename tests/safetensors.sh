#!/bin/sh
# safetensors.sh [BUILD]: the tensors of data/safetensors.h, saved and loaded, and good and
# hostile files of others.
# shellcheck disable=SC2317  # check calls them
# shellcheck disable=SC2016  # nothing is to be expanded in the headers
set -u
. tests/hostile.sh
begin safetensors "${1:-build}"
builds tests/safetensors.c
t=$out/t.st

# ---- good files ------------------------------------------------------------------
length() { # N, in eight bytes, the least significant first
    n=$1 i=0
    while [ $((i += 1)) -le 8 ]; do
        # shellcheck disable=SC2059
        printf "\\$(printf %03o $((n % 256)))"
        n=$((n / 256))
    done
}
file() { # HEADER DATA, both in the form of printf: writes $t
    # shellcheck disable=SC2059
    printf "$1" >"$out/header"
    # shellcheck disable=SC2059
    { length "$(wc -c <"$out/header")"; cat "$out/header"; printf "$2"; } >"$t"
}
loads() { # HEADER DATA WORDS ARGUMENTS...
    file "$1" "$2"
    words=$3
    shift 3
    says "$words" "$t" "$@"
}
tensor() { # NAME TYPE SHAPE OFFSETS
    printf '"%s":{"dtype":"%s","shape":[%s],"data_offsets":[%s]}' "$@"
}
F32='"dtype":"F32","shape":'  # of one that is written by hand
one='\000\000\200\077' two='\000\000\000\100' eight=abcdefgh
check 'no tensors' loads '{}' '' '0 0'
check 'no tensors, and blanks' loads '{ \n\t\r} \n' '' '0 0'
check 'a vector' loads "{\"w\":{${F32}[2],\"data_offsets\":[0,8]}}" "$one$two" \
    "$(lines '1 0' 'w F32 [2] 8 255 1 2')"
check 'a number without dimensions' loads "{\"w\":{${F32}[],\"data_offsets\":[0,4]}}" "$two" \
    "$(lines '1 0' 'w F32 [] 4 64 2')"
check 'four dimensions' loads "{\"w\":{${F32}[1,2,1,1],\"data_offsets\":[0,8]}}" "$one$two" \
    "$(lines '1 0' 'w F32 [1,2,1,1] 8 255 1 2')"
check 'no numbers' loads "{\"w\":{${F32}[3,0,2147483647,2147483647],\"data_offsets\":[0,0]}}" '' \
    "$(lines '1 0' 'w F32 [3,0,2147483647,2147483647] 0 0')"
check 'blanks, and the three in another order' loads \
    '{ "w" : { "data_offsets" : [ 0 , 4 ] ,\n"shape":[ 1\t] , "dtype" : "F32" } }   \n ' "$two" \
    "$(lines '1 0' 'w F32 [1] 4 64 2')"
check 'the last in the file first in the header, and an empty one between' loads \
    "{$(tensor b F32 1 4,8),$(tensor e F32 0 4,4),$(tensor a F32 1 0,4)}" \
    "$one$two" "$(lines '3 0' 'a F32 [1] 4 191 1' 'b F32 [1] 4 64 2' 'e F32 [0] 0 0')"
check 'other types are kept as bytes' loads \
    "{$(tensor n I64 '' 4,12),$(tensor w F32 1 0,4)}" \
    "$one$eight" "$(lines '2 0' 'n I64 [] 8 804' 'w F32 [1] 4 191 1')"
check 'all types' loads "{$(tensor a F64 1 0,8),$(tensor b U64 1 8,16),$(tensor c I32 1 16,20),$(
    tensor d BF16 2 20,24),$(tensor e F16 1 24,26),$(tensor f BOOL 1 26,27),$(tensor g F8_E4M3 1 27,28)}" \
    "$eight$eight${eight}abcd" "$(lines '7 0' 'a F64 [1] 8 804' 'b U64 [1] 8 804' 'c I32 [1] 4 394' \
    'd BF16 [2] 4 410' 'e F16 [1] 2 195' 'f BOOL [1] 1 99' 'g F8_E4M3 [1] 1 100')"
check 'texts about them' loads '{"__metadata__":{"step":"300","by":"us"}}' '' "$(lines '0 2' 'by = us' 'step = 300')"
check 'no texts' loads '{"__metadata__":{}}' '' '0 0'
check 'escapes' loads '{"__metadata__":{"k":"\\"\\\\\\/\\u0041\\u00e9\\u20AC\\ud83d\\uDE00"}}' '' \
    "$(lines '0 1' "$(printf 'k = "\\/A\303\251\342\202\254\360\237\230\200')")"
check 'letters of two, three and four bytes' loads '{"__metadata__":{"k":"\303\251\342\202\254\360\237\230\200"}}' '' \
    "$(lines '0 1' "$(printf 'k = \303\251\342\202\254\360\237\230\200')")"
name=$(head -c 127 /dev/zero | tr '\0' n)
check 'a name of 127 bytes' loads "{\"$name\":{${F32}[1],\"data_offsets\":[0,4]}}" "$one" 1 "$name" 1
many() { # N tensors and texts
    awk -v N="$1" 'BEGIN {
        printf "{\"__metadata__\":{"
        for (i = 0; i < N; i++) printf "%s\"k%d\":\"%d\"", i ? "," : "", i, i
        printf "}"
        for (i = N - 1; i >= 0; i--)
            printf ",\"t.%d\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%d,%d]}", i, i, i + 1
        printf "}" }' >"$out/header"
    { length "$(wc -c <"$out/header")"; cat "$out/header"; head -c "$1" /dev/zero; } >"$t"
    "$out/load" "$t" >"$out/said" 2>&1
    head -n 1 "$out/said"
    [ "$(head -n 1 "$out/said")" = "$1 $1" ] && [ "$(wc -l <"$out/said")" = $((1 + 2 * $1)) ]
}
check 'three thousand tensors, and as many texts' many 3000

# ---- saved and loaded --------------------------------------------------------------
saved=$(lines '3 2' 'quoted "text" = two' "lines\\ $(printf '\001') and €" 'step = 300' \
    '"\??? F32 [] 4 217 9.99995e-41' 'a.bias F32 [3] 12 798 2.5 nan -inf' \
    'layer1.0.conv1.weight F32 [2,3,4,1] 96 3662 0 0.125 0.25')
save() { (cd "$out" && ./load t.st save "$1"); }
loads_saved() { save 2.5 && says "$saved" "$t"; }
check 'what is saved is what is loaded' loads_saved
aligned() { # the header's length is a multiple of 8, and so the numbers begin at one
    [ $(($(od -An -tu1 -N1 "$t") % 8)) = 0 ]
}
check 'the numbers begin at a multiple of eight' aligned
copied() {
    "$out/load" "$t" copy "$out/u.st" && same "$saved" "$out/load" "$out/u.st" &&
        "$out/load" "$out/u.st" copy "$out/v.st" && cmp "$out/u.st" "$out/v.st"
}
check 'copies are the same' copied
check 'numbers of a shape that is known' says 0 "$t" layer1.0.conv1.weight 2 3 4 1
older() { # an older file stays as it is where the new one cannot be written
    cp "$t" "$out/old.st"
    mkdir "$out/locked.st"
    "$out/load" "$t" copy "$out/locked.st" 2>&1 | grep 'locked.st: found something else, wanted a file' || return 1
    # shellcheck disable=SC3045  # a file may have no bytes: like a full disk
    (trap '' XFSZ; ulimit -f 0 && "$out/plain" "$t" copy "$t") 2>&1 | grep 't.st: cannot be written' || return 1
    cmp "$t" "$out/old.st"
}
check 'an older file stays where the new one cannot be written' older
nothing_left() { ! find "$out" -name '*.part' | grep .; }
check 'no temporary file is left' nothing_left

# ---- bad files ---------------------------------------------------------------------
bad_file() { # WHAT WORDS ARGUMENTS...
    what=$1 words=$2
    shift 2
    check "refused: $what" refused t.st "$words" "$t" "$@"
}
bad() { # WHAT HEADER DATA WORDS ARGUMENTS...
    what=$1 words=$4
    file "$2" "$3"
    shift 4
    bad_file "$what" "$words" "$@"
}
bad_one() { # WHAT TENSOR WORDS: one named w, with eight bytes
    bad "$1" "{\"w\":$2}" $eight "$3"
}
save 2.5
bad_file 'a tensor that there is not' 'tensor conv1: not found among 3, wanted F32 [3]' conv1 3
bad_file 'another size' 'tensor a.bias: found F32 [3], wanted F32 [4]' a.bias 4
bad_file 'another number of dimensions' 'tensor a.bias: found F32 [3], wanted F32 [3,1]' a.bias 3 1
bad_file 'a name longer than all' "tensor x$name: not found" "x$name"
bad 'another type' '{"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}' $eight \
    'tensor n: found I64 [1], wanted F32 [1]' n 1
rm "$t"
bad_file 'no file' 'cannot be found'
mkdir "$t"
bad_file 'a folder' 'found something else, wanted a file'
rmdir "$t" && mkfifo "$t"
bad_file 'a pipe' 'found something else, wanted a file'
rm "$t" && : >"$t"
bad_file 'an empty file' 'file size: found 0, wanted at least 8 for the length of the header'
printf '\002\000\000\000\000\000\000' >"$t"
bad_file 'seven bytes' 'file size: found 7, wanted at least 8'
length 0 >"$t"
bad_file 'no header' 'header: found its end at byte 0, wanted {'
{ length 3; printf '{}'; } >"$t"
bad_file 'a header longer than the file' 'length of the header: found 3, wanted at most 2'
printf '\377\377\377\377\377\377\377\377{}' >"$t"
bad_file 'a header of 2 to the 64' 'length of the header: found 18446744073709551615, wanted at most 2'
printf '\000\000\000\000\000\000\000\200{}' >"$t"
bad_file 'a header of 2 to the 63' 'length of the header: found 9223372036854775808, wanted at most 2'
printf '\000\000\000\000\000\000\000\002{}' >"$t"
bad_file 'the length with its bytes turned round' 'length of the header: found 144115188075855872'
head -c 100 /dev/zero >"$t"
bad_file 'zero bytes' 'header: found its end at byte 0, wanted {'
printf 'P6\n1 1\n255\nabcdef' >"$t"
bad_file 'a picture' 'length of the header: found'
printf 'PK\003\004\000\000\000\000\000\000\010\010' >"$t"
bad_file 'a zip file, as torch.save writes it' 'length of the header: found 67324752'
bad 'a blank before all' ' {}' '' 'header: found byte 32 at 0, wanted {'
bad 'a list' '[]' '' 'header: found [ at byte 0, wanted {'
bad 'a mark before the text' '\357\273\277{}' '' 'header: found byte 239 at 0'
bad 'no end' '{' '' 'header: found its end at byte 1, wanted the name of a tensor'
bad 'something behind the end' '{}x' '' 'header: found x at byte 2, wanted nothing behind the last }'
bad 'a zero byte behind the end' '{}\000' '' 'header: found byte 0 at 2, wanted nothing'
bad 'two headers' '{}{}' '' 'header: found { at byte 2'
bad 'bytes behind no tensors' '{}' x 'file size: found 1 bytes behind the header, wanted 0'
bad 'a name without quotes' '{w:1}' '' 'header: found w at byte 1, wanted the name of a tensor'
bad 'single quotes' "{'w':1}" '' "header: found ' at byte 1"
bad 'no colon' '{"w" {}}' '' 'header: found { at byte 5, wanted a colon'
bad 'a name not closed' '{"w' '' 'header: found its end at byte 3, wanted a quote'
bad 'a backslash at the end' "{\"w\\\\" '' 'header: found its end at byte 4, wanted an escape'
bad 'an escape that there is not' '{"\\x41":1}' '' 'header: found x at byte 3, wanted an escape'
bad 'an escape cut short' '{"\\u00' '' 'header: found its end at byte 6, wanted four hexadecimal digits'
bad 'an escape with other letters' '{"\\u00g1":1}' '' 'header: found g at byte 6, wanted four'
bad 'half a letter' '{"\\ud83d":1}' '' 'header: found " at byte 8, wanted the second half'
bad 'half a letter and another' '{"\\ud83d\\u0041":1}' '' 'header: found " at byte 14, wanted the second half of a letter before it'
bad 'the second half first' '{"\\ude00":1}' '' 'header: found " at byte 8, wanted a letter before it'
bad 'a zero letter' '{"a\\u0000b":1}' '' 'header: found b at byte 9, wanted a letter before it'
bad 'a zero byte in a name' '{"a\000b":1}' '' 'header: found byte 0 at 3, wanted a quote or'
bad 'the end of a line in a name' '{"a\nb":1}' '' 'header: found byte 10 at 3, wanted a quote or'
bad 'letters that are not UTF-8' '{"\377":1}' '' 'header: found byte 255 at 2, wanted text in UTF-8'
bad 'letters written too long' '{"\300\257":1}' '' 'header: found byte 192 at 2, wanted text in UTF-8'
bad 'three bytes for two' '{"\340\200\257":1}' '' 'header: found byte 224 at 2, wanted text in UTF-8'
bad 'half a letter in UTF-8' '{"\355\240\275":1}' '' 'header: found byte 237 at 2, wanted text in UTF-8'
bad 'a letter beyond the last' '{"\364\220\200\200":1}' '' 'header: found byte 244 at 2, wanted text in UTF-8'
bad 'a letter cut short' '{"\342\202' '' 'header: found byte 226 at 2, wanted text in UTF-8'
bad 'letters that move the cursor' '{"w":{"\\u001b[2J":1}}' '' 'tensor w: found "?[2J", wanted dtype'
bad 'a name that moves the cursor' '{"\\u001b[2J\\n":{}}' '' 'tensor ?[2J?: found no dtype'
bad 'a name of 128 bytes' "{\"x$name\":{}}" '' 'header: found a text longer than 127 bytes'
{ printf '{"'; head -c 1000000 /dev/zero | tr '\0' a; } >"$out/header"
{ length 1000002; cat "$out/header"; } >"$t"
bad_file 'a name of a million letters' 'header: found a text longer than 127 bytes, "aaa'
{ printf '{"w":'; head -c 1000000 /dev/zero | tr '\0' '['; } >"$out/header"
{ length 1000005; cat "$out/header"; } >"$t"
bad_file 'a million lists in each other' 'header: found [ at byte 5, wanted { behind the name of a tensor'
yes '{"w":' | head -n 200000 | tr -d '\n' >"$out/header"
{ length 1000000; cat "$out/header"; } >"$t"
bad_file '200000 objects in each other' 'tensor w: found "w", wanted dtype, shape and data_offsets, each once'
{ printf '{'; head -c 1000000 /dev/zero | tr '\0' ' '; } >"$out/header"
{ length 1000001; cat "$out/header"; } >"$t"
bad_file 'a million blanks' 'header: found its end at byte 1000001'
bad 'a comma behind the last' '{"__metadata__":{},}' '' 'header: found } at byte 19, wanted the name of a tensor'
bad 'no comma' '{"__metadata__":{}"w":{}}' '' 'header: found " at byte 18, wanted a comma or }'
bad 'numbers about the tensors' '{"__metadata__":{"step":300}}' '' 'header: found 3 at byte 24, wanted a text'
bad 'an object about the tensors' '{"__metadata__":{"a":{}}}' '' 'header: found { at byte 21, wanted a text'
bad 'texts that are none' '{"__metadata__":null}' '' 'header: found n at byte 16, wanted { behind "__metadata__"'
bad 'a key twice' '{"__metadata__":{"a":"1","b":"2","a":"3"}}' '' 'header: found a twice in __metadata__'
bad 'texts twice' '{"__metadata__":{},"__metadata__":{}}' '' 'header: found __metadata__ twice'
bad_one 'a number for a tensor' '1' 'header: found 1 at byte 5, wanted { behind the name of a tensor'
bad_one 'an empty tensor' '{}' 'tensor w: found no dtype'
bad_one 'no type' '{"shape":[2],"data_offsets":[0,8]}' 'tensor w: found no dtype'
bad_one 'no shape' '{"dtype":"F32","data_offsets":[0,8]}' 'tensor w: found no shape'
bad_one 'no offsets' "{${F32}[2]}" 'tensor w: found no data_offsets'
bad_one 'a type twice' '{"dtype":"F32","dtype":"F32"}' 'tensor w: found "dtype", wanted dtype, shape and data_offsets, each once'
bad_one 'more than the three' "{${F32}[2],\"data_offsets\":[0,8],\"x\":1}" 'tensor w: found "x", wanted'
bad_one 'a type that there is not' '{"dtype":"F33","shape":[2],"data_offsets":[0,8]}' 'tensor w: dtype: found "F33"'
bad_one 'a type in small letters' '{"dtype":"f32","shape":[2],"data_offsets":[0,8]}' 'tensor w: dtype: found "f32"'
bad_one 'a type without letters' '{"dtype":"","shape":[2],"data_offsets":[0,8]}' 'tensor w: dtype: found ""'
bad_one 'a long type' '{"dtype":"float32_t","shape":[2]}' 'header: found a text longer than 7 bytes, "float32"'
bad_one 'a number for the type' '{"dtype":32}' 'header: found 3 at byte 14, wanted a type such as F32'
bad_one 'another type than the bytes are' '{"dtype":"I64","shape":[2],"data_offsets":[0,8]}' 'tensor w: data_offsets: found 0 to 8, wanted 16 bytes'
bad_one 'five dimensions' "{${F32}[2,1,1,1,1],\"data_offsets\":[0,8]}" 'tensor w: shape: found more than 4 dimensions'
bad_one 'a dimension of 2 to the 31' "{${F32}[2147483648],\"data_offsets\":[0,8]}" 'tensor w: shape: found 2147483648, wanted at most 2147483647'
bad_one 'a dimension of 2 to the 64 and 2' "{${F32}[18446744073709551618],\"data_offsets\":[0,8]}" 'header: found 8 at byte 48, wanted a smaller number'
bad_one 'a dimension of forty digits' "{${F32}[1234567890123456789012345678901234567890]}" 'header: found 0 at byte 48, wanted a smaller number'
bad_one 'a product of 2 to the 62 numbers' "{${F32}[2147483647,2147483647],\"data_offsets\":[0,8]}" 'tensor w: shape: found more numbers than this machine can hold'
bad_one 'a product of 2 to the 64 and 2' "{\"dtype\":\"U8\",\"shape\":[641,6700417,2147483646,2],\"data_offsets\":[0,8]}" 'tensor w: shape: found more numbers'
bad_one 'large numbers in a short file' "{${F32}[1000000,1000000],\"data_offsets\":[0,4000000000000]}" 'file size: found 8 bytes behind the header, wanted 4000000000000'
bad_one 'a negative dimension' "{${F32}[-2],\"data_offsets\":[0,8]}" 'header: found - at byte'
bad_one 'half a dimension' "{${F32}[2.0],\"data_offsets\":[0,8]}" 'header: found . at byte'
bad_one 'a dimension with an exponent' "{${F32}[2e0],\"data_offsets\":[0,8]}" 'header: found e at byte'
bad_one 'a dimension with a zero before' "{${F32}[02],\"data_offsets\":[0,8]}" 'header: found 2 at byte 30, wanted no zero before the number'
bad_one 'a comma behind the last dimension' "{${F32}[2,],\"data_offsets\":[0,8]}" 'header: found ] at byte'
bad_one 'dimensions not closed' "{${F32}[2" 'header: found } at byte'
bad_one 'a shape that is no list' "{${F32}2}" 'header: found 2 at byte 28, wanted [ and the dimensions'
bad_one 'one offset' "{${F32}[2],\"data_offsets\":[8]}" 'header: found ] at byte 49, wanted a comma and the second offset'
bad_one 'three offsets' "{${F32}[2],\"data_offsets\":[0,8,8]}" 'header: found , at byte 51, wanted ] behind two offsets'
bad_one 'offsets turned round' "{${F32}[2],\"data_offsets\":[8,0]}" 'tensor w: data_offsets: found 8 to 0, wanted 8 bytes for its shape'
bad_one 'offsets of fewer bytes' "{${F32}[2],\"data_offsets\":[0,4]}" 'tensor w: data_offsets: found 0 to 4, wanted 8 bytes'
bad_one 'offsets of more bytes' "{${F32}[1],\"data_offsets\":[0,8]}" 'tensor w: data_offsets: found 0 to 8, wanted 4 bytes'
bad_one 'an offset beyond all' "{${F32}[1],\"data_offsets\":[9223372036854775800,9223372036854775804]}" 'header: found 0 at byte 66, wanted a smaller number'
bad_one 'an offset far behind the end' "{${F32}[2],\"data_offsets\":[922337203685477560,922337203685477568]}" 'tensor w: data_offsets: found 922337203685477560 for the first, wanted 0'
bad_one 'a hole before the first' "{${F32}[1],\"data_offsets\":[4,8]}" 'tensor w: data_offsets: found 4 for the first, wanted 0, where the tensor before it ends'
bad_one 'bytes behind the last' "{${F32}[1],\"data_offsets\":[0,4]}" 'file size: found 8 bytes behind the header, wanted 4'
bad_one 'a byte too few' "{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}" 'file size: found 8 bytes behind the header, wanted 9'
both() { # SHAPE OFFSETS SHAPE OFFSETS [NAME]
    printf '{%s,%s}' "$(tensor a F32 "$1" "$2")" "$(tensor "${5:-b}" F32 "$3" "$4")"
}
bad 'two in the same place' "$(both 2 0,8 2 0,8)" $eight 'tensor b: data_offsets: found 0 for the first, wanted 8'
bad 'two that overlap' "$(both 2 0,8 2 4,12)" "${eight}abcd" 'tensor b: data_offsets: found 4 for the first, wanted 8'
bad 'one inside the other' "$(both 4 0,16 1 4,8)" $eight$eight 'tensor b: data_offsets: found 4 for the first, wanted 16'
bad 'a hole between two' "$(both 1 0,4 1 8,12)" "${eight}abcd" 'tensor b: data_offsets: found 8 for the first, wanted 4'
bad 'a name twice' "$(both 1 0,4 1 4,8 a)" $eight 'tensor a: found twice, wanted once'
bad 'a name twice, once by escapes' "$(both 1 0,4 1 4,8 '\\u0061')" $eight 'tensor a: found twice, wanted once'
bad 'floats at an odd place' "{$(tensor b U8 1 0,1),$(tensor w F32 1 1,5)}" abcde \
    'tensor w: data_offsets: found 1 for the first, wanted a multiple of 4'
save 2.5
head -c $(($(wc -c <"$t") - 1)) "$t" >"$out/u.st" && mv "$out/u.st" "$t"
bad_file 'our own file, a byte short' 'file size: found 111 bytes behind the header, wanted 112'
save 2.5
echo >>"$t"
bad_file 'our own file, a byte long' 'file size: found 113 bytes behind the header, wanted 112'
finish
