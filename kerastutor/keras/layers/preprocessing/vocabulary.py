"""A vocabulary: its tokens in order, learned from data or given."""

import collections

import numpy as np


class Counts:
    """How often tokens occur in the data that `adapt` goes through, and in how many documents (rows)."""

    def __init__(self):
        self.tokens, self.documents, self.number_of_documents = collections.Counter(), collections.Counter(), 0

    def add(self, rows):
        """Count in documents: lists of tokens."""
        for row in rows:
            self.tokens.update(row)
            self.documents.update(set(row))
            self.number_of_documents += 1

    def vocabulary(self, without, limit):
        """The tokens, the most frequent first, of equally frequent ones the last in the alphabet first."""
        kept = {token: n for token, n in self.tokens.items() if token not in without}
        return sorted(kept, key=lambda token: (kept[token], token), reverse=True)[:limit]

    def idf(self, tokens):
        """Inverse document frequencies: log(1 + documents / (1 + those with the token))."""
        frequency = np.array([self.documents[token] for token in tokens], np.float64)
        return np.log(1 + self.number_of_documents / (1 + frequency)).astype("float32")


def read_vocabulary(path):
    """The lines of a text file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().rstrip("\n").split("\n")
    except FileNotFoundError:
        raise ValueError(f"There is no vocabulary file {path!r}.") from None


def check_vocabulary(tokens, special, reserved, layer):
    """Refuse a vocabulary that is empty, or has a token twice or one of the `reserved` ones."""
    if not tokens:
        raise ValueError(f"{layer}: the vocabulary is empty.")
    twice = [token for token, n in collections.Counter(tokens).items() if n > 1]
    if twice:
        raise ValueError(f"{layer}: the vocabulary has {twice[0]!r} more than once ({len(twice)} such tokens).")
    for token in reserved:
        if token is not None and token in tokens:
            raise ValueError(
                f"{layer}: {token!r}, at place {tokens.index(token)} of the vocabulary, is reserved. Leave special "
                f"tokens out, or give them all, in front: {special}."
            )
