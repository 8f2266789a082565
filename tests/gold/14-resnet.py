"""Gold for chapter 14: batch norm over images and residual blocks by PyTorch, in double.

    /usr/bin/python3 tests/gold/14-resnet.py > tests/gold/14-resnet.h

Images are [N,Y,X,C], kernels [R,S,C,M].  What goes in are numbers that a float holds
exactly; what comes out has six digits.  Before a ReLU no number is so small that rounding
could change its sign.
"""
import numpy
import torch
from torch.nn import functional

from gold import show

EPSILON, MOMENTUM = 1e-5, 0.1
NEAR = 3e-4  # to zero, before a ReLU
torch.set_default_dtype(torch.float64)


def relu(z):
    global nearest
    nearest = min(nearest, abs(z.detach()).min().item())
    return z.relu()


def rounded(name, t):
    show(name, [float("%.6g" % v) for v in t.detach().numpy().ravel()])


def swapped(name, t):
    """Our order of a tensor of PyTorch's: images and kernels end with the channels."""
    if name.endswith(("X", "Y")):
        return t.permute(0, 2, 3, 1)
    return t.permute(2, 3, 1, 0) if "_W" in name or "_DW" in name else t


class Given:
    """Inputs, drawn when first asked for: multiples of 1/8, or of a finer step."""

    def __init__(self, seed):
        self.chance, self.all = numpy.random.default_rng(seed), {}

    def __call__(self, name, *shape, most=16, steps=8, middle=0):
        if name not in self.all:
            numbers = self.chance.integers(-most, most + 1, shape) / steps + middle
            self.all[name] = torch.tensor(numbers, requires_grad=True)
        return self.all[name]


def norm(given, x, n, train):
    """Batch norm n of a block; what it learned of earlier batches is moved along."""
    C = x.shape[1]
    gamma = given("GAMMA" + n, C, most=8, steps=16, middle=1)
    beta = given("BETA" + n, C, most=4)
    mean = given("MEAN" + n, C, most=4).detach().clone()
    var = given("VAR" + n, C, most=12, steps=16, middle=1).detach().clone()
    y = functional.batch_norm(x, mean, var, gamma, beta, train, MOMENTUM, EPSILON)
    return y, {"RUNNING_MEAN" + n: mean, "RUNNING_VAR" + n: var}


def unit(given, x, n, M, size, stride, train):
    """Convolution and batch norm."""
    w = given("W" + n, M, x.shape[1], size, size, most=4)
    return norm(given, functional.conv2d(x, w, None, stride, size // 2), n, train)


def block(given, train, N, Y, X, C, M, H, stride, padded=False):
    """Basic for H = 0, else a bottleneck of H channels; stride at the first 3 by 3."""
    x = given("X", N, C, Y, X)
    sizes = [(H, 1, 1), (H, 3, stride), (M, 1, 1)] if H else [(M, 3, stride), (M, 3, 1)]
    h, running = x, {}
    for n, (channels, size, step) in enumerate(sizes, 1):
        z, moved = unit(given, h, str(n), channels, size, step, train)
        running.update(moved)
        h = relu(z) if n < len(sizes) else z
    if padded:  # without parameters: every other pixel, zeros for the new channels
        x = functional.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, M - C))
    elif C != M:
        x, moved = unit(given, x, "S", M, 1, stride, train)
        running.update(moved)
    return relu(h + x), running


def backward(name, given, y, running):
    """Shows y, the gradients in all that was given, and what was moved along."""
    dy = given("DY", *y.shape).detach()
    rounded(name + "_Y", swapped("Y", y))
    wanted = [n for n in given.all if n[:2] not in ("DY", "ME", "VA")]
    gradients = torch.autograd.grad(y, [given.all[n] for n in wanted], dy)
    for n, g in zip(wanted, gradients):
        n = "%s_D%s" % (name, n)
        rounded(n, swapped(n, g))
    for n, t in running.items():
        rounded("%s_%s" % (name, n), t)


def gold(name, f, modes):
    """Inputs, then for the judge alone the outputs, of the first seed without numbers
    that are nearly zero."""
    global nearest
    for seed in range(1000):
        given, nearest = Given(seed), 1
        results = [f(given, mode == "TRAIN") for mode in modes]
        if nearest > NEAR:
            break
    y = results[0][0]
    given("DY", *y.shape)
    print()
    for n, t in given.all.items():
        show("%s_%s" % (name, n), swapped("%s_%s" % (name, n), t))
    print("#if JUDGE")
    for mode, (y, running) in zip(modes, results):
        backward("%s_%s" % (name, mode), given, y, running if mode == "TRAIN" else {})
    print("#endif")


def norm_relu(given, train):
    y, running = norm(given, given("X", 3, 7, 5, 4), "", train)
    return relu(y), running


print("/* Made by tests/gold/14-resnet.py with PyTorch %s; do not edit."
      % torch.__version__.split("a")[0])
print(""" * What came out only the judge sees. */
#define GOLD_EPSILON %g
#define GOLD_MOMENTUM %g""" % (EPSILON, MOMENTUM))

BLOCKS = {  # N, Y, X, C, M, H, stride, a padded shortcut
    "BASIC": (2, 4, 3, 3, 3, 0, 1), "BASIC_DOWN": (2, 5, 4, 3, 5, 0, 2),
    "PADDED_DOWN": (2, 5, 4, 2, 4, 0, 2, True),
    "BOTTLENECK": (2, 4, 3, 5, 5, 3, 1), "BOTTLENECK_DOWN": (2, 5, 4, 5, 12, 3, 2),
}
LETTERS = "N", "Y0", "X0", "C", "M", "H", "STRIDE"
gold("NORM", norm_relu, ["TRAIN"])
for name, sizes in BLOCKS.items():
    print("\nenum { %s };" % ", ".join("%s_%s = %d" % (name, letter, n)
                                       for letter, n in zip(LETTERS, sizes)))
    gold(name, lambda given, train: block(given, train, *sizes),
         ["TRAIN"] if name == "PADDED_DOWN" else ["TRAIN", "EVAL"])
