"""CTC, a sample after the other."""

import math

import numpy as np

from .compiler import kernel

NEVER = -1e5  # to start in the middle of a text


@kernel
def _add(a, b):
    """log(e ** a + e ** b)."""
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


@kernel
def _letter(labels, i, place, blank):
    """What is at a place of the path: a letter at odd ones, else the blank."""
    return labels[i, place // 2] if place % 2 else blank


@kernel
def _follow(labels, i, places, steps, log_p, blank, turned, scores):
    """scores: (step, place), as `_scores` of the specification; `turned`: from the end of path and time."""
    for t in range(steps):
        time = steps - 1 - t if turned else t
        for s in range(places):
            place = places - 1 - s if turned else s
            letter = _letter(labels, i, place, blank)
            if t == 0:
                scores[t, s] = log_p[i, time, letter] if s < 2 else NEVER
                continue
            score = scores[t - 1, s]
            if s > 0:
                score = _add(score, scores[t - 1, s - 1])
            if s > 2 and s % 2 and letter != _letter(labels, i, place + (2 if turned else -2), blank):
                score = _add(score, scores[t - 1, s - 2])
            scores[t, s] = score + log_p[i, time, letter]


@kernel
def ctc(labels, lengths, steps, log_p, blank, out, share):
    share[...] = 0
    forwards = np.empty((log_p.shape[1], 2 * labels.shape[1] + 1))
    backwards = np.empty_like(forwards)
    for i in range(labels.shape[0]):
        places, last = 2 * lengths[i] + 1, steps[i] - 1
        _follow(labels, i, places, steps[i], log_p, blank, False, forwards)
        _follow(labels, i, places, steps[i], log_p, blank, True, backwards)
        total = forwards[last, places - 1]
        if places > 1:
            total = _add(total, forwards[last, places - 2])
        out[i] = -total
        for t in range(steps[i]):
            for s in range(places):
                letter = _letter(labels, i, s, blank)
                both = forwards[t, s] + backwards[last - t, places - 1 - s] - log_p[i, t, letter]
                share[i, t, letter] += math.exp(both - total)
