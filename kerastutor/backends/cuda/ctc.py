"""CTC: the sum over all ways to stretch a text over time, from both ends, in logarithms (Graves et al., 2006).

A thread for each text and direction fills its table of scores; then a thread for each text adds up what goes together.
"""

import math

import numpy as np
from numba import cuda

from . import memory
from .launch import kernel, launch

NEVER = -1e5  # to start in the middle of a text: a loss for texts that are too long for their steps


@kernel(fills=2)
def ctc(labels, lengths, steps, log_p, blank, out, share):
    n, places = labels.shape[0], 2 * labels.shape[1] + 1
    scores = memory.workspace("scores", (2, n, log_p.shape[1], places), np.float64)
    launch(_fill_in, 2 * n, labels, lengths, steps, log_p, blank, scores)
    launch(_add_ways, n, labels, lengths, steps, log_p, blank, scores, out, share)


@cuda.jit(device=True)
def letter(labels, text, s, blank, classes):
    """What stands at place s of a text with a blank before, between and after its letters."""
    found = labels[text, s // 2] if s % 2 else blank
    return found if 0 <= found < classes else blank  # for a letter outside the host will complain, later


@cuda.jit(device=True)
def fits(labels, lengths, steps, text, most):
    """Whether there are so many letters and steps; else the host will complain, later."""
    return 0 <= lengths[text] <= labels.shape[1] and 1 <= steps[text] <= most


@cuda.jit(device=True)
def log_of_sum(a, b):
    """log(e ** a + e ** b)"""
    large, small = (a, b) if a > b else (b, a)
    if large == -math.inf:
        return large
    return large + math.log1p(math.exp(small - large))


@cuda.jit
def _fill_in(labels, lengths, steps, log_p, blank, scores):
    """The logarithm of the sum over all ways to get to each place at each step, that step's probability included."""
    i = cuda.grid(1)
    text, backwards = i // 2, i % 2
    if text < labels.shape[0] and fits(labels, lengths, steps, text, log_p.shape[1]):
        places, time = 2 * lengths[text] + 1, steps[text]
        for t in range(time):
            for s in range(places):
                # from the end, both are counted the other way round
                at, before, sign = (time - 1 - t, time - t, -1) if backwards else (t, t - 1, 1)
                here = places - 1 - s if backwards else s
                own = letter(labels, text, here, blank, log_p.shape[2])
                emitted = np.float64(log_p[text, at, own])
                if t == 0:
                    scores[backwards, text, at, here] = emitted if s < 2 else NEVER
                    continue
                total = scores[backwards, text, before, here]
                if s >= 1:
                    total = log_of_sum(total, scores[backwards, text, before, here - sign])
                if s >= 3 and s % 2 and own != letter(labels, text, here - 2 * sign, blank, log_p.shape[2]):
                    total = log_of_sum(total, scores[backwards, text, before, here - 2 * sign])
                scores[backwards, text, at, here] = total + emitted


@cuda.jit
def _add_ways(labels, lengths, steps, log_p, blank, scores, out, share):
    text = cuda.grid(1)
    if text < labels.shape[0] and fits(labels, lengths, steps, text, log_p.shape[1]):
        places, time = 2 * lengths[text] + 1, steps[text]
        total = scores[0, text, time - 1, places - 1]
        if places > 1:
            total = log_of_sum(total, scores[0, text, time - 1, places - 2])
        out[text] = -total
        for t in range(share.shape[1]):
            for k in range(share.shape[2]):
                share[text, t, k] = 0
        for t in range(time):
            for s in range(places):
                own = letter(labels, text, s, blank, log_p.shape[2])
                both = scores[0, text, t, s] + scores[1, text, t, s]
                share[text, t, own] += math.exp(both - log_p[text, t, own] - total)
