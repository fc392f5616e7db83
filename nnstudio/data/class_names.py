"""Names of classes: names that are whole numbers are equal by value, all others by their letters.

7, 07 and 7.0 are one class, as tables, folders and arrays write the same number in these ways.
"""

from collections.abc import Iterable
from typing import Final

_MOST_DIGITS: Final = 9  # longer ones are marks, as those of articles, in which each zero counts
_FRACTION: Final = ".0"


def is_number(name: str) -> bool:
    """Tell whether a class has a whole number for its name."""
    digits = name.removesuffix(_FRACTION)
    return digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS


def by_value(name: str) -> str:
    """Give what two names have in common when they mean the same class.

    Examples
    --------
    >>> by_value("07"), by_value("7.0"), by_value("seven")
    ('7', '7', 'seven')
    """
    return str(int(name.removesuffix(_FRACTION))) if is_number(name) else name


def is_plain_number(name: str) -> bool:
    """Tell whether a name is a whole number without needless zeros."""
    return is_number(name) and by_value(name) == name


def without_fraction(name: str) -> str:
    """Give a name as people write it: tables often hold whole numbers as 7.0."""
    digits = name.removesuffix(_FRACTION)
    return digits if digits.isascii() and digits.isdigit() else name


def union(names: Iterable[str]) -> tuple[str, ...]:
    """Give each class once, as it is named first; in the order of numbers where all are numbers."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(by_value(name), name)
    if all(map(is_number, first)):
        # people number classes in any order, and a chart of digits begins with 0
        return tuple(first[value] for value in sorted(first, key=int))
    return tuple(first.values())
