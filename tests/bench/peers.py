"""peers.py: our speed beside that of OpenBLAS and PyTorch, tuned as well as we can.

    python3 tests/bench/peers.py [ONLY [THREADS]]

Ours and theirs take turns, seven times; ratio is the median of their time over ours in
the same turn, so that a change of the machine's clock does not count for either side.
Every line comes from a process of its own, with a peak memory of its own.

Tuned: OpenBLAS with the kernels of this CPU and, where it is installed, with OpenMP
threads, because its own threads quarrel with PyTorch's; pages are kept by malloc.  For
training there is also PyTorch just as installed.
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


# ---- the peers: one step each ------------------------------------------------------

def gemm_step(name, batch):
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
        return lambda: sgemm(*arguments), (A, B, C)

    # What the call itself takes from Python is not OpenBLAS's fault: an empty product.
    empty, _ = call(0, 0, 0)
    times = []
    for _ in range(2000):
        start = time.perf_counter()
        empty()
        times.append(time.perf_counter() - start)
    step, keep = call(N, D, M)
    return step, statistics.median(times), keep


def mlp_step(name, batch):
    """The same network on the same images, which lie in memory as floats."""
    import numpy
    import torch
    torch.manual_seed(1)
    folder = "data/fashion-mnist/train-"
    images = numpy.fromfile(folder + "images-idx3-ubyte", dtype=numpy.uint8)[16:]
    labels = numpy.fromfile(folder + "labels-idx1-ubyte", dtype=numpy.uint8)[8:]
    t = torch.from_numpy(labels.astype(numpy.int64))
    x = torch.from_numpy(images.reshape(len(labels), 784)).float().div_(255)
    net = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(),
                              torch.nn.Linear(256, 128), torch.nn.ReLU(),
                              torch.nn.Linear(128, 10))
    if name == "mlp-sgd":
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    state = {"next": len(t)}

    def step():
        if state["next"] + batch > len(t):
            state["order"], state["next"] = torch.randperm(len(t)), 0
        chosen = state["order"][state["next"]:state["next"] + batch]
        state["next"] += batch
        loss = torch.nn.functional.cross_entropy(net(x[chosen]), t[chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step, 0, None


def peak_memory():
    """In MB, of this process alone."""
    try:
        with open("/proc/self/status") as f:
            return int(re.search(r"VmHWM:\s*(\d+)", f.read()).group(1)) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def serve(name, batch):
    """For every line that comes in, measures, and answers: ms of a step, MB."""
    step, overhead, _keep = (mlp_step if name.startswith("mlp") else gemm_step)(name, batch)
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


def compare(name, batch, threads, write):
    whos = (["torch", "torch-installed"] if name.startswith("mlp")
            else ["openblas"] if OPENBLAS else [])
    peers = [subprocess.Popen([sys.executable, __file__, "serve", name, str(batch)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=environment(who, threads)) for who in whos]
    rows, times, memory = [], [[] for _ in whos], [0] * len(whos)
    for _ in range(TURNS):
        rows.append(ours(name, batch, threads))
        for i, peer in enumerate(peers):
            peer.stdin.write("go\n")
            peer.stdin.flush()
            ms, memory[i] = (float(n) for n in peer.stdout.readline().split())
            times[i].append(ms)
            time.sleep(0.02)  # until its threads no longer spin
    for peer in peers:
        peer.stdin.close()
        peer.wait()

    mine = [float(row[3]) for row in rows]
    middle = sorted(rows, key=lambda row: float(row[3]))[TURNS // 2]
    write(middle)
    for who, took, mb in zip(whos, times, memory):
        ms = statistics.median(took)
        part = float(middle[3]) / ms
        ratio = statistics.median(t / m for t, m in zip(took, mine))
        write([name, threads, middle[2], "%.4f" % ms,
               "%.0f" % (1e3 * int(middle[2]) / ms), "%.1f" % mb,
               "%.1f" % (float(middle[6]) * part), "%.0f" % (float(middle[7]) * part),
               who, "%.2f" % ratio])


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
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        main(*(sys.argv[1:3] + ["", ""])[:2])
