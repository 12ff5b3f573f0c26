"""Keras's own ``fit``: kerastutor, and real Keras on the backend that KERAS_BACKEND names."""

import os

if os.environ.get("BENCHMARKS_PEER", "kerastutor").startswith("kerastutor"):
    from kerastutor import keras
else:
    import keras


def layer(keras, name, options):
    """A layer by its name; one inside another (Bidirectional) is described in the same way."""
    options = {key: layer(keras, *value) if key == "layer" else value for key, value in options.items()}
    return getattr(keras.layers, name)(**options)


def build(keras, workload, x):
    """The workload's compiled model for data such as x, in the Keras that is given."""
    layers = [layer(keras, *each) for each in workload.layers]
    model = keras.Sequential([keras.Input(x.shape[1:], dtype=x.dtype.name), *layers])
    model.compile(optimizer=workload.optimizer, loss=workload.loss, metrics=["accuracy"])
    return model


class Trainer:
    def __init__(self, workload, x, y):
        self.x, self.y, self.workload = x, y, workload
        self.model = build(keras, workload, x)

    def fit(self):
        history = self.model.fit(
            self.x, self.y, batch_size=self.workload.batch, epochs=self.workload.epochs, verbose=1
        ).history
        return history["loss"][-1], history["accuracy"][-1]

    def predict(self):
        return self.model.predict(self.x, batch_size=self.workload.batch, verbose=1)
