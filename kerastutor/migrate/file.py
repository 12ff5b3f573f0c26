"""One file: what its names mean, how to refer to new ones, and what has to be said about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider, QualifiedNameProvider, QualifiedNameSource

from . import names, syntax


@dataclass(frozen=True, order=True)
class Note:
    """Something that was left as it is, and why."""

    line: int
    message: str


@dataclass
class File:
    module: cst.Module
    renamed: dict[str, str]
    gone: dict[str, str]
    target: str
    bindings: dict[str, str] = field(default_factory=dict)
    """What each imported name stands for: local name -> dotted name, `tensorflow.keras` read as `keras`."""
    stars: list[str] = field(default_factory=list)
    """Modules of Keras of which everything is imported."""
    assigned: set[str] = field(default_factory=set)
    """Names that the file itself gives to something."""
    values: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    """The expressions assigned to each name or attribute, by its source text."""
    calls: list = field(default_factory=list)
    """Every call, in order, with today's dotted name of what is called (or None)."""
    kept: set[str] = field(default_factory=set)
    """Imported names that the new code still uses."""
    left: set[str] = field(default_factory=set)
    """Imported names of which at least one use is now written otherwise."""
    needs: dict = field(default_factory=lambda: defaultdict(list))
    """What has to be imported, by the local name whose import is the right place."""
    notes: set[Note] = field(default_factory=set)
    dropped: set = field(default_factory=set)
    """Calls whose whole statement goes."""
    before: dict = field(default_factory=dict)
    """Source text of statements to put before the statement that is a certain call."""
    lifted: dict = field(default_factory=dict)
    """Layers whose batch_input_shape is said by an Input before them, and that Input's source text."""
    theano_images: bool = False
    """Whether images with the channels first are turned to channels last."""

    def __post_init__(self):
        self._metadata = MetadataWrapper(self.module, unsafe_skip_copy=True)
        self.meanings = self._metadata.resolve(QualifiedNameProvider)
        self.module.visit(_Survey(self))

    @property
    def is_about_keras(self):
        imported = [*self.bindings.values(), *self.stars]
        return any(names.root(dotted) or dotted.split(".")[0] == "tensorflow" for dotted in imported)

    def line(self, node):
        return self._metadata.resolve(PositionProvider)[node].start.line

    def say(self, node, message):
        self.notes.add(Note(self.line(node), message))

    def meaning(self, node):
        """The dotted name that an imported name, or an attribute of one, stands for; else None."""
        found = {names.plain(name) for name in self.meanings_of(node)}
        return found.pop() if len(found) == 1 else None

    def meanings_of(self, node):
        """The dotted names as they are imported, `tensorflow.keras.layers` too."""
        if not syntax.is_dotted(node):
            return set()
        meanings = self.meanings.get(node, ())
        meanings = meanings() if callable(meanings) else meanings
        return {m.name for m in meanings if m.source is QualifiedNameSource.IMPORT}

    def today(self, dotted):
        return names.today(dotted, self.renamed)

    def callee(self, call):
        """Today's dotted name of what a call calls, or the old one where there is none."""
        dotted = self.called(call.func)
        return dotted and (self.today(dotted) if names.root(dotted) else self.renamed.get(dotted)) or dotted

    def called(self, func):
        """The dotted name of what is called, names that came with `import *` too."""
        dotted = self.meaning(func)
        if dotted is None and isinstance(func, cst.Name) and func.value not in self.assigned:
            found = [f"{module}.{func.value}" for module in self.stars]
            return next((name for name in found if name in names.known() or name in self.renamed), None)
        return dotted

    # new names -------------------------------------------------------------------------------------

    def refer(self, dotted, node):
        """An expression for ``dotted`` in the style of ``node``, an older name that it replaces."""
        local = first_name(node)
        old = self.meaning(node) or ""
        if isinstance(node, cst.Name) and node.value != old.rpartition(".")[2] and self.today(old) == dotted:
            self.kept.add(local)  # imported under another name, which stays
            return cst.Name(node.value)
        self.left.add(local)
        if isinstance(node, cst.Name):
            return self._by_name(dotted, local)
        homes = [name for name, meant in self.bindings.items()
                 if dotted.startswith(meant + ".") and meant in names.modules() and name not in self.assigned]
        if homes:
            home = max(homes, key=lambda name: (name == local, len(self.bindings[name])))
            self.kept.add(home)
            return syntax.expression(home + dotted.removeprefix(self.bindings[home]))
        module = self.today(self.bindings.get(local, "")) or ""
        if module in names.modules() and dotted.startswith(module + "."):  # a module that was renamed itself
            if local != self.bindings[local].rpartition(".")[2]:
                self.kept.add(local)
                return syntax.expression(local + dotted.removeprefix(module))
            return self._by_module(module, dotted, local)
        if dotted.startswith("keras.") and self.bindings.get(local, "").startswith("tensorflow"):
            return self._by_module("keras", dotted, local)
        if dotted.startswith(("keras.ops.", "keras.random.")):
            return self._by_module(".".join(dotted.split(".")[:2]), dotted, local)
        return self._by_name(dotted, local)

    def named(self, dotted, home=None):
        """Source text for ``dotted`` (`np.argmax` for numpy.argmax), imported if need be."""
        module = dotted.rpartition(".")[0]
        for name, meant in self.bindings.items():
            if dotted.startswith(meant + ".") and name not in self.assigned:
                if names.root(meant) is None or meant in names.modules() and meant != "keras.backend":
                    self.kept.add(name)
                    return name + dotted.removeprefix(meant)
            if meant == dotted and name not in self.assigned:
                self.kept.add(name)
                return name
        if module == "numpy":
            self._need("numpy", "np", home)
            return f"np.{dotted.rpartition('.')[2]}"
        if module in ("keras.ops", "keras.random"):
            return syntax.code(self._by_module(module, dotted, home))
        return syntax.code(self._by_name(dotted, home))

    def _by_name(self, dotted, home):
        name = dotted.rpartition(".")[2]
        taken = name in self.assigned or self.today(self.bindings.get(name, dotted)) != dotted
        if taken and self.bindings.get(name) not in (None, dotted) and name == home and name not in self.assigned:
            taken = False  # merge -> merge: its own place
        if taken:
            return self._by_module("keras", dotted, home)
        self._need(dotted, name, home)
        return cst.Name(name)

    def _by_module(self, module, dotted, home):
        name = module.rpartition(".")[2]
        if name == "random" or name in self.assigned or self.bindings.get(name, module) != module:
            module = "keras"  # random is Python's own, too
        name = module.rpartition(".")[2]
        self._need(module, name, home)
        return syntax.expression(name + dotted.removeprefix(module))

    def _need(self, dotted, name, home):
        if self.bindings.get(name) != dotted:
            self.needs[home].append(dotted)
            self.bindings[name] = dotted
        self.kept.add(name)

    # what is known about values ------------------------------------------------------------------------

    def made_by(self, node, depth=3):
        """Today's dotted names of the calls that made a value, as far as plain assignments tell."""
        made = set()
        for value in [node] if isinstance(node, cst.Call) else self.values.get(syntax.code(node), []):
            if isinstance(value, cst.Call):
                made.add(self.callee(value) or syntax.code(value.func))
                if isinstance(value.func, cst.Name):
                    for result in self.values.get(f"{value.func.value}()", []) if depth else []:
                        made |= self.made_by(result, depth - 1)
            elif depth and syntax.is_dotted(value):
                made |= self.made_by(value, depth - 1)
        return made

    def is_model(self, node):
        """True: a Keras model. False: something else that is known. None: not known."""
        made = self.made_by(node)
        if made & {"keras.models.Sequential", "keras.Sequential", "keras.models.Model", "keras.Model",
                   "keras.models.load_model", "keras.saving.load_model", "keras.models.model_from_json"}:
            return True
        return False if made and all("." in name for name in made) else None


def first_name(node):
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value


class _Survey(cst.CSTVisitor):
    """Reads the file once, before anything is changed."""

    def __init__(self, file):
        self.file, self.functions = file, []

    def visit_Import(self, node):
        for alias in node.names:
            dotted = names.plain(alias.evaluated_name)
            if alias.asname:
                self.file.bindings[alias.evaluated_alias] = dotted
            else:
                self.file.bindings.setdefault(alias.evaluated_name.split(".")[0], alias.evaluated_name.split(".")[0])
        return False

    def visit_ImportFrom(self, node):
        module = syntax.code(node.module) if node.module and not node.relative else ""
        if isinstance(node.names, cst.ImportStar):
            if names.root(module):
                self.file.stars.append(names.nearest(names.plain(module)))
        elif module:
            for alias in node.names:
                local = alias.evaluated_alias or alias.evaluated_name
                self.file.bindings[local] = names.plain(f"{module}.{alias.evaluated_name}")
        return False

    def visit_FunctionDef(self, node):
        self.functions.append(node.name.value)
        self.file.assigned.add(node.name.value)

    def leave_FunctionDef(self, node):
        self.functions.pop()

    def visit_ClassDef(self, node):
        self.file.assigned.add(node.name.value)

    def visit_Param(self, node):
        self.file.assigned.add(node.name.value)

    def visit_AssignTarget(self, node):
        for target in syntax.elements(node.target) or [node.target]:
            if isinstance(target, cst.Name):
                self.file.assigned.add(target.value)

    def visit_Assign(self, node):
        for target in node.targets:
            self.file.values[syntax.code(target.target)].append(node.value)

    def visit_AnnAssign(self, node):
        if isinstance(node.target, cst.Name):
            self.file.assigned.add(node.target.value)

    def visit_For(self, node):
        for target in syntax.elements(node.target) or [node.target]:
            if isinstance(target, cst.Name):
                self.file.assigned.add(target.value)

    def visit_AsName(self, node):
        if isinstance(node.name, cst.Name):
            self.file.assigned.add(node.name.value)

    def visit_Return(self, node):
        if self.functions and node.value is not None:
            self.file.values[f"{self.functions[-1]}()"].append(node.value)

    def visit_Call(self, node):
        self.file.calls.append((self.file.callee(node), node))
