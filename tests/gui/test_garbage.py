"""Rings of references that may hold widgets are cleaned up between events, by the GUI thread."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.app.garbage import Garbage, clean_up


class Ring:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def garbage(qapp: object) -> Iterator[Garbage]:
    made = Garbage()
    yield made
    made.close()


def rings(count: int) -> list[weakref.ref[Ring]]:
    """Drop so many rings and give what knows whether they are gone."""
    return [weakref.ref(Ring()) for _ in range(count)]


def test_no_thread_that_allocates_cleans_up(garbage: Garbage) -> None:
    dropped = rings(1)
    thread = threading.Thread(target=lambda: [[] for _ in range(100_000)])
    thread.start()
    thread.join()
    assert dropped[0]() is not None
    assert not gc.isenabled()


def test_the_event_loop_cleans_up(garbage: Garbage, qtbot: QtBot) -> None:
    garbage._timer.setInterval(0)
    dropped = rings(2 * gc.get_threshold()[0])
    qtbot.waitUntil(lambda: dropped[0]() is None)


def test_what_is_not_due_yet_is_left(garbage: Garbage) -> None:
    gc.collect()
    dropped = rings(1)
    clean_up()
    assert dropped[0]() is not None


def test_when_it_is_closed_python_cleans_up_again(qapp: object) -> None:
    made = Garbage()
    made.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
