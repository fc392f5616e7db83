"""Pulls: how hard each loss pulls at the sum behind an output, and why some learn slowly there."""

from typing import ClassVar, Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.gui.theme import kind_colours, theme, themes
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.scales import number
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scene import Entry, Flag, Line, Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.gui.widgets.select import Select
from nnstudio.nn.activations import Activation, Sigmoid
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import Loss, MeanSquaredError
from nnstudio.runs.exploring import REACH, Pull, judges_shares, pull_of
from nnstudio.spec import describe, kind_of, title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

WRONG: Final = -5.0
"""A sum at which the answer is surely wrong."""
MOST: Final = 3.0


class PullsPage(Page):
    """The derivative of every loss by the sum behind an output whose answer should be yes."""

    key: ClassVar[str] = "pulls"
    title: ClassVar[str] = mark("Loss: ∂L/∂z")

    def __init__(self) -> None:
        super().__init__()
        activations = next(one for one in describe(OutputLayer) if one.name == "activation")
        losses = next(one for one in describe(Experiment) if one.name == "loss")
        self._activations: dict[str, Activation] = {
            kind_of(cls): cls() for cls in activations.members
        }
        self._losses: dict[str, Loss] = {kind_of(cls): cls() for cls in losses.members}
        self._experiment: Experiment | None = None
        self._kind = kind_of(Sigmoid)
        self.outputs = Select()
        self.outputs.chosen.connect(self.choose)
        self.plot = LinePlot(self._read, follow=tr("Show all"))
        self.plot.view_changed.connect(self.draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot, 1)
        themes.changed.connect(self._name)
        self._name()

    def header_widgets(self) -> list[QWidget]:
        """Give the choice of the output's activation."""
        return [self.outputs]

    def choose(self, kind: str) -> None:
        """Put another activation behind the sum."""
        self._kind = kind
        self.outputs.choose(kind)
        self.draw()

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take the loss and the output that are set."""
        del facts, losses
        before = self._experiment
        if before is not None and (before.loss, before.network.output) == (
            experiment.loss,
            experiment.network.output,
        ):
            return
        self._experiment = experiment
        self._losses[kind_of(type(experiment.loss))] = experiment.loss
        used = experiment.network.output.activation
        self._activations[kind_of(type(used))] = used
        self._name()
        self.draw()

    @property
    def activation(self) -> Activation:
        """What stands behind the sum."""
        return self._activations[self._kind]

    def pulls(self) -> dict[str, Pull]:
        """Give the pull of every loss that goes with the activation, by its kind."""
        found = {kind: pull_of(loss, self.activation) for kind, loss in self._losses.items()}
        return {kind: pull for kind, pull in found.items() if pull is not None}

    def draw(self) -> None:
        """Draw all pulls; the loss that is set is wider."""
        found, colours = (
            self.pulls(),
            dict(zip(self._losses, kind_colours(len(self._losses)), strict=True)),
        )
        low = max(min((float(one.gradient.min()) for one in found.values()), default=-1.0), -MOST)
        high = min(max((float(one.gradient.max()) for one in found.values()), default=0.0), MOST)
        lines = [Line(np.array([-REACH, REACH]), np.zeros(2), theme().border, 1.0)]
        legend = []
        size = {kind: abs(one.at(WRONG)) for kind, one in found.items()}
        for kind in sorted(found, key=lambda one: -size[one]):
            pull, colour = found[kind], colours[kind]
            dashed = judges_shares(self._losses[kind])
            inside = np.where(np.abs(pull.gradient) > 2 * MOST, np.nan, pull.gradient)
            width = 2.0 if self._is_used(kind) else 1.2
            lines.append(Line(pull.z, inside, colour, width, dashed=dashed))
            legend.append(Entry(self._name_of(kind), "", colour, dashed=dashed, width=width))
        self.plot.show_scene(
            Scene(
                self.plot.x_held or Scale(-REACH, REACH),
                self.plot.y_held or Scale(1.3 * low - 0.05, max(1.1 * high, 0.05)),
                x_unit="z",
                lines=tuple(lines),
                flags=(Flag(WRONG, tr("surely wrong"), theme().text3),),
                legend=tuple(legend),
                words_low=True,
            )
        )
        self.say(self._main_point(found))

    def table(self) -> str:
        """Give all pulls over the sum."""
        found = self.pulls()
        z = next(iter(found.values())).z if found else np.empty(0)
        columns = (z.tolist(), *(one.gradient.tolist() for one in found.values()))
        return csv_text(("z", *found), zip(*columns, strict=True))

    def _main_point(self, found: dict[str, Pull]) -> str:
        if not found:
            return tr("No loss goes with this activation at the output.")
        size = {kind: abs(one.at(WRONG)) for kind, one in found.items()}
        strong, squared = max(size, key=lambda one: size[one]), kind_of(MeanSquaredError)
        weak = squared if squared in size else min(size, key=lambda one: size[one])
        if size[weak] <= 0 or size[strong] / size[weak] < 2:
            return tr(
                "The right answer is 1. At z = {z} all losses pull about equally hard.",
                z=number(WRONG),
            )
        return tr(
            "The right answer is 1; at z = {z} the network is surely wrong. {weak} pulls with "
            "{little} there, {strong} with {much}, {times} times as hard: it has no slope of the "
            "activation left in it, so a wrong answer is unlearned at once.",
            z=number(WRONG),
            weak=self._name_of(weak),
            little=number(size[weak]),
            strong=self._name_of(strong),
            much=number(size[strong]),
            times=number(round(size[strong] / size[weak])),
        )

    def _read(self, x: float) -> Readout | None:
        found = self.pulls()
        rows = [(tr("sum"), number(x))]
        rows += [(self._name_of(kind), number(pull.at(x))) for kind, pull in found.items()]
        return Readout(x, tuple(rows))

    def _is_used(self, kind: str) -> bool:
        return self._experiment is not None and kind_of(type(self._experiment.loss)) == kind

    def _name_of(self, kind: str) -> str:
        return tr(title_of(type(self._losses[kind])))

    def _name(self) -> None:
        used = None if self._experiment is None else self._experiment.network.output.activation
        items = []
        for kind, one in self._activations.items():
            title = tr(title_of(type(one)))
            items.append((kind, tr("{title} · in use", title=title) if one == used else title))
        self.outputs.set_items(items)
        self.outputs.choose(self._kind)
        self.outputs.setAccessibleName(tr("Activation of the output"))
        self.outputs.setToolTip(tr("What makes the output of the sum z."))
        self.plot.setAccessibleName(tr("Derivative of the losses by the sum"))
        self.plot.set_follow_words(tr("Show all"), tr("Show all (A)"))
