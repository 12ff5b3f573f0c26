"""Of data that is mostly zeros the zeros are left out of products, which changes nothing but rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

cpu = pytest.importorskip("kerastutor.backends.cpu")
crew = pytest.importorskip("kerastutor.backends.cpu.crew")
plan = pytest.importorskip("kerastutor.backends.cpu.plan")
zeros = pytest.importorskip("kerastutor.backends.cpu.zeros")


@pytest.fixture(params=[1, 3])
def cores(request, monkeypatch):
    monkeypatch.setattr(crew, "CORES", request.param)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)


def letters(rng, rows, depth, dtype="float32"):
    data = np.zeros((rows, depth), dtype)
    data[np.arange(rows), rng.integers(depth, size=rows)] = 1
    return data


def step(data, index, w, time=1):
    """A batch is taken, multiplied by w, and the result by the batch, as for the gradient of w."""
    x = np.full((len(index), data.shape[1]), np.nan, data.dtype)
    rows = x.reshape(len(x) * time, -1)
    z, dw = (np.full(shape, np.nan, data.dtype) for shape in ((len(rows), w.shape[1]), w.shape))
    return [(cpu.take_rows, (data, index, x)), (cpu.matmul, (rows, w, z)), (cpu.matmul, (rows.T, z, dw))], z, dw


def run(calls):
    for kernel, arguments in calls:
        kernel(*arguments)


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 70), st.integers(1, 40), st.floats(0, 1),
       st.sampled_from([np.nan, np.inf, 1.0]), st.sampled_from(["float32", "float64"]), st.integers(0, 99))
def test_the_kernels_agree_with_numpy_whatever_is_multiplied(rows, others, depth, columns, share, odd, dtype, seed):
    """However many zeros there are; also where 0 times inf is NaN."""
    rng = np.random.default_rng(seed)
    a = np.where(rng.random((rows, depth)) < share, rng.normal(size=(rows, depth)), 0).astype(dtype)
    b, c = rng.normal(size=(depth, columns)).astype(dtype), rng.normal(size=(rows, columns)).astype(dtype)
    for x in (a, b, c):
        x.flat[rng.integers(x.size)] = odd if rng.random() < 0.5 else 1
    out, parts = np.full((rows, columns), np.nan, dtype), np.full((others, depth, columns), np.nan, dtype)
    zeros.product(a, b, out)
    zeros.product_over_rows(a, c, parts)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(out, a @ b, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(parts[0], a.T @ c, rtol=1e-4, atol=1e-5)
    assert not parts[1:].any()


@pytest.mark.parametrize("time", [1, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_step_of_several_cores(cores, dtype, time):
    rng = np.random.default_rng(0)
    data = np.hstack([letters(rng, 50, 20, dtype) for _ in range(time)])
    index, w = rng.integers(50, size=13).astype("int32"), rng.normal(size=(20, 33)).astype(dtype)
    calls, z, dw = step(data, index, w, time)
    used = [kernel for kernel, _ in zeros.without_zeros(calls)]
    assert zeros.product in used and zeros.product_over_rows in used and cpu.matmul not in used
    planned = cpu.prepare(calls, results=[z, dw])
    for _ in range(2):
        run(planned)
        rows = data[index].reshape(-1, 20)
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(z, rows @ w, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(dw, rows.T @ (rows @ w), rtol=1e-4, atol=1e-4)
        data[:] = rng.normal(size=data.shape)  # right where the data is no longer what it was, if slower
        data[3, 4] = np.inf


def test_other_data_is_left_to_blas():
    rng = np.random.default_rng(0)
    index, w = np.arange(7, dtype="int32"), rng.normal(size=(20, 33)).astype("float32")
    dense = rng.normal(size=(50, 20)).astype("float32")
    half = np.where(rng.random((50, 20)) < 0.5, dense, 0)
    one = letters(rng, 50, 20)
    for data, factor in ((dense, w), (half, w), (one, w[:, :8]), (one[:0], w)):
        calls, *_ = step(data, index, factor)
        assert zeros.without_zeros(calls) == calls


def test_a_table_that_is_trained_is_no_data():
    """It may be all zeros at first."""
    table, index = np.zeros((50, 20), "float32"), np.arange(7, dtype="int32")
    calls, *_ = step(table, index, np.ones((20, 33), "float32"))
    calls.append((cpu.sgd, (table.reshape(-1), table.reshape(-1), 0.1)))
    assert zeros.without_zeros(calls) == calls


