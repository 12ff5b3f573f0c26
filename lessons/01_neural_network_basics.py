# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Neural network basics
#
# **You will** build a neuron by hand, teach it to tell cancer from harmless lumps, and find out why one neuron
# is not enough.
#
# **You will learn** what weights, activation, layer and loss are, how a network learns, and how to tell whether
# it has learned or only memorised.
#
# **You need** Python and a little NumPy. **Time:** about 75 minutes; running it all takes under 30 seconds.

# %%
import numpy as np

from kerastutor import keras
from kerastutor.datasets import breast_cancer
from kerastutor.widgets import figure
from kerastutor.widgets.style import BLUE, DIVERGING, GREEN, GREY, ORANGE, VERMILLION, colours

keras.utils.set_random_seed(1)

# %% [markdown]
# ## The finished result first
#
# A network gets the two coordinates of a point and says how sure it is that the point is an orange one. Each small
# picture is one neuron: what it answers at every place of the plane. Run the cell, press **Play**, and find out:
#
# 1. Take the hidden layer away. How good can it become?
# 2. Put one back. How few neurons will do?
# 3. Four neurons, activation *linear*: what happens?
#
# <details><summary>Answers</summary>
#
# 1. Not better than guessing: it has one straight border, and these points can't be parted by one.
# 2. Four nearly always, three often, two hardly ever: each adds a border. Section 4 shows that two *can* be enough.
# 3. As bad as without a hidden layer. Section 4 proves it.
#
# </details>

# %% tags=["kerastutor-only"]
from kerastutor import Tape, check_gradients
from kerastutor.widgets import Playground

playground = Playground("xor", layers=(4,), noise=0.2, learning_rate=0.03)
playground.step(40)
playground

# %% [markdown]
# The lines are *weights*. The coordinates are the *input layer*, the last neuron is the *output layer*, those between
# are a *hidden layer*. *Depth* counts the layers with weights: here two; *deep* learning has many.
#
# ## 1. What is a neuron?
#
# A weighted sum of its inputs plus a *bias*, and then a bend, the *activation*:
#
# $$z = w_1x_1 + w_2x_2 + b \qquad a = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# By hand: $x = (1, 2)$, $w = (0.5, -1)$ and $b = 1$ give $z = 0.5 - 2 + 1 = -0.5$.
#
# **Predict before you run.** What does the sigmoid make of −10, 0 and 10?
#
# <details><summary>Answer</summary>
#
# Nearly 0, exactly 0.5, nearly 1: a number between "surely not" and "surely".
#
# </details>


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


x, w, b = np.array([1.0, 2.0]), np.array([0.5, -1.0]), 1.0
z = x @ w + b
print("z =", z, "  a =", sigmoid(z).round(3))

# %%
print("sigmoid:", [float(sigmoid(z).round(5)) for z in (-10, 0, 10)])
z = np.linspace(-4, 4, 200)
bends = {"step": z > 0, "sigmoid": sigmoid(z), "tanh": np.tanh(z), "relu": np.maximum(z, 0)}
alt = "Four activations over z from -4 to 4: step, sigmoid, tanh and relu."
with figure(alt, 1, 4, height=2.0) as axes:
    for ax, (name, a) in zip(axes, bends.items()):
        ax.plot(z, a)
        ax.set(title=name, ylim=(-1.2, 2.2))

# %% [markdown]
# The step is the oldest: the neuron fires or it doesn't. But it has no slope to learn by, so it was smoothed.
#
# 569 lumps were measured under the microscope: *how large* are the largest nuclei, and *how
# dented* is their outline? Was it cancer?

# %%
table, benign = breast_cancer.load_data()
names = breast_cancer.get_feature_names()
cancer = (benign == 0).astype(float)
order = np.random.default_rng(0).permutation(569)
learn, test = order[:400], order[400:]  # 169 lumps are kept for the test: nobody learns from them
print(table.shape, "measurements,", int(cancer.sum()), "lumps were cancer")

# each measurement gets mean 0 and spread 1, so that weights can be compared
scaled = (table - table[learn].mean(axis=0)) / table[learn].std(axis=0)
two = [names.index("worst radius"), names.index("worst concave points")]  # size and dents
X, y = scaled[learn][:, two], cancer[learn]
X_test, y_test = scaled[test][:, two], cancer[test]
print("X", X.shape, " y", y.shape, " first lump:", X[0].round(2), "->", y[0])

# %% [markdown]
# Guess weights: 1 for size, −1 for dents, bias 0. **Predict before you run.** Where is this neuron undecided, $a =
# 0.5$?
#
# <details><summary>Answer</summary>
#
# Where $z = x_1 - x_2 = 0$: on a straight line. Every single neuron draws a straight line, and its weights say which.
#
# </details>
#
# In Keras a neuron is a `Dense` layer with one unit. Given our weights, it must say what ours says.

# %%
# drawing only: you may skip how it works
def plane(ax, answer, X, y, low=-2.5, high=4.5):
    """Colour each place by the answer there (0 blue, 1 orange), and set the known points on it."""
    side = np.linspace(low, high, 81)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    field = np.reshape(answer(grid), (81, 81))
    ax.contourf(side, side, field, np.linspace(0, 1, 11), cmap=colours(DIVERGING), alpha=0.6)
    ax.contour(side, side, field, [0.5], colors="black", linewidths=1)
    for value, marker, colour in ((0, "o", BLUE), (1, "s", VERMILLION)):
        part = X[np.ravel(y) == value]
        ax.scatter(*part.T, s=14, marker=marker, color=colour, edgecolors="white", linewidths=0.4)
    ax.grid(False)


def neuron(X, w, b):
    return sigmoid(X @ w + b)


# %%
guessed = np.array([1.0, -1.0]), 0.0
alt = "Lumps by size and dents; the guessed border runs through the middle of both kinds."
with figure(alt, height=3.6, width=4.6) as ax:
    plane(ax, lambda X: neuron(X, *guessed), X, y)
    ax.set(xlabel="size", ylabel="dents", title="orange: the neuron says cancer")

# %%
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
model.set_weights([np.array([[1.0], [-1.0]]), np.array([0.0])])
theirs = model.predict(X_test, verbose=0)[:, 0]
np.testing.assert_allclose(theirs, neuron(X_test, *guessed), rtol=1e-4, atol=1e-6)
right = ((theirs > 0.5) == y_test).sum()
print(f"Keras agrees; {right} of {len(theirs)} test lumps right, with guessed weights")

# %% [markdown]
# ## 2. How wrong is it?
#
# Counting mistakes is too coarse: a slightly better weight may leave the count as it is. The *loss* asks how surprised
# the neuron is by the truth. For answer $a$ and truth $y$, 0 or 1:
#
# $$L = -\big(y \ln a + (1 - y)\ln(1 - a)\big)$$
#
# By hand: the truth is 1. The answer 0.9 costs $-\ln 0.9$, the answer 0.1 costs $-\ln 0.1$.


# %%
def loss_of(a, y):
    a = np.clip(a, 1e-7, 1 - 1e-7)  # ln 0 would be minus infinity; Keras clips in the same way
    return np.mean(-(y * np.log(a) + (1 - y) * np.log(1 - a)))


print(f"0.9 costs {loss_of(0.9, 1):.2f},  0.1 costs {loss_of(0.1, 1):.2f}")
theirs = float(keras.losses.BinaryCrossentropy()(y, neuron(X, *guessed)))
print(f"our neuron: {loss_of(neuron(X, *guessed), y):.3f} by hand, {theirs:.3f} by Keras")

# %% [markdown]
# **Predict before you run.** What is the loss of a neuron that always says 0.5? And is 0 the least? (The curve: the
# loss for each weight.)
#
# <details><summary>Answer</summary>
#
# $-\ln 0.5 = \ln 2 \approx 0.69$: remember it, a network at 0.69 knows nothing. (Our guess is worse than that: it is
# often sure, and wrong.) And yes: 0 means sure and always right.
#
# </details>

# %%
print(f"always 0.5: {loss_of(np.full(400, 0.5), y):.4f}   ln 2 = {np.log(2):.4f}")


def height_at(w):
    """The loss where both weights are w and b is 0."""
    return loss_of(neuron(X, np.array([w, w]), 0.0), y)


ws = np.linspace(-1, 11, 241)
height = [height_at(w) for w in ws]
alt = "The loss over one weight: it falls steeply, has its lowest point, and rises slowly."
with figure(alt, width=4.6) as ax:
    ax.plot(ws, height)
    ax.plot(ws[np.argmin(height)], min(height), "o")
    ax.set(xlabel="weight w (both weights, b = 0)", title="loss", xlim=(-1, 6), ylim=(0, 1))

# %% [markdown]
# ## 3. Which way should a weight move?
#
# Downhill. The slope of the loss tells where that is; a network has millions of weights, so it is not tried out but
# computed, link by link. This is the *chain rule*:
#
# $$\frac{dL}{dw} = \frac{dL}{da}\cdot\frac{da}{dz}\cdot\frac{dz}{dw}
# = \frac{a - y}{a(1 - a)}\cdot a(1 - a)\cdot x = (a - y)\,x$$
#
# By hand, one input: $x = 2$, $w = 1$, $b = -1$, truth 1.

# %%
x, w, b, truth = 2.0, 1.0, -1.0, 1.0
a = sigmoid(w * x + b)
links = (a - truth) / (a * (1 - a)), a * (1 - a), x
print("dL/da, da/dz, dz/dw:", [float(round(link, 3)) for link in links])
print("their product:", np.prod(links).round(4), "  (a - y) x:", ((a - truth) * x).round(4))
assert np.isclose(np.prod(links), (a - truth) * x)

# %% [markdown]
# Is it true? Nudge the weight a little to both sides and measure. This *numerical gradient check* needs no calculus,
# so it finds every mistake in ours.
#
# Keras does the chain rule for you. kerastutor shows how: a *tape* writes down each step on the way from weight to
# loss, and then walks back along it, multiplying the links.

# %%
nudge = 1e-5
above, below = (loss_of(sigmoid((w + step) * x + b), truth) for step in (nudge, -nudge))
measured = (above - below) / (2 * nudge)
print("measured:", measured.round(4))
np.testing.assert_allclose(measured, (a - truth) * x, rtol=1e-6)

# %% tags=["kerastutor-only"]
v, c = keras.Variable(1.0), keras.Variable(-1.0)
with Tape() as tape:
    loss = -keras.ops.log(keras.ops.sigmoid(v * 2.0 + c))
by_tape = [float(g) for g in tape.gradients(loss, [v, c])]
print("by the tape: dL/dw =", round(by_tape[0], 4), "  dL/db =", round(by_tape[1], 4))
assert np.isclose(by_tape[0], measured, rtol=1e-4)

# %% [markdown]
# For all lumps at once, the mean of their slopes. With $n$ lumps:
#
# $$\frac{\partial L}{\partial w} = \frac1n\;\underset{2\times n}{X^\top}\;\underset{n}{(a - y)} \qquad
# \frac{\partial L}{\partial b} = \text{mean of } (a - y)$$
#
# *Gradient descent*: take a step against the slope, again and again. Its length is the *learning rate* $\eta$:
# $\;w \leftarrow w - \eta\,\partial L/\partial w$.

# %%
w, b, rate, losses = np.zeros(2), 0.0, 1.0, []
for _ in range(200):
    a = neuron(X, w, b)
    losses.append(loss_of(a, y))
    w = w - rate * X.T @ (a - y) / len(y)
    b = b - rate * np.mean(a - y)
print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}   weights {w.round(2)}, bias {b:.2f}")

# %% [markdown]
# That is a learning machine, in six lines. In Keras the rule for the step is called the *optimizer*; ours is `SGD`.
# All 400 lumps at once, 200 times: it must arrive at our weights. Under it, open the source: the step, in kerastutor's
# readable backend.

# %%
model = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros"),
])
model.compile(optimizer=keras.optimizers.SGD(1.0), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X, y, batch_size=400, epochs=200, verbose=0)
kernel, bias = model.get_weights()
np.testing.assert_allclose(kernel[:, 0], w, rtol=1e-3)
np.testing.assert_allclose(bias[0], b, rtol=1e-3)
print("the same weights:", kernel[:, 0].round(2), bias.round(2))

# %% tags=["kerastutor-only"]
import inspect

from kerastutor.backends.numpy import optimizers

print(inspect.getsource(optimizers.sgd))

# %%
one_loss, one_accuracy = model.evaluate(X_test, y_test, verbose=0)
print(f"one neuron, two measurements: {one_accuracy:.3f} of the test lumps right")
alt = "Left: the loss falls over 200 steps. Right: the trained neuron's border between the lumps."
with figure(alt, 1, 2, height=3.4) as (left, right):
    left.plot(losses)
    left.set(xlabel="step", title="loss", ylim=(0, 0.8))
    plane(right, lambda X: neuron(X, w, b), X, y)
    right.set(xlabel="size", ylabel="dents", title="after training")

# %% [markdown]
# **Predict before you run.** Three learning rates, on the valley of section 2 (one weight, starting at −1, twelve
# steps). Which is too small, which too large?
#
# <details><summary>Answer</summary>
#
# 0.1 crawls. 1 walks down. 8 is thrown across the valley to where it is so flat that it creeps back.
#
# </details>


# %%
def walk(rate, w=-1.0, steps=12):
    path = [w]
    for _ in range(steps):
        a = neuron(X, np.array([w, w]), 0.0)
        w = w - rate * np.mean((a - y) * X.sum(axis=1))  # both weights are one: slopes add up
        path.append(w)
    return path


alt = "Three walks down the same valley: a crawl, a walk, and one thrown across."
with figure(alt, 1, 3, height=2.4) as axes:
    for ax, rate in zip(axes, (0.1, 1, 8)):
        path = walk(rate)
        ax.plot(ws, height, color=GREY, linewidth=1)
        ax.plot(path, [height_at(w) for w in path], "o-", markersize=4, linewidth=1)
        ax.set(title=f"rate {rate}", xlabel="w", xlim=(-2, 11))

# %% [markdown]
# ## 4. Why is one neuron not enough?
#
# *Exclusive or*, XOR: 1 where exactly one of two inputs is 1. Four points, no more.
#
# **Predict before you run.** What loss does one neuron reach on them?
#
# <details><summary>Answer</summary>
#
# 0.69, and it says 0.5 everywhere: no straight line has the two ones on one side. It knows nothing, as best it can.
#
# </details>

# %%
corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
xor = np.array([[0.0], [1], [1], [0]])
single = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
single.compile(optimizer=keras.optimizers.SGD(1.0), loss="binary_crossentropy")
xor_loss = single.fit(corners, xor, batch_size=4, epochs=300, verbose=0).history["loss"][-1]
print(f"loss {xor_loss:.3f}, answers {single.predict(corners, verbose=0)[:, 0].round(2)}")

# %% [markdown]
# Two neurons can help each other. One says *at least one*, the other *both*; the third says *the first but not the
# second*. Weights found by thinking; they are large, so that each neuron is sure:


# %%
def at_least_one(X):
    return neuron(X, [20, 20], -10)


def both(X):
    return neuron(X, [20, 20], -30)


def one_not_both(X):
    return neuron(np.stack([at_least_one(X), both(X)], axis=1), [20, -20], -10)


print("answers:", one_not_both(corners).round(3))
alt = "At least one, both, and their combination: a band between two parallel borders."
with figure(alt, 1, 3, height=2.5) as axes:
    for ax, part in zip(axes, (at_least_one, both, one_not_both)):
        plane(ax, part, corners, xor, low=-0.5, high=1.5)
        ax.set(title=part.__name__.replace("_", " "), xticks=(0, 1), yticks=(0, 1))

# %% [markdown]
# **Predict before you run.** Two layers *without* activation: $(XW_1)W_2$. Can they do more than one layer?
#
# <details><summary>Answer</summary>
#
# No: $(XW_1)W_2 = X(W_1W_2)$, and $W_1W_2$ is one matrix. Without a bend, depth is worth nothing.
#
# </details>

# %%
rng = np.random.default_rng(7)
w1, w2 = rng.normal(size=(2, 3)), rng.normal(size=(3, 1))
np.testing.assert_allclose((corners @ w1) @ w2, corners @ (w1 @ w2))
print("two layers", (w1.shape, w2.shape), "are one layer", (w1 @ w2).shape)

# %% [markdown]
# How does a *hidden* neuron learn, whose right answer nobody knows? The chain rule, one link longer. For a
# hidden layer with tanh, $n$ rows and $m$ hidden neurons:
#
# $$\underset{n\times m}{H} = \tanh(XW_1 + b_1) \qquad \underset{n\times1}{A} = \sigma(HW_2 + b_2)$$
#
# $$D_2 = \tfrac1n(A - Y) \qquad D_1 = (D_2W_2^\top)\odot(1 - H^2) \qquad
# \frac{\partial L}{\partial W_2} = H^\top D_2 \qquad \frac{\partial L}{\partial W_1} = X^\top D_1$$
#
# Blame travels back through the weights that the answer came by: *backpropagation*. Does Keras agree? One step of SGD
# with rate 1 changes each weight by its slope, so *before − after* is Keras's gradient.


# %%
def backpropagate(X, Y, w1, b1, w2, b2):
    h = np.tanh(X @ w1 + b1)
    a = sigmoid(h @ w2 + b2)
    d2 = (a - Y) / len(X)
    d1 = (d2 @ w2.T) * (1 - h**2)
    return X.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)


def xor_network(width, seed):
    rng = np.random.default_rng(seed)
    model = keras.Sequential([
        keras.Input((2,)),
        keras.layers.Dense(width, activation="tanh"),
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    first = rng.normal(size=(2, width)), np.zeros(width), rng.normal(size=(width, 1)), np.zeros(1)
    model.set_weights(first)
    return model


# %%
network = xor_network(width=2, seed=4)
network.compile(optimizer=keras.optimizers.SGD(1.0), loss="binary_crossentropy")
before = network.get_weights()
network.fit(corners, xor, batch_size=4, verbose=0)
for name, old, new, ours in zip(
    ("w1", "b1", "w2", "b2"), before, network.get_weights(), backpropagate(corners, xor, *before)
):
    np.testing.assert_allclose(old - new, ours, atol=1e-5)
    print(f"{name}: {np.shape(ours)} slopes agree")

# %% tags=["kerastutor-only"]
# the nudging test again, for every weight, as one function
loss = keras.losses.BinaryCrossentropy()
check = check_gradients(xor_network(width=2, seed=4), corners, xor, loss=loss)
assert check.passed
print(check)

# %% [markdown]
# Two hidden neurons are enough to solve XOR. **Predict before you run.** From random weights, will training find the
# solution? Eight starts each, for 2, 4 and 8 neurons. (`Adam`: an optimizer that sets the step's length for each
# weight.)
#
# <details><summary>Answer</summary>
#
# With two, from some starts only: elsewhere it slides into a hollow that is not the lowest. With more neurons there are
# more ways down. Networks are made larger than needed because it makes them easier to train.
#
# </details>

# %%
solved = {}
for width in (2, 4, 8):
    networks = [xor_network(width, seed) for seed in range(8)]
    for network in networks:
        network.compile(optimizer=keras.optimizers.Adam(0.1), loss="binary_crossentropy")
        network.fit(corners, xor, batch_size=4, epochs=100, verbose=0)
    answers = [network.predict(corners, verbose=0) > 0.5 for network in networks]
    solved[width] = sum(int((answer == xor).all()) for answer in answers)
    print(f"{width} hidden neurons: {solved[width]} of 8 starts solve XOR")
assert solved[2] < solved[8] == 8

alt = "What four networks with eight hidden neurons answer between the corners of XOR."
with figure(alt, 1, 4, height=2.1) as axes:
    for ax, network in zip(axes, networks):
        plane(ax, network.predict_on_batch, corners, xor, low=-0.5, high=1.5)
        ax.set(xticks=(0, 1), yticks=(0, 1))

# %% [markdown]
# At the corners all four are right. What they say elsewhere nobody taught them.
#
# ## 5. Does it know, or has it learned by heart?
#
# The first ten measurements, a large network, and few lumps: 100 to learn from, *training data*; 300 to watch how it
# does on others, *validation data*. The *test data* stays in the drawer until all is decided.

# %%
truth = cancer[:, None]  # one row a lump, as the network's answer has
x_train, y_train = scaled[learn[:100], :10], truth[learn[:100]]
x_val, y_val = scaled[learn[100:], :10], truth[learn[100:]]
print("training", x_train.shape, " validation", x_val.shape, " test", len(test), "lumps")

# %% [markdown]
# Training goes in *batches*, here of 20 lumps: slope of 20, step, next 20. One round through all of them is an *epoch*.
#
# **Predict before you run.** 100 lumps, batches of 20, 200 epochs: how many steps? And will both losses fall to the
# end?
#
# <details><summary>Answer</summary>
#
# 100 / 20 = 5 steps an epoch, 1000 in all. Training loss falls to 0; validation loss turns, and rises.
#
# </details>


# %%
def lump_reader(inputs=10, width=64, l2=0.0, dropout=0.0):
    """Two hidden layers; `l2` and `dropout` make learning by heart harder."""
    model = keras.Sequential([keras.Input((inputs,))])
    for _ in range(2):
        penalty = keras.regularizers.L2(l2)
        model.add(keras.layers.Dense(width, activation="relu", kernel_regularizer=penalty))
        model.add(keras.layers.Dropout(dropout))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy", "binary_crossentropy"])
    return model


def train(model):
    validation = x_val, y_val
    return model.fit(
        x_train, y_train, batch_size=20, epochs=200, validation_data=validation, verbose=0
    ).history


# %%
free = lump_reader()
curves = {"free": train(free)}
print("steps:", int(free.optimizer.iterations))
alt = "Training loss falls to zero; validation loss falls, turns, and rises."
with figure(alt, width=4.6) as ax:
    ax.plot(curves["free"]["loss"], color=BLUE, label="training")
    ax.plot(curves["free"]["val_loss"], "--", color=VERMILLION, label="validation")
    ax.set(title="loss", xlabel="epoch", ylim=(0, 0.5))
    ax.legend()
assert curves["free"]["val_loss"][-1] > 1.5 * min(curves["free"]["val_loss"])

# %% [markdown]
# This is *over-fitting*. The network polishes its answers on 100 lumps it knows by heart, and becomes too sure of
# itself on all others.
#
# One cure is to stop where the validation loss is lowest. *Regularisation* works against the cause. **L2** adds
# $\lambda\sum w^2$ to the loss: large weights cost. **Dropout** silences neurons at random in every step, so that
# none can rely on another; at *dropout rate* 0.5 about half. The others are doubled, to keep the mean.

# %%
layer = keras.layers.Dropout(0.5, seed=3)
ones = np.ones((1, 10), "float32")
print("training:  ", keras.ops.convert_to_numpy(layer(ones, training=True))[0])
print("afterwards:", keras.ops.convert_to_numpy(layer(ones, training=False))[0])

# %%
curves["L2"] = train(lump_reader(l2=0.02))
curves["dropout"] = train(lump_reader(dropout=0.5))
alt = "Validation loss of three networks: the free one rises; L2 and dropout stay lower."
with figure(alt, width=4.6) as ax:
    for (name, found), colour in zip(curves.items(), (VERMILLION, GREEN, ORANGE)):
        ax.plot(found["val_binary_crossentropy"], "--", color=colour, label=name)
    ax.set(title="validation loss, without L2's own part", xlabel="epoch", ylim=(0, 0.5))
    ax.legend()
last = {name: found["val_binary_crossentropy"][-1] for name, found in curves.items()}
assert last["L2"] < last["dropout"] < last["free"]

# %% [markdown]
# Weights are learned. Width, learning rate, dropout rate, λ, number of epochs are chosen: *hyper-parameters*. How to
# choose with few data? *Cross-validation*: cut the 400 lumps into five parts; each is the validation data once, the
# other four train; the mean of the five counts. From here on with all 30 measurements.


# %% tags=["nbval-ignore-output"]
def cross_validate(dropout, parts=5):
    scores = []
    for part in range(parts):
        held = np.arange(400) % parts == part
        model = lump_reader(inputs=30, width=16, dropout=dropout)
        model.fit(scaled[learn[~held]], truth[learn[~held]], batch_size=20, epochs=20, verbose=0)
        scores.append(model.evaluate(scaled[learn[held]], truth[learn[held]], verbose=0)[1])
    return np.array(scores)


scores = {rate: cross_validate(rate) for rate in (0.0, 0.3, 0.9)}
for rate, found in scores.items():
    print(f"dropout {rate}: {found.round(3)}  mean {found.mean():.3f}")

# %% [markdown]
# The five parts differ more than the rates 0.0 and 0.3 do: only 0.9 is clearly too much. Now, and only once, the drawer
# is opened. The lesson's figures, and how far another seed, or real Keras, may be off:

# %% tags=["figures"]
chosen = lump_reader(inputs=30, width=16, dropout=0.3)
chosen.fit(scaled[learn], truth[learn], batch_size=20, epochs=20, verbose=0)
test_accuracy = chosen.evaluate(scaled[test], truth[test], verbose=0)[1]
print(f"one neuron, test accuracy    {one_accuracy:.3f} ± 0.006")
print(f"one neuron on XOR, loss      {xor_loss:.3f} ± 0.002")
print(f"30 measurements, accuracy    {test_accuracy:.3f} ± 0.025")

# %% [markdown]
# ## Try it yourself
#
# **Exercise 1.** The slope of tanh is $1 - \tanh^2$. Check it by nudging at $z = -1, 0, 2$. What is relu's?

# %%
# your code, about 3 lines: (f(z + nudge) - f(z - nudge)) / (2 * nudge)

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# z = np.array([-1.0, 0.0, 2.0])
# print((np.tanh(z + nudge) - np.tanh(z - nudge)) / (2 * nudge), 1 - np.tanh(z) ** 2)
# print((np.maximum(z + nudge, 0) - np.maximum(z - nudge, 0)) / (2 * nudge))
# ```
#
# relu: 0, 0.5 and 1. At 0 it has a corner, and no slope; libraries take 0 there.
#
# </details>
#
# **Exercise 2.** Train the neuron of section 3 for 200 epochs with batches of 20. Does it need as many epochs?

# %%
# your code, about 4 lines: a model as in section 3, fit with batch_size=20, history["loss"]

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# layer = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros")
# small = keras.Sequential([keras.Input((2,)), layer])
# small.compile(keras.optimizers.SGD(1.0), "binary_crossentropy")
# history = small.fit(X, y, batch_size=20, epochs=200, verbose=0).history["loss"]
# print(history[9], losses[-1])
# ```
#
# After ten epochs it is where the single batch was after 200: 20 steps an epoch instead of one. The price: each step
# looks at few lumps, so the loss trembles.
#
# </details>
#
# **Exercise 3.** In the playground, *spiral* with noise 0: find a network with a *test* loss below 0.1.
#
# <details><summary>One solution</summary>
#
# Three hidden layers of 8, relu, learning rate 0.01, some 400 epochs. The first layer has straight borders only; each
# further one bends them. With tanh the training loss falls as well, but the test loss rises again: over-fitting.
#
# </details>
#
# ## Summary
#
# - A neuron is a weighted sum, a bias and a bend: $a = \sigma(w\cdot x + b)$. Its border is a straight line.
# - The loss says how wrong; its slope, by the chain rule, where each weight should go.
# - Gradient descent steps against the slope; nudging checks it.
# - Hidden layers do what one neuron can't: XOR.
# - Training data teaches, validation data chooses, test data judges, once.
#
# ## What comes
#
# [Lesson 2](02_keras_basics.ipynb): the same in Keras, in four steps.
