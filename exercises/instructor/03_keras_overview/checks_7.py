"""Exercise 03.7: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.gpu import cuda


def case(n, d, blocks, threads, seed, about):
    rng = np.random.default_rng(seed)
    x, b = rng.normal(size=(n, d)).round(2), rng.normal(size=d).round(2)
    start = {"blocks": blocks, "threads": threads, "out": (n, d)}
    return Case("bias_relu", (start, x, b), expected=np.maximum(x + b, 0), through="threads",
                about=f"{about}: {blocks} blocks of {threads} threads")


exercise = Exercise(
    "03.7",
    "A kernel for a GPU: a thread for each number",
    ("bias_relu",),
    [
        "Each thread writes one number at most: the one at its own place. Which threads have no such place?",
        "Rows: `r < x.shape[0]`. Columns: `c < x.shape[1]`. Both must hold.",
        "`if ... and ...:` and below it `y[r, c] = max(...)`: the number of x at [r, c], and the bias of column c.",
        "Read again lesson 3, part 8, *Open the source: one kernel, three ways*: relu for a GPU, its line with `if`.",
    ],
    [
        Part("as many threads as numbers", 4,
             [case(2, 4, (1, 2), (2, 2), 0, "they fit"), case(1, 2, (1, 1), (1, 2), 1, "a batch of one")],
             [case(4, 2, (2, 1), (2, 2), 2, "they fit"), case(3, 3, (3, 3), (1, 1), 3, "a block a number")]),
        Part("threads to spare", 4,
             [case(2, 3, (1, 2), (2, 2), 4, "columns to spare"), case(3, 2, (2, 1), (2, 2), 5, "rows to spare")],
             [case(3, 3, (2, 2), (2, 2), 6, "both to spare"), case(1, 5, (2, 2), (2, 3), 7, "both to spare")]),
    ],
)


@exercise.wrong("The guard is missing: threads outside of x must do nothing. r and c each have an end, in x.shape.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.grid(2)
    y[r, c] = max(x[r, c] + b[c], 0.0)


@exercise.wrong("The guard looks at the rows alone; columns have an end too.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.grid(2)
    if r < x.shape[0]:
        y[r, c] = max(x[r, c] + b[c], 0.0)


@exercise.wrong("`threadIdx` counts within a block: all blocks write the same corner. `cuda.grid(2)` counts through.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.threadIdx.x, cuda.threadIdx.y
    if r < x.shape[0] and c < x.shape[1]:
        y[r, c] = max(x[r, c] + b[c], 0.0)


@exercise.wrong("The bias belongs to the column, `b[c]`; you take it by the row.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.grid(2)
    if r < x.shape[0] and c < x.shape[1]:
        y[r, c] = max(x[r, c] + b[r], 0.0)


@exercise.wrong("First the bias, then the relu: the maximum is of the sum and 0.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.grid(2)
    if r < x.shape[0] and c < x.shape[1]:
        y[r, c] = max(x[r, c], 0.0) + b[c]


@exercise.wrong("In y stands what stood there before: a kernel gives nothing back, each thread writes `y[r, c] = ...`.")
@cuda.jit
def bias_relu(x, b, y):
    r, c = cuda.grid(2)
    if r < x.shape[0] and c < x.shape[1]:
        return max(x[r, c] + b[c], 0.0)


@exercise.otherwise
@cuda.jit
def bias_relu(values, offsets, out):
    row = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    column = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y
    if row >= len(out) or column >= offsets.size:
        return
    total = values[row, column] + offsets[column]
    out[row, column] = total if total > 0 else 0
