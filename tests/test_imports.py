"""Imports point one way: backends <- keras <- doctor, widgets <- grading, course <- the command line."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kerastutor"

MAY_IMPORT = {
    "backends": set(),
    "keras": {"backends", "older"},
    "datasets": {"keras"},
    "gradients": {"backends", "keras"},
    "warm": {"backends", "keras"},
    "inspect": {"backends", "keras"},
    "doctor": {"backends", "keras"},
    "widgets": {"backends", "keras", "inspect"},
    "grading": {"backends", "keras", "doctor", "widgets"},
    "course": {"backends", "keras", "datasets", "doctor", "widgets", "grading"},
    "as_keras": {"keras", "older"},
    "older": set(),
    "migrate": {"older"},
    "report": {"backends", "keras", "course", "datasets"},
    "cli": {"backends", "keras", "datasets", "course", "grading", "migrate", "report", "warm"},
    "__main__": {"cli"},
    "__init__": {"as_keras", "backends", "keras", "datasets", "gradients", "inspect", "widgets", "doctor", "grading"},
}
"""Each part of the package, and the other parts that it may import."""

CALLED = {"PIL": "pillow", "nvmath": "nvmath-python", "sklearn": "scikit-learn", "cuda": "cuda-bindings"}
"""Modules whose package has another name."""

ONLY_IN = {
    "numba": "backends",
    "llvmlite": "backends",
    "nvmath": "backends",
    "libcst": "migrate",
    "matplotlib": "widgets",
    "ipywidgets": "widgets",
    "anywidget": "widgets",
}
"""Heavy packages, and the one part that may import each."""

IN_EXTRA = {
    "kerastutor.backends.cuda.blas": "cuda",
    "kerastutor.backends.cuda.graphs": "cuda",
    "kerastutor.grading.masters": "instructor",
    "kerastutor.grading.release": "instructor",
}
"""Modules for instructors or for a GPU, and the extra that has what they import when they are called."""

AGAINST_THE_ARROWS = {("kerastutor.keras.utils.plotting", "kerastutor.widgets.graph")}
"""plot_model, Keras's name for a picture, imports what draws it when it is called."""


def imports(source, module):
    """Every module that ``source`` imports anywhere in it, by absolute name; ``module`` is its own name."""
    package = module if module.endswith("__init__") else module.rpartition(".")[0]
    package = package.removesuffix(".__init__")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join(parts[: len(parts) - node.level + 1] + ([base] if base else []))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part_of(module):
    """The part of kerastutor that ``module`` belongs to, or None: "keras" for "kerastutor.keras.ops.matmul"."""
    names = module.split(".")
    return names[1] if names[0] == "kerastutor" and len(names) > 1 and names[1] in MAY_IMPORT else None


def faults(source, module):
    """What is wrong with the imports of one module, as sentences."""
    names = module.split(".")
    own = names[1]
    for name in imports(source, module):
        other, outside = part_of(name), name.split(".")[0]
        if other and other != own and other not in MAY_IMPORT[own] and (module, name) not in AGAINST_THE_ARROWS:
            yield f"{module} imports {name}: {own} may not know of {other}"
        if outside in ONLY_IN and ONLY_IN[outside] != own:
            yield f"{module} imports {name}: only {ONLY_IN[outside]} may import {outside}"
        if own == other == "backends" and is_sibling(names, name.split(".")):
            yield f"{module} imports {name}: backends do not know of one another"


def is_sibling(own, other):
    backends = {"numpy", "cpu", "cuda"}
    return own[2] in backends and len(other) > 2 and other[2] in backends - {own[2]}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        if "files" not in path.relative_to(PACKAGE).parts:
            yield ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts), path


@pytest.mark.parametrize("module, path", [pytest.param(*each, id=each[0]) for each in modules()])
def test_imports_point_one_way(module, path):
    assert module.split(".")[1] in MAY_IMPORT, f"{module} is a new part: say in MAY_IMPORT what it may import"
    assert list(faults(path.read_text(encoding="utf-8"), module)) == []


@pytest.mark.parametrize("module, path", [pytest.param(*each, id=each[0]) for each in modules()])
def test_what_is_imported_is_a_declared_dependency(module, path):
    extra = declared(IN_EXTRA[module]) if module in IN_EXTRA else set()
    assert outside(path, module) <= declared("dependencies") | extra


TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "scripts" not in path.parts]  # those are of other times


def test_what_the_tests_import_comes_with_the_extra():
    needed = set().union(*(outside(path, f"tests.{path.stem}") for path in TESTS))
    assert needed - {"benchmarks", "tests"} <= declared("dependencies") | declared("test")


def outside(path, module):
    """The packages that a file imports, Python's own and kerastutor left out."""
    names = {name.split(".")[0] for name in imports(path.read_text(encoding="utf-8"), module) if name}
    names = {CALLED.get(name, name).lower() for name in names}
    return names - set(sys.stdlib_module_names) - {"kerastutor"}


def declared(kind):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] if kind == "dependencies" else project["optional-dependencies"][kind]
    return {re.match(r"[\w-]+", line)[0] for line in lines}


@pytest.mark.parametrize(
    "module, source",
    [
        ("kerastutor.backends.cpu.kernels", "from kerastutor import keras"),
        ("kerastutor.backends.cpu.kernels", "from ...keras import ops"),
        ("kerastutor.backends.cpu.__init__", "from ..numpy import matmul"),
        ("kerastutor.backends.cpu.kernels", "import kerastutor.backends.numpy"),
        ("kerastutor.keras.models.sequential", "def fit():\n    from kerastutor.widgets import LiveLoss"),
        ("kerastutor.keras.__init__", "from ..widgets import LiveLoss"),
        ("kerastutor.keras.utils.plotting", "from kerastutor.widgets import LiveLoss"),
        ("kerastutor.keras.ops.matmul", "import numba"),
        ("kerastutor.report", "from matplotlib.figure import Figure"),
        ("kerastutor.widgets.live_loss", "import kerastutor.cli"),
        ("kerastutor.course.lay", "from kerastutor.cli import main"),
    ],
)
def test_wrong_arrows_are_seen(module, source):
    assert list(faults(source, module))


@pytest.mark.parametrize(
    "module, source",
    [
        ("kerastutor.backends.numpy", "import numpy as np"),
        ("kerastutor.backends.cpu.__init__", "from .matmul import matmul\nimport numba"),
        ("kerastutor.keras.ops.matmul", "from kerastutor.backends import K\nfrom ..autodiff import record"),
        ("kerastutor.widgets.live_loss", "from kerastutor import keras\nimport matplotlib"),
        ("kerastutor.cli", "from kerastutor import __version__"),
    ],
)
def test_right_arrows_pass(module, source):
    assert not list(faults(source, module))
