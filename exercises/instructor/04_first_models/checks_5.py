"""Exercise 04.5: its checks, public and hidden, and the usual wrong answers. The solution stands in sheet.py."""

import numpy as np

from kerastutor.grading.exercise import Case, Exercise, Part
from kerastutor.grading.trials import draws


def losses(rng, n, patience):
    return rng.integers(1, 6, size=n).astype(float).tolist(), patience  # few values: many ties


exercise = Exercise(
    "04.5",
    "Stop in time",
    ("stop_epoch",),
    [
        "Keep one number while you go through the losses: the best epoch so far.",
        "How many epochs in a row were not better? That is the epoch now, minus the best epoch.",
        "An equal loss is not better: `<`, not `<=`.",
        "Read again lesson 4, part 7, the cell with `longer.fit`: where on its curve would you have stopped?",
    ],
    [
        Part("losses that fall, then rise", 7,
             [Case("stop_epoch", ([5.0, 4.0, 3.0, 4.0, 5.0, 6.0], 2), "same", (4, 2)),
              Case("stop_epoch", ([5.0, 4.0, 3.0, 2.0], 3), "same", (3, 3), about="it never stops"),
              Case("stop_epoch", ([1.0, 2.0, 3.0], 1), "same", (1, 0), about="patience 1")],
             draws("stop_epoch", lambda rng, n, p: (rng.random(n).round(3).tolist(), p), [(8, 1), (12, 3), (1, 2)],
                   range(4), judge="same")),
        Part("ups and downs, ties", 8,
             [Case("stop_epoch", ([5.0, 6.0, 4.0, 6.0, 3.0, 6.0, 6.0, 1.0], 2), "same", (6, 4)),
              Case("stop_epoch", ([3.0, 3.0, 3.0, 3.0], 2), "same", (2, 0), about="an equal loss is not better"),
              Case("stop_epoch", ([-1.0, -2.0, -1.5, -1.7, -3.0], 2), "same", (3, 1), about="negative losses")],
             draws("stop_epoch", losses, [(6, 1), (9, 2), (15, 3), (20, 4)], range(6), judge="same")),
    ],
)


def stopped(val_loss, patience, better, again=True):
    best, waited = 0, 0
    for epoch, loss in enumerate(val_loss):
        if epoch and better(epoch, loss, best):
            best, waited = epoch, 0 if again else waited
        elif epoch:
            waited += 1
        if waited >= patience:
            break
    return epoch, best


@exercise.wrong("You count an equal loss as better: `<=` where `<` should stand.")
def stop_epoch(val_loss, patience):
    return stopped(val_loss, patience, lambda epoch, loss, best: loss <= val_loss[best])


@exercise.wrong("You count all epochs that were not better, not those in a row: begin again at 0 after a better one.")
def stop_epoch(val_loss, patience):
    return stopped(val_loss, patience, lambda epoch, loss, best: loss < val_loss[best], again=False)


@exercise.wrong("You compare with the epoch before; *better* means below every loss before it.")
def stop_epoch(val_loss, patience):
    return stopped(val_loss, patience, lambda epoch, loss, best: loss < val_loss[epoch - 1])


@exercise.wrong("One epoch too late: stop at the patience-th epoch in a row without being better, not after it.")
def stop_epoch(val_loss, patience):
    return stopped(val_loss, patience + 1, lambda epoch, loss, best: loss < val_loss[best])


@exercise.wrong("The two numbers have changed places: first where training stops, then the best epoch.")
def stop_epoch(val_loss, patience):
    return stopped(val_loss, patience, lambda epoch, loss, best: loss < val_loss[best])[::-1]


@exercise.otherwise
def stop_epoch(val_loss, patience):
    for stop in range(patience, len(val_loss)):
        before = val_loss[: stop - patience + 1]
        if min(val_loss[stop - patience + 1 : stop + 1]) >= min(before):
            return np.int64(stop), np.argmin(before)
    return [len(val_loss) - 1, int(np.argmin(val_loss))]
