"""What CIFAR-10 and CIFAR-100 have in common: an archive of pickled batches. No code of theirs is run."""

import tarfile

import numpy as np

from .. import config
from .pickled import Unpickler
from .store import obtain


def load(dataset, forms, train, test, label_key):
    """((x_train, y_train), (x_test, y_test)) out of the members `train` and `test` of the archive."""
    _, (archive,) = obtain(dataset, forms)
    with tarfile.open(archive) as tar:
        return tuple(_join([_batch(tar, member, label_key) for member in members]) for members in (train, [test]))


def _batch(tar, member, label_key):
    batch = Unpickler(tar.extractfile(member), encoding="bytes").load()
    return batch[b"data"].reshape(-1, 3, 32, 32), batch[label_key.encode()]


def _join(batches):
    x = np.concatenate([x for x, _ in batches])
    y = np.concatenate([y for _, y in batches])[:, None]
    return (x.transpose(0, 2, 3, 1) if config.image_data_format() == "channels_last" else x), y
