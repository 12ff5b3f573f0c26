"""The static twin of a race."""

import numpy as np

from kerastutor.widgets import style

BANDS = 14
GREYS = ["#FFFFFF", "#A9B4BD"]
DASHES = ["-", "--", ":", "-."]


def bands(surface, rows=120, columns=160):
    """The heights in steps from 0 to 1, finer near the minimum: the edges are contour lines."""
    above = np.log(np.maximum(surface.grid(rows, columns) - surface.lowest, 0) + 0.02)
    share = (above - above.min()) / (above.max() - above.min())
    return (np.floor(share * BANDS) / BANDS).astype("float32")


def look_of(racers):
    """Colour and dashes of each racer, by label; as in the page."""
    return {
        racer.label: dict(color=style.SERIES[i], linestyle=DASHES[i % len(DASHES)]) for i, racer in enumerate(racers)
    }


def columns(racers):
    """How many names stand beside each other above the figure: more than five would not fit."""
    return len(racers) if len(racers) <= 5 else 4


def surface(surface, paths, racers):
    """Return a figure: the ways over the surface, and the height above the minimum step by step."""
    import matplotlib

    with matplotlib.rc_context(style.RC):
        fig = style.new_figure(height=3.4)
        left, right = fig.subplots(1, 2)
        extent = (*surface.x, *surface.y)
        left.imshow(bands(surface), extent=extent, aspect="auto", cmap=style.colours(GREYS), interpolation="nearest")
        left.grid(False)
        left.set(title=f"{surface.name}: f(x, y)", xlim=surface.x, ylim=surface.y, xlabel="x")
        looks = look_of(racers)
        for label, path in paths.items():
            kind = dict(linewidth=1.5, **looks[label])
            left.plot(path[:, 0], path[:, 1], **kind)
            right.plot(np.maximum(path[:, 2] - surface.lowest, 1e-9), label=label, **kind)
        if paths:
            left.plot(*next(iter(paths.values()))[0, :2], "ko", markersize=6)
        if surface.minimum:
            left.plot(*surface.minimum, "k*", markersize=10)
        right.set(yscale="log", title="height above the minimum", xlabel="step")
        if paths:
            fig.legend(loc="outside upper center", ncols=columns(racers), fontsize=10)
    return fig


def net(losses, racers):
    """Return a figure: the loss of each copy of the net over the epochs."""
    import matplotlib

    with matplotlib.rc_context(style.RC):
        fig = style.new_figure(height=3)
        ax = fig.subplots()
        looks = look_of(racers)
        for label, values in losses.items():
            ax.plot(values, label=label, **looks[label])
        ax.set(title="loss", xlabel="epoch")
        if losses:
            fig.legend(loc="outside upper center", ncols=columns(racers), fontsize=10)
    return fig
