"""Tabs as the titles of panels that share a place; the one in front is underlined.

Those that have no room are in a menu at the end; the one in front always has room.
"""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import icon, theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of
from nnstudio.texts import tr

GAP_PX = 24
LINE_PX = 2
SMALLEST_TAB_PX = 40
ICON_PX = 12
# in place of a number, what is hovered when that is the menu
MORE = -1


class TabStrip(QWidget):
    """Titles side by side, one of them chosen; tells which one is wished by its number.

    Titles that have no room are offered in a menu behind the last one that has, which a click or
    the down key opens.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._titles: tuple[str, ...] = ()
        self._chosen = 0
        self._hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.updateGeometry)
        themes.changed.connect(self.update)

    @property
    def titles(self) -> tuple[str, ...]:
        """What the tabs are called."""
        return self._titles

    def show_tabs(self, titles: Sequence[str], chosen: int) -> None:
        """Show `titles`, the one of number `chosen` in front."""
        if (tuple(titles), chosen) != (self._titles, self._chosen):
            self._titles, self._chosen = tuple(titles), chosen
            self.setAccessibleName(", ".join(self._titles))
            self.setAccessibleDescription(self._titles[chosen])
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Give room for every title."""
        return QSize(ceil(sum(self._widths())) + GAP_PX * len(self._titles), 40)

    def minimumSizeHint(self) -> QSize:
        """Give room for the one in front and for the menu of the others."""
        several = len(self._titles) > 1
        return QSize(SMALLEST_TAB_PX + (round(self._more_width()) + GAP_PX if several else 0), 24)

    @property
    def shown(self) -> tuple[int, ...]:
        """Numbers of the tabs that have room, in the order of their places."""
        widths = self._widths()
        if sum(widths) + GAP_PX * len(widths) <= self.width():
            return tuple(range(len(widths)))
        room = self.width() - self._more_width() - widths[self._chosen] - GAP_PX
        others = []
        for number, width in enumerate(widths):
            if number != self._chosen:
                room -= width + GAP_PX
                if room < 0:
                    break
                others.append(number)
        return tuple(sorted((*others, self._chosen)))

    @property
    def behind(self) -> tuple[int, ...]:
        """Numbers of the tabs that are in the menu, because they have no room."""
        shown = self.shown
        return tuple(number for number in range(len(self._titles)) if number not in shown)

    def _widths(self) -> list[float]:
        return [width_of(title, 13, 600) + 2 for title in self._titles]

    def _more_width(self) -> float:
        return width_of(self._more_word(), 13, 500) + 4 + ICON_PX

    def _more_word(self) -> str:
        # as wide as it gets, so that its width does not depend on how many have room
        return f"+{max(len(self._titles) - 1, 0)}"

    def _boxes(self) -> dict[int, QRectF]:
        widths, shown = self._widths(), self.shown
        hidden = len(shown) < len(widths)
        most = self.width() - (self._more_width() + GAP_PX if hidden else 0)
        boxes, left = {}, 0.0
        for number in shown:
            width = max(1.0, min(widths[number], most - left))
            boxes[number] = QRectF(left, 0, width, self.height())
            left += width + GAP_PX
        return boxes

    def _more_box(self) -> QRectF | None:
        if not self.behind:
            return None
        right = max(box.right() for box in self._boxes().values())
        return QRectF(right + GAP_PX, 0, self._more_width(), self.height())

    def _at(self, x: float) -> int | None:
        half = GAP_PX / 2
        for number, box in self._boxes().items():
            if box.left() - half <= x < box.right() + half:
                return number
        return None

    def _is_more(self, x: float) -> bool:
        box = self._more_box()
        return box is not None and box.left() - GAP_PX / 2 <= x < box.right() + GAP_PX / 2

    def open_more(self) -> None:
        """Open the menu of the tabs that have no room."""
        box = self._more_box()
        if box is not None:
            self.fill_more(menu := QMenu(self))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.mapToGlobal(QPoint(round(box.left()), self.height() - 4)))

    def fill_more(self, menu: QMenu) -> None:
        """Put an entry for every tab that has no room into `menu`."""
        for number in self.behind:
            entry = menu.addAction(self._titles[number])
            entry.triggered.connect(lambda _=False, number=number: self.picked.emit(number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the tab under the pointer, or open the menu; elsewhere the panel is dragged."""
        number = self._at(event.position().x())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._is_more(event.position().x()):
            self.open_more()
        elif number is None or number == self._chosen or not left:
            event.ignore()
        else:
            self.picked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would pick."""
        x = event.position().x()
        hovered = MORE if self._is_more(x) else self._at(x)
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        event.ignore()

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x = event.pos().x()
            number = self._at(x)
            words = "" if number is None else self._titles[number]
            if self._is_more(x):
                titles = ", ".join(self._titles[one] for one in self.behind)
                words = tr("More panels here: {titles}", titles=titles)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def leaveEvent(self, _event: object) -> None:
        """Forget the pointer."""
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick a neighbour with the arrows; open the menu with the arrow down."""
        if event.key() == Qt.Key.Key_Down and self.behind:
            self.open_more()
            return
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        elif 0 <= self._chosen + turn < len(self._titles):
            self.picked.emit(self._chosen + turn)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the titles, and the line under the one in front."""
        now, painter = theme(), QPainter(self)
        boxes = self._boxes()
        place = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, box in boxes.items():
            title, chosen = self._titles[number], number == self._chosen
            painter.setFont(font_of(13, 600 if chosen else 500))
            painter.setPen(now.text if chosen or number == self._hovered else now.text2)
            shown = painter.fontMetrics().elidedText(
                title, Qt.TextElideMode.ElideRight, int(box.width()) + 1
            )
            painter.drawText(box.adjusted(0, 0, 2, 0), place, shown)
            if chosen:
                bottom = self.height() - LINE_PX
                painter.fillRect(QRectF(box.left(), bottom, box.width(), LINE_PX), now.accent)
        more = self._more_box()
        if more is not None:
            painter.setFont(font_of(13, 500))
            painter.setPen(now.text if self._hovered == MORE else now.text2)
            painter.drawText(more, place, f"+{len(self.behind)}")
            at = QRectF(more.right() - ICON_PX, more.center().y() - ICON_PX / 2, ICON_PX, ICON_PX)
            icon("chevron-down").paint(painter, at.toRect())
        if self.hasFocus() and self._titles:
            box = boxes[self._chosen].adjusted(-6, 6, 6, -6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(box, 4, 4)
