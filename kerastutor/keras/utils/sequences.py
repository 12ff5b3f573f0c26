"""Sequences of different lengths as one array. Source: https://keras.io/api/data_loading/timeseries/"""

import numpy as np


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Sequences as the rows of one array: short ones are filled up with `value`, long ones cut.

    Parameters
    ----------
    sequences : list of sequences
    maxlen : int, optional
        The length of all rows; that of the longest sequence unless given.
    dtype : str
        Of the result; `object` for strings of any length.
    padding : {"pre", "post"}
        Fill up before or after the sequence.
    truncating : {"pre", "post"}
        Cut off the beginning or the end.
    value : float or str

    Returns
    -------
    ndarray
        Shape (len(sequences), maxlen, ...).

    Raises
    ------
    ValueError
        If `sequences` are not sequences of one shape, or an argument is none of these.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
    array([[0, 1],
           [2, 3],
           [5, 6]], dtype=int32)
    """
    for name, choice in (("padding", padding), ("truncating", truncating)):
        if choice not in ("pre", "post"):
            raise ValueError(f"pad_sequences: {name} must be 'pre' or 'post'; got {choice!r}.")
    if not hasattr(sequences, "__len__"):
        raise ValueError(f"pad_sequences: sequences must be a list of sequences; got {type(sequences).__name__}.")
    for i, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise ValueError(f"pad_sequences: sequences must be a list of sequences; number {i} is {sequence!r}.")
    if maxlen is None:
        if not len(sequences):
            raise ValueError("pad_sequences: there are no sequences, so their length is unknown: give maxlen.")
        maxlen = max(map(len, sequences))
    strings = np.issubdtype(dtype, np.str_) or np.issubdtype(dtype, np.bytes_)
    if isinstance(value, str) and dtype is not object and not strings:
        raise ValueError(f"pad_sequences: value {value!r} is a string and dtype is {dtype}: give dtype=object.")
    shape = next((np.asarray(sequence).shape[1:] for sequence in sequences if len(sequence)), ())
    result = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for i, sequence in enumerate(sequences):
        if not len(sequence):
            continue
        kept = np.asarray(sequence[-maxlen:] if truncating == "pre" else sequence[:maxlen], dtype=dtype)
        if kept.shape[1:] != shape:
            raise ValueError(
                f"pad_sequences: the steps of sequence {i} have shape {kept.shape[1:]}, those before it {shape}."
            )
        if padding == "post":
            result[i, : len(kept)] = kept
        else:
            result[i, maxlen - len(kept) :] = kept
    return result
