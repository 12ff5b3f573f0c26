"""Who can do the work.

Each module here has ``Trainer(workload, x, y)`` with ``fit() -> (loss, accuracy)`` and ``predict()``, which goes over
x once. Layers that it does not know it refuses with NotImplementedError.
"""

from dataclasses import dataclass, field
from importlib.util import find_spec

OURS, LIMIT = "kerastutor", "blas"


@dataclass(frozen=True)
class Peer:
    name: str
    module: str  # in this folder
    needs: tuple  # modules that must be installed
    imports: str  # the statement whose time is the peer's import time
    environment: dict = field(default_factory=dict)

    def missing(self):
        return [name for name in self.needs if find_spec(name) is None]


def keras_on(backend, module):
    return Peer(f"keras-{backend}", "keras_fit", ("keras", module), "import keras",
                {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"})  # fmt: skip


PEERS = (
    Peer(OURS, "keras_fit", ("kerastutor", "kerastutor.keras"), "from kerastutor import keras"),
    keras_on("jax", "jax"),
    keras_on("tensorflow", "tensorflow"),
    keras_on("torch", "torch"),
    Peer("pytorch", "pytorch", ("torch",), "import torch"),
    Peer("pytorch-channels-last", "pytorch", ("torch",), "import torch"),
    Peer("jax", "jax_jit", ("jax",), "import jax"),
    Peer("scikit-learn", "sklearn_mlp", ("sklearn",), "import sklearn.neural_network"),
    Peer(LIMIT, "blas", (), "import numpy"),
)


def is_keras(name):
    return name.startswith("keras-")


def is_peer(name):
    return name not in (OURS, LIMIT)


def select(names):
    """The peers named (all for no names), installed or not; the physical limit always runs along."""
    known = [p.name for p in PEERS]
    if unknown := set(names) - set(known):
        raise ValueError(f"no peer {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [p for p in PEERS if not names or p.name in names or p.name == LIMIT]
