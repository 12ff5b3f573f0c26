"""Recurrent layers: sizes of the input, the layers for one graphics library, the same layer at each step."""

from .. import syntax
from ..rule import Rule
from .arguments import rename

LAYERS = ["keras.layers.LSTM", "keras.layers.GRU", "keras.layers.SimpleRNN", "keras.layers.RNN"]


def input_shape(call):
    """`input_dim=4, input_length=9` -> `input_shape=(9, 4)`."""
    dim, length = call.get("input_dim"), call.get("input_length")
    if dim is None:
        if length is not None:
            call.say("input_length= without input_dim= says nothing today: put keras.Input(shape) first.")
        return
    text = f"({syntax.code(length) if length is not None else None}, {syntax.code(dim)})"
    call.pop("input_length")
    call.rename("input_dim", "input_shape")
    call.put("input_shape", text)


def time_distributed(call):
    """`TimeDistributedDense(5)` -> `TimeDistributed(Dense(5))`."""
    file, home = call.file, call.original.func
    outer, inner = (syntax.code(file.refer(f"keras.layers.{n}", home)) for n in ("TimeDistributed", "Dense"))
    shape = call.pop("input_shape")
    dense = syntax.code(call.node.with_changes(func=syntax.expression(inner), args=call.args))
    call.replace(f"{outer}({dense}{f', input_shape={syntax.code(shape)}' if shape is not None else ''})")


def distributed(call):
    call.name = "keras.layers.Dense"  # its arguments are Dense's
    for function in (rename, input_shape, time_distributed):
        function(call)


RULES = [
    Rule(
        "input-of-recurrent-layers",
        "A sequence's length and width are one argument, input_shape.",
        "from keras.layers import LSTM\na = LSTM(8, input_dim=4, input_length=9)\nb = LSTM(8, input_dim=4)\n",
        "from keras.layers import LSTM\na = LSTM(8, input_shape=(9, 4))\nb = LSTM(8, input_shape=(None, 4))\n",
        calls=dict.fromkeys([*LAYERS, "keras.layers.Conv1D"], input_shape),
    ),
    Rule(
        "cudnn",
        "CuDNNLSTM and CuDNNGRU are LSTM and GRU, which choose the fast way by themselves.",
        "from keras.layers import CuDNNLSTM\nlayer = CuDNNLSTM(8, return_sequences=True)\n",
        "from keras.layers import LSTM\nlayer = LSTM(8, return_sequences=True)\n",
        names={f"keras.{where}.CuDNN{name}": f"keras.layers.{name}"
               for name in ("LSTM", "GRU") for where in ("layers", "compat.v1.layers", "layers.cudnn_recurrent")},
    ),
    Rule(
        "time-distributed-dense",
        "TimeDistributedDense is TimeDistributed around Dense.",
        "from keras.layers import TimeDistributedDense\nlayer = TimeDistributedDense(output_dim=5)\n",
        "from keras.layers import TimeDistributed, Dense\nlayer = TimeDistributed(Dense(units=5))\n",
        calls=dict.fromkeys(["keras.layers.TimeDistributedDense", "keras.layers.core.TimeDistributedDense"],
                            distributed),
    ),
]
