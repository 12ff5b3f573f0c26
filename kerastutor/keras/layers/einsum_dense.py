"""A dense layer along any axes. Source: https://keras.io/api/layers/core_layers/einsum_dense/"""

import copy
import re
import string

from .. import activations, constraints, initializers, ops, regularizers
from .input_spec import InputSpec
from .layer import Layer


class EinsumDense(Layer):
    """y = activation(einsum(equation, x, kernel) + bias): a dense layer along the axes that `equation` says.

    Parameters
    ----------
    equation : str
        "ab,bc->ac" is a Dense layer: the letters of x's axes, of the kernel's, of y's. "..." before all letters of x
        and y, or after them, stands for axes that stay as they are.
    output_shape : int or tuple
        The sizes of y's letters, without the batch; None for one that x says.
    activation : str or callable, optional
    bias_axes : str, optional
        The letters of y for whose places there is a bias of its own.
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint

    Raises
    ------
    ValueError
        If the equation is none, or input and output don't go together in it.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> layer = keras.layers.EinsumDense("abc,cde->abde", output_shape=(None, 8, 16), bias_axes="de")
    >>> layer(np.ones((2, 5, 32))).shape, layer.kernel.shape, layer.bias.shape
    ((2, 5, 8, 16), (32, 8, 16), (8, 16))

    Source: https://keras.io/api/layers/core_layers/einsum_dense/
    """

    def __init__(
        self,
        equation,
        output_shape,
        activation=None,
        bias_axes=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.equation, self.bias_axes = equation, bias_axes
        self.partial_output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape):
        x, w, y = self._letters(len(input_shape))
        known = self._sizes(input_shape)
        unknown = [letter for letter in w + (self.bias_axes or "") if known.get(letter) is None]
        if unknown:
            raise ValueError(
                f"{self._who}: the size of {unknown[0]!r} must be known for the weights: give it in `output_shape`, or "
                f"give the input a fixed size there; input {tuple(input_shape)}, output {self.partial_output_shape}."
            )
        initializer = self.kernel_initializer
        if isinstance(initializer, initializers.VarianceScaling) and initializer.input_axes is None:
            initializer = copy.copy(initializer)
            initializer.input_axes = tuple(i for i, letter in enumerate(w) if letter not in y)
            initializer.output_axes = tuple(i for i, letter in enumerate(w) if letter in y)
        self.kernel = self.add_weight(
            [known[letter] for letter in w], initializer, name="kernel",
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.bias_axes:
            own = y[min(y.index(letter) for letter in self.bias_axes) :]
            self.bias = self.add_weight(
                [known[letter] if letter in self.bias_axes else 1 for letter in own], self.bias_initializer,
                name="bias", regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(ndim=len(input_shape))

    def call(self, inputs):
        x = ops.einsum(self.equation, inputs, self.kernel)
        if self.bias is not None:
            x = x + self.bias
        return self.activation(x)

    def compute_output_shape(self, input_shape):
        self._sizes(input_shape)
        return self._output(input_shape)

    def _letters(self, axes):
        """The letters of x, kernel and y, with letters in place of "..." for an input of so many axes."""
        found = re.fullmatch(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?", self.equation)
        if found is None or found[1] != found[5] or found[3] != found[7] or (found[1] and found[3]):
            raise ValueError(
                f"{self._who}: `equation` must look like 'ab,bc->ac', '...ab,bc->...ac' or 'ab...,bc->ac...'; got "
                f"{self.equation!r}."
            )
        before, x, after, w, _, y, _ = found.groups()
        rest = axes - len(x)
        if rest < 0 or rest and not (before or after):
            raise ValueError(f"{self._who}: {self.equation!r} does not fit an input of {axes} axes.")
        more = "".join(sorted(set(string.ascii_letters) - set(x + w + y))[:rest])
        x, y = (more + x, more + y) if before else (x + more, y + more)
        wrong = set(y) - set(x + w) or set(w) - set(x + y) or set(self.bias_axes or "") - set(y)
        if wrong:
            raise ValueError(
                f"{self._who}: {wrong.pop()!r} stands alone in {self.equation!r} with bias_axes={self.bias_axes!r}: "
                "a letter of the kernel must be one of the input or the output, and one of the bias one of the output."
            )
        return x, w, y

    def _output(self, input_shape):
        """The shape of y, as far as `output_shape` and the axes of "..." say it."""
        x, _, y = self._letters(len(input_shape))
        rest = len(input_shape) - len(re.sub(r"\.", "", self.equation.split(",")[0]))
        given = self.partial_output_shape
        if not rest:
            shape = (input_shape[0], *given)
        elif self.equation.startswith("..."):
            shape = (*input_shape[:rest], *given)
        else:
            shape = (input_shape[0], *given, *input_shape[-rest:])
        if len(shape) != len(y):
            raise ValueError(
                f"{self._who}: `output_shape` {given} does not fit {self.equation!r}, whose output has {len(y)} axes "
                f"for an input of shape {tuple(input_shape)}."
            )
        return shape

    def _sizes(self, input_shape):
        """The size of each letter; None for one that varies."""
        x, _, y = self._letters(len(input_shape))
        known = dict(zip(x, input_shape))
        for letter, n in zip(y, self._output(input_shape)):
            if letter in x and None not in (n, known[letter]) and n != known[letter]:
                raise ValueError(
                    f"{self._who}: {letter!r} of {self.equation!r} has size {known[letter]} in the input, "
                    f"{tuple(input_shape)}, and {n} in `output_shape`, {self.partial_output_shape}."
                )
            known[letter] = known.get(letter) if n is None else n
        return known

    @property
    def _who(self):
        return f"Layer {self.name!r} (EinsumDense)"

    def get_config(self):
        return {
            **super().get_config(),
            "output_shape": self.partial_output_shape,
            "equation": self.equation,
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }
