"""RatePreview: the learning rate over the whole run, drawn before the run begins."""

from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import grouped, scientific
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch, SmallPlot
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.forecast import RateForecast, rate_forecast

LOG_RANGE: Final = 30.0
LOG_MEDIAN: Final = 0.2
"""From here on a logarithmic axis shows more: the rate is small for half of the run."""


class RatePreview(QWidget):
    """Draws the learning rate of a run, or says in a sentence why it cannot be known.

    Knows what the drawing depends on, and draws again only when that has changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn_for: Any = None
        self._forecast: RateForecast | None = None
        self.plot = SmallPlot(margins=(MARGIN_PX, GUTTER_PX))
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(MARGIN_PX, 2, GUTTER_PX, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plot)
        column.addWidget(self.sentence)
        themes.changed.connect(self._retell)
        self._dress()

    def show_rate(self, experiment: Experiment, facts: DataFacts | None) -> None:
        """Draw the rate of the run that `experiment` describes."""
        key = (
            experiment.schedule,
            experiment.warm_up,
            experiment.optimizer.learning_rate,
            experiment.batches,
            experiment.stopping,
            None if facts is None else facts.training,
        )
        if key == self._drawn_for:
            return
        self._drawn_for = key
        forecast = rate_forecast(experiment, facts)
        self._forecast = forecast if isinstance(forecast, RateForecast) else None
        self.plot.setVisible(self._forecast is not None)
        self.sentence.setVisible(self._forecast is None or self._forecast.until_validated)
        if self._forecast is None:
            self.sentence.setText(str(forecast))
            return
        self.sentence.setText(tr("Falls when the validation says so; that is not known before."))
        self.plot.show_sketch(sketch_of(self._forecast))

    def _retell(self) -> None:
        self._dress()
        if self._forecast is not None:
            self.plot.show_sketch(sketch_of(self._forecast))

    def _dress(self) -> None:
        self.sentence.setFont(font(12))
        self.sentence.setStyleSheet(f"color: {theme().text3.name()}")


def sketch_of(forecast: RateForecast) -> Sketch:
    """Give the drawing of `forecast`: stairs, as a rate stays what it is during a step."""
    rates, steps = forecast.rates, forecast.steps.astype(np.float64)
    low, high = float(rates.min()), float(rates.max())
    # a rate holds until the next step; between points that were left out it goes on straight
    near = np.flatnonzero(np.diff(steps, append=forecast.total_steps) == 1)
    x = np.concatenate([steps, steps[near] + 1])
    y = np.concatenate([rates, rates[near]])
    order = np.lexsort((np.arange(len(x)) < len(steps), x))
    line = Line(x[order], y[order], theme().accent_text, width=1.5)
    scene = Scene(
        Scale(0.0, float(forecast.total_steps)),
        _axis(low, high, forecast),
        x_unit=tr("step"),
        lines=(line,),
    )
    told = (float(rates[0]), high, float(rates[-1]))
    start, peak, end = (short_rate(rate, peak=high) for rate in told)
    keys = [Key(tr("start"), start), Key(tr("end"), end)]
    if start == peak == end:
        named = tr("until it falls") if forecast.until_validated else tr("throughout")
        keys = [Key(named, start)]
    elif peak not in {start, end}:
        # three numbers stand side by side with fewer digits alone
        names = (tr("start"), tr("peak"), tr("end"))
        values = (short_rate(rate, peak=high, digits=2) for rate in told)
        keys = [Key(name, value) for name, value in zip(names, values, strict=True)]
    return Sketch(
        scene,
        tuple(keys),
        said=tr(
            "Learning rate: {start} at the start, at most {peak}, {end} at the end "
            "after {steps} steps.",
            start=start,
            peak=peak,
            end=end,
            steps=grouped(forecast.total_steps),
        ),
        left_px=42,
        read=lambda step: _read(forecast, step),
    )


def short_rate(rate: float, *, peak: float = 0.0, digits: int = 3) -> str:
    """Give a rate in so many digits, or in one where it is nothing beside `peak`."""
    if rate == 0:
        return "0"
    if 0.01 <= rate < 1e4:
        return f"{rate:.{digits}g}"
    return scientific(float(rate), digits=1 if rate < peak / 1000 else digits)


def _axis(low: float, high: float, forecast: RateForecast) -> Scale:
    evenly = np.linspace(0, forecast.total_steps - 1, 101)
    return rate_axis(low, high, float(np.median(np.interp(evenly, forecast.steps, forecast.rates))))


def rate_axis(low: float, high: float, median: float) -> Scale:
    """Give the axis for rates from `low` to `high`; logarithmic where half of them are small."""
    if high == 0:
        return Scale(0.0, 1.0)
    if 0 < low <= high / LOG_RANGE and median <= high * LOG_MEDIAN:
        return Scale(low / 1.2, high * 1.2, logarithmic=True)
    return Scale(0.0, high * (1.25 if low == high else 1.06))


def _read(forecast: RateForecast, place: float) -> str:
    step = min(int(place), forecast.total_steps - 1)
    at = int(np.searchsorted(forecast.steps, step, side="right")) - 1
    rate = float(np.interp(step, forecast.steps, forecast.rates))
    if forecast.steps[at] == step:
        rate = float(forecast.rates[at])
    return tr(
        "Step {step}, epoch {epoch}: {rate}",
        step=grouped(step + 1),
        epoch=grouped(step // forecast.steps_per_epoch + 1),
        rate=short_rate(rate),
    )
