"""Tensors made of a shape or a few numbers, beside real Keras's."""

import numpy as np
import pytest

from kerastutor.keras import ops
from kerastutor.keras.autodiff import Tape, Tensor, Variable
from tests.keras.oracle import array, real

MADE = [
    ("zeros", (2, 3)), ("zeros", (2,), "int32"), ("zeros", 3), ("zeros", [2, 1]), ("ones", (2,)), ("ones", (), "bool"),
    ("full", (2, 3), 2.5), ("full", (2,), 3), ("full", (2,), 3, "int32"), ("full", (2, 3), np.array([1.0, 2.0, 3.0])),
    ("empty", (2, 0)), ("empty_like", np.zeros((2, 3), "int32")), ("eye", 3), ("eye", 2, 4), ("eye", 3, None, 1),
    ("eye", 3, 2, -1, "int32"), ("identity", 3), ("identity", 2, "bool"), ("tri", 3), ("tri", 2, 4, 1),
    ("tri", 3, 3, -1), ("arange", 4), ("arange", 1, 7, 2), ("arange", 3.0), ("arange", 0, 1, 0.25),
    ("arange", 5, 0, -2),
    ("arange", 3, None, None, "float32"), ("arange", 0), ("linspace", 0, 1, 5), ("linspace", 0.0, 3.0, 4, False),
    ("linspace", 2, 2, 1), ("linspace", 0, 1, 0),
    ("linspace", 0, 10, 5, True, False, "int32"), ("logspace", 0, 3, 4), ("logspace", 0, 3, 4, True, 2),
    ("geomspace", 1.0, 1000.0, 4), ("geomspace", -1.0, -16.0, 5), ("geomspace", 1, 8, 4, True, "int32"),
]


@pytest.mark.parametrize("name, arguments", [(name, arguments) for name, *arguments in MADE],
                         ids=[" ".join(map(str, made)) for made in MADE])
def test_as_in_keras(name, arguments, backend):
    ours, wanted = getattr(ops, name)(*arguments), array(getattr(real().ops, name)(*arguments))
    assert (ours.shape, ours.dtype) == (wanted.shape, wanted.dtype.name)
    np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-5, atol=1e-6)


def test_what_a_tensor_says_of_itself():
    x, v = ops.ones((2, 3)), Variable([1, 2], dtype="int32")
    assert (ops.shape(x), ops.ndim(x), ops.size(x), ops.dtype(x), ops.dtype(v)) == ((2, 3), 2, 6, "float32", "int32")
    assert (ops.shape([[1, 2]]), ops.ndim(1.0), ops.size([1, 2])) == ((1, 2), 0, 2)
    assert ops.is_tensor(x)
    assert not any(map(ops.is_tensor, (v, x.numpy(), [1.0], 1.0)))


def test_a_list_of_tensors_is_stacked_and_has_its_gradient(backend):
    parts = [Tensor(np.float32([i, 2 * i]), tracked=True) for i in range(3)]
    with Tape() as tape:
        x = ops.convert_to_tensor([parts, [parts[0], parts[1] * 0, [0.0, 0.0]]])
        loss = ops.sum(x[0] * x[0])
    assert x.shape == (2, 3, 2)
    for part, gradient in zip(parts, tape.gradients(loss, parts), strict=True):
        np.testing.assert_array_equal(gradient, 2 * part.numpy())
