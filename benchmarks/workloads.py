"""The work that is measured: plain descriptions that every peer reads."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

REAL_MNIST = "MNIST, the real digits"


@dataclass(frozen=True)
class Workload:
    """One training job: everything a peer needs to do the same work.

    ``layers`` holds pairs (Keras layer name, its arguments); optimizer and loss are Keras's names, with
    Keras's defaults. ``data(n)`` gives x, y (float32, y one-hot or one column) and where they come from.
    """

    name: str
    title: str
    data: Callable
    layers: tuple
    optimizer: str
    loss: str
    batch: int
    epochs: int
    most_of_keras: float  # target: at most this share of the fastest Keras backend's time
    least_of_blas: float | None = None  # target: at least this share of the BLAS rate


def dense(units, activation):
    return "Dense", {"units": units, "activation": activation}


def one_hot(labels, classes):
    return np.eye(classes, dtype="float32")[labels]


def noisy_labels(scores, rng):
    """The class of the highest score, one in ten replaced at random so that gradients never vanish."""
    labels = scores.argmax(1)
    return np.where(rng.random(len(labels)) < 0.1, rng.integers(0, scores.shape[1], len(labels)), labels)


def digits(n=60_000):
    """MNIST as the lesson feeds it; where it is missing, random pixels with its share of zeros, 81 %."""
    try:
        from kerastutor.keras.datasets import mnist

        (x, labels), _ = mnist.load_data()
    except (ImportError, OSError) as reason:
        return *like_digits(n), f"synthetic, as sparse as MNIST (real digits: {type(reason).__name__})"
    x = np.divide(x[:n].reshape(-1, 784), 255, dtype="float32")  # in one go: no second large array
    return x, one_hot(labels[:n], 10), REAL_MNIST


def like_digits(n):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    ink = rng.random((10, 784)) < 0.17
    x = np.empty((n, 784), "float32")
    for i in range(0, n, 5000):
        drawn = ink[labels[i : i + 5000]]
        drawn = drawn ^ (rng.random(drawn.shape, dtype="float32") < 0.03)
        x[i : i + 5000] = drawn * rng.random(drawn.shape, dtype="float32")
    return x, one_hot(labels, 10)


def boards(n=958):
    rng = np.random.default_rng(1)
    x = one_hot(rng.integers(0, 3, (n, 9)), 3).reshape(n, 27)
    y = noisy_labels(x @ rng.standard_normal((27, 2)), rng)
    return x, y[:, None].astype("float32"), "random boards: 9 cells, one of 3 marks each"


def table(columns, classes):
    def data(n):
        rng = np.random.default_rng(2)
        x = rng.standard_normal((n, columns), dtype="float32")
        y = noisy_labels(x @ rng.standard_normal((columns, classes)), rng)
        return x, one_hot(y, classes), "random table, linearly separable but for noise"

    return data


def rows(data, default):
    return lambda n=default: data(n)


wide = rows(table(93, 9), 61_878)
narrow = rows(table(32, 5), 5_000)
categorical, binary = "categorical_crossentropy", "binary_crossentropy"

WORKLOADS = (
    Workload("mlp", "MLP 784–512–10, relu and softmax, rmsprop, batch 128, 60,000 digits, 1 epoch", digits,
             (dense(512, "relu"), dense(10, "softmax")), "rmsprop", categorical, 128, 1, 0.65, 0.75),
    Workload("tiny-boards", "27–32–16–1, adam, batch 32, 958 boards, 100 epochs", boards,
             (dense(32, "relu"), dense(16, "relu"), dense(1, "sigmoid")), "adam", binary, 32, 100, 0.15),
    Workload("tiny-table", "32–16–5, adam, batch 128, 5,000 rows, 10 epochs", narrow,
             (dense(16, "relu"), dense(5, "softmax")), "adam", categorical, 128, 10, 0.15),
    Workload("tiny-softmax-32", "93–9 softmax, sgd, batch 32, 61,878 rows, 1 epoch", wide,
             (dense(9, "softmax"),), "sgd", categorical, 32, 1, 0.15),
    Workload("tiny-softmax-128", "93–9 softmax, sgd, batch 128, 61,878 rows, 1 epoch", wide,
             (dense(9, "softmax"),), "sgd", categorical, 128, 1, 0.15),
)  # fmt: skip


def select(words):
    """Workloads whose name is, or begins with, one of the words; all of them for no words."""
    for word in words:
        if not any(w.name.startswith(word) for w in WORKLOADS):
            known = ", ".join(w.name for w in WORKLOADS)
            raise ValueError(f"no workload begins with {word!r}; there are {known}, and startup")
    return [w for w in WORKLOADS if not words or any(w.name.startswith(word) for word in words)]
