"""Examiner: a thread of its own that turns Moments of one run into Diagnoses; newest wins.

It never makes anybody wait. After every look it rests, so that looking stays a small share of the
time, however large the network is.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Protocol
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.progress import Cancelled
from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.evidence import Evidence, InputFacts
from nnstudio.doctor.evidence.gather import Observer, asks_the_same
from nnstudio.doctor.examine import Examination, guarded
from nnstudio.doctor.rules import RULES
from nnstudio.seams import Seams
from nnstudio.threads import start_behind
from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.prepared import PreparedData
from nnstudio.training.pretraining import WHOLE
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot

if TYPE_CHECKING:
    from threading import Thread

_LOG: Final = logging.getLogger(__name__)

POLL_S: Final = 0.1
SHARE: Final = 0.01
"""At most so much of the time is spent looking, but for the first looks: with the 1 % that Moments
and the 1 % that kept weights may take, a run is not slowed down by more than 3 %, not even where
all share one processor."""
FIRST_LOOKS: Final = 3
FIRST_REST_S: Final = 0.3


class Patient(Protocol):
    """A live run, as `nnstudio.training.session.Session` is one."""

    @property
    def moments(self) -> Moments | None:
        """Where its Moments are asked for and taken."""

    @property
    def data(self) -> PreparedData:
        """Its samples."""

    @property
    def recipe(self) -> Recipe:
        """What it came from."""

    @property
    def initial(self) -> NDArray[Any] | None:
        """The vector that it began with."""

    @property
    def planted(self) -> Seams:
        """What it is really made of."""


class Judging(Protocol):
    """The memory of one run, as `nnstudio.doctor.examine.Examination` is one."""

    def look(self, evidence: Evidence) -> Diagnosis:
        """Give what is to be said of the run by now."""

    def ignore(self, rule: str) -> Diagnosis:
        """Give the same without what this rule says, now and later."""


@dataclass(frozen=True, eq=False)
class _Said:
    watch: int
    diagnosis: Diagnosis


@dataclass(frozen=True, eq=False)
class _Seen:
    watch: int
    snapshot: Snapshot


_Known = WeakKeyDictionary[PreparedData, tuple[tuple[Experiment, Seams], InputFacts]]


class Examiner:
    """Looks at one live run at a time; used by the thread that made it.

    Parameters
    ----------
    begin : callable
        Gives an empty memory for a run.
    clock : callable
        Gives seconds.
    """

    def __init__(
        self,
        begin: Callable[[], Judging] = lambda: Examination(guarded(RULES)),
        *,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._begin, self._clock = begin, clock
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._said: Mailbox[_Said] = Mailbox()
        self._seen: Mailbox[_Seen] = Mailbox()
        self._stop: Mailbox[bool] = Mailbox()
        self._thread: Thread | None = None
        self._number = self._done = 0
        # what follows belongs to the examiner's thread
        self._look: _Look | None = None
        self._looks: WeakKeyDictionary[Patient, _Look] = WeakKeyDictionary()
        self._known: _Known = WeakKeyDictionary()
        self._closing = False

    def watch(self, patient: Patient | None) -> None:
        """Look at this run from now on, with what is remembered of it; None for no run."""
        self._number += 1
        number = self._number
        self._send(lambda: self._turn_to(patient, number))

    def see(self, snapshot: Snapshot) -> None:
        """Take the newest Snapshot of the run that is watched; its history is looked at."""
        self._seen.put(_Seen(self._number, snapshot))

    @property
    def done(self) -> bool:
        """Whether the run that is watched has ended, and all that there is to see was looked at."""
        return self._done == self._number

    def take(self) -> Diagnosis | None:
        """Give the newest Diagnosis of the run that is watched; None when nothing is new."""
        said = self._said.take()
        return said.diagnosis if said is not None and said.watch == self._number else None

    def ignore(self, rule: str) -> None:
        """Say nothing more about a rule in this run; a new Diagnosis follows at once."""
        self._send(lambda: self._leave_out(rule))

    def leave(self) -> None:
        """Ask the thread to end; nobody waits for it."""
        if self._thread is not None:
            self._stop.put(True)  # noqa: FBT003 - the value of a box
            self._inbox.put(self._end)

    def close(self, *, patience_s: float | None = None) -> bool:
        """End the thread and tell whether it has; wait until it has left the look that it is at.

        So many seconds at most, where they are given.
        """
        if self._thread is None:
            return True
        self.leave()
        self._thread.join(patience_s)
        if self._thread.is_alive():
            return False
        self._thread = None
        return True

    def _send(self, command: Callable[[], None]) -> None:
        self._inbox.put(command)
        if self._thread is None:
            self._thread = start_behind(self._work, name="nnstudio-examiner")

    # What follows belongs to the examiner's thread.

    def _work(self) -> None:
        while not self._closing:
            self._obey(None if self._look is None else POLL_S)
            look, seen = self._look, self._seen.take()
            if self._closing or look is None:
                continue
            if look.over:
                self._done = look.number
                continue
            if seen is not None and seen.watch == look.number:
                look.see(seen.snapshot)
            if not look.is_due(self._clock()):
                continue
            try:
                diagnosis = look.look()
            except Cancelled:
                look.forget()
                continue
            except Exception:
                # a fault in here must not end a person's run: the next Moment may be looked at
                if not look.failed:
                    look.failed = True
                    _LOG.exception("the doctor could not look at step %s", look.step)
                continue
            if diagnosis is not None:
                self._said.put(_Said(look.number, diagnosis))

    def _go_on(self) -> None:
        """End the look that goes on where somebody waits: for another run, or for the end."""
        if self._stop.take() or (self._look is not None and self._look.number != self._number):
            raise Cancelled

    def _obey(self, wait_s: float | None) -> None:
        """Do what was asked for; wait for it so long, or for as long as it takes."""
        try:
            self._inbox.get(timeout=wait_s)()
            while True:
                self._inbox.get_nowait()()
        except Empty:
            return

    def _end(self) -> None:
        self._closing = True

    def _turn_to(self, patient: Patient | None, number: int) -> None:
        self._look = None if patient is None else self._looks.get(patient)
        if patient is not None and patient.moments is None:
            self._done = number
        if self._look is not None:
            self._look.number = number
        elif patient is not None and patient.moments is not None:
            self._look = self._looks[patient] = _Look(
                patient,
                patient.moments,
                self._begin(),
                number=number,
                known=self._known,
                between=self._go_on,
                clock=self._clock,
            )

    def _leave_out(self, rule: str) -> None:
        if self._look is not None:
            self._said.put(_Said(self._look.number, self._look.judging.ignore(rule)))


class _Look:
    """One run that is watched: what is known of it, and when to look again."""

    def __init__(
        self,
        patient: Patient,
        moments: Moments,
        judging: Judging,
        *,
        number: int,
        known: _Known,
        between: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._known, self._between = known, between
        self.number, self.judging, self.step = number, judging, 0
        self._patient, self._moments, self._clock = ref(patient), moments, clock
        self._observer: Observer | None = None
        self._snapshot: Snapshot | None = None
        self._newest: Moment | None = None
        self._looks, self._due, self.over = 0, 0.0, False
        self._knows_data = self.failed = False
        self._asked = True
        moments.ask()

    def see(self, snapshot: Snapshot) -> None:
        """Take the newest Snapshot."""
        self._snapshot = snapshot

    def is_due(self, now: float) -> bool:
        """Tell whether it has rested long enough; while nothing is trained, nobody is disturbed."""
        snapshot = self._snapshot
        return now >= self._due or (snapshot is not None and snapshot.state is not RunState.RUNNING)

    def forget(self) -> None:
        """Forget what a look that was left has begun to find out."""
        self._observer, self.over = None, False

    def look(self) -> Diagnosis | None:
        """Look at what is new and give what is to be said then; None where nothing is new."""
        if self._snapshot is None:
            return None
        if self._snapshot.history is None:
            self.over = self._snapshot.state.ended
            return None
        started = self._clock()
        try:
            said = self._at(self._snapshot)
        except Exception:
            self._rest(started)
            raise
        if said is not None:
            self._rest(started)
        return said

    def _rest(self, started: float) -> None:
        """Look at nothing for a while, in proportion to how long the look has taken."""
        ended = self._clock()
        self._looks += 1
        rest = (ended - started) / SHARE if self._looks > FIRST_LOOKS else FIRST_REST_S
        self._due, self._asked = ended + rest, False

    def _at(self, snapshot: Snapshot) -> Diagnosis | None:
        patient = self._patient()
        if patient is None:
            self.over = True
            return None
        moment = self._moments.take(each=snapshot.state.ended)
        if moment is not None and np.isfinite(moment.before).all():
            self._newest = moment
            return self._judge(patient, moment, snapshot)
        if not snapshot.state.ended and not self._asked:
            # asked for when it is wanted, not when the last look was over: it shall be new
            self._asked = True
            self._moments.ask()
        if snapshot.state.ended:
            self.over = True
            failed = self._moments.take_failure() if snapshot.state is RunState.DIVERGED else None
            last = failed or self._newest
            if last is not None:
                return self._judge(patient, last, snapshot, fails=failed is not None)
        elif not _pretrains(snapshot):
            return None
        return self._of_data(patient)

    def _of_data(self, patient: Patient) -> Diagnosis | None:
        """Give what is to be said while no step of the whole network was made; once."""
        if self._knows_data:
            return None
        self._knows_data = True
        return self.judging.look(self._observing(patient).without_moment())

    def _judge(
        self, patient: Patient, moment: Moment, snapshot: Snapshot, *, fails: bool = False
    ) -> Diagnosis:
        self.step, observer = moment.step, self._observing(patient)
        assert snapshot.history is not None, "looked at only where there is one"  # noqa: S101 - cannot happen
        return self.judging.look(
            observer.evidence(
                moment,
                snapshot.history,
                ended=snapshot.reason,
                non_finite=observer.failure(moment) if fails else None,
            )
        )

    def _observing(self, patient: Patient) -> Observer:
        if self._observer is None:
            self._observer = self._begun(patient)
        return self._observer

    def _begun(self, patient: Patient) -> Observer:
        """Give an observer; what another run has found out about the same data is taken over."""
        experiment, data = patient.recipe.experiment, patient.data
        drawn = patient.recipe.initial_sha256 is None or patient.recipe.parent is not None
        asked = experiment, patient.planted
        before = self._known.get(data)
        same = before is not None and asks_the_same(before[0], asked, data)
        observer = Observer(
            experiment,
            data,
            seams=patient.planted,
            start=None if drawn else patient.initial,
            inputs=before[1] if before is not None and same else None,
            between=self._between,
        )
        self._known[data] = asked, observer.inputs()
        return observer


def _pretrains(snapshot: Snapshot) -> bool:
    history = snapshot.history
    return history is not None and bool(history.stages) and history.stages[-1][1] != WHOLE
