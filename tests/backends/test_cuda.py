"""What the CUDA backend adds to the kernels: arrays in two places, and a device that may fail.

On a GPU: `pytest -m cuda`. Without one these run in Numba's simulator, in the child processes of
`test_cuda_simulated.py`.
"""

import gc
import os
import types

import numpy as np
import pytest

from kerastutor import Tape, backends, keras
from kerastutor.backends import BackendError
from kerastutor.keras import ops
from tests.backends import training

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.slow,
    pytest.mark.skipif(bool(backends.why_not("cuda")), reason=f"no CUDA here: {backends.why_not('cuda')}"),
]
on_a_gpu = pytest.mark.skipif(os.environ.get("NUMBA_ENABLE_CUDASIM") == "1", reason="too slow for the simulator")


@pytest.fixture(autouse=True)
def cuda():
    before = backends.current()
    backends.use("cuda")
    yield backends.device
    backends.use(before)


@pytest.fixture
def memory(cuda):
    from kerastutor.backends.cuda import memory

    return memory


def tiny(optimizer="adam"):
    keras.utils.set_random_seed(4)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="tanh"), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model, np.ones((4, 3), "float32"), np.arange(4.0, dtype="float32")[:, None]


# training --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [training.dense, training.convolutional, training.recurrent])
def test_nets_learn_as_in_the_specification(kind):
    found, wanted = training.train("cuda", kind), training.train("numpy", kind)
    assert found["history"].keys() == wanted["history"].keys()
    for name, values in wanted["history"].items():
        np.testing.assert_allclose(found["history"][name], values, rtol=1e-5, err_msg=name)
    assert found["evaluate"] == pytest.approx(wanted["evaluate"], rel=1e-5)
    np.testing.assert_allclose(found["predict"], wanted["predict"], rtol=1e-4, atol=1e-5)
    for a, b in zip(found["weights"], wanted["weights"], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@on_a_gpu
def test_a_large_net_follows_the_cpu_for_a_hundred_steps():
    def losses(backend):
        backends.use(backend)
        keras.utils.set_random_seed(1)
        layers = keras.layers
        model = keras.Sequential([keras.Input((784,)), layers.Dense(512, activation="relu"), layers.Dropout(0.2),
                                  layers.Dense(10, activation="softmax")])
        model.compile("rmsprop", "sparse_categorical_crossentropy")
        rng, found = np.random.default_rng(2), []
        x, y = rng.random((12_800, 784), "float32"), rng.integers(0, 10, 12_800)
        on_end = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: found.append(logs["loss"]))
        model.fit(x, y, batch_size=128, verbose=0, callbacks=[on_end])
        return found

    np.testing.assert_allclose(losses("cuda"), losses("cpu"), rtol=1e-3)


def test_initial_weights_are_those_of_the_other_backends():
    weights = []
    for backend in ("cuda", "numpy"):
        backends.use(backend)
        keras.utils.set_random_seed(9)
        layer = keras.layers.Dense(4, kernel_initializer="orthogonal")
        layer.build((None, 3))
        weights.append(layer.get_weights()[0])
    np.testing.assert_array_equal(*weights)


def test_steps_go_without_the_host(cuda):
    """A step of a net with an embedding and a sparse loss is launches alone: Python is needed only to count it."""
    from kerastutor.backends.cuda.program import Program, on_host

    made = []
    layers = keras.layers
    model = keras.Sequential([keras.Input((2,), dtype="int32"), layers.Embedding(4, 2), layers.Flatten(),
                              layers.Dropout(0.5), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y, original = np.ones((4, 2), "int32"), np.array([0, 1, 2, 1]), Program.__init__

    def spied(self, *arguments):
        original(self, *arguments)
        made.append(self)

    Program.__init__ = spied
    try:
        model.fit(x, y, batch_size=2, verbose=0)
    finally:
        Program.__init__ = original
    waits = [arguments[0].__name__ for program in made for function, arguments in program.calls if function is on_host]
    assert waits == ["count_on"]
    assert all(program.repeats for program in made)


@pytest.mark.parametrize("eagerly", [True, False])
def test_replayed_and_eager_steps_agree(eagerly):
    model, x, y = tiny()
    model.run_eagerly = eagerly
    model.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
    backends.use("numpy")
    other, x, y = tiny()
    other.fit(x, y, batch_size=2, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_callbacks_see_the_weights_of_now():
    seen = []
    model, x, y = tiny(keras.optimizers.SGD(0.1))
    look = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(model.get_weights()[0].copy()))
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=1, mode="max", restore_best_weights=True)
    model.fit(x, y, epochs=5, verbose=0, callbacks=[look, stop])
    assert len(seen) == 2 and not np.array_equal(*seen)
    np.testing.assert_array_equal(model.get_weights()[0], seen[0])


def test_a_model_is_saved_and_loaded(tmp_path):
    model, x, y = tiny()
    model.fit(x, y, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    other = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(other.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6)
    model.fit(x, y, verbose=0)
    other.fit(x, y, verbose=0)
    np.testing.assert_allclose(other.get_weights()[0], model.get_weights()[0], rtol=1e-5)


def test_a_backend_is_changed_in_the_middle():
    model, x, y = tiny()
    model.fit(x, y, shuffle=False, verbose=0)
    backends.use("numpy")
    model.fit(x, y, shuffle=False, verbose=0)
    other, x, y = tiny()
    other.fit(x, y, shuffle=False, epochs=2, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], other.get_weights()[0], rtol=1e-5, atol=1e-6)


def test_a_training_loop_of_ones_own():
    w = keras.Variable([1.0, 2.0])
    optimizer = keras.optimizers.SGD(0.5)
    for _ in range(2):
        with Tape() as tape:
            loss = ops.sum(w * w)
        (g,) = tape.gradients(loss, [w])
        np.testing.assert_allclose(g, 2 * w.numpy())
        optimizer.apply([g], [w])
    np.testing.assert_allclose(w.numpy(), [0.0, 0.0])


def test_gradients_are_checked():
    from kerastutor import check_gradients

    model, x, y = tiny()
    assert check_gradients(model, x[:2], y[:2], per_weight=2).passed


@pytest.mark.parametrize("eagerly", [True, False])
def test_a_number_beyond_the_table_is_refused(eagerly):
    """At the end of the epoch, at the latest: until then nobody waits for the device to tell."""
    model = keras.Sequential([keras.Input((2,), dtype="int32"), keras.layers.Embedding(4, 2), keras.layers.Flatten(),
                              keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=eagerly)
    x, y = np.array([[0, 1], [2, 3], [1, 4], [0, 0]], "int32"), np.ones((4, 1), "float32")
    with pytest.raises(IndexError, match=r"got the number 4 at place \(0, 1\) .* 0\.\.3"):
        model.fit(x, y, batch_size=2, shuffle=False, verbose=0)
    x[2, 1] = 3
    model.fit(x, y, batch_size=2, verbose=0)


OPTIMIZERS = {"adam": lambda: "adam", "decay": lambda: keras.optimizers.AdamW(0.01, clipnorm=1.0)}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_from_a_wrong_index_on_no_weight_changes(optimizer):
    """Not in the step that has it, nor in those that were done before anybody knew."""
    x = np.array([[0, 1], [2, 3], [1, -3], [0, 0], [1, 1], [5, 2]], "int32")
    y = np.ones((6, 1), "float32")

    def made():
        keras.utils.set_random_seed(6)
        model = keras.Sequential([keras.Input((2,), dtype="int32"), keras.layers.Embedding(4, 2),
                                  keras.layers.Flatten(), keras.layers.Dense(1)])
        model.compile(OPTIMIZERS[optimizer](), "mse")
        return model

    model = made()
    with pytest.raises(IndexError, match=r"got the number -3 at place \(0, 1\)"):
        model.fit(x, y, batch_size=2, shuffle=False, verbose=0)
    stopped = [w.copy() for w in model.get_weights()]
    model.fit(x[:2], y[:2], verbose=0)  # what was wrong is forgotten
    assert not np.array_equal(model.get_weights()[0], stopped[0])
    backends.use("numpy")
    other = made()
    other.fit(x[:2], y[:2], batch_size=2, shuffle=False, verbose=0)
    for a, b in zip(stopped, other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


KEYS = [np.s_[:, -1], np.s_[1], np.s_[..., ::-2], np.s_[None, 1:, 0], np.s_[1, 2], [0, 1, 1], [-1]]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_parts_of_tensors(key, monkeypatch):
    """Keys of numbers and slices are copied where they are, and rows by their list: the host has no part in it."""
    from kerastutor.backends.cuda import program

    asked, original = [], program.on_host
    monkeypatch.setattr(program, "on_host", lambda *call: asked.append(call) or original(*call))
    x = np.arange(3.0, 15.0, dtype="float32").reshape(2, 6)
    t = ops.convert_to_tensor(x) * 1
    with Tape() as tape:
        tape.watch(t)
        y = t[key]
        loss = ops.sum(y * y)
    np.testing.assert_array_equal(y.numpy(), x[key])
    wanted = np.zeros_like(x)
    np.add.at(wanted, key, 2 * x[key])
    np.testing.assert_allclose(tape.gradients(loss, [t])[0], wanted)
    assert not asked


def test_rows_are_taken_without_the_host(monkeypatch):
    """Places that a step computes itself are counted from the end, and checked, on the device."""
    from kerastutor.backends.cuda import program

    asked, original = [], program.on_host
    monkeypatch.setattr(program, "on_host", lambda *call: asked.append(call[0]) or original(*call))
    x = np.arange(6.0, dtype="float32").reshape(3, 2)
    places = ops.convert_to_tensor(np.array([0, -1, 2, -3], "int32"))
    np.testing.assert_array_equal(ops.take(x, places, axis=0).numpy(), x[[0, 2, 2, 0]])
    assert {each.__name__ for each in asked} == {"refuse"}  # which, in a step that is replayed, waits until asked
    with pytest.raises(IndexError, match=r"index -4 \(row 1 of the batch\) is outside 0..2"):
        ops.take(x, np.array([0, -4], "int32"), axis=0)


@pytest.mark.parametrize("eagerly", [True, False])
def test_lengths_for_ctc_are_checked(eagerly):
    model = keras.Sequential([keras.Input((3, 2)), keras.layers.Dense(3)])
    model.compile("sgd", keras.losses.CTC(), run_eagerly=eagerly)
    x, y = np.ones((2, 3, 2), "float32"), np.array([[1, 2], [2, 0]])
    model.fit(x, y, verbose=0)
    before = model.get_weights()[0].copy()
    with pytest.raises(ValueError, match="label 7 .* outside 0..2"):
        model.fit(x, np.array([[1, 2], [7, 0]]), verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before)
    arguments = np.array([[1, 2]]), np.ones((1, 3, 3), "float32"), np.array([2]), np.array([9])
    with pytest.raises(ValueError, match=r"`output_length` must be within 1..3; got 9 for sample 0"):
        ops.ctc_loss(*arguments)


# two places ------------------------------------------------------------------------------------


def test_an_array_that_python_changes_is_sent_again():
    x = np.ones(3, "float32")
    np.testing.assert_array_equal((ops.convert_to_tensor(x) * 2).numpy(), [2, 2, 2])
    x[:] = 5
    np.testing.assert_array_equal((ops.convert_to_tensor(x) * 2).numpy(), [10, 10, 10])


def test_data_that_python_changes_between_two_trainings_are_sent_again():
    model, x, y = tiny(keras.optimizers.SGD(0.0))
    first = model.evaluate(x, y, verbose=0)
    y += 10
    assert model.evaluate(x, y, verbose=0) > first + 10
    assert y[0, 0] == 10


def test_views_share_their_room(cuda):
    whole = np.zeros(6, "float32")
    cuda.add(np.ones(3, "float32"), np.ones(3, "float32"), whole[2:5])
    np.testing.assert_array_equal(cuda.fetch(whole), [0, 0, 2, 2, 2, 0])
    cuda.square(whole[1:4], whole[1:4])
    np.testing.assert_array_equal(cuda.fetch(whole[3:4]), [4])
    whole[0] = 7
    cuda.wrote(whole[:1])
    cuda.negative(whole, whole)
    np.testing.assert_array_equal(cuda.fetch(whole), [-7, 0, -4, -4, -2, 0])


def test_room_goes_back_when_python_frees_an_array(cuda, memory):
    gc.collect()
    before = len(memory._mirrors)
    x, y = np.ones(999, "float32"), np.empty(999, "float32")
    cuda.negative(x, y)
    assert len(memory._mirrors) == before + 2
    room = memory.of(y).room
    del x, y
    assert len(memory._mirrors) == before
    assert any(room is free for free in memory._pool[room.size])


def test_a_step_takes_no_new_memory(memory, monkeypatch):
    model, x, y = tiny()
    model.fit(x, y, verbose=0)
    x, y = np.ones((16, 3), "float32"), np.ones((16, 1), "float32")
    asked, seen, original = [], [], memory._allocated
    memory._pool.clear()
    monkeypatch.setattr(memory, "_allocated", lambda size: asked.append(size) or original(size))
    count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(len(asked)))
    model.fit(x, y, batch_size=4, verbose=0, callbacks=[count])
    assert seen[0] > 0 and seen[1] == seen[-1] and len(seen) == 4


# failures --------------------------------------------------------------------------------------


class CudaAPIError(RuntimeError):
    """As Numba's, of the driver's."""


@pytest.fixture
def errors(cuda, monkeypatch):
    from kerastutor.backends.cuda import errors

    monkeypatch.setattr(errors, "_lost", [])
    return errors


def test_full_memory_is_told_and_the_weights_stay(errors, memory, monkeypatch):
    model, x, y = tiny()
    model.fit(x, y, verbose=0)
    weights = model.get_weights()

    def full(*arguments, **options):
        raise CudaAPIError("[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY")

    with monkeypatch.context() as context:
        context.setattr(memory, "cuda", types.SimpleNamespace(device_array=full))
        with pytest.raises(BackendError, match="memory is full.*smaller batch_size"):
            model.fit(np.ones((64, 3), "float32"), np.ones((64, 1), "float32"), batch_size=50, verbose=0)
    for a, b in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(a, b)
    model.fit(x, y, verbose=0)  # and all goes on


def test_a_lost_device_leaves_the_last_epochs_weights(errors, monkeypatch):
    from kerastutor.backends.cuda import program

    kept, fail = [], []
    original = program.Upload.__call__

    def upload(self):
        if fail:
            raise CudaAPIError("[700] Call to cuMemcpyHtoDAsync results in CUDA_ERROR_ILLEGAL_ADDRESS")
        original(self)

    def at_the_end(epoch, logs):
        kept[:] = model.get_weights()
        fail[:] = [epoch == 1]
        fail[:] = fail if fail[0] else []

    monkeypatch.setattr(program.Upload, "__call__", upload)
    model, x, y = tiny()
    with pytest.raises(BackendError, match="GPU stopped working.*ILLEGAL_ADDRESS.*model.save"):
        model.fit(x, y, epochs=5, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=at_the_end)])
    for a, b in zip(model.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(BackendError, match="stopped working"):
        model.predict(x, verbose=0)


def test_an_error_in_a_students_code_is_not_the_devices(errors):
    class Broken(keras.layers.Layer):
        def call(self, x):
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        Broken()(np.ones((2, 2), "float32"))
    assert not errors.lost()
