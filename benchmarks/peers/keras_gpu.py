"""Keras's own ``fit`` on a GPU: kerastutor with its backend ``cuda``, and real Keras on the backend KERAS_BACKEND."""

from ..gpu import launches
from . import clocks, keras_fit

OURS = keras_fit.keras.__name__.startswith("kerastutor")


class Trainer(keras_fit.Trainer):
    def __init__(self, workload, x, y):
        self.clock = self.find_clock()
        super().__init__(workload, x, y)

    def find_clock(self):
        if OURS:
            import kerastutor

            kerastutor.use_backend("cuda")  # says what is missing
            return clocks.of_numba()
        backend = keras_fit.keras.backend.backend()
        if backend == "jax":
            return clocks.of_jax(lambda: [variable.value for variable in self.model.variables])
        return clocks.of_torch() if backend == "torch" else clocks.of_tensorflow()

    def launches(self):
        return launches.a_step(self.fit) if OURS else None
