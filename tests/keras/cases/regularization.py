"""Dropout and its kin, noise, and a cost of the activity."""

from .case import Layer

LAYERS = [
    Layer("Dropout", (4, 5), rate=0.4, random=True),
    Layer("Dropout", (4, 5), rate=0, seed=3),
    Layer("Dropout", (4, 5, 2), rate=0.5, noise_shape=(None, 1, 2), random=True),
    Layer("SpatialDropout1D", (4, 5, 2), rate=0.3, random=True),
    Layer("SpatialDropout1D", (4, 5, 2), rate=0, seed=2),
    Layer("SpatialDropout2D", (2, 3, 4, 2), rate=0.3, data_format="channels_first", random=True),
    Layer("SpatialDropout3D", (1, 2, 3, 2, 2), rate=0.3, random=True),
    Layer("GaussianNoise", (4, 5), stddev=0.3, seed=1, random=True),
    Layer("GaussianNoise", (4, 5), stddev=0),
    Layer("GaussianDropout", (4, 5), rate=0.3, random=True),
    Layer("GaussianDropout", (4, 5), rate=0),
    Layer("AlphaDropout", (4, 5), rate=0.3, random=True),
    Layer("AlphaDropout", (4, 5, 2), rate=0.3, noise_shape=(None, 1, 2), random=True),
    Layer("AlphaDropout", (4, 5), rate=0),
    Layer("ActivityRegularization", (4, 5), l1=0.1, l2=0.2),
    Layer("ActivityRegularization", (4, 5)),
]
