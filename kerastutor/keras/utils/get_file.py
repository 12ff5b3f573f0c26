"""A file from the network, kept in Keras's cache. Source: https://keras.io/api/utils/python_utils/#getfile-function"""

import hashlib
import os
import re
import tarfile
import tempfile
import urllib.parse
import zipfile
from pathlib import Path

from ..naming import warn
from .downloads import download, keras_home


def get_file(
    fname=None, origin=None, untar=False, md5_hash=None, file_hash=None, cache_subdir="datasets", hash_algorithm="auto",
    extract=False, archive_format="auto", cache_dir=None, force_download=False,
):
    """The path of a file in the cache, downloaded from `origin` unless it is there already.

    Parameters
    ----------
    fname : str, optional
        Its name in the cache; that at the end of `origin` unless given. With `extract` the name of the folder.
    origin : str
        The address: http, https, ftp or file.
    untar, md5_hash
        Of older Keras; write `extract=True`, `file_hash`.
    file_hash : str, optional
        The SHA-256 or MD5 that the file must have, in hexadecimal digits.
    cache_subdir : str
        Folder of the cache.
    hash_algorithm : {"auto", "sha256", "md5"}
        "auto" tells by the length of `file_hash`.
    extract : bool
        Unpack the archive; the result is the path of the folder.
    archive_format : {"auto", "tar", "zip", None}
    cache_dir : path, optional
        The cache; $KERAS_HOME or ~/.keras unless given.
    force_download : bool
        Download even if the file is there.

    Returns
    -------
    str
        The path of the file, or of the folder it was unpacked into.

    Raises
    ------
    OSError
        If the file can't be downloaded or written. What was in the cache before is still there.
    ValueError
        If an argument makes no sense, the file has another hash, or its archive would write outside its folder.

    Examples
    --------
    >>> from kerastutor import keras
    >>> keras.utils.get_file(origin="https://example.org/poems.zip", extract=True)    # doctest: +SKIP
    """
    if origin is None:
        raise ValueError("get_file: `origin` is missing: the address of the file to download.")
    name = _name(fname, origin)
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    folder = _folder(cache_dir, cache_subdir)
    target, unpacked = folder / name, None
    if extract or untar:
        if fname and "." in name:
            unpacked = folder / f"{name.partition('.')[0]}_extracted"
        else:
            target, unpacked = folder / f"{name}_archive", folder / name
    fresh = force_download or not target.exists() or _fault(target, file_hash, hash_algorithm) != ""
    if fresh:
        _download(origin, target, file_hash, hash_algorithm)
    if unpacked is None:
        return str(target)
    if fresh or not unpacked.is_dir():
        _unpack(target, unpacked, "tar" if untar else archive_format)
    return str(unpacked)


def _name(fname, origin):
    name = os.fspath(fname) if fname else os.path.basename(urllib.parse.urlsplit(origin).path)
    if not name:
        raise ValueError(f"get_file: no file name in the address {origin!r}: give `fname`.")
    if "/" in name or os.sep in name or name in (".", ".."):
        raise ValueError(f"get_file: `fname` must be a name, not a path; got {name!r}. The folder is `cache_dir`.")
    return name


def _folder(cache_dir, cache_subdir):
    """The cache's folder, made if need be; as in Keras a temporary one where it can't be written."""
    for home in (Path(cache_dir or keras_home()).expanduser(), Path(tempfile.gettempdir()) / ".keras"):
        folder = home / cache_subdir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            pass
        if os.access(folder, os.W_OK):
            return folder
        warn(f"get_file: {folder} can't be written, so the file goes to a temporary folder.")
    raise OSError(f"get_file: no folder to write to: tried {folder} last. Give `cache_dir`.")


def _fault(path, expected, algorithm):
    """What is wrong with the file's hash; "" if nothing."""
    if algorithm not in ("auto", "sha256", "md5"):
        raise ValueError(f"get_file: hash_algorithm must be 'auto', 'sha256' or 'md5'; got {algorithm!r}.")
    if expected is None:
        return ""
    if algorithm == "auto":
        algorithm = "sha256" if len(expected) == 64 else "md5"
    with open(path, "rb") as stream:
        found = hashlib.file_digest(stream, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
    return "" if found == expected.lower() else f"its {algorithm} is {found}, and {expected} was expected"


def _download(origin, target, file_hash, algorithm):
    """The file comes under a name of its own and takes its place in one step, whole."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    try:
        try:
            download(origin, name)
        except OSError as error:
            raise OSError(f"get_file: {origin} could not be downloaded: {error}") from None
        if fault := _fault(name, file_hash, algorithm):
            raise ValueError(f"get_file: what came from {origin} is incomplete or another file: {fault}.")
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _unpack(path, folder, archive_format):
    """The archive's files into `folder`, all or none."""
    formats = {"auto": ("tar", "zip"), "tar": ("tar",), "zip": ("zip",), None: ()}
    if not isinstance(archive_format, (list, tuple)) and archive_format not in formats:
        raise ValueError(f"get_file: archive_format must be 'auto', 'tar', 'zip' or None; got {archive_format!r}.")
    kinds = archive_format if isinstance(archive_format, (list, tuple)) else formats[archive_format]
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        inside = Path(scratch) / "files"
        inside.mkdir()
        if "tar" in kinds and tarfile.is_tarfile(path):
            _untar(path, inside)
        elif "zip" in kinds and zipfile.is_zipfile(path):
            _unzip(path, inside)
        else:
            warn(f"get_file: {path} is no archive of the kind {archive_format!r}: it was not unpacked.")
            return
        if folder.exists():
            os.replace(folder, Path(scratch) / "before")
        os.replace(inside, folder)


def _untar(path, folder):
    with tarfile.open(path) as archive:
        try:
            archive.extractall(folder, filter="data")
        except tarfile.FilterError as error:
            raise ValueError(f"get_file: the archive {path} is not safe to unpack: {error}.") from None


def _unzip(path, folder):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.match(r"[/\\]|\w:", name) or ".." in re.split(r"[/\\]", name):
                raise ValueError(f"get_file: the archive {path} is not safe to unpack: {name!r} is outside the folder.")
        archive.extractall(folder)
