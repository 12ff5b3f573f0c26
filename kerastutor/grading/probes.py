"""What a student's layer, loss, metric, model or kernel does, as plain data: the way a `Case` asks things that are not
functions of arrays. ``Case("Highway", (options, weights, x), through="layer")`` calls ``layer(Highway, options, ...)``.
"""

from __future__ import annotations

import numpy as np

from kerastutor.grading.outcome import Remark


class NotCompiled(Remark):
    """The function is plain Python: put `@numba.njit` above `def`, and it is compiled when it is first called."""


class MakesArrays(Remark):
    """The function makes new arrays while it runs. A kernel writes into the one it is given, number by number."""


class TooManyLooks(Remark):
    """The work grows faster than the data: what has been added up already is added up again."""


class OtherWeights(Remark):
    """The weights have other names or shapes than the task says."""


class NotScores(Remark):
    """One number for each row is wanted. `predict` gives shape (m, 1): take its column with `[:, 0]`."""


def loss(function, y_true, y_pred, *options):
    """The losses, and the slope of their sum with respect to `y_pred`: None where the way back is cut.

    >>> from kerastutor.keras import ops
    >>> loss(lambda y, p: ops.square(p - y), np.array([1.0]), np.array([3.0]))
    (array([4.], dtype=float32), array([4.], dtype=float32))
    """
    from kerastutor.keras import ops
    from kerastutor.keras.autodiff import Tape

    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    with Tape() as tape:
        tape.watch(y_pred)
        value = function(y_true, y_pred, *options)
        total = ops.sum(value)
    return ops.convert_to_numpy(value), tape.gradients(total, [y_pred])[0]


def values(function, *arguments):
    """What a function of tensors gives for arrays."""
    from kerastutor.keras import ops

    tensors = [ops.convert_to_tensor(one) if isinstance(one, np.ndarray) else one for one in arguments]
    return ops.convert_to_numpy(function(*tensors))


def layer(kind, options, weights, x):
    """What a layer makes of `x`, with `weights` by name; and the slope of its sum with respect to `x`."""
    from kerastutor.keras import ops
    from kerastutor.keras.autodiff import Tape

    made, x = kind(**options), ops.convert_to_tensor(x)
    made(x)
    _assign(made.weights, weights)
    with Tape() as tape:
        tape.watch(x)
        y = made(x)
        total = ops.sum(y)
    return ops.convert_to_numpy(y), tape.gradients(total, [x])[0]


def fresh(kind, options, shape):
    """A new layer's weights after two calls: for each name its shape, and its number where all are equal."""
    made = kind(**options)
    for _ in range(2):
        made(np.ones(shape, "float32"))
    values = {w.name: np.asarray(w.numpy()) for w in made.weights}
    result = {name: (str(v.shape), float(v.flat[0]) if np.ptp(v) == 0 else "drawn") for name, v in values.items()}
    return {name: result[name] for name in sorted(result)} | {"in all": len(made.weights)}


def config(kind, options):
    """The options that come back out of a layer that was made anew from its own config."""
    found = kind(**options).get_config()
    again = kind.from_config(found).get_config()
    return {name: again[name] if name in found else "left out" for name in options}


def metric(kind, batches):
    """What a metric says after each batch, and after a reset and the last batch alone."""
    made, said = kind(), []
    for y_true, y_pred in batches:
        made.update_state(y_true, y_pred)
        said.append(float(made.result()))
    made.reset_state()
    made.update_state(*batches[-1])
    return said, float(made.result())


def model(build, arguments, weights, inputs):
    """What a model answers, by its outputs' names, with `weights` given as "layer/weight"; and its size."""
    made = build(*arguments)
    _assign(made.weights, weights, lambda w: "/".join(w.path.split("/")[-2:]))
    answers = made.predict(inputs, verbose=0)
    if not isinstance(answers, dict):
        answers = dict(zip(made.output_names, answers if isinstance(answers, list) else [answers]))
    return answers, made.count_params()


def _assign(variables, values, name=lambda w: w.name):
    mine = {name(w): w for w in variables}
    shapes, wanted = ({key: tuple(one.shape) for key, one in each.items()} for each in (mine, values))
    if shapes != wanted:
        raise OtherWeights(f"there are {_listed(shapes)}; wanted are {_listed(wanted)}")
    for key, value in values.items():
        mine[key].assign(value)


def _listed(shapes):
    return ", ".join(f"{name} {shape}" for name, shape in sorted(shapes.items()))


def threads(kernel, start, *arrays):
    """What a CUDA kernel writes, run in slow motion.

    `start` has "blocks" and "threads", the shape of the last array, "out", what stands in it before, "fill", and
    "busy", if one thread may read no more than so many numbers.
    """
    from kerastutor.grading import gpu

    kernel = kernel if isinstance(kernel, gpu.Kernel) else gpu.Kernel(kernel)
    out = np.full(start["out"], start.get("fill", 99.0), arrays[0].dtype)
    kernel[start["blocks"], start["threads"]](*arrays, out)
    if "busy" in start:
        kernel.check_share(start["busy"])
    return out


def loop(kernel, *arguments):
    """What a kernel writes into an array like its first argument, which it gets as its last."""
    out = np.full_like(arguments[0], 99)
    kernel(*arguments, out)
    return out


def compiled(kernel, *arguments):
    """As `loop`; the kernel must be compiled, make no arrays, and read about as many numbers as there are."""
    if not hasattr(kernel, "inspect_llvm"):
        raise NotCompiled("this is plain Python: `@numba.njit` is to stand above `def`")
    out = loop(kernel, *arguments)
    if any("NRT_Allocate" in kernel.inspect_llvm(signature) for signature in kernel.signatures):
        raise MakesArrays("the compiled code asks for memory")
    counted, looks = np.full_like(out, 99).view(Counted), Counted.looks
    kernel.py_func(*(one.view(Counted) if isinstance(one, np.ndarray) else one for one in arguments), counted)
    looks = Counted.looks - looks
    if looks > 4 * out.size:
        raise TooManyLooks(f"{looks} numbers are read or written where there are {out.size}")
    return out


def order(rank, *arguments):
    """Whether each row of the last argument gets a higher number than the next one, and than the seventh after it."""
    scores = np.asarray(rank(*arguments))
    if scores.shape != (len(arguments[-1]),):
        raise NotScores(f"the result has shape {scores.shape}; there are {len(arguments[-1])} rows")
    return np.concatenate([scores > np.roll(scores, -step) for step in (1, 7)]).astype(int)


class Counted(np.ndarray):
    """An array that counts how many of its numbers are read or written."""

    looks = 0

    def __getitem__(self, place):
        value = self.view(np.ndarray)[place]
        Counted.looks += np.size(value)
        return value

    def __setitem__(self, place, value):
        Counted.looks += np.size(self.view(np.ndarray)[place])
        self.view(np.ndarray)[place] = value

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        def plain(one):
            return one.view(np.ndarray) if isinstance(one, Counted) else one

        Counted.looks += sum(one.size for one in inputs if isinstance(one, Counted))
        if "out" in options:
            options["out"] = tuple(map(plain, options["out"]))
        return getattr(ufunc, method)(*map(plain, inputs), **options)
