"""Names under which older code finds what is in `keras.utils` today."""

from ..utils import image_dataset_from_directory, text_dataset_from_directory, timeseries_dataset_from_array
from . import image, sequence
from .older import what_to_write_today

__all__ = [
    "image", "image_dataset_from_directory", "sequence", "text_dataset_from_directory", "timeseries_dataset_from_array",
]

__getattr__ = what_to_write_today(__name__, {
    "text": "keras.layers.TextVectorization in place of Tokenizer, str.split in place of text_to_word_sequence",
    "timeseries": "keras.utils.timeseries_dataset_from_array",
})
