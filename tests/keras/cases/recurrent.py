"""Recurrent layers, Embedding, Masking."""

import numpy as np

from .case import Layer, indices

MASK = np.array([[True, True, False, True], [False, True, True, False], [True, True, True, True]])
STATE = np.linspace(-1, 1, 15).reshape(3, 5).astype("float32")
ALL = {"return_sequences": True, "return_state": True}


def some_zero(rng, shape):
    """Sequences with steps that are 0."""
    x = rng.normal(size=shape)
    x[:, 1::3] = 0
    return x


def some_kind(name, states, **more):
    """The cases that SimpleRNN, LSTM and GRU have in common; one of them knows `states` states."""
    first = [STATE * (i + 1) for i in range(states)]
    return [
        Layer(name, (3, 4, 2), units=5, **more),
        Layer(name, (1, 1, 1), units=1, **more),
        Layer(name, (3, 4, 2), units=5, return_sequences=True, go_backwards=True, **more),
        Layer(name, (3, 4, 2), units=5, **ALL, **more),
        Layer(name, (3, 4, 2), units=5, return_state=True, use_bias=False, call={"initial_state": first}, **more),
        Layer(name, (3, 4, 2), units=5, **ALL, call={"mask": MASK, "initial_state": first}, **more),
        Layer(name, (3, 4, 2), units=5, **ALL, unroll=True, call={"mask": MASK, "initial_state": first}, **more),
        Layer(name, (3, 4, 2), units=5, go_backwards=True, call={"mask": MASK}, **more),
        Layer(
            name, (3, 4, 2), units=5, go_backwards=True, zero_output_for_mask=True, call={"mask": MASK}, **ALL, **more
        ),
        Layer(name, (3, 4, 2), units=5, zero_output_for_mask=True, call={"mask": MASK}, **more),
        Layer(name, (3, 4, 2), units=5, unroll=True, zero_output_for_mask=True, call={"mask": MASK}, **ALL, **more),
        Layer(name, (3, 4, 2), units=5, activation="relu", return_sequences=True, call={"mask": MASK}, **more),
        Layer(name, (3, 4, 2), units=5, dropout=0.3, random=True, **more),
        Layer(name, (3, 4, 2), units=5, dropout=0.2, recurrent_dropout=0.3, seed=3, random=True, **more),
        Layer(
            name, (3, 4, 2), units=5, kernel_regularizer="l2", recurrent_regularizer="l1", bias_regularizer="l1",
            kernel_constraint="non_neg", recurrent_constraint="unit_norm", bias_constraint="max_norm",
            kernel_initializer="he_normal", recurrent_initializer="glorot_normal", bias_initializer="ones", **more,
        ),
    ]


def cell(name, *arguments, **more):
    """A function that makes a cell, of real Keras or of ours."""
    return lambda k: getattr(k.layers, name)(*arguments, **more)


def stacked(*names):
    return lambda k: k.layers.StackedRNNCells([getattr(k.layers, name)(5 - i) for i, name in enumerate(names)])


def lstm(k):
    return k.layers.LSTM(5, return_sequences=True)


def lstm_with_states(k):
    return k.layers.LSTM(5, return_state=True)


def lstm_with_all(k):
    return k.layers.LSTM(5, return_sequences=True, return_state=True)


def gru(k):
    return k.layers.GRU(4)


def gru_back(k):
    return k.layers.GRU(5, go_backwards=True)


def dense(k):
    return k.layers.Dense(3, activation="relu", kernel_regularizer="l2")


def normalization(k):
    return k.layers.BatchNormalization()


LAYERS = [
    *some_kind("SimpleRNN", 1),
    *some_kind("LSTM", 2),
    *some_kind("GRU", 1),
    *[  # not SimpleRNN: Keras 3.15.1 drops its activity_regularizer on the way
        Layer(name, (3, 4, 2), units=5, activity_regularizer="l2", kernel_initializer="ones",
              recurrent_initializer="zeros")
        for name in ("LSTM", "GRU")
    ],
    Layer("LSTM", (3, 4, 2), units=5, recurrent_activation="hard_sigmoid", unit_forget_bias=False),
    Layer("LSTM", (2, 3, 2), units=33, return_sequences=True),
    Layer("GRU", (3, 4, 2), units=5, reset_after=False),
    Layer("GRU", (3, 4, 2), units=5, reset_after=False, use_bias=False, return_sequences=True, call={"mask": MASK}),
    Layer("GRU", (3, 4, 2), units=5, reset_after=False, recurrent_dropout=0.5, random=True),
    Layer("GRU", (3, 4, 2), units=5, recurrent_activation="relu", call={"mask": MASK}),
    Layer("SimpleRNN", (3, 4, 2), units=5, activation=None),
    Layer("RNN", (3, 4, 2), cell=cell("LSTMCell", 5), **ALL),
    Layer("RNN", (3, 4, 2), cell=cell("SimpleRNNCell", 5), go_backwards=True),
    Layer("RNN", (3, 4, 2), cell=cell("GRUCell", 5, reset_after=False), call={"mask": MASK}),
    Layer("RNN", (3, 4, 2), cell=stacked("LSTMCell", "LSTMCell"), **ALL),
    Layer("RNN", (3, 4, 2), cell=stacked("LSTMCell", "GRUCell", "SimpleRNNCell"), **ALL, call={"mask": MASK}),
    Layer("RNN", (3, 4, 2), cell=stacked("GRUCell", "GRUCell"), unroll=True, call={"mask": MASK}),
    *[Layer("Bidirectional", (3, 4, 2), layer=lstm, merge_mode=mode) for mode in ("concat", "sum", "mul", "ave", None)],
    Layer("Bidirectional", (3, 4, 2), layer=gru),
    Layer("Bidirectional", (3, 4, 2), layer=lstm, call={"mask": MASK}),
    Layer("Bidirectional", (3, 4, 2), layer=gru, merge_mode="ave", call={"mask": MASK}),
    Layer("Bidirectional", (3, 4, 2), layer=lstm_with_states, call={"initial_state": [STATE, -STATE, STATE, STATE]}),
    Layer("Bidirectional", (3, 4, 2), layer=lstm_with_all, merge_mode=None, call={"mask": MASK}),
    Layer("Bidirectional", (3, 4, 2), layer=lambda k: k.layers.LSTM(5), backward_layer=gru_back, merge_mode="sum"),
    Layer("TimeDistributed", (3, 4, 2), layer=dense),
    Layer("TimeDistributed", (3, 4, 2), layer=dense, call={"mask": MASK}),
    Layer("TimeDistributed", (3, 4, 2), layer=normalization, gradient=False),
    Layer("TimeDistributed", (2, 3, 4, 2), layer=lstm),
    Layer("ConvLSTM2D", (2, 3, 4, 3, 2), filters=2, kernel_size=(2, 3)),
    Layer("ConvLSTM2D", (2, 2, 5, 4, 1), filters=2, kernel_size=2, strides=(2, 1), use_bias=False, go_backwards=True),
    Layer("ConvLSTM2D", (2, 2, 5, 4, 1), filters=2, kernel_size=2, dilation_rate=(2, 1), return_sequences=True,
          activation="relu", recurrent_activation="hard_sigmoid", unit_forget_bias=False),
    Layer("ConvLSTM2D", (2, 3, 2, 4, 3), filters=3, kernel_size=2, padding="same", data_format="channels_first", **ALL),
    Layer("ConvLSTM2D", (2, 3, 4, 3, 1), filters=2, kernel_size=2, dropout=0.3, recurrent_dropout=0.2, random=True),
    Layer("ConvLSTM2D", (2, 2, 4, 3, 1), filters=2, kernel_size=2, kernel_regularizer="l2", recurrent_regularizer="l1",
          bias_regularizer="l1", kernel_constraint="non_neg", bias_constraint="max_norm", bias_initializer="ones"),
    Layer("ConvLSTM1D", (2, 3, 4, 2), filters=2, kernel_size=3, return_state=True),
    Layer("ConvLSTM3D", (1, 2, 3, 2, 3, 1), filters=1, kernel_size=2, return_sequences=True),
    Layer("Embedding", (4, 3), draw=indices(7), input_dim=7, output_dim=5),
    Layer("Embedding", (4,), draw=indices(7), input_dim=7, output_dim=1, embeddings_initializer="glorot_normal"),
    Layer("Embedding", (2, 3, 2), draw=indices(7), input_dim=7, output_dim=2, mask_zero=True),
    Layer("Embedding", (4, 3), draw=indices(7), input_dim=7, output_dim=5, embeddings_regularizer="l2",
          embeddings_constraint="unit_norm"),
    Layer("Masking", (3, 4, 2), draw=some_zero, gradient=False),  # a step that is moved away from 0 begins to count
    Layer("Masking", (3, 4, 2), mask_value=1.5),
]

NO_CASE = {
    **dict.fromkeys(("SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"), "a cell: see test_recurrent.py"),
    "Wrapper": "has no call of its own",
}
