"""Start JupyterLab on the lessons."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from kerastutor.course import places
from kerastutor.course.lay import Laid, lay

COURSE = "kerastutor-course"
SETTINGS = places.PACKAGE / "course" / "settings"
"""JupyterLab's defaults for the course (its ``overrides.json``)."""


class LabError(RuntimeError):
    """JupyterLab can't be started; the message says why and what to do."""


def run(arguments: list[str]) -> None:
    """Lay the course where needed, then run JupyterLab in this process until it is stopped.

    Parameters
    ----------
    arguments : list of str
        Passed to JupyterLab; they take the place of our own choice of the same option.

    Raises
    ------
    LabError
        JupyterLab is not installed.
    """
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise LabError(f"JupyterLab does not load ({error}). Install it: pip install jupyterlab") from None
    server = LabApp.initialize_server(argv=jupyter_arguments(course_root(), arguments))
    click.echo(f"The lessons are at {server.public_url}\nStop with Ctrl-C.")
    sys.stdout.flush()
    stop_on_interrupt(server)
    warming = warm_in_background()
    try:
        server.start()
    finally:
        if warming and warming.poll() is None:
            warming.terminate()


def stop_on_interrupt(server) -> None:
    """Let Ctrl-C stop the server, without a question and wherever it is; a second one ends the process at once.

    Left to itself the interrupt is an exception, raised wherever the server happens to be. A request that it cuts off
    leaves its worker thread waiting, and the process then never ends.
    """

    def stop(number, frame):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        server.stop(from_signal=True)

    signal.signal(signal.SIGINT, stop)


def course_root() -> Path:
    """The folder to open: the clone, or ``./kerastutor-course`` with the course laid in it."""
    if clone := places.repository():
        return clone
    target = Path.cwd() / COURSE
    click.echo(told(lay(places.source(), target), target))
    return target


def told(laid: Laid, target: Path) -> str:
    """What `lay` did, in the student's words."""
    lines = [f"Your course folder: {target}"]
    if laid.added:
        lines.append(f"  {len(laid.added)} file(s) added")
    lines += [f"  brought up to date: {name}" for name in laid.updated]
    lines += [f"  yours, kept: {name}; the newer version is beside it: {new}" for name, new in laid.beside.items()]
    return "\n".join(lines)


def jupyter_arguments(root: Path, given: list[str]) -> list[str]:
    """Our choices for JupyterLab, less those that ``given`` makes itself, and then ``given``."""
    ours = {
        "--ServerApp.root_dir": str(root),
        "--ServerApp.answer_yes": "True",  # Ctrl-C stops without a question
        "--LabApp.app_settings_dir": str(SETTINGS),  # no question about Jupyter's news; a user's own settings win
        "--Application.log_level": "WARN",
    }
    if not any(Path(argument).exists() for argument in given if not argument.startswith("-")):
        ours["--LabApp.default_url"] = first_page(root)
    names = {argument.partition("=")[0] for argument in given}
    for short, option in SHORT.items():
        if short in names:
            names.add(option)
    arguments = [f"{option}={value}" for option, value in ours.items() if option not in names]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in names:
        click.echo("Running as root: --allow-root is passed to JupyterLab.")
        arguments.append("--allow-root")
    return arguments + given


SHORT = {
    "--notebook-dir": "--ServerApp.root_dir",
    "--log-level": "--Application.log_level",
    "--debug": "--Application.log_level",
    "-y": "--ServerApp.answer_yes",
    "--ServerApp.default_url": "--LabApp.default_url",
}
"""Jupyter's other names for the options that we set."""


def first_page(root: Path) -> str:
    """JupyterLab's page that shows the first lesson."""
    lessons = places.lessons(root)
    page = lessons[0].relative_to(root).as_posix() if lessons else "lessons"
    return f"/lab/tree/{page}"


def warm_in_background() -> subprocess.Popen | None:
    """Compile the lessons' kernels in a process of low priority; that it can't start is no reason to stop."""
    low = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    null = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "kerastutor.warm"], stdin=null, stdout=null, stderr=null, creationflags=low
        )
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)
        return process
    except OSError:
        return None
