"""The views of the curves: what can be done with them; what they show is made in `scene`."""

import time
from dataclasses import replace
from math import inf, isfinite
from pathlib import Path
from typing import Any, ClassVar, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.curves.curve import Metric, Options, Quantity, quantity_of
from nnstudio.gui.views.curves.finding_marks import FindingMarks, marks_at
from nnstudio.gui.views.curves.scene import SceneMaker
from nnstudio.gui.views.curves.sentence import sentence_of
from nnstudio.gui.views.curves.table import table_of
from nnstudio.gui.views.exporting import file_name_of, write_picture
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.widgets.plot.legend import LEGEND_PX
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scene import Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.whole_files import write_whole

X_AXES: Final = (("step", mark("Steps")), ("epoch", mark("Epochs")), ("seconds", mark("Seconds")))
SAY_S: Final = 1.0
"""So often at most the sentence changes while a run goes on: it is read."""
STRENGTHS: Final = {
    "off": mark("Off"),
    "light": mark("Weak"),
    "medium": mark("Medium"),
    "strong": mark("Strong"),
}


class CurvesView(View):
    """A plot of one quantity over the steps of all runs of the session, the current one in colour.

    Knows the runs it was given last and how a person wants to see them.
    """

    quantity: ClassVar[Metric]
    empty: ClassVar[str]
    rate_hz: ClassVar[float] = 25.0
    enlargeable: ClassVar[bool] = True

    finding_picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[RunView, ...] = ()
        self._shown: object = None
        self._said_at = -inf
        self._heading = ""
        self._maker = SceneMaker(self.quantity)
        self._options = Options(y_logarithmic=self.quantity == "loss")
        self.plot = LinePlot(self._read, follow=tr("Follow"), parent=self)
        self.plot.view_changed.connect(self._draw)
        self.marks = FindingMarks(self.plot)
        self.marks.picked.connect(self.finding_picked)
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.plot.customContextMenuRequested.connect(self._open_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, 1)
        self.sentence = Sentence()
        self.sentence.set_most(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 2)
        foot.addWidget(self.sentence)
        layout.addLayout(foot)
        # The header of the panel takes it; without one it stays unseen.
        self._log = QToolButton()
        self._log.setCheckable(True)
        self._log.setFont(font(12, 600))
        self._log.setFixedHeight(22)
        self._log.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The frame of other tool buttons leaves no room for words in 22 pixels.
        self._log.setStyleSheet(
            "QToolButton { padding: 0 7px } QToolButton:focus { padding: 0 6px }"
        )
        self._log.setChecked(self._options.y_logarithmic)
        self._log.clicked.connect(self.toggle_logarithmic)
        themes.changed.connect(self._retell)
        self._retell()

    @property
    def options(self) -> Options:
        """How the curves are shown."""
        return self._options

    def take_over(self, old: View) -> None:
        """Draw as the view whose place this one takes."""
        if isinstance(old, CurvesView):
            self.set_options(old.options)

    def set_options(self, options: Options) -> None:
        """Show the curves like this from now on; a changed axis follows the data again."""
        if options == self._options:
            return
        before, self._options = self._options, options
        if (before.x_axis, before.x_logarithmic) != (options.x_axis, options.x_logarithmic):
            self.plot.x_held = None
        if before.y_logarithmic != options.y_logarithmic:
            self.plot.y_held = None
        self._log.setChecked(options.y_logarithmic)
        self._draw()

    def toggle_logarithmic(self) -> None:
        """Make the y axis logarithmic, or linear again."""
        if self.quantity == "loss":
            self.set_options(replace(self._options, y_logarithmic=not self._options.y_logarithmic))

    def show_all(self) -> None:
        """Let the axes follow the data again."""
        self.plot.show_all()

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the curves of these runs, the first one in colour; the same again costs nothing.

        A hidden run is shown while it is the current one; while runs are compared, no others are.
        """
        compares = any(run.current and run.place is not None for run in views)
        views = tuple(
            run
            for run in views
            if run.current or not (run.hidden or (compares and run.place is None))
        )
        if views and self._runs and views[0].identity != self._runs[0].identity:
            self.plot.let_go()
            self._said_at = -inf
        told = [_told(run) for run in views]
        self._runs = views
        if self.heading != self._heading:
            self._retell()
        if told == self._shown:
            return
        self._shown = told
        self._maker.take(views)
        self._draw()

    @property
    def heading(self) -> str:
        """The title, by what the score of the current run is."""
        return tr("R²") if self._quantity == "r_squared" else tr(self.title)

    @property
    def _quantity(self) -> Quantity:
        if self._runs:
            return quantity_of(self.quantity, self._runs[0])
        return "loss" if self.quantity == "loss" else "accuracy"

    def header_widgets(self) -> list[QWidget]:
        """Give the switch of the logarithmic axis where there is one."""
        return [self._log] if self.quantity == "loss" else []

    def table(self) -> str:
        """Give all curves as CSV."""
        return table_of(self._runs)

    def export(self, path: Path) -> None:
        """Write the picture, or for ``.csv`` the numbers of all curves, as the ending says.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        if path.suffix.lower() == ".csv":
            write_whole(path, self.table().encode())
        elif path.suffix.lower() == ".svg":
            write_whole(path, self.plot.svg())
        else:
            write_picture(path, self.plot.picture())

    def ask_export(self) -> None:
        """Ask where to write picture or numbers, and write them there."""
        dialog = QFileDialog(self, tr("Export {plot}", plot=self.heading), existing_folder())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [tr("Picture (*.png)"), tr("Drawing (*.svg)"), tr("Numbers of all curves (*.csv)")]
        )
        dialog.setDefaultSuffix("png")
        dialog.selectFile(file_name_of(self.heading))
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
        )
        dialog.fileSelected.connect(self._export_to)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.plot.picture())

    def copy_table(self) -> None:
        """Put the numbers of all curves on the clipboard."""
        QGuiApplication.clipboard().setText(self.table())

    def fill_menu(self, menu: QMenu) -> None:
        """Put everything that can be done here into `menu`."""
        menu.addAction(tr("Show all")).triggered.connect(self.show_all)
        smoothing = self._choices(menu, tr("Smoothing"), STRENGTHS, self._options.smoothing)
        smoothing.triggered.connect(
            lambda action: self.set_options(replace(self._options, smoothing=action.data()))
        )
        x_axis = self._choices(menu, tr("x axis"), dict(X_AXES), self._options.x_axis)
        x_axis.triggered.connect(
            lambda action: self.set_options(replace(self._options, x_axis=action.data()))
        )
        self._switch(menu, tr("Logarithmic x axis"), "x_logarithmic")
        if self.quantity == "loss":
            self._switch(menu, tr("Logarithmic y axis"), "y_logarithmic")
        menu.addSeparator()
        menu.addAction(tr("Copy picture")).triggered.connect(self.copy_picture)
        menu.addAction(tr("Copy numbers")).triggered.connect(self.copy_table)
        menu.addAction(tr("Export …")).triggered.connect(self.ask_export)

    def _choices(self, menu: QMenu, title: str, items: dict[str, str], chosen: str) -> QActionGroup:
        inner = menu.addMenu(title)
        group = QActionGroup(inner)
        for key, name in items.items():
            action = QAction(tr(name), inner, checkable=True)
            action.setData(key)
            action.setChecked(key == chosen)
            group.addAction(action)
            inner.addAction(action)
        return group

    def _switch(self, menu: QMenu, title: str, name: str) -> None:
        action = QAction(title, menu, checkable=True)
        action.setChecked(getattr(self._options, name))
        changed: Any = {name: not getattr(self._options, name)}
        action.triggered.connect(lambda: self.set_options(replace(self._options, **changed)))
        menu.addAction(action)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        menu.popup(self.plot.mapToGlobal(at))

    def _export_to(self, path: str) -> None:
        try:
            self.export(Path(path))
        except OSError as error:
            self.export_failed.emit(
                NnstudioError(
                    "{file} could not be written: {reason}.",
                    hint="",
                    file=path,
                    reason=error.strerror or type(error).__name__,
                )
            )

    def _read(self, x: float) -> Readout | None:
        return self._maker.readout(x, self._options)

    def _draw(self) -> None:
        scene = self._maker.scene(
            self._options,
            width=self.plot.frame().area.width(),
            x_held=self.plot.x_held,
            y_held=self.plot.y_held,
        )
        self.plot.show_scene(scene or self._nothing())
        self._say()
        self._mark_findings(there=scene is not None)

    def expect_first_loss(self, value: float | None, *, guess: bool = False) -> None:
        """Mark the loss that an undecided network has before it learns; None for no mark.

        `guess` says that nobody can do better who does not look at the inputs: it is a floor then.
        """
        if (value, guess) != (self._maker.expected, self._maker.guess):
            self._maker.expected, self._maker.guess = value, guess
            self._draw()

    def _say(self) -> None:
        """Say the main point of the curve, now and then while it grows: a person reads it."""
        now, ended = time.monotonic(), not self._runs or self._runs[0].snapshot.state.ended
        if ended or now - self._said_at >= SAY_S:
            self._said_at = now
            self.sentence.say(sentence_of(self._maker.first))

    def _mark_findings(self, *, there: bool) -> None:
        diagnosis = self._runs[0].diagnosis if there and self._runs else None
        frame = self.plot.frame()
        area = frame.area.translated(0, LEGEND_PX).toAlignedRect()
        if diagnosis is None:
            self.marks.show_marks((), area)
            return
        places = {}
        for step in {one.step for one in diagnosis.findings}:
            x = float(frame.x(self._maker.place_of(step, self._options)))
            # step 0 has no place on a logarithmic axis; what is zoomed away waits at the edge
            x = min(max(x, frame.area.left()), frame.area.right()) if isfinite(x) else area.left()
            places[step] = x - frame.area.left()
        self.marks.show_marks(marks_at(places, diagnosis), area)

    def _nothing(self) -> Scene:
        y = Scale(0, 100) if self._quantity == "accuracy" else Scale(0, 1)
        if self._runs and self._runs[0].snapshot.state.ended:
            words = tr(
                "A saved model keeps what it learned, not how: its training is not shown here."
            )
            return Scene(Scale(0, 1), y, title=tr("A model without curves"), words=words)
        words = tr(self.empty)
        if self._quantity == "r_squared":
            words = tr(
                "Press Train: R², the share of the variance that is explained, appears here."
            )
        return Scene(Scale(0, 1), y, title=tr("Nothing learned yet"), words=words)

    def _retell(self) -> None:
        """Say everything again, as the theme or with it the language has changed."""
        self._maker.forget_words()
        self._log.setText(tr("log"))
        self._log.setToolTip(tr("Logarithmic y axis (L)"))
        self._log.setAccessibleName(tr("Logarithmic y axis"))
        self._heading = self.heading
        self.plot.setAccessibleName(self._heading)
        self.retitled.emit(self._heading)
        self.plot.set_follow_words(tr("Follow"), tr("Show all, and go on with the data (A)"))
        self._draw()


def _told(run: RunView) -> tuple[object, ...]:
    """Give what curves show of a run, to compare; arrays of a history only grow."""
    snapshot, history = run.snapshot, run.snapshot.history
    grown: tuple[object, ...] = ()
    if history is not None:
        last = history.loss[-1:].tobytes()
        grown = (history.steps, last, len(history.validation), history.changes)
    return (
        run.identity,
        run.name,
        run.task,
        snapshot.state,
        snapshot.step,
        snapshot.total_steps,
        grown,
        run.place,
        run.rewound,
        run.diagnosis,
        run.subject,
        run.elsewhere,
    )


class LossView(CurvesView):
    """The loss that is descended, of every batch and of the validation part."""

    name: ClassVar[str] = "loss"
    title: ClassVar[str] = mark("Loss")
    quantity: ClassVar[Metric] = "loss"
    empty: ClassVar[str] = mark("Press Train: the loss of every step appears here, and falls.")


class AccuracyView(CurvesView):
    """The share of right answers, of every batch and of the validation part."""

    name: ClassVar[str] = "accuracy"
    title: ClassVar[str] = mark("Accuracy")
    quantity: ClassVar[Metric] = "score"
    empty: ClassVar[str] = mark("Press Train: the share of right answers appears here, and rises.")
