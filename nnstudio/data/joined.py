"""Several data sets joined in one: classes go by their names, and no sample is lost or made.

Rows stay in order, set by set; each set is kept as a view, so that it can be split by itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.class_names import by_value, union
from nnstudio.data.dataset import TASKS, Dataset
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

KIND: Final = "mixture"


class UnmixableError(NnstudioError):
    """Two data sets do not go together, and why.

    Attributes
    ----------
    place : int
        Number of the second of them.
    """

    def __init__(self, reason: Text, *, place: int, called: Sequence[Text | str]) -> None:
        super().__init__(
            "{one} and {two} cannot be mixed: {reason}.",
            hint="Choose sources whose samples look alike and ask for the same.",
            one=called[0],
            two=called[place],
            reason=reason,
        )
        self.place = place


def join(datasets: Sequence[Dataset], *, called: Sequence[Text | str]) -> Dataset:
    """Give one Dataset with the rows of all; a single one is given as it is.

    Parameters
    ----------
    datasets : sequence of Dataset
        One or more, of the same task and the same inputs.
    called : sequence of Text or str
        What a person calls each, for the sentence of an error.

    Returns
    -------
    Dataset
        `members` are views of its rows, one for each of `datasets`, numbered by its classes: those
        of all sets, in order of appearance, or by number where the sets have other classes and all
        names are whole numbers; 7, 07 and 7.0 are one class. Its checksum is one of theirs and of
        their counts.

    Raises
    ------
    UnmixableError
        When two do not go together.
    """
    first, *others = datasets
    if not others:
        return first
    for place, other in enumerate(others, start=1):
        reason = _difference(first, other)
        if reason is not None:
            raise UnmixableError(reason, place=place, called=called)
    names = _union(datasets) if first.task == "classes" else _named(datasets)
    inputs = np.concatenate([one.inputs for one in datasets])
    targets = np.concatenate([_renumbered(one, names) for one in datasets])
    for array in (inputs, targets):
        array.flags.writeable = False
    ends = np.cumsum([len(one.inputs) for one in datasets]).tolist()
    parts = [slice(*ends_of) for ends_of in zip([0, *ends], ends, strict=False)]
    members = tuple(
        replace(one, inputs=inputs[part], targets=targets[part], class_names=names)
        for one, part in zip(datasets, parts, strict=True)
    )
    return Dataset(
        inputs=inputs,
        targets=targets,
        class_names=names,
        image_shape=first.image_shape,
        source=KIND,
        revision=1,
        sha256=_digest(datasets),
        task=first.task,
        members=members,
    )


def _difference(first: Dataset, other: Dataset) -> Text | None:
    """Give what two data sets differ in, so that no network can learn both."""
    if first.task != other.task:
        one, two = TASKS[first.task], TASKS[other.task]
        return text("one has {one} to learn, the other {two}", one=one, two=two)
    one, two = _size(first), _size(other)
    if (first.image_shape, first.inputs.shape[1]) != (other.image_shape, other.inputs.shape[1]):
        return text("a sample of one is {one}, of the other {two}", one=one, two=two)
    if (first.inputs.dtype == np.uint8) != (other.inputs.dtype == np.uint8):
        return text("one has pixels from 0 to 255, the other numbers of any size")
    known = first.class_names and other.class_names and first.class_names != other.class_names
    if first.task != "classes" and (first.outputs != other.outputs or known):
        return text("their answers have other names")
    return None


def _size(dataset: Dataset) -> Text:
    if dataset.image_shape is None:
        return text("a row of {count} numbers", count=dataset.inputs.shape[1])
    height, width = dataset.image_shape
    return text("a picture of {width} × {height} pixels", width=width, height=height)


def _union(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    if len({one.class_names for one in datasets}) == 1:
        return datasets[0].class_names
    return union(name for one in datasets for name in one.class_names)


def _named(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    return next((one.class_names for one in datasets if one.class_names), ())


def _renumbered(dataset: Dataset, names: tuple[str, ...]) -> NDArray[Any]:
    if dataset.task != "classes" or dataset.class_names == names:
        return dataset.targets
    known = {by_value(name): number for number, name in enumerate(names)}
    numbers = np.array([known[by_value(name)] for name in dataset.class_names], dtype=np.int64)
    renumbered: NDArray[np.int64] = numbers[dataset.targets]
    return renumbered


def _digest(datasets: Sequence[Dataset]) -> str:
    said = " ".join(f"{one.sha256}:{len(one.inputs)}" for one in datasets)
    return hashlib.sha256(said.encode()).hexdigest()
