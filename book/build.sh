#!/bin/sh
# build.sh pdf | html | epub | check: makes the book, from the top folder (make book does).
#   pdf    build/deep-c.pdf
#   html   build/book/index.html and a page for each chapter
#   epub   build/deep-c.epub
#   check  makes nothing, and says whether all that the book quotes is there
# EDITION=instructor adds solutions and answers, and -instructor to each name.
# To try one chapter: CHAPTERS=book/03-neuron.md BUILD=build/try sh book/build.sh pdf
set -u
build=${BUILD:-build}
edition=${EDITION:-student}
chapters=${CHAPTERS:-}
[ -n "$chapters" ] || for f in book/00-preface.md book/[0-9][0-9]-*.md; do
    case " $chapters " in *" $f "*) ;; *) chapters="$chapters $f" ;; esac
done
fail() { echo "book: $*" >&2; exit 1; }

name=deep-c site=$build/book
case $edition in student) ;; instructor) name=$name-instructor site=$site-instructor ;; *) fail "EDITION=$edition: wanted student or instructor" ;; esac
command -v pandoc >/dev/null || fail 'pandoc is missing: make deps brings it.'
# Dates and identifiers are those of the last commit, so that the same text makes the same bytes.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH FORCE_SOURCE_DATE=1
version=$(git describe --tags --always 2>/dev/null)
date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%F)

# weave FORMAT OPTIONS...: everything through the one filter.
weave() {
    format=$1
    shift
    # shellcheck disable=SC2086  # the chapters are words
    pandoc --standalone --fail-if-warnings -f markdown -t "$format" --metadata-file book/meta.yaml \
        -M date="$date" -M version="$version" -M edition="$edition" -V "$edition" --top-level-division=chapter \
        ${CHAPTERS:+-M partial=1} -L book/book.lua --citeproc "$@" $chapters
}

figures() {
    command -v gnuplot >/dev/null || fail 'gnuplot, which draws the figures, is missing: make deps brings it.'
    if [ -z "${CHAPTERS:-}" ]; then "${MAKE:-make}" -s plots || exit 1; fi
    for cover in "$@"; do
        [ -n "$(find "$cover" -newer book/cover.gp 2>/dev/null)" ] || gnuplot -c book/cover.gp "$cover" || exit 1
    done
}

# TeX's log names what it could not do well; nothing of that may pass.
complain() {
    awk '/^(Over|Under)full .*too (wide|high)/ && match($0, /\([0-9.]+pt/) && substr($0, RSTART + 1) + 0 > 2 { bad = 1; print }
         /^LaTeX Warning: .*(undefined|multiply)|Missing character|has been referenced but does not exist|same identifier/ { bad = 1; print }
         END { exit bad }' "$1" || fail "$1 has the complaints above."
}

pdf() {
    command -v lualatex >/dev/null || fail 'lualatex is missing: make deps-book brings it.'
    tex=$build/tex
    mkdir -p "$tex"
    figures "$build/cover.pdf"
    weave latex --highlight-style book/code.theme --template book/template.latex -V cover="$build/cover.pdf" \
        -o "$tex/$name.tex" || exit 1
    for pass in 1 2 3 4; do
        lualatex -interaction=nonstopmode -halt-on-error -file-line-error -output-directory "$tex" \
            "$tex/$name.tex" >"$tex/$name.stdout" || { grep -A3 -E '^!|:[0-9]+:' "$tex/$name.stdout" >&2; fail "TeX stopped; see $tex/$name.log"; }
        if [ $pass = 1 ]; then
            [ ! -s "$tex/$name.idx" ] || (cd "$tex" && makeindex -q "$name.idx") || exit 1
        elif ! grep -q 'Rerun to get' "$tex/$name.log"; then break; fi
    done
    mv "$tex/$name.pdf" "$build/$name.pdf"
    complain "$tex/$name.log"
    echo "$build/$name.pdf"
}

html() {
    mkdir -p "$site"
    rm -f "$site"/*.html
    figures "$site/cover.svg"
    cp book/book.css book/book.js "$site/"
    math=$(find /usr/share/texmf/fonts /usr/share/fonts /usr/local/share/fonts /opt/homebrew/share/fonts /Library/Fonts \
        -name texgyrepagella-math.otf 2>/dev/null | head -n 1)
    [ -z "$math" ] || cp "$math" "$site/math.otf"
    weave html5 -L book/chunk.lua -M site="$site" --template book/page.html --mathml -o "$site/index.html" || exit 1
    echo "$site/index.html"
}

epub() {
    figures "$build/cover.png"
    weave epub3 --mathml --epub-cover-image "$build/cover.png" --css book/epub.css --toc --toc-depth=2 \
        --highlight-style book/code.theme -o "$build/$name.epub" || exit 1
    echo "$build/$name.epub"
}

mkdir -p "$build"
case ${1:-} in
pdf) pdf ;;
html) html ;;
epub) epub ;;
check) figures && weave html5 --mathml -o /dev/null && echo 'The book quotes nothing that is not there.' ;;
*) fail 'build.sh pdf, html, epub or check' ;;
esac
