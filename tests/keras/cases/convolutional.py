"""Conv1D, 2D, 3D, depthwise, separable and transposed: strides, borders, gaps, groups, both places of the channels."""

from .case import Layer

FIRST = "channels_first"

LAYERS = [
    # plain
    Layer("Conv1D", (2, 7, 3), filters=4, kernel_size=3),
    Layer("Conv1D", (2, 8, 2), filters=3, kernel_size=2, strides=2, padding="same", activation="relu"),
    Layer("Conv1D", (2, 7, 2), filters=3, kernel_size=3, padding="causal", dilation_rate=2),
    Layer("Conv1D", (2, 6, 2), filters=2, kernel_size=4, strides=3, padding="causal"),
    Layer("Conv1D", (2, 2, 7), filters=3, kernel_size=3, padding="causal", data_format=FIRST),
    Layer("Conv1D", (2, 4, 6), filters=6, kernel_size=3, groups=2, data_format=FIRST),
    Layer("Conv2D", (2, 5, 6, 3), filters=4, kernel_size=3),
    Layer("Conv2D", (2, 5, 5, 1), filters=2, kernel_size=(2, 3), padding="same", activation="tanh"),
    Layer("Conv2D", (1, 7, 6, 2), filters=3, kernel_size=3, strides=2),
    Layer("Conv2D", (1, 7, 6, 2), filters=3, kernel_size=(3, 2), strides=(2, 3), padding="SAME"),
    Layer("Conv2D", (1, 7, 8, 2), filters=2, kernel_size=(2, 3), dilation_rate=(3, 2)),
    Layer("Conv2D", (1, 5, 5, 2), filters=2, kernel_size=3, dilation_rate=2, padding="same", use_bias=False),
    Layer("Conv2D", (2, 4, 5, 6), filters=9, kernel_size=2, groups=3),
    Layer("Conv2D", (2, 3, 5, 6), filters=4, kernel_size=3, padding="same", data_format=FIRST, activation="softmax"),
    Layer("Conv2D", (2, 3, 3, 2), filters=3, kernel_size=1),
    Layer("Conv2D", (2, 2, 2, 1), filters=1, kernel_size=1, strides=2),
    Layer(
        "Conv2D", (1, 4, 4, 2), filters=2, kernel_size=2, kernel_initializer="he_normal", bias_initializer="ones",
        kernel_regularizer="l2", bias_regularizer="l1", kernel_constraint="max_norm", bias_constraint="non_neg",
    ),
    Layer("Conv3D", (1, 3, 4, 5, 2), filters=3, kernel_size=2),
    Layer("Conv3D", (1, 4, 3, 5, 2), filters=2, kernel_size=(2, 1, 3), strides=(2, 1, 2), padding="same"),
    Layer("Conv3D", (1, 2, 3, 3, 4), filters=2, kernel_size=2, groups=2, data_format=FIRST),
    # channel by channel
    Layer("DepthwiseConv1D", (2, 6, 3), kernel_size=3, depth_multiplier=2),
    Layer("DepthwiseConv1D", (2, 3, 6), kernel_size=2, strides=2, padding="same", data_format=FIRST),
    Layer("DepthwiseConv2D", (2, 5, 4, 3), kernel_size=3, activation="relu"),
    Layer("DepthwiseConv2D", (1, 6, 6, 2), kernel_size=(2, 3), strides=(2, 2), padding="same", depth_multiplier=3),
    Layer("DepthwiseConv2D", (1, 6, 6, 2), kernel_size=2, dilation_rate=2, use_bias=False),
    Layer("DepthwiseConv2D", (2, 3, 4, 5), kernel_size=3, padding="same", depth_multiplier=2, data_format=FIRST),
    Layer("DepthwiseConv2D", (2, 4, 4, 2), kernel_size=2, depthwise_regularizer="l2", depthwise_constraint="non_neg"),
    Layer("SeparableConv1D", (2, 6, 3), filters=4, kernel_size=3, padding="same"),
    Layer("SeparableConv1D", (2, 3, 6), filters=2, kernel_size=2, strides=2, data_format=FIRST),
    Layer("SeparableConv2D", (2, 5, 4, 3), filters=4, kernel_size=3, depth_multiplier=2, activation="relu"),
    Layer("SeparableConv2D", (1, 6, 6, 2), filters=3, kernel_size=2, strides=2, padding="same", use_bias=False),
    Layer("SeparableConv2D", (1, 2, 6, 5), filters=3, kernel_size=2, dilation_rate=2, data_format=FIRST),
    Layer(
        "SeparableConv2D", (1, 4, 4, 2), filters=2, kernel_size=2, depthwise_initializer="he_normal",
        pointwise_initializer="he_uniform", depthwise_regularizer="l1", pointwise_regularizer="l2",
        pointwise_constraint="unit_norm",
    ),
    # transposed
    Layer("Conv1DTranspose", (2, 4, 3), filters=2, kernel_size=3),
    Layer("Conv1DTranspose", (2, 4, 3), filters=2, kernel_size=3, strides=2, padding="same", output_padding=1),
    Layer("Conv1DTranspose", (2, 3, 4), filters=2, kernel_size=2, strides=3, data_format=FIRST),
    Layer("Conv2DTranspose", (2, 3, 4, 3), filters=2, kernel_size=3, activation="relu"),
    Layer("Conv2DTranspose", (1, 3, 4, 2), filters=3, kernel_size=3, strides=2, padding="same"),
    Layer("Conv2DTranspose", (1, 3, 3, 2), filters=2, kernel_size=(2, 4), strides=(3, 2), padding="same"),
    Layer("Conv2DTranspose", (1, 3, 3, 2), filters=2, kernel_size=(4, 3), strides=(2, 3), output_padding=(1, 2)),
    Layer("Conv2DTranspose", (1, 3, 3, 2), filters=2, kernel_size=4, strides=2, padding="same", output_padding=1),
    Layer("Conv2DTranspose", (1, 4, 4, 2), filters=2, kernel_size=2, dilation_rate=2, use_bias=False),
    Layer("Conv2DTranspose", (1, 4, 4, 2), filters=2, kernel_size=3, dilation_rate=2, padding="same"),
    Layer("Conv2DTranspose", (1, 2, 3, 4), filters=3, kernel_size=2, strides=2, padding="same", data_format=FIRST),
    Layer("Conv2DTranspose", (1, 2, 2, 2), filters=2, kernel_size=1, strides=3),
    Layer("Conv2DTranspose", (1, 3, 3, 2), filters=2, kernel_size=2, kernel_regularizer="l2", bias_regularizer="l2"),
    Layer("Conv3DTranspose", (1, 2, 3, 2, 2), filters=2, kernel_size=2),
    Layer("Conv3DTranspose", (1, 2, 2, 3, 2), filters=2, kernel_size=(3, 2, 2), strides=(2, 1, 2), padding="same"),
]

NO_CASE = {
    other: f"another name of {other.replace('Convolution', 'Conv')}"
    for other in (
        "Convolution1D", "Convolution2D", "Convolution3D", "Convolution1DTranspose", "Convolution2DTranspose",
        "Convolution3DTranspose", "SeparableConvolution1D", "SeparableConvolution2D",
    )
}
