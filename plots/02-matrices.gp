# 02-matrices: GFLOP/s of every rung of the ladder, against the size of the matrices.
# run 02-matrices
# run 02-matrices-clock clock=1 stars=1
# quick largest=64
# quick largest=192 stars=1
# figure 02-matrices-ladder
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.8; H = 3.2
load "plots/style.gp"

r = "02-matrices-clock"
rungs = "ijk ikj blocked packed gemm packed-threads gemm-threads"
only(file, i) = sprintf("< awk -F'\t' '$2 == \"%s\"' '%s'", word(rungs, i), file)
last(i, c) = real(system(substr(only(run(r), i), 2, -1) . " | tail -n 1 | cut -f " . c))

# The rungs on one core, then those on all, in the same colours but thinner.
colour(i) = i < 6 ? i : i - 2
thin(i) = i < 6 ? 1.8 : 1
set logscale xy
set xrange [16:1024]; set yrange [0.2:300]
set xtics (16, 32, 64, 128, 256, 512, 1024)
set ytics (0.3, 1, 3, 10, 30, 100, 300)
set xlabel "size of the matrices"; set ylabel "GFLOP/s" offset 1
set key off
set rmargin 17
do for [i=1:7] {
    set label i word(rungs, i) at 1090, last(i, 5) left textcolor lt colour(i) \
        offset 0, word("0 0 0 -0.7 -0.15 0.15 0.5", i) + 0
}
set label 8 "one core does nothing but multiply and add" at 17, 1.2*last(5, 6) left \
    textcolor rgb ink font ",8"
plot last(5, 6) with lines lc rgb ink dt 2 lw 0.8, last(7, 6) with lines lc rgb ink dt 2 lw 0.8, \
     for [i=1:7] only(run(r), i) using 1:5 with lines lt colour(i) lw thin(i), \
     for [i=1:7*has(r)] only(yours(r), i) using 1:5 with lines ls YOU lw 1
