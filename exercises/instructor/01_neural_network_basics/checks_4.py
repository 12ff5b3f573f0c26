"""Exercise 01.4: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "01.4",
    "Predict, then read a figure",
    ("prediction", "parameters", "largest", "smallest"),
    [
        "Take a pencil: the slope at 1 is 2. Where does a step of 1 · 2 lead, and what is the slope there?",
        "Every neuron has one weight for each of its inputs, and a bias of its own.",
        "Too small a rate creeps; too large a one jumps over the valley and lands higher on the other side.",
        "Read again lesson 1, part 3: the cell that defines `walk` tries several rates on one valley.",
    ],
    [],
)
choice(exercise, "prediction", "b", {
    "a": "That would be rate 0.5: 1 - 0.5 · 2 = 0. With rate 1 the step is twice as long.",
    "c": "That would be a rate above 1. With rate 1 it lands at -1: as far from 0 as before.",
}, 4, "the prediction")
choice(exercise, "parameters", 17, {
    12: "You have counted weights alone, or left out one layer. Biases: 4 and 1.",
    13: "The last neuron has four inputs, so four weights, and a bias.",
    16: "The output neuron's bias is missing.",
}, 5, "the count of parameters")
choice(exercise, "largest", "C", {
    "A": "A creeps: its steps are short.",
    "B": "B arrives without a detour. With a larger rate it would jump over the valley.",
}, 3, "the largest rate")
choice(exercise, "smallest", "A", {
    "B": "B falls faster than another curve that does not jump.",
    "C": "C jumps up and down: its steps are too long.",
}, 3, "the smallest rate")
