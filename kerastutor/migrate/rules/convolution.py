"""Convolution2D(32, 3, 3) and its relatives: the sizes of a kernel are one argument today."""

import libcst as cst

from .. import syntax
from ..rule import Rule

TWO = ("keras.layers.Conv2D", "keras.layers.SeparableConv2D", "keras.layers.Conv2DTranspose")
THREE = ("keras.layers.Conv3D",)
ONE = ("keras.layers.Conv1D", "keras.layers.SeparableConv1D")


def sizes(count):
    """`(32, 3, 3)` -> `(32, (3, 3))`: ``count`` sizes, by position or as nb_row, nb_col."""
    words = {2: ("nb_row", "nb_col"), 3: ("kernel_dim1", "kernel_dim2", "kernel_dim3")}[count]

    def gather(call):
        if not call.is_plain:
            return
        if all(call.index(word) is not None for word in words):
            values = [call.get(word) for word in words]
            call.rename(words[0], "kernel_size")
            for word in words[1:]:
                call.pop(word)
            call.put("kernel_size", _tuple(values))
            return
        positional, found = call.positional, call.positional[1:1 + count]
        if len(found) < count or any(syntax.elements(v) for v in found):
            return
        strides = positional[2:]
        if _is_today(call, positional, count):
            return
        call.put_at(1, _tuple(found))
        for _ in strides[:count - 1]:
            call.pop_at(2)

    return gather


def _is_today(call, positional, count):
    """Whether (32, 3, 2) may be today's (filters, kernel_size, strides)."""
    if len(positional) > 1 + count:
        return not isinstance(syntax.literal(positional[count], None), int)
    was = call.was or ""
    old = was.rpartition(".")[2].startswith(("Convolution", "Deconvolution", "Atrous", "SeparableConvolution"))
    old_words = {"border_mode", "subsample", "init", "dim_ordering", "W_regularizer", "nb_filter", "b_regularizer"}
    given = {a.keyword.value for a in call.original.args if a.keyword is not None}
    return not old and not given & old_words


def _tuple(values):
    return cst.Tuple([cst.Element(v) for v in values])


def deconvolution(call):
    """The output's shape follows from the rest."""
    if call.index("output_shape") is not None:
        call.pop("output_shape")
    elif len(call.positional) > 3 and syntax.elements(call.positional[3]):
        call.pop_at(3)


RENAMED = {}
for n in "123":
    RENAMED[f"keras.layers.Convolution{n}D"] = f"keras.layers.Conv{n}D"
    RENAMED[f"keras.layers.AtrousConvolution{n}D"] = f"keras.layers.Conv{n}D"
    RENAMED[f"keras.layers.Deconvolution{n}D"] = f"keras.layers.Conv{n}DTranspose"
    RENAMED[f"keras.layers.Convolution{n}DTranspose"] = f"keras.layers.Conv{n}DTranspose"
RENAMED |= {f"keras.layers.SeparableConvolution{n}D": f"keras.layers.SeparableConv{n}D" for n in "12"}

RULES = [
    Rule(
        "conv2d",
        "Convolution2D(32, 3, 3) is Conv2D(32, (3, 3)).",
        "from keras.layers.convolutional import Convolution2D, MaxPooling2D\n"
        "a = Convolution2D(32, 3, 3, border_mode='same', subsample=(2, 2))\n"
        "b = Convolution2D(nb_filter=8, nb_row=5, nb_col=5)\n"
        "c = MaxPooling2D(pool_size=(2, 2), border_mode='same', dim_ordering='tf')\n",
        "from keras.layers import Conv2D, MaxPooling2D\n"
        "a = Conv2D(32, (3, 3), padding='same', strides=(2, 2))\n"
        "b = Conv2D(filters=8, kernel_size=(5, 5))\n"
        "c = MaxPooling2D(pool_size=(2, 2), padding='same', data_format='channels_last')\n",
        names=RENAMED,
        calls={**{name: sizes(2) for name in TWO}, **{name: sizes(3) for name in THREE}},
    ),
    Rule(
        "conv1d",
        "filter_length, subsample_length and pool_length are kernel_size, strides and pool_size.",
        "from keras.layers import Convolution1D, MaxPooling1D\n"
        "a = Convolution1D(nb_filter=8, filter_length=3, subsample_length=1)\nb = MaxPooling1D(pool_length=2)\n",
        "from keras.layers import Conv1D, MaxPooling1D\n"
        "a = Conv1D(filters=8, kernel_size=3, strides=1)\nb = MaxPooling1D(pool_size=2)\n",
    ),
    Rule(
        "deconvolution",
        "Deconvolution2D is Conv2DTranspose, which finds its output's shape by itself.",
        "from keras.layers import Deconvolution2D\n"
        "a = Deconvolution2D(3, 3, 3, output_shape=(None, 14, 14, 3), subsample=(2, 2))\n",
        "from keras.layers import Conv2DTranspose\na = Conv2DTranspose(3, (3, 3), strides=(2, 2))\n",
        calls={"keras.layers.Conv2DTranspose": deconvolution},
    ),
]
