"""Gold for chapter 17: Jacobians by PyTorch, eigenvalues and an orthogonal matrix by NumPy.

    /usr/bin/python3 tests/gold/17-vanishing.py > tests/gold/17-vanishing.h

What is drawn a float holds exactly.  The draws of the course's own streams (kit.h) are made
again here, so that what an exercise draws is known from elsewhere too.
"""
import math

import numpy
import torch

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(17)


def drawn(*shape):
    """Multiples of 1/64 from -1 to 1."""
    return torch.tensor(chance.integers(-64, 65, shape) / 64)


def given(name, *shape):
    """The same, shown."""
    values = drawn(*shape)
    show(name, values)
    return values


def sizes(name, **numbers):
    print("\nenum { %s };" % ", ".join("%s_%s = %d" % (name, letter, n)
                                       for letter, n in numbers.items()))


class Stream:
    """SplitMix64 and what kit.h makes of it."""
    mask = 2 ** 64 - 1

    def __init__(self, at):
        self.at = at

    def bits(self):
        self.at = (self.at + 0x9e3779b97f4a7c15) & self.mask
        z = self.at
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & self.mask
        z = (z ^ z >> 27) * 0x94d049bb133111eb & self.mask
        return z ^ z >> 31

    def uniform(self):
        return (self.bits() >> 40) / 2 ** 24

    def below(self, n):
        """Of 2^64 numbers so few are drawn again that here none is."""
        z = self.bits()
        assert z < self.mask - self.mask % n
        return z % n

    def normal(self):
        while True:
            u, v = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            s = u * u + v * v
            if 0 < s < 1:
                return u * math.sqrt(-2 * math.log(s) / s)


def jacobian(name, T, N, D, H):
    """The last state of PyTorch's network as a function of its first, differentiated."""
    sizes(name, T=T, N=N, H=H)
    net = torch.nn.RNN(D, H)
    for w in net.parameters():
        w.data = drawn(*w.shape)
    x, h0 = drawn(T, N, D), drawn(N, H)
    states, _ = net(x, h0[None])
    show(name + "_H_ALL", torch.cat([h0[None], states]))
    show(name + "_WH", net.weight_hh_l0)
    all_of_it = torch.autograd.functional.jacobian(lambda h: net(x, h[None])[1][0], h0)
    print("#if JUDGE")
    for n in (0, N - 1):
        show("%s_J%d" % (name, n), all_of_it[n, :, n])
    print("#endif")


def radius(name, H, wanted):
    """The first drawn matrix whose eigenvalues, the largest first, are as wanted."""
    while True:
        W = drawn(H, H).numpy()
        values = sorted(numpy.linalg.eigvals(W), key=abs, reverse=True)
        if wanted(values):
            break
    sizes(name, H=H)
    print("/* Eigenvalues: %s. */" % ", ".join("%.3f%+.3fi" % (v.real, v.imag) for v in values))
    show(name + "_W", W)
    print("#if JUDGE")
    show(name + "_RADIUS", abs(values[0]))
    print("#endif")


def orthogonal(name, H, at):
    """Gram and Schmidt's matrix is the Q of A' = Q R, with all R[i,i] above 0."""
    sizes(name, H=H, STREAM=at)
    stream = Stream(at)
    A = numpy.array([[stream.normal() for _ in range(H)] for _ in range(H)])
    Q, R = numpy.linalg.qr(A.T)
    print("#if JUDGE")
    show(name + "_W", Q.T * numpy.sign(numpy.diag(R))[:, None])
    print("#endif")


def adding(name, T, N, at):
    """Examples of the adding problem."""
    sizes(name, T=T, N=N, STREAM=at)
    stream = Stream(at)
    x, y = numpy.zeros((T, N, 2)), numpy.zeros(N)
    for n in range(N):
        x[:, n, 0] = [stream.uniform() for _ in range(T)]
        a = stream.below(T // 2)
        b = T // 2 + stream.below(T - T // 2)
        x[[a, b], n, 1] = 1
        y[n] = (x[:, n, 0] * x[:, n, 1]).sum()
    print("#if JUDGE")
    show(name + "_X", x)
    show(name + "_Y", y)
    print("#endif")


def carry(name, T, N, D, H):
    """Two layers over 2 T steps at once, and their states in the last T of them."""
    sizes(name, T=T, N=N, D=D, H=H)
    net = torch.nn.RNN(D, H, 2, bias=False)
    for w, what in zip(net.parameters(), ("WX1", "WH1", "WX2", "WH2")):
        w.data = given("%s_%s" % (name, what), *w.shape)
    y, _ = net(given(name + "_X", 2 * T, N, D))
    print("#if JUDGE")
    show(name + "_GOLD", y[T:])
    print("#endif")


print("/* Made by tests/gold/17-vanishing.py with PyTorch %s and NumPy %s; do not edit."
      % (torch.__version__.split("a")[0], numpy.__version__))
print(" * What came out only the judge sees. */")
jacobian("JAC", 4, 3, 2, 5)
radius("TURN", 6, lambda v: v[0].imag and abs(v[2]) < 0.8 * abs(v[0]) and abs(v[0].real) > 0.3)
radius("FLIP", 5, lambda v: not v[0].imag and v[0].real < 0 and abs(v[1]) < 0.7 * abs(v[0]))
orthogonal("RIGHT", 6, 1234567)
adding("ADD", 5, 3, 1234567)
carry("CARRY", 3, 2, 3, 4)
