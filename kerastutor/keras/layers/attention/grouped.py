"""Multi-head attention whose heads share keys and values in groups."""

from ... import ops
from .heads import Heads


class GroupedQueryAttention(Heads):
    """Multi-head attention with fewer heads for key and value than for the query: each of them serves a group.

    Parameters
    ----------
    head_dim : int
        The size of a head.
    num_query_heads, num_key_value_heads : int
        The second must divide the first; 1 is multi-query attention.
    dropout, sliding_window, use_gate, ...
        As in `MultiHeadAttention`, and called like it.

    Raises
    ------
    ValueError
        If the heads can't be divided into groups, or value and key don't belong together.

    Source: Ainslie et al., 2023, https://arxiv.org/abs/2305.13245;
    https://keras.io/api/layers/attention_layers/group_query_attention/
    """

    def __init__(
        self,
        head_dim,
        num_query_heads,
        num_key_value_heads,
        dropout=0.0,
        use_bias=True,
        sliding_window=None,
        flash_attention=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        use_gate=False,
        seed=None,
        **kwargs,
    ):
        options = {
            "kernel_initializer": kernel_initializer, "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer, "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer, "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
        }
        super().__init__(
            head_dim, dropout, use_bias, use_gate, sliding_window, flash_attention, seed, options, **kwargs
        )
        if num_query_heads % num_key_value_heads:
            raise ValueError(
                "GroupQueryAttention: `num_query_heads` must be a multiple of `num_key_value_heads`; got "
                f"{num_query_heads} and {num_key_value_heads}."
            )
        self.head_dim, self.num_query_heads, self.num_key_value_heads = head_dim, num_query_heads, num_key_value_heads

    def build(self, query_shape, value_shape, key_shape=None):
        self.check_shapes(value_shape, key_shape)
        key_shape = value_shape if key_shape is None else key_shape
        one, group = (None, self.num_query_heads, self.head_dim), (None, self.num_key_value_heads, self.head_dim)
        self._query_dense = self.project("query", "bqm,muh->bquh", one, query_shape)
        self._key_dense = self.project("key", "bkm,mvh->bkvh", group, key_shape)
        if self._use_gate:
            self._gate_dense = self.project("gate", "bqm,muh->bquh", one, query_shape, "sigmoid")
        self._value_dense = self.project("value", "bkm,mvh->bkvh", group, value_shape)
        self.build_attention("bkuh,bquh->buqk", "buqk,bkuh->bquh", 1)
        back = (None, query_shape[-1])
        self._output_dense = self.project("attention_output", "bquh,uhm->bqm", back, (None, *one))

    def shared(self, x):
        return ops.repeat(x, self.num_query_heads // self.num_key_value_heads, axis=2)

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        if query_shape[-1] != value_shape[-1]:
            raise ValueError(
                f"Layer {self.name!r} (GroupQueryAttention): the last axes of query and value must be of one size; got "
                f"{tuple(query_shape)} and {tuple(value_shape)}."
            )
        return super().compute_output_shape(query_shape, value_shape, key_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "head_dim": self.head_dim,
            "num_query_heads": self.num_query_heads,
            "num_key_value_heads": self.num_key_value_heads,
        }
