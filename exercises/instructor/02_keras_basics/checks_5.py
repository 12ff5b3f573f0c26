"""Exercise 02.5: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "02.5",
    "Predict, choose, read",
    ("prediction", "frost", "genres", "ground", "battery", "classes", "nothing"),
    [
        "Softmax makes its outputs sum to 1. Which three such numbers are nearest to three times yes?",
        "Of each answer: is it any number, one from 0 to 1, one of n, several of n? How is the target written?",
        "ln 2 = 0.69, ln 4 = 1.39, ln 10 = 2.30. A loss that stays at ln n has not got beyond guessing.",
        "Read again lesson 2: part 6 with its table, and part 4, the cell with `floor`.",
    ],
    [],
)
choice(exercise, "prediction", "b", {
    "a": "That is what the target asks for, but softmax's outputs sum to 1: three times 1 is out of its reach.",
    "c": "With a target of (1, 0, 0) it would. Here each of three outputs is pulled up as hard as the others.",
}, 3, "the prediction")
choice(exercise, "frost", "A", {
    "B": "A sigmoid stays between 0 and 1. Then it never freezes, and never gets warmer than one degree.",
    "C": "Degrees are an amount, not one of n classes: -3 is near -2. One number is wanted.",
    "D": "Degrees are an amount, not one of n classes: -3 is near -2. One number is wanted.",
    "E": "Several yes-or-no answers are not a temperature. One number is wanted, and any number.",
}, 2, "degrees")
choice(exercise, "genres", "E", {
    "A": "One number can't say which of 20 genres there are: an output is needed for each.",
    "B": "One output, one yes or no. There are 20 questions: is it this genre?",
    "C": "With softmax the 20 outputs sum to 1: a film with three genres could give each a third at most.",
    "D": "sparse_ wants one number as a target: one genre. Here a target is a row of 0 and 1, several of them 1.",
}, 2, "genres")
choice(exercise, "ground", "D", {
    "A": "The number is a name: kind 3 does not lie between 2 and 4. An output for each kind, and softmax.",
    "B": "One output tells two kinds apart; there are seven.",
    "C": "The right layer, but this loss wants one-hot targets. These are whole numbers: sparse_ takes them so.",
    "E": "A picture shows one kind, so the outputs shall compete: softmax. And the targets are no rows of 0 and 1.",
}, 2, "kinds of ground")
choice(exercise, "battery", "B", {
    "A": "It may do, but nothing keeps its answer from being 1.3 or -0.2. A sigmoid stays between 0 and 1.",
    "C": "A share is one number, not one of n classes.",
    "D": "A share is one number, not one of n classes.",
    "E": "The right activation, but one share is one output, not n of them.",
}, 2, "a share")
choice(exercise, "classes", 10, {
    2: "ln 2 is 0.69. A begins at 2.30; which number has that logarithm?",
    4: "That is C: ln 4 = 1.39. A begins at 2.30.",
    3: "ln 3 is 1.10. A ends near that; what counts is where it begins, when it knows nothing: 2.30.",
    200: "That is the logarithm to base 10. Keras takes the natural one: e to the power of 2.30.",
}, 2, "how many classes")
choice(exercise, "nothing", "B", {
    "A": "Its loss is the largest, but it falls by 1.05: it has learned a lot, among many classes.",
    "C": "It falls from 1.39 to 0.55: it has learned a lot. Which one stays where it began?",
}, 2, "which one learns nothing")
