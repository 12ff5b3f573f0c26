"""The methods of our Dataset, against what tf.data's documentation says of each; splitting against real Keras; fit."""

import importlib
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras
from kerastutor.keras.utils.dataset import Dataset
from tests.keras.oracle import real

numbers = lambda data: [np.asarray(x).tolist() for x in data]


@given(n=st.integers(1, 23), size=st.integers(1, 9), count=st.integers(0, 9), drop=st.booleans())
def test_batch_unbatch_take_skip_repeat(n, size, count, drop):
    rows = list(range(n))
    data = Dataset.of(np.arange(n))
    batches = [rows[i : i + size] for i in range(0, n, size)]
    batches = [b for b in batches if len(b) == size] if drop else batches
    batched = data.batch(size, drop_remainder=drop)
    assert numbers(batched) == batches and len(batched) == len(batches)
    assert numbers(data.take(count)) == rows[:count] and numbers(data.skip(count)) == rows[count:]
    assert numbers(data.take(-1)) == rows and numbers(data.skip(-1)) == []
    assert numbers(data.repeat(count)) == rows * count
    assert numbers(data.repeat().take(2 * n + 1)) == (rows * 3)[: 2 * n + 1]
    if batches:
        assert numbers(batched.unbatch()) == sum(batches, []) and len(batched.unbatch()) == len(sum(batches, []))


def test_pairs_dicts_and_map():
    x, y = np.arange(12.0).reshape(6, 2), np.arange(6)
    data = Dataset.of((x, y)).map(lambda x, y: ({"a": x, "b": -x}, y * 10), num_parallel_calls=4).batch(4)
    (first, labels), (rest, _) = data
    assert isinstance(first, dict) and np.array_equal(first["b"], -x[:4]) and labels.tolist() == [0, 10, 20, 30]
    assert rest["a"].shape == (2, 2) and len(data) == 2
    rescaled = data.map(lambda parts, y: keras.layers.Rescaling(0.5)(parts["a"]))
    assert isinstance(rescaled[0], np.ndarray) and np.array_equal(rescaled[1], x[4:] / 2)


def test_elements_are_made_when_they_are_asked_for_and_cache_keeps_them():
    made = []
    data = Dataset(lambda i: made.append(i) or np.array(i), 8)
    later = data.map(lambda x: x + 1).batch(2).take(3).skip(1).prefetch(1)
    assert made == [] and len(later) == 2
    assert later[0].tolist() == [3, 4] and made == [2, 3]
    made.clear()
    kept = data.cache()
    for _ in range(3):
        assert numbers(kept) == list(range(8))
    assert made == list(range(8))


def test_shuffle():
    data = Dataset.of(np.arange(40)).shuffle(10, seed=3)
    first, second = numbers(data), numbers(data)
    assert sorted(first) == sorted(second) == list(range(40)) and first != second and first != list(range(40))
    assert numbers(Dataset.of(np.arange(40)).shuffle(seed=3)) == first  # the seed says all
    fixed = Dataset.of(np.arange(40)).shuffle(seed=3, reshuffle_each_iteration=False)
    assert numbers(fixed) == numbers(fixed)
    again = Dataset.of(np.arange(40)).shuffle(seed=1).map(lambda x: x).batch(8)  # through what comes after
    assert numbers(again) != numbers(again) and sorted(sum(numbers(again), [])) == list(range(40))
    frozen = Dataset.of(np.arange(40)).shuffle(seed=1).cache()
    begun = [int(x) for x, _ in zip(frozen, range(7))]
    assert numbers(frozen)[:7] == begun and sorted(numbers(frozen)) == list(range(40))


def test_ends():
    data = Dataset.of(np.arange(3))
    assert data[-1] == 2
    for index in (3, -4):
        with pytest.raises(IndexError, match="3 elements"):
            data[index]
    with pytest.raises(TypeError, match="steps_per_epoch"):
        len(data.repeat())


@pytest.fixture
def theirs(monkeypatch):
    """Keras's split_dataset with so much of TensorFlow as it needs to hand over the two halves."""
    utils = importlib.import_module("keras.src.utils.module_utils")
    halves = SimpleNamespace(from_tensor_slices=lambda parts: SimpleNamespace(prefetch=lambda _: parts))
    monkeypatch.setattr(utils, "tensorflow", SimpleNamespace(data=SimpleNamespace(Dataset=halves, AUTOTUNE=-1)))
    return real().utils.split_dataset


@pytest.mark.parametrize("options", [
    dict(left_size=0.8), dict(right_size=0.25), dict(left_size=4), dict(right_size=4), dict(left_size=3, right_size=5),
    dict(left_size=0.3, right_size=0.3), dict(left_size=0.5, shuffle=True, seed=7),
    dict(right_size=5, shuffle=True, seed=0), dict(left_size=1), dict(left_size=0.55),
], ids=str)
def test_split_dataset(options, theirs):
    x, y = np.arange(22.0).reshape(11, 2), np.arange(11)
    for ours, parts in zip(keras.utils.split_dataset(x, **options), theirs(x, **options), strict=True):
        assert np.array_equal(np.stack(list(ours)), np.stack(parts))
    for ours, parts in zip(keras.utils.split_dataset((x, y), **options), theirs((x, y), **options), strict=True):
        for a, b in zip(zip(*ours), parts, strict=True):
            assert np.array_equal(np.stack(a), b)


@pytest.mark.parametrize("data, options", [
    (np.arange(9), {}), (np.arange(9), dict(left_size=9)), (np.arange(9), dict(left_size=0)),
    (np.arange(9), dict(right_size=-1)), (np.arange(9), dict(left_size=1.0)), (np.arange(9), dict(left_size="a")),
    (np.arange(9), dict(left_size=0.7, right_size=0.7)), (np.arange(9), dict(left_size=5, right_size=5)),
    (np.arange(9), dict(left_size=0.01)), ([], dict(left_size=1)), ([np.ones(3), np.ones(4)], dict(left_size=1)),
    ([[1, 2]], dict(left_size=1)), (3, dict(left_size=1)),
], ids=str)
def test_split_dataset_refuses_what_keras_refuses(data, options, theirs):
    kinds = []
    for split in (keras.utils.split_dataset, theirs):
        with pytest.raises((TypeError, ValueError)) as error:
            split(data, **options)
        kinds.append(error.type)
    assert kinds[0] is kinds[1]


def test_split_dataset_of_batches():
    data = Dataset.of((np.arange(10), -np.arange(10))).batch(4)
    left, right = keras.utils.split_dataset(data, left_size=7)
    assert [x.tolist() for x, _ in left] == [[0, 1, 2, 3], [4, 5, 6]]
    assert [y.tolist() for _, y in right] == [[-7, -8, -9]]


def test_fit_takes_a_dataset_in_its_own_order(backend):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 4)).astype("float32"), rng.normal(size=(50, 1)).astype("float32")
    kernel = rng.normal(size=(4, 1)).astype("float32")

    def trained(*data, **options):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.layers[0].set_weights([kernel, np.zeros(1, "float32")])
        model.compile("sgd", "mse")
        history = model.fit(*data, epochs=3, verbose=0, **options).history
        return history["loss"], model.layers[0].get_weights()[0], model.predict(data[0], verbose=0)

    by_arrays = trained(x, y, batch_size=8, shuffle=False)
    by_dataset = trained(Dataset.of((x, y)).batch(8))
    for a, b in zip(by_arrays, by_dataset, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    endless = trained(Dataset.of((x[:48], y[:48])).batch(8).repeat().take(18), steps_per_epoch=6)
    np.testing.assert_allclose(endless[0], trained(x[:48], y[:48], batch_size=8, shuffle=False)[0], rtol=1e-6)
    mixed = trained(Dataset.of((x, y)).shuffle(seed=1).batch(8))
    assert not np.allclose(mixed[1], by_arrays[1], rtol=1e-6) and np.allclose(mixed[1], by_arrays[1], atol=0.1)


@pytest.mark.parametrize("module, name, today", [
    ("image", "ImageDataGenerator", "image_dataset_from_directory"), ("sequence", "skipgrams", "neighbouring"),
    ("sequence", "TimeseriesGenerator", "timeseries_dataset_from_array"),
])
def test_names_of_older_keras_say_what_to_write_today(module, name, today):
    with pytest.raises(ImportError, match=today):
        exec(f"from kerastutor.keras.preprocessing.{module} import {name}")
    with pytest.raises(ImportError, match="TextVectorization"):
        keras.preprocessing.text  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        keras.preprocessing.image.nothing  # noqa: B018
