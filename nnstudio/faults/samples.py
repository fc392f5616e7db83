"""Mistakes between loading and learning: which samples, in which order, with whose targets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Final, Literal

import numpy as np

from nnstudio.data.dataset import Dataset, Split
from nnstudio.faults.mistake import Mistake, Place, Setup
from nnstudio.seams import Rows, Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text

_SHUFFLE_SEED: Final = 6


class OfClasses(Mistake):
    """Of samples that have one class each."""

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: there are no classes."""
        return None if setup.task in {"classes", None} else text("It needs data that have classes.")


@spec(
    title="inputs shuffled without their targets",
    help="The inputs were shuffled once and the targets were not: each sample has the target of "
    "another one. The loss stays where guessing is, or the pairs are learned by heart.",
)
class InputsShuffledWithoutTargets(Mistake):
    """Every training sample has the target of another one, always the same."""

    kind: Literal["inputs-shuffled-without-targets"] = "inputs-shuffled-without-targets"
    place: ClassVar[Place] = "pairs"
    told: ClassVar[Text] = text("The inputs were shuffled without their targets")
    formula_wrong: ClassVar[str] = "X = X[order]"
    formula_right: ClassVar[str] = "X, Y = X[order], Y[order]"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the targets of other samples."""
        before = seams.targets

        def targets(batches: list[Rows], training: Rows, dataset: Dataset) -> list[Rows]:
            labelled = before(batches, training, dataset)
            rows = np.sort(training)
            other = np.arange(len(dataset.inputs))
            other[rows] = np.random.default_rng(_SHUFFLE_SEED).permutation(rows)
            return [other[one] for one in labelled]

        return replace(seams, targets=targets)


@spec(
    title="labels off by one",
    help="Each training sample has the number of the next class, the last one that of the first: "
    "training goes well, and every held-out answer is one too high.",
)
class LabelsOffByOne(OfClasses):
    """The target of class c is that of class c + 1, in the training part alone."""

    kind: Literal["labels-off-by-one"] = "labels-off-by-one"
    place: ClassVar[Place] = "labels"
    told: ClassVar[Text] = text("The training labels are one class too high")
    formula_wrong: ClassVar[str] = "Y = onehot(class + 1)"
    formula_right: ClassVar[str] = "Y = onehot(class)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the targets of the next class."""
        before = seams.targets

        def targets(batches: list[Rows], training: Rows, dataset: Dataset) -> list[Rows]:
            labelled = before(batches, training, dataset)
            if dataset.task != "classes":
                return labelled
            # one sample stands for each class, for targets are told by rows
            numbers, first = np.unique(dataset.targets, return_index=True)
            following = np.roll(first, -1)
            places = np.searchsorted(numbers, dataset.targets)
            return [following[places[one]] for one in labelled]

        return replace(seams, targets=targets)


@spec(
    title="samples sorted by class",
    help="The samples come in the order of their classes and are not shuffled: a batch holds one "
    "class, and the network forgets all others meanwhile.",
)
class SamplesSortedByClass(OfClasses):
    """All of class 0 first, and no shuffling."""

    kind: Literal["samples-sorted-by-class"] = "samples-sorted-by-class"
    place: ClassVar[Place] = "samples"
    told: ClassVar[Text] = text("The samples come sorted by class and are not shuffled")
    formula_wrong: ClassVar[str] = "X, Y sorted by class; batches from the first to the last"
    formula_right: ClassVar[str] = "order = a new permutation in every epoch"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with sorted samples, taken one after the other."""
        lying, drawing = seams.arrange, seams.order

        def arrange(training: Rows, dataset: Dataset) -> Rows:
            rows = lying(training, dataset)
            if dataset.task != "classes":
                return rows
            return rows[np.argsort(dataset.targets[rows], kind="stable")]

        def order(count: int, **settings: Any) -> Iterator[Rows]:
            return drawing(count, **{**settings, "shuffled": False, "replacement": False})

        return replace(seams, arrange=arrange, order=order)


@spec(
    title="validation in training",
    help="The samples to validate with are learned from as well: validation is better than it "
    "should be, and over-fitting cannot be seen.",
)
class ValidationInTraining(Mistake):
    """The training part holds the validation part; the test part, where that is validated on."""

    kind: Literal["validation-in-training"] = "validation-in-training"
    place: ClassVar[Place] = "parts of the data"
    splits: ClassVar[bool] = True
    told: ClassVar[Text] = text("The samples to validate with are learned from as well")
    formula_wrong: ClassVar[str] = "training ∩ validation = validation"
    formula_right: ClassVar[str] = "training ∩ validation = ∅"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with validation samples in the training part."""
        before = seams.split

        def leaking(dataset: Dataset, **settings: Any) -> Split:
            parts = before(dataset, **settings)
            leaked = parts.validation if len(parts.validation) else parts.test
            return replace(parts, training=np.union1d(parts.training, leaked))

        return replace(seams, split=leaking)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: nothing is held out."""
        return text("It needs samples to validate with.") if setup.held_out == 0 else None
