# 09-regularization: learning by heart, and what is done against it.
# run 09-regularization-sizes show=sizes
# run 09-regularization-random show=curve labels=random epochs=100 seeds=2
# run 09-regularization-curve show=curve epochs=100
# run 09-regularization-curve-l2 show=curve epochs=100 with=l2 strength=0.01
# run 09-regularization-curve-dropout show=curve epochs=100 with=dropout strength=0.5
# run 09-regularization-strength show=strength stars=1
# run 09-regularization-more-none show=curve seeds=16
# run 09-regularization-more-dropout show=curve seeds=16 with=dropout strength=0.2
# run 09-regularization-moons data=moons examples=60 batch=20 hidden=64 epochs=1000
# run 09-regularization-boundary-none show=boundary data=moons examples=60 batch=20 hidden=64 epochs=1000
# run 09-regularization-boundary-l2 show=boundary data=moons examples=60 batch=20 hidden=64 epochs=1000 with=l2 strength=0.01
# run 09-regularization-boundary-dropout show=boundary data=moons examples=60 batch=20 hidden=64 epochs=1000 with=dropout strength=0.5
# run 09-regularization-boundary-noise show=boundary data=moons examples=60 batch=20 hidden=64 epochs=1000 with=noise strength=0.3
# run 09-regularization-stopping show=stopping seeds=8
# quick show=strength stars=1 examples=110 epochs=1 hidden=17 seeds=1
# quick show=sizes examples=50 epochs=2 hidden=9 seeds=2
# quick show=curve labels=random examples=120 epochs=2 hidden=9 with=smoothing strength=0.1
# quick show=stopping examples=100 epochs=3 hidden=9 with=noise strength=0.2
# quick show=boundary data=moons examples=60 batch=25 hidden=8 epochs=5 with=dropout strength=0.5
# figure 09-regularization-heart
# figure 09-regularization-boundaries
# figure 09-regularization-strength
# figure 09-regularization-curves
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 2.2
if (FIG eq "09-regularization-heart") { W = 5.2 }
if (FIG eq "09-regularization-boundaries") { H = 1.55 }
if (FIG eq "09-regularization-strength") { H = 3.1 }
load "plots/style.gp"

if (FIG eq "09-regularization-heart") {
    r = "09-regularization-sizes"
    set multiplot layout 1,2 margins 0.09,0.97,0.21,0.88 spacing 0.1
    set ylabel "accuracy" offset 1.5
    set title "true classes" offset 0,-0.6
    set logscale x; set xrange [90:5600]; set xtics (100, 200, 500, 1000, 2000, 5000)
    set xlabel "examples to train on" offset 0,0.4
    set yrange [0.6:1.02]; set ytics 0.1
    set key at graph 1, 0.3
    if (TXT) {
        plot run(r) using 3:5 with points title "training", run(r) using 3:7 with points title "test"
    } else {
        plot run(r) using 3:5 with linespoints lt 1 pt 7 ps 0.35 title "training", \
             run(r) using 3:8:9 with filledcurves fc rgb OI[2] @BAND notitle, \
             run(r) using 3:7 with linespoints lt 2 pt 7 ps 0.35 title "test", \
             for [i=0:2*has(r)-1] yours(r) using 3:5+2*i with lines ls YOU lw 1 notitle
    }
    r = "09-regularization-random"
    unset logscale x; unset ylabel
    set title "random classes"
    set xrange [0:100]; set xtics 25; set xlabel "epoch"
    set yrange [0:1.02]; set ytics 0.2
    set key at graph 1, 0.6
    plot run(r) using 1:5 with lines lt 1 title "training", \
         run(r) using 1:6 with lines lt 2 title "test", \
         for [i=5:4+2*has(r)] yours(r) using 1:i with lines ls YOU lw 1 notitle
    unset multiplot
}

if (FIG eq "09-regularization-boundaries") {
    eval bare
    set datafile separator whitespace
    set xrange [-1.5:1.5]; set yrange [-1.25:1.25]
    set palette defined (0 OI[6], 0.5 "#f7f7f7", 1 OI[5]); set cbrange [0:1]
    array WAY[4] = ["none", "l2", "dropout", "noise"]
    array NAME[4] = ["nothing", "small weights", "dropout", "noise"]
    set multiplot layout 1,4 margins 0.005,0.995,0.01,0.87 spacing 0.01
    do for [i=1:4] {
        r = yours("09-regularization-boundary-" . WAY[i])
        set contour base; set cntrparam levels discrete 0.5; unset surface
        set table $edge
        splot r index 0 using 1:2:3
        unset table
        unset contour
        set title NAME[i] offset 0,-0.7
        plot r index 0 using 1:2:3 with image, \
             r index 1 using ($3 == 0 ? $1 : NaN):2 with points pt 7 ps 0.2 lc rgb OI[1], \
             r index 1 using ($3 == 1 ? $1 : NaN):2 with points pt (TXT ? 3 : 7) ps 0.2 lc rgb OI[2], \
             $edge using 1:2 with lines lw 1.2 lc rgb ink
    }
    unset multiplot
}

if (FIG eq "09-regularization-strength") {
    r = "09-regularization-strength"
    array WAY[4] = ["l2", "dropout", "noise", "smoothing"]
    array NAME[4] = ["small weights", "dropout", "noise", "smoothed labels"]
    array AXIS[4] = ["{/Symbol l}", "fraction dropped", "deviation", "smoothing"]
    if (TXT) { AXIS[1] = "lambda" }
    set multiplot layout 2,4 margins 0.09,0.985,0.21,0.93 spacing 0.025,0.06
    set datafile missing NaN
    set key off
    # Six strengths, one beside the other; "none" stands at 0.
    row(k, c) = strcol(1) eq WAY[k] || strcol(1) eq "none" ? column(c) : NaN
    at(k) = strcol(1) eq "none" ? 0 : strcol(1) eq WAY[k] ? int($0 - 1) % 6 + 1 : NaN
    set xrange [-0.3:6.3]
    do for [j=0:1] {
        do for [k=1:4] {
            if (j == 0) {
                set title NAME[k] offset 0,-0.7; set format x ""
                set yrange [0.6:1.02]; set ytics 0.1
                set ylabel (k == 1 ? "accuracy" : "") offset 0.8
                set xtics 1 rotate by 0 offset 0,0
            } else {
                unset title; set label 1 AXIS[k] at graph 0.5, (TXT ? -0.3 : -0.47) center textcolor rgb ink
                set yrange [0:1.3]; set ytics 0.4
                set ylabel (k == 1 ? "loss" : "") offset 0.8
                set xtics ("0" 0) rotate by 60 right font ",7"
                set format x "%g"
                do for [i=1:6] {
                    s = system(sprintf("awk -F'\\t' '$1 == \"%s\" && ++n == %d { print $2 }' '%s'", WAY[k], i, run(r)))
                    set xtics add (s i)
                }
            }
            set format y (k == 1 ? "%g" : "")
            c = j == 0 ? 5 : 4; d = j == 0 ? 7 : 6
            if (j == 0 && k == 4) { set key at graph 0.97, 0.32 spacing 1 } else { set key off }
            plot run(r) using (at(k)):(row(k, c)) with linespoints lt 1 pt 7 ps 0.25 lw 1.2 title "training", \
                 run(r) using (at(k)):(row(k, d)) with linespoints lt 2 pt 7 ps 0.25 lw 1.2 title "test", \
                 for [i=1:1-j] run(r) using (at(k)):(row(k, 8)):(0):(row(k, 9) - row(k, 8)) \
                     with vectors nohead lt 2 lw 1 notitle, \
                 for [i=1:has(r)] yours(r) using (at(k)):(row(k, c)) with lines ls YOU lw 0.8 notitle, \
                 for [i=1:has(r)] yours(r) using (at(k)):(row(k, d)) with lines ls YOU lw 0.8 notitle
        }
    }
    unset multiplot
}

if (FIG eq "09-regularization-curves") {
    array FILE[3] = ["curve", "curve-l2", "curve-dropout"]
    array NAME[3] = ["nothing", "small weights", "dropout"]
    set multiplot layout 1,3 margins 0.085,0.975,0.21,0.88 spacing 0.035
    set xrange [0:100]; set xtics 50; set xlabel "epoch" offset 0,0.4
    set yrange [0:1.2]; set ytics 0.2
    set ylabel "loss" offset 1.5
    do for [i=1:3] {
        r = "09-regularization-" . FILE[i]
        set title NAME[i] offset 0,-0.6
        if (i == 2) { unset ylabel; set format y "" }
        if (i == 1) { set key at graph 0.98, 0.6 } else { set key off }
        plot run(r) using 1:2 with lines lt 1 lw 1.3 title "training", \
             run(r) using 1:3 with lines lt 3 lw 1.3 title "validation", \
             run(r) using 1:4 with lines lt 2 lw 1.3 title "test", \
             for [c=2:1+3*has(r)] yours(r) using 1:c with lines ls YOU lw 0.8 notitle
    }
    unset multiplot
}
