"""Gold for chapter 13: a small LeNet in PyTorch, its logits, loss and all gradients, and the
turning of images, in double.

    /usr/bin/python3 tests/gold/13-lenet.py > tests/gold/13-lenet.h

All sizes differ, and the pools leave out a row.  What goes in are numbers that a float
holds exactly.  Images are [N,Y,X,C] and kernels [R,S,C,M], as in the course: PyTorch's own
order is made of them here.
"""
import math

import numpy
import torch
from torch.nn import functional

from gold import show

N, Y, X, C, M1, M2, H1, H2, K = 2, 17, 20, 2, 3, 4, 8, 7, 5
SEED = 21  # of numbers for which clear() holds
torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(SEED)


def given(name, most, *shape):
    """Multiples of 1/64 up to so many of them, shown and returned."""
    values = chance.integers(-most, most + 1, shape) / 64
    show(name, values)
    return torch.tensor(values, requires_grad=True)


def clear(values, what):
    """Nobody's rounding may decide: no number is close to 0."""
    closest = values.detach().abs().min().item()
    assert closest > 1e-4, (what, closest)


def pool(z, what):
    """relu and max pool of [N,M,Y,X]; the largest of a window stands out."""
    clear(z, what)
    h = z.relu()
    windows = h.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4).sort(4).values
    gap = (windows[..., 3] - windows[..., 2])[windows[..., 3] > 0]
    clear(gap, what)
    return functional.max_pool2d(h, 2)


print("/* Made by tests/gold/13-lenet.py with PyTorch %s; do not edit. */"
      % torch.__version__.split("a")[0])
for name in "N", "Y", "X", "C", "M1", "M2", "H1", "H2", "K":
    print("#define GOLD_%s %d" % (name, globals()[name]))
FLAT = (Y // 2 - 4) // 2 * ((X // 2 - 4) // 2) * M2
x = given("GOLD_INPUT", 64, N, Y, X, C)
w = [given("GOLD_W1", 24, 5, 5, C, M1), given("GOLD_B1", 16, M1),
     given("GOLD_W2", 24, 5, 5, M1, M2), given("GOLD_B2", 16, M2),
     given("GOLD_W3", 24, H1, FLAT), given("GOLD_B3", 64, H1),
     given("GOLD_W4", 32, H2, H1), given("GOLD_B4", 64, H2),
     given("GOLD_W5", 32, K, H2), given("GOLD_B5", 64, K)]
t = torch.tensor(chance.integers(0, K, N))
picture = given("GOLD_PICTURE", 64, 5, 7, 2).detach()


def sampled(name, scale, degrees):
    """The picture made larger or turned anticlockwise; PyTorch counts from -1 to 1."""
    c, s = math.cos(math.radians(degrees)) / scale, math.sin(math.radians(degrees)) / scale
    theta = torch.tensor([[[c, -s * 4 / 6, 0], [s * 6 / 4, c, 0]]])
    grid = functional.affine_grid(theta, (1, 2, 5, 7), align_corners=True)
    turned = functional.grid_sample(picture.permute(2, 0, 1)[None], grid, align_corners=True)
    show(name, turned[0].permute(1, 2, 0))


h = x.permute(0, 3, 1, 2)
h = pool(functional.conv2d(h, w[0].permute(3, 2, 0, 1), w[1], padding=2), "conv1")
h = pool(functional.conv2d(h, w[2].permute(3, 2, 0, 1), w[3]), "conv2")
h = h.permute(0, 2, 3, 1).reshape(N, FLAT)
for i in 4, 6:
    z = functional.linear(h, w[i], w[i + 1])
    clear(z, "linear")
    h = z.relu()
z = functional.linear(h, w[8], w[9])
loss = functional.cross_entropy(z, t)
show("GOLD_DZ", torch.autograd.grad(loss, z, retain_graph=True)[0])

print("\n/* What came out: only the judge sees it. */\n#if JUDGE")
show("GOLD_Z", z)
for name, g in zip("W1 B1 W2 B2 W3 B3 W4 B4 W5 B5".split(), torch.autograd.grad(loss, w)):
    show("GOLD_D" + name, g)
sampled("GOLD_LARGER", 1.25, 0)
sampled("GOLD_SMALLER", 0.8, 0)
sampled("GOLD_TURNED", 1, 25)
print("#endif")
