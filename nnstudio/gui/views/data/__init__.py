"""The data as a person sees them: pictures, points, or facts."""

from nnstudio.gui.views.data.data_view import DataView

__all__ = ["DataView"]
