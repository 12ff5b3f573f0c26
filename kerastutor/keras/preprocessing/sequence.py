"""Sequences of different lengths. Source: https://keras.io/api/data_loading/timeseries/"""

from ..utils.sequences import pad_sequences
from .older import what_to_write_today

__all__ = ["pad_sequences"]

__getattr__ = what_to_write_today(__name__, {
    "TimeseriesGenerator": "keras.utils.timeseries_dataset_from_array",
    "skipgrams": "a loop over pairs of neighbouring words: Keras 3 has no skipgrams",
    "make_sampling_table": "numpy.random.Generator.choice with p=: Keras 3 has no sampling table",
})
