"""Attention on lists of tensors; the layers with heads take several arguments: `test_attention.py`."""

from .case import Layer

SELF = [(2, 4, 3), (2, 4, 3)]
CROSS = [(2, 3, 4), (2, 5, 4)]
WITH_KEY = [(2, 3, 4), (2, 5, 6), (2, 5, 4)]

LAYERS = [
    Layer("Attention", SELF),
    Layer("Attention", CROSS, use_scale=True),
    Layer("Attention", WITH_KEY),
    Layer("Attention", CROSS, score_mode="concat"),
    Layer("Attention", CROSS, score_mode="concat", use_scale=True),
    Layer("Attention", SELF, call={"use_causal_mask": True}),
    Layer("Attention", CROSS, dropout=0.4, seed=1, random=True),
    Layer("AdditiveAttention", SELF),
    Layer("AdditiveAttention", CROSS, use_scale=False),
    Layer("AdditiveAttention", WITH_KEY, dropout=0.2, random=True),
]

NO_CASE = {
    "MultiHeadAttention": "takes several tensors: test_attention.py",
    "GroupQueryAttention": "takes several tensors: test_attention.py",
}
