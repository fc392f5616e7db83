"""Where the docks of a window lie: at first, after a resize, and while one of them fills it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QTabWidget,
)

from nnstudio.gui.main_window.dock import Dock
from nnstudio.gui.views.view import View

LEFT_PX: Final = 272
RIGHT_PX: Final = 328
LEFT_NARROW_PX: Final = 264
RIGHT_NARROW_PX: Final = 284
NARROW_PX: Final = 1200
# another one whenever a panel comes: an older layout would stack it under the others
LAYOUT_VERSION: Final = 3
DRAW_PX: Final = 462
DRAW_NARROW_PX: Final = 388
NO_DRAWING_PX: Final = 176
CHROME_PX: Final = 76
ELSEWHERE_PX: Final = 24
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


class Docks(QObject):
    """All docks of a window: their first arrangement, and which one is enlarged."""

    def __init__(self, window: QMainWindow, views: Iterable[View]) -> None:
        super().__init__(window)
        self._window = window
        self._before: QByteArray | None = None
        self._restored = False
        self._draws = True
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
        self._settle()
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

    def _settle(self) -> None:
        layout = self._window.layout()
        if layout is not None:
            # else the sizes of new places are not known yet
            layout.activate()

    def fit(self) -> None:
        """Give every column and row the size of the first start."""
        window = self._window
        self._width = window.width()
        self._kept = self._standard(self._width)
        middle = window.width() - sum(self._kept.values()) - 2
        inner = window.height() - CHROME_PX
        self._resize({"loss": middle // 2, "accuracy": middle // 2} | self._kept, _RIGHT)
        upper = round(inner * UPPER_SHARE)
        self._resize({"loss": upper, "weights": inner - upper}, _BELOW)
        self._fit_drawing(window.size())

    def follow(self, old: QSize, new: QSize) -> None:
        """Keep the outer columns as wide as they are when the window is resized."""
        known, self._width = self._width, new.width()
        if self._before is not None or old == new:
            return
        # the first event of a window that was never shown names no old width
        before, after = self._standard(known), self._standard(new.width())
        for name, width in self._kept.items():
            if width == before[name]:
                self._kept[name] = after[name]
        middle = new.width() - sum(self._kept.values()) - 2
        if not old.isValid() and not self._restored:
            # before it is shown for the first time nothing has the size that it will have
            QTimer.singleShot(0, self, self.fit)
            return
        self._resize(self._kept | {"weights": middle} | self._upper(middle), _RIGHT)
        self._fit_drawing(new)

    def _front_of(self, name: str) -> Dock | None:
        """Give the panel that is in front where the panel `name` lies."""
        dock = self._by_name.get(name)
        if dock is None:
            return None
        return next((one for one in self.sharing(dock) if one.seen), dock)

    def _upper(self, middle: int) -> dict[str, int]:
        """Give what the two places over the weights get of `middle`, in the shares they have."""
        left, right, below = (self._front_of(name) for name in ("loss", "accuracy", "weights"))
        if left is None or right is None or below is None or left.y() != right.y():
            return {}
        together = left.width() + right.width()
        # who has put them elsewhere keeps what he has made
        if (
            left.isFloating()
            or right.isFloating()
            or abs(together + 1 - below.width()) > ELSEWHERE_PX
        ):
            return {}
        share = round(middle * left.width() / max(together, 1))
        return {left.view.name: share, right.view.name: middle - share}

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
        drawing = drawing if self._draws else NO_DRAWING_PX
        below = window.height() - CHROME_PX - drawing
        self._resize({"draw": drawing, self._under_the_drawing: below}, _BELOW)

    def make_room_for_drawing(self, *, draws: bool) -> None:
        """Leave the place of the canvas to what lies under it while there is nothing to draw."""
        if draws != self._draws:
            self._draws = draws
            if self._before is None:
                self._fit_drawing(self._window.size())

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
        """Let one dock fill the window, or put everything back as it was; the focus stays."""
        focused = QApplication.focusWidget()
        self._enlarge(dock)
        if focused is not None and dock.isAncestorOf(focused):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enlarge(self, dock: Dock) -> None:
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
        self._restored = self._window.restoreState(state, LAYOUT_VERSION)
