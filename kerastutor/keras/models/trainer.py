"""compile, fit, evaluate, predict. Source: https://keras.io/api/models/model_training_apis/"""

import contextlib

import numpy as np

from ...backends import session
from .. import optimizers
from ..autodiff import Tape, Tensor, tensor
from ..callbacks import CallbackList, Logs
from ..metrics import Mean
from .compiled import CompiledLoss, CompiledMetrics
from .data import Arrays, class_weights, count, split
from .interrupt import stop_at_batch_end
from .preparation import Preparation, check_epochs, check_validation_freq, check_verbose, due, validation_arrays
from .replay import Program, replayable


class Trainer(Preparation):
    """The part of a model that learns."""

    optimizer = None
    compiled = False
    stop_training = False

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        loss_weights=None,
        metrics=None,
        weighted_metrics=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
        auto_scale_loss=True,
    ):
        """Say how the model is to learn.

        Parameters
        ----------
        optimizer : str or Optimizer
        loss : str, function or Loss
        metrics, weighted_metrics : list, optional
            What to report beside the loss; `weighted_metrics` respect sample weights.
        run_eagerly : bool
            Run the model's Python at every step (to print or debug in it) instead of replaying its kernels.
        jit_compile : bool or "auto"
            True also replays a model with custom layers or losses: their Python then runs once for each batch size.

        Raises
        ------
        ValueError
            If a name is unknown; the message says which one was probably meant.
        """
        if loss_weights is not None:
            raise NotImplementedError("compile: loss_weights is for models with several outputs, not in this version.")
        compiled_loss, compiled_metrics = CompiledLoss(loss), CompiledMetrics(metrics, weighted_metrics)
        self.optimizer = optimizers.get(optimizer)
        self.loss, self._compile_loss, self._compile_metrics = loss, compiled_loss, compiled_metrics
        self._loss_tracker = Mean(name="loss")
        self.run_eagerly, self.jit_compile = run_eagerly, jit_compile
        self.steps_per_execution = steps_per_execution
        self.compiled = True
        self.stop_training = False

    @property
    def metrics(self):
        """The loss's running mean and the compiled metrics."""
        return [self._loss_tracker, *self._compile_metrics.metrics] if self.compiled else []

    @property
    def metrics_names(self):
        return [m.name for m in self.metrics[:1]] + (["compile_metrics"] if self._compile_metrics.identifiers else [])

    def reset_metrics(self):
        """Start all running means anew."""
        for m in self.metrics:
            m.reset_state()

    def get_metrics_result(self):
        """The running means now, by name, in Keras's alphabetical order."""
        return dict(sorted((m.name, float(m.result())) for m in self.metrics))

    # steps -------------------------------------------------------------------------------------

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The loss of a batch, regularisers included: a tensor of shape ()."""
        parts = self.losses
        main = self._compile_loss(y, y_pred, sample_weight)
        if main is not None:
            parts = [main, *parts]
        if not parts:
            raise ValueError("There is no loss to minimise: give compile() a loss, as loss='mse'.")
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    def train_step(self, x, y, sample_weight=None):
        """Forward, loss, backward, update and running means of one batch; made of kernel calls only."""
        self._clear_losses()
        variables = self.trainable_variables
        with Tape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
        self.optimizer.apply_recorded(tape.gradients(loss, variables), variables)
        self._count(x, y, y_pred, loss, sample_weight)

    def test_step(self, x, y, sample_weight=None):
        """Forward, loss and running means of one batch."""
        self._clear_losses()
        y_pred = self(x, training=False)
        self._count(x, y, y_pred, self.compute_loss(x, y, y_pred, sample_weight, training=False), sample_weight)

    def _count(self, x, y, y_pred, loss, sample_weight):
        self._loss_tracker.update_state(Tensor(loss.value), sample_weight=float(x.shape[0]))
        if y is not None:
            self._compile_metrics.update_state(y, y_pred, sample_weight)

    def _predict_step(self, x):
        return self(x, training=False)

    # fit ---------------------------------------------------------------------------------------

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
        if y is None and self._compile_loss.identifier is not None:
            raise ValueError("fit: `y` is missing: the loss compares the model's output with targets: call fit(x, y).")
        check_epochs(epochs, initial_epoch)
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
        callbacks = CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs,
            steps=data.batches,
        )
        self.stop_training = False
        train, test = self._runner(self.train_step, data), self._runner(self.test_step, validation)
        logs = None
        callbacks.on_train_begin(None)
        with self._session(), stop_at_batch_end() as interrupted:
            try:
                for epoch in range(initial_epoch, epochs):
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
        callbacks.on_train_end(logs)
        return self.history

    def _data_for_fit(self, arrays, validation_split, validation_data, batch_sizes, steps):
        """The data to train on and those to validate with, or None: given, or the training data's last rows."""
        data = Arrays(*arrays, batch_sizes[0], steps[0])
        if validation_data is not None:
            return data, validation_arrays(validation_data, batch_sizes[1], steps[1])
        if not validation_split:
            return data, None
        head, tail = split(data.arrays, validation_split)
        return tuple(
            Arrays(*part, size, n, finite=False) for part, size, n in zip((head, tail), batch_sizes, steps)
        )

    def _epoch(self, epoch, data, shuffle, train, callbacks, interrupted):
        """All batches of one epoch; the running means at its end."""
        self.reset_metrics()
        callbacks.on_epoch_begin(epoch, None)
        logs, begin_step = Logs(self.get_metrics_result), self.optimizer.begin_step
        for step, rows in data.epoch(shuffle):
            callbacks.on_train_batch_begin(step, None)
            begin_step()
            train(rows)
            callbacks.on_train_batch_end(step, logs.forget())
            if self.stop_training or interrupted():
                break
        return self.get_metrics_result()

    def _test(self, data, test, callbacks, interrupted=lambda: False):
        """All batches of an evaluation; the running means at its end."""
        self.reset_metrics()
        callbacks.on_test_begin(None)
        logs = Logs(self.get_metrics_result)
        for step, rows in data.epoch():
            callbacks.on_test_batch_begin(step, None)
            test(rows)
            callbacks.on_test_batch_end(step, logs.forget())
            if interrupted():
                break
        logs = self.get_metrics_result()
        callbacks.on_test_end(logs)
        return logs

    def _runner(self, step, data):
        """A function of a batch's rows that runs `step` on them: replayed if it can be."""
        if data is None:
            return None
        if not self._replaying:

            def eagerly(rows):
                return step(*[None if a is None else tensor(a[rows]) for a in data.arrays])

            return eagerly
        programs = {}  # rows in a batch -> (what fills its input arrays, its Program)

        def replayed(rows):
            size = count(rows)
            if size not in programs:
                buffers = data.buffers(size)
                programs[size] = data.filler(buffers), Program(step, buffers)
            fill, program = programs[size]
            fill(rows)
            program.run()
            return program.result

        return replayed

    def _session(self):
        """Around all steps: numbers may overflow silently, as in Keras; replayed steps get the backend's session."""
        stack = contextlib.ExitStack()
        stack.enter_context(np.errstate(all="ignore"))
        if self._replaying:
            stack.enter_context(session())
        return stack

    def _replays(self):
        if self.compiled and self.run_eagerly:
            return False
        if self.compiled and self.jit_compile is True:
            return True
        parts = [self]
        if self.compiled:
            parts += [self.optimizer, self._compile_loss.loss, *self._compile_metrics.metrics]
        return replayable(*parts)

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
        if y is None and self._compile_loss.identifier is not None:
            raise ValueError("evaluate: `y` is missing: the loss compares the model's output with targets.")
        data = Arrays(x, y, sample_weight, batch_size, steps)
        self._prepare(data)
        callbacks = CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=data.batches
        )
        with self._session(), stop_at_batch_end() as interrupted:
            logs = self._test(data, self._runner(self.test_step, data), callbacks, interrupted)
        if interrupted():
            raise KeyboardInterrupt
        return logs if return_dict else self._in_order(logs)

    def _in_order(self, logs):
        values = [logs[m.name] for m in self.metrics]
        return values[0] if len(values) == 1 else values

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
        callbacks = CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=data.batches
        )
        callbacks.on_predict_begin(None)
        runner = self._runner(lambda x, *_: self._predict_step(x), data)
        outputs = None
        with self._session(), stop_at_batch_end() as interrupted:
            for step, rows in data.epoch():
                callbacks.on_predict_batch_begin(step, None)
                y = runner(rows).numpy()
                if outputs is None:
                    outputs = np.empty((min(data.batches * data.batch_size, data.n), *y.shape[1:]), y.dtype)
                outputs[rows] = y
                callbacks.on_predict_batch_end(step, {"outputs": outputs[rows]})  # y is overwritten by the next batch
                if interrupted():
                    break
        if interrupted():
            raise KeyboardInterrupt
        callbacks.on_predict_end(None)
        return outputs

    # single batches ----------------------------------------------------------------------------

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step on one batch; its loss and metrics, as they were before the step."""
        self._needs_compile("train_on_batch")
        if class_weight is not None:
            sample_weight = class_weights(y, class_weight, sample_weight)
        data = Arrays(x, y, sample_weight, len(x))
        self._prepare(data)
        self.reset_metrics()
        self.optimizer.begin_step()
        self.train_step(*[None if a is None else tensor(a) for a in data.arrays])
        return self._results(return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """The loss and metrics of one batch."""
        self._needs_compile("test_on_batch")
        data = Arrays(x, y, sample_weight, len(x))
        self._prepare(data)
        self.reset_metrics()
        self.test_step(*[None if a is None else tensor(a) for a in data.arrays])
        return self._results(return_dict)

    def _results(self, return_dict):
        logs = self.get_metrics_result()
        return logs if return_dict else self._in_order(logs)

    def predict_on_batch(self, x):
        """The outputs for one batch, as an array."""
        data = Arrays(x, batch_size=len(x), finite=False)
        self._fit_to_model(data, "x")
        return self._predict_step(tensor(data.arrays[0])).numpy()

    def compute_loss_of(self, y, y_pred):
        """The loss of predictions, regularisers included: a tensor of shape ()."""
        return self.compute_loss(None, y, y_pred)
