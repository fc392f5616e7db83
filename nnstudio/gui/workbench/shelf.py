"""The runs of the session in their order, and which of them is shown first; nothing drives them."""

from dataclasses import dataclass
from typing import Final

from nnstudio.runs.run import Run, RunView

RUNS_KEPT: Final = 30


@dataclass(frozen=True, eq=False)
class Removed:
    """A run that was taken off the shelf, where it stood, and whether it was the current one."""

    run: Run
    place: int
    current: bool


class RunShelf:
    """The runs, the oldest first; the current one may stand beside the shelf."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._current: Run | None = None

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs of the session, the oldest first."""
        return tuple(self._runs)

    @property
    def current(self) -> Run | None:
        """The run that the views show first and that is saved."""
        return self._current

    def views(self) -> tuple[RunView, ...]:
        """Give the runs as views see them, the current one first, then the newest."""
        current = self._current
        first = () if current is None else (current.view(current=True),)
        return first + tuple(
            run.view(current=False) for run in reversed(self._runs) if run is not current
        )

    def find(self, identity: str) -> Run | None:
        """Give the run of this identity."""
        return next((run for run in self._runs if run.identity == identity), None)

    def show(self, run: Run | None) -> None:
        """Make a run the current one, whether it stands on the shelf or not."""
        self._current = run

    def part(self) -> None:
        """Let runs that were compared be earlier runs like all others."""
        for run in self._runs:
            run.place = None

    def add(self, run: Run) -> tuple[Run, ...]:
        """Put a run on the shelf; gives those that had to go for it."""
        self._runs.append(run)
        gone = tuple(self._runs[:-RUNS_KEPT])
        del self._runs[:-RUNS_KEPT]
        return gone

    def remove(self, run: Run) -> Removed:
        """Take a run off the shelf; the newest that is left becomes the current one."""
        removed = Removed(run, self._runs.index(run), run is self._current)
        self._runs.remove(run)
        if removed.current:
            # a range test is no run that anybody goes on with
            left = [one for one in self._runs if not one.range_test]
            self._current = left[-1] if left else None
        return removed

    def put_back(self, removed: Removed) -> None:
        """Put a run back where it stood."""
        self._runs.insert(min(removed.place, len(self._runs)), removed.run)
        if removed.current:
            self._current = removed.run
