"""The samples that are answered wrong, the surest mistakes first."""

from nnstudio.gui.views.mistakes.mistakes_view import MistakesView

__all__ = ["MistakesView"]
