"""What a callback is: methods that `fit`, `evaluate` and `predict` call."""

HOOKS = [
    "on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin", "on_train_batch_end",
    "on_test_begin", "on_test_end", "on_test_batch_begin", "on_test_batch_end", "on_predict_begin", "on_predict_end",
    "on_predict_batch_begin", "on_predict_batch_end",
]


class Callback:
    """Base of callbacks: override the hooks that you need. A hook left as it is costs nothing: it is never called.

    `self.model` is the model, `self.params` a dict with "verbose", "epochs" and "steps". Setting
    `self.model.stop_training = True` ends the training after the current batch.

    Examples
    --------
    >>> from kerastutor import keras
    >>> class Announce(keras.callbacks.Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(epoch, sorted(logs))
    """

    lazy_logs = False  # True: batch hooks get a Mapping that computes its values only when it is read
    seconds_between_batches = 0  # batch hooks are called at most so often, if that is enough; 0: for each batch
    batches_at_once = None  # or a method: how many training batches may go by until they are to be called again

    def __init__(self):
        self.params = None
        self._model = None

    @property
    def model(self):
        return self._model

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self._model = model

    def on_epoch_begin(self, epoch, logs=None):
        """Before an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """After an epoch and its validation; `logs` has the epoch's loss and metrics, and val_... ones."""

    def on_train_begin(self, logs=None):
        """Before the first epoch."""

    def on_train_end(self, logs=None):
        """After the last epoch."""

    def on_batch_begin(self, batch, logs=None):
        """Another name of on_train_batch_begin."""

    def on_batch_end(self, batch, logs=None):
        """Another name of on_train_batch_end."""

    def on_train_batch_begin(self, batch, logs=None):
        """Before a training batch."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        """After a training batch; `logs` has the means since the epoch began."""
        self.on_batch_end(batch, logs=logs)

    def on_test_begin(self, logs=None):
        """Before an evaluation or validation."""

    def on_test_end(self, logs=None):
        """After an evaluation or validation."""

    def on_test_batch_begin(self, batch, logs=None):
        """Before a batch of it."""

    def on_test_batch_end(self, batch, logs=None):
        """After a batch of it."""

    def on_predict_begin(self, logs=None):
        """Before a prediction."""

    def on_predict_end(self, logs=None):
        """After a prediction."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Before a batch of it."""

    def on_predict_batch_end(self, batch, logs=None):
        """After a batch of it; `logs` has "outputs"."""
