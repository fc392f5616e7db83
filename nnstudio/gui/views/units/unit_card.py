"""One unit at large: its weights as pictures, its spread over many samples, what excites it."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.histogram import Histogram, Spread
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.picture_grid import GAP_PX, WORDS_PX, PictureGrid
from nnstudio.gui.widgets.signed_bars import STRIP_PX, SignedBars, as_strip
from nnstudio.texts import tr

WIDTH_PX: Final = 224
MOST_BARS: Final = 10
PICTURE_PX: Final = 112
SAMPLE_PX: Final = 56

Values = NDArray[np.floating]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Wires:
    """Weights on one side of a unit: values, the names of what is there, perhaps a picture."""

    values: Values
    names: tuple[str, ...] = ()
    picture: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Exciting:
    """The samples that excite a unit most, strongest first: pictures (T, H, W) or words."""

    pictures: Bytes | None
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Card:
    """All that is said of one unit; what is not known is None or empty."""

    title: str
    value: str
    state: str
    alarming: bool
    incoming: Wires
    outgoing: Wires | None
    bias: str = ""
    spread: Spread | None = None
    spread_title: str = ""
    mark: float | None = None
    exciting: Exciting = field(default_factory=lambda: Exciting(None, ()))


class UnitCard(QWidget):
    """A unit that was picked; the user reads its weights and can close it again."""

    closed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH_PX)
        self._title, self._value = QLabel(), QLabel()
        self._state, self._bias = QLabel(), QLabel()
        self._in_title, self._out_title, self._most_title = QLabel(), QLabel(), QLabel()
        self._close = IconButton("cross", tr("Close"))
        self._close.clicked.connect(self.closed)
        self._picture = _still(ImageGrid())
        self._in_bars, self._out_bars = SignedBars(), SignedBars()
        self._strip = _still(ImageGrid())
        self._strip.setFixedHeight(STRIP_PX)
        self._histogram = Histogram()
        self._samples = PictureGrid()
        self._samples.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._samples.setFixedHeight(SAMPLE_PX + WORDS_PX + GAP_PX)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._state.setWordWrap(True)
        self._lay_out()
        themes.changed.connect(self._dress)
        self._dress()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._value)
        head.addWidget(self._close)
        content = QWidget()
        content.setObjectName("content")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(4)
        for part in (
            self._state,
            self._histogram,
            self._most_title,
            self._samples,
            self._words,
            self._in_title,
            self._picture,
            self._in_bars,
            self._bias,
            self._out_title,
            self._out_bars,
            self._strip,
        ):
            inner.addWidget(part)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        scroll.setAccessibleName(tr("About this unit"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    @property
    def state_words(self) -> str:
        """What is said of how the unit is doing."""
        return self._state.text()

    def show_card(self, card: Card) -> None:
        """Show a unit."""
        self._title.setText(card.title)
        self._value.setText(card.value)
        self._say(self._state, card.state)
        role = "warning" if card.alarming else "second"
        if self._state.property("role") != role:
            self._state.setProperty("role", role)
            self._state.style().polish(self._state)
        self._histogram.show_spread(card.spread, title=card.spread_title, mark=card.mark)
        self._show_exciting(card.exciting)
        self._show_incoming(card.incoming)
        self._say(self._bias, card.bias)
        self._show_outgoing(card.outgoing)

    def _say(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    def _show_exciting(self, exciting: Exciting) -> None:
        pictures = exciting.pictures
        self._most_title.setVisible(bool(exciting.words))
        self._samples.setVisible(pictures is not None)
        if pictures is not None:
            shape = (int(pictures.shape[1]), int(pictures.shape[2]))
            self._samples.set_form(shape, paired=False)
            self._samples.show_pictures(pictures, exciting.words, tips=exciting.words)
            self._words.hide()
        else:
            self._say(self._words, "\n".join(exciting.words))

    def _show_incoming(self, wires: Wires) -> None:
        self._picture.setVisible(wires.picture is not None)
        self._in_bars.setVisible(wires.picture is None)
        few = len(wires.values) <= MOST_BARS
        picture = wires.picture is not None
        self._in_title.setText(
            tr("Incoming weights") if few or picture else tr("Largest incoming weights")
        )
        if wires.picture is not None:
            tall, wide = wires.picture
            factor = max(PICTURE_PX // max(tall, wide), 1)
            self._picture.setFixedHeight(tall * factor)
            limit = float(np.nanmax(np.abs(wires.values), initial=0.0)) or 1.0
            self._picture.set_tiles(wires.values.reshape(1, tall, wide), limit=limit)
        else:
            _show_bars(self._in_bars, wires)

    def _show_outgoing(self, wires: Wires | None) -> None:
        barred = wires is not None and len(wires.values) <= 2 * MOST_BARS
        self._out_title.setVisible(wires is not None)
        self._out_bars.setVisible(barred)
        self._strip.setVisible(wires is not None and not barred)
        if wires is None:
            return
        if barred:
            self._out_bars.show_values(wires.values, wires.names)
        else:
            limit = float(np.nanmax(np.abs(wires.values), initial=0.0)) or 1.0
            self._strip.set_tiles(as_strip(wires.values[None])[None], limit=limit)

    def _dress(self) -> None:
        self._title.setFont(font(13, 600))
        self._value.setFont(font(13, 600))
        for label in (
            self._state,
            self._bias,
            self._in_title,
            self._out_title,
            self._most_title,
            self._words,
        ):
            label.setFont(font(12))
            label.setProperty("role", "second")
        self._out_title.setText(tr("Outgoing weights"))
        self._most_title.setText(tr("Most excited by"))
        self._close.set_tooltip(tr("Close"))


def _still(grid: ImageGrid) -> ImageGrid:
    grid.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return grid


def _show_bars(bars: SignedBars, wires: Wires) -> None:
    """Show the weights, of many the largest."""
    values = wires.values
    few = len(values) <= MOST_BARS
    places = np.arange(len(values)) if few else np.argsort(-np.abs(values))[:MOST_BARS]
    names = wires.names or tuple(str(at) for at in range(len(values)))
    bars.show_values(values[places], tuple(names[at] for at in places.tolist()))
