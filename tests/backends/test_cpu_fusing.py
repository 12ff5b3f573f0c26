"""A convolution's bias and relu are added to each result at once: the same numbers as in three passes."""

import numpy as np
import pytest

cpu = pytest.importorskip("kerastutor.backends.cpu")
fusing = pytest.importorskip("kerastutor.backends.cpu.fusing")


def calls(x, w, bias, y, *more, strides=(1, 1)):
    flat = y.reshape(-1)
    steps = [(cpu.conv, (x, w, strides, (1, 1), (1, 1), y)), (cpu.add_bias, (y.reshape(-1, y.shape[-1]), bias,
                                                                           y.reshape(-1, y.shape[-1])))]
    return [*steps, *[(kernel, (flat, flat)) for kernel in more]]


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
