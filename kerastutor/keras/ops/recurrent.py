"""Recurrent layers over a whole sequence, as one op each.

`simple_rnn`, `lstm` and `gru` do what a loop over their cell does, with tanh and sigmoid; a test holds them against it.
What x adds to the gates of all steps is one product before the loop, the kernels' gradients are one product after it.
"""

import numpy as np

from ...backends import K
from ..autodiff import Tensor, record, run
from .core import cast
from .helpers import flat, rows


def simple_rnn(x, h0, kernel, recurrent_kernel, bias=None, mask=None, return_sequences=False, way=1):
    """h = tanh(x_t @ kernel + h @ recurrent_kernel + bias), step by step.

    Shapes: x (batch, time, n), h0 (batch, units), mask (batch, time) of bools: a step that does not count changes
    nothing. With `way` -1 the last step is made first. Returns all h, (batch, time, units), each at the place of its
    step, or the one made last, (batch, units).
    """
    x, b, on, z = _prepared(x, kernel, recurrent_kernel, bias, mask)
    before, hs = _states(z, recurrent_kernel, True), _states(z, recurrent_kernel, return_sequences)
    u = recurrent_kernel.value
    run(K.simple_rnn, u, b, on, way, h0.value, z, before, hs)

    def gradient(dhs):
        db, dh0 = K.empty(h0.shape, z.dtype), K.empty(h0.shape, z.dtype)
        run(K.simple_rnn_grad, dhs.reshape(hs.shape), u, on, way, z, db, dh0)
        _hand_on(dh0, h0)
        _kernel_gradients(x, before, kernel, recurrent_kernel, bias, z, z, db)

    return _result(hs, return_sequences, gradient, x, h0, kernel, recurrent_kernel, bias)


def lstm(x, h0, c0, kernel, recurrent_kernel, bias=None, mask=None, return_sequences=False, way=1):
    """i, f, g, o = x_t @ kernel + h @ recurrent_kernel + bias; c = f c + i g; h = o tanh(c), step by step.

    i, f and o go through a sigmoid, g through tanh: they are the kernels' columns in this order.
    Shapes: as `simple_rnn`; kernel (n, 4 units). Returns all h, or the last, and the last c.
    """
    x, b, on, z = _prepared(x, kernel, recurrent_kernel, bias, mask)
    before, c_before = (_states(z, recurrent_kernel, True) for _ in range(2))
    hs, c_last = _states(z, recurrent_kernel, return_sequences), K.empty(h0.shape, z.dtype)
    u, dc_last = recurrent_kernel.value, [np.zeros(h0.shape, z.dtype)]
    run(K.lstm, u, b, on, way, h0.value, c0.value, z, before, c_before, hs, c_last)

    def gradient(dhs):
        db = K.empty((len(z), z.shape[2]), z.dtype)
        dh0, dc0 = K.empty(h0.shape, z.dtype), K.empty(h0.shape, z.dtype)
        run(K.lstm_grad, dhs.reshape(hs.shape), dc_last[-1], u, on, way, c_before, z, db, dh0, dc0)
        _hand_on(dh0, h0)
        _hand_on(dc0, c0)
        _kernel_gradients(x, before, kernel, recurrent_kernel, bias, z, z, db)

    h = _result(hs, return_sequences, gradient, x, h0, c0, kernel, recurrent_kernel, bias)

    def remember(dc):  # read before `gradient`, which runs even if nothing depends on h
        dc_last.append(dc)
        if h.grad is None:
            h.add_grad(np.zeros(h.shape, z.dtype))

    return h, record(c_last, remember, h)


def gru(x, h0, kernel, recurrent_kernel, bias=None, mask=None, return_sequences=False, way=1):
    """s = h @ recurrent_kernel + bias[1]; z, r = sigmoid(x_t @ kernel + bias[0] + s); h = z h + (1 - z) g.

    g = tanh(x_t @ kernel + bias[0] + r s), each with its third of the columns, which belong to z, r and g.
    Shapes: as `simple_rnn`; kernel (n, 3 units), bias (2, 3 units). Returns all h, or the last.
    """
    x, b, on, z = _prepared(x, kernel, recurrent_kernel, bias, mask, biases=2)
    before, inner = (_states(z, recurrent_kernel, True) for _ in range(2))
    hs, u = _states(z, recurrent_kernel, return_sequences), recurrent_kernel.value
    run(K.gru, u, b, on, way, h0.value, z, before, inner, hs)

    def gradient(dhs):
        ds, dh0 = K.empty(z.shape, z.dtype), K.empty(h0.shape, z.dtype)
        db = K.empty((len(z), 2, z.shape[2]), z.dtype)
        run(K.gru_grad, dhs.reshape(hs.shape), u, on, way, before, inner, z, ds, db, dh0)
        _hand_on(dh0, h0)
        _kernel_gradients(x, before, kernel, recurrent_kernel, bias, z, ds, db)

    return _result(hs, return_sequences, gradient, x, h0, kernel, recurrent_kernel, bias)


# what the three share --------------------------------------------------------------------------


def _prepared(x, kernel, recurrent_kernel, bias, mask, biases=1):
    """x in the kernel's dtype; the bias, the mask and z = x @ kernel as arrays."""
    x = cast(x, kernel.dtype)
    if x.ndim != 3 or x.shape[2] != kernel.shape[0]:
        raise ValueError(
            f"Sequences of shape {x.shape} do not fit a kernel of shape {kernel.shape}: they must be (batch, time, "
            f"{kernel.shape[0]})."
        )
    batch, time, _ = x.shape
    n = recurrent_kernel.shape[1]
    b = np.zeros((biases, n) if biases > 1 else n, kernel.dtype) if bias is None else bias.value
    on = np.ones((batch, time), np.bool_) if mask is None else cast(mask, "bool").value
    z = K.empty((batch, time, n), x.value.dtype)
    run(K.matmul, rows(x.value), kernel.value, rows(z))
    return x, b, on, z


def _states(z, recurrent_kernel, all_steps):
    """An array for the state at all steps, or at one."""
    return K.empty((len(z), z.shape[1] if all_steps else 1, recurrent_kernel.shape[0]), z.dtype)


def _result(hs, return_sequences, gradient, *inputs):
    y = hs if return_sequences else hs.reshape(len(hs), hs.shape[2])
    return record(y, gradient, *(x for x in inputs if x is not None))


def _hand_on(gradient, x):
    if x.tracked:
        x.add_grad(gradient)


def _kernel_gradients(x, before, kernel, recurrent_kernel, bias, dz, ds, db):
    """From the gradients of x @ kernel and of h @ recurrent_kernel at all steps; db holds the bias's by samples."""
    for weight, left, right in ((kernel, x.value, dz), (recurrent_kernel, before, ds)):
        if weight.tracked:
            dw = K.empty(weight.shape, dz.dtype)
            run(K.matmul, rows(left).T, rows(right), dw)
            weight.add_grad(dw)
    if bias is not None and bias.tracked:
        total = K.empty(bias.shape, dz.dtype)
        run(K.sum_rows, db.reshape(len(db), total.size), flat(total))
        bias.add_grad(total)
    if x.tracked:
        dx = K.empty(x.shape, dz.dtype)
        run(K.matmul, rows(dz), kernel.value.T, rows(dx))
        x.add_grad(dx)


def snapshot(variable):
    """What a variable holds now, as a constant: it may be assigned to before the way back needs it."""
    y = K.empty(variable.shape, variable.value.dtype)
    run(np.copyto, y, variable.value)
    return Tensor(y)

