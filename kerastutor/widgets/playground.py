"""The playground: a small network on points in the plane, watched while it learns."""

import math
import threading
from time import perf_counter

import numpy as np
import traitlets

from kerastutor.widgets import twins
from kerastutor.widgets.base import PER_SECOND, Widget, Worker
from kerastutor.widgets.curves import number
from kerastutor.widgets.points import KINDS, SPAN
from kerastutor.widgets.trial import ACTIVATIONS, GRID, MOST_LAYERS, MOST_NEURONS, OPTIMIZERS, Trial

SPEEDS = (5, 20, 100, 400)  # epochs a second
LONGEST_PLAY = 600  # seconds; a page may have gone without a word


class Playground(Widget):
    """Train a small network on two-dimensional points, and see what each of its neurons has learned.

    A picture shows, for every place (x₁, x₂) of the plane, the value of one neuron there; the large one is the
    output, the probability of class 1, or the neuron that you choose. Lines are weights: the thicker, the larger;
    dashed below zero. Changing the learning rate goes on with the same network, any other change starts anew.

    Parameters
    ----------
    data : {"circles", "xor", "moons", "spiral", "blobs"}
    noise : float
        Standard deviation of the points' random displacement, from 0 to 1.
    seed : int
        For the points and the first weights.
    layers : tuple of int
        Sizes of the hidden layers: 0 to 4 of them, each 1 to 8.
    activation : {"tanh", "relu", "sigmoid", "linear"}
    learning_rate : float
    optimizer : {"adam", "sgd", "rmsprop"}
    l2 : float
        Factor of the sum of squared weights that is added to the loss.
    batch_size : int
    speed : int
        Epochs a second while it plays.

    Attributes
    ----------
    model : keras.Sequential
        The network itself; use it in the next cell. A restart makes a new one.
    history : dict of str to list
        epoch, loss, val_loss, accuracy, val_accuracy; the values before the first step come first.
    x_train, y_train, x_test, y_test : numpy.ndarray
        200 points each, (200, 2), and their classes, (200, 1).

    Raises
    ------
    ValueError
        If a setting is unknown or out of its range.

    Examples
    --------
    >>> from kerastutor.widgets import Playground
    >>> playground = Playground("blobs", layers=())
    >>> playground.step(20)
    >>> playground.model.count_params()
    3
    >>> playground  # doctest: +ELLIPSIS
    Playground: blobs, network 2-1, 20 epochs; loss 0..., test loss 0...; accuracy 1, test accuracy 1

    Source: the idea is that of A Neural Network Playground, https://playground.tensorflow.org
    """

    _script = "playground.js"
    settings = traitlets.Dict().tag(sync=True)
    limits = traitlets.Dict().tag(sync=True)
    speed = traitlets.Int(20).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)

    def __init__(self, data="circles", *, speed=20, **settings):
        self.trial = Trial(data=data, **settings)
        super().__init__(
            settings=self._plain(),
            limits=dict(
                data=list(KINDS), activations=ACTIVATIONS, optimizers=OPTIMIZERS, layers=MOST_LAYERS,
                neurons=MOST_NEURONS, speeds=SPEEDS, span=SPAN, grid=GRID,
            ),
            speed=checked_speed(speed),
        )
        self._worker, self._halt, self._sent = Worker(self._failed), threading.Event(), 0

    def __getattr__(self, name):
        if name in ("model", "history", "x_train", "y_train", "x_test", "y_test"):
            return getattr(self.trial, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    # from Python ---------------------------------------------------------------------------------

    def play(self):
        """Train in the background until `pause`, ten minutes at most; a second call changes nothing."""
        if self._worker.busy:
            return
        self._halt.clear()
        self.playing = True
        self._worker.start(self._play)

    def pause(self):
        """Stop after the epochs in hand, and wait for that."""
        self._halt.set()
        self._worker.join()
        self.playing = False
        self.keep()

    def step(self, epochs=1):
        """Train so many epochs, then return."""
        if not isinstance(epochs, int) or isinstance(epochs, bool) or not 1 <= epochs <= 10_000:
            raise ValueError(f"Playground: epochs must be a whole number from 1 to 10000; got {epochs!r}.")
        self.pause()
        self._train(epochs)

    def reset(self):
        """Begin anew, with the same settings and the same first weights."""
        self._begin(Trial(**self.trial.settings))

    def change(self, **settings):
        """Change settings, as the arguments of `Playground`; playing goes on."""
        trial = self.trial.change(**settings)
        if trial is self.trial:
            self.settings = self._plain()
        else:
            self._begin(trial)

    # from the browser --------------------------------------------------------------------------

    def do_play(self):
        self.play()

    def do_pause(self):
        self.pause()

    def do_step(self):
        self.step()

    def do_reset(self):
        self.reset()

    def do_change(self, **settings):
        self.change(**settings)

    def do_speed(self, speed):
        self.speed = checked_speed(speed)

    def greet(self):
        self._show(fresh=True)

    # at work -----------------------------------------------------------------------------------

    def _plain(self):
        return {**self.trial.settings, "layers": list(self.trial.settings["layers"])}

    def _begin(self, trial):
        was_playing = self.playing
        self.pause()
        self.trial = trial
        self.settings = self._plain()
        self._show(fresh=True)
        if was_playing:
            self.play()

    def _play(self):
        """In the background: some epochs, a look, and a rest, so that the page gets ten looks a second at most."""
        end = perf_counter() + LONGEST_PLAY
        while not self._halt.is_set() and perf_counter() < end:
            began = perf_counter()
            looks = min(PER_SECOND, self.speed)
            if not self._train(max(1, self.speed // looks)):
                break
            self._halt.wait(max(0.01, 1 / looks - (perf_counter() - began)))
        self.playing = False

    def _train(self, epochs):
        """Train and show; False where the loss is no number any more."""
        self.trial.train(epochs)
        self._show()
        self.keep()
        finite = math.isfinite(self.trial.newest["loss"])
        if not finite:
            self.complain(
                f"The loss is not finite after {self.trial.epoch} epochs: with learning rate "
                f"{self.trial.settings['learning_rate']:g} the weights grew without bound. Take a smaller one; reset."
            )
        return finite

    def _failed(self, problem):
        self.playing = False
        self.complain(problem)

    def _show(self, fresh=False):
        """Tell the page the state: pictures as bytes, one a place and neuron; the rest as numbers."""
        trial = self.trial
        scaled = [picture_bytes(p, trial.settings["activation"]) for p in trial.pictures()[:-1]]
        scaled.append(picture_bytes(trial.pictures()[-1], "output"))
        history = trial.history
        since = 0 if fresh else self._sent
        new = [i for i, epoch in enumerate(history["epoch"]) if fresh or epoch > since]
        content = {
            "fresh": fresh,
            "epoch": trial.epoch,
            "weights": [[plain(kernel), plain(bias)] for kernel, bias in trial.weights()],
            "scales": [scales for _, scales in scaled],
            "newest": {name: number(value) for name, value in trial.newest.items()},
            "curve": [[history["epoch"][i], *(number(history[k][i]) for k in ("loss", "val_loss"))] for i in new],
            "say": self.summary(),
        }
        if fresh:
            sides = ((trial.x_train, trial.y_train), (trial.x_test, trial.y_test))
            content["points"] = [np.hstack([x, y]).round(3).tolist() for x, y in sides]
        self._sent = trial.epoch
        self.tell(content, [pixels for pixels, _ in scaled])

    def figure(self):
        """Return the network with its neurons' pictures, the output among the points, and the losses."""
        return twins.playground(self.trial)

    def summary(self):
        trial = self.trial
        now = {name: f"{value:.3g}" if math.isfinite(value) else "not finite" for name, value in trial.newest.items()}
        return (
            f"{trial.settings['data']}, network {trial.network}, {trial.epoch} epoch{'s' * (trial.epoch != 1)}; "
            f"loss {now['loss']}, test loss {now['val_loss']}; "
            f"accuracy {now['accuracy']}, test accuracy {now['val_accuracy']}"
        )


def picture_bytes(pictures, activation):
    """Return (bytes, scales): 0 ... 255 for -scale ... scale of each neuron; the output's middle is 0.5."""
    if activation == "output":
        pictures, scales = 2 * pictures - 1, np.ones(len(pictures))
    elif activation in ("tanh", "sigmoid"):
        scales = np.ones(len(pictures))
    else:
        largest = np.nanmax(np.abs(np.where(np.isfinite(pictures), pictures, 0)), axis=(1, 2))
        scales = np.maximum(largest, 1e-6)
    shares = np.nan_to_num(pictures / scales[:, None, None], posinf=1, neginf=-1).clip(-1, 1)
    return np.round(127.5 + 127.5 * shares).astype(np.uint8).tobytes(), scales.tolist()


def plain(weights):
    """A nested list of numbers, None where one is not finite."""
    weights = np.asarray(weights, dtype=float)
    return np.where(np.isfinite(weights), weights.round(5), None).tolist()


def checked_speed(speed):
    if not isinstance(speed, int) or isinstance(speed, bool) or not 1 <= speed <= max(SPEEDS):
        raise ValueError(f"Playground: speed must be a whole number of epochs a second, 1 to 400; got {speed!r}.")
    return speed
