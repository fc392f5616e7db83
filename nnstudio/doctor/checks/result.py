"""CheckResult: what a quick check says; the numbers are there whether it passed or not."""

from dataclasses import dataclass

from nnstudio.texts import Text


@dataclass(frozen=True)
class CheckResult:
    """What came of a quick check.

    Attributes
    ----------
    name : str
        ``one_step``, ``first_loss``, ``overfit`` or ``baseline``.
    passed : bool
        Whether all is well.
    numbers : tuple of (Text, float)
        What was measured and what it was compared with, each with its name.
    told : Text
        What it means, in one sentence.
    """

    name: str
    passed: bool
    numbers: tuple[tuple[Text, float], ...]
    told: Text
