"""What a run has said: positions, gaps, thinning, and one line of status."""

import math

import pytest

from kerastutor.widgets import curves as module
from kerastutor.widgets.curves import LONGEST, Curves, clock


@pytest.fixture
def time(monkeypatch):
    """A clock that the test moves."""
    now = [100.0]
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])
    return now


def test_a_position_is_in_epochs():
    curves = Curves(epochs=2, steps=4)
    curves.begin_epoch(1)
    curves.batch = 3
    curves.add_batch({"loss": 0.5})
    curves.add_epoch({"loss": 0.4, "val_loss": 0.6})
    assert curves.batches == {"loss": [(1.75, 0.5)]}
    assert curves.epochs == {"loss": [(2.0, 0.4)], "val_loss": [(2.0, 0.6)]}


def test_points_of_an_epoch_of_unknown_length_wait_until_it_is_known():
    curves = Curves(epochs=2, steps=None)
    for epoch in range(2):
        curves.begin_epoch(epoch)
        curves.batch = 5
        curves.add_batch({"loss": 1.0})
        curves.batch = 10
        curves.add_epoch({"loss": 1.0})
    assert curves.batches["loss"] == [(1.5, 1.0)]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_a_gap(bad):
    curves = Curves()
    curves.add_epoch({"loss": bad})
    assert curves.epochs["loss"] == [(1.0, None)]
    assert curves.latest() == "loss not finite"


def test_each_point_is_taken_once():
    curves = Curves(epochs=3, steps=1)
    taken = []
    for epoch in range(3):
        curves.begin_epoch(epoch)
        curves.add_epoch({"loss": epoch})
        taken += curves.take()["epochs"]["loss"]
    assert taken == curves.epochs["loss"]
    assert curves.take() == {"batches": {}, "epochs": {}}


def test_a_long_line_is_thinned_and_keeps_its_ends():
    curves = Curves(epochs=1, steps=3 * LONGEST)
    curves.begin_epoch(0)
    for batch in range(3 * LONGEST):
        curves.batch = batch + 1
        curves.add_batch({"loss": batch})
    values = [y for _, y in curves.batches["loss"]]
    assert len(values) <= LONGEST
    assert values[0] == 0
    assert values[-1] == 3 * LONGEST - 1
    assert values == sorted(values)


def test_loss_comes_first_and_validation_belongs_to_its_metric():
    curves = Curves()
    curves.add_epoch({"accuracy": 0.5, "loss": 1.0, "val_accuracy": 0.5, "val_loss": 1.0})
    assert curves.names == ["loss", "accuracy"]


def test_status_tells_speed_and_time_left(time):
    curves = Curves(epochs=5, steps=100)
    curves.begin_epoch(0)
    time[0] += 1.0
    curves.batch = 1
    curves.add_batch({"loss": 1.0})
    assert curves.status == "epoch 1 of 5 · 1 batches/s"
    time[0] += 4.0
    curves.batch = 50
    curves.add_batch({"loss": 1.0})
    # after the first batch, 49 took 4 s, so the other 450 take 450 / 49 * 4 s; all in all 50 batches in 5 s
    assert curves.status == "epoch 1 of 5 · 10 batches/s · 37 s left"
    time[0] += 1.0
    curves.batch = 70
    curves.finish()
    assert curves.status == "0.7 of 5 epochs in 6.0 s"


def test_time_left_counts_from_the_initial_epoch(time):
    curves = Curves(epochs=10, steps=10)
    curves.begin_epoch(7)
    curves.add_batch({"loss": 1.0})
    time[0] += 3.0
    curves.add_epoch({"loss": 1.0})
    assert curves.status.endswith(" · 6.0 s left")


@pytest.mark.parametrize(
    ("seconds", "said"), [(4.23, "4.2 s"), (42.3, "42 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_clock(seconds, said):
    assert clock(seconds) == said
