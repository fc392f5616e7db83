"""What can be chosen of the weights: layer, mode, order and scale, in one row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

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
# What a select needs beside its title.
ARROW_PX: Final = 38
SPACING_PX: Final = 8


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
        row.setSpacing(SPACING_PX)
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
        self._fit()

    def fill_menu(self, menu: QMenu, choose: Callable[[Choice], None]) -> None:
        """Offer scale and order in `menu` as well, where there may be no room for them here."""
        own = QAction(tr("Each unit has its own scale"), menu, checkable=True)
        own.setChecked(self._choice.own_scale)
        own.triggered.connect(
            lambda: choose(replace(self._choice, own_scale=not self._choice.own_scale))
        )
        sorting = menu.addMenu(tr("Order of the units"))
        for key, title in ORDERS:
            action = sorting.addAction(tr(title))
            action.setCheckable(True)
            action.setChecked(key == self._choice.order)
            action.setData(key)
        sorting.triggered.connect(lambda chosen: choose(replace(self._choice, order=chosen.data())))
        menu.addAction(own)

    def minimumSizeHint(self) -> QSize:
        """Give the room for the fewest choices, or a panel could never become narrow."""
        return QSize(self._mode.sizeHint().width() + 96, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _take(self, choice: Choice) -> None:
        self._choice = choice
        self.chosen.emit(choice)

    def _fit(self) -> None:
        """Give up scale, sizes of the layer and order, one after the other; the menu has them."""
        short = [_title(one) for one in self._layers]
        long = [_long_title(one) for one in self._layers]
        free = self.width() - self._mode.sizeHint().width() - SPACING_PX
        order, scale = self._need(_titles(ORDERS)), self._need(_titles(SCALES))
        sized = self._need(long) + SPACING_PX + order <= free
        wide = sized and self._need(long) + order + scale + 2 * SPACING_PX <= free
        titles = long if sized else short
        self._scale.setVisible(wide)
        self._order.setVisible(self._need(short) + SPACING_PX + order <= free)
        self._layer.set_items([(str(at), title) for at, title in enumerate(titles)])
        self._layer.choose(str(self._choice.layer))
        # The hint of a select forgets its arrow.
        self._layer.setFixedWidth(self._need(titles))
        self._order.setFixedWidth(order)
        self._scale.setFixedWidth(scale)

    def _need(self, titles: Sequence[str]) -> int:
        metrics = QFontMetricsF(self._layer.font())
        widest = max((metrics.horizontalAdvance(title) for title in titles), default=0.0)
        return round(widest) + ARROW_PX

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
        self._fit()


def _titles(items: Sequence[tuple[str, str]]) -> list[str]:
    return [tr(title) for _, title in items]


def _title(layer: Layer) -> str:
    return tr("Layer {number}", number=layer.index + 1)


def _long_title(layer: Layer) -> str:
    return tr(
        "Layer {number} · {inputs} → {units}",
        number=layer.index + 1,
        inputs=layer.inputs,
        units=layer.units,
    )
