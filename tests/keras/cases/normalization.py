"""Normalization of batches, samples, groups of channels, kernels."""

from .case import Layer

STATEFUL = {"gradient": False}  # each call changes what the next one finds: trained in test_normalization.py

LAYERS = [
    Layer("BatchNormalization", (5, 3)),
    Layer("BatchNormalization", (2, 3, 4, 2), momentum=0.6, epsilon=0.1),
    Layer("BatchNormalization", (2, 3, 4, 2), axis=1),
    Layer("BatchNormalization", (4, 3, 2), axis=-2, center=False),
    Layer("BatchNormalization", (4, 3), scale=False),
    Layer("BatchNormalization", (4, 3), center=False, scale=False, moving_mean_initializer="ones",
          moving_variance_initializer=lambda k: k.initializers.Constant(2.5)),
    Layer("BatchNormalization", (4, 3), beta_initializer="ones", gamma_regularizer="l2", beta_regularizer="l1"),
    Layer("BatchNormalization", (4, 3), gamma_constraint="non_neg", beta_constraint="unit_norm"),
    Layer("BatchNormalization", (4, 3), trainable=False),
    Layer("BatchNormalization", (6, 3), renorm=True, renorm_momentum=0.7, gradient=False),
    Layer("BatchNormalization", (6, 2, 3), renorm=True, renorm_clipping={"rmin": 0.9, "rmax": 1.1, "dmax": 0.1},
          axis=1, gradient=False),
    Layer("BatchNormalization", (6, 3), renorm=True, center=False, scale=False, gradient=False),
    Layer("LayerNormalization", (4, 5)),
    Layer("LayerNormalization", (2, 3, 4), axis=1),
    Layer("LayerNormalization", (2, 3, 4), axis=[-1, 1], epsilon=0.1),
    Layer("LayerNormalization", (2, 3, 4), axis=[1, 2], center=False, gamma_regularizer="l2"),
    Layer("LayerNormalization", (4, 5), scale=False, beta_constraint="non_neg"),
    Layer("GroupNormalization", (2, 3, 6), groups=2),
    Layer("GroupNormalization", (2, 6, 3, 2), groups=3, axis=1, epsilon=0.1),
    Layer("GroupNormalization", (2, 3, 4), groups=-1, center=False),
    Layer("GroupNormalization", (3, 4), groups=1, scale=False),
    Layer("RMSNormalization", (4, 5)),
    Layer("RMSNormalization", (2, 3, 4), axis=[1, 2], epsilon=0.1),
    Layer("SpectralNormalization", (4, 5), layer=lambda k: k.layers.Dense(3, name="inner"), **STATEFUL),
    Layer("SpectralNormalization", (2, 3, 5), layer=lambda k: k.layers.Dense(3, name="inner"), power_iterations=3,
          **STATEFUL),
    Layer("SpectralNormalization", (2, 5, 4, 3), layer=lambda k: k.layers.Conv2D(2, 2, name="inner"), **STATEFUL),
    Layer("UnitNormalization", (4, 5)),
    Layer("UnitNormalization", (2, 3, 4), axis=[1, 2]),
]
