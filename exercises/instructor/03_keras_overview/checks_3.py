"""Exercise 03.3: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import slope

layers, ops = keras.layers, keras.ops


def by_hand(x, w):
    h = np.maximum(x @ w["kernel"] + w["bias"], 0)
    t = 1 / (1 + np.exp(-(x @ w["gate_kernel"] + w["gate_bias"])))
    return t * h + (1 - t) * x


def forward(n, d, seed):
    rng = np.random.default_rng(seed)
    shapes = {"kernel": (d, d), "bias": (d,), "gate_kernel": (d, d), "gate_bias": (d,)}
    weights = {name: rng.normal(size=shape).round(2) for name, shape in shapes.items()}
    x = rng.normal(size=(n, d)).round(2)
    expected = by_hand(x, weights), slope(lambda x: by_hand(x, weights).sum(), x)
    floats = {name: value.astype("float32") for name, value in weights.items()}
    return Case("Highway", ({}, floats, x.astype("float32")), expected=expected, rtol=1e-3, atol=1e-4, through="layer",
                about=f"{n} rows of {d}; its answer, and the slope of the answer's sum by finite differences")


def at_first(d, options, start):
    square, line = f"({d}, {d})", f"({d},)"
    expected = {"bias": (line, 0.0), "gate_bias": (line, start), "gate_kernel": (square, "drawn"),
                "kernel": (square, "drawn"), "in all": 4}
    return Case("Highway", (options, (2, d)), expected=expected, through="fresh", about="its weights after two calls")


def kept(**options):
    return Case("Highway", (options,), expected=options, through="config", about="what get_config() keeps")


exercise = Exercise(
    "03.3",
    "A shortcut with a gate",
    ("Highway",),
    [
        "In `build`, `shape[-1]` is d. `keras.initializers.Constant(self.gate_start)` begins with that number.",
        "`self.kernel = self.add_weight(shape=..., initializer=\"...\", name=\"kernel\")`: four such lines.",
        "`call` is the formulas letter by letter: `ops.matmul`, `ops.relu`, `ops.sigmoid`. `get_config`: "
        "`{**super().get_config(), ...}`.",
        "Read again lesson 3, part 2, the cell that defines `Compare`; for the shortcut part 3, the cell with `deep`.",
    ],
    [
        Part("forwards and back", 7, [forward(3, 2, 0), forward(1, 3, 1)], [forward(5, 4, 2), forward(2, 1, 3)]),
        Part("its weights", 4, [at_first(3, {}, -2.0), at_first(2, {"gate_start": 1.5}, 1.5)],
             [at_first(4, {"gate_start": 0.0}, 0.0)]),
        Part("its config", 4, [kept(gate_start=-3.5, name="mine")], [kept(gate_start=0.25), kept(name="other")]),
    ],
)


class Right(layers.Layer):
    """The layer, with a place for each mistake."""

    def __init__(self, gate_start=-2.0, **kwargs):
        super().__init__(**kwargs)
        self.gate_start = gate_start

    def start(self):
        return self.gate_start

    def build(self, shape):
        for name in ("kernel", "gate_kernel"):
            setattr(self, name, self.add_weight(shape=(shape[-1], shape[-1]), name=name))
        start = keras.initializers.Constant(self.start())
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")
        self.gate_bias = self.add_weight(shape=(shape[-1],), initializer=start, name="gate_bias")

    def parts(self, x):
        z = ops.matmul(x, self.gate_kernel) + self.gate_bias
        return ops.sigmoid(z), ops.relu(ops.matmul(x, self.kernel) + self.bias)

    def call(self, x):
        t, h = self.parts(x)
        return t * h + (1 - t) * x

    def get_config(self):
        return {**super().get_config(), "gate_start": self.gate_start}


@exercise.wrong("The gate is turned round: t lets the new h through, 1 - t the shortcut.")
class Highway(Right):
    def call(self, x):
        t, h = self.parts(x)
        return t * x + (1 - t) * h


@exercise.wrong("The shortcut is missing: where the gate is shut, (1 - t)·x comes through.")
class Highway(Right):
    def call(self, x):
        t, h = self.parts(x)
        return t * h


@exercise.wrong("The gate is no gate yet: without sigmoid t is not between 0 and 1.")
class Highway(Right):
    def call(self, x):
        t, h = ops.matmul(x, self.gate_kernel) + self.gate_bias, self.parts(x)[1]
        return t * h + (1 - t) * x


@exercise.wrong("You multiply matrices with `*`: that is place by place. `ops.matmul(x, self.kernel)`, or `x @ ...`.")
class Highway(Right):
    def parts(self, x):
        t, h = x[:, :1] * self.gate_kernel[0] + self.gate_bias, x[:, :1] * self.kernel[0] + self.bias
        return ops.sigmoid(t), ops.relu(h)


@exercise.wrong("gate_start is not used: the gate's bias begins at 0, so every gate is half open at first.")
class Highway(Right):
    def start(self):
        return 0.0


@exercise.wrong("-2 is written into `build`; the gate's bias begins at what `gate_start` says.")
class Highway(Right):
    def start(self):
        return -2.0


@exercise.wrong("gate_start is missing in get_config: the layer could be saved, but comes back with another start.")
class Highway(Right):
    def get_config(self):
        return super(Right, self).get_config()


@exercise.wrong("get_config has gate_start alone; what the base class puts there, the name for one, belongs in it too.")
class Highway(Right):
    def get_config(self):
        return {"gate_start": self.gate_start}


@exercise.otherwise
class Highway(layers.Layer):
    def __init__(self, gate_start=-2.0, **kwargs):
        super().__init__(**kwargs)
        self.begin = float(gate_start)

    def build(self, shape):
        d = int(shape[-1])
        self.c = self.add_weight(name="gate_bias", shape=(d,), initializer="zeros")
        self.c.assign([self.begin] * d)
        self.v = self.add_weight(name="gate_kernel", shape=(d, d), initializer="glorot_uniform")
        self.b = self.add_weight(name="bias", shape=(d,), initializer="zeros")
        self.w = self.add_weight(name="kernel", shape=(d, d), initializer="glorot_uniform")

    def call(self, x):
        new = ops.maximum(x @ self.w + self.b, 0.0)
        return x + (new - x) / (1 + ops.exp(-(x @ self.v + self.c)))

    def get_config(self):
        config = super().get_config()
        config.update(gate_start=self.begin)
        return config
