"""The command ``kerastutor``: lab, check, data, test-lessons, exercises, new-exercise, migrate, warm.

Each is one call into the package.
"""

from __future__ import annotations

import json
import sys

import click

from kerastutor import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kerastutor")
def main():
    """Learn Keras in JupyterLab."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_arguments", nargs=-1, type=click.UNPROCESSED)
def lab(jupyter_arguments):
    """Open JupyterLab on the lessons.

    Outside a clone of the repository the course is first laid into ./kerastutor-course; what you have changed there
    is never overwritten. All arguments go to JupyterLab: --no-browser only prints the address, --port=8899
    chooses the port.
    """
    from kerastutor.course import lab

    try:
        lab.run(list(jupyter_arguments))
    except (lab.LabError, OSError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(as_json):
    """Say what is installed and usable here, and what to do about each problem.

    Exit status 0: the lessons can run. 1: something stops them.
    """
    from kerastutor import report

    findings = report.gather()
    result = report.as_dict(findings)
    if as_json:
        click.echo(json.dumps(result, indent=1))
    else:
        report.show(findings)
    sys.exit(0 if result["ok"] else 1)


@main.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def data(context, as_json):
    """List the datasets: size, where each is, licence; and how to get those that are not here."""
    from kerastutor.datasets import catalogue

    if context.invoked_subcommand is None:
        click.echo(json.dumps(catalogue.rows(), indent=1) if as_json else "\n".join(catalogue.lines()))


@data.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All datasets: the lessons then work without a network.")
def get(names, every):
    """Bring datasets here: into the cache that is shared with Keras.

    Exit status 1 if one could not be had; with --all, if one that lessons use could not.
    """
    from kerastutor.datasets import catalogue
    from kerastutor.keras.naming import look_up

    if bool(names) == every:
        raise click.UsageError("Name the datasets to get, or say --all. `kerastutor data` lists them.")
    try:
        for name in names:
            look_up(name, catalogue.ENTRIES, "dataset")
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    failed = catalogue.get(names or catalogue.ENTRIES, click.echo)
    if failed:
        click.echo(f"Not got: {', '.join(failed)}.")
    sys.exit(any(name in names or catalogue.ENTRIES[name].needed for name in failed))


@main.command("test-lessons")
@click.argument("names", nargs=-1)
def test_lessons(names):
    """Run the lessons from top to bottom and compare what they print with what is stored in them.

    NAMES are lessons to run, such as 04_first_models; all of them without.
    """
    from kerastutor.course.check import run_lessons

    sys.exit(run_lessons(names))


@main.group()
def exercises():
    """For instructors: what is made from the masters in exercises/instructor."""


@exercises.command()
def build():
    """Write the students' notebooks and the recorded checks anew from the masters."""
    _release("build")


@exercises.command()
@click.argument("folder", type=click.Path(file_okay=False))
def source(folder):
    """Write what nbgrader's source/ wants into FOLDER: for each lesson a notebook with solutions and hidden checks."""
    _release("write_sources", folder)


def _release(what, *arguments):
    from kerastutor.grading import release

    try:
        getattr(release, what)(*arguments, say=click.echo)
    except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error}. Do: pip install 'kerastutor[instructor]'") from None


@main.command("new-exercise")
@click.argument("number")
@click.argument("title")
def new_exercise(number, title):
    """For instructors: add an exercise, such as 04.8 "My title", to its lesson's master, complete and to be changed."""
    from kerastutor.grading import scaffold

    try:
        for path in scaffold.add(number, title):
            click.echo(f"{path}: look at its end")
    except (ValueError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from None
    click.echo("Change both, then run: kerastutor exercises build")


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False))
@click.option("--target", type=click.Choice(["keras", "kerastutor"]), default="keras", show_default=True,
              help="Where the new code imports Keras from.")
@click.option("--write", is_flag=True, help="Change the files; each old one stays beside it as NAME.orig.")
def migrate(paths, target, write):
    """Rewrite programs and notebooks for Keras 1, 2 or tf.keras to Keras 3.

    FILE is a .py or .ipynb file. Shows what would change, and explains what has to be done by hand, with line
    numbers. Nothing is run, and without --write nothing is changed.

    Exit status 0: nothing is left to do. 1: changes are shown but not written, or something is left to do by hand.
    2: a file could not be read.
    """
    from kerastutor.migrate.show import run

    sys.exit(run(paths, target, write))


@main.command()
def warm():
    """Compile the kernels that the lessons use, so that the first training starts at once."""
    from kerastutor.warm import warm

    warm(sys.stderr)
