"""What the tables of cases can't say of convolution: beside real Keras, beside plain definitions, on several cores."""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerastutor import keras
from kerastutor.backends import K
from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor
from tests.keras.oracle import array, real

# beside real Keras -----------------------------------------------------------------------------

sides = lambda least, most: st.tuples(st.integers(least, most), st.integers(least, most))


@pytest.mark.slow
@given(
    image=sides(1, 8), window=sides(1, 4), strides=sides(1, 3), dilation=sides(1, 3),
    padding=st.sampled_from(["same", "valid"]), channels=st.integers(1, 3), filters=st.integers(1, 3),
    groups=st.integers(1, 2),
)
@settings(max_examples=25)
def test_conv_is_that_of_keras(backend, image, window, strides, dilation, padding, channels, filters, groups):
    """Strides and dilation at once, too, which the layers refuse."""
    image = tuple(max(n, (k - 1) * d + 1) for n, k, d in zip(image, window, dilation))
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, *image, channels * groups)).astype("float32")
    w = rng.normal(size=(*window, channels, filters * groups)).astype("float32")
    options = {"strides": strides, "padding": padding, "dilation_rate": dilation}
    assert_like_keras("conv", x, w, **options)
    assert_like_keras("depthwise_conv", x, w[..., :1].repeat(groups, -2), **options)


@pytest.mark.slow
@given(
    image=sides(1, 5), window=sides(1, 4), strides=sides(1, 3), dilation=sides(1, 2), extra=sides(0, 2),
    given=st.booleans(), padding=st.sampled_from(["same", "valid"]),
)
@settings(max_examples=40)
def test_conv_transpose_is_that_of_keras(backend, image, window, strides, dilation, extra, given, padding):
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(2, *image, 3)).astype("float32"), rng.normal(size=(*window, 2, 3)).astype("float32")
    extra = tuple(e % s for e, s in zip(extra, strides)) if given else None
    sizes = ops.convolution.transposed_sizes("", image, window, strides, padding, extra or (None, None), dilation)
    if min(sizes) < 1:
        return
    assert_like_keras(
        "conv_transpose", x, w, strides=strides, padding=padding, output_padding=extra, dilation_rate=dilation
    )


def assert_like_keras(name, *inputs, **options):
    found, wanted = getattr(ops, name)(*inputs, **options), array(getattr(real().ops, name)(*inputs, **options))
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("groups", [1, 2])
def test_a_subclass_may_change_the_kernel(backend, groups):
    """`convolution_op` is Keras's door for that."""

    def doubled(k):
        class Doubled(k.layers.Conv2D):
            def convolution_op(self, inputs, kernel):
                return super().convolution_op(inputs, kernel * 2.0)

        return Doubled(4, 2, groups=groups, kernel_initializer="ones")

    x = np.random.default_rng(1).normal(size=(2, 4, 4, 2)).astype("float32")
    np.testing.assert_allclose(doubled(keras)(x).numpy(), array(doubled(real())(x)), rtol=1e-5, atol=1e-5)


def test_the_cost_of_an_activity_is_that_of_keras(backend):
    x = np.random.default_rng(1).normal(size=(3, 5, 5, 2)).astype("float32")
    losses = []
    for k in (keras, real()):
        layer = k.layers.Conv2D(2, 3, kernel_initializer="ones", activity_regularizer="l2")
        layer(x)
        losses.append(float(layer.losses[0]))
    np.testing.assert_allclose(*losses, rtol=1e-5)


# beside plain definitions ----------------------------------------------------------------------


def test_a_convolution_with_windows_of_one_place_is_a_dense_layer(backend, rng):
    x, w = rng.normal(size=(2, 3, 4, 5)).astype("float32"), rng.normal(size=(5, 6)).astype("float32")
    np.testing.assert_allclose(ops.conv(x, w[None, None]).numpy(), x @ w, rtol=1e-5, atol=1e-5)


def test_a_causal_convolution_looks_at_no_later_step(backend, rng):
    layer = keras.layers.Conv1D(3, 3, padding="causal", dilation_rate=2)
    x = rng.normal(size=(1, 9, 2)).astype("float32")
    before = layer(x).numpy()
    x[:, 5:] += 1
    after = layer(x).numpy()
    np.testing.assert_array_equal(after[:, :5], before[:, :5])
    assert (after[:, 5] != before[:, 5]).all()


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_a_transposed_convolution_is_the_transposed_matrix(backend, rng, strides, padding):
    """<conv(x), y> = <x, conv_transpose(y)>: what "transposed" means."""
    x, w = rng.normal(size=(2, 7, 7, 3)).astype("float32"), rng.normal(size=(3, 3, 3, 4)).astype("float32")
    convolved = ops.conv(x, w, strides, padding)
    y = rng.normal(size=convolved.shape).astype("float32")
    spread = ops.conv_transpose(y, w, strides, padding, output_padding=0).numpy()
    if padding == "same" and spread.shape != x.shape:
        pytest.skip("several inputs have an output of this size")
    x = x[:, : spread.shape[1], : spread.shape[2]]
    np.testing.assert_allclose((ops.conv(x, w, strides, padding).numpy() * y).sum(), (x * spread).sum(), rtol=1e-3)


def test_a_number_that_is_none_is_seen_in_all_it_touches(backend):
    """Each kernel lets NaN through, to where it belongs and nowhere else."""
    dy, w = np.ones((1, 5, 5, 1), "float32"), np.ones((3, 3, 1, 1), "float32")
    dy[0, 0, 1, 0] = np.nan
    dx = np.zeros((1, 7, 7, 1), "float32")
    for kernel, weights in ((K.conv_input_grad, w), (K.depthwise_conv_input_grad, w[..., 0])):
        kernel(dy, weights, (1, 1), (1, 1), (0, 0), dx)
        wanted = np.zeros((7, 7), bool)
        wanted[:3, 1:4] = True
        np.testing.assert_array_equal(np.isnan(dx[0, ..., 0]), wanted)


def test_inputs_of_whole_numbers_and_of_float64(backend):
    w = np.ones((2, 2, 1, 1), "float32")
    assert ops.conv(np.ones((1, 3, 3, 1), "int32"), w).numpy().tolist() == np.full((1, 2, 2, 1), 4.0).tolist()
    assert ops.conv(np.ones((1, 3, 3, 1), "uint8"), w).dtype == "float32"


def test_gradients_flow_only_where_they_are_wanted(backend, rng):
    """The images that come in need none: their kernel is not called."""
    layer, calls = keras.layers.Conv2D(2, 3), []
    x = rng.normal(size=(1, 5, 5, 1)).astype("float32")
    layer(x)
    before = K.conv_input_grad
    K.conv_input_grad = lambda *arguments: calls.append(arguments) or before(*arguments)
    try:
        for tracked in (False, True):
            with Tape() as tape:
                loss = ops.sum(layer(Tensor(x, tracked=tracked)))
            tape.gradients(loss, layer.trainable_variables)
            assert bool(calls) is tracked
    finally:
        K.conv_input_grad = before


# mistakes --------------------------------------------------------------------------------------

ONES = np.ones((2, 5, 5, 3), "float32")
MISTAKES = [
    (lambda: keras.layers.Conv2D(0, 3), ["Conv2D", "filters", "0"]),
    (lambda: keras.layers.Conv2D(4, 0), ["Conv2D", "kernel_size", "0"]),
    (lambda: keras.layers.Conv2D(4, (3, 3, 3)), ["Conv2D", "kernel_size", "(3, 3, 3)", "2"]),
    (lambda: keras.layers.Conv2D(4, 3, strides=0), ["Conv2D", "strides", "0"]),
    (lambda: keras.layers.Conv2D(4, 3, padding="smae"), ["Conv2D", "padding", "'smae'", "'same'"]),
    (lambda: keras.layers.Conv2D(4, 3, padding="causal"), ["Conv2D", "padding", "'causal'"]),
    (lambda: keras.layers.Conv2D(4, 3, strides=2, dilation_rate=2), ["Conv2D", "strides", "dilation_rate"]),
    (lambda: keras.layers.Conv2DTranspose(4, 3, strides=2, dilation_rate=2), ["Conv2DTranspose", "dilation_rate"]),
    (lambda: keras.layers.Conv2D(4, 3, groups=3), ["Conv2D", "groups", "4", "3"]),
    (lambda: keras.layers.Conv2D(4, 3, groups=2, name="c")(ONES), ["'c'", "3 channels", "2 groups"]),
    (lambda: keras.layers.Conv2D(4, 3, data_format="channels"), ["Conv2D", "data_format", "channels_last"]),
    (lambda: keras.layers.Conv2D(4, 3, border_mode="same"), ["border_mode", "padding"]),
    (lambda: keras.layers.Conv2D(4, 6, name="c")(ONES), ["'c'", "(6, 6)", "(5, 5)", "same"]),
    (lambda: keras.layers.Conv2D(4, 3, dilation_rate=3, name="c")(ONES), ["'c'", "(7, 7)", "(5, 5)"]),
    (lambda: keras.layers.Conv2D(4, 3, name="c")(ONES[0]), ["'c'", "(5, 5, 3)", "x[None, ...]"]),
    (lambda: keras.layers.Conv2D(4, 3, name="c")(keras.Input((5, 5, None))), ["'c'", "channels", "None"]),
    (lambda: keras.layers.DepthwiseConv2D(3, depth_multiplier=0), ["DepthwiseConv2D", "depth_multiplier"]),
    (lambda: keras.layers.Conv2DTranspose(4, 3, strides=2, output_padding=2), ["output_padding", "(2, 2)"]),
    (lambda: ops.conv(ONES, np.ones((3, 3, 2, 4), "float32")), ["conv", "2 channels", "3 channels"]),
    (lambda: ops.conv(ONES, np.ones((3, 3, 1, 4), "float32")), ["conv", "groups"]),
    (lambda: ops.conv(ONES, np.ones((3, 3, 4), "float32")), ["conv", "(2, 5, 5, 3)", "(3, 3, 4)"]),
    (lambda: ops.conv(ONES, np.ones((3, 3, 3, 4), "float32"), padding="causal"), ["conv", "padding", "causal"]),
    (lambda: ops.depthwise_conv(ONES, np.ones((3, 3, 2, 1), "float32")), ["depthwise_conv", "3 channels"]),
    (lambda: ops.conv_transpose(ONES, np.ones((3, 3, 3, 2), "float32")), ["conv_transpose", "3 channels"]),
]


@pytest.mark.parametrize("call, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_an_image_that_is_too_small_later_is_refused_by_name():
    layer = keras.layers.Conv2D(4, 3, name="c")
    layer(ONES)
    with pytest.raises(ValueError, match="'c'.*does not fit"):
        layer(ONES[:, :2, :2])


# the Numba backend -----------------------------------------------------------------------------


def net():
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 3)), layers.Conv2D(5, 3, padding="same", activation="relu"), layers.DepthwiseConv2D(3),
        layers.Conv2D(4, 3, strides=2, activation="tanh"), layers.Conv2DTranspose(2, 2, strides=2), layers.Flatten(),
        layers.Dense(3, "softmax"),
    ])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("cores", [1, 2, 3, 7])
def test_the_number_of_cores_changes_a_training_by_rounding_alone(cores, monkeypatch, rng):
    """Batches with fewer images than cores, too."""
    crew = pytest.importorskip("kerastutor.backends.cpu.crew")
    plan = pytest.importorskip("kerastutor.backends.cpu.plan")
    x, y = rng.normal(size=(10, 8, 8, 3)).astype("float32"), rng.integers(0, 3, 10)
    eager = net()
    eager.run_eagerly = True
    expected = eager.fit(x, y, 4, epochs=3, verbose=0, shuffle=False).history["loss"]
    monkeypatch.setattr(crew, "CORES", cores)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    shared = net()
    np.testing.assert_allclose(shared.fit(x, y, 4, epochs=3, verbose=0, shuffle=False).history["loss"], expected, 1e-4)
    for a, b in zip(shared.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["conv", "depthwise_conv"])
def test_no_core_writes_where_another_one_works(name, monkeypatch):
    """Workspace is each core's own: they share kernel, bias and floor, which they only read."""
    cpu = pytest.importorskip("kerastutor.backends.cpu")
    for module, setting, value in (("crew", "CORES", 3), ("plan", "WORTH_A_CREW", -1), ("plan", "WORTH_SHARING", -1)):
        monkeypatch.setattr(f"kerastutor.backends.cpu.{module}.{setting}", value)
    x, w = np.ones((6, 5, 5, 2), "float32"), np.ones((3, 3, 2, 2)[: 4 if name == "conv" else 3], "float32")
    at = (1, 1), (1, 1), (1, 1)  # with a border, for which room is needed
    for kernel, arguments in (
        ("", (x, w, *at, x + 0)), ("_input_grad", (x, w, *at, x + 0)), ("_kernel_grad", (x, x, *at, w + 0)),
    ):
        job, _ = cpu.prepare([(getattr(cpu, name + kernel), arguments)])[0]
        calls = [next(call for call in part._calls if call is not None) for part in job._parts]
        first, *others = [[a for a in given if isinstance(a, np.ndarray)] for _, given in calls]
        assert len(others) == 2
        for mine, *theirs in zip(first, *others, strict=True):
            if not np.shares_memory(mine, w) and mine.size > w.shape[-1]:
                assert not any(np.shares_memory(mine, other) or not other.size for other in theirs)


@pytest.mark.slow
@pytest.mark.parametrize("features", ["", "+avx,+avx2,+fma"])
def test_processors_without_wide_vectors_compute_the_same(features, tmp_path):
    """Compiled for another processor, as long as this one can run that."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip("these are names of x86's features")
    code = """if True:
        import numpy as np
        from kerastutor.backends import cpu, numpy
        rng = np.random.default_rng(1)
        x, w = rng.normal(size=(2, 9, 9, 5)).astype("float32"), rng.normal(size=(3, 3, 5, 19)).astype("float32")
        for strides, out in (((1, 1), (9, 9)), ((2, 2), (5, 5))):
            at, y, dx, dw = (strides, (1, 1), (1, 1)), np.zeros((2, *out, 19), "float32"), x * 0, w * 0
            dy = rng.normal(size=y.shape).astype("float32")
            for name, inputs, result in (
                ("conv", (x, w), y), ("conv_input_grad", (dy, w), dx), ("conv_kernel_grad", (x, dy), dw),
            ):
                getattr(cpu, name)(*inputs, *at, result)
                wanted = result * 0
                getattr(numpy, name)(*inputs, *at, wanted)
                np.testing.assert_allclose(result, wanted, rtol=1e-4, atol=1e-4)
    """
    settings = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": features, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **settings}, check=True, timeout=200)
