"""One notice at a time, the newest of its topic, and no more than a person can answer."""

import pytest
from PySide6.QtWidgets import (
    QPushButton,
)
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window.notice_area import MAX_WAITING, NoticeArea
from nnstudio.gui.workbench import Notice, Offer, Severity
from nnstudio.texts import text


@pytest.fixture
def notices(qtbot: QtBot) -> NoticeArea:
    made = NoticeArea()
    qtbot.addWidget(made)
    return made


def test_a_notice_is_shown_with_its_buttons_and_goes_when_answered(notices: NoticeArea) -> None:
    answered: list[bool] = []
    offer = Offer(text("Try again"), lambda: answered.append(True))
    notices.show_notice(
        Notice(text("Loading failed."), severity=Severity.ERROR, offers=(offer,), topic="a")
    )
    button = next(one for one in notices.findChildren(QPushButton) if one.text())
    assert button.text() == "Try again"
    button.click()
    assert answered == [True]
    assert notices.newest is None


def test_a_newer_notice_of_a_topic_takes_the_place_of_the_older(notices: NoticeArea) -> None:
    notices.show_notice(Notice(text("first"), topic="a"))
    notices.show_notice(Notice(text("second"), topic="b"))
    notices.show_notice(Notice(text("third"), topic="a"))
    notices.end_notice("a")
    assert notices.newest is not None
    assert str(notices.newest.text) == "second"


def test_notices_that_nobody_answers_do_not_pile_up(notices: NoticeArea) -> None:
    for at in range(2 * MAX_WAITING):
        notices.show_notice(Notice(text("number {at}", at=at)))
    assert len(notices.waiting) == MAX_WAITING
    notices.show_notice(Notice(text("number {at}", at=2 * MAX_WAITING - 1)))
    assert len(set(map(str, (one.text for one in notices.waiting)))) == MAX_WAITING
