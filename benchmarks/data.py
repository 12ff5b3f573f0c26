"""The data of the workloads: ``f(n)`` gives x, y (float32, one-hot or one column) and where they come from."""

import numpy as np

REAL_MNIST = "MNIST, the real digits"


def one_hot(labels, classes):
    return np.eye(classes, dtype="float32")[labels]


def noisy_labels(scores, rng):
    """The class of the highest score, one in ten replaced at random so that gradients never vanish."""
    labels = scores.argmax(1)
    return np.where(rng.random(len(labels)) < 0.1, rng.integers(0, scores.shape[1], len(labels)), labels)


def digits(n):
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


def made_digits(n):
    """Digits that need no file."""
    return *like_digits(n), "synthetic, as sparse as MNIST"


def made_images(n):
    x, y, source = made_digits(n)
    return x.reshape(-1, 28, 28, 1), y, source


def images(n):
    """The same digits as images of 28 × 28 pixels, one channel."""
    x, y, source = digits(n)
    return x.reshape(-1, 28, 28, 1), y, source


def boards(n):
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


def reviews(words, length):
    """Texts as token ids, like IMDB's: most shorter than ``length``, zeros before them; one word tells the class."""

    def data(n):
        rng = np.random.default_rng(3)
        good = rng.integers(0, 2, n)
        x = rng.integers(3, words, (n, length), dtype="int32")
        x = np.where(rng.random(x.shape, dtype="float32") < 0.1, good[:, None] + 1, x)
        padding = length - rng.integers(length // 8, length * 5 // 4, n)
        x[np.arange(length) < padding[:, None]] = 0
        return x.astype("int32"), good[:, None].astype("float32"), "random token ids; one in ten tells the class"

    return data


def characters(n, length=40, letters=60):
    """Windows of a text as one-hot letters, and the letter that follows each."""
    rng = np.random.default_rng(4)
    text = rng.integers(0, letters, (n, length))
    after = rng.permutation(letters)[text[:, -1]]
    return one_hot(text, letters), one_hot(after, letters), "random letters; the last tells the next"
