"""Gates left open: the last one of them is the layer's own output, and real Keras's."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets.gates import FORMULAS, gates
from tests.keras.oracle import real

KINDS = {
    "LSTM": lambda k, **o: k.layers.LSTM(**o),
    "GRU": lambda k, **o: k.layers.GRU(**o),
    "GRU, reset before": lambda k, **o: k.layers.GRU(reset_after=False, **o),
    "SimpleRNN": lambda k, **o: k.layers.SimpleRNN(**o),
}


def sequence(time, features, seed=0):
    return np.random.default_rng(seed).normal(size=(1, time, features)).astype("float32")


def shaken(layer, x, seed=0):
    """Its output, after random weights: biases too."""
    layer(x)
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.normal(size=w.shape).astype("float32") for w in layer.get_weights()])
    return np.asarray(layer(x))[0]


@pytest.mark.parametrize("kind", KINDS)
@hypothesis.settings(max_examples=10)
@hypothesis.given(time=st.integers(1, 6), features=st.integers(1, 4), units=st.integers(1, 5), seed=st.integers(0, 99))
def test_h_is_the_layers_output(kind, time, features, units, seed):
    x, layer = sequence(time, features, seed), KINDS[kind](keras, units=units, return_sequences=True)
    np.testing.assert_allclose(shaken(layer, x, seed), gates(layer, x[0]).values["h"], atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [{"go_backwards": True}, {"use_bias": False}, {"activation": "relu"}, {}])
def test_with_the_layers_options(kind, options):
    x, layer = sequence(5, 3), KINDS[kind](keras, units=4, return_sequences=True, **options)
    np.testing.assert_allclose(shaken(layer, x), gates(layer, x[0]).values["h"], atol=1e-4)


def test_the_cell_state_is_the_layers():
    x, layer = sequence(7, 3), keras.layers.LSTM(4, return_state=True)
    layer(x)
    _, h, c = layer(x)
    found = gates(layer, x).values
    np.testing.assert_allclose(found["h"][-1], h[0], atol=1e-6)
    np.testing.assert_allclose(found["c"][-1], c[0], atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_real_keras_layers_open_too(kind):
    x, layer = sequence(5, 3), KINDS[kind](real(), units=4, return_sequences=True)
    np.testing.assert_allclose(shaken(layer, x), gates(layer, x[0]).values["h"], atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_step_leaves_the_states(kind):
    x, layer = sequence(6, 3), KINDS[kind](keras, units=4)
    mask = np.array([True, True, False, True, False, False])
    layer(x)
    found = gates(layer, x, mask)
    np.testing.assert_allclose(found.values["h"][-1], layer(x, mask=mask[None])[0], atol=1e-6)
    np.testing.assert_array_equal(found.values["h"][2], found.values["h"][1])
    assert found.kept.tolist() == mask.tolist()


def sigma(z):
    return 1 / (1 + np.exp(-z))


def lstm(z, v, h, c):
    new_c = v["f"] * c + v["i"] * v["g"]
    return {**{name: sigma(z[name]) for name in "ifo"}, "g": np.tanh(z["g"]), "c": new_c, "h": v["o"] * np.tanh(v["c"])}


def gru(z, v, h, c):
    return {"z": sigma(z["z"]), "r": sigma(z["r"]), "g": np.tanh(z["g"]), "h": v["z"] * h + (1 - v["z"]) * v["g"]}


def simple_rnn(z, v, h, c):
    return {"h": np.tanh(z["h"])}


@pytest.mark.parametrize("kind, formulas", [("LSTM", lstm), ("GRU", gru), ("SimpleRNN", simple_rnn)])
def test_the_formulas_hold_with_the_numbers_shown(kind, formulas):
    x, layer = sequence(4, 3), KINDS[kind](keras, units=2)
    shaken(layer, x)
    found = gates(layer, x)
    assert found.names == list(FORMULAS[kind])
    for t in range(4):
        z = {name: found.from_x[name][t] + found.from_h[name][t] + found.bias[name][t] for name in found.from_x}
        v = {name: values[t] for name, values in found.values.items()}
        c = found.before("c", t) if kind == "LSTM" else None
        for name, value in formulas(z, v, found.before("h", t), c).items():
            np.testing.assert_allclose(v[name], value, atol=1e-5, err_msg=name)


def test_what_has_no_gates_says_so():
    layer = keras.layers.LSTM(4)
    with pytest.raises(ValueError, match="no weights yet"):
        gates(layer, np.ones((3, 2)))
    layer(np.ones((1, 3, 2), "float32"))
    with pytest.raises(ValueError, match=r"one sequence of shape \(time, 2\); got \(3, 5\)"):
        gates(layer, np.ones((3, 5)))
    with pytest.raises(ValueError, match=r"mask must have shape \(3,\)"):
        gates(layer, np.ones((3, 2)), [True])
    with pytest.raises(TypeError, match="must be an LSTM, GRU or SimpleRNN; got Dense"):
        gates(keras.layers.Dense(3), np.ones((3, 2)))
