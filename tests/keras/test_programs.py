"""Whole programs, as tutorials have them: the same source on kerastutor and on real Keras, the same numbers.

Each program takes the module `keras`, sets its weights to numbers that both sides draw alike, trains, and gives what
it found.
"""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real


def same_start(model, scale=0.2):
    """Weights that don't depend on the library."""
    rng = np.random.default_rng(3)
    model.set_weights([
        np.abs(w) + 0.5 if "variance" in v.name or "gamma" in v.name
        else rng.normal(0, scale, w.shape).astype(w.dtype) if w.dtype.kind == "f" else w
        for v, w in zip(model.weights, model.get_weights(), strict=True)
    ])


def compiled(keras, model, *args, **options):
    model.compile(*args, run_eagerly=keras is not globals()["keras"], **options)
    return model


def images(n=48, classes=3):
    rng = np.random.default_rng(1)
    return rng.random((n, 12, 12, 1), "float32"), rng.integers(0, classes, n)


def sentences(n=40, steps=9, words=20):
    rng = np.random.default_rng(2)
    x = rng.integers(1, words, (n, steps))
    for row, length in zip(x, rng.integers(3, steps + 1, n)):
        row[length:] = 0
    return x, (x.sum(1) % 2).astype("float32")


def cnn(keras):
    L = keras.layers
    model = keras.Sequential([
        keras.Input((12, 12, 1)),
        L.Conv2D(4, 3, activation="relu"), L.Conv2D(5, (3, 3), padding="same", activation="relu"), L.MaxPooling2D(2),
        L.BatchNormalization(), L.Flatten(), L.Dense(6, activation="relu"), L.Dense(3, activation="softmax"),
    ])
    same_start(model)
    compiled(keras, model, keras.optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = images()
    history = model.fit(x, y, batch_size=20, epochs=3, shuffle=False, validation_split=0.25, verbose=0)
    return history.history, model.predict(x, verbose=0), model.get_weights()


def sentiment(keras):
    L = keras.layers
    model = keras.Sequential([
        keras.Input((None,)), L.Embedding(20, 6, mask_zero=True), L.Bidirectional(L.LSTM(4, return_sequences=True)),
        L.GRU(5), L.Dense(1, activation="sigmoid"),
    ])
    same_start(model)
    compiled(keras, model, "rmsprop", "binary_crossentropy", metrics=["accuracy", "AUC"])
    x, y = sentences()
    history = model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0)
    return history.history, model.predict(x, verbose=0), model.get_weights()


def autoencoder(keras):
    L = keras.layers
    image = keras.Input((12, 12, 1))
    x = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)
    code = L.AveragePooling2D(2, padding="same", name="code")(x)
    x = L.UpSampling2D(2)(code)
    x = L.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu")(x)
    output = L.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    model = keras.Model(image, output)
    encoder = keras.Model(image, model.get_layer("code").output)
    same_start(model)
    compiled(keras, model, keras.optimizers.SGD(0.5, momentum=0.9, nesterov=True), "binary_crossentropy")
    x, _ = images()
    history = model.fit(x, x, batch_size=20, epochs=2, shuffle=False, verbose=0)
    return history.history, encoder.predict(x, verbose=0), model.get_weights()


def fine_tuning(keras):
    """A part that is frozen: its weights and its moving statistics stay.

    No bias before the normalisation: its gradient is 0 but for rounding, which Adam would blow up to whole steps.
    """
    L = keras.layers
    hidden = [L.Dense(5, use_bias=False), L.BatchNormalization(), L.ReLU()]
    base = keras.Sequential([keras.Input((6,)), *hidden], name="base")
    same_start(base)
    base.trainable = False
    x = keras.Input((6,))
    model = keras.Model(x, L.Dense(2)(L.Dropout(0.0)(base(x))))
    same_start(model)
    data = np.random.default_rng(5).normal(size=(40, 6)).astype("float32")
    compiled(keras, model, keras.optimizers.Adam(0.01), "mse")
    first = model.fit(data, data[:, :2], epochs=2, shuffle=False, verbose=0).history
    frozen = base.get_weights()
    base.trainable = True
    compiled(keras, model, keras.optimizers.Adam(0.001), "mse")
    second = model.fit(data, data[:, :2], epochs=2, shuffle=False, verbose=0).history
    return first, second, frozen, model.get_weights()


def translation(keras):
    """An encoder hands its states to a decoder."""
    L = keras.layers
    source, target = keras.Input((7, 3), name="source"), keras.Input((5, 4), name="target")
    _, h, c = L.LSTM(6, return_state=True, name="encoder")(source)
    y, _, _ = L.LSTM(6, return_sequences=True, return_state=True, name="decoder")(target, initial_state=[h, c])
    model = keras.Model([source, target], L.TimeDistributed(L.Dense(4, activation="softmax"))(y))
    same_start(model)
    compiled(keras, model, "adam", "categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(30, 7, 3)).astype("float32"), np.eye(4, dtype="float32")[rng.integers(0, 4, (30, 5))]
    history = model.fit([a, b], np.roll(b, -1, axis=1), batch_size=16, epochs=2, shuffle=False, verbose=0)
    return history.history, model.predict([a, b], verbose=0), model.get_weights()


def transformer(keras):
    L = keras.layers
    x = keras.Input((9,), dtype="int32")
    e = L.Embedding(20, 8)(x)
    a = L.MultiHeadAttention(num_heads=2, key_dim=4, name="attention")(e, e)
    e = L.LayerNormalization(epsilon=1e-6)(e + a)
    f = L.Dense(8)(L.Dense(16, activation="gelu")(e))
    e = L.LayerNormalization(epsilon=1e-6)(L.Add()([e, f]))
    model = keras.Model(x, L.Dense(1, activation="sigmoid")(L.GlobalAveragePooling1D()(e)))
    same_start(model)
    compiled(keras, model, keras.optimizers.AdamW(0.01, weight_decay=0.01), "binary_crossentropy", metrics=["accuracy"])
    x, y = sentences()
    history = model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0)
    return history.history, model.predict(x, verbose=0), model.get_weights()


def prices(keras):
    """Several inputs, normalised by what `adapt` saw; early stopping, a falling learning rate, regularisers."""
    L = keras.layers
    rng = np.random.default_rng(7)
    numbers, town = rng.normal(50, 9, (60, 4)).astype("float32"), rng.integers(0, 5, (60, 1))
    price = (numbers[:, :1] * 0.1 + town).astype("float32")
    scale = L.Normalization()
    scale.adapt(numbers)
    a, b = keras.Input((4,), name="numbers"), keras.Input((1,), dtype="int32", name="town")
    x = L.Concatenate()([scale(a), L.Flatten()(L.Embedding(5, 3)(b))])
    x = L.Dense(8, activation="elu", kernel_regularizer=keras.regularizers.L1L2(1e-3, 1e-3),
                kernel_constraint="max_norm")(x)
    model = keras.Model([a, b], L.Dense(1, activity_regularizer="l2")(x))
    draw = np.random.default_rng(3)
    for v in model.trainable_variables:
        v.assign(draw.normal(0, 0.2, v.shape).astype("float32"))
    compiled(keras, model, keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.05, 3, 0.8)), "huber",
             metrics=["mae", keras.metrics.R2Score()])
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, min_delta=0.5, restore_best_weights=True)
    history = model.fit({"numbers": numbers, "town": town}, price, batch_size=16, epochs=9, shuffle=False,
                        validation_split=0.2, verbose=0, callbacks=[stop])
    return history.history, stop.stopped_epoch, model.predict([numbers, town], verbose=0), model.get_weights()


def own_layer(keras):
    """A layer, a loss and a metric of one's own, with keras.ops."""

    class Gated(keras.layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.value, self.gate = keras.layers.Dense(units), keras.layers.Dense(units, activation="sigmoid")

        def call(self, x):
            return self.value(x) * self.gate(x)

    class Distance(keras.metrics.Metric):
        def __init__(self):
            super().__init__(name="distance")
            self.total = self.add_weight(name="total", initializer="zeros")
            self.count = self.add_weight(name="count", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.total.assign_add(keras.ops.sum(keras.ops.norm(y_true - y_pred, axis=-1)))
            self.count.assign_add(keras.ops.cast(keras.ops.shape(y_true)[0], "float32"))

        def result(self):
            return self.total / self.count

    def quartic(y_true, y_pred):
        return keras.ops.mean((y_true - y_pred) ** 4, axis=-1)

    model = keras.Sequential([keras.Input((6,)), Gated(5), keras.layers.Dense(2)])
    same_start(model)
    compiled(keras, model, "sgd", quartic, metrics=[Distance()])
    data = np.random.default_rng(5).normal(size=(40, 6)).astype("float32")
    history = model.fit(data, data[:, :2], epochs=2, shuffle=False, verbose=0)
    return history.history, model.get_weights()


PROGRAMS = [cnn, sentiment, autoencoder, fine_tuning, translation, transformer, prices, own_layer]


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_a_program_gives_the_numbers_of_keras(program, backend):
    with np.errstate(all="ignore"):
        found, wanted = program(keras), program(real())
    a, b = (list(_leaves(result)) for result in (found, wanted))
    assert [name for name, _ in a] == [name for name, _ in b]
    for (name, x), (_, y) in zip(a, b, strict=True):
        np.testing.assert_allclose(x, array(y) if hasattr(y, "numpy") else y, rtol=1e-4, atol=2e-5, err_msg=name)


def _leaves(result, name=""):
    if isinstance(result, dict):
        for key, part in result.items():
            yield from _leaves(part, f"{name}/{key}")
    elif isinstance(result, (list, tuple)):
        for i, part in enumerate(result):
            yield from _leaves(part, f"{name}/{i}")
    else:
        yield name, result
