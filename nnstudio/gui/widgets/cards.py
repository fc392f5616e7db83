"""Cards and what stands in them: wrapped words, a picture of an icon, a frame, one line."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QWidget

from nnstudio.gui.theme import font, icon, theme, themes

ICON_PX = 16
# wider lines cannot be read
WIDEST_PX = 640


class Words(QLabel):
    """Words that wrap, in a role and a weight; they can be marked and copied."""

    def __init__(self, words: str = "", *, role: str = "", px: int = 13, weight: int = 400) -> None:
        super().__init__(words)
        self._px, self._weight = px, weight
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._dress()
        themes.changed.connect(self._dress)

    def say(self, words: str) -> None:
        """Say something else; nothing takes no room."""
        if words != self.text():
            self.setText(words)
        if words and self.parentWidget() is None:
            # shown now it would be a window of its own; it comes with what it is put into
            self.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, on=False)
        else:
            self.setVisible(bool(words))

    def _dress(self) -> None:
        self.setFont(font(self._px, self._weight))


class Sign(QWidget):
    """An icon in the colour of a role."""

    def __init__(self, name: str, role: str, *, px: int = ICON_PX) -> None:
        super().__init__()
        self._name, self._role, self._px = name, role, px
        self.setFixedSize(px, px + 2)
        themes.changed.connect(self.update)

    def show_sign(self, name: str, role: str) -> None:
        """Show another one."""
        if (name, role) != (self._name, self._role):
            self._name, self._role = name, role
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        icon(self._name, self._role).paint(QPainter(self), 0, 1, self._px, self._px)


class Coloured(Words):
    """Words in the colour of a role of the theme."""

    def __init__(self, words: str = "", *, colour: str, px: int = 12, weight: int = 600) -> None:
        self._colour = colour
        super().__init__(words, px=px, weight=weight)

    def set_colour(self, colour: str) -> None:
        """Take another role."""
        if colour != self._colour:
            self._colour = colour
            self._dress()

    def _dress(self) -> None:
        super()._dress()
        self.setStyleSheet(f"color: {getattr(theme(), self._colour).name()}")


class Card(QWidget):
    """A frame with round corners around what is laid out in it; marked while it is pointed out."""

    def __init__(self) -> None:
        super().__init__()
        self._marked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        themes.changed.connect(self.update)

    @property
    def marked(self) -> bool:
        """Whether it is pointed out."""
        return self._marked

    def set_marked(self, *, marked: bool) -> None:
        """Point it out, or no longer."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.accent if self._marked else now.border, 2 if self._marked else 1))
        inset = 1.0 if self._marked else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)


class Row(QWidget):
    """One line: a sign, words that give way, and a value at the right; a click may unfold it."""

    def __init__(self, sign: str, role: str, words: str, value: str = "") -> None:
        super().__init__()
        self._sign, self._role, self._words, self._value = sign, role, words, value
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{words}: {value}" if value else words)
        self.setToolTip(words)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give the height of a line."""
        return QSize(120, 24)

    def event(self, event: QEvent) -> bool:
        """Say the words on hover only where they are cut."""
        if event.type() == QEvent.Type.ToolTip and not self._is_cut():
            event.ignore()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave it to what it stands in."""
        event.ignore()

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self._words) > self._room()

    def _room(self) -> float:
        value = self.fontMetrics().horizontalAdvance(self._value)
        return self.width() - 24.0 - (value + 12.0 if value else 0.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        now, painter = theme(), QPainter(self)
        icon(self._sign, self._role).paint(painter, 0, 4, ICON_PX, ICON_PX)
        painter.setFont(font(12))
        room = QRectF(24, 0, self._room(), self.height())
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(now.text2)
        shown = painter.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, int(left), shown)
        painter.setPen(now.text)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(self.rect()), int(right), self._value)


def clear(layout: QLayout) -> None:
    """Take every widget out of `layout`, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
