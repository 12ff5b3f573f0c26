"""What does a patch of 3 by 3 pixels show? 2,310 patches of seven outdoor photographs in 18 numbers each.

Vision Group, University of Massachusetts, 1990: https://archive.ics.uci.edu/dataset/147/statlog+image+segmentation
"""

import io
import zipfile

import numpy as np

from . import embedded


def load_data():
    """Colours, edges and place of image patches, and what each shows.

    Returns
    -------
    x, y : ndarray
        Shapes (2310, 18) float64 and (2310,) int64; y from 0 to 6, 330 patches of each (`get_label_names()`).
        Columns: `get_feature_names()`.

    Examples
    --------
    >>> from kerastutor import datasets
    >>> x, y = datasets.segment.load_data()
    >>> x.shape, [int(n) for n in np.bincount(y)]
    ((2310, 18), [330, 330, 330, 330, 330, 330, 330])
    """
    rows = embedded.table(_text())
    _, y = np.unique(rows[:, -1], return_inverse=True)
    return rows[:, :-1].astype("float64"), y.astype("int64")


def get_feature_names():
    """The names of the 18 columns.

    >>> get_feature_names()[:2]
    ('region-centroid-col', 'region-centroid-row')
    """
    return tuple(_text().partition("\n")[0].strip().split(",")[:-1])


def get_label_names():
    """What 0 to 6 mean.

    >>> get_label_names()
    ('brickface', 'cement', 'foliage', 'grass', 'path', 'sky', 'window')
    """
    return tuple(map(str, np.unique(embedded.table(_text())[:, -1])))


def _text():
    with zipfile.ZipFile(io.BytesIO(embedded.read("segment.csv.zip"))) as archive:
        return archive.read(archive.namelist()[0]).decode("ascii")
