"""gold.py: how the scripts of this folder write what PyTorch gave."""
import numpy


def show(name, values):
    """A #define NAME with all numbers, in lines that fit."""
    if hasattr(values, "detach"):
        values = values.detach().numpy()
    text = ", ".join("%.9g" % v for v in numpy.ravel(values))
    line, lines = "#define %s" % name, []
    for word in text.split(" "):
        if len(line) + 1 + len(word) > 98:
            lines.append(line)
            line = "   "
        line += " " + word
    print(" \\\n".join(lines + [line]))
