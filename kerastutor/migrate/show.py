"""What the command prints: the diff, the notes, and one line about each file."""

import sys

import click

from .files import Unreadable, plan

COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def run(paths, target, write):
    """Migrate the files and print what was found; the exit status."""
    status = 0
    for path in paths:
        try:
            status = max(status, _one(plan(path, target), write))
        except (Unreadable, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            status = 2
    return status


def _one(plan, write):
    if plan.changes and not write:
        for line in plan.diff():
            bold = line.startswith(("+++", "---"))
            click.echo(click.style(line, bold=True) if bold else click.style(line, fg=COLOURS.get(line[:1])))
    for note in plan.done.notes:
        where = plan.path if plan.path.suffix == ".ipynb" else f"{plan.path}:{note.line}"
        click.echo(f"{click.style(f'{where}:', fg='yellow')} {note.message}")
    count = len(plan.done.notes)
    by_hand = f"; {count} thing{'s' * (count > 1)} to look at by hand" if count else ""
    if not plan.changes:
        done = "nothing to change"
    elif write:
        done = f"rewritten, the old file is {plan.write().name}"
    else:
        done = "to be rewritten: add --write"
    click.echo(f"{plan.path}: {done}{by_hand}.", file=sys.stderr)
    return int(plan.changes and not write or count > 0)
