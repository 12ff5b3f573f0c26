"""Layers that look from each position of a sequence at all positions of another one, and weigh what they see.

Source: https://keras.io/api/layers/attention_layers/
"""

from .grouped import GroupedQueryAttention as GroupQueryAttention
from .multi_head import MultiHeadAttention
from .simple import AdditiveAttention, Attention
