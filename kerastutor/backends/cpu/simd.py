"""Some numbers at once: Numba has no type for a processor's vectors, these words add one.

    load(a, i)       the numbers a[i : i + LANES]
    store(a, i, v)   a[i : i + LANES] = v
    spread(a, i)     the one number a[i], in every lane
    fma(x, y, z)     x * y + z, lane by lane
    add(x, y)        x + y, lane by lane
    larger(x, y)     y where x is smaller, else x, which may be NaN
    zeros(a)         zeros of a's dtype
    prefetch(a, i)   let the memory around a[i] be brought near: it will be needed soon; i may be anywhere

`a` is flat and C-contiguous, of float32 or float64. Nothing checks its bounds.

Every processor can run them: LLVM makes of a vector as many registers as it takes, and of `fma` one instruction or two.
Only the number of lanes is chosen here, by looking at what Numba compiles for: one register of AVX-512, one of AVX2,
two of ARM's, which has twice as many.
"""

from llvmlite import ir
from numba import config, types
from numba.core import cgutils, codegen
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

_features = codegen.get_host_cpu_features() if config.CPU_FEATURES is None else config.CPU_FEATURES
LANES = 16 if "+avx512f" in _features else 8


class Vector(types.Type):
    """The type of LANES numbers."""

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(f"Vector({LANES} x {dtype})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, vector):
        super().__init__(manager, vector, ir.VectorType(manager[vector.dtype].get_value_type(), LANES))


@intrinsic
def load(typing, a, i):
    def emit(context, builder, signature, arguments):
        place, align = _vector_at(context, builder, signature.args[0], signature.return_type, *arguments)
        return builder.load(place, align=align)

    return Vector(a.dtype)(a, types.intp), emit


@intrinsic
def store(typing, a, i, v):
    def emit(context, builder, signature, arguments):
        array, index, value = arguments
        place, align = _vector_at(context, builder, signature.args[0], signature.args[2], array, index)
        builder.store(value, place, align=align)
        return context.get_dummy_value()

    return types.void(a, types.intp, v), emit


@intrinsic
def spread(typing, a, i):
    def emit(context, builder, signature, arguments):
        number = builder.load(_address(context, builder, signature.args[0], *arguments))
        lanes = context.get_value_type(signature.return_type)
        i32, blank = ir.IntType(32), ir.Constant(lanes, ir.Undefined)
        first = builder.insert_element(blank, number, ir.Constant(i32, 0))
        return builder.shuffle_vector(first, blank, ir.Constant(ir.VectorType(i32, LANES), [0] * LANES))

    return Vector(a.dtype)(a, types.intp), emit


@intrinsic
def fma(typing, x, y, z):
    def emit(context, builder, signature, arguments):
        lanes = context.get_value_type(signature.return_type)
        name = f"llvm.fmuladd.v{LANES}f{x.dtype.bitwidth}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(lanes, [lanes] * 3), name)
        return builder.call(function, arguments)

    return x(x, y, z), emit


@intrinsic
def add(typing, x, y):
    def emit(context, builder, signature, arguments):
        return builder.fadd(*arguments)

    return x(x, y), emit


@intrinsic
def larger(typing, x, y):
    def emit(context, builder, signature, arguments):
        return builder.select(builder.fcmp_ordered("<", *arguments), arguments[1], arguments[0])

    return x(x, y), emit


@intrinsic
def turn(typing, a, i, step, b, j, across):
    """b[j + column * across + row] = a[i + row * step + column], for LANES rows and columns.

    Like shuffling cards: a pack is halved, and from the halves a card is taken in turn. Done with the rows, and with
    the numbers of two rows, as often as LANES can be halved, it puts each number where its mirror image was.
    """

    def emit(context, builder, signature, arguments):
        a, i, step, b, j, across = arguments
        kind = signature.args[0]
        vector = Vector(kind.dtype)

        def place(array, first, step, n):
            index = builder.add(first, builder.mul(step, ir.Constant(step.type, n)))
            return _vector_at(context, builder, kind, vector, array, index)

        def riffle(u, v, half):
            order = [n for k in range(half, half + LANES // 2) for n in (k, k + LANES)]
            return builder.shuffle_vector(u, v, ir.Constant(ir.VectorType(ir.IntType(32), LANES), order))

        rows = []
        for n in range(LANES):
            there, align = place(a, i, step, n)
            rows.append(builder.load(there, align=align))
        half = LANES // 2
        for _ in range(LANES.bit_length() - 1):
            rows = [riffle(u, v, part) for u, v in zip(rows[:half], rows[half:]) for part in (0, half)]
        for n, row in enumerate(rows):
            there, align = place(b, j, across, n)
            builder.store(row, there, align=align)
        return context.get_dummy_value()

    return types.void(a, types.intp, types.intp, b, types.intp, types.intp), emit


@intrinsic
def zeros(typing, a):
    def emit(context, builder, signature, arguments):
        return ir.Constant(context.get_value_type(signature.return_type), [0.0] * LANES)

    return Vector(a.dtype)(a), emit


@intrinsic
def prefetch(typing, a, i):
    def emit(context, builder, signature, arguments):
        byte, i32 = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, i32, i32, i32])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        place = builder.bitcast(_address(context, builder, signature.args[0], *arguments), byte)
        to_read, to_keep, data = i32(0), i32(3), i32(1)
        builder.call(function, [place, to_read, to_keep, data])
        return context.get_dummy_value()

    return types.void(a, types.intp), emit


def _address(context, builder, kind, array, index):
    return builder.gep(context.make_array(kind)(context, builder, array).data, [index])


def _vector_at(context, builder, kind, vector, array, index):
    """Where the vector at array[index] lies, and that it may lie anywhere a number may."""
    place = builder.bitcast(_address(context, builder, kind, array, index), context.get_value_type(vector).as_pointer())
    return place, kind.dtype.bitwidth // 8
