"""Saving and loading. Source: https://keras.io/api/models/model_saving_apis/"""

from .deserialization import deserialize_keras_object
from .model_files import load_model, load_weights, save_model, save_weights
from .registry import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .serialization import serialize_keras_object
