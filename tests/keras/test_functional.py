"""Functional models against real Keras: graphs, several inputs and outputs, shared layers, nesting, parts of models."""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real

RNG = np.random.default_rng(4)
A, B = RNG.normal(size=(70, 6)).astype("float32"), RNG.normal(size=(70, 3)).astype("float32")
Y1, Y2 = RNG.normal(size=(70, 2)).astype("float32"), RNG.integers(0, 3, 70)


def residual(k):
    x = k.Input((6,), name="a")
    y = k.layers.Dense(6, activation="relu", name="first")(x)
    y = y + x
    return k.Model(x, k.layers.Dense(2, name="out")(y), name="residual")


def shared(k):
    a, b = k.Input((6,), name="a"), k.Input((3,), name="b")
    dense = k.layers.Dense(4, activation="tanh", name="twice")
    wide = k.layers.Dense(6, name="wide")(b)
    y = k.ops.multiply(dense(a), dense(wide))
    return k.Model([a, b], k.layers.Dense(2, name="out")(y), name="shared")


def two_outputs(k):
    a, b = k.Input((6,), name="a"), k.Input((3,), name="b")
    x = k.layers.Dense(5, activation="relu", name="left")(a)
    z = k.layers.Dense(5, activation="relu", name="right")(b)
    x = k.ops.concatenate([x, z], axis=-1)
    number = k.layers.Dense(2, name="number")(x)
    kind = k.layers.Dense(3, activation="softmax", name="kind")(x)
    return k.Model([a, b], [number, kind], name="two")


def by_name(k):
    a, b = k.Input((6,), name="a"), k.Input((3,), name="b")
    x = k.layers.Dense(5, activation="relu", name="left")(a) - k.layers.Dense(5, name="right")(b)
    outputs = {"number": k.layers.Dense(2, name="n")(x), "kind": k.layers.Dense(3, activation="softmax", name="k")(x)}
    return k.Model({"a": a, "b": b}, outputs, name="named")


def nested(k):
    inner_in = k.Input((6,), name="inner_in")
    inner = k.Model(inner_in, k.layers.Dense(4, activation="relu", name="inner_dense")(inner_in), name="inner")
    row = k.Sequential([k.Input((4,)), k.layers.Dense(3, name="row_dense")], name="row")
    x = k.Input((6,), name="x")
    y = row(inner(x)) + row(inner(x * 2.0))
    return k.Model(x, k.layers.Dense(2, name="out")(y), name="outer")


def deep(k):
    """Branches of unequal length, joined twice: the order of layers follows from their depth."""
    x = k.Input((6,), name="x")
    long = k.layers.Dense(4, name="l1")(x)
    short = k.layers.Dense(4, name="s1")(x)
    for i in range(2, 5):
        long = k.layers.Dense(4, activation="tanh", name=f"l{i}")(long)
    joined = long + short
    late = k.layers.Dense(4, name="late")(short)
    return k.Model(x, k.layers.Dense(2, name="out")(joined * late), name="deep")


def masked(k):
    """The mask is a tensor of the graph too, with the ops that make it."""
    x = k.Input((6,), name="x")
    y = k.layers.Embedding(5, 3, mask_zero=True, name="words")(x)
    y = k.layers.SimpleRNN(4, return_sequences=True, name="rnn")(k.layers.Dropout(0.0, name="drop")(y))
    return k.Model(x, k.layers.Dense(2, name="out")(k.layers.GlobalAveragePooling1D(name="mean")(y)), name="masked")


MODELS = {f.__name__: f for f in (residual, shared, two_outputs, by_name, nested, deep, masked)}
DATA = {
    "masked": (np.arange(70 * 6).reshape(70, 6) * 7 % 11 % 5, Y1),
    "residual": (A, Y1), "nested": (A, Y1), "deep": (A, Y1), "shared": ([A, B], Y1), "two_outputs": ([A, B], [Y1, Y2]),
    "by_name": ({"a": A, "b": B}, {"number": Y1, "kind": Y2}),
}
every_model = pytest.mark.parametrize("name", MODELS)


def both(name):
    keras.utils.clear_session(), real().utils.clear_session()
    ours, theirs = MODELS[name](keras), MODELS[name](real())
    ours.set_weights(theirs.get_weights())
    return ours, theirs


@pytest.mark.slow
@every_model
def test_layers_and_weights_come_in_the_order_of_keras(name):
    ours, theirs = both(name)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    describe = lambda m: [(v.name, tuple(v.shape)) for v in m.weights]
    assert describe(ours) == describe(theirs)
    assert (ours.input_shape, ours.output_shape) == (theirs.input_shape, theirs.output_shape)
    assert ours.output_names == theirs.output_names
    assert [x.name for x in ours.inputs] == [x.name for x in theirs.inputs]


@every_model
def test_outputs(name, backend):
    ours, theirs = both(name)
    x, _ = DATA[name]
    found, wanted = ours(x), theirs(x)
    assert type(found) in (type(wanted), keras.Tensor)
    for a, b in zip(keras.tree.flatten(found), real().tree.flatten(wanted), strict=True):
        np.testing.assert_allclose(a.numpy(), array(b), rtol=1e-5, atol=1e-6)
    found = ours.predict(x, batch_size=32, verbose=0)
    for a, b in zip(keras.tree.flatten(found), real().tree.flatten(wanted), strict=True):
        np.testing.assert_allclose(a, array(b), rtol=1e-5, atol=1e-6)


@every_model
def test_summary(name):
    printed = []
    for model in both(name):
        lines = []
        model.summary(print_fn=lines.append, expand_nested=True)
        model.summary(print_fn=lines.append, show_trainable=True)  # noqa: B023
        printed.append("\n".join(lines))
    assert printed[0] == printed[1]


LOSSES = {
    "two_outputs": [
        dict(loss=["mse", "sparse_categorical_crossentropy"], metrics=[["mae", "mse"], ["accuracy"]]),
        dict(loss={"number": "mae", "kind": "sparse_categorical_crossentropy"}, loss_weights=[0.3, 2.0],
             metrics={"kind": "acc"}, weighted_metrics=[["mae"], None]),
        dict(loss=["mse", "crossentropy"], loss_weights=[1.0, 3.0]),
    ],
    "by_name": [
        dict(loss={"number": "mse", "kind": "sparse_categorical_crossentropy"}, metrics={"kind": ["accuracy"]}),
        dict(loss={"number": "mse", "kind": "sparse_categorical_crossentropy"},
             loss_weights={"number": 0.5, "kind": 2.0}),
    ],
}
ONE = [dict(loss="mse", metrics=["mae"])]
TRAININGS = [(name, options) for name in MODELS for options in LOSSES.get(name, ONE)]


@pytest.mark.slow
@pytest.mark.parametrize("name, options", TRAININGS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(TRAININGS)])
@pytest.mark.parametrize("weighted", [False, True])
def test_trainings_give_the_numbers_of_keras(name, options, weighted, backend):
    x, y = DATA[name]
    models, histories, results = both(name), [], []
    weight = np.linspace(0, 2, 70, dtype="float32") if weighted else None
    for model, k in zip(models, (keras, real()), strict=True):
        model.compile(k.optimizers.SGD(0.05), run_eagerly=k is not keras, **options)
        given = weight
        if weighted and isinstance(y, (list, dict)):
            other = weight[::-1].copy()
            given = [weight, other] if isinstance(y, list) else {"number": weight, "kind": other}
        fit = dict(batch_size=32, epochs=2, shuffle=False, verbose=0, sample_weight=given)
        histories.append(model.fit(x, y, validation_split=0.2, **fit))
        results.append((model.evaluate(x, y, verbose=0), model.evaluate(x, y, verbose=0, return_dict=True),
                        model.metrics_names, model.train_on_batch(x, y)))
    ours, theirs = histories
    assert list(ours.history) == list(theirs.history)
    for key, values in theirs.history.items():
        np.testing.assert_allclose(ours.history[key], values, rtol=2e-5, err_msg=key)
    (a, a_dict, a_names, a_batch), (b, b_dict, b_names, b_batch) = results
    np.testing.assert_allclose(a, b, rtol=2e-5)
    assert list(a_dict) == list(b_dict) and a_names == b_names
    np.testing.assert_allclose(a_batch, b_batch, rtol=2e-5)
    for v, w in zip(models[0].get_weights(), models[1].get_weights(), strict=True):
        np.testing.assert_allclose(v, w, rtol=2e-5, atol=2e-6)


def test_a_functional_model_is_replayed_as_it_runs_eagerly(backend):
    for name in MODELS:
        model, (x, y) = MODELS[name](keras), DATA[name]
        start, found = model.get_weights(), []
        for eagerly in (False, True):
            model.set_weights(start)
            model.compile("adam", LOSSES.get(name, ONE)[0]["loss"], run_eagerly=eagerly)
            assert model._replays() is not eagerly
            model.fit(x, y, batch_size=32, epochs=2, shuffle=False, verbose=0)
            found.append(model.get_weights())
        for a, b in zip(*found, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_loss_weights_by_name_go_with_a_list_of_losses():
    """Keras hands them out in alphabetical order here, so that each output gets another one's weight."""
    model, found = two_outputs(keras), []
    for weights in ([1.0, 3.0], {"kind": 3.0, "number": 1.0}):
        model.compile("sgd", ["mse", "crossentropy"], loss_weights=weights)
        found.append(model.evaluate([A, B], [Y1, Y2], verbose=0))
    np.testing.assert_allclose(found[0][0], found[0][1] + 3 * found[0][2], rtol=1e-6)
    assert found[0] == found[1]


# parts of models -------------------------------------------------------------------------------


def test_a_part_of_a_model_shares_its_layers():
    model = deep(keras)
    x = RNG.normal(size=(4, 6)).astype("float32")
    middle = keras.Model(model.input, model.get_layer("l3").output)
    rest = keras.Model(model.get_layer("l3").output, model.get_layer("l4").output)
    whole = keras.Model(model.inputs, model.get_layer("l4").output)
    np.testing.assert_allclose(rest(middle(x)).numpy(), whole(x).numpy(), rtol=1e-6)
    assert middle.get_layer("l2") is model.get_layer("l2")
    assert [layer.name for layer in rest.layers][1:] == ["l4"]


def test_features_of_a_sequential():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, name="features"), keras.layers.Dense(2)])
    features = keras.Model(model.inputs, [layer.output for layer in model.layers])
    first, second = features(A[:3])
    assert (first.shape, second.shape) == ((3, 5), (3, 2))
    np.testing.assert_array_equal(second.numpy(), model(A[:3]).numpy())


def test_a_subclass_of_model_may_be_made_from_placeholders():
    class Net(keras.Model):
        def __init__(self):
            x = keras.Input((6,))
            super().__init__(inputs=x, outputs=keras.layers.Dense(2)(x))
            self.scale = 2.0

    model = Net()
    model.compile("sgd", "mse")
    model.fit(A, Y1, verbose=0)
    assert model.output_shape == (None, 2) and model.scale == 2.0


def test_ops_in_a_graph():
    x = keras.Input((4, 3))
    y = keras.ops.mean(x[:, 1:], axis=1) + 1
    y = keras.ops.where(y > 1, y, -y)
    model = keras.Model(x, [y, keras.ops.shape(x)[1] * y])
    data = RNG.normal(size=(5, 4, 3)).astype("float32")
    mean = data[:, 1:].mean(1) + 1
    wanted = np.where(mean > 1, mean, -mean)
    np.testing.assert_allclose(model(data)[0].numpy(), wanted, rtol=1e-5)
    np.testing.assert_allclose(model(data)[1].numpy(), 4 * wanted, rtol=1e-5)


# mistakes --------------------------------------------------------------------------------------


def test_mistakes_are_explained():
    a, b = keras.Input((6,), name="a"), keras.Input((3,), name="b")
    y = keras.layers.Dense(2, name="number")(a)
    z = keras.layers.Dense(3, name="kind")(b)
    model = keras.Model([a, b], [y, z], name="two")
    cases = [
        (lambda: keras.Model(a, z), ["inputs", "name=b"]),
        (lambda: keras.Model(np.zeros(3), y), ["inputs", "keras.Input()", "ndarray"]),
        (lambda: model(A), ["two", "2 inputs", "1 came"]),
        (lambda: model([A, A]), ["two", "'b'", "(None, 3)", "(70, 6)"]),
        (lambda: model({"a": A, "c": B}), ["two", "'b'", "'c'"]),
        (lambda: model.compile("sgd", {"numbr": "mse"}) or model.fit([A, B], [Y1, B], verbose=0), ["number"]),
        (lambda: model.compile("sgd", ["mse"] * 3) or model.fit([A, B], [Y1, B], verbose=0), ["`loss`", "3", "2"]),
        (lambda: model.compile("sgd", "mse") or model.fit([A, B], Y1, verbose=0), ["`y`", "1 part", "2 outputs"]),
        (lambda: model.compile("sgd", "mse") or model.fit([A, B], [Y1, B[:9]], verbose=0), ["y[1]", "9", "70"]),
        (lambda: model.compile("sgd", "mse", metrics=["mae"]) or model.fit([A, B], [Y1, B], verbose=0),
         ["`metrics`", "2 outputs", "number"]),
        (lambda: bool(y), ["placeholder"]),
        (lambda: np.asarray(y), ["placeholder"]),
        (lambda: keras.layers.Dense(2)(y, 3), ["by position", "3"]),
    ]
    before = model.get_weights()
    for call, words in cases:
        with pytest.raises(ValueError) as caught:
            call()
        for word in words:
            assert word in str(caught.value)
    for v, w in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(v, w)


# steps of one's own ----------------------------------------------------------------------------


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)
        self.seen = keras.metrics.Mean(name="seen")

    def call(self, x):
        return self.dense(x)


def test_a_train_step_of_ones_own(backend):
    from kerastutor import Tape

    class Own(Net):
        def train_step(self, data):
            x, y = data[0], data[1]
            with Tape() as tape:
                loss = keras.ops.mean(keras.ops.square(self(x, training=True) - y))
            self.optimizer.apply(tape.gradients(loss, self.trainable_variables), self.trainable_variables)
            self.seen.update_state(loss)
            return {"seen": self.seen.result(), "rate": self.optimizer.learning_rate}

    own, plain = Own(), Net()
    own(A[:1]), plain(A[:1])
    plain.set_weights(own.get_weights())
    histories = []
    for model in (own, plain):
        model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "mse")
        histories.append(model.fit(A, Y1, batch_size=35, epochs=3, shuffle=False, verbose=0).history)
    assert sorted(histories[0]) == ["rate", "seen"]
    np.testing.assert_allclose(histories[0]["seen"], histories[1]["loss"], rtol=1e-6)
    np.testing.assert_allclose(histories[0]["rate"], 0.05)
    for v, w in zip(own.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(v, w, rtol=1e-6)
    assert own.optimizer.iterations.numpy() == plain.optimizer.iterations.numpy() == 6


@pytest.mark.parametrize("k", [keras, None], ids=["ours", "theirs"])
def test_a_loss_and_metrics_of_ones_own(k):
    k = k or real()

    class Own(k.Model):
        def __init__(self):
            super().__init__()
            self.dense = k.layers.Dense(2)
            self.tracked = k.metrics.Mean(name="tracked")

        def call(self, x):
            return self.dense(x)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return k.ops.mean(k.ops.abs(y_pred - y)) + 1.0

        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            self.tracked.update_state(k.ops.mean(y_pred) * 0 + 7.0)
            return super().compute_metrics(x, y, y_pred, sample_weight)

    model = Own()
    model.compile("sgd", metrics=["mae"])
    history = model.fit(A, Y1, epochs=2, verbose=0).history
    assert sorted(history) == ["loss", "mae", "tracked"]
    np.testing.assert_allclose(np.array(history["loss"]) - 1, history["mae"], rtol=1e-5)
    np.testing.assert_allclose(history["tracked"], 7.0)


def test_add_loss_counts(backend):
    class Costly(keras.layers.Layer):
        def call(self, x):
            self.add_loss(keras.ops.mean(x) * 0 + 3.0)
            return x

    model = keras.Sequential([keras.Input((6,)), Costly(), keras.layers.Dense(2, activity_regularizer="l2")])
    model.compile("sgd", "mse", metrics=["mse"])
    logs = model.evaluate(A, Y1, batch_size=70, verbose=0, return_dict=True)
    activity = 0.01 * np.square(model.predict(A, verbose=0)).sum() / 70
    np.testing.assert_allclose(logs["loss"], logs["mse"] + 3 + activity, rtol=1e-5)


def test_losses_are_those_of_the_last_call():
    class Costly(keras.layers.Layer):
        def call(self, x):
            self.add_loss(3.0)
            return x

    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Costly()

        def call(self, x):
            return self.inner(self.inner(x))

    layer = Outer()
    assert layer.losses == []
    for _ in range(2):
        layer(A)
        assert [float(loss) for loss in layer.losses] == [3.0, 3.0]


def test_a_placeholder_has_the_mask_that_the_tensor_will_have():
    x = keras.Input((6,))
    y = keras.layers.Embedding(5, 3, mask_zero=True)(x)
    assert y._keras_mask.shape == (None, 6)
    found = keras.Model(x, [y, y._keras_mask])(DATA["masked"][0])
    np.testing.assert_array_equal(found[1].numpy(), DATA["masked"][0] != 0)
    assert keras.layers.LSTM(2)(y)._keras_mask is None


def test_a_compiled_model_inside_another_keeps_its_metrics_to_itself():
    inner = [k.Sequential([k.Input((6,)), k.layers.Dense(3, "softmax")]) for k in (keras, real())]
    inner[0].set_weights(inner[1].get_weights())
    results = []
    for k, model in zip((keras, real()), inner):
        outer = k.Sequential([k.Input((6,)), k.layers.Rescaling(2.0), model])
        for m in (model, outer):
            m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        alone = model.evaluate(A, Y2, verbose=0)
        results.append((outer.evaluate(A, Y2, verbose=0), outer.metrics_names, alone))
        assert model.evaluate(A, Y2, verbose=0) == alone
    (ours, names, ours_alone), (theirs, wanted, theirs_alone) = results
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    np.testing.assert_allclose(ours_alone, theirs_alone, rtol=1e-5)
    assert names == wanted
