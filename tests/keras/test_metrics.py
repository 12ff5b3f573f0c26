"""Each metric beside real Keras's on JAX, over several batches, with and without weights; and recorded."""

import functools
import warnings

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.backends import wrote
from kerastutor.keras import metrics
from kerastutor.keras.autodiff import Tape, Tensor, recording, run
from tests.keras.metric_cases import CASES, K, numbers, one_hot, shares, zeros_and_ones
from tests.keras.oracle import array, real, same_signature

LACKING = {}  # public names of keras.metrics that are not offered here: the reason of each

every_case = pytest.mark.parametrize("case", [
    pytest.param(case, marks=[pytest.mark.slow] * case.slow, id=f"{i}-{case}"[:60]) for i, case in enumerate(CASES)
])


@functools.cache
def wanted(case):
    """What real Keras gives: two batches with the result after each, without weights and with; then its variables."""
    rng, metric, epochs = np.random.default_rng(CASES.index(case)), case.make(real().metrics), []
    for weighted in (False, True):
        metric.reset_state()
        epochs.append([])
        for n in (8, 5):
            y, p, w = case.batch(rng, n)
            metric.update_state(y, p, w if weighted else None)
            epochs[-1].append(((y, p, w if weighted else None), array(metric.result())))
    return epochs, [(v.name, v.shape, array(v)) for v in metric.variables]


@every_case
def test_over_batches(case, backend):
    """A batch and a smaller one; then a reset, and both with weights."""
    metric = case.make(metrics)
    epochs, variables = wanted(case)
    for batches in epochs:
        metric.reset_state()
        for batch, expected in batches:
            metric.update_state(*batch)
            result = metric.result()
            assert result.shape == expected.shape and result.dtype == expected.dtype.name
            np.testing.assert_allclose(result.numpy(), expected, rtol=5e-5, atol=1e-6)
    for kept, (name, shape, value) in zip(metric.variables, variables, strict=True):
        assert (kept.name, kept.shape) == (name, tuple(shape))
        np.testing.assert_allclose(kept.numpy(), value, rtol=5e-5, atol=1e-5)


@every_case
@pytest.mark.parametrize("weighted", [False, True])
def test_recorded(case, weighted, backend):
    """One update and the result recorded, then replayed batch by batch on the same arrays, beside eager updates."""
    rng = np.random.default_rng(3)
    y, p, w = case.batch(rng, 5)
    inputs = [np.zeros_like(y), np.full_like(p, 0.5), np.ones_like(w)]
    recorded, eager = case.make(metrics), case.make(metrics)
    adjusted = case.options.get("num_regressors")  # looks at how many samples there are
    with recording() as calls:
        recorded.update_state(Tensor(inputs[0]), Tensor(inputs[1]), Tensor(inputs[2]) if weighted else None)
        result = None if adjusted else recorded.result()
    assert not any(v.numpy().any() for v in recorded.variables), "recording changed the state"
    for _ in range(3):
        for array_, new in zip(inputs, case.batch(rng, 5)):
            array_[...] = new
        wrote(*inputs)
        for kernel, arguments in calls:
            run(kernel, *arguments)
        eager.update_state(inputs[0].copy(), inputs[1].copy(), inputs[2].copy() if weighted else None)
    result = recorded.result() if adjusted else result
    np.testing.assert_allclose(result.numpy(), eager.result().numpy(), rtol=1e-6)


@every_case
def test_nothing_on_the_tape(case, rng):
    metric, (y, p, w) = case.make(metrics), case.batch(rng, 4)
    p = Tensor(np.float32(p), tracked=True)
    with Tape() as tape:
        metric.update_state(y, p, w)
    assert tape._steps == []


@every_case
@pytest.mark.parametrize("n", [0, 1])
def test_batches_of_none_and_one(case, n, rng):
    """No sample changes nothing."""
    metric, (y, p, _) = case.make(metrics), case.batch(rng, 4)
    metric.update_state(y, p)
    before = metric.result().numpy()
    if case.options.get("axis") == 0 and not n:
        return  # a mean over no samples
    metric.update_state(y[:n], p[:n])
    assert n or np.array_equal(metric.result().numpy(), before)


@every_case
def test_configuration(case):
    """As Keras writes it; and made again from it, here and in real Keras, a metric is the same."""
    (y, p, w), expected = wanted(case)[0][1][0]
    config = metrics.serialize(case.make(metrics))
    by_keras = {**real().metrics.serialize(case.make(real().metrics))["config"], "name": config["config"]["name"]}
    if case.options.get("label_weights"):  # Keras writes them as a tensor
        by_keras["label_weights"] = case.options["label_weights"]
    assert {k: v for k, v in config["config"].items() if k in by_keras} == by_keras
    assert set(config["config"]) - set(by_keras) <= {"axis"} & set(case.options)  # Keras forgets it
    np.testing.assert_allclose(metrics.deserialize(config)(y, p, w).numpy(), expected, rtol=5e-5, atol=1e-6)
    again = real().metrics.deserialize(config)
    assert config["config"].items() >= {k: v for k, v in again.get_config().items() if k != "label_weights"}.items()
    for argument, value in case.options.items():
        found = getattr(case.make(metrics), argument)
        assert argument == "thresholds" or found == value


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
    """Names, aliases and arguments are Keras's; what is lacking is named."""
    theirs = real().metrics
    public = {name for name in dir(theirs) if not name.startswith("_")}
    assert public - set(metrics.__all__) == set(LACKING) and not set(LACKING) & set(metrics.__all__)
    for name in public - set(LACKING):
        assert not list(same_signature(getattr(metrics, name), getattr(theirs, name))), name
        assert not list(same_signature(getattr(theirs, name), getattr(metrics, name))), name
    from keras.src.metrics import ALL_OBJECTS_DICT

    keras.utils.clear_session()
    real().utils.clear_session()
    needs = set()
    for name in ALL_OBJECTS_DICT:
        try:
            wanted = theirs.get(name)
        except TypeError:  # one that has arguments without defaults
            needs.add(name)
            continue
        found = metrics.get(name)
        assert (type(found).__name__, found.name) == (type(wanted).__name__, wanted.name)
    for name in needs:
        with pytest.raises(TypeError):
            metrics.get(name)
    assert metrics.get(None) is None


def test_better():
    """Which way is better, as callbacks ask."""
    for case in CASES:
        direction = getattr(case.make(real().metrics), "_direction", None)
        assert getattr(case.make(metrics), "_direction", None) == direction, case
    assert metrics.MeanMetricWrapper(keras.losses.mean_squared_error)._direction == "down"
    assert not hasattr(metrics.MeanMetricWrapper(lambda y_true, y_pred: y_pred, name="own"), "_direction")


@pytest.mark.slow
def test_stateless(rng):
    """As functions of their numbers, which stay as they were."""
    y, p = zeros_and_ones(rng, 5), shares(rng, 5)
    for name in ("MeanSquaredError", "Precision", "AUC"):
        ours, theirs = getattr(metrics, name)(), getattr(real().metrics, name)()
        for metric in (ours, theirs):
            metric.update_state(zeros_and_ones(rng, 9), shares(rng, 9))
        start = ours.stateless_reset_state()
        assert [v.shape for v in start] == [v.shape for v in ours.variables]
        kept = [v.numpy() for v in ours.variables]
        found = ours.stateless_update_state(start, y, p)
        expected = theirs.stateless_update_state(theirs.stateless_reset_state(), y, p)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a.numpy(), array(b), rtol=1e-5)
        np.testing.assert_allclose(
            ours.stateless_result(found).numpy(), array(theirs.stateless_result(expected)), rtol=1e-5
        )
        assert all(np.array_equal(a, v.numpy()) for a, v in zip(kept, ours.variables))
        with pytest.raises(ValueError, match="one value for each"):
            ours.stateless_result(found[1:] if len(found) > 1 else [])


def test_result_dtypes():
    """As asked for; sums are kept in float64 all the same."""
    for name in ("Mean", "Sum"):
        for dtype in ("float32", "float16"):
            ours, theirs = getattr(metrics, name)(dtype=dtype), getattr(real().metrics, name)(dtype=dtype)
            assert ours([1.0, 2.0]).dtype == array(theirs([1.0, 2.0])).dtype.name == ours.dtype == dtype
    assert metrics.Mean(dtype="float64")([1.0, 2.0]).dtype == "float64"


def test_in_an_evaluation(backend, rng):
    """Batch by batch, replayed, each metric of a model gives what it gives on all predictions at once."""
    x, y, w = rng.normal(size=(50, 3)), rng.integers(0, 2, (50, 1)), rng.uniform(0, 2, 50).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    names = "Precision Recall AUC TruePositives MeanSquaredError R2Score BinaryIoU BinaryAccuracy".split()
    made = [getattr(metrics, name)(name=name) for name in names] + [metrics.F1Score("micro", 0.5, name="F1Score")]
    weighted = [metrics.AUC(name="w_AUC"), metrics.Recall(name="w_Recall"), metrics.F1Score("macro", 0.5, "w_F1Score")]
    model.compile(loss="mse", metrics=made, weighted_metrics=weighted)
    found = model.evaluate(x, y, sample_weight=w, batch_size=8, verbose=0, return_dict=True)
    predictions = model.predict(x, verbose=0)
    for metric in made + weighted:
        again = type(metric).from_config(metric.get_config())
        wanted = again(y, predictions, w if metric in weighted else None).numpy()
        np.testing.assert_allclose(found[metric.name], wanted, rtol=1e-5)


def test_a_loss_as_a_metric(rng):
    y, p, w = numbers(rng, 5), numbers(rng, 5), rng.random(5).astype("float32")

    def make(k):
        return k.metrics.MeanMetricWrapper(k.losses.Huber(reduction=None, delta=0.5), name="huber")

    expected = array(make(real())(y, p, w))
    np.testing.assert_allclose(make(keras)(y, p, w).numpy(), expected, rtol=1e-5)
    huber = metrics.MeanMetricWrapper(keras.losses.huber, delta=0.5)
    assert huber.name.startswith("mean_metric_wrapper")
    np.testing.assert_allclose(metrics.deserialize(metrics.serialize(huber))(y, p, w).numpy(), expected, rtol=1e-5)
    np.testing.assert_allclose(
        array(real().metrics.deserialize(metrics.serialize(huber))(y, p, w)), expected, rtol=1e-5
    )


def test_classes_on_another_axis(rng):
    """(Real Keras's IoU gives an error for axis=1.)"""
    y, p = one_hot(rng, 12).reshape(4, 3, K), shares(rng, 12).reshape(4, 3, K)
    last = metrics.OneHotMeanIoU(K)(y, p).numpy()
    np.testing.assert_array_equal(metrics.OneHotMeanIoU(K, axis=1)(y.swapaxes(1, 2), p.swapaxes(1, 2)).numpy(), last)


def test_weights_that_an_iou_cannot_count():
    with pytest.warns(UserWarning, match="dtype='float32'"):
        metrics.MeanIoU(2).update_state([0, 1], [0, 1], [0.5, 0.5])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics.MeanIoU(2, dtype="float32").update_state([0, 1], [0, 1], [0.5, 0.5])


@pytest.mark.parametrize("call, told", [
    (lambda: metrics.get("binary_acuracy"), "binary_accuracy"),
    (lambda: metrics.get(5), "5"),
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
    (lambda: metrics.R2Score().result(), "no result"),
    (lambda: metrics.AUC(multi_label=True).result(), "no result"),
    (lambda: metrics.F1Score().result(), "no result"),
    (lambda: metrics.AUC(num_thresholds=1), "num_thresholds"),
    (lambda: metrics.AUC(curve="ROCK"), "Did you mean 'ROC'"),
    (lambda: metrics.AUC(summation_method="interpolate"), "Did you mean 'interpolation'"),
    (lambda: metrics.AUC(num_labels=3), "multi_label"),
    (lambda: metrics.AUC(multi_label=True)([0, 1], [0.1, 0.2]), "labels"),
    (lambda: metrics.AUC()([0, 1], [0.1, 0.2], [1, 2, 3]), "sample_weight"),
    (lambda: metrics.SensitivityAtSpecificity(2), "specificity"),
    (lambda: metrics.PrecisionAtRecall(0.5, num_thresholds=0), "num_thresholds"),
    (lambda: metrics.F1Score()([0, 1], [0.1, 0.2]), "to_categorical"),
    (lambda: metrics.F1Score()(np.ones((2, 3)), np.ones((2, 3)), [1, 2, 3]), "sample_weight"),
    (lambda: metrics.F1Score(average="mean"), "average"),
    (lambda: metrics.F1Score(threshold=1), "threshold"),
    (lambda: metrics.FBetaScore(beta=2), "beta"),
    (lambda: metrics.IoU(2, [2]), "target_class_ids"),
    (lambda: metrics.MeanIoU(2)(np.ones((2, 3)), np.ones((2, 3, 4))), "sparse_y_pred"),
    (lambda: metrics.MeanIoU(2)([0, 1], [0, 1], [1, 2, 3]), "sample_weight"),
    (lambda: metrics.PearsonCorrelation()(np.ones((2, 3)), np.ones((2, 4))), "shape \\(2, 3\\)"),
    (lambda: metrics.Metric().add_weight("hits"), "name='hits'"),
    (lambda: metrics.Metric()(1), "update_state"),
])
def test_bad_input(call, told):
    with pytest.raises(ValueError if "update_state" not in told else NotImplementedError, match=told):
        call()
