"""Attention beyond the table of cases: layers with heads, which take several tensors, and masks."""

import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import array, real
from tests.keras.test_layers import as_json, without_dtypes
from tests.keras.test_ops import differences


def close(a, b, rtol=1e-5, atol=2e-6):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=rtol, atol=atol)


class Case:
    """A layer with heads: its arguments, the shapes of query, value and perhaps key, arguments of the call."""

    def __init__(self, name, *shapes, call=None, **arguments):
        self.name, self.shapes, self.call, self.arguments = name, shapes, call or {}, arguments

    def make(self, k):
        return getattr(k.layers, self.name)(**self.arguments)

    def inputs(self, dtype="float32"):
        rng = np.random.default_rng(3)
        return [rng.normal(size=s).astype(dtype) for s in self.shapes]

    @property
    def id(self):
        options = [f"{k}={v}" for k, v in (self.arguments | self.call).items() if not isinstance(v, np.ndarray)]
        return f"{self.name} {' '.join(map(str, self.shapes))} {' '.join(options)}"


SELF, CROSS, KEY = [(2, 4, 6)] * 2, [(2, 3, 6), (2, 5, 4)], [(2, 3, 6), (2, 5, 4), (2, 5, 3)]
MHA, SCORES = {"num_heads": 2, "key_dim": 3}, {"return_attention_scores": True}
VISIBLE = np.random.default_rng(1).random((2, 3, 5)) < 0.6
CASES = [
    Case("MultiHeadAttention", *SELF, **MHA),
    Case("MultiHeadAttention", *CROSS, **MHA),
    Case("MultiHeadAttention", *KEY, **MHA, use_bias=False),
    Case("MultiHeadAttention", *SELF, **MHA, output_shape=7),
    Case("MultiHeadAttention", *SELF, **MHA, output_shape=(3, 2), use_gate=True),
    Case("MultiHeadAttention", (2, 3, 4, 5), (2, 3, 4, 5), **MHA, attention_axes=2),
    Case("MultiHeadAttention", (2, 3, 4, 5), (2, 3, 4, 5), **MHA, attention_axes=(1, 2)),
    Case("MultiHeadAttention", (2, 3, 4, 5), (2, 2, 3, 5), **MHA),
    Case("MultiHeadAttention", *SELF, **MHA, sliding_window=2),
    Case("MultiHeadAttention", *SELF, **MHA, call={"use_causal_mask": True}),
    Case("MultiHeadAttention", *SELF, **MHA, sliding_window=2, call={"use_causal_mask": True}),
    Case("MultiHeadAttention", *CROSS, **MHA, call={"use_causal_mask": True}),
    Case("MultiHeadAttention", *CROSS, **MHA, call={"attention_mask": VISIBLE}),
    Case("MultiHeadAttention", *CROSS, **MHA, call={"attention_mask": VISIBLE, "use_causal_mask": True}),
    Case("MultiHeadAttention", *KEY, **MHA, kernel_initializer="he_normal", bias_initializer="ones", seed=3,
         kernel_regularizer="l2", bias_regularizer="l1", kernel_constraint="non_neg", bias_constraint="max_norm"),
    Case("GroupQueryAttention", *SELF, head_dim=3, num_query_heads=4, num_key_value_heads=2),
    Case("GroupQueryAttention", (2, 3, 6), (2, 5, 6), head_dim=3, num_query_heads=2, num_key_value_heads=2,
         use_gate=True),
    Case("GroupQueryAttention", (2, 3, 6), (2, 5, 6), (2, 5, 4), head_dim=3, num_query_heads=3, num_key_value_heads=1,
         use_bias=False, sliding_window=2, call={"attention_mask": VISIBLE}),
    Case("GroupQueryAttention", *SELF, head_dim=3, num_query_heads=4, num_key_value_heads=2,
         call={"use_causal_mask": True}),
]
FEW = CASES[1], CASES[-3]  # the others are slow: JAX compiles much for each
every_case = pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.id, marks=[] if case in FEW else pytest.mark.slow) for case in CASES]
)


def both(case):
    ours, theirs, inputs = case.make(keras), case.make(real()), case.inputs()
    ours(*inputs, **case.call), theirs(*inputs, **case.call)
    rng = np.random.default_rng(5)
    ours.set_weights([w + 0.2 * rng.random(w.shape) for w in ours.get_weights()])
    theirs.set_weights(ours.get_weights())
    return ours, theirs, inputs


@every_case
def test_forward(case, backend):
    ours, theirs, inputs = both(case)
    for training in (False, True):
        close(ours(*inputs, training=training, **case.call).numpy(),
              array(theirs(*inputs, training=training, **case.call)))
    found, wanted = (layer(*inputs, return_attention_scores=True, **case.call) for layer in (ours, theirs))
    for a, b in zip(found, wanted, strict=True):
        assert a.shape == b.shape
        close(a.numpy(), array(b))


def test_values_of_another_size_than_keys(backend):
    """Beside the weights, because Keras on JAX can't do it otherwise."""
    ours, theirs, inputs = both(Case("MultiHeadAttention", *KEY, **MHA, value_dim=5, call=SCORES))
    for a, b in zip(ours(*inputs, **SCORES), theirs(*inputs, **SCORES), strict=True):
        close(a.numpy(), array(b))
    close(ours(*inputs).numpy(), ours(*inputs, **SCORES)[0].numpy())


@every_case
def test_weights_and_config(case):
    ours, theirs, inputs = both(case)
    describe = lambda layer: [("/".join(v.path.split("/")[-2:]), tuple(v.shape)) for v in layer.weights]
    assert describe(ours) == describe(theirs)
    close([float(loss) for loss in ours.losses], [float(loss) for loss in theirs.losses])
    config, wanted = as_json(ours), as_json(theirs)
    wanted = {k: v for k, v in wanted.items() if k not in ("dtype", "name")}
    assert without_dtypes({k: v for k, v in config.items() if k in wanted}) == without_dtypes(wanted)
    again = type(ours).from_config(json.loads(json.dumps(ours.get_config())))
    again(*inputs)
    again.set_weights(ours.get_weights())
    np.testing.assert_array_equal(again(*inputs).numpy(), ours(*inputs).numpy())


@every_case
def test_output_shape(case):
    shapes = [(None, *s[1:]) for s in case.shapes]
    wanted = case.make(real()).compute_output_shape(*shapes)
    assert case.make(keras).compute_output_shape(*shapes) == wanted
    assert case.make(keras)(*[keras.Input(s[1:]) for s in shapes], use_causal_mask=True).shape == wanted


@every_case
def test_gradient(case, backend, float64):
    layer, inputs = case.make(keras), [Tensor(x, tracked=True) for x in case.inputs("float64")]
    weights = np.random.default_rng(2).normal(size=layer(*inputs, **case.call).shape)
    loss = lambda: sum(layer.losses, start=ops.sum(layer(*inputs, **case.call) * weights))
    with Tape() as tape:
        result = loss()
    wanted = [*inputs, *layer.trainable_variables]
    for v, found in zip(wanted, tape.gradients(result, wanted), strict=True):
        close(found, differences(lambda: float(loss()), v.value), rtol=1e-6, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if not c.call], ids=lambda case: case.id)
def test_training(case, backend):
    ours, theirs, inputs = both(case)
    y = np.random.default_rng(8).normal(size=ours(*inputs).shape).astype("float32")
    found = []
    for k, layer in ((keras, ours), (real(), theirs)):
        placeholders = [k.Input(x.shape[1:]) for x in inputs]
        model = k.Model(placeholders, layer(*placeholders))
        model.compile(k.optimizers.SGD(0.05, momentum=0.5), "mse", run_eagerly=k is not keras)
        found.append([float(np.ravel(model.train_on_batch(inputs, y))[0]) for _ in range(3)])
    close(*found)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        close(a, b, rtol=2e-5, atol=5e-6)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".keras", ".weights.h5"])
@pytest.mark.parametrize("ours_first", [True, False])
def test_files_go_both_ways(ours_first, suffix, tmp_path, rng):
    def make(k):
        query, value = k.Input((4, 6)), k.Input((5, 6))
        y = k.layers.MultiHeadAttention(2, 3, use_gate=True)(query, value)
        return k.Model([query, value], k.layers.GroupQueryAttention(3, 4, 2)(y, value, use_causal_mask=True))

    first, second = (keras, real()) if ours_first else (real(), keras)
    path, model = tmp_path / f"model{suffix}", make(first)
    if suffix == ".keras":
        model.save(path)
        again = second.models.load_model(path)
    else:
        again = make(second)
        model.save_weights(path)
        again.load_weights(path)
    x = [rng.normal(size=s).astype("float32") for s in ((2, 4, 6), (2, 5, 6))]
    close(again.predict(x, verbose=0), model.predict(x, verbose=0))


# masks ----------------------------------------------------------------------------------------

MASKS = {
    "query_mask": np.array([[True, True, False], [True, False, False]]),
    "value_mask": np.array([[True, True, True, False, False], [False] * 5]),  # one query sees nothing at all
    "key_mask": np.array([[True, False, True, True, True], [True] * 5]),
}


@pytest.mark.slow
@pytest.mark.parametrize("scores", [False, True])
@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
@pytest.mark.parametrize("masks", [["value_mask"], ["query_mask", "value_mask"], ["key_mask"], list(MASKS)])
def test_masks(name, masks, scores, backend):
    arguments = MHA if name == "MultiHeadAttention" else {
        "head_dim": 3, "num_query_heads": 2, "num_key_value_heads": 1}
    ours, theirs, inputs = both(Case(name, (2, 3, 6), (2, 5, 6), (2, 5, 6), **arguments))
    found, wanted = (layer(*inputs, **{k: MASKS[k] for k in masks}, return_attention_scores=scores)
                     for layer in (ours, theirs))
    for a, b in zip(found, wanted, strict=True) if scores else [(found, wanted)]:
        close(a.numpy(), array(b))


@pytest.mark.parametrize("name", ["Attention", "AdditiveAttention"])
@pytest.mark.parametrize("options", [{}, {"use_causal_mask": True}, {"return_attention_scores": True}], ids=str)
@pytest.mark.parametrize("masks", [("query_mask", "value_mask"), (None, "value_mask"), ("query_mask", None)], ids=str)
def test_masks_of_simple_attention(name, options, masks, backend):
    rng = np.random.default_rng(3)
    inputs = [rng.normal(size=s).astype("float32") for s in ((2, 3, 4), (2, 5, 4))]
    given = [MASKS.get(name) for name in masks]
    ours, theirs = (getattr(k.layers, name)() for k in (keras, real()))
    ours(inputs), theirs(inputs)
    ours.set_weights(theirs.get_weights())
    found, wanted = (layer(inputs, mask=given, **options) for layer in (ours, theirs))
    for a, b in zip(found, wanted, strict=True) if isinstance(wanted, tuple) else [(found, wanted)]:
        close(a.numpy(), array(b))


def transformer(k, attention, several=False):
    """Tokens, of which 0 is padding, through attention, a residual connection and a mean that leaves padding out."""
    tokens = k.Input((5,), dtype="int32")
    x = k.layers.Embedding(9, 6, mask_zero=True, name="tokens")(tokens)
    layer = attention(k)
    y = layer([x, x]) if several else layer(x, x)
    y = k.layers.Add()([x, k.layers.LayerNormalization()(y)])
    y = k.layers.GlobalAveragePooling1D()(y)
    return k.Model(tokens, k.layers.Dense(3, activation="softmax")(y))


@pytest.mark.slow
@pytest.mark.parametrize(
    "attention, several",
    [(lambda k: k.layers.MultiHeadAttention(2, 3), False), (lambda k: k.layers.GroupQueryAttention(3, 2, 1), False),
     (lambda k: k.layers.Attention(use_scale=True), True), (lambda k: k.layers.AdditiveAttention(), True)],
    ids=["MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"],
)
def test_a_small_transformer_trains_as_in_keras(attention, several, backend):
    """Masks from an embedding, through a functional model, recorded and replayed."""
    rng = np.random.default_rng(4)
    x, y = rng.integers(0, 9, (20, 5)), rng.integers(0, 3, 20)
    ours, theirs = (transformer(k, attention, several) for k in (keras, real()))
    ours.set_weights(theirs.get_weights())
    for k, model in ((keras, ours), (real(), theirs)):
        model.compile(k.optimizers.Adam(0.01), "sparse_categorical_crossentropy", run_eagerly=k is not keras)
        model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    close(ours.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-3, atol=1e-5)


def test_attention_drops_its_share_of_weights_in_training(backend):
    q, v = np.zeros((1, 40, 2), "float32"), np.ones((1, 50, 2), "float32")
    for layer, inputs in (
        (keras.layers.Attention(dropout=0.3, seed=1), ([q, v],)),
        (keras.layers.MultiHeadAttention(1, 2, dropout=0.3, seed=1), (q, v)),
        (keras.layers.GroupQueryAttention(2, 1, 1, dropout=0.3, seed=1), (q, v)),
    ):
        y, weights = layer(*inputs, training=True, return_attention_scores=True)
        again = layer(*inputs, training=True)
        outside = layer(*inputs, training=False).numpy()
        assert np.abs(y.numpy() - outside).max() > 0.01
        assert np.abs(y.numpy() - again.numpy()).max() > 0.01, "each call draws anew"
        if isinstance(layer, keras.layers.Attention):  # here Keras gives the weights after dropout
            dropped = (weights.numpy() == 0).mean()
            assert abs(dropped - 0.3) < 5 * np.sqrt(0.21 / 2000)
            assert set(np.unique(weights.numpy())) == {0, np.float32(1 / 50 / 0.7)}


def test_the_mask_of_the_query_goes_on(backend):
    x = Tensor(np.ones((2, 3, 4), "float32"))
    x._keras_mask = mask = Tensor(MASKS["query_mask"])
    for layer in (keras.layers.MultiHeadAttention(1, 2), keras.layers.GroupQueryAttention(2, 1, 1)):
        assert layer(x, x)._keras_mask is mask
        y, weights = layer(x, x, return_attention_scores=True)
        assert y._keras_mask is mask and weights._keras_mask is None
    assert keras.layers.Attention()([x, x])._keras_mask is not None


# mistakes -------------------------------------------------------------------------------------

X = np.ones((2, 3, 4), "float32")
MISTAKES = [
    (lambda k: k.MultiHeadAttention(0, 2), ["num_heads", "0"]),
    (lambda k: k.MultiHeadAttention(2, key_dim="4"), ["key_dim", "'4'"]),
    (lambda k: k.MultiHeadAttention(2, 2, value_dim=-1), ["value_dim", "-1"]),
    (lambda k: k.MultiHeadAttention(2, 2, attention_axes="all"), ["attention_axes", "'all'"]),
    (lambda k: k.MultiHeadAttention(2, 2, sliding_window=0), ["sliding_window", "0"]),
    (lambda k: k.MultiHeadAttention(2, 2)(X, X, X[:, :2]), ["value and key", "(2, 3, 4)", "(2, 2, 4)"]),
    (lambda k: k.MultiHeadAttention(2, 2, flash_attention=True)(X, X), ["flash_attention", "the same"]),
    (lambda k: k.GroupQueryAttention(2, 3, 2), ["num_query_heads", "multiple", "3 and 2"]),
    (lambda k: k.Attention(score_mode="sum"), ["score_mode", "'sum'"]),
    (lambda k: k.Attention()(X), ["[query, value]", "layer([x, x])"]),
    (lambda k: k.Attention()([X]), ["[query, value]"]),
    (lambda k: k.Attention()([X, X], mask=X[..., 0] > 0), ["[query_mask, value_mask]"]),
]


@pytest.mark.parametrize("make, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(make, words):
    with pytest.raises(ValueError) as caught:
        make(keras.layers)
    for word in words:
        assert word in str(caught.value)
    with pytest.raises(Exception):  # noqa: B017  (whatever Keras calls it)
        make(real().layers)
