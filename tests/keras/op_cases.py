"""One line for each op and each way to call it that matters.

    Case("matmul", (3, 4), (4, 2))                  normal numbers of these shapes
    Case("log", positive(3, 2))                     numbers from somewhere else
    Case("sum", (3, 4), axis=0)                     with options
    Case("argmax", (3, 4), gradient=False)          nothing to differentiate
    Case("take", (5, 2), ints([0, 4]), axis=0)      the gradient goes to the inputs that are floats
    Case(..., constant=(0,))                        ... but for the first, which is a constant (targets, say)
"""

import numpy as np


class Case:
    def __init__(self, name, *inputs, gradient=True, constant=(), **options):
        self.name, self.gradient, self.constant, self.options = name, gradient, constant, options
        self._inputs = [normal(*x) if isinstance(x, tuple) else x for x in inputs]

    def inputs(self, dtype):
        """The arrays that the op is called on: the same ones each time."""
        rng = np.random.default_rng(11)
        drawn = [draw(rng) for draw in self._inputs]
        return [x.astype(dtype) if x.dtype.kind == "f" else x for x in drawn]

    def call(self, op, inputs):
        return op(*inputs, **self.options)

    @property
    def id(self):
        shapes = " ".join("x".join(map(str, x.shape)) or "()" for x in self.inputs("float32"))
        return f"{self.name} {shapes}" + "".join(f" {k}={v}" for k, v in self.options.items())


def normal(*shape):
    """Numbers around 0, none so near to it that a step of a finite difference crosses it (|x|, relu)."""

    def draw(rng):
        x = np.asarray(rng.normal(0, 1.5, shape))
        return np.asarray(x + 0.05 * np.sign(x))

    return draw


def positive(*shape):
    """Numbers from 0.1 up, for roots and logarithms."""
    return lambda rng: np.asarray(rng.uniform(0.1, 3, shape))


def share(*shape):
    """Probabilities, not at the ends."""
    return lambda rng: np.asarray(rng.uniform(0.05, 0.95, shape))


def distribution(*shape):
    """Rows of probabilities that add up to something near 1."""

    def draw(rng):
        p = rng.uniform(0.05, 1, shape)
        return p / p.sum(-1, keepdims=True) * 1.02

    return draw


def ints(values):
    return lambda rng: np.asarray(values, "int32")


def bools(*shape):
    return lambda rng: np.asarray(rng.random(shape) < 0.5)


def classes(k, *shape):
    return lambda rng: np.asarray(rng.integers(0, k, shape), "int32")


# which shapes --------------------------------------------------------------------------------

FEW = [((2, 3), (3,)), ((3, 1, 2), (4, 1)), ((), (2, 2))]
MANY = [
    *FEW, ((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 2), ()), ((4, 1), (1, 5)), ((1, 1), (1,)), ((2, 1, 3), (2, 4, 3)),
    ((1, 3), (3,)), ((0, 3), (3,)),
]
SHAPES = [(), (2, 1, 4), (0, 2)]
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": 1, "keepdims": True}, {"keepdims": True}]


def over_pairs(name, a=normal, b=normal, pairs=FEW, **options):
    return [Case(name, a(*x), b(*y), **options) for x, y in pairs]


def over_shapes(name, draw=normal, **options):
    return [Case(name, draw(*shape), **options) for shape in SHAPES]


def over_axes(name, **options):
    return [Case(name, (2, 3, 4), **axis, **options) for axis in AXES]


CASES = [
    # arithmetic
    *over_pairs("add", pairs=MANY),
    *over_pairs("subtract"),
    *over_pairs("multiply", pairs=MANY),
    *over_pairs("divide", b=positive),
    *over_pairs("power", a=positive),
    Case("power", (2, 3), ints(2)),
    Case("power", (2, 3), ints([0, -1, 1])),
    Case("power", (2, 3), ints([1, 2, 3])),
    *over_pairs("maximum"),
    *over_pairs("minimum"),
    *over_pairs("equal", a=bools, b=bools, gradient=False),
    *over_pairs("not_equal", a=bools, b=bools, gradient=False),
    *over_pairs("greater", gradient=False),
    *over_pairs("greater_equal", gradient=False),
    *over_pairs("less", gradient=False),
    *over_pairs("less_equal", gradient=False),
    Case("where", bools(2, 3), normal(2, 3), normal(2, 3)),
    Case("where", bools(4, 1), normal(3, 1, 2), normal()),
    Case("where", ints([0, 1, 2]), normal(3), normal(2, 3)),
    # elementwise
    *over_shapes("negative"),
    *over_shapes("absolute"),
    Case("abs", (2, 3)),
    *over_shapes("sign", gradient=False),
    *over_shapes("square"),
    *over_shapes("sqrt", positive),
    *over_shapes("rsqrt", positive),
    *over_shapes("exp"),
    *over_shapes("log", positive),
    *over_shapes("log1p", positive),
    *over_shapes("tanh"),
    *over_shapes("relu"),
    *over_shapes("sigmoid"),
    *over_shapes("softplus"),
    *over_shapes("log_sigmoid"),
    *over_shapes("softsign"),
    *over_shapes("silu"),
    *over_shapes("elu"),
    Case("elu", (2, 3), alpha=0.3),
    *over_shapes("leaky_relu"),
    Case("leaky_relu", (2, 3), negative_slope=0.3),
    Case("sqrt", ints([1, 4, 9])),
    Case("exp", ints([0, 1, 2])),
    Case("cast", (2, 3), dtype="int32", gradient=False),
    Case("cast", ints([0, 1, 2]), dtype="float32", gradient=False),
    Case("cast", (2, 3), dtype="bool", gradient=False),
    Case("stop_gradient", (2, 3), gradient=False),
    Case("zeros_like", (2, 3), gradient=False),
    Case("ones_like", (2, 3), gradient=False),
    Case("ones_like", ints([[1, 2]]), gradient=False),
    # along an axis
    Case("softmax", (3, 4)),
    Case("softmax", (2, 3, 4)),
    Case("softmax", (2, 3, 4), axis=1),
    Case("softmax", (5,)),
    Case("log_softmax", (3, 4)),
    Case("log_softmax", (2, 3, 4), axis=0),
    # products
    Case("matmul", (3, 4), (4, 2)),
    Case("matmul", (1, 1), (1, 1)),
    Case("matmul", (2, 3, 4), (4, 2)),
    Case("matmul", (2, 3, 4), (2, 4, 5)),
    Case("matmul", (3, 1, 2, 4), (2, 4, 3)),
    Case("matmul", (3, 4), (2, 4, 3)),
    Case("matmul", (4,), (4, 2)),
    Case("matmul", (3, 4), (4,)),
    Case("matmul", (4,), (4,)),
    Case("matmul", (4,), (2, 4, 3)),
    Case("matmul", (2, 3, 4), (4,)),
    Case("matmul", (0, 3), (3, 2)),
    Case("matmul", ints([[1, 2]]), ints([[3], [4]]), gradient=False),
    Case("dot", (3, 4), (4, 2)),
    Case("dot", (4,), (4,)),
    Case("dot", (2, 3, 4), (4,)),
    Case("dot", (2, 3), ()),
    Case("dot", (2, 3, 4), (5, 4, 2)),
    # reductions
    *over_axes("sum"),
    *over_axes("mean"),
    *over_axes("max"),
    *over_axes("min"),
    Case("sum", ()),
    Case("mean", ()),
    Case("sum", bools(3, 4), axis=0, gradient=False),
    Case("sum", ints([[1, 2], [3, 4]]), axis=1, gradient=False),
    Case("mean", ints([[1, 2], [3, 4]]), axis=1, gradient=False),
    Case("max", ints([[1, 2], [3, 4]]), axis=1, gradient=False),
    Case("argmax", (3, 4), gradient=False),
    Case("argmax", (3, 4), axis=0, gradient=False),
    Case("argmax", (2, 3, 4), axis=1, keepdims=True, gradient=False),
    Case("argmax", (2, 3, 4), axis=-1, gradient=False),
    Case("argmax", (2, 3), keepdims=True, gradient=False),
    # shapes
    Case("reshape", (2, 6), newshape=(3, 4)),
    Case("reshape", (2, 6), newshape=(-1, 2, 2)),
    Case("reshape", (4,), newshape=(-1,)),
    Case("reshape", (1,), newshape=()),
    Case("expand_dims", (2, 3), axis=0),
    Case("expand_dims", (2, 3), axis=1),
    Case("expand_dims", (2, 3), axis=-1),
    Case("squeeze", (2, 1, 3, 1)),
    Case("squeeze", (2, 1, 3, 1), axis=1),
    Case("squeeze", (2, 1, 3, 1), axis=-1),
    Case("transpose", (2, 3)),
    Case("transpose", (2, 3, 4)),
    Case("transpose", (2, 3, 4), axes=(1, 2, 0)),
    Case("transpose", (2, 3, 4), axes=(0, -1, -2)),
    Case("transpose", (3,)),
    Case("take", (5, 2), ints([0, 4, 4]), axis=0),
    Case("take", (5, 2), ints([[0, 1], [2, 2]]), axis=0),
    Case("take", (2, 3, 4), ints([2, 0]), axis=1),
    Case("take", (2, 3, 4), ints([[3, 0]]), axis=-1),
    Case("take", (2, 3), ints([5, 0, 0])),
    Case("take", (5, 2), ints(3), axis=0),
    Case("one_hot", ints([0, 2, 1]), num_classes=3, gradient=False),
    Case("one_hot", ints([[0, 2], [3, -1]]), num_classes=3, gradient=False),
    Case("one_hot", ints([0, 2]), num_classes=3, dtype="int32", gradient=False),
    # cross-entropies: targets, outputs
    Case("binary_crossentropy", share(3, 4), share(3, 4), constant=(0,)),
    Case("binary_crossentropy", share(5), share(5), constant=(0,)),
    Case("binary_crossentropy", share(3, 4), normal(3, 4), from_logits=True, constant=(0,)),
    Case("categorical_crossentropy", distribution(3, 4), distribution(3, 4), constant=(0,)),
    Case("categorical_crossentropy", distribution(2, 3, 4), distribution(2, 3, 4), constant=(0,)),
    Case("categorical_crossentropy", distribution(3, 4), normal(3, 4), from_logits=True, constant=(0,)),
    Case("sparse_categorical_crossentropy", classes(4, 3), distribution(3, 4)),
    Case("sparse_categorical_crossentropy", classes(4, 3, 1), distribution(3, 4)),
    Case("sparse_categorical_crossentropy", classes(4, 2, 3), distribution(2, 3, 4)),
    Case("sparse_categorical_crossentropy", classes(4, 3), normal(3, 4), from_logits=True),
]

NO_CASE = {
    "convert_to_tensor": "a test of its own: there is nothing but the dtype",
    "convert_to_numpy": "gives no tensor",
    "shape": "gives no tensor",
    "zeros": "takes a shape, not a tensor",
    "ones": "takes a shape, not a tensor",
}
"""Public ops without a case, and why."""

NOT_LIKE_KERAS = {
    "where": "Keras also takes a condition alone, and gives a result whose shape depends on the data",
}
"""Public ops whose arguments are not Keras's, and why."""
