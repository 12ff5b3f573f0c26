"""70,000 pictures of clothes, in the form of MNIST. Source: https://keras.io/api/datasets/fashion_mnist/

Xiao, Rasul, Vollgraf: Fashion-MNIST, https://arxiv.org/abs/1708.07747; MIT licence, Zalando SE.
"""

from . import idx
from .packages import Debian
from .store import UPSTREAM, File, Form, obtain

_HASHES = {  # of what is inside the .gz
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
FORMS = (
    Form(
        tuple(File(f"fashion-mnist/{name}", sha, UPSTREAM + name, gzipped=True) for name, sha in _HASHES.items()),
        Debian("dataset-fashion-mnist", tuple(f"usr/share/datasets/fashion-mnist/{name}" for name in _HASHES)),
    ),
)
SHAPES = (60000, 28, 28), (60000,), (10000, 28, 28), (10000,)


def load_data():
    """Pictures of clothes, grey, 28 by 28 pixels, 0 to 255, and the kind of each.

    0 T-shirt or top, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot.
    From the cache that is shared with Keras; else from the address that Keras uses, or Debian's package.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray, uint8
        Shapes (60000, 28, 28), (60000,), (10000, 28, 28), (10000,).

    Raises
    ------
    DatasetNotFound
        If the files are not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()    # doctest: +SKIP
    """
    _, paths = obtain("fashion_mnist", FORMS)
    repair = "Run: kerastutor data get fashion_mnist"
    x_train, y_train, x_test, y_test = (idx.read(path, shape, repair) for path, shape in zip(paths, SHAPES))
    return (x_train, y_train), (x_test, y_test)
