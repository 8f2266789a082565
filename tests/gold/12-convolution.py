"""Gold for chapter 12: PyTorch's convolution and pools, in double.

    /usr/bin/python3 tests/gold/12-convolution.py > tests/gold/12-convolution.h

What goes in are numbers that a float holds exactly; whoever computes in float may
differ from the results by rounding alone.  PyTorch's images are [N,C,Y,X] and its
kernels [M,C,R,S]: here all goes in and comes out as [N,Y,X,C] and [R,S,C,M].
"""
import numpy
import torch
from torch.nn import functional

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(12)


def drawn(steps, *shape):
    """Numbers from -2 to 2, in so many steps to 1."""
    return torch.tensor(chance.integers(-2 * steps, 2 * steps + 1, shape) / steps)


def given(name, *shape, steps=64):
    """The same, shown; what they give can be differentiated."""
    values = drawn(steps, *shape)
    show(name, values)
    return values.requires_grad_()


def planes(x):
    return x.permute(0, 3, 1, 2)


def pixels(x):
    return x.permute(0, 2, 3, 1)


def slopes(names, y, inputs, dy):
    for name, slope in zip(names, torch.autograd.grad(y, inputs, dy)):
        show(name, slope)


def index_in_batch(index, Y, X):
    """PyTorch counts the pixels of each plane alone; here one index runs through x."""
    N, C, P, Q = index.shape
    n, c = torch.arange(N).view(N, 1, 1, 1), torch.arange(C).view(1, C, 1, 1)
    return pixels((n * Y * X + index) * C + c)


print("/* Made by tests/gold/12-convolution.py with PyTorch %s; do not edit. */"
      % torch.__version__.split("a")[0])

# A convolution with other padding on each side and other strides.
N, Y, X, C, R, S, M, P, Q = 2, 5, 6, 2, 3, 2, 3, 3, 6
x, w, b = given("CONV_X", N, Y, X, C), given("CONV_W", R, S, C, M), given("CONV_B", M)
dy = given("CONV_DY", N, P, Q, M).detach()
padded = functional.pad(planes(x), (1, 0, 1, 2))
y = pixels(functional.conv2d(padded, w.permute(3, 2, 0, 1), b, (2, 1)))
A = functional.unfold(padded, (R, S), stride=(2, 1)).view(N, C, R, S, P, Q)
show("CONV_A", A.permute(0, 4, 5, 2, 3, 1))

# Pools, with numbers of which many are equal and few are positive.
pool = dict(kernel_size=(3, 2), stride=(2, 1), padding=(1, 1))
px = (drawn(2, N, Y, X, C) - 1.5).requires_grad_()
show("POOL_X", px)
pdy = given("POOL_DY", N, P, 7, C).detach()
max_y, max_from = functional.max_pool2d(planes(px), return_indices=True, **pool)
again = drawn(2, N, Y, X, C).requires_grad_()
again_y, again_from = functional.max_pool2d(planes(again), return_indices=True, **pool)
show("POOL_FROM", index_in_batch(again_from, Y, X))
gdy = given("GLOBAL_DY", N, C).detach()

# Images as a matrix, and back.
lx, ldA = given("COL_X", 1, 5, 4, 2), given("COL_DA", 1, 3, 2, 3, 2, 2).detach()
col = functional.unfold(planes(lx), (3, 2), stride=(2, 3), padding=(1, 1))
col = col.view(1, 2, 3, 2, 3, 2).permute(0, 4, 5, 2, 3, 1)

print("\n/* What came out: only the judge sees it. */\n#if JUDGE")
show("CONV_Y", y)
slopes(("CONV_DX", "CONV_DW", "CONV_DB"), y, (x, w, b), dy)
show("MAX_Y", pixels(max_y))
show("MAX_FROM", index_in_batch(max_from, Y, X))
slopes(["MAX_DX"], pixels(again_y), [again], pdy)
for name, padding in ("PADDED", True), ("PRESENT", False):
    average = pixels(functional.avg_pool2d(planes(px), count_include_pad=padding, **pool))
    show(name + "_Y", average)
    slopes([name + "_DX"], average, [px], pdy)
mean = functional.adaptive_avg_pool2d(planes(px), 1)[:, :, 0, 0]
show("GLOBAL_Y", mean)
slopes(["GLOBAL_DX"], mean, [px], gdy)
show("COL_A", col)
slopes(["COL_DX"], col, [lx], ldA)
print("#endif")
