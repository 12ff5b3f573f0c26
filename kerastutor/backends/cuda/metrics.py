"""Accuracies, running sums and counts."""

import numpy as np
from numba import cuda, float64

from . import memory
from .launch import IN_A_BLOCK, SIMULATED, kernel, launch, launch_blocks
from .reductions import _add_up, reduce
from .rows import place_of_largest

FEW = 10 if SIMULATED else 4096  # numbers that one block adds up


@kernel(fills=1)
def binary_accuracy(y, p, threshold, out):
    launch(_binary_accuracy, p.shape[0], y, p, p.dtype.type(threshold), out)


@cuda.jit
def _binary_accuracy(y, p, threshold, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        right = 0
        for j in range(p.shape[1]):
            if (p[row, j] > threshold) == y[row, j]:
                right += 1
        out[row] = right / p.shape[1]


@kernel(fills=1)
def categorical_accuracy(y, p, out):
    launch(_categorical_accuracy, p.shape[0], y, p, out)


@cuda.jit
def _categorical_accuracy(y, p, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        out[row] = place_of_largest(y, row) == place_of_largest(p, row)


@kernel(fills=1)
def sparse_accuracy(labels, p, out):
    launch(_sparse_accuracy, p.shape[0], labels, p, out)


@cuda.jit
def _sparse_accuracy(labels, p, out):
    row = cuda.grid(1)
    if row < p.shape[0]:
        out[row] = labels[row] == place_of_largest(p, row)


@kernel(fills=0)
def accumulate(values, weights, total, count):
    n = values.size
    if n <= FEW:
        launch_blocks(_accumulate, 1, IN_A_BLOCK, values, weights, total, count)
        return
    products, sums = memory.workspace("accumulate", (2, n), np.float64)
    weighted, weight = memory.workspace("weighted", 1, np.float64), memory.workspace("weight", 1, np.float64)
    launch(_weigh, n, values, weights, products, sums)
    reduce(_add_up, products, 1, n, 1, weighted, np.float64(0))
    reduce(_add_up, sums, 1, n, 1, weight, np.float64(0))
    launch(_add_to, 1, weighted, weight, total, count)


@cuda.jit
def _accumulate(values, weights, total, count):
    """In one block: each thread adds up some, and the first one adds up what they have."""
    products = cuda.shared.array(IN_A_BLOCK, float64)
    sums = cuda.shared.array(IN_A_BLOCK, float64)
    thread = cuda.threadIdx.x
    products[thread] = 0
    sums[thread] = 0
    for i in range(thread, values.size, cuda.blockDim.x):
        weight = weights[i % weights.size]
        products[thread] += values[i] * weight
        sums[thread] += weight
    cuda.syncthreads()
    if thread == 0:
        for other in range(1, cuda.blockDim.x):
            products[0] += products[other]
            sums[0] += sums[other]
        total[0] += products[0]
        count[0] += sums[0]


@cuda.jit
def _weigh(values, weights, products, sums):
    i = cuda.grid(1)
    if i < values.size:
        sums[i] = weights[i % weights.size]
        products[i] = values[i] * weights[i % weights.size]


@cuda.jit
def _add_to(weighted, weight, total, count):
    total[0] += weighted[0]
    count[0] += weight[0]


@kernel(fills=0)
def count_hits(thresholds, y, p, weights, tp, fp, tn, fn):
    launch(_count_hits, tp.size, thresholds, y, p, weights, tp, fp, tn, fn)


@cuda.jit
def _count_hits(thresholds, y, p, weights, tp, fp, tn, fn):
    """A thread for each threshold and column goes through all rows."""
    i = cuda.grid(1)
    if i < tp.size:
        n, k = p.shape[0], p.shape[1]
        t, j = i // k, i % k
        hits = misses = alarms = passed = np.float64(0)
        for row in range(n):
            weight = weights[row % weights.shape[0], j % weights.shape[1]]
            called = p[row, j] > thresholds[t]
            if y[row, j] != 0:
                hits += weight if called else 0
                misses += 0 if called else weight
            else:
                alarms += weight if called else 0
                passed += 0 if called else weight
        tp[t, j] += hits
        fp[t, j] += alarms
        tn[t, j] += passed
        fn[t, j] += misses


@kernel(fills=0)
def count_pairs(a, b, weights, table):
    launch(_count_pairs, table.size, a, b, weights, table)


@cuda.jit
def _count_pairs(a, b, weights, table):
    """A thread for each pair of classes goes through all samples: in the same order each time."""
    i = cuda.grid(1)
    if i < table.size:
        row, column = i // table.shape[1], i % table.shape[1]
        total = table[row, column]
        for j in range(a.size):
            if a[j] == row and b[j] == column:
                total += weights[j % weights.size]
        table[row, column] = total
