"""`install_as_keras` in fresh processes: a script written for Keras runs unedited."""

import subprocess
import sys

import pytest

SCRIPT = """
import kerastutor
kerastutor.install_as_keras()
kerastutor.install_as_keras()
import keras
import keras.layers as L
from keras import layers, Sequential as S
from keras.models import Sequential, Model
from keras.layers import Dense, Input
from keras.utils import to_categorical
from keras.datasets import mnist
import keras.ops as ops
from kerastutor import keras as ours
assert keras is ours and layers is L is ours.layers and S is Sequential is ours.Sequential
assert keras.layers.Dense is Dense
assert ours.layers.__name__ == ours.layers.__spec__.name == "kerastutor.keras.layers"
model = Sequential([Input((2,)), Dense(3)])
assert isinstance(model, Model) and model.count_params() == 9
"""


def run(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)


def test_a_script_written_for_keras_runs_and_is_told_once():
    done = run(SCRIPT)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("now means kerastutor") == 1 and done.stdout == ""


@pytest.mark.parametrize(
    "line, told",
    [
        ("import keras.layers.core", "from keras.layers import Dense"),
        ("from keras.utils.np_utils import to_categorical", "from keras.utils import to_categorical"),
        ("from keras.preprocessing.text import Tokenizer", "TextVectorization"),
        ("import keras.no_such_thing", "No module named 'keras.no_such_thing'"),
    ],
)
def test_modules_of_older_keras_say_what_to_write_today(line, told):
    done = run(f"import kerastutor\nkerastutor.install_as_keras()\n{line}")
    assert done.returncode == 1 and told in done.stderr.splitlines()[-1]


def test_two_kerases_in_one_process_are_refused():
    done = run("import sys, types, kerastutor\nsys.modules['keras'] = types.ModuleType('keras')\n"
               "kerastutor.install_as_keras()")
    assert done.returncode == 1 and "already" in done.stderr
