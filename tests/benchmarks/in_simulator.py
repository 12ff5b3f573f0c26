"""One peer of the GPU run, kerastutor, in Numba's simulator of a GPU: what `test_gpu.py` asks of it, as JSON."""

import json
from dataclasses import replace

from numba.cuda.simulator import kernel

from benchmarks.peers import keras_gpu
from benchmarks.worker import Job
from benchmarks.workloads import KNOWN
from tests.backends import simulator

simulator.hasten()
started = []
original = kernel.FakeCUDAKernel.__call__


def spied(self, *arguments):
    started.extend([self] * (not self._device))
    return original(self, *arguments)


kernel.FakeCUDAKernel.__call__ = spied


def fitted(steps):
    """A fit of so many steps that was made ready before: what it started, and launches a step as it tells."""
    workload = replace(KNOWN["gpu-tiny-softmax-128"], batch=2, samples=2 * steps)
    trainer = keras_gpu.Trainer(workload, *workload.data(workload.samples)[:2])
    trainer.fit()
    started.clear()
    told = trainer.launches()
    return len(started), told


job = Job("keras_gpu")
first = job.prepare("gpu-tiny-table-128", 4)
print(json.dumps({"few": fitted(2), "many": fitted(6), "first": first, "time": job.time(), **job.launches()}))
