"""Code of one's own (a layer, loss, metric, activation, regularizer, optimizer, model) is not replayed.

It may look at values, count its calls or change from step to step: its Python runs at each step.
"""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import TracingError

RNG = np.random.default_rng(3)
X = RNG.normal(size=(83, 6)).astype("float32")
NUMBERS = (X @ RNG.normal(size=(6, 1)) + 1).astype("float32")
STEPS = 3 * 6  # three epochs of six batches


class Counting(keras.layers.Layer):
    calls = 0

    def call(self, x, training=None):
        if training:
            type(self).calls += 1
            assert np.isfinite(x.numpy()).all()  # reads values: no recording goes on
        return x * (1.0 + (type(self).calls % 2))  # Python state that changes from step to step


def counting_loss(y, p):
    counting_loss.calls += 1
    return ops.mean(ops.square(y - p), axis=-1)


def counting_metric(y, p):
    counting_metric.calls += 1
    return ops.mean(ops.absolute(y - p), axis=-1)


def counting_activation(x):
    counting_activation.calls += 1
    return ops.tanh(x)


def counting_initializer(shape, dtype=None):
    return np.ones(shape, dtype)


class CountingSGD(keras.optimizers.SGD):
    calls = 0

    def update_step(self, gradient, variable, learning_rate):
        type(self).calls += 1
        super().update_step(gradient, variable, learning_rate)


def own(layers=(), **compile_arguments):
    keras.utils.set_random_seed(1)
    m = keras.Sequential([keras.Input((6,)), *layers, keras.layers.Dense(1)])
    m.compile(**{"optimizer": "sgd", "loss": "mse", **compile_arguments})
    return m


def fit(m):
    m.fit(X, NUMBERS, batch_size=16, epochs=3, verbose=0)
    return m


def test_a_layer_of_ones_own_runs_at_each_step(backend):
    m = own([Counting()])
    Counting.calls = 0
    assert not fit(m)._replays()
    assert Counting.calls == STEPS


def test_a_layer_of_ones_own_inside_another_runs_at_each_step(backend):
    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = keras.Sequential([Counting()])

        def call(self, x):
            return self.inner(x)

    for layer in (Block(), keras.Sequential([Counting()])):
        m = own([layer])
        Counting.calls = 0
        assert not fit(m)._replays()
        assert Counting.calls == STEPS


@pytest.mark.parametrize(
    "function, arguments",
    [
        (counting_loss, {"loss": counting_loss}),
        (counting_metric, {"metrics": [counting_metric]}),
        (counting_metric, {"weighted_metrics": [counting_metric]}),
    ],
    ids=["loss", "metric", "weighted metric"],
)
def test_a_function_of_ones_own_runs_at_each_step(function, arguments, backend):
    m = own(**arguments)
    function.calls = 0
    assert not fit(m)._replays()
    assert function.calls == STEPS


def test_an_activation_of_ones_own_runs_at_each_step(backend):
    for layer in (keras.layers.Dense(4, activation=counting_activation), keras.layers.Activation(counting_activation)):
        counting_activation.calls = 0
        m = own([layer])
        counting_activation.calls = 0
        assert not fit(m)._replays()
        assert counting_activation.calls >= STEPS  # once more to see the output's shape


@pytest.mark.parametrize("option", ["kernel_regularizer", "bias_regularizer", "kernel_constraint"])
def test_a_regularizer_or_constraint_of_ones_own_runs_at_each_step(option, backend):
    calls = []

    def mine(w):
        calls.append(1)
        return w if "constraint" in option else ops.sum(w) * 0.01

    m = own([keras.layers.Dense(4, **{option: mine})])
    calls.clear()
    assert not fit(m)._replays()
    assert len(calls) == STEPS


def test_an_optimizer_of_ones_own_is_not_replayed(backend):
    m = own(optimizer=CountingSGD())
    CountingSGD.calls = 0
    assert not fit(m)._replays()
    assert CountingSGD.calls == STEPS * 2  # kernel and bias


def test_a_model_of_ones_own_is_not_replayed(backend):
    class Mine(keras.Sequential):
        calls = 0

        def call(self, inputs, training=None, mask=None):
            type(self).calls += bool(training)
            return super().call(inputs, training=training)

    m = Mine([keras.Input((6,)), keras.layers.Dense(1)])
    m.compile(optimizer="sgd", loss="mse")
    Mine.calls = 0
    assert not fit(m)._replays()
    assert Mine.calls == STEPS


def test_an_initializer_of_ones_own_does_not_hinder_replay():
    """It has done its work when training begins."""
    assert fit(own([keras.layers.Dense(3, kernel_initializer=counting_initializer)])) is not None


def test_jit_compile_replays_ones_own_code(backend):
    """Its Python runs once for each size of batch; reading a value in it is refused, as in Keras with JAX."""

    class Quiet(keras.layers.Layer):
        calls = 0

        def call(self, x, training=None):
            type(self).calls += bool(training)
            return ops.tanh(x)

    m = own([Quiet()], jit_compile=True)
    Quiet.calls = 0
    fit(m)
    assert Quiet.calls == 2  # 16 rows, and the last 3
    with pytest.raises(TracingError, match="run_eagerly=True"):
        fit(own([Counting()], jit_compile=True))


def test_run_eagerly_runs_python_at_each_step(backend):
    seen = []

    class Looking(keras.layers.Dense):
        def call(self, inputs):
            seen.append(inputs.numpy().shape)
            return super().call(inputs)

        def compute_output_shape(self, input_shape):  # as real Keras needs it of a layer that reads values
            return (*input_shape[:-1], self.units)

    m = own([Looking(3)], run_eagerly=True)
    seen.clear()
    fit(m)
    assert seen == ([(16, 6)] * 5 + [(3, 6)]) * 3
