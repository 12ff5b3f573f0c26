"""Exercise 03.8: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.gpu import cuda


def case(n, seed, about):
    x = np.random.default_rng(seed).normal(size=n).round(2)
    blocks = -(-n // 16)
    expected = np.array([x[16 * b : 16 * b + 16].sum() for b in range(blocks)])
    start = {"blocks": blocks, "threads": 16, "out": (blocks,), "busy": 12}
    return Case("block_sums", (start, x), expected=expected, through="threads", about=f"{about}, {n} numbers")


exercise = Exercise(
    "03.8",
    "A block works together",
    ("block_sums",),
    [
        "First each thread brings its number: `shared[t] = x[i]`, or 0.0 where x has ended. Then all must wait.",
        "With half = 8, 4, 2, 1: threads with t < half add `shared[t + half]` to `shared[t]`. Then all wait again.",
        "`cuda.syncthreads` stands in the loop, not in the `if`. At the end thread 0 writes `y[cuda.blockIdx.x]`.",
        "Read again lesson 3, part 8, *Open the source: one kernel, three ways*: how a thread finds out which it is.",
    ],
    [
        Part("one full block", 6, [case(16, 0, "full")], [case(16, 1, "full")]),
        Part("several blocks, the last not full", 6, [case(21, 2, "two blocks")],
             [case(40, 3, "three blocks"), case(1, 4, "a single number"), case(33, 5, "three blocks")]),
    ],
)


@exercise.wrong("Threads run in any order: one reads what another has not written yet. `cuda.syncthreads` after "
                "bringing the numbers, and after each halving.")
@cuda.jit
def block_sums(x, y):
    shared = cuda.shared.array(16, np.float64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    shared[t] = x[i] if i < x.size else 0.0
    half = 8
    while half > 0:
        if t < half:
            shared[t] += shared[t + half]
        half //= 2
    if t == 0:
        y[cuda.blockIdx.x] = shared[0]


@exercise.wrong("`syncthreads` stands in the `if`: only some threads come to it, and wait for ever. Set it outside.")
@cuda.jit
def block_sums(x, y):
    shared = cuda.shared.array(16, np.float64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    shared[t] = x[i] if i < x.size else 0.0
    cuda.syncthreads()
    half = 8
    while half > 0:
        if t < half:
            shared[t] += shared[t + half]
            cuda.syncthreads()
        half //= 2
    if t == 0:
        y[cuda.blockIdx.x] = shared[0]


@exercise.wrong("Where x has ended there is no number to bring: `x[i] if i < x.size else 0.0`.")
@cuda.jit
def block_sums(x, y):
    shared = cuda.shared.array(16, np.float64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    shared[t] = x[i]
    half = 8
    while half > 0:
        cuda.syncthreads()
        if t < half:
            shared[t] += shared[t + half]
        half //= 2
    if t == 0:
        y[cuda.blockIdx.x] = shared[0]


@exercise.wrong("nan: shared memory begins with anything in it. Threads beyond the end of x must bring 0.0.")
@cuda.jit
def block_sums(x, y):
    shared = cuda.shared.array(16, np.float64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    if i < x.size:
        shared[t] = x[i]
    half = 8
    while half > 0:
        cuda.syncthreads()
        if t < half:
            shared[t] += shared[t + half]
        half //= 2
    if t == 0:
        y[cuda.blockIdx.x] = shared[0]


@exercise.wrong("One thread adds all up, while the others of its block look on. Halve the work, step by step.")
@cuda.jit
def block_sums(x, y):
    t, i = cuda.threadIdx.x, cuda.grid(1)
    if t == 0:
        total = 0.0
        for k in range(i, min(i + 16, x.size)):
            total += x[k]
        y[cuda.blockIdx.x] = total


@exercise.wrong("All threads of a block write the same place of y, and spoil each other's sum. Add in shared memory; "
                "one thread writes.")
@cuda.jit
def block_sums(x, y):
    i = cuda.grid(1)
    if i < x.size:
        y[cuda.blockIdx.x] += x[i]


@exercise.otherwise
@cuda.jit
def block_sums(values, out):
    mine = cuda.threadIdx.x
    place = cuda.blockIdx.x * cuda.blockDim.x + mine
    together = cuda.shared.array(16, "float64")
    together[mine] = 0.0
    if place < len(values):
        together[mine] = values[place]
    cuda.syncthreads()
    for step in (1, 2, 4, 8):
        if mine % (2 * step) == 0:
            together[mine] = together[mine] + together[mine + step]
        cuda.syncthreads()
    if mine == 0:
        out[cuda.blockIdx.x] = together[0]
