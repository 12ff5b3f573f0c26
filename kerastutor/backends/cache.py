"""Where compiled kernels are kept on disk. Importing this module does not import Numba."""

import contextlib
import functools
import hashlib
import os
import pathlib
import shutil
import tempfile
import warnings

BACKENDS = pathlib.Path(__file__).parent
SOURCES = BACKENDS / "cpu"
PREFIX = "kerastutor-kernels-"


@functools.cache
def directory():
    """The folder for compiled kernels, and whether it can be written.

    It is in NUMBA_CACHE_DIR if that is set, else in `__pycache__` beside the kernels (a clone, a virtual environment),
    else in a cache folder of the user's (a system-wide installation that only an administrator may write). Its name
    holds a hash of the kernels' source: Numba looks at a kernel's own file only, not at the functions that it calls.
    """
    name = PREFIX + _hash()
    beside = SOURCES / "__pycache__"
    if "NUMBA_CACHE_DIR" in os.environ:
        places = [pathlib.Path(os.environ["NUMBA_CACHE_DIR"])]
    else:
        home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        places = [beside, pathlib.Path(home) / "kerastutor"]
    for place in places:
        if _writable(place / name):
            if place == beside:
                _remove_old(place, name)
            return place / name, True
    return places[-1] / name, False


@functools.cache
def in_use():
    """The folder that this process keeps kernels in: where nothing can be written, a temporary one, with a warning."""
    place, writable = directory()
    if not writable:
        warnings.warn(
            f"Compiled kernels can't be kept in {place}, which can't be written: they are compiled anew in each "
            "session (some seconds). Set NUMBA_CACHE_DIR to a folder that you can write.",
            stacklevel=2,
        )
        place = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
    return str(place)


@contextlib.contextmanager
def for_numba(config=None):
    """with for_numba(): functions decorated now are kept in our folder; other packages' stay where they were.

    `config`: Numba's own unless given; numba-cuda has another.
    """
    if config is None:
        from numba import config

    before, config.CACHE_DIR = config.CACHE_DIR, in_use()
    try:
        yield
    finally:
        config.CACHE_DIR = before


def state():
    """What is on disk: {"directory", "writable", "kernels" (compiled functions), "bytes"}."""
    place, writable = directory()
    files = list(place.rglob("*.nb[ic]")) if place.is_dir() else []
    return {
        "directory": str(place),
        "writable": writable,
        "kernels": sum(f.suffix == ".nbi" for f in files),
        "bytes": sum(f.stat().st_size for f in files),
    }


def _hash():
    """Eight digits that change with any of the kernels' files."""
    text = b"".join(f.read_bytes() for folder in (SOURCES, BACKENDS / "cuda") for f in sorted(folder.glob("*.py")))
    return hashlib.sha256(text).hexdigest()[:8]


def _remove_old(place, name):
    for old in place.glob(PREFIX + "*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def _writable(place):
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
