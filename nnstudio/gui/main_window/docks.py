"""Every panel is a dock with a header of ours: moved, tabbed, floated, closed and brought back."""

from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabWidget, QToolButton

from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.panel_header import IconButton, PanelHeader
from nnstudio.texts import tr

LEFT_PX: Final = 272
RIGHT_PX: Final = 328
LEFT_NARROW_PX: Final = 264
RIGHT_NARROW_PX: Final = 284
NARROW_PX: Final = 1200
DRAW_PX: Final = 462

# name, what it is put beside, and on which side; the first one has nothing beside it
_RIGHT: Final = Qt.Orientation.Horizontal
_BELOW: Final = Qt.Orientation.Vertical
ARRANGEMENT: Final = (
    ("experiment", "", _RIGHT),
    ("loss", "experiment", _RIGHT),
    ("draw", "loss", _RIGHT),
    ("weights", "loss", _BELOW),
    ("accuracy", "loss", _RIGHT),
    ("runs", "draw", _BELOW),
)


class Dock(QDockWidget):
    """One view with its header; the user drags the header; it knows only that view."""

    enlarge_requested = Signal(object)

    def __init__(self, view: View) -> None:
        super().__init__(tr(view.title))
        self.view = view
        self.setObjectName(view.name)
        self.setWidget(view)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        header = PanelHeader(tr(view.title))
        for widget in view.header_widgets():
            header.add(widget)
        self._enlarge = IconButton("expand", tr("Enlarge this panel"))
        self._enlarge.clicked.connect(lambda: self.enlarge_requested.emit(self))
        self._enlarge.setVisible(view.enlargeable)
        header.add(self._enlarge)
        self._more = IconButton("dots", tr("More about this panel"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        header.add(self._more)
        self.setTitleBarWidget(header)
        self.enlarged = False
        self._in_front = True
        self.visibilityChanged.connect(self._follow_tab)

    @property
    def seen(self) -> bool:
        """Whether any of it can be seen: not closed, not behind another tab, not minimised."""
        return self._in_front and self.view.isVisible() and not self.window().isMinimized()

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
            lambda: self.setFloating(not self.isFloating())
        )
        self._menu.addAction(tr("Close")).triggered.connect(self.close)


class Docks(QObject):
    """All docks of a window: their first arrangement, and which one is enlarged."""

    def __init__(self, window: QMainWindow, views: Iterable[View]) -> None:
        super().__init__(window)
        self._window = window
        self._before: QByteArray | None = None
        self._by_name = {view.name: Dock(view) for view in views}
        window.setDockNestingEnabled(True)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for dock in self:
            dock.enlarge_requested.connect(self.enlarge)

    def __iter__(self) -> Iterator[Dock]:
        """Go through the docks in the order of the View menu."""
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Dock:
        """Give the dock of the view of this name."""
        return self._by_name[name]

    def get(self, name: str) -> Dock | None:
        """Give the dock of the view of this name, if there is such a view."""
        return self._by_name.get(name)

    def arrange(self) -> None:
        """Put every dock where it is at the first start."""
        self._before = None
        for dock in self:
            dock.set_enlarged(enlarged=False)
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for name, beside, direction in ARRANGEMENT:
            if name not in self._by_name:
                continue
            dock = self._by_name[name]
            if beside:
                self._window.splitDockWidget(self._by_name[beside], dock, direction)
            else:
                self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
            dock.show()
        self.fit()

    def fit(self) -> None:
        """Give the outer columns their width and the middle the rest."""
        width, height = self._window.width(), self._window.height()
        narrow = width < NARROW_PX
        left = LEFT_NARROW_PX if narrow else LEFT_PX
        right = RIGHT_NARROW_PX if narrow else RIGHT_PX
        middle = width - left - right - 2
        resize = self._window.resizeDocks
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        resize(
            [self["experiment"], self["loss"], self["accuracy"], self["draw"]],
            [left, middle // 2, middle // 2, right],
            across,
        )
        inner = height - 48 - 28
        if "weights" in self._by_name:
            resize(
                [self["loss"], self["weights"]], [round(inner * 0.42), round(inner * 0.58)], down
            )
        resize([self["draw"], self["runs"]], [DRAW_PX, inner - DRAW_PX], down)

    def enlarge(self, dock: Dock) -> None:
        """Let one dock fill the window, or put everything back as it was."""
        if self._before is not None:
            self._window.restoreState(self._before)
            self._before = None
            for one in self:
                one.set_enlarged(enlarged=False)
            return
        self._before = self._window.saveState()
        for one in self:
            one.setVisible(one is dock)
        dock.set_enlarged(enlarged=True)
        dock.show()

    def layout_state(self, version: int) -> QByteArray:
        """Give how the docks lie, as it is kept for the next start."""
        if self._before is not None:
            self.enlarge(next(iter(self)))
        return self._window.saveState(version)

    def follow(self, old: QSize, new: QSize) -> None:
        """Answer a window that was resized."""
        if old.width() != new.width() and self._before is None:
            self.fit()
