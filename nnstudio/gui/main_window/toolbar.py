"""The bar at the top: what is trained, the one bright button, and how far the run is."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from nnstudio.gui.actions import Actions
from nnstudio.gui.main_window.case_menu import fill_case_menu
from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.gui.widgets.numerals import duration, grouped, speed, time_left
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.texts import tr
from nnstudio.training.snapshot import RunState, Snapshot

HEIGHT_PX: Final = 48
NARROW_PX: Final = 1200
NAME_PX: Final = 316
NAME_NARROW_PX: Final = 224
# arrow and edges of the button beside its words
NAME_FRAME_PX: Final = 44
# Widths of labels whose words change all the time: a layout of the whole window takes 3 ms.
STEP_PX: Final = 12


class Toolbar(QWidget):
    """The user sees the name, Train and its neighbours, the progress; it knows the actions."""

    case_chosen = Signal(str)
    settings_requested = Signal()

    def __init__(self, actions: Actions, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.menu_button = IconButton("menu", tr("Menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name = QToolButton()
        self._name.setFont(font(13, 600))
        self._name.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._name.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._cases = QMenu(self._name)
        self._cases.aboutToShow.connect(
            lambda: fill_case_menu(self._cases, actions, self.case_chosen.emit, opened=self.opened)
        )
        self._name.setMenu(self._cases)
        self._opened = ("", False)
        # as wide for every name, or Train would wander
        self._place = QWidget()
        place = QHBoxLayout(self._place)
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self._name)
        place.addStretch(1)
        self._train = _PrimaryButton(actions["train"])
        self._running = [_button(actions[key]) for key in ("step", "stop", "restart")]
        self._epoch = _label(font(13, 500))
        self._bar = ProgressLine()
        self._bar.setAccessibleName(tr("Progress of the run"))
        self._left = _label(font(12))
        self._speed = _label(font(12))
        for label in (self._left, self._speed):
            label.setProperty("role", "second")
        self._speed_line = _line()
        self._settings = IconButton("settings", tr("Settings"))
        self._settings.clicked.connect(self.settings_requested)
        self._lay_out(actions)
        self._narrow: bool | None = None
        self.show_progress(None)
        themes.changed.connect(self._draw)
        self._draw()

    @property
    def settings_button(self) -> QWidget:
        """The button under which the settings open."""
        return self._settings

    @property
    def opened(self) -> str:
        """What is trained, by the name that it was opened with."""
        return self._opened[0]

    def show_name(self, name: str, *, changed: bool = False) -> None:
        """Show what is trained, and whether its settings are others by now."""
        self._opened = (name, changed)
        self._fit_name()

    def _fit_name(self) -> None:
        name, changed = self._opened
        whole = tr("{case} · changed", case=name) if changed else name
        metrics = self._name.fontMetrics()
        room = self._place.width() - NAME_FRAME_PX
        shown = whole
        if metrics.horizontalAdvance(whole) > room:
            # the name gives way, not that it was changed
            rest = metrics.horizontalAdvance(whole) - metrics.horizontalAdvance(name)
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(room - rest, 0))
            shown = tr("{case} · changed", case=cut) if changed else cut
        self._name.setText(shown)
        tip = tr("Choose what to train")
        self._name.setToolTip(tip if shown == whole else f"{whole}\n{tip}")
        self._name.setAccessibleName(tr("What is trained: {name}", name=whole))

    def show_progress(self, snapshot: Snapshot | None) -> None:
        """Show how far a run is; None hides it."""
        shown = snapshot is not None and snapshot.step > 0
        share = _share(snapshot) if snapshot is not None and shown else None
        for widget in (self._epoch, self._left):
            widget.setVisible(shown)
        self._bar.setVisible(share is not None)
        self._show_speed(snapshot if shown else None)
        if snapshot is None or not shown:
            return
        _say(self._epoch, _position(snapshot))
        self._bar.show_share(share or 0.0)
        _say(self._left, _rest(snapshot))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the words where there is no room for them."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        if narrow != self._narrow:
            self._narrow = narrow
            style = (
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if narrow
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )
            for button in self._running:
                button.setToolButtonStyle(style)
            self._bar.setFixedWidth(88 if narrow else 160)
            self._place.setFixedWidth(NAME_NARROW_PX if narrow else NAME_PX)
            self._fit_name()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line under it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().chrome)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)

    def _show_speed(self, snapshot: Snapshot | None) -> None:
        known = snapshot.samples_per_second if snapshot is not None else None
        shown = known is not None
        self._speed.setVisible(shown)
        self._speed_line.setVisible(shown)
        if known is not None:
            _say(self._speed, speed(known))

    def _lay_out(self, actions: Actions) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 1)
        row.setSpacing(8)
        for widget in (self.menu_button, self._place, _line(), self._train, *self._running):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self._epoch, self._bar, self._left, self._speed_line, self._speed, _line()):
            row.addWidget(widget)
        for key in ("undo", "redo", "palette"):
            button = _button(actions[key])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFixedSize(28, 28)
            row.addWidget(button)
        row.addWidget(self._settings)

    def _draw(self) -> None:
        self._name.setIcon(icon("chevron-down"))
        self.update()


class _PrimaryButton(QPushButton):
    """The one bright button; it looks like its action and does it."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._action = action
        self.setProperty("role", "primary")
        self.setFont(font(13, 500))
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(92)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setIcon(self._action.icon())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(16, 16))
    button.setFont(font(13, 500))
    # a click must not take the keyboard away from where it was: Space would press the button again
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFixedHeight(28)
    return button


def _label(shown_in: QFont) -> QLabel:
    label = QLabel()
    label.setFont(shown_in)
    return label


def _say(label: QLabel, words: str) -> None:
    """Show words that change all the time; a label of fixed size lays nothing out again."""
    if words == label.text():
        return
    needed = -(-label.fontMetrics().horizontalAdvance(words) // STEP_PX) * STEP_PX
    if not needed <= label.minimumWidth() <= needed + STEP_PX:
        label.setFixedSize(needed, label.fontMetrics().height())
    label.setText(words)


def _line() -> QFrame:
    line = QFrame()
    line.setFixedSize(1, 20)
    line.setFrameShape(QFrame.Shape.NoFrame)
    line.setProperty("role", "line")
    return line


def _share(snapshot: Snapshot) -> float | None:
    if not snapshot.total_steps:
        return None
    return min(1.0, snapshot.step / snapshot.total_steps)


def _position(snapshot: Snapshot) -> str:
    per_epoch = snapshot.steps_per_epoch
    if not per_epoch:
        return tr("Step {step}", step=grouped(snapshot.step))
    epoch = grouped(max(1, snapshot.epoch))
    if not snapshot.total_steps:
        return tr("Epoch {epoch}", epoch=epoch)
    epochs = -(-snapshot.total_steps // per_epoch)
    return tr("Epoch {epoch} / {epochs}", epoch=epoch, epochs=grouped(epochs))


def _rest(snapshot: Snapshot) -> str:
    if snapshot.state is RunState.RUNNING:
        if snapshot.seconds_left is None:
            return ""
        return tr("{time} left", time=time_left(snapshot.seconds_left))
    if snapshot.seconds is not None and snapshot.state.ended:
        return tr("in {time}", time=duration(snapshot.seconds))
    return tr("Paused") if snapshot.state is RunState.PAUSED else ""
