"""Where the boxes of a graph go, in rows, and how its arrows run between them.

    rank        every box below all that it needs (longest path); an arrow over several ranks gets a bend in each
    order       within a rank: boxes go where their neighbours are (barycentres), up and down until fewest arrows cross
    place       left to right: as near to the neighbours as the order and the gaps allow (pool adjacent violators)

Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

SIDE, BETWEEN = 0.25, 0.34  # inches between boxes of a rank, and between ranks
BEND = 0.06  # the width that an arrow takes where it passes a rank
SWEEPS = 12


@dataclass(frozen=True)
class Arrow:
    """From a box to a box; `leaves` and `enters` say how far from their middles, to the right."""

    start: object
    end: object
    leaves: float = 0.0
    enters: float = 0.0


@dataclass(eq=False)
class Bend:
    """Where an arrow passes a rank in which it does not end."""


def layout(sizes, arrows, top=(), bottom=()):
    """Place boxes in rows, one above the other.

    Parameters
    ----------
    sizes : dict
        Box -> (width, height); boxes that come earlier stand further left where nothing else speaks.
    arrows : list of Arrow
        Circles are allowed: an arrow back goes upwards. An arrow from a box to itself is left out.
    top, bottom : collection
        Boxes for the first and for the last rank.

    Returns
    -------
    centres : dict
        Box -> (x, y), y downwards, from the corner (0, 0).
    routes : dict
        Arrow -> list of ((x, y), (x, y)), straight down each rank; between them the arrow may bend.
    size : (width, height)
    """
    sizes = dict(sizes)
    down = _without_circles(sizes, [a for a in arrows if a.start != a.end])
    rank = _ranks(list(sizes), down, top, bottom)
    chains, rows = _with_bends(sizes, down, rank)
    links = [(a, b) for chain in chains.values() for a, b in zip(chain, chain[1:])]
    rows = _ordered(rows, links)
    pulls = _pulls(chains)
    x = _straightened(_placed(rows, sizes, pulls), rows, sizes, chains)
    middles, y = [], 0.0
    for row in rows:
        height = max((sizes[box][1] for box in row), default=0)
        middles.append((y + height / 2, y, y + height))
        y += height + BETWEEN
    left = min(x[box] - sizes[box][0] / 2 for box in x)
    right = max(x[box] + sizes[box][0] / 2 for box in x)
    centres = {box: (x[box] - left, middles[r][0]) for r, row in enumerate(rows) for box in row}
    level = {box: middles[r] for r, row in enumerate(rows) for box in row}
    routes = {arrow: _route(arrow, chain, centres, level, sizes) for arrow, chain in chains.items()}
    centres = {box: at for box, at in centres.items() if not isinstance(box, Bend)}
    return centres, routes, (right - left, max(y - BETWEEN, 0))


def _without_circles(boxes, arrows):
    """{arrow: (upper box, lower box)}: turned round where an arrow would close a circle."""
    after, state, down = defaultdict(list), {}, {}
    for arrow in arrows:
        after[arrow.start].append(arrow)
    for first in boxes:
        if first in state:
            continue
        state[first] = "open"
        stack = [(first, iter(after[first]))]
        while stack:
            box, rest = stack[-1]
            arrow = next(rest, None)
            if arrow is None:
                state[box] = "done"
                stack.pop()
                continue
            back = state.get(arrow.end) == "open"
            down[arrow] = (arrow.end, box) if back else (box, arrow.end)
            if arrow.end not in state:
                state[arrow.end] = "open"
                stack.append((arrow.end, iter(after[arrow.end])))
    return {arrow: down[arrow] for arrow in arrows}


def _ranks(boxes, down, top, bottom):
    """The rank of each box: below all above it; a box with nothing above it stands right over what it leads to."""
    above, below = defaultdict(list), defaultdict(list)
    for a, b in down.values():
        above[b].append(a)
        below[a].append(b)
    rank, waiting = {}, {box: len(above[box]) for box in boxes}
    ready = [box for box in boxes if not waiting[box]]
    for box in ready:
        rank[box] = max((rank[a] + 1 for a in above[box]), default=0)
        for b in below[box]:
            waiting[b] -= 1
            if not waiting[b]:
                ready.append(b)
    for box in boxes:
        if not above[box] and below[box] and box not in top:
            rank[box] = min(rank[b] for b in below[box]) - 1
    last = max(rank.values(), default=0)
    return {box: last if box in bottom else r for box, r in rank.items()}


def _with_bends(sizes, down, rank):
    """{arrow: its boxes and bends, from above to below}, and the boxes and bends of each rank."""
    rows = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for box, r in rank.items():
        rows[r].append(box)
    rows = [sorted(row, key=list(sizes).index) for row in rows]
    chains = {}
    for arrow, (a, b) in down.items():
        bends = [Bend() for _ in range(rank[a] + 1, rank[b])]
        for r, bend in enumerate(bends, rank[a] + 1):
            rows[r].append(bend)
            sizes[bend] = (BEND, 0.0)
        chains[arrow] = [a, *bends, b]
    return chains, rows


def _ordered(rows, links):
    """The rows in the order in which the fewest links cross."""
    above, below = defaultdict(list), defaultdict(list)
    for a, b in links:
        above[b].append(a)
        below[a].append(b)
    best, fewest = rows, _crossings(rows, below)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        rows, neighbours = [list(row) for row in rows], below if sweep % 2 else above
        for r in range(len(rows) - 2, -1, -1) if sweep % 2 else range(1, len(rows)):
            at = {box: i for i, box in enumerate(rows[r + 1 if sweep % 2 else r - 1])}
            here = {box: i for i, box in enumerate(rows[r])}
            means = {box: _mean([at[n] for n in neighbours[box]], here[box]) for box in rows[r]}
            rows[r].sort(key=means.get)
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _mean(values, otherwise):
    return sum(values) / len(values) if values else otherwise


def _crossings(rows, below):
    count = 0
    for upper, lower in zip(rows, rows[1:]):
        at = {box: i for i, box in enumerate(lower)}
        ends = [(i, at[b]) for i, box in enumerate(upper) for b in below[box]]
        count += sum((i - k) * (j - m) < 0 for n, (i, j) in enumerate(ends) for k, m in ends[:n])
    return count


def _pulls(chains):
    """Box or bend -> [(neighbour, where it pulls to from the neighbour's middle, weight)].

    Boxes follow boxes, and bends bends: the way through the layers is straight, and what skips some goes around. An
    arrow that leaves its box alone skips nothing.
    """
    pulls, leaving = defaultdict(list), Counter(chain[0] for chain in chains.values())
    for arrow, chain in chains.items():
        turned = chain[0] != arrow.start
        leaves, enters = (arrow.enters, arrow.leaves) if turned else (arrow.leaves, arrow.enters)
        for i, (a, b) in enumerate(zip(chain, chain[1:])):
            on_the_way = isinstance(a, Bend) == isinstance(b, Bend) or leaving[chain[0]] == 1
            weight = 1.0 if on_the_way else 0.01
            shift = (leaves if i == 0 else 0.0) - (enters if i == len(chain) - 2 else 0.0)
            pulls[b].append((a, shift, weight))
            pulls[a].append((b, -shift, weight))
    return pulls


def _placed(rows, sizes, pulls):
    """The x of each box and bend."""
    x = {}
    for row in rows:
        at = 0.0
        for box in row:
            x[box] = at + sizes[box][0] / 2
            at += sizes[box][0] + SIDE
        for box in row:
            x[box] -= (at - SIDE) / 2
    rank = {box: r for r, row in enumerate(rows) for box in row}
    for sweep in range(SWEEPS):
        upwards = sweep % 2 == 0  # the last one goes down: what has one box above it stands right below that
        for row in reversed(rows) if upwards else rows:
            wanted = []
            for box in row:
                near = [(x[n] + shift, w) for n, shift, w in pulls[box] if (rank[n] > rank[box]) == upwards]
                weight = max((w for _, w in near), default=0)
                near = [v for v, w in near if w == weight]
                yields = 1e-9 if isinstance(box, Bend) else 1.0  # to boxes, which stay in line
                wanted.append((_mean(near, x[box]), yields * weight * len(near) or 1e-12))
            for box, value in zip(row, _apart(row, wanted, sizes), strict=True):
                x[box] = value
    return x


def _straightened(x, rows, sizes, chains):
    """The same places, where the bends of an arrow stand in one line if there is room."""
    left, right = {}, {}
    for row in rows:
        for a, b in zip(row, row[1:]):
            left[b], right[a] = a, b

    def fits(bend, at):
        near = [(n, side) for n, side in ((left.get(bend), 1), (right.get(bend), -1)) if n is not None]
        return all((at - x[n]) * side >= (sizes[n][0] + BEND) / 2 + SIDE / 2 for n, side in near)

    for chain in chains.values():
        bends = chain[1:-1]
        lines = [x[b] for b in bends if all(fits(other, x[b]) for other in bends)]
        if lines:
            line = min(lines, key=lambda v: sum(abs(x[b] - v) for b in bends))
            x.update(dict.fromkeys(bends, line))
    return x


def _apart(row, wanted, sizes):
    """The places nearest to the wanted ones (by weighted squares) at which the boxes of a row do not touch.

    With the gaps subtracted, the places must not fall from left to right: neighbours that would are pooled.
    """
    starts = [0.0]
    for a, b in zip(row, row[1:]):
        starts.append(starts[-1] + (sizes[a][0] + sizes[b][0]) / 2 + SIDE)
    pools = []  # mean, weight, how many
    for (value, weight), start in zip(wanted, starts):
        pools.append((value - start, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (u, v, n), (p, q, m) = pools[-2:]
            pools[-2:] = [((u * v + p * q) / (v + q), v + q, n + m)]
    flat = [mean for mean, _, n in pools for _ in range(n)]
    return [value + start for value, start in zip(flat, starts)]


def _route(arrow, chain, centres, level, sizes):
    """Straight pieces, one for each rank that the arrow passes: from the box's lower edge to the other's upper one."""
    turned = chain[0] != arrow.start
    leaves, enters = (arrow.enters, arrow.leaves) if turned else (arrow.leaves, arrow.enters)
    if turned:  # beside the arrow that goes down
        aside = min(sizes[box][0] for box in (chain[0], chain[-1])) / 4
        leaves, enters = leaves + aside, enters + aside
    pieces = []
    for box in chain:
        x, y = centres[box]
        half = sizes[box][1] / 2
        _, upper, lower = level[box]
        if box is chain[0]:
            pieces.append(((x + leaves, y + half), (x + leaves, lower)))
        elif box is chain[-1]:
            pieces.append(((x + enters, upper), (x + enters, y - half)))
        else:
            pieces.append(((x, upper), (x, lower)))
    return [(end, start) for start, end in reversed(pieces)] if turned else pieces
