"""Look into a network: what every layer takes, computes and gives, forward and backward, number by number.

    seen = trace(model, x, y)          one forward and backward pass, layer by layer
    explain(seen, "dense", 3)          the sum behind one number, and the gradients that flow into it
    formula(seen["dense"])             the layer's formula, with its own shapes
    source(seen["dense"])              its code, and its kernels' in every backend
    Recorder()                         a callback that keeps the weights at a few moments of the training

The widget `kerastutor.widgets.LayerInspector` shows all this.
"""

from .explain import explain
from .explanation import Explanation, Flow, Term
from .formulas import formula
from .history import Recorder
from .pictures import Picture
from .recurrent import steps
from .source import source
from .statistics import dead_units, saturated_units, spread
from .trace import LayerTrace, Trace, trace

__all__ = [
    "Explanation", "Flow", "LayerTrace", "Picture", "Recorder", "Term", "Trace", "dead_units", "explain", "formula",
    "saturated_units", "source", "spread", "steps", "trace",
]
