"""Where the course's files are: in the clone the package runs from, or inside an installed wheel."""

from __future__ import annotations

import re
from pathlib import Path

FOLDERS = ("lessons", "exercises")
"""The folders of the repository that make up the course; a wheel carries them in ``SHIPPED``."""

PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = PACKAGE / "course" / "files"
LAID_BESIDE = re.compile(r".+\.new\d*\.\w+")


def repository() -> Path | None:
    """The clone that the package runs from (an editable install), or None when it is installed as a wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "lessons").is_dir() else None


def source() -> Path:
    """The folder that holds ``lessons/`` and ``exercises/`` as they came with this version.

    Raises
    ------
    FileNotFoundError
        Neither a clone nor a wheel with the course in it.
    """
    root = repository() or SHIPPED
    if not (root / "lessons").is_dir():
        raise FileNotFoundError(
            f"the lessons are missing: there is no folder {root / 'lessons'}. "
            "Install kerastutor again, or run it from a complete clone of its repository."
        )
    return root


def lessons(root: Path | None = None) -> list[Path]:
    """The lesson notebooks under ``root`` (default: ``source()``), in the order of the course.

    Copies laid beside a student's own (``*.new.ipynb``, see ``lay``) are not lessons.
    """
    folder = (root or source()) / "lessons"
    return sorted(path for path in folder.glob("*.ipynb") if not LAID_BESIDE.fullmatch(path.name))
