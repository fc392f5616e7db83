"""Quick checks on request, beside the window; they look at a run and never touch it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nnstudio.data.progress import Progress
from nnstudio.doctor.checks import (
    CheckResult,
    baseline_check,
    first_loss_check,
    one_step_test,
    overfit_check,
)
from nnstudio.doctor.gradient_check import GradientReport, check_gradient
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure, Job
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.run_sources import SessionSource
from nnstudio.runs.run import Run
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.prepared import PreparedData
from nnstudio.training.pretraining import NoPretraining
from nnstudio.training.state import TrainingState

GRADIENT: Final = "gradient"
FIRST_STEPS: Final = 3


@dataclass(frozen=True)
class CheckState:
    """What is known of one check.

    Attributes
    ----------
    running : bool
        Whether it goes on.
    share, seconds_left : float or None
        How far it is.
    result : CheckResult, GradientReport or None
        What came of it.
    trouble : Text or str
        Why nothing did.
    """

    running: bool = False
    share: float | None = None
    seconds_left: float | None = None
    result: CheckResult | GradientReport | None = None
    trouble: Text | str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """What a check looks at: an experiment with its data, a step of it, and what is planted."""

    experiment: Experiment
    data: PreparedData
    moment: Moment | None = None
    planted: Seams = TRUE

    def first_moments(self) -> tuple[Moment, ...]:
        """Make the first steps of the whole network in such a run, and give them."""
        # of layers that are trained by themselves there are no Moments
        experiment = replace(self.experiment, pretraining=NoPretraining())
        state = TrainingState.start(experiment, self.data, seams=self.planted)
        moments = Moments()
        steps = train(state, moments=moments)
        made = []
        for _ in range(FIRST_STEPS):
            next(steps, None)
            made.append(moments.take())
        return tuple(one for one in made if one is not None)

    def moments(self) -> tuple[Moment, ...]:
        """Give the first steps and the newest one that is known, those with finite numbers.

        Raises
        ------
        NnstudioError
            When there is none, since not even the first step can be made.
        """
        known = () if self.moment is None else (self.moment,)
        finite = [one for one in (*self.first_moments(), *known) if np.isfinite(one.gradient).all()]
        if not finite:
            raise NnstudioError(
                "Not even the first step can be made in finite numbers.",
                hint="Look at the data and the initial weights first.",
            )
        return tuple(finite)

    def some_moment(self) -> Moment:
        """Give the newest step, or the last of the first ones where none was made yet.

        Raises
        ------
        NnstudioError
            As in `moments`.
        """
        return self.moment or self.moments()[-1]


Check = Callable[[Subject, Progress], CheckResult | GradientReport]


def gradient(subject: Subject, progress: Progress) -> GradientReport:
    """Check the gradient of the first steps of a run and of its newest, up to one that fails.

    In the first steps a mistake shows that has killed the network since.
    """
    doing = text("Checking the gradient")
    progress(None, doing)
    moments = subject.moments()
    for done, moment in enumerate(moments):
        progress(done / len(moments), doing)
        report = check_gradient(subject.data, moment, generator=np.random.default_rng(0))
        if not report.passed:
            break
    return report


def one_step(subject: Subject, progress: Progress) -> CheckResult:
    """Try a tiny step along the gradient that was applied."""
    return one_step_test(subject.data, subject.some_moment(), progress=progress)


def first_loss(subject: Subject, progress: Progress) -> CheckResult:
    """Compare the loss of the untrained network with that of a guess."""
    return first_loss_check(
        subject.experiment, subject.data, seams=subject.planted, progress=progress
    )


def overfit(subject: Subject, progress: Progress) -> CheckResult:
    """Have a few samples learned by heart."""
    return overfit_check(subject.experiment, subject.data, seams=subject.planted, progress=progress)


def baseline(subject: Subject, progress: Progress) -> CheckResult:
    """Train with the inputs, and with zeros in their place."""
    return baseline_check(
        subject.experiment, subject.data, seams=subject.planted, progress=progress
    )


CHECKS: Final[Mapping[str, Check]] = {
    GRADIENT: gradient,
    "one_step": one_step,
    "first_loss": first_loss,
    "overfit": overfit,
    "baseline": baseline,
}


class CheckDesk:
    """Makes one check at a time; what came of it is forgotten when it is about something else.

    Parameters
    ----------
    run : callable
        Gives the run that is shown.
    experiment, data : callable
        Give what is set, and its data when they are loaded.
    changed : callable
        Called when more is known.
    """

    def __init__(
        self,
        background: Background,
        *,
        run: Callable[[], Run | None],
        experiment: Callable[[], Experiment],
        data: Callable[[], PreparedData | None],
        changed: Callable[[], None],
    ) -> None:
        self._background = background
        self._run, self._experiment, self._data = run, experiment, data
        self._changed = changed
        self._states: dict[str, CheckState] = {}
        self._job: tuple[str, Job] | None = None
        self._about: tuple[object, ...] | None = None

    @property
    def states(self) -> Mapping[str, CheckState]:
        """What is known of every check that was made."""
        return self._states

    @property
    def subject(self) -> Subject | None:
        """What would be checked now: the run that is shown, else what is set."""
        run = self._run()
        if run is not None and isinstance(run.source, SessionSource):
            session = run.source.session
            newest = session.moments.newest if session.moments is not None else None
            # mistakes that are switched on act by themselves
            planted = TRUE if session.experiment.faults else session.planted
            return Subject(session.experiment, session.data, newest, planted)
        data = self._data()
        return None if data is None else Subject(self._experiment(), data)

    def check(self, kind: str) -> None:
        """Begin a check, unless one goes on."""
        subject, check = self.subject, CHECKS.get(kind)
        if subject is None or check is None or self._job is not None:
            return
        self._about = self._present()

        def done(result: CheckResult | GradientReport) -> None:
            self._end(kind, CheckState(result=result))

        def failed(failure: Failure) -> None:
            self._end(kind, CheckState(trouble=notice_of(failure, topic="check").text))

        self._tell(kind, CheckState(running=True))
        job = self._background.run(
            None,
            lambda progress: check(subject, progress),
            done=done,
            failed=failed,
            cancelled=lambda: self._end(kind, CheckState()),
        )
        self._job = kind, job

    def cancel(self) -> None:
        """End the check that goes on."""
        if self._job is not None:
            self._job[1].cancel()

    def poll(self) -> None:
        """Tell how far the check is; forget what is about another run or experiment by now."""
        if self._about is not None and self._about != self._present():
            self.cancel()
            self._about = None
            self._states = {kind: one for kind, one in self._states.items() if one.running}
            self._changed()
        if self._job is not None:
            kind, job = self._job
            progress = job.progress()
            self._tell(
                kind,
                CheckState(running=True, share=progress.share, seconds_left=progress.seconds_left),
            )

    def _present(self) -> tuple[object, ...]:
        run = self._run()
        return (run.identity if run is not None else "", self._experiment())

    def _end(self, kind: str, state: CheckState) -> None:
        self._job = None
        self._tell(kind, state)

    def _tell(self, kind: str, state: CheckState) -> None:
        if state != self._states.get(kind):
            self._states = self._states | {kind: state}
            self._changed()
