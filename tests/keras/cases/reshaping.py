"""Flatten, Reshape, Permute, RepeatVector; borders added and cut; upsampling."""

from .case import Layer

FIRST = {"data_format": "channels_first"}

LAYERS = [
    Layer("Flatten", (4, 5)),
    Layer("Flatten", (4,)),
    Layer("Flatten", (2, 3, 4, 5)),
    Layer("Flatten", (2, 3, 4, 5), **FIRST),
    Layer("Reshape", (2, 12), target_shape=(3, 4)),
    Layer("Reshape", (2, 3, 4), target_shape=(-1, 2)),
    Layer("Reshape", (2, 3, 4), target_shape=(12,)),
    Layer("Reshape", (2, 1), target_shape=()),
    Layer("Permute", (2, 3, 4), dims=(2, 1)),
    Layer("Permute", (2, 3, 4, 5), dims=(3, 1, 2)),
    Layer("RepeatVector", (2, 3), n=4),
    Layer("ZeroPadding1D", (2, 3, 4), padding=2),
    Layer("ZeroPadding1D", (2, 3, 4)),
    Layer("ZeroPadding1D", (2, 3, 4), padding=(0, 3), **FIRST),
    Layer("ZeroPadding2D", (2, 3, 4, 2)),
    Layer("ZeroPadding2D", (2, 3, 4, 2), padding=(2, 0)),
    Layer("ZeroPadding2D", (2, 3, 4, 2), padding=((1, 0), (2, 3)), **FIRST),
    Layer("ZeroPadding3D", (1, 2, 3, 2, 2)),
    Layer("ZeroPadding3D", (1, 2, 3, 2, 2), padding=(1, 0, 2)),
    Layer("ZeroPadding3D", (1, 2, 3, 2, 2), padding=((0, 1), (1, 0), (2, 0)), **FIRST),
    Layer("Cropping1D", (2, 6, 3), cropping=(1, 2)),
    Layer("Cropping1D", (2, 6, 3)),
    Layer("Cropping2D", (2, 5, 6, 2), cropping=1),
    Layer("Cropping2D", (2, 5, 6, 2)),
    Layer("Cropping2D", (2, 5, 6, 2), cropping=(0, 2)),
    Layer("Cropping2D", (2, 2, 5, 6), cropping=((1, 0), (2, 3)), **FIRST),
    Layer("Cropping3D", (1, 3, 4, 5, 2)),
    Layer("Cropping3D", (1, 2, 3, 4, 5), cropping=((1, 0), (2, 1), (0, 3)), **FIRST),
    Layer("UpSampling1D", (2, 3, 4), size=3),
    Layer("UpSampling1D", (2, 3, 4)),
    Layer("UpSampling2D", (2, 3, 2, 2)),
    Layer("UpSampling2D", (2, 3, 2, 2), size=(1, 3), **FIRST),
    Layer("UpSampling2D", (2, 3, 4, 2), size=(2, 3), interpolation="bilinear"),
    Layer("UpSampling2D", (2, 1, 5, 2), size=2, interpolation="bilinear", **FIRST),
    Layer("UpSampling3D", (1, 2, 3, 2, 2)),
    Layer("UpSampling3D", (1, 2, 3, 2, 2), size=(1, 3, 2), **FIRST),
]
