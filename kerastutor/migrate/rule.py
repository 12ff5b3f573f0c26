"""A rule: one idea about how code for an older Keras is written today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """One idea. ``before`` and ``after`` are an example, which a test runs.

    ``names``: dotted names that changed. ``gone``: dotted names without a counterpart, and what to do instead.
    ``calls``: functions and classes by the dotted name of today; ``methods``: methods by name, of any object.
    Each gives a function that is handed a `Call` and changes it, or says why it does not.
    ``attributes``: the same for `x.name`, handed the file, the node, and its updated form, giving a node.
    ``nodes``: the same for other kinds of syntax, by the class's name in libcst.
    """

    name: str
    idea: str
    before: str
    after: str
    names: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Callable] = field(default_factory=dict)
    methods: dict[str, Callable] = field(default_factory=dict)
    nodes: dict[str, Callable] = field(default_factory=dict)
    surveys: tuple[Callable, ...] = ()
    """Functions that look at the whole file before anything is changed."""
    finds: tuple[str, ...] = ()
    """Words of the explanation, where the example is one that is explained and left as it is."""
