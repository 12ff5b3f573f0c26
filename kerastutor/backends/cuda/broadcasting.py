"""Arrays of different shapes together, as NumPy does it: an axis of length 1 is walked along without moving."""

import inspect

from numba import cuda

from .launch import Kernel, launch


@cuda.jit(device=True)
def place(i, shape, steps):
    """Where number i of an array of `shape` is in one that moves by `steps` along each of its axes."""
    at = 0
    for axis in range(len(shape) - 1, -1, -1):
        at += (i % shape[axis]) * steps[axis]
        i //= shape[axis]
    return at


def broadcast(function):
    """A kernel of function(a, b), which makes one number out of two: a thread for each number of the result."""
    of_two = cuda.jit(device=True)(function)

    @cuda.jit
    def loop(a, b, out, shape, in_a, in_b):
        i = cuda.grid(1)
        if i < out.size:
            out[i] = of_two(a[place(i, shape, in_a)], b[place(i, shape, in_b)])

    def on_device(a, b, out):
        launch(loop, out.size, flat(a), flat(b), flat(out), *walk(out.shape, a.shape, b.shape))

    made = Kernel(function, on_device, fills=1)
    made.__signature__ = inspect.signature(on_device)
    return made


def walk(shape, *shapes):
    """`shape`, and how far to move along each of its axes in arrays of `shapes`: 0 where such an array has length 1.

    Neighbouring axes along which all arrays move alike become one.
    """
    steps = [_steps(shape, s) for s in shapes]
    axes = [(1, [0] * len(steps))]  # (length, steps), from the last on
    for length, here in list(zip(shape, zip(*steps)))[::-1]:
        inner, before = axes[-1]
        if length == 1:
            continue
        if inner == 1 or all(a == inner * b for a, b in zip(here, before)):
            axes[-1] = (length * inner, before if inner > 1 else list(here))
        else:
            axes.append((length, list(here)))
    lengths = tuple(n for n, _ in axes[::-1])
    return lengths, *(tuple(s[k] for _, s in axes[::-1]) for k in range(len(steps)))


def _steps(shape, own):
    """How far an array of shape `own` moves along each axis of `shape`."""
    own, steps, step = (1,) * (len(shape) - len(own)) + tuple(own), [], 1
    for n in own[::-1]:
        steps.append(0 if n == 1 else step)
        step *= n
    return steps[::-1]


def flat(a):
    return a.reshape(a.size)
