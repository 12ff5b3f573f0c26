"""Group normalization."""

from ... import ops
from ..input_spec import InputSpec
from .scaled import Scaled


class GroupNormalization(Scaled):
    """The channels in groups; each group of each sample with mean 0 and variance 1, then times gamma, plus beta.

    Parameters
    ----------
    groups : int
        Must divide the number of channels; -1 makes each channel a group (instance normalization).
    axis : int
        Where the channels are.
    epsilon : float
    center, scale : bool
        Whether there is a beta, a gamma.

    Raises
    ------
    ValueError
        If the groups don't divide the channels.

    Source: Wu and He (2018), https://arxiv.org/abs/1803.08494;
    https://keras.io/api/layers/normalization_layers/group_normalization/
    """

    def __init__(
        self,
        groups=32,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        super().__init__(
            center, scale, beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint,
            gamma_constraint, **kwargs,
        )
        if not isinstance(groups, int) or (groups < 1 and groups != -1):
            raise ValueError(f"GroupNormalization: `groups` must be a positive whole number, or -1; got {groups!r}.")
        self.groups, self.axis, self.epsilon = groups, axis, epsilon

    def build(self, input_shape):
        self.check_axes(input_shape)
        channels = input_shape[self.axis]
        if channels is None:
            raise ValueError(
                f"Layer {self.name!r} (GroupNormalization): axis {self.axis} must have a fixed size; got {input_shape}."
            )
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ValueError(
                f"Layer {self.name!r} (GroupNormalization): {channels} channels can't be put into {self.groups} groups "
                "of one size: `groups` must divide the number of channels."
            )
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})
        self.add_gamma_and_beta((channels,), self.scale, self.center)

    def call(self, inputs):
        axis = self.axis % inputs.ndim
        size = inputs.shape[axis] // self.groups
        grouped = (*inputs.shape[:axis], self.groups, size, *inputs.shape[axis + 1 :])
        x = ops.reshape(inputs, grouped)
        mean, variance = ops.moments(x, tuple(i for i in range(1, x.ndim) if i != axis), keepdims=True)
        y = ops.reshape((x - mean) * ops.rsqrt(variance + self.epsilon), inputs.shape)
        along = tuple(-1 if i == axis else 1 for i in range(inputs.ndim))
        if self.scale:
            y = y * ops.reshape(self.gamma, along)
        return y + ops.reshape(self.beta, along) if self.center else y

    def get_config(self):
        return {**super().get_config(), "groups": self.groups}
