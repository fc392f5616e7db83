"""Loss and accuracy while a run learns: what the curves show, how they are handled, their table."""

from nnstudio.gui.views.curves.curves_view import AccuracyView, CurvesView, LossView

__all__ = ["AccuracyView", "CurvesView", "LossView"]
