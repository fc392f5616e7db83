"""How many examples are drawn: as a test says, and as many times more where one explores."""

from typing import Final

from hypothesis import settings

_PLAIN: Final = 100
"""Of a test that does not say how many, in a plain run."""


def draws(count: int) -> int:
    """Give how many examples a test draws that takes so many in a plain run."""
    return count * settings().max_examples // _PLAIN
