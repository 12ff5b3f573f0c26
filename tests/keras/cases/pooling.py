"""Pooling over windows, over everything, and adaptive pooling."""

import numpy as np

from .case import Layer

FIRST = {"data_format": "channels_first"}
STEPS = np.array([[True, True, False, True, False], [True, False, False, False, False], [True] * 5])

WINDOWS = [
    ((2, 7, 3), "1D", {"pool_size": 3}),
    ((2, 7, 3), "1D", {"pool_size": 2, "strides": 3, "padding": "same"}),
    ((2, 3, 7), "1D", {"pool_size": 3, "strides": 1, "padding": "same", **FIRST}),
    ((2, 4, 6, 3), "2D", {"pool_size": 2}),
    ((1, 5, 7, 2), "2D", {"pool_size": (2, 3), "strides": (1, 2)}),
    ((2, 5, 7, 2), "2D", {"pool_size": (3, 2), "strides": 2, "padding": "same"}),
    ((2, 5, 4, 2), "2D", {"pool_size": 4, "strides": 1, "padding": "same"}),
    ((2, 2, 5, 4), "2D", {"pool_size": 2, **FIRST}),
    ((2, 3, 4, 5, 2), "3D", {"pool_size": 2}),
    ((2, 3, 4, 5, 2), "3D", {"pool_size": (2, 3, 2), "strides": (1, 2, 2), "padding": "same"}),
    ((1, 2, 3, 4, 3), "3D", {"pool_size": (3, 1, 2), "strides": 1, **FIRST}),
]
GLOBAL = [
    ((2, 4, 3), "1D"), ((2, 4, 5, 3), "2D"), ((2, 2, 3, 4, 2), "3D"),
]
ADAPTIVE = [
    ((2, 7, 3), "1D", {"output_size": 3}),
    ((2, 6, 3), "1D", {"output_size": 2}),
    ((2, 3, 5), "1D", {"output_size": 1, **FIRST}),
    ((2, 5, 7, 2), "2D", {"output_size": (2, 3)}),
    ((2, 2, 5, 4), "2D", {"output_size": 3, **FIRST}),
    ((2, 3, 4, 5, 2), "3D", {"output_size": (2, 4, 3)}),
]

LAYERS = [
    *[Layer(f"{kind}Pooling{rank}", shape, **options)
      for kind in ("Max", "Average") for shape, rank, options in WINDOWS],
    Layer("MaxPooling1D", (2, 5, 3)),
    Layer("MaxPooling2D", (2, 5, 5, 3)),
    Layer("MaxPooling3D", (2, 2, 3, 4, 1)),
    *[Layer(f"Global{kind}Pooling{rank}", shape, **options)
      for kind in ("Max", "Average") for shape, rank in GLOBAL for options in ({}, {"keepdims": True}, FIRST)],
    Layer("GlobalAveragePooling1D", (3, 5, 2), call={"mask": STEPS}),
    Layer("GlobalAveragePooling1D", (3, 2, 5), call={"mask": STEPS}, keepdims=True, **FIRST),
    *[Layer(f"Adaptive{kind}Pooling{rank}", shape, **options)
      for kind in ("Max", "Average") for shape, rank, options in ADAPTIVE],
]

NO_CASE = {
    f"{kind}Pool{rank}": f"another name of {kind.replace('Avg', 'Average')}Pooling{rank}"
    for kind in ("Max", "Avg", "GlobalMax", "GlobalAvg") for rank in ("1D", "2D", "3D")
}
