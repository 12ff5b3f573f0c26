"""compile, and what happens to one batch. Source: https://keras.io/api/models/model_training_apis/"""

import contextlib
import inspect

import numpy as np

from ...backends import session
from .. import optimizers, tree
from ..autodiff import Tape, Tensor, state
from ..metrics import Mean
from ..utils.data import unpack_x_y_sample_weight
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .data.checks import whole_or_none
from .preparation import Preparation
from .replay import replayable
from .runner import Eager, Replayed

_OVERRIDES = ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics")
_NEVER_CALLED = {"make_train_function", "make_test_function", "make_predict_function"}


class Steps(Preparation):
    """The part of a model that knows what to do with a batch: override `train_step` and the like to do something else.

    A step of your own takes `data`, that is (x, y, sample_weight), finds gradients with `kerastutor.Tape` and gives a
    dict of what to report. It runs as Python at every batch.
    """

    optimizer = None
    compiled = False
    run_eagerly, jit_compile = False, "auto"
    steps_per_execution = 1

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in _NEVER_CALLED & set(vars(cls)):
            raise NotImplementedError(f"{cls.__name__}.{name} would never be called here: override train_step instead.")
        for name in {"train_step", "test_step"} & set(vars(cls)):
            parameters = list(inspect.signature(vars(cls)[name]).parameters)
            if len(parameters) != 2:
                raise NotImplementedError(
                    f"{cls.__name__}.{name}({', '.join(parameters)}): here a step takes `data` alone, which holds "
                    f"(x, y, sample_weight): write def {name}(self, data). The form with `state` is for Keras on JAX."
                )

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
            Of several outputs: a list with one for each, or a dict by the outputs' names.
        loss_weights : list or dict of float, optional
            What each output's loss counts in the sum.
        metrics, weighted_metrics : list or dict, optional
            What to report beside the loss; `weighted_metrics` respect sample weights.
        run_eagerly : bool
            Run the model's Python at every step (to print or debug in it) instead of replaying its kernels.
        steps_per_execution : int
            How many batches run between two calls of the callbacks' batch hooks.
        jit_compile : bool or "auto"
            True also replays a model with custom layers or losses: their Python then runs once for each batch size.

        Raises
        ------
        ValueError
            If a name is unknown; the message says which one was probably meant.
        """
        whole_or_none("steps_per_execution", steps_per_execution, 1, "1")
        compiled_loss, compiled_metrics = CompiledLoss(loss, loss_weights), CompiledMetrics(metrics, weighted_metrics)
        self.optimizer = optimizers.get(optimizer)
        self.loss = loss
        object.__setattr__(self, "_compile_loss", compiled_loss)
        object.__setattr__(self, "_compile_metrics", compiled_metrics)
        object.__setattr__(self, "_loss_tracker", Mean(name="loss"))
        compile_arguments = dict(
            optimizer=self.optimizer, loss=loss, loss_weights=loss_weights, metrics=metrics,
            weighted_metrics=weighted_metrics, run_eagerly=run_eagerly, steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        object.__setattr__(self, "_compile_arguments", compile_arguments)
        self.run_eagerly, self.jit_compile = run_eagerly, jit_compile
        self.steps_per_execution = steps_per_execution or 1
        self.compiled, self._rehearsed = True, None
        self.stop_training = False

    @property
    def metrics(self):
        """The loss's running mean, the compiled metrics as one, each output's loss, and metrics set as attributes."""
        own = self._attached_metrics()
        if not self.compiled:
            return own
        compiled = [self._compile_metrics] if self._compile_metrics.given else []
        return [self._loss_tracker, *compiled, *self._compile_loss.metrics, *own]

    @property
    def metrics_names(self):
        return [m.name for m in self.metrics]

    def reset_metrics(self):
        """Start all running means anew."""
        for m in self.metrics:
            m.reset_state()

    def get_metrics_result(self):
        """The running means now, by name."""
        found = {}
        for m in self.metrics:
            result = m.result()
            found |= result if isinstance(result, dict) else {m.name: result}
        return found

    # one batch ---------------------------------------------------------------------------------

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The loss of a batch, regularisers and `add_loss` included: a tensor of shape ()."""
        main = self._compile_loss(y, y_pred, sample_weight) if self.compiled else None
        parts = [part for part in (main, *self.losses) if part is not None]
        if not parts:
            raise ValueError("There is no loss to minimise: give compile() a loss, as loss='mse'.")
        total = parts[0]
        for part in parts[1:]:
            total = total + (part if part.ndim == 0 else part.sum())
        return total

    def _loss_of(self, x, y, y_pred, sample_weight, training):
        if "training" in inspect.signature(self.compute_loss).parameters:
            return self.compute_loss(x, y, y_pred, sample_weight, training=training)
        return self.compute_loss(x, y, y_pred, sample_weight)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Count a batch in, and give what is to be reported."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _update_metrics(self, y, y_pred, sample_weight):
        if y is not None:
            self._compile_metrics.update_state(y, y_pred, sample_weight)

    def train_step(self, data):
        """Forward, loss, backward, update and running means of one batch; made of kernel calls only.

        Gives what `compute_metrics` of a subclass gives; None if there is none, and the metrics themselves know.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        variables = self.trainable_variables
        with Tape() as tape:
            y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradients(scaled, variables)
        if state.calls is None:
            self.optimizer.apply(gradients, variables)
        else:
            self.optimizer.apply_recorded(gradients, variables)
        return self._count(x, y, y_pred, loss, sample_weight)

    def test_step(self, data):
        """Forward, loss and running means of one batch."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False)
        return self._count(x, y, y_pred, loss, sample_weight)

    def predict_step(self, data):
        """The outputs for one batch."""
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def _count(self, x, y, y_pred, loss, sample_weight):
        rows = float(tree.flatten(x)[0].shape[0])
        self._loss_tracker.update_state(Tensor(loss.value), sample_weight=rows)
        if type(self).compute_metrics is not Steps.compute_metrics:
            return self.compute_metrics(x, y, y_pred, sample_weight)
        self._update_metrics(y, y_pred, sample_weight)

    # many batches ------------------------------------------------------------------------------

    def _runner(self, step, data):
        """What runs `step` on batches of the data: replayed if it can be."""
        if data is None:
            return None
        if not self._replaying:
            return Eager(step, data)
        return Replayed(step, data, self.optimizer if step == self.train_step else None)

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
        own = {name for name in _OVERRIDES if getattr(type(self), name) is not getattr(Steps, name)}
        if self.compiled and self.jit_compile is True:
            return "train_step" not in own  # it writes to the optimizer in Python
        parts = [self]
        if self.compiled:
            parts += [self.optimizer, *self._compile_loss.losses, *self._compile_metrics.metrics]
        return not own and replayable(*parts)

    def _results(self, logs, return_dict=False):
        """What to report: a dict, or the values alone, the loss first; one number if there is only one."""
        logs = self._numbers(logs)
        if return_dict:
            return logs
        names = []
        for m in self.metrics:
            names += [inner.name for inner in m.metrics] if isinstance(m, CompiledMetrics) else [m.name]
        values = [logs[name] for name in names if name in logs]
        values += [logs[name] for name in sorted(logs) if name not in names]
        return values[0] if len(values) == 1 else values

    def _numbers(self, logs=None):
        """A step's logs as Python numbers, in alphabetical order; of the metrics if they are None or the same ones."""
        known = self.get_metrics_result()
        if logs is None or set(logs) == set(known):
            logs = known
        return {name: _number(logs[name]) for name in sorted(logs)}


def _number(value):
    value = np.asarray(value.numpy() if isinstance(value, Tensor) else value)
    return float(value) if value.ndim == 0 else value.copy()
