# report.awk: results as text, summary, tap or junit (-v as=...).
# In: chapter, number, function, status, points, place, text; tab-separated.

function paint(code, s) { return color ? "\033[" code "m" s "\033[0m" : s }
function lines(text,   n, i, part, all) {
    n = split(text, part, /\\n/)
    for (i = 1; i <= n; i++) {
        if (part[i] != "" && part[i] !~ /^Read: /) all = all (all == "" ? "" : "\n") "        " part[i]
    }
    return all
}
function xml(s) {
    gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); gsub(/"/, "\\&quot;", s)
    return s
}
function missing(text) { return text ~ / is missing: git checkout / }
function plain(text) { gsub(/\\n/, " | ", text); return text }

BEGIN { FS = "\t" }
{
    chapter = $1
    star = $2 ~ /\*/
    if (star) { stars += $5; if ($4 == "ok") starred += $5 }
    else { points += $5; if ($4 == "ok") got += $5 }
    attempted_wrong += $4 == "wrong" || $4 == "broken"
    if ($4 != "ok" && !star && !due) due = NR
    if (($4 == "wrong" || $4 == "broken") && star && !extra) extra = NR
    alone = NR == 1 && $4 != "ok"
    row[NR] = $0
}

function text(   i, f, book, wide) {
    for (i = 1; i <= NR; i++) {
        split(row[i], f, FS)
        if (length(f[2]) > wide) wide = length(f[2])
    }
    if (wide < 5) wide = 5
    printf "%-66s %s\n", chapter, (points ? got + 0 " of " points : "") (points && stars ? ", " : "") (stars ? "* " starred + 0 " of " stars : "")
    for (i = 1; i <= NR; i++) {
        split(row[i], f, FS)
        number = f[2]; sub(/\*/, "", number)
        if (f[4] == "broken") {
            if (!broken++) printf "  %s\n%s\n", paint(31, missing(f[7]) ? "is not there" : "does not compile"), lines(f[7])
            continue
        }
        printf "  %-" wide "s %-24s ", f[2], f[3]
        if (f[4] == "ok") print paint(32, "ok")
        else if (f[4] == "todo") print paint(2, "to do") (f[7] == "" ? "" : "     (" f[7] ")")
        else if (f[4] == "waits") print paint(33, "waits") "     for exercise " f[7]
        else {
            printf "%s   %s\n%s\n", paint(31, "not yet"), f[6], lines(f[7])
            book = ""
            if (match(f[7], /Read: [0-9.]+/)) book = "book " substr(f[7], RSTART + 6, RLENGTH - 6) " · "
            printf "        %s\n", paint(2, book "make hint EX=" number)
        }
    }
}

function summary(   f, n, file) {
    n = due ? due : extra ? extra : alone
    split(row[n ? n : 1], f, FS)
    number = f[2]; sub(/\*/, "", number)
    file = f[6]; sub(/:[0-9]+$/, "", file)
    if (!n && NR == 1) printf "Exercise %s is done.", number
    else if (!n) printf "All done.%s", (stars > starred ? "  Those with a star go further." : "")
    else if (f[4] == "broken" && missing(f[7])) printf "next: git checkout %s", file
    else if (f[4] == "broken") printf "next: repair %s until it compiles", file
    else if (f[4] == "waits") printf "next: exercise %s, for which %s waits", f[7], number
    else if (f[4] == "todo") printf "next: %s, exercise %s%s", f[6], number, f[2] == number ? " (make next shows it)" : ""
    else printf "next: make hint EX=%s, then %s", number, f[6]
    if (n && points) printf "        total %d of %d", got, points
    print ""
    exit attempted_wrong || (strict + 0 && (got < points || alone))
}

function tap(   i, f) {
    print "1.." NR
    for (i = 1; i <= NR; i++) {
        split(row[i], f, FS)
        printf "%s %d - %s %s%s\n", f[4] == "ok" ? "ok" : "not ok", i, f[2], f[3],
            f[4] == "todo" || f[4] == "waits" ? " # TODO" : ""
        if (f[4] == "wrong" || f[4] == "broken") print "# " plain(f[7])
    }
}

function junit(   i, f) {
    print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    printf "<testsuites><testsuite name=\"deep-c\" tests=\"%d\" failures=\"%d\">\n", NR, attempted_wrong
    for (i = 1; i <= NR; i++) {
        split(row[i], f, FS)
        printf "<testcase classname=\"%s\" name=\"%s %s\">", xml(f[1]), xml(f[2]), xml(f[3])
        if (f[4] == "todo" || f[4] == "waits") printf "<skipped message=\"%s\"/>", f[4] == "todo" ? "to do" : "waits for " f[7]
        else if (f[4] != "ok") printf "<failure message=\"%s\">%s</failure>", xml(f[6]), xml(plain(f[7]))
        print "</testcase>"
    }
    print "</testsuite></testsuites>"
}

END {
    if (as == "text") text()
    else if (as == "tap") tap()
    else if (as == "junit") junit()
    else summary()
}
