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
# # First models
#
# **You will** train a network that reads handwritten digits, take it apart, and use the same layers on tables.
#
# **You will learn** what a Dense layer computes, what softmax and cross-entropy are, how a gradient is
# checked, how over-fitting looks, and what logistic regression is.
#
# **You need** NumPy and the product of two matrices. **Time:** about an hour; running it all takes under 90 seconds.

# %%
import inspect
import time

import numpy as np

from kerastutor import keras
from kerastutor.datasets import breast_cancer, segment, tic_tac_toe
from kerastutor.widgets import LiveLoss, figure
from kerastutor.widgets.style import DIVERGING, colours

keras.utils.set_random_seed(5)

# %% [markdown]
# ## The finished result first
#
# MNIST: 60,000 handwritten digits to learn from and 10,000 others for the test. Each is a picture of
# 28 × 28 grey values from 0 to 255; each label is the digit that was meant.

# %%
(train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
print("training:", train_images.shape, train_images.dtype, train_labels.shape)
print("test:    ", test_images.shape, test_images.dtype, test_labels.shape)

# %%
x_train = train_images.reshape(60000, 784).astype("float32") / 255
x_test = test_images.reshape(10000, 784).astype("float32") / 255
y_train = keras.utils.to_categorical(train_labels, 10)
y_test = keras.utils.to_categorical(test_labels, 10)

# %% [markdown]
# Two layers. The first turns 784 grey values into 512 numbers, the second turns those into 10 probabilities, one for
# each digit. Training goes through all digits five times (five *epochs*), in *batches* of 128. Watch the loss fall:
# that number is what training makes small.


# %%
def digit_reader(hidden=512):
    model = keras.Sequential()
    model.add(keras.Input((784,)))
    model.add(keras.layers.Dense(hidden, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


# %%
model = digit_reader()
history = model.fit(x_train, y_train, batch_size=128, epochs=5, callbacks=[LiveLoss()], verbose=0)

# %% [markdown]
# The thin line is the mean since the epoch began; the circles are whole epochs. Now the digits that the
# network has never seen:

# %% tags=["figures"]
test_loss, test_accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"training accuracy {history.history['accuracy'][-1]:.4f} ± 0.003")
print(f"test accuracy {test_accuracy:.4f} ± 0.006")
assert test_accuracy > 0.965

# %% [markdown]
# The number after ± is how far another seed, or real Keras, may be off. The tutorial that this lesson follows reports
# 0.9783 on the test digits. The rest of the lesson asks how 784 grey values become the right digit.
#
# ## 1. What goes in, and what should come out?

# %%
alt = "Twelve digits from the training set, each with its label above."
with figure(alt, 2, 6, images=True) as axes:
    for ax, image, label in zip(axes.flat, train_images, train_labels):
        ax.imshow(image)
        ax.set_title(f"{label}", loc="center")

# %% [markdown]
# A Dense layer wants a plain row of numbers, so each picture became one row of 28 · 28 = 784. Dividing by
# 255 brings the grey values into 0…1, the range in which the first weights are at home.
#
# The target is *one-hot*: ten numbers, a 1 where the right digit stands. So the ten probabilities can be compared with
# it place by place.

# %%
print("a row:", x_train.shape, x_train.dtype, "from", x_train.min(), "to", x_train.max())
print("picture 0, row 14:", train_images[0, 14, 10:18])
print("scaled:           ", x_train[0].reshape(28, 28)[14, 10:18].round(2))

# %%
print("label", train_labels[0], "->", y_train[0])
assert (y_train.argmax(axis=1) == train_labels).all()

# %% [markdown]
# ## 2. What does a Dense layer compute?
#
# Each output is a weighted sum of all inputs plus a bias. For a batch of $n$ rows:
#
# $$\underset{n\times512}{H}
# = \mathrm{relu}\big(\underset{n\times784}{X}\;\underset{784\times512}{W_1} + \underset{512}{b_1}\big)
# \qquad \mathrm{relu}(z) = \max(z, 0)$$
#
# By hand, small: two inputs, two outputs.

# %%
x = np.array([[1.0, 2.0]])
w = np.array([[0.5, -1.0], [0.25, 0.25]])
b = np.array([0.0, 0.1])
# 1·0.5 + 2·0.25 + 0 = 1.0   and   1·(-1) + 2·0.25 + 0.1 = -0.4
print("weighted sums:", x @ w + b)
print("after relu:   ", np.maximum(x @ w + b, 0))

# %% [markdown]
# **Predict before you run.** How many weights and biases has each of our two layers?
#
# <details><summary>Answer</summary>
#
# First: 784 · 512 weights and 512 biases. Second: 512 · 10 weights and 10 biases.
#
# </details>

# %%
first, second = model.layers
print("first layer: ", 784 * 512 + 512)
print("second layer:", 512 * 10 + 10)
assert first.count_params() == 784 * 512 + 512 and second.count_params() == 512 * 10 + 10
model.summary()

# %% [markdown]
# The summary counts the optimizer too: RMSprop keeps one more number for every weight, and a few of its own.
#
# Now the first layer in NumPy, with the trained weights, beside the real one. They must agree.

# %%
w1, b1 = first.get_weights()
hidden_by_hand = np.maximum(x_test[:5] @ w1 + b1, 0)
hidden = keras.ops.convert_to_numpy(first(x_test[:5]))
np.testing.assert_allclose(hidden_by_hand, hidden, rtol=1e-4, atol=1e-5)
print("agree:", hidden.shape)

# %% tags=["kerastutor-only"]
# Open the source: the library's own layer is no longer than that.
print(inspect.getsource(keras.layers.Dense.call))

# %% [markdown]
# ## 3. How do ten numbers become probabilities, and probabilities a loss?
#
# The second layer makes ten scores $z$. Softmax makes them positive with sum 1; cross-entropy is the
# surprise at the right digit $k$:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}} \qquad \mathrm{loss} = -\ln p_k$$


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))  # minus the largest: same result, no overflow
    return e / e.sum(axis=-1, keepdims=True)


print("softmax of [0, 0]:   ", softmax(np.array([0.0, 0.0])))
# e^(ln 3) = 3 and e^0 = 1, so 3 / (3 + 1) and 1 / (3 + 1)
print("softmax of [ln 3, 0]:", softmax(np.array([np.log(3), 0.0])))

# %% [markdown]
# **Predict before you run.** What is the loss when the right digit gets probability 1? And 0.5? And 0.01?
#
# <details><summary>Answer</summary>
#
# 0; about 0.69; about 4.61. Being sure and wrong costs most.
#
# </details>

# %%
for p in (1.0, 0.5, 0.01):
    print(f"p = {p:<5} loss = {-np.log(p) + 0:.2f}")

# %% [markdown]
# Now for one real digit, from the grey values to the loss, all in NumPy, against the model's own numbers.

# %%
w2, b2 = second.get_weights()
p = softmax(np.maximum(x_test[:1] @ w1 + b1, 0) @ w2 + b2)
loss_by_hand = -np.log(p[0, test_labels[0]])
np.testing.assert_allclose(p, model.predict(x_test[:1], verbose=0), rtol=1e-3, atol=1e-6)
loss = model.evaluate(x_test[:1], y_test[:1], verbose=0)[0]
np.testing.assert_allclose(loss_by_hand, loss, rtol=1e-3, atol=1e-6)
print("test digit 0 is a", test_labels[0], "and the network says", p.argmax())

# %%
alt = "Left: a handwritten seven. Right: ten bars, the probabilities; that of seven is at one."
with figure(alt, 1, 2) as axes:
    axes[0].imshow(test_images[0])
    axes[0].axis("off")
    axes[0].set_title("test digit 0")
    axes[1].bar(range(10), p[0])
    axes[1].set(xticks=range(10), ylim=(0, 1.05), title="probability of each digit")

# %% [markdown]
# ## 4. Which way should a weight move?
#
# Against the slope of the loss. For the scores $z$ that slope is wonderfully simple: probability minus target,
#
# $$\frac{\partial\,\mathrm{loss}}{\partial z_i} = p_i - y_i$$
#
# Two scores $[\ln 3, 0]$, the first is right: $[0.75 - 1,\; 0.25 - 0]$. A small nudge tells whether it is true.

# %%
z, y, nudge = np.array([np.log(3), 0.0]), np.array([1.0, 0.0]), 1e-6
for i in range(2):
    step = nudge * np.eye(2)[i]
    slope = (-np.log(softmax(z + step)[0]) + np.log(softmax(z - step)[0])) / (2 * nudge)
    print(f"score {i}: p - y = {(softmax(z) - y)[i]:+.2f}   by nudging {slope:+.2f}")

# %% [markdown]
# The chain rule carries this slope back through both layers to all 407,050 weights. The same nudging test
# checks it for a whole model:

# %% tags=["kerastutor-only"]
from kerastutor import check_gradients

check = check_gradients(digit_reader(hidden=16), x_train[:4], y_train[:4])
assert check.max_error < 1e-4
print(check)

# %% [markdown]
# ## 5. Where is it wrong?
#
# The most probable digit is the answer. Rows: what was meant; columns: what the network read.

# %%
probabilities = model.predict(x_test, verbose=0)
guess = probabilities.argmax(axis=1)
confusion = np.zeros((10, 10), int)
np.add.at(confusion, (test_labels, guess), 1)
print((guess != test_labels).sum(), "of 10,000 digits are wrong")
assert confusion.sum() == 10000 and np.trace(confusion) == (guess == test_labels).sum()

# %%
mistakes = confusion * (1 - np.eye(10, dtype=int))
alt = "Confusion matrix, ten rows by ten columns, mistakes only: the darker, the more."
with figure(alt, height=4.2) as ax:
    ax.imshow(mistakes, cmap="Blues")
    for row, column in zip(*mistakes.nonzero()):
        count = mistakes[row, column]
        colour = "white" if count > mistakes.max() / 2 else "black"
        ax.text(column, row, count, ha="center", va="center", color=colour)
    ax.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="meant")
    ax.set_title("mistakes on 10,000 test digits")
    ax.grid(False)

# %% [markdown]
# **Predict before you run.** Which pairs would *you* mix up? Below are the digits with the highest loss.
#
# <details><summary>Answer</summary>
#
# Mostly pairs that share their strokes: 4 and 9, 7 and 9, 2 and 7, 3 and 5, 5 and 6.
#
# </details>

# %%
surprise = -np.log(np.maximum(probabilities[np.arange(10000), test_labels], 1e-7))
worst = surprise.argsort()[::-1][:12]
alt = "The twelve digits the network finds hardest, with what was meant and what was read."
with figure(alt, 2, 6, images=True) as axes:
    for ax, i in zip(axes.flat, worst):
        ax.imshow(test_images[i])
        ax.set_title(f"{test_labels[i]} read as {guess[i]}", loc="center", fontsize=9)

# %% [markdown]
# ## 6. What has the first layer learned?
#
# Each of the 512 columns of $W_1$ has 784 weights, so it can be drawn as a picture: orange where ink speaks for
# this neuron, blue where it speaks against it.

# %%
strongest = np.linalg.norm(w1, axis=0).argsort()[::-1][:12]
alt = "Weights of twelve neurons as pictures: strokes and spots in orange and blue."
with figure(alt, 2, 6, images=True) as axes:
    for ax, neuron in zip(axes.flat, strongest):
        ax.imshow(w1[:, neuron].reshape(28, 28), cmap=colours(DIVERGING), vmin=-0.3, vmax=0.3)

# %% [markdown]
# ## 7. When should training stop?
#
# To know without touching the test digits, keep 10,000 training digits aside: a *validation split*. To see
# the trouble soon, this network learns from 10,000 others only, and for 20 epochs.
#
# **Predict before you run.** Will both losses fall to the end?
#
# <details><summary>Answer</summary>
#
# Training loss falls on and on, towards 0. Validation loss stops after some ten epochs, and creeps up: the network
# now learns its training digits by heart.
#
# </details>

# %%
longer = digit_reader()
settings = dict(batch_size=128, epochs=20, validation_split=0.5, verbose=0)
history = longer.fit(x_train[-20000:], y_train[-20000:], callbacks=[LiveLoss()], **settings)

# %%
training, validation = history.history["loss"], history.history["val_loss"]
print("training loss halved again in the last ten epochs:", training[-1] < training[9] / 2)
print("validation loss hardly moved in them:             ", validation[-1] > 0.8 * validation[9])
print("in the end it is more than 20 times as large:     ", validation[-1] > 20 * training[-1])

# %% [markdown]
# That is *over-fitting*. Stop where the validation loss is lowest, or make learning by heart harder: with more
# digits, as above, or with dropout, as in lesson 5.
#
# ## 8. And if the data is a table?
#
# One Dense layer alone, with softmax (many classes) or sigmoid (two), is *logistic regression*. The slope of its scores
# is probability minus target again; the chain rule carries it to the weights:
#
# $$\frac{\partial\,\mathrm{loss}}{\partial W} = \frac1n\;\underset{inputs\times n}{X^\top}\;
# \underset{n\times classes}{(P - Y)} \qquad \sigma(z) = \frac{1}{1 + e^{-z}}$$


# %%
def by_hand(x, y, probabilities, steps=200, rate=0.5):
    w, b = np.zeros((x.shape[1], y.shape[1])), np.zeros(y.shape[1])
    for _ in range(steps):
        dz = (probabilities(x @ w + b) - y) / len(x)
        w, b = w - rate * x.T @ dz, b - rate * dz.sum(axis=0)
    return w, b


# %%
def in_keras(x, y, activation, loss, steps=200, rate=0.5):
    dense = keras.layers.Dense(y.shape[1], activation, kernel_initializer="zeros")
    net = keras.Sequential([keras.Input(x.shape[1:]), dense])
    net.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"])
    net.fit(x, y, batch_size=len(x), epochs=steps, verbose=0)
    return net


# %% [markdown]
# Two tables: 569 lumps, each with 30 measurements, benign (1) or malignant (0); and 2,310 patches of photographs, each
# with 18 numbers, of seven kinds: brick, sky, grass, … Every third row is held out for the test.
#
# **Predict before you run.** Both begin at 0 and take the same 200 steps. How far apart are the weights in the end?
#
# <details><summary>Answer</summary>
#
# Not at all, but for rounding: the last layer of every classifier is a logistic regression, and Keras does what we do.
#
# </details>

# %% tags=["figures"]
sigmoid = lambda z: 1 / (1 + np.exp(-z))
TABLES = {
    "breast cancer": (breast_cancer, sigmoid, "sigmoid", "binary_crossentropy"),
    "segment": (segment, softmax, "softmax", "categorical_crossentropy"),
}
for name, (table, f, activation, loss) in TABLES.items():
    x, kind = table.load_data()
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-9)  # each column: around 0, about 1 wide
    y = kind[:, None] if kind.max() == 1 else np.eye(7)[kind]
    held = np.arange(len(x)) % 3 == 0
    w, b = by_hand(x[~held], y[~held], f)
    net = in_keras(x[~held], y[~held], activation, loss)
    print("the same weights:", np.allclose(net.get_weights()[0], w, atol=1e-3), w.shape)
    print(f"{name}, test accuracy {net.evaluate(x[held], y[held], verbose=0)[1]:.3f} ± 0.01")

# %% [markdown]
# What can a hidden layer do that a weighted sum can't? Take all 958 ways in which tic-tac-toe can end, x (1) against o
# (−1), empty 0. In 626 of them x has won.
#
# **Predict before you run.** Logistic regression has one weight for each field: it can't see three in a row. How often
# is it right on unseen boards? And when x and o change sides on every other board?
#
# <details><summary>Answer</summary>
#
# As played, it counts: x moves first, so where o has won there are as many of each, else one x more. Only draws deceive
# it. With sides changed, counting helps less, and the hidden layer must see lines: nearly always right.
#
# </details>

# %% tags=["figures"]
boards, ends = tic_tac_toe.load_data()  # 0: draw, 1: x has won, 2: o has
order = np.random.default_rng(4).permutation(958)
boards, ends = boards[order].astype("float32"), ends[order]
side = np.where(np.arange(958) % 2, 1, -1)
played, changed = (boards, ends == 1), (boards * side[:, None], ends == np.where(side == 1, 1, 2))
print(f"counting alone, as played: {((boards.sum(axis=1) == 1) == (ends == 1)).mean():.3f}")
for name, (x, won) in {"as played": played, "sides changed": changed}.items():
    for hidden in ([], [keras.layers.Dense(64, "relu")]):
        keras.utils.set_random_seed(4)
        net = keras.Sequential([keras.Input((9,)), *hidden, keras.layers.Dense(1, "sigmoid")])
        net.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
        net.fit(x[:638], won[:638], epochs=100, verbose=0)
        score = net.evaluate(x[638:], won[638:], verbose=0)[1]
        print(f"{name}, {'hidden layer' if hidden else 'one layer'} {score:.3f} ± 0.03")
assert score > 0.95

# %% [markdown]
# A model takes the easiest way that the data leaves open. Before you praise it, ask what a simple rule would reach.
#
# ## Same code, another backend
#
# The same network, first in plain NumPy, then in compiled Numba: no line of it changes.

# %% tags=["kerastutor-only"]
import kerastutor

for backend in ("numpy", "cpu"):
    kerastutor.use_backend(backend)
    keras.utils.set_random_seed(5)
    small, start = digit_reader(), time.perf_counter()
    loss = small.fit(x_train[:12800], y_train[:12800], batch_size=128, verbose=0).history["loss"][0]
    print(f"{backend:6} {time.perf_counter() - start:.2f} s   loss {loss:.2f}")

# %% [markdown]
# Both leave the matrix products to the same library (BLAS). Numba speeds up what is left: relu, softmax,
# the optimizer's step.
#
# ## Try it yourself
#
# **Exercise 1.** How good is a network with 32 hidden units instead of 512? Count its parameters first.

# %%
# your code, about 3 lines: digit_reader(hidden=...), fit, evaluate

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# tiny = digit_reader(hidden=32)          # 784·32 + 32 + 32·10 + 10 = 25,450 parameters
# tiny.fit(x_train, y_train, batch_size=128, epochs=5, verbose=0)
# print(tiny.evaluate(x_test, y_test, verbose=0))
# ```
#
# About 96 %: a sixteenth of the parameters, and less than two points lost.
#
# </details>
#
# **Exercise 2.** Forget the scaling: train on grey values from 0 to 255. What happens to the loss?

# %%
# your code, about 3 lines: train_images.reshape(60000, 784).astype("float32"), without / 255

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# raw = train_images.reshape(60000, 784).astype("float32")
# unscaled = digit_reader()
# unscaled.fit(raw, y_train, batch_size=128, epochs=2, callbacks=[LiveLoss()], verbose=0)
# ```
#
# It begins far above ln 10 ≈ 2.3, the loss of pure guessing, and stays worse: the sums are 255 times too large.
#
# </details>
#
# **Exercise 3.** Shuffle the 784 columns, in the same way for every digit. Is the network worse?

# %%
# your code, about 4 lines: order = np.random.permutation(784), then x_train[:, order]

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# order = np.random.permutation(784)
# shuffled = digit_reader()
# shuffled.fit(x_train[:, order], y_train, batch_size=128, epochs=5, verbose=0)
# print(shuffled.evaluate(x_test[:, order], y_test, verbose=0))
# ```
#
# No: as good as before. A Dense layer does not know which pixels are neighbours. Lesson 5's layers do.
#
# </details>
#
# ## Summary
#
# - A Dense layer is `activation(x @ kernel + bias)`; its parameters are inputs · units + units.
# - Softmax turns scores into probabilities; cross-entropy is $-\ln$ of the right one.
# - Their slope is probability minus target; nudging checks any gradient.
# - A network is judged on data it has never seen, beside what a simple rule reaches.
# - Training loss that falls while validation loss does not is over-fitting.
#
# ## What comes
#
# Next, [lesson 5](05_convolutional_networks.ipynb): layers that see which pixels are neighbours (convolution).
