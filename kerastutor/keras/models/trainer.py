"""compile, fit, evaluate, predict. Source: https://keras.io/api/models/model_training_apis/"""

import numpy as np

from .. import config, tree
from ..autodiff import tensor
from ..callbacks import CallbackList, Logs
from .data import Arrays, class_weights, split
from .interrupt import stop_at_batch_end
from .preparation import check_epochs, check_validation_freq, check_verbose, due, limited, validation_arrays
from .steps import Steps


class Trainer(Steps):
    """The part of a model that learns."""

    stop_training = False
    _initial_epoch = None  # where a callback found out, at the training's beginning, that it is to go on

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Train for `epochs` passes over the data.

        Parameters
        ----------
        x, y : numpy.ndarray
            Samples and targets, one row each.
        batch_size : int, optional
            32 if None.
        epochs, initial_epoch : int
        verbose : {"auto", 0, 1, 2}
            A progress bar (1, "auto"), one line an epoch (2), nothing (0).
        callbacks : list of Callback, optional
        validation_split : float
            The share of the rows, from the end, that is kept for validation.
        validation_data : tuple of (x, y) or (x, y, sample_weight), optional
        shuffle : bool
            Another order of the rows in every epoch.
        class_weight : dict, optional
        sample_weight : numpy.ndarray, optional

        Returns
        -------
        History
            `history.history["loss"]` is a list with one value an epoch. After Ctrl-C: the epochs so far.

        Raises
        ------
        ValueError, TypeError
            If the data do not fit each other or the model, or hold NaN; before any weight has changed.
        """
        self._needs_compile("fit")
        if y is None and self._compile_loss.given:
            raise ValueError("fit: `y` is missing: the loss compares the model's output with targets: call fit(x, y).")
        check_epochs(epochs, initial_epoch)
        epochs = limited("epochs", epochs, config.max_epochs())
        check_verbose(verbose)
        if class_weight is not None:
            sample_weight = class_weights(y, class_weight, sample_weight)
        check_validation_freq(validation_freq)
        data, validation = self._data_for_fit(
            (x, y, sample_weight), validation_split, validation_data, (batch_size, validation_batch_size or batch_size),
            (steps_per_epoch, validation_steps),
        )
        if self._prepare(data) and shuffle:
            data.new_order()  # Keras looks at a batch to build the model, and draws an order for it
        if validation is not None:
            self._prepare_validation(validation, data)
        callbacks = self._callbacks(callbacks, verbose, data, epochs, add_history=True)
        self.stop_training, self._initial_epoch = False, None
        train, test = self._runner(self.train_step, data), self._runner(self.test_step, validation)
        logs = None
        callbacks.on_train_begin(None)
        with self._session(), stop_at_batch_end() as interrupted:
            try:
                for epoch in range(self._initial_epoch or initial_epoch, epochs):
                    logs = self._epoch(epoch, data, shuffle, train, callbacks, interrupted)
                    if validation is not None and not interrupted() and due(epoch, validation_freq):
                        logs |= {f"val_{k}": v for k, v in self._test(validation, test, callbacks, interrupted).items()}
                    if interrupted():
                        raise KeyboardInterrupt
                    logs = dict(sorted(logs.items()))
                    callbacks.on_epoch_end(epoch, logs)
                    if self.stop_training:
                        break
            except KeyboardInterrupt:
                print(f"\nTraining stopped in epoch {epoch + 1} of {epochs}; the model keeps what it has learned.")
        if epochs > initial_epoch:
            self.optimizer.finalize_variable_values(self.trainable_variables)
        callbacks.on_train_end(logs)
        return self.history

    def _callbacks(self, callbacks, verbose, data, epochs=1, **options):
        if isinstance(callbacks, CallbackList):
            return callbacks
        options |= dict(add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs, steps=data.batches)
        return CallbackList(callbacks, **options)

    def _data_for_fit(self, arrays, validation_split, validation_data, batch_sizes, steps):
        """The data to train on and those to validate with, or None: given, or the training data's last rows."""
        data = Arrays(*arrays, batch_sizes[0], steps[0])
        if validation_data is not None:
            return data, validation_arrays(validation_data, batch_sizes[1], steps[1])
        if not validation_split:
            return data, None
        head, tail = split(data, validation_split)
        return tuple(
            Arrays(*part, size, n, finite=False) for part, size, n in zip((head, tail), batch_sizes, steps)
        )

    def _epoch(self, epoch, data, shuffle, train, callbacks, interrupted):
        """All batches of one epoch; the running means at its end."""
        self.reset_metrics()
        callbacks.on_epoch_begin(epoch, None)
        return self._batches(data.epoch(shuffle), train, callbacks.on_train_batch_begin, callbacks.on_train_batch_end,
                             lambda: self.stop_training or interrupted())

    def _test(self, data, test, callbacks, interrupted=lambda: False):
        """All batches of an evaluation; the running means at its end."""
        self.reset_metrics()
        callbacks.on_test_begin(None)
        logs = self._batches(data.epoch(), test, callbacks.on_test_batch_begin, callbacks.on_test_batch_end,
                             interrupted)
        callbacks.on_test_end(logs)
        return logs

    def _batches(self, batches, run, on_begin, on_end, stop):
        """Run a step on each batch, with the hooks around it. What is to be reported is computed only if it is read."""
        found = None
        logs = Logs(lambda: self._numbers(found))
        for step, rows in batches:
            on_begin(step, None)
            found = run(rows)
            on_end(step, logs.forget())
            if stop():
                break
        return self._numbers(found)

    # evaluate and predict ----------------------------------------------------------------------

    def evaluate(
        self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None, steps=None, callbacks=None,
        return_dict=False,
    ):
        """The loss and the metrics on these data.

        Returns
        -------
        float, list of float or dict
            The loss alone if there are no metrics; [loss, *metrics] in the order of compile(); a dict if `return_dict`.
        """
        self._needs_compile("evaluate")
        check_verbose(verbose)
        if y is None and self._compile_loss.given:
            raise ValueError("evaluate: `y` is missing: the loss compares the model's output with targets.")
        data = Arrays(x, y, sample_weight, batch_size, steps)
        self._prepare(data)
        callbacks = self._callbacks(callbacks, verbose, data)
        with self._session(), stop_at_batch_end() as interrupted:
            logs = self._test(data, self._runner(self.test_step, data), callbacks, interrupted)
        if interrupted():
            raise KeyboardInterrupt
        return self._results(logs, return_dict)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """The model's outputs for x.

        Returns
        -------
        numpy.ndarray
            One row a sample.
        """
        check_verbose(verbose)
        data = Arrays(x, None, None, batch_size, steps, finite=False)
        self._replaying = self._replays()
        self._fit_to_model(data, "x")
        self._build_for(data)
        callbacks = self._callbacks(callbacks, verbose, data)
        callbacks.on_predict_begin(None)
        runner = self._runner(self.predict_step, data)
        whole = None
        with self._session(), stop_at_batch_end() as interrupted:
            for step, rows in data.epoch():
                callbacks.on_predict_batch_begin(step, None)
                outputs = tree.map_structure(lambda y: y.numpy(), runner(rows))
                if whole is None:
                    whole = _room(outputs, min(data.batches * data.batch_size, data.n))
                for y, part in zip(tree.flatten(whole), tree.flatten(outputs), strict=True):
                    y[rows] = part  # the next batch overwrites it
                callbacks.on_predict_batch_end(step, {"outputs": _at(whole, rows)})
                if interrupted():
                    break
        if interrupted():
            raise KeyboardInterrupt
        callbacks.on_predict_end(None)
        return whole

    # single batches ----------------------------------------------------------------------------

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step on one batch; its loss and metrics, as they were before the step."""
        self._needs_compile("train_on_batch")
        if class_weight is not None:
            sample_weight = class_weights(y, class_weight, sample_weight)
        return self._results(self._single(self.train_step, x, y, sample_weight), return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """The loss and metrics of one batch."""
        self._needs_compile("test_on_batch")
        return self._results(self._single(self.test_step, x, y, sample_weight), return_dict)

    def _single(self, step, x, y, sample_weight):
        data = Arrays(x, y, sample_weight, len(tree.flatten(x)[0]))
        self._prepare(data)
        self.reset_metrics()
        return step(data.pack(map(tensor, data.arrays)))

    def predict_on_batch(self, x):
        """The outputs for one batch, as an array."""
        data = Arrays(x, batch_size=len(tree.flatten(x)[0]), finite=False)
        self._fit_to_model(data, "x")
        outputs = self.predict_step(data.pack(map(tensor, data.arrays)))
        return tree.map_structure(lambda y: y.numpy(), outputs)

    def compute_loss_of(self, y, y_pred):
        """The loss of predictions, regularisers included: a tensor of shape ()."""
        return self.compute_loss(None, y, y_pred)


def _room(outputs, n):
    """Empty arrays for n rows like those of a batch."""
    return tree.map_structure(lambda y: np.empty((n, *y.shape[1:]), y.dtype), outputs)


def _at(arrays, rows):
    return tree.map_structure(lambda y: y[rows], arrays)
