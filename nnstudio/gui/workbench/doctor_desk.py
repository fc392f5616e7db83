"""The doctor's desk: has live runs examined beside the window; findings belong to their run."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.examiner import Patient
from nnstudio.gui.workbench.copy_desk import without
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.run_sources import SessionSource
from nnstudio.runs.run import Run
from nnstudio.training.snapshot import Snapshot

if TYPE_CHECKING:
    from nnstudio.training.session import Session


class Looking(Protocol):
    """What looks at one run at a time, as `nnstudio.doctor.examiner.Examiner` does."""

    @property
    def done(self) -> bool:
        """Whether that run has ended and there is nothing more to see of it."""

    def watch(self, patient: Patient | None) -> None:
        """Look at this run from now on."""

    def see(self, snapshot: Snapshot) -> None:
        """Take the newest Snapshot of it."""

    def take(self) -> Diagnosis | None:
        """Give what is newly known of it."""

    def ignore(self, rule: str) -> None:
        """Say nothing more about a rule."""

    def leave(self) -> None:
        """Ask all that goes on to end."""

    def close(self, *, patience_s: float | None = None) -> bool:
        """End all that goes on, and tell whether it has ended."""


class DoctorDesk:
    """Tells the examiner which run to look at, and keeps what it says with that run.

    The run that is shown is looked at while it is live, else the first of those under way. Runs
    that were over before anybody had looked have their turn before; all are looked at until their
    end as soon as nothing is trained.

    Parameters
    ----------
    examiner : Looking
        The desk closes it.
    changed : callable
        Called with the run of which more is known than before.
    """

    def __init__(self, runs: RunDesk, examiner: Looking, *, changed: Callable[[Run], None]) -> None:
        self._runs, self._examiner, self._changed = runs, examiner, changed
        self._watched: Run | None = None
        self._source: SessionSource | None = None
        self._seen: Snapshot | None = None
        self._ignoring = False
        self._done: WeakSet[Session] = WeakSet()

    def poll(self) -> None:
        """Take what the examiner says, and hand it what is new."""
        # what is said last is said before it is done
        if self._source is not None and self._examiner.done:
            self._done.add(self._source.session)
        said = self._examiner.take() if self._watched is not None else None
        if said is not None and self._watched is not None:
            self._ignoring = False
            self._watched.diagnosis = said
            self._changed(self._watched)
        wanted = self._watched if self._ignoring else self._wanted()
        if wanted is not None:
            self._watch(wanted)
        watched = self._watched
        if watched is not None and watched.snapshot is not self._seen:
            self._seen = watched.snapshot
            self._examiner.see(watched.snapshot)

    def ignore(self, rule: str) -> None:
        """Leave out what a rule finds in the run that is shown, whether it goes on or is over."""
        run = self._runs.current
        if run is not None and run.diagnosis is not None:
            if run.diagnosis.copy_steps is not None:
                run.diagnosis = without(run.diagnosis, rule)
                self._changed(run)
                return
            self._watch(run)
            if self._watched is run:
                # it stays the one that is looked at until that is said
                self._ignoring = True
                self._examiner.ignore(rule)

    def leave(self) -> None:
        """Ask all looking to end."""
        self._examiner.leave()

    def close(self, *, patience_s: float | None = None) -> bool:
        """End all looking, and tell whether it has ended."""
        return self._examiner.close(patience_s=patience_s)

    def _watch(self, run: Run) -> None:
        source = run.source
        if isinstance(source, SessionSource) and source is not self._source:
            self._watched, self._source, self._seen = run, source, None
            self._examiner.watch(source.session)

    def _wanted(self) -> Run | None:
        shown = self._runs.current
        live = [one.run for one in self._runs.live if not one.run.lesson]
        ended = [run for run in self._runs.shelf.runs if self._is_left(run)]
        missed = [run for run in ended if run.diagnosis is None]
        if self._watched in missed:
            return self._watched
        # of equals the one that is shown comes first
        wanted = missed or live or ended
        return shown if shown in wanted else next(iter(wanted), None)

    def _is_left(self, run: Run) -> bool:
        """Tell whether a run of this session has ended and was not looked at until its end."""
        return (
            isinstance(run.source, SessionSource)
            and run.snapshot.state.ended
            and not (run.range_test or run.lesson)
            and run.source.session not in self._done
        )
