"""Convolutions of sequences, images and volumes: windows that overlap, leave gaps, or hang over the border.

Numbers of channels go around the widths of a processor's vectors: 8, 16, 32.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from .case import Case, Out, Shapes, normal

CHANNELS = (1, 2, 3, 8, 9, 16, 17, 32, 33)


@dataclass
class Window:
    n: int
    space: tuple
    window: tuple
    out: tuple  # how many windows there are along each axis: they may reach beyond the image
    strides: tuple
    dilation: tuple
    before: tuple
    c: int = 1  # channels and filters in a group
    o: int = 1
    groups: int = 1

    @property
    def x(self):
        return self.n, *self.space, self.c * self.groups

    @property
    def w(self):
        return *self.window, self.c, self.o * self.groups

    @property
    def y(self):
        return self.n, *self.out, self.o * self.groups

    @property
    def depthwise_w(self):
        return *self.window, self.c * self.groups

    @property
    def depthwise_y(self):
        return self.n, *self.out, self.c * self.groups

    @property
    def at(self):
        return self.strides, self.dilation, self.before


AWKWARD = [
    Window(1, (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (0, 0)),
    Window(0, (4, 4), (2, 2), (3, 3), (1, 1), (1, 1), (0, 0), c=2, o=3),
    Window(3, (8, 7), (3, 3), (6, 5), (1, 1), (1, 1), (0, 0), c=1, o=32),
    Window(2, (6, 5), (3, 3), (6, 5), (1, 1), (1, 1), (1, 1), c=33, o=17),
    Window(1, (9, 8), (3, 2), (4, 4), (2, 2), (1, 1), (0, 0), c=3, o=8),
    Window(2, (7, 9), (2, 2), (3, 3), (3, 4), (1, 1), (1, 0), c=2, o=5),  # gaps between the windows
    Window(2, (9, 9), (3, 3), (5, 5), (1, 1), (2, 2), (0, 0), c=4, o=6),
    Window(1, (8, 8), (2, 3), (3, 2), (2, 3), (3, 2), (1, 2), c=3, o=2),
    Window(2, (6, 6), (3, 3), (4, 4), (1, 1), (1, 1), (0, 0), c=3, o=2, groups=4),
    Window(1, (2, 2), (3, 3), (4, 4), (1, 1), (1, 1), (2, 2), c=5, o=3),  # a transposed convolution's
    Window(2, (20,), (5,), (20,), (1,), (1,), (4,), c=3, o=4),
    Window(2, (3, 4, 5), (2, 2, 2), (2, 3, 2), (1, 1, 2), (1, 1, 1), (0, 0, 0), c=2, o=3),
    Window(1, (24, 24), (3, 3), (22, 22), (1, 1), (1, 1), (0, 0), c=8, o=16),
]


@st.composite
def windows(draw):
    rank = draw(st.integers(1, 3))
    along = lambda least, most: draw(st.tuples(*[st.integers(least, most)] * rank))
    return Window(
        draw(st.integers(0, 3)), along(1, 7), along(1, 4), along(1, 5), along(1, 3), along(1, 3), along(0, 3),
        draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(CHANNELS)), draw(st.integers(1, 3)),
    )


WINDOWS = Shapes(AWKWARD, windows())


def forward(w, y):
    def make(rng, shape, dtype):
        x, kernel = normal(rng, shape.x, dtype), normal(rng, getattr(shape, w), dtype)
        return x, kernel, *shape.at, Out(getattr(shape, y), dtype)

    return make


def input_gradient(w, y):
    def make(rng, shape, dtype):
        dy, kernel = normal(rng, getattr(shape, y), dtype), normal(rng, getattr(shape, w), dtype)
        return dy, kernel, *shape.at, Out(shape.x, dtype)

    return make


def kernel_gradient(w, y):
    def make(rng, shape, dtype):
        x, dy = normal(rng, shape.x, dtype), normal(rng, getattr(shape, y), dtype)
        return x, dy, *shape.at, Out(getattr(shape, w), dtype)

    return make


size = lambda shape: int(np.prod(shape))
taps = lambda s: 8 * size(s.window)
results = lambda s: 8 * s.n * size(s.out)
ZEROS = (0.0, -0.0)  # beyond the border, NaN * 0 counts in one backend where the other has nothing to add
CASES = {
    "conv": Case(forward("w", "y"), WINDOWS, terms=lambda s: taps(s) * s.c),
    "conv_input_grad": Case(input_gradient("w", "y"), WINDOWS, terms=lambda s: taps(s) * s.o, special=ZEROS),
    "conv_kernel_grad": Case(kernel_gradient("w", "y"), WINDOWS, terms=results),
    "depthwise_conv": Case(forward("depthwise_w", "depthwise_y"), WINDOWS, terms=taps),
    "depthwise_conv_input_grad": Case(
        input_gradient("depthwise_w", "depthwise_y"), WINDOWS, terms=taps, special=ZEROS
    ),
    "depthwise_conv_kernel_grad": Case(kernel_gradient("depthwise_w", "depthwise_y"), WINDOWS, terms=results),
}
