"""Curves and histograms for TensorBoard."""

import os
import time

import numpy as np

from .. import config, naming
from .callback import Callback
from .event_file import EventFile
from .learning_rate_scheduler import put_into_logs


class TensorBoard(Callback):
    """Writes the files that `tensorboard --logdir logs` shows: loss, metrics and learning rate, histograms of weights.

    Curves of training are in the folder "train", those of validation in "validation".

    Parameters
    ----------
    log_dir : str or path
        A new folder for each training keeps their curves apart.
    histogram_freq : int
        Histograms of all weights every so many epochs; 0: none.
    write_graph : bool
        The graph of a Sequential or functional model.
    write_images : bool
        With the histograms, weights as images.
    write_steps_per_second : bool
    update_freq : "epoch", "batch" or int
        Also curves over batches: of each, or of every so many.
    profile_batch : int
        0: TensorBoard's profiler needs JAX or TensorFlow.
    embeddings_freq, embeddings_metadata
        0 and None: TensorBoard's projector can't read Keras 3's weights.

    Examples
    --------
    >>> from kerastutor import keras
    >>> callback = keras.callbacks.TensorBoard("logs/first")
    >>> model.fit(x, y, epochs=10, callbacks=[callback])  # doctest: +SKIP

    Source: https://keras.io/api/callbacks/tensorboard/
    """

    lazy_logs = True

    def __init__(self, log_dir="logs", histogram_freq=0, write_graph=True, write_images=False,
                 write_steps_per_second=False, update_freq="epoch", profile_batch=0, embeddings_freq=0,
                 embeddings_metadata=None):
        super().__init__()
        if profile_batch:
            raise ValueError("TensorBoard: profile_batch must be 0: its profiler needs JAX or TensorFlow.")
        if embeddings_freq:
            raise ValueError("TensorBoard: embeddings_freq must be 0: its projector can't read Keras 3's weights.")
        if update_freq not in ("epoch", "batch") and not (isinstance(update_freq, int) and update_freq > 0):
            raise ValueError(f"TensorBoard: `update_freq` must be 'epoch', 'batch' or a number; got {update_freq!r}.")
        self.log_dir, self.histogram_freq = os.fspath(log_dir), histogram_freq
        self.write_graph, self.write_images = write_graph, write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._files, self._batch = {}, 0

    def set_model(self, model):
        super().set_model(model)
        self._close()

    def _events(self, folder):
        """The file in "train" or in "validation", which is made when it is first needed."""
        if folder not in self._files:
            self._files[folder] = EventFile(os.path.join(self.log_dir, folder))
        return self._files[folder]

    def _close(self):
        for events in self._files.values():
            events.close()
        self._files = {}

    def on_train_begin(self, logs=None):
        self._batch = 0
        if self.write_graph:
            self._log_graph()

    def on_train_end(self, logs=None):
        self._close()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start, self._steps_before = time.time(), int(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch, logs=None):
        self._batch += 1
        self._batch_start = time.time()

    def on_train_batch_end(self, batch, logs=None):
        if self.update_freq == "epoch" or self._batch % self.update_freq:
            return
        if self.write_steps_per_second:
            speed = 1 / max(time.time() - self._batch_start, 1e-9)
            self._events("train").scalar("batch_steps_per_second", speed, self._batch)
        self._scalars("train", "batch_{}", logs or {}, self._batch)

    def on_test_end(self, logs=None):
        if self.model.optimizer is not None:
            self._scalars("validation", "evaluation_{}_vs_iterations", logs or {}, int(self.model.optimizer.iterations))
            self._events("validation").flush()

    def on_epoch_end(self, epoch, logs=None):
        training = {name: value for name, value in (logs or {}).items() if not name.startswith("val_")}
        validation = {name[4:]: value for name, value in (logs or {}).items() if name.startswith("val_")}
        put_into_logs(self.model.optimizer, training)
        if self.write_steps_per_second:
            steps = int(self.model.optimizer.iterations) - self._steps_before
            training["steps_per_second"] = steps / max(time.time() - self._epoch_start, 1e-9)
        self._scalars("train", "epoch_{}", training, epoch)
        self._scalars("validation", "epoch_{}", validation, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._log_weights(epoch)
        for events in self._files.values():
            events.flush()

    def _scalars(self, folder, tag, values, step):
        for name, value in values.items():
            self._events(folder).scalar(tag.format(name), value, step)

    def _log_graph(self):
        if type(self.model).__name__ not in ("Functional", "Sequential"):
            return
        try:
            text = self.model.to_json()
        except (TypeError, ValueError, NotImplementedError) as error:
            naming.warn(f"TensorBoard: the graph of {self.model.name!r} is not written: {error}")
        else:
            self._events("train").graph("keras", text)

    def _log_weights(self, epoch):
        for layer in self.model.layers:
            for weight in layer.weights:
                name = weight.path.replace(":", "_")
                self._events("train").histogram(f"{name}/histogram", weight.numpy(), epoch)
                images = _as_images(weight.numpy()) if self.write_images else None
                if images is not None:
                    self._events("train").image(f"{name}/image", images, epoch)


def _as_images(weight):
    """A weight as images, an array of shape (images, height, width, channels); None if it has no form for that."""
    w = np.squeeze(weight)
    if w.ndim == 1:
        w = w.reshape(1, -1, 1, 1)
    elif w.ndim == 2:  # wide rather than high
        w = (w.T if w.shape[0] > w.shape[1] else w)[None, :, :, None]
    elif w.ndim == 3:
        w = (w.transpose(2, 0, 1) if config.image_data_format() == "channels_last" else w)[..., None]
    return w if w.ndim == 4 and w.shape[-1] in (1, 3, 4) else None
