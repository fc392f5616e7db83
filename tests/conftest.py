"""What every test gets: no screen, folders of its own, and nothing left behind when it ends."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import settings
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

# the examples of a plain run are the same each time, so that it says something of the change alone
settings.register_profile(
    "nnstudio", deadline=None, derandomize=True, database=None, max_examples=100
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("nnstudio")

LEAVE_SECONDS = 2.0


def _shared_data() -> Path | None:
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / "data").is_dir():
            return folder / "shared" / "data"
    return None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data sets that lie beside the checkout."""
    found = _shared_data()
    if found is None:
        pytest.skip("there is no folder shared/data beside the checkout")
    return found


@pytest.fixture(scope="session")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder that all tests of one session share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_folders(
    tmp_path_factory: pytest.TempPathFactory, session_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("NNSTUDIO_CONFIG", str(own / "config"))
    monkeypatch.setenv("NNSTUDIO_STATE", str(own / "state"))
    monkeypatch.setenv("NNSTUDIO_CACHE", str(session_cache))
    monkeypatch.delenv("NNSTUDIO_DATA", raising=False)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    texts = sys.modules.get("nnstudio.texts")
    if texts is not None:
        texts.set_language("en")


@pytest.fixture(autouse=True)
def _no_thread_survives() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + LEAVE_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(0.0, end - time.monotonic()))
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"threads outlive their test: {alive}")


@pytest.fixture(autouse=True)
def _no_window_or_timer_survives() -> Iterator[None]:
    before = set(_windows_and_timers())
    yield
    left = [name for name in _windows_and_timers() if name not in before]
    if left:
        pytest.fail(f"windows or timers outlive their test: {left}")


_TIMERS = WeakSet[QTimer]()


@pytest.fixture(scope="session", autouse=True)
def _timers_are_known() -> Iterator[None]:
    # a look through all objects that Qt knows costs 14 ms a test, and crashed on half-deleted ones
    make = QTimer.__init__

    def make_known(timer: QTimer, *arguments: Any, **settings: Any) -> None:
        make(timer, *arguments, **settings)
        _TIMERS.add(timer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QTimer, "__init__", make_known)
        yield


def _windows_and_timers() -> list[str]:
    windows = [f"{widget!r}" for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    timers = [
        f"{one!r} of {one.parent()!r}"
        for one in tuple(_TIMERS)
        if Shiboken.isValid(one) and one.isActive()
    ]
    return windows + timers


class _Loud(logging.Handler):
    """Collects what the program warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_warning_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    # a test that asks for caplog judges the records itself
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    yield
    logging.getLogger().removeHandler(loud)
    if loud.records and "caplog" not in request.fixturenames:
        pytest.fail(f"warnings in the log: {[record.getMessage() for record in loud.records]}")
