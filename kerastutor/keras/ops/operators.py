"""Python's operators for tensors and placeholders, each of them an op."""

from ..autodiff import Tensor
from ..symbolic import KerasTensor, takes_placeholders
from . import arithmetic as a
from . import indexing, products, rounding, shapes


def _swapped(op):
    return lambda self, other: op(other, self)


Tensor.__add__, Tensor.__radd__ = a.add, _swapped(a.add)
Tensor.__sub__, Tensor.__rsub__ = a.subtract, _swapped(a.subtract)
Tensor.__mul__, Tensor.__rmul__ = a.multiply, _swapped(a.multiply)
Tensor.__truediv__, Tensor.__rtruediv__ = a.divide, _swapped(a.divide)
Tensor.__floordiv__, Tensor.__rfloordiv__ = rounding.floor_divide, _swapped(rounding.floor_divide)
Tensor.__mod__, Tensor.__rmod__ = rounding.mod, _swapped(rounding.mod)
Tensor.__pow__, Tensor.__rpow__ = a.power, _swapped(a.power)
Tensor.__matmul__, Tensor.__rmatmul__ = products.matmul, _swapped(products.matmul)
Tensor.__neg__, Tensor.__abs__, Tensor.__invert__ = a.negative, a.absolute, rounding.bitwise_invert
Tensor.__pos__ = lambda self: self
Tensor.__and__, Tensor.__rand__ = rounding.bitwise_and, _swapped(rounding.bitwise_and)
Tensor.__or__, Tensor.__ror__ = rounding.bitwise_or, _swapped(rounding.bitwise_or)
Tensor.__xor__, Tensor.__rxor__ = rounding.bitwise_xor, _swapped(rounding.bitwise_xor)
Tensor.__lshift__, Tensor.__rlshift__ = rounding.left_shift, _swapped(rounding.left_shift)
Tensor.__rshift__, Tensor.__rrshift__ = rounding.right_shift, _swapped(rounding.right_shift)
Tensor.__eq__, Tensor.__ne__ = a.equal, a.not_equal
Tensor.__lt__, Tensor.__le__ = a.less, a.less_equal
Tensor.__gt__, Tensor.__ge__ = a.greater, a.greater_equal
Tensor.__getitem__, Tensor.T = indexing.getitem, property(shapes.transpose)
Tensor.__round__ = lambda self, ndigits=None: rounding.round(self, ndigits or 0)


def _is_fixed(self, key, value):
    raise TypeError(
        "A tensor can't be changed in place: keras.ops.slice_update, scatter_update and where give a new one; a "
        "keras.Variable has assign()."
    )


Tensor.__setitem__ = _is_fixed


_KEYS = {"__eq__", "__ne__"}  # placeholders are keys in a graph: they are equal only to themselves
_BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
for _name in [*_BINARY, *"neg abs invert eq ne lt le gt ge getitem round".split()]:
    _op = takes_placeholders(getattr(Tensor, f"__{_name}__"))
    for _class in (Tensor, KerasTensor):
        if _class is Tensor or f"__{_name}__" not in _KEYS:
            setattr(_class, f"__{_name}__", _op)
        if _name in _BINARY:
            setattr(_class, f"__r{_name}__", _swapped(_op))
