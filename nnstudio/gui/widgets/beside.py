"""Beside: one piece of work at a time in a thread of its own, heard of on the GUI thread.

The work never touches a Qt object. After each piece there is a rest, so that it takes no more
than a small share of the machine.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from nnstudio.threads import start_behind

LOOK_MS: Final = 30
SHARE: Final = 0.05
"""Of the time at most."""

Work = Callable[[], Any]


def start_thread(work: Callable[[], None]) -> None:
    """Run `work` in a thread that gives way to the window."""
    start_behind(work, name="nnstudio-beside")


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
        self._wish: Work | None = None
        self._urgent = False
        self._rests_until = float("-inf")
        self._began = 0.0
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._busy

    def ask(self, work: Work, *, urgent: bool = False) -> None:
        """Do `work` as soon as nothing is under way and the rest is over; the newest wish wins.

        What is `urgent`, because a person waits for it, waits for no rest.
        """
        self._wish = work
        self._urgent = self._urgent or urgent
        self.look()

    def drop(self) -> None:
        """Forget the wish; what is under way comes to its end."""
        self._wish, self._urgent = None, False
        self._wait()

    def leave(self) -> None:
        """Forget the wish, and never tell what comes of the work under way."""
        self._wish, self._urgent = None, False
        # the work writes into a list that nobody looks at any more
        self._busy, self._outcome = False, []
        self._wait()

    def look(self) -> None:
        """Tell what came of the work, if it has ended, and begin what is wished for."""
        try:
            self._hear()
            rested = self._urgent or self._clock() >= self._rests_until
            if not self._busy and self._wish is not None and rested:
                work, self._wish, self._urgent = self._wish, None, False
                self._do(work)
                self._hear()
        finally:
            self._wait()

    def _hear(self) -> None:
        if not self._busy or not self._outcome:
            return
        self._busy = False
        now = self._clock()
        self._rests_until = now + (now - self._began) / SHARE
        result, error = self._outcome[0]
        if error is not None:
            raise error
        self.found.emit(result)

    def _do(self, work: Work) -> None:
        self._busy, self._began = True, self._clock()
        outcome: list[tuple[Any, BaseException | None]] = []
        self._outcome = outcome

        def run() -> None:
            try:
                outcome.append((work(), None))
            except Exception as error:
                outcome.append((None, error))

        self._start(run)

    def _wait(self) -> None:
        """Look again while there is something to wait for."""
        waits = self._busy or self._wish is not None
        if waits and not self._timer.isActive():
            self._timer.start()
        elif not waits:
            self._timer.stop()
