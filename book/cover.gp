# cover.gp: the drawing on the cover.  gnuplot -c book/cover.gp OUT (.pdf, .svg or .png)
#
# Level lines of a network of two inputs, two hidden layers of 12 and 6 tanh units, and
# one output; its weights are the fractional parts of multiples of irrational numbers.
H = 12
G = 6
part(x) = 2 * (x - floor(x)) - 1
a(i) = 2.6 * part(i * 0.754877666 + 0.10)
b(i) = 2.6 * part(i * 0.569840291 + 0.45)
c(i) = 1.6 * part(i * 0.618033989 + 0.30)
w(j, i) = 1.15 * part((j * H + i) * 0.819172513)
v(j) = part(j * 0.671043607 + 0.55)
h(i, x, y) = tanh(a(i) * x + b(i) * y + c(i))
g(j, x, y) = tanh(sum [i=1:H] w(j, i) * h(i, x, y))
f(x, y) = sum [j=1:G] v(j) * g(j, x, y)

OUT = ARG1
suffix = OUT[strlen(OUT)-2:]
if (suffix eq "pdf") { set terminal pdfcairo size 7in,6in background rgb "#0b2239" lw 1 rounded }
if (suffix eq "svg") { set terminal svg size 700,600 dynamic background "#0b2239" lw 1 rounded }
if (suffix eq "png") { set terminal pngcairo size 1400,1200 background rgb "#0b2239" lw 2 rounded }
set output OUT
unset border; unset tics; unset key; unset colorbox
set margins 0, 0, 0, 0
set xrange [-1.4:1.4]; set yrange [-1.15:1.25]
set samples 121; set isosamples 105
set contour base; unset surface
set cntrparam levels incremental -4, 0.16, 4
set table $lines; splot f(x, y); unset table
set palette defined (-2.4 "#1d5f8a", -0.8 "#2f86b0", 0 "#7fb8d8", 0.8 "#b98a5a", 2.4 "#d9692c")
set cbrange [-2.4:2.4]
plot $lines using 1:2:3 with lines lw 0.7 lc palette, \
     $lines using 1:(abs($3) < 1e-6 ? $2 : NaN) with lines lw 2.4 lc rgb "#f4f6f8"
