"""Who runs in a race: an optimizer, its colour's number, its formula with its own numbers in it."""

import difflib

from kerastutor import keras

# name: (class, arguments, does its step grow with the slope?, learning rate; if so, in the surface's)
KNOWN = {
    "sgd": (keras.optimizers.SGD, {}, True, 1.0),
    "momentum": (keras.optimizers.SGD, {"momentum": 0.9}, True, 0.25),
    "nesterov": (keras.optimizers.SGD, {"momentum": 0.9, "nesterov": True}, True, 0.25),
    "adagrad": (keras.optimizers.Adagrad, {}, False, 0.5),
    "rmsprop": (keras.optimizers.RMSprop, {}, False, 0.05),
    "adam": (keras.optimizers.Adam, {}, False, 0.1),
    "nadam": (keras.optimizers.Nadam, {}, False, 0.1),
    "adamax": (keras.optimizers.Adamax, {}, False, 0.1),
    "lion": (keras.optimizers.Lion, {}, False, 0.05),
}


def formula(optimizer):
    """The rule of one step, with g for the gradient and η for the learning rate; "" for one that is not known here."""
    c = optimizer.get_config()
    name, n = type(optimizer).__name__, lambda key: format(c[key], "g")
    rest = lambda key: format(1 - c[key], ".3g")
    if name == "SGD":
        if not c["momentum"]:
            return "w ← w − η g"
        speed = f"v ← {n('momentum')} v − η g"
        return f"{speed};  w ← w + {n('momentum')} v − η g" if c["nesterov"] else f"{speed};  w ← w + v"
    if name == "Adagrad":
        return "a ← a + g²;  w ← w − η g / √a"
    if name == "RMSprop" and not (c["momentum"] or c["centered"]):
        return f"a ← {n('rho')} a + {rest('rho')} g²;  w ← w − η g / √a"
    if name in ("Adam", "AdamW", "Nadam"):
        means = f"m ← {n('beta_1')} m + {rest('beta_1')} g;  v ← {n('beta_2')} v + {rest('beta_2')} g²"
        ahead = "mean of m and g, corrected" if name == "Nadam" else "m̂"
        return f"{means};  w ← w − η {ahead} / √v̂"
    if name == "Adamax":
        return f"m ← {n('beta_1')} m + {rest('beta_1')} g;  u ← max({n('beta_2')} u, |g|);  w ← w − η m̂ / u"
    if name == "Lion":
        step = f"w ← w − η sign({n('beta_1')} m + {rest('beta_1')} g)"
        return f"{step};  m ← {n('beta_2')} m + {rest('beta_2')} g"
    return ""


class Racer:
    """One optimizer of a race; `fresh()` is a new one with the same settings."""

    def __init__(self, label, optimizer, known=None):
        self.label, self.kind, self.known = label, type(optimizer), known
        self.config = optimizer.get_config()
        self.formula = formula(optimizer)
        self.running = True

    @property
    def rate(self):
        return self.config["learning_rate"]

    @rate.setter
    def rate(self, value):
        self.config["learning_rate"] = float(value)

    def suit(self, surface):
        """Take a learning rate for this surface, or for a net (None): Keras's own. An optimizer of yours keeps its."""
        if not self.known:
            return
        kind, _, follows, rate = KNOWN[self.known]
        if surface is None:
            self.rate = kind().learning_rate.numpy()
        else:
            self.rate = surface.rate * rate if follows else rate

    def fresh(self):
        return self.kind.from_config(self.config)


def racers(given):
    """Return a Racer for each of the names or optimizers in `given`.

    Raises
    ------
    ValueError
        If there are none, more than seven, or a name is unknown or comes twice.
    TypeError
        If one is neither a name nor an optimizer.
    """
    pairs = list(given.items()) if isinstance(given, dict) else [(None, one) for one in given]
    if not 1 <= len(pairs) <= 7:
        raise ValueError(f"OptimizerRace: {len(pairs)} optimizers; 1 to 7 can be told apart.")
    found = [_racer(label, one) for label, one in pairs]
    labels = [one.label for one in found]
    if len(set(labels)) < len(labels):
        raise ValueError(f"OptimizerRace: two have the same name in {labels}: give a dict of names and optimizers.")
    return found


def _racer(label, one):
    if isinstance(one, str):
        if one not in KNOWN:
            near = difflib.get_close_matches(one, KNOWN, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"OptimizerRace: unknown optimizer {one!r}.{hint} Known: {', '.join(KNOWN)}.")
        kind, arguments, _, _ = KNOWN[one]
        return Racer(label or one, kind(**arguments), one)
    if not isinstance(one, keras.optimizers.Optimizer):
        raise TypeError(f"OptimizerRace: {one!r} is no optimizer: give a name, or as keras.optimizers.Adam(0.1).")
    if one.schedule is not None:
        raise TypeError(f"OptimizerRace: {one.name!r} has a schedule, and a slider is to set its rate: give a number.")
    return Racer(label or one.name, one)
