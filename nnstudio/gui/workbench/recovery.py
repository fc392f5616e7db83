"""Runs that a crash or a power cut ended: offered again, gone on with, or discarded."""

from collections.abc import Callable
from typing import Final

from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.notices import Notice, Offer, Severity, notice_of
from nnstudio.runs.store import RunStore, Unfinished
from nnstudio.texts import text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment

# A run that goes on has a checkpoint of its own by then, so the old one may go.
OWN_CHECKPOINT_S: Final = 15.0
TOPIC: Final = "recovery"


class Recovery:
    """Asks about each run that was interrupted, the newest first.

    Parameters
    ----------
    go_on : callable
        Takes the experiment with its live changes, the checkpoint, and what to call when a run
        goes on from it.
    """

    def __init__(
        self,
        store: RunStore | None,
        background: Background,
        *,
        go_on: Callable[[Experiment, Checkpoint, Callable[[], None]], None],
        tell: Callable[[Notice], None],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._background = background
        self._go_on = go_on
        self._tell = tell
        self._clock = clock
        self._waiting: list[Unfinished] = []
        self._replaced: list[tuple[float, Unfinished]] = []

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
        """Discard what a run that goes on has replaced."""
        due = [one for when, one in self._replaced if when <= self._clock()]
        self._replaced = [(when, one) for when, one in self._replaced if when > self._clock()]
        for one in due:
            one.discard()

    def close(self) -> None:
        """Discard everything that was replaced; what nobody answered is offered again."""
        for _, one in self._replaced:
            one.discard()
        self._replaced = []

    def _found(self, unfinished: tuple[Unfinished, ...]) -> None:
        self._waiting = list(unfinished)
        self._offer_next()

    def _offer_next(self) -> None:
        if not self._waiting:
            return
        newest = self._waiting.pop(0)
        self._tell(
            Notice(
                text(
                    "{name} was interrupted at step {step} ({when}).",
                    name=newest.name,
                    step=newest.step,
                    when=newest.when.strftime("%Y-%m-%d %H:%M"),
                ),
                text("It can go on from there."),
                Severity.WARNING,
                (
                    Offer(text("Continue"), lambda: self._continue(newest), primary=True),
                    Offer(text("Discard"), lambda: self._discard(newest)),
                ),
                TOPIC,
            )
        )

    def _continue(self, unfinished: Unfinished) -> None:
        def begun() -> None:
            self._replaced.append((self._clock() + OWN_CHECKPOINT_S, unfinished))

        self._background.run(
            text("Opening {file}", file=unfinished.name),
            lambda _progress: unfinished.load(),
            done=lambda checkpoint: self._go_on(checkpoint.experiment, checkpoint, begun),
            failed=self._failed,
            cancellable=False,
        )

    def _discard(self, unfinished: Unfinished) -> None:
        unfinished.discard()
        self._offer_next()

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))
