"""The window: panels, bars and menus, joined to the workbench."""

from nnstudio.gui.main_window.window import MainWindow

__all__ = ["MainWindow"]
