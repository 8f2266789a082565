# 05-gradcheck: two quotients, the error against the step, and a neuron that is checked.
# run 05-gradcheck-steps
# run 05-gradcheck-neuron show=neuron
# run 05-gradcheck-direction show=direction D=784 stars=1
# quick
# quick x=1
# quick show=neuron N=7 D=5
# quick show=direction N=7 D=30 stars=1
# quick hunt=1
# quick hunt=2
# quick hunt=3
# quick hunt=4
# quick hunt=5
# figure 05-gradcheck-secants
# figure 05-gradcheck-steps
# figure 05-gradcheck-neuron
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 4.5; H = FIG eq "05-gradcheck-secants" ? 2.5 : 3.1
load "plots/style.gp"

if (FIG eq "05-gradcheck-secants") {
    f(x) = 1 / (1 + x*x)
    slope(x) = -2*x * f(x)**2
    a = 1.0; h = 0.7
    ahead = (f(a + h) - f(a)) / h
    both = (f(a + h) - f(a - h)) / (2*h)
    set xrange [-0.1:2.3]; set yrange [0.05:1.1]
    set samples 200; unset grid
    set xtics ("x - h" a - h, "x" a, "x + h" a + h); unset ytics
    set arrow 1 from a - h, 0.05 to a - h, f(a - h) nohead lc rgb pale lw 1
    set arrow 2 from a, 0.05 to a, f(a) nohead lc rgb pale lw 1
    set arrow 3 from a + h, 0.05 to a + h, f(a + h) nohead lc rgb pale lw 1
    set key top right width -2
    array P[3] = [a - h, a, a + h]
    plot f(x) with lines lc rgb ink lw 2.4 title "f", \
         [a-1:a+1] f(a) + slope(a)*(x - a) with lines lc rgb ink lw 1.2 dt (6,4) \
             title "the slope at x", \
         [a-0.4:a+1.15] f(a) + ahead*(x - a) with lines lt 2 lw 1.6 title "forward", \
         [a-1:a+1] f(a + h) + both*(x - a - h) with lines lt 1 lw 1.6 title "central", \
         P using (P[$1]):(f(P[$1])) with points pt 7 ps (TXT ? 1 : 0.7) lc rgb ink notitle
}

if (FIG eq "05-gradcheck-steps") {
    r = "05-gradcheck-steps"
    array KIND[4] = ["float forward", "float central", "double forward", "double central"]
    array COLOUR[4] = [5, 2, 6, 1]
    set xlabel "step h"; set ylabel "error" offset 1
    set logscale xy; set format "10^{%T}"
    if (TXT) { set format "%.0e" }
    set xrange [1e-16:2]; set yrange [1e-13:3]
    set xtics 1e-15, 1000; set ytics 1e-12, 1000
    set key bottom left width -3; set samples 400
    if (!TXT) {
        set key off
        set label 1 "float, forward" at 1.6e-8, 0.62 right textcolor lt COLOUR[1]
        set label 2 "float, central" at 1.6e-8, 0.09 right textcolor lt COLOUR[2]
        set label 3 "double, forward" at 3e-12, 1.3e-7 right textcolor lt COLOUR[3]
        set label 4 "double, central" at 1.6e-7, 3e-12 right textcolor lt COLOUR[4]
    }
    # What the book's formula says of a central difference, for the hill at x = 0.7.
    theory(h, noise) = 1.738/6 * h*h + noise * 0.6711/h
    plot [1e-16:2] theory(x, 2.0**-24) with lines lc rgb pale lw 3 notitle, \
         [1e-16:2] theory(x, 2.0**-53) with lines lc rgb pale lw 3 notitle, \
         for [k=1:4] run(r) using 3:(strcol(1)." ".strcol(2) eq KIND[k] && $5 > 0 ? $5 : 1/0) \
             with linespoints lt COLOUR[k] lw 1 pt 7 ps 0.3 title KIND[k], \
         run(r) using 3:(strcol(2) eq "best" ? $5 : 1/0) with points pt 6 ps 1.3 lw 1.5 \
             lc rgb ink title "step chosen by 5.2", \
         for [k=1:4*has(r)] yours(r) using 3:(strcol(1)." ".strcol(2) eq KIND[k] && $5 > 0 ? $5 : 1/0) \
             with lines ls YOU lw 1 notitle
}

if (FIG eq "05-gradcheck-neuron") {
    r = "05-gradcheck-neuron"
    array KIND[3] = ["float", "mixed", "double"]
    array COLOUR[3] = [2, 5, 1]
    array WORDS[3] = ["loss in float", "logits in float", "all in double"]
    set xlabel "step h"; set ylabel "worst relative error" offset 1
    set logscale xy; set format "10^{%T}"
    if (TXT) { set format "%.0e" }
    set xrange [6e-7:1.5]; set yrange [1e-6:3]
    set key off
    if (TXT) { set key bottom left }
    else {
        set label 1 WORDS[1] at 2.2e-5, 1.5 left textcolor lt COLOUR[1]
        set label 2 WORDS[2] at 9e-6, 3e-2 right textcolor lt COLOUR[2]
        set label 3 WORDS[3] at 1e-5, 2.2e-5 left textcolor lt COLOUR[3]
    }
    plot for [k=1:3] run(r) using 2:(strcol(1) eq KIND[k] ? $6 : 1/0) \
             with linespoints lt COLOUR[k] pt 7 ps 0.4 title WORDS[k], \
         for [k=1:3*has(r)] yours(r) using 2:(strcol(1) eq KIND[k] ? $6 : 1/0) \
             with lines ls YOU lw 1 notitle
}
