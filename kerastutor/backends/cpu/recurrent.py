"""Recurrent layers over a whole sequence, and back.

Samples don't know of one another, so a few of them at a time go through all steps: what a step needs stays in the
nearest cache. At a masked step the states are put back, and on the way back its gates are set to what hands a gradient
on as it is: so there is one loop for all samples, masked or not.
"""

import numpy as np

from . import functions as fn
from .compiler import kernel
from .steps import (
    AHEAD,
    AS_IT_IS,
    ONE,
    TURNED,
    ZERO,
    add,
    add_product,
    arrive,
    clear,
    copy,
    order,
    packed,
    places,
    put,
    repeat,
    restore,
    rows,
    set_where,
    sigmoid,
    take,
    tanh,
    together,
    workspace,
)

f32 = np.float32
MASKED, COUNTS = np.bool_(False), np.bool_(True)


@kernel
def simple_rnn(u, b, mask, way, h0, z, before, hs):
    time, steps, z, before, hs = z.shape[1], hs.shape[1], rows(z), rows(before), rows(hs)
    ahead = way * AHEAD
    units, most, panels = len(u), together(len(h0)), packed(u, AS_IT_IS)
    for first in range(0, len(h0), most):
        m = min(most, len(h0) - first)
        h, bias, at = workspace(h0, first, units, m), repeat(b, units, m), places(units, units, m)
        s = np.empty_like(bias)
        for t in order(time, way):
            row = first * time + t
            put(h, units, m, before, row, time, ahead)
            take(z, row, time, ahead, units, m, s)
            add(bias, s)
            add_product(h, at, panels, units, m, s)
            tanh(s)
            put(s, units, m, z, row, time, ahead)
            copy(s, h)
            restore(mask, before, first, t, m, h)
            clear(mask, first, t, m, z)
            put(h, units, m, hs, first * steps + t % steps, steps, ahead)


@kernel
def simple_rnn_grad(dhs, u, mask, way, z, db, dh0):
    time, z = z.shape[1], rows(z)
    ahead = -way * AHEAD
    units, most, panels = len(u), together(len(dh0)), packed(u, TURNED)
    for first in range(0, len(dh0), most):
        m = min(most, len(dh0) - first)
        at, total = places(units, units, m), np.zeros(m * units, u.dtype)
        dh, y, dz = np.zeros_like(total), np.empty_like(total), np.empty_like(total)
        for t in order(time, -way):
            row = first * time + t
            arrive(dhs, first, t, ahead, time, m, dz, dh)
            take(z, row, time, ahead, units, m, y)
            set_where(mask, MASKED, first, t, m, y, f32(1))
            for j in range(y.size):
                dz[j] = dh[j] * (f32(1) - y[j] * y[j])
            add(dz, total)
            put(dz, units, m, z, row, time, ahead)
            set_where(mask, COUNTS, first, t, m, dh, f32(0))
            add_product(dz, at, panels, units, m, dh)
        put(total, units, m, db, first, ONE, ZERO)
        put(dh, units, m, dh0, first, ONE, ZERO)


@kernel
def lstm(u, b, mask, way, h0, c0, z, before, c_before, hs, c_last):
    time, steps, z, hs, before, c_before = z.shape[1], hs.shape[1], rows(z), rows(hs), rows(before), rows(c_before)
    ahead = way * AHEAD
    units, most, panels = len(u), together(len(h0)), packed(u, AS_IT_IS)
    for first in range(0, len(h0), most):
        m = min(most, len(h0) - first)
        h, c = workspace(h0, first, units, m), workspace(c0, first, units, m)
        bias, at = repeat(b, units, m), places(units, units, m)
        s = np.empty_like(bias)
        for t in order(time, way):
            row = first * time + t
            put(h, units, m, before, row, time, ahead)
            put(c, units, m, c_before, row, time, ahead)
            take(z, row, time, ahead, units, m, s)
            add(bias, s)
            add_product(h, at, panels, units, m, s)
            lstm_step(s, c, h)
            put(s, units, m, z, row, time, ahead)
            restore(mask, before, first, t, m, h)
            restore(mask, c_before, first, t, m, c)
            clear(mask, first, t, m, z)
            put(h, units, m, hs, first * steps + t % steps, steps, ahead)
        put(c, units, m, c_last, first, ONE, ZERO)


@kernel
def lstm_step(s, c, h):
    """s becomes the gates, c and h the new states."""
    n = c.size
    sigmoid(s[: 2 * n])
    tanh(s[2 * n : 3 * n])
    sigmoid(s[3 * n :])
    i, f, g, o = s[:n], s[n : 2 * n], s[2 * n : 3 * n], s[3 * n :]
    for j in range(n):
        c[j] = f[j] * c[j] + i[j] * g[j]
    for j in range(n):
        h[j] = o[j] * fn.tanh(c[j])


@kernel
def lstm_grad(dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0):
    time, z, c_before = z.shape[1], rows(z), rows(c_before)
    ahead = -way * AHEAD
    units, most, panels = len(u), together(len(dh0)), packed(u, TURNED)
    for first in range(0, len(dh0), most):
        m = min(most, len(dh0) - first)
        n, at, dc = m * units, places(4 * units, units, m), workspace(dc_last, first, units, m)
        dh, c, tanh_c = np.zeros_like(dc), np.empty_like(dc), np.empty_like(dc)
        total, s, ds = np.zeros(4 * n, u.dtype), np.empty(4 * n, u.dtype), np.empty(4 * n, u.dtype)
        for t in order(time, -way):
            row = first * time + t
            arrive(dhs, first, t, ahead, time, m, c, dh)
            take(c_before, row, time, ahead, units, m, c)
            take(z, row, time, ahead, units, m, s)
            for gate in range(4):
                value = f32(1) if gate == 1 else f32(0)  # c is kept as it was
                set_where(mask, MASKED, first, t, m, s[gate * n : (gate + 1) * n], value)
            set_where(mask, MASKED, first, t, m, c, f32(0))
            lstm_step_grad(s, c, dh, dc, tanh_c, ds)
            add(ds, total)
            put(ds, units, m, z, row, time, ahead)
            set_where(mask, COUNTS, first, t, m, dh, f32(0))
            add_product(ds, at, panels, units, m, dh)
        put(total, units, m, db, first, ONE, ZERO)
        put(dh, units, m, dh0, first, ONE, ZERO)
        put(dc, units, m, dc0, first, ONE, ZERO)


@kernel
def lstm_step_grad(s, c, dh, dc, tanh_c, ds):
    """ds: the gradient of what went into the gates s; dc becomes that of c, the state before."""
    n = c.size
    i, f, g, o = s[:n], s[n : 2 * n], s[2 * n : 3 * n], s[3 * n :]
    di, df, dg, do = ds[:n], ds[n : 2 * n], ds[2 * n : 3 * n], ds[3 * n :]
    for j in range(n):
        tanh_c[j] = fn.tanh(f[j] * c[j] + i[j] * g[j])
    for j in range(n):  # more in one loop would not be done in vectors: too many arrays that might overlap
        do[j] = dh[j] * tanh_c[j] * o[j] * (f32(1) - o[j])
        dc[j] += dh[j] * o[j] * (f32(1) - tanh_c[j] * tanh_c[j])
    for j in range(n):
        di[j] = dc[j] * g[j] * i[j] * (f32(1) - i[j])
    for j in range(n):
        dg[j] = dc[j] * i[j] * (f32(1) - g[j] * g[j])
    for j in range(n):
        df[j] = dc[j] * c[j] * f[j] * (f32(1) - f[j])
        dc[j] *= f[j]


@kernel
def gru(u, b, mask, way, h0, z, before, inner, hs):
    time, steps, z, hs, before, inner = z.shape[1], hs.shape[1], rows(z), rows(hs), rows(before), rows(inner)
    ahead = way * AHEAD
    units, most, panels = len(u), together(len(h0)), packed(u, AS_IT_IS)
    for first in range(0, len(h0), most):
        m = min(most, len(h0) - first)
        h, at = workspace(h0, first, units, m), places(units, units, m)
        bias, h_bias = repeat(b[0], units, m), repeat(b[1], units, m)
        x, s = np.empty_like(bias), np.empty_like(bias)
        for t in order(time, way):
            row = first * time + t
            put(h, units, m, before, row, time, ahead)
            take(z, row, time, ahead, units, m, x)
            add(bias, x)
            copy(h_bias, s)
            add_product(h, at, panels, units, m, s)
            put(s[2 * h.size :], units, m, inner, row, time, ahead)
            gru_step(x, s, h)
            put(x, units, m, z, row, time, ahead)
            restore(mask, before, first, t, m, h)
            clear(mask, first, t, m, z)
            put(h, units, m, hs, first * steps + t % steps, steps, ahead)


@kernel
def gru_step(x, s, h):
    """x becomes the gates and the candidate, h the new state."""
    n = h.size
    update, reset, candidate, inner = x[:n], x[n : 2 * n], x[2 * n :], s[2 * n :]
    add(s[: 2 * n], x[: 2 * n])
    sigmoid(x[: 2 * n])
    for j in range(n):
        candidate[j] = fn.tanh(candidate[j] + reset[j] * inner[j])
    for j in range(n):
        h[j] = update[j] * h[j] + (f32(1) - update[j]) * candidate[j]


@kernel
def gru_grad(dhs, u, mask, way, before, inner, z, ds, db, dh0):
    time, before, inner, z, ds = z.shape[1], rows(before), rows(inner), rows(z), rows(ds)
    ahead = -way * AHEAD
    units, most, panels = len(u), together(len(dh0)), packed(u, TURNED)
    sums = db.reshape(len(db), 6 * units)
    for first in range(0, len(dh0), most):
        m = min(most, len(dh0) - first)
        n, at = m * units, places(3 * units, units, m)
        total, x = np.zeros(6 * n, u.dtype), np.empty(3 * n, u.dtype)
        both = np.empty_like(total)  # the gradients of what x gave to the gates, and of what h gave
        dx, dhere = both[: 3 * n], both[3 * n :]
        dh, h, from_h = np.zeros(n, u.dtype), np.empty(n, u.dtype), np.empty(n, u.dtype)
        for t in order(time, -way):
            row = first * time + t
            arrive(dhs, first, t, ahead, time, m, h, dh)
            take(before, row, time, ahead, units, m, h)
            take(inner, row, time, ahead, units, m, from_h)
            take(z, row, time, ahead, units, m, x)
            for gate in range(3):
                value = f32(1) if gate == 0 else f32(0)  # h is kept as it was
                set_where(mask, MASKED, first, t, m, x[gate * n : (gate + 1) * n], value)
            set_where(mask, MASKED, first, t, m, h, f32(0))
            set_where(mask, MASKED, first, t, m, from_h, f32(0))
            gru_step_grad(x, h, from_h, dh, dx, dhere)
            add(both, total)
            put(dx, units, m, z, row, time, ahead)
            put(dhere, units, m, ds, row, time, ahead)
            add_product(dhere, at, panels, units, m, dh)
        put(total, units, m, sums, first, ONE, ZERO)
        put(dh, units, m, dh0, first, ONE, ZERO)


@kernel
def gru_step_grad(x, h, inner, dh, dx, ds):
    """dx: the gradient of what x gave to the gates, ds: of what h gave; dh becomes what goes straight to h."""
    n = h.size
    update, reset, candidate = x[:n], x[n : 2 * n], x[2 * n :]
    d_update, d_reset, d_candidate, d_inner = dx[:n], dx[n : 2 * n], dx[2 * n :], ds[2 * n :]
    for j in range(n):
        d_update[j] = dh[j] * (h[j] - candidate[j]) * update[j] * (f32(1) - update[j])
    for j in range(n):
        d_candidate[j] = dh[j] * (f32(1) - update[j]) * (f32(1) - candidate[j] * candidate[j])
    for j in range(n):
        d_reset[j] = d_candidate[j] * inner[j] * reset[j] * (f32(1) - reset[j])
    for j in range(n):
        d_inner[j] = d_candidate[j] * reset[j]
    for j in range(n):
        dh[j] *= update[j]
    copy(dx[: 2 * n], ds[: 2 * n])
