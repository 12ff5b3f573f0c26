"""Exercise 03.5: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "03.5",
    "Predict, count, read a figure",
    ("prediction", "parameters", "again", "at_start"),
    [
        "One layer, called twice, has one set of weights. What comes out of it for equal pictures?",
        "A model used three times is there once. `Dense(1)` on 30 numbers has a weight for each, and a bias.",
        "Slope on such paper: how many powers of ten does a line climb while n grows by one power of ten?",
        "Read again lesson 3, part 2, *How can it learn digits from sums?*, and part 8, *Open the source*.",
    ],
    [],
)
choice(exercise, "prediction", "c", {
    "a": "One layer does the same sums for equal pictures, trained or not: u - v is 0 to the last digit.",
    "b": "Whatever the bias is, it is the same in u and v, and goes away in u - v.",
}, 3, "the prediction")
choice(exercise, "parameters", 101801, {
    305341: "You have counted the reader three times. It is one object, called three times.",
    101770: "The last Dense(1) has parameters too.",
    101800: "The bias of the Dense(1) is missing.",
    101781: "The Dense(1) gets all 30 numbers, not 10.",
}, 3, "the count of parameters")
choice(exercise, "again", "C", {
    "A": "A climbs one power of ten for one of n: ten times the numbers take ten times as long, and no longer.",
    "B": "B is flat at first and then climbs as A does: time ~ n.",
}, 2, "the kernel that goes over all again")
choice(exercise, "at_start", "B", {
    "A": "A takes next to nothing for ten numbers. Which line begins high and stays flat?",
    "C": "C takes next to nothing for ten numbers. Which line begins high and stays flat?",
}, 2, "the kernel that pays at the start")
