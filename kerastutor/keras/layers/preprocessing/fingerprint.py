"""Hashes of strings that are the same on every machine and in every session, unlike Python's own.

FarmHash64 (https://github.com/google/farmhash) and SipHash-2-4 (Aumasson and Bernstein, 2012), as Keras uses them.
"""

MASK = 2**64 - 1
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def bucket(value, buckets, salt=None):
    """A number within 0..buckets-1 for a string or whole number; by SipHash if there is a salt (two numbers)."""
    text = str(value).encode()
    return (farm_hash(text) if salt is None else sip_hash(text, *salt)) % buckets


def farm_hash(s):
    """FarmHash64 of bytes."""
    n = len(s)
    if n <= 16:
        return _up_to_16(s, n)
    if n <= 32:
        return _up_to_32(s, n)
    return _up_to_64(s, n) if n <= 64 else _long(s, n)


def _word(s, at, size=8):
    return int.from_bytes(s[at : at + size], "little")


def _turn(x, bits):
    x &= MASK
    return (x >> bits | x << (64 - bits)) & MASK


def _mix(x):
    x &= MASK
    return x ^ x >> 47


def _join(u, v, factor):
    a = _mix((u ^ v) * factor)
    return _mix((v ^ a) * factor) * factor & MASK


def _up_to_16(s, n):
    factor = K2 + 2 * n
    if n >= 8:
        a, b = _word(s, 0) + K2, _word(s, n - 8)
        return _join(_turn(b, 37) * factor + a & MASK, (_turn(a, 25) + b) * factor & MASK, factor)
    if n >= 4:
        return _join(n + (_word(s, 0, 4) << 3), _word(s, n - 4, 4), factor)
    if n:
        y, z = s[0] + (s[n >> 1] << 8), n + (s[n - 1] << 2)
        return _mix(y * K2 ^ z * K0) * K2 & MASK
    return K2


def _up_to_32(s, n):
    factor = K2 + 2 * n
    a, b, c, d = _word(s, 0) * K1, _word(s, 8), _word(s, n - 8) * factor, _word(s, n - 16) * K2
    return _join(_turn(a + b, 43) + _turn(c, 30) + d & MASK, a + _turn(b + K2, 18) + c & MASK, factor)


def _up_to_64(s, n):
    factor = K2 + 2 * n
    a, b, c, d = _word(s, 0) * K2, _word(s, 8), _word(s, n - 8) * factor, _word(s, n - 16) * K2
    y = _turn(a + b, 43) + _turn(c, 30) + d & MASK
    z = _join(y, a + _turn(b + K2, 18) + c & MASK, factor)
    e, f, g, h = _word(s, 16) * factor, _word(s, 24), (y + _word(s, n - 32)) * factor, (z + _word(s, n - 24)) * factor
    return _join(_turn(e + f, 43) + _turn(g, 30) + h & MASK, e + _turn(f + a, 18) + g & MASK, factor)


def _long(s, n):
    """Rounds over blocks of 64 bytes, the last of which ends where s ends."""
    x, y = 81, 81 * K1 + 113 & MASK
    state = x * K2 + _word(s, 0) & MASK, y, _mix(y * K2 + 113) * K2 & MASK, (0, 0), (0, 0)
    for at in range(0, (n - 1) // 64 * 64, 64):
        state = _round(s, at, *state, K1, 1)
    x, y, z, v, w = state
    factor, rest = K1 + ((z & 255) << 1), n - 1 & 63
    first = w[0] + rest
    v = v[0] + first & MASK, v[1]
    w = first + v[0] & MASK, w[1]
    x, y, z, v, w = _round(s, n - 64, x, y, z, v, w, factor, 9)
    return _join(_join(v[0], w[0], factor) + _mix(y) * K0 + z & MASK, _join(v[1], w[1], factor) + x & MASK, factor)


def _round(s, at, x, y, z, v, w, factor, times):
    x = _turn(x + y + v[0] + _word(s, at + 8), 37) * factor ^ w[1] * times
    y = _turn(y + v[1] + _word(s, at + 48), 42) * factor + v[0] * times + _word(s, at + 40)
    z = _turn(z + w[0], 33) * factor & MASK
    v = _pair(s, at, v[1] * factor, x + w[0])
    w = _pair(s, at + 32, z + w[1], y + _word(s, at + 16))
    return z, y & MASK, x & MASK, v, w


def _pair(s, at, a, b):
    a += _word(s, at)
    b = _turn(b + a + _word(s, at + 24), 21)
    c = a
    a += _word(s, at + 8) + _word(s, at + 16)
    return a + _word(s, at + 24) & MASK, b + _turn(a, 44) + c & MASK


def sip_hash(s, k0, k1):
    """SipHash-2-4 of bytes, with a key of two numbers."""
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]
    end = len(s) // 8 * 8
    for word in [*(_word(s, at) for at in range(0, end, 8)), _word(s, end) | (len(s) & 255) << 56]:
        v[3] ^= word
        _sip_rounds(v, 2)
        v[0] ^= word
    v[2] ^= 255
    _sip_rounds(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _sip_rounds(v, n):
    left = lambda x, bits: _turn(x, 64 - bits)
    for _ in range(n):
        v[0], v[2] = v[0] + v[1] & MASK, v[2] + v[3] & MASK
        v[1], v[3] = left(v[1], 13) ^ v[0], left(v[3], 16) ^ v[2]
        v[0] = left(v[0], 32)
        v[2], v[0] = v[2] + v[1] & MASK, v[0] + v[3] & MASK
        v[1], v[3] = left(v[1], 17) ^ v[2], left(v[3], 21) ^ v[0]
        v[2] = left(v[2], 32)
