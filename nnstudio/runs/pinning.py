"""A run notes how much there was of a source that grows: only so can it be made again."""

from dataclasses import replace

from nnstudio.data.catalogue import DataPlaces, MyDigits
from nnstudio.training.experiment import Experiment


def pinned(experiment: Experiment, places: DataPlaces) -> Experiment:
    """Give `experiment` with the drawings in it that there are now, whatever is drawn later.

    Raises
    ------
    NnstudioError
        When drawings are asked for and cannot be read, or there are none.
    """
    sources = tuple(
        replace(one, source=one.source.pinned(places)) if isinstance(one.source, MyDigits) else one
        for one in experiment.data.sources
    )
    if sources == experiment.data.sources:
        return experiment
    return replace(experiment, data=replace(experiment.data, sources=sources))
