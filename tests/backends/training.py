"""A small dense net, a convolutional and a recurrent one, trained on a backend: what a test compares."""

import numpy as np

from kerastutor import backends, keras


def data(shape, classes, n=6):
    rng = np.random.default_rng(7)
    return rng.normal(size=(n, *shape)).astype("float32"), rng.integers(0, classes, n).astype("int32")


def dense():
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((5,)), layers.Dense(6, activation="relu", kernel_regularizer="l2"), layers.BatchNormalization(),
        layers.Dropout(0.25), layers.Dense(3, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.02, 3, 0.9), clipnorm=1.0),
                  "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, *data((5,), 3, 8)  # batches of 4: a last one of 2 would make rounding errors large


def convolutional():
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((5, 4, 1)), layers.Conv2D(2, 3, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(2, (2, 1), strides=(1, 2)), layers.Flatten(), layers.Dense(1, activation="sigmoid"),
    ])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return model, *data((5, 4, 1), 2)


def recurrent():
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((3,), dtype="int32"), layers.Embedding(6, 3, mask_zero=True), layers.LSTM(2), layers.Dense(1),
    ])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), "mse")
    rng = np.random.default_rng(8)
    return model, rng.integers(0, 6, (5, 3)).astype("int32"), rng.normal(size=(5, 1)).astype("float32")


def train(backend, kind, **options):
    """The losses of all epochs, what the trained model predicts, and its weights."""
    backends.use(backend)
    keras.utils.set_random_seed(11)
    model, x, y = kind()
    history = model.fit(x, y, batch_size=4, epochs=2, verbose=0, **options)
    return {
        "history": history.history,
        "evaluate": model.evaluate(x, y, verbose=0, return_dict=True),
        "predict": model.predict(x, verbose=0).tolist(),
        "weights": [w.tolist() for w in model.get_weights()],
    }
