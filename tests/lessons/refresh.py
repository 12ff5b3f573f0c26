"""Make the notebooks anew from their percent-format twins, run them, and keep what they print.

usage: python tests/lessons/refresh.py [NAME ...], as in python tests/lessons/refresh.py 04_first_models
Edit the .py beside a notebook, then run this; without a name all lessons are made.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
KEEP = {"kernelspec"}


def refresh(twin):
    """Write the notebook beside `twin`; return the seconds that running it took."""
    notebook = jupytext.read(twin)
    notebook.metadata = {key: value for key, value in notebook.metadata.items() if key in KEEP}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{twin.stem[:2]}-{number:02}"  # the same at every run: quiet diffs
    began = perf_counter()
    client = NotebookClient(
        notebook,
        timeout=600,
        resources={"metadata": {"path": str(twin.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    client.execute()
    took = perf_counter() - began
    notebook.metadata = {key: value for key, value in notebook.metadata.items() if key in KEEP}
    nbformat.write(notebook, twin.with_suffix(".ipynb"))
    return took


def main(names):
    os.environ["KERASTUTOR_QUIET"] = "1"  # on a cold cache a lesson must not keep "Compiling kernels ..."
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    for twin in [ROOT / "lessons" / f"{name}.py" for name in names] or sorted((ROOT / "lessons").glob("*.py")):
        print(f"{twin.stem}: {refresh(twin):.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
