"""What Keras 3 keeps of `keras.backend`: settings and questions about dtypes. For computing there is `keras.ops`."""

from .config import (
    backend,
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
)
from .naming import get_uid
from .utils.dtypes import is_float_dtype, is_int_dtype, is_keras_tensor, result_type, standardize_dtype
from .utils.seeding import clear_session

__all__ = [
    "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype", "is_int_dtype",
    "is_keras_tensor", "result_type", "set_epsilon", "set_floatx", "set_image_data_format", "standardize_dtype",
]
