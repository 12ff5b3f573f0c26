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
# # Keras overview
#
# **You will** build a network that learns to read digits without ever being told a digit.
#
# **You will learn** to wire models of any shape; to write a layer, a loss, a metric and a callback of your own;
# to feed tables and files; to change the backend; to save and load.
#
# **You need** lessons 1 and 2. **Time:** about 75 minutes; running it all takes under 90 seconds.

# %%
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from timeit import repeat

import numpy as np

from kerastutor import keras
from kerastutor.widgets import LiveLoss, figure

layers, ops = keras.layers, keras.ops
temporary = tempfile.TemporaryDirectory()  # is deleted when the notebook's kernel ends
folder = Path(temporary.name)

# %% [markdown]
# ## The finished result first
#
# Two pictures go in; the *sum* of their digits should come out. Nobody tells the network what a single picture shows.

# %%
(train_images, train_digits), (test_images, test_digits) = keras.datasets.mnist.load_data()
x_train, x_test = (a.reshape(-1, 784) / np.float32(255) for a in (train_images, test_images))
left, right = x_train[:30000], x_train[30000:]
left_digits, right_digits = train_digits.astype("int32").reshape(2, 30000)
sums = left_digits + right_digits
print("left:", left.shape, " right:", right.shape, " sums:", sums.min(), "to", sums.max())

alt = "Five pairs of handwritten digits; above each pair the sum of its two digits."
with figure(alt, 1, 5, height=1.3, images=True) as axes:
    for ax, a, b, total in zip(axes, left, right, sums):
        ax.imshow(np.hstack([a.reshape(28, 28), b.reshape(28, 28)]))
        ax.set_title(f"sum {total}", loc="center")

# %% [markdown]
# A small network, the `reader`, reads *one* picture; a layer of our own adds two readings. (Section 2 explains it.)
#
# **Predict before you run.** Trained on sums alone, how many *single* digits will the reader read right?
#
# <details><summary>Answer</summary>
#
# About 97 of 100. It finds the ten digits by itself, because the *wiring* says what a sum is.
#
# </details>


# %%
def new_reader():
    hidden, digit = layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((784,)), hidden, digit], name="reader")


i, j = np.indices((10, 10))
WHICH_SUM = np.eye(19, dtype="float32")[(i + j).ravel()]  # (100, 19): which pair has which sum


@keras.saving.register_keras_serializable("lesson3")
class AddDigits(layers.Layer):
    def call(self, p, q):
        pairs = ops.expand_dims(p, 2) * ops.expand_dims(q, 1)  # (n, 10, 10): p_i times q_j
        return ops.matmul(ops.reshape(pairs, (-1, 100)), WHICH_SUM)  # (n, 19)


def adder(reader):
    a, b = keras.Input((784,), name="left"), keras.Input((784,), name="right")
    return keras.Model([a, b], AddDigits(name="sum")(reader(a), reader(b)), name="two_digit_adder")


keras.utils.set_random_seed(3)
reader = new_reader()
model = adder(reader)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
history = model.fit([left, right], sums, batch_size=64, epochs=3, callbacks=[LiveLoss()], verbose=0)

# %%
guess = reader.predict(x_test, verbose=0).argmax(axis=1)
accuracy = (guess == test_digits).mean()
print(f"single digits, never told, share read right: {accuracy:.2f}; by chance: 0.10")
assert accuracy > 0.94

# %% [markdown]
# ## 1. Which two ways are there to write a model?
#
# `Sequential` is a list of layers. The *functional* way calls each layer on what comes out of another, and names
# both ends.
#
# **Predict before you run.** Both get the same weights and the same pictures. Are their answers equal?
#
# <details><summary>Answer</summary>
#
# Yes. A Sequential model is a graph without forks: the same layers do the same sums.
#
# </details>

# %%
listed = keras.Sequential()
listed.add(keras.Input((784,)))
listed.add(layers.Dense(128, activation="relu"))
listed.add(layers.Dense(10, activation="softmax"))

# %%
picture = keras.Input((784,))
hidden = layers.Dense(128, activation="relu")(picture)
digit = layers.Dense(10, activation="softmax")(hidden)
wired = keras.Model(inputs=picture, outputs=digit)
print(hidden.shape, "->", digit.shape, "- shapes, no numbers yet: None is the batch")

# %%
wired.set_weights(listed.get_weights())
answers = [m.predict(x_test[:100], verbose=0) for m in (listed, wired)]
np.testing.assert_allclose(*answers, rtol=1e-5, atol=1e-7)
print("equal:", answers[0].shape, " parameters:", listed.count_params(), wired.count_params())

# %% [markdown]
# Only the functional way can fork and join: several inputs, several outputs, one layer used twice. `plot_model` draws
# such a graph, with or without Graphviz.

# %%
drawing = str(folder / "model.png")
keras.utils.plot_model(model, drawing, show_shapes=True, show_layer_names=True, dpi=110)

# %% [markdown]
# ## 2. How can it learn digits from sums?
#
# The reader is *shared*: one model, nested in another, called on both pictures. It gives probabilities $p$ (left) and
# $q$ (right). A sum $s$ can come about in several ways, so we add them up:
#
# $$\underset{n\times19}{P_s} = \sum_{i+j=s}\;\underset{n\times10}{p_i}\;\underset{n\times10}{q_j}$$
#
# By hand, with the two digits 0 and 1 only: $p=[0.5, 0.5]$, $q=[0.25, 0.75]$.

# %%
# sum 0: 0.5·0.25   sum 1: 0.5·0.75 + 0.5·0.25   sum 2: 0.5·0.75
print("by hand: ", [0.5 * 0.25, 0.5 * 0.75 + 0.5 * 0.25, 0.5 * 0.75])
print("by NumPy:", np.convolve([0.5, 0.5], [0.25, 0.75]).tolist())

# NumPy calls this sum a convolution; our layer must agree with it, for every pair of a batch
p, q = (reader.predict(x, verbose=0) for x in (left[:5], right[:5]))
ours = ops.convert_to_numpy(AddDigits()(p, q))
np.testing.assert_allclose(ours, [np.convolve(a, b) for a, b in zip(p, q)], rtol=1e-4, atol=1e-6)
print("agree:", p.shape, "and", q.shape, "->", ours.shape, " rows add up to", ours.sum(1).round(3))

# %% [markdown]
# A layer of your own is a class with `call`, written with `keras.ops`; the gradient comes by itself: the slope flows
# back through $P_s$ into $p$ and $q$, and so into the one reader, from both sides. `jit_compile=True` above lets
# own code be recorded and run at full speed.
#
# **Predict before you run.** The reader has 101,770 parameters. How many has the model that uses it twice?
#
# <details><summary>Answer</summary>
#
# The same 101,770: it is one object, called twice. Adding digits needs none.
#
# </details>

# %%
print("reader:", reader.count_params(), " model:", model.count_params())
assert model.get_layer("reader") is reader
assert model.count_params() == 784 * 128 + 128 + 128 * 10 + 10

# %% [markdown]
# ### A second output, and a layer with weights
#
# Is the left digit *larger*? A layer gives each digit $i$ a worth $w_i$, to be learned, and compares:
#
# $$\underset{n\times1}{P_\mathrm{larger}} = \mathrm{sigmoid}\big(\underset{n\times10}{p}\;\underset{10\times1}{w}
# - \underset{n\times10}{q}\;\underset{10\times1}{w} - \underset{1}{t}\big)$$
#
# `build` makes the weights when the layer is first called. Two outputs have two losses and two targets, by name;
# training makes their weighted sum small.


# %%
@keras.saving.register_keras_serializable("lesson3")
class Compare(layers.Layer):
    def build(self, p_shape, q_shape):
        self.worth = self.add_weight(shape=(10, 1), initializer="zeros", name="worth")
        self.tie = self.add_weight(shape=(1,), initializer="zeros", name="tie")

    def call(self, p, q):
        return ops.sigmoid(ops.matmul(p - q, self.worth) - self.tie)


# %%
a, b = keras.Input((784,), name="left"), keras.Input((784,), name="right")
p, q = reader(a), reader(b)
outputs = {"sum": AddDigits(name="sum")(p, q), "larger": Compare(name="larger")(p, q)}
both = keras.Model({"left": a, "right": b}, outputs, name="both")
both.compile(
    keras.optimizers.Adam(0.003),
    loss={"sum": "sparse_categorical_crossentropy", "larger": "binary_crossentropy"},
    loss_weights={"sum": 1.0, "larger": 0.5},
    metrics={"sum": ["accuracy"], "larger": ["accuracy"]},
    jit_compile=True,
)

# %%
def pairs_of(x, digits):
    """The first half of the pictures beside the second: inputs and targets, each by name."""
    (a, b), (i, j) = np.split(x, 2), np.split(digits.astype("int32"), 2)
    larger = (i > j).astype("float32").reshape(-1, 1)
    return {"left": a, "right": b}, {"sum": i + j, "larger": larger}


both.fit(*pairs_of(x_train, train_digits), batch_size=64, epochs=2, verbose=0)
test_inputs, test_targets = pairs_of(x_test, test_digits)
test_pairs, test_sums = list(test_inputs.values()), test_targets["sum"]
logs = both.evaluate(test_inputs, test_targets, verbose=0, return_dict=True)
assert abs(logs["loss"] - (1.0 * logs["sum_loss"] + 0.5 * logs["larger_loss"])) < 1e-3
sum_accuracy, larger_accuracy = logs["sum_accuracy"], logs["larger_accuracy"]
print(f"sums right: {sum_accuracy:.2f}   larger right: {larger_accuracy:.2f}")

# %% [markdown]
# **Predict before you run.** The ten worths began at 0. Nobody said that 7 comes after 6. What will they look like?
#
# <details><summary>Answer</summary>
#
# A rising line: comparisons alone have put the digits in order. The network has found the number line.
#
# </details>
#
# Then look inside `model`. At layer `sum`, click the one bright bar. Of which two readings is it made? Choose other
# samples: find one whose sum is not bright in one place.
#
# <details><summary>Answer</summary>
#
# Sample 0: the bar is 10; its slopes (lower right) are 1 for place 7 of the left reading and place 3 of the right one.
#
# </details>

# %%
worth = both.get_layer("larger").get_weights()[0][:, 0]
alt = "Ten points, the learned worth of the digits zero to nine: each higher than the one before."
with figure(alt) as ax:
    ax.plot(worth, "o-")
    ax.set(xticks=range(10), xlabel="digit", title="what each digit is worth to the layer")
assert (np.diff(worth) > 0).all()

# %% tags=["kerastutor-only"]
from kerastutor.widgets import LayerInspector

seen = LayerInspector(model, [x[:40] for x in test_pairs], test_sums[:40])
seen.look("sum")
seen

# %% [markdown]
# ## 3. Why do deep networks have shortcuts?
#
# A *residual* block adds its input to its result. For its slope this makes all the difference:
#
# $$\underset{n\times32}{y} = \underset{n\times32}{x} + f(\underset{n\times32}{x})
# \qquad \frac{\partial y}{\partial x} = 1 + f'(x)$$
#
# Through many layers slopes are multiplied. Say $f' = 0.5$ in each of 30.
#
# **Predict before you run.** Same layers, same first weights, same 6,400 digits. Which of the two learns faster?
#
# <details><summary>Answer</summary>
#
# The one with shortcuts, by far, once its larger numbers have settled in the first epoch.
#
# </details>

# %%
print(f"30 layers f(x):     0.5 ** 30 = {0.5**30:.0e}   nothing is left of the slope")
print(f" 1 block x + f(x):  1 + 0.5   = {1 + 0.5}     the shortcut alone passes 1")


# %%
def deep(residual, depth=30):
    keras.utils.set_random_seed(1)
    x = start = keras.Input((784,))
    x = layers.Dense(32, activation="tanh")(x)
    for _ in range(depth):
        y = layers.Dense(32, activation="tanh")(x)
        x = layers.add([x, y]) if residual else y
    net = keras.Model(start, layers.Dense(10, activation="softmax")(x))
    net.compile("adam", "sparse_categorical_crossentropy")
    return net


# %%
curves = {}
for name in ("plain", "residual"):
    net = deep(residual=name == "residual")
    fit = net.fit(x_train[:6400], train_digits[:6400], batch_size=64, epochs=5, verbose=0)
    curves[name] = fit.history["loss"]
assert curves["residual"][-1] < curves["plain"][-1] / 2

alt = "Training loss over five epochs: the residual network's ends far below the plain one's."
with figure(alt) as ax:
    for (name, loss), style in zip(curves.items(), ("o--", "s-")):
        ax.plot(range(1, 6), loss, style, label=name)
    ax.set(xticks=range(1, 6), xlabel="epoch", title="training loss, 30 hidden layers")
    ax.legend()

# %% [markdown]
# ## 4. How do I write my own loss, and my own metric?
#
# A loss takes targets and predictions and gives one number per sample. First a known one: the surprise at the right
# answer, $-\ln P_s$. Then one that Keras does not have: each sum costs its squared distance, so that 12 for 11 is
# better than 3.
#
# $$\underset{n}{\mathrm{loss}} = \sum_s P_s\,(s - y)^2$$


# %%
def surprise(y_true, y_pred):
    right_one = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), 19)  # (n, 19)
    return -ops.log(ops.sum(right_one * y_pred, axis=-1) + 1e-7)  # (n,)


some = test_sums[:200], both.predict(test_inputs, verbose=0)["sum"][:200]
theirs = keras.losses.sparse_categorical_crossentropy(*some)
np.testing.assert_allclose(surprise(*some), theirs, rtol=1e-3, atol=1e-4)


# %%
def distance(y_true, y_pred):
    y = ops.cast(ops.reshape(y_true, (-1, 1)), "float32")  # (n, 1)
    s = ops.arange(ops.shape(y_pred)[-1], dtype="float32")  # (19,)
    return ops.sum(y_pred * (s - y) ** 2, axis=-1)  # (n,)


# P = [0.25, 0.5, 0.25] and y = 1: 0.25·1 + 0.5·0 + 0.25·1 = 0.5;  y = 0: 0.5·1 + 0.25·4 = 1.5
P = np.array([[0.25, 0.5, 0.25]] * 2, "float32")
print("by hand: [0.5 1.5]   by the function:", ops.convert_to_numpy(distance(np.array([1, 0]), P)))

# %% [markdown]
# A metric may be such a function, if it is a mean over samples. The *worst* miss is not: it needs a memory,
# so it is a class with a variable.
#
# **Predict before you run.** `distance` punishes being far off. Will a network trained with it be nearer, on average?
#
# <details><summary>Answer</summary>
#
# No. It gets stuck near the middle: somewhat close, seldom right. A sensible formula is not yet a good loss; measure.
#
# </details>


# %%
def off_by(y_true, y_pred):
    best = ops.cast(ops.argmax(y_pred, axis=-1), "float32")
    return ops.abs(best - ops.cast(ops.reshape(y_true, (-1,)), "float32"))


class WorstMiss(keras.metrics.Metric):
    def __init__(self, name="worst_miss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.worst = self.add_variable(shape=(), initializer="zeros", name="worst")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.worst.assign(ops.maximum(self.worst, ops.max(off_by(y_true, y_pred))))

    def result(self):
        return ops.convert_to_tensor(self.worst)


# %%
tried = {}
for loss in (surprise, distance):
    keras.utils.set_random_seed(3)
    other = adder(new_reader())
    other.compile("adam", loss, metrics=["accuracy", off_by, WorstMiss()], jit_compile=True)
    other.fit([left, right], sums, batch_size=64, epochs=2, verbose=0)
    logs = other.evaluate(test_pairs, test_sums, verbose=0, return_dict=True)
    tried[loss.__name__] = logs["off_by"]
    print(f"{loss.__name__:9} right {logs['accuracy']:.2f}   off by {logs['off_by']:.1f}", end="")
    print(f"   at worst by {logs['worst_miss']:.0f}")
assert tried["distance"] > tried["surprise"]

# %% [markdown]
# ## 5. How do I look into a training?
#
# `fit` calls its *callbacks* around every epoch and batch. Keras brings a dozen: `EarlyStopping`, `CSVLogger`, ...
# `ModelCheckpoint` keeps the best model. Our own keeps a diary: after each batch it asks the reader about one picture.
#
# **Predict before you run.** The picture is a seven. What does the reader say on the first page, and what on the last?
#
# <details><summary>Answer</summary>
#
# First about a tenth for each digit; in the end nearly 1 for seven. On the way it thinks of its neighbours: a sum that
# is a little off is a digit that is a little off.
#
# </details>


# %%
class Diary(keras.callbacks.Callback):
    def __init__(self, row):
        super().__init__()
        self.row, self.pages = row, []

    def on_train_batch_end(self, batch, logs=None):
        p = self.model.get_layer("reader")(self.row)
        self.pages.append(ops.convert_to_numpy(p)[0])


keras.utils.set_random_seed(3)
fresh = adder(new_reader())
fresh.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
diary = Diary(x_test[:1])
keep = keras.callbacks.ModelCheckpoint(str(folder / "best.keras"), save_best_only=True)
settings = dict(validation_data=(test_pairs, test_sums), batch_size=64, verbose=0)
fresh.fit([left, right], sums, callbacks=[diary, keep], **settings)
pages = np.array(diary.pages)
print("pages:", pages.shape, " files:", [path.name for path in folder.glob("*.keras")])

# %%
alt = "A row for each digit, a column for each batch; soon only the row of seven is dark."
with figure(alt, height=2.8) as ax:
    ax.imshow(pages[:120].T, aspect="auto", vmin=0, vmax=1)
    ax.set(yticks=range(10), xlabel="batch", title="its probabilities, the first 120 batches")
    ax.grid(False)
print(f"probability of seven: {pages[0, 7]:.1f} on the first page, {pages[-1, 7]:.1f} on the last")

# %% [markdown]
# ## 6. Where do data come from?
#
# From NumPy arrays, so far. Or from **a table, with pandas**: five measurements in place of 784 grey values, written
# to a CSV file and read again.
#
# **Predict before you run.** A network that sees these five numbers only: how many digits will it read?
#
# <details><summary>Answer</summary>
#
# About half; by chance it would be a tenth. Ones are narrow, zeros have an empty middle; but a 2 and a 5 measure alike.
#
# </details>

# %%
import pandas as pd

dark = train_images[:10000] > 100
area = dark.sum(axis=(1, 2))
measured = pd.DataFrame({
    "width": dark.any(axis=1).sum(axis=1) / 28,
    "top": dark[:, :14].sum(axis=(1, 2)) / area,  # which part of the ink is in the upper half?
    "left": dark[:, :, :14].sum(axis=(1, 2)) / area,
    "middle": dark[:, 11:17, 11:17].mean(axis=(1, 2)),
    "flipped": (dark & dark[:, ::-1]).sum(axis=(1, 2)) / area,  # stays ink, upside down
    "digit": train_digits[:10000],
})
measured.to_csv(folder / "digits.csv", index=False)
table = pd.read_csv(folder / "digits.csv")
print(table.groupby("digit").mean().round(2).to_string())

# %%
keras.utils.set_random_seed(4)
small = [keras.Input((5,)), layers.Dense(64, "relu"), layers.Dense(10, "softmax")]
by_table, adam = keras.Sequential(small), keras.optimizers.Adam(0.01)
by_table.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
x, y = table.drop(columns="digit"), table["digit"]
by_table.fit(x[:8000], y[:8000], epochs=20, batch_size=64, verbose=0)
by_five_numbers = by_table.evaluate(x[8000:], y[8000:], verbose=0)[1]
print(f"digits it has not seen, share read right: {by_five_numbers:.2f}")

# %% [markdown]
# **HDF5.** A file of named arrays. `fit` and `evaluate` take them as they are, and read a few rows at a time;
# `shuffle="batch"` keeps the rows of a batch together, as a disk likes it.

# %%
import h5py

with h5py.File(folder / "digits.h5", "w") as file:
    file["pictures"], file["digits"] = x_train[:10000], train_digits[:10000]
    print(file["pictures"], file["digits"])

by_file = new_reader()
by_file.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
with h5py.File(folder / "digits.h5") as file:
    by_file.fit(file["pictures"], file["digits"], batch_size=64, shuffle="batch", verbose=0)
    from_disk = by_file.evaluate(file["pictures"], file["digits"], verbose=0)
from_memory = by_file.evaluate(x_train[:10000], train_digits[:10000], verbose=0)
np.testing.assert_allclose(from_disk, from_memory, rtol=1e-3)
print("from the file as from memory:", round(from_disk[1], 1))

# %% [markdown]
# **Pictures.** A folder for each class. They come as grey values 0 to 255, so layers in front of the reader scale and
# flatten them: the same reader, nested once more.

# %%
for number in range(300):
    place = folder / "pictures" / str(test_digits[number])
    place.mkdir(parents=True, exist_ok=True)
    picture = test_images[number][:, :, None]
    keras.utils.save_img(place / f"{number:03}.png", picture, scale=False)
pictures = keras.utils.image_dataset_from_directory(
    folder / "pictures", color_mode="grayscale", image_size=(28, 28), shuffle=False,
    format="grain", verbose=False,
)

flat = [keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten()]
from_pictures = keras.Sequential([*flat, reader])
for one in (reader, from_pictures):
    one.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
from_files = from_pictures.evaluate(pictures, verbose=0)
from_memory = reader.evaluate(x_test[:300], test_digits[:300], verbose=0)
np.testing.assert_allclose(from_files, from_memory, rtol=1e-3)
print("read as from memory: 300 files in the folders", pictures.class_names)

# %% [markdown]
# ## 7. How is a model kept?
#
# `save` writes one `.keras` file: the wiring, the weights, the optimizer. The decorator `register_keras_serializable`
# lets `load_model` find our own layers again.

# %%
both.save(folder / "both.keras")
loaded = keras.models.load_model(folder / "both.keras")
before, after = (one.predict(test_inputs, verbose=0) for one in (both, loaded))
for name in ("sum", "larger"):
    np.testing.assert_allclose(after[name], before[name], rtol=1e-4, atol=1e-6)
print("loaded:", loaded.name, " outputs:", sorted(after))

# %%
import json
import zipfile

# Keras's own format: a ZIP archive of two texts and an HDF5 file
with zipfile.ZipFile(folder / "both.keras") as archive:
    print(sorted(archive.namelist()))
    config = json.loads(archive.read("config.json"))
    archive.extract("model.weights.h5", folder)
assert {one["name"] for one in config["config"]["layers"]} == {one.name for one in both.layers}
with h5py.File(folder / "model.weights.h5") as file:
    print(config["class_name"], "with the weights of", sorted(file["layers"]))
    assert file["layers/compare/vars/0"].shape == (10, 1)

# %% [markdown]
# So real Keras opens it. In an environment of its own: `pip install keras jax`, copy the file there, and
#
# ```python
# import keras                      # with the environment variable KERAS_BACKEND=jax
# import numpy as np
#
# layers, ops = keras.layers, keras.ops
# ...                               # from this lesson: WHICH_SUM, AddDigits, Compare
# model = keras.models.load_model("both.keras")
# ```
#
# The other way works as well: Keras's files open here.
#
# ## 8. Who does the sums?
#
# A *backend*: `numpy`, written to be read, or `cpu`, compiled by Numba. The same three networks on each; no line of
# them changes.
#
# **Predict before you run.** How many times as fast is compiled code, for each of the three?
#
# <details><summary>Answer</summary>
#
# Several times, for each; how many differs from machine to machine. NumPy makes a new array for every operation and
# goes back to Python in between; along an LSTM's time, 28 times a batch.
#
# </details>


# %% tags=["kerastutor-only"]
def dense():
    return [keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu")]


def convolution():
    picture = [keras.Input((28, 28)), layers.Reshape((28, 28, 1))]
    return [*picture, layers.Conv2D(8, 3), layers.Flatten()]


def recurrent():
    return [keras.Input((28, 28)), layers.LSTM(32)]


def train(network, digits):
    keras.utils.set_random_seed(6)
    net = keras.Sequential([*network(), layers.Dense(10, "softmax")])
    net.compile("adam", "sparse_categorical_crossentropy")
    x, y = train_images[:digits] / 255, train_digits[:digits]
    net.fit(x[:64], y[:64], batch_size=64, verbose=0)  # the first batch prepares: not timed
    began = perf_counter()
    loss = net.fit(x, y, batch_size=64, verbose=0).history["loss"][0]
    return loss, digits / (perf_counter() - began)


# %% tags=["kerastutor-only", "nbval-ignore-output"]
import kerastutor

speed, losses = {}, {}
for backend in ("numpy", "cpu"):
    kerastutor.use_backend(backend)
    for network in (dense, convolution, recurrent):
        runs = [train(network, 3200) for _ in range(3)]
        losses[network, backend], speed[network, backend] = runs[0][0], max(s for _, s in runs)
        print(f"{backend:6} {network.__name__:12} {speed[network, backend]:9,.0f} digits a second")

networks = (dense, convolution, recurrent)
assert all(abs(losses[n, "numpy"] - losses[n, "cpu"]) < 0.01 for n in networks)
alt = "Three bars: how many times as fast as NumPy Numba is, for the three networks."
with figure(alt, height=2) as ax:
    ax.barh([n.__name__ for n in networks], [speed[n, "cpu"] / speed[n, "numpy"] for n in networks])
    ax.set(title="Numba: how many times as fast as NumPy")
    ax.axvline(1, color="black")

# %% [markdown]
# ### Open the source: one kernel, three ways
#
# At the bottom are *kernels*: small functions that run the loops. Here is relu,
# $y_i = \max(x_i, 0)$, for NumPy, for Numba, for a GPU. `@kernel` compiles the loop to machine code; without it, it is
# plain Python. Guess how long each takes for a million numbers.

# %% tags=["kerastutor-only"]
from kerastutor.backends import cpu as by_numba
from kerastutor.backends import numpy as by_numpy
from kerastutor.inspect.source import kernel_source

for backend in ("numpy", "cpu", "cuda"):
    print(kernel_source("relu", backend).text, end="\n\n")

# %% tags=["kerastutor-only", "nbval-ignore-output"]
x, y = np.linspace(-1, 1, 1_000_000, dtype="float32"), np.empty(1_000_000, "float32")
ways = {"plain Python": by_numba.relu.py_func, "NumPy": by_numpy.relu, "Numba": by_numba.relu}
for name, relu in ways.items():
    seconds = min(repeat(partial(relu, x, y), number=1, repeat=3))
    assert (y == np.maximum(x, 0)).all()
    print(f"{name:12} {1000 * seconds:8.2f} ms for a million numbers")

# %% [markdown]
# On a GPU the loop is gone: each of a million threads does one number. `cuda.grid(1)` says which; the last block may
# have threads too many. `@per_number` starts them:
#
# ```python
# threads = 128                                    # in a block
# blocks = (x.size + threads - 1) // threads       # enough for all of x
# on_gpu = cuda.jit(relu)[blocks, threads]
# on_gpu(x, y)
# ```
#
# **Not run here**: it needs an NVIDIA card. (It is tested in Numba's simulator of one.)
#
# The lesson's figures, and how far another seed, or real Keras, may be off:

# %% tags=["figures"]
print(f"digits, never told, read right  {accuracy:.3f} ± 0.012")
print(f"sums, accuracy                  {sum_accuracy:.3f} ± 0.02")
print(f"larger, accuracy                {larger_accuracy:.3f} ± 0.02")
print(f"five measurements, accuracy     {by_five_numbers:.2f} ± 0.06")

# %% [markdown]
# ## Try it yourself
#
# **Exercise 1.** Teach the reader from *differences*: left minus right, -9 to 9. Which line of `AddDigits` changes?

# %%
# your code: np.eye(19)[(i - j + 9).ravel()], targets left_digits - right_digits + 9

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# WHICH_DIFFERENCE = np.eye(19, dtype="float32")[(i - j + 9).ravel()]
#
# class SubtractDigits(layers.Layer):
#     def call(self, p, q):
#         pairs = ops.expand_dims(p, 2) * ops.expand_dims(q, 1)
#         return ops.matmul(ops.reshape(pairs, (-1, 100)), WHICH_DIFFERENCE)
#
# pupil = new_reader()
# a, b = keras.Input((784,)), keras.Input((784,))
# subtractor = keras.Model([a, b], SubtractDigits()(pupil(a), pupil(b)))
# subtractor.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
# subtractor.fit([left, right], left_digits - right_digits + 9, batch_size=64, epochs=3)
# print((pupil.predict(x_test, verbose=0).argmax(axis=1) == test_digits).mean())
# ```
#
# 97 %, as from sums. To know the difference is to know as much.
#
# </details>
#
# **Exercise 2.** Write a callback that ends the training once the accuracy of an epoch is above 0.9.

# %%
# your code: a class with on_epoch_end(self, epoch, logs=None); self.model.stop_training = True

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# class GoodEnough(keras.callbacks.Callback):
#     def on_epoch_end(self, epoch, logs=None):
#         if logs["accuracy"] > 0.9:
#             self.model.stop_training = True
#
# net = adder(new_reader())
# net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
# print(net.fit([left, right], sums, batch_size=64, epochs=10, callbacks=[GoodEnough()]).epoch)
# ```
#
# </details>
#
# ## Summary
#
# - `Sequential` is a list; the functional way wires any graph: forks, joins, layers used twice.
# - A layer, loss or metric of your own is a few lines of `keras.ops`; the gradient comes by itself.
# - A shortcut, $x + f(x)$, keeps the slope alive through many layers.
# - Callbacks look into `fit`; data come from arrays, tables, HDF5 and pictures.
# - A backend changes the speed and nothing else; a `.keras` file opens here and in Keras.
#
# ## What comes
#
# [Lesson 4](04_first_models.ipynb): first models, on real tables and digits.
