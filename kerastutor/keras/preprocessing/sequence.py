"""Sequences of different lengths. Source: https://keras.io/api/data_loading/timeseries/"""

from ..utils.sequences import pad_sequences

__all__ = ["pad_sequences"]
