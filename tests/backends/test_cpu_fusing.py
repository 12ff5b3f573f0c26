"""A layer's bias and relu are added to each result at once: the same numbers as in three passes."""

import numpy as np
import pytest

cpu = pytest.importorskip("kerastutor.backends.cpu")
fusing = pytest.importorskip("kerastutor.backends.cpu.fusing")
products = pytest.importorskip("kerastutor.backends.cpu.products")


def calls(x, w, bias, y, *more, strides=(1, 1)):
    flat = y.reshape(-1)
    steps = [(cpu.conv, (x, w, strides, (1, 1), (1, 1), y)), (cpu.add_bias, (y.reshape(-1, y.shape[-1]), bias,
                                                                           y.reshape(-1, y.shape[-1])))]
    return [*steps, *[(kernel, (flat, flat)) for kernel in more]]


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("relu",), ("relu", "tanh")], ids=["bias", "relu", "more"])
@pytest.mark.parametrize("channels", [1, 5, 32, 33, 70])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_in_one_pass(channels, more, dtype):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 6, 7, 4)).astype(dtype), rng.normal(size=(3, 3, 4, channels)).astype(dtype)
    bias = rng.normal(size=channels).astype(dtype)
    x[0, 0, 0, 0], bias[-1] = np.nan, np.inf
    expected, got = np.empty((3, 6, 7, channels), dtype), np.empty((3, 6, 7, channels), dtype)
    kernels = [getattr(cpu, name) for name in more]
    for kernel, arguments in calls(x, w, bias, expected, *kernels):
        kernel(*arguments)
    fused = fusing.fused(calls(x, w, bias, got, *kernels))
    assert len(fused) == 1 + len(more[1:])
    for kernel, arguments in fused:
        kernel(*arguments)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5 if dtype == "float32" else 1e-12)


def test_only_what_stands_in_one_place_is_joined():
    x, w, bias = np.ones((1, 4, 4, 2), "float32"), np.ones((3, 3, 2, 2), "float32"), np.ones(2, "float32")
    y, other = np.empty((1, 4, 4, 2), "float32"), np.empty((16, 2), "float32")
    conv, add = calls(x, w, bias, y)
    elsewhere = [conv, (cpu.add_bias, (y.reshape(-1, 2), bias, other))]
    assert fusing.fused(elsewhere) == elsewhere
    assert len(fusing.fused([conv, (cpu.relu, (y.reshape(-1), y.reshape(-1)))])) == 2
    between = [conv, (cpu.tanh, (other.reshape(-1), other.reshape(-1))), add]
    assert fusing.fused(between) == between


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("turned", ["", "a", "b"])
@pytest.mark.parametrize("shape", [(70, 600, 80), (7, 40, 200), (600, 33, 64), (5, 4, 3)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_dense_layer_in_one_pass(monkeypatch, shape, turned, relu, dtype):
    """By the tile, by its columns (the second), by BLAS (the last): as NumPy has it in float64, NaN and inf too."""
    monkeypatch.setattr(products, "WIDE", True)
    rows, depth, columns = shape
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(rows, depth)).astype(dtype), rng.normal(size=(depth, columns)).astype(dtype)
    a, b = np.asfortranarray(a) if turned == "a" else a, np.asfortranarray(b) if turned == "b" else b
    bias, out = rng.normal(size=columns).astype(dtype), np.full((rows, columns), np.nan, dtype)
    a[1, 2], bias[0], bias[-1] = np.nan, -np.inf, np.inf
    flat = out.reshape(-1)
    calls = [(cpu.matmul, (a, b, out)), (cpu.add_bias, (out, bias, out)), (cpu.relu, (flat, flat))][: 2 + relu]
    ((kernel, arguments),) = fusing.fused(calls)
    kernel(*arguments)
    expected = a.astype("float64") @ b.astype("float64") + bias
    np.testing.assert_allclose(out, np.maximum(expected, 0) if relu else expected, rtol=0, atol=2e-4)
