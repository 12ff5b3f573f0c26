"""What every loss is: one number for each sample, weighted and averaged. Source: https://keras.io/api/losses/"""

from .. import config as settings
from .. import ops, tree
from ..naming import auto_name, snake_case
from ..saving.deserialization import deserialize_keras_object
from ..saving.serialization import serialize_keras_object
from .matching import check_weights, squeeze_or_expand_to_same_rank

REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None)


class Loss:
    """A loss: `call(y_true, y_pred)` gives one number a sample, and calling it gives their mean.

    loss = sum over i of weight_i * loss_i, divided by the number of losses ("sum_over_batch_size", or "mean"), by the
    sum of weights ("mean_with_sample_weight"), or not divided ("sum"); "none" leaves one number a sample.

    Weights do not change what the sum is divided by, unless it is "mean_with_sample_weight". Samples or time steps that
    the predictions' mask leaves out are not counted at all.

    Parameters
    ----------
    name : str, optional
    reduction : str
    dtype : str, optional
        "float32" or "float64"; Keras's floatx unless given.

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
        self.reduction, self._dtype = reduction, _dtype(dtype, self.name)

    @property
    def dtype(self):
        return self._dtype or settings.floatx()

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The loss of a batch: targets and predictions, or structures of them, and a weight for each sample."""
        mask = getattr(y_pred, "_keras_mask", None)
        losses = self.call(_tensors(y_true, self.dtype), _tensors(y_pred, self.dtype))
        own = getattr(losses, "_keras_mask", None)
        losses = ops.convert_to_tensor(losses, self.dtype)
        if own is not None:
            mask = own if mask is None else ops.logical_and(mask, own)
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, self.dtype)
        weights = apply_mask(sample_weight, mask, self.dtype, self.reduction)
        if weights is not None:
            losses, weights = squeeze_or_expand_to_same_rank(losses, weights)
            check_weights(weights, losses, f"Loss {self.name!r}")
            losses = losses * weights
        return reduce_values(losses, weights, self.reduction)

    def call(self, y_true, y_pred):
        """One number for each sample."""
        raise NotImplementedError(f"{type(self).__name__} needs a method call(self, y_true, y_pred).")

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
    """A function of (y_true, y_pred) as a Loss; the function's other arguments in `kwargs`."""

    _unwritten = {}  # arguments that Keras leaves out of the configuration: here they are in it, unless they have
    # these values

    def __init__(self, fn, reduction="sum_over_batch_size", name=None, dtype=None, **kwargs):
        super().__init__(name or getattr(fn, "__name__", None), reduction, dtype)
        self.fn, self._fn_kwargs = fn, kwargs
        vars(self).update(kwargs)  # loss.from_logits, loss.axis, ...

    def call(self, y_true, y_pred):
        return self.fn(*_of_one_rank(y_true, y_pred, self.name), **self._fn_kwargs)

    def get_config(self):
        own = {"fn": serialize_keras_object(self.fn)} if type(self) is LossFunctionWrapper else {}
        return super().get_config() | own | written(self._fn_kwargs, self._unwritten)

    @classmethod
    def from_config(cls, config):
        """A loss made from what `get_config` gave."""
        return cls(**deserialize_keras_object(config) if "fn" in config else config)


def written(arguments, unwritten):
    """A function's arguments as they are written into a configuration."""
    return {k: serialize_keras_object(v) for k, v in arguments.items() if k not in unwritten or v != unwritten[k]}


def _dtype(dtype, name):
    dtype = getattr(dtype, "compute_dtype", None) or getattr(dtype, "name", dtype)
    if dtype not in (None, "float32", "float64"):
        raise ValueError(f"Loss {name!r}: losses are computed in float32 or float64 here; got dtype={dtype!r}.")
    return dtype


# structures of targets and predictions ---------------------------------------------------------


def _tensors(structure, dtype):
    """Each array in a structure as a tensor; nested lists of numbers are one array."""
    if isinstance(structure, dict) or (
        isinstance(structure, (list, tuple)) and any(getattr(leaf, "ndim", 0) for leaf in tree.flatten(structure))
    ):
        return tree.map_structure(lambda leaf: ops.convert_to_tensor(leaf, dtype), structure)
    return ops.convert_to_tensor(structure, dtype)


def _of_one_rank(y_true, y_pred, name):
    if not tree.is_nested(y_true) and not tree.is_nested(y_pred):
        return squeeze_or_expand_to_same_rank(y_true, y_pred)
    try:
        tree.assert_same_structure(y_true, y_pred)
    except ValueError as error:
        raise ValueError(f"Loss {name!r}: targets and predictions are nested differently. {error}") from None
    pairs = [squeeze_or_expand_to_same_rank(*pair) for pair in zip(tree.flatten(y_true), tree.flatten(y_pred))]
    return [tree.pack_sequence_as(y, [pair[i] for pair in pairs]) for i, y in enumerate((y_true, y_pred))]


# weights, masks and the mean -------------------------------------------------------------------


def reduce_values(losses, weights, reduction):
    """One number of several, as `reduction` says; `losses` are weighted already."""
    if reduction in (None, "none") or losses.shape in ((), (0,)):
        return losses
    if reduction == "sum" or not losses.size:
        return ops.sum(losses)
    if reduction == "mean_with_sample_weight" and weights is not None:
        return ops.divide_no_nan(ops.sum(losses), ops.sum(weights))
    return ops.mean(losses)


def apply_mask(sample_weight, mask, dtype, reduction):
    """Weights that are 0 where `mask` is False; for a mean, the others grow so that it counts only them."""
    if mask is None:
        return sample_weight
    mask = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        mask = mask * ops.divide_no_nan(float(mask.size), ops.sum(mask))
    if sample_weight is None:
        return mask
    mask, sample_weight = squeeze_or_expand_to_same_rank(mask, ops.cast(sample_weight, dtype))
    if sample_weight.ndim < mask.ndim:
        check_weights(sample_weight, mask, "Weights beside a mask")
    return sample_weight * mask
