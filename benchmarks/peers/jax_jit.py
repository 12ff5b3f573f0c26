"""JAX by hand: one jitted training step, parameters and optimizer state donated to it."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np


def init(layers, width, rng):
    parameters = []
    for name, options in layers:
        if name != "Dense":
            raise NotImplementedError(f"JAX by hand: no {name} layer written yet")
        units = options["units"]
        kernel = rng.standard_normal((width, units)) * np.sqrt(2 / (width + units))
        parameters += [jnp.asarray(kernel, "float32"), jnp.zeros(units)]
        width = units
    return parameters


def scores(parameters, x):
    *hidden, last = zip(parameters[::2], parameters[1::2], strict=True)
    for kernel, bias in hidden:
        x = jax.nn.relu(x @ kernel + bias)
    return x @ last[0] + last[1]


def losses(parameters, x, y):
    z = scores(parameters, x)
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


@partial(jax.jit, static_argnums=0, donate_argnums=(1, 2, 3))
def step(update, ps, ms, vs, t, x, y):
    (loss, right), gs = jax.value_and_grad(losses, has_aux=True)(ps, x, y)
    new = [update(p, g, m, v, t) for p, g, m, v in zip(ps, gs, ms, vs, strict=True)]
    return *map(list, zip(*new, strict=True)), loss, right


class Trainer:
    def __init__(self, workload, x, y):
        self.workload, self.x, self.y, self.t = workload, x, y, 0
        self.update = {"sgd": sgd, "rmsprop": rmsprop, "adam": adam}[workload.optimizer]
        self.rng = np.random.default_rng(0)
        parameters = init(workload.layers, x.shape[1], self.rng)
        zeros = partial(jax.tree.map, jnp.zeros_like, parameters)
        self.state = [parameters, zeros(), zeros()]

    def fit(self):
        for _ in range(self.workload.epochs):
            result = self.epoch()
        return result

    def epoch(self):
        order, told = self.rng.permutation(len(self.x)), []
        for i in range(0, len(order), self.workload.batch):
            rows = order[i : i + self.workload.batch]
            self.t += 1
            batch = float(self.t), self.x[rows], self.y[rows]
            *self.state, loss, right = step(self.update, *self.state, *batch)
            told.append((loss, right, len(rows)))
        told = np.array(told, "float64")
        return (told[:, 0] @ told[:, 2]) / len(order), told[:, 1].sum() / len(order)
