"""Gold for chapter 16: PyTorch's recurrent networks, lookup and loss, in double.

    /usr/bin/python3 tests/gold/16-rnn.py > tests/gold/16-rnn.h

PyTorch has two biases where the course has one: b = b_ih + b_hh.  What is drawn a float
holds exactly.  The gradients in the states between the steps nn.RNN does not give: they are
those of the same steps one by one, which must agree with nn.RNN in everything else.
"""
import numpy
import torch
from torch.nn import functional

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(16)


def drawn(*shape, most=1):
    """Multiples of 1/16 from -most to most."""
    values = chance.integers(-16 * most, 16 * most + 1, shape) / 16
    return torch.tensor(values, requires_grad=True)


def given(name, *shape, most=1):
    """The same, shown."""
    values = drawn(*shape, most=most)
    show(name, values)
    return values


class Layer:
    """One layer's weights; of its two biases the sum is shown."""

    def __init__(self, name, D, H):
        self.name = name
        self.weights = [given(name + "_WX", H, D), given(name + "_WH", H, H),
                        drawn(H), drawn(H)]
        show(name + "_B", self.weights[2] + self.weights[3])

    def step(self, x, h):
        Wx, Wh, b_ih, b_hh = self.weights
        return torch.tanh(functional.linear(x, Wx, b_ih) + functional.linear(h, Wh, b_hh))


def by_steps(layers, x, h0):
    """The states h[layer][t], one step after the other."""
    states = []
    for layer, h in zip(layers, h0):
        h = [h]
        for t in range(len(x)):
            h.append(layer.step(x[t], h[t]))
        states.append(h)
        x = torch.stack(h[1:])
    return states


def check(layers, x, h0, dlast, dtop, states):
    """nn.RNN agrees with the states and with the gradients in them; returns its gradients
    in the inputs, and in each layer's weights."""
    H, D = layers[0].weights[0].shape
    weights = sum((layer.weights for layer in layers), [])
    net = torch.nn.RNN(D, H, len(layers))
    for parameter, w in zip(net.parameters(), weights):
        parameter.data = w.detach().clone()
    y, last = net(x, torch.stack(h0))
    loss = (y * dtop[1:]).sum() + (h0[-1] * dtop[0]).sum()
    for h, dh in zip(last, dlast):
        loss = loss + (h * dh).sum()
    dx, *d = torch.autograd.grad(loss, [x] + h0 + list(net.parameters()))
    same = [(y, torch.stack(states[-1][1:])), (dx, x.grad)]
    same += [(dh, h.grad) for dh, h in zip(d, h0)]
    d = d[len(h0):]
    same += [(dw, w.grad) for dw, w in zip(d, weights)]
    assert all(torch.allclose(a, b, rtol=1e-12, atol=1e-12) for a, b in same)
    return dx, [d[4*n:4*n + 3] for n in range(len(layers))]


def rnn(name, T, N, D, H, depth):
    """One or more layers over T steps, from the states H0 to the states H.  The loss weighs
    all states of the last layer, and of the others the one behind the last step."""
    print("\nenum { %s };" % ", ".join("%s_%s = %d" % (name, letter, n) for letter, n in
                                       zip("TNDH", (T, N, D, H))))
    x = given(name + "_X", T, N, D)
    layers = [Layer("%s_%d" % (name, n + 1), H if n else D, H) for n in range(depth)]
    h0 = [given(layer.name + "_H0", N, H) for layer in layers]
    dlast = [given(layer.name + "_DLAST", N, H).detach() for layer in layers[:-1]]
    dtop = torch.stack([given(layers[-1].name + "_DH0", N, H)]
                       + list(given(layers[-1].name + "_DH", T, N, H))).detach()

    states = by_steps(layers, x, h0)
    for h in sum(states, []):
        h.retain_grad()
    loss = (torch.stack(states[-1]) * dtop).sum()
    for h, dh in zip(states, dlast):
        loss = loss + (h[-1] * dh).sum()
    loss.backward()
    dx, dweights = check(layers, x, h0, dlast, dtop, states)

    for layer, h in zip(layers, states):
        show(layer.name + "_H", torch.stack(h[1:]))
    print("#if JUDGE")
    show(name + "_GOLD_DX", dx)
    for layer, h, (dWx, dWh, db) in zip(layers, states, dweights):
        show(layer.name + "_GOLD_DWX", dWx)
        show(layer.name + "_GOLD_DWH", dWh)
        show(layer.name + "_GOLD_DB", db)
        show(layer.name + "_GOLD_DH0", h[0].grad)
        show(layer.name + "_GOLD_DH", torch.stack([state.grad for state in h[1:]]))
    print("#endif")


def lookup(V, N, D):
    """A table's rows by number; some numbers come twice, some never."""
    print("\nenum { LOOKUP_V = %d, LOOKUP_N = %d, LOOKUP_D = %d };" % (V, N, D))
    table = given("LOOKUP_TABLE", V, D)
    ids = torch.tensor(chance.integers(0, V, N))
    show("LOOKUP_IDS", ids)
    dy = given("LOOKUP_DY", N, D).detach()
    y = functional.embedding(ids, table)
    y.backward(dy)
    print("#if JUDGE")
    show("LOOKUP_GOLD_Y", y)
    show("LOOKUP_GOLD_DTABLE", table.grad)
    print("#endif")


def loss(N, K):
    """The mean loss of the rows whose target is not -1."""
    print("\nenum { LOSS_N = %d, LOSS_K = %d };" % (N, K))
    z = given("LOSS_Z", N, K, most=3)
    t = torch.tensor(chance.integers(0, K, N))
    t[1] = t[N - 1] = -1
    show("LOSS_T", t)
    mean = functional.cross_entropy(z, t, ignore_index=-1)
    mean.backward()
    show("LOSS_P", z.softmax(1))
    print("#if JUDGE")
    show("LOSS_GOLD", mean)
    show("LOSS_GOLD_DZ", z.grad)
    print("#endif")


print("/* Made by tests/gold/16-rnn.py with PyTorch %s; do not edit."
      % torch.__version__.split("a")[0])
print(" * What came out only the judge sees. */")
rnn("CELL", 1, 3, 5, 4, 1)
rnn("UNIT", 1, 1, 1, 1, 1)
rnn("SEQ", 5, 2, 3, 7, 1)
rnn("DEEP", 4, 3, 2, 5, 2)
lookup(6, 9, 4)
loss(7, 5)
