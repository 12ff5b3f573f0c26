"""How the work on a GPU is timed: `begin()` before it, `end()` after it, which waits until the device has done all."""

import os

DEVICE = os.environ.get("BENCHMARKS_DEVICE", "cuda")  # "cpu" tries the peers out where there is no GPU


class Events:
    """Two events on the stream that the work goes to: `end` gives the device's seconds between them."""

    def __init__(self, event, *stream):
        self.first, self.last, self.stream = event(), event(), stream

    def begin(self):
        self.first.record(*self.stream)

    def end(self):
        self.last.record(*self.stream)
        self.last.synchronize()
        return self.first.elapsed_time(self.last) / 1000


class Wait:
    """No clock of the device's own: `end` only waits, so that wall time is that of work done."""

    def __init__(self, wait=lambda: None):
        self.end = wait

    def begin(self):
        pass


def of_numba():
    """Events on the stream of kerastutor's kernels."""
    from numba import cuda

    from kerastutor.backends.cuda import memory

    return Events(cuda.event, memory.stream)


def of_torch():
    """Events on PyTorch's stream; RuntimeError where it has no GPU."""
    import torch

    if DEVICE == "cpu":
        return Wait()
    if not torch.cuda.is_available():
        raise RuntimeError("this PyTorch finds no GPU")
    return Events(lambda: torch.cuda.Event(enable_timing=True))


def of_jax(held):
    """JAX has no events: `held()` gives the arrays that are waited for. RuntimeError where it has no GPU."""
    import jax

    jax.devices(DEVICE)

    def wait():
        jax.block_until_ready(held())

    return Wait(wait)


def of_tensorflow():
    """TensorFlow shows no events either; RuntimeError where it has no GPU."""
    import tensorflow as tf

    if DEVICE != "cpu" and not tf.config.list_physical_devices("GPU"):
        raise RuntimeError("this TensorFlow finds no GPU")
    return Wait(tf.test.experimental.sync_devices)
