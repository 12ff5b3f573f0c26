"""Random numbers from a hash of a key, a counter and the place."""

import numpy as np


def random_uniform(seed, out):
    out[:] = (_hash(seed, out.size) >> np.uint32(8)) * np.float32(2**-24)
    seed[1:] += np.uint32(1)


def dropout_mask(seed, rate, out):
    keep = _hash(seed, out.size) >= np.uint32(rate * 2**32)
    out[:] = np.where(keep, out.dtype.type(1 / (1 - rate)), 0)
    seed[1:] += np.uint32(1)


def _hash(seed, n):
    """n random 32-bit numbers: each place's number, mixed until no bit remembers where it came from.

    Two rounds of xor, shift and multiply (after C. Wellons' search for integer hashes, 2018).
    """
    with np.errstate(over="ignore"):
        x = np.arange(n, dtype=np.uint32) ^ _mix(seed[0] ^ _mix(seed[1:2]))
        return _mix(x)


def _mix(x):
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))
