"""The view to draw in: the answer follows the pen, by the newest weights there are.

A move of the pen is answered within its own event, unless the one before was answered just now:
then both wait for one answer, however fast the pointer reports.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from nnstudio.data.drawings import Drawing
from nnstudio.data.strokes import SIDE
from nnstudio.gui.views.canvas.hints import hint_of, unfit_words, words_of_answer
from nnstudio.gui.views.canvas.menu import ask_picture, fill_menu
from nnstudio.gui.views.canvas.nearest import Nearest
from nnstudio.gui.views.canvas.parts import Part, parts_of
from nnstudio.gui.views.canvas.reader import Reader
from nnstudio.gui.views.canvas.seeing import RASTER, drawing_of, is_slight, photos_of
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.draw_board import DrawBoard
from nnstudio.gui.widgets.drawing import Raster
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.paper import Mark, Paper
from nnstudio.gui.widgets.sample_tiles import Tile
from nnstudio.runs.ready import ready_model
from nnstudio.texts import mark, tr

if TYPE_CHECKING:
    from nnstudio.gui.widgets.stage_strip import StageStrip
    from nnstudio.runs.model import Model
    from nnstudio.runs.run import RunView
    from nnstudio.training.prepared import PreparedData

MOVES_MS: Final = 40  # a pen that tells nothing for so long rests
APART_MS: Final = 4  # from the end of an answer to the next: half of what a move may wait
EXPLAIN_MS: Final = 60  # the pen rests so long before the pixels that spoke are shown
REST_MS: Final = 150  # and so long before samples that are near are looked for


class CanvasView(View):
    """Paper to draw digits on, what the network takes them for, and why.

    Knows who reads, with copies of the newest weights of the current run, and the digits that were
    found. `picture_refused` carries the NnstudioError of a picture that could not be read,
    `drawing_changed` what a network sees of the drawing (28, 28), or None of empty paper.
    `chosen` names an option and what it is now; `answered` comes after every answer to a pen.
    """

    name = "draw"
    title = mark("Draw")
    rate_hz = 10.0
    wants_weights = True

    samples_requested = Signal()
    picture_refused = Signal(object)
    drawing_changed = Signal(object)
    chosen = Signal(str, object)
    answered = Signal()

    def __init__(
        self,
        *,
        ready: "Callable[[], Model | None]" = ready_model,
        beside: Beside | None = None,
        nearest: Nearest | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader = Reader()
        self._run: RunView | None = None
        self._has_drawn = False
        self._several = False
        self._lent = False
        self._slight = False
        self._parts: tuple[Part, ...] = ()
        self._at = 0
        self._raster = Raster(RASTER)
        self._answered: int | None = None
        self._ready = ready
        self._load_ready: Callable[[], Model | None] | None = ready
        self._beside = beside or Beside()
        self._beside.setParent(self)
        self._beside.found.connect(self._take_ready)
        self._nearest = nearest or Nearest()
        self._nearest.setParent(self)
        self._since_last = QElapsedTimer()
        self._soon = self._timer(APART_MS, self._look)
        self._explains = self._timer(EXPLAIN_MS, self._explain)
        self._rests = self._timer(REST_MS, self._ask_nearest)
        self._board = DrawBoard(pixels=SIDE)
        self._unfit = EmptyState("")
        self._stages: StageStrip | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._board)
        self._stack.addWidget(self._unfit)
        self._board.bars.set_names(self._reader.names)
        self._board.canvas.strokes_changed.connect(self._on_drawing)
        self._board.canvas.picture_refused.connect(self.picture_refused)
        self._board.canvas.picture_taken.connect(self._on_picture)
        self._board.canvas.stepped.connect(self._step)
        self._board.several.toggled.connect(self._choose_several)
        self._board.sample_requested.connect(self.samples_requested)
        self._board.reasons.nearest.picked.connect(self._show_tile)
        self._nearest.found.connect(self._show_nearest)
        self._hint()

    def _timer(self, ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(ms)
        timer.timeout.connect(act)
        return timer

    def hideEvent(self, event: QHideEvent) -> None:
        """Explain nothing that nobody sees."""
        super().hideEvent(event)
        for timer in (self._soon, self._explains, self._rests):
            timer.stop()
        self._nearest.leave()
        if self._beside.busy:
            # asked for again at the next stroke
            self._beside.leave()
            self._load_ready = self._ready
        if self._stages is not None:
            self._stages.hide()

    def minimumSizeHint(self) -> QSize:
        """Give what the page needs that is in front: a sentence needs little."""
        front = self._unfit if self._stack.currentWidget() is self._unfit else self._board
        return front.minimumSizeHint()

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Answer by the newest weights of the current run."""
        self._run = next((one for one in views if one.current), views[0] if views else None)
        earlier = self._reader.earlier
        anew = self._reader.follow(self._run)
        if anew:
            self._adopt()
        refreshed = self._reader.fits and self._reader.refresh()
        self._hint()
        if anew or refreshed or earlier != self._reader.earlier:
            self._answer()

    def show_sample(self, pixels: NDArray[np.uint8], label_text: str) -> None:
        """Show a sample from the data on the paper; the network gets these very pixels."""
        self._board.canvas.set_picture(pixels, exact=True, caption=tr(label_text))

    def show_data(self, data: "PreparedData | None") -> None:
        """Look for samples that are near a drawing among these data."""
        self._nearest.show_data(data)
        self._show_nearest(())
        if self.isVisible():
            self._rests.start()

    def set_paper(self, paper: Paper) -> None:
        """Draw on light or on dark paper, or on what suits the theme."""
        self._board.canvas.set_paper(paper)

    def set_several(self, *, on: bool) -> None:
        """Look for several digits, or take the whole drawing for one."""
        self._board.several.setChecked(on)

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
        ask_picture(self, self._board.canvas.show_file)

    def show_stages(self) -> None:
        """Show how the photo on the paper was read, where there is one."""
        from nnstudio.gui.widgets.stage_strip import StageStrip  # noqa: PLC0415 - seldom needed

        picture = self._board.canvas.picture
        if picture is not None and picture.photo is not None:
            if self._stages is None:
                self._stages = StageStrip(parent=self)
                self._stages.digit_chosen.connect(self._choose_digit)
            one_by_one = self._at if len(self._parts) > 1 else None
            self._stages.open_beside(self._board.canvas, picture.photo, at=one_by_one)

    @property
    def stages(self) -> "StageStrip | None":
        """How the last photo was read; None while there was none."""
        return self._stages

    def fill_menu(self, menu: QMenu) -> None:
        """Add everything that can be done with a drawing."""
        fill_menu(menu, self)

    def drawing(self) -> Drawing | None:
        """Give what was drawn or pasted, without a class; None of empty paper and of a sample.

        Of several digits it is the one that is shown.
        """
        if len(self._parts) > 1:
            return self._parts[self._at].drawing()
        return drawing_of(self._board.canvas.items)

    @property
    def board(self) -> DrawBoard:
        """The parts that the user sees."""
        return self._board

    @property
    def pen_moves(self) -> bool:
        """Whether the pen is down and has moved just now."""
        drawing = self._board.canvas.drawing
        return drawing and self._since_last.isValid() and self._since_last.elapsed() < MOVES_MS

    @property
    def seen(self) -> NDArray[np.uint8] | None:
        """What the network sees of the digit that is shown, (28, 28); None of empty paper."""
        return self._parts[self._at].pixels if self._parts else None

    def _adopt(self) -> None:
        """Read drawings for another network, or for none; no answer of the old one stays."""
        plan = self._reader.blueprint
        if plan is not None and not self._reader.fits:
            self._unfit.set_texts(*unfit_words(plan.image_shape, SIDE))
            self._stack.setCurrentWidget(self._unfit)
            return
        self._board.bars.set_names(self._reader.names)
        self._board.retranslate()
        self._stack.setCurrentWidget(self._board)

    def _hint(self) -> None:
        # the one that was trained earlier is loaded with the first stroke
        earlier = self._reader.earlier or (
            self._reader.wants_ready and self._load_ready is not None
        )
        title, words, accent = hint_of(self._run, earlier=earlier, has_drawn=self._has_drawn)
        self._board.canvas.set_hint(title, words, accent=accent)

    def _on_picture(self) -> None:
        """Read a photo of several digits as what it is, and show how it was read."""
        photos = photos_of(self._board.canvas.items)
        if not self._several and any(len(one.results) > 1 for one in photos):
            self._lent = True
            self._board.several.setChecked(True)
        self.show_stages()

    def _take_back_several(self) -> None:
        """Read one digit again, when the option was on for the sake of a photo that is gone."""
        if self._lent and not photos_of(self._board.canvas.items):
            self._board.several.setChecked(False)

    def _choose_several(self, on: bool) -> None:  # noqa: FBT001 - slot of a toggled button
        self._several = on
        # what a photo brought, and what ends with it, is nobody's choice
        lent, self._lent = self._lent, self._lent and on
        self._look()
        if not lent:
            self.chosen.emit("several", on)

    def _step(self, by: int) -> None:
        """Say more about the next or the last one of several digits."""
        self._choose_digit(self._at + by)

    def _choose_digit(self, at: int) -> None:
        """Say more about this one of several digits."""
        if 0 <= at < len(self._parts):
            self._at = at
            self._answer()
            self._tell_seen()
            self._rests.start()

    def _on_drawing(self) -> None:
        if not self._board.canvas.empty:
            self._has_drawn = True
        if self._load_ready is not None and self._reader.wants_ready:
            load, self._load_ready = self._load_ready, None
            self._beside.ask(load, urgent=True)
        waited = self._since_last.elapsed() if self._since_last.isValid() else APART_MS
        if waited >= APART_MS or not self.isVisible():
            self._look()
        elif not self._soon.isActive():
            self._soon.start(APART_MS - int(waited))

    def _take_ready(self, model: "Model | None") -> None:
        self._reader.take_ready(model)
        self._hint()
        self._answer()

    def _look(self) -> None:
        """Look at the drawing anew, and answer."""
        self._soon.stop()
        self._slight = False
        self._take_back_several()
        items = self._board.canvas.items
        self._parts, self._at = parts_of(items, several=self._several, raster=self._raster)
        self._answer()
        self._tell_seen()
        if self.isVisible():
            self._rests.start()
            self._explains.start()
        self._since_last.start()
        self.answered.emit()

    def _tell_seen(self) -> None:
        self._nearest.drop()
        if not self._parts:
            self._show_nearest(())
        self.drawing_changed.emit(self.seen)

    def _answer(self) -> None:
        """Answer by the network as it is now."""
        board, predictor = self._board, self._reader.predictor
        board.seen.set_pixels(self.seen)
        shares = None
        if self._parts and predictor is not None:
            rows = np.stack([part.pixels.reshape(-1) for part in self._parts])
            shares = predictor.probabilities(rows)
        board.bars.set_shares(None if shares is None else shares[self._at].tolist())
        self._answered = board.bars.best
        if shares is None or self._answered is None:
            board.answer.set_answer(None)
            board.canvas.set_marks(())
            board.reasons.spoken.set_values(None)
            return
        self._show_answers(shares)
        if self.isVisible() and not self._explains.isActive():
            self._explains.start()

    def _show_answers(self, shares: NDArray[np.floating]) -> None:
        board, names = self._board, self._reader.names
        self._note()
        best = [int(one) for one in np.nan_to_num(shares, nan=-1.0).argmax(axis=1)]
        read = [names[one] for one in best]
        parted = "" if all(len(name) == 1 for name in read) else " "
        board.answer.set_answer(
            parted.join(read),
            float(min(row[one] for row, one in zip(shares, best, strict=True))),
        )
        board.canvas.set_marks(
            tuple(
                Mark(part.place, name, chosen=at == self._at)
                for at, (part, name) in enumerate(zip(self._parts, read, strict=True))
                if part.place is not None
            )
        )

    def _note(self) -> None:
        earlier, several = self._reader.earlier, self._several
        note, told = words_of_answer(earlier=earlier, several=several, slight=self._slight)
        self._board.set_note(note)
        if told != self._board.answer.toolTip():
            self._board.answer.setToolTip(told)

    def _explain(self) -> None:
        """Say whether there is a digit at all, and show which pixels spoke for the answer."""
        # every stroke begins as a dot, so that is said only of a pen that rests
        self._slight = len(self._parts) == 1 and is_slight(self._board.canvas.items, self._raster)
        if self._parts and self._answered is not None:
            self._note()
        predictor, seen, answered = self._reader.predictor, self.seen, self._answered
        shown = self._board.reasons.isVisible()
        if predictor is None or seen is None or answered is None or not shown:
            return
        self._board.reasons.spoken.set_values(predictor.spoken(seen, answered))

    def _ask_nearest(self) -> None:
        seen, read = self.seen, self._answered
        if seen is not None and self._board.reasons.isVisible():
            answer = "" if read is None else self._reader.names[read]
            if self._nearest.ask(seen, answer=answer):
                self._board.reasons.nearest.wait()

    def _show_nearest(self, tiles: tuple[Tile, ...]) -> None:
        self._board.reasons.nearest.show_tiles(tiles if self._parts else ())

    def _show_tile(self, at: int) -> None:
        tile = self._board.reasons.nearest.tiles[at]
        self._board.canvas.set_picture(tile.pixels, exact=True, caption=tile.tip)
