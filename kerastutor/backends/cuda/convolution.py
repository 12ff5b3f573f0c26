"""Convolutions, channels last: a thread for each number of the result goes through the taps that it is made of.

Images of one or two axes are taken as such of three, of which the first ones have length 1; and a depthwise convolution
as one in which each channel is a group by itself.
"""

from numba import cuda

from . import memory
from .launch import SIMULATED, kernel, launch
from .reductions import _add_up, reduce

AXES = 3
ENOUGH = 8 if SIMULATED else 1 << 17  # threads for the gradient of a kernel


@kernel(fills=1)
def conv(x, w, strides, dilation, before, y):
    at = _in_three(strides, 1), _in_three(dilation, 1), _in_three(before, 0)
    launch(_conv, y.size, _image(x), _taps(w), *at, y.dtype.type(0), _image(y))


@kernel(fills=1)
def conv_input_grad(dy, w, strides, dilation, before, dx):
    at = _in_three(strides, 1), _in_three(dilation, 1), _in_three(before, 0)
    launch(_input_grad, dx.size, _image(dy), _taps(w), *at, dx.dtype.type(0), _image(dx))


@kernel(fills=1)
def conv_kernel_grad(x, dy, strides, dilation, before, dw):
    at = _in_three(strides, 1), _in_three(dilation, 1), _in_three(before, 0)
    parts = max(min(x.shape[0], ENOUGH // max(dw.size, 1)), 1)  # of the batch: each thread sums over one
    sums = memory.workspace("kernel", parts * dw.size, dw.dtype)
    launch(_kernel_grad, sums.size, _image(x), _image(dy), *at, parts, tuple(_taps(dw).shape), dw.dtype.type(0), sums)
    reduce(_add_up, sums, 1, parts, dw.size, dw, dw.dtype.type(0))


@kernel(fills=1)
def depthwise_conv(x, w, strides, dilation, before, y):
    conv.on_device(x, _groups(w), strides, dilation, before, y)


@kernel(fills=1)
def depthwise_conv_input_grad(dy, w, strides, dilation, before, dx):
    conv_input_grad.on_device(dy, _groups(w), strides, dilation, before, dx)


@kernel(fills=1)
def depthwise_conv_kernel_grad(x, dy, strides, dilation, before, dw):
    conv_kernel_grad.on_device(x, dy, strides, dilation, before, _groups(dw))


def _in_three(values, one):
    return (one,) * (AXES - len(values)) + tuple(int(v) for v in values)


def _image(x):
    """(n, ..., c) with three axes in between."""
    n, *places, c = x.shape
    return x.reshape((n, *_in_three(places, 1), c))


def _taps(w):
    """(..., c, o) with three axes before."""
    *places, c, o = w.shape
    return w.reshape((*_in_three(places, 1), c, o))


def _groups(w):
    """(..., c) as (..., 1, c)."""
    *places, c = w.shape
    return w.reshape((*places, 1, c))


@cuda.jit(device=True)
def pixel(i, x):
    """Image, three places and channel of number i."""
    c = i % x.shape[4]
    i //= x.shape[4]
    r = i % x.shape[3]
    i //= x.shape[3]
    q = i % x.shape[2]
    i //= x.shape[2]
    return i // x.shape[1], i % x.shape[1], q, r, c


@cuda.jit
def _conv(x, w, strides, dilation, before, zero, y):
    i = cuda.grid(1)
    if i < y.size:
        image, p, q, r, o = pixel(i, y)
        channels = w.shape[3]
        first = o // (w.shape[4] // (x.shape[4] // channels)) * channels  # of the group's channels
        total = zero
        for a in range(w.shape[0]):
            j = p * strides[0] - before[0] + a * dilation[0]
            for b in range(w.shape[1]):
                k = q * strides[1] - before[1] + b * dilation[1]
                for d in range(w.shape[2]):
                    m = r * strides[2] - before[2] + d * dilation[2]
                    inside = 0 <= j < x.shape[1] and 0 <= k < x.shape[2] and 0 <= m < x.shape[3]
                    for c in range(channels):
                        total += (x[image, j, k, m, first + c] if inside else zero) * w[a, b, d, c, o]
        y[image, p, q, r, o] = total


@cuda.jit(device=True)
def window(i, tap, stride, dilation, before):
    """Which window meets line i with this tap; -1 if none does."""
    p = i + before - tap * dilation
    return p // stride if p >= 0 and p % stride == 0 else -1


@cuda.jit
def _input_grad(dy, w, strides, dilation, before, zero, dx):
    i = cuda.grid(1)
    if i < dx.size:
        image, j, k, m, c = pixel(i, dx)
        channels = w.shape[3]
        outputs = w.shape[4] // (dx.shape[4] // channels)
        first = c // channels * outputs  # of the group's outputs
        total = zero
        for a in range(w.shape[0]):
            p = window(j, a, strides[0], dilation[0], before[0])
            for b in range(w.shape[1]):
                q = window(k, b, strides[1], dilation[1], before[1])
                for d in range(w.shape[2]):
                    r = window(m, d, strides[2], dilation[2], before[2])
                    if 0 <= p < dy.shape[1] and 0 <= q < dy.shape[2] and 0 <= r < dy.shape[3]:
                        for o in range(first, first + outputs):
                            total += dy[image, p, q, r, o] * w[a, b, d, c % channels, o]
        dx[image, j, k, m, c] = total


@cuda.jit
def _kernel_grad(x, dy, strides, dilation, before, parts, shape, zero, sums):
    """A thread for each number of the kernel and each part of the batch."""
    i = cuda.grid(1)
    if i < sums.size:
        o = i % shape[4]
        c = i // shape[4] % shape[3]
        d = i // (shape[4] * shape[3]) % shape[2]
        b = i // (shape[4] * shape[3] * shape[2]) % shape[1]
        a = i // (shape[4] * shape[3] * shape[2] * shape[1]) % shape[0]
        part = i // (sums.size // parts)
        c += o // (shape[4] // (x.shape[4] // shape[3])) * shape[3]
        total = zero
        for image in range(part, x.shape[0], parts):
            for p in range(dy.shape[1]):
                j = p * strides[0] - before[0] + a * dilation[0]
                for q in range(dy.shape[2]):
                    k = q * strides[1] - before[1] + b * dilation[1]
                    for r in range(dy.shape[3]):
                        m = r * strides[2] - before[2] + d * dilation[2]
                        inside = 0 <= j < x.shape[1] and 0 <= k < x.shape[2] and 0 <= m < x.shape[3]
                        total += (x[image, j, k, m, c] if inside else zero) * dy[image, p, q, r, o]
        sums[i] = total
