"""A run looked at while it is trained, at fixed steps and in turn: what is found is found again."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.evidence.arithmetic import ALIKE, Stated, gradient_errors, update_errors
from nnstudio.doctor.evidence.gather import Observer
from nnstudio.doctor.examine import Examination
from nnstudio.doctor.gradient_check import GradientReport, check_gradient
from nnstudio.training.blas import Company
from nnstudio.training.loop import Step, train
from nnstudio.training.moments import Moment, Moments, Vector
from nnstudio.training.state import TrainingState

STEPS: Final = 1000
SECONDS: Final = 60.0
FIRST: Final = 3
"""So many Moments are handed on; they are of the steps 0, 1 and 2."""


@dataclass(frozen=True, eq=False)
class Examined:
    """What came of an examination.

    Attributes
    ----------
    diagnosis : Diagnosis
        At the end.
    moments : tuple of Moment
        The first ones, for who wants to check the gradient.
    steps : int
        How many were made.
    looked : bool
        Whether a step of the whole network was looked at, and not the data alone.
    out_of_time : bool
        Whether the clock ended it, so that on a faster machine more steps are made.
    """

    diagnosis: Diagnosis
    moments: tuple[Moment, ...]
    steps: int
    looked: bool
    out_of_time: bool


def diagnose(
    state: TrainingState,
    *,
    steps: int | None = STEPS,
    seconds: float | None = None,
    tell: Callable[[TrainingState, Step], None] | None = None,
    examination: Examination | None = None,
) -> Diagnosis:
    """Train a run and give what is wrong with it; arguments as in `examined`."""
    return examined(
        state, steps=steps, seconds=seconds, tell=tell, examination=examination
    ).diagnosis


def examined(
    state: TrainingState,
    *,
    steps: int | None = STEPS,
    seconds: float | None = None,
    tell: Callable[[TrainingState, Step], None] | None = None,
    wanted: Callable[[], bool] | None = None,
    examination: Examination | None = None,
    start: Vector | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Examined:
    """Train a run, look at it at the fixed steps and at the end, and give what was found.

    Parameters
    ----------
    state : TrainingState
        Modified in place; left as it is when the limits are reached, so that it can go on.
    steps : int or None
        At most so many are made; None for as many as the run has.
    seconds : float or None
        No step is begun after so many seconds.
    tell : callable or None
        Told the state and its newest step, after every step.
    wanted : callable or None
        Asked after every step; where it says no, the rest is left out.
    examination : Examination or None
        Sees all evidence in the order of the steps; None for an empty one.
    start : ndarray or None
        As in `Observer`.
    clock : callable
        Gives seconds.
    """
    until, over = None if seconds is None else clock() + seconds, False
    last = None if steps is None else state.step + steps
    ends = [end for end in (last, state.total_steps) if end is not None]
    also = frozenset({min(ends) - 1}) if ends else frozenset()
    patient = _Patient(state, examination or Examination(), moments=Moments(also=also), start=start)
    company = Company()
    company.begin()
    for step in train(state, moments=patient.moments):
        patient.look()
        if tell is not None:
            tell(state, step)
        state.work_with(company.end(threads=state.threads, wanted=state.wanted_threads))
        company.begin()
        over = until is not None and clock() >= until
        if state.step == last or over or (wanted is not None and not wanted()):
            break
    patient.look_at_the_end()
    return Examined(
        diagnosis=patient.diagnosis,
        moments=tuple(patient.first),
        steps=state.step,
        looked=patient.looked,
        out_of_time=over and state.step != last and state.ended is None,
    )


def checked_gradient(state: TrainingState, found: Examined) -> GradientReport | None:
    """Check the gradient of a run that was examined, at one of its first steps.

    Differences take seconds in wide networks, so only one step is checked: the first that an
    untouched network would have made in another way, else the last of these. None where no
    gradient was finite.
    """
    finite = [one for one in found.moments if np.isfinite(one.gradient).all()]
    if not finite:
        return None
    stated = Stated(state.experiment, state.data)
    doubtful = (one for one in finite if _is_doubtful(stated, one))
    generator = np.random.default_rng(state.experiment.seed)
    return check_gradient(state.data, next(doubtful, finite[-1]), generator=generator)


@np.errstate(all="ignore")
def _is_doubtful(stated: Stated, moment: Moment) -> bool:
    """Tell whether a step is another one than that of the stated loss, but for rounding."""
    layout = stated.network.layout
    stated.state(moment)
    applied = moment.gradient.astype(np.float64)
    errors, _ = gradient_errors(layout, applied, stated.network.gradient)
    made = update_errors(layout, moment)
    return max(*errors.values(), *made.values()) > ALIKE


class _Patient:
    """One run, what was seen of it, and what is said of it."""

    def __init__(
        self,
        state: TrainingState,
        examination: Examination,
        *,
        moments: Moments,
        start: Vector | None,
    ) -> None:
        self._state, self._examination, self.moments = state, examination, moments
        self._observer = Observer(
            state.recipe.experiment, state.data, seams=state.seams, start=start
        )
        self.first: list[Moment] = []
        self._newest: Moment | None = None
        self.diagnosis = Diagnosis()
        self.looked = False

    def look(self) -> None:
        """Look at a Moment where there is a new one."""
        moment = self.moments.take()
        # of steps that a run goes back to before it ends there is nothing to be said
        if moment is None or not np.isfinite(moment.before).all():
            return
        if len(self.first) < FIRST:
            self.first.append(moment)
        self._newest = moment
        self._judge(moment)

    def look_at_the_end(self) -> None:
        """Look once more where the run ended by itself: at what failed, or at all that it did.

        Where no step of the whole network was made, at the data alone.
        """
        state = self._state
        if state.ended is not None:
            self._look_at_its_end()
        if not self.looked:
            self.diagnosis = self._examination.look(self._observer.without_moment())

    def _look_at_its_end(self) -> None:
        state = self._state
        if state.ended is not None and state.ended.reason == "diverged":
            self.moments.look_at_failure(state)
            failed = self.moments.take_failure()
            if failed is not None:
                self._judge(failed, fails=True)
                return
        if self._newest is not None:
            self._judge(self._newest)

    def _judge(self, moment: Moment, *, fails: bool = False) -> None:
        state, observer = self._state, self._observer
        evidence = observer.evidence(
            moment,
            state.history.view(),
            ended=None if state.ended is None else state.ended.reason,
            non_finite=observer.failure(moment) if fails else None,
        )
        self.diagnosis, self.looked = self._examination.look(evidence), True
