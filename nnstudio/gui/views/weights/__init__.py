"""The weights of a layer as pictures: what is shown, its order and scale, one unit at large."""

from nnstudio.gui.views.weights.weights_view import WeightsView

__all__ = ["WeightsView"]
