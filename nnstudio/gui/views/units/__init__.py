"""What every unit says to one sample: maps of all layers, and one unit at large."""

from nnstudio.gui.views.units.units_view import UnitsView

__all__ = ["UnitsView"]
