"""Gold for chapter 20: NumPy's quantiles and errors of columns with gaps.

    /usr/bin/python3 tests/gold/20-series.py > tests/gold/20-series.h

What goes in are numbers that a float holds exactly.  A 9 stands for NAN.
"""
import numpy

from gold import show

chance = numpy.random.default_rng(20)


def given(*shape):
    """Multiples of 1/64."""
    return chance.integers(-128, 129, shape) / 64


def gaps(x, every):
    """The same with a gap here and there."""
    x = x.copy()
    x.ravel()[every - 2::every] = numpy.nan
    return x


def hidden(x):
    return numpy.where(numpy.isnan(x), 9, x)


print("/* Made by tests/gold/20-series.py with NumPy %s; do not edit. */"
      % numpy.__version__)
x, q = numpy.sort(given(12)), [0.05, 0.1, 0.33, 0.5, 0.66, 0.9, 0.975]
show("QUANTILE_X", x)
show("QUANTILE_Q", numpy.array(q))
show("QUANTILES", numpy.quantile(x, q))

print("enum { BAND_N = 9, BAND_HORIZON = 4 };")
e = gaps(given(9, 4), 5)
show("BAND_E", hidden(e))
show("BAND_LOW", numpy.nanquantile(e, 0.1, axis=0))
show("BAND_HIGH", numpy.nanquantile(e, 0.9, axis=0))

print("enum { ERROR_N = 5, ERROR_HORIZON = 7 };")
y, t = given(5, 7), gaps(given(5, 7), 4)
show("ERROR_Y", y)
show("ERROR_T", hidden(t))
show("ERROR_E", numpy.sqrt(numpy.nanmean((y - t) ** 2, axis=0)))
