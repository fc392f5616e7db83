"""The guide of a case, one remedy at a time, and the hunt for a hidden mistake."""

from nnstudio.gui.views.guide.guide_view import GuideView

__all__ = ["GuideView"]
