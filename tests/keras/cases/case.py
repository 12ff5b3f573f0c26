"""How a layer's case is written; `test_layers.py` says what is done with each.

    Layer("Dense", (4, 5), units=3)                 the class, the shape of the input (batch included), its arguments
    Layer("Add", [(4, 5), (4, 5)])                  several inputs, given to the layer as a list
    Layer("Embedding", (4, 5), draw=indices(7), ..) input that is not normal numbers
    Layer("Dropout", (4, 5), random=True, ...)      draws random numbers in training: compared with training=False only
    Layer("Lambda", (4, 5), config=False, ...)      its arguments don't survive JSON
    Layer("Discretization", ..., gradient=False)    nothing to differentiate
    Layer(..., call={"mask": ...})                  more arguments of the call
    Layer("RNN", ..., cell=lambda k: k.layers.LSTMCell(3))  an argument made from the module `keras`, real or ours
"""

import numpy as np


def normal(rng, shape):
    """Numbers around 0, none so near to it that a step of a finite difference crosses it (relu)."""
    x = rng.normal(size=shape)
    return x + 0.05 * np.sign(x)


def indices(limit):
    return lambda rng, shape: rng.integers(0, limit, shape).astype("int32")


class Layer:
    def __init__(
        self, name, shape, draw=normal, random=False, gradient=True, config=True, call=None, slow=False, **arguments
    ):
        self.name, self.shape, self.draw, self.random, self.gradient = name, shape, draw, random, gradient
        self.config, self.call_arguments, self.slow, self.arguments = config, call or {}, slow, arguments
        self.several = isinstance(shape, list)

    def make(self, keras):
        """This layer, of real Keras or of ours."""
        made = {k: v(keras) if type(v).__name__ == "function" and v.__code__.co_varnames[:1] == ("k",) else v
                for k, v in self.arguments.items()}
        return getattr(keras.layers, self.name)(**made)

    def input(self, dtype="float32"):
        """An array, or a list of them."""
        rng = np.random.default_rng(7)
        arrays = [self.draw(rng, shape) for shape in (self.shape if self.several else [self.shape])]
        arrays = [x.astype(dtype) if x.dtype.kind == "f" else x for x in arrays]
        return arrays if self.several else arrays[0]

    def symbolic_input(self, keras):
        """Placeholders for the input, whose batch may have any size."""
        arrays = self.input() if self.several else [self.input()]
        made = [keras.Input(x.shape[1:], dtype=x.dtype.name) for x in arrays]
        return made if self.several else made[0]

    @property
    def any_batch(self):
        """The input's shape, with None for the batch."""
        return [(None, *s[1:]) for s in self.shape] if self.several else (None, *self.shape[1:])

    @property
    def id(self):
        options = ",".join(f"{k}={v.__name__ if callable(v) else v}" for k, v in self.arguments.items())
        shapes = " ".join("x".join(map(str, s)) for s in (self.shape if self.several else [self.shape]))
        more = "".join(f" {k}" for k in self.call_arguments)
        return f"{self.name}({options}) {shapes}{more}"
