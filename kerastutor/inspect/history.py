"""A model's weights at a few moments of its training, kept by a callback."""

from dataclasses import dataclass

import numpy as np

from ..keras.callbacks import Callback

MOMENTS = 24
BYTES = 128 * 2**20


@dataclass
class Moment:
    """The weights after `epoch` epochs (0: before the first), and what the epoch's logs said."""

    epoch: int
    weights: list
    logs: dict

    @property
    def label(self):
        return "before training" if self.epoch == 0 else f"after epoch {self.epoch}"


class Recorder(Callback):
    """Keep the weights before training and after each epoch: few, and not more memory than allowed.

    Where there would be more moments than fit, every second one goes, and from then on every second epoch is kept.
    A second `fit` goes on; where the model was given its first weights again, the history begins anew.

    Parameters
    ----------
    moments : int
        At most so many; at least 2.
    limit : int
        At most so many bytes.

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.inspect import Recorder
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> model.compile(loss="mse")
    >>> recorder = Recorder()
    >>> history = model.fit(np.ones((8, 3)), np.ones((8, 2)), epochs=3, verbose=0, callbacks=[recorder])
    >>> [moment.epoch for moment in recorder.moments], recorder.note
    ([0, 1, 2, 3], '')
    """

    def __init__(self, moments=MOMENTS, limit=BYTES):
        super().__init__()
        if not isinstance(moments, int) or moments < 2:
            raise ValueError(f"Recorder: `moments` must be a whole number from 2 up; got {moments!r}.")
        self.most, self.limit = moments, limit
        self.moments, self.every, self.seen = [], 1, 0
        self.note = ""

    def on_train_begin(self, logs=None):
        if self.moments and self._is_reset():
            self.moments, self.every, self.seen, self.note = [], 1, 0, ""
        if not self.moments:
            self._keep(0, {})

    def _is_reset(self):
        """Whether the model has its first weights again: then its history begins anew."""
        pairs = zip(self.model.variables, self.moments[0].weights)
        return self.seen and all(np.array_equal(v.numpy(), w) for v, w in pairs)

    def on_epoch_end(self, epoch, logs=None):
        self.seen += 1
        if self.seen % self.every == 0:
            self._keep(self.seen, dict(logs or {}))

    def _keep(self, epoch, logs):
        weights = [v.numpy() for v in self.model.variables]
        if self.moments and [w.shape for w in weights] != [w.shape for w in self.moments[-1].weights]:
            self.moments.clear()  # another model, or one that has been rebuilt
        room = max(2, min(self.most, self.limit // max(sum(w.nbytes for w in weights), 1)))
        self.moments.append(Moment(epoch, weights, logs))
        while len(self.moments) > room:
            self.every *= 2
            self.moments = [m for m in self.moments if m.epoch % self.every == 0]
            self.note = (f"Kept: every {self.every}th epoch, {room} moments at most "
                         f"({self.limit / 2**20:.0f} MB, {self.most} moments).")
