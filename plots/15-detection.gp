# 15-detection: boxes on unseen scenes, how good they are, what is missed and why; a classifier that slides.
# The first run keeps what it has learned; the others begin with that.
# run 15-detection save=build/15-detection.safetensors stars=1
# run 15-detection-scenes show=scenes weights=build/15-detection.safetensors
# run 15-detection-precision show=precision weights=build/15-detection.safetensors
# run 15-detection-sweeps show=sweeps weights=build/15-detection.safetensors
# run 15-detection-large show=sweeps side=128 weights=build/15-detection.safetensors
# run 15-detection-misses show=misses weights=build/15-detection.safetensors
# run 15-detection-slide show=slide weights=build/15-detection.safetensors stars=1
# A run that takes longer, and that make results does not repeat:
# long 15-detection-long epochs=240 stars=1
# quick side=40 epochs=2 scenes=45 batch=3 tests=13 warmup=2 stars=1
# quick show=scenes side=48 epochs=1 scenes=400 tests=6 sure=0.1
# quick show=precision side=40 epochs=2 scenes=400 tests=50
# quick show=sweeps side=40 epochs=1 scenes=400 tests=20 sure=0.1
# quick show=misses side=40 epochs=2 scenes=400 tests=50 sure=0.1
# quick show=slide side=40 epochs=1 scenes=200 tests=10 windows=1900 sure=0.1 stars=1
# figure 15-detection-scenes
# figure 15-detection-precision
# figure 15-detection-curve
# figure 15-detection-misses
# figure 15-detection-slide
# figure 15-detection-cells
# figure 15-detection-iou
# figure 15-detection-smooth
# figure 15-detection-envelope
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = 2.6
if (FIG eq "15-detection-scenes") { W = 5.4; H = 2.57 }
if (FIG eq "15-detection-curve" || FIG eq "15-detection-smooth") { W = 5.2; H = 2.4 }
if (FIG eq "15-detection-misses") { W = 5.4; H = 3.3 }
if (FIG eq "15-detection-slide") { W = 5.4; H = 1.55 }
if (FIG eq "15-detection-cells") { W = 3.4; H = 3.4 }
load "plots/style.gp"

# Of the lines of boxes, those of this scene and kind; nothing elsewhere.
pick(s, what, v) = $1 == s && strcol(2) eq what ? v : NaN
# Blue is right, orange is wrong.
tell = "$9 > 0 ? 0x56B4E9 : 0xE69F00"
boxes(s, what, colour) = sprintf("using (pick(%d, '%s', ($5 + $7)/2)):(($6 + $8)/2):5:7:6:8:(%s) with boxxyerror fs empty lc rgb variable", s, what, colour)
# One picture with boxes takes its place on the page: its left and lower edge, its side.
place(x, y, w) = sprintf("set lmargin at screen %g; set rmargin at screen %g; set bmargin at screen %g; set tmargin at screen %g", x, x + w, y, y + w * W / H)
pixels = "set palette defined (0 '#000000', 1 '#ffffff'); set cbrange [0:100]"

if (FIG eq "15-detection-scenes") {
    r = yours("15-detection-scenes")
    last = int(system("grep -c '^#' '" . r . "'")) - 1
    eval bare
    eval pixels
    set xrange [0:64]; set yrange [64:0]
    set style textbox opaque fillcolor rgb "#202020" noborder margins 0.3, 0.2
    short(c) = c eq "T-shirt/top" ? "T-shirt" : c eq "Ankle boot" ? "Boot" : c
    said(c, p) = sprintf("%s %.2f", short(c), p)
    line(y0, y1) = y0 < 5 ? y1 - 2.5 : y0 - 2.5
    names(s, x, side) = sprintf(", r index last using (pick(%d, 'after', %s)):(line($6, $8)):(said(strcol(3), $4)):(%s) with labels %s boxed font ',%g' tc rgb variable", s, x, tell, side, suffix eq "svg" ? 9 : 6.5)
    w = 0.235; gap = 0.005; left = 0.04
    if (!TXT) { set multiplot } else { unset size; set tics }
    do for [k=(TXT ? 1 : 0):1] {
        do for [s=(TXT ? 3 : 1):(TXT ? 3 : 4)] {
            if (!TXT) { eval place(left + (s - 1)*(w + gap), k ? 0.006 : 0.506, w) }
            unset label
            if (s == 1 && !TXT) { set label 1 (k ? "after" : "before") at screen 0.018, (k ? 0.25 : 0.75) center rotate by 90 }
            eval "plot " . (TXT ? "" : "r index s matrix using ($1 + 0.5):($2 + 0.5):3 with image, ") \
                . "r index last " . boxes(s, "truth", "0xffffff") . " lw 0.8, r index last " \
                . (k ? boxes(s, "after", tell) . " lw 1.6" : boxes(s, "before", "0x56B4E9") . " lw 0.8") \
                . (k ? names(s, "$5 > 38 ? NaN : $5", "left") . names(s, "$5 > 38 ? $7 : NaN", "right") : "")
        }
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "15-detection-precision") {
    r = "15-detection-precision"
    array CLASSES[4] = ["Trouser", "Bag", "Coat", "Shirt"]
    of(c, v) = strcol(1) eq c ? v : NaN
    ap(c) = real(system(sprintf("awk -F'\t' '$1 == \"%s\" { print $3; exit }' '%s'", c, run(r))))
    set xlabel "recall" offset 0,0.4; set xrange [0:1]; set xtics 0.2
    set ylabel "precision" offset 1.5; set yrange [0:1.03]; set ytics 0.2
    set key at graph 0.02, 0.02 left bottom
    if (TXT) { set key outside right }
    plot for [i=1:4] run(r) using (of(CLASSES[i], $5)):6 with lines lc rgb OI[i] dt 3 lw 0.9 notitle, \
         for [i=1:4] run(r) using (of(CLASSES[i], $5)):7 with fsteps lc rgb OI[i] title sprintf("%s, AP %.2f", CLASSES[i], ap(CLASSES[i])), \
         for [i=1:4*has(r)] yours(r) using (of(CLASSES[i], $5)):7 with fsteps ls YOU lw 1 notitle
}

if (FIG eq "15-detection-curve") {
    r = "15-detection"
    array PART[3] = ["box", "object", "class"]
    last = int(system("tail -n 1 '" . run(r) . "' | cut -f 1"))
    set xlabel "epoch of 2,000 scenes" offset 0,0.4; set xrange [0:last]; set xtics 5
    if (!TXT) {
        set multiplot layout 1,2 margins 0.085,0.985,0.19,0.97 spacing 0.11
        set yrange [0:2]; set ytics 0.5; set ylabel "loss" offset 1.5
        plot for [i=1:3] run(r) using 1:(column(3 + i)) with lines lt i+2 title PART[i], \
             for [i=1:3*has(r)] yours(r) using 1:(column(3 + i)) with lines ls YOU lw 1 notitle
    }
    set yrange [0:1]; set ytics 0.2; set ylabel "mAP of 500 unseen scenes" offset 1.5
    set key at graph 1, 0.25
    plot run(r) using 1:7 with lines lt 1 title "at an IoU of 0.5", \
         run(r) using 1:8 with lines lt 2 title "mean of 0.5 to 0.95", \
         for [i=1:2*has(r)] yours(r) using 1:(column(6 + i)) with lines ls YOU lw 1 notitle
    if (!TXT) { unset multiplot }
}

if (FIG eq "15-detection-misses") {
    r = yours("15-detection-misses")
    array NAME[4] = ["taken for another class", "score too low", "nothing there", "badly placed, or a second box"]
    array COLOUR[4] = [2, 6, 7, 4]
    # Lines of a place, a label and the shares in percent, added up in this order of columns.
    sums = "{ s = $4; printf \"%d\t%s\", y, label; split(\"6 9 10 7\", c, \" \"); $7 += $8; t = 0; for (i = 1; i < 5; i++) { t += $c[i]; printf \"\t%.2f\", 100*t/s } print \"\" }"
    rows(by, label) = sprintf("< awk -F'\t' '$1 == \"object\" && (%s) { y += 1 + ($2 != before); before = $2; label = %s; %s}' '%s'", by, label, sums, r)
    classes = rows("$2 == \"class\"", "$3")
    others = rows("$2 != \"all\" && $2 != \"class\"", "$2 == \"items\" ? $3 ($3 > 1 ? \" items\" : \" item\") : $3")
    unset grid; set grid xtics lc rgb pale lw 0.7
    set tics scale 0
    set xrange [0:75]; set xtics 20; set xlabel "not found, % of the objects" offset 0,0.4
    set yrange [*:*] reverse; set offsets 0, 0, 0.5, 0.5
    if (TXT) { set key invert outside bottom } else {
        set multiplot
        unset key
        array AT[4] = [0.03, 0.295, 0.495, 0.675]
        do for [j=1:4] {
            set object j rect from screen AT[j], 0.935 to screen AT[j] + 0.022, 0.965 fs solid 1 noborder fc rgb OI[COLOUR[j]]
            set label j NAME[j] at screen AT[j] + 0.033, 0.95 tc rgb ink
        }
    }
    do for [k=1:(TXT ? 1 : 2)] {
        if (!TXT) {
            set lmargin at screen (k == 1 ? 0.125 : 0.645); set rmargin at screen (k == 1 ? 0.475 : 0.985)
            set bmargin at screen 0.15; set tmargin at screen 0.86
        }
        if (k == 2) { unset label; unset object }
        what = k == 1 ? classes : others
        plot for [j=0:3] what using (column(6 - j)/2):1:(0):(column(6 - j)):($1 - 0.4):($1 + 0.4):ytic(2) with boxxyerror fs solid 1 noborder lc rgb OI[COLOUR[4 - j]] title NAME[4 - j]
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "15-detection-slide") {
    r = yours("15-detection-slide")
    # Without the starred exercises there is nothing to draw.
    if (system("grep -c '^slide' '" . r . "'") eq "0") { r = run("15-detection-slide") }
    block(b) = sprintf("\"< awk '/^#/ { b++ } b == %d' '%s'\"", b, r)
    scene = int(system("awk '/^#/ { b++ } b == 2 && !/^#/ { print $1; exit }' '" . r . "'"))
    array TITLE[4] = ["the detector", "LeNet", "is there an item?", "a large one?"]
    eval bare
    set xrange [0:64]; set yrange [64:0]
    w = 0.244; gap = 0.006
    if (!TXT) { set multiplot; set label 1 at graph 0.5, 1.09 center }
    do for [k=1:(TXT ? 1 : 4)] {
        if (!TXT) { eval place(0.003 + (k - 1)*(w + gap), 0.006, w); set label 1 TITLE[k] }
        truths = block(2) . " " . boxes(scene, "truth", "0xffffff") . " lw 0.8"
        if (k < 3) {
            eval pixels
            eval "plot " . (TXT ? "" : block(3) . " matrix using ($1 + 0.5):($2 + 0.5):3 with image, ") . truths \
                . ", " . block(2) . " " . boxes(scene, k == 1 ? "detector" : "slide", tell) . " lw 1.6"
        } else {
            set palette defined (@viridis); set cbrange [0:100]
            cell = k == 3 ? 4.0 : 16.0/3
            eval "plot " . block(1 + k) . " matrix using (cell*($1 + 0.5)):(cell*($2 + 0.5)):3 with image, " . truths
        }
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "15-detection-cells") {
    # Two boxes: left, right, upper, lower edge; and the cells that each claims.
    array L[2] = [20, 30]; array R[2] = [44, 44]; array U[2] = [12, 18]; array D[2] = [40, 30]
    array COLUMNS[4] = [3, 4, 3, 4]
    array ROWS[4] = [2, 2, 3, 3]
    array OWNER[4] = [1, 1, 1, 2]
    array WHO[2] = ["A", "B"]
    unset grid; unset key; set size ratio -1; set border 15 lc rgb ink
    set xrange [0:64]; set yrange [64:0]; set xtics 8 out; set ytics 8 out
    set xlabel "column of pixels" offset 0,0.5; set ylabel "row of pixels" offset 1
    do for [i=1:(TXT ? 0 : 4)] {
        set object i rect from 8*COLUMNS[i], 8*ROWS[i] to 8*COLUMNS[i] + 8, 8*ROWS[i] + 8 fs solid 1 noborder fc rgb (OWNER[i] == 1 ? "#b8d8ec" : "#f6cdb0") behind
    }
    do for [i=1:(TXT ? 0 : 7)] {
        set arrow 2*i from 8*i, 0 to 8*i, 64 nohead lc rgb "#b4bac3" lw 0.5 back
        set arrow 2*i + 1 from 0, 8*i to 64, 8*i nohead lc rgb "#b4bac3" lw 0.5 back
    }
    do for [i=1:2] { set label i WHO[i] at R[i] + 1.5, (i == 1 ? 37 : 20) left tc rgb OI[i] front }
    # The box, and its core: f = 1 and f = 0.5 of its size.
    x0(i, f) = (L[i] + R[i] - f*(R[i] - L[i]))/2.0; y0(i, f) = (U[i] + D[i] - f*(D[i] - U[i]))/2.0
    x1(i, f) = L[i] + R[i] - x0(i, f); y1(i, f) = U[i] + D[i] - y0(i, f)
    edge(i, f) = sprintf("[k=0:4:1] '+' using (k == 1 || k == 2 ? x1(%d, %g) : x0(%d, %g)):(k > 1 && k < 4 ? y1(%d, %g) : y0(%d, %g)) with lines lc rgb OI[%d]", i, f, i, f, i, f, i, f, i)
    dots = TXT ? "" : " dt 3"
    eval "plot sample [k=0:63:1] '+' using (4 + 8*(int(k) % 8)):(4 + 8*(int(k) / 8)) with points pt 7 ps 0.22 lc rgb '#8A8F98', " \
        . edge(1, 1) . " lw 2, " . edge(2, 1) . " lw 2, " . edge(1, 0.5) . " lw 1.4" . dots . ", " . edge(2, 0.5) . " lw 1.4" . dots
}

if (FIG eq "15-detection-iou") {
    set xlabel "distance of the centres, in widths" offset 0,0.4; set xrange [0:3]; set xtics 0.5
    set yrange [-0.6:1.05]; set ytics 0.5; set samples 301
    set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb pale dt 2 back
    dash = TXT ? 1 : 2
    set label 1 "they touch" at 1.08, 0.88 left tc rgb ink
    plot (x < 1 ? (1 - x)/(1 + x) : 0) with lines lt 1 lw 2.4 title "IoU", \
         (1 - x)/(1 + x) with lines lt 2 dt dash lw 2 title "GIoU"
}

if (FIG eq "15-detection-smooth") {
    b = 0.1; dash = TXT ? 1 : 2; dots = TXT ? 1 : 3
    sign(x) = x > 0 ? 1 : -1
    set xlabel "z − t" offset 0,0.4; set xrange [-0.5:0.5]; set xtics 0.25; set samples 401
    if (!TXT) { set multiplot layout 1,2 margins 0.085,0.985,0.19,0.97 spacing 0.12 }
    set yrange [0:0.5]; set ytics 0.1; set ylabel "what it costs" offset 1.5; set key at graph 0.73, 0.99
    plot x*x/(2*b) with lines lt 7 dt dash lw 1.4 title "square", \
         abs(x) with lines lt 2 dt dots lw 1.4 title "distance", \
         (abs(x) < b ? x*x/(2*b) : abs(x) - b/2) with lines lt 1 lw 2.4 title "smooth L1"
    if (!TXT) {
        set yrange [-2:2]; set ytics 1; set ylabel "slope" offset 1.5; unset key
        plot x/b with lines lt 7 dt 2 lw 1.4, sign(x) with lines lt 2 dt 3 lw 1.4, \
             (abs(x) < b ? x/b : sign(x)) with lines lt 1 lw 2.4
        unset multiplot
    }
}

if (FIG eq "15-detection-envelope") {
    # Five objects, eight detections, hits 1 0 1 1 0 0 1 0.
    array HIT[8] = [1, 0, 1, 1, 0, 0, 1, 0]
    hits(i) = sum [k=1:i] HIT[k]
    recall(i) = hits(i) / 5.0
    precision(i) = real(hits(i)) / i
    array RECALL[3] = [0.2, 0.6, 0.8]
    array LEVEL[3] = [1.0, 3.0/4, 4.0/7]
    set xlabel "recall" offset 0,0.4; set xrange [0:1]; set xtics 0.2
    set ylabel "precision" offset 1.5; set yrange [0:1.05]; set ytics 0.25
    do for [i=1:3] {
        left = i == 1 ? 0 : RECALL[i - 1]
        if (!TXT) { set object i rect from left, 0 to RECALL[i], LEVEL[i] fs solid 1 noborder fc rgb "#dcebf5" behind }
    }
    set label 1 "AP 0.614" at 0.3, 0.25 center tc rgb ink
    array X[8] = [0, 0.2, 0.2, 0.6, 0.6, 0.8, 0.8, 1]
    array Y[8] = [1, 1, 3.0/4, 3.0/4, 4.0/7, 4.0/7, 0, 0]
    set key at graph 1, 0.99
    plot sample [i=1:8:1] '+' using (X[int(i)]):(Y[int(i)]) with lines lt 1 lw 2.2 title "envelope", \
         [i=1:8:1] '+' using (recall(int(i))):(precision(int(i))) with linespoints lt 2 lw 1 pt 7 ps 0.6 title "after each detection"
}
