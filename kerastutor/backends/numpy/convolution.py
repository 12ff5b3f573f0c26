"""Convolutions: one product for each tap of the kernel, with the part of the image that the tap meets."""

import numpy as np


def conv(x, w, strides, dilation, before, y):
    room, _ = _bordered(x, w, strides, dilation, before, y)
    y[...] = 0
    for tap, here in _taps(w.shape[:-2], strides, dilation, y):
        for c, o in _groups(x, w):
            y[..., o] += room[here][..., c] @ w[tap][:, o]


def conv_input_grad(dy, w, strides, dilation, before, dx):
    room, inside = _bordered(np.zeros_like(dx), w, strides, dilation, before, dy)
    for tap, here in _taps(w.shape[:-2], strides, dilation, dy):
        for c, o in _groups(dx, w):
            room[here][..., c] += dy[..., o] @ w[tap][:, o].T
    dx[...] = room[inside]


def conv_kernel_grad(x, dy, strides, dilation, before, dw):
    room, _ = _bordered(x, dw, strides, dilation, before, dy)
    for tap, here in _taps(dw.shape[:-2], strides, dilation, dy):
        for c, o in _groups(x, dw):
            dw[tap][:, o] = _rows(room[here][..., c]).T @ _rows(dy[..., o])


def depthwise_conv(x, w, strides, dilation, before, y):
    room, _ = _bordered(x, w, strides, dilation, before, y)
    y[...] = 0
    for tap, here in _taps(w.shape[:-1], strides, dilation, y):
        y += room[here] * w[tap]


def depthwise_conv_input_grad(dy, w, strides, dilation, before, dx):
    room, inside = _bordered(np.zeros_like(dx), w, strides, dilation, before, dy)
    for tap, here in _taps(w.shape[:-1], strides, dilation, dy):
        room[here] += dy * w[tap]
    dx[...] = room[inside]


def depthwise_conv_kernel_grad(x, dy, strides, dilation, before, dw):
    room, _ = _bordered(x, dw, strides, dilation, before, dy)
    for tap, here in _taps(dw.shape[:-1], strides, dilation, dy):
        dw[tap] = _rows(room[here] * dy).sum(0)


def _bordered(x, w, strides, dilation, before, y):
    """x amid zeros, as far as any window reaches; and the slices that cut x out again."""
    sizes = zip(x.shape[1:-1], w.shape, y.shape[1:], strides, dilation, before)  # of the axes in space
    room = [max(b + n, (m - 1) * s + (k - 1) * d + 1) for n, k, m, s, d, b in sizes]
    room = np.zeros((len(x), *room, x.shape[-1]), x.dtype)
    inside = (slice(None), *(slice(b, b + n) for b, n in zip(before, x.shape[1:-1])))
    room[inside] = x
    return room, inside


def _taps(kernel, strides, dilation, y):
    """Each tap of the kernel, with the slices of the bordered image that it meets: a number for each of y."""
    for tap in np.ndindex(*kernel):
        sizes = zip(tap, y.shape[1:], strides, dilation)
        yield tap, (slice(None), *(slice(t * d, t * d + (m - 1) * s + 1, s) for t, m, s, d in sizes))


def _groups(x, w):
    """Each group's slices of the channels of x and of y."""
    groups = x.shape[-1] // w.shape[-2]
    c, o = w.shape[-2], w.shape[-1] // groups
    return [(slice(g * c, (g + 1) * c), slice(g * o, (g + 1) * o)) for g in range(groups)]


def _rows(a):
    return a.reshape(-1, a.shape[-1])
