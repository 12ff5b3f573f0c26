"""What belongs to which output: losses, metrics, targets and sample weights, given as a list, a dict or one for all."""

from .. import tree
from ..naming import look_up


def output_names(y_pred, declared):
    """A name for each output, in the order of `tree.flatten`, or None where there is none.

    Parameters
    ----------
    y_pred : tensor, or nested
        What the model gives.
    declared : list of str, optional
        The names of the layers that give a functional model's outputs.
    """
    if isinstance(y_pred, dict) and not any(tree.is_nested(y) for y in y_pred.values()):
        return sorted(y_pred)
    n = len(tree.flatten(y_pred))
    return list(declared) if declared is not None and len(declared) == n else [None] * n


def by_output(given, names, what, missing=None):
    """A list with what was given for each output.

    Parameters
    ----------
    given : leaf, list, tuple or dict
        One leaf is for the only output; a dict goes by the outputs' names, where `missing` fills the gaps.
    names : list
        From `output_names`.
    what : str
        For the message: "`loss`", "`y`".

    Raises
    ------
    ValueError
        If there are more or fewer than outputs, or a name is unknown.
    """
    if isinstance(given, dict) and None not in names:
        for key in given:
            look_up(key, dict.fromkeys(names), f"output in {what}")
        return [given.get(name, missing) for name in names]
    leaves = tree.flatten(given)
    if len(leaves) != len(names):
        raise ValueError(
            f"{what} has {len(leaves)} part{'s' if len(leaves) != 1 else ''}, and the model {len(names)} "
            f"output{'s' if len(names) != 1 else ''}{'' if None in names else ' ' + str(names)}: give a list with one "
            "for each, or a dict by their names."
        )
    return leaves


def kind(y_shape, p_shape):
    """"binary", "sparse" or "categorical": what 'accuracy' and 'crossentropy' mean for these shapes."""
    if p_shape[-1] == 1:
        return "binary"
    if len(y_shape) < len(p_shape) or (y_shape[-1] == 1 and p_shape[-1] > 1):
        return "sparse"
    return "categorical"
