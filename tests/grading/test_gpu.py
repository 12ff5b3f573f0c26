"""The GPU in slow motion: what it computes, and what it sees; Numba's own simulator is the judge."""

import os
import subprocess
import sys

import numpy as np
import pytest

from kerastutor.grading import gpu
from kerastutor.grading.gpu import Kernel, cuda
from kerastutor.grading.touches import draw


def matrix(x, y):
    r, c = cuda.grid(2)
    rows, columns = cuda.gridsize(2)
    if r < y.shape[0] and c < y.shape[1]:
        y[r, c] = 10 * x[r, c] + rows + columns / 100 + cuda.threadIdx.y + cuda.blockDim.y / 1000


def tree(x, y):
    shared = cuda.shared.array(4, np.float64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    shared[t] = x[i] if i < x.size else 0.0
    half = 2
    while half > 0:
        cuda.syncthreads()
        if t < half:
            shared[t] += shared[t + half]
        half //= 2
    if t == 0:
        y[cuda.blockIdx.x] = shared[0]


def atomic(x, y):
    i = cuda.grid(1)
    if i < x.size:
        cuda.atomic.add(y, i % y.size, x[i])


STARTS = {"matrix": ((2, 2), (2, 3), (3, 5), (3, 5)), "tree": (3, 4, (10,), (3,)), "atomic": (2, 4, (7,), (2,))}

SIMULATED = """
import json, sys
import numpy as np
from numba import cuda
import inspect
source, starts = json.loads(sys.stdin.read())
exec(source)
for name, (blocks, threads, shape, out) in starts.items():
    x, y = np.arange(np.prod(shape), dtype="float64").reshape(shape) ** 2, np.zeros(out)
    both = [tuple(one) if isinstance(one, list) else one for one in (blocks, threads)]
    cuda.jit(globals()[name])[both[0], both[1]](x, y)
    print(name, y.ravel().tolist())
"""


@pytest.mark.slow
def test_it_computes_what_numbas_own_simulator_computes():
    import inspect
    import json

    source = "\n".join(inspect.getsource(one) for one in (matrix, tree, atomic))
    done = subprocess.run([sys.executable, "-c", SIMULATED], input=json.dumps([source, STARTS]), text=True,
                          capture_output=True, env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    ours = []
    for name, (blocks, threads, shape, out) in STARTS.items():
        x, y = np.arange(np.prod(shape), dtype="float64").reshape(shape) ** 2, np.zeros(out)
        Kernel(globals()[name])[blocks, threads](x, y)
        ours.append(f"{name} {y.ravel().tolist()}")
    assert done.stdout.split("\n")[:-1] == ours


def start(kernel, n=8, blocks=2, threads=4, out=8):
    x, y = np.arange(float(n)), np.zeros(out)
    Kernel(kernel)[blocks, threads](x, y)
    return y


def test_a_place_outside_is_named_with_its_thread():
    def double(x, y):
        i = cuda.grid(1)
        y[i] = 2 * x[i]

    assert start(double).tolist() == [0, 2, 4, 6, 8, 10, 12, 14]
    with pytest.raises(gpu.Outside, match=r"thread 3 of block 1 would read x\[7\], but its shape is \(7,\)"):
        start(double, n=7)
    with pytest.raises(gpu.Outside, match=r"thread 2 of block 1 would write y\[6\]"):
        start(double, out=6)


def test_two_threads_at_one_place_are_a_race_in_and_between_blocks():
    def add_up(x, y):
        y[0] += x[cuda.grid(1)]

    def everyone_writes(x, y):
        y[cuda.threadIdx.x] = x[cuda.grid(1)]

    def read_behind_an_atomic(x, y):
        cuda.atomic.add(y, 0, 1.0)
        y[1 + cuda.grid(1)] = y[0]

    with pytest.raises(gpu.Race, match=r"thread 1 of block 0 reads y\[0\], and thread 0 of block 0 writes it"):
        start(add_up)
    with pytest.raises(gpu.Race, match=r"thread 0 of block 1 writes y\[0\], and thread 0 of block 0 writes it"):
        start(everyone_writes)
    with pytest.raises(gpu.Race, match=r"adds to y\[0\], and thread 0 of block 0 reads it"):
        start(read_behind_an_atomic, out=9)


def test_syncthreads_orders_a_block_and_nothing_else():
    def hand_over(x, y):
        t, i = cuda.threadIdx.x, cuda.grid(1)
        y[i] = x[i]
        cuda.syncthreads()
        value = y[i - t + (t + 1) % 4]
        cuda.syncthreads()
        y[i] = value

    def look_next_door(x, y):
        i = cuda.grid(1)
        y[i] = x[i]
        cuda.syncthreads()
        if y[(i + 4) % 8] < 0:
            y[i] = 0

    assert start(hand_over).tolist() == [1, 2, 3, 0, 5, 6, 7, 4]
    with pytest.raises(gpu.Race, match="thread 0 of block 1 writes"):
        start(look_next_door)


@pytest.mark.parametrize("forgotten", [0, 1])
def test_a_missing_syncthreads_is_seen_whatever_comes_of_it(forgotten):
    def block(x, y):
        shared = cuda.shared.array(4, np.float64)
        t = cuda.threadIdx.x
        shared[t] = x[cuda.grid(1)]
        if forgotten != 0:
            cuda.syncthreads()
        y[cuda.grid(1)] = shared[3 - t]
        if forgotten != 1:
            cuda.syncthreads()
        shared[t] = 0.0

    with pytest.raises(gpu.SharedRace, match=r"shared\["):
        start(block)


def test_a_syncthreads_that_not_all_reach():
    def some(x, y):
        if cuda.threadIdx.x < 2:
            cuda.syncthreads()

    with pytest.raises(gpu.Stuck, match="thread 0 of block 0 waits at syncthreads, but thread 2 of block 0 has ended"):
        start(some)


def test_no_thread_is_left_behind_by_an_error():
    import threading

    def fails(x, y):
        cuda.syncthreads()
        if cuda.grid(1) == 2:
            raise KeyError("mine")
        cuda.syncthreads()

    before = threading.active_count()
    with pytest.raises(KeyError, match="mine"):
        start(fails)
    assert threading.active_count() == before


def test_an_error_shows_the_kernels_own_line():
    import traceback

    def fails(x, y):
        y[cuda.grid(1) + 100] = 1

    with pytest.raises(gpu.Outside) as caught:
        start(fails)
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[-1].line == "y[cuda.grid(1) + 100] = 1"
    assert sum("gpu.py" in frame.filename for frame in frames[1:]) <= 4  # from the start to the kernel, not behind it


def test_one_thread_that_does_all():
    def lonely(x, y):
        if cuda.grid(1) == 0:
            for i in range(x.size):
                y[0] += x[i]

    kernel = Kernel(lonely)
    kernel[2, 4](np.ones(8), np.zeros(1))
    with pytest.raises(gpu.OneDoesAll, match="thread 0 of block 0 reads 16 numbers"):
        kernel.check_share(4)
    kernel.check_share(16)


@pytest.mark.parametrize(
    "use, error, word",
    [
        (lambda: Kernel(tree)(1, 2), TypeError, r"tree\[blocks, threads\]"),
        (lambda: Kernel(tree)[100, 100], ValueError, "4096 threads at most"),
        (lambda: Kernel(tree)[(1, 2), 3], ValueError, "as many axes"),
        (lambda: cuda.grid(1), RuntimeError, "only in a kernel"),
        (lambda: Kernel(lambda x: cuda.grid(2))[1, 1](np.ones(1)), ValueError, "with 1 axes"),
        (lambda: Kernel(lambda x: x[:2])[1, 1](np.ones(3)), TypeError, "one at a time"),
        (lambda: Kernel(lambda x: x[0.5])[1, 1](np.ones(3)), TypeError, "whole number"),
    ],
)
def test_what_is_no_start_and_no_place(use, error, word):
    with pytest.raises(error, match=word):
        use()


def test_a_kernel_under_numbas_own_jit_runs_here_too():
    class Dispatcher:
        py_func = staticmethod(atomic)

    assert Kernel(Dispatcher()).function is atomic


def test_the_drawing_tells_who_touches_what(capsys):
    kernel = Kernel(tree)
    kernel[1, 4](np.arange(3.0), np.zeros(1))
    draw(kernel)
    assert "Threads: 4, blocks: 1. Places: they read 4 of shared and 3 of x, and write 4 of shared and 1 of y." in (
        capsys.readouterr().out)
