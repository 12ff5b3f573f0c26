"""What `kerastutor check` tells: is everything here that the lessons need, and if not, what to do."""

from __future__ import annotations

import os
import platform
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click

from kerastutor import __version__
from kerastutor.course import places

OK, NOTE, PROBLEM = "ok", "note", "problem"
"""A note limits something; a problem stops lessons from running."""


@dataclass(frozen=True)
class Finding:
    """One line of the report. ``advice`` says what to do unless the status is "ok"."""

    group: str
    name: str
    value: str
    status: str = OK
    advice: str = ""


def gather() -> list[Finding]:
    """Look at everything that the lessons need; a look that fails is itself a finding, never an exception."""
    findings = []
    for group, look in LOOKS.items():
        try:
            findings += look()
        except Exception as error:  # the report must come out, above all when something is broken
            findings.append(Finding(group, "failed", f"{type(error).__name__}: {error}", PROBLEM, REINSTALL))
    return findings


def as_dict(findings: list[Finding]) -> dict:
    """The report as plain data: what ``kerastutor check --json`` prints."""
    return {
        "kerastutor": __version__,
        "ok": not any(finding.status == PROBLEM for finding in findings),
        "findings": [vars(finding) for finding in findings],
    }


REINSTALL = "install kerastutor again; in a clone: pip install -e ."


def look_at_python() -> Iterator[Finding]:
    version = sys.version_info[:2]
    fits = (3, 11) <= version < (3, 14)
    advice = "" if fits else "make the environment with Python 3.11, 3.12 or 3.13"
    yield Finding("Python", "version", platform.python_version(), OK if fits else PROBLEM, advice)
    yield Finding("Python", "program", sys.executable)
    yield Finding("Python", "kerastutor", f"{__version__}, {places.PACKAGE}")


def look_at_packages() -> Iterator[Finding]:
    for requirement in _requirements():
        extra = requirement.marker is not None
        if extra and requirement.name not in WORTH_A_NOTE:
            continue
        need = f'pip install "{requirement.name}{requirement.specifier}"'
        why = f", to {WORTH_A_NOTE[requirement.name]}" if extra else ""
        missing = NOTE if extra else PROBLEM
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding("Packages", requirement.name, "not installed", missing, need + why)
            continue
        if requirement.specifier.contains(found, prereleases=True):
            yield Finding("Packages", requirement.name, f"{found} ({requirement.specifier})")
        else:
            value = f"{found}, but {requirement.specifier} is needed"
            yield Finding("Packages", requirement.name, value, missing, need + why)


WORTH_A_NOTE = {"nbval": "run `kerastutor test-lessons`"}
"""Packages of the extras that a command of ours needs, and what for."""


def _requirements() -> list:
    """What pyproject.toml asks for, by the installed metadata or, in a clone that is not installed, by the file."""
    from packaging.requirements import Requirement

    try:
        lines = metadata.requires("kerastutor") or []
    except metadata.PackageNotFoundError:
        project = tomllib.loads((places.PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"]
        lines = project["dependencies"] + [f"{line}; extra == {extra!r}" for extra in extras for line in extras[extra]]
    found = {}
    for requirement in map(Requirement, lines):
        found.setdefault(requirement.name, requirement)
    return list(found.values())


def look_at_machine() -> Iterator[Finding]:
    import psutil

    yield Finding("Machine", "system", platform.platform())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("Machine", "cores", f"{cores} of {os.cpu_count()} usable")
    memory = min(psutil.virtual_memory().total, _memory_limit()) / 2**30
    little = memory < 1.5
    advice = "close other programs before training: the MNIST lesson needs about 1 GiB" if little else ""
    yield Finding("Machine", "memory", f"{memory:.1f} GiB", NOTE if little else OK, advice)


MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def _memory_limit() -> float:
    """What a container (Binder, JupyterHub) may use, in bytes; infinite elsewhere."""
    for file in MEMORY_LIMITS:
        try:
            return float(Path(file).read_text())
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return float("inf")


def look_at_blas() -> Iterator[Finding]:
    import numpy  # noqa: F401  (loads its BLAS, which threadpoolctl then sees)
    from threadpoolctl import threadpool_info

    libraries = [info for info in threadpool_info() if info["user_api"] == "blas"]
    for info in libraries:
        kernel = f", {info['architecture']} kernels" if info.get("architecture") else ""
        value = f"{info['version']}, {info['num_threads']} threads{kernel}"
        yield Finding("BLAS", info["internal_api"], value)
    if not libraries:
        advice = "matrix products may be slow; `python -c 'import numpy; numpy.show_config()'` says what NumPy uses"
        yield Finding("BLAS", "none recognised", "", NOTE, advice)


def look_at_backends() -> Iterator[Finding]:
    from kerastutor import backends

    for name, reason in backends.available().items():
        if name == backends.current() and reason:
            yield Finding("Backends", name, "in use, but not usable", PROBLEM, reason)
        else:
            value = "not available" if reason else "available" + ", in use" * (name == backends.current())
            advice = reason or backends.slower(name)
            yield Finding("Backends", name, value, NOTE if advice else OK, advice)
    if backends.current() not in backends.available():
        names = ", ".join(backends.available())
        advice = f"set the environment variable KERASTUTOR_BACKEND to one of: {names}"
        yield Finding("Backends", backends.current(), "no such backend", PROBLEM, advice)


def look_at_data() -> Iterator[Finding]:
    from kerastutor.datasets import catalogue
    from kerastutor.keras.datasets import mnist

    (x_train, _), (x_test, _) = mnist.load_data()
    yield Finding("Data", "mnist", f"{len(x_train):,} + {len(x_test):,} digits, in the package")
    for entry in catalogue.ENTRIES.values():
        if entry.needed and entry.parts:
            where = entry.where()
            advice = f"some lessons use it: kerastutor data get {entry.name}"
            yield Finding("Data", entry.name, where or "not here", OK if where else NOTE, "" if where else advice)


def look_at_cache() -> Iterator[Finding]:
    from kerastutor.backends import cache

    state = cache.state()
    value = f"{state['kernels']} kernels, {state['bytes'] / 2**20:.1f} MiB in {state['directory']}"
    if not state["writable"]:
        advice = (
            "kernels are compiled again by every process, as this folder can't be written: "
            "set the environment variable NUMBA_CACHE_DIR to one that can"
        )
        yield Finding("Kernel cache", "state", value, NOTE, advice)
    elif not state["kernels"]:
        advice = "the first training compiles the kernels; `kerastutor warm` does it now"
        yield Finding("Kernel cache", "state", value, NOTE, advice)
    else:
        yield Finding("Kernel cache", "state", value)


def look_at_lessons() -> Iterator[Finding]:
    lessons = places.lessons()
    for path in lessons:
        yield Finding("Lessons", path.stem, str(path.parent))
    if not lessons:
        yield Finding("Lessons", "none", f"no notebook in {places.source() / 'lessons'}", PROBLEM, REINSTALL)


LOOKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Python": look_at_python,
    "Packages": look_at_packages,
    "Machine": look_at_machine,
    "BLAS": look_at_blas,
    "Backends": look_at_backends,
    "Data": look_at_data,
    "Kernel cache": look_at_cache,
    "Lessons": look_at_lessons,
}


def show(findings: list[Finding]) -> None:
    """A coloured table in a terminal, plain lines where the output is piped; then what to do, if anything."""
    if _in_terminal():
        _show_table(findings)
    else:
        for finding in findings:
            click.echo(f"{finding.status:8}{finding.group}: {finding.name} {finding.value}".rstrip())
    advise(findings)


def advise(findings: list[Finding]) -> None:
    """Say what to do about whatever is not "ok", and whether the lessons run here."""
    for finding in findings:
        if finding.status != OK:
            click.echo(f"{finding.status}: {finding.group}, {finding.name}: {finding.advice}")
    problems = sum(finding.status == PROBLEM for finding in findings)
    click.echo(f"{problems} problem(s) to solve before the lessons run." if problems else "The lessons can run here.")


def _in_terminal() -> bool:
    return sys.stdout.isatty()


def _show_table(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, title=f"kerastutor {__version__}", title_justify="left", show_header=False)
    for column in ("", "", "", ""):
        table.add_column(column, overflow="fold")
    colours = {OK: "green", NOTE: "yellow", PROBLEM: "bold red"}
    group = None
    for finding in findings:
        shown = finding.group if finding.group != group else ""
        status = Text(finding.status, style=colours[finding.status])
        table.add_row(status, Text(shown, style="bold"), Text(finding.name), Text(finding.value))
        group = finding.group
    Console().print(table)
