"""A progress bar for a terminal; where the stream is none, nothing is written at all."""

import shutil
import time
from collections.abc import Callable
from math import inf
from typing import Final, Self, TextIO

WIDTH: Final = 24
PERIOD_S: Final = 0.1


class ProgressBar:
    """One line that is written over; used as a context, at whose end it is gone.

    Parameters
    ----------
    stream : TextIO or None
        Where to write; None where a program has no such stream.
    clock : callable
        Gives seconds.
    """

    def __init__(
        self, stream: TextIO | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self.visible = stream is not None and stream.isatty()
        self._due = -inf

    def __enter__(self) -> Self:
        """Give the bar; nothing is written before the first `show`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        self.clear()

    def show(self, share: float | None, words: str) -> None:
        """Show how far something is, at most ten times a second.

        Parameters
        ----------
        share : float or None
            0 to 1; None when unknown.
        words : str
            What is going on.
        """
        now = self._clock()
        if not self.visible or now < self._due:
            return
        self._due = now + PERIOD_S
        line = words
        if share is not None:
            full = round(WIDTH * min(1.0, max(0.0, share)))
            line = f"{'█' * full}{'░' * (WIDTH - full)} {share:4.0%}  {words}"
        self._write(line[: shutil.get_terminal_size().columns - 1])

    def clear(self) -> None:
        """Take the line away; the next `show` brings it back at once."""
        self._due = -inf
        self._write("")

    def _write(self, line: str) -> None:
        if self._stream is not None and self.visible:
            self._stream.write(f"\r\x1b[2K{line}")
            self._stream.flush()
