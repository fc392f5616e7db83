"""What all commands share: how results and complaints are told, and how Ctrl+C ends the work."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from nnstudio.texts import Text

DONE: Final = 0
REFUSED: Final = 1
NOT_UNDERSTOOD: Final = 2
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141


class UsageError(Exception):
    """What was typed cannot be understood, in one sentence."""


def complain(error: Exception | Text) -> None:
    """Tell what went wrong, or should be known, on stderr."""
    print(f"nnstudio: {error}", file=sys.stderr)


def tell(asked: argparse.Namespace, result: dict[str, Any], lines: Sequence[str]) -> None:
    """Print lines for people, or with `--json` one object that holds the same."""
    if asked.json:
        lines = [json.dumps(result, ensure_ascii=False, allow_nan=False)]
    for line in lines:
        print(line, flush=True)


class Interrupt:
    """Whether Ctrl+C was pressed; a second time ends the program at once."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Take the signal."""
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Note Ctrl+C instead of ending the program, as long as it lasts."""
    interrupt = Interrupt()
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
