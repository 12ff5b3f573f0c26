"""The command `kerastutor migrate`: the diff, the notes, the exit status; files and notebooks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerastutor import cli
from kerastutor.migrate.notebook import migrate_notebook

SCRIPTS = Path(__file__).parent / "scripts"
OLD = "from keras.layers.core import Dense\nlayer = Dense(output_dim=3)  # three\n"
NEW = "from keras.layers import Dense\nlayer = Dense(units=3)  # three\n"


def command(*arguments, **options):
    return CliRunner().invoke(cli.main, ["migrate", *map(str, arguments)], prog_name="kerastutor", **options)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.py"
    path.write_bytes(OLD.encode())
    return path


def test_without_write_the_diff_is_shown_and_the_file_stays(old):
    result = command(old)
    assert result.exit_code == 1
    changed = [line for line in result.output.splitlines() if line[:1] in "+-"][2:]
    assert changed == [*("-" + line for line in OLD.splitlines()), *("+" + line for line in NEW.splitlines())]
    assert old.read_bytes() == OLD.encode() and list(old.parent.iterdir()) == [old]


def test_the_diff_has_colours_in_a_terminal_only(old):
    assert "\x1b[31m-layer" in command(old, color=True).output
    assert "\x1b" not in command(old).output


def test_write_changes_the_file_and_keeps_the_old_one(old):
    old.chmod(0o750)
    assert command("--write", old).exit_code == 0
    assert old.read_text() == NEW and old.stat().st_mode & 0o777 == 0o750
    assert (old.parent / "old.py.orig").read_bytes() == OLD.encode()
    assert sorted(p.name for p in old.parent.iterdir()) == ["old.py", "old.py.orig"]
    again = command("--write", old)
    assert again.exit_code == 0 and "nothing to change" in again.output


def test_an_older_copy_is_not_overwritten(old):
    (old.parent / "old.py.orig").write_text("precious")
    assert command("--write", old).exit_code == 0
    assert (old.parent / "old.py.orig").read_text() == "precious"
    assert (old.parent / "old.py.orig2").read_bytes() == OLD.encode()


def test_a_failure_while_writing_leaves_the_file(old, monkeypatch):
    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", fails)
    result = command("--write", old)
    assert result.exit_code == 2 and "no space left" in result.output
    assert old.read_bytes() == OLD.encode()
    assert not [p for p in old.parent.iterdir() if p.name.startswith(".")]


def test_what_is_left_by_hand_has_its_line_and_an_exit_status(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("from keras.layers import Merge\n\nlayer = Merge([a, b])\n")
    result = command("--write", path)
    assert result.exit_code == 1 and f"{path}:3: Merge took whole models" in result.output


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("a.py", b"import keras\nx = (1,\n", "line 2"),
        ("a.py", b"# coding: latin-1\n\xe9\nimport keras\n'unclosed\n", "line 4"),
        ("a.py", b"# \xff\nimport keras\n", "a.py: "),
        ("a.txt", b"import keras", ".py and .ipynb"),
        ("a.ipynb", b"not json", "a.ipynb: "),
    ],
)
def test_what_can_not_be_read_is_one_line_and_status_2(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    result = command("--write", path)
    assert result.exit_code == 2 and said in result.output and "Traceback" not in result.output
    assert path.read_bytes() == content


def test_other_encodings_and_line_ends_survive(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes("# -*- coding: latin-1 -*-\r\n# Größe\r\n".encode("latin-1") + OLD.replace("\n", "\r\n").encode())
    assert command("--write", path).exit_code == 0
    expected = "# -*- coding: latin-1 -*-\r\n# Größe\r\n".encode("latin-1") + NEW.replace("\n", "\r\n").encode()
    assert path.read_bytes() == expected


def test_the_target_and_several_files(old, tmp_path):
    other = tmp_path / "new.py"
    other.write_text("import numpy\n")
    result = command("--target", "kerastutor", other, old)
    assert result.exit_code == 1 and "+from kerastutor.keras.layers import Dense" in result.output
    assert "new.py: nothing to change" in result.output


def test_libcst_is_loaded_by_this_command_only():
    script = "import sys, kerastutor, kerastutor.cli; print('libcst' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "False\n"


# notebooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.ipynb")), ids=lambda p: p.name)
def test_of_a_notebook_only_sources_of_code_cells_change(path):
    text = path.read_text(encoding="utf-8")
    before, after = json.loads(text), json.loads(migrate_notebook(text).source)
    changed = 0
    for old, new in zip(before["cells"], after["cells"], strict=True):
        if old["cell_type"] == "code":
            changed += old.pop("source") != new.pop("source")
        assert old == new
    assert changed >= 2 and before["metadata"] == after["metadata"]
    assert "nb_epoch=2" in text and "nb_epoch" in migrate_notebook(text).source  # prose and shell cells say it still


def test_magics_and_shell_lines_survive():
    text = (SCRIPTS / "tf_keras_2019.ipynb").read_text(encoding="utf-8")
    sources = ["".join(c["source"]) for c in json.loads(migrate_notebook(text).source)["cells"]]
    assert sources[1].startswith("!pip install -q tensorflow==2.0.0-beta1\n%matplotlib inline\nfrom __future__")
    assert sources[4] == "%%bash\necho lr=1 nb_epoch=2" and sources[5].startswith("%time history = None\nhistory")


def test_a_notebook_of_today_is_left_byte_for_byte():
    for path in sorted((Path(__file__).resolve().parents[2] / "lessons").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        assert migrate_notebook(text).source == text
    odd = '{"cells":  [{"cell_type": "code", "source": "import keras\\nx = %time\\n!ls", "outputs": []}]}'
    assert migrate_notebook(odd).source == odd


def test_a_note_in_a_notebook_names_the_cell():
    cells = [["import keras\n", "from keras.layers import Merge"], ["%matplotlib inline\n", "\n", "m = Merge([a, b])"]]
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": "words"}] + [
        {"cell_type": "code", "source": source, "outputs": []} for source in cells]})
    (note,) = [n for n in migrate_notebook(text).notes if "whole models" in n.message]
    assert note.message.startswith("cell 2, line 3: ")
