"""Exercise 04.6: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor import keras
from kerastutor.datasets import tic_tac_toe
from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.judge import FLIPPED, NOT_LABELS, TOO_FEW


def boards(seed):
    x, y = tic_tac_toe.load_data()
    order, wins = np.random.default_rng(seed).permutation(len(x)), (y == 1).astype(int)
    train, rest = order[:640], order[640:]
    return Case("learn", (x[train], wins[train], x[rest]), "accuracy", wins[rest], at_least=0.95, seconds=20)


exercise = Exercise(
    "04.6",
    "Project: who has won?",
    ("learn",),
    [
        "Four steps, as always: data, model, compile, fit; then predict on the new boards.",
        "One number from 0 to 1 for each board: `Dense(1, activation='sigmoid')`, loss `'binary_crossentropy'`.",
        "One epoch is far too few. With 64 hidden units, Adam(0.01) and 40 to 60 epochs about 98 % are right. At the "
        "end compare with 0.5, and mind the shape: (m, 1) is not (m,).",
        "Read again lesson 4, the cell that defines `digit_reader`, and the table of last layers in lesson 2.",
    ],
    [Part("two thirds learn, the rest is judged", 10, [boards(7)], [boards(8)]),
     Part("the same, dealt out anew", 5, [boards(9)], [boards(10), boards(11)])],
)
for part in exercise.parts:
    for case in part.public + part.hidden:
        case.about = f"{len(case.args[0])} boards to learn from, {len(case.args[2])} new ones"


def train(x, y, new, hidden=(64,), epochs=60):
    keras.utils.set_random_seed(3)
    layers = [keras.layers.Dense(units, activation="tanh") for units in hidden]
    model = keras.Sequential([keras.Input((x.shape[1],)), *layers, keras.layers.Dense(2, activation="softmax")])
    model.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="sparse_categorical_crossentropy")
    model.fit(x.astype("float32"), y, epochs=epochs, batch_size=16, verbose=0)
    return model.predict(new.astype("float32"), verbose=0)


@exercise.wrong(NOT_LABELS)
def learn(boards, wins, new_boards):
    return train(boards, wins, new_boards)[:, 1]


@exercise.wrong(FLIPPED)
def learn(boards, wins, new_boards):
    return train(boards, wins, new_boards).argmin(axis=1)


@exercise.wrong("It says 1 whatever it is shown: it has learned nothing from what it was given.")
def learn(boards, wins, new_boards):
    return np.ones(len(new_boards), int)


@exercise.wrong(TOO_FEW)
def learn(boards, wins, new_boards):
    return train(boards, wins, new_boards, epochs=1).argmax(axis=1)


@exercise.otherwise
def learn(boards, wins, new_boards):
    def one_hot(boards):
        return np.concatenate([boards == field for field in (1, -1, 0)], axis=1)

    return [int(p[1] > p[0]) for p in train(one_hot(boards), wins, one_hot(new_boards), hidden=(32, 32))]
