"""Recurrent layers over a whole sequence, step by step, and back.

Where `mask` is False, a step leaves the state as it was, and z holds 0. With `way` -1 the last step is made first.
"""

import numpy as np


def simple_rnn(u, b, mask, way, h0, z, before, hs):
    h = h0
    for t in range(z.shape[1])[::way]:
        before[:, t], on = h, mask[:, t, None]
        z[:, t] = np.where(on, np.tanh(z[:, t] + h @ u + b), 0)
        hs[:, t % hs.shape[1]] = h = np.where(on, z[:, t], h)


def simple_rnn_grad(dhs, u, mask, way, z, db, dh0):
    dh = np.zeros_like(dh0)
    for t in range(z.shape[1])[::-way]:
        dh, on = dh + _arriving(dhs, t, z.shape[1], way), mask[:, t, None]
        z[:, t] = np.where(on, dh * (1 - z[:, t] ** 2), 0)
        dh = np.where(on, z[:, t] @ u.T, dh)
    dh0[...] = dh
    db[...] = z.sum(1)


def lstm(u, b, mask, way, h0, c0, z, before, c_before, hs, c_last):
    h, c = h0, c0
    for t in range(z.shape[1])[::way]:
        before[:, t], c_before[:, t], on = h, c, mask[:, t, None]
        i, f, g, o = np.split(z[:, t] + h @ u + b, 4, axis=1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        z[:, t] = np.where(on, np.concatenate([i, f, g, o], axis=1), 0)
        c = np.where(on, f * c + i * g, c)
        hs[:, t % hs.shape[1]] = h = np.where(on, o * np.tanh(c), h)
    c_last[...] = c


def lstm_grad(dhs, dc_last, u, mask, way, c_before, z, db, dh0, dc0):
    dh, dc = np.zeros_like(dh0), dc_last
    for t in range(z.shape[1])[::-way]:
        dh, on = dh + _arriving(dhs, t, z.shape[1], way), mask[:, t, None]
        c, (i, f, g, o) = c_before[:, t], np.split(z[:, t].copy(), 4, axis=1)
        tanh_c = np.tanh(f * c + i * g)
        dc_here = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc_here * g, dc_here * c, dc_here * i, dh * tanh_c
        dz = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dc = np.where(on, dc_here * f, dc)
        z[:, t] = np.where(on, dz, 0)
        dh = np.where(on, z[:, t] @ u.T, dh)
    dh0[...], dc0[...] = dh, dc
    db[...] = z.sum(1)


def gru(u, b, mask, way, h0, z, before, inner, hs):
    h = h0
    for t in range(z.shape[1])[::way]:
        before[:, t], on = h, mask[:, t, None]
        (xz, xr, xh), (sz, sr, sh) = np.split(z[:, t] + b[0], 3, axis=1), np.split(h @ u + b[1], 3, axis=1)
        update, reset = _sigmoid(xz + sz), _sigmoid(xr + sr)
        candidate = np.tanh(xh + reset * sh)
        inner[:, t], z[:, t] = sh, np.where(on, np.concatenate([update, reset, candidate], axis=1), 0)
        hs[:, t % hs.shape[1]] = h = np.where(on, update * h + (1 - update) * candidate, h)


def gru_grad(dhs, u, mask, way, before, inner, z, ds, db, dh0):
    dh = np.zeros_like(dh0)
    for t in range(z.shape[1])[::-way]:
        dh, on = dh + _arriving(dhs, t, z.shape[1], way), mask[:, t, None]
        update, reset, candidate = np.split(z[:, t].copy(), 3, axis=1)
        d_candidate = dh * (1 - update) * (1 - candidate**2)
        d_update = dh * (before[:, t] - candidate) * update * (1 - update)
        d_reset = d_candidate * inner[:, t] * reset * (1 - reset)
        for out, last in ((z, d_candidate), (ds, d_candidate * reset)):
            out[:, t] = np.where(on, np.concatenate([d_update, d_reset, last], axis=1), 0)
        dh = np.where(on, dh * update + ds[:, t] @ u.T, dh)
    dh0[...] = dh
    db[...] = np.stack([z.sum(1), ds.sum(1)], axis=1)


def _arriving(dhs, t, time, way):
    """The gradient of step t's output: none but for that of the step made last where `dhs` holds that one alone."""
    return dhs[:, t % dhs.shape[1]] if dhs.shape[1] == time or t == range(time)[::way][-1] else 0


def _sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))
