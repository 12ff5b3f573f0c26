"""11,228 news agency reports of 1987 in 46 topics. https://keras.io/api/datasets/reuters/

Made from Reuters-21578, which is free for research.
"""

import dataclasses
import json

import numpy as np

from .pickled import load_npz
from .sequences import check_file_name, limit, number, shorter, shuffled
from .store import UPSTREAM, File, Form, obtain

NPZ = File("reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916", UPSTREAM + "reuters.npz")
INDEX = File("reuters_word_index.json", "4d44cc38712099c9e383dc6e5f11a921", UPSTREAM + "reuters_word_index.json")
FORMS = (Form((NPZ,)),)
INDEX_FORMS = (Form((INDEX,)),)


def load_data(
    path="reuters.npz", num_words=None, skip_top=0, maxlen=None, test_split=0.2, seed=113, start_char=1, oov_char=2,
    index_from=3,
):
    """Reports as lists of word numbers, and the topic of each, 0 to 45 (`get_label_names`).

    Parameters
    ----------
    test_split : float
        Which part of them is for the test.
    path, num_words, skip_top, maxlen, seed, start_char, oov_char, index_from
        As in `keras.datasets.imdb.load_data`.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        Lists of int, as arrays of objects, and int64 labels.

    Raises
    ------
    DatasetNotFound
        If the file is not here and can't be got; the message says what was tried and what to do.

    Examples
    --------
    >>> from kerastutor import keras
    >>> (x_train, y_train), _ = keras.datasets.reuters.load_data(num_words=10000)    # doctest: +SKIP
    """
    npz = dataclasses.replace(NPZ, name=check_file_name(path))
    _, (found,) = obtain("reuters", (Form((npz,)),))
    arrays = load_npz(found)
    x, y = shuffled(np.random.RandomState(seed), arrays["x"], arrays["y"])
    x = number(x, start_char, index_from)
    if maxlen:
        x, y = shorter(x, y, maxlen)
    x, n = limit(x, num_words, skip_top, oov_char), int(len(x) * (1 - test_split))
    return (np.array(x[:n], object), np.array(y[:n])), (np.array(x[n:], object), np.array(y[n:]))


def get_word_index(path="reuters_word_index.json"):
    """word -> its number, before `index_from` is added.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.datasets.reuters.get_word_index()["the"]    # doctest: +SKIP
    1
    """
    index = dataclasses.replace(INDEX, name=check_file_name(path))
    _, (found,) = obtain("reuters", (Form((index,)),))
    return json.loads(found.read_text(encoding="utf-8"))


def get_label_names():
    """The topic of each label, in the order of the labels.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.datasets.reuters.get_label_names()[:3]
    ('cocoa', 'grain', 'veg-oil')
    """
    return tuple(
        "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton "
        "carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock "
        "retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead".split()
    )
