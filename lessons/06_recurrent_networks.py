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
# # Recurrent networks
#
# **You will** train networks that read film reviews word by word, write like *Alice in Wonderland* letter by letter,
# and foretell the spots of the Sun.
#
# **You will learn** what SimpleRNN, LSTM and GRU compute, why the first forgets, and what masking is for.
#
# **You need** lesson 4. **Time:** about 90 minutes; running it all takes under 90 seconds.

# %%
import inspect
import time

import numpy as np

from kerastutor import keras
from kerastutor.datasets import alice, sunspots
from kerastutor.widgets import GateView, LiveLoss, figure
from kerastutor.widgets.style import BLUE, GREEN, GREY, VERMILLION

SCALE = "small"  # "full": the two experiments of section 4 in full, some five minutes
keras.utils.set_random_seed(6)

# %% [markdown]
# ## The finished result first
#
# IMDB: 50,000 film reviews, half of them good (1), half bad (0). Each word is a number, the smaller the more
# frequent; 1 begins a review, 2 stands for any word rarer than the 5,000 most frequent. Reviews differ in length, a
# batch is a rectangle: keep each one's last 100 words, and fill up in front with 0.

# %%
(reviews, labels), (new_reviews, new_labels) = keras.datasets.imdb.load_data(num_words=5000)
number = {word: n + 3 for word, n in keras.datasets.imdb.get_word_index().items()}
word = {n: w for w, n in number.items()} | {1: "(start)", 2: "?"}
print(reviews[0][:12])
print(" ".join(word[n] for n in reviews[0][:12]), "...  label:", labels[0])
pad = keras.utils.pad_sequences
x_train, y_train = pad(reviews[:5000], maxlen=100), labels[:5000]
x_test, y_test = pad(new_reviews[:2000], maxlen=100), new_labels[:2000]
short = min(range(5000), key=lambda i: len(reviews[i]))
print(x_train.shape, y_train.shape, "the shortest review:", x_train[short][-12:])

# %% [markdown]
# Three layers. Embedding looks up 32 learnt numbers for each word; the LSTM reads them in order and keeps a memory;
# Dense gives the probability that the review is good. `mask_zero` skips the filling (section 5). Once trained, it is
# asked for its opinion of a sentence after the first word, after the second, and so on.


# %%
def reader(recurrent, mask_zero=True):
    inner = [keras.layers.Embedding(5000, 32, mask_zero=mask_zero), recurrent]
    inner.append(keras.layers.Dense(1, activation="sigmoid"))
    model = keras.Sequential([keras.Input((None,)), *inner])  # None: reviews of any length
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


# %% tags=["figures"]
model = reader(keras.layers.LSTM(32))
history = model.fit(x_train, y_train, batch_size=64, epochs=3, callbacks=[LiveLoss()], verbose=0)
accuracy = model.evaluate(x_test, y_test, verbose=0)[1]
print(f"test accuracy of the LSTM {accuracy:.3f} ± 0.04, where chance is 0.5")
assert accuracy > 0.74

# %%
def numbers(sentence):
    return [1] + [number[w] for w in sentence.split()]


def opinions(model, sentence):
    n = numbers(sentence)
    return model.predict(pad([n[: k + 1] for k in range(len(n))]), verbose=0)[:, 0]


bad = "this film was not good it was boring and the acting was terrible"
good = "a wonderful story and great actors i loved the end"
alt = "Probability of a good review after each word: it falls at boring, and rises at wonderful."
with figure(alt, 2, 1, height=4) as axes:
    for ax, sentence in zip(axes, (bad, good)):
        p = opinions(model, sentence)
        ax.plot(p, marker="o", color=BLUE)
        ax.axhline(0.5, color=GREY, linewidth=1)
        ax.set_xticks(range(len(p)), ["(start)", *sentence.split()], rotation=40, ha="right")
        ax.set(ylim=(0, 1), ylabel="P(good)")

# %% [markdown]
# **Write your own sentence** into `good` and run the cell again. Which word turns the opinion?
#
# ## 1. How can a network read in order?
#
# It feeds its output back. Each step of a SimpleRNN mixes the new input with its last state:
#
# $$\underset{units}{h_t} = \tanh\big(\underset{n}{x_t}\,\underset{n\times units}{W}
# + \underset{units}{h_{t-1}}\,\underset{units\times units}{U} + \underset{units}{b}\big)
# \qquad h_0 = 0$$
#
# One unit by hand, with $W = 1$, $U = 0.5$, $b = 0$: it hears a single 1, then silence.

# %%
h = 0.0
for x in (1.0, 0.0, 0.0):
    h = np.tanh(x * 1.0 + h * 0.5)  # tanh(1) = 0.76, tanh(0.38) = 0.36, tanh(0.18) = 0.18
    print(f"x = {x}   h = {h:.2f}")

# %% [markdown]
# **Predict before you run.** How many parameters has a SimpleRNN of 32 units that reads 32 numbers a step? Does the
# length of the review matter? (Below, its loop in NumPy, with the trained weights, beside the layer.)
#
# <details><summary>Answer</summary>
#
# 32 · 32 in $W$, 32 · 32 in $U$, 32 in $b$: 2,080. The same weights serve every step, so the length doesn't matter.
#
# </details>

# %%
keras.utils.set_random_seed(6)
simple = reader(keras.layers.SimpleRNN(32))
simple.fit(x_train, y_train, batch_size=64, epochs=3, verbose=0)
print(simple.layers[1].count_params(), "parameters")
assert simple.layers[1].count_params() == 32 * 32 + 32 * 32 + 32

# %%
vectors = simple.layers[0].get_weights()[0]
(W, U, b), h = simple.layers[1].get_weights(), np.zeros(32)
for n in numbers(bad):
    h = np.tanh(vectors[n] @ W + h @ U + b)
theirs = simple.layers[1](vectors[None, numbers(bad)])
np.testing.assert_allclose(h, np.asarray(theirs)[0], rtol=1e-3, atol=1e-4)

# %% [markdown]
# ## 2. Why does it forget?
#
# To learn from an early word, the slope of the loss must travel back through every step. Each step multiplies it by
#
# $$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\,U^\top$$
#
# With one unit and small $h$ that is just $U$, 100 times for 100 words. With 32 units, follow the slope back by hand:
# run forward, keep the states, then multiply from the last step to the first.


# %%
def slope_lengths(xs, W, U, b):
    h, states = np.zeros(len(b)), []
    for x in xs:
        h = np.tanh(x @ W + h @ U + b)
        states.append(h)
    slope, lengths = np.ones(len(b)) / np.sqrt(len(b)), []
    for h in reversed(states):
        lengths.append(np.linalg.norm(slope))
        slope = U @ (slope * (1 - h**2))
    return lengths


for u in (0.25, 1.0, 1.5):
    print(f"one unit, U = {u}:  U ** 100 = {u**100:.0e}")

# %% [markdown]
# **Predict before you run.** Keras starts $U$ orthogonal: a rotation. What happens to the slope's length? And with a
# quarter of $U$, or half as much again?
#
# <details><summary>Answer</summary>
#
# A rotation keeps lengths, and tanh shrinks them a little. With a quarter it vanishes: the early words teach nothing.
# With half as much again it explodes.
#
# </details>

# %% tags=["nbval-ignore-output"]
fresh = keras.layers.SimpleRNN(32)
fresh.build((None, None, 32))
W, U, b = fresh.get_weights()
long = next(i for i in range(5000) if len(reviews[i]) >= 100)
scales = (1.5, 1.0, 0.25)
lengths = {s: slope_lengths(vectors[x_train[long]], W, s * U, b) for s in scales}
for s in scales:
    print(f"{s} U: length {lengths[s][-1]:.0e} after 99 words")
assert lengths[0.25][-1] < 1e-20 and 1e-4 < lengths[1.0][-1] < 1.01 < lengths[1.5][-1]

alt = "Length of the slope against words back, log scale: 0.25 U vanishes, 1.0 stays, 1.5 explodes."
with figure(alt) as ax:
    for s, marker, colour in zip(scales, "so^", (VERMILLION, BLUE, GREEN)):
        ax.semilogy(lengths[s], marker=marker, color=colour, markevery=10, label=f"{s} U")
    ax.set(xlabel="words back from the end", ylabel="length of the slope")
    ax.legend()

# %% [markdown]
# The orthogonal start is there for this reason. But does the slope's length matter in truth? A test of memory: 40
# numbers, the first is 1 or -1, the others are noise. Which was the first?
#
# **Predict before you run.** A SimpleRNN that starts with $U$ a rotation, and one with a quarter of it: how often is
# each right after three epochs?
#
# <details><summary>Answer</summary>
#
# The rotation learns it, nearly always right. With a quarter, the first number teaches nothing: 0.5, chance. (Given
# more epochs, some starts do find it: Adam divides even a tiny slope by its own size.)
#
# </details>

# %%
rng = np.random.default_rng(6)
x_noise = rng.normal(size=(5000, 40, 1)).astype("float32")
x_noise[:, 0, 0] = rng.choice([-1, 1], 5000)
y_noise = (x_noise[:, 0, 0] > 0).astype("float32")


def remember(layer, epochs=3):
    net = keras.Sequential([keras.Input((40, 1)), layer, keras.layers.Dense(1, "sigmoid")])
    net.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    net.fit(x_noise[:4000], y_noise[:4000], epochs=epochs, verbose=0)
    return net.evaluate(x_noise[4000:], y_noise[4000:], verbose=0)[1]


# %% tags=["figures"]
keras.utils.set_random_seed(6)
for gain, off in ((1.0, 0.3), (0.25, 0.1)):
    start = keras.initializers.Orthogonal(gain=gain)
    score = remember(keras.layers.SimpleRNN(32, recurrent_initializer=start))
    print(f"SimpleRNN, {gain} U: right in {score:.2f} ± {off}")

# %% [markdown]
# ## 3. What do the LSTM's gates do?
#
# A SimpleRNN writes its whole state anew at each step. The LSTM keeps a second state $c$, the memory, which is not.
# Gates, numbers from 0 to 1, decide what is kept ($f$), written ($i$) and shown ($o$):
#
# $$i, f, o = \sigma(x_tW + h_{t-1}U + b) \qquad \tilde c = \tanh(x_tW_c + h_{t-1}U_c + b_c)$$
#
# $$c_t = f\,c_{t-1} + i\,\tilde c \qquad h_t = o\,\tanh(c_t)$$
#
# By hand, one unit whose memory is 2:

# %%
c, candidate = 2.0, -1.0
for f, i in ((1.0, 0.0), (0.5, 0.0), (1.0, 1.0)):
    print(f"keep {f}, write {i}:  c = {f} * {c} + {i} * {candidate} = {f * c + i * candidate}")

# %% [markdown]
# **Predict before you run.** Each of $i, f, \tilde c, o$ has weights of its own. How many has an LSTM of 32 units
# that reads 32 numbers a step? (Then it, too, by hand, beside the layer.)
#
# <details><summary>Answer</summary>
#
# Four times a SimpleRNN: 4 · 2,080 = 8,320.
#
# </details>


# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_by_hand(xs, W, U, b):
    h = c = np.zeros(len(b) // 4)
    for x in xs:
        i, f, candidate, o = np.split(x @ W + h @ U + b, 4)  # side by side, in this order
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = sigmoid(o) * np.tanh(c)
    return h


lstm = model.layers[1]
print(lstm.count_params(), "parameters")
assert lstm.count_params() == 4 * simple.layers[1].count_params()
vectors = model.layers[0].get_weights()[0]
h = lstm_by_hand(vectors[numbers(bad)], *lstm.get_weights())
theirs = lstm(vectors[None, numbers(bad)])
np.testing.assert_allclose(h, np.asarray(theirs)[0], rtol=1e-3, atol=1e-4)
print("agree:", h.shape)

# %% tags=["kerastutor-only"]
# Open the source, and compare it with yours.
print(inspect.getsource(keras.layers.LSTMCell.call))

# %% [markdown]
# Now look into the memory of our reader. **Use the view:** which words move the memory $c$, and how long does it
# last? Which of $i$, $f$, $\tilde c$, $o$ changes most from word to word?

# %% tags=["nbval-ignore-output"]
from IPython.display import display

view = GateView(model, numbers(bad), words=["(start)", *bad.split()])
memory, step = view.gates.values["c"], view.words.index("boring")
view.choose(unit=int(np.abs(memory[step] - memory[step - 1]).argmax()), step=step)
display(view)

# %% [markdown]
# <details><summary>What you may see</summary>
#
# *not*, *boring* and *terrible* move it; what *not* wrote has faded three words later. The gates hardly move, near
# 0.5, and $f$ near 0.75: in three epochs the net has learnt what to write, $\tilde c$, and not yet when.
#
# </details>
#
# Back to forgetting. On its way along $c$ the slope is multiplied by $f$ at each step, and by nothing else. Keras
# starts the bias of $f$ at 1.

# %% tags=["figures"]
spread = {name: view.gates.values[name].std(axis=0).mean() for name in "ifgo"}
print("changes most:", max(spread, key=spread.get), "(g is the candidate)")
print(f"mean of f over the sentence: {view.gates.values['f'].mean():.2f} ± 0.06")
assert spread["g"] > 2 * max(spread[name] for name in "ifo")
for bias in (1, 3):
    f = sigmoid(bias)
    print(f"bias {bias}: f = {f:.2f}, after 40 steps {f**40:.6f}")

alt = "Slope along the memory, log scale: it falls steeply for bias 1, gently for 3 and 5."
with figure(alt) as ax:
    for bias, colour in ((5, VERMILLION), (3, BLUE), (1, GREEN)):
        ax.semilogy(sigmoid(bias) ** np.arange(100), color=colour, label=f"bias {bias}")
    ax.set(xlabel="steps back", ylabel="slope along c")
    ax.legend()

# %% [markdown]
# **Predict before you run.** The test of the 40 numbers again, six epochs: an LSTM as Keras starts it, and one whose
# $f$ has bias 3.
#
# <details><summary>Answer</summary>
#
# The first learns nothing in this time: its slope has shrunk to a few millionths. The second remembers. An LSTM *can*
# remember for long, but it must first find out that it pays; a good start helps.
#
# </details>

# %% tags=["figures"]
keras.utils.set_random_seed(6)
for bias, off in ((1, 0.1), (3, 0.2)):
    layer = keras.layers.LSTM(32)
    layer.build((None, 40, 1))
    layer.cell.bias.assign(np.repeat([0, bias, 0, 0], 32))  # of i, f, candidate, o
    print(f"LSTM, forget bias {bias}: right in {remember(layer, epochs=6):.2f} ± {off}")

# %% [markdown]
# ## 4. Which one reads best?
#
# A GRU has two gates and no second state: $h_t = z\,h_{t-1} + (1-z)\,\tilde h$. Bidirectional reads with two layers,
# one from each end, and joins their outputs.
#
# **Predict before you run.** A GRU has three sets of weights, and two biases in each. How many parameters? And two
# LSTMs of 16 units?
#
# <details><summary>Answer</summary>
#
# GRU: 3 · (32·32 + 32·32 + 2·32) = 6,336. Bidirectional: 2 · 4 · (32·16 + 16·16 + 16) = 6,272.
#
# </details>

# %% tags=["figures"]
scores = {"SimpleRNN": simple.evaluate(x_test, y_test, verbose=0)[1], "LSTM": accuracy}
gru = keras.layers.GRU(32)
both = keras.layers.Bidirectional(keras.layers.LSTM(16))
for name, layer in (("GRU", gru), ("Bidirectional LSTM", both)):
    other = reader(layer)
    other.fit(x_train, y_train, batch_size=64, epochs=3, verbose=0)
    scores[name] = other.evaluate(x_test, y_test, verbose=0)[1]
for name, score in scores.items():
    print(f"{name:19} test accuracy {score:.3f} ± {0.2 if name == 'SimpleRNN' else 0.05}")
assert gru.count_params() == 3 * (32 * 32 + 32 * 32 + 2 * 32)
assert both.count_params() == 2 * 4 * (32 * 16 + 16 * 16 + 16)

# %% [markdown]
# The gated ones read better, and differ among themselves by no more than by chance. How well a SimpleRNN reads depends
# much on its start: hence the wide ±.
#
# Two tutorials train an LSTM on this data, without a mask. Here they are, made small: fewer reviews, 80 words, a
# quarter of the units.

# %%
EXPERIMENTS = {
    "a": dict(num_words=1000, embedding=128, units=128, batch=1000),
    "b": dict(num_words=5000, embedding=50, units=32, batch=128),
}
count, maxlen, shrink = (25000, 400, 1) if SCALE == "full" else (4000, 80, 4)
x_long, x_new = pad(reviews[:count], maxlen=maxlen), pad(new_reviews[:count], maxlen=maxlen)


def experiment(num_words, embedding, units, batch):
    net = keras.Sequential([keras.Input((maxlen,))])
    net.add(keras.layers.Embedding(num_words, embedding // shrink))
    net.add(keras.layers.LSTM(units // shrink))
    net.add(keras.layers.Dense(1, activation="sigmoid"))
    net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    known, unknown = (np.where(x < num_words, x, 2) for x in (x_long, x_new))  # 2: rarer words
    net.fit(known, labels[:count], batch_size=batch // shrink, epochs=3, verbose=0)
    return net.evaluate(unknown, new_labels[:count], batch_size=500, verbose=0)[1]


# %% tags=["figures"]
for name, settings in EXPERIMENTS.items():
    print(f"experiment {name}: test accuracy {experiment(**settings):.3f} ± 0.12")

# %% [markdown]
# The same in full, all reviews and 400 words of each (`SCALE = "full"`):
#
# | | words | vector, units | batch | **test accuracy** | two cores, an epoch |
# |---|---|---|---|---|---|
# | a | 1,000 | 128, 128 | 1,000 | **0.844** | 86 s |
# | b | 5,000 | 50, 32 | 128 | **0.881** | 12 s |
#
# ## 5. What do the zeros do?
#
# Without a mask, a reader walks through the filling before it reaches the first word, and its state moves on the way.
# `mask_zero=True` makes it stand still at every 0.
#
# **Predict before you run.** One sentence, alone and with 50 zeros in front. Does the opinion change, with and
# without a mask?
#
# <details><summary>Answer</summary>
#
# With a mask, not at all. Without, it does, though the zeros say nothing.
#
# </details>

# %%
unmasked = reader(keras.layers.LSTM(32), mask_zero=False)
unmasked.fit(x_train, y_train, batch_size=64, epochs=3, verbose=0)
for name, net in (("masked", model), ("not masked", unmasked)):
    p, q = (net.predict(pad([numbers(bad)], maxlen=n), verbose=0)[0, 0] for n in (14, 64))
    print(f"{name:11} same opinion with zeros in front: {abs(p - q) < 1e-5}")
    assert (abs(p - q) < 1e-5) == (net is model)

# %% [markdown]
# ## 6. Can it write?
#
# Ask at every letter which comes next. The target of 50 letters is the same window, one letter further;
# `return_sequences=True` gives the state after *every* letter: 50 questions in each.
#
# What is there to beat? Pure guessing among 46 letters costs $\ln 46$; to know how frequent each is costs less; to know
# which follows which, less still.

# %%
text = alice.load_data().lower()
letters = sorted(set(text))
code = np.array([letters.index(c) for c in text])
print(len(text), "characters,", len(letters), "different:", "".join(letters).strip())
print(text[1900:2010])

share = np.bincount(code) / len(code)
pairs = np.zeros((46, 46))
np.add.at(pairs, (code[:-1], code[1:]), 1)
after = pairs / pairs.sum(axis=1, keepdims=True).clip(1)
guessing, single = np.log(46), -(share * np.log(share)).sum()
paired = -(pairs * np.log(after.clip(1e-12))).sum() / pairs.sum()
print(f"guessing {guessing:.2f}   single letters {single:.2f}   pairs {paired:.2f}")

# %% tags=["figures"]
count = (len(code) - 1) // 50 * 50
x_text, y_text = code[:count].reshape(-1, 50), code[1 : count + 1].reshape(-1, 50)
print(x_text.shape, y_text.shape)
keras.utils.set_random_seed(6)
writer = keras.Sequential([keras.Input((None,)), keras.layers.Embedding(46, 32)])
writer.add(keras.layers.LSTM(128, return_sequences=True))
writer.add(keras.layers.Dense(46, activation="softmax"))
writer.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
learnt = writer.fit(x_text, y_text, batch_size=64, epochs=8, callbacks=[LiveLoss()], verbose=0)
print(f"loss of the writer {learnt.history['loss'][-1]:.2f} ± 0.15, of pairs {paired:.2f}")
assert learnt.history["loss"][-1] < 1.7

# %% [markdown]
# To write, draw the next letter by its probability, append it, ask again. A *temperature* $T$ makes the draw bolder
# or more timid:
#
# $$p_i \;\to\; \frac{p_i^{1/T}}{\sum_j p_j^{1/T}}$$
#
# **Predict before you run.** Probabilities 0.6, 0.3, 0.1 at $T = 1$, $0.5$ and $0.2$?
#
# <details><summary>Answer</summary>
#
# Unchanged at 1. At 0.5, squared and scaled: 0.36, 0.09, 0.01 over 0.46. At 0.2 nearly all goes to the first.
#
# </details>


# %%
def heated(p, temperature):
    q = np.asarray(p, "float64") ** (1 / temperature)
    return q / q.sum()


for t in (1.0, 0.5, 0.2):
    print(t, heated([0.6, 0.3, 0.1], t).round(2))


# %% tags=["nbval-ignore-output"]
def write(start, temperatures, length=200):
    rng = np.random.default_rng(6)
    rows = np.array([[letters.index(c) for c in start[-50:]]] * len(temperatures))
    for _ in range(length):
        following = writer.predict_on_batch(rows[:, -50:])[:, -1]
        drawn = [rng.choice(46, p=heated(p, t)) for p, t in zip(following, temperatures)]
        rows = np.column_stack([rows, drawn])
    return ["".join(letters[i] for i in row[50:]) for row in rows]


start = text[20000:20050]
for t, written in zip((0.2, 0.5, 1.0), write(start, (0.2, 0.5, 1.0))):
    print(f"--- temperature {t}\n{written}\n")

# %% [markdown]
# Every letter of this is new. At 0.2 it repeats itself, at 1.0 it invents words; 0.5 lies between.
#
# **An erratum.** One tutorial's "LSTM" text generator contains no LSTM: it is a Dense net that sees *one* letter,
# one-hot. How good can that be? Its best is the table of pairs:

# %% tags=["figures"]
memoryless = keras.Sequential([keras.Input((46,)), keras.layers.Dense(46, activation="softmax")])
memoryless.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
one_letter = keras.utils.to_categorical(code[:-1], 46)
loss = memoryless.fit(one_letter, code[1:], batch_size=512, epochs=4, verbose=0).history["loss"][-1]
print(f"without a memory {loss:.2f} ± 0.05   the table of pairs {paired:.2f}")
assert loss > paired - 0.01

# %% [markdown]
# ## 7. How many spots will the Sun have next year?
#
# A tutorial calls the lack of time series a weakness of Keras. Yet there is `timeseries_dataset_from_array`: it cuts
# a series into windows; target $s$ belongs to the window that begins at $s$. Our windows are 22 years, two cycles.
#
# **Predict before you run.** There are 260 years up to 1959. How many windows have a year after them? And what is
# the first target?
#
# <details><summary>Answer</summary>
#
# 260 − 22 = 238. The first window is 1700 to 1721, its target the spots of 1722.
#
# </details>

# %%
years, spots = sunspots.load_data()
series = (spots / 100).astype("float32")
old, new = series[years < 1960], series[years >= 1960 - 22]


def windows(part):
    return keras.utils.timeseries_dataset_from_array(
        part[:-1, None], part[22:], sequence_length=22, batch_size=16, format="grain"
    )


x_old, y_old = (np.concatenate(parts) for parts in zip(*windows(old)))
x_sun, y_sun = (np.concatenate(parts) for parts in zip(*windows(new)))
print(x_old.shape, x_sun.shape)
print("first target:", round(100 * float(y_old[0])), "  spots in 1722:", spots[22])
assert len(x_old) == 260 - 22 and len(x_sun) == 49
np.testing.assert_allclose(y_old, x_old[:, 0, 0][22:].tolist() + series[238:260].tolist())

# %% [markdown]
# A network is good only beside something simple. Three baselines for 1960 to 2008: as last year; as eleven years
# before; and the best weighted sum of the 22 years (least squares).

# %%
inputs, unseen = (np.column_stack([x[:, :, 0], np.ones(len(x))]) for x in (x_old, x_sun))
weighted = unseen @ np.linalg.lstsq(inputs, y_old, rcond=None)[0]
guesses = {"last year": x_sun[:, -1, 0], "11 years before": x_sun[:, -11, 0], "weighted": weighted}
errors = {name: 100 * np.abs(guess - y_sun).mean() for name, guess in guesses.items()}
for name, error in errors.items():
    print(f"{name:16} off by {error:.1f} spots")

# %% tags=["figures"]
keras.utils.set_random_seed(6)
sun = keras.Sequential([keras.Input((22, 1)), keras.layers.LSTM(32), keras.layers.Dense(1)])
sun.compile(keras.optimizers.Adam(0.005), "mse", metrics=["mae"])
sun.fit(windows(old), epochs=60, verbose=0)
error = 100 * sun.evaluate(windows(new), verbose=0)[1]
print(f"LSTM             off by {error:.1f} ± 3 spots")
assert error < errors["weighted"]

alt = "Sunspots from 1960 to 2008: the LSTM's forecast follows the cycles of the Sun closely."
with figure(alt) as ax:
    ax.plot(years[-49:], spots[-49:], marker="o", markersize=4, color=BLUE, label="counted")
    forecast = 100 * sun.predict(x_sun, verbose=0)[:, 0]
    ax.plot(years[-49:], forecast, "--", color=VERMILLION, label="LSTM, one year ahead")
    ax.set(xlabel="year", ylabel="sunspots")
    ax.legend(loc="upper left", ncols=2)
    ax.set_ylim(-5, 230)

# %% [markdown]
# ## Six mistakes that tutorials make
#
# One feeds rows of 20 numbers, `(20,)`, into an LSTM, and one-hot labels into `Dense(1)`. The generator above counts on
# 44 characters: in a book of 46 it stops. Numbers, letters and one-hot rows get mixed up. What is said to each?


# %%
def train(x, y, units, loss, *inner):
    dense = keras.layers.Dense(units, activation="sigmoid" if units == 1 else "softmax")
    net = keras.Sequential([keras.Input(x.shape[1:]), *inner, dense])
    net.compile("adam", loss)
    net.fit(x, y, verbose=0)


LSTM, binary, crossentropy = keras.layers.LSTM, "binary_crossentropy", "categorical_crossentropy"
x, y = np.ones((8, 20), "float32"), np.array([0, 1] * 4)
hot, following = one_letter[:8], one_letter[1:9]
MISTAKES = {
    "no time axis": lambda: train(x, y, 1, binary, LSTM(4)),
    "one-hot labels": lambda: train(x[:, :, None], np.eye(2)[y], 1, binary, LSTM(4)),
    "neither": lambda: train(x[:, :, None], y, 1, binary, LSTM(4)),
    "44 columns for 46 letters": lambda: keras.utils.to_categorical(code, 44),
    "44 units for 46 letters": lambda: train(hot, following, 44, crossentropy),
    "numbers where one-hot rows are due": lambda: train(hot, code[1:9], 46, crossentropy),
    "letters where numbers are due": lambda: writer.predict(np.array([list("alice")]), verbose=0),
}
for name, attempt in MISTAKES.items():
    try:
        attempt()
        print(f"- {name}: it runs.")
    except Exception as error:
        print(f"- {name}: {str(error).partition(' (Model')[0].splitlines()[0]}\n")

# %% [markdown]
# Real Keras stops each time, too, in other words. An LSTM reads (batch, time, features): `x[:, :, None]` says 20 steps
# of one number. One probability wants one label, 0 or 1. Count the characters, `len(letters)`; and numbers as targets
# want `sparse_categorical_crossentropy`.
#
# ## Same code, another backend
#
# The reader in plain NumPy, then in compiled Numba:

# %% tags=["kerastutor-only"]
import kerastutor

for backend in ("numpy", "cpu"):
    kerastutor.use_backend(backend)
    again, begun = reader(keras.layers.LSTM(32)), time.perf_counter()
    loss = again.fit(x_train[:128], y_train[:128], batch_size=32, verbose=0).history["loss"][0]
    print(f"{backend:6} {time.perf_counter() - begun:.2f} s   loss {loss:.2f}")

# %% [markdown]
# ## Try it yourself
#
# **Exercise 1.** Does order matter? Shuffle the words of each review, train and test again.

# %%
# your code, about 6 lines: rng.permuted(x_train, axis=1), reader, fit, evaluate

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# mixed_train, mixed_test = rng.permuted(x_train, axis=1), rng.permuted(x_test, axis=1)
# mixed = reader(keras.layers.LSTM(32))
# mixed.fit(mixed_train, y_train, batch_size=64, epochs=3, verbose=0)
# print(mixed.evaluate(mixed_test, y_test, verbose=0))
# ```
#
# It loses a point or so, no more: in short reviews most of the opinion lies in which words there are.
#
# </details>
#
# **Exercise 2.** Foretell ten years from 1999 on, feeding each forecast back in place of the truth.

# %%
# your code, about 5 lines: seen = list(series[years < 1999]), then seen.append(...) ten times

# %% [markdown]
# <details><summary>Solution</summary>
#
# ```python
# seen = list(series[years < 1999])
# for _ in range(10):
#     window = np.array(seen[-22:], "float32").reshape(1, 22, 1)
#     seen.append(float(sun.predict(window, verbose=0)[0, 0]))
# print(np.round(100 * np.array(seen[-10:])), spots[-10:])
# ```
#
# Good for about seven years. Then it misses how deep the minimum was: each small error is read as truth later on.
#
# </details>
#
# ## Summary
#
# - A recurrent layer uses the same weights at every step; its state carries what it has read.
# - Slopes are multiplied once a step: they vanish, explode, or, with care, last.
# - An LSTM's old memory is multiplied by $f$ and by nothing else; gates decide what is kept, written and shown.
# - A mask makes a layer stand still at the filling.
# - Measure against a simple baseline: pairs of letters, last year's spots.
#
# ## What comes
#
# [Lesson 7](07_what_next.ipynb): what else to measure, other optimizers, and where to go from here.
