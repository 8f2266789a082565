# 07-init: what each way to begin does to twenty layers, and what can be learnt from there.
# run 07-init-layers stars=1
# run 07-init-learn show=learn stars=1
# run 07-init-depth-relu show=depth activation=relu stars=1
# run 07-init-depth-sigmoid show=depth activation=sigmoid stars=1
# run 07-init-symmetry show=symmetry hidden=1 width=16 steps=1000 rate=0.1
# run 07-init-single show=symmetry hidden=1 width=1 steps=1000 rate=0.1
# quick stars=1 batch=5 hidden=7 width=11
# quick show=learn steps=25 batch=3 hidden=4 width=9 stars=1
# quick show=depth steps=7 batch=3 width=6 activation=tanh
# quick show=symmetry hidden=2 width=5 steps=12
# figure 07-init-layers
# figure 07-init-learn
# figure 07-init-depth
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 4.3
if (FIG eq "07-init-learn") { H = 2.2 }
if (FIG eq "07-init-depth") { W = 4.8; H = 2.3 }
load "plots/style.gp"

array START[4] = ["small", "xavier", "he", "scaled"]
array TITLE[4] = ["small", "Xavier", "He", "scaled*"]
array KIND[3] = ["relu", "sigmoid", "tanh"]
# The number in column c of the rows of one activation and start; nothing elsewhere.
pick(a, s, c) = strcol(1) eq KIND[a] && strcol(2) eq START[s] ? column(c) : NaN
set datafile missing NaN
# How many of the starts the student's own run has: the last one is starred.
ways(r) = has(r) ? int(system("grep -c scaled '" . mine(r) . "'")) > 0 ? 4 : 3 : 0

if (FIG eq "07-init-layers" && TXT) {
    # One of the nine pictures: a terminal has no room for more.
    r = "07-init-layers"
    set logscale y; set format y "10^%T"; set yrange [1e-37:10]; set key bottom right
    set xrange [1:20]; set xlabel "layer"; set title "sigmoid: spread of the gradient"
    plot for [s=1:4] yours(r) using (pick(2, s, 3)):6 with lines lt s title TITLE[s]
    exit
}

if (FIG eq "07-init-layers") {
    r = "07-init-layers"
    array WHAT[3] = ["spread of all outputs", "spread over the pictures", "spread of the gradient"]
    set logscale y; set format y "10^{%T}"; set yrange [1e-37:30]
    set ytics (1e-30, 1e-20, 1e-10, 1); set xtics (1, 5, 10, 15, 20); set xrange [1:20]
    set tics font ",8"; set grid xtics
    set multiplot
    do for [a=1:3] { do for [c=1:3] {
        set lmargin at screen 0.105 + 0.3*(c-1); set rmargin at screen 0.375 + 0.3*(c-1)
        set tmargin at screen 0.95 - 0.287*(a-1); set bmargin at screen 0.685 - 0.287*(a-1)
        unset title; unset ylabel; unset xlabel
        if (a == 1) { set title WHAT[c] offset 0,-0.6 }
        if (c == 1) { set ylabel KIND[a] offset 0.5 }
        if (a == 3) { set xlabel "layer" offset 0,0.5 }
        set format x (a == 3 ? "%g" : ""); set format y (c == 1 ? "10^{%T}" : "")
        if (a == 2 && c == 1) { set key at graph 0.6, 0.62 font ",8" } else { unset key }
        plot for [s=1:4] run(r) using (pick(a, s, 3)):(column(c+3)) with lines lt s lw (s == 4 ? 0.9 : 1.8) title TITLE[s], \
             for [s=1:ways(r)] yours(r) using (pick(a, s, 3)):(column(c+3)) with lines ls YOU lw 1 notitle
    } }
    unset multiplot
}

if (FIG eq "07-init-learn") {
    r = "07-init-learn"
    set multiplot layout 1,3 margins 0.075,0.975,0.2,0.89 spacing 0.05
    set xrange [0:300]; set xtics 100; set yrange [0:2.6]; set ytics 0.5
    set xlabel "step" offset 0,0.4
    do for [a=1:3] {
        set title KIND[a] offset 0,-0.6
        if (a == 1) { set ylabel "training loss" offset 1.5 } else { unset ylabel; set format y "" }
        if (a == 3) { set key at graph 1, 0.86 } else { unset key }
        plot for [s=1:4] run(r) using ($4 == 1 ? pick(a, s, 5) : NaN):6 with lines lt s lw (s == 4 ? 0.9 : 1.8) title TITLE[s], \
             for [s=1:ways(r)] yours(r) using ($4 == 1 ? pick(a, s, 5) : NaN):6 with lines ls YOU lw 1 notitle
    }
    unset multiplot
}

if (FIG eq "07-init-depth") {
    set multiplot layout 1,2 margins 0.085,0.985,0.2,0.89 spacing 0.05
    set logscale x; set xrange [0.9:22]; set xtics (1, 2, 3, 5, 10, 20)
    set yrange [0:2.6]; set ytics 0.5
    set xlabel "hidden layers" offset 0,0.4
    do for [a=1:2] {
        r = "07-init-depth-" . KIND[a]
        set title KIND[a] offset 0,-0.6
        if (a == 1) { set ylabel "training loss" offset 1.5 } else { unset ylabel; set format y "" }
        if (a == 2) { set key at graph 1, 0.45 } else { unset key }
        plot for [s=1:4] run(r) using (pick(a, s, 3)):5 with linespoints lt s lw (s == 4 ? 0.9 : 1.8) pt 7 ps 0.35 title TITLE[s], \
             for [s=1:ways(r)] yours(r) using (pick(a, s, 3)):5 with linespoints ls YOU lw 1 pt 6 ps 0.5 notitle
    }
    unset multiplot
}
