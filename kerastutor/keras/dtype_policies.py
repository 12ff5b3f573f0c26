"""What a layer computes in. Here weights and computations have one dtype. Source: https://keras.io/api/mixed_precision/"""

from . import config


class DTypePolicy:
    """The dtype of a layer's weights and computations: "float32" or "float64".

    Parameters
    ----------
    name : str, optional
        Keras's floatx unless given.

    Raises
    ------
    ValueError
        For the mixed and quantized policies of Keras, which save memory on GPUs.

    Examples
    --------
    >>> DTypePolicy("float32").compute_dtype
    'float32'
    """

    quantization_mode = None

    def __init__(self, name=None):
        name = name or config.floatx()
        if name not in ("float32", "float64"):
            raise ValueError(f"kerastutor computes in float32, or in float64 for checks; got the policy {name!r}.")
        self.name = self.compute_dtype = self.variable_dtype = name

    def get_config(self):
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def __eq__(self, other):
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return f'<DTypePolicy "{self.name}">'


FloatDTypePolicy = DTypePolicy


def get(identifier):
    """The policy that None, a name, a config or a policy stands for."""
    if isinstance(identifier, dict):
        identifier = identifier.get("config", identifier).get("name")
    return identifier if isinstance(identifier, DTypePolicy) else DTypePolicy(identifier)


def serialize(dtype_policy):
    """A policy's config as Keras writes it."""
    inner = dtype_policy.get_config()
    return {"module": "keras", "class_name": "DTypePolicy", "config": inner, "registered_name": None}


def deserialize(config, custom_objects=None):
    """The policy of a config."""
    return get(config)
