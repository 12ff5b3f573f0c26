"""One file from an address to a path, with a progress bar."""

import os
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from .io import print_msg
from .progbar import Progbar

TIMEOUT = 20
"""Seconds without an answer after which an address counts as closed."""


def keras_home():
    """The folder that is shared with Keras: $KERAS_HOME, else ~/.keras."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()


def download(url, path):
    """Write what is at `url` (http, https, ftp or file) to `path`.

    Raises
    ------
    OSError
        If the address can't be reached, the transfer breaks off, or `path` can't be written.
    ValueError
        If addresses of this kind are not known.
    """
    import pooch

    print_msg(f"Downloading data from {url}\n")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        shutil.copyfile(urllib.request.url2pathname(parts.path), path)
        return
    kinds = {"http": pooch.HTTPDownloader, "https": pooch.HTTPDownloader, "ftp": pooch.FTPDownloader}
    if parts.scheme not in kinds:
        raise ValueError(f"{url!r} is no address to download from: it must begin with one of {', '.join(kinds)}, file.")
    options = {"progressbar": _Bar(), "chunk_size": 2**16} if parts.scheme != "ftp" else {}
    kinds[parts.scheme](timeout=TIMEOUT, **options)(url, str(path), None)


class _Bar:
    """Keras's Progbar, as pooch drives it: told how many bytes have come since it was told last."""

    total = 0

    def __init__(self):
        self.got, self.bar = 0, None

    def update(self, size):
        self.got += size
        self.bar = self.bar or Progbar(self.total or None)
        self.bar.update(min(self.got, self.total) if self.total else self.got)

    def reset(self):  # pooch starts again at the end and reports the whole in one step
        self.got = 0

    def close(self):
        pass
