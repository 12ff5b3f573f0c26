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
# # What next
#
# **You will** race optimizers, measure models fairly, search settings, join nets to teams, teach one to play, and cure
# sick ones.
#
# **You will learn** what to reach for when the first model is not good enough.
#
# **You need** [lesson 4](04_first_models.ipynb). **Time:** two hours, in any order; running it all takes under 90
# seconds.

# %%
import numpy as np

from kerastutor import keras
from kerastutor.datasets import breast_cancer, segment
from kerastutor.widgets import figure

SCALE = "small"  # "full": transfer learning on all digits, as in Keras's own example (minutes)
Input, Dense, L2 = keras.Input, keras.layers.Dense, keras.regularizers.L2

# %% [markdown]
# ## The finished result first
#
# Seven optimizers, side by side, down one valley. Drag the start, turn the learning rates, choose another surface.
# **The question:** can you make `sgd` win? And `momentum` lose?

# %% tags=["kerastutor-only"]
from kerastutor.widgets import OptimizerRace

field = {name: name for name in ("sgd", "momentum", "adagrad", "rmsprop", "adam", "adamax")}
race = OptimizerRace(field | {"adadelta": keras.optimizers.Adadelta(1.0)}, "ravine", steps=100)
race

# %% [markdown]
# <details><summary>An answer</summary>
#
# On the bowl, a rate of 0.5 takes `sgd` to the bottom in a single step. `momentum` loses wherever its rate is so high
# that it swings from wall to wall.
#
# </details>
#
# ## 1. What is the difference between the seven?
#
# All compute a step from the slope $g$:
#
# $$\text{sgd: } \eta g \qquad \text{momentum: } v \leftarrow 0.9\,v - \eta g \qquad
# \text{the others: } \eta\, \frac{m}{\sqrt{a}}$$
#
# with $m$ a mean of recent slopes, and $a$ of recent squares. So the size of $g$ cancels.
#
# **Predict before you run.** One first step each, with $\eta = 0.1$, where the slope is 0.01, 1 and 100. Whose step
# depends on the slope?
#
# <details><summary>Answer</summary>
#
# `sgd` and `momentum` step in proportion to the slope. `adam`, `adamax` and `rmsprop` step by the same length
# whatever it is. `adagrad` starts from $a = 0.1$, so tiny slopes stay tiny. `adadelta` sets its step by its own past
# steps: it begins with nearly none.
#
# </details>


# %%
def seven(rate):
    o = keras.optimizers
    kinds = o.Adagrad, o.RMSprop, o.Adam, o.Adadelta, o.Adamax
    sgd = {"sgd": o.SGD(rate), "momentum": o.SGD(rate, momentum=0.9)}
    return sgd | {kind.__name__.lower(): kind(rate) for kind in kinds}


# %%
def walk(optimizer, slopes):
    w = keras.Variable(np.zeros(1, "float32"))
    for slope in slopes:
        optimizer.apply([keras.ops.convert_to_tensor(np.array([slope], "float32"))], [w])
    return -float(keras.ops.convert_to_numpy(w)[0])


print("slope     ", *(f"{slope:>8}" for slope in (0.01, 1, 100)))
for name in seven(0.1):
    steps = [walk(seven(0.1)[name], [slope]) for slope in (0.01, 1, 100)]
    print(f"{name:10}", *(f"{step:8.3f}" for step in steps))


# %%
# Adam by hand, with its two corrections for having begun at zero
def adam_by_hand(slopes, rate=0.1, w=0.0, m=0.0, a=0.0):
    for t, g in enumerate(slopes, start=1):
        m = 0.9 * m + 0.1 * g
        a = 0.999 * a + 0.001 * g * g
        w -= rate * (m / (1 - 0.9**t)) / np.sqrt(a / (1 - 0.999**t))
    return -w


slopes = [1.0, -2.0, 0.5]
print(f"by hand {adam_by_hand(slopes):.4f}   Keras {walk(keras.optimizers.Adam(0.1), slopes):.4f}")
assert abs(adam_by_hand(slopes) - walk(keras.optimizers.Adam(0.1), slopes)) < 1e-4

# %%
(images, labels), (test_images, test_labels) = keras.datasets.mnist.load_data()  # shared
x_digits, x_test = (a.reshape(-1, 784).astype("float32") / 255 for a in (images, test_images))


def digit_net(optimizer, hidden=(64,), activation="relu"):
    net = keras.Sequential([*(Dense(n, activation) for n in hidden), Dense(10, "softmax")])
    net.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


# %%
# Now on 2,000 digits, each with Keras's learning rate; adadelta also with that of its inventor
field, curves = {name: type(one)() for name, one in seven(0.1).items()}, {}
field |= {"momentum": seven(0.01)["momentum"], "adadelta at 1.0": seven(1.0)["adadelta"]}
for name, optimizer in field.items():
    keras.utils.set_random_seed(1)
    history = digit_net(optimizer).fit(x_digits[:2000], labels[:2000], epochs=6, verbose=0)
    curves[name] = history.history["loss"]

alt = "Loss over six epochs, eight lines: adadelta stays on top, adagrad and sgd fall slowly."
with figure(alt, height=3.2) as ax:
    for number, (name, curve) in enumerate(curves.items()):
        ax.plot(range(1, 7), curve, "--" if number > 6 else "-", label=name)
    ax.set(xlabel="epoch", title="training loss, each with its default learning rate")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
assert curves["adadelta"][-1] > 2 > 0.6 > curves["adadelta at 1.0"][-1]

# %% [markdown]
# **An erratum.** Tutorials of 2017 write `optimizer="adadelta"`. That meant a rate of 1.0; in Keras 3 it means
# 0.001, and their nets learn almost nothing.
#
# ## 2. What does accuracy hide?
#
# 569 lumps, 212 malignant: those we look for.

# %%
x_lumps, benign = breast_cancer.load_data()  # shared
x_lumps, malignant = x_lumps.astype("float32"), 1 - benign
keras.utils.set_random_seed(7)
print(f"always saying 'benign' is right in {1 - malignant.mean():.0%} of all cases")

# %% [markdown]
# And it finds not one cancer. So count the alarms: true (TP) or false (FP), and the missed ones (FN).
#
# $$\text{precision} = \frac{TP}{TP + FP} \qquad \text{recall} = \frac{TP}{TP + FN} \qquad
# F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}$$
#
# One source says that Keras has no such metrics. They go into `compile` like any other.

# %%
truth = np.array([[1], [1], [1], [1], [0], [0], [0]])
says = np.array([[0.9], [0.6], [0.2], [0.3], [0.7], [0.1], [0.2]])
# three alarms, two of them true: 2/3.   Four malignant, two found: 2/4.
# F1 = (2 · 2/3 · 2/4) / (2/3 + 2/4) = 4/7
m = keras.metrics
for metric in (m.Precision(), m.Recall(), m.F1Score(average="macro", threshold=0.5)):
    metric.update_state(truth, says)
    print(f"{metric.name:10} {float(metric.result()):.3f}")

# %%
# To leave room for mistakes: two of the 30 measurements only, texture and smoothness
order = np.random.default_rng(0).permutation(569)
learn, held = order[:380], order[380:]
two = x_lumps[:, [1, 4]]
two = (two - two[learn].mean(axis=0)) / two[learn].std(axis=0)
print(f"malignant: {malignant[learn].mean():.0%} and {malignant[held].mean():.0%}")

# %% tags=["figures"]
net = keras.Sequential([Input((2,)), Dense(8, "relu"), Dense(1, "sigmoid")])
metrics = ["accuracy", m.Precision(name="precision"), m.Recall(name="recall"), m.AUC(name="AUC")]
net.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=metrics)
net.fit(two[learn], malignant[learn], epochs=40, verbose=0)
for name, value in net.evaluate(two[held], malignant[held], return_dict=True, verbose=0).items():
    print(f"{name:10} {value:.2f} ± 0.08")

# %% [markdown]
# **Predict before you run.** An alarm is a probability above 0.5. Lower this threshold to 0.2: what do precision and
# recall do?
#
# <details><summary>Answer</summary>
#
# More alarms: fewer cancers missed, so recall rises. More of them false, so precision falls.
#
# </details>

# %%
p, sick = net.predict(two[held], verbose=0)[:, 0], malignant[held] == 1
thresholds = np.linspace(0.02, 0.9, 60)
found = np.array([(p[sick] > t).mean() for t in thresholds])
false = np.array([(p[~sick] > t).mean() for t in thresholds])
right = np.array([sick[p > t].mean() if (p > t).any() else 1 for t in thresholds])
alt = "Left: precision rises and recall falls with the threshold. Right: the ROC curve."
with figure(alt, 1, 2) as (left, roc):
    left.plot(thresholds, right, label="precision")
    left.plot(thresholds, found, label="recall")
    left.set(xlabel="threshold", ylim=(0, 1.05))
    left.legend()
    roc.plot([1, *false, 0], [1, *found, 0])
    roc.plot([0, 1], [0, 1], ":", color="grey")
    roc.set(xlabel="false alarms among the healthy", title="ROC curve: recall")
assert found[12] >= found[33]

# %% [markdown]
# AUC is the area under the right curve: one number for all thresholds; 0.5 would be guessing.
#
# ## 3. Which activation?
#
# A deep net multiplies the slopes of its layers. Sigmoid's largest slope is $\frac14$, at 0.
#
# **Predict before you run.** Eight hidden layers of 32: what is left of the slope with sigmoid, at best? With
# relu?
#
# <details><summary>Answer</summary>
#
# Sigmoid: $0.25^8 \approx 0.000015$. Relu: $1^8 = 1$, where it is not zero.
#
# </details>

# %% tags=["nbval-ignore-output"]
score = {}
for name in ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "silu", "gelu"):
    keras.utils.set_random_seed(2)
    net = digit_net("adam", hidden=[32] * 8, activation=name)
    net.fit(x_digits[:3000], labels[:3000], epochs=4, verbose=0)
    score[name] = net.evaluate(x_test[:2000], test_labels[:2000], verbose=0)[1]
    print(f"{name:11} {score[name]:.2f}", "█" * int(40 * score[name]))
print(f"sigmoid's slope, at best: 0.25 ** 8 = {0.25**8:.6f}")
assert score["sigmoid"] < 0.4 < 0.75 < score["relu"]

# %% [markdown]
# Start with relu; if units die (always zero), try gelu or leaky relu.
#
# ## 4. How do I stop it learning by heart?
#
# *L2* adds $\lambda \sum w^2$ to the loss, *dropout* switches units off at random, *augmentation* makes new
# pictures out of old.
#
# **Predict before you run.** 500 digits only, and a net of 256 units. Which of the three helps most?
#
# <details><summary>Answer</summary>
#
# Augmentation: a shifted digit is new, and true. The other two only restrain the net: here they show in the test
# loss (it is less sure where it is wrong) more than in the accuracy.
#
# </details>


# %%
def careful_net(l2=0.0, dropout=0.0, shift=0.0):
    moved = keras.layers.RandomTranslation(shift, shift, fill_mode="constant")
    inner = [moved, keras.layers.Flatten(), Dense(256, "relu", kernel_regularizer=L2(l2))]
    net = keras.Sequential([*inner, keras.layers.Dropout(dropout), Dense(10, "softmax")])
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


# %% tags=["nbval-ignore-output"]
square, square_test = x_digits.reshape(-1, 28, 28, 1), x_test.reshape(-1, 28, 28, 1)
losses = {}
for cure in ({}, {"l2": 0.003}, {"dropout": 0.5}, {"shift": 0.1}):
    keras.utils.set_random_seed(3)
    net = careful_net(**cure)
    history = net.fit(square[:500], labels[:500], epochs=60, verbose=0).history["accuracy"]
    loss, test = net.evaluate(square_test[:4000], test_labels[:4000], verbose=0)
    losses[next(iter(cure), "nothing")] = loss
    print(f"{str(cure):18} training {history[-1]:.3f}, test {test:.3f}, loss {loss:.3f}")
assert losses["shift"] < losses["l2"] < losses["nothing"]

# %% [markdown]
# ## 5. Was the split just lucky?
#
# *k-fold*: cut the data into $k$ parts, hold out each once, learn from the rest. Keras models become estimators of
# scikit-learn by `keras.wrappers`; the scaling is inside, so it never sees the held-out part.

# %% tags=["figures"]
from sklearn.model_selection import KFold, cross_val_score  # shared
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folds = np.array_split(np.arange(569), 5)  # by hand
assert all((a == b).all() for a, (_, b) in zip(folds, KFold(5).split(x_lumps)))


def table_net(X, y, rate=0.01, units=16):
    net = keras.Sequential([Input(X.shape[1:]), Dense(units, "relu"), Dense(y.shape[1], "softmax")])
    net.compile(keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])
    return net


# a class, for Keras 3.15 forgets `fit_kwargs` when scikit-learn copies an estimator
class Net(keras.wrappers.SKLearnClassifier):
    def fit(self, X, y):
        return super().fit(X, y, epochs=10, batch_size=32, verbose=0)


def estimator(**settings):
    net = Net(table_net, model_kwargs=settings, fit_kwargs={"verbose": 0})
    return make_pipeline(StandardScaler(), net)


five = KFold(5, shuffle=True, random_state=0)
fold_scores = cross_val_score(estimator(), x_lumps, malignant, cv=five)
print("the best and the worst fold differ by more than 1 %:", np.ptp(fold_scores) > 0.01)
print(f"mean of five folds {fold_scores.mean():.3f} ± 0.015")

# %% [markdown]
# ## 6. Which settings?
#
# Learning rate and units are *hyper-parameters*: no gradient leads to them, so one has to try. Nine trials, on a
# *grid*, at *random*, or *Bayesian*: a Gaussian process predicts for each point a mean score $\mu$ and how unsure it
# is, $\sigma$; the next trial is where $\mu + \sigma$ is largest.

# %% tags=["nbval-ignore-output"]
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, ShuffleSplit

x_patches, patches = segment.load_data()  # shared
common = dict(cv=ShuffleSplit(1, test_size=0.3, random_state=0), refit=False)  # one split for all
KEY = "net__model_kwargs"


def settings(points):  # (log10 of the rate, log2 of the units) as scikit-learn wants them
    return {KEY: [{"rate": float(10.0**a), "units": int(2**b)} for a, b in points]}


grid = [(a, b) for a in (-4.0, -2.0, 0.0) for b in (1, 3, 5)]
chance = np.random.default_rng(4)
cloud = np.column_stack([chance.uniform(-4, 0, 60), chance.integers(1, 6, 60)])
search = GridSearchCV(estimator(), settings(grid), **common).fit(x_patches, patches)
by_grid = search.cv_results_["mean_test_score"]
search = RandomizedSearchCV(estimator(), settings(cloud), n_iter=9, random_state=1, **common)
search.fit(x_patches, patches)
by_chance = search.cv_results_["mean_test_score"]
print(f"best by grid {by_grid.max():.3f}, by chance {by_chance.max():.3f}")

# %% tags=["nbval-ignore-output"]
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel

kernel = RBF([1.0, 2.0]) + WhiteKernel(0.01)
tried, by_hope = [0, 1, 2], []
while len(by_hope) < 9:
    trial = GridSearchCV(estimator(), settings(cloud[tried[len(by_hope):]]), **common)
    by_hope.extend(trial.fit(x_patches, patches).cv_results_["mean_test_score"])
    process = GaussianProcessRegressor(kernel, optimizer=None, normalize_y=True)
    mean, unsure = process.fit(cloud[tried], by_hope).predict(cloud, return_std=True)
    hope = mean + unsure
    hope[tried] = -np.inf
    tried.append(int(hope.argmax()))
print("Bayesian, in order:", np.round(by_hope, 2))
assert max(by_hope) > 0.85

# %%
chosen = search.cv_results_["param_" + KEY]
chosen = np.array([(np.log10(one["rate"]), np.log2(one["units"])) for one in chosen])
trials = {"grid": (np.array(grid), by_grid), "random": (chosen, by_chance)}
trials["Bayesian"] = (cloud[tried[:9]], by_hope)
alt = "Nine trials of each search in the plane of rate and units; the Bayesian ones crowd together."
with figure(alt, 1, 3) as axes:
    for ax, (name, (points, scores)) in zip(axes, trials.items()):
        ax.scatter(*points.T, c=scores, s=90, cmap="viridis", vmin=0, vmax=1, edgecolor="grey")
        ax.set(title=f"{name}: {max(scores):.2f}", xlabel="log10 of the rate", xlim=(-4.3, 0.3))
    axes[0].set_ylabel("log2 of the units")

# %% [markdown]
# A grid of nine tries three rates, chance nine. The best score is flattered: the last word is with data that the search
# never saw.
#
# ## 7. Are several nets better than one?
#
# *Bagging*: each net learns from its own random draw of the rows; they vote. *Boosting*: each next one looks at what
# the others got wrong. *Stacking*: a last model learns whom to trust.

# %% tags=["nbval-ignore-output"]
from sklearn.ensemble import BaggingClassifier, StackingClassifier
from sklearn.linear_model import LogisticRegression

x_learn, x_held, y_learn, y_held = x_patches[::3], x_patches[1::3], patches[::3], patches[1::3]
weak = dict(units=3, rate=0.02)  # three hidden units for seven classes
bag = BaggingClassifier(estimator(**weak), n_estimators=6, random_state=0)
nets = [(f"{units} units", estimator(units=units, rate=0.02)) for units in (3, 6, 12)]
stack = StackingClassifier(nets, LogisticRegression(max_iter=1000), cv=2)
teams = {"one net": estimator(**weak), "bagging": bag, "stacking": stack}
team_score = {name: t.fit(x_learn, y_learn).score(x_held, y_held) for name, t in teams.items()}

# %% [markdown]
# Boosting by hand (SAMME): with $\epsilon$ the weighted share of mistakes and $K = 7$ classes, a net's say is
#
# $$s = \ln\frac{1-\epsilon}{\epsilon} + \ln(K-1)$$
#
# and each row it got wrong becomes $e^s$ times as heavy.

# %% tags=["nbval-ignore-output"]
scaler = StandardScaler().fit(x_learn)
a, b, hot = scaler.transform(x_learn), scaler.transform(x_held), keras.utils.to_categorical(y_learn)
weight, votes = np.full(len(a), 1 / len(a)), np.zeros((len(b), 7))
for _ in range(8):
    net = table_net(a, hot, **weak)
    net.fit(a, hot, sample_weight=weight * len(a), epochs=20, verbose=0)
    wrong = net.predict(a, verbose=0).argmax(axis=1) != y_learn
    say = np.log((1 - weight[wrong].sum()) / weight[wrong].sum()) + np.log(6)
    weight *= np.exp(say * wrong)
    weight /= weight.sum()
    votes += say * np.eye(7)[net.predict(b, verbose=0).argmax(axis=1)]
team_score["boosting"] = (votes.argmax(axis=1) == y_held).mean()
for name, value in team_score.items():
    print(f"{name:9} {value:.3f}", "█" * int(40 * value))
assert min(team_score["bagging"], team_score["stacking"]) > team_score["one net"]

# %% [markdown]
# A team helps where its members make *different* mistakes.
#
# ## 8. Which columns matter?
#
# Breast cancer has 30. Choose three: a *filter* looks at each column alone; a *wrapper* trains again and again; an
# *embedded* way lets training drop columns: here *L1*, which adds $\lambda \sum |w|$. Its slope is $\pm\lambda$ however
# small $w$ is, so weights that earn nothing go to zero.

# %% tags=["nbval-ignore-output"]
from sklearn.feature_selection import SelectKBest, SequentialFeatureSelector, f_classif

z = StandardScaler().fit(x_lumps[learn]).transform(x_lumps)  # shared
ways = {"filter": SelectKBest(f_classif, k=3)}
neuron = LogisticRegression(tol=0.01)  # one sigmoid neuron: a wrapper needs many trainings
ways["wrapper"] = SequentialFeatureSelector(neuron, n_features_to_select=3, cv=3)
names = breast_cancer.get_feature_names()
choices = {"all 30": np.arange(30)}
for name, way in ways.items():
    choices[name] = way.fit(z[learn], malignant[learn]).get_support(indices=True)
keras.utils.set_random_seed(5)
sparse = Dense(1, "sigmoid", kernel_regularizer=keras.regularizers.L1(0.05))
net = keras.Sequential([Input((30,)), sparse])
net.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
net.fit(z[learn], malignant[learn], epochs=60, verbose=0)
strength = np.abs(sparse.get_weights()[0][:, 0])
choices["embedded"] = np.sort(strength.argsort()[-3:])
for name in ("filter", "wrapper", "embedded"):
    print(f"{name:9}", *(names[i] for i in choices[name]), sep="   ")

# %% tags=["nbval-ignore-output"]
for name, columns in choices.items():
    net = estimator().fit(z[learn][:, columns], malignant[learn])
    print(f"{name:9} {net.score(z[held][:, columns], malignant[held]):.3f}")
related = np.corrcoef(z[:, choices["filter"]].T)[np.triu_indices(3, 1)]
print("correlations among the filter's three:", related.round(2))
assert related.min() > 0.75

# %% [markdown]
# Three columns come near to 30. The filter's three say nearly the same: it never compares columns.
#
# ## 9. Can a net use what another has learned?
#
# *Transfer*: learn digits 0–4; keep the convolutions, frozen (`trainable = False`), and learn only the last layers
# anew, for 5–9.
#
# **Predict before you run.** Which learns faster from 200 digits 5–9: this net, or a fresh one, free to move all?
#
# <details><summary>Answer</summary>
#
# The frozen one: it already sees strokes, and has fewer numbers to find.
#
# </details>


# %%
def features(filters):
    conv, pool = keras.layers.Conv2D, keras.layers.MaxPooling2D
    two = [layer for _ in range(2) for layer in (conv(filters, 3, activation="relu"), pool())]
    return keras.Sequential([Input((28, 28, 1)), *two, keras.layers.Flatten()])


rows, few, epochs = (10000, 200, 3) if SCALE == "small" else (60000, 60000, 5)


# %%
def with_head(base):
    net = keras.Sequential([base, Dense(64, "relu"), Dense(5, "softmax")])
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


low, high = labels[:rows] < 5, labels[:rows] >= 5
low_test, high_test = test_labels < 5, test_labels >= 5

# %% tags=["figures"]
base = features(32)
teacher = with_head(base)
teacher.fit(square[:rows][low], labels[:rows][low], epochs=epochs, verbose=0)
score = teacher.evaluate(square_test[low_test], test_labels[low_test], verbose=0)[1]
print(f"digits 0–4 {score:.3f} ± 0.01")

# %% tags=["figures"]
before = [w.copy() for w in base.get_weights()]
base.trainable = False
new_digits, new_labels = square[:rows][high][:few], labels[:rows][high][:few] - 5
both = {"transferred": with_head(base), "from scratch": with_head(features(32))}
how = dict(epochs=8, batch_size=16, verbose=0)
how["validation_data"] = square_test[high_test], test_labels[high_test] - 5
curves = {}
for name, net in both.items():
    curves[name] = net.fit(new_digits, new_labels, **how).history["val_accuracy"]
    print(f"digits 5–9 {name} {curves[name][-1]:.3f} ± 0.05")
assert all((a == b).all() for a, b in zip(before, base.get_weights()))
assert all(curves["transferred"][epoch] > curves["from scratch"][epoch] for epoch in range(2))

# %% [markdown]
# All digits (`SCALE = "full"`), beside [Keras's example](https://keras.io/examples/), a larger net:
#
# | | digits 0–4 | 5–9, transferred | 5–9, from scratch |
# |---|---|---|---|
# | Keras's example | 0.998 | 0.992 | |
# | here, full | 0.998 | 0.992 | 0.995 |
#
# With 29,000 digits the fresh net catches up: transfer pays where data is scarce.
#
# ## 10. And data larger than memory?
#
# "Only for small data", a source says. Yet `fit` takes whatever gives batches. All digits lie in an HDF5 file, and a
# *PyDataset* reads 128 when they are wanted.

# %%
import tempfile

import h5py

folder = tempfile.TemporaryDirectory()
path = f"{folder.name}/digits.h5"
with h5py.File(path, "w") as file:
    file["x"], file["y"] = images.reshape(-1, 784), labels


# %%
import tracemalloc


class OnDisk(keras.utils.PyDataset):
    def __init__(self, file, batch=128):
        super().__init__()
        self.x, self.y, self.batch = file["x"], file["y"], batch

    def __len__(self):
        return len(self.x) // self.batch

    def __getitem__(self, i):
        rows = slice(i * self.batch, (i + 1) * self.batch)
        return self.x[rows].astype("float32") / 255, self.y[rows]


with h5py.File(path) as file:
    net, data = digit_net("adam"), OnDisk(file)
    tracemalloc.start()
    history = net.fit(data, verbose=0).history
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
print(f"{images.size * 4 / 1e6:.0f} MB in all; less than 20 MB in memory at once: {peak < 20e6}")
assert history["accuracy"][-1] > 0.8

# %% [markdown]
# ## 11. Can a net learn without being told what is right?
#
# *Reinforcement*: nobody labels moves; only the end of a game says won (1), drawn (0) or lost (−1). The net learns what
# a board is worth to x:
#
# $$\underset{n \times 9}{\text{boards}} \rightarrow 64 \rightarrow 64 \rightarrow
# \underset{n \times 1}{\text{worth}}$$
#
# x takes the move with the highest worth; now and then a random one (it *explores*). o always moves at random.


# %%
f = np.arange(9).reshape(3, 3)
LINES = np.array([*f, *f.T, f.diagonal(), f[::-1].diagonal()])
chance = np.random.default_rng(0)


def winner(boards):
    # 1 where x (1) has won, -1 where o (-1) has, else 0
    sums = boards[:, LINES].sum(axis=2)
    return (sums == 3).any(axis=1) * 1 - (sums == -3).any(axis=1)


# %%
def worth(net, boards):
    """What each move of x is worth: shape (n, 9), minus infinity where a field is taken."""
    after = (boards[:, None] + np.eye(9)).reshape(-1, 9).astype("float32")
    return np.where(boards == 0, net.predict_on_batch(after).reshape(-1, 9), -np.inf)


# %%
def play(net, games=300, explore=0.0):
    boards, seen, game = np.zeros((games, 9)), [], []
    for turn in range(9):
        random = np.where(boards == 0, chance.random((games, 9)), -np.inf)
        if turn % 2:
            move = random.argmax(axis=1)
        else:
            at_random = chance.random(games) < explore
            move = np.where(at_random, random.argmax(axis=1), worth(net, boards).argmax(axis=1))
        going_on = np.flatnonzero(winner(boards) == 0)
        boards[going_on, move[going_on]] = -1 if turn % 2 else 1
        if turn % 2 == 0:
            seen.append(boards[going_on].astype("float32"))
            game.append(going_on)
    result = winner(boards)
    return np.concatenate(seen), result[np.concatenate(game)], result


# %% tags=["figures"]
keras.utils.set_random_seed(3)
player = keras.Sequential([Input((9,)), Dense(64, "relu"), Dense(64, "relu"), Dense(1, "tanh")])
player.compile(keras.optimizers.Adam(0.003), "mse")
won = []
for _ in range(10):
    boards, ends, result = play(player, explore=0.2)
    player.fit(boards, ends, epochs=4, batch_size=64, verbose=0)
    won.append((play(player)[2] == 1).mean())
print(f"share of games won against chance {won[-1]:.3f} ± 0.08")

first = worth(player, np.zeros((1, 9))).reshape(3, 3)
alt = "Left: the share of games won rises with the rounds. Right: what each opening move is worth."
with figure(alt, 1, 2) as (left, right):
    left.plot(range(1, 11), won, "o-")
    left.set(xlabel="round of 300 games", title="games won", ylim=(0.5, 1))
    right.imshow(first, cmap="Blues")
    right.set(xticks=[], yticks=[], title="worth of the first move")
    right.grid(False)
assert won[-1] > 0.85

# %%
# Predict before you run: x on the fields 0 and 1, o on 3 and 4 (numbered row by row, from 0).
# Nobody has told it the rules. Where will it go?
board = np.array([[1, 1, 0, -1, -1, 0, 0, 0, 0]])
print("its move:", worth(player, board).argmax())

# %% [markdown]
# ## 12. What ails this net?
#
# Three sick nets, all on breast cancer. Make your diagnosis from their losses. First question: does the loss begin near
# $\ln(\text{classes})$, the loss of guessing?


# %%
import warnings


def patient(x=z, activation="sigmoid", rate=0.01):
    keras.utils.set_random_seed(0)
    with warnings.catch_warnings():  # Keras warns of one of the three: find it yourself
        warnings.simplefilter("ignore")
        net = keras.Sequential([Input((30,)), Dense(16, "tanh"), Dense(1, activation)])
        net.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
        return net.fit(x[learn], malignant[learn], epochs=15, verbose=0).history["loss"]


well = patient()
ill = {"A": patient(x=x_lumps), "B": patient(activation="softmax"), "C": patient(rate=30.0)}
alt = "Three sick losses beside the healthy one: A wavers, B stands at ten, C stands still at once."
with figure(alt, 1, 3) as axes:
    for ax, (name, loss) in zip(axes, ill.items()):
        ax.plot(range(1, 16), well, label="healthy")
        ax.plot(range(1, 16), loss, "--", label="sick")
        ax.set(title=f"patient {name}: loss", xlabel="epoch", ylim=(0, None))
    axes[1].legend(loc="center")
print("largest input:", x_lumps.max())
print(f"ln 2 = {np.log(2):.2f}; at the end the healthy one is below 0.1: {well[-1] < 0.1}")
assert all(loss[-1] > 0.3 for loss in ill.values())

# %% [markdown]
# <details><summary>Diagnoses and cures</summary>
#
# A: *input not scaled*: the largest is 4,254, so tanh is at its ends, where its slope is 0. Cure: `StandardScaler` or
# `Normalization`.
#
# B: *wrong last layer*: softmax over one unit is always 1, so the loss can't move. Cure: sigmoid, or two units.
#
# C: *learning rate* 30: one leap to where all slopes are 0. Cure: divide by ten until the loss falls.
#
# </details>
#
# ## 13. And the scripts of 2017?
#
# `kerastutor migrate` shows how they read today; `--write` changes the file.

# %% tags=["kerastutor-only"]
import subprocess
import sys

OLD = """from keras.models import Sequential
from keras.layers.core import Dense, Dropout
from keras.optimizers import Adadelta
from keras.utils import np_utils

model = Sequential()
model.add(Dense(output_dim=64, input_dim=784, init='uniform', activation='relu'))
model.add(Dropout(p=0.5))
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer=Adadelta(lr=1.0), metrics=['acc'])
history = model.fit(x, np_utils.to_categorical(y, 10), nb_epoch=5, verbose=0)
print(history.history['acc'])
"""
with open(f"{folder.name}/old.py", "w") as file:
    file.write(OLD)
command = [sys.executable, "-m", "kerastutor", "migrate", "old.py"]
done = subprocess.run(command, cwd=folder.name, capture_output=True, text=True)
print(done.stdout)
assert "+history = model.fit(x, to_categorical(y, 10), epochs=5" in done.stdout

# %%
path = f"{folder.name}/player.keras"
player.save(path)
boards, same = boards[:50], keras.saving.load_model(path)
assert np.allclose(player.predict(boards, verbose=0), same.predict(boards, verbose=0), atol=1e-6)
with open(path, "rb") as file:  # it does not say who wrote it
    assert b"tutor" not in file.read()

# %% [markdown]
# ## 14. Where to go on
#
# All you know now is Keras. In any environment with `pip install keras jax`, that file opens:
#
# ```python
# import keras
# player = keras.saving.load_model("player.keras")
# ```
#
# Then read [Keras's examples](https://keras.io/examples/): you can now follow most.
#
# ## Try it yourself
#
# **Exercise 1.** AUC is also the chance that a malignant lump gets a higher probability than a benign one. Check it
# for section 2, by comparing all pairs.

# %%
# your code, about 3 lines: p[sick][:, None] > p[~sick][None, :]

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# area = keras.metrics.AUC(num_thresholds=1000)
# area.update_state(sick, p)
# print((p[sick][:, None] > p[~sick][None, :]).mean(), float(area.result()))
# ```
#
# They agree to two digits.
#
# </details>
#
# **Exercise 2.** Unfreeze the base of section 9 and train on, with a learning rate of 0.0001 (*fine-tuning*).

# %%
# your code, about 4 lines: base.trainable = True, with_head(base), compile again, fit

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# tuned = with_head(base)
# tuned.fit(new_digits, new_labels, epochs=15, batch_size=16, verbose=0)   # frozen: the head first
# base.trainable = True                                                    # then everything, slowly
# tuned.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
# tuned.fit(new_digits, new_labels, epochs=15, batch_size=16, verbose=0)
# print(tuned.evaluate(square_test[high_test], test_labels[high_test] - 5, verbose=0)[1])
# ```
#
# `trainable` counts when `compile` is called: without a new one nothing changes.
#
# </details>
#
# ## Summary
#
# - Optimizers differ in how they scale the slope; try `adam`, then its learning rate.
# - Accuracy hides rare classes: look at precision, recall, AUC; trust folds more than one split.
# - More (or augmented) data, then L2 and dropout, against learning by heart.
# - Search, teams, and transferred layers each buy accuracy with computing time.
# - A net that does not learn: scale, last layer and loss, learning rate, in this order.
#
# ## What comes
#
# You have finished the course. Build something of your own.
