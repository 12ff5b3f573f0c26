"""The loss for embeddings: those of one class near to one another, others far. Source: https://keras.io/api/losses/"""

from .. import ops
from .loss import LossFunctionWrapper


def circle(y_true, y_pred, ref_labels=None, ref_embeddings=None, remove_diagonal=True, gamma=80, margin=0.4):
    """softplus(log of the sum of e ** (gamma * n_j) + log of the sum of e ** (gamma * p_i)), a loss for each sample.

    d is 1 - cosine to each reference (y_pred itself unless given). Those of the same class give
    p = (d + margin) * (d - margin), the others n = max(1 + margin - d, 0) * (1 - margin - d). (Sun et al., 2020)

    Shapes: labels (n,) or (n, 1), embeddings of length 1 (n, k), references (m,) and (m, k) -> (n,).
    """
    p = ops.convert_to_tensor(y_pred)
    labels = ops.reshape(ops.cast(y_true, "int32"), (-1, 1))
    others = labels if ref_labels is None else ops.reshape(ops.cast(ref_labels, "int32"), (-1, 1))
    if p.ndim != 2 or labels.shape[0] != p.shape[0]:
        raise ValueError(
            f"circle: expected one class number and one row of `y_pred` for each sample, shapes (n,) and (n, k); got "
            f"{ops.shape(y_true)} and {p.shape}."
        )
    same = ops.equal(labels, ops.transpose(others))
    near = same
    if remove_diagonal:  # a sample is no neighbour of its own
        near = ops.logical_and(same, ops.logical_not(ops.eye(same.shape[0], same.shape[1], dtype="bool")))
    references = p if ref_embeddings is None else ops.convert_to_tensor(ref_embeddings, p.dtype)
    d = ops.maximum(1.0 - ops.matmul(p, ops.transpose(references)), 0.0)
    pull = gamma * (d + margin) * (d - margin)
    push = gamma * ops.maximum(1.0 + margin - d, 0.0) * (1.0 - margin - d)
    nothing = -1e9  # the logarithm of no sum at all
    pulls = ops.logsumexp(ops.where(near, pull, nothing), axis=1)
    pushes = ops.logsumexp(ops.where(same, nothing, push), axis=1)
    losses = ops.softplus(pulls + pushes)
    losses._keras_mask = losses > 0  # samples without a pair to compare do not count
    return losses


class Circle(LossFunctionWrapper):
    """For embeddings of length 1: those of one class together, those of others apart (Sun et al., 2020).

    Parameters
    ----------
    gamma : float
        How much the worst pairs count above the others.
    margin : float
        How near is near enough.
    remove_diagonal : bool
        Whether a sample is left out among its own neighbours.

    Source: https://arxiv.org/abs/2002.10857
    """

    def __init__(
        self, gamma=80.0, margin=0.4, remove_diagonal=True, reduction="sum_over_batch_size", name="circle", dtype=None
    ):
        super().__init__(
            circle, reduction, name, dtype, gamma=gamma, margin=margin, remove_diagonal=remove_diagonal
        )
