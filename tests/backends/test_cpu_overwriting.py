"""Results take the place of what nobody needs any more; no number changes by that."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras

cpu = pytest.importorskip("kerastutor.backends.cpu")
overwriting = pytest.importorskip("kerastutor.backends.cpu.overwriting")
layers = keras.layers


@pytest.fixture(autouse=True)
def anything_is_worth_it(monkeypatch):
    monkeypatch.setattr(overwriting, "WORTH_IT", 1)


def owners(calls):
    """How many pieces of memory the calls go through."""
    return len({id(overwriting.owner(a)) for _, arguments in calls for a in overwriting.arrays(arguments)})


def run(calls):
    for kernel, arguments in calls:
        kernel(*arguments)


def new():
    """Arrays that hold nothing, and those that are there before the step: x, a bias, a constant."""
    rng = np.random.default_rng(0)
    arrays = {name: np.full((4, 6), np.nan, "float32") for name in "abcdefgh"}
    return arrays | {"x": rng.normal(size=(4, 6)).astype("float32"), "bias": rng.random(6, "float32"),
                     "w": rng.normal(size=(6, 6)).astype("float32"), "k": rng.random((4, 6), "float32")}


def recorded(calls, arrays):
    def find(name):
        a = arrays[name.rstrip("/")]
        return a.reshape(-1) if name.endswith("/") else a

    return [(getattr(cpu, kernel), tuple(find(name) for name in names)) for kernel, *names in calls]


def test_a_layer_needs_one_array():
    calls = [("matmul", "x", "w", "a"), ("add_bias", "a", "bias", "b"), ("relu", "b/", "c/"), ("tanh", "c/", "d/")]
    arrays, expected = new(), new()
    changed = overwriting.overwriting(recorded(calls, arrays), [])
    run(recorded(calls, expected))
    run(changed)
    assert owners(recorded(calls, arrays)) == 7 and owners(changed) == 4
    np.testing.assert_array_equal(changed[-1][1][1], expected["d"].reshape(-1))


def test_what_is_read_afterwards_keeps_its_place():
    calls = [("matmul", "x", "w", "a"), ("add_bias", "a", "bias", "b"), ("relu", "b/", "c/")]
    arrays, expected = new(), new()
    run(recorded(calls, expected))
    run(overwriting.overwriting(recorded(calls, arrays), [arrays["b"].reshape(2, -1), arrays["c"]]))
    for name in "bcxk":
        np.testing.assert_array_equal(arrays[name], expected[name])


def test_python_that_says_less_than_it_does_changes_everything():
    arrays = new()
    calls = recorded([("matmul", "x", "w", "a"), ("add_bias", "a", "bias", "b"), ("relu", "b/", "c/")], arrays)
    hidden = [*calls, (lambda: arrays["a"].sum(), ())]
    assert overwriting.overwriting(hidden, []) is hidden


NEW = st.sampled_from("abcdefgh")
ANY = st.sampled_from([*"abcdefgh", "x", "k"])
FLAT_NEW, FLAT = NEW.map("{}/".format), ANY.map("{}/".format)
CALLS = st.one_of(
    st.tuples(st.sampled_from(["relu", "tanh", "negative"]), FLAT, FLAT_NEW),
    st.tuples(st.sampled_from(["add", "multiply", "subtract"]), ANY, ANY, NEW),
    st.tuples(st.just("relu_grad"), FLAT, FLAT, FLAT_NEW),
    st.tuples(st.just("add_bias"), ANY, st.just("bias"), NEW),
    st.tuples(st.just("matmul"), ANY, st.just("w"), NEW).filter(lambda c: c[1] != c[3]),
)


@given(calls=st.lists(CALLS, max_size=14), read=st.sets(st.sampled_from("abcdefgh"), max_size=3))
def test_any_step_done_twice(calls, read):
    """Whatever is read after it, or was there before it, is right after the first step and after the second."""
    arrays, expected = new(), new()
    written = {"x", "k"}
    step = []
    for call in calls:  # only calls whose arguments somebody has written: a step reads nothing else
        if all(name.rstrip("/") in written | {"bias", "w"} for name in call[1:-1]):
            step.append(call)
            written.add(call[-1].rstrip("/"))
    results = [arrays[name] for name in read]
    changed = overwriting.overwriting(recorded(step, arrays), results)
    for _ in range(2):
        with np.errstate(all="ignore"):
            run(recorded(step, expected))
            run(changed)
        for name in (read & written) | {"x", "k", "w", "bias"}:
            np.testing.assert_allclose(arrays[name], expected[name], rtol=1e-5, err_msg=name)


def convolutional():
    return [layers.Conv2D(3, 3, activation="relu"), layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(),
            layers.Dropout(0.2), layers.Flatten(), layers.Dense(8, activation="tanh"), layers.Dropout(0.5)]


def normalized():
    return [layers.Conv2D(3, 3), layers.BatchNormalization(), layers.Activation("relu"), layers.AveragePooling2D(2),
            layers.Flatten()]


def residual():
    image = keras.Input((12, 12, 1))
    a = layers.Conv2D(3, 3, padding="same", activation="relu")(image)
    b = layers.Conv2D(3, 3, padding="same")(a)
    both = layers.Activation("tanh")(layers.add([a, b]))
    return [keras.Model(image, layers.Multiply()([both, a])), layers.Flatten()]


def recurrent():
    return [layers.Reshape((12, 12)), layers.LSTM(5, return_sequences=True), layers.Activation("relu"), layers.GRU(4)]


@pytest.mark.slow
@pytest.mark.parametrize("sparse", [False, True], ids=["one-hot", "labels"])
@pytest.mark.parametrize("stack", [convolutional, normalized, residual, recurrent])
def test_nets_learn_the_same(stack, sparse, monkeypatch):
    rng = np.random.default_rng(0)
    x, y = rng.random((48, 12, 12, 1), "float32"), rng.integers(0, 3, 48)
    y, loss = (y, "sparse_categorical_crossentropy") if sparse else (np.eye(3)[y], "categorical_crossentropy")

    def trained():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((12, 12, 1)), *stack(), layers.Dense(3, activation="softmax")])
        model.compile("adam", loss)
        model.fit(x, y, batch_size=16, epochs=2, verbose=0)
        return [*model.get_weights(), model.predict(x, verbose=0)]

    before, saved = overwriting.overwriting, []

    def counted(calls, results):
        changed = before(calls, results)
        saved.append(owners(calls) - owners(changed))
        return changed

    monkeypatch.setattr(cpu, "_overwriting", counted)
    with_it = trained()
    monkeypatch.setattr(cpu, "_overwriting", lambda calls, results: calls)
    for a, b in zip(with_it, trained(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)  # BLAS rounds by where arrays lie
    assert max(saved) > 1
