"""Every way in which a game of tic-tac-toe can end: 958 boards, made by playing all games.

The same boards as https://archive.ics.uci.edu/dataset/101/tic+tac+toe+endgame
"""

import numpy as np

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))
X, O, EMPTY = 1, -1, 0


def load_data():
    """The final boards, x having moved first, and who has won.

    Returns
    -------
    x, y : ndarray
        Shapes (958, 9) int8, the fields row by row: 1 for x, -1 for o, 0 for empty; and (958,) int64: 0 for a draw
        (16), 1 if x has won (626), 2 if o has (316).

    Examples
    --------
    >>> from kerastutor import datasets
    >>> x, y = datasets.tic_tac_toe.load_data()
    >>> x.shape, [int(n) for n in np.bincount(y)]
    ((958, 9), [16, 626, 316])
    """
    ends, seen = {}, set()
    _play((EMPTY,) * 9, X, ends, seen)
    boards = sorted(ends, key=lambda board: [(X, O, EMPTY).index(field) for field in board])
    return np.array(boards, "int8"), np.array([ends[board] for board in boards], "int64")


def get_label_names():
    """What 0, 1 and 2 mean.

    >>> get_label_names()
    ('draw', 'x wins', 'o wins')
    """
    return "draw", "x wins", "o wins"


def _play(board, player, ends, seen):
    """Try every free field for `player`, and go on from there; note the boards on which the game is over."""
    if board in seen:
        return
    seen.add(board)
    for field in range(9):
        if board[field] == EMPTY:
            after = (*board[:field], player, *board[field + 1 :])
            if any(all(after[i] == player for i in line) for line in LINES):
                ends[after] = 1 if player == X else 2
            elif EMPTY not in after:
                ends[after] = 0
            else:
                _play(after, -player, ends, seen)
