"""PreparedData: data split, scaled and encoded; whatever is fitted is fitted on training alone."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue import Source
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset, Split
from nnstudio.data.joined import join
from nnstudio.data.preprocessing import FittedScaling, constant_inputs, encoded
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.faults import seams_of
from nnstudio.nn.activations import Activation, Softmax
from nnstudio.seams import TRUE, Rows, Seams
from nnstudio.tasks import Task
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts, SourceFacts
from nnstudio.training.metrics import (
    ClassTally,
    LabelTally,
    Score,
    Tally,
    ValueTally,
    class_score,
    label_score,
    value_score,
)
from nnstudio.training.mixture import Mixture, limits_of, shares_of
from nnstudio.training.sources import called, load_sources, sources_of
from nnstudio.training.streams import stream

__all__ = ["DataFacts", "PreparedData", "Rows", "adapted", "load", "prepare"]


@dataclass(frozen=True, eq=False)
class PreparedData:
    """Samples as an experiment wants them; shared by runs and threads, never written to.

    Attributes
    ----------
    dataset : Dataset
        The samples of the classes that are used.
    split : Split
        Rows of `dataset` for training, validation and test.
    scaling : FittedScaling
        Fitted on the training rows.
    targets : ndarray, shape (N, C)
        One-hot for classes, else as they are; in the precision of the experiment.
    labels : ndarray of int64, shape (N,), or None
        Class numbers; None where there are no classes.
    given : Dataset
        What `prepare` was given: all classes, for who prepares it in another way.
    mixture : Mixture or None
        Says from which source each row of `dataset` is and how many of each an epoch has; None
        where there is one source.
    """

    dataset: Dataset
    split: Split
    scaling: FittedScaling
    targets: NDArray[Any]
    labels: Rows | None
    facts: DataFacts
    given: Dataset
    mixture: Mixture | None = None

    @cached_property
    def origin(self) -> NDArray[np.int8]:
        """Number of the source that each row of `dataset` is from (N,)."""
        if self.mixture is not None:
            return self.mixture.origin
        return np.zeros(len(self.dataset.inputs), np.int8)

    @property
    def task(self) -> Task:
        """What there is to learn."""
        return self.facts.task

    def score(self, activation: Activation) -> Score:
        """Give the score of one batch: accuracy for classes and labels, R² for values.

        Parameters
        ----------
        activation : Activation
            Of the outputs.
        """
        if self.labels is not None:
            return class_score(self.labels)
        if self.task == "labels":
            return label_score(shared=isinstance(activation, Softmax))
        return value_score(self.targets.take(self.split.training, axis=0))

    def tally(self, rows: Rows, activation: Activation) -> Tally:
        """Give empty sums for the answers to `rows`, all of which will be added."""
        if self.labels is not None:
            return ClassTally(self.labels)
        if self.task == "labels":
            return LabelTally(shared=isinstance(activation, Softmax))
        return ValueTally(self.targets.take(rows, axis=0))

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of the classes that are used, or of the outputs of another task, if they have names."""
        return self.facts.class_names

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Height and width when a sample is a picture."""
        return self.facts.image_shape

    @property
    def inputs(self) -> int:
        """How many numbers a sample has."""
        return self.facts.inputs

    @property
    def outputs(self) -> int:
        """How many outputs a network for these data has."""
        return self.facts.outputs


def prepare(experiment: Experiment, dataset: Dataset, *, seams: Seams = TRUE) -> PreparedData:
    """Give `dataset` split, scaled and encoded as `experiment` says.

    How it is split is a seam: `seams`, with the classic mistakes of the experiment on top. Every
    source of a mixture is split by itself.

    Raises
    ------
    NnstudioError
        When a class is asked for that is not in the data, or nothing is left to learn from.
    """
    settings = experiment.data
    used = _of_classes(experiment, dataset) if settings.classes else dataset
    members = used.members or (used,)
    splits = [
        _split(experiment, member, place=place, limit=limit, seams=seams)
        for place, (member, limit) in enumerate(
            zip(members, limits_of(settings.limit, _weights(experiment, used)), strict=True)
        )
    ]
    parts = _joined(members, splits)
    if settings.validate_on_test:
        parts = replace(parts, validation=parts.test)
    mixture = _mixture(experiment, used)
    targets = encoded(used, experiment.precision)
    targets.flags.writeable = False
    return PreparedData(
        dataset=used,
        split=parts,
        scaling=experiment.scaling.fit(used, parts.training),
        targets=targets,
        labels=used.targets if used.task == "classes" else None,
        facts=DataFacts(
            training=len(parts.training),
            validation=len(parts.validation),
            test=len(parts.test),
            inputs=used.inputs.shape[1],
            outputs=used.outputs,
            image_shape=used.image_shape,
            class_names=used.class_names,
            known_classes=dataset.class_names if dataset.task == "classes" else (),
            constant_inputs=constant_inputs(used, parts.training),
            sha256=dataset.sha256,
            task=used.task,
            validates_on_test=settings.validate_on_test,
            sources=_source_facts(experiment, mixture, parts),
            twins=_twins(members, splits),
        ),
        given=dataset,
        mixture=mixture,
    )


def _of_classes(experiment: Experiment, dataset: Dataset) -> Dataset:
    classes = experiment.data.classes
    if not dataset.members:
        return dataset.only(classes)
    names = [called(source) for source in sources_of(experiment)]
    members = [member.only(classes) for member in dataset.members]
    for name, member in zip(names, members, strict=True):
        if not len(member.inputs):
            raise NnstudioError(
                "{source} has no samples of the classes that are chosen.",
                hint="Choose other classes, or leave the source out.",
                source=name,
            )
    return join(members, called=names)


def _weights(experiment: Experiment, dataset: Dataset) -> tuple[float, ...]:
    if not dataset.members:
        return (1.0,)
    return tuple(one.weight for one in experiment.data.sources)


def _split(
    experiment: Experiment, dataset: Dataset, *, place: int, limit: int | None, seams: Seams
) -> Split:
    settings = experiment.data
    validation, test = settings.sources[place].source.share_held_out
    return seams_of(experiment.faults, seams).split(
        dataset,
        validation=0.0 if settings.validate_on_test else validation,
        test=test,
        limit=limit,
        # the same for all: a source that is named twice is held out in the same rows
        generator=stream(experiment.seed, "split"),
    )


def _joined(members: tuple[Dataset, ...], splits: list[Split]) -> Split:
    if len(splits) == 1:
        return splits[0]
    starts = np.cumsum([0, *(len(member.inputs) for member in members[:-1])])
    placed = list(zip(starts.tolist(), splits, strict=True))
    return Split(
        np.concatenate([start + one.training for start, one in placed]),
        np.concatenate([start + one.validation for start, one in placed]),
        np.concatenate([start + one.test for start, one in placed]),
    )


def _twins(members: tuple[Dataset, ...], splits: list[Split]) -> tuple[tuple[int, int], ...]:
    """Give which sources have the same samples, but hold others of them out."""
    held_out = [np.concatenate([one.validation, one.test]) for one in splits]
    return tuple(
        (one, other)
        for one, other in combinations(range(len(members)), 2)
        if members[one].sha256 == members[other].sha256
        and not np.array_equal(np.sort(held_out[one]), np.sort(held_out[other]))
    )


def _mixture(experiment: Experiment, dataset: Dataset) -> Mixture | None:
    if not dataset.members:
        return None
    sizes = [len(member.inputs) for member in dataset.members]
    origin = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)
    origin.flags.writeable = False
    return Mixture(origin, _weights(experiment, dataset))


def _source_facts(
    experiment: Experiment, mixture: Mixture | None, parts: Split
) -> tuple[SourceFacts, ...]:
    counts = [len(parts.training)]
    shares: tuple[float, ...] = (1.0,)
    if mixture is not None:
        counts = [len(part) for part in mixture.parts(parts.training)]
        shares = shares_of(mixture.weights)
    kinds = [source.kind for source in sources_of(experiment)]
    return tuple(map(SourceFacts, kinds, counts, shares))


def adapted(
    data: PreparedData, before: Experiment, experiment: Experiment, *, seams: Seams = TRUE
) -> PreparedData:
    """Give `data`, which were prepared for `before`, as `experiment` wants them.

    Raises
    ------
    NnstudioError
        As in `prepare`; and when the experiments name different sources.
    """
    if _source(before) != _source(experiment):
        raise NnstudioError(
            "The run was trained on other data than these.",
            hint="Choose the data that it was started with.",
        )
    if _asked(before) == _asked(experiment):
        return data
    return prepare(experiment, data.given, seams=seams)


def _asked(experiment: Experiment) -> tuple[object, ...]:
    return (
        experiment.seed,
        experiment.data,
        experiment.scaling,
        experiment.precision,
        tuple(fault for fault in experiment.faults if fault.splits),
    )


def _source(experiment: Experiment) -> tuple[dict[str, object], ...]:
    """Give what decides which samples there are: all but the shares that are held out."""
    return tuple(map(_drawn_by, sources_of(experiment)))


def _drawn_by(source: Source) -> dict[str, object]:
    settings = {field.name: getattr(source, field.name) for field in fields(source)}
    for name, share in zip(("validation", "test"), source.share_held_out, strict=True):
        # where it is a count, or the source itself holds out, there are other samples
        if isinstance(settings.get(name), float) and settings[name] == share:
            del settings[name]
    return settings


def load(experiment: Experiment, places: DataPlaces, progress: Progress) -> PreparedData:
    """Load the sources of `experiment` and prepare them.

    Raises
    ------
    NnstudioError
        When a source cannot be read, with what was found and what to do; when two do not go
        together.
    Cancelled
        When `progress` says so.
    """
    return prepare(experiment, load_sources(experiment, places, progress))
