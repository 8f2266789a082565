# stub.awk: a solution in, its stub out.
#
# A comment that begins with "Exercise K.N:" makes the function below it an exercise:
# comment and signature stay, the body goes, and of the body the comments at the
# outermost indent stay, as the steps to take.  In a bug hunt the body holds two versions,
# "#ifdef BUGGY", the one with the bug, "#else", the right one, "#endif": the stub has
# the first, behind its TODO.
#
#   awk -f solutions/stub.awk solutions/06-mlp/mlp.c > chapters/06-mlp/mlp.c
#   awk -v list=1 ...     one line an exercise: number, function, line, tab-separated
#   awk -v begin=1 ...    keep the bodies, and begin each with BEGIN("K.N")
#   awk -v only=6.3 ...   just that exercise, comment and body
#   awk -v only=6.3 -v swap=FILE ...   the file, with that exercise from FILE

/^\/\*/ { number = ""; first = FNR; comment = "" }
/^\/\* Exercise [0-9]+\.[0-9]+\*?:/ { number = $3; sub(/:$/, "", number) }
number != "" && !inside && /^[a-z].*\(/ {
    name = $0
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    at = FNR
}
/^{/ && number != "" && !inside { inside = 1; opening = 1 }
{ mine = only != "" && number == only }

/^#ifdef BUGGY/ && inside { version = "buggy" }
/^#else/ && version { version = "right" }
/^#endif/ && version { version = ""; if (!begin) next }
/^#/ && version { if (!begin) next }

list { if (opening) print number "\t" name "\t" at; }
!list && begin {
    print
    if (opening) print "    BEGIN(\"" number "\");"
}
!list && !begin && only == "" {
    if (inside && (/^}/ || version == "buggy") && !told++) print "    TODO(\"" number "\");"
    if (opening || !inside || version == "buggy" || /^    \/\// && !version || /^}/) print
}
!list && !begin && only != "" && swap == "" && mine && version != "buggy"
!list && !begin && only != "" && swap != "" {
    if (!mine) print
    else if (!swapped++) while ((getline line < swap) > 0) print line
}

{ opening = 0 }
/^}/ && inside { inside = 0; number = ""; told = 0 }
