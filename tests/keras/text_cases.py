"""Cases for the layers that in Keras need TensorFlow, and what real Keras answered.

TensorFlow is too large for a test's dependency, so the answers are kept in `text_answers.json`. Where Keras and
TensorFlow are installed, `python tests/keras/text_cases.py` writes it anew (3.15.1 with 2.21 wrote what is there).
"""

import json
import pathlib

import numpy as np

ANSWERS = pathlib.Path(__file__).with_name("text_answers.json")

TEXTS = [
    "Foo bar, baz!", "bar BAZ bar\tqux\u00a0x  \u00c9 \u00e9", "", "  ...  ",
    "it's a co-operative_test #1 [ok]", "a a a b",
]
ROWS = [["a", "b"], ["b", "zz"]]
STRINGS, INTEGERS = [["a", "c", "d", "d"], ["d", "z", "b", "z"]], [[12, 1138, 42, 42], [42, 7, 36, 7]]
LETTERS, NUMBERS = ["a", "b", "c", "d"], [12, 36, 1138, 42]
IDF = [0.25, 0.75, 0.6, 0.4]


def cases():
    """(class, arguments, what it is adapted to or None, what it is called on)."""
    yield from _texts()
    yield from _lookups("StringLookup", STRINGS, LETTERS, "z")
    yield from _lookups("IntegerLookup", INTEGERS, NUMBERS, 0)
    for options in ({}, {"salt": [3, 4]}, {"salt": 3}):
        yield "StringLookup", {"vocabulary": LETTERS, "num_oov_indices": 5, **options}, None, ["a", "q", "w", "\u00e9"]
    unknown = [100, 300, -700, 1100]
    yield "IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 4}, None, unknown
    yield "IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 4, "oov_method": "farmhash"}, None, unknown
    yield "IntegerLookup", {"vocabulary": NUMBERS, "invert": True}, None, [[1, 3, 4], [0, 9, -1]]
    yield "IntegerLookup", {"vocabulary": NUMBERS, "invert": True, "mask_token": 0}, None, [[0, 1, 2], [3, 4, 5]]
    for length in (0, 1, 5, 9, 20, 40, 70, 200):
        for salt in (None, [133, 137]):
            text = "".join(chr(97 + i * i % 26) for i in range(length))
            yield "Hashing", {"num_bins": 10**6, "salt": salt}, None, [text]
    for data in ([["A", "B"], ["C", "D"]], [["A"], ["B"]], [[1, 2], [3, -4]], [0, 1, 2]):
        for mode in ("int", "one_hot", "multi_hot", "count"):
            yield "Hashing", {"num_bins": 3, "output_mode": mode}, None, data
    yield "Hashing", {"num_bins": 3, "mask_value": ""}, None, ["A", "", "B"]
    yield "Hashing", {"num_bins": 3, "salt": 133}, None, [["A"], ["B"], ["C"], ["D"], ["E"]]


def _texts():
    name = "TextVectorization"
    for options in (
        {}, {"standardize": None}, {"standardize": "lower"}, {"standardize": "strip_punctuation"},
        {"split": "character"}, {"ngrams": 2}, {"ngrams": (1, 3)}, {"output_sequence_length": 3},
        {"output_sequence_length": 12}, {"max_tokens": 6}, {"output_mode": "multi_hot"}, {"output_mode": "count"},
        {"output_mode": "tf_idf"}, {"output_mode": "tf_idf", "max_tokens": 20, "pad_to_max_tokens": True},
        {"output_mode": "tf_idf", "ngrams": 2}, {"max_tokens": 5, "pad_to_max_tokens": True, "output_mode": "count"},
    ):
        yield name, options, TEXTS, TEXTS
    yield name, {}, TEXTS, [[text] for text in TEXTS]
    yield name, {}, TEXTS, TEXTS[0]
    yield name, {"output_sequence_length": 5}, TEXTS, TEXTS[0]
    for options in ({}, {"output_mode": "tf_idf"}, {"ngrams": 2}, {"output_sequence_length": 3}):
        yield name, {"split": None, **options}, ROWS, [["a", "b"], ["b", "c"]]
    yield name, {"split": None}, ["a", "b", "zz"], ["a", "b"]
    yield name, {"vocabulary": ["earth", "wind"]}, None, ["wind earth fire"]
    yield name, {"vocabulary": ["", "[UNK]", "earth", "wind"]}, None, ["wind earth fire"]
    yield name, {"vocabulary": ["earth", "wind"], "output_mode": "tf_idf", "idf_weights": [0.25, 0.5]}, None, ["wind x"]


def _lookups(name, data, vocabulary, mask):
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for options in ({}, {"mask_token": mask}, {"max_tokens": 9, "pad_to_max_tokens": True}):
            yield name, {"vocabulary": vocabulary, "output_mode": mode, **options}, None, data
        yield name, {"vocabulary": vocabulary, "output_mode": mode, "num_oov_indices": 3}, None, [[v] for v in data[1]]
        yield name, {"vocabulary": vocabulary, "output_mode": mode, "num_oov_indices": 0}, None, data[0]
        yield name, {"output_mode": mode}, data, data[0]
        yield name, {"output_mode": mode, "max_tokens": 3}, data, data
    yield name, {"output_mode": "tf_idf"}, data, data
    yield name, {"output_mode": "tf_idf"}, data[1], data
    for options in ({}, {"max_tokens": 8, "pad_to_max_tokens": True}):
        yield name, {"vocabulary": vocabulary, "output_mode": "tf_idf", "idf_weights": IDF, **options}, None, data


def answer(keras, name, arguments, adapt_to, data):
    """The vocabulary, and dtype, shape and values of the result; as JSON has them."""
    layer = getattr(keras.layers, name)(**arguments)
    if adapt_to is not None:
        layer.adapt(adapt_to)
    y = np.asarray(layer(data))
    vocabulary = [str(v) for v in layer.get_vocabulary()] if hasattr(layer, "get_vocabulary") else None
    return [vocabulary, y.dtype.name, list(y.shape), np.round(y.astype("float64"), 5).ravel().tolist()]


if __name__ == "__main__":
    import os

    os.environ["KERAS_BACKEND"] = "jax"
    import keras

    lines = [json.dumps(answer(keras, *case), separators=(",", ":")) for case in cases()]
    ANSWERS.write_text("[\n" + ",\n".join(lines) + "\n]\n")
