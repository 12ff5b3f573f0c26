"""Ends a training that has failed."""

import math

from .callback import Callback


class TerminateOnNaN(Callback):
    """Stops as soon as a batch's loss is NaN or infinite.

    Parameters
    ----------
    raise_error : bool
        Raise a RuntimeError instead of ending the training in peace.

    Source: https://keras.io/api/callbacks/terminate_on_nan/
    """

    def __init__(self, raise_error=False):
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(f"The loss of batch {batch} is {loss}: the training ends here.")
        print(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
