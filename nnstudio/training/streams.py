"""Random streams: made anew from (seed, name, position), so a position says it all."""

from functools import cache
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.random import Generator

_STRIDE: Final = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""Odd, and the golden ratio of the period: no two steps of a run come near each other."""
_PERIOD_MASK: Final = 2**128 - 1


def stream(seed: int, name: str, epoch: int = 0) -> Generator:
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
    return Generator(np.random.PCG64(np.random.SeedSequence([seed, epoch, *_words(name)])))


class StepStream:
    """The generator of one purpose at every step: a position, never a history.

    What was drawn at other steps, and how much, changes nothing.

    Parameters
    ----------
    seed : int
        Of the experiment, 0 or more.
    name : str
        The purpose, such as ``"dropout"``; other names give independent numbers.

    Examples
    --------
    >>> dropout = StepStream(7, "dropout")
    >>> first, _ = dropout.at(0).random(), dropout.at(1).random()
    >>> dropout.at(0).random() == first
    True
    """

    __slots__ = ("_bits", "_generator", "_start")

    def __init__(self, seed: int, name: str) -> None:
        self._generator = stream(seed, name)
        self._bits = self._generator.bit_generator
        self._start = self._bits.state

    def at(self, step: int) -> Generator:
        """Give the generator for the step after `step` steps; the next call moves it (3.5 µs)."""
        self._bits.state = self._start
        self._bits.advance(step * _STRIDE & _PERIOD_MASK)  # type: ignore[attr-defined]  # a PCG64
        return self._generator


@cache
def _words(name: str) -> tuple[int, ...]:
    digest = sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4))
