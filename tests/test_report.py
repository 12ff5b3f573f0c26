"""`kerastutor check`: what it finds, and that each problem says what to do."""

from importlib import metadata

import pytest

from kerastutor import report
from kerastutor.report import NOTE, OK, PROBLEM


def by_name(findings):
    return {finding.name: finding for finding in findings}


def test_every_finding_that_is_not_ok_says_what_to_do():
    findings = report.gather()
    assert {finding.group for finding in findings} == set(report.LOOKS)
    assert all(finding.advice for finding in findings if finding.status != OK)


def test_a_look_that_breaks_is_a_problem_and_the_others_still_come(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    monkeypatch.setitem(report.LOOKS, "Machine", broken)
    findings = report.gather()
    (failed,) = [finding for finding in findings if finding.group == "Machine"]
    assert failed.status == PROBLEM and "no such thing" in failed.value
    assert [finding for finding in findings if finding.group == "Packages"]
    assert report.as_dict(findings)["ok"] is False


def test_packages_are_those_of_pyproject():
    names = set(by_name(report.look_at_packages()))
    assert {"numpy", "numba", "jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "nbval"} <= names


@pytest.mark.parametrize(
    "name, version, status",
    [
        ("numba", None, PROBLEM),
        ("numba", "0.1", PROBLEM),
        ("numba", "99.0", OK),
        ("nbval", None, NOTE),
        ("nbval", "0.1", NOTE),
    ],
)
def test_package_missing_or_too_old(monkeypatch, name, version, status):
    def installed(asked, real=metadata.version):
        if asked != name:
            return real(asked)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", installed)
    finding = by_name(report.look_at_packages())[name]
    assert finding.status == status
    assert status == OK or f'pip install "{name}>=' in finding.advice


@pytest.mark.parametrize("version, status", [((3, 10, 9), PROBLEM), ((3, 11, 0), OK), ((3, 14, 0), PROBLEM)])
def test_python_version(monkeypatch, version, status):
    monkeypatch.setattr(report.sys, "version_info", version)
    assert by_name(report.look_at_python())["version"].status == status


def test_missing_gpu_is_a_note_and_a_broken_backend_in_use_a_problem(monkeypatch):
    from kerastutor import backends

    monkeypatch.setattr(backends, "available", lambda: {"numpy": "", "cpu": "no Numba: install it", "cuda": "no GPU"})
    monkeypatch.setattr(backends, "current", lambda: "cpu")
    found = by_name(report.look_at_backends())
    assert [found[name].status for name in ("numpy", "cpu", "cuda")] == [OK, PROBLEM, NOTE]
    assert found["cpu"].advice == "no Numba: install it"


@pytest.mark.parametrize(
    "state, status, advice",
    [
        ({"writable": True, "kernels": 40, "bytes": 2**21}, OK, ""),
        ({"writable": True, "kernels": 0, "bytes": 0}, NOTE, "kerastutor warm"),
        ({"writable": False, "kernels": 0, "bytes": 0}, NOTE, "NUMBA_CACHE_DIR"),
    ],
)
def test_kernel_cache(monkeypatch, state, status, advice):
    from kerastutor.backends import cache

    monkeypatch.setattr(cache, "state", lambda: {"directory": "somewhere", **state})
    (finding,) = report.look_at_cache()
    assert finding.status == status and advice in finding.advice


@pytest.mark.parametrize("limit, gigabytes, status", [("max", 8, OK), (str(2**30), 1, NOTE)])
def test_memory_of_a_container(monkeypatch, tmp_path, limit, gigabytes, status):
    import psutil

    file = tmp_path / "memory.max"
    file.write_text(limit)
    monkeypatch.setattr(report, "MEMORY_LIMITS", (str(file),))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"total": 8 * 2**30}))
    finding = by_name(report.look_at_machine())["memory"]
    assert finding.value == f"{gigabytes}.0 GiB" and finding.status == status


def test_advice_leaves_out_what_is_well_and_ends_with_the_verdict(capsys):
    well, note = report.Finding("Machine", "cores", "2"), report.Finding("Backends", "cuda", "", NOTE, "use 'cpu'")
    report.advise([well, note])
    assert capsys.readouterr().out == "note: Backends, cuda: use 'cpu'\nThe lessons can run here.\n"
    report.advise([well, report.Finding("Python", "version", "3.10", PROBLEM, "take 3.12")])
    said = capsys.readouterr().out
    assert said == "problem: Python, version: take 3.12\n1 problem(s) to solve before the lessons run.\n"
