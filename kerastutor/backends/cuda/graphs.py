"""A step's launches as one: a CUDA graph.

A launch costs Python some microseconds, and a small kernel takes less. So the driver writes down what a step puts on
the stream instead of doing it ("captures" it), and then does it all at one launch, step after step. All arrays stay
where they are and what changes from step to step lies in them, so a graph stays as it is.

A step's first run goes launch by launch: it compiles what has to be compiled. Before the second it is captured. Where
that fails, the step goes on launch by launch, and a warning says why. The environment variable
KERASTUTOR_CUDA_GRAPHS=0 leaves graphs out.

Source: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__GRAPH.html
"""

import itertools
import os
import warnings
import weakref

from . import memory
from .launch import SIMULATED

WORTH_IT = 2  # launches


class CUDAError(RuntimeError):
    """What the driver did not do."""


def driver():
    """NVIDIA's own binding of the driver, which numba-cuda brings along; None where there are to be no graphs."""
    if SIMULATED or os.environ.get("KERASTUTOR_CUDA_GRAPHS") == "0":
        return None
    try:
        from cuda.bindings import driver
    except ImportError:
        return None
    return driver


def missing():
    """"" if steps become graphs, else one sentence: why not, and what to do."""
    if driver() is not None or SIMULATED:
        return ""
    if os.environ.get("KERASTUTOR_CUDA_GRAPHS") == "0":
        return "KERASTUTOR_CUDA_GRAPHS=0: a step goes launch by launch, not as one CUDA graph."
    return "cuda-bindings is not installed, so a step goes launch by launch, not as one CUDA graph: " \
           "run `pip install 'kerastutor[cuda]'`."


def captured(calls, on_host):
    """The calls, with a graph in place of launches in succession, if graphs are to be had; `on_host` is no launch."""
    if driver() is None:
        return calls
    made = []
    for is_host, some in itertools.groupby(calls, lambda call: call[0] is on_host):
        some = list(some)
        if is_host or len(some) < WORTH_IT:
            made += some
            continue
        try:
            made.append((Graph(driver(), some), ()))
        except Exception as error:  # of the driver's, or of what was to be launched: what is wrong shows without graphs
            warnings.warn(f"No CUDA graph could be made of a step ({type(error).__name__}: {error}), so it runs launch "
                          "by launch: right, but slower. KERASTUTOR_CUDA_GRAPHS=0 leaves graphs out.", stacklevel=2)
            return calls
    return made


class Graph:
    """Launches that the driver does at one call. They keep what they work on alive."""

    def __init__(self, driver, launches):
        self._driver, self._launches = driver, launches
        graph = self._capture()
        try:
            nodes = self._do("cuGraphGetNodes", graph)[-1]
            if nodes < len(launches):
                raise CUDAError(f"of {len(launches)} launches only {nodes} were captured")
            self._graph = self._do("cuGraphInstantiate", graph, 0)[0]
        finally:
            self._do("cuGraphDestroy", graph)
        weakref.finalize(self, driver.cuGraphExecDestroy, self._graph)

    def __call__(self):
        self._do("cuGraphLaunch", self._graph, _stream())

    def _capture(self):
        """The launches as a graph; while they are captured nothing is done."""
        self._do("cuStreamBeginCapture", _stream(), self._driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED)
        try:
            for function, arguments in self._launches:
                function(*arguments)
        except BaseException:
            self._driver.cuStreamEndCapture(_stream())
            raise
        return self._do("cuStreamEndCapture", _stream())[0]

    def _do(self, name, *arguments):
        """Call the driver: what it gives, without the code of success."""
        code, *given = getattr(self._driver, name)(*arguments)
        if int(code):
            raise CUDAError(f"{name}: {getattr(code, 'name', code)}")
        return given


def _stream():
    return int(getattr(memory.stream, "handle", 0))
