"""What a gradient check found: error per block, where it is wrong, and the mistake by name."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.doctor.finding_card import TITLES
from nnstudio.gui.views.doctor.parts import Coloured, Words
from nnstudio.gui.widgets.numerals import brief, grouped, scientific
from nnstudio.texts import tr

ROW_PX: Final = 22
BAR_PX: Final = 64
DOT_PX: Final = 5.0
PICTURE_PX: Final = 96
# errors from here to 1 fill the bar of a block, on a logarithmic scale
SMALLEST: Final = 1e-12


def share_of(error: float) -> float:
    """Give how much of the scale an error fills: 0 at 1e-12 and below, 1 at 1 and above."""
    if not np.isfinite(error):
        return 1.0
    decades = -np.log10(SMALLEST)
    return float(np.clip(1 + np.log10(max(error, SMALLEST)) / decades, 0.0, 1.0))


class Blocks(QWidget):
    """One row for each block of parameters: name, error, and a bar of it; one of them is picked."""

    picked = Signal(int)

    def __init__(self, errors: list[tuple[str, float]], *, limit: float) -> None:
        super().__init__()
        self._errors, self._limit = errors, limit
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Relative error of each block"))
        self._describe()
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give a row for each."""
        return QSize(160, ROW_PX * len(self._errors))

    def pick(self, number: int) -> None:
        """Pick a block."""
        number = max(0, min(number, len(self._errors) - 1))
        if number != self._at:
            self._at = number
            self._describe()
            self.update()
            self.picked.emit(number)

    def _describe(self) -> None:
        if self._errors:
            name, error = self._errors[self._at]
            self.setAccessibleDescription(
                tr("{block}: relative error {error}", block=name, error=brief(error))
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the row under the pointer."""
        self.pick(int(event.position().y()) // ROW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick a neighbour."""
        turn = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        else:
            self.pick(self._at + turn)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (name, error) in enumerate(self._errors):
            box = QRectF(0, row * ROW_PX, self.width(), ROW_PX)
            if row == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(now.hover)
                painter.drawRoundedRect(box, 4, 4)
            wrong = not error <= self._limit
            painter.setFont(font(12))
            painter.setPen(now.text2)
            inner = box.adjusted(6, 0, -6, 0)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), name)
            painter.setPen(now.error if wrong else now.text)
            right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            shown = scientific(error, digits=2) if np.isfinite(error) else brief(error)
            painter.drawText(inner.adjusted(0, 0, -BAR_PX - 8, 0), right, shown)
            groove = QRectF(inner.right() - BAR_PX, box.center().y() - 3, BAR_PX, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.line)
            painter.drawRoundedRect(groove, 2, 2)
            filled = QRectF(groove)
            filled.setWidth(groove.width() * share_of(error))
            painter.setBrush(now.error if wrong else now.ok)
            painter.drawRoundedRect(filled, 2, 2)
            painter.setPen(QPen(now.text3, 1))
            x = groove.left() + groove.width() * share_of(self._limit)
            painter.drawLine(QPointF(x, groove.top() - 2), QPointF(x, groove.bottom() + 2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class ErrorPicture(QWidget):
    """Where in a block it is wrong: a dot for every entry that was checked, at its place."""

    def __init__(self, *, limit: float) -> None:
        super().__init__()
        self._limit = limit
        self._errors: NDArray[Any] = np.empty((0, 0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give its height."""
        return QSize(160, PICTURE_PX if len(self._errors) > 1 else 28)

    def show_errors(self, errors: NDArray[Any]) -> None:
        """Show the errors of a block, (D, M) or (M,); NaN where none was checked."""
        self._errors = np.atleast_2d(errors)
        rows, columns = self._errors.shape
        checked = self._errors[np.isfinite(self._errors)]
        wrong = int((checked > self._limit).sum())
        self.setAccessibleName(
            tr(
                "{wrong} of {checked} checked entries are wrong, in {rows} × {columns}",
                wrong=grouped(wrong),
                checked=grouped(checked.size),
                rows=grouped(rows),
                columns=grouped(columns),
            )
        )
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the dots, the worst ones on top."""
        now, painter = theme(), QPainter(self)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.line, 1))
        painter.setBrush(now.field)
        painter.drawRect(ground)
        rows, columns = self._errors.shape
        if not self._errors.size:
            return
        places = np.argwhere(np.isfinite(self._errors))
        order = np.argsort([self._errors[tuple(place)] for place in places])
        cell_x, cell_y = ground.width() / columns, ground.height() / rows
        side_x, side_y = max(DOT_PX, cell_x - 1), max(DOT_PX, cell_y - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        for at in order:
            row, column = places[at]
            error = float(self._errors[row, column])
            colour = now.error if error > self._limit else now.ok
            painter.setBrush(colour)
            x = ground.left() + (column + 0.5) * cell_x
            y = ground.top() + (row + 0.5) * cell_y
            dot = QRectF(x - side_x / 2, y - side_y / 2, side_x, side_y)
            painter.drawRect(dot.intersected(ground))


class GradientPanel(QWidget):
    """A whole report; a block that is picked shows where it is wrong."""

    def __init__(self, report: Any) -> None:
        super().__init__()
        self._report = report
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        column.addWidget(
            Words(
                tr(
                    "At step {step}; relative error of each block, at most {limit} passes.",
                    step=grouped(report.step),
                    limit=scientific(report.limit),
                ),
                role="second",
                px=12,
            )
        )
        errors = [(block.name, float(block.relative_error)) for block in report.blocks]
        self.blocks = Blocks(errors, limit=report.limit)
        column.addWidget(self.blocks)
        self.picture = ErrorPicture(limit=report.limit)
        self._of = Words(role="third", px=12)
        column.addWidget(self._of)
        column.addWidget(self.picture)
        self.blocks.picked.connect(self._show)
        worst = max(range(len(errors)), key=lambda at: errors[at][1], default=0)
        if errors:
            self.blocks.pick(worst)
            self._show(worst)
        for widget in _naming(report.naming if hasattr(report, "naming") else report.named):
            column.addWidget(widget)

    def _show(self, number: int) -> None:
        block = self._report.blocks[number]
        self._of.say(tr("Where {block} was checked (red: wrong)", block=block.name))
        self.picture.show_errors(np.asarray(block.picture))


def _naming(named: Any) -> list[QWidget]:
    if named is None:
        return []
    widgets: list[QWidget] = []
    for one in named.explanations:
        titles = " + ".join(tr(TITLES.get(name, name)) for name in one.mistakes)
        widgets.append(Coloured(titles, colour="error", px=13))
        widgets.append(Words(str(one.sentence)))
        widgets.append(
            Words(
                tr("It reproduces the gradient to {agreement}.", agreement=brief(one.agreement)),
                role="second",
                px=12,
            )
        )
        for title, formula in (
            (tr("As it is"), one.formula_wrong),
            (tr("As it should be"), one.formula_right),
        ):
            widgets.append(Words(title, role="third", px=12))
            widgets.append(Words(str(formula), weight=500))
    return widgets
