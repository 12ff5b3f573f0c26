"""A stopwatch that also says how busy the rest of the machine was, and the peak memory of this process."""

import os
import sys
import time
from pathlib import Path

NOISY = 0.1  # cores used by others above which a timing is called noisy


def is_noisy(others):
    return others is not None and others > NOISY


def machine_busy():
    """CPU seconds spent by everybody since boot (Linux), stolen time included; None elsewhere."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return None
    user, nice, system, _idle, _iowait, *interrupts_and_stolen = map(int, fields)
    return (user + nice + system + sum(interrupts_and_stolen)) / os.sysconf("SC_CLK_TCK")


class Stopwatch:
    """``with Stopwatch() as watch``: then ``watch.seconds``, and ``watch.others``: cores others used, or None."""

    def __enter__(self):
        self._busy, self._own, self._start = machine_busy(), time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self._start
        own, busy = time.process_time() - self._own, machine_busy()
        self.others = None if busy is None else max(0.0, (busy - self._busy - own) / self.seconds)


def peak_memory():
    """Largest resident memory of this process so far, in bytes, or None where the system does not say."""
    try:  # not ru_maxrss on Linux: that one also remembers the parent this process was forked from
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
