"""One step of training, stop by stop: formulas, shapes and the real numbers, and a quiz on them."""

from nnstudio.gui.views.one_step.one_step_view import OneStepView

__all__ = ["OneStepView"]
