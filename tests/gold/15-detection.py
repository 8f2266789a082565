"""Gold for chapter 15: boxes, codes and non-maximum suppression by torchvision, in double.

    /usr/bin/python3 tests/gold/15-detection.py > tests/gold/15-detection.h

Boxes are x0, y0, x1, y1.  What goes in are numbers that a float holds exactly; what comes
out has six digits.  Where both boxes are without area torchvision divides 0 by 0; such pairs
are not among these.
"""
import numpy
import torch
import torchvision
from torchvision import ops
from torchvision.models.detection._utils import BoxCoder

from gold import show

torch.set_default_dtype(torch.float64)
chance = numpy.random.default_rng(15)


def rounded(name, t):
    show(name, [float("%.6g" % v) for v in torch.as_tensor(t).numpy().ravel()])


def random_boxes(n, steps=8, spread=192, least=1, most=320):
    """Whole numbers, divided by steps: tall boxes and wide ones."""
    corner = chance.integers(-spread // 2, spread, (n, 2))
    size = chance.integers(least, most + 1, (n, 2))
    return torch.tensor(numpy.hstack([corner, corner + size]) / steps)


def pairs():
    """Touching, identical, nested, apart, crossing; a point, a line; far out; then random."""
    by_hand = torch.tensor([
        [[0, 0, 4, 2], [4, 0, 8, 2]], [[0, 0, 4, 2], [4, 2, 5, 9]],
        [[1, 2, 4, 9], [1, 2, 4, 9]], [[0, 0, 9, 9], [3, 4, 5, 5]],
        [[0, 0, 2, 2], [7, 11, 8, 12]], [[4, 0, 6, 10], [0, 4, 10, 6]],
        [[2, 2, 2, 2], [0, 0, 5, 4]], [[1, 3, 6, 3], [0, 0, 5, 4]],
        [[-8, -3, 2, 1], [-5, -9, -1, 40]], [[4096, 8192, 4100, 8194], [4097, 8190, 4104, 8193]],
        [[0, 0, 64, 0.5], [63.5, 0.25, 64.5, 40]], [[0, 0, 1, 1], [0.125, 0.125, 1, 1]]],
        dtype=torch.float64)
    more = torch.stack([random_boxes(12), random_boxes(12)], 1)
    both = torch.cat([by_hand, more])
    a, b = both[:, 0], both[:, 1]
    print("\nenum { PAIRS = %d };" % len(both))
    show("PAIRS_A", a)
    show("PAIRS_B", b)
    print("#if JUDGE")
    rounded("PAIRS_IOU", ops.box_iou(a, b).diag())
    rounded("PAIRS_GIOU", ops.generalized_box_iou(a, b).diag())
    print("#endif")


def codes():
    boxes, anchors = random_boxes(10), random_boxes(10)
    boxes[0] = anchors[0]
    t = torch.tensor(chance.integers(-24, 25, (10, 4)) / 8)
    t[1] = torch.tensor([0, 0, 4.25, 4])       # beyond the limit of sizes, and below it
    t[2] = torch.tensor([-2, 3, -20, 50])
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    print("\nenum { CODES = %d };" % len(boxes))
    show("CODES_BOX", boxes)
    show("CODES_ANCHOR", anchors)
    show("CODES_T", t)
    print("#if JUDGE")
    rounded("CODES_GOLD_T", coder.encode_single(boxes, anchors))
    rounded("CODES_GOLD_BOX", coder.decode_single(t, anchors))
    print("#endif")


def suppressed(name, n, limit, kinds):
    """Boxes on a coarse grid, some of them twice; many scores are equal."""
    boxes = random_boxes(n, steps=1, spread=3, least=3, most=7)
    boxes[n // 2] = boxes[n // 3]
    scores = torch.tensor(chance.integers(1, 13, n) / 16)
    classes = torch.tensor(chance.integers(0, kinds[0], n))
    scenes = torch.tensor(chance.integers(0, kinds[1], n))
    # Every class and scene for itself; stable, as batched_nms() is not for equal scores.
    kept = []
    for k in range(kinds[0]):
        for s in range(kinds[1]):
            own = torch.nonzero((classes == k) & (scenes == s)).flatten()
            kept += own[ops.nms(boxes[own], scores[own], limit)].tolist()
    kept.sort(key=lambda i: (-scores[i].item(), i))
    both = ops.batched_nms(boxes, scores, classes * kinds[1] + scenes, limit)
    assert sorted(kept) == sorted(both.tolist()) and len(kept) < 0.8 * n
    assert (ops.box_iou(boxes, boxes) == limit).sum() > 2  # as much as, not more
    rows = torch.zeros(n, 5)
    rows[:len(kept)] = torch.hstack([boxes, scores[:, None]])[kept]
    what = torch.zeros(2, n, dtype=torch.int64)
    what[:, :len(kept)] = torch.stack([classes, scenes])[:, kept]
    print("\nenum { %s = %d };" % (name, n))
    print("#define %s_LIMIT %gf" % (name, limit))
    show(name + "_BOX", boxes)
    show(name + "_SCORE", scores)
    show(name + "_CLASS", classes)
    show(name + "_SCENE", scenes)
    print("#if JUDGE")
    show(name + "_GOLD", rows)
    show(name + "_GOLD_CLASS", what[0])
    show(name + "_GOLD_SCENE", what[1])
    show(name + "_GOLD_COUNT", [len(kept)])
    print("#endif")


print("/* Made by tests/gold/15-detection.py with torchvision %s; do not edit."
      % torchvision.__version__.split("a")[0])
print(" * What came out only the judge sees. */")
pairs()
codes()
suppressed("NMS_ONE", 20, 0.5, (1, 1))
suppressed("NMS_MANY", 32, 0.25, (3, 2))
