"""Nested structures: lists, tuples and dicts of things. A dict's values come in the order of its sorted keys.

Source: https://keras.io/api/utils/ (`keras.tree`)
"""


def is_nested(structure):
    """Whether `structure` is a list, tuple or dict."""
    return isinstance(structure, (list, tuple, dict))


def flatten(structure):
    """The leaves of a structure, in order.

    >>> flatten({"b": [1, 2], "a": 3})
    [3, 1, 2]
    """
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in flatten(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in flatten(part)]
    return [structure]


def map_structure(func, *structures):
    """The same structure, with func(leaf, ...) in place of each leaf.

    >>> map_structure(lambda x: x + 1, {"a": [1, 2]})
    {'a': [2, 3]}
    """
    first = structures[0]
    if isinstance(first, dict):
        made = {key: map_structure(func, *[s[key] for s in structures]) for key in first}
        return made if type(first) is dict else _like(first, made)
    if isinstance(first, (list, tuple)):
        return _like(first, [map_structure(func, *parts) for parts in zip(*structures, strict=True)])
    return func(*structures)


def _like(example, made):
    if hasattr(example, "_fields"):  # a named tuple
        return type(example)(*made)
    if isinstance(example, (list, dict)):
        return (dict if isinstance(example, dict) else list)(made)
    return tuple(made)


def pack_sequence_as(structure, flat_sequence):
    """The leaves in a structure like the one given: the reverse of `flatten`.

    >>> pack_sequence_as({"b": [0, 0], "a": 0}, [3, 1, 2])
    {'b': [1, 2], 'a': 3}
    """
    leaves = list(flat_sequence)
    if len(leaves) != len(flatten(structure)):
        raise ValueError(f"The structure {structure!r} has {len(flatten(structure))} leaves; {len(leaves)} came.")
    return _packed(structure, iter(leaves))


def _packed(part, leaves):
    if isinstance(part, dict):
        found = {key: _packed(part[key], leaves) for key in sorted(part)}
        return _like(part, {key: found[key] for key in part})
    return _like(part, [_packed(p, leaves) for p in part]) if isinstance(part, (list, tuple)) else next(leaves)


def flatten_with_path(structure):
    """Pairs of the way to each leaf and the leaf.

    >>> flatten_with_path({"a": [5]})
    [(('a', 0), 5)]
    """
    return list(zip(paths(structure), flatten(structure)))


def lists_to_tuples(structure):
    """The structure with tuples in place of lists."""
    if isinstance(structure, dict):
        return {key: lists_to_tuples(part) for key, part in structure.items()}
    return tuple(map(lists_to_tuples, structure)) if isinstance(structure, (list, tuple)) else structure


def map_structure_up_to(shallow_structure, func, *structures):
    """func(part, ...) for the parts that stand where the shallow structure has leaves."""
    found = [[_at(s, path) for s in structures] for path in paths(shallow_structure)]
    return pack_sequence_as(shallow_structure, [func(*parts) for parts in found])


def _at(structure, path):
    for key in path:
        structure = structure[key]
    return structure


def paths(structure, path=()):
    """The way to each leaf, as tuples of keys and places, in the order of `flatten`."""
    if isinstance(structure, dict):
        return [p for key in sorted(structure) for p in paths(structure[key], (*path, key))]
    if isinstance(structure, (list, tuple)):
        return [p for i, part in enumerate(structure) for p in paths(part, (*path, i))]
    return [path]


def assert_same_paths(a, b):
    """Raise a ValueError unless the same ways lead to leaves in both."""
    assert_same_structure(a, b)


def assert_same_structure(a, b):
    """Raise a ValueError unless both are nested alike; a list is as good as a tuple."""
    if paths(a) != paths(b):
        raise ValueError(f"The structures differ: {describe(a)} and {describe(b)}.")


def describe(structure):
    """A structure with `*` in place of each leaf, for messages."""
    return str(map_structure(lambda _: "*", structure)).replace("'*'", "*")
