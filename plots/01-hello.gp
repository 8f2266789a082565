# 01-hello: how wrong two formulas for the variance are.
# run 01-hello
# quick numbers=100
# figure 01-hello-variance
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.2; H = 2.7
load "plots/style.gp"

set logscale xy
set format "10^{%L}"
set xlabel "distance from zero"; set ylabel "error of the variance"
set xrange [1:1e6]; set yrange [1e-7:1e8]
set ytics 100
set key off
off(c) = abs(column(c) - column(4)) > 1e-7 ? abs(column(c) - column(4)) : 1e-7
set label 1 "one pass" at 1e3, 3e2 right textcolor lt 2
set label 2 "two passes" at 1.5e4, 2e-6 left textcolor lt 1
set label 3 "slope 2" at 8e5, 3e2 right textcolor rgb ink
r = "01-hello"
plot 6e-8 * x * x with lines lc rgb ink dt 2 lw 0.8, \
     run(r) using 1:(off(3)) with linespoints lt 2 pt 7 ps 0.35, \
     run(r) using 1:(off(2)) with linespoints lt 1 pt 7 ps 0.35, \
     for [i=1:has(r)] yours(r) using 1:(off(3)) with lines ls YOU, \
     for [i=1:has(r)] yours(r) using 1:(off(2)) with lines ls YOU
