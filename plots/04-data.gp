# 04-data: raw numbers against scaled ones, the valleys they make, images, leaks.
# run 04-data-table show=table
# run 04-data-splits show=splits stars=1 trials=1000
# run 04-data-valley-raw show=valley scaling=raw
# run 04-data-valley-centred show=valley scaling=centred
# run 04-data-valley-standardized show=valley scaling=standardized
# run 04-data-path-raw show=path scaling=raw
# run 04-data-path-centred show=path scaling=centred
# run 04-data-path-standardized show=path scaling=standardized
# run 04-data-curves
# run 04-data-images show=images
# run 04-data-leaks show=leaks
# quick steps=300
# quick show=path scaling=minmax steps=50
# quick show=valley scaling=centred
# quick show=table
# quick show=splits stars=1 trials=20
# quick show=leaks trials=8 steps=20
# quick show=images steps=2
# figure 04-data-penguins
# figure 04-data-valley
# figure 04-data-curves
# figure 04-data-images
# figure 04-data-leaks
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = 2.5
if (FIG eq "04-data-penguins") { W = 4.8; H = 2.3 }
if (FIG eq "04-data-valley") { W = 5.4; H = 2.05 }
if (FIG eq "04-data-leaks") { W = 5.4; H = 1.9 }
load "plots/style.gp"

if (FIG eq "04-data-penguins") {
    # The table itself, as the neuron sees it: both numbers along axes of the same length.
    set datafile separator comma
    set datafile missing "NA"
    f = "data/penguins/penguins.csv"
    kind(k) = strcol(1) eq (k == 1 ? "Adelie" : "Chinstrap")
    both(x) = kind(1) || kind(2) ? x : NaN
    stats f using (both($3)) skip 1 nooutput name "L"
    stats f using (both($6)) skip 1 nooutput name "M"
    set multiplot layout 1,2 margins 0.11,0.985,0.2,0.97 spacing 0.15
    set grid xtics
    set key at graph 1, 0.2
    set xlabel "bill length in mm" offset 0,0.3; set ylabel "body mass in g" offset 1.5
    set xrange [-250:5000]; set yrange [-250:5000]; set xtics 2000; set ytics 2000
    plot for [k=1:2] f using (kind(k) ? $3 : NaN):6 skip 1 with points pt (TXT ? k : 7) \
        ps 0.3 lc rgb OI[k] title (k == 1 ? "Adelie" : "Chinstrap")
    set xlabel "bill length, standardized"; set ylabel (TXT ? "" : "body mass, standardized") offset 0.5
    set xrange [-3.3:3.3]; set yrange [-3.3:3.3]; set xtics 2; set ytics 2
    unset key
    plot for [k=1:2] f using (kind(k) ? ($3-L_mean)/L_stddev : NaN):(($6-M_mean)/M_stddev) \
        skip 1 with points pt (TXT ? k : 7) ps 0.3 lc rgb OI[k]
    unset multiplot
}

if (FIG eq "04-data-valley") {
    # Where the bottom is: where the paths of the other two end, and for raw numbers the
    # same neuron, w (x - mean) + b.
    set datafile separator comma
    set datafile missing "NA"
    stats "data/penguins/penguins.csv" \
        using (strcol(1) eq "Adelie" || strcol(1) eq "Chinstrap" ? $3 : NaN) skip 1 \
        nooutput name "L"
    array HOW[3] = ["raw", "centred", "standardized"]
    array BW[3]; array BB[3]
    set datafile separator whitespace
    do for [i=2:3] {
        stats run("04-data-path-" . HOW[i]) using (BW[i] = $2, BB[i] = $3) nooutput
    }
    BW[1] = BW[2]; BB[1] = BB[2] - BW[2]*L_mean
    array TITLE[3] = ["raw", "less the mean", "and over the deviation"]
    unset key; unset grid; unset colorbox
    set border 15
    set palette defined (0 "#ffffff", 1 "#cfd8e3", 2 "#8d9bb0")
    set cbrange [-1:2.2]
    set xtics scale 0.4 offset 0,0.4; set ytics scale 0.4 offset 0.5
    set xlabel "w" offset 0,0.9
    set multiplot layout 1,3 margins 0.07,0.99,0.19,0.89 spacing 0.075
    set contour base; unset surface
    set cntrparam levels discrete 0.13, 0.2, 0.4, 0.7, 1.5, 4, 12
    do for [i=1:3] {
        v = yours("04-data-valley-" . HOW[i]); p = "04-data-path-" . HOW[i]
        set xrange [(i == 3 ? -2 : -0.5):(i == 3 ? 10 : 2)]
        set yrange [(i == 1 ? -70 : i == 2 ? -6 : -8):(i == 1 ? 20 : 4)]
        dx = i == 3 ? 4 : 1; dy = i == 1 ? 20 : i == 2 ? 2 : 4
        set xtics dx; set ytics dy
        if (i > 1) { unset ylabel }
        if (i == 1) { set ylabel "b" offset 1.8 }
        set title TITLE[i] offset 0,-0.7
        set table $level
        splot v using 1:2:3
        unset table
        if (TXT) {
            plot run(p) using 2:3 with points, "+" using (BW[i]):(BB[i]) every ::0::0 with points
        } else {
            plot v using 1:2:(log10($3)) with image, \
                $level using 1:2 with lines lw 0.6 lc rgb "#5b6675", \
                "+" using (BW[i]):(BB[i]) every ::0::0 with points pt 2 ps 0.8 lw 1.6 lc rgb ink, \
                run(p) using 2:3 with linespoints pt 7 ps 0.22 lw 1 lc rgb OI[2], \
                for [j=1:has(p)] yours(p) using 2:3 with lines ls YOU lw 1
        }
    }
    unset multiplot
}

if (FIG eq "04-data-curves" || FIG eq "04-data-images") {
    images = FIG eq "04-data-images"
    r = FIG
    array HOW[4] = ["raw", "centred", "minmax", "standardized"]
    set ylabel "training loss" offset 1
    set key off
    if (images) {
        set xlabel "step"; set xrange [0:300]; set yrange [0.3:0.7]
        set rmargin 12
    } else {
        set xlabel "step"; set logscale x; set xrange [1:1e6]; set yrange [0:0.7]
        set format x (TXT ? "%g" : "10^{%T}")
        set rmargin 12
    }
    pick(k, c) = strcol(1) eq HOW[k] ? column(c) : NaN
    array NAME[4] = [images ? "raw, min-max" : "raw", "centred", images ? "" : "min-max", "standardized"]
    array AT[4] = [images ? 0.25 : 0.41, images ? 0.11 : 0.12, 0.055, images ? 0.03 : -0.01]
    do for [k=1:4] { set label k NAME[k] at graph 1.02, graph AT[k] left textcolor lt k }
    plot for [k=1:4] run(r) using 3:(pick(k, 4)) with lines lt k, \
         for [k=1:4*has(r)] yours(r) using 3:(pick(k, 4)) with lines ls YOU lw 1
}

if (FIG eq "04-data-leaks") {
    r = yours("04-data-leaks")
    array LEAK[3] = ["scaling", "copies", "columns"]
    array TITLE[3] = ["scaling (penguins)", "copies (noise)", "columns (noise)"]
    set multiplot layout 1,3 margins 0.06,0.985,0.22,0.88 spacing 0.045
    set boxwidth 0.022; set style fill solid 0.55 noborder
    set yrange [0:*]; set format y ""; set ytics scale 0
    set ylabel "splits" offset 1.5
    set xlabel "accuracy on the test rows" offset 0,0.4
    set xtics 0.25
    do for [i=1:3] {
        set title TITLE[i] offset 0,-0.7
        set xrange [(i == 1 ? 0.8 : 0.15):1.01]
        if (i == 1) { set xtics 0.1 } else { set xtics 0.25 }
        w = i == 1 ? 2/83.0 : 0.05
        set boxwidth w * 0.45
        pick(c) = strcol(1) eq LEAK[i] && strcol(2) ne "mean" && strcol(2) ne "error" ? column(c) : NaN
        bin(x) = w * floor(x / w + 0.501)
        if (i > 1) { set ylabel "" }
        if (i == 1) { set key at graph 0.02, 0.98 left } else { unset key }
        plot r using (bin(pick(3)) - w/4):(1) smooth frequency with boxes lc rgb OI[1] title "honest", \
             r using (bin(pick(4)) + w/4):(1) smooth frequency with boxes lc rgb OI[2] title "leaky"
    }
    unset multiplot
}
