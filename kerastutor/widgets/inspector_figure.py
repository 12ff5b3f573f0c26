"""The layer inspector on paper: the model's layers, the chosen layer's numbers, and the sum behind one of them."""

import numpy as np

from kerastutor.inspect import formula, spread
from kerastutor.inspect.formulas import count, shapes
from kerastutor.inspect.graph import INPUT
from kerastutor.inspect.pictures import of_gradient, of_output
from kerastutor.widgets import style

LISTED = 14  # layers in the list
TERMS = 8


def draw(inspector):
    """Return the inspector's choice as a ``matplotlib.figure.Figure``."""
    import matplotlib

    with matplotlib.rc_context(style.RC):
        fig = style.new_figure(height=4.6)
        left, right = fig.subfigures(1, 2, width_ratios=[1, 2.6])
        _layers(left.subplots(), inspector)
        if inspector.layer in (None, INPUT):
            ax = right.subplots()
            ax.axis("off")
            ax.text(0, 1, inspector.summary(), va="top", wrap=True)
            return fig
        _layer(right, inspector)
    return fig


def _layers(ax, inspector):
    ax.axis("off")
    keys = list(inspector.seen.layers)
    at = keys.index(inspector.layer) if inspector.layer in keys else 0
    first = max(0, min(at - LISTED // 2, len(keys) - LISTED))
    shown = keys[first : first + LISTED]
    ax.set(xlim=(0, 1), ylim=(LISTED + 1, -1))
    ax.set_title(inspector.title)
    if first:
        ax.text(0.05, -0.6, f"… {first} above", fontsize=8, va="center")
    for i, key in enumerate(shown):
        chosen = key == inspector.layer
        box = dict(boxstyle="round,pad=0.25", facecolor="#EAF2F8" if chosen else "white",
                   edgecolor=style.BLUE if chosen else style.GREY, linewidth=1.6 if chosen else 0.8)
        name = key if len(key) <= 24 else f"…{key[-23:]}"
        ax.text(0.05, i, name, fontsize=8, va="center", bbox=box, fontweight="bold" if chosen else "normal")
    if first + LISTED < len(keys):
        ax.text(0.05, LISTED, f"… {len(keys) - first - LISTED} below", fontsize=8, va="center")


def _layer(fig, inspector):
    one, row = inspector.seen[inspector.layer], None if inspector.sample is None else 0
    text = [_wrapped(formula(one)), shapes(one), _wrapped(count(one))]
    fig.suptitle("\n".join(text), fontsize=8.5, ha="left", x=0.02, fontweight="normal")
    axes = fig.subplots(2, 2, height_ratios=[1.1, 1.2])
    _picture(axes[0, 0], of_output(one, row), "what it gives")
    _picture(axes[0, 1], of_gradient(one, row), "dL/da")
    _histogram(axes[1, 0], one)
    _sum(axes[1, 1], inspector)


def _wrapped(text, width=78):
    import textwrap

    return "\n".join(textwrap.wrap(text, width))


def _picture(ax, picture, title):
    ax.set_title(title, fontsize=9)
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(False)
    if picture is None:
        ax.text(0, 0.5, "no gradient", transform=ax.transAxes, fontsize=9)
        return
    values = _tiled(picture.values[:16])
    below = np.nanmin(values) < 0 if np.isfinite(values).any() else False
    top = np.nanmax(np.abs(values)) if np.isfinite(values).any() else 1
    colours = style.colours(style.DIVERGING if below else style.SEQUENTIAL)
    aspect = "auto" if len(values) < 3 else "equal"
    ax.imshow(values, cmap=colours, vmin=-top if below else 0, vmax=top or 1, aspect=aspect)


def _tiled(maps):
    """Maps beside one another with a gap of one."""
    count, rows, columns = maps.shape
    across = int(np.ceil(np.sqrt(count)))
    out = np.full((-(-count // across) * (rows + 1) - 1, across * (columns + 1) - 1), np.nan, np.float32)
    for i, one in enumerate(maps):
        r, c = divmod(i, across)
        out[r * (rows + 1) : r * (rows + 1) + rows, c * (columns + 1) : c * (columns + 1) + columns] = one
    return out


def _histogram(ax, one):
    name, values = next(((n, w) for n, w in one.weights.items() if w.dtype.kind == "f"), ("what it gives", one.output))
    found = spread(values)
    ax.set_title(f"{name}: {found.size:,} numbers", fontsize=9)
    ax.stairs(found.counts, found.edges, fill=True, color=style.BLUE)
    ax.tick_params(labelsize=8)
    ax.set_yticks([])


def _sum(ax, inspector):
    found = inspector._explanation()
    terms = found.terms[:TERMS]
    bars = [t.product for t in terms] if found.kind != "slopes" else [t.w for t in terms]
    names = ["·".join(["x" + str(list(t.place)), f"{t.w:.3g}"]) if found.kind != "slopes" else f"dy/dx{list(t.place)}"
             for t in terms]
    if found.bias is not None:
        bars, names = [*bars, found.bias], [*names, "bias"]
    ax.set_title(f"{list(found.index)} = {found.a:.4g}", fontsize=9)
    ax.barh(range(len(bars)), bars, color=[style.VERMILLION if v >= 0 else style.BLUE for v in bars])
    ax.set_yticks(range(len(bars)), names, fontsize=7)
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.tick_params(labelsize=7)
