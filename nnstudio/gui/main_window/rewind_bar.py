"""A slider over the kept moments of the run: what all views look at, and the way back to now.

It stands in the middle of the status line, so that nothing moves when it appears.
"""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from nnstudio.gui.theme import font, icon, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.workbench.rewind import RewindState
from nnstudio.texts import tr

LEAST_STEPS: Final = 2
"""Fewer moments than these are no film."""
BUTTON_PX: Final = 22
SLIDER_PX: Final = (72, 220)
ROOM_FOR_WORDS_PX: Final = 430


class _Track(QSlider):
    """A slider whose handle goes where its track is pressed, and can be dragged on from there."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the pointer first."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(event.position().x()))
        super().mousePressEvent(event)

    def _value_at(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        if handle.contains(round(x), handle.center().y()):
            return self.sliderPosition()
        room = self.width() - handle.width()
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x - handle.width() / 2), room
        )


class RewindBar(QWidget):
    """The user moves the slider; it knows which steps were kept and tells which one is wished."""

    step_chosen = Signal(object)
    fork_requested = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RewindState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._picture = QLabel()
        self._picture.setFixedSize(16, 16)
        self._slider = _Track(Qt.Orientation.Horizontal)
        self._slider.setMinimumWidth(SLIDER_PX[0])
        self._slider.setMaximumWidth(SLIDER_PX[1])
        self._slider.setFixedHeight(20)
        self._slider.setPageStep(5)
        # of a person alone: a new range moves the value, too
        self._slider.actionTriggered.connect(self._choose)
        self._where = QLabel()
        self._where.setFont(font(12))
        self._where.setProperty("role", "second")
        self._back, self._fork = _button(), _button()
        for button in (self._back, self._fork):
            # the slider stays under the pointer when they appear
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        self._back.clicked.connect(lambda: self.step_chosen.emit(None))
        self._fork.clicked.connect(self.fork_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._picture)
        row.addWidget(self._slider, 3)
        row.addWidget(self._where)
        row.addWidget(self._back)
        row.addWidget(self._fork)
        row.addStretch(1)
        self._retell()
        themes.changed.connect(self._retell)
        self.hide()

    def show_state(self, state: RewindState) -> None:
        """Show which steps there are and which one is looked at; the same again costs nothing."""
        if state == self._state:
            return
        before, self._state = self._state, state
        self.setVisible(len(state.steps) >= LEAST_STEPS)
        if before.steps != state.steps or before.at != state.at:
            self._slider.setRange(0, len(state.steps))
            self._slider.setValue(self._place_of(state))
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the words of the buttons where there is no room for them."""
        super().resizeEvent(event)
        self._follow()

    def _place_of(self, state: RewindState) -> int:
        if state.at is None:
            return len(state.steps)
        earlier = [at for at, step in enumerate(state.steps) if step <= state.at]
        return earlier[-1] if earlier else 0

    def _choose(self, _action: int) -> None:
        place, steps = self._slider.sliderPosition(), self._state.steps
        self.step_chosen.emit(steps[place] if place < len(steps) else None)

    def _follow(self) -> None:
        state = self._state
        at = state.at
        self._where.setText(tr("now") if at is None else tr("step {step}", step=grouped(at)))
        newest = tr("step {step}", step=grouped(state.steps[-1] if state.steps else 0))
        self._where.setMinimumWidth(self._where.fontMetrics().horizontalAdvance(newest) + 2)
        worded = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if self.width() >= ROOM_FOR_WORDS_PX
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in (self._back, self._fork):
            button.setVisible(at is not None)
            button.setToolButtonStyle(worded)
        self._fork.setEnabled(state.refusal is None)
        told = tr(
            "A new run goes on from here with what is set now. The run so far is made again up to "
            "this step, so that the same numbers can always be had again."
        )
        self._fork.setToolTip(str(state.refusal) if state.refusal is not None else told)
        self._slider.setAccessibleDescription(self._where.text())

    def _retell(self) -> None:
        """Say and colour everything again, as theme or language have changed."""
        self._picture.setPixmap(icon("rewind").pixmap(16, 16))
        tip = tr(
            "Rewind: look at the network as it was at an earlier step. Weights, answers and "
            "pictures follow; what is saved stays the newest."
        )
        self._slider.setToolTip(tip)
        self._picture.setToolTip(tip)
        self._slider.setAccessibleName(tr("Rewind"))
        for button, name, words in (
            (self._back, "step", tr("Back to now")),
            (self._fork, "plus", tr("Fork from here")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
            button.setIcon(icon(name))
        self._back.setToolTip(tr("Look at the newest weights again"))
        self._follow()


def _button() -> QToolButton:
    button = QToolButton()
    button.setFont(font(12, 500))
    button.setIconSize(QSize(14, 14))
    button.setFixedHeight(BUTTON_PX)
    # the frame of other tool buttons leaves no room for words in 22 pixels
    button.setStyleSheet("QToolButton { padding: 0 5px } QToolButton:focus { padding: 0 4px }")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
