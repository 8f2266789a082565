# 12-convolution: filtered pictures, corners, pools, receptive fields, a kernel that learns, speed.
# run 12-convolution
# run 12-convolution-bag picture=30
# run 12-convolution-corners-bag show=corners picture=30
# run 12-convolution-corners-dress show=corners picture=67
# run 12-convolution-corners-jumper show=corners picture=77
# run 12-convolution-corners-trousers show=corners picture=3
# run 12-convolution-pools show=pools picture=30
# run 12-convolution-shift show=shift examples=100
# run 12-convolution-sees show=sees
# run 12-convolution-learn show=learn
# run 12-convolution-learn-blur show=learn filter=blur
# run 12-convolution-learn-sharpen show=learn filter=sharpen
# run 12-convolution-kernel show=kernel
# run 12-convolution-race show=race
# run 12-convolution-race-clock show=race clock=1
# quick picture=3
# quick show=corners threshold=0.1
# quick show=pools
# quick show=shift examples=5
# quick show=sees
# quick show=learn examples=3 steps=9 filter=emboss
# quick show=kernel examples=2 steps=5 filter=blur rate=0.05
# quick show=race channels=16
# figure 12-convolution-filters
# figure 12-convolution-corners
# figure 12-convolution-pools
# figure 12-convolution-shift
# figure 12-convolution-sees
# figure 12-convolution-learn
# figure 12-convolution-kernel
# figure 12-convolution-race
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.4; H = 2.3
if (FIG eq "12-convolution-filters") { H = 1.77 }
if (FIG eq "12-convolution-corners") { W = 4.8; H = 1.35 }
if (FIG eq "12-convolution-pools") { H = 1.3 }
if (FIG eq "12-convolution-shift") { W = 4.5; H = 2.3 }
if (FIG eq "12-convolution-sees") { H = 1.1 }
if (FIG eq "12-convolution-kernel") { W = 4.8; H = 1.55 }
load "plots/style.gp"

# The lines of a file that fit, as awk says it: gnuplot joins only what stands together.
only(file, which) = sprintf("< awk -F'\t' '%s' '%s'", which, file)
# A text terminal has room for one picture only.
picture_axes = "set xrange [-0.5:27.5]; set yrange [27.5:-0.5]"
shade(v) = v > 0.75 ? "#" : v > 0.5 ? "+" : v > 0.25 ? "-" : v > 0.05 ? "." : ""

if (FIG eq "12-convolution-filters") {
    eval bare
    eval picture_axes
    if (TXT) {
        plot yours("12-convolution") using 2:1:(shade(abs($6))) with labels
        exit
    }
    set multiplot layout 2,7 margins 0.002,0.998,0.01,0.89 spacing 0.006,0.02
    do for [r in "12-convolution 12-convolution-bag"] {
        do for [m=3:9] {
            name = system("head -n 1 '" . run(r) . "' | cut -f " . m)
            if (r eq "12-convolution") { set title name offset 0,-0.75 } else { unset title }
            if (m < 6) { set palette gray negative; set cbrange [0:1] }
            if (m >= 6) { set palette positive defined (@diverging); set cbrange [-1:1] }
            if (m == 10) { set palette gray negative; set cbrange [0:0.4] }
            plot yours(r) using 2:1:(m == 10 && column(m) < 0 ? 0 : column(m)) with image
        }
    }
    unset multiplot
}

if (FIG eq "12-convolution-corners") {
    eval bare
    set xrange [-1.5:28.5]; set yrange [28.5:-1.5]
    names = "bag dress jumper trousers"
    file(i) = yours("12-convolution-corners-" . word(names, i))
    corner(i, m) = only(file(i), sprintf("$%d > 0", m))
    if (TXT) {
        plot for [m=4:7] corner(1, m) using 2:1:(word("a b c d", m - 3)) with labels
        exit
    }
    set palette gray negative; set cbrange [0:2.5]
    set multiplot layout 1,4 margins 0.002,0.998,0.01,0.99 spacing 0.02
    do for [i=1:4] {
        plot file(i) using 2:1:3 with image, \
             for [m=4:7] corner(i, m) using 2:1:(1.1*sqrt(column(m))) with circles fill solid noborder lc rgb OI[m - 3]
    }
    unset multiplot
}

if (FIG eq "12-convolution-pools") {
    r = yours("12-convolution-pools")
    eval bare
    eval picture_axes
    set palette gray negative; set cbrange [0:1]
    is(kind, side) = only(r, sprintf("$1 == \"%s\" && $2 == %d", kind, side))
    # The middle of a square of pixels, in pixels of the picture.
    at(i, side) = side*i + 0.5*(side - 1)
    if (TXT) {
        plot is("max", 2) using (at($4, 2)):(at($3, 2)):(shade($5)) with labels
        exit
    }
    set multiplot layout 1,5 margins 0.002,0.998,0.01,0.87 spacing 0.012
    array KIND[5] = ["average", "average", "average", "max", "max"]
    array AREA[5] = [1, 2, 4, 2, 4]
    do for [i=1:5] {
        s = AREA[i]
        set title (i == 1 ? "28 × 28" : sprintf("%s, %d × %d", KIND[i], 28/s, 28/s)) offset 0,-0.7
        plot is(KIND[i], s) using (at($4, s)):(at($3, s)):(0.5*s):(0.5*s):5 \
             with boxxyerror lc palette lw 0.3 fs solid 1 border
    }
    unset multiplot
}

if (FIG eq "12-convolution-shift") {
    r = "12-convolution-shift"
    is(file, kind, side) = only(file, sprintf("$1 == \"%s\" && $2 == %d", kind, side))
    array AREA[5] = [1, 2, 4, 7, 28]
    array NAME[5] = ["no pool", "2 × 2", "4 × 4", "7 × 7", "global"]
    set xrange [0:4]; set xtics 1; set yrange [0:1]; set ytics 0.2
    set xlabel "pixels to the right"; set ylabel "change of the numbers" offset 1
    set rmargin 11; set key off
    do for [i=1:5] {
        y = real(system(sprintf("awk -F'\t' '$1 == \"max\" && $2 == %d && $4 == 4 { print $5 }' '%s'", AREA[i], run(r))))
        set label i NAME[i] at 4.08, y left textcolor lt i offset 0, (i == 1 ? 0.4 : i == 2 ? -0.1 : 0)
    }
    plot for [i=1:5] is(run(r), "max", AREA[i]) using 4:5 with linespoints lt i pt 7 ps 0.4, \
         for [i=2:5] is(run(r), "average", AREA[i]) using 4:5 with lines lt i lw 0.8 dt 2, \
         for [i=1:5*has(r)] is(yours(r), "max", AREA[i]) using 4:5 with lines ls YOU lw 1
}

if (FIG eq "12-convolution-sees") {
    r = yours("12-convolution-sees")
    eval bare
    array KIND[6] = ["plain", "plain", "plain", "stride", "stride", "pool"]
    array LAYERS[6] = [2, 4, 8, 2, 4, 4]
    of(i) = only(r, sprintf("$1 == \"%s\" && $2 == %d", KIND[i], LAYERS[i]))
    set palette positive defined (@blues)
    if (TXT) {
        set xrange [7:63]; set yrange [63:7]
        plot of(2) using 5:4:($6 > 0.01 ? "#" : $6 > 0.001 ? "+" : ".") with labels
        exit
    }
    set multiplot layout 1,6 margins 0.002,0.998,0.01,0.83 spacing 0.012
    do for [i=1:6] {
        # The field in the middle of a frame of 50 by 50 pixels.
        unset xrange; unset yrange
        stats of(i) using 4 nooutput
        middle = 0.5*(STATS_min + STATS_max)
        stats of(i) using 6 nooutput
        set cbrange [0:STATS_max]
        set xrange [middle-25:middle+25]; set yrange [middle+25:middle-25]
        set object 1 rectangle from graph 0,0 to graph 1,1 fs empty border rgb pale
        set title sprintf("%d %s", LAYERS[i], KIND[i]) offset 0,-0.7
        plot of(i) using 5:4:6 with image
    }
    unset multiplot
}

if (FIG eq "12-convolution-learn") {
    r = "12-convolution-learn"
    of(file, i) = only(file, sprintf("$1 == \"%s\"", word(rules, i)))
    rules = "sgd momentum adam"
    set logscale xy; set xrange [1:1024]; set xtics (1, 4, 16, 64, 256, 1024); set format y "10^{%T}"
    set xlabel "step" offset 0,0.4
    if (!TXT) { set multiplot layout 1,2 margins 0.09,0.97,0.2,0.96 spacing 0.15 }
    do for [c=3:(TXT ? 3 : 4)] {
        set ylabel (c == 3 ? "loss" : "largest error of a weight") offset (c == 3 ? 1.5 : 0.2)
        if (c == 3) { set key bottom left } else { unset key }
        plot for [i=1:3] of(run(r), i) using 2:c with linespoints lt i pt 7 ps 0.35 title word(rules, i), \
             for [i=1:3*has(r)] of(yours(r), i) using 2:c with lines ls YOU lw 1 notitle
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "12-convolution-kernel") {
    r = yours("12-convolution-kernel")
    eval bare
    set xrange [-0.5:4.5]; set yrange [4.5:-0.5]
    of(rule, step) = only(r, sprintf("$1 == \"%s\" && $2 == %d", rule, step))
    if (TXT) {
        plot of("momentum", 1024) using 4:3:(sprintf("%.2f", $5)) with labels
        exit
    }
    array STEP[6] = [0, 4, 16, 64, 256, 1024]
    set palette positive defined (@diverging); set cbrange [-0.5:0.5]
    set multiplot layout 2,7 margins 0.1,0.998,0.01,0.86 spacing 0.012,0.05
    do for [rule in "sgd momentum"] {
        do for [i=1:7] {
            unset ylabel
            if (i == 1) { set ylabel rule offset 0 }
            if (rule eq "sgd") { set title (i == 7 ? "wanted" : i == 1 ? "step 0" : sprintf("%d", STEP[i])) offset 0,-0.7 } else { unset title }
            plot of(rule, i == 7 ? 0 : STEP[i]) using 4:3:(column(i == 7 ? 6 : 5)) with image pixels
        }
    }
    unset multiplot
}

if (FIG eq "12-convolution-race") {
    r = "12-convolution-race-clock"
    ways = "clear matmul fast"
    # 3 by 3 kernels on images of 16 by 16, as many channels there as come out.
    of(file, i) = only(file, sprintf("$1 == 16 && $4 == 3 && $5 == \"%s\" && $6 == \"%s\"", direction, word(ways, i)))
    peak = real(system("awk -F'\t' 'NR == 2 { print $12 }' '" . run(r) . "'"))
    set logscale xy; set xrange [1:128]; set xtics (1, 2, 4, 8, 16, 32, 64, 128)
    set yrange [0.1:200]; set ytics (0.1, 0.3, 1, 3, 10, 30, 100)
    set xlabel "channels" offset 0,0.4
    if (!TXT) { set multiplot layout 1,2 margins 0.085,0.975,0.2,0.88 spacing 0.06 }
    do for [direction in (TXT ? "forward" : "forward backward")] {
        set title direction offset 0,-0.6
        if (direction eq "forward") { set ylabel "GFLOP/s" offset 1.5; set key bottom right } else { unset ylabel; set format y ""; unset key }
        plot peak with lines lc rgb ink dt 2 lw 0.8 notitle, \
             for [i=1:3] of(run(r), i) using 2:11 with linespoints lt i pt 7 ps 0.35 title word(ways, i), \
             for [i=1:3*has(r)] of(yours(r), i) using 2:11 with lines ls YOU lw 1 notitle
    }
    if (!TXT) { unset multiplot }
}
