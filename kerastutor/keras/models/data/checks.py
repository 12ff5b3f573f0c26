"""What data may be: numbers in arrays, one row a sample, finite. Whatever else comes is refused with the likely fix."""

import numbers

import numpy as np

from ... import config, tree

KINDS = {"O": "ragged rows, text or None among the numbers", "U": "text", "S": "text", "T": "text",
         "c": "complex numbers", "M": "dates", "m": "times"}


def as_array(name, a):
    """`a` (a NumPy array, a pandas table, a tensor) as an array of numbers, floats in Keras's floatx.

    Raises a TypeError or ValueError that says what came, what was expected and the likely fix.
    """
    if hasattr(a, "to_numpy"):
        a = _from_table(name, a)
    elif hasattr(a, "numpy"):  # tensors, ours and others'
        a = (a.detach().cpu() if hasattr(a, "detach") else a).numpy()
    elif hasattr(a, "__array__") and not isinstance(a, (np.ndarray, np.generic)):
        a = np.asarray(a)
    if isinstance(a, (list, tuple)):
        raise TypeError(
            f"`{name}` is a {type(a).__name__}; Keras takes NumPy arrays here: write {name} = np.array({name})."
        )
    if not isinstance(a, np.ndarray):
        hint = f" A sparse matrix: write {name}.toarray()." if hasattr(a, "toarray") else ""
        raise TypeError(
            f"`{name}` must be a NumPy array, a pandas table, an array on disk or, for x, batches (a generator or a "
            f"PyDataset); got {type(a).__name__}.{hint}"
        )
    check_kind(name, a)
    return a.astype(config.floatx(), copy=False) if a.dtype.kind == "f" else a


def _from_table(name, table):
    """A pandas DataFrame as its array; a Series as one column."""
    a = table.to_numpy()
    if a.dtype.kind == "O" and getattr(table, "ndim", 0) == 2:
        other = [column for column, dtype in table.dtypes.items() if getattr(dtype, "kind", "O") not in "fiub"]
        if other:
            raise TypeError(
                f"`{name}` has columns that are not numbers: {', '.join(map(repr, other))}. Leave them out, or encode "
                "them as numbers (a StringLookup layer does, or pandas.get_dummies) before fit."
            )
        a = table.to_numpy(config.floatx())
    is_series = a.ndim == 1 and hasattr(table, "to_frame") and not name.startswith("sample_weight")
    return a[:, None] if is_series else a


def check_kind(name, a):
    """Refuse what holds no numbers, or no rows, by its dtype and shape alone."""
    if a.dtype.kind not in "fiub":
        raise TypeError(
            f"`{name}` has dtype {a.dtype} ({KINDS.get(a.dtype.kind, 'not numbers')}); expected numbers: "
            "encode text as numbers (a TextVectorization or StringLookup layer does, applied to the data before fit), "
            f"or convert with {name}.astype('float32')."
        )
    if len(a.shape) == 0:
        raise ValueError(f"`{name}` is a single number; expected one row a sample: an array of at least one axis.")
    if a.shape[0] == 0:
        raise ValueError(f"`{name}` is empty (shape {a.shape}): there is nothing to work on.")


def checked(name, given, as_leaf=as_array):
    """Every array of a structure, checked; a list counts as one of arrays only if each part is an array."""
    if isinstance(given, dict):
        return {key: checked(f"{name}[{key!r}]", part, as_leaf) for key, part in given.items()}
    if isinstance(given, (list, tuple)) and given and all(_is_part(part) for part in given):
        parts = [checked(f"{name}[{i}]", part, as_leaf) for i, part in enumerate(given)]
        return parts if isinstance(given, list) else tuple(parts)
    return None if given is None else as_leaf(name, given)


def _is_part(part):
    if isinstance(part, (list, tuple, dict)):
        return bool(part) and all(_is_part(p) for p in (part.values() if isinstance(part, dict) else part))
    return hasattr(part, "shape") and len(part.shape) > 0


def named(name, structure):
    """(name, array) of each array in a structure, in the order of `tree.flatten`."""
    leaves = zip(tree.paths(structure), tree.flatten(structure))
    return [(name + "".join(f"[{key!r}]" for key in path), a) for path, a in leaves if a is not None]


def check_rows(arrays):
    """Refuse (name, array) pairs with different numbers of rows."""
    (first, rows), *rest = [(name, len(a)) for name, a in arrays]
    for name, n in rest:
        if n != rows:
            hint = f" One sample alone needs a batch axis: {first}[None, ...]." if 1 in (n, rows) else ""
            raise ValueError(
                f"`{first}` has {rows} samples and `{name}` has {n}: each sample needs one row in both.{hint}"
            )


def check_finite(name, a, offset=0):
    """Raise a ValueError that says where the first NaN or inf is. Reads `a` once, without a copy.

    `offset` is the place of a's first row in the whole data.
    """
    if a.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        flat = a.reshape(-1) if a.flags.c_contiguous else None
        if np.isfinite(a.sum() if flat is None else np.dot(flat, flat)):  # a product reads it all the fastest
            return
    step = max(1, 2**20 // max(1, a[0].size))
    count, first = 0, None
    for start in range(0, len(a), step):
        bad = ~np.isfinite(a[start : start + step])
        if bad.any():
            count += int(bad.sum())
            if first is None:
                place = np.argwhere(bad)[0].tolist()
                first = (start + place[0], *place[1:])
    if count:
        where = ", ".join(map(str, (first[0] + offset, *first[1:])))
        raise ValueError(
            f"`{name}` holds {count} NaN or infinite value{'s' if count > 1 else ''}, the first at "
            f"{name}[{where}] = {a[first]}. Training on it would turn every weight into NaN: "
            "drop or fill those rows first (np.isfinite finds them)."
        )


def whole_or_none(name, value, default, none):
    """A count given by the user, as an int; `default` if it is None."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(f"`{name}` must be a whole number from 1 up, or None for {none}; got {value!r}.")
    return int(value)
