"""The sum behind a number is that number; the gradients that flow into it are its gradient."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.inspect import explain, steps, trace

L = keras.layers
RNG = np.random.default_rng(0)

IMAGES = {
    "conv valid": L.Conv2D(3, (3, 2), activation="relu"),
    "conv same, strides": L.Conv2D(4, 3, strides=2, padding="same", activation="tanh"),
    "conv dilated": L.Conv2D(2, 2, dilation_rate=2, use_bias=False),
    "conv groups": L.Conv2D(4, 2, groups=2),
    "depthwise": L.DepthwiseConv2D(2, depth_multiplier=3, padding="same", activation="sigmoid"),
    "separable": L.SeparableConv2D(3, 2, activation="relu"),
    "transposed": L.Conv2DTranspose(3, 3, strides=2, activation="relu"),
    "average": L.AveragePooling2D(3, strides=2, padding="same"),
    "max": L.MaxPooling2D(3, strides=2, padding="same"),
    "mean of all": L.GlobalAveragePooling2D(),
    "max of all": L.GlobalMaxPooling2D(),
    "dense": L.Dense(3, "gelu"),
    "flatten": L.Flatten(),
    "padding": L.ZeroPadding2D(1),
    "upsampling": L.UpSampling2D(2),
    "permute": L.Permute((3, 1, 2)),
    "batch norm": L.BatchNormalization(),
    "layer norm": L.LayerNormalization(),
    "activation": L.Activation("elu"),
    "softmax": L.Softmax(),
}
SEQUENCES = {
    "conv1d causal": L.Conv1D(3, 3, padding="causal", activation="relu"),
    "conv1d dilated": L.Conv1D(3, 2, padding="same", dilation_rate=2),
    "pool1d": L.MaxPooling1D(2),
    "lstm": L.LSTM(3, return_sequences=True),
    "gru": L.GRU(3, return_sequences=True),
    "gru before": L.GRU(3, return_sequences=True, reset_after=False),
    "rnn": L.SimpleRNN(3, return_sequences=True),
    "lstm backwards": L.LSTM(3, go_backwards=True, return_sequences=True),
    "attention": L.MultiHeadAttention(2, 3),
}


def seen_through(layer, shape, rows=3, seed=1):
    """A trace of the layer with weights of its own kind and a dense layer behind it."""
    keras.utils.set_random_seed(seed)
    layer = type(layer).from_config({**layer.get_config(), "name": "it"})
    given = keras.Input(shape)
    y = layer(given, given) if isinstance(layer, L.MultiHeadAttention) else layer(given)
    model = keras.Model(given, L.Dense(2, name="after")(L.Flatten()(y)))
    model.set_weights([RNG.normal(size=w.shape) if "variance" not in v.name else 1 + RNG.random(w.shape)
                       for v, w in zip(model.weights, model.get_weights(), strict=True)])
    model.compile(loss="mse")
    return trace(model, RNG.normal(size=(rows, *shape)), RNG.normal(size=(rows, 2)))


def some_places(array, count=4):
    flat = np.random.default_rng(2).permutation(array[0].size)[:count]
    return [tuple(int(i) for i in np.unravel_index(f, array.shape[1:])) for f in flat]


CASES = [pytest.param(layer, (5, 6, 4), id=name) for name, layer in IMAGES.items()]
CASES += [pytest.param(layer, (6, 4), id=name) for name, layer in SEQUENCES.items()]


@pytest.mark.parametrize(("layer", "shape"), CASES)
def test_the_terms_add_up_and_so_do_the_gradients(layer, shape):
    seen = seen_through(layer, shape)
    one = seen["it"]
    for index in some_places(one.output):
        found = explain(seen, "it", index, sample=1)
        assert found.a == one.output[(1, *index)]
        if found.kind in ("sum", "mean", "max", "copy", "gates"):
            wanted = found.a if found.z is None else found.z
            assert found.total == pytest.approx(wanted, rel=1e-4, abs=1e-5)
        if one.z is not None:
            assert found.z == one.z[(1, *index)]
            assert found.dz == pytest.approx(found.da * found.slope, rel=1e-3, abs=1e-6)
        if "later" not in found.flows[-1].layer and "step" not in found.extra:
            assert found.da == pytest.approx(one.output_gradient[(1, *index)], rel=1e-4, abs=1e-6)
        assert sum(f.product for f in found.flows) == pytest.approx(found.da, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", ["conv valid", "average", "dense", "transposed", "layer norm", "max"])
def test_what_a_term_hands_back_is_dl_dx(name):
    """dL/dx of one input is the sum of what all outputs that see it hand back."""
    seen = seen_through(IMAGES[name], (4, 4, 4))
    one, total = seen["it"], np.zeros((4, 4, 4))
    for index in np.ndindex(one.output.shape[1:]):
        found = explain(seen, "it", index, sample=2)
        for term in found.terms:
            total[term.place] += term.dx
    np.testing.assert_allclose(total, one.input_gradients[0][2], rtol=1e-3, atol=1e-5)


def test_a_dense_unit_by_hand():
    model = keras.Sequential([keras.Input((2,)), L.Dense(2, "relu", name="h"), L.Dense(1, name="o")])
    w, b, v, c = np.array([[1.0, -1.0], [2.0, 3.0]]), np.array([0.5, -9.0]), np.array([[2.0], [5.0]]), np.array([1.0])
    model.set_weights([w, b, v, c])
    model.compile(loss="mse")
    seen = trace(model, np.array([[3.0, 1.0]]), np.array([[10.0]]))
    found = explain(seen, "h", 0)
    assert [(t.place, t.x, t.w, t.product) for t in found.terms] == [((0,), 3, 1, 3), ((1,), 1, 2, 2)]
    assert (found.bias, found.z, found.a, found.slope) == (0.5, 5.5, 5.5, 1.0)
    da = 2 * (5.5 * 2 + 1 - 10) * 2  # the second unit is dead: z = -9
    assert (found.da, found.dz, found.bias_gradient) == (da, da, da)
    assert [(t.dw, t.dx) for t in found.terms] == [(3 * da, 1 * da), (1 * da, 2 * da)]
    assert [(f.layer, f.place, f.gradient, f.w) for f in found.flows] == [("o", (0,), 4.0, 2.0)]
    dead = explain(seen, "h", 1)
    assert (dead.z, dead.a, dead.slope, dead.dz) == (-9.0, 0.0, 0.0, 0.0)
    assert explain(seen, "o", 0).flows[0].layer == "the loss"


def test_a_convolution_s_window_and_filter():
    layer = L.Conv2D(1, 2, name="c", padding="same")
    model = keras.Sequential([keras.Input((2, 2, 1)), layer])
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    model.set_weights([kernel, np.array([0.25])])
    seen = trace(model, np.array([[5.0, 6.0], [7.0, 8.0]]).reshape(1, 2, 2, 1))
    corner = explain(seen, "c", (1, 1, 0))
    np.testing.assert_array_equal(corner.extra["window"][..., 0], [[8, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(corner.extra["filter"][..., 0], [[1, 2], [3, 4]])
    assert (corner.z, len(corner.terms), corner.extra["outside"]) == (8.25, 1, 3)
    assert explain(seen, "c", (0, 0, 0)).z == 5 + 12 + 21 + 32 + 0.25


def test_which_one_won():
    model = keras.Sequential([keras.Input((2, 2, 1)), L.MaxPooling2D(name="p")])
    found = explain(trace(model, np.array([[1.0, 2.0], [9.0, 3.0]]).reshape(1, 2, 2, 1)), "p", (0, 0, 0))
    assert found.extra["winner"] == (1, 0) and found.a == 9 and found.terms[0].place == (1, 0, 0)


def test_an_embedding_s_row():
    model = keras.Sequential([keras.Input((3,), dtype="int32"), L.Embedding(5, 2, name="e")])
    table = np.arange(10.0).reshape(5, 2)
    model.set_weights([table])
    found = explain(trace(model, np.array([[4, 0, 2]])), "e", (2, 1))
    assert (found.a, found.extra["number"], found.terms[0].weight) == (5, 2, ("embeddings", (2, 1)))
    np.testing.assert_array_equal(found.extra["row"], [4, 5])


def numpy_lstm(x, kernel, recurrent, bias, units):
    h = c = np.zeros(units)
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    for step in x:
        i, f, g, o = np.split(step @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        yield {"i": sigmoid(i), "f": sigmoid(f), "g": np.tanh(g), "o": sigmoid(o), "c": c, "h": h}


@pytest.mark.slow
@pytest.mark.parametrize("whole", [True, False])
def test_an_lstm_s_gates_at_a_time(whole):
    seen = seen_through(L.LSTM(3, return_sequences=whole), (5, 2))
    one = seen["it"]
    wanted = list(numpy_lstm(one.inputs[0][1].astype("float64"), *one.weights.values(), 3))
    for t in range(5):
        found = explain(seen, "it", (t, 2) if whole else 2, sample=1, step=t)
        for gate in found.extra["gates"]:
            assert gate["value"] == pytest.approx(wanted[t][gate["name"]][2], rel=1e-4)
            assert sum(term.product for term in gate["terms"]) + gate["bias"] == pytest.approx(gate["sum"], rel=1e-4)
        assert found.a == pytest.approx(wanted[t]["h"][2], rel=1e-4)
        assert found.extra["c"] == pytest.approx(wanted[t]["c"][2], rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
@pytest.mark.parametrize("options", [{}, {"return_sequences": True}, {"go_backwards": True}])
def test_the_gates_gradients_make_the_kernel_s(kind, options):
    """dL/dkernel is the sum over samples and steps of x times the gradient of each gate's sum."""
    one = seen_through(getattr(L, kind)(3, **options), (5, 2))["it"]
    total = np.zeros(one.weights["kernel"].shape)
    for row in range(3):
        found = steps(one, row)
        order = {"LSTM": "ifgo", "GRU": "zrg", "SimpleRNN": "h"}[kind]
        total += found.x.T @ np.concatenate([found.gradients[name] for name in order], axis=1)
    np.testing.assert_allclose(total, one.gradients["kernel"], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("activation", ["tanh", "relu"])  # one kernel for the sequence; a loop
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("use", ["y", "h", "c", "yhc"])
def test_the_gradients_of_returned_states_count_once(activation, whole, use):
    keras.utils.set_random_seed(0)
    given = keras.Input((4, 2))
    y, h, c = L.LSTM(3, activation=activation, return_sequences=whole, return_state=True, name="it")(given)
    parts = [{"y": L.Flatten()(y), "h": h, "c": c}[name] for name in use]
    joined = parts[0] if len(parts) == 1 else L.Concatenate()(parts)
    model = keras.Model(given, L.Dense(2)(joined))
    model.compile(loss="mse")
    one = trace(model, RNG.normal(size=(2, 4, 2)), RNG.normal(size=(2, 2)))["it"]
    total = np.zeros(one.weights["kernel"].shape)
    for row in range(2):
        found = steps(one, row)
        total += found.x.T @ np.concatenate([found.gradients[name] for name in "ifgo"], axis=1)
    np.testing.assert_allclose(total, one.gradients["kernel"], rtol=1e-3, atol=1e-6)


CONSUMERS = {
    "dense": (L.Dense(3, "tanh", name="next"), (4, 5)),
    "conv": (L.Conv2D(3, (3, 2), padding="same", strides=2, activation="relu", name="next"), (5, 6, 2)),
    "conv valid": (L.Conv2D(2, 2, dilation_rate=2, name="next"), (5, 5, 2)),
    "conv1d causal": (L.Conv1D(2, 3, padding="causal", activation="tanh", name="next"), (6, 2)),
    "pool": (L.MaxPooling2D(2, name="next"), (4, 4, 2)),
}


@pytest.mark.parametrize("name", CONSUMERS)
def test_each_way_back_is_one_number_of_the_next_layer(name):
    layer, shape = CONSUMERS[name]
    keras.utils.set_random_seed(2)
    layer = type(layer).from_config(layer.get_config())
    given = keras.Input(shape)
    model = keras.Model(given, L.Dense(2)(L.Flatten()(layer(L.Activation("tanh", name="it")(given)))))
    model.compile(loss="mse")
    seen = trace(model, RNG.normal(size=(2, *shape)), RNG.normal(size=(2, 2)))
    for index in some_places(seen["it"].output, 8):
        found = explain(seen, "it", index, sample=1)
        assert {f.layer for f in found.flows} <= {"next"}  # nothing is left over
        assert sum(f.product for f in found.flows) == pytest.approx(found.da, rel=1e-4, abs=1e-7)
        if seen["next"].dz is not None:
            assert all(f.gradient == seen["next"].dz[(1, *f.place)] for f in found.flows)


def test_a_masked_step_keeps_the_state():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([L.Embedding(5, 2, mask_zero=True), L.LSTM(3, name="l")])
    one = trace(model, np.array([[1, 2, 0, 0]]))["l"]
    found = steps(one)
    np.testing.assert_array_equal(found.values["h"][1], found.values["h"][3])
    np.testing.assert_allclose(found.values["h"][3], one.output[0], rtol=1e-5)


def test_a_residual_connection_adds_the_ways_back():
    given = keras.Input((3,))
    h = L.Dense(3, name="h")(given)
    model = keras.Model(given, L.Add(name="sum")([L.Dense(3, name="again")(h), h]))
    model.compile(loss="mse")
    found = explain(trace(model, np.ones((2, 3)), np.zeros((2, 3))), "h", 1)
    assert {f.layer for f in found.flows} == {"again", "sum"}
    assert sum(f.product for f in found.flows) == pytest.approx(found.da, rel=1e-4)


def test_a_place_that_is_not_there():
    seen = seen_through(L.Flatten(), (2, 2))
    for index in (4, (0, 0), -5):
        with pytest.raises(IndexError, match=r"shape \(4,\)"):
            explain(seen, "it", index)
    with pytest.raises(IndexError, match="sample 3 is not in the trace"):
        explain(seen, "it", 0, sample=3)
    assert explain(seen, "it").a == seen["it"].output[0].max()


def test_a_layer_of_one_s_own_is_explained_by_its_slopes():
    class Twice(keras.layers.Layer):
        def call(self, x):
            return keras.ops.flip(x, 1) * 2.0

    found = explain(trace(keras.Sequential([keras.Input((3,)), Twice(name="t")]), np.array([[1.0, 2.0, 4.0]])), "t", 0)
    assert (found.kind, found.total, found.terms[0].place, found.terms[0].w) == ("sum", 8, (2,), 2)
