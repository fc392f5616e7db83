"""The sum behind one number: its terms, the largest first, and what they add up to."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.one_step.stop import Sum
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.gui.widgets.plot.frame import font_of
from nnstudio.texts import tr, tr_count

WIDTH_PX: Final = 296
ROW_PX: Final = 18
MOST_TERMS: Final = 60
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Row = tuple[str, str, float]


def rows_of(found: Sum) -> list[Row]:
    """Give every line of a sum: names of the factors, the product in numbers, what it gives."""
    products = found.products
    order = np.argsort(-np.abs(np.nan_to_num(products)), kind="stable")
    shown = order[:MOST_TERMS].tolist()
    rows = [
        (
            f"{found.left_name(at)} · {found.right_name(at)}",
            f"{brief(float(found.left[at]))} · {brief(float(found.right[at]))}",
            float(products[at]),
        )
        for at in shown
    ]
    others = order[MOST_TERMS:]
    if len(others):
        words = tr_count(
            "{count} smaller term", "{count} smaller terms", len(others), count=grouped(len(others))
        )
        rows.append((words, "", float(products[others].sum(dtype=np.float64))))
    rest = [(name, "", value) for name, value in found.rest]
    if not found.adds_up:
        return rest
    return sorted(rows + rest, key=lambda row: -abs(row[2]) if np.isfinite(row[2]) else 0)


class _Terms(QWidget):
    """Terms line by line, each with a bar from the middle."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_rows(self, rows: list[Row]) -> None:
        self._rows = rows
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX - 12, ROW_PX * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write what is seen of it."""
        painter, now = QPainter(self), theme()
        sizes = [abs(value) for _, _, value in self._rows if np.isfinite(value)]
        most = max(sizes, default=0.0) or 1.0
        first = max(event.rect().top() // ROW_PX, 0)
        last = min(event.rect().bottom() // ROW_PX + 1, len(self._rows))
        wide = self.width()
        for at in range(first, last):
            name, numbers, value = self._rows[at]
            box = QRectF(0, at * ROW_PX, wide, ROW_PX)
            if np.isfinite(value):
                length = abs(value) / most * (wide - 4)
                colour = now.plus if value > 0 else now.minus
                painter.setOpacity(0.16)
                painter.fillRect(QRectF(0, box.top() + 2, length, ROW_PX - 4), colour)
                painter.setOpacity(1.0)
            painter.setFont(font_of(11))
            painter.setPen(now.text2)
            painter.drawText(QRectF(2, box.top(), wide * 0.46, ROW_PX), LEFT, name)
            painter.setPen(now.text3)
            painter.drawText(QRectF(wide * 0.4, box.top(), wide * 0.39, ROW_PX), RIGHT, numbers)
            painter.setPen(now.text)
            painter.drawText(
                QRectF(wide * 0.75, box.top(), wide * 0.25, ROW_PX), RIGHT, brief(value)
            )


class SumPanel(QWidget):
    """One number of the table and the sum behind it."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._total, self._remark = QLabel(), QLabel(), QLabel()
        self._remark.setWordWrap(True)
        self._terms = _Terms()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        holder = QWidget()
        holder.setObjectName("content")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 4, 0)
        inner.addWidget(self._terms)
        inner.addStretch(1)
        scroll.setWidget(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self._title, self._total, self._remark):
            column.addWidget(part)
        column.addWidget(scroll, 1)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def words(self) -> str:
        """What is said of the number."""
        return f"{self._title.text()} {self._total.text()} {self._remark.text()}".strip()

    def show_sum(self, name: str, found: Sum | None) -> None:
        """Show what is behind the number called `name`; None asks for a click."""
        if found is None:
            self._title.setText(tr("Click a number to see what it is made of."))
            self._title.setWordWrap(True)
            self._terms.show_rows([])
            self._total.hide()
            self._remark.hide()
            return
        self._title.setWordWrap(False)
        self._title.setText(f"{name} = {brief(found.value, digits=5)}")
        self._terms.show_rows(rows_of(found))
        terms = len(found.left)
        self._total.setText(_words_of_total(found, terms))
        self._total.setVisible(bool(self._total.text()))
        self._remark.setVisible(not found.agrees)
        if not found.agrees:
            self._remark.setText(
                tr(
                    "The run computes {value} instead: not what this line says.",
                    value=brief(found.value, digits=5),
                )
            )
        self.setAccessibleName(self.words)

    def _dress(self) -> None:
        self._title.setFont(font(13, 600))
        self._total.setFont(font(12))
        self._total.setProperty("role", "second")
        self._remark.setFont(font(12))
        self._remark.setProperty("role", "error")


def _words_of_total(found: Sum, terms: int) -> str:
    if not found.adds_up:
        return ""
    if terms <= 1 and not found.rest:
        return ""
    return tr_count(
        "{count} term; together {sum}",
        "{count} terms; together {sum}",
        terms + len(found.rest),
        count=grouped(terms + len(found.rest)),
        sum=brief(found.total, digits=5),
    )
