"""The playground's trials: data that is what its name says, a real model, pictures that are its outputs."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.widgets import trial as trials
from kerastutor.widgets.points import KINDS, SPAN, points
from kerastutor.widgets.trial import GRID, Trial


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_balanced_inside_the_picture_and_the_seeds(kind):
    x, y = points(kind, 400, 0.0, seed=3)
    assert x.shape == (400, 2) and y.shape == (400, 1) and x.dtype == y.dtype == np.float32
    assert set(np.unique(y)) == {0, 1} and 0.4 < y.mean() < 0.6
    assert np.abs(x).max() < SPAN
    np.testing.assert_array_equal(x, points(kind, 400, 0.0, seed=3)[0])
    assert not np.array_equal(x, points(kind, 400, 0.0, seed=4)[0])


@hypothesis.given(noise=st.floats(0.05, 1), seed=st.integers(0, 1000))
def test_noise_is_the_standard_deviation(noise, seed):
    still, moved = (points("moons", 2000, n, seed)[0] for n in (0.0, noise))
    assert (moved - still).std() == pytest.approx(noise, rel=0.1)


@pytest.mark.parametrize("kind, straight", [("blobs", True), ("circles", False), ("xor", False), ("spiral", False)])
def test_only_blobs_can_be_parted_by_a_line(kind, straight):
    x, y = points(kind, 400, 0.0)
    a = np.hstack([x, np.ones((400, 1))])
    plane, *_ = np.linalg.lstsq(a, 2 * y[:, 0] - 1, rcond=None)
    right = ((a @ plane > 0) == (y[:, 0] > 0)).mean()
    assert right == 1 if straight else right < 0.75


def test_pictures_are_what_numpy_finds_at_each_place():
    t = Trial(layers=(3, 2), activation="tanh")
    t.train(2)
    side = np.linspace(-SPAN, SPAN, GRID)
    values = np.stack(np.meshgrid(side, side[::-1]), -1)  # the upper left corner first
    for picture, (kernel, bias), last in zip(t.pictures(), t.weights(), (False, False, True), strict=True):
        values = values @ kernel + bias
        values = 1 / (1 + np.exp(-values)) if last else np.tanh(values)
        np.testing.assert_allclose(picture, np.moveaxis(values, -1, 0), atol=1e-5)


def test_the_model_is_a_sequential_that_learned_what_the_history_says():
    t = Trial(data="blobs", layers=())
    t.train(30)
    assert type(t.model) is keras.Sequential
    loss, accuracy = t.model.evaluate(t.x_test, t.y_test, verbose=0)
    assert (t.newest["val_loss"], t.newest["val_accuracy"]) == pytest.approx((loss, accuracy))
    assert accuracy > 0.95 and t.history["epoch"] == list(range(31))
    assert t.history["val_loss"][0] > 2 * loss
    p = t.model.predict(t.x_test, verbose=0)
    by_hand = -np.mean(np.where(t.y_test, np.log(p), np.log(1 - p)))
    assert by_hand == pytest.approx(loss, rel=1e-4)


def test_training_and_test_points_are_different():
    t = Trial(data="spiral")
    assert len(t.x_train) == len(t.x_test) == 200
    assert not set(map(tuple, t.x_train)) & set(map(tuple, t.x_test))


def test_only_the_learning_rate_changes_without_a_new_start():
    t = Trial()
    t.train(3)
    same = t.change(learning_rate=0.5)
    assert same is t and float(t.model.optimizer.learning_rate) == 0.5 and t.epoch == 3
    other = t.change(noise=0.3)
    assert other is not t and other.epoch == 0 and other.settings["learning_rate"] == 0.5


def test_l2_is_in_the_loss():
    plain, held = Trial(l2=0.0), Trial(l2=0.1)
    penalty = 0.1 * sum((kernel**2).sum() for kernel, _ in held.weights())
    assert held.newest["loss"] == pytest.approx(plain.newest["loss"] + penalty, rel=1e-4)


def test_the_same_seed_gives_the_same_training():
    losses = []
    for _ in range(2):
        t = Trial(seed=7)
        t.train(3)
        losses.append(t.history["val_loss"])
    assert losses[0] == losses[1]


def test_a_long_run_keeps_a_bounded_history(monkeypatch):
    monkeypatch.setattr(trials, "LONGEST", 20)
    t = Trial(data="blobs", layers=())
    for _ in range(15):
        t.train(4)
    assert len(t.history["epoch"]) <= 20 and t.epoch == 60
    assert all(len(values) == len(t.history["epoch"]) for values in t.history.values())
    assert t.history["epoch"] == sorted(t.history["epoch"])


@pytest.mark.parametrize(
    "wrong, says",
    [
        (dict(data="spirals"), "Did you mean 'spiral'"),
        (dict(activation="relus"), "Did you mean 'relu'"),
        (dict(optimizer="adamm"), "Did you mean 'adam'"),
        (dict(layer=(4,)), "Did you mean 'layers'"),
        (dict(layers=(4, 9)), r"from 1 to 8, as \(4, 2\); got \(4, 9\)"),
        (dict(layers=(1,) * 5), "0 to 4 hidden layers"),
        (dict(layers=(2.5,)), "0 to 4 hidden layers"),
        (dict(noise=-1), "noise must be a number from 0 to 1; got -1"),
        (dict(learning_rate=0), "learning_rate must be"),
        (dict(learning_rate=float("nan")), "learning_rate must be"),
        (dict(batch_size=0), "batch_size must be a whole number from 1 to 200"),
        (dict(seed=1.5), "seed must be a whole number"),
    ],
)
def test_wrong_settings_say_what_is_right(wrong, says):
    with pytest.raises(ValueError, match=says):
        Trial(**wrong)
