"""Windows into training: live curves for a notebook, each with a static twin for print.

Names load on first use, so ``import kerastutor.widgets`` costs nothing until a widget is asked for.
"""

from importlib import import_module

_HOME = {
    "CheckPanel": "check_panel",
    "ConvStepper": "conv_stepper",
    "DrawDigit": "draw_digit",
    "GateView": "gate_view",
    "LayerInspector": "inspector",
    "LiveLoss": "live_loss",
    "OptimizerRace": "optimizer_race",
    "Playground": "playground",
    "TrainingPanel": "training_panel",
    "figure": "style",
    "show": "style",
}

__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return __all__
