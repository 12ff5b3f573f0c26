"""Where the embedded files lie, and tables of numbers out of them."""

from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"


def read(name):
    """The bytes of an embedded file."""
    try:
        return (DATA / name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"The data file {DATA / name} is missing. Install kerastutor again, or in a clone run: "
            "git checkout -- kerastutor/datasets/data"
        ) from None


def table(text):
    """Comma-separated lines below a header, as an array of str of shape (rows, columns)."""
    return np.array([line.split(",") for line in text.splitlines()[1:]])
