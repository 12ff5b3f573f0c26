"""Carbon dioxide in the air at Mauna Loa, Hawaii, week by week 1958-2001: a rise with a yearly wave, and gaps.

Keeling and Whorf (2004), Carbon Dioxide Information Analysis Center; public domain.
"""

import numpy as np

from . import embedded


def load_data():
    """Weekly carbon dioxide in parts per million.

    Returns
    -------
    dates, ppm : ndarray
        Shapes (2284,): datetime64[D], Saturdays, and float64, NaN in the 59 weeks without a measurement.

    Examples
    --------
    >>> from kerastutor import datasets
    >>> dates, ppm = datasets.co2.load_data()
    >>> str(dates[0]), float(ppm[0])
    ('1958-03-29', 316.1)
    """
    rows = embedded.table(embedded.read("co2.csv").decode("ascii"))
    dates = np.array([f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in rows[:, 0]], "datetime64[D]")
    return dates, np.array([float(value or "nan") for value in rows[:, 1]])
