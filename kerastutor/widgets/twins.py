"""The Matplotlib twins of the playground, the stepping window, the gates and the drawn digit."""

from contextlib import contextmanager

import numpy as np

from kerastutor.widgets import style
from kerastutor.widgets.points import SPAN


@contextmanager
def page(height, width=style.WIDTH):
    """An empty figure, while the house style holds."""
    import matplotlib

    with matplotlib.rc_context(style.RC):
        yield style.new_figure(width, height, layout=None)


def bare(ax):
    """Take ticks, frame and grid away."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.grid(False)
    return ax


def picture(ax, values, limit, cmap=None, **options):
    """An array as an image, blue below zero and vermillion above."""
    cmap = cmap or style.colours(style.DIVERGING)
    return ax.imshow(values, cmap=cmap, vmin=-limit, vmax=limit, **options)


# ---- Playground ----------------------------------------------------------------------------------


def playground(trial):
    """The network with its neurons' pictures, the output among the points, and the losses."""
    with page(3.1) as fig:
        settings = trial.settings
        fig.text(
            0.01, 0.99, f"{settings['data']}, {settings['activation']}, {settings['optimizer']} "
            f"{settings['learning_rate']:g}: epoch {trial.epoch}", va="top", fontsize=10, fontweight="bold",
        )
        pictures = trial.pictures()
        _network(fig, trial, pictures)
        ax = fig.add_axes((0.5, 0.16, 0.72 * 3.1 / 7.2, 0.72))
        picture(ax, 2 * pictures[-1][0] - 1, 1, extent=(-SPAN, SPAN, -SPAN, SPAN), interpolation="bilinear")
        _points(ax, trial)
        ax.set_title("probability of class 1", fontsize=10)
        ax.set(xticks=(-SPAN, 0, SPAN), yticks=(-SPAN, 0, SPAN), xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN))
        ax.grid(False)
        _losses(fig.add_axes((0.865, 0.16, 0.125, 0.72)), trial.history)
    return fig


def _network(fig, trial, pictures):
    sizes = [2, *map(len, pictures)]
    ax = bare(fig.add_axes((0.01, 0.02, 0.44, 0.84)))
    ax.set(xlim=(-0.04, 1), ylim=(0, 1))
    aspect = 0.44 * 7.2 / (0.84 * 3.1) / 1.04
    side = min(0.11, 0.8 / max(sizes))
    at = [[((i + 0.5) / len(sizes), 1 - (j + 0.5) / n) for j in range(n)] for i, n in enumerate(sizes)]
    for i, (kernel, _) in enumerate(trial.weights()):
        kernel = np.nan_to_num(kernel)
        most = max(np.abs(kernel).max(), 1e-6)
        for (a, b), w in np.ndenumerate(kernel):
            xs, ys = zip(at[i][a], at[i + 1][b], strict=True)
            colour, dash = (style.BLUE, "--") if w < 0 else (style.VERMILLION, "-")
            ax.plot(xs, ys, dash, color=colour, linewidth=0.3 + 3 * abs(w) / most, zorder=1)
    axis = np.linspace(-1, 1, 20)
    inputs = np.stack([np.tile(axis, (20, 1)), np.tile(axis[::-1, None], (1, 20))])
    shown = [inputs, *pictures[:-1], 2 * pictures[-1] - 1]
    for layer, places in zip(shown, at, strict=True):
        for values, (x, y) in zip(layer, places, strict=True):
            box = (x - side / 2 / aspect, y - side / 2, side / aspect, side)
            small = ax.inset_axes(box, transform=ax.transData, zorder=2)
            small.set(xticks=[], yticks=[])
            small.grid(False)
            picture(small, values, max(np.nanmax(np.abs(values)), 1e-6), aspect="auto")
    for (_, y), name in zip(at[0], ("$x_1$", "$x_2$"), strict=True):
        ax.text(at[0][0][0] - side / 2 / aspect - 0.01, y, name, ha="right", va="center", fontsize=9)


def _points(ax, trial):
    for one, marker, colour in ((0, "o", "#00476F"), (1, "s", "#8F3D00")):
        for x, y, filled in ((trial.x_train, trial.y_train, True), (trial.x_test, trial.y_test, False)):
            part = x[y[:, 0] == one]
            look = dict(facecolors=colour, edgecolors="white") if filled else dict(facecolors="none", edgecolors=colour)
            ax.scatter(*part.T, s=9, marker=marker, linewidths=0.5, **look)


def _losses(ax, history):
    ax.plot(history["epoch"], history["loss"], color=style.TRAINING, linewidth=1.5)
    ax.plot(history["epoch"], history["val_loss"], "--", color=style.VALIDATION, linewidth=1.5)
    ax.set_title("loss", fontsize=10)
    ax.set_xlabel("epoch", fontsize=9)
    ax.set_ylim(0, None)
    ax.tick_params(labelsize=8)
    for text, colour, y in (("training", style.TRAINING, 0.97), ("test", style.VALIDATION, 0.88)):
        ax.text(1, y, text, color=colour, transform=ax.transAxes, ha="right", va="top", fontsize=9)


# ---- ConvStepper ---------------------------------------------------------------------------------


def conv_stepper(walk, position):
    """The input with its window, the kernel, the output as far as it is filled, and the stop's sum."""
    row, column = walk.stop(position)
    padded = np.pad(walk.image, list(zip(walk.before, walk.after, strict=True)), constant_values=np.nan)
    filled = np.where(np.arange(len(walk)).reshape(walk.output.shape) <= position, walk.output, np.nan)
    sentence = _wrapped(walk.sentence(row, column))
    with page(2.75 + 0.16 * sentence.count("\n")) as fig:
        top = 1 - 0.3 / fig.get_figheight()
        bottom = (0.35 + 0.16 * (1 + sentence.count("\n"))) / fig.get_figheight()
        boxes = [(x, bottom, width, top - bottom) for x, width in ((0.01, 0.4), (0.44, 0.17), (0.64, 0.35))]
        left, middle, right = (bare(fig.add_axes(box, anchor="N")) for box in boxes)
        _grid(left, padded, np.abs(walk.image).max(), (walk.image < 0).any(), f"input, {_by(walk.image)}")
        _grid(right, filled, np.abs(walk.output).max(), (walk.output < 0).any(), f"output, {_by(walk.output)}")
        if walk.mode == "convolution":
            _grid(middle, walk.kernel, np.abs(walk.kernel).max(), True, f"kernel, {_by(walk.kernel)}")
        else:
            middle.text(0.5, 0.9, f"{walk.mode},\n{_by(walk.kernel)}", ha="center", va="top", fontsize=10)
        for i in range(walk.kernel.shape[0]):
            for j in range(walk.kernel.shape[1]):
                at = (column * walk.stride + j * walk.dilation, row * walk.stride + i * walk.dilation)
                _outline(left, at)
        _outline(right, (column, row))
        fig.text(0.01, 0.02, sentence, fontsize=9, family="monospace", va="bottom")
    return fig


def _grid(ax, values, most, minus, title):
    """Numbers in squares, as far as there is room for them."""
    cmap = style.colours(style.DIVERGING if minus else ["#FFFFFF", "#303030"])
    most = max(most, 1e-9)
    ax.imshow(values, cmap=cmap, vmin=-most if minus else 0, vmax=most)
    ax.set_title(title, fontsize=10)
    rows, columns = values.shape
    for i, j in np.ndindex(rows, columns):
        dashed = np.isnan(values[i, j])
        ax.add_patch(_square((j, i), edgecolor=style.GREY, linewidth=0.4, linestyle=":" if dashed else "-"))
        if max(rows, columns) <= 11 and not dashed:
            dark = abs(values[i, j]) / most > 0.6
            colour = "white" if dark else "black"
            ax.text(j, i, f"{values[i, j]:.3g}", ha="center", va="center", fontsize=7, color=colour)
    ax.set(xlim=(-0.55, columns - 0.45), ylim=(rows - 0.45, -0.55))


def _square(at, **look):
    from matplotlib.patches import Rectangle

    return Rectangle((at[0] - 0.5, at[1] - 0.5), 1, 1, fill=False, **look)


def _outline(ax, at):
    ax.add_patch(_square(at, edgecolor=style.VERMILLION, linewidth=1.8, zorder=3))


def _by(array):
    return f"{array.shape[0]} × {array.shape[1]}"


def _wrapped(text, width=92):
    import textwrap

    return "\n".join(textwrap.wrap(text, width))


# ---- GateView ------------------------------------------------------------------------------------


def gate_view(view):
    """The chosen quantity of all shown units, and all quantities of the chosen unit, over the words."""
    from kerastutor.widgets.gate_view import sign

    found, words = view.gates, [view.words[t] for t in view.steps]
    rows = len(found.names)
    with page(3.55 + 0.22 * rows) as fig:
        tall = fig.get_figheight()
        upper = fig.add_axes((0.09, 1 - 2.4 / tall, 0.8, 2.1 / tall))
        lower = fig.add_axes((0.09, 0.65 / tall, 0.8, (0.22 * rows + 0.1) / tall))
        name = view.quantity
        shown = found.values[name][np.ix_(view.steps, view.units)].T
        image = _heat(upper, shown, name, shown)
        bar = fig.colorbar(image, cax=fig.add_axes((0.905, 1 - 2.4 / tall, 0.015, 2.1 / tall)))
        bar.outline.set_visible(False)
        upper.set_title(f"{sign(name, found.kind)} of each unit of {view.layer.name}", fontsize=10)
        upper.set_ylabel("unit", fontsize=9)
        upper.set(xticks=[], yticks=range(0, len(view.units), max(1, len(view.units) // 8)))
        upper.set_yticklabels([view.units[i] + 1 for i in upper.get_yticks()], fontsize=8)
        for i, quantity in enumerate(found.names):
            own = found.values[quantity][view.steps, view.unit][None]
            every_unit = found.values[quantity][np.ix_(view.steps, view.units)]
            _heat(lower, own, quantity, every_unit, extent=(-0.5, len(words) - 0.5, i + 0.47, i - 0.47))
        lower.set(ylim=(rows - 0.5, -0.5), yticks=range(rows), xlim=(-0.5, len(words) - 0.5))
        lower.set_yticklabels([sign(name, found.kind) for name in found.names], fontsize=9)
        lower.set_title(f"unit {view.unit + 1}", fontsize=10)
        every = max(1, -(-len(words) // 30))
        lower.set_xticks(range(0, len(words), every))
        lower.set_xticklabels(words[::every], rotation=45, ha="right", fontsize=8)
        at = list(view.steps).index(view.step)
        for ax in (upper, lower):
            for edge in (at - 0.5, at + 0.5):
                ax.axvline(edge, color=style.GREY, linewidth=1)
            ax.grid(False)
    return fig


def _heat(ax, values, name, all_values, **options):
    """Gates from 0 to 1, states and candidates from blue below zero to vermillion above, as far as any unit goes."""
    if name in "ifozr":
        return ax.imshow(values, cmap=style.colours(style.SEQUENTIAL), vmin=0, vmax=1, aspect="auto", **options)
    return picture(ax, values, max(np.abs(all_values).max(), 1e-6), aspect="auto", **options)


# ---- DrawDigit -----------------------------------------------------------------------------------


def draw_digit(pad):
    """What the model sees, the maps or values of each layer, and the outputs as bars."""
    from kerastutor.widgets.draw_digit import shown

    layers = list(zip(pad.layers, pad.answers, strict=True))[:-1][:6]
    rows = max(3, len(layers))
    with page(0.3 + 0.62 * rows) as fig:
        tall = fig.get_figheight()
        seen = bare(fig.add_axes((0.01, 1 - 1.75 / tall, 0.2, 1.45 / tall)))
        seen.imshow(pad.image, cmap="gray_r", vmin=0, vmax=1)
        seen.set_title("what the model sees", fontsize=9)
        seen.spines[:].set_visible(True)
        for i, ((name, kind), values) in enumerate(layers):
            about, pixels = shown(name, kind, values)
            maps = np.frombuffer(pixels, "uint8").reshape(about["maps"], about["rows"], about["columns"])[:8]
            strip = np.hstack([np.pad(one, 1, constant_values=0) for one in maps])
            ax = bare(fig.add_axes((0.24, 1 - (0.3 + 0.62 * i + 0.42) / tall, 0.44, 0.4 / tall), anchor="W"))
            cmap = style.colours(style.DIVERGING) if about["low"] < 0 else "gray_r"
            ax.imshow(strip, cmap=cmap, vmin=0, vmax=255, interpolation="nearest")
            ax.set_title(f"{name}: {' × '.join(map(str, about['shape']))}", fontsize=8, pad=2)
        bars = fig.add_axes((0.75, 0.3 / tall, 0.2, 1 - 0.65 / tall))
        _bars(bars, pad.classes[:20], pad.outputs[:20])
    return fig


def _bars(ax, classes, values):
    best = int(np.argmax(values))
    colours = [style.VERMILLION if i == best else style.BLUE for i in range(len(values))]
    ax.barh(range(len(values)), values, color=colours)
    ax.set(yticks=range(len(values)), ylim=(len(values) - 0.4, -0.6))
    ax.set_yticklabels(classes, fontsize=8)
    ax.tick_params(axis="x", labelsize=8)
    ax.grid(False)
    ax.set_title("output", fontsize=9)
