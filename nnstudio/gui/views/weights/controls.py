"""What can be chosen of the weights: layer, mode, order and scale, in one row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.weights.layers import Layer, Mode, Order
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import mark, tr

MODES: Final = (
    ("weights", mark("Weights")),
    ("gradient", mark("Gradient")),
    ("change", mark("Change")),
)
ORDERS: Final = (
    ("index", mark("by index")),
    ("norm", mark("by norm")),
    ("change", mark("by change")),
    ("dead", mark("dead first")),
)
SCALES: Final = (("shared", mark("Shared scale")), ("own", mark("Own scale")))
# Under these widths the scale moves into the menu, and a layer loses its sizes.
SCALE_FITS_PX: Final = 600
SIZES_FIT_PX: Final = 560
# What a select needs beside its title.
ARROW_PX: Final = 38


@dataclass(frozen=True)
class Choice:
    """What is chosen."""

    layer: int = 0
    mode: Mode = "weights"
    order: Order = "index"
    own_scale: bool = False


class WeightsControls(QWidget):
    """Four choices in a row; those that a narrow panel has no room for are left out."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = Choice()
        self._layers: tuple[Layer, ...] = ()
        self._layer = Select()
        self._layer.chosen.connect(lambda key: self._take(replace(self._choice, layer=int(key))))
        self._mode = SegmentedControl([(key, title) for key, title in MODES])
        self._mode.chosen.connect(
            lambda key: self._take(replace(self._choice, mode=cast("Mode", key)))
        )
        self._order = Select()
        self._order.chosen.connect(
            lambda key: self._take(replace(self._choice, order=cast("Order", key)))
        )
        self._scale = Select()
        self._scale.chosen.connect(
            lambda key: self._take(replace(self._choice, own_scale=key == "own"))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._layer)
        row.addWidget(self._mode)
        row.addStretch(1)
        row.addWidget(self._order)
        row.addWidget(self._scale)
        themes.changed.connect(self._retell)
        self._retell()

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Show `choice`, without telling anybody."""
        self._choice = choice
        self._layer.choose(str(choice.layer))
        self._mode.choose(choice.mode)
        self._order.choose(choice.order)
        self._scale.choose("own" if choice.own_scale else "shared")

    def offer(self, layers: Sequence[Layer]) -> None:
        """Offer these layers."""
        self._layers = tuple(layers)
        self._name_layers()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._scale.setVisible(self.width() >= SCALE_FITS_PX)
        self._name_layers()

    def _take(self, choice: Choice) -> None:
        self._choice = choice
        self.chosen.emit(choice)

    def _name_layers(self) -> None:
        wide = self.width() >= SIZES_FIT_PX
        self._layer.set_items(
            [(str(one.index), _long_title(one) if wide else _title(one)) for one in self._layers]
        )
        self._layer.choose(str(self._choice.layer))
        self._make_room()

    def _make_room(self) -> None:
        """Let every select show its longest title whole: its own hint forgets the arrow."""
        for part in (self._layer, self._order, self._scale):
            titles = [part.itemText(at) for at in range(part.count())]
            metrics = QFontMetricsF(part.font())
            widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
            part.setFixedWidth(round(widest) + ARROW_PX)

    def _retell(self) -> None:
        self._mode.set_items([(key, tr(title)) for key, title in MODES])
        self._order.set_items([(key, tr(title)) for key, title in ORDERS])
        self._scale.set_items([(key, tr(title)) for key, title in SCALES])
        for part, name in (
            (self._layer, tr("Layer")),
            (self._mode, tr("What is shown of the weights")),
            (self._order, tr("Order of the units")),
            (self._scale, tr("Scale of the colours")),
        ):
            part.setAccessibleName(name)
            part.setToolTip(name)
        self._name_layers()


def _title(layer: Layer) -> str:
    return tr("Layer {number}", number=layer.index + 1)


def _long_title(layer: Layer) -> str:
    return tr(
        "Layer {number} · {inputs} → {units}",
        number=layer.index + 1,
        inputs=layer.inputs,
        units=layer.units,
    )
