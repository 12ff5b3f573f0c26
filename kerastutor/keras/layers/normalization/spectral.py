"""Spectral normalization."""

from ... import initializers, ops
from ...autodiff import state
from ...ops.normalization import normalize
from ..input_spec import InputSpec
from ..recurrent.wrapper import Wrapper


class SpectralNormalization(Wrapper):
    """A layer whose kernel is divided by its largest singular value in training: y = layer(x) with kernel / sigma.

    So it stretches no difference between two inputs. sigma is found by power iteration, a step or a few each time:
    v = u @ kernel.T, u = v @ kernel, both scaled to length 1, sigma = v @ kernel @ u.T; u is kept.

    Parameters
    ----------
    layer : Layer
        With a `kernel` (Dense, Conv2D, ...) or `embeddings`.
    power_iterations : int

    Raises
    ------
    ValueError
        If the layer has neither.

    Source: Miyato et al., 2018, https://arxiv.org/abs/1802.05957;
    https://keras.io/api/layers/normalization_layers/spectral_normalization/
    """

    def __init__(self, layer, power_iterations=1, **kwargs):
        super().__init__(layer, **kwargs)
        if power_iterations <= 0:
            raise ValueError(f"SpectralNormalization: `power_iterations` must be 1 or more; got {power_iterations}.")
        self.power_iterations = power_iterations

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = InputSpec(min_ndim=1, axes={-1: input_shape[-1]})
        self._which = next((name for name in ("kernel", "embeddings") if hasattr(self.layer, name)), None)
        if self._which is None:
            raise ValueError(
                f"SpectralNormalization: the layer {self.layer.name!r} ({type(self.layer).__name__}) has no kernel and "
                "no embeddings that could be normalized."
            )
        self.kernel = getattr(self.layer, self._which)
        self.vector_u = self.add_weight(
            (1, self.kernel.shape[-1]), initializers.TruncatedNormal(stddev=0.02), trainable=False, name="vector_u"
        )

    def call(self, inputs, training=False):
        if not training:
            return self.layer(inputs)
        u, kernel = self.normalized_weights()
        self.vector_u.assign(u)
        if state.tape is None:  # a plain call: the weight itself changes
            self.kernel.assign(kernel)
            return self.layer(inputs)
        object.__setattr__(self.layer, self._which, kernel)  # the gradient goes through the division, to the weight
        try:
            return self.layer(inputs)
        finally:
            object.__setattr__(self.layer, self._which, self.kernel)

    def normalized_weights(self):
        """The next u, and kernel / sigma."""
        w, u = ops.reshape(self.kernel, (-1, self.kernel.shape[-1])), self.vector_u
        for _ in range(self.power_iterations):
            v = ops.stop_gradient(normalize(ops.matmul(u, ops.transpose(w)), axis=None))
            u = ops.stop_gradient(normalize(ops.matmul(v, w), axis=None))
        sigma = ops.squeeze(ops.matmul(ops.matmul(v, w), ops.transpose(u)))
        nothing = ops.all(ops.equal(w, 0.0))
        return ops.where(nothing, self.vector_u, u), self.kernel / ops.where(nothing, 1.0, sigma)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        return {**super().get_config(), "power_iterations": self.power_iterations}
