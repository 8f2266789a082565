"""Chapter 15 against torchvision, by hand: random sets of boxes, detections and anchors.

    /usr/bin/python3 tests/gold/15-torchvision.py [how many sets, 12000 unless said] [seed]

Builds the chapter as a shared library.  Compares IoU, GIoU, encoding, decoding and non-maximum
suppression with torchvision's, in double: so an IoU that is as large as the limit is so on both
sides.  What we keep must be what torchvision keeps, in the same order, number for number.

Where the union of two boxes is 0 torchvision divides by 0, and gives NaN; our IoU is 0 there, so
our GIoU is -1, or 0 if the hull is 0, too.  Boxes that are inside out are not drawn: torchvision
gives them areas, even below 0, where ours are 0.  Where an IoU differs from the limit by less
than 1e-7 but is not as large, floats may decide otherwise; such sets are counted.

Prints how many sets of each kind there were, and what was in them; the largest differences; and
ends with 1 if one is too large.
"""
import ctypes
import os
import subprocess
import sys
import tempfile

import numpy
import torch
from torchvision import ops
from torchvision.models.detection._utils import BoxCoder

SOURCE = """
#include <15-detection/detection.c>
int detection_size(void) { return sizeof(struct detection); }
void pairs(float *share, float *general, const struct box *a, const struct box *b, int n, int m)
{
    for (int i = 0; i < n * m; i++) {
        share[i] = iou(a[i / m], b[i % m]);
        general[i] = giou(a[i / m], b[i % m]);
    }
}
void codes(float *t, struct box *b, const float *from, const struct box *anchor, int n)
{
    for (int i = 0; i < n; i++) {
        box_encode(t + 4*i, b[i], anchor[i]);
        b[i] = box_decode(from + 4*i, anchor[i]);
    }
}
"""
DETECTION = numpy.dtype([("box", "f4", 4), ("class", "i4"), ("scene", "i4"), ("score", "f4")])
LIMITS = [0, 0.25, 1 / 3, 0.45, 0.5, 0.5, 0.6, 0.7, 1]
MOST = {"iou": 1e-6, "giou": 1e-6, "encode": 1e-6, "decode": 1e-6}
worst, numbers, counted = dict.fromkeys(MOST, 0), dict.fromkeys(MOST, 0), {}
failures = 0
coder = BoxCoder((1.0, 1.0, 1.0, 1.0))


# ---- the sets --------------------------------------------------------------------------

def sizes(corner, size):
    return numpy.concatenate([corner, corner + size], 1)


def spread(n):
    return sizes(chance.uniform(-20, 60, (n, 2)), chance.uniform(0, 40, (n, 2)))


def crowded(n):
    return sizes(chance.uniform(0, 4, (n, 2)), chance.uniform(8, 16, (n, 2)))


def on_a_grid(n):
    return sizes(chance.integers(0, 7, (n, 2)), chance.integers(1, 7, (n, 2)))


def identical(n):
    return on_a_grid(3)[chance.integers(0, 3, n)]


def touching(n):
    """Tiles of one size, side by side and corner to corner."""
    return sizes(chance.integers(0, 4, (n, 2)) * [6, 4], numpy.full((n, 2), [6, 4]))


def no_area(n):
    """Points and lines, with boxes among them."""
    return sizes(chance.integers(0, 5, (n, 2)), numpy.maximum(0, chance.integers(-3, 4, (n, 2))))


def tall_and_wide(n):
    most = numpy.where(chance.random((n, 1)) < 0.5, [200, 2], [2, 200])
    return sizes(chance.uniform(-60, 60, (n, 2)), chance.uniform(0.1, 1, (n, 2)) * most)


def nested(n):
    edge = numpy.sort(chance.uniform(0, 20, (n, 2)), 0)
    return numpy.concatenate([edge, 60 - edge], 1)


def far(n):
    return sizes(chance.uniform(0, 4000, (n, 2)) + [1e6, -3e6], chance.uniform(1, 3000, (n, 2)))


def huge(n):
    return spread(n) * 1e18


KINDS = [spread, crowded, on_a_grid, identical, touching, no_area, tall_and_wide, nested, far, huge]


def count(what, how_many):
    counted[what] = counted.get(what, 0) + int(how_many)


# ---- comparing -------------------------------------------------------------------------

def pointer(a):
    return a.ctypes.data_as(ctypes.c_void_p)


def compare(what, kind, got, want, size=1):
    """The largest difference, against the size of the numbers; infinities must be the same."""
    global failures
    got, want = got.astype("f8").ravel(), want.ravel()
    size = numpy.broadcast_to(size, want.shape)
    off = numpy.where(got == want, 0, abs(got - want) / size)
    numbers[what] += off.size
    if off.size:
        worst[what] = max(worst[what], off.max())
        if not off.max() <= MOST[what]:
            failures += 1
            at = int(numpy.argmax(~(off <= MOST[what])))
            print("%s, %s: number %d is %.9g, not %.9g" % (what, kind, at, got[at], want[at]))


def areas(b):
    return (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])


def compare_pairs(kind, a, b):
    share, general = numpy.zeros((2, len(a), len(b)), "f4")
    library.pairs(pointer(share), pointer(general), pointer(a), pointer(b), len(a), len(b))
    A, B = torch.tensor(a).double(), torch.tensor(b).double()
    want = ops.box_iou(A, B).numpy()
    union_0 = numpy.isnan(want)
    compare("iou", kind, share, numpy.where(union_0, 0, want))
    general_want = ops.generalized_box_iou(A, B).numpy()
    low = torch.minimum(A[:, None, :2], B[:, :2])
    high = torch.maximum(A[:, None, 2:], B[:, 2:])
    hull_0 = ((high - low).prod(2) == 0).numpy()
    assert (numpy.isnan(general_want) == (union_0 | hull_0)).all()
    general_want = numpy.where(hull_0, 0, numpy.where(union_0, -1, general_want))
    compare("giou", kind, general, general_want)
    one_empty = (areas(a)[:, None] == 0) | (areas(b) == 0)
    left = numpy.maximum(a[:, None, :2], b[:, :2]), numpy.minimum(a[:, None, 2:], b[:, 2:])
    count("pairs that only touch", (((left[1] - left[0]).min(2) == 0) & ~one_empty).sum())
    count("pairs of equal boxes with an area", ((a[:, None] == b).all(2) & ~one_empty).sum())
    count("pairs with a box without area", one_empty.sum())
    count("pairs without a union", union_0.sum())


def compare_codes(kind, boxes):
    n = len(boxes)
    anchors = spread(n) if chance.random() < 0.5 else boxes[chance.permutation(n)]
    anchors = numpy.array(anchors, "f4")
    anchors[:, 2:] = numpy.maximum(anchors[:, 2:], anchors[:, :2] + numpy.float32(0.25))
    t = chance.normal(0, 2, (n, 4)).astype("f4")
    t[chance.random(n) < 0.1] *= 1000
    got_t, got_box = numpy.zeros((n, 4), "f4"), boxes.copy()
    library.codes(pointer(got_t), pointer(got_box), pointer(t), pointer(anchors), n)
    B, A, T = (torch.tensor(x).double() for x in (boxes, anchors, t))
    if not n:
        return
    aw = (A[:, 2:] - A[:, :2]).numpy()
    reach = abs(boxes[:, :2]) + abs(boxes[:, 2:]) + abs(anchors[:, :2]) + abs(anchors[:, 2:])
    want = coder.encode_single(B, A).numpy()
    count("boxes without width or height, encoded", numpy.isinf(want[:, 2:]).any(1).sum())
    logs = numpy.where(numpy.isfinite(want[:, 2:]), abs(want[:, 2:]), 0)
    compare("encode", kind, got_t, want, (1 + numpy.hstack([reach / aw, logs])).ravel())
    size = reach + aw * (abs(t[:, :2]) + 62.5)
    want = coder.decode_single(T, A).numpy()
    compare("decode", kind, got_box, want, numpy.hstack([size] * 2).ravel())
    count("sizes beyond SIZE_LIMIT, decoded", (t[:, 2:] > coder.bbox_xform_clip).sum())


def compare_nms(kind, boxes):
    """Of every class and scene for itself, and then in the order of the scores."""
    global failures
    n, limit = len(boxes), LIMITS[chance.integers(len(LIMITS))]
    d = numpy.zeros(n, DETECTION)
    d["box"] = boxes
    few = chance.random() < 0.6  # then many scores are equal
    d["score"] = chance.integers(0, 6, n) / 8 if few else chance.random(n)
    d["class"], d["scene"] = chance.integers(0, chance.integers(1, 4), (2, n))
    given, B = d.copy(), torch.tensor(boxes).double()
    scores = torch.tensor(d["score"]).double()
    group = torch.tensor(d["class"] * 10 + d["scene"]).long()
    kept = []
    for g in group.unique():
        own = torch.nonzero(group == g).flatten()
        kept += own[ops.nms(B[own], scores[own], limit)].tolist()
    kept.sort(key=lambda i: (-d["score"][i], i))
    if not few or n < 2:
        assert sorted(kept) == sorted(ops.batched_nms(B, scores, group, limit).tolist())
    share = ops.box_iou(B, B)[group[:, None] == group]
    near = ((abs(share - limit) < 1e-7) & (share != limit)).sum() if 0 < limit < 1 else 0
    got = library.nms(pointer(d), ctypes.c_float(limit), n)
    count("sets with an IoU too near to the limit to say", near > 0)
    count("sets with an IoU exactly at the limit", n and (share == limit).any())
    count("sets with equal scores", len(set(given["score"])) < n)
    count("detections", n)
    count("detections suppressed", n - len(kept))
    if (got != len(kept) or d[:got].tobytes() != given[kept].tobytes()) and not near:
        failures += 1
        print("nms, %s: keeps %d of %d, torchvision %d, or others" % (kind, got, n, len(kept)))


# ---- all of it -------------------------------------------------------------------------

sets = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
chance = numpy.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
torch.set_num_threads(1)
with tempfile.TemporaryDirectory() as folder:
    path, source = os.path.join(folder, "detection.so"), os.path.join(folder, "boxes.c")
    with open(source, "w") as f:
        f.write(SOURCE)
    subprocess.run(["cc", "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-Isolutions",
                    "-Ichapters", source, "-o", path, "-lm"], check=True)
    library = ctypes.CDLL(path)
assert library.detection_size() == DETECTION.itemsize
by_kind = dict.fromkeys([kind.__name__ for kind in KINDS], 0)
for i in range(sets):
    kind = KINDS[i % len(KINDS)]
    name = kind.__name__
    by_kind[name] += 1
    n, m = chance.integers(0, 25), chance.integers(0, 9)
    boxes, others = kind(n).astype("f4"), kind(m).astype("f4")
    if n and chance.random() < 0.3:
        others[:m // 2] = boxes[chance.integers(0, n, m // 2)]
    with numpy.errstate(all="ignore"):
        compare_pairs(name, boxes, others)
        compare_codes(name, boxes)
        compare_nms(name, boxes)
    count("sets without a box", n == 0)
print("# kind\tsets")
for name, number in by_kind.items():
    print("%s\t%d" % (name.replace("_", " "), number))
print("\n# in them\tnumber")
for what, number in counted.items():
    print("%s\t%d" % (what, number))
print("\n# result\tnumbers\tlargest difference\tat most")
for what in MOST:
    print("%s\t%d\t%.2g\t%g" % (what, numbers[what], worst[what], MOST[what]))
print("nms\t%d\t\tthe same detections" % sets)
print("%d sets %s torchvision's" % (sets, "are NOT" if failures else "are"))
sys.exit(failures > 0)
