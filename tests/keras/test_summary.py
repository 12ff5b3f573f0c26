"""model.summary(), to the letter as real Keras prints it."""

import io
import sys

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.models.summary import readable_size
from tests.keras.oracle import real


def built(k):
    return k.Sequential([
        k.Input((28, 28)),
        k.layers.Flatten(),
        k.layers.Dense(512, activation="relu"),
        k.layers.Dropout(0.2),
        k.layers.Dense(10),
        k.layers.Activation("softmax"),
    ])


def named(k):
    return k.Sequential(
        [k.Input((4, 3)), k.layers.Reshape((12,), name="a_layer_with_a_very_long_name_that_needs_two_lines"),
         k.layers.Dense(3, use_bias=False, name="[bold]")],
        name="my_[red]_model",
    )


def frozen(k):
    model = built(k)
    model.layers[1].trainable = False
    return model


def unbuilt(k):
    return k.Sequential([k.layers.Flatten(), k.layers.Dense(3), k.layers.Dropout(0.5), k.layers.Dense(2)])


def large(k):
    return k.Sequential([k.Input((2000,)), k.layers.Dense(1000)])


def compiled(k):
    model = built(k)
    model.compile("adam", "mse")
    return model


def trained(k, optimizer="rmsprop"):
    model = k.Sequential([k.Input((5,)), k.layers.Dense(4), k.layers.Dense(1)])
    model.compile(optimizer, "mse")
    model.fit(np.zeros((8, 5)), np.zeros((8, 1)), verbose=0)
    return model


def trained_sgd(k):
    return trained(k, "sgd")


def trained_adam(k):
    return trained(k, "adam")


def built_by_data(k):
    model = unbuilt(k)
    model.compile("sgd", "mse")
    model.fit(np.zeros((8, 3, 2)), np.zeros((8, 2)), verbose=0)
    return model


def built_by_hand(k):
    model = k.Sequential([k.layers.Dense(4), k.layers.Dense(1)])
    model.build((None, 3))
    return model


def input_shape(k):
    return k.Sequential([k.layers.Dense(4, input_shape=(3,)), k.layers.Dense(1)])


MODELS = [built, named, frozen, unbuilt, large, compiled, trained, trained_sgd, trained_adam, built_by_hand]


def texts(model, **options):
    """Ours and Keras's, through print_fn."""
    found = []
    for k in (keras, real()):
        k.utils.clear_session()
        model(k).summary(print_fn=found.append, **options)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_to_the_letter(model, monkeypatch):
    monkeypatch.setenv("COLUMNS", "92")
    ours, theirs = texts(model)
    assert ours == theirs


@pytest.mark.parametrize("width", [200, 60, 40])
def test_width_of_the_terminal(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    ours, theirs = texts(named)
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.parametrize("options", [
    {"line_length": 70}, {"positions": [0.3, 0.5, 1.0]}, {"show_trainable": True},
    {"line_length": 100, "show_trainable": True}, {"layer_range": ("dense", "dropout")},
    {"layer_range": ("dropout", "dense")}, {"layer_range": ("dense_1", "act.*")},
    {"expand_nested": True},
])
@pytest.mark.parametrize("model", [built, frozen], ids=lambda m: m.__name__)
def test_options(model, options, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    ours, theirs = texts(model, **options)
    assert ours == theirs


def test_sizes():
    from keras.src.utils.summary_utils import readable_memory_size

    for size in (0, 1, 1023, 1024, 1535.5, 2**20, 7e8, 3e12, 2**50):
        assert readable_size(size) == readable_memory_size(size)


def test_built_by_data(monkeypatch):
    """Keras shows the size of the first batch, as if no other were taken; here it is None, as with an Input."""
    monkeypatch.setenv("COLUMNS", "92")
    ours, theirs = texts(built_by_data)
    for n in (6, 3, 3, 2):
        theirs = theirs.replace(f"(8, {n})   ", f"(None, {n})")
    assert ours == theirs


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_input_shape(monkeypatch):
    monkeypatch.setenv("COLUMNS", "92")
    ours, theirs = texts(input_shape)
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.parametrize("tty", [True, False], ids=["terminal", "file"])
def test_on_the_console(tty, monkeypatch):
    """Colours and all."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    found = []
    for k in (keras, real()):
        k.utils.clear_session()
        model, out = trained(k), io.StringIO()
        out.isatty = lambda: tty
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            model.summary(show_trainable=True)
        found.append(out.getvalue())
    assert found[0] == found[1]
    assert ("\x1b[" in found[0]) == tty


@pytest.mark.parametrize("options, told", [
    ({"line_length": 10}, "narrow"),
    ({"layer_range": ("dense", "conv")}, "fits no layer.*dense_"),
    ({"layer_range": ("dense",)}, "layer_range"),
    ({"layer_range": (0, 1)}, "layer_range"),
])
def test_bad_input(options, told):
    with pytest.raises(ValueError, match=told):
        built(keras).summary(print_fn=print, **options)
