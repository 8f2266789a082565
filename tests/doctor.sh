#!/bin/sh
# doctor.sh [GROUP...]: says which tools are there, which are missing and what for, and
# the one command that brings them.  Installs nothing; status 1 if something is missing.
# doctor.sh install GROUP...: brings what is missing, by the system's package manager.
#
# A tool is there if it works: each is tried, not only looked for.  Of the packages'
# names below, apt's were tested; those of dnf, pacman and brew were not.
set -u

if   command -v apt-get >/dev/null; then manager=apt-get
elif command -v dnf >/dev/null;     then manager=dnf
elif command -v pacman >/dev/null;  then manager=pacman
elif command -v brew >/dev/null;    then manager=brew
else manager=none
fi

compiler=${CC:-cc}
bold='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT TERM

# ---- how each tool is tried ------------------------------------------------------
has() { command -v "$1"; }

builds() { # COMPILER FLAGS...: a program that uses libc and libm, and it runs
    echo '#include <math.h>
          #include <stdio.h>
          int main(int n, char **v) { return v[0][0] == 0 || printf("%g", sin(n)) < 1; }' |
        "$@" -x c - -o "$tmp/a" -lm && "$tmp/a"
}

links_check() { # the words that pkg-config gives are compiler flags
    # shellcheck disable=SC2046,SC2086
    pkg-config --atleast-version=0.15 check && builds $compiler $(pkg-config --cflags --libs check)
}

draws() { gnuplot -e "set terminal $1"; }

pandoc_since() { # 2.17: major and minor
    pandoc --version | awk -v major="${1%.*}" -v minor="${1#*.}" 'NR == 1 {
        split($2, v, "."); new = v[1] > major || (v[1] == major && v[2] + 0 >= minor)
    } END { exit !new }'
}

styles() {
    for f in "$@"; do
        kpsewhich "$f" || return
    done
}

font() { # a file that TeX or the system has
    kpsewhich "$1" || find /usr/share/fonts /usr/local/share/fonts "${HOME-}/.local/share/fonts" \
        "${HOME-}/Library/Fonts" /Library/Fonts -name "$1" | grep .
}

# ---- what each group needs -------------------------------------------------------
group() {
    case $1 in
    core)
        title 'core: write, build and grade the exercises'
        need 'C compiler' 'builds every program' "builds $compiler" \
            'gcc libc6-dev' 'gcc glibc-devel' gcc gcc
        need make 'runs everything' 'has make' make make make make
        need sanitizers 'let the grader see reads and writes outside' \
            "builds $compiler -fsanitize=address,undefined" \
            'gcc libc6-dev' 'libasan libubsan' gcc gcc
        need pkg-config 'finds Check' 'has pkg-config' \
            pkg-config pkgconf-pkg-config pkgconf pkgconf
        need 'Check 0.15' 'runs the tests that grade' links_check check check-devel check check
        ;;
    plots)
        title 'plots: figures of your runs and of ours'
        need gnuplot 'draws (as SVG, PDF and PNG)' \
            'draws svg && draws pdfcairo && draws pngcairo' gnuplot-nox gnuplot gnuplot gnuplot
        ;;
    book)
        title 'book: the book as web pages'
        need 'pandoc 2.17' 'turns the text into pages' 'pandoc_since 2.17' \
            pandoc pandoc pandoc-cli pandoc
        ;;
    pdf)
        title 'pdf: the book as PDF, with pandoc and gnuplot from above (large)'
        need lualatex 'sets the pages' 'has lualatex && has makeindex' \
            texlive-luatex texlive-scheme-medium 'texlive-luatex texlive-binextra' mactex-no-gui
        need 'LaTeX styles' 'page, code and boxes' \
            'styles scrbook.cls unicode-math.sty microtype.sty footnotehyper.sty caption.sty \
                framed.sty fvextra.sty tcolorbox.sty enumitem.sty' \
            'texlive-latex-recommended texlive-latex-extra' \
            'texlive-scheme-medium texlive-tcolorbox texlive-fvextra' \
            'texlive-latexrecommended texlive-latexextra' mactex-no-gui
        need 'TeX Gyre' 'the text font' \
            'font texgyrepagella-regular.otf && font texgyreheros-regular.otf' \
            fonts-texgyre texlive-tex-gyre tex-gyre-fonts mactex-no-gui
        need 'TeX Gyre Math' 'the font of the formulas' 'font texgyrepagella-math.otf' \
            fonts-texgyre-math texlive-tex-gyre-math texlive-fontsrecommended mactex-no-gui
        need Inconsolata 'the font of the code' 'font Inconsolata.otf' \
            fonts-inconsolata levien-inconsolata-fonts ttf-inconsolata font-inconsolata
        ;;
    dev)
        title 'dev: what make test proves the course with, beside all of the above'
        need clang 'the second compiler' 'builds clang' clang clang clang -
        need "clang's OpenMP" 'threads with clang' 'builds clang -fopenmp' \
            libomp-dev libomp-devel openmp -
        need valgrind 'finds reads outside' 'valgrind -q true' valgrind valgrind valgrind -
        need shellcheck 'proofreads the shell scripts' 'has shellcheck' \
            shellcheck ShellCheck shellcheck shellcheck
        ;;
    *)
        echo "doctor.sh: there is no group $1; there are core, plots, book, pdf, dev" >&2
        exit 2
        ;;
    esac
}

# ---- trying them all -------------------------------------------------------------
title() { [ -n "$quiet" ] || echo "$bold$1$plain"; }

say() { # STATE NAME WHY
    [ -n "$quiet" ] || printf '  %s%-8s%s %-15s %s\n' "$4" "$1" "$plain" "$2" "$3"
}

need() { # NAME WHY TEST, and the packages of apt, dnf, pacman, brew; - for none
    if (eval "$3") >/dev/null 2>&1; then
        say ok "$1" "$2" ''
        return
    fi
    case $manager in
    apt-get) package=$4 ;;
    dnf) package=$5 ;;
    pacman) package=$6 ;;
    brew) package=$7 ;;
    *) package='' ;;
    esac
    if [ "$package" = - ]; then
        say "-" "$1" "$2; no package here, and it goes without" ''
        return
    fi
    say missing "$1" "$2" "$red"
    missing="$missing${missing:+, }$1"
    for p in $package; do
        case " $packages " in
        *" $p "*) ;;
        *) packages="$packages${packages:+ }$p" ;;
        esac
    done
}

examine() { # GROUP...
    missing='' packages=''
    for g in "$@"; do
        group "$g"
    done
}

command_line() { # the words before the packages
    case $manager in
    apt-get) echo apt-get install -y --no-install-recommends ;;
    dnf) echo dnf install -y ;;
    pacman) echo pacman -S --needed --noconfirm ;;
    brew) echo brew install ;;
    esac
}

# ---- saying it, or bringing it ---------------------------------------------------
report() {
    quiet=''
    examine "$@"
    if [ -z "$missing" ]; then
        echo 'Nothing is missing.'
        return 0
    fi
    if [ "$manager" = none ]; then
        echo "Missing: $missing. Please install it by your system's package manager."
        return 1
    fi
    who='' sudo=''
    if [ "$(id -u)" != 0 ] && [ "$manager" != brew ]; then
        if command -v sudo >/dev/null; then sudo='sudo '; else who=' (as root)'; fi
    fi
    echo "One command$who brings what is missing:"
    echo
    echo "    $sudo$(command_line) $packages"
    echo
    echo 'make deps runs it for all but the PDF, make deps-book for the PDF too.'
    return 1
}

run() {
    echo "+ $*"
    "$@"
}

bring() {
    quiet=yes
    examine "$@"
    if [ -z "$missing" ]; then
        echo 'Nothing is missing, so nothing is installed.'
        return 0
    fi
    echo "Missing: $missing."
    if [ "$manager" = none ]; then
        echo "There is no apt, dnf, pacman or brew here: please install it by hand." >&2
        return 1
    fi
    root=''
    if [ "$(id -u)" != 0 ] && [ "$manager" != brew ]; then
        root=sudo
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            echo "Only root may install packages.  Run this as root, then try again:" >&2
            echo "    $(command_line) $packages" >&2
            return 1
        fi
    fi
    if [ "$manager" = apt-get ]; then
        run $root apt-get update ||
            echo 'The lists could not be brought up to date; going on with those that are here.'
        root="$root env DEBIAN_FRONTEND=noninteractive"
    fi
    # shellcheck disable=SC2046,SC2086  # each word an argument
    run $root $(command_line) $packages ||
        { echo "$manager could not install it; still missing: $missing." >&2; return 1; }
    examine "$@"
    if [ -n "$missing" ]; then
        echo "$manager is done, but this still does not work: $missing." >&2
        return 1
    fi
    echo 'All is there now.'
}

if [ "${1-}" = install ]; then
    shift
    [ $# -gt 0 ] || { echo 'doctor.sh install GROUP...: core, plots, book, pdf, dev' >&2; exit 2; }
    bring "$@"
else
    [ $# -gt 0 ] || set -- core plots book pdf dev
    report "$@"
fi
