"""What goes wrong on a device, in one clear sentence each; and one thread at a time that asks it for something."""

import contextlib
import threading

from .. import BackendError

DRIVERS = {"CudaAPIError", "CudaDriverError", "CudaSupportError", "LinkerError", "CUDAError", "cuBLASError"}
"""What Numba, cuda-core and cuBLAS call their errors: they are in different places from version to version."""

_lost = []  # what the driver said when it gave up; from then on no kernel can run in this process


_alone = threading.RLock()


@contextlib.contextmanager
def told():
    """with told(): an error of the driver's becomes a BackendError that says what to do.

    Other threads wait meanwhile: all share one stream, and what a second one put there while a step is captured as a
    graph would become part of it.
    """
    with _alone:
        try:
            yield
        except Exception as error:
            if not is_drivers(error):
                raise
            raise explained(error) from error


def is_drivers(error):
    """Whether it is the device or its driver that failed, not a program."""
    return not DRIVERS.isdisjoint(kind.__name__ for kind in type(error).__mro__)


def explained(error):
    """A BackendError for an error of the driver's."""
    if is_full(error):
        return BackendError(
            "The GPU's memory is full. The weights are as they were after the last step: save them, then try a smaller "
            "batch_size, or give data that do not fit as a generator or a PyDataset. Another program may hold memory "
            "too: `nvidia-smi` shows which."
        )
    _lost.append(str(error))
    return gone()


def gone():
    """The error of every kernel since the device was lost."""
    return BackendError(
        f"The GPU stopped working ({_lost[0]}). The model still has the weights that it had at the end of the last "
        "epoch: save them with model.save(...), then restart Python."
    )


def lost():
    return bool(_lost)


def is_full(error):
    return "OUT_OF_MEMORY" in str(error) or "out of memory" in str(error)
