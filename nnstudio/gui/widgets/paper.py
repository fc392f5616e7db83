"""What a canvas shows besides ink: paper, the words on it, frames around what was found, its rim.

The paper is light or dark as the theme is, or always one of both.
"""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from nnstudio.gui.theme import DARK, LIGHT, font, theme

Paper = Literal["theme", "light", "dark"]
PAPERS: Final[tuple[Paper, ...]] = ("theme", "light", "dark")


@dataclass(frozen=True)
class Hint:
    """What empty paper says: a title, a text under it, both in the middle."""

    title: str = ""
    text: str = ""
    accent: bool = False


@dataclass(frozen=True)
class Mark:
    """A frame around something that was found: left, top, width, height as shares of the side.

    `name` stands over it; the `chosen` one is the one that more is said about.
    """

    box: tuple[float, float, float, float]
    name: str
    chosen: bool = False


def colours_of(paper: Paper) -> tuple[QColor, QColor]:
    """Give the colour of the paper and of the ink on it."""
    of = {"theme": theme(), "light": LIGHT, "dark": DARK}[paper]
    return of.paper, of.ink


def paint_paper(painter: QPainter, box: QRectF, paper: QColor) -> None:
    """Draw the sheet with its round corners."""
    painter.fillRect(box, theme().panel)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paper)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def paint_rim(painter: QPainter, box: QRectF, *, focused: bool) -> None:
    """Draw the frame of the sheet; thicker where the keyboard is."""
    now = theme()
    painter.setPen(QPen(now.accent, 2) if focused else QPen(now.border, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = 1.0 if focused else 0.5
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 4, 4)


def paint_hint(painter: QPainter, box: QRectF, hint: Hint, paper: Paper) -> None:
    """Draw title and text in the middle."""
    of = {"theme": theme(), "light": LIGHT, "dark": DARK}[paper]
    box = box.adjusted(16, 0, -16, 0)
    centred = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(font(13, 600))
    painter.setPen(of.accent_text if hint.accent else of.text2)
    upper = box.adjusted(0, 0, 0, -box.height() / 2 - 2)
    painter.drawText(upper, centred | Qt.AlignmentFlag.AlignBottom, hint.title)
    painter.setFont(font(12))
    painter.setPen(of.text3)
    lower = box.adjusted(0, box.height() / 2 + 2, 0, 0)
    painter.drawText(lower, centred | Qt.AlignmentFlag.AlignTop, hint.text)


def paint_caption(painter: QPainter, box: QRectF, caption: str, paper: Paper) -> None:
    """Draw what the picture is into the lower left corner."""
    painter.setFont(font(11))
    painter.setPen({"theme": theme(), "light": LIGHT, "dark": DARK}[paper].text3)
    corner = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
    painter.drawText(box.adjusted(8, 0, -8, -5), corner, caption)


def paint_marks(painter: QPainter, side: float, marks: tuple[Mark, ...]) -> None:
    """Draw the frames, and over each its name; within the sheet where there is no room above."""
    now = theme()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font(12, 600))
    metrics = QFontMetricsF(painter.font())
    for mark in marks:
        left, top, width, height = (share * side for share in mark.box)
        left, top, width, height = left - 2, top - 2, width + 4, height + 4
        colour = now.accent if mark.chosen else now.text3
        painter.setPen(QPen(colour, 1.5 if mark.chosen else 1))
        painter.drawRoundedRect(QRectF(left, top, width, height), 3, 3)
        wide = metrics.horizontalAdvance(mark.name) + 8
        place = QRectF(min(max(left, 2.0), side - wide - 2), max(top - 17, 2.0), wide, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(now.on_accent if mark.chosen else now.panel)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, mark.name)


def paint_rubber(painter: QPainter, at: QPointF, radius: float) -> None:
    """Draw how wide the eraser is, where the pointer is."""
    painter.setPen(QPen(theme().text3, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
