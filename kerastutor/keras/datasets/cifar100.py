"""60,000 small colour photographs in 100 classes, or 20 groups of them. https://keras.io/api/datasets/cifar100/

Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009), https://www.cs.toronto.edu/~kriz/cifar.html
"""

from . import cifar
from .store import File, Form

FORMS = (
    Form((
        File(
            "cifar-100-python-target_archive",
            "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
            "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        ),
    )),
)


def load_data(label_mode="fine"):
    """Colour photographs of 32 by 32 pixels and the class of each.

    Parameters
    ----------
    label_mode : {"fine", "coarse"}
        100 classes, or 20 groups.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray
        x uint8 of shapes (50000, 32, 32, 3) and (10000, 32, 32, 3), y int64 of shapes (50000, 1) and (10000, 1).

    Raises
    ------
    DatasetNotFound
        If the archive is not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), (x_test, y_test) = keras.datasets.cifar100.load_data()    # doctest: +SKIP
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError(f"cifar100.load_data: label_mode must be 'fine' or 'coarse'; got {label_mode!r}.")
    folder = "cifar-100-python"
    return cifar.load("cifar100", FORMS, [f"{folder}/train"], f"{folder}/test", f"{label_mode}_labels")
