"""Classic mistakes: each a replacement of one or more seams; with none, all is as if they were not.

One file per group. `seams_of` puts any number of them together, in the order of the union below
whatever order they are named in: what stands later works on what the earlier ones made.
"""

from typing import Annotated, Final, cast, get_args

from nnstudio.faults.biases import (
    BiasGradientBeforeActivation,
    BiasGradientOfOneSample,
    BiasGradientWrongAxis,
)
from nnstudio.faults.directions import GradientAccumulates, GradientSign
from nnstudio.faults.judging import DropoutActiveInPrediction, EvaluationScaledDifferently
from nnstudio.faults.losses import LossOfAnotherGradient, SummedGradient, TargetsNotClipped
from nnstudio.faults.mistake import Mistake, Setup
from nnstudio.faults.numerical import RowWiseNumericalGradient
from nnstudio.faults.outputs import SoftmaxOverBatch, SoftmaxTwice
from nnstudio.faults.products import DividedByInputs, TransposedError
from nnstudio.faults.samples import (
    InputsShuffledWithoutTargets,
    LabelsOffByOne,
    SamplesSortedByClass,
    ValidationInTraining,
)
from nnstudio.faults.slopes import ActivationDerivativeMissing, DerivativeAtError
from nnstudio.faults.updates import BiasNeverUpdated, UpdateNotApplied
from nnstudio.seams import TRUE, Seams
from nnstudio.spec import Field, kind_of

__all__ = [
    "FAULTS",
    "ActivationDerivativeMissing",
    "BiasGradientBeforeActivation",
    "BiasGradientOfOneSample",
    "BiasGradientWrongAxis",
    "BiasNeverUpdated",
    "DerivativeAtError",
    "DividedByInputs",
    "DropoutActiveInPrediction",
    "EvaluationScaledDifferently",
    "Fault",
    "GradientAccumulates",
    "GradientSign",
    "InputsShuffledWithoutTargets",
    "LabelsOffByOne",
    "LossOfAnotherGradient",
    "Mistake",
    "RowWiseNumericalGradient",
    "SamplesSortedByClass",
    "Setup",
    "SoftmaxOverBatch",
    "SoftmaxTwice",
    "SummedGradient",
    "TargetsNotClipped",
    "TransposedError",
    "UpdateNotApplied",
    "ValidationInTraining",
    "fault_named",
    "seams_of",
]

Fault = Annotated[
    ValidationInTraining
    | InputsShuffledWithoutTargets
    | LabelsOffByOne
    | SamplesSortedByClass
    | SoftmaxOverBatch
    | SoftmaxTwice
    | TargetsNotClipped
    | LossOfAnotherGradient
    | DerivativeAtError
    | ActivationDerivativeMissing
    | BiasGradientBeforeActivation
    | BiasGradientWrongAxis
    | BiasGradientOfOneSample
    | SummedGradient
    | DividedByInputs
    | TransposedError
    | RowWiseNumericalGradient
    | GradientSign
    | GradientAccumulates
    | UpdateNotApplied
    | BiasNeverUpdated
    | DropoutActiveInPrediction
    | EvaluationScaledDifferently,
    Field(
        discriminator="kind",
        title="Classic mistake",
        description="A mistake that people make when they write a network by themselves.",
    ),
]

FAULTS: Final[tuple[type[Mistake], ...]] = get_args(get_args(Fault)[0])
"""All of them, in the order in which they are put together."""


def seams_of(faults: tuple[Mistake, ...], seams: Seams = TRUE) -> Seams:
    """Give `seams` with all of `faults` on top; without any, `seams` itself.

    Examples
    --------
    >>> seams_of(()) is TRUE
    True
    """
    for fault in sorted(faults, key=lambda one: FAULTS.index(type(one))):
        seams = fault.replaces(seams)
    return seams


def fault_named(kind: str) -> Fault:
    """Give the mistake of a name such as ``softmax-twice``.

    Raises
    ------
    KeyError
        When there is none.
    """
    return cast("Fault", {kind_of(one): one for one in FAULTS}[kind]())
