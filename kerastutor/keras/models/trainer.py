"""compile, fit, evaluate, predict. Source: https://keras.io/api/models/model_training_apis/"""

import contextlib
import itertools

from ...backends import fetch
from .. import config, tree
from ..autodiff import tensor
from ..callbacks import CallbackList, Logs
from .data import Arrays, class_weights, data_for, one_by_one, split
from .gathering import Gathered, joined
from .interrupt import stop_at_batch_end
from .preparation import check_epochs, check_validation_freq, check_verbose, due, limited, validation_of
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
        x, y : numpy.ndarray, pandas.DataFrame, h5py.Dataset, numpy.memmap
            Samples and targets, one row each; several in lists or dicts. Arrays on disk are read bit by bit.
            Or x alone makes the batches, each (x, y) or (x, y, sample_weight): a `keras.utils.PyDataset`, a generator,
            or anything else that gives them whenever it is gone through, such as a DataLoader.
        batch_size : int, optional
            32 if None. Not with batches.
        epochs, initial_epoch : int
        verbose : {"auto", 0, 1, 2}
            A progress bar (1, "auto"), one line an epoch (2), nothing (0).
        callbacks : list of Callback, optional
        validation_split : float
            The share of the rows, from the end, that is kept for validation.
        validation_data : tuple of (x, y) or (x, y, sample_weight), or batches, optional
        shuffle : bool or "batch"
            Another order of the rows in every epoch, or only of those within each batch. Of a PyDataset: of the
            batches. Other batches come in the order in which they are given.
        class_weight : dict, optional
        sample_weight : numpy.ndarray, optional
        steps_per_epoch, validation_steps : int, optional
            How many batches make an epoch; all if None. Data that never end need it.

        Returns
        -------
        History
            `history.history["loss"]` is a list with one value an epoch. After Ctrl-C: the epochs so far.

        Raises
        ------
        ValueError, TypeError
            If the data do not fit each other or the model, or hold NaN; before any weight has changed, except in what
            is read or made while the training runs.
        """
        self._needs_compile("fit")
        check_epochs(epochs, initial_epoch)
        epochs = limited("epochs", epochs, config.max_epochs())
        check_verbose(verbose)
        check_validation_freq(validation_freq)
        data, validation = self._data_for_fit(
            (x, y, sample_weight), validation_split, validation_data, (batch_size, validation_batch_size or batch_size),
            (steps_per_epoch, validation_steps), class_weight,
        )
        with contextlib.ExitStack() as stack:
            for each in filter(None, (data, validation)):
                stack.callback(each.close)
            self._prepare_fit(data, validation, shuffle)
            callbacks = self._callbacks(callbacks, verbose, data, epochs, add_history=True)
            self.stop_training, self._initial_epoch = False, None
            callbacks.on_train_begin(None)
            logs = self._epochs(range(self._initial_epoch or initial_epoch, epochs), data, validation, shuffle,
                                validation_freq, callbacks)
        if epochs > initial_epoch:
            self.optimizer.finalize_variable_values(self.trainable_variables)
        callbacks.on_train_end(logs)
        return self.history

    def _prepare_fit(self, data, validation, shuffle):
        data.begin(not self._is_ready, shuffle)
        self._needs_targets("fit", data)
        self._prepare(data.sample)
        self._watch(data)
        if validation is not None:
            validation.look()
            self._needs_targets("fit", validation)
            self._prepare_validation(validation.sample, data.sample)
            self._watch(validation, "validation_data")

    def _epochs(self, epochs, data, validation, shuffle, validation_freq, callbacks):
        """All epochs, or those until a callback or Ctrl-C ends the training; the last one's logs."""
        train, test = self._runner(self.train_step, data), self._runner(self.test_step, validation)
        logs = None
        with self._session(), stop_at_batch_end() as interrupted:
            try:
                for epoch in epochs:
                    logs = self._epoch(epoch, data, shuffle, train, callbacks, interrupted)
                    for v in self.variables:
                        fetch(v.value)  # a GPU that fails later leaves these weights behind
                    if validation is not None and not interrupted() and due(epoch, validation_freq):
                        validation.restart()
                        logs |= {f"val_{k}": v for k, v in self._test(validation, test, callbacks, interrupted).items()}
                    if interrupted():
                        raise KeyboardInterrupt
                    logs = dict(sorted(logs.items()))
                    callbacks.on_epoch_end(epoch, logs)
                    if self.stop_training:
                        break
            except KeyboardInterrupt:
                print(f"\nTraining stopped in epoch {epoch + 1} of {epochs.stop}; the model keeps what it has learned.")
        return logs

    def _callbacks(self, callbacks, verbose, data, epochs=1, **options):
        if isinstance(callbacks, CallbackList):
            return callbacks
        options |= dict(add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs, steps=data.batches)
        return CallbackList(callbacks, **options)

    def _data_for_fit(self, arrays, validation_split, validation_data, batch_sizes, steps, class_weight):
        """The data to train on and those to validate with, or None: given, or the training data's last rows."""
        data = data_for(*arrays, batch_sizes[0], steps[0], class_weight)
        if validation_data is not None:
            return data, validation_of(validation_data, batch_sizes[1], steps[1])
        return split(data, validation_split, batch_sizes, steps) if validation_split else (data, None)

    def _epoch(self, epoch, data, shuffle, train, callbacks, interrupted):
        """All batches of one epoch; the running means at its end."""
        self.reset_metrics()
        callbacks.on_epoch_begin(epoch, None)
        most = lambda: min(train.most(), callbacks.batches_at_once())
        return self._batches(self._batches_of(data, shuffle, most, callbacks.train_at_once), train,
                             callbacks.on_train_batch_begin, callbacks.on_train_batch_end,
                             lambda: self.stop_training or interrupted())

    def _test(self, data, test, callbacks, interrupted=lambda: False):
        """All batches of an evaluation; the running means at its end."""
        self.reset_metrics()
        callbacks.on_test_begin(None)
        logs = self._batches(self._batches_of(data, False, test.most, callbacks.test_at_once), test,
                             callbacks.on_test_batch_begin, callbacks.on_test_batch_end, interrupted)
        callbacks.on_test_end(logs)
        return logs

    def _batches_of(self, data, shuffle, most, at_once):
        """Triples (step, n, batch) of an epoch: n is what `most` gives at that time, 1 if somebody asks about each."""
        if at_once and self.steps_per_execution == 1:
            return data.stretches(shuffle, most)
        return one_by_one(data.epoch(shuffle, self.steps_per_execution))

    def _batches(self, batches, run, on_begin, on_end, stop):
        """Run a step on each batch, with the hooks around it, or around several.

        What is to be reported is computed only if it is read.
        """
        found, others = None, self.steps_per_execution - 1
        logs = Logs(lambda: self._numbers(found))
        for step, n, batch in batches:
            on_begin(step, None)
            found = run(batch, n)
            if others:
                for _, _, batch in itertools.islice(batches, others):
                    found = run(batch)
            on_end(step + n - 1 + others, logs.forget())
            if stop():
                break
        return dict(logs)

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
        data = data_for(x, y, sample_weight, batch_size, steps)
        with contextlib.closing(data), stop_at_batch_end() as interrupted:
            data.begin(not self._is_ready)
            self._needs_targets("evaluate", data)
            self._prepare(data.sample)
            self._watch(data)
            callbacks = self._callbacks(callbacks, verbose, data)
            with self._session():
                logs = self._test(data, self._runner(self.test_step, data), callbacks, interrupted)
        if interrupted():
            raise KeyboardInterrupt
        return self._results(logs, return_dict)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """The model's outputs for x, which may be all that `fit` takes; of batches (x, y), x counts.

        Returns
        -------
        numpy.ndarray
            One row a sample.
        """
        check_verbose(verbose)
        data = data_for(x, None, None, batch_size, steps, finite=False, only_x=True)
        with contextlib.closing(data), stop_at_batch_end() as interrupted:
            data.begin(not self._has_weights, reset=False)
            self._replaying = self._replays()
            self._fit_to_model(data.sample.x, "x")
            self._build_for(data.sample)
            self._watch(data)
            callbacks = self._callbacks(callbacks, verbose, data)
            callbacks.on_predict_begin(None)
            gathered = Gathered(data.rows)
            with self._session():
                self._predictions(data, gathered, callbacks, interrupted)
        if interrupted():
            raise KeyboardInterrupt
        callbacks.on_predict_end(None)
        return gathered.whole()

    def _predictions(self, data, gathered, callbacks, stop):
        """Gather the outputs of all batches."""
        run, others = self._runner(self.predict_step, data), self.steps_per_execution - 1
        batches = data.epoch(False, self.steps_per_execution)
        for step, batch in batches:
            callbacks.on_predict_batch_begin(step, None)
            new = gathered.add(run(batch))
            if others:
                new = joined([new, *(gathered.add(run(batch)) for _, batch in itertools.islice(batches, others))])
            callbacks.on_predict_batch_end(step + others, {"outputs": new})
            if stop():
                break

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
        self._fit_to_model(data.x, "x")
        outputs = self.predict_step(data.pack(map(tensor, data.arrays)))
        return tree.map_structure(lambda y: y.numpy(), outputs)

    def compute_loss_of(self, y, y_pred):
        """The loss of predictions, regularisers included: a tensor of shape ()."""
        return self.compute_loss(None, y, y_pred)
