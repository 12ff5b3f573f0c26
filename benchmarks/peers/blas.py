"""The physical limit: nothing but the matrix products of the work, by NumPy's BLAS, no buffer allocated."""

import numpy as np


def products(layers, rows, width):
    """What is multiplied and (m, k, n), for each product in one training step on a batch of ``rows``.

    A dense layer multiplies three times: x @ kernel, xᵀ @ dy for the kernel's gradient, and dy @ kernelᵀ for
    the input's gradient, which the first layer does not need.
    """
    shapes = []
    for name, options in layers:
        if name != "Dense":
            raise NotImplementedError(f"limit: the products of {name} are not listed yet")
        first, units = not shapes, options["units"]
        shapes += [("x @ kernel", rows, width, units), ("x.T @ dy", width, rows, units)]
        shapes += [] if first else [("dy @ kernel.T", rows, units, width)]
        width = units
    return shapes


def operands(what, m, k, n):
    """Operands laid out as in training: transposes are views, as BLAS takes them."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((k, m) if what.startswith("x.T") else (m, k), dtype="float32")
    b = rng.standard_normal((n, k) if what.endswith("kernel.T") else (k, n), dtype="float32")
    a, b = (a.T if what.startswith("x.T") else a), (b.T if what.endswith("kernel.T") else b)
    return a, b, np.empty((m, n), "float32")


class Trainer:
    def __init__(self, workload, x, y):
        steps, rest = divmod(len(x), workload.batch)
        self.work = []
        for rows, times in ((workload.batch, steps), (rest, 1)):
            if rows and times:
                step = [operands(*shape) for shape in products(workload.layers, rows, x.shape[1])]
                self.work.append((step, times * workload.epochs))

    def fit(self):
        for step, times in self.work:
            for _ in range(times):
                for a, b, out in step:
                    np.matmul(a, b, out=out)
        return None, None
