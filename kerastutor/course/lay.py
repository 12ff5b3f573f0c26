"""Lay the course into a student's folder, and never overwrite what the student has changed.

Beside the files lies a manifest: for each one the SHA-256 of the last version that was laid or offered. It tells
a file the student has not touched, which a new version of the course may replace, from one that is theirs.

=============================== =========================================================
the student's file              what happens
=============================== =========================================================
missing                         laid; deleting a file is how to get a clean copy of it
same as in this version         nothing
as it was laid                  replaced by this version
changed                         kept; a version not seen before is laid beside it, once,
                                as ``NAME.new.ipynb`` (``NAME.new2.ipynb``, ... when taken)
=============================== =========================================================
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from kerastutor.course.places import FOLDERS

MANIFEST = ".kerastutor-manifest.json"


@dataclass
class Laid:
    """What `lay` did: paths relative to the course folder, in POSIX form."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Changed by the student and left alone."""
    beside: dict[str, str] = field(default_factory=dict)
    """Changed by the student, where this version brings a newer one: path -> where the newer one was laid."""


def lay(source: Path, target: Path) -> Laid:
    """Copy the course from ``source`` into ``target``, keeping every file that the student has changed.

    Each file is written whole or not at all, so an interrupted call is finished by the next one.

    Raises
    ------
    FileExistsError
        A file stands where a folder must be, or the other way round. Nothing has been written then.
    OSError
        ``target`` cannot be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> (root / "from/lessons").mkdir(parents=True)
    >>> _ = (root / "from/lessons/one.ipynb").write_text("{}")
    >>> lay(root / "from", root / "to").added
    ['lessons/one.ipynb']
    >>> lay(root / "from", root / "to")
    Laid(added=[], updated=[], kept=[], beside={})
    """
    new = {path.relative_to(source).as_posix(): path.read_bytes() for path in course_files(source)}
    _refuse_clashes(target, new)
    target.mkdir(parents=True, exist_ok=True)
    manifest, laid = _read_manifest(target / MANIFEST), Laid()
    for name, content in new.items():
        path, version, seen = target / name, _hash(content), manifest.get(name)
        present = _hash(path.read_bytes()) if path.exists() else None
        if present is None or (present == seen and present != version):
            _write(path, content)
            (laid.added if present is None else laid.updated).append(name)
        elif present != version and version == seen:
            laid.kept.append(name)
        elif present != version:
            beside = _free_name(path, content)
            _write(beside, content)
            laid.beside[name] = beside.relative_to(target).as_posix()
        manifest[name] = version
    _write(target / MANIFEST, json.dumps({"files": manifest}, indent=1, sort_keys=True).encode())
    return laid


def course_files(source: Path) -> Iterator[Path]:
    """The files of the course under ``source``, sorted; hidden files, caches and solutions are none of it."""
    for folder in FOLDERS:
        for path in sorted((source / folder).rglob("*")):
            parts = path.relative_to(source).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__", "instructor")) for part in parts):
                yield path


def _refuse_clashes(target: Path, names: dict[str, bytes]) -> None:
    for name in names:
        path = target / name
        if path.is_dir():
            raise FileExistsError(f"{path} is a folder, but the course has a file of that name; rename yours")
        for parent in path.parents:
            if parent.exists() and not parent.is_dir():
                raise FileExistsError(f"{parent} is a file, but the course has a folder of that name; rename yours")


def _read_manifest(path: Path) -> dict[str, str]:
    """The hashes as last laid. Without a readable manifest every differing file counts as the student's."""
    try:
        files = json.loads(path.read_bytes())["files"]
        return {str(name): str(version) for name, version in files.items()}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _free_name(path: Path, content: bytes) -> Path:
    """``NAME.new.ipynb``, or the next free number; one that already holds ``content`` is free too."""
    number = 1
    while True:
        beside = path.with_name(f"{path.stem}.new{number if number > 1 else ''}{path.suffix}")
        if not os.path.lexists(beside) or (beside.is_file() and beside.read_bytes() == content):
            return beside
        number += 1


def _write(path: Path, content: bytes) -> None:
    """Write through a temporary file in the same folder, so that ``path`` is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
