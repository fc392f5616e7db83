"""LayersForm: the network as chips joined by a thread, from the inputs to the outputs."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QLineF, QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from nnstudio.gui.forms.chips import Chip, ChipLabel
from nnstudio.gui.forms.layer_chip import LayerChip
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Complaint
from nnstudio.gui.forms.spec_form import UnionPart
from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.spec import describe
from nnstudio.texts import tr, tr_count
from nnstudio.training.facts import DataFacts

THREAD_X: Final = 40
GAP_PX: Final = 4


class LayersForm(Part):
    """The layers of a network: add, remove, reorder, open one for all its settings.

    Knows the network shown and, when told, how many inputs and outputs the data have.
    """

    rows_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown(NetworkSpec())
        self._facts: DataFacts | None = None
        self._drop_at: int | None = None
        fields = {one.name: one for one in describe(NetworkSpec)}
        self._most = fields["layers"].maximum_length
        self.chips: list[LayerChip] = []
        self._inputs = ChipLabel(role="text", weight=600)
        self._input_word = ChipLabel()
        self._input_shape = ChipLabel(role="text3", px=12)
        self.output = LayerChip(OutputLayer, tr("Output layer"), fixed=True)
        self.add_button = QPushButton(tr("Add layer"))
        self.complaint = Complaint(self)
        self._initial = next(one for one in describe(HiddenLayer) if one.name == "weights")
        self.weights = UnionPart(self._initial, blank=tr("various"))
        self.for_all = ChipLabel(role="text3", px=12)
        self._list = QVBoxLayout()
        self._lay_out()
        self._renew(0)

    def _lay_out(self) -> None:
        inputs = Chip(fixed=True, openable=False)
        inputs.add(self._inputs)
        inputs.add(self._input_word)
        inputs.line.addStretch(1)
        inputs.add(self._input_shape)
        inputs.setToolTip(tr("What goes in; its size follows from the data."))
        first = QHBoxLayout()
        first.setContentsMargins(MARGIN_PX, 0, GUTTER_PX, 0)
        first.addWidget(inputs)
        self._list.setSpacing(GAP_PX)
        self._list.setContentsMargins(0, 2, 0, 0)
        self._list.addLayout(first)
        self._list.addWidget(self.output)
        self.column.addLayout(self._list)
        self.passes(self.output, lambda output: self._take(output=output))
        self.output.opened_changed.connect(self.rows_changed)
        self.add_button.setProperty("role", "link")
        self.add_button.setFont(font(13, 500))
        self.add_button.clicked.connect(self._add)
        below = QHBoxLayout()
        below.setContentsMargins(MARGIN_PX, 2, GUTTER_PX, 2)
        below.addWidget(self.add_button)
        below.addStretch(1)
        self.column.addLayout(below)
        self.column.addWidget(self.complaint)
        # the row under it must not seem to speak for the output layer too
        self.for_all.setText(tr("In all hidden layers"))
        self.for_all.setToolTip(tr("The output layer has a row of its own: click it."))
        self.for_all.setContentsMargins(MARGIN_PX, 4, GUTTER_PX, 0)
        self.column.addWidget(self.for_all)
        self.column.addWidget(self.weights)
        self.passes(self.weights, self._take_weights)
        self._draw()
        themes.changed.connect(self._draw)

    def show_facts(self, facts: DataFacts | None) -> None:
        """Say how many inputs and outputs the data have; None when that is not known yet."""
        if facts != self._facts:
            self._facts = facts
            self._show_sizes()

    def show_this(self, shown: Shown) -> None:
        """Show the network."""
        if len(shown.value.layers) != len(self.chips):
            self._renew(len(shown.value.layers))
        self._shown = shown
        layers = shown.field("layers")
        known = () if shown.running is UNKNOWN else shown.running.layers
        for index, chip in enumerate(self.chips):
            chip.show_this(layers.item(index))
            if shown.running is not UNKNOWN and index >= len(known):
                chip.show_new()
        self.output.show_this(shown.field("output"))
        own = [one for one in layers.problems if len(one.path) == 0]
        own += [one for one in shown.problems if not one.path]
        self.complaint.say(*(str(one.message) for one in own))
        self._show_weights(shown)
        self._show_sizes()
        full = self._most is not None and len(self.chips) >= self._most
        self.add_button.setEnabled(not full)
        self.add_button.setToolTip(
            tr("There are at most {count} hidden layers.", count=self._most)
            if full
            else tr("Add a hidden layer before the outputs, like the last one.")
        )

    def inner(self) -> tuple[Part, ...]:
        """Give the layers and the row for all of them."""
        return (*self.chips, self.output, self.weights)

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return bool(self.complaint.text()) or super().wrong

    def refuse(self, reason: str | None) -> None:
        """Say under the layers why the network was not taken."""
        self.complaint.say(*((reason,) if reason else ()))

    def expand(self, index: int) -> None:
        """Open one layer."""
        self.chips[index].set_opened(opened=True)

    def _show_weights(self, shown: Shown) -> None:
        kinds = {layer.weights for layer in shown.value.layers}
        common = kinds.pop() if len(kinds) == 1 else None
        for one in (self.for_all, self.weights):
            one.setVisible(bool(shown.value.layers))
        self.weights.show_this(Shown(common, default=self._initial.default))

    def _show_sizes(self) -> None:
        facts, network = self._facts, self._shown.value
        self._inputs.setText("" if facts is None else grouped(facts.inputs))
        self._inputs.setVisible(facts is not None)
        count = 0 if facts is None else facts.inputs
        self._input_word.setText(tr_count("input", "inputs", count))
        shape = None if facts is None else facts.image_shape
        self._input_shape.setText("" if shape is None else f"{shape[0]} × {shape[1]}")
        counts: dict[int, int] = {}
        if facts is not None:
            layout = layout_of(network, inputs=facts.inputs, outputs=facts.outputs)
            for slot in layout.slots:
                if slot.stop <= layout.parameters:
                    number = int(slot.name.split(".")[1])
                    counts[number] = counts.get(number, 0) + slot.stop - slot.start
        for number, chip in enumerate((*self.chips, self.output)):
            outputs = None if facts is None else facts.outputs
            chip.show_sizes(units=outputs, parameters=counts.get(number))

    def _renew(self, count: int) -> None:
        for chip in self.chips:
            self._list.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [
            LayerChip(HiddenLayer, tr("Layer {number}", number=number + 1), fixed=False)
            for number in range(count)
        ]
        for index, chip in enumerate(self.chips):
            self._list.insertWidget(1 + index, chip)
            self.passes(chip, partial(self._take_layer, index))
            chip.remove_wished.connect(partial(self._remove, index))
            chip.move_wished.connect(partial(self._move_by, index))
            chip.dragged.connect(self._drag)
            chip.dropped.connect(partial(self._drop, index))
            chip.opened_changed.connect(self.update)
            chip.opened_changed.connect(self.rows_changed)

    def _take_layer(self, index: int, layer: Any) -> None:
        layers = self._shown.value.layers
        self._take(layers=(*layers[:index], layer, *layers[index + 1 :]))

    def _take_weights(self, weights: Any) -> None:
        if weights is not None:
            layers = self._shown.value.layers
            self._take(layers=tuple(replace(layer, weights=weights) for layer in layers))

    def _add(self) -> None:
        layers = self._shown.value.layers
        self._arrange((*layers, layers[-1] if layers else HiddenLayer()), focus=len(layers))
        units = self.chips[-1].units
        if units is not None:
            # the first thing to say of a new layer is how large it is
            units.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, index: int) -> None:
        layers = self._shown.value.layers
        left = layers[:index] + layers[index + 1 :]
        self._arrange(left, focus=min(index, len(left) - 1))

    def _move_by(self, index: int, steps: int) -> None:
        self._move(index, index + steps)

    def _move(self, index: int, target: int) -> None:
        layers = list(self._shown.value.layers)
        if 0 <= target < len(layers) and target != index:
            layers.insert(target, layers.pop(index))
            self._arrange(tuple(layers), focus=target)

    def _arrange(self, layers: tuple[HiddenLayer, ...], *, focus: int) -> None:
        # new chips: what was typed into one must not stay behind for another layer
        self._renew(len(layers))
        changed = replace(self._shown.value, layers=layers)
        self.show_this(replace(self._shown, value=changed))
        self.edited.emit(changed)
        if layers:
            self.chips[focus].chip.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drag(self, global_y: int) -> None:
        y = self.mapFromGlobal(QPoint(0, global_y)).y()
        self._drop_at = sum(y > chip.y() + chip.chip.height() // 2 for chip in self.chips)
        self.update()

    def _drop(self, index: int) -> None:
        place, self._drop_at = self._drop_at, None
        self.update()
        if place is not None:
            self._move(index, place - (place > index))

    def _take(self, **values: Any) -> None:
        changed = replace(self._shown.value, **values)
        if changed != self._shown.value:
            self.show_this(replace(self._shown, value=changed))
            self.edited.emit(changed)

    def _draw(self) -> None:
        self.add_button.setIcon(icon("plus", "accent_text"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the thread between the chips, and where a dragged one would go."""
        painter = QPainter(self)
        painter.setPen(QPen(theme().border, 1))
        ends = [*(chip.y() for chip in self.chips), self.output.y()]
        for y in ends:
            painter.drawLine(QLineF(THREAD_X + 0.5, y - GAP_PX, THREAD_X + 0.5, y))
        if self._drop_at is not None:
            y = ends[self._drop_at] - GAP_PX // 2
            painter.setPen(QPen(theme().accent, 2))
            painter.drawLine(MARGIN_PX, y, self.width() - GUTTER_PX, y)
