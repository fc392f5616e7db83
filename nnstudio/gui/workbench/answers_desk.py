"""What networks answer to the parts of their data, found out beside the window; newest wins.

Only what somebody looks at is asked for, at most about once a second, and never so often that it
takes more than a small share of the machine.
"""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from nnstudio.data.progress import Progress
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.runs.answers import Answers, PartName, ask, is_trained_on, newest_of
from nnstudio.runs.run import RunView
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.snapshot import RunState, Vector

LEAST_S: Final = 1.0
SHARE: Final = 0.1
"""Of the time at most, while the network that is asked learns."""
MOST_KEPT: Final = 12

Key = tuple[str, PartName]


class AnswersDesk(QObject):
    """Keeps the newest answers of each run and part that was asked for.

    Parameters
    ----------
    background : Background
        Where the work goes.
    data, experiment : callable
        Give the data that are loaded, None while there are none, and what is set.
    failed : callable
        Called with what went wrong by a bug.
    """

    found = Signal(object)

    def __init__(
        self,
        background: Background,
        *,
        data: Callable[[], PreparedData | None],
        experiment: Callable[[], Experiment],
        failed: Callable[[Failure], None],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._data = data
        self._experiment = experiment
        self._failed = failed
        self._clock = clock
        self._kept: dict[Key, tuple[Vector, PreparedData, Answers]] = {}
        self._asking: Key | None = None
        self._waiting: dict[Key, RunView] = {}
        self._due: dict[Key, float] = {}

    @property
    def asking(self) -> bool:
        """Whether a network is being asked just now."""
        return self._asking is not None

    def want(self, run: RunView, part: PartName) -> Answers | Text | None:
        """Give the newest answers that are known; newer ones follow by `found`.

        Gives None while there are none yet, and a sentence where there will be none.
        """
        data = self._data()
        if data is None:
            return text("The data of this run are not loaded.")
        if not is_trained_on(run, data, self._experiment()):
            return text("This run learned from other data than those that are set now.")
        vector = newest_of(run)
        if vector is None:
            return text("The weights of this run are not known.")
        if not len(getattr(data.split, part)):
            return text("This part of the data has no samples.")
        key = run.identity, part
        kept = self._kept.get(key)
        if kept is not None and kept[1] is not data:
            kept = None
        if kept is None or kept[0] is not vector:
            self._ask(key, run, data, vector, known=kept is not None)
        return None if kept is None else kept[2]

    def _ask(
        self, key: Key, run: RunView, data: PreparedData, vector: Vector, *, known: bool
    ) -> None:
        # who goes back in time by a slider wants to see it at once
        learns = run.snapshot.state is RunState.RUNNING and run.rewound is None
        early = known and learns and self._clock() < self._due.get(key, 0.0)
        if self._asking is not None and not early:
            # a run that rests tells no news that would ask again
            self._waiting[key] = run
        if self._asking is not None or early:
            return
        self._asking = key
        began = self._clock()

        def work(progress: Progress) -> Answers | None:
            found = ask(run, data, key[1], go_on=lambda: progress(None, _WORK))
            if found is not None and found.task != "values":
                # all that views show is worked out here, not in the thread that paints
                _ = found.table, found.mistakes, found.calibration
            elif found is not None:
                _ = found.residuals
            return found

        def done(found: Answers | None) -> None:
            self._asking = None
            took = self._clock() - began
            self._due[key] = self._clock() + max(LEAST_S - took, took * (1 / SHARE - 1))
            if found is not None:
                self._kept.pop(key, None)
                self._kept[key] = vector, data, found
                while len(self._kept) > MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self.found.emit(found)
            self._ask_next()

        def failed(failure: Failure) -> None:
            self._asking = None
            self._due[key] = self._clock() + LEAST_S / SHARE
            self._failed(failure)

        self._background.run(None, work, done=done, failed=failed, cancelled=self._forget)

    def _ask_next(self) -> None:
        """Ask what somebody wished for meanwhile; of each run and part the newest."""
        waiting, self._waiting = self._waiting, {}
        for (_, part), run in waiting.items():
            self.want(run, part)

    def _forget(self) -> None:
        self._asking = None


_WORK: Final = text("Asking the network")
