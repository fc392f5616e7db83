"""The program with a window: one function that opens it and gives the exit status."""

from nnstudio.gui.app.start import run

__all__ = ["run"]
