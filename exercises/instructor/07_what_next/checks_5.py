"""Exercise 07.5: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "07.5",
    "Predict, then read figures",
    ("prediction", "larger_auc", "few_alarms", "cause"),
    [
        "After 100 slopes of 1 the sum of their squares is 100. What is its root?",
        "AUC is the whole area under a curve. For few alarms only its left end counts.",
        "What is switched on while training, and off when validation rows are judged?",
        "Read again lesson 7: part 1, the cell that defines `seven`; part 2, the ROC curve; part 4, on dropout.",
    ],
    [],
)
choice(exercise, "prediction", "b", {
    "a": "That would be RMSprop or Adam: they divide by a *mean* of squares, which stays at 1. A sum grows.",
    "c": "The sum of the squares has grown to 100, but it stands under a root.",
}, 4, "the prediction")
choice(exercise, "larger_auc", "B", {
    "A": "A is higher on a narrow strip at the left only; count the squares below each curve.",
}, 3, "the larger area")
choice(exercise, "few_alarms", "A", {
    "B": "Go up from 0.05 on the axis of false alarms: which curve is higher there? Only that counts.",
}, 3, "few alarms")
choice(exercise, "cause", "dropout", {
    "over-fitting": "Over-fitting is the other way: training gets better than validation.",
    "a high learning rate": "A high rate makes curves jump; these are smooth, both of them.",
}, 3, "the cause")
