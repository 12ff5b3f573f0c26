"""Keras 3's public API. Source: https://keras.io/api/

What is written below `from kerastutor import keras` runs on real Keras when that line becomes `import keras`.
"""

import importlib

from . import (
    activations,
    callbacks,
    config,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    random,
    regularizers,
    utils,
)
from .autodiff import Tensor, Variable
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .layers.layer import KerasTensor
from .losses import Loss
from .metrics import Metric
from .models import Model, Sequential
from .optimizers import Optimizer
from .regularizers import Regularizer

__all__ = [
    "Initializer", "Input", "InputSpec", "KerasTensor", "Layer", "Loss", "Metric", "Model", "Optimizer", "Regularizer",
    "Sequential", "Tensor", "Variable", "activations",
    "callbacks", "config", "constraints", "datasets", "initializers", "layers", "losses", "metrics", "models", "ops",
    "optimizers", "random", "regularizers", "utils",
]


def __getattr__(name):
    if name == "datasets":
        return importlib.import_module(f"{__name__}.datasets")
    raise AttributeError(f"kerastutor.keras has no {name!r}; it has: {', '.join(__all__)}.")
