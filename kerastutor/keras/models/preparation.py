"""Before a training: everything that can go wrong goes wrong here, and nothing has changed by then."""

import numbers

import numpy as np

from .. import naming, tree
from ..autodiff import Tensor, recording, tensor
from .data import Arrays, Batches, data_for
from .inputs import arranged, fits, shape_hint


class Preparation:
    """The part of a model that sees whether data, layers, loss and metrics fit each other."""

    _rehearsed = None  # how many layers there were, and what data, when all was last seen to fit since `compile`

    def checked_batch(self, x, y):
        """x and y as checked arrays, the model built for them: what a training step takes."""
        data = Arrays(x, y, None, len(tree.flatten(x)[0]))
        self._prepare(data)
        return data.x, data.y

    def _needs_compile(self, what):
        if not self.compiled:
            raise ValueError(
                f"{what} needs a compiled model: "
                "call model.compile(optimizer='rmsprop', loss=..., metrics=[...]) first."
            )

    def _fit_to_model(self, x, name):
        """Check the shapes of x against the model's Inputs, if it has any."""
        declared = self._declared_inputs
        if declared is None:
            return
        leaves = arranged(x, declared, self.name)
        for x, wanted in zip(leaves, tree.flatten(declared), strict=True):
            if not fits(x.shape, wanted.shape):
                which = f"`{name}`" if len(leaves) == 1 else f"`{name}` for input {wanted.name!r}"
                raise ValueError(
                    f"{which} has samples of shape {x.shape[1:]} (in all {x.shape}), but model {self.name!r} takes "
                    f"samples of shape {wanted.shape[1:]}.{shape_hint(x.shape[1:], wanted.shape[1:])}"
                )

    @property
    def _declared_inputs(self):
        return None

    def _build_for(self, data):
        """Make the weights, if they are not there yet, for data of this shape. True if anything was made."""
        if self._has_weights:
            return False
        self._try(data.x)
        return True

    @property
    def _has_weights(self):
        return self.built and all(layer.built for layer in self._layers)

    @property
    def _is_ready(self):
        """Whether weights, losses and metrics are all made: Keras then looks at no batch before it starts."""
        compiled = self._compile_loss, self._compile_metrics
        return self._has_weights and all(one.built for one in compiled if one.given)

    def _outputs_for(self, data):
        """What the model gives for these data: placeholders or tensors, for their shapes."""
        outputs = getattr(self, "output", None) if self._declared_inputs is not None else None
        return outputs if outputs is not None else self._try(data.x)

    def _try(self, x):
        """The model's output for two samples: traced without values, or computed where custom code may look at them."""
        if self._replaying:
            with recording():
                empty = tree.map_structure(lambda a: Tensor(np.empty((2, *a.shape[1:]), a.dtype)), x)
                return self(empty, training=False)
        return self(tree.map_structure(lambda a: tensor(a[:2]), x), training=False)

    def _prepare(self, data):
        """Everything that can go wrong goes wrong here, before any step: shapes of data, model, loss and metrics."""
        self._replaying = self._replays()
        self._fit_to_model(data.x, "x")
        made = self._build_for(data)
        if data.y is not None:
            made = self._build_compiled(data) or made
        self.optimizer.prepare(self.trainable_variables)
        if self._replaying:
            self._rehearse(data)
        return made

    def _build_compiled(self, data):
        """Choose losses and metrics for the shapes, once; then check the targets. True if anything was made."""
        outputs, made = self._outputs_for(data), False
        for compiled in (self._compile_loss, self._compile_metrics):
            if compiled.given and not compiled.built:
                compiled.build(data.y, outputs, self.output_names)
                made = True
        if made:
            self._replaying = self._replays()  # now that losses and metrics are known
        if self._compile_loss.built:
            self._compile_loss.check_targets(data.y, [p.shape for p in tree.flatten(outputs)])
        return made

    def _prepare_validation(self, validation, data):
        """The same for data to validate with, beside the training data."""
        self._fit_to_model(validation.x, "validation_data")
        if self._compile_loss.built and validation.y is not None:
            shapes = [p.shape for p in tree.flatten(self._outputs_for(data))]
            self._compile_loss.check_targets(validation.y, shapes)
        if self._replaying:
            self._rehearse(validation)

    def _watch(self, data, name="x"):
        """Let data that come bit by bit be checked as they come: their shapes and targets."""
        if data is None or data is data.sample:
            return
        shapes = [p.shape for p in tree.flatten(self._outputs_for(data.sample))] if self._checks_targets(data) else []
        known = set()

        def inspect(x, y):
            kind = tuple(a.shape[1:] for a in tree.flatten(x))
            if kind not in known:
                self._fit_to_model(x, name)
                known.add(kind)
            if shapes and y is not None:
                self._compile_loss.check_targets(y, shapes)

        data.inspect = inspect

    def _checks_targets(self, data):
        return self.compiled and self._compile_loss.built and data.sample.y is not None

    def _needs_targets(self, what, data):
        if data.sample.y is None and self._compile_loss.given:
            how = f"call {what}(x, y)" if data is data.sample else "each batch must be (x, y)"
            raise ValueError(f"{what}: `y` is missing: the loss compares the model's output with targets: {how}.")

    def _rehearse(self, data):
        """One step on tensors of the right shapes and no values: what does not fit says so now. Once is enough."""
        buffers = data.buffers(min(data.batch_size, data.n))
        kind = (len(self._layers), *((b.shape, b.dtype.str) for b in buffers))
        if kind == self._rehearsed:
            return
        try:
            with recording():
                self.test_step(data.pack([Tensor(b) for b in buffers]))
            self._rehearsed = kind
        except ValueError as error:
            shapes = [f"`{name}` {tree.map_structure(np.shape, part)}" for name, part in (("x", data.x), ("y", data.y))
                      if part is not None]
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


def validation_of(data, batch_size, steps):
    """What came as `validation_data`: (x, y), (x, y, sample_weight), or batches."""
    names = "validation x", "validation y"
    if isinstance(data, (tuple, list)):
        if len(data) not in (2, 3):
            raise ValueError(
                f"`validation_data` must be a tuple (x, y) or (x, y, sample_weight), or batches as a PyDataset gives "
                f"them; got {len(data)} parts."
            )
        return data_for(*data, *[None] * (3 - len(data)), batch_size, steps, names=names)
    made = data_for(data, None, None, None, steps, names=names)
    if not isinstance(made, Batches):
        raise ValueError("`validation_data` must be a tuple (x, y) or (x, y, sample_weight), or batches of those.")
    return made


def due(epoch, validation_freq):
    if isinstance(validation_freq, numbers.Integral):
        return (epoch + 1) % validation_freq == 0
    return epoch + 1 in validation_freq


def limited(name, value, limit):
    """`value`, but no more than the limit that `keras.config` sets."""
    if limit is None or value <= limit:
        return value
    naming.warn(f"Limiting {name} to {limit}, as keras.config.set_max_{name}({limit}) says.")
    return limit
