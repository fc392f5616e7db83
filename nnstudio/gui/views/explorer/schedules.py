"""Schedules: the learning rate over the run that is set, for every schedule there is."""

from dataclasses import replace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.batches import steps_per_epoch
from nnstudio.gui.forms.rate_preview import rate_axis
from nnstudio.gui.theme import theme
from nnstudio.gui.views.explorer.member_page import MemberPage
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.numerals import grouped, rate
from nnstudio.gui.widgets.plot.scene import Entry, Line, Readout, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.nn.schedules import Schedule
from nnstudio.runs.exploring import rates_of
from nnstudio.spec import describe, title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

EPOCHS: Final = 12
"""Of a run without a limit of epochs, and the most of which every step is drawn."""
MOST_STEPS: Final = 400

Values = NDArray[np.float64]


class SchedulesPage(MemberPage):
    """Every schedule with the base rate and the length of the run that is set.

    One that waits for the validation is drawn over the losses of the current run; without any, over
    an example of losses that fall and then stay.
    """

    key: ClassVar[str] = "schedules"
    title: ClassVar[str] = mark("Schedule")

    def __init__(self) -> None:
        super().__init__(next(one for one in describe(Experiment) if one.name == "schedule"))
        self._experiment: Experiment | None = None
        self._facts: DataFacts | None = None
        self._losses: tuple[float, ...] = ()
        self.plot.setAccessibleName(tr("Learning rate over the run"))

    def used_in(self, experiment: Experiment) -> tuple[Any, ...]:
        """Give the schedule that is set."""
        return (experiment.schedule,)

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take the run that is set, which every schedule is drawn for."""
        before = self._told()
        self._experiment, self._facts, self._losses = experiment, facts, losses
        if self.used_in(experiment) != self._used:
            super().show_experiment(experiment, facts, losses)
        elif before != self._told():
            self.draw()

    def _told(self) -> object:
        one, facts = self._experiment, self._facts
        if one is None:
            return None
        training = None if facts is None else facts.training
        return one.optimizer, one.warm_up, one.batches, one.stopping, training, self._losses

    @property
    def shape(self) -> tuple[int, int]:
        """Steps of an epoch and epochs of the run; epochs have fewer steps where all are many."""
        one, facts = self._experiment, self._facts
        if one is None:
            return 1, EPOCHS
        size = 1000 if facts is None else facts.training
        per_epoch = max(steps_per_epoch(size, one.batches.size, drop_last=one.batches.drop_last), 1)
        epochs = one.stopping.epochs or EPOCHS
        if one.stopping.steps is not None:
            epochs = max(min(epochs, -(-one.stopping.steps // per_epoch)), 1)
        return per_epoch, epochs

    def curve(self, schedule: Schedule) -> tuple[Values, Values]:
        """Give epochs and rates of a schedule over the run that is set."""
        one = self._experiment or Experiment()
        per_epoch, epochs = self.shape
        drawn = max(min(per_epoch, MOST_STEPS // epochs), 1)
        fewer = replace(one, schedule=schedule)
        rates = rates_of(
            fewer, steps_per_epoch=drawn, epochs=epochs, validation=self._validation(epochs)
        )
        return np.arange(len(rates)) / drawn, rates

    def draw_value(self, value: Schedule) -> None:
        """Draw the rate over the run, that of the schedule in use behind it."""
        now = theme()
        at, rates = self.curve(value)
        lines = [Line(*_stairs(at, rates, self.shape[1]), now.accent_text)]
        used = self._used[0] if self._used else value
        legend = [
            Entry(
                tr("rate"), rate(float(f"{rates[-1]:.2g}")), now.accent_text, tip=tr("At the end.")
            )
        ]
        shown = rates
        if used != value:
            theirs = self.curve(used)
            lines.insert(0, Line(*_stairs(*theirs, self.shape[1]), now.earlier, 1.0, dashed=True))
            legend.append(
                Entry(tr("in use"), rate(float(f"{theirs[1][-1]:.2g}")), now.earlier, dashed=True)
            )
            shown = np.concatenate([rates, theirs[1]])
        y = rate_axis(float(shown.min()), float(shown.max()), float(np.median(rates)))
        self.plot.show_scene(
            Scene(
                self.plot.x_held or Scale(0.0, float(self.shape[1])),
                self.plot.y_held or y,
                x_unit=tr("epoch"),
                lines=tuple(lines),
                legend=tuple(legend),
            )
        )
        self.say(self._sentence_of(value, rates))

    def read(self, x: float) -> Readout | None:
        """Give the rate at a place of the run."""
        at, rates = self.curve(self.value)
        place = int(np.clip(np.searchsorted(at, x, side="right") - 1, 0, len(at) - 1))
        found = float(rates[place])
        rows = (
            (tr("epoch"), f"{at[place]:.2f}"),
            (tr("rate"), rate(float(f"{found:.4g}"))),
        )
        return Readout(float(at[place]), rows, ((float(at[place]), found, theme().accent_text),))

    def sketch(self, value: Schedule) -> Sketch:
        """Give the small drawing of one."""
        at, rates = self.curve(value)
        high = float(rates.max()) or 1.0
        line = Line(*_stairs(at, rates, self.shape[1]), theme().accent_text, width=1.5)
        scene = Scene(
            Scale(0.0, float(self.shape[1])), Scale(0, high * 1.1), x_unit="", lines=(line,)
        )
        key = Key(tr("end"), rate(float(f"{rates[-1]:.2g}")))
        return Sketch(scene, (key,), said=self._sentence_of(value, rates), left_px=42)

    def summary(self) -> str:
        """Give the main point of all of them."""
        low = {kind: float(self.curve(one)[1][-1]) for kind, one in self._values.items()}
        least = min(low, key=lambda one: low[one])
        return tr(
            "Each over {epochs} epochs, as this run is set. Lowest at the end: {name}, {rate}.",
            epochs=grouped(self.shape[1]),
            name=tr(title_of(type(self._values[least]))),
            rate=rate(float(f"{low[least]:.2g}")),
        )

    def table(self) -> str:
        """Give the rate of every epoch."""
        at, rates = self.curve(self.value)
        return csv_text(("epoch", "rate"), zip(at.tolist(), rates.tolist(), strict=True))

    def _validation(self, epochs: int) -> tuple[float, ...]:
        if self._losses:
            return self._losses
        return tuple(max(0.5**at, 0.1) for at in range(epochs))

    def _sentence_of(self, schedule: Schedule, rates: Values) -> str:
        name = tr(title_of(type(schedule)))
        first, last, most = (float(f"{one:.2g}") for one in (rates[0], rates[-1], rates.max()))
        if first == last == most:
            words = tr("{name}: {rate} throughout.", name=name, rate=rate(first))
        elif most > max(first, last):
            words = tr(
                "{name}: from {first} up to {most}, then down to {last}.",
                name=name,
                first=rate(first),
                most=rate(most),
                last=rate(last),
            )
        else:
            words = tr(
                "{name}: from {first} to {last}, {share} of it half-way.",
                name=name,
                first=rate(first),
                last=rate(last),
                share=f"{100 * float(rates[len(rates) // 2]) / (float(rates[0]) or 1):.3g} %",
            )
        if not schedule.needs_validation:
            return words
        told = (
            tr("Drawn over the validation losses of this run.")
            if self._losses
            else tr("Drawn over an example: a loss that halves until it stays at a tenth.")
        )
        return " ".join((words, told))


def _stairs(at: Values, rates: Values, epochs: int) -> tuple[Values, Values]:
    """Give a line that stays at each rate until the next step."""
    x = np.repeat(np.append(at, float(epochs)), 2)[1:-1]
    return x, np.repeat(rates, 2)
