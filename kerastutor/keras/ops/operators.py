"""Python's operators for tensors, each of them an op."""

from ..autodiff import Tensor
from . import arithmetic as a
from . import products, shapes


def _swapped(op):
    return lambda self, other: op(other, self)


Tensor.__add__, Tensor.__radd__ = a.add, _swapped(a.add)
Tensor.__sub__, Tensor.__rsub__ = a.subtract, _swapped(a.subtract)
Tensor.__mul__, Tensor.__rmul__ = a.multiply, _swapped(a.multiply)
Tensor.__truediv__, Tensor.__rtruediv__ = a.divide, _swapped(a.divide)
Tensor.__pow__, Tensor.__rpow__ = a.power, _swapped(a.power)
Tensor.__matmul__, Tensor.__rmatmul__ = products.matmul, _swapped(products.matmul)
Tensor.__neg__, Tensor.__abs__ = a.negative, a.absolute
Tensor.__eq__, Tensor.__ne__ = a.equal, a.not_equal
Tensor.__lt__, Tensor.__le__ = a.less, a.less_equal
Tensor.__gt__, Tensor.__ge__ = a.greater, a.greater_equal
Tensor.__getitem__ = shapes.getitem
