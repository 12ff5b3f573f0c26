"""Kernel calls without Python: a table of addresses and arguments, which a few lines of machine code walk through.

Calling a kernel from Python costs half a microsecond, and Python's lock, for which threads wait for one another. A
step that is replayed makes the same calls with the same arrays each time, so their addresses are written down once:

    record      what one call needs, as 64-bit words: the function's address, then its arguments
    stub        machine code that reads a record and makes the call, one for each list of argument types
    table       the stubs and records of many calls, in order
    walk        makes all calls of a table, but for those after a guard that stops it
"""

import functools
import struct

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import get_cython_function_address, intrinsic

from .compiler import kernel

WORD, STATUS = ir.IntType(64), ir.IntType(32)
_types = {}  # what an array looks like -> Numba's type of it
MEET = 0  # in place of a stub: wait here for the other cores


class NotNative(TypeError):
    """A call that only Python can make."""


class Table:
    """Calls as machine code runs them.

    Parameters
    ----------
    calls : list of (kernel, arguments), or None for a place where cores wait for one another
    """

    def __init__(self, calls):
        self._calls = calls  # keeps the arrays alive
        records = [None if call is None else record(*call) for call in calls]
        _make_stubs({r.kind for r in records if r is not None})
        self._records = records
        self._words = [np.array(r.words, np.int64) for r in records if r is not None]
        words = iter(self._words)
        rows = [(MEET, 0) if r is None else (_stubs[r.kind], next(words).ctypes.data) for r in records]
        self._rows = np.array(rows, np.int64).reshape(-1, 2)
        self.address, self.size = self._rows.ctypes.data, len(rows)


class Record:
    """One call: its words, and the kinds of its arguments as LLVM knows them."""

    def __init__(self, address, kind, words, keep=()):
        self.kind, self.keep = kind, keep
        self.words = [w - 2**64 if w >= 2**63 else w for w in (address, *words)]


def record(function, arguments):
    """The record of a call.

    Raises
    ------
    NotNative
        If the function is no compiled kernel, or an argument none that machine code could take.
    """
    if hasattr(function, "native"):
        return function.native(*arguments)
    if getattr(function, "late", False):
        function, arguments = guard, arguments[:2]
    argument_types = tuple(map(_type_of, arguments))
    words = []
    for value, kind in zip(arguments, argument_types):
        _append(value, kind, words)
    return Record(_compiled(function, argument_types), argument_types, words)


def check(function, arguments):
    """Raise NotNative where `record` would."""
    if hasattr(function, "native"):
        function.native(*arguments)
    elif getattr(function, "late", False):
        check(guard, arguments[:2])
    elif not isinstance(function, numba.core.dispatcher.Dispatcher):
        raise NotNative(f"{function} is no compiled kernel")
    else:
        for value in arguments:
            if not isinstance(value, (np.ndarray, float, int, bool, np.number, np.bool)):
                _append(value, numba.typeof(value), [])


def _type_of(value):
    """Numba's type, which it takes its time to find: arrays that differ in their numbers only have the same."""
    if type(value) is not np.ndarray:
        return numba.typeof(value)
    flags = value.flags
    look = value.dtype, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned
    if look not in _types:
        _types[look] = numba.typeof(value)
    return _types[look]


@functools.cache
def _compiled(function, argument_types):
    """The address of the function as it is compiled for these types."""
    if argument_types not in function.overloads:
        function.compile(argument_types)
    compiled = function.overloads[argument_types]
    return compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)


def _append(value, kind, words):
    """The words of an argument, in the order in which Numba's compiled functions take them."""
    if isinstance(kind, types.Array):
        owner = parent = 0  # nobody: this module keeps the array alive
        words += [owner, parent, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
    elif isinstance(kind, types.BaseTuple):
        for part, part_kind in zip(value, kind.types):
            _append(part, part_kind, words)
    elif isinstance(kind, types.Float):
        words.append(bits(value, "d" if kind.bitwidth == 64 else "f"))
    elif isinstance(kind, (types.Integer, types.Boolean)):
        words.append(int(value))
    else:
        raise NotNative(f"{kind} can't be an argument")


def bits(value, form):
    """A float's bits as a whole number."""
    return int.from_bytes(struct.pack("<" + form, value), "little")


# stubs -----------------------------------------------------------------------------------------

POINTERS = "pointers"  # the kind of a C function that takes pointers only: (POINTERS, how many)
_stubs, _libraries = {}, []


@global_compiler_lock
def _make_stubs(kinds):
    new = [kind for kind in kinds if kind not in _stubs]
    if not new:
        return
    target = cpu_target.target_context
    library = target.codegen().create_library("kerastutor")
    module = library.create_ir_module("kerastutor")
    for i, kind in enumerate(new):
        _write_stub(module, f"stub{i}", *_signature(target, kind))
    library.add_ir_module(module)
    library.finalize()
    _libraries.append(library)
    _stubs.update((kind, library.get_pointer_to_function(f"stub{i}")) for i, kind in enumerate(new))


def _signature(target, kind):
    """The function's LLVM type, and how many of its arguments are places for what it gives back."""
    if kind[0] == POINTERS:
        return ir.FunctionType(ir.VoidType(), [WORD.as_pointer()] * kind[1]), 0
    return target.call_conv.get_function_type(types.none, kind), 2


def _write_stub(module, name, function_type, places):
    stub = ir.Function(module, ir.FunctionType(STATUS, [WORD.as_pointer()]), name)
    build = ir.IRBuilder(stub.append_basic_block())

    def word(i):
        return build.load(build.gep(stub.args[0], [ir.Constant(WORD, i)]))

    function = build.inttoptr(word(0), function_type.as_pointer())
    arguments = [build.alloca(t.pointee) for t in function_type.args[:places]]
    arguments += [_as(build, word(i), t) for i, t in enumerate(function_type.args[places:], 1)]
    status = build.call(function, arguments)
    build.ret(status if places else ir.Constant(STATUS, 0))


def _as(build, word, kind):
    """A word as an argument of some LLVM type."""
    if isinstance(kind, ir.PointerType):
        return build.inttoptr(word, kind)
    if isinstance(kind, ir.DoubleType):
        return build.bitcast(word, kind)
    if isinstance(kind, ir.FloatType):
        return build.bitcast(build.trunc(word, STATUS), kind)
    return word if kind.width == 64 else build.trunc(word, kind)


# products --------------------------------------------------------------------------------------


def product(a, b, out):
    """The record of out = a @ b by BLAS, whose matrices go down columns: out.T = b.T @ a.T."""
    if not {a.dtype, b.dtype} == {out.dtype} or out.dtype.char not in "fd" or out.strides[-1] != out.itemsize:
        raise NotNative("BLAS multiplies float32 or float64")
    if not a.size or not b.size:
        raise NotNative("nothing to multiply")
    (a_letter, a_step), (b_letter, b_step) = _lie(a), _lie(b)
    form = {"f": "f4", "d": "f8"}[out.dtype.char]
    factors = np.array([1, 0], form)
    letters = np.frombuffer(b_letter + a_letter, np.uint8).copy()
    sizes = np.array([out.shape[1], out.shape[0], a.shape[1], b_step, a_step, _step(out, 0)], np.int32)
    at = lambda array, i: array.ctypes.data + i * array.itemsize
    words = [
        at(letters, 0), at(letters, 1), at(sizes, 0), at(sizes, 1), at(sizes, 2), at(factors, 0), b.ctypes.data,
        at(sizes, 3), a.ctypes.data, at(sizes, 4), at(factors, 1), out.ctypes.data, at(sizes, 5),
    ]
    blas = {"f": "sgemm", "d": "dgemm"}[out.dtype.char]
    address = get_cython_function_address("scipy.linalg.cython_blas", blas)
    return Record(address, (POINTERS, len(words)), words, (letters, sizes, factors))


def _lie(a):
    """How a matrix lies in memory: row after row (b"N" to BLAS) or column after column (b"T"); and its step."""
    if a.strides[1] == a.itemsize or a.shape[1] == 1:
        return b"N", _step(a, 0)
    if a.strides[0] == a.itemsize or a.shape[0] == 1:
        return b"T", _step(a, 1)
    raise NotNative("BLAS takes matrices whose rows or columns are without gaps")


def _step(a, axis):
    """How many numbers lie between two rows (axis 0) or columns (1)."""
    return max(a.strides[axis] // a.itemsize, a.shape[1 - axis], 1)


# walking ---------------------------------------------------------------------------------------


@intrinsic
def _call(typing, stub, words):
    def emit(context, build, signature, arguments):
        kind = ir.FunctionType(STATUS, [WORD.as_pointer()])
        function = build.inttoptr(arguments[0], kind.as_pointer())
        return build.call(function, [build.inttoptr(arguments[1], WORD.as_pointer())])

    return types.int32(types.int64, types.int64), emit


@intrinsic
def _word(typing, address, index):
    def emit(context, build, signature, arguments):
        return build.load(build.gep(build.inttoptr(arguments[0], WORD.as_pointer()), [arguments[1]]))

    return types.int64(types.int64, types.int64), emit


@kernel
def guard(index, found):
    """In place of `refuse(index, found, complain)`: stop if something was found, for Python to complain."""
    if found[0] >= 0:
        raise IndexError


@kernel
def walk(address, first, last):
    """Make the calls from `first` on: up to `last`, or to the next place where cores meet. Gives where that is.

    If call i stops the walk, that is -1 - i.
    """
    for i in range(first, last):
        stub = _word(address, 2 * i)
        if stub == MEET:
            return i
        if _call(stub, _word(address, 2 * i + 1)) != 0:
            return -1 - i
    return last
