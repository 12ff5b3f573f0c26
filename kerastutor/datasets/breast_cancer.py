"""Is a lump malignant or benign? 569 of them, each seen under the microscope and measured in 30 ways.

Wolberg, Street, Mangasarian: https://archive.ics.uci.edu/dataset/17/breast+cancer+wisconsin+diagnostic (BSD)
"""

from . import embedded


def load_data():
    """Measurements of cells, and whether the lump was benign.

    Returns
    -------
    x, y : ndarray
        Shapes (569, 30) float64 and (569,) int64; y is 0 for malignant (212), 1 for benign (357).
        Columns: `get_feature_names()`.

    Examples
    --------
    >>> from kerastutor import datasets
    >>> x, y = datasets.breast_cancer.load_data()
    >>> x.shape, int(y.sum())
    ((569, 30), 357)
    """
    numbers = embedded.table(embedded.read("breast_cancer.csv").decode("ascii")).astype("float64")
    return numbers[:, :-1].copy(), numbers[:, -1].astype("int64")


def get_feature_names():
    """The names of the 30 columns: the mean over the cells, its standard error, and the worst three, of ten features.

    >>> get_feature_names()[::10]
    ('mean radius', 'radius error', 'worst radius')
    """
    features = (
        "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
        "symmetry", "fractal dimension",
    )
    return tuple(form.format(name) for form in ("mean {}", "{} error", "worst {}") for name in features)


def get_label_names():
    """What 0 and 1 mean.

    >>> get_label_names()
    ('malignant', 'benign')
    """
    return "malignant", "benign"
