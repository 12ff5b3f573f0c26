"""Each kernel of each backend against the NumPy backend's, which is the specification.

The tolerance: one rounding is eps/2 of a number. A result that went through a few elementary functions (each right
to a few units in the last place on every platform) may differ by some 16 eps, and a sum of `terms` numbers by
`terms` eps more, times the size of what was added: numbers here are of the order of 1. Kernels that only copy,
compare or round once agree bit for bit.
"""

import importlib
import inspect
import os
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerastutor.backends.interface import KERNELS
from tests.backends.cases import CASES, CASES_OF_OPTIONS, InOut, Out
from tests.conftest import USABLE

SIMULATED = 80  # numbers in an array, at most, on a simulated GPU
GUARD = 64  # elements before and after each array, to see a kernel that reads or writes beside it


def kernel(backend, name):
    return getattr(importlib.import_module(f"kerastutor.backends.{backend}"), name)


ALL_CASES = [
    pytest.param(name, each, id=name if not i else f"{name}-{i}")
    for name, case in CASES.items()
    for i, each in enumerate([case, *CASES_OF_OPTIONS.get(name, [])])
]


def fetch(kernel, *arrays):
    """Copy what a kernel computed on a device to the host."""
    backend = sys.modules[kernel.__module__.rpartition(".")[0]]
    for a in arrays:
        getattr(backend, "fetch", len)(a)


def fenced(a, fence):
    """A copy of the array `a` in the same memory order, with `GUARD` numbers `fence` on either side of it."""
    base = np.full(a.size + 2 * GUARD, fence, a.dtype)
    turned = a.ndim >= 2 and not a.flags.c_contiguous
    shape = (*a.shape[:-2], a.shape[-1], a.shape[-2]) if turned else a.shape
    inside = base[GUARD : GUARD + a.size].reshape(shape)
    inside = inside.swapaxes(-1, -2) if turned else inside
    inside[...] = a
    return inside, base


def fence_of(dtype, is_input):
    """Round an input, what spoils every result; round a result, what no result is."""
    kind = np.dtype(dtype).kind
    return (np.nan if is_input else 1234.5) if kind == "f" else (kind == "b" or 111)


def call(function, arguments, garbage):
    """The arrays that `function` wrote; it must have left alone its inputs and all memory beside its arguments."""
    given, results, fences, inputs = [], [], [], []
    for a in arguments:
        if isinstance(a, Out):
            a, is_input = np.full(a.shape, garbage if np.dtype(a.dtype).kind == "f" else 77, a.dtype), False
        elif isinstance(a, InOut):
            a, is_input = a.array, False
        elif isinstance(a, np.ndarray):
            is_input = True
        else:
            given.append(a)
            continue
        inside, base = fenced(a, fence_of(a.dtype, is_input))
        given.append(inside)
        fences.append((base, base.copy()))
        inputs.append((inside, inside.copy())) if is_input else results.append(inside)
    function(*given)
    fetch(function, *[base for base, _ in fences])
    for now, before in inputs:
        np.testing.assert_array_equal(now, before, "an input was changed")
    for now, before in fences:
        for beside in (slice(GUARD), slice(-GUARD, None)):
            np.testing.assert_array_equal(now[beside], before[beside], "memory beside an array was written")
    return results


def too_slow(backend, arguments):
    """Whether the simulator of a GPU, which runs one thread after the other, would take seconds."""
    sizes = [np.size(a.array if isinstance(a, InOut) else np.empty(a.shape) if isinstance(a, Out) else a)
             for a in arguments if isinstance(a, (InOut, Out, np.ndarray))]
    return backend == "cuda" and os.environ.get("NUMBA_ENABLE_CUDASIM") == "1" and max(sizes, default=0) > SIMULATED


def agree(found, wanted, case, shape, dtype):
    for a, b in zip(found, wanted, strict=True):
        if case.exact or a.dtype.kind != "f":
            np.testing.assert_array_equal(a, b)
        else:
            tolerance = (16 + case.terms(shape)) * np.finfo(dtype).eps
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("backend", USABLE)
@pytest.mark.parametrize("name, case", ALL_CASES)
def test_awkward_shapes(backend, name, case, rng):
    """As the specification, whole results, untouched inputs: for both dtypes and shapes that were trouble before."""
    for dtype in case.dtypes:
        for shape in case.shapes.awkward:
            arguments = case.make(rng, shape, dtype)
            if too_slow(backend, arguments):
                continue
            first = call(kernel(backend, name), arguments, garbage=np.nan)
            again = call(kernel(backend, name), arguments, garbage=-7.25)
            for a, b in zip(first, again, strict=True):
                np.testing.assert_array_equal(a, b, f"{shape}: what the result held before shows through")
            agree(first, call(kernel("numpy", name), arguments, garbage=3.5), case, shape, dtype)


@pytest.mark.parametrize("backend", [b for b in USABLE if b != "numpy"])
@pytest.mark.parametrize("name, case", ALL_CASES)
@given(data=st.data())
@settings(max_examples=12)
def test_any_shape(backend, name, case, data):
    shape = data.draw(case.shapes.any)
    arguments = case.make(np.random.default_rng(5), shape, case.dtypes[0])
    if too_slow(backend, arguments):
        return
    found, wanted = (call(kernel(b, name), arguments, garbage=np.nan) for b in (backend, "numpy"))
    agree(found, wanted, case, shape, case.dtypes[0])


def spoil(arguments, special, rng):
    """`special` numbers at random places of each array of floats."""
    for a in arguments:
        a = a.array if isinstance(a, InOut) else a
        if isinstance(a, np.ndarray) and a.dtype.kind == "f" and a.size > 1:
            flat = a.reshape(-1) if a.flags.c_contiguous else a.T.reshape(-1)
            places = rng.permutation(flat.size)[: max(1, flat.size // 3)]
            flat[places] = np.resize(special, places.size)


@pytest.mark.parametrize("backend", [b for b in USABLE if b != "numpy"])
@pytest.mark.parametrize("name, case", ALL_CASES)
def test_nan_and_infinity_go_through_as_in_numpy(backend, name, case, rng):
    """relu(NaN) is NaN, a row with a NaN has a NaN softmax: a mistake in the data must be seen in the result.

    `special` in a kernel's case says what it promises.
    """
    for shape in case.shapes.awkward:
        for _ in range(3):
            arguments = case.make(rng, shape, case.dtypes[0])
            if too_slow(backend, arguments):
                break
            spoil(arguments[case.spoiled_from :], case.special, rng)
            with np.errstate(all="ignore"):
                found, wanted = (call(kernel(b, name), arguments, garbage=7.5) for b in (backend, "numpy"))
            agree(found, wanted, case, shape, case.dtypes[0])


@pytest.mark.parametrize("backend", USABLE)
@pytest.mark.parametrize("name", "relu softmax log_softmax max sum mean sigmoid tanh softplus".split())
def test_nan_is_not_lost(backend, name):
    """The specification itself keeps NaN, wherever it stands among the numbers."""
    for place in range(3):
        x = np.array([-1.0, 0.5, 2.0], np.float32)
        x[place] = np.nan
        y = np.zeros({"max": 1, "sum": 1, "mean": 1}.get(name, 3), np.float32)
        if name.endswith("softmax"):
            x, y = x[None], y[None]
        kernel(backend, name)(x, *([(0,)] if name in ("max", "sum") else []), y)
        fetch(kernel(backend, name), y)
        assert np.isnan(y.ravel()[place if y.size > 1 else 0])
        assert np.isnan(y).all() or not name.endswith("softmax")


@pytest.mark.parametrize("backend", USABLE)
def test_empty(backend):
    for shape, dtype in [((), "float32"), ((0, 3), "float64"), ((2, 3), "int32"), ((5,), "bool")]:
        a = kernel(backend, "empty")(shape, dtype)
        assert (a.shape, a.dtype, a.flags.c_contiguous, a.flags.writeable) == (shape, dtype, True, True)


@pytest.mark.parametrize("backend", USABLE)
@pytest.mark.parametrize("a_turned, b_turned", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_matmul_takes_transposed_views(backend, a_turned, b_turned, rng):
    a, b = rng.normal(size=(5, 3)).astype("float32"), rng.normal(size=(3, 4)).astype("float32")
    out = np.full((5, 4), np.nan, "float32")
    a_view = a.T.copy().T if a_turned else a
    b_view = b.T.copy().T if b_turned else b
    kernel(backend, "matmul")(a_view, b_view, out)
    fetch(kernel(backend, "matmul"), out)
    np.testing.assert_allclose(out, a.astype("float64") @ b.astype("float64"), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", CASES_OF_OPTIONS)
def test_options_belong_to_a_kernel(name):
    assert name in KERNELS


def test_a_fence_sees_a_kernel_that_writes_beside_its_result():
    def careless(x, y):
        np.lib.stride_tricks.as_strided(y, (y.size + 1,), y.strides)[-1] = 0
        y[:] = x

    with pytest.raises(AssertionError, match="beside"):
        call(careless, (np.ones(5), Out(5, "float64")), garbage=0)


def test_an_input_that_is_changed_is_seen():
    def careless(x, y):
        y[:] = x
        x *= 2

    with pytest.raises(AssertionError, match="input was changed"):
        call(careless, (np.ones(5), Out(5, "float64")), garbage=0)


def test_cases_take_the_arguments_of_the_interface(rng):
    """A case with too few arguments would be an error; one with outputs not marked would be no test."""
    for name, case in CASES.items():
        arguments = case.make(rng, case.shapes.awkward[1], "float32")
        assert len(arguments) == len(KERNELS[name][0].split(", ")), name
        assert any(isinstance(a, (Out, InOut)) for a in arguments), name
        assert len(inspect.signature(case.make).parameters) == 3
