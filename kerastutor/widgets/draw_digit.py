"""Draw a digit, and see what every layer of a model makes of it."""

import numpy as np
import traitlets

from kerastutor import keras
from kerastutor.widgets import twins
from kerastutor.widgets.base import Widget
from kerastutor.widgets.centring import SIDE, centre

SHAPES = [(SIDE, SIDE), (SIDE, SIDE, 1), (1, SIDE, SIDE), (SIDE * SIDE,)]
MOST_LAYERS, MOST_MAPS, MOST_VALUES, LARGEST_MAP = 12, 16, 1024, 28


class DrawDigit(Widget):
    """Draw on 28 x 28 pixels with mouse, finger or keyboard; every layer answers at once.

    Shown are what the model sees, the feature maps or values of each layer, and the outputs as bars. Of more than 16
    channels the 16 strongest are shown, of more than 1024 values the first 1024, of more than 12 layers the first 6 and
    the last 6.

    Parameters
    ----------
    model : keras.Model
        Built; takes images of shape (28, 28), (28, 28, 1), (1, 28, 28) or (784,). It is asked anew at each stroke:
        train it in another cell, and draw on.
    scale : float
        What full ink is for the model: 1 if it was trained on x / 255, 255 if on the bytes themselves.
    classes : list of str, optional
        Names of the outputs, 0, 1, 2, ... unless given.
    centred : bool
        Whether to make the drawing as MNIST's digits are (scaled into 20 x 20 pixels, centre of mass in the middle)
        before the model sees it; can be changed in the page. A digit of MNIST itself is never changed.
    seed : int
        For the choice of sample digits.

    Attributes
    ----------
    drawing, image : numpy.ndarray, (28, 28), from 0 to 1
        What is drawn, and what the model sees of it (before `scale`).
    outputs : numpy.ndarray
        The model's answer.

    Raises
    ------
    TypeError, ValueError
        If the model is none, is not built, or takes something else.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.widgets import DrawDigit
    >>> model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, activation="softmax")])
    >>> pad = DrawDigit(model)
    >>> pad.draw(np.eye(28))
    >>> pad.image.shape, pad.outputs.shape
    ((28, 28), (10,))

    Source: the centring is that of http://yann.lecun.com/exdb/mnist/
    """

    _script = "draw_digit.js"
    centred = traitlets.Bool(True).tag(sync=True)

    def __init__(self, model, scale=1.0, classes=None, centred=True, seed=0):
        self.model, self.scale = model, float(scale)
        self._shape = input_shape(model)
        self.layers, self._every = opened(model)
        self._left_out = sum(type(one).__name__ != "InputLayer" for one in model.layers) - len(self.layers)
        count = int(np.prod(model.outputs[0].shape[1:]))
        self.classes = [str(name) for name in (classes if classes is not None else range(count))]
        if len(self.classes) != count:
            raise ValueError(f"DrawDigit: the model has {count} outputs; got {len(self.classes)} classes.")
        self._random = np.random.default_rng(seed)
        super().__init__(centred=bool(centred))
        self.draw(np.zeros((SIDE, SIDE)))

    def draw(self, drawing, label=None):
        """Put a drawing, (28, 28) from 0 to 1, onto the pad; with a label it is a digit of MNIST, and not centred."""
        drawing = np.asarray(drawing, "float32")
        if drawing.shape != (SIDE, SIDE) or not np.isfinite(drawing).all() or drawing.min() < 0 or drawing.max() > 1:
            raise ValueError(
                f"DrawDigit: a drawing has shape ({SIDE}, {SIDE}) and values from 0 to 1; got {drawing.shape}"
                + (f", {drawing.min():g} to {drawing.max():g}." if drawing.size else ".")
            )
        self.drawing, self.label = drawing, label
        self.image = centre(drawing) if self.centred and label is None else drawing
        outputs = self._every.predict_on_batch(self.image.reshape(1, *self._shape) * np.float32(self.scale))
        self.answers = [np.asarray(y)[0] for y in (outputs if isinstance(outputs, list) else [outputs])]
        self.outputs = self.answers[-1].ravel()

    def sample(self, index=None):
        """Put a digit of MNIST's test data onto the pad: the one of this number, or any."""
        _, (x, y) = keras.datasets.mnist.load_data()
        index = int(self._random.integers(len(x))) if index is None else index
        if not isinstance(index, int) or not 0 <= index < len(x):
            raise ValueError(f"DrawDigit: index must be a whole number from 0 to {len(x) - 1}; got {index!r}.")
        self.draw(x[index] / 255, label=int(y[index]))
        self._show(new=True)

    def clear(self):
        """Take a clean sheet."""
        self.draw(np.zeros((SIDE, SIDE)))
        self._show(new=True)

    def do_draw(self, pixels):
        self.draw(np.array(pixels, "float32").reshape(SIDE, SIDE) / 255)
        self._show()

    def do_sample(self):
        self.sample()

    def do_centred(self, centred):
        self.centred = bool(centred)
        self.draw(self.drawing, self.label)
        self._show()

    def greet(self):
        self._show(new=True)

    def _show(self, new=False):
        """Tell the page what the model sees and what its layers answer; the drawing too where it came from here."""
        parts = [shown(name, kind, y) for (name, kind), y in zip(self.layers, self.answers, strict=True)]
        content = {
            "layers": [about for about, _ in parts],
            "outputs": [float(v) if np.isfinite(v) else None for v in self.outputs],
            "classes": self.classes,
            "label": self.label,
            "left_out": self._left_out,
            "say": self.summary(),
        }
        pictures = [as_bytes(self.image), *(pixels for _, pixels in parts)]
        if new:
            content["new"] = True
            pictures.append(as_bytes(self.drawing))
        self.tell(content, pictures)
        self.keep()

    def figure(self):
        """Return what the model sees, the layers' feature maps, and the outputs as bars."""
        return twins.draw_digit(self)

    def summary(self):
        if not self.drawing.any():
            return f"an empty sheet for {self.model.name!r}"
        best = int(np.argmax(self.outputs))
        what = "a drawing" if self.label is None else f"a {self.label} of MNIST"
        return f"{what}; {self.model.name!r} says {self.classes[best]} ({self.outputs[best]:.3g})"


def input_shape(model):
    """The shape, without the batch, in which the model takes its images."""
    if not hasattr(model, "predict_on_batch"):
        raise TypeError(f"DrawDigit: the model must be a keras.Model; got {type(model).__name__}.")
    if not getattr(model, "inputs", None):
        raise ValueError(
            f"DrawDigit: model {model.name!r} has no inputs yet: begin it with keras.Input((28, 28)), or train it."
        )
    shapes = [tuple(x.shape[1:]) for x in model.inputs]
    if len(shapes) != 1 or shapes[0] not in SHAPES or len(model.outputs) != 1:
        raise ValueError(
            "DrawDigit: the model must take one image of shape (28, 28), (28, 28, 1), (1, 28, 28) or (784,) and have "
            f"one output; {model.name!r} takes {', '.join(map(str, shapes))} and has {len(model.outputs)}."
        )
    return shapes[0]


def opened(model):
    """Return ([(name, kind) of each layer shown], a model that gives the outputs of all of them)."""
    layers = [one for one in model.layers if type(one).__name__ != "InputLayer"]
    layers = [one for one in layers if len(one._inbound_nodes) == 1 and not isinstance(one.output, (list, tuple, dict))]
    if len(layers) > MOST_LAYERS:
        layers = layers[: MOST_LAYERS // 2] + layers[-MOST_LAYERS // 2 :]
    names = [(one.name, type(one).__name__) for one in layers]
    outputs = [one.output for one in layers]
    if outputs[-1] is not model.outputs[0]:
        names, outputs = [*names, ("output", "output")], [*outputs, model.outputs[0]]
    return names, keras.Model(model.inputs, outputs)


def shown(name, kind, values):
    """Return what the page needs to draw a layer's answer: (about it, its bytes).

    Of (height, width, channels) the strongest channels as maps; anything else as one picture of all its values.
    """
    values = np.nan_to_num(np.asarray(values, "float32"))
    about = {"name": name, "kind": kind, "shape": list(values.shape)}
    if values.ndim == 3 and values.shape[0] == 1 and values.shape[-1] > 1:
        values = np.moveaxis(values, 0, -1)  # channels_first
    if values.ndim == 3:
        every = max(1, -(-max(values.shape[:2]) // LARGEST_MAP))
        order = np.sort(np.argsort(-np.abs(values).mean(axis=(0, 1)), kind="stable")[:MOST_MAPS])
        maps = np.moveaxis(values[::every, ::every, order], -1, 0)
        about["channels"] = order.tolist()
    else:
        flat = values.ravel()[:MOST_VALUES]
        columns = min(len(flat), 32)
        maps = np.zeros(-(-len(flat) // columns) * columns, "float32")
        maps[: len(flat)] = flat
        maps = maps.reshape(1, -1, columns)
        about["count"] = len(flat)
    most = float(max(np.abs(maps).max(), 1e-9))
    low = -most if maps.min() < 0 else 0.0
    about |= {"maps": len(maps), "rows": maps.shape[1], "columns": maps.shape[2], "low": low, "high": most}
    return about, as_bytes((maps - low) / (most - low))


def as_bytes(share):
    """0 ... 1 as 0 ... 255."""
    return np.round(np.asarray(share) * 255).astype(np.uint8).tobytes()
