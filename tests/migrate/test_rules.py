"""Each rule's own example, and what the rules must leave alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerastutor.migrate import migrate
from kerastutor.migrate.rules import RULES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_example_of_a_rule(rule):
    done = migrate(rule.before)
    assert done.source == rule.after
    assert migrate(done.source).source == done.source
    said = " ".join(note.message for note in done.notes)
    assert all(word in said for word in rule.finds)
    assert bool(done.notes) is bool(rule.finds)


def test_rules_have_names_of_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)


MODERN = '''\
#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""A program of today."""
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras  # noqa: E402
from keras import layers, ops
from keras.layers import (
    Conv2D,   # twice
    Dense,
)


def rmse(y_true, y_pred):
    return ops.sqrt(ops.mean(ops.square(y_true - y_pred)))


class Gate(layers.Layer):
    def call(self, x, mode="sum", p=0.5):
        return ops.sigmoid(x) * p


model = keras.Sequential([
    keras.Input((28, 28, 1)),
    Conv2D(32, 3, 3, activation="relu"), layers.Conv2D(8, 3, 2),
    layers.Embedding(input_dim = 10, output_dim = 4),
    layers.BatchNormalization(axis=1),layers.Dropout( 0.5 ),
    Dense(1, use_bias=False) , ])
model.compile(keras.optimizers.SGD(learning_rate=0.1), rmse, metrics=["accuracy"])
history = model.fit(x, y, epochs=2, validation_data=(x, y))
print(history.history["val_accuracy"], {"acc": 1}["acc"])
model.save_weights("a.weights.h5")
classifier.predict_proba(x) if False else None
'''


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("marker", ["", "\ufeff"])
def test_a_program_of_today_is_left_byte_for_byte(end, marker):
    source = MODERN.replace("classifier.predict_proba(x) if False else None\n", "").replace("\n", end)
    done = migrate(marker + source)
    assert done.source == marker + source and done.notes == ()


def test_what_is_not_touched_survives_byte_for_byte():
    """An old line in the middle of odd formatting: only that line differs."""
    source = "import keras\nx = [ 1,2 ,3]   # a  comment\nif_ = 1\n" + (
        "y=keras.layers.Dense( output_dim = 3 ,\n      init  ='zero' )  # why\n\n\nz = (  x  ,)\\\n\n")
    done = migrate(source).source
    old, new = source.splitlines(), done.splitlines()
    assert len(new) == len(old)
    assert [i for i, (a, b) in enumerate(zip(old, new)) if a != b] == [3, 4]
    assert "units = 3 ," in done and "kernel_initializer  ='zeros' )  # why" in done


@pytest.mark.parametrize("old", ["from keras.layers import Merge\nkeras_model.fit_generator(g)\n"])
def test_the_file_is_not_run(old):
    assert "raise" in migrate("raise SystemExit\n" + old).source


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.linear_model import LogisticRegression\nimport keras\n"
        "model = LogisticRegression()\nmodel.predict_proba(x)\n",
        "import numpy as np\nimport keras\nnp.random.uniform(p=0.5)\nscale(init=1, lr=2, border_mode='same')\n",
        "import tensorflow as tf\ny = tf.reduce_mean(x)\n",
        "import keras\nresults['acc'] = scores.get('acc')\n",
        "def xrange(n):\n    return n\n\n\nimport keras\nxrange(3)\n",
        "from . import keras\nkeras.layers.core.Dense(init='zero')\n",
    ],
)
def test_what_only_looks_old_is_left_alone(source):
    assert migrate(source).source == source


@pytest.mark.parametrize(
    "line, said",
    [
        ("from keras.layers import Highway", None),
        ("K.set_session(tf.Session())", "no sessions"),
        ("f = K.function([a], [b])", "build a Model"),
        ("e = K.random_normal(shape=(2, 3))", "SeedGenerator"),
        ("model.fit_generator(g, samples_per_epoch=10)", "batch size"),
        ("x = merge([a, b], mode=lambda t: t[0])", "a mode that is a function"),
        ("layer = LocallyConnected2D(3, 3, 3)", "without shared weights"),
        ("data = ImageDataGenerator(featurewise_center=True)", "ImageDataGenerator is gone"),
        ("layer = Dense(3, weights=[w])", "set_weights"),
        ("stop = ModelCheckpoint('a.h5', period=5)", "save_freq"),
    ],
)
def test_what_can_not_be_changed_is_explained_on_its_line(line, said):
    head = ("import tensorflow as tf\nfrom keras import backend as K\nfrom keras.models import Sequential\n"
            "from keras.layers import Dense, merge, LocallyConnected2D\nfrom keras.callbacks import ModelCheckpoint\n"
            "from keras.preprocessing.image import ImageDataGenerator\nmodel = Sequential()\n")
    notes = [note for note in migrate(head + line + "\n").notes if note.line == head.count("\n") + 1]
    assert not notes if said is None else any(said in note.message for note in notes)


def test_theano_images_that_are_not_plain_are_explained():
    source = ("from keras import backend as K\nfrom keras.layers import Convolution2D\n"
              "K.set_image_dim_ordering('th')\nlayer = Convolution2D(8, 3, 3, input_shape=(3, 32, 32))\n")
    done = migrate(source)
    assert "input_shape=(3, 32, 32)" in done.source and "set_image_data_format('channels_first')" in done.source
    assert any(note.line == 3 and "np.transpose" in note.message for note in done.notes)


@pytest.mark.parametrize(
    "source, words",
    [
        ("import keras\ntry:\n    f()\nexcept ValueError, e:\n    pass\n", ["line 4", "except Error as name"]),
        ("import keras\nprint 'a' if x else\n", ["line 2", "print("]),
        ("import keras\nx = (1,\n", ["line 2"]),
        ("import keras\nexec 'a=1'\n", ["line 2", "exec("]),
    ],
)
def test_python_2_names_the_line_and_what_to_do(source, words):
    with pytest.raises(SyntaxError) as told:
        migrate(source)
    assert all(word in str(told.value) for word in words)


def test_an_unknown_target_is_refused():
    with pytest.raises(ValueError, match="keras, kerastutor"):
        migrate("import keras\n", target="torch")


def test_names_of_a_star_import():
    source = "from keras.layers.core import *\na = Convolution2D(8, 3, 3)\nb = Dense(output_dim=2)\n"
    assert migrate(source).source == (
        "from keras.layers import Conv2D\nfrom keras.layers import *\na = Conv2D(8, (3, 3))\nb = Dense(units=2)\n")


@pytest.mark.parametrize("line, today", [
    ("import tensorflow.keras.layers as L\nL.Dense(2)", "from kerastutor.keras import layers as L\nL.Dense(2)"),
    ("import keras", "from kerastutor import keras"),
    ("import keras.backend as K\nK.epsilon()", "from kerastutor.keras import backend as K\nK.epsilon()"),
    ("from keras.layers import Dense", "from kerastutor.keras.layers import Dense"),
    ("from tensorflow.keras import layers\nlayers.Dense(2)", "from kerastutor.keras import layers\nlayers.Dense(2)"),
    ("from keras.layers.core import *", "from kerastutor.keras.layers import *"),
])
def test_imports_from_kerastutor(line, today):
    assert migrate(line + "\n", target="kerastutor").source == today + "\n"


WORDS = ["lr", "p", "init", "output_dim", "decay", "units", "nb_epoch", "border_mode", "mode", "name"]
CALLEES = ["Dense", "Dropout", "K.sum", "model.fit", "SGD", "merge", "other", "keras.layers.Conv2D", "Merge"]


@settings(max_examples=60)
@given(st.sampled_from(CALLEES), st.lists(st.sampled_from(["1", "x", "'th'", "(3, 3)", "{}", "*a"]), max_size=3),
       st.dictionaries(st.sampled_from(WORDS), st.sampled_from(["1", "0.5", "{}", "[1]", "f(x)", "'sum'"]), max_size=3))
def test_any_call_migrates_to_python_that_stays(callee, values, options):
    arguments = ", ".join([*values, *(f"{word}={value}" for word, value in options.items())])
    source = ("import keras\nfrom keras import backend as K\nfrom keras.layers import Dense, Dropout, merge, Merge\n"
              f"from keras.optimizers import SGD\n{callee}({arguments})\n")
    once = migrate(source).source
    compile(once, "once", "exec")
    assert migrate(once).source == once


OWN = sorted(path for folder in ("kerastutor", "lessons", "benchmarks", "tests")
             for path in (ROOT / folder).rglob("*.py") if "migrate" not in path.parts)
QUOTES_OLD_NAMES = {"test_activation_layers.py", "test_bad_input.py", "test_convolution.py", "test_layers_core.py",
                    "test_optimizers.py", "test_pooling.py", "test_as_keras.py"}
"""Tests of what is said about names of an older Keras: these do change."""


@settings(max_examples=8)
@given(st.sampled_from(OWN))
def test_any_file_of_this_project_goes_through_unchanged(path):
    unchanged(path)


@pytest.mark.slow
def test_every_file_of_this_project_goes_through_unchanged():
    for path in OWN:
        unchanged(path)


def unchanged(path):
    source = path.read_bytes().decode("utf-8")
    done = migrate(source)
    assert done.source == source or path.name in QUOTES_OLD_NAMES, path
