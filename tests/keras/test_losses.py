"""Each loss beside real Keras's on JAX: value and gradient, weighted and not, in every reduction."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras import losses
from kerastutor.keras.autodiff import Tape, Tensor, recording
from tests.keras.loss_cases import CASES, IDS, K, N, numbers, shares, zeros_and_ones
from tests.keras.oracle import array, real, same_signature

LACKING = {}  # public names of keras.losses that are not offered here: the reason of each

every_case = pytest.mark.parametrize("case", range(len(CASES)), ids=IDS)


@functools.cache
def drawn(case):
    """Targets, predictions and weights: one for each sample, or for each loss where a sample is none by itself."""
    rng = np.random.default_rng(case)
    y, p = CASES[case][1](rng), CASES[case][2](rng)
    each = jax.eval_shape(theirs(case, reduction=None), y, p)
    return y, p, rng.uniform(0, 3, (*each.shape[:1], *[1] * (len(each.shape) - 1))).astype("float32")


def ours(case, **more):
    return getattr(losses, CASES[case][0])(**CASES[case][3], **more)


def theirs(case, **more):
    return getattr(real().losses, CASES[case][0])(**CASES[case][3], **more)


@functools.cache
def wanted(case):
    """Of real Keras: each sample's loss; then the loss with its two gradients, not weighted and weighted."""
    y, p, w = drawn(case)
    each, loss, integers = theirs(case, reduction=None), theirs(case), y.dtype.kind != "f"
    slopes = jax.value_and_grad(lambda t, q, weights: loss(t, q, weights), 1 if integers else (0, 1))
    found = jax.jit(lambda t, q, weights: (each(t, q), slopes(t, q, None), slopes(t, q, weights)))(y, p, w)
    return [np.asarray(found[0]), *((value, (None, slope) if integers else slope) for value, slope in found[1:])]


@every_case
@pytest.mark.parametrize("weighted", [False, True])
def test_value_and_gradient(case, weighted, backend):
    y, p, w = drawn(case)
    x = Tensor(p, tracked=True)
    with Tape() as tape:
        loss = ours(case)(y, x, w if weighted else None)
    value, (_, gradient) = wanted(case)[1 + weighted]
    assert loss.shape == () and loss.dtype == "float32"
    np.testing.assert_allclose(loss.numpy(), value, rtol=2e-5)
    np.testing.assert_allclose(tape.gradients(loss, [x])[0], gradient, rtol=2e-4, atol=1e-6)


@every_case
def test_gradient_to_targets(case):
    """Rarely asked for, as when one model teaches another: it is Keras's too, and the value stays."""
    y, p, _ = drawn(case)
    if y.dtype.kind != "f":
        pytest.skip("class numbers")
    target, x = Tensor(y, tracked=True), Tensor(p, tracked=True)
    with Tape() as tape:
        loss = ours(case)(target, x)
    value, gradients = wanted(case)[1]
    np.testing.assert_allclose(loss.numpy(), value, rtol=2e-5)
    for found, expected in zip(tape.gradients(loss, [target, x]), gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-4, atol=1e-6)


@every_case
@pytest.mark.parametrize("backend", ["numpy"], indirect=True)
def test_gradient_against_differences(case, backend, float64, rng):
    """Along a random direction, in float64."""
    y, p, w = drawn(case)
    p, direction, step = p.astype("float64"), rng.normal(size=p.shape), 1e-6
    x = Tensor(p, tracked=True)
    with Tape() as tape:
        loss = ours(case)(y, x, w)
    slope = np.sum(tape.gradients(loss, [x])[0] * direction)
    higher, lower = (ours(case)(y, p + sign * step * direction, w).item() for sign in (1, -1))
    assert loss.dtype == "float64"
    np.testing.assert_allclose(slope, (higher - lower) / (2 * step), rtol=1e-5, atol=1e-8)


@every_case
def test_each_sample(case, backend):
    """Without a reduction, and as a function."""
    y, p, _ = drawn(case)
    each, loss = wanted(case)[0], ours(case, reduction="none")
    np.testing.assert_allclose(loss(y, p).numpy(), each, rtol=2e-4, atol=1e-6)
    function = loss.fn(y, p, **loss._fn_kwargs)
    assert function.shape == each.shape
    np.testing.assert_allclose(function.numpy()[each > 0], each[each > 0], rtol=2e-4, atol=1e-6)


@every_case
def test_recorded(case, backend):
    """Recorded once and replayed on other numbers, each loss gives what it gives eagerly, with the same gradient."""
    y, p, w = drawn(case)
    inputs = [np.zeros_like(y), np.full_like(p, 0.5)]
    with recording() as calls:
        x = Tensor(inputs[1], tracked=True)
        with Tape() as tape:
            recorded = ours(case)(Tensor(inputs[0]), x, w)
        gradient = tape.gradients(recorded, [x])[0]
    inputs[0][...], inputs[1][...] = y, p
    for kernel, arguments in calls:
        kernel(*arguments)
    x = Tensor(p, tracked=True)
    with Tape() as tape:
        eager = ours(case)(y, x, w)
    np.testing.assert_allclose(recorded.numpy(), eager.numpy(), rtol=1e-6)
    np.testing.assert_allclose(gradient, tape.gradients(eager, [x])[0], rtol=1e-6, atol=1e-9)


@every_case
@pytest.mark.parametrize("n", [0, 1])
def test_batches_of_none_and_one(case, n):
    if CASES[case][0] == "Circle" and not n:
        pytest.skip("nothing to compare with")
    y, p, w = drawn(case)
    loss = ours(case)(y[:n], p[:n], w[:n] if w.shape[:1] == (N,) else w)
    assert loss.shape in ((), (0,)) and (n == 0 or np.isfinite(loss.item()))


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None])
@pytest.mark.parametrize("weights", [None, (N,), (N, 1), (N, 5), (1,)])
def test_reductions_and_weights(reduction, weights, rng):
    """Samples of shape (5, K), so that there are 5 losses each: a weight a sample, or one a loss."""
    y, p = numbers(rng, (N, 5, K)), numbers(rng, (N, 5, K))
    w = None if weights is None else rng.uniform(0, 2, weights).astype("float32")
    if weights == (N,):  # refused by JAX too: neither 5 nor 1
        w = w[:, None]
    ours = keras.losses.MeanSquaredError(reduction=reduction)(y, p, w)
    theirs = array(real().losses.MeanSquaredError(reduction=reduction)(y, p, w))
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-5)


def test_all_weights_zero():
    loss = keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")
    assert loss([[1.0]], [[2.0]], [0.0]).item() == 0


@pytest.mark.parametrize("y, p", [
    ((N,), (N, 1)), ((N, 1), (N,)), ((N, 3), (N, 3, 1)), ((N, 3, 1), (N, 3)), ((N,), (N,)),
])
def test_ranks_are_matched_as_in_keras(y, p, rng):
    y, p = numbers(rng, y), numbers(rng, p)
    np.testing.assert_allclose(
        keras.losses.MeanSquaredError()(y, p).numpy(), real().losses.MeanSquaredError()(y, p), rtol=1e-5
    )


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "float64", "bool"])
def test_targets_of_any_dtype(dtype, rng):
    y, p = zeros_and_ones(rng).astype(dtype), shares(rng)
    np.testing.assert_allclose(
        keras.losses.BinaryCrossentropy()(y, p).numpy(), real().losses.BinaryCrossentropy()(y, p), rtol=1e-5
    )


@pytest.mark.parametrize("weighted", [False, True])
def test_mask_of_the_predictions(weighted, rng):
    """Masked steps don't count: the mean is over the others."""
    y, p, mask = numbers(rng, (N, 5, 2)), numbers(rng, (N, 5, 2)), rng.random((N, 5)) < 0.6
    w = rng.random((N, 1)).astype("float32") if weighted else None
    ours, theirs = Tensor(p), jnp.asarray(p)
    ours._keras_mask = Tensor(mask)
    theirs = real().ops.convert_to_tensor(theirs)
    theirs._keras_mask = jnp.asarray(mask)
    np.testing.assert_allclose(
        keras.losses.MeanSquaredError()(y, ours, w).numpy(), real().losses.MeanSquaredError()(y, theirs, w), rtol=1e-5
    )


def test_own_losses(rng):
    """A subclass, and a plain function, as with Keras."""
    y, p, w = numbers(rng), numbers(rng), rng.random(N).astype("float32")

    def make(k):
        class Quartic(k.losses.Loss):
            def call(self, y_true, y_pred):
                return k.ops.mean((y_true - y_pred) ** 4, axis=-1)

        return Quartic()

    np.testing.assert_allclose(make(keras)(y, p, w).numpy(), make(real())(y, p, w), rtol=1e-5)

    def largest(y_true, y_pred):
        return keras.ops.max(abs(y_true - y_pred), axis=-1)

    wrapped = losses.LossFunctionWrapper(keras.losses.get(largest))
    assert wrapped.name == "largest"
    huber = losses.deserialize(losses.serialize(losses.LossFunctionWrapper(losses.huber, delta=0.5)))
    assert huber.fn is losses.huber and huber.delta == 0.5
    np.testing.assert_allclose(wrapped(y, p).numpy(), abs(y - p).max(-1).mean(), rtol=1e-5)


def test_names():
    """Names, aliases and arguments are Keras's; what is lacking is named."""
    theirs = real().losses
    public = {name for name in dir(theirs) if not name.startswith("_")}
    assert public - set(losses.__all__) == set(LACKING) and not set(LACKING) & set(losses.__all__)
    for name in public - set(LACKING):
        assert not list(same_signature(getattr(losses, name), getattr(theirs, name))), name
        assert list(same_signature(getattr(theirs, name), getattr(losses, name))) == [], name
    from keras.src.losses import ALL_OBJECTS_DICT

    def name_of(loss):
        return getattr(loss, "name", None) or loss.__name__

    for name in ALL_OBJECTS_DICT:
        if name not in ("Loss", "LossFunctionWrapper"):
            assert name_of(losses.get(name)) == name_of(theirs.get(name))
    assert losses.get(None) is None
    assert losses.get(losses.Huber).name == "huber_loss"


FORGOTTEN = {"delta", "axis"}  # arguments that Keras does not write for some losses, and so loses in a file


@every_case
def test_configuration(case):
    """As Keras writes it; and made again from it, here and in real Keras, a loss is the same."""
    loss, config = ours(case), losses.serialize(ours(case))
    written, by_keras = config["config"], real().losses.serialize(theirs(case))["config"]
    assert {k: v for k, v in written.items() if k in by_keras} == by_keras
    assert set(written) - set(by_keras) <= FORGOTTEN & set(CASES[case][3])
    again = losses.deserialize(config)
    assert type(again) is type(loss) and again.get_config() == loss.get_config()
    theirs_again = real().saving.deserialize_keras_object(config)
    assert type(theirs_again) is type(theirs(case)) and theirs_again.get_config() == by_keras
    for argument, value in CASES[case][3].items():
        assert getattr(loss, argument) == value


def nested(k):
    """A loss of two targets and two predictions, in dicts."""

    class Both(k.losses.Loss):
        def call(self, y_true, y_pred):
            near, far = (k.ops.square(y_true[key] - y_pred[key]) for key in ("near", "far"))
            return k.ops.mean(near + 2 * far, axis=-1)

    return Both()


def test_structures(rng):
    """Targets and predictions may be nested, as in Keras."""
    y, p = ({"near": numbers(rng), "far": numbers(rng)} for _ in range(2))
    np.testing.assert_allclose(nested(keras)(y, p).numpy(), nested(real())(y, p), rtol=1e-5)

    def make(k):
        fn = lambda y_true, y_pred: k.ops.mean(abs(y_true[0] - y_pred[0]) + abs(y_true[1] - y_pred[1]), axis=-1)
        from keras.src.losses import LossFunctionWrapper

        return (losses.LossFunctionWrapper if k is keras else LossFunctionWrapper)(fn, name="two")

    y, p = [numbers(rng), numbers(rng, (N, 1))], [numbers(rng), numbers(rng, (N,))]
    np.testing.assert_allclose(make(keras)(y, p).numpy(), make(real())(y, p), rtol=1e-5)
    with pytest.raises(ValueError, match="nested differently"):
        make(keras)(y, p[0])


def test_circle_beside_references(rng):
    """Samples may be compared with others than one another."""
    rows = rng.normal(size=(N + 4, 5)).astype("float32")
    rows /= np.sqrt((rows**2).sum(1, keepdims=True))
    labels = rng.integers(0, 3, N + 4)
    arguments = labels[:N], rows[:N], labels[N:], rows[N:]
    for options in ({}, {"remove_diagonal": False, "gamma": 10}):
        found, wanted = losses.circle(*arguments, **options), real().losses.circle(*arguments, **options)
        np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=1e-6)


def test_one_target_for_all(rng):
    """A number, as when a discriminator is told that all its images are real."""
    p = shares(rng)
    for name in ("mean_squared_error", "mean_absolute_error"):
        np.testing.assert_allclose(
            getattr(losses, name)(1.0, p).numpy(), getattr(real().losses, name)(1.0, p), rtol=1e-5
        )


def test_a_list_of_samples_is_an_array(rng):
    y, p = numbers(rng), numbers(rng)
    whole = keras.losses.MeanSquaredError()(y, p).item()
    assert keras.losses.MeanSquaredError()(y.tolist(), p).item() == whole
    assert keras.losses.MeanSquaredError()(list(y), list(p)).item() == pytest.approx(whole)


@pytest.mark.parametrize("weights", [(5,), (N,), (N, 5, K), (N, 4), (2, 1)])
def test_weights_that_do_not_fit(weights):
    """(5,) would weigh columns if there were 5 samples too: then Keras does so without a word."""
    y = np.zeros((5 if weights == (5,) else N, 5, K))
    with pytest.raises(ValueError, match="sample_weight of shape .* Give|To give each sample one weight"):
        keras.losses.MeanSquaredError()(y, y, np.ones(weights))


def test_everything_masked(rng):
    p = Tensor(numbers(rng))
    p._keras_mask = Tensor(np.zeros(N, bool))
    assert keras.losses.MeanSquaredError()(numbers(rng), p).item() == 0


@pytest.mark.parametrize("y, p, told", [
    ((N, 5), (N, 1), "5 units"),
    ((N, 1), (N, 5), "Dense\\(1\\)"),
    ((N,), (N, 5), "sparse_categorical_crossentropy"),
    ((N,), (N - 1,), "as many targets as samples"),
    ((N, 2, 3), (N, 3), "Reshape"),
])
@pytest.mark.parametrize("name", ["MeanSquaredError", "Huber", "BinaryCrossentropy", "Hinge", "Poisson"])
def test_shapes_that_do_not_fit(name, y, p, told):
    """Keras broadcasts most of these without a word."""
    with pytest.raises(ValueError, match=told) as error:
        getattr(losses, name)()(np.zeros(y), np.full(p, 0.5))
    assert str(y) in str(error.value) and str(p) in str(error.value)
    assert getattr(losses, name)().fn.__name__ in str(error.value)


@pytest.mark.parametrize("call, told", [
    (lambda: losses.get("mean_squared_eror"), "mean_squared_error"),
    (lambda: losses.get("MeanSquareError"), "MeanSquaredError"),
    (lambda: losses.get(3), "3"),
    (lambda: losses.MeanSquaredError(reduction="avg"), "sum_over_batch_size"),
    (lambda: losses.CategoricalCrossentropy()([1, 2], [[0.5, 0.5], [0.1, 0.9]]), "sparse_categorical_crossentropy"),
    (lambda: losses.CategoricalCrossentropy()([[1.0]], [[0.5]]), "binary_crossentropy"),
    (lambda: losses.CategoricalCrossentropy(label_smoothing=2), "label_smoothing"),
    (lambda: losses.SparseCategoricalCrossentropy()([7], [[0.5, 0.5]]), "label 7"),
    (lambda: losses.SparseCategoricalCrossentropy()([-1], [[0.5, 0.5]]), "label -1"),
    (lambda: losses.MeanSquaredError()([[1.0], [2.0]], [[1.0], [2.0]], [1.0, 2.0, 3.0]), "sample_weight"),
    (lambda: losses.MeanSquaredError()(["a"], [1.0]), "dtype"),
    (lambda: losses.MeanSquaredError(dtype="float16"), "float32 or float64"),
    (lambda: losses.CategoricalGeneralizedCrossEntropy(q=1.0), "`q`"),
    (lambda: losses.CategoricalCrossentropy(axis=True)([[0, 1]], [[0.5, 0.5]]), "axis"),
    (lambda: losses.CategoricalCrossentropy(axis=2)([[0, 1]], [[0.5, 0.5]]), "axis 2"),
    (lambda: losses.Circle()([1, 2, 3], np.ones((2, 4))), "circle"),
    (lambda: losses.CTC()([1, 2, 3], np.ones((2, 4, 3))), "letters"),
    (lambda: losses.CTC()([[1, 7]], np.ones((1, 4, 3))), "label 7"),
    (lambda: losses.Dice()(np.ones((2, 3)), np.ones((2, 4))), "dice"),
    (lambda: losses.Loss()([1.0], [1.0]), "call"),
    (lambda: losses.mean_squared_error(1.0, 2.0), "one number"),
])
def test_bad_input(call, told):
    with pytest.raises((ValueError, TypeError, NotImplementedError), match=told):
        call()
