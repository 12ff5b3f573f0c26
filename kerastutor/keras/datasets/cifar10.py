"""60,000 small colour photographs in 10 classes. https://keras.io/api/datasets/cifar10/

Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009), https://www.cs.toronto.edu/~kriz/cifar.html
"""

from . import cifar
from .store import File, Form

FORMS = (
    Form((
        File(
            "cifar-10-batches-py-target_archive",
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        ),
    )),
)


def load_data():
    """Colour photographs of 32 by 32 pixels and the class of each.

    0 airplane, 1 automobile, 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship, 9 truck.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray, uint8
        Shapes (50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1); channels first if
        `keras.config.image_data_format()` says so.

    Raises
    ------
    DatasetNotFound
        If the archive is not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()    # doctest: +SKIP
    """
    folder = "cifar-10-batches-py"
    train = [f"{folder}/data_batch_{i}" for i in range(1, 6)]
    (x_train, y_train), (x_test, y_test) = cifar.load("cifar10", FORMS, train, f"{folder}/test_batch", "labels")
    return (x_train, y_train.astype("uint8")), (x_test, y_test.astype("uint8"))
