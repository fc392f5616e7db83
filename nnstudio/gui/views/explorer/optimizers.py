"""Optimizers: their paths in a valley of two parameters, several of them compared."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, kind_colours, theme, themes
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.scales import number
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.beside import Beside, start_thread
from nnstudio.gui.widgets.log_spin_box import NumberField
from nnstudio.gui.widgets.numerals import rate
from nnstudio.gui.widgets.plot.scatter import Backdrop, Cloud, Curve, Points, ScatterPlot
from nnstudio.gui.widgets.select import Select
from nnstudio.runs.exploring import Path, best_rate, path_of
from nnstudio.runs.valleys import VALLEYS, Valley
from nnstudio.spec import describe, kind_of, title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

STEPS: Final = 100
GRID: Final = (150, 240)
LEVELS: Final = 14
STRENGTH: Final = 0.5
AT_FIRST: Final = ("sgd", "adam", "rmsprop")
NUDGE: Final = 0.04
WORDED_PX: Final = 260


class OptimizersPage(Page):
    """The chosen optimizers walk in one valley from one start at one rate.

    A click in the valley, or the arrows, puts the start elsewhere. The optimizer that is set walks
    with its own settings, but at the rate that is chosen here.
    """

    key: ClassVar[str] = "optimizers"
    title: ClassVar[str] = mark("Optimizer")

    def __init__(self, *, start: Callable[[Callable[[], None]], None] = start_thread) -> None:
        super().__init__()
        family = next(one for one in describe(Experiment) if one.name == "optimizer")
        self._optimizers: dict[str, Any] = {kind_of(cls): cls() for cls in family.members}
        self._used = ""
        self.compared: list[str] = [one for one in AT_FIRST if one in self._optimizers]
        self._valley: Valley = VALLEYS[0]
        self._start = self._valley.start
        self._curves: tuple[Curve, ...] = ()
        self._own_rates = False
        self._rates: dict[str, float] = {}
        self._rates_of: object = None
        self._search = Beside(start=start, parent=self)
        self._search.found.connect(self._take_rates)
        self.valleys = Select()
        self.valleys.chosen.connect(self.choose_valley)
        self.which = QPushButton()
        self._menu = QMenu(self.which)
        self._menu.aboutToShow.connect(self._fill_choice)
        self.which.setMenu(self._menu)
        self.rate = NumberField(minimum=0, maximum=100, open_minimum=True, log=True)
        self.steps = NumberField(minimum=1, maximum=2000, whole=True, log=True)
        for field, value in ((self.rate, self._valley.rate), (self.steps, STEPS)):
            field.set_value(value)
            field.setFixedWidth(58)
            field.edited.connect(lambda _value: self.draw())
        self.scatter = ScatterPlot(read=self._read)
        self.scatter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scatter.pressed.connect(self.start_at)
        self.scatter.nudged.connect(self._nudge)
        self.scatter.reframed.connect(self._shade)
        self._words = (QLabel(), QLabel())
        row = QHBoxLayout()
        row.setSpacing(6)
        for words, field in zip(self._words, (self.rate, self.steps), strict=True):
            row.addWidget(words)
            row.addWidget(field)
        row.addStretch(1)
        row.addWidget(self.which)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.scatter, 1)
        themes.changed.connect(self._name)
        self._name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out where there is no room for them."""
        super().resizeEvent(event)
        for words in self._words:
            words.setVisible(self.width() >= WORDED_PX)

    def header_widgets(self) -> list[QWidget]:
        """Give the choice of the valley."""
        return [self.valleys]

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take the optimizer that is set: it is always one of those compared."""
        del facts, losses
        kind = kind_of(type(experiment.optimizer))
        if self._optimizers[kind] == experiment.optimizer and kind == self._used:
            return
        self._optimizers[kind] = experiment.optimizer
        self._used = kind
        if kind not in self.compared:
            self.compared.append(kind)
        self.draw()

    def choose_valley(self, kind: str) -> None:
        """Walk in another valley, from its own start at its own rate."""
        self._valley = next(one for one in VALLEYS if one.kind == kind)
        self._start = self._valley.start
        self.valleys.choose(kind)
        self.rate.set_value(self._valley.rate)
        self.draw()

    def start_at(self, x: float, y: float) -> None:
        """Start at another place."""
        self._start = (x, y)
        self.draw()

    def compare(self, kind: str, *, also: bool) -> None:
        """Let an optimizer walk too, or no longer."""
        if also and kind not in self.compared:
            self.compared.append(kind)
        elif not also and kind in self.compared and len(self.compared) > 1:
            self.compared.remove(kind)
        self.draw()

    def paths(self) -> dict[str, Path]:
        """Give the path of every optimizer that is compared, in the order of the family."""
        return {
            kind: path_of(
                replace(one, learning_rate=self.rate_of(kind)),
                self._valley,
                self._start,
                steps=self._count,
            )
            for kind, one in self._optimizers.items()
            if kind in self.compared
        }

    def rate_of(self, kind: str) -> float:
        """Give the rate at which an optimizer walks."""
        common = min(float(self.rate.value or self._valley.rate), 10.0)
        return self._rates.get(kind, common) if self._own_rates else common

    def set_own_rates(self, *, own: bool) -> None:
        """Let each walk at the rate at which it gets lowest, or all at the one that is typed."""
        self._own_rates = own
        self.rate.setEnabled(not own)
        self.draw()

    @property
    def _count(self) -> int:
        return int(self.steps.value or STEPS)

    def _find_rates(self) -> None:
        """Look for the best rates beside the window, where they are not those of this walk."""
        key = (self._valley.kind, self._start, self._count, tuple(self._optimizers.values()))
        if not self._own_rates or key == self._rates_of:
            return
        self._rates_of = key
        optimizers, valley, start, steps = dict(self._optimizers), self._valley, key[1], key[2]

        def work() -> dict[str, float]:
            return {
                kind: best_rate(one, valley, start, steps=steps) for kind, one in optimizers.items()
            }

        self._search.ask(work, urgent=True)

    def _take_rates(self, found: dict[str, float]) -> None:
        self._rates = found
        self.draw()

    def draw(self) -> None:
        """Draw valley and paths."""
        self._name()
        self._find_rates()
        valley, found, now = self._valley, self.paths(), theme()
        colours = dict(zip(self._optimizers, kind_colours(len(self._optimizers)), strict=True))
        clouds = [Cloud(np.array([self._start[0]]), np.array([self._start[1]]), now.text)]
        if valley.lowest is not None:
            lowest = valley.lowest
            clouds.append(Cloud(np.array([lowest[0]]), np.array([lowest[1]]), now.ok))
        self.scatter.show_points(
            Points(
                tuple(clouds),
                x=valley.x,
                y=valley.y,
                x_unit="θ₁",
                y_unit="θ₂",
                alike=True,
                said=self.sentence,
            )
        )
        self._curves = tuple(
            Curve(path.points[:, 0], path.points[:, 1], colours[kind], self._title_of(kind))
            for kind, path in found.items()
        )
        self._shade()
        self.say(self._main_point(found))

    def table(self) -> str:
        """Give every step of every path."""
        rows = [
            (kind, step, *point, height)
            for kind, path in self.paths().items()
            for step, (point, height) in enumerate(
                zip(path.points.tolist(), path.heights.tolist(), strict=True)
            )
        ]
        return csv_text(("optimizer", "step", "theta1", "theta2", "height"), rows)

    def _shade(self) -> None:
        x, y = self.scatter.ends
        across, down = np.meshgrid(np.linspace(*x, GRID[1]), np.linspace(y[1], y[0], GRID[0]))
        heights = self._valley.height(across, down)
        shades = _terraces(heights)
        self.scatter.show_answer(backdrop=Backdrop(shades, x, y), curves=self._curves)

    def _main_point(self, found: dict[str, Path]) -> str:
        ends = {
            kind: np.inf if path.left else float(path.heights[-1]) for kind, path in found.items()
        }
        best, worst = min(ends, key=lambda one: ends[one]), max(ends, key=lambda one: ends[one])
        start = float(next(iter(found.values())).heights[0])
        said = [
            tr(
                "From height {start}, after {steps} steps {name} is lowest, at {height}.",
                start=number(start),
                steps=self._count,
                name=self._name_of(best),
                height=number(ends[best]),
            )
        ]
        left = [self._name_of(kind) for kind, path in found.items() if path.left]
        if left:
            said.append(
                tr("Blown up: {names}; the rate is too high for it.", names=", ".join(left))
            )
        elif worst != best:
            said.append(
                tr(
                    "{name} is still at {height}.",
                    name=self._name_of(worst),
                    height=number(ends[worst]),
                )
            )
        return " ".join(said)

    def _read(self, x: float, y: float) -> str:
        height = float(self._valley.height(np.array(x), np.array(y)))
        return tr("Height {height}; a click starts here.", height=number(height))

    def _nudge(self, across: int, up: int) -> None:
        x, y = self._valley.x, self._valley.y
        self.start_at(
            self._start[0] + across * NUDGE * (x[1] - x[0]),
            self._start[1] + up * NUDGE * (y[1] - y[0]),
        )

    def _fill_choice(self) -> None:
        self._menu.clear()
        own = self._menu.addAction(tr("Each at its best rate"))
        own.setCheckable(True)
        own.setChecked(self._own_rates)
        own.toggled.connect(lambda on: self.set_own_rates(own=on))
        self._menu.addSeparator()
        for kind in self._optimizers:
            title = self._name_of(kind)
            action = self._menu.addAction(
                tr("{title} · in use", title=title) if kind == self._used else title
            )
            action.setCheckable(True)
            action.setChecked(kind in self.compared)
            action.toggled.connect(lambda on, kind=kind: self.compare(kind, also=on))

    def _title_of(self, kind: str) -> str:
        name = self._name_of(kind)
        if not self._own_rates or kind not in self._rates:
            return name
        return tr("{name} at {rate}", name=name, rate=rate(self._rates[kind]))

    def _name_of(self, kind: str) -> str:
        return tr(title_of(type(self._optimizers[kind])))

    def _name(self) -> None:
        self.valleys.set_items([(one.kind, tr(one.title)) for one in VALLEYS])
        self.valleys.choose(self._valley.kind)
        self.valleys.setAccessibleName(tr("Valley"))
        self.valleys.setToolTip(tr(self._valley.help))
        for words, field, name in zip(
            self._words, (self.rate, self.steps), (tr("Rate"), tr("Steps")), strict=True
        ):
            words.setText(name)
            words.setFont(font())
            field.setAccessibleName(name)
        self.rate.setToolTip(tr("The learning rate of all of them."))
        self.steps.setToolTip(tr("How many steps each makes."))
        self.which.setFont(font(13, 500))
        self.which.setText(
            tr("{count} of {all}", count=len(self.compared), all=len(self._optimizers))
        )
        self.which.setToolTip(tr("Which optimizers are compared."))
        self.which.setAccessibleName(tr("Which optimizers are compared"))
        self.scatter.setToolTip("")


def _terraces(heights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Give shades (rows, columns, 3) in steps: as many places on each, so that all can be told."""
    order = np.searchsorted(np.quantile(heights, np.linspace(0, 1, LEVELS + 1)[1:-1]), heights)
    share = (order / (LEVELS - 1))[..., None]
    ground, high = (_numbers(one) for one in (theme().panel, theme().text3))
    shades = ground + STRENGTH * share * (high - ground)
    return np.ascontiguousarray(np.rint(shades), np.uint8)


def _numbers(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
