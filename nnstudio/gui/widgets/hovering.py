"""Hovering: a field looks pointed at only as long as the pointer is over it.

Qt does not always tell a field that the pointer has left when a list had dropped down meanwhile.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

LOOK_MS: Final = 200


class Hovering(QTimer):
    """Looks now and then, from `start` on, whether the pointer is still over `widget`."""

    def __init__(self, widget: QWidget, *, where: Callable[[], QPoint] = QCursor.pos) -> None:
        super().__init__(widget)
        self._widget = widget
        self._where = where
        self.setInterval(LOOK_MS)
        self.timeout.connect(self.look)

    def look(self) -> None:
        """Tell the widget that the pointer has left it, if it has; then look no more."""
        widget = self._widget
        if widget.underMouse() and widget.rect().contains(widget.mapFromGlobal(self._where())):
            return
        self.stop()
        if widget.underMouse():
            QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
            widget.update()
