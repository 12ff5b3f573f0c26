"""In a recorded step other calls may be in a kernel's place, divided among the cores: they do the same."""

import types

import numpy as np
import pytest

from kerastutor.keras.ops import indexing
from tests.backends.cases import CASES, CASES_OF_OPTIONS
from tests.backends.test_kernels import agree, call, kernel, spoil

cpu = pytest.importorskip("kerastutor.backends.cpu")
broadcasting = pytest.importorskip("kerastutor.backends.cpu.broadcasting")
compiler = pytest.importorskip("kerastutor.backends.cpu.compiler")
crew = pytest.importorskip("kerastutor.backends.cpu.crew")
plan = pytest.importorskip("kerastutor.backends.cpu.plan")
products = pytest.importorskip("kerastutor.backends.cpu.products")
rows = pytest.importorskip("kerastutor.backends.cpu.rows")
shares = pytest.importorskip("kerastutor.backends.cpu.shares")

SLOW = ("gru", "gru_grad", "lstm", "lstm_grad")  # to compile
ALL = [
    pytest.param(name, case, id=name, marks=[pytest.mark.slow] * (name in SLOW))
    for name in CASES if kernel("cpu", name) in (*compiler._steps, *shares.DIVIDED)
    for case in [CASES[name], *CASES_OF_OPTIONS.get(name, [])]
]


KINDS_OF_CREW = {
    "1 core": (1, True, 2), "3 cores": (3, True, 2), "3 cores, by columns": (3, True, 0),
    "3 cores, not shared": (3, False, 2),
}


@pytest.fixture(params=KINDS_OF_CREW.values(), ids=KINDS_OF_CREW)
def cores(request, monkeypatch):
    """So many cores; all that can be shared is, or nothing; loops of ours, however little there is to do."""
    count, shared, strips = request.param
    monkeypatch.setattr(crew, "CORES", count)
    monkeypatch.setattr(plan, "WORTH_SHARING", -1 if shared else np.inf)
    monkeypatch.setattr(plan, "WORTH_A_CREW", -1)
    monkeypatch.setattr(plan, "LARGE", 0)
    monkeypatch.setattr(plan, "CACHE", 1000)
    monkeypatch.setattr(rows, "MANY", 0)
    monkeypatch.setattr(products, "WORTH_A_PANEL", -1)
    monkeypatch.setattr(products, "FILLED", 0)
    monkeypatch.setattr(products, "DEPTH", 0)
    monkeypatch.setattr(products, "STRIPS", strips)
    monkeypatch.setattr(products, "WIDE", True)


def as_recorded(name):
    """The kernel as a recorded step would call it."""

    def function(*arguments):
        for prepared, given in cpu.prepare([(kernel("cpu", name), arguments)]):
            prepared(*given)

    return function


@pytest.mark.parametrize("name, case", ALL)
def test_a_recorded_call_is_right(cores, name, case, rng):
    """As the specification, without a touch beside its arrays; so are its parts, if it is shared."""
    for dtype in case.dtypes:
        for shape in case.shapes.awkward:
            arguments = case.make(rng, shape, dtype)
            for _ in range(2):
                with np.errstate(all="ignore"):
                    found = call(as_recorded(name), arguments, garbage=np.nan)
                    agree(found, call(kernel("numpy", name), arguments, garbage=3.5), case, shape, dtype)
                spoil(arguments[case.spoiled_from :], case.special, rng)


@pytest.mark.parametrize("turned", ["", "a", "b", "ab"])
@pytest.mark.parametrize(
    "shape", [(7, 600, 40), (13, 257, 64), (1, 300, 100), (40, 17, 33), (6, 512, 16), (3, 5000, 7)]
)
def test_products_of_any_depth(cores, shape, turned, rng):
    """Deeper than what the tile sums up at a time, wider than a panel, and neither in whole blocks."""
    rows, depth, columns = shape
    a, b = rng.normal(size=(rows, depth)).astype("float32"), rng.normal(size=(depth, columns)).astype("float32")
    a = np.ascontiguousarray(a.T).T if "a" in turned else a
    b = np.ascontiguousarray(b.T).T if "b" in turned else b
    out = np.full((rows, columns), np.nan, "float32")
    as_recorded("matmul")(a, b, out)
    np.testing.assert_allclose(out, a.astype("float64") @ b, atol=depth * 1e-6)


@pytest.mark.parametrize("shape, order", [
    ((40, 50), (1, 0)), ((3, 17, 33), (0, 2, 1)), ((5, 20, 3, 18), (0, 2, 1, 3)), ((4, 18, 2, 19), (0, 2, 3, 1)),
    ((16, 2, 32), (2, 1, 0)), ((2, 3, 2, 3, 2), (4, 2, 0, 1, 3)),
])
def test_transposes_beyond_whole_vectors(cores, shape, order, rng):
    x = rng.normal(size=shape).astype("float32")
    out = np.full([shape[i] for i in order], np.nan, "float32")
    as_recorded("transpose")(x, order, out)
    np.testing.assert_array_equal(out, x.transpose(order))


@pytest.mark.parametrize("shape", [(3, 1, 20), (1, 5, 20), (3, 5, 1), (1, 1, 20), (3, 1, 1), (1, 5, 1), (1, 1, 1)])
def test_broadcast_copies(cores, shape, rng):
    x, out = rng.normal(size=shape).astype("float32"), np.full((3, 5, 20), np.nan, "float32")
    as_recorded("cast")(x, out)
    np.testing.assert_array_equal(out, np.broadcast_to(x, out.shape))


def calls_of(name, *arguments):
    return [function.__name__ for function, _ in compiler.expand([(kernel("cpu", name), arguments)])]


def ones(*shape):
    return np.ones(shape, "float32")


@pytest.mark.parametrize("shapes", [
    [(2, 3), (2, 3), (2, 3)], [(2, 3), (), (2, 3)], [(1,), (2, 3), (2, 3)], [(4, 2, 3), (3,), (4, 2, 3)],
    [(4, 2, 3), (2, 3), (4, 2, 3)], [(4, 2, 3), (4, 2, 1), (4, 2, 3)], [(4, 1, 1), (4, 2, 3), (4, 2, 3)],
    [(5, 1), (1, 4), (5, 4)],
])
def test_usual_broadcasts_need_no_python(shapes):
    a, b, out = (ones(*shape) for shape in shapes)
    (loop, folded), = compiler.expand([(cpu.add, (a, b, out))])
    assert loop is broadcasting.add and [x.ndim for x in folded] == [2, 2, 2]
    assert [np.shares_memory(x, y) for x, y in zip(folded, (a, b, out))] == [True] * 3


def test_what_loops_cannot_do_is_left_to_numpy():
    middle = ones(4, 2, 3), ones(4, 1, 3), ones(4, 2, 3)
    ints = [np.ones(3, "int32")] * 3
    gaps = ones(4, 4)[:, ::2], ones(4, 2), ones(4, 2)
    empty = [ones(0, 3)] * 3
    for arguments in (middle, ints, gaps, empty):
        assert calls_of("add", *arguments) == ["add"] and compiler.expand([(cpu.add, arguments)])[0][0] is cpu.add


def test_large_products_are_made_by_the_tile_where_registers_are_wide(monkeypatch):
    a, b, out = ones(64, 100), ones(100, 64), ones(64, 64)
    monkeypatch.setattr(products, "WIDE", False)
    assert calls_of("matmul", a, b, out) == ["matmul"]
    monkeypatch.setattr(products, "WIDE", True)
    assert calls_of("matmul", a, b, out) == ["product" if crew.CORES > 1 else "product_by_columns"]
    assert calls_of("matmul", a.astype("float64"), b.astype("float64"), out.astype("float64")) == ["matmul"]
    assert calls_of("matmul", ones(4, 5), ones(5, 3), ones(4, 3)) == ["matmul"]
    assert calls_of("matmul", ones(500, 32).T, ones(500, 64), ones(32, 64)) == ["product_over_rows", "sum_rows"]


@pytest.mark.parametrize("a_turned", [False, True])
@pytest.mark.parametrize("b_turned", [False, True])
def test_cores_take_columns_of_a_product_with_few_rows(monkeypatch, rng, a_turned, b_turned):
    monkeypatch.setattr(crew, "CORES", 3)
    monkeypatch.setattr(products, "WIDE", True)
    rows, depth, columns = 90, 300, 7 * products.COLUMNS + 5
    a, b = (
        m.T.copy().T if turned else m
        for m, turned in ((rng.normal(size=(rows, depth)), a_turned), (rng.normal(size=(depth, columns)), b_turned))
    )
    a, b = a.astype("float32", order="K"), b.astype("float32", order="K")
    out = np.full((rows, columns), np.nan, "float32")
    assert calls_of("matmul", a, b, out) == ["product_by_columns"]
    as_recorded("matmul")(a, b, out)
    np.testing.assert_allclose(out, a.astype("float64") @ b.astype("float64"), rtol=0, atol=2e-4)


def test_whole_numbers_stay_whole_where_they_are_divided():
    """x * (1 / 49) would be below 1 for x = 49, and 0 rounded down."""
    x, n = np.arange(1, 2000, dtype="float32"), np.float32(49)
    out = np.empty_like(x)
    as_recorded("divide")(x, n, out)
    np.testing.assert_array_equal(out, x / n)


def test_every_divided_argument_is_an_array():
    """Each place in these lists is that of an array in the kernel's own signature."""
    for table in (shares.DIVIDED, shares.PER_CORE):
        for function, places in table.items():
            n = (getattr(function, "py_func", None) or function).__code__.co_argcount
            assert all(i < n for i in places) and len(set(places)) == len(places), function
    for function, places in shares.PER_CORE.items():
        assert not set(places) & set(shares.DIVIDED[function])


@pytest.mark.parametrize("shape", [(3, 5000, 7), (7, 601, 40), (1, 5, 1)])
def test_long_products_by_blas(cores, shape, rng, monkeypatch):
    """Each core sums up some of the rows, if there are as many as cores."""
    monkeypatch.setattr(products, "WORTH_A_MEETING", -1)
    monkeypatch.setattr(products, "WIDE", False)
    rows, depth, columns = shape
    a, b = rng.normal(size=(depth, rows)).astype("float32"), rng.normal(size=(depth, columns)).astype("float32")
    out = np.full((rows, columns), np.nan, "float32")
    assert calls_of("matmul", a.T, b, out) == (["matmul_over_rows", "sum_rows"] if crew.CORES > 1 else ["matmul"])
    planned = cpu.prepare([(cpu.matmul, (a.T, b, out))], results=[out])
    for _ in range(2):
        for prepared, given in planned:
            prepared(*given)
        np.testing.assert_allclose(out, a.T.astype("float64") @ b, atol=depth * 1e-6)
        a[:] = rng.normal(size=a.shape)


# parts of arrays -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [
    np.s_[:, ::-1], np.s_[::-1, :, ::-1], np.s_[..., 2], np.s_[1], np.s_[:, 1:3, ::2], np.s_[None, :, -1], np.s_[:, 4:],
    np.s_[[0, 2, 0]], np.s_[:, [1, 1]],
], ids=str)
def test_parts_of_arrays(cores, key, rng):
    """Read, written, and written among zeros; an index of a list is left to NumPy."""
    whole = rng.normal(size=(4, 5, 20)).astype("float32")
    part, target, zeros = (np.full(shape, 7, "float32") for shape in (whole[key].shape, whole.shape, whole.shape))
    wanted = target.copy()
    plain = not any(isinstance(k, list) for k in (key if isinstance(key, tuple) else (key,)))
    calls = [(indexing.copy_part, (whole, key, part))]
    if plain:
        calls += [(indexing.set_part, (part, key, target)), (indexing._only_part, (part, key, zeros))]
    prepared = cpu.prepare(calls)
    assert plain == all(not isinstance(function, types.FunctionType) for function, _ in prepared)
    for function, given in prepared:
        function(*given)
    np.testing.assert_array_equal(part, whole[key])
    if plain:
        wanted[key] = whole[key]
        np.testing.assert_array_equal(target, wanted)
        np.testing.assert_array_equal(zeros, np.where(wanted == whole, whole, 0))


def test_whoever_reads_what_others_write_waits_for_them(monkeypatch, rng):
    """A transposed copy reads, for its rows, numbers of all rows: no core may begin before all have written theirs."""
    monkeypatch.setattr(plan, "WORTH_SHARING", -1)
    x, y, turned = rng.normal(size=(6, 6)).astype("float32"), np.empty((6, 6), "float32"), np.empty((6, 6), "float32")
    calls = compiler.expand([(cpu.tanh, (x.reshape(-1), y.reshape(-1))), (cpu.transpose, (y, (1, 0), turned))])
    first, second = plan._regions([(function, given) for function, given in calls])
    waiting = plan.Memory()
    waiting.add(first)
    assert waiting.has_to_be_done_before(second)
