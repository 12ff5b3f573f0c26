"""Keras 3's public API. Source: https://keras.io/api/

What is written below `from kerastutor import keras` runs on real Keras when that line becomes `import keras`.
"""

import importlib

from . import (
    activations,
    backend,
    callbacks,
    config,
    constraints,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    preprocessing,
    random,
    regularizers,
    saving,
    tree,
    utils,
)
from .autodiff import Tensor, Variable
from .dtype_policies import DTypePolicy, FloatDTypePolicy
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .losses import Loss
from .metrics import Metric
from .models import Functional, Model, Sequential
from .optimizers import Optimizer
from .regularizers import Regularizer
from .symbolic import KerasTensor

__version__ = "3.15.1"  # of the Keras whose API this is

__all__ = [
    "DTypePolicy", "FloatDTypePolicy", "Functional", "Initializer", "Input", "InputSpec", "KerasTensor", "Layer",
    "Loss", "Metric", "Model", "Optimizer", "Regularizer", "Sequential", "Tensor", "Variable", "activations", "backend",
    "callbacks", "config", "constraints", "datasets", "dtype_policies", "initializers", "layers", "losses", "metrics",
    "models", "ops", "optimizers", "preprocessing", "random", "regularizers", "saving", "tree", "utils", "version",
    "wrappers",
]


def version():
    """The version of the Keras whose API this is."""
    return __version__


def __getattr__(name):
    if name in ("datasets", "wrappers"):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"kerastutor.keras has no {name!r}; it has: {', '.join(__all__)}.")
