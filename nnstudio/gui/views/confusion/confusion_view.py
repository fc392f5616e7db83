"""The view of the confusion matrix: what is taken for what, and how sure the network is of it."""

from typing import ClassVar, Final

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import theme
from nnstudio.gui.views.answering import AnsweringView
from nnstudio.gui.views.confusion.calibration_plot import readout_of, scene_of
from nnstudio.gui.views.confusion.compared import Compared
from nnstudio.gui.views.confusion.matrix import Counts, Grid, MatrixTable
from nnstudio.gui.views.confusion.side import CellSamples
from nnstudio.gui.views.confusion.table import csv_of
from nnstudio.gui.views.confusion.words import (
    calibration_in_words,
    comparison_in_words,
    matrix_in_words,
    values_in_words,
)
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.widgets.numerals import loss
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scatter import (
    Cloud,
    Curve,
    Points,
    ScatterPlot,
    ends_around,
    thinned,
)
from nnstudio.gui.widgets.plot.scene import Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.answers import Answers
from nnstudio.runs.run import RunView
from nnstudio.texts import Text, mark, tr
from nnstudio.training.metrics import ValueTally
from nnstudio.training.prepared import PreparedData

WIDE_PX: Final = 560
LINES: Final = 2


class ConfusionView(AnsweringView):
    """The matrix with recall and precision; beside it the calibration, or samples of one cell."""

    name: ClassVar[str] = "confusion"
    title: ClassVar[str] = mark("Confusion")

    def __init__(self) -> None:
        super().__init__()
        self._label = 0
        self.compared = Compared(self)
        self.compared.changed.connect(self._redraw)
        self._make_parts()
        self._lay_out()
        self.exporter = Exporter(
            self, title=lambda: tr(self.title), picture=self.picture, table=self.table
        )
        self.exporter.failed.connect(self.export_failed)
        self.retell()

    def _make_parts(self) -> None:
        self.labels = Select()
        self.labels.chosen.connect(self._choose_label)
        self.mode = SegmentedControl([("counts", ""), ("rows", "")])
        self.mode.chosen.connect(lambda _key: self._redraw())
        self.side_mode = SegmentedControl([("matrix", ""), ("calibration", "")])
        self.side_mode.chosen.connect(lambda _key: self._fit())
        self.matrix = MatrixTable()
        self.matrix.picked.connect(self._pick)
        self.scatter = ScatterPlot()
        self.plot = LinePlot(self._read, follow=tr("Show all"))
        self.plot.view_changed.connect(self._draw_calibration)
        self.samples = CellSamples()
        self.samples.closed.connect(lambda: self._pick(-1, -1))
        self.samples.picked.connect(self.sample_chosen)
        self.sentence, self.sureness = Sentence(), Sentence()
        for sentence in (self.sentence, self.sureness):
            sentence.set_most(LINES)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.parts)
        top.addWidget(self.labels)
        top.addWidget(self.side_mode)
        top.addStretch(1)
        top.addWidget(self.mode)
        left = QWidget()
        self._left = left
        # a stack without a place shows its first page as a window of its own
        place = QWidget(left)
        self._main = QStackedLayout(place)
        self._main.addWidget(self.matrix)
        self._main.addWidget(self.scatter)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(place, 1)
        column.addWidget(self.sentence)
        self._calibrated = calibrated = QWidget()
        inner = QVBoxLayout(calibrated)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addWidget(self.plot, 1)
        inner.addWidget(self.sureness)
        self._side = QWidget()
        self._beside = QStackedLayout(self._side)
        self._beside.addWidget(calibrated)
        self._beside.addWidget(self.samples)
        self._body = QHBoxLayout()
        self._body.setSpacing(16)
        self._body.addWidget(left, 58)
        self._body.addWidget(self._side, 42)
        self.column.addLayout(top)
        self.column.addLayout(self._body, 1)

    def minimumSizeHint(self) -> QSize:
        """Give a small size: what has no room is shown in turn."""
        return QSize(300, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both sides where there is room."""
        super().resizeEvent(event)
        self._fit()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer other runs to compare with, the picture and the numbers."""
        self.compared.fill_menu(menu)
        self.exporter.fill_menu(menu)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Ask for the answers of the current run, and of that which it is compared with."""
        self.compared.offer(views)
        super().show_runs(views)
        other = self.compared.run
        if other is not None and self._run is not None:
            self.answers_wished.emit(other, self.part)

    def take(self, identity: str, told: Answers | Text | None) -> None:
        """Take what there is for a run: the current one, or the one it is compared with."""
        if not self.compared.take(identity, told):
            super().take(identity, told)

    def picture(self) -> QImage:
        """Give the picture of matrix and calibration."""
        return picture_of(self.filled)

    def table(self) -> str:
        """Give all numbers as CSV."""
        return "" if self.answers is None else csv_of(self.answers, self.names, self._label)

    def show_found(self, answers: Answers, data: PreparedData) -> None:
        """Draw the matrix of `answers`, or the values over those that would be right."""
        outputs = answers.outputs.shape[1]
        self._label = min(self._label, outputs - 1)
        several = answers.task != "classes" and outputs > 1
        self.labels.setVisible(several)
        if several:
            self.labels.set_items(
                [(str(at), tr("Output {name}", name=one)) for at, one in enumerate(self.names)]
            )
            self.labels.choose(str(self._label))
        values = answers.task == "values"
        self._main.setCurrentWidget(self.scatter if values else self.matrix)
        self.mode.setVisible(not values)
        if values:
            self._draw_values(answers)
        else:
            self._draw_matrix(answers)
            self._draw_calibration()
            self._show_cell()
        self._fit()

    def _grid(self, answers: Answers) -> Grid:
        other = self._other(answers)
        before = None if other is None else self._table(other)
        shown = self.mode.key
        if answers.task == "classes":
            return Grid(self._table(answers), self.names, shown, before)
        name = self.names[self._label]
        names = (tr("not {name}", name=name), name)
        return Grid(self._table(answers), names, shown, before)

    def _table(self, answers: Answers) -> Counts:
        return answers.table if answers.task == "classes" else answers.table_of(self._label)

    def _other(self, answers: Answers) -> Answers | None:
        """Give the answers that these are compared with: to the same samples, of that part."""
        other = self.compared.answers
        same = other is not None and other.part == answers.part and other.kinds == answers.kinds
        return other if same else None

    def _offer_modes(self, answers: Answers) -> None:
        items = [("counts", tr("Counts")), ("rows", tr("% of row"))]
        if self._other(answers) is not None:
            items.append(("change", tr("Change")))
        self.mode.set_items(items)

    def _draw_matrix(self, answers: Answers) -> None:
        self._offer_modes(answers)
        grid = self._grid(answers)
        self.matrix.show_grid(grid)
        said = matrix_in_words(grid.table, grid.names, step=answers.step)
        other = self.compared.run
        if grid.before is not None and other is not None:
            said = " ".join((comparison_in_words(grid.table, grid.before, other.name), said))
        self.sentence.say(said)
        self.matrix.setAccessibleName(tr("Confusion matrix: {words}", words=said))

    def _draw_calibration(self) -> None:
        answers = self._answers
        if answers is None or answers.task == "values":
            return
        found = answers.calibration
        if found is None:
            words = calibration_in_words(None)
            whole = Scale(0, 100)
            self.plot.show_scene(Scene(whole, whole, title=tr("No calibration"), words=words))
            self.sureness.say("")
            return
        other = self._other(answers)
        earlier = None if other is None else other.calibration
        named = "" if self.compared.run is None else self.compared.run.name
        held = self.plot.x_held, self.plot.y_held
        self.plot.show_scene(scene_of(found, earlier, name=named, held=held))
        self.sureness.say(calibration_in_words(found))

    def _draw_values(self, answers: Answers) -> None:
        at = self._label
        rows = thinned(len(answers.rows))
        target, said = answers.targets[rows, at], answers.outputs[rows, at]
        ends = ends_around(np.concatenate([answers.targets[:, at], np.empty(0)]))
        line = np.array(ends)
        self.scatter.show_points(
            Points(
                (Cloud(target, said, theme().score, tr("samples")),),
                (Curve(line, line, theme().text2, tr("exact"), dashed=True),),
                x=ends,
                y=ends_around(np.concatenate([said, line])),
                x_unit=tr("true"),
                y_unit=tr("said"),
                said=self.sentence.text(),
            )
        )
        tally = ValueTally(answers.targets)
        tally.add(answers.outputs, answers.targets, answers.rows)
        self.sentence.say(values_in_words(answers, score=tally.score, rmse=loss(tally.rmse)))

    def _pick(self, row: int, column: int) -> None:
        self.matrix.mark(None if row < 0 else (row, column))
        self.samples.to_start()
        self._show_cell()
        self._fit()

    def _show_cell(self) -> None:
        answers, data, cell = self._answers, self._data, self.matrix.marked
        if answers is None or data is None or cell is None:
            return
        self.samples.show_cell(
            answers, data, self._grid(answers), cell, label=self._label, names=self.names
        )

    def _fit(self) -> None:
        """Show matrix and side together, or one of them where the panel is narrow."""
        answers = self._answers
        values = answers is not None and answers.task == "values"
        chosen = self.matrix.marked is not None
        wide = self.width() >= WIDE_PX
        self.side_mode.setVisible(not wide and not values)
        self._beside.setCurrentWidget(self.samples if chosen else self._calibrated)
        beside = not values and (wide or chosen or self.side_mode.key == "calibration")
        self._side.setVisible(beside)
        self._left.setVisible(wide or values or not beside)

    def _choose_label(self, key: str) -> None:
        self._label = int(key)
        self.matrix.mark(None)
        self._redraw()

    def _redraw(self) -> None:
        if self._answers is not None and self._data is not None and len(self._answers.rows):
            self.show_found(self._answers, self._data)

    def _read(self, x: float) -> Readout | None:
        found = None if self._answers is None else self._answers.calibration
        return None if found is None else readout_of(found, x)

    def retell(self) -> None:
        """Say everything again, as the theme or with it the language has changed."""
        self.mode.set_items([("counts", tr("Counts")), ("rows", tr("% of row"))])
        self.side_mode.set_items([("matrix", tr("Matrix")), ("calibration", tr("Calibration"))])
        for part, name, tip in (
            (self.mode, tr("Numbers in the cells"), tr("Samples, or shares of the true class.")),
            (self.side_mode, tr("What is shown"), tr("The matrix, or how sure the network is.")),
            (self.labels, tr("Output"), tr("Which output is looked at.")),
        ):
            part.setAccessibleName(name)
            part.setToolTip(tip)
        self.plot.setAccessibleName(tr("Calibration"))
        self.plot.set_follow_words(tr("Show all"), tr("Show all (A)"))
        super().retell()
