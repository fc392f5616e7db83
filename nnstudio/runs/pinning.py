"""A run notes what a source of one's own held when it began: only so can it be made again."""

from dataclasses import replace

from nnstudio.data.catalogue import DataPlaces, Imported, MyDigits
from nnstudio.training.experiment import Experiment


def pinned(experiment: Experiment, places: DataPlaces) -> Experiment:
    """Give `experiment` with what there is now in it, whatever is drawn or imported later.

    Raises
    ------
    NnstudioError
        When drawings are asked for and cannot be read or there are none, or no set has the name.
    """
    sources = tuple(
        replace(one, source=one.source.pinned(places))
        if isinstance(one.source, MyDigits | Imported)
        else one
        for one in experiment.data.sources
    )
    if sources == experiment.data.sources:
        return experiment
    return replace(experiment, data=replace(experiment.data, sources=sources))
