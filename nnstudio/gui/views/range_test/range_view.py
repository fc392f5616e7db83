"""The view of the newest range test: its curve, what it suggests, and a button that uses it."""

from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.range_test.picture import readout_of, scene_of, shown_rate
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scene import Readout
from nnstudio.nn.schedules import RangeTest
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.range_test import (
    STEPS,
    RangeCurve,
    RangeFinding,
    curve_of,
    range_experiment,
)
from nnstudio.training.range_test import suggestion as suggestion_of
from nnstudio.training.snapshot import RunState

LONGER: Final = 4
MOST_STEPS: Final = 20_000


class RangeTestView(View):
    """The user sees the loss over the learning rate, and takes over the rate that is suggested.

    Knows the runs it was given last, of which it shows the current one when that is a range test,
    else the newest, and the experiment that is set.
    """

    name: ClassVar[str] = "range_test"
    title: ClassVar[str] = mark("Range test")
    rate_hz: ClassVar[float] = 10.0
    enlargeable: ClassVar[bool] = True

    test_requested = Signal(int)
    stop_requested = Signal()
    rate_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: RunView | None = None
        self._told: object = None
        self._curve: RangeCurve | None = None
        self._found: RangeFinding | None = None
        self._experiment: Experiment | None = None
        self._refusal = ""
        self.empty = EmptyState("")
        self.empty.acted.connect(lambda: self.test_requested.emit(STEPS))
        self.plot = LinePlot(self._read, follow=tr("Show all"))
        self.plot.view_changed.connect(self._draw)
        self._words = QLabel()
        self._words.setProperty("role", "second")
        self._words.setWordWrap(True)
        self._again = QPushButton()
        self._again.setProperty("role", "link")
        self._again.clicked.connect(self._test_or_stop)
        self._use = QPushButton()
        self._use.setProperty("role", "soft")
        self._use.clicked.connect(self._choose)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 10)
        foot.setSpacing(8)
        foot.addWidget(self._words, 1)
        foot.addWidget(self._again)
        foot.addWidget(self._use)
        self._shown = QWidget()
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plot, 1)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.empty, 1)
        outer.addWidget(self._shown, 1)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def suggested(self) -> float | None:
        """The rate that the test suggests."""
        return self._found.suggested if self._found is not None else None

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the current run when it is a range test, else the newest test there is."""
        tests = [run for run in views if run.range_test]
        run = next(
            (one for one in tests if one.current),
            max(tests, key=lambda one: one.number, default=None),
        )
        told = (
            None if run is None else (run.identity, run.name, run.snapshot.state, run.snapshot.step)
        )
        if told == self._told:
            return
        self._told, self._run = told, run
        history = run.snapshot.history if run is not None else None
        self._curve = curve_of(history) if history is not None and history.steps else None
        self._found = None
        if history is not None and run is not None and run.snapshot.state.ended:
            self._found = suggestion_of(history, blown_up=_blew_up(run, history.steps))
        self._draw()

    def show_experiment(self, experiment: Experiment, refusal: str = "") -> None:
        """Take what is set, which the suggestion may be for, and why nothing can be tested."""
        if (experiment, refusal) != (self._experiment, self._refusal):
            self._experiment, self._refusal = experiment, refusal
            self._draw()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the picture of a test."""
        if self._curve is not None:
            menu.addAction(tr("Show all")).triggered.connect(self.plot.show_all)
            menu.addAction(tr("Copy picture")).triggered.connect(
                lambda: QGuiApplication.clipboard().setImage(self.plot.picture())
            )

    @property
    def _running(self) -> bool:
        return self._run is not None and not self._run.snapshot.state.ended

    @property
    def _steps(self) -> int:
        """How many steps the next test has: more of them where the last one saw nothing."""
        planned = self._run.snapshot.total_steps if self._run is not None else None
        return min(planned * LONGER, MOST_STEPS) if planned and self._saw_nothing else STEPS

    @property
    def _saw_nothing(self) -> bool:
        run = self._run
        ended = run is not None and run.snapshot.state in {RunState.FINISHED, RunState.DIVERGED}
        return ended and self._found is None

    def _read(self, x: float) -> Readout | None:
        return None if self._curve is None else readout_of(self._curve, x)

    def _test_or_stop(self) -> None:
        if self._running:
            self.stop_requested.emit()
        else:
            self.test_requested.emit(self._steps)

    def _choose(self) -> None:
        if self._found is not None:
            self.rate_chosen.emit(self._found.suggested)

    def _draw(self) -> None:
        curve, run = self._curve, self._run
        self.empty.setVisible(curve is None)
        self._shown.setVisible(curve is not None)
        if curve is None or run is None:
            self._tell_empty()
            return
        self.plot.show_scene(
            scene_of(
                curve,
                self._found,
                ends=_ends(run, curve),
                x_held=self.plot.x_held,
                y_held=self.plot.y_held,
            )
        )
        self._words.setText(self._sentence(run))
        self._again.setText(self._words_of_again())
        self._again.setEnabled(self._running or not self._refusal)
        self._again.setToolTip(self._refusal)
        self._show_use()

    def _words_of_again(self) -> str:
        if self._running:
            return tr("Stop")
        return tr("Test longer") if self._saw_nothing else tr("Test again")

    def _tell_empty(self) -> None:
        if self._running:
            self.empty.set_texts(tr("The test is about to begin"))
            return
        self.empty.set_texts(
            tr("Which learning rate?"),
            tr(
                "A short run of its own raises the learning rate step by step until the loss blows "
                "up. The curve shows which rates learn. Your runs and settings stay as they are."
            ),
            "" if self._refusal else tr("Run a range test"),
        )

    def _show_use(self) -> None:
        rate = self.suggested
        self._use.setVisible(rate is not None)
        if rate is None:
            return
        used = self._experiment is not None and self._experiment.optimizer.learning_rate == rate
        self._use.setEnabled(not used)
        if used:
            self._use.setText(tr("In use: {rate}", rate=shown_rate(rate)))
            self._use.setToolTip("")
        else:
            self._use.setText(tr("Use {rate}", rate=shown_rate(rate)))
            self._use.setToolTip(
                tr("Makes it the learning rate of the experiment; Undo takes it back")
            )

    def _sentence(self, run: RunView) -> str:
        snapshot = run.snapshot
        if self._running:
            return tr(
                "{name}: step {step} of {steps}",
                name=run.name,
                step=grouped(snapshot.step),
                steps=grouped(snapshot.total_steps or snapshot.step),
            )
        if not self._is_current(run):
            return tr("{name} was made with other settings than those set now.", name=run.name)
        if self._found is None and snapshot.state is RunState.STOPPED:
            return tr("{name} was stopped before it found anything.", name=run.name)
        if self._found is None:
            return tr(
                "At no rate the loss fell clearly more than it wavers from batch to batch. A "
                "longer test sees more through the noise."
            )
        if self._found.bounded:
            return tr(
                "The suggestion is a tenth of the rate at which the loss blew up: where it is "
                "lowest is too near to that."
            )
        return tr(
            "The suggestion lies between where most of the fall is done and where the loss is "
            "lowest."
        )

    def _is_current(self, run: RunView) -> bool:
        """Whether the test is for what is set: all but the rate, its schedule and the end."""
        if self._experiment is None or run.recipe is None:
            return True
        tested = run.recipe.experiment
        fresh = range_experiment(self._experiment)
        return replace(tested, stopping=fresh.stopping, schedule=fresh.schedule) == replace(
            fresh, optimizer=replace(fresh.optimizer, learning_rate=tested.optimizer.learning_rate)
        )

    def _dress(self) -> None:
        self.plot.setAccessibleName(tr("Loss over the learning rate"))
        self._words.setFont(font(12))
        for button in (self._again, self._use):
            button.setFont(font(13, 500))
        self._draw()


def _ends(run: RunView, curve: RangeCurve) -> tuple[float, float]:
    """Give the first rate and the last that the test may reach."""
    first = float(curve.rate[0])
    schedule = run.recipe.experiment.schedule if run.recipe is not None else None
    rise = schedule.rise if isinstance(schedule, RangeTest) else 10.0
    return first, max(first * rise, float(curve.rate[-1]) * 1.01)


def _blew_up(run: RunView, steps: int) -> bool:
    snapshot = run.snapshot
    before_its_end = snapshot.total_steps is None or steps < snapshot.total_steps
    return snapshot.state is RunState.DIVERGED or (
        snapshot.state is RunState.FINISHED and before_its_end
    )
