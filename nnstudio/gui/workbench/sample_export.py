"""Samples of a source written into a file beside the window; what came of it is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from nnstudio.data.catalogue import Source
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import Progress
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.notices import Notice, notice_of
from nnstudio.texts import text

TOPIC: Final = "export"


class SampleExport:
    """Writes samples on request; a writing that is cancelled leaves no file.

    Parameters
    ----------
    places : callable
        Gives where data sets lie.
    tell : callable
        Takes notices.
    """

    def __init__(
        self,
        background: Background,
        *,
        places: Callable[[], DataPlaces],
        tell: Callable[[Notice], None],
    ) -> None:
        self._background = background
        self._places = places
        self._tell = tell

    def write(self, source: Source, path: Path, *, count: int | None = None) -> None:
        """Write at most `count` samples of `source`; the ending of the name says in which form."""

        def work(progress: Progress) -> int:
            # reading and writing of pictures is loaded when it is needed
            from nnstudio.data.exporting import export_samples  # noqa: PLC0415 - see above

            return export_samples(source, path, self._places(), progress, count=count)

        def done(count: int) -> None:
            told = text(
                "{count} samples are written into {file}.", count=grouped(count), file=path.name
            )
            self._tell(Notice(told, topic=TOPIC, lasting=False))

        self._background.run(text("Saving samples"), work, done=done, failed=self._failed)

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))
