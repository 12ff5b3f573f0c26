"""What `fit` returns."""

from .callback import Callback


class History(Callback):
    """What `fit` returns: `history.history[name]` is a list with one value an epoch, names in alphabetical order."""

    def __init__(self):
        super().__init__()
        self.history = {}

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self
