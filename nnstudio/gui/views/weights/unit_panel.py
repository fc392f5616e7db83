"""One unit at large: weights that come in as a picture, those that go out as bars or a strip."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.weights.facts import title_of_unit
from nnstudio.gui.widgets.image_grid import ImageGrid, TileHit
from nnstudio.gui.widgets.numerals import signed
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.signed_bars import (
    BARS_PX,
    ROW_PX,
    STRIP_PX,
    SignedBars,
    as_strip,
    cell_in_strip,
)
from nnstudio.texts import tr

WIDTH_PX: Final = 216
# More outgoing weights than these are a strip and no bars.
MOST_BARS: Final = 12
# Pixels per weight at the least; where that is too high, the panel scrolls.
LEAST_FACTOR: Final = 4


@dataclass(frozen=True, eq=False)
class Unit:
    """What is shown of one unit; the numbers are as the mode of the view wants them."""

    number: int
    incoming: NDArray[np.floating]
    limit: float
    bias: float | None
    outgoing: NDArray[np.floating] | None
    names: tuple[str, ...]
    hatching: NDArray[np.bool_] | None = None
    name: str = ""


class UnitPanel(QWidget):
    """A unit that was clicked; the user can point at its weights and close it again."""

    closed = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH_PX)
        self._title = QLabel()
        self._close = IconButton("cross", tr("Close"), parent=self)
        self._close.clicked.connect(self.closed)
        self._incoming = ImageGrid(parent=self)
        self._incoming.hovered.connect(self._point)
        self._incoming.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns = 1
        self._in_title = QLabel()
        self._in_bars = SignedBars(self)
        self._bias = QLabel()
        self._out_title = QLabel()
        self._bars = SignedBars(self)
        self._strip = ImageGrid(parent=self)
        self._strip.setFixedHeight(STRIP_PX)
        self._strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._bias)
        head.addStretch(1)
        head.addWidget(self._close)
        content = QWidget()
        content.setObjectName("content")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        for part in (
            self._incoming,
            self._in_title,
            self._in_bars,
            self._out_title,
            self._bars,
            self._strip,
        ):
            inner.addWidget(part)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        themes.changed.connect(self._dress)
        self._dress()

    def show_unit(self, unit: Unit) -> None:
        """Show `unit`, at the scale that the mosaic has."""
        self._title.setText(title_of_unit(unit.number, unit.name))
        self._incoming.setFixedHeight(self._picture_height(unit))
        self._incoming.set_hatching(unit.hatching)
        flat = len(unit.incoming) == 1
        self._columns = cell_in_strip(unit.incoming.shape[1])[1] if flat else 1
        picture = as_strip(unit.incoming) if flat else unit.incoming
        self._incoming.set_tiles(picture[None], limit=unit.limit)
        self._show_largest(unit)
        self._bias.setVisible(unit.bias is not None)
        if unit.bias is not None:
            self._bias.setText(tr("bias = {value}", value=signed(unit.bias)))
        self._show_outgoing(unit)

    def _show_largest(self, unit: Unit) -> None:
        """Show the largest incoming weights as bars where they make no picture."""
        flat = len(unit.incoming) == 1
        self._in_title.setVisible(flat)
        self._in_bars.setVisible(flat)
        if not flat:
            return
        values = unit.incoming[0]
        few = len(values) <= MOST_BARS
        largest = np.arange(len(values)) if few else np.argsort(-np.abs(values))[:MOST_BARS]
        self._in_title.setText(tr("Incoming weights") if few else tr("Largest incoming weights"))
        self._in_bars.show_values(values[largest], tuple(str(at) for at in largest))

    def _picture_height(self, unit: Unit) -> int:
        """Give whole pixels per weight, as many as leave room for what stands below."""
        tall, wide = unit.incoming.shape
        if tall == 1:
            return STRIP_PX
        bars = 0 if unit.outgoing is None else min(len(unit.outgoing), MOST_BARS)
        room = min(self.height() - 66 - ROW_PX * bars, (BARS_PX) * tall // wide)
        return int(max(room // tall, LEAST_FACTOR) * tall)

    def _show_outgoing(self, unit: Unit) -> None:
        outgoing = unit.outgoing
        barred = outgoing is not None and len(outgoing) <= MOST_BARS
        self._bars.setVisible(barred)
        self._strip.setVisible(outgoing is not None and not barred)
        self._out_title.setVisible(outgoing is not None)
        if outgoing is None:
            return
        self._out_title.setText(
            tr("Outgoing weights, Σ|w| = {sum}", sum=f"{np.abs(outgoing).sum():.3g}")
        )
        if barred:
            self._bars.show_values(outgoing, unit.names)
        else:
            limit = float(np.nanmax(np.abs(outgoing), initial=0.0)) or 1.0
            self._strip.set_tiles(as_strip(outgoing[None])[None], limit=limit)

    def _point(self, hit: TileHit | None) -> None:
        if hit is not None:
            hit = replace(hit, column=hit.column // self._columns)
        self.pointed.emit(hit)

    def _dress(self) -> None:
        self._title.setFont(font(13, 600))
        for label in (self._bias, self._in_title, self._out_title):
            label.setFont(font(12))
            label.setProperty("role", "second")
        self._close.set_tooltip(tr("Close"))
