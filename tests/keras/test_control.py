"""Branches and loops while a step is being recorded, ops that must not be recorded, and gradients of one's own."""

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor, TracingError
from kerastutor.keras.models.replay import Program

ROWS = np.arange(6, dtype="float32").reshape(3, 2)


def recorded(function, x):
    """What `function` gives for x when it was recorded on other numbers."""
    buffer = np.zeros_like(x)
    program = Program(function, [buffer])
    buffer[...] = x
    program.run()
    return program.result


@pytest.mark.parametrize("x", [2.0, -2.0])
def test_a_recorded_branch_follows_its_condition(x, backend):
    def function(t):
        t.tracked = True
        with Tape() as tape:
            y = ops.cond(t > 0, lambda: t * t, lambda: 3 * t)
        return y, tape.gradients(y, [t])[0]

    y, slope = recorded(function, np.float32(x)[None].reshape(()))
    assert float(y) == (4.0 if x > 0 else -6.0)
    assert slope == (4.0 if x > 0 else 3.0)


@pytest.mark.parametrize("index", [-1, 0, 1, 7])
def test_a_recorded_switch_follows_its_index(index, backend):
    branches = [lambda: ops.ones(2), lambda: 2 * ops.ones(2), lambda: 3 * ops.ones(2)]
    y = recorded(lambda i: ops.switch(i, branches), np.int32(index)[None].reshape(()))
    assert y.value.tolist() == [min(max(index, 0), 2) + 1] * 2


def test_a_recorded_branch_may_not_assign():
    v = keras.Variable(0.0)
    with pytest.raises(TracingError, match="assigns"):
        recorded(lambda x: ops.cond(x > 0, lambda: v.assign(1.0), lambda: v.assign(2.0)), np.float32(1).reshape(()))
    ops.cond(ops.convert_to_tensor(True), lambda: v.assign(1.0), lambda: v.assign(2.0))
    assert float(v) == 1


def test_only_the_branch_that_counts_runs_eagerly():
    assert ops.cond(True, lambda: 1, lambda: 1 / 0) == 1
    assert ops.switch(0, [lambda: 1, lambda: 1 / 0]) == 1


DEPEND_ON_VALUES = {
    "nonzero": ops.nonzero, "unique": ops.unique, "where": lambda x: ops.where(x > 0), "mask": lambda x: x[x > 0],
    "bincount": lambda x: ops.bincount(ops.cast(x, "int32")), "arange": lambda x: ops.arange(x[0, 0]),
    "repeat": lambda x: ops.repeat(x, ops.cast(x[0], "int32"), axis=1), "float": lambda x: float(x[0, 0]),
    "while_loop": lambda x: ops.while_loop(lambda y: ops.sum(y) < 9, lambda y: y * 2, x),
}


@pytest.mark.parametrize("name", DEPEND_ON_VALUES)
def test_what_depends_on_values_is_not_recorded(name, backend):
    DEPEND_ON_VALUES[name](ops.convert_to_tensor(ROWS + 1))
    with pytest.raises(TracingError, match="run_eagerly"):
        recorded(DEPEND_ON_VALUES[name], ROWS + 1)


CHECKED_EACH_TIME = {
    "take": (lambda i: ops.take(ops.ones((3, 2)), i, axis=0), [0, -3], [0, 3], "index 3"),
    "take_along_axis": (lambda i: ops.take_along_axis(ops.ones(3), i, 0), [2, 1], [2, -4], "index -4"),
    "getitem": (lambda i: ops.ones((3, 2))[:, i], [0, 1], [0, 2], "out of bounds"),
    "slice": (lambda i: ops.slice(ops.ones((3, 2)), i, (1, 1)), [2, 1], [2, 2], "axis 1"),
    "scatter": (lambda i: ops.scatter(i[:, None], ops.ones(2), (3,)), [0, 2], [0, 3], "index 3"),
    "scatter_update": (lambda i: ops.scatter_update(ops.ones(3), i[:, None], ops.ones(2)), [0, 2], [0, -5], "index -5"),
    "segment_sum": (lambda i: ops.segment_sum(ops.ones(2), i, 3), [0, 2], [0, -1], "index -1"),
}


@pytest.mark.parametrize("name", CHECKED_EACH_TIME)
def test_places_are_checked_at_each_step(name, backend):
    function, right, wrong, told = CHECKED_EACH_TIME[name]
    buffer = np.array(right, "int32")
    program = Program(function, [buffer])
    program.run()
    buffer[...] = wrong
    with pytest.raises(IndexError, match=told):
        program.run()
    with pytest.raises(IndexError, match=told):
        function(ops.convert_to_tensor(wrong))


def test_plain_places_are_checked_before_the_step():
    with pytest.raises(IndexError, match="begins at 2"):
        Program(lambda x: ops.slice(x, (2, 0), (2, 1)), [ROWS.copy()])


def test_own_gradient_need_not_be_the_true_one(backend):
    @ops.custom_gradient
    def clipped(x, scale=2.0):
        return scale * x, lambda upstream: ops.clip(upstream, -1.0, 1.0)

    x = Tensor(ROWS, tracked=True)
    with Tape() as tape:
        loss = 10 * ops.sum(clipped(x, scale=3.0))
    assert float(loss) == 450
    np.testing.assert_array_equal(tape.gradients(loss, [x])[0], np.ones((3, 2)))


NONE = {
    "qr": lambda x: ops.qr(ops.transpose(x))[0], "svd": lambda x: ops.svd(x)[0],
    "lu_factor": lambda x: ops.lu_factor(x)[0], "i0": ops.i0,
    "scatter_update": lambda x: ops.scatter_update(x, [[0, 0]], [1.0], "max"),
}


@pytest.mark.parametrize("name", NONE)
def test_where_there_is_no_gradient_an_error_says_so(name):
    x = Tensor(ROWS + np.eye(3, 2, dtype="float32"), tracked=True)
    with Tape() as tape:
        loss = ops.sum(NONE[name](x))
    with pytest.raises(NotImplementedError, match=f"{name}.*no gradient"):
        tape.gradients(loss, [x])


def test_a_split_tensor_used_in_part_has_zeros_elsewhere(backend):
    x = Tensor(ROWS, tracked=True)
    with Tape() as tape:
        first, _, last = ops.split(x, 3)
        loss = ops.sum(first * 2) + ops.sum(x * last)
    np.testing.assert_array_equal(tape.gradients(loss, [x])[0], [[6.0, 7.0], [4.0, 5.0], [4.0 + 6.0, 5.0 + 9.0]])
