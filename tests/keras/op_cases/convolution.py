"""Convolutions: each op with each of its options."""

from .case import Case

FIRST = "channels_first"
loose = {"rtol": 1e-4, "atol": 1e-5}  # sums of some dozen products

CASES = [
    Case("conv", (2, 5, 2), (3, 2, 4), **loose),
    Case("conv", (2, 5, 6, 2), (3, 2, 2, 3), **loose),
    Case("conv", (1, 3, 4, 3, 2), (2, 2, 2, 2, 3), **loose),
    Case("conv", (2, 5, 6, 2), (3, 3, 2, 3), padding="same", **loose),
    Case("conv", (1, 6, 7, 2), (2, 3, 2, 3), strides=(2, 3), padding="same", **loose),
    Case("conv", (1, 7, 7, 2), (2, 3, 2, 2), dilation_rate=(3, 2), **loose),
    Case("conv", (1, 7, 7, 1), (2, 2, 1, 2), strides=2, dilation_rate=2, padding="SAME", **loose),
    Case("conv", (1, 4, 4, 6), (2, 2, 2, 9), **loose),
    Case("conv", (1, 2, 5, 4), (3, 3, 2, 3), padding="same", data_format=FIRST, **loose),
    Case("conv", (2, 2, 6), (3, 2, 2), strides=2, data_format=FIRST, **loose),
    Case("conv", (0, 4, 4, 2), (3, 3, 2, 3)),
    Case("conv", (1, 1, 1, 1), (1, 1, 1, 1)),
    Case("depthwise_conv", (2, 5, 3), (3, 3, 1), **loose),
    Case("depthwise_conv", (2, 5, 4, 3), (2, 3, 3, 2), **loose),
    Case("depthwise_conv", (1, 6, 6, 2), (3, 3, 2, 1), strides=2, padding="same", **loose),
    Case("depthwise_conv", (1, 6, 6, 2), (2, 2, 2, 2), dilation_rate=2, **loose),
    Case("depthwise_conv", (1, 2, 4, 5), (3, 3, 2, 2), padding="same", data_format=FIRST, **loose),
    Case("separable_conv", (2, 5, 3), (3, 3, 2), (1, 6, 4), **loose),
    Case("separable_conv", (1, 6, 5, 2), (3, 2, 2, 1), (1, 1, 2, 3), strides=2, padding="same", **loose),
    Case("separable_conv", (1, 2, 6, 5), (2, 2, 2, 2), (1, 1, 4, 3), data_format=FIRST, dilation_rate=2, **loose),
    Case("conv_transpose", (2, 4, 3), (3, 2, 3), **loose),
    Case("conv_transpose", (1, 3, 4, 2), (3, 3, 3, 2), strides=2, padding="same", **loose),
    Case("conv_transpose", (1, 3, 3, 2), (2, 4, 3, 2), strides=(3, 2), output_padding=(2, 1), **loose),
    Case("conv_transpose", (1, 3, 3, 2), (4, 4, 2, 2), strides=2, padding="same", output_padding=1, **loose),
    Case("conv_transpose", (1, 3, 3, 2), (3, 2, 2, 2), dilation_rate=2, **loose),
    Case("conv_transpose", (1, 2, 3, 4), (2, 2, 3, 2), strides=2, data_format=FIRST, **loose),
    Case("conv_transpose", (1, 2, 2, 2, 2), (2, 3, 2, 3, 2), strides=(2, 1, 2), **loose),
]
