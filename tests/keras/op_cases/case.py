"""How an op's case is written; `test_ops.py` and `test_replay.py` say what is done with each.

    Case("matmul", (3, 4), (4, 2))                  normal numbers of these shapes
    Case("log", positive(3, 2))                     numbers from somewhere else
    Case("sum", (3, 4), axis=0)                     with options
    Case("argmax", (3, 4), gradient=False)          nothing to differentiate
    Case("take", (5, 2), ints([0, 4]), axis=0)      the gradient goes to the inputs that are floats
    Case(..., constant=(0,))                        ... but for the first, which is a constant (targets, say)
    Case("nonzero", ..., replay=False)              can't be recorded: the result's shape depends on the data
    Case("stack", (2, 3), (2, 3), by=lambda ops, x, y: ops.stack([x, y]))
                                                    called in another way: `ops` is our module or real Keras's
    Case(..., rtol=1e-4)                            for values: many roundings on the way
"""

import numpy as np


class Case:
    def __init__(
        self, name, *inputs, gradient=True, constant=(), replay=True, by=None, rtol=1e-5, atol=2e-6, **options
    ):
        self.name, self.gradient, self.constant, self.replay = name, gradient, constant, replay
        self.by, self.rtol, self.atol, self.options = by, rtol, atol, options
        self._inputs = [normal(*x) if isinstance(x, tuple) else x for x in inputs]

    def inputs(self, dtype):
        """The arrays that the op is called on: the same ones each time."""
        rng = np.random.default_rng(11)
        drawn = [draw(rng) for draw in self._inputs]
        return [x.astype(dtype) if x.dtype.kind == "f" else x for x in drawn]

    def call(self, ops, inputs):
        """What the op of the module `ops`, ours or Keras's, gives."""
        if self.by is not None:
            return self.by(ops, *[ops.convert_to_tensor(x) for x in inputs], **self.options)
        return getattr(ops, self.name)(*inputs, **self.options)

    @property
    def id(self):
        shapes = " ".join("x".join(map(str, x.shape)) or "()" for x in self.inputs("float32"))
        return f"{self.name} {shapes}" + "".join(f" {k}={v}" for k, v in self.options.items())


def flat(outputs):
    """The tensors of a result, whether it is one or several in a tuple, list or dict."""
    if isinstance(outputs, dict):
        return [y for key in sorted(outputs) for y in flat(outputs[key])]
    return [y for part in outputs for y in flat(part)] if isinstance(outputs, (list, tuple)) else [outputs]


# numbers ---------------------------------------------------------------------------------------


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


def inside(*shape):
    """Numbers within -1..1, not at the ends."""
    return lambda rng: np.asarray(rng.uniform(-0.95, 0.95, shape))


def distribution(*shape):
    """Rows of probabilities that add up to something near 1."""

    def draw(rng):
        p = rng.uniform(0.05, 1, shape)
        return p / p.sum(-1, keepdims=True) * 1.02

    return draw


def regular(*shape):
    """Matrices that are far from singular."""
    return lambda rng: rng.normal(0, 0.5, shape) + 3 * np.eye(shape[-1])


def definite(*shape):
    """Symmetric, positive definite matrices."""

    def draw(rng):
        a = rng.normal(0, 1, shape)
        return a @ a.swapaxes(-1, -2) + np.eye(shape[-1])

    return draw


def given(values, dtype="float64"):
    """These numbers, whole ones as int32."""
    return lambda rng: np.asarray(values, dtype)


def ints(values):
    return given(values, "int32")


def bools(*shape):
    return lambda rng: np.asarray(rng.random(shape) < 0.5)


def classes(k, *shape):
    return lambda rng: np.asarray(rng.integers(0, k, shape), "int32")


# which shapes ----------------------------------------------------------------------------------

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


def over_axes(name, draw=normal, **options):
    return [Case(name, draw(2, 3, 4), **axis, **options) for axis in AXES]
