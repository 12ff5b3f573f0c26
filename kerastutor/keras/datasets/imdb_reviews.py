"""The texts of the film reviews, cut into words and numbered as they were for Keras's `imdb.npz`.

Keras numbered words by frequency in the training half. Equally frequent ones came in the order of a dictionary of
Python 2.7, whose hash function was fixed: so that order can be worked out again, and the numbers are Keras's own.
"""

import collections
import json

import numpy as np

TEST_BAD, TRAIN_BAD, TEST_GOOD, TRAIN_GOOD = (range(start, start + 12500) for start in range(0, 50000, 12500))
"""Where each part of the reviews lies in the file. Keras's files hold the good ones first."""

NO_LETTERS = b'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TO_SPACES = bytes.maketrans(NO_LETTERS, b" " * len(NO_LETTERS))
_64_BITS = 2**64 - 1


def as_npz(path):
    """What `imdb.npz` holds: x_train, y_train, x_test, y_test."""
    texts = _texts(path)
    numbers = _numbers(texts)
    arrays = {}
    for part, good, bad in (("train", TRAIN_GOOD, TRAIN_BAD), ("test", TEST_GOOD, TEST_BAD)):
        lists = np.empty(25000, dtype=object)
        lists[:] = [[numbers[w] for w in _words(texts[i]) if w in numbers] for i in (*good, *bad)]
        arrays[f"x_{part}"], arrays[f"y_{part}"] = lists, np.repeat([1, 0], 12500)
    return arrays


def word_index(path):
    """word -> number, in the order of the numbers."""
    return {word.decode(): number for word, number in _numbers(_texts(path)).items()}


def _texts(path):
    reviews = json.loads(path.read_bytes())
    return [review["t"].encode() for review in reviews]


def _words(text):
    """Lower case, punctuation away, cut at spaces; bytes, as Python 2 did: é stays é, É stays É."""
    return list(filter(None, text.lower().translate(_TO_SPACES).split(b" ")))


def _numbers(texts):
    """The most frequent word is 1."""
    counts = collections.Counter()
    for i in (*TRAIN_GOOD, *TRAIN_BAD):
        counts.update(_words(texts[i]))
    ranked = sorted(_in_order_of_python_2(counts), key=lambda word: -counts[word])
    return {word: number for number, word in enumerate(ranked, 1)}


def _in_order_of_python_2(words):
    """`words` in the order in which Python 2.7 on 64 bits gave back the keys of a dict that they were put into."""
    slots, size = {}, 8
    for count, word in enumerate(words, 1):
        _put(slots, size, _hash(word), word)
        if count * 3 >= size * 2:  # two thirds full: make it larger, and put in all of them again
            while size <= count * (2 if count > 50000 else 4):
                size *= 2
            old, slots = [slots[i] for i in sorted(slots)], {}
            for each in old:
                _put(slots, size, *each)
    return [slots[i][1] for i in sorted(slots)]


def _put(slots, size, hashed, word):
    """Into the slot that the hash says; if that is taken, into the next of a fixed series."""
    slot = perturb = hashed
    while slot % size in slots:
        slot = (5 * slot + perturb + 1) & _64_BITS
        perturb >>= 5
    slots[slot % size] = hashed, word


def _hash(word):
    value = word[0] << 7
    for byte in word:
        value = (1000003 * value ^ byte) & _64_BITS
    return value ^ len(word)
