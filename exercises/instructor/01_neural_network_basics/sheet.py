# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 1 · Neural network basics
#
# Seven exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("01.1")`, as often as you like. `progress()` shows how far you are, `reset("01.1")` begins
# one anew.

# %% tags=["setup"]
import numpy as np

from kerastutor import keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure

# %% [markdown]
# ## 01.1 A relu that leaks (15 points)
#
# A relu that is 0 for all data never learns again: its slope is 0. A *leaky* one lets a little through:
#
# $$f(z) = \begin{cases} z & z > 0 \\ s\,z & z \le 0 \end{cases} \qquad
# f'(z) = \begin{cases} 1 & z > 0 \\ s & z \le 0 \end{cases}$$
#
# `z` is an array of any shape, `s` a number. Both results have the shape of `z`. One line each.


# %% exercise="01.1" tags=["raises-exception"]
def leaky_relu(z, s):
    """f(z) of the leaky relu, in z's shape; z stays as it is."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, s * z)
    ### END SOLUTION


# %% exercise="01.1" part="b" tags=["raises-exception"]
def leaky_slope(z, s):
    """f'(z) of the leaky relu, in z's shape; at 0 it is s."""
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, s)
    ### END SOLUTION


# %% [markdown]
# Try it: a bent line, and its slope in two steps.

# %% tags=["raises-exception"]
z = np.linspace(-3, 3, 121)
with figure("Left a line bent at 0, flat to the left of it. Right its slope: 0.2, then 1.", 1, 2) as axes:
    axes[0].plot(z, leaky_relu(z, 0.2))
    axes[1].plot(z, leaky_slope(z, 0.2))
    axes[0].set_title("leaky relu, s = 0.2")
    axes[1].set_title("its slope")

# %% check="01.1"

# %% [markdown]
# ## 01.2 A step that looks ahead (15 points)
#
# Momentum remembers: the velocity $v$ keeps a share $m$ of itself. *Nesterov's* step is longer by one look ahead. With
# the slope $g$ and the rate $r$:
#
# $$v' = m\,v - r\,g \qquad w' = w + m\,v' - r\,g$$
#
# `w`, `v`, `g` are arrays of one shape. Give `w'` and `v'`, and leave `w` and `v` as they were. About 2 lines.


# %% exercise="01.2" tags=["raises-exception"]
def nesterov(w, v, g, rate, momentum):
    """One step of Nesterov's momentum: (new w, new v), both in w's shape."""
    ### BEGIN SOLUTION
    velocity = momentum * v - rate * g
    return w + momentum * velocity - rate * g, velocity
    ### END SOLUTION


# %% [markdown]
# Try it in a long valley, $10x^2 + y^2$: without momentum, and with 0.8 of it.

# %% tags=["raises-exception"]
paths = {}
for momentum in (0.0, 0.8):
    w, v, path = np.array([1.0, 4.0]), np.zeros(2), []
    for _ in range(25):
        path.append(w)
        w, v = nesterov(w, v, np.array([20.0, 2.0]) * w, 0.02, momentum)
    paths[momentum] = np.array(path)
with figure("Two ways into a valley: with momentum the end is near the lowest point, without it still far.") as ax:
    for momentum, path in paths.items():
        ax.plot(path[:, 0], path[:, 1], "o-", label=f"momentum {momentum}")
    ax.legend()

# %% check="01.2"

# %% [markdown]
# ## 01.3 Backwards through two layers (25 points)
#
# $$H = \tanh(XW_1 + b_1) \qquad A = HW_2 + b_2 \qquad \mathrm{loss} = \frac{1}{n}\sum_{i=1}^{n}(a_i - y_i)^2$$
#
# Find the loss's slope for all four. `x` (n, inputs), `w1` (inputs, hidden), `b1` (hidden,), `w2` (hidden, 1), `b2`
# (1,), `y` (n, 1); each slope has the shape of what it belongs to. The slope of tanh is $1 - \tanh^2$. About 6 lines.


# %% exercise="01.3" tags=["raises-exception"]
def backward(x, y, w1, b1, w2, b2):
    """Slopes of the mean squared error: dw1, db1, dw2, db2."""
    ### BEGIN SOLUTION
    h = np.tanh(x @ w1 + b1)
    da = 2 * (h @ w2 + b2 - y) / len(x)
    dz = da @ w2.T * (1 - h**2)
    return x.T @ dz, dz.sum(axis=0), h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# Try it: 300 steps of your gradient descent, and a wave is learned.

# %% tags=["raises-exception"]
rng = np.random.default_rng(3)
x = np.linspace(-2, 2, 60)[:, None]
y = np.sin(2 * x)
weights = [rng.normal(size=(1, 12)), rng.normal(size=12), rng.normal(size=(12, 1)) / 4, np.zeros(1)]
for _ in range(300):
    weights = [w - 0.1 * slope for w, slope in zip(weights, backward(x, y, *weights))]
w1, b1, w2, b2 = weights
with figure("The network's curve lies near the sine wave it was to learn.") as ax:
    ax.plot(x, y, label="to be learned")
    ax.plot(x, np.tanh(x @ w1 + b1) @ w2 + b2, label="after 300 steps")
    ax.legend()

# %% check="01.3"

# %% [markdown]
# ## 01.4 Predict, then read a figure (15 points)
#
# **First, before you run anything below.** Gradient descent on the loss $w^2$, whose slope is $2w$, begins at $w = 1$
# with rate 1. What happens?
#
# - `"a"`: it arrives at 0 in one step;
# - `"b"`: it jumps between 1 and -1 for ever;
# - `"c"`: it goes further away with each step.
#
# **Then count**: a network with 2 inputs, a hidden layer of 4 neurons and one output. How many numbers does it learn?

# %% exercise="01.4" tags=["raises-exception"]
# prediction = "a", "b" or "c"
# parameters = a whole number
### BEGIN SOLUTION
prediction = "b"
parameters = 2 * 4 + 4 + 4 + 1
### END SOLUTION

# %%
w, walk = 1.0, [1.0]
for _ in range(8):
    w = w - 1.0 * 2 * w
    walk.append(w)
with figure("What w is after each step.", height=1.8) as ax:
    ax.plot(walk, "o-")
    ax.set(xlabel="step", ylabel="w")

# %% [markdown]
# **Read this figure.** The same network trained with three learning rates. Which curve, `"A"`, `"B"` or `"C"`, has the
# largest rate, and which the smallest?

# %%
steps = np.arange(20)
with figure("A falls slowly from 1 to 0.8. B falls to 0.05 in ten steps. C jumps up and down, and upwards.") as ax:
    ax.plot(steps, 0.99**steps, label="A")
    ax.plot(steps, 0.05 + 0.95 * 0.7**steps, label="B")
    ax.plot(steps, 1 + 0.05 * (-1.18) ** steps, label="C")
    ax.set(xlabel="step", ylabel="loss")
    ax.legend()

# %% exercise="01.4" part="b" tags=["raises-exception"]
# largest and smallest: each one of "A", "B", "C"
### BEGIN SOLUTION
largest = "C"
smallest = "A"
### END SOLUTION

# %% check="01.4"

# %% [markdown]
# ## 01.5 Fair parts (10 points)
#
# Cross-validation needs `k` parts of the row numbers 0 … n-1, in this order: each number in exactly one part, and no
# part longer than another by more than one; the longer ones come first. For 7 rows and 3 parts: 0 1 2, 3 4, 5 6.
#
# Give the number of the part of each row, shape (n,): here 0 0 0 1 1 2 2. About 3 lines.


# %% exercise="01.5" tags=["raises-exception"]
def parts(n, k):
    """For each of n rows the number of its part, from 0 to k - 1; k <= n."""
    ### BEGIN SOLUTION
    sizes = np.full(k, n // k)
    sizes[: n % k] += 1
    return np.repeat(np.arange(k), sizes)
    ### END SOLUTION


# %% [markdown]
# Try it: 23 rows in five parts.

# %% tags=["raises-exception"]
with figure("Stairs of five steps, of 5, 5, 5, 4 and 4 rows.", height=1.8) as ax:
    ax.plot(parts(23, 5), "o")
    ax.set(xlabel="row", ylabel="part")

# %% check="01.5"

# %% [markdown]
# ## 01.6 Project: the four corners (15 points)
#
# XOR with noise: a point is 1 if its two coordinates have different signs, else 0. No straight line parts them. Write
# a network, in NumPy with your `backward` or in Keras, that learns from points and judges new ones: at least 93 %
# right, within 20 seconds.
#
# `points` (n, 2), `labels` (n,) of 0 and 1, `new_points` (m, 2). The result has shape (m,), only 0 and 1. 9 lines.


# %% exercise="01.6" tags=["raises-exception"]
def learn(points, labels, new_points):
    """Train on points and labels; for each new point 0 or 1, as an array of shape (m,)."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    target = labels[:, None] * 2.0 - 1
    weights = [rng.normal(size=(2, 16)), rng.normal(size=16), rng.normal(size=(16, 1)) / 4, np.zeros(1)]
    for _ in range(1500):
        weights = [w - 0.2 * slope for w, slope in zip(weights, backward(points, target, *weights))]
    hidden = np.tanh(new_points @ weights[0] + weights[1])
    return (hidden @ weights[2] + weights[3] > 0)[:, 0].astype(int)
    ### END SOLUTION


# %% [markdown]
# Try it: what your network says at each place of the plane.

# %% tags=["raises-exception"]
rng = np.random.default_rng(1)
points = rng.uniform(-1, 1, size=(300, 2))
grid = np.stack(np.meshgrid(np.linspace(-1, 1, 60), np.linspace(-1, 1, 60)), axis=-1)
answers = learn(points, (points[:, 0] * points[:, 1] < 0).astype(int), grid.reshape(-1, 2)).reshape(60, 60)
with figure("A square in four quarters: two opposite ones dark, two light.", height=2.4, images=True) as ax:
    ax.imshow(answers, origin="lower", extent=(-1, 1, -1, 1))

# %% check="01.6"

# %% [markdown]
# ## 01.7 In your own words (5 points, read by a person)
#
# Somebody takes the activations out of a network with ten layers, so that each computes only $XW + b$. Why can it do no
# more than a single layer? Two or three sentences.

# %% [markdown] words="01.7" points=5
# A weighted sum of weighted sums is a weighted sum: $(XW_1 + b_1)W_2 + b_2 = X(W_1W_2) + (b_1W_2 + b_2)$. So ten such
# layers multiply out to one matrix and one bias, and the border between two answers stays a straight line.

# %% [markdown]
# ## How far are you?

# %%
progress()
