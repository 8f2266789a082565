# 10-batchnorm: which rates a network can take, what batches it needs, and what a layer sees.
# run 10-batchnorm-rates stars=1
# run 10-batchnorm-rates-deep stars=1 hidden=10
# run 10-batchnorm-rates-small stars=1 hidden=10 scale=0.1
# run 10-batchnorm-rates-adam rule=adam low=0.001 high=0.3
# run 10-batchnorm-batches show=batches low=0.01 high=0.3 epochs=1 stars=1
# run 10-batchnorm-layers show=layers every=4
# run 10-batchnorm-lengths show=layers every=4 scale=0.1 rate=0.3
# quick low=0.1 high=1 seeds=2 epochs=1 examples=250 hidden=2 width=9 stars=1
# quick show=batches low=0.1 high=0.1 seeds=1 epochs=1 examples=130 width=7 stars=1
# quick show=layers examples=150 batch=70 every=2 width=2 rule=adam stars=1
# quick show=batches examples=3 batch=9 low=3 high=3 seeds=1 epochs=1 hidden=1 width=3
# figure 10-batchnorm-layers
# figure 10-batchnorm-rates
# figure 10-batchnorm-batches
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 2.3
if (FIG eq "10-batchnorm-batches") { W = 4.4; H = 2.7 }
load "plots/style.gp"

array NORM[3] = ["plain", "batch", "layer"]
array TITLE[3] = ["plain", "batch", "layer*"]
array COLOUR[3] = [2, 1, 3]
set datafile missing NaN
# Column c of the rows of one norm; nothing elsewhere.
pick(n, c) = strcol(1) eq NORM[n] ? column(c) : NaN
# How many norms the student's own run has: the last one is starred.
ways(r) = has(r) ? int(system("grep -c ^layer '" . mine(r) . "'")) > 0 ? 3 : 2 : 0

if (FIG eq "10-batchnorm-layers") {
    r = "10-batchnorm-layers"
    one(n, m, c) = $3 == m ? pick(n, c) : NaN
    set xlabel "step" offset 0,0.4; set xrange [0:312]; set xtics 100; set yrange [-3:4]; set ytics 2
    if (!TXT) { set multiplot layout 1,2 margins 0.07,0.985,0.19,0.89 spacing 0.04 }
    do for [n=(TXT ? 2 : 1):2] {
        set title (n == 1 ? "plain" : "with batch normalization") offset 0,-0.6
        if (n == 1) { set ylabel "what the activation gets" offset 1.5 } else { if (!TXT) { unset ylabel; set format y "" } }
        if (TXT) {
            plot for [m=0:2] yours(r) using (one(n, m, 2)):6 with lines lt m+1 title sprintf("neuron %d", m)
        } else {
            if (n == 2) { set key at graph 1, 0.98 } else { unset key }
            plot for [m=0:2] run(r) using (one(n, m, 2)):5:7 with filledcurves fc rgb OI[m+1] @BAND notitle, \
                 for [m=0:2] run(r) using (one(n, m, 2)):6 with lines lc rgb OI[m+1] lw 1.5 title sprintf("neuron %d", m), \
                 for [m=0:(has(r) ? 2 : -1)] yours(r) using (one(n, m, 2)):6 with lines ls YOU lw 1 notitle
        }
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "10-batchnorm-rates") {
    array RUN[3] = ["10-batchnorm-rates", "10-batchnorm-rates-deep", "10-batchnorm-rates-small"]
    array WHAT[3] = ["3 hidden layers", "10 hidden layers", "10, a tenth of the weights"]
    set logscale x; set xrange [0.0025:12]; set xtics (0.01, 0.1, 1, 10); set yrange [0:90]; set ytics 20
    set xlabel "learning rate" offset 0,0.4
    if (!TXT) { set multiplot layout 1,3 margins 0.075,0.985,0.2,0.89 spacing 0.03 }
    do for [i=1:(TXT ? 1 : 3)] {
        r = RUN[i]
        set title WHAT[i] offset 0,-0.6
        if (i == 1) { set ylabel "test images right, %" offset 1.5 } else { unset ylabel; set format y "" }
        if (i == 1 || TXT) { set key at graph 0.5, 0.48 } else { unset key }
        if (TXT) {
            set key bottom left
            plot for [n=1:2] yours(r) using (pick(n, 3)):(100*$6) with linespoints lt COLOUR[n] title TITLE[n]
        } else {
            plot for [n=1:3] run(r) using (pick(n, 3)):(100*$7):(100*$8) with filledcurves fc rgb OI[COLOUR[n]] @BAND notitle, \
                 for [n=1:3] run(r) using (pick(n, 3)):(100*$6) with linespoints lt COLOUR[n] lw (n == 3 ? 0.9 : 1.8) pt 7 ps 0.35 title TITLE[n], \
                 for [n=1:ways(r)] yours(r) using (pick(n, 3)):(100*$6) with linespoints ls YOU lw 1 pt 6 ps 0.5 notitle
        }
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "10-batchnorm-batches") {
    r = "10-batchnorm-batches"
    best(n) = $4 == 1 ? pick(n, 2) : NaN
    set logscale x 2; set xrange [1.8:285]; set xtics (2, 4, 8, 16, 64, 256); set yrange [0:90]; set ytics 20
    set xlabel "examples in a batch"; set ylabel "test images right, %"
    if (TXT) {
        plot yours(r) using (best(1)):(100*$6) with linespoints lt 2 title "plain", \
             yours(r) using (best(2)):(100*$6) with linespoints lt 1 title "running", \
             yours(r) using (best(2)):(100*$9) with linespoints lt 4 title "own", \
             yours(r) using (best(2)):(100*$10) with linespoints lt 5 title "sorted"
        exit
    }
    set lmargin at screen 0.115; set rmargin at screen 0.74; set tmargin at screen 0.97; set bmargin at screen 0.17; set key at screen 0.99, 0.8 maxrows 6
    plot run(r) using (best(1)):(100*$6) with linespoints lt 2 pt 7 ps 0.4 title "plain", \
         run(r) using (best(3)):(100*$6) with linespoints lt 3 lw 0.9 pt 7 ps 0.4 title "layer*", \
         run(r) using (best(2)):(100*$6) with linespoints lt 1 pt 7 ps 0.4 title "batch: running", \
         run(r) using (best(2)):(100*$9) with linespoints lt 6 pt 7 ps 0.4 title "batch: own", \
         run(r) using (best(2)):(100*$10) with linespoints lt 5 pt 7 ps 0.4 title "batch: sorted", \
         for [i=1:has(r)] yours(r) using (best(1)):(100*$6) with linespoints ls YOU lw 1 pt 6 ps 0.5 notitle, \
         for [c=1:3*has(r)] yours(r) using (best(2)):(100*column(c == 1 ? 6 : c+7)) with linespoints ls YOU lw 1 pt 6 ps 0.5 notitle
}
