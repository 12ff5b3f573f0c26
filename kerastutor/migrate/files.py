"""Files on disk: read in their own encoding, shown as a diff, written whole or not at all."""

from __future__ import annotations

import difflib
import io
import os
import shutil
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path

from . import Migration, migrate
from .notebook import code_of, migrate_notebook


class Unreadable(Exception):
    """A file that can't be migrated; the message says why."""


@dataclass(frozen=True)
class Plan:
    """What would be done to one file."""

    path: Path
    before: str
    done: Migration
    encoding: str

    @property
    def changes(self):
        return self.before != self.done.source

    def diff(self):
        """Lines of a unified diff; of a notebook, of its code cells."""
        before, after = self.before, self.done.source
        if self.path.suffix == ".ipynb":
            before, after = code_of(before), code_of(after)
        lines = [text.splitlines() for text in (before, after)]
        return list(difflib.unified_diff(*lines, f"{self.path}", f"{self.path} (Keras 3)", lineterm=""))

    def write(self):
        """Put the new text in the file's place in one step; the old one stays beside it as NAME.orig."""
        kept = self.path.with_name(self.path.name + ".orig")
        number = 1
        while kept.exists():
            number += 1
            kept = self.path.with_name(f"{self.path.name}.orig{number}")
        shutil.copy2(self.path, kept)
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self.done.source.encode(self.encoding))
            shutil.copymode(self.path, temporary)
            os.replace(temporary, self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return kept


def plan(path, target="keras"):
    """Read one .py or .ipynb file and find what to change. Raises Unreadable."""
    path = Path(path)
    if path.suffix not in (".py", ".ipynb"):
        raise Unreadable(f"{path}: migrate reads .py and .ipynb files.")
    try:
        data = path.read_bytes()
        encoding = "utf-8" if path.suffix == ".ipynb" else tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
        done = (migrate_notebook if path.suffix == ".ipynb" else migrate)(text, target)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from None
    return Plan(path, text, done, encoding)
