"""HDF5 files, written with a checksum and read with care.

A file may lie: point into other files, declare arrays that would fill the memory, go round in circles. So groups and
arrays are reached one step at a time, and each is looked at before it is read.

Source: https://docs.hdfgroup.org/hdf5/
"""

import hashlib
import io
import math
import subprocess
import sys

import numpy as np

BLOCK = 512  # HDF5 leaves room at a file's start for whatever a program wants to keep there
MARK = b"kerastutor sha256 "
SIGNATURE = b"\x89HDF\r\n\x1a\n"
PATIENCE = 60  # seconds for the table of contents of a file without our checksum
FLOOR, EXPANSION = 1 << 24, 1000  # beyond 16 MB, an array may be at most a thousand times what is stored of it

_LOOK_THROUGH = """
import h5py, sys
def look(name, item):
    [item.attrs[key] for key in item.attrs], getattr(item, "shape", None)
with h5py.File(sys.argv[1], "r") as f:
    look("", f), f.visititems(look)
"""


def module():
    """The package h5py, loaded on first use."""
    try:
        import h5py
    except ImportError:
        raise ImportError("Files of models and weights need the package h5py: pip install h5py") from None
    return h5py


def written(write, sealed=True):
    """The bytes of a new HDF5 file, which write(file) fills; `sealed` with a checksum of all of them."""
    buffer = io.BytesIO()
    with module().File(buffer, "w", userblock_size=BLOCK if sealed else 0) as file:
        write(file)
    data = buffer.getvalue()
    if not sealed:
        return data
    return (MARK + _checksum(data)).ljust(BLOCK, b"\0") + data[BLOCK:]


def _checksum(data):
    return hashlib.sha256(memoryview(data)[BLOCK:]).hexdigest().encode()


def opened(data, path=None):
    """The HDF5 file that these bytes are, to read from.

    A file with our checksum must fit it. Another one is first looked through by a process of its own if its `path` is
    given: reading a damaged one may crash, or never end.

    Raises
    ------
    ValueError
        If it is damaged, or no HDF5 file.
    """
    h5py = module()
    if data[BLOCK:BLOCK + 8] == SIGNATURE:
        if data[:len(MARK) + 64] != MARK + _checksum(data):
            raise ValueError("its checksum does not fit: it is damaged, cut off, or was changed by another program.")
    elif data[:8] != SIGNATURE:
        raise ValueError("it is no HDF5 file, or it is damaged.")
    elif path is not None:
        _look_through(path)
    try:
        return h5py.File(io.BytesIO(data), "r")
    except OSError as error:
        raise ValueError(f"it is no HDF5 file, or it is damaged or cut off ({error}).") from None


def _look_through(path):
    try:
        done = subprocess.run([sys.executable, "-c", _LOOK_THROUGH, str(path)], capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise ValueError("it is damaged: reading its table of contents does not end.") from None
    if done.returncode:
        raise ValueError("it is no HDF5 file, or it is damaged or cut off.")


def group(parent, path):
    """The group at a path, reached step by step; None if there is none.

    Raises
    ------
    ValueError
        If the way leads through a link to another place or file.
    """
    h5py = module()
    for name in filter(None, path.split("/")):
        if name not in parent:
            return None
        _refuse_links(parent, name)
        parent = parent[name]
        if not isinstance(parent, h5py.Group):
            raise ValueError(f"{parent.name!r} should be a group in it, and is an array: the file is damaged.")
    return parent


def dataset(parent, path):
    """The array at a path as HDF5 has it: its shape and dtype are known, its numbers not read yet."""
    h5py = module()
    folder, _, name = path.rpartition("/")
    parent = group(parent, folder)
    if parent is None or name not in parent:
        raise ValueError(f"the array {path!r} is missing in it.")
    _refuse_links(parent, name)
    found = parent[name]
    if not isinstance(found, h5py.Dataset):
        raise ValueError(f"{found.name!r} should be an array in it, and is a group: the file is damaged.")
    if found.external or found.is_virtual:
        raise ValueError(f"the array {found.name!r} lies in another file: that is refused.")
    if found.dtype.kind not in "fiub":
        raise ValueError(f"the array {found.name!r} holds no numbers but {found.dtype}.")
    return found


def _refuse_links(parent, name):
    link = parent.get(name, getlink=True)
    if not isinstance(link, module().HardLink):
        where = f"{parent.name.rstrip('/')}/{name}"
        raise ValueError(f"{where!r} in it is a link to another place ({type(link).__name__}): that is refused.")


def numbers(found):
    """The array that `dataset` found.

    Raises
    ------
    ValueError
        If it claims to be far larger than what is stored of it.
    """
    claimed, stored = math.prod(found.shape) * found.dtype.itemsize, found.id.get_storage_size()
    if claimed > max(FLOOR, EXPANSION * stored):
        raise ValueError(
            f"its array {found.name!r} claims to have {claimed:,} bytes, of which {stored:,} are stored: "
            "that is refused."
        )
    return np.array(found)
