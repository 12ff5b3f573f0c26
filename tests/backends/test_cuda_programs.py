"""A step's list of calls made shorter, and its launches as one graph: in the simulator, with a driver that is none."""

import os
import types

import numpy as np
import pytest

from kerastutor import backends, keras

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.slow,
    pytest.mark.skipif(bool(backends.why_not("cuda")), reason=f"no CUDA here: {backends.why_not('cuda')}"),
]


@pytest.fixture(autouse=True)
def cuda():
    before = backends.current()
    backends.use("cuda")
    yield backends.device
    backends.use(before)


def names(program):
    """The loops that a program launches, by name."""
    from kerastutor.backends.cuda.program import on_host

    loops = [arguments[0] if hasattr(arguments[0], "py_func") else function
             for function, arguments in program.calls if function is not on_host]
    return [getattr(loop, "__name__", None) or loop.py_func.__name__ for loop in loops]


@pytest.fixture
def programs(monkeypatch):
    """All that are made in a test."""
    from kerastutor.backends.cuda.program import Program

    made, original = [], Program.__init__

    def spied(self, *arguments):
        original(self, *arguments)
        made.append(self)

    monkeypatch.setattr(Program, "__init__", spied)
    return made


def classifier(optimizer, loss="sparse_categorical_crossentropy", metrics=None):
    keras.utils.set_random_seed(3)
    layers = keras.layers
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, activation="tanh"),
                              layers.Dense(3, activation="softmax")])
    model.compile(optimizer, loss, metrics=metrics)
    x, labels = np.random.default_rng(5).random((4, 2), "float32"), np.array([0, 1, 2, 1])
    return model, x, np.eye(3, dtype="float32")[labels] if loss.startswith("categ") else labels


def trained(*arguments, **options):
    """Losses and weights after four steps."""
    model, x, y = classifier(*arguments, **options)
    history = model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0).history
    return history, model.get_weights()


def assert_as_in_numpy(found, *arguments, **options):
    backends.use("numpy")
    history, weights = trained(*arguments, **options)
    for name, values in history.items():
        np.testing.assert_allclose(found[0][name], values, rtol=1e-5, err_msg=name)
    for a, b in zip(found[1], weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


# one launch for all variables ------------------------------------------------------------------


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "momentum": lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "nadam": lambda: keras.optimizers.Nadam(0.01),
    "adamax": lambda: keras.optimizers.Adamax(0.01),
    "adagrad": lambda: keras.optimizers.Adagrad(0.1),
    "adadelta": lambda: keras.optimizers.Adadelta(1.0),
    "ftrl": lambda: keras.optimizers.Ftrl(0.1),
    "lion": lambda: keras.optimizers.Lion(0.01),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizers_step_is_one_launch(name, programs):
    found = trained(OPTIMIZERS[name]())
    assert names(programs[0]).count(f"_{name}") == 1
    assert_as_in_numpy(found, OPTIMIZERS[name]())


def test_weights_decay_before_they_are_changed(programs):
    def optimizer():
        made = keras.optimizers.AdamW(0.01, weight_decay=0.1, use_ema=True)
        made.exclude_from_weight_decay(var_names=["bias"])
        return made

    found = trained(optimizer())
    launched = [name for name in names(programs[0]) if name in ("_weight_decay", "_adam", "_running_mean")]
    assert launched == ["_weight_decay", "_adam", "_running_mean"]
    assert_as_in_numpy(found, optimizer())


def test_calls_for_one_variable_stay_in_order(cuda):
    """A variable that is changed by a second rule later on does not join those that it comes too late for."""
    from kerastutor.backends.cuda.gathering import gathered

    w, v, g, h, rate = (np.ones(n, "float32") for n in (2, 3, 2, 3, 1))
    calls = [(cuda.sgd, (w, g, rate)), (cuda.weight_decay, (v, rate, 0.5)), (cuda.sgd, (v, h, rate))]
    assert [function for function, _ in gathered(calls)] == [cuda.sgd, cuda.weight_decay, cuda.sgd]
    calls = [(cuda.sgd, (w, g, rate)), (cuda.sgd, (v, h, rate)), (cuda.sgd, (w, g, rate))]
    assert [len(arguments[0]) for _, arguments in gathered(calls)] == [2, 1]
    calls = [(cuda.sgd, (w, g, rate)), (cuda.sgd, (v, h, rate.copy()))]
    assert len(gathered(calls)) == 2


# softmax and cross-entropy ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sparse", "categorical"])
def test_softmax_and_crossentropy_are_one_kernel(kind, programs):
    loss = f"{kind}_categorical_crossentropy".replace("categorical_categorical", "categorical")
    found = trained("sgd", loss, metrics=["accuracy"])
    launched = names(programs[0])
    assert launched.count(f"_softmax_{kind}") == launched.count(f"_softmax_{kind}_grad") == 1
    assert not {"_softmax", "_softmax_grad", f"_{kind}_crossentropy", f"_{kind}_crossentropy_grad"} & set(launched)
    assert_as_in_numpy(found, "sgd", loss, metrics=["accuracy"])


def test_what_is_needed_in_between_is_not_fused_away(cuda):
    from kerastutor.backends.cuda.fusing import fused

    x, y, g, dp, dx, other = (np.ones((2, 3), "float32") for _ in range(6))
    labels, out, e = np.zeros(2, np.int32), np.ones(2, "float32"), 1e-7
    forward = [(cuda.softmax, (x, y)), (cuda.negative, (y, other)), (cuda.sparse_crossentropy, (labels, y, e, out))]
    assert fused(forward) == forward
    back = [(cuda.sparse_crossentropy_grad, (g, labels, y, e, dp)), (cuda.softmax_grad, (dp, y, dx))]
    assert len(fused(back)) == 1
    assert fused(back, results=[dp]) == back
    assert len(fused([*back, (cuda.negative, (dp, other))])) == 3


# graphs ----------------------------------------------------------------------------------------


class Driver:
    """What `graphs.py` asks of cuda.bindings.driver, over the simulator: nodes are launches that have been kept."""

    CUstreamCaptureMode = types.SimpleNamespace(CU_STREAM_CAPTURE_MODE_RELAXED=2)

    def __init__(self, start):
        self.start, self.nodes, self.graphs, self.runs, self.fails = start, None, [], 0, None

    def launch(self, *launch):
        if self.nodes is None:
            self.start(*launch)
        else:
            self.nodes.append(launch)

    def cuStreamBeginCapture(self, stream, mode):
        self.nodes = []
        return (0,)

    def cuStreamEndCapture(self, stream):
        captured, self.nodes = self.nodes, None
        return 0, captured

    def cuGraphGetNodes(self, graph):
        return 0, None, len(graph) - (self.fails == "some are missing")

    def cuGraphInstantiate(self, graph, flags):
        self.graphs.append(list(graph))
        return (801, None) if self.fails == "not supported" else (0, self.graphs[-1])

    def cuGraphDestroy(self, graph):
        return (0,)

    def cuGraphExecDestroy(self, graph):
        return (0,)

    def cuGraphLaunch(self, graph, stream):
        self.runs += 1
        for launch in graph:
            self.start(*launch)
        return (0,)


@pytest.fixture
def driver(monkeypatch, cuda):
    if os.environ.get("NUMBA_ENABLE_CUDASIM") != "1":
        pytest.skip("a GPU has a driver of its own")
    from kerastutor.backends.cuda import graphs, launch

    made = Driver(launch._start)
    monkeypatch.setattr(launch, "_start", made.launch)
    monkeypatch.setattr(graphs, "driver", lambda: made)
    return made


def test_a_step_is_one_graph_from_its_second_run_on(driver, programs):
    found = trained("adam", metrics=["accuracy"])
    assert len(driver.graphs) == 1 and driver.runs == 3
    assert len(driver.graphs[0]) == len(names(programs[0]))
    assert_as_in_numpy(found, "adam", metrics=["accuracy"])


def test_between_two_graphs_the_host_does_its_part(driver, programs):
    """The weights change in every second step only: that is looked up on the host, in the middle of the step."""
    def optimizer():
        return keras.optimizers.SGD(0.1, gradient_accumulation_steps=2)

    found = trained(optimizer())
    assert len(driver.graphs) >= 2
    assert_as_in_numpy(found, optimizer())


@pytest.mark.parametrize("reason", ["some are missing", "not supported"])
def test_without_a_graph_a_step_goes_launch_by_launch(driver, reason):
    driver.fails = reason
    with pytest.warns(UserWarning, match="No CUDA graph could be made.*launch by launch"):
        found = trained("adam")
    assert driver.runs == 0
    assert_as_in_numpy(found, "adam")


def test_an_error_while_a_step_is_captured_ends_the_capture(driver, monkeypatch):
    from kerastutor.backends.cuda.graphs import Graph

    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Graph(driver, [(broken, ()), (broken, ())])
    assert driver.nodes is None
