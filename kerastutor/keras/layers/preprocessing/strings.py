"""Strings: there are no tensors of them, so layers that take them work on NumPy arrays, outside of models."""

import numpy as np

from ...symbolic import any_symbolic


class OutsideModels:
    """For a layer that takes strings: it is called on lists and arrays, never on placeholders."""

    def __call__(self, inputs, **kwargs):
        if any_symbolic([inputs]):
            raise ValueError(
                f"Layer {self.name!r} ({type(self).__name__}) takes strings, and a model computes with numbers: it "
                "can't be part of one (in Keras it can with TensorFlow alone). Apply it to the data first, "
                "x = layer(texts), and train and predict on x."
            )
        return self.call(inputs, **kwargs)


def as_strings(x, owner, encoding="utf-8"):
    """An array of Python strings (dtype object: they may be of very different lengths), from str or bytes."""
    x = x if isinstance(x, np.ndarray) else np.asarray(x, object)
    flat = [s.decode(encoding) if isinstance(s, bytes) else s for s in x.reshape(-1).tolist()]
    wrong = next((s for s in flat if not isinstance(s, str)), None)
    if isinstance(wrong, (list, tuple)):
        raise ValueError(f"{owner} takes strings in rows of one length; got rows of several lengths.")
    if len(flat) and wrong is not None or any(s is None for s in flat):
        raise TypeError(
            f"{owner} takes strings; got {wrong!r} ({type(wrong).__name__}). For whole numbers there is IntegerLookup; "
            "missing values of a table: column.fillna('')."
        )
    out = np.empty(len(flat), object)
    out[:] = flat
    return out.reshape(x.shape)
