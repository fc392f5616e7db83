"""Marks of findings on the curves: where, merged, hovered, picked by pointer and key."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.doctor.diagnosis import Diagnosis, Finding, Severity
from nnstudio.gui.views.curves.finding_marks import FindingMarks, marks_at
from nnstudio.texts import text

AREA = QRect(40, 10, 300, 200)


def finding(rule: str, step: int, severity: Severity = Severity.SLOW) -> Finding:
    return Finding(rule, severity, step, 1.0, 0.5, text("claim of {rule}", rule=rule), text("why"))


def test_findings_of_one_place_share_a_mark_of_the_worst() -> None:
    found = Diagnosis(
        findings=(finding("late", 90), finding("slow", 0), finding("bad", 1, Severity.BROKEN))
    )
    first, last = marks_at({0: 0.0, 1: 3.0, 90: 200.0}, found)
    assert (first.x, first.rule, first.severity) == (0, "bad", Severity.BROKEN)
    assert first.words == "Step 0: claim of slow\nStep 1: claim of bad"
    assert (last.x, last.rule) == (200, "late")


@pytest.fixture
def strip(qtbot: QtBot) -> Iterator[FindingMarks]:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(400, 260)
    made = FindingMarks(parent)
    parent.show()
    found = Diagnosis(findings=(finding("first", 0), finding("second", 5)))
    made.show_marks(marks_at({0: 0.0, 5: 150.0}, found), AREA)
    yield made
    parent.hide()


def test_a_click_picks_the_finding_and_leaves_the_rest_to_the_plot(strip: FindingMarks) -> None:
    heard: list[str] = []
    strip.picked.connect(heard.append)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(158, 8))
    assert heard == ["second"]
    assert not strip.mask().contains(QPoint(80, 8))


def test_arrows_and_enter_pick_a_finding(strip: FindingMarks) -> None:
    heard: list[str] = []
    strip.picked.connect(heard.append)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert "second" in strip.accessibleDescription()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert heard == ["second"]


def test_without_findings_there_is_nothing_to_see(strip: FindingMarks) -> None:
    strip.show_marks((), AREA)
    assert strip.isHidden()
