"""Random streams: made anew from (seed, name, epoch), so a position says it all."""

from functools import cache
from hashlib import sha256

import numpy as np


def stream(seed: int, name: str, epoch: int = 0) -> np.random.Generator:
    """Give the generator of one purpose in one epoch; equal arguments, equal numbers.

    Parameters
    ----------
    seed : int
        Of the experiment, 0 or more.
    name : str
        The purpose, such as ``"order"`` or ``"layers.0.W"``; other names give independent numbers.
    epoch : int
        Counts from 0.

    Examples
    --------
    >>> stream(7, "order", 2).integers(100) == stream(7, "order", 2).integers(100)
    np.True_
    """
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, epoch, *_words(name)]))
    )


@cache
def _words(name: str) -> tuple[int, ...]:
    digest = sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4))
