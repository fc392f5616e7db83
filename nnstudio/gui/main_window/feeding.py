"""Which views get the newest runs: those that can be seen and are due; others cost nothing."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from nnstudio.gui.main_window.dock import Dock
from nnstudio.runs.run import RunView

# News come every 45 ms; a view is due when the next would come later than it wishes.
SLACK_S: Final = 0.012
AT_ONCE: Final = 2
MOVING_HZ: Final = 10.0  # what is shown so often is looked at while something moves


class Pace:
    """Calls something no more often than so many times a second."""

    def __init__(
        self,
        act: Callable[[], None],
        *,
        hertz: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._act = act
        self._period = 1 / hertz - SLACK_S
        self._clock = clock
        self._last = float("-inf")

    def call_if_due(self) -> None:
        """Call it, unless that was done just now."""
        now = self._clock()
        if now - self._last >= self._period:
            self._last = now
            self._act()


class Feeder:
    """Hands runs to the views of docks; knows when each was given them last."""

    def __init__(
        self, docks: Sequence[Dock], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._docks = docks
        self._clock = clock
        self._runs: tuple[RunView, ...] = ()
        self._given: dict[Dock, tuple[float, tuple[RunView, ...]]] = {}

    @property
    def wants_weights(self) -> bool:
        """Whether any view that can be seen shows parameters."""
        return any(dock.view.wants_weights and dock.seen for dock in self._docks)

    def take(self, runs: tuple[RunView, ...]) -> None:
        """Remember the newest runs; `feed_next` hands them on."""
        self._runs = runs

    def feed_next(self) -> bool:
        """Give the newest runs to those who have waited longest; gives whether any still wait.

        Two at a time, which are painted together: a pen or a key waits for these, not for all.
        """
        due = self._due()
        for dock in due[:AT_ONCE]:
            self._feed(dock)
        return len(due) > AT_ONCE

    def feed_moving(self) -> None:
        """Give the newest runs to the one view that has waited longest of those that move.

        While a pen moves nobody reads: lists and sentences wait until it rests.
        """
        due = [dock for dock in self._due() if dock.view.rate_hz >= MOVING_HZ]
        for dock in due[:1]:
            self._feed(dock)

    def _due(self) -> list[Dock]:
        now = self._clock()
        due = [dock for dock in self._docks if self._is_due(dock, now)]
        due.sort(key=lambda one: self._given_to(one)[0])
        return due

    def _feed(self, dock: Dock) -> None:
        self._given[dock] = (self._clock(), self._runs)
        dock.view.show_runs(self._runs)

    def _is_due(self, dock: Dock, now: float) -> bool:
        given_at, given = self._given_to(dock)
        period = 1 / dock.view.rate_hz - SLACK_S
        return given is not self._runs and now - given_at >= period and dock.seen

    def _given_to(self, dock: Dock) -> tuple[float, tuple[RunView, ...]]:
        return self._given.get(dock, (float("-inf"), ()))
