"""PinnedPreview: samples of a source stay in sight at the top while its settings are scrolled."""

from typing import Final
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.forms.writing_preview import COLUMNS, WritingPreview
from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.picture_strip import PictureStrip
from nnstudio.texts import tr

UNDER_PX: Final = 6


class PinnedPreview(QWidget):
    """The strip of a preview that has scrolled out of sight, as long as its rows are in sight.

    Knows the form that scrolls. It takes its room from the top of what scrolls, and what is seen
    stays where it is.
    """

    def __init__(self, form: QWidget, *, scroll: QScrollArea) -> None:
        super().__init__()
        self._form, self._scroll = form, scroll
        self._preview: WritingPreview | None = None
        self._known: WeakSet[WritingPreview] = WeakSet()
        self._settling = False
        # where rows are is known when they have been laid out
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._look)
        scroll.verticalScrollBar().valueChanged.connect(self._look)
        for watched in (form, scroll.viewport()):
            watched.installEventFilter(self)
        self.setObjectName("pinned")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.strip = PictureStrip(columns=COLUMNS, margins=(MARGIN_PX, GUTTER_PX))
        # by keyboard it is reached where it stands among the rows
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip.setToolTip(tr("Samples as they are written now; click for more of them."))
        self.strip.setAccessibleName(tr("Samples as they are written now; click for more of them."))
        self.strip.clicked.connect(self._show_more)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.strip)
        self.hide()
        themes.changed.connect(self._draw)
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the form or what is seen of it has another size."""
        if event.type() == QEvent.Type.Resize and not self._settling:
            self._later.start()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if self._settling:
            return
        wide = self._scroll.viewport().width()
        room = self.strip.heightForWidth(wide) + UNDER_PX
        bar = self._scroll.verticalScrollBar()
        top = bar.value() - (0 if self.isHidden() else self.height())
        self._preview = found = self._at(top, room)
        if found is not None:
            self.strip.show_pictures(found.strip.pictures)
            room = self.strip.heightForWidth(wide) + UNDER_PX
        if (found is None) == self.isHidden():
            return
        self._settling = True
        # as wide as the strip below it: the gutter is the scroll bar's
        self._column.setContentsMargins(0, 0, self._scroll.width() - wide, UNDER_PX)
        self.setFixedHeight(room)
        self.setVisible(found is not None)
        around = self.parentWidget()
        layout = None if around is None else around.layout()
        if layout is not None:
            layout.activate()
        bar.setValue(top + (0 if found is None else room))
        self._settling = False

    def _at(self, top: int, room: int) -> WritingPreview | None:
        """Give the preview above `top` of the form whose rows reach below what this would hide."""
        for preview in self._form.findChildren(WritingPreview):
            if preview not in self._known:
                self._known.add(preview)
                preview.drawn.connect(self._look)
            rows = preview.parentWidget()
            if rows is None or not preview.isVisibleTo(self._form):
                continue
            begin = preview.mapTo(self._form, QPoint(0, 0)).y()
            end = rows.mapTo(self._form, QPoint(0, rows.height())).y()
            if begin < top and end > top + room:
                return preview
        return None

    def _show_more(self) -> None:
        if self._preview is not None:
            self._preview.show_more(beside=self)

    def _draw(self) -> None:
        self.setStyleSheet(f"#pinned {{ border-bottom: 1px solid {theme().line.name()} }}")
