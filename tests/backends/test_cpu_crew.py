"""The cores share large work; how many there are changes no result but for rounding."""

import os
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerastutor import keras

cpu = pytest.importorskip("kerastutor.backends.cpu")
crew = pytest.importorskip("kerastutor.backends.cpu.crew")
native = pytest.importorskip("kerastutor.backends.cpu.native")
plan = pytest.importorskip("kerastutor.backends.cpu.plan")
products = pytest.importorskip("kerastutor.backends.cpu.products")
rows = pytest.importorskip("kerastutor.backends.cpu.rows")


def run(calls):
    for kernel, arguments in calls:
        kernel(*arguments)


@pytest.fixture(params=[1, 2, 3, 7])
def cores(request, monkeypatch):
    """So many cores; every region is worth sharing, and products and sums worth loops of ours, however small."""
    monkeypatch.setattr(crew, "CORES", request.param)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    monkeypatch.setattr(plan, "FINE", 1)
    monkeypatch.setattr(plan, "LARGE", 0)
    monkeypatch.setattr(plan, "CACHE", 200)
    monkeypatch.setattr(rows, "MANY", 0)
    monkeypatch.setattr(products, "WORTH_A_PANEL", -1)
    monkeypatch.setattr(products, "FILLED", 0)
    monkeypatch.setattr(products, "DEPTH", 0)
    monkeypatch.setattr(products, "STRIPS", 2 * (request.param % 2))  # 0: all are shared by columns
    monkeypatch.setattr(products, "WIDE", True)
    return request.param


def pool(seed):
    """Arrays that calls may read and write in any order: batches of rows, weights, one number a row, one number."""
    rng = np.random.default_rng(seed)
    shapes = {
        "x": (12, 8), "h": (12, 8), "z": (12, 8), "w": (8, 8), "v": (8, 8), "b": (8,), "r": (12,), "s": (12,),
        "c": (1,), "m": (6, 4, 4), "n": (6, 4, 4),
    }
    return {name: rng.uniform(0.1, 0.9, shape).astype("float32") for name, shape in shapes.items()}


BATCH, WEIGHT, ROW, MATRICES = (st.sampled_from(names) for names in ("xhz", "wv", "rs", "mn"))
CALLS = st.one_of(  # (kernel, names of arrays; "x.T" is a transposed view, "x/" a flat one, "r|" a column, "b-" a row)
    st.tuples(st.just("matmul"), BATCH, WEIGHT, BATCH).filter(lambda c: c[1] != c[3]),
    st.tuples(st.just("matmul"), BATCH.map("{}.T".format), BATCH, WEIGHT),
    st.tuples(st.just("matmul"), WEIGHT, WEIGHT.map("{}.T".format), WEIGHT).filter(lambda c: c[3] not in c[1] + c[2]),
    st.tuples(st.just("add_bias"), BATCH, st.just("b"), BATCH),
    st.tuples(st.just("add_bias"), WEIGHT, st.just("b"), WEIGHT),
    st.tuples(st.just("softmax"), BATCH, BATCH).filter(lambda c: c[1] != c[2]),
    st.tuples(st.just("softmax_grad"), BATCH, BATCH, BATCH).filter(lambda c: c[3] not in c[1:3]),
    st.tuples(st.just("relu"), BATCH.map("{}/".format), BATCH.map("{}/".format)),
    st.tuples(st.just("relu"), WEIGHT.map("{}/".format), WEIGHT.map("{}/".format)),
    st.tuples(st.just("tanh_grad"), *[BATCH.map("{}/".format)] * 3),
    st.tuples(st.just("categorical_accuracy"), BATCH, BATCH, ROW),
    st.tuples(st.just("sum_rows"), BATCH, st.just("b")),
    st.tuples(st.just("sgd"), WEIGHT.map("{}/".format), WEIGHT.map("{}/".format), st.just(0.1)),
    st.tuples(st.just("sgd"), ROW, ROW, st.just(0.1)),
    st.tuples(st.just("multiply"), BATCH, BATCH, BATCH),
    st.tuples(st.just("multiply"), st.sampled_from(["b", "r|", "c"]), BATCH, BATCH),
    st.tuples(st.just("maximum"), BATCH, st.sampled_from(["b", "r|", "c"]), BATCH),
    st.tuples(st.just("multiply"), ROW, st.just("c"), ROW),
    st.tuples(st.just("minimum"), WEIGHT, WEIGHT, WEIGHT),
    st.tuples(st.just("cast"), st.sampled_from(["x", "b-", "r|", "c"]), st.sampled_from("hz")),
    st.tuples(st.just("transpose"), st.just("w"), st.just((1, 0)), st.just("v")),
    st.tuples(st.just("sum"), BATCH, st.just((0,)), st.just("b-")),
    st.tuples(st.just("sum"), BATCH, st.just((1,)), ROW.map("{}|".format)),
    st.tuples(st.just("sum"), BATCH, st.just((0, 1)), st.just("c-")),
    st.tuples(st.just("batch_matmul"), st.just("m"), st.sampled_from(["m", "m.T"]), st.just("n")),
    st.tuples(st.just("transpose"), st.just("m"), st.just((0, 2, 1)), st.just("n")),
    st.tuples(st.just("tanh"), MATRICES.map("{}/".format), MATRICES.map("{}/".format)),
)


def recorded(calls, arrays):
    """The calls on these arrays."""
    def find(name):
        if not isinstance(name, str):
            return name if isinstance(name, tuple) else np.full(1, name, "float32")
        a, form = arrays[name[0]], name[1:]
        forms = {"/": (-1,), "|": (-1, 1), "-": (1, -1), "": a.shape}
        return a.swapaxes(-1, -2) if form == ".T" else a.reshape(forms[form])

    return [(getattr(cpu, kernel), [find(name) for name in names]) for kernel, *names in calls]


@pytest.mark.slow
@given(calls=st.lists(CALLS, max_size=12))
def test_no_order_of_calls_is_changed_by_sharing(cores, calls):
    """No core may touch what another one is still working on: any such mistake changes a number."""
    expected, got, in_another_order = pool(1), pool(1), pool(1)
    with np.errstate(all="ignore"):
        run(recorded(calls, expected))
        run(cpu.prepare(recorded(calls, got)))
        for kernel, arguments in cpu.prepare(recorded(calls, in_another_order)):
            run_backwards(kernel) if isinstance(kernel, crew.Job) else kernel(*arguments)
    for name in expected:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-4, atol=1e-5, err_msg=name)
        np.testing.assert_allclose(in_another_order[name], expected[name], rtol=1e-4, atol=1e-5, err_msg=name)


def run_backwards(job):
    """From meeting to meeting first the last core's calls, then those of the others: no order may be wrong."""
    parts = [part._calls[:-1] for part in job._parts] or [job._alone._calls]
    while any(parts):
        stops = [part.index(None) if None in part else len(part) for part in parts]
        for part, stop in reversed(list(zip(parts, stops))):
            run(part[:stop])
        parts = [part[stop + 1 :] for part, stop in zip(parts, stops)]


def test_a_job_is_done_as_often_as_is_asked(cores):
    calls = [("matmul", "x", "w", "h"), ("add", "h", "x", "x"), ("sum_rows", "x", "b"), ("tanh", "x/", "z/")]
    expected, got = pool(2), pool(2)
    ((job, _),) = cpu.prepare(recorded(calls, got))
    for _ in range(5):
        run(recorded(calls, expected))
    job(5)
    for name in expected:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-3, err_msg=name)


def test_calls_that_need_only_their_own_rows_are_done_together(monkeypatch):
    monkeypatch.setattr(crew, "CORES", 2)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    forward = [("matmul", "x", "w", "h"), ("add_bias", "h", "b", "h"), ("relu", "h/", "z/"), ("matmul", "z", "v", "x")]
    assert meetings(forward) == 0
    backward = [("matmul", "x", "w", "h"), ("matmul", "x.T", "h", "w"), ("sgd", "v/", "w/", 0.1)]
    assert meetings(backward) == 1
    broadcast = [("multiply", "b", "x", "h"), ("multiply", "h", "r|", "z"), ("multiply", "z", "c", "z")]
    assert meetings(broadcast) == 0
    apart = [("sgd", "w/", "v/", 0.1), ("multiply", "x", "h", "z"), ("tanh", "m/", "n/")]
    assert meetings(apart) == 0
    monkeypatch.setattr(products, "STRIPS", 0)
    for name, value in (("WIDE", True), ("WORTH_A_PANEL", -1), ("FILLED", 0), ("DEPTH", 0)):
        monkeypatch.setattr(products, name, value)
    by_columns = [("matmul", "w", "w.T", "v"), ("matmul", "x", "v", "h")]
    assert meetings(by_columns) == 1
    summed = [("matmul", "x", "w", "h"), ("sum_rows", "h", "b"), ("add_bias", "x", "b", "x")]
    assert meetings(summed) == 2


def meetings(calls):
    """How often the cores wait for one another within one job, which these calls must become."""
    ((job, _),) = cpu.prepare(recorded(calls, pool(1)))
    counts = {[row for row, _ in part._rows].count(native.MEET) - 1 for part in job._parts}
    assert len(job._parts) == 2 and len(counts) == 1
    return counts.pop()


def test_small_work_is_not_shared():
    ((job, _),) = plan.plan(recorded([("matmul", "x", "w", "h"), ("relu", "h/", "z/")], pool(1)))
    assert not job._parts


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "shapes", [((3, 4), (4, 5)), ((1, 4), (4, 5)), ((3, 1), (1, 5)), ((3, 4), (4, 1)), ((1, 1), (1, 1))]
)
@pytest.mark.parametrize("turned", ["", "a", "b", "ab"])
@pytest.mark.parametrize("cut", [False, True])
def test_products_without_python_are_those_of_numpy(shapes, turned, cut, dtype, rng):
    """Matrices in rows, in columns, and parts of larger ones."""
    def matrix(shape, turn):
        more = [n + 2 for n in shape] if cut else shape
        whole = rng.normal(size=more[::-1] if turn else more).astype(dtype)
        return (whole.T if turn else whole)[: shape[0], : shape[1]]

    a, b = matrix(shapes[0], "a" in turned), matrix(shapes[1], "b" in turned)
    out = np.full((shapes[0][0], shapes[1][1]), np.nan, dtype)
    crew.Job([[(cpu.matmul, (a, b, out))]])()
    np.testing.assert_allclose(out, a @ b, rtol=1e-5 if dtype == "float32" else 1e-12)


def test_what_machine_code_cannot_take_is_left_to_python():
    x, empty = np.ones((2, 3), "float32"), np.ones((0, 3), "float32")
    for kernel, arguments in [
        (np.copyto, (x, x)), (cpu.matmul, (x, x.T.astype("float64"), np.empty((2, 2)))),
        (cpu.matmul, (empty, x.T, np.empty((0, 2), "float32"))), (cpu.relu, (x[0], "text")),
    ]:
        with pytest.raises(native.NotNative):
            native.check(kernel, arguments)


def test_a_helper_that_sleeps_is_woken(monkeypatch):
    monkeypatch.setattr(crew, "CORES", 3)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    calls = [("matmul", "x", "w", "h"), ("sum_rows", "h", "b"), ("add_bias", "x", "b", "z")]
    expected, got = pool(1), pool(1)
    run(recorded(calls, expected))
    planned = plan.plan(recorded(calls, got))
    for pause in (0, 0.2, 0.001, 0.3):
        time.sleep(pause)
        got["z"].fill(np.nan)
        run(planned)
        np.testing.assert_allclose(got["z"], expected["z"], rtol=1e-5)


def net():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((20,)), keras.layers.Dense(33, "relu"), keras.layers.Dropout(0.2), keras.layers.Dense(5, "softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.mark.slow
def test_the_number_of_cores_changes_a_training_by_rounding_alone(cores, rng):
    x, y = rng.normal(size=(101, 20)).astype("float32"), rng.integers(0, 5, 101)
    shared = net()
    history = shared.fit(x, y, epochs=3, verbose=0, shuffle=False).history
    eager = net()
    eager.run_eagerly = True
    expected = eager.fit(x, y, epochs=3, verbose=0, shuffle=False).history
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], rtol=1e-4)
    for a, b in zip(shared.get_weights(), eager.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def test_threads_train_at_once(cores, rng):
    """One has the crew, the others work alone; none sees another's numbers."""
    x, y = rng.normal(size=(64, 20)).astype("float32"), rng.integers(0, 5, 64)
    found = {}

    def train(i, model):
        found[i] = model.fit(x, y, epochs=5, verbose=0, shuffle=False).history["loss"]

    models = [net() for _ in range(4)]
    train("alone", net())
    threads = [threading.Thread(target=train, args=(i, model)) for i, model in enumerate(models)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    for i in range(4):
        np.testing.assert_allclose(found[i], found["alone"], rtol=1e-4)


def test_a_session_gives_blas_its_threads_back():
    from threadpoolctl import threadpool_info

    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = threads()
    with crew.session():
        assert set(threads()) == {1}
        with crew.session():
            pass
        assert set(threads()) == {1}
    assert threads() == before


def test_after_an_interrupt_the_next_job_gets_a_new_crew(monkeypatch):
    """Nobody knows who is where: the helpers go, wherever they are."""
    monkeypatch.setattr(crew, "CORES", 2)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    arrays = pool(1)
    ((job, _),) = plan.plan(recorded([("matmul", "x", "w", "h"), ("sum_rows", "h", "b")], arrays))
    job()
    before, lead = crew._crews[2], crew.lead

    def interrupted(*arguments):
        lead(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(crew, "lead", interrupted)
    with pytest.raises(KeyboardInterrupt):
        job()
    monkeypatch.setattr(crew, "lead", lead)
    arrays["h"].fill(0)
    job()
    np.testing.assert_allclose(arrays["h"], arrays["x"] @ arrays["w"], rtol=1e-5)
    assert crew._crews[2] is not before and before.board[crew.NUMBER] == crew.DISMISSED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*")
def test_a_forked_child_makes_its_own_crew(monkeypatch):
    """Threads do not live on after a fork: a child that waited for its parent's would wait for ever."""
    monkeypatch.setattr(crew, "CORES", 2)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    calls = [("matmul", "x", "w", "h"), ("relu", "h/", "z/")]

    def result():
        arrays = pool(1)
        run(plan.plan(recorded(calls, arrays)))
        return arrays["z"]

    wanted = result()
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if np.array_equal(result(), wanted) else 1)
        finally:
            os._exit(2)
    for _ in range(600):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        pytest.fail("the child waits for ever")
    assert os.waitstatus_to_exitcode(status) == 0
