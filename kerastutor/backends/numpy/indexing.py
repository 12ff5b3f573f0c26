"""Rows chosen by an index."""

import numpy as np


def take_rows(table, index, out):
    out[...] = table[index]


def add_at_rows(index, dy, dtable):
    dtable[...] = 0
    np.add.at(dtable, index, dy)


def one_hot(index, out):
    out[...] = index[:, None] == np.arange(out.shape[1])


def next_part(source, place, out):
    part = source[place[0] : place[0] + out.size]
    if part.size == out.size:
        out[...] = part
    place += out.size


def outside(index, limit, found):
    bad = np.flatnonzero((index < 0) | (index >= limit))
    found[0] = bad[0] if bad.size else -1
