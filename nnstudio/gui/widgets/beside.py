"""Beside: one piece of work at a time in a thread of its own, heard of on the GUI thread.

The work never touches a Qt object. After each piece there is a rest, so that it takes no more
than a small share of the machine.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS: Final = 30
SHARE: Final = 0.05
"""Of the time at most."""

Work = Callable[[], Any]


def start_thread(work: Callable[[], None]) -> None:
    """Run `work` in a daemon thread."""
    threading.Thread(target=work, name="nnstudio-beside", daemon=True).start()


class Beside(QObject):
    """Does work beside the window; `found` carries what came of it.

    Knows whether it works and when it may begin again; an exception is raised where it is heard.
    """

    found = Signal(object)

    def __init__(
        self,
        *,
        start: Callable[[Callable[[], None]], None] = start_thread,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._start, self._clock = start, clock
        self._outcome: list[tuple[Any, BaseException | None]] = []
        self._rests_until = float("-inf")
        self._began = 0.0
        self.busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def rested(self) -> bool:
        """Whether it may work again without taking more than its share."""
        return not self.busy and self._clock() >= self._rests_until

    def do(self, work: Work) -> bool:
        """Begin `work`, unless something is under way; gives whether it began."""
        if self.busy:
            return False
        self.busy, self._began = True, self._clock()
        outcome: list[tuple[Any, BaseException | None]] = []
        self._outcome = outcome

        def run() -> None:
            try:
                outcome.append((work(), None))
            except Exception as error:
                outcome.append((None, error))

        self._start(run)
        self.look()
        if self.busy:
            self._timer.start()
        return True

    def look(self) -> None:
        """Tell what came of the work, if it has ended."""
        if not self.busy or not self._outcome:
            return
        self._timer.stop()
        self.busy = False
        now = self._clock()
        self._rests_until = now + (now - self._began) / SHARE
        result, error = self._outcome[0]
        if error is not None:
            raise error
        self.found.emit(result)
