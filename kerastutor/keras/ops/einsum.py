"""Einstein's notation: sums of products over named axes."""

import math
import string

from .arithmetic import multiply
from .helpers import of_one_dtype
from .matrices import diagonal
from .products import matmul
from .reductions import sum as sum_of
from .shapes import reshape, transpose


def einsum(subscripts, *operands, **kwargs):
    """Sums of products over named axes: "ij,jk->ik" is the matrix product.

    Each letter names an axis of an operand; a letter that is not behind the arrow is summed over. "..." stands for any
    further axes, which are broadcast. Without an arrow the letters that occur once make the result, in their order in
    the alphabet.

    Raises
    ------
    ValueError
        If the letters do not fit the operands' shapes.

    Examples
    --------
    >>> from kerastutor.keras import ops
    >>> a, b = ops.ones((8, 2, 3)), ops.ones((8, 3, 4))
    >>> ops.einsum("bij,bjk->bik", a, b).shape
    (8, 2, 4)
    >>> ops.einsum("bij->", a).numpy()
    array(48., dtype=float32)

    Source: https://numpy.org/doc/stable/reference/generated/numpy.einsum.html
    """
    operands = of_one_dtype(operands)
    terms, result = _parse(subscripts, operands)
    sizes = _sizes(subscripts, terms, operands)
    if any(letter not in sizes for letter in result) or len(set(result)) < len(result):
        raise ValueError(f"einsum: {subscripts!r} names an axis behind the arrow that no operand has, or one twice.")
    pairs = [_without_repeats(letters, x) for letters, x in zip(terms, operands)]
    for i in range(1, len(pairs)):
        later = set(result).union(*[letters for letters, _ in pairs[i + 1 :]])
        pairs[i] = _contract(*pairs[i - 1], *pairs[i], later)
    letters, x = pairs[-1]
    letters, x = _sum_out(letters, x, set(result))
    return transpose(x, [letters.index(letter) for letter in result])


def _parse(subscripts, operands):
    """The letters of each operand's axes and of the result's; for "..." letters that are not used elsewhere."""
    before, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = before.split(",")
    if len(terms) != len(operands):
        raise ValueError(f"einsum: {subscripts!r} is for {len(terms)} operands; got {len(operands)}.")
    if not arrow:
        once = sorted(c for c in set(before) - set(",.") if before.count(c) == 1)
        result = ("..." if "..." in before else "") + "".join(once)
    free = [c for c in string.ascii_letters if c not in subscripts]
    further = [x.ndim - len(term.replace("...", "")) for term, x in zip(terms, operands)]
    for term, x, n in zip(terms, operands, further):
        if n < 0 or (n and "..." not in term):
            raise ValueError(f"einsum: {term!r} does not name the {x.ndim} axes of an operand of shape {x.shape}.")
    most = max((n for term, n in zip(terms, further) if "..." in term), default=0)
    dots = "".join(free[:most])
    terms = [term.replace("...", dots[most - n :]) for term, n in zip(terms, further)]
    return terms, result.replace("...", dots)


def _sizes(subscripts, terms, operands):
    """Each letter's size; sizes of 1 are broadcast."""
    sizes = {}
    for term, x in zip(terms, operands):
        for letter, n in zip(term, x.shape):
            if sizes.setdefault(letter, n) != n and 1 not in (n, sizes[letter]):
                raise ValueError(
                    f"einsum: in {subscripts!r} {letter!r} is {sizes[letter]} and {n} long; shapes "
                    f"{', '.join(str(x.shape) for x in operands)}."
                )
            sizes[letter] = max(n, sizes[letter]) if n and sizes[letter] else 0
    return sizes


def _without_repeats(letters, x):
    """Where a letter occurs twice in one term, only the diagonal of these axes."""
    for letter in dict.fromkeys(letters):
        while letters.count(letter) > 1:
            i = letters.index(letter)
            j = letters.index(letter, i + 1)
            x = diagonal(x, 0, i, j)  # the new axis comes last
            letters = letters[:i] + letters[i + 1 : j] + letters[j + 1 :] + letter
    return letters, x


def _sum_out(letters, x, wanted):
    """Summed over the axes that nobody wants any more."""
    axes = tuple(i for i, letter in enumerate(letters) if letter not in wanted)
    return "".join(c for c in letters if c in wanted), sum_of(x, axes) if axes else x


def _contract(a_letters, a, b_letters, b, later):
    """Two operands as one: a matrix product over what both have and nobody wants later, one for each of what both
    have and somebody wants."""
    a_letters, a = _sum_out(a_letters, a, later | set(b_letters))
    b_letters, b = _sum_out(b_letters, b, later | set(a_letters))
    both = [c for c in a_letters if c in b_letters and c in later]
    summed = [c for c in a_letters if c in b_letters and c not in later]
    if any(a.shape[a_letters.index(c)] != b.shape[b_letters.index(c)] for c in summed):
        return _multiply(a_letters, a, b_letters, b)  # one of them is broadcast
    of_a, of_b = ([c for c in own if c not in other] for own, other in ((a_letters, b_letters), (b_letters, a_letters)))
    size = lambda letters, own, x: [x.shape[own.index(c)] for c in letters]
    a_sizes = [size(group, a_letters, a) for group in (both, of_a, summed)]
    b_sizes = [size(group, b_letters, b) for group in (both, summed, of_b)]
    left = transpose(a, [a_letters.index(c) for c in both + of_a + summed])
    right = transpose(b, [b_letters.index(c) for c in both + summed + of_b])
    left = reshape(left, (*a_sizes[0], math.prod(a_sizes[1]), math.prod(a_sizes[2])))
    right = reshape(right, (*b_sizes[0], math.prod(b_sizes[1]), math.prod(b_sizes[2])))
    y = matmul(left, right)
    return "".join(both + of_a + of_b), reshape(y, (*y.shape[: len(both)], *a_sizes[1], *b_sizes[2]))


def _multiply(a_letters, a, b_letters, b):
    """Two operands as their product, nothing summed yet."""
    letters = a_letters + "".join(c for c in b_letters if c not in a_letters)
    spread = lambda own, x: reshape(
        transpose(x, [own.index(c) for c in letters if c in own]),
        [x.shape[own.index(c)] if c in own else 1 for c in letters],
    )
    return letters, multiply(spread(a_letters, a), spread(b_letters, b))
