# style.gp: how every figure of the course looks.  A chapter's file begins with
#
#     FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
#     W = 4.5; H = 3.0                                          # inches
#     load "plots/style.gp"
#     if (FIG eq "06-mlp-loss") { plot run("06-mlp") using 1:2 ... }
#
# and is called from the top: gnuplot -c plots/06-mlp.gp FIGURE OUT RESULTS [YOURS].
# OUT's suffix picks the terminal: .pdf .svg .png .txt; "" is this terminal, in text.
#   run("06-mlp")          the file of a run we recorded: RESULTS/06-mlp.tsv
#   yours("06-mlp")        the file of the student's own;  has("06-mlp") is 1 where it is
#                          there, else 0: plot for [i=1:has(r)] yours(r) ... ls YOU
#   col("06-mlp", "loss")  the number of a column by its name in the file's first line
#   eval size(3.4, 2.7)    another size than W by H, before plot
#   TXT                    1 in a text terminal: leave out bands and pictures there
#   OI[1..8], ink, pale    colours that colour-blind readers can tell apart (Okabe, Ito)
#   viridis diverging blues    set palette defined (@blues); grey is: set palette gray
#   BAND                   plot ... with filledcurves @BAND
#   eval bare              no axes, no key: for pictures; pixels stay square

if (!exists("FIG") || !exists("OUT") || !exists("RESULTS") || FIG eq "" || RESULTS eq "") {
    print "usage: gnuplot -c plots/NN-name.gp FIGURE OUT RESULTS [YOURS]"
    exit status 1
}
if (!exists("YOURS")) { YOURS = "" }

# ---- files -----------------------------------------------------------------------
run(name) = RESULTS . "/" . name . ".tsv"
mine(name) = YOURS . "/" . name . ".tsv"
has(name) = YOURS eq "" ? 0 : int(system("test -s '" . mine(name) . "' && echo 1 || echo 0"))
yours(name) = has(name) ? mine(name) : run(name)
col(name, c) = int(system("awk -F'\\t' 'NR == 1 { sub(/^# */, \"\"); " . \
    "for (i = 1; i <= NF; i++) if ($i == \"" . c . "\") print i; exit }' '" . run(name) . "'"))
set datafile separator tab

# ---- the terminal ----------------------------------------------------------------
suffix = strlen(OUT) > 4 ? OUT[strlen(OUT)-2:] : "txt"
TXT = suffix eq "txt"
terminal(w, h) = \
    suffix eq "pdf" ? sprintf("pdfcairo enhanced color font 'TeX Gyre Heros,9' size %g,%g lw 1.2 rounded", w, h) : \
    suffix eq "svg" ? sprintf("svg enhanced font 'Helvetica,Arial,sans-serif,12' size %g,%g lw 1.3 rounded dynamic", 120*w, 120*h) : \
    suffix eq "png" ? sprintf("pngcairo enhanced font 'TeX Gyre Heros,10' size %g,%g fontscale 1.6 lw 2 rounded", 200*w, 200*h) : \
    "dumb size 79,24 noenhanced mono"
size(w, h) = "set output; set terminal " . terminal(w, h) . \
    (OUT eq "" ? "" : "; set output '" . OUT . "'")
if (!exists("W")) { W = 4.5 }
if (!exists("H")) { H = 3.0 }
eval size(W, H)

# ---- colours and lines -----------------------------------------------------------
array OI[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A8F98", "#000000"]
ink = "#3a4150"
pale = "#dfe3e8"
do for [i=1:8] { set linetype i lc rgb OI[i] lw 1.8 pt i ps 0.6 }
set linetype cycle 8
YOU = 99
set style line YOU lc rgb "#000000" lw 2.2 dt (8,8) pt 6 ps 0.8
viridis = "0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725'"
diverging = "-1 '#0072B2', -0.5 '#7fb8d8', 0 '#f7f7f7', 0.5 '#eaae80', 1 '#D55E00'"
blues = "0 '#f7fbff', 1 '#deebf7', 2 '#c6dbef', 3 '#9ecae1', 4 '#6baed6', 5 '#4292c6', 6 '#2171b5', 7 '#08519c', 8 '#08306b'"
BAND = "fs transparent solid 0.18 noborder"

# ---- axes ------------------------------------------------------------------------
set encoding utf8
set border 3 lc rgb ink lw 0.8
set tics nomirror out scale 0.5 textcolor rgb ink
set grid ytics lc rgb pale lw 0.7 dt 1
if (TXT) { unset grid }
set key top right reverse Left samplen 1.6 spacing 1.15 textcolor rgb ink noopaque
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink
set title textcolor rgb ink
bare = "unset border; unset tics; unset key; unset colorbox; unset grid; set size ratio -1"
