# 13-lenet: changed images, learning with and without them, LeNet beside an MLP, and what it sees.
# run 13-lenet
# run 13-lenet-plain augmented=0
# run 13-lenet-samples show=samples rotation=15 brightness=0.3 cutout=10
# run 13-lenet-kernels show=kernels epochs=8
# run 13-lenet-confusion show=confusion
# run 13-lenet-ways show=ways examples=2000 epochs=15 shift=2 rotation=10 brightness=0.1 cutout=8
# run 13-lenet-sizes show=sizes epochs=6 augmented=0
# run 13-lenet-shifted show=shifted epochs=6 seeds=1 shift=3
# Runs that take longer, and that make results does not repeat; the first needs
# make data SET=fashion-mnist.
# long 13-lenet-full folder=data/full/fashion-mnist kernels=16 epochs=16
# long 13-lenet-wide augmented=0 epochs=6 kernels=16
# long 13-lenet-wide-mlp augmented=0 epochs=6 kernels=16 net=mlp
# long 13-lenet-six show=shifted epochs=6 seeds=1 shift=6
# quick epochs=1 examples=300 batch=50 kernels=3 rotation=10 brightness=0.2 cutout=5
# quick show=ways examples=90 epochs=1 seeds=1 kernels=2 rotation=10 brightness=0.2 cutout=5
# quick show=sizes examples=40 epochs=1 seeds=1
# quick show=kernels examples=200 epochs=1 kernels=2 augmented=0
# quick show=confusion net=mlp examples=200 epochs=1 kernels=3
# figure 13-lenet-samples
# figure 13-lenet-curve
# figure 13-lenet-confusion
# figure 13-lenet-sizes
# figure 13-lenet-shifted
# figure 13-lenet-kernels
# figure 13-lenet-pieces
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = 3.0
if (FIG eq "13-lenet-samples") { W = 4.9; H = 4.3 }
if (FIG eq "13-lenet-curve") { W = 5.2; H = 2.4 }
if (FIG eq "13-lenet-confusion") { W = 4.2; H = 3.7 }
if (FIG eq "13-lenet-sizes") { W = 5.2; H = 2.4 }
if (FIG eq "13-lenet-shifted") { W = 4.4; H = 2.6 }
if (FIG eq "13-lenet-kernels") { W = 5.4; H = 3.5 }
if (FIG eq "13-lenet-pieces") { W = 5.4; H = 1.75 }
load "plots/style.gp"

# Pictures in percent of white; below 0 is what lies between them.
pictures = "set palette defined (-10 '#ffffff', -1 '#ffffff', -0.99 '#000000', 0 '#000000', 100 '#ffffff'); set cbrange [-10:100]"
# The same, with what is dark made lighter.
maps = "set palette defined (-10 '#ffffff', -1 '#ffffff', -0.99 '#000000', 0 '#000000', 10 '#545454', 25 '#848484', 50 '#b8b8b8', 100 '#ffffff'); set cbrange [-10:100]"
wide(r, block) = int(system("awk -F'\\t' '/^#/ && b++ == " . block . " { print NF; exit }' '" . r . "'"))

if (FIG eq "13-lenet-samples") {
    r = yours("13-lenet-samples")
    eval bare
    eval pictures
    rows = int(system("grep -vc '^#' '" . r . "'")); side = (rows + 2) / 8
    array WAY[8] = ["as it is", "flip", "shift", "scale", "rotation*", "brightness", "cutout", "all"]
    set lmargin at screen 0.17; set rmargin at screen 0.995; set tmargin at screen 0.995; set bmargin at screen 0.005
    set xrange [-0.5:wide(r, 0)-0.5]; set yrange [rows-0.5:-0.5]
    do for [i=1:8] { set label i WAY[i] at first -8, first (i - 1)*side + side/2 - 1 right tc rgb ink font ",9" }
    plot r matrix using 1:2:3 with image
}

if (FIG eq "13-lenet-curve") {
    array RUN[2] = ["13-lenet-plain", "13-lenet"]
    array WHAT[2] = ["as they are", "changed"]
    array COLOUR[2] = [2, 1]
    dash = TXT ? 1 : 3
    last = int(system("tail -n 1 '" . run(RUN[2]) . "' | cut -f 1"))
    set xrange [0:last]; set xlabel "epoch" offset 0,0.4; set xtics 5
    if (!TXT) { set multiplot layout 1,2 margins 0.09,0.98,0.2,0.97 spacing 0.13 }
    set yrange [70:100]; set ytics 10; set ylabel "right, %" offset 1.5
    set key at graph 1, 0.4
    plot for [i=1:2] run(RUN[i]) using 1:(100*$4) with lines lc rgb OI[COLOUR[i]] dt dash lw 1.5 title WHAT[i] . ", training", \
         for [i=1:2] run(RUN[i]) using 1:(100*$6) with lines lc rgb OI[COLOUR[i]] title WHAT[i] . ", test", \
         for [i=1:2] for [k=1:has(RUN[i])] yours(RUN[i]) using 1:(100*$6) with lines ls YOU lw 1.2 notitle
    if (!TXT) {
        set yrange [0.3:0.6]; set ytics 0.1; set ylabel "test loss" offset 1.5; unset key
        plot for [i=1:2] run(RUN[i]) using 1:5 with lines lc rgb OI[COLOUR[i]] notitle, \
             for [i=1:2] for [k=1:has(RUN[i])] yours(RUN[i]) using 1:5 with lines ls YOU lw 1.2 notitle
        unset multiplot
    }
}

if (FIG eq "13-lenet-confusion") {
    r = yours("13-lenet-confusion")
    unset grid; unset key; unset colorbox
    set border 0 lc rgb "white"; set tics scale 0
    set palette defined (@blues); set logscale cb; set cbrange [1:250]
    set size ratio 1
    set xrange [-0.5:9.5]; set yrange [9.5:-0.5]
    set xlabel "predicted" offset 0,1; set ylabel "true" offset 1
    name(c) = system("head -n 1 '" . r . "' | cut -f " . (c + 2))
    set xtics rotate by 40 right () font ",8"; set ytics font ",8"
    do for [c=0:9] { short = name(c); set xtics add ((TXT ? short[1:3] : short) c) }
    if (TXT) { set xlabel offset 0,0 }
    plot r matrix rowheaders using 1:2:($3 > 0 ? $3 : 1) with image pixels, \
         r matrix rowheaders using 1:2:($3 > 0 ? sprintf("%d", $3) : "") \
             :($3 > 60 ? 0xffffff : 0x202733) with labels font ",8" textcolor rgb variable
}

if (FIG eq "13-lenet-sizes") {
    r = "13-lenet-sizes"
    array NET[2] = ["lenet", "mlp"]
    array TITLE[2] = ["LeNet", "MLP"]
    set datafile missing NaN
    pick(n, v) = strcol(1) eq NET[n] ? v : NaN
    set logscale x; set yrange [72:90]; set ytics 72,4
    set ylabel "test images right, %" offset 1.5
    if (!TXT) { set multiplot layout 1,2 margins 0.09,0.985,0.2,0.97 spacing 0.05 }
    do for [i=1:(TXT ? 1 : 2)] {
        c = i == 1 ? 4 : 3
        set xlabel (i == 1 ? "multiply-adds an image" : "weights and biases") offset 0,0.4
        set xrange [(i == 1 ? 2e4 : 8e2):1e6]
        set format x "10^{%T}"
        if (TXT) { set format x "%.0e" }
        if (i == 2) { unset ylabel; set format y ""; unset key } else { set key at graph 1, 0.25 }
        plot for [n=1:2] run(r) using (pick(n, column(c))):(100*$7):(100*$8):(100*$9) with yerrorlines lt n pt 7 ps 0.5 title TITLE[n], \
             for [n=1:2*has(r)] yours(r) using (pick(n, column(c))):(100*$7) with lines ls YOU lw 1.2 notitle
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "13-lenet-shifted") {
    r = "13-lenet-shifted"
    array NET[4] = ["lenet augmented", "lenet", "mlp augmented", "mlp"]
    array TITLE[4] = ["LeNet, changed images", "LeNet", "MLP, changed images", "MLP"]
    array COLOUR[4] = [1, 1, 2, 2]
    array DASH[4] = [1, 3, 1, 3]
    set datafile missing NaN
    pick(n, v) = strcol(1) eq NET[n] ? v : NaN
    set xlabel "test images shifted by so many pixels" offset 0,0.4; set xrange [-0.1:6.1]; set xtics 1
    set ylabel "right, %" offset 1.5; set yrange [0:100]; set ytics 20
    set key at graph 0.52, 0.36
    plot for [n=1:4] run(r) using (pick(n, $5)):(100*$7) with linespoints lc rgb OI[COLOUR[n]] dt DASH[n] lw 1.8 pt 7 ps 0.4 title TITLE[n], \
         for [n=1:4*has(r)] yours(r) using (pick(n, $5)):(100*$7) with lines ls YOU lw 1 notitle
}

if (FIG eq "13-lenet-kernels") {
    r = yours("13-lenet-kernels")
    eval bare
    set yrange [*:*] reverse
    if (!TXT) { set multiplot }
    # One block of the file between the left edge x0 and right edge x1, its top at y.
    block(i, y0, y1) = sprintf("set tmargin at screen %g; set bmargin at screen %g; set xrange [-0.5:%g]", y1, y0, wide(r, i) - 0.5)
    if (!TXT) {
        set lmargin at screen 0.003 + 0.994*31.5/268; set rmargin at screen 0.003 + 0.994*266.5/268
        eval block(0, 0.85, 0.998)
        set palette defined (@diverging); set cbrange [-100:100]
        plot r index 0 matrix using 1:2:($3 == -10 && int($1) % 6 == 5 ? 0 : $3) with image
        eval maps
        set lmargin at screen 0.003; set rmargin at screen 0.997
        eval block(1, 0.315, 0.82)
        plot r index 1 matrix using 1:2:3 with image
        eval block(2, 0.003, 0.285)
    } else {
        eval maps
        eval block(2, 0.1, 0.9)
    }
    plot r index 2 matrix using 1:2:3 with image
    if (!TXT) { unset multiplot }
}

if (FIG eq "13-lenet-pieces") {
    r = yours("13-lenet-kernels")
    eval bare
    set palette defined (-10 '#8fb8dc', -1 '#8fb8dc', -0.99 '#000000', 0 '#000000', 100 '#ffffff'); set cbrange [-10:100]
    set lmargin at screen 0.003; set rmargin at screen 0.997; set tmargin at screen 0.995; set bmargin at screen 0.005
    set yrange [*:*] reverse; set xrange [-0.5:wide(r, 3)-0.5]
    plot r index 3 matrix using 1:2:3 with image
}
