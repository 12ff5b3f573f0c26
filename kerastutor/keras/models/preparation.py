"""Before a training: everything that can go wrong goes wrong here, and nothing has changed by then."""

import numbers

import numpy as np

from ..autodiff import Tensor, recording, tensor
from .data import Arrays


class Preparation:
    """The part of a model that sees whether data, layers, loss and metrics fit each other."""

    def checked_batch(self, x, y):
        """x and y as checked arrays, the model built for them: what a training step takes."""
        data = Arrays(x, y, None, len(x))
        self._prepare(data)
        return data.arrays[0], data.arrays[1]

    def _needs_compile(self, what):
        if not self.compiled:
            raise ValueError(
                f"{what} needs a compiled model: "
                "call model.compile(optimizer='rmsprop', loss=..., metrics=[...]) first."
            )

    def _fit_to_model(self, data, name):
        """Check x's shape against the model's input; a column (n,) becomes (n, 1) where the model takes that."""
        expected = self._expected_shape()
        x = data.arrays[0]
        if expected is None:
            return
        if x.ndim == 1 and len(expected) == 2 and expected[1] in (1, None):
            data.arrays[0] = x = x.reshape(-1, 1)
        if len(expected) != x.ndim or any(e not in (None, s) for e, s in zip(expected[1:], x.shape[1:], strict=True)):
            hint = ""
            if x.ndim > 1 and np.prod(x.shape[1:]) == np.prod([e or 0 for e in expected[1:]]):
                hint = f" The numbers are as many as needed: x.reshape({(-1, *expected[1:])}) gives them that shape."
            elif x.ndim == len(expected) - 1 and x.shape == tuple(expected[1:]):
                hint = " One sample alone needs a batch axis: x[None, ...]."
            raise ValueError(
                f"`{name}` has samples of shape {x.shape[1:]} (in all {x.shape}), but model {self.name!r} takes "
                f"samples of shape {tuple(expected[1:])}.{hint}"
            )

    def _expected_shape(self):
        return None

    def _build_for(self, data):
        """Make the weights, if they are not there yet, for data of this shape. True if anything was made."""
        if self.built and all(layer.built for layer in self._layers):
            return False
        self._make_weights(data.arrays[0])
        return True

    def _make_weights(self, x):
        self._try(x)

    def _output_shape_for(self, data):
        return (None, *self._try(data.arrays[0]).shape[1:])

    def _try(self, x):
        """The model's output for two samples: traced without values, or computed where custom code may look at them."""
        if self._replaying:
            with recording():
                return self(Tensor(np.empty((2, *x.shape[1:]), x.dtype)), training=False)
        return self(tensor(x[:2]), training=False)

    def _prepare(self, data):
        """Everything that can go wrong goes wrong here, before any step: shapes of data, model, loss and metrics."""
        self._replaying = self._replays()
        self._fit_to_model(data, "x")
        made = self._build_for(data)
        p_shape = self._output_shape_for(data)
        y = data.arrays[1]
        if y is not None:
            self._compile_loss.build((None, *y.shape[1:]), p_shape)
            if not self._compile_metrics.built:
                self._compile_metrics.build((None, *y.shape[1:]), p_shape)
                self._replaying = self._replays()  # now that the metrics are known
                made = True
            self._compile_loss.check_targets(y, p_shape)
        self.optimizer.prepare(self.trainable_variables)
        if self._replaying:
            self._rehearse(data)
        return made

    def _prepare_validation(self, validation, data):
        """The same for data to validate with, beside the training data."""
        self._fit_to_model(validation, "validation_data")
        self._compile_loss.check_targets(validation.arrays[1], self._output_shape_for(data))
        if self._replaying:
            self._rehearse(validation)

    def _rehearse(self, data):
        """One step on tensors of the right shapes and no values: what does not fit says so now."""
        try:
            with recording():
                self.test_step(*[None if b is None else Tensor(b) for b in data.buffers(min(data.batch_size, data.n))])
        except ValueError as error:
            shapes = [f"`{n}` {a.shape}" for n, a in zip("xy", data.arrays) if a is not None]
            raise ValueError(f"{error} (Model {self.name!r}, data {', '.join(shapes)}.)") from None


def check_epochs(epochs, initial_epoch):
    for name, value in (("epochs", epochs), ("initial_epoch", initial_epoch)):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 0:
            raise ValueError(f"`{name}` must be a whole number from 0 up; got {value!r}.")


def check_verbose(verbose):
    if verbose not in ("auto", 0, 1, 2):
        raise ValueError(f"`verbose` must be 'auto', 0 (silent), 1 (a bar) or 2 (a line an epoch); got {verbose!r}.")


def check_validation_freq(freq):
    if isinstance(freq, (list, tuple, set)):
        return
    if isinstance(freq, bool) or not isinstance(freq, numbers.Integral) or freq < 1:
        raise ValueError(f"`validation_freq` must be a whole number from 1 up, or a list of epochs; got {freq!r}.")


def validation_arrays(data, batch_size, steps):
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        raise ValueError("`validation_data` must be a tuple (x, y) or (x, y, sample_weight).")
    return Arrays(*data, *[None] * (3 - len(data)), batch_size, steps, names=("validation x", "validation y"))


def due(epoch, validation_freq):
    if isinstance(validation_freq, numbers.Integral):
        return (epoch + 1) % validation_freq == 0
    return epoch + 1 in validation_freq

