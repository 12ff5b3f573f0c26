"""OptimizerRace in Python: the walks are the optimizers' own, the nets are trained as by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras
from kerastutor.widgets import OptimizerRace
from kerastutor.widgets.optimizer_race import NET
from kerastutor.widgets.racers import KNOWN, racers
from kerastutor.widgets.surfaces import SURFACES, descend
from tests.keras.oracle import real


@pytest.mark.parametrize("name", SURFACES)
def test_no_height_lies_below_the_minimum_and_the_start_is_in_the_picture(name):
    surface = SURFACES[name]
    assert surface.grid().min() >= surface.lowest - 1e-3
    assert float(surface(*surface.minimum)) == surface.lowest
    for place in (surface.start, surface.minimum):
        assert surface.x[0] <= place[0] <= surface.x[1]
        assert surface.y[0] <= place[1] <= surface.y[1]
    grid = surface.grid(3, 5)
    assert grid[0, 0] == pytest.approx(surface(surface.x[0], surface.y[1]), rel=1e-6)


def test_surfaces_at_known_points():
    assert float(SURFACES["Rosenbrock"](0.0, 2.0)) == 1 + 400
    assert float(SURFACES["Beale"](0.0, 7.0)) == 1.5**2 + 2.25**2 + 2.625**2
    assert float(SURFACES["Beale"](3.0, 0.5)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_the_walk_is_that_of_real_keras(name):
    surface = SURFACES["Rosenbrock"]
    kind, arguments, follows, _ = KNOWN[name]
    rate = 1e-4 if follows else 0.01
    path = descend(surface, kind(learning_rate=rate, **arguments), (-1.0, 0.5), 12)
    theirs = getattr(real().optimizers, kind.__name__)(learning_rate=rate, **arguments)
    w = real().Variable(np.array([-1.0, 0.5], "float32"))
    for x, y, height in path:
        np.testing.assert_allclose(np.asarray(w.value), [x, y], rtol=2e-4, atol=1e-5)
        x, y = map(float, np.asarray(w.value))
        assert height == pytest.approx((1 - x) ** 2 + 100 * (y - x * x) ** 2, rel=1e-2, abs=1e-4)
        slope = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
        theirs.apply([np.array(slope, "float32")], [w])


def test_who_is_lost_has_no_number_from_there_on():
    path = descend(SURFACES["Rosenbrock"], keras.optimizers.SGD(0.1), (-1.5, 2.0), 30)
    lost = np.isnan(path[:, 2])
    assert not lost[0]
    assert lost[-1]
    assert np.all(np.diff(lost.astype(int)) >= 0)
    race = OptimizerRace({"wild": keras.optimizers.SGD(0.1), "tame": keras.optimizers.Adam(0.1)}, "Rosenbrock")
    assert list(race.ends()) == ["tame", "wild"]
    assert "wild lost" in race.summary()
    assert race.figure().axes


def test_what_the_page_asks_for_happens():
    race = OptimizerRace(["sgd", "adam"], "bowl", steps=20)
    told = []
    race.tell = lambda content, buffers=None: told.append((content, buffers))

    def ask(do, **values):
        race._hear(race, {"do": do, "values": values}, [])
        assert race.wait(20)
        return race.problem

    assert ask("start", x=1.0, y=-1.0) == ""
    assert race.paths["sgd"][0].tolist() == [1.0, -1.0, 2.0]
    assert ask("rate", label="sgd", value=0.25) == ""
    np.testing.assert_allclose(race.paths["sgd"][1:3, 0], [0.5, 0.25])  # x - 0.25 * 2 x
    assert ask("running", label="adam", on=False) == ""
    assert set(race.paths) == {"sgd"}
    assert ask("track", name="ravine") == ""
    assert race.start == [-5.0, 1.5]
    assert race.field[0]["rate"] == pytest.approx(SURFACES["ravine"].rate)
    content, (grid,) = told[-1]
    rows, columns = content["surface"]["rows"], content["surface"]["columns"]
    assert np.frombuffer(grid, "float32").reshape(rows, columns).max() <= 1
    assert len(content["paths"]["sgd"]) == 21

    assert "outside the picture" in ask("start", x=99, y=0)
    assert "must be a number above zero" in ask("rate", label="sgd", value=-1)
    assert "Did you mean 'sgd'" in ask("rate", label="sgdd", value=1.0)
    assert "must be two numbers" in ask("start", x=None, y=0)
    assert "1 to 2000" in ask("steps", steps=0)
    assert race.track == "ravine"


@given(st.floats(-3, 3), st.floats(-2, 2))
def test_any_start_in_the_picture_will_do(x, y):
    race = OptimizerRace(["sgd"], "bowl", start=(x, y), steps=1)
    assert race.paths["sgd"][0, :2].tolist() == np.array([x, y], "float32").tolist()


def a_net():
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    model.compile(loss="mse")
    return model


def test_a_race_on_a_net_trains_copies_as_fit_does():
    x = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
    y = x[:, :1] - x[:, 1:2]
    model = a_net()
    before = model.get_weights()
    optimizers = {"one": keras.optimizers.SGD(0.1), "two": keras.optimizers.Adam(0.01)}
    race = OptimizerRace(optimizers, model=model, x=x, y=y, epochs=3, batch_size=8)
    assert race.wait(30)
    assert race.problem == ""
    for label, optimizer in optimizers.items():
        other = a_net()
        other.compile(optimizer=type(optimizer).from_config(optimizer.get_config()), loss="mse")
        start = other.evaluate(x, y, batch_size=8, verbose=0)
        expected = other.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0).history["loss"]
        assert race.losses[label] == pytest.approx([start, *expected])
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert race.track == NET
    drawn = {line.get_label(): line.get_ydata() for line in race.figure().axes[0].lines}
    np.testing.assert_allclose(drawn["two"], race.losses["two"])
    race.do_track("bowl")
    assert race.wait(20)
    assert race.surface.name == "bowl"
    assert not math.isnan(race.paths["two"][-1, 2])


def test_names_get_rates_that_suit():
    x, y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")
    race = OptimizerRace(["sgd", "adam"], model=a_net(), x=x, y=y, epochs=1)
    assert race.wait(20)
    assert [one["rate"] for one in race.field] == pytest.approx([0.01, 0.001])  # Keras's own
    race.do_track("bowl")
    race.wait(20)
    assert [one["rate"] for one in race.field] == pytest.approx([SURFACES["bowl"].rate, 0.1])


def test_formulas_show_the_optimizer_s_own_numbers():
    rules = {one.label: one.formula for one in racers([*KNOWN][:7])}
    assert rules["sgd"] == "w ← w − η g"
    assert rules["momentum"] == "v ← 0.9 v − η g;  w ← w + v"
    (adam,) = racers([keras.optimizers.Adam(0.1, beta_1=0.5)])
    assert "m ← 0.5 m + 0.5 g" in adam.formula


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"optimizers": []}, "0 optimizers"),
        ({"optimizers": ["adamm"]}, "Did you mean 'adam'"),
        ({"optimizers": ["sgd", "sgd"]}, "same name"),
        ({"surface": "bowls"}, "Did you mean 'bowl'"),
        ({"start": (1, 2, 3)}, "two numbers"),
        ({"start": (math.nan, 0)}, "outside the picture"),
        ({"steps": 0}, "from 1 to 2000"),
        ({"steps": 10.0}, "whole number"),
        ({"model": keras.Sequential([keras.layers.Dense(1)])}, "built"),
    ],
)
def test_bad_arguments_are_told_at_once(arguments, says):
    with pytest.raises(ValueError, match=says):
        OptimizerRace(**arguments)
    with pytest.raises(TypeError, match="no optimizer"):
        OptimizerRace([3])
    with pytest.raises(TypeError, match="schedule"):
        OptimizerRace([keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5))])


def test_the_names_of_seven_fit_above_the_figure():
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = OptimizerRace(sorted(KNOWN)[:7], "bowl", steps=2).figure()
    FigureCanvasAgg(figure).draw()
    names = figure.legends[0].get_window_extent()
    assert 0 <= names.x0
    assert names.x1 <= figure.bbox.width
