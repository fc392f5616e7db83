"""What the window remembers; changed at once, written beside the window a little later."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.runs.settings import Settings, update_settings

SETTLE_S: Final = 2.0
log = logging.getLogger(__name__)


class SettingsDesk:
    """Keeps the settings and writes them when they have stood still.

    Parameters
    ----------
    path : Path or None
        The file; None keeps them for this session only.
    failed : callable
        Takes what went wrong while writing.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        path: Path | None,
        background: Background,
        failed: Callable[[Failure], None],
        clock: Callable[[], float],
    ) -> None:
        self.settings = settings
        self._written = settings
        self._path = path
        self._background = background
        self._failed = failed
        self._clock = clock
        self._due: float | None = None

    def change(self, values: dict[str, Any]) -> bool:
        """Set some of the settings; gives whether any differs now."""
        return self.put(replace(self.settings, **values))

    def put(self, settings: Settings) -> bool:
        """Set all of the settings; gives whether any differs now."""
        changed = settings != self.settings
        self.settings = settings
        if changed:
            self._due = self._clock() + SETTLE_S
        return changed

    def poll(self) -> None:
        """Write what has stood still for long enough."""
        if self._due is None or self._path is None or self._clock() < self._due:
            return
        self._due = None
        path, before, after = self._path, self._written, self.settings

        def done(_result: Settings) -> None:
            self._written = after

        self._background.run(
            None,
            lambda _progress: update_settings(path, before, after),
            done=done,
            failed=self._failed,
        )

    def close(self) -> None:
        """Write what was not written yet; what goes wrong is in the log."""
        if self._due is None or self._path is None:
            return
        self._due = None
        try:
            update_settings(self._path, self._written, self.settings)
        except NnstudioError as error:
            log.warning("%s", error)
