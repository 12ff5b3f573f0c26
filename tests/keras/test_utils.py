"""The progress bar to the letter, one-hot labels, normalising and seeding: beside real Keras's."""

import io
import random
import re
import sys

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.utils import progbar
from tests.keras.oracle import array, real, same_signature


class Clock:
    """Stands in for the module `time`."""

    now = 1e9

    def time(self):
        return self.now


class Terminal(io.StringIO):
    """What is written to it, in the encoding of a terminal."""

    def __init__(self, encoding):
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self):
        return self._encoding

    def write(self, text):
        if self._encoding:
            text.encode(self._encoding)
        return super().write(text)


def printed(module, options, updates, rewrites=True, encoding="utf-8"):
    """What the Progbar of `module` prints for these (seconds passed, arguments of update)."""
    clock, out = Clock(), Terminal(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "time", clock)
        patch.setattr(sys, "stdout", out)
        bar = module.Progbar(**options)
        bar._dynamic_display = bar._rewrites_line = rewrites
        for seconds, update in updates:
            clock.now += seconds
            bar.update(*update)
    return out.getvalue()


def same(options, updates, **kwargs):
    import keras.src.utils.progbar as theirs

    ours, wanted = printed(progbar, options, updates, **kwargs), printed(theirs, options, updates, **kwargs)
    assert ours == wanted
    return ours


def training(steps, seconds):
    for i in range(1, steps + 1):
        yield seconds, (i, [("accuracy", 0.1 * i), ("loss", np.float32(3.0 / i - 1)), ("tiny", 1e-5)])
    yield 0.3, (steps, [("accuracy", 0.5), ("loss", 0.25), ("val_loss", 0.75)], True)


@pytest.mark.parametrize("verbose", [0, 1, 2])
@pytest.mark.parametrize("target, steps", [(12, 12), (469, 20), (1, 1), (None, 7), (0, 2), (10, 13)])
@pytest.mark.parametrize("seconds", [1e-5, 0.004, 0.2, 70.0, 4000.0])
@pytest.mark.parametrize("rewrites", [True, False], ids=["terminal", "file"])
def test_progbar(verbose, target, steps, seconds, rewrites):
    text = same({"target": target, "verbose": verbose}, list(training(steps, seconds)), rewrites=rewrites)
    assert (text == "") == (verbose == 0 or (verbose == 2 and not target))


@pytest.mark.parametrize("options", [
    {"stateful_metrics": ["loss"]}, {"stateless_metrics": ["loss"]}, {"stateless_metrics": []}, {"width": 7},
    {"interval": 1.0}, {"unit_name": "sample"},
])
def test_progbar_options(options):
    assert same({"target": 12, **options}, list(training(12, 0.3)))


names = st.sampled_from(["loss", "accuracy", "a very long metric"])
values = st.lists(st.tuples(names, st.floats(-1e3, 1e3)), max_size=3)


@hypothesis.given(
    options=st.fixed_dictionaries({
        "target": st.none() | st.integers(0, 2000), "width": st.integers(1, 40), "verbose": st.sampled_from([1, 2]),
    }),
    updates=st.lists(
        st.tuples(st.floats(0, 5000), st.tuples(st.integers(0, 2500), values, st.sampled_from([None, True, False]))),
        max_size=8,
    ),
)
def test_progbar_of_anything(options, updates):
    same(options, updates)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", None])
def test_progbar_in_a_terminal_without_its_characters(encoding):
    text = same({"target": 5}, list(training(5, 0.3)), encoding=encoding)
    assert ("=" in text) == (encoding is not None)


def test_progbar_add_and_bad_input(capsys):
    for module in (keras, real()):
        bar = module.utils.Progbar(4, interval=0)
        bar.add(3)
        bar.add(1, [("loss", 1.0)])
        assert re.search(r"4/4.*loss: 1\.0000", capsys.readouterr().out)
    with pytest.raises(ValueError, match="not both"):
        keras.utils.Progbar(3, stateful_metrics=[], stateless_metrics=[])


@pytest.mark.parametrize("x, classes", [
    ([0, 2, 1], None), ([0, 2, 1], 5), ([[1], [0]], None), ([[1, 0], [2, 2]], None), (1, 3), (np.uint8([7, 9]), None),
    (np.float32([1.0, 0.0]), 3), (np.array([True, False]), 2), ([], 3), (np.array(["1", "0"]), 2),
    (np.array([2, 0], dtype=object), None),
])
def test_to_categorical(x, classes):
    ours, theirs = keras.utils.to_categorical(x, classes), real().utils.to_categorical(x, classes)
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    np.testing.assert_array_equal(ours, theirs)


def test_to_categorical_of_a_tensor():
    ours = keras.utils.to_categorical(keras.ops.convert_to_tensor([[1], [0]]), 3)
    theirs = array(real().utils.to_categorical(real().ops.convert_to_tensor([[1], [0]]), 3))
    assert ours.dtype == theirs.dtype.name
    np.testing.assert_array_equal(ours.numpy(), theirs)


@pytest.mark.parametrize("x, classes, told", [
    ([0, -1], None, "-1"), ([3, 7], 5, "7.*num_classes=8"), ([0.5, 1], None, "0.5"), ([np.nan], None, "nan"),
    (["cat", "dog"], None, "np.unique"), ([], None, "num_classes"), ([1, None], 2, "whole|nan|None"),
])
def test_to_categorical_refuses(x, classes, told):
    """Keras marks the last class for -1, and rounds 0.5."""
    with pytest.raises(ValueError, match=told):
        keras.utils.to_categorical(x, classes)


@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"order": 1}, {"order": np.inf, "axis": 1}])
def test_normalize(options, rng):
    x = rng.normal(size=(4, 3))
    x[1] = 0
    ours = keras.utils.normalize(x, **options)
    if options.get("axis") == 0:  # Keras fails on arrays here
        theirs = real().utils.normalize(x.T).T
    else:
        theirs = real().utils.normalize(x, **options)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    if "order" not in options:
        ours = keras.utils.normalize(keras.ops.convert_to_tensor(x), **options).numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_set_random_seed():
    drawn = []
    for utils in (keras.utils, real().utils, keras.utils):
        utils.set_random_seed(5)
        drawn.append((random.random(), np.random.rand(), np.random.permutation(9).tolist()))
    assert drawn[0] == drawn[1] == drawn[2]
    for bad in (1.5, -1, 2**32, "1", None, True):
        with pytest.raises(ValueError, match="seed"):
            keras.utils.set_random_seed(bad)


def test_clear_session():
    keras.utils.clear_session()
    assert [keras.layers.Flatten().name for _ in range(2)] == ["flatten", "flatten_1"]
    keras.utils.clear_session()
    assert keras.layers.Flatten().name == "flatten"


def test_arguments():
    for name in keras.utils.__all__:
        assert not list(same_signature(getattr(keras.utils, name), getattr(real().utils, name))), name
