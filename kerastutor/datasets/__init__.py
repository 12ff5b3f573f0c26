"""Data to learn on that Keras does not have: small, embedded in the package (or made on the spot), free to use.

Each has `load_data()`. Licences and sources: data/LICENSES.md. What Keras has is in `keras.datasets`.

>>> from kerastutor import datasets
>>> x, y = datasets.tic_tac_toe.load_data()
>>> x.shape
(958, 9)
"""

from . import alice, breast_cancer, co2, segment, sunspots, tic_tac_toe

__all__ = ["alice", "breast_cancer", "co2", "segment", "sunspots", "tic_tac_toe"]
