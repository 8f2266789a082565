# 08-optimizers: paths in a ravine; trainings by rule, by batch and by schedule.
# run 08-optimizers-paths show=paths
# run 08-optimizers-paths-less show=paths rule=momentum momentum=0.6 rate=0.09
# run 08-optimizers-paths-turned show=paths turn=45
# run 08-optimizers-batches show=batches
# run 08-optimizers-batches-tune show=batches tune=1 seeds=1
# run 08-optimizers-batches-clock show=batches clock=1
# run 08-optimizers-ragged rule=sgd batch=64
# run 08-optimizers-tune tune=1
# run 08-optimizers-rules
# run 08-optimizers-rules-clock clock=1
# run 08-optimizers-clip rule=momentum rate=0.2 clip=0.3
# run 08-optimizers-schedules show=schedules
# run 08-optimizers-momentum show=schedules rule=momentum rate=0.05
# quick show=paths turn=30 momentum=0.5
# quick examples=150 epochs=2 hidden=17 clip=1 schedule=halving seeds=2
# quick examples=130 epochs=1 hidden=9 show=batches rule=nesterov
# quick examples=200 epochs=1 hidden=9 show=schedules tune=1 seeds=1
# figure 08-optimizers-paths
# figure 08-optimizers-turned
# figure 08-optimizers-batches
# figure 08-optimizers-ragged
# figure 08-optimizers-tune
# figure 08-optimizers-rules
# figure 08-optimizers-schedules
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.2; H = 2.3
if (FIG eq "08-optimizers-paths") { H = 2.75 }
if (FIG eq "08-optimizers-turned") { W = 5.4; H = 1.2 }
if (FIG eq "08-optimizers-ragged") { W = 4.4; H = 2.2 }
if (FIG eq "08-optimizers-tune") { W = 4.6; H = 2.6 }
load "plots/style.gp"

array RULE[6] = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
array CALLED[6] = ["plain", "momentum", "Nesterov", "RMSprop", "Adam", "AdamW"]
array COLOUR[6] = [OI[7], OI[1], OI[6], OI[3], OI[2], OI[5]]

# The ellipses f = 0.2, 1, 3 ... of (u^2 + 20 v^2) / 2, with axes turned by some degrees.
array LEVEL[6] = [0.2, 1.0, 3.0, 6.5, 11.5, 18.0]
u(f, s) = sqrt(2 * f) * cos(s)
v(f, s) = sqrt(f / 10.0) * sin(s)
ellipses = "for [k=1:6*!TXT] [s=0:2*pi] '+' using " . \
    "(c*u(LEVEL[k],s) - d*v(LEVEL[k],s)):(d*u(LEVEL[k],s) + c*v(LEVEL[k],s)) " . \
    "with lines lw 0.8 lc rgb pale notitle"
goal = "set label 1 '' at 0,0 point pt 1 ps 0.7 lc rgb ink front"
turn(degrees) = sprintf("c = cos(%g * pi / 180); d = sin(%g * pi / 180)", degrees, degrees)
is(rule, x) = strcol(1) eq rule ? x : NaN
set samples 200

if (FIG eq "08-optimizers-paths") {
    eval bare
    eval turn(0)
    eval goal
    set xrange [-5:2]; set yrange [-1.55:1.55]
    p = "08-optimizers-paths"; l = "08-optimizers-paths-less"
    array FILE[4] = [p, p, p, l]
    array WHICH[4] = ["sgd", "momentum", "nesterov", "momentum"]
    array NAME[4] = ["plain descent, rate 0.09", "momentum 0.9, rate 0.02", "Nesterov 0.9, rate 0.02", "momentum 0.6, rate 0.09"]
    set multiplot layout 2,2 margins 0.01,0.99,0.01,0.92 spacing 0.03,0.09
    do for [i=1:4] {
        r = FILE[i]
        set title NAME[i] offset 0,-0.8
        plot @ellipses, \
             run(r) using (is(WHICH[i], $4)):5 with linespoints pt 7 ps 0.25 lw 1.2 lc rgb OI[i == 1 ? 2 : 1], \
             for [j=1:has(r)] yours(r) using (is(WHICH[i], $4)):5 with linespoints ls YOU lw 0.8 ps 0.3
    }
    unset multiplot
}

if (FIG eq "08-optimizers-turned") {
    eval bare
    eval goal
    set xrange [-5.2:1.6]; set yrange [-3.6:1.4]
    set multiplot layout 1,4 margins 0.005,0.995,0.01,0.86 spacing 0.012
    do for [i=0:3] {
        r = i % 2 ? "08-optimizers-paths-turned" : "08-optimizers-paths"
        eval turn(i % 2 ? 45 : 0)
        rule = i < 2 ? "rmsprop" : "adam"
        set title (i < 2 ? "RMSprop" : "Adam") . (i % 2 ? ", turned" : "") offset 0,-0.8
        plot @ellipses, \
             run(r) using (is(rule, $4)):5 with linespoints pt 7 ps 0.2 lw 1.2 lc rgb (i < 2 ? OI[3] : OI[2]), \
             for [j=1:has(r)] yours(r) using (is(rule, $4)):5 with linespoints ls YOU lw 0.8 ps 0.3
    }
    unset multiplot
}

if (FIG eq "08-optimizers-batches") {
    array BATCH[5] = [1, 10, 100, 1000, 10000]
    r = "08-optimizers-batches"
    set multiplot layout 1,2 margins 0.085,0.84,0.22,0.96 spacing 0.1
    set logscale y; set yrange [0.35:2.6]; set ytics (0.4, 0.6, 1, 2)
    set ylabel "training loss" offset 1.5
    set key off
    set xlabel "epoch" offset 0,0.4; set xrange [0:5]; set xtics 1
    plot for [i=1:5] run(r) using ($5*$3/10000):($3 == BATCH[i] ? $7 : NaN) with lines lt i, \
         for [i=1:5*has(r)] yours(r) using ($5*$3/10000):($3 == BATCH[i] ? $7 : NaN) with lines ls YOU lw 1
    r = "08-optimizers-batches-clock"
    unset ylabel; set xlabel "seconds" offset 0,0.4
    set logscale x; set xrange [0.01:10]; set xtics (0.01, 0.1, 1, 10)
    set key at graph 1.04, 1 left title "batch"
    plot for [i=1:5] run(r) using 12:($3 == BATCH[i] ? $7 : NaN) with lines lt i title sprintf("%d", BATCH[i]), \
         for [i=1:5*has(r)] yours(r) using 12:($3 == BATCH[i] ? $7 : NaN) with lines ls YOU lw 1 notitle
    unset multiplot
}

if (FIG eq "08-optimizers-ragged") {
    r = "08-optimizers-ragged"; s = "08-optimizers-rules"
    set xlabel "epoch" offset 0,0.3; set ylabel "test loss" offset 1
    set xrange [0:5]; set yrange [0.4:1.1]; set xtics 1; set ytics 0.2
    plot run(r) using ($5/157):10 with linespoints lt 2 pt 7 ps 0.35 title "batches of 64, the last of 16", \
         run(s) using ($5/200):(is("sgd", $10)) with linespoints lt 1 pt 7 ps 0.35 title "batches of 50", \
         for [i=1:has(r)] yours(r) using ($5/157):10 with lines ls YOU lw 1 notitle
}

if (FIG eq "08-optimizers-tune") {
    r = "08-optimizers-tune"
    set xlabel "learning rate" offset 0,0.3; set ylabel "training loss, last epoch" offset 1
    set logscale xy; set xrange [0.00008:0.6]; set yrange [0.35:2.6]
    set format x "10^{%T}"; set ytics (0.4, 0.6, 1, 2)
    set rmargin 18
    set key at graph 1.04, 1 left
    plot for [i=1:5] run(r) using 4:(is(RULE[i], $7)) with linespoints lc rgb COLOUR[i] pt 7 ps 0.35 title CALLED[i], \
         for [i=1:5*has(r)] yours(r) using 4:(is(RULE[i], $7)) with lines ls YOU lw 1 notitle
}

if (FIG eq "08-optimizers-rules") {
    r = "08-optimizers-rules"
    set multiplot layout 1,2 margins 0.085,0.83,0.22,0.96 spacing 0.08
    set logscale y; set yrange [0.34:1.6]; set ytics (0.4, 0.6, 1, 1.5)
    set ylabel "training loss" offset 1.5
    set key off
    set xlabel "step" offset 0,0.4; set xrange [0:1000]; set xtics 250
    plot for [i=1:6] run(r) using 5:(is(RULE[i], $7)) with lines lc rgb COLOUR[i], \
         for [i=1:6*has(r)] yours(r) using 5:(is(RULE[i], $7)) with lines ls YOU lw 1
    r = "08-optimizers-rules-clock"
    unset ylabel; set xlabel "seconds" offset 0,0.4; set xrange [0:*]; set xtics 0.2
    set key at graph 1.03, 1 left
    plot for [i=1:6] run(r) using 12:(is(RULE[i], $7)) with lines lc rgb COLOUR[i] title CALLED[i], \
         for [i=1:6*has(r)] yours(r) using 12:(is(RULE[i], $7)) with lines ls YOU lw 1 notitle
    unset multiplot
}

if (FIG eq "08-optimizers-schedules") {
    r = "08-optimizers-schedules"
    array KIND[4] = ["constant", "halving", "cosine", "warmup"]
    array SHOWN[4] = ["constant", "halving", "cosine", "warm-up"]
    array TINT[4] = [OI[7], OI[3], OI[1], OI[2]]
    kind(i, y) = strcol(2) eq KIND[i] ? y : NaN
    set multiplot layout 1,2 margins 0.115,0.81,0.22,0.96 spacing 0.12
    set key off
    set xlabel "step" offset 0,0.4; set xrange [0:1000]; set xtics 250
    set ylabel "rate" offset 1.5; set yrange [0:0.0053]; set ytics 0.001
    plot run(r) using 5:(kind(1, $6)) with lines lc rgb TINT[1], \
         run(r) using 5:(kind(2, $6)) with fsteps lc rgb TINT[2], \
         for [i=3:4] run(r) using 5:(kind(i, $6)) with lines lc rgb TINT[i]
    set logscale y; set yrange [0.29:1.5]; set ytics (0.3, 0.4, 0.6, 1, 1.5)
    set ylabel "training loss" offset 1.5
    set key at graph 1.03, 1 left
    plot for [i=1:4] run(r) using 5:(kind(i, $7)) with lines lc rgb TINT[i] title SHOWN[i], \
         for [i=1:4*has(r)] yours(r) using 5:(kind(i, $7)) with lines ls YOU lw 1 notitle
    unset multiplot
}
