"""peers.py: our speed beside that of OpenBLAS and PyTorch, tuned as well as we can.

    python3 tests/bench/peers.py [ONLY [THREADS]]

Ours and theirs take turns, seven times; ratio is the median of their time over ours in
the same turn, so that a change of the machine's clock does not count for either side.
Every line comes from a process of its own, with a peak memory of its own.

Tuned: OpenBLAS with the kernels of this CPU and, where it is installed, with OpenMP
threads, because its own threads quarrel with PyTorch's; pages are kept by malloc.  What
works on images is measured in both of PyTorch's layouts, -nchw and -nhwc
(channels_last), and only the faster one gets a ratio.  For training there is also
PyTorch just as installed, in its own layout, NCHW.
"""
import ctypes
import ctypes.util
import glob
import os
import re
import resource
import statistics
import subprocess
import sys
import time

TURNS, SLICE = 7, 0.3
OPENMP = sorted(glob.glob("/usr/lib/*/openblas-openmp/libopenblas.so.0"))
OPENBLAS = OPENMP[0] if OPENMP else ctypes.util.find_library("openblas")  # may be None


# ---- the peers: one step each, and what of its time is not theirs --------------------

def gemm_step(name, batch, who):
    """cblas_sgemm on matrices like ours, without allocation."""
    import numpy
    sizes = name.split("-")
    N, D, M = (int(n) for n in sizes[1:4])
    at, bt = sizes[4:] == ["at"], sizes[4:] == ["bt"]
    blas = ctypes.CDLL(OPENBLAS)
    rng = numpy.random.default_rng(1)
    A = rng.standard_normal(N * D, dtype=numpy.float32)
    B = rng.standard_normal(D * M, dtype=numpy.float32)
    C = numpy.empty(N * M, dtype=numpy.float32)
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in (A, B, C)]

    def call(N, D, M):
        i, f = ctypes.c_int, ctypes.c_float
        arguments = [i(101), i(112 if at else 111), i(112 if bt else 111),
                     i(N), i(M), i(D), f(1), pointers[0], i(max(1, N if at else D)),
                     pointers[1], i(max(1, D if bt else M)), f(0),
                     pointers[2], i(max(1, M))]
        sgemm = blas.cblas_sgemm
        return lambda: sgemm(*arguments)

    # What the call itself takes from Python is not OpenBLAS's fault: an empty product.
    empty, times = call(0, 0, 0), []
    for _ in range(2000):
        start = time.perf_counter()
        empty()
        times.append(time.perf_counter() - start)
    step = call(N, D, M)
    step.keep = A, B, C
    return step, statistics.median(times)


def layout(who):
    import torch
    return torch.channels_last if who.endswith("-nhwc") else torch.contiguous_format


def training(net, optimizer, next_batch):
    import torch

    def step():
        x, t = next_batch()
        loss = torch.nn.functional.cross_entropy(net(x), t)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def fashion(batch):
    """The same images as ours, in a new order in every epoch; as floats in memory."""
    import numpy
    import torch
    folder = "data/fashion-mnist/train-"
    images = numpy.fromfile(folder + "images-idx3-ubyte", dtype=numpy.uint8)[16:]
    labels = numpy.fromfile(folder + "labels-idx1-ubyte", dtype=numpy.uint8)[8:]
    t = torch.from_numpy(labels.astype(numpy.int64))
    x = torch.from_numpy(images.reshape(len(labels), 784)).float().div_(255)
    state = {"next": len(t)}

    def next_batch():
        if state["next"] + batch > len(t):
            state["order"], state["next"] = torch.randperm(len(t)), 0
        chosen = state["order"][state["next"]:state["next"] + batch]
        state["next"] += batch
        return x[chosen], t[chosen]

    return next_batch


def mlp_step(name, batch, who):
    import torch
    from torch import nn
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(),
                        nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    if name == "mlp-sgd":
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    return training(net, optimizer, fashion(batch)), 0


def lenet_step(name, batch, who):
    import torch
    from torch import nn
    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(2),
                        nn.Conv2d(8, 16, 5), nn.ReLU(True), nn.MaxPool2d(2),
                        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(True),
                        nn.Linear(120, 84), nn.ReLU(True), nn.Linear(84, 10))
    net = net.to(memory_format=layout(who))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    draw = fashion(batch)

    def next_batch():
        x, t = draw()
        return x.view(batch, 1, 28, 28).contiguous(memory_format=layout(who)), t

    return training(net, optimizer, next_batch), 0


def resnet(name):
    """resnet20: He et al. 2015, for CIFAR; shortcuts without parameters, which leave out
    every other pixel and append channels of zeros.  resnet50: as torchvision has it.
    detect: chapter 15's; what every cell says is a convolution of 1 by 1."""
    from torch import nn

    def unit(C, M, size, stride=1, relu=True):
        return nn.Sequential(nn.Conv2d(C, M, size, stride, size // 2, bias=False),
                             nn.BatchNorm2d(M), *[nn.ReLU(True)] * relu)

    class Halved(nn.Module):
        def forward(self, x):
            return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, x.shape[1]))

    class Block(nn.Module):
        def __init__(self, way, shortcut):
            super().__init__()
            self.way, self.shortcut = way, shortcut

        def forward(self, x):
            return self.way(x).add_(self.shortcut(x)).relu_()

    detect = name == "detect"
    small = detect or name.startswith("resnet20")
    C = 16 if small else 64
    net = ([unit(1, C, 3, 2)] if detect else [unit(3, C, 3)] if small else
           [unit(3, C, 7, 2), nn.MaxPool2d(3, 2, 1)])
    stages = (1, 1, 1) if detect else (3, 3, 3) if small else (3, 4, 6, 3)
    for stage, blocks in enumerate(stages):
        H = (16 if small else 64) << stage
        M = H if small else 4 * H
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            if small:
                way = [unit(C, H, 3, stride), unit(H, M, 3, relu=False)]
            else:
                way = [unit(C, H, 1), unit(H, H, 3, stride), unit(H, M, 1, relu=False)]
            shortcut = (nn.Identity() if C == M else Halved() if small and not detect
                        else unit(C, M, 1, stride, relu=False))
            net.append(Block(nn.Sequential(*way), shortcut))
            C = M
    if detect:
        return nn.Sequential(*net, nn.Conv2d(C, 15, 1))
    return nn.Sequential(*net, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(C, 10 if small else 1000))


def resnet_step(name, batch, who):
    """Always on the same images of random numbers: 32 by 32, or 64 by 64."""
    import torch
    torch.manual_seed(1)
    small = name == "resnet20"
    net = resnet(name).to(memory_format=layout(who))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9,
                                weight_decay=1e-4 if small else 0)
    x = torch.randn(batch, 3, *[32 if small else 64] * 2)
    x = x.contiguous(memory_format=layout(who))
    t = torch.randint(10 if small else 1000, (batch,))
    return training(net, optimizer, lambda: (x, t)), 0


def detect_step(name, batch, who):
    """Always on the same images of random numbers, 64 by 64, of whose 64 cells 9 have an
    object.  Where these are is known beforehand: nothing is searched or copied for it."""
    import torch
    from torch.nn import functional
    torch.manual_seed(1)
    net = resnet(name).to(memory_format=layout(who))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    x = torch.randn(batch, 1, 64, 64).contiguous(memory_format=layout(who))
    cells = torch.arange(batch * 64).view(batch, 64)[:, 20:29].flatten()
    there = torch.zeros(batch * 64).index_fill_(0, cells, 1)
    box, kind = torch.rand(len(cells), 4), torch.randint(10, (len(cells),))

    def step():
        z = net(x).permute(0, 2, 3, 1).reshape(-1, 15)
        own = z[cells]
        loss = (functional.smooth_l1_loss(own[:, :4], box, reduction="sum", beta=0.1)
                + functional.binary_cross_entropy_with_logits(z[:, 4], there,
                                                              reduction="sum")
                + functional.cross_entropy(own[:, 5:], kind, reduction="sum"))
        optimizer.zero_grad(set_to_none=True)
        (loss / len(cells)).backward()
        optimizer.step()

    return step, 0


def infer_step(name, batch, who):
    """224 by 224.  jit: frozen, batch norm folded into the weights, oneDNN's layout."""
    import torch
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    net = resnet(name).eval().to(memory_format=layout(who))
    x = torch.randn(batch, 3, 224, 224).contiguous(memory_format=layout(who))
    if who.startswith("jit"):
        net = torch.jit.freeze(torch.jit.trace(net, x))
        net = torch.jit.optimize_for_inference(net)
        for _ in range(3):
            net(x)  # only then is its plan settled
    return lambda: net(x), 0


def conv_step(name, batch, who):
    """conv-f-Y-X-C-R-S-M-stride-padding: forward; -x- to the images, -w- the kernels."""
    import torch
    torch.manual_seed(1)
    torch.set_grad_enabled(False)
    way = name.split("-")[1]
    Y, X, C, R, S, M, stride, padding = (int(n) for n in name.split("-")[2:])
    x = torch.randn(batch, C, Y, X).contiguous(memory_format=layout(who))
    w = torch.randn(M, C, R, S).contiguous(memory_format=layout(who))
    if way == "f":
        return lambda: torch.conv2d(x, w, None, stride, padding), 0
    dy = torch.randn_like(torch.conv2d(x, w, None, stride, padding))
    return lambda: torch.ops.aten.convolution_backward(
        dy, x, w, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1,
        [way == "x", way == "w", False]), 0


# Gates of a unit.  256 units, sequences of 64 of 96 characters, one-hot; Adam; always the
# same random characters.
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
UNITS, STEPS, CHARACTERS = 256, 64, 96


def recurrent_step(name, batch, who):
    if who == "numpy":
        return numpy_step(name, batch), 0
    import torch
    from torch import nn
    torch.manual_seed(1)
    kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[name]
    recurrent, output = kind(CHARACTERS, UNITS), nn.Linear(UNITS, CHARACTERS)
    weights = [*recurrent.parameters(), *output.parameters()]
    optimizer = torch.optim.Adam(weights, lr=0.001)
    x = torch.randint(CHARACTERS, (STEPS, batch))
    t = torch.randint(CHARACTERS, (STEPS * batch,))
    one_hot = torch.eye(CHARACTERS)

    def net(ids):
        h, _ = recurrent(nn.functional.embedding(ids, one_hot))
        return output(h.view(-1, UNITS))

    return training(net, optimizer, lambda: (x, t)), 0


def numpy_step(name, N):
    """The same by hand in NumPy, as fast as we could make it: the products of a step of
    all gates at once, those of the weights after the last step, one-hot inputs looked up,
    exp() for tanh() too (on AVX2 it is the faster one), results written in place."""
    import numpy as np
    rng = np.random.default_rng(1)
    T, H, V, G = STEPS, UNITS, CHARACTERS, GATES[name] * UNITS
    shapes = [(V, G), (G, H), (4 * H if name == "gru" else G,), (V, H), (V,)]
    ends = np.cumsum([0] + [int(np.prod(s)) for s in shapes])

    def views(block):
        return [block[a:b].reshape(s) for a, b, s in zip(ends, ends[1:], shapes)]

    w = rng.uniform(-1 / 16, 1 / 16, ends[-1]).astype(np.float32)
    dw, m, v, r = (np.zeros_like(w) for _ in range(4))
    (table, Wh, b, Wo, bo), (dtable, dWh, db, dWo, dbo) = views(w), views(dw)
    x, t = rng.integers(V, size=(T, N)), rng.integers(V, size=T * N)
    one_hot = np.eye(V, dtype=np.float32)[x.ravel()]
    rows = np.arange(T * N)
    h, c, dc = (np.zeros((T + 1, N, H), np.float32) for _ in range(3))
    a = np.zeros((T, N, G), np.float32)  # gates, then their gradients
    q = np.zeros((T, N, H), np.float32)  # GRU: what the state adds to n, then its gradient
    u = np.zeros((N, G), np.float32)
    steps = 0

    def sigmoid(z):
        np.negative(z, out=z)
        np.exp(z, out=z)
        z += 1
        np.reciprocal(z, out=z)

    def tanh(z):
        z *= 2
        sigmoid(z)
        z *= 2
        z -= 1

    def forward(i):
        z = a[i]
        np.matmul(h[i], Wh.T, out=u)
        np.take(inputs, x[i], axis=0, out=z, mode="clip")
        if name == "rnn":
            np.add(z, u, out=h[i + 1])
            tanh(h[i + 1])
        elif name == "lstm":
            z += u
            sigmoid(z[:, :2 * H])
            tanh(z[:, 2 * H:3 * H])
            sigmoid(z[:, 3 * H:])
            I, F, C, O = (z[:, k * H:(k + 1) * H] for k in range(4))
            np.multiply(F, c[i], out=c[i + 1])
            c[i + 1] += I * C
            shown = c[i + 1].copy()
            tanh(shown)
            np.multiply(O, shown, out=h[i + 1])
            q[i] = shown
        else:
            z[:, :2 * H] += u[:, :2 * H]
            sigmoid(z[:, :2 * H])
            np.add(u[:, 2 * H:], b[3 * H:], out=q[i])
            R, Z, C = (z[:, k * H:(k + 1) * H] for k in range(3))
            C += R * q[i]
            tanh(C)
            np.subtract(h[i], C, out=h[i + 1])
            h[i + 1] *= Z
            h[i + 1] += C

    def backward(i, dh):
        z = a[i]
        if name == "rnn":
            np.multiply(h[i + 1], h[i + 1], out=z)
            np.subtract(1, z, out=z)
            z *= dh
            return z @ Wh
        if name == "lstm":
            I, F, C, O = (z[:, k * H:(k + 1) * H] for k in range(4))
            s = q[i]
            d = dc[0]
            d += dh * O * (1 - s * s)
            dI = d * C
            dI *= I * (1 - I)
            dC = d * I
            dC *= 1 - C * C
            dF = d * c[i]
            dF *= F * (1 - F)
            d *= F
            dO = dh * s
            dO *= O * (1 - O)
            I[...], F[...], C[...], O[...] = dI, dF, dC, dO
            return z @ Wh
        R, Z, C = (z[:, k * H:(k + 1) * H] for k in range(3))
        dC = dh * (1 - Z)
        dC *= 1 - C * C
        dZ = h[i] - C
        dZ *= dh
        kept = dh * Z
        dZ *= Z * (1 - Z)
        dR = dC * q[i]
        dR *= R * (1 - R)
        np.multiply(dC, R, out=q[i])
        R[...], Z[...], C[...] = dR, dZ, dC
        kept += z[:, :2 * H] @ Wh[:2 * H]
        kept += q[i] @ Wh[2 * H:]
        return kept

    def step():
        nonlocal inputs, steps
        inputs = table + b[:G]
        for i in range(T):
            forward(i)
        seen = h[1:].reshape(-1, H)
        p = seen @ Wo.T
        p += bo
        p -= p.max(axis=1, keepdims=True)
        np.exp(p, out=p)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, t]).mean()
        p[rows, t] -= 1
        p /= T * N
        np.matmul(p.T, seen, out=dWo)
        p.sum(axis=0, out=dbo)
        above = (p @ Wo).reshape(T, N, H)
        dh, dc[0] = np.zeros((N, H), np.float32), 0
        for i in reversed(range(T)):
            dh += above[i]
            dh = backward(i, dh)
        flat, before = a.reshape(-1, G), h[:-1].reshape(-1, H)
        if name == "gru":
            np.matmul(flat[:, :2 * H].T, before, out=dWh[:2 * H])
            np.matmul(q.reshape(-1, H).T, before, out=dWh[2 * H:])
            q.reshape(-1, H).sum(axis=0, out=db[3 * H:])
        else:
            np.matmul(flat.T, before, out=dWh)
        np.matmul(one_hot.T, flat, out=dtable)
        dtable.sum(axis=0, out=db[:G])
        steps += 1
        np.subtract(dw, m, out=r)
        np.multiply(r, 0.1, out=r)
        np.add(m, r, out=m)
        np.multiply(dw, dw, out=r)
        np.subtract(r, v, out=r)
        np.multiply(r, 0.001, out=r)
        np.add(v, r, out=v)
        np.multiply(v, 1 / (1 - 0.999 ** steps), out=r)
        np.sqrt(r, out=r)
        np.add(r, 1e-8, out=r)
        np.divide(m, r, out=r)
        np.multiply(r, 0.001 / (1 - 0.9 ** steps), out=r)
        np.subtract(w, r, out=w)
        return loss

    inputs = None
    return step


# Workloads that begin so: the step, and who takes it.  The longest name decides.
BOTH = ["torch-nchw", "torch-nhwc"]
PEERS = {
    "gemm": (gemm_step, ["openblas"] if OPENBLAS else []),
    "mlp": (mlp_step, ["torch", "torch-installed"]),
    "lenet": (lenet_step, BOTH + ["torch-installed"]),
    "resnet20": (resnet_step, BOTH + ["torch-installed"]),
    "resnet50": (resnet_step, BOTH + ["torch-installed"]),
    "resnet50-infer": (infer_step, ["eager-nchw", "eager-nhwc", "jit-nchw", "jit-nhwc"]),
    "conv": (conv_step, BOTH),
    "detect": (detect_step, BOTH + ["torch-installed"]),
    **{cell: (recurrent_step, ["torch", "torch-installed", "numpy"]) for cell in GATES},
}


def peers_of(name):
    return PEERS[max((key for key in PEERS if name.startswith(key)), key=len)]


def peak_memory():
    """In MB, of this process alone."""
    try:
        with open("/proc/self/status") as f:
            return int(re.search(r"VmHWM:\s*(\d+)", f.read()).group(1)) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def serve(name, batch, who):
    """For every line that comes in, measures, and answers: ms of a step, MB."""
    step, overhead = peers_of(name)[0](name, batch, who)
    step()
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        step()
        together = 1 + int(2e-4 / (0.5 * (time.perf_counter() - start)))
        took, start = [], time.perf_counter()
        while len(took) < 3 or time.perf_counter() < start + SLICE:
            begin = time.perf_counter()
            for _ in range(together):
                step()
            took.append((time.perf_counter() - begin) / together - overhead)
        print(1e3 * statistics.median(took), peak_memory(), flush=True)


# ---- side by side --------------------------------------------------------------------

def core_type():
    """The kernels of OpenBLAS 0.3.21 that we measured to be the fastest.  It would take
    those for AVX2 on newer Intels, and on AMD's Zen a slower choice of its own."""
    try:
        with open("/proc/cpuinfo") as f:
            return "SkylakeX" if "avx512f" in f.read() else "Haswell"
    except OSError:
        return ""


def environment(who, threads):
    env = dict(os.environ, OMP_NUM_THREADS=str(threads),
               OPENBLAS_NUM_THREADS=str(threads))
    if who != "torch-installed":
        if core_type():
            env["OPENBLAS_CORETYPE"] = core_type()
        env["MALLOC_MMAP_MAX_"], env["MALLOC_TRIM_THRESHOLD_"] = "0", "100000000000"
        if OPENMP:
            env["LD_LIBRARY_PATH"] = os.path.dirname(OPENMP[0])
    return env


def ours(name, batch, threads):
    out = subprocess.run(["build/bench", "workload=" + name, "batch=%d" % batch,
                          "threads=%d" % threads, "time=%g" % SLICE],
                         check=True, capture_output=True, text=True).stdout
    return out.split()


def kind(who):
    """Who it is, in whatever layout."""
    return re.sub("-(nchw|nhwc)$", "", who)


def compare(name, batch, threads, write):
    whos = peers_of(name)[1]
    peers = [subprocess.Popen([sys.executable, __file__, "serve", name, str(batch), who],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=environment(who, threads)) for who in whos]
    rows, times, memory = [], {who: [] for who in whos}, {}
    for _ in range(TURNS):
        rows.append(ours(name, batch, threads))
        for who, peer in zip(whos, peers):
            peer.stdin.write("go\n")
            peer.stdin.flush()
            ms, memory[who] = (float(n) for n in peer.stdout.readline().split())
            times[who].append(ms)
            time.sleep(0.02)  # until its threads no longer spin
    for peer in peers:
        peer.stdin.close()
        peer.wait()

    mine = [float(row[3]) for row in rows]
    middle = sorted(rows, key=lambda row: float(row[3]))[TURNS // 2]
    write(middle)
    for who in whos:
        ms = statistics.median(times[who])
        part = float(middle[3]) / ms
        ratio = "%.2f" % statistics.median(t / m for t, m in zip(times[who], mine))
        rivals = [other for other in whos if kind(other) == kind(who)]
        if ms > min(statistics.median(times[other]) for other in rivals):
            ratio = "-"
        write([name, threads, middle[2], "%.4f" % ms,
               "%.0f" % (float(middle[4]) * float(middle[3]) / ms), "%.1f" % memory[who],
               "%.1f" % (float(middle[6]) * part), "%.0f" % (float(middle[7]) * part),
               who, ratio])


def main(only, threads):
    lines = subprocess.run(["build/bench"], check=True, capture_output=True,
                           text=True).stdout
    workloads = [line.split() for line in lines.splitlines() if line.startswith(only)]
    if not workloads:
        sys.exit("ONLY=%s: there is no such workload; there are:\n%s" % (only, lines))
    counts = [int(threads)] if threads else sorted({1, os.cpu_count()})
    print("OpenBLAS: %s, kernels %s" % (OPENBLAS or "none", core_type() or "its choice"),
          file=sys.stderr)
    with open("build/bench.tsv", "w") as file:
        def write(row):
            for to in (sys.stdout, file):
                print(*row, sep="\t", file=to, flush=True)
        write(["# workload", "threads", "batch", "ms_per_step", "samples_per_s",
               "peak_rss_mb", "gflops", "percent_of_peak", "who", "ratio"])
        for count in counts:
            for name, batch in workloads:
                compare(name, int(batch), count, write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main(*(sys.argv[1:3] + ["", ""])[:2])
