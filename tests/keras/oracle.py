"""Real Keras, on JAX, in the same process: the judge of names, values, shapes and dtypes.

`real()` is the module `keras`; it loads on first use (some seconds), so only tests that need it pay for it. What
makes it use JAX is set in `tests/conftest.py`.
"""

import functools
import inspect

import numpy as np


@functools.cache
def real():
    import keras

    assert keras.backend.backend() == "jax", "KERAS_BACKEND came too late: real Keras does not run on JAX"
    return keras


def array(x):
    """A NumPy array of a result of real Keras or of ours."""
    return np.asarray(real().ops.convert_to_numpy(x) if not hasattr(x, "add_grad") else x.numpy())


def same_signature(ours, theirs):
    """What is wrong with the arguments of `ours`: each must be one of `theirs`, in that order, with that default."""
    wanted = {n: p for n, p in inspect.signature(theirs).parameters.items() if p.kind is not p.VAR_KEYWORD}
    found = {n: p for n, p in inspect.signature(ours).parameters.items() if p.kind is not p.VAR_KEYWORD}
    for name, p in found.items():
        if name not in wanted:
            yield f"{name!r} is no argument of Keras's, which has {list(wanted)}"
        elif p.default != wanted[name].default:
            yield f"{name!r} is {p.default!r} unless given, and {wanted[name].default!r} in Keras"
    names = [n for n in found if n in wanted]
    if names != [n for n in wanted if n in found]:
        yield f"the order is {names}, and {list(wanted)} in Keras"
    required = [n for n, p in wanted.items() if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    if missing := [n for n in required if n not in found]:
        yield f"{missing} are missing"
