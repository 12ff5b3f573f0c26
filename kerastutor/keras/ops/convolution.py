"""Convolution: the same small kernel at every place of an image. Source: https://keras.io/api/ops/nn/

An image has 1 to 3 axes in space. `_convolve` is the one formula behind all of these ops,

    y[p] = sum over taps t of x[p * strides + t * dilation - before] @ w[t],

with zeros where that is outside of x. A transposed convolution is its gradient: each is the other's, read backwards.
"""

import math

from ...backends import K
from .. import arguments
from ..autodiff import record, run, tensor
from .core import cast
from .helpers import floats
from .shapes import reshape, transpose


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Each output is a sum over a window of the input, weighted with the kernel.

    Parameters
    ----------
    inputs : tensor
        (n, *spatial, channels), with 1 to 3 spatial axes; (n, channels, *spatial) if the channels are first.
    kernel : tensor
        (*window, channels, filters). With channels / g there, channels and filters fall into g groups, and each filter
        sees its own group only.
    strides : int or tuple
        From one window to the next.
    padding : {"valid", "same"}
        "valid": only whole windows; "same": zeros around the input, so that with strides 1 it keeps its size.
    dilation_rate : int or tuple
        From one tap of the kernel to the next.

    Gradient: the kernel's turned and slid over dy, to the input; the windows times dy, to the kernel.

    Raises
    ------
    ValueError
        If the channels do not match, or the window does not fit.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> steps = [[[1.0], [2.0], [4.0], [7.0]]]
    >>> ops.conv(steps, [[[-1.0]], [[1.0]]]).numpy()
    array([[[1.],
            [2.],
            [3.]]], dtype=float32)
    """
    x, w, strides, dilation, back = _prepared("conv", inputs, kernel, strides, data_format, dilation_rate)
    c, inner, filters = x.shape[-1], *w.shape[-2:]
    if c % inner or filters % (c // inner):
        raise ValueError(
            f"conv: a kernel of shape {w.shape} takes {inner} channels at a time and has {filters} filters; the input "
            f"has {c} channels. Both must fall into the same number of groups: check `data_format`, or the kernel."
        )
    before, out = _borders("conv", x, w, strides, padding, dilation)
    return back(_convolve(x, w, strides, dilation, before, out))


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """A convolution of each channel by itself; the kernel (*window, channels, m) makes m new ones of each.

    Takes what `conv` takes. Channel c of the input gives the channels c * m ... c * m + m - 1 of the result.
    """
    x, w, strides, dilation, back = _prepared("depthwise_conv", inputs, kernel, strides, data_format, dilation_rate)
    _check_channels("depthwise_conv", x, w, -2)
    c, m = w.shape[-2:]
    if m > 1:
        copies = reshape(x, (*x.shape, 1)) * tensor([1.0] * m, x.dtype)
        x = reshape(copies, (*x.shape[:-1], c * m))
    before, out = _borders("depthwise_conv", x, w, strides, padding, dilation)
    return back(_convolve_channels(x, reshape(w, (*w.shape[:-2], c * m)), strides, dilation, before, out))


def separable_conv(
    inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1
):
    """`depthwise_conv`, then a convolution with windows of one place, which mixes the channels."""
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(y, pointwise_kernel, data_format=data_format)


def conv_transpose(
    inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1
):
    """The transpose of a convolution: each input spreads over a window of the output, weighted with the kernel.

    Takes what `conv` takes, but for the kernel (*window, filters, channels), and

    Parameters
    ----------
    output_padding : int or tuple, optional
        How many more outputs there are at the end, where several sizes have an input of this size.
    """
    who = "conv_transpose"
    x, w, strides, dilation, back = _prepared(who, inputs, kernel, strides, data_format, dilation_rate)
    _check_channels(who, x, w, -1)
    extra = transposed_padding(who, output_padding, strides)
    out = transposed_sizes(who, x.shape[1:-1], w.shape[:-2], strides, padding, extra, dilation)
    before = [_cut(*axis) if padding.lower() == "same" else 0 for axis in zip(w.shape, strides, extra, dilation)]
    return back(_spread(x, w, strides, dilation, tuple(before), out))


# arguments -------------------------------------------------------------------------------------


def _prepared(who, inputs, kernel, strides, data_format, dilation_rate):
    """The arguments checked, the channels last; and a function that puts the result's channels where they were."""
    w = floats(kernel)
    x, n = cast(inputs, w.dtype), w.ndim - 2
    if n not in (1, 2, 3) or x.ndim != w.ndim:
        raise ValueError(
            f"{who}: the input (the batch, 1 to 3 axes in space, the channels) and the kernel (as many axes in space, "
            f"channels, filters) must have 3, 4 or 5 axes both; got shapes {x.shape} and {w.shape}."
        )
    back = lambda y: y
    if arguments.data_format(who, data_format) == "channels_first":
        x = transpose(x, (0, *range(2, x.ndim), 1))
        back = lambda y: transpose(y, (0, -1, *range(1, n + 1)))
    strides = arguments.whole_numbers(who, "strides", strides, n)
    return x, w, strides, arguments.whole_numbers(who, "dilation_rate", dilation_rate, n), back


def _check_channels(who, x, w, axis):
    if x.shape[-1] != w.shape[axis]:
        raise ValueError(
            f"{who}: the input has {x.shape[-1]} channels, and the kernel of shape {w.shape} is for {w.shape[axis]}: "
            "check `data_format`, or the kernel."
        )


def output_sizes(who, sizes, window, strides, padding, dilation):
    """How many windows there are along each axis of length `sizes`; None where the length varies."""
    if arguments.one_of(who, "padding", padding, "valid", "same", "causal") != "valid":
        return tuple(None if n is None else -(-n // s) for n, s in zip(sizes, strides))
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]
    if any(n is not None and n < r for n, r in zip(sizes, reach)):
        dilated = f" (dilated to {tuple(reach)})" if max(dilation) > 1 else ""
        raise ValueError(
            f"{who}: a window of {tuple(window)}{dilated} does not fit into {tuple(sizes)}, the input's size in space: "
            "pool less before this, make the kernel smaller, or write padding='same'."
        )
    return tuple(None if n is None else (n - r) // s + 1 for n, r, s in zip(sizes, reach, strides))


def _borders(who, x, w, strides, padding, dilation):
    """How far the first window begins before the input along each axis, and how many windows there are."""
    padding = arguments.one_of(who, "padding", padding, "valid", "same")
    sizes, window = x.shape[1:-1], w.shape[:-2]
    out = output_sizes(who, sizes, window, strides, padding, dilation)
    if padding == "valid":
        return (0,) * len(out), out
    outside = [(m - 1) * s + (k - 1) * d + 1 - n for n, k, m, s, d in zip(sizes, window, out, strides, dilation)]
    return tuple(max(n, 0) // 2 for n in outside), out


def transposed_padding(who, output_padding, strides):
    """`output_padding` for each axis, or None for each; it must be less than the stride."""
    if output_padding is None:
        return (None,) * len(strides)
    extra = arguments.whole_numbers(who, "output_padding", output_padding, len(strides), least=0)
    if any(e >= s for e, s in zip(extra, strides)):
        raise ValueError(
            f"{who}: `output_padding` {extra} must be less than `strides` {strides} on each axis: a further place "
            "would belong to an input that is not there."
        )
    return extra


def transposed_sizes(who, sizes, window, strides, padding, output_padding, dilation):
    """How long the result of a transposed convolution is along each axis; None where the input's length varies."""
    same = arguments.one_of(who, "padding", padding, "valid", "same") == "same"

    def size(n, k, s, extra, d):
        reach = (k - 1) * d + 1
        if n is None:
            return None
        if same:
            return n * s if extra is None else (n - 1) * s + reach % 2 + extra
        return (n - 1) * s + (max(reach, s) if extra is None else reach + extra)

    return tuple(size(*axis) for axis in zip(sizes, window, strides, output_padding, dilation))


def _cut(k, s, extra, d):
    """How much is cut from the beginning, with padding="same"."""
    reach = (k - 1) * d + 1
    rest = s + reach - 2 if extra is None else reach + reach % 2 - 2 + extra
    return reach - 1 - min(-(-rest // 2), reach - 1)


# the calculus ----------------------------------------------------------------------------------


def _convolve(x, w, strides, dilation, before, out):
    """y[p] = sum over taps t of x[p * strides + t * dilation - before] @ w[t]."""
    kernels = K.conv, K.conv_input_grad, K.conv_kernel_grad
    return _slide(*kernels, x, w, (strides, dilation, before), (x.shape[0], *out, w.shape[-1]))


def _convolve_channels(x, w, strides, dilation, before, out):
    """y[p] = sum over taps t of x[p * strides + t * dilation - before] * w[t], channel by channel."""
    kernels = K.depthwise_conv, K.depthwise_conv_input_grad, K.depthwise_conv_kernel_grad
    return _slide(*kernels, x, w, (strides, dilation, before), (x.shape[0], *out, w.shape[-1]))


def _slide(forward, to_input, to_kernel, x, w, at, shape):
    y = K.empty(shape, x.value.dtype)
    run(forward, x.value, w.value, *at, y)

    def gradient(dy):
        if x.tracked:
            dx = K.empty(x.shape, dy.dtype)
            run(to_input, dy, w.value, *at, dx)
            x.add_grad(dx)
        if w.tracked:
            dw = K.empty(w.shape, dy.dtype)
            run(to_kernel, x.value, dy, *at, dw)
            w.add_grad(dw)

    return record(y, gradient, x, w)


def _spread(x, w, strides, dilation, before, out):
    """y[p * strides + t * dilation - before] += x[p] @ w[t].T: the gradient of `_convolve`, whose gradient is that."""
    at = strides, dilation, before
    y = K.empty((x.shape[0], *out, w.shape[-2]), x.value.dtype)
    run(K.conv_input_grad, x.value, w.value, *at, y)

    def gradient(dy):
        if x.tracked:
            dx = K.empty(x.shape, dy.dtype)
            run(K.conv, dy, w.value, *at, dx)
            x.add_grad(dx)
        if w.tracked:
            dw = K.empty(w.shape, dy.dtype)
            run(K.conv_kernel_grad, dy, x.value, *at, dw)
            w.add_grad(dw)

    return record(y, gradient, x, w)


def add_to_channels(x, bias, data_format):
    """x + bias, one number for each channel."""
    if data_format == "channels_first":
        return x + reshape(bias, (-1, *(1,) * (x.ndim - 2)))
    rows = reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))  # a table, for which adding a row is fast
    return reshape(rows + bias, x.shape)
