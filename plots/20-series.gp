# 20-series: two series and their gaps; forecasts, their errors by horizon; a leak.
# run 20-series-temperatures
# run 20-series-co2 series=co2
# run 20-series-temperatures-horizon show=horizon
# run 20-series-co2-horizon series=co2 show=horizon
# run 20-series-temperatures-forecasts show=forecasts
# run 20-series-co2-forecasts series=co2 show=forecasts
# run 20-series-temperatures-tune show=tune seeds=2
# run 20-series-co2-tune series=co2 show=tune seeds=2
# run 20-series-temperatures-rnn cell=rnn
# run 20-series-co2-rnn series=co2 cell=rnn
# run 20-series-co2-drift series=co2 drift=8
# run 20-series-co2-all series=co2 show=series
# run 20-series-gaps series=co2 show=gaps
# run 20-series-filling series=co2 show=filling
# run 20-series-leaks series=co2 show=leaks rate=0.005
# run 20-series-number series=co2 show=forecasts difference=0 rate=0.005
# run 20-series-classify show=classify hidden=64 batch=64
# run 20-series-rows show=rows hidden=64 batch=64
# run 20-series-rows-always show=rows hidden=64 batch=64 always=1
# quick epochs=1 windows=40 hidden=5 seeds=2 batch=7
# quick series=co2 show=forecasts horizon=60 window=9 cell=lstm epochs=1 windows=30 hidden=4 seeds=1
# quick series=co2 show=leaks epochs=1 windows=30 hidden=4 seeds=1
# quick show=tune epochs=1 windows=20 seeds=1
# quick show=rows cell=rnn layers=2 always=1 epochs=1 hidden=5 batch=500
# figure 20-series-data
# figure 20-series-filling
# figure 20-series-windows
# figure 20-series-temperatures
# figure 20-series-co2
# figure 20-series-horizon
# figure 20-series-number
# figure 20-series-rows
FIG = ARG1; OUT = ARG2; RESULTS = ARG3; YOURS = ARG4
W = 5.2; H = 2.3
if (FIG eq "20-series-data") { H = 3.7 }
if (FIG eq "20-series-filling") { W = 4.0; H = 2.3 }
if (FIG eq "20-series-windows") { W = 5.2; H = 1.9 }
if (FIG eq "20-series-temperatures") { H = 3.3 }
if (FIG eq "20-series-co2") { H = 2.7 }
if (FIG eq "20-series-number") { H = 2.2 }
if (FIG eq "20-series-rows") { W = 4.2; H = 2.4 }
load "plots/style.gp"

array METHOD[4] = ["naive", "drift", "direct", "rolling"]
array CALLED[4] = ["seasonal naive", "naive with drift", "network, direct", "network, rolling"]
array COLOUR[4] = [OI[7], OI[5], OI[1], OI[2]]
is(method, x) = strcol(1) eq method ? x : NaN
at(date) = strptime("%Y-%m-%d", date)
day(c) = at(strcol(c))
hour(c) = strptime("%Y-%m-%dT%H:%M", strcol(c))
found(c) = strcol(c) eq "nan" ? NaN : column(c)

# The series as they lie in data/: all of them above, a piece of each below.
if (FIG eq "20-series-data") {
    t = "20-series-co2-all"
    set datafile separator "\t,"
    set xdata time
    unset key
    set multiplot layout 2,2 margins 0.075,0.985,0.08,0.93 spacing 0.1,0.19
    set title "Seattle, °F" offset 0,-0.7
    set xrange [at("2010-01-01"):at("2010-12-31")]; set xtics 5270400 format "%b"; set yrange [36:78]
    array PAINT[3] = [OI[1], OI[5], OI[2]]
    array BEGIN[4] = [1, 6133, 7447, 8760]
    plot for [k=1:3] "data/series/seattle-temps.csv" using (hour(1)):2 every 3::BEGIN[k]::BEGIN[k+1] with lines lw 0.3 lc rgb PAINT[k]
    set title "CO_2 at Mauna Loa, ppm" offset 0,-0.7
    set xrange [at("1958-01-01"):at("2002-12-31")]; set xtics 315576000 format "%Y"; set yrange [310:375]
    plot run(t) using (day(2)):(strcol(3) eq "train" ? found(4) : NaN) with lines lw 0.8 lc rgb OI[1], \
         '' using (day(2)):(strcol(3) eq "validation" ? found(4) : NaN) with lines lw 0.8 lc rgb OI[5], \
         '' using (day(2)):(strcol(3) eq "test" ? found(4) : NaN) with lines lw 0.8 lc rgb OI[2]
    set title "five days in March" offset 0,-0.7
    set xrange [at("2010-03-12"):at("2010-03-17")]; set xtics 86400 format "%d"; set yrange [40:53]
    set arrow 1 from at("2010-03-14")+10800,46.5 to at("2010-03-14")+10800,43.2 size screen 0.01,20 lc rgb OI[2] lw 1.2
    set label 1 "one hour is missing" at at("2010-03-14")+10800,47.3 center tc rgb OI[2]
    plot "data/series/seattle-temps.csv" using (hour(1)):(strcol(2) eq "" ? NaN : $2) every ::1 with linespoints pt 7 ps 0.2 lw 0.8 lc rgb OI[1]
    unset arrow 1; unset label 1
    set title "1963 to 1966, with the gaps filled" offset 0,-0.7
    set xrange [at("1963-01-01"):at("1966-12-31")]; set xtics 31557600 format "%Y"; set yrange [315:325]
    plot run(t) using (day(2)):(strcol(4) eq "nan" ? $5 : NaN) with points pt 7 ps 0.25 lc rgb OI[2], \
         '' using (day(2)):(found(4)) with lines lw 0.8 lc rgb OI[1]
    unset multiplot
}

if (FIG eq "20-series-filling") {
    r = "20-series-filling"
    set xlabel "weeks missing"; set ylabel "RMSE, ppm"
    set xrange [0:27]; set yrange [0:3.3]; set xtics 4
    set key top left
    plot run(r) using 1:3 with linespoints pt 7 ps 0.4 lc rgb OI[7] title "the last number again", \
         run(r) using 1:5 with linespoints pt 7 ps 0.4 lc rgb OI[2] title "a straight line to the next", \
         run(r) using 1:4 with linespoints pt 7 ps 0.4 lc rgb OI[1] title "the change of last year", \
         for [j=1:has(r)] yours(r) using 1:4 with linespoints ls YOU title "yours"
}

# Windows: what is read is pale, what is asked for is dark.
if (FIG eq "20-series-windows") {
    unset border; unset tics; unset key; unset grid
    set xrange [-1:101]; set yrange [-0.6:7.3]
    array FROM[3] = [0, 58, 79]
    array TO[3] = [58, 79, 100]
    array NAME[3] = ["training", "validation", "test"]
    array TINT[3] = [OI[1], OI[5], OI[2]]
    do for [i=1:3] {
        set object 10+i rect from FROM[i],6 to TO[i],6.8 fc rgb TINT[i] fs solid 0.85 border lc rgb "white"
        set label 10+i NAME[i] at (FROM[i]+TO[i])/2.0,6.42 center tc rgb "white"
        set arrow 10+i from TO[i],-0.4 to TO[i],6 nohead lc rgb pale lw 0.8
    }
    array ORIGIN[9] = [12, 31, 50, 58, 64, 71, 79, 85, 92]
    array PLACE[9] = [1, 1, 1, 2, 2, 2, 3, 3, 3]
    do for [k=1:9] {
        y = 5.2 - 0.62*(k-1)
        if (TXT) { set label 30+k ".........######" at ORIGIN[k]-12,y left } else {
            set object 30+k rect from ORIGIN[k]-12,y-0.22 to ORIGIN[k],y+0.22 fc rgb TINT[PLACE[k]] fs solid 0.22 noborder
            set object 50+k rect from ORIGIN[k],y-0.22 to ORIGIN[k]+8,y+0.22 fc rgb TINT[PLACE[k]] fs solid 0.9 noborder
        }
    }
    set label 1 (TXT ? "" : "read") at 6,5.2 center tc rgb ink
    set label 2 "asked for" at 21.5,5.2 left tc rgb ink
    plot NaN notitle
}

if (FIG eq "20-series-temperatures") {
    r = "20-series-temperatures-forecasts"
    set xdata time
    set xrange [at("2010-12-05"):at("2010-12-10")]
    set xtics 86400 format "%b %d"
    set multiplot layout 2,1 margins 0.09,0.965,0.08,0.985 spacing 0,0.09
    set key top left horizontal samplen 2.2
    set ylabel "°F" offset 1.2,0
    set yrange [36:48]
    plot run(r) using (hour(2)):6 with lines dt (3,3) lc rgb OI[7] title "seasonal naive", \
         run(r) using (hour(2)):8 with lines lc rgb OI[1] title "network", \
         run(r) using (hour(2)):(found(5)) with points pt 7 ps 0.18 lc rgb OI[8] title "came"
    set ylabel "more than the day before" offset 1.2,0
    set yrange [-0.6:0.4]
    plot for [i=1:!TXT] run(r) using (hour(2)):($10-$6):($11-$6) with filledcurves @BAND lc rgb OI[1] notitle, \
         0 lc rgb OI[7] lw 1.2 dt (3,3) notitle, \
         run(r) using (hour(2)):($8-$6) with lines lc rgb OI[1] notitle, \
         run(r) using (hour(2)):(found(5)-$6) with points pt 7 ps 0.25 lc rgb OI[8] notitle, \
         for [j=1:has(r)] yours(r) using (hour(2)):($8-$6) with lines ls YOU title "yours"
    unset multiplot
}

if (FIG eq "20-series-co2") {
    r = "20-series-co2-forecasts"
    set xdata time
    set xrange [at("1995-05-01"):at("2001-07-15")]; set xtics 31557600 format "%Y"
    set yrange [356:377]
    set ylabel "ppm"
    set key top left samplen 2.2
    plot for [i=1:!TXT] run(r) using (day(2)):10:11 with filledcurves @BAND lc rgb OI[1] notitle, \
         run(r) using (day(2)):6 with lines dt (3,3) lw 1.2 lc rgb OI[7] title "seasonal naive", \
         run(r) using (day(2)):8 with lines lc rgb OI[1] title "network, with its band", \
         run(r) using (day(2)):(found(5)) with points pt 7 ps 0.12 lc rgb OI[8] title "came", \
         for [j=1:has(r)] yours(r) using (day(2)):8 with lines ls YOU title "yours"
}

if (FIG eq "20-series-horizon") {
    array RUN[2] = ["20-series-temperatures-horizon", "20-series-co2-horizon"]
    array TITLE[2] = ["temperatures, RMSE in °F", "CO_2, RMSE in ppm"]
    set multiplot layout 1,2 margins 0.075,0.985,0.17,0.74 spacing 0.1
    do for [i=1:2] {
        set title TITLE[i] offset 0,-0.7
        set xlabel (i == 1 ? "hours ahead" : "weeks ahead")
        last = i == 1 ? 24 : 52
        set xrange [0:last]; set xtics last / 4; set yrange [0:(i == 1 ? 0.25 : 2.5)]
        if (i == 1) { set key at screen 0.53,0.995 center top vertical maxrows 2 samplen 2 width 1 } else { unset key }
        plot for [k=1:4] run(RUN[i]) using (is(METHOD[k], $2)):4 with lines lc rgb COLOUR[k] title CALLED[k], \
             for [j=1:has(RUN[i])] yours(RUN[i]) using (is("direct", $2)):4 with lines ls YOU title "yours"
    }
    unset multiplot
}

if (FIG eq "20-series-number") {
    r = "20-series-number"
    set xdata time
    set xrange [at("1984-01-01"):at("2001-12-31")]; set xtics 63115200 format "%Y"
    set yrange [338:376]
    set ylabel "ppm"
    set key top left
    a = "20-series-co2-all"
    plot run(a) using (day(2)):(strcol(3) eq "train" ? found(4) : NaN) with lines lw 1 lc rgb OI[7] title "training part", \
         run(a) using (day(2)):(strcol(3) eq "train" ? NaN : found(4)) with lines lw 1 lc rgb OI[8] title "validation and test", \
         run(r) using (day(2)):8 with lines lc rgb OI[2] title "network that forecasts the number", \
         for [j=1:has(r)] yours(r) using (day(2)):8 with lines ls YOU title "yours"
}

if (FIG eq "20-series-rows") {
    set xlabel "rows read"; set ylabel "right, %"
    set xrange [1:28]; set yrange [0:100]; set xtics (1, 7, 14, 21, 28)
    set key bottom right
    plot run("20-series-rows-always") using 1:(100*$2) with lines lc rgb OI[1] title "asked after every row", \
         run("20-series-rows") using 1:(100*$2) with lines lc rgb OI[2] title "asked after the last", \
         for [j=1:has("20-series-rows")] yours("20-series-rows") using 1:(100*$2) with lines ls YOU title "yours"
}
