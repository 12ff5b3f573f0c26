"""Layers that prepare numbers, categories and images; those for text: `test_preprocessing_text.py`."""

import numpy as np

from .case import Layer, indices

IMAGES, FIRST = (2, 6, 5, 3), {"data_format": "channels_first"}
CATEGORIES = {"draw": indices(5), "gradient": False}
NO_GRADIENT = {"gradient": False}
RANDOM = {"random": True, "gradient": False, "call": {"training": False}}  # called plainly, they do something

LAYERS = [
    Layer("Normalization", (4, 3), mean=2.0, variance=3.0),
    Layer("Normalization", (4, 3), mean=[1.0, 2.0, 3.0], variance=[0.5, 2.0, 1.0], invert=True),
    Layer("Normalization", (4, 2, 3), axis=(1, 2), mean=[[1.0], [2.0]], variance=[[1.0], [3.0]]),
    Layer("Rescaling", (4, 3), scale=1 / 255),
    Layer("Rescaling", (4, 3), scale=1 / 127.5, offset=-1),
    Layer("Rescaling", (2, 4, 3), scale=[1.0, 2.0, 3.0], offset=[0.0, 1.0, 2.0]),
    Layer("Rescaling", (4, 3), scale=0.5, **CATEGORIES),
    *[Layer("Discretization", (4, 3), bin_boundaries=[-1.0, 0.0, 0.5], output_mode=mode, **NO_GRADIENT)
      for mode in ("int", "one_hot", "multi_hot", "count")],
    Layer("Discretization", (4, 1), bin_boundaries=[0.0], output_mode="one_hot", **NO_GRADIENT),
    Layer("Discretization", (5,), bin_boundaries=[0.0], output_mode="one_hot", **NO_GRADIENT),
    Layer("CategoryEncoding", (4, 3), num_tokens=5, **CATEGORIES),
    Layer("CategoryEncoding", (4, 3), num_tokens=5, output_mode="count", **CATEGORIES),
    Layer("CategoryEncoding", (4, 3), num_tokens=5, output_mode="one_hot", **CATEGORIES),
    Layer("CategoryEncoding", (4, 1), num_tokens=5, output_mode="one_hot", **CATEGORIES),
    Layer("CategoryEncoding", (4, 3), num_tokens=3, output_mode="count", **CATEGORIES),  # some are outside
    Layer("CategoryEncoding", (4, 3), num_tokens=5, output_mode="count", **CATEGORIES,
          call={"count_weights": np.arange(12).reshape(4, 3) / 2}),
    *[Layer("Resizing", IMAGES, height=4, width=7, interpolation=how)
      for how in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")],
    Layer("Resizing", IMAGES, height=3, width=2, antialias=True),
    Layer("Resizing", (2, 3, 6, 5), height=12, width=3, **FIRST),
    Layer("Resizing", IMAGES, height=3, width=6, crop_to_aspect_ratio=True),
    Layer("Resizing", IMAGES, height=6, width=3, crop_to_aspect_ratio=True),
    Layer("Resizing", IMAGES, height=3, width=6, pad_to_aspect_ratio=True, fill_value=0.5),
    Layer("Resizing", IMAGES, height=9, width=3, pad_to_aspect_ratio=True),
    Layer("Resizing", IMAGES, height=4, width=7, draw=indices(256), gradient=False),
    Layer("CenterCrop", IMAGES, height=3, width=2),
    Layer("CenterCrop", IMAGES, height=4, width=5),
    Layer("CenterCrop", IMAGES, height=8, width=3),
    Layer("CenterCrop", (2, 3, 6, 5), height=3, width=4, **FIRST),
    Layer("RandomFlip", IMAGES, **RANDOM),
    Layer("RandomFlip", IMAGES, mode="vertical", seed=3, **RANDOM),
    Layer("RandomRotation", IMAGES, factor=0.2, **RANDOM),
    Layer("RandomRotation", IMAGES, factor=(-0.1, 0.3), fill_mode="constant", interpolation="nearest", **RANDOM),
    Layer("RandomZoom", IMAGES, height_factor=0.2, **RANDOM),
    Layer("RandomZoom", IMAGES, height_factor=(0.1, 0.3), width_factor=(-0.2, 0.1), fill_mode="wrap", **RANDOM),
    Layer("RandomTranslation", IMAGES, height_factor=0.2, width_factor=0.3, **RANDOM),
    Layer("RandomTranslation", IMAGES, height_factor=(-0.2, 0.1), width_factor=0.0, fill_value=2.0, **RANDOM),
    Layer("RandomContrast", IMAGES, factor=0.3, **RANDOM),
    Layer("RandomContrast", IMAGES, factor=(0.1, 0.2), value_range=(-2, 2), **RANDOM),
    Layer("RandomBrightness", IMAGES, factor=0.3, **RANDOM),
    Layer("RandomBrightness", IMAGES, factor=(0.1, 0.2), value_range=[1, 0], **RANDOM),
    Layer("RandomHue", IMAGES, factor=0.2, **RANDOM),
    Layer("RandomSaturation", IMAGES, factor=(0.1, 0.2), value_range=(0, 1), **RANDOM),
    Layer("RandomSharpness", IMAGES, factor=0.3, **RANDOM),
    Layer("RandomPosterization", IMAGES, factor=3, **RANDOM),
    Layer("RandomInvert", IMAGES, factor=0.3, **RANDOM),
    Layer("RandomGrayscale", IMAGES, factor=0.3, **RANDOM),
    Layer("Solarization", IMAGES, addition_factor=0.3, threshold_factor=(0.1, 0.3), **RANDOM),
    Layer("AutoContrast", IMAGES, value_range=(0, 1), gradient=False),
]

NO_CASE = {
    "RandomCrop": "leaves images as they are outside training: test_preprocessing_images.py",
    "StringLookup": "takes strings: test_preprocessing_text.py",
    "TextVectorization": "takes strings: test_preprocessing_text.py",
    "IntegerLookup": "in Keras it needs TensorFlow: test_preprocessing_text.py",
    "Hashing": "in Keras it needs TensorFlow: test_preprocessing_text.py",
}
