"""Why the window cannot open, in one sentence, found out before Qt would abort the process.

Qt ends the process with an abort when its platform plugin cannot be loaded, and blames the wrong
library. So the plugin is loaded here first: the loader names the first library that is missing.
"""

import ctypes
import os
import re
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from nnstudio.texts import tr

DEBIAN_PACKAGES: Final[Mapping[str, str]] = {
    "libGL": "libgl1",
    "libEGL": "libegl1",
    "libglib-2.0": "libglib2.0-0",
    "libgthread-2.0": "libglib2.0-0",
    "libxkbcommon": "libxkbcommon0",
    "libdbus-1": "libdbus-1-3",
    "libfontconfig": "libfontconfig1",
    "libxcb-cursor": "libxcb-cursor0",
    "libxkbcommon-x11": "libxkbcommon-x11-0",
    "libxcb-icccm": "libxcb-icccm4",
    "libxcb-keysyms": "libxcb-keysyms1",
    "libxcb-shape": "libxcb-shape0",
}
_MISSING: Final = re.compile(r"(lib[\w.+-]+?)\.so[.\d]*: cannot open shared object")


def import_qt() -> None:
    """Load what every window needs."""
    import PySide6.QtWidgets  # noqa: F401, PLC0415 - whether it can be loaded is the question


def why_no_window(
    environment: Mapping[str, str] = os.environ,
    *,
    platform: str = sys.platform,
    load_qt: Callable[[], None] = import_qt,
    load_library: Callable[[str], ctypes.CDLL] = ctypes.CDLL,
) -> str | None:
    """Give None when a window can open, else one sentence for the person who wanted one.

    Parameters
    ----------
    environment : mapping
        Where the display and the platform of Qt are named.
    platform : str
        As `sys.platform`.
    load_qt, load_library : callable
        Load Qt's Python modules and a shared library; raise ImportError and OSError.
    """
    try:
        load_qt()
    except ImportError as error:
        return _sentence(error)
    if not platform.startswith("linux"):
        return None
    return _why_no_display(environment, load_library) if _needs_x11(environment) else None


def _needs_x11(environment: Mapping[str, str]) -> bool:
    wanted = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if wanted not in {"", "xcb", "wayland"}:
        return False
    return wanted == "xcb" or not environment.get("WAYLAND_DISPLAY")


def _why_no_display(
    environment: Mapping[str, str], load_library: Callable[[str], ctypes.CDLL]
) -> str | None:
    display = environment.get("DISPLAY")
    if not display:
        return tr(
            "The window cannot open: there is no display here "
            "(neither DISPLAY nor WAYLAND_DISPLAY is set)."
        )
    try:
        load_library(str(_xcb_plugin()))
    except OSError as error:
        return _sentence(error)
    return None if _answers(load_library) else _dead(display)


def _dead(display: str) -> str:
    return tr("The window cannot open: the display {display} does not answer.", display=display)


def _sentence(error: Exception) -> str:
    found = _MISSING.search(str(error))
    if found is None:
        return tr("The window cannot open: Qt could not be loaded ({error}).", error=error)
    library = found.group(1)
    packages = DEBIAN_PACKAGES.get(library) or " ".join(dict.fromkeys(DEBIAN_PACKAGES.values()))
    return tr(
        "The window cannot open: the system library {library} is missing. "
        "On Debian or Ubuntu: sudo apt install {packages}",
        library=library,
        packages=packages,
    )


def _xcb_plugin() -> Path:
    found = find_spec("PySide6")
    home = Path(found.origin).parent if found is not None and found.origin else Path()
    return home / "Qt" / "plugins" / "platforms" / "libqxcb.so"


def _answers(load_library: Callable[[str], ctypes.CDLL]) -> bool:
    xcb = load_library("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    link = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(link))
    xcb.xcb_disconnect(link)
    return not refused
