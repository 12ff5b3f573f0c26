"""What every loss is: one number for each sample, weighted and averaged. Source: https://keras.io/api/losses/"""

from .. import config as settings
from .. import ops
from ..naming import auto_name, snake_case

REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None)


class Loss:
    """A loss: `call(y_true, y_pred)` gives one number a sample, and calling it gives their mean.

    loss = sum over i of weight_i * loss_i, divided by the number of losses ("sum_over_batch_size", or "mean"), by the
    sum of weights ("mean_with_sample_weight"), or not divided ("sum"); "none" leaves one number a sample.

    Parameters
    ----------
    name : str, optional
    reduction : str
    dtype : str, optional
        Keras's floatx unless given.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Quartic(keras.losses.Loss):
    ...     def call(self, y_true, y_pred):
    ...         return keras.ops.mean((y_true - y_pred) ** 4, axis=-1)
    >>> Quartic()([[0.0], [0.0]], [[1.0], [2.0]]).item()
    8.5
    """

    def __init__(self, name=None, reduction="sum_over_batch_size", dtype=None):
        self.name = name or auto_name(snake_case(type(self).__name__))
        if reduction not in REDUCTIONS:
            raise ValueError(f"Loss {self.name!r}: `reduction` must be one of {REDUCTIONS}; got {reduction!r}.")
        self.reduction, self._dtype = reduction, dtype

    @property
    def dtype(self):
        return self._dtype or settings.floatx()

    def __call__(self, y_true, y_pred, sample_weight=None):
        mask = getattr(y_pred, "_keras_mask", None)
        y_true = ops.convert_to_tensor(y_true, self.dtype)
        losses = ops.convert_to_tensor(self.call(y_true, ops.convert_to_tensor(y_pred, self.dtype)), self.dtype)
        own = losses._keras_mask
        if mask is None or own is None:
            mask = own if mask is None else mask
        else:
            mask = ops.cast(mask, self.dtype) * ops.cast(own, self.dtype)
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, self.dtype)
        weights = apply_mask(sample_weight, mask, self.dtype, self.reduction)
        return self._reduce(losses, weights)

    def call(self, y_true, y_pred):
        """One number for each sample."""
        raise NotImplementedError(f"{type(self).__name__} needs a method call(self, y_true, y_pred).")

    def _reduce(self, losses, weights):
        if weights is not None:
            losses, weights = squeeze_or_expand_to_same_rank(losses, weights)
            self._check_weights(losses, weights)
            losses = losses * weights
        if self.reduction in (None, "none") or losses.shape in ((), (0,)):
            return losses
        if self.reduction == "sum":
            return ops.sum(losses)
        if self.reduction == "mean_with_sample_weight" and weights is not None:
            total = ops.sum(weights)
            return ops.sum(losses) * ops.where(total == 0, 0.0, 1.0 / total)
        return ops.mean(losses)

    def _check_weights(self, losses, weights):
        shorter, longer = weights.shape, losses.shape[: weights.ndim]
        if weights.ndim > losses.ndim or any(w not in (1, n) for w, n in zip(shorter, longer)):
            raise ValueError(
                f"Loss {self.name!r}: sample_weight of shape {weights.shape} does not fit losses of shape "
                f"{losses.shape}: give one weight a sample, shape ({losses.shape[0] if losses.ndim else 1},)."
            )

    def get_config(self):
        """The arguments that `from_config` needs to make it again."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config):
        """A loss made from what `get_config` gave."""
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"


class LossFunctionWrapper(Loss):
    """A function of (y_true, y_pred) as a Loss; more arguments in `kwargs`."""

    def __init__(self, fn, reduction="sum_over_batch_size", name=None, dtype=None, **kwargs):
        super().__init__(name or getattr(fn, "__name__", None), reduction, dtype)
        self.fn, self._fn_kwargs = fn, kwargs

    def call(self, y_true, y_pred):
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        own = {"fn": self.fn} if type(self) is LossFunctionWrapper else {}
        return {**super().get_config(), **own, **self._fn_kwargs}


# shapes, weights and masks ---------------------------------------------------------------------


def squeeze_or_expand_to_same_rank(x1, x2, expand_rank_1=True):
    """(n,) and (n, 1) as (n, 1) both; (..., k) and (..., k, 1) as (..., k) both; others as they are."""
    if x1.ndim == x2.ndim + 1 and x1.shape[-1] == 1:
        return (x1, ops.expand_dims(x2, -1)) if x2.ndim == 1 and expand_rank_1 else (ops.squeeze(x1, -1), x2)
    if x2.ndim == x1.ndim + 1 and x2.shape[-1] == 1:
        return (ops.expand_dims(x1, -1), x2) if x1.ndim == 1 and expand_rank_1 else (x1, ops.squeeze(x2, -1))
    return x1, x2


def apply_mask(sample_weight, mask, dtype, reduction):
    """Weights that are 0 where `mask` is False; for a mean, the others grow so that it counts only them."""
    if mask is None:
        return sample_weight
    mask = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        mask = ops.where(mask > 0, mask.size / ops.sum(mask), 0.0)
    if sample_weight is None:
        return mask
    mask, sample_weight = squeeze_or_expand_to_same_rank(mask, ops.cast(sample_weight, dtype))
    return sample_weight * mask
