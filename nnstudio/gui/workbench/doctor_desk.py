"""The doctor's desk: has live runs examined beside the window; findings belong to their run."""

from collections.abc import Callable
from typing import Protocol

from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.examiner import Patient
from nnstudio.gui.workbench.drives import Drive
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.training.snapshot import Snapshot


class Looking(Protocol):
    """What looks at one run at a time, as `nnstudio.doctor.examiner.Examiner` does."""

    def watch(self, patient: Patient | None) -> None:
        """Look at this run from now on."""

    def see(self, snapshot: Snapshot) -> None:
        """Take the newest Snapshot of it."""

    def take(self) -> Diagnosis | None:
        """Give what is newly known of it."""

    def ignore(self, rule: str) -> None:
        """Say nothing more about a rule."""

    def close(self) -> None:
        """End all that goes on."""


class DoctorDesk:
    """Tells the examiner which run to look at, and keeps what it says with that run.

    The run that is shown is looked at while it is live, else the first of those under way.

    Parameters
    ----------
    examiner : Looking
        The desk closes it.
    changed : callable
        Called when more is known of a run than before.
    """

    def __init__(
        self, runs: RunDesk, examiner: Looking, *, changed: Callable[[Diagnosis], None]
    ) -> None:
        self._runs, self._examiner, self._changed = runs, examiner, changed
        self._watched: Drive | None = None
        self._seen: Snapshot | None = None

    def poll(self) -> None:
        """Take what the examiner says, and hand it what is new."""
        drive = self._wanted()
        if drive is not None and drive is not self._watched:
            self._watched, self._seen = drive, None
            self._examiner.watch(drive.session)
        watched = self._watched
        if watched is None:
            return
        snapshot = watched.run.snapshot
        if snapshot is not self._seen:
            self._seen = snapshot
            self._examiner.see(snapshot)
        said = self._examiner.take()
        if said is not None:
            watched.run.diagnosis = said
            self._changed(said)

    def ignore(self, rule: str) -> None:
        """Leave out what a rule finds in the run that is looked at."""
        self._examiner.ignore(rule)

    def close(self) -> None:
        """End all looking."""
        self._examiner.close()

    def _wanted(self) -> Drive | None:
        live = self._runs.live
        shown = next((one for one in live if one.run is self._runs.current), None)
        return shown or self._runs.drive
