"""Exercise 05.2: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def whole_numbers(rng, h, w, kh, kw, stride, padding):
    image, kernel = rng.integers(-4, 5, size=(h, w)), rng.integers(-3, 4, size=(kh, kw))
    return image.astype("float32"), kernel.astype("float32"), stride, padding


def tries(*sizes, seeds=(0,)):
    return draws("convolve", whole_numbers, sizes, seeds)


ROW, EDGE = np.array([[1.0, 2.0, 4.0, 8.0]], "float32"), np.array([[1.0, -1.0]], "float32")

exercise = Exercise(
    "05.2",
    "Zeros around, stops left out",
    ("convolve",),
    [
        "First the zeros, then the walk: after `np.pad` both paddings are the same task.",
        "`np.pad(image, [(above, below), (left, right)])`. In whole numbers, n / s rounded up is `-(-n // s)`.",
        "Stop i, j sees `image[i * stride:i * stride + kh, j * stride:j * stride + kw]`. Along an axis there are "
        "(n + p - k) // s + 1 stops.",
        "Read again lesson 5, part 2, *How large is the output?*, and in part 1 the cell that defines `convolve`.",
    ],
    [
        Part("valid, any stride", 6,
             [Case("convolve", (ROW, EDGE, 2, "valid"), expected=np.array([[-1.0, -4.0]]), about="a single row"),
              *tries((5, 6, 3, 2, 1, "valid"), (7, 5, 2, 3, 2, "valid"))],
             tries((4, 4, 1, 1, 1, "valid"), (3, 5, 3, 5, 2, "valid"), (9, 8, 2, 4, 3, "valid"), seeds=(1, 2))),
        Part("same, stride 1", 4,
             [Case("convolve", (ROW, EDGE, 1, "same"), expected=np.array([[-1.0, -2.0, -4.0, 8.0]]),
                   about="one zero, after"), *tries((4, 5, 3, 3, 1, "same"))],
             tries((5, 4, 2, 3, 1, "same"), (3, 6, 5, 4, 1, "same"), (1, 1, 3, 3, 1, "same"), seeds=(1, 2))),
        Part("same, larger strides", 5,
             tries((6, 5, 3, 3, 2, "same"), (7, 8, 2, 5, 3, "same")),
             tries((8, 6, 3, 2, 2, "same"), (5, 7, 1, 1, 2, "same"), (9, 4, 4, 3, 3, "same"), seeds=(1, 2))),
    ],
)


def padded(n, k, stride):
    return max((-(-n // stride) - 1) * stride + k - n, 0)


def walk(image, kernel, stride, padding, zeros=padded, steps=None, before=lambda p: p // 2):
    if padding == "same":
        ps = [zeros(n, k, stride) for n, k in zip(image.shape, kernel.shape)]
        image = np.pad(image, [(before(p), p - before(p)) for p in ps])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    down, right = steps or (stride, stride)
    return np.einsum("ijuv,uv->ij", windows[::down, ::right], kernel)


@exercise.wrong("You turn the kernel over, as mathematicians do; Keras lays it on the picture as it is.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel[::-1, ::-1], stride, padding)


@exercise.wrong("Zeros for stride 1, k - 1 of them, whatever the stride is: with stride s it is (m - 1)s + k - n.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel, stride, padding, zeros=lambda n, k, stride: k - 1)


@exercise.wrong("Of an odd number of zeros you lay the one more before the picture; Keras has it after: below, right.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel, stride, padding, before=lambda p: p - p // 2)


@exercise.wrong("All zeros lie before the picture; half of them, rounded down, belong there, the others after it.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel, stride, padding, before=lambda p: p)


@exercise.wrong("The stride counts along both axes; you leave stops out along the rows alone.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel, stride, padding, steps=(stride, 1))


@exercise.wrong("The stride is left out: you stop at every place.")
def convolve(image, kernel, stride, padding):
    return walk(image, kernel, stride, padding, zeros=lambda n, k, stride: k - 1, steps=(1, 1))


@exercise.otherwise
def convolve(image, kernel, stride, padding):
    x, k = np.asarray(image, "float32")[None, :, :, None], np.asarray(kernel, "float32")[:, :, None, None]
    return keras.ops.conv(x, k, strides=stride, padding=padding)[0, :, :, 0]
