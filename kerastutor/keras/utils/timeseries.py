"""Windows that slide over a series. Source: https://keras.io/api/data_loading/timeseries/"""

import numpy as np

from .dataset import Dataset


def timeseries_dataset_from_array(
    data, targets, sequence_length, sequence_stride=1, sampling_rate=1, batch_size=128, shuffle=False, seed=None,
    start_index=None, end_index=None, format="tf",
):
    """Windows of a series: window k holds data[s], data[s + r], data[s + 2r], ..., where s = k times the stride.

    Parameters
    ----------
    data : array_like
        The first axis is time.
    targets : array_like or None
        targets[s] belongs to the window that starts at s. None: windows alone.
    sequence_length : int
        Steps in a window.
    sequence_stride : int
        From the start of one window to the next.
    sampling_rate : int
        r: from one step in a window to the next.
    batch_size : int or None
        None: single windows.
    shuffle : bool
        In another order at each pass.
    seed : int, optional
        Of the shuffle.
    start_index, end_index : int, optional
        Use data[start_index:end_index] only.
    format : {"tf", "grain"}
        Taken so that calls look as in Keras; both give the same.

    Returns
    -------
    Dataset
        Of batches (windows, targets), or windows alone: shape (batch, sequence_length, ...).

    Raises
    ------
    ValueError
        If an argument does not fit the series.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> x = np.arange(8)
    >>> data = keras.utils.timeseries_dataset_from_array(x[:-3], x[3:], sequence_length=3, batch_size=2)
    >>> windows, next_ones = data[0]
    >>> windows.tolist(), next_ones.tolist()
    ([[0, 1, 2], [1, 2, 3]], [3, 4])
    """
    n = len(data)
    _check(n, sequence_stride, sampling_rate, start_index, end_index, format)
    start, stop = start_index or 0, n if end_index is None else end_index
    series = np.asarray(data)[start:stop]
    windows = stop - start - (sequence_length - 1) * sampling_rate
    if targets is not None:
        targets = np.asarray(targets)[start:stop]
        windows = min(windows, len(targets))
    if windows <= 0:
        raise ValueError(
            f"timeseries_dataset_from_array: no window of sequence_length={sequence_length} fits into {stop - start} "
            f"steps at sampling_rate={sampling_rate}."
        )
    starts = np.arange(0, windows, sequence_stride)
    if shuffle:
        seed = np.random.randint(1e6) if seed is None else seed
        np.random.RandomState(seed).shuffle(starts)
    steps = np.arange(sequence_length) * sampling_rate

    def get(k):
        window = series[starts[k] + steps]
        return window if targets is None else (window, targets[starts[k]])

    dataset = Dataset(get, len(starts))
    if shuffle:
        dataset = dataset.shuffle(seed=seed)
    return dataset if batch_size is None else dataset.batch(batch_size)


def _check(n, sequence_stride, sampling_rate, start_index, end_index, format):
    def require(fits, name, value, wanted):
        if not fits:
            raise ValueError(f"timeseries_dataset_from_array: {name} must be {wanted}; got {value!r}.")

    require(format in ("tf", "grain"), "format", format, "'tf' or 'grain'")
    few = f"from 1 to {n - 1}, the series having {n} steps"
    require(0 < sampling_rate < n, "sampling_rate", sampling_rate, few)
    require(0 < sequence_stride < n, "sequence_stride", sequence_stride, few)
    if start_index:
        require(0 <= start_index < n, "start_index", start_index, f"from 0 to {n - 1}")
    if end_index:
        require((start_index or 0) < end_index < n, "end_index", end_index, f"above start_index and below {n}")
