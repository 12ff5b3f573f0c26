"""Fourier transforms, windows, and signals cut into overlapping pieces. A complex tensor is a pair: (real, imaginary).

A transform is linear, so its gradient is its adjoint: the transform back, but for the factor.
Source: https://keras.io/api/ops/fft/
"""

import numpy as np

from ...backends import K
from .. import config
from ..autodiff import Tensor, record, run, tensor
from .helpers import floats, no_gradient
from .indexing import take
from .joining import pad
from .placing import segment_sum
from .shapes import moveaxis, reshape


def _pair(name, x):
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(f"{name} takes a pair of tensors, (real, imaginary); got a {type(x).__name__}.")
    real, imaginary = tensor(x[0]), tensor(x[1])
    if real.shape != imaginary.shape or real.value.dtype.kind != "f" or imaginary.value.dtype.kind != "f":
        raise ValueError(
            f"{name}: real and imaginary part must be floats of one shape; got {real.dtype} {real.shape} and "
            f"{imaginary.dtype} {imaginary.shape}."
        )
    return real, imaginary


def _linear(forward, adjoint, inputs, shape, parts=2):
    """What a linear function of complex (or real) arrays gives, as one or two parts; its gradient by its adjoint."""
    dtype = inputs[0].value.dtype
    out = [K.empty(shape, dtype) for _ in range(parts)]
    run(_complex, forward, tuple(x.value for x in inputs), tuple(out))

    def gradient_of(place):
        def gradient(dy):
            upstream = tuple(dy if i == place else np.zeros(shape, dtype) for i in range(parts))
            found = tuple(K.empty(x.shape, dtype) for x in inputs)
            run(_complex, adjoint, upstream, found)
            for x, dx in zip(inputs, found):
                if x.tracked:
                    x.add_grad(dx)

        return gradient

    results = tuple(record(y, gradient_of(i), *inputs) for i, y in enumerate(out))
    return results if parts == 2 else results[0]


def _complex(function, parts, out):
    y = function(parts[0] + 1j * parts[1] if len(parts) == 2 else parts[0])
    out[0][...] = y.real
    if len(out) == 2:
        out[1][...] = y.imag


def fft(x):
    """The discrete Fourier transform along the last axis of a pair (real, imaginary)."""
    x = _pair("fft", x)
    return _linear(np.fft.fft, lambda dy: np.fft.ifft(dy, norm="forward"), x, x[0].shape)


def fft2(x):
    """The discrete Fourier transform along the last two axes of a pair (real, imaginary)."""
    x = _pair("fft2", x)
    return _linear(np.fft.fft2, lambda dy: np.fft.ifft2(dy, norm="forward"), x, x[0].shape)


def ifft2(x):
    """The inverse of `fft2`."""
    x = _pair("ifft2", x)
    return _linear(np.fft.ifft2, lambda dy: np.fft.fft2(dy, norm="forward"), x, x[0].shape)


def rfft(x, fft_length=None):
    """The discrete Fourier transform along the last axis of real numbers: the half of it that is not redundant.

    Shapes: (..., n) -> a pair of (..., fft_length // 2 + 1); x is cut or filled up with zeros to fft_length.
    """
    x = floats(x)
    n, given = fft_length or x.shape[-1], x.shape[-1]

    def adjoint(dy):
        dx = np.fft.ifft(dy, n, norm="forward").real[..., :given]
        return np.pad(dx, [*[(0, 0)] * (x.ndim - 1), (0, given - dx.shape[-1])])

    return _linear(lambda x: np.fft.rfft(x, n), adjoint, [x], (*x.shape[:-1], n // 2 + 1))


def irfft(x, fft_length=None):
    """The inverse of `rfft`: real numbers from a pair (real, imaginary)."""
    x = _pair("irfft", x)
    given = x[0].shape[-1]
    n = fft_length or 2 * (given - 1)

    def adjoint(dy):
        dx = np.fft.rfft(dy, norm="forward")[..., :given]
        dx[..., 1 : (n + 1) // 2] *= 2  # each stands for its mirror image too
        return np.pad(dx, [*[(0, 0)] * (dy.ndim - 1), (0, given - dx.shape[-1])])

    return _linear(lambda x: np.fft.irfft(x, n), adjoint, x, (*x[0].shape[:-1], n), parts=1)


# pieces of a signal ----------------------------------------------------------------------------


def extract_sequences(x, sequence_length, sequence_stride):
    """Pieces of the last axis, each beginning a stride behind the one before: (..., n) -> (..., pieces, length)."""
    x = tensor(x)
    pieces = max((x.shape[-1] - sequence_length) // sequence_stride + 1, 0)
    starts = np.arange(pieces, dtype=np.int32)[:, None] * sequence_stride
    return take(x, starts + np.arange(sequence_length, dtype=np.int32), -1)


def stft(x, sequence_length, sequence_stride, fft_length, window="hann", center=True):
    """The Fourier transforms of overlapping pieces of a signal, each times a window: a pair of (..., pieces, bins).

    Parameters
    ----------
    window : {"hann", "hamming"}, vector or None
    center : bool
        Whether the signal is mirrored at its ends first, so that piece i has its middle at i * sequence_stride.
    """
    x = floats(x)
    window = _window("stft", window, sequence_length, fft_length, x.dtype)
    if center:
        x = pad(x, [*[(0, 0)] * (x.ndim - 1), (fft_length // 2,) * 2], mode="reflect")
    return rfft(extract_sequences(x, fft_length, sequence_stride) * window, fft_length)


def istft(x, sequence_length, sequence_stride, fft_length, length=None, window="hann", center=True):
    """The signal whose `stft` is x: the pieces transformed back, added up where they overlap."""
    real, imaginary = _pair("istft", x)
    shaped = _window("istft", window, sequence_length, fft_length, real.dtype)
    pieces = irfft((real, imaginary), fft_length) * shaped
    *lead, count, _ = pieces.shape
    n = fft_length + sequence_stride * (count - 1)
    places = np.arange(count, dtype=np.int32)[:, None] * sequence_stride + np.arange(fft_length, dtype=np.int32)
    flat = moveaxis(reshape(pieces, (*lead, count * fft_length)), -1, 0)
    signal = moveaxis(segment_sum(flat, places.reshape(-1), n), 0, -1)
    weight = np.bincount(places.reshape(-1), np.tile(np.square(shaped, dtype="float64"), count), n)
    factor = 1.0 if window is not None else fft_length / sequence_stride
    signal = signal * (factor / np.where(weight > 1e-10, weight, 1)).astype(real.dtype)
    start = fft_length // 2 if center else 0
    end = start + length if length is not None else n - start
    return signal[..., start:end]


def _window(name, window, length, fft_length, dtype):
    """The window amid zeros, fft_length long: an array."""
    if fft_length < length:
        raise ValueError(f"{name}: fft_length ({fft_length}) must not be below sequence_length ({length}).")
    if isinstance(window, str):
        if window not in ("hann", "hamming"):
            raise ValueError(f"{name}: window must be 'hann', 'hamming', a vector or None; got {window!r}.")
        turn = np.cos(2 * np.pi * np.arange(length) / length)
        window = 0.5 - 0.5 * turn if window == "hann" else 0.54 - 0.46 * turn
    elif window is None:
        return np.ones(fft_length, dtype)
    window = np.asarray(window, dtype)
    if window.shape != (length,):
        raise ValueError(f"{name}: the window must have sequence_length ({length}) numbers; got shape {window.shape}.")
    before = (fft_length - length) // 2
    return np.pad(window, (before, fft_length - length - before))


# windows ---------------------------------------------------------------------------------------


def bartlett(x):
    """A triangle of x points: 0 at the ends, 1 in the middle."""
    return _points(np.bartlett, x)


def blackman(x):
    """Blackman's window of x points: 0.42 - 0.5 cos + 0.08 cos of twice the angle."""
    return _points(np.blackman, x)


def hamming(x):
    """Hamming's window of x points: 0.54 - 0.46 cos."""
    return _points(np.hamming, x)


def hanning(x):
    """Hann's window of x points: 0.5 - 0.5 cos."""
    return _points(np.hanning, x)


def kaiser(x, beta):
    """Kaiser's window of x points: the larger beta, the narrower."""
    return _points(lambda n: np.kaiser(n, float(tensor(beta))), x)


def _points(window, x):
    return Tensor(window(int(tensor(x))).astype(config.floatx()))


def i0(x):
    """Bessel's function of the first kind and order 0, modified. No gradient."""
    x = floats(x)
    y = K.empty(x.shape, x.value.dtype)
    run(_i0, x.value, y)
    return record(y, no_gradient("i0"), x)


def _i0(x, y):
    y[...] = np.i0(x)
