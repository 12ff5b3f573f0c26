"""Exercise 06.5: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "06.5",
    "Predict, count, read the gates",
    ("prediction", "parameters", "replaced", "shown"),
    [
        "A masked layer stands still at a 0: its state after that step is the one before. Where the 0 stands "
        "makes no difference to that.",
        "One GRU has three sets of weights: each 3 × 5 for the input, 5 × 5 for the state, and two biases of 5. How "
        "many GRUs are there?",
        "c = f · c + i · candidate, h = o · tanh(c). Look for a step where the old memory goes and a new one comes.",
        "Read again lesson 6: part 5, *What do the zeros do?*; part 4, *How many parameters?*; part 3, *By hand, one "
        "unit whose memory is 2*.",
    ],
    [],
)
choice(exercise, "prediction", "c", {
    "a": "In front they are skipped, but not only there: a masked layer stands still wherever a 0 is.",
    "b": "In front and behind they are skipped, yes; and between two words just so: each step asks only for its own "
         "token.",
}, 4, "the prediction")
choice(exercise, "parameters", 300, {
    150: "That is one of the two directions: Bidirectional has a layer for each.",
    270: "A GRU of Keras has two biases in each of its sets: one for the input, one for the state.",
    135: "That is one direction, and with one bias where a GRU has two.",
    240: "The biases are missing: two of 5 in each of three sets, in both directions.",
    360: "That is the LSTM's count: four sets, one bias. A GRU has three sets, and two biases in each.",
    400: "A GRU has three sets of weights, not four: z, r and the candidate.",
}, 4, "the count of parameters")
choice(exercise, "replaced", 9, {
    2: "At step 2 something is written, but f is 1: nothing old goes.",
    6: "At step 6 the memory is shown: o opens. It stays what it was.",
    4: "At step 4 i is 1 and f is 1: what comes is added to what was there.",
    11: "At step 11 the old memory goes, but i is 0: nothing new comes.",
}, 4, "where the memory is replaced")
choice(exercise, "shown", 6, {
    2: "At step 2 the memory is written, but o is 0: h stays 0.",
    4: "At step 4 more is written, but o is still 0, and so is h.",
    9: "At step 9 h changes, but it has shown something before.",
}, 3, "where it is first shown")
