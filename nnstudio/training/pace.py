"""Pace: samples per second, smoothed, and seconds left, from times that are passed in."""

from math import exp
from typing import Final

SMOOTHING_SECONDS: Final = 2.0


class Pace:
    """How fast a run goes, forgetting what is more than a few seconds ago."""

    __slots__ = ("_samples", "_seconds", "_steps")

    def __init__(self) -> None:
        self._samples = self._steps = self._seconds = 0.0

    def add(self, *, steps: int, samples: int, seconds: float) -> None:
        """Note that `steps` with `samples` in all took `seconds` of training time."""
        kept = exp(-seconds / SMOOTHING_SECONDS)
        self._samples = kept * self._samples + samples
        self._steps = kept * self._steps + steps
        self._seconds = kept * self._seconds + seconds

    @property
    def samples_per_second(self) -> float | None:
        """Samples a second of training time; None before anything was noted."""
        return self._samples / self._seconds if self._seconds > 0 else None

    def seconds_for(self, steps: int) -> float | None:
        """Give how long `steps` more take at this pace; None before anything was noted."""
        return steps * self._seconds / self._steps if self._seconds > 0 else None
