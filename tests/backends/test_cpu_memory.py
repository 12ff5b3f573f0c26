"""Arrays begin at a line of the cache; large memory is used again, but never while somebody still has it."""

import gc
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

memory = pytest.importorskip("kerastutor.backends.cpu.memory")
SIZE = memory.LARGE


@pytest.fixture
def pool(monkeypatch):
    pool = memory.Pool(limit=4 * SIZE)
    monkeypatch.setattr(memory, "_pool", pool)
    return pool


@given(st.lists(st.integers(0, 40), max_size=4), st.sampled_from(["float32", "float64", "int32", "bool"]))
def test_any_shape(shape, dtype):
    a = memory.empty(shape, dtype)
    assert a.shape == tuple(shape) and a.dtype == dtype and a.flags.c_contiguous and a.flags.writeable
    assert not a.size or a.ctypes.data % 64 == 0
    a[...] = 1
    assert a.sum() == a.size


def test_large_memory_comes_back_when_the_last_view_is_gone(pool):
    a = memory.empty((SIZE,), "uint8")
    place, view = a.ctypes.data, a.reshape(4, -1)[1:].T
    del a
    gc.collect()
    assert pool.free == 0
    b = memory.empty(SIZE, "uint8")
    assert b.ctypes.data != place and not np.shares_memory(b, view)
    del view
    gc.collect()
    assert pool.free == SIZE
    c = memory.empty((SIZE // 4,), "float32")
    assert c.ctypes.data == place and pool.free == 0 and c.flags.writeable


def test_what_does_not_suit_the_next_training_goes(pool):
    del_me = [memory.empty((SIZE,), "uint8") for _ in range(3)]
    del_me.clear()
    gc.collect()
    assert pool.free == 3 * SIZE
    memory.empty((2 * SIZE,), "uint8")
    gc.collect()
    assert pool.free == 2 * SIZE  # its own alone


def test_no_more_than_the_limit_is_kept(pool):
    many = [memory.empty((SIZE,), "uint8") for _ in range(6)]
    many.clear()
    gc.collect()
    assert pool.free == 4 * SIZE


def test_threads_never_share_an_array(pool):
    def work(number, wrong):
        for _ in range(300):
            a = memory.empty((SIZE,), "uint8")
            a[:8] = a[-8:] = number
            if (a[:8] != number).any() or (a[-8:] != number).any():
                wrong.append(number)

    wrong = []
    threads = [threading.Thread(target=work, args=(i, wrong)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong
