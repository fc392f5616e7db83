"""PreparedData: data split, scaled and encoded; whatever is fitted is fitted on training alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset, Split
from nnstudio.data.preprocessing import FittedScaling, constant_inputs, encode
from nnstudio.data.progress import Progress
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.seams import TRUE, Rows, Seams
from nnstudio.training.streams import stream

__all__ = ["DataFacts", "Feed", "PreparedData", "Rows", "load", "prepare"]


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
        One-hot, in the precision of the experiment.
    labels : ndarray of int64, shape (N,)
        Class numbers.
    """

    dataset: Dataset
    split: Split
    scaling: FittedScaling
    targets: NDArray[Any]
    labels: NDArray[np.int64]
    facts: DataFacts

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of the classes that are used, one for each output."""
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
    """Give `dataset` split, scaled and encoded as `experiment` says; `seams` says how it is split.

    Raises
    ------
    NnstudioError
        When a class is asked for that is not in the data, or nothing is left to learn from.
    """
    settings = experiment.data
    used = dataset.only(settings.classes) if settings.classes else dataset
    validation, test = settings.sources[0].source.share_held_out
    parts = seams.split(
        used,
        validation=validation,
        test=test,
        limit=settings.limit,
        generator=stream(experiment.seed, "split"),
    )
    targets = encode(used.targets, len(used.class_names), experiment.precision)
    targets.flags.writeable = False
    return PreparedData(
        dataset=used,
        split=parts,
        scaling=experiment.scaling.fit(used, parts.training),
        targets=targets,
        labels=used.targets,
        facts=DataFacts(
            training=len(parts.training),
            validation=len(parts.validation),
            test=len(parts.test),
            inputs=used.inputs.shape[1],
            outputs=len(used.class_names),
            image_shape=used.image_shape,
            class_names=used.class_names,
            known_classes=dataset.class_names,
            constant_inputs=constant_inputs(used, parts.training),
            sha256=dataset.sha256,
        ),
    )


def load(experiment: Experiment, places: DataPlaces, progress: Progress) -> PreparedData:
    """Load the source of `experiment` and prepare it.

    Raises
    ------
    NnstudioError
        When the source cannot be read, with what was found and what to do.
    Cancelled
        When `progress` says so.
    """
    source = experiment.data.sources[0].source
    return prepare(experiment, source.load(places, progress))


class Feed:
    """Gathers batches into buffers of its own, which the next batch overwrites."""

    __slots__ = ("_X", "_Y", "_data", "_scaling", "_scratch", "_views")

    def __init__(self, data: PreparedData, *, scaling: FittedScaling | None = None) -> None:
        self._data = data
        self._scaling = scaling or data.scaling
        self._views: dict[int, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = {}
        self._reserve(1)

    def _reserve(self, count: int) -> None:
        data = self._data
        dtype = data.targets.dtype
        self._X = np.empty((count, data.inputs), dtype)
        self._Y = np.empty((count, data.outputs), dtype)
        self._scratch = np.empty((count, data.inputs), data.dataset.inputs.dtype)
        self._views = {}

    def batch(self, rows: Rows, labelled: Rows | None = None) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give the scaled inputs (B, D) of `rows` of the data set and the targets (B, C).

        Targets are of the same rows, or of the rows `labelled`.
        """
        count = len(rows)
        views = self._views.get(count)
        if views is None:
            if count > len(self._X):
                self._reserve(count)
            views = self._X[:count], self._Y[:count], self._scratch[:count]
            self._views[count] = views
        X, Y, scratch = views
        data = self._data
        self._scaling.gather(data.dataset.inputs, rows, out=X, scratch=scratch)
        data.targets.take(rows if labelled is None else labelled, 0, Y, "clip")
        return X, Y
