"""Exercise 05.3: its questions and what each wrong answer gets told. The answers stand in sheet.py."""

from kerastutor.grading.exercise import Exercise
from kerastutor.grading.trials import choice

exercise = Exercise(
    "05.3",
    "Predict, count, then read a figure",
    ("prediction", "rows", "parameters", "sees", "upright_map", "level_map"),
    [
        "Lay the filter on the top left corner with a pencil: which of its nine numbers lie on zeros? Then on the "
        "middle of the top row.",
        "Rows: 30, then 28, 14, 14, and the last layer by the formula with s = 2. A filter has k · k · channels "
        "weights and a bias.",
        "What is seen, layer by layer: 1, then + (3 - 1), then + (2 - 1), then the pooling's stride counts double. In "
        "the figure: an upright edge filter finds nothing along a level bar.",
        "Read again lesson 5: part 2, *How large is the output?*, and in part 4 the cell with `upright, level`.",
    ],
    [],
)
choice(exercise, "prediction", "b", {
    "a": "Inside, yes. But at the left edge the filter's 1s lie on padded zeros, and its -1s on ones.",
    "c": "In the middle of the top row one row of the filter lies on zeros, and the two others still sum to 0.",
}, 3, "the prediction")
choice(exercise, "rows", 6, {
    7: "That would be padding 'same'. Without zeros: (14 - 3) // 2 + 1.",
    12: "The last layer has stride 2: it makes only every second stop.",
    5: "Count again: 30, 28, 14; padding 'same' keeps the 14; then (14 - 3) // 2 + 1.",
}, 2, "the rows of the last map")
choice(exercise, "parameters", 5760, {
    5720: "Those are the weights alone; each of the 40 filters has a bias too.",
    656: "A filter looks at all channels that come in: 3, then 8, then 16 of them.",
    5761: "One too many: pooling has nothing to learn, and each filter one bias.",
}, 3, "the count of parameters")
choice(exercise, "sees", 16, {
    10: "You add k - 1 for each layer. Behind the pooling, a step of one is two rows of the picture: there it counts "
        "twice.",
    15: "Pooling looks at two rows, so it adds one as well.",
    12: "The last layer is missing: its kernel of 3 adds (3 - 1) · 2.",
    20: "A layer's own stride does not count for itself, only for those behind it.",
}, 3, "the rows that one number sees")
choice(exercise, "upright_map", "B", {
    "A": "This map is strong along the level bar as well as along the falling stroke: it looks for something slanting.",
    "C": "This map is nowhere blue: its filter has no negative weights.",
    "D": "This map is strongest along the level bar at the top: it looks for level edges.",
}, 2, "the upright filter's map")
choice(exercise, "level_map", "D", {
    "A": "This one is strong along the bar, but along the whole stroke as well: look for one that is weak there.",
    "B": "This map is weak along the bar at the top, and strong along the falling stroke: upright edges.",
    "C": "This map is nowhere blue: its filter has no negative weights.",
}, 2, "the level filter's map")
