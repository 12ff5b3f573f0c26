"""Training, evaluation and prediction on batches of all kinds, against real Keras on the same batches."""

import random

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import real
from tests.keras.test_training import without_times

RNG = np.random.default_rng(0)
X = RNG.normal(size=(75, 6)).astype("float32")
LABELS = RNG.integers(0, 4, 75)
WEIGHTS = RNG.uniform(0, 2, 75).astype("float32")
SIZE = 16  # 4 whole batches and one of 11 rows


def pair(build=None, **options):
    """The same net twice, ours and Keras's, with the same weights, compiled."""
    models = []
    for k in (keras, real()):
        models.append(k.Sequential([
            k.Input((6,), name="features"), k.layers.Dense(8, activation="relu"),
            k.layers.Dense(4, activation="softmax"),
        ]))
        models[-1].compile(
            k.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"],
            run_eagerly=k is not keras, **options,
        )
    models[0].set_weights(models[1].get_weights())
    return models


def cut(*arrays, size=SIZE):
    """The batches of some arrays, as tuples."""
    return [tuple(a[i : i + size] for a in arrays) for i in range(0, len(arrays[0]), size)]


def dataset(k, batches, **options):
    """A PyDataset of the module `k` that keeps a diary of what it is asked."""

    class Listed(k.utils.PyDataset):
        def __init__(self):
            super().__init__(**options)
            self.diary = []

        def __len__(self):
            return len(batches)

        def __getitem__(self, index):
            self.diary.append(index)
            return batches[index]

        def on_epoch_begin(self):
            self.diary.append("begin")

        def on_epoch_end(self):
            self.diary.append("end")

    return Listed()


def endless(batches):
    while True:
        yield from batches


def assert_alike(ours, theirs, history, expected):
    assert list(history.history) == list(expected.history)
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, rtol=2e-5, atol=2e-5, err_msg=name)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)


def fit_both(make, options=None, times=1, **compiled):
    """Both models fit on make(k), with fresh seeds; their histories compared. Returns what make gave."""
    ours, theirs = pair(**compiled)
    given, histories = [], []
    for model, k in ((ours, keras), (theirs, real())):
        random.seed(5), np.random.seed(5)
        x = make(k)
        fit = options(k) if callable(options) else options or {}
        for _ in range(times):
            history = model.fit(x, **{"epochs": 3, "verbose": 0, "shuffle": False} | fit)
        given.append(x)
        histories.append(history)
    assert_alike(ours, theirs, *histories)
    return given


DATASETS = {
    "x, y": (cut(X, LABELS), {}),
    "weighted": (cut(X, LABELS, WEIGHTS), {}),
    "lists": ([list(batch) for batch in cut(X, LABELS)], {}),
    "dict": ([({"features": x}, y) for x, y in cut(X, LABELS)], {}),
    "float64": (cut(X.astype("float64"), LABELS.astype("float64")), {}),
    "shuffled": (cut(X, LABELS), dict(shuffle=True)),
    "class_weight": (cut(X, LABELS), dict(class_weight={0: 2.0, 3: 0.5})),
    "steps": (cut(X, LABELS), dict(steps_per_epoch=2, epochs=4)),
    "initial_epoch": (cut(X, LABELS), dict(initial_epoch=1)),
    "validated by arrays": (cut(X, LABELS), dict(validation_data=(X[:20], LABELS[:20]), validation_batch_size=7)),
    "other sizes": ([(X[:5], LABELS[:5]), (X[5:6], LABELS[5:6]), (X[6:30], LABELS[6:30])], {}),
}


def mostly_slow(cases, *quick):
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in cases]


@pytest.mark.parametrize("case", mostly_slow(DATASETS, "x, y", "shuffled"))
def test_a_pydataset_trains_as_in_keras(case, backend):
    batches, options = DATASETS[case]
    ours, theirs = fit_both(lambda k: dataset(k, batches), options)
    assert ours.diary == theirs.diary


@pytest.mark.slow
def test_a_second_fit_and_validation_ask_a_dataset_as_keras_does():
    checks = {}

    def options(k):
        checks[k] = dataset(k, cut(X[:20], LABELS[:20], size=8))
        return dict(validation_data=checks[k], validation_steps=2, shuffle=True)

    ours, theirs = fit_both(lambda k: dataset(k, cut(X, LABELS)), options, times=2)
    assert ours.diary == theirs.diary


GENERATORS = {
    "one pass": (lambda: iter(cut(X, LABELS)), dict(epochs=1)),
    "endless": (lambda: endless(cut(X, LABELS)), dict(steps_per_epoch=3, epochs=4)),
    "weighted": (lambda: endless(cut(X, LABELS, WEIGHTS)), dict(steps_per_epoch=7)),
    "ends": (lambda: iter(cut(X, LABELS)), dict(epochs=3)),
    "ends early": (lambda: iter(cut(X, LABELS)), dict(epochs=2, steps_per_epoch=4)),
    "one batch": (lambda: iter([(X, LABELS)]), dict(epochs=2)),
    "validation": (lambda: endless(cut(X, LABELS)), dict(steps_per_epoch=3, validation_steps=3)),
    "validation that ends": (lambda: endless(cut(X, LABELS)), dict(steps_per_epoch=3)),
}


@pytest.mark.filterwarnings("ignore:A generator can", "ignore:The data ran out", "ignore:Your input ran out")
@pytest.mark.parametrize("case", mostly_slow(GENERATORS, "endless"))
def test_a_generator_trains_as_in_keras(case, backend):
    make, options = GENERATORS[case]

    def fit_options(k):
        checks = endless if "validation_steps" in options else iter
        more = dict(validation_data=(b for b in checks(cut(X[:40], LABELS[:40], size=8)))) if "val" in case else {}
        return options | more

    fit_both(lambda k: (batch for batch in make()), fit_options)


class Loader:
    """Gives batches each time it is gone through, as a torch DataLoader does: lists of things with `numpy()`."""

    class Tensor:
        def __init__(self, a):
            self.a = a

        def numpy(self):
            return self.a

    def __init__(self, batches):
        self.batches = batches

    def __iter__(self):
        return ([self.Tensor(a) for a in batch] for batch in self.batches)


class SizedLoader(Loader):
    def __len__(self):
        return len(self.batches)


@pytest.mark.parametrize("kind", [Loader, SizedLoader])
def test_what_gives_batches_anew_each_epoch_trains_as_a_pydataset(kind):
    ours, theirs = pair()
    history = ours.fit(kind(cut(X, LABELS)), epochs=3, verbose=0)
    assert_alike(ours, theirs, history, theirs.fit(dataset(real(), cut(X, LABELS)), epochs=3, verbose=0, shuffle=False))


RESULTS = {
    "dataset": lambda k: dataset(k, cut(X, LABELS)),
    "generator": lambda k: (batch for batch in cut(X, LABELS)),
    "generator of x": lambda k: (batch for batch in cut(X)),
    "one batch": lambda k: dataset(k, [(X, LABELS)]),
}


@pytest.mark.filterwarnings("ignore:Your input ran out")
@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("kind", RESULTS)
def test_evaluate_and_predict_give_the_numbers_of_keras(kind, at_once):
    ours, theirs = pair(steps_per_execution=at_once)
    wanted = theirs.predict(RESULTS[kind](real()), verbose=0)
    np.testing.assert_allclose(ours.predict(RESULTS[kind](keras), verbose=0), wanted, rtol=1e-5, atol=1e-6)
    if kind != "generator of x":
        wanted = theirs.evaluate(RESULTS[kind](real()), verbose=0)
        np.testing.assert_allclose(ours.evaluate(RESULTS[kind](keras), verbose=0), wanted, rtol=1e-5)


@pytest.mark.parametrize("at_once", [2, 3])
@pytest.mark.parametrize("steps", [None, 3])
def test_batch_hooks_come_once_per_execution(at_once, steps):
    diaries = []

    def options(k):
        class Diary(k.callbacks.Callback):
            def on_train_batch_begin(self, batch, logs=None):
                diary.append(("begin", batch))

            def on_train_batch_end(self, batch, logs=None):
                diary.append(("end", batch, round(float(logs["loss"]), 4)))

        diary = []
        diaries.append(diary)
        return dict(callbacks=[Diary()], steps_per_epoch=steps)

    fit_both(lambda k: dataset(k, cut(X, LABELS)), options, steps_per_execution=at_once)
    assert diaries[0] == diaries[1]


@pytest.mark.slow
def test_sequences_of_different_lengths_train_as_in_keras(backend):
    tokens = [RNG.integers(0, 9, (8, length)) for length in (5, 3, 7, 5)]
    batches = [(t, (t.sum(1) > 20).astype("float32")) for t in tokens]
    models = []
    for k in (keras, real()):
        models.append(k.Sequential([
            k.Input((None,), dtype="int32"), k.layers.Embedding(9, 4), k.layers.GlobalAveragePooling1D(),
            k.layers.Dense(1, activation="sigmoid"),
        ]))
        models[-1].compile("sgd", "binary_crossentropy", run_eagerly=k is not keras)
    models[0].set_weights(models[1].get_weights())
    options = dict(epochs=2, shuffle=False, verbose=0)
    histories = [m.fit(dataset(k, batches), **options) for m, k in zip(models, (keras, real()), strict=True)]
    assert_alike(*models, *histories)


def test_tables_train_as_in_keras():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(X[:, :4], columns=list("abcd"))
    table["e"], table["f"] = LABELS, X[:, 0] > 0
    y = pandas.Series(LABELS, index=np.arange(75) + 100)
    ours, theirs = pair()
    histories = [
        m.fit(t, y, sample_weight=pandas.Series(WEIGHTS), epochs=2, verbose=0, shuffle=False)
        for m, t in ((ours, table), (theirs, table.astype("float32")))  # Keras takes no table with booleans
    ]
    assert_alike(ours, theirs, *histories)


def test_columns_by_name_train_as_in_keras():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    models = []
    for k in (keras, real()):
        inputs = {name: k.Input((1,), name=name) for name in "ab"}
        outputs = k.layers.Dense(4, activation="softmax")(k.layers.Concatenate()([inputs["b"], inputs["a"]]))
        models.append(k.Model(inputs, outputs))
        models[-1].compile("sgd", "sparse_categorical_crossentropy", run_eagerly=k is not keras)
    models[0].set_weights(models[1].get_weights())
    histories = [m.fit(dict(table), LABELS, epochs=2, verbose=0, shuffle=False) for m in models]
    assert_alike(*models, *histories)


@pytest.mark.filterwarnings("ignore:Your input ran out")
@pytest.mark.parametrize("verbose", [1, 2])
def test_progress_without_a_known_end_is_printed_as_keras_prints_it(verbose, capsys):
    printed = []
    for model in pair():
        model.fit((batch for batch in cut(X, LABELS)), epochs=1, verbose=verbose, shuffle=False)
        printed.append(without_times(capsys.readouterr().out))
    assert printed[0][-1] == printed[1][-1]
    if verbose == 1:
        assert "1/Unknown" in printed[0][0] and "1/Unknown" in printed[1][0]


def test_a_generator_that_ends_with_an_epoch_begins_again_with_what_was_kept():
    model = pair()[0]
    with pytest.warns(UserWarning, match="only once"):
        history = model.fit((batch for batch in cut(X, LABELS)), steps_per_epoch=5, epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 5 + 2
    assert history.history["loss"][1] > 0  # Keras notes a loss of 0 for an epoch without data
