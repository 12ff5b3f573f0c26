"""One peer in its own long-lived process: commands and answers are JSON lines, one at a time.

A worker that has nothing to do is blocked in a read. What the peer prints (the progress bar) goes to
os.devnull, the same for all.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from .quiet import Stopwatch, peak_memory
from .workloads import KNOWN

SETTLE = 0.3  # seconds for the thread pools of whoever worked before to stop spinning


@contextmanager
def only_on(cores):
    """Processes started inside may use so many cores; as many as this one for None."""
    if cores is None:
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class Worker:
    """The near end: starts the process, asks, and turns whatever goes wrong there into RuntimeError."""

    def __init__(self, peer, cores=None, **environment):
        environment = {**os.environ, **peer.environment, "BENCHMARKS_PEER": peer.name, **environment}
        self.name, self.errors, self.born = peer.name, tempfile.TemporaryFile(), time.perf_counter()
        with only_on(cores):
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.worker", peer.module],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=environment, text=True,
            )  # fmt: skip

    def ask(self, do, **arguments):
        try:
            self.process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.errors.seek(0)
            last = self.errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise RuntimeError(f"process ended: {' '.join(last)}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def close(self):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            with suppress(BrokenPipeError):
                stream.close()


class Job:
    """The far end: the commands. At most one workload is held at a time."""

    def __init__(self, module):
        self.module, self.trainer, self.work = module, None, None

    def prepare(self, workload, samples, folder=None):
        """Import the peer, get the data (from files, or as the workload makes them), build, do the work once."""
        self.trainer = self.work = None
        workload = KNOWN[workload]
        clock = [time.perf_counter()]
        module = importlib.import_module(f"{__package__}.peers.{self.module}")
        clock.append(time.perf_counter())
        x, y = (np.load(Path(folder, f"{name}.npy")) for name in "xy") if folder else workload.data(samples)[:2]
        clock.append(time.perf_counter())
        self.trainer = module.Trainer(workload, x, y)
        self.work = getattr(self.trainer, workload.task)
        self.work()
        clock.append(time.perf_counter())
        return dict(zip(("import", "data", "first"), np.diff(clock).tolist(), strict=True))

    def time(self, repeats=1):
        """Seconds of the work, the mean of ``repeats`` in a row; the loss and accuracy that ``fit`` tells.

        On a GPU it ends when the device has done all; seconds by the device's own clock, where it has one, beside.
        """
        clock = getattr(self.trainer, "clock", None)
        with Stopwatch() as watch:
            if clock:
                clock.begin()
            for _ in range(repeats):
                result = self.work()
            device = clock.end() if clock else None
        loss, accuracy = result if isinstance(result, tuple) else (None, None)
        told = {"loss": loss, "accuracy": accuracy}
        told = {key: None if value is None else float(value) for key, value in told.items()}
        if device is not None:
            told["device"] = device / repeats
        return {"seconds": watch.seconds / repeats, "others": watch.others, **told}

    def launches(self):
        """How many launches a step of ``fit`` is made of; None where nobody counts them."""
        count = getattr(self.trainer, "launches", None)
        return {"launches": count and count()}

    def usage(self):
        """What this process has used in its whole life: peak memory in bytes, CPU seconds."""
        return {"peak": peak_memory(), "cpu": time.process_time()}


def main(module):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = Job(module)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(job, command.pop("do"))(**command)
        except Exception as error:  # told to the other end, which shows it in the table
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
