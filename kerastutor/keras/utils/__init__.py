"""Tools around models. Source: https://keras.io/api/utils/"""

from ..config import disable_interactive_logging, enable_interactive_logging, is_interactive_logging_enabled
from ..saving import (
    CustomObjectScope,
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
    serialize_keras_object,
)
from .data import pack_x_y_sample_weight, unpack_x_y_sample_weight
from .dtypes import is_keras_tensor, standardize_dtype
from .get_file import get_file
from .graph import get_source_inputs
from .image_dataset import image_dataset_from_directory
from .images import array_to_img, img_to_array, load_img, save_img
from .numerical import normalize, to_categorical
from .plotting import model_to_dot, plot_model
from .progbar import Progbar
from .py_dataset import PyDataset
from .seeding import clear_session, set_random_seed
from .sequences import pad_sequences
from .splitting import split_dataset
from .text_dataset import text_dataset_from_directory
from .timeseries import timeseries_dataset_from_array

Sequence = PyDataset  # its name in Keras 2

__all__ = [
    "CustomObjectScope", "Progbar", "PyDataset", "Sequence", "array_to_img", "get_file", "img_to_array", "load_img",
    "image_dataset_from_directory", "pad_sequences", "save_img", "split_dataset", "text_dataset_from_directory",
    "timeseries_dataset_from_array", "clear_session", "custom_object_scope",
    "deserialize_keras_object", "get_custom_objects", "get_registered_name", "get_registered_object",
    "register_keras_serializable", "serialize_keras_object", "disable_interactive_logging",
    "enable_interactive_logging", "get_source_inputs", "is_interactive_logging_enabled", "is_keras_tensor",
    "model_to_dot", "normalize", "pack_x_y_sample_weight", "plot_model", "set_random_seed", "standardize_dtype",
    "to_categorical", "unpack_x_y_sample_weight",
]
