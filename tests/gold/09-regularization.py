"""Gold for chapter 9: PyTorch's cross-entropy with smoothed labels, in double.

    /usr/bin/python3 tests/gold/09-regularization.py > tests/gold/09-regularization.h
"""
import numpy
import torch

from gold import show

N, K = 5, 4
torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(9)
z = torch.tensor(chance.integers(-256, 257, (N, K)) / 64, requires_grad=True)
t = torch.tensor(chance.integers(0, K, N))
print("/* Made by tests/gold/09-regularization.py with PyTorch %s; do not edit. */"
      % torch.__version__.split("a")[0])
print("enum { GOLD_N = %d, GOLD_K = %d };" % (N, K))
show("GOLD_Z", z.detach())
show("GOLD_T", t)
show("GOLD_P", torch.softmax(z, 1).detach())
print("\n/* What came out: only the judge sees it. */\n#if JUDGE")
for percent in 10, 25:
    loss = torch.nn.functional.cross_entropy(z, t, label_smoothing=percent / 100)
    show("SMOOTH_%d_LOSS" % percent, loss.detach())
    show("SMOOTH_%d_DZ" % percent, torch.autograd.grad(loss, z)[0])
print("#endif")
