"""CTC: the sum over all ways to stretch a text over time, from both ends, in logarithms (Graves et al., 2006)."""

import numpy as np

NEVER = -1e5  # to start in the middle of a text: a loss for texts that are too long for their steps


def ctc(labels, lengths, steps, log_p, blank, out, share):
    share[...] = 0
    for i in range(len(labels)):
        path = np.full(2 * lengths[i] + 1, blank)  # a blank before, between and after the letters
        path[1::2] = labels[i, : lengths[i]]
        emitted = log_p[i, : steps[i], path].T.astype(np.float64)  # (step, place)
        forwards, backwards = _scores(path, emitted), _scores(path[::-1], emitted[::-1, ::-1])[::-1, ::-1]
        total = np.logaddexp.reduce(forwards[-1, -2:])
        out[i] = -total
        np.add.at(share[i, : steps[i]].T, path, np.exp(forwards + backwards - emitted - total).T)


def _scores(path, emitted):
    """The logarithm of the sum over all ways to get to each place at each step, that step's probability included."""
    jump = np.full(len(path), -np.inf)  # over a blank, between letters that differ
    jump[3::2] = np.where(path[3::2] == path[1:-2:2], -np.inf, 0)
    scores = np.empty(emitted.shape)
    scores[0] = np.where(np.arange(len(path)) < 2, emitted[0], NEVER)
    for t in range(1, len(emitted)):
        before = np.concatenate([[-np.inf, -np.inf], scores[t - 1]])
        scores[t] = np.logaddexp.reduce([before[2:], before[1:-1], before[:-2] + jump]) + emitted[t]
    return scores
