"""Each loss beside real Keras's on JAX: value and gradient, weighted and not, in every reduction."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import losses
from kerastutor.keras.autodiff import Tape, Tensor, recording
from tests.keras.oracle import array, real, same_signature

N, K = 7, 4


def numbers(rng, shape=(N, K)):
    return rng.normal(0, 2, shape).astype("float32")


def shares(rng, shape=(N, K)):
    return rng.uniform(0.02, 0.98, shape).astype("float32")


def zeros_and_ones(rng, shape=(N, K)):
    return rng.integers(0, 2, shape).astype("float32")


def distributions(rng, shape=(N, K)):
    p = shares(rng, shape)
    return p / p.sum(-1, keepdims=True)


def one_hot(rng, shape=(N, K)):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def classes(rng):
    return rng.integers(0, K, N)


CASES = [
    # class, targets, predictions, options
    ("MeanSquaredError", numbers, numbers, {}),
    ("MeanAbsoluteError", numbers, numbers, {}),
    ("MeanAbsolutePercentageError", numbers, numbers, {}),
    ("MeanSquaredLogarithmicError", shares, shares, {}),
    ("MeanSquaredLogarithmicError", numbers, numbers, {}),
    ("Huber", numbers, numbers, {}),
    ("Huber", numbers, numbers, {"delta": 0.3}),
    ("LogCosh", numbers, numbers, {}),
    ("CosineSimilarity", numbers, numbers, {}),
    ("CosineSimilarity", numbers, numbers, {"axis": 0}),
    ("BinaryCrossentropy", zeros_and_ones, shares, {}),
    ("BinaryCrossentropy", zeros_and_ones, numbers, {"from_logits": True}),
    ("BinaryCrossentropy", shares, shares, {"label_smoothing": 0.2}),
    ("BinaryCrossentropy", zeros_and_ones, shares, {"axis": 0}),
    ("BinaryFocalCrossentropy", zeros_and_ones, shares, {}),
    ("BinaryFocalCrossentropy", zeros_and_ones, numbers, {"from_logits": True, "apply_class_balancing": True}),
    ("BinaryFocalCrossentropy", zeros_and_ones, shares, {"gamma": 1.5, "label_smoothing": 0.1}),
    ("CategoricalCrossentropy", one_hot, distributions, {}),
    ("CategoricalCrossentropy", one_hot, shares, {}),
    ("CategoricalCrossentropy", one_hot, numbers, {"from_logits": True}),
    ("CategoricalCrossentropy", one_hot, distributions, {"label_smoothing": 0.1}),
    ("CategoricalFocalCrossentropy", one_hot, distributions, {}),
    ("CategoricalFocalCrossentropy", one_hot, numbers, {"from_logits": True, "gamma": 1.5, "alpha": 0.5}),
    ("SparseCategoricalCrossentropy", classes, distributions, {}),
    ("SparseCategoricalCrossentropy", classes, numbers, {"from_logits": True}),
    ("SparseCategoricalCrossentropy", classes, distributions, {"ignore_class": 1}),
    ("KLDivergence", distributions, distributions, {}),
    ("Poisson", shares, shares, {}),
    ("Hinge", zeros_and_ones, numbers, {}),
    ("Hinge", lambda rng: np.sign(numbers(rng)), numbers, {}),
    ("SquaredHinge", zeros_and_ones, numbers, {}),
    ("CategoricalHinge", one_hot, numbers, {}),
]
IDS = [f"{i}-{name}-{options}" for i, (name, _, _, options) in enumerate(CASES)]
every_case = pytest.mark.parametrize("name, targets, predictions, options", CASES, ids=IDS)


@every_case
@pytest.mark.parametrize("weighted", [False, True])
def test_value_and_gradient(name, targets, predictions, options, weighted, backend, rng):
    y, p = targets(rng), predictions(rng)
    theirs = getattr(real().losses, name)(**options)
    weights = None
    if weighted:
        weights = rng.uniform(0, 3, theirs.call(jnp.asarray(y), jnp.asarray(p)).shape[0]).astype("float32")
    value, gradient = jax.value_and_grad(lambda q: theirs(y, q, weights))(jnp.asarray(p))

    x = Tensor(p, tracked=True)
    with Tape() as tape:
        loss = getattr(losses, name)(**options)(y, x, weights)
    assert loss.shape == () and loss.dtype == "float32"
    np.testing.assert_allclose(loss.numpy(), value, rtol=2e-5)
    np.testing.assert_allclose(tape.gradients(loss, [x])[0], gradient, rtol=1e-4, atol=1e-6)


@every_case
def test_each_sample(name, targets, predictions, options, backend, rng):
    """Without a reduction, and as a function."""
    y, p = targets(rng), predictions(rng)
    theirs = getattr(real().losses, name)(reduction=None, **options)(y, p)
    ours = getattr(losses, name)(reduction="none", **options)
    np.testing.assert_allclose(ours(y, p).numpy(), theirs, rtol=1e-4, atol=1e-6)
    function = ours.fn(y, p, **ours._fn_kwargs)
    assert function.shape == theirs.shape
    np.testing.assert_allclose(function.numpy(), theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None])
@pytest.mark.parametrize("weights", [None, (N,), (N, 1), (N, 5), (1,)])
def test_reductions_and_weights(reduction, weights, rng):
    """Samples of shape (5, K), so that there are 5 losses each: a weight a sample, or one a loss."""
    y, p = numbers(rng, (N, 5, K)), numbers(rng, (N, 5, K))
    w = None if weights is None else rng.uniform(0, 2, weights).astype("float32")
    if weights == (N,):  # refused by JAX too: neither 5 nor 1
        w = w[:, None]
    ours = keras.losses.MeanSquaredError(reduction=reduction)(y, p, w)
    theirs = array(real().losses.MeanSquaredError(reduction=reduction)(y, p, w))
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-5)


def test_all_weights_zero():
    loss = keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")
    assert loss([[1.0]], [[2.0]], [0.0]).item() == 0


@pytest.mark.parametrize("y, p", [
    ((N,), (N, 1)), ((N, 1), (N,)), ((N, 3), (N, 3, 1)), ((N, 3, 1), (N, 3)), ((N,), (N,)),
])
def test_ranks_are_matched_as_in_keras(y, p, rng):
    y, p = numbers(rng, y), numbers(rng, p)
    np.testing.assert_allclose(
        keras.losses.MeanSquaredError()(y, p).numpy(), real().losses.MeanSquaredError()(y, p), rtol=1e-5
    )


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "float64", "bool"])
def test_targets_of_any_dtype(dtype, rng):
    y, p = zeros_and_ones(rng).astype(dtype), shares(rng)
    np.testing.assert_allclose(
        keras.losses.BinaryCrossentropy()(y, p).numpy(), real().losses.BinaryCrossentropy()(y, p), rtol=1e-5
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_mask_of_the_predictions(weighted, rng):
    """Masked steps don't count: the mean is over the others."""
    y, p, mask = numbers(rng, (N, 5, 2)), numbers(rng, (N, 5, 2)), rng.random((N, 5)) < 0.6
    w = rng.random((N, 1)).astype("float32") if weighted else None
    ours, theirs = Tensor(p), jnp.asarray(p)
    ours._keras_mask = Tensor(mask)
    theirs = real().ops.convert_to_tensor(theirs)
    theirs._keras_mask = jnp.asarray(mask)
    np.testing.assert_allclose(
        keras.losses.MeanSquaredError()(y, ours, w).numpy(), real().losses.MeanSquaredError()(y, theirs, w), rtol=1e-5
    )


def test_own_losses(rng):
    """A subclass, and a plain function, as with Keras."""
    y, p, w = numbers(rng), numbers(rng), rng.random(N).astype("float32")

    def make(k):
        class Quartic(k.losses.Loss):
            def call(self, y_true, y_pred):
                return k.ops.mean((y_true - y_pred) ** 4, axis=-1)

        return Quartic()

    np.testing.assert_allclose(make(keras)(y, p, w).numpy(), make(real())(y, p, w), rtol=1e-5)

    def largest(y_true, y_pred):
        return keras.ops.max(abs(y_true - y_pred), axis=-1)

    wrapped = losses.LossFunctionWrapper(keras.losses.get(largest))
    assert wrapped.name == "largest"
    np.testing.assert_allclose(wrapped(y, p).numpy(), abs(y - p).max(-1).mean(), rtol=1e-5)


def test_recorded(backend, rng):
    """Recorded once and replayed on other numbers, each loss gives what it gives eagerly."""
    for name, targets, predictions, options in CASES:
        if "ignore_class" in options:
            continue
        y, p, w = targets(rng), predictions(rng), rng.random(N).astype("float32")
        w = None if options.get("axis") == 0 else w
        inputs = [np.zeros_like(y), np.full_like(p, 0.5)]
        with recording() as calls:
            loss = getattr(losses, name)(**options)(Tensor(inputs[0]), Tensor(inputs[1]), w)
        inputs[0][...], inputs[1][...] = y, p
        for kernel, arguments in calls:
            kernel(*arguments)
        eager = getattr(losses, name)(**options)(y, p, w)
        np.testing.assert_allclose(loss.numpy(), eager.numpy(), rtol=1e-6, err_msg=name)


def test_names():
    """Names, aliases and arguments are Keras's."""
    theirs = real().losses
    for name in losses.__all__:
        assert hasattr(theirs, name) or name == "LossFunctionWrapper"
        if hasattr(theirs, name):
            assert not list(same_signature(getattr(losses, name), getattr(theirs, name))), name
    for alias in ("mse", "MAE", "mape", "MSLE", "bce", "KLD", "mean_squared_error", "categorical_crossentropy"):
        assert losses.get(alias).__name__ == theirs.get(alias).__name__
    for name, _, _, options in CASES:
        assert getattr(losses, name)(**options).name == getattr(theirs, name)(**options).name
    assert losses.get(None) is None
    assert losses.get(losses.Huber).name == "huber_loss"


@every_case
def test_configuration(name, targets, predictions, options, rng):
    """Made again from its configuration, here and in real Keras, a loss is the same."""
    y, p = targets(rng), predictions(rng)
    loss = getattr(losses, name)(**options)
    again = losses.deserialize(losses.serialize(loss))
    assert type(again) is type(loss) and again.get_config() == loss.get_config()
    theirs = real().losses.deserialize(losses.serialize(loss))
    np.testing.assert_allclose(again(y, p).numpy(), theirs(y, p), rtol=2e-5)


@pytest.mark.parametrize("y, p, told", [
    ((N, 5), (N, 1), "5 units"),
    ((N, 1), (N, 5), "Dense\\(1\\)"),
    ((N,), (N, 5), "sparse_categorical_crossentropy"),
    ((N,), (N - 1,), "as many targets as samples"),
    ((N, 2, 3), (N, 3), "Reshape"),
])
@pytest.mark.parametrize("name", ["MeanSquaredError", "Huber", "BinaryCrossentropy", "Hinge", "Poisson"])
def test_shapes_that_do_not_fit(name, y, p, told):
    """Keras broadcasts most of these without a word."""
    with pytest.raises(ValueError, match=told) as error:
        getattr(losses, name)()(np.zeros(y), np.full(p, 0.5))
    assert str(y) in str(error.value) and str(p) in str(error.value)
    assert getattr(losses, name)().fn.__name__ in str(error.value)


@pytest.mark.parametrize("call, told", [
    (lambda: losses.get("mean_squared_eror"), "mean_squared_error"),
    (lambda: losses.get("MeanSquareError"), "MeanSquaredError"),
    (lambda: losses.get(3), "3"),
    (lambda: losses.MeanSquaredError(reduction="avg"), "sum_over_batch_size"),
    (lambda: losses.CategoricalCrossentropy()([1, 2], [[0.5, 0.5], [0.1, 0.9]]), "sparse_categorical_crossentropy"),
    (lambda: losses.CategoricalCrossentropy()([[1.0]], [[0.5]]), "binary_crossentropy"),
    (lambda: losses.CategoricalCrossentropy(label_smoothing=2), "label_smoothing"),
    (lambda: losses.SparseCategoricalCrossentropy()([7], [[0.5, 0.5]]), "label 7"),
    (lambda: losses.SparseCategoricalCrossentropy()([-1], [[0.5, 0.5]]), "label -1"),
    (lambda: losses.MeanSquaredError()([[1.0], [2.0]], [[1.0], [2.0]], [1.0, 2.0, 3.0]), "sample_weight"),
    (lambda: losses.MeanSquaredError()(["a"], [1.0]), "dtype"),
])
def test_bad_input(call, told):
    with pytest.raises((ValueError, TypeError), match=told):
        call()
