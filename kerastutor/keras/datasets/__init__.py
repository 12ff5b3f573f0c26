"""Data to learn on, embedded in the package. Source: https://keras.io/api/datasets/"""

from . import mnist

__all__ = ["mnist"]
