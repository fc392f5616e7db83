"""Losses: value and derivative over the one output that is judged."""

from typing import Any, ClassVar

import numpy as np
from PySide6.QtWidgets import QLabel

from nnstudio.gui.theme import font, theme
from nnstudio.gui.views.explorer.member_page import MemberPage
from nnstudio.gui.views.explorer.scales import around, number
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.log_spin_box import NumberField
from nnstudio.gui.widgets.plot.scene import Entry, Flag, Line, Readout, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.nn.losses import Loss
from nnstudio.runs.exploring import LossCurve, judges_shares, loss_curve
from nnstudio.spec import describe, title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment

MOST_SHOWN = 6.0


class LossesPage(MemberPage):
    """Every loss over its output, for a target that can be chosen."""

    key: ClassVar[str] = "losses"
    title: ClassVar[str] = mark("Loss")

    def __init__(self) -> None:
        super().__init__(next(one for one in describe(Experiment) if one.name == "loss"))
        self.target = NumberField(minimum=0, maximum=1, step=0.1)
        self.target.setFixedWidth(72)
        self.target.set_value(1.0)
        self.target.edited.connect(lambda _value: self.draw())
        self._words = QLabel()
        self.extra.addWidget(self._words)
        self.extra.addWidget(self.target)
        self.extra.addStretch(1)
        self._name()

    def used_in(self, experiment: Experiment) -> tuple[Any, ...]:
        """Give the loss that is set."""
        return (experiment.loss,)

    def draw(self) -> None:
        """Draw what is chosen."""
        self._name()
        super().draw()

    def draw_value(self, value: Loss) -> None:
        """Draw loss and derivative over the output."""
        now, found = theme(), self._curve(value)
        y = _scale(found)
        target = self._target
        self.plot.show_scene(
            Scene(
                self.plot.x_held or Scale(*_ends(found)),
                self.plot.y_held or y,
                x_unit=tr("output"),
                lines=(
                    Line(np.array(_ends(found)), np.zeros(2), now.border, 1.0),
                    Line(found.output, _within(found.gradient, y), now.gradient, dashed=True),
                    Line(found.output, _within(found.loss, y), now.loss),
                ),
                flags=(Flag(target, tr("target"), now.text3),),
                legend=(
                    Entry(tr("loss"), "", now.loss),
                    Entry(tr("gradient"), "", now.gradient, dashed=True),
                ),
                words_low=True,
            )
        )
        self.say(self._sentence_of(value, found))

    def read(self, x: float) -> Readout | None:
        """Give loss and gradient at an output."""
        found = self._curve(self.value)
        at = int(np.abs(found.output - x).argmin())
        place, loss, slope = (float(one[at]) for one in (found.output, found.loss, found.gradient))
        rows = (
            (tr("output"), number(place)),
            (tr("loss"), number(loss)),
            (tr("gradient"), number(slope)),
        )
        return Readout(place, rows, ((place, loss, theme().loss), (place, slope, theme().gradient)))

    def sketch(self, value: Loss) -> Sketch:
        """Give the small drawing of one."""
        now, found = theme(), self._curve(value)
        y = _scale(found)
        lines = (
            Line(found.output, _within(found.gradient, y), now.gradient, width=1.5, dashed=True),
            Line(found.output, _within(found.loss, y), now.loss, width=1.5),
        )
        keys = (
            Key(tr("loss"), colour=now.loss, sample="line"),
            Key(tr("gradient"), colour=now.gradient, sample="dashed"),
        )
        said = self._sentence_of(value, found)
        return Sketch(Scene(Scale(*_ends(found)), y, x_unit="a", lines=lines), keys, said=said)

    def summary(self) -> str:
        """Give the main point of all of them."""
        shares = sum(judges_shares(one) for one in self._values.values())
        return tr(
            "{shares} of {all} losses judge probabilities: they rise without end where the right "
            "answer gets none. The others judge a distance.",
            shares=shares,
            all=len(self._values),
        )

    def table(self) -> str:
        """Give loss and gradient over the output."""
        found = self._curve(self.value)
        columns = (found.output.tolist(), found.loss.tolist(), found.gradient.tolist())
        return csv_text(("output", "loss", "gradient"), zip(*columns, strict=True))

    @property
    def _target(self) -> float:
        return 1.0 if self.target.value is None else float(self.target.value)

    def _curve(self, loss: Loss) -> LossCurve:
        return loss_curve(loss, target=self._target)

    def _sentence_of(self, loss: Loss, found: LossCurve) -> str:
        name = tr(title_of(type(loss)))
        near = 0.1 if found.of_shares else self._target - 2
        at, gradient = (
            float(np.interp(near, found.output, one)) for one in (found.loss, found.gradient)
        )
        values = {
            "name": name,
            "target": number(self._target),
            "output": number(near),
            "loss": number(at),
            "gradient": number(gradient),
        }
        if gradient < 0:
            return tr(
                "{name}, target {target}: at output {output} the loss is {loss} and its gradient "
                "{gradient}, which pushes the output up.",
                **values,
            )
        return tr(
            "{name}, target {target}: at output {output} the loss is {loss} and its gradient "
            "{gradient}, which pushes the output down.",
            **values,
        )

    def _name(self) -> None:
        self._words.setText(tr("Target"))
        self._words.setFont(font())
        self.target.setAccessibleName(tr("Target"))
        self.target.setToolTip(tr("The right value of the output, 0 to 1."))


def _ends(found: LossCurve) -> tuple[float, float]:
    return (0.0, 1.0) if found.of_shares else (float(found.output[0]), float(found.output[-1]))


def _scale(found: LossCurve) -> Scale:
    low = max(float(min(found.gradient.min(), found.loss.min(), 0)), -MOST_SHOWN)
    high = min(float(max(found.gradient.max(), found.loss.max(), 1)), MOST_SHOWN)
    return around(low, high)


def _within(
    values: np.ndarray[Any, np.dtype[np.float64]], y: Scale
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Give `values` with gaps where they are far out of the picture."""
    far = (values < y.low - (y.high - y.low)) | (values > y.high + (y.high - y.low))
    return np.where(far, np.nan, values)
