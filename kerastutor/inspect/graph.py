"""Where the layers stand in a drawing of the model: each below those that it takes its inputs from."""

from dataclasses import dataclass


@dataclass
class Place:
    """A box of the drawing. `lane` counts sideways, `row` downwards; `depth` is how many models are around it."""

    key: str
    row: int
    lane: int
    depth: int
    sources: list


INPUT = "input"


def places(trace, opened=()):
    """Boxes for a trace's layers, in rows; those of the models named in `opened` follow right under their model.

    Returns
    -------
    list of Place
        The first is the model's input, "input".
    """
    found = [Place(INPUT, 0, 0, 0, [])]
    _lay(trace, None, 0, found, 1, set(opened))
    return found


def _lay(trace, parent, depth, found, row, opened):
    """Lay the layers of one model into rows from `row` on; gives the next free row."""
    inside = trace.inside(parent)
    level = {}
    for one in inside:
        level[one.key] = 1 + max((level[s] for s in one.sources if s in level), default=-1)
    for now in range(max(level.values(), default=-1) + 1):
        beside = [one for one in inside if level[one.key] == now]
        next_row = row + 1
        for lane, one in enumerate(beside):
            sources = list(one.sources) + ([parent or INPUT] if one.from_input else [])
            found.append(Place(one.key, row, lane, depth, sources))
            if one.key in opened and one.children:
                next_row = max(next_row, _lay(trace, one.key, depth + 1, found, row + 1, opened))
        row = next_row
    return row
