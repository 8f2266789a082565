# 17-vanishing: gradients against distance, the adding problem, a text in pieces.
# run 17-vanishing
# run 17-vanishing-growth show=growth
# run 17-vanishing-power show=power stars=1
# run 17-vanishing-adding show=adding
# run 17-vanishing-reach show=adding T=50 start=random seeds=1 seed=2
# run 17-vanishing-text show=text
# quick T=9 N=3 hidden=5
# quick show=growth T=9 N=2 hidden=6
# quick show=power hidden=3 stars=1
# quick show=adding steps=50 N=3 seeds=1 hidden=4
# quick show=text steps=12 batch=100 hidden=8
# figure 17-vanishing-norms
# figure 17-vanishing-power
# figure 17-vanishing-growth
# figure 17-vanishing-adding
# figure 17-vanishing-reach
# figure 17-vanishing-pieces
# figure 17-vanishing-text
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.2; H = 2.4
if (FIG eq "17-vanishing-growth" || FIG eq "17-vanishing-text") { W = 4.6; H = 2.5 }
if (FIG eq "17-vanishing-reach") { W = 4.4; H = 3.2 }
if (FIG eq "17-vanishing-pieces") { W = 5.2; H = 1.45 }
load "plots/style.gp"
KEY = TXT ? 1.15 : 1.03
set format y "10^{%T}"
if (TXT) { set format y "%.0e" }

is(name, y) = strcol(1) eq name ? y : NaN

if (FIG eq "17-vanishing-norms") {
    r = "17-vanishing"
    array RADIUS[4] = [1.2, 1.0, 0.9, 0.5]
    array TINT[4] = [OI[2], OI[3], OI[1], OI[4]]
    of(i, inputs, y) = abs(column(2) - RADIUS[i]) < 1e-6 && (column(3) > 0) == inputs ? y : NaN
    tenth(y) = int(column(4)) % 10 == 0 ? y : NaN
    set logscale y; set yrange [1e-16:1e9]; set ytics 1e4
    set xrange [0:100]; set xtics 25
    set xlabel "distance in steps" offset 0,0.4
    set ylabel "gradient, the last is 1" offset 1
    set key off
    set multiplot layout 1,2 margins 0.1,0.83,0.2,0.9 spacing 0.06
    do for [inputs=0:1] {
        set title (inputs ? "with inputs" : "without inputs") offset 0,-0.6
        if (inputs) { unset ylabel; set format y ""; set key at graph KEY, 1 left }
        plot for [i=1:4] run(r) using 4:(is("orthogonal", of(i, inputs, $5))) with lines lc rgb TINT[i] title sprintf("radius %g", RADIUS[i]), \
             for [i=1:4] run(r) using 4:(is("orthogonal", of(i, inputs, tenth($6)))) with points pt 7 ps 0.3 lc rgb ink title (i == 1 ? "theory" : ""), \
             for [i=1:4] run(r) using 4:(is("random", of(i, inputs, $5))) with lines lc rgb TINT[i] lw 1 dt (3,3) title (i == 1 ? "random" : ""), \
             for [i=1:4*has(r)] yours(r) using 4:(is("orthogonal", of(i, inputs, $5))) with lines ls YOU lw 1 notitle
    }
    unset multiplot
}

if (FIG eq "17-vanishing-power") {
    r = "17-vanishing-power"
    array KIND[3] = ["symmetric", "random", "orthogonal"]
    way(kind, name, y) = strcol(1) eq KIND[kind] && strcol(2) eq name ? y : NaN
    set logscale xy; set xrange [1:40000]; set yrange [1e-6:10]; set ytics 1e2
    set format x "10^{%T}"
    if (TXT) { set format x "%.0e" }
    set xlabel "power of the matrix" offset 0,0.4; set ylabel "relative error" offset 1
    set rmargin 25
    set datafile missing NaN
    set key at graph KEY, 1 left
    plot run(r) using 3:(way(1, "iteration", $5)) with linespoints lc rgb OI[1] pt 7 ps 0.35 title "symmetric", \
         run(r) using 3:(way(2, "iteration", $5)) with linespoints lc rgb OI[2] pt 7 ps 0.35 title "random", \
         for [i=1:3] run(r) using 3:(way(i, "squaring", $5)) with lines lc rgb OI[i] lw 1 dt (3,3) title KIND[i] . ", squared", \
         for [i=1:3*has(r)] yours(r) using 3:(way(i, "iteration", $5)) with lines ls YOU lw 1 notitle
}

if (FIG eq "17-vanishing-growth") {
    r = "17-vanishing-growth"
    array STRONG[5] = [0, 0.01, 0.1, 0.3, 1]
    array TINT[5] = [OI[7], OI[6], OI[1], OI[3], OI[2]]
    given(i, y) = strcol(1) eq "orthogonal" && abs(column(3) - STRONG[i]) < 1e-6 ? y : NaN
    set format y "%g"
    set xlabel "spectral radius" offset 0,0.4; set ylabel "growth a step" offset 1
    set xrange [0.5:1.6]; set yrange [0.3:1.4]; set xtics 0.2; set ytics 0.2
    set rmargin 16
    set key at graph KEY, 1 left title "inputs"
    plot 1 with lines lc rgb ink lw 0.8 notitle, \
         for [i=1:5] run(r) using 2:(given(i, $5)) with lines lc rgb TINT[i] title sprintf("%g", STRONG[i]), \
         for [i=1:5] run(r) using 2:(given(i, $4)) with points lc rgb TINT[i] pt 7 ps 0.45 notitle, \
         for [i=1:5*has(r)] yours(r) using 2:(given(i, $4)) with lines ls YOU lw 1 notitle
}

if (FIG eq "17-vanishing-adding") {
    r = "17-vanishing-adding"
    array LONG[5] = [200, 100, 50, 20, 10]
    array TINT[5] = [OI[7], OI[2], OI[5], OI[3], OI[1]]
    long(i, start, y) = column(2) == LONG[i] && strcol(1) eq start ? y : NaN
    set logscale y; set format y "%g"; set yrange [0.001:0.4]
    set xrange [0:10]; set xtics 2.5
    set xlabel "thousand steps" offset 0,0.4; set ylabel "mean squared error" offset 1.5
    set key off
    set multiplot layout 1,2 margins 0.11,0.86,0.2,0.9 spacing 0.05
    do for [k=1:2] {
        start = k == 1 ? "random" : "orthogonal"
        set title (k == 1 ? "uniform start" : "orthogonal start") offset 0,-0.6
        if (k == 2) { unset ylabel; set format y ""; set key at graph KEY, 1 left title "T" }
        plot 1/6.0 with lines lc rgb ink lw 0.8 notitle, \
             for [i=1:5] run(r) using ($3/1000):(long(i, start, $5)):(long(i, start, $6)) with filledcurves fc rgb TINT[i] @BAND notitle, \
             for [i=1:5] run(r) using ($3/1000):(long(i, start, $4)) with lines lc rgb TINT[i] title sprintf("%d", LONG[i]), \
             for [i=1:5*has(r)] yours(r) using ($3/1000):(long(i, start, $4)) with lines ls YOU lw 1 notitle
    }
    unset multiplot
}

if (FIG eq "17-vanishing-reach") {
    r = "17-vanishing-reach"
    set key off
    set xrange [0:10]; set xtics 2.5
    set multiplot layout 3,1 margins 0.16,0.97,0.14,0.98 spacing 0.05
    set format x ""
    set format y "%g"; set yrange [0:0.22]; set ytics 0.1
    set ylabel "error" offset 0
    plot 1/6.0 with lines lc rgb ink lw 0.8, \
         run(r) using ($3/1000):4 with lines lc rgb OI[2], \
         for [i=1:has(r)] yours(r) using ($3/1000):4 with lines ls YOU lw 1
    set logscale y; set format y "10^{%T}"; set yrange [1e-10:1e2]; set ytics 1e4
    set ylabel "arrives" offset 0
    plot run(r) using ($3/1000):7 with lines lc rgb OI[1], \
         for [i=1:has(r)] yours(r) using ($3/1000):7 with lines ls YOU lw 1
    unset logscale y; set format y "%g"; set yrange [0.6:1.5]; set ytics 0.4
    set format x "%g"; set xlabel "thousand steps" offset 0,0.4
    set ylabel "radius" offset 0
    plot 1 with lines lc rgb ink lw 0.8, \
         run(r) using ($3/1000):8 with lines lc rgb OI[3], \
         for [i=1:has(r)] yours(r) using ($3/1000):8 with lines ls YOU lw 1
    unset multiplot
}

# Twelve steps in three pieces: states go on, gradients turn back at every border.
if (FIG eq "17-vanishing-pieces") {
    eval bare
    set size noratio
    set xrange [-0.9:12.4]; set yrange [-1.2:1.85]
    set margins 0,0,0,0
    do for [t=1:12] {
        set object t circle at t,0 size 0.3 fc rgb "white" fs solid border rgb ink front
        set label t sprintf(TXT ? "h%d" : "h_{%d}", t) at t,0 center font ",8" tc rgb ink front
        set arrow t from t - 0.68,0 to t - 0.32,0 lc rgb OI[1] lw 1.6 head filled size 0.12,25 front
        set arrow 40+t from t,0.95 to t,0.42 lc rgb pale lw 1.6 head filled size 0.12,25
        if (t % 4) {
            set arrow 20+t from t + 0.85,-0.62 to t + 0.15,-0.62 lc rgb OI[2] lw 1.6 head filled size 0.12,25 front
        }
    }
    do for [k=0:2] {
        set object 20+k rectangle from 4*k + 0.56,-1.1 to 4*k + 4.44,1.2 fc rgb pale fs transparent solid 0.35 noborder back
        set label 20+k sprintf("piece %d", k) at 4*k + 2.5,1.5 center tc rgb ink
    }
    set object 30 circle at 0,0 size 0.3 fc rgb "white" fs solid border rgb ink front
    set label 30 "0" at 0,0 center font ",8" tc rgb ink front
    set label 31 "states" at -0.8,0.62 left tc rgb OI[1] font ",8"
    set label 32 "gradients" at -0.8,-0.62 left tc rgb OI[2] font ",8"
    plot NaN
}

if (FIG eq "17-vanishing-text") {
    r = "17-vanishing-text"
    last = 2000
    at(carry, y) = column(2) == carry && column(3) == last ? y : NaN
    set format y "%g"
    set logscale x; set xrange [0.9:60]; set xtics (1, 5, 20, 50)
    set yrange [2.7:4.2]; set ytics 0.5
    set xlabel "steps in a piece" offset 0,0.4; set ylabel "bits a character" offset 1
    set rmargin 23
    set datafile missing NaN
    set key at graph KEY, 1 left
    plot run(r) using 1:(at(0, $6)) with linespoints lc rgb OI[2] pt 7 ps 0.45 title "never carried", \
         run(r) using 1:(at(0, $5)) with linespoints lc rgb OI[2] pt 6 ps 0.45 lw 1 dt (3,3) title "carried in the test", \
         run(r) using 1:(at(1, $5)) with linespoints lc rgb OI[1] pt 7 ps 0.45 title "carried", \
         for [i=0:2*has(r)-1] yours(r) using 1:(at(i, i ? $5 : $6)) with lines ls YOU lw 1 notitle
}
