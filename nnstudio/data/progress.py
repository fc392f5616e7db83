"""How long work says how far it is; whoever listens may end it by raising `Cancelled`."""

from collections.abc import Callable

from nnstudio.texts import Text


class Cancelled(Exception):  # noqa: N818 - a wish that was granted, not an error
    """The person who waited does not want the result any more."""


Progress = Callable[[float | None, Text], None]
"""Told the share that is done, 0 to 1 or None when unknown, and what is being done."""


def silent(share: float | None, doing: Text) -> None:
    """Take no notice of how far the work is."""
