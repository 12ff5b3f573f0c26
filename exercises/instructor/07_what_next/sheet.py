# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises to lesson 7 · What next
#
# Eight exercises, 100 points. Write where `raise NotImplementedError()` stands, run the cell, then the one with
# `check(...)`. Stuck? `hint("07.1")`, as often as you like. `progress()` shows how far you are, `reset("07.1")` begins
# one anew.

# %% tags=["setup"]
import numpy as np

from kerastutor import datasets, keras
from kerastutor.grading import check, hint, progress, reset
from kerastutor.widgets import figure

# %% [markdown]
# ## 07.1 Switch units off, and keep the sum (10 points)
#
# Dropout sets a share $r$ of the numbers to 0 while training. So that the next layer gets as much as ever on average,
# the others become larger:
#
# $$\text{training: } \begin{cases} x / (1 - r) & u \ge r \\ 0 & u < r \end{cases} \qquad \text{else: } x$$
#
# `x` has any shape, `u` the same: numbers drawn from 0 to 1, given to you. `0 <= rate < 1`. The result has the dtype
# of `x`. About 3 lines.


# %% exercise="07.1" tags=["raises-exception"]
def dropout(x, u, rate, training):
    """x with the places of u < rate switched off, in x's shape and dtype; x itself unless training."""
    ### BEGIN SOLUTION
    if not training:
        return x
    return np.where(u >= rate, x / (1 - rate), 0).astype(x.dtype)
    ### END SOLUTION


# %% [markdown]
# Try it: the mean over many draws stays at 1, whatever the rate.

# %% tags=["raises-exception"]
u, ones = np.random.default_rng(0).random(4000), np.ones(4000, "float32")
rates = np.linspace(0, 0.9, 10)
with figure("The share of numbers that are left falls from 1 to 0.1; their mean stays near 1.", height=2) as ax:
    ax.plot(rates, [(dropout(ones, u, rate, True) > 0).mean() for rate in rates], "o-", label="share that is left")
    ax.plot(rates, [dropout(ones, u, rate, True).mean() for rate in rates], "s--", label="mean")
    ax.set(xlabel="rate", ylim=(0, 1.2))
    ax.legend()

# %% check="07.1"

# %% [markdown]
# ## 07.2 How good is the order? (18 points)
#
# AUC is the chance that a sick row gets a higher score than a healthy one:
#
# $$\mathrm{AUC} = \frac{\text{pairs with the sick row higher} + \frac12\,\text{pairs with equal scores}}
# {\text{all pairs of a sick and a healthy row}}$$
#
# `labels` (n,), 1 for sick, 0 for healthy, both occur; `scores` (n,). Comparing all pairs is $n^2$ work. Sort first:
# 4 times the rows shall take little more than 4 times as long. About 5 lines.


# %% exercise="07.2" tags=["raises-exception"]
def auc(labels, scores):
    """The area under the ROC curve, a number from 0 to 1; ties count one half. Time: n log n."""
    ### BEGIN SOLUTION
    sick, healthy = scores[labels == 1], np.sort(scores[labels == 0])
    lower, not_higher = np.searchsorted(healthy, sick, "left"), np.searchsorted(healthy, sick, "right")
    return (lower + not_higher).mean() / (2 * len(healthy))
    ### END SOLUTION


# %% [markdown]
# Try it: single measurements of lumps as scores. A score that says nothing has 0.5.

# %% tags=["raises-exception"]
lumps, benign = datasets.breast_cancer.load_data()
columns = datasets.breast_cancer.get_feature_names()[:10]
areas = [auc(1 - benign, lumps[:, i]) for i in range(10)]
with figure("Ten bars: radius, perimeter, area and concavity are above 0.9, the fractal dimension near 0.5.") as ax:
    ax.barh(columns, areas)
    ax.axvline(0.5, color="grey", linestyle=":")
    ax.set(xlabel="AUC", xlim=(0, 1))

# %% check="07.2"

# %% [markdown]
# ## 07.3 Every fold like the whole (12 points)
#
# With few rows of a class, a fold may by bad luck have none. *Stratified* folds deal out each class by itself, like
# cards: the first row of a class goes to fold 0, its second to fold 1, …, after fold $k-1$ comes fold 0 again.
#
# `labels` (n,), whole numbers. Give each row's fold, shape (n,). With `k` = 2:
#
# | labels | 5 | 5 | 9 | 5 | 9 | 5 |
# |---|---|---|---|---|---|---|
# | fold | 0 | 1 | 0 | 0 | 1 | 1 |
#
# About 5 lines.


# %% exercise="07.3" tags=["raises-exception"]
def folds(labels, k):
    """For each row the number of its fold, 0 to k - 1: each class is dealt out by itself, in the rows' order."""
    ### BEGIN SOLUTION
    result = np.zeros(len(labels), int)
    for label in np.unique(labels):
        mine = labels == label
        result[mine] = np.arange(mine.sum()) % k
    return result
    ### END SOLUTION


# %% [markdown]
# Try it: 60 rows in five folds, ten of them of the rare class. Each fold has its two.

# %% tags=["raises-exception"]
rare = (np.random.default_rng(2).permutation(60) < 10).astype(int)
with figure("Bars of five folds: stratified each has 2 rare rows; cut in order, from 1 to 3.", height=2) as ax:
    cut = np.arange(60) // 12
    ax.bar(np.arange(5) - 0.2, [rare[folds(rare, 5) == i].sum() for i in range(5)], 0.4, label="stratified")
    ax.bar(np.arange(5) + 0.2, [rare[cut == i].sum() for i in range(5)], 0.4, label="cut in order", hatch="//")
    ax.set(xlabel="fold", ylabel="rare rows", ylim=(0, 4.5))
    ax.legend()

# %% check="07.3"

# %% [markdown]
# ## 07.4 Adam that forgets: AdamW (14 points)
#
# One step, number $t = 1, 2, \dots$: means of the slope $g$ and of its square, corrected for having begun at 0, and a
# *decay* $d$ that pulls each weight towards 0, past both means:
#
# $$m' = 0.9\,m + 0.1\,g \qquad a' = 0.999\,a + 0.001\,g^2$$
#
# $$w' = w - r \left( \frac{m' / (1 - 0.9^t)}{\sqrt{a' / (1 - 0.999^t)} + 10^{-7}} + d\,w \right)$$
#
# `w`, `m`, `a`, `g` have one shape; leave them as they were. About 4 lines.


# %% exercise="07.4" tags=["raises-exception"]
def adamw(w, m, a, g, t, rate, decay):
    """Step number t (1, 2, ...) of AdamW: (new w, new m, new a), each in w's shape."""
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * g
    a = 0.999 * a + 0.001 * g**2
    step = m / (1 - 0.9**t) / (np.sqrt(a / (1 - 0.999**t)) + 1e-7)
    return w - rate * (step + decay * w), m, a
    ### END SOLUTION


# %% [markdown]
# Try it: a weight that the loss does not care about (slope 0), and one that is pulled to 2, with and without decay.

# %% tags=["raises-exception"]
paths = {}
for decay in (0.0, 0.5):
    w, m, a, path = np.array([1.0, 0.0]), np.zeros(2), np.zeros(2), []
    for t in range(1, 101):
        path.append(w)
        w, m, a = adamw(w, m, a, np.array([0.0, 1.0]) * (w - 2), t, 0.1, decay)
    paths[decay] = np.array(path)
alt = "Left: the idle weight stays at 1; with decay it fades to 0. Right: the other ends at 2; with decay well below."
with figure(alt, 1, 2, height=2.4) as axes:
    for decay, path in paths.items():
        axes[0].plot(path[:, 0], label=f"decay {decay}")
        axes[1].plot(path[:, 1], label=f"decay {decay}")
    for ax, title in zip(axes, ("the idle weight", "pulled to 2")):
        ax.set(xlabel="step", title=title, ylim=(-0.1, 2.4))
    axes[0].legend()

# %% check="07.4"

# %% [markdown]
# ## 07.5 Predict, then read figures (13 points)
#
# **First, before you run anything below.** Adagrad divides by the root of the *sum* of all squared slopes so far.
# Its slope is 1, a hundred times. Its hundredth step is …
#
# - `"a"` as long as its first;
# - `"b"` about a tenth of it;
# - `"c"` about a hundredth of it.

# %% exercise="07.5" tags=["raises-exception"]
# prediction = "a", "b" or "c"
### BEGIN SOLUTION
prediction = "b"
### END SOLUTION

# %%
optimizer, weight, steps = keras.optimizers.Adagrad(0.1), keras.Variable(np.zeros(1, "float32")), []
for _ in range(100):
    before = float(keras.ops.convert_to_numpy(weight)[0])
    optimizer.apply([keras.ops.convert_to_tensor(np.ones(1, "float32"))], [weight])
    steps.append(before - float(keras.ops.convert_to_numpy(weight)[0]))
with figure("The length of Adagrad's steps, from the first to the hundredth.", height=1.8) as ax:
    ax.plot(range(1, 101), steps)
    ax.set(xlabel="step", ylabel="its length", ylim=(0, None))

# %% [markdown]
# **Read these figures.** Left: the ROC curves of two models, A and B. Which has the larger AUC? Which do you take if at
# most 5 % of the healthy may be alarmed? Right: a net's losses. Validation is better than training, from beginning to
# end. `cause` is `"dropout"`, `"over-fitting"` or `"a high learning rate"`.

# %%
false_a, found_a = [0, 0.02, 0.05, 0.1, 0.3, 0.6, 1], [0, 0.55, 0.68, 0.72, 0.78, 0.87, 1]
false_b, found_b = [0, 0.05, 0.1, 0.2, 0.3, 0.6, 1], [0, 0.35, 0.6, 0.88, 0.95, 0.99, 1]
training = [0.95, 0.71, 0.60, 0.53, 0.49, 0.46, 0.44, 0.42, 0.41, 0.40]
validation = [0.72, 0.54, 0.45, 0.40, 0.37, 0.35, 0.33, 0.32, 0.31, 0.31]
alt = "Left: A is above B up to 15 % false alarms, then B. Right: validation loss runs smoothly below training loss."
with figure(alt, 1, 2, height=2.6) as (roc, losses):
    roc.plot(false_a, found_a, "o-", label="A")
    roc.plot(false_b, found_b, "s--", label="B")
    roc.set(xlabel="false alarms among the healthy", ylabel="found among the sick")
    losses.plot(range(1, 11), training, label="training")
    losses.plot(range(1, 11), validation, "o--", label="validation")
    losses.set(xlabel="epoch", ylabel="loss", ylim=(0, 1))
    roc.legend()
    losses.legend()

# %% exercise="07.5" part="b" tags=["raises-exception"]
# larger_auc and few_alarms: "A" or "B"
# cause = "over-fitting", "dropout" or "a high learning rate"
### BEGIN SOLUTION
larger_auc = "B"
few_alarms = "A"
cause = "dropout"
### END SOLUTION

# %% check="07.5"

# %% [markdown]
# ## 07.6 Project, first half: what ails this script? (10 points)
#
# It is to find malignant lumps, and runs without an error. Read it before you run it. Which of these are faults in it?
#
# 1. rows and labels are shuffled apart
# 2. rows that it learns from are used for validation, too
# 3. the inputs are not divided by their spread
# 4. 16 hidden units are too few to learn anything
# 5. new rows are scaled by their own mean, not by the one it learned with
# 6. softmax over a single unit
# 7. tanh does not go with binary cross-entropy
# 8. the learning rate


# %%
def sick(rows, labels, new_rows):
    rng = np.random.default_rng(0)
    rows, labels = rng.permutation(rows), rng.permutation(labels)
    n = 2 * len(rows) // 3
    x, y, x_val, y_val = rows[:n], labels[:n], rows[n // 2 :], labels[n // 2 :]
    x, x_val, new = (table - table.mean(axis=0) for table in (x, x_val, new_rows))
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((x.shape[1],))])
    model.add(keras.layers.Dense(16, activation="tanh"))
    model.add(keras.layers.Dense(1, activation="softmax"))
    model.compile(keras.optimizers.Adam(30.0), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, validation_data=(x_val, y_val), epochs=20, verbose=0).history
    print(f"validation accuracy {history['val_accuracy'][-1]:.2f}, loss {history['loss'][-1]:.2f}")
    return (model.predict(new, verbose=0)[:, 0] > 0.5).astype(int)


# %% [markdown]
# `faults`: their numbers one after another, as one whole number (`148` would be 1, 4 and 8). `flatters`: the number of
# the one that makes the validation accuracy look *better* than the net is, in a script that has no other fault.

# %% exercise="07.6" tags=["raises-exception"]
# faults = a whole number
# flatters = a whole number
### BEGIN SOLUTION
faults = 123568
flatters = 2
### END SOLUTION

# %% [markdown]
# Now run it:

# %%
import warnings

warnings.filterwarnings("ignore", message="softmax")  # Keras warns of one of the faults: find it yourself
lumps, benign = datasets.breast_cancer.load_data()
order = np.random.default_rng(5).permutation(569)
rows, labels, learned, new = lumps[:, :10], 1 - benign, order[:360], order[360:]
said = sick(rows[learned], labels[learned], rows[new])
print(f"new lumps: {(said == labels[new]).mean():.2f} right; always saying 'benign': {1 - labels[new].mean():.2f}")

# %% check="07.6"

# %% [markdown]
# ## 07.7 Project, second half: cure it (18 points)
#
# Write it anew in pieces, without the faults, so that it judges at least 90 % of new lumps rightly.
#
# `rows` (n, d), `labels` (n,), `order` (n,): the row numbers, shuffled. The first two thirds of `order` (`2 * n // 3`)
# are to learn from, the others for validation. About 3 lines.


# %% exercise="07.7" tags=["raises-exception"]
def deal(rows, labels, order):
    """Learning rows and their labels, validation rows and their labels: four arrays, each row with its own label."""
    ### BEGIN SOLUTION
    n = 2 * len(order) // 3
    return rows[order[:n]], labels[order[:n]], rows[order[n:]], labels[order[n:]]
    ### END SOLUTION


# %% [markdown]
# `scale` divides by the spread (`std`), column by column. A column whose spread is 0 is divided by 1. About 3 lines.


# %% exercise="07.7" part="b" tags=["raises-exception"]
def scale(learn, other):
    """Both tables, scaled so that each column of learn has mean 0 and spread 1; other by the same numbers."""
    ### BEGIN SOLUTION
    mean, spread = learn.mean(axis=0), learn.std(axis=0)
    spread = np.where(spread == 0, 1, spread)
    return (learn - mean) / spread, (other - mean) / spread
    ### END SOLUTION


# %% exercise="07.7" part="c" tags=["raises-exception"]
# LAST: the activation of the last layer, Dense(1, ...): "softmax", "sigmoid", "relu" or "tanh"
# RATE: Adam's learning rate: 30.0, 0.01 or 0.000001
### BEGIN SOLUTION
LAST = "sigmoid"
RATE = 0.01
### END SOLUTION

# %% [markdown]
# And the whole, at most 20 seconds: `new_rows` (m, d); the result has shape (m,), only 0 and 1. About 12 lines.


# %% exercise="07.7" part="d" tags=["raises-exception"]
def cured(rows, labels, new_rows):
    """Train on rows and labels; for each new row 1 if it is malignant, else 0, as an array of shape (m,)."""
    ### BEGIN SOLUTION
    order = np.random.default_rng(0).permutation(len(rows))
    x, y, x_val, y_val = deal(rows, labels, order)
    new = scale(x, new_rows)[1]
    x, x_val = scale(x, x_val)
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(16, activation="tanh"), keras.layers.Dense(1, activation=LAST)]
    net = keras.Sequential([keras.Input(x.shape[1:]), *layers])
    net.compile(keras.optimizers.Adam(RATE), "binary_crossentropy", metrics=["accuracy"])
    net.fit(x, y, validation_data=(x_val, y_val), epochs=20, verbose=0)
    return (net.predict(new, verbose=0)[:, 0] > 0.5).astype(int)
    ### END SOLUTION


# %% [markdown]
# Try it: before and after the cure.

# %% tags=["raises-exception"]
after = cured(rows[learned], labels[learned], rows[new])
scores = {"always benign": 1 - labels[new].mean(), "sick": (said == labels[new]).mean()}
scores["cured"] = (after == labels[new]).mean()
with figure("Three bars: the cured script is right for more than nine of ten new lumps.", height=1.8) as ax:
    ax.barh(list(scores), list(scores.values()))
    ax.set(xlabel="accuracy on new lumps", xlim=(0, 1))

# %% check="07.7"

# %% [markdown]
# ## 07.8 In your own words (5 points, read by a person)
#
# A table has 100 rows and 5,000 columns; its labels are tosses of a coin. Somebody keeps the ten columns that go best
# with the labels of all rows, then measures a net on them by five folds: 85 % right. How can that be? What should they
# have done? Two or three sentences.

# %% [markdown] words="07.8" points=5
# Among 5,000 columns of chance some go with any labels, also with those of the rows that are later held out: the choice
# has seen them, so the folds are no judge of it. The columns must be chosen anew in each fold, from its learning rows
# only; then about 50 % come out, as they should for a coin.

# %% [markdown]
# ## How far are you?

# %%
progress()
