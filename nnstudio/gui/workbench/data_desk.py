"""The data of the experiment, loaded beside the window; what was there stays till the new is."""

from collections.abc import Callable
from typing import Any, Final

from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.catalogue.my_digits import MyDigits
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import UnmixableError
from nnstudio.data.progress import Progress
from nnstudio.gui.workbench.background import Background, Failure, Job
from nnstudio.gui.workbench.notices import Notice, Offer, notice_of
from nnstudio.problems import Problem
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.problems import problems
from nnstudio.training.sources import SourceError, sources_of

SETTLE_S: Final = 0.25
TOPIC: Final = "data"
OWN_SETS: Final = (Imported, MyDigits)

LoadDataset = Callable[[Experiment, Progress], Dataset]


def data_key(experiment: Experiment) -> Any:
    """Give what of an experiment decides its prepared data; equal keys, equal data."""
    return (
        experiment.data,
        experiment.scaling,
        experiment.augmentation,
        experiment.precision,
        experiment.seed,
        tuple(fault for fault in experiment.faults if fault.splits),
    )


class DataDesk:
    """Keeps the prepared data of the newest experiment that was wanted.

    Parameters
    ----------
    load : callable
        Gives the Dataset of an experiment; called in a thread of its own.
    changed : callable
        Called on the GUI thread when data are there, gone or refused.
    tell : callable
        Takes the notice of what went wrong.
    """

    def __init__(
        self,
        background: Background,
        *,
        load: LoadDataset,
        changed: Callable[[], None],
        tell: Callable[[Notice], None],
        clock: Callable[[], float],
    ) -> None:
        self._background = background
        self._load = load
        self._changed = changed
        self._tell = tell
        self._clock = clock
        self._wanted: Experiment | None = None
        self._due: float | None = None
        self._job: Job | None = None
        self._dataset: tuple[Any, Dataset] | None = None
        self._ready: tuple[Any, PreparedData] | None = None
        self.refusal: Text | None = None
        self.problems: tuple[Problem, ...] = ()

    @property
    def newest(self) -> PreparedData | None:
        """The data that were loaded last, which may be those of an earlier experiment."""
        return self._ready[1] if self._ready else None

    def facts(self, experiment: Experiment) -> DataFacts | None:
        """Give what the data are like; another seed or scaling makes no other facts."""
        if self._ready is None or self._ready[0][0] != experiment.data:
            return None
        return self._ready[1].facts

    @property
    def pending(self) -> bool:
        """Whether data are being loaded or about to be."""
        return self._job is not None or self._due is not None

    def of(self, experiment: Experiment) -> PreparedData | None:
        """Give the data of `experiment` when they are there."""
        if self._ready is not None and self._ready[0] == data_key(experiment):
            return self._ready[1]
        return None

    def want(self, experiment: Experiment, *, at_once: bool = False) -> None:
        """Load the data of `experiment`, unless they are there; an older load is given up."""
        if self._wanted is not None and data_key(self._wanted) == data_key(experiment):
            if not self.pending and self.of(experiment) is None and at_once:
                self._due = self._clock()
            return
        self._wanted = experiment
        self.refusal, self.problems = None, ()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        # what is wrong with a source is said at its row; loading it would say so a second time
        unsound = any(one.path[:1] == ("data",) for one in problems(experiment, None))
        idle = unsound or self.of(experiment) is not None
        self._due = None if idle else self._clock() + (0.0 if at_once else SETTLE_S)
        self._changed()

    def prepare_all(
        self,
        experiments: tuple[Experiment, ...],
        *,
        title: Text,
        done: Callable[[tuple[PreparedData, ...]], None],
        failed: Callable[[Failure], None],
        cancelled: Callable[[], None] = lambda: None,
    ) -> Job:
        """Load the data of several experiments, each kind once; what is wanted stays as it is."""
        known = dict([self._ready]) if self._ready is not None else {}
        sets = dict([self._dataset]) if self._dataset is not None else {}

        def work(progress: Progress) -> tuple[PreparedData, ...]:
            for experiment in experiments:
                key, source = data_key(experiment), sources_of(experiment)
                if key not in known:
                    if source not in sets:
                        sets[source] = self._load(experiment, progress)
                    known[key] = prepare(experiment, sets[source])
            return tuple(known[data_key(one)] for one in experiments)

        return self._background.run(title, work, done=done, failed=failed, cancelled=cancelled)

    def retry(self) -> None:
        """Load again what was refused or given up."""
        if self._wanted is not None and not self.pending:
            self.refusal, self.problems = None, ()
            self._due = self._clock()
            self._changed()

    def give_up(self) -> None:
        """Stop loading; a person asked for it."""
        if self._job is not None:
            self._job.cancel()

    def poll(self) -> None:
        """Begin to load what has been wanted for long enough to be meant."""
        if self._due is None or self._clock() < self._due or self._wanted is None:
            return
        self._due = None
        experiment = self._wanted
        known = self._dataset
        source = sources_of(experiment)

        def work(progress: Progress) -> tuple[Dataset, PreparedData]:
            dataset = (
                known[1]
                if known is not None and known[0] == source
                else self._load(experiment, progress)
            )
            return dataset, prepare(experiment, dataset)

        def done(result: tuple[Dataset, PreparedData]) -> None:
            if self._wanted is not experiment:
                return
            self._job = None
            self._dataset = (source, result[0])
            self._ready = (data_key(experiment), result[1])
            self._changed()

        def failed(failure: Failure) -> None:
            if self._wanted is experiment:
                self._job = None
                self._refuse(failure)

        def cancelled() -> None:
            if self._wanted is experiment:
                self._job = None
                self.refusal = text("Loading the data was cancelled.")
                self._tell(Notice(self.refusal, offers=(self._again(),), topic=TOPIC))
                self._changed()

        self._job = self._background.run(
            text("Loading the data"), work, done=done, failed=failed, cancelled=cancelled
        )

    def _again(self) -> Offer:
        return Offer(text("Try again"), self.retry)

    def _refuse(self, failure: Failure) -> None:
        told = notice_of(failure, topic=TOPIC, offers=(self._again(),))
        self.refusal = told.text
        place = self._place_of(failure.error)
        if place is None:
            self._tell(told)
        else:
            # said at the row of the source; to load it again would not help
            self.problems = (Problem(("data", "sources", place, "source"), told.text),)
        self._changed()

    def _place_of(self, error: BaseException) -> int | None:
        """Give the number of the source that only another choice of sources can mend."""
        if isinstance(error, UnmixableError):
            return error.place
        if isinstance(error, SourceError) and self._wanted is not None:
            source = sources_of(self._wanted)[error.place]
            return error.place if isinstance(source, OWN_SETS) else None
        return None
