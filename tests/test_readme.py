"""What README shows, it does."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerastutor import cli

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_python_of_readme_reads_digits():
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    names = {}
    exec(code, names)
    loss, accuracy = names["model"].evaluate(names["x_test"], names["y_test"], verbose=0)
    assert accuracy > 0.97


def test_every_command_of_readme_exists_and_every_command_is_in_readme():
    named = set(re.findall(r"`kerastutor ([a-z-]+)[ `]", README))
    assert named == set(cli.main.commands)
    for name in named:
        assert CliRunner().invoke(cli.main, [name, "--help"]).exit_code == 0
