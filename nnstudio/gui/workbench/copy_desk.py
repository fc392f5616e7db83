"""Runs that nobody could look into are examined by a copy: it is trained anew beside the window."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from nnstudio.data.progress import Progress
from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.headless import STEPS, examined
from nnstudio.gui.workbench.background import Background, Failure, Job
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.run_sources import SessionSource
from nnstudio.runs.run import Run
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import Step
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState

SECONDS: Final = 20.0


class CopyDesk:
    """Examines one copy at a time, and keeps what was found with the run that was copied.

    Parameters
    ----------
    run : callable
        Gives the run that is shown.
    changed : callable
        Called with a run of which more is known, or whose copy is looked at or no longer.
    failed : callable
        Takes what went wrong.
    """

    def __init__(
        self,
        background: Background,
        data: DataDesk,
        *,
        run: Callable[[], Run | None],
        changed: Callable[[Run], None],
        failed: Callable[[Failure], None],
    ) -> None:
        self._background, self._data = background, data
        self._run, self._changed, self._failed = run, changed, failed
        self._copied: Run | None = None
        self._job: Job | None = None

    def looks_at(self, run: Run | None) -> bool:
        """Tell whether a copy of this run is looked at just now."""
        return run is not None and run is self._copied

    def examine(self) -> None:
        """Begin to look at a copy of the run that is shown, unless one is looked at."""
        run = self._run()
        if run is None or run.recipe is None or self._copied is not None:
            return
        experiment, session = run.recipe.experiment, None
        if isinstance(run.source, SessionSource):
            session = run.source.session
        self._copied = run
        self._changed(run)
        if session is not None:
            planted = TRUE if session.experiment.faults else session.planted
            self._look(run, experiment, session.data, planted)
            return
        self._job = self._data.prepare_all(
            (experiment,),
            title=text("Loading the data of {name}", name=run.name),
            done=lambda found: self._look(run, experiment, found[0], TRUE),
            failed=self._fail,
            cancelled=self._end,
        )

    def cancel(self) -> None:
        """Look no more."""
        if self._job is not None:
            self._job.cancel()

    def _look(self, run: Run, experiment: Experiment, data: PreparedData, planted: Seams) -> None:
        self._job = self._background.run(
            text("Examining a copy of {name}", name=run.name),
            lambda progress: _examined(experiment, data, planted, progress),
            done=self._end,
            failed=self._fail,
            cancelled=self._end,
        )

    def _fail(self, failure: Failure) -> None:
        self._end()
        self._failed(failure)

    def _end(self, diagnosis: Diagnosis | None = None) -> None:
        run, self._copied, self._job = self._copied, None, None
        if run is not None:
            run.diagnosis = diagnosis or run.diagnosis
            self._changed(run)


def without(diagnosis: Diagnosis, rule: str) -> Diagnosis:
    """Leave out what a rule found, and what follows from it."""
    return replace(
        diagnosis,
        findings=tuple(
            one for one in diagnosis.findings if rule not in {one.rule, one.explained_by}
        ),
        ignored=diagnosis.ignored | {rule},
    )


def _examined(
    experiment: Experiment, data: PreparedData, planted: Seams, progress: Progress
) -> Diagnosis:
    doing = text("Training a copy and looking at it")
    progress(0.0, doing)
    state = TrainingState.start(experiment, data, seams=planted)

    def tell(state: TrainingState, step: Step) -> None:
        progress(max(step.step / STEPS, min(1.0, state.seconds / SECONDS)), doing)

    found = examined(state, steps=STEPS, seconds=SECONDS, tell=tell)
    return replace(found.diagnosis, copy_steps=found.steps)
