"""House prices around Boston in the 1970s. https://keras.io/api/datasets/boston_housing/

One of its features, "B", was made on the assumption that people's colour sets house prices. Keras and scikit-learn
advise against this table, except to teach about such faults; take `california_housing`.
Harrison and Rubinfeld: Hedonic Prices and the Demand for Clean Air (1978); from StatLib.
"""

from . import tables
from .store import UPSTREAM, File, Form

NPZ = File(
    "boston_housing.npz", "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    UPSTREAM + "boston_housing.npz",
)
FORMS = (Form((NPZ,)),)


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """Thirteen features of each of 506 places, and the median house value there in thousands of dollars.

    Parameters
    ----------
    path, test_split, seed
        As in `keras.datasets.california_housing.load_data`, which is the better choice.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuples of ndarray, float64
        Shapes (404, 13), (404,), (102, 13), (102,).

    Raises
    ------
    DatasetNotFound
        If the file is not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), _ = keras.datasets.boston_housing.load_data()    # doctest: +SKIP
    """
    tables.check_test_split("boston_housing", test_split)
    return tables.load("boston_housing", NPZ, path, None, test_split, seed)
