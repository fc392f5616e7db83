"""Mistake: what every classic mistake says of itself; it acts by replacing seams, and only so."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from nnstudio.nn.activations import Softmax
from nnstudio.nn.layers import HiddenLayer, LayerParts, OutputLayer
from nnstudio.nn.losses import Loss
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.parts import Parts
from nnstudio.seams import Seams
from nnstudio.tasks import Task
from nnstudio.texts import Text

Place = Literal[
    "samples",
    "pairs",
    "labels",
    "parts of the data",
    "outputs",
    "second outputs",
    "loss",
    "batch",
    "activation",
    "bias",
    "errors",
    "source of the gradient",
    "direction",
    "reset",
    "update",
    "dropout",
    "scaling",
]


_OF_ANSWERS: Final = frozenset({"outputs", "second outputs", "dropout", "scaling"})

PartsChange = Callable[[Parts, NetworkSpec, Loss], Parts]
LayerChange = Callable[[LayerParts, HiddenLayer | OutputLayer], LayerParts]


@dataclass(frozen=True)
class Setup:
    """What a mistake may ask before it says whether it can act; unknown facts are None.

    Attributes
    ----------
    network, loss : NetworkSpec and Loss
        As in the Experiment.
    precision : str
        As there.
    scales : bool
        Whether inputs are scaled at all.
    task : str or None
        What the data have to learn.
    outputs : int or None
        Numbers of a target.
    held_out : int or None
        Samples to validate with.
    """

    network: NetworkSpec
    loss: Loss
    precision: str
    scales: bool
    task: Task | None = None
    outputs: int | None = None
    held_out: int | None = None


class Mistake(ABC):
    """A classic mistake.

    Attributes
    ----------
    place : str
        What it puts something else in place of: of two mistakes in one place only one could act.
    told : Text
        One sentence that names it: what is done instead of what.
    formula_wrong, formula_right : str
        The formula as it is and as it should be, in the letters of `nnstudio.nn`.
    splits : bool
        Whether it decides how data are split, so that they are prepared anew.
    only_in : str
        Name of the case that alone offers it; empty for everywhere.
    """

    place: ClassVar[Place]
    told: ClassVar[Text]
    formula_wrong: ClassVar[str]
    formula_right: ClassVar[str]
    splits: ClassVar[bool] = False
    only_in: ClassVar[str] = ""

    @abstractmethod
    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with this mistake on top."""

    @property
    def acts_on_answers(self) -> bool:
        """Whether it changes what the run says of samples, and not only how it learns from them.

        Whoever asks the network without the run, with a drawing or from a file, is answered
        without it.
        """
        return self.place in _OF_ANSWERS

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act, or makes no difference, in such an experiment; None if it can."""
        del setup
        return None


def with_parts(seams: Seams, change: PartsChange) -> Seams:
    """Give `seams` with `change` made to the parts that they give."""
    before = seams.parts

    def parts(true: Parts, spec: NetworkSpec, loss: Loss) -> Parts:
        return change(before(true, spec, loss), spec, loss)

    return replace(seams, parts=parts)


def with_layers(seams: Seams, change: LayerChange) -> Seams:
    """Give `seams` with `change` made to the parts of every layer."""

    def changed(parts: Parts, spec: NetworkSpec, _loss: Loss) -> Parts:
        layers = zip(parts.layers, spec.rows, strict=True)
        return replace(parts, layers=tuple(change(one, row) for one, row in layers))

    return with_parts(seams, changed)


def with_output(seams: Seams, change: Callable[[LayerParts], LayerParts]) -> Seams:
    """Give `seams` with `change` made to the parts of the output layer."""

    def changed(parts: Parts, _spec: NetworkSpec, _loss: Loss) -> Parts:
        return replace(parts, layers=(*parts.layers[:-1], change(parts.layers[-1])))

    return with_parts(seams, changed)


def own_slope(row: HiddenLayer | OutputLayer) -> bool:
    """Tell whether each output of a layer follows from its own sum: of all but softmax.

    Who writes backpropagation by hand takes softmax and its loss together, as ``A - Y``, so
    mistakes about the activation's derivative stop before it.
    """
    return not isinstance(row.activation, Softmax)
