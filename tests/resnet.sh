#!/bin/sh
# resnet.sh [BUILD]: what chapter 14 saves and takes back, a training that is stopped and
# goes on, and pictures classified by good and hostile files of weights, labels and pixels.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin resnet "${1:-build}"
export OMP_NUM_THREADS=1
w=$out/w.st

# shellcheck disable=SC2086
check 'the program builds with sanitizers' \
    build load solutions/14-resnet/resnet.c "${CC:-cc}" $sanitize
check 'it builds without' build plain solutions/14-resnet/resnet.c "${CC:-cc}" -O2 -fopenmp
# shellcheck disable=SC2086
check 'tests/weights.c builds with sanitizers' \
    build weights tests/weights.c "${CC:-cc}" $sanitize
[ -x "$out/load" ] && [ -x "$out/plain" ] && [ -x "$out/weights" ] || exit 1

# ---- saved and taken back ------------------------------------------------------------
tried() { # FAMILY SIDE C K WORDS
    same "$5" "$out/weights" save "$w" "$1" "$2" "$3" "$4"
}
check 'plain-20: every bit comes back' tried plain20 7 1 10 '156 tensors, 3'
check 'ResNet-56: every bit comes back' tried resnet56 8 3 7 '444 tensors, 3'
check 'ResNet-18: every bit comes back' tried resnet18 33 3 11 '164 tensors, 3'

# ---- a training that is stopped ---------------------------------------------------------
small='net=resnet20 side=8 examples=60 tests=20 batch=25 warmup=3 scale=0.1 epochs=2'
# shellcheck disable=SC2086
train() { # PROGRAM ARGUMENTS...
    program=$1
    shift
    "$out/$program" $small "$@" >"$out/said" 2>"$out/errors"
    status=$?
    cat "$out/said" "$out/errors"
    [ "$status" = 0 ] && [ ! -s "$out/errors" ]
}
# The reader goes after the first epoch: so the program ends before it saves the second.
# shellcheck disable=SC2086
stopped() {
    "$out/load" $small save="$out/half.st" 2>"$out/errors" | head -n 2 >"$out/first"
    cat "$out/first" "$out/errors"
    [ "$(wc -l <"$out/first")" -eq 2 ] && [ ! -s "$out/errors" ] &&
        LC_ALL=C grep -qa '"epoch":"1"' "$out/half.st"
}
whole() {
    train load save="$out/whole.st" && cp "$out/said" "$out/curve" && [ "$(wc -l <"$out/curve")" -eq 3 ]
}
goes_on() { # PROGRAM: from the first epoch, to the same lines and the same file
    rm -f "$out/end.st"
    train "$1" resume="$out/half.st" save="$out/end.st" || return 1
    cat "$out/first"
    sed 1d "$out/said" | cat "$out/first" - | cmp - "$out/curve" && cmp "$out/end.st" "$out/whole.st"
}
check 'two epochs, and a file' whole
check 'the first epoch, then the program is stopped' stopped
check 'it goes on to the same lines and the same file' goes_on load
check 'so does another build' goes_on plain
threads() { (OMP_NUM_THREADS=2 && export OMP_NUM_THREADS && goes_on plain); }
check 'so do two threads' threads
done_already() { train load resume="$out/whole.st" && [ "$(wc -l <"$out/said")" -eq 1 ]; }
check 'behind the last epoch there is nothing to do' done_already
over_itself() {
    cp "$out/half.st" "$out/own.st"
    train load resume="$out/own.st" save="$out/own.st" && cmp "$out/own.st" "$out/whole.st"
}
check 'the file that it goes on from may be the one that it writes' over_itself
nothing_left() { ! find "$out" -name '*.part' | grep .; }
check 'no temporary file is left' nothing_left

# ---- trainings that cannot go on ----------------------------------------------------------
other() { # WORDS ARGUMENTS...: those are not what half.st was trained with
    words=$1
    shift
    # shellcheck disable=SC2086
    check "refused: $1 for a training without" refused half.st "$words" $small resume="$out/half.st" "$@"
}
other 'net: found resnet20, wanted plain20' net=plain20
other 'seed: found 1, wanted 2' seed=2
other 'batch: found 25, wanted 20' batch=20
other 'epochs: found 2, wanted 3' epochs=3
other 'examples: found 60, wanted 50' examples=50
other 'side: found 8, wanted 9' side=9
other 'rate: found 0.1' rate=0.2
other 'decay: found' decay=0
other 'momentum: found' momentum=0.8
other 'schedule: found cosine, wanted steps' schedule=steps
other 'warmup: found 3, wanted 4' warmup=4
other 'augmentation: found flip=1 shift=1' flip=0
changed() { # WHAT WORDS HOW NAME [VALUE]: of half.st
    what=$1 words=$2
    shift 2
    "$out/weights" "$out/half.st" "$w" "$@" || exit 1
    # shellcheck disable=SC2086
    check "refused: $what" refused w.st "$words" $small resume="$w"
}
changed 'no epoch' 'epoch: found none, wanted 1 to 2' note epoch
changed 'epoch 0' 'epoch: found 0, wanted 1 to 2' note epoch 0
changed 'epoch 3 of 2' 'epoch: found 3, wanted 1 to 2' note epoch 3
changed 'an epoch that is none' 'epoch: found 1x, wanted 1 to 2' note epoch 1x
changed 'an epoch beyond all numbers' 'epoch: found 99999999999999999999' note epoch 99999999999999999999
changed 'letters that move the cursor' 'epoch: found ?[2J' note epoch "$(printf '\033[2J')"
changed 'no seed' 'seed: not found, wanted a file of save=' note seed
changed 'a weight left out' 'tensor layer2.1.conv2.weight: not found among' drop layer2.1.conv2.weight
changed 'a velocity left out' 'tensor velocity.fc.bias: not found among' drop velocity.fc.bias
changed 'a running mean left out' 'tensor bn1.running_mean: not found among' drop bn1.running_mean
changed 'a velocity of another shape' \
    'tensor velocity.layer2.0.conv1.weight: found F32 [3,32,16,3], wanted F32 [32,16,3,3]' \
    turn velocity.layer2.0.conv1.weight
"$out/weights" fresh "$w" resnet20 8 1 10
check 'refused: weights without a training' refused w.st 'data: not found, wanted a file of save=' \
    "net=resnet20" side=8 examples=60 resume="$w"

# ---- what is in a picture? ------------------------------------------------------------
c=show=classify
p=$out/p.pgm l=$out/l.txt
printf 'P2 9 7 9\n' >"$p"
awk 'BEGIN { for (i = 0; i < 63; i++) print i * 7 % 10 }' >>"$p"
awk 'BEGIN { for (i = 0; i < 10; i++) print "class " i }' >"$l"
"$out/weights" fresh "$out/good.st" resnet20 8 1 10
five() { # ARGUMENTS...: five lines with falling probabilities, with either build
    "$out/load" "$c" "$@" >"$out/said" 2>"$out/errors" || return 1
    cat "$out/said" "$out/errors"
    [ ! -s "$out/errors" ] && "$out/plain" "$c" "$@" | cmp - "$out/said" &&
        awk -F '\t' 'NR == 1 { bad = $0 !~ /^# rank/ }
            NR > 1 { sum += $2; bad += $1 != NR - 1 || (NR > 2 && $2 > before); before = $2 }
            END { exit bad || NR != 6 || sum > 1.0005 || sum < 0.1 }' "$out/said"
}
named() { five "$@" && awk -F '\t' 'NR > 1 && $4 != "class " $3 { exit 1 }' "$out/said"; }
check 'a grey picture' five weights="$out/good.st" image="$p"
check 'with the names of the classes' named weights="$out/good.st" image="$p" labels="$l"
crlf() { awk '{ printf "%s\r\n", $0 }' "$l" >"$out/crlf.txt" && named weights="$out/good.st" image="$p" labels="$out/crlf.txt"; }
check 'their lines end with \r\n' crlf
no_end() { printf %s "$(cat "$l")" >"$out/end.txt" && named weights="$out/good.st" image="$p" labels="$out/end.txt"; }
check 'their last line has no end' no_end
check 'what a training has saved' five weights="$out/whole.st" image="$p"
printf 'P6 3 2 255\nabcdefghijklmnopqr' >"$out/c.ppm"
check 'a picture in colours, for a grey network' five weights="$out/good.st" image="$out/c.ppm"
printf 'P5 1 1 255\nx' >"$out/1.pgm"
check 'one pixel' five weights="$out/good.st" image="$out/1.pgm"
{ printf 'P5 3000 2 255\n'; head -c 6000 /dev/zero; } >"$out/long.pgm"
check 'a picture of 2 by 3000' five weights="$out/good.st" image="$out/long.pgm"
check 'another side' five weights="$out/good.st" image="$p" side=13
"$out/weights" fresh "$out/colour.st" resnet20 8 3 12
check 'a grey picture, for a network of colours' five weights="$out/colour.st" image="$p"
"$out/weights" "$out/good.st" "$out/foreign.st" note net
check 'a file that does not name its network' five weights="$out/foreign.st" image="$p" net=resnet20

# ---- bad weights -------------------------------------------------------------------------
bad() { # WHAT WORDS ARGUMENTS...: in $w
    what=$1 words=$2
    shift 2
    check "refused: $what" refused w.st "$words" "$c" weights="$w" image="$p" "$@"
}
edited() { # WHAT WORDS HOW NAME [VALUE]: of good.st
    what=$1 words=$2
    shift 2
    "$out/weights" "$out/good.st" "$w" "$@" || exit 1
    bad "$what" "$words"
}
edited 'a kernel left out' 'tensor layer3.2.conv2.weight: not found among 96, wanted F32 [64,64,3,3]' \
    drop layer3.2.conv2.weight
edited 'the first kernel left out' 'tensor conv1.weight: found none' drop conv1.weight
edited 'the last biases left out' 'tensor fc.bias: found none' drop fc.bias
edited 'the last weights left out' 'tensor fc.weight: found none, wanted one of 2 dimensions' drop fc.weight
edited 'a running variance left out' 'tensor layer1.0.bn2.running_var: not found' drop layer1.0.bn2.running_var
edited 'a name with a blank' 'tensor bn1.weight: not found among 97' name bn1.weight 'bn1.weight '
edited 'a kernel [3,16,16,3]' 'tensor layer1.0.conv1.weight: found F32 [3,16,16,3], wanted F32 [16,16,3,3]' \
    turn layer1.0.conv1.weight
edited 'a first kernel of 16 channels' 'found 16 channels and 10 classes, wanted 1 or 3 channels' \
    turn conv1.weight
edited 'a first kernel of one dimension' 'tensor conv1.weight: found [144], wanted one of 4 dimensions' \
    flat conv1.weight
edited 'a kernel of one dimension' 'tensor layer1.0.conv1.weight: found F32 [2304], wanted F32 [16,16,3,3]' \
    flat layer1.0.conv1.weight
edited 'a kernel too few' 'tensor layer2.0.conv1.weight: found F32 [31,16,3,3], wanted F32 [32,16,3,3]' \
    short layer2.0.conv1.weight
edited 'a class too few in the weights' 'tensor fc.weight: found 9 rows, wanted 10, one for each of fc.bias' short fc.weight
edited 'a class too few in the biases' 'tensor fc.weight: found 10 rows, wanted 9, one for each of fc.bias' short fc.bias
edited 'a gamma too few' 'tensor bn1.weight: found F32 [15], wanted F32 [16]' short bn1.weight
edited 'whole numbers' 'tensor bn1.weight: found I32 [16], wanted F32 [16]' type bn1.weight I32
edited 'whole numbers at the end' 'tensor fc.bias: found I32' type fc.bias I32
edited 'another network' 'tensor layer1.3.conv1.weight: not found among 97' note net plain56
edited 'a network that is not known' 'net: found resnet99, which is not known' note net resnet99
edited 'a network whose name moves the cursor' 'net: found ?[2J' note net "$(printf '\033[2J')"
edited 'an image of no pixels' 'side: found 0, wanted 1 to 512' note side 0
edited 'an image of many pixels' 'side: found 100000, wanted 1 to 512' note side 100000
edited 'a side that is none' 'side: found wide, wanted 1 to 512' note side wide
edited 'one mean' 'mean: found 0.5, wanted three numbers' note mean 0.5
edited 'a mean that is none' 'mean: found nan 0 0, wanted three numbers' note mean 'nan 0 0'
edited 'a deviation below 0' 'deviation: found -1 1 1, wanted three numbers' note deviation '-1 1 1'
cp "$out/good.st" "$w"
bad 'another network than asked for' 'net: found resnet20, wanted resnet18' net=resnet18
head -c 100000 "$out/good.st" >"$w"
bad 'a file cut short' 'file size: found'
head -c 100 "$out/good.st" >"$w"
bad 'a header cut short' 'length of the header: found'
: >"$w"
bad 'an empty file' 'file size: found 0, wanted at least 8'
{ cat "$out/good.st"; printf x; } >"$w"
bad 'a byte too many' 'file size: found'
LC_ALL=C sed 's/"data_offsets":\[0,/"data_offsets":[4,/' "$out/good.st" >"$w"
bad 'offsets that do not fit' 'tensor conv1.weight: data_offsets: found 4 to 576, wanted 576 bytes'
cp "$p" "$w"
bad 'a picture' 'length of the header: found'
rm "$w"
bad 'no file' 'cannot be found'
mkdir "$w"
bad 'a folder' 'found something else, wanted a file'
rmdir "$w"
check 'refused: ResNet-20 for ResNet-50' asks \
    'foreign.st: tensor conv1.weight: found F32 [16,1,3,3], wanted F32 [64,1,7,7]' \
    "$c" weights="$out/foreign.st" image="$p"
survives() { # HOW NAME VALUE: numbers that make no sense, but are numbers
    "$out/weights" "$out/good.st" "$w" fill "$1" "$2" || return 1
    "$out/load" "$c" weights="$w" image="$p" >"$out/said" 2>"$out/errors"
    status=$?
    cat "$out/said" "$out/errors"
    [ "$status" -le 1 ] && [ "$(wc -l <"$out/errors")" -le 1 ] && ! grep -q -i sanitizer "$out/errors"
}
check 'a kernel of NaN: an answer or a sentence' survives layer1.0.conv1.weight nan
check 'biases of infinity: an answer or a sentence' survives fc.bias inf
check 'variances below 0: an answer or a sentence' survives bn1.running_var -3
check 'huge weights: an answer or a sentence' survives fc.weight 3e38

# ---- bad labels, bad pictures, bad options --------------------------------------------------
cp "$out/good.st" "$w"
label() { # WHAT TEXT WORDS
    # shellcheck disable=SC2059
    printf "$2" >"$l"
    check "refused: $1" refused l.txt "$3" "$c" weights="$w" image="$p" labels="$l"
}
label 'nine names' 'a\nb\nc\nd\ne\nf\ng\nh\ni\n' 'found 9 lines, wanted 10, one for each class'
label 'eleven names' 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n' 'found 11 lines, wanted 10'
label 'an empty line too many' 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n' 'found 11 lines, wanted 10'
label 'no names' '' 'file size: found 0, wanted 1 to'
label 'names on one line' 'a,b,c,d,e,f,g,h,i,j\n' 'found 1 lines, wanted 10'
yes a | head -n 200000 >"$l"
check 'refused: 200000 names' refused l.txt 'found 200000 lines, wanted 10' "$c" weights="$w" image="$p" labels="$l"
rm "$l"
check 'refused: no file of names' refused l.txt 'cannot be found' "$c" weights="$w" image="$p" labels="$l"
mkdir "$l"
check 'refused: a folder of names' refused l.txt 'found something else' "$c" weights="$w" image="$p" labels="$l"
rmdir "$l"
letters() { # names that would move the cursor are shown without
    awk 'BEGIN { for (i = 0; i < 10; i++) printf "\033[2J%c\n", 0 }' >"$l"
    "$out/load" "$c" weights="$w" image="$p" labels="$l" >"$out/said" 2>&1 &&
        ! LC_ALL=C grep -qa "$(printf '[\001-\010\033]')" "$out/said"
}
check 'names that would move the cursor' letters
picture() { # WHAT TEXT WORDS
    # shellcheck disable=SC2059
    printf "$2" >"$out/bad.pgm"
    check "refused: $1" refused bad.pgm "$3" "$c" weights="$w" image="$out/bad.pgm"
}
picture 'an empty picture' '' 'first bytes: found -1 and -1, wanted P2'
picture 'a picture in another format' '\211PNG\r\n' 'first bytes: found'
picture 'a picture cut short' 'P5 3 3 255\nabcdefgh' 'file size: found'
picture 'a picture without pixels' 'P5 0 3 255\n' 'width: found 0'
picture 'a picture of more pixels than there are' 'P5 40000 40000 255\nabc' 'pixels: found 40000 times 40000'
picture 'a picture of 26000 by 26000 pixels' 'P5 26000 26000 255\nabc' 'file size: found'
check 'refused: no picture' refused nowhere.pgm 'cannot be found' "$c" weights="$w" image="$out/nowhere.pgm"
check 'refused: no weights' asks 'wanted weights=file.safetensors image=file.ppm' "$c" image="$p"
check 'refused: no image' asks 'wanted weights=file.safetensors image=file.ppm' "$c" weights="$w"
check 'refused: a batch that leaves one number' asks 'one has no variance' net=resnet20 side=1 batch=1 examples=3
finish
