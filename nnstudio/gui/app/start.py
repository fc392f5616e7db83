"""From a command to a painted window and back: the one entry of the program with a window.

Qt is imported only when it is known that a window can open.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nnstudio.gui.app.log_file import start_log, stop_log
from nnstudio.gui.app.preflight import why_no_window
from nnstudio.places import config_folder, state_folder


def run(arguments: Sequence[str]) -> int:
    """Open the window, stay until it is closed, and give the exit status.

    Parameters
    ----------
    arguments : sequence of str
        At most one, which the caller has checked: a model file to open.

    Returns
    -------
    int
        0 after a window was closed; 1 when none could open.
    """
    reason = why_no_window()
    if reason is not None:
        _say(reason)
        return 1
    path, stream = start_log(state_folder())
    try:
        from nnstudio.gui.app.application import Application  # noqa: PLC0415 - Qt only from here on

        application = Application(
            log=path,
            settings_path=config_folder() / "settings.json",
            runs_folder=state_folder() / "runs",
            file=Path(arguments[0]) if arguments else None,
            leave_after_paint=os.environ.get("NNSTUDIO_EXIT_AFTER_PAINT") == "1",
        )
        return application.run()
    finally:
        stop_log(stream)


def _say(sentence: str) -> None:
    # pythonw and gui-scripts on Windows have no stderr
    if sys.stderr is not None:
        sys.stderr.write(sentence + "\n")
