"""What the data made of word numbers have in common: the marks for start and unknown, and leaving words out."""

import numpy as np


def shuffled(rng, *arrays):
    """The arrays, all in the same new order."""
    order = np.arange(len(arrays[0]))
    rng.shuffle(order)
    return tuple(array[order] for array in arrays)


def number(texts, start_char, index_from):
    """Word k becomes k + index_from; `start_char`, if any, comes first."""
    if start_char is not None:
        return [[start_char, *(word + index_from for word in text)] for text in texts]
    return [[word + (index_from or 0) for word in text] for text in texts]


def shorter(texts, labels, maxlen):
    """Those of less than `maxlen` words."""
    kept = [(text, label) for text, label in zip(texts, labels) if len(text) < maxlen]
    return [text for text, _ in kept], [label for _, label in kept]


def limit(texts, num_words, skip_top, oov_char):
    """Words outside skip_top..num_words become `oov_char`, or go if that is None."""
    num_words = num_words or max(map(max, filter(None, texts)))
    if oov_char is None:
        return [[word for word in text if skip_top <= word < num_words] for text in texts]
    return [[word if skip_top <= word < num_words else oov_char for word in text] for text in texts]


def check_file_name(path):
    """A name in the cache's folder, not a path: as in Keras 3."""
    if "/" in path or "\\" in path:
        raise ValueError(
            f"load_data: path must be a file's name in Keras's cache, not a path; got {path!r}. Leave it out, "
            "and set the environment variable KERAS_HOME to keep data elsewhere."
        )
    return path
