"""The file format of MNIST and Fashion-MNIST."""

import math
import zlib

import numpy as np


def read(path, shape, repair):
    """The array in a gzipped idx file: 4 bytes of type and rank, 4 bytes a size, then the numbers.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing, damaged, or another; the message ends with `repair`, which says what to do.
    """
    try:
        raw = zlib.decompress(path.read_bytes(), wbits=31)  # gzip; its length and CRC are checked
    except FileNotFoundError:
        raise FileNotFoundError(f"The data file {path} is missing. {repair}") from None
    except zlib.error as error:
        raise ValueError(f"The data file {path} is damaged ({error}). {repair}") from None
    header = np.array([0x0800 + len(shape), *shape], ">u4").tobytes()
    if raw[: len(header)] != header or len(raw) != len(header) + math.prod(shape):
        raise ValueError(f"The data file {path} does not hold numbers of shape {shape}: it is another file. {repair}")
    return np.frombuffer(raw, np.uint8, offset=len(header)).reshape(shape).copy()
