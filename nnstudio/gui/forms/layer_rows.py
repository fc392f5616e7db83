"""LayerRows: the settings of one layer under its chip, what its activation does among them."""

from dataclasses import replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nnstudio.gui.forms.activation_preview import ActivationPreview
from nnstudio.gui.forms.part import Part, Shown
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.forms.spec_form import SpecForm, UnionPart
from nnstudio.gui.theme import font, theme, themes
from nnstudio.spec import describe
from nnstudio.texts import tr

FIRST = "activation"


class LayerRows(Part):
    """The rows of a layer but for its units, and a link to those that rarely matter.

    Knows the layer that is shown and whether every row is wanted.
    """

    more_changed = Signal()

    def __init__(self, cls: type, *, without: tuple[str, ...]) -> None:
        super().__init__()
        self._cls = cls
        self._more = False
        settings = [one for one in describe(cls) if one.name not in without]
        # the picture belongs right under the chip that names the activation
        settings.sort(key=lambda one: one.name != FIRST)
        self.form = SpecForm(cls, settings=tuple(settings))
        self.activation = ActivationPreview()
        part = cast("UnionPart", self.form.parts[FIRST])
        part.explain()
        part.add_picture(self.activation)
        cast("UnionPart", self.form.parts["weights"]).explain()
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFont(font(12, 500))
        self.more.clicked.connect(lambda: self.set_more(more=not self._more))
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(MARGIN_PX - 8, 0, GUTTER_PX, 6)
        line.addWidget(self.more)
        line.addStretch(1)
        self.column.addWidget(self.form)
        self.column.addWidget(foot)
        self.passes(self.form)
        self._draw()
        themes.changed.connect(self._draw)

    def show_this(self, shown: Shown) -> None:
        """Show a layer."""
        self.form.show_this(replace(shown, default=self._cls()))
        self._offer_more()

    def inner(self) -> tuple[Part, ...]:
        """Give the form."""
        return (self.form,)

    def set_more(self, *, more: bool) -> None:
        """Show every row, or only those that matter."""
        self._more = more
        super().set_more(more=more)
        self._offer_more()
        self.more_changed.emit()

    def _offer_more(self) -> None:
        self.more.setVisible(self.form.advanced_count > 0)
        self.more.setText(
            tr("Less about this layer") if self._more else tr("More about this layer")
        )

    def _draw(self) -> None:
        self.more.setStyleSheet(f"color: {theme().text3.name()}")
