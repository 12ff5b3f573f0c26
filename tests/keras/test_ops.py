"""Each op: its value beside real Keras's on JAX, its gradient beside finite differences, on every backend.

A new op is one line in `op_cases/`; `case.py` there says how to write it.
"""

import functools
import inspect
import math

import numpy as np
import pytest

from kerastutor.backends import fetch, wrote
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.op_cases import CASES, LACKING, NO_CASE, NOT_LIKE_KERAS, flat
from tests.keras.oracle import array, real, same_signature

PUBLIC = {n for n in vars(ops) if not n.startswith("_") and not inspect.ismodule(getattr(ops, n))}
IDS = [f"{i}-{case.id}" for i, case in enumerate(CASES)]


def with_slow_ones():
    """All cases; slow are all but the first of each op, as JAX compiles every one of them."""
    seen = set()
    for case, name in zip(CASES, IDS):
        yield pytest.param(case, id=name, marks=[pytest.mark.slow] if case.name in seen else [])
        seen.add(case.name)


def theirs(name):
    return getattr(real().ops, name)


@functools.cache
def keras_result(case):
    with np.errstate(all="ignore"):
        arrays = [real().ops.convert_to_tensor(x) for x in case.inputs("float32")]
    return [array(y) for y in flat(case.call(real().ops, arrays))]


@pytest.mark.parametrize("case", with_slow_ones())
def test_value(case, backend):
    """The same number to some roundings of float32, the same shape, the same dtype."""
    ours = flat(case.call(ops, case.inputs("float32")))
    for y, wanted in zip(ours, keras_result(case), strict=True):
        assert y.shape == wanted.shape
        assert y.dtype == wanted.dtype.name
        np.testing.assert_allclose(y.numpy(), wanted, rtol=case.rtol, atol=case.atol)


@pytest.mark.parametrize("case", [c for c in CASES if c.gradient], ids=[i for i, c in zip(IDS, CASES) if c.gradient])
def test_gradient(case, backend, float64):
    """Against central differences of a weighted sum of the results, for every element of every float input."""
    inputs = case.inputs("float64")
    watched = [Tensor(x, tracked=True) if x.dtype.kind == "f" else x for x in inputs]
    rng = np.random.default_rng(2)

    def floats_of(results):
        return [y for y in flat(results) if y.value.dtype.kind == "f"]

    weights = [np.asarray(rng.normal(size=y.shape)) for y in floats_of(case.call(ops, inputs))]
    with Tape() as tape:
        loss = sum(ops.sum(y * w) for y, w in zip(floats_of(case.call(ops, watched)), weights, strict=True))
    chosen = [i for i, x in enumerate(inputs) if x.dtype.kind == "f" and i not in case.constant]
    gradients = tape.gradients(loss, [watched[i] for i in chosen])

    def value():
        return sum(np.nansum(y.numpy() * w) for y, w in zip(floats_of(case.call(ops, inputs)), weights, strict=True))

    for i, found in zip(chosen, gradients, strict=True):
        assert found.shape == inputs[i].shape
        known = ~np.isnan(inputs[i])
        wanted = differences(value, inputs[i])
        np.testing.assert_allclose(found[known], wanted[known], rtol=1e-6, atol=1e-7)


def differences(loss, x, step=1e-6):
    """d loss / d x by central differences; x is changed in place and put back."""
    wanted = np.empty(x.shape)

    def loss_at(i, number):
        x[i] = number
        wrote(x)
        return loss()

    for i in np.ndindex(x.shape):
        here = fetch(x)[i]
        wanted[i] = (loss_at(i, here + step) - loss_at(i, here - step)) / (2 * step)
        x[i] = here
        wrote(x)
    return wanted


def test_every_public_op_has_a_case():
    names = {case.name for case in CASES if not case.name.startswith("image.")}
    assert names | set(NO_CASE) == PUBLIC
    assert not names & set(NO_CASE)


def test_every_op_on_images_has_a_case():
    names = {case.name.removeprefix("image.") for case in CASES if case.name.startswith("image.")}
    elsewhere = {"resize", "affine_transform", "rgb_to_grayscale"}  # test_preprocessing_images.py
    theirs = {n for n in vars(real().ops.image) if not n.startswith("_")}
    assert names | elsewhere == {n for n in theirs if hasattr(ops.image, n)}


def test_there_is_every_op_that_keras_has():
    theirs = {n for n in vars(real().ops) if not n.startswith("_") and not inspect.ismodule(getattr(real().ops, n))}
    assert theirs - PUBLIC == set(LACKING)
    assert PUBLIC - theirs == set()


@pytest.mark.parametrize("module", ["nn", "numpy", "linalg"])
def test_keras_has_ops_by_a_second_name(module):
    names = {n for n in vars(getattr(real().ops, module)) if not n.startswith("_")}
    assert all(getattr(getattr(ops, module), name) is getattr(ops, name) for name in names - set(LACKING))


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
        (t[..., None], x[..., None]), (t[-1, ::-1], x[-1, ::-1]), (t // u, x // y), (t % u, x % y), (7 // u, 7 // y),
        (7 % u, 7 % y), (+t, x), (round(t), np.round(x)), (round(t, 1), np.round(x, 1)), (t.T, x.T),
    ]:
        assert isinstance(ours, Tensor)
        np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-6)
        assert ours.dtype == wanted.dtype.name


def test_python_operators_of_whole_numbers_and_bools(backend):
    x, y = np.array([12, 7, -3], "int32"), np.array([5, 2, 1], "int32")
    p, q = x > 0, y > 1
    t, u, r, s = (ops.convert_to_tensor(v) for v in (x, y, p, q))
    for ours, wanted in [
        (t & u, x & y), (t | u, x | y), (t ^ u, x ^ y), (~t, ~x), (t << u, x << y), (t >> u, x >> y), (6 & t, 6 & x),
        (6 | t, 6 | x), (6 ^ t, 6 ^ x), (2 << u, 2 << y), (99 >> u, 99 >> y), (t // u, x // y), (t % u, x % y),
        (r & s, p & q), (r | s, p | q), (r ^ s, p ^ q), (~r, ~p), (r & True, p & True),
    ]:
        np.testing.assert_array_equal(ours.numpy(), wanted)
        assert ours.dtype == wanted.dtype.name


def test_tensors_as_keys(backend, float64):
    """Ints may repeat; a slice beside them; bools choose as many as are true."""
    x = np.random.default_rng(1).normal(size=(3, 4))
    for key in ([2, 0, 2], [[1], [1]], [True, False, True]):
        for ours, theirs in ((np.array(key), np.array(key)), ((slice(None, 2), np.array([3, 3])),) * 2):
            t = Tensor(x, tracked=True)
            with Tape() as tape:
                y = t[tuple(ops.convert_to_tensor(k) if isinstance(k, np.ndarray) else k for k in ours)
                      if isinstance(ours, tuple) else ops.convert_to_tensor(ours)]
                loss = ops.sum(y * y)
            np.testing.assert_array_equal(y.numpy(), x[theirs])
            wanted = differences(lambda: (x[theirs] ** 2).sum(), x)  # noqa: B023
            np.testing.assert_allclose(tape.gradients(loss, [t])[0], wanted, rtol=1e-6, atol=1e-8)


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
    (lambda: ops.take(ONES[2, 3], [-3], axis=0), IndexError, ["index -3", "0..1"]),
    (lambda: ops.take_along_axis(ONES[2, 3], [[3], [0]], axis=1), IndexError, ["index 3", "0..2"]),
    (lambda: ops.take_along_axis(ONES[2, 3], [0], axis=1), ValueError, ["(2, 3)", "(1,)"]),
    (lambda: ops.convert_to_tensor(ONES[2, 3])[:, 3], IndexError, ["(2, 3)", ":, 3"]),
    (lambda: ops.convert_to_tensor(ONES[2, 3])[ops.convert_to_tensor([5])], IndexError, ["index 5", "0..1"]),
    (lambda: ops.convert_to_tensor(ONES[2, 3]).__setitem__(0, 1), TypeError, ["slice_update", "assign"]),
    (lambda: ops.slice(ONES[2, 3], (1, 1), (2, 2)), IndexError, ["begins at 1", "axis 0", "size 2"]),
    (lambda: ops.slice(ONES[2, 3], ops.convert_to_tensor([0, 2]), (1, 2)), IndexError, ["begins at 2", "axis 1"]),
    (lambda: ops.slice(ONES[2, 3], ops.convert_to_tensor([0, 2]), (1, -1)), ValueError, ["-1", "plain ints"]),
    (lambda: ops.slice(ONES[2, 3], (0,), (1,)), ValueError, ["(2, 3)", "each axis"]),
    (lambda: ops.slice_update(ONES[2, 3], (0, 0), ONES[4, 5]), ValueError, ["(4, 5)", "(2, 3)"]),
    (lambda: ops.scatter([[3]], [1.0], (3,)), IndexError, ["index 3", "0..2"]),
    (lambda: ops.scatter([[0, 1]], [1.0], (3,)), ValueError, ["(1, 2)", "(3,)"]),
    (lambda: ops.scatter_update(ONES[2, 3], [[0, 1]], [1.0], "sum"), ValueError, ["sum", "add"]),
    (lambda: ops.segment_sum(ONES[2, 3], [0, 5], 3), IndexError, ["index 5", "0..2"]),
    (lambda: ops.segment_max(ONES[2, 3], [0, 1]), ValueError, ["num_segments"]),
    (lambda: ops.concatenate([ONES[2, 3], ONES[4, 5]]), ValueError, ["(2, 3)", "(4, 5)", "axis=0"]),
    (lambda: ops.stack([ONES[2, 3], ONES[3,]]), ValueError, ["(2, 3)", "(3,)"]),
    (lambda: ops.split(ONES[2, 3], 2, axis=1), ValueError, ["(2, 3)", "2 equal parts", "array_split"]),
    (lambda: ops.unstack(ONES[2, 3], 3), ValueError, ["num is 3", "size 2"]),
    (lambda: ops.pad(ONES[2, 3], 1, "mirror"), ValueError, ["mirror", "reflect"]),
    (lambda: ops.pad(ONES[2, 3], 1, "edge", 2.0), ValueError, ["constant_values", "edge"]),
    (lambda: ops.broadcast_to(ONES[2, 3], (3, 3)), ValueError, ["(2, 3)", "(3, 3)"]),
    (lambda: ops.rearrange(ONES[2, 3], "a b c -> c"), ValueError, ["a b c", "(2, 3)"]),
    (lambda: ops.einsum("ij,jk->ik", ONES[2, 3], ONES[4, 5]), ValueError, ["'j' is 3 and 4", "(2, 3)", "(4, 5)"]),
    (lambda: ops.einsum("ijk->i", ONES[2, 3]), ValueError, ["'ijk'", "(2, 3)"]),
    (lambda: ops.einsum("ij->iz", ONES[2, 3]), ValueError, ["ij->iz"]),
    (lambda: ops.einsum("ij,jk", ONES[2, 3]), ValueError, ["2 operands", "1"]),
    (lambda: ops.tensordot(ONES[2, 3], ONES[4, 5], 1), ValueError, ["(2, 3)", "(4, 5)"]),
    (lambda: ops.cholesky([[1.0, 2.0], [2.0, 1.0]]), ValueError, ["cholesky", "positive definite"]),
    (lambda: ops.inv([[1.0, 2.0], [2.0, 4.0]]), ValueError, ["inv", "ingular"]),
    (lambda: ops.det(ONES[2, 3]), ValueError, ["det", "square", "(2, 3)"]),
    (lambda: ops.norm(ONES[2, 3], ord="frob"), ValueError, ["frob", "fro"]),
    (lambda: ops.fft(ONES[2, 3]), ValueError, ["fft", "pair"]),
    (lambda: ops.quantile(ONES[2, 3], 0.5, method="cubic"), ValueError, ["cubic", "midpoint"]),
    (lambda: ops.max(np.zeros((0, 2)), axis=0), ValueError, ["(0, 2)", "initial"]),
    (lambda: ops.top_k(ONES[2, 3], 4), ValueError, ["k=4", "(2, 3)"]),
    (lambda: ops.glu(ONES[2, 3]), ValueError, ["odd", "(2, 3)"]),
    (lambda: ops.bitwise_and(ONES[2, 3], 1), TypeError, ["bitwise_and", "float32", "cast"]),
    (lambda: ops.dot_product_attention(ONES[2, 3], ONES[2, 3], ONES[2, 3]), ValueError, ["(2, 3)", "heads"]),
    (lambda: ops.convert_to_tensor([1.0], sparse=True), ValueError, ["sparse"]),
    (lambda: ops.where(ONES[2, 3], ONES[2, 3]), ValueError, ["where", "both"]),
    (lambda: ops.scan(lambda c, x: (c, x), 0, np.zeros((0, 2))), ValueError, ["no rows"]),
    (lambda: ops.scan(lambda c, x: (c, x), 0, ONES[2, 3], length=3), ValueError, ["length is 3", "2 rows"]),
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


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_equals_share_the_gradient(name, backend):
    """As in JAX: half of it each, also where a plain number is one of the two."""
    import jax

    x, y = np.array([1.0, 2.0, 3.0], "float32"), np.array([2.0, 2.0, 2.0], "float32")
    wanted = jax.grad(lambda x, y: theirs(name)(x, y).sum(), (0, 1))(x, y)
    t, u = Tensor(x, tracked=True), Tensor(y, tracked=True)
    with Tape() as tape:
        loss = ops.sum(getattr(ops, name)(t, u))
    np.testing.assert_array_equal(tape.gradients(loss, [t, u]), wanted)
    with Tape() as tape:
        loss = ops.sum(getattr(ops, name)(t, 2.0))
    np.testing.assert_array_equal(tape.gradients(loss, [t])[0], wanted[0])


@pytest.mark.parametrize("name", ["relu6", "elu", "celu", "leaky_relu", "hard_sigmoid", "hard_tanh", "softplus", "gelu",
                                  "hard_silu", "sparse_plus", "sparse_sigmoid", "soft_shrink", "hard_shrink", "selu"])
def test_slopes_at_the_corners_are_those_of_jax(name, backend):
    import jax

    x = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0], "float32")
    t = Tensor(x, tracked=True)
    with Tape() as tape:
        loss = ops.sum(getattr(ops, name)(t))
    wanted = jax.grad(lambda x: theirs(name)(x).sum())(x)
    np.testing.assert_allclose(tape.gradients(loss, [t])[0], wanted, rtol=1e-5, atol=1e-6)


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
