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
from nnstudio.data.my_digits import LABELS, DigitLog, KeptDrawing
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.drives import Start
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.notices import Notice, Severity, notice_of
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.runs.judge import DIGIT_SHAPE, DIGIT_SOURCES
from nnstudio.runs.model import Model
from nnstudio.runs.pinning import pinned
from nnstudio.runs.ready import ready_model
from nnstudio.runs.teaching import lesson, retraced_of
from nnstudio.runs.warm_start import WarmStart, warm_start
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState

if TYPE_CHECKING:
    from nnstudio.runs.run import Run

TOPIC: Final = "my digits"
LESSON_TOPIC: Final = "lesson"
_PATIENCE_S: Final = 0.2  # others write for some milliseconds; the window does not stand still


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
    change, adjust : callable
        Set another experiment, as a step of its own for undo or as part of the last one.
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
        adjust: Callable[[Experiment], None],
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
        self._adjust = adjust
        self._begun = begun
        self._tell = tell
        self._ready = ready
        self.make_lesson = make_lesson
        self._log = DigitLog(places().own, patience_s=_PATIENCE_S)
        self._last: KeptDrawing | None = None
        self._loading = False
        self._lesson: Run | None = None
        self._lessons = 0
        self._told_remarks = 0
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
        """Take in what other windows have kept meanwhile."""
        self._try(self._log.refresh)

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

    def delete(self, identity: str) -> None:
        """Take one drawing away."""
        self._last = None
        self._try(lambda: self._log.delete(identity))

    def restore(self, identity: str) -> None:
        """Bring one back that was deleted."""
        self._try(lambda: self._log.restore(identity))

    def delete_all(self) -> None:
        """Remove everything; who calls it has asked."""
        self._last = None
        self._deletions += 1
        self._try(self._log.delete_all)

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
                    text("{count} drawings were saved as {file}.", count=count, file=path.name),
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
            self.look()

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
        others = tuple(one for one in experiment.data.sources if not _is_mine(one))
        if not others:
            return
        weight = min(sum(one.weight for one in others) * share / (1 - share), 1000.0)
        my = MyDigits(retraced=retraced_of(len(self._log.drawings)))
        mixed = (*others, WeightedSource(source=my, weight=weight)) if share > 0 else others
        self._change(replace(experiment, data=replace(experiment.data, sources=mixed)))
        self._say()

    def learn(self) -> None:
        """Begin a lesson from the weights of the network that is shown."""
        if self._state.learning:
            return
        self.look()
        try:
            model, file = self._model()
            count = len(self._log.drawings)
            my = MyDigits(entries=self._log.entries or None, log=self._log.identity)
            experiment = self.make_lesson(self._replayed(model), my=my, count=count)
        except NnstudioError as error:
            self._tell(notice_of(error, topic=LESSON_TOPIC))
            return

        def done(data: tuple[PreparedData, ...]) -> None:
            self._loading = False
            self._begin(experiment, data[0], count=count, model=model, file=file)
            self._say()

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

    def _model(self) -> tuple[Model, Text | str]:
        run = self._runs.current
        model: Model | None = None
        name: Text | str = ""
        if run is not None and self._runs.begun:
            model, name = model_of(run), run.file or run.name
        elif run is None or not self._runs.begun:
            model, name = self._ready(), text("the network that was trained earlier")
        if model is None:
            raise NnstudioError(
                "There is no trained network yet that could learn your digits.",
                hint="Press Train first; a few seconds are enough.",
            )
        if model.image_shape != DIGIT_SHAPE or not set(LABELS) <= set(model.class_names):
            raise NnstudioError(
                "This network does not read digits: it cannot learn yours.",
                hint="Train one on handwriting or MNIST.",
            )
        return model, name

    def _replayed(self, model: Model) -> Experiment:
        """Give what a model was trained with; the one that ships also replays what is set.

        It was trained on generated digits alone, and MNIST is there on many machines.
        """
        known, set_ = model.recipe.latest, self._experiment().data.sources
        others = tuple(one for one in set_ if not _is_mine(one))
        digits = all(one.source.kind in DIGIT_SOURCES for one in others)
        if self._runs.begun or not others or not digits:
            return known
        return replace(known, data=replace(known.data, sources=others))

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
        drive = self._runs.begin(experiment, data, Start(warm=_quiet(warm), name=name))
        # what is set is another experiment: its live changes are not meant for a lesson
        drive.follows, drive.run.lesson = False, True
        Session.start(drive.session)
        self._lesson = drive.run
        self._begun()

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
        for remark in self._log.remarks[self._told_remarks :]:
            self._tell(Notice(remark, severity=Severity.WARNING, topic=TOPIC))
        self._told_remarks = len(self._log.remarks)
        if self._log.entries != before:
            self._follow(before)
        self._say()
        return True

    def _follow(self, before: int) -> None:
        """Let what is set use all drawings, where it used all that there were."""
        experiment = self._experiment()
        sources = tuple(
            replace(one, source=replace(one.source, entries=None, log=""))
            if isinstance(one.source, MyDigits) and one.source.entries in {None, before}
            else one
            for one in experiment.data.sources
        )
        if any(_is_mine(one) for one in sources):
            self._change(replace(experiment, data=replace(experiment.data, sources=sources)))

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))

    def _say(self) -> None:
        weights = [(one.weight, _is_mine(one)) for one in self._experiment().data.sources]
        state = TeachState(
            count=len(self._log.drawings),
            version=(self._log.entries, self._deletions),
            kept=self._last.drawing.label if self._last is not None else "",
            learning=self._loading or self._lesson is not None,
            mixed=sum(one for one, mine in weights if mine) / sum(one for one, _mine in weights),
        )
        if state != self._state:
            self._state = state
            self.changed.emit(state)


def with_all_drawings(experiment: Experiment, places: DataPlaces) -> Experiment:
    """Give `experiment` with the drawings in it that there are now, where it uses them all."""
    try:
        return pinned(experiment, places)
    except NnstudioError:
        # that there are none is said where the source is loaded
        return experiment


def _is_mine(source: WeightedSource) -> bool:
    return isinstance(source.source, MyDigits)


def _quiet(warm: WarmStart) -> WarmStart:
    """Leave out what differs from the training before: in a lesson that is as it should be."""
    return replace(warm, remarks=())
