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


class Nearest(QObject):
    """Looks for the samples that differ least; `found` carries them as tiles.

    Knows the data; what takes long is made at the first question about them.
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
        self._data: PreparedData | None = None
        self._known: Search | None = None
        self._beside = beside or Beside()
        self._beside.setParent(self)
        self._beside.found.connect(self._tell)

    def show_data(self, data: "PreparedData | None") -> None:
        """Look among these samples from now on."""
        if data is not self._data:
            self._data, self._known = data, None
            self._beside.drop()

    def ask(self, pixels: Bytes, *, answer: str) -> None:
        """Look for what is near `pixels` (28, 28); classes other than `answer` are marked."""
        data, known = self._data, self._known
        if data is None or data.image_shape != (SIDE, SIDE):
            return

        def look() -> "tuple[PreparedData, Search, tuple[Tile, ...]]":
            asked = known if known is not None else self._search(data)
            near = asked.nearest(pixels, count=COUNT)
            tiles = tuple(_tile(data, one.row, one.distance, answer) for one in near)
            return data, asked, tiles

        self._beside.ask(look, urgent=True)

    def drop(self) -> None:
        """Forget the question: the drawing is another one by now."""
        self._beside.drop()

    def leave(self) -> None:
        """Forget the question, and never tell what comes of it."""
        self._beside.leave()

    def _tell(self, found: "tuple[PreparedData, Search, tuple[Tile, ...]]") -> None:
        data, known, tiles = found
        if data is self._data:
            self._known = known
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
