"""Ctrl-C during training: the batch that is running ends first, so that no weight is left half changed."""

import signal
import threading


class stop_at_batch_end:
    """with stop_at_batch_end() as asked: ...; `asked()` is True after Ctrl-C. A second Ctrl-C stops at once.

    Works in the main thread, where Python handles signals; elsewhere `asked()` stays False.
    """

    def __enter__(self):
        self._asked = False
        self._before = None
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
            if before is signal.default_int_handler:
                self._before = before
                signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(self, *error):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, number, frame):
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def __call__(self):
        return self._asked
