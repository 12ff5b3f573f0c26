"""Layers for strings and identifiers, beside what real Keras answered with TensorFlow at hand."""

import json

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.models.replay import Program
from tests.keras.oracle import same_signature
from tests.keras.text_cases import ANSWERS, LETTERS, TEXTS, answer, cases

layers = keras.layers
CASES = list(cases())
IDS = [f"{i}-{name} {arguments}" for i, (name, arguments, _, _) in enumerate(CASES)]


@pytest.fixture(scope="module")
def answers():
    return json.loads(ANSWERS.read_text())


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_as_keras_answered(number, answers):
    found, wanted = answer(keras, *CASES[number]), answers[number]
    assert found[:3] == wanted[:3]
    np.testing.assert_allclose(found[3], wanted[3], rtol=1e-5)


def test_every_case_has_an_answer(answers):
    assert len(answers) == len(CASES)


@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization", "Hashing"])
def test_arguments_are_named_as_in_keras(name):
    from tests.keras.oracle import real

    assert list(same_signature(getattr(layers, name).__init__, getattr(real().layers, name).__init__)) == []


# what can be given ----------------------------------------------------------------------------


def test_strings_come_in_many_forms():
    layer = layers.StringLookup(vocabulary=LETTERS)
    for data in (["a", "z"], ("a", "z"), np.array(["a", "z"]), np.array(["a", "z"], object), np.array([b"a", b"z"])):
        assert layer(data).numpy().tolist() == [1, 0]
    assert layer("d").numpy() == 4
    assert layer([]).shape == (0,)
    assert layers.TextVectorization(vocabulary=["a"])([]).shape == (0, 0)
    latin = layers.StringLookup(vocabulary=["\u00e9"], encoding="latin-1")
    assert latin(np.array([b"\xe9"])).numpy().tolist() == [1]


def test_a_vocabulary_is_learned_from_batches():
    one, several = layers.TextVectorization(), layers.TextVectorization()
    one.adapt(TEXTS)
    several.adapt(texts for texts in (TEXTS[:2], np.array(TEXTS[2:])))
    assert one.get_vocabulary() == several.get_vocabulary()
    endless = layers.StringLookup()
    endless.adapt(iter(lambda: ["cat", "dog"], None), steps=3)
    assert endless.get_vocabulary() == ["[UNK]", "dog", "cat"]
    one.adapt(["new words"])
    assert one.get_vocabulary() == ["", "[UNK]", "words", "new"], "adapting again starts from nothing"


def test_a_vocabulary_from_a_file(tmp_path):
    (tmp_path / "words.txt").write_text("a\nb\nc\n")
    layer = layers.StringLookup(vocabulary=str(tmp_path / "words.txt"), mask_token="[MASK]")
    assert layer.get_vocabulary() == ["[MASK]", "[UNK]", "a", "b", "c"]
    assert layer.get_config()["vocabulary"] is None  # it goes into the saved file as an asset


def test_functions_that_standardize_and_split():
    layer = layers.TextVectorization(
        standardize=lambda texts: np.char.replace(np.char.upper(texts), "-", " "), split=np.char.split
    )
    layer.adapt(["a-b b", "c"])
    assert layer.get_vocabulary() == ["", "[UNK]", "B", "C", "A"]
    assert layer(["b-a", "c"]).numpy().tolist() == [[2, 4], [3, 0]]


def test_there_and_back():
    there = layers.StringLookup()
    there.adapt(["x", "y", "y"])
    back = layers.StringLookup(vocabulary=there.get_vocabulary(), invert=True)
    assert back(there([["x", "y", "?"]])).tolist() == [[b"x", b"y", b"[UNK]"]]  # bytes, as in Keras


# in models ------------------------------------------------------------------------------------


def test_integer_lookup_is_part_of_a_model(backend):
    layer = layers.IntegerLookup(vocabulary=[12, 36, 42], output_mode="multi_hot")
    model = keras.Sequential([keras.Input((2,), dtype="int32"), layer, layers.Dense(1, use_bias=False)])
    assert model.output_shape == (None, 1)
    model.compile("sgd", "mse")
    x = np.array([[12, 7], [42, 42], [36, 12]])
    model.fit(x, np.zeros(3), epochs=2, verbose=0)
    indicators = np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 1, 1, 0]])
    np.testing.assert_allclose(model.predict(x, verbose=0), indicators @ model.get_weights()[0], rtol=1e-5, atol=1e-6)


def test_a_recorded_lookup_sees_each_batch(backend):
    layer, x = layers.IntegerLookup(vocabulary=[12, 36, 42]), np.array([12, 36])
    program = Program(layer, [x])
    program.run()
    assert program.result.numpy().tolist() == [1, 2]
    x[:] = [42, 5]
    program.run()
    assert program.result.numpy().tolist() == [3, 0]


@pytest.mark.parametrize("make", [lambda: layers.StringLookup(), lambda: layers.TextVectorization()])
def test_strings_stay_outside_of_models(make):
    with pytest.raises(ValueError, match="Apply it to the data first"):
        make()(keras.Input((1,)))


# configuration --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layer",
    [
        layers.StringLookup(vocabulary=LETTERS, mask_token="[MASK]", num_oov_indices=2, encoding="latin-1"),
        layers.StringLookup(vocabulary=LETTERS, output_mode="tf_idf", idf_weights=[1.0, 2.0, 3.0, 4.0]),
        layers.IntegerLookup(vocabulary=np.array([3, 4]), num_oov_indices=3, oov_method="farmhash", salt=[1, 2]),
        layers.TextVectorization(vocabulary=LETTERS, ngrams=(1, 2), output_sequence_length=4, split="character"),
        layers.TextVectorization(max_tokens=9, output_mode="count", pad_to_max_tokens=True),
        layers.Hashing(num_bins=5, mask_value="a", salt=3),
    ],
    ids=lambda layer: layer.name,
)
def test_a_config_makes_the_same_layer(layer):
    again = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    assert json.dumps(again.get_config()) == json.dumps(layer.get_config())
    if hasattr(layer, "get_vocabulary"):
        assert again.get_vocabulary() == layer.get_vocabulary()


def test_a_learned_vocabulary_goes_through_files(tmp_path):
    layer, store = layers.TextVectorization(output_mode="tf_idf"), {}
    layer.adapt(TEXTS)
    layer.save_own_variables(store)
    layer.save_assets(tmp_path)
    again = layers.TextVectorization.from_config(json.loads(json.dumps(layer.get_config())))
    again.load_own_variables(store)
    again.load_assets(tmp_path)
    assert again.get_vocabulary() == layer.get_vocabulary()
    np.testing.assert_array_equal(again(TEXTS).numpy(), layer(TEXTS).numpy())


def test_a_model_s_file_holds_the_vocabulary(tmp_path):
    layer, x = layers.IntegerLookup(name="lookup"), np.array([[5, 7], [8, 1]])
    layer.adapt(np.array([5, 5, 7, 8]))
    model = keras.Sequential([keras.Input((2,), dtype="int32"), layer, layers.Embedding(4, 2)])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.get_layer("lookup").get_vocabulary() == [-1, 5, 8, 7]
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


# mistakes -------------------------------------------------------------------------------------

MISTAKES = [
    (lambda: layers.StringLookup(max_tokens=1), ["max_tokens", "1"]),
    (lambda: layers.StringLookup(pad_to_max_tokens=True), ["pad_to_max_tokens", "max_tokens"]),
    (lambda: layers.StringLookup(num_oov_indices=-1), ["num_oov_indices", "-1"]),
    (lambda: layers.StringLookup(output_mode="hot"), ["output_mode", "'hot'", "multi_hot"]),
    (lambda: layers.StringLookup(invert=True, output_mode="count"), ["invert", "'int'"]),
    (lambda: layers.StringLookup(sparse=True), ["sparse"]),
    (lambda: layers.StringLookup(idf_weights=[1.0]), ["idf_weights", "tf_idf"]),
    (lambda: layers.StringLookup(vocabulary=["a"], output_mode="tf_idf"), ["idf_weights", "tf_idf"]),
    (lambda: layers.StringLookup(vocabulary=["a", "b"], output_mode="tf_idf", idf_weights=[1.0]), ["2 tokens", "(1,)"]),
    (lambda: layers.StringLookup(vocabulary=["a", "b", "a"]), ["'a'", "more than once"]),
    (lambda: layers.StringLookup(vocabulary=[]), ["empty"]),
    (lambda: layers.StringLookup(vocabulary=["a", "m"], mask_token="m"), ["'m'", "reserved", "['m', '[UNK]']"]),
    (lambda: layers.StringLookup(vocabulary=["a", "b"], max_tokens=2), ["3 tokens", "max_tokens=2"]),
    (lambda: layers.StringLookup(vocabulary="nowhere.txt"), ["nowhere.txt"]),
    (lambda: layers.StringLookup(vocabulary=["a"]).adapt(["b"]), ["nothing to adapt"]),
    (lambda: layers.StringLookup()(["a"]), ["no vocabulary yet", "adapt"]),
    (lambda: layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["b"]), ["'b'", "num_oov_indices=1"]),
    (lambda: layers.StringLookup(vocabulary=["a"])([1, 2]), ["strings", "IntegerLookup"]),
    (lambda: layers.StringLookup(vocabulary=["a"])(["a", None]), ["None", "fillna"]),
    (lambda: layers.StringLookup(vocabulary=["a"])([["a"], ["a", "a"]]), ["rows", "several lengths"]),
    (lambda: layers.IntegerLookup(vocabulary=[1])([1.5]), ["whole numbers", "Discretization"]),
    (lambda: layers.IntegerLookup(vocabulary=[1], salt=3), ["salt", "farmhash"]),
    (lambda: layers.IntegerLookup(vocabulary_dtype="int8"), ["vocabulary_dtype", "int8"]),
    (lambda: layers.TextVectorization(standardize="upper"), ["standardize", "'upper'"]),
    (lambda: layers.TextVectorization(split="words"), ["split", "'words'"]),
    (lambda: layers.TextVectorization(ngrams="2"), ["ngrams", "'2'"]),
    (lambda: layers.TextVectorization(output_mode="count", output_sequence_length=3), ["output_sequence_length"]),
    (lambda: layers.TextVectorization(ragged=True), ["ragged"]),
    (lambda: layers.TextVectorization(vocabulary=["a"])([["a", "b"]]), ["one text", "(1, 2)"]),
    (lambda: layers.Hashing(0), ["num_bins", "0"]),
    (lambda: layers.Hashing(2, salt=[1]), ["salt", "[1]"]),
    (lambda: layers.Hashing(2, dtype="float32"), ["dtype", "float32"]),
]


@pytest.mark.parametrize("make, words", MISTAKES, ids=[" ".join(words) for _, words in MISTAKES])
def test_mistakes_are_explained(make, words):
    with pytest.raises((ValueError, TypeError, RuntimeError)) as caught:
        make()
    for word in words:
        assert word in str(caught.value)


def test_columns_stay_as_they_are():
    """A model was built for so many columns."""
    layer = layers.StringLookup(output_mode="count")
    layer.adapt(["a", "b"])
    with pytest.raises(RuntimeError, match="3 columns"):
        layer.adapt(["a"])
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]
