"""The log file: every traceback goes there and none into a person's face."""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

MAX_BYTES: Final = 1_000_000
NAME: Final = "nnstudio.log"
log = logging.getLogger("nnstudio")


def start_log(folder: Path) -> tuple[Path, TextIO | None]:
    """Write what is logged, and crashes of the interpreter, into a file in `folder`.

    Returns
    -------
    path : Path
        The file.
    stream : TextIO or None
        Must stay open as long as the program runs; None when the file cannot be written.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_BYTES:
            path.replace(path.with_suffix(".old.log"))
        stream = path.open("a", encoding="utf-8")
    except OSError:
        return path, None
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable(stream)
    return path, stream


def stop_log(stream: TextIO | None) -> None:
    """Undo `start_log`."""
    if stream is None:
        return
    faulthandler.disable()
    root = logging.getLogger()
    for handler in tuple(root.handlers):
        if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
            root.removeHandler(handler)
    with suppress(OSError):
        stream.close()


class Catcher:
    """Takes every exception that nobody caught: into the log, and as one sentence to the user.

    Parameters
    ----------
    tell : callable
        Takes the exception on the GUI thread; never called from another one.
    """

    def __init__(self, tell: Callable[[BaseException], None]) -> None:
        self._tell = tell
        self._known: set[tuple[type[BaseException], tuple[str, int]]] = set()
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def remove(self) -> None:
        """Let Python handle exceptions again as before."""
        sys.excepthook, threading.excepthook = self._before

    def _caught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        # what fails in a paint fails in every frame: once is enough
        place = kind, _last_line(trace)
        if place in self._known:
            return
        self._known.add(place)
        log.error("nobody caught this", exc_info=(kind, error, trace))
        self._tell(error)

    def _caught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            log.error(
                "nobody caught this in %s",
                caught.thread and caught.thread.name,
                exc_info=(caught.exc_type, caught.exc_value, caught.exc_traceback),
            )


def _last_line(trace: TracebackType | None) -> tuple[str, int]:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return ("", 0) if trace is None else (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
