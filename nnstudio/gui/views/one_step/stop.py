"""What a stop is: its line, its shapes, its numbers, and the sum behind each of them.

The numbers are the engine's. Sums are put together from them for the eye alone; where one gives
something else than the engine computed, that is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.one_step.lines import Line, numbered
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.inside import OneStep
from nnstudio.training.experiment import Experiment

Matrix = NDArray[np.floating[Any]]
Phase = Literal["forward", "backward", "update"]


@dataclass(frozen=True, eq=False)
class Sum:
    """What is behind one number: factors term by term, what is added, and what came out.

    `left` and `right` are the factors (n,) of each term, `rest` named numbers that are added or
    that the number is made from. `adds_up` says whether all of it adds up to the number; where it
    does not, `worked` is what the line gives, worked out from the numbers of other stops.
    """

    left_name: Callable[[int], str]
    right_name: Callable[[int], str]
    left: Matrix
    right: Matrix
    rest: tuple[tuple[str, float], ...]
    value: float
    adds_up: bool = True
    worked: float | None = None

    @property
    def products(self) -> Matrix:
        """The terms (n,)."""
        return np.asarray(self.left * self.right)

    @property
    def total(self) -> float:
        """What terms and rest give together."""
        rest = sum(value for _, value in self.rest) if self.adds_up else 0.0
        return float(self.products.sum(dtype=np.float64)) + rest

    @property
    def agrees(self) -> bool:
        """Whether that is the number itself, but for rounding."""
        if not np.isfinite(self.value):
            return True
        if not self.adds_up:
            return self.worked is None or _is_near(self.worked, self.value, size=0)
        with np.errstate(all="ignore"):
            size = float(np.abs(self.products).sum(dtype=np.float64))
            return _is_near(self.total, self.value, size=size)


def _is_near(worked: float, value: float, *, size: float) -> bool:
    """Tell whether two numbers are the same but for rounding; `size` is that of the terms."""
    room = 1e-5 * (size + abs(value)) + 1e-12
    return bool(np.isclose(worked, value, rtol=1e-4, atol=room))


NOTHING = np.empty(0)


def made_of(
    rest: tuple[tuple[str, float], ...], value: float, *, worked: float | None = None
) -> Sum:
    """Give a number that is a function of others, not their sum; `worked` is what that gives."""
    return Sum(str, str, NOTHING, NOTHING, rest, value, adds_up=False, worked=worked)


def few_terms(terms: tuple[tuple[str, float], ...], by: tuple[str, float], value: float) -> Sum:
    """Give a number that is a few named terms, all multiplied by one other."""
    return Sum(
        lambda at: terms[at][0],
        lambda _: by[0],
        np.array([number for _, number in terms]),
        np.full(len(terms), by[1]),
        (),
        value,
    )


def product_of(name: str, left: float, other: str, right: float, value: float) -> Sum:
    """Give a number that is the product of two."""
    return Sum(lambda _: name, lambda _: other, np.array([left]), np.array([right]), (), value)


Behind = Callable[[int, int], Sum]


@dataclass(frozen=True, eq=False)
class Stop:
    """One stop: what it is called on the path, its line, its numbers and what is behind them.

    `names` are of the columns, where they have some; `told` is a marked sentence. `instead` is the
    line that should stand here, where a classic mistake of the experiment has put another.
    """

    key: str
    chip: str
    phase: Phase
    line: Line
    shapes: str
    told: str
    values: Matrix
    behind: Behind
    names: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()
    picture: tuple[int, int] | None = None
    instead: Line | None = None


@dataclass(frozen=True, eq=False)
class Maker:
    """Puts the stops of one step together."""

    step: OneStep
    spec: NetworkSpec
    experiment: Experiment
    names: tuple[str, ...]
    picture: tuple[int, int] | None
    stops: list[Stop] = field(default_factory=list)

    def add(self, key: str, line: Line, values: Matrix, behind: Behind, **more: Any) -> None:
        """Add a stop; its shape is that of its values unless it is told."""
        phase: Phase = more.pop("phase")
        shapes = more.pop("shapes", "") or shape_of(values)
        chip = more.pop("chip", line.left)
        told = more.pop("told")
        self.stops.append(Stop(key, chip, phase, line, shapes, told, values, behind, **more))

    def has(self, *kinds: str) -> bool:
        """Tell whether one of these classic mistakes is built into the experiment."""
        return any(one.kind in kinds for one in self.experiment.faults)

    @property
    def last(self) -> int:
        """The number of the output layer, from 0."""
        return len(self.step.layers) - 1

    def given(self, layer: int) -> str:
        """Give what a layer is given, as formulas call it."""
        if layer == 0:
            return "X"
        below = self.step.layers[layer - 1]
        return numbered("A" if below.dropped is None else "D", layer)

    def out(self, layer: int) -> str:
        """Give what the outputs of an activation are called."""
        return "P" if layer == self.last else numbered("A", layer + 1)

    def signal(self, layer: int) -> str:
        """Give what an activation is given, as formulas call it."""
        values = self.step.layers[layer]
        return numbered("Z" if values.normalized is None else "N", layer + 1)

    def of_outputs(self, layer: int) -> tuple[str, ...]:
        """Give the names of the units of a layer; only outputs have some."""
        return self.names if layer == self.last else ()


def shape_of(values: Matrix) -> str:
    """Give a shape as formulas are annotated with it."""
    return "(" + ", ".join(str(one) for one in values.shape) + ")"
