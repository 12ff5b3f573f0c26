"""Branches, loops, and functions of functions."""

from .case import Case, given, ints

POSITIVE, NEGATIVE = given(2.0), given(-2.0)


def _cond(ops, x):
    return ops.cond(ops.sum(x) > 0, lambda: (x * 2, -x), lambda: (x + 1, x * x))


def _switch(ops, i, x):
    return ops.switch(i, [lambda x: x, lambda x: x * x, lambda x: -x], x)


def _own_gradient(ops, x, y):
    @ops.custom_gradient
    def product(x, y):
        return x * y, lambda upstream: (upstream * y, upstream * x)

    return product(x, y)


def _two_results(ops, x):
    @ops.custom_gradient
    def both(x):
        return (x * x, 3 * x), lambda first, second: 2 * x * first + 3 * second

    return both(x)


def _running(ops, x):
    return ops.scan(lambda carry, row: (carry * row, carry + row), ops.ones((2,)), x)


def _pairs(ops, a, b):
    return ops.associative_scan(lambda p, q: (p[0] * q[0], q[0] * p[1] + q[1]), (a, b))


CASES = [
    *[Case("cond", x, by=_cond) for x in (POSITIVE, NEGATIVE)],
    *[Case("switch", ints(i), (2, 3), by=_switch) for i in (-1, 0, 1, 2, 5)],
    Case("while_loop", (2,), gradient=False, replay=False, by=lambda ops, x: ops.while_loop(
        lambda i, y: ops.max(ops.abs(y)) < 50, lambda i, y: (i + 1, y * 2), (0, x))),
    Case("while_loop", (2,), by=lambda ops, x: ops.while_loop(
        lambda y: True, lambda y: y * 2, x, maximum_iterations=3), gradient=False),
    Case("fori_loop", (2,), by=lambda ops, x: ops.fori_loop(1, 4, lambda i, y: y * x + ops.cast(i, y.dtype), x),
         rtol=1e-4),
    Case("scan", (4, 2), by=_running),
    Case("scan", (4, 2), by=lambda ops, x: ops.scan(lambda c, row: (c + row, c * row), x[0], x, reverse=True)),
    Case("scan", (2,), by=lambda ops, x: ops.scan(lambda c, _: (c * x, c), x, length=3)),
    Case("scan", (3, 2), (3,), by=lambda ops, x, y: ops.scan(
        lambda c, row: (c + row["b"], {"p": row["a"] * c}), y[0], {"a": x, "b": y})),
    Case("map", (3, 2), by=lambda ops, x: ops.map(lambda row: (ops.sum(row), row * 2), x)),
    Case("map", (3, 2), (3,), by=lambda ops, x, y: ops.map(lambda pair: pair[0] * pair[1], (x, y))),
    Case("vectorized_map", (3, 2), by=lambda ops, x: ops.vectorized_map(lambda row: ops.cumsum(row), x)),
    Case("vectorize", (3, 1), (2,), by=lambda ops, x, y: ops.vectorize(lambda a, b: ops.maximum(a, b) * b)(x, y)),
    Case("vectorize", (3, 4), (2, 1, 4), by=lambda ops, x, y: ops.vectorize(
        lambda a, b: ops.sum(a * b), signature="(n),(n)->()")(x, y)),
    Case("vectorize", (3,), by=lambda ops, x: ops.vectorize(lambda a, k: a * k, excluded={1})(x, 3)),
    Case("associative_scan", (5, 2), by=lambda ops, x: ops.associative_scan(lambda a, b: a + b, x)),
    Case("associative_scan", (2, 5), by=lambda ops, x: ops.associative_scan(
        lambda a, b: a * b, x, reverse=True, axis=1)),
    Case("associative_scan", (4,), (4,), by=_pairs),
    Case("custom_gradient", (2, 3), (2, 3), by=_own_gradient),
    Case("custom_gradient", (2, 3), by=_two_results),
]
