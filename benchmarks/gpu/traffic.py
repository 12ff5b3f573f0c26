"""How many bytes a training step must move between the card's memory and its processors, at least.

As if each layer were one kernel and nothing were kept near the processors from one layer to the next:

- the batch is read once;
- what a layer puts out is written once and read once, and so is its gradient; Dropout and Flatten count as part of
  the layer before them, and a recurrent layer puts out its state after every step;
- weights, and the numbers that the optimizer keeps for each of them, are read once and written once.
"""

import math

from ..peers.blas import GATES, multiply

NUMBER = 4  # bytes
KEPT = {"sgd": 0, "rmsprop": 1, "adam": 2}  # numbers that the optimizer keeps for a weight
WITHIN = ("Dropout", "Flatten")


def of_step(workload, shape, rows):
    """Bytes of a step on `rows` samples of this shape."""
    numbers = rows * (math.prod(shape) + workload.layers[-1][1]["units"])
    for name, options in workload.layers:
        weights, inside = count(name, options, shape), shape
        _, shape = multiply(name, options, rows, shape)
        put_out = (inside[0], *shape) if name in GATES else shape
        numbers += 2 * weights * (1 + KEPT[workload.optimizer])
        numbers += 0 if name in WITHIN else 4 * rows * math.prod(put_out)
    return NUMBER * numbers


def count(name, options, shape):
    """The weights of a layer for samples of this shape."""
    if name == "Dense":
        return (shape[0] + 1) * options["units"]
    if name == "Conv2D":
        return (options["kernel_size"] ** 2 * shape[2] + 1) * options["filters"]
    if name in GATES:
        return (shape[1] + options["units"] + 1) * GATES[name] * options["units"]
    return options["input_dim"] * options["output_dim"] if name == "Embedding" else 0
