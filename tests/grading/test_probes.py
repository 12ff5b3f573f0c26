"""Layers, losses, metrics, models and compiled loops as plain data; what a probe notices reaches the student."""

import numba
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.grading import probes, sheets
from kerastutor.grading.exercise import Case
from kerastutor.grading.judge import look
from kerastutor.grading.outcome import run
from kerastutor.grading.trials import slope

ops = keras.ops
RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 2)).astype("float32")


class Scale(keras.layers.Layer):
    def __init__(self, by=2.0, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def build(self, shape):
        self.w = self.add_weight(shape=shape[-1:], initializer="ones", name="w")

    def call(self, x):
        return ops.tanh(x * self.w) * self.by


def test_a_loss_and_its_slope_and_the_way_back_that_is_cut():
    y = np.zeros((3, 2), "float32")
    value, back = probes.loss(lambda y, p: ops.sum(ops.sin(p - y), axis=1), y, X)
    np.testing.assert_allclose(value, np.sin(X).sum(axis=1), rtol=1e-5)
    np.testing.assert_allclose(back, slope(lambda p: np.sin(p).sum(), X), rtol=1e-4)
    assert probes.loss(lambda y, p: np.sin(np.asarray(p)), y, X)[1] is None


def test_a_layer_with_given_weights_and_its_slope():
    w = np.array([0.5, -1.0], "float32")
    y, back = probes.layer(Scale, {"by": 3.0}, {"w": w}, X)
    np.testing.assert_allclose(y, 3 * np.tanh(X * w), rtol=1e-5)
    np.testing.assert_allclose(back, slope(lambda x: 3 * np.tanh(x * w).sum(), X), rtol=1e-3, atol=1e-4)
    assert probes.fresh(Scale, {}, (2, 3)) == {"w": ("(3,)", 1.0), "in all": 1}
    with pytest.raises(probes.OtherWeights, match=r"there are w \(2,\); wanted are v \(2,\)"):
        probes.layer(Scale, {}, {"v": w}, X)


def test_weights_that_every_call_makes_anew_are_counted():
    class Leaking(keras.layers.Layer):
        def call(self, x):
            return x * self.add_weight(shape=(1,), initializer="ones", name="w")

    assert probes.fresh(Leaking, {}, (2, 3))["in all"] > 1


def test_a_config_that_forgets():
    class Forgetful(Scale):
        def get_config(self):
            return super().get_config()  # overridden, so Keras leaves the options to it

    assert probes.config(Scale, {"by": 3.0, "name": "a"}) == {"by": 3.0, "name": "a"}
    assert probes.config(Forgetful, {"by": 3.0, "name": "a"}) == {"by": "left out", "name": "a"}


def test_a_metric_batch_by_batch_and_after_a_reset():
    ones, zeros = np.ones((3, 1), "float32"), np.zeros((1, 1), "float32")
    said, alone = probes.metric(keras.metrics.MeanAbsoluteError, [(ones, ones * 3), (zeros, zeros)])
    assert (said, alone) == ([2.0, 1.5], 0.0)


def test_a_model_by_its_outputs_names_with_given_weights():
    def build(units):
        x = keras.Input((2,))
        return keras.Model(x, {"a": keras.layers.Dense(units, name="a")(x), "b": x})

    weights = {"a/kernel": np.ones((2, 3), "float32"), "a/bias": np.zeros(3, "float32")}
    answers, size = probes.model(build, (3,), weights, X)
    np.testing.assert_allclose(answers["a"], np.repeat(X.sum(axis=1, keepdims=True), 3, axis=1), rtol=1e-5)
    np.testing.assert_array_equal(answers["b"], X)
    assert size == 9
    with pytest.raises(probes.OtherWeights):
        probes.model(build, (4,), weights, X)


def test_the_order_of_scores():
    labels = probes.order(lambda new: new[:, 0], np.arange(16.0).reshape(8, 2))
    assert labels.tolist() == [0] * 7 + [1] + [0] + [1] * 7
    assert probes.order(lambda new: -new[:, 0], np.arange(16.0).reshape(8, 2))[:8].tolist() == [1] * 7 + [0]
    with pytest.raises(probes.NotScores, match=r"\(8, 1\)"):
        probes.order(lambda new: new[:, :1], np.zeros((8, 2)))


def running(x, y):
    total = 0.0
    for i in range(x.size):
        total += x[i]
        y[i] = total


def again(x, y):
    for i in range(x.size):
        y[i] = 0.0
        for k in range(i + 1):
            y[i] += x[k]


def by_slices(x, y):
    for i in range(x.size):
        y[i] = x[: i + 1].sum()


def at_once(x, y):
    y[:] = np.cumsum(x)


@pytest.mark.slow
def test_a_compiled_loop_is_looked_at_for_arrays_and_for_work():
    x = RNG.normal(size=40)
    np.testing.assert_allclose(probes.compiled(numba.njit(running), x), np.cumsum(x))
    wrong = [(running, "NotCompiled"), (numba.njit(again), "TooManyLooks"), (numba.njit(by_slices), "TooManyLooks"),
             (numba.njit(at_once), "MakesArrays")]
    for kernel, name in wrong:
        with pytest.raises(getattr(probes, name)):
            probes.compiled(kernel, x)
        np.testing.assert_allclose(probes.loop(kernel, x), np.cumsum(x))


def test_whole_array_sums_count_too():
    counted, before = np.ones((4, 5)).view(probes.Counted), probes.Counted.looks
    assert counted.sum() == 20 and type(counted[1:3] * 2) is np.ndarray
    out = np.zeros((4, 5)).view(probes.Counted)
    np.add(counted, 1, out=out)
    assert (np.asarray(out) == 2).all() and probes.Counted.looks - before == 20 + 10 + 20


def test_a_remark_is_told_with_its_reason_and_survives_the_sheet():
    case = Case("f", (np.zeros((2, 2)),), expected=np.zeros(4), through="order")
    outcome = run(case, {"f": lambda x: x})
    finding = look(case, outcome)
    assert finding.cause == probes.NotScores.__doc__ and finding.got.startswith("the result has shape (2, 2)")
    written = sheets.write_case(case, [(0, outcome)])
    back, [(known, message)] = sheets._case({"messages": ["make a column"]}, written)
    assert back.through == "order" and look(back, outcome, [(known, message)]).cause == "make a column"
    assert "through" not in sheets.write_case(Case("f", (1,), expected=1), [])


def test_results_by_name_are_compared_by_name():
    case = Case("f", (1,), expected={"a": 1.0, "b": np.ones(2)})

    def cause(answer):
        return look(case, run(case, {"f": lambda x: answer})).cause

    assert cause({"b": np.ones(2), "a": 1}) == ""
    assert cause({"a": 1.0, "b": -np.ones(2)}) == "b: The sign is turned round."
    assert cause({"a": 1.0}) == "These names are wanted: a, b; there are: a."
    assert cause(1.0) == "These names are wanted: a, b; there are: a float."


def test_arguments_that_are_lists_and_dicts_of_arrays_are_watched():
    def spoil(weights, pairs):
        pairs[0][1][:] = 7
        weights["w"] = weights["w"] + 1

    case = Case("f", ({"w": np.ones(2)}, [(np.zeros(1), np.zeros((2, 2)))]))
    assert run(case, {"f": spoil}).changed == [0, 1]
    assert run(case, {"f": lambda weights, pairs: None}).changed == []
