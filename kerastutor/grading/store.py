"""What a student has reached, in a plain JSON file of their own: ``kerastutor-progress.json``.

It lies in the course's folder (the nearest one above with the course's manifest), or else in the current one; the
environment variable KERASTUTOR_PROGRESS names another. It may be read, copied, edited and deleted; nothing is sent.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

NAME = "kerastutor-progress.json"
MANIFEST = ".kerastutor-manifest.json"


def place():
    """Where the file is, or will be."""
    if os.environ.get("KERASTUTOR_PROGRESS"):
        return Path(os.environ["KERASTUTOR_PROGRESS"])
    here = Path.cwd()
    home = next((folder for folder in [here, *here.parents] if (folder / MANIFEST).is_file()), here)
    return home / NAME


def read():
    """``{"04.2": {"points": 10, "hints": 1, "passed": False}, ...}``; empty where there is no file yet.

    Raises
    ------
    ValueError
        If the file does not hold that; it is left as it is.
    """
    path = place()
    try:
        exercises = json.loads(path.read_text(encoding="utf-8"))["exercises"]
        return {number: _entry(**entry) for number, entry in exercises.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} can't be read as your progress ({error}). Mend it, or rename it to start anew."
        ) from None


def _entry(points=0, hints=0, passed=False):
    return {"points": float(points), "hints": int(hints), "passed": bool(passed)}


def note(number, **values):
    """Change one exercise's entry; the file is written whole or not at all."""
    everything = read()
    everything[number] = {**_entry(**everything.get(number, {})), **values}
    _write(everything)


def forget(number):
    everything = read()
    if everything.pop(number, None):
        _write(everything)


def _write(everything):
    path = place()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps({"exercises": dict(sorted(everything.items()))}, indent=1), encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
