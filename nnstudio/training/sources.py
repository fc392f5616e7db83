"""The sources of an experiment, loaded in their order and joined: one way for all who train."""

from nnstudio.data.catalogue import Source
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import join
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.problems import SpecError
from nnstudio.spec import title_of
from nnstudio.texts import Text
from nnstudio.training.experiment import Experiment


class SourceError(NnstudioError):
    """One of the sources cannot be loaded, for a reason of its own.

    Attributes
    ----------
    place : int
        Number of the source.
    """

    def __init__(self, reason: NnstudioError, *, place: int) -> None:
        super().__init__(reason.what.template, hint=reason.hint.template, **reason.what.values)
        self.place = place


def load_sources(experiment: Experiment, places: DataPlaces, progress: Progress) -> Dataset:
    """Give the samples of all sources of `experiment` in one Dataset, as `join` does.

    A source that is named twice is loaded once.

    Raises
    ------
    SourceError
        When a source cannot be read.
    UnmixableError
        When two do not go together.
    Cancelled
        When `progress` says so.
    """
    sources = sources_of(experiment)
    loaded: dict[Source, Dataset] = {}
    for place, source in enumerate(sources):
        if source not in loaded:
            try:
                loaded[source] = source.load(places, _part_of(progress, place, len(sources)))
            except SpecError:
                # says its own place
                raise
            except NnstudioError as error:
                raise SourceError(error, place=place) from error
    return join([loaded[one] for one in sources], called=[called(one) for one in sources])


def sources_of(experiment: Experiment) -> tuple[Source, ...]:
    """Give the sources of an experiment without their weights."""
    return tuple(one.source for one in experiment.data.sources)


def called(source: Source) -> Text | str:
    """Give what a person calls a source: its own name, where it has one, or its kind."""
    own = getattr(source, "name", "")
    # the literal stands at the class, from where it is extracted
    return own if isinstance(own, str) and own else Text(title_of(type(source)))


def data_name_of(experiment: Experiment) -> str:
    """Give what the data of an experiment are called now: its sources, each name once."""
    return " + ".join(dict.fromkeys(str(called(one)) for one in sources_of(experiment)))


def _part_of(progress: Progress, place: int, count: int) -> Progress:
    if count == 1:
        return progress

    def told(share: float | None, doing: Text) -> None:
        progress(None if share is None else (place + share) / count, doing)

    return told
