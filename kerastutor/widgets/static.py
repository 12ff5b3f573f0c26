"""The Matplotlib twins of the widgets: what a saved notebook, a PDF and a screen reader get."""

import math

from kerastutor.widgets import style


def loss_curve(curves, earlier=()):
    """Return a ``matplotlib.figure.Figure`` of the loss and each metric over the epochs.

    Thin line: training, within each epoch. Circles: training, per epoch. Squares: validation. Grey: `earlier` runs,
    each a dict of points like ``curves.epochs``.
    """
    import matplotlib

    names = curves.names or ["loss"]
    columns = min(len(names), 2)
    rows = math.ceil(len(names) / columns)
    with matplotlib.rc_context(style.RC):
        height = 0.3 + 2.4 * rows
        status = curves.status if curves else "nothing trained yet"
        fig = style.new_figure(height=height, layout=None)  # placed by hand: a layout engine doubles the time
        fig.text(0.98, 1 - 0.08 / height, status, ha="right", va="top", fontsize=10)
        fig.subplots_adjust(left=0.08, right=0.98, bottom=0.5 / height, top=1 - 0.6 / height, wspace=0.25, hspace=0.5)
        axes = fig.subplots(rows, columns, squeeze=False).ravel()
        for ax, name in zip(axes, names, strict=False):
            _panel(ax, curves, name, earlier)
        for ax in axes[len(names) :]:
            ax.remove()
        handles = {line.get_label(): line for ax in fig.axes for line in ax.lines if line.get_label()[0] != "_"}
        fig.legend(handles.values(), handles.keys(), loc="upper left", bbox_to_anchor=(0.06, 1), ncols=3, fontsize=10)
    return fig


def _panel(ax, curves, name, earlier):
    from matplotlib.ticker import MaxNLocator

    ax.set_title(name)
    ax.set_xlabel("epoch")
    ax.set_xlim(curves.first, max(curves.total, curves.first + 1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    for run in earlier:
        for key, line in ((name, "-"), (f"val_{name}", "--")):
            if key in run:
                ax.plot(*_columns(run[key]), line, color=style.GREY, alpha=0.45, label="earlier runs")
    newest = []
    for key, label, colour, marker, line in (
        (name, "training", style.TRAINING, "o", "-"),
        (f"val_{name}", "validation", style.VALIDATION, "s", "--"),
    ):
        points = curves.epochs.get(key)
        if points:
            marker = marker if len(points) <= 40 else None
            kind = dict(marker=marker, markersize=5, color=colour, label=label, clip_on=False, zorder=3)
            ax.plot(*_columns(points), line, **kind)
            newest.append("not finite" if points[-1][1] is None else f"{points[-1][1]:#.3g}")
    thin = dict(color=style.TRAINING, linewidth=1, alpha=0.7)
    first, later = _by_epoch(curves.batches.get(name, ()), curves.first + 1)
    ax.plot(*_columns(later), **thin)
    if newest:
        ax.autoscale_view()
        ax.set_autoscaley_on(False)  # the steep beginning may leave the frame, so that the rest can be seen
    ax.plot(*_columns(first), **thin)
    ax.set_title("  |  ".join(newest), loc="right", fontweight="normal")


def _by_epoch(points, end):
    """Split the thin line at the first epoch's `end`; a gap at each later one, where Keras's mean starts anew."""
    first, later, epoch = [], [], end
    for position, value in points:
        if math.ceil(position) > epoch:
            epoch = math.ceil(position)
            later.append((position, None))
        (first if position <= end else later).append((position, value))
    return first, later


def _columns(points):
    return [x for x, _ in points], [math.nan if y is None else y for _, y in points]
