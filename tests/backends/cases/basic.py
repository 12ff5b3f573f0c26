"""Arithmetic, elementwise functions, products, rows, indexing, losses, metrics, random numbers."""

import numpy as np

from .case import (
    AXES,
    BATCHES,
    ELEMENTS,
    ORDERS,
    PAIRS,
    PRODUCTS,
    ROWS,
    SPECIAL,
    TABLES,
    TRIPLES,
    Case,
    InOut,
    Out,
    classes,
    distribution,
    normal,
    one_hot_rows,
    positive,
    share,
    small_ints,
)

# arguments -------------------------------------------------------------------------------------


def unary(draw):
    return lambda rng, n, dtype: (draw(rng, n, dtype), Out(n, dtype))


def from_y(draw):
    """dy, y, dx: y is the result whose op is differentiated."""
    return lambda rng, shape, dtype: (normal(rng, shape, dtype), draw(rng, shape, dtype), Out(shape, dtype))


def binary(draw, draw_b=None, to=None):
    def make(rng, shapes, dtype):
        a, b = draw(rng, shapes[0], dtype), (draw_b or draw)(rng, shapes[1], dtype)
        return a, b, Out(np.broadcast_shapes(*shapes), to or dtype)

    return make


def row_by_row(rng, shape, dtype):
    return normal(rng, shape, dtype), Out(shape, dtype)


def reduction(draw):
    def make(rng, shape_axes, dtype):
        shape, axes = shape_axes
        return draw(rng, shape, dtype), axes, Out([1 if i in axes else n for i, n in enumerate(shape)], dtype)

    return make


def _where(rng, shapes, dtype):
    a, b = normal(rng, shapes[1], dtype), normal(rng, shapes[2], dtype)
    return rng.random(shapes[0]) < 0.5, a, b, Out(np.broadcast_shapes(*shapes), dtype)


def _transpose(rng, shape_order, dtype):
    shape, order = shape_order
    return normal(rng, shape, dtype), order, Out([shape[i] for i in order], dtype)


def _matmul(rng, nkm, dtype):
    """Either factor may be a transposed view, as in the backward pass: the shape decides which are."""
    n, k, m = nkm
    a = normal(rng, (k, n), dtype).T if n % 2 else normal(rng, (n, k), dtype)
    b = normal(rng, (m, k), dtype).T if m % 2 else normal(rng, (k, m), dtype)
    return a, b, Out((n, m), dtype)


def _batch_matmul(rng, shape, dtype):
    lead_a, lead_b, n, k, m = shape
    a = normal(rng, (*lead_a, n, k), dtype)
    b = normal(rng, (*lead_b, m, k), dtype).swapaxes(-1, -2) if m % 2 else normal(rng, (*lead_b, k, m), dtype)
    return a, b, Out((*np.broadcast_shapes(lead_a, lead_b), n, m), dtype)


def _take_rows(rng, shape, dtype):
    m, k, n = shape
    return normal(rng, (m, k), dtype), classes(rng, n, m), Out((n, k), dtype)


def _add_at_rows(rng, shape, dtype):
    m, k, n = shape
    return classes(rng, n, m), normal(rng, (n, k), dtype), Out((m, k), dtype)


def _one_hot(rng, shape, dtype):
    return rng.integers(-1, shape[1] + 1, shape[0]).astype(np.int32), Out(shape, dtype)


def _next_part(rng, n, dtype):
    place = rng.integers(0, n + 2, 1).astype(np.int64)  # now and then there is not enough left
    return normal(rng, 2 * n, dtype), InOut(place), InOut(normal(rng, n, dtype))


def _outside(rng, n, dtype):
    index = rng.integers(0, 50, n).astype(np.int32)
    if n % 2 and n > 1:
        index[n // 2 :] = 99, *[-1] * (n - n // 2 - 1)
    return index, 50, Out(1, np.int64)


def losses(targets, probabilities):
    return lambda rng, s, dtype: (targets(rng, s, dtype), probabilities(rng, s, dtype), 1e-7, Out(s[0], dtype))


def loss_gradients(targets, probabilities):
    def make(rng, s, dtype):
        return normal(rng, s[0], dtype), targets(rng, s, dtype), probabilities(rng, s, dtype), 1e-7, Out(s, dtype)

    return make


def labels(rng, shape, dtype):
    return classes(rng, *shape)


def inner_share(rng, shape, dtype):
    """Probabilities not at the ends, where a difference of one rounding decides whether there is a gradient."""
    return np.asarray(rng.uniform(0.01, 0.99, shape), dtype)


def _binary_accuracy(rng, shape, dtype):
    return np.asarray(rng.integers(0, 2, shape), dtype), share(rng, shape, dtype), 0.5, Out(shape[0], dtype)


def _categorical_accuracy(rng, shape, dtype):
    return one_hot_rows(rng, shape, dtype), small_ints(rng, shape, dtype), Out(shape[0], dtype)


def _sparse_accuracy(rng, shape, dtype):
    return classes(rng, *shape), small_ints(rng, shape, dtype), Out(shape[0], dtype)


def _accumulate(rng, n, dtype):
    weights = positive(rng, 1 if n % 2 else n, dtype)
    return normal(rng, n, dtype), weights, InOut(np.array([3.0])), InOut(np.array([7.0]))


def seed(rng):
    return InOut(rng.integers(0, 2**32, 2, dtype=np.uint32))


# the cases -------------------------------------------------------------------------------------

columns = lambda shape: shape[1]
steep = lambda shape: 100 * shape[1]  # 1 / p, 1 / (1 - p) and e ** x are some hundred here
NO_NAN = SPECIAL[1:]  # whether a NaN is called the largest of a row is left open
ONLY_P = {"special": (np.nan, 0.0), "spoiled_from": 1}  # where p is clipped, g does not count
NO_INF = (np.nan, 0.0)  # a probability or a target is never infinite: what comes out then is left open

CASES = {
    "cast": Case(
        lambda rng, n, dtype: (normal(rng, n, dtype), Out(n, {"float32": "int32"}.get(dtype, "float32"))),
        ELEMENTS, exact=True, special=(0.0,),  # NaN as an int is whatever the processor makes of it
    ),
    "transpose": Case(_transpose, ORDERS, exact=True),
    "add": Case(binary(normal), PAIRS, exact=True),
    "subtract": Case(binary(normal), PAIRS, exact=True),
    "multiply": Case(binary(normal), PAIRS, exact=True),
    "divide": Case(binary(normal, positive), PAIRS, exact=True),
    "power": Case(binary(positive, normal), PAIRS),
    "maximum": Case(binary(small_ints), PAIRS, exact=True),
    "minimum": Case(binary(small_ints), PAIRS, exact=True),
    "equal": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "not_equal": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "greater": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "greater_equal": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "less": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "less_equal": Case(binary(small_ints, to=bool), PAIRS, exact=True),
    "where": Case(_where, TRIPLES, exact=True),
    "negative": Case(unary(normal), ELEMENTS, exact=True),
    "absolute": Case(unary(normal), ELEMENTS, exact=True),
    "sign": Case(unary(small_ints), ELEMENTS, exact=True),
    "square": Case(unary(normal), ELEMENTS, exact=True),
    "sqrt": Case(unary(positive), ELEMENTS, exact=True),
    "exp": Case(unary(normal), ELEMENTS),
    "log": Case(unary(positive), ELEMENTS),
    "log1p": Case(unary(positive), ELEMENTS),
    "sigmoid": Case(unary(normal), ELEMENTS),
    "sigmoid_grad": Case(from_y(share), ELEMENTS),
    "tanh": Case(unary(normal), ELEMENTS),
    "tanh_grad": Case(from_y(share), ELEMENTS),
    "relu": Case(unary(normal), ELEMENTS, exact=True),
    "relu_grad": Case(from_y(small_ints), ELEMENTS, exact=True),
    "softplus": Case(unary(normal), ELEMENTS),
    "scale": Case(lambda rng, n, dtype: (normal(rng, n, dtype), 0.3, Out(n, dtype)), ELEMENTS, exact=True),
    "matmul": Case(_matmul, PRODUCTS, terms=lambda s: 4 * s[1]),
    "batch_matmul": Case(_batch_matmul, BATCHES, terms=lambda s: 4 * s[3]),
    "add_bias": Case(
        lambda rng, s, dtype: (normal(rng, s, dtype), normal(rng, s[1], dtype), Out(s, dtype)), ROWS, exact=True
    ),
    "sum_rows": Case(lambda rng, s, dtype: (normal(rng, s, dtype), Out(s[1], dtype)), ROWS, terms=lambda s: 4 * s[0]),
    "softmax": Case(row_by_row, ROWS, terms=columns),
    "softmax_grad": Case(from_y(distribution), ROWS, terms=columns),
    "log_softmax": Case(row_by_row, ROWS, terms=columns),
    "log_softmax_grad": Case(from_y(normal), ROWS, terms=steep),
    "argmax": Case(
        lambda rng, s, dtype: (small_ints(rng, s, dtype), Out(s[0], np.int32)), ROWS, exact=True, special=NO_NAN
    ),
    "sum": Case(reduction(normal), AXES, terms=lambda s: 4 * int(np.prod(s[0]))),
    "max": Case(reduction(normal), AXES, exact=True),
    "min": Case(reduction(normal), AXES, exact=True),
    "mean": Case(lambda rng, n, dtype: (normal(rng, n + 1, dtype), Out(1, dtype)), ELEMENTS),
    "fill": Case(lambda rng, n, dtype: (Out(n, dtype), normal(rng, 1, dtype), 0.3), ELEMENTS, exact=True),
    "take_rows": Case(_take_rows, TABLES, exact=True),
    "add_at_rows": Case(_add_at_rows, TABLES, terms=lambda s: 4 * s[2]),
    "one_hot": Case(_one_hot, ROWS, exact=True),
    "next_part": Case(_next_part, ELEMENTS, exact=True, special=()),
    "outside": Case(_outside, ELEMENTS, exact=True),
    "binary_crossentropy": Case(losses(share, share), ROWS, terms=columns, special=NO_INF),
    "binary_crossentropy_grad": Case(loss_gradients(share, inner_share), ROWS, terms=steep, **ONLY_P),
    "categorical_crossentropy": Case(losses(share, distribution), ROWS, terms=columns, special=NO_INF),
    "categorical_crossentropy_grad": Case(
        loss_gradients(one_hot_rows, distribution), ROWS, terms=steep, **ONLY_P
    ),
    "sparse_crossentropy": Case(losses(labels, distribution), ROWS, terms=columns, special=NO_INF),
    "sparse_crossentropy_grad": Case(loss_gradients(labels, distribution), ROWS, terms=steep, **ONLY_P),
    "binary_accuracy": Case(_binary_accuracy, ROWS),
    "categorical_accuracy": Case(_categorical_accuracy, ROWS, exact=True, special=NO_NAN),
    "sparse_accuracy": Case(_sparse_accuracy, ROWS, exact=True, special=NO_NAN),
    "accumulate": Case(_accumulate, ELEMENTS, terms=lambda n: n),
    "random_uniform": Case(
        lambda rng, n, dtype: (seed(rng), Out(n, dtype)), ELEMENTS, exact=True, dtypes=("float32",)
    ),
    "dropout_mask": Case(lambda rng, n, dtype: (seed(rng), 0.3, Out(n, dtype)), ELEMENTS, exact=True),
}
CASES_OF_OPTIONS = {  # other settings of a kernel that has a case above
    "random_uniform": [],
}
