"""Code for Keras 1 or 2, or for tf.keras, rewritten for Keras 3. The file is read, never run.

Each idiom is a rule in `rules/`; what a rule can't change safely stays, with a note that says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from . import python2
from .file import File, Note
from .imports import Imports
from .rewrite import Rewriter
from .rules import RULES

TARGETS = ("keras", "kerastutor")

__all__ = ["TARGETS", "Migration", "Note", "migrate"]


@dataclass(frozen=True)
class Migration:
    """The new source, and notes on what has to be done by hand, by line of the old source."""

    source: str
    notes: tuple[Note, ...]


def migrate(source, target="keras"):
    """Rewrite a program for an older Keras.

    Parameters
    ----------
    source : str
    target : "keras" or "kerastutor"
        Where the new program imports Keras from.

    Returns
    -------
    Migration
        With `source` and `notes`. What no rule touches is kept byte for byte.

    Raises
    ------
    SyntaxError
        The source is not Python 3 and could not be read; it names the line.

    Examples
    --------
    >>> from kerastutor.migrate import migrate
    >>> print(migrate("from keras.layers.core import Dense\\nlayer = Dense(output_dim=8, init='zero')\\n").source)
    from keras.layers import Dense
    layer = Dense(units=8, kernel_initializer='zeros')
    <BLANKLINE>
    """
    if target not in TARGETS:
        raise ValueError(f"migrate: target must be one of {', '.join(TARGETS)}; got {target!r}.")
    if "keras" not in source:
        return Migration(source, ())
    mark, source = ("\ufeff", source[1:]) if source.startswith("\ufeff") else ("", source)
    module, repaired = python2.parse(source)
    file = File(
        module,
        renamed={old: new for rule in RULES for old, new in rule.names.items()},
        gone={name: why for rule in RULES for name, why in rule.gone.items()},
        target=target,
    )
    if not file.is_about_keras:
        return Migration(mark + source, ())
    python2.look(file, repaired)
    for rule in RULES:
        for survey in rule.surveys:
            survey(file)
    changed = file.module.visit(Rewriter(file, RULES)).visit(Imports(file))
    return Migration(mark + changed.code, tuple(sorted(file.notes)))
