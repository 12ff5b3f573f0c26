"""Rows of a table are multiplied before they are taken, where that changes nothing but rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras

cpu = pytest.importorskip("kerastutor.backends.cpu")
algebra = pytest.importorskip("kerastutor.backends.cpu.algebra")

WORDS, TOKENS, WIDTH, UNITS = 7, 40, 5, 3


def arrays():
    rng = np.random.default_rng(0)
    shapes = {"table": (WORDS, WIDTH), "taken": (TOKENS, WIDTH), "w": (WIDTH, UNITS), "z": (TOKENS, UNITS),
              "dw": (WIDTH, UNITS), "dx": (TOKENS, WIDTH), "dtable": (WORDS, WIDTH), "other": (TOKENS, UNITS),
              "w_2": (WIDTH, UNITS), "z_2": (TOKENS, UNITS), "dw_2": (WIDTH, UNITS), "dx_2": (TOKENS, WIDTH),
              "sum": (TOKENS, WIDTH)}
    return {name: rng.normal(size=shape).astype("float32") for name, shape in shapes.items()} | {
        "index": rng.integers(0, WORDS, TOKENS).astype("int32"), "rate": np.full(1, 0.1, "float32"),
    }


TAKE = ("take_rows", "table", "index", "taken")
FORWARD = ("matmul", "taken", "w", "z")
LAYER = [("tanh", "z/", "z/"), ("multiply", "z", "other", "z")]  # z becomes dz in place, as in a recurrent layer
BY_W, BY_X = ("matmul", "taken.T", "z", "dw"), ("matmul", "z", "w.T", "dx")
STEP = [TAKE, FORWARD, *LAYER, BY_W, BY_X, ("add_at_rows", "index", "dx", "dtable")]
TWO = [  # layers on one embedding; the last one's gradient comes first
    TAKE, FORWARD, *LAYER, ("matmul", "taken", "w_2", "z_2"), ("multiply", "z_2", "other", "z_2"),
    ("matmul", "taken.T", "z_2", "dw_2"), ("matmul", "z_2", "w_2.T", "dx_2"), BY_W, BY_X,
    ("add", "dx_2|", "dx|", "sum|"), ("add_at_rows", "index", "sum", "dtable"),
]
DISTURBING = [
    ("sgd", "table/", "dtable/", "rate"), ("sgd", "w/", "dw/", "rate"), ("tanh", "z/", "z/"),
    ("square", "z/", "other/"), ("relu", "taken/", "taken/"), ("relu", "dx/", "dx/"), ("scale", "taken/", 2.0, "dx/"),
    ("add", "dx", "taken", "dx"), ("take_rows", "table", "index", "dx"), ("matmul", "taken", "w", "other"),
    ("add_at_rows", "index", "taken", "table"), ("relu", "dx_2/", "dx_2/"), ("scale", "sum/", 2.0, "dx/"),
    ("add", "sum", "dx", "taken"), ("add", "z", "z_2", "z_2"), ("sgd", "w_2/", "dw/", "rate"),
]


def recorded(calls, of):
    def find(name):
        if not isinstance(name, str):
            return name
        a = of[name.rstrip("/|").removesuffix(".T")]
        if name.endswith("|"):  # by samples
            return a.reshape(4, -1, a.shape[1])
        return a.T if name.endswith(".T") else a.reshape(-1) if name.endswith("/") else a

    return [(getattr(cpu, kernel), tuple(find(name) for name in names)) for kernel, *names in calls]


def run(calls):
    for kernel, arguments in calls:
        kernel(*arguments)


def large_products(calls):
    """How many products go over all tokens."""
    return sum(kernel is cpu.matmul and TOKENS in (*a[0].shape, *a[2].shape) for kernel, a in calls)


@pytest.mark.slow
@pytest.mark.parametrize("step, products", [(STEP, 3), (TWO, 6)], ids=["one layer", "two layers"])
def test_a_step_multiplies_words_in_place_of_tokens(step, products):
    expected, got = arrays(), arrays()
    run(recorded(step, expected))
    simplified = algebra.simplified(recorded(step, got))
    assert large_products(recorded(step, got)) == products and large_products(simplified) == 0
    run(simplified)
    for name in ("z", "z_2", "dw", "dw_2", "dtable", "table", "w"):
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-4, atol=1e-5, err_msg=name)


def test_a_small_batch_is_left_alone():
    calls = recorded(STEP, arrays() | {"index": np.zeros(4, "int32")})
    assert algebra.simplified(calls) == calls


@pytest.mark.parametrize("step, gradient", [(STEP, "dx"), (TWO, "dx"), (TWO, "sum")])
def test_what_is_read_afterwards_is_there(step, gradient):
    """A model may give what was taken as an output of its own; so may a gradient be asked for."""
    expected, got = arrays(), arrays()
    run(recorded(step, expected))
    run(algebra.simplified(recorded(step, got), [got["taken"].reshape(2, -1, WIDTH), got[gradient]]))
    if step is TWO:
        expected.update({name: got[name] for name in {"dx", "dx_2", "sum"} - {gradient}})
    for name in expected:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.slow
def test_a_model_gives_its_embedding_too():
    words = keras.Input((20,))
    taken = keras.layers.Embedding(9, 6)(words)
    model = keras.Model(words, [taken, keras.layers.LSTM(4)(taken)])
    x = np.random.default_rng(0).integers(0, 9, (32, 20))
    for found, wanted in zip(model.predict(x, verbose=0), model(x), strict=True):
        np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("step", [STEP, TWO], ids=["one layer", "two layers"])
@given(extra=st.lists(st.tuples(st.integers(1, len(TWO)), st.sampled_from(DISTURBING)), max_size=4),
       without=st.sets(st.integers(1, len(TWO) - 1), max_size=2))
def test_whatever_else_happens_in_between(step, extra, without):
    """Calls that change a table, a kernel, or use what was taken: what is read afterwards is right all the same."""
    step = [call for i, call in enumerate(step) if i not in without]
    for at, call in extra:
        step.insert(min(at, len(step)), call)
    expected, got = arrays(), arrays()
    with np.errstate(all="ignore"):
        run(recorded(step, expected))
        run(algebra.simplified(recorded(step, got)))
    for name in expected:
        if name not in ("taken", "dx", "dx_2", "sum"):  # nobody may need these any more
            np.testing.assert_allclose(got[name], expected[name], rtol=2e-3, atol=1e-4, err_msg=name)


LAYERS = {
    "lstm": lambda: keras.layers.LSTM(5), "gru": lambda: keras.layers.GRU(5), "rnn": lambda: keras.layers.SimpleRNN(5),
    "both ways": lambda: keras.layers.Bidirectional(keras.layers.LSTM(5)),
    "dropped": lambda: keras.layers.LSTM(5, dropout=0.3),
    "dense": lambda: keras.Sequential([keras.layers.Dense(4), keras.layers.GlobalAveragePooling1D()]),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"mask_zero": True}, {"embeddings_regularizer": "l2"}, {"trainable": False}],
                         ids=["plain", "masked", "penalised", "frozen"])
@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_nets_learn_the_same(layer, options, monkeypatch):
    if "mask_zero" in options and layer is LAYERS["dense"]:
        pytest.skip("a Sequential takes no mask")
    x = np.random.default_rng(0).integers(0, 9, (48, 20))

    def weights():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((20,)), keras.layers.Embedding(9, 6, **options), layer(),
                                  keras.layers.Dense(1, activation="sigmoid")])
        model.compile("sgd", "binary_crossentropy")
        model.fit(x, (x.sum(1) % 2).astype("float32"), batch_size=16, epochs=3, verbose=0)
        return model.get_weights()

    simplified = weights()
    monkeypatch.setattr(cpu, "_simplified", lambda calls, results: calls)
    for a, b in zip(simplified, weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


# relu and pooling ------------------------------------------------------------------------------


def pooled(size=(2, 2), strides=(2, 2), before=(0, 0), out=(3, 4)):
    """A relu's output through a pooling and back, in calls; the arrays by name."""
    rng = np.random.default_rng(1)
    y, dy = np.maximum(rng.normal(size=(2, 7, 8, 3)), 0).astype("float32"), rng.normal(size=(2, *out, 3))
    y[0, 0, 0, 0] = np.nan
    of = {"y": y, "dy": dy.astype("float32"), "p": np.empty((2, *out, 3), "float32"),
          "place": np.empty((2, *out, 3), "uint8"), "dx": np.empty_like(y), "dz": np.empty_like(y)}
    window = size, strides, before
    calls = [
        (cpu.max_pool, (of["y"], *window, of["p"], of["place"])),
        (cpu.max_pool_grad, (of["dy"], of["place"], *window, of["dx"])),
        (cpu.relu_grad, (of["dx"].reshape(-1), of["y"].reshape(-1), of["dz"].reshape(-1))),
    ]
    return calls, of


@pytest.mark.parametrize("window", [{}, {"size": (3, 3), "out": (3, 3)}, {"before": (1, 1), "out": (4, 4)}],
                         ids=["apart", "overlapping", "bordered"])
def test_relu_looks_at_what_came_out_of_the_pooling(window):
    calls, expected = pooled(**window)
    run(calls)
    calls, got = pooled(**window)
    simplified = algebra.simplified(calls)
    assert [kernel for kernel, _ in simplified] == [cpu.max_pool, cpu.relu_grad, cpu.max_pool_grad]
    run(simplified)
    np.testing.assert_array_equal(got["dz"], expected["dz"])


def test_relu_stays_where_something_else_looks_at_the_slope():
    calls, of = pooled()
    assert algebra.simplified([*calls, (cpu.tanh, (of["dx"].reshape(-1), of["dx"].reshape(-1)))])[1:3] == calls[1:]
    changed = (cpu.tanh, (of["p"].reshape(-1), of["p"].reshape(-1)))
    assert algebra.simplified([calls[0], changed, *calls[1:]])[2:] == calls[1:]
    assert [kernel for kernel, _ in algebra.simplified(calls, [of["dx"]])] == [kernel for kernel, _ in calls]
