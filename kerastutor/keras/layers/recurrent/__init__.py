"""Recurrent layers: a cell's steps over a sequence. Source: https://keras.io/api/layers/recurrent_layers/"""

from .bidirectional import Bidirectional
from .conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from .gru import GRU, GRUCell
from .lstm import LSTM, LSTMCell
from .rnn import RNN
from .simple_rnn import SimpleRNN, SimpleRNNCell
from .stacked_cells import StackedRNNCells
from .time_distributed import TimeDistributed
from .wrapper import Wrapper
