"""CTC: texts are compared with outputs at more time steps than letters, without saying which step is which letter.

Source: Graves et al. (2006), https://www.cs.toronto.edu/~graves/icml_2006.pdf, and https://keras.io/api/ops/nn/
"""

from ...backends import K
from ..autodiff import record, run
from ..naming import look_up
from .arithmetic import equal, less, negative, subtract, where
from .core import convert_to_tensor
from .creation import arange
from .helpers import broadcast, flat, floats, unary
from .indexing import labels, refuse_outside, take_along_axis
from .joining import pad
from .logic import logical_or
from .nn import log_softmax
from .reductions import argmax
from .reductions import max as max_of
from .reductions import sum as sum_of
from .search import argsort
from .shapes import expand_dims


def ctc_loss(target, output, target_length, output_length, mask_index=0):
    """-log of the probability of a text: the sum over all ways to stretch it over the time steps.

    Between letters, and instead of repeating one, a path may stay at the blank, class `mask_index`; two equal letters
    need one between them. At each step a path gives the probability of where it is.

    Gradient to log p: minus the share of the paths that are at that class at that step.

    Parameters
    ----------
    target : (n, letters) of int
    output : (n, steps, classes)
        Logits.
    target_length, output_length : (n,) of int
        How many letters and steps of each sample count.

    Returns
    -------
    (n,)
        Some 100,000 for a text that is too long for its steps, as in Keras.

    Raises
    ------
    ValueError
        If a letter is outside 0..classes-1, or a length is more than there is.
    """
    log_p, target = log_softmax(floats(output)), convert_to_tensor(target, "int32")
    lengths, steps = convert_to_tensor(target_length, "int32"), convert_to_tensor(output_length, "int32")
    if target.ndim != 2 or log_p.ndim != 3 or not len(target) == len(log_p) == lengths.size == steps.size:
        raise ValueError(
            "ctc_loss: expected targets (n, letters), logits (n, steps, classes) and two lengths for each of the n "
            f"samples; got {target.shape}, {log_p.shape}, {lengths.shape} and {steps.shape}."
        )
    _check_lengths("target_length", lengths, 0, target.shape[1])
    _check_lengths("output_length", steps, 1, log_p.shape[1])
    counted = less(arange(target.shape[1]), expand_dims(lengths, -1))
    letters = labels(where(counted, target, mask_index), log_p.shape[-1]).reshape(target.shape)
    out, share = K.empty(lengths.shape, log_p.value.dtype), K.empty(log_p.shape, log_p.value.dtype)
    run(K.ctc, letters, flat(lengths.value), flat(steps.value), log_p.value, mask_index, flat(out), share)

    def gradient(g):
        log_p.add_grad(broadcast(K.multiply, share, unary(K.negative, g).reshape(-1, 1, 1)))

    return record(out, gradient, log_p)


def _check_lengths(what, lengths, least, most):
    """See to it, whenever the step runs, that each length is within least..most."""

    def complain(place, number):
        raise ValueError(
            f"ctc_loss: `{what}` must be within {least}..{most}; got {number + least} for sample {place} of the batch."
        )

    refuse_outside(flat(subtract(lengths, least).value), most - least + 1, complain)


def ctc_decode(
    inputs, sequence_lengths, strategy="greedy", beam_width=100, top_paths=1, merge_repeated=True, mask_index=0
):
    """The text that goes through the likeliest class of each step: equal letters in succession are one, blanks none.

    Parameters
    ----------
    inputs : (n, steps, classes)
        Logits.
    sequence_lengths : (n,) of int
        How many steps of each sample count.
    strategy : {"greedy"}
        Keras also has "beam_search", which is not offered here.
    merge_repeated : bool
        Whether equal letters in succession are one.
    mask_index : int
        The blank.

    Returns
    -------
    texts : (1, n, steps) of int32
        Each followed by -1.
    scores : (n, 1)
        Minus the sum of the largest logits.
    """
    look_up(strategy, {"greedy": None}, "strategy of ctc_decode")
    x = floats(inputs)
    blank = x.shape[-1] - 1 if mask_index is None else mask_index
    steps = arange(x.shape[1])
    beyond = steps >= expand_dims(convert_to_tensor(sequence_lengths, "int32"), -1)
    letters = where(beyond, blank, argmax(x, -1))
    scores = where(beyond, 0.0, max_of(x, -1))
    left_out = equal(letters, blank)
    if merge_repeated:
        repeated = equal(letters[:, 1:], letters[:, :-1])
        left_out = logical_or(left_out, pad(repeated, ((0, 0), (1, 0))))
    order = argsort(where(left_out, x.shape[1], steps), -1)
    texts = take_along_axis(where(left_out, -1, letters), order, -1)
    return expand_dims(texts, 0), expand_dims(negative(sum_of(scores, 1)), -1)
