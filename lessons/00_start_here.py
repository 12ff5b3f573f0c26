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
# # Start here
#
# **You will** see whether your machine is ready, and train a first network in a minute.
#
# **You will learn** how the lessons work, and which one to open next.
#
# **You need** Python: variables, lists, functions. No mathematics yet. **Time:** ten minutes.
#
# A cell with code runs when you click on it and press **Shift + Enter**. Go from top to bottom.

# %% [markdown]
# ## Is my machine ready?

# %% tags=["kerastutor-only", "nbval-ignore-output"]
from kerastutor import report

report.advise(report.gather())

# %% [markdown]
# Is there a line that begins with *problem*? It says what to do. In a terminal, `kerastutor check` says more.
#
# ## A first network
#
# It shall read handwritten digits. 60,000 are there to learn from, and 10,000 others for the test. Here are twelve of
# them, each with what was meant:

# %%
from kerastutor import keras
from kerastutor.widgets import LiveLoss, figure

keras.utils.set_random_seed(1)
(images, labels), (new_images, new_labels) = keras.datasets.mnist.load_data()
print(len(images), "digits to learn from,", len(new_images), "for the test")

# %%
alt = "Twelve handwritten digits, each with its label above."
with figure(alt, 2, 6, images=True) as axes:
    for ax, image, label in zip(axes.flat, images, labels):
        ax.imshow(image)
        ax.set_title(f"{label}", loc="center")

# %% [markdown]
# Three steps: build a network, say how it shall learn, let it learn. You need not understand these lines yet; lessons 1
# and 2 take them apart, word by word.

# %%
network = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

# %% [markdown]
# Run this cell, and watch: the *loss* says how wrong the network is, the *accuracy* which share of the digits it reads
# right.

# %%
history = network.fit(images, labels, batch_size=128, epochs=3, callbacks=[LiveLoss()], verbose=0)

# %% [markdown]
# **Predict before you run.** It has learned its 60,000 digits. How many of 100 digits that it has *never seen* will
# it read right?
#
# <details><summary>Answer</summary>
#
# About 97. That it can read new ones is the whole point: it has not learned them by heart.
#
# </details>

# %% tags=["figures"]
accuracy = network.evaluate(new_images, new_labels, verbose=0)[1]
print(f"new digits, share read right  {accuracy:.3f} ± 0.008")
assert accuracy > 0.95

# %%
guess = network.predict(new_images[:12], verbose=0).argmax(axis=1)
alt = "Twelve digits that the network has never seen, with what it reads in them."
with figure(alt, 2, 6, images=True) as axes:
    for ax, image, digit in zip(axes.flat, new_images, guess):
        ax.imshow(image)
        ax.set_title(f"it reads {digit}", loc="center", fontsize=9)

# %% [markdown]
# Do you agree each time? The number after ± is how far your run may be off: a network starts from random weights.

# %% [markdown]
# ## The course
#
# | Lesson | You will | Minutes |
# |---|---|---|
# | [1 Neural network basics](01_neural_network_basics.ipynb) | build a neuron by hand | 75 |
# | [2 Keras basics](02_keras_basics.ipynb) | say it in Keras, in four steps | 60 |
# | [3 Keras overview](03_keras_overview.ipynb) | build models of any shape | 75 |
# | [4 First models](04_first_models.ipynb) | read digits, and see where it goes wrong | 60 |
# | [5 Convolutional networks](05_convolutional_networks.ipynb) | teach a network to see | 60 |
# | [6 Recurrent networks](06_recurrent_networks.ipynb) | teach it to read and write | 90 |
# | [7 What next](07_what_next.ipynb) | tune and judge models | 120 |
#
# Take them in this order.

# %% [markdown]
# **Predict before you run** means: stop, and guess. A wrong guess teaches most. Answers and solutions are folded:
# click on the triangle. You can't break anything: *File → Reload Notebook from Disk* undoes what is not saved.
#
# Everything below `from kerastutor import keras` is plain Keras, and runs on Keras itself if you write `import keras`
# instead.

# %% [markdown]
# ## Try it yourself
#
# **Exercise.** Change 128 to 8 in the network above, and run from there on. How many does it still read right?

# %%
# no new code: change one number above, and press Shift + Enter in each cell from there on

# %% [markdown]
# <details><summary>Solution</summary>
#
# About 91 of 100. With eight numbers to say it all, it mixes up more of them.
#
# </details>

# %% [markdown]
# ## Summary
#
# - Shift + Enter runs a cell. Run them in order.
# - A network learns from examples, and is judged on others.
# - Guess first, then run.
#
# ## What comes
#
# [Lesson 1](01_neural_network_basics.ipynb): what a network is made of.
