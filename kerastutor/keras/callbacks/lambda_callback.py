"""A callback made of functions."""

from .callback import Callback


class LambdaCallback(Callback):
    """Calls the functions that it is given, each in place of the hook of its name.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end : callable, optional
        Functions of (epoch, logs).
    on_train_begin, on_train_end : callable, optional
        Functions of (logs).
    on_train_batch_begin, on_train_batch_end : callable, optional
        Functions of (batch, logs).
    **kwargs
        Other hooks, or anything else to find on the callback.

    Examples
    --------
    >>> from kerastutor import keras
    >>> tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))

    Source: https://keras.io/api/callbacks/lambda_callback/
    """

    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_train_begin=None, on_train_end=None,
                 on_train_batch_begin=None, on_train_batch_end=None, **kwargs):
        super().__init__()
        given = dict(on_epoch_begin=on_epoch_begin, on_epoch_end=on_epoch_end, on_train_begin=on_train_begin,
                     on_train_end=on_train_end, on_train_batch_begin=on_train_batch_begin,
                     on_train_batch_end=on_train_batch_end)
        vars(self).update(kwargs)
        vars(self).update({hook: function for hook, function in given.items() if function is not None})
