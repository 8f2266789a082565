# 19-gru: three cells with equally many weights, on a text and on the adding problem.
# run 19-gru-text-2 rate=0.002
# run 19-gru-text-5 rate=0.005
# run 19-gru-text-10 rate=0.01
# run 19-gru-text-20 rate=0.02
# run 19-gru-adding show=adding batch=32 steps=2500 seeds=2
# run 19-gru-gates show=gates
# run 19-gru-clock epochs=1 clock=1
# quick text=data/names/names.txt weights=4000 epochs=1
# quick text=data/names/names.txt weights=900 epochs=2 T=7 batch=5 rate=0.02
# quick show=adding weights=300 length=9 batch=5 steps=40 seeds=2
# quick show=gates text=data/names/names.txt weights=3000 epochs=1
# figure 19-gru-text
# figure 19-gru-adding
# figure 19-gru-gates
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 2.4
if (FIG ne "19-gru-text") { W = 4.4; H = 2.6 }
load "plots/style.gp"

array CELL[3] = ["rnn", "lstm", "gru"]
array TITLE[3] = ["RNN", "LSTM", "GRU"]
array COLOUR[3] = [2, 1, 3]
array RATE[4] = [0.002, 0.005, 0.01, 0.02]
array RUN[4] = ["19-gru-text-2", "19-gru-text-5", "19-gru-text-10", "19-gru-text-20"]
set datafile missing NaN
pick(k, c) = strcol(1) eq CELL[k] ? column(c) : NaN

if (FIG eq "19-gru-text") {
    r = "19-gru-text-5"
    # What was left at the end of every run.
    left(i, k) = real(system("awk -F'\t' '$1 == \"" . CELL[k] . "\" { v = $7 } END { print v }' '" . run(RUN[i]) . "'"))
    set print $LEFT
    do for [i=1:4] { print sprintf("%g\t%g\t%g\t%g", RATE[i], left(i, 1), left(i, 2), left(i, 3)) }
    unset print
    set yrange [2:4]; set ytics 0.5
    if (!TXT) { set multiplot layout 1,2 margins 0.09,0.985,0.19,0.9 spacing 0.09 }
    set title "rate 0.005" offset 0,-0.6
    set xlabel "times the text was read" offset 0,0.4; set xrange [0.8:3.2]; set xtics 1
    set ylabel "bits a character, of text not read" offset 1.5
    plot for [k=1:3] yours(r) using (pick(k, 5)):7 with linespoints lt COLOUR[k] pt 7 ps 0.5 title TITLE[k]
    if (!TXT) {
        set title "after 3 times" offset 0,-0.6; unset ylabel; unset key
        set xlabel "learning rate"; set logscale x; set xrange [0.0017:0.024]; set xtics (0.002, 0.005, 0.01, 0.02)
        plot for [k=1:3] $LEFT using 1:k+1 with linespoints lt COLOUR[k] pt 7 ps 0.5
        unset multiplot
    }
}

if (FIG eq "19-gru-adding") {
    r = "19-gru-adding"
    one(k, s, c) = $3 == s ? pick(k, c) : NaN
    set logscale y; set yrange [1e-4:0.8]; set format y "%g"; set ytics (0.001, 0.01, 0.1)
    set xlabel "steps of training"; set ylabel "mean squared error"
    set xrange [0:2550]
    if (!TXT) { set label 1 "always 1" at 60, 0.33 left textcolor rgb ink; set arrow 1 from 0, 1./6 to 2550, 1./6 nohead dt 3 lc rgb ink }
    set key at graph 0.25, 0.36
    plot for [k=1:3] yours(r) using (one(k, 1, 4)):5 with lines lt COLOUR[k] title TITLE[k], \
         for [k=1:3] yours(r) using (one(k, 2, 4)):5 with lines lt COLOUR[k] lw 0.9 dt 2 notitle
}

if (FIG eq "19-gru-gates") {
    r = "19-gru-gates"
    set xlabel "unit, in order of its gate"; set ylabel "mean of the gate"
    set yrange [0:1]; set ytics 0.2; set xrange [0:*]; set key at graph 0.45, 0.98
    plot yours(r) using 1:5 with lines lt 3 title "update z", \
         yours(r) using 1:3 with lines lt 4 title "reset r", \
         yours(r) using 1:4 with lines lt 3 lw 0.9 dt 2 title "z before learning", \
         yours(r) using 1:2 with lines lt 4 lw 0.9 dt 2 title "r before learning"
}
