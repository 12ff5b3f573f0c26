"""70,000 handwritten digits, embedded in the package: nothing is downloaded.

Source: https://keras.io/api/datasets/mnist/; LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist (CC BY-SA 3.0)
"""

from pathlib import Path

from . import idx

DATA = Path(__file__).parent / "data"
FILES = {
    "mnist-train-images-idx3-ubyte.gz": (60000, 28, 28),
    "mnist-train-labels-idx1-ubyte.gz": (60000,),
    "mnist-t10k-images-idx3-ubyte.gz": (10000, 28, 28),
    "mnist-t10k-labels-idx1-ubyte.gz": (10000,),
}
REPAIR = "Install kerastutor again, or in a clone run: git checkout -- kerastutor/keras/datasets/data"


def load_data(path="mnist.npz"):
    """The MNIST digits: grey images of 28 by 28 pixels, 0 (paper) to 255 (ink), and which digit each shows.

    Parameters
    ----------
    path : str
        Taken so that calls look as in Keras; the data come from the package whatever it says.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray, uint8
        Shapes (60000, 28, 28), (60000,), (10000, 28, 28), (10000,).

    Raises
    ------
    FileNotFoundError, ValueError
        If a file of the package is missing or damaged.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    >>> x_train.shape, y_train[:5]
    ((60000, 28, 28), array([5, 0, 4, 1, 9], dtype=uint8))
    """
    x_train, y_train, x_test, y_test = (idx.read(DATA / name, shape, REPAIR) for name, shape in FILES.items())
    return (x_train, y_train), (x_test, y_test)
