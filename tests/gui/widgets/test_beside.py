"""Work beside the window: one piece at a time, the newest wish next, and a rest in between."""

from functools import partial
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.beside import Beside

if TYPE_CHECKING:
    from collections.abc import Callable


class Hand:
    """Threads and time in the hands of the test."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pending: list[Callable[[], None]] = []

    def __call__(self) -> float:
        return self.now

    def finish(self, seconds: float = 1.0) -> None:
        self.now += seconds
        self.pending.pop(0)()


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def beside(hand: Hand, qapp: object) -> Beside:
    return Beside(start=hand.pending.append, clock=hand)


def test_what_came_of_the_work_is_told(beside: Beside, hand: Hand) -> None:
    told: list[object] = []
    beside.found.connect(told.append)
    beside.ask(lambda: 7)
    assert beside.busy
    hand.finish()
    beside.look()
    assert told == [7]
    assert not beside.busy


def test_the_newest_wish_is_next_after_a_rest(beside: Beside, hand: Hand) -> None:
    told: list[object] = []
    beside.found.connect(told.append)
    for number in range(3):
        beside.ask(partial(int, number))
    hand.finish(seconds=1)
    beside.look()
    assert not beside.busy
    hand.now += 20
    beside.look()
    hand.finish()
    beside.look()
    assert told == [0, 2]


def test_what_is_urgent_waits_for_no_rest(beside: Beside, hand: Hand) -> None:
    told: list[object] = []
    beside.found.connect(told.append)
    beside.ask(partial(int, 1))
    hand.finish()
    beside.look()
    beside.ask(partial(int, 2))
    assert not hand.pending
    beside.ask(partial(int, 3), urgent=True)
    hand.finish()
    beside.look()
    assert told == [1, 3]


def test_a_dropped_wish_is_not_done(beside: Beside, hand: Hand) -> None:
    beside.ask(lambda: 1)
    beside.ask(lambda: 2)
    beside.drop()
    hand.finish()
    hand.now += 100
    beside.look()
    assert not hand.pending


def test_an_error_is_raised_where_it_is_heard(beside: Beside, hand: Hand) -> None:
    beside.ask(lambda: 1 // 0)
    hand.finish()
    with pytest.raises(ZeroDivisionError):
        beside.look()
    assert not beside.busy


def test_in_a_thread_of_its_own_it_ends_by_itself(qtbot: QtBot) -> None:
    made = Beside()
    with qtbot.waitSignal(made.found) as caught:
        made.ask(lambda: "done")
    assert caught.args == ["done"]


def test_what_was_left_is_never_told_and_other_work_may_begin(beside: Beside, hand: Hand) -> None:
    told: list[object] = []
    beside.found.connect(told.append)
    beside.ask(lambda: "old", urgent=True)
    beside.leave()
    assert not beside.busy
    beside.ask(lambda: "new", urgent=True)
    hand.finish()
    hand.finish()
    beside.look()
    assert told == ["new"]
