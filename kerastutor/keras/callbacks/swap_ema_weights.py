"""Evaluation with the averages of the weights."""

from .callback import Callback


class SwapEMAWeights(Callback):
    """Puts the averages that an optimizer with `use_ema=True` keeps in place of the weights, to evaluate with them.

    Parameters
    ----------
    swap_on_epoch : bool
        Also from the end of an epoch to the beginning of the next one, so that ModelCheckpoint saves the averages.

    Source: https://keras.io/api/callbacks/swap_ema_weights/
    """

    def __init__(self, swap_on_epoch=False):
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._ema_weights_in_model = False

    def _averages(self):
        """Pairs of a variable and its average."""
        optimizer = self.model.optimizer
        optimizers = [o for o in getattr(optimizer, "optimizers", [optimizer]) if o.use_ema and o.built]
        if not optimizers:
            raise ValueError(
                f"SwapEMAWeights needs an optimizer that keeps averages: give {type(optimizer).__name__} use_ema=True."
            )
        return [pair for o in optimizers for pair in zip(o._trainable_variables, o._model_variables_moving_average)]

    def _swap(self, averages_in_model):
        """Exchange weights and averages, unless that has been done."""
        if self._ema_weights_in_model != averages_in_model:
            for variable, average in self._averages():
                weight = variable.numpy()
                variable.assign(average)
                average.assign(weight)
            self._ema_weights_in_model = averages_in_model

    def on_epoch_begin(self, epoch, logs=None):
        if self.swap_on_epoch:
            self._swap(False)

    def on_epoch_end(self, epoch, logs=None):
        if self.swap_on_epoch and not self._ema_weights_in_model:
            self._swap(True)
            if epoch == self.params["epochs"] - 1:  # the end of fit writes the averages into the model: they stay
                for variable, average in self._averages():
                    average.assign(variable)

    def on_test_begin(self, logs=None):
        self._swap(True)

    def on_test_end(self, logs=None):
        self._swap(False)

    def on_predict_begin(self, logs=None):
        self._swap(True)

    def on_predict_end(self, logs=None):
        self._swap(False)
