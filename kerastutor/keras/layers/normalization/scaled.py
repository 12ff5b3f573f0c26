"""What the layers have in common that end in `* gamma + beta`."""

from ... import constraints, initializers, regularizers
from ..layer import Layer


class Scaled(Layer):
    """A layer with a weight `gamma` (if `scale`) and a weight `beta` (if `center`)."""

    supports_masking = True

    def __init__(
        self, center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint,
        gamma_constraint, **kwargs,
    ):
        super().__init__(**kwargs)
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = self.beta = None

    def add_gamma_and_beta(self, shape, scale, center):
        """Make the weights that are wanted."""
        if None in shape:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): the axes that it has weights for must have fixed "
                f"sizes; got {shape}."
            )
        if scale:
            self.gamma = self.add_weight(
                shape, self.gamma_initializer, name="gamma",
                regularizer=self.gamma_regularizer, constraint=self.gamma_constraint,
            )
        if center:
            self.beta = self.add_weight(
                shape, self.beta_initializer, name="beta",
                regularizer=self.beta_regularizer, constraint=self.beta_constraint,
            )

    def compute_output_shape(self, input_shape):
        self.check_axes(input_shape)
        return tuple(input_shape)

    def check_axes(self, input_shape):
        """Refuse inputs that have no such axis."""
        for axis in self.axis if isinstance(self.axis, (list, tuple)) else [self.axis]:
            if not -len(input_shape) <= axis < len(input_shape):
                raise ValueError(
                    f"Layer {self.name!r} ({type(self).__name__}): an input of shape {tuple(input_shape)} has no axis "
                    f"{axis}; use -1 for the last one."
                )

    def get_config(self):
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }


def axes_as_keras_takes_them(axis, layer):
    """An int as it is, several as a list."""
    if isinstance(axis, (list, tuple)) and all(isinstance(a, int) for a in axis):
        return list(axis)
    if isinstance(axis, int):
        return axis
    raise TypeError(f"{layer}: `axis` must be a whole number or a list of them; got {axis!r}.")
