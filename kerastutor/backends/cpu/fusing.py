"""What is done to each result at once, while it is still in a register: a layer's bias and its relu."""

import numpy as np

from .compiler import composed
from .convolution import conv, conv_and
from .elementwise import relu
from .products import matmul, matmul_and
from .rows import add_bias


def fused(calls):
    """The calls; a bias that is added to a result where it stands, and the relu of that, are part of what made it."""
    kept = []
    for kernel, arguments in calls:
        before, given = kept[-1] if kept else (None, [None])
        if kernel is add_bias and before in WITH_BIAS and _in_place(given[-1], arguments[0], arguments[2]):
            kept[-1] = WITH_BIAS[before], (*given[:-1], arguments[1], -np.inf, given[-1])
        elif kernel is relu and before in WITH_BIAS.values() and _in_place(given[-1], *arguments):
            kept[-1] = before, (*given[:-2], 0.0, given[-1])
        else:
            kept.append((kernel, arguments))
    return kept


@composed
def convolution(*arguments):
    return conv_and(*arguments)


@composed
def dense(a, b, bias, floor, out):
    one_by_one = [(matmul, (a, b, out)), (add_bias, (out, bias, out))]
    if floor == 0:
        one_by_one.append((relu, (out.reshape(-1), out.reshape(-1))))
    return matmul_and(a, b, bias, floor, out) or one_by_one


WITH_BIAS = {conv: convolution, matmul: dense}


def _in_place(*arrays):
    return len({a.ctypes.data for a in arrays}) == 1
