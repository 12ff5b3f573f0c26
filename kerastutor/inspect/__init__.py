"""Look into a network: what every layer takes, computes and gives, forward and backward, number by number.

>>> from kerastutor.inspect import explain, source, trace
"""

from .explain import explain
from .explanation import Explanation, Flow, Term
from .trace import LayerTrace, Trace, trace

__all__ = ["Explanation", "Flow", "LayerTrace", "Term", "Trace", "explain", "trace"]
