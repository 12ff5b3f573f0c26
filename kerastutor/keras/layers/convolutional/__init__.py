"""Layers that slide a small kernel over a sequence, an image or a volume.

Source: https://keras.io/api/layers/convolution_layers/
"""

from .plain import Conv1D, Conv2D, Conv3D
from .separable import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from .transpose import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose

Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
Convolution1DTranspose, Convolution2DTranspose = Conv1DTranspose, Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
