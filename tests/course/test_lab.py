"""What `kerastutor lab` hands to JupyterLab."""

import os
import subprocess
import sys

import pytest

from kerastutor.course import lab, places


@pytest.fixture
def root(tmp_path):
    (tmp_path / "lessons").mkdir()
    for name in ("04_first.ipynb", "04_first.new.ipynb", "02_tensors.new2.ipynb", "notes.md"):
        (tmp_path / "lessons" / name).write_text("{}")
    return tmp_path


def parsed(arguments):
    """The configuration that Jupyter itself reads out of ``arguments``."""
    from jupyterlab.labapp import LabApp
    from traitlets.config import Config

    app = LabApp()
    app.parse_command_line(arguments)
    return Config(app.config)


def test_first_lesson_is_opened_and_copies_laid_beside_are_no_lessons(root):
    assert lab.first_page(root) == "/lab/tree/lessons/04_first.ipynb"
    assert [path.name for path in places.lessons(root)] == ["04_first.ipynb"]


def test_the_course_opens_at_its_map():
    assert lab.first_page(places.repository()) == "/lab/tree/lessons/00_start_here.ipynb"


def test_a_lesson_may_have_new_in_its_name(root):
    (root / "lessons" / "01_a.newcomer.ipynb").write_text("{}")
    assert lab.first_page(root) == "/lab/tree/lessons/01_a.newcomer.ipynb"


def test_folder_without_lessons_is_opened_itself(tmp_path):
    assert lab.first_page(tmp_path) == "/lab/tree/lessons"


def test_our_choices_as_jupyter_reads_them(root):
    config = parsed(lab.jupyter_arguments(root, ["--no-browser", "--port=8899"]))
    assert config.ServerApp.root_dir == str(root)
    assert config.ServerApp.open_browser is False
    assert config.ServerApp.port in (8899, "8899")
    assert config.LabApp.default_url == "/lab/tree/lessons/04_first.ipynb"
    assert config.LabApp.app_settings_dir == str(lab.SETTINGS)


@pytest.mark.parametrize(
    "given, ours",
    [
        (["--ServerApp.root_dir=/elsewhere"], "--ServerApp.root_dir"),
        (["--notebook-dir=/elsewhere"], "--ServerApp.root_dir"),
        (["--ServerApp.root_dir", "/elsewhere"], "--ServerApp.root_dir"),
        (["--log-level=INFO"], "--Application.log_level"),
        (["--debug"], "--Application.log_level"),
        (["--LabApp.default_url=/lab"], "--LabApp.default_url"),
    ],
)
def test_the_users_choice_takes_the_place_of_ours(root, given, ours):
    arguments = lab.jupyter_arguments(root, given)
    assert arguments[-len(given) :] == given
    assert not [argument for argument in arguments[: -len(given)] if argument.startswith(ours + "=")]


def test_a_notebook_named_by_the_user_is_opened_instead(root, monkeypatch):
    monkeypatch.chdir(root / "lessons")
    assert not any("default_url" in argument for argument in lab.jupyter_arguments(root, ["04_first.ipynb"]))
    assert any("default_url" in argument for argument in lab.jupyter_arguments(root, ["--port", "8899"]))


@pytest.mark.parametrize("user, allowed", [(0, True), (1000, False), (None, False)])
def test_root_is_allowed_and_told(root, monkeypatch, capsys, user, allowed):
    if user is None:  # Windows has no geteuid
        monkeypatch.delattr(os, "geteuid", raising=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab.jupyter_arguments(root, [])) is allowed
    assert ("root" in capsys.readouterr().out) is allowed


def test_outside_a_clone_the_course_is_laid_and_told(root, tmp_path_factory, monkeypatch, capsys):
    folder = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(places, "repository", lambda: None)
    monkeypatch.setattr(places, "SHIPPED", root)
    assert lab.course_root() == folder / "kerastutor-course"
    assert "4 file(s) added" in capsys.readouterr().out

    lesson = folder / "kerastutor-course" / "lessons" / "04_first.ipynb"
    lesson.write_text("mine")
    (root / "lessons" / "04_first.ipynb").write_text("newer")
    lab.course_root()
    assert "yours, kept: lessons/04_first.ipynb; the newer version is beside it" in capsys.readouterr().out
    assert lesson.read_text() == "mine"


def test_package_without_a_course_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "repository", lambda: None)
    monkeypatch.setattr(places, "SHIPPED", tmp_path / "files")
    with pytest.raises(FileNotFoundError, match="the lessons are missing"):
        places.source()


def test_warming_runs_the_package_and_is_quiet(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: (command, options))
    monkeypatch.delattr(os, "setpriority", raising=False)
    command, options = lab.warm_in_background()
    assert command == [sys.executable, "-m", "kerastutor.warm"]
    assert options["stdin"] == options["stdout"] == options["stderr"] == subprocess.DEVNULL


def test_warming_that_cannot_start_stops_nothing(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert lab.warm_in_background() is None
