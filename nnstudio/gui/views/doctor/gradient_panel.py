"""What a gradient check found: error per block, where it is wrong, and the mistake by name."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.doctor.gradient_check import BlockReport, GradientReport
from nnstudio.doctor.naming import Explanation, remedy_for
from nnstudio.faults import fault_named
from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.doctor.difference_picture import DifferencePicture
from nnstudio.gui.views.doctor.finding_card import TITLES
from nnstudio.gui.views.doctor.standing import Standing
from nnstudio.gui.widgets.cards import Coloured, Words
from nnstudio.gui.widgets.flow import Flow, GivingButton
from nnstudio.gui.widgets.numerals import brief, grouped, percent, scientific
from nnstudio.texts import tr

ROW_PX: Final = 22
BAR_PX: Final = 64
# errors from here to 1 fill the bar of a block, on a logarithmic scale
SMALLEST: Final = 1e-12
# below this a percentage has only zeros to say
LEAST_PERCENT: Final = 1e-3


def share_of(error: float) -> float:
    """Give how much of the scale an error fills: 0 at 1e-12 and below, 1 at 1 and above."""
    if not np.isfinite(error):
        return 1.0
    decades = -np.log10(SMALLEST)
    return float(np.clip(1 + np.log10(max(error, SMALLEST)) / decades, 0.0, 1.0))


def error_in_words(error: float) -> str:
    """Give a relative error: "140 %", "0.42 %", "3.1e-9"."""
    if not np.isfinite(error) or error < LEAST_PERCENT:
        return scientific(error, digits=2) if 0 < error < 1 else brief(error)
    return percent(error, digits=0 if error >= 0.1 else 2)


class Line(NamedTuple):
    """One row: what was compared, by how much it differs, and from where on it fails."""

    words: str
    error: float
    limit: float

    @property
    def wrong(self) -> bool:
        """Whether it fails."""
        return not self.error <= self.limit


class Blocks(QWidget):
    """One row for each block of parameters: name, error, and a bar of it; one of them is picked."""

    picked = Signal(int)

    def __init__(self, lines: list[Line]) -> None:
        super().__init__()
        self._lines = lines
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Relative error of each block"))
        self._describe()
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give a row for each."""
        return QSize(160, ROW_PX * len(self._lines))

    def pick(self, number: int) -> None:
        """Pick a block."""
        number = max(0, min(number, len(self._lines) - 1))
        if number != self._at:
            self._at = number
            self._describe()
            self.update()
            self.picked.emit(number)

    def _describe(self) -> None:
        if self._lines:
            line = self._lines[self._at]
            self.setAccessibleDescription(
                tr(
                    "{block}: relative error {error}",
                    block=line.words,
                    error=error_in_words(line.error),
                )
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
        for row, (words, error, limit) in enumerate(self._lines):
            box = QRectF(0, row * ROW_PX, self.width(), ROW_PX)
            if row == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(now.hover)
                painter.drawRoundedRect(box, 4, 4)
            wrong = self._lines[row].wrong
            painter.setFont(font(12))
            painter.setPen(now.text2)
            inner = box.adjusted(6, 0, -6, 0)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), words)
            painter.setPen(now.error if wrong else now.text)
            right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            painter.drawText(inner.adjusted(0, 0, -BAR_PX - 8, 0), right, error_in_words(error))
            groove = QRectF(inner.right() - BAR_PX, box.center().y() - 3, BAR_PX, 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.line)
            painter.drawRoundedRect(groove, 2, 2)
            filled = QRectF(groove)
            filled.setWidth(groove.width() * share_of(error))
            painter.setBrush(now.error if wrong else now.ok)
            painter.drawRoundedRect(filled, 2, 2)
            painter.setPen(QPen(now.text3, 1))
            x = groove.left() + groove.width() * share_of(limit)
            painter.drawLine(QPointF(x, groove.top() - 2), QPointF(x, groove.bottom() + 2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class GradientPanel(QWidget):
    """A whole report; the block that is picked shows where it is wrong.

    Of a mistake that is named it offers to take it out where the experiment has its switch.
    """

    remedy_wished = Signal(object)

    def __init__(self, report: GradientReport) -> None:
        super().__init__()
        self._report = report
        self._offers: list[tuple[Remedy, QWidget]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(4)
        for one in report.named.explanations:
            self._explain(one)
        for together in report.named.undecided:
            titles = ", ".join(tr(TITLES.get(name, name)) for name in together)
            self._say(tr("These give the same numbers: {mistakes}.", mistakes=titles))
        if not report.passed and not report.named.explanations:
            self._say(tr("No classic mistake, alone or with others, explains it."))
        lines = [
            Line(words_of(block.name), block.relative_error, block.limit) for block in report.blocks
        ]
        self._say(
            tr(
                "Gradient at step {step}: error relative to the size of the gradient.",
                step=grouped(report.step),
            )
        )
        self.blocks = Blocks(lines)
        self._column.addWidget(self.blocks)
        self._of = Words(role="second", px=12)
        self.picture = DifferencePicture()
        self._worst = Words(role="third", px=12)
        for widget in (self._of, self.picture, self._worst):
            self._column.addWidget(widget)
        if report.updates:
            self._say(tr("The step that was made, against the formula of the optimizer."))
            self._column.addWidget(
                Blocks([Line(words_of(k), e, report.limit) for k, e in report.updates.items()])
            )
        self.blocks.picked.connect(self._show)
        if lines:
            worst = max(range(len(lines)), key=lambda at: lines[at].error / lines[at].limit)
            self.blocks.pick(worst)
            self._show(worst)

    def _say(self, words: str) -> None:
        self._column.addWidget(Words(words, role="second", px=12))

    def _explain(self, one: Explanation) -> None:
        titles = " + ".join(tr(TITLES.get(name, name)) for name in one.mistakes)
        self._column.addWidget(Coloured(titles, colour="error", px=13))
        self._column.addWidget(Words(str(one.sentence)))
        if len(one.mistakes) > 1:
            self._explain_each(one.mistakes)
        else:
            self._compare(one.formula_wrong, one.formula_right)
        offers = QWidget()
        flow = Flow()
        offers.setLayout(flow)
        for name in one.mistakes:
            remedy = remedy_for(name)
            button = GivingButton(str(remedy.told))
            button.set_tip(tr("Changes the experiment; it can be undone."))
            button.clicked.connect(lambda _=False, remedy=remedy: self.remedy_wished.emit(remedy))
            self._offers.append((remedy, button))
            flow.addWidget(button)
        self._column.addWidget(offers)

    def _compare(self, wrong: str, right: str) -> None:
        for title, formula in ((tr("As it is"), wrong), (tr("As it should be"), right)):
            self._column.addWidget(Words(title, role="third", px=12))
            self._column.addWidget(Words(formula, weight=500))

    def _explain_each(self, mistakes: tuple[str, ...]) -> None:
        """Say what each mistake makes of the right formula by itself: together they would clash."""
        self._say(tr("They act one after the other. Each by itself:"))
        for kind in mistakes:
            mistake = fault_named(kind)
            self._column.addWidget(Words(tr(TITLES.get(kind, kind)), role="third", px=12))
            formula = tr(
                "{wrong}, in place of {right}",
                wrong=mistake.formula_wrong,
                right=mistake.formula_right,
            )
            self._column.addWidget(Words(formula, weight=500))

    def show_standing(self, stand: Callable[[Remedy], Standing]) -> None:
        """Offer only what can still be done."""
        for remedy, button in self._offers:
            button.setVisible(stand(remedy) is Standing.OFFERED)

    def _show(self, number: int) -> None:
        block = self._report.blocks[number]
        known = bool(np.isfinite(block.picture).any())
        self.picture.setVisible(known and not block.passed)
        if block.passed:
            self._of.say(tr("{block}: no difference beyond rounding.", block=words_of(block.name)))
        elif not known:
            self._of.say(tr("{block}: where it is wrong is not known.", block=words_of(block.name)))
        else:
            self._of.say(tr("{block}: applied − stated gradient", block=words_of(block.name)))
            self.picture.show_differences(block.picture)
        self._worst.say("" if block.passed else _worst(block))


def words_of(name: str) -> str:
    """Give how people call a block: "Layer 1 · W" for ``layers.0.W``."""
    parts = name.split(".")
    if len(parts) < 3 or not parts[1].isdigit():
        return name
    return tr("Layer {number} · {name}", number=int(parts[1]) + 1, name=".".join(parts[2:]))


def _worst(block: BlockReport) -> str:
    if not block.worst:
        return ""
    entry = block.worst[0]
    return tr(
        "Worst of {checked} checked entries: [{place}] is {applied}, should be {expected}.",
        checked=grouped(block.checked),
        place=", ".join(map(str, entry.index)),
        applied=brief(entry.applied),
        expected=brief(entry.expected),
    )
