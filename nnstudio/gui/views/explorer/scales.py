"""Axes and numbers of the explorer's plots."""

from nnstudio.gui.widgets.numerals import MINUS, scientific
from nnstudio.gui.widgets.plot.ticks import Scale


def around(low: float, high: float, *, room: float = 0.06) -> Scale:
    """Give an axis from `low` to `high` with a little room at both ends."""
    more = (high - low) * room or 0.5
    return Scale(low - more, high + more)


def number(value: float) -> str:
    """Give a number in three digits with a true minus sign, no "-0"."""
    if value == 0 or abs(value) < 1e-12:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        return scientific(value).replace("-", MINUS, 1) if value < 0 else scientific(value)
    return f"{value:.3g}".replace("-", MINUS)
