"""Layers that keep numbers near mean 0 and variance 1.

Source: https://keras.io/api/layers/normalization_layers/
"""

from .batch import BatchNormalization
from .group import GroupNormalization
from .sample import LayerNormalization, RMSNormalization, UnitNormalization
from .spectral import SpectralNormalization
