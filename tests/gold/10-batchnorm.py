"""Gold for chapter 10: PyTorch's batch and layer normalization, in double.

    /usr/bin/python3 tests/gold/10-batchnorm.py > tests/gold/10-batchnorm.h

What goes in are numbers that a float holds exactly; whoever computes in float may
differ from the results by rounding alone.
"""
import numpy
import torch

from gold import show

N, D = 5, 3
EPSILON, MOMENTUM = 0.0625, 0.125
torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(10)


def given(name, *shape):
    """Multiples of 1/64, shown and returned."""
    values = chance.integers(-128, 129, shape) / 64
    show(name, values)
    return torch.tensor(values, requires_grad=True)


print("/* Made by tests/gold/10-batchnorm.py with PyTorch %s; do not edit. */"
      % torch.__version__.split("a")[0])
print("enum { GOLD_N = %d, GOLD_D = %d };" % (N, D))
print("#define GOLD_EPSILON %g\n#define GOLD_MOMENTUM %g" % (EPSILON, MOMENTUM))
x, dy = given("GOLD_X", N, D), given("GOLD_DY", N, D).detach()
gamma, beta = given("GOLD_GAMMA", D), given("GOLD_BETA", D)
mean0 = given("GOLD_MEAN0", D).detach()
var0 = torch.tensor(chance.integers(16, 129, D) / 64)
show("GOLD_VAR0", var0)

mean, var = x.detach().mean(0), x.detach().var(0, unbiased=False)
show("GOLD_MEAN", mean)
show("GOLD_VAR", var)
show("GOLD_RSTD", (var + EPSILON) ** -0.5)
show("GOLD_XHAT", (x - mean) * (var + EPSILON) ** -0.5)
row = x.detach()
rstd = (row.var(1, unbiased=False) + EPSILON) ** -0.5
show("GOLD_LAYER_XHAT", (row - row.mean(1, keepdim=True)) * rstd[:, None])
show("GOLD_LAYER_RSTD", rstd)


def backward(name, y):
    show(name + "_Y", y)
    for what, g in zip(("DX", "DGAMMA", "DBETA"),
                       torch.autograd.grad(y, (x, gamma, beta), dy)):
        show("%s_%s" % (name, what), g)


print("\n/* What came out: only the judge sees it. */\n#if JUDGE")
norm = torch.nn.functional.batch_norm
running_mean, running_var = mean0.clone(), var0.clone()
backward("BATCH", norm(x, running_mean, running_var, gamma, beta, True, MOMENTUM, EPSILON))
show("RUNNING_MEAN", running_mean)
show("RUNNING_VAR", running_var)
backward("FIXED", norm(x, mean0, var0, gamma, beta, False, MOMENTUM, EPSILON))
backward("LAYER", torch.nn.functional.layer_norm(x, (D,), gamma, beta, EPSILON))
print("#endif")
