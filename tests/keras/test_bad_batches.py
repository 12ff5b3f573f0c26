"""Bad batches: one clear error that names the argument, what came, what was expected."""

import numpy as np
import pytest

from kerastutor import keras

X = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
LABELS = np.arange(40) % 3


def net():
    m = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, activation="softmax")], name="net")
    m.compile("adam", "sparse_categorical_crossentropy")
    return m


class Data(keras.utils.PyDataset):
    """The batches given, or x and y once; None for endless ones."""

    def __init__(self, *batches, endless=False):
        super().__init__()
        self.batches, self.endless = batches, endless

    @property
    def num_batches(self):
        return None if self.endless else len(self.batches)

    def __getitem__(self, index):
        return self.batches[index % len(self.batches)]


class ByNumber:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return X, LABELS


def generator(*batches):
    yield from batches


def broken():
    yield X, LABELS
    raise ZeroDivisionError("mine")


def with_nan():
    x = X.copy()
    x[3, 1] = np.nan
    return x


GOOD = (X, LABELS)

REFUSED = {  # name: (what makes the batches, options of fit, exception, words that the message must hold)
    "y beside": (lambda: Data(GOOD), dict(y=LABELS), ValueError, ["`y`", "PyDataset Data", "(x, y)"]),
    "y beside a generator": (lambda: generator(GOOD), dict(y=LABELS), ValueError, ["`y`", "the generator"]),
    "weights beside": (lambda: Data(GOOD), dict(sample_weight=X[:, 0]), ValueError, ["`sample_weight`"]),
    "class_weight": (lambda: generator(GOOD), dict(class_weight={0: 2.0}), ValueError, ["`class_weight`", "yield"]),
    "both weights": (lambda: Data((X, LABELS, X[:, 0])), dict(class_weight={0: 2.0}), ValueError,
                     ["`class_weight`", "`sample_weight`"]),
    "validation_split": (lambda: Data(GOOD), dict(validation_split=0.2), ValueError,
                         ["`validation_split`", "`validation_data`"]),
    "no batch": (Data, {}, ValueError, ["Data", "length is 0"]),
    "empty generator": (generator, {}, ValueError, ["`x`", "empty"]),
    "empty loader": (lambda: map(None, []), {}, ValueError, ["`x`", "empty"]),
    "array from a generator": (lambda: generator(X), {}, ValueError, ["`x`", "ndarray", "yield x, y"]),
    "four parts": (lambda: Data((X, LABELS, X, X)), {}, ValueError, ["(x, y, sample_weight)", "4 parts", "batch 1"]),
    "nothing": (lambda: Data(None), {}, ValueError, ["Data", "no batch"]),
    "no y": (lambda: Data((X,)), {}, ValueError, ["`y` is missing", "(x, y)"]),
    "text": (lambda: Data((X.astype(str), LABELS)), {}, TypeError, ["`x`", "text", "PyDataset Data"]),
    "list": (lambda: Data((X.tolist(), LABELS)), {}, TypeError, ["`x` is a list", "np.array"]),
    "lengths": (lambda: Data((X, LABELS[:39])), {}, ValueError, ["40", "39", "batch 1"]),
    "shape": (lambda: Data((X[:, :5], LABELS)), {}, ValueError, ["`x`", "(5,)", "(6,)", "'net'"]),
    "NaN": (lambda: Data((with_nan(), LABELS)), {}, ValueError, ["`x`", "x[3, 1] = nan", "batch 1"]),
    "label": (lambda: Data((X, LABELS + 1)), {}, ValueError, ["3 classes", "0..2"]),
    "endless": (lambda: Data(GOOD, endless=True), {}, ValueError, ["never ends", "steps_per_epoch"]),
    "endless validation": (lambda: Data(GOOD), dict(validation_data=Data(GOOD, endless=True)), ValueError,
                           ["never ends", "validation_steps"]),
    "validation shape": (lambda: Data(GOOD), dict(validation_data=Data((X[:, :5], LABELS))), ValueError,
                         ["`validation_data`", "(5,)"]),
    "validation without y": (lambda: Data(GOOD), dict(validation_data=Data((X,))), ValueError, ["`y` is missing"]),
    "not a PyDataset": (ByNumber, {}, TypeError, ["ByNumber", "keras.utils.PyDataset"]),
    "a function": (lambda: broken, {}, TypeError, ["`x`", "broken()"]),
    "a number": (lambda: 3, {}, TypeError, ["`x`", "int"]),
    "steps": (lambda: Data(GOOD), dict(steps_per_epoch=2.5), ValueError, ["steps", "2.5"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_fit_refuses_before_anything_changes(case):
    make, options, error, words = REFUSED[case]
    model = net()
    before = model.get_weights()
    with pytest.raises(error) as caught:
        model.fit(make(), **{"verbose": 0} | options)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_batch_size_beside_batches_is_left_aside_as_in_keras_but_said():
    with pytest.warns(UserWarning, match="`batch_size` has no effect: the PyDataset Data makes the batches"):
        keras.utils.set_random_seed(1)
        found = net().fit(Data(GOOD), batch_size=5, verbose=0).history
    keras.utils.set_random_seed(1)
    assert found == net().fit(Data(GOOD), verbose=0).history


LATER = {  # the second batch of an epoch: (what makes the batches, exception, words)
    "raises": (broken, ZeroDivisionError, ["mine"]),
    "NaN": (lambda: Data(GOOD, (with_nan(), LABELS)), ValueError, ["x[3, 1]", "batch 2"]),
    "shape": (lambda: Data(GOOD, (X[:, :5], LABELS)), ValueError, ["(5,)", "(6,)"]),
    "parts": (lambda: Data(GOOD, (X, LABELS, X[:, 0])), ValueError, ["x, y, sample_weight", "first batch held x, y"]),
    "label": (lambda: Data(GOOD, (X, LABELS + 1)), ValueError, ["3 classes"]),
    "empty": (lambda: Data(GOOD, (X[:0], LABELS[:0])), ValueError, ["`x` is empty", "batch 2"]),
}


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("case", LATER)
def test_what_comes_later_is_refused_before_its_own_step(case, eager):
    make, error, words = LATER[case]
    model = net()
    model.run_eagerly = eager
    with pytest.raises(error) as caught:
        model.fit(make(), shuffle=False, verbose=0)
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert int(model.optimizer.iterations) == (0 if case == "raises" else 1)  # two batches of a generator are kept
    assert len(model.fit(X, LABELS, verbose=0).history["loss"]) == 1


def test_data_that_end_early_are_told():
    with pytest.warns(UserWarning, match="ran out after 2 of 3 steps.*PyDataset Data") as caught:
        net().fit(Data(GOOD, GOOD), steps_per_epoch=3, verbose=0)
    assert {warning.filename for warning in caught} == {__file__}
    with pytest.warns(UserWarning, match="only once.*first 2 batches"):
        net().fit(generator(GOOD, GOOD, GOOD), epochs=2, verbose=0)


def test_outputs_that_do_not_fit_together_are_told():
    model = keras.Sequential([keras.Input((None,)), keras.layers.Embedding(5, 2)])
    with pytest.raises(ValueError, match=r"different shapes \(\(3, 2\), \(4, 2\)\).*predict_on_batch"):
        model.predict(generator((np.ones((2, 3), int),), (np.ones((2, 4), int),)), verbose=0)


def test_a_table_with_text_names_the_column():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": X[:, 0], "city": ["Rome"] * 40})
    with pytest.raises(TypeError, match="`x` has columns that are not numbers: 'city'.*get_dummies"):
        net().fit(table, LABELS, verbose=0)


@pytest.mark.parametrize("value", [0, -1, 1.5, "two"])
def test_steps_per_execution_is_a_whole_number(value):
    with pytest.raises(ValueError, match="steps_per_execution"):
        net().compile("sgd", "mse", steps_per_execution=value)


@pytest.mark.parametrize("options", [dict(workers=-1), dict(workers=1.5), dict(max_queue_size=0)])
def test_a_pydataset_checks_its_options(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        keras.utils.PyDataset(**options)
