#!/bin/sh
# get.sh SET [FROM]: installs a full data set into data/full/SET.
#
#   FROM is a folder with the set's files, as they are or packed (.gz), or with its
#   archive, or the address of a mirror.  Without it they come from the system's package,
#   if that is installed, else from the address where the set was published.
#   Every file is checked by its SHA-256, and the folder appears only when all is well.
#   make data gives SET and FROM in the environment.
#
# get.sh subset SET FOLDER: makes the course's subset of an installed full set in FOLDER.
set -eu

here=${0%/*}
full=$here/full

# ---- the sets: one line each, and one line for each file ------------------------
# SET, system package (its files are in /usr/share/datasets/SET), address
sets='
fashion-mnist dataset-fashion-mnist http://fashion-mnist.s3-website.eu-central-1.amazonaws.com
mnist - https://ossci-datasets.s3.amazonaws.com/mnist
cifar10 - https://www.cs.toronto.edu/~kriz
'
# SET, file, SHA-256 of the unpacked file, or of the archive that has all files
files='
fashion-mnist train-images-idx3-ubyte c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888
fashion-mnist train-labels-idx1-ubyte bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9
fashion-mnist t10k-images-idx3-ubyte 5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b
fashion-mnist t10k-labels-idx1-ubyte 0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34
mnist train-images-idx3-ubyte ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
mnist train-labels-idx1-ubyte 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
mnist t10k-images-idx3-ubyte 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
mnist t10k-labels-idx1-ubyte ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
cifar10 cifar-10-binary.tar.gz c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd
'

die() {
    echo "$*" >&2
    exit 1
}

names() { # of all sets
    echo "$sets" | awk 'NF { printf "%s%s", sep, $1; sep = ", " }'
}

of_set() { # FIELD: the package (2) or the address (3) of the set
    echo "$sets" | awk -v set="$set" -v field="$1" '$1 == set { print $field }'
}

files_of_set() { # each file and its SHA-256
    echo "$files" | awk -v set="$set" '$1 == set { print $2, $3 }'
}

sha256() { # FILE
    if command -v sha256sum >/dev/null; then sha256sum <"$1"
    elif command -v shasum >/dev/null; then shasum -a 256 <"$1"
    else openssl dgst -sha256 -r <"$1"
    fi | cut -d' ' -f1
}

# The sums of what came out of an archive are noted beside it.
all_there() { # FOLDER: every file of the set is in it and has the right sum
    case $(files_of_set) in
    *.tar.gz*) grep . "$1/sums" 2>/dev/null || echo sums none ;;
    *) files_of_set ;;
    esac | while read -r file sum; do
        [ -f "$1/$file" ] && [ "$(sha256 "$1/$file")" = "$sum" ] || exit 1
    done
}

# ---- fetching --------------------------------------------------------------------
fetch_once() { # ADDRESS FILE: goes on where an earlier try ended
    quiet=; [ -t 2 ] || quiet=y
    if command -v curl >/dev/null; then
        curl ${quiet:+-sS} -fL --retry 2 -C - -o "$2" "$1"
    else
        wget ${quiet:+-nv} -c -O "$2" "$1"
    fi
}

fetch() { # ADDRESS FILE
    [ ! -f "$2" ] || return 0
    command -v curl >/dev/null || command -v wget >/dev/null ||
        die "$1: there is neither curl nor wget to fetch it. $other_ways"
    echo "$1"
    status=0
    fetch_once "$1" "$2.part" || status=$?
    case $status in 8|22|33|36)  # the server cannot go on from there: begin again
        if [ -s "$2.part" ]; then
            rm -f "$2.part"
            status=0
            fetch_once "$1" "$2.part" || status=$?
        fi
    esac
    [ $status = 0 ] || die "$1: cannot be fetched. What is here already is kept" \
        "for the next try. $other_ways"
    mv "$2.part" "$2"
}

# ---- installing a set ------------------------------------------------------------
reject() { # SENTENCE: what was fetched is wrong, so it must not be used again
    [ "$from" != "$down" ] || rm -rf "$down"
    die "$1: nothing was installed"
}

packed() { # FILE: its name when it is packed
    case $1 in *.tar.gz) echo "$1" ;; *) echo "$1.gz" ;; esac
}

unpack() { # FILE OF-FOLDER TO
    if [ -f "$2/$1" ]; then
        cp "$2/$1" "$3" || die "$2/$1: cannot be copied to $3"
    elif [ -f "$2/$1.gz" ]; then
        gzip -dc "$2/$1.gz" >"$3" || reject "$2/$1.gz: is damaged, or there is no room for it"
    else
        die "$2/$1: not found$(case $1 in *.tar.gz) ;; *) echo ", nor $1.gz" ;; esac)"
    fi
}

unpack_archive() { # ARCHIVE: its files, in one folder there, come out beside it
    (cd "$new" && gzip -dc "$1" | tar xf - && rm "$1" && mv ./*/* . && rmdir ./*/) ||
        die "$1: cannot be unpacked in $new"
    sums=$(for file in "$new"/*; do echo "${file##*/} $(sha256 "$file")"; done)
    echo "$sums" >"$new/sums"
}

install_set() { # FROM
    package=$(of_set 2) address=$(of_set 3) down=$full/.download/$set
    other_ways="Give a folder that has the files: make data SET=$set FROM=folder"
    if [ "$package" != - ] && command -v apt-get >/dev/null; then
        other_ways="Run apt-get install $package and try again. $other_ways"
    fi

    from=$1
    case $from in
    http://*|https://*) address=${from%/} from=$down ;;
    '') from=/usr/share/datasets/$set
        [ -d "$from" ] || from=$down ;;
    *) [ -d "$from" ] || die "FROM=$from: there is no such folder" ;;
    esac
    if [ "$from" = "$down" ]; then
        mkdir -p "$down" || die "$down: cannot be made"
        for file in $(files_of_set | cut -d' ' -f1); do
            fetch "$address/$(packed "$file")" "$down/$(packed "$file")"
        done
    fi

    new=$full/.new.$$
    trap 'rm -rf "$new"' EXIT
    trap 'exit 130' HUP INT TERM
    mkdir -p "$new" || die "$new: cannot be made"
    for file in $(files_of_set | cut -d' ' -f1); do
        unpack "$file" "$from" "$new/$file"
        found=$(sha256 "$new/$file")
        wanted=$(files_of_set | awk -v file="$file" '$1 == file { print $2 }')
        [ "$found" = "$wanted" ] ||
            reject "$from/$file: SHA-256: found $found, wanted $wanted"
        case $file in *.tar.gz) unpack_archive "$file" ;; esac
    done
    rm -rf "${full:?}/$set"
    mv "$new" "$full/$set"
    rm -rf "$full/.download"
    echo "$full/$set: installed from $from, every file checked"
}

# ---- the course's subset ---------------------------------------------------------
# The first pictures of each class, equally many, in the order of the full set.

# The labels of WHICH, one a line.
labels() {
    tail -c +9 "$full/$set/$1-labels-idx1-ubyte" | od -An -v -tu1 | tr -s ' ' '\n' | grep .
}

# PER-CLASS: of the labels on stdin, the records to take, as runs: first, how many.
runs() {
    awk -v per="$1" '
        BEGIN { first = many = 0 }
        taken[$1]++ < per {
            if (NR - 1 == first + many) many++
            else { if (many) print first, many; first = NR - 1; many = 1 }
        }
        END { print first, many }'
}

records() { # FILE HEADER-BYTES RECORD-BYTES, runs on stdin
    tail -c +$(($2 + 1)) "$1" >"$folder/.records"
    while read -r first many; do
        dd if="$folder/.records" bs="$3" skip="$first" count="$many" 2>/dev/null
    done
    rm "$folder/.records"
}

big_endian() { # NUMBER, below 65536, in four bytes
    # shellcheck disable=SC2059  # the format is the data
    printf "\\0\\0\\$(printf %03o $(($1 / 256)))\\$(printf %03o $(($1 % 256)))"
}

subset() { # WHICH PER-CLASS
    images=$1-images-idx3-ubyte labels=$1-labels-idx1-ubyte
    labels "$1" | runs "$2" >"$folder/.runs"
    { printf '\0\0\10\3'; big_endian $((10 * $2)); big_endian 28; big_endian 28
      records "$full/$set/$images" 16 784 <"$folder/.runs"; } >"$folder/$images"
    { printf '\0\0\10\1'; big_endian $((10 * $2))
      records "$full/$set/$labels" 8 1 <"$folder/.runs"; } >"$folder/$labels"
    rm "$folder/.runs"
}

# ---- what was asked for ----------------------------------------------------------
set=${1:-${SET-}}
usage="make data SET=name [FROM=folder]: the name is one of: $(names)"
if [ "$set" = subset ]; then
    set=${2-} folder=${3-}
    case $set:$folder in
    fashion-mnist:?*) ;;
    *) die "get.sh subset fashion-mnist FOLDER" ;;
    esac
    all_there "$full/$set" || die "$full/$set: not there: make data SET=$set"
    mkdir -p "$folder"
    subset train 1000
    subset t10k 200
    exit
fi
[ -n "$set" ] || die "$usage"
[ -n "$(of_set 1)" ] || die "SET=$set: there is no such set. $usage"
if [ -d "$full/$set" ] && all_there "$full/$set"; then
    echo "$full/$set: already there, every file checked"
    exit
fi
[ ! -d "$full/$set" ] || echo "$full/$set: a file is missing or damaged; all are installed anew"
install_set "${2:-${FROM-}}"
