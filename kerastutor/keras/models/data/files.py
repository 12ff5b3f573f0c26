"""Arrays on disk (h5py.Dataset, numpy.memmap): two windows of rows are in memory at a time.

The data are read in blocks of about a megabyte, or of whole chunks where the file has chunks. Shuffling draws the order
of the blocks, reads some of them into a window, each in one go, and draws the order of the rows in the window; so
rows that are far apart come together, and the disk reads runs of rows, not single ones. While one window is trained on,
a thread fills the other. Data that fit into both together are read once, and shuffled as arrays in memory are.
"""

import math
import mmap
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ....backends import K, wrote
from ... import config, tree
from ...utils.data import on_disk
from .arrays import Arrays, one_by_one, parts, steps_of
from .checks import as_array, check_finite, check_kind

WINDOWS = 2**26
"""Bytes in memory, about: those of both windows."""

BLOCK = 2**20
"""Bytes that are read in one go, about."""


class Column:
    """Rows start..stop of an array on disk, or of one in memory that goes with it."""

    def __init__(self, name, a, start=0, stop=None):
        if not on_disk(a):
            a = as_array(name, a)
        check_kind(name, a)
        self.name, self.whole = name, a
        self.file, self._mapped = _file_of(a), mapped(a)
        self.start, self.stop = start, a.shape[0] if stop is None else stop
        self.shape = (self.stop - self.start, *a.shape[1:])
        self.dtype = np.dtype(config.floatx()) if a.dtype.kind == "f" else a.dtype

    def __len__(self):
        return self.shape[0]

    def astype(self, dtype, copy=False):
        """The same rows, read as `dtype`."""
        self.dtype = np.dtype(dtype)
        return self

    def __getitem__(self, rows):
        """The rows start..stop, read from the file."""
        start, stop = rows.start or 0, len(self) if rows.stop is None else rows.stop
        return np.asarray(self.whole[self.start + start : self.start + min(stop, len(self))])

    def read_into(self, room, start, stop):
        """Read the rows start..stop into an array.

        Raises
        ------
        OSError
            If the file can't be read, or has been closed.
        """
        try:
            if self._mapped is not None and self.whole:  # a closed dataset is false
                room[...] = self._mapped[self.start + start : self.start + stop]
            elif hasattr(self.whole, "read_direct") and self.whole.dtype == room.dtype:
                self.whole.read_direct(room, np.s_[self.start + start : self.start + stop])  # without a copy between
            else:
                room[...] = self[start:stop]
        except (OSError, RuntimeError, ValueError) as error:  # h5py knows many
            if self.file is None:
                raise
            why = f"could not be read ({error})"
            if hasattr(self.whole, "read_direct") and not self.whole:
                why = "was closed before all of it was read: close it, or leave its `with` block, after the training"
            rows = f"{self.name}[{self.start + start}:{self.start + stop}]"
            raise OSError(f"{rows}: the file {self.file} {why}.") from error

    def part(self, start, stop):
        """Some of the rows, as a column of their own."""
        return Column(self.name, self.whole, self.start + start, self.start + stop).astype(self.dtype)

    @property
    def row_bytes(self):
        return max(1, math.prod(self.shape[1:])) * self.dtype.itemsize

    @property
    def chunk(self):
        """Rows that lie together in the file; 1 if it doesn't matter where one begins to read."""
        chunks = getattr(self.whole, "chunks", None)
        return chunks[0] if chunks and isinstance(chunks[0], int) else 1


def _file_of(a):
    """The name of the file that an h5py.Dataset or a memmap lies in; None of what tells no name."""
    return str(getattr(getattr(a, "file", a), "filename", None) or "") or None


def mapped(a):
    """The array of an h5py.Dataset that lies in one piece in a file which is only read; of others None.

    So they are read without h5py's lock, and without a call of the system for each block.
    """
    if not type(a).__module__.startswith("h5py."):
        return None
    import h5py

    in_one_piece = a.chunks is None and not a.is_virtual and a.external is None
    same_type = h5py.h5t.py_create(a.dtype, logical=True) == a.id.get_type()
    written = a.id.get_space_status() == h5py.h5d.SPACE_STATUS_ALLOCATED
    place = a.id.get_offset() if in_one_piece and same_type and written else None
    if place is None or a.file.mode != "r" or a.file.driver != "sec2":
        return None
    whole = mmap.mmap(a.file.id.get_vfd_handle(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(whole, a.dtype, math.prod(a.shape), place).reshape(a.shape)


class Files(Arrays):
    """As Arrays, with columns on disk. `arrays` is what is in memory, from an epoch's beginning until `close`.

    A NaN is found when it is first read: the file isn't gone through before the training begins. The rows of a batch
    are good until the next batch is asked for: a new window is read over them.
    """

    def __init__(self, x, y=None, sample_weight=None, batch_size=None, steps=None, finite=True, names=("x", "y")):
        self.names, self._finite, self.arrays, self._pass = names, finite, None, None
        as_column = lambda name, a: a if isinstance(a, Column) else Column(name, a)
        self.x, self.y, self.sample_weight, leaves = parts(x, y, sample_weight, names, as_column)
        self._columns = [column for _, column in leaves]
        self.inspect = None  # a function of (x, y), called with what is read for the first time
        self._plan(len(self._columns[0]), batch_size, steps)
        self._plan_window()
        first = [column[: self.batch_size] for column in self._columns]
        self._sample = Arrays(*self.pack(first), finite=finite, names=names)

    def _plan_window(self):
        """How many rows make a block, how many blocks a window, shuffled or not."""
        row, chunk = sum(c.row_bytes for c in self._columns), max(c.chunk for c in self._columns)
        self._fits = self.n <= max(WINDOWS // row, self.batch_size)
        rows = max(WINDOWS // 2 // row, self.batch_size)
        self._block = min(rows, chunk * math.ceil(max(1, BLOCK // row) / chunk))
        fewest = math.ceil(self.batch_size / self._block)
        self._at_once = {True: max(fewest, rows // self._block), False: max(fewest, rows // 4 // self._block)}
        self._seen = np.zeros(math.ceil(self.n / self._block), bool)  # the blocks that were read before

    def _room(self, mixed):
        """How many rows a window takes: before its blocks, those that were too few for a batch of the one before."""
        return self.batch_size + self._at_once[mixed] * self._block

    def _open_windows(self, mixed):
        if self.arrays is None:
            room = self.n if self._fits else 2 * self._room(mixed)
            self.arrays = [K.empty((room, *c.shape[1:]), c.dtype) for c in self._columns]
            if self._fits:
                self._reading = True
                self._fill(0, range(len(self._seen)))

    @property
    def sample(self):
        return self._sample

    def part(self, start, stop, batch_size, steps):
        cut = [tree.map_structure(lambda c: None if c is None else c.part(start, stop), p)
               for p in (self.x, self.y, self.sample_weight)]
        return Files(*cut, batch_size, steps, self._finite, self.names)

    def restart(self):
        super().restart()
        self._end_pass()

    def close(self):
        """Wait for the thread that reads, and free the memory."""
        self._end_pass()
        self.arrays = None

    def _end_pass(self):
        self._reading = False  # the thread looks at it before each block
        if self._pass is not None:
            self._pass.close()
            self._pass = None

    def epoch(self, shuffle=False, at_once=1):
        """Pairs (step, rows of the windows)."""
        mixed = bool(shuffle) and shuffle != "batch"
        self._open_windows(mixed)
        if self._fits:
            yield from super().epoch(shuffle, at_once)
            return
        if self.steps is None or self._next >= self.all_batches:
            self._end_pass()
            self._pass, self._next = self._batches(mixed, shuffle == "batch"), 0
        for step in steps_of(self.batches, at_once):
            if self._next >= self.all_batches:
                self._warn_short(step, at_once)
                break
            self._next += 1
            yield step, next(self._pass)[1]
        if self._next >= self.all_batches:
            self._end_pass()

    def stretches(self, shuffle, most):
        """As of Arrays; none goes beyond a window."""
        if self.steps is not None or shuffle == "batch":
            yield from one_by_one(self.epoch(shuffle))
            return
        self._open_windows(bool(shuffle))
        if self._fits:
            yield from super().stretches(shuffle, most)
            return
        self._end_pass()
        self._pass, step = self._batches(bool(shuffle), most=most), 0
        for n, rows in self._pass:
            yield step, n, rows
            step += n
        self._end_pass()

    def _batches(self, mixed, mixed_within=False, most=lambda: 1):
        """Pairs (n, rows of n batches, as places in the windows); a thread fills one while the other is trained on."""
        order = np.random.permutation(len(self._seen)) if mixed else np.arange(len(self._seen))
        at_once, room = self._at_once[mixed], self._room(mixed)
        windows = [np.sort(order[first : first + at_once]) for first in range(0, len(order), at_once)]
        starts = [number % 2 * room + self.batch_size for number in range(len(windows))]
        left, self._reading = np.arange(0), True
        with ThreadPoolExecutor(1, thread_name_prefix="kerastutor-data") as thread:
            filled = thread.submit(self._fill, starts[0], windows[0])
            for number, start in enumerate(starts, 1):
                stop, first = filled.result(), start - len(left)
                for a in self.arrays:
                    a[first:start] = a[left]
                    wrote(a[first:stop])
                if number < len(windows):
                    filled = thread.submit(self._fill, starts[number], windows[number])
                places = np.random.permutation(stop - first) + first if mixed else np.arange(first, stop)
                end = len(places) if number == len(windows) else len(places) - len(places) % self.batch_size
                at = 0
                while at < end:
                    n = max(1, min(most(), (end - at) // self.batch_size))
                    batch = places[at : min(at + n * self.batch_size, end)]
                    if mixed_within:
                        batch = np.random.permutation(batch)
                    yield n, batch if mixed or mixed_within else slice(batch[0], batch[-1] + 1)
                    at += len(batch)
                left = places[end:]

    def _fill(self, at, blocks):
        """Read blocks into the windows from place `at` on. Returns the place after the last one."""
        with np.errstate(all="ignore"):  # a thread has settings of its own
            for block in blocks:
                if not self._reading:
                    break
                start = block * self._block
                rows = min(self._block, self.n - start)
                for column, a in zip(self._columns, self.arrays, strict=True):
                    column.read_into(a[at : at + rows], start, start + rows)
                if not self._seen[block]:
                    self._look_at(start, slice(at, at + rows))
                    self._seen[block] = True
                at += rows
        return at

    def buffers(self, rows):
        return [np.empty((rows, *c.shape[1:]), c.dtype) for c in self._columns]

    def _look_at(self, start, rows):
        """Check rows that are new; `start` is the place of the first among all."""
        new = [a[rows] for a in self.arrays]
        if self._finite:
            for column, a in zip(self._columns, new, strict=True):
                check_finite(column.name, a, column.start + start)
        if self.inspect is not None:
            x, y, _ = self.pack(new)
            self.inspect(x, y)
