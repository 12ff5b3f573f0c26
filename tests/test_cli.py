"""The command line, as a student types it."""

import importlib
import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import kerastutor
from kerastutor import cli


def command(*arguments):
    return CliRunner().invoke(cli.main, arguments, prog_name="kerastutor")


def test_help_names_every_command():
    result = command("--help")
    assert result.exit_code == 0
    for name in ("lab", "check", "data", "test-lessons", "migrate", "warm"):
        assert name in result.output


def test_version_from_a_process_of_its_own():
    output = subprocess.check_output([sys.executable, "-m", "kerastutor", "--version"], text=True)
    assert output.strip() == f"kerastutor, version {kerastutor.__version__}"


def test_check_as_json_agrees_with_its_exit_status():
    result = command("check", "--json")
    report = json.loads(result.output)
    assert report["kerastutor"] == kerastutor.__version__
    assert (result.exit_code == 0) is report["ok"]
    assert report["ok"] is not any(finding["status"] == "problem" for finding in report["findings"])


def test_check_is_plain_when_piped():
    result = subprocess.run([sys.executable, "-m", "kerastutor", "check"], capture_output=True, text=True)
    assert "\x1b" not in result.stdout and result.stderr == ""
    assert "Packages: numpy" in result.stdout
    assert result.stdout.rstrip().endswith(("The lessons can run here.", "before the lessons run."))


def test_check_as_a_table_in_a_terminal(monkeypatch):
    monkeypatch.setattr("kerastutor.report._in_terminal", lambda: True)
    lines = command("check").output.splitlines()
    assert any(line.split()[:2] == ["ok", "Packages"] for line in lines)  # the group stands in its first row only
    assert any(line.split()[-3:-1] == ["numpy", np.__version__] for line in lines)


def test_check_fails_on_an_unknown_backend(monkeypatch):
    monkeypatch.setenv("KERASTUTOR_BACKEND", "gpu")
    result = subprocess.run([sys.executable, "-m", "kerastutor", "check"], capture_output=True, text=True)
    assert result.returncode == 1
    assert "problem: Backends, gpu: set the environment variable KERASTUTOR_BACKEND to one of: numpy" in result.stdout


def test_lab_passes_all_arguments_on(monkeypatch):
    from kerastutor.course import lab

    given = []
    monkeypatch.setattr(lab, "run", given.extend)
    assert command("lab", "--no-browser", "--port", "8899", "lessons/a.ipynb").exit_code == 0
    assert given == ["--no-browser", "--port", "8899", "lessons/a.ipynb"]


def test_lab_without_jupyterlab_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    result = command("lab")
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert "pip install jupyterlab" in line


def test_lab_in_a_folder_that_cannot_be_written_is_one_clear_line(monkeypatch, tmp_path):
    from kerastutor.course import places

    (tmp_path / "kerastutor-course").write_text("a file in the way")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "SHIPPED", places.source())
    monkeypatch.setattr(places, "repository", lambda: None)
    result = command("lab")
    assert result.exit_code == 1
    assert "kerastutor-course is a file" in result.output and "Traceback" not in result.output


def test_warm_tells_its_progress(monkeypatch):
    warm = importlib.import_module("kerastutor.warm")
    monkeypatch.setattr(warm, "warm", lambda stream: stream.write("compiling"))
    result = command("warm")
    assert result.exit_code == 0 and result.output == "compiling"


@pytest.mark.parametrize("status", [0, 1])
def test_test_lessons_hands_on_names_and_exit_status(monkeypatch, status):
    from kerastutor.course import check

    asked = []
    monkeypatch.setattr(check, "run_lessons", lambda names: asked.extend(names) or status)
    assert command("test-lessons", "04_first_models").exit_code == status
    assert asked == ["04_first_models"]
