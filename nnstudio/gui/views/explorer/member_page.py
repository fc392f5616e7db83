"""MemberPage: a family whose members are drawn one at a time, or all of them small.

The list is that of the setting, so a new member appears by itself; what is in use is marked.
"""

from typing import Any, Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.forms.spec_form import SpecForm
from nnstudio.gui.theme import themes
from nnstudio.gui.views.explorer.gallery import Exhibit, Gallery
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scene import Readout
from nnstudio.gui.widgets.plot.small_plot import Sketch
from nnstudio.gui.widgets.select import Select
from nnstudio.spec import Setting, describe, kind_of, title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

ALL: Final = "all"
WIDE_PX: Final = 560
FORM_PX: Final = 272


class MemberPage(Page):
    """Members of one union, with their settings beside the plot or under it.

    Knows a value of each kind: what is in use, what a person made of it here, else the default.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._members = {kind_of(cls): cls for cls in setting.members}
        self._values: dict[str, Any] = {kind: cls() for kind, cls in self._members.items()}
        self._used: tuple[Any, ...] = ()
        self._kind = next(iter(self._members))
        self._followed = True
        # of this page until a header takes them: a button without a parent is a window
        self.members = Select(parent=self)
        self.members.chosen.connect(self._choose)
        self.settings = IconButton("settings", tr("Its settings"), parent=self)
        self.settings.setCheckable(True)
        self.settings.clicked.connect(self._arrange)
        self.plot = LinePlot(self.read, follow=tr("Show all"))
        self.plot.view_changed.connect(self._draw_one)
        self.gallery = Gallery()
        self.gallery.picked.connect(self._choose)
        self.extra = QHBoxLayout()
        self.extra.setSpacing(8)
        self._form: SpecForm | None = None
        self._form_room = QScrollArea()
        self._form_room.setFrameShape(QFrame.Shape.NoFrame)
        self._form_room.setWidgetResizable(True)
        self._form_room.viewport().setAutoFillBackground(False)
        one = QWidget()
        self._one = QBoxLayout(QBoxLayout.Direction.LeftToRight, one)
        self._one.setContentsMargins(0, 0, 0, 0)
        self._one.setSpacing(8)
        self._one.addWidget(self.plot, 1)
        self._one.addWidget(self._form_room)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(one)
        self._stack.addWidget(self.gallery)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.extra)
        column.addWidget(body, 1)
        themes.changed.connect(self._name_controls)
        self._name_controls()

    def used_in(self, experiment: Experiment) -> tuple[Any, ...]:
        """Give the values that are in use, the first one shown at first."""
        raise NotImplementedError

    def draw_value(self, value: Any) -> None:
        """Draw one value in the plot, and say its main point."""
        raise NotImplementedError

    def sketch(self, value: Any) -> Sketch:
        """Give the small drawing of one value."""
        raise NotImplementedError

    def summary(self) -> str:
        """Give the main point of all members together."""
        raise NotImplementedError

    def read(self, x: float) -> Readout | None:
        """Give what the plot shows at `x`."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        """The value that is drawn."""
        return self._values[self._kind]

    @property
    def kind(self) -> str:
        """Its kind, or that all are drawn."""
        return ALL if self._stack.currentWidget() is self.gallery else self._kind

    def is_used(self, kind: str) -> bool:
        """Whether a value of this kind is in use."""
        return any(kind_of(type(one)) == kind for one in self._used)

    def header_widgets(self) -> list[QWidget]:
        """Give the choice of the member and the switch of its settings."""
        return [self.members, self.settings]

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take what is in use; it is shown as long as nobody has chosen something else."""
        del facts, losses
        used = self.used_in(experiment)
        if used == self._used:
            return
        self._used = used
        for one in reversed(used):
            self._values[kind_of(type(one))] = one
        if self._followed and used:
            self._kind = kind_of(type(used[0]))
        self._show_form()
        self.draw()

    def choose(self, kind: str) -> None:
        """Draw the member of this kind, or all of them."""
        self._choose(kind)

    def draw(self) -> None:
        """Draw what is chosen."""
        self._name_members()
        if self.kind == ALL:
            self.gallery.show_exhibits(
                [
                    Exhibit(
                        kind, tr(title_of(cls)), self.is_used(kind), self.sketch(self._values[kind])
                    )
                    for kind, cls in self._members.items()
                ]
            )
            self.say(self.summary())
        else:
            self._draw_one()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the settings beside the plot or under it."""
        super().resizeEvent(event)
        self._arrange()

    def _draw_one(self) -> None:
        if self.kind != ALL:
            self.draw_value(self.value)

    def _choose(self, kind: str) -> None:
        self._followed = False
        everything = kind == ALL
        self._stack.setCurrentIndex(1 if everything else 0)
        if not everything and kind != self._kind:
            self._kind = kind
            self.plot.x_held = self.plot.y_held = None
            self._show_form()
        self.draw()

    def _show_form(self) -> None:
        cls = type(self.value)
        self._form = None
        if describe(cls):
            self._form = form = SpecForm(cls)
            form.set_more(more=True)
            form.show_value(self.value, default=cls())
            form.edited.connect(self._take)
            room = QWidget()
            column = QVBoxLayout(room)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(form)
            column.addStretch(1)
            self._form_room.setWidget(room)
        else:
            self._form_room.setWidget(QWidget())

    def _take(self, value: Any) -> None:
        self._values[self._kind] = value
        self.draw()

    def _arrange(self) -> None:
        wide = self.width() >= WIDE_PX
        shown = self._form is not None and self.settings.isChecked() and self.kind != ALL
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._one.setDirection(beside if wide else under)
        self._form_room.setVisible(shown)
        self.settings.setVisible(self._form is not None and self.kind != ALL)
        self._form_room.setFixedWidth(FORM_PX) if wide else self._form_room.setMaximumWidth(
            16777215
        )
        if not wide:
            self._form_room.setMinimumWidth(0)

    def _name_members(self) -> None:
        items = [(ALL, tr("All"))]
        for kind, cls in self._members.items():
            title = tr(title_of(cls))
            items.append(
                (kind, tr("{title} · in use", title=title) if self.is_used(kind) else title)
            )
        self.members.set_items(items)
        self.members.choose(self.kind)

    def _name_controls(self) -> None:
        self.members.setAccessibleName(tr("What is drawn"))
        self.members.setToolTip(tr("Draw one of them, or all."))
        self.settings.set_tooltip(tr("Its settings"))
        self.plot.set_follow_words(tr("Show all"), tr("Show all (A)"))
