"""Starting and failing: one clear sentence instead of an abort, a log instead of a traceback."""

import ctypes
import faulthandler
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.app.log_file import Catcher, start_log, stop_log
from nnstudio.gui.app.preflight import DEBIAN_PACKAGES, why_no_window
from nnstudio.gui.main_window.status_line import StatusLine

DISPLAY = {"DISPLAY": ":0"}


def loads() -> None:
    """Load Qt, as it seems."""


def refuses(library: str) -> Callable[[str], ctypes.CDLL]:
    def load(name: str) -> ctypes.CDLL:
        raise OSError(f"{library}.so.1: cannot open shared object file: No such file or directory")

    return load


@pytest.mark.parametrize("library", sorted(DEBIAN_PACKAGES))
def test_a_missing_library_is_named_with_the_command_that_mends_it(library: str) -> None:
    reason = why_no_window(DISPLAY, platform="linux", load_qt=loads, load_library=refuses(library))
    assert reason is not None
    assert library in reason
    assert reason.endswith(f"sudo apt install {DEBIAN_PACKAGES[library]}")


def test_a_library_that_qt_itself_misses_is_named_too() -> None:
    def load_qt() -> None:
        raise ImportError("libEGL.so.1: cannot open shared object file: No such file")

    reason = why_no_window(DISPLAY, platform="linux", load_qt=load_qt)
    assert reason is not None
    assert "libEGL" in reason
    assert "libegl1" in reason


def test_an_unknown_library_asks_for_everything_that_qt_needs() -> None:
    reason = why_no_window(
        DISPLAY, platform="linux", load_qt=loads, load_library=refuses("libwhatever")
    )
    assert reason is not None
    assert all(package in reason for package in DEBIAN_PACKAGES.values())


def test_another_reason_is_said_as_it_is() -> None:
    def load_qt() -> None:
        raise ImportError("DLL load failed")

    assert "DLL load failed" in (why_no_window({}, platform="win32", load_qt=load_qt) or "")


def test_no_display_is_said() -> None:
    assert "no display" in (why_no_window({}, platform="linux", load_qt=loads) or "")


def test_a_dead_display_is_said() -> None:
    class Xcb:
        """Refuses every connection."""

        def __init__(self) -> None:
            self.xcb_connect = lambda *_: 0
            self.xcb_connect.restype = None  # type: ignore[attr-defined]  # as ctypes has it
            self.xcb_connection_has_error = lambda _: 1
            self.xcb_disconnect = lambda _: None

    reason = why_no_window(
        {"DISPLAY": ":99"},
        platform="linux",
        load_qt=loads,
        load_library=lambda _: Xcb(),  # type: ignore[arg-type,return-value]  # it answers as xcb does
    )
    assert reason == "The window cannot open: the display :99 does not answer."


@pytest.mark.parametrize(
    "environment",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "offscreen:configfile=x"},
        {"WAYLAND_DISPLAY": "wayland-0"},
    ],
)
def test_what_needs_no_x11_is_not_asked_for_it(environment: dict[str, str]) -> None:
    refused = refuses("libxcb-cursor")
    assert why_no_window(environment, platform="linux", load_qt=loads, load_library=refused) is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_need_no_display(platform: str) -> None:
    assert why_no_window({}, platform=platform, load_qt=loads) is None


def run_program(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {f"NNSTUDIO_{name}": str(folder / name) for name in ("CONFIG", "STATE", "CACHE")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        kept.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "nnstudio"],
        env=kept | own | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are X11's matter")
def test_without_a_display_the_program_ends_with_one_sentence(tmp_path: Path) -> None:
    ended = run_program(tmp_path, LC_ALL="C.UTF-8")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "no display" in ended.stderr


def test_the_program_opens_its_window_and_ends_after_the_first_paint(tmp_path: Path) -> None:
    ended = run_program(tmp_path, QT_QPA_PLATFORM="offscreen", NNSTUDIO_EXIT_AFTER_PAINT="1")
    assert ended.stderr == ""
    assert ended.returncode == 0


def test_a_platform_that_qt_does_not_know_is_one_sentence_and_no_core_dump(
    tmp_path: Path,
) -> None:
    ended = run_program(tmp_path, QT_QPA_PLATFORM="nonsense", LC_ALL="C.UTF-8")
    assert ended.returncode == 3
    assert ended.stderr.startswith("The window cannot open:")
    assert ended.stderr.count("\n") == 1


def test_damaged_settings_do_not_stop_the_start(tmp_path: Path) -> None:
    settings = tmp_path / "CONFIG" / "settings.json"
    settings.parent.mkdir()
    settings.write_bytes(b"\x00 this is no JSON")
    ended = run_program(tmp_path, QT_QPA_PLATFORM="offscreen", NNSTUDIO_EXIT_AFTER_PAINT="1")
    assert ended.returncode == 0
    assert list(settings.parent.glob("settings.bad-*"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    enabled = faulthandler.is_enabled()
    level = logging.getLogger().level
    path, stream = start_log(tmp_path)
    yield path
    stop_log(stream)
    logging.getLogger().setLevel(level)
    if enabled:
        faulthandler.enable()


def test_an_exception_that_nobody_caught_is_logged_and_told(
    log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[BaseException] = []
    catcher = Catcher(told.append)
    error = ZeroDivisionError("a bug")
    sys.excepthook(type(error), error, None)
    catcher.remove()
    assert told == [error]
    assert "ZeroDivisionError: a bug" in log.read_text(encoding="utf-8")
    assert caplog.records


def test_the_same_exception_again_and_again_is_logged_once(
    log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[BaseException] = []
    catcher = Catcher(told.append)
    for _ in range(50):
        try:
            1 / 0  # noqa: B018 - it is to fail
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    catcher.remove()
    assert log.read_text(encoding="utf-8").count("Traceback") == 1
    assert len(told) == 1
    assert caplog.records


def test_a_log_that_has_grown_begins_anew_and_keeps_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "nnstudio.log").write_bytes(b"x" * 2_000_000)
    enabled = faulthandler.is_enabled()
    path, stream = start_log(tmp_path)
    stop_log(stream)
    if enabled:
        faulthandler.enable()
    assert path.stat().st_size == 0
    assert (tmp_path / "nnstudio.old.log").stat().st_size == 2_000_000


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    _, stream = start_log(tmp_path / "file")
    assert stream is None
    stop_log(stream)


def test_nothing_that_the_first_paint_does_not_need_is_imported_before_it(tmp_path: Path) -> None:
    own = {f"NNSTUDIO_{name}": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    heavy = ("pyqtgraph", "PIL", "pooch", "torch", "sklearn", "babel")
    program = (
        "import sys; from nnstudio.gui.app import run; run([]); "
        f"print(sorted(set({heavy!r}) & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen", "NNSTUDIO_EXIT_AFTER_PAINT": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "[]"


def test_the_date_of_saving_is_shown_when_it_is_not_today(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_saved(datetime(2025, 3, 4, 5, 6, tzinfo=UTC), "a.safetensors")
    assert "2025-03-04" in line._saved.text()
    now = datetime.now().astimezone()
    line.show_saved(now)
    assert line._saved.text() == f"saved {now:%H:%M}"
