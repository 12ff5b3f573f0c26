"""Layers. Source: https://keras.io/api/layers/"""

from .core import Activation, Dense, Dropout, Flatten, Input, InputLayer, Reshape
from .layer import InputSpec, Layer
