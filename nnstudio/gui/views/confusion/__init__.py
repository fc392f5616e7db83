"""Which classes are taken for which: the matrix, what is found of each class, calibration."""

from nnstudio.gui.views.confusion.confusion_view import ConfusionView

__all__ = ["ConfusionView"]
