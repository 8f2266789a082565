"""Gold for chapter 19: PyTorch's nn.GRU, in double.

    /usr/bin/python3 tests/gold/19-gru.py > tests/gold/19-gru.h

What goes in are numbers that a float holds exactly.  PyTorch has two vectors of biases,
r z n each; ours are the sums of both for r and z, then those of n from the inputs and,
for q, from the state.  It does not show its gates: they come from a loop of our own,
whose states and gradients have to be those of PyTorch.
"""
import numpy
import torch

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(19)


def given(*shape):
    """Multiples of 1/16 from -1 to 1."""
    return torch.tensor(chance.integers(-16, 17, shape) / 16, requires_grad=True)


def layer(x, h, Wx, Wh, b):
    """The states of all steps, from the first on, the gates r z n q, and what the four
    gradients are taken in: three sums, and q."""
    H = h.shape[1]
    hs, gates, sums = [h], [], []
    for now in x:
        a = now @ Wx.T + b[:3*H]
        s = hs[-1] @ Wh.T
        in_r, in_z = a[:, :H] + s[:, :H], a[:, H:2*H] + s[:, H:2*H]
        q = b[3*H:] + s[:, 2*H:]
        r, z = in_r.sigmoid(), in_z.sigmoid()
        in_n = a[:, 2*H:] + r * q
        n = in_n.tanh()
        hs.append((1 - z) * n + z * hs[-1])
        gates.append(torch.cat((r, z, n, q), 1))
        sums.append((in_r, in_z, in_n, q))
    return torch.stack(hs), torch.stack(gates), sums


def same(ours, theirs):
    assert all(torch.allclose(a, b, rtol=0, atol=1e-12) for a, b in zip(ours, theirs))


def gold(name, T, N, D, H):
    """A sequence from a random state; in the loss h[t] is multiplied by DH[t]."""
    x, h0, dh = given(T, N, D), given(N, H), given(T + 1, N, H).detach()
    Wx, Wh, bx, bh = given(3*H, D), given(3*H, H), given(3*H), given(3*H)
    theirs = torch.nn.GRU(D, H)
    for what, p in ("weight_ih", Wx), ("weight_hh", Wh), ("bias_ih", bx), ("bias_hh", bh):
        getattr(theirs, what + "_l0").data.copy_(p)
    out, _ = theirs(x, h0[None])
    loss = (out * dh[1:]).sum() + (h0 * dh[0]).sum()
    gradients = list(torch.autograd.grad(loss, [x, h0, theirs.weight_ih_l0, theirs.weight_hh_l0,
                                                theirs.bias_ih_l0, theirs.bias_hh_l0]))
    bx_grad, bh_grad = gradients[-2:]
    gradients[-2:] = [torch.cat((bx_grad, bh_grad[2*H:]))]

    b = torch.cat((bx[:2*H] + bh[:2*H], bx[2*H:], bh[2*H:])).detach().requires_grad_()
    hs, gates, sums = layer(x, h0, Wx, Wh, b)
    same([hs[1:]], [out])
    loss = (hs * dh).sum()
    same(torch.autograd.grad(loss, [x, h0, Wx, Wh, b], retain_graph=True), gradients)
    dz = torch.autograd.grad(loss, [s for step in sums for s in step])

    print("\nenum { %s };" % ", ".join("%s_%s = %d" % (name, letter, n) for letter, n in
                                       zip("TNDH", (T, N, D, H))))
    for what, p in (("X", x), ("WX", Wx), ("WH", Wh), ("B", b), ("H0", h0), ("DH", dh),
                    ("STATES", hs[1:]), ("GATES", gates)):
        show("%s_%s" % (name, what), p)
    print("#if JUDGE")
    for what, g in zip(("DX", "DH0", "DWX", "DWH", "DB"), gradients):
        show("%s_%s" % (name, what), g)
    show(name + "_DGATES", torch.stack([torch.cat(dz[4*t:4*t + 4], 1) for t in range(T)]))
    print("#endif")


print("/* Made by tests/gold/19-gru.py with PyTorch %s; do not edit."
      % torch.__version__.split("a")[0])
print(" * The gradients only the judge sees. */")
gold("CELL", 1, 3, 2, 4)
gold("SEQ", 4, 2, 3, 5)
