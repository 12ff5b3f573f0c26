# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 2 · Keras basics
#
# Eight exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("02.1")`, as often as you like. `progress()` shows how far you are, `reset("02.1")` begins
# one anew.

# %% tags=["setup"]
import math

import numpy as np

from kerastutor import datasets, keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure

# %% [markdown]
# ## 02.1 Better than what? (10 points)
#
# 63 % right: is that good? Not if 63 % of all rows are of one class; then whoever always says this class is as good,
# and has not looked at a single input. This is the *baseline*:
#
# - find the most frequent class of the **training** labels; of several, the smallest number;
# - give the share of the **test** labels that equal it.
#
# `y_train` (n,) and `y_test` (m,) are whole numbers, negative ones too. About 3 lines.


# %% exercise="02.1" tags=["raises-exception"]
def baseline(y_train, y_test):
    """Accuracy on y_test of always saying y_train's most frequent class: a number from 0 to 1."""
    ### BEGIN SOLUTION
    classes, counts = np.unique(y_train, return_counts=True)
    return (y_test == classes[counts.argmax()]).mean()
    ### END SOLUTION


# %% [markdown]
# Try it: how much of an accuracy is for free? Guessing by dice is right in 1 / classes of all rows.

# %% tags=["raises-exception"]
tasks = {
    "digits": keras.datasets.mnist.load_data()[0][1],
    "patches": datasets.segment.load_data()[1],
    "lumps": datasets.breast_cancer.load_data()[1],
    "tic-tac-toe": datasets.tic_tac_toe.load_data()[1],
    "fraud": np.arange(5000) % 50 == 0,
}
rng = np.random.default_rng(0)
with figure("Bars: digits 11 %, patches 14 %, lumps 63 %, tic-tac-toe 65 %, fraud 98 %; dice from 10 to 50 %.") as ax:
    for name, labels in tasks.items():
        train, test = np.array_split(rng.permutation(labels) * 1, 2)
        ax.barh(name, baseline(train, test), color="C0")
        ax.plot(1 / len(np.unique(labels)), name, "D", color="C1")
    ax.set(xlabel="accuracy of always saying the same (bar), of dice (diamond)", xlim=(0, 1))

# %% check="02.1"

# %% [markdown]
# ## 02.2 One-hot, and who is unknown? (12 points)
#
# Targets often come with gaps: -1 says that nobody knows the class. Write a one-hot that knows what to do with them:
#
# $$\mathrm{result}[\ldots, c] = \begin{cases} 1 & \mathrm{labels}[\ldots] = c \\ 0 & \text{else} \end{cases}$$
#
# An unknown label so becomes a row of zeros: it costs no cross-entropy, $-\sum y \ln p = 0$, and teaches nothing.
#
# `labels` is an array of any shape, of whole numbers from -1 to `classes` - 1. The result has one axis more, the last,
# of length `classes`, and dtype float32, as Keras computes. 1 to 4 lines.


# %% exercise="02.2" tags=["raises-exception"]
def one_hot(labels, classes):
    """Ones and zeros, float32, in shape labels.shape + (classes,); all zeros where a label is -1."""
    ### BEGIN SOLUTION
    return (labels[..., None] == np.arange(classes)).astype("float32")
    ### END SOLUTION


# %% [markdown]
# Try it on a map: three kinds of ground, and white where no one has been. A network that reads such maps answers in
# planes, one for each kind.

# %% tags=["raises-exception"]
row, column = np.indices((40, 60))
area = 1 * (np.sin(row / 9) + np.cos(column / 11) > 0.3) + (column > 35 + 6 * np.sin(row / 6))
area[(row - 28) ** 2 + (column - 14) ** 2 < 60] = -1
planes = one_hot(area, 3)
alt = "A map with three kinds of ground and a white disc; then a plane for each kind, white in the disc in all three."
with figure(alt, 1, 4, images=True, height=1.7) as axes:
    axes[0].imshow(np.where(area < 0, np.nan, area), cmap="viridis")
    axes[0].set_title("labels")
    for kind in range(3):
        axes[kind + 1].imshow(planes[..., kind], vmin=0, vmax=1)
        axes[kind + 1].set_title(f"[..., {kind}]")

# %% check="02.2"

# %% [markdown]
# ## 02.3 Count before Keras does (13 points)
#
# A network in short: a list of `"flatten"` and of numbers, each the units of a Dense layer. `["flatten", 32, 10]` reads
# digits of shape (28, 28). What does each layer do to one sample's shape, and what does it learn?
#
# | | shape | parameters |
# |---|---|---|
# | `"flatten"` | (a, b, …) → (a·b·…,) | 0 |
# | `u` | (…, d) → (…, u) | d·u + u |
#
# Dense looks at the last axis alone. `shape_after` gives the shape at the end, `(10,)`; `parameters` the sum of all
# layers' parameters. About 4 and 5 lines.


# %% exercise="02.3" tags=["raises-exception"]
def shape_after(shape, layers):
    """Shape of a sample after all layers, such as (28, 10); `shape` is the one before."""
    ### BEGIN SOLUTION
    for layer in layers:
        shape = (math.prod(shape),) if layer == "flatten" else (*shape[:-1], layer)
    return shape
    ### END SOLUTION


# %% exercise="02.3" part="b" tags=["raises-exception"]
def parameters(shape, layers):
    """How many numbers the layers learn together, for samples of the given shape."""
    ### BEGIN SOLUTION
    total = 0
    for i, layer in enumerate(layers):
        if layer != "flatten":
            total += (shape_after(shape, layers[:i])[-1] + 1) * layer
    return total
    ### END SOLUTION


# %% [markdown]
# Try it: pictures grow. What does a Dense layer cost that looks at all pixels at once, and one that looks at each row
# by itself? (Lesson 5 has an answer.)

# %% tags=["raises-exception"]
sides = np.array([28, 64, 128, 256, 512, 1024, 2048])
networks = {"flatten, 32, 10": ["flatten", 32, 10], "32, flatten, 10": [32, "flatten", 10], "32, 10": [32, 10]}
alt = "Parameters against the side of a picture, both logarithmic. With flatten first over a hundred million at 2048."
with figure(alt, width=4.6, height=2.8) as ax:
    for name, layers in networks.items():
        ax.loglog(sides, [parameters((int(side), int(side)), layers) for side in sides], "o-", label=name)
    ax.set(xlabel="side of the picture in pixels", ylabel="parameters")
    ax.legend()
print("one sample of 28 × 28 through [32, 10]:", shape_after((28, 28), [32, 10]), "- is that an answer?")

# %% check="02.3"

# %% [markdown]
# ## 02.4 A trained network, without Keras (15 points)
#
# `model.get_weights()` gives a Sequential model's weights in order: kernel, bias, kernel, bias, … Turn them into
# answers, for any number of Dense layers. Each layer computes
#
# $$Z = A\,W + b$$
#
# of what comes in, $A$. Its result is $\max(0, Z)$ (relu); only the last layer has softmax instead, with each row's
# own $m = \max_k z_k$:
#
# $$p_j = \frac{e^{z_j - m}}{\sum_k e^{z_k - m}}$$
#
# `x` is one sample, shape (inputs,), or has any axes before the last. The result has classes in place of inputs.
# About 7 lines.


# %% exercise="02.4" tags=["raises-exception"]
def forward(x, weights):
    """Probabilities of shape x.shape[:-1] + (classes,); weights is a list: kernel, bias, kernel, bias, ..."""
    ### BEGIN SOLUTION
    for kernel, bias in zip(weights[::2], weights[1::2]):
        z = x @ kernel + bias
        x = np.maximum(z, 0)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# Try it: Keras trains, you answer. Do the crosses (Keras's own answer) meet your bars?

# %% tags=["raises-exception"]
(digits, labels), (new_digits, _) = keras.datasets.mnist.load_data()
x, new = digits[:4000].reshape(-1, 784) / 255, new_digits[:200].reshape(-1, 784) / 255
keras.utils.set_random_seed(1)
reader = keras.Sequential([keras.Input((784,))])
reader.add(keras.layers.Dense(32, activation="relu"))
reader.add(keras.layers.Dense(10, activation="softmax"))
reader.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
reader.fit(x, labels[:4000], epochs=4, verbose=0)
mine, theirs = forward(new, reader.get_weights()), reader.predict(new, verbose=0)
unsure = np.argsort(mine.max(axis=1))[:2]
with figure("Two digits that are hard to read, and ten probabilities for each: bars and crosses agree.", 1, 4) as axes:
    for i, place in enumerate(unsure):
        axes[2 * i].imshow(new_digits[place])
        axes[2 * i].axis("off")
        axes[2 * i + 1].barh(range(10), mine[place])
        axes[2 * i + 1].plot(theirs[place], range(10), "x", color="C1")
        axes[2 * i + 1].set(yticks=range(10), xlim=(0, 1))

# %% check="02.4"

# %% [markdown]
# ## 02.5 Predict, choose, read (15 points)
#
# **First, before you run anything below.** Three questions about a digit: is it even, is it above four, has it a closed
# loop? For a 6 all are yes: its target is (1, 1, 1). Somebody ends the network with `Dense(3, activation="softmax")`
# and trains it with `categorical_crossentropy`. What will it say for a 6, about?
#
# - `"a"`: (1, 1, 1);
# - `"b"`: (⅓, ⅓, ⅓);
# - `"c"`: (1, 0, 0), or another single 1.

# %% exercise="02.5" tags=["raises-exception"]
# prediction = "a", "b" or "c"
### BEGIN SOLUTION
prediction = "b"
### END SOLUTION

# %% [markdown]
# Now run it. (Why? What does softmax do to the sum of its outputs?)

# %%
(digits, labels), _ = keras.datasets.mnist.load_data()
x, labels = digits[:6000].reshape(-1, 784) / 255, labels[:6000]
yes = np.stack([labels % 2 == 0, labels > 4, np.isin(labels, (0, 6, 8, 9))], axis=1) * 1.0
with figure("What two networks say for a 6 to three questions, one with softmax, one with sigmoid.", 1, 2) as axes:
    for ax, activation, loss in zip(axes, ("softmax", "sigmoid"), ("categorical_crossentropy", "binary_crossentropy")):
        keras.utils.set_random_seed(4)
        model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(32, activation="relu")])
        model.add(keras.layers.Dense(3, activation=activation))
        model.compile(optimizer="adam", loss=loss)
        model.fit(x, yes, epochs=6, verbose=0)
        ax.bar(["even", "above 4", "loop"], model.predict(x[labels == 6][:1], verbose=0)[0])
        ax.set(title=activation, ylim=(0, 1.05))

# %% [markdown]
# **Choose.** Which last layer and loss fit which question? Each answer is one letter; a letter may serve twice, or not
# at all.
#
# | | last layer | loss |
# |---|---|---|
# | `"A"` | `Dense(1)` | `mse` |
# | `"B"` | `Dense(1, activation="sigmoid")` | `binary_crossentropy` |
# | `"C"` | `Dense(n, activation="softmax")` | `categorical_crossentropy` |
# | `"D"` | `Dense(n, activation="softmax")` | `sparse_categorical_crossentropy` |
# | `"E"` | `Dense(n, activation="sigmoid")` | `binary_crossentropy` |
#
# - `frost`: how many degrees will it have tomorrow at 6 o'clock?
# - `genres`: which of 20 genres has a film? Many have several; a target is a row of 0 and 1.
# - `ground`: which of 7 kinds of ground does a picture show? A target is a number from 0 to 6.
# - `battery`: which share of its charge, from 0 to 1, is left?

# %% exercise="02.5" part="b" tags=["raises-exception"]
# frost, genres, ground and battery: each one of "A", "B", "C", "D", "E"
### BEGIN SOLUTION
frost, genres = "A", "E"
ground, battery = "D", "B"
### END SOLUTION

# %% [markdown]
# **Read this figure.** The losses of three networks, each with softmax, cross-entropy and one-hot targets, on rows that
# they have never seen. Who knows nothing gives each of $n$ classes $1/n$, and that costs $\ln n$. How many `classes`
# has the task of A? Which network has found `nothing` to learn?

# %%
epochs = np.arange(16)
curves = {
    "A": 1.25 + 1.05 * np.exp(-epochs / 5),
    "B": 0.69 - 0.004 * np.sin(7.0 * epochs),
    "C": 0.55 + 0.84 * np.exp(-epochs / 3),
}
with figure("A falls from 2.30 to 1.30. B stays at 0.69 all the time. C falls from 1.39 to 0.55.") as ax:
    for name, curve in curves.items():
        ax.plot(epochs, curve, label=name)
        ax.text(0.1, curve[0] + 0.06, f"{curve[0]:.2f}")
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0, 2.6))
    ax.legend()

# %% exercise="02.5" part="c" tags=["raises-exception"]
# classes = a whole number
# nothing = "A", "B" or "C"
### BEGIN SOLUTION
classes = 10
nothing = "B"
### END SOLUTION

# %% check="02.5"

# %% [markdown]
# ## 02.6 An epoch, batch by batch (15 points)
#
# `fit` shuffles all rows, cuts them into batches and goes through them. Write both halves of it.
#
# - `batches`: `order` holds the row numbers 0 … n-1, shuffled. The first batch has the rows of its first `size`
#   numbers, in this order, the next batch the next ones. The last one may be smaller; no row is lost. Give a list of
#   pairs (x, y). `x` (n, …), `y` (n, …).
# - `epoch_mean`: the loss of the epoch from each batch's mean loss and size, so that every *row* counts the same.
#
# About 3 lines, and 1.


# %% exercise="02.6" tags=["raises-exception"]
def batches(x, y, size, order):
    """A list of pairs (x, y): all rows once, in this order, `size` in each pair but perhaps the last."""
    ### BEGIN SOLUTION
    cuts = [order[start : start + size] for start in range(0, len(order), size)]
    return [(x[cut], y[cut]) for cut in cuts]
    ### END SOLUTION


# %% exercise="02.6" part="b" tags=["raises-exception"]
def epoch_mean(means, sizes):
    """Mean over all rows, from lists of the batches' means and sizes: a number."""
    ### BEGIN SOLUTION
    return np.dot(means, sizes) / np.sum(sizes)
    ### END SOLUTION


# %% [markdown]
# Try it: 100 rows with their losses, cut into batches of every size. What the loss is must not depend on that. Yours
# is the straight line; the other one is what happens without the sizes.

# %% tags=["raises-exception"]
rng = np.random.default_rng(5)
losses = rng.exponential(size=100)
order, sizes = rng.permutation(100), range(5, 101)
lines = {"each row counts the same": [], "each batch counts the same": []}
for size in sizes:
    parts = [part for part, _ in batches(losses, losses, size, order)]
    means = [part.mean() for part in parts]
    lines["each row counts the same"].append(epoch_mean(means, [len(part) for part in parts]))
    lines["each batch counts the same"].append(np.mean(means))
with figure("A straight line, and one that falls below it wherever a few rows are left over, at 99 the deepest.") as ax:
    for (name, line), width in zip(lines.items(), (3, 1)):
        ax.plot(sizes, line, linewidth=width, label=name)
    ax.set(xlabel="rows in a batch", ylabel="loss of the epoch")
    ax.legend()

# %% check="02.6"

# %% [markdown]
# ## 02.7 Project: what does the camera see? (15 points)
#
# From seven photographs small patches were cut: brick, cement, leaves, grass, a path, sky, windows. Numbers tell
# their colours, edges and place. Train a network that names new patches: at least 85 % right, in less than 20 seconds.
#
# Columns come in all units, some in thousands, some in thousandths; one may even hold the same number in all rows.
# Learn the scale from the training rows alone: new patches may all be of one kind.
#
# `patches` (n, columns), `kinds` (n,) whole numbers from 0 to 6, `new_patches` (m, columns). The result has shape (m,).
# About 10 lines.


# %% exercise="02.7" tags=["raises-exception"]
def learn(patches, kinds, new_patches):
    """Train on patches and their kinds; for each new patch its kind, 0 to 6, as an array of shape (m,)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(0)
    mean, spread = patches.mean(axis=0), patches.std(axis=0)
    spread[spread == 0] = 1
    model = keras.Sequential([keras.Input((patches.shape[1],))])
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(7, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit((patches - mean) / spread, kinds, epochs=40, batch_size=32, verbose=0)
    return model.predict((new_patches - mean) / spread, verbose=0).argmax(axis=1)
    ### END SOLUTION


# %% [markdown]
# Try it: what is taken for what? A right answer lies on the diagonal. Which two kinds are hard to tell apart, and
# would you have known?

# %% tags=["raises-exception"]
patches, kinds = datasets.segment.load_data()
names = datasets.segment.get_label_names()
order = np.random.default_rng(1).permutation(len(patches))
train, rest = order[:600], order[600:]
guess = learn(patches[train], kinds[train], patches[rest])
print(f"{(guess == kinds[rest]).mean():.1%} of {len(rest)} new patches right")
table = np.zeros((7, 7), int)
np.add.at(table, (kinds[rest], guess), 1)
alt = "Seven by seven counts, nearly all on the diagonal; brick, cement, leaves and windows are mixed up now and then."
with figure(alt, width=4.6, height=4, images=True) as ax:
    ax.imshow(np.log1p(table))
    for (true, said), count in np.ndenumerate(table):
        if count:
            ax.text(said, true, count, ha="center", va="center", color="white" if count > 40 else "black", fontsize=9)
    ax.set(xticks=range(7), yticks=range(7), yticklabels=names, ylabel="is", xlabel="is taken for")
    ax.set_xticklabels(names, rotation=45, ha="right")

# %% check="02.7"

# %% [markdown]
# ## 02.8 In your own words (5 points, read by a person)
#
# Five classes, equally frequent. A network has 99 % right on its 200 training rows, and 21 % on new rows. A friend
# says: "Nearly there, train it longer." What has the network done, what do you answer, and what would you look at
# first? Three or four sentences.

# %% [markdown] words="02.8" points=5
# It has learned the 200 rows by heart: on new rows it is no better than chance, one in five. Training longer can only
# raise the 99 %, which says nothing. I would first ask whether the inputs hold the answer at all, or whether rows and
# labels got mixed up on the way (shuffled apart), then get more rows or a smaller network, and judge by rows that it
# has never seen.

# %% [markdown]
# ## How far are you?

# %%
progress()
