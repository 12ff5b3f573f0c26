"""What SimpleRNN, LSTM and GRU share: an RNN with a cell of its own, whose settings look like the layer's."""

from ... import regularizers
from ..input_spec import InputSpec
from .rnn import RNN


def of_cell(name):
    """A property that is the cell's."""
    return property(lambda self: getattr(self.cell, name))


class BuiltIn(RNN):
    """An RNN over one of the built-in cells."""

    def __init__(self, cell, *args, **kwargs):
        super().__init__(cell, *args, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def build(self, sequences_shape, initial_state_shape=None):
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = InputSpec(ndim=3, axes={-1: sequences_shape[-1]})

    @staticmethod
    def for_cell(kwargs):
        """Those of the layer's arguments that are the cell's too."""
        implementation = {"implementation": kwargs.pop("implementation")} if "implementation" in kwargs else {}
        return {"dtype": kwargs.get("dtype"), "trainable": kwargs.get("trainable", True), **implementation}

    units = of_cell("units")
    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")

    def get_config(self):
        own = super().get_config()
        del own["cell"]
        activity = regularizers.serialize(self.activity_regularizer)
        return {**self.cell.get_config(), **own, "activity_regularizer": activity}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
