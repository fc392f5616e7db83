"""Every panel is a dock with a header of ours: moved, tabbed, floated, closed and brought back."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QMainWindow,
    QMenu,
    QScrollArea,
    QSizeGrip,
    QTabWidget,
    QToolButton,
)

from nnstudio.gui.theme import theme
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.panel_header import IconButton, PanelHeader
from nnstudio.texts import tr

LEFT_PX: Final = 272
RIGHT_PX: Final = 328
LEFT_NARROW_PX: Final = 264
RIGHT_NARROW_PX: Final = 284
NARROW_PX: Final = 1200
# another one whenever a panel comes: an older layout would stack it under the others
LAYOUT_VERSION: Final = 3
DRAW_PX: Final = 462
DRAW_NARROW_PX: Final = 388
CHROME_PX: Final = 76
FLOAT_PX: Final = 24
SMALLEST_ROOM: Final = QSize(176, 144)
UPPER_SHARE: Final = 0.42

_RIGHT: Final = Qt.Orientation.Horizontal
_BELOW: Final = Qt.Orientation.Vertical


class Place(NamedTuple):
    """Where panels lie at the first start: the first of `names` in front, the others behind it.

    The place lies beside that of the panel named `beside`; the first place has nothing beside it.
    """

    names: tuple[str, ...]
    beside: str
    side: Qt.Orientation


# a view that no place names lies behind the weights; a name without a view is passed over
ARRANGEMENT: Final = (
    Place(("experiment",), "", _RIGHT),
    Place(("loss",), "experiment", _RIGHT),
    Place(("draw",), "loss", _RIGHT),
    Place(
        ("weights", "units", "gradients", "confusion", "mistakes", "network", "one_step"),
        "loss",
        _BELOW,
    ),
    Place(("accuracy", "data", "range_test", "explorer"), "loss", _RIGHT),
    Place(("doctor", "runs", "guide"), "draw", _BELOW),
)


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
        self._enlarge.setVisible(view.enlargeable)
        header.add(self._enlarge)
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


class Docks(QObject):
    """All docks of a window: their first arrangement, and which one is enlarged."""

    def __init__(self, window: QMainWindow, views: Iterable[View]) -> None:
        super().__init__(window)
        self._window = window
        self._before: QByteArray | None = None
        self._by_name = {view.name: Dock(view) for view in views}
        window.setDockNestingEnabled(True)
        window.setAnimated(False)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._tabs_due = QTimer(self)
        self._tabs_due.setSingleShot(True)
        self._tabs_due.setInterval(0)
        self._tabs_due.timeout.connect(self._show_tabs)
        for dock in self:
            dock.enlarge_requested.connect(self.enlarge)
            dock.header.tabs.picked.connect(partial(self._pick, dock))
            for changed in (
                dock.visibilityChanged,
                dock.dockLocationChanged,
                dock.topLevelChanged,
                dock.windowTitleChanged,
            ):
                changed.connect(self._tabs_due.start)
        self._width = 0
        self._kept = self._standard(window.width())
        for name in self._kept:
            self._by_name[name].installEventFilter(self)

    def __iter__(self) -> Iterator[Dock]:
        """Go through the docks in the order of the View menu."""
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Dock:
        """Give the dock of the view of this name."""
        return self._by_name[name]

    def get(self, name: str) -> Dock | None:
        """Give the dock of the view of this name, if there is such a view."""
        return self._by_name.get(name)

    def bring(self, name: str) -> None:
        """Bring a panel to the front, closed or not; nothing where there is no such panel."""
        dock = self._by_name.get(name)
        if dock is not None:
            dock.show()
            dock.raise_()

    @property
    def enlarged(self) -> Dock | None:
        """The dock that fills the window, if one does."""
        return next((one for one in self if one.enlarged), None)

    def sharing(self, dock: Dock) -> tuple[Dock, ...]:
        """Give the docks that share a place with `dock`, itself among them."""
        beside = self._window.tabifiedDockWidgets(dock)
        there = [one for one in self if one is dock or (one in beside and not one.isHidden())]
        order = [name for place in ARRANGEMENT for name in place.names]
        # in the order of the first arrangement; what no place names comes last
        there.sort(key=lambda one: (*order, one.view.name).index(one.view.name))
        return tuple(there)

    def _show_tabs(self) -> None:
        # the window's own bars of tabs have no height: tabs stand in the header, as titles do
        for dock in self:
            together = self.sharing(dock)
            titles = tuple(one.header.title for one in together)
            dock.header.show_tabs(titles, together.index(dock))

    def _pick(self, dock: Dock, number: int) -> None:
        wanted = self.sharing(dock)[number]
        by_key = dock.header.tabs.hasFocus()
        wanted.raise_()
        if by_key:
            wanted.header.tabs.setFocus(Qt.FocusReason.TabFocusReason)

    def arrange(self) -> None:
        """Put every dock where it is at the first start."""
        self._before = None
        for dock in self:
            dock.set_enlarged(enlarged=False)
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        for place in ARRANGEMENT:
            self._fill(place)
        layout = self._window.layout()
        if layout is not None:
            # else the sizes of the new places are not known yet
            layout.activate()
        self.fit()

    def _fill(self, place: Place) -> None:
        there = [dock for name in place.names if (dock := self._by_name.get(name)) is not None]
        if "weights" in place.names:
            arranged = {name for each in ARRANGEMENT for name in each.names}
            there += [dock for dock in self if dock.view.name not in arranged]
        for at, dock in enumerate(there):
            neighbour = self._by_name.get(place.beside)
            if at > 0:
                self._window.tabifyDockWidget(there[at - 1], dock)
            elif neighbour is not None:
                self._window.splitDockWidget(neighbour, dock, place.side)
            else:
                self._window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
            dock.show()
        if there:
            there[0].raise_()

    def fit(self) -> None:
        """Give every column and row the size of the first start."""
        window = self._window
        self._kept = self._standard(window.width())
        middle = window.width() - sum(self._kept.values()) - 2
        inner = window.height() - CHROME_PX
        self._resize({"loss": middle // 2, "accuracy": middle // 2} | self._kept, _RIGHT)
        upper = round(inner * UPPER_SHARE)
        self._resize({"loss": upper, "weights": inner - upper}, _BELOW)
        self._fit_drawing(window.size())

    def follow(self, old: QSize, new: QSize) -> None:
        """Keep the outer columns as wide as they are when the window is resized."""
        self._width = new.width()
        if self._before is not None or old == new:
            return
        before, after = self._standard(old.width()), self._standard(new.width())
        for name, width in self._kept.items():
            if width == before[name]:
                self._kept[name] = after[name]
        middle = new.width() - sum(self._kept.values()) - 2
        self._resize(self._kept | {"weights": middle}, _RIGHT)
        self._fit_drawing(new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Learn how wide the user makes the outer columns."""
        if (
            event.type() == QEvent.Type.Resize
            and isinstance(watched, Dock)
            and self._before is None
            and not watched.isFloating()
            # a separator is being dragged; nothing else resizes a dock under a pressed button
            and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
            and self._window.width() == self._width
        ):
            self._kept[watched.view.name] = watched.width()
        return super().eventFilter(watched, event)

    def _fit_drawing(self, window: QSize) -> None:
        drawing = DRAW_NARROW_PX if window.width() < NARROW_PX else DRAW_PX
        below = window.height() - CHROME_PX - drawing
        self._resize({"draw": drawing, self._under_the_drawing: below}, _BELOW)

    @property
    def _under_the_drawing(self) -> str:
        names = next(place.names for place in ARRANGEMENT if place.beside == "draw")
        return next((name for name in names if name in self._by_name), "")

    def _standard(self, window_width: int) -> dict[str, int]:
        narrow = window_width < NARROW_PX
        columns = {
            "experiment": LEFT_NARROW_PX if narrow else LEFT_PX,
            "draw": RIGHT_NARROW_PX if narrow else RIGHT_PX,
        }
        return {name: width for name, width in columns.items() if name in self._by_name}

    def _resize(self, sizes: Mapping[str, int], direction: Qt.Orientation) -> None:
        there = [
            (dock, size)
            for name, size in sizes.items()
            if (dock := self._by_name.get(name)) is not None
            and not dock.isFloating()
            and not dock.isHidden()
        ]
        self._window.resizeDocks([dock for dock, _ in there], [px for _, px in there], direction)

    def enlarge(self, dock: Dock) -> None:
        """Let one dock fill the window, or put everything back as it was."""
        if self._before is not None:
            self._window.restoreState(self._before, LAYOUT_VERSION)
            self._before = None
            for one in self:
                one.set_enlarged(enlarged=False)
            return
        self._before = self._window.saveState(LAYOUT_VERSION)
        for one in self:
            one.setVisible(one is dock)
        dock.set_enlarged(enlarged=True)
        dock.show()

    def layout_state(self) -> QByteArray:
        """Give how the docks lie, as it is kept for the next start; none of them enlarged."""
        return self._before or self._window.saveState(LAYOUT_VERSION)

    def restore(self, state: QByteArray) -> None:
        """Put the docks where they lay when `state` was kept."""
        self._window.restoreState(state, LAYOUT_VERSION)
