"""The view to draw in: the answer follows the pen, by the newest weights there are.

At most one prediction per frame, however fast the pointer reports.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedLayout, QWidget

from nnstudio.data.drawings import Drawing
from nnstudio.data.strokes import SIDE
from nnstudio.gui.theme import icon
from nnstudio.gui.views.canvas.seeing import drawing_of, seen_pixels
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.draw_board import DrawBoard
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.run import ends_of
from nnstudio.texts import mark, tr
from nnstudio.training.snapshot import RunState

if TYPE_CHECKING:
    from nnstudio.runs.run import Blueprint, RunView
    from nnstudio.training.snapshot import Vector

FRAME_MS: Final = 8  # no two predictions closer together; half of what the eye is shown
_INVITE_AFTER_S: Final = 3.0
_DIGITS: Final = tuple("0123456789")


class CanvasView(View):
    """Paper to draw a digit on, and what the network takes it for.

    Knows a Predictor of its own with a copy of the newest weights of the current run.
    `picture_refused` carries the NnstudioError of a picture that could not be read,
    `drawing_changed` what a network sees of the drawing (28, 28), or None of empty paper.
    """

    name = "draw"
    title = mark("Draw")
    rate_hz = 10.0
    wants_weights = True

    samples_requested = Signal()
    picture_refused = Signal(object)
    drawing_changed = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = DrawBoard(pixels=SIDE)
        self._unfit = EmptyState("")
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._board)
        self._stack.addWidget(self._unfit)
        self._blueprint: Blueprint | None = None
        self._predictor: Predictor | None = None
        self._names = _DIGITS
        self._shown_vector: Vector | None = None
        self._has_drawn = False
        self._seen: NDArray[np.uint8] | None = None
        self._since_last = QElapsedTimer()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setTimerType(Qt.TimerType.PreciseTimer)
        self._soon.timeout.connect(self._predict)
        self._board.bars.set_names(_DIGITS)
        self._board.canvas.strokes_changed.connect(self._on_drawing)
        self._board.canvas.picture_refused.connect(self.picture_refused)
        self._board.sample_requested.connect(self.samples_requested)
        self._hint(None)

    def minimumSizeHint(self) -> QSize:
        """Give what the page needs that is in front: a sentence needs little."""
        front = self._unfit if self._stack.currentWidget() is self._unfit else self._board
        return front.minimumSizeHint()

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Answer by the newest weights of the current run."""
        current = next((one for one in views if one.current), views[0] if views else None)
        blueprint = current.blueprint if current is not None else None
        if blueprint is not self._blueprint:
            self._adopt(blueprint)
        self._hint(current)
        if self._predictor is None or blueprint is None or current is None:
            return
        weights = current.snapshot.weights
        vector = blueprint.initial if weights is None else weights.vector
        if vector is not None and vector is not self._shown_vector:
            self._predictor.show(vector)
            self._shown_vector = vector
            self._predict()

    def show_sample(self, pixels: NDArray[np.uint8], label_text: str) -> None:
        """Show a sample from the data on the paper; the network gets these very pixels."""
        self._board.canvas.set_picture(pixels, exact=True, caption=tr(label_text))

    def take_over(self, old: View) -> None:
        """Show the drawing of the view whose place this one takes."""
        if isinstance(old, CanvasView):
            self._board.canvas.set_items(old.board.canvas.items)

    def clear(self) -> None:
        """Take the drawing away."""
        self._board.canvas.clear()

    def undo(self) -> None:
        """Take the last stroke back."""
        self._board.canvas.undo()

    def open_picture(self) -> None:
        """Ask for a picture file and show it on the paper."""
        dialog = QFileDialog(self, tr("Open a picture"), existing_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(
            [tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.webp)"), tr("All files (*)")]
        )
        dialog.fileSelected.connect(lambda path: self._board.canvas.show_file(Path(path)))
        dialog.open()

    def fill_menu(self, menu: QMenu) -> None:
        """Add everything that can be done with a drawing."""
        canvas = self._board.canvas
        menu.addAction(
            icon("image"), tr("Show a sample from the data"), self.samples_requested.emit
        )
        menu.addAction(icon("folder"), tr("Open a picture…"), self.open_picture)
        paste = menu.addAction(icon("copy"), tr("Paste a picture"), canvas.paste)
        paste.setEnabled(canvas.can_paste)
        menu.addSeparator()
        undo = menu.addAction(icon("undo"), tr("Take the last stroke back"), canvas.undo)
        undo.setEnabled(canvas.can_undo)
        clear = menu.addAction(icon("cross"), tr("Clear the drawing"), canvas.clear)
        clear.setEnabled(bool(canvas.items))

    def drawing(self) -> Drawing | None:
        """Give what was drawn or pasted, without a class; None of empty paper and of a sample."""
        return drawing_of(self._board.canvas.items)

    @property
    def board(self) -> DrawBoard:
        """The parts that the user sees."""
        return self._board

    def _adopt(self, blueprint: "Blueprint | None") -> None:
        """Read drawings for another network, or for none; no answer of the old one stays."""
        self._blueprint = blueprint
        self._predictor = None
        self._shown_vector = None
        self._names = _DIGITS
        if blueprint is not None and blueprint.image_shape != (SIDE, SIDE):
            self._show_unfit(blueprint.image_shape)
            return
        if blueprint is not None and blueprint.task != "classes":
            self._unfit.set_texts(
                tr("This network tells no classes apart"),
                tr("Train a network on a source of pictures with classes to draw for it."),
            )
            self._stack.setCurrentWidget(self._unfit)
            return
        if blueprint is not None:
            self._predictor = Predictor(blueprint)
            outputs = ends_of(blueprint.layout)[1]
            names = blueprint.class_names or tuple(str(at) for at in range(outputs))
            self._names = tuple(tr(name) for name in names)
        self._board.bars.set_names(self._names)
        self._board.retranslate()
        self._stack.setCurrentWidget(self._board)
        self._predict()

    def _show_unfit(self, shape: tuple[int, int] | None) -> None:
        if shape is None:
            self._unfit.set_texts(
                tr("This network does not read pictures"),
                tr(
                    "Its inputs are plain numbers. Train a network on a source of pictures to draw "
                    "for it."
                ),
            )
        else:
            self._unfit.set_texts(
                tr("This network reads pictures of another size"),
                tr(
                    "It wants {height} × {width} pixels; a drawing has {side} × {side}.",
                    height=shape[0],
                    width=shape[1],
                    side=SIDE,
                ),
            )
        self._stack.setCurrentWidget(self._unfit)

    def _hint(self, run: "RunView | None") -> None:
        canvas, snapshot = self._board.canvas, None if run is None else run.snapshot
        recipe = None if run is None else run.recipe
        if snapshot is None:
            canvas.set_hint(
                tr("Draw a digit here"), tr("Press Train, and the network will read it.")
            )
            return
        training = snapshot.state is RunState.RUNNING
        if training and not self._has_drawn and (snapshot.seconds or 0.0) >= _INVITE_AFTER_S:
            canvas.set_hint(
                tr("Now draw a digit"), tr("The network answers while you draw."), accent=True
            )
        elif not snapshot.step:
            canvas.set_hint(tr("Draw a digit here"), tr("Untrained, the network can only guess."))
        elif recipe is not None and any(one.acts_on_answers for one in recipe.latest.faults):
            canvas.set_hint(
                tr("Draw a digit here"), tr("Here it answers without the built-in mistake.")
            )
        else:
            canvas.set_hint(tr("Draw a digit here"))

    def _on_drawing(self) -> None:
        if not self._board.canvas.empty:
            self._has_drawn = True
        if not self._soon.isActive():
            waited = self._since_last.elapsed() if self._since_last.isValid() else FRAME_MS
            self._soon.start(max(0, FRAME_MS - int(waited)))

    def _predict(self) -> None:
        self._soon.stop()
        self._since_last.start()
        board = self._board
        pixels = seen_pixels(board.canvas.items)
        board.seen.set_pixels(pixels)
        if pixels is not self._seen:
            self._seen = pixels
            self.drawing_changed.emit(pixels)
        if pixels is None or self._predictor is None or not self._predictor.ready:
            board.bars.set_shares(None)
            board.answer.set_answer(None)
            return
        shares = self._predictor.probabilities(pixels)[0]
        board.bars.set_shares(shares.tolist())
        best = board.bars.best
        if best is None:
            board.answer.set_answer(None)
        else:
            board.answer.set_answer(self._names[best], float(shares[best]))
