# 06-mlp: learning curves, decision boundaries, depth against width, the confusion matrix.
# run 06-mlp-curve epochs=30
# run 06-mlp-boundary-2 data=spirals show=boundary hidden=2 rate=0.3 epochs=300 seed=3
# run 06-mlp-boundary-4 data=spirals show=boundary hidden=4 rate=0.3 epochs=300 seed=3
# run 06-mlp-boundary-8 data=spirals show=boundary hidden=8 rate=0.3 epochs=300 seed=3
# run 06-mlp-boundary-32 data=spirals show=boundary hidden=32 rate=0.3 epochs=300 seed=3
# run 06-mlp-map data=spirals show=map rate=0.1 epochs=100
# run 06-mlp-confusion show=confusion
# quick examples=500 epochs=1 batch=100
# quick examples=500 epochs=1 show=confusion hidden=33,17 activation=leaky
# quick data=moons show=boundary epochs=3 hidden=7,5 activation=tanh
# quick data=spirals show=map epochs=1 activation=sigmoid
# figure 06-mlp-curve
# figure 06-mlp-boundaries
# figure 06-mlp-map
# figure 06-mlp-confusion
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = 3.0
if (FIG eq "06-mlp-curve") { H = 2.3 }
if (FIG eq "06-mlp-boundaries") { W = 5.4; H = 1.6 }
if (FIG eq "06-mlp-map") { W = 3.4; H = 2.6 }
if (FIG eq "06-mlp-confusion") { W = 4.2; H = 3.7 }
load "plots/style.gp"

if (FIG eq "06-mlp-curve") {
    r = "06-mlp-curve"
    set multiplot layout 1,2 margins 0.1,0.98,0.22,0.96 spacing 0.13
    set xrange [0:30]; set xlabel "epoch" offset 0,0.4; set xtics 10
    set yrange [0:1]; set ylabel "loss" offset 1.5
    set key at graph 1, 0.98
    plot run(r) using 1:2 with lines lt 1 title "training", \
         run(r) using 1:3 with lines lt 2 title "test", \
         for [i=2:1+2*has(r)] yours(r) using 1:i with lines ls YOU lw 1.2 notitle
    set yrange [0.7:1]; set ylabel "accuracy" offset 1.5; set ytics 0.1
    set key at graph 1, 0.3
    plot run(r) using 1:4 with lines lt 1 title "training", \
         run(r) using 1:5 with lines lt 2 title "test", \
         for [i=4:3+2*has(r)] yours(r) using 1:i with lines ls YOU lw 1.2 notitle
    unset multiplot
}

if (FIG eq "06-mlp-boundaries") {
    eval bare
    set datafile separator whitespace
    set xrange [-1.2:1.2]; set yrange [-1.2:1.2]
    set palette defined (0 OI[6], 0.5 "#f7f7f7", 1 OI[5]); set cbrange [0:1]
    array H[4] = [2, 4, 8, 32]
    set multiplot layout 1,4 margins 0.005,0.995,0.01,0.87 spacing 0.01
    do for [i=1:4] {
        r = yours(sprintf("06-mlp-boundary-%d", H[i]))
        set contour base; set cntrparam levels discrete 0.5; unset surface
        set table $edge
        splot r index 0 using 1:2:3
        unset table
        unset contour
        set title sprintf("%d hidden neurons", H[i]) offset 0,-0.7
        plot r index 0 using 1:2:3 with image, \
             r index 1 using ($3 == 0 ? $1 : NaN):2 every 3 with points pt 7 ps 0.12 lc rgb OI[1], \
             r index 1 using ($3 == 1 ? $1 : NaN):2 every 3 with points pt (TXT ? 3 : 7) ps 0.12 lc rgb OI[2], \
             $edge using 1:2 with lines lw 1.2 lc rgb ink
    }
    unset multiplot
}

if (FIG eq "06-mlp-map") {
    r = yours("06-mlp-map")
    unset grid; unset key; unset colorbox
    set border 0 lc rgb "white"; set tics scale 0
    set palette defined (@blues); set cbrange [0.45:1]
    set xlabel "neurons in a hidden layer"; set ylabel "hidden layers"
    set xtics ("2" 1, "4" 2, "8" 3, "16" 4, "32" 5); set ytics 1
    set xrange [0.5:5.5]; set yrange [5.5:0.5]
    at(w) = log(w) / log(2)
    plot r using (at($2)):1:3 with image pixels, \
         r using (at($2)):1:(sprintf("%.1f %%", 100*$3)):($3 > 0.83 ? 0xffffff : 0x202733) \
             with labels textcolor rgb variable
}

if (FIG eq "06-mlp-confusion") {
    r = yours("06-mlp-confusion")
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
