"""Summaries: what the data are like, worked out beside the window; once for each data."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from nnstudio.data.progress import Progress
from nnstudio.gui.workbench.background import Background, Failure, Job
from nnstudio.runs.data_summary import DataSummary, summarize
from nnstudio.training.prepared import PreparedData


class SummaryDesk(QObject):
    """Knows the summary of the data that were asked for last; `found` carries it.

    Parameters
    ----------
    failed : callable
        Takes what went wrong inside the program.
    """

    found = Signal(object)

    def __init__(
        self,
        background: Background,
        *,
        failed: Callable[[Failure], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._failed = failed
        self._job: Job | None = None
        self._wanted: PreparedData | None = None
        self._kept: DataSummary | None = None

    def want(self, data: PreparedData) -> None:
        """Have the summary of `data` told; a look at other data is given up."""
        if self._kept is not None and self._kept.data is data:
            self.found.emit(self._kept)
            return
        if data is self._wanted:
            return
        self.drop()
        self._wanted = data

        def work(progress: Progress) -> DataSummary:
            return summarize(data, progress)

        def done(summary: DataSummary) -> None:
            if self._wanted is data:
                self._job, self._wanted, self._kept = None, None, summary
                self.found.emit(summary)

        def failed(failure: Failure) -> None:
            if self._wanted is data:
                self._job = self._wanted = None
                self._failed(failure)

        self._job = self._background.run(None, work, done=done, failed=failed)

    def drop(self) -> None:
        """Give up what is under way, and forget what is known: the data are other ones now."""
        if self._job is not None:
            self._job.cancel()
        self._job = self._wanted = self._kept = None
