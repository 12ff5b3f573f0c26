"""Each metric beside real Keras's on JAX, over several batches, with and without weights; and recorded."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import metrics
from kerastutor.keras.autodiff import Tape, Tensor, recording
from tests.keras.oracle import array, real, same_signature

K = 6


def numbers(rng, n):
    return rng.normal(0, 2, (n, K)).astype("float32")


def shares(rng, n):
    return rng.uniform(0.02, 0.98, (n, K)).astype("float32")


def zeros_and_ones(rng, n):
    return rng.integers(0, 2, (n, K)).astype("float32")


def distributions(rng, n):
    p = shares(rng, n)
    return p / p.sum(-1, keepdims=True)


def one_hot(rng, n):
    return np.eye(K, dtype="float32")[rng.integers(0, K, n)]


def classes(dtype, *last):
    return lambda rng, n: rng.integers(0, K, (n, *last)).astype(dtype)


def column(draw, *last):
    """The first column of `draw`, of shape (n, *last)."""
    return lambda rng, n: draw(rng, n)[:, 0].reshape(n, *last)


def steps(draw):
    """Three time steps of `draw`: (n, 3, ...)."""
    return lambda rng, n: draw(rng, 3 * n).reshape(n, 3, *draw(rng, 1).shape[1:])


CASES = [
    # class, targets, predictions, options
    ("Accuracy", classes("int32"), classes("float32"), {}),
    ("Accuracy", classes("int32", 1), classes("int32"), {}),
    ("BinaryAccuracy", zeros_and_ones, shares, {}),
    ("BinaryAccuracy", column(zeros_and_ones), column(shares, 1), {}),
    ("BinaryAccuracy", column(zeros_and_ones, 1), column(shares, 1), {"threshold": 0.3}),
    ("BinaryAccuracy", column(zeros_and_ones), column(shares), {}),
    ("BinaryAccuracy", steps(zeros_and_ones), steps(shares), {}),
    ("CategoricalAccuracy", one_hot, distributions, {}),
    ("CategoricalAccuracy", steps(one_hot), steps(distributions), {}),
    ("SparseCategoricalAccuracy", classes("int64"), distributions, {}),
    ("SparseCategoricalAccuracy", classes("float32"), distributions, {}),
    ("SparseCategoricalAccuracy", classes("uint8", 1), distributions, {}),
    ("SparseCategoricalAccuracy", steps(classes("int32")), steps(distributions), {}),
    ("TopKCategoricalAccuracy", one_hot, distributions, {"k": 2}),
    ("TopKCategoricalAccuracy", one_hot, distributions, {}),
    ("SparseTopKCategoricalAccuracy", classes("int32"), distributions, {"k": 3}),
    ("SparseTopKCategoricalAccuracy", steps(classes("int32")), steps(distributions), {"k": 3}),
    ("MeanSquaredError", numbers, numbers, {}),
    ("MeanSquaredError", column(numbers), column(numbers, 1), {}),
    ("MeanSquaredError", column(numbers, 1), column(numbers), {}),
    ("MeanSquaredError", steps(numbers), steps(numbers), {}),
    ("RootMeanSquaredError", numbers, numbers, {}),
    ("RootMeanSquaredError", column(numbers), column(numbers, 1), {}),
    ("MeanAbsoluteError", numbers, numbers, {}),
    ("MeanAbsolutePercentageError", numbers, numbers, {}),
    ("MeanSquaredLogarithmicError", shares, shares, {}),
    ("LogCoshError", numbers, numbers, {}),
    ("CosineSimilarity", numbers, numbers, {}),
    ("R2Score", numbers, numbers, {}),
    ("R2Score", numbers, numbers, {"class_aggregation": "variance_weighted_average"}),
    ("R2Score", numbers, numbers, {"class_aggregation": None, "num_regressors": 2}),
    ("R2Score", column(numbers, 1), column(numbers, 1), {}),
    ("BinaryCrossentropy", zeros_and_ones, shares, {}),
    ("BinaryCrossentropy", zeros_and_ones, numbers, {"from_logits": True, "label_smoothing": 0.1}),
    ("CategoricalCrossentropy", one_hot, distributions, {}),
    ("SparseCategoricalCrossentropy", classes("int32"), distributions, {}),
    ("KLDivergence", distributions, distributions, {}),
    ("Poisson", shares, shares, {}),
    ("Hinge", zeros_and_ones, numbers, {}),
    ("SquaredHinge", zeros_and_ones, numbers, {}),
    ("CategoricalHinge", one_hot, numbers, {}),
    ("Precision", zeros_and_ones, shares, {}),
    ("Precision", column(zeros_and_ones), column(shares, 1), {}),
    ("Precision", zeros_and_ones, shares, {"thresholds": [0.2, 0.7]}),
    ("Precision", zeros_and_ones, shares, {"class_id": 2}),
    ("Recall", zeros_and_ones, shares, {}),
    ("Recall", column(zeros_and_ones, 1), column(shares, 1), {"thresholds": [0.0, 0.5, 1.0]}),
    ("TruePositives", zeros_and_ones, shares, {}),
    ("FalsePositives", zeros_and_ones, shares, {"thresholds": 0.2}),
    ("TrueNegatives", zeros_and_ones, shares, {"thresholds": [0.2, 0.4]}),
    ("FalseNegatives", column(zeros_and_ones), column(shares), {}),
]
IDS = [f"{i}-{name}-{options}" for i, (name, _, _, options) in enumerate(CASES)]
every_case = pytest.mark.parametrize("name, targets, predictions, options", CASES, ids=IDS)


@every_case
@pytest.mark.parametrize("weighted", [False, True])
def test_over_batches(name, targets, predictions, options, weighted, backend, rng):
    """A batch and a smaller one; then a reset, and another."""
    ours, theirs = (getattr(m, name)(**options) for m in (metrics, real().metrics))
    for batches in ((8, 5), (8,)):
        ours.reset_state()
        theirs.reset_state()
        for n in batches:
            y, p = targets(rng, n), predictions(rng, n)
            w = rng.uniform(0, 2, n).astype("float32") if weighted else None
            ours.update_state(y, p, w)
            theirs.update_state(y, p, w)
            result, wanted = ours.result(), array(theirs.result())
            assert result.shape == wanted.shape and result.dtype == wanted.dtype.name
            np.testing.assert_allclose(result.numpy(), wanted, rtol=5e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["MeanSquaredError", "BinaryAccuracy", "Precision", "RootMeanSquaredError"])
@pytest.mark.parametrize("weights", [(8, 1), (8, 3)])
def test_a_weight_for_each_number(name, weights, rng):
    y, p, w = zeros_and_ones(rng, 8)[:, :3], shares(rng, 8)[:, :3], rng.uniform(0, 2, weights).astype("float32")
    if name in ("Precision", "MeanSquaredError") and weights == (8, 3):
        y, p = np.stack([y] * 3, -1), np.stack([p] * 3, -1)  # one weight each for 3 outputs of 3 steps
    ours, theirs = getattr(metrics, name)(), getattr(real().metrics, name)()
    np.testing.assert_allclose(ours(y, p, w).numpy(), array(theirs(y, p, w)), rtol=5e-5)


@pytest.mark.parametrize("name", ["Mean", "Sum"])
@pytest.mark.parametrize("values, weights", [
    ((), None), ((), ()), ((4,), None), ((4,), (4,)), ((4,), ()), ((4, 3), None), ((4, 3), (4,)), ((4, 3), (4, 1)),
    ((4, 3), (4, 3)), ((4, 3), (1, 3)), ((4, 3, 2), (4, 3)), ((4, 1), (4,)), ((0,), None),
])
def test_mean_and_sum(name, values, weights, backend, rng):
    ours, theirs = getattr(metrics, name)(), getattr(real().metrics, name)()
    for _ in range(2):
        x = np.float32(rng.normal(size=values))
        w = None if weights is None else np.float32(rng.uniform(0, 2, weights))
        ours.update_state(x, w)
        theirs.update_state(x, w)
        np.testing.assert_allclose(ours.result().numpy(), array(theirs.result()), rtol=2e-5, atol=1e-6)
        for kept, wanted in zip(ours.variables, theirs.variables, strict=True):
            np.testing.assert_allclose(kept.numpy(), wanted.value, rtol=2e-5, atol=1e-6)


def test_counts_beyond_float32():
    """2 ** 24 + 1 is no float32: a count kept in one stands still there (real Keras's does)."""
    mean = metrics.Mean()
    mean.update_state(1.0, 2.0**24)
    for _ in range(4):
        mean.update_state(1.0)
    assert mean.count.item() == 2**24 + 4
    hits = metrics.TruePositives()
    hits.update_state([1.0], [1.0], [2.0**24])
    hits.update_state([1.0], [1.0])
    assert hits.accumulator.item() == 2**24 + 1


@every_case
@pytest.mark.parametrize("weighted", [False, True])
def test_recorded(name, targets, predictions, options, weighted, backend, rng):
    """One update recorded, then replayed batch by batch on the same arrays, beside eager updates."""
    y, p = targets(rng, 5), predictions(rng, 5)
    w = np.ones(5, "float32")
    inputs = [np.zeros_like(y), np.full_like(p, 0.5), w]
    recorded, eager = getattr(metrics, name)(**options), getattr(metrics, name)(**options)
    with recording() as calls:
        recorded.update_state(Tensor(inputs[0]), Tensor(inputs[1]), Tensor(inputs[2]) if weighted else None)
    assert not any(v.numpy().any() for v in recorded.variables), "recording changed the state"
    for _ in range(3):
        for array_, new in zip(inputs, (targets(rng, 5), predictions(rng, 5), np.float32(rng.uniform(0, 2, 5)))):
            array_[...] = new
        for kernel, arguments in calls:
            kernel(*arguments)
        eager.update_state(inputs[0].copy(), inputs[1].copy(), inputs[2].copy() if weighted else None)
    np.testing.assert_allclose(recorded.result().numpy(), eager.result().numpy(), rtol=1e-6)


@every_case
def test_nothing_on_the_tape(name, targets, predictions, options, rng):
    metric, p = getattr(metrics, name)(**options), Tensor(np.float32(predictions(rng, 4)), tracked=True)
    with Tape() as tape:
        metric.update_state(targets(rng, 4), p)
    assert tape._steps == []


def test_mask_of_the_predictions(rng):
    """Masked steps don't count."""
    y, p, mask = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 2)), rng.random((4, 5)) < 0.6
    for w in (None, np.float32(rng.random((4, 5)))):
        ours, theirs = Tensor(np.float32(p)), real().ops.convert_to_tensor(np.float32(p))
        ours._keras_mask, theirs._keras_mask = Tensor(mask), mask
        np.testing.assert_allclose(
            metrics.MeanSquaredError()(y, ours, w).numpy(), real().metrics.MeanSquaredError()(y, theirs, w), rtol=1e-5
        )


def test_own_metric(rng):
    """Written as with Keras, a metric gives what it gives there."""

    def make(k):
        class Within(k.metrics.Metric):
            def __init__(self, limit=1.0, name="within", **kwargs):
                super().__init__(name=name, **kwargs)
                self.limit = limit
                self.hits = self.add_weight(name="hits", initializer="zeros")
                self.mean = k.metrics.Mean()

            def update_state(self, y_true, y_pred, sample_weight=None):
                near = k.ops.cast(k.ops.abs(y_true - y_pred) < self.limit, "float32")
                self.hits.assign_add(k.ops.sum(near))
                self.mean.update_state(near)

            def result(self):
                return self.hits + self.mean.result()

        return Within()

    ours, theirs = make(keras), make(real())
    for m in (ours, theirs):
        assert len(m.variables) == 3
    for _ in range(2):
        y, p = numbers(rng, 5), numbers(rng, 5)
        np.testing.assert_allclose(ours(Tensor(y), Tensor(p)).numpy(), array(theirs(y, p)), rtol=1e-6)
    ours.reset_state()
    assert ours.result().item() == 0


def test_names():
    """Names, aliases and arguments are Keras's."""
    theirs = real().metrics
    keras.utils.clear_session()
    real().utils.clear_session()
    for name in metrics.__all__:
        assert not list(same_signature(getattr(metrics, name), getattr(theirs, name))), name
    for alias in ("mse", "MAE", "mape", "bce", "mean_squared_error", "precision", "sparse_categorical_accuracy"):
        assert metrics.get(alias).name == theirs.get(alias).name
    for name, _, _, options in CASES:
        assert getattr(metrics, name)(**options).name == getattr(theirs, name)(**options).name


@every_case
def test_configuration(name, targets, predictions, options, rng):
    metric = getattr(metrics, name)(**options)
    again = metrics.deserialize(metrics.serialize(metric))
    assert type(again) is type(metric) and again.get_config() == metric.get_config()
    y, p = targets(rng, 6), predictions(rng, 6)
    theirs = real().metrics.deserialize(metrics.serialize(metric))
    np.testing.assert_allclose(again(y, p).numpy(), array(theirs(y, p)), rtol=5e-5, atol=1e-6)


@pytest.mark.parametrize("call, told", [
    (lambda: metrics.get("binary_acuracy"), "binary_accuracy"),
    (lambda: metrics.get(5), "5"),
    (lambda: metrics.BinaryAccuracy(threshold=5), "threshold"),
    (lambda: metrics.Precision(thresholds=[0.5, 2]), "thresholds"),
    (lambda: metrics.Precision(class_id=3)(np.zeros((2, 2)), np.zeros((2, 2))), "class_id=3"),
    (lambda: metrics.Precision()(np.zeros((2, 3)), np.zeros((2, 4))), "shape \\(2, 3\\)"),
    (lambda: metrics.BinaryAccuracy()(np.zeros((2, 3)), np.zeros((2, 4))), "shape \\(2, 3\\)"),
    (lambda: metrics.CategoricalAccuracy()(np.zeros(2), np.zeros((2, 4))), "sparse_categorical_accuracy"),
    (lambda: metrics.SparseCategoricalAccuracy()(np.zeros((2, 4)), np.zeros((2, 4))), "use categorical_accuracy"),
    (lambda: metrics.SparseTopKCategoricalAccuracy()([9], np.zeros((1, 4))), "9"),
    (lambda: metrics.MeanSquaredError()(np.zeros((2, 1)), np.zeros((2, 4))), "shape \\(2, 1\\)"),
    (lambda: metrics.Mean()([1.0, 2.0], [1.0, 2.0, 3.0]), "sample_weight"),
    (lambda: metrics.R2Score()(np.zeros(3), np.zeros(3)), "R2Score"),
    (lambda: metrics.Metric()(1), "update_state"),
])
def test_bad_input(call, told):
    with pytest.raises(ValueError if "update_state" not in told else NotImplementedError, match=told):
        call()
