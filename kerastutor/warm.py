"""Compile the kernels that the lessons use, before they are needed: `python -m kerastutor.warm`.

Compiled kernels are kept on disk, so this costs some seconds once for each processor and version.
"""

import io

import numpy as np


def warm(stream=None):
    """Trace a training step of each kind of net in the lessons, and compile what it calls.

    Parameters
    ----------
    stream : text file, optional
        Where progress is told; nowhere if None.
    """
    from . import backends, keras
    from .keras.models.data import Arrays
    from .keras.models.replay import Program

    layers = keras.layers
    images = [layers.Dense(8, activation="relu"), layers.Dropout(0.5), layers.Dense(3, activation="softmax")]
    table = [layers.Dense(8, activation="tanh"), layers.Dense(1, activation="sigmoid")]
    penalised = [layers.Rescaling(0.1), layers.Dense(8, activation="relu", kernel_regularizer="l2"), layers.Dense(1)]
    cases = [
        (images, "rmsprop", "categorical_crossentropy", (4, 3), "float32"),
        (images, "adam", "sparse_categorical_crossentropy", (4,), "int32"),
        (table, "sgd", "binary_crossentropy", (4, 1), "float32"),
        (table, keras.optimizers.SGD(momentum=0.9), "mse", (4, 1), "float32"),
        (penalised, "adam", "mse", (4, 1), "float32"),
    ]
    for stack, optimizer, loss, shape, dtype in cases:
        model = keras.Sequential([keras.Input((64,)), *stack])
        model.compile(optimizer, loss, metrics=["accuracy"])
        x, y = np.zeros((4, 64), "float32"), np.zeros(shape, dtype)
        model.checked_batch(x, y)
        feed = Arrays(x, y).feed([x, y])
        program = Program(lambda x, y, model=model: model.train_step((x, y)), [x, y], compile=False, first=feed.first,
                          last=feed.last)
        backends.prepare(program.calls, stream or io.StringIO())


if __name__ == "__main__":
    warm()
