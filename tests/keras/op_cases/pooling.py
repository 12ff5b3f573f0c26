"""Pooling: each op in one, two and three dimensions."""

from .case import Case, given

FIRST = "channels_first"
ZEROS = [[[[0.0], [0.0], [3.0]], [[0.0], [0.0], [1.0]]]]  # equals, as behind a relu

CASES = [  # with strides in each: without them Keras's own op fails on JAX
    *[
        Case(name, shape, **options)
        for name in ("max_pool", "average_pool")
        for shape, options in [
            ((2, 7, 3), {"pool_size": 3, "strides": 3}),
            ((2, 7, 3), {"pool_size": 3, "strides": 2, "padding": "same"}),
            ((2, 5, 6, 3), {"pool_size": 2, "strides": 2}),
            ((1, 5, 6, 2), {"pool_size": (3, 2), "strides": 1, "padding": "SAME"}),
            ((1, 5, 6, 2), {"pool_size": (2, 3), "strides": (3, 1)}),
            ((2, 2, 5, 4), {"pool_size": 2, "strides": 2, "data_format": FIRST}),
            ((1, 3, 4, 5, 2), {"pool_size": (2, 3, 2), "strides": (1, 2, 2), "padding": "same"}),
            ((1, 2, 3, 4, 3), {"pool_size": 2, "strides": 1, "data_format": FIRST}),
            ((0, 4, 4, 2), {"pool_size": 2, "strides": 2}),
            ((1, 1, 1, 1), {"pool_size": 1, "strides": 1}),
        ]
    ],
    Case("max_pool", given(ZEROS), pool_size=2, strides=1, gradient=False),  # `test_pooling.py` has it
    *[
        Case(name, shape, **options)
        for name in ("adaptive_max_pool", "adaptive_average_pool")
        for shape, options in [
            ((2, 7, 3), {"output_size": 3}),
            ((2, 3, 2), {"output_size": 5}),
            ((1, 5, 6, 2), {"output_size": (2, 3)}),
            ((1, 2, 5, 4), {"output_size": 2, "data_format": FIRST}),
            ((1, 3, 4, 5, 2), {"output_size": 2}),
        ]
    ],
]
