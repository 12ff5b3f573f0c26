"""Keras's layers written in JAX: what each makes of x, with its weights in Keras's order.

``layer(name, options, shape, rng)`` gives the weights, a function (weights, x, key) -> y and the shape of y. The key
is None outside training. BatchNormalization normalizes by the batch and keeps no running means.
"""

import jax
import jax.numpy as jnp
import numpy as np


def layer(name, options, shape, rng):
    if name not in LAYERS:
        raise NotImplementedError(f"JAX by hand: no {name} layer written yet")
    return LAYERS[name](shape, rng, **options)


def glorot(rng, *shape):
    """Random weights with Glorot's variance; a kernel's last two axes are inputs and outputs."""
    window = int(np.prod(shape[:-2]))
    weights = rng.standard_normal(shape) * np.sqrt(2 / (window * (shape[-2] + shape[-1])))
    return jnp.asarray(weights, "float32")


def dense(shape, rng, units, activation):
    def call(w, x, key):
        y = x @ w[0] + w[1]
        return jax.nn.relu(y) if activation == "relu" else y  # the last layer's scores: softmax lives in the loss

    return [glorot(rng, shape[-1], units), jnp.zeros(units)], call, (units,)


def conv2d(shape, rng, filters, kernel_size, activation):
    def call(w, x, key):
        y = jax.lax.conv_general_dilated(x, w[0], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return jax.nn.relu(y + w[1])

    kernel = glorot(rng, kernel_size, kernel_size, shape[-1], filters)
    return [kernel, jnp.zeros(filters)], call, (*(n - kernel_size + 1 for n in shape[:2]), filters)


def batch_normalization(shape, rng):
    def call(w, x, key):
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes)
        return (x - mean) * (w[0] * jax.lax.rsqrt(variance + 1e-3)) + w[1]

    return [jnp.ones(shape[-1]), jnp.zeros(shape[-1])], call, shape


def max_pooling2d(shape, rng, pool_size):
    window = (1, pool_size, pool_size, 1)

    def call(w, x, key):
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")

    return [], call, (*(n // pool_size for n in shape[:2]), shape[2])


def dropout(shape, rng, rate):
    def call(w, x, key):
        return x if key is None else jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)

    return [], call, shape


def flatten(shape, rng):
    return [], lambda w, x, key: x.reshape(len(x), -1), (int(np.prod(shape)),)


def embedding(shape, rng, input_dim, output_dim):
    table = jnp.asarray(rng.uniform(-0.05, 0.05, (input_dim, output_dim)), "float32")
    return [table], lambda w, x, key: w[0][x], (*shape, output_dim)


def recurrent(step, gates, biases, states):
    """A layer that runs ``step(state, z, recurrent kernel and biases) -> state`` on the projected inputs."""

    def make(shape, rng, units):
        def call(w, x, key):
            kernel, *own = w
            z = jnp.swapaxes(x @ kernel, 0, 1)  # time first: scan goes along it
            start = (jnp.zeros((x.shape[0], units)),) * states
            return jax.lax.scan(lambda state, z: (step(state, z, *own), None), start, z)[0][0]

        bias = jnp.zeros((gates * units,) if biases == 1 else (biases, gates * units))
        return [glorot(rng, shape[-1], gates * units), glorot(rng, units, gates * units), bias], call, (units,)

    return make


def lstm(state, z, u, b):
    h, c = state
    i, f, g, o = jnp.split(z + h @ u + b, 4, 1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def gru(state, z, u, b):
    (h,) = state
    xz, xr, xh = jnp.split(z + b[0], 3, 1)
    hz, hr, hh = jnp.split(h @ u + b[1], 3, 1)
    update = jax.nn.sigmoid(xz + hz)
    return (update * h + (1 - update) * jnp.tanh(xh + jax.nn.sigmoid(xr + hr) * hh),)


def simple_rnn(state, z, u, b):
    return (jnp.tanh(z + state[0] @ u + b),)


def bidirectional(shape, rng, layer):
    name, options = layer
    ahead, call_one, (units,) = LAYERS[name](shape, rng, **options)
    back = LAYERS[name](shape, rng, **options)[0]

    def call(w, x, key):
        half = len(w) // 2
        return jnp.concatenate([call_one(w[:half], x, key), call_one(w[half:], x[:, ::-1], key)], 1)

    return ahead + back, call, (2 * units,)


LAYERS = {
    "Dense": dense,
    "Conv2D": conv2d,
    "BatchNormalization": batch_normalization,
    "MaxPooling2D": max_pooling2d,
    "Dropout": dropout,
    "Flatten": flatten,
    "Embedding": embedding,
    "LSTM": recurrent(lstm, gates=4, biases=1, states=2),
    "GRU": recurrent(gru, gates=3, biases=2, states=1),
    "SimpleRNN": recurrent(simple_rnn, gates=1, biases=1, states=1),
    "Bidirectional": bidirectional,
}
