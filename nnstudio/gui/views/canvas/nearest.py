"""Which training samples are near a drawing, found beside the window; the newest question wins."""

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from nnstudio.data.strokes import SIDE
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.sample_tiles import Tile
from nnstudio.texts import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from nnstudio.runs.neighbours import Neighbour
    from nnstudio.training.prepared import PreparedData

COUNT: Final = 6
Bytes = NDArray[np.uint8]


class Search(Protocol):
    """Knows samples and which of them are near; `Neighbours` is one."""

    def nearest(self, sample: Bytes, *, count: int) -> "tuple[Neighbour, ...]":
        """Give the nearest ones, the nearest first."""


def _whole_search(data: "PreparedData") -> Search:
    from nnstudio.runs.neighbours import Neighbours  # noqa: PLC0415 - not needed to start

    return Neighbours(data)


class _Known:
    """The samples of some data; what takes long is made at the first question, and kept."""

    def __init__(self, data: "PreparedData", search: "Callable[[PreparedData], Search]") -> None:
        self.data = data
        self._search = search
        self._made: Search | None = None

    def tiles(self, pixels: Bytes, answer: str) -> "tuple[Tile, ...]":
        """Give the samples that are near; runs in a thread, one question at a time."""
        if self._made is None:
            self._made = self._search(self.data)
        near = self._made.nearest(pixels, count=COUNT)
        return tuple(_tile(self.data, one.row, one.distance, answer) for one in near)


class Nearest(QObject):
    """Looks for the samples that differ least; `found` carries them as tiles.

    Knows the data, and which question is the newest: what comes of an older one is not told.
    """

    found = Signal(object)

    def __init__(
        self,
        beside: Beside | None = None,
        *,
        search: "Callable[[PreparedData], Search]" = _whole_search,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._known: _Known | None = None
        self._question = 0
        self._beside = beside or Beside()
        self._beside.setParent(self)
        self._beside.found.connect(self._tell)

    def show_data(self, data: "PreparedData | None") -> None:
        """Look among these samples from now on."""
        if data is None:
            self._known = None
        elif self._known is None or data is not self._known.data:
            self._known = _Known(data, self._search)
        else:
            return
        self.drop()

    def ask(self, pixels: Bytes, *, answer: str) -> bool:
        """Look for what is near `pixels` (28, 28); classes other than `answer` are marked.

        Gives whether there is anything to look among.
        """
        known = self._known
        if known is None or known.data.image_shape != (SIDE, SIDE):
            return False
        self._question += 1
        question = self._question
        self._beside.ask(lambda: (question, known.tiles(pixels, answer)), urgent=True)
        return True

    def drop(self) -> None:
        """Forget the question: the drawing is another one by now."""
        self._question += 1
        self._beside.drop()

    def leave(self) -> None:
        """Forget the question, and never tell what comes of it."""
        self._beside.leave()

    def _tell(self, found: "tuple[int, tuple[Tile, ...]]") -> None:
        question, tiles = found
        if question == self._question:
            self.found.emit(tiles)


def _tile(data: "PreparedData", row: int, distance: float, answer: str) -> Tile:
    named = "" if data.labels is None else tr(data.class_names[int(data.labels[row])])
    pixels = np.array(data.dataset.inputs[row], np.float64).reshape(SIDE, SIDE)
    return Tile(
        np.clip(np.rint(pixels), 0, 255).astype(np.uint8),
        named,
        tip=tr(
            "Training sample {row}: {name}. Distance {distance}.",
            row=grouped(row),
            name=named,
            distance=f"{distance:.0f}",
        ),
        odd=bool(answer) and named != answer,
    )
