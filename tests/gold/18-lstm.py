"""Gold for chapter 18: PyTorch's nn.LSTM, in double.

    /usr/bin/python3 tests/gold/18-lstm.py > tests/gold/18-lstm.h

What goes in are numbers that a float holds exactly.  PyTorch has two vectors of biases
for each layer, we have their sum.  It does not show its gates: they come from a loop of
our own, whose states and gradients have to be those of PyTorch.
"""
import numpy
import torch

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(18)


def given(*shape, steps=16, most=16):
    """Multiples of 1/16 from -1 to 1."""
    values = chance.integers(-most, most + 1, shape) / steps
    return torch.tensor(values, requires_grad=True)


def layer(x, h, c, Wx, Wh, b):
    """The states of all steps, from the first on, the gates, and the sums before them."""
    H = h.shape[1]
    hs, cs, gates, sums = [h], [c], [], []
    for now in x:
        z = now @ Wx.T + hs[-1] @ Wh.T + b
        i, f, g, o = (z[:, k*H:(k + 1)*H] for k in range(4))
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        cs.append(f * cs[-1] + i * g)
        hs.append(o * cs[-1].tanh())
        gates.append(torch.cat((i, f, g, o), 1))
        sums.append(z)
    return torch.stack(hs), torch.stack(cs), torch.stack(gates), sums


def same(ours, theirs):
    assert all(torch.allclose(a, b, rtol=0, atol=1e-12) for a, b in zip(ours, theirs))


def gold(name, layers, T, N, D, H):
    """A stack from random states, with a loss that knows all h of the top layer and the
    last h and c of each: its h[t] and c[t] are multiplied by DH[t] and DC[t]."""
    x, first = given(T, N, D), [(given(N, H), given(N, H)) for _ in range(layers)]
    theirs = torch.nn.LSTM(D, H, layers)
    weights = []
    for l in range(layers):
        Wx, Wh, bx, bh = given(4*H, l and H or D), given(4*H, H), given(4*H), given(4*H)
        for what, p in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
                           (Wx, Wh, bx, bh)):
            getattr(theirs, "%s_l%d" % (what, l)).data.copy_(p)
        weights.append((Wx, Wh, (bx + bh).detach().requires_grad_()))
    dh = numpy.zeros((layers, T + 1, N, H))
    dc = numpy.zeros((layers, T + 1, N, H))
    dh[:, T], dc[:, T] = given(layers, N, H).detach(), given(layers, N, H).detach()
    dh[-1] = given(T + 1, N, H).detach()
    dh, dc = torch.tensor(dh), torch.tensor(dc)

    h0 = torch.stack([h for h, _ in first]).detach().requires_grad_()
    c0 = torch.stack([c for _, c in first]).detach().requires_grad_()
    out, (hn, cn) = theirs(x, (h0, c0))
    loss = (out * dh[-1, 1:]).sum() + (hn[:-1] * dh[:-1, T]).sum()
    loss = loss + (cn * dc[:, T]).sum() + (h0 * dh[:, 0]).sum()
    parameters = [getattr(theirs, "%s_l%d" % (what, l)) for l in range(layers)
                  for what in ("weight_ih", "weight_hh", "bias_ih")]
    their_states = torch.autograd.grad(loss, [x, h0, c0] + parameters)

    inputs, made = x, []
    for (h, c), W in zip(first, weights):
        made.append(layer(inputs, h, c, *W))
        inputs = made[-1][0][1:]
    same([made[-1][0][1:]] + [m[0][T] for m in made] + [m[1][T] for m in made],
         [out] + list(hn) + list(cn))
    loss = sum((m[0] * dh[l]).sum() + (m[1] * dc[l]).sum() for l, m in enumerate(made))
    leaves = [x] + [s[0] for s in first] + [s[1] for s in first]
    leaves += [p for W in weights for p in W]
    ours = torch.autograd.grad(loss, leaves, retain_graph=True)
    same(ours, [their_states[0]] + list(their_states[1]) + list(their_states[2])
         + list(their_states[3:]))
    sums = torch.autograd.grad(loss, [z for m in made for z in m[3]])

    print("\nenum { %s };" % ", ".join("%s_%s = %d" % (name, letter, n) for letter, n in
                                       zip("LTNDH", (layers, T, N, D, H))))
    show(name + "_X", x)
    for l, (W, m) in enumerate(zip(weights, made)):
        layer_name = name + (str(l) if layers > 1 else "")
        for what, p in zip(("WX", "WH", "B"), W):
            show("%s_%s" % (layer_name, what), p)
        show(layer_name + "_H0", m[0][0])
        show(layer_name + "_C0", m[1][0])
        show(layer_name + "_DH", dh[l])
        show(layer_name + "_DC", dc[l])
        show(layer_name + "_STATES", m[0][1:])
        show(layer_name + "_MEMORY", m[1][1:])
        show(layer_name + "_GATES", m[2])
    print("#if JUDGE")
    show(name + "_DX", their_states[0])
    for l in range(layers):
        layer_name = name + (str(l) if layers > 1 else "")
        show(layer_name + "_DH0", their_states[1][l])
        show(layer_name + "_DC0", their_states[2][l])
        for what, g in zip(("DWX", "DWH", "DB"), their_states[3 + 3*l:6 + 3*l]):
            show("%s_%s" % (layer_name, what), g)
        show(layer_name + "_DZ", torch.stack(sums[l*T:(l + 1)*T]))
    print("#endif")


print("/* Made by tests/gold/18-lstm.py with PyTorch %s; do not edit."
      % torch.__version__.split("a")[0])
print(" * The gradients only the judge sees. */")
gold("CELL", 1, 1, 3, 2, 4)
gold("SEQ", 1, 4, 2, 3, 5)
gold("STACK", 2, 3, 2, 3, 4)
