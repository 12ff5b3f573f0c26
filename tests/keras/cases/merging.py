"""Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot."""

from .case import Layer

ELEMENTWISE = ("Add", "Multiply", "Average", "Maximum", "Minimum")

LAYERS = [
    *[Layer(name, [(4, 5), (4, 5), (4, 5)]) for name in ELEMENTWISE],
    *[Layer(name, [(2, 3, 4), (2, 1, 4)]) for name in (*ELEMENTWISE, "Subtract")],
    *[Layer(name, [(2, 3, 4), (2, 4)]) for name in (*ELEMENTWISE, "Subtract")],
    Layer("Add", [(2, 3)]),
    Layer("Subtract", [(4, 5), (4, 5)]),
    Layer("Subtract", [(2, 4), (2, 3, 4)]),
    Layer("Concatenate", [(4, 5), (4, 2), (4, 1)]),
    Layer("Concatenate", [(2, 3, 4), (2, 5, 4)], axis=1),
    Layer("Concatenate", [(2, 3, 4), (2, 3, 4)], axis=-2),
    Layer("Dot", [(4, 5), (4, 5)], axes=1),
    Layer("Dot", [(4, 5), (4, 5)], axes=-1, normalize=True),
    Layer("Dot", [(2, 3, 4), (2, 4, 5)], axes=(2, 1)),
    Layer("Dot", [(2, 3, 5), (2, 10, 3)], axes=(1, 2)),
    Layer("Dot", [(2, 3, 4), (2, 5, 4)], axes=2, normalize=True),
    Layer("Dot", [(2, 4), (2, 3, 4)], axes=(1, 2)),
    Layer("Dot", [(2, 3, 4), (2, 4)], axes=(2, 1)),
    Layer("Dot", [(2, 3, 4, 2), (2, 2, 4, 3)], axes=(2, 2)),
]
