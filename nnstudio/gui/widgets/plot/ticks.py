"""Axes as numbers: where a value stands, which round values get a line, what is written there.

Nothing here knows Qt: a scale maps values to shares 0..1 of an axis and back.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor, isfinite, log10
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

MINUS: Final = "−"
ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
# Below this many decades a logarithmic axis is marked at evenly spaced values.
FEW_DECADES: Final = 0.5
# The narrowest axis: a linear one as a share of its place, a logarithmic one in decades.
NARROWEST: Final = 1e-9


@dataclass(frozen=True)
class Scale:
    """The stretch of values that an axis shows, linear or logarithmic."""

    low: float
    high: float
    logarithmic: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        fine = isfinite(self.low) and isfinite(self.high) and self.low < self.high
        if not fine or (self.logarithmic and self.low <= 0):
            message = f"an axis cannot go from {self.low} to {self.high}"
            raise ValueError(message)

    @classmethod
    def between(cls, low: float, high: float, *, logarithmic: bool) -> "Scale":
        """Give the scale from one place to another, as `place` gives them."""
        if logarithmic:
            return cls(10.0**low, 10.0**high, logarithmic=True)
        return cls(low, high)

    @property
    def ends(self) -> tuple[float, float]:
        """The places of both ends."""
        if self.logarithmic:
            return log10(self.low), log10(self.high)
        return self.low, self.high

    def place(self, values: ArrayLike) -> Values:
        """Give values as an evenly divided axis has them: logarithms, NaN where there is none."""
        given = np.asarray(values, np.float64)
        if not self.logarithmic:
            return given
        if given.size and given.min() > 0:
            return np.asarray(np.log10(given))
        positive = given > 0
        return np.where(positive, np.log10(np.where(positive, given, 1)), np.nan)

    def share(self, values: ArrayLike) -> Values:
        """Give where `values` stand, 0 at the low and 1 at the high end; NaN where they cannot."""
        low, high = self.ends
        return np.asarray((self.place(values) - low) / (high - low))

    def value(self, share: ArrayLike) -> Values:
        """Give the values that stand at `share`."""
        low, high = self.ends
        place = low + np.asarray(share, np.float64) * (high - low)
        return np.asarray(10.0**place if self.logarithmic else place)

    def part(self, start: float, stop: float) -> "Scale":
        """Give the scale from share `start` to share `stop`; itself where that would be nothing."""
        low, high = self.ends
        width = (high - low) * (stop - start)
        least = NARROWEST * (1 if self.logarithmic else max(abs(low), abs(high), 1e-12))
        if not least < width < 1e12 * max(1.0, least):
            return self
        try:
            return replace(self, low=float(self.value(start)), high=float(self.value(stop)))
        except (ValueError, OverflowError):
            return self

    def ticks(self, count: int) -> Values:
        """Give at most about `count` round values on the axis."""
        if not self.logarithmic or self._decades() < FEW_DECADES:
            return _linear_ticks(self.low, self.high, count)
        return _logarithmic_ticks(self.low, self.high, count)

    def _decades(self) -> float:
        return log10(self.high) - log10(self.low)

    def snapped(self, count: int) -> "Scale":
        """Give the scale widened to round values, so that it changes rarely while data grow."""
        ticks = self.ticks(count)
        if self.logarithmic and self._decades() >= FEW_DECADES:
            series = _series(self.low, self.high, count)
            below, above = series[series <= self.low * 1.0001], series[series >= self.high * 0.9999]
            return Scale(
                float(below.max(initial=self.low if not len(below) else 0)),
                float(above.min(initial=self.high if not len(above) else np.inf)),
                logarithmic=True,
            )
        step = float(ticks[1] - ticks[0]) if len(ticks) > 1 else self.high - self.low
        low = floor(self.low / step + 1e-6) * step
        high = ceil(self.high / step - 1e-6) * step
        if self.logarithmic and low <= 0:
            low = self.low
        return Scale(low, high, logarithmic=self.logarithmic)


@lru_cache(maxsize=64)
def marks_of(scale: Scale, count: int, *, unit: str = "") -> tuple[Values, list[str]]:
    """Give the ticks of `scale` and what is written there; kept, as axes rarely change."""
    ticks = scale.ticks(count)
    ticks.flags.writeable = False
    return ticks, tick_labels(ticks, unit=unit)


def _linear_ticks(low: float, high: float, count: int) -> Values:
    rough = (high - low) / max(count, 1)
    power = 10.0 ** floor(log10(rough))
    # A step of 2.5 is round only where it is a whole number.
    parts = [part for part in ROUND if part != 2.5 or power >= 10]
    step = next(part * power for part in parts if part * power >= rough * 0.999)
    first, last = ceil(low / step - 1e-6), floor(high / step + 1e-6)
    return np.asarray(np.arange(first, last + 1) * step, np.float64)


def _series(low: float, high: float, count: int) -> Values:
    """Give round values around the whole stretch: 1, 2, 5 or 1, 3 of every decade, or decades."""
    first, last = floor(log10(low)) - 1, ceil(log10(high)) + 1
    decades = log10(high) - log10(low)
    if decades * 3 <= count:
        digits: tuple[float, ...] = (1, 2, 5)
    else:
        digits = (1, 3) if decades * 2 <= count + 1 else (1,)
    stride = max(1, ceil(decades / count)) if digits == (1,) else 1
    powers = [power for power in range(first, last + 1) if power % stride == 0]
    return np.array([float(f"{digit}e{power}") for power in powers for digit in digits])


def _logarithmic_ticks(low: float, high: float, count: int) -> Values:
    series = _series(low, high, count)
    inside = (series >= low * 0.9999) & (series <= high * 1.0001)
    return np.asarray(series[inside], np.float64)


def tick_labels(ticks: Values, *, unit: str = "") -> list[str]:
    """Give what is written at each tick: as many decimals as all of them need, and no more."""
    return [one.replace("-", MINUS, 1) if one[0] == "-" else one for one in _labels(ticks, unit)]


def _labels(ticks: Values, unit: str) -> list[str]:
    if not len(ticks):
        return []
    biggest = float(np.abs(ticks).max())
    if biggest >= 1e7 or 0 < biggest < 1e-4:
        return [f"{_short(value)}{unit}" for value in ticks]
    gaps = np.diff(ticks)
    # two ticks of a logarithmic axis have but one gap
    near = biggest < 100 * float(np.abs(ticks[ticks != 0]).min(initial=biggest))
    even = len(gaps) > 0 and near and np.allclose(gaps, gaps[0])
    if even:
        decimals = next((n for n in range(8) if np.allclose(ticks, ticks.round(n), atol=1e-12)), 8)
        return [f"{value:,.{decimals}f}".replace(",", "\u2009") + unit for value in ticks]
    return [f"{_short(value)}{unit}" for value in ticks]


def _short(value: float) -> str:
    if value == 0:
        return "0"
    if 0.9995e-3 <= abs(value) < 1e7:
        return f"{value:,.10f}".rstrip("0").rstrip(".").replace(",", "\u2009")
    return compact(value)


def compact(value: float) -> str:
    """Give a number in few letters, however large: 2e6."""
    if value == 0:
        return "0"
    digits, power = f"{value:.3e}".replace("-", MINUS, 1 if value < 0 else 0).split("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
