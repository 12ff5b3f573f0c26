"""What a workload is to reach: a column of the table, and how little or how much of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    column: str
    limit: float
    at_least: bool = False


def of_keras(most):
    """At most this share of the fastest Keras backend's time."""
    return Target("to_keras", most)


def of_peer(most):
    """At most this share of the time of the fastest peer of any kind."""
    return Target("to_peer", most)


def of_pytorch(most):
    """On a GPU, at most this share of the time of PyTorch without torch.compile."""
    return Target("to_pytorch", most)


def of_keras_jax(most):
    """On a GPU, at most this share of the time of Keras on JAX."""
    return Target("to_keras_jax", most)


def of_fused(most):
    """On a GPU, at most this share of the time of the fastest peer that calls cuDNN's fused LSTM."""
    return Target("to_fused", most)


def of_unfused(most):
    """On a GPU, at most this share of the time of the fastest peer that does not."""
    return Target("to_unfused", most)


def of_blas(least):
    """At least this share of the BLAS rate."""
    return Target("of_blas", least, at_least=True)
