"""Numbers out of what people type, and the next one up or down; a wrong one is said, not mended."""

import math
import unicodedata
from dataclasses import dataclass
from typing import Final

from nnstudio.gui.widgets.numerals import grouped, rate
from nnstudio.texts import tr

MANY, TOO_MANY = 1e4, 1e8  # whole limits between these are read more easily in full
SMALLEST_STEP: Final = 1e-6  # where a logarithmic field starts when it leaves zero


@dataclass(frozen=True)
class Bounds:
    """What a field takes; `open_` ends are not taken themselves, `optional` takes nothing."""

    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    whole: bool = False
    optional: bool = False

    def holds(self, value: float) -> bool:
        """Tell whether `value` lies within both ends."""
        low, high = self.minimum, self.maximum
        above = low is None or (value > low if self.open_minimum else value >= low)
        below = high is None or (value < high if self.open_maximum else value <= high)
        return above and below


def read_number(typed: str, bounds: Bounds, *, unit: str = "") -> tuple[float | None, str | None]:
    """Give the number that was typed and None, or the reason why it is none, as a sentence."""
    bare = "".join(unicodedata.normalize("NFKC", typed).split()).replace("−", "-")
    bare = bare.removesuffix(unit) if unit else bare
    if not bare:
        return (None, None) if bounds.optional else (None, tr("A number is needed here."))
    value = _parsed(bare, whole=bounds.whole)
    if value is None:
        return None, tr("This is not a number: {typed}", typed=typed.strip())
    if not math.isfinite(value):
        return None, tr("The number must be finite.")
    if unit == "%":
        value = float(f"{value / 100:.12g}")
    if bounds.whole and value != int(value):
        return None, tr("A whole number is needed here.")
    problem = _outside(value, bounds, unit=unit)
    if problem is not None:
        return None, problem
    return (int(value) if bounds.whole else value), None


def _parsed(bare: str, *, whole: bool) -> float | None:
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(",") < bare.rfind(".") else "."
        bare = bare.replace(thousands, "")
    if whole and bare.count(",") >= 1 and all(len(part) == 3 for part in bare.split(",")[1:]):
        bare = bare.replace(",", "")
    try:
        return float(bare.replace(",", ".").replace("_", "x"))
    except ValueError:
        return None


def _outside(value: float, bounds: Bounds, *, unit: str) -> str | None:
    if bounds.holds(value):
        return None
    low, high = bounds.minimum, bounds.maximum
    if low is not None and (value < low or (bounds.open_minimum and value == low)):
        limit = _limit(low, unit)
        if bounds.open_minimum:
            return tr("The number must be above {limit}.", limit=limit)
        return tr("The number must be at least {limit}.", limit=limit)
    limit = _limit(high or 0.0, unit)
    if bounds.open_maximum:
        return tr("The number must be below {limit}.", limit=limit)
    return tr("The number must be at most {limit}.", limit=limit)


def _limit(limit: float, unit: str) -> str:
    if unit == "%":
        return f"{limit * 100:.10g} %"
    whole = MANY <= abs(limit) < TOO_MANY and limit == int(limit)
    return f"{grouped(int(limit)) if whole else rate(limit)} {unit}".strip()


def stepped(
    value: float | None, steps: int, bounds: Bounds, *, log: bool, step: float | None = None
) -> float:
    """Give the number `steps` steps from `value`, within the bounds.

    On a logarithmic scale the stations are 1, 2, 5, 10 (or the powers of two, from one of them);
    on a linear one multiples of `step`. Ten steps at once are one decade.
    """
    if value is None:
        value = bounds.minimum if bounds.minimum is not None else 0.0
        steps = 0 if bounds.holds(value) else steps
    moved = value
    if steps and log:
        for _ in range(3 if abs(steps) == 10 else abs(steps)):
            moved = _next_station(moved, 1 if steps > 0 else -1, whole=bounds.whole)
    elif steps:
        size = step or _linear_step(bounds)
        moved = float(f"{value + steps * size:.12g}")
    moved = _kept_within(moved, value, bounds)
    return int(moved) if bounds.whole else float(moved)


def _linear_step(bounds: Bounds) -> float:
    if bounds.whole:
        return 1.0
    if bounds.minimum is None or bounds.maximum is None:
        return 0.1
    return float(10.0 ** math.floor(math.log10(bounds.maximum - bounds.minimum) - 1.0)) / 2.0


def _next_station(value: float, direction: int, *, whole: bool) -> float:
    smallest = 1.0 if whole else SMALLEST_STEP
    if value <= 0 or (direction < 0 and value <= smallest):
        return smallest if direction > 0 else 0.0
    if whole and value >= 4 and int(value) & (int(value) - 1) == 0:
        return value * 2 if direction > 0 else value / 2
    exponent = math.floor(math.log10(value) + 1e-12)
    decades = range(exponent - 1, exponent + 2)
    stations = [float(f"{lead}e{power}") for power in decades for lead in (1, 2, 5)]
    if direction > 0:
        return next(one for one in stations if one > value * (1 + 1e-9))
    return next(one for one in reversed(stations) if one < value * (1 - 1e-9))


def _kept_within(moved: float, start: float, bounds: Bounds) -> float:
    """Stop a step at a closed end, and before an open one."""
    if bounds.holds(moved):
        return moved
    for end, is_open in (
        (bounds.minimum, bounds.open_minimum),
        (bounds.maximum, bounds.open_maximum),
    ):
        beyond = end is not None and (moved <= end if end is bounds.minimum else moved >= end)
        if beyond and end is not None and not is_open:
            return end
    return start
