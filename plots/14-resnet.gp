# 14-resnet: plain and residual networks: how they learn, and what their gradients are.
# run 14-resnet
# run 14-resnet-compare show=compare
# run 14-resnet-depth show=depth
# run 14-resnet-plan show=plan batch=32
# run 14-resnet-plan-20 show=plan net=resnet20 side=28 channels=1 classes=10
# run 14-resnet-plan-50 show=plan net=resnet50 side=28 channels=1 classes=10
# quick side=8 examples=170 tests=60 batch=50 epochs=2 warmup=3 shift=2 scale=0.1 rotation=10 cutout=3
# quick net=resnet18 side=20 examples=40 tests=10 batch=20 epochs=1 schedule=steps flip=0 shift=0
# quick show=compare side=6 examples=40 tests=20 batch=20 epochs=1 schedule=constant
# quick show=depth side=4 examples=60 batch=4
# quick show=plan net=plain20 side=28 channels=1 classes=10
# figure 14-resnet-compare
# figure 14-resnet-depth
# figure 14-resnet-curve
# Runs that take longer, and that make results does not repeat.  For the first, a folder
# with 10,000 training and 2,000 test images of CIFAR-10; for -lenet, 13-lenet:
# long 14-resnet-long-cifar data=cifar10 folder=FOLDER epochs=20 batch=32 rate=0.05 warmup=200 shift=4 decay=0.0005
# long 14-resnet-long-lenet examples=2000 epochs=6 batch=32
# long 14-resnet-long-20 net=resnet20 examples=2000 epochs=6 batch=32 rate=0.01 warmup=120
# long 14-resnet-long-50 net=resnet50 examples=2000 epochs=6 batch=32 rate=0.01 warmup=120
# long 14-resnet-long-50-all net=resnet50 epochs=4 examples=10000 batch=32 rate=0.01 warmup=300
# long 14-resnet-long-gentle net=plain56 side=14 examples=2000 tests=1000 epochs=8 rate=0.01
# long 14-resnet-long-warm net=plain56 side=14 examples=2000 tests=1000 epochs=8 warmup=200
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.2; H = 2.5
if (FIG eq "14-resnet-curve") { W = 5.2; H = 2.4 }
load "plots/style.gp"
set datafile missing NaN
# A value of the rows of one network; nothing elsewhere.
pick(net, v) = strcol(1) eq net ? v : NaN

if (FIG eq "14-resnet-compare") {
    r = "14-resnet-compare"
    array KIND[2] = ["plain", "resnet"]
    array WHAT[2] = ["plain", "residual"]
    set xlabel "epoch" offset 0,0.4; set xtics 2
    set yrange [0:100]; set ytics 20; if (TXT) { set key at graph 1, 1 } else { set key at graph 1, 0.45 }
    if (!TXT) { set multiplot layout 1,2 margins 0.085,0.985,0.19,0.9 spacing 0.04 }
    do for [i=1:2] {
        set title WHAT[i] offset 0,-0.6
        if (i == 1 || TXT) { set ylabel "right, %" offset 1.5 } else { unset ylabel; set format y "" }
        if (i == 1 && !TXT) { unset key } else { set key }
        plot run(r) using (pick(KIND[i]."20", $2)):(100*$5) with lines lt 1 title "20 deep: training", \
             run(r) using (pick(KIND[i]."20", $2)):(100*$7) with lines lt 1 dt 3 title "test", \
             run(r) using (pick(KIND[i]."56", $2)):(100*$5) with lines lt 2 title "56 deep: training", \
             run(r) using (pick(KIND[i]."56", $2)):(100*$7) with lines lt 2 dt 3 title "test", \
             for [k=0:4*has(r)-1] yours(r) using (pick(KIND[i].(k < 2 ? "20" : "56"), $2)):(100*column(5 + 2*(k % 2))) with lines ls YOU lw 1 notitle
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "14-resnet-depth") {
    r = "14-resnet-depth"
    array NET[2] = ["plain56", "resnet56"]
    array WHAT[2] = ["plain, 56 deep", "residual, 56 deep"]
    array STEP[4] = [1, 10, 30, 100]
    at(i, s, v) = $2 == STEP[s] ? pick(NET[i], v) : NaN
    set xlabel "convolution, counted from the image" offset 0,0.4; set xrange [0:56]; set xtics 10
    set logscale y; set yrange [1e-3:1e3]; set ytics 10; set format y "10^{%T}"
    if (TXT) { set format y "%.0e" }
    if (!TXT) { set multiplot layout 1,2 margins 0.105,0.985,0.19,0.9 spacing 0.04 }
    do for [i=1:2] {
        set title WHAT[i] offset 0,-0.6
        if (i == 1 || TXT) { set ylabel "length of the gradient" offset 1 } else { unset ylabel; set format y "" }
        if (i == 2 && !TXT) { set key at graph 1, 0.98 } else { unset key }
        plot for [s=1:4:(TXT ? 3 : 1)] run(r) using (at(i, s, $3)):4 with linespoints lt s pt 7 ps 0.2 title sprintf("step %d", STEP[s]), \
             for [s=1:4*has(r)] yours(r) using (at(i, s, $3)):4 with lines ls YOU lw 1 notitle
    }
    if (!TXT) { unset multiplot }
}

if (FIG eq "14-resnet-curve") {
    array RUN[2] = ["14-resnet", "14-resnet-long-cifar"]
    array WHAT[2] = ["Fashion-MNIST, 3,000 images", "CIFAR-10, 10,000 images"]
    set xlabel "epoch" offset 0,0.4
    set yrange [0:100]; set ytics 20; set key at graph 1, 0.4
    if (!TXT) { set multiplot layout 1,2 margins 0.085,0.985,0.19,0.9 spacing 0.04 }
    do for [i=1:(TXT ? 1 : 2)] {
        r = RUN[i]
        set title WHAT[i] offset 0,-0.6
        if (i == 1) { set xrange [0:5]; set xtics 1 } else { set xrange [0:20]; set xtics 5 }
        if (i == 1 || TXT) { set ylabel "right, %" offset 1.5 } else { unset ylabel; set format y "" }
        if (i == 2) { unset key }
        plot run(r) using 2:(100*$5) with lines lt 1 title "training", \
             run(r) using 2:(100*$7) with lines lt 2 title "test", \
             for [k=1:2*has(r)] yours(r) using 2:(100*column(3+2*k)) with lines ls YOU lw 1 notitle
    }
    if (!TXT) { unset multiplot }
}
