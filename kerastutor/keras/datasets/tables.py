"""What the tables of house prices have in common."""

import dataclasses

import numpy as np

from .sequences import check_file_name, shuffled
from .store import Form, obtain


def check_test_split(dataset, test_split):
    if not 0 <= test_split < 1:
        raise ValueError(f"{dataset}.load_data: test_split must be at least 0 and less than 1; got {test_split}.")


def load(dataset, file, path, rows, test_split, seed):
    """((x_train, y_train), (x_test, y_test)) of the first `rows` rows, shuffled by `seed`."""
    _, (found,) = obtain(dataset, (Form((dataclasses.replace(file, name=check_file_name(path)),)),))
    with np.load(found, allow_pickle=False) as arrays:
        x, y = shuffled(np.random.RandomState(seed), arrays["x"][:rows], arrays["y"][:rows])
    n = int(len(x) * (1 - test_split))
    return (x[:n].copy(), y[:n].copy()), (x[n:].copy(), y[n:].copy())
