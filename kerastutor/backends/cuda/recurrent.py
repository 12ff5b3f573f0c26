"""Recurrent layers over a whole sequence in one launch, and back.

Samples do not know of one another, so each has a block of threads of its own, which goes through time; each thread has
some of the units. The threads wait for one another once a step, when the state is there from which all go on. A thread
finds in `hs`, `c_last`, `dh0` and `dc0` what it left there a step ago.
"""

from numba import cuda

from .functions import exp, tanh
from .launch import SIMULATED, kernel, launch_blocks

THREADS = 2 if SIMULATED else 128


def _each_sample(loop, h0, *arguments):
    batch, units = h0.shape
    if batch and units:
        launch_blocks(loop, batch, min(-(-units // 32) * 32, THREADS), *arguments)


@cuda.jit(device=True)
def sigmoid(x):
    return 1 / (1 + exp(-x))


@cuda.jit(device=True)
def times(a, i, t, u, j):
    """The product of the row a[i, t] with column j of u."""
    total = a[i, t, 0] * u[0, j]
    for k in range(1, u.shape[0]):
        total += a[i, t, k] * u[k, j]
    return total


@cuda.jit(device=True)
def times_row(a, i, t, u, j):
    """The product of the row a[i, t] with row j of u."""
    total = a[i, t, 0] * u[j, 0]
    for k in range(1, u.shape[1]):
        total += a[i, t, k] * u[j, k]
    return total


@cuda.jit(device=True)
def arriving(dhs, i, t, back, time, j):
    """The gradient of step t's output: none but for that of the step made last where `dhs` holds that one alone."""
    found = dhs[i, t % dhs.shape[1], j]
    return found if dhs.shape[1] == time or not back else found * 0


@kernel(fills=2, changes=3)
def simple_rnn(u, b, mask, way, h0, z, before, hs):
    _each_sample(_simple_rnn, h0, u, b, mask, way, h0, z, before, hs)


@cuda.jit
def _simple_rnn(u, b, mask, way, h0, z, before, hs):
    i, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    for made in range(time):
        t = made if way > 0 else time - 1 - made
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            before[i, t, j] = hs[i, (t - way) % hs.shape[1], j] if made else h0[i, j]
        cuda.syncthreads()
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            h = before[i, t, j]
            if mask[i, t]:
                h = tanh(z[i, t, j] + times(before, i, t, u, j) + b[j])
            z[i, t, j] = h if mask[i, t] else 0
            hs[i, t % hs.shape[1], j] = h


@kernel(fills=2, changes=3)
def simple_rnn_grad(dhs, u, mask, way, z, db, dh0):
    _each_sample(_simple_rnn_grad, dh0, dhs, u, mask, way, z, db, dh0)


@cuda.jit
def _simple_rnn_grad(dhs, u, mask, way, z, db, dh0):
    i, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
        dh0[i, j] = 0
        db[i, j] = 0
    for back in range(time):
        t = time - 1 - back if way > 0 else back
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            dh0[i, j] += arriving(dhs, i, t, back, time, j)
            z[i, t, j] = dh0[i, j] * (1 - z[i, t, j] * z[i, t, j]) if mask[i, t] else 0
            db[i, j] += z[i, t, j]
        cuda.syncthreads()
        if mask[i, t]:
            for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
                dh0[i, j] = times_row(z, i, t, u, j)


@kernel(fills=4, changes=5)
def lstm(u, b, mask, way, h0, c0, z, before, c_before, hs, c_last):
    _each_sample(_lstm, h0, u, b, mask, way, h0, c0, z, before, c_before, hs, c_last)


@cuda.jit
def _lstm(u, b, mask, way, h0, c0, z, before, c_before, hs, c_last):
    n, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    if not time:
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            c_last[n, j] = c0[n, j]
    for made in range(time):
        t = made if way > 0 else time - 1 - made
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            before[n, t, j] = hs[n, (t - way) % hs.shape[1], j] if made else h0[n, j]
            c_before[n, t, j] = c_last[n, j] if made else c0[n, j]
        cuda.syncthreads()
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            h, c, on = before[n, t, j], c_before[n, t, j], mask[n, t]
            i = sigmoid(z[n, t, j] + times(before, n, t, u, j) + b[j])
            f = sigmoid(z[n, t, units + j] + times(before, n, t, u, units + j) + b[units + j])
            g = tanh(z[n, t, 2 * units + j] + times(before, n, t, u, 2 * units + j) + b[2 * units + j])
            o = sigmoid(z[n, t, 3 * units + j] + times(before, n, t, u, 3 * units + j) + b[3 * units + j])
            if on:
                c = f * c + i * g
                h = o * tanh(c)
            z[n, t, j] = i if on else 0
            z[n, t, units + j] = f if on else 0
            z[n, t, 2 * units + j] = g if on else 0
            z[n, t, 3 * units + j] = o if on else 0
            c_last[n, j] = c
            hs[n, t % hs.shape[1], j] = h


@kernel(fills=3, changes=4)
def lstm_grad(dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0):
    _each_sample(_lstm_grad, dh0, dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0)


@cuda.jit
def _lstm_grad(dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0):
    n, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
        dh0[n, j] = 0
        dc0[n, j] = dc_last[n, j]
        for k in range(4):
            db[n, k * units + j] = 0
    for back in range(time):
        t = time - 1 - back if way > 0 else back
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            dh0[n, j] += arriving(dhs, n, t, back, time, j)
            if not mask[n, t]:
                for k in range(4):
                    z[n, t, k * units + j] = 0
                continue
            i, f, g, o = z[n, t, j], z[n, t, units + j], z[n, t, 2 * units + j], z[n, t, 3 * units + j]
            c, dh = c_before[n, t, j], dh0[n, j]
            tanh_c = tanh(f * c + i * g)
            dc = dc0[n, j] + dh * o * (1 - tanh_c * tanh_c)
            dc0[n, j] = dc * f
            z[n, t, j] = dc * g * i * (1 - i)
            z[n, t, units + j] = dc * c * f * (1 - f)
            z[n, t, 2 * units + j] = dc * i * (1 - g * g)
            z[n, t, 3 * units + j] = dh * tanh_c * o * (1 - o)
            for k in range(4):
                db[n, k * units + j] += z[n, t, k * units + j]
        cuda.syncthreads()
        if mask[n, t]:
            for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
                dh0[n, j] = times_row(z, n, t, u, j)


@kernel(fills=3, changes=4)
def gru(u, b, mask, way, h0, z, before, inner, hs):
    _each_sample(_gru, h0, u, b, mask, way, h0, z, before, inner, hs)


@cuda.jit
def _gru(u, b, mask, way, h0, z, before, inner, hs):
    n, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    for made in range(time):
        t = made if way > 0 else time - 1 - made
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            before[n, t, j] = hs[n, (t - way) % hs.shape[1], j] if made else h0[n, j]
        cuda.syncthreads()
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            h, on, r, k = before[n, t, j], mask[n, t], units + j, 2 * units + j
            update = sigmoid(z[n, t, j] + b[0, j] + times(before, n, t, u, j) + b[1, j])
            reset = sigmoid(z[n, t, r] + b[0, r] + times(before, n, t, u, r) + b[1, r])
            s = times(before, n, t, u, k) + b[1, k]
            candidate = tanh(z[n, t, k] + b[0, k] + reset * s)
            inner[n, t, j] = s
            z[n, t, j] = update if on else 0
            z[n, t, r] = reset if on else 0
            z[n, t, k] = candidate if on else 0
            hs[n, t % hs.shape[1], j] = update * h + (1 - update) * candidate if on else h


@kernel(fills=3, changes=4)
def gru_grad(dhs, u, mask, way, before, inner, z, ds, db, dh0):
    _each_sample(_gru_grad, dh0, dhs, u, mask, way, before, inner, z, ds, db, dh0)


@cuda.jit
def _gru_grad(dhs, u, mask, way, before, inner, z, ds, db, dh0):
    n, units, time = cuda.blockIdx.x, u.shape[0], z.shape[1]
    for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
        dh0[n, j] = 0
        for k in range(3):
            db[n, 0, k * units + j] = 0
            db[n, 1, k * units + j] = 0
    for back in range(time):
        t = time - 1 - back if way > 0 else back
        for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
            dh0[n, j] += arriving(dhs, n, t, back, time, j)
            if not mask[n, t]:
                for k in range(3):
                    z[n, t, k * units + j] = 0
                    ds[n, t, k * units + j] = 0
                continue
            dh, r, k = dh0[n, j], units + j, 2 * units + j
            update, reset, candidate = z[n, t, j], z[n, t, r], z[n, t, k]
            d_candidate = dh * (1 - update) * (1 - candidate * candidate)
            z[n, t, j] = ds[n, t, j] = dh * (before[n, t, j] - candidate) * update * (1 - update)
            z[n, t, r] = ds[n, t, r] = d_candidate * inner[n, t, j] * reset * (1 - reset)
            z[n, t, k] = d_candidate
            ds[n, t, k] = d_candidate * reset
            dh0[n, j] = dh * update  # to which comes what went through s
            for k in range(3):
                db[n, 0, k * units + j] += z[n, t, k * units + j]
                db[n, 1, k * units + j] += ds[n, t, k * units + j]
        cuda.syncthreads()
        if mask[n, t]:
            for j in range(cuda.threadIdx.x, units, cuda.blockDim.x):
                dh0[n, j] += times_row(ds, n, t, u, j)
