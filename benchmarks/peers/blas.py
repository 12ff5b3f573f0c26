"""The physical limit: nothing but the matrix products of the work, by NumPy's BLAS, no buffer allocated.

Every layer with a kernel multiplies three times what its forward pass does: x @ kernel, xᵀ @ dy for the kernel's
gradient, and dy @ kernelᵀ for its input's gradient, which is left out where nothing before the layer learns.
``predict`` only goes forward. What else a layer does (activations, pooling, gates, optimizer) is not counted.

- Dense: rows × inputs × units.
- Conv2D: as if every window of the image were a row of its own (im2col): windows × window's size × filters, in panels
  of some thousand rows. The windows are not gathered; only the products are done.
- LSTM, GRU, SimpleRNN, with 4, 3 or 1 gates: the input of all steps at once, rows·steps × inputs × gates·units, and
  step by step rows × units × gates·units, back as well; the recurrent kernel's gradient at once over all steps.
- Bidirectional: its layer twice.
- Embedding: nothing, as it only picks rows; but it learns.
"""

from typing import NamedTuple

import numpy as np

PANEL = 18_432  # rows: 32 images of 24 × 24 windows
FORWARD = "x @ kernel", "h @ recurrent_kernel"
INPUT = "dy @ kernel.T"
GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
LEARNING = ("Dense", "Conv2D", "BatchNormalization", "Embedding", *GATES, "Bidirectional")


class Product(NamedTuple):
    """A matrix of m × k times one of k × n, so many times."""

    what: str
    m: int
    k: int
    n: int
    times: int = 1


def products(layers, rows, shape, backward=True):
    """The products of one step on a batch of ``rows`` samples of this shape."""
    found, learnt = [], False
    for name, options in layers:
        layer, shape = multiply(name, options, rows, shape)
        if not backward:
            layer = [product for product in layer if product.what in FORWARD]
        if not learnt:
            layer = [product for product in layer if product.what != INPUT]
        found += layer
        learnt = learnt or name in LEARNING
    return found


def multiply(name, options, rows, shape):
    """A layer's products, and the shape of what it hands on."""
    if name == "Dense":
        return three(rows, shape[0], options["units"]), (options["units"],)
    if name == "Conv2D":
        return convolution(rows, shape, options["filters"], options["kernel_size"])
    if name in GATES:
        return recurrent(rows, *shape, options["units"], GATES[name])
    if name == "Bidirectional":
        found, (units,) = multiply(*options["layer"], rows, shape)
        return 2 * found, (2 * units,)
    if name == "Embedding":
        return [], (*shape, options["output_dim"])
    if name == "MaxPooling2D":
        return [], (*(size // options["pool_size"] for size in shape[:2]), shape[2])
    if name == "Flatten":
        return [], (int(np.prod(shape)),)
    if name in ("Dropout", "BatchNormalization"):
        return [], shape
    raise NotImplementedError(f"limit: the products of {name} are not listed yet")


def three(rows, width, units, times=1):
    return [
        Product("x @ kernel", rows, width, units, times),
        Product("x.T @ dy", width, rows, units, times),
        Product(INPUT, rows, units, width, times),
    ]


def convolution(rows, shape, filters, size):
    height, width = (side - size + 1 for side in shape[:2])
    panels, rest = divmod(rows * height * width, PANEL)
    window = size * size * shape[2]
    found = three(PANEL, window, filters, panels) if panels else []
    return found + (three(rest, window, filters) if rest else []), (height, width, filters)


def recurrent(rows, steps, width, units, gates):
    back_in_time = [
        Product("h @ recurrent_kernel", rows, units, gates * units, steps),
        Product("ds @ recurrent_kernel.T", rows, gates * units, units, steps),
        Product("h.T @ ds", units, rows * steps, gates * units),
    ]
    return three(rows * steps, width, gates * units) + back_in_time, (units,)


def operands(what, m, k, n):
    """Operands laid out as in training: transposes are views, as BLAS takes them."""
    left, right = what.split(" @ ")
    rng = np.random.default_rng(0)
    a = rng.standard_normal((k, m) if left.endswith(".T") else (m, k), dtype="float32")
    b = rng.standard_normal((n, k) if right.endswith(".T") else (k, n), dtype="float32")
    a, b = (a.T if left.endswith(".T") else a), (b.T if right.endswith(".T") else b)
    return a, b, np.empty((m, n), "float32")


def batches(workload, shape):
    """(products of a batch, how many such batches): full ones, and the rest."""
    steps, rest = divmod(shape[0], workload.batch)
    for rows, times in ((workload.batch, steps), (rest, 1)):
        if rows and times:
            yield products(workload.layers, rows, shape[1:], workload.task == "fit"), times * workload.epochs


def arithmetic(workload, shape):
    """Multiplications and additions in the products of the work on x of this shape; None where they are unknown."""
    try:
        work = list(batches(workload, shape))
    except NotImplementedError:
        return None
    return float(sum(2 * p.m * p.k * p.n * p.times * times for step, times in work for p in step))


class Trainer:
    def __init__(self, workload, x, y):
        self.work = [
            ([(p.times, *operands(p.what, p.m, p.k, p.n)) for p in step], times)
            for step, times in batches(workload, x.shape)
        ]

    def fit(self):
        for step, times in self.work:
            for _ in range(times):
                for again, a, b, out in step:
                    for _ in range(again):
                        np.matmul(a, b, out=out)
        return None, None

    def predict(self):
        self.fit()
