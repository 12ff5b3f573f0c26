"""Exercise 04.4: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "04.4",
    "Predict, then read a figure",
    ("prediction", "parameters", "best_epoch", "called"),
    [
        "Follow one board forward: what comes out of a layer whose weights and biases are all 0?",
        "A Dense layer has inputs · units weights and `units` biases.",
        "The best epoch is where the *validation* loss is lowest; training loss always likes to go on.",
        "Read again lesson 4: part 2, *How many weights and biases*, and part 7, *When should training stop?*",
    ],
    [],
)
choice(exercise, "prediction", "b", {
    "a": "All hidden neurons begin at relu(0) = 0, and with weights of 0 behind them no slope reaches them: only the "
         "last bias ever moves, and it knows nothing of the board.",
    "c": "Zeros are harmless numbers: every sum is 0, and the sigmoid of it 0.5. Nothing overflows.",
}, 4, "the prediction")
choice(exercise, "parameters", 705, {
    640: "Those are the weights alone; each of the 65 neurons has a bias too.",
    641: "The hidden layer's biases are missing: 64 of them.",
    704: "The last neuron's bias is missing.",
}, 4, "the count of parameters")
choice(exercise, "best_epoch", 6, {
    10: "That is where the training loss is lowest. Look at the other line.",
    5: "Close: the axis begins at epoch 1, and one more epoch still helped a little.",
    1: "That is where both are worst.",
}, 4, "the best epoch")
choice(exercise, "called", "over-fitting", {
    "under-fitting": "Under-fitting is when even the training loss stays high. Here it is nearly 0.",
    "converging": "The training loss converges, but the validation loss goes the other way.",
}, 3, "its name")
