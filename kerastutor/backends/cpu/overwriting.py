"""Results in the place of what they were computed from, where nobody needs that any more.

A step of a large net goes through more memory than the caches hold, and that is what many of its calls cost. A bias is
added to each number where it stands, and so is what an activation makes of it: one array in place of three.
"""

import types

import numpy as np

from . import elementwise, native, normalization, pooling, products, rows
from .arithmetic import add, multiply, subtract
from .convolution import (
    conv,
    conv_input_grad,
    depthwise_conv,
    depthwise_conv_input_grad,
)
from .memory import arrays, owner

# kernel -> the argument that its result may take the place of, and the result: number by number
IN_PLACE = {
    rows.add_bias: (0, 2),
    add: (0, 2),
    subtract: (0, 2),
    multiply: (0, 2),
    **{getattr(elementwise, name): (0, 1) for name in ("relu", "sigmoid", "tanh", "exp", "negative")},
    **{getattr(elementwise, name): (0, 2) for name in ("scale", "relu_grad", "sigmoid_grad", "tanh_grad")},
}
# kernel -> its result, that is written whole: an array of the step, which holds nothing before it and after it.
# (Variables, which do, are written by np.copyto and by optimizers.)
RESULT = {kernel: result for kernel, (_, result) in IN_PLACE.items()} | {
    products.matmul: 2,
    conv: 5,
    conv_input_grad: 5,
    depthwise_conv: 5,
    depthwise_conv_input_grad: 5,
    pooling.max_pool: 4,
    pooling.max_pool_grad: 5,
    pooling.average_pool: 4,
    pooling.average_pool_grad: 4,
    normalization.batch_norm: 6,
    normalization.batch_norm_grad: 9,
}
WORTH_IT = 1 << 16  # bytes


def overwriting(calls, results):
    """The calls, with fewer arrays. The arrays `results` are read afterwards.

    The step must be all that there is to know of its arrays: if Python takes part in it with more than it says, nothing
    is changed.
    """
    if not all(_says_all(*call) for call in calls):
        return calls
    lives = _Lives(calls, results)
    homes, changed = {}, []  # the owner of an array -> where its numbers are kept instead
    for at, (kernel, arguments) in enumerate(calls):
        if kernel in IN_PLACE:
            given, result = (arguments[i] for i in IN_PLACE[kernel])
            if lives.end(given, at) and lives.begin(result, at) and _alike(given, result):
                homes[id(owner(result))] = _moved(given, homes), result
        changed.append((kernel, tuple(_moved_all(a, homes) for a in arguments)))
    return changed


class _Lives:
    """From which call to which call each array matters."""

    def __init__(self, calls, results):
        self._calls, self._uses = calls, {}
        for at, (_, arguments) in enumerate(calls):
            for a in arrays(arguments):
                self._uses.setdefault(id(owner(a)), []).append(at)
        self._read_later = {id(owner(a)) for a in arrays(results)}

    def begin(self, array, at):
        """Whether the array is the whole of its memory, is made by this call, and is of no use after the step."""
        return self._uses[id(owner(array))][0] == at and self._is_whole(array)

    def end(self, array, at):
        """Whether this call is the last that uses the array, which another call of the step has made."""
        uses = self._uses[id(owner(array))]
        kernel, arguments = self._calls[uses[0]]
        made = uses[0] < at and kernel in RESULT and owner(arguments[RESULT[kernel]]) is owner(array)
        return made and uses[-1] == at and uses.count(at) == 1 and self._is_whole(array)

    def _is_whole(self, array):
        return id(owner(array)) not in self._read_later and array.flags.c_contiguous and array.nbytes >= WORTH_IT


def _says_all(kernel, arguments):
    """Whether a call uses no arrays but its arguments."""
    if getattr(kernel, "late", False):  # it gets a function, for a message
        return True
    if any(callable(a) or isinstance(a, list) for a in arguments):
        return False
    if isinstance(kernel, types.FunctionType) and kernel.__closure__ and not hasattr(kernel, "__wrapped__"):
        return False
    return isinstance(kernel, (types.FunctionType, types.MethodType)) or kernel is np.copyto or _is_compiled(kernel)


def _is_compiled(kernel):
    try:
        native.check(kernel, ())
    except (native.NotNative, TypeError):
        return False
    return True


def _alike(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and owner(a) is not owner(b)


def _moved(a, homes):
    """The same part of the array's new home, if it has one."""
    if id(owner(a)) not in homes:
        return a
    home, was = homes[id(owner(a))]
    offset = a.ctypes.data - was.ctypes.data
    return np.ndarray(a.shape, a.dtype, home.reshape(-1).view(np.uint8), offset, a.strides)


def _moved_all(argument, homes):
    if isinstance(argument, tuple):
        return tuple(_moved_all(a, homes) for a in argument)
    return _moved(argument, homes) if isinstance(argument, np.ndarray) else argument
