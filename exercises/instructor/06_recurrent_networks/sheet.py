# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 6 · Recurrent networks
#
# Eight exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("06.1")`, as often as you like. `progress()` shows how far you are, `reset("06.1")` begins
# one anew.

# %% tags=["setup"]
import numpy as np

from kerastutor import datasets, keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure

# %% [markdown]
# ## 06.1 The words' mean, without the filling (10 points)
#
# The simplest reader of all: the mean of a review's word vectors. Filling, token 0, must not count.
#
# $$\mathrm{mean}_i = \frac{1}{k_i} \sum_{t:\ \mathrm{token}_{it} \ne 0} x_{it}
# \qquad k_i = \text{how many tokens of row } i \text{ are not } 0$$
#
# `x` (n, steps, d), `tokens` (n, steps), whole numbers. The result has shape (n, d) and x's dtype, and zeros for a row
# that is nothing but filling. About 3 lines.


# %% exercise="06.1" tags=["raises-exception"]
def words_mean(x, tokens):
    """Mean of x over the steps whose token is not 0: shape (n, d), x's dtype; 0 where there are none."""
    ### BEGIN SOLUTION
    real = (tokens != 0).astype(x.dtype)
    count = np.maximum(real.sum(axis=1, keepdims=True), 1)
    return (x * real[:, :, None]).sum(axis=1) / count
    ### END SOLUTION


# %% [markdown]
# Try it: one review of five words, with more and more filling in front, which is noise. Yours should not move.

# %% tags=["raises-exception"]
rng = np.random.default_rng(0)
words, noise = rng.normal(1, 0.3, size=(5, 1)), rng.normal(-1, 0.3, size=(15, 1))
plain, yours = [], []
for filling in range(16):
    x = np.concatenate([noise[:filling], words])[None]
    tokens = np.array([[0] * filling + [7] * 5])
    plain.append(x.mean())
    yours.append(words_mean(x, tokens)[0, 0])
with figure("The plain mean falls from 1 to -0.5 with the filling; yours is a level line.") as ax:
    ax.plot(plain, "--", label="plain mean")
    ax.plot(yours, "o-", label="yours")
    ax.set(xlabel="steps of filling", ylabel="mean")
    ax.legend()

# %% check="06.1"

# %% [markdown]
# ## 06.2 One step of a GRU (15 points)
#
# Two gates, no second state; $\sigma(a) = 1/(1 + e^{-a})$, and $\odot$ multiplies number by number:
#
# $$z = \sigma(xW_z + b_z + hU_z + b'_z) \qquad r = \sigma(xW_r + b_r + hU_r + b'_r)$$
#
# $$\tilde h = \tanh\big(xW_h + b_h + r \odot (hU_h + b'_h)\big) \qquad
# h_{new} = z \odot h + (1 - z) \odot \tilde h$$
#
# `x` (n, inputs), `h` (n, units), `W` (inputs, 3·units), `U` (units, 3·units): columns side by side in the order
# $z, r, \tilde h$. So is `b` (2, 3·units): row 0 is $b$, row 1 is $b'$. About 6 lines.


# %% exercise="06.2" tags=["raises-exception"]
def gru_step(x, h, W, U, b):
    """The state after one step of Keras's GRU, shape (n, units)."""
    ### BEGIN SOLUTION
    x_z, x_r, x_h = np.split(x @ W + b[0], 3, axis=1)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3, axis=1)
    z = 1 / (1 + np.exp(-x_z - h_z))
    r = 1 / (1 + np.exp(-x_r - h_r))
    candidate = np.tanh(x_h + r * h_h)
    return z * h + (1 - z) * candidate
    ### END SOLUTION


# %% [markdown]
# Try it beside Keras's own layer, on a wave. Your dots should lie on its lines.

# %% tags=["raises-exception"]
keras.utils.set_random_seed(1)
wave = np.sin(np.arange(40) / 3)[None, :, None].astype("float32")
layer = keras.layers.GRU(3, return_sequences=True)
theirs, h, yours = np.asarray(layer(wave))[0], np.zeros((1, 3)), []
for t in range(40):
    h = gru_step(wave[:, t], h, *layer.get_weights())
    yours.append(h[0])
with figure("Three waves of the layer's state, each with a dot of yours at every step.") as ax:
    lines = ax.plot(theirs)
    for line, unit in zip(lines, np.array(yours).T):
        ax.plot(unit, "o", markersize=4, color=line.get_color())
    ax.set(xlabel="step", ylabel="state h")

# %% check="06.2"

# %% [markdown]
# ## 06.3 Back through time (20 points)
#
# One sequence, a SimpleRNN, and a loss that looks at the last state alone:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b) \qquad h_0 = 0 \qquad t = 1 \dots T$$
#
# You are given `last` $= \partial\,\mathrm{loss}/\partial h_T$, shape (units,). Find the loss's slopes for `W`
# (inputs, units), `U` (units, units) and `b` (units,). `x` is (T, inputs). The slope of tanh is $1 - h_t^2$; the same
# weights serve every step. About 11 lines.


# %% exercise="06.3" tags=["raises-exception"]
def through_time(x, W, U, b, last):
    """The loss's slopes dW, dU, db, each in the shape of what it belongs to."""
    ### BEGIN SOLUTION
    states = [np.zeros(len(b))]
    for row in x:
        states.append(np.tanh(row @ W + states[-1] @ U + b))
    dW, dU, db, dh = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), last
    for t in reversed(range(len(x))):
        dz = dh * (1 - states[t + 1] ** 2)
        dW += np.outer(x[t], dz)
        dU += np.outer(states[t], dz)
        db += dz
        dh = U @ dz
    return dW, dU, db
    ### END SOLUTION


# %% [markdown]
# Try it: your slopes teach a network of four units to remember the first of five numbers.

# %% tags=["raises-exception"]
rng = np.random.default_rng(4)
W, U, b = rng.normal(size=(1, 4)) / 2, np.linalg.qr(rng.normal(size=(4, 4)))[0], np.zeros(4)


def said(sequence):
    h = np.zeros(4)
    for row in sequence:
        h = np.tanh(row @ W + h @ U + b)
    return h[0]


tests = rng.uniform(-0.8, 0.8, size=(80, 5, 1))
before = [said(one) for one in tests]
for _ in range(3000):
    sequence = rng.uniform(-0.8, 0.8, size=(5, 1))
    error = said(sequence) - sequence[0, 0]
    slopes = through_time(sequence, W, U, b, np.array([error, 0, 0, 0]))
    W, U, b = (one - 0.1 * slope for one, slope in zip((W, U, b), slopes))
with figure("Left a cloud: the first number, and what the network says. Right a rising band.", 1, 2) as axes:
    axes[0].scatter(tests[:, 0], before, s=12)
    axes[1].scatter(tests[:, 0], [said(one) for one in tests], s=12)
    for ax, title in zip(axes, ("before", "after 3,000 steps")):
        ax.set(title=title, xlabel="first number", ylabel="what it says", ylim=(-1, 1))

# %% check="06.3"

# %% [markdown]
# ## 06.4 A sliding mean in one walk (10 points)
#
# The Sun's spots come and go in eleven years. A mean over as many shows the slow tide below:
#
# $$y_t = \frac1w \sum_{k=0}^{w-1} x_{t+k} \qquad t = 0 \dots n - w$$
#
# Reckoned as it stands, a window twice as wide takes twice as long. Find a way whose time does not grow with the
# `width` $w$. `x` has shape (n,), and may be large numbers in float32: lose no digits. The result has shape
# (n - width + 1,). About 2 lines.


# %% exercise="06.4" tags=["raises-exception"]
def sliding_mean(width, x):
    """The mean of each width numbers in a row, shape (n - width + 1,), in time that does not grow with width."""
    ### BEGIN SOLUTION
    sums = np.concatenate([[0.0], np.cumsum(x, dtype="float64")])
    return (sums[width:] - sums[:-width]) / width
    ### END SOLUTION


# %% [markdown]
# Try it: three centuries of spots. When did the Sun nearly fall asleep, and when was it most awake?

# %% tags=["raises-exception"]
years, spots = datasets.sunspots.load_data()
tide = sliding_mean(11, spots)
with figure("Spots jump up and down; their mean is a slow wave, low about 1710 and 1815, highest about 1955.") as ax:
    ax.plot(years, spots, linewidth=1, color="#AAAAAA", label="spots")
    ax.plot(years[5:-5], tide, label="mean of 11 years")
    ax.set(xlabel="year", ylabel="sunspots", ylim=(0, 230))
    ax.legend(loc="upper left", ncols=2)

# %% check="06.4"

# %% [markdown]
# ## 06.5 Predict, count, read the gates (15 points)
#
# **First, before you run anything below.** `Embedding(mask_zero=True)` and a GRU read `[5, 7]`. Which of
# `[0, 0, 5, 7]`, `[5, 7, 0, 0]` and `[5, 0, 0, 7]` give the same output as that?
#
# - `"a"`: the first;
# - `"b"`: the first and the second;
# - `"c"`: all three.
#
# **Then count**: how many parameters has `Bidirectional(GRU(5))` that reads 3 numbers a step?

# %% exercise="06.5" tags=["raises-exception"]
# prediction = "a", "b" or "c"
# parameters = a whole number
### BEGIN SOLUTION
prediction = "c"
parameters = 2 * 3 * (3 * 5 + 5 * 5 + 2 * 5)
### END SOLUTION

# %%
rows = [[5, 7], [0, 0, 5, 7], [5, 7, 0, 0], [5, 0, 0, 7]]
with figure("The output for the four rows, with a mask and without one.", 1, 2, height=2) as axes:
    for ax, mask in zip(axes, (True, False)):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((None,)), keras.layers.Embedding(10, 4, "normal", mask_zero=mask)])
        model.add(keras.layers.GRU(1))
        outputs = [float(model.predict(np.array([row]), verbose=0)[0, 0]) for row in rows]
        ax.barh([str(row) for row in rows][::-1], outputs[::-1])
        ax.set(title="with a mask" if mask else "without")

# %% [markdown]
# **Read this figure**: one unit of an LSTM, its candidate 1 at steps 2 and 4 and -1 at step 9. At which step is an old
# memory replaced by a new one (`replaced`)? At which step does the output $h$ first show something (`shown`)?

# %%
i, f, o = np.zeros(12), np.ones(12), np.zeros(12)
i[[1, 3, 8]], f[[8, 10]], o[[5, 6, 8]] = 1, 0, 1
candidate = np.array([0, 1, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0])
c, memory_cells = 0.0, []
for t in range(12):
    c = f[t] * c + i[t] * candidate[t]
    memory_cells.append(c)
alt = "Gates: i is 1 at 2, 4, 9. f is 0 at 9 and 11, else 1. o is 1 at 6, 7, 9. c: 1 from 2, 2 from 4, -1 at 9 and 10."
with figure(alt, 4, 1, height=4.2) as axes:
    for ax, values, name in zip(axes, (i, f, o, memory_cells), ("i, write", "f, keep", "o, show", "c, memory")):
        ax.bar(range(1, 13), values)
        ax.set(ylabel=name, xticks=range(1, 13))
    axes[-1].set(xlabel="step")

# %% exercise="06.5" part="b" tags=["raises-exception"]
# replaced = a step of the axis
# shown = a step of the axis
### BEGIN SOLUTION
replaced = 9
shown = 6
### END SOLUTION

# %% check="06.5"

# %% [markdown]
# ## 06.6 Timid or bold (10 points)
#
# The lesson's `heated` breaks on small temperatures. Write one that does not, for T down to 0.000001:
#
# $$q_{ij} = \frac{p_{ij}^{1/T}}{\sum_k p_{ik}^{1/T}}$$
#
# Then draw: from row $i$ the first place $j$ with $q_{i0} + \dots + q_{ij} > u_i$. `p` and `q` are tables of
# probabilities (n, k), zeros among them; `u` (n,) lies in 0 ≤ u < 1. `heat` gives (n, k), `draw` whole numbers (n,).
# About 3 lines and 1.


# %% exercise="06.6" tags=["raises-exception"]
def heat(p, temperature):
    """Each row of p to the power of 1/temperature, scaled to the sum 1; never nan."""
    ### BEGIN SOLUTION
    largest = p.max(axis=1, keepdims=True)
    q = (p / largest) ** (1 / temperature)
    return q / q.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% exercise="06.6" part="b" tags=["raises-exception"]
def draw(q, u):
    """For each row the first place whose running sum lies above u: whole numbers, shape (n,)."""
    ### BEGIN SOLUTION
    return (q.cumsum(axis=1) <= u[:, None]).sum(axis=1)
    ### END SOLUTION


# %% [markdown]
# Try it: *Alice*, from the table of which letter follows which two. Cold, it goes in circles; hot, it is noise.

# %% tags=["raises-exception"]
text = datasets.alice.load_data().lower()
letters = sorted(set(text))
code = np.array([letters.index(one) for one in text])
table = np.zeros((len(letters),) * 3)
np.add.at(table, (code[:-2], code[1:-1], code[2:]), 1)
table = (table + 1e-4) / (table + 1e-4).sum(axis=2, keepdims=True)
rng = np.random.default_rng(6)
for temperature in (0.001, 0.5, 1.0, 3.0):
    written = [letters.index("t"), letters.index("h")]
    for _ in range(60):
        q = heat(table[written[-2], written[-1]][None], temperature)
        written.append(int(draw(q, rng.random(1))[0]))
    print(f"T = {temperature:5}  " + "".join(letters[one] for one in written).replace("\n", " "))
with figure("What follows th, at three temperatures: nearly only e when cold, several letters when hot.", 1, 3) as axes:
    follows = table[letters.index("t"), letters.index("h")]
    best = np.argsort(-follows)[:6]
    for ax, temperature in zip(axes, (0.3, 1.0, 3.0)):
        ax.bar([letters[one].replace(" ", "_") for one in best], heat(follows[None], temperature)[0, best])
        ax.set(title=f"T = {temperature}", ylim=(0, 1))

# %% check="06.6"

# %% [markdown]
# ## 06.7 Project: the Sun's next year (15 points)
#
# Cut a series (n,) into windows: window $s$ is the `width` numbers from $s$ on, its target the number after them. Give
# `x` (n - width, width) and `y` (n - width,). About 3 lines.
#
# Then train a GRU or an LSTM on a series of sunspots, up to some year, and foretell later ones: for each row of
# `recent` (m, 22), the spots of 22 years, those of the next year, shape (m,). On average it must be off by a fifth
# less than "as the year before". A few seconds of training are enough. About 8 lines.


# %% exercise="06.7" tags=["raises-exception"]
def windows(series, width):
    """Windows and their targets: x of shape (n - width, width), y of shape (n - width,)."""
    ### BEGIN SOLUTION
    starts = range(len(series) - width)
    return np.array([series[s : s + width] for s in starts]), series[width:]
    ### END SOLUTION


# %% exercise="06.7" part="b" tags=["raises-exception"]
def forecast(series, recent):
    """Train on series (n,), the spots of each year; for each row of recent (m, 22) the next year's spots: (m,)."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(0)
    x, y = windows(series / 100, recent.shape[1])
    model = keras.Sequential([keras.Input((recent.shape[1], 1))])
    model.add(keras.layers.GRU(16))
    model.add(keras.layers.Dense(1))
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(x[:, :, None].astype("float32"), y.astype("float32"), batch_size=16, epochs=40, verbose=0)
    return 100 * model.predict(recent[:, :, None].astype("float32") / 100, verbose=0)[:, 0]
    ### END SOLUTION


# %% [markdown]
# Try it: learn from 1700 to 1959, foretell the years to 2008.

# %% tags=["raises-exception"]
years, spots = datasets.sunspots.load_data()
recent, counted = windows(spots[years >= 1960 - 22], 22)
foretold = forecast(spots[years < 1960], recent)
naive, yours = np.abs(recent[:, -1] - counted).mean(), np.abs(foretold - counted).mean()
print(f"as the year before: off by {naive:.1f} spots   yours: {yours:.1f}")
with figure("The spots of 1960 to 2008, four cycles and a half, and the forecast close to them.") as ax:
    ax.plot(years[-len(counted):], counted, "o-", markersize=4, label="counted")
    ax.plot(years[-len(counted):], foretold, "--", label="foretold, a year ahead")
    ax.set(xlabel="year", ylabel="sunspots", ylim=(-5, 230))
    ax.legend(loc="upper left", ncols=2)

# %% check="06.7"

# %% [markdown]
# ## 06.8 In your own words (5 points, read by a person)
#
# Somebody shuffles all windows of the sunspots, of 22 years each, and takes every fifth for the test. The test error is
# wonderfully small. Why should you expect more on the years to come? What should they have done? Two or three
# sentences.

# %% [markdown] words="06.8" points=5
# Neighbouring windows share 21 of their 22 years, and the target of one stands inside the next: nearly all of the test
# was seen in training. They should have cut by time, training on the years before some date and testing on windows
# whose targets all come after it, as the forecast will be used.

# %% [markdown]
# ## How far are you?

# %%
progress()
