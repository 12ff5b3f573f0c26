"""What the three kinds of cells share: weights, dropout that stays the same over time, configuration."""

from ... import activations, constraints, initializers, ops, random, regularizers
from ..layer import Layer


class RecurrentCell(Layer):
    """One step of a recurrent layer: call(inputs, states) gives (output, new states).

    The kernels have `gates` * units columns. A subclass makes `self.seed_generator`.
    """

    gates = 1

    def __init__(
        self, units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
        kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
        bias_constraint, dropout, recurrent_dropout, seed, implementation=None, **kwargs,
    ):  # `implementation` is Keras's choice among ways to the same numbers
        super().__init__(**kwargs)
        if not isinstance(units, int) or isinstance(units, bool) or units < 1:
            raise ValueError(f"{type(self).__name__}: `units` must be a positive whole number; got {units!r}.")
        self.units = self.output_size = units
        self.state_size = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.dropout, self.recurrent_dropout = (min(1.0, max(0.0, rate)) for rate in (dropout, recurrent_dropout))
        self.seed = seed
        self.end_sequence()

    def build(self, input_shape):
        n, columns = input_shape[-1], self.gates * self.units
        if n is None:
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}): the last axis of its input, the features of a step, "
                f"must have a fixed size; got {tuple(input_shape)}."
            )
        self.kernel = self.add_weight(
            (n, columns), self.kernel_initializer, name="kernel",
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, columns), self.recurrent_initializer, name="recurrent_kernel",
            regularizer=self.recurrent_regularizer, constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                self.bias_shape, self.first_bias, name="bias",
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )

    @property
    def bias_shape(self):
        return (self.gates * self.units,)

    @property
    def first_bias(self):
        return self.bias_initializer

    def get_initial_state(self, batch_size=None):
        """Zeros for each state, as a list."""
        sizes = self.state_size if isinstance(self.state_size, (list, tuple)) else [self.state_size]
        return [ops.zeros((batch_size, n), dtype=self.compute_dtype) for n in sizes]

    # products through dropout ------------------------------------------------------------------

    def from_x(self, x, training):
        """x @ kernel, while training with some of x dropped."""
        return self._product(x, self.get_dropout_mask(x) if training else None, "kernel")

    def from_h(self, h, training):
        """h @ recurrent_kernel, while training with some of h dropped."""
        return self._product(h, self.get_recurrent_dropout_mask(h) if training else None, "recurrent_kernel")

    def _product(self, x, masks, name):
        if masks is None or len(masks) == 1:
            return ops.matmul(x if masks is None else x * masks[0], getattr(self, name))
        parts = self.kernel_parts(name)
        return ops.concatenate([ops.matmul(x * mask, part) for mask, part in zip(masks, parts, strict=True)], axis=-1)

    def kernel_parts(self, name):
        """The kernel's columns gate by gate; during a sequence they are taken apart once."""
        parts = (self._parts or {}).get(name)
        if parts is None:
            parts = ops.split(getattr(self, name), self.gates, axis=1)
            if self._parts is not None:
                self._parts[name] = parts
        return parts

    def _draw_masks(self, x, rate):
        """Masks of 0 and 1 / (1 - rate): one for all gates, or one for each if the states are dropped too."""
        if not rate:
            return None
        count = self.gates if self.recurrent_dropout else 1
        return [random.dropout(ops.ones_like(x), rate, seed=self.seed_generator) for _ in range(count)]

    def get_dropout_mask(self, step_input):
        """The masks for the inputs, drawn once for all steps of a sequence; None without dropout."""
        if self._dropout_masks is None:
            object.__setattr__(self, "_dropout_masks", self._draw_masks(step_input, self.dropout))
        return self._dropout_masks

    def get_recurrent_dropout_mask(self, step_input):
        """The masks for the state, drawn once for all steps of a sequence; None without dropout."""
        if self._recurrent_masks is None:
            object.__setattr__(self, "_recurrent_masks", self._draw_masks(step_input, self.recurrent_dropout))
        return self._recurrent_masks

    def reset_dropout_mask(self):
        object.__setattr__(self, "_dropout_masks", None)

    def reset_recurrent_dropout_mask(self):
        object.__setattr__(self, "_recurrent_masks", None)

    def start_sequence(self):
        """Steps with the same weights and masks follow."""
        self.end_sequence()
        object.__setattr__(self, "_parts", {})

    def end_sequence(self):
        self.reset_dropout_mask()
        self.reset_recurrent_dropout_mask()
        object.__setattr__(self, "_parts", None)

    # all steps at once -------------------------------------------------------------------------

    def can_fuse(self, training):
        """Whether `fused` gives what steps of `call` give.

        It does with tanh and sigmoid, as long as no states are dropped; not for a subclass, whose `call` may differ.
        """
        activations_fit = (
            self.activation is activations.tanh
            and getattr(self, "recurrent_activation", activations.sigmoid) is activations.sigmoid
        )
        return activations_fit and not (training and self.recurrent_dropout) and "_all_steps" in vars(type(self))

    def fused(self, sequences, states, mask, return_sequences, way, training):
        """All steps as one op: (outputs, [the last states, but for the first, which is the last step's output]).

        With `way` -1 the steps are made from the sequence's end; each output stands at its step's place all the same.
        """
        masks = self.get_dropout_mask(sequences[:, 0]) if training and self.dropout else None
        if masks is not None:
            sequences = sequences * ops.expand_dims(masks[0], 1)
        return self._all_steps(sequences, states, mask, return_sequences, way)

    # configuration -----------------------------------------------------------------------------

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": initializers.serialize(self.recurrent_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "recurrent_regularizer": regularizers.serialize(self.recurrent_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "recurrent_constraint": constraints.serialize(self.recurrent_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "seed": self.seed,
        }
