"""The one place of the looks: colours, type and sizes that every widget and figure shares."""

import io
import sys
from contextlib import contextmanager

# Okabe & Ito's palette: told apart with any kind of colour vision, and on white as on black.
BLUE, VERMILLION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, GREY = "#56B4E9", "#CC79A7", "#808080"

TRAINING, VALIDATION = BLUE, VERMILLION

WIDTH = 7.2  # inches: fills a notebook's column, still readable when shrunk to half of it
DOTS = 150  # per inch, drawn; shown at 96, so that the picture stays sharp on dense screens

# Lines that stand side by side, and colour maps as stops: small to large, and minus over zero to plus.
SERIES = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, GREY]
SERIES_ON_DARK = [SKY, VERMILLION, GREEN, PURPLE, ORANGE, "#F0E442", "#A0A0A0"]
SEQUENTIAL = ["#440154", "#46327E", "#365C8D", "#277F8E", "#1FA187", "#4AC16D", "#A0DA39", "#FDE725"]  # viridis
DIVERGING = [BLUE, "#7FB8D8", "#F7F7F7", "#EAAE7F", VERMILLION]

# What the ES modules are told; colours for a light and for a dark page, lengths in CSS pixels.
CANVAS = {
    "training": [TRAINING, SKY],
    "validation": [VALIDATION, ORANGE],
    "series": [SERIES, SERIES_ON_DARK],
    "sequential": SEQUENTIAL,
    "diverging": DIVERGING,
    "fontSize": 13,
    "thin": 1,
    "line": 2,
    "marker": 3.5,
    "panelHeight": 220,
    "panelWidth": 300,
}

RC = {
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "ytick.left": False,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "axes.prop_cycle": f"cycler('color', {SERIES})",
    "image.cmap": "gray_r",
    "figure.facecolor": "white",
}


def new_figure(width=WIDTH, height=2.6, layout="constrained"):
    """Return an empty ``matplotlib.figure.Figure`` of the given size in inches, free of pyplot.

    Draw on it inside ``matplotlib.rc_context(RC)``: text and lines take their style when they are made.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(RC):
        return Figure(figsize=(width, height), layout=layout)


def colours(stops):
    """Return the Matplotlib colour map between these stops; the ES modules' `ramp` is its twin."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("kerastutor", stops)


def png(fig):
    """Return the figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=DOTS)
    return buffer.getvalue()


def bundle(fig, alt, text=None):
    """Return (data, metadata) for IPython's ``display``: the picture, and `alt` for who cannot see it."""
    width = round(96 * fig.get_figwidth())
    return {"image/png": png(fig), "text/plain": text or alt}, {"image/png": {"alt": alt, "width": width}}


def show(fig, alt):
    """Display a Matplotlib figure with its alternative text; a plain terminal prints the text alone."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        print(f"[figure: {alt}]")
        return
    from IPython.display import display

    data, metadata = bundle(fig, alt)
    display(data, metadata=metadata, raw=True)


@contextmanager
def figure(alt, rows=1, columns=1, *, width=WIDTH, height=2.6, images=False):
    """Open a figure in the house style; it is displayed when the ``with`` block ends.

    Parameters
    ----------
    alt : str
        What the picture shows, in a sentence: for screen readers, and where no picture can be.
    rows, columns : int
        Grid of axes.
    width, height : float
        Size in inches.
    images : bool
        True takes away ticks, frames and grid, as pictures want it.

    Yields
    ------
    One ``Axes``, or an array of them, as from ``Figure.subplots``.

    Examples
    --------
    >>> with figure("The square numbers from 0 to 16.") as axes:
    ...     _ = axes.plot([0, 1, 4, 9, 16])
    [figure: The square numbers from 0 to 16.]
    """
    import matplotlib

    with matplotlib.rc_context(RC):
        fig = new_figure(width, height)
        axes = fig.subplots(rows, columns)
        if images:
            for one in fig.axes:
                one.set(xticks=[], yticks=[])
                one.spines[:].set_visible(False)
                one.grid(False)
        yield axes
        show(fig, alt)
