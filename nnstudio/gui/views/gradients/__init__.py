"""What reaches the layers: norms of their gradients, how far they move, how all of it is spread."""

from nnstudio.gui.views.gradients.gradients_view import GradientsView

__all__ = ["GradientsView"]
