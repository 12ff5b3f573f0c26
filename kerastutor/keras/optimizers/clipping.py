"""Limits to gradients: to each number, to each gradient's norm, or to the norm of all gradients together."""

from .. import ops


def clip(gradients, clipnorm=None, global_clipnorm=None, clipvalue=None):
    """`gradients`, none of them beyond the limit that is set; 0 and None mean no limit, as in Keras."""
    if clipnorm and clipnorm > 0:
        return [g * _scale(norm([g]), clipnorm) for g in gradients]
    if global_clipnorm and global_clipnorm > 0:
        length = norm(gradients)
        scale = _scale(length, global_clipnorm) + (length - length)  # NaN for all where one of them is not finite
        return [g * scale for g in gradients]
    if clipvalue and clipvalue > 0:
        return [ops.maximum(ops.minimum(g, clipvalue), -clipvalue) for g in gradients]
    return gradients


def norm(gradients):
    """The length of all gradients' numbers as one vector: the root of the sum of their squares."""
    total = ops.sum(ops.square(gradients[0]))
    for g in gradients[1:]:
        total = total + ops.sum(ops.square(g))
    return ops.sqrt(total)


def _scale(length, limit):
    """The factor that makes a vector of this length as long as the limit: 1 if it is not longer."""
    return float(limit) / ops.maximum(length, float(limit))
