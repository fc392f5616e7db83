"""My digits among the sources of an experiment: mixed in by weight, and followed as they grow."""

from dataclasses import replace
from typing import Final

from nnstudio.data.catalogue import DataPlaces, MyDigits
from nnstudio.errors import NnstudioError
from nnstudio.runs.pinning import pinned
from nnstudio.runs.teaching import retraced_of
from nnstudio.training.experiment import Experiment, WeightedSource

_HEAVIEST: Final = 1000.0


def is_mine(source: WeightedSource) -> bool:
    """Tell whether a source is one's own drawings."""
    return isinstance(source.source, MyDigits)


def replaced(experiment: Experiment, sources: tuple[WeightedSource, ...]) -> Experiment:
    """Give `experiment` with other sources."""
    return replace(experiment, data=replace(experiment.data, sources=sources))


def share_of_mine(experiment: Experiment) -> float:
    """Give which share of the training samples are one's own drawings."""
    weights = [(one.weight, is_mine(one)) for one in experiment.data.sources]
    return sum(one for one, mine in weights if mine) / sum(one for one, _mine in weights)


def mixed(experiment: Experiment, share: float, *, count: int) -> Experiment:
    """Give `experiment` with so much of my digits (0 to below 1); 0 takes them out.

    What a person has set of them stays; else each of the `count` drawings is retraced as in a
    lesson. One with nothing but my digits stays what it is.
    """
    others = tuple(one for one in experiment.data.sources if not is_mine(one))
    if not others or not share:
        return replaced(experiment, others) if others else experiment
    weight = min(sum(one.weight for one in others) * share / (1 - share), _HEAVIEST)
    known = (one.source for one in experiment.data.sources if isinstance(one.source, MyDigits))
    my = next(known, MyDigits(retraced=retraced_of(count)))
    mine = WeightedSource(source=replace(my, entries=None, log=""), weight=weight)
    return replaced(experiment, (*others, mine))


def following(experiment: Experiment, before: int) -> Experiment:
    """Give `experiment` with all drawings, where it used all the `before` entries there were."""
    sources = tuple(
        replace(one, source=replace(one.source, entries=None, log=""))
        if isinstance(one.source, MyDigits) and one.source.entries in {None, before}
        else one
        for one in experiment.data.sources
    )
    return replaced(experiment, sources)


def with_all_drawings(experiment: Experiment, places: DataPlaces) -> Experiment:
    """Give `experiment` with the drawings in it that there are now, where it uses them all."""
    try:
        return pinned(experiment, places)
    except NnstudioError:
        # that there are none is said where the source is loaded
        return experiment
