"""Dataset and Split: arrays that nobody writes to, and index arrays that say what is what."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.tasks import Task
from nnstudio.texts import Text, text

Rows = NDArray[np.int64]

TASKS: Final[dict[Task, Text]] = {
    "classes": text("classes"),
    "labels": text("labels"),
    "values": text("values"),
}
"""What is to be learned, for a sentence."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples with their answers; the arrays are read-only.

    Attributes
    ----------
    inputs : ndarray, shape (N, D)
        One sample a row, C-contiguous; bytes 0–255 for pictures, floats otherwise.
    targets : ndarray
        For classes int64, shape (N,): numbers 0 to ``len(class_names) - 1``. For labels and values
        floats, shape (N, C): a label is 1 where it holds and 0 where it does not.
    class_names : tuple of str
        What each class is called; for labels and values what each output is called, or nothing.
    image_shape : tuple of int or None
        Height and width when a row is a picture; their product is D.
    source : str
        Kind of the source that gave it.
    revision : int
        Revision of that source.
    sha256 : str
        Digest of both arrays, as `digest` gives it.
    task : {"classes", "labels", "values"}
        What there is to learn.
    validation_count, test_count : int
        Rows at the end that the source itself sets apart, in the order training, validation,
        test; 0 where it leaves that to `split`.
    members : tuple of Dataset
        What a mixture is joined of, in the order of its rows; nothing for a single set.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    source: str
    revision: int
    sha256: str
    task: Task = "classes"
    validation_count: int = 0
    test_count: int = 0
    members: "tuple[Dataset, ...]" = ()

    @classmethod
    def of(
        cls,
        inputs: NDArray[Any],
        targets: NDArray[Any],
        *,
        class_names: tuple[str, ...],
        source: str,
        task: Task = "classes",
        image_shape: tuple[int, int] | None = None,
        revision: int = 1,
        validation_count: int = 0,
        test_count: int = 0,
    ) -> "Dataset":
        """Give a Dataset of these arrays with its digest.

        Raises
        ------
        ValueError
            When shapes, counts, class numbers or labels do not fit each other or the task.
        """
        inputs = np.ascontiguousarray(inputs)
        targets = _targets(targets, task, class_names)
        if inputs.ndim != 2 or len(targets) != len(inputs):
            raise ValueError(f"inputs {inputs.shape} and targets {targets.shape} do not fit")
        if image_shape is not None and image_shape[0] * image_shape[1] != inputs.shape[1]:
            raise ValueError(f"pictures of {image_shape} are not rows of {inputs.shape[1]}")
        if validation_count + test_count > len(inputs):
            raise ValueError(f"parts of {validation_count} and {test_count} in {len(inputs)} rows")
        return cls(
            inputs=_locked(inputs),
            targets=_locked(targets),
            class_names=class_names,
            image_shape=image_shape,
            source=source,
            revision=revision,
            sha256=digest(inputs, targets),
            task=task,
            validation_count=validation_count,
            test_count=test_count,
        )

    @property
    def outputs(self) -> int:
        """How many outputs a network for these samples has."""
        return len(self.class_names) if self.task == "classes" else int(self.targets.shape[1])

    def only(self, classes: Sequence[int]) -> "Dataset":
        """Give the rows of `classes` alone, numbered anew in that order.

        Raises
        ------
        NnstudioError
            When a class is not in the data, is named twice, none is named, or there are no classes.
        """
        if self.task != "classes":
            raise NnstudioError(
                "These data have no classes to choose from.",
                hint="Empty the list of classes.",
            )
        known = len(self.class_names)
        for number in classes:
            if not 0 <= number < known:
                raise NnstudioError(
                    "There is no class {number}: the data have the classes 0 to {last}.",
                    hint="Correct the list of classes.",
                    number=number,
                    last=known - 1,
                )
        if not classes or len(set(classes)) != len(classes):
            raise NnstudioError(
                "The list of classes names a class twice, or none.",
                hint="Name each class once.",
            )
        renumbered = np.full(known, -1, dtype=np.int64)
        renumbered[list(classes)] = np.arange(len(classes))
        targets = renumbered[self.targets]
        kept = np.flatnonzero(targets >= 0)
        first_test = len(self.inputs) - self.test_count
        first_validation = first_test - self.validation_count
        return Dataset.of(
            self.inputs[kept],
            targets[kept],
            class_names=tuple(self.class_names[number] for number in classes),
            source=self.source,
            image_shape=self.image_shape,
            revision=self.revision,
            validation_count=int(((kept >= first_validation) & (kept < first_test)).sum()),
            test_count=int((kept >= first_test).sum()),
        )


def _targets(targets: NDArray[Any], task: Task, names: tuple[str, ...]) -> NDArray[Any]:
    if task == "classes":
        numbers = np.ascontiguousarray(targets, dtype=np.int64)
        if numbers.ndim != 1:
            raise ValueError(f"class numbers {numbers.shape} should stand in one row")
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(names):
            raise ValueError(f"targets {numbers.min()} to {numbers.max()} of {len(names)}")
        return numbers
    rows = np.ascontiguousarray(targets)
    if rows.ndim != 2 or rows.dtype.kind != "f" or not rows.shape[1]:
        raise ValueError(f"{task} should be floats (N, C), not {rows.dtype} {rows.shape}")
    if len(names) not in {0, rows.shape[1]}:
        raise ValueError(f"{len(names)} names for {rows.shape[1]} outputs")
    if task == "labels" and not np.isin(rows, (0, 1)).all():
        raise ValueError("labels should be 0 or 1")
    if not np.isfinite(rows).all():
        raise ValueError("values should be finite")
    return rows


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


def digest(inputs: NDArray[Any], targets: NDArray[Any]) -> str:
    """Give the SHA-256 of the types, shapes and little-endian bytes of both arrays, as hex."""
    made = hashlib.sha256()
    for array in (inputs, targets):
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        made.update(f"{little.dtype.str}{little.shape}".encode())
        made.update(little.reshape(-1).view(np.uint8).data)
    return made.hexdigest()


@dataclass(frozen=True, eq=False)
class Split:
    """Which rows of a Dataset are for what, each part in order.

    No row is in two parts, unless an experiment validates on its test part.
    """

    training: Rows
    validation: Rows
    test: Rows


def split(
    dataset: Dataset,
    *,
    validation: float,
    test: float,
    limit: int | None = None,
    generator: np.random.Generator,
) -> Split:
    """Give the parts of a Dataset.

    Parts that the source sets apart stay as they are. The others are drawn: `test` is a share of
    all rows, `validation` a share of those that are not for the test.

    Parameters
    ----------
    dataset : Dataset
        What is divided.
    validation, test : float
        Shares 0 to 1, used where the source does not set that part apart.
    limit : int or None
        At most so many training rows, drawn at random; a smaller limit gives a part of what a
        larger one gives, and the other parts are the same for every limit.
    generator : numpy.random.Generator
        Decides what is drawn.

    Returns
    -------
    Split
        Sorted row numbers of `dataset`.

    Raises
    ------
    NnstudioError
        When nothing is left to learn from.
    """
    count = len(dataset.inputs)
    first_test = count - dataset.test_count
    first_validation = first_test - dataset.validation_count
    rows = np.arange(count, dtype=np.int64)
    free = generator.permutation(rows[rows < first_validation])
    test_rows, free = _part(rows[rows >= first_test], free, 0.0 if dataset.test_count else test)
    validation_rows, free = _part(
        rows[(rows >= first_validation) & (rows < first_test)],
        free,
        0.0 if dataset.validation_count else validation,
    )
    training_rows = free[:limit]
    if not len(training_rows):
        raise NnstudioError(
            "No sample is left to learn from.",
            hint="Hold out a smaller share, or choose more samples or other classes.",
        )
    return Split(np.sort(training_rows), np.sort(validation_rows), np.sort(test_rows))


def _part(fixed: Rows, free: Rows, share: float) -> tuple[Rows, Rows]:
    drawn = round(share * len(free))
    return np.concatenate([fixed, free[:drawn]]), free[drawn:]
