"""Run the lessons and compare what they print with what is stored in them.

The one place that knows which tool does it (nbval, a plugin of pytest); another runner would go here.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kerastutor.course import places

CELL_TIMEOUT = 300  # seconds


def select(names: Iterable[str] = ()) -> list[Path]:
    """Return the notebooks of the lessons `names`; all of them for no name.

    Raises
    ------
    ValueError
        A name is none of the lessons'.

    Examples
    --------
    >>> [path.name for path in select(["04_first_models"])]
    ['04_first_models.ipynb']
    """
    lessons = {path.stem: path for path in places.lessons()}
    wanted = [name.removesuffix(".ipynb") for name in names] or list(lessons)
    unknown = [name for name in wanted if name not in lessons]
    if unknown:
        raise ValueError(f"no lesson named {', '.join(unknown)}; the lessons are: {', '.join(lessons)}")
    return [lessons[name] for name in wanted]


def run_lessons(names: Iterable[str] = ()) -> int:
    """Run lessons from top to bottom in fresh kernels and compare their outputs; return the exit status.

    0: all ran, and printed what is stored in them. 1: some did not. 2: nothing was run.
    """
    try:
        notebooks = select(names)
    except (ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    if importlib.util.find_spec("nbval") is None:
        print('the lessons are checked by nbval, which is missing: pip install "kerastutor[test]"', file=sys.stderr)
        return 2
    if not notebooks:
        print("there is no lesson to run", file=sys.stderr)
        return 2
    # kernels start in the notebook's folder: let them import the package that runs here, installed or not
    path = os.pathsep.join(filter(None, [str(places.PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", str(notebooks[0].with_name("sanitize.cfg"))]
    command += [f"--nbval-cell-timeout={CELL_TIMEOUT}", "-p", "no:cacheprovider", "-o", "addopts=", "-q"]
    environment = os.environ | {"PYTHONPATH": path, "KERASTUTOR_QUIET": "1"}  # a cold kernel cache prints nothing
    return subprocess.run([*command, *map(str, notebooks)], env=environment).returncode
