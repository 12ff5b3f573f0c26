"""A whole book, to learn to write from, letter by letter. Lewis Carroll, 1865; public domain."""

from . import embedded


def load_data():
    """Alice's Adventures in Wonderland as one string of 148,480 characters; lines end in a newline.

    Examples
    --------
    >>> from kerastutor import datasets
    >>> text = datasets.alice.load_data()
    >>> len(text), len(set(text)), len(set(text.lower()))
    (148480, 72, 46)
    """
    text = embedded.read("alice29.txt").decode("ascii")
    return text.replace("\r\n", "\n").removesuffix("\x1a")  # the mark with which DOS ended a text
