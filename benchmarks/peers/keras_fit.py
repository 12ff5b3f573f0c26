"""Keras's own ``fit``: kerastutor, and real Keras on the backend that KERAS_BACKEND names."""

import os

if os.environ.get("BENCHMARKS_PEER", "kerastutor") == "kerastutor":
    from kerastutor import keras
else:
    import keras


class Trainer:
    def __init__(self, workload, x, y):
        self.x, self.y, self.workload = x, y, workload
        layers = [getattr(keras.layers, name)(**options) for name, options in workload.layers]
        self.model = keras.Sequential([keras.Input(x.shape[1:]), *layers])
        self.model.compile(optimizer=workload.optimizer, loss=workload.loss, metrics=["accuracy"])

    def fit(self):
        history = self.model.fit(
            self.x, self.y, batch_size=self.workload.batch, epochs=self.workload.epochs, verbose=1
        ).history
        return history["loss"][-1], history["accuracy"][-1]
