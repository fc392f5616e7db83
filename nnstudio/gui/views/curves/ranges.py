"""What the axes show while they follow the data: round ends, so that they change rarely."""

from dataclasses import replace
from functools import lru_cache
from math import ceil, floor, log, log10, sqrt
from typing import Final

import numpy as np

from nnstudio.gui.views.curves.curve import Curve, Options, Quantity, Values
from nnstudio.gui.widgets.plot.ticks import Scale

# Where the x axis ends at first, in steps.
LEAST_STEPS: Final = 50
# From this share of the planned steps on, the axis shows all of them.
MOST_PLANNED: Final = 0.2
# What is left out of sight below, where single losses reach far down.
LOW_SHARE: Final = 0.2
# The grain of values on a logarithmic axis before they are rounded for good: finer changes nothing.
GRAIN: Final = log(1.02)
# How many times the low end of a logarithmic axis its high end is at least.
LEAST_RATIO: Final = 1.3


def x_scale(curves: list[Curve], options: Options) -> Scale:
    """Give the x axis of all `curves`; the first one is the current run."""
    high = max(_end(curve, options) for curve in curves)
    if options.x_logarithmic:
        first = float(curves[0].abscissa(options.x_axis).place(1))
        first = max(first, high * 1e-7)
        return Scale(first, max(high, first * 10), logarithmic=True)
    return Scale(0, high * 1.002)


def _end(curve: Curve, options: Options) -> float:
    steps, planned = curve.series.steps, curve.snapshot.total_steps
    abscissa, running = curve.abscissa(options.x_axis), not curve.snapshot.state.ended
    if options.x_axis == "seconds" and running:
        # Nobody knows how long the rest takes: a guess would move at every frame.
        return _roomy(float(abscissa.place(max(steps, 1))) * 1.1)
    if planned and MOST_PLANNED * planned <= steps <= planned:
        steps = planned
    elif running:
        steps = int(_roomy(max(steps * 1.1, LEAST_STEPS)))
    return float(abscissa.place(max(steps, 1 if curve.series.steps else LEAST_STEPS)))


def y_scale(
    decisive: list[Values], lows: Values, *, quantity: Quantity, logarithmic: bool
) -> Scale:
    """Give the y axis on which all `decisive` values can be seen.

    Parameters
    ----------
    decisive : list of ndarray
        What must be in sight.
    lows : ndarray
        The smallest value of each column of the current run; on a logarithmic axis most are shown.
    quantity : {"loss", "accuracy", "r_squared"}
        What the values are: an accuracy is in percent; of R² at most the first 1 below 0 is shown.
    logarithmic : bool
        Whether the axis is logarithmic where values allow it.
    """
    values = np.concatenate(decisive)
    values = values[np.isfinite(values)]
    if not len(values):
        return Scale(0, 100 if quantity == "accuracy" else 1)
    low, high = float(values.min()), float(values.max())
    if quantity == "r_squared":
        low = max(low, min(high, 0.0) - 1)
        room = 0.05 * max(1 - low, 1e-3)
        return replace(_linear_scale(floor((low - room) * 400) / 400, 1.0), high=1.0)
    if quantity == "accuracy":
        return _share_scale(floor(max(low, 0) * 4) / 4, ceil(min(high, 100) * 4) / 4)
    if not logarithmic or high <= 0:
        return _linear_scale(_coarse(min(low, 0.0)), _coarse(high))
    if low <= 0:
        low = float(values[values > 0].min())
    lows = lows[np.isfinite(lows) & (lows > 0)]
    if len(lows):
        at = int(LOW_SHARE * (len(lows) - 1))
        low = min(low, max(float(np.partition(lows, at)[at]), low / 30))
    return _logarithmic_scale(floor(log(low) / GRAIN), ceil(log(high) / GRAIN))


@lru_cache(maxsize=64)
def _share_scale(low: float, high: float) -> Scale:
    room = max(high - low, 2.0)
    scale = Scale(max(low - 0.05 * room, 0), min(high + 0.1 * room, 100.0)).snapped(6)
    return Scale(max(scale.low, 0), min(scale.high, 100))


@lru_cache(maxsize=64)
def _linear_scale(low: float, high: float) -> Scale:
    return Scale(low, max(high, low + 1e-12 + abs(low) * 1e-6)).snapped(5)


@lru_cache(maxsize=64)
def _logarithmic_scale(low: int, high: int) -> Scale:
    smallest, largest = np.exp(np.array([low, high]) * GRAIN).clip(1e-300, 1e300).tolist()
    smallest, largest = smallest / 1.03, largest * 1.08
    if largest < LEAST_RATIO * smallest:
        # what hardly changes lies in the middle
        middle = sqrt(smallest) * sqrt(largest)
        smallest, largest = middle / sqrt(LEAST_RATIO), middle * sqrt(LEAST_RATIO)
    return Scale(smallest, largest, logarithmic=True).snapped(6)


def _coarse(value: float) -> float:
    """Give the value a little farther from zero, so that the next ones give the same."""
    if value == 0:
        return 0.0
    grain = 10.0 ** floor(log10(abs(value))) / 50
    return float(np.copysign(ceil(abs(value) / grain) * grain, value))


def _roomy(wanted: float) -> float:
    power = 10.0 ** floor(log10(wanted))
    rounds = (part * power for part in (1, 1.5, 2, 3, 4, 5, 6, 8, 10))
    return next(one for one in rounds if one >= wanted)
