"""Imports: files are looked at and read beside the window; what is taken becomes a set.

Nothing is written before a person takes it, and a taking that is cancelled writes nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from nnstudio.data.catalogue.imported import Imported, bring_back, own_sets, put_away
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure, Job
from nnstudio.gui.workbench.notices import Notice, Offer, notice_of
from nnstudio.texts import text

TOPIC: Final = "import"

if TYPE_CHECKING:
    from nnstudio.data.importing.asked import Asked, Preview


class ImportDesk(QObject):
    """One look and one taking at a time; the sets that are there.

    `looked` carries a path and its Preview, `refused` a notice of what could not be done, `taken`
    the new source, `progressed` how far the taking is; `cancelled` tells that it was given up.

    Parameters
    ----------
    places : callable
        Gives where data sets lie.
    failed : callable
        Takes what went wrong inside the program.
    tell : callable
        Takes notices of what became of a set.
    """

    looked = Signal(object, object)
    refused = Signal(object)
    taken = Signal(object)
    cancelled = Signal()
    progressed = Signal(object)
    sets_changed = Signal(object)

    def __init__(
        self,
        background: Background,
        *,
        places: Callable[[], DataPlaces],
        failed: Callable[[Failure], None],
        tell: Callable[[Notice], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._places = places
        self._failed = failed
        self._tell = tell
        self._look: Job | None = None
        self._take: Job | None = None
        self.sets: tuple[Imported, ...] = ()

    @property
    def taking(self) -> bool:
        """Whether samples are being taken."""
        return self._take is not None

    def look(self, path: Path, asked: "Asked") -> None:
        """Look at a file, unless one is being taken; an older look is given up."""
        if self._take is not None:
            return

        def work(progress: Progress) -> "Preview":
            # what reads pictures is loaded when it is needed
            from nnstudio.data.importing.reading import look  # noqa: PLC0415 - see above

            return look(path, asked, progress)

        def done(preview: "Preview") -> None:
            self._look = None
            self.looked.emit(path, preview)

        def failed(failure: Failure) -> None:
            self._look = None
            self._refuse(failure)

        self._give_up_look()
        self._look = self._background.run(None, work, done=done, failed=failed)

    def take(self, path: Path, asked: "Asked", name: str) -> None:
        """Read a file and keep its samples as a set of that name."""
        if self._take is not None:
            return

        def work(progress: Progress) -> Imported:
            from nnstudio.data.importing.reading import keep, read  # noqa: PLC0415 - as above

            return keep(read(path, asked, progress), name, self._places(), progress)

        def done(source: Imported) -> None:
            self._take = None
            self.refresh()
            self.taken.emit(source)

        def cancelled() -> None:
            self._take = None
            self.refresh()
            self.cancelled.emit()

        def failed(failure: Failure) -> None:
            self._take = None
            self._refuse(failure)

        self._give_up_look()
        self._take = self._background.run(None, work, done=done, failed=failed, cancelled=cancelled)

    def cancel(self) -> None:
        """Give up what is under way."""
        self._give_up_look()
        if self._take is not None:
            self._take.cancel()

    def poll(self) -> None:
        """Tell how far the taking is."""
        if self._take is not None:
            self.progressed.emit(self._take.progress())

    def refresh(self) -> None:
        """Look which sets are there."""

        def work(_progress: Progress) -> tuple[Imported, ...]:
            return own_sets(self._places())

        def done(sets: tuple[Imported, ...]) -> None:
            if sets != self.sets:
                self.sets = sets
                self.sets_changed.emit(sets)

        self._background.run(None, work, done=done, failed=self._failed)

    def delete(self, source: Imported) -> None:
        """Put a set away; the notice of it brings it back."""

        def work(_progress: Progress) -> Path:
            return put_away(source, self._places())

        def done(away: Path) -> None:
            self.refresh()
            back = Offer(text("Bring back"), lambda: self._bring_back(away))
            told = text("The imported set “{name}” is deleted.", name=source.name)
            self._tell(Notice(told, offers=(back,), topic=TOPIC))

        self._background.run(None, work, done=done, failed=self._complain)

    def _bring_back(self, away: Path) -> None:
        def done(_nothing: None) -> None:
            self.refresh()

        self._background.run(
            None, lambda _progress: bring_back(away), done=done, failed=self._complain
        )

    def _complain(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC, lasting=False))

    def _give_up_look(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _refuse(self, failure: Failure) -> None:
        if not isinstance(failure.error, NnstudioError):
            self._failed(failure)
        told: Any = notice_of(failure, topic=TOPIC)
        self.refused.emit(told)
