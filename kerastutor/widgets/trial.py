"""One trial of the playground: points, a network, its training so far, and pictures of every neuron."""

import threading

import numpy as np

from kerastutor import keras
from kerastutor.keras.naming import look_up
from kerastutor.widgets.points import KINDS, SPAN, points

ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
MOST_LAYERS, MOST_NEURONS = 4, 8
GRID = 40  # rows and columns of a neuron's picture
LONGEST = 5000  # epochs kept of the curves; a longer run keeps every second one

DEFAULTS = dict(
    data="circles", noise=0.1, seed=0, layers=(4, 2), activation="tanh", learning_rate=0.01, optimizer="adam", l2=0.0,
    batch_size=10,
)


class Trial:
    """A network on two-dimensional data: `settings`, `model`, the data and `history`.

    Half of the 400 points are for training, half for the test. What is drawn at random (points, their order, first
    weights) comes from `seed`, and nothing from Keras's global seed.
    """

    def __init__(self, **settings):
        self.settings = checked(settings)
        self._lock = threading.RLock()  # a picture is taken between two epochs
        s = self.settings
        x, y = points(s["data"], 400, s["noise"], s["seed"])
        order = np.random.default_rng(s["seed"]).permutation(len(x))
        train, test = order[: len(x) // 2], order[len(x) // 2 :]
        self.x_train, self.y_train, self.x_test, self.y_test = x[train], y[train], x[test], y[test]
        self.model = self._network()
        self.epoch = 0
        self.history = {"epoch": [], "loss": [], "val_loss": [], "accuracy": [], "val_accuracy": []}
        side = np.linspace(-SPAN, SPAN, GRID, dtype="float32")
        # the first row of a picture is its upper edge
        self._grid = np.stack(np.meshgrid(side, side[::-1]), axis=-1).reshape(-1, 2)
        self._every = keras.Model(self.model.inputs, [layer.output for layer in self.model.layers])
        self._note()

    def _network(self):
        s = self.settings
        plan = [(n, s["activation"], f"hidden_{i + 1}") for i, n in enumerate(s["layers"])] + [(1, "sigmoid", "output")]
        model = keras.Sequential([keras.Input((2,), name="x")], name="playground")
        for i, (units, activation, name) in enumerate(plan):
            first = keras.initializers.GlorotUniform(seed=100 * s["seed"] + i)
            l2 = keras.regularizers.L2(s["l2"]) if s["l2"] else None
            model.add(
                keras.layers.Dense(units, activation, kernel_initializer=first, kernel_regularizer=l2, name=name)
            )
        optimizer = {"class_name": s["optimizer"], "config": {"learning_rate": s["learning_rate"]}}
        optimizer = keras.optimizers.get(optimizer)
        model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
        return model

    def change(self, **settings):
        """Return the trial with other settings: this one if only the learning rate differs, else a new one."""
        wanted = checked({**self.settings, **settings})
        if {**wanted, "learning_rate": 0} != {**self.settings, "learning_rate": 0}:
            return Trial(**wanted)
        self.settings = wanted
        self.model.optimizer.learning_rate = wanted["learning_rate"]
        return self

    def train(self, epochs=1):
        """Train on; losses and accuracies of training and test points are added to `history`."""
        options = dict(batch_size=self.settings["batch_size"], shuffle=False, verbose=0)  # shuffled once, when drawn
        with self._lock:
            test = self.x_test, self.y_test
            found = self.model.fit(self.x_train, self.y_train, epochs=epochs, validation_data=test, **options).history
            count = len(found["loss"])
            self.history["epoch"] += range(self.epoch + 1, self.epoch + count + 1)
            for name, values in found.items():
                self.history[name] += values
            self.epoch += count
            if len(self.history["epoch"]) > LONGEST:
                for values in self.history.values():
                    del values[1::2]

    def _note(self):
        """The losses before the first step."""
        self.history["epoch"].append(0)
        parts = (("", self.x_train, self.y_train), ("val_", self.x_test, self.y_test))
        for prefix, x, y in parts:
            for name, value in self.model.evaluate(x, y, verbose=0, return_dict=True).items():
                self.history[prefix + name].append(value)

    def pictures(self):
        """What each layer says of each place in the plane, as it is now.

        Returns
        -------
        list of numpy.ndarray, (neurons, GRID, GRID)
            One array a layer, the output last; rows from above to below.
        """
        with self._lock:
            outputs = self._every.predict_on_batch(self._grid)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        return [np.moveaxis(y.reshape(GRID, GRID, -1), -1, 0) for y in outputs]

    def weights(self):
        """[(kernel, bias) of each layer], as copies."""
        with self._lock:
            return [tuple(np.array(w) for w in layer.get_weights()) for layer in self.model.layers]

    @property
    def newest(self):
        """The last values of the curves."""
        return {name: values[-1] for name, values in self.history.items()}

    @property
    def network(self):
        """The sizes of the layers, in a row: ``2-4-2-1``."""
        return "-".join(map(str, [2, *self.settings["layers"], 1]))


def checked(settings):
    """The settings, completed and of the right types; one clear error otherwise."""
    for name in settings:
        look_up(name, DEFAULTS, "setting of Playground")
    s = {**DEFAULTS, **settings}
    look_up(s["data"], KINDS, "data for the playground")
    look_up(s["activation"], dict.fromkeys(ACTIVATIONS), "activation for the playground")
    look_up(s["optimizer"], dict.fromkeys(OPTIMIZERS), "optimizer for the playground")
    s["layers"] = tuple([s["layers"]] if isinstance(s["layers"], int) else s["layers"])
    if len(s["layers"]) > MOST_LAYERS or not all(_whole(n) and 1 <= n <= MOST_NEURONS for n in s["layers"]):
        raise ValueError(
            f"Playground: layers must be the sizes of 0 to {MOST_LAYERS} hidden layers, each from 1 to {MOST_NEURONS}, "
            f"as (4, 2); got {settings['layers']!r}."
        )
    for name, low, high in (("noise", 0, 1), ("l2", 0, 1), ("learning_rate", 1e-6, 10)):
        if not _number(s[name]) or not low <= s[name] <= high:
            raise ValueError(f"Playground: {name} must be a number from {low} to {high}; got {s[name]!r}.")
        s[name] = float(s[name])
    for name, low, high in (("seed", 0, 2**31 - 1), ("batch_size", 1, 200)):
        if not _whole(s[name]) or not low <= s[name] <= high:
            raise ValueError(f"Playground: {name} must be a whole number from {low} to {high}; got {s[name]!r}.")
    return s


def _whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _number(value):
    return isinstance(value, (int, float, np.floating)) and not isinstance(value, bool)
