"""The tape, variables, and what is refused while a step is being recorded."""

import threading

import numpy as np
import pytest

from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor, TracingError, Variable, paused, recording, state


def watched(*values):
    return Tensor(np.array(values, "float32"), tracked=True)


def gradients(function, *variables):
    with Tape() as tape:
        loss = function()
    return tape.gradients(loss, variables)


# the tape --------------------------------------------------------------------------------------


def test_chain_rule(backend):
    x = watched(0.5, -1.0)
    (g,) = gradients(lambda: ops.sum(ops.exp(x * x)), x)
    np.testing.assert_allclose(g, 2 * x.value * np.exp(x.value**2), rtol=1e-6)


def test_a_value_used_several_times_gets_the_sum(backend):
    x, y = watched(3.0), watched(2.0)

    def loss():
        s = x * y
        return ops.sum(s * s + s + x)

    gx, gy = gradients(loss, x, y)
    assert gx.tolist() == [2 * 6 * 2 + 2 + 1]
    assert gy.tolist() == [2 * 6 * 3 + 3]


def test_adding_gradients_changes_none_that_was_handed_out(backend):
    """x + x hands the same array to both sides: were it added to in place, it would be counted twice over."""
    x = watched(1.0)
    (g,) = gradients(lambda: ops.sum((x + x) + (x + x)), x)
    assert g.tolist() == [4]


def test_what_the_loss_does_not_depend_on_has_no_gradient(backend):
    x, unused, elsewhere = watched(1.0), watched(1.0), watched(1.0)

    def loss():
        elsewhere * 5.0  # computed, but not part of the loss
        return ops.sum(x * 2.0)

    g, *none = gradients(loss, x, unused, elsewhere)
    assert g.tolist() == [2]
    assert none == [None, None]


def test_the_loss_itself(backend):
    x = watched(4.0)
    with Tape() as tape:
        loss = ops.sum(x)
    assert tape.gradients(loss, [x])[0].tolist() == [1]
    v = Variable([1.0, 2.0])
    with Tape() as tape:
        pass
    assert tape.gradients(v, [v])[0].tolist() == [1, 1]  # d v / d v


def test_gradients_start_anew_with_each_tape(backend):
    x = watched(1.0)
    for _ in range(3):
        assert gradients(lambda: ops.sum(x * 3.0), x)[0].tolist() == [3]


def test_nothing_is_recorded_without_a_tape_or_tracked_input():
    x, constant = watched(1.0), Tensor(np.ones(1, "float32"))
    assert not (x * 2.0).tracked
    with Tape():
        assert not (constant * 2.0).tracked
        assert (x * 2.0).tracked
        assert len(state.tape) == 1
    assert state.tape is None
    with pytest.raises(ZeroDivisionError), Tape():
        raise ZeroDivisionError
    assert state.tape is None, "an error leaves the tape open"


def test_a_tape_is_read_once():
    x = watched(1.0)
    with Tape() as tape:
        loss = ops.sum(x)
    tape.gradients(loss, [x])
    with pytest.raises(RuntimeError, match="new one"):
        tape.gradients(loss, [x])


def test_watch(backend):
    x = ops.convert_to_tensor([3.0])
    with Tape() as tape:
        tape.watch(x)
        loss = ops.sum(x * x)
    assert tape.gradients(loss, [x])[0].tolist() == [6]


def test_nested_tapes(backend):
    """The inner tape has its own gradients, and leaves the outer one's as they are."""
    w, v = watched(3.0), watched(5.0)
    with Tape() as outer:
        h = w * w
        with Tape() as inner:
            inner_loss = ops.sum(h * v)
        (gv,) = inner.gradients(inner_loss, [v])
        loss = ops.sum(h)
    assert gv.tolist() == [9]
    assert outer.gradients(loss, [w])[0].tolist() == [6]


def test_threads_have_tapes_of_their_own(backend):
    """Two threads that train at once do not see one another's tape, nor anyone's recording."""
    found, barrier = {}, threading.Barrier(2)

    def train(factor):
        x = watched(1.0, 2.0)
        for _ in range(50):
            barrier.wait()
            with Tape() as tape:
                barrier.wait()
                loss = ops.sum(x * x * factor)
            found.setdefault(factor, []).append(tape.gradients(loss, [x])[0].tolist())

    with recording():
        threads = [threading.Thread(target=train, args=(factor,)) for factor in (1.0, 10.0)]
        for t in threads:
            t.start()
        for t in threads:
            t.join(timeout=60)
    assert found == {1.0: [[2, 4]] * 50, 10.0: [[20, 40]] * 50}


def test_integers_have_no_gradient(backend):
    index, table = Variable(np.array([0, 1, 1], "int32")), watched(2.0, 3.0)
    g, none = gradients(lambda: ops.sum(ops.take(table, index, axis=0) * ops.cast(index, "float32")), table, index)
    assert g.tolist() == [0, 2]
    assert none is None


def test_no_gradient_through_a_comparison_or_a_cast_to_int(backend):
    x = watched(1.5)
    assert gradients(lambda: ops.sum(ops.cast(x > 1.0, "float32")), x) == [None]
    assert gradients(lambda: ops.sum(ops.cast(ops.cast(x, "int32"), "float32")), x) == [None]


def test_gradients_come_back_in_the_dtype_of_the_variable(backend):
    x = watched(2.0)
    (g,) = gradients(lambda: ops.sum(ops.square(ops.cast(x, "float64"))), x)
    assert (g.dtype, g.tolist()) == ("float32", [4])


# variables -------------------------------------------------------------------------------------


def test_assigning_writes_in_place():
    v = Variable([1.0, 2.0], name="v")
    memory = v.value
    assert v.assign([3, 4]) is v
    assert v.assign_add([1.0, 1.0]) is v
    assert v.assign_sub(ops.convert_to_tensor([0.0, 4.0])) is v
    assert v.value is memory
    assert memory.tolist() == [4, 1]
    assert v.dtype == "float32"


@pytest.mark.parametrize("value", [[1.0], [1.0, 2.0, 3.0], 5.0, [[1.0, 2.0]]])
def test_a_value_of_another_shape_is_refused(value):
    v = Variable([1.0, 2.0], name="weights_of_mine")
    with pytest.raises(ValueError) as caught:
        v.assign(value)
    for word in ("weights_of_mine", "(2,)", str(np.shape(value))):
        assert word in str(caught.value)
    assert v.value.tolist() == [1, 2]


def test_a_variable_owns_its_memory():
    a = np.array([1.0, 2.0], "float32")
    v = Variable(a)
    a[0] = 99
    assert v.value.tolist() == [1, 2]


def test_what_numpy_gave_stays_when_the_variable_changes():
    """before = layer.kernel.numpy(); fit; after = ...: a student compares the two."""
    v = Variable([1.0, 2.0])
    before, also, third = v.numpy(), np.asarray(v), ops.convert_to_numpy(v)
    v.assign([5.0, 6.0])
    for a in (before, also, third):
        assert a.tolist() == [1, 2]


def test_only_trainable_floats_are_tracked():
    assert Variable([1.0]).tracked
    assert not Variable([1.0], trainable=False).tracked
    assert not Variable(np.array([1])).tracked
    v = Variable([2.0])
    v.trainable = False
    assert gradients(lambda: ops.sum(v * v), v) == [None]


def test_from_a_function_of_shape_and_dtype():
    v = Variable(lambda shape, dtype: np.ones(shape, dtype), shape=(2, 3), dtype="float32", name="ones")
    assert (v.shape, v.dtype, v.name) == ((2, 3), "float32", "ones")


def test_variables_are_equal_only_by_values_and_can_be_keys():
    v, w = Variable([1.0]), Variable([1.0])
    assert len({v: 1, w: 2}) == 2
    assert (v == w).numpy().tolist() == [True]


# to Python and NumPy ---------------------------------------------------------------------------


def test_reading_values():
    t = ops.convert_to_tensor(2.5)
    assert (float(t), int(t), t.item(), bool(t), f"{t:.2f}") == (2.5, 2, 2.5, True, "2.50")
    assert [10, 20][ops.convert_to_tensor(1)] == 20
    rows = ops.convert_to_tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(rows) == 2
    assert [r.numpy().tolist() for r in rows] == [[1, 2], [3, 4]]
    assert "shape=(2, 2)" in repr(rows) and "float32" in repr(rows)
    with pytest.raises(TypeError, match="no length"):
        len(t)
    with pytest.raises(ValueError):
        bool(rows)


@pytest.mark.parametrize("dtype", [None, "float32", "float64", "int32"])
def test_numpy_reads_tensors(dtype):
    t = ops.convert_to_tensor([1.0, 2.0])
    a = np.asarray(t, dtype)
    assert a.dtype == (dtype or "float32")
    assert a.tolist() == [1, 2]
    assert np.array(t, dtype=dtype, copy=True) is not t.value
    assert np.mean(t) == 1.5


# recording -------------------------------------------------------------------------------------

READS = {
    "numpy": lambda t: t.numpy(),
    "float": float,
    "int": int,
    "bool": bool,
    "if": lambda t: 1 if t > 0 else 2,
    "item": lambda t: t.item(),
    "asarray": np.asarray,
    "np.mean": np.mean,
    "format": lambda t: f"{t:.2f}",
    "index": lambda t: [1, 2][ops.cast(t, "int32")],
    "convert_to_numpy": ops.convert_to_numpy,
    "np.maximum": lambda t: np.maximum(t, 0),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_value_read_while_recording_is_refused(read):
    x = ops.convert_to_tensor([1.0])
    with recording() as calls, pytest.raises(TracingError, match="run_eagerly=True"):
        read(ops.exp(x))
    assert calls, "what came before was written down"


def test_recording_calls_no_kernel(backend):
    x = ops.convert_to_tensor([1.0, 2.0])
    with recording() as calls:
        y = ops.exp(x)
        y.value[:] = 7
        assert "shape=(2,)" in repr(y)  # a debugger may look at it
    assert len(calls) == 1
    assert y.numpy().tolist() == [7, 7]
    kernel, arguments = calls[0]
    kernel(*arguments)
    np.testing.assert_allclose(y.numpy(), np.exp([1, 2]), rtol=1e-6)


def test_paused_runs_at_once(backend):
    with Tape(), recording() as calls:
        with paused():
            assert float(ops.sum(watched(1.0, 2.0))) == 3
        assert not calls
        ops.exp(watched(1.0))
    assert len(calls) == 1
