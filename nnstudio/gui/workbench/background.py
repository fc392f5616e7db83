"""Long work beside the window: each job has a thread of its own and is heard of by polling.

A job never touches a Qt object; it writes into two mailboxes that `Background.poll` reads.
"""

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from nnstudio.data.progress import Cancelled, Progress
from nnstudio.texts import Text, text
from nnstudio.threads import start_behind
from nnstudio.training.mailbox import Mailbox

JOIN_S: Final = 3.0


@dataclass(frozen=True)
class JobProgress:
    """How far a job is: what it does, the share done (0 to 1 or unknown) and an estimate."""

    title: Text
    share: float | None
    seconds_left: float | None
    cancellable: bool


@dataclass(frozen=True)
class Failure:
    """Why a job failed: the exception, and its traceback for the log when it is a bug."""

    error: BaseException
    traceback: str


def start_thread(work: Callable[[], None]) -> threading.Thread:
    """Run `work` in a thread that gives way to the window."""
    return start_behind(work, name="nnstudio-job")


class Job:
    """One piece of work under way."""

    def __init__(
        self,
        title: Text | None,
        work: Callable[[Progress], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[Failure], None],
        cancelled: Callable[[], None],
        cancellable: bool,
        clock: Callable[[], float],
    ) -> None:
        self.title = title
        self.cancellable = cancellable
        self.work = work
        self.done = done
        self.failed = failed
        self.cancelled = cancelled
        self.thread: threading.Thread | None = None
        self._clock = clock
        self._began = clock()
        self._asked_to_end = threading.Event()
        self._progress: Mailbox[tuple[float | None, Text]] = Mailbox()
        self._outcome: Mailbox[Callable[[], None]] = Mailbox()
        self._newest = JobProgress(title or text(""), None, None, cancellable)

    def run(self) -> None:
        """Do the work and leave what is to be called on the GUI thread (runs in the thread)."""
        try:
            result = self.work(self._report)
        except Cancelled:
            self._outcome.put(self.cancelled)
        except Exception as error:
            failure = Failure(error, traceback.format_exc())
            self._outcome.put(lambda: self.failed(failure))
        else:
            self._outcome.put(lambda: self.done(result))

    def cancel(self) -> None:
        """Ask the work to end at its next report."""
        self._asked_to_end.set()

    def poll(self) -> Callable[[], None] | None:
        """Give what is to be called when the work has ended, else None."""
        outcome = self._outcome.take()
        if outcome is not None and self._asked_to_end.is_set():
            return self.cancelled
        return outcome

    def progress(self) -> JobProgress:
        """Give how far the work is."""
        news = self._progress.take()
        if news is not None:
            share, what = news
            self._newest = JobProgress(what, share, self._estimate(share), self.cancellable)
        return self._newest

    def _estimate(self, share: float | None) -> float | None:
        passed = self._clock() - self._began
        if share is None or share < 0.02 or passed < 0.5:
            return None
        return passed * (1 - share) / share

    def _report(self, share: float | None, what: Text) -> None:
        if self._asked_to_end.is_set():
            raise Cancelled
        self._progress.put((share, what))


class Background:
    """The jobs under way; `poll` is called by the GUI thread and calls back on it.

    Parameters
    ----------
    start : callable
        Runs a function elsewhere and gives the thread, or runs it at once (tests) and gives None.
    """

    def __init__(
        self,
        start: Callable[[Callable[[], None]], threading.Thread | None] = start_thread,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._clock = clock
        self._jobs: list[Job] = []

    def run(
        self,
        title: Text | None,
        work: Callable[[Progress], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[Failure], None],
        cancelled: Callable[[], None] = lambda: None,
        cancellable: bool = True,
    ) -> Job:
        """Begin `work`; one of the three callbacks follows from a later `poll`.

        Work without a title is not shown to anybody.
        """
        job = Job(
            title,
            work,
            done=done,
            failed=failed,
            cancelled=cancelled,
            cancellable=cancellable,
            clock=self._clock,
        )
        self._jobs.append(job)
        job.thread = self._start(job.run)
        return job

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return bool(self._jobs)

    def poll(self) -> JobProgress | None:
        """Call back for what has ended; give how far the newest job under way is."""
        for job in tuple(self._jobs):
            ended = job.poll()
            if ended is not None:
                self._jobs.remove(job)
                ended()
        shown = self._shown()
        return shown.progress() if shown is not None else None

    def cancel_newest(self) -> None:
        """Ask the job whose progress is shown to end."""
        shown = self._shown()
        if shown is not None:
            shown.cancel()

    def _shown(self) -> Job | None:
        return next((job for job in reversed(self._jobs) if job.title is not None), None)

    def close(self) -> None:
        """Ask all jobs to end and wait for them, but not for ever."""
        for job in self._jobs:
            job.cancel()
        end = time.monotonic() + JOIN_S
        for job in self._jobs:
            if job.thread is not None:
                job.thread.join(max(0.0, end - time.monotonic()))
        self._jobs.clear()
