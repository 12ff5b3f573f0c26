"""The product that every convolution is made of: six rows by COLUMNS columns, summed up in the processor's registers.

A register holds LANES sums; twelve of them are added to at once, so that none has to wait for its last addition, and
three more hold what is multiplied: what fits into AVX2's sixteen registers.
"""

from numba.extending import register_jitable

from .compiler import part
from .simd import LANES, add, fma, larger, load, spread, store, zeros

ROWS, COLUMNS = 6, 2 * LANES


@part
def tile(a, r0, r1, r2, r3, r4, r5, at, b, first, t, spot, keep):
    """t[spot:] = six rows of sums: sum over k of a[r + at[k]] * b[first + k * COLUMNS:] for each r. keep: t += that.

    The rows start anywhere (r0 ... r5) and their numbers lie anywhere (at), so borders, strides, dilation and
    remainders need no kernels of their own.
    """
    s00 = s01 = s10 = s11 = s20 = s21 = s30 = s31 = s40 = s41 = s50 = s51 = zeros(a)
    if keep:
        s00, s01 = load(t, spot), load(t, spot + LANES)
        s10, s11 = load(t, spot + 2 * LANES), load(t, spot + 3 * LANES)
        s20, s21 = load(t, spot + 4 * LANES), load(t, spot + 5 * LANES)
        s30, s31 = load(t, spot + 6 * LANES), load(t, spot + 7 * LANES)
        s40, s41 = load(t, spot + 8 * LANES), load(t, spot + 9 * LANES)
        s50, s51 = load(t, spot + 10 * LANES), load(t, spot + 11 * LANES)
    for k in range(at.size):
        i, j = at[k], first + k * COLUMNS
        u, v = load(b, j), load(b, j + LANES)
        x = spread(a, r0 + i)
        s00, s01 = fma(x, u, s00), fma(x, v, s01)
        x = spread(a, r1 + i)
        s10, s11 = fma(x, u, s10), fma(x, v, s11)
        x = spread(a, r2 + i)
        s20, s21 = fma(x, u, s20), fma(x, v, s21)
        x = spread(a, r3 + i)
        s30, s31 = fma(x, u, s30), fma(x, v, s31)
        x = spread(a, r4 + i)
        s40, s41 = fma(x, u, s40), fma(x, v, s41)
        x = spread(a, r5 + i)
        s50, s51 = fma(x, u, s50), fma(x, v, s51)
    store(t, spot, s00)
    store(t, spot + LANES, s01)
    store(t, spot + 2 * LANES, s10)
    store(t, spot + 3 * LANES, s11)
    store(t, spot + 4 * LANES, s20)
    store(t, spot + 5 * LANES, s21)
    store(t, spot + 6 * LANES, s30)
    store(t, spot + 7 * LANES, s31)
    store(t, spot + 8 * LANES, s40)
    store(t, spot + 9 * LANES, s41)
    store(t, spot + 10 * LANES, s50)
    store(t, spot + 11 * LANES, s51)


@register_jitable
def finish(t, spot, bias, column, floor, out, place, n):
    """out[place + column + j] = t[spot + j] + bias[column + j], at least floor[0]; j below n, and COLUMNS at most."""
    there = place + column
    if n >= COLUMNS:
        least = spread(floor, 0)
        store(out, there, larger(add(load(t, spot), load(bias, column)), least))
        store(out, there + LANES, larger(add(load(t, spot + LANES), load(bias, column + LANES)), least))
    else:
        for j in range(n):
            y = t[spot + j] + bias[column + j]
            out[there + j] = floor[0] if y < floor[0] else y


@register_jitable
def put(t, spot, out, there, n):
    """out[there : there + n] = t[spot : spot + n], of COLUMNS at most."""
    if n >= COLUMNS:
        store(out, there, load(t, spot))
        store(out, there + LANES, load(t, spot + LANES))
    else:
        for j in range(n):
            out[there + j] = t[spot + j]
