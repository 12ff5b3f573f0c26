"""Which argument of a layer's `call` is what: its inputs, their shapes for `build`, the masks that belong to them."""

import inspect

from .. import tree
from ..autodiff import Tensor
from ..symbolic import KerasTensor


class Signature:
    """The parameters of a layer's `call`, looked up once for each class."""

    def __init__(self, call):
        parameters = list(inspect.signature(call).parameters.values())[1:]
        self.names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self.all = {p.name: p.default for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}
        self.takes_training, self.takes_mask = "training" in self.all, "mask" in self.all
        self.training_default = self.all.get("training")
        self.needed = [p.name for p in parameters if p.default is p.empty and p.name in self.names]

    def bind(self, args, kwargs):
        """The arguments by name."""
        return dict(zip(self.names, args)) | kwargs

    def inputs(self, args, kwargs):
        """Those arguments that are tensors, or lists and dicts of them, by name."""
        return {name: value for name, value in self.bind(args, kwargs).items() if _tensors(value)}

    def masks(self, inputs, given):
        """What to pass as `mask`, or as `query_mask`, `value_mask`, ...: the masks that the inputs carry.

        The only input's mask is `mask`; of several inputs each has one of its own.
        """
        if len(inputs) == 1:
            names = {"mask": next(iter(inputs.values()))} if self.takes_mask else {}
        else:
            names = {f"{name}_mask": value for name, value in inputs.items() if f"{name}_mask" in self.all}
        found = {name: mask_of(value) for name, value in names.items() if given.get(name) is None}
        return {name: mask for name, mask in found.items() if any(m is not None for m in tree.flatten(mask))}


def _tensors(value):
    if isinstance(value, (Tensor, KerasTensor)):
        return True
    if not tree.is_nested(value) or not value:
        return False
    leaves = tree.flatten(value)
    return any(x is not None for x in leaves) and all(x is None or isinstance(x, (Tensor, KerasTensor)) for x in leaves)


def mask_of(structure):
    """The mask of a tensor, or those of a list of tensors."""
    if isinstance(structure, Tensor):
        return structure._keras_mask
    return tree.map_structure(lambda x: getattr(x, "_keras_mask", None), structure)


def shapes(inputs):
    """{"inputs_shape": (None, 3), ...} of the inputs by name; masks have none."""
    shape = lambda x: None if x is None else tuple(x.shape)
    return {f"{name}_shape": tree.map_structure(shape, x) for name, x in inputs.items() if name != "mask"}


def shapes_for(method, shapes, owner):
    """Those of the shapes that `build` or `compute_output_shape` asks for: the first one, or several by name."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    names = [p.name for p in inspect.signature(method).parameters.values() if p.kind in kinds]
    if len(names) == 1:
        return {names[0]: next(iter(shapes.values()), None)}
    wrong = [n for n in names if not n.endswith("_shape")]
    if wrong:
        raise ValueError(
            f"{owner}.{method.__name__}: with more than one argument, each must be named after one of `call`, as "
            f"query_shape for query; got {wrong[0]!r}."
        )
    return {n: shapes[n] for n in names if n in shapes}
