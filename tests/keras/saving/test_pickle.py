"""Copies of models, by `copy` and `pickle`: they train on as the model itself does."""

import copy
import pickle

import numpy as np
import pytest

from kerastutor import keras

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(20, 3)).astype("float32"), RNG.normal(size=(20, 2)).astype("float32")


def sequential():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "softmax"), keras.layers.Dense(2)])


def functional():
    x = inputs = keras.Input((3,))
    for _ in range(30):
        x = keras.ops.tanh(keras.layers.Dense(3, kernel_initializer="orthogonal")(x)) + x
    return keras.Model(inputs, keras.layers.Dense(2)(x))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"])
@pytest.mark.parametrize("make", [sequential, functional])
def test_a_copy_trains_on(make, copied):
    keras.utils.set_random_seed(1)
    model = make()
    adamw = keras.optimizers.AdamW(0.01, weight_decay=0.5)
    adamw.exclude_from_weight_decay([model.weights[-1]])
    model.compile(adamw, "mse")
    model.fit(X, Y, verbose=0, shuffle=False)
    other = copied(model)
    before = model.get_weights()
    for each in (model, other):
        each.fit(X, Y, verbose=0, shuffle=False)
    assert int(other.optimizer.iterations) == 2
    assert all((a == b).all() for a, b in zip(model.get_weights(), other.get_weights(), strict=True))
    assert any((a != b).any() for a, b in zip(model.get_weights(), before))
