"""Testing: what the model of the shown run makes of the test part, found out beside the window."""

from collections.abc import Callable
from typing import Final

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import Progress
from nnstudio.gui.widgets.numerals import grouped, loss, percent, r_squared
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.notices import Notice, notice_of
from nnstudio.runs.judge import judge_source
from nnstudio.runs.run import Run
from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.evaluation import Evaluation

TOPIC: Final = "test"


class TestBench:
    """Tests models on request; the answer is told, and kept with the run.

    Parameters
    ----------
    current : callable
        Gives the run that is shown first.
    places : callable
        Gives where data sets lie.
    tell : callable
        Takes notices.
    changed : callable
        Called when a run knows more of itself.
    """

    __test__ = False  # it is nothing that pytest should collect

    def __init__(
        self,
        background: Background,
        *,
        current: Callable[[], Run | None],
        places: Callable[[], DataPlaces],
        tell: Callable[[Notice], None],
        changed: Callable[[], None],
    ) -> None:
        self._background = background
        self._current = current
        self._places = places
        self._tell = tell
        self._changed = changed

    def test(self) -> None:
        """Judge the model of the shown run on the test part of its own data."""
        run = self._current()
        model = model_of(run)
        if run is None or model is None:
            return
        step = int(model.summary["steps"])

        def work(progress: Progress) -> Evaluation:
            return judge_source(model, None, self._places(), progress)

        def done(found: Evaluation) -> None:
            run.tested = step, found.score
            self._tell(Notice(_told(run, found, step, task=model.task), topic=TOPIC))
            self._changed()

        self._background.run(
            text("Testing {name}", name=run.name), work, done=done, failed=self._failed
        )

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))


def _told(run: Run, found: Evaluation, step: int, *, task: Task) -> Text:
    if task == "values":
        return text(
            "{name}: test R² {score}, RMSE {rmse} ({count} samples, step {step}).",
            name=run.name,
            score=r_squared(found.score),
            rmse=loss(found.rmse),
            count=grouped(found.count),
            step=grouped(step),
        )
    return text(
        "{name}: test accuracy {share} ({count} samples, step {step}).",
        name=run.name,
        share=percent(found.score, digits=1),
        count=grouped(found.count),
        step=grouped(step),
    )
