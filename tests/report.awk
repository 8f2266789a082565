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
function plain(text) { gsub(/\\n/, " | ", text); return text }

BEGIN { FS = "\t" }
{
    chapter = $1
    star = $2 ~ /\*/
    if (star) { stars += $5; if ($4 == "ok") starred += $5 }
    else { points += $5; if ($4 == "ok") got += $5 }
    attempted_wrong += $4 == "wrong" || $4 == "broken"
    if ($4 != "ok" && !star && next_one == "") { next_one = $2; sub(/\*/, "", next_one); next_place = $6; next_status = $4 }
    row[NR] = $0
}

function text(   i, f, book) {
    printf "%-66s %s\n", chapter, got + 0 " of " points + 0 (stars ? ", * " starred + 0 " of " stars : "")
    for (i = 1; i <= NR; i++) {
        split(row[i], f, FS)
        number = f[2]; sub(/\*/, "", number)
        if (f[4] == "broken") {
            if (!broken++) printf "  %s\n%s\n", paint(31, "does not compile"), lines(f[7])
            continue
        }
        printf "  %-5s %-24s ", f[2], f[3]
        if (f[4] == "ok") print paint(32, "ok")
        else if (f[4] == "todo") print paint(2, "to do")
        else if (f[4] == "waits") print paint(33, "waits") "     for exercise " f[7]
        else {
            printf "%s   %s\n%s\n", paint(31, "not yet"), f[6], lines(f[7])
            book = ""
            if (match(f[7], /Read: [0-9.]+/)) book = "book " substr(f[7], RSTART + 6, RLENGTH - 6) " · "
            printf "        %s\n", paint(2, book "make hint EX=" number)
        }
    }
}

function summary() {
    if (next_one == "") print "All done."
    else if (next_status == "todo") printf "next: %s, exercise %s (make next shows it)", next_place, next_one
    else if (next_status == "broken") printf "next: make %s compile", next_place
    else printf "next: make hint EX=%s, then %s", next_one, next_place
    if (next_one != "") printf "        total %d of %d\n", got, points
    exit attempted_wrong || (strict + 0 && got < points)
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
