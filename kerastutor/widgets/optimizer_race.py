"""Several optimizers on one surface, or on one net: who comes down, and how."""

import math
import threading

import numpy as np
import traitlets

from kerastutor import keras
from kerastutor.keras.naming import look_up
from kerastutor.widgets import race_figure
from kerastutor.widgets.base import Widget, Worker
from kerastutor.widgets.curves import number
from kerastutor.widgets.racers import racers
from kerastutor.widgets.surfaces import SURFACES, descend

NET = "your net"
MOST_STEPS = 2000
RATES = (1e-5, 2.0)  # the sliders' ends


class OptimizerRace(Widget):
    """Let optimizers run side by side from one place: down a surface of two numbers, or on copies of one net.

    On a surface the optimizers of ``keras.optimizers`` walk on a `Variable`, by the slope that our own tape finds; drag
    the start, choose the surface, turn each learning rate. On a net each gets a copy with the same weights and sees the
    same rows in the same order (they are not shuffled).

    Parameters
    ----------
    optimizers : list or dict
        Names ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "nadam", "adamax", "lion"), or optimizers; a
        dict gives them names. A name's learning rate suits the surface; on a net it is Keras's own.
    surface : {"bowl", "ravine", "saddle", "Rosenbrock", "Beale"}
    start : tuple of two floats, optional
        The surface's own if None.
    steps : int
    model : kerastutor.keras.Model, optional
        Built and compiled. The race is then on this net; it stays as it is.
    x, y
        Its training data.
    epochs, batch_size : int

    Attributes
    ----------
    paths : dict of str to numpy.ndarray
        For each optimizer (steps + 1, 3): x, y and the height. NaN where it was lost.
    losses : dict of str to list of float
        For each optimizer the net's loss before training and after each epoch (the mean over the epoch).

    Raises
    ------
    ValueError
        If a name is unknown, `start` outside the picture, `steps` not from 1 to 2000, or the model not compiled.

    Examples
    --------
    >>> from kerastutor.widgets import OptimizerRace
    >>> race = OptimizerRace(["sgd", "adam"], "bowl", start=(2, 1), steps=50)  # in a notebook: race
    >>> race.paths["sgd"].shape
    (51, 3)
    >>> race.figure().savefig("race.png")  # doctest: +SKIP
    """

    _script = "optimizer_race.js"
    track = traitlets.Unicode("ravine").tag(sync=True)
    tracks = traitlets.List().tag(sync=True)
    start = traitlets.List([0.0, 0.0]).tag(sync=True)
    steps = traitlets.Int(200).tag(sync=True)
    field = traitlets.List().tag(sync=True)  # the racers: label, formula, rate, running
    rates = traitlets.Tuple(RATES).tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self, optimizers=("sgd", "momentum", "rmsprop", "adam"), surface="ravine", *, start=None, steps=200,
        model=None, x=None, y=None, epochs=20, batch_size=32,
    ):
        self._racers = racers(optimizers)
        look_up(surface, SURFACES, "surface")
        check_whole("steps", steps, MOST_STEPS)
        check_net(model, x, y, epochs)
        super().__init__(steps=steps, tracks=[*SURFACES, *([NET] if model is not None else [])])
        self._net = (model, x, y, epochs, batch_size)
        self.paths, self.losses = {}, {}
        self._worker, self._lock, self._turn, self._racing = Worker(self._failed), threading.Lock(), 0, False
        self._choose(surface, start)
        if model is None:
            self._run_on_surface(self._turn)
        else:
            self.do_track(NET)

    @property
    def surface(self):
        """The surface of the race, or None: it is on the net."""
        return SURFACES.get(self.track)

    def wait(self, seconds=None):
        """Wait until a race on the net has ended; return whether it has."""
        return self._worker.join(seconds)

    # what the page asks for --------------------------------------------------------------------

    def do_track(self, name):
        self._choose(look_up(name, {track: track for track in self.tracks}, "track"))
        self._race()

    def do_start(self, x, y):
        self.start = check_start(self.surface, (x, y))
        self._race()

    def do_steps(self, steps):
        self.steps = check_whole("steps", steps, MOST_STEPS)
        self._race()

    def do_rate(self, label, value):
        if not (isinstance(value, (int, float)) and 0 < value < math.inf):
            raise ValueError(f"The learning rate of {label!r} is {value!r}; it must be a number above zero.")
        self._racer(label).rate = value
        self._race()

    def do_running(self, label, on):
        self._racer(label).running = bool(on)
        self._race()

    def do_again(self):
        self._race()

    # the race ----------------------------------------------------------------------------------

    def _racer(self, label):
        return look_up(label, {one.label: one for one in self._racers}, "optimizer")

    def _choose(self, track, start=None):
        self.track = track
        for racer in self._racers:
            racer.suit(self.surface)
        if self.surface:
            self.start = check_start(self.surface, start or self.surface.start)
        self._show_field()

    def _show_field(self):
        self.field = [
            {"label": one.label, "formula": one.formula, "rate": one.rate, "running": one.running}
            for one in self._racers
        ]

    def _race(self):
        """Run in the background; a race that is under way is left for the new one."""
        self._show_field()
        with self._lock:
            self._turn += 1
            if self._racing:
                return
            self._racing = self.busy = True
        self._worker.join()
        self._worker.start(self._run)

    def _run(self):
        done = False
        while not done:
            turn = self._turn
            (self._run_on_surface if self.surface else self._run_on_net)(turn)
            with self._lock:
                done = turn == self._turn
                if done:
                    self._racing = self.busy = False
        self.keep()

    def _run_on_surface(self, turn):
        surface, start, paths = self.surface, tuple(self.start), {}
        for racer in self._runners():
            if turn != self._turn:
                return
            paths[racer.label] = descend(surface, racer.fresh(), start, self.steps)
        self.paths = paths
        self.greet()

    def _run_on_net(self, turn):
        model, x, y, epochs, batch_size = self._net
        copies = {racer.label: copy_of(model, racer.fresh()) for racer in self._runners()}
        self.losses = {label: [] for label in copies}
        for epoch in range(epochs + 1):
            for label, one in copies.items():
                if turn != self._turn:
                    return
                if epoch == 0:
                    loss = one.evaluate(x, y, batch_size=batch_size, verbose=0)
                else:
                    options = dict(batch_size=batch_size, shuffle=False, verbose=0)
                    loss = one.fit(x, y, initial_epoch=epoch - 1, epochs=epoch, **options).history["loss"][0]
                self.losses[label].append(float(loss))
            self.greet()

    def _runners(self):
        return [racer for racer in self._racers if racer.running]

    def _failed(self, problem):
        with self._lock:
            self._racing = self.busy = False
        self.complain(problem)

    def greet(self):
        self.said = self.summary()
        surface = self.surface
        if surface is None:
            losses = {label: [number(loss) for loss in losses] for label, losses in self.losses.items()}
            self.tell({"net": losses, "epochs": self._net[3]})
            return
        grid = race_figure.bands(surface)
        paths = {label: [[number(v) for v in point] for point in path.tolist()] for label, path in self.paths.items()}
        about = {"name": surface.name, "formula": surface.formula, "x": surface.x, "y": surface.y}
        about |= {"minimum": surface.minimum, "lowest": surface.lowest, "rows": grid.shape[0], "columns": grid.shape[1]}
        self.tell({"surface": about, "paths": paths}, [grid.tobytes()])

    def figure(self):
        if self.surface is None:
            return race_figure.net(self.losses, self._racers)
        return race_figure.surface(self.surface, self.paths, self._racers)

    def ends(self):
        """Return where each came out: the last height, or the last loss; the best first."""
        last = {label: path[-1, 2] for label, path in self.paths.items()}
        if self.surface is None:
            last = {label: losses[-1] for label, losses in self.losses.items() if losses}
        return dict(sorted(last.items(), key=lambda item: (math.isnan(item[1]), item[1])))

    def summary(self):
        ends = [f"{label} {'lost' if math.isnan(v) else format(v, '.3g')}" for label, v in self.ends().items()]
        what = f"{self.track}, {self.steps} steps from ({self.start[0]:g}, {self.start[1]:g})"
        return f"Race on {what if self.surface else self.track}: {', '.join(ends) or 'not run yet'}"


def copy_of(model, optimizer):
    """Return a copy of the model with its weights, its loss, and another optimizer."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.compile(optimizer=optimizer, loss=model.loss)
    return copy


def check_whole(name, value, most):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 1 <= value <= most:
        raise ValueError(f"OptimizerRace: {name} is {value!r}; it must be a whole number from 1 to {most}.")
    return int(value)


def check_start(surface, start):
    """Return the start as two floats; raise where it is not in the picture."""
    if surface is None:
        raise ValueError("A race on a net starts where the net stands: there is no point to choose.")
    try:
        x, y = (float(v) for v in start)
    except (TypeError, ValueError):
        raise ValueError(f"OptimizerRace: start is {start!r}; it must be two numbers, as {surface.start}.") from None
    if not (surface.x[0] <= x <= surface.x[1] and surface.y[0] <= y <= surface.y[1]):
        raise ValueError(
            f"OptimizerRace: start ({x:g}, {y:g}) is outside the picture of {surface.name!r}: "
            f"x from {surface.x[0]} to {surface.x[1]}, y from {surface.y[0]} to {surface.y[1]}."
        )
    return [x, y]


def check_net(model, x, y, epochs):
    if model is None:
        return
    if not model.compiled or not model.built:
        raise ValueError("OptimizerRace: the model must be built (keras.Input) and compiled; its loss is what counts.")
    if x is None or y is None:
        raise ValueError("OptimizerRace: a race on a net needs its data: OptimizerRace(..., model=model, x=x, y=y).")
    check_whole("epochs", epochs, 10_000)
