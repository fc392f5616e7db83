"""Which part of a network is drawn with the points: its answer, a layer, or one unit of it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import tr


class BoundaryChoice(QWidget):
    """Two choices in a row: answer or layer, and of a layer all units or one.

    Knows how many units each hidden layer has; `chosen` tells layer and unit, -1 for neither.
    """

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._widths: tuple[int, ...] = ()
        self._single = False
        self.layers, self.units = Select(), Select()
        self.layers.chosen.connect(lambda key: self.choose(int(key), -1, tell=True))
        self.units.chosen.connect(lambda key: self.choose(self.layer, int(key), tell=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.layers)
        row.addWidget(self.units)
        row.addStretch(1)
        self._layer = self._unit = -1
        themes.changed.connect(self._name)
        self._name()

    @property
    def layer(self) -> int:
        """The hidden layer that is chosen, -1 for the answer."""
        return self._layer

    @property
    def unit(self) -> int:
        """The unit of it that is chosen, -1 for all."""
        return self._unit

    def offer(self, widths: tuple[int, ...], *, single: bool) -> None:
        """Offer hidden layers of so many units; with `single` one unit alone can be chosen."""
        if (widths, single) == (self._widths, self._single):
            return
        self._widths, self._single = widths, single
        fits = self._layer < len(widths) and (self._layer < 0 or self._unit < widths[self._layer])
        if not fits:
            self.choose(-1, -1, tell=True)
        self._name()

    def choose(self, layer: int, unit: int, *, tell: bool = False) -> None:
        """Show that this is chosen."""
        self._layer, self._unit = layer, unit
        self._name()
        if tell:
            self.chosen.emit(layer, unit)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer answer and layers in a menu of their own, where there are layers."""
        if not self._widths:
            return
        inner = menu.addMenu(tr("What of the network is drawn"))
        group = QActionGroup(inner)
        for key, title in self._items():
            action = QAction(title, inner, checkable=True)
            action.setData(key)
            action.setChecked(key == str(self._layer))
            group.addAction(action)
            inner.addAction(action)
        group.triggered.connect(lambda one: self.choose(int(one.data()), -1, tell=True))

    def _items(self) -> list[tuple[str, str]]:
        layers = (
            (str(at), tr("Layer {number} · {units} units", number=at + 1, units=units))
            for at, units in enumerate(self._widths)
        )
        return [("-1", tr("Answer")), *layers]

    def _name(self) -> None:
        self.layers.set_items(self._items())
        self.layers.choose(str(self._layer))
        self.units.setVisible(self._single and self._layer >= 0)
        if self._layer >= 0 and self._layer < len(self._widths):
            units = range(self._widths[self._layer])
            self.units.set_items(
                [
                    ("-1", tr("All units")),
                    *((str(at), tr("Unit {number}", number=at)) for at in units),
                ]
            )
            self.units.choose(str(self._unit))
        self.layers.setAccessibleName(tr("What of the network is drawn"))
        self.layers.setToolTip(tr("The answer, or what each unit of a layer makes of the inputs."))
        self.units.setAccessibleName(tr("Unit"))
        self.units.setToolTip(tr("All units as small pictures, or one behind the points."))
