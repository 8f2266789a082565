# 03-neuron: the loss for four learning rates, and the weights as a picture.
# run 03-neuron-loss
# run 03-neuron-weights show=weights rates=0.04 steps=1000
# quick steps=5
# quick show=weights steps=5
# figure 03-neuron-loss
# figure 03-neuron-weights
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = FIG eq "03-neuron-loss" ? 2.9 : 1.55
load "plots/style.gp"

if (FIG eq "03-neuron-loss") {
    r = "03-neuron-loss"
    array RATE[4] = [0.001, 0.01, 0.04, 0.2]
    set xlabel "step"; set ylabel "training loss" offset 1
    set logscale y; set xrange [0:300]; set yrange [0.3:10]
    set ytics (0.3, 0.5, 1, 2, 5, 10)
    set key off
    set rmargin 10
    set label 1 "rate 0.001" at 304, 0.62 left textcolor lt 1
    set label 2 "rate 0.01" at 304, 0.48 left textcolor lt 2
    set label 3 "rate 0.04" at 304, 0.385 left textcolor lt 3
    set label 4 "rate 0.2" at 304, 0.8 left textcolor lt 4
    plot for [i=4:1:-1] run(r) using 2:(abs($1/RATE[i] - 1) < 1e-4 ? $3 : NaN) \
             with lines lt i lw (i == 4 ? 1 : 1.8), \
         for [i=1:4*has(r)] yours(r) using 2:(abs($1/RATE[i] - 1) < 1e-4 ? $3 : NaN) \
             with lines ls YOU lw 1
}

if (FIG eq "03-neuron-weights") {
    r = yours("03-neuron-weights")
    stats r using 3 nooutput
    top = abs(STATS_min) > STATS_max ? abs(STATS_min) : STATS_max
    eval bare
    set xrange [-0.5:27.5]; set yrange [27.5:-0.5]
    if (TXT) {
        plot r using 2:1:($3 > top/8 ? "+" : $3 < -top/8 ? "-" : "") with labels
        exit
    }
    set multiplot layout 1,3 margins 0.01,0.88,0.02,0.86 spacing 0.02
    set palette gray negative; set cbrange [0:1]
    set title "mean pullover" offset 0,-0.7
    plot r using 2:1:4 with image
    set title "mean coat"
    plot r using 2:1:5 with image
    set palette positive defined (@diverging); set cbrange [-top:top]
    set title "weights"
    set colorbox user origin 0.9,0.02 size 0.02,0.84
    set cbtics scale 0.4
    plot r using 2:1:3 with image
    unset multiplot
}
