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
# # Convolutional networks
#
# **You will** train networks that see which pixels are neighbours, draw a digit for them, and look inside.
#
# **You will learn** convolution, padding, stride and pooling by hand; what a filter looks for; dropout and
# augmentation.
#
# **You need** [lesson 4](04_first_models.ipynb). **Time:** about an hour; running it all takes under 90 seconds.

# %%
import inspect
import time

import numpy as np

from kerastutor import keras
from kerastutor.widgets import ConvStepper, LiveLoss, figure
from kerastutor.widgets.style import DIVERGING, TRAINING, VALIDATION, colours

layers = keras.layers
signed = dict(cmap=colours(DIVERGING))
SCALE = "small"  # "full" gives section 5 all 60,000 digits and ten epochs: minutes, not seconds

# %% [markdown]
# ## The finished result first
#
# MNIST again. The pictures keep their rows and columns, and get a last axis: one *channel*, grey. (A colour
# photograph has three.)

# %%
(train_images, y_train), (test_images, y_test) = keras.datasets.mnist.load_data()
x_train = train_images[..., None].astype("float32") / 255
x_test = test_images[..., None].astype("float32") / 255
print("training:", x_train.shape, "test:", x_test.shape, "labels:", y_train[:5])


# %% [markdown]
# Every network of this lesson ends in ten probabilities. The labels stay plain digits:
# `sparse_categorical_crossentropy` is lesson 4's loss without the one-hot rows. The first network is short: a
# convolution, a pooling, a Dense layer. It sees 20,000 digits, six times.


# %% tags=["figures"]
def network(*inner):
    probabilities = layers.Dense(10, activation="softmax")
    model = keras.Sequential([keras.Input((28, 28, 1)), *inner, probabilities])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


keras.utils.set_random_seed(5)
short = network(layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten())
settings = dict(batch_size=128, epochs=6, callbacks=[LiveLoss()], verbose=0)
short.fit(x_train[:20000], y_train[:20000], **settings)
short_accuracy = short.evaluate(x_test, y_test, verbose=0)[1]
print(f"short network, parameters     {short.count_params():,} ± 0.5")
print(f"short network, test accuracy  {short_accuracy:.4f} ± 0.01")
print("lesson 4's network, parameters:", 784 * 512 + 512 + 512 * 10 + 10)
assert short.count_params() == 54410 and short_accuracy > 0.96

# %% [markdown]
# The number after ± is how far another seed, or real Keras, may be off. The tutorial that this network comes from
# reports 0.9685. Lesson 4's network needed over seven times as many parameters, and three times as many digits. Now
# it is your turn: **draw a digit**.

# %% tags=["kerastutor-only"]
from kerastutor.widgets import DrawDigit

pad = DrawDigit(short)
pad.sample(0)
pad

# %% [markdown]
# Find a seven that it takes for something else. The small grey pictures are what each layer made of your
# strokes; by the end of section 4 you can read them.
#
# ## 1. What is a convolution?
#
# A small table of weights, the *kernel* or *filter*, walks over the picture. At each stop: multiply what lies
# under it, add up, add a bias.
#
# $$\underset{3\times3}{y}[i, j] = b + \sum_{u=0}^{2}\sum_{v=0}^{2}
# \underset{5\times5}{x}[i+u,\, j+v]\;\underset{3\times3}{k}[u, v]$$

# %%
image = np.array([[0, 0, 0, 0, 0],
                  [0, 9, 9, 9, 0],
                  [0, 0, 0, 9, 0],
                  [0, 0, 9, 0, 0],
                  [0, 0, 9, 0, 0]])
kernel = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
# top left:  left column 0 + 0 + 0, minus right column 0 + 9 + 0 = -9
# top right: left column 0 + 9 + 0, minus right column 0 + 0 + 0 = +9
print((image[0:3, 0:3] * kernel).sum(), (image[0:3, 2:5] * kernel).sum())

# %% [markdown]
# **Predict before you run.** The middle of the top row, then the whole output. Where is it positive?
#
# <details><summary>Answer</summary>
#
# 9 − 18 = −9 in the middle. This filter looks for upright edges: positive where ink ends, from left to right, negative
# where it begins, zero where nothing changes.
#
# </details>
#
# Keras must agree. It wants two more axes: (pictures, rows, columns, channels) for the picture, and for the kernel
# (rows, columns, channels in, filters). It does not turn the kernel over: a mathematician says *cross-correlation*.


# %%
def convolve(image, kernel):
    height, width = kernel.shape
    output = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(output.shape):
        output[i, j] = (image[i:i + height, j:j + width] * kernel).sum()
    return output


x, k = image[None, :, :, None].astype("float32"), kernel[:, :, None, None].astype("float32")
np.testing.assert_allclose(keras.ops.conv(x, k)[0, :, :, 0], convolve(image, kernel))
print(convolve(image, kernel))

# %% [markdown]
# Step through it yourself. Which of the kernels in the list never gives a negative number here, and why?
#
# <details><summary>Answer</summary>
#
# "blur" and "identity": all their weights are zero or more, and so are the grey values.
#
# </details>

# %%
stepper = ConvStepper(image, kernel, position=2)
stepper

# %% [markdown]
# ## 2. How large is the output?
#
# Only where the kernel fits is there a stop. *Padding* lays zeros around the picture ($p$ in all, along an
# axis), a *stride* $s$ leaves stops out:
#
# $$m = \left\lfloor \frac{n + p - k}{s} \right\rfloor + 1$$
#
# By hand, $n = 5$ and $k = 3$: without padding $(5 - 3)/1 + 1 = 3$; with $p = 2$, $(5 + 2 - 3)/1 + 1 = 5$.
#
# **Predict before you run.** Both again, with stride 2.
#
# <details><summary>Answer</summary>
#
# 2 and 3.
#
# </details>

# %%
for name, p, s in [("valid", 0, 1), ("same", 2, 1), ("valid", 0, 2), ("same", 2, 2)]:
    size = (5 + p - 3) // s + 1
    layer = layers.Conv2D(1, 3, strides=s, padding=name)
    assert layer.compute_output_shape((1, 5, 5, 1)) == (1, size, size, 1)
    print(f"padding {name:5}  stride {s}:  {size} x {size}")

# %% [markdown]
# *Pooling* keeps the largest value of each window, here 2 × 2, and moves on by the window's size. So the
# picture halves, and a stroke that is one pixel off often gives the same answer.
#
# **Predict before you run.** Our 5 × 5 picture after such a pooling. (What becomes of the fifth row?)
#
# <details><summary>Answer</summary>
#
# 9, 9 above 0, 9. The fifth row and column fit into no window: they are dropped.
#
# </details>

# %%
by_hand = image[:4, :4].reshape(2, 2, 2, 2).max(axis=(1, 3))
np.testing.assert_allclose(layers.MaxPooling2D(2)(x)[0, :, :, 0], by_hand)
print(by_hand)

# %% [markdown]
# The stepper pools, too: set *max pooling*, size 2, stride 2, and check all four.
#
# ## 3. What does Conv2D compute?
#
# The same, with $F$ filters at once, on $C$ channels each:
#
# $$\underset{n\times26\times26\times F}{Y}[\cdot, i, j, f] = \mathrm{relu}\Big(b_f + \sum_{u, v, c}
# \underset{n\times28\times28\times C}{X}[\cdot, i+u, j+v, c]\;\underset{3\times3\times C\times F}{K}[u, v, c, f]\Big)$$
#
# **Predict before you run.** How many parameters has our Conv2D(32, 3)? And how many would a Dense layer need
# that gives as many numbers?
#
# <details><summary>Answer</summary>
#
# 3 · 3 · 1 · 32 + 32 = 320, whatever the picture's size. Dense: 784 · (26 · 26 · 32), and a bias for each.
#
# </details>

# %%
outputs = 26 * 26 * 32
print(f"Conv2D: {3 * 3 * 1 * 32 + 32:,}   Dense: {784 * outputs + outputs:,}")
assert short.layers[0].count_params() == 320
short.summary()

# %% [markdown]
# Now the trained layer in NumPy: all windows of five digits, times all 32 filters, in one sum.

# %%
conv = short.layers[0]
kernels, bias = conv.get_weights()
windows = np.lib.stride_tricks.sliding_window_view(x_test[:5], (3, 3), axis=(1, 2))
by_hand = np.maximum(np.einsum("nijcuv,uvcf->nijf", windows, kernels) + bias, 0)
np.testing.assert_allclose(by_hand, keras.ops.convert_to_numpy(conv(x_test[:5])), atol=1e-5)
print("windows:", windows.shape, " agree:", by_hand.shape)

# %% [markdown]
# Open the source. This is the whole call; `convolve` is one kernel of the backend.

# %% tags=["kerastutor-only"]
print(inspect.getsource(layers.Conv2D.call))

# %% [markdown]
# ## 4. What does a filter look for?
#
# First two filters that people made. Orange is positive, blue negative, as in the stepper.

# %%
upright, level = (convolve(x_test[0, :, :, 0], k) for k in (kernel, -kernel.T))
alt = "A handwritten seven; its left and right edges in blue and orange; its upper and lower edges."
with figure(alt, 1, 3, images=True) as axes:
    axes[0].imshow(x_test[0, :, :, 0])
    for ax, found in zip(axes[1:], (upright, level)):
        ax.imshow(found, **signed, vmin=-3, vmax=3)
    for ax, title in zip(axes, ("test digit 0", "upright edges", "level edges")):
        ax.set_title(title)

# %% [markdown]
# The network's own filters were random numbers before training; nobody told them what to look for. What each finds
# in a digit is its *feature map*: a second model shares the layers, and stops earlier.

# %%
strongest = np.linalg.norm(kernels[:, :, 0], axis=(0, 1)).argsort()[::-1][:8]
maps = keras.Model(short.inputs, conv.output).predict(x_test[:1], verbose=0)[0]
alt = "Above, eight learned 3 by 3 filters; below, their maps of a seven, dark along other edges."
with figure(alt, 2, 8, height=2.3, images=True) as axes:
    for (above, below), f in zip(axes.T, strongest):
        above.imshow(kernels[:, :, 0, f], **signed, vmin=-0.6, vmax=0.6)
        above.set_title(f"filter {f}", fontsize=9)
        below.imshow(maps[:, :, f])

# %% [markdown]
# And the other way round: of all 3 × 3 patches in 500 digits, which 100 please a filter most?
#
# **Predict before you run.** What does the mean of those patches look like?
#
# <details><summary>Answer</summary>
#
# Like the filter: ink where its weights are positive, none where they are negative. A filter is a picture of what
# it looks for.
#
# </details>

# %%
patches = np.lib.stride_tricks.sliding_window_view(x_test[:500, :, :, 0], (3, 3), axis=(1, 2))
patches = patches.reshape(-1, 9)
alt = "For each filter the mean of its 100 favourite patches: dark where the filter is orange."
with figure(alt, 1, 8, height=1.3, images=True) as axes:
    for ax, f in zip(axes, strongest):
        weights = kernels[:, :, 0, f].ravel()
        mean = patches[(patches @ weights).argsort()[-100:]].mean(axis=0)
        assert np.corrcoef(weights, mean)[0, 1] > 0.5  # alike
        ax.imshow(mean.reshape(3, 3), vmin=0, vmax=1)
        ax.set_title(f"pleases {f}", fontsize=9)

# %% [markdown]
# Go back to the pad and draw a plain vertical line. Which maps of the first layer light up on its left side only?
#
# <details><summary>Answer</summary>
#
# Those whose filter is orange on its right and blue on its left: left of the line, it lies under the filter's right.
#
# </details>
#
# ## 5. Deeper: the slow tutorial
#
# A classic tutorial stacks two convolutions. The second looks at 32 maps at once, so it can find corners and
# crossings: edges of edges.
#
# **Predict before you run.** How many parameters has the second convolution?
#
# <details><summary>Answer</summary>
#
# 3 · 3 · 32 · 32 + 32 = 9,248: now 32 channels come in.
#
# </details>


# %%
def slow_network(dropout=True):
    dropped = (layers.Dropout(0.25), layers.Dropout(0.5)) if dropout else ()
    return network(
        layers.Conv2D(32, 3, activation="relu"), layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2), *dropped[:1], layers.Flatten(),
        layers.Dense(128, activation="relu"), *dropped[1:],
    )


keras.utils.set_random_seed(5)
slow = slow_network()
assert slow.layers[1].count_params() == 3 * 3 * 32 * 32 + 32
slow.summary()

# %% [markdown]
# Almost all parameters sit in the first Dense layer: 12 · 12 · 32 inputs for each of its 128 units. At the small
# scale it sees 10,000 digits three times.

# %% tags=["figures"]
digits, epochs = (60000, 10) if SCALE == "full" else (10000, 3)
settings = dict(batch_size=32, epochs=epochs, callbacks=[LiveLoss()], verbose=0)
slow.fit(x_train[:digits], y_train[:digits], **settings)
slow_accuracy = slow.evaluate(x_test, y_test, verbose=0)[1]
print(f"slow network, test accuracy  {slow_accuracy:.4f} ± 0.015")
assert slow_accuracy > 0.96

# %% [markdown]
# With `SCALE = "full"` (three minutes of processor time on two cores) it reaches the last row:
#
# | network | digits × epochs, batch | source | here |
# |---|---|---|---|
# | short | 20,000 × 6, 128 | 0.9685 | 0.9699 |
# | slow | 60,000 × 10, 32 | not told | 0.9923 |
#
# **If you meet an old tutorial:** it may put the channel first, `(1, 28, 28)`, as Theano had it. Keras still can, if
# told. Not told, it sees one row of 28 pixels in 28 channels: a 3 × 3 window does not fit.

# %%
first = layers.Conv2D(32, 3, activation="relu", data_format="channels_first")
first.build((None, 1, 28, 28))
first.set_weights(conv.get_weights())
y = keras.ops.convert_to_numpy(first(np.moveaxis(x_test[:5], 3, 1)))
np.testing.assert_allclose(np.moveaxis(y, 1, 3), by_hand, atol=1e-5)  # the same numbers
print("told:", y.shape, "\n\nnot told:")
try:
    keras.Sequential([keras.Input((1, 28, 28)), layers.Conv2D(32, 3)])
except ValueError as error:
    print(error)
silent = layers.Conv2D(32, 3, padding="same")
silent.build((None, 1, 28, 28))
print("\nnot told, padding='same': a kernel of", tuple(silent.kernel.shape))

# %% [markdown]
# With `padding="same"` it fits, trains, and is wrong in silence: the kernel looks at 28 "channels" of one row.
#
# ## 6. Can it learn by heart?
#
# Fashion-MNIST: as many pictures, as large, but clothes, and harder.

# %%
(clothes, kinds), (test_clothes, test_kinds) = keras.datasets.fashion_mnist.load_data()
names = "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot".split()
alt = "Ten pictures from Fashion-MNIST, one of each kind, with its name."
with figure(alt, 2, 5, images=True) as axes:
    for kind, ax in enumerate(axes.flat):
        ax.imshow(clothes[kinds == kind][0])
        ax.set_title(names[kind], fontsize=9)

# %% [markdown]
# To see over-fitting soon: 2,000 pictures to learn from, 1,000 others to validate on. *Dropout* sets a random
# part $r$ of the values to 0 while training, and divides the others by $1 - r$, so that their mean stays. With
# $r = 1/4$ a 3 becomes 0 or 4:
#
# $$y_i = \frac{x_i\, m_i}{1 - r}, \qquad m_i = 0 \text{ with probability } r, \text{ else } 1$$

# %%
ones = np.ones((1, 10000), "float32")
dropped = keras.ops.convert_to_numpy(layers.Dropout(0.5, seed=1)(ones, training=True))
print("values:", np.unique(dropped), " mean about 1:", abs(dropped.mean() - 1) < 0.05)
assert (keras.ops.convert_to_numpy(layers.Dropout(0.5)(ones)) == ones).all()  # not training

# %% [markdown]
# **Predict before you run.** The slow network without and with dropout, 16 epochs each. Which has the better
# *training* accuracy? Which the lower validation loss?
#
# <details><summary>Answer</summary>
#
# Without dropout it learns its 2,000 pictures by heart, and gets worse at the others.
#
# </details>

# %% tags=["figures"]
x_clothes = clothes[:3000, :, :, None].astype("float32") / 255
settings = dict(batch_size=64, epochs=16, validation_split=1 / 3, verbose=0)
curves = {}
for title, dropout in (("without dropout", False), ("with dropout", True)):
    keras.utils.set_random_seed(5)
    curves[title] = slow_network(dropout).fit(x_clothes, kinds[:3000], **settings).history

alt = "Loss over 16 epochs. Without dropout, validation rises away from training; with it, less so."
with figure(alt, 1, 2) as axes:
    for ax, (title, curve) in zip(axes, curves.items()):
        ax.plot(range(1, 17), curve["loss"], color=TRAINING, label="training")
        ax.plot(range(1, 17), curve["val_loss"], color=VALIDATION, label="validation")
        ax.set(title=title, ylim=(0, 1.2), xlabel="epoch", ylabel="loss")
        ax.legend()
gaps = {title: curve["val_loss"][-1] - curve["loss"][-1] for title, curve in curves.items()}
for title, gap in gaps.items():
    print(f"gap {title:16} {gap:.2f} ± 0.25")
assert gaps["with dropout"] < gaps["without dropout"]

# %% [markdown]
# ## 7. And your own hand?
#
# MNIST's digits are centred. Yours may not be. One filter serves all places, so if a digit moves, its feature map
# moves along. Does the answer stay? Move each of 2,000 test digits by up to four pixels, and ask the networks again.

# %% tags=["figures"]
shifted = np.roll(x_test[:1], 2, axis=2)
before, after = (keras.ops.convert_to_numpy(conv(x)) for x in (x_test[:1], shifted))
np.testing.assert_allclose(after[:, :, 2:], before[:, :, :-2], atol=1e-5)  # the map moved along
wide = np.pad(x_test[:2000], ((0, 0), (4, 4), (4, 4), (0, 0)))
corners = np.random.default_rng(0).integers(0, 9, (2000, 2))
x_moved = np.stack([x[r:r + 28, c:c + 28] for x, (r, c) in zip(wide, corners)])
for name, model in (("short", short), ("slow", slow)):
    kept, lost = (model.evaluate(x, y_test[:2000], verbose=0)[1] for x in (x_test[:2000], x_moved))
    print(f"{name}, in place  {kept:.3f} ± 0.02")
    print(f"{name}, moved     {lost:.3f} ± 0.12")

# %% [markdown]
# The convolutions see moved strokes as well as before; the Dense layer at the end has learnt places.
# *Augmentation* cures that: move each training digit at random, differently in every epoch. In Keras that is a
# layer, awake in training only.

# %%
mover = layers.RandomTranslation(0.15, 0.15, fill_mode="constant", seed=1)
alt = "One handwritten five, six times, each at another place of the picture."
with figure(alt, 1, 6, height=1.4, images=True) as axes:
    for ax in axes:
        ax.imshow(keras.ops.convert_to_numpy(mover(x_train[:1], training=True))[0, :, :, 0])

# %% tags=["figures"]
keras.utils.set_random_seed(5)
inner = [
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
]
augmented = network(mover, *inner, layers.Dense(128, activation="relu"))
settings = dict(batch_size=64, epochs=6, callbacks=[LiveLoss()], verbose=0)
learnt = augmented.fit(x_train[:10000], y_train[:10000], **settings).history["accuracy"][-1]
kept, found = (augmented.evaluate(x, y_test[:2000], verbose=0)[1] for x in (x_test[:2000], x_moved))
print(f"augmented, in place  {kept:.3f} ± 0.02")
print(f"augmented, moved     {found:.3f} ± 0.06")
print("no gap between training and test:", learnt - kept < 0.01)
assert found > lost + 0.15

# %% [markdown]
# No picture came twice, so nothing could be learnt by heart. Now draw into a corner: this pad does not centre your
# drawing. Then replace `augmented` by `slow` and draw the same. How near to the edge does each still read you?

# %% tags=["kerastutor-only"]
corner = DrawDigit(augmented, centred=False)
corner.draw(x_moved[corners.sum(axis=1).argmin(), :, :, 0])
corner

# %% [markdown]
# ## Same code, another backend
#
# One epoch of the short network on 1,280 digits, in plain NumPy and in compiled Numba.

# %% tags=["kerastutor-only"]
import kerastutor

for backend in ("numpy", "cpu"):
    kerastutor.use_backend(backend)
    keras.utils.set_random_seed(5)
    inner = [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()]
    model = network(*inner)
    start = time.perf_counter()
    loss = model.fit(x_train[:1280], y_train[:1280], 128, verbose=0).history["loss"][0]
    print(f"{backend:6} {time.perf_counter() - start:.2f} s   loss {loss:.2f}")

# %% [markdown]
# Numba's loops keep a small tile of the sum in registers, and share the pictures among the cores.
#
# ## Try it yourself
#
# **Exercise 1.** The short network with 8 filters instead of 32. Count its parameters first.

# %%
# your code, about 3 lines: network(layers.Conv2D(8, ...), ...), fit, evaluate

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# # 3·3·8 + 8 + 13·13·8·10 + 10 = 13,610 parameters
# eight = network(layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten())
# eight.fit(x_train[:20000], y_train[:20000], batch_size=128, epochs=6, verbose=0)
# print(eight.count_params(), eight.evaluate(x_test, y_test, verbose=0))
# ```
#
# About 95 %: a quarter of the parameters, and two points lost.
#
# </details>
#
# **Exercise 2.** Pooling is not the only way to halve a picture. Leave it out, and give the convolution a stride of 2.

# %%
# your code, about 3 lines: layers.Conv2D(32, 3, strides=2, ...), no MaxPooling2D

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# strided = network(layers.Conv2D(32, 3, strides=2, activation="relu"), layers.Flatten())
# strided.fit(x_train[:20000], y_train[:20000], batch_size=128, epochs=6, verbose=0)
# print(strided.count_params(), strided.evaluate(x_test, y_test, verbose=0))
# ```
#
# As many parameters, 54,410, and about one point less: it looks at a quarter of the stops only.
#
# </details>
#
# **Exercise 3.** In lesson 4, shuffling the pixels did no harm. Shuffle them here, all digits in the same way.

# %%
# your code, about 5 lines: np.random.permutation(784); to rows of 784, [:, order], and back

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# order = np.random.permutation(784)
# mix = lambda x: x.reshape(-1, 784)[:, order].reshape(-1, 28, 28, 1)
# mixed = network(layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten())
# mixed.fit(mix(x_train[:20000]), y_train[:20000], batch_size=128, epochs=6, verbose=0)
# print(mixed.evaluate(mix(x_test), y_test, verbose=0))
# ```
#
# About 94 %, three points less: the neighbours that its filters look for are gone.
#
# </details>
#
# ## Summary
#
# - A filter walks over the picture; at each stop the sum of its products is one number of its feature map.
# - Conv2D has height · width · channels · filters + filters parameters, whatever the picture's size.
# - $m = \lfloor (n + p - k)/s \rfloor + 1$; pooling halves, and forgives small moves.
# - A filter is a picture of what it looks for, and nobody told it what that is.
# - Dropout and augmentation make learning by heart harder; augmentation also teaches what should not matter.
#
# ## What comes
#
# Next, [lesson 6](06_recurrent_networks.ipynb): layers that read one thing after another, and remember
# (recurrent networks).
