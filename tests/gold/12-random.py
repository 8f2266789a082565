"""Chapter 12 against PyTorch: convolutions and pools of random shapes.

    /usr/bin/python3 tests/gold/12-random.py [how many, 300 unless said] [seed]

Builds tests/conv.c, which draws the shapes and numbers and writes them down with what
the chapter makes of them, and computes the same with PyTorch, in double.  Prints the
largest difference for each result, against the largest number in it, and ends with 1 if
one is more than 1e-5.
"""
import os
import subprocess
import sys
import tempfile

import numpy
import torch
from torch.nn import functional

LIMIT = 1e-5
worst, cases = {}, 0


class Shape:
    def __init__(self, read):
        (self.Y, self.X, self.C, self.R, self.S, self.M, self.stride_y, self.stride_x,
         self.top, self.left, self.P, self.Q, self.N) = read(13, "i4")
        self.images = self.N, self.Y, self.X, self.C
        self.kernels = self.R, self.S, self.C, self.M
        self.stride = self.stride_y, self.stride_x

    def results(self, channels):
        return self.N, self.P, self.Q, channels

    def padded(self, x, value=0):
        """[N,C,rows,columns] with its zeros, as far as the kernel sees."""
        rows = (self.P - 1) * self.stride_y + self.R
        columns = (self.Q - 1) * self.stride_x + self.S
        right = max(0, columns - self.left - self.X)
        below = max(0, rows - self.top - self.Y)
        big = functional.pad(x, (self.left, right, self.top, below), value=value)
        return big[:, :, :rows, :columns]

    def native(self):
        """Whether PyTorch's pools can do the padding themselves, and come to P Q."""
        high = self.Y + 2 * self.top - self.R
        wide = self.X + 2 * self.left - self.S
        return (2 * self.top <= self.R and 2 * self.left <= self.S
                and high // self.stride_y + 1 == self.P
                and wide // self.stride_x + 1 == self.Q)


def planes(x):
    return x.permute(0, 3, 1, 2)


def pixels(x):
    return x.permute(0, 2, 3, 1)


def compare(name, got, want):
    want = want.detach().numpy()
    off = numpy.abs(got - want).max() / max(numpy.abs(want).max(), 1e-30)
    if not off <= worst.get(name, (0, 0))[0]:
        worst[name] = off, worst.get(name, (0, 0))[1]
    worst[name] = worst.get(name, (0, 0))[0], worst.get(name, (0, 0))[1] + 1


def read_from(data):
    """read(shape, type) takes the next numbers of data."""
    at = 0

    def read(shape, kind="f4"):
        nonlocal at
        count = int(numpy.prod(shape))
        values = numpy.frombuffer(data, kind, count, at).reshape(shape)
        at += 4 * count
        return values if kind == "i4" else values.astype("f8")

    return read, lambda: at < len(data)


def leaf(values):
    return torch.tensor(values, requires_grad=True)


def convolution(read):
    c = Shape(read)
    x, w, b = leaf(read(c.images)), leaf(read(c.kernels)), leaf(read(c.M))
    dy = torch.tensor(read(c.results(c.M)))
    before = [torch.tensor(read(shape)) for shape in (c.images, c.kernels, c.M)]
    y = pixels(functional.conv2d(c.padded(planes(x)), w.permute(3, 2, 0, 1).contiguous(),
                                  b, c.stride))
    slopes = [g + d for g, d in zip(before, torch.autograd.grad(y, (x, w, b), dy))]
    for way in "clear", "fast":
        compare("conv y " + way, read(c.results(c.M)), y)
        for name, want in zip(("dx", "dw", "db"), slopes):
            compare("conv %s %s" % (name, way), read(tuple(want.shape)), want)


def average(c, x, padded):
    if c.native():
        return functional.avg_pool2d(x, (c.R, c.S), c.stride, (c.top, c.left),
                                     count_include_pad=padded)
    mean = functional.avg_pool2d(c.padded(x), (c.R, c.S), c.stride)
    there = c.padded(torch.ones_like(x)) if not padded else None
    return mean if padded else mean / functional.avg_pool2d(there, (c.R, c.S), c.stride)


def pools(read):
    c = Shape(read)
    x, dy = leaf(read(c.images)), torch.tensor(read(c.results(c.C)))

    def results(name, y, dy):
        compare(name + " y", read(tuple(y.shape)), y)
        compare(name + " dx", read(c.images), dx + torch.autograd.grad(y, x, dy)[0])

    dx = torch.tensor(read(c.images))
    found = read(c.results(c.C), "i4")
    big = c.padded(planes(x), -numpy.inf)
    y, index = functional.max_pool2d(big, (c.R, c.S), c.stride, return_indices=True)
    i, j = index // big.shape[3] - c.top, index % big.shape[3] - c.left
    n = torch.arange(c.N).view(-1, 1, 1, 1)
    k = torch.arange(c.C).view(1, -1, 1, 1)
    compare("max from", found, pixels(((n * c.Y + i) * c.X + j) * c.C + k))
    results("max", pixels(y), dy)
    for padded in True, False:
        dx = torch.tensor(read(c.images))
        name = "average, padded" if padded else "average, not padded"
        results(name, pixels(average(c, planes(x), padded)), dy)
    dx = torch.tensor(read(c.images))
    mean = functional.adaptive_avg_pool2d(planes(x), 1)[:, :, 0, 0]
    results("global average", mean, dy.reshape(-1)[:c.N * c.C].view(c.N, c.C))


count = sys.argv[1] if len(sys.argv) > 1 else "300"
seed = sys.argv[2] if len(sys.argv) > 2 else "1"
with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(folder, "conv")
    subprocess.run(["cc", "-O3", "-march=native", "-fopenmp", "-Isolutions", "-Ichapters",
                    "tests/conv.c", "-o", program, "-lm"], check=True)
    data = subprocess.run([program, "dump=" + count, "seed=" + seed], check=True,
                          stdout=subprocess.PIPE).stdout
read, more = read_from(data)
torch.set_num_threads(1)
while more():
    convolution(read)
    pools(read)
    cases += 1
print("# result\tshapes\tlargest relative error")
for name in sorted(worst):
    print("%s\t%d\t%.2g" % (name, worst[name][1], worst[name][0]))
good = cases == int(count) and all(off <= LIMIT for off, _ in worst.values())
print("%d convolutions and %d pools %s PyTorch's to %g" %
      (cases, cases, "are" if good else "are NOT", LIMIT))
sys.exit(not good)
