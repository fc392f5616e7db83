"""The network as a drawing: layers with their sizes, of small ones every weight."""

from nnstudio.gui.views.network.network_view import NetworkView

__all__ = ["NetworkView"]
