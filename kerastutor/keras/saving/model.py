"""What a model can do with files and configurations. Source: https://keras.io/api/models/model_saving_apis/"""

import inspect

from .. import naming
from ..config import floatx
from ..symbolic import KerasTensor, trace
from . import model_files
from .deserialization import deserialize_keras_object
from .serialization import serialize_keras_object
from .text import as_json


class ModelSaving:
    """The part of a model that saves and loads."""

    def save(self, filepath, overwrite=True, zipped=None, **kwargs):
        """Save the model with its weights and its optimizer's state: see `keras.saving.save_model`."""
        model_files.save_model(self, filepath, overwrite, zipped, **kwargs)

    def save_weights(self, filepath, overwrite=True, max_shard_size=None):
        """Save the weights as "name.weights.h5": see `keras.saving.save_weights`."""
        model_files.save_weights(self, filepath, overwrite, max_shard_size)

    def load_weights(self, filepath, skip_mismatch=False, **kwargs):
        """Set the weights from a file: see `keras.saving.load_weights`."""
        model_files.load_weights(self, filepath, skip_mismatch, **kwargs)

    def to_json(self, **kwargs):
        """The configuration as text, for `keras.models.model_from_json`; more arguments go to `json.dumps`."""
        return as_json(serialize_keras_object(self), **kwargs)

    def export(self, filepath, format="tf_saved_model", verbose=None, input_signature=None, **kwargs):
        """Not offered: export is for programs that serve models. `save` keeps a model for Keras and for here."""
        raise NotImplementedError(
            f"export to {format!r} is not offered. save('model.keras') writes a file that real Keras loads, whose "
            "export makes this format."
        )

    # compile -----------------------------------------------------------------------------------

    def get_compile_config(self):
        """The arguments of `compile`, as a file keeps them; {} for a model that is not compiled."""
        return serialize_keras_object(self._compile_arguments) if self.compiled else {}

    def compile_from_config(self, config):
        """Compile the model as `get_compile_config` says, and make the optimizer's state."""
        from ..models import Model

        if type(self).compile is not Model.compile:
            naming.warn(
                f"{type(self).__name__} has a `compile` of its own, so the loaded model is not compiled: call "
                "compile(...), or write get_compile_config and compile_from_config too."
            )
            return
        known = inspect.signature(Model.compile).parameters
        config = {k: v for k, v in deserialize_keras_object(config).items() if k in known or v not in (None, False)}
        self.compile(**config)
        if self.built and self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        """The layers and how they are connected; of a class of your own, the arguments of its `__init__`."""
        from ..models.functional_config import functional_config, made_like_functional

        if self._graph is not None and made_like_functional(type(self)):
            return functional_config(self)
        return super().get_config()

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A model made from what `get_config` gave: the same layers, new weights."""
        from ..models.functional_config import functional_from_config, made_like_functional

        if {"name", "layers", "input_layers", "output_layers"} <= set(config) and made_like_functional(cls):
            return functional_from_config(cls, config, custom_objects)
        try:
            return cls(**config)
        except TypeError as error:
            raise TypeError(
                f"{cls.__name__} can't be made from its configuration ({error}). Let `__init__` take **kwargs and pass "
                "them to super().__init__(**kwargs), and let `get_config` give its other arguments."
            ) from error

    def get_build_config(self):
        """The shapes that the model was built for."""
        if self._declared_inputs is None or not self.built:
            return super().get_build_config()
        return {"input_shape": None if self._graph is not None else self.input_shape}

    def build_from_config(self, config):
        """Make the weights for the shapes that `get_build_config` gave; without a `build`, by tracing `call`."""
        from ..layers import Layer

        if not config:
            return
        if type(self).build is not Layer.build:
            super().build_from_config(config)
            return
        shapes = config.get("shapes_dict") or {"": config.get("input_shape")}
        first, *others = [_placeholders(shape) for shape in shapes.values()]
        names = [name.removesuffix("_shape") for name in shapes][1:]
        try:
            trace(self._traced, (first,), dict(zip(names, others)))
        except Exception as error:
            naming.warn(
                f"Model {self.name!r} can't be built for the shapes {shapes} that the file gives ({error}). Write "
                f"{type(self).__name__}.build_from_config(self, config), which makes its weights."
            )


def _placeholders(shape):
    """Placeholders of these shapes."""
    if isinstance(shape, dict):
        return {name: _placeholders(part) for name, part in shape.items()}
    if all(n is None or isinstance(n, int) for n in shape):
        return KerasTensor(shape, floatx())
    return [_placeholders(part) for part in shape]
