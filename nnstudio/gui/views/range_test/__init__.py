"""The range test as a person sees it: the loss over the learning rate, and one click to use it."""

from nnstudio.gui.views.range_test.range_view import RangeTestView

__all__ = ["RangeTestView"]
