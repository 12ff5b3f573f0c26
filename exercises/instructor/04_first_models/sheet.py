# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 4 · First models
#
# Seven exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("04.1")`, as often as you like. `progress()` shows how far you are, `reset("04.1")` begins
# one anew.

# %% tags=["setup"]
import numpy as np

from kerastutor import datasets, keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure

# %% [markdown]
# ## 04.1 Cross-entropy straight from the scores (15 points)
#
# Softmax and then a logarithm breaks on scores such as 1000. Both in one step do not:
#
# $$\mathrm{loss} = \frac1n \sum_{i=1}^{n} \Big( m_i + \ln \sum_j e^{z_{ij} - m_i} - z_{i k_i} \Big)
# \qquad m_i = \max_j z_{ij}$$
#
# `scores` $z$ has shape (n, classes), `labels` $k$ shape (n,), whole numbers. About 4 lines.


# %% exercise="04.1" tags=["raises-exception"]
def crossentropy(scores, labels):
    """Mean cross-entropy of integer labels under the softmax of scores; a number, finite for any finite scores."""
    ### BEGIN SOLUTION
    largest = scores.max(axis=1)
    log_sum = largest + np.log(np.exp(scores - largest[:, None]).sum(axis=1))
    return (log_sum - scores[np.arange(len(labels)), labels]).mean()
    ### END SOLUTION


# %% [markdown]
# Try it: the loss while one of two scores grows. It should be a straight line on the left, and 0 on the right.

# %% tags=["raises-exception"]
z = np.linspace(-1000, 1000, 101)
losses = [crossentropy(np.array([[one, 0.0]]), np.array([0])) for one in z]
with figure("The loss falls in a straight line from 1000 to 0, and stays at 0 from score 0 on.") as ax:
    ax.plot(z, losses)
    ax.set(xlabel="score of the right class", ylabel="loss")

# %% check="04.1"

# %% [markdown]
# ## 04.2 Which way should the weights move? (20 points)
#
# One softmax layer, $Z = XW + b$, and the mean cross-entropy over $n$ rows. With $P$ the probabilities and $Y$ the
# one-hot targets,
#
# $$\frac{\partial\,\mathrm{loss}}{\partial Z} = \frac{P - Y}{n}$$
#
# Carry it on to $W$ and $b$ by the chain rule. `x` (n, inputs), `p` and `y` (n, classes). About 3 lines.


# %% exercise="04.2" tags=["raises-exception"]
def gradients(x, p, y):
    """Slopes of the mean cross-entropy: dw of shape (inputs, classes), db of shape (classes,)."""
    ### BEGIN SOLUTION
    dz = (p - y) / len(x)
    return x.T @ dz, dz.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# Try it: with them, the first gradient descent that is all yours.

# %% tags=["raises-exception"]
rng = np.random.default_rng(0)
x = rng.normal(size=(200, 2))
y = np.eye(2)[(x.sum(axis=1) > 0).astype(int)]
w, b, right = np.zeros((2, 2)), np.zeros(2), []
for _ in range(30):
    e = np.exp(x @ w + b)
    p = e / e.sum(axis=1, keepdims=True)
    right.append((p.argmax(axis=1) == y.argmax(axis=1)).mean())
    dw, db = gradients(x, p, y)
    w, b = w - dw, b - db
with figure("The share of right answers climbs from about a half to nearly one.") as ax:
    ax.plot(right)
    ax.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.05))

# %% check="04.2"

# %% [markdown]
# ## 04.3 How many of each class are found? (15 points)
#
# Accuracy hides a class that is never found. *Recall* shows it: of all rows that are meant to be class $c$, the share
# that is read as $c$.
#
# $$\mathrm{recall}_c = \frac{\text{rows meant } c \text{ and read } c}{\text{rows meant } c}$$
#
# `meant`, `read`: whole numbers, shape (n,). The result has shape (classes,), and 0 for a class that no row is meant
# to be. About 5 lines.


# %% exercise="04.3" tags=["raises-exception"]
def recall(meant, read, classes):
    """Recall of each class, shape (classes,), from 0 to 1; 0 where nothing was meant to be that class."""
    ### BEGIN SOLUTION
    found = np.bincount(meant[meant == read], minlength=classes)
    there = np.bincount(meant, minlength=classes)
    return found / np.maximum(there, 1)
    ### END SOLUTION


# %% [markdown]
# Try it: 95 rows of class 0, five of class 1, and a reader that says 0 whatever it sees. Its accuracy is 95 %.

# %% tags=["raises-exception"]
meant = np.array([0] * 95 + [1] * 5)
shares = recall(meant, np.zeros(100, int), 2)
with figure("Two bars: recall 1 for class 0, recall 0 for class 1.", height=1.6) as ax:
    ax.barh(["class 0", "class 1"], shares)
    ax.set(xlabel="recall", xlim=(0, 1.05))

# %% check="04.3"

# %% [markdown]
# ## 04.4 Predict, then read a figure (15 points)
#
# **First, before you run anything below.** All weights and biases of `Dense(64, relu)` → `Dense(1, sigmoid)` begin at 0
# instead of at random. After 40 epochs on boards of which 65 % are wins, the network …
#
# - `"a"` is as good as any other;
# - `"b"` says the same for every board;
# - `"c"` has become `nan`.
#
# **Then count:** how many weights and biases has it, with 9 inputs?

# %% exercise="04.4" tags=["raises-exception"]
# prediction = "a", "b" or "c"
# parameters = a whole number
### BEGIN SOLUTION
prediction = "b"
parameters = 9 * 64 + 64 + 64 + 1
### END SOLUTION

# %% [markdown]
# Now run it. (Why? With relu(0) = 0 behind it and a weight of 0 before it, which slope reaches a weight?)

# %%
boards, ends = datasets.tic_tac_toe.load_data()
wins = (ends == 1).astype("float32")
zeros = keras.Sequential([keras.Input((9,))])
zeros.add(keras.layers.Dense(64, activation="relu", kernel_initializer="zeros"))
zeros.add(keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros"))
zeros.compile(optimizer="adam", loss="binary_crossentropy")
zeros.fit(boards.astype("float32"), wins, epochs=40, verbose=0)
said = zeros.predict(boards[::100].astype("float32"), verbose=0)[:, 0]
with figure("The probability of a win that the network gives to each of ten boards.") as ax:
    ax.bar(range(len(said)), said)
    ax.set(xlabel="board", ylabel="probability of a win", ylim=(0, 1))

# %% [markdown]
# **Read this figure**: another network's losses. At which epoch would you have stopped, and what is it called, what you
# see to the right of it? `best_epoch` is a number of the axis; `called` is `"under-fitting"`, `"over-fitting"` or
# `"converging"`.

# %%
training = [0.95, 0.62, 0.47, 0.37, 0.30, 0.24, 0.19, 0.15, 0.12, 0.09]
validation = [0.97, 0.70, 0.58, 0.52, 0.50, 0.49, 0.51, 0.55, 0.60, 0.66]
alt = "Training loss falls from 0.95 to 0.09. Validation loss falls to 0.49 at epoch 6, then climbs to 0.66."
with figure(alt) as ax:
    ax.plot(range(1, 11), training, label="training")
    ax.plot(range(1, 11), validation, "o-", label="validation")
    ax.set(xlabel="epoch", ylabel="loss", xticks=range(1, 11))
    ax.legend()

# %% exercise="04.4" part="b" tags=["raises-exception"]
# best_epoch = a whole number
# called = "under-fitting", "over-fitting" or "converging"
### BEGIN SOLUTION
best_epoch = 6
called = "over-fitting"
### END SOLUTION

# %% check="04.4"

# %% [markdown]
# ## 04.5 Stop in time (15 points)
#
# Go through the validation losses, epoch 0 first. An epoch is *better* if its loss is below every loss before it. Stop
# at the end of the epoch that is the `patience`-th one in a row without being better; without such an epoch, at the
# last. Give two whole numbers: the epoch at which training stops, and the best epoch so far. About 7 lines.


# %% exercise="04.5" tags=["raises-exception"]
def stop_epoch(val_loss, patience):
    """(epoch of the stop, best epoch until then), from 0, for a list of losses and patience >= 1."""
    ### BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(val_loss):
        if loss < val_loss[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best
    ### END SOLUTION


# %% [markdown]
# Try it on the figure's validation losses:

# %% tags=["raises-exception"]
stops = [stop_epoch(validation, patience)[0] for patience in range(1, 6)]
with figure("The stop against the patience: one epoch later for each epoch of patience, until training ends.") as ax:
    ax.plot(range(1, 6), stops, "o-")
    ax.set(xlabel="patience", ylabel="stops at the end of epoch", xticks=range(1, 6))

# %% check="04.5"

# %% [markdown]
# ## 04.6 Project: who has won? (15 points)
#
# Nobody tells the network the rules of tic-tac-toe. Train one on boards with their ends and let it judge boards it has
# never seen: at least 95 % right, in less than 20 seconds.
#
# `boards` (n, 9), 1 for x, -1 for o, 0 for empty; `wins` (n,), 1 where x has won; `new_boards` (m, 9). The result has
# shape (m,), only 0 and 1. About 8 lines.


# %% exercise="04.6" tags=["raises-exception"]
def learn(boards, wins, new_boards):
    """Train on boards and wins; for each new board 1 if x has won, else 0, as an array of shape (m,)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((9,))])
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    model.fit(boards.astype("float32"), wins, epochs=60, batch_size=32, verbose=0)
    return (model.predict(new_boards.astype("float32"), verbose=0)[:, 0] > 0.5).astype(int)
    ### END SOLUTION


# %% [markdown]
# Try it: boards that your network reads wrongly. Is there something they share?

# %% tags=["raises-exception"]
order = np.random.default_rng(1).permutation(len(boards))
train, rest = order[:640], order[640:]
guess = learn(boards[train], wins[train], boards[rest])
wrong = rest[guess != wins[rest]][:6]
print(f"{(guess == wins[rest]).mean():.1%} of {len(rest)} boards right")
with figure("Up to six boards that the network reads wrongly: x blue, o red.", 1, 6, images=True, height=1.4) as axes:
    for ax, board in zip(axes, boards[wrong]):
        ax.imshow(board.reshape(3, 3), cmap="RdBu", vmin=-1.5, vmax=1.5)

# %% check="04.6"

# %% [markdown]
# ## 04.7 In your own words (5 points, read by a person)
#
# Somebody trains twenty networks, looks at the **test** accuracy of each and keeps the best one. Its test accuracy is
# 98 %. Why should you expect less on new digits? What should they have done? Two or three sentences.

# %% [markdown] words="04.7" points=5
# The best of twenty is partly the luckiest: chosen by the test digits, it fits their chance patterns too, so the 98 %
# is too high for digits that had no part in the choice. They should have chosen by a validation set, and used the test
# digits once, at the end.

# %% [markdown]
# ## How far are you?

# %%
progress()
