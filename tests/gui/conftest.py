"""What tests of the window get: a workbench that is cranked by hand and closed at the end."""

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.app.garbage import clean_up
from tests.gui.bench_kit import Kit

if TYPE_CHECKING:
    from nnstudio.gui.main_window import MainWindow


@pytest.fixture(autouse=True)
def clean_between_tests() -> Iterator[None]:
    """Delete no widget within a paint or in another thread, as in the program."""
    gc.disable()
    yield
    clean_up()
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def clean_after_all() -> Iterator[None]:
    """Delete all windows of a file: every later test would look through their widgets."""
    yield
    gc.collect()


@pytest.fixture
def kit(qapp: object) -> Iterator[Kit]:
    """A workbench with everything around it in the hands of the test."""
    made = Kit()
    yield made
    made.bench.close(forget=True)


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> "MainWindow":
    """A window that is seen, with data."""
    # most tests of parts need no window, and loading it takes long
    from nnstudio.gui.main_window import MainWindow

    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    made.resize(1360, 860)
    with qtbot.waitExposed(made):
        made.show()
    kit.load()
    return made
