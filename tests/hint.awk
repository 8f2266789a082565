# hint.awk: the first n paragraphs of the comment that begins "Hint EX:".
#   awk -v ex=6.3 -v n=2 -f tests/hint.awk tests/06-mlp.c
# Code stays as it is; a sentence begins with a capital.
function capital(s) {
    return s ~ /^(a|an|at|by|if|in|is|it|of|on|to|[a-z][a-z][a-z]+)[ ,]/ ? toupper(substr(s, 1, 1)) substr(s, 2) : s
}
index($0, "/* Hint " ex ":") == 1 { inside = 1; k = 1; sub(/^[^:]*: */, ""); $0 = capital($0); printf "hint 1: " }
inside {
    last = sub(/ *\*\/.*/, "")
    sub(/^ \* ?/, "")
    if ($0 == "" && !last) { k++; fresh = 1 }
    else if (k <= n && $0 != "") {
        if (fresh) printf "\nhint %d: ", k
        fresh = 0
        print
    }
    if (last) exit
}
