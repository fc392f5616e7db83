"""MenuChoice: several choices in one field, for where there is no room for a field of each."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from nnstudio.gui.widgets.select import Select

LEAST_PX: Final = 84
MOST_PX: Final = 180


class Offer(NamedTuple):
    """One of the choices: what it is called, its pairs of key and title, and who is told."""

    title: str
    items: Sequence[tuple[str, str]]
    key: str
    choose: Callable[[str], None]


class MenuChoice(Select):
    """Looks like a list that drops down, and opens a menu with a part for every choice.

    Knows the offers. Its words are what is chosen, without those of which all is shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self._offers: tuple[Offer, ...] = ()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Offer these; the first is always said, of the others what is not all (an empty key)."""
        self._offers = tuple(offers)
        chosen = [
            dict(one.items).get(one.key, "") for at, one in enumerate(offers) if one.key or not at
        ]
        words = " · ".join(chosen)
        self.set_items([(words, words)])
        self.setAccessibleDescription(words)

    def minimumSizeHint(self) -> QSize:
        """Give room for a word: the rest is elided."""
        return QSize(LEAST_PX, self.height())

    def sizeHint(self) -> QSize:
        """Give the room for its words, within a bound."""
        return QSize(min(super().sizeHint().width(), MOST_PX), self.height())

    def showPopup(self) -> None:
        """Open the menu in place of the list."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def fill_menu(self, menu: QMenu) -> None:
        """Put every choice into `menu`: the first as it is, the others as menus of their own."""
        for at, offer in enumerate(self._offers):
            inner = menu.addMenu(offer.title) if at else menu
            group = QActionGroup(menu)
            for key, title in offer.items:
                # an & in a name is no underline
                entry = inner.addAction(title.replace("&", "&&"))
                entry.setCheckable(True)
                entry.setChecked(key == offer.key)
                entry.triggered.connect(lambda _=False, key=key, one=offer: one.choose(key))
                group.addAction(entry)
            if not at:
                menu.addSeparator()
