"""A drawing of which thread of a kernel reads and writes what, from the notes of `gpu.Kernel`."""

from __future__ import annotations

from kerastutor.widgets import figure
from kerastutor.widgets.style import BLUE, GREY, SERIES, VERMILLION


def draw(kernel):
    """Draw the last start: on top what is read, below what is written, between them the threads, a colour a block.

    A thread without a line has nothing to do. Blue lines are readings, red ones writings. Meant for some 40 threads.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor.grading.gpu import cuda
    >>> @cuda.jit
    ... def double(x, y):
    ...     i = cuda.grid(1)
    ...     if i < x.size:
    ...         y[i] = 2 * x[i]
    >>> double[2, 2](np.arange(3.0), np.zeros(3))
    >>> draw(double)
    [figure: Threads: 4, blocks: 2. Places: they read 3 of x, and write 3 of y. Threads with nothing to do: 1.]
    """
    touches, threads = kernel.touches, kernel.threads
    written = sorted({name for _, _, kind, name, _ in touches if kind != "read"})
    read = sorted({touch[3] for touch in touches} - set(written), reverse=True)
    heights = {name: 1 + i for i, name in enumerate(read)} | {name: -1 - i for i, name in enumerate(written[::-1])}
    if "shared" in heights:  # next to the threads
        heights |= {name: heights[name] - 1 for name in written} | {"shared": -1}
    cells = sorted({touch[3:] for touch in touches}) + [("threads", one) for one in threads]
    at = {cell: _spot(cell, cells, heights) for cell in cells}
    blocks = sorted({block for block, _ in threads})
    with figure(_told(touches, threads), images=True, height=1 + len(heights)) as ax:
        for block, thread, kind, *cell in touches:
            (x, y), (u, v) = at["threads", (block, thread)], at[tuple(cell)]
            read = kind == "read"
            ax.plot([x, u], [y, v], color=BLUE if read else VERMILLION, lw=1.2, ls="--" if read else "-", zorder=1)
        for (name, cell), (x, y) in at.items():
            thread = name == "threads"
            colour = SERIES[blocks.index(cell[0]) % len(SERIES)] if thread else GREY
            box = {"boxstyle": "circle" if thread else "square", "fc": "white", "ec": colour, "lw": 1.5}
            ax.text(x, y, ",".join(map(str, cell[1] if thread else cell)), ha="center", va="center", size=8, bbox=box)
        for name, height in {**heights, "threads": 0}.items():
            ax.text(-0.02, height, name, ha="right", va="center")
        ax.set(xlim=(-0.1, 1.02), ylim=(min(heights.values(), default=0) - 0.4, max(heights.values(), default=0) + 0.4))


def _spot(cell, cells, heights):
    row = [one for one in cells if one[0] == cell[0]]
    return (row.index(cell) + 0.5) / len(row), heights.get(cell[0], 0)


def _told(touches, threads):
    def counted(verb, reads):
        cells = {(name, place) for *_, kind, name, place in touches if (kind == "read") == reads}
        names = sorted({name for name, _ in cells})
        return f"{verb} " + (" and ".join(f"{sum(one == name for one, _ in cells)} of {name}" for name in names)
                             or "nothing")

    idle = len(set(threads) - {touch[:2] for touch in touches})
    blocks = len({block for block, _ in threads})
    return (f"Threads: {len(threads)}, blocks: {blocks}. Places: they {counted('read', True)}, and "
            f"{counted('write', False)}. Threads with nothing to do: {idle}.")
