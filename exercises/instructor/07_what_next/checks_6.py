"""Exercise 07.6: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "07.6",
    "Project, first half: what ails this script?",
    ("faults", "flatters"),
    [
        "Go through it line by line, and say of each array what it holds. Which label belongs to row 0 after line 3?",
        "From which row on is validation, up to which row is learning? What does `mean` leave as it was?",
        "softmax divides by the sum over the units. What is that for a single unit? Two of the eight are no faults.",
        "Read again lesson 7, part 12, *What ails this net?*: three patients, and the cell that defines `patient`.",
    ],
    [],
)
choice(exercise, "faults", 123568, {
    23568: "One is missing: `rng.permutation` is called twice, and gives two orders. Which label has row 0 then?",
    13568: "One is missing: learning ends at row n, validation begins at n // 2.",
    12568: "One is missing: a mean is taken away, but area still goes up to 2,501 and smoothness to 0.16.",
    12368: "One is missing: `table.mean` is that of each table itself, of the new rows too.",
    12358: "One is missing: softmax over one unit is exp(z) / exp(z).",
    12356: "One is missing: Adam moves each weight by about the rate in each step. How long is a step of 30?",
    1234568: "One too many: 16 hidden units learn this table well, once the rest is in order.",
    1235678: "One too many: tanh is in the hidden layer; any activation there goes with any loss.",
    12345678: "Two too many: 16 units are enough, and a hidden tanh goes with any loss.",
}, 6, "the faults")
choice(exercise, "flatters", 2, {
    1: "With labels shuffled apart nothing can be learned: that lowers the accuracy to that of guessing.",
    3: "Inputs that are too large put tanh at its ends: it learns less, and the accuracy shows it.",
    5: "That moves rows to another place than the net knows: no help to it, in validation neither.",
    6: "It always says 1, for validation rows too: the accuracy is honest, and bad.",
    8: "One leap too far, and the net is lost: the validation accuracy shows that honestly.",
}, 4, "the one that flatters")
