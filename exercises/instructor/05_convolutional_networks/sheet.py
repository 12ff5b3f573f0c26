# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 5 · Convolutional networks
#
# Eight exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("05.1")`, as often as you like. `progress()` shows how far you are, `reset("05.1")` begins
# one anew.

# %% tags=["setup"]
import time

import numpy as np
from numba import njit

from kerastutor import keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure
from kerastutor.widgets.style import DIVERGING, colours

layers = keras.layers
signed = dict(cmap=colours(DIVERGING))  # orange is positive, blue negative

# %%
(digits, kinds), (new_digits, new_kinds) = keras.datasets.mnist.load_data()
seven = new_digits[0] / 255.0
upright = np.array([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]])

# %% [markdown]
# ## 05.1 Move a picture (10 points)
#
# Move a picture `dy` rows down and `dx` columns to the right; negative numbers mean up and left. What leaves the frame
# is lost, and zeros come in:
#
# $$y[i, j] = \begin{cases} x[i - dy,\; j - dx] & \text{if } x \text{ has such a place} \\ 0 & \text{else}\end{cases}$$
#
# `image` has shape (h, w) or (h, w, channels). The result has its shape and its dtype, and `image` stays as it is.
# About 6 lines.


# %% exercise="05.1" tags=["raises-exception"]
def shift(image, dy, dx):
    """The image moved dy rows down and dx columns to the right, zeros behind it; same shape, same dtype."""
    ### BEGIN SOLUTION
    moved = np.zeros_like(image)
    h, w = image.shape[:2]
    top, bottom = max(dy, 0), min(h + dy, h)
    left, right = max(dx, 0), min(w + dx, w)
    if top < bottom and left < right:
        moved[top:bottom, left:right] = image[top - dy:bottom - dy, left - dx:right - dx]
    return moved
    ### END SOLUTION


# %% [markdown]
# Try it: a seven, and where it can go. Nothing may come in at the other side.

# %% tags=["raises-exception"]
ways = [(0, 0), (8, 0), (0, 12), (-8, -6)]
alt = "A handwritten seven in the middle; lower; half out of the frame on the right; half out at the top left."
with figure(alt, 1, 4, images=True, height=1.7) as axes:
    for ax, (dy, dx) in zip(axes, ways):
        ax.imshow(shift(seven, dy, dx), vmin=-0.2)  # 0 is light grey
        ax.set_title(f"{dy}, {dx}")

# %% check="05.1"

# %% [markdown]
# ## 05.2 Zeros around, stops left out (15 points)
#
# Lesson 5 convolves with stride 1 and no padding. Now with any stride $s$, and both paddings.
#
# - `"valid"`: no zeros. Stops begin at row 0, $s$, $2s$, … as long as the kernel fits; columns likewise.
# - `"same"`: $m = \lceil n / s \rceil$ stops along an axis of length $n$. So $p = \max((m-1)s + k - n,\; 0)$ zeros are
#   laid around: $\lfloor p/2 \rfloor$ before, the rest after.
#
# `image` (h, w) and `kernel` (kh, kw) need not be square: each axis has its own $n$, $k$, $p$. About 8 lines.


# %% exercise="05.2" tags=["raises-exception"]
def convolve(image, kernel, stride, padding):
    """The image convolved as Keras does it, the kernel not turned over; padding is "valid" or "same"."""
    ### BEGIN SOLUTION
    if padding == "same":
        around = []
        for n, k in zip(image.shape, kernel.shape):
            p = max((-(-n // stride) - 1) * stride + k - n, 0)
            around.append((p // 2, p - p // 2))
        image = np.pad(image, around)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum(axis=(2, 3))
    ### END SOLUTION


# %% [markdown]
# Try it: upright edges of a seven. Each picture tells its size.

# %% tags=["raises-exception"]
tries = [("valid", 1), ("same", 1), ("valid", 3), ("same", 3)]
alt = "Four maps of a seven's upright edges: 26 by 26, 28 by 28, 9 by 9 and 10 by 10 numbers."
with figure(alt, 1, 4, images=True, height=1.7) as axes:
    for ax, (padding, stride) in zip(axes, tries):
        found = convolve(seven, upright, stride, padding)
        ax.imshow(found, **signed, vmin=-3, vmax=3)
        ax.set_title(f"{padding} {stride}: {len(found)}")

# %% check="05.2"

# %% [markdown]
# ## 05.3 Predict, count, then read a figure (15 points)
#
# **Before you run anything below.** The filter `upright` (`1 0 -1` in each row) walks with `padding="same"` over a
# picture that is 1 everywhere. Its map is not 0 …
#
# - `"a"` nowhere;
# - `"b"` in the first and last column;
# - `"c"` all around, like a frame.
#
# **Count**, for pictures of 30 × 40 in 3 channels: `Conv2D(8, 3)`, `MaxPooling2D(2)`,
# `Conv2D(16, 5, padding="same")`, `Conv2D(16, 3, strides=2)`. How many rows has the last map? How many parameters has
# the network? How many rows of the picture does one number of the last map see? (A layer adds $k-1$ times the product
# of all strides *before* it.)

# %% exercise="05.3" tags=["raises-exception"]
# prediction = "a", "b" or "c"
# rows, parameters, sees: whole numbers
### BEGIN SOLUTION
prediction = "b"
rows = 6
parameters = (3 * 3 * 3 * 8 + 8) + (5 * 5 * 8 * 16 + 16) + (3 * 3 * 16 * 16 + 16)
sees = 1 + 2 * 1 + 1 * 1 + 4 * 2 + 2 * 2
### END SOLUTION

# %% [markdown]
# Now run it. On the right, the network itself: all its weights are 1, and each pixel is nudged in turn. Which of them
# move the number in the middle of the last map?

# %%
edges = keras.ops.conv(np.ones((1, 9, 12, 1), "float32"), upright[:, :, None, None].astype("float32"), padding="same")
stack = keras.Sequential([keras.Input((30, 40, 3))])
stack.add(layers.Conv2D(8, 3, kernel_initializer="ones"))
stack.add(layers.MaxPooling2D(2))
stack.add(layers.Conv2D(16, 5, padding="same", kernel_initializer="ones"))
stack.add(layers.Conv2D(16, 3, strides=2, kernel_initializer="ones"))
nudged = np.zeros((1200, 30, 40, 3), "float32")
nudged.reshape(1200, 1200, 3)[np.arange(1200), np.arange(1200)] = 1
moves = stack.predict(nudged, verbose=0)[:, 2, 4, 0].reshape(30, 40)
alt = "Left the edge filter's map of a plain picture. Right the pixels that one number sees, a dark square."
with figure(alt, 1, 2, images=True) as axes:
    axes[0].imshow(keras.ops.convert_to_numpy(edges)[0, :, :, 0], **signed, vmin=-3, vmax=3)
    axes[1].imshow((moves > 0) * 1.0, vmin=-0.2)

# %% [markdown]
# **Read this figure.** Four filters have looked at the seven, in an order made by chance: `upright` edges, `level`
# edges (positive where ink begins below), a slanting one, and a blur. Which map, `"A"` to `"D"`, is that of the upright
# one, which that of the level one?

# %%
slanting, blur = np.array([[1.0, 1, 0], [1, 0, -1], [0, -1, -1]]), np.full((3, 3), 1 / 3)
windows_of_seven = np.lib.stride_tricks.sliding_window_view(seven, (3, 3))
order = np.random.default_rng(50).permutation(4)
alt = "The seven and four maps of it, A to D, in orange for positive numbers and blue for negative ones."
with figure(alt, 1, 5, images=True, height=1.7) as axes:
    axes[0].imshow(seven)
    for ax, letter, i in zip(axes[1:], "ABCD", order):
        ax.imshow(np.tensordot(windows_of_seven, [upright, -upright.T, slanting, blur][i]), **signed, vmin=-3, vmax=3)
        ax.set_title(letter)

# %% exercise="05.3" part="b" tags=["raises-exception"]
# upright_map and level_map: each one of "A", "B", "C", "D"
### BEGIN SOLUTION
upright_map = "B"
level_map = "D"
### END SOLUTION

# %% check="05.3"

# %% [markdown]
# ## 05.4 Keep the largest, and its slope (15 points)
#
# Max pooling takes windows of `k` × `k` that do not overlap; rows and columns left over are dropped. On the way back,
# each window's slope `dy` goes to the number that was kept. Of equal numbers that is the first: row by row, from the
# left. All others get 0.
#
# `x` has shape (n, h, w, c); `pool` gives (n, h // k, w // k, c), as large as `dy`; `pool_slope` gives `x`'s shape. 4
# lines, and 7.


# %% exercise="05.4" tags=["raises-exception"]
def pool(x, k):
    """The largest number of each k by k window of each picture and channel."""
    ### BEGIN SOLUTION
    n, h, w, c = x.shape
    kept = x[:, : h // k * k, : w // k * k]
    return kept.reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))
    ### END SOLUTION


# %% exercise="05.4" part="b" tags=["raises-exception"]
def pool_slope(x, dy, k):
    """The loss's slope for x, in x's shape; dy is its slope for pool(x, k)."""
    ### BEGIN SOLUTION
    dx = np.zeros(x.shape)
    for place in np.ndindex(dy.shape):
        picture, i, j, channel = place
        window = x[picture, i * k:(i + 1) * k, j * k:(j + 1) * k, channel]
        u, v = np.unravel_index(window.argmax(), window.shape)
        dx[picture, i * k + u, j * k + v, channel] = dy[place]
    return dx
    ### END SOLUTION


# %% [markdown]
# Try it: the seven, pooled by four, and the 49 pixels that have a say. (In an empty window it is the first.)

# %% tags=["raises-exception"]
x = seven[None, :, :, None]
say = pool_slope(x, np.ones((1, 7, 7, 1)), 4)
alt = "The seven; the seven in 7 by 7 squares; 49 single dots, most of them on the seven's stroke."
with figure(alt, 1, 3, images=True) as axes:
    for ax, picture in zip(axes, (x, pool(x, 4), say)):
        ax.imshow(picture[0, :, :, 0])

# %% check="05.4"

# %% [markdown]
# ## 05.5 Which way should the filters move? (15 points)
#
# A convolution with stride 1 and no padding, and the loss's slope `dy` for each of its numbers:
#
# $$Y[a, i, j, f] = b_f + \sum_{u, v, c} X[a, i + u, j + v, c]\; K[u, v, c, f]$$
#
# In which numbers of $Y$ has $K[u, v, c, f]$ a part, and how large? Add up what they all say.
#
# `x` (n, h, w, c), `dy` (n, h', w', f). Give `dk`, shape (h - h' + 1, w - w' + 1, c, f), and `db`, shape (f,). About 6
# lines.


# %% exercise="05.5" tags=["raises-exception"]
def filter_slopes(x, dy):
    """Slopes of the loss for a convolution's kernel and bias: dk, db."""
    ### BEGIN SOLUTION
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape[1:3], axis=(1, 2))
    dk = np.einsum("auvcij,aijf->uvcf", windows, dy)
    return dk, dy.sum(axis=(0, 1, 2))
    ### END SOLUTION


# %% [markdown]
# Try it: somebody hides a filter, and shows you only what it makes of ten digits. Yours begins at 0 and walks down the
# slope.

# %% tags=["raises-exception"]
x = new_digits[:10, :, :, None] / 255.0
patches = np.lib.stride_tricks.sliding_window_view(x[..., 0], (3, 3), axis=(1, 2))
hidden = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
shown = np.tensordot(patches, hidden)
mine, stages = np.zeros((3, 3)), []
for step in range(1001):
    if step in (0, 10, 100, 1000):
        stages.append(mine)
    error = np.tensordot(patches, mine) - shown
    mine = mine - 2 * filter_slopes(x, error[..., None] / error.size)[0][:, :, 0, 0]
alt = "The hidden filter, a blue middle with four orange neighbours; and yours, which becomes like it in 1000 steps."
with figure(alt, 1, 5, images=True, height=1.5) as axes:
    for ax, picture, title in zip(axes, [hidden, *stages], ["hidden", "step 0", "10", "100", "1000"]):
        ax.imshow(picture, **signed, vmin=-4, vmax=4)
        ax.set_title(title)

# %% check="05.5"

# %% [markdown]
# ## 05.6 The loops behind Conv2D (15 points)
#
# Numba compiles loops: what stands under `@njit` runs as machine code, and Python has no part in it. The kernels behind
# `Conv2D` are written so. Write one: the convolution of 05.5 (stride 1, no padding), as plain loops.
#
# `x` (n, h, w, c), `kernel` (kh, kw, c, f), `bias` (f,). The result $Y$ has shape (n, h - kh + 1, w - kw + 1, f) and
# `x`'s dtype, float32 for float32. No loop may run in Python. About 14 lines.


# %% exercise="05.6" tags=["raises-exception"]
@njit
def loops(x, kernel, bias):
    """The convolution of pictures x with all filters, bias added, in x's dtype."""
    ### BEGIN SOLUTION
    n, h, w, channels = x.shape
    kh, kw, _, filters = kernel.shape
    y = np.empty((n, h - kh + 1, w - kw + 1, filters), x.dtype)
    for a in range(n):
        for i in range(h - kh + 1):
            for j in range(w - kw + 1):
                for f in range(filters):
                    total = bias[f]
                    for u in range(kh):
                        for v in range(kw):
                            for c in range(channels):
                                total += x[a, i + u, j + v, c] * kernel[u, v, c, f]
                    y[a, i, j, f] = total
    return y
    ### END SOLUTION


# %% [markdown]
# Try it: one digit, eight filters. `py_func` is your function before it was compiled. How many times as fast is it now?

# %% tags=["raises-exception"]
one = new_digits[:1, :, :, None].astype("float32") / 255
eight = np.random.default_rng(0).normal(size=(3, 3, 1, 8)).astype("float32")
seconds = []
for way in (loops.py_func, loops):
    way(one, eight, np.zeros(8, "float32"))  # the first call compiles
    start = time.perf_counter()
    way(one, eight, np.zeros(8, "float32"))
    seconds.append(time.perf_counter() - start)
print(f"{seconds[0] / seconds[1]:.0f} times as fast")
with figure("Two bars: the loops run by Python take some hundred times as long as compiled.", height=1.6) as ax:
    ax.barh(["Python", "Numba"], np.array(seconds) * 1000)
    ax.set(xlabel="milliseconds, each mark ten times the one before", xscale="log")

# %% check="05.6"

# %% [markdown]
# ## 05.7 Project: digits out of place (10 points)
#
# The digits to learn from lie in the middle of their pictures. The new ones were moved by up to two pixels, up or down
# and left or right. Read them: at least 80 % right, in less than 20 seconds. A first check asks for 75 % of digits that
# lie in the middle too, with only 400 to learn from.
#
# `images` (n, 14, 14), grey values from 0 to 255; `labels` (n,), 0 to 9; `new_images` (m, 14, 14). The result has shape
# (m,), whole numbers from 0 to 9. About 14 lines.


# %% exercise="05.7" tags=["raises-exception"]
def learn(images, labels, new_images):
    """Train on images and labels; for each new image the digit in it, as an array of shape (m,)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((14, 14, 1))])
    model.add(layers.RandomTranslation(0.15, 0.15, fill_mode="constant"))
    model.add(layers.Conv2D(16, 3, activation="relu"))
    model.add(layers.MaxPooling2D(2))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    model.fit(images[..., None] / 255.0, labels, batch_size=32, epochs=20, verbose=0)
    return model.predict(new_images[..., None] / 255.0, verbose=0).argmax(axis=1)
    ### END SOLUTION


# %% [markdown]
# Try it: moved digits that your network reads wrongly.

# %% tags=["raises-exception"]
small = digits[:1300].reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).astype("uint8")
corners = np.random.default_rng(1).integers(0, 5, (300, 2))
wide = np.pad(small[1000:], ((0, 0), (2, 2), (2, 2)))
moved = np.stack([picture[r:r + 14, s:s + 14] for picture, (r, s) in zip(wide, corners)])
guess = learn(small[:1000], kinds[:1000], moved)
wrong = np.flatnonzero(guess != kinds[1000:1300])[:6]
print(f"{(guess == kinds[1000:1300]).mean():.1%} of 300 moved digits right")
with figure("Up to six moved digits that the network reads wrongly.", 1, 6, images=True, height=1.5) as axes:
    for ax, i in zip(axes, wrong):
        ax.imshow(moved[i], vmin=-50)
        ax.set_title(f"{guess[i]}?")

# %% check="05.7"

# %% [markdown]
# ## 05.8 In your own words (5 points, read by a person)
#
# A table of patients has the columns age, weight, blood pressure and pulse. Somebody lets a convolution walk over the
# columns of each row, two at a time. Which two things does a convolution take for granted that hold for pictures, but
# not here? Two or three sentences.

# %% [markdown] words="05.8" points=5
# That neighbours belong together: the order of the columns is chance, so nothing says that age has more to do with
# weight than with pulse. And that a pattern means the same wherever it is: the same two weights would be laid on age
# and weight as on weight and pressure, which are other things in other units.

# %% [markdown]
# ## How far are you?

# %%
progress()
