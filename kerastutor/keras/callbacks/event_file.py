"""The files that TensorBoard reads: a row of records, each an event in the format of Protocol Buffers.

    record    length (8 bytes), its checksum (4), the event, its checksum (4)
    event     wall time, step, and a summary: tag, kind (scalars, histograms, images, a graph) and a tensor
    message   fields, each a key (number of the field, type) and a value; the numbers stand in the .proto files

Source: https://www.tensorflow.org/tutorials/load_data/tfrecord, https://protobuf.dev/programming-guides/encoding/,
github.com/tensorflow/tensorflow: core/util/event.proto, core/framework/summary.proto and tensor.proto
"""

import itertools
import os
import socket
import struct
import time
import zlib

import numpy as np

FLOAT, DOUBLE, STRING = 1, 2, 7  # dtypes of a tensor
SCALAR, TENSOR, BLOBS = 1, 2, 3  # classes of data
_files = itertools.count()


class EventFile:
    """Writes events to a new file in the folder `log_dir`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     events = EventFile(folder)
    ...     events.scalar("epoch_loss", 0.5, step=0)
    ...     events.close()
    """

    def __init__(self, log_dir):
        os.makedirs(log_dir, exist_ok=True)
        name = f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}.{next(_files)}.v2"
        self.file = open(os.path.join(log_dir, name), "wb")  # noqa: SIM115
        self._write(_double(1, time.time()) + _bytes(3, b"brain.Event:2"))
        self.flush()

    def scalar(self, tag, value, step):
        """One number of a curve."""
        tensor = _int(1, FLOAT) + _bytes(2, b"") + _bytes(4, struct.pack("<f", value))
        self._summary(tag, "scalars", SCALAR, tensor, step)

    def histogram(self, tag, values, step, bins=30):
        """How the numbers of an array are spread: rows of left end, right end and count."""
        values = np.asarray(values, "float64").ravel()
        counts, ends = np.histogram(values[np.isfinite(values)], bins)
        rows = np.stack([ends[:-1], ends[1:], counts], 1)
        tensor = _int(1, DOUBLE) + _bytes(2, _shape(rows.shape)) + _bytes(4, rows.astype("<f8").tobytes())
        self._summary(tag, "histograms", TENSOR, tensor, step)

    def image(self, tag, images, step):
        """Images of numbers from 0 to 1, in an array of shape (images, height, width, channels); 1, 3 or 4 channels."""
        _, height, width, _ = images.shape
        texts = [str(width).encode(), str(height).encode(), *map(png, images)]
        tensor = _int(1, STRING) + _bytes(2, _shape([len(texts)])) + b"".join(_bytes(8, t) for t in texts)
        self._summary(tag, "images", BLOBS, tensor, step)

    def graph(self, tag, model):
        """A model, as the text of its `to_json`: TensorBoard draws it on the page "Graphs"."""
        tensor = _int(1, STRING) + _bytes(2, _shape([1])) + _bytes(8, model.encode())
        self._summary(tag, "graph_keras_model", BLOBS, tensor, 0, content=b"1")  # 1: the version

    def _summary(self, tag, plugin, data_class, tensor, step, content=b""):
        metadata = _bytes(1, _bytes(1, plugin.encode()) + _bytes(2, content)) + _int(4, data_class)
        value = _bytes(1, tag.encode()) + _bytes(9, metadata) + _bytes(8, tensor)
        self._write(_double(1, time.time()) + _int(2, step) + _bytes(5, _bytes(1, value)))

    def _write(self, event):
        length = struct.pack("<Q", len(event))
        self.file.write(length + _checksum(length) + event + _checksum(event))

    def flush(self):
        """Hand over to the disk what was written so far: TensorBoard may be reading along."""
        self.file.flush()

    def close(self):
        self.file.close()


# Protocol Buffers ------------------------------------------------------------------------------


def _varint(n):
    """A whole number from 0 up, seven bits a byte, the lowest first; the eighth bit says that more follow."""
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes([*out, n])


def _int(field, n):
    return _varint(field << 3 | 0) + _varint(n)


def _double(field, x):
    return _varint(field << 3 | 1) + struct.pack("<d", x)


def _bytes(field, data):
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _shape(sizes):
    return b"".join(_bytes(2, _int(1, n)) for n in sizes)


# checksums -------------------------------------------------------------------------------------


def _crc32c_table():
    """The remainder for each value of a byte, by Castagnoli's polynomial in reverse bit order."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_TABLE = _crc32c_table()


def _checksum(data):
    """The CRC-32C of `data`, turned and shifted as records have it, in four bytes."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 255]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


# images ----------------------------------------------------------------------------------------


def png(image):
    """An array of shape (height, width, channels), numbers from 0 to 1, as a PNG file. Source: https://www.w3.org/TR/png/"""
    height, width, channels = image.shape
    pixels = np.round(np.clip(image, 0, 1) * 255).astype("uint8")
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # 0: no filter
    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
