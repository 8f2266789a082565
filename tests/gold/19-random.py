"""Chapters 16 to 19 against PyTorch: recurrent networks of random shapes.

    /usr/bin/python3 tests/gold/19-random.py [how many of each kind, 60 unless said] [seed]

Builds tests/recurrent.c, which draws networks of one to three layers, inputs, first states
and what comes back from the loss, and writes them down with what the chapters make of them;
computes the same with PyTorch, in double.  Prints the largest difference for each result,
against the largest number in it, and ends with 1 if one is more than 1e-5 forward, 1e-4
backward.
"""
import os
import subprocess
import sys
import tempfile

import numpy
import torch

NAMES, GATES, WIDTH = ["rnn", "lstm", "gru"], [1, 4, 3], [1, 4, 4]
KINDS = [torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU]
worst, cases = {}, 0


def leaf(values):
    return torch.tensor(values, requires_grad=True)


def compare(name, got, want):
    want = want.detach().numpy()
    off = numpy.abs(got - want).max() / max(numpy.abs(want).max(), 1e-30)
    before, count = worst.get(name, (0, 0))
    worst[name] = (before if off <= before else off), count + 1


def network(read):
    kind, V, E, D, H, layers, K, T, N, O = (int(n) for n in read(10, "i4"))
    G, W = GATES[kind] * H, WIDTH[kind] * H
    ids, x = (read((T, N), "i4"), None) if V else (None, leaf(read((T, N, D))))

    # The block of weights: table, then Wx, Wh and b of every layer, then the outputs.
    shapes = [(V, E)]
    for layer in range(layers):
        shapes += [(G, H if layer else E or V or D), (G, H), (W,)]
    shapes += [(K, H), (K,)]
    weights = [leaf(read(shape)) for shape in shapes]
    before = [read(shape) for shape in shapes]
    dz = torch.tensor(read((O, N, K)))
    states = 2 if kind == 1 else 1
    first = [[leaf(read((N, H))) for _ in range(states)] for _ in range(layers)]

    if V:
        table = weights[0] if E else torch.eye(V, dtype=torch.float64)
        h = table[torch.tensor(ids, dtype=torch.int64)]
    else:
        h = x
    last = []
    for layer in range(layers):
        Wx, Wh, b = weights[1 + 3 * layer:4 + 3 * layer]
        bh = torch.zeros(G, dtype=torch.float64)
        if kind == 2:
            bh = torch.cat([bh[:2 * H], b[3 * H:]])
        net = KINDS[kind](Wx.shape[1], H).double()
        for name in "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0":
            delattr(net, name)
        net.weight_ih_l0, net.weight_hh_l0 = Wx, Wh
        net.bias_ih_l0, net.bias_hh_l0 = b[:G], bh
        net._flat_weights = [Wx, Wh, net.bias_ih_l0, net.bias_hh_l0]
        given = tuple(s[None] for s in first[layer])
        h, end = net(h, given if kind == 1 else given[0])
        last += [s[0] for s in (end if kind == 1 else [end])]
    z = h[T - O:] @ weights[-2].T + weights[-1]

    compare(NAMES[kind] + " z", read((O, N, K)), z)
    for s in last:
        compare(NAMES[kind] + " last states", read((N, H)), s)
    flat = [s for pair in first for s in pair]
    slopes = torch.autograd.grad(z, weights + flat, dz, allow_unused=True)
    for shape, b, slope in zip(shapes, before, slopes):
        got = read(shape)
        if got.size:
            compare(NAMES[kind] + " gradients of weights", got, torch.tensor(b) + slope)
    for slope in slopes[len(weights):]:
        compare(NAMES[kind] + " gradients of first states", read((N, H)), slope)


def read_from(data):
    at = 0

    def read(shape, kind="f4"):
        nonlocal at
        count = int(numpy.prod(shape))
        values = numpy.frombuffer(data, kind, count, at).reshape(shape)
        at += 4 * count
        return values if kind == "i4" else values.astype("f8")

    return read, lambda: at < len(data)


count = sys.argv[1] if len(sys.argv) > 1 else "60"
seed = sys.argv[2] if len(sys.argv) > 2 else "1"
with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(folder, "recurrent")
    subprocess.run(["cc", "-O3", "-march=native", "-fopenmp", "-Isolutions", "-Ichapters",
                    "tests/recurrent.c", "-o", program, "-lm"], check=True)
    data = subprocess.run([program, "dump=" + count, "seed=" + seed], check=True,
                          stdout=subprocess.PIPE).stdout
read, more = read_from(data)
torch.set_num_threads(1)
while more():
    network(read)
    cases += 1
print("# result\tarrays\tlargest relative error")
good = cases == 3 * int(count)
for name in sorted(worst):
    off, number = worst[name]
    print("%s\t%d\t%.2g" % (name, number, off))
    good = good and off <= (1e-4 if "gradients" in name else 1e-5)
print("%d networks %s PyTorch's" % (cases, "are" if good else "are NOT"))
sys.exit(not good)
