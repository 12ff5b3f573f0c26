"""How many spots the Sun had in each year since 1700: a time series with a period of about eleven years.

National Geophysical Data Center; public domain.
"""

from . import embedded


def load_data():
    """Yearly sunspot numbers.

    Returns
    -------
    years, spots : ndarray
        Shapes (309,): int64, 1700 to 2008, and float64.

    Examples
    --------
    >>> from kerastutor import datasets
    >>> years, spots = datasets.sunspots.load_data()
    >>> years[0], spots[0]
    (np.int64(1700), np.float64(5.0))
    """
    rows = embedded.table(embedded.read("sunspots.csv").decode("ascii"))
    return rows[:, 0].astype("int64"), rows[:, 1].astype("float64")
