"""House prices in 20,640 blocks of California in 1990. https://keras.io/api/datasets/california_housing/

Pace and Barry: Sparse Spatial Autoregressions (1997); from StatLib.
"""

from . import tables
from .store import UPSTREAM, File, Form

NPZ = File(
    "california_housing.npz", "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
    UPSTREAM + "california_housing.npz",
)
FORMS = (Form((NPZ,)),)


def load_data(version="large", path="california_housing.npz", test_split=0.2, seed=113):
    """Eight features of each block, and the median house value there in dollars.

    The features: MedInc, HouseAge, AveRooms, AveBedrms, Population, AveOccup, Latitude, Longitude, in the order of
    Keras's file.

    Parameters
    ----------
    version : {"large", "small"}
        20,640 blocks, or 600.
    path : str
        The file's name in Keras's cache.
    test_split : float
        Which part is for the test.
    seed : int
        Of the shuffle.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray, float32
        Shapes (n, 8) and (n,).

    Raises
    ------
    DatasetNotFound
        If the file is not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), _ = keras.datasets.california_housing.load_data()    # doctest: +SKIP
    """
    tables.check_test_split("california_housing", test_split)
    if version not in ("small", "large"):
        raise ValueError(f"california_housing.load_data: version must be 'small' or 'large'; got {version!r}.")
    return tables.load("california_housing", NPZ, path, 600 if version == "small" else None, test_split, seed)
