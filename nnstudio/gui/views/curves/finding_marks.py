"""Marks on the baseline of a plot where findings were first seen; hovered they say what it is."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.doctor.diagnosis import Diagnosis, Severity
from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.texts import tr

REACH_PX: Final = 8
SIZE_PX: Final = 4.5
ROLES: Final = {Severity.BROKEN: "error", Severity.SLOW: "warning", Severity.NOTE: "accent_text"}


@dataclass(frozen=True)
class Mark:
    """Findings that were first seen at about one place.

    Attributes
    ----------
    x : int
        In pixels from the left of the plot's area.
    severity : Severity
        The worst of them.
    rule : str
        The first of the worst.
    words : str
        All claims, a line each.
    """

    x: int
    severity: Severity
    rule: str
    words: str


def marks_at(places: dict[int, float], diagnosis: Diagnosis) -> tuple[Mark, ...]:
    """Give the marks of a diagnosis; those that would cover each other become one.

    Parameters
    ----------
    places : mapping of int to float
        Where the first step of each finding lies, in pixels.
    """
    together: list[tuple[float, list[int]]] = []
    findings = diagnosis.findings
    for at in sorted(range(len(findings)), key=lambda one: findings[one].step):
        x = places[findings[at].step]
        if together and x - together[-1][0] < 2 * REACH_PX:
            together[-1][1].append(at)
        else:
            together.append((x, [at]))
    marks = []
    for x, members in together:
        first = max(sorted(members), key=lambda one: findings[one].severity)
        lines = [
            tr("Step {step}: {claim}", step=grouped(findings[at].step), claim=findings[at].claim)
            for at in sorted(members)
        ]
        marks.append(
            Mark(round(x), findings[first].severity, findings[first].rule, "\n".join(lines))
        )
    return tuple(marks)


class FindingMarks(QWidget):
    """Lies over the baseline of a plot and takes the pointer at its marks alone."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Findings of the doctor"))
        self.hide()
        themes.changed.connect(self.update)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is marked."""
        return self._marks

    def show_marks(self, marks: tuple[Mark, ...], area: QRect) -> None:
        """Mark these on the lower edge of `area`, which is in pixels of the parent."""
        place = QRect(
            area.left() - REACH_PX,
            area.bottom() - REACH_PX,
            area.width() + 2 * REACH_PX,
            2 * REACH_PX,
        )
        if (marks, place) == (self._marks, self.geometry()):
            return
        self._marks = marks
        self._at = min(self._at, max(len(marks) - 1, 0))
        self.setGeometry(place)
        region = QRegion()
        for mark in marks:
            region += QRegion(mark.x, 0, 2 * REACH_PX, 2 * REACH_PX)
        self.setMask(region)
        self.setVisible(bool(marks))
        self._describe()
        self.raise_()
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say on hover what was found there."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self._under(event.pos().x())
            words = "" if mark is None else mark.words
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the finding under the pointer."""
        mark = self._under(round(event.position().x()))
        if mark is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        else:
            self.picked.emit(mark.rule)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from mark to mark, and pick one."""
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if turn is not None:
            self._at = max(0, min(self._at + turn, len(self._marks) - 1))
            self._describe()
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._marks:
            self.picked.emit(self._marks[self._at].rule)
        else:
            super().keyPressEvent(event)

    def _under(self, x: int) -> Mark | None:
        near = [one for one in self._marks if abs(one.x + REACH_PX - x) <= REACH_PX]
        return min(near, key=lambda one: abs(one.x + REACH_PX - x), default=None)

    def _describe(self) -> None:
        self.setAccessibleDescription(self._marks[self._at].words if self._marks else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a square, a triangle or a circle, by severity."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, mark in enumerate(self._marks):
            middle = QPointF(mark.x + REACH_PX, REACH_PX)
            chosen = self.hasFocus() and at == self._at
            size = SIZE_PX + (2 if chosen else 0)
            painter.setPen(QPen(now.accent if chosen else now.panel, 2 if chosen else 1))
            painter.setBrush(getattr(now, ROLES[mark.severity]))
            if mark.severity is Severity.NOTE:
                painter.drawEllipse(middle, size - 1, size - 1)
            else:
                sides = (
                    ((-1, -1), (1, -1), (1, 1), (-1, 1))
                    if mark.severity is Severity.BROKEN
                    else ((0, -1.1), (1.15, 0.9), (-1.15, 0.9))
                )
                painter.drawPolygon(
                    QPolygonF([middle + QPointF(x * size, y * size) for x, y in sides])
                )
