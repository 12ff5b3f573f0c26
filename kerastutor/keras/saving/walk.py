"""Where in a file each part of a model lies: the way to it by attributes, as `layers/dense_1/vars/0`.

As Keras does it: a model's `layers` first, then all attributes by name, those with `_` last; a part of a list is called
by its class, with a number from the second on. Names of layers play no role, since they change from run to run.
"""

import functools

from ..naming import snake_case


class Walk:
    """Every layer, optimizer, metric and loss of a model.

    Attributes
    ----------
    parts : list of (object, list of str)
        Each with all ways that lead to it, the one that counts first.
    lists : dict
        Way to a list -> the names of the parts in it.
    """

    def __init__(self, model):
        self.parts, self.lists = [], {}
        self._ways, self._inside = {}, set()
        self._visit(model, "")

    def _visit(self, part, way):
        if id(part) in self._ways:
            self._ways[id(part)].append(way)
            return
        ways = self._ways[id(part)] = [way]
        self.parts.append((part, ways))
        for name, child in attributes(part):
            self._look_at(child, f"{way}/{name}" if way else name)

    def _look_at(self, child, way):
        if isinstance(child, _kinds()):
            self._visit(child, way)
        elif isinstance(child, (list, tuple, dict)) and id(child) not in self._inside:
            self._inside.add(id(child))
            self._look_into(list(child.values()) if isinstance(child, dict) else child, way)
            self._inside.discard(id(child))

    def _look_into(self, container, way):
        seen = {}
        for child in container:
            nested = isinstance(child, (list, tuple, dict))
            if not nested and not isinstance(child, _kinds()):
                continue
            name = "container" if nested else snake_case(type(child).__name__)
            seen[name] = seen.get(name, -1) + 1
            name = f"{name}_{seen[name]}" if seen[name] else name
            self.lists.setdefault(way, set()).add(name)
            self._look_at(child, f"{way}/{name}")


def attributes(part):
    """The attributes of a part that are its own, not those that every layer has."""
    if _is_graph(part):
        yield "layers", part.layers
    for name in sorted(set(dir(part)) - _common(_kind(part)), key=lambda n: f"~{n}" if n.startswith("_") else n):
        if name.startswith("__"):
            continue
        try:
            yield name, getattr(part, name)
        except Exception:  # a property that has nothing to give yet
            continue


def _is_graph(part):
    from ..models import Sequential

    return isinstance(part, Sequential) or getattr(part, "_graph", None) is not None


@functools.cache
def _kinds():
    from ..layers import Layer
    from ..losses import Loss
    from ..metrics import Metric
    from ..optimizers import Optimizer

    return Layer, Optimizer, Metric, Loss


def _kind(part):
    return next(kind for kind in _kinds() if isinstance(part, kind))


@functools.cache
def _common(kind):
    """The names of what every layer, optimizer, metric or loss has."""
    layer, optimizer, metric, _ = _kinds()
    arguments = {"name": "example"} | ({"learning_rate": 1.0} if kind is optimizer else {})
    return frozenset(dir(kind(**arguments)))
