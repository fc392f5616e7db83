"""Help: the first steps and every shortcut on one page, and what this program is."""

from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.actions import Actions
from nnstudio.gui.theme import font
from nnstudio.texts import tr


def show_help(window: QWidget, actions: Actions) -> None:
    """Open the page with the first steps and the keys."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Help"))
    page = QWidget()
    page.setObjectName("content")
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 20, 24, 20)
    column.setSpacing(8)
    column.addWidget(_title(tr("First steps")))
    for sentence in (
        tr(
            "Choose what to train under the name at the top left: "
            "each case brings data, network and settings."
        ),
        tr("Press Train. The curves show how loss and accuracy develop while it learns."),
        tr("Draw a digit at the right; the network answers while the pen moves."),
        tr(
            "Change a setting at the left. What carries a bolt acts at once; "
            "the rest applies at the next restart."
        ),
        tr(
            "Open a layer by its arrow: normalization, dropout, penalty and constraint stand "
            "there. Pretraining of the layers stands in the section Training."
        ),
        tr("The panel Data shows the samples and, of points, what the network answers to each."),
        tr(
            "The panel Range test finds a learning rate: in a short run of its own the rate rises "
            "until the loss blows up."
        ),
        tr(
            "The panel Doctor says what is wrong with a run, why, and what heals it. Its quick "
            "checks find a wrong gradient and name the mistake."
        ),
        tr(
            "The panel Guide leads through networks that did not learn: open one of them under "
            "the name at the top left."
        ),
        tr("Save the model to go on with it later, or drop a model file on the window."),
    ):
        column.addWidget(_sentence(sentence))
    column.addSpacing(8)
    column.addWidget(_title(tr("Keys")))
    column.addLayout(_keys(actions))
    column.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidget(page)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.setContentsMargins(16, 0, 16, 12)
    buttons.rejected.connect(dialog.close)
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(0, 0, 0, 12)
    whole.addWidget(scroll)
    whole.addWidget(buttons)
    dialog.resize(520, 640)
    dialog.open()


def show_about(window: QWidget) -> None:
    """Say what this program is and which version."""
    QMessageBox.about(
        window,
        tr("About nnstudio"),
        tr(
            "nnstudio {version}\n\nBuild a neural network, train it, "
            "and see why it learns or why it does not.\n\nFree software under the MIT license.",
            version=version("nnstudio"),
        ),
    )


def _keys(actions: Actions) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for row, (_, action) in enumerate(
        (command, action) for command, action in actions.all() if command.shortcut
    ):
        keys = QLabel(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        keys.setFont(font(13, 600))
        grid.addWidget(keys, row, 0)
        grid.addWidget(_sentence(action.text().rstrip("…")), row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _title(words: str) -> QLabel:
    label = QLabel(words)
    label.setFont(font(15, 600))
    return label


def _sentence(words: str) -> QLabel:
    label = QLabel(words)
    label.setFont(font(13))
    label.setWordWrap(True)
    return label
