"""Notices: what the bar at the top says, as values; a sentence, a hint, and what can be done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Failure
from nnstudio.runs.run import Run
from nnstudio.texts import Text, text
from nnstudio.training.snapshot import RunState, Snapshot

RUN_TOPIC: Final = "run"


class Severity(Enum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Offer:
    """One button of a notice."""

    text: Text
    run: Callable[[], None]
    primary: bool = False


@dataclass(frozen=True)
class Notice:
    """What happened and what to do.

    Attributes
    ----------
    topic : str
        A newer notice of the same topic takes the place of an older one.
    details : str
        Shown when asked for (a traceback, a list); empty when there is no more to say.
    lasting : bool
        Whether it stays until a person closes it; others go away after some seconds, later
        where there is something to do or went wrong.
    """

    text: Text
    hint: Text | None = None
    severity: Severity = Severity.INFO
    offers: tuple[Offer, ...] = ()
    topic: str = ""
    details: str = ""
    lasting: bool = True


def notices_of_ends(runs: Iterable[Run]) -> tuple[Notice, ...]:
    """Give what a person must know of how these runs ended."""
    told = (notice_of_end(run.snapshot, range_test=run.range_test) for run in runs)
    return tuple(one for one in told if one is not None)


def notice_of_end(snapshot: Snapshot, *, range_test: bool) -> Notice | None:
    """Give what a person must know of how a run ended; None when it ended as it should.

    That a range test diverges is what it is made for.
    """
    ending = snapshot.ending or text("The run ended.")
    if snapshot.state is RunState.DIVERGED and not range_test:
        hint = text("The last finite weights are kept. A lower learning rate often helps.")
        return Notice(ending, hint, Severity.WARNING, topic=RUN_TOPIC)
    if snapshot.state is RunState.FAILED:
        hint = text("The details are in the log (Help, Show log).")
        return Notice(
            ending, hint, Severity.ERROR, topic=RUN_TOPIC, details=snapshot.traceback or ""
        )
    return None


def notice_of(
    failure: Failure | NnstudioError,
    *,
    topic: str,
    offers: tuple[Offer, ...] = (),
    lasting: bool = True,
) -> Notice:
    """Give the notice of what a person can mend, or of a bug (its traceback is in the details)."""
    error = failure.error if isinstance(failure, Failure) else failure
    if isinstance(error, NnstudioError):
        hint = error.hint if error.hint.template else None
        return Notice(error.what, hint, Severity.ERROR, offers, topic, lasting=lasting)
    return Notice(
        text("Something went wrong inside nnstudio: {error}.", error=type(error).__name__),
        text("What was open is still open. The details are in the log (Help, Show log)."),
        Severity.ERROR,
        offers,
        topic,
        failure.traceback if isinstance(failure, Failure) else "",
    )
