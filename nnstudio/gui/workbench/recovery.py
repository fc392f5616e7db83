"""Runs that a crash or a power cut ended: offered again, gone on with, or discarded."""

from collections.abc import Callable
from typing import Final

from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.notices import Notice, Offer, Severity, notice_of
from nnstudio.runs.store import RunStore, StoredRun, Unfinished
from nnstudio.texts import Text, text
from nnstudio.training.checkpoint import Checkpoint

Begun = Callable[[StoredRun | None], None]
TOPIC: Final = "recovery"


class Recovery:
    """Asks about all runs that were interrupted, one at a time, the newest first.

    Parameters
    ----------
    go_on : callable
        Takes the run, its checkpoint, and what to call with the stored run when one goes on from
        it.
    """

    def __init__(
        self,
        store: RunStore | None,
        background: Background,
        *,
        go_on: Callable[[Unfinished, Checkpoint, Begun], None],
        tell: Callable[[Notice], None],
    ) -> None:
        self._store = store
        self._background = background
        self._go_on = go_on
        self._tell = tell
        self._waiting: list[Unfinished] = []
        self._replaced: list[tuple[StoredRun, Unfinished]] = []

    def look(self) -> None:
        """Find what was interrupted, beside the window."""
        store = self._store
        if store is not None:
            self._background.run(
                None,
                lambda _progress: store.unfinished(),
                done=self._found,
                failed=self._failed,
            )

    def poll(self) -> None:
        """Discard what a run that goes on has replaced; tell what the store cannot do."""
        trouble = self._store.problems.take() if self._store is not None else None
        if trouble is not None:
            self._tell(notice_of(trouble, topic="store"))
        done = [pair for pair in self._replaced if pair[0].safe]
        if done:
            self._replaced = [pair for pair in self._replaced if pair not in done]
            for _, old in done:
                old.discard()

    def _found(self, unfinished: tuple[Unfinished, ...]) -> None:
        self._waiting = list(unfinished)
        self._offer(0)

    def _offer(self, at: int) -> None:
        """Ask about one of those that wait; the first comes after the last."""
        count = len(self._waiting)
        if not count:
            return
        at %= count
        one = self._waiting[at]
        offers = [
            Offer(
                text("Open") if one.ended else text("Continue"),
                lambda: self._continue(one),
                primary=True,
            ),
            Offer(text("Discard"), lambda: self._discard(one)),
        ]
        if count > 1:
            offers.append(Offer(text("Next"), lambda: self._offer(at + 1)))
        self._tell(
            Notice(
                _what_happened(one),
                _what_can_be_done(one, at + 1, count),
                Severity.WARNING,
                tuple(offers),
                TOPIC,
            )
        )

    def _answered(self, unfinished: Unfinished) -> None:
        """Leave one out that a person has decided on, and ask about the one after it."""
        at = self._waiting.index(unfinished)
        self._waiting.remove(unfinished)
        self._offer(at)

    def _continue(self, unfinished: Unfinished) -> None:
        def begun(stored: StoredRun | None) -> None:
            if stored is not None:
                self._replaced.append((stored, unfinished))

        self._background.run(
            text("Opening {file}", file=unfinished.name),
            lambda _progress: unfinished.load(),
            done=lambda checkpoint: self._go_on(unfinished, checkpoint, begun),
            failed=self._failed,
            cancellable=False,
        )
        self._answered(unfinished)

    def _discard(self, unfinished: Unfinished) -> None:
        unfinished.discard()
        self._answered(unfinished)

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))


def _what_can_be_done(unfinished: Unfinished, at: int, count: int) -> Text:
    if count == 1:
        return (
            text("Open shows it as it was; Train goes on from there.")
            if unfinished.ended
            else text("It can go on from there.")
        )
    return (
        text(
            "This is {at} of {count} unsaved runs. Open shows it as it was; Train goes on.",
            at=at,
            count=count,
        )
        if unfinished.ended
        else text(
            "This is {at} of {count} unsaved runs. It can go on from there.", at=at, count=count
        )
    )


def _what_happened(unfinished: Unfinished) -> Text:
    when = unfinished.when.strftime("%Y-%m-%d %H:%M")
    if unfinished.ended:
        return text(
            "“{name}” was not saved; it ended at step {step} ({when}).",
            name=unfinished.name,
            step=unfinished.step,
            when=when,
        )
    return text(
        "“{name}” was interrupted at step {step} ({when}).",
        name=unfinished.name,
        step=unfinished.step,
        when=when,
    )
