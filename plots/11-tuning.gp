# 11-tuning: grid against chance, the winner's curse, folds, range tests, maps, the search.
# run 11-tuning
# run 11-tuning-compare show=compare
# run 11-tuning-compare-momentum show=compare rule=momentum high=10
# run 11-tuning-curse show=curse
# run 11-tuning-folds show=folds
# run 11-tuning-range-adam show=range
# run 11-tuning-range-momentum show=range rule=momentum
# run 11-tuning-range-sgd show=range rule=sgd
# run 11-tuning-map show=map
# run 11-tuning-depth show=depth
# run 11-tuning-depth-clock show=depth seeds=1 clock=1
# quick examples=300 held=200 trials=5 rounds=2 epochs=1
# quick show=test hidden=0 examples=200 epochs=1 rule=sgd
# quick show=compare trials=2 examples=60 held=50 epochs=1
# quick show=map examples=60 held=50 epochs=1 seeds=1 width=16
# quick show=depth examples=100 held=50 epochs=1 seeds=2
# quick show=range examples=1000 epochs=1 rule=momentum high=1000
# quick show=curse trials=5 held=120 few=20 examples=100 epochs=1
# quick show=folds trials=3 seeds=2 examples=100 epochs=2
# figure 11-tuning-where
# figure 11-tuning-compare
# figure 11-tuning-curse
# figure 11-tuning-rounds
# figure 11-tuning-range
# figure 11-tuning-map
# figure 11-tuning-depth
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.0; H = 2.2
if (FIG eq "11-tuning-where") { W = 5.4; H = 1.9 }
if (FIG eq "11-tuning-curse") { W = 5.0 }
if (FIG eq "11-tuning-rounds") { W = 4.4; H = 2.4 }
if (FIG eq "11-tuning-range") { W = 4.6 }
if (FIG eq "11-tuning-map") { W = 4.2; H = 2.7 }
load "plots/style.gp"

how(h, x) = strcol(1) eq h ? x : NaN
first(h, x) = strcol(1) eq h && strcol(2) eq "2" ? x : NaN
mean(h, x) = strcol(1) eq h && strcol(2) eq "mean" ? x : NaN
one(h, x) = strcol(1) eq h && strcol(2) ne "mean" ? x : NaN

if (FIG eq "11-tuning-where") {
    # The 27 points of one contest, with the rates below; then all accuracies.
    r = "11-tuning-compare"
    array HOW[2] = ["grid", "random"]
    set multiplot layout 1,3 margins 0.075,0.985,0.25,0.88 spacing 0.085
    set key off
    set logscale x; set xrange [1e-5:1]; set format x "10^{%T}"; set xtics 1e-5,100,1
    set xlabel "rate" offset 0,0.4
    set yrange [0.42:1.03]; set ytics 0.1
    do for [i=1:2] {
        set title HOW[i] offset 0,-0.6
        if (i == 1) { set ylabel "keep" offset 1.5 } else { unset ylabel }
        plot run(r) using (first(HOW[i], $4)):6 with points pt 7 ps 0.4 lc rgb OI[i], \
             run(r) using (first(HOW[i], $4)):(0.45) with points pt (TXT ? 3 : 2) ps 0.35 lw 0.7 lc rgb ink, \
             for [j=1:has(r)] yours(r) using (first(HOW[i], $4)):6 with points pt 6 ps 0.7 lw 0.6 lc rgb "#000000"
    }
    set title "all contests" offset 0,-0.6
    set ylabel "accuracy" offset 1.7
    set yrange [0:0.9]; set ytics 0.2
    plot for [i=2:1:-1] run(r) using (one(HOW[i], $4)):7 with points pt 7 ps 0.18 lc rgb OI[i]
    unset multiplot
}

if (FIG eq "11-tuning-compare") {
    array FILE[2] = ["11-tuning-compare", "11-tuning-compare-momentum"]
    array NAME[2] = ["Adam, rates from 10^{-5} to 1", "momentum, rates from 10^{-5} to 10"]
    array HOW[2] = ["grid", "random"]
    set multiplot layout 1,2 margins 0.1,0.97,0.2,0.9 spacing 0.06
    set xlabel "trials" offset 0,0.4; set xrange [1:27]; set xtics (1, 9, 18, 27)
    set yrange [0.64:0.82]; set ytics 0.04
    set key bottom right
    do for [k=1:2] {
        r = FILE[k]
        set title NAME[k] offset 0,-0.7
        if (k == 1) { set ylabel "best so far" offset 1.5; set format y "%.2f" } else { unset ylabel; set format y "" }
        plot for [i=1:2*!TXT] run(r) using (mean(HOW[i], $3)):($8-$9):($8+$9) with filledcurves @BAND lc rgb OI[i] notitle, \
             for [i=1:2] run(r) using (mean(HOW[i], $3)):8 with lines lc rgb OI[i] title HOW[i], \
             for [i=1:2*has(r)] yours(r) using (mean(HOW[i], $3)):8 with lines ls YOU lw 1 notitle
    }
    unset multiplot
}

if (FIG eq "11-tuning-curse") {
    r = "11-tuning-curse"
    set logscale x 2; set xrange [1:64]; set xlabel "how many trained" offset 0,0.3
    set ylabel "accuracy of the best" offset 0.8; set yrange [0.765:0.81]; set ytics 0.01
    set rmargin 30
    set key at graph 1.04, 0.9 left
    plot run(r) using 1:3 with lines lt 2 title "on those it was chosen by", \
         run(r) using 1:4 with lines lt 1 title "on fresh images", \
         for [i=1:has(r)] yours(r) using 1:3 with lines ls YOU lw 1 notitle, \
         for [i=1:has(r)] yours(r) using 1:4 with lines ls YOU lw 1 notitle
}

if (FIG eq "11-tuning-rounds") {
    # A line for each trial, from round to round; the last two in colour.
    r = "11-tuning"
    won = int(system("awk -F'\t' '$1 == \"test\" { print $2 }' " . run(r)))
    second = int(system("awk -F'\t' '$1 == \"test\" { print a == $2 ? b : a } { b = a; a = $2 }' " . run(r)))
    only(t, f) = sprintf("< awk -F'\t' '$1 != \"test\" && $2 == %d' %s", t, f)
    set logscale x 2; set xrange [2.6:30]; set xtics (3, 6, 12, 24)
    set xlabel "epochs" offset 0,0.3; set ylabel "validation accuracy" offset 1
    set yrange [0.735:0.885]; set ytics 0.03
    set key bottom right
    plot for [t=0:15] only(t, run(r)) using 3:12 with linespoints pt 7 ps 0.4 lw 1 lc rgb "#b4b8c0" notitle, \
         only(second, run(r)) using 3:12 with linespoints pt 7 ps 0.5 lc rgb OI[2] title sprintf("trial %d", second), \
         only(won, run(r)) using 3:12 with linespoints pt 7 ps 0.5 lc rgb OI[1] title sprintf("trial %d, the winner", won), \
         for [t=0:16*has(r)-1] only(t, yours(r)) using 3:12 with lines ls YOU lw 0.8 notitle
}

if (FIG eq "11-tuning-range") {
    array RULE[3] = ["sgd", "momentum", "adam"]
    array CALLED[3] = ["plain descent", "momentum", "Adam"]
    set logscale xy; set xrange [1e-5:10]; set format x "10^{%T}"
    set xlabel "rate" offset 0,0.3; set ylabel "loss, made smooth" offset 1
    set yrange [0.6:20]; set ytics (0.7, 1, 2, 5, 10, 20)
    set rmargin 20
    set key at graph 1.04, 1 left
    do for [i=1:3] {
        r = "11-tuning-range-" . RULE[i]
        s = system("awk 'END { print $5 }' " . run(r)) + 0
        set arrow i from s, 0.6 to s, 0.78 nohead lw 2 lc rgb OI[i]
    }
    plot for [i=1:3] run("11-tuning-range-" . RULE[i]) using 2:4 with lines lc rgb OI[i] title CALLED[i], \
         for [i=1:3] for [j=1:has("11-tuning-range-" . RULE[i])] yours("11-tuning-range-" . RULE[i]) using 2:4 with lines ls YOU lw 1 notitle
}

if (FIG eq "11-tuning-map") {
    r = "11-tuning-map"
    eval "set palette defined (@viridis)"
    set logscale xy; set format x "10^{%T}"; set format y "10^{%T}"
    set xrange [5.6e-5:1.78]; set yrange [5.6e-5:1.78]
    set xlabel "rate" offset 0,0.3; set ylabel "{/Symbol l}" offset 1
    if (TXT) { set ylabel "lambda" }
    set cbrange [0.1:0.82]; set cblabel "validation accuracy in %" offset 0.5 textcolor rgb ink
    unset grid; unset key
    if (TXT) {
        plot run(r) using 1:2:(sprintf("%.0f", 100*$4)) with labels
    } else {
        half = 10**0.25
        set cbrange [30:82]
        plot run(r) using 1:2:($1/half):($1*half):($2/half):($2*half):(100*$4) with boxxyerror fs solid noborder lc palette, \
             run(r) using 1:2:(sprintf("%.0f", 100*$4)):($4 > 0.65 ? 0x202020 : 0xffffff) with labels font ",7" tc rgb variable, \
             for [j=1:has(r)] yours(r) using 1:($2/1.4):(sprintf("%.0f", 100*$4)) with labels font ",6" tc rgb "#000000"
    }
}

if (FIG eq "11-tuning-depth") {
    array ABOUT[3] = [15000, 45000, 135000]
    about(i, y) = int(column(1)) == ABOUT[i] ? y : NaN
    set multiplot layout 1,2 margins 0.095,0.81,0.2,0.96 spacing 0.11
    set logscale x 2; set xrange [0.85:19]; set xtics (1, 2, 4, 8, 16)
    set xlabel "hidden layers" offset 0,0.4
    set key off
    r = "11-tuning-depth"
    set ylabel "validation accuracy" offset 1.5; set yrange [0.7:0.88]; set ytics 0.04; set format y "%.2f"
    plot for [i=3:1:-1] run(r) using 2:(about(i, $8)):6:7 with yerrorlines pt 7 ps 0.4 lc rgb OI[i], \
         for [i=1:3*has(r)] yours(r) using 2:(about(i, $8)) with lines ls YOU lw 1
    r = "11-tuning-depth-clock"
    set ylabel "seconds" offset 1; set yrange [0:*]; set ytics auto; set format y "%g"
    set key at graph 1.05, 1 left title "weights"
    plot for [i=3:1:-1] run(r) using 2:(about(i, $10)) with linespoints pt 7 ps 0.4 lc rgb OI[i] title sprintf("%d,000", ABOUT[i]/1000), \
         for [i=1:3*has(r)] yours(r) using 2:(about(i, $10)) with lines ls YOU lw 1 notitle
    unset multiplot
}
