"""Each op: its value beside real Keras's on JAX, its gradient beside finite differences, on every backend.

A new op is one line in `CASES`; `op_cases.py` says how to write it.
"""

import functools
import inspect
import math

import numpy as np
import pytest

from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.op_cases import CASES, NO_CASE, NOT_LIKE_KERAS
from tests.keras.oracle import array, real, same_signature

PUBLIC = {n for n in vars(ops) if not n.startswith("_") and not inspect.ismodule(getattr(ops, n))}
IDS = [f"{i}-{case.id}" for i, case in enumerate(CASES)]
every_case = pytest.mark.parametrize("case", CASES, ids=IDS)


def theirs(name):
    return getattr(real().ops, name)


@functools.cache
def keras_result(case):
    return array(case.call(theirs(case.name), case.inputs("float32")))


@every_case
def test_value(case, backend):
    """The same number to some roundings of float32, the same shape, the same dtype."""
    ours, wanted = case.call(getattr(ops, case.name), case.inputs("float32")), keras_result(case)
    assert ours.shape == wanted.shape
    assert ours.dtype == wanted.dtype.name
    np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("case", [c for c in CASES if c.gradient], ids=[i for i, c in zip(IDS, CASES) if c.gradient])
def test_gradient(case, backend, float64):
    """Against central differences of a weighted sum of the result, for every element of every float input."""
    op, inputs = getattr(ops, case.name), case.inputs("float64")
    watched = [Tensor(x, tracked=True) if x.dtype.kind == "f" else x for x in inputs]
    weights = np.random.default_rng(2).normal(size=case.call(op, inputs).shape)

    with Tape() as tape:
        loss = ops.sum(case.call(op, watched) * weights)
    chosen = [i for i, x in enumerate(inputs) if x.dtype.kind == "f" and i not in case.constant]
    gradients = tape.gradients(loss, [watched[i] for i in chosen])
    for i, found in zip(chosen, gradients, strict=True):
        assert found.shape == inputs[i].shape
        wanted = differences(lambda: (case.call(op, inputs).numpy() * weights).sum(), inputs[i])
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7)


def differences(loss, x, step=1e-6):
    """d loss / d x by central differences; x is changed in place and put back."""
    wanted = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + step
        above = loss()
        x[i] = here - step
        wanted[i] = (above - loss()) / (2 * step)
        x[i] = here
    return wanted


def test_every_public_op_has_a_case():
    assert {case.name for case in CASES} | set(NO_CASE) == PUBLIC
    assert not {case.name for case in CASES} & set(NO_CASE)


@pytest.mark.parametrize("name", sorted(PUBLIC - set(NOT_LIKE_KERAS)))
def test_arguments_are_named_as_in_keras(name):
    assert list(same_signature(getattr(ops, name), theirs(name))) == []


# dtypes ----------------------------------------------------------------------------------------

OPERANDS = {
    "bool": np.array([True, False]), "uint8": np.array([1, 2], "uint8"), "int32": np.array([3, 4], "int32"),
    "float32": np.array([1.5, 2], "float32"), "python_int": 2, "python_float": 1.5, "python_bool": True,
}


@pytest.mark.parametrize("b", OPERANDS)
@pytest.mark.parametrize("a", [k for k, v in OPERANDS.items() if isinstance(v, np.ndarray)])
@pytest.mark.parametrize("name", ["add", "divide", "power", "equal"])
def test_dtypes_mix_as_in_keras(name, a, b):
    if name == "power" and a == "bool" and "bool" in b:
        pytest.skip("NumPy and JAX refuse it")
    for x, y in ((a, b), (b, a))[: 2 if "python" in b else 1]:
        x, y = OPERANDS[x], OPERANDS[y]
        first = ops.convert_to_tensor(x) if isinstance(x, np.ndarray) else x
        second = ops.convert_to_tensor(y) if isinstance(y, np.ndarray) else y
        ours = getattr(ops, name)(first, second)
        pair = [real().ops.convert_to_tensor(z) if isinstance(z, np.ndarray) else z for z in (x, y)]
        wanted = array(theirs(name)(*pair))
        assert (ours.dtype, ours.shape) == (wanted.dtype.name, wanted.shape)
        np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-6)


def test_python_operators_are_ops(backend):
    x = np.array([[1.0, -2.0], [3.0, 0.5]], "float32")
    y = np.array([2.0, 4.0], "float32")
    t, u = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    for ours, wanted in [
        (t + u, x + y), (t - u, x - y), (t * u, x * y), (t / u, x / y), (abs(t) ** u, abs(x) ** y), (t @ u, x @ y),
        (-t, -x), (2 + t, 2 + x), (2 - t, 2 - x), (2 * t, 2 * x), (2 / t, 2 / x), (2**t, 2**x), (x @ t, x @ x),
        (x + t, x + x), (np.float32(2) * t, 2 * x), (np.float64(2) * t, 2 * x), (t == t, x == x), (t != u, x != y),
        (t < u, x < y), (t <= u, x <= y), (t > u, x > y), (t >= u, x >= y), (t[0], x[0]), (t[:, 1:], x[:, 1:]),
        (t[..., None], x[..., None]), (t[-1, ::-1], x[-1, ::-1]),
    ]:
        assert isinstance(ours, Tensor)
        np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-6)
        assert ours.dtype == wanted.dtype.name


KEYS = [0, -1, slice(1, None), (slice(None), 1), (..., None), (slice(None, None, -1), 2), ([2, 0, 2],)]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_gradient_of_getitem(key, backend, float64):
    x = np.random.default_rng(1).normal(size=(3, 4))
    t = Tensor(x, tracked=True)
    with Tape() as tape:
        loss = ops.sum(t[key] * t[key])
    wanted = differences(lambda: (x[key] ** 2).sum(), x)
    np.testing.assert_allclose(tape.gradients(loss, [t])[0], wanted, rtol=1e-6, atol=1e-8)


# mistakes --------------------------------------------------------------------------------------

ONES = {shape: np.ones(shape, "float32") for shape in [(2, 3), (4, 5), (2,), (3,), (2, 2, 3), (3, 4, 5)]}


MISTAKES = [
    (lambda: ops.matmul(ONES[2, 3], ONES[4, 5]), ValueError, ["(2, 3)", "(4, 5)", "last axis"]),
    (lambda: ops.matmul(ONES[2, 3], np.float32(1)), ValueError, ["(2, 3)", "()"]),
    (lambda: ops.matmul(ONES[2, 2, 3], ONES[3, 4, 5]), ValueError, ["(2, 2, 3)", "(3, 4, 5)"]),
    (lambda: ops.add(ONES[2, 3], ONES[2,]), ValueError, ["(2, 3)", "(2,)", "add", "equal or one of them 1"]),
    (lambda: ops.multiply(ONES[2, 3], ONES[4, 5]), ValueError, ["(2, 3)", "(4, 5)", "multiply"]),
    (lambda: ops.greater(ONES[2, 3], ONES[2,]), ValueError, ["(2, 3)", "(2,)", "greater", "equal or one of them 1"]),
    (lambda: ops.where(ONES[2, 3] > 0, ONES[2,], 0.0), ValueError, ["(2, 3)", "(2,)", "where"]),
    (lambda: ops.reshape(ONES[2, 3], (4, 2)), ValueError, ["(2, 3)", "6 numbers", "(4, 2)", "8 numbers"]),
    (lambda: ops.reshape(ONES[2, 3], (-1, 4)), ValueError, ["(2, 3)", "(-1, 4)", "multiple"]),
    (lambda: ops.sum(ONES[2, 3], axis=2), ValueError, ["axis 2", "-2 to 1"]),
    (lambda: ops.mean(ONES[2, 3], axis=(0, -3)), ValueError, ["axis -3", "-2 to 1"]),
    (lambda: ops.argmax(ONES[2, 3], axis=5), ValueError, ["axis 5", "-2 to 1"]),
    (lambda: ops.softmax(ONES[2, 3], axis=4), ValueError, ["axis", "4"]),
    (lambda: ops.transpose(ONES[2, 3], (0, 0)), ValueError, ["(0, 0)", "(2, 3)"]),
    (lambda: ops.transpose(ONES[2, 3], (0, 5)), ValueError, ["5", "(2, 3)"]),
    (lambda: ops.squeeze(ONES[2, 3], axis=0), ValueError, ["axis=0", "(2, 3)"]),
    (lambda: ops.expand_dims(ONES[2, 3], 7), ValueError, ["axis 7", "-3 to 2"]),
    (lambda: ops.take(ONES[2, 3], [0, 2], axis=0), IndexError, ["index 2", "0..1"]),
    (lambda: ops.take(ONES[2, 3], [3], axis=1), IndexError, ["index 3", "0..2"]),
    (lambda: ops.sparse_categorical_crossentropy([0, 3], ONES[2, 3]), ValueError, ["label 3", "row 1", "0..2"]),
    (lambda: ops.sparse_categorical_crossentropy([-1, 0], ONES[2, 3]), ValueError, ["label -1", "row 0", "0..2"]),
    (lambda: ops.sparse_categorical_crossentropy(ONES[2, 3], ONES[2, 3]), ValueError, ["(2, 3)", "one-hot"]),
    (lambda: ops.categorical_crossentropy(ONES[2,], ONES[2, 3]), ValueError, ["(2,)", "(2, 3)", "to_categorical"]),
    (lambda: ops.binary_crossentropy(ONES[3,], ONES[2, 3]), ValueError, ["(3,)", "(2, 3)"]),
    (lambda: ops.convert_to_tensor("cat"), TypeError, ["<U3", "expected numbers"]),
    (lambda: ops.convert_to_tensor([None, 1]), TypeError, ["object"]),
    (lambda: ops.convert_to_tensor(np.array([1j])), TypeError, ["complex"]),
]


@pytest.mark.parametrize("call, error, words", MISTAKES, ids=[" ".join(words) for _, _, words in MISTAKES])
def test_mistakes_are_explained(call, error, words, backend):
    with pytest.raises(error) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


# edges -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sum", "mean"])
def test_sums_of_nothing(name, backend):
    with np.errstate(all="ignore"):
        ours = getattr(ops, name)(np.zeros((0, 3), "float32"), axis=0)
    np.testing.assert_array_equal(ours.numpy(), array(theirs(name)(np.zeros((0, 3), "float32"), axis=0)))


def test_a_batch_of_no_rows(backend):
    """What the last layers of a model do with an empty batch."""
    x = np.zeros((0, 3), "float32")
    assert ops.softmax(ops.matmul(x, ONES[3,][:, None] * ONES[2,])).shape == (0, 2)
    assert ops.reshape(np.zeros((0, 2, 3), "float32"), (0, 6)).shape == (0, 6)
    assert ops.take(ONES[2, 3], np.zeros(0, int), axis=0).shape == (0, 3)
    assert ops.one_hot(np.zeros(0, int), 4).shape == (0, 4)


@pytest.mark.parametrize("x", [-1e30, -100.0, -30.0, 0.0, 30.0, 100.0, 1e30, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "softplus", "relu", "elu", "silu", "softsign", "exp", "log_sigmoid", "leaky_relu"]
)
def test_far_from_zero(name, x, backend):
    """No overflow shows where the true value is finite: beside real Keras, which took care of it."""
    x = np.array([x], "float32")
    with np.errstate(all="ignore"):
        ours = getattr(ops, name)(x).numpy()
    np.testing.assert_allclose(ours, array(theirs(name)(x)), rtol=1e-5, atol=1e-30)


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_sure_and_wrong_costs_much_but_not_infinitely(name, from_logits, backend):
    y = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], "float32")
    p = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]], "float32") * (200 if from_logits else 1)
    ours = getattr(ops, name)(y, p, from_logits=from_logits).numpy()
    wanted = array(theirs(name)(y, p, from_logits=from_logits))
    assert np.isfinite(ours).all()
    np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=2e-7)


def test_powers_of_zero_have_gradients(backend):
    """d x**p / dx at 0 is 0 for p = 0 and p = 2, and 1 for p = 1: no NaN from 0 * inf."""
    for p, wanted in ((0.0, 0.0), (1.0, 1.0), (2.0, 0.0)):
        x = Tensor(np.zeros(1, "float32"), tracked=True)
        with Tape() as tape:
            loss = ops.sum(ops.power(x, p))
        assert tape.gradients(loss, [x])[0][0] == wanted


def test_relu_has_no_gradient_at_zero(backend):
    x = Tensor(np.array([-1.0, 0.0, 1.0], "float32"), tracked=True)
    with Tape() as tape:
        loss = ops.sum(ops.relu(x))
    assert tape.gradients(loss, [x])[0].tolist() == [0, 0, 1]


def test_equals_share_the_gradient_of_max(backend):
    x = Tensor(np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], "float32"), tracked=True)
    with Tape() as tape:
        loss = ops.sum(ops.max(x, axis=1))
    np.testing.assert_allclose(tape.gradients(loss, [x])[0], [[0, 1 / 2, 1 / 2], [1 / 3] * 3], rtol=1e-6)


def test_argmax_gives_the_first_of_equals(backend):
    assert ops.argmax([[1.0, 3.0, 3.0]], axis=-1).numpy().tolist() == [1]


def test_stop_gradient(backend):
    x = Tensor(np.array([3.0], "float32"), tracked=True)
    with Tape() as tape:
        loss = ops.sum(x * ops.stop_gradient(x))
    assert tape.gradients(loss, [x])[0].tolist() == [3]  # not 6


def test_made_from_nothing():
    for name, *arguments in [("zeros", (2, 3)), ("ones", (2,)), ("zeros", (2,), "int32"), ("ones", (), "bool")]:
        ours, wanted = getattr(ops, name)(*arguments), array(theirs(name)(*arguments))
        assert ours.dtype == wanted.dtype.name
        np.testing.assert_array_equal(ours.numpy(), wanted)
    assert math.isclose(float(ops.convert_to_tensor(1.5)), 1.5)
    assert ops.shape(np.zeros((2, 3))) == (2, 3)
    assert isinstance(ops.convert_to_numpy(ops.ones((2,))), np.ndarray)


@pytest.mark.parametrize(
    "x", [1, 2.5, True, [1, 2], [1.0], [True], np.arange(3, dtype="int32"), np.array(2.0)]
)
def test_convert_to_tensor_gives_the_dtype_that_keras_gives(x):
    ours, wanted = ops.convert_to_tensor(x), array(real().ops.convert_to_tensor(x))
    assert (ours.dtype, ours.shape) == (wanted.dtype.name, wanted.shape)


def test_views_of_all_kinds_become_contiguous():
    base = np.arange(24.0, dtype="float32").reshape(4, 6)
    read_only = base.copy()
    read_only.flags.writeable = False
    for x in (base.T, base[::-1], base[:, ::2], base[1:3, 1:4], read_only, np.asfortranarray(base)):
        np.testing.assert_array_equal((ops.convert_to_tensor(x) + 0.0).numpy(), x)
        np.testing.assert_array_equal(ops.relu(x).numpy(), x)
        assert ops.convert_to_tensor(x).value.flags.c_contiguous
