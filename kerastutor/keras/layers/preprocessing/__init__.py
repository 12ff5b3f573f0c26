"""Layers that prepare data: numbers, categories, texts, images.

Source: https://keras.io/api/layers/preprocessing_layers/
"""

from .category_encoding import CategoryEncoding
from .color import RandomBrightness, RandomContrast
from .discretization import Discretization
from .effects import (
    AutoContrast,
    RandomGrayscale,
    RandomHue,
    RandomInvert,
    RandomPosterization,
    RandomSaturation,
    RandomSharpness,
    Solarization,
)
from .geometry import RandomFlip, RandomRotation, RandomTranslation, RandomZoom
from .hashing import Hashing
from .integer_lookup import IntegerLookup
from .normalization import Normalization
from .rescaling import Rescaling
from .resizing import CenterCrop, RandomCrop, Resizing
from .string_lookup import StringLookup
from .text_vectorization import TextVectorization
