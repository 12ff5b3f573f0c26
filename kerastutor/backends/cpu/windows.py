"""Where a convolution's kernel lies on an image, as places in memory: what makes one loop serve them all.

An image of any number of axes is a flat run of numbers, its channels last. Each result is a sum of some of them, times
numbers of the kernel: of those at `start` of the result plus `at` of each number in the window. Strides, dilation,
borders and the number of axes are in these two lists, and no loop needs to know of them.
"""

import functools
import itertools
import math
from typing import NamedTuple

import numpy as np


class Windows(NamedTuple):
    """Places are counted in numbers from an image's beginning.

    Results of one `phase` have windows alike: phase f has the results phases[f] : phases[f + 1], and their windows the
    entries[f] : entries[f + 1]. There is one phase but for the gradient of a strided convolution, where a number of the
    input meets every second, third, ... tap of the kernel only.
    """

    rows: np.ndarray  # where each row of the image goes in a room with a border of zeros; empty if it needs none
    run: int  # numbers in a row
    start: np.ndarray  # of each result, where its window begins in the room
    place: np.ndarray  # ... and where it belongs in the result
    phases: np.ndarray
    at: np.ndarray  # of each number in a window, how far it is from the window's beginning
    source: np.ndarray  # ... and where in the kernel stands what it is multiplied by
    entries: np.ndarray
    groups: int
    depth: int  # channels of the image in a group, and from one group to the next
    columns: int  # channels of the result in a group
    across: int  # from one column to the next, in the kernel
    beside: int  # from one group to the next, in the kernel
    room: int  # numbers in the room, 0 if none is needed

    @property
    def reach(self):
        """How many numbers of the image make up a result; where phases differ, on the average."""
        return self.at.size / (self.phases.size - 1)


@functools.lru_cache(maxsize=128)
def forward(space, channels, kernel, inner, filters, out, strides, dilation, before):
    """Of y[p] = sum of x[p * strides + tap * dilation - before] * w[tap].

    `space` and `out` are the sizes of x and y, `kernel` of w; `inner` of x's channels and `filters` of w's last axis
    belong to each result.
    """
    room = [max(b + n, (m - 1) * s + (k - 1) * d + 1)
            for n, k, m, s, d, b in zip(space, kernel, out, strides, dilation, before)]
    step = _steps(room, channels)
    start = _grid(*(np.arange(m) * s * e for m, s, e in zip(out, strides, step)))
    at = _grid(*(np.arange(k) * d * e for k, d, e in zip(kernel, dilation, step)), np.arange(inner))
    groups = channels // inner
    return Windows(
        **_border(space, channels, room, before), start=start, place=np.arange(start.size) * filters,
        phases=np.array([0, start.size]), at=at, source=np.arange(at.size) * filters, entries=np.array([0, at.size]),
        groups=groups, depth=inner, columns=filters // groups, across=1, beside=filters // groups,
    )


@functools.lru_cache(maxsize=128)
def backward(space, channels, kernel, inner, filters, out, strides, dilation, before):
    """Of dx, the gradient of x: for which y is the image, and dx the result.

    x at i meets tap t in y at (i + before - t * dilation) / strides, where that is whole.
    """
    lead = [(k - 1) * d // s for k, d, s in zip(kernel, dilation, strides)]  # how far a window reaches before y
    room = [e + max(m, (n - 1 + b) // s + 1) for e, m, n, b, s in zip(lead, out, space, before, strides)]
    step, home = _steps(room, filters), _steps(space, channels)
    groups = channels // inner
    weights = _steps(kernel, inner * filters)
    starts, places, ats, sources = [], [], [], []
    for phase in itertools.product(*map(range, strides)):
        pixels = [np.flatnonzero((np.arange(n) + b) % s == r) for n, b, s, r in zip(space, before, strides, phase)]
        taps = [np.flatnonzero(np.arange(k) * d % s == r) for k, d, s, r in zip(kernel, dilation, strides, phase)]
        starts.append(_grid(*(((i + b) // s + e) * f for i, b, s, e, f in zip(pixels, before, strides, lead, step))))
        places.append(_grid(*(i * f for i, f in zip(pixels, home))))
        channel = np.arange(filters // groups)
        ats.append(_grid(*(-(t * d // s) * f for t, d, s, f in zip(taps, dilation, strides, step)), channel))
        sources.append(_grid(*(t * f for t, f in zip(taps, weights)), channel))
    return Windows(
        **_border(out, filters, room, lead), start=np.concatenate(starts), place=np.concatenate(places),
        phases=_bounds(starts), at=np.concatenate(ats), source=np.concatenate(sources), entries=_bounds(ats),
        groups=groups, depth=filters // groups, columns=inner, across=filters, beside=filters // groups,
    )


def _border(space, channels, room, before):
    """How an image is laid into the middle of the room, row by row."""
    if tuple(room) == tuple(space):
        return {"rows": np.empty(0, np.int64), "run": 0, "room": 0}
    step = _steps(room, channels)
    first = sum(b * e for b, e in zip(before, step))
    rows = first + _grid(*(np.arange(n) * e for n, e in zip(space[:-1], step)))
    return {"rows": rows, "run": space[-1] * channels, "room": math.prod(room) * channels}


def _steps(sizes, channels):
    """How many numbers lie between neighbours along each axis."""
    return [channels * math.prod(sizes[i + 1 :]) for i in range(len(sizes))]


def _grid(*axes):
    """All sums of one number of each axis, the last axis fastest."""
    return functools.reduce(np.add.outer, axes, np.zeros((), np.int64)).reshape(-1)


def _bounds(parts):
    return np.cumsum([0, *map(len, parts)])
