"""Which backend runs the kernels.

`K` is the one object that every op asks: `K.relu`, `K.matmul`, ... are the kernels of the backend in use, listed in
`interface.py`. The NumPy backend is the specification; the others do the same, faster.
"""

import contextlib
import difflib
import importlib
import importlib.util
import os

NAMES = ("numpy", "cpu", "cuda")


class BackendError(RuntimeError):
    """A backend that can't be used here; the message says why and what to do."""


class _Kernels:
    """Forwards each kernel name to the backend in use; the first use loads it (Numba loads only then)."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if "name" in self.__dict__:
            raise AttributeError(f"backend {self.__dict__['name']!r} has no kernel {name!r}; see backends/interface.py")
        use(current())
        return getattr(self, name)


K = _Kernels()

device = None
"""The backend in use if it computes in memory of its own, on a GPU; None if the host's arrays are all there is.

Kernels take the host's arrays all the same, but the numbers in them may then be old. So there are two doors: `fetch`
before the host reads, `wrote` after it has written.
"""


def use(name):
    """Run every kernel from now on with the backend `name`.

    Parameters
    ----------
    name : {"numpy", "cpu", "cuda"}
        "numpy" is the readable specification, "cpu" the Numba kernels, "cuda" the same on an NVIDIA GPU.

    Raises
    ------
    BackendError
        If there is no such backend or it can't run here. The backend in use stays as it was.

    Examples
    --------
    >>> import kerastutor
    >>> kerastutor.use_backend("numpy")
    >>> kerastutor.current_backend()
    'numpy'
    >>> kerastutor.use_backend("cpu")
    """
    if name not in NAMES:
        near = difflib.get_close_matches(str(name), NAMES, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise BackendError(f"There is no backend {name!r}.{hint} The backends are: {', '.join(NAMES)}.")
    reason = why_not(name)
    if reason:
        raise BackendError(f"Backend {name!r} can't be used: {reason}")
    module = importlib.import_module(f"{__name__}.{name}")
    from .interface import KERNELS

    global device
    if device not in (None, module):
        device.leave()
    device = module if hasattr(module, "fetch") else None
    K.__dict__.clear()
    K.__dict__.update({kernel: getattr(module, kernel) for kernel in KERNELS}, name=name)


def current():
    """The name of the backend in use: `use`, else the environment variable KERASTUTOR_BACKEND, else "cpu"."""
    return K.__dict__.get("name") or os.environ.get("KERASTUTOR_BACKEND", "cpu")


def available():
    """Each backend's name, with "" if it can be used here, or one sentence: why not, and what to do."""
    return {name: why_not(name) for name in NAMES}


def why_not(name):
    """"" if backend `name` can run here, else one sentence: why not, and what to do. Found by trying."""
    if name == "cuda":
        from .probe import why_not_cuda

        return why_not_cuda()
    if name == "cpu":
        if importlib.util.find_spec("numba") is None:
            return "Numba is not installed: run `pip install numba`, or use 'numpy'."
        try:
            importlib.import_module(f"{__name__}.cpu")
        except Exception as error:  # a broken Numba or LLVM fails in many ways; each is the reason that we report
            return f"its kernels do not load ({type(error).__name__}: {error}): reinstall Numba, or use 'numpy'."
    return ""


def slower(name):
    """"" or a sentence or two: why backend `name`, which can run here, is slower than it might be."""
    parts = ("blas", "graphs") if name == "cuda" else ()
    reasons = [importlib.import_module(f"{__name__}.cuda.{part}").missing() for part in parts]
    return " ".join(filter(None, reasons))


def fetch(array):
    """`array` itself, with the numbers that it has now: from a GPU they are copied there first."""
    return array if device is None else device.fetch(array)


def wrote(*arrays):
    """Python has written into these arrays: a GPU that has them gets the numbers."""
    if device is not None:
        for a in arrays:
            device.wrote(a)


def prepare(calls, stream=None, results=None, written=()):
    """A list of (kernel, arguments) in the form in which the backend runs it fastest.

    What has to be compiled is compiled now, told on `stream` (the standard error unless given). `results`: the arrays
    that are read after the calls, beside those that were there before them; None if nobody knows. `written`: those that
    Python fills before each run.
    """
    if device is not None:
        return device.prepare(calls, written, results)
    module = importlib.import_module(f"{__name__}.{current()}")
    return module.prepare(calls, stream, results) if hasattr(module, "prepare") else calls


def session():
    """with session(): the backend may have the machine to itself, for a training or a prediction."""
    module = importlib.import_module(f"{__name__}.{current()}")
    return module.session() if hasattr(module, "session") else contextlib.nullcontext()
