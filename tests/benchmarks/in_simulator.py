"""One peer of the GPU run, kerastutor, in Numba's simulator of a GPU: what `test_gpu.py` asks of it, as JSON."""

import json
from dataclasses import replace

from numba.cuda.simulator import kernel

from benchmarks.data import table
from benchmarks.gpu import launches
from benchmarks.peers import keras_gpu
from benchmarks.worker import Job
from benchmarks.workloads import KNOWN, dense
from tests.backends import simulator

simulator.hasten()
started = []
original = kernel.FakeCUDAKernel.__call__


def spied(self, *arguments):
    started.extend([self] * (not self._device))
    return original(self, *arguments)


kernel.FakeCUDAKernel.__call__ = spied


def net(steps, *layers, **changes):
    """A dense net on 4 numbers and 3 classes, for so many steps of two samples."""
    layers = (*layers, dense(3, "softmax"))
    changes |= {"data": table(4, 3), "layers": layers, "batch": 2, "samples": 2 * steps}
    return replace(KNOWN["gpu-tiny-softmax-128"], **changes)


def fitted(steps):
    """A fit of so many steps, in which no callback asks for a value: what it started, and launches a step as told."""
    workload = net(steps)
    trainer = keras_gpu.Trainer(workload, *workload.data(workload.samples)[:2])
    fit = lambda: trainer.model.fit(trainer.x, trainer.y, batch_size=2, verbose=0)
    fit()
    started.clear()
    told = launches.a_step(fit)
    return len(started), told


KNOWN["deeper"] = net(1, dense(2, "relu"), optimizer="adam")
job = Job("keras_gpu")
job.prepare("deeper", 2)
print(json.dumps({"few": fitted(2), "many": fitted(6), "time": job.time(), **job.launches()}))
