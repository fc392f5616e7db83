"""The learning-rate range test (Smith 2017): a run whose rate rises until its loss blows up.

It is a run like any other, of an Experiment with a rising schedule and a limit of its own, so the
same seed gives the same test; what is found follows from its history alone.
"""

from dataclasses import dataclass, replace
from math import log10, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.schedules import NoWarmUp, RangeTest
from nnstudio.paths import replace_at, setting_at
from nnstudio.training.averaging import NoAveraging
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.history import HistoryView
from nnstudio.training.pretraining import NoPretraining
from nnstudio.training.smoothing import smoothed

Values = NDArray[np.float64]

LOWEST: Final = 1e-6
HIGHEST: Final = 10.0
STEPS: Final = 300
BLOW_UP: Final = 4.0
"""The test ends when the loss is so many times its lowest value (both smoothed)."""
WIDTH_DECADES: Final = 0.117
"""Width of the smoothing: 5 steps of 300 over seven decades."""
LEAST_STEPS: Final = 30
FEWEST_FIRST: Final = 10
"""The loss before the fall is the median of a tenth of the steps, but at least of so many."""
NOISES: Final = 5.0
"""A fall of fewer standard errors than these is none; of noise, one test in a hundred has more."""
NEARLY: Final = 0.9
"""So much of the fall is done at the lower of the two rates that the suggestion lies between."""
WORSE: Final = 0.1
"""So much over the first loss, as a share of it, a loss is worse than at the start."""
ROUNDING: Final = 1e-6
"""A fall of less than this share of the first loss is rounding, in single precision too."""
FROM_THE_BRINK: Final = 10.0
"""The suggestion stays so many times under the rate at which the loss blew up."""
REACH_DECADES: Final = 2.0
"""The steepest fall is looked for no farther than this below the lowest point: noise has slopes
everywhere, and of the networks that were tried none fell fastest farther away."""


def range_experiment(
    experiment: Experiment,
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int = STEPS,
) -> Experiment:
    """Give the experiment of the test: all as it is, but the rate rises and the end is another.

    Parameters
    ----------
    experiment : Experiment
        Whose learning rate is looked for; its own rate, schedule and warm-up play no part.
    lowest, highest : float
        First and last rate; what the setting does not allow is left out.
    steps : int
        How many steps the rise takes.
    """
    path = ("optimizer", "learning_rate")
    most = setting_at(experiment, path).maximum
    highest = highest if most is None else min(highest, most)
    lowest = min(lowest, highest / 10)
    return replace(
        replace_at(experiment, path, lowest),
        schedule=RangeTest(rise=highest / lowest),
        warm_up=NoWarmUp(),
        stopping=Stopping(epochs=None, steps=steps, blow_up=BLOW_UP),
        averaging=NoAveraging(),
        pretraining=NoPretraining(),
    )


@dataclass(frozen=True, eq=False)
class RangeCurve:
    """What a range test has seen so far.

    Attributes
    ----------
    rate, loss : ndarray, shape (steps,)
        Learning rate of every step, and the loss of its batch before the step.
    smooth : ndarray, shape (steps,)
        The loss, smoothed over `WIDTH_DECADES` of the rate to both sides.
    """

    rate: Values
    loss: Values
    smooth: Values


@dataclass(frozen=True)
class RangeFinding:
    """What a range test says of the learning rate.

    Attributes
    ----------
    suggested : float
        Half-way, in decades, between where nine tenths of the fall are done and `bottom`, but at
        most a tenth of `blown_up`; in two digits.
    steepest : float
        Where the smoothed loss falls fastest per decade of the rate.
    bottom : float
        Where the smoothed loss is lowest: beyond it, steps undo more than they do.
    blown_up : float or None
        The last rate, when the loss blew up there.
    bounded : bool
        Whether the suggestion is a tenth of `blown_up`, as half-way was nearer to it.
    """

    suggested: float
    steepest: float
    bottom: float
    blown_up: float | None
    bounded: bool = False


def curve_of(history: HistoryView) -> RangeCurve:
    """Give the losses of a range test over its rates, raw and smoothed."""
    rate, loss = history.rate, history.loss
    known = np.isfinite(loss) & (rate > 0)
    rate, loss = rate[known], loss[known]
    return RangeCurve(rate, loss, smoothed(loss, _width(rate)))


def suggestion(history: HistoryView, *, blown_up: bool = False) -> RangeFinding | None:
    """Give what a range test has found; None when the loss fell at no rate.

    Smith (2017, section 3.3) reads two rates off the curve: where learning begins to pay and where
    it stops to get better. Two points need no eye: where the smoothed loss has done nine tenths of
    its fall, and where it is lowest. Half-way between them, in decades, came closest to the best of
    a grid of rates on the networks that were tried (tests/benchmarks/range_test.py). The rule of
    most tools, the steepest fall, depends on how many steps the test has and was too low for most
    (by half a decade on average); the lowest point itself is on the brink, and a tenth of it too
    low for every plain SGD.

    On a noisy plateau the lowest point is luck and may lie close to the blow-up: a rate that one
    batch in hundreds bears is none to train with. A tenth of where the loss blew up bounds it; that
    helped on small noisy data and touched hardly any other of the networks that were tried.

    Parameters
    ----------
    history : HistoryView
        Of the test, at its end or so far.
    blown_up : bool
        Whether it ended because the loss blew up.
    """
    curve = curve_of(history)
    if len(curve.rate) < LEAST_STEPS:
        return None
    rate, loss, smooth = curve.rate, curve.loss, curve.smooth
    width = _width(rate)
    # of a mean, one hard batch would make a height from which every loss falls
    start = float(np.median(loss[: max(FEWEST_FIRST, len(loss) // 10)]))
    margin = max(NOISES * _error(loss, width), ROUNDING * abs(start))
    # what comes after the loss has been worse than at the start is luck
    worse = np.flatnonzero(smooth > start + max(margin, WORSE * start))
    within = int(worse[0]) if len(worse) else len(smooth)
    edge = max(1, round(width))
    bottom = int(smooth[:within].argmin()) if within else 0
    fall = start - float(smooth[bottom])
    if bottom <= edge or fall <= margin:
        return None
    first = max(edge, int(np.searchsorted(rate, rate[bottom] / 10**REACH_DECADES)))
    slope = np.gradient(smooth, np.log10(rate))
    steepest = first + int(slope[first : bottom + 1].argmin())
    above = np.flatnonzero(smooth[: bottom + 1] >= start - NEARLY * fall)
    if not len(above):
        return None  # no smoothed loss was ever near the first ones: they were luck
    half_way, most = sqrt(rate[above[-1]] * rate[bottom]), float(rate[-1]) / FROM_THE_BRINK
    bounded = blown_up and half_way > most
    return RangeFinding(
        suggested=float(f"{most if bounded else half_way:.1e}"),
        steepest=float(rate[steepest]),
        bottom=float(rate[bottom]),
        blown_up=float(rate[-1]) if blown_up else None,
        bounded=bounded,
    )


def with_rate(experiment: Experiment, rate: float) -> Experiment:
    """Give `experiment` with another learning rate."""
    return replace_at(experiment, ("optimizer", "learning_rate"), rate)


def _error(loss: Values, width: float) -> float:
    """Give the standard error of the smoothed loss, from the steps between neighbours."""
    # the median passes over the steps in which the loss blows up
    noise = 1.4826 * float(np.median(np.abs(np.diff(loss)))) / sqrt(2)
    # white noise leaves 1 / sqrt(2 sqrt(pi) width) of itself after a Gaussian of that width
    return noise / sqrt(2 * sqrt(np.pi) * width)


def _width(rate: Values) -> float:
    """Give how many steps `WIDTH_DECADES` are; at least one."""
    if len(rate) < 2:
        return 1.0
    return max(1.0, WIDTH_DECADES * (len(rate) - 1) / log10(rate[-1] / rate[0]))
