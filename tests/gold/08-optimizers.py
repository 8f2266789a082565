"""Gold for chapter 08: PyTorch's own optimizers and schedules, in double.

    /usr/bin/python3 tests/gold/08-optimizers.py > tests/gold/08-optimizers.h

Weights, gradients and options are numbers that a float holds exactly; whoever
computes in float may differ from the results by rounding alone.
"""
import numpy
import torch

from gold import show

N, STEPS = 11, 5
torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(8)


def rounded(x):
    """The double that the float next to x stands for."""
    return float(numpy.float32(x))


# Multiples of 1/64; weight 3 never has a gradient, weight 4 not at first, weight 5 a
# large one, weight 6 a small one, weight 7 changes its sign at every step.
w0 = chance.integers(-128, 129, N) / 64
dw = chance.integers(-128, 129, (STEPS, N)) / 64
dw[:, 3] = 0
dw[:2, 4] = 0
dw[:, 5] *= 4
dw[:, 6] /= 1024
dw[:, 7] = numpy.abs(dw[:, 7]) * [1, -1, 1, -1, 1]


def run(name, optimizer, states, **options):
    """Five steps; the weights after them, then what the optimizer remembers."""
    w = torch.tensor(w0, requires_grad=True)
    options = {k: tuple(map(rounded, v)) if isinstance(v, tuple) else
               v if isinstance(v, bool) else rounded(v) for k, v in options.items()}
    opt = optimizer([w], **options)
    for g in dw:
        w.grad = torch.tensor(g)
        opt.step()
    show("%s_W" % name, w.detach().numpy())
    for letter, key in states.items():
        show("%s_%s" % (name, letter), opt.state[w][key].numpy())


def clip(name, most, g):
    w = torch.zeros(len(g), requires_grad=True)
    w.grad = torch.tensor(g)
    norm = torch.nn.utils.clip_grad_norm_([w], most)
    show("%s_DW" % name, w.grad.numpy())
    show("%s_NORM" % name, norm.numpy())


def schedule(name, make, rate, steps):
    """The rate that each of so many steps takes."""
    w = torch.zeros(1, requires_grad=True)
    opt = torch.optim.SGD([w], lr=rounded(rate))
    plan, rates = make(opt), []
    for _ in range(steps):
        rates.append(opt.param_groups[0]["lr"])
        opt.step()
        plan.step()
    show(name, rates)


print("/* Made by tests/gold/08-optimizers.py with PyTorch %s; do not edit. */"
      % torch.__version__.split("a")[0])
print("enum { GOLD_N = %d, GOLD_STEPS = %d };" % (N, STEPS))
show("GOLD_WEIGHTS", w0)
show("GOLD_GRADIENTS", dw)
show("CLIP_GRADIENT", dw[1])
print("\n/* What came out: only the judge sees it. */\n#if JUDGE")
sgd, rms = torch.optim.SGD, torch.optim.RMSprop
adam, adamw = torch.optim.Adam, torch.optim.AdamW
v = {"V": "momentum_buffer"}
s = {"S": "square_avg"}
mv = {"M": "exp_avg", "V": "exp_avg_sq"}
run("MOMENTUM_9", sgd, v, lr=0.1, momentum=0.9)
run("MOMENTUM_5", sgd, v, lr=0.03, momentum=0.5)
run("NESTEROV_9", sgd, v, lr=0.1, momentum=0.9, nesterov=True)
run("NESTEROV_5", sgd, v, lr=0.03, momentum=0.5, nesterov=True)
run("RMSPROP_99", rms, s, lr=0.01, alpha=0.99, eps=1e-8)
run("RMSPROP_80", rms, s, lr=0.1, alpha=0.8, eps=0.05)
run("ADAM_999", adam, mv, lr=0.001, betas=(0.9, 0.999), eps=1e-8)
run("ADAM_95", adam, mv, lr=0.1, betas=(0.8, 0.95), eps=0.05)
run("ADAMW_999", adamw, mv, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
run("ADAMW_95", adamw, mv, lr=0.1, betas=(0.8, 0.95), eps=0.05, weight_decay=0.5)
clip("CLIPPED", 0.5, dw[1])
plans = torch.optim.lr_scheduler
schedule("RATE_STEP", lambda o: plans.StepLR(o, 4, 0.5), 0.3, 15)
schedule("RATE_COSINE", lambda o: plans.CosineAnnealingLR(o, 13), 0.3, 14)
schedule("RATE_WARMUP", lambda o: plans.LinearLR(o, 1 / 5, 1, 4), 0.3, 9)
print("#endif")
