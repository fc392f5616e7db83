"""The view to draw in: paper, what the network takes the drawing for, and why."""

from nnstudio.gui.views.canvas.canvas_view import CanvasView

__all__ = ["CanvasView"]
