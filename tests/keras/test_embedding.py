"""Embedding and Masking: indices outside of the table, and masks on their way through a model."""

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real

L = keras.layers


def sentences(n=12, time=6, words=9, seed=0):
    """Rows of word numbers, padded with zeros in front, as pad_sequences gives them; one has no word at all."""
    rng = np.random.default_rng(seed)
    x = rng.integers(1, words, (n, time))
    for row, length in zip(x, rng.integers(1, time + 1, n), strict=True):
        row[: time - length] = 0
    x[1] = 0
    return x


@pytest.mark.parametrize("bad", [-1, 9, 1000])
def test_a_number_outside_of_the_table_is_refused(bad, backend):
    layer = L.Embedding(9, 2, name="words")
    x = sentences()
    x[3, 5] = bad
    message = rf"'words' .Embedding. got the number {bad} at place \(3, 5\).*0\.\.8.*input_dim"
    with pytest.raises(IndexError, match=message):
        layer(x)


def test_it_is_refused_at_every_replayed_step(backend):
    """The numbers of the first batches fit: the check is part of what is recorded."""
    model = keras.Sequential([keras.Input((6,)), L.Embedding(9, 2), L.Flatten(), L.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.concatenate([sentences(), sentences()]), np.zeros((24, 1))
    model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    x[-1, -1] = 9
    with pytest.raises(IndexError, match=r"got the number 9 at place \(3, 5\)"):
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    with pytest.raises(IndexError, match="got the number 9"):
        model.predict(x, verbose=0)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int8", "uint8"])
def test_any_kind_of_whole_numbers(dtype, backend):
    layer = L.Embedding(9, 2)
    np.testing.assert_array_equal(layer(sentences().astype(dtype)).numpy(), layer(sentences().astype("int32")).numpy())


def test_not_a_number_is_refused():
    x = sentences().astype("float32")
    x[0, 0] = np.nan
    with pytest.raises(IndexError), np.errstate(invalid="ignore"):
        L.Embedding(9, 2)(x)


def test_given_weights(rng):
    table = rng.normal(size=(9, 2)).astype("float32")
    for weights in (table, [table]):
        layer = L.Embedding(9, 2, weights=weights)
        np.testing.assert_array_equal(layer(sentences()).numpy(), table[sentences()])
    with pytest.raises(ValueError, match=r"\(9, 3\)"):
        L.Embedding(9, 3, weights=table)


@pytest.mark.parametrize("name", ["input_dim", "output_dim"])
@pytest.mark.parametrize("value", [0, -3, 2.0, "9", True])
def test_sizes_are_positive_whole_numbers(name, value):
    with pytest.raises(ValueError, match=f"Embedding: `{name}` must be a positive whole number"):
        L.Embedding(**{"input_dim": 9, "output_dim": 2, name: value})


def test_input_length_is_accepted_with_a_warning():
    with pytest.warns(UserWarning, match="input_length"):
        assert L.Embedding(9, 2, input_length=6)(sentences()).shape == (12, 6, 2)


# masks -----------------------------------------------------------------------------------------


def models(k):
    """Ways from padded sentences to an answer."""
    layers = k.layers
    first = [k.Input((6,)), layers.Embedding(9, 4, mask_zero=True)]
    yield [*first, layers.LSTM(3)]
    yield [*first, layers.Dropout(0.0), layers.LSTM(3, return_sequences=True), layers.GRU(2)]
    yield [*first, layers.Bidirectional(layers.LSTM(3, return_sequences=True)), layers.SimpleRNN(2, activation="relu")]
    yield [*first, layers.TimeDistributed(layers.Dense(3)), layers.GRU(3, go_backwards=True)]
    yield [k.Input((6,)), layers.Reshape((6, 1)), layers.Masking(0.0), layers.LSTM(3)]


def model_like_keras(k, number):
    model = k.Sequential([*list(models(k))[number], k.layers.Dense(1)])
    rng = np.random.default_rng(8)
    model.set_weights([rng.normal(0, 0.5, w.shape).astype("float32") for w in model.get_weights()])
    return model


@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_padding_is_skipped_as_in_keras(number, backend):
    found, wanted = (array(model_like_keras(k, number)(sentences())) for k in (keras, real()))
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=2e-6)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_training_on_padded_sentences(number, backend):
    """The batches' masks differ, and the last batch is smaller."""
    x, y = sentences(), np.random.default_rng(5).normal(size=(12, 1)).astype("float32")
    losses = []
    for k in (keras, real()):
        model = model_like_keras(k, number)
        model.compile(k.optimizers.SGD(0.1), "mse")
        losses.append(model.fit(x, y, batch_size=5, epochs=2, shuffle=False, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=5e-5)


def test_padding_changes_nothing(backend):
    """Zeros in front of a sentence, or none: the answer is the same."""
    x = np.array([[3, 5, 1]])
    model = keras.Sequential([keras.Input((None,)), L.Embedding(9, 4, mask_zero=True), L.LSTM(3)])
    padded = np.pad(x, ((0, 0), (4, 0)))
    np.testing.assert_allclose(model(padded).numpy(), model(x).numpy(), rtol=1e-6, atol=1e-7)


def test_a_mask_goes_with_the_tensor(backend):
    x = sentences()
    embedded = L.Embedding(9, 4, mask_zero=True)(x)
    np.testing.assert_array_equal(embedded._keras_mask.numpy(), x != 0)
    all_steps, state = L.GRU(3, return_sequences=True, return_state=True)(embedded)
    np.testing.assert_array_equal(all_steps._keras_mask.numpy(), x != 0)
    assert state._keras_mask is None
    assert L.GRU(3)(embedded)._keras_mask is None
    assert L.Embedding(9, 4)(x)._keras_mask is None


def test_masking_marks_steps_that_equal_a_value(backend):
    x = np.zeros((2, 3, 2), "float32")
    x[0, 1, 1], x[1, 2] = 4, 7
    ours, theirs = L.Masking(0.0)(x), real().layers.Masking(0.0)(x)
    np.testing.assert_array_equal(ours.numpy(), array(theirs))
    np.testing.assert_array_equal(ours._keras_mask.numpy(), array(theirs._keras_mask))
    np.testing.assert_array_equal(L.Masking(7.0)(x).numpy()[1, 2], [0, 0])
