"""My digits and lessons: what a person corrects is kept at once, and learned when asked for.

A lesson is a run of its own that begins with the weights of the network that is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from nnstudio.data.catalogue import DataPlaces, MyDigits
from nnstudio.data.drawings import Drawing, write_drawings
from nnstudio.data.my_digits import DigitLog, KeptDrawing
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.drives import Start
from nnstudio.gui.workbench.lessons import pupil, quiet, replayed
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.notices import Notice, Severity, notice_of
from nnstudio.gui.workbench.own_sources import following, is_mine, mixed, share_of_mine
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.runs.model import Model
from nnstudio.runs.ready import ready_model
from nnstudio.runs.store import StoredRun, Unfinished
from nnstudio.runs.teaching import lesson
from nnstudio.runs.warm_start import warm_start
from nnstudio.texts import text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState

if TYPE_CHECKING:
    from nnstudio.runs.run import Run

TOPIC: Final = "my digits"
LESSON_TOPIC: Final = "lesson"
_PATIENCE_S: Final = 0.2  # others write for some milliseconds; the window does not stand still
_MOST_AT_ONCE: Final = 200  # lines; more take longer than a person should wait


@dataclass(frozen=True)
class TeachState:
    """How many drawings are kept, what was kept last, and whether a lesson goes on.

    Attributes
    ----------
    version : tuple
        Another one whenever other drawings are there.
    kept : str
        The digit that was kept last, as long as that can be taken back; else empty.
    mixed : float
        Share of the training samples that are my digits, 0 where they are not mixed in.
    """

    count: int = 0
    version: tuple[int, int] = (0, 0)
    kept: str = ""
    learning: bool = False
    mixed: float = 0.0


class TeachDesk(QObject):
    """Keeps what a person drew and named, and lets the network learn it.

    Parameters
    ----------
    places : callable
        Gives where own data lie.
    experiment : callable
        Gives what is set.
    change : callable
        Sets another experiment, as a step of its own for undo.
    begun : callable
        Called when another run is shown.
    tell : callable
        Takes notices.
    ready : callable
        Gives the network that ships trained, which is taught before any other was trained.
    make_lesson : callable
        Gives the experiment of a lesson, as `nnstudio.runs.teaching.lesson` does.
    """

    changed = Signal(object)

    def __init__(
        self,
        runs: RunDesk,
        data: DataDesk,
        background: Background,
        *,
        places: Callable[[], DataPlaces],
        experiment: Callable[[], Experiment],
        change: Callable[[Experiment], None],
        begun: Callable[[], None],
        tell: Callable[[Notice], None],
        ready: Callable[[], Model | None] = ready_model,
        make_lesson: Callable[..., Experiment] = lesson,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs = runs
        self._data = data
        self._background = background
        self._places = places
        self._experiment = experiment
        self._change = change
        self._begun = begun
        self._tell = tell
        self._ready = ready
        self.make_lesson = make_lesson
        self._log = DigitLog(places().own, patience_s=_PATIENCE_S)
        self._last: KeptDrawing | None = None
        self._loading = False
        self._lesson: Run | None = None
        self._lessons = 0
        self._reading = False
        self._told: set[str] = set()
        self._deletions = 0
        self._state = TeachState()

    @property
    def state(self) -> TeachState:
        """How it stands."""
        return self._state

    @property
    def drawings(self) -> tuple[KeptDrawing, ...]:
        """What is kept, in the order of drawing."""
        return self._log.drawings

    def look(self) -> None:
        """Take in what other windows have kept meanwhile; much of it is read beside this one."""

        def act() -> None:
            if self._log.waiting() <= _MOST_AT_ONCE:
                self._log.refresh()
            elif not self._reading:
                self._read_beside()

        self._try(act)

    def _read_beside(self) -> None:
        log = DigitLog(self._places().own)

        def done(_news: object) -> None:
            self._reading = False
            self._adopt(log)

        def failed(failure: Failure) -> None:
            self._reading = False
            self._failed(failure)

        self._reading = True
        self._background.run(
            text("Reading drawings"),
            lambda _progress: log.refresh(),
            done=done,
            failed=failed,
            cancellable=False,
        )

    def _adopt(self, log: DigitLog) -> None:
        """Go on with a log that was read beside the window."""
        log.wait_at_most(_PATIENCE_S)

        def act() -> None:
            # what was kept while it was read
            log.refresh()
            self._log = log

        self._try(act)

    def keep(self, drawing: Drawing, label: str) -> bool:
        """Keep a drawing as the digit `label`, and tell whether that went well."""
        named = replace(drawing, label=label, source=drawing.source or "canvas")

        def act() -> None:
            identity = self._log.keep(named)
            self._last = KeptDrawing(identity, named)

        return self._try(act)

    def take_back(self) -> None:
        """Delete what was kept last, when a person thinks better of it."""
        last = self._last
        if last is not None:
            self._last = None
            self._try(lambda: self._log.delete(last.identity))

    def settle_kept(self) -> None:
        """Keep what was kept for good: another drawing has been begun."""
        self._last = None
        self._say()

    def delete(self, identity: str) -> bool:
        """Take one drawing away, and tell whether that went well."""
        self._last = None
        return self._try(lambda: self._log.delete(identity))

    def restore(self, identity: str) -> None:
        """Bring one back that was deleted."""
        self._try(lambda: self._log.restore(identity))

    def delete_all(self) -> bool:
        """Remove everything, and tell whether that went well; who calls it has asked."""
        self._last = None
        self._deletions += 1
        self._told.clear()
        return self._try(self._log.delete_all)

    def export(self, path: Path) -> None:
        """Write all that is kept into a file of drawings."""
        # the log is the window's: it goes on keeping meanwhile
        drawings = tuple(one.drawing for one in self._log.drawings)
        if not drawings:
            return
        self._background.run(
            text("Saving my digits"),
            lambda _progress: write_drawings(path, drawings),
            done=lambda count: self._tell(
                Notice(
                    text("Drawings saved as {file}: {count}.", count=count, file=path.name),
                    topic=TOPIC,
                    lasting=False,
                )
            ),
            failed=self._failed,
        )

    def take_in(self, path: Path) -> None:
        """Add the drawings in a file."""

        def done(found: tuple[int, int]) -> None:
            new, left_out = found
            hint = text(
                "{count} were there already or are no digits, and were left out.", count=left_out
            )
            told = text("{count} drawings were added to my digits.", count=new)
            self._tell(Notice(told, hint if left_out else None, topic=TOPIC, lasting=False))
            self._adopt(log)

        # a log of its own: this one is read by the window meanwhile
        log = DigitLog(self._places().own)
        self._background.run(
            text("Reading drawings"),
            lambda progress: log.take_in(path, progress),
            done=done,
            failed=self._failed,
        )

    def mix(self, share: float) -> None:
        """Set that so many of the training samples (0 to below 1) are my digits; 0 takes them out.

        It is a change of the experiment, which can be undone.
        """
        experiment = self._experiment()
        self._change(mixed(experiment, share, count=len(self._log.drawings)))
        self._say()

    def learn(self) -> None:
        """Begin a lesson from the weights of the network that is shown."""
        if self._state.learning:
            return
        self.look()
        try:
            model, file = pupil(self._runs, ready=self._ready)
            labels = tuple(one.drawing.label for one in self._log.drawings)
            count = len(labels)
            my = MyDigits(entries=self._log.entries or None, log=self._log.identity)
            known = replayed(model, chosen=self._experiment(), own=self._runs.begun)
            experiment = self.make_lesson(known, my=my, labels=labels)
        except NnstudioError as error:
            self._tell(notice_of(error, topic=LESSON_TOPIC))
            return

        def done(data: tuple[PreparedData, ...]) -> None:
            self._loading = False
            self._begin(experiment, data[0], count=count, model=model, file=file)
            self._say()

        self._load(experiment, done)

    def go_on(
        self, left: Unfinished, checkpoint: Checkpoint, begun: Callable[[StoredRun | None], None]
    ) -> None:
        """Go on with a lesson that was interrupted; tells what keeps it on disk when it does."""
        experiment = checkpoint.experiment

        def done(data: tuple[PreparedData, ...]) -> None:
            self._loading = False
            start = Start(checkpoint=checkpoint, name=left.name)
            begun(self._drive(experiment, data[0], start, over=left.ended))
            self._say()

        self._load(experiment, done)

    def _load(
        self, experiment: Experiment, done: Callable[[tuple[PreparedData, ...]], None]
    ) -> None:
        def failed(failure: Failure) -> None:
            self._loading = False
            self._tell(notice_of(failure, topic=LESSON_TOPIC))
            self._say()

        self._loading = True
        self._say()
        self._data.prepare_all(
            (experiment,),
            title=text("Loading what the network learned from"),
            done=done,
            failed=failed,
            cancelled=self._give_up,
        )

    def poll(self) -> None:
        """Tell when a lesson has ended; called after the runs have told their news."""
        run = self._lesson
        if run is not None and run.snapshot.state.ended:
            self._lesson = None
            if run.snapshot.state is RunState.FINISHED:
                told = text("The network has learned your digits: try to draw another one.")
                self._tell(Notice(told, topic=LESSON_TOPIC, lasting=False))
        self._say()

    def _begin(
        self, experiment: Experiment, data: PreparedData, *, count: int, model: Model, file: object
    ) -> None:
        # a run that went on while data were loaded has learned more since
        newest = model_of(self._runs.current)
        if newest is not None and newest.layout == model.layout:
            model = newest
        try:
            warm = warm_start(model, experiment, data, file=str(file))
        except NnstudioError as error:
            self._tell(notice_of(error, topic=LESSON_TOPIC))
            return
        self._lessons += 1
        name = text("Lesson {number}: {count} digits", number=self._lessons, count=count)
        self._drive(experiment, data, Start(warm=quiet(warm), name=name))

    def _drive(
        self, experiment: Experiment, data: PreparedData, start: Start, *, over: bool = False
    ) -> StoredRun | None:
        """Begin a lesson, or show one that is over; what goes on is set aside meanwhile."""
        lesson_start = replace(start, lesson=True, spares=True)
        drive = self._runs.begin(experiment, data, lesson_start)
        (Session.hold if over else Session.start)(drive.session)
        self._lesson = None if over else drive.run
        self._begun()
        return drive.stored

    def _give_up(self) -> None:
        self._loading = False
        self._say()

    def _try(self, act: Callable[[], object]) -> bool:
        before = self._log.entries
        try:
            act()
        except NnstudioError as error:
            self._tell(notice_of(error, topic=TOPIC))
            self._say()
            return False
        for remark in self._log.remarks:
            if str(remark) not in self._told:
                self._told.add(str(remark))
                self._tell(Notice(remark, severity=Severity.WARNING, topic=TOPIC))
        if self._log.entries != before:
            self._follow(before)
        self._say()
        return True

    def _follow(self, before: int) -> None:
        """Let what is set use all drawings, where it used all that there were."""
        experiment = self._experiment()
        if any(is_mine(one) for one in experiment.data.sources):
            self._change(following(experiment, before))

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))

    def _say(self) -> None:
        state = TeachState(
            count=len(self._log.drawings),
            version=(self._log.entries, self._deletions),
            kept=self._last.drawing.label if self._last is not None else "",
            learning=self._loading or self._lesson is not None,
            mixed=share_of_mine(self._experiment()),
        )
        if state != self._state:
            self._state = state
            self.changed.emit(state)
