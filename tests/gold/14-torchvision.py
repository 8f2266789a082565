"""Our ResNet-50 and ResNet-20 beside torchvision's and PyTorch's, by hand:

    /usr/bin/python3 tests/gold/14-torchvision.py PROGRAM [FOLDER]

PROGRAM is called with what it may read and what it shall write:

    PROGRAM net=resnet50 weights=IN images=RAW N=2 size=64 mode=eval out=OUT save=SAVED

IN      safetensors, torchvision's names and shapes; ResNet-20 has conv1, bn1,
        layer1.0.conv1, layer1.0.bn1, ... layer3.2.bn2, fc, and no downsample
RAW     N images of size by size, three channels, as raw floats [N,Y,X,C]
mode    eval: batch norm by its running statistics; train: by those of the batch
OUT     safetensors: "logits" [N,K], and "grad.NAME", in torchvision's shapes, for every
        parameter NAME, where the loss is the mean cross-entropy and image n is of class
        37 n mod K; in train mode it may hold the new NAME.running_mean, .running_var
SAVED   safetensors: what was read from IN, written again; torchvision must take it, bit
        for bit

The reference is PyTorch in double.  What PyTorch in float differs from it stands beside
ours.  The files stay in FOLDER, where there is one.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy
import torch
import torchvision
from torch import nn

KINDS = {"F32": numpy.float32, "I64": numpy.int64}
NETS = {"resnet50": 1000, "resnet20": 10}
# net, mode, N, size; the most that may differ: logits, the norm of a gradient.  A single
# number of a gradient may differ more, by the sign of a number near 0 before a ReLU.
CASES = [("resnet50", "eval", 3, 64, 1e-4, 1e-3), ("resnet50", "eval", 2, 224, 1e-4, 1e-3),
         ("resnet50", "train", 8, 64, 1e-4, 1e-2), ("resnet20", "eval", 5, 32, 1e-4, 1e-3),
         ("resnet20", "train", 8, 32, 1e-4, 1e-2)]
failures = []


# ---- safetensors ---------------------------------------------------------------------

def write_safetensors(path, tensors):
    """8 bytes with the length of the header, the header in JSON, the numbers."""
    header, end = {"__metadata__": {"format": "pt"}}, 0
    names = {kind: name for name, kind in KINDS.items()}
    for name, a in tensors.items():
        header[name] = {"dtype": names[a.dtype.type], "shape": list(a.shape),
                        "data_offsets": [end, end + a.nbytes]}
        end += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        for a in tensors.values():
            f.write(numpy.ascontiguousarray(a).tobytes())


def read_safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(int.from_bytes(f.read(8), "little")))
        data = f.read()
    header.pop("__metadata__", None)
    tensors, end = {}, 0
    for name, t in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        start, stop = t["data_offsets"]
        a = numpy.frombuffer(data[start:stop], KINDS[t["dtype"]])
        if start != end or a.size != numpy.prod(t["shape"], dtype=int):
            sys.exit("%s: %s has the wrong place or size" % (path, name))
        tensors[name], end = a.reshape(t["shape"]), stop
    if end != len(data):
        sys.exit("%s: %d bytes, but tensors end at %d" % (path, len(data), end))
    return tensors


# ---- the networks --------------------------------------------------------------------

class Basic(nn.Module):
    """Of He et al. 2015 for CIFAR: a shortcut without parameters."""

    def __init__(self, C, M):
        super().__init__()
        self.conv1 = nn.Conv2d(C, M, 3, 1 if C == M else 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(M)
        self.conv2 = nn.Conv2d(M, M, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(M)

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        if x.shape != y.shape:  # every other pixel; zeros for the new channels
            more = y.shape[1] - x.shape[1]
            x = nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, more))
        return (y + x).relu()


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Basic(16, 16), Basic(16, 16), Basic(16, 16))
        self.layer2 = nn.Sequential(Basic(16, 32), Basic(32, 32), Basic(32, 32))
        self.layer3 = nn.Sequential(Basic(32, 64), Basic(64, 64), Basic(64, 64))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def network(name, weights=None, kind=torch.float32):
    net = torchvision.models.resnet50() if name == "resnet50" else ResNet20()
    if weights:
        net.load_state_dict({n: torch.from_numpy(a.copy()) for n, a in weights.items()},
                            strict=True)
    return net.to(kind)


def random_weights(name):
    """Scales, shifts and running statistics far from 1 and 0.

    Where a number before a ReLU is so near 0 that rounding decides its sign, gradients
    jump, and PyTorch in float is no nearer to double than 1 % itself.  So most numbers
    are kept away from 0: every other channel is shifted up by two deviations, the rest
    down, and what a block adds to its shortcut is small.
    """
    torch.manual_seed(14)
    net = network(name)
    norms = {n: m for n, m in net.named_modules() if isinstance(m, nn.BatchNorm2d)}
    for n, m in norms.items():
        last = n.endswith("bn3" if name == "resnet50" else "bn2")
        nn.init.uniform_(m.weight, *((0.1, 0.5) if last else (0.5, 1.5)))
        m.bias.data[::2] = 2 * m.weight.data[::2]
        m.bias.data[1::2] = -2 * m.weight.data[1::2]
        m.momentum = 1  # the running statistics become those of this batch
    nn.init.normal_(net.fc.weight, 0, 0.03)
    with torch.no_grad():
        net.train()(torch.randn(8, 3, 64, 64))
        for m in norms.values():
            m.running_mean += 0.25 * m.running_var.sqrt() * torch.randn(m.num_features)
            m.running_var *= torch.empty(m.num_features).uniform_(0.5, 2)
    return {n: t.numpy() for n, t in net.state_dict().items()}


# ---- theirs and ours -----------------------------------------------------------------

def theirs(name, weights, images, mode, kind):
    """Logits, gradients and, in train mode, the new running statistics."""
    net = network(name, weights, kind).train(mode == "train")
    x = torch.from_numpy(images).to(kind).permute(0, 3, 1, 2)
    t = torch.arange(len(images)) * 37 % NETS[name]
    logits = net(x)
    nn.functional.cross_entropy(logits, t).backward()
    out = {"logits": logits.detach().numpy()}
    out.update(("grad." + n, p.grad.numpy()) for n, p in net.named_parameters())
    if mode == "train":
        out.update((n, b.numpy()) for n, b in net.named_buffers() if "running" in n)
    return out


def ours(program, folder, name, weights, images, mode):
    N, size = images.shape[:2]
    paths = [os.path.join(folder, "%s-%s-%d.%s" % (name, mode, size, what)) for what in
             ("images.raw", "out.safetensors", "saved.safetensors")]
    given = os.path.join(folder, name + ".safetensors")
    write_safetensors(given, weights)
    images.tofile(paths[0])
    words = [program, "net=" + name, "weights=" + given, "images=" + paths[0], "N=%d" % N,
             "size=%d" % size, "mode=" + mode, "out=" + paths[1], "save=" + paths[2]]
    if subprocess.run(words).returncode:
        sys.exit("FAILED: %s" % " ".join(words))
    return read_safetensors(paths[1]), read_safetensors(paths[2])


# ---- compared ------------------------------------------------------------------------

def apart(a, b):
    """The largest difference, relative to the largest number of b."""
    return abs(a - b).max() / abs(b).max()


def norm_apart(a, b):
    norm = numpy.linalg.norm
    return abs(norm(a.ravel().astype(float)) - norm(b.ravel())) / norm(b.ravel())


def worst(how, got, right, begins):
    """The largest distance, and the name of the tensor that has it; NaN is the worst."""
    found = [(how(got[n], right[n]), n) for n in right
             if n.startswith(begins) and n in got]
    return max(found, key=lambda f: (f[0] != f[0], f[0])) if found else (0, "-")


def fail(text, *values):
    failures.append(text % values)


def check_case(case, got, right, floats):
    """Writes three lines, ours beside PyTorch's float, and what is wrong."""
    name, mode, N, size, most_logits, most_norm = case
    label = "%s %s %dx%d N=%d" % (name, mode, size, size, N)
    wanted = {n for n in right if not n.endswith(("running_mean", "running_var"))}
    for n in sorted(wanted - set(got)):
        fail("%s: %s is missing", label, n)
    for n in sorted(set(got) - set(right)):
        fail("%s: %s is not a name of torchvision's", label, n)
    got = {n: a for n, a in got.items() if n in right}
    for n, a in got.items():
        if a.shape != right[n].shape:
            fail("%s: %s is %s, wanted %s", label, n, a.shape, right[n].shape)
            return
    rows = [("logits", apart, "logits", most_logits),
            ("norm of a gradient", norm_apart, "grad.", most_norm),
            ("a gradient", apart, "grad.", 0.03 if mode == "eval" else 0.1)]
    if mode == "train":
        buffers = tuple(n for n in right if n.endswith(("running_mean", "running_var")))
        rows.append(("running statistics", apart, buffers, most_logits))
    for what, how, begins, most in rows:
        far, where = worst(how, got, right, begins)
        their_far, _ = worst(how, floats, right, begins)
        print("%-28s %-19s %8.1e  %8.1e  %-7s %s"
              % (label, what, far, their_far, most, where))
        if not far <= most:
            fail("%s: %s differs by %.3g, at most %g (%s)", label, what, far, most, where)


def check_saved(name, weights, saved):
    """What was written loads by torchvision's names, and is what was read."""
    try:
        loaded = network(name, saved).state_dict()
    except RuntimeError as error:
        return fail("%s, saved, does not load: %s", name, error)
    for n, a in weights.items():  # PyTorch can do without num_batches_tracked
        if n in saved and loaded[n].numpy().tobytes() != a.tobytes():
            fail("%s, saved: %s is not bit for bit what was loaded", name, n)
    print("%-28s loads with strict=True: %d tensors of %d"
          % (name + " saved", len(saved), len(weights)))


def main(program, folder):
    print("PyTorch %s, torchvision %s, against double"
          % (torch.__version__, torchvision.__version__))
    print("%-28s %-19s %8s  %8s  %-7s %s"
          % ("", "", "ours", "PyTorch", "most", "where ours is worst"))
    weights = {name: random_weights(name) for name in NETS}
    for seed, case in enumerate(CASES):
        name, mode, N, size = case[:4]
        images = numpy.random.default_rng(seed).standard_normal((N, size, size, 3),
                                                                dtype=numpy.float32)
        got, saved = ours(program, folder, name, weights[name], images, mode)
        check_case(case, got, theirs(name, weights[name], images, mode, torch.float64),
                   theirs(name, weights[name], images, mode, torch.float32))
        check_saved(name, weights[name], saved)
    print("\n".join(failures + ["FAILED" if failures else "OK"]))
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if len(sys.argv) == 3:
        sys.exit(main(sys.argv[1], sys.argv[2]))
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(sys.argv[1], temporary))
