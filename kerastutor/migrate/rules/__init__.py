"""The rules, one family of idioms to a file."""

from . import (
    arguments,
    augmentation,
    backend,
    convolution,
    generators,
    images,
    keys,
    merging,
    modules,
    optimizers,
    predictions,
    recurrent,
    saving,
    tensorflow,
    text,
    training,
    wrappers,
)

RULES = [
    rule
    for family in (
        modules, arguments, convolution, recurrent, merging, optimizers, training, generators, predictions, keys,
        saving, backend, images, augmentation, text, wrappers, tensorflow,
    )
    for rule in family.RULES
]
