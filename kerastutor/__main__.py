"""``python -m kerastutor``: the same as the command ``kerastutor``."""

from kerastutor.cli import main

if __name__ == "__main__":
    main(prog_name="kerastutor")
