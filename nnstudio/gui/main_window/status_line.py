"""The line at the bottom: the data, the size of the network, and what the run is doing."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.workbench import Activity
from nnstudio.nn.network import layout_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

HEIGHT_PX: Final = 28
DOT_PX: Final = 6

# word and colour of every activity
_SHOWN: Final = {
    Activity.LOADING: (mark("Loading data"), "text3"),
    Activity.READY: (mark("Ready"), "text3"),
    Activity.RUNNING: (mark("Running"), "ok"),
    Activity.PREPARING: (mark("Preparing the network …"), "text3"),
    Activity.BEGINNING: (mark("Making the first step …"), "ok"),
    Activity.PAUSING: (mark("Pausing after this step …"), "warning"),
    Activity.STOPPING: (mark("Stopping after this step …"), "warning"),
    Activity.PAUSED: (mark("Paused"), "warning"),
    Activity.FINISHED: (mark("Finished"), "accent"),
    Activity.STOPPED: (mark("Stopped"), "text3"),
    Activity.DIVERGED: (mark("Diverged"), "error"),
    Activity.FAILED: (mark("Failed"), "error"),
    Activity.REFUSED: (mark("Not ready"), "warning"),
}


class _Dot(QWidget):
    """A filled circle in a colour by meaning."""

    def __init__(self) -> None:
        super().__init__()
        self.role = "text3"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(DOT_PX, DOT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(getattr(theme(), self.role))
        painter.drawEllipse(QRectF(self.rect()))


class StatusLine(QWidget):
    """The user sees counts at the left, dot, word and time of saving at the right."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self._data, self._size, self._doing, self._saved = (QLabel() for _ in range(4))
        self._labels = (self._data, self._size, self._doing, self._saved)
        for label in self._labels:
            label.setFont(font(12))
            label.setProperty("role", "second")
        self._dot = _Dot()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._data)
        row.addSpacing(16)
        row.addWidget(self._size)
        row.addSpacing(8)
        self._middle = QHBoxLayout()
        row.addLayout(self._middle, 1)
        row.addSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._doing)
        row.addSpacing(8)
        row.addWidget(self._saved)
        self._data.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.show_activity(Activity.LOADING)
        self.show_saved(None)
        themes.changed.connect(self.update)

    def set_middle(self, widget: QWidget) -> None:
        """Put `widget` between what stands at the left and at the right."""
        self._middle.addStretch(0)
        self._middle.addWidget(widget, 1)

    def show_data(self, name: str, facts: DataFacts | None) -> None:
        """Show what the data are called and how many samples each part has."""
        if facts is None:
            self._data.setText(name)
            return
        self._data.setText(
            tr(
                "{name} · {training} train / {validation} validation / {test} test",
                name=name,
                training=grouped(facts.training),
                validation=grouped(facts.validation),
                test=grouped(facts.test),
            )
        )

    def show_parameters(self, count: int | None) -> None:
        """Show how many parameters the network has."""
        self._size.setText("" if count is None else tr("{count} parameters", count=grouped(count)))

    def show_activity(self, activity: Activity, why: str = "") -> None:
        """Show what the run is doing, and why on hover."""
        word, role = _SHOWN[activity]
        self._doing.setText(tr(word))
        self._doing.setToolTip(why)
        self._dot.role = role
        self._dot.update()

    def show_saved(self, when: datetime | None, file: str = "") -> None:
        """Show when the model was saved last, and where on hover."""
        self._saved.setVisible(when is not None)
        if when is not None:
            today = when.date() == datetime.now().astimezone().date()
            shown = when.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
            self._saved.setText(tr("saved {time}", time=shown))
            self._saved.setToolTip(file)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line over it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().chrome)
        painter.fillRect(0, 0, self.width(), 1, theme().line)


def parameters_of(experiment: Experiment, facts: DataFacts | None) -> int | None:
    """Give how many parameters the network of `experiment` has, once its data are known."""
    if facts is None:
        return None
    layout = layout_of(experiment.network, inputs=facts.inputs, outputs=facts.outputs)
    return layout.parameters
