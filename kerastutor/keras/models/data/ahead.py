"""Batches loaded ahead of the training, by threads or processes, and handed out in order."""

import collections
import concurrent.futures
import multiprocessing
import pickle
import signal
import sys


class Ahead:
    """Loads batches of a PyDataset ahead, `workers` at a time; iterating gives them in the order of the numbers.

    Parameters
    ----------
    dataset : PyDataset
    numbers : iterable of int
    """

    def __init__(self, dataset, numbers):
        self._numbers = iter(numbers)
        self._waiting = collections.deque()
        self._room = max(dataset.max_queue_size, dataset.workers)
        if dataset.use_multiprocessing:
            self._pool = _processes(dataset)
            self._load = _load_here
        else:
            self._pool = concurrent.futures.ThreadPoolExecutor(dataset.workers, thread_name_prefix="kerastutor-data")
            self._load = dataset.__getitem__

    def __iter__(self):
        return self

    def __next__(self):
        while len(self._waiting) < self._room and (number := next(self._numbers, None)) is not None:
            self._waiting.append((number, self._pool.submit(self._load, number)))
        if not self._waiting:
            raise StopIteration
        number, batch = self._waiting.popleft()
        try:
            return batch.result()
        except concurrent.futures.BrokenExecutor as error:
            raise RuntimeError(
                f"A process that loads batches of the PyDataset has died (at batch {number}): it ran out of memory, or "
                "the dataset does not work in a fresh process. Try use_multiprocessing=False: threads load then."
            ) from error

    def close(self):
        """Wait for what is being loaded, and end the threads or processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._waiting.clear()


def _processes(dataset):
    """A pool of fresh processes, each with a copy of the dataset. Forked ones could hang: this process has threads."""
    main = sys.modules["__main__"]
    if type(dataset).__module__ == "__main__" and not hasattr(main, "__file__"):
        raise ValueError(
            f"{type(dataset).__name__}: use_multiprocessing=True starts fresh processes, which cannot see a class that "
            "is written in a notebook. Put the class into a .py file and import it, or leave use_multiprocessing "
            f"away: with workers={dataset.workers}, threads load the batches."
        )
    try:
        pickled = pickle.dumps(dataset)
    except Exception as error:
        raise ValueError(
            f"{type(dataset).__name__}: with use_multiprocessing=True the dataset is sent to other processes, and it "
            f"cannot be pickled ({error}). Open files in __getitem__, not in __init__, or use threads: "
            "use_multiprocessing=False."
        ) from error
    return concurrent.futures.ProcessPoolExecutor(
        max(1, dataset.workers), multiprocessing.get_context("spawn"), _receive, (pickled,)
    )


_dataset = None  # in a process that loads


def _receive(pickled):
    global _dataset
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the training, which ends these processes
    _dataset = pickle.loads(pickled)


def _load_here(number):
    return _dataset[number]
