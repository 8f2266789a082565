# 18-lstm: the cell, how far its gradient reaches, a text, and what its units remember.
# run 18-lstm
# run 18-lstm-rnn cell=rnn rate=0.005
# run 18-lstm-text show=text
# run 18-lstm-gates show=gates from=20080
# run 18-lstm-adding show=adding
# run 18-lstm-distance show=distance
# run 18-lstm-same show=fast layers=2
# run 18-lstm-speed show=fast clock=1
# quick epochs=1 hidden=9 layers=2 embed=3 T=50 batch=40
# quick show=text epochs=1 hidden=10 embed=0 T=60 batch=40 cell=rnn start=int
# quick show=gates epochs=1 hidden=7 embed=5 T=50 batch=40 from=500
# quick show=adding hidden=5 T=7 batch=3 steps=50 seeds=2 layers=2
# quick show=distance hidden=5 T=7 batch=3 steps=40
# quick show=fast hidden=19 layers=3 T=5 batch=3
# figure 18-lstm-cell
# figure 18-lstm-distance
# figure 18-lstm-adding
# figure 18-lstm-bits
# figure 18-lstm-gates
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 2.5
if (FIG eq "18-lstm-cell") { W = 5.0; H = 2.6 }
if (FIG eq "18-lstm-bits") { W = 4.6; H = 2.6 }
if (FIG eq "18-lstm-gates") { W = 5.4; H = 4.2 }
load "plots/style.gp"

# The three networks that are compared: cell, bias of the forget gates, colour.
array CELL[3] = ["rnn", "lstm", "lstm"]
array BIAS[3] = [0, 0, 1]
array NAME[3] = ["RNN", "LSTM, bias 0", "LSTM, bias 1"]
array COLOUR[3] = [7, 2, 1]
is(n) = strcol(1) eq CELL[n] && $2 == BIAS[n]

if (FIG eq "18-lstm-cell") {
    # Memory along y = 5, sums at y = 1.4; gates in the middle.
    set xrange [0:20]; set yrange [0:8]
    eval bare
    set size noratio
    it(x) = TXT ? x : "{/:Italic ".x."}"
    set lmargin at screen 0.01; set rmargin at screen 0.99; set bmargin at screen 0.01; set tmargin at screen 0.99
    set style arrow 1 head filled size 0.28,18 lc rgb ink lw 1.1
    set style arrow 2 nohead lc rgb ink lw 1.1
    set style arrow 3 head filled size 0.32,18 lc rgb OI[1] lw 3
    set style arrow 4 nohead lc rgb OI[1] lw 3
    array GX[4] = [4.5, 7.5, 10.5, 13.5]
    array GN[4] = ["f", "i", "g", "o"]
    array GA[4] = ["σ", "σ", "tanh", "σ"]
    # The cell's box, the way of the memory, the two ways out.
    set object 1 rectangle from 2,0.25 to 17.6,7.75 fc rgb "#f6f7f9" fs solid border rgb pale behind
    set arrow from 0.4,6.4 to 4.07,6.4 as 4
    set arrow from 4.93,6.4 to 8.57,6.4 as 4
    set arrow from 9.43,6.4 to 19.5,6.4 as 3
    # Inputs: x and h, to one line below all gates.
    set arrow from 0.4,0.9 to 13.5,0.9 as 2
    do for [k=1:4] {
        set arrow from GX[k],0.9 to GX[k],1.75 as 1
        set object 10+k rectangle center GX[k],2.25 size 1.7,1.0 fc rgb (k == 3 ? "#fff3e0" : "#e3eff8") fs solid border rgb ink
        set label GA[k] at GX[k],2.25 center front textcolor rgb ink
        set label it(GN[k]) at GX[k]+0.25,3.15 left front textcolor rgb ink
    }
    # Products and the sum.
    set object 20 circle at 4.5,6.4 size 0.43 fc rgb "white" fs solid border rgb ink front
    set label "×" at 4.5,6.4 center front textcolor rgb ink
    set object 21 circle at 9.0,6.4 size 0.43 fc rgb "white" fs solid border rgb ink front
    set label "+" at 9.0,6.4 center front textcolor rgb ink
    set object 22 circle at 9.0,4.4 size 0.43 fc rgb "white" fs solid border rgb ink front
    set label "×" at 9.0,4.4 center front textcolor rgb ink
    set object 23 circle at 15.8,3.9 size 0.43 fc rgb "white" fs solid border rgb ink front
    set label "×" at 15.8,3.9 center front textcolor rgb ink
    set arrow from 4.5,2.75 to 4.5,6.05 as 1
    set arrow from 7.5,2.75 to 7.5,4.4 as 2
    set arrow from 7.5,4.4 to 8.5,4.4 as 1
    set arrow from 10.5,2.75 to 10.5,4.4 as 2
    set arrow from 10.5,4.4 to 9.5,4.4 as 1
    set arrow from 9.0,4.75 to 9.0,6.05 as 1
    set arrow from 13.5,2.75 to 13.5,3.9 as 2
    set arrow from 13.5,3.9 to 15.3,3.9 as 1
    set object 24 rectangle center 15.8,5.3 size 1.7,0.8 fc rgb "#fff3e0" fs solid border rgb ink
    set label "tanh" at 15.8,5.3 center front textcolor rgb ink
    set arrow from 15.8,6.4 to 15.8,5.72 as 1
    set arrow from 15.8,4.9 to 15.8,4.25 as 1
    set arrow from 15.8,3.55 to 15.8,0.9 as 2
    set arrow from 15.8,0.9 to 19.5,0.9 as 1
    set label it("c")."_0" at 0.4,7.0 left textcolor rgb OI[1]
    set label it("c")."_1" at 19.4,7.0 right textcolor rgb OI[1]
    set label it("x").", ".it("h")."_0" at 0.3,1.5 left textcolor rgb ink
    set label it("h")."_1" at 19.4,1.5 right textcolor rgb ink
    plot NaN notitle
}

if (FIG eq "18-lstm-distance") {
    r = "18-lstm-distance"
    last(f) = int(system("awk -F'\\t' 'NR > 1 && $3 > m { m = $3 } END { print m + 0 }' '" . f . "'"))
    v(n, s) = is(n) && $3 == s ? (n == 1 ? $5 : $6) : NaN
    set logscale y; set yrange [1e-12:10]; set format y "10^{%T}"; set ytics 1000; unset mytics; set xrange [0:100]; set xtics 20
    set xlabel "steps before the output" offset 0,0.4
    if (!TXT) { set multiplot layout 1,2 margins 0.095,0.975,0.18,0.89 spacing 0.04 }
    do for [k=0:(TXT ? 0 : 1)] {
        s = k == 0 ? 0 : last(run(r))
        sy = k == 0 ? 0 : has(r) ? last(mine(r)) : s
        set title (k == 0 ? "before training" : sprintf("after %d steps of training", s)) offset 0,-0.6
        if (k == 0) { set ylabel "gradient, share" offset 1; set key bottom left } else { unset ylabel; set format y ""; unset key }
        if (TXT) {
            set format y "%g"
            plot for [n=1:3] yours(r) using 4:(v(n, 0)) with lines lt COLOUR[n] title NAME[n]
        } else {
            plot for [n=1:3] run(r) using 4:(v(n, s)) with lines lt COLOUR[n] title NAME[n], \
                 for [n=1:3*has(r)] yours(r) using 4:(v(n, sy)) with lines ls YOU lw 1 notitle
        }
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "18-lstm-adding") {
    r = "18-lstm-adding"
    seeds(f) = int(system("awk -F'\\t' 'NR == 2 { a = $3 } NR > 1 && $3 > m { m = $3 } END { print m - a + 1 }' '" . f . "'"))
    first(f) = int(system("awk -F'\\t' 'NR == 2 { print $3 }' '" . f . "'"))
    v(n, s) = is(n) && $3 == s ? $5 : NaN
    set logscale y; set yrange [2e-4:0.5]; set ytics 10; unset mytics; set format y "10^{%T}"; set xlabel "steps of training" offset 0,0.4; set ylabel "mean squared error" offset 1
    set lmargin at screen 0.11; set rmargin at screen 0.75; set tmargin at screen 0.97; set bmargin at screen 0.18; set key at screen 0.99,0.9
    set arrow 1 from graph 0, first 1./6 to graph 1, first 1./6 nohead dt 3 lc rgb ink lw 1 front
    set label 1 "1/6" at graph 1.01, first 1./6 left textcolor rgb ink
    if (TXT) {
        unset label 1; unset arrow 1; set format y "%g"; set key bottom left
        set lmargin; set rmargin; set tmargin; set bmargin
        f = first(yours(r))
        plot for [n=1:3] yours(r) using 4:(v(n, f)) with lines lt COLOUR[n] title NAME[n]
        exit
    }
    m = seeds(run(r)); f = first(run(r)); my = seeds(yours(r)); fy = first(yours(r))
    plot for [n=1:3] for [s=0:m-1] run(r) using 4:(v(n, f + s)) with lines lt COLOUR[n] lw 1.2 title (s ? "" : NAME[n]), \
         for [n=1:3*has(r)] for [s=0:my-1] yours(r) using 4:(v(n, fy + s)) with lines ls YOU lw 1 notitle
}

if (FIG eq "18-lstm-bits") {
    # Counting with 0 to 5 characters before, then the RNN, then the LSTM, at their last epoch.
    r = "18-lstm"
    last(f) = int(system("awk -F'\\t' 'END { print $2 }' '" . f . "'"))
    set yrange [0:5.4]; set ytics 1; set xrange [-0.6:8.1]; set ylabel "bits a character" offset 1; set boxwidth 0.6
    set xtics ("none" 0, "1" 1, "2" 2, "3" 3, "4" 4, "5" 5, "RNN" 6.4, "LSTM" 7.5) scale 0
    set xlabel "characters before, counted                         " offset 0,0.3
    set key top right
    e = last(run(r)); er = last(run("18-lstm-rnn")); ey = has(r) ? last(mine(r)) : e
    m(c) = strcol(1) eq "markov" ? column(c) : NaN
    net(c, l) = strcol(1) ne "markov" && $2 == l ? column(c) : NaN
    if (TXT) {
        plot yours(r) using (m(2)):(m(4)) with impulses title "new text", yours(r) using (7.5):(net(4, ey)) with impulses notitle, \
             run("18-lstm-rnn") using (6.4):(net(4, er)) with impulses notitle
        exit
    }
    set style fill solid 1 noborder
    plot run(r) using (m(2)):(m(4)) with boxes fc rgb OI[6] title "new text", \
         run("18-lstm-rnn") using (6.4):(net(4, er)) with boxes fc rgb OI[7] notitle, \
         run(r) using (7.5):(net(4, e)) with boxes fc rgb OI[1] notitle, \
         run(r) using (m(2)):(m(3)) with points pt 7 ps 0.7 lc rgb ink title "text learned from", \
         run("18-lstm-rnn") using (6.4):(net(3, er)) with points pt 7 ps 0.7 lc rgb ink notitle, \
         run(r) using (7.5):(net(3, e)) with points pt 7 ps 0.7 lc rgb ink notitle, \
         for [i=1:has(r)] yours(r) using (7.5):(net(4, ey)) with points ls YOU notitle
}

if (FIG eq "18-lstm-gates") {
    r = "18-lstm-gates"
    array MEANING[3] = ["word", "indent", "depth"]
    array WHAT[3] = ["letters of this word", "blanks before this line", "open brackets"]
    unit(k) = system("awk -F'\t' '$1 == \"".MEANING[k]."\" { printf \"unit %s, correlation %.2f\", $2, $3; exit }' '" . yours(r) . "'")
    pick(k, c) = strcol(1) eq MEANING[k] ? column(c) : NaN
    letter(k) = strcol(1) eq MEANING[k] ? ($7 == 92 ? "\\\\" : $7 < 32 ? " " : sprintf("%c", $7)) : ""
    sign(x) = x < 0 ? -1 : 1
    if (TXT) {
        # In letters: the memory of the first one along its first line.
        plot yours(r) using (pick(1, 5) == 0 ? $6 : NaN):9 with lines title "memory"
        exit
    }
    set palette defined (-1 '#6fb3da', 0 '#ffffff', 1 '#f0a070'); set cbrange [-2:2]
    unset colorbox; unset border; unset tics; unset grid; unset key
    set termoption noenhanced
    set xrange [-0.5:89.5]; set yrange [7.6:-0.6]
    set multiplot layout 3,1 margins 0.01,0.99,0.01,0.945 spacing 0.07
    do for [k=1:3] {
        set title WHAT[k].": ".unit(k) offset 0,-0.9
        plot yours(r) using (pick(k, 6)):5:(0.53):(0.5):($9*sign($3)) with boxxyerror fs solid noborder lc palette notitle, \
             yours(r) using (pick(k, 6)):5:(letter(k)) with labels font "TeX Gyre Cursor,6" textcolor rgb "#1a1f26" notitle
    }
    unset multiplot
}
