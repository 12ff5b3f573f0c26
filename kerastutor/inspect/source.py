"""The code behind a layer: its class, and the kernels that it runs, in every backend."""

import ast
import inspect
from dataclasses import dataclass, field
from pathlib import Path

from .. import backends
from ..backends import K
from ..keras.autodiff import TracingError, recording
from ..keras.layers.layer import Layer
from .trace import LayerTrace, again

PACKAGE = Path(backends.__file__).parent


@dataclass
class Part:
    """A piece of code: what it is, where it stands, and its text."""

    title: str
    where: str
    text: str


@dataclass
class Source:
    """Parts of a layer's code, and of each kernel: {"numpy": Part, "cpu": Part, "cuda": Part or a sentence}."""

    layer: list
    forward: list = field(default_factory=list)
    backward: list = field(default_factory=list)
    kernels: dict = field(default_factory=dict)
    note: str = ""

    def __repr__(self):
        texts = [f"# {part.where}\n{part.text}" for part in self.layer]
        for name, by_backend in self.kernels.items():
            for backend, part in by_backend.items():
                texts.append(f"# {name}, {backend}: {part}" if isinstance(part, str) else
                             f"# {name}, {backend}: {part.where}\n{part.text}")
        return "\n\n".join([*texts, *([f"# {self.note}"] if self.note else [])])


def source(layer):
    """The code of a layer's class and of the kernels that it runs, forward and backward, in every backend.

    Parameters
    ----------
    layer : LayerTrace or Layer
        Of a trace, the kernels come along: they are those of one more call on its first sample, written down.

    Returns
    -------
    Source

    Examples
    --------
    >>> import numpy as np
    >>> from kerastutor import keras
    >>> from kerastutor.inspect import source, trace
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "relu", name="d")])
    >>> found = source(trace(model, np.ones((4, 3)))["d"])
    >>> found.layer[0].title, "relu" in found.forward, found.kernels["relu"]["numpy"].where
    ('Dense', True, 'kerastutor/backends/numpy/elementwise.py:...')
    """
    one = layer if isinstance(layer, LayerTrace) else None
    found = Source(_parts(one.layer if one else layer))
    if one is None:
        return found
    try:
        found.forward, found.backward = kernels_of(one)
    except TracingError:
        found.note = "Its kernels can't be listed: its code looks at values, so it is run as Python each time."
    for name in dict.fromkeys([*found.forward, *found.backward]):
        found.kernels[name] = {backend: kernel_source(name, backend) for backend in backends.NAMES}
    return found


def _parts(layer):
    if not isinstance(layer, Layer):
        return [_part(layer.function, f"ops.{layer.function.__name__}")]
    cls = type(layer)
    parts = [_part(cls, cls.__name__)]
    for name in ("call", "convolve", "convolution_op"):
        owner = next((c for c in cls.__mro__ if name in vars(c)), None)
        if owner not in (None, cls, Layer):
            parts.append(_part(vars(owner)[name], f"{owner.__name__}.{name}"))
    cell = getattr(layer, "cell", None)
    return [*parts, _part(type(cell), type(cell).__name__)] if cell is not None else parts


def _part(thing, title):
    thing = inspect.unwrap(thing) if not isinstance(thing, type) else thing
    try:
        lines, first = inspect.getsourcelines(thing)
        return Part(title, f"{_short(inspect.getsourcefile(thing))}:{first}", "".join(lines).rstrip())
    except (OSError, TypeError):
        return Part(title, "", f"# The code of {title} is not in a file that can be read.")


def _short(path):
    path = Path(path)
    home = PACKAGE.parent.parent
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name


def kernels_of(one):
    """The names of the kernels that a layer's call runs, and those of its way back, in order, each once."""
    K.add  # noqa: B018 -- loads the backend
    names = {id(kernel): name for name, kernel in vars(K).items()}
    with recording() as calls:
        inputs, outputs, tape = again(one, 0)
        forward = len(calls)
        for out, gradient, _ in reversed(tape._steps):
            if out.grad is None and any(out is y for y in outputs):
                out.add_grad(out.value)
            if out.grad is not None:
                gradient(out.grad)
    found = [names.get(id(kernel)) for kernel, _ in calls]
    each = lambda part: [name for name in dict.fromkeys(part) if name is not None]
    for x in (*inputs, *getattr(one.layer, "variables", ())):
        x.grad = None
    return each(found[:forward]), each(found[forward:])


def kernel_source(name, backend):
    """The `Part` where a backend defines a kernel, or a sentence that says why there is none.

    Found in the files, nothing is imported: it shows code for a machine that this one is not.
    """
    folder = PACKAGE / backend
    if not (folder / "__init__.py").is_file():
        return "not in this version."
    files = {path.stem: path for path in sorted(folder.glob("*.py"))}
    tree = ast.parse(files["__init__"].read_text(encoding="utf-8"))
    for node in tree.body:  # where __init__ takes it from
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module in files:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _defined(files[node.module], alias.name, name)
    for path in files.values():
        found = _defined(path, name, name)
        if isinstance(found, Part):
            return found
    return f"this backend has no kernel {name!r}."


def _defined(path, name, title):
    text = path.read_text(encoding="utf-8")
    nodes = ast.parse(text).body
    for node in nodes:
        named = getattr(node, "name", None) == name or (
            isinstance(node, ast.Assign) and any(getattr(t, "id", None) == name for t in node.targets)
        )
        if named:
            called = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            loops = [n for n in nodes if n is not node and getattr(n, "name", None) in called and _is_for_threads(n)]
            return Part(title, f"{_short(path)}:{_first_line(node)}", "\n\n\n".join(
                "\n".join(text.splitlines()[_first_line(n) - 1 : n.end_lineno]) for n in (node, *loops)))
    return f"not found in {_short(path)}."


def _first_line(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _is_for_threads(node):
    """Whether a function says what one thread of a GPU does: a kernel's text is not whole without those it launches."""
    return any("cuda.jit" in ast.unparse(d) for d in getattr(node, "decorator_list", ()))
