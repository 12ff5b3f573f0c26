"""Convolutions of images with any number of axes, channels last, without copying their windows out.

`correlate` gives y, and dx too, which is a correlation of dy with the kernel turned round; `correlate_grad` gives dw.
Both go over one image after another, so cores may take some images each, with workspace of their own.
"""

import math

import numpy as np

from . import crew, windows
from .compiler import composed, kernel
from .memory import empty
from .rows import sum_rows
from .simd import LANES, fma, load, store, zeros
from .tile import COLUMNS, ROWS, finish, put, tile

BAND = 128  # results between two changes of the tile in correlate_grad: what they need stays in the first cache


@composed
def conv(x, w, strides, dilation, before, y):
    return conv_and(x, w, strides, dilation, before, np.zeros(y.shape[-1], y.dtype), -np.inf, y)


def conv_and(x, w, strides, dilation, before, bias, floor, y):
    """The calls for a convolution to which a bias is added, and of which what is below `floor` becomes it."""
    at = windows.forward(*_sizes(x, w, y), strides, dilation, before)
    return [_correlation(x, w, at, bias, floor, y)]


@composed
def conv_input_grad(dy, w, strides, dilation, before, dx):
    at = windows.backward(*_sizes(dx, w, dy), strides, dilation, before)
    return [_correlation(dy, w, at, np.zeros(dx.shape[-1], dx.dtype), -np.inf, dx)]


def _correlation(x, w, at, bias, floor, y):
    workspace = _room(at, x.dtype), _panels(at, x.dtype)
    return correlate, (_flat(x), w.reshape(-1), at, *workspace, bias, np.full(1, floor, y.dtype), _flat(y))


@composed
def conv_kernel_grad(x, dy, strides, dilation, before, dw):
    at = windows.forward(*_sizes(x, dw, dy), strides, dilation, before)
    tiles = empty((crew.CORES, at.groups * _blocks(at) * -(-at.at.size // ROWS) * ROWS * COLUMNS), x.dtype)
    return [
        (correlate_grad, (_flat(x), _flat(dy), at, _room(at, x.dtype), tiles)),
        (add_tiles, (tiles, at, dw.reshape(-1))),
    ]


@composed
def depthwise_conv(x, w, strides, dilation, before, y):
    at = windows.forward(*_depthwise_sizes(x, w, y), strides, dilation, before)
    return [(correlate_channels, (_flat(x), w.reshape(-1), at, _room(at, x.dtype), _flat(y)))]


@composed
def depthwise_conv_input_grad(dy, w, strides, dilation, before, dx):
    at = windows.backward(*_depthwise_sizes(dx, w, dy), strides, dilation, before)
    return [(correlate_channels, (_flat(dy), w.reshape(-1), at, _room(at, dy.dtype), _flat(dx)))]


@composed
def depthwise_conv_kernel_grad(x, dy, strides, dilation, before, dw):
    at = windows.forward(*_depthwise_sizes(x, dw, dy), strides, dilation, before)
    parts = empty((crew.CORES, dw.size), x.dtype)
    return [
        (correlate_channels_grad, (_flat(x), _flat(dy), at, _room(at, x.dtype), parts)),
        (sum_rows, (parts, dw.reshape(-1))),
    ]


def _sizes(x, w, y):
    return x.shape[1:-1], x.shape[-1], w.shape[:-2], w.shape[-2], w.shape[-1], y.shape[1:-1]


def _depthwise_sizes(x, w, y):
    return x.shape[1:-1], x.shape[-1], w.shape[:-1], 1, w.shape[-1], y.shape[1:-1]


def _flat(images):
    return images.reshape(len(images), math.prod(images.shape[1:]))


# workspace: a row for each core -----------------------------------------------------------------


def _room(at, dtype):
    """Room for an image with a border, which is zero for good."""
    return np.zeros((crew.CORES, at.room), dtype)


def _panels(at, dtype):
    return empty((crew.CORES, at.groups * _blocks(at) * at.at.size * COLUMNS), dtype)


def _blocks(at):
    return -(-at.columns // COLUMNS)


# loops ------------------------------------------------------------------------------------------


@kernel
def bordered(image, at, room):
    """The image as it is, or laid into the room if it needs a border."""
    if at.room == 0:
        return image
    for i in range(at.rows.size):
        here, there = i * at.run, at.rows[i]
        for j in range(at.run):
            room[there + j] = image[here + j]
    return room


@kernel
def pack(w, at, panels):
    """The kernel as the tile reads it: COLUMNS numbers side by side, zeros where there are fewer columns."""
    spot = 0
    for phase in range(at.phases.size - 1):
        for group in range(at.groups):
            for block in range(0, at.columns, COLUMNS):
                n = min(COLUMNS, at.columns - block)
                for k in range(at.entries[phase], at.entries[phase + 1]):
                    first = at.source[k] + group * at.beside + block * at.across
                    for j in range(n):
                        panels[spot + j] = w[first + j * at.across]
                    for j in range(n, COLUMNS):
                        panels[spot + j] = w.dtype.type(0)
                    spot += COLUMNS


@kernel
def correlate(x, w, at, room, panels, bias, floor, y):
    """y[n, place + column] = bias + sum over k of x[n, start + at[k]] * w[source[k] + column]; at least the floor."""
    panel = panels[0]
    pack(w, at, panel)
    t = np.empty(ROWS * COLUMNS, y.dtype)
    for n in range(x.shape[0]):
        image, out = bordered(x[n], at, room[0]), y[n]
        spot = np.intp(0)  # for a literal 0 the tile would be compiled once more
        for phase in range(at.phases.size - 1):
            start, place = at.start[at.phases[phase] :], at.place[at.phases[phase] :]
            many = at.phases[phase + 1] - at.phases[phase]
            within = at.at[at.entries[phase] : at.entries[phase + 1]]
            for group in range(at.groups):
                d = group * at.depth
                for block in range(0, at.columns, COLUMNS):
                    for p in range(0, many, ROWS):
                        last = many - 1  # the last rows may be the same: they are summed up, and left
                        tile(
                            image, start[p] + d, start[min(p + 1, last)] + d, start[min(p + 2, last)] + d,
                            start[min(p + 3, last)] + d, start[min(p + 4, last)] + d, start[min(p + 5, last)] + d,
                            within, panel, spot, t, 0, False,
                        )
                        column = group * at.columns + block
                        for i in range(min(ROWS, many - p)):
                            finish(t, i * COLUMNS, bias, column, floor, out, place[p + i], at.columns - block)
                    spot += within.size * COLUMNS


@kernel
def correlate_grad(x, dy, at, room, tiles):
    """tiles[0] = sum over images and results of x[n, start + at[k]] * dy[n, place + column], in tiles of k x column."""
    for i in range(tiles.shape[0]):
        for j in range(tiles.shape[1]):
            tiles[i, j] = x.dtype.type(0)
    sums, within = tiles[0], at.at
    panel = np.empty(BAND * COLUMNS, x.dtype)
    last = within.size - 1
    for n in range(x.shape[0]):
        image = bordered(x[n], at, room[0])
        for p in range(0, at.start.size, BAND):
            start, place = at.start[p : p + BAND], at.place[p : p + BAND]
            spot = np.intp(0)
            for group in range(at.groups):
                d = group * at.depth
                for block in range(0, at.columns, COLUMNS):
                    take(dy[n], place, group * at.columns + block, at.columns - block, panel)
                    for k in range(0, within.size, ROWS):
                        tile(
                            image, within[k] + d, within[min(k + 1, last)] + d, within[min(k + 2, last)] + d,
                            within[min(k + 3, last)] + d, within[min(k + 4, last)] + d, within[min(k + 5, last)] + d,
                            start, panel, 0, sums, spot, True,
                        )
                        spot += ROWS * COLUMNS


@kernel
def take(dy, place, column, n, panel):
    """n columns (COLUMNS at most) of dy at the given places, side by side, zeros where there are fewer."""
    for i in range(place.size):
        put(dy, place[i] + column, panel, i * COLUMNS, n)
        for j in range(n, COLUMNS):
            panel[i * COLUMNS + j] = dy.dtype.type(0)


@kernel
def add_tiles(tiles, at, dw):
    """dw = the sum of all cores' tiles, each number where it stands in the kernel."""
    spot = 0
    for group in range(at.groups):
        for block in range(0, at.columns, COLUMNS):
            for k in range(at.at.size):
                there = at.source[k] + group * at.beside + block
                for j in range(min(COLUMNS, at.columns - block)):
                    total = tiles[0, spot + j]
                    for core in range(1, tiles.shape[0]):
                        total += tiles[core, spot + j]
                    dw[there + j] = total
                spot += COLUMNS
            spot += -at.at.size % ROWS * COLUMNS


@kernel
def correlate_channels(x, w, at, room, y):
    """Each channel by itself: y[n, place + c] = sum over k of x[n, start + at[k] + c] * w[source[k] + c]."""
    channels = at.groups
    whole = channels - channels % LANES
    for n in range(x.shape[0]):
        image, out = bordered(x[n], at, room[0]), y[n]
        for phase in range(at.phases.size - 1):
            within = at.at[at.entries[phase] : at.entries[phase + 1]]
            source = at.source[at.entries[phase] : at.entries[phase + 1]]
            for p in range(at.phases[phase], at.phases[phase + 1]):
                here, there = at.start[p], at.place[p]
                for c in range(0, whole, LANES):
                    s = zeros(x)
                    for k in range(within.size):
                        s = fma(load(image, here + within[k] + c), load(w, source[k] + c), s)
                    store(out, there + c, s)
                for c in range(whole, channels):
                    total = x.dtype.type(0)
                    for k in range(within.size):
                        total += image[here + within[k] + c] * w[source[k] + c]
                    out[there + c] = total


@kernel
def correlate_channels_grad(x, dy, at, room, parts):
    """parts[0] = sum over images and results of x[n, start + at[k] + c] * dy[n, place + c]."""
    for i in range(parts.shape[0]):
        for j in range(parts.shape[1]):
            parts[i, j] = x.dtype.type(0)
    sums, channels = parts[0], at.groups
    whole = channels - channels % LANES
    for n in range(x.shape[0]):
        image, slope = bordered(x[n], at, room[0]), dy[n]
        for k in range(at.at.size):
            here, there = at.at[k], at.source[k]
            for c in range(0, whole, LANES):
                s = load(sums, there + c)
                for p in range(at.start.size):
                    s = fma(load(image, at.start[p] + here + c), load(slope, at.place[p] + c), s)
                store(sums, there + c, s)
            for c in range(whole, channels):
                for p in range(at.start.size):
                    sums[there + c] += image[at.start[p] + here + c] * slope[at.place[p] + c]
