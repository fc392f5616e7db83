"""Garbage: what only refers to itself is cleaned up by the GUI thread between two events.

Such rings may hold widgets. Python cleans up within whatever allocates: a thread that trains, or a
widget that is just painted; a widget that is deleted there crashes Qt.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 500
OLD_TIMES: Final = 4
"""Everything is looked through so many times less often than Python would: what has outlived two
looks hardly ever goes, and a look at 120 000 objects takes several frames."""


def clean_up() -> None:
    """Clean up what is due by Python's own limits: often what is young, seldom what is old."""
    made, middle, old = gc.get_count()
    limit, of_middle, of_old = gc.get_threshold()
    if made <= limit:
        return
    if old > OLD_TIMES * of_old:
        gc.collect(2)
    else:
        gc.collect(1 if middle > of_middle else 0)


class Garbage(QObject):
    """Cleans up from now on, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        # what the program is made of stays, and need not be looked through
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(clean_up)
        self._timer.start()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
