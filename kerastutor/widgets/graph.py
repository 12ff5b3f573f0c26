"""The drawing of a model's graph, for `keras.utils.plot_model` where Graphviz is not installed."""

from dataclasses import dataclass, field

from kerastutor.keras import naming
from kerastutor.widgets import style
from kerastutor.widgets.layered import Arrow, layout

FORMATS = ("png", "svg", "pdf", "jpg", "webp")
TITLE, LINE, LEADING = 9, 8, 1.45  # points, and the height of a line in its size
PAD, MARGIN = 0.09, 0.08  # inches around the words in a box, and around the picture
FRAME, LABEL = 0.16, 0.22  # inches inside the frame of a nested model, and for its name
LOOP = 0.3  # inches beside a box for an arrow to itself
LARGEST = 60000  # dots in one direction: the most that a PNG gets from Matplotlib
EDGE = {"input": style.GREEN, "weights": style.BLUE, "plain": style.GREY}


@dataclass(eq=False)
class Placed:
    """A diagram with all its parts in place, from its own corner (0, 0); nested ones in `inner`."""

    diagram: object
    size: tuple
    boxes: dict = field(default_factory=dict)  # Box -> (x, y, width, height), of the middle
    inner: list = field(default_factory=list)  # (Placed, x, y), of the corner
    routes: list = field(default_factory=list)  # (pieces, whether an arrow ends here)
    loops: list = field(default_factory=list)  # boxes with an arrow to themselves
    ports: dict = field(default_factory=dict)  # ("in" or "out", Box) -> x from the middle


def draw(diagram, to_file, extension="png", rankdir="TB", dpi=200):
    """Draw a diagram into a file: blue boxes have weights, green ones are inputs, dashed frames are nested models."""
    fig = figure(diagram, rankdir)
    largest = max(fig.get_size_inches()) * dpi
    if largest > LARGEST and extension not in ("svg", "pdf"):
        dpi = int(dpi * LARGEST / largest)
        naming.warn(f"The picture would be {largest:,.0f} dots long: dpi is lowered to {dpi}. A .svg has no dots.")
    fig.savefig(to_file, format=extension, dpi=dpi)


def figure(diagram, rankdir="TB"):
    """Return the drawing of a diagram as a ``matplotlib.figure.Figure``."""
    import matplotlib

    across = rankdir in ("LR", "RL")
    placed = place(diagram, diagram.arrows, across)
    width, height = placed.size[::-1] if across else placed.size
    flip = {"BT": lambda x, y: (x, height - y), "LR": lambda x, y: (y, x), "RL": lambda x, y: (width - y, x)}
    turn = flip.get(rankdir, lambda x, y: (x, y))
    with matplotlib.rc_context(style.RC | {"savefig.facecolor": "white"}):
        fig = style.new_figure(width + 2 * MARGIN, height + 2 * MARGIN, layout=None)
        ax = fig.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-MARGIN, width + MARGIN), ylim=(height + MARGIN, -MARGIN))
        ax.axis("off")
        _draw(ax, placed, turn, across, (0.0, 0.0))
    return fig


# places ----------------------------------------------------------------------------------------


def place(diagram, arrows, across=False, outer=()):
    """Place a diagram's parts; nested diagrams first, each then a box of the size that it needs.

    An arrow over the frame of a nested diagram passes through a port, a box without size at its upper or lower edge.
    """
    inside = {part: set(_boxes(part)) for part in diagram.parts}
    home = {box: part for part, boxes in inside.items() for box in boxes}
    inner = {part: place(part, arrows, across, outer=(part,)) for part in diagram.parts if hasattr(part, "parts")}
    sizes = {part: inner[part].size if part in inner else _size(part, across) for part in diagram.parts}
    ports = {}
    for a, b in arrows if outer else ():
        if (a in home) != (b in home):
            port = ("in", b) if b in home else ("out", a)
            ports[port] = sizes[port] = (0.0, 0.0)
    found = {}
    for a, b in arrows:
        start = home.get(a, ("in", b) if b in home else None)
        end = home.get(b, ("out", a) if a in home else None)
        if start is None or end is None or (start == end and start in inner):
            continue
        leaves = inner[start].ports[("out", a)] if start in inner else 0.0
        enters = inner[end].ports[("in", b)] if end in inner else 0.0
        found[Arrow(start, end, leaves, enters)] = None
    loops = [arrow.start for arrow in found if arrow.start == arrow.end]
    for box in loops:
        sizes[box] = (sizes[box][0] + 2 * LOOP, sizes[box][1])
    top, bottom = ([p for p in ports if p[0] == side] for side in ("in", "out"))
    centres, routes, size = layout(sizes, list(found), top, bottom)
    made = _shifted(diagram, inner, sizes, centres, routes, size, framed=bool(outer))
    made.loops = loops
    made.boxes |= {box: (x, y, w - 2 * LOOP, h) for box, (x, y, w, h) in made.boxes.items() if box in loops}
    made.ports = {port: made.ports[port] - made.size[0] / 2 for port in ports}
    return made


def _boxes(part):
    return [box for p in part.parts for box in _boxes(p)] if hasattr(part, "parts") else [part]


def _shifted(diagram, inner, sizes, centres, routes, size, framed):
    """All that was placed, moved to make room for the frame and its name."""
    sides = {port[0] for port in centres if isinstance(port, tuple)}  # ports leave room
    left = FRAME if framed else 0.0
    above = FRAME + LABEL if framed and "in" not in sides else 0.0
    width = max(size[0], _width(diagram.title, LINE) if framed else 0)
    left += (width - size[0]) / 2
    below = FRAME if framed and "out" not in sides else 0.0
    made = Placed(diagram, (width + 2 * FRAME, size[1] + above + below) if framed else size)
    ends_here = lambda arrow: not (isinstance(arrow.end, tuple) or arrow.end in inner)
    for part, (x, y) in centres.items():
        x, y, (w, h) = x + left, y + above, sizes[part]
        if part in inner:
            made.inner.append((inner[part], x - w / 2, y - h / 2))
        elif isinstance(part, tuple):
            made.ports[part] = x
        else:
            made.boxes[part] = (x, y, w, h)
    for arrow, pieces in routes.items():
        moved = [((x + left, y + above), (u + left, v + above)) for (x, y), (u, v) in pieces]
        if isinstance(arrow.start, tuple):  # on from the frame
            moved.insert(0, ((moved[0][0][0], 0.0), (moved[0][0][0], 0.0)))
        if isinstance(arrow.end, tuple):
            moved.append(((moved[-1][1][0], made.size[1]), (moved[-1][1][0], made.size[1])))
        made.routes.append((moved, ends_here(arrow)))
    return made


def _size(box, across):
    """The size of a box with its words, along and across the ranks."""
    widths = [_width(box.title, TITLE, "bold"), *(_width(_text(line), LINE) for line in box.lines)]
    width = max(widths) + 2 * PAD
    height = (TITLE + LINE * len(box.lines)) * LEADING / 72 + 2 * PAD * 0.7
    return (height, width) if across else (width, height)


def _width(text, size, weight="normal"):
    """The width of a line of text, in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, False)[0] / 72


def _text(line):
    words, value = line
    return f"{words}: {value}" if value else words


# drawing ---------------------------------------------------------------------------------------


def _draw(ax, placed, turn, across, corner):
    """Draw what was placed, at `corner`; `turn` takes a point to its place on the page."""
    to = lambda x, y: turn(x + corner[0], y + corner[1])
    for inner, x, y in placed.inner:
        at = (x + corner[0], y + corner[1])
        _frame(ax, inner, turn, at)
        _draw(ax, inner, turn, across, at)
    for pieces, ends_here in placed.routes:
        _arrow(ax, [tuple(to(*point) for point in piece) for piece in pieces], ends_here, across)
    for box, (x, y, *size) in placed.boxes.items():
        _box(ax, box, to(x, y), size[::-1] if across else size)
        if box in placed.loops:
            _loop(ax, x + size[0] / 2, y, size[1] / 4, to)


def _frame(ax, inner, turn, at):
    from matplotlib.patches import Rectangle

    (x, y), (u, v) = turn(*at), turn(at[0] + inner.size[0], at[1] + inner.size[1])
    left, top, right, bottom = min(x, u), min(y, v), max(x, u), max(y, v)
    ax.add_patch(Rectangle((left, top), right - left, bottom - top, fill=False, ls="--", lw=1, ec=style.GREY))
    ax.text(left + 0.07, top + 0.06, inner.diagram.title, fontsize=LINE, color="#555555", va="top", style="italic",
            parse_math=False)


def _box(ax, box, centre, size):
    from matplotlib.patches import FancyBboxPatch

    (x, y), (w, h) = centre, size
    colour = EDGE[box.kind]
    outline = dict(boxstyle="round,pad=0,rounding_size=0.05", facecolor="white", edgecolor=colour, linewidth=1.3)
    ax.add_patch(FancyBboxPatch((x - w / 2, y - h / 2), w, h, zorder=3, **outline))
    at = y - h / 2 + PAD * 0.7
    words = dict(ha="center", va="center", zorder=4, parse_math=False)
    ax.text(x, at + TITLE * LEADING / 144, box.title, fontsize=TITLE, fontweight="bold", color="#222222", **words)
    at += TITLE * LEADING / 72
    for line in box.lines:
        colour = {"Trainable": style.GREEN, "Non-trainable": style.VERMILLION}.get(line[0], "#333333")
        ax.text(x, at + LINE * LEADING / 144, _text(line), fontsize=LINE, color=colour, **words)
        at += LINE * LEADING / 72


def _arrow(ax, pieces, ends_here, across):
    """Straight through the ranks, in an S between them."""
    points, codes = [pieces[0][0]], [1]
    for i, (start, end) in enumerate(pieces):
        if i:
            (a, b), (c, d) = points[-1], start
            points += [((a + c) / 2, b), ((a + c) / 2, d)] if across else [(a, (b + d) / 2), (c, (b + d) / 2)]
            points.append(start)
            codes += [4, 4, 4]
        if max(abs(start[0] - end[0]), abs(start[1] - end[1])) > 1e-6:
            points.append(end)
            codes.append(2)
    _line(ax, points, codes, ends_here)


def _loop(ax, x, y, half, to):
    """An arrow from a box's side back to it: the layer is called on what it gave itself."""
    points = [(x, y + half), (x + LOOP, y + half), (x + LOOP, y - half), (x, y - half)]
    _line(ax, [to(*point) for point in points], [1, 4, 4, 4], True)


def _line(ax, points, codes, head):
    """A line through points by Matplotlib's codes of paths: 1 begins, 2 goes straight, 4, 4, 4 is a curve."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    style_ = "-|>,head_length=0.35,head_width=0.2" if head else "-"
    ax.add_patch(FancyArrowPatch(path=Path(points, codes), arrowstyle=style_, mutation_scale=12, color="#555555",
                                 linewidth=1.1, shrinkA=0, shrinkB=0, capstyle="round", zorder=2))
