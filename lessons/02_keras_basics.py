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
# # Keras basics
#
# **You will** train networks in Keras's four steps: for cancer, for digits, and for data in which there is nothing to
# learn.
#
# **You will learn** what tensors and layers are, where every parameter comes from, and which last layer and loss fit
# which question.
#
# **You need** [lesson 1](01_neural_network_basics.ipynb). **Time:** about an hour; running it all takes under 30
# seconds.

# %%
import numpy as np

from kerastutor import keras
from kerastutor.datasets import breast_cancer
from kerastutor.widgets import LiveLoss, figure
from kerastutor.widgets.style import BLUE, VERMILLION

keras.utils.set_random_seed(2)

# %% [markdown]
# ## The finished result first
#
# **Step 1: define the data.** 569 lumps, 30 measurements each: was it cancer? 169 are kept for the test.

# %%
table, benign = breast_cancer.load_data()
order = np.random.default_rng(0).permutation(569)
table, cancer = table[order], 1 - benign[order]
scaled = (table - table[:400].mean(axis=0)) / table[:400].std(axis=0)
x_train, y_train = scaled[:400], cancer[:400]
x_test, y_test = scaled[400:], cancer[400:]
print("x_train", x_train.shape, " y_train", y_train.shape)

# %% [markdown]
# **Step 2: define the model. Step 3: configure the learning. Step 4: train.** Run it, and watch both losses.

# %%
model = keras.Sequential([
    keras.Input((30,)),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
settings = dict(batch_size=32, epochs=40, validation_split=0.2, verbose=0)
history = model.fit(x_train, y_train, callbacks=[LiveLoss()], **settings)

# %% tags=["nbval-ignore-output"]
cancer_loss, cancer_accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"{round(cancer_accuracy * 169)} of 169 lumps right that it has never seen")
assert cancer_accuracy > 0.93

# %% [markdown]
# ## 1. What is Keras, and why?
#
# A language for networks: *layers*, *models*, *losses*, *optimizers*. You say what; an engine, the *backend*,
# computes it: TensorFlow, JAX or PyTorch, on a processor or a graphics card, and no line changes. Here kerastutor
# speaks the same language, with engines small enough to read.

# %% tags=["kerastutor-only"]
import kerastutor

answers = {}
for backend in ("numpy", "cpu"):
    kerastutor.use_backend(backend)
    answers[backend] = model.predict(x_test, verbose=0)
print("largest difference between two engines:", np.ptp(list(answers.values()), axis=0).max())
np.testing.assert_allclose(answers["numpy"], answers["cpu"], atol=1e-5)

# %% [markdown]
# In lesson 1 you wrote loss, slopes and steps yourself. Keras writes them for any network, so that you can think about
# the question instead.
#
# ## 2. What goes through a network?
#
# *Tensors*: arrays of numbers. A tensor has *axes*, a *shape* (the length of each axis) and a *dtype* (the kind of
# number).

# %%
(train_images, train_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
examples = {"one loss": np.float32(cancer_loss), "a lump": scaled[0], "lumps": scaled}
examples |= {"labels": train_labels, "a digit": train_images[0], "digits": train_images}
for name, tensor in examples.items():
    print(f"{name:9} axes: {tensor.ndim}  shape: {tensor.shape!s:16} dtype: {tensor.dtype}")

# %% [markdown]
# The first axis counts the samples: always. A batch is a slice of it.
#
# **Predict before you run.** What shape have `train_images[7]`, `train_images[:128]`, and `train_images[:, 14:,
# 14:]`? And what do they show?
#
# <details><summary>Answer</summary>
#
# (28, 28): one digit. (128, 28, 28): a batch of digits. (60000, 14, 14): the lower right quarter of every digit.
#
# </details>

# %%
print([part.shape for part in (train_images[7], train_images[:128], train_images[:, 14:, 14:])])
alt = "A digit, its lower right quarter, and the grey values of 6 by 6 places of it."
with figure(alt, 1, 3, images=True) as axes:
    digit = train_images[7]
    for ax, part in zip(axes, (digit, digit[14:, 14:], digit[16:22, 14:20])):
        ax.imshow(part, vmin=0, vmax=255)
    for (row, column), grey in np.ndenumerate(part):
        colour = "white" if grey > 128 else "black"
        axes[2].text(column, row, grey, ha="center", va="center", fontsize=8, color=colour)

# %% [markdown]
# Two rules of tensors carry nearly all of deep learning. A matrix product eats the inner axis; a vector added to a
# table is added to every row (*broadcasting*):
#
# $$\underset{n\times 3}{X}\;\underset{3\times 2}{W} + \underset{2}{b} \;\to\; n\times 2$$
#
# By hand: $[1, 2, 3]$ times the column $[1, 0, 1]$ is 4, times $[0, 1, 0]$ is 2; plus $b = [10, 20]$: $[14, 22]$.

# %%
X = keras.ops.convert_to_tensor([[1.0, 2, 3], [0, 0, 1]])
W = keras.ops.convert_to_tensor([[1.0, 0], [0, 1], [1, 0]])
b = keras.ops.convert_to_tensor([10.0, 20])
z = keras.ops.convert_to_numpy(keras.ops.matmul(X, W) + b)
print(z, z.shape, z.dtype)
assert (z == [[14, 22], [11, 20]]).all()

# %% [markdown]
# `keras.ops` is NumPy's vocabulary on Keras's tensors: it runs on each backend, and slopes flow back through it. The
# dtype is float32: seven digits are plenty for learning, in half the memory.
#
# ## 3. What is a layer?
#
# A function with a memory: tensor in, tensor out, and *weights* that training changes. It makes them when it first
# sees an input, as only then the sizes are known.

# %%
layer = keras.layers.Dense(3, activation="relu")
print("before:", len(layer.weights), "weights")
rows = np.random.default_rng(1).normal(size=(2, 4)).astype("float32")
out = keras.ops.convert_to_numpy(layer(rows))
print("after: ", [tuple(w.shape) for w in layer.weights])
print("input", rows.shape, "-> output", out.shape)

kernel, bias = layer.get_weights()
np.testing.assert_allclose(out, np.maximum(rows @ kernel + bias, 0), rtol=1e-4, atol=1e-6)
print("by hand:", np.maximum(rows @ kernel + bias, 0)[0].round(3))

# %% [markdown]
# Layers fit together if the output of one has the shape that the next one takes. Four blocks make a reader of digits.
#
# **Predict before you run.** A batch of two digits, (2, 28, 28), goes in. Which shape comes out of each block?
#
# <details><summary>Answer</summary>
#
# (2, 28, 28), (2, 784), (2, 32), (2, 10). The 2 stays: layers treat samples one by one.
#
# </details>

# %%
blocks = [
    keras.layers.Rescaling(1 / 255),  # grey values to 0...1
    keras.layers.Flatten(),  # a picture to a row
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
]
reader = keras.Sequential([keras.Input((28, 28)), *blocks])

# %%
x = train_images[:2].astype("float32")
for block in blocks:
    x = block(x)
    print(f"{type(block).__name__:10} {tuple(x.shape)!s:12} parameters: {block.count_params()}")
np.testing.assert_allclose(x, reader(train_images[:2].astype("float32")), rtol=1e-4, atol=1e-6)

# %% [markdown]
# So a `Sequential` model is this loop: layer after layer. Open the source of the simplest block, and open the model.
#
# **Find out:** click on the first Dense layer, and on one of its numbers. How many products are in its sum, and what
# does relu do with it?
#
# <details><summary>Answer</summary>
#
# 784 products and a bias. A sum below 0 becomes 0; any other stays as it is.
#
# </details>

# %% tags=["kerastutor-only"]
import inspect

from kerastutor.widgets import LayerInspector

print(inspect.getsource(keras.layers.Flatten.call))
reader.compile("adam", "sparse_categorical_crossentropy")
LayerInspector(reader, train_images[:64].astype("float32"), train_labels[:64])

# %% [markdown]
# And if blocks do not fit? Keras refuses, and says which layer got what.

# %%
try:
    reader.layers[-1](rows)
except ValueError as error:
    print(type(error).__name__, str(error).split(". ")[0], sep=": ")

# %% [markdown]
# ## 4. Can it learn anything?
#
# The example that many tutorials open with: 5000 rows of 32 random numbers, 5 random targets for each, the four steps.
#
# **Predict before you run.** Which accuracy will it reach: 0.2, 0.6 or 0.98?
#
# <details><summary>Answer</summary>
#
# About 0.2. The targets have nothing to do with the data, so one of five is right by chance. On new rows not even the
# little that it scraped together helps.
#
# </details>


# %%
def four_steps(data, targets, epochs=10):
    model = keras.Sequential([
        keras.Input((32,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(5, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(data, targets, batch_size=128, epochs=epochs, verbose=0).history
    return model, history


# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(0)
data, targets = rng.random((5000, 32)), rng.random((5000, 5))
noise_model, noise = four_steps(data, targets)
new_rows, new_targets = rng.random((5000, 32)), rng.random((5000, 5))
noise_accuracy = noise_model.evaluate(new_rows, new_targets, verbose=0)[1]
print("training accuracy:", [round(a, 2) for a in noise["accuracy"]])
print(f"on new rows:       {noise_accuracy:.3f}")
assert 0.17 < noise_accuracy < 0.23

# %% [markdown]
# And the loss? Saying 0.2 for each of five costs $\ln 5 \approx 1.61$. But cross-entropy wants targets that sum to 1;
# these sum to 2.5 on average. Keras does not object:
#
# $$L = -\sum_{i=1}^{5} y_i \ln p_i \;\approx\; 2.5\,\ln 5$$

# %% tags=["nbval-ignore-output"]
floor = targets.sum(axis=1).mean() * np.log(5)
print("targets of row 0:", targets[0].round(2), " sum", targets[0].sum().round(2))
print(f"2.5 ln 5 is about {floor:.2f}")
print(f"the loss went from {noise['loss'][0]:.2f} to {noise['loss'][-1]:.2f}")
assert abs(noise["loss"][-1] - floor) < 0.05

# %% [markdown]
# Now targets that do depend on the data, by a rule nobody tells the network: five sums with secret weights, the largest
# wins. Same model, same four steps. `to_categorical` turns the winner's number into five numbers that sum to 1.

# %%
secret = rng.normal(size=(32, 5))
winner = ((data - 0.5) @ secret).argmax(axis=1)
one_hot = keras.utils.to_categorical(winner, 5)
assert (one_hot == np.eye(5)[winner]).all()
print("winner", winner[0], "->", one_hot[0])

rule_model, rule = four_steps(data, one_hot, epochs=30)
fresh = rng.random((5000, 32))
fresh_hot = keras.utils.to_categorical(((fresh - 0.5) @ secret).argmax(axis=1), 5)
rule_accuracy = rule_model.evaluate(fresh, fresh_hot, verbose=0)[1]
print(f"accuracy on new rows: {rule_accuracy:.2f} with a rule, {noise_accuracy:.2f} without")
assert rule_accuracy > 0.8

# %% [markdown]
# A network finds a rule if there is one. Whether there is one, the four steps don't ask: you must. So compare with
# chance, always on data it has not seen.
#
# ## 5. Where do the parameters come from?
#
# **Predict before you run.** 32 inputs, Dense(16), Dense(5): how many weights and biases has each layer?
#
# <details><summary>Answer</summary>
#
# 32 · 16 + 16 = 528 and 16 · 5 + 5 = 85, in all 613. The table also has *optimizer params*: for every parameter Adam
# keeps two numbers, the mean of its slopes and of their squares; then a counter of steps and the learning rate. So
# 2 · 613 + 2 = 1228.
#
# </details>
#
# `summary` counts too; its `None` is the batch: of any size.

# %%
first, second = rule_model.layers
assert first.count_params() == 32 * 16 + 16
assert second.count_params() == 16 * 5 + 5
rule_model.summary()
kept = sum(int(np.prod(v.shape)) for v in rule_model.optimizer.variables)
assert kept == 2 * 613 + 2

# %% [markdown]
# ## 6. Which last layer, which loss?
#
# The question decides, not the network before it.
#
# | The answer is | Last layer | Loss | Target |
# |---|---|---|---|
# | one of two | `Dense(1, "sigmoid")` | `binary_crossentropy` | 0 or 1 |
# | one of *n* | `Dense(n, "softmax")` | `categorical_crossentropy` | one-hot |
# | one of *n* | `Dense(n, "softmax")` | `sparse_categorical_crossentropy` | a whole number |
# | several of *n* | `Dense(n, "sigmoid")` | `binary_crossentropy` | a row of 0 and 1 |
# | any number | `Dense(1)` | `mse` | the number |
# | a share, 0…1 | `Dense(1, "sigmoid")` | `binary_crossentropy` or `mse` | the share |
#
# Each row now, small: 10,000 digits to learn from, 2,000 for the test.


# %%
def answer(x, y, units, activation, loss, metric="accuracy", epochs=5, rate=0.001):
    keras.utils.set_random_seed(3)
    first = keras.layers.Dense(32, activation="relu")
    last = keras.layers.Dense(units, activation=activation)
    model = keras.Sequential([keras.Input(x.shape[1:]), first, last])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=[metric])
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    return model


# %%
digits, labels = train_images[:10000].reshape(-1, 784) / 255, train_labels[:10000]
new_digits, new_labels = test_images[:2000].reshape(-1, 784) / 255, test_labels[:2000]
lump = answer(x_train, y_train, 1, "sigmoid", "binary_crossentropy", epochs=20)
print(f"one of two (cancer):    {lump.evaluate(x_test, y_test, verbose=0)[1]:.2f} right")

# %% [markdown]
# **Predict before you run.** One-hot with `categorical_…`, or whole numbers with `sparse_categorical_…`: which learns
# better?
#
# <details><summary>Answer</summary>
#
# Neither: it is the same loss, written in two ways. From the same start they reach the same weights.
#
# </details>

# %%
hot = answer(digits, keras.utils.to_categorical(labels), 10, "softmax", "categorical_crossentropy")
sparse = answer(digits, labels, 10, "softmax", "sparse_categorical_crossentropy")
theirs = [model.predict(new_digits[:9], verbose=0) for model in (hot, sparse)]
np.testing.assert_allclose(*theirs, atol=0.01)
digit_accuracy = sparse.evaluate(new_digits, new_labels, verbose=0)[1]
print(f"one of ten (the digit): {digit_accuracy:.2f} right; both losses give the same answers")

# %% [markdown]
# Several answers at once: is the digit even? is it above four? has it a closed loop? Each output has a sigmoid of its
# own, as one answer does not exclude another.


# %%
def questions(labels):
    return np.stack([labels % 2 == 0, labels > 4, np.isin(labels, (0, 6, 8, 9))], axis=1) * 1.0


several = answer(digits, questions(labels), 3, "sigmoid", "binary_crossentropy", "binary_accuracy")
said = several.predict(new_digits[:1], verbose=0)[0]
print("a", new_labels[0], "-> even, above four, loop:", said.round(2))
several_accuracy = several.evaluate(new_digits, questions(new_labels), verbose=0)[1]
print(f"several of three:       {several_accuracy:.2f} right")
assert several_accuracy > 0.9

# %% [markdown]
# Any number: how large is a lump's largest nucleus, from the ten measurements that are means? No activation at the
# end, or the answer could not be any number. Compare with the best that guessing can do: the mean.

# %% tags=["nbval-ignore-output"]
means, largest = scaled[:, :10], table[:, 20]
size = answer(means[:400], largest[:400], 1, None, "mse", "mae", epochs=100, rate=0.01)
size_error = size.evaluate(means[400:], largest[400:], verbose=0)[1]
guess_error = np.abs(largest[400:] - largest[:400].mean()).mean()
print(f"any number (a radius):  off by {size_error:.2f}; guessing is off by {guess_error:.2f}")
assert size_error < guess_error / 3

# %% [markdown]
# A share: how much of a digit's ink lies in its upper half? The sigmoid keeps the answer between 0 and 1.

# %%
above, new_above = (x[:, :392].sum(axis=1) / x.sum(axis=1) for x in (digits, new_digits))
share = answer(digits, above, 1, "sigmoid", "binary_crossentropy", "mae")
share_error = share.evaluate(new_digits, new_above, verbose=0)[1]
guess_error = np.abs(new_above - above.mean()).mean()
print(f"a share (of the ink):   off by {share_error:.3f}; guessing is off by {guess_error:.3f}")
assert share_error < guess_error / 2

# %% [markdown]
# **Predict before you run.** A mistake often made: `Dense(1, "softmax")` for one of two. What does it answer?
#
# <details><summary>Answer</summary>
#
# Always 1: softmax makes its outputs sum to 1, and there is only one. Training changes nothing. There is a warning,
# but no error.
#
# </details>

# %%
import warnings

with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    wrong = answer(x_train, y_train, 1, "softmax", "binary_crossentropy", epochs=20)
    answers = wrong.predict(x_test, verbose=0)
print("warned:", len(said) > 0, "  its answers:", np.unique(answers))
right = np.mean((answers[:, 0] > 0.5) == y_test)
print(f"right: {right:.2f}, the share of cancer: {y_test.mean():.2f}")
assert (answers == 1).all()

# %% [markdown]
# ## 7. What does fit give back?
#
# A `History`. Its `history` holds, for each epoch, the loss and every metric; `val_` marks those of the validation
# data. With it you can draw your own curve, and find the epoch that was best.

# %%
curves = history.history
print({name: len(values) for name, values in curves.items()})
best = int(np.argmin(curves["val_loss"]))
alt = "Loss of the lump reader over 40 epochs, training and validation, with the best epoch."
with figure(alt, width=4.6) as ax:
    ax.plot(curves["loss"], color=BLUE, label="training")
    ax.plot(curves["val_loss"], "--", color=VERMILLION, label="validation")
    ax.plot(best, curves["val_loss"][best], "o", color=VERMILLION, label="best")
    ax.set(title="loss", xlabel="epoch", ylim=(0, None))
    ax.legend()

# %% [markdown]
# `fit` can be driven by hand, too. **Find out:** press *Reset*. How many times *One batch* until the first epoch is
# over? Then turn the learning rate to 1, and *Play*. What does the loss do?
#
# <details><summary>Answer</summary>
#
# Ten: 320 lumps are left to learn from (80 are for validation), 32 in a batch. With steps that large the loss shoots
# up, and ends far above where it was: answers thrown to 0 or 1, where the sigmoid is flat, hardly feel a slope.
#
# </details>

# %% tags=["kerastutor-only"]
from kerastutor.widgets import TrainingPanel

again = keras.models.clone_model(model)
again.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
panel = TrainingPanel(again, x_train, y_train, **settings)
panel.play()
panel.wait()
panel

# %% [markdown]
# The lesson's figures, and how far another seed, or real Keras, may be off:

# %% tags=["figures"]
print(f"cancer, test accuracy        {cancer_accuracy:.3f} ± 0.025")
print(f"noise, accuracy on new rows  {noise_accuracy:.3f} ± 0.03")
print(f"rule, accuracy on new rows   {rule_accuracy:.3f} ± 0.05")
print(f"digits, test accuracy        {digit_accuracy:.3f} ± 0.02")
print(f"three questions, accuracy    {several_accuracy:.3f} ± 0.02")
print(f"radius, mean error           {size_error:.2f} ± 0.35")
print(f"share of ink, mean error     {share_error:.3f} ± 0.006")

# %% [markdown]
# ## Try it yourself
#
# **Exercise 1.** Count the parameters of `reader` in section 3 by hand, block by block. Check with
# `reader.count_params()`.

# %%
# your code, 1 line

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# print(0 + 0 + (784 * 32 + 32) + (32 * 10 + 10), reader.count_params())
# ```
#
# 25,450. Rescaling and Flatten have nothing to learn.
#
# </details>
#
# **Exercise 2.** Noise can be learned by heart. Take 50 of the random rows, one-hot random targets, Dense(256), 200
# epochs. Which accuracy on them, which on new rows?

# %%
# your code, about 6 lines: keras.utils.to_categorical(rng.integers(0, 5, 50), 5), ...

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# few, luck = rng.random((50, 32)), keras.utils.to_categorical(rng.integers(0, 5, 50), 5)
# layers = keras.layers.Dense(256, activation="relu"), keras.layers.Dense(5, activation="softmax")
# parrot = keras.Sequential([keras.Input((32,)), *layers])
# parrot.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
# parrot.fit(few, luck, epochs=200, verbose=0)
# print(parrot.evaluate(few, luck, verbose=0)[1])
# luck = keras.utils.to_categorical(rng.integers(0, 5, 5000), 5)
# print(parrot.evaluate(rng.random((5000, 32)), luck, verbose=0)[1])
# ```
#
# 1.0 on the rows it knows, 0.2 on new ones. High training accuracy alone says nothing.
#
# </details>
#
# **Exercise 3.** Read the digit as *any number*: Dense(1), `mse`. Round the answer. How many are right, and why fewer?

# %%
# your code, about 3 lines: answer(digits, labels, 1, None, "mse", "mae")

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# number = answer(digits, labels.astype("float32"), 1, None, "mse", "mae")
# read = number.predict(new_digits, verbose=0)[:, 0].round()
# print((read == new_labels).mean())
# ```
#
# Far fewer. A digit is a name, not an amount: for `mse` an 8 lies between 7 and 9, but it looks like a 3.
#
# </details>
#
# ## Summary
#
# - Four steps: define the data, define the model, configure the learning, train.
# - Tensors have axes, a shape and a dtype; the first axis counts the samples.
# - A layer is a function with weights; Dense has inputs · units + units of them.
# - The question decides the last layer and the loss.
# - A network learns only what is in the data: compare with chance, on data it has not seen.
#
# ## What comes
#
# [Lesson 3](03_keras_overview.ipynb): models with several inputs and outputs, and layers of your own.
