"""One way to write a digit, as its path is noted: what the lists of ways are made of.

A path is written as ``x,y`` pairs in a box about 100 high, y downwards; ``!`` behind a point makes
it a corner, ``;`` lifts the pen.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One way to write a digit: how common it is, the path of the pen, and what it is called.

    Attributes
    ----------
    share : float
        How common it is among the ways of its digit.
    path : str
        Points, corners and lifts of the pen.
    name : str
        What sets it apart; empty for variations of those that have a name.
    """

    share: float
    path: str
    name: str = ""
