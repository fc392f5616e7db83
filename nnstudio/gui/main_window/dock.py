"""Dock: one view with a header of ours: moved, tabbed, floated, closed and brought back."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QMenu, QScrollArea, QSizeGrip, QToolButton

from nnstudio.gui.theme import theme
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.panel_header import IconButton, PanelHeader
from nnstudio.texts import tr

FLOAT_PX: Final = 24
SMALLEST_ROOM: Final = QSize(176, 144)


class _Room(QScrollArea):
    """What a view lies in: a place too small for it is scrolled, so that nothing is cut off."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(view)
        for ground in (self.viewport(), view):
            ground.setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the view into the new place."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the view again when it needs more or less than before."""
        done = super().eventFilter(watched, event)
        if watched is self._view and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        # not by setWidgetResizable: that takes the height which wrapped words would like as needed
        self._view.resize(self.viewport().size().expandedTo(self._view.minimumSizeHint()))

    def minimumSizeHint(self) -> QSize:
        """Give what the view needs, up to a bound."""
        return self._view.minimumSizeHint().boundedTo(SMALLEST_ROOM)


class Dock(QDockWidget):
    """One view with its header; the user drags the header; it knows only that view."""

    enlarge_requested = Signal(object)

    def __init__(self, view: View) -> None:
        super().__init__(tr(view.title))
        self.view = view
        self.setObjectName(view.name)
        self.setWidget(_Room(view))
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.header = header = PanelHeader(tr(view.title))
        for widget in view.header_widgets():
            header.add(widget)
        self._enlarge = IconButton("expand", tr("Enlarge this panel"))
        self._enlarge.clicked.connect(lambda: self.enlarge_requested.emit(self))
        header.add(self._enlarge)
        # not before it has a place: what is shown without a parent is a window of its own
        self._enlarge.setVisible(view.enlargeable)
        self._more = IconButton("dots", tr("More about this panel"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        header.add(self._more)
        self.setTitleBarWidget(header)
        view.retitled.connect(header.set_title)
        view.retitled.connect(self.setWindowTitle)
        self._grip = QSizeGrip(self)
        self._grip.resize(self._grip.sizeHint())
        self._grip.hide()
        self.topLevelChanged.connect(self._follow_floating)
        self.enlarged = False
        self._in_front = True
        self.visibilityChanged.connect(self._follow_tab)

    @property
    def seen(self) -> bool:
        """Whether any of it can be seen: not closed, not behind another tab, not minimised."""
        return self._in_front and self.view.isVisible() and not self.window().isMinimized()

    def float_or_dock(self) -> None:
        """Lift the panel out of the window, a little aside so that it is seen, or put it back."""
        corner = self.mapToGlobal(QPoint(FLOAT_PX, FLOAT_PX))
        self.setFloating(not self.isFloating())
        if self.isFloating():
            self.move(corner)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the handle for resizing in its corner."""
        super().resizeEvent(event)
        self._grip.move(self.rect().bottomRight() - self._grip.rect().bottomRight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a frame around a panel that floats; the style sheet leaves room for it."""
        super().paintEvent(event)
        if self.isFloating():
            painter = QPainter(self)
            painter.setPen(theme().line)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _follow_floating(self, floating: bool) -> None:  # noqa: FBT001 - as below
        self._grip.setVisible(floating)
        self._grip.raise_()

    def _follow_tab(self, visible: bool) -> None:  # noqa: FBT001 - Qt's signal gives it so
        # Qt tells false for what is behind another tab, although it is "visible" there
        self._in_front = visible

    def set_enlarged(self, *, enlarged: bool) -> None:
        """Show that the panel fills the window, or no longer does."""
        self.enlarged = enlarged
        self._enlarge.set_icon("collapse" if enlarged else "expand")
        self._enlarge.set_tooltip(tr("Back to its size") if enlarged else tr("Enlarge this panel"))

    def _fill_menu(self) -> None:
        self._menu.clear()
        self.view.fill_menu(self._menu)
        if not self._menu.isEmpty():
            self._menu.addSeparator()
        self._menu.addAction(tr("Dock") if self.isFloating() else tr("Float")).triggered.connect(
            self.float_or_dock
        )
        self._menu.addAction(tr("Close")).triggered.connect(self.close)
