"""The final figures of a lesson: what its cell with the tag `figures` prints, a line each.

    test accuracy    0.978 ± 0.004

The number after ± is how far another seed, or real Keras with its other random numbers, may be off.
"""

import re

LINE = re.compile(r"^(?P<name>\S.*?)\s+(?P<value>-?[\d,]+(\.\d+)?) ± (?P<tolerance>\d+(\.\d+)?)", re.M)


def figures(notebook):
    """Return {name: (value, tolerance)} of what a notebook's figures cell has printed."""
    found = {}
    for cell in notebook.cells:
        if "figures" in cell.metadata.get("tags", []):
            text = "".join(output.get("text", "") for output in cell.get("outputs", []))
            for line in LINE.finditer(text):
                found[line["name"]] = float(line["value"].replace(",", "")), float(line["tolerance"])
    return found


def apart(ours, theirs):
    """Return a line for each figure that differs by more than its tolerance, or that only one of the two has."""
    names = sorted(set(ours) | set(theirs))
    far = [name for name in names if name not in ours or name not in theirs
           or not abs(ours[name][0] - theirs[name][0]) <= ours[name][1]]
    return [f"{name}: {ours.get(name)} here, {theirs.get(name)} on real Keras" for name in far]
