"""Data to learn on, as Keras has them. Source: https://keras.io/api/datasets/

MNIST is in the package; the others come from the cache that is shared with Keras, or over the network (store.py).
"""

from . import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    mnist,
    reuters,
)

__all__ = [
    "boston_housing", "california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "mnist", "reuters",
]
