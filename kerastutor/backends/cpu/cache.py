"""Where compiled kernels are kept on disk. Importing this module does not import Numba."""

import os
import pathlib
import tempfile
import warnings

HERE = pathlib.Path(__file__).parent


def directory():
    """The folder for compiled kernels, and whether it can be written.

    NUMBA_CACHE_DIR if set, else `__pycache__` beside the kernels (a clone, a virtual environment), else a folder of the
    user's (a system-wide installation that only an administrator may write).
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        places = [pathlib.Path(os.environ["NUMBA_CACHE_DIR"])]
    else:
        home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        places = [HERE / "__pycache__", pathlib.Path(home) / "kerastutor" / "kernels"]
    for place in places:
        if _writable(place):
            return place, True
    return places[-1], False


def prepare():
    """Tell Numba where to keep kernels. Where nothing can be written, a temporary folder serves, with a warning."""
    place, writable = directory()
    if not writable:
        wanted, place = place, pathlib.Path(tempfile.mkdtemp(prefix="kerastutor-kernels-"))
        warnings.warn(
            f"Compiled kernels can't be kept in {wanted}, which can't be written: they are compiled anew in each "
            "session (some seconds). Set NUMBA_CACHE_DIR to a folder that you can write.",
            stacklevel=2,
        )
    if place != HERE / "__pycache__":
        os.environ["NUMBA_CACHE_DIR"] = str(place)
        import sys

        if "numba" in sys.modules:
            import numba

            numba.config.CACHE_DIR = str(place)


def state():
    """What is on disk: {"directory", "writable", "kernels" (compiled functions), "bytes"}."""
    place, writable = directory()
    files = list(place.rglob("*.nbi")) if place.is_dir() else []
    data = list(place.rglob("*.nbc")) if place.is_dir() else []
    return {
        "directory": str(place),
        "writable": writable,
        "kernels": len(files),
        "bytes": sum(f.stat().st_size for f in files + data),
    }


def _writable(place):
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
