"""LayerChip: one layer as a chip, with all its settings under it when it is open."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from nnstudio.gui.forms.chips import (
    CHIP_PX,
    INNER_PX,
    Chip,
    ChipLabel,
    Grip,
    QuietKind,
    QuietNumber,
)
from nnstudio.gui.forms.layer_rows import LayerRows
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import GUTTER_PX, Complaint, Mark
from nnstudio.gui.forms.words import summary_of, tooltip
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.paths import switch
from nnstudio.spec import Problem, describe
from nnstudio.texts import Text, text, tr

IN_THE_CHIP = ("units", "activation")


class LayerChip(Part):
    """A layer: units, activation and number of parameters in the chip, the rest in rows below.

    Knows its own layer and what to call it; where it stands is the list's business.
    """

    remove_wished = Signal()
    move_wished = Signal(int)
    dragged = Signal(int)
    dropped = Signal()
    opened_changed = Signal()

    def __init__(self, cls: type, name: str, *, fixed: bool) -> None:
        super().__init__()
        self._cls = cls
        self._name = name
        self._shown = Shown(None)
        self.settings = {one.name: one for one in describe(cls)}
        self.mark = Mark(self)
        self.chip = Chip(fixed=fixed)
        self.chip.setAccessibleName(name)
        self.chip.setToolTip(tr("Click for all settings of this layer."))
        self.units: QuietNumber | None = None
        self.fixed_units = ChipLabel(role="text", weight=600)
        self._fill(fixed=fixed)
        self._rows: LayerRows | None = None
        self.complaint = Complaint(self)
        self.remedies = Remedies()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, GUTTER_PX, 0)
        line.setSpacing(0)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.chip, 1)
        self.mark.setFixedHeight(CHIP_PX)
        self.column.addLayout(line)
        self.column.addWidget(self.complaint)
        self.column.addWidget(self.remedies)
        self._join()

    def _fill(self, *, fixed: bool) -> None:
        self.activation = QuietKind(self.settings["activation"])
        self.activation.setToolTip(tooltip(self.settings["activation"]))
        self.activation.setAccessibleName(tr("{layer}: activation", layer=self._name))
        self.parameters = ChipLabel(role="text3", px=12)
        self.parameters.setToolTip(tr("Number of parameters: weights and biases."))
        if fixed:
            self.chip.add(self.fixed_units)
        else:
            grip = Grip(tr("Drag to reorder, or Alt with the arrow keys."))
            grip.dragged.connect(self.dragged)
            grip.dropped.connect(self.dropped)
            self.chip.add(grip)
            self.units = QuietNumber(self.settings["units"])
            self.units.setToolTip(tooltip(self.settings["units"]))
            self.units.setAccessibleName(tr("{layer}: units", layer=self._name))
            self.chip.add(self.units)
        self.chip.add(self.activation)
        self.chip.line.addStretch(1)
        self.chip.add(self.parameters)
        if not fixed:
            remove = IconButton("cross", tr("Remove this layer (Delete)."))
            remove.setFixedSize(INNER_PX, INNER_PX)
            remove.setStyleSheet(
                "QToolButton { padding: 2px; } QToolButton:focus { padding: 1px; }"
            )
            remove.clicked.connect(self.remove_wished)
            self.chip.add(remove)

    def _join(self) -> None:
        self.chip.opened.connect(lambda: self.set_opened(opened=not self.opened))
        self.chip.remove_wished.connect(self.remove_wished)
        self.chip.move_wished.connect(self.move_wished)
        self.activation.edited.connect(self._take_activation)
        self.mark.clicked.connect(self._take_back)
        self.remedies.wished.connect(self.remedy_wished)
        if self.units is not None:
            self.units.edited.connect(lambda units: self._take(units=units))
            self.units.problem_changed.connect(self._tell_problem)

    @property
    def rows(self) -> LayerRows:
        """All settings but the units; made when they are first to be seen."""
        if self._rows is None:
            self._rows = LayerRows(self._cls, without=("units",))
            self._rows.setVisible(False)
            self.column.addWidget(self._rows)
            self.passes(self._rows, self._take_whole)
            self._rows.more_changed.connect(self.opened_changed)
            self._show_rest(self._rows)
        return self._rows

    @property
    def opened(self) -> bool:
        """Whether all settings are to be seen."""
        return self._rows is not None and not self._rows.isHidden()

    def set_opened(self, *, opened: bool) -> None:
        """Show or hide all settings."""
        if opened != self.opened:
            self.rows.setVisible(opened)
            self.chip.show_opened(opened=opened)
            self.opened_changed.emit()

    def show_sizes(self, *, units: int | None, parameters: int | None) -> None:
        """Say how many units a fixed layer has and how many parameters; None hides it."""
        self.fixed_units.setText("" if units is None else grouped(units))
        self.fixed_units.setVisible(self.units is None and units is not None)
        self.parameters.setText("" if parameters is None else grouped(parameters))

    def show_new(self) -> None:
        """Say that the current run has no such layer."""
        self.mark.set_state(tr("Not in the current run; applies at restart."), filled=True)

    def show_this(self, shown: Shown) -> None:
        """Show the layer."""
        self._shown = shown
        layer = shown.value
        self.activation.set_value(layer.activation)
        if self.units is not None:
            self.units.set_value(layer.units)
        self.chip.show_summary(summary_of(layer, without=IN_THE_CHIP))
        if self._rows is not None:
            self._show_rest(self._rows)
        if any(not self._in_the_chip(one) for one in shown.problems):
            self.set_opened(opened=True)
        self._complain()
        self._mark()

    def _show_rest(self, rows: LayerRows) -> None:
        rest = tuple(one for one in self._shown.problems if not self._in_the_chip(one))
        rows.show_this(replace(self._shown, problems=rest))

    def _in_the_chip(self, problem: Problem) -> bool:
        # what is wrong with a number of an activation is said at its row, the rest at the chip
        return problem.path[:1] in {(), ("units",)} or problem.path == ("activation",)

    def _mark(self) -> None:
        running = self._shown.running
        waits = running is not UNKNOWN and running != self._shown.value
        about = tr("Applies at restart; click to go back to what the run uses.") if waits else ""
        self.mark.set_state(about, filled=True)

    def inner(self) -> tuple[Part, ...]:
        """Give the rows of what is not in the chip."""
        return () if self._rows is None else (self._rows,)

    @property
    def refusal(self) -> Text | None:
        """The first entry that is not legal."""
        if self._problem is None:
            return super().refusal
        return text("{title}: {reason}", title=self._name, reason=self._problem)

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return bool(self.complaint.text()) or super().wrong

    @property
    def advanced_count(self) -> int:
        """None: an open chip shows everything."""
        return 0

    def _complain(self) -> None:
        own = tuple(one for one in self._shown.problems if self._in_the_chip(one))
        activation = [one for one in own if one.path[:1] == ("activation",)]
        said = (*((self._problem,) if self._problem else ()), *(str(one.message) for one in own))
        self.activation.set_error(activation[0].message if activation else None)
        self.complaint.say(*said)
        self.remedies.show_problems(own)

    @property
    def _problem(self) -> str | None:
        return None if self.units is None else self.units.problem

    def _tell_problem(self) -> None:
        self._complain()
        self.refusal_changed.emit()

    def _take_back(self) -> None:
        if self._shown.running is not UNKNOWN:
            self._take_whole(self._shown.running)

    def _take_activation(self, cls: Any) -> None:
        default = self.settings["activation"].default
        self._take(activation=switch(self._shown.value.activation, cls, default=default))

    def _take(self, **values: Any) -> None:
        self._take_whole(replace(self._shown.value, **values))

    def _take_whole(self, changed: Any) -> None:
        if changed != self._shown.value:
            self.show_this(replace(self._shown, value=changed))
            self.edited.emit(changed)
