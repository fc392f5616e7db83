"""Numbers as people read them: thin spaces between thousands, digits that do not jitter, units."""

import math
from typing import Final

from nnstudio.texts import tr, tr_count

# U+202F: as thin as U+2009, and no line ends at it.
THIN: Final = "\u202f"
GAP: Final = "\u00a0"
MINUS: Final = "−"


def grouped(number: int) -> str:
    """Give a whole number with a thin space between thousands: 12345 as "12 345"."""
    return f"{abs(number):,}".replace(",", THIN) if number >= 0 else MINUS + grouped(-number)


def _strange(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return None


def _plain(shown: str) -> str:
    return shown.replace("-", MINUS) if shown.startswith("-") else shown


def percent(share: float, *, digits: int = 2) -> str:
    """Give a share as a percentage: 0.9732 as "97.32 %"."""
    return _strange(share) or f"{_plain(f'{100 * share:.{digits}f}')}{GAP}%"


def r_squared(value: float, *, digits: int = 4) -> str:
    """Give R², of which 1 is the most: "0.9932"; far below 0 the decimals do not matter."""
    strange = _strange(value)
    if strange:
        return strange
    return _plain(f"{value:.{digits}f}") if value > -10 else loss(value)


def probability(share: float) -> str:
    """Give a probability with one decimal; of what rounds to 0 or 100 a bound is said."""
    strange = _strange(share)
    if strange:
        return strange
    if share < 0.001:
        return f"<{GAP}0.1{GAP}%"
    # a probability that is stored as 1 is one that was rounded: nothing is certain
    if share >= 0.9995:
        return f">{GAP}99.9{GAP}%"
    return percent(share, digits=1)


def loss(value: float) -> str:
    """Give a loss with four digits that stay in place: "0.0843", "2.303", "8.4e-5"."""
    strange = _strange(value)
    if strange:
        return strange
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.001 or size >= 1e6:
        return _plain(scientific(value, digits=2))
    if size < 1:
        return _plain(f"{value:.4f}")
    if size < 100:
        return _plain(f"{value:.3f}")
    return _plain(f"{value:.0f}") if size >= 10_000 else _plain(f"{value:.1f}")


def scientific(value: float, *, digits: int = 3) -> str:
    """Give a number as short as people type it: 0.001 as "1e-3", 1.25e-5 as "1.25e-5"."""
    mantissa, exponent = f"{value:.{max(digits - 1, 0)}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def rate(value: float) -> str:
    """Give a learning rate or the like: 0.001 as "1e-3", 0.05 as "0.05"; every digit it has."""
    strange = _strange(value)
    if strange:
        return strange
    if value == 0 or 0.01 <= abs(value) < 1e5:
        return f"{value:.10g}"
    return scientific(value, digits=10)


def signed(value: float, *, digits: int = 3) -> str:
    """Give a number with its sign, also when it is positive: 0.794 as "+0.794"."""
    return _strange(value) or f"{value:+.{digits}f}".replace("-", MINUS)


def brief(value: float, *, digits: int = 3) -> str:
    """Give any number in about three digits: "0.0843", "−12.3", "4.1e-7", "12 345"."""
    strange = _strange(value)
    if strange:
        return strange
    if value < 0:
        # the minus of an exponent stays as people type it
        return MINUS + brief(-value, digits=digits)
    if value == 0:
        return "0"
    if value < 1e-3 or value >= 1e6:
        return scientific(value, digits=digits)
    return grouped(round(value)) if value >= 10**digits else f"{value:.{digits}g}"


def short(number: float) -> str:
    """Give a large number in three digits: 113250 as "113k", 2400000 as "2.4M"."""
    strange = _strange(number)
    if strange:
        return strange
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size * 0.9995:
            scaled = number / size
            digits = 0 if abs(scaled) >= 99.5 else 1
            return f"{scaled:.{digits}f}".removesuffix(".0") + letter
    return f"{number:.0f}"


def speed(samples_per_second: float) -> str:
    """Give a training speed: "113k samples/s"."""
    return tr("{count} samples/s", count=short(samples_per_second))


def duration(seconds: float) -> str:
    """Give a time span in its two largest units: "0.8 s", "1 min 20 s", "2 h 5 min"."""
    if not math.isfinite(seconds):
        return "∞"
    if 0 < seconds < 0.95:
        return tr("{seconds} s", seconds=f"{max(seconds, 0.1):.1f}")
    whole = round(seconds)
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    if whole < 3600:
        return tr("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    if whole < 86_400:
        return tr("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
    days, rest = divmod(whole, 86_400)
    return tr_count("{count} day {hours} h", "{count} days {hours} h", days, hours=rest // 3600)


def time_left(seconds: float) -> str:
    """Give the time that is left in whole seconds, at least one: a guess has no tenths."""
    return duration(max(math.ceil(seconds), 1) if math.isfinite(seconds) else seconds)
