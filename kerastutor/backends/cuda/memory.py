"""Which of the host's numbers are on the device, and where.

Whatever is above the kernels handles NumPy arrays: they have a shape, a dtype and views, and here they stand for memory
of the device. The first kernel that meets an array gets room for it there (a mirror); from then on the device has the
truth, and the host's numbers grow old.

    view(a)    the device's array for the host's array `a`
    fetch(a)   `a`, with the numbers that the device has now
    wrote(a)   the host has written into `a`: copy that to the device

A mirror belongs to a whole allocation, so that views of one array are views of one mirror; its room goes back into a
pool when Python frees the host's array. All copies and kernels are on one stream, so each finds what the one before it
left.
"""

import collections
import functools
import weakref

import numpy as np
from numba import cuda

from . import errors

stream = cuda.stream()
GRAIN = 512  # bytes: rooms are multiples of it, so that the pool has few sizes

later = {}  # what programs have to check when the host waits for the device anyway: functions that give complaints

_mirrors = {}  # id of the array that holds an allocation -> Mirror
_pool = collections.defaultdict(list)  # bytes -> rooms that nobody uses


class Mirror:
    """An allocation of the host's, its room on the device, and whether the device may have newer numbers."""

    __slots__ = ("holder", "room", "stale")

    def __init__(self, held, filled):
        """`filled`: a kernel is about to write all of it, so nothing has to be copied."""
        key, bytes_ = id(held), bytes_of(held)
        self.room = _room(bytes_.size)
        self.stale = False
        if not filled:
            self.room[: bytes_.size].copy_to_device(bytes_, stream=stream)
        self.holder = weakref.ref(held, functools.partial(_release, key))
        _mirrors[key] = self


class Turned:
    """A matrix, or several, of which the last two axes change places: `array` is how it lies in memory."""

    def __init__(self, array):
        self.array = array


def as_arrays(arguments):
    """A kernel's arguments with arrays in place of NumPy's numbers: to be kept until the kernel has been launched."""
    return [np.array(a) if isinstance(a, np.generic) else a for a in arguments]


def views(arguments, fills=0):
    """A kernel's arguments with device arrays in place of the host's; it writes the last `fills` arrays whole."""
    arrays = [i for i, a in enumerate(arguments) if isinstance(a, np.ndarray)]
    filled = set(arrays[len(arrays) - fills :])
    return [_for_kernel(a, i in filled) for i, a in enumerate(arguments)]


def _for_kernel(a, filled):
    if isinstance(a, np.ndarray):
        return view(a, filled)
    return tuple(_for_kernel(part, False) for part in a) if isinstance(a, tuple) else a


def view(a, filled=False):
    """The device's array for `a`: of the same shape, or (1,) for ()."""
    if not a.size:
        return cuda.device_array(a.shape, a.dtype)
    if not a.flags.c_contiguous:
        turned = a.swapaxes(-1, -2)
        if not turned.flags.c_contiguous:
            raise TypeError(f"A kernel got an array of shape {a.shape} with strides {a.strides}: copy it first.")
        return Turned(view(turned))
    held = holder(a)
    if id(held) not in _mirrors:
        Mirror(held, filled and a.nbytes == held.nbytes)
    return room_of(a).view(a.dtype).reshape(a.shape or (1,))


def changed(arrays):
    """The device has been told to write into these arrays: the host's numbers are old."""
    for a in arrays:
        mirror = of(a)
        if mirror is not None:
            mirror.stale = True


def fetch(a):
    """The host's array `a` itself, after the device's numbers have been copied there if they may be newer."""
    mirror = _mirrors.get(id(holder(a)))
    if mirror is not None and mirror.stale and not errors.lost():
        bytes_ = bytes_of(mirror.holder())
        if bytes_.flags.writeable:
            with errors.told():
                mirror.room[: bytes_.size].copy_to_host(bytes_, stream=stream)
                stream.synchronize()
        mirror.stale = False
        _complain()
    return a


def _complain():
    """Raise what the checks have found since the last time: the first, and the others are forgotten."""
    checks = list(later.values())
    later.clear()
    complaints = [complaint for check in checks for complaint in check()]
    if complaints:
        complaints[0]()


def wrote(a):
    """The host has written into `a`: the device gets the numbers, if it has this array at all."""
    if not has(a) or not a.size or errors.lost():
        return
    if not a.flags.c_contiguous:
        raise TypeError(f"Only a whole block of memory can be sent to the device, not strides {a.strides}.")
    with errors.told():
        room_of(a).copy_to_device(bytes_of(a), stream=stream)


def has(a):
    """Whether the device has this array."""
    return id(holder(a)) in _mirrors


def of(a):
    """The array's mirror, if it has one."""
    return _mirrors.get(id(holder(a)))


def offset(a):
    """How many bytes from the beginning of its memory an array begins."""
    return _address(a) - _address(holder(a))


def room_of(a):
    """The array's part of its room, as bytes."""
    held, start = holder(a), offset(a)
    return _mirrors[id(held)].room[start : start + a.nbytes]


def leave():
    """Bring everything home and give the device's memory back: another backend takes over."""
    for mirror in list(_mirrors.values()):
        held = mirror.holder()
        if held is not None:
            fetch(held)
    _mirrors.clear()
    _pool.clear()
    _workspaces.clear()


def _release(key, held):
    """Python has freed a host array: its room is free for another one."""
    mirror = _mirrors.get(key)
    if mirror is not None and mirror.holder is held:
        del _mirrors[key]
        _pool[mirror.room.size].append(mirror.room)


# rooms --------------------------------------------------------------------------------------------


def _room(size):
    size = max(-(-size // GRAIN), 1) * GRAIN
    return _pool[size].pop() if _pool[size] else _allocated(size)


def _allocated(size):
    """New memory; if there is none left, what the pool holds is given back first."""
    try:
        return cuda.device_array(size, np.uint8)
    except Exception as error:
        if not errors.is_full(error):
            raise
        _pool.clear()
    return cuda.device_array(size, np.uint8)


def reserved(size):
    """So many bytes that stay whose they are."""
    return _room(size)


_workspaces = {}  # name -> room


def workspace(name, shape, dtype):
    """Memory for what one kernel hands to the next. Who asks for the same name later gets the same memory."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if name not in _workspaces or _workspaces[name].size < size:
        _workspaces[name] = _room(size)
    return _workspaces[name][:size].view(dtype).reshape(shape)


# the host's side ----------------------------------------------------------------------------------


def arrays(structure):
    """All arrays in nested tuples."""
    if isinstance(structure, np.ndarray):
        yield structure
    elif isinstance(structure, (tuple, list)):
        for part in structure:
            yield from arrays(part)


def holder(a):
    """The array that holds a's memory."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return a


def _address(a):
    return a.__array_interface__["data"][0]


def bytes_of(a):
    """The array's memory as bytes: a view."""
    flat = a.ravel(order="K")
    if a.size and not np.shares_memory(flat, a):
        raise TypeError(f"An array of shape {a.shape} with strides {a.strides} is not one block of memory: copy it.")
    return flat.view(np.uint8)
