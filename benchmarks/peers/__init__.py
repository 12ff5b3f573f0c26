"""Who can do the work.

Each module here has ``Trainer(workload, x, y)`` with ``fit() -> (loss, accuracy)`` and ``predict()``, which goes over
x once. Layers that it does not know it refuses with NotImplementedError.
"""

from dataclasses import dataclass, field, replace
from importlib.util import find_spec

OURS, LIMIT = "kerastutor", "blas"
WITHOUT_GRAPHS = f"{OURS}-without-graphs"  # on a GPU, launch by launch


@dataclass(frozen=True)
class Peer:
    name: str
    module: str  # in this folder
    needs: tuple  # modules that must be installed
    imports: str  # the statement whose time is the peer's import time
    environment: dict = field(default_factory=dict)
    fused: bool = False  # whether it does a whole LSTM by one call of cuDNN, on a GPU

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


ON_GPU = {
    "KERASTUTOR_BACKEND": "cuda",
    "NVIDIA_TF32_OVERRIDE": "0", "JAX_DEFAULT_MATMUL_PRECISION": "float32",  # float32 is float32, for everybody
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # several processes share the card
}  # fmt: skip


def on_gpu(name, module, like=None, fused=True, **environment):
    """The peer `like` that one (or `name`), by a module that works on a GPU."""
    peer = next(p for p in PEERS if p.name == (like or name))
    environment = {**peer.environment, **ON_GPU, **environment}
    return replace(peer, name=name, module=module, environment=environment, fused=fused)


GPU_PEERS = (
    on_gpu(OURS, "keras_gpu", fused=False),
    on_gpu(WITHOUT_GRAPHS, "keras_gpu", OURS, fused=False, KERASTUTOR_CUDA_GRAPHS="0"),
    on_gpu("keras-jax", "keras_gpu"),
    on_gpu("keras-tensorflow", "keras_gpu"),
    on_gpu("keras-torch", "keras_gpu"),
    on_gpu("pytorch", "pytorch_gpu"),
    on_gpu("pytorch-compiled", "pytorch_gpu", "pytorch"),
    on_gpu("pytorch-without-cudnn", "pytorch_gpu", "pytorch", fused=False),
    on_gpu("jax", "jax_gpu", fused=False),
)


def is_keras(name):
    return name.startswith("keras-")


def is_peer(name):
    return name not in (OURS, WITHOUT_GRAPHS, LIMIT)


def select(names, among=PEERS):
    """The peers named (all for no names), installed or not; the physical limit always runs along."""
    known = [p.name for p in among]
    if unknown := set(names) - set(known):
        raise ValueError(f"no peer {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [p for p in among if not names or p.name in names or p.name == LIMIT]
