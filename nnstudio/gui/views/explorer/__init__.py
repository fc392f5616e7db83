"""What networks are made of, drawn by the engine itself: functions, losses, schedules, paths."""

from nnstudio.gui.views.explorer.explorer_view import ExplorerView

__all__ = ["ExplorerView"]
