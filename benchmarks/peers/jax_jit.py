"""JAX by hand: one jitted training step, parameters and optimizer state donated to it."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from .jax_layers import layer


def build(layers, shape, rng):
    """The layers' weights (a list for each) and their functions, the last layer's activation left out."""
    weights, calls = [], []
    for name, options in layers:
        w, call, shape = layer(name, options, shape, rng)
        weights.append(w)
        calls.append(call)
    return weights, tuple(calls)


def scores(calls, weights, x, key=None):
    for i, (call, w) in enumerate(zip(calls, weights, strict=True)):
        x = call(w, x, None if key is None else jax.random.fold_in(key, i))
    return x


def losses(weights, calls, x, y, key):
    z = scores(calls, weights, x, key)
    if y.shape[1] == 1:
        return jnp.mean(jnp.logaddexp(0, z) - z * y), jnp.sum((z > 0) == (y > 0.5))
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), 1)), jnp.sum(z.argmax(1) == y.argmax(1))


def sgd(p, g, m, v, t):
    return p - 0.01 * g, m, v


def rmsprop(p, g, m, v, t):
    v = 0.9 * v + 0.1 * g * g
    return p - 1e-3 * g / jnp.sqrt(v + 1e-7), m, v


def adam(p, g, m, v, t):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return p - rate * m / (jnp.sqrt(v) + 1e-7), m, v


@partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 3, 4))
def step(calls, update, weights, ms, vs, t, x, y):
    key = jax.random.fold_in(jax.random.key(0), t)
    (loss, right), gs = jax.value_and_grad(losses, has_aux=True)(weights, calls, x, y, key)
    (ps, tree), *others = jax.tree.flatten(weights), *(jax.tree.leaves(each) for each in (gs, ms, vs))
    new = [update(*each, t) for each in zip(ps, *others, strict=True)]
    return *(jax.tree.unflatten(tree, part) for part in zip(*new, strict=True)), loss, right


@partial(jax.jit, static_argnums=0)
def probabilities(calls, weights, x):
    z = scores(calls, weights, x)
    return jax.nn.sigmoid(z) if z.shape[1] == 1 else jax.nn.softmax(z)


class Trainer:
    def __init__(self, workload, x, y):
        self.workload, self.x, self.y, self.t = workload, x, y, 0
        self.update = {"sgd": sgd, "rmsprop": rmsprop, "adam": adam}[workload.optimizer]
        self.rng = np.random.default_rng(0)
        weights, self.calls = build(workload.layers, x.shape[1:], self.rng)
        zeros = partial(jax.tree.map, jnp.zeros_like, weights)
        self.state = [weights, zeros(), zeros()]

    def fit(self):
        for _ in range(self.workload.epochs):
            result = self.epoch()
        return result

    def epoch(self):
        order, told = self.rng.permutation(len(self.x)), []
        for i in range(0, len(order), self.workload.batch):
            rows = order[i : i + self.workload.batch]
            self.t += 1
            *self.state, loss, right = step(
                self.calls, self.update, *self.state, np.int32(self.t), self.x[rows], self.y[rows]
            )
            told.append((loss, right, len(rows)))
        told = np.array(told, "float64")
        return (told[:, 0] @ told[:, 2]) / len(order), told[:, 1].sum() / len(order)

    def predict(self):
        size = self.workload.batch
        parts = [probabilities(self.calls, self.state[0], self.x[i : i + size]) for i in range(0, len(self.x), size)]
        return np.concatenate(parts)
