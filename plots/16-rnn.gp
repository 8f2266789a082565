# 16-rnn: the network in time; learning names; what it expects and remembers; clipping.
# run 16-rnn
# run 16-rnn-64 hidden=64
# run 16-rnn-32 hidden=32
# run 16-rnn-onehot embed=0 epochs=20
# run 16-rnn-names show=names
# run 16-rnn-counts show=counts
# run 16-rnn-letters show=letters epochs=20 words=christina,maria
# run 16-rnn-units show=units epochs=20
# run 16-rnn-memory show=memory epochs=20
# run 16-rnn-clipping show=clipping text=data/course/course.txt rule=sgd rate=0.5 hidden=64 batch=32
# run 16-rnn-adam show=clipping text=data/course/course.txt rule=adam rate=0.005 hidden=64 batch=32
# run 16-rnn-speed show=speed batch=16 clock=1
# quick epochs=2 batch=500 hidden=9
# quick epochs=2 batch=700 hidden=12 embed=0 rule=sgd rate=0.5 clip=0.1 temperature=0.5 longest=7
# quick show=names epochs=2 batch=300 hidden=10
# quick show=clipping hidden=8 batch=16 rule=momentum rate=0.1
# quick show=letters epochs=1 batch=500 hidden=9 words=anna,zoe
# quick show=units epochs=1 batch=500 hidden=9
# quick show=memory epochs=1 batch=500 hidden=9
# quick show=speed batch=5 embed=3
# figure 16-rnn-unrolled
# figure 16-rnn-temperature
# figure 16-rnn-bits
# figure 16-rnn-letters
# figure 16-rnn-units
# figure 16-rnn-memory
# figure 16-rnn-clipping
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.2; H = 2.3
if (FIG eq "16-rnn-unrolled") { H = 2.2 }
if (FIG eq "16-rnn-temperature") { W = 5.4; H = 1.7 }
if (FIG eq "16-rnn-bits") { W = 5.0; H = 2.7 }
if (FIG eq "16-rnn-letters") { W = 3.4; H = 4.2 }
if (FIG eq "16-rnn-units") { W = 5.2; H = 2.0 }
if (FIG eq "16-rnn-memory") { W = 4.2; H = 2.2 }
load "plots/style.gp"

if (FIG eq "16-rnn-unrolled") {
    # Left the network with its loop, right the same in four steps of the line "ann".
    unset border; unset tics; unset key; unset colorbox; unset grid
    set xrange [-2.9:10.2]; set yrange [-0.2:4.6]
    array IN[4] = ["end", "a", "n", "n"]
    array NEXT[4] = ["a", "n", "n", "end"]
    box(x, y, w) = sprintf("set object rectangle from %g,%g to %g,%g fc rgb '#d5e6f2' fs solid 1 border lc rgb '%s' lw 1", x - w, y - 0.33, x + w, y + 0.33, ink)
    line(a, b, c, d) = sprintf("set arrow from %g,%g to %g,%g head filled size screen 0.012,20 lc rgb '%s' lw 1.2", a, b, c, d, ink)
    bare(a, b, c, d) = sprintf("set arrow from %g,%g to %g,%g nohead lc rgb '%s' lw 1.2", a, b, c, d, ink)
    say(x, y, s) = sprintf("set label '%s' at %g,%g center tc rgb '%s'", s, x, y, ink)
    do for [i=0:4] {
        x = i == 0 ? -1.0 : 2.3*i + 0.2
        eval box(x, 2.2, 0.6)
        eval say(x, 2.2, i == 0 ? "h" : sprintf("h[%d]", i))
        eval line(x, 1.05, x, 1.85)
        eval line(x, 2.55, x, 3.35)
        eval say(x, 0.75, i == 0 ? "x" : sprintf("x[%d]", i - 1))
        eval say(x, 3.62, i == 0 ? "z" : sprintf("z[%d]", i - 1))
        eval say(x - 0.34, 1.4, "Wx")
        eval say(x - 0.34, 2.9, "Wo")
        if (i > 0) {
            eval say(x, 0.15, IN[i])
            eval say(x, 4.25, NEXT[i])
            eval line(x - (i == 1 ? 1.05 : 1.7), 2.2, x - 0.62, 2.2)
            eval say(x - (i == 1 ? 0.85 : 1.18), 2.5, "Wh")
        }
    }
    eval say(1.1, 2.2, "h[0]")
    eval bare(-0.4, 2.2, 0.05, 2.2)
    eval bare(0.05, 2.2, 0.05, 3.0)
    eval bare(0.05, 3.0, -0.6, 3.0)
    eval line(-0.6, 3.0, -0.6, 2.55)
    eval say(-0.2, 3.28, "Wh")
    set label "given" at -2.8,0.15 left tc rgb ink
    set label "wanted" at -2.8,4.25 left tc rgb ink
    set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
    plot NaN notitle
}

if (FIG eq "16-rnn-temperature") {
    # What follows "ma", with the logits divided by the temperature: p to the power of
    # one over it, and shared out anew.
    r = "16-rnn-letters"
    here(p) = $1 == 2 && $2 == 2 ? p : 0
    array DEGREES[3] = [0.5, 1, 2]
    set multiplot layout 1,3 margins 0.06,0.995,0.15,0.87 spacing 0.04
    set yrange [0:1]; set ytics 0.25; set xrange [-0.8:26.8]
    set style fill solid 1 noborder; set boxwidth 0.8; unset key
    set xtics ("end" 0, "d" 4, "i" 9, "n" 14, "r" 18, "y" 25) scale 0 offset 0,0.4
    do for [i=1:3] {
        power = 1.0 / DEGREES[i]
        stats run(r) using (($1 == 2 && $2 == 2) ? $5**power : 0) nooutput
        sum = STATS_sum
        set title sprintf("temperature %g", DEGREES[i]) offset 0,-0.6
        if (i > 1) { set format y "" }
        plot run(r) using (int($0) % 27):(($1 == 2 && $2 == 2) ? $5**power / sum : NaN) with boxes lc rgb OI[i == 2 ? 1 : 6]
    }
    unset multiplot
}

if (FIG eq "16-rnn-bits") {
    set xlabel "epoch" offset 0,0.4; set ylabel "bits per character" offset 1
    set logscale x; set xrange [1:100]; set xtics (1, 2, 5, 10, 20, 50, 100)
    set yrange [2.2:3.7]; set ytics 0.5
    set rmargin 25; set key at graph 1.03, 1 left
    c = "16-rnn-counts"
    stats run(c) using ($1 == 1 ? $2 : NaN) nooutput; pairs = STATS_max
    stats run(c) using ($1 == 2 ? $2 : NaN) nooutput; triples = STATS_max
    array RUN[3] = ["16-rnn-32", "16-rnn-64", "16-rnn"]
    array TINT[3] = [OI[5], OI[3], OI[1]]
    plot pairs with lines lc rgb OI[7] dt (6,4) title "counting pairs", \
         triples with lines lc rgb OI[7] dt (2,3) title "counting triples", \
         for [i=1:3] run(RUN[i]) using 1:3 with lines lc rgb TINT[i] title sprintf("%d units, held out", 16 * 2**i), \
         for [i=1:3] run(RUN[i]) using 1:2 with lines lc rgb TINT[i] lw 1 dt (4,3) title (i == 3 ? "the same, learnt from" : ""), \
         for [i=1:3] for [j=1:has(RUN[i])] yours(RUN[i]) using 1:3 with lines ls YOU lw 1 notitle
}

if (FIG eq "16-rnn-letters") {
    r = "16-rnn-letters"
    if (TXT) {
        set xlabel "letter after 'chr'"; set yrange [0:1]; unset key
        plot yours(r) using (int($0) % 27):(($1 == 1 && $2 == 3) ? $5 : NaN) with impulses
        exit
    }
    set palette defined (@blues); set cbrange [0:1]; set cbtics 0.5
    set colorbox user origin 0.88,0.6 size 0.03,0.25
    unset key; unset grid; set border 0
    set xrange [-0.5:9.5]; set yrange [26.5:-0.5]
    set xlabel "read so far: the last letter" offset 0,0.4; set ylabel "expected next" offset 1.2
    word = "christina"; letters = "abcdefghijklmnopqrstuvwxyz"
    set xtics ("end" 0) scale 0 offset 0,0.3; set ytics ("end" 0) scale 0 font ",8" offset 0.6
    do for [i=1:9] { set xtics add (word[i:i] i) }
    do for [i=1:26] { set ytics add (letters[i:i] i) }
    set rmargin at screen 0.85; set lmargin at screen 0.17; set tmargin at screen 0.98; set bmargin at screen 0.11
    # A ring where the letter is that comes: number 0 is the end.
    next(t) = t < 9 ? strstrt(letters, word[t+1:t+1]) : 0
    k(n) = int(n) % 27
    set style fill solid 1 noborder
    plot run(r) using ($1 == 1 ? $2 : NaN):(k($0)):($2-0.5):($2+0.5):(k($0)-0.5):(k($0)+0.5):5 with boxxyerror fc palette, \
         run(r) using ($1 == 1 && k($0) == next($2) ? $2 : NaN):(k($0)) with points pt 6 ps 1.1 lw 1.4 lc rgb OI[2], \
         for [j=1:has(r)] yours(r) using ($1 == 1 && $5 > 0.3 ? $2 : NaN):(k($0)) with points pt 2 ps 0.5 lc rgb OI[8]
}

if (FIG eq "16-rnn-units") {
    r = "16-rnn-units"
    if (TXT) {
        set xlabel "letters read"; set yrange [-1:1]; unset key
        plot yours(r) using (strcol(1) eq "place" ? $5 : NaN):7 with points
        exit
    }
    set palette defined (@diverging); set cbrange [-1:1]; unset colorbox
    unset key; unset grid; set border 0; unset tics
    set xrange [-0.5:9.6]; set yrange [3.5:0.5]
    set style fill solid 1 noborder
    set multiplot layout 1,2 margins 0.01,0.99,0.02,0.84 spacing 0.03
    array Q[2] = ["place", "vowel"]
    do for [i=1:2] {
        unit = system("awk -F'\t' '$1 == \"" . Q[i] . "\" {print $2; exit}' '" . run(r) . "'")
        set title sprintf("unit %s: %s", unit, i == 1 ? "how far" : "a vowel or not") offset 0,-0.5
        plot run(r) using (strcol(1) eq Q[i] ? $5 : NaN):4:($5-0.48):($5+0.48):($4-0.4):($4+0.4):7 with boxxyerror fc palette, \
             run(r) using (strcol(1) eq Q[i] ? $5 : NaN):4:(strcol(6) eq "end" ? "·" : strcol(6)) with labels tc rgb "#000000"
    }
    unset multiplot
}

if (FIG eq "16-rnn-memory") {
    r = "16-rnn-memory"
    set xlabel "letters before the last one" offset 0,0.3; set ylabel "told right" offset 1
    set xrange [0:7]; set yrange [0:1.03]; set xtics 1; set ytics 0.25
    plot run(r) using 1:2 with linespoints lt 2 pt 7 title "first weights, untrained", \
         run(r) using 1:3 with linespoints lt 1 pt 7 title "trained", \
         run(r) using 1:4 with lines lc rgb OI[7] dt (4,3) title "always the most frequent", \
         for [j=1:has(r)] yours(r) using 1:3 with lines ls YOU lw 1 notitle
}

if (FIG eq "16-rnn-clipping") {
    r = "16-rnn-clipping"
    pick(rate, clip, y) = $1 == rate && $2 == clip ? y : NaN
    set multiplot layout 1,2 margins 0.09,0.97,0.2,0.97 spacing 0.13
    set xlabel "step" offset 0,0.4; set xrange [0:200]; set xtics 50
    set ylabel "norm of the gradient" offset 1.2
    set logscale y; set yrange [0.1:1e6]; set format y "10^{%T}"; unset key
    plot run(r) using 3:($1 == 2 && $2 == 0 ? $5 : NaN) with lines lt 2 lw 1.2, \
         run(r) using 3:($1 == 2 && $2 == 1 ? $5 : NaN) with lines lt 1 lw 1.2
    set format y "%g"; set ylabel "bits per character" offset 0.2; set yrange [3:60]; set ytics (3, 5, 10, 20, 50)
    set key at graph 1, 1
    plot run(r) using 3:($1 == 2 && $2 == 0 ? $4 : NaN) with lines lt 2 lw 1.2 title "rate 2, as it is", \
         run(r) using 3:($1 == 2 && $2 == 1 ? $4 : NaN) with lines lt 1 lw 1.2 title "rate 2, clipped at 1", \
         run(r) using 3:($1 == 0.5 && $2 == 0 ? $4 : NaN) with lines lt 7 lw 1.2 title "rate 0.5, as it is", \
         for [j=1:has(r)] yours(r) using 3:($1 == 2 && $2 == 1 ? $4 : NaN) with lines ls YOU lw 1 notitle
    unset multiplot
}
