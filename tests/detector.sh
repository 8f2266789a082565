#!/bin/sh
# detector.sh [BUILD]: the program of chapter 15 with good and hostile pictures, weights,
# images to make scenes of, places to write to, and options.
# A line "ok - ..." or "not ok - ..." for each check; status 1 if one failed.
# shellcheck disable=SC2317  # check calls them
set -u
. tests/hostile.sh
begin detector "${1:-build}"
export OMP_NUM_THREADS=1
w=$out/w.st p=$out/p.pgm good=$out/good.st

# shellcheck disable=SC2086
check 'the program builds with sanitizers' \
    build load solutions/15-detection/detection.c "${CC:-cc}" $sanitize
# shellcheck disable=SC2086
check 'tests/weights.c builds with sanitizers' \
    build weights tests/weights.c "${CC:-cc}" $sanitize
[ -x "$out/load" ] && [ -x "$out/weights" ] || exit 1

# ---- a training, and what it can be asked ---------------------------------------------
tells() { # LINES WORDS ARGUMENTS...: status 0, nothing on stderr, so many lines at least
    lines=$1 words=$2
    shift 2
    "$out/load" "$@" >"$out/said" 2>"$out/errors"
    status=$?
    head -n 5 "$out/said"
    cat "$out/errors"
    [ "$status" = 0 ] && [ ! -s "$out/errors" ] && [ "$(wc -l <"$out/said")" -ge "$lines" ] &&
        grep -qE "$words" "$out/said" && ! grep -qwiE 'nan|inf' "$out/said"
}
small='side=40 epochs=2 scenes=9 batch=4 tests=3'
# shellcheck disable=SC2086
check 'two epochs, saved' tells 3 '^2	24	' $small save="$good"
[ -s "$good" ] || exit 1
# shellcheck disable=SC2086
check 'one scene in an epoch' tells 2 '^1	1	' side=40 epochs=1 scenes=1 batch=1 tests=1
# shellcheck disable=SC2086
check 'with the columns of the starred exercises' tells 3 'map50	map$' $small stars=1
for show in scenes precision sweeps misses slide; do
    check "show=$show" tells 2 '^#' show=$show side=48 tests=3 weights="$good"
done
check 'show=slide stars=1' tells 5 '^windows	' show=slide stars=1 side=48 tests=3 weights="$good" windows=64
check 'every box a detection' tells 5 '^#' show=misses side=40 tests=2 weights="$good" score=0 sure=0
check 'none of them, and no box kept' tells 5 '^#' show=sweeps side=40 tests=2 weights="$good" score=1 sure=1 overlap=0
check 'one scene, which may be empty' tells 2 '^#' show=precision side=40 tests=1 weights="$good"

# ---- pictures ---------------------------------------------------------------------------
a="weights=$good tests=1 score=0 sure=0"
# shellcheck disable=SC2086
finds() { # WIDTH HEIGHT ARGUMENTS...: boxes within the picture, the largest score first
    wide=$1 high=$2
    shift 2
    rm -f "$out/boxes.ppm"
    tells 1 '^# rank' $a "$@" picture="$out/boxes.ppm" &&
        awk -F '\t' -v w="$wide" -v h="$high" 'NR > 1 { bad += $1 != NR - 1 || $4 < 0 ||
            $5 < 0 || $6 > w || $7 > h || $6 < $4 || $7 < $5 || (NR > 2 && $3 > before)
            before = $3 } END { exit bad > 0 }' "$out/said" &&
        [ "$(head -c 15 "$out/boxes.ppm" | head -n 2 | tail -n 1)" = "$wide $high" ]
}
grey() { # WIDTH HEIGHT: a picture in $p
    { printf 'P5 %d %d 255\n' "$1" "$2"; head -c $(($1 * $2)) solutions/15-detection/detection.c; } >"$p"
}
check 'an unseen scene, saved' tells 1 '^# rank' show=scene scene=7 picture="$out/scene.pgm"
check 'it is found in the picture what is found in the scene' finds 64 64 image="$out/scene.pgm"
scene_again() { cp "$out/scene.pgm" "$out/first.pgm" && tells 1 '^#' show=scene scene=7 picture="$out/scene.pgm" && cmp "$out/first.pgm" "$out/scene.pgm"; }
check 'the scene is the same again' scene_again
for size in '64 64' '71 93' '8 8' '7 5' '1 1' '1 300' '300 1' '130 17'; do
    # shellcheck disable=SC2086
    grey $size
    # shellcheck disable=SC2086
    check "a picture of $size" finds $size image="$p"
done
check '3 times smaller' finds 130 17 image="$p" shrink=3
check '17 times smaller, which leaves one row' finds 130 17 image="$p" shrink=17
check 'a negative' finds 130 17 image="$p" negative=1
printf 'P6 3 2 255\nabcdefghijklmnopqr' >"$out/c.ppm"
check 'a picture in colours' finds 3 2 image="$out/c.ppm"
printf 'P2 9 7 9\n' >"$p"
yes 0 | head -n 63 >>"$p"
check 'a black picture' finds 9 7 image="$p"
check 'a white one' finds 9 7 image="$p" negative=1

# ---- bad pictures ------------------------------------------------------------------------
run_refused() { # FILE WORDS ARGUMENTS...
    file=$1 words=$2
    shift 2
    "$out/load" "$@" >"$out/stdout" 2>"$out/stderr"
    one_line $? "$file" "$words"
}
picture() { # WHAT TEXT WORDS ARGUMENTS...
    what=$1 words=$3
    # shellcheck disable=SC2059
    printf "$2" >"$out/bad.pgm"
    shift 3
    check "refused: $what" run_refused bad.pgm "$words" weights="$good" image="$out/bad.pgm" "$@"
}
picture 'an empty picture' '' 'first bytes: found -1 and -1, wanted P2'
picture 'a picture in another format' '\211PNG\r\n' 'first bytes: found'
picture 'a picture cut short' 'P5 3 3 255\nabcdefgh' 'file size: found'
picture 'a picture with a byte too many' 'P5 3 3 255\nabcdefghij' 'file size: found'
picture 'a picture without pixels' 'P5 0 3 255\n' 'width: found 0'
picture 'a picture of fewer than no rows' 'P5 3 -3 255\nabc' 'height: found byte 45'
picture 'a word for a width' 'P5 wide 3 255\nabc' 'width: found byte'
picture 'a number too large' 'P2 1 1 9\n10\n' 'a pixel: found 10, wanted 0 to 9'
picture 'a picture of more pixels than there are' 'P5 40000 40000 255\nabc' 'pixels: found 40000 times 40000'
picture 'fewer pixels than shrink' 'P5 3 3 255\nabcdefghi' 'pixels: found 0 times 0 with shrink=4' shrink=4
{ printf 'P5 2000 1000 255\n'; head -c 2000000 /dev/zero; } >"$out/large.pgm"
check 'refused: a picture too large to look at' run_refused large.pgm \
    'pixels: found 2000 times 1000' weights="$good" image="$out/large.pgm"
check 'the same, smaller' tells 1 '^# rank' weights="$good" tests=1 image="$out/large.pgm" shrink=9
{ printf 'P5 1 1048577 255\n'; head -c 1048577 /dev/zero; } >"$out/long.pgm"
check 'refused: a picture too long' run_refused long.pgm 'pixels: found 1 times 1048577' \
    weights="$good" image="$out/long.pgm"
rm "$out/large.pgm" "$out/long.pgm"
check 'refused: no picture' run_refused nowhere.pgm 'cannot be found' weights="$good" image="$out/nowhere.pgm"
mkdir "$out/folder.pgm"
check 'refused: a folder' run_refused folder.pgm 'found something else, wanted a file' \
    weights="$good" image="$out/folder.pgm"
check 'refused: weights for a picture' run_refused good.st 'first bytes: found' weights="$good" image="$good"

# ---- bad weights ----------------------------------------------------------------------------
bad() { # WHAT WORDS: in $w
    check "refused: $1" run_refused w.st "$2" weights="$w" tests=1 side=40 show=precision
}
edited() { # WHAT WORDS HOW NAME [VALUE]: of good.st
    what=$1 words=$2
    shift 2
    "$out/weights" "$good" "$w" "$@" || exit 1
    bad "$what" "$words"
}
edited 'a kernel left out' 'tensor layer3.0.conv2.weight: not found among' drop layer3.0.conv2.weight
edited 'the first kernel left out' 'tensor conv1.weight: not found among' drop conv1.weight
edited 'the last weights left out' 'tensor fc.weight: not found among 46, wanted F32 [15,64]' drop fc.weight
edited 'the last biases left out' 'tensor fc.bias: not found among' drop fc.bias
edited 'a running variance left out' 'tensor layer1.0.bn2.running_var: not found' drop layer1.0.bn2.running_var
edited 'the last weights [64,15]' 'tensor fc.weight: found F32 [64,15], wanted F32 [15,64]' turn fc.weight
edited 'a kernel of one dimension' 'tensor layer1.0.conv1.weight: found F32 [2304], wanted' flat layer1.0.conv1.weight
edited 'a class too few' 'tensor fc.weight: found F32 [14,64], wanted F32 [15,64]' short fc.weight
edited 'whole numbers' 'tensor bn1.weight: found I32 [16], wanted F32 [16]' type bn1.weight I32
edited 'another network' 'net: found resnet20, wanted detector' note net resnet20
edited 'no name of a network' 'net: found none, wanted detector' note net
edited 'a network whose name moves the cursor' 'net: found ?[2J' note net "$(printf '\033[2J')"
"$out/weights" fresh "$w" resnet20 8 1 10
bad 'the weights of a ResNet-20' 'net: found resnet20, wanted detector'
"$out/weights" "$w" "$out/other.st" note net detector && mv "$out/other.st" "$w"
bad 'those, under the name of a detector' 'tensor '
head -c 100000 "$good" >"$w"
bad 'a file cut short' 'file size: found'
head -c 100 "$good" >"$w"
bad 'a header cut short' 'length of the header: found'
: >"$w"
bad 'an empty file' 'file size: found 0, wanted at least 8'
{ cat "$good"; printf x; } >"$w"
bad 'a byte too many' 'file size: found'
cp "$out/scene.pgm" "$w"
bad 'a picture' 'length of the header: found'
rm "$w"
bad 'no file' 'cannot be found'
mkdir "$w"
bad 'a folder' 'found something else, wanted a file'
rmdir "$w"
survives() { # NAME VALUE: numbers that make no sense, but are numbers
    "$out/weights" "$good" "$w" fill "$1" "$2" || return 1
    "$out/load" show=precision side=40 tests=2 weights="$w" score=0 sure=0 >"$out/said" 2>"$out/errors"
    status=$?
    head -n 5 "$out/said"
    cat "$out/errors"
    [ "$status" -le 1 ] && [ "$(wc -l <"$out/errors")" -le 1 ] && ! grep -q -i sanitizer "$out/errors"
}
check 'a kernel of NaN: an answer or a sentence' survives layer1.0.conv1.weight nan
check 'biases of infinity: an answer or a sentence' survives fc.bias inf
check 'huge biases: an answer or a sentence' survives fc.bias 3e38
check 'huge weights: an answer or a sentence' survives fc.weight 3e38
check 'variances below 0: an answer or a sentence' survives bn1.running_var -3

# ---- places that cannot be written ---------------------------------------------------------
left() { find "$out" -name '*.part' | grep .; }
unwritten() { # FILE WORDS ARGUMENTS...: status 1, one sentence, no file and none half written
    file=$1 words=$2
    shift 2
    "$out/load" "$@" >"$out/stdout" 2>"$out/stderr"
    status=$?
    cat "$out/stdout" "$out/stderr"
    [ "$status" = 1 ] && [ "$(wc -l <"$out/stderr")" -eq 1 ] && grep -qF "$file: $words" "$out/stderr" &&
        [ ! -f "$file" ] && ! left
}
no="$out/nowhere"
# shellcheck disable=SC2086
check 'refused: weights into a folder that is not there' unwritten "$no/w.st" 'cannot be written' \
    $small save="$no/w.st"
mkdir "$out/folder.st"
# shellcheck disable=SC2086
check 'refused: weights in the place of a folder' unwritten "$out/folder.st" 'found something else, wanted a file' \
    $small save="$out/folder.st"
check 'refused: a scene into a folder that is not there' unwritten "$no/s.pgm" 'cannot be written' \
    show=scene picture="$no/s.pgm"
check 'refused: boxes into a folder that is not there' unwritten "$no/b.ppm" 'cannot be written' \
    weights="$good" tests=1 image="$out/scene.pgm" picture="$no/b.ppm"
check 'refused: boxes in the place of a folder' unwritten "$out/folder.pgm" 'found something else, wanted a file' \
    weights="$good" tests=1 image="$out/scene.pgm" picture="$out/folder.pgm"
pipe() { # what is no file stays what it is
    mkfifo "$out/pipe" && unwritten "$out/pipe" 'found something else, wanted a file' \
        weights="$good" tests=1 image="$out/scene.pgm" picture="$out/pipe" && [ -p "$out/pipe" ]
}
check 'refused: boxes in the place of a pipe' pipe
full() { # as if the disk were full
    (trap '' XFSZ && ulimit -f 4 && unwritten "$out/full.ppm" 'cannot be written' \
        weights="$good" tests=1 image="$out/scene.pgm" picture="$out/full.ppm")
}
check 'refused: boxes where there is no room' full
kept() { cp "$out/scene.pgm" "$out/kept.ppm" && (trap '' XFSZ && ulimit -f 4 &&
    ! "$out/load" weights="$good" tests=1 image="$out/scene.pgm" picture="$out/kept.ppm") >"$out/said" 2>&1 &&
    cmp "$out/scene.pgm" "$out/kept.ppm" && ! left; }
check 'what was there before stays' kept

# ---- images to make scenes of ----------------------------------------------------------------
mkdir "$out/set"
idx() { # Y X: one image of so many pixels to learn from, and one to test with
    for which in train t10k; do
        { printf '\0\0\010\003\0\0\0\001\0\0\0'; printf '%b' "\\0$(printf %o "$1")"
            printf '\0\0\0'; printf '%b' "\\0$(printf %o "$2")"
            head -c $(($1 * $2)) solutions/15-detection/detection.c; } >"$out/set/$which-images-idx3-ubyte"
        printf '\0\0\010\001\0\0\0\001\003' >"$out/set/$which-labels-idx1-ubyte"
    done
}
idx 28 28
# shellcheck disable=SC2086
check 'one image to make scenes of' tells 3 '^2	24	' $small folder="$out/set"
for size in '29 28' '28 27' '8 8' '64 64'; do
    # shellcheck disable=SC2086
    idx $size
    # shellcheck disable=SC2086
    check "refused: images of $size" run_refused "${out##*/}/set" \
        "images of $(echo "$size" | sed 's/ / by /') pixels, wanted 28 by 28" $small folder="$out/set"
done
check 'refused: no folder' run_refused train-images-idx3-ubyte 'not found' folder="$no"

# ---- bad options -------------------------------------------------------------------------------
check 'refused: a side of broken cells' asks 'side=44: wanted a multiple of 8' side=44
check 'refused: a side smaller than an item' asks 'side=32: wanted a whole number from 40 to 512' side=32
check 'refused: a side too large' asks 'side=520: wanted a whole number' side=520
check 'refused: a scene for nobody' asks 'show=scene: wanted picture=file.pgm' show=scene
check 'refused: something else to show' asks 'show=boxes: wanted one of' show=boxes
check 'refused: an empty word' asks 'show=: wanted one of' show=
check 'refused: no scene' asks 'tests=0: wanted a whole number from 1' tests=0
check 'refused: an empty batch' asks 'batch=0: wanted a whole number from 1' batch=0
check 'refused: half an epoch' asks 'epochs=0.5: wanted a whole number' epochs=0.5
check 'refused: a score that is none' asks 'score=nan: wanted a number from 0 to 1' score=nan
check 'refused: an overlap above 1' asks 'overlap=1.5: wanted a number from 0 to 1' overlap=1.5
check 'refused: a picture made larger' asks 'shrink=0: wanted a whole number from 1' shrink=0
check 'refused: a scene below 0' asks 'scene=-1: wanted a whole number from 0' scene=-1
check 'refused: a rate of nothing' asks 'rate=0: wanted a number from' rate=0
check 'refused: a seed below 0' asks 'seed=-1: wanted a whole number from 0' seed=-1
finish
