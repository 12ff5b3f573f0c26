"""Bad input: one clear error that names what came, what was expected and the fix; nothing has changed by then."""

import os
import signal

import numpy as np
import pytest

from kerastutor import keras

X = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
LABELS = np.arange(40) % 3
ONE_HOT = np.eye(3, dtype="float32")[LABELS]


def model(loss="sparse_categorical_crossentropy", units=3, activation="softmax"):
    m = keras.Sequential([keras.Input((6,)), keras.layers.Dense(units, activation=activation, name="out")], name="net")
    m.compile("adam", loss, metrics=["accuracy"])
    return m


def with_value(a, place, value):
    a = a.astype("float32").copy()
    a[place] = value
    return a




FIT = {  # name: (model, x, y, options of fit, exception, words that the message must hold)
    "x too wide": (model, X[:, :5], LABELS, {}, ValueError, ["'net'", "(5,)", "(6,)"]),
    "x as images": (model, X.reshape(40, 2, 3), LABELS, {}, ValueError, ["(2, 3)", "(6,)", "reshape"]),
    "one sample": (model, X[0], LABELS[:1], {}, ValueError, ["`x`", "x[None, ...]"]),
    "lengths": (model, X, LABELS[:39], {}, ValueError, ["40", "39", "`y`"]),
    "empty": (model, X[:0], LABELS[:0], {}, ValueError, ["`x`", "empty"]),
    "no x": (model, None, LABELS, {}, ValueError, ["`x`", "missing"]),
    "no y": (model, X, None, {}, ValueError, ["`y`", "missing"]),
    "single number": (model, np.float32(3), LABELS, {}, TypeError, ["`x`"]),
    "list": (model, X.tolist(), LABELS, {}, TypeError, ["`x`", "np.array"]),
    "text": (model, X.astype(str), LABELS, {}, TypeError, ["`x`", "text"]),
    "objects": (model, np.array([None] * 40), LABELS, {}, TypeError, ["`x`", "object"]),
    "complex": (model, X.astype(complex), LABELS, {}, TypeError, ["`x`", "complex"]),
    "NaN": (model, with_value(X, (7, 2), np.nan), LABELS, {}, ValueError, ["`x`", "NaN", "x[7, 2]", "1"]),
    "inf": (model, with_value(X, (0, 0), np.inf), LABELS, {}, ValueError, ["`x`", "x[0, 0] = inf"]),
    "NaN in y": (lambda: model("mse", 1, None), X, with_value(LABELS, 5, np.nan), {}, ValueError, ["`y`", "y[5]"]),
    "label too large": (model, X, with_value(LABELS, 9, 3).astype(int), {}, ValueError,
                        ["y[9] = 3", "3 classes", "0..2", "4 units"]),
    "label -1": (model, X, with_value(LABELS, 9, -1).astype(int), {}, ValueError, ["y[9] = -1", "0..2"]),
    "label 1.5": (model, X, with_value(LABELS, 9, 1.5), {}, ValueError, ["y[9] = 1.5"]),
    "one-hot for sparse": (model, X, ONE_HOT, {}, ValueError, ["(40, 3)", "categorical_crossentropy"]),
    "labels for one-hot": (lambda: model("categorical_crossentropy"), X, LABELS, {}, ValueError, ["to_categorical"]),
    "one unit, one-hot loss": (lambda: model("categorical_crossentropy", 1), X, ONE_HOT, {}, ValueError,
                               ["1)", "Dense(k"]),
    "binary targets -1, 1": (lambda: model("binary_crossentropy", 1, "sigmoid"), X, (LABELS > 0) * 2.0 - 1, {},
                             ValueError, ["-1", "(y + 1) / 2"]),
    "mse broadcast": (lambda: model("mse", 1, None), X, ONE_HOT, {}, ValueError, ["3)", "1)"]),
    "batch_size 0": (model, X, LABELS, dict(batch_size=0), ValueError, ["batch_size", "0"]),
    "batch_size -1": (model, X, LABELS, dict(batch_size=-1), ValueError, ["batch_size", "-1"]),
    "batch_size 2.5": (model, X, LABELS, dict(batch_size=2.5), ValueError, ["batch_size", "2.5"]),
    "epochs -1": (model, X, LABELS, dict(epochs=-1), ValueError, ["epochs", "-1"]),
    "epochs 1.5": (model, X, LABELS, dict(epochs=1.5), ValueError, ["epochs"]),
    "verbose": (model, X, LABELS, dict(verbose="loud"), ValueError, ["verbose", "loud"]),
    "validation_split 20": (model, X, LABELS, dict(validation_split=20), ValueError, ["validation_split", "0.2"]),
    "validation_split too small": (model, X[:1], LABELS[:1], dict(validation_split=0.5), ValueError,
                                   ["1 samples", "0.5"]),
    "validation_data": (model, X, LABELS, dict(validation_data=X), ValueError, ["validation_data", "(x, y)"]),
    "validation shape": (model, X, LABELS, dict(validation_data=(X[:, :3], LABELS)), ValueError,
                         ["validation", "(3,)"]),
    "validation label": (model, X, LABELS, dict(validation_data=(X, LABELS + 1)), ValueError, ["0..2", "3"]),
    "both weights": (model, X, LABELS, dict(class_weight={0: 1.0}, sample_weight=np.ones(40)), ValueError,
                     ["class_weight"]),
    "weights' length": (model, X, LABELS, dict(sample_weight=np.ones(39)), ValueError, ["sample_weight", "39"]),
    "callback class": (model, X, LABELS, dict(callbacks=[keras.callbacks.History]), ValueError, ["History()"]),
    "callback": (model, X, LABELS, dict(callbacks=["early"]), ValueError, ["early"]),
}


@pytest.mark.filterwarnings("ignore:softmax over axis")
@pytest.mark.parametrize("case", FIT)
def test_fit_refuses_before_anything_changes(case, backend):
    make, x, y, options, error, words = FIT[case]
    m = make()
    before, steps = m.get_weights(), int(m.optimizer.iterations)
    with pytest.raises(error) as caught:
        m.fit(x, y, **{"verbose": 0} | options)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    for a, b in zip(before, m.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(m.optimizer.iterations) == steps
    m2 = make()  # and nothing global is left behind: another model still learns
    if m2.output_shape != (None, 1) or m2.loss != "categorical_crossentropy":
        m2.fit(X, LABELS if m2.loss == "sparse_categorical_crossentropy" else m2.predict(X, verbose=0) * 0, verbose=0)


OTHER = {  # name: (what to do, exception, words)
    "activation": (lambda: keras.layers.Dense(3, activation="rellu"), ValueError, ["rellu", "'relu'"]),
    "loss": (lambda: model("categorical_crosentropy"), ValueError,
             ["categorical_crosentropy", "'categorical_crossentropy'"]),
    "optimizer": (lambda: model().compile("adamm", "mse"), ValueError, ["adamm", "'adam'"]),
    "metric": (lambda: model().compile("adam", "mse", metrics=["acuracy_top"]), ValueError, ["acuracy_top"]),
    "metrics not a list": (lambda: model().compile("adam", "mse", metrics="accuracy"), ValueError, ["['accuracy']"]),
    "initializer": (lambda: keras.layers.Dense(3, kernel_initializer="glorot"), ValueError, ["glorot", "glorot_"]),
    "units 0": (lambda: keras.layers.Dense(0), ValueError, ["units", "0"]),
    "units 2.5": (lambda: keras.layers.Dense(2.5), ValueError, ["units", "2.5"]),
    "argument of Keras 1": (lambda: keras.layers.Dense(3, init="uniform"), ValueError, ["init", "kernel_initializer"]),
    "argument mistyped": (lambda: keras.layers.Dense(3, activatoin="relu"), ValueError, ["activatoin", "'activation'"]),
    "dtype": (lambda: keras.layers.Dense(3, dtype="float16"), ValueError, ["float16", "float32"]),
    "rate 25": (lambda: keras.layers.Dropout(25), ValueError, ["rate", "0.25"]),
    "lr": (lambda: keras.optimizers.SGD(lr=0.1), ValueError, ["learning_rate"]),
    "learning rate -1": (lambda: keras.optimizers.SGD(-1.0), ValueError, ["learning_rate", "-1"]),
    "learning rate NaN": (lambda: keras.optimizers.Adam(float("nan")), ValueError, ["learning_rate", "nan"]),
    "class for layer": (lambda: keras.Sequential([keras.layers.Flatten]), ValueError, ["Flatten(...)"]),
    "function for layer": (lambda: keras.Sequential([np.tanh]), ValueError, ["layers"]),
    "same layer twice": (lambda: keras.Sequential([d := keras.layers.Dense(3), d]), ValueError, ["already"]),
    "name twice": (lambda: keras.Sequential([keras.layers.Dense(3, name="a"), keras.layers.Dense(2, name="a")]),
                   ValueError, ["'a'"]),
    "Input second": (lambda: keras.Sequential([keras.layers.Dense(3), keras.Input((2,))]), ValueError, ["first"]),
    "Dense on images": (
        lambda: keras.Sequential([keras.Input((4, 4)), keras.layers.Dense(3), keras.layers.Reshape((5,))]),
        ValueError, ["(4, 3)", "(5,)", "Reshape"],
    ),
    "built for another size": (lambda: model().layers[0](np.ones((2, 5))), ValueError, ["'out'", "5", "6"]),
    "Flatten forgotten": (lambda: model().layers[0](np.ones((2, 2, 3))), ValueError, ["Flatten"]),
    "not compiled": (lambda: keras.Sequential([keras.layers.Dense(1)]).fit(X, LABELS), ValueError, ["compile"]),
    "set_weights count": (lambda: model().set_weights([np.ones((6, 3))]), ValueError, ["2 weights", "1"]),
    "set_weights shape": (lambda: model().set_weights([np.ones((6, 2)), np.ones(3)]), ValueError, ["(6, 3)", "(6, 2)"]),
    "matmul": (lambda: keras.ops.matmul(np.ones((2, 3)), np.ones((4, 5))), ValueError, ["(2, 3)", "(4, 5)"]),
    "index": (lambda: keras.ops.take(np.ones((3, 2)), [3], axis=0), IndexError, ["3", "0..2"]),
    "predict empty": (lambda: model().predict(X[:0]), ValueError, ["empty"]),
    "predict shape": (lambda: model().predict(X[:, :2]), ValueError, ["(2,)", "(6,)"]),
    "backend": (lambda: __import__("kerastutor").use_backend("cpuu"), RuntimeError, ["cpuu", "'cpu'"]),
}


@pytest.mark.parametrize("case", OTHER)
def test_one_clear_error(case):
    do, error, words = OTHER[case]
    with pytest.raises(error) as caught:
        do()
    for word in words:
        assert word in str(caught.value), str(caught.value)


def test_set_weights_changes_all_or_nothing():
    m = model()
    before = m.get_weights()
    with pytest.raises(ValueError):
        m.set_weights([np.ones((6, 3)), np.ones(4)])
    for a, b in zip(before, m.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("replayed", [True, False])
def test_ctrl_c_ends_the_training_after_a_whole_batch(replayed, capsys):
    class PressCtrlC(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if len(self.model.history.history.get("loss", [])) == 2 and batch == 3:
                os.kill(os.getpid(), signal.SIGINT)

    m = model()
    m.run_eagerly = not replayed
    history = m.fit(X, LABELS, batch_size=8, epochs=5, verbose=0, callbacks=[PressCtrlC()])
    assert len(history.history["loss"]) == 2 and history.epoch == [0, 1]
    assert int(m.optimizer.iterations) == 2 * 5 + 4  # the fourth batch of the third epoch was finished
    assert "epoch 3 of 5" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert len(m.fit(X, LABELS, verbose=0).history["loss"]) == 1


def test_an_error_in_a_callback_leaves_a_usable_model():
    class Broken(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise ZeroDivisionError("mine")

    m = model()
    with pytest.raises(ZeroDivisionError, match="mine"):
        m.fit(X, LABELS, verbose=0, callbacks=[Broken()])
    assert len(m.fit(X, LABELS, verbose=0, epochs=2).history["loss"]) == 2
